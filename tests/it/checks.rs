//! The catalogue of checks keeps its promises.

use std::{
    collections::BTreeSet,
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

use kubeconfig_inspector::{
    Options,
    checks::{
        self, Citation, FAMILIES, Severity,
        compatibility::compatibility,
        leak::leak,
        verdict::{Status, verdict},
    },
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

/// The findings of the fixture at `path` at `moment`, by name.
#[track_caller]
fn check(path: &str, moment: &str, expected: &[&str]) {
    let moment_of = Timestamp::parse(moment).expect("a date in a test");
    let report = inspect(&sources(&root().join("tests/fixtures").join(path)), moment_of);
    let found: BTreeSet<&str> = report.findings.iter().map(|it| it.check.id).collect();
    assert_eq!(found, expected.iter().copied().collect(), "{path} at {moment}");
}

// RFC 5280, 4.1.2.5: both ends of a validity period are in it. RFC 7519, 4.1.4: a token is not
// accepted on or after its end.
#[test]
fn dates_are_judged_to_the_second() {
    // From 2025-11-28T12:00:00Z to 2026-11-28T12:00:00Z, so no long-term certificate.
    let year = "checks/client-certificate-ends-within-7-days";
    // The CA of the fixture is younger.
    let early = ["ca-not-yet-valid", "client-certificate-not-yet-valid"];
    check(year, "2025-11-28T11:59:59Z", &early);
    check(year, "2025-11-28T12:00:00Z", &["ca-not-yet-valid"]);
    check(year, "2026-06-01T00:00:00Z", &[]);
    check(year, "2026-10-29T11:59:59Z", &[]);
    check(year, "2026-10-29T12:00:00Z", &["client-certificate-ends-within-30-days"]);
    check(year, "2026-11-21T11:59:59Z", &["client-certificate-ends-within-30-days"]);
    check(year, "2026-11-21T12:00:00Z", &["client-certificate-ends-within-7-days"]);
    check(year, "2026-11-28T12:00:00Z", &["client-certificate-ends-within-7-days"]);
    check(year, "2026-11-28T12:00:01Z", &["client-certificate-expired"]);
    // From 2024-02-01 to 2027-01-31.
    let long = "checks/rotation-due";
    check(long, "2026-08-03T23:59:59Z", &["long-lived-certificate"]);
    check(long, "2026-08-04T00:00:00Z", &["long-lived-certificate", "rotation-due"]);
    check(long, "2026-12-31T23:59:59Z", &["long-lived-certificate", "rotation-due"]);
    let last = ["client-certificate-ends-within-30-days", "long-lived-certificate"];
    check(long, "2027-01-01T00:00:00Z", &last);
    // From 08:30 to 11:30 of one day: its end is no surprise.
    let temporary = "real/ack-temporary.yaml";
    check(temporary, "2026-11-23T08:29:59Z", &["client-certificate-not-yet-valid"]);
    check(temporary, "2026-11-23T08:30:00Z", &[]);
    check(temporary, "2026-11-23T11:30:00Z", &[]);
    check(temporary, "2026-11-23T11:30:01Z", &["client-certificate-expired"]);
    // A CA until 2026-12-10, a client certificate until 2027-06-01.
    let ca = "checks/ca-ends-soon";
    check(ca, "2026-11-09T23:59:59Z", &["ca-ends-before-certificate"]);
    check(ca, "2026-11-10T00:00:00Z", &["ca-ends-soon"]);
    check(ca, "2026-12-10T00:00:00Z", &["ca-ends-soon"]);
    check(ca, "2026-12-10T00:00:01Z", &["ca-expired"]);
    let future = "checks/ca-not-yet-valid";
    check(future, "2026-11-23T23:59:59Z", &["ca-not-yet-valid"]);
    check(future, "2026-11-24T00:00:00Z", &[]);
    // `exp` is 1795000000, `nbf` is 1795651200.
    let token = "checks/token-expired";
    check(token, "2026-11-11T11:06:39Z", &[]);
    check(token, "2026-11-11T11:06:40Z", &["token-ends-within-7-days"]);
    check(token, "2026-11-18T11:06:39Z", &["token-ends-within-7-days"]);
    check(token, "2026-11-18T11:06:40Z", &["token-expired"]);
    let early = "checks/token-not-yet-valid";
    // A token may be a minute early.
    check(early, "2026-11-25T23:58:59Z", &["token-not-yet-valid"]);
    check(early, "2026-11-25T23:59:00Z", &[]);
}

#[test]
fn an_end_that_comes_first_is_the_end() {
    let rows = [
        ("ca-ends-soon", "2026-12-10T00:00:00Z"),
        ("client-certificate-ends-within-7-days", "2026-11-28T12:00:00Z"),
    ];
    for (name, end) in rows {
        let report = inspect(&sources(&fixtures().join(name)), now());
        let context = &report.facts.readings[0].contexts[0];
        let verdict = verdict(&report.facts, &report.findings, context);
        let end = Timestamp::parse(end).expect("a date in a test");
        assert_eq!(verdict.status, Status::WorksUntil(end), "{name}");
    }
}

// The versions in which client-go got or lost the field; kubectl 1.20 to 1.37 were run.
#[test]
fn a_file_says_which_kubectl_it_needs() {
    let rows = [
        ("real/kubectl-rsa.yaml", "Any kubectl can use it."),
        ("real/eks.yaml", "It needs kubectl 1.11 or newer."),
        ("real/gke.yaml", "It needs kubectl 1.20 or newer."),
        ("real/gardener.yaml", "It needs kubectl 1.22 or newer."),
        ("real/teleport.yaml", "It needs kubectl 1.18 or newer."),
        ("checks/proxy-in-use", "It needs kubectl 1.19 or newer."),
        ("checks/exec-api-version-removed", "It needs kubectl 1.10 to 1.23."),
        ("checks/auth-provider-removed", "It needs kubectl 1.25 or older."),
        ("checks/impersonation", "It needs kubectl 1.7 or newer."),
        ("checks/client-key-refused", "It needs kubectl 1.32 or older."),
        ("checks/ca-key-refused", "It needs kubectl 1.32 or older."),
        ("checks/server-ipv6-without-brackets", "It needs kubectl 1.35 or older."),
        ("kubectl/680-cert-serial-neg/config.yaml", "It needs kubectl 1.31 or older."),
    ];
    for (path, expected) in rows {
        let report = inspect(&sources(&root().join("tests/fixtures").join(path)), now());
        assert_eq!(compatibility(&report.facts).words(), expected, "{path}");
    }
}

#[test]
fn a_leak_has_an_answer() {
    let rows = [
        ("real/ack.yaml", Some("Revoke the kubeconfig in the ACK console.")),
        ("real/aks-local-admin.yaml", Some("Rotate the cluster's certificates")),
        ("real/kubectl-rsa.yaml", Some("Delete the role bindings of the user alice, and move")),
        ("real/k3s.yaml", Some("Replace the CA that signed it")),
        ("real/service-account-legacy.yaml", Some("Delete the Secret deployer-token-abcde in ci.")),
        ("real/service-account-bound.yaml", Some("Delete the service account deployer in ci.")),
        ("real/openshift-login.yaml", Some("Sign out with it")),
        ("real/rancher.yaml", Some("Delete the key in Rancher")),
        ("checks/bootstrap-token", Some("Delete it: kubeadm token delete 07401b.")),
        ("checks/several-credentials", Some("Delete the role bindings of the user alice")),
        ("real/eks.yaml", None),
        ("real/minikube.yaml", None),
    ];
    for (path, expected) in rows {
        let report = inspect(&sources(&root().join("tests/fixtures").join(path)), now());
        let advice = leak(&report.facts, &report.facts.readings[0].contexts[0]);
        match (advice, expected) {
            (Some(it), Some(expected)) => {
                assert!(it.ends_it[0].starts_with(expected), "{path}: {:?}", it.ends_it);
                let files = "Deleting this file does not end the copies of it.";
                assert!(it.does_not.iter().any(|it| it == files), "{path}: {:?}", it.does_not);
            }
            (advice, expected) => assert_eq!(advice.is_some(), expected.is_some(), "{path}"),
        }
    }
}
