//! What goes into a ticket: the answer, the contexts, what was found and how to repair it, which
//! kubectl it needs, and fingerprints to compare. No secret, and no more than a screen for a
//! usual file.
//!
//! Knows no markup: [`super::markdown`] and [`super::text`] write it down.

use std::collections::BTreeSet;

use super::{
    Selection,
    row::{row, selected, standing},
};
use crate::{
    Report,
    checks::{Concerns, Severity, compatibility::compatibility},
    decode::x509::Certificate,
    diagnose::Diagnosis,
    facts::{ContextFacts, Facts},
    pace::Pace,
};

/// A part of a summary. All texts in it may be hostile.
pub(super) enum Block {
    /// A heading.
    Heading(String),
    /// A paragraph.
    Paragraph(Vec<Span>),
    /// A list of paragraphs.
    List(Vec<Vec<Span>>),
    /// A table: its head, and its rows of as many cells.
    Table(Vec<&'static str>, Vec<Vec<Vec<Span>>>),
    /// Lines to copy into a shell.
    Commands(Vec<String>),
}

/// A piece of text.
#[derive(Clone)]
pub(super) enum Span {
    /// Words.
    Text(String),
    /// Words that matter.
    Strong(String),
    /// A name or an address.
    Code(String),
    /// A new line inside a paragraph.
    Break,
}

/// More than these are counted instead of told: a ticket is no report.
const MAX_CONTEXTS: usize = 30;
const MAX_FINDINGS: usize = 8;
const MAX_SENTENCES: usize = 3;

/// The summary of the selected contexts.
pub(super) async fn summary(pace: Pace<'_>, report: &Report, selection: &Selection) -> Vec<Block> {
    let selected = selected(report, selection);
    let concerns = Concerns::of(&report.facts, &report.findings, pace).await;
    let mut concerned = BTreeSet::new();
    let mut certificates = Vec::new();
    for it in &selected {
        pace.rest().await;
        concerned.extend(concerns.about(it));
        if certificates.len() <= MAX_FINDINGS {
            tell_apart(&mut certificates, &report.facts, it);
        }
    }
    let mut blocks = Vec::new();
    let names: Vec<&str> = report.facts.sources.iter().map(|it| it.name.as_str()).collect();
    blocks.push(Block::Heading(format!("kubeconfig {}", few(&names))));
    rejections(report, &mut blocks);
    contexts(report, &concerns, &selected, &mut blocks);
    diagnosis(&report.diagnosis, &mut blocks);
    findings(report, (!selected.is_empty()).then_some(&concerned), &mut blocks);
    pace.rest().await;
    versions(report, &mut blocks);
    fingerprints(&certificates, &mut blocks);
    blocks.push(Block::Paragraph(vec![Span::Text(format!(
        "As of {}. This summary holds no key, token or password.",
        report.facts.now.words()
    ))]));
    blocks
}

/// The first of many names, and how many more there are.
fn few(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [first, second, third, _, _, ..] => {
            format!("{first}, {second}, {third} and {} more", names.len() - 3)
        }
        _ => names.join(", "),
    }
}

fn rejections(report: &Report, blocks: &mut Vec<Block>) {
    let facts = &report.facts;
    let rejected: Vec<Vec<Span>> = (0..facts.sources.len())
        .filter_map(|it| Some((facts.sources.get(it)?, facts.rejection(it)?)))
        .map(|(source, it)| {
            let place = it.location.map_or_else(String::new, |it| {
                format!(" (line {}, column {})", it.line, it.column)
            });
            vec![
                Span::Strong("kubectl refuses this file: ".to_owned()),
                Span::Code(source.name.clone()),
                Span::Text(format!("{place}. {}", it.message)),
            ]
        })
        .collect();
    if !rejected.is_empty() {
        blocks.push(Block::List(rejected));
    }
}

fn contexts(
    report: &Report,
    concerns: &Concerns<'_>,
    selected: &[&ContextFacts],
    blocks: &mut Vec<Block>,
) {
    let several = 1 < report.facts.files.len();
    let verdict = |it: &ContextFacts| standing(report, concerns, it).verdict;
    for it in selected.iter().take(MAX_SENTENCES) {
        blocks.push(Block::Paragraph(vec![
            Span::Code(it.effective.name.clone()),
            Span::Text(format!(": {}", verdict(it).sentences.join(" "))),
        ]));
    }
    if selected.is_empty() {
        blocks.push(Block::Paragraph(vec![Span::Text("There is no context in it.".to_owned())]));
        return;
    }
    let mut head = vec!["Context", "Status", "Server", "TLS", "Credential", "Identity", "Expires"];
    if several {
        head.insert(0, "File");
    }
    let code = |it: &str| match it {
        "" => vec![Span::Text("–".to_owned())],
        _ => vec![Span::Code(it.to_owned())],
    };
    let words = |it: &str| vec![Span::Text(if it.is_empty() { "–" } else { it }.to_owned())];
    let table = selected.iter().take(MAX_CONTEXTS).map(|it| {
        let row = row(&report.facts, it);
        let mut name = code(&row.context.effective.name);
        if row.context.effective.current {
            name.push(Span::Text(" (current)".to_owned()));
        }
        let mut cells = vec![
            name,
            words(&verdict(it).status.words()),
            code(&row.server),
            words(row.tls),
            words(&row.credential),
            code(&row.identity()),
            words(&row.end(&report.facts)),
        ];
        if several {
            cells.insert(0, code(row.file));
        }
        cells
    });
    blocks.push(Block::Table(head, table.collect()));
    if MAX_CONTEXTS < selected.len() {
        let more = format!("{} more contexts are not listed.", selected.len() - MAX_CONTEXTS);
        blocks.push(Block::Paragraph(vec![Span::Text(more)]));
    }
}

