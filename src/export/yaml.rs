//! Values as YAML that go-yaml v2, and with it kubectl, reads back as the same values.
//!
//! The emitters that there are follow YAML 1.2, and leave `no`, `off` or `1_000` bare; kubectl
//! takes those for a boolean and for a number. Here a text is bare only if it cannot be
//! anything else, and what cannot be seen is always an escape.

use serde_json::Value;

use crate::quote;

/// Writes `value`, which is a map or a list, as a document.
pub(super) fn write(value: &Value) -> String {
    let mut text = String::new();
    node(&mut text, value, 0);
    text
}

/// Writes a node that stands in a block of this indentation, whose first line has begun.
fn node(out: &mut String, value: &Value, indent: usize) {
    match value {
        Value::Array(items) if !items.is_empty() => {
            for (index, item) in items.iter().enumerate() {
                begin_line(out, index, indent);
                out.push_str("- ");
                node(out, item, indent + 2);
            }
        }
        Value::Object(fields) if !fields.is_empty() => {
            for (index, (key, value)) in fields.iter().enumerate() {
                begin_line(out, index, indent);
                out.push_str(&scalar(key));
                out.push(':');
                below(out, value, indent);
            }
        }
        Value::String(text) => line(out, &scalar(text)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            line(out, &value.to_string());
        }
    }
}

/// Writes the value of a key. A list stands at the key's own indentation, as kubectl has it.
fn below(out: &mut String, value: &Value, indent: usize) {
    let inner = match value {
        Value::Array(items) if !items.is_empty() => indent,
        Value::Object(fields) if !fields.is_empty() => indent + 2,
        _ => {
            out.push(' ');
            return node(out, value, indent);
        }
    };
    out.push('\n');
    out.extend(std::iter::repeat_n(' ', inner));
    node(out, value, inner);
}

/// The first item of a block continues the line that is there.
fn begin_line(out: &mut String, index: usize, indent: usize) {
    if 0 < index {
        out.extend(std::iter::repeat_n(' ', indent));
    }
}

fn line(out: &mut String, text: &str) {
    out.push_str(text);
    out.push('\n');
}

/// A text as a scalar that is a text to YAML 1.1 too.
pub(super) fn scalar(text: &str) -> String {
    if is_bare(text) {
        return text.to_owned();
    }
    let mut quoted = String::from("\"");
    for it in text.chars() {
        match it {
            '"' | '\\' => quoted.extend(['\\', it]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            _ if quote::is_hidden(it) => quoted.push_str(&format!("\\U{:08x}", u32::from(it))),
            _ => quoted.push(it),
        }
    }
    quoted.push('"');
    quoted
}

/// Whether nobody can take the text for anything but a text: it begins with a letter, is no
/// word with a meaning, and has no sign that ends a scalar.
fn is_bare(text: &str) -> bool {
    const WORDS: &[&str] = &["y", "n", "yes", "no", "on", "off", "true", "false", "null"];
    text.starts_with(|it: char| it.is_ascii_alphabetic())
        && text.chars().all(|it| it.is_ascii_alphanumeric() || "-_./:@+=".contains(it))
        && !text.ends_with(':')
        && !WORDS.contains(&text.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn blocks_have_the_shape_of_kubectl() {
        let value = json!({
            "a": [{ "name": "x", "user": { "token": "no", "e": {} } }, "y", [1, null]],
            "b": {}, "c": [], "d": false,
        });
        let expected = "\
a:
- name: x
  user:
    e: {}
    token: \"no\"
- \"y\"
- - 1
  - null
b: {}
c: []
d: false
";
        assert_eq!(write(&value), expected);
    }

    #[test]
    fn texts_stay_texts() {
        let rows = [
            ("prod-eu", "prod-eu"),
            ("https://1.2.3.4:6443", "https://1.2.3.4:6443"),
            ("LS0tLS1CRUdJTg==", "LS0tLS1CRUdJTg=="),
            ("On", "\"On\""),
            ("272", "\"272\""),
            ("1_000", "\"1_000\""),
            ("", "\"\""),
            ("a: b", "\"a: b\""),
            ("a:", "\"a:\""),
            ("a\u{85}\u{1f600}\u{202e}\n", "\"a\\U00000085\u{1f600}\\U0000202e\\n\""),
        ];
        for (input, expected) in rows {
            assert_eq!(scalar(input), expected);
        }
    }
}
