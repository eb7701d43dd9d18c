//! Reports as text to take away.
//!
//! Every [`Format`] is safe to share: no key, token or password is in it. What carries a
//! secret on purpose has a door of its own.

mod json;
mod masking;
mod yaml;
pub mod kubeconfig;

use crate::Report;

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
    write: fn(&Report) -> String,
}

impl Format {
    /// Every format, in the order of the menu.
    pub const ALL: &[Format] = &[Format {
        name: "report",
        title: "JSON report",
        file_name: "kubeconfig-report.json",
        media_type: "application/json",
        write: json::write,
    }];

    /// The format of that name.
    pub fn named(name: &str) -> Option<&'static Format> {
        Format::ALL.iter().find(|it| it.name == name)
    }
}

/// Writes `report` in `format`.
pub fn export(report: &Report, format: &Format) -> String {
    (format.write)(report)
}
