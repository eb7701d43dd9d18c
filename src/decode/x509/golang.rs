//! Go's verdict on a certificate: its own words for what it refuses.
//!
//! kubectl repeats these words, so the order of the tests is Go's.

use std::{borrow::Cow, collections::BTreeSet};

use super::{
    super::{
        curve, der,
        der::{Reader, Rules, Value, context, context_constructed},
        oid::{self, Oid, oid},
        url::{self, Url},
    },
    EC, ED25519, RSA,
};

type Verdict<T> = Result<T, Cow<'static, str>>;

/// Why Go refuses to read this certificate; none when it reads it.
///
/// Mirrors: ParseCertificate, Go 1.24 crypto/x509/parser.go.
pub(super) fn refusal(bytes: &[u8]) -> Option<Cow<'static, str>> {
    let mut input = Reader::new(bytes, Rules::Go);
    let verdict = parse(&mut input)
        .and_then(|()| if input.is_empty() { Ok(()) } else { Err("x509: trailing data".into()) });
    verdict.err()
}

/// Mirrors: parseCertificate, Go 1.24 crypto/x509/parser.go.
fn parse(input: &mut Reader<'_>) -> Verdict<()> {
    let mut input = input.enter(der::SEQUENCE).ok_or("x509: malformed certificate")?;
    let mut tbs = input.enter(der::SEQUENCE).ok_or("x509: malformed tbs certificate")?;
    let version = version(&mut tbs)?;
    let serial = integer(&mut tbs).ok_or("x509: malformed serial number")?;
    if serial.first().is_some_and(|it| it & 0x80 != 0) {
        return Err("x509: negative serial number".into());
    }
    let inner = tbs.take(der::SEQUENCE).ok_or("x509: malformed signature algorithm identifier")?;
    let outer = input.take(der::SEQUENCE).ok_or("x509: malformed algorithm identifier")?;
    if inner.body != outer.body {
        return Err("x509: inner and outer signature algorithm identifiers don't match".into());
    }
    algorithm_identifier(inner)?;
    name(tbs.take(der::SEQUENCE).ok_or("x509: malformed issuer")?)?;
    let mut validity = tbs.enter(der::SEQUENCE).ok_or("x509: malformed validity")?;
    time(&mut validity)?;
    time(&mut validity)?;
    // Go calls a malformed subject an issuer, too.
    name(tbs.take(der::SEQUENCE).ok_or("x509: malformed issuer")?)?;
    let mut spki = tbs.enter(der::SEQUENCE).ok_or("x509: malformed spki")?;
    let algorithm =
        spki.take(der::SEQUENCE).ok_or("x509: malformed public key algorithm identifier")?;
    let (oid, parameters) = algorithm_identifier(algorithm)?;
    let key = bits(&mut spki).ok_or("x509: malformed subjectPublicKey")?;
    public_key(oid, parameters, key)?;
    if 1 < version {
        for (tag, fault) in
            [(1, "x509: malformed issuerUniqueID"), (2, "x509: malformed subjectUniqueID")]
        {
            optional(&mut tbs, context(tag)).ok_or(fault)?;
        }
    }
    if version == 3 {
        let list =
            optional(&mut tbs, context_constructed(3)).ok_or("x509: malformed extensions")?;
        if let Some(list) = list {
            extensions(list)?;
        }
    }
    bits(&mut input).ok_or("x509: malformed signature")?;
    Ok(())
}

fn version(tbs: &mut Reader<'_>) -> Verdict<u32> {
    const FAULT: &str = "x509: malformed version";
    let version = match optional(tbs, context_constructed(0)).ok_or(FAULT)? {
        Some(it) => {
            let mut inside = it.inside();
            let body = integer(&mut inside).filter(|_| inside.is_empty()).ok_or(FAULT)?;
            der::small(body).filter(|it| *it <= 3).ok_or(FAULT)?
        }
        None => 0,
    };
    if version == 3 { Err("x509: invalid version".into()) } else { Ok(version + 1) }
}

