//! What a scalar is: text, a number, a truth value, or nothing.
//!
//! The rules are those of YAML 1.1 as go-yaml reads them, so `no` is a truth value and `1_000` a
//! number.

use super::TAG_PREFIX;

/// A scalar with its meaning. Text means itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Scalar {
    Null,
    Bool(bool),
    Int(i64),
    /// More than fits an [`Scalar::Int`].
    Uint(u64),
    Float(f64),
    Text,
}

impl Scalar {
    /// The short tag of its type.
    fn tag(self) -> &'static str {
        match self {
            Scalar::Null => "!!null",
            Scalar::Bool(_) => "!!bool",
            Scalar::Int(_) | Scalar::Uint(_) => "!!int",
            Scalar::Float(_) => "!!float",
            Scalar::Text => "!!str",
        }
    }
}

/// The text does not have the type that its tag asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TagMismatch {
    /// The short tag of what the text is.
    pub(super) found: &'static str,
    /// The short tag that is written.
    pub(super) wanted: String,
}

/// Finds the meaning of `text` with that tag, which is whole or empty.
///
/// Mirrors: resolve, sigs.k8s.io/yaml v1.4.0 goyaml.v2/resolve.go.
pub(super) fn resolve(tag: &str, text: &str) -> Result<Scalar, TagMismatch> {
    let wanted = match tag.strip_prefix(TAG_PREFIX) {
        None if tag.is_empty() => return Ok(untagged(text)),
        Some(it @ ("bool" | "int" | "float" | "null" | "timestamp")) => it,
        _ => return Ok(Scalar::Text),
    };
    let found = match (wanted, untagged(text)) {
        ("timestamp", _) if is_timestamp(text) => return Ok(Scalar::Text),
        ("float", Scalar::Int(value)) => return Ok(Scalar::Float(value as f64)),
        (_, found) => found,
    };
    if wanted != "timestamp" && found.tag().trim_start_matches('!') == wanted {
        return Ok(found);
    }
    Err(TagMismatch { found: found.tag(), wanted: format!("!!{wanted}") })
}

/// What a plain text without a tag is.
fn untagged(text: &str) -> Scalar {
    let Some(&first) = text.as_bytes().first() else { return Scalar::Null };
    match first {
        b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~' => {
            word(text).unwrap_or(Scalar::Text)
        }
        b'.' => word(text).or_else(|| float_with_underscores(text)).unwrap_or(Scalar::Text),
        b'+' | b'-' | b'0'..=b'9' => word(text).or_else(|| number(text)).unwrap_or(Scalar::Text),
        _ => Scalar::Text,
    }
}

/// The words that are no text.
fn word(text: &str) -> Option<Scalar> {
    Some(match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            Scalar::Bool(true)
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            Scalar::Bool(false)
        }
        "~" | "null" | "Null" | "NULL" => Scalar::Null,
        ".nan" | ".NaN" | ".NAN" => Scalar::Float(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Scalar::Float(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => Scalar::Float(f64::NEG_INFINITY),
        _ => return None,
    })
}

fn number(text: &str) -> Option<Scalar> {
    if !text.bytes().all(|it| it.is_ascii_alphanumeric() || b"+-._".contains(&it)) {
        return None;
    }
    let plain = text.replace('_', "");
    integer(&plain).or_else(|| {
        let float = is_decimal(&plain).then(|| finite(&plain)).flatten();
        float.or_else(|| signed_binary(&plain))
    })
}

/// Mirrors: strconv.ParseInt and strconv.ParseUint with base 0, Go 1.24 strconv/atoi.go.
fn integer(text: &str) -> Option<Scalar> {
    let (negative, signed, digits) = match text.as_bytes().first()? {
        b'-' => (true, true, text.get(1..)?),
        b'+' => (false, true, text.get(1..)?),
        _ => (false, false, text),
    };
    let lower = digits.get(..2).map(str::to_ascii_lowercase);
    let (radix, digits) = match lower.as_deref() {
        Some("0x") => (16, digits.get(2..)?),
        Some("0o") => (8, digits.get(2..)?),
        Some("0b") => (2, digits.get(2..)?),
        Some(_) if digits.starts_with('0') => (8, digits.get(1..)?),
        _ => (10, digits),
    };
    // from_str_radix would take a second sign.
    if !digits.bytes().all(|it| it.is_ascii_alphanumeric()) {
        return None;
    }
    let magnitude = u64::from_str_radix(digits, radix).ok()?;
    let value = if negative { -i128::from(magnitude) } else { i128::from(magnitude) };
    match i64::try_from(value) {
        Ok(value) => Some(Scalar::Int(value)),
        Err(_) if signed => None,
        Err(_) => Some(Scalar::Uint(magnitude)),
    }
}

