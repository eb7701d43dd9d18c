//! The ends of credentials, and the days on which to fetch the next ones, as a calendar.
//!
//! RFC 5545. One event per credential and moment, however many contexts use it. The identifier
//! of an event depends on nothing else, so that importing twice changes nothing.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::{
    Selection,
    row::{Row, rows},
};
use crate::{
    Report,
    decode::hex,
    facts::LifetimeKind,
    quote,
    time::{DAY, Timestamp},
};

/// Writes the calendar.
pub(super) fn write(report: &Report, selection: &Selection) -> String {
    let now = report.facts.now;
    let mut lines = vec![
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//kubeconfig-inspector//kubeconfig-inspector//EN".to_owned(),
        "CALSCALE:GREGORIAN".to_owned(),
    ];
    let rows = rows(report, selection);
    for ((key, end), rows) in by_credential(&rows) {
        let names: Vec<&str> = rows.iter().map(|it| it.context.effective.name.as_str()).collect();
        let names = names.join(", ");
        let description = description(&rows);
        let in_use = rows.first().map(|it| &it.context.in_use);
        if let Some(rotation) = in_use.and_then(|it| it.rotation) {
            let uid = uid(&key, "rotation", rotation.opens_at);
            lines.extend(event(
                now,
                &Event {
                    uid,
                    when: When::Day(rotation.opens_at),
                    summary: format!("kubeconfig: fetch the next credential for {names}"),
                    description: format!(
                        "The current one ends on {}. The next one can be fetched from today on.\n\
                     {description}",
                        end.words()
                    ),
                    alarms: &[0, -7 * DAY],
                },
            ));
        }
        let short =
            in_use.and_then(|it| it.lifetime).is_some_and(|it| it.kind == LifetimeKind::Temporary);
        lines.extend(event(
            now,
            &Event {
                uid: uid(&key, "end", end),
                when: When::Moment(end),
                summary: format!("kubeconfig: credential ends for {names}"),
                description: format!("It stops working at {}.\n{description}", end.words()),
                alarms: if short { &[-3_600, -900] } else { &[-30 * DAY, -7 * DAY, -DAY] },
            },
        ));
    }
    lines.push("END:VCALENDAR".to_owned());
    lines.iter().map(|it| fold(it)).collect()
}

/// The rows that share a credential and its end. Certificates are told apart by fingerprint,
/// everything else by the place of its user.
fn by_credential<'r, 'a>(rows: &'r [Row<'a>]) -> BTreeMap<(String, Timestamp), Vec<&'r Row<'a>>> {
    let mut groups: BTreeMap<_, Vec<&Row<'_>>> = BTreeMap::new();
    for row in rows {
        let Some(end) = row.context.in_use.expires_at else { continue };
        let key = match row.certificate {
            Some(it) => it.sha256(),
            None => format!("{}\n{}\n{}", row.file, row.user, row.server),
        };
        groups.entry((key, end)).or_default().push(row);
    }
    groups
}

fn description(rows: &[&Row<'_>]) -> String {
    let mut lines: Vec<String> = rows
        .iter()
        .take(20)
        .map(|it| {
            let name = &it.context.effective.name;
            format!("Context {name} in {}: server {}", it.file, it.server)
        })
        .collect();
    if let Some(row) = rows.first() {
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

fn event(now: Timestamp, event: &Event<'_>) -> Vec<String> {
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
    lines
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

/// A line in pieces of at most 75 octets, each but the first behind a blank, none breaking a
/// character. Ends it with CRLF.
fn fold(line: &str) -> String {
    let mut folded = String::with_capacity(line.len() + 2);
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
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_fold_at_75_octets() {
        let folded = fold(&"é".repeat(100));
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
