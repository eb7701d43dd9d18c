//! Base64 as Go decodes it: line breaks do not count, everything else does.

use zeroize::Zeroizing;

/// Why a text is not base64 to Go's `base64.StdEncoding`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Base64Error {
    /// Offset of the offending byte, counted from 0, as Go counts it.
    pub at: usize,
    /// The character found there; none when the text ends too early.
    pub found: Option<char>,
}

const PAD: u8 = b'=';
/// In [`DIGITS`]: no digit of the alphabet.
const NONE: u8 = 0xFF;

#[expect(clippy::indexing_slicing, reason = "a table has an entry for each byte")]
static DIGITS: [u8; 256] = {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut table = [NONE; 256];
    let mut value = 0;
    while value < alphabet.len() {
        table[alphabet[value] as usize] = value as u8;
        value += 1;
    }
    table
};

/// The bits of a digit in the first to the fourth place of a group, where they are in its bytes
/// when these are read as a little-endian number. In the highest byte: no digit.
#[expect(clippy::indexing_slicing, reason = "a table has an entry for each byte")]
static PLACED: [[u32; 256]; 4] = {
    let mut tables = [[u32::MAX; 256]; 4];
    let mut byte = 0;
    while byte < 256 {
        let mut place = 0;
        while place < 4 && DIGITS[byte] != NONE {
            let bits = (DIGITS[byte] as u32) << (18 - 6 * place);
            tables[place][byte] = bits.swap_bytes() >> 8;
            place += 1;
        }
        byte += 1;
    }
    tables
};

/// Decodes `text`, or says which byte stands in the way.
///
/// Mirrors: Encoding.Decode and decodeQuantum of StdEncoding, Go 1.24 encoding/base64/base64.go.
pub(crate) fn decode(text: &[u8]) -> Result<Vec<u8>, Base64Error> {
    // Half of a key is a secret, too, when the other half cannot be read.
    let mut out = Zeroizing::new(vec![0; text.len().div_ceil(4) * 3]);
    let mut at = 0;
    let mut filled = 0;
    loop {
        let room = out.get_mut(filled..).unwrap_or_default();
        let groups = decode_plain(text.get(at..).unwrap_or_default(), room);
        if 0 < groups {
            // Mostly a line ends here, and another one follows.
            (at, filled) = (skip_breaks(text, at + 4 * groups), filled + 3 * groups);
            continue;
        }
        let group = decode_group(text, at)?;
        for (place, byte) in out.iter_mut().skip(filled).zip(group.bytes) {
            *place = byte;
        }
        filled += group.n_bytes;
        match group.next {
            Some(next) => at = next,
            None => break,
        }
    }
    out.truncate(filled);
    Ok(std::mem::take(&mut *out))
}

/// Decodes groups of four digits as long as nothing else comes; how many they were.
fn decode_plain(text: &[u8], out: &mut [u8]) -> usize {
    let (groups, _) = text.as_chunks::<4>();
    let (room, _) = out.as_chunks_mut::<3>();
    let [first, second, third, fourth] = &PLACED;
    let mut n_groups = 0;
    for (&[a, b, c, d], bytes) in groups.iter().zip(room) {
        let group = placed(first, a) | placed(second, b) | placed(third, c) | placed(fourth, d);
        let [x, y, z, 0] = group.to_le_bytes() else { break };
        *bytes = [x, y, z];
        n_groups += 1;
    }
    n_groups
}

#[inline(always)]
fn placed(table: &[u32; 256], digit: u8) -> u32 {
    table.get(usize::from(digit)).copied().unwrap_or(u32::MAX)
}

fn digit(byte: u8) -> u8 {
    DIGITS.get(usize::from(byte)).copied().unwrap_or(NONE)
}

/// Up to three bytes, and where the next group begins; none after the last one.
struct Group {
    bytes: [u8; 3],
    n_bytes: usize,
    next: Option<usize>,
}

