//! Client certificates and their keys.

use super::{
    Check, Citation, Emit,
    Run::Entries,
    Severity, citation, list,
    tls::WEAK_KEYS,
    tls::contents,
    tls::is_refused,
    tls::is_weak,
    tls::since,
    view::{Pair, Part, seen_user},
};
use crate::{
    decode::{
        key::{self, KeyError, KeyMatch},
        pair::PairError,
        x509::{Certificate, Signature},
    },
    facts::Facts,
    kubeconfig::{AuthInfo, Data, Placeholder},
    source::Place,
    time::{DAY, duration},
};

pub(super) const CHECKS: &[&Check] = &[
    &EXPIRED,
    &NOT_YET_VALID,
    &WITHOUT_KEY,
    &CERTIFICATE_TWICE,
    &KEY_TWICE,
    &UNREADABLE,
    &KEY_UNREADABLE,
    &SWAPPED,
    &LEAF_NOT_FIRST,
    &CHAIN_UNREADABLE,
    &KEY_MISMATCH,
    &NOT_FOR_CLIENTS,
    &EXTENSION_UNKNOWN,
    &NO_NAME,
    &SHA1,
    &KEY_REFUSED,
    &EXPIRED_BESIDE_TOKEN,
    &CHAIN_EXPIRED,
    &ENDS_IN_7_DAYS,
    &ENDS_IN_30_DAYS,
    &ROTATION_DUE,
    &OTHER_CA_OF_SAME_NAME,
    &KEY_WITHOUT_CERTIFICATE,
    &WEAK_KEY,
    &ANSWER_DISAGREES,
    &LONG_LIVED,
];

const KEY: &str = "client-key-data";
const KEY_PATH: &str = "client-key";

impl Pair<'_> {
    fn leaf(&self) -> Option<&Certificate> {
        self.is.chain.leaf()
    }

    fn is_passed_over(&self) -> bool {
        self.credential.passed_over.is_some()
    }

    fn certificate(&self) -> Place {
        self.credential.place.clone()
    }

    fn key(&self) -> Place {
        self.user.field(if self.is.key_source.is_some() { KEY_PATH } else { KEY })
    }
}

static EXPIRED: Check = Check {
    id: "client-certificate-expired",
    severity: Severity::Error,
    title: "The client certificate has expired",
    why: "The API server does not accept it. kubectl does not look at the date and only reports \
          that you must be logged in to the server.",
    fix: "Fetch the kubeconfig again, or ask the administrator of the cluster for a new one. A new \
          certificate is needed; the old one cannot be extended.",
    citations: &[
        Citation::Rfc { number: 5280, section: "4.1.2.5" },
        citation::X509_REQUEST,
        citation::GO_VERIFY,
    ],
    run: Entries(|part, emit| {
        expired(part, emit, |it| !it.is_passed_over());
    }),
};

