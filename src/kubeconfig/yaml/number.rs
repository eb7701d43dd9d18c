//! Numbers as Go writes them.

/// Significant digits and decimal exponent of the shortest text that reads back the same.
struct Shortest {
    negative: bool,
    digits: String,
    /// Of the first digit.
    exponent: i32,
}

impl Shortest {
    /// Takes apart what `{:e}` has written.
    fn new(written: &str) -> Shortest {
        let (negative, written) = match written.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, written),
        };
        let (mantissa, exponent) = written.split_once('e').unwrap_or((written, "0"));
        Shortest {
            negative,
            digits: mantissa.replace('.', ""),
            exponent: exponent.parse().unwrap_or(0),
        }
    }

    /// As in `1.5e+06`; the exponent has at least `least` digits.
    fn scientific(&self, least: usize) -> String {
        let (first, rest) = self.digits.split_at(1);
        let point = if rest.is_empty() { "" } else { "." };
        let sign = if self.exponent < 0 { '-' } else { '+' };
        let exponent = self.exponent.unsigned_abs();
        format!("{}{first}{point}{rest}e{sign}{exponent:0least$}", self.sign())
    }

    /// As in `1500000`.
    fn positional(&self) -> String {
        let mut out = self.sign().to_owned();
        let length = i32::try_from(self.digits.len()).unwrap_or(i32::MAX);
        if self.exponent < 0 {
            out.push_str("0.");
            out.extend((1..-self.exponent).map(|_| '0'));
            out.push_str(&self.digits);
        } else if length <= self.exponent + 1 {
            out.push_str(&self.digits);
            out.extend((length..=self.exponent).map(|_| '0'));
        } else {
            let (whole, fraction) =
                self.digits.split_at((self.exponent + 1).unsigned_abs() as usize);
            out.push_str(whole);
            out.push('.');
            out.push_str(fraction);
        }
        out
    }

    fn sign(&self) -> &'static str {
        if self.negative { "-" } else { "" }
    }
}

/// A number as the key of a JSON object. It loses precision on the way, as in kubectl.
///
/// Mirrors: convertToJSONableObject, sigs.k8s.io/yaml v1.4.0 yaml.go, which takes
/// strconv.FormatFloat with 'g', -1 and 32.
pub(super) fn float_key(value: f64) -> String {
    let value = value as f32;
    if value.is_nan() {
        return ".nan".to_owned();
    }
    if value.is_infinite() {
        return if value < 0.0 { "-.inf" } else { ".inf" }.to_owned();
    }
    general(&Shortest::new(&format!("{value:e}")))
}

/// A number as Go's `%#v` prints it.
///
/// Mirrors: fmt.fmtFloat, Go 1.24 fmt/format.go, with 'g' and the shortest precision.
pub(super) fn float_syntax(value: f64) -> String {
    match value {
        it if it.is_nan() => "NaN".to_owned(),
        f64::INFINITY => "+Inf".to_owned(),
        f64::NEG_INFINITY => "-Inf".to_owned(),
        it => general(&Shortest::new(&format!("{it:e}"))),
    }
}

/// As strconv.FormatFloat writes it with 'g' and the shortest precision.
fn general(shortest: &Shortest) -> String {
    match shortest.exponent {
        -4..=5 => shortest.positional(),
        _ => shortest.scientific(2),
    }
}

/// A number as Go writes it into JSON.
///
/// Mirrors: floatEncoder.encode, Go 1.24 encoding/json/encode.go.
pub(in crate::kubeconfig) fn json_float(value: f64) -> String {
    let shortest = Shortest::new(&format!("{value:e}"));
    match value.abs() {
        it if it == 0.0 || (1e-6..1e21).contains(&it) => shortest.positional(),
        _ => shortest.scientific(if shortest.exponent < 0 { 1 } else { 2 }),
    }
}

#[cfg(test)]
mod tests {
    use super::{float_key, float_syntax, json_float};

    /// Expectations from Go's documentation of strconv.FormatFloat and encoding/json.
    #[test]
    fn floats_are_written_as_in_go() {
        let rows = [
            (9.87654321012345, "9.876543", "9.87654321012345"),
            (1e100, ".inf", "1e+100"),
            (1.0, "1", "1"),
            (1e6, "1e+06", "1000000"),
            (123456.0, "123456", "123456"),
            (0.0001, "0.0001", "0.0001"),
            (0.00001, "1e-05", "0.00001"),
            (1e-7, "1e-07", "1e-7"),
            (1.5e21, "1.5e+21", "1.5e+21"),
            (-0.0, "-0", "-0"),
            (-12.5, "-12.5", "-12.5"),
        ];
        for (value, key, json) in rows {
            assert_eq!((float_key(value), json_float(value)), (key.to_owned(), json.to_owned()));
        }
    }

    /// Expectations from what kubectl 1.33 says of a list of these as a key.
    #[test]
    fn floats_are_printed_as_in_go() {
        let rows = [
            (f64::INFINITY, "+Inf"),
            (f64::NEG_INFINITY, "-Inf"),
            (f64::NAN, "NaN"),
            (1e5, "100000"),
            (1e6, "1e+06"),
            (12_345_678.5, "1.23456785e+07"),
            (1_234_567_890_123_456_789_012.0, "1.2345678901234568e+21"),
            (0.0001, "0.0001"),
            (0.000_012_34, "1.234e-05"),
            (-0.0, "-0"),
        ];
        for (value, expected) in rows {
            assert_eq!(float_syntax(value), expected);
        }
    }
}
