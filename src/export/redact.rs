//! The same kubeconfig without its secrets: text, comments and order stay, and every secret
//! becomes a note of what stood there.
//!
//! Works on the scalars of the text, not on what was read from it: a secret under a key that
//! kubectl does not know, or in a second document, is a secret too. What cannot be read as YAML
//! is left out, since nobody can tell what is in it.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

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
    let (mut at, mut before) = (0, Before::Nothing);
    let mut properties = lexemes.properties.iter().peekable();
    for (index, scalar) in lexemes.scalars.iter().enumerate() {
        pace.rest().await;
        while let Some(it) = properties.next_if(|it| it.start < scalar.range.start) {
            pace.rest().await;
            gap(text, marks, lexemes.text, at..it.start, before, &beside, selection);
            before = beside.property(text, marks, lexemes.text, it);
            at = it.end;
        }
        gap(text, marks, lexemes.text, at..scalar.range.start, before, &beside, selection);
        let written = lexemes.text.get(scalar.range.clone()).unwrap_or_default();
        let value = beside.replacement(index, scalar, written, selection);
        // A text that is only secret in part may have names in the other part.
        let value = value.filter(|it| !selection.without_names || it.starts_with(PREFIX));
        let value = value.or_else(|| masks.replacement(scalar, selection));
        let is_secret = value.as_ref().is_some_and(|it| it.starts_with(PREFIX));
        let quoted = written.starts_with(['"', '\'']);
        before = Before::Scalar(scalar, is_secret && !quoted);
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
    for it in properties {
        pace.rest().await;
        gap(text, marks, lexemes.text, at..it.start, before, &beside, selection);
        before = beside.property(text, marks, lexemes.text, it);
        at = it.end;
    }
    gap(text, marks, lexemes.text, at..lexemes.end, before, &beside, selection);
    if lexemes.end < lexemes.text.len() {
        text.push_str("\n# The rest is no YAML, and is left out because it may hold secrets.\n");
    }
}

/// What stands before a gap, and tells what a comment in it may be.
#[derive(Clone, Copy)]
enum Before<'a> {
    Nothing,
    /// A tag, anchor or alias that is none.
    Property,
    /// A scalar; it may be a secret that goes on behind a `#`.
    Scalar(&'a Scalar<'a>, bool),
}

/// What stands elsewhere and tells what a scalar is.
struct Beside<'a> {
    /// What stands for an argument of a program that may not stay, by its index.
    arguments: BTreeMap<usize, String>,
    /// The `name` in a map, by its collection.
    names: BTreeMap<usize, &'a str>,
    /// The keys under which an anchor is used again, and the `name` that stands there.
    aliases: BTreeMap<&'a str, Vec<(&'a Keys<'a>, Option<&'a str>)>>,
    /// All anchors, with their sign.
    anchors: BTreeSet<&'a str>,
}

/// Uses of an anchor that are remembered.
const USES: usize = 32;

