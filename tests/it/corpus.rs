//! What is said about every fixture, in short: a change shows here how far it reaches.
//!
//! The stored texts were compared with `openssl x509 -noout -subject -dates` and with what
//! kubectl 1.33 answers for the same files.

use std::{fmt::Write, path::Path};

use kubeconfig_inspector::{
    Options, Report,
    checks::{Severity, verdict::verdict},
    inspect, inspect_with,
};

use crate::checks::{entries, name, now, sources, stored};

/// The report as lines: files, contexts with their verdicts, findings.
fn digest(report: &Report) -> String {
    let facts = &report.facts;
    let mut text = String::new();
    for (index, source) in facts.sources.iter().enumerate() {
        if let Some(it) = facts.rejection(index) {
            let _ = writeln!(text, "  rejected {}: {}", source.name, it.message);
        }
    }
    for context in facts.readings.iter().flat_map(|it| &it.contexts) {
        let verdict = verdict(facts, &report.findings, context);
        let _ = writeln!(
            text,
            "  {} {} | {}",
            if context.effective.current { "*" } else { "-" },
            context.effective.name,
            verdict.status.words()
        );
        let _ = writeln!(text, "    {}", verdict.sentences.join(" "));
        for unknown in &verdict.unknowns {
            let _ = writeln!(text, "    ? {unknown}");
        }
    }
    for it in &report.findings {
        let location =
            it.location.map_or_else(String::new, |at| format!("{}:{} ", at.line, at.column));
        let context = it.context.and_then(|it| facts.context(it));
        let of = context.map_or_else(String::new, |it| format!(" of {}", it.name));
        let _ = writeln!(
            text,
            "  {} {}{of} {location}{} | {}",
            it.check.severity.name(),
            it.check.id,
            it.place.path,
            it.detail
        );
    }
    text
}

/// The digests of everything in `folder`; files are joined where that is the subject.
fn digests(folder: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut text = String::new();
    for path in entries(&root) {
        let name = name(&path);
        let options = Options { merge: name == "hidden-by-merge", ..Options::default() };
        let report = inspect_with(&sources(&path), now(), &options);
        let _ = write!(text, "{name}\n{}\n", digest(&report));
    }
    text
}

#[test]
fn what_kubectl_stops_at_is_an_error() {
    for folder in ["tests/fixtures/real", "tests/fixtures/checks"] {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        for path in entries(&root) {
            let report = inspect(&sources(&path), now());
            for context in report.facts.readings.iter().flat_map(|it| &it.contexts) {
                let told = report.findings.iter().any(|it| {
                    it.check.severity == Severity::Error && it.concerns(&report.facts, context)
                });
                let problems = &context.effective.problems;
                assert!(problems.is_empty() || told, "{}: {problems:?}", path.display());
            }
        }
    }
}

#[test]
fn files_of_real_tools() {
    stored("tests/it/corpus/real.txt", &digests("tests/fixtures/real"));
}

#[test]
fn files_that_trigger_a_check() {
    stored("tests/it/corpus/checks.txt", &digests("tests/fixtures/checks"));
}
