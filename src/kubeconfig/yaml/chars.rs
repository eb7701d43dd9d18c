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
    classes: &Classes,
) -> (usize, usize) {
    let mut inner = 0;
    let mut end = at;
    loop {
        end += ordinary(bytes.get(end..).unwrap_or_default(), classes);
        let Some(&byte) = bytes.get(end) else { break };
        if byte & 0xC0 == 0x80 {
            inner += 1;
        } else if line_break(bytes, end) != 0 || stops(end, byte) {
            break;
        }
        end += 1;
    }
    (end, end - at - inner)
}

/// For each byte 0 where nobody has to look at it, and else 1.
pub(super) type Classes = [u8; 256];

/// How many of the first `bytes` are ordinary.
///
/// It sees every byte of every secret, so it takes eight of them in one step.
#[inline(never)]
pub(super) fn ordinary(bytes: &[u8], classes: &Classes) -> usize {
    #[expect(clippy::indexing_slicing, reason = "a table has an entry for each byte")]
    let class = |byte: u8| classes[usize::from(byte)];
    let (blocks, _) = bytes.as_chunks();
    let mut at = 0;
    for [a, b, c, d, e, f, g, h] in blocks {
        let [a, b, c, d] = [class(*a), class(*b), class(*c), class(*d)];
        let [e, f, g, h] = [class(*e), class(*f), class(*g), class(*h)];
        if a | b | c | d | e | f | g | h != 0 {
            break;
        }
        at += 8;
    }
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().take_while(|it| class(**it) == 0).count()
}

/// A table in which the given bytes are to be looked at, and those that may begin a line break or go
/// on with a character.
#[expect(clippy::indexing_slicing, reason = "a table has an entry for each byte")]
const fn classes(special: &[u8]) -> Classes {
    let mut table = [0; 256];
    let mut byte = 0x80;
    while byte < 0xC0 {
        table[byte] = 1;
        byte += 1;
    }
    let mut n = 0;
    while n < special.len() {
        table[special[n] as usize] = 1;
        n += 1;
    }
    table[b'\r' as usize] = 1;
    table[b'\n' as usize] = 1;
    table[0xC2] = 1;
    table[0xE2] = 1;
    table
}

/// For whole lines.
static LINE: Classes = classes(b"");

/// For words of plain scalars.
pub(super) static PLAIN: Classes = classes(b" \t:,?[]{}");

/// For what stands between single quotes.
pub(super) static SINGLE_QUOTED: Classes = classes(b" \t'");

/// For what stands between double quotes.
pub(super) static DOUBLE_QUOTED: Classes = classes(b" \t\"\\");
