//! The same kubeconfig without its secrets: text, comments and order stay, and every secret
//! becomes a note of what stood there.
//!
//! Works on the scalars of the text, not on what was read from it: a secret under a key that
//! kubectl does not know, or in a second document, is a secret too. What cannot be read as YAML
//! is left out, since nobody can tell what is in it.

use std::{borrow::Cow, collections::BTreeMap, ops::Range};

use base64::{Engine, prelude::BASE64_STANDARD};
use sha2::{Digest, Sha256};

use super::{Selection, yaml};
use crate::{
    Report,
    decode::{hex, pem},
    kubeconfig::{
        load::misspells_secret,
        yaml::lexemes::{Keys, Lexemes, Scalar, decode as decoded, lexemes},
    },
    masking,
    pace::Pace,
    quote,
    secret::Secret,
};

/// Writes all kubeconfigs of the report, one document each.
pub(super) async fn write(pace: Pace<'_>, report: &Report, selection: &Selection) -> String {
    let facts = &report.facts;
    let mut masks = Masks::default();
    let mut text = String::new();
    for source in &facts.sources {
        for (file, kubeconfig) in source.files.iter().zip(&source.intake.kubeconfigs) {
            let Some(file) = facts.files.get(*file) else { continue };
            if 1 < facts.files.len() {
                text.push_str(if text.is_empty() { "# " } else { "---\n# " });
                text.push_str(&quote::visible(&file.name));
                text.push('\n');
            }
            let bytes = kubeconfig.bytes.reveal();
            copy(&mut text, &mut Vec::new(), bytes, selection, &mut masks, pace).await;
        }
    }
    text
}

/// A part of a text that the redacted copy does not show as it is.
#[derive(Debug)]
pub struct Mark {
    /// Its bytes.
    pub range: Range<usize>,
    /// What is shown in its place; none when all of it is secret.
    pub shown: Option<String>,
}

/// What of a kubeconfig is not to be shown on a page, in order.
pub async fn marks(pace: Pace<'_>, bytes: &[u8]) -> Vec<Mark> {
    let (mut text, mut marks, mut masks) = (String::new(), Vec::new(), Masks::default());
    copy(&mut text, &mut marks, bytes, &Selection::default(), &mut masks, pace).await;
    // Not counted was what marks the order of bytes.
    let before = if bytes.starts_with("\u{feff}".as_bytes()) { 3 } else { 0 };
    for Mark { range, .. } in &mut marks {
        *range = range.start + before..range.end + before;
    }
    marks
}

/// Adds the copy of one kubeconfig to `text`, and to `marks` what it does not show.
async fn copy(
    text: &mut String,
    marks: &mut Vec<Mark>,
    bytes: &[u8],
    selection: &Selection,
    masks: &mut Masks,
    pace: Pace<'_>,
) {
    let input = decoded(bytes, pace).await;
    pace.rest().await;
    let lexemes = lexemes(&input, pace).await;
    if selection.without_names {
        masks.learn(&lexemes, pace).await;
    }
    redact(text, marks, &lexemes, selection, masks, pace).await;
    for it in lexemes.scalars {
        // Each is wiped.
        pace.rest().await;
        drop(it);
    }
}

async fn redact(
    text: &mut String,
    marks: &mut Vec<Mark>,
    lexemes: &Lexemes<'_>,
    selection: &Selection,
    masks: &Masks,
    pace: Pace<'_>,
) {
    let beside = Beside::of(lexemes, pace).await;
    text.reserve(lexemes.text.len());
    // Whether a comment may be the end of the secret before it.
    let (mut at, mut goes_on) = (0, false);
    for (index, scalar) in lexemes.scalars.iter().enumerate() {
        pace.rest().await;
        gap(text, marks, lexemes.text, at..scalar.range.start, goes_on, selection);
        let written = lexemes.text.get(scalar.range.clone()).unwrap_or_default();
        let value = beside.replacement(index, scalar, written, selection);
        // A text that is only secret in part may have names in the other part.
        let value = value.filter(|it| !selection.without_names || it.starts_with(PREFIX));
        let value = value.or_else(|| masks.replacement(scalar, selection));
        let is_secret = value.as_ref().is_some_and(|it| it.starts_with(PREFIX));
        let quoted = written.starts_with(['"', '\'']);
        goes_on = is_secret && !quoted;
        text.push_str(&match value {
            None => as_written(written, scalar),
            Some(value) => {
                let before = as_before(written, &value);
                // What is only secret in part stays on its line.
                let shown = (!is_secret && !written.contains('\n'))
                    .then(|| if quoted { before.clone() } else { value });
                marks.push(Mark { range: scalar.range.clone(), shown });
                // kubectl takes a list of numbers for the bytes.
                if is_secret && is_byte(written, scalar) { "0".to_owned() } else { before }
            }
        });
        at = scalar.range.end;
    }
    gap(text, marks, lexemes.text, at..lexemes.end, goes_on, selection);
    if lexemes.end < lexemes.text.len() {
        text.push_str("\n# The rest is no YAML, and is left out because it may hold secrets.\n");
    }
}

