//! The encoding below certificates and keys: tag, length, content.
//!
//! x509-parser reads the parts of a certificate; this reader finds the parts. It knows where
//! it stands, so that a fault has a position, and it reads by either of two rule books: Go's,
//! to tell what kubectl would refuse, and openssl's, to show what can be shown.

use std::ops::Range;

use super::oid::Oid;

/// How strictly to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rules {
    /// Mirrors: String.readASN1, golang.org/x/crypto v0.36 cryptobyte/asn1.go.
    Go,
    /// As openssl reads: lengths may be padded or left open.
    Lenient,
}

/// Nesting at which an open-ended value is given up.
const MAX_DEPTH: usize = 32;

pub(super) const BOOLEAN: u8 = 0x01;
pub(super) const INTEGER: u8 = 0x02;
pub(super) const BIT_STRING: u8 = 0x03;
pub(super) const OCTET_STRING: u8 = 0x04;
pub(super) const NULL: u8 = 0x05;
pub(super) const OID: u8 = 0x06;
pub(super) const UTF8_STRING: u8 = 0x0c;
pub(super) const NUMERIC_STRING: u8 = 0x12;
pub(super) const PRINTABLE_STRING: u8 = 0x13;
pub(super) const T61_STRING: u8 = 0x14;
pub(super) const IA5_STRING: u8 = 0x16;
pub(super) const UTC_TIME: u8 = 0x17;
pub(super) const GENERALIZED_TIME: u8 = 0x18;
pub(super) const VISIBLE_STRING: u8 = 0x1a;
pub(super) const UNIVERSAL_STRING: u8 = 0x1c;
pub(super) const BMP_STRING: u8 = 0x1e;
pub(super) const SEQUENCE: u8 = 0x30;
pub(super) const SET: u8 = 0x31;

/// The identifier octet of the context-specific tag `number`.
pub(super) const fn context(number: u8) -> u8 {
    0x80 | number
}

/// The same for a tag whose content has structure.
pub(super) const fn context_constructed(number: u8) -> u8 {
    0xa0 | number
}

/// One value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Value<'a> {
    /// The identifier octet.
    pub(super) tag: u8,
    /// Tag, length and content.
    pub(super) raw: &'a [u8],
    /// The content.
    pub(super) body: &'a [u8],
    /// Offset of `body` in the outermost bytes.
    body_at: usize,
    rules: Rules,
}

impl<'a> Value<'a> {
    /// A reader of the values inside.
    pub(super) fn inside(&self) -> Reader<'a> {
        Reader { bytes: self.body, at: self.body_at, rules: self.rules }
    }
}

/// Reads one value after the other.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    rules: Rules,
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8], rules: Rules) -> Reader<'a> {
        Reader { bytes, at: 0, rules }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Offset of the next value in the outermost bytes.
    pub(super) fn position(&self) -> usize {
        self.at
    }

    /// Where that which has not been read yet is in the outermost bytes.
    pub(super) fn range(&self) -> Range<usize> {
        self.at..self.at + self.bytes.len()
    }

    /// What has not been read yet.
    pub(super) fn rest(&self) -> &'a [u8] {
        self.bytes
    }

    /// The identifier octet of the next value.
    pub(super) fn peek(&self) -> Option<u8> {
        self.bytes.first().copied()
    }

    /// The next value, whatever it is. A fault leaves the reader where it is.
    pub(super) fn any(&mut self) -> Option<Value<'a>> {
        let (header, length, tail) = match self.bytes {
            // Nearly all are short, with a short tag; both rule books read those alike.
            [tag, length @ ..0x80, ..] if tag & 0x1f != 0x1f => (2, usize::from(*length), 0),
            _ => measure(self.bytes, self.rules, 0)?,
        };
        let (raw, rest) = self.bytes.split_at_checked(header + length + tail)?;
        let body = raw.get(header..header + length)?;
        let value =
            Value { tag: *raw.first()?, raw, body, body_at: self.at + header, rules: self.rules };
        self.at += raw.len();
        self.bytes = rest;
        Some(value)
    }

    /// The next value, if it has this tag. A fault leaves the reader where it is.
    pub(super) fn take(&mut self, tag: u8) -> Option<Value<'a>> {
        if self.peek()? == tag { self.any() } else { None }
    }

    /// The values inside the next value, if it has this tag.
    pub(super) fn enter(&mut self, tag: u8) -> Option<Reader<'a>> {
        self.take(tag).map(|it| it.inside())
    }

    /// The next value, if it is an object identifier.
    pub(super) fn oid(&mut self) -> Option<Oid<'a>> {
        let mut ahead = *self;
        let oid = Oid::new(ahead.take(OID)?.body)?;
        *self = ahead;
        Some(oid)
    }

    /// The content of the next value, if it is a bit string: unused bits, bytes.
    pub(super) fn bits(&mut self) -> Option<(u8, &'a [u8])> {
        let mut ahead = *self;
        let (&unused, bytes) = ahead.take(BIT_STRING)?.body.split_first()?;
        if 7 < unused || (unused != 0 && bytes.is_empty()) {
            return None;
        }
        *self = ahead;
        Some((unused, bytes))
    }
}