/// An optional value: the outer option says whether it is sound, the inner one whether it is there.
fn optional<'a>(reader: &mut Reader<'a>, tag: u8) -> Option<Option<Value<'a>>> {
    if reader.peek() != Some(tag) {
        return Some(None);
    }
    reader.take(tag).map(Some)
}

fn integer<'a>(reader: &mut Reader<'a>) -> Option<&'a [u8]> {
    let body = reader.take(der::INTEGER)?.body;
    der::is_minimal_integer(body).then_some(body)
}

/// An integer that fits in 64 bits with its sign.
fn integer64(body: &[u8]) -> Option<i64> {
    if !der::is_minimal_integer(body) || 8 < body.len() {
        return None;
    }
    let sign = if body.first()? & 0x80 == 0 { 0 } else { -1 };
    Some(body.iter().fold(sign, |sum, it| sum << 8 | i64::from(*it)))
}

/// Mirrors: ReadASN1BitString, golang.org/x/crypto v0.36 cryptobyte/asn1.go.
fn bits<'a>(reader: &mut Reader<'a>) -> Option<&'a [u8]> {
    let (unused, bytes) = reader.bits()?;
    let spare = bytes.last().copied().unwrap_or(0) & ((1u8 << unused) - 1);
    (spare == 0).then_some(bytes)
}

/// Go keeps the parts of an object identifier in 31 bits.
///
/// Mirrors: ReadASN1ObjectIdentifier, golang.org/x/crypto v0.36 cryptobyte/asn1.go.
fn oid<'a>(reader: &mut Reader<'a>) -> Option<&'a [u8]> {
    // Five digits of seven bits, the first one of at most three.
    let body = reader.take(der::OID)?.body;
    oid::is_sound(body, 5, 0x87).then_some(body)
}

/// Mirrors: ReadASN1Boolean, golang.org/x/crypto v0.36 cryptobyte/asn1.go.
fn boolean(reader: &mut Reader<'_>) -> Option<bool> {
    match reader.take(der::BOOLEAN)?.body {
        [0x00] => Some(false),
        [0xff] => Some(true),
        _ => None,
    }
}

/// Mirrors: parseAI, Go 1.24 crypto/x509/parser.go.
fn algorithm_identifier(it: Value<'_>) -> Verdict<(&[u8], &[u8])> {
    let mut parts = it.inside();
    let oid = oid(&mut parts).ok_or("x509: malformed OID")?;
    if parts.is_empty() {
        return Ok((oid, &[]));
    }
    let parameters = parts.any().ok_or("x509: malformed parameters")?;
    Ok((oid, parameters.raw))
}

/// Mirrors: parseName, Go 1.24 crypto/x509/parser.go.
fn name(it: Value<'_>) -> Verdict<()> {
    const FAULT: &str = "x509: invalid RDNSequence";
    let mut names = it.inside();
    while !names.is_empty() {
        let mut set = names.enter(der::SET).ok_or(FAULT)?;
        while !set.is_empty() {
            let mut attribute =
                set.enter(der::SEQUENCE).ok_or("x509: invalid RDNSequence: invalid attribute")?;
            oid(&mut attribute).ok_or("x509: invalid RDNSequence: invalid attribute type")?;
            let value =
                attribute.any().ok_or("x509: invalid RDNSequence: invalid attribute value")?;
            string(value).map_err(|it| {
                Cow::from(format!("x509: invalid RDNSequence: invalid attribute value: {it}"))
            })?;
        }
    }
    Ok(())
}

