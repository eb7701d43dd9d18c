//! The JSON report, version 1: the promise to whoever parses our output.

use crate::Report;

pub(super) fn write(_report: &Report) -> String {
    String::from("{}")
}
