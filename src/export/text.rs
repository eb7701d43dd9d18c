//! A summary as plain text, for a ticket system without markup.

use super::summary::{Block, Span};
use crate::quote;

/// Writes `blocks`.
pub(super) fn write(blocks: &[Block]) -> String {
    let mut text = String::new();
    for block in blocks {
        match block {
            Block::Heading(it) => {
                let words = quote::visible(it);
                text.push_str(&format!("{words}\n{}\n", "=".repeat(words.chars().count())));
            }
            Block::Paragraph(it) => text.push_str(&format!("{}\n", spans(it, ""))),
            Block::List(items) => {
                for it in items {
                    text.push_str(&format!("- {}\n", spans(it, "  ")));
                }
            }
            Block::Table(head, rows) => {
                let width = head.iter().map(|it| it.len()).max().unwrap_or_default();
                for (index, row) in rows.iter().enumerate() {
                    if 0 < index {
                        text.push('\n');
                    }
                    for (name, cell) in head.iter().zip(row) {
                        text.push_str(&format!("{name:width$}  {}\n", spans(cell, "")));
                    }
                }
            }
            Block::Commands(lines) => {
                for line in lines.iter().flat_map(|it| it.lines()) {
                    text.push_str(&format!("    {}\n", quote::visible(line)));
                }
            }
        }
        text.push('\n');
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

fn spans(spans: &[Span], indent: &str) -> String {
    spans.iter().map(|it| span(it, indent)).collect::<String>().trim().to_owned()
}

fn span(span: &Span, indent: &str) -> String {
    match span {
        Span::Text(it) | Span::Strong(it) | Span::Code(it) => quote::visible(it),
        Span::Break => format!("\n{indent}"),
    }
}
