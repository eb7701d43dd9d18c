//! URLs as Go reads them, and its words for those that it does not.
//!
//! Knows no IDNA and joins no paths: client-go does neither. Reads none that is longer than
//! [`MAX_ADDRESS`], which Go would.

use crate::masking::{MAX_ADDRESS, too_long};

/// The parts of a URL.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Url {
    /// Scheme in lower case; empty when there is none.
    pub scheme: String,
    /// What follows the scheme when that is no slash, as in `mailto:a@b`.
    pub opaque: String,
    /// User name and password as written; none when there is no `@`.
    pub userinfo: Option<String>,
    /// Host and port, percent escapes undone; brackets stay.
    pub host: String,
    /// Path as written.
    pub path: String,
    /// Query and fragment as written, with their `?` and `#`.
    pub tail: String,
}

impl Url {
    /// Reads `text`; the error is Go's reason, without the text, or ours where it is too long.
    ///
    /// Mirrors: Parse, Go 1.24 net/url/url.go.
    pub fn parse(text: &str) -> Result<Url, String> {
        if MAX_ADDRESS < text.len() {
            return Err(too_long(text));
        }
        let (head, fragment) = cut(text, '#');
        let it = parse(head)?;
        check_escapes(fragment)?;
        let tail = format!("{}{}", it.tail, text.get(head.len()..).unwrap_or(""));
        Ok(Url { tail, ..it })
    }

    /// The host without brackets and port.
    ///
    /// Mirrors: splitHostPort, Go 1.24 net/url/url.go.
    pub fn hostname(&self) -> &str {
        let (host, _) = self.split_port();
        host.strip_prefix('[').and_then(|it| it.strip_suffix(']')).unwrap_or(host)
    }

    /// The port as written, without the colon; empty when there is none.
    pub fn port(&self) -> &str {
        self.split_port().1
    }

    fn split_port(&self) -> (&str, &str) {
        match self.host.rsplit_once(':') {
            Some((host, port)) if is_digits(port) => (host, port),
            _ => (&self.host, ""),
        }
    }
}

fn is_digits(port: &str) -> bool {
    port.bytes().all(|it| it.is_ascii_digit())
}

fn cut(text: &str, at: char) -> (&str, &str) {
    text.split_once(at).unwrap_or((text, ""))
}

/// Mirrors: parse, Go 1.24 net/url/url.go.
fn parse(text: &str) -> Result<Url, String> {
    if text.bytes().any(|it| it < 0x20 || it == 0x7f) {
        return Err("net/url: invalid control character in URL".to_owned());
    }
    if text == "*" {
        return Ok(Url { path: text.to_owned(), ..Url::default() });
    }
    let (scheme, rest) = scheme(text)?;
    let mut url = Url { scheme: scheme.to_ascii_lowercase(), ..Url::default() };
    let (rest, _) = cut(rest, '?');
    url.tail = text.get(scheme_length(scheme) + rest.len()..).unwrap_or_default().to_owned();
    let mut path = rest;
    if !rest.starts_with('/') {
        if !url.scheme.is_empty() {
            return Ok(Url { opaque: rest.to_owned(), ..url });
        }
        if cut(rest, '/').0.contains(':') {
            return Err("first path segment in URL cannot contain colon".to_owned());
        }
    }
    let has_authority = !url.scheme.is_empty() || !rest.starts_with("///");
    if let Some(after) = rest.strip_prefix("//").filter(|_| has_authority) {
        let authority = cut(after, '/').0;
        path = after.get(authority.len()..).unwrap_or_default();
        (url.userinfo, url.host) = parse_authority(authority)?;
    }
    check_escapes(path)?;
    Ok(Url { path: path.to_owned(), ..url })
}

/// Length of the scheme with its colon.
fn scheme_length(scheme: &str) -> usize {
    if scheme.is_empty() { 0 } else { scheme.len() + 1 }
}

/// Mirrors: getScheme, Go 1.24 net/url/url.go.
fn scheme(text: &str) -> Result<(&str, &str), String> {
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' | b'+' | b'-' | b'.' if at != 0 => {}
            b':' if at == 0 => return Err("missing protocol scheme".to_owned()),
            b':' => return Ok(cut(text, ':')),
            _ => break,
        }
    }
    Ok(("", text))
}

