//! What is fuzzed: each function takes any bytes and must come back without a panic.
//!
//! The targets of cargo-fuzz call them, and so does `tests/it/replay.rs` with what is kept in
//! `corpus/`.

use std::{hint::black_box, sync::LazyLock};

use kubeconfig_inspector::{
    Options,
    decode::{
        key::{self, Effort},
        pem, token as tokens, x509 as certificates,
    },
    diagnose as messages, export,
    facts::Facts,
    inspect as report_on, inspect_with, intake as wrappings,
    kubeconfig::load,
    source::Source,
    time::Timestamp,
};

/// 2026-01-15.
const NOW: Timestamp = Timestamp(1_768_478_400);

/// Whatever was pasted is unwrapped.
pub(crate) fn intake(bytes: &[u8]) {
    wrappings::unwrap(&Source::new("input", bytes));
}

/// Any bytes load as a kubeconfig or are refused.
pub(crate) fn yaml(bytes: &[u8]) {
    load::load(0, "input", bytes);
}

/// A value of a data field is read as base64, whatever stands in it.
pub(crate) fn base64(bytes: &[u8]) {
    let mut text = b"users: [{name: a, user: {client-key-data: \"".to_vec();
    text.extend(bytes.iter().copied().filter(|it| !b"\"\\".contains(it)));
    text.extend(b"\"}}]");
    load::load(0, "input", &text);
}

/// PEM blocks are found in any bytes.
pub(crate) fn pem_blocks(bytes: &[u8]) {
    pem::blocks(bytes);
}

/// Any bytes are a certificate or are refused; all of a certificate can be read, and it can be compared
/// with itself.
pub(crate) fn x509(bytes: &[u8]) {
    if let Ok(it) = certificates::certificate(bytes) {
        certificates::signature(&it, &it);
        for name in [it.subject(), it.issuer()] {
            let parts = (name.rfc4514(), name.attributes(), name.organizations());
            black_box((parts, name.common_name(), name.title()));
        }
        black_box((it.serial(), it.signature_algorithm(), it.extensions(), it.sans()));
        black_box((it.key_usage(), it.extended_key_usage(), it.sha256(), it.sha1()));
        black_box((it.subject_key_id(), it.authority_key_id(), it.is_ca(), it.self_issued()));
    }
}

/// Any bytes are a private key or are refused; a key matches its own public half.
pub(crate) fn private_key(bytes: &[u8]) {
    if let Ok(it) = key::private_key(bytes, &Effort::default())
        && let Some(public) = &it.public
    {
        assert_eq!(key::matches(&it, public), key::KeyMatch::Yes);
    }
}

/// Any text is a token of some kind.
pub(crate) fn token(bytes: &[u8]) {
    tokens::token(&String::from_utf8_lossy(bytes));
}

/// Any message is diagnosed against a kubeconfig that has one of everything.
pub(crate) fn diagnose(bytes: &[u8]) {
    static FACTS: LazyLock<Facts> = LazyLock::new(|| {
        let source = Source::new("config", *include_bytes!("everything.yaml"));
        report_on(&[source], NOW).facts
    });
    messages::diagnose(&FACTS, &String::from_utf8_lossy(bytes));
}

/// Any bytes are inspected, as one file and as two merged ones, and written in every format.
pub(crate) fn inspect(bytes: &[u8]) {
    let (first, second) = bytes.split_at(bytes.len() / 2);
    for merge in [false, true] {
        let sources = match merge {
            false => vec![Source::new("input", bytes)],
            true => vec![Source::new("a", first), Source::new("b", second)],
        };
        let report = inspect_with(&sources, NOW, &Options { merge, ..Options::default() });
        for format in export::Format::ALL {
            export::export(&report, format, &export::Selection::default());
        }
    }
}