/// Mirrors: parseASN1String, Go 1.24 crypto/x509/parser.go.
fn string(it: Value<'_>) -> Result<(), String> {
    let printable = |byte: &u8| byte.is_ascii_alphanumeric() || b"'()+,-./ :=?*&".contains(byte);
    let (sound, kind) = match it.tag {
        der::T61_STRING => (true, ""),
        der::PRINTABLE_STRING => (it.body.iter().all(printable), "PrintableString"),
        der::UTF8_STRING => (std::str::from_utf8(it.body).is_ok(), "UTF-8 string"),
        der::BMP_STRING => (is_bmp(it.body), "BMPString"),
        der::IA5_STRING => (it.body.is_ascii(), "IA5String"),
        der::NUMERIC_STRING => {
            (it.body.iter().all(|it| it.is_ascii_digit() || *it == b' '), "NumericString")
        }
        other => return Err(format!("unsupported string type: {other}")),
    };
    if sound { Ok(()) } else { Err(format!("invalid {kind}")) }
}

fn is_bmp(body: &[u8]) -> bool {
    let body = body.strip_suffix(&[0, 0]).unwrap_or(body);
    body.len().is_multiple_of(2)
        && body.chunks_exact(2).all(|pair| {
            let unit = pair.iter().fold(0u16, |sum, it| sum << 8 | u16::from(*it));
            !matches!(unit, 0xfffe | 0xffff | 0xfdd0..=0xfdef | 0xd800..=0xdfff)
        })
}

/// Mirrors: readASN1Time, Go 1.24 crypto/x509/parser.go.
fn time(reader: &mut Reader<'_>) -> Verdict<()> {
    let (digits, fault) = match reader.peek() {
        // The seconds are optional in a UTCTime, to Go.
        Some(der::UTC_TIME) => (&[10, 12][..], "x509: malformed UTCTime"),
        Some(der::GENERALIZED_TIME) => (&[14][..], "x509: malformed GeneralizedTime"),
        _ => return Err("x509: unsupported time format".into()),
    };
    let value = reader.any().ok_or(fault)?;
    let n_digits = value.body.iter().take_while(|it| it.is_ascii_digit()).count();
    let zone = value.body.get(n_digits..).unwrap_or_default();
    let zone = match zone {
        b"Z" => true,
        [b'+' | b'-', hours @ ..] => hours.len() == 4 && hours != b"0000",
        _ => false,
    };
    let sound = digits.contains(&n_digits) && zone && super::moment(value).is_some();
    if sound { Ok(()) } else { Err(fault.into()) }
}

/// Mirrors: parsePublicKey, Go 1.24 crypto/x509/parser.go.
fn public_key(oid: &[u8], parameters: &[u8], key: &[u8]) -> Verdict<()> {
    match oid {
        RSA => rsa_key(parameters, key),
        EC => {
            let mut parameters = Reader::new(parameters, Rules::Go);
            let curve = self::oid(&mut parameters).ok_or("x509: invalid ECDSA parameters")?;
            match oid::curve(Oid(curve)).and_then(|it| curve::has_point(it.0, key)) {
                Some(true) => Ok(()),
                Some(false) => Err("x509: failed to unmarshal elliptic curve point".into()),
                None => Err("x509: unsupported elliptic curve".into()),
            }
        }
        ED25519 if !parameters.is_empty() => {
            Err("x509: Ed25519 key encoded with illegal parameters".into())
        }
        ED25519 if key.len() != 32 => Err("x509: wrong Ed25519 public key size".into()),
        DSA => dsa_key(parameters, key),
        _ => Ok(()),
    }
}

const DSA: &[u8] = oid!("1.2.840.10040.4.1");
const AUTHORITY_INFORMATION_ACCESS: &[u8] = oid!("1.3.6.1.5.5.7.1.1");