/// Mirrors: parseAuthority, Go 1.24 net/url/url.go.
fn parse_authority(authority: &str) -> Result<(Option<String>, String), String> {
    let Some((userinfo, host)) = authority.rsplit_once('@') else {
        return Ok((None, parse_host(authority)?));
    };
    let host = parse_host(host)?;
    let valid = |it: u8| it.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(&it);
    if !userinfo.bytes().all(valid) {
        return Err("net/url: invalid userinfo".to_owned());
    }
    check_escapes(userinfo)?;
    Ok((Some(userinfo.to_owned()), host))
}

/// Mirrors: parseHost, Go 1.24 net/url/url.go.
fn parse_host(host: &str) -> Result<String, String> {
    if !host.starts_with('[') {
        if let Some(at) = host.rfind(':') {
            check_port(host.get(at..).unwrap_or_default())?;
        }
        return unescape(host, Part::Host);
    }
    let Some(end) = host.rfind(']') else { return Err("missing ']' in host".to_owned()) };
    check_port(host.get(end + 1..).unwrap_or_default())?;
    // Only the zone of an address may hold escapes of bytes that are no ASCII.
    match host.get(..end).and_then(|it| it.find("%25")) {
        Some(zone) => {
            let parts = [(..zone, Part::Host), (..end, Part::Zone)];
            let [address, with_zone] = parts.map(|(range, part)| (host.get(range), part));
            let address = unescape(address.0.unwrap_or_default(), address.1)?;
            let zone_text = with_zone.0.and_then(|it| it.get(zone..)).unwrap_or_default();
            let zone_text = unescape(zone_text, with_zone.1)?;
            let rest = unescape(host.get(end..).unwrap_or_default(), Part::Host)?;
            Ok(format!("{address}{zone_text}{rest}"))
        }
        None => unescape(host, Part::Host),
    }
}

/// Mirrors: validOptionalPort, Go 1.24 net/url/url.go.
fn check_port(port: &str) -> Result<(), String> {
    match port.strip_prefix(':') {
        _ if port.is_empty() => Ok(()),
        Some(digits) if is_digits(digits) => Ok(()),
        _ => Err(format!("invalid port {} after host", quoted(port))),
    }
}

/// Where percent escapes are undone.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Host,
    Zone,
}

/// Mirrors: unescape, Go 1.24 net/url/url.go.
fn unescape(text: &str, part: Part) -> Result<String, String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(&byte) = text.as_bytes().get(at) {
        if byte == b'%' {
            let escape = text.as_bytes().get(at..(at + 3).min(text.len())).unwrap_or_default();
            let value = escape_value(escape)?;
            let allowed = match part {
                // A host may hold escapes of bytes that are no ASCII, and of the percent sign
                // that begins a zone.
                Part::Host => 0x80 <= value || escape == b"%25",
                Part::Zone => escape == b"%25" || value == b' ' || !is_bad_in_host(value),
            };
            if !allowed {
                return Err(invalid_escape(escape));
            }
            bytes.push(value);
            at += 3;
            continue;
        }
        if byte < 0x80 && is_bad_in_host(byte) {
            let text = quoted(&char::from(byte).to_string());
            return Err(format!("invalid character {text} in host name"));
        }
        bytes.push(byte);
        at += 1;
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Mirrors: shouldEscape for a host, Go 1.24 net/url/url.go.
fn is_bad_in_host(byte: u8) -> bool {
    !(byte.is_ascii_alphanumeric() || b"-_.~!$&'()*+,;=:[]<>\"".contains(&byte))
}

fn escape_value(escape: &[u8]) -> Result<u8, String> {
    let digit = |at: usize| char::from(*escape.get(at)?).to_digit(16);
    let value = digit(1).zip(digit(2)).and_then(|(high, low)| u8::try_from(high * 16 + low).ok());
    value.ok_or_else(|| invalid_escape(escape))
}

fn invalid_escape(escape: &[u8]) -> String {
    format!("invalid URL escape {}", quoted(&String::from_utf8_lossy(escape)))
}

/// Paths and the like may hold any escape, if it is one.
fn check_escapes(text: &str) -> Result<(), String> {
    for (at, _) in text.match_indices('%') {
        escape_value(text.as_bytes().get(at..(at + 3).min(text.len())).unwrap_or_default())?;
    }
    Ok(())
}

/// The text between double quotes.
///
/// Mirrors: strconv.Quote, Go 1.24 strconv/quote.go.
pub fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\x07' => out.push_str("\\a"),
            '\x08' => out.push_str("\\b"),
            '\x0C' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\x0B' => out.push_str("\\v"),
            it if is_printed(it) => out.push(it),
            it if it.is_ascii() => out.push_str(&format!("\\x{:02x}", u32::from(it))),
            it if u32::from(it) < 0x1_0000 => out.push_str(&format!("\\u{:04x}", u32::from(it))),
            it => out.push_str(&format!("\\U{:08x}", u32::from(it))),
        }
    }
    out.push('"');
    out
}

