//! The catalogue of checks keeps its promises.

use std::{collections::BTreeSet, fmt::Write, fs, path::Path};

use kubeconfig_inspector::checks::{self, Citation, FAMILIES};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Compares `text` with the file at `path`, or rewrites the file when UPDATE_EXPECT is set.
#[track_caller]
pub(crate) fn stored(path: &str, text: &str) {
    let file = root().join(path);
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&file, text).expect("the file can be written");
    }
    let before = fs::read_to_string(&file).unwrap_or_default();
    let at = before.lines().zip(text.lines()).position(|(a, b)| a != b);
    let at = at.unwrap_or_else(|| before.lines().count().min(text.lines().count()));
    assert!(
        before == text,
        "\n{path} differs from line {}:\n  stored: {}\n  now:    {}\nIf the change is meant: \
         UPDATE_EXPECT=1 cargo test --no-default-features --test it\n",
        at + 1,
        before.lines().nth(at).unwrap_or("(end)"),
        text.lines().nth(at).unwrap_or("(end)")
    );
}

#[test]
fn words_are_whole_sentences() {
    let mut ids = BTreeSet::new();
    let mut titles = BTreeSet::new();
    for check in checks::all() {
        let id = check.id;
        assert!(ids.insert(id), "{id} is used twice");
        assert!(titles.insert(check.title), "{id}: the title is used twice");
        assert!(
            id.starts_with(|c: char| c.is_ascii_lowercase())
                && id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'),
            "{id} is not kebab-case"
        );
        assert!(!check.title.ends_with('.'), "{id}: a title has no full stop");
        assert!(check.title.len() <= 90, "{id}: a title fits one line");
        for text in [check.why, check.fix] {
            assert!(text.ends_with('.'), "{id}: why and fix are sentences");
            assert!(!text.contains("  "), "{id}: a blank too many in {text:?}");
        }
        assert!(!check.citations.is_empty(), "{id}: say where it is written");
    }
}

#[test]
fn pages_are_cited_by_a_secure_address() {
    for check in checks::all() {
        for citation in check.citations {
            let url = citation.url();
            assert!(url.starts_with("https://"), "{}: {url}", check.id);
            assert!(!url.contains(char::is_whitespace), "{}: {url}", check.id);
            if let Citation::ClientGo { path, symbol } = citation {
                assert!(path.ends_with(".go") && !symbol.contains('('), "{}: {symbol}", check.id);
            }
        }
    }
}

/// CHECKS.md, from the registry.
fn catalogue() -> String {
    let mut text = String::from(
        "# What is checked\n\nEvery check, as the program itself tells it. This file is written by a \
         test:\n\n    UPDATE_EXPECT=1 cargo test --no-default-features --test it checks\n\n\
         **error**: kubectl refuses the file or the server refuses the credential, and a source \
         says so. **warning**: it works, but is unsafe, is going to stop working, or does something \
         else than it says. **notice**: true and worth knowing; there is nothing to repair.\n",
    );
    for family in FAMILIES {
        let _ = writeln!(text, "\n## {}\n", family.title);
        for check in family.checks {
            let sources: Vec<String> =
                check.citations.iter().map(|it| format!("[{it}]({})", it.url())).collect();
            let _ = writeln!(
                text,
                "### {}\n`{}`, {}\n\n{} {}\n\nSources: {}.\n",
                check.title,
                check.id,
                check.severity.name(),
                check.why,
                check.fix,
                sources.join("; ")
            );
        }
    }
    text
}

#[test]
fn the_catalogue_is_up_to_date() {
    stored("CHECKS.md", &catalogue());
}
