//! How the server is verified.

use std::{borrow::Cow, collections::BTreeSet};

use super::{
    Check, Citation,
    Run::{Entries, Whole},
    Severity, citation, list,
    view::{Part, SeenCluster, View, seen_cluster},
};
use crate::{
    decode::x509::Certificate,
    facts::{Chain, ClusterFacts, CredentialKind, Facts, Reach, Server, TlsMode},
    kubeconfig::Placeholder,
    source::Place,
    time::{DAY, Timestamp},
};

pub(super) const CHECKS: &[&Check] = &[
    &INSECURE_WITH_CA,
    &CA_TWICE,
    &CA_UNREADABLE,
    &CA_FILE_EMPTY,
    &CA_EXPIRED,
    &CA_NOT_YET_VALID,
    &CA_KEY_REFUSED,
    &CA_EXTENSIONS_REFUSED,
    &INSECURE,
    &CA_KEY,
    &KEY_IN_CA,
    &NO_CA_FOR_ADDRESS,
    &NOT_A_CA,
    &CA_ENDS_SOON,
    &CA_ENDS_FIRST,
    &WEAK_CA_KEY,
    &CA_PARTLY_UNUSABLE,
    &SYSTEM_ROOTS,
    &SERVER_NAME,
    &SEVERAL_CAS,
];

const CA_DATA: &str = "certificate-authority-data";
const CA_PATH: &str = "certificate-authority";

impl SeenCluster<'_> {
    /// The field that its certificates come from.
    fn ca_field(&self) -> Place {
        self.field(if self.facts.ca.source.is_some() { CA_PATH } else { CA_DATA })
    }
}

/// Whether certificates of this cluster are used at all: over https and with verification on.
fn is_used(it: &SeenCluster<'_>) -> bool {
    it.facts.tls == TlsMode::Verified
}

/// The clusters that verify by certificates in the file, with those that could be read.
fn authorities<'a>(
    part: &Part<'a>,
) -> impl Iterator<Item = (SeenCluster<'a>, Vec<&'a Certificate>)> {
    part.seen_clusters
        .iter()
        .copied()
        .filter(is_used)
        .map(|it| (it, it.facts.ca.readable().collect::<Vec<_>>()))
        .filter(|(_, it)| !it.is_empty())
}

/// A name for a certificate that a person recognizes.
fn name(certificate: &Certificate) -> Cow<'_, str> {
    certificate.subject().title()
}

fn has_ca(it: &SeenCluster<'_>) -> bool {
    let data = it.written.certificate_authority_data.as_ref();
    !it.written.certificate_authority.is_empty()
        || data.is_some_and(|it| it.bytes.as_ref().is_ok_and(|it| !it.is_empty()))
}

static INSECURE_WITH_CA: Check = Check {
    id: "insecure-with-ca",
    severity: Severity::Error,
    title: "A CA is given while verification is turned off",
    why: "kubectl refuses the two together: specifying a root certificates file with the insecure \
          flag is not allowed.",
    fix: "Delete insecure-skip-tls-verify and keep the CA. The other way round works too, and is \
          unsafe.",
    citations: &[citation::TLS_CONFIG],
    run: Entries(|_, emit| emit.problems()),
};

static CA_TWICE: Check = Check {
    id: "ca-path-and-data",
    severity: Severity::Error,
    title: "The CA is given twice, as a file and as data",
    why: "kubectl refuses the two together, although its message says that one overrides.",
    fix: "Delete certificate-authority and keep certificate-authority-data.",
    citations: &[citation::VALIDATE_CLUSTER],
    run: Entries(|_, emit| emit.problems()),
};

/// What is in a field instead of certificates.
pub(super) fn contents(chain: &Chain) -> String {
    match (&chain.accident, chain.other_blocks.as_slice()) {
        (Some(accident), _) => format!("It looks like {accident}."),
        (None, []) => "There is no PEM block in it.".to_owned(),
        (None, blocks) => format!("There is {} in it.", list(blocks)),
    }
}

/// Why Go refuses a certificate since kubectl 1.32.
const NEGATIVE_SERIAL: &str = "negative serial number";

/// Whether Go began to refuse the certificate with kubectl 1.32.
pub(super) fn is_refused_since_32(fault: &str) -> bool {
    fault.contains(NEGATIVE_SERIAL)
}