fn diagnosis(all: &[Diagnosis], blocks: &mut Vec<Block>) {
    let Some(it) = all.first() else { return };
    blocks.push(Block::Heading("What kubectl said".to_owned()));
    let mut title = vec![Span::Strong(it.title.clone())];
    if let Some(context) = &it.context {
        title.extend([Span::Text(" Context: ".to_owned()), Span::Code(context.clone())]);
    }
    blocks.push(Block::Paragraph(title));
    let list = |blocks: &mut Vec<Block>, words: &str, items: &[String]| {
        if !items.is_empty() {
            let items = items.iter().map(|it| vec![Span::Text(format!("{words}{it}"))]);
            blocks.push(Block::List(items.collect()));
        }
    };
    list(blocks, "", &it.proof);
    list(blocks, "Do: ", &it.fix);
    if !it.commands.is_empty() {
        blocks.push(Block::Commands(it.commands.clone()));
    }
    list(blocks, "Not the cause: ", &it.ruled_out);
}

/// The findings with these indexes, or all of them.
fn findings(report: &Report, indexes: Option<&BTreeSet<usize>>, blocks: &mut Vec<Block>) {
    let facts = &report.facts;
    let all = report.findings.iter().enumerate();
    let told: Vec<_> = all
        .filter(|(_, it)| it.check.severity != Severity::Notice)
        .filter(|(index, it)| {
            it.is_about_the_current_context() || indexes.is_none_or(|all| all.contains(index))
        })
        .map(|(_, it)| it)
        .collect();
    if told.is_empty() {
        return;
    }
    blocks.push(Block::Heading("Findings".to_owned()));
    let several = 1 < facts.files.len();
    let items = told.iter().take(MAX_FINDINGS).map(|it| {
        let file = facts.files.get(it.place.file).filter(|_| several);
        let line = it.location.map(|it| format!("line {}", it.line));
        let path = Some(it.place.path.clone()).filter(|it| !it.is_empty());
        let place: Vec<String> =
            file.map(|it| it.name.clone()).into_iter().chain(line).chain(path).collect();
        let mut spans = vec![
            Span::Strong(format!("{}: ", it.check.severity.name())),
            Span::Text(format!("{}. ", it.check.title.trim_end_matches('.'))),
        ];
        if !it.detail.is_empty() {
            spans.push(Span::Text(format!("{} ", it.detail)));
        }
        if !place.is_empty() {
            let place = place.join(", ");
            spans.extend([Span::Text("See ".to_owned()), Span::Code(place)]);
        }
        spans.extend([Span::Break, Span::Text(format!("Fix: {}", it.check.fix))]);
        spans
    });
    blocks.push(Block::List(items.collect()));
    if MAX_FINDINGS < told.len() {
        let more = format!("{} more findings are not listed.", told.len() - MAX_FINDINGS);
        blocks.push(Block::Paragraph(vec![Span::Text(more)]));
    }
}

fn versions(report: &Report, blocks: &mut Vec<Block>) {
    let range = compatibility(&report.facts);
    if (range.oldest, range.newest) != (None, None) {
        blocks.push(Block::Paragraph(vec![Span::Text(range.words())]));
    }
}

fn fingerprints(told: &[(&str, &Certificate)], blocks: &mut Vec<Block>) {
    if told.is_empty() || MAX_FINDINGS < told.len() {
        return;
    }
    let items = told.iter().map(|(what, it)| {
        vec![
            Span::Text((*what).to_owned()),
            Span::Code(it.subject().rfc4514()),
            Span::Text(", SHA-256 ".to_owned()),
            Span::Code(it.sha256()),
        ]
    });
    blocks.push(Block::Heading("Fingerprints".to_owned()));
    blocks.push(Block::List(items.collect()));
}

/// Adds the certificates of `context` that are not among `told`.
#[inline(never)]
fn tell_apart<'a>(
    told: &mut Vec<(&'static str, &'a Certificate)>,
    facts: &'a Facts,
    context: &'a ContextFacts,
) {
    let row = row(facts, context);
    let client = row.certificate.into_iter().map(|it| ("Client certificate ", it));
    let ca = row.ca.into_iter().map(|it| ("CA certificate ", it));
    for (what, it) in client.chain(ca) {
        if !told.iter().any(|(_, other)| other.der == it.der) {
            told.push((what, it));
        }
    }
}