fn expired(part: &Part<'_>, emit: &mut Emit<'_>, applies: fn(&Pair<'_>) -> bool) {
    for it in &part.pairs {
        let Some(end) = it.leaf().and_then(|it| it.validity.not_after) else { continue };
        // Both ends of the validity period are inclusive.
        if end < part.now && applies(it) {
            emit.finding(
                &it.certificate(),
                format!("It expired on {}, {}.", end.words(), end.distance(part.now)),
            );
        }
    }
}

static EXPIRED_BESIDE_TOKEN: Check = Check {
    id: "client-certificate-expired-beside-token",
    severity: Severity::Warning,
    title: "The client certificate has expired, and another credential works in its place",
    why: "kubectl sends both. The API server ignores the certificate and accepts the other one, so \
          the user may be another than the certificate says.",
    fix: "Delete the certificate and its key, or fetch the kubeconfig again.",
    citations: &[citation::CREDENTIALS, citation::CLIENT_CERTIFICATES],
    run: Entries(|part, emit| {
        expired(part, emit, |it| it.is_passed_over());
    }),
};

static NOT_YET_VALID: Check = Check {
    id: "client-certificate-not-yet-valid",
    severity: Severity::Error,
    title: "The client certificate is not valid yet",
    why: "The API server does not accept it before its first moment. Mostly the clock of one \
          machine is wrong.",
    fix: "Compare the clock of this machine with that of the machine that issued the certificate; \
          then wait, or have it issued again.",
    citations: &[
        Citation::Rfc { number: 5280, section: "4.1.2.5" },
        citation::X509_REQUEST,
        citation::GO_VERIFY,
    ],
    run: Entries(|part, emit| {
        for it in &part.pairs {
            let Some(start) = it.leaf().and_then(|it| it.validity.not_before) else { continue };
            if part.now < start && !it.is_passed_over() {
                emit.finding(
                    &it.certificate(),
                    format!(
                        "It becomes valid on {}, {}; the clock used here says {}.",
                        start.words(),
                        start.distance(part.now),
                        part.now.words()
                    ),
                );
            }
        }
    }),
};

/// What there is to say of how long a certificate lives that is valid now.
struct Life {
    /// Seconds until its end.
    left: i64,
    /// Seconds from its first to its last moment.
    whole: i64,
    /// Seconds that it lives at least: where it only shares the first moment of its CA, from now on.
    least: i64,
}

fn life(facts: &Facts, it: &Pair<'_>) -> Option<Life> {
    let validity = it.leaf()?.validity;
    let left = validity.not_after?.since(facts.now);
    let begun = validity.not_before? <= facts.now;
    let whole = validity.seconds().filter(|_| begun && 0 <= left)?;
    let least = if facts.backdated.contains(&it.user.entry) { left } else { whole };
    Some(Life { left, whole, least })
}

/// Says when a certificate ends, where `applies` to its life.
fn ending(part: &Part<'_>, emit: &mut Emit<'_>, applies: fn(Life) -> bool) {
    for it in &part.pairs {
        let Some(end) = it.leaf().and_then(|it| it.validity.not_after) else { continue };
        if life(part, it).is_some_and(applies) {
            emit.finding(
                &it.certificate(),
                format!("It expires on {}, {}.", end.words(), end.distance(part.now)),
            );
        }
    }
}

// What lives for days is meant to end soon: its last days are no news.
static ENDS_IN_7_DAYS: Check = Check {
    id: "client-certificate-ends-within-7-days",
    severity: Severity::Warning,
    title: "The client certificate expires within 7 days",
    why: "From then on every request fails, and kubectl only reports that you must be logged in to \
          the server.",
    fix: "Fetch a new kubeconfig now. The old one keeps working until its own end.",
    citations: &[Citation::Rfc { number: 5280, section: "4.1.2.5" }, citation::X509_REQUEST],
    run: Entries(|part, emit| {
        ending(part, emit, |it| it.left <= 7 * DAY && 14 * DAY < it.whole);
    }),
};

static ENDS_IN_30_DAYS: Check = Check {
    id: "client-certificate-ends-within-30-days",
    severity: Severity::Warning,
    title: "The client certificate expires within 30 days",
    why: "From then on every request fails, and kubectl only reports that you must be logged in to \
          the server.",
    fix: "Fetch a new kubeconfig in the next days. The old one keeps working until its own end.",
    citations: &[Citation::Rfc { number: 5280, section: "4.1.2.5" }, citation::X509_REQUEST],
    run: Entries(|part, emit| {
        ending(part, emit, |it| 7 * DAY < it.left && it.left <= 30 * DAY && 60 * DAY < it.whole);
    }),
};

static ROTATION_DUE: Check = Check {
    id: "rotation-due",
    severity: Severity::Warning,
    title: "The client certificate is in its last 180 days",
    why: "Credentials that live for years are replaced in their last 180 days, so that nobody is \
          surprised by the end.",
    fix: "Fetch a new kubeconfig. The old one keeps working until its own end, so both can be in use \
          for a while.",
    citations: &[citation::ACK_MANAGE],
    run: Entries(|part, emit| {
        ending(part, emit, |it| {
            30 * DAY < it.left && it.left <= 180 * DAY && 730 * DAY <= it.least
        });
    }),
};

static WITHOUT_KEY: Check = Check {
    id: "certificate-without-key",
    severity: Severity::Error,
    title: "The client certificate has no private key",
    why: "kubectl stops with client-key-data or client-key must be specified.",
    fix: "Add the key that belongs to it as client-key-data, or fetch the kubeconfig again.",
    citations: &[citation::VALIDATE_USER],
    run: Entries(|_, emit| emit.problems_of(&[KEY, KEY_PATH])),
};

/// Whether there is a key and no certificate that it could belong to.
pub(super) fn has_key_alone(user: &AuthInfo) -> bool {
    let certificate =
        !user.client_certificate.is_empty() || is_set(user.client_certificate_data.as_ref());
    let key = !user.client_key.is_empty() || is_set(user.client_key_data.as_ref());
    key && !certificate
}

/// Whether a field holds bytes, whatever they are.
fn is_set(data: Option<&Data>) -> bool {
    data.is_some_and(|it| it.bytes.as_ref().map_or(true, |it| !it.is_empty()))
}

static KEY_WITHOUT_CERTIFICATE: Check = Check {
    id: "key-without-certificate",
    severity: Severity::Warning,
    title: "A private key has no client certificate",
    why: "kubectl ignores the key without a word, and signs in with something else or not at all.",
    fix: "Add the certificate that belongs to it as client-certificate-data, or delete the key.",
    citations: &[citation::CREDENTIALS],
    run: Entries(|part, emit| {
        for it in &part.signers {
            let works = it.facts.credentials.iter().any(|it| it.sent);
            if works && has_key_alone(it.written) {
                let is_path = !is_set(it.written.client_key_data.as_ref());
                let place = it.field(if is_path { KEY_PATH } else { KEY });
                emit.finding(&place, format!("The user {} has no certificate.", it.name));
            }
        }
    }),
};

static CERTIFICATE_TWICE: Check = Check {
    id: "certificate-path-and-data",
    severity: Severity::Error,
    title: "The client certificate is given twice, as a file and as data",
    why: "kubectl refuses the two together, although its message says that one overrides.",
    fix: "Delete client-certificate and keep client-certificate-data.",
    citations: &[citation::VALIDATE_USER],
    run: Entries(|_, emit| emit.problems()),
};

static KEY_TWICE: Check = Check {
    id: "key-path-and-data",
    severity: Severity::Error,
    title: "The private key is given twice, as a file and as data",
    why: "kubectl refuses the two together, although its message says that one overrides.",
    fix: "Delete client-key and keep client-key-data.",
    citations: &[citation::VALIDATE_USER],
    run: Entries(|_, emit| emit.problems()),
};

/// Why Go makes no client certificate of the pair, unless kubectl config view is to blame.
fn fault<'a>(it: &Pair<'a>) -> Option<&'a PairError> {
    let written = it.user.written;
    let redacted = |data: &Option<Data>| {
        data.as_ref().is_some_and(|it| it.placeholder == Some(Placeholder::KubectlView))
    };
    let is_redacted =
        redacted(&written.client_certificate_data) || redacted(&written.client_key_data);
    it.is.unusable.as_ref().filter(|_| !is_redacted)
}

