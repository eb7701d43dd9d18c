//! PEM as Go reads it.

use std::{borrow::Cow, collections::BTreeSet};

use memchr::memchr;
use zeroize::Zeroizing;

use super::key;
use crate::{base64, secret::Secret};

/// One PEM block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block<'a> {
    /// The words after `BEGIN`, as `CERTIFICATE`.
    pub label: Cow<'a, str>,
    /// `Key: value` lines after the first one, as `Proc-Type`.
    pub headers: Vec<(String, String)>,
    /// The decoded body. It may be a private key.
    pub der: Secret<Vec<u8>>,
}

impl Block<'_> {
    /// Whether Go takes it for a private key.
    pub fn is_private_key(&self) -> bool {
        key::is_private(&self.label)
    }
}

/// What Go's decoder finds in a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pem<'a> {
    /// The blocks, in order.
    pub blocks: Vec<Block<'a>>,
    /// Whether anything follows the last block, be it a blank line.
    pub is_followed: bool,
}

impl Pem<'_> {
    /// What the blocks are called.
    pub fn labels(&self) -> Vec<&str> {
        self.blocks.iter().map(|it| &*it.label).collect()
    }

    /// The first block that Go takes for a private key.
    pub fn private_key(&self) -> Option<&Block<'_>> {
        self.blocks.iter().find(|it| it.is_private_key())
    }
}

/// Takes `bytes` apart as Go's decoder does.
pub fn read(bytes: &[u8]) -> Pem<'_> {
    let mut blocks = Vec::new();
    let mut rest = bytes;
    while let Some((block, after)) = decode(rest) {
        blocks.push(block);
        rest = after;
    }
    Pem { blocks, is_followed: !rest.is_empty() }
}

/// All blocks that Go's decoder finds in `bytes`, in order.
pub fn blocks(bytes: &[u8]) -> Vec<Block<'_>> {
    read(bytes).blocks
}

const START: &[u8] = b"\n-----BEGIN ";
const END: &[u8] = b"\n-----END ";
const DASHES: &[u8] = b"-----";

/// The next block, and what follows it.
///
/// A block that is broken is skipped, wherever its fault lies; a text that ends within the
/// headers ends the search.
///
/// Mirrors: Decode, Go 1.24 encoding/pem/pem.go.
pub(super) fn decode(data: &[u8]) -> Option<(Block<'_>, &[u8])> {
    let mut rest = data;
    loop {
        // A newline stands before every start but the very first.
        rest = match START.get(1..).and_then(|it| rest.strip_prefix(it)) {
            Some(after) => after,
            None => cut(rest, START)?.1,
        };
        let (line, after) = line(rest);
        rest = after;
        let Some(label) = line.strip_suffix(DASHES) else { continue };
        let (headers, body) = headers(rest)?;
        rest = body;
        let body = body_and_rest(rest, label, headers.is_empty());
        let Some((base64, after)) = body else { continue };
        let Some(der) = decode_base64(base64) else { continue };
        let label = String::from_utf8_lossy(label);
        return Some((Block { label, headers, der: Secret::new(der) }, after));
    }
}

type Headers = Vec<(String, String)>;

/// The `Key: value` lines at the beginning of `rest`, and what follows them; none when the
/// text ends there.
fn headers(mut rest: &[u8]) -> Option<(Headers, &[u8])> {
    let mut headers = Headers::new();
    loop {
        if rest.is_empty() {
            return None;
        }
        let (line, next) = line(rest);
        let Some((key, value)) = cut(line, b":") else {
            // The last one of a name counts.
            let mut seen = BTreeSet::new();
            let mut kept: Vec<_> =
                headers.into_iter().rev().filter(|it| seen.insert(it.0.clone())).collect();
            kept.reverse();
            return Some((kept, rest));
        };
        let [key, value] = [key, value].map(|it| String::from_utf8_lossy(it).trim().to_owned());
        headers.push((key, value));
        rest = next;
    }
}

/// The base64 up to the end line of `label`, and what follows that line.
///
/// A dash is in no base64, so that the first one is the end line's, or the block is broken.
fn body_and_rest<'a>(
    rest: &'a [u8],
    label: &[u8],
    no_headers: bool,
) -> Option<(&'a [u8], &'a [u8])> {
    let dash = memchr(b'-', rest)?;
    let (base64, trailer) = match dash.checked_sub(1) {
        Some(end) => (rest.get(..end)?, rest.get(end..)?.strip_prefix(END)?),
        // An empty block without headers has its end line at once, with no newline before it.
        None if no_headers => (&[][..], rest.strip_prefix(END.get(1..)?)?),
        None => return None,
    };
    let after = trailer.strip_prefix(label)?.strip_prefix(DASHES)?;
    let (remainder, after) = line(after);
    remainder.is_empty().then_some((base64, after))
}