fn rsa_key(parameters: &[u8], key: &[u8]) -> Verdict<()> {
    if parameters != [der::NULL, 0] {
        return Err("x509: RSA key missing NULL parameters".into());
    }
    let mut parts =
        Reader::new(key, Rules::Go).enter(der::SEQUENCE).ok_or("x509: invalid RSA public key")?;
    let modulus = integer(&mut parts).ok_or("x509: invalid RSA modulus")?;
    let exponent =
        integer(&mut parts).and_then(integer64).ok_or("x509: invalid RSA public exponent")?;
    if !is_positive(modulus) {
        return Err("x509: RSA modulus is not a positive number".into());
    }
    if exponent <= 0 {
        return Err("x509: RSA public exponent is not a positive number".into());
    }
    Ok(())
}

fn dsa_key(parameters: &[u8], key: &[u8]) -> Verdict<()> {
    let y = integer(&mut Reader::new(key, Rules::Go)).ok_or("x509: invalid DSA public key")?;
    const FAULT: &str = "x509: invalid DSA parameters";
    let mut parts = Reader::new(parameters, Rules::Go).enter(der::SEQUENCE).ok_or(FAULT)?;
    let mut numbers = vec![y];
    for _ in 0..3 {
        numbers.push(integer(&mut parts).ok_or(FAULT)?);
    }
    if numbers.into_iter().all(is_positive) {
        Ok(())
    } else {
        Err("x509: zero or negative DSA parameter".into())
    }
}

fn is_positive(body: &[u8]) -> bool {
    der::unsigned(body).is_some_and(|it| !it.is_empty())
}

fn extensions(list: Value<'_>) -> Verdict<()> {
    let mut list = list.inside().enter(der::SEQUENCE).ok_or("x509: malformed extensions")?;
    let mut seen = BTreeSet::new();
    let mut all = Vec::new();
    while !list.is_empty() {
        let mut parts = list.enter(der::SEQUENCE).ok_or("x509: malformed extension")?;
        let oid = oid(&mut parts).ok_or("x509: malformed extension OID field")?;
        let critical = match parts.peek() {
            Some(der::BOOLEAN) => {
                boolean(&mut parts).ok_or("x509: malformed extension critical field")?
            }
            _ => false,
        };
        let value = parts.take(der::OCTET_STRING).ok_or("x509: malformed extension value field")?;
        if !seen.insert(oid) {
            let oid = Oid(oid);
            let text = format!("x509: certificate contains duplicate extension with OID \"{oid}\"");
            return Err(text.into());
        }
        all.push((oid, critical, value.body));
    }
    for (oid, critical, value) in all {
        extension(oid, critical, Reader::new(value, Rules::Go))?;
    }
    Ok(())
}

/// Mirrors: processExtensions, Go 1.24 crypto/x509/parser.go.
fn extension(oid: &[u8], critical: bool, mut value: Reader<'_>) -> Verdict<()> {
    let id = match oid {
        // 2.5.29.
        [0x55, 0x1d, id] => *id,
        AUTHORITY_INFORMATION_ACCESS => return authority_information_access(critical, value),
        _ => return Ok(()),
    };
    match id {
        15 => {
            bits(&mut value).ok_or("x509: invalid key usage")?;
        }
        19 => basic_constraints(value).ok_or("x509: invalid basic constraints")?,
        17 => subject_alternative_names(value)?,
        30 => name_constraints(value)?,
        31 => distribution_points(value)?,
        35 => {
            if critical {
                return Err("x509: authority key identifier incorrectly marked critical".into());
            }
            const FAULT: &str = "x509: invalid authority key identifier";
            let mut parts = value.enter(der::SEQUENCE).ok_or(FAULT)?;
            optional(&mut parts, context(0)).ok_or(FAULT)?;
        }
        36 => {
            const FAULT: &str = "x509: invalid policy constraints extension";
            let mut parts = value.enter(der::SEQUENCE).ok_or(FAULT)?;
            for tag in [context(0), context(1)] {
                let Some(it) = optional(&mut parts, tag).ok_or(FAULT)? else { continue };
                integer64(it.body).ok_or(FAULT)?;
            }
        }
        37 => {
            const FAULT: &str = "x509: invalid extended key usages";
            let mut list = value.enter(der::SEQUENCE).ok_or(FAULT)?;
            while !list.is_empty() {
                self::oid(&mut list).ok_or(FAULT)?;
            }
        }
        14 => {
            if critical {
                return Err("x509: subject key identifier incorrectly marked critical".into());
            }
            value.take(der::OCTET_STRING).ok_or("x509: invalid subject key identifier")?;
        }
        32 => {
            const FAULT: &str = "x509: invalid certificate policies";
            let mut list = value.enter(der::SEQUENCE).ok_or(FAULT)?;
            while !list.is_empty() {
                let mut policy = list.enter(der::SEQUENCE).ok_or(FAULT)?;
                policy.oid().ok_or(FAULT)?;
            }
        }
        33 => {
            const FAULT: &str = "x509: invalid policy mappings extension";
            let mut list = value.enter(der::SEQUENCE).ok_or(FAULT)?;
            while !list.is_empty() {
                let mut pair = list.enter(der::SEQUENCE).ok_or(FAULT)?;
                pair.take(der::OID).and_then(|_| pair.take(der::OID)).ok_or(FAULT)?;
            }
        }
        54 => {
            integer(&mut value)
                .and_then(integer64)
                .ok_or("x509: invalid inhibit any policy extension")?;
        }
        _ => {}
    }
    Ok(())
}