static SWAPPED: Check = Check {
    id: "certificate-and-key-swapped",
    severity: Severity::Error,
    title: "A private key stands where the client certificate belongs",
    why: "kubectl stops before it connects, and says that the inputs may have been switched.",
    fix: "Exchange the values of client-certificate-data and client-key-data.",
    citations: &[citation::GO_KEY_PAIR],
    run: Entries(|part, emit| {
        for it in &part.pairs {
            if let Some(fault @ PairError::KeyInTheCertificate) = fault(it) {
                emit.finding(&it.certificate(), format!("kubectl says: {fault}"));
            }
        }
    }),
};

static UNREADABLE: Check = Check {
    id: "client-certificate-unreadable",
    severity: Severity::Error,
    title: "There is no usable certificate in the client certificate field",
    why: "kubectl stops before it connects.",
    fix: "Put the PEM text of the certificate there, encoded in base64 once, or fetch the \
          kubeconfig again.",
    citations: &[citation::GO_KEY_PAIR, citation::GO_SERIAL],
    run: Entries(|part, emit| {
        for it in &part.pairs {
            let Some(fault) = fault(it) else { continue };
            let detail = match fault {
                PairError::KeyInTheCertificate => continue,
                _ if fault.is_about_the_key() => continue,
                _ if it.is.chain.accident.is_some() => contents(&it.is.chain),
                _ => {
                    let fault = fault.to_string();
                    format!("kubectl says: {fault}{}", since(&fault))
                }
            };
            emit.finding(&it.certificate(), detail);
        }
    }),
};