/// Whether Go takes it for something that can be seen; of spaces only the common one counts.
fn is_printed(character: char) -> bool {
    match character {
        ' ' => true,
        it if it.is_control() || it.is_whitespace() => false,
        '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{FEFF}' => false,
        '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' => false,
        '\u{E000}'..='\u{F8FF}' | '\u{FFF0}'..='\u{FFFB}' | '\u{F0000}'.. => false,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Go 1.24's answers.
    #[test]
    fn errors() {
        let rows = [
            ("10.0.0.1:6443", "first path segment in URL cannot contain colon"),
            ("https://a:b", r#"invalid port ":b" after host"#),
            ("https://[::1", "missing ']' in host"),
            ("https://a b", r#"invalid character " " in host name"#),
            ("https://%zz/", r#"invalid URL escape "%zz""#),
            ("https://a/%zz", r#"invalid URL escape "%zz""#),
            (":6443", "missing protocol scheme"),
            ("https://a\n", "net/url: invalid control character in URL"),
            (" https://a", "first path segment in URL cannot contain colon"),
            ("https://u se@a", "net/url: invalid userinfo"),
        ];
        for (text, expected) in rows {
            assert_eq!(Url::parse(text).unwrap_err(), expected);
        }
        let long = "a".repeat(MAX_ADDRESS + 1);
        let expected = "an address of 16385 bytes, which is too long";
        assert_eq!(Url::parse(&long).unwrap_err(), expected);
        assert!(Url::parse(&long[1..]).is_ok());
    }

    /// kubectl 1.33's answers for a proxy of these.
    #[test]
    fn quotes() {
        let rows = [
            ("a\"\\\n\u{7f}", r#""a\"\\\n\x7f""#),
            ("é😀\u{301}\u{fffd}\u{2800}", "\"é😀\u{301}\u{fffd}\u{2800}\""),
            ("\u{85}\u{a0}\u{ad}", r#""\u0085\u00a0\u00ad""#),
            ("\u{2003}\u{2028}\u{202f}\u{3000}", r#""\u2003\u2028\u202f\u3000""#),
            ("\u{61c}\u{180e}\u{200b}", r#""\u061c\u180e\u200b""#),
            ("\u{e000}\u{10ffff}", r#""\ue000\U0010ffff""#),
        ];
        for (text, expected) in rows {
            assert_eq!(quoted(text), expected);
        }
    }

    #[test]
    fn parts() {
        let rows = [
            ("HTTPS://A.b:1/p?q#f", "https|A.b:1|A.b|1|/p|?q#f"),
            ("https://[fe80::1%25en0]:6443", "https|[fe80::1%en0]:6443|fe80::1%en0|6443||"),
            ("https://u:p@h", "https|h|h|||"),
            ("https://h:", "https|h:|h|||"),
            ("mailto:x?q", "mailto|||||?q"),
            ("//h/p", "|h|h||/p|"),
            ("/p", "||||/p|"),
            ("", "|||||"),
        ];
        for (text, expected) in rows {
            let it = Url::parse(text).unwrap();
            let found = [&it.scheme, &it.host, it.hostname(), it.port(), &it.path, &it.tail];
            assert_eq!(found.join("|"), expected, "{text}");
        }
    }
}