impl<'a> Beside<'a> {
    async fn of(lexemes: &'a Lexemes<'a>, pace: Pace<'_>) -> Beside<'a> {
        let mut names = BTreeMap::new();
        for (index, it) in lexemes.scalars.iter().enumerate() {
            pace.rest_at_times(index).await;
            if !it.is_key && it.keys.last().is_some_and(|it| it == "name") {
                names.insert(it.collection, &**it.value.reveal());
            }
        }
        let mut aliases: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for it in &lexemes.aliases {
            pace.rest().await;
            let uses = aliases.entry(it.name).or_default();
            let place = (&it.keys, names.get(&it.collection).copied());
            if uses.len() < USES && !uses.contains(&place) {
                uses.push(place);
            }
        }
        let written = lexemes.properties.iter().filter_map(|it| lexemes.text.get(it.clone()));
        let anchors = written.filter(|it| it.starts_with('&')).collect();
        Beside { arguments: arguments(lexemes, pace).await, names, aliases, anchors }
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
        let argument = self.arguments.get(&index);
        if let (Some(argument), true) = (argument, is_argument(&scalar.keys)) {
            return Some(argument.clone());
        }
        let name = self.names.get(&scalar.collection).copied();
        let used = scalar.anchors.iter().any(|(it, _)| self.aliases.contains_key(&**it));
        let elsewhere = scalar.anchors.iter().find_map(|(anchor, inside)| {
            let own = scalar.keys.len().saturating_sub(*inside);
            let own = scalar.keys.get(own..).unwrap_or_default();
            self.aliases.get(&**anchor)?.iter().find_map(|(keys, beside)| {
                // `<<` stands for what is merged.
                let keys = keys.iter().filter(|it| *it != "<<").chain(own).cloned();
                let name = name.filter(|_| 0 < *inside).or(*beside);
                replacement(scalar, &keys.collect::<Vec<_>>(), name, false, selection)
            })
        });
        let value = elsewhere.or_else(|| replacement(scalar, &scalar.keys, name, used, selection));
        // An argument that is something else in another place is to be that, too.
        value.filter(|it| argument.is_none() || it.starts_with(PREFIX)).or(argument.cloned())
    }

    /// Whether a comment right behind `before` is a secret or the end of one, since what begins with `#` is
    /// a comment, and whether a single word in a comment below may be one.
    #[inline(never)]
    fn awaits_secret(&self, before: Before<'_>) -> (bool, bool) {
        let (scalar, goes_on) = match before {
            Before::Nothing => return (false, false),
            Before::Property => return (true, true),
            Before::Scalar(scalar, goes_on) => (scalar, goes_on),
        };
        let value = scalar.value.reveal();
        let own = scalar.is_key.then_some(value);
        let keys: Vec<_> = scalar.keys.iter().chain(own).cloned().collect();
        let name = named(&keys, self.names.get(&scalar.collection).copied());
        let is_flag = is_argument(&keys) && value.starts_with('-') && is_secret(value);
        let is_place = is_secret(name)
            || keys.iter().any(|it| is_secret(it))
            || keys.ends_with(&["client-key-data".into()]);
        let names = keys.ends_with(&["name".into()]) && is_secret(value);
        (goes_on || is_flag || is_place && scalar.is_key, goes_on || is_flag || is_place || names)
    }

    /// Copies the tag, anchor or alias that stands at `range`, unless it is what kubectl makes of a
    /// password that begins with such a sign.
    #[inline(never)]
    fn property(
        &self,
        text: &mut String,
        marks: &mut Vec<Mark>,
        from: &str,
        range: &Range<usize>,
    ) -> Before<'static> {
        const TAGS: [&str; 9] =
            ["str", "int", "float", "bool", "null", "binary", "timestamp", "map", "seq"];
        let written = from.get(range.clone()).unwrap_or_default();
        let (sign, name) = written.split_at(written.len().min(1));
        let is_known = match sign {
            "&" => self.aliases.contains_key(name),
            "*" => self.anchors.contains(&*format!("&{name}")),
            _ => {
                let tag = name.strip_prefix('!').or_else(|| {
                    name.strip_prefix("<tag:yaml.org,2002:").and_then(|it| it.strip_suffix('>'))
                });
                name.is_empty() || tag.is_some_and(|it| TAGS.contains(&it))
            }
        };
        if is_known {
            text.push_str(&quote::visible(written));
            return Before::Nothing;
        }
        let shown = if name.starts_with('!') { "!!" } else { sign }.to_owned() + "redacted";
        text.push_str(&shown);
        marks.push(Mark { range: range.clone(), shown: Some(shown) });
        Before::Property
    }
}