static KEY_UNREADABLE: Check = Check {
    id: "client-key-unreadable",
    severity: Severity::Error,
    title: "There is no usable private key in the key field",
    why: "kubectl stops before it connects. It never asks for a passphrase, and takes RSA, ECDSA \
          and Ed25519 keys in PKCS#1, PKCS#8 or SEC1 form.",
    fix: "Convert the key with openssl pkey, which asks for a passphrase where there is one, or \
          fetch the kubeconfig again.",
    citations: &[citation::GO_KEY_PAIR],
    run: Entries(|part, emit| {
        for it in &part.pairs {
            let Some(fault) = fault(it).filter(|it| it.is_about_the_key()) else { continue };
            let detail = match (fault, &it.is.key) {
                (PairError::OtherAlgorithm | PairError::OtherKey, _) => continue,
                _ if it.is.key_accident.is_some() => {
                    format!("It looks like {}.", it.is.key_accident.as_deref().unwrap_or_default())
                }
                (_, Some(Err(KeyError::Encrypted))) => {
                    "The key is protected by a passphrase.".to_owned()
                }
                (_, Some(Err(KeyError::OpenSsh))) => {
                    "The key is in OpenSSH's own format.".to_owned()
                }
                (_, Some(Err(KeyError::Unsupported(name)))) => {
                    format!("The key is of a kind that kubectl cannot use: {name}.")
                }
                (fault, _) => format!("kubectl says: {fault}"),
            };
            emit.finding(&it.key(), detail);
        }
    }),
};

/// The position, counted from 1, of a later certificate that the key belongs to.
fn owner_further_down(it: &Pair<'_>) -> Option<usize> {
    let key = it.is.key.as_ref()?.as_ref().ok()?;
    let later = it.is.chain.certificates.iter().enumerate().skip(1);
    later
        .filter_map(|(index, it)| Some((index, it.as_ref().ok()?)))
        .find(|(_, it)| key::matches(key, &it.key) == KeyMatch::Yes)
        .map(|(index, _)| index + 1)
}

fn mismatches(it: &Pair<'_>) -> bool {
    matches!(it.is.matches, Some(KeyMatch::OtherKey | KeyMatch::OtherAlgorithm))
}

static LEAF_NOT_FIRST: Check = Check {
    id: "client-certificate-not-first",
    severity: Severity::Error,
    title: "The client's own certificate is not the first one in its field",
    why: "kubectl takes the first certificate for the client's own, and stops because the key does \
          not belong to it.",
    fix: "Put the client's certificate first and those of the CAs after it.",
    citations: &[citation::GO_KEY_PAIR, Citation::Rfc { number: 8446, section: "4.4.2" }],
    run: Entries(|part, emit| {
        for it in part.pairs.iter().filter(|it| mismatches(it)) {
            if let Some(number) = owner_further_down(it) {
                emit.finding(
                    &it.certificate(),
                    format!(
                        "The key belongs to certificate {number} of {}.",
                        it.is.chain.certificates.len()
                    ),
                );
            }
        }
    }),
};

