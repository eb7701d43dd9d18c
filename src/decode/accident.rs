//! What people put in a field by accident, and the PEM that can be dug out of it.
//!
//! Asked only when Go does not find in the field what should be there.

use base64::{
    Engine as _,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};

use super::{
    der,
    der::{Reader, Rules},
    key::{self, Effort, KeyError},
    pem, x509,
};
use crate::secret::Secret;

/// What the content of a field is instead of what it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accident {
    /// Its name, as "DER without PEM around it".
    pub name: &'static str,
    /// The PEM that was probably meant.
    pub mended: Option<Secret<Vec<u8>>>,
}

impl Accident {
    fn named(name: &'static str) -> Accident {
        Accident { name, mended: None }
    }

    fn mended(name: &'static str, pem: impl Into<Vec<u8>>) -> Accident {
        Accident { name, mended: Some(Secret::new(pem.into())) }
    }
}

/// What `bytes` are, in a field where Go finds no certificate; none when they are empty.
pub fn in_certificates(bytes: &[u8]) -> Option<Accident> {
    if bytes.is_empty() {
        return None;
    }
    let blocks = pem::blocks(bytes);
    if blocks.iter().any(|it| it.is_private_key()) {
        return Some(Accident::named("a private key in the place of the certificate"));
    }
    if let Some(first) = blocks.first() {
        return Some(match &*first.label {
            "X509 CERTIFICATE" | "TRUSTED CERTIFICATE" => Accident::mended(
                "a certificate under a label that kubectl does not know",
                encode("CERTIFICATE", first.der.reveal()),
            ),
            label => Accident::named(other_label(label)),
        });
    }
    Some(without_blocks(bytes))
}

/// What `bytes` are, in a field where Go finds no private key; none when they are empty.
pub fn in_key(bytes: &[u8]) -> Option<Accident> {
    if bytes.is_empty() {
        return None;
    }
    Some(match pem::blocks(bytes).first() {
        Some(first) if first.label == "CERTIFICATE" => {
            Accident::named("a certificate in the place of the private key")
        }
        Some(first) => Accident::named(other_label(&first.label)),
        None => without_blocks(bytes),
    })
}

fn other_label(label: &str) -> &'static str {
    match label {
        "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => REQUEST,
        "PUBLIC KEY" | "RSA PUBLIC KEY" => "a public key",
        "PKCS7" | "CMS" => PKCS7,
        "X509 CRL" => "a list of revoked certificates",
        "EC PARAMETERS" | "DSA PARAMETERS" | "DH PARAMETERS" => {
            "the parameters of a key without the key"
        }
        _ => "PEM of another kind",
    }
}

const REQUEST: &str = "a request for a certificate, not the certificate";
const PKCS7: &str = "a PKCS#7 bundle";

/// What bytes are in which Go finds no PEM block at all.
fn without_blocks(bytes: &[u8]) -> Accident {
    if let Some(it) = der_alone(bytes) {
        return it;
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Accident::named("neither PEM nor DER");
    };
    if text.trim().is_empty() {
        return Accident::named("nothing but blanks");
    }
    if text.contains("-----BEGIN") {
        return broken_pem(text);
    }
    match base64(text) {
        Some(inner) if inner.starts_with(b"-----BEGIN") => {
            Accident::mended("base64 twice over", inner)
        }
        Some(inner) => match der_alone(&inner) {
            Some(it) => Accident {
                name: match it.name {
                    DER_CERTIFICATE | DER_KEY => "PEM without its BEGIN and END lines",
                    other => other,
                },
                ..it
            },
            None => Accident::named("base64 of something else"),
        },
        None => Accident::named("not PEM"),
    }
}

const DER_CERTIFICATE: &str = "DER without PEM around it";
const DER_KEY: &str = "the DER of a private key without PEM around it";

/// What `bytes` are, if they are one value in DER.
fn der_alone(bytes: &[u8]) -> Option<Accident> {
    let mut parts = Reader::new(bytes, Rules::Lenient).enter(der::SEQUENCE)?;
    if x509::certificate(bytes).is_ok() {
        return Some(Accident::mended(DER_CERTIFICATE, encode("CERTIFICATE", bytes)));
    }
    match key::private_key(bytes, &Effort::none()) {
        Ok(_) => return Some(Accident::mended(DER_KEY, encode("PRIVATE KEY", bytes))),
        Err(KeyError::Encrypted) => return Some(Accident::named("an encrypted key in DER")),
        Err(KeyError::NotAKey("a public key")) => {
            return Some(Accident::named("the DER of a public key"));
        }
        Err(_) => {}
    }
    let first = parts.any()?;
    Some(Accident::named(match (first.tag, parts.peek()) {
        (der::INTEGER, Some(der::SEQUENCE)) if first.body == [3] => "a PKCS#12 file",
        (der::OID, _) => PKCS7,
        (der::SEQUENCE, Some(der::SEQUENCE)) => REQUEST,
        _ => "DER of another kind",
    }))
}

/// PEM that Go does not recognize: what is wrong with it, and the same repaired.
fn broken_pem(text: &str) -> Accident {
    let name = if text.contains("\\n") {
        "line breaks written as \\n"
    } else if !text.contains("-----END") {
        "PEM whose last line is missing"
    } else if text.starts_with('\u{feff}') {
        "PEM with a byte order mark before it"
    } else if !text.contains('\n') {
        "PEM in one line"
    } else if text.lines().any(|it| it.starts_with([' ', '\t']) && it.contains("-----BEGIN")) {
        "PEM that is indented"
    } else {
        "broken PEM"
    };
    let repaired = repair(text);
    match pem::blocks(repaired.as_bytes()).is_empty() {
        true => Accident::named(name),
        false => Accident::mended(name, repaired),
    }
}

/// Puts every BEGIN and END on a line of its own, and adds the last line if it is missing.
fn repair(text: &str) -> String {
    let text = text.replace("\\r", "").replace("\\n", "\n").replace('\r', "\n");
    let mut out = String::new();
    for (n, part) in text.split("-----").enumerate() {
        // Odd parts stand between two rows of dashes: `BEGIN …` and `END …`.
        let part = part.trim();
        match n % 2 {
            1 if part.starts_with("BEGIN ") || part.starts_with("END ") => {
                out.push_str(&format!("\n-----{part}-----\n"));
            }
            _ => out.extend(part.split_ascii_whitespace()),
        }
    }
    let last = out.rsplit_once("-----BEGIN ").and_then(|it| it.1.split_once("-----"));
    let unfinished = last.filter(|it| !it.1.contains("-----END "));
    let end = unfinished.map(|(label, _)| format!("\n-----END {label}-----\n"));
    out.push_str(&end.unwrap_or_default());
    out
}

fn base64(text: &str) -> Option<Vec<u8>> {
    const LENIENT: GeneralPurpose = GeneralPurpose::new(
        &STANDARD,
        GeneralPurposeConfig::new()
            .with_decode_allow_trailing_bits(true)
            .with_decode_padding_mode(DecodePaddingMode::Indifferent),
    );
    let digits: Vec<u8> = text.bytes().filter(|it| !it.is_ascii_whitespace()).collect();
    LENIENT.decode(digits).ok()
}

/// One PEM block.
pub fn encode(label: &str, der: &[u8]) -> String {
    let body = base64::prelude::BASE64_STANDARD.encode(der);
    let mut text = format!("-----BEGIN {label}-----\n");
    for line in body.as_bytes().chunks(64) {
        text.push_str(&String::from_utf8_lossy(line));
        text.push('\n');
    }
    text + &format!("-----END {label}-----\n")
}