/// From which kubectl on that is so, as a sentence that follows kubectl's words.
pub(super) fn since(fault: &str) -> &'static str {
    if is_refused_since_32(fault) { ". kubectl before 1.32 takes it." } else { "" }
}

static CA_UNREADABLE: Check = Check {
    id: "ca-unreadable",
    severity: Severity::Error,
    title: "There is no usable certificate in the CA field",
    why: "kubectl stops with unable to load root certificates before it connects. Before 1.22 it went \
          on, and then trusted no server.",
    fix: "Put the PEM text of the cluster's CA there, encoded in base64 once, or fetch the \
          kubeconfig again.",
    citations: &[citation::ROOT_POOL, citation::GO_SERIAL],
    run: Entries(|part, emit| {
        for it in part.seen_clusters.iter().filter(|it| is_used(it)) {
            let data = it.written.certificate_authority_data.as_ref();
            let redacted = data.is_some_and(|it| it.placeholder == Some(Placeholder::KubectlView));
            let Some(fault) = it.facts.ca.untrusted.as_ref().filter(|_| !redacted) else {
                continue;
            };
            let detail = match it.facts.ca.accident {
                Some(_) => contents(&it.facts.ca),
                None => {
                    let fault = fault.to_string();
                    format!(
                        "kubectl says: unable to load root certificates: {fault}{}",
                        since(&fault)
                    )
                }
            };
            emit.finding(&it.ca_field(), detail);
        }
    }),
};

/// Whether the CA is a file that was handed in, too, and there is nothing in it.
pub(super) fn has_empty_file(it: &ClusterFacts) -> bool {
    it.tls == TlsMode::Verified
        && it.ca.source.is_some()
        && it.ca.certificates.is_empty()
        && it.ca.untrusted.is_none()
}

static CA_FILE_EMPTY: Check = Check {
    id: "ca-file-empty",
    severity: Severity::Error,
    title: "The CA file is empty",
    why: "Since 1.36, kubectl trusts no server then, and stops with certificate signed by unknown \
          authority. Older ones go by the CAs of the operating system, as if no file were named.",
    fix: "Write the cluster's CA into the file, or fetch the kubeconfig again. For a server with a \
          certificate from a public CA, delete certificate-authority.",
    citations: &[
        citation::ROOT_POOL,
        Citation::Page {
            title: "client-go 1.36: rootCertPool and ClientsAllowCARotation",
            url: "https://github.com/kubernetes/client-go/blob/v0.36.0/transport/transport.go",
        },
    ],
    run: Entries(|part, emit| {
        for it in part.seen_clusters.iter().filter(|it| has_empty_file(it.facts)) {
            let file = it.facts.ca.source.as_deref().unwrap_or_default();
            let detail = format!("There is nothing in {file}, which was handed in, too.");
            emit.finding(&it.ca_field(), detail);
        }
    }),
};

static CA_EXPIRED: Check = Check {
    id: "ca-expired",
    severity: Severity::Error,
    title: "The CA has expired",
    why: "kubectl trusts no server certificate under an expired CA, and stops with certificate has \
          expired or is not yet valid.",
    fix: "Fetch the kubeconfig again. If the new one has the same CA, the cluster's CA has to be \
          renewed by its administrator.",
    citations: &[citation::GO_VERIFY],
    run: Entries(|part, emit| {
        for (it, chain) in authorities(part) {
            let (expired, others): (Vec<&Certificate>, Vec<&Certificate>) =
                chain.into_iter().partition(|it| has_expired(part, it));
            let end = expired.iter().filter_map(|it| it.validity.not_after).max();
            // One that is still to come is of no use either.
            if let Some(end) = end.filter(|_| others.iter().all(|it| has_not_begun(part, it))) {
                let names: Vec<_> = expired.iter().map(|it| name(it)).collect();
                emit.finding(
                    &it.ca_field(),
                    format!(
                        "{} expired on {}, {}.",
                        list(&names),
                        end.words(),
                        end.distance(part.now)
                    ),
                );
            }
        }
    }),
};

