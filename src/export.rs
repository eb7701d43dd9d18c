//! Reports as text to take away.
//!
//! Every [`Format`] is safe to share: no key, token or password is in it. What carries a
//! secret on purpose has a door of its own, and hands out a [`Secret`](crate::secret::Secret).

mod row;
mod summary;
mod pieces;
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

use std::{collections::BTreeSet, pin::Pin};

use crate::{
    Report,
    kubeconfig::EntryRef,
    pace::{Pace, at_once},
};

pub use self::redact::{Mark, marks};

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
    write: for<'a> fn(Pace<'a>, &'a Report, &'a Selection) -> Writing<'a>,
}

/// The text that is being written.
type Writing<'a> = Pin<Box<dyn Future<Output = String> + 'a>>;

/// What of a report is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// The contexts to speak of in summaries, tables and calendars; none for all of them.
    pub contexts: Option<BTreeSet<EntryRef>>,
    /// Whether a redacted kubeconfig shows fingerprints instead of certificates.
    pub without_certificates: bool,
    /// Whether a redacted kubeconfig has other names for its clusters, users, contexts,
    /// namespaces and hosts, the same one everywhere. Comments and certificates go then too.
    pub without_names: bool,
}

// One value, not a constant: whoever uses a constant compiles the code that it leads to once more.
static FORMATS: [Format; 7] = [
    Format {
        name: "markdown",
        title: "Ticket summary (Markdown)",
        file_name: "kubeconfig-summary.md",
        media_type: "text/markdown",
        write: |pace, report, selection| {
            Box::pin(
                async move { markdown::write(&summary::summary(pace, report, selection).await) },
            )
        },
    },
    Format {
        name: "text",
        title: "Ticket summary (plain text)",
        file_name: "kubeconfig-summary.txt",
        media_type: "text/plain",
        write: |pace, report, selection| {
            Box::pin(async move { text::write(&summary::summary(pace, report, selection).await) })
        },
    },
    Format {
        name: "report",
        title: "JSON report",
        file_name: "kubeconfig-report.json",
        media_type: "application/json",
        write: |pace, report, _| Box::pin(json::write(pace, report)),
    },
    Format {
        name: "csv",
        title: "Table, one row per context (CSV)",
        file_name: "kubeconfig-contexts.csv",
        media_type: "text/csv",
        write: |pace, report, selection| Box::pin(csv::write(pace, report, selection)),
    },
    Format {
        name: "ics",
        title: "Calendar of expiry dates (iCalendar)",
        file_name: "kubeconfig-expiry.ics",
        media_type: "text/calendar",
        write: |pace, report, selection| Box::pin(ics::write(pace, report, selection)),
    },
    Format {
        name: "sarif",
        title: "Findings for code scanning (SARIF)",
        file_name: "kubeconfig-findings.sarif",
        media_type: "application/sarif+json",
        write: |pace, report, _| Box::pin(sarif::write(pace, report)),
    },
    Format {
        name: "redacted",
        title: "Kubeconfig without secrets",
        file_name: "kubeconfig-redacted.yaml",
        media_type: "application/yaml",
        write: |pace, report, selection| Box::pin(redact::write(pace, report, selection)),
    },
];

impl Format {
    /// Every format, in the order of the menu.
    pub const ALL: &[Format] = &FORMATS;

    /// The format of that name.
    pub fn named(name: &str) -> Option<&'static Format> {
        Format::ALL.iter().find(|it| it.name == name)
    }
}

/// Writes what `selection` takes of `report` in `format`.
pub fn export(report: &Report, format: &Format, selection: &Selection) -> String {
    at_once(async |pace| export_at(pace, report, format, selection).await)
}

/// The same in pieces: pending whenever `pace` calls for a rest.
pub async fn export_at(
    pace: Pace<'_>,
    report: &Report,
    format: &Format,
    selection: &Selection,
) -> String {
    (format.write)(pace, report, selection).await
}