static CHAIN_UNREADABLE: Check = Check {
    id: "client-certificate-chain-unreadable",
    severity: Severity::Error,
    title: "A certificate behind the client's own cannot be read",
    why: "kubectl reads the first certificate and sends all of them. The API server breaks the \
          connection off at one that it cannot read, with bad certificate or error decoding message.",
    fix: "Delete that certificate from the field, or put the whole text of it there. The client's \
          own is mostly enough.",
    citations: &[
        citation::GO_KEY_PAIR,
        Citation::Page {
            title: "Go 1.24: crypto/tls, processCertsFromClient",
            url: "https://github.com/golang/go/blob/go1.24.0/src/crypto/tls/handshake_server.go",
        },
    ],
    run: Entries(|part, emit| {
        for it in part.pairs.iter().filter(|it| it.is.unusable.is_none()) {
            let chain = &it.is.chain.certificates;
            let faults = chain.iter().zip(1..).skip(1).filter_map(|(it, number)| match it {
                Ok(it) => Some((number, it.go.as_ref()?)),
                Err(it) => Some((number, &it.go)),
            });
            if let Some((number, fault)) = faults.into_iter().next() {
                let n = chain.len();
                let detail = format!("Go says of certificate {number} of {n}: {fault}.");
                emit.finding(&it.certificate(), detail);
            }
        }
    }),
};

static CHAIN_EXPIRED: Check = Check {
    id: "client-certificate-chain-expired",
    severity: Severity::Warning,
    title: "A certificate behind the client's own has expired",
    why: "kubectl sends it, too, and the API server takes no way to its CA over it. Unless the server \
          has a newer one itself, kubectl only reports that you must be logged in to the server.",
    fix: "Fetch the kubeconfig again. The certificates behind the client's own are renewed with their \
          CA, often long before it.",
    citations: &[Citation::Rfc { number: 5280, section: "6.1.3" }, citation::GO_VERIFY],
    run: Entries(|part, emit| {
        for it in part.pairs.iter().filter(|it| !it.is_passed_over()) {
            let chain = &it.is.chain.certificates;
            let ends =
                chain.iter().zip(1..).skip(1).filter_map(|(it, number)| {
                    Some((number, it.as_ref().ok()?.validity.not_after?))
                });
            if let Some((number, end)) = ends.into_iter().find(|(_, end)| *end < part.now) {
                let n = chain.len();
                let distance = end.distance(part.now);
                let detail =
                    format!("Certificate {number} of {n} expired on {}, {distance}.", end.words());
                emit.finding(&it.certificate(), detail);
            }
        }
    }),
};

static KEY_MISMATCH: Check = Check {
    id: "client-key-mismatch",
    severity: Severity::Error,
    title: "The private key does not belong to the client certificate",
    why: "kubectl stops before it connects. Mostly two files of the same names were mixed.",
    fix: "Fetch the kubeconfig again; a key cannot be made to fit a certificate.",
    citations: &[citation::GO_KEY_PAIR],
    run: Entries(|part, emit| {
        for it in part.pairs.iter().filter(|it| mismatches(it)) {
            if owner_further_down(it).is_some() {
                continue;
            }
            let certificate = it.leaf().map_or("", |it| &*it.key.title);
            let key = match &it.is.key {
                Some(Ok(it)) => &*it.title,
                _ => "",
            };
            emit.finding(
                &it.key(),
                match certificate == key {
                    true => format!("Both are {key}, but the certificate is for another key."),
                    false => format!("The certificate is for {certificate}, the key is {key}."),
                },
            );
        }
    }),
};