static CA_NOT_YET_VALID: Check = Check {
    id: "ca-not-yet-valid",
    severity: Severity::Error,
    title: "The CA is not valid yet",
    why: "kubectl trusts no server certificate under it before its first day. Mostly the clock of \
          one machine is wrong.",
    fix: "Compare the clock of this machine with that of the server.",
    citations: &[citation::GO_VERIFY],
    run: Entries(|part, emit| {
        for (it, chain) in authorities(part) {
            let start = chain.iter().filter_map(|it| it.validity.not_before).min();
            if let Some(start) = start.filter(|_| chain.iter().all(|it| has_not_begun(part, it))) {
                emit.finding(
                    &it.ca_field(),
                    format!(
                        "It becomes valid on {}; the clock used here says {}.",
                        start.words(),
                        part.now.words()
                    ),
                );
            }
        }
    }),
};

static INSECURE: Check = Check {
    id: "tls-verification-off",
    severity: Severity::Warning,
    title: "kubectl does not check which server it talks to",
    why: "Anyone on the way can answer in the server's place, read everything and take the token or \
          password. Only a private key stays secret.",
    fix: "Delete insecure-skip-tls-verify and add the cluster's CA. If the address is missing in \
          the server's certificate, name one that is there in tls-server-name.",
    citations: &[citation::FIELDS, citation::TLS_CONFIG],
    run: Entries(|part, emit| {
        for it in &part.seen_clusters {
            if it.facts.tls == TlsMode::Insecure && !has_ca(it) {
                emit.finding(
                    &it.field("insecure-skip-tls-verify"),
                    format!("The cluster {} accepts any server.", it.name),
                );
            }
        }
    }),
};

static CA_KEY: Check = Check {
    id: "ca-private-key",
    severity: Severity::Warning,
    title: "The private key of a CA was handed in",
    why: "Whoever has it can make a credential for any user and group of the cluster, unlimited and \
          without a trace. It belongs in no kubeconfig and on no desk.",
    fix: "Treat the whole cluster as open: have the CA replaced, and delete every copy of this key.",
    citations: &[citation::PKI],
    run: Whole(|view, emit| {
        for it in &view.ca_keys {
            let detail = format!("It is the key of {}.", it.subject);
            match &it.place {
                Some(place) => emit.finding(place, detail),
                None => emit.source(it.source, detail),
            }
        }
    }),
};

static KEY_IN_CA: Check = Check {
    id: "private-key-in-ca",
    severity: Severity::Warning,
    title: "A private key stands in the CA field",
    why: "Only certificates belong there, and files with a CA are handed around without much care.",
    fix: "Take the key out of every copy of this file, and replace what it belongs to.",
    citations: &[citation::PKI],
    run: Entries(|part, emit| {
        for it in &part.seen_clusters {
            let keys = it.facts.ca.other_blocks.iter().filter(|it| it.ends_with("PRIVATE KEY"));
            let keys: Vec<&String> = keys.collect();
            let place = it.ca_field();
            let is_the_cas = part.ca_keys.iter().any(|it| it.place.as_ref() == Some(&place));
            let is_all = it.facts.ca.accident.is_some();
            if !keys.is_empty() && !is_the_cas && !is_all {
                emit.finding(&place, format!("There is {} in it.", list(&keys)));
            }
        }
    }),
};

/// The clusters that are verified by the system's CAs, with their servers, unless the CA could be
/// in what nobody can read.
fn without_ca<'a>(part: &Part<'a>) -> impl Iterator<Item = (SeenCluster<'a>, &'a Server)> {
    part.seen_clusters
        .iter()
        .copied()
        .filter(|it| {
            it.facts.tls == TlsMode::SystemRoots && part.spelling.is_legible(it.place.file)
        })
        .filter_map(|it| Some((it, it.facts.server.as_ref()?)))
}

/// The field that would hold the CA of `it`, were its name not misspelled.
fn misspelled_ca(view: &View<'_>, it: &SeenCluster<'_>) -> Option<Place> {
    let fields = [CA_DATA, CA_PATH].into_iter();
    fields.map(|name| it.field(name)).find(|it| view.spelling.misspelled(it).is_some())
}

