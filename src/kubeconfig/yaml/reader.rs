//! Bytes to characters, in the portions and with the refusals of go-yaml's reader.
//!
//! go-yaml reads 512 bytes at a time, and decodes each portion as soon as the scanner asks for one
//! character more than it has. A bad byte is therefore only found when the scanner comes near it,
//! and a file may end, for YAML, before it does. Nothing here knows what the characters mean.

use std::borrow::Cow;

use super::chars::{self, Classes};
use crate::{pace::Pace, secret::Secret};

/// How the bytes stand for characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    /// UTF-8, with or without a byte order mark.
    Utf8,
    /// UTF-16 with a byte order mark, low byte first.
    Utf16Le,
    /// UTF-16 with a byte order mark, high byte first.
    Utf16Be,
}

/// A byte that is no part of any character that YAML allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// go-yaml's words.
    pub(super) problem: &'static str,
    /// Offset of its character in [`Input::text`].
    pub(super) at: usize,
}

/// The characters of a file up to the first fault.
pub(crate) struct Input<'a> {
    /// What could be decoded, without the byte order mark.
    pub(super) text: Cow<'a, str>,
    /// Why there is no more.
    pub(super) fault: Option<Fault>,
    /// The bytes' encoding.
    pub(super) encoding: Encoding,
    /// Bytes of the byte order mark.
    pub(super) bom: usize,
    /// Whether a portion ends with the whole text, seen from a fault at its end: the fault's own
    /// bytes reach no further than this beyond its beginning.
    fault_width: usize,
    /// Whether the fault is a character that the end of the file cuts in two, so that it is only
    /// noticed when nothing is left to read.
    fault_at_end: bool,
    /// Whether a byte order mark may stand inside of the text.
    pub(super) marked: bool,
}

impl Drop for Input<'_> {
    fn drop(&mut self) {
        // It holds secrets; what is not borrowed is nobody else's to wipe.
        drop(Secret::new(std::mem::take(&mut self.text)));
    }
}

/// U+FEFF, which may stand in front of a text.
pub(super) const BYTE_ORDER_MARK: &str = "\u{FEFF}";

/// Bytes that go-yaml reads in one go.
const PORTION: usize = 512;

/// Decodes `bytes`. Rests between passes over them.
///
/// Mirrors: yaml_parser_determine_encoding and yaml_parser_update_buffer, sigs.k8s.io/yaml v1.4.0
/// goyaml.v2/readerc.go.
pub(crate) async fn decode<'a>(bytes: &'a [u8], pace: Pace<'_>) -> Input<'a> {
    if let Some(rest) = bytes.strip_prefix(b"\xFF\xFE") {
        return decode_utf16(rest, Encoding::Utf16Le);
    }
    if let Some(rest) = bytes.strip_prefix(b"\xFE\xFF") {
        return decode_utf16(rest, Encoding::Utf16Be);
    }
    let (bom, rest) = match bytes.strip_prefix(b"\xEF\xBB\xBF") {
        Some(rest) => (3, rest),
        None => (0, bytes),
    };
    let (valid, broken) = match std::str::from_utf8(rest) {
        Ok(text) => (text, None),
        Err(error) => {
            let (valid, broken) = rest.split_at(error.valid_up_to());
            (std::str::from_utf8(valid).unwrap_or_default(), Some(broken))
        }
    };
    pace.rest().await;
    let mut marked = false;
    if let Some(at) = first_forbidden(valid, &mut marked, pace).await {
        return Input {
            marked,
            text: Cow::Borrowed(valid.get(..at).unwrap_or_default()),
            fault: Some(Fault { problem: CONTROL, at }),
            encoding: Encoding::Utf8,
            bom,
            fault_width: valid.get(at..).and_then(|it| it.chars().next()).map_or(1, char::len_utf8),
            fault_at_end: false,
        };
    }
    let (problem, fault_width) = match broken {
        Some(broken) => utf8_fault(broken),
        None => ("", 0),
    };
    Input {
        marked,
        text: Cow::Borrowed(valid),
        fault: broken.map(|_| Fault { problem, at: valid.len() }),
        encoding: Encoding::Utf8,
        bom,
        fault_width,
        fault_at_end: problem == INCOMPLETE,
    }
}

const CONTROL: &str = "control characters are not allowed";
const INCOMPLETE: &str = "incomplete UTF-8 octet sequence";

