//! Values as compact JSON, as Go's encoder writes it.

use super::yaml::{NodeId, Number, Tree, View, json_float};

/// Writes a value, with the keys of objects in order. Nests to any depth without recursion.
///
/// Mirrors: Marshal, Go 1.24 encoding/json/encode.go.
pub(super) fn write(tree: &Tree<'_>, node: NodeId) -> String {
    /// What is still to be written, the next one last.
    enum Todo<'t> {
        Value(NodeId),
        Key(&'t str),
        Text(&'static str),
    }
    let mut out = String::new();
    let mut todo = vec![Todo::Value(node)];
    while let Some(next) = todo.pop() {
        let node = match next {
            Todo::Value(node) => node,
            Todo::Key(key) => {
                write_text(&mut out, key);
                out.push(':');
                continue;
            }
            Todo::Text(text) => {
                out.push_str(text);
                continue;
            }
        };
        match tree.view(node) {
            View::Null => out.push_str("null"),
            View::Bool(value) => out.push_str(if value { "true" } else { "false" }),
            View::Number(number) => out.push_str(&write_number(number)),
            View::Text(text) => write_text(&mut out, text),
            View::Sequence(items) => {
                out.push('[');
                todo.push(Todo::Text("]"));
                for (at, item) in items.iter().enumerate().rev() {
                    todo.push(Todo::Value(*item));
                    todo.extend((at != 0).then_some(Todo::Text(",")));
                }
            }
            View::Mapping(entries) => {
                out.push('{');
                todo.push(Todo::Text("}"));
                for (at, entry) in entries.iter().enumerate().rev() {
                    todo.push(Todo::Value(entry.value));
                    todo.push(Todo::Key(tree.key(*entry)));
                    todo.extend((at != 0).then_some(Todo::Text(",")));
                }
            }
        }
    }
    out
}

/// A number as JSON; what JSON cannot write becomes null, and is a fault elsewhere.
pub(super) fn write_number(number: Number) -> String {
    match number {
        Number::Int(value) => value.to_string(),
        Number::Uint(value) => value.to_string(),
        Number::Float(value) if value.is_finite() => json_float(value),
        Number::Float(_) => "null".to_owned(),
    }
}

/// Writes a text with its quotes.
///
/// Mirrors: appendString with escapeHTML, Go 1.24 encoding/json/encode.go.
pub(crate) fn write_text(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\x08' => out.push_str("\\b"),
            '\x0C' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\0'..='\x1F' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                out.push_str(&format!("\\u{:04x}", u32::from(character)));
            }
            _ => out.push(character),
        }
    }
    out.push('"');
}