static NO_CA_FOR_ADDRESS: Check = Check {
    id: "ca-missing",
    severity: Severity::Warning,
    title: "The CA of the cluster is missing",
    why: "Without it kubectl trusts only the CAs of the operating system, which do not issue \
          certificates for most clusters. It stops with certificate signed by unknown authority.",
    fix: "Add the cluster's CA as certificate-authority-data, or fetch the kubeconfig again. Do not \
          turn verification off.",
    citations: &[citation::TLS_CONFIG],
    run: Entries(|part, emit| {
        for (it, server) in without_ca(part) {
            let detail = format!("There is no CA for {}.", server.host);
            match misspelled_ca(part, &it) {
                Some(missing) => emit.missing(None, &missing, detail),
                None if server.reach != Reach::Hostname => {
                    emit.finding(&it.field("server"), detail);
                }
                None => {}
            }
        }
    }),
};

static NOT_A_CA: Check = Check {
    id: "ca-is-not-a-ca",
    severity: Severity::Warning,
    title: "The certificate in the CA field is not that of a CA",
    why: "It does not say that it is one, or that its key may sign certificates. kubectl then trusts a server that shows exactly this certificate, and no other. It stops \
          working when the server's certificate is renewed.",
    fix: "Put the certificate of the CA there, the one that issued the server's.",
    citations: &[citation::GO_VERIFY],
    run: Entries(|part, emit| {
        for (it, chain) in authorities(part) {
            let live: Vec<&Certificate> =
                chain.into_iter().filter(|it| !has_expired(part, it)).collect();
            if !live.is_empty() && !live.iter().any(|it| it.may_sign()) {
                let names: Vec<_> = live.iter().map(|it| name(it)).collect();
                emit.finding(&it.ca_field(), format!("It is that of {}.", list(&names)));
            }
        }
    }),
};

/// The last moment at which one of `chain` still holds.
pub(super) fn last_moment(chain: &[&Certificate]) -> Option<Timestamp> {
    let ends: Option<Vec<_>> = chain.iter().map(|it| it.validity.not_after).collect();
    ends?.into_iter().max()
}

static CA_ENDS_SOON: Check = Check {
    id: "ca-ends-soon",
    severity: Severity::Warning,
    title: "The CA expires within 30 days",
    why: "From then on kubectl trusts no certificate that it issued, and every file with this CA \
          stops working at once.",
    fix: "Ask the administrator of the cluster when the CA is renewed, and fetch the kubeconfig \
          again after that.",
    citations: &[citation::GO_VERIFY],
    run: Entries(|part, emit| {
        for (it, chain) in authorities(part) {
            let Some(end) = last_moment(&chain) else { continue };
            if (0..=30 * DAY).contains(&end.since(part.now)) {
                emit.finding(
                    &it.ca_field(),
                    format!("It expires on {}, {}.", end.words(), end.distance(part.now)),
                );
            }
        }
    }),
};

static CA_ENDS_FIRST: Check = Check {
    id: "ca-ends-before-certificate",
    severity: Severity::Warning,
    title: "The CA expires before the client certificate",
    why: "The file stops working on the CA's last day, earlier than the certificate says.",
    fix: "Plan for the earlier date; after the CA was renewed, fetch the kubeconfig again.",
    citations: &[citation::GO_VERIFY],
    run: Entries(|part, emit| {
        for context in &part.contexts {
            let cluster = context.effective.cluster.and_then(|it| seen_cluster(part, it));
            let Some(it) = cluster.filter(is_used) else { continue };
            let chain: Vec<&Certificate> = it.facts.ca.readable().collect();
            let (Some(end), Some(own)) = (last_moment(&chain), client_end(part, context)) else {
                continue;
            };
            // Sooner than that, the check above speaks.
            if 30 * DAY < end.since(part.now) && end < own {
                emit.context(
                    context,
                    &it.ca_field(),
                    format!(
                        "The CA expires on {}, the client certificate on {}.",
                        end.words(),
                        own.words()
                    ),
                );
            }
        }
    }),
};

/// When the client certificate in use ends.
fn client_end(facts: &Facts, context: &crate::facts::ContextFacts) -> Option<Timestamp> {
    let user = facts.user_facts(context.effective.user?)?;
    match &user.credentials.get(context.in_use.credential?)?.kind {
        CredentialKind::ClientCertificate(it) => it.chain.leaf()?.validity.not_after,
        _ => None,
    }
}

