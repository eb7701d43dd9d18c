//! Findings as SARIF 2.1.0, which code scanning services read.

use serde::Serialize;

use super::pieces::{Later, Pieces, pretty};
use crate::{
    Report,
    checks::{self, Check, Citation, Finding, Severity},
    facts::Facts,
    pace::Pace,
};

/// Writes the log.
pub(super) async fn write(pace: Pace<'_>, report: &Report) -> String {
    let rules: Vec<&Check> = checks::all().collect();
    let mut log = Pieces::default();
    log.begin(&pretty(&Log {
        schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: env!("CARGO_PKG_NAME"),
                    version: env!("CARGO_PKG_VERSION"),
                    rules: rules.iter().map(|it| rule(it)).collect(),
                },
            },
            column_kind: "unicodeCodePoints",
            results: Later::ITEMS,
        }],
    }));
    let results = report.findings.iter();
    let mut results = results.map(|it| pretty(&result(&report.facts, &rules, it)));
    log.items(pace, "results", &mut results).await;
    log.end();
    log.text()
}

#[derive(Serialize)]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Tool,
    column_kind: &'static str,
    results: Later<ResultV2<'a>>,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
struct Driver {
    name: &'static str,
    version: &'static str,
    rules: Vec<Rule>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: &'static str,
    short_description: Text<'static>,
    full_description: Text<'static>,
    help: Text<'static>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help_uri: Option<String>,
    default_configuration: Configuration,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
struct Text<'a> {
    text: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ResultV2<'a> {
    rule_id: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule_index: Option<usize>,
    level: &'static str,
    message: Text<'a>,
    locations: [Location<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location<'a> {
    physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    logical_locations: Vec<LogicalLocation<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
}

#[derive(Serialize)]
struct ArtifactLocation {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
    start_column: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LogicalLocation<'a> {
    fully_qualified_name: &'a str,
}

fn rule(check: &Check) -> Rule {
    Rule {
        id: check.id,
        short_description: Text { text: check.title },
        full_description: Text { text: check.why },
        help: Text { text: check.fix },
        help_uri: check.citations.iter().find_map(|it| match it {
            Citation::Page { url, .. } => Some((*url).to_owned()),
            Citation::Rfc { number, .. } => {
                Some(format!("https://www.rfc-editor.org/rfc/rfc{number}"))
            }
            Citation::ClientGo { .. } => None,
        }),
        default_configuration: Configuration { level: level(check.severity) },
    }
}

#[inline(never)]
fn result<'a>(facts: &'a Facts, rules: &[&Check], it: &'a Finding) -> ResultV2<'a> {
    let file = facts.files.get(it.place.file).map(|it| it.name.as_str());
    let source = facts.sources.get(it.source).map(|it| it.name.as_str());
    let path = it.place.path.as_str();
    ResultV2 {
        rule_id: it.check.id,
        rule_index: rules.iter().position(|rule| rule.id == it.check.id),
        level: level(it.check.severity),
        message: Text { text: if it.detail.is_empty() { it.check.title } else { &it.detail } },
        locations: [Location {
            physical_location: PhysicalLocation {
                artifact_location: ArtifactLocation {
                    uri: uri(source.or(file).unwrap_or_default()),
                },
                region: it
                    .location
                    .map(|it| Region { start_line: it.line, start_column: it.column }),
            },
            logical_locations: match path {
                "" => Vec::new(),
                path => vec![LogicalLocation { fully_qualified_name: path }],
            },
        }],
    }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Notice => "note",
    }
}

/// A file name as a relative URI, RFC 3986.
fn uri(name: &str) -> String {
    let mut uri = String::new();
    for byte in name.bytes() {
        match byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            true => uri.push(char::from(byte)),
            false => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}