/// Bytes that are looked through in one call: see the head of `pace.rs`.
const STRETCH: usize = 4_096;

/// Offset of the first character that YAML does not allow, where all of `text` is Unicode. Sets
/// `marked` when it meets a byte order mark.
async fn first_forbidden(text: &str, marked: &mut bool, pace: Pace<'_>) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 0;
    for step in 0.. {
        pace.rest_at_times(step).await;
        let end = bytes.len().min(at + STRETCH);
        at += chars::ordinary(bytes.get(at..end)?, &SUSPECT);
        if at == end && end < bytes.len() {
            continue;
        }
        let rest = bytes.get(at..).filter(|it| !it.is_empty())?;
        if is_forbidden(rest) {
            return Some(at);
        }
        *marked |= rest.starts_with(BYTE_ORDER_MARK.as_bytes());
        at += 1;
    }
    None
}

/// Whether YAML does not allow the first character of `bytes`, one of [`SUSPECT`].
fn is_forbidden(bytes: &[u8]) -> bool {
    match bytes {
        [0xC2, next, ..] => *next < 0xA0 && *next != 0x85,
        [0xEF, 0xBF, last, ..] => 0xBE <= *last,
        [0xEF, ..] => false,
        _ => true,
    }
}

/// Bytes that are, or may begin, a character that YAML does not allow.
#[expect(clippy::indexing_slicing, reason = "a table has an entry for each byte")]
static SUSPECT: Classes = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 0x20 {
        table[byte] = !matches!(byte as u8, b'\t' | b'\n' | b'\r') as u8;
        byte += 1;
    }
    table[0x7F] = 1;
    table[0xC2] = 1;
    table[0xEF] = 1;
    table
};

/// What go-yaml says of bytes that do not begin with a character, and how many of them it must
/// have seen to say so.
fn utf8_fault(broken: &[u8]) -> (&'static str, usize) {
    let Some((&first, rest)) = broken.split_first() else { return (INCOMPLETE, 1) };
    let (width, mut value, least) = match first {
        0xC0..=0xDF => (2, u32::from(first & 0x1F), 0x80),
        0xE0..=0xEF => (3, u32::from(first & 0x0F), 0x800),
        0xF0..=0xF7 => (4, u32::from(first & 0x07), 0x1_0000),
        _ => return ("invalid leading UTF-8 octet", 1),
    };
    if broken.len() < width {
        return (INCOMPLETE, 1);
    }
    for &octet in rest.iter().take(width - 1) {
        if octet & 0xC0 != 0x80 {
            return ("invalid trailing UTF-8 octet", width);
        }
        value = value << 6 | u32::from(octet & 0x3F);
    }
    if value < least {
        return ("invalid length of a UTF-8 sequence", width);
    }
    ("invalid Unicode character", width)
}

/// Decodes UTF-16 without its byte order mark.
fn decode_utf16(bytes: &[u8], encoding: Encoding) -> Input<'_> {
    let unit = |pair: &[u8]| match pair {
        [low, high] if encoding == Encoding::Utf16Le => Some(u16::from_le_bytes([*low, *high])),
        [high, low] => Some(u16::from_be_bytes([*high, *low])),
        _ => None,
    };
    // Bytes of UTF-8 that a unit becomes; two surrogates become four.
    let length = |unit: u16| match unit {
        0..0x80 => 1,
        0x80..0x800 | 0xD800..0xE000 => 2,
        _ => 3,
    };
    // Room for all at once: a string that grows leaves copies behind.
    let room = bytes.chunks(2).filter_map(unit).map(length).sum();
    let mut text = String::with_capacity(room);
    let mut marked = false;
    let mut problem = None;
    let mut fault_width = 2;
    let mut rest = bytes.chunks(2);
    while let Some(pair) = rest.next() {
        let Some(first) = unit(pair) else {
            problem = Some("incomplete UTF-16 character");
            break;
        };
        let value = match first {
            0xDC00..=0xDFFF => {
                problem = Some("unexpected low surrogate area");
                break;
            }
            0xD800..=0xDBFF => {
                fault_width = 4;
                match rest.next().map(unit) {
                    Some(Some(second @ 0xDC00..=0xDFFF)) => {
                        fault_width = 2;
                        0x1_0000 + ((u32::from(first) & 0x3FF) << 10) + (u32::from(second) & 0x3FF)
                    }
                    Some(Some(_)) => {
                        problem = Some("expected low surrogate area");
                        break;
                    }
                    Some(None) | None => {
                        problem = Some("incomplete UTF-16 surrogate pair");
                        break;
                    }
                }
            }
            _ => u32::from(first),
        };
        let Some(character) = char::from_u32(value) else { break };
        let mut buffer = [0; 4];
        let encoded = character.encode_utf8(&mut buffer).as_bytes();
        if chars::ordinary(encoded, &SUSPECT) == 0 && is_forbidden(encoded) {
            problem = Some(CONTROL);
            break;
        }
        marked |= encoded == BYTE_ORDER_MARK.as_bytes();
        text.push(character);
    }
    Input {
        marked,
        fault: problem.map(|problem| Fault { problem, at: text.len() }),
        text: Cow::Owned(text),
        encoding,
        bom: 2,
        fault_width,
        fault_at_end: problem.is_some_and(|it| it.starts_with("incomplete")),
    }
}