static CA_KEY_REFUSED: Check = Check {
    id: "ca-key-refused",
    severity: Severity::Error,
    title: "The CA's key is so short that kubectl refuses it",
    why: "Since 1.33, kubectl accepts no signature by an RSA key under 1024 bits, and so trusts no \
          certificate of this CA. Older ones do, although such a key can be broken.",
    fix: "Ask the administrator of the cluster to renew the CA with a longer key, and fetch the \
          kubeconfig again.",
    citations: &[citation::GO_RSA],
    run: Entries(|part, emit| {
        for (it, chain) in authorities(part).filter(|(_, it)| it.iter().all(|it| is_refused(it))) {
            let names: Vec<_> = chain.iter().map(|it| name(it)).collect();
            emit.finding(&it.ca_field(), format!("It is that of {}.", list(&names)));
        }
    }),
};

static CA_EXTENSIONS_REFUSED: Check = Check {
    id: "ca-extensions-refused",
    severity: Severity::Error,
    title: "kubectl accepts no server under this CA, because of the CA's extensions",
    why: "The CA's extended key usage leaves out serverAuth, or a critical extension of it is one that \
          kubectl does not know, at which it has to stop.",
    fix: "Fetch the kubeconfig again. If the new one has the same CA, the cluster's CA has to be \
          made anew by its administrator.",
    citations: &[
        citation::GO_VERIFY,
        Citation::Rfc { number: 5280, section: "4.2" },
        Citation::Rfc { number: 5280, section: "4.2.1.12" },
    ],
    run: Entries(|part, emit| {
        let fault = |it: &Certificate| {
            let name = name(it);
            match it.unhandled_extension() {
                Some(oid) => Some(format!(
                    "{name} has the critical extension {oid}; kubectl says: x509: unhandled critical \
                     extension."
                )),
                None if !it.is_for_servers() => Some(format!(
                    "{name} is for {}; kubectl says: x509: certificate specifies an incompatible key \
                     usage.",
                    list(&it.extended_key_usage().unwrap_or_default())
                )),
                None => None,
            }
        };
        for (it, chain) in authorities(part) {
            let live = chain.into_iter().filter(|it| !has_expired(part, it));
            let faults: Vec<String> = live.map(fault).collect::<Option<_>>().unwrap_or_default();
            if !faults.is_empty() {
                emit.finding(&it.ca_field(), faults.join(" "));
            }
        }
    }),
};

static WEAK_CA_KEY: Check = Check {
    id: "ca-key-weak",
    severity: Severity::Warning,
    title: "The CA's key is too short",
    why: "An RSA key under 2048 bits can be broken with enough effort, and with it every \
          certificate of the cluster.",
    fix: "Ask the administrator of the cluster to renew the CA with a longer key.",
    citations: &[citation::PKI, WEAK_KEYS],
    run: Entries(|part, emit| {
        for (it, chain) in authorities(part) {
            let told = chain.iter().all(|it| is_refused(it));
            for weak in chain.iter().filter(|it| is_weak(it) && !told) {
                emit.finding(
                    &it.ca_field(),
                    format!("{} has {} bits.", name(weak), weak.key.bits.unwrap_or_default()),
                );
            }
        }
    }),
};

pub(super) const WEAK_KEYS: Citation = Citation::Page {
    title: "NIST SP 800-131A: Transitioning the Use of Cryptographic Algorithms and Key Lengths",
    url: "https://csrc.nist.gov/pubs/sp/800/131/a/r2/final",
};

/// Whether a certificate's key is RSA of fewer than 2048 bits.
pub(super) fn is_weak(certificate: &Certificate) -> bool {
    is_rsa_under(certificate, 2048)
}

/// Whether kubectl signs and verifies nothing with a certificate's key since 1.33.
pub(super) fn is_refused(certificate: &Certificate) -> bool {
    is_rsa_under(certificate, 1024)
}

fn is_rsa_under(certificate: &Certificate, bits: u32) -> bool {
    certificate.key.algorithm == "RSA" && certificate.key.bits.is_some_and(|it| it < bits)
}

fn has_expired(facts: &Facts, certificate: &Certificate) -> bool {
    certificate.validity.not_after.is_some_and(|end| end < facts.now)
}