static NOT_FOR_CLIENTS: Check = Check {
    id: "client-certificate-not-for-clients",
    severity: Severity::Error,
    title: "The certificate was not issued for signing in",
    why: "The API server accepts only certificates whose extended key usage includes clientAuth, or \
          that have no such extension.",
    fix: "Ask for a certificate for client authentication. Mostly a server's certificate was used by \
          mistake.",
    citations: &[citation::X509_REQUEST, Citation::Rfc { number: 5280, section: "4.2.1.12" }],
    run: Entries(|part, emit| {
        for it in &part.pairs {
            let Some(leaf) = it.leaf().filter(|leaf| !leaf.is_for_clients()) else { continue };
            if !it.is_passed_over() {
                let usages = leaf.extended_key_usage().unwrap_or_default();
                emit.finding(
                    &it.certificate(),
                    format!("It is for {} and nothing else.", list(&usages)),
                );
            }
        }
    }),
};

static EXTENSION_UNKNOWN: Check = Check {
    id: "client-certificate-extension-unknown",
    severity: Severity::Error,
    title: "The client certificate has a critical extension that the API server does not know",
    why: "The API server has to refuse such a certificate, and kubectl only reports that you must be \
          logged in to the server.",
    fix: "Ask for a certificate without that extension, or one in which it is not critical.",
    citations: &[Citation::Rfc { number: 5280, section: "4.2" }, citation::GO_VERIFY],
    run: Entries(|part, emit| {
        for it in part.pairs.iter().filter(|it| !it.is_passed_over()) {
            if let Some(oid) = it.leaf().and_then(Certificate::unhandled_extension) {
                emit.finding(&it.certificate(), format!("It is the extension {oid}."));
            }
        }
    }),
};

static NO_NAME: Check = Check {
    id: "client-certificate-without-name",
    severity: Severity::Error,
    title: "The client certificate names no user",
    why: "The API server takes the user's name from the common name of the subject. Without one, the \
          certificate signs nobody in.",
    fix: "Ask for a certificate with the user's name as common name.",
    citations: &[citation::X509_REQUEST, citation::CLIENT_CERTIFICATES],
    run: Entries(|part, emit| {
        for it in &part.pairs {
            let Some(leaf) = it.leaf().filter(|_| !it.is_passed_over()) else { continue };
            if leaf.subject().common_name().is_none_or(|it| it.is_empty()) {
                emit.finding(
                    &it.certificate(),
                    match leaf.subject().rfc4514().as_str() {
                        "" => "Its subject is empty.".to_owned(),
                        subject => format!("Its subject is {subject}."),
                    },
                );
            }
        }
    }),
};

static SHA1: Check = Check {
    id: "client-certificate-signature-weak",
    severity: Severity::Error,
    title: "The client certificate is signed in a way that is no longer accepted",
    why: "API servers from Kubernetes 1.24 on refuse certificates with SHA-1 or MD5 signatures, \
          because such signatures can be forged.",
    fix: "Ask for a new certificate, signed with SHA-256 or better.",
    citations: &[citation::GO_SHA1],
    run: Entries(|part, emit| {
        for it in &part.pairs {
            let Some(leaf) = it.leaf().filter(|_| !it.is_passed_over()) else { continue };
            if leaf.is_weakly_signed() {
                emit.finding(
                    &it.certificate(),
                    format!("It is signed with {}.", leaf.signature_algorithm()),
                );
            }
        }
    }),
};

static KEY_REFUSED: Check = Check {
    id: "client-key-refused",
    severity: Severity::Error,
    title: "The client's key is so short that kubectl refuses it",
    why: "kubectl signs nothing over TLS 1.3 with a key on the curve P-224, and since 1.33 nothing at \
          all with an RSA key under 1024 bits: the connection fails.",
    fix: "Ask for a new certificate with an ECDSA key, or an RSA key of 2048 bits or more.",
    citations: &[citation::GO_RSA],
    run: Entries(|part, emit| {
        key_lengths(part, emit, |it| is_refused(it) || it.key.title == "EC P-224");
    }),
};

