//! The catalogue of checks keeps its promises.

use std::{
    collections::BTreeSet,
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

use kubeconfig_inspector::{
    Options,
    checks::{self, Citation, FAMILIES, Severity},
    inspect, inspect_with,
    source::Source,
    time::Timestamp,
};

/// The moment at which all fixtures are judged.
pub(crate) fn now() -> Timestamp {
    Timestamp::parse("2026-11-23T09:00:00Z").expect("a date in a test")
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What is in the folder at `path`, in the order of the names.
pub(crate) fn entries(path: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(path).expect("the folder is there");
    let mut entries: Vec<PathBuf> =
        entries.map(|it| it.expect("the entry can be read").path()).collect();
    entries.sort();
    entries
}

/// The last part of `path`.
pub(crate) fn name(path: &Path) -> &str {
    path.file_name().and_then(|it| it.to_str()).expect("a name in UTF-8")
}

/// The files of the fixture at `path`, which is a file or a folder, in the order of their names.
pub(crate) fn sources(path: &Path) -> Vec<Source> {
    let files = match path.is_dir() {
        true => entries(path),
        false => vec![path.to_owned()],
    };
    let read = |it: &PathBuf| Source::new(name(it), fs::read(it).expect("the fixture can be read"));
    files.iter().map(read).collect()
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

fn fixtures() -> PathBuf {
    root().join("tests/fixtures/checks")
}

#[test]
fn every_check_fires_on_its_own_fixture() {
    let mut silent = Vec::new();
    for check in checks::all() {
        let path = fixtures().join(check.id);
        assert!(
            path.exists(),
            "\n{} has no fixture.\nWrite what triggers it to {}\n",
            check.id,
            path.display()
        );
        // What is only wrong when files are joined shows only then.
        let merge = Options { merge: true, ..Options::default() };
        let fires = [Options::default(), merge].iter().any(|options| {
            let report = inspect_with(&sources(&path), now(), options);
            report.findings.iter().any(|it| it.check.id == check.id)
        });
        if !fires {
            silent.push(check.id);
        }
    }
    assert!(silent.is_empty(), "did not fire: {silent:?}");
}

#[test]
fn no_fixture_is_left_behind() {
    let known: BTreeSet<&str> = checks::all().map(|it| it.id).collect();
    for path in entries(&fixtures()) {
        assert!(known.contains(name(&path)), "no check is called {}", name(&path));
    }
}

/// What the owner of an ordinary file of some provider is told beyond the facts. Nothing of it
/// says that the file is broken.
const ORDINARY: &[(&str, &[&str])] = &[
    ("ack-api-response.json", &[]),
    ("ack-exec.yaml", &[]),
    ("ack-private.yaml", &["long-lived-certificate", "server-on-a-private-network"]),
    ("ack-temporary.yaml", &[]),
    ("ack.yaml", &["long-lived-certificate"]),
    ("aks-entra.yaml", &[]),
    // An administrator's file that lives for years and holds two credentials.
    ("aks-local-admin.yaml", &["long-lived-certificate", "several-credentials", "system-masters"]),
    // The current context of CCE checks no server; all three share one user.
    ("cce.json", &["server-on-a-private-network", "tls-verification-off"]),
    ("cluster-api-secret.yaml", &["system-masters"]),
    ("digitalocean.yaml", &[]),
    ("eks.yaml", &[]),
    ("gardener-admin.yaml", &["administrator"]),
    ("gardener.yaml", &[]),
    ("gke.yaml", &[]),
    ("k3s.yaml", &["server-on-this-machine", "system-masters"]),
    ("kind.yaml", &["administrator", "server-on-this-machine"]),
    ("kubeadm-admin.yaml", &["administrator", "server-on-a-private-network"]),
    ("kubectl-ecdsa.yaml", &[]),
    ("kubectl-ed25519.yaml", &[]),
    ("kubectl-file-references.yaml", &["refers-to-other-files"]),
    ("kubectl-rsa.yaml", &[]),
    (
        "minikube-embedded.yaml",
        &["long-lived-certificate", "server-on-a-private-network", "system-masters"],
    ),
    ("minikube.yaml", &["refers-to-other-files", "server-on-a-private-network"]),
    ("oidc.yaml", &[]),
    ("oke.yaml", &[]),
    ("openshift-installer.yaml", &["long-lived-certificate", "several-cas", "system-masters"]),
    ("openshift-login.yaml", &["system-roots"]),
    ("rancher.yaml", &[]),
    ("service-account-bound.yaml", &[]),
    ("teleport.yaml", &["exec-absolute-command", "tls-server-name-in-use"]),
    ("tke.yaml", &["long-lived-certificate"]),
    ("vcluster.yaml", &["server-on-this-machine", "system-masters"]),
];

#[test]
fn ordinary_files_are_left_alone() {
    for (name, expected) in ORDINARY {
        let report = inspect(&sources(&root().join("tests/fixtures/real").join(name)), now());
        let found: BTreeSet<&str> = report.findings.iter().map(|it| it.check.id).collect();
        assert_eq!(found, expected.iter().copied().collect::<BTreeSet<_>>(), "{name}");
        assert!(
            report.findings.iter().all(|it| it.check.severity != Severity::Error),
            "{name} works"
        );
    }
}