/// What stands elsewhere and tells what a scalar is.
struct Beside<'a> {
    /// What stands for an argument of a program, by its index; none where it may stay.
    arguments: BTreeMap<usize, Option<String>>,
    /// The `name` in a map, by its collection.
    names: BTreeMap<usize, &'a str>,
    /// The keys under which an anchor is used again.
    aliases: BTreeMap<&'a str, Vec<&'a Keys<'a>>>,
}

/// Uses of an anchor that are remembered.
const USES: usize = 32;

impl<'a> Beside<'a> {
    async fn of(lexemes: &'a Lexemes<'a>, pace: Pace<'_>) -> Beside<'a> {
        let mut lists: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        let mut names = BTreeMap::new();
        let mut aliases: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (index, it) in lexemes.scalars.iter().enumerate() {
            pace.rest_at_times(index).await;
            match &*it.keys {
                _ if it.is_key => {}
                [.., args] if args == "args" => {
                    lists.entry(it.collection).or_default().push(index);
                }
                [.., name] if name == "name" => {
                    names.insert(it.collection, &**it.value.reveal());
                }
                _ => {}
            }
        }
        for (name, keys) in &lexemes.aliases {
            pace.rest().await;
            let uses = aliases.entry(name.as_str()).or_default();
            if uses.len() < USES && !uses.contains(&keys) {
                uses.push(keys);
            }
        }
        let mut arguments = BTreeMap::new();
        for indexes in lists.values() {
            pace.rest().await;
            arguments.extend(masked_arguments(lexemes, indexes));
        }
        Beside { arguments, names, aliases }
    }

    /// What stands for the scalar with that index; none when it may stay.
    #[inline(never)]
    fn replacement(
        &self,
        index: usize,
        scalar: &Scalar<'_>,
        written: &str,
        selection: &Selection,
    ) -> Option<String> {
        // Nothing is no secret, and a note in its place would be one more credential.
        if matches!(written, "null" | "Null" | "NULL" | "~") {
            return None;
        }
        if let Some(Some(argument)) = self.arguments.get(&index) {
            return Some(argument.clone());
        }
        let name = self.names.get(&scalar.collection).copied();
        let elsewhere = scalar.anchors.iter().find_map(|(anchor, inside)| {
            let own = scalar.keys.len().saturating_sub(*inside);
            let own = scalar.keys.get(own..).unwrap_or_default();
            self.aliases.get(&**anchor)?.iter().find_map(|keys| {
                // `<<` stands for what is merged.
                let keys = keys.iter().filter(|it| *it != "<<").chain(own).cloned();
                replacement(scalar, &keys.collect::<Vec<_>>(), name, selection)
            })
        });
        elsewhere.or_else(|| replacement(scalar, &scalar.keys, name, selection))
    }
}

/// The arguments of a program, by the index of their scalar. They are looked at together, because
/// one may name what the next one is.
#[inline(never)]
fn masked_arguments<'a>(
    lexemes: &'a Lexemes<'_>,
    indexes: &'a [usize],
) -> impl Iterator<Item = (usize, Option<String>)> + 'a {
    let value = |it: &usize| lexemes.scalars.get(*it).map(|it| &**it.value.reveal());
    let arguments: Vec<&str> = indexes.iter().filter_map(value).collect();
    let masked = masking::arguments(&arguments).into_iter().zip(arguments);
    let changed = masked.map(|(masked, argument)| Some(masked).filter(|it| it != argument));
    indexes.iter().copied().zip(changed)
}

/// `value` in the quotes that were there. A block ends its line, and so must what replaces it.
fn as_before(written: &str, value: &str) -> String {
    let end = if written.ends_with('\n') { "\n" } else { "" };
    let value = quote::visible(value);
    match written.chars().next() {
        Some('"') => format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\"")),
        Some('\'') => format!("'{}'", value.replace('\'', "''")),
        _ => format!("{}{end}", yaml::scalar(&value)),
    }
}