/// Whether it has the form `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`.
fn is_decimal(text: &str) -> bool {
    let text = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let digits = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
    let mantissa = match mantissa.split_once('.') {
        Some(("", fraction)) => digits(fraction),
        Some((whole, fraction)) => digits(whole) && (fraction.is_empty() || digits(fraction)),
        None => digits(mantissa),
    };
    mantissa && exponent.is_none_or(|it| digits(it.strip_prefix(['+', '-']).unwrap_or(it)))
}

/// Go reports a number that is too large as an error, and go-yaml then takes it for text.
fn finite(text: &str) -> Option<Scalar> {
    text.parse::<f64>().ok().filter(|it| it.is_finite()).map(Scalar::Float)
}

/// A number that begins with a point. Here go-yaml leaves the underscores to Go, which wants a
/// digit on both sides of each.
///
/// Mirrors: strconv.ParseFloat, Go 1.24 strconv/atof.go.
fn float_with_underscores(text: &str) -> Option<Scalar> {
    let mut before = '^';
    for character in text.chars().chain(['$']) {
        if (character == '_' && !before.is_ascii_digit())
            || (before == '_' && !character.is_ascii_digit())
        {
            return None;
        }
        before = character;
    }
    let plain = text.replace('_', "");
    is_decimal(&plain).then(|| finite(&plain)).flatten()
}

/// `0b` with a sign behind it, as in `0b-101`: go-yaml reads what follows `0b` once more by itself.
fn signed_binary(text: &str) -> Option<Scalar> {
    let digits = text.strip_prefix("0b")?;
    i64::from_str_radix(digits, 2).ok().map(Scalar::Int)
}

/// Whether it is a date, or a date with a time, as go-yaml knows them.
///
/// Mirrors: parseTimestamp, sigs.k8s.io/yaml v1.4.0 goyaml.v2/resolve.go.
fn is_timestamp(text: &str) -> bool {
    let Some((year, rest)) = text.split_once('-') else { return false };
    if year.len() != 4 || !year.bytes().all(|it| it.is_ascii_digit()) {
        return false;
    }
    let Some((month, rest)) = rest.split_once('-') else { return false };
    let day_length = rest.bytes().take(2).take_while(u8::is_ascii_digit).count();
    let (day, rest) = rest.split_at(day_length);
    let in_month = match (small(month, 1, 12), year.parse::<u32>()) {
        (Some(2), Ok(year)) => {
            let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
            small(day, 1, if leap { 29 } else { 28 })
        }
        (Some(4 | 6 | 9 | 11), _) => small(day, 1, 30),
        (Some(_), _) => small(day, 1, 31),
        (None, _) => None,
    };
    if in_month.is_none() {
        return false;
    }
    match rest.split_at_checked(1) {
        None => true,
        Some((" ", time)) => time_of_day(time) == Some(""),
        Some(("T" | "t", time)) => match time_of_day(time) {
            Some("Z") => true,
            Some(zone) => is_offset(zone),
            None => false,
        },
        Some(_) => false,
    }
}

/// A number of one or two digits between those two.
fn small(text: &str, least: u32, most: u32) -> Option<u32> {
    let fits = matches!(text.len(), 1 | 2) && text.bytes().all(|it| it.is_ascii_digit());
    fits.then(|| text.parse().ok()).flatten().filter(|it| (least..=most).contains(it))
}

/// What follows the time of day that `text` begins with.
fn time_of_day(text: &str) -> Option<&str> {
    let (hour, rest) = text.split_once(':')?;
    let (minute, rest) = rest.split_once(':')?;
    let length = rest.bytes().take(2).take_while(u8::is_ascii_digit).count();
    let (second, rest) = rest.split_at(length);
    let hour = hour.len() == 2 && small(hour, 0, 23).is_some();
    if !hour || small(minute, 0, 59).is_none() || small(second, 0, 59).is_none() {
        return None;
    }
    let Some(fraction) = rest.strip_prefix(['.', ',']) else { return Some(rest) };
    let after = fraction.trim_start_matches(|it: char| it.is_ascii_digit());
    (after.len() < fraction.len()).then_some(after)
}

/// Whether it is `+hh:mm` or `-hh:mm`.
fn is_offset(text: &str) -> bool {
    let Some((hour, minute)) = text.strip_prefix(['+', '-']).and_then(|it| it.split_once(':'))
    else {
        return false;
    };
    hour.len() == 2
        && minute.len() == 2
        && small(hour, 0, 24).is_some()
        && small(minute, 0, 60).is_some()
}