/// Whether what stands under `keys` is a program or one of its arguments.
fn is_argument(keys: &[Cow<'_, str>]) -> bool {
    keys.last().is_some_and(|it| it == "args" || it == "command")
}

/// What stands for the arguments of programs, by the index of their scalar.
async fn arguments(lexemes: &Lexemes<'_>, pace: Pace<'_>) -> BTreeMap<usize, String> {
    let mut arguments = BTreeMap::new();
    let used = lexemes.aliases.iter().filter(|it| is_argument(&it.keys)).map(|it| it.name);
    // The scalars at the last anchor of each name that is used as an argument, or for all of them.
    let mut anchored: BTreeMap<&str, Vec<usize>> = used.map(|it| (it, Vec::new())).collect();
    let mut aliases = lexemes.aliases.iter().peekable();
    // The arguments of one program, and the lists that were among them: once is enough.
    let (mut list, mut seen) = (Vec::new(), BTreeSet::new());
    for index in 0..=lexemes.scalars.len() {
        pace.rest_at_times(index).await;
        while let Some(it) = aliases.next_if(|it| it.before <= index) {
            pace.rest().await;
            let found = anchored.get(it.name).filter(|_| is_argument(&it.keys));
            let is_new = |it: &&Vec<usize>| it.len() < 2 || seen.insert(it.first().copied());
            list.extend(found.filter(is_new).into_iter().flatten());
        }
        let scalar = lexemes.scalars.get(index);
        for (name, _) in scalar.iter().flat_map(|it| &it.anchors) {
            if let Some(indexes) = anchored.get_mut(&**name) {
                if indexes.last().is_none_or(|it| it + 1 < index) {
                    indexes.clear();
                }
                indexes.push(index);
            }
        }
        if scalar.is_some_and(|it| !it.is_key && is_argument(&it.keys)) {
            list.push(index);
        } else if !list.is_empty() {
            arguments.extend(masked_arguments(lexemes, &list));
            list.clear();
        }
    }
    arguments
}

/// The arguments of one program that are masked, by the index of their scalar. They are looked at
/// together, because one may name what the next one is.
#[inline(never)]
fn masked_arguments<'a>(
    lexemes: &'a Lexemes<'_>,
    indexes: &'a [usize],
) -> impl Iterator<Item = (usize, String)> + 'a {
    let value = |it: &usize| lexemes.scalars.get(*it).map(|it| &**it.value.reveal());
    let arguments: Vec<&str> = indexes.iter().filter_map(value).collect();
    let masked = masking::arguments(&arguments).into_iter().zip(arguments);
    let masked = indexes.iter().copied().zip(masked);
    masked
        .filter(|(_, (masked, argument))| masked != argument)
        .map(|(at, (masked, _))| (at, masked))
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

/// What stands between two scalars: signs, and comments, in which people keep old passwords and fields.
#[inline(never)]
fn gap(
    text: &mut String,
    marks: &mut Vec<Mark>,
    from: &str,
    mut range: Range<usize>,
    before: Before<'_>,
    beside: &Beside<'_>,
    selection: &Selection,
) {
    // YAML knows three more signs that end a line.
    const ENDS: [char; 5] = ['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}'];
    let gap = from.get(range.clone()).unwrap_or_default();
    let before = if gap.contains('#') { before } else { Before::Nothing };
    let (behind, beneath) = beside.awaits_secret(before);
    // Whether a comment is inside of a key, and whether a line of one was before it.
    let (mut inside, mut below) = (false, false);
    // Whether this is the line of what stands before, and the column of a comment that awaits a secret
    // below it: in the next line, if it was not there yet, and in all that stand deeper.
    let (mut is_first, mut awaited) = (true, None);
    for line in gap.split_inclusive(ENDS) {
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
            let item = comment.trim_start_matches(['#', ' ', '\t']);
            let column = comment.len() - item.len();
            let item = item.strip_prefix("- ").unwrap_or(item).trim();
            let word = item.strip_prefix("value:").unwrap_or(item).trim();
            let is_word = !word.is_empty() && !word.contains(char::is_whitespace);
            let is_secret = match is_first {
                true => behind && signs.trim_matches([' ', '\t', ':', '-']).is_empty(),
                false => beneath && is_word,
            };
            // `- #abc` is an empty item.
            let is_item = signs.trim_end().ends_with('-') && column == 0 && is_word;
            let is_awaited = awaited.is_some_and(|(it, is_next)| is_next || it < column);
            awaited = match awaits_secret(item) {
                true => Some((column, true)),
                false => awaited.filter(|_| is_awaited).map(|(it, _)| (it, false)),
            };
            text.push('#');
            let secret = match inside || below || is_secret || is_item || is_awaited {
                true => Some(0),
                false => secret_in(comment),
            };
            let shown = comment.get(..secret.unwrap_or(comment.len())).unwrap_or_default();
            // `##password:abc`
            let kept = shown.trim_start_matches('#');
            text.push_str(shown.strip_suffix(kept).unwrap_or_default());
            text.push_str(&quote::visible(&masking::words_without_secrets(kept)));
            if let Some(secret) = secret {
                text.extend([" ", masking::MASK]);
                // A blank before a part of a comment is none of it.
                let masked = comment.get(secret..).unwrap_or_default();
                let length = if secret == 0 { masked.len() } else { masked.trim_start().len() };
                marks.push(Mark { range: range.start - length..range.start, shown: None });
            }
            inside &= !words.contains("-----END ");
        }
        is_first = false;
        range.start += end.len();
        text.push_str(if end.len() < 2 { end } else { "\n" });
    }
}

