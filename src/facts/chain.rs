//! The PEM of one field: what is in it, and what it is when it is no PEM.

use crate::{
    decode::{
        accident,
        key::{self, Effort, KeyError, PrivateKey},
        pair::{self, PairError, RootsError},
        pem,
        x509::{self, Certificate, CertificateError, Signature},
    },
    time::DAY,
};

/// How many certificates of a chain are compared with others: a file can hold thousands.
const MAX_LINKS: usize = 20;

/// Certificates of one field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chain {
    /// Every CERTIFICATE block, in order, read or not.
    pub certificates: Vec<Result<Box<Certificate>, CertificateError>>,
    /// Labels of the blocks that are not certificates, as `RSA PRIVATE KEY`.
    pub other_blocks: Vec<String>,
    /// The private keys among those blocks.
    pub keys: Vec<Result<PrivateKey, KeyError>>,
    /// What the content is when Go finds no certificate in it, as "DER without PEM around it".
    /// The certificates are there all the same if they could be dug out.
    pub accident: Option<String>,
    /// Why Go makes no client certificate of it.
    pub missing: Option<PairError>,
    /// Why client-go finds no certificate to trust in it.
    pub untrusted: Option<RootsError>,
    /// The source that it was taken from, when the field only names a file.
    pub source: Option<String>,
}

impl Chain {
    /// Reads the content of a field that should hold certificates.
    pub(super) fn read(bytes: &[u8], effort: &Effort) -> Chain {
        let mut chain = Chain::default();
        chain.push_blocks(bytes, effort, true);
        if chain.certificates.is_empty() {
            let accident = accident::in_certificates(bytes);
            chain.accident = accident.as_ref().map(|it| it.name.to_owned());
            if let Some(pem) = accident.and_then(|it| it.mended) {
                chain.push_blocks(pem.reveal(), effort, false);
            }
        }
        chain
    }

    /// Adds what is in `bytes`, and what Go says of it when they are the field `as_written`.
    fn push_blocks(&mut self, bytes: &[u8], effort: &Effort, as_written: bool) {
        let pem = pem::read(bytes);
        let mut trusts = pair::Roots::default();
        self.certificates.reserve_exact(pem.blocks.len());
        for block in &pem.blocks {
            if block.label == "CERTIFICATE" {
                let certificate = x509::certificate(block.der.reveal()).map(Box::new);
                if block.headers.is_empty() {
                    trusts.add(&certificate);
                }
                self.certificates.push(certificate);
                continue;
            }
            if block.is_private_key() {
                self.keys.push(key::from_block(block, effort));
            }
            self.other_blocks.push(block.label.clone().into_owned());
        }
        if as_written {
            self.missing = pair::certificate_missing(&pem.labels());
            self.untrusted = trusts.fault(&pem).filter(|_| !bytes.is_empty());
        }
    }

    /// The certificates that could be read.
    pub fn readable(&self) -> impl Iterator<Item = &Certificate> {
        self.certificates.iter().filter_map(|it| Some(&**it.as_ref().ok()?))
    }

    /// The first certificate, which Go takes for the leaf, if it can be read.
    pub fn leaf(&self) -> Option<&Certificate> {
        Some(self.certificates.first()?.as_ref().ok()?)
    }

    /// Whether each certificate is signed by the next one, as far as both can be read.
    pub fn links(&self) -> Vec<Signature> {
        let certificates: Vec<&Certificate> = self.readable().take(MAX_LINKS).collect();
        certificates
            .iter()
            .zip(certificates.iter().skip(1))
            .map(|(lower, upper)| x509::signature(lower, upper))
            .collect()
    }

    /// Whether the leaf begins at the same second as its issuer, which is in `ca` or follows it, and
    /// lives for no round number of years, as it would if both had been issued then.
    pub(super) fn is_backdated(&self, ca: Option<&Chain>) -> bool {
        let Some(leaf) = self.leaf() else { return false };
        // Leap days may be counted or not.
        let is_round = |it| (it + DAY) % (365 * DAY) <= 7 * DAY;
        if leaf.validity.seconds().is_none_or(is_round) {
            return false;
        }
        let issuers = self.readable().skip(1).chain(ca.into_iter().flat_map(Chain::readable));
        issuers.take(MAX_LINKS).any(|it| {
            it.validity.not_before == leaf.validity.not_before && it.subject() == leaf.issuer()
        })
    }

    /// Whether the leaf is signed by one of the certificates in `ca`, directly or through the
    /// certificates that follow it, as `check` sees it; none when there is nothing to compare.
    pub(super) fn signed_by(
        &self,
        ca: &Chain,
        check: &mut dyn FnMut(&Certificate, &Certificate) -> Signature,
    ) -> Option<Signature> {
        self.leaf()?;
        ca.readable().next()?;
        let mut answers = Vec::new();
        let mut chain = self.readable().take(MAX_LINKS).peekable();
        while let Some(certificate) = chain.next() {
            answers.extend(ca.readable().take(MAX_LINKS).map(|it| check(certificate, it)));
            if chain.peek().is_none_or(|it| check(certificate, it) != Signature::Valid) {
                break;
            }
        }
        answers.into_iter().max_by_key(|it| match it {
            Signature::OtherIssuer => 0,
            Signature::NotChecked => 1,
            Signature::WrongKey => 2,
            Signature::Valid => 3,
        })
    }
}
