//! Reports as text to take away.
//!
//! Every [`Format`] is safe to share: no key, token or password is in it. What carries a
//! secret on purpose has a door of its own, and hands out a [`Secret`](crate::secret::Secret).

mod row;
mod summary;
mod json;
mod markdown;
mod text;
mod csv;
mod ics;
mod sarif;
mod yaml;
mod redact;
pub mod kubeconfig;
pub mod extract;
pub mod commands;

use serde::Serialize;

use crate::{Report, kubeconfig::EntryRef, quote};

/// A form in which a report can be saved.
#[derive(Debug)]
pub struct Format {
    /// Its name on the command line.
    pub name: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// What a saved file is called.
    pub file_name: &'static str,
    /// Its media type.
    pub media_type: &'static str,
    write: fn(&Report, &Selection) -> String,
}

/// What of a report is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// The contexts to speak of in summaries, tables and calendars; none for all of them.
    pub contexts: Option<Vec<EntryRef>>,
    /// Whether a redacted kubeconfig shows fingerprints instead of certificates.
    pub without_certificates: bool,
    /// Whether a redacted kubeconfig has other names for its clusters, users, contexts,
    /// namespaces and hosts, the same one everywhere. Comments and certificates go then too.
    pub without_names: bool,
}

impl Format {
    /// Every format, in the order of the menu.
    pub const ALL: &[Format] = &[
        Format {
            name: "markdown",
            title: "Ticket summary (Markdown)",
            file_name: "kubeconfig-summary.md",
            media_type: "text/markdown",
            write: |report, selection| markdown::write(&summary::summary(report, selection)),
        },
        Format {
            name: "text",
            title: "Ticket summary (plain text)",
            file_name: "kubeconfig-summary.txt",
            media_type: "text/plain",
            write: |report, selection| text::write(&summary::summary(report, selection)),
        },
        Format {
            name: "report",
            title: "JSON report",
            file_name: "kubeconfig-report.json",
            media_type: "application/json",
            write: |report, _| json::write(report),
        },
        Format {
            name: "csv",
            title: "Table, one row per context (CSV)",
            file_name: "kubeconfig-contexts.csv",
            media_type: "text/csv",
            write: csv::write,
        },
        Format {
            name: "ics",
            title: "Calendar of expiry dates (iCalendar)",
            file_name: "kubeconfig-expiry.ics",
            media_type: "text/calendar",
            write: ics::write,
        },
        Format {
            name: "sarif",
            title: "Findings for code scanning (SARIF)",
            file_name: "kubeconfig-findings.sarif",
            media_type: "application/sarif+json",
            write: |report, _| sarif::write(report),
        },
        Format {
            name: "redacted",
            title: "Kubeconfig without secrets",
            file_name: "kubeconfig-redacted.yaml",
            media_type: "application/yaml",
            write: redact::write,
        },
    ];

    /// The format of that name.
    pub fn named(name: &str) -> Option<&'static Format> {
        Format::ALL.iter().find(|it| it.name == name)
    }
}

/// Writes what `selection` takes of `report` in `format`.
pub fn export(report: &Report, format: &Format, selection: &Selection) -> String {
    (format.write)(report, selection)
}

/// `value` as JSON for people and programs. Characters that cannot be seen are escapes.
fn to_json(value: &impl Serialize) -> String {
    let text =
        serde_json::to_string_pretty(value).expect("structs with string keys always serialize");
    let mut safe = String::with_capacity(text.len() + 1);
    for it in text.chars() {
        match it {
            '\n' => safe.push(it),
            // Only texts hold such a character: all else in JSON is ASCII.
            _ if quote::is_hidden(it) => {
                for unit in it.encode_utf16(&mut [0; 2]) {
                    safe.push_str(&format!("\\u{unit:04x}"));
                }
            }
            _ => safe.push(it),
        }
    }
    safe.push('\n');
    safe
}
