//! Reports as text to take away.

mod json;

use crate::Report;

/// A form in which a report can be saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For programs: `kubeconfig-report/v1`.
    Report,
}

impl Format {
    /// Every format, in the order of the menu.
    pub const ALL: &[Format] = &[Format::Report];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Format::Report => "report",
        }
    }
}

/// Writes `report` in `format`.
pub fn export(report: &Report, format: Format) -> String {
    match format {
        Format::Report => json::write(report),
    }
}
