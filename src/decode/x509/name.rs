//! Distinguished names and the string types that they are written in.

use std::borrow::Cow;

use super::{
    super::{
        der,
        der::{Reader, Rules, Value},
        hex,
        oid::{self, Oid, oid},
    },
    Attribute,
};

/// A distinguished name: its encoding, which is read when somebody asks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Name<'a> {
    /// The DER encoding, for comparison.
    pub der: &'a [u8],
}

impl<'a> Name<'a> {
    /// As an RFC 4514 string, the last attribute first: `CN=alice,O=dev`.
    pub fn rfc4514(self) -> String {
        let mut rdns: Vec<String> = Vec::new();
        let n_rdns = self.walk(&mut |rdn, oid, value| {
            let part = rfc4514_part(oid, value);
            match rdns.get_mut(rdn) {
                Some(it) => {
                    it.push('+');
                    it.push_str(&part);
                }
                None => {
                    rdns.resize(rdn, String::new());
                    rdns.push(part);
                }
            }
        });
        rdns.resize(n_rdns.unwrap_or(rdns.len()), String::new());
        rdns.reverse();
        rdns.join(",")
    }

    /// Attribute by attribute, in the order of the encoding.
    pub fn attributes(self) -> Vec<Attribute> {
        let mut attributes = Vec::new();
        self.walk(&mut |rdn, oid, value| {
            attributes.push(Attribute {
                name: oid::attribute(oid).map_or_else(|| oid.to_string().into(), Cow::from),
                oid: oid.to_string(),
                value: shown(value).into_owned(),
                rdn,
            });
        });
        attributes
    }

    /// The last common name. The API server takes it for the user's name.
    pub fn common_name(self) -> Option<Cow<'a, str>> {
        let mut last = None;
        self.walk(&mut |_, oid, value| {
            if oid.is(oid!("2.5.4.3")) {
                last = Some(value);
            }
        });
        last.map(shown)
    }

    /// All organizations. The API server takes them for the user's groups.
    pub fn organizations(self) -> Vec<String> {
        let mut all = Vec::new();
        self.walk(&mut |_, oid, value| {
            if oid.is(oid!("2.5.4.10")) {
                all.push(shown(value).into_owned());
            }
        });
        all
    }

    /// What a person knows it by: the common name, or all of it where there is none.
    pub fn title(self) -> Cow<'a, str> {
        self.common_name().unwrap_or_else(|| self.rfc4514().into())
    }

    /// Itself, if its structure is sound.
    pub(super) fn sound(self) -> Option<Name<'a>> {
        self.walk(&mut |_, _, _| {}).map(|_| self)
    }

    /// Shows each attribute, with the index of the relative distinguished name that it belongs
    /// to. How many of those there are; none when the structure is broken.
    fn walk(self, show: &mut dyn FnMut(usize, Oid<'a>, Value<'a>)) -> Option<usize> {
        let mut names = Reader::new(self.der, Rules::Lenient).any()?.inside();
        let mut n_rdns = 0;
        while !names.is_empty() {
            let mut set = names.enter(der::SET)?;
            while !set.is_empty() {
                let mut attribute = set.enter(der::SEQUENCE)?;
                show(n_rdns, attribute.oid()?, attribute.any()?);
            }
            n_rdns += 1;
        }
        Some(n_rdns)
    }
}

/// The value as text; in hex when it is of an odd type.
pub(super) fn shown(value: Value<'_>) -> Cow<'_, str> {
    text(value.tag, value.body).unwrap_or_else(|| format!("#{}", hex(value.raw)).into())
}

/// One `type=value`.
///
/// RFC 4514, section 2.3 and 2.4: a type without a name is written dotted, its value in hex.
fn rfc4514_part(oid: Oid<'_>, value: Value<'_>) -> String {
    // The one short name that RFC 4514 spells otherwise than openssl.
    let name = oid::attribute(oid).map(|it| if it == "street" { "STREET" } else { it });
    let raw = || hex(value.raw).to_ascii_uppercase();
    match (name, text(value.tag, value.body)) {
        (Some(name), Some(text)) => format!("{name}={}", escape(&text)),
        (Some(name), None) => format!("{name}=#{}", raw()),
        (None, _) => format!("{oid}=#{}", raw()),
    }
}

/// Escapes as RFC 4514, section 2.4 asks, and control characters besides.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let last = text.len().saturating_sub(1);
    for (at, c) in text.char_indices() {
        let edge = (at == 0 && matches!(c, ' ' | '#')) || (at == last && c == ' ');
        match c {
            '"' | '+' | ',' | ';' | '<' | '>' | '\\' => out.extend(['\\', c]),
            _ if edge => out.extend(['\\', c]),
            _ if c.is_control() => {
                for byte in c.to_string().bytes() {
                    out.push_str(&format!("\\{byte:02X}"));
                }
            }
            _ => out.push(c),
        }
    }
    out
}

/// The text of a value of any string type; none for other types.
///
/// Characters that the type does not allow are kept: openssl shows them too. T61 is read as
/// Latin-1, as openssl and Go do.
pub(super) fn text(tag: u8, body: &[u8]) -> Option<Cow<'_, str>> {
    Some(match tag {
        der::UTF8_STRING
        | der::NUMERIC_STRING
        | der::PRINTABLE_STRING
        | der::IA5_STRING
        | der::VISIBLE_STRING => match std::str::from_utf8(body) {
            Ok(text) => text.into(),
            Err(_) => latin1(body).into(),
        },
        der::T61_STRING => latin1(body).into(),
        der::BMP_STRING if body.len().is_multiple_of(2) => {
            // Go takes zero at the end for a terminator.
            let units = body
                .strip_suffix(&[0, 0])
                .unwrap_or(body)
                .chunks_exact(2)
                .map(|it| it.iter().fold(0, shift_in));
            char::decode_utf16(units).map(|it| it.unwrap_or('\u{fffd}')).collect::<String>().into()
        }
        der::UNIVERSAL_STRING if body.len().is_multiple_of(4) => {
            let units = body
                .chunks_exact(4)
                .map(|it| it.iter().fold(0u32, |sum, it| sum << 8 | u32::from(*it)));
            let text: String = units.map(|it| char::from_u32(it).unwrap_or('\u{fffd}')).collect();
            text.into()
        }
        _ => return None,
    })
}

fn shift_in(sum: u16, byte: &u8) -> u16 {
    sum << 8 | u16::from(*byte)
}

fn latin1(body: &[u8]) -> String {
    body.iter().copied().map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_bytes_of_zero_end_a_text_of_two_byte_characters() {
        let rows = [("\0a\0b", "ab"), ("\0a\0\0", "a"), ("\0\0\0a", "\0a"), ("\0\0", "")];
        for (body, expected) in rows {
            assert_eq!(text(der::BMP_STRING, body.as_bytes()).as_deref(), Some(expected));
        }
    }

    #[test]
    fn escapes() {
        // RFC 4514, section 4, and what `openssl x509 -nameopt RFC2253` prints.
        let rows = [
            ("James \"Jim\" Smith, III", "James \\\"Jim\\\" Smith\\, III"),
            ("Before\rAfter", "Before\\0DAfter"),
            (" #x ", "\\ #x\\ "),
            ("#x", "\\#x"),
            (" ", "\\ "),
            ("Lučić", "Lučić"),
            ("a=b", "a=b"),
            ("", ""),
            ("\u{85}\0", "\\C2\\85\\00"),
        ];
        for (text, expected) in rows {
            assert_eq!(escape(text), expected, "{text:?}");
        }
    }
}