/// Whether a scalar is a number where bytes belong.
fn is_byte(written: &str, scalar: &Scalar<'_>) -> bool {
    let hex = written.len() == 4 && written.starts_with("0x");
    scalar.keys.last().is_some_and(|it| it.ends_with("-data"))
        && (hex || written.parse::<f64>().is_ok())
}

/// The scalar as it is written, or its escapes if something in it cannot be seen.
fn as_written(written: &str, scalar: &Scalar<'_>) -> String {
    let is_hidden = |it: char| quote::is_hidden(it) && !"\r\n\t".contains(it);
    match written.contains(is_hidden) {
        true if written.ends_with('\n') => yaml::scalar(scalar.value.reveal()) + "\n",
        true => yaml::scalar(scalar.value.reveal()),
        false => written.to_owned(),
    }
}

/// What stands between two scalars: signs, and comments, in which people keep old passwords. A comment
/// right behind a secret may be the end of it, if it `goes_on`.
fn gap(
    text: &mut String,
    marks: &mut Vec<Mark>,
    from: &str,
    mut range: Range<usize>,
    mut goes_on: bool,
    selection: &Selection,
) {
    // YAML knows three more signs that end a line.
    const ENDS: [char; 5] = ['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}'];
    // Whether a comment is inside of a key, and whether a line of one was before it.
    let (mut inside, mut below) = (false, false);
    for line in from.get(range.clone()).unwrap_or_default().split_inclusive(ENDS) {
        let (line, end) = line.split_at(line.trim_end_matches(ENDS).len());
        range.start += line.len();
        let (signs, comment) = match line.split_once('#') {
            Some((signs, comment)) => (signs, Some(comment)),
            None => (line, None),
        };
        for (index, part) in signs.split('\t').enumerate() {
            text.push_str(if 0 < index { "\t" } else { "" });
            text.push_str(&quote::visible(part));
        }
        if let (Some(comment), false) = (comment, selection.without_names) {
            let words = comment.trim();
            let is_base64 =
                words.bytes().all(|it| it.is_ascii_alphanumeric() || b"+/=".contains(&it));
            inside |= words.contains("-----BEGIN ");
            below = is_base64 && (below || 48 <= words.len() && masking::looks_secret(words));
            text.push('#');
            let is_secret = inside || below || goes_on && signs.trim().is_empty();
            let masked = match is_secret {
                true => format!(" {}", masking::MASK),
                false => masking::words_without_secrets(comment),
            };
            text.push_str(&quote::visible(&masked));
            if is_secret {
                let range = range.start - comment.len()..range.start;
                marks.push(Mark { range, shown: None });
            }
            inside &= !words.contains("-----END ");
        }
        goes_on = false;
        range.start += end.len();
        text.push_str(if end.len() < 2 { end } else { "\n" });
    }
}