fn has_not_begun(facts: &Facts, certificate: &Certificate) -> bool {
    certificate.validity.not_before.is_some_and(|start| facts.now < start)
}

/// Useless certificates that are told of one field: there may be thousands.
const MOST_USELESS: usize = 5;

static CA_PARTLY_UNUSABLE: Check = Check {
    id: "ca-partly-unusable",
    severity: Severity::Notice,
    title: "Part of the CA field is of no use",
    why: "kubectl skips blocks that it cannot read, and trusts nothing under a certificate that has \
          expired. The rest still works.",
    fix: "Take the useless blocks out when the file is next changed.",
    citations: &[citation::ROOT_POOL, citation::GO_VERIFY],
    run: Entries(|part, emit| {
        for (it, chain) in authorities(part) {
            let none_holds =
                chain.iter().all(|it| has_expired(part, it) || has_not_begun(part, it));
            let total = it.facts.ca.certificates.len();
            let useless = it.facts.ca.certificates.iter().zip(1..).filter_map(|(it, n)| match it {
                Ok(it) if has_expired(part, it) && !none_holds => {
                    let end = it.validity.not_after?.words();
                    Some(format!("Certificate {n} of {total}, {}, expired on {end}.", name(it)))
                }
                Ok(_) => None,
                Err(fault) => Some(format!("Certificate {n} of {total} is {fault}.")),
            });
            let sentences: Vec<String> = useless.take(MOST_USELESS).collect();
            if !sentences.is_empty() {
                emit.finding(&it.ca_field(), sentences.join(" "));
            }
        }
    }),
};

static SYSTEM_ROOTS: Check = Check {
    id: "system-roots",
    severity: Severity::Notice,
    title: "The server is checked against the CAs of the operating system",
    why: "That is right for a server with a certificate from a public CA. For any other, kubectl \
          stops with certificate signed by unknown authority.",
    fix: "If that message appears, add the cluster's CA as certificate-authority-data.",
    citations: &[citation::TLS_CONFIG],
    run: Entries(|part, emit| {
        for (it, server) in without_ca(part) {
            if server.reach == Reach::Hostname && misspelled_ca(part, &it).is_none() {
                emit.finding(
                    &it.field("server"),
                    format!("The file holds no CA for {}.", server.host),
                );
            }
        }
    }),
};

static SERVER_NAME: Check = Check {
    id: "tls-server-name-in-use",
    severity: Severity::Notice,
    title: "The server is expected to show a certificate for another name",
    why: "kubectl connects to one address and checks the certificate against tls-server-name. That \
          is the safe way when the address is missing in the certificate.",
    fix: "Keep it as long as the server's certificate does not name the address itself.",
    citations: &[citation::FIELDS],
    run: Entries(|part, emit| {
        for it in part.seen_clusters.iter().filter(|it| it.facts.tls != TlsMode::Plaintext) {
            let name = &it.written.tls_server_name;
            if !name.is_empty() {
                emit.finding(
                    &it.field("tls-server-name"),
                    format!("The certificate must be for {name}."),
                );
            }
        }
    }),
};

static SEVERAL_CAS: Check = Check {
    id: "several-cas",
    severity: Severity::Notice,
    title: "Several CAs are trusted for this cluster",
    why: "A server certificate under any of them is accepted. That is how a CA is replaced without \
          an interruption, and how some installers separate inner and outer addresses.",
    fix: "When a replacement is over, take the old CA out.",
    citations: &[citation::ROOT_POOL],
    run: Entries(|part, emit| {
        for (it, mut chain) in authorities(part).filter(|it| 1 < it.1.len()) {
            // What has expired is trusted no more, what may not sign only vouches for itself, and
            // what stands twice is one.
            chain.retain(|it| !has_expired(part, it) && it.may_sign());
            let mut seen = BTreeSet::new();
            chain.retain(|it| seen.insert(it.der.as_slice()));
            if chain.len() < 2 {
                continue;
            }
            let mut names: Vec<_> = chain.iter().map(|it| name(it)).collect();
            names.dedup();
            let place = it.ca_field();
            match names.as_slice() {
                [one] => emit
                    .finding(&place, format!("{} certificates share the name {one}.", chain.len())),
                several => emit.finding(&place, format!("They are {}.", list(several))),
            }
        }
    }),
};