fn basic_constraints(mut value: Reader<'_>) -> Option<()> {
    let mut parts = value.enter(der::SEQUENCE)?;
    if parts.peek() == Some(der::BOOLEAN) {
        boolean(&mut parts)?;
    }
    if parts.peek() == Some(der::INTEGER) {
        integer(&mut parts).and_then(integer64).filter(|it| 0 <= *it)?;
    }
    Some(())
}

/// Mirrors: parseSANExtension, Go 1.24 crypto/x509/parser.go.
fn subject_alternative_names(mut value: Reader<'_>) -> Verdict<()> {
    let mut list = value.enter(der::SEQUENCE).ok_or("x509: invalid subject alternative names")?;
    while !list.is_empty() {
        let it = list.any().ok_or("x509: invalid subject alternative name")?;
        let ascii = it.body.is_ascii();
        match it.tag ^ 0x80 {
            1 if !ascii => return Err("x509: SAN rfc822Name is malformed".into()),
            2 if !ascii => return Err("x509: SAN dNSName is malformed".into()),
            6 if !ascii => {
                return Err("x509: SAN uniformResourceIdentifier is malformed".into());
            }
            6 => uri(&String::from_utf8_lossy(it.body))?,
            7 if !matches!(it.body.len(), 4 | 16) => {
                return Err(
                    format!("x509: cannot parse IP address of length {}", it.body.len()).into()
                );
            }
            _ => {}
        }
    }
    Ok(())
}

/// Mirrors: the URIs of parseSANExtension, Go 1.24 crypto/x509/parser.go, and domainToReverseLabels,
/// verify.go. The port belongs to the host there.
fn uri(text: &str) -> Verdict<()> {
    let quoted = url::quoted(text);
    let fault = match Url::parse(text) {
        Err(fault) => format!("parse {quoted}: {fault}"),
        Ok(it) => {
            let sound =
                |label: &str| !label.is_empty() && label.bytes().all(|it| it.is_ascii_graphic());
            if it.host.is_empty() || it.host.split('.').all(sound) {
                return Ok(());
            }
            "invalid domain".to_owned()
        }
    };
    Err(format!("x509: cannot parse URI {quoted}: {fault}").into())
}

