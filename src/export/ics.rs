//! The ends of credentials, and the days on which to fetch the next ones, as a calendar.
//!
//! RFC 5545. One event per credential and moment, however many contexts use it. The identifier
//! of an event depends on nothing else, so that importing twice changes nothing.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::{
    Selection,
    row::{in_use, row, selected},
};
use crate::{
    Report,
    decode::hex,
    facts::{ContextFacts, CredentialKind, Facts, LifetimeKind},
    pace::Pace,
    quote,
    time::{DAY, Timestamp},
};

/// Writes the calendar.
pub(super) async fn write(pace: Pace<'_>, report: &Report, selection: &Selection) -> String {
    let mut text = String::new();
    for it in [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//kubeconfig-inspector//kubeconfig-inspector//EN",
        "CALSCALE:GREGORIAN",
    ] {
        fold(&mut text, it);
    }
    let mut credentials: BTreeMap<(String, Timestamp), Vec<&ContextFacts>> = BTreeMap::new();
    for it in selected(report, selection) {
        pace.rest().await;
        if let Some(credential) = credential(&report.facts, it) {
            credentials.entry(credential).or_default().push(it);
        }
    }
    for ((key, end), contexts) in credentials {
        pace.rest().await;
        events(&mut text, &report.facts, (&key, end), &contexts);
    }
    fold(&mut text, "END:VCALENDAR");
    text
}

/// The events of one credential and its end, which these contexts share.
#[inline(never)]
fn events(
    text: &mut String,
    facts: &Facts,
    (key, end): (&str, Timestamp),
    contexts: &[&ContextFacts],
) {
    let names: Vec<&str> = contexts.iter().map(|it| it.effective.name.as_str()).collect();
    let names = names.join(", ");
    let description = description(facts, contexts);
    let in_use = contexts.first().map(|it| &it.in_use);
    if let Some(rotation) = in_use.and_then(|it| it.rotation) {
        event(
            text,
            facts.now,
            &Event {
                uid: uid(key, "rotation", rotation.opens_at),
                when: When::Day(rotation.opens_at),
                summary: format!("kubeconfig: fetch the next credential for {names}"),
                description: format!(
                    "The current one ends on {}. The next one can be fetched from today on.\n\
                     {description}",
                    end.words()
                ),
                alarms: &[0, -7 * DAY],
            },
        );
    }
    let short =
        in_use.and_then(|it| it.lifetime).is_some_and(|it| it.kind == LifetimeKind::Temporary);
    event(
        text,
        facts.now,
        &Event {
            uid: uid(key, "end", end),
            when: When::Moment(end),
            summary: format!("kubeconfig: credential ends for {names}"),
            description: format!("It stops working at {}.\n{description}", end.words()),
            alarms: if short { &[-3_600, -900] } else { &[-30 * DAY, -7 * DAY, -DAY] },
        },
    );
}

/// What tells the credential of `context` from others, and its end; none without an end. Certificates
/// are told apart by fingerprint, everything else by the place of its user.
#[inline(never)]
fn credential(facts: &Facts, context: &ContextFacts) -> Option<(String, Timestamp)> {
    let end = context.in_use.expires_at?;
    if matches!(in_use(facts, context)?.kind, CredentialKind::AuthProvider { renews: true, .. }) {
        return None;
    }
    let row = row(facts, context);
    let key = match row.certificate {
        Some(it) => it.sha256(),
        None => format!("{}\n{}\n{}", row.file, row.user, row.server),
    };
    Some((key, end))
}

fn description(facts: &Facts, contexts: &[&ContextFacts]) -> String {
    let rows = || contexts.iter().map(|it| row(facts, it));
    let mut lines: Vec<String> = rows()
        .take(20)
        .map(|it| {
            let name = &it.context.effective.name;
            format!("Context {name} in {}: server {}", it.file, it.server)
        })
        .collect();
    if let Some(row) = rows().next() {
        let identity = row.identity();
        if !identity.is_empty() {
            lines.push(format!("Identity: {identity}"));
        }
        if let Some(it) = row.certificate {
            lines.push(format!("Certificate: serial {}, SHA-256 {}", it.serial(), it.sha256()));
        }
    }
    lines.join("\n")
}

struct Event<'a> {
    uid: String,
    when: When,
    summary: String,
    description: String,
    /// Seconds from the start; negative before it.
    alarms: &'a [i64],
}

enum When {
    Moment(Timestamp),
    Day(Timestamp),
}

fn event(text: &mut String, now: Timestamp, event: &Event<'_>) {
    let start = match event.when {
        When::Moment(it) => format!("DTSTART:{}", stamp(it)),
        When::Day(it) => format!("DTSTART;VALUE=DATE:{}", it.date().replace('-', "")),
    };
    let (When::Moment(at) | When::Day(at)) = event.when;
    let summary = quote::icalendar(&event.summary);
    let mut lines = vec![
        "BEGIN:VEVENT".to_owned(),
        format!("UID:{}", event.uid),
        format!("DTSTAMP:{}", stamp(now)),
        start,
        format!("SUMMARY:{summary}"),
        format!("DESCRIPTION:{}", quote::icalendar(&event.description)),
        "TRANSP:TRANSPARENT".to_owned(),
    ];
    // An alarm that has passed would ring while the file is being imported.
    for offset in event.alarms.iter().filter(|it| now <= at.plus(**it)) {
        lines.extend([
            "BEGIN:VALARM".to_owned(),
            "ACTION:DISPLAY".to_owned(),
            format!("TRIGGER:{}", duration(*offset)),
            format!("DESCRIPTION:{summary}"),
            "END:VALARM".to_owned(),
        ]);
    }
    lines.push("END:VEVENT".to_owned());
    for it in lines {
        fold(text, &it);
    }
}

fn stamp(it: Timestamp) -> String {
    it.to_string().replace(['-', ':'], "")
}

fn duration(seconds: i64) -> String {
    let sign = if seconds < 0 { "-" } else { "" };
    let seconds = seconds.saturating_abs();
    match seconds % DAY {
        0 => format!("{sign}P{}D", seconds / DAY),
        _ => format!("{sign}PT{seconds}S"),
    }
}

fn uid(key: &str, what: &str, at: Timestamp) -> String {
    let digest = Sha256::digest(format!("{key}\n{what}\n{at}"));
    let name = hex(&digest);
    format!("{}@kubeconfig-inspector", name.get(..32).unwrap_or(&name))
}

/// Adds a line in pieces of at most 75 octets, each but the first behind a blank, none breaking a
/// character. Ends it with CRLF.
fn fold(folded: &mut String, line: &str) {
    let mut width = 0;
    for it in line.chars() {
        if 75 < width + it.len_utf8() {
            folded.push_str("\r\n ");
            width = 1;
        }
        folded.push(it);
        width += it.len_utf8();
    }
    folded.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_fold_at_75_octets() {
        let mut folded = String::new();
        fold(&mut folded, &"é".repeat(100));
        for line in folded.split("\r\n") {
            assert!(line.len() <= 75, "{line}");
        }
        assert_eq!(folded.replace("\r\n ", ""), "é".repeat(100) + "\r\n");
    }

    #[test]
    fn durations_are_whole() {
        assert_eq!(duration(-7 * DAY), "-P7D");
        assert_eq!(duration(-900), "-PT900S");
        assert_eq!(duration(0), "P0D");
    }
}