/// Says how long the keys are that are `short`.
fn key_lengths(part: &Part<'_>, emit: &mut Emit<'_>, short: fn(&Certificate) -> bool) {
    for it in &part.pairs {
        let Some(leaf) = it.leaf().filter(|it| short(it)) else { continue };
        emit.finding(
            &it.certificate(),
            format!("It has {} bits.", leaf.key.bits.unwrap_or_default()),
        );
    }
}

static WEAK_KEY: Check = Check {
    id: "client-key-weak",
    severity: Severity::Warning,
    title: "The client's key is too short",
    why: "An RSA key under 2048 bits can be broken with enough effort.",
    fix: "Ask for a new certificate with an ECDSA key, or an RSA key of 2048 bits or more.",
    citations: &[WEAK_KEYS],
    run: Entries(|part, emit| key_lengths(part, emit, |it| is_weak(it) && !is_refused(it))),
};

static OTHER_CA_OF_SAME_NAME: Check = Check {
    id: "client-certificate-of-another-ca",
    severity: Severity::Warning,
    title: "The client certificate comes from another CA of the same name",
    why: "The cluster's CA has the name of the issuer but another key. Mostly the cluster was made \
          anew, or two files were mixed, and the API server no longer knows this certificate.",
    fix: "Fetch the kubeconfig again.",
    citations: &[citation::GO_VERIFY],
    run: Entries(|part, emit| {
        let mismatched =
            part.contexts.iter().filter(|it| it.likely_signed_by_ca == Some(Signature::WrongKey));
        for context in mismatched {
            let user = context.effective.user;
            let Some(user) = user.and_then(|it| seen_user(part, it)) else { continue };
            let Some(it) = user.pairs().next() else { continue };
            let Some(leaf) = it.leaf() else { continue };
            emit.context(
                context,
                &it.certificate(),
                format!("Both CAs are called {}.", leaf.issuer().rfc4514()),
            );
        }
    }),
};

static ANSWER_DISAGREES: Check = Check {
    id: "expiration-differs-from-answer",
    severity: Severity::Notice,
    title: "The provider's answer names another end than the certificate",
    why: "The API server goes by the certificate. The date in the answer is only told along with it.",
    fix: "Go by the date in the certificate.",
    citations: &[citation::X509_REQUEST],
    run: Entries(|part, emit| {
        for it in &part.pairs {
            let source = part.sources.get(part.owners.source(it.user.place.file));
            let told = source.and_then(|it| it.intake.expiration);
            let own = it.leaf().and_then(|it| it.validity.not_after);
            if let (Some(told), Some(own)) = (told, own)
                && told.since(own).abs() > DAY
            {
                emit.finding(
                    &it.certificate(),
                    format!("The answer says {}, the certificate {}.", told.words(), own.words()),
                );
            }
        }
    }),
};

static LONG_LIVED: Check = Check {
    id: "long-lived-certificate",
    severity: Severity::Notice,
    title: "The client certificate lives for years",
    why: "Kubernetes has no list of revoked certificates: whoever gets a copy can use it until it \
          ends. For a ticket, a pipeline or a visitor, hours are enough.",
    fix: "Where a short time will do, ask for a temporary kubeconfig. When it leaks, take its rights \
          away in the cluster or have the provider revoke it; deleting the file does not help.",
    citations: &[citation::HARDENING_CERTIFICATES, citation::ACK_REVOKE],
    run: Entries(|part, emit| {
        for it in &part.pairs {
            let Some(Life { whole, least, .. }) = life(part, it) else { continue };
            if it.leaf().is_some_and(Certificate::is_ca) {
                continue;
            }
            if 730 * DAY <= least {
                let detail = match least == whole {
                    true => format!("It lives {} in all.", duration(whole)),
                    false => format!("It lives another {}.", duration(least)),
                };
                emit.finding(&it.certificate(), detail);
            }
        }
    }),
};