/// Decodes one group, which may be the last.
fn decode_group(text: &[u8], mut at: usize) -> Result<Group, Base64Error> {
    let corrupt = |at: usize| Base64Error { at, found: character(text, at) };
    let mut group = [0; 4];
    let mut filled = 0;
    let mut last = false;
    while filled < 4 {
        let Some(&byte) = text.get(at) else {
            if filled == 0 {
                return Ok(Group { bytes: [0; 3], n_bytes: 0, next: None });
            }
            return Err(Base64Error { at: at - filled, found: None });
        };
        at += 1;
        match digit(byte) {
            NONE if byte == b'\n' || byte == b'\r' => continue,
            NONE if byte != PAD || filled < 2 => return Err(corrupt(at - 1)),
            NONE => {
                if filled == 2 {
                    at = skip_breaks(text, at);
                    match text.get(at) {
                        None => return Err(Base64Error { at: text.len(), found: None }),
                        Some(&PAD) => at += 1,
                        Some(_) => return Err(corrupt(at - 1)),
                    }
                }
                at = skip_breaks(text, at);
                if at < text.len() {
                    return Err(corrupt(at));
                }
                last = true;
                break;
            }
            value => {
                if let Some(place) = group.get_mut(filled) {
                    *place = value;
                }
                filled += 1;
            }
        }
    }
    let [a, b, c, d] = group;
    let bytes = [a << 2 | b >> 4, b << 4 | c >> 2, c << 6 | d];
    Ok(Group { bytes, n_bytes: filled - 1, next: (!last).then_some(at) })
}

fn skip_breaks(text: &[u8], at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    at + rest.iter().take_while(|it| matches!(it, b'\n' | b'\r')).count()
}

/// The character that the byte at `at` belongs to.
fn character(text: &[u8], at: usize) -> Option<char> {
    let valid = std::str::from_utf8(text).ok()?;
    let start = (0..=at).rev().find(|it| valid.is_char_boundary(*it))?;
    valid.get(start..)?.chars().next()
}

/// Bytes as the text that Go's JSON encoder makes of them: each byte that is no part of a
/// character becomes U+FFFD.
pub(crate) fn go_text(bytes: &[u8]) -> String {
    let mut out = String::new();
    for chunk in bytes.utf8_chunks() {
        out.push_str(chunk.valid());
        out.extend(chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER));
    }
    out
}

#[cfg(test)]
mod tests {
    use base64::{Engine as _, prelude::BASE64_STANDARD};

    use super::decode;

    /// Every digit in every place of a group, and every length, against the crate's encoder.
    #[test]
    fn decodes_what_was_encoded() {
        let groups = (0..64u32).map(|it| (it * 0o1010101).to_be_bytes());
        let bytes: Vec<u8> = groups.flat_map(|[_, x, y, z]| [x, y, z]).collect();
        assert!(BASE64_STANDARD.encode(&bytes).starts_with("AAAABBBBCCCC"));
        for length in 0..=bytes.len() {
            let text = BASE64_STANDARD.encode(&bytes[..length]);
            assert_eq!(decode(text.as_bytes()).as_deref(), Ok(&bytes[..length]));
        }
    }

    /// Expectations from Go 1.24 encoding/base64, whose error holds the offset.
    #[test]
    fn decodes_as_go_does() {
        let rows: [(&str, Result<&str, usize>); 21] = [
            ("", Ok("")),
            ("\r\n\n", Ok("")),
            ("Zm9v", Ok("foo")),
            ("Zm9vYg==", Ok("foob")),
            ("Zm9vYmE=", Ok("fooba")),
            ("Zm\n9v\r\nYg\n=\n=\n", Ok("foob")),
            ("Zm9vYh==", Ok("foob")),
            ("Zm9vYg", Err(4)),
            ("Zm9vYg=", Err(7)),
            ("Zm9vYg=\n", Err(8)),
            ("Zm9vYg=a", Err(6)),
            ("Zm9vYg==a", Err(8)),
            ("Zm9v====", Err(4)),
            ("Zm9vY===", Err(5)),
            ("Zm9v Yg==", Err(4)),
            ("Zm9\tv", Err(3)),
            ("Zm-v", Err(2)),
            ("Zm9vY\n", Err(5)),
            ("=", Err(0)),
            ("Zm9v\u{FEFF}", Err(4)),
            ("LS0tLS1CRUdJ...", Err(12)),
        ];
        for (text, expected) in rows {
            let found = decode(text.as_bytes());
            let found = found.as_deref().map_err(|it| it.at);
            assert_eq!(found, expected.map(str::as_bytes), "{text:?}");
        }
    }
}