/// Whether the secret of that comment, without the signs before it, stands in the comment below: it may be
/// a field, a flag, or the name of a variable.
fn awaits_secret(item: &str) -> bool {
    let quotes = ['"', '\'', ' '];
    let Some((key, value)) = item.split_once(':') else {
        let flag = item.trim_matches(quotes);
        return flag.starts_with('-') && !flag.contains(['=', ' ']) && is_secret(flag);
    };
    let (key, value) = (key.trim_matches(quotes), value.trim_matches(quotes));
    let is_open = value.is_empty() || value.starts_with(['|', '>']);
    key == "name" && is_secret(value) || is_open && !key.contains(' ') && says_secret(key)
}

/// Where in a comment a secret begins that is announced in words. What is announced by a name right
/// before it is left to `masking`.
fn secret_in(comment: &str) -> Option<usize> {
    let mut from = 0;
    for (at, sign) in comment.match_indices([':', '：']) {
        let name = comment.get(from..at)?;
        from = at + sign.len();
        let value = comment.get(from..)?;
        if !value.starts_with("//") && !value.trim().is_empty() && says_secret(name) {
            return Some(from);
        }
    }
    // `kubectl config set users.bob.token abc`
    let at = comment.find("users.")?;
    let (path, value) = comment.get(at..)?.split_once(' ')?;
    (is_secret(path) && !value.trim().is_empty()).then_some(at + path.len())
}

/// Whether the last words before a colon say that a secret comes: `password for bob`.
fn says_secret(words: &str) -> bool {
    const FOREIGN: &[&str] = &[
        "passwort",
        "kennwort",
        "mot de passe",
        "contraseña",
        "senha",
        "парол",
        "密码",
        "密碼",
        "パスワード",
        "비밀번호",
    ];
    let words = words.trim_end();
    let at = words.rmatch_indices(' ').nth(4).map_or(0, |(at, _)| at);
    let last = words.get(at..).unwrap_or_default();
    let lower = last.to_lowercase();
    is_secret(last) || FOREIGN.iter().any(|it| lower.contains(it))
}