/// What go-yaml has decoded so far, and from where on it still remembers it.
///
/// Only kept where it matters: in a file with a fault, or with a byte order mark inside.
#[derive(Clone, Debug)]
pub(super) struct Window {
    /// Where go-yaml's buffer begins.
    pub(super) start: usize,
    /// The end of what is decoded.
    end: usize,
    /// Whether the next portion is the first, which the byte order mark makes shorter.
    first: bool,
    /// NUL characters that go-yaml has put behind the end of the text.
    padding: usize,
}

impl Window {
    /// The window of a reader that has read nothing.
    pub(super) fn new() -> Window {
        Window { start: 0, end: 0, first: true, padding: 0 }
    }

    /// Sees to it that `wanted` characters from `at` on are decoded; fails if that takes a
    /// portion that holds the fault.
    ///
    /// Mirrors: yaml_parser_update_buffer, sigs.k8s.io/yaml v1.4.0 goyaml.v2/readerc.go.
    pub(super) fn ensure(
        &mut self,
        input: &Input<'_>,
        at: usize,
        wanted: usize,
    ) -> Result<(), Fault> {
        if wanted <= self.unread(input, at) {
            return Ok(());
        }
        self.start = at;
        while self.unread(input, at) < wanted {
            let full = self.end == input.text.len();
            let end = self.portion_end(input);
            if let Some(fault) = input.fault {
                let beyond = end == input.text.len() && self.fault_within(input);
                if beyond || full {
                    return Err(fault);
                }
            }
            self.end = end;
            self.first = false;
            if full {
                self.padding += 1;
                break;
            }
        }
        Ok(())
    }

    /// Decoded characters from `at` on, as far as anyone asks.
    fn unread(&self, input: &Input<'_>, at: usize) -> usize {
        let rest = input.text.get(at..self.end).unwrap_or_default();
        let behind = (input.text.len() + self.padding).saturating_sub(at.max(input.text.len()));
        let padding = if self.end == input.text.len() { behind } else { 0 };
        rest.chars().take(8).count() + padding
    }

    /// Bytes of the file that the next portion may hold.
    fn portion(&self, input: &Input<'_>) -> usize {
        if self.first { PORTION - input.bom } else { PORTION }
    }

    /// Where the next portion ends: it holds whole characters only.
    fn portion_end(&self, input: &Input<'_>) -> usize {
        let rest = input.text.get(self.end..).unwrap_or_default();
        let mut left = self.portion(input);
        let mut end = self.end;
        for character in rest.chars() {
            let width = width(character, input.encoding);
            if left < width {
                break;
            }
            left -= width;
            end += character.len_utf8();
        }
        end
    }

    /// Whether the portion that follows has the bytes that give the fault away.
    fn fault_within(&self, input: &Input<'_>) -> bool {
        let rest = input.text.get(self.end..).unwrap_or_default();
        let used: usize = rest.chars().map(|it| width(it, input.encoding)).sum();
        !input.fault_at_end && used + input.fault_width <= self.portion(input)
    }
}

/// Bytes of a character in the file.
fn width(character: char, encoding: Encoding) -> usize {
    match encoding {
        Encoding::Utf8 => character.len_utf8(),
        Encoding::Utf16Le | Encoding::Utf16Be => character.len_utf16() * 2,
    }
}