/// Lengths of header, content and end mark of the first value in `bytes`.
fn measure(bytes: &[u8], rules: Rules, depth: usize) -> Option<(usize, usize, usize)> {
    let &tag = bytes.first()?;
    let mut header = 1;
    if tag & 0x1f == 0x1f {
        if rules == Rules::Go {
            return None;
        }
        while bytes.get(header)? & 0x80 != 0 {
            header += 1;
        }
        header += 1;
    }
    let &first = bytes.get(header)?;
    header += 1;
    if first < 0x80 {
        let length = usize::from(first);
        return (header + length <= bytes.len()).then_some((header, length, 0));
    }
    if first == 0x80 {
        let open = rules == Rules::Lenient && tag & 0x20 != 0 && depth < MAX_DEPTH;
        return open.then(|| open_ended(bytes, header, depth)).flatten();
    }
    let octets = usize::from(first & 0x7f);
    let digits = bytes.get(header..header + octets)?;
    let mut length: usize = 0;
    for &digit in digits {
        length = length.checked_mul(256)?.checked_add(usize::from(digit))?;
    }
    let padded = length < 0x80 || digits.first() == Some(&0);
    if rules == Rules::Go && (4 < octets || padded) {
        return None;
    }
    header += octets;
    (length <= bytes.len().checked_sub(header)?).then_some((header, length, 0))
}

/// The same for a value that ends at a mark: two zero bytes where a value would begin.
fn open_ended(bytes: &[u8], header: usize, depth: usize) -> Option<(usize, usize, usize)> {
    let mut at = header;
    loop {
        let rest = bytes.get(at..)?;
        if rest.starts_with(&[0, 0]) {
            return Some((header, at - header, 2));
        }
        let (inner, length, tail) = measure(rest, Rules::Lenient, depth + 1)?;
        at += inner + length + tail;
    }
}

/// An unsigned integer's digits without leading zeros; none when it is negative or empty.
pub(super) fn unsigned(body: &[u8]) -> Option<&[u8]> {
    if body.first()? & 0x80 != 0 {
        return None;
    }
    let zeros = body.iter().take_while(|it| **it == 0).count();
    body.get(zeros..)
}

/// A small unsigned integer.
pub(super) fn small(body: &[u8]) -> Option<u32> {
    unsigned(body)?.iter().try_fold(0u32, |sum, it| sum.checked_mul(256)?.checked_add((*it).into()))
}

/// Whether an integer is encoded in the one way that DER allows.
pub(super) fn is_minimal_integer(body: &[u8]) -> bool {
    match body {
        [] => false,
        [0x00, second, ..] => second & 0x80 != 0,
        [0xff, second, ..] => second & 0x80 == 0,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths() {
        let long = [&[0x04, 0x81, 0x80][..], &[7; 128]].concat();
        let open = [0x30, 0x80, 0x04, 0x01, 0x07, 0x30, 0x80, 0x00, 0x00, 0x00, 0x00, 0x99];
        let rows: [(&[u8], Option<usize>, Option<usize>); 7] = [
            (&[0x04, 0x01, 0x07, 0x99], Some(1), Some(1)),
            (&[0x04, 0x81, 0x01, 0x07], None, Some(1)),
            (&[0x04, 0x02, 0x07], None, None),
            (&[0x04, 0x85, 0, 0, 0, 0, 1, 7], None, Some(1)),
            (&[0x04, 0x88, 255, 255, 255, 255, 255, 255, 255, 255], None, None),
            (&long, Some(128), Some(128)),
            (&open, None, Some(7)),
        ];
        for (bytes, go, lenient) in rows {
            let length = |rules| Reader::new(bytes, rules).any().map(|it| it.body.len());
            assert_eq!((length(Rules::Go), length(Rules::Lenient)), (go, lenient), "{bytes:02x?}");
        }
    }
}
