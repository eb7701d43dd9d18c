//! Distinguished names and the string types that they are written in.

use super::{
    super::{der, der::Reader, hex, oid},
    Attribute, Name,
};

/// Reads the relative distinguished names in `names`, the inside of the sequence `raw`.
///
/// None when the structure is broken; a value of an odd type is shown in hex instead.
pub(super) fn name(raw: &[u8], mut names: Reader<'_>) -> Option<Name> {
    let mut rdns = Vec::new();
    let mut attributes = Vec::new();
    while !names.is_empty() {
        let mut set = names.enter(der::SET)?;
        let mut parts = Vec::new();
        while !set.is_empty() {
            let mut attribute = set.enter(der::SEQUENCE)?;
            let oid = attribute.oid()?;
            let value = attribute.any()?;
            let text = text(value.tag, value.body);
            parts.push(rfc4514_part(&oid, text.as_deref(), value.raw));
            attributes.push(Attribute {
                name: oid::attribute(&oid).unwrap_or(&oid).to_owned(),
                oid,
                value: text.unwrap_or_else(|| format!("#{}", hex(value.raw))),
                rdn: rdns.len(),
            });
        }
        rdns.push(parts.join("+"));
    }
    rdns.reverse();
    Some(Name { rfc4514: rdns.join(","), attributes, der: raw.to_vec() })
}

/// One `type=value`.
///
/// RFC 4514, section 2.3 and 2.4: a type without a name is written dotted, its value in hex.
fn rfc4514_part(oid: &str, text: Option<&str>, raw: &[u8]) -> String {
    // The one short name that RFC 4514 spells otherwise than openssl.
    let name = oid::attribute(oid).map(|it| if it == "street" { "STREET" } else { it });
    match (name, text) {
        (Some(name), Some(text)) => format!("{name}={}", escape(text)),
        (Some(name), None) => format!("{name}=#{}", hex(raw).to_ascii_uppercase()),
        (None, _) => format!("{oid}=#{}", hex(raw).to_ascii_uppercase()),
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
pub(super) fn text(tag: u8, body: &[u8]) -> Option<String> {
    match tag {
        der::UTF8_STRING
        | der::NUMERIC_STRING
        | der::PRINTABLE_STRING
        | der::IA5_STRING
        | der::VISIBLE_STRING => Some(match std::str::from_utf8(body) {
            Ok(text) => text.to_owned(),
            Err(_) => latin1(body),
        }),
        der::T61_STRING => Some(latin1(body)),
        der::BMP_STRING if body.len().is_multiple_of(2) => {
            let units = body.chunks_exact(2).map(|it| it.iter().fold(0, shift_in));
            Some(char::decode_utf16(units).map(|it| it.unwrap_or('\u{fffd}')).collect())
        }
        der::UNIVERSAL_STRING if body.len().is_multiple_of(4) => {
            let units = body
                .chunks_exact(4)
                .map(|it| it.iter().fold(0u32, |sum, it| sum << 8 | u32::from(*it)));
            Some(units.map(|it| char::from_u32(it).unwrap_or('\u{fffd}')).collect())
        }
        _ => None,
    }
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
