//! One row per context, for a spreadsheet over many files.
//!
//! RFC 4180: comma, CRLF, quotes doubled; UTF-8 without a byte order mark.

use std::collections::BTreeSet;

use super::{
    Selection,
    row::{Row, Standing, row, selected, standing},
};
use crate::{
    Report,
    checks::Concerns,
    facts::{ContextFacts, Facts, LifetimeKind, RotationState},
    pace::Pace,
    quote,
    time::{DAY, Timestamp},
};

type Column = (&'static str, fn(&Facts, &Row<'_>, &Standing) -> String);

/// The columns, in order. A name never changes its meaning; new ones go to the end.
const COLUMNS: &[Column] = &[
    ("file", |_, it, _| it.file.to_owned()),
    ("context", |_, it, _| it.context.effective.name.clone()),
    ("current", |_, it, _| yes(it.context.effective.current)),
    ("status", |_, _, it| it.verdict.status.words()),
    ("server", |_, it, _| it.server.clone()),
    ("reach", |_, it, _| it.reach.to_owned()),
    ("tls", |_, it, _| it.tls.to_owned()),
    ("credential", |_, it, _| it.credential.clone()),
    ("kubernetes_user", |_, it, _| {
        it.context.in_use.identity.as_ref().map(|it| it.user.clone()).unwrap_or_default()
    }),
    ("kubernetes_groups", |_, it, _| {
        it.context.in_use.identity.as_ref().map(|it| it.groups.join(" ")).unwrap_or_default()
    }),
    ("alibaba_cloud_user_id", |_, it, _| {
        let identity = it.context.in_use.identity.as_ref();
        identity
            .and_then(|it| it.alibaba_cloud.as_ref())
            .map(|it| it.user_id.clone())
            .unwrap_or_default()
    }),
    ("expires_at", |_, it, _| time(it.context.in_use.expires_at)),
    ("days_left", |facts, it, _| {
        let left = it.context.in_use.expires_at.map(|it| it.since(facts.now).div_euclid(DAY));
        left.map(|it| it.to_string()).unwrap_or_default()
    }),
    ("lifetime", |_, it, _| {
        it.context
            .in_use
            .lifetime
            .map_or("", |it| match it.kind {
                LifetimeKind::Temporary => "temporary",
                LifetimeKind::LongTerm => "long-term",
                LifetimeKind::Other => "other",
            })
            .to_owned()
    }),
    ("lifetime_days", |_, it, _| {
        let length = it.context.in_use.lifetime.map(|it| it.seconds.div_euclid(DAY));
        length.map(|it| it.to_string()).unwrap_or_default()
    }),
    ("rotation_opens_at", |_, it, _| time(it.context.in_use.rotation.map(|it| it.opens_at))),
    ("rotation_state", |_, it, _| {
        it.context
            .in_use
            .rotation
            .map_or("", |it| match it.state {
                RotationState::NotYet => "not yet",
                RotationState::Due => "due",
                RotationState::Expired => "expired",
            })
            .to_owned()
    }),
    ("errors", |_, _, it| it.errors.to_string()),
    ("warnings", |_, _, it| it.warnings.to_string()),
    ("cluster", |_, it, _| it.cluster.to_owned()),
    ("user", |_, it, _| it.user.to_owned()),
    ("namespace", |_, it, _| it.namespace.to_owned()),
    ("certificate_serial", |_, it, _| it.certificate.map(|it| it.serial()).unwrap_or_default()),
    ("certificate_sha256", |_, it, _| it.certificate.map(|it| it.sha256()).unwrap_or_default()),
    ("ca_sha256", |_, it, _| it.ca.iter().map(|it| it.sha256()).collect::<Vec<_>>().join(" ")),
];

/// Writes the table. A source without a context has a row that says so, so that none is lost.
pub(super) async fn write(pace: Pace<'_>, report: &Report, selection: &Selection) -> String {
    let facts = &report.facts;
    let concerns = Concerns::of(facts, &report.findings, pace).await;
    let mut text = String::new();
    line(&mut text, &|(name, _)| (*name).to_owned());
    for context in selected(report, selection) {
        pace.rest().await;
        of_context(&mut text, report, &concerns, context);
    }
    if selection.contexts.is_some() {
        return text;
    }
    let mut with_context = BTreeSet::new();
    let contexts = facts.readings.iter().flat_map(|it| &it.contexts);
    with_context.extend(contexts.map(|it| it.effective.entry.file));
    for (index, source) in facts.sources.iter().enumerate() {
        pace.rest().await;
        if !source.files.iter().any(|it| with_context.contains(it)) {
            without_context(&mut text, facts, index, &source.name);
        }
    }
    text
}

#[inline(never)]
fn of_context(text: &mut String, report: &Report, concerns: &Concerns<'_>, context: &ContextFacts) {
    let (row, standing) = (row(&report.facts, context), standing(report, concerns, context));
    line(text, &|(name, value)| match (*name, value(&report.facts, &row, &standing)) {
        // Numbers are ours and may be negative; everything else may be hostile.
        ("days_left", number) => number,
        (_, text) => quote::csv(&text),
    });
}

#[inline(never)]
fn without_context(text: &mut String, facts: &Facts, source: usize, name: &str) {
    let status = match facts.rejection(source) {
        Some(_) => "refused by kubectl",
        None => "no context",
    };
    line(text, &|(column, _)| match *column {
        "file" => quote::csv(name),
        "status" => status.to_owned(),
        _ => String::new(),
    });
}

fn line(text: &mut String, cell: &dyn Fn(&Column) -> String) {
    let cells: Vec<String> = COLUMNS.iter().map(cell).collect();
    text.push_str(&cells.join(","));
    text.push_str("\r\n");
}

fn yes(it: bool) -> String {
    if it { "yes" } else { "no" }.to_owned()
}

fn time(it: Option<Timestamp>) -> String {
    it.map(|it| it.to_string()).unwrap_or_default()
}