/// The first line without trailing blanks and without its end, and what follows it.
///
/// Mirrors: getLine, Go 1.24 encoding/pem/pem.go.
fn line(data: &[u8]) -> (&[u8], &[u8]) {
    let (line, rest) = cut(data, b"\n").unwrap_or((data, &[]));
    let line =
        if line.len() < data.len() { line.strip_suffix(b"\r").unwrap_or(line) } else { line };
    let blanks = line.iter().rev().take_while(|it| matches!(it, b' ' | b'\t')).count();
    (line.get(..line.len() - blanks).unwrap_or_default(), rest)
}

/// What stands before and after the first `mark`.
fn cut<'a>(data: &'a [u8], mark: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let at = find(data, mark)?;
    Some((data.get(..at)?, data.get(at + mark.len()..)?))
}

/// Where the first `mark` begins.
fn find(data: &[u8], mark: &[u8]) -> Option<usize> {
    let first = *mark.first()?;
    let mut from = 0;
    loop {
        let rest = data.get(from..)?;
        let at = from + memchr(first, rest)?;
        if data.get(at..)?.starts_with(mark) {
            return Some(at);
        }
        from = at + 1;
    }
}

/// Decodes the body of a block: blanks and line ends do not count, padding does.
fn decode_base64(text: &[u8]) -> Option<Vec<u8>> {
    if let Ok(it) = base64::decode(text) {
        return Some(it);
    }
    // To the decoder a blank is a fault, so that they are looked for only in a text with one.
    let is_blank = |it: &u8| matches!(it, b' ' | b'\t');
    if !text.iter().any(is_blank) {
        return None;
    }
    let digits = text.iter().copied().filter(|it| !is_blank(it));
    base64::decode(&Zeroizing::new(digits.collect::<Vec<u8>>())).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Labels of the blocks found in `text`, each with its content as text.
    ///
    /// Expectations follow kubectl 1.33.1, which was given each shape with a real certificate.
    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let found: Vec<String> = blocks(text.as_bytes())
            .iter()
            .map(|it| format!("{}={}", it.label, String::from_utf8_lossy(it.der.reveal())))
            .collect();
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn where_a_block_begins() {
        check("-----BEGIN A-----\nZm9v\n-----END A-----\n", &["A=foo"]);
        check("-----BEGIN A-----\nZm9v\n-----END A-----", &["A=foo"]);
        check("text\n-----BEGIN A-----\nZm9v\n-----END A-----\ntext", &["A=foo"]);
        check("-----BEGIN A-----  \t\r\nZm9v\r\n-----END A----- \r\n", &["A=foo"]);
        check(" -----BEGIN A-----\nZm9v\n-----END A-----\n", &[]);
        check("\u{feff}-----BEGIN A-----\nZm9v\n-----END A-----\n", &[]);
        check("-----BEGIN A----- x\nZm9v\n-----END A-----\n", &[]);
        check("-----BEGIN A-----\rZm9v\r-----END A-----\r", &[]);
        check("----BEGIN A----\nZm9v\n----END A----\n", &[]);
    }

    #[test]
    fn what_a_body_may_hold() {
        check("-----BEGIN A-----\nZm\t 9\n\nv\n-----END A-----\n", &["A=foo"]);
        check("-----BEGIN A-----\nK: v\nL:w\n\nZm9v\n-----END A-----\n", &["A=foo"]);
        check("-----BEGIN A-----\n-----END A-----\n", &["A="]);
        check("-----BEGIN A-----\nZm9=\n-----END A-----\n", &["A=fo"]);
        check("-----BEGIN A-----\nZm9\n-----END A-----\n", &[]);
        check("-----BEGIN A-----\nZm9v!\n-----END A-----\n", &[]);
        check("-----BEGIN A-----\nK: v\n", &[]);
        check("-----BEGIN A-----Zm9v-----END A-----", &[]);
    }

    #[test]
    fn broken_blocks_are_skipped() {
        let good = "-----BEGIN B-----\nYmFy\n-----END B-----\n";
        check(&format!("-----BEGIN A-----\nZm9v\n{good}"), &["B=bar"]);
        check(&format!("-----BEGIN A-----\nZm9v\n-----END X-----\n{good}"), &["B=bar"]);
        check(&format!("-----BEGIN A-----\n???\n-----END A-----\n{good}"), &["B=bar"]);
        check(&format!("-----BEGIN B-----\n{good}"), &["B=bar"]);
        check(&format!("-----END B-----\n{good}-----END B-----\n{good}"), &["B=bar", "B=bar"]);
        check(&format!("-----BEGIN A-----\nZm9v\n-----END A-----{good}"), &[]);
        check(&format!("-----BEGIN A-----\nZm9v\n-----END A-----{good}{good}"), &["B=bar"]);
    }
}
