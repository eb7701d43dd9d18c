//! What single characters are to the scanner.

/// Whether a space or a tab.
pub(super) fn is_blank(byte: u8) -> bool {
    byte == b' ' || byte == b'\t'
}

/// Whether it may be part of an anchor, a directive's name or a tag's handle.
///
/// Mirrors: is_alpha, sigs.k8s.io/yaml v1.4.0 goyaml.v2/yamlprivateh.go.
pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-'
}

/// Bytes of the line break at `at`: CR, LF, NEL, LS or PS; 0 where there is none, and 1 for each
/// half of CR LF.
///
/// Mirrors: is_break, sigs.k8s.io/yaml v1.4.0 goyaml.v2/yamlprivateh.go.
pub(super) fn line_break(bytes: &[u8], at: usize) -> usize {
    match bytes.get(at..) {
        Some([b'\r' | b'\n', ..]) => 1,
        Some([0xC2, 0x85, ..]) => 2,
        Some([0xE2, 0x80, 0xA8 | 0xA9, ..]) => 3,
        _ => 0,
    }
}

/// Bytes of the character that begins with `first`.
pub(super) fn width(first: u8) -> usize {
    match first {
        0..=0x7F => 1,
        0x80..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xFF => 4,
    }
}

/// Where the line ends that goes on at `at`, and how many characters there are before.
pub(super) fn line_end(bytes: &[u8], at: usize) -> (usize, usize) {
    run(bytes, at, |_, _| false, &LINE)
}

/// How far an ordinary run goes from `at` on, and how many characters it has. Bytes that
/// `classes` calls special end it if they begin a line break or if `stops` says so.
pub(super) fn run(
    bytes: &[u8],
    at: usize,
    stops: impl Fn(usize, u8) -> bool,
    classes: &[Class; 256],
) -> (usize, usize) {
    let class = |byte: u8| *classes.get(usize::from(byte)).unwrap_or(&Class::Special);
    let mut inner = 0;
    let mut rest = bytes.iter().enumerate().skip(at);
    // The search is a loop of its own, and a tight one: it sees every byte of every secret.
    while let Some((end, &byte)) = rest.find(|it| class(*it.1) != Class::Ordinary) {
        if class(byte) == Class::Inner {
            inner += 1;
        } else if line_break(bytes, end) != 0 || stops(end, byte) {
            return (end, end - at - inner);
        }
    }
    let end = bytes.len().max(at);
    (end, end - at - inner)
}

/// What a byte is to [`run`].
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// Part of the run.
    Ordinary,
    /// Second, third or fourth byte of a character.
    Inner,
    /// To be looked at.
    Special,
}

/// A table in which the given bytes, and those that may begin a line break, are special.
#[expect(clippy::indexing_slicing, reason = "a table has an entry for each byte")]
const fn classes(special: &[u8]) -> [Class; 256] {
    let mut table = [Class::Ordinary; 256];
    let mut byte = 0x80;
    while byte < 0xC0 {
        table[byte] = Class::Inner;
        byte += 1;
    }
    let mut n = 0;
    while n < special.len() {
        table[special[n] as usize] = Class::Special;
        n += 1;
    }
    table[b'\r' as usize] = Class::Special;
    table[b'\n' as usize] = Class::Special;
    table[0xC2] = Class::Special;
    table[0xE2] = Class::Special;
    table
}

/// For whole lines.
static LINE: [Class; 256] = classes(b"");

/// For words of plain scalars.
pub(super) static PLAIN: [Class; 256] = classes(b" \t:,?[]{}");

/// For what stands between single quotes.
pub(super) static SINGLE_QUOTED: [Class; 256] = classes(b" \t'");

/// For what stands between double quotes.
pub(super) static DOUBLE_QUOTED: [Class; 256] = classes(b" \t\"\\");