/// What stands for the scalar under `keys`; none when it may stay. `beside` is the `name` in the
/// same map.
fn replacement(
    scalar: &Scalar<'_>,
    keys: &[Cow<'_, str>],
    beside: Option<&str>,
    selection: &Selection,
) -> Option<String> {
    let value = &**scalar.value.reveal();
    if value.is_empty() || is_placeholder(value) {
        return None;
    }
    let is_secret = |name: &str| masking::names_secret(name) || misspells_secret(name);
    if scalar.is_key {
        let inside = keys.iter().any(|it| is_secret(it));
        return inside.then(|| placeholder("text", value.as_bytes(), false));
    }
    let key = keys.last().map_or("", |it| it);
    if has_key(value.as_bytes()) || has_damaged_key(value) {
        return Some(placeholder("private key", value.as_bytes(), true));
    }
    if let Some(it) = decode(value).filter(|it| has_key(it.reveal())) {
        return Some(placeholder("private key", it.reveal(), true));
    }
    match key {
        "certificate-authority-data" | "client-certificate-data" if is_certificate(value) => {
            return (selection.without_certificates || selection.without_names)
                .then(|| certificate(value));
        }
        "certificate-authority-data" | "client-certificate-data" => {
            return Some(placeholder("text", value.as_bytes(), false));
        }
        "client-key-data" => {
            // Whatever is not a key here was meant to be one.
            let decoded = decode(value);
            let bytes = decoded.as_ref().map_or(value.as_bytes(), |it| it.reveal());
            return Some(placeholder("client key", bytes, false));
        }
        "client-key" | "tokenFile" if masking::path(value) == value => return None,
        _ => {}
    }
    let name = match (key, beside) {
        ("value", Some(name)) => name,
        _ => key,
    };
    let password = |name: &str| {
        let name = name.to_ascii_lowercase();
        ["pass", "pwd", "secret"].iter().any(|it| name.contains(it))
    };
    if is_secret(name) || keys.iter().any(|it| is_secret(it)) {
        let comparable = !password(name) && is_long_and_random(value);
        let kind = match (password(name), value.starts_with("eyJ")) {
            (true, _) if name.to_ascii_lowercase().contains("secret") => "secret",
            (true, _) => "password",
            (false, true) => "token JWT",
            (false, false) => "token",
        };
        return Some(placeholder(kind, value.as_bytes(), comparable));
    }
    let url = masking::url(value);
    let is_address =
        key == "server" || key == "proxy-url" || name.to_ascii_lowercase().ends_with("proxy");
    if (value.contains("://") || is_address) && url != value {
        return Some(url);
    }
    if masking::looks_secret(value) {
        return Some(placeholder("token", value.as_bytes(), is_long_and_random(value)));
    }
    if !is_known(keys) {
        return Some(placeholder("text", value.as_bytes(), false));
    }
    Some(masking::words_without_secrets(value)).filter(|it| it != value)
}

/// Whether we know what stands under these keys of a user. What else is there may be a secret
/// under a misspelled name.
fn is_known(keys: &[Cow<'_, str>]) -> bool {
    const USER: &[&str] = &[
        "client-certificate-data",
        "client-certificate",
        "client-key",
        "tokenFile",
        "username",
        "as",
        "as-uid",
        "as-groups",
        "as-user-extra",
        "exec",
        "auth-provider",
        "extensions",
    ];
    const PROVIDER: &[&str] = &[
        "client-id",
        "idp-issuer-url",
        "idp-certificate-authority",
        "extra-scopes",
        "scopes",
        "idp-certificate-authority-data",
        "cmd-path",
        "cmd-args",
        "expiry",
        "expiry-key",
        "expires-in",
        "expires-on",
        "apiserver-id",
        "environment",
        "tenant-id",
        "config-mode",
    ];
    let keys: Vec<&str> = keys.iter().map(|it| &**it).collect();
    match keys.as_slice() {
        ["users", "user", "auth-provider", "config", key, ..] => PROVIDER.contains(key),
        ["users", "user", key, ..] => USER.contains(key),
        ["users", "user"] => false,
        _ => true,
    }
}

/// A note that is valid base64, so that kubectl loads it wherever it stands, and readable all
/// the same: `REDACTED+private+key+227+bytes+SHA256+0123456789ab`.
///
/// `comparable` adds the beginning of the hash, by which two people can see that they hold the
/// same value. Whoever can guess a value could confirm the guess by it, so it is only for what
/// cannot be guessed.
fn placeholder(kind: &str, bytes: &[u8], comparable: bool) -> String {
    let mut note = format!("{PREFIX}+{kind}+{}+bytes", bytes.len()).replace(' ', "+");
    if comparable {
        let digest = hex(&Sha256::digest(bytes));
        note.push_str("+SHA256+");
        note.push_str(digest.get(..12).unwrap_or(&digest));
    }
    while note.len() % 4 != 0 {
        note.push('+');
    }
    note
}

/// What every placeholder begins with. kubectl's own notes are the other ones.
const PREFIX: &str = "REDACTED";

fn is_placeholder(value: &str) -> bool {
    value.starts_with(PREFIX)
        || value == "DATA+OMITTED"
        || value.starts_with('<') && value.ends_with('>')
}

/// Whether `value` is base64 that was cut or hit by a slip of the hand, of PEM with a private key.
fn has_damaged_key(value: &str) -> bool {
    /// The base64 of `PRIVATE KEY`, as it looks behind 0, 1 or 2 more bytes.
    const NAMES: [&str; 3] = ["UFJJVkFURSBLRV", "BSSVZBVEUgS0VZ", "QUklWQVRFIEtFW"];
    NAMES.iter().any(|it| value.contains(it))
}

/// Whether `bytes` are PEM with a private key.
fn has_key(bytes: &[u8]) -> bool {
    const NAME: &[u8] = b"PRIVATE KEY-----";
    bytes.windows(NAME.len()).any(|it| it == NAME)
}

/// The bytes of which `value` is the base64.
fn decode(value: &str) -> Option<Secret<Vec<u8>>> {
    let mut digits = Vec::with_capacity(value.len());
    digits.extend(value.bytes().filter(|it| !it.is_ascii_whitespace()));
    let digits = Secret::new(digits);
    BASE64_STANDARD.decode(digits.reveal()).ok().map(Secret::new)
}

/// Whether `value` is a certificate, be it a damaged one. What else stands in its place may be a key.
fn is_certificate(value: &str) -> bool {
    const BEGIN: &str = "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t";
    value.trim_start().starts_with(BEGIN)
        || decode(value)
            .is_some_and(|it| pem::blocks(it.reveal()).iter().any(|it| it.label == "CERTIFICATE"))
}

/// The fingerprint of the first certificate instead of all of them.
fn certificate(value: &str) -> String {
    let decoded = decode(value);
    let bytes = decoded.as_ref().map_or(&[][..], |it| it.reveal());
    match pem::blocks(bytes).iter().find(|it| it.label == "CERTIFICATE") {
        Some(block) => placeholder("certificate", block.der.reveal(), true),
        None => placeholder("certificate", bytes, false),
    }
}

/// Whether nobody can guess a text: long, and of many different signs.
fn is_long_and_random(value: &str) -> bool {
    let mut signs: Vec<char> = value.chars().collect();
    signs.sort_unstable();
    signs.dedup();
    32 <= value.len() && 12 <= signs.len() && !value.contains(char::is_whitespace)
}

/// Other names for the names in a file, the same one everywhere.
#[derive(Default)]
struct Masks {
    names: BTreeMap<(&'static str, String), String>,
    counts: BTreeMap<&'static str, usize>,
}

impl Masks {
    /// What kind of name the scalar is; none when it is no name.
    fn kind(scalar: &Scalar<'_>) -> Option<&'static str> {
        let keys: Vec<&str> = scalar.keys.iter().map(|it| &**it).collect();
        match keys.as_slice() {
            ["clusters", "name"] | [.., "context", "cluster"] => Some("cluster"),
            ["users", "name"] | [.., "context", "user"] => Some("user"),
            ["contexts", "name"] | ["current-context"] => Some("context"),
            [.., "context", "namespace"] => Some("namespace"),
            [.., "user", "username" | "as" | "as-groups" | "as-uid"] => Some("identity"),
            [.., "cluster", "tls-server-name"] => Some("host"),
            _ => None,
        }
    }

    /// Gives every name in `lexemes` another one.
    async fn learn(&mut self, lexemes: &Lexemes<'_>, pace: Pace<'_>) {
        for scalar in lexemes.scalars.iter().filter(|it| !it.is_key) {
            pace.rest().await;
            let value = scalar.value.reveal();
            if let Some(kind) = Masks::kind(scalar) {
                self.name(kind, value);
            } else if let Some((_, host, _)) = parts(value) {
                self.name("host", host);
            }
        }
    }

    fn name(&mut self, kind: &'static str, name: &str) {
        let key = (kind, name.to_owned());
        if name.is_empty() || self.names.contains_key(&key) {
            return;
        }
        let count = self.counts.entry(kind).or_default();
        *count += 1;
        self.names.insert(key, format!("{kind}-{count}"));
    }

    /// The other name, also inside a URL; a note for what may hold any name.
    fn replacement(&self, scalar: &Scalar<'_>, selection: &Selection) -> Option<String> {
        const HARMLESS: &[&str] =
            &["apiVersion", "kind", "command", "interactiveMode", "provideClusterInfo", "colors"];
        let value = &**scalar.value.reveal();
        if !selection.without_names || scalar.is_key || value.is_empty() || is_placeholder(value) {
            return None;
        }
        let known = |kind, name: &str| self.names.get(&(kind, name.to_owned())).cloned();
        if let Some(name) = Masks::kind(scalar).and_then(|it| known(it, value)) {
            return Some(name);
        }
        if let Some((before, host, after)) = parts(value) {
            let host = known("host", host).unwrap_or_default();
            return Some(format!("{before}{host}{after}"));
        }
        let key = scalar.keys.last().map_or("", |it| it);
        let is_word = value == "true" || value == "false";
        let harmless = is_word || HARMLESS.contains(&key);
        (!harmless).then(|| placeholder("text", value.as_bytes(), false))
    }
}

/// A URL as what stands before its host, the host, and the port behind it. The path is dropped:
/// it may hold names.
fn parts(url: &str) -> Option<(&str, &str, &str)> {
    let start = url.find("://")? + 3;
    let rest = url.get(start..)?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host_start = authority.rfind('@').map_or(0, |it| it + 1);
    let host_and_port = authority.get(host_start..)?;
    let host_length = match host_and_port.rfind(':') {
        Some(it) if !host_and_port.ends_with(']') => it,
        _ => host_and_port.len(),
    };
    let host = host_and_port.get(..host_length)?;
    (!host.is_empty()).then_some((url.get(..start)?, host, host_and_port.get(host_length..)?))
}
