//! A summary as Markdown, for GitHub, GitLab and what understands the same.

use super::summary::{Block, Span};
use crate::quote;

/// Writes `blocks`.
pub(super) fn write(blocks: &[Block]) -> String {
    let mut text = String::new();
    for block in blocks {
        match block {
            Block::Heading(it) => text.push_str(&format!("### {}\n", quote::markdown(it))),
            Block::Paragraph(it) => text.push_str(&format!("{}\n", spans(it, "<br>"))),
            Block::List(items) => {
                for it in items {
                    text.push_str(&format!("- {}\n", spans(it, "\\\n  ")));
                }
            }
            Block::Table(head, rows) => {
                text.push_str(&format!("| {} |\n", head.join(" | ")));
                text.push_str(&format!("|{}\n", " --- |".repeat(head.len())));
                for row in rows {
                    let cells: Vec<String> = row.iter().map(|it| spans(it, " ")).collect();
                    text.push_str(&format!("| {} |\n", cells.join(" | ")));
                }
            }
            Block::Commands(lines) => {
                let lines: Vec<String> =
                    lines.iter().flat_map(|it| it.lines()).map(quote::visible).collect();
                let lines = lines.join("\n");
                // Indented, they would be a paragraph of the list before them: `\'` is `'` there.
                let fence = "`".repeat(quote::backticks(&lines).max(2) + 1);
                text.push_str(&format!("{fence}\n{lines}\n{fence}\n"));
            }
        }
        text.push('\n');
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

fn spans(spans: &[Span], line_break: &str) -> String {
    spans.iter().map(|it| span(it, line_break)).collect::<String>().trim().to_owned()
}

fn span(span: &Span, line_break: &str) -> String {
    match span {
        Span::Text(it) => quote::markdown(it),
        // The asterisks must touch the words.
        Span::Strong(it) => {
            let words = it.trim();
            let (before, after) = it.split_once(words).unwrap_or_default();
            format!("{before}**{}**{after}", quote::markdown(words))
        }
        Span::Code(it) => quote::markdown_code(it),
        Span::Break => line_break.to_owned(),
    }
}