/// Mirrors: parseNameConstraintsExtension, Go 1.24 crypto/x509/parser.go, without the syntax of
/// the names themselves.
fn name_constraints(mut value: Reader<'_>) -> Verdict<()> {
    const FAULT: &str = "x509: invalid NameConstraints extension";
    let mut parts = value.enter(der::SEQUENCE).filter(|_| value.is_empty()).ok_or(FAULT)?;
    let permitted = optional(&mut parts, context_constructed(0)).ok_or(FAULT)?;
    let excluded = optional(&mut parts, context_constructed(1)).ok_or(FAULT)?;
    if !parts.is_empty() {
        return Err(FAULT.into());
    }
    let lists = [permitted, excluded];
    if lists.iter().all(Option::is_none) {
        return Err("x509: empty name constraints extension".into());
    }
    if lists.iter().flatten().any(|it| it.body.is_empty()) {
        return Err("x509: empty name constraints subtree sequence".into());
    }
    for list in lists.into_iter().flatten() {
        let mut subtrees = list.inside();
        while !subtrees.is_empty() {
            let mut subtree = subtrees.enter(der::SEQUENCE).ok_or(FAULT)?;
            let it = subtree.any().ok_or(FAULT)?;
            let length = it.body.len();
            if it.tag == context(7) && !matches!(length, 8 | 32) {
                let text = format!("x509: IP constraint contained value of length {length}");
                return Err(text.into());
            }
        }
    }
    Ok(())
}

fn distribution_points(mut value: Reader<'_>) -> Verdict<()> {
    const FAULT: &str = "x509: invalid CRL distribution point";
    let mut list = value.enter(der::SEQUENCE).ok_or("x509: invalid CRL distribution points")?;
    while !list.is_empty() {
        let mut point = list.enter(der::SEQUENCE).ok_or(FAULT)?;
        let Some(it) = optional(&mut point, context_constructed(0)).ok_or(FAULT)? else {
            continue;
        };
        let mut names = it.inside().enter(context_constructed(0)).ok_or(FAULT)?;
        while names.peek() == Some(context(6)) {
            names.any().ok_or(FAULT)?;
        }
    }
    Ok(())
}

fn authority_information_access(critical: bool, mut value: Reader<'_>) -> Verdict<()> {
    if critical {
        return Err("x509: authority info access incorrectly marked critical".into());
    }
    const FAULT: &str = "x509: invalid authority info access";
    let mut list = value.enter(der::SEQUENCE).ok_or(FAULT)?;
    while !list.is_empty() {
        let mut access = list.enter(der::SEQUENCE).ok_or(FAULT)?;
        oid(&mut access).ok_or(FAULT)?;
        optional(&mut access, context(6)).ok_or(FAULT)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// kubectl 1.33's answers for a client certificate with such a URI among its names.
    #[test]
    fn uris() {
        let sound = [
            "spiffe://cluster/ns/a",
            "urn:x:y",
            "a:b:c",
            "http://a:8080",
            "http://a_b~!/",
            "http://user@h",
            "http://[::1]:1",
            "http://[fe80::1%25en0]/",
            "https://]:1",
            "*",
            "http://h\"x",
            "http://h%25x/",
        ];
        for text in sound {
            assert_eq!(uri(text), Ok(()), "{text}");
        }
        let refused = [
            ("http://[::1", r#"parse "http://[::1": missing ']' in host"#),
            ("http://a b/", r#"parse "http://a b/": invalid character " " in host name"#),
            ("http://a..b/", "invalid domain"),
            ("http://a.", "invalid domain"),
            ("http://.a", "invalid domain"),
            ("//..", "invalid domain"),
            ("%zz", r#"parse "%zz": invalid URL escape "%zz""#),
            ("http://a:b", r#"parse "http://a:b": invalid port ":b" after host"#),
            (
                "10.0.0.1:80",
                r#"parse "10.0.0.1:80": first path segment in URL cannot contain colon"#,
            ),
            ("x://%41", r#"parse "x://%41": invalid URL escape "%41""#),
        ];
        for (text, fault) in refused {
            let expected = format!("x509: cannot parse URI \"{text}\": {fault}");
            assert_eq!(uri(text), Err(expected.into()));
        }
    }
}
