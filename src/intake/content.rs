//! What a text looks like from afar: a kubeconfig, base64, PEM, a token.
//!
//! Every test is one pass over the text, so that megabytes of something else cost nothing.

use std::borrow::Cow;

use base64::{
    Engine,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use memchr::memchr2_iter;

use crate::secret::Secret;

/// The keys at the top of a kubeconfig.
pub(super) const KEYS: &[&str] = &[
    "apiVersion",
    "kind",
    "clusters",
    "contexts",
    "users",
    "current-context",
    "preferences",
    "extensions",
];

/// `bytes` as text: UTF-8, or UTF-16 by its byte order mark or by the zeros in every other byte.
pub(super) fn text(bytes: &[u8]) -> Secret<Cow<'_, str>> {
    Secret::new(match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => utf_8(rest),
        [0xFF, 0xFE, rest @ ..] => utf_16(rest, u16::from_le_bytes).into(),
        [0xFE, 0xFF, rest @ ..] => utf_16(rest, u16::from_be_bytes).into(),
        [a, 0, b, 0, ..] if *a != 0 && *b != 0 => utf_16(bytes, u16::from_le_bytes).into(),
        [0, a, 0, b, ..] if *a != 0 && *b != 0 => utf_16(bytes, u16::from_be_bytes).into(),
        _ => utf_8(bytes),
    })
}

/// What is UTF-8 already, the usual case, is seen to be so several bytes at a time.
fn utf_8(bytes: &[u8]) -> Cow<'_, str> {
    std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
}

fn utf_16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks_exact(2).filter_map(|it| it.try_into().ok()).map(unit);
    let characters = char::decode_utf16(units).map(|it| it.unwrap_or(char::REPLACEMENT_CHARACTER));
    // Room for all at once: a string that grows leaves copies behind.
    let mut text = String::with_capacity(characters.clone().map(char::len_utf8).sum());
    text.extend(characters);
    text
}

/// Whether `text` has two keys of a kubeconfig, one of them found nowhere else.
pub(super) fn is_kubeconfig(text: &str) -> bool {
    const SOUGHT: [&str; 8] = [
        "clusters",
        "contexts",
        "users",
        "current-context",
        "apiVersion",
        "cluster",
        "user",
        "kind",
    ];
    let mut found = [false; SOUGHT.len()];
    for before in keys(text) {
        for (key, found) in SOUGHT.iter().zip(&mut found) {
            *found |= ends_with_key(before, key);
        }
        let [lists @ .., version, cluster, user, _] = &found;
        match lists.iter().filter(|it| **it).count() {
            0 => {}
            1 if !(*version || *cluster || *user) => {}
            _ => return true,
        }
    }
    let [lists @ .., _, _, _, kind] = found;
    !lists.contains(&true) && kind && text.contains("kind: Config\n")
}

/// All that stands in front of a colon of `text`, up to the key that the colon may belong to.
fn keys(text: &str) -> impl Iterator<Item = &str> {
    const WIDE: &str = "：";
    let last = WIDE.as_bytes().last().copied().unwrap_or_default();
    memchr2_iter(b':', last, text.as_bytes()).filter_map(move |at| {
        // Inside of a character it is the last byte of that one.
        let before = text.get(..at).or_else(|| text.get(..=at)?.strip_suffix(WIDE))?;
        Some(before.trim_end_matches(['"', '\'', '\\', '”', '’', ' ', '\u{a0}']))
    })
}

/// Whether `text` ends with `key` as YAML or JSON have it.
fn ends_with_key(text: &str, key: &str) -> bool {
    text.strip_suffix(key).is_some_and(|before| {
        let last = before.chars().next_back().filter(|_| !before.ends_with("\\n"));
        !last.is_some_and(|it| it.is_alphanumeric() || it == '-')
    })
}

/// Whether `text` has a PEM block of the kinds that have to do with certificates.
pub(super) fn is_pem(text: &str) -> bool {
    const KINDS: &[&str] = &["CERTIFICATE", "PRIVATE KEY", "PUBLIC KEY", "PKCS7", "PARAMETERS"];
    text.split("-----BEGIN ").skip(1).filter_map(|it| it.split_once("-----")).any(|(label, _)| {
        KINDS.iter().any(|it| label.contains(it))
            && !label.contains("OPENSSH")
            && !label.contains("REQUEST")
    })
}

/// Decodes a text that is base64 and nothing else, in lines or not, with or without padding,
/// of either alphabet.
pub(super) fn base64(text: &str) -> Option<Vec<u8>> {
    const LENIENT: GeneralPurpose = GeneralPurpose::new(
        &STANDARD,
        GeneralPurposeConfig::new()
            .with_decode_allow_trailing_bits(true)
            .with_decode_padding_mode(DecodePaddingMode::Indifferent),
    );
    let quotes = ['"', '\'', ' '];
    let text = text.trim().trim_matches(quotes);
    // As in `export KUBE_CONFIG_DATA=`; in base64 nothing but the end may follow a sign.
    let text = text.split_once('=').map_or(text, |(name, value)| match value.len() {
        0..16 => text,
        _ if name.trim_start_matches("export ").contains(|it: char| !is_of_name(it)) => text,
        _ => value.trim_matches(quotes),
    });
    // As in `data:text/yaml;base64,`.
    let head = text.get(..1_024).unwrap_or(text);
    let data = head.find(";base64,").and_then(|at| text.get(at + ";base64,".len()..));
    let text = data.unwrap_or(text);
    let mut digits = Vec::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' | b'=' => digits.push(byte),
            b'-' => digits.push(b'+'),
            b'_' => digits.push(b'/'),
            b' ' | b'\t' | b'\r' | b'\n' => {}
            _ => return None,
        }
    }
    if digits.len() < 16 { None } else { LENIENT.decode(digits).ok() }
}

/// Whether the name of a variable may hold `it`.
fn is_of_name(it: char) -> bool {
    it.is_ascii_alphanumeric() || it == '_'
}

/// The bearer token that `text` is, without the words that often stand before it.
pub(super) fn token(text: &str) -> Option<String> {
    let mut text = text.trim();
    for prefix in ["Authorization:", "authorization:", "Bearer ", "bearer ", "token:"] {
        text = text.strip_prefix(prefix).unwrap_or(text).trim_start();
    }
    let text = text.trim_matches(['"', '\'']);
    let characters = || text.chars().filter(|it| !it.is_ascii_whitespace());
    let head: String = characters().take(16).collect();
    if !head.starts_with("eyJ") && !MARKS.iter().any(|it| head.starts_with(it)) {
        return None;
    }
    let token: String = characters().collect();
    is_token(&token).then_some(token)
}

/// How tokens of providers begin.
const MARKS: &[&str] = &["k8s-aws-v1.", "k8s-ack-v1.", "k8s-ack-v2.", "sha256~", "kubeconfig-u-"];

/// Whether `token` has the form of a JSON Web Token or of a provider's token.
pub(super) fn is_token(token: &str) -> bool {
    let url_safe = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_' | b'=');
    let mut parts = token.split('.');
    let jwt = token.starts_with("eyJ")
        && parts.clone().count() == 3
        && parts.all(|it| it.bytes().all(url_safe));
    jwt || (MARKS.iter().any(|it| token.starts_with(it))
        && token.len() < 8_192
        && token.bytes().all(|it| it.is_ascii_graphic()))
}
