//! One row per context, for a spreadsheet over many files.
//!
//! RFC 4180: comma, CRLF, quotes doubled; UTF-8 without a byte order mark.

use super::{
    Selection,
    row::{Row, rows},
};
use crate::{
    Report,
    facts::{Facts, LifetimeKind, RotationState},
    quote,
    time::{DAY, Timestamp},
};

type Column = (&'static str, fn(&Facts, &Row<'_>) -> String);

/// The columns, in order. A name never changes its meaning; new ones go to the end.
const COLUMNS: &[Column] = &[
    ("file", |_, it| it.file.to_owned()),
    ("context", |_, it| it.context.effective.name.clone()),
    ("current", |_, it| yes(it.context.effective.current)),
    ("status", |_, it| it.verdict.status.words()),
    ("server", |_, it| it.server.clone()),
    ("reach", |_, it| it.reach.to_owned()),
    ("tls", |_, it| it.tls.to_owned()),
    ("credential", |_, it| it.credential.clone()),
    ("kubernetes_user", |_, it| {
        it.context.in_use.identity.as_ref().map(|it| it.user.clone()).unwrap_or_default()
    }),
    ("kubernetes_groups", |_, it| {
        it.context.in_use.identity.as_ref().map(|it| it.groups.join(" ")).unwrap_or_default()
    }),
    ("alibaba_cloud_user_id", |_, it| {
        let identity = it.context.in_use.identity.as_ref();
        identity
            .and_then(|it| it.alibaba_cloud.as_ref())
            .map(|it| it.user_id.clone())
            .unwrap_or_default()
    }),
    ("expires_at", |_, it| time(it.context.in_use.expires_at)),
    ("days_left", |facts, it| {
        let left = it.context.in_use.expires_at.map(|it| it.since(facts.now).div_euclid(DAY));
        left.map(|it| it.to_string()).unwrap_or_default()
    }),
    ("lifetime", |_, it| {
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
    ("lifetime_days", |_, it| {
        let length = it.context.in_use.lifetime.map(|it| it.seconds.div_euclid(DAY));
        length.map(|it| it.to_string()).unwrap_or_default()
    }),
    ("rotation_opens_at", |_, it| time(it.context.in_use.rotation.map(|it| it.opens_at))),
    ("rotation_state", |_, it| {
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
    ("errors", |_, it| it.errors.to_string()),
    ("warnings", |_, it| it.warnings.to_string()),
    ("cluster", |_, it| it.cluster.to_owned()),
    ("user", |_, it| it.user.to_owned()),
    ("namespace", |_, it| it.namespace.to_owned()),
    ("certificate_serial", |_, it| it.certificate.map(|it| it.serial()).unwrap_or_default()),
    ("certificate_sha256", |_, it| it.certificate.map(|it| it.sha256()).unwrap_or_default()),
    ("ca_sha256", |_, it| it.ca.iter().map(|it| it.sha256()).collect::<Vec<_>>().join(" ")),
];

/// Writes the table. A source without a context has a row that says so, so that none is lost.
pub(super) fn write(report: &Report, selection: &Selection) -> String {
    let facts = &report.facts;
    let mut lines = vec![COLUMNS.iter().map(|(name, _)| (*name).to_owned()).collect::<Vec<_>>()];
    for row in rows(report, selection) {
        // Numbers are ours and may be negative; everything else may be hostile.
        let cell = |(name, value): &Column| match (*name, value(facts, &row)) {
            ("days_left", number) => number,
            (_, text) => quote::csv(&text),
        };
        lines.push(COLUMNS.iter().map(cell).collect());
    }
    for (index, source) in facts.sources.iter().enumerate() {
        let has_context = |file: &usize| {
            let mut contexts = facts.readings.iter().flat_map(|it| &it.contexts);
            contexts.any(|it| it.effective.entry.file == *file)
        };
        if selection.contexts.is_none() && !source.files.iter().any(has_context) {
            let status = match facts.rejection(index) {
                Some(_) => "refused by kubectl",
                None => "no context",
            };
            let cell = |(name, _): &Column| match *name {
                "file" => quote::csv(&source.name),
                "status" => status.to_owned(),
                _ => String::new(),
            };
            lines.push(COLUMNS.iter().map(cell).collect());
        }
    }
    lines.iter().map(|it| it.join(",") + "\r\n").collect()
}

fn yes(it: bool) -> String {
    if it { "yes" } else { "no" }.to_owned()
}

fn time(it: Option<Timestamp>) -> String {
    it.map(|it| it.to_string()).unwrap_or_default()
}