/// What stands for the scalar under `keys`; none when it may stay. `beside` is the `name` in the
/// same map; what is `used` elsewhere is judged there if kubectl does not know it here.
fn replacement(
    scalar: &Scalar<'_>,
    keys: &[Cow<'_, str>],
    beside: Option<&str>,
    used: bool,
    selection: &Selection,
) -> Option<String> {
    let value = &**scalar.value.reveal();
    if value.is_empty() || is_placeholder(value) {
        return None;
    }
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
    let name = named(keys, beside);
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
    let is_name = matches!(Masks::kind(keys), Some("cluster" | "user" | "context"));
    // A name may look like anything, and another one in its place is a wrong one.
    let looks = if is_name { has_token } else { masking::looks_secret };
    if looks(value) {
        return Some(placeholder("token", value.as_bytes(), is_long_and_random(value)));
    }
    if !used && !is_known(keys, beside) {
        return Some(placeholder("text", value.as_bytes(), false));
    }
    Some(masking::words_without_secrets(value)).filter(|it| it != value && !is_name)
}

/// Whether what goes by this name is a secret, or would be if the name were spelled right.
fn is_secret(name: &str) -> bool {
    masking::names_secret(name) || misspells_secret(name)
}

/// The name of what stands under `keys`: that of a variable stands `beside` its value.
fn named<'a>(keys: &'a [Cow<'_, str>], beside: Option<&'a str>) -> &'a str {
    match (keys.last().map_or("", |it| it), beside) {
        ("value", Some(name)) => name,
        (key, _) => key,
    }
}

/// Whether a token is in a name.
fn has_token(name: &str) -> bool {
    let is_end = |it: char| !it.is_ascii_alphanumeric() && !"-_.~".contains(it);
    // Only with a colon it is one of Rancher's, and not a name that someone gave.
    let is_token =
        |it: &str| masking::is_token(it) && (!it.starts_with("kube") || name.contains(':'));
    name.split(is_end).any(is_token)
}

/// Whether we know what stands under these keys. What else is there may be a secret under a misspelled
/// name. `beside` is the `name` in the same map.
fn is_known(keys: &[Cow<'_, str>], beside: Option<&str>) -> bool {
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
        "extensions",
    ];
    const EXEC: &[&str] =
        &["command", "args", "apiVersion", "installHint", "interactiveMode", "provideClusterInfo"];
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
    /// Also of clusters and contexts, which may stand in a wrong place.
    const OTHERS: &[&str] = &[
        "name",
        "kind",
        "apiVersion",
        "current-context",
        "act-as",
        "server",
        "tls-server-name",
        "insecure-skip-tls-verify",
        "certificate-authority",
        "certificate-authority-data",
        "proxy-url",
        "disable-compression",
        "cluster",
        "user",
        "namespace",
    ];
    let keys: Vec<&str> = keys.iter().map(|it| &**it).collect();
    match keys.as_slice() {
        [.., "env", "value"] => beside.is_some(),
        ["users", "user", "exec", "env", key] => *key == "name",
        ["users", "user", "exec", keys @ ..] => matches!(keys, [key] if EXEC.contains(key)),
        ["users", "user", "auth-provider", "config", key, ..] => PROVIDER.contains(key),
        ["users", "user", "auth-provider", keys @ ..] => keys == ["name"],
        ["users", "user", keys @ ..] => keys.first().is_some_and(|it| USER.contains(it)),
        [] | ["clusters" | "contexts" | "current-context" | "preferences", ..] => true,
        _ if keys.contains(&"extensions") => true,
        [.., "args" | "command"] => true,
        [.., key] => {
            // `Current_Context`, or a blank that nobody sees in front of it.
            let letters = |it: &str| it.replace(|it: char| !it.is_ascii_alphanumeric(), "");
            let key = letters(key);
            let mut known = [USER, PROVIDER, OTHERS].into_iter().flatten();
            known.any(|it| letters(it).eq_ignore_ascii_case(&key))
        }
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
    /// What kind of name stands under `keys`; none when it is no name.
    fn kind(keys: &[Cow<'_, str>]) -> Option<&'static str> {
        let keys: Vec<&str> = keys.iter().map(|it| &**it).collect();
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
            if let Some(kind) = Masks::kind(&scalar.keys) {
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
        if let Some(name) = Masks::kind(&scalar.keys).and_then(|it| known(it, value)) {
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
