//! What leaves: that it parses, that it says what went in, and that no secret goes with it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use base64::{Engine, prelude::BASE64_STANDARD};
use kubeconfig_inspector::{
    Options, Report,
    checks::{Finding, Severity},
    export::{
        Format, Selection,
        commands::{Shell, commands},
        export, extract, kubeconfig,
    },
    inspect, inspect_with, quote,
    source::Source,
    time::Timestamp,
};
use serde_json::Value;

/// 2026-01-01, before the fixtures' certificates end.
const NOW: Timestamp = Timestamp(1_767_225_600);

fn report(name: &str, text: impl Into<Vec<u8>>) -> Report {
    inspect(&[Source::new(name, text)], NOW)
}

fn written(report: &Report, format: &str) -> String {
    let format = Format::named(format).expect("the format is there");
    export(report, format, &Selection::default())
}

fn fixture(path: &str) -> String {
    fs::read_to_string(fixtures().join(path)).expect("the fixture is there")
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

/// Every fixture below tests/fixtures that may be handed to the inspector.
fn all_fixtures() -> Vec<PathBuf> {
    let mut folders = vec![fixtures()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("the folder is there") {
            let path = entry.expect("an entry").path();
            let ending = path.extension().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() {
                folders.push(path);
            } else if !["sh", "md", "go", "py"].contains(&ending.as_str())
                && !path.ends_with("expected.json")
            {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

/// What must never leave, found by reading the file independently of the library.
#[derive(Default)]
struct Secrets {
    /// Whole values.
    values: BTreeSet<String>,
    /// What may be seen although a secret has the same letters in it, as the armor of PEM.
    public: String,
}

impl Secrets {
    fn of(text: &[u8]) -> Secrets {
        let mut secrets = Secrets::default();
        let text = String::from_utf8_lossy(text);
        secrets.text(&text, 0);
        secrets.public.push_str(&BASE64_STANDARD.encode("-----BEGIN CERTIFICATE-----\n"));
        secrets.public.push_str(&BASE64_STANDARD.encode("-----END CERTIFICATE-----\n"));
        secrets
    }

    /// Reads a text that may be YAML, base64 of YAML, or PEM.
    fn text(&mut self, text: &str, depth: usize) {
        if 4 < depth {
            return;
        }
        for block in text.split("-----BEGIN ").skip(1) {
            let (label, rest) = block.split_once("-----").unwrap_or_default();
            let body = rest.split("-----END").next().unwrap_or_default();
            match label.ends_with("PRIVATE KEY") {
                true => self.values.extend(body.split_whitespace().map(str::to_owned)),
                false => self.public.push_str(body),
            }
        }
        if let Ok(value) = serde_yaml::from_str::<serde_yaml::Value>(text) {
            self.node("", &value, depth);
        } else if let Some(decoded) = decode(text) {
            self.text(&decoded, depth + 1);
        }
    }

    fn node(&mut self, key: &str, value: &serde_yaml::Value, depth: usize) {
        match value {
            serde_yaml::Value::Mapping(map) => {
                // `{name: X_PASSWORD, value: …}` names its value beside it.
                let name = map.get("name").and_then(|it| it.as_str()).unwrap_or_default();
                for (key, value) in map {
                    let key = key.as_str().unwrap_or_default();
                    self.node(if key == "value" { name } else { key }, value, depth);
                }
            }
            serde_yaml::Value::Sequence(items) => {
                let mut before = "";
                for item in items {
                    let words = item.as_str().unwrap_or_default();
                    match words.split_once('=') {
                        Some((flag, value)) => self.scalar(flag, value, depth),
                        None if before.starts_with("--") => self.scalar(before, words, depth),
                        None => self.node(key, item, depth),
                    }
                    before = words;
                }
            }
            serde_yaml::Value::String(text) => self.scalar(key, text, depth),
            _ => {}
        }
    }

    fn scalar(&mut self, key: &str, text: &str, depth: usize) {
        let key = key.to_lowercase();
        if let Some((before, _)) = text.split_once('@')
            && let Some((_, userinfo)) = before.split_once("://")
        {
            self.values.extend(userinfo.split_once(':').map(|it| it.1.to_owned()));
        }
        if key == "client-key-data" || key == "clientkeydata" {
            self.values.insert(text.split_whitespace().collect());
            self.text(&decode(text).unwrap_or_default(), depth + 1);
        } else if key.ends_with("-data") {
            self.public.push_str(text);
        } else if (key.contains("password") || key.contains("secret") || key.ends_with("token"))
            && !key.ends_with("-id")
        {
            self.values.insert(text.trim().to_owned());
        }
        if 60 < text.len() {
            self.text(text, depth + 1);
        }
    }

    /// A secret, or 12 characters of one, that stands in `text`.
    fn leaked_in(&self, text: &str) -> Option<String> {
        let mut windows = BTreeSet::new();
        for value in self.values.iter().filter(|it| is_real(it)) {
            if value.len() < 12 {
                let elsewhere = self.public.contains(value.as_str());
                if 6 <= value.len() && !elsewhere && text.contains(value.as_str()) {
                    return Some(value.clone());
                }
                continue;
            }
            windows.extend(value.as_bytes().windows(12));
        }
        for window in self.public.as_bytes().windows(12) {
            windows.remove(window);
        }
        if windows.is_empty() {
            return None;
        }
        // Certificates are long, public, and stay in some of the outputs as they are.
        let is_public = |it: &&str| 200 < it.len() && self.public.contains(it.trim_matches('"'));
        let mut words = text.split_inclusive([' ', '\n']).filter(|it| !is_public(&it.trim()));
        words.find_map(|word| {
            let found = word.as_bytes().windows(12).find(|it| windows.contains(it))?;
            Some(String::from_utf8_lossy(found).into_owned())
        })
    }
}

fn decode(text: &str) -> Option<String> {
    let joined: String = text.split_whitespace().collect();
    String::from_utf8(BASE64_STANDARD.decode(joined).ok()?).ok()
}

/// Placeholders are no secrets.
fn is_real(value: &str) -> bool {
    !["REDACTED", "DATA+OMITTED"].contains(&value) && !value.starts_with(['<', '{'])
}

#[test]
fn no_secret_leaves_unasked() {
    let mut secrets_seen = 0;
    for path in all_fixtures() {
        let bytes = fs::read(&path).expect("the fixture is there");
        let secrets = Secrets::of(&bytes);
        secrets_seen += secrets.values.len();
        let name = path.file_name().expect("a file").to_string_lossy().into_owned();
        let report = report(&name, bytes);
        let mut texts: Vec<(&str, String)> = Format::ALL
            .iter()
            .map(|it| (it.name, export(&report, it, &Selection::default())))
            .collect();
        let redacted = Format::named("redacted").expect("the format is there");
        for selection in [
            Selection { without_certificates: true, ..Selection::default() },
            Selection { without_names: true, ..Selection::default() },
        ] {
            texts.push(("redacted further", export(&report, redacted, &selection)));
        }
        for context in report.facts.readings.iter().flat_map(|it| &it.contexts) {
            for shell in [Shell::Bash, Shell::PowerShell] {
                let all = commands(&report, context.effective.entry, shell);
                texts.push(("commands", format!("{all:?}")));
            }
        }
        for (format, text) in texts {
            let leaked = secrets.leaked_in(&text);
            assert_eq!(leaked, None, "{} as {format}", path.display());
        }
    }
    assert!(50 < secrets_seen, "only {secrets_seen} secrets were looked for");
}

#[test]
fn the_table_of_formats_has_no_name_twice() {
    let names: BTreeSet<&str> = Format::ALL.iter().map(|it| it.name).collect();
    let files: BTreeSet<&str> = Format::ALL.iter().map(|it| it.file_name).collect();
    assert_eq!((names.len(), files.len()), (Format::ALL.len(), Format::ALL.len()));
}

/// A kubeconfig with a context, a cluster and a user of each name, written so that no reader
/// can misread it.
fn called(names: &[&str]) -> String {
    let secrets = fixture("export/secrets.yaml");
    let data = |field: &str| {
        let (_, rest) = secrets.split_once(&format!("{field}: ")).expect("the field is there");
        rest.lines().next().expect("a line").to_owned()
    };
    let (ca, key) = (data("certificate-authority-data"), data("client-key-data"));
    let certificate = data("client-certificate-data");
    let [mut clusters, mut users, mut contexts] = [String::new(), String::new(), String::new()];
    let mut first = None;
    for name in names {
        let it: String = name.chars().map(|it| format!("\\U{:08x}", u32::from(it))).collect();
        clusters.push_str(&format!(
            "- name: \"{it}\"\n  cluster:\n    server: https://10.0.0.1:6443\n    \
             certificate-authority-data: {ca}\n    tls-server-name: \"{it}\"\n"
        ));
        users.push_str(&format!(
            "- name: \"{it}\"\n  user:\n    client-certificate-data: {certificate}\n    \
             client-key-data: {key}\n    as: \"{it}\"\n"
        ));
        contexts.push_str(&format!(
            "- name: \"{it}\"\n  context:\n    cluster: \"{it}\"\n    user: \"{it}\"\n    \
             namespace: \"{it}\"\n"
        ));
        first.get_or_insert(it);
    }
    format!(
        "apiVersion: v1\nkind: Config\ncurrent-context: \"{}\"\nclusters:\n{clusters}\
         users:\n{users}contexts:\n{contexts}",
        first.unwrap_or_default()
    )
}

const HOSTILE: &[&str] = &[
    "prod",
    "$(touch pwned)",
    "'; touch pwned #",
    "`touch pwned`",
    "-rf",
    "--help",
    "=cmd|'/c calc'!A0",
    "a,b;c\"d\"",
    "a|b",
    "a`b``c",
    "<img src=x onerror=alert(1)>",
    "line one\nline two",
    "\u{1b}[2J\u{202e}gnp.exe",
    "\u{2019}; calc; \u{2018}",
    "no",
    "1_000",
    "~",
    "a: b #c",
    "BEGIN:VEVENT",
    "../../etc/passwd",
    "\\",
    "\u{1f600} 集群 é",
    "tab\there",
    "!!",
];

#[test]
fn every_format_parses_whatever_the_names() {
    for name in HOSTILE {
        let report = report("a.yaml", called(&[*name]));
        let shown = quote::visible(name);
        for format in Format::ALL {
            let text = export(&report, format, &Selection::default());
            let hidden = text.chars().find(|it| quote::is_hidden(*it) && !"\r\n".contains(*it));
            assert_eq!(hidden, None, "{name:?} as {}", format.name);
        }
        let json: Value = serde_json::from_str(&written(&report, "report")).expect("JSON");
        assert_eq!(json["sources"][0]["contexts"][0]["name"], *name);
        let log: Value = serde_json::from_str(&written(&report, "sarif")).expect("JSON");
        assert_eq!(log["version"], "2.1.0");
        let table = csv(&written(&report, "csv"));
        assert_eq!(table.len(), 2, "{name:?}");
        assert_eq!(table[0].len(), table[1].len());
        assert_eq!(table[1][1].trim_start_matches('\''), shown.trim_start_matches('\''));
        let markdown = written(&report, "markdown");
        let cells = |line: &str| line.matches('|').count();
        let rows: Vec<&str> = markdown.lines().filter(|it| it.starts_with('|')).collect();
        assert_eq!(rows.len(), 3, "{name:?}:\n{markdown}");
        assert!(rows.iter().all(|it| cells(it) == cells(rows[0])), "{markdown}");
        calendar(&written(&report, "ics"));
    }
}

#[test]
fn a_token_in_a_file_that_was_handed_in_is_told() {
    let config = fixture("checks/token-expired/config");
    let (before, token) = config.split_once("token: ").expect("there is a token");
    let config = format!("{before}tokenFile: /run/token\n");
    let sources = [Source::new("config", config), Source::new("token", token.trim())];
    let report = inspect(&sources, NOW);
    let json: Value = serde_json::from_str(&written(&report, "report")).expect("JSON");
    let credential = &json["sources"][0]["contexts"][0]["credentials"][0];
    assert_eq!(credential["path"], "/run/token");
    assert_eq!(credential["token"]["subject"], "system:serviceaccount:ci:deployer");
}

#[test]
fn a_table_counts_what_concerns_each_context() {
    for path in all_fixtures() {
        let report = report("a", fs::read(&path).expect("the fixture is there"));
        let contexts = report.facts.readings.iter().flat_map(|it| &it.contexts);
        let mut counts = Vec::new();
        for context in contexts {
            let count = |severity| {
                let concerns = |it: &&Finding| it.concerns(&report.facts, context);
                let found = report.findings.iter().filter(concerns);
                found.filter(|it| it.check.severity == severity).count().to_string()
            };
            counts.push([count(Severity::Error), count(Severity::Warning)]);
        }
        let table = csv(&written(&report, "csv"));
        let column = |name: &str| table[0].iter().position(|it| it == name).expect("a column");
        let columns = ["errors", "warnings"].map(column);
        let mut told: Vec<[String; 2]> = table[1..]
            .iter()
            .map(|row| columns.map(|it| row[it].clone()))
            .filter(|[errors, _]| !errors.is_empty())
            .collect();
        told.sort();
        counts.sort();
        assert_eq!(told, counts, "{}", path.display());
    }
}

/// Reads CSV as RFC 4180 has it.
fn csv(text: &str) -> Vec<Vec<String>> {
    assert!(text.ends_with("\r\n"));
    let mut rows = vec![vec![String::new()]];
    let mut quoted = false;
    let mut signs = text.trim_end_matches("\r\n").chars().peekable();
    while let Some(it) = signs.next() {
        let row = rows.last_mut().expect("a row");
        match it {
            '"' if quoted && signs.peek() == Some(&'"') => {
                row.last_mut().expect("a cell").push('"');
                signs.next();
            }
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(String::new()),
            '\r' if !quoted && signs.peek() == Some(&'\n') => {
                signs.next();
                rows.push(vec![String::new()]);
            }
            _ => row.last_mut().expect("a cell").push(it),
        }
    }
    assert!(!quoted);
    rows
}

/// Checks a calendar line by line, RFC 5545 section 3.1, and gives its events.
fn calendar(text: &str) -> Vec<BTreeMap<String, String>> {
    assert!(text.ends_with("END:VCALENDAR\r\n"));
    for line in text.split_terminator("\r\n") {
        assert!(line.len() <= 75 && !line.contains(['\r', '\n']), "{line}");
    }
    let mut open: Vec<String> = Vec::new();
    let mut events: Vec<BTreeMap<String, String>> = Vec::new();
    for line in text.replace("\r\n ", "").split_terminator("\r\n") {
        let (name, value) = line.split_once(':').expect("a name and a value");
        match name {
            "BEGIN" => {
                open.push(value.to_owned());
                if value == "VEVENT" {
                    events.push(BTreeMap::new());
                }
            }
            "END" => assert_eq!(open.pop().as_deref(), Some(value)),
            _ => {
                assert!(!open.is_empty());
                if open.last().is_some_and(|it| it == "VEVENT") {
                    let event = events.last_mut().expect("an event");
                    let twice = event.insert(name.to_owned(), value.to_owned());
                    assert_eq!(twice, None, "{name} twice");
                }
            }
        }
    }
    assert!(open.is_empty());
    for event in &events {
        assert!(["UID", "DTSTAMP", "SUMMARY"].iter().all(|it| event.contains_key(*it)));
    }
    events
}

#[test]
fn a_calendar_has_the_end_and_the_window() {
    let text = fixture("real/ack.yaml");
    let events = calendar(&written(&report("ack.yaml", text), "ics"));
    let starts: Vec<&str> = events
        .iter()
        .flat_map(|it| it.iter().find(|(name, _)| name.starts_with("DTSTART")))
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(starts, ["DTSTART;VALUE=DATE", "DTSTART"]);
}

#[test]
fn a_calendar_has_no_end_of_what_renews_itself() {
    let of = |more: &str| {
        let token = "e30.eyJleHAiOjE4MTE4MDgwMDB9.c2ln";
        let config = format!("client-id: a, idp-issuer-url: 'https://i', id-token: {token}{more}");
        let text = format!(
            "apiVersion: v1\nkind: Config\nclusters: [{{name: c, cluster: {{server: 'https://h'}}}}]\n\
             contexts: [{{name: x, context: {{cluster: c, user: u}}}}]\n\
             users: [{{name: u, user: {{auth-provider: {{name: oidc, config: {{{config}}}}}}}}}]\n"
        );
        calendar(&written(&report("oidc.yaml", text), "ics")).len()
    };
    assert_eq!((of(""), of(", refresh-token: a")), (1, 0));
}

/// The kubectl to compare with: `KUBECTL`, or the one on PATH.
fn kubectl() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).map(|it| it.join("kubectl")).find(|it| it.exists());
    std::env::var_os("KUBECTL").map(PathBuf::from).or(found)
}

/// An empty folder of its own for a test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder for the test");
    folder
}

fn kubectl_view(kubectl: &Path, folder: &Path, text: &str, options: &[&str]) -> Value {
    let file = folder.join("config");
    fs::write(&file, text).expect("the folder is there");
    let output = Command::new(kubectl)
        .args(["config", "view", "-o", "json"])
        .args(options)
        .env("HOME", folder)
        .env("KUBECONFIG", &file)
        .output()
        .expect("kubectl starts");
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{complaint}\n{text}");
    let mut view: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    // From 1.34 on, empty preferences are left out.
    let fields = view.as_object_mut().expect("an object");
    fields.entry("preferences").or_insert_with(|| Value::Object(serde_json::Map::new()));
    view
}

#[test]
fn kubeconfigs_that_go_out_say_the_same_to_kubectl() {
    let Some(kubectl) = kubectl() else { return };
    let folder = folder("kubeconfig-out");
    for text in [called(HOSTILE), fixture("export/secrets.yaml")] {
        let report = report("a.yaml", text.clone());
        let expected = kubectl_view(&kubectl, &folder, &text, &["--raw"]);
        let view: Value = serde_json::from_str(kubeconfig::view(&report).reveal()).expect("JSON");
        assert_eq!(view, expected);
        let reading = &report.facts.readings[0];
        let merged = kubeconfig::merged(&report.facts, reading);
        assert_eq!(kubectl_view(&kubectl, &folder, merged.reveal(), &["--raw"]), expected);
        for context in reading.contexts.iter().take(8) {
            let name = format!("--context={}", context.effective.name);
            let options = ["--raw", "--minify", "--flatten", name.as_str()];
            let expected = kubectl_view(&kubectl, &folder, &text, &options);
            let alone = kubeconfig::alone(&report.facts, context.effective.entry);
            let alone = alone.expect("the context is there");
            assert_eq!(kubectl_view(&kubectl, &folder, alone.reveal(), &["--raw"]), expected);
            let open = kubeconfig::without_verification(&report.facts, context.effective.entry);
            let open = open.expect("the context is there");
            let view = kubectl_view(&kubectl, &folder, open.reveal(), &["--raw"]);
            let cluster = &view["clusters"][0]["cluster"];
            assert_eq!(cluster["insecure-skip-tls-verify"], true);
            assert_eq!(cluster["certificate-authority-data"], Value::Null);
        }
    }
}

/// Two files that differ under the same names, as `KUBECONFIG=a:b` has kubectl read them.
#[test]
fn merged_files_say_the_same_to_kubectl() {
    let Some(kubectl) = kubectl() else { return };
    let folder = folder("merged-out");
    let texts = [fixture("export/secrets.yaml"), called(&["first", "with-ca", "b"])];
    let names = ["a.yaml", "b.yaml"];
    for (name, text) in names.iter().zip(&texts) {
        fs::write(folder.join(name), text).expect("the folder is there");
    }
    let view = |files: &str| -> Value {
        let output = Command::new(&kubectl)
            .args(["config", "view", "--raw", "-o", "json"])
            .env("HOME", &folder)
            .env("KUBECONFIG", files)
            .current_dir(&folder)
            .output()
            .expect("kubectl starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).expect("JSON")
    };
    let expected = view(&names.join(":"));
    let sources: Vec<Source> =
        names.iter().zip(&texts).map(|(name, text)| Source::new(*name, text.clone())).collect();
    let options = Options { merge: true, ..Options::default() };
    let report = inspect_with(&sources, NOW, &options);
    let merged = kubeconfig::merged(&report.facts, &report.facts.readings[0]);
    fs::write(folder.join("out.yaml"), merged.reveal()).expect("the folder is there");
    assert_eq!(view("out.yaml"), expected);
}

#[test]
fn a_redacted_kubeconfig_keeps_everything_but_the_secrets() {
    let text = fixture("export/secrets.yaml");
    let redacted = written(&report("a.yaml", text.clone()), "redacted");
    assert_eq!(redacted.lines().count() + 1, text.lines().count(), "a block became one line");
    for line in ["# A token over several lines.", "- {name: SIGN_IN_PROFILE, value: production}"] {
        assert!(redacted.contains(line), "{redacted}");
    }
    assert!(redacted.contains("password: \"REDACTED+password+30+bytes++\""), "{redacted}");
    let again = report("a.yaml", redacted.clone());
    assert_eq!(written(&again, "redacted"), redacted);
    assert!(again.findings.iter().any(|it| it.check.id == "value-redacted"));
    let Some(kubectl) = kubectl() else { return };
    let folder = folder("redacted");
    let names = |text: &str| {
        let view = kubectl_view(&kubectl, &folder, text, &["--raw"]);
        let contexts = view["contexts"].as_array().expect("a list").clone();
        let clusters = view["clusters"].as_array().expect("a list");
        (contexts, clusters.iter().find(|it| it["name"] == "with-ca").cloned())
    };
    assert_eq!(names(&redacted), names(&text));
}

#[test]
fn secrets_in_odd_places_go_too() {
    const SECRET: &str = "Very-Secret-Word-1234";
    let rows = [
        ("a key twice", "users: [{name: u, user: {token: SECRET, token: other}}]"),
        ("a second document", "users: []\n---\nusers: [{name: u, user: {token: SECRET}}]"),
        ("an anchor", "x: &it SECRET\nusers: [{name: u, user: {token: *it}}]"),
        ("a misspelled key", "users: [{name: u, user: {tokn: SECRET}}]"),
        ("another case", "users: [{name: u, user: {Token: SECRET}}]"),
        ("a quoted key", "users: [{name: u, user: {\"to\\x6ben\": SECRET}}]"),
        ("a long key", "users:\n- user:\n    ? token\n    : SECRET\n"),
        ("a number of lines", "users:\n- user:\n    token: |\n      SECRET\n      more\n"),
        ("a list", "users: [{name: u, user: {token: [SECRET]}}]"),
        ("a map", "users: [{name: u, user: {token: {a: {b: SECRET}}}}]"),
        ("a key's field", "users: [{name: u, user: {client-key-data: SECRET}}]"),
        ("a path's field", "users: [{name: u, user: {client-key: \"-----BEGIN\\nSECRET\"}}]"),
        ("a comment", "users: [] # the old token: SECRET\n"),
        ("a comment's URL", "users: [] # https://bob:SECRET@h\n"),
        ("what is no YAML", "users: []\n\t- {\npassword: SECRET\n"),
        ("after what is no YAML", "users: [}\npassword: SECRET\n"),
        ("an argument", "users: [{user: {exec: {args: [-c, 'x --password SECRET']}}}]"),
        ("a variable", "users: [{user: {exec: {env: [{value: SECRET, name: A_TOKEN}]}}}]"),
        ("variables as a map", "users: [{user: {exec: {env: {A_TOKEN: SECRET}}}}]"),
        ("a setting", "users: [{user: {auth-provider: {config: {whatever: SECRET}}}}]"),
        ("a server", "clusters: [{cluster: {server: 'https://u:SECRET@h:1/p'}}]"),
        ("a server's query", "clusters: [{cluster: {server: 'https://h:1/p?token=SECRET'}}]"),
        ("a tag", "users: [{user: {token: !!int SECRET}}]"),
        ("an odd key", "users: [{user: {? [token, SECRET] : x}}]"),
        ("an empty key", "users: [{user: {~: SECRET}}]"),
        ("a wrong type", "users: [{user: {password: {SECRET: 1}}}]"),
        ("the top", "password: SECRET\nusers: []\n"),
        (
            "a script's quotes",
            "users: [{user: {exec: {args: [-c, 'export PASSWORD=\"SECRET\"; x']}}}]",
        ),
        ("a setting with blanks", "users: [{user: {exec: {args: [--set, 'token = SECRET']}}}]"),
        ("JSON", "users: [{user: {exec: {args: ['{\"password\":\"SECRET\"}']}}}]"),
        ("JSON in an extension", "extensions: [{name: a, extension: '{\"password\":\"SECRET\"}'}]"),
        ("a query in an argument", "users: [{user: {exec: {args: ['a=b&password=SECRET']}}}]"),
        ("a joined name", "users: [{user: {exec: {env: [{name: PGPASSWORD, value: SECRET}]}}}]"),
        ("a comment's setting", "users: [] # password = SECRET\n"),
        ("a comment without a blank", "users: [] # password:SECRET\n"),
        ("a field without a blank", "users: [{name: u, user: {token:\"SECRET\"}}]"),
        ("a server without a scheme", "clusters: [{cluster: {server: 'u:SECRET@h:1'}}]"),
        ("a CA's field", "clusters: [{cluster: {certificate-authority-data: SECRET}}]"),
        ("a certificate's field", "users: [{user: {client-certificate-data: SECRET}}]"),
        (
            "an anchor's last use",
            "x: &it SECRET\nusers: [{name: u, user: {token: *it, username: *it}}]",
        ),
        ("an anchored list", "x: &it [SECRET]\nusers: [{name: u, user: {token: *it}}]"),
        ("an anchored map", "x: &it {y: SECRET}\nusers: [{name: u, user: {token: *it}}]"),
        ("a merged map", "x: &it {y: SECRET}\nusers: [{name: u, user: {<<: *it}}]"),
        ("merged maps", "x: &it {y: SECRET}\nusers: [{name: u, user: {<<: [*it, *it]}}]"),
        ("arguments below an anchor", "x: &it {args: [--password, SECRET]}\nusers: [*it]"),
        ("a misspelled key elsewhere", "clusters: [{name: c, cluster: {pasword: SECRET}}]"),
        ("a misspelled key at the top", "Tokn: SECRET\nusers: []"),
        ("a misspelled key with a map", "clusters: [{name: c, cluster: {tokn: {a: SECRET}}}]"),
        (
            "a key with a hidden blank",
            "extensions: [{name: e, extension: {to\u{200b}ken: SECRET}}]",
        ),
        ("a comment that goes on", "users:\n- name: u\n  user:\n    token: abc #SECRET\n"),
        ("another", "users:\n- name: u\n  user:\n    password: abc # SECRET\n"),
        (
            "a variable's name",
            "users: [{user: {exec: {env: [{name: GITHUB_PAT, value: SECRET}]}}}]",
        ),
        ("a short name", "users: [{user: {exec: {env: [{name: JWT, value: SECRET}]}}}]"),
        ("a proxy", "users: [{user: {exec: {env: [{name: HTTPS_PROXY, value: 'a:SECRET@h:1'}]}}}]"),
        (
            "a proxy's name",
            "users: [{user: {exec: {env: [{name: no_proxy, value: 'a:SECRET@h'}]}}}]",
        ),
        ("a tag that is none", "users: [{user: {password: !SECRET}}]"),
        ("a tag before a value", "users: [{user: {password: !SECRET x}}]"),
        ("an anchor that is none", "users: [{user: {password: &SECRET }}]"),
        ("an alias that is none", "users: [{user: {password: *SECRET }}]"),
        ("a comment that is none", "users:\n- user:\n    password: #SECRET\n    username: bob\n"),
        ("the same below", "users:\n- user:\n    token:\n      # SECRET\n    username: bob\n"),
        ("a comment below a token", "users:\n- user:\n    token: 'abc'\n    # SECRET\n"),
        (
            "a comment for a variable",
            "users:\n- user:\n    exec:\n      env:\n      - name: A_TOKEN\n        value: #SECRET\n",
        ),
        (
            "a comment below a variable",
            "users:\n- user:\n    exec:\n      env:\n      - name: A_TOKEN\n      #  value: SECRET\n",
        ),
        (
            "a comment for an argument",
            "users:\n- user:\n    exec:\n      args:\n      - login\n      - #SECRET\n",
        ),
        ("misspelled arguments", "users: [{user: {exec: {arguments: [--password, SECRET]}}}]"),
        ("a command with arguments", "users: [{user: {exec: {command: [x, --token, SECRET]}}}]"),
        ("arguments in arguments", "users: [{user: {exec: {args: [--token, [SECRET]]}}}]"),
        ("a misspelled variable", "users: [{user: {exec: {env: [{Name: TOKEN, Value: SECRET}]}}}]"),
        ("another one", "users: [{user: {exec: {env: [{key: TOKEN, value: SECRET}]}}}]"),
        ("a list for a variable", "users: [{user: {exec: {env: [{name: A, value: [SECRET]}]}}}]"),
        ("a misspelled user", "users: [{name: u, usr: {pw1: SECRET}}]"),
        ("misspelled users", "Users: [{name: u, User: {pw1: SECRET}}]"),
        ("misspelled settings", "users: [{user: {auth-provider: {Config: {x: SECRET}}}}]"),
        (
            "an anchored argument",
            "x: &it SECRET\nusers: [{user: {exec: {args: [--password, *it]}}}]",
        ),
        ("anchored arguments", "x: &it [--password, SECRET]\nusers: [{user: {exec: {args: *it}}}]"),
        (
            "an anchored variable",
            "x: &it SECRET\nusers: [{user: {exec: {env: [{name: A_TOKEN, value: *it}]}}}]",
        ),
        (
            "a merged variable",
            "x: &it {value: SECRET}\nusers: [{user: {exec: {env: [{name: A_TOKEN, <<: *it}]}}}]",
        ),
        ("a variable in comments", "users: []\n# - name: A_TOKEN\n#   value: SECRET\n"),
        ("one in a line", "users: []\n# - {name: A_TOKEN, value: SECRET}\n"),
        ("an argument in comments", "users: []\n# - --password\n# - SECRET\n"),
        ("a block in comments", "users: []\n# password: >-\n#   a\n#   SECRET\n"),
        ("a comment of a comment", "users: []\n##password:SECRET\n"),
        ("a comment in Markdown", "users: []\n# **password:** SECRET\n"),
        ("a comment in words", "users: []\n# password for admin (old): SECRET\n"),
        ("a comment in Chinese", "users: []\n# 密码：SECRET\n"),
        ("a comment in German", "users: []\n# Passwort: SECRET\n"),
        ("a command in a comment", "users: []\n# kubectl config set users.u.token SECRET\n"),
        (
            "a key in a script",
            r#"users: [{user: {exec: {args: [-c, 'echo \"-----BEGIN PRIVATE KEY-----\nSECRET\n-----END PRIVATE KEY-----\n\"']}}}]"#,
        ),
        (
            "a key's short last line",
            r#"users: [{user: {exec: {args: [--key, "-----BEGIN EC PRIVATE KEY-----\nA\nSECRET\n-----END EC PRIVATE KEY-----\n"]}}}]"#,
        ),
        (
            "a key in a comment",
            "users: [{name: u, user: {}}]\n# -----BEGIN PRIVATE KEY-----\n# SECRET\n# -----END X\n",
        ),
    ];
    for (place, text) in rows {
        let text = text.replace("SECRET", SECRET);
        let report = report("a.yaml", text);
        for format in Format::ALL {
            let text = export(&report, format, &Selection::default());
            assert!(!text.contains("Secret-Word"), "{place} as {}:\n{text}", format.name);
        }
    }
}

#[test]
fn a_context_shows_no_secret_of_its_address_or_program() {
    const SECRET: &str = "Very-Secret-Word-1234";
    let rows = [
        ("server: https://h:1", "proxy-url: 'http://u:a#SECRET@h:1'", "token: a"),
        ("server: 'https://u:a#SECRET@h:1'", "x: y", "token: a"),
        ("server: 'u:SECRET@h:1'", "x: y", "token: a"),
        ("server: 'http://h:1/?token=SECRET'", "x: y", "token: a"),
        ("server: https://h:1", "x: y", "exec: {command: vault login token=SECRET}"),
        ("server: https://h:1", "x: y", "exec: {command: TOKEN=SECRET aws}"),
        ("server: https://h:1", "proxy-url: 'u:SECRET@h'", "token: a"),
        ("server: https://h:1", "proxy-url: 'http://u:x\"SECRET@h:1'", "token: a"),
        ("server: https://h:1", "proxy-url: 'u:x| SECRET@h'", "token: a"),
        ("server: https://h:1", "proxy-url: 'http://u:SECRET/x@h:1'", "token: a"),
        ("server: https://h:1", "proxy-url: 'http://u:12345678#SECRET@h'", "token: a"),
        ("server: 'https://u:1234/SECRET@h'", "x: y", "token: a"),
        ("server: 'https://u:SECRET/x@h'", "x: y", "token: a"),
        ("server: https://h:1", "x: y", "password: a,SECRET"),
        ("server: https://h:1", "x: y", "tokenFile: 'kubeconfig-u-abcdefgh:SECRET'"),
        (
            "server: https://h:1",
            "x: y",
            "exec: {command: a, env: [{name: TOKEN=SECRET, value: x}]}",
        ),
        ("server: https://h:1", "x: y", "exec: {command: a, args: [secret_id=SECRET]}"),
        ("server: https://h:1", "x: y", "exec: {command: a, args: ['--user=b:SECRET']}"),
        ("server: https://h:1", "x: y", "exec: {command: a, args: [-u, 'b:x:SECRET']}"),
        (
            "server: https://h:1",
            "x: y",
            "exec: {command: a, args: [-c, 'a -H \"Authorization: Bearer x,SECRET\" -d \
             \"password=x|SECRET\" \"https://b:x,SECRET@h\"']}",
        ),
    ];
    for row in rows {
        let text = format!(
            "current-context: c\nclusters: [{{name: k, cluster: {{{}, {}}}}}]\n\
             contexts: [{{name: c, context: {{cluster: k, user: u}}}}]\n\
             users: [{{name: u, user: {{{}}}}}]\n",
            row.0, row.1, row.2
        );
        let report = report("a.yaml", text.replace("SECRET", SECRET));
        for format in Format::ALL {
            let text = export(&report, format, &Selection::default());
            assert!(!text.contains("Secret-Word"), "{row:?} as {}:\n{text}", format.name);
        }
        let context = report.facts.readings[0].contexts[0].effective.entry;
        for it in commands(&report, context, Shell::Bash) {
            assert!(!it.text.contains("Secret-Word"), "{row:?}: {}", it.text);
        }
    }
}

#[test]
fn an_answer_to_a_message_brings_no_secret_along() {
    const SECRET: &str = "Very-Secret-Word-1234";
    let exec = [
        "command: TOKEN=SECRET aws",
        "command: kubelogin, args: [get-token, --client-secret, SECRET, --cluster, x-1]",
    ];
    let messages = [
        "Unable to connect to the server: getting credentials: exec: executable a not found",
        "Unable to connect to the server: getting credentials: exec: executable TOKEN=SECRET aws \
         not found",
        "Unable to connect to the server: getting credentials: exec: executable kubelogin failed \
         with exit code 1",
        "Unable to connect to the server: dial tcp: lookup adm:SECRET@proxy: no such host",
        "Unable to connect to the server: dial tcp: lookup adm:SECRET@proxy on 10.0.0.2:53: no \
         such host",
        "Unable to connect to the server: proxyconnect tcp: dial tcp: lookup adm:SECRET@proxy on \
         10.0.0.2:53: no such host",
        "Error from server (NotFound): the server could not find the requested resource",
        "error: open /d/kubeconfig-u-abcdefgh:SECRET: no such file or directory",
        "error: open C:\\d\\kubeconfig-u-abcdefgh:SECRET: permission denied",
        "error: unable to read client-key /d/LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0tCk1JR/SECRET for u \
         due to open /d/LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0tCk1JR/SECRET: no such file or directory",
        "error: invalid 'proxy-url' \"adm:SECRET@proxy\" for cluster \"k\": could not parse: \
         adm:SECRET@proxy",
    ];
    for (exec, message) in exec.iter().flat_map(|it| messages.map(|message| (it, message))) {
        let text = format!(
            "current-context: c\n\
             clusters: [{{name: k, cluster: {{server: 'https://u:SECRET@h:1/x?token=SECRET'}}}}]\n\
             contexts: [{{name: c, context: {{cluster: k, user: u}}}}]\n\
             users: [{{name: u, user: {{exec: {{apiVersion: client.authentication.k8s.io/v1, \
             interactiveMode: Never, {exec}}}}}}}]\n"
        );
        let source = Source::new("a.yaml", text.replace("SECRET", SECRET));
        let message = message.replace("SECRET", SECRET);
        let options = Options { message: Some(message.clone()), ..Options::default() };
        let report = inspect_with(&[source], NOW, &options);
        for format in Format::ALL {
            let text = export(&report, format, &Selection::default());
            assert!(!text.contains("Secret-Word"), "{message} as {}:\n{text}", format.name);
        }
        let answer = format!("{:?}", report.diagnosis);
        assert!(!answer.contains("Secret-Word"), "{message}: {answer}");
        if message.contains("exit code") && exec.contains("x-1") {
            assert!(answer.contains("--client-secret '[redacted]' --cluster x-1"), "{answer}");
        }
    }
}

#[test]
fn commands_in_markdown_are_no_markup() {
    let text = "\
clusters: [{name: \"x'; touch ```pwned; echo '\", cluster: {server: 'https://api.example.com'}}]
users: [{name: u, user: {token: a}}]
contexts: [{name: c, context: {cluster: \"x'; touch ```pwned; echo '\", user: u}}]
current-context: c
";
    let message = "Unable to connect to the server: tls: failed to verify certificate: x509: \
                   certificate is valid for a.example.com, not api.example.com";
    let options = Options { message: Some(message.to_owned()), ..Options::default() };
    let report = inspect_with(&[Source::new("a.yaml", text)], NOW, &options);
    let markdown = written(&report, "markdown");
    let (_, rest) = markdown.split_once("\n\n````\nkubectl ").expect("a fence begins");
    let (commands, _) = rest.split_once("\n````\n\n").expect("a fence ends");
    assert!(commands.contains(r"set-cluster 'x'\''; touch ```pwned; echo '\''' "), "{markdown}");
}

#[test]
fn what_is_no_secret_stays_as_kubectl_reads_it() {
    let rows = [
        ("users: [{name: u, user: {token: null, password: ~, username: bob}}]\n", "null"),
        ("users:\r- name: u\r  user: {username: bob}\r", "users:\r- name: u\r"),
        ("users: []\r\n# a\r\n", "users: []\r\n# a\r\n"),
        (
            "users:\n- name: clusterUser_RG-Prod-WestEurope_aks-prod-01\n",
            "users:\n- name: clusterUser_RG-Prod-WestEurope_aks-prod-01\n",
        ),
        (
            "contexts: [{name: gke_Acme-Prod1_europe-west1-b_Cluster-01, context: {user: kubeconfig-user-production}}]\n",
            "gke_Acme-Prod1_europe-west1-b_Cluster-01, context: {user: kubeconfig-user-production}",
        ),
        ("x: &it !!str https://h\nclusters: [{cluster: {server: *it}}]\n", "&it !!str https://h\n"),
        ("# see the token docs: https://h\n# names: a, b\n", "# names: a, b\n"),
        (
            "Kind: Config\ncluster: {server: 'https://h'}\n",
            "Kind: Config\ncluster: {server: 'https://h'}\n",
        ),
        (
            "users: # of prod\n- name: u # a b\n# below\n",
            "users: # of prod\n- name: u # a b\n# below\n",
        ),
    ];
    for (text, stays) in rows {
        let redacted = written(&report("a.yaml", text), "redacted");
        assert!(redacted.contains(stays) && !redacted.contains("REDACTED"), "{redacted:?}");
    }
    // A name that is a token for sure is one.
    for name in ["ghp_0123456789abcdefghij", "eyJhbGciOiJIUzI1NiJ9.eyJhbGciOiJIUzI1NiJ9.abc"] {
        let redacted = written(&report("a.yaml", format!("users: [{{name: {name}}}]")), "redacted");
        assert!(redacted.contains("REDACTED+token"), "{redacted:?}");
    }
}

#[test]
fn a_damaged_key_is_redacted_in_any_field() {
    let key = "-----BEGIN PRIVATE KEY-----\nVery+Secret+Word+1234\n-----END PRIVATE KEY-----\n";
    let whole = BASE64_STANDARD.encode(key);
    let certificate = BASE64_STANDARD.encode("-----BEGIN CERTIFICATE-----\nMA==\n");
    for offset in 0..3 {
        let shifted = BASE64_STANDARD.encode([&" ".repeat(offset), key].concat());
        for value in [
            shifted[..shifted.len() - 3].to_owned(),
            format!("{}*{}", &shifted[..60], &shifted[60..]),
            format!("{certificate}*{shifted}"),
            BASE64_STANDARD.encode(&whole),
        ] {
            for field in ["client-certificate-data", "certificate-authority-data"] {
                let text = format!("users: [{{name: u, user: {{{field}: \"{value}\"}}}}]");
                let redacted = written(&report("a.yaml", text), "redacted");
                assert!(!redacted.contains(&value[20..40]), "{redacted}");
            }
        }
    }
    let text = format!("users: [{{name: u, user: {{client-certificate-data: {certificate}}}}}]");
    let redacted = written(&report("a.yaml", text), "redacted");
    assert!(redacted.contains(&certificate), "{redacted}");
}

#[test]
fn what_is_below_a_line_of_a_key_goes_with_it() {
    let line = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj";
    let text = format!("# {line}\n# Short+Rest=\n# more words\n# prod\nusers: []\n");
    let redacted = written(&report("a.yaml", text), "redacted");
    assert!(!redacted.contains("Short"), "{redacted}");
    assert!(redacted.ends_with("# more words\n# prod\nusers: []\n"), "{redacted}");
    let text = "# 07401b.f395accd246ae52d, and prod01.example\nusers: []\n";
    let redacted = written(&report("a.yaml", text), "redacted");
    assert_eq!(redacted, "# [redacted], and prod01.example\nusers: []\n");
}

#[test]
fn a_key_written_as_numbers_is_redacted_so_that_kubectl_reads_it() {
    let rows = [
        "{client-key-data: [45, 45, 0x2d, 055]}",
        "{client-certificate-data: [45, 45], client-key-data: [\n  45,\n  45 # a\n  ]}",
        "{client-key-data: &it [45, 45], client-certificate-data: *it}",
    ];
    for row in rows {
        let text = format!("apiVersion: v1\nkind: Config\nusers: [{{name: u, user: {row}}}]\n");
        let redacted = written(&report("a.yaml", text.clone()), "redacted");
        assert!(!redacted.contains("45") && !redacted.contains("0x2d"), "{redacted}");
        let Some(kubectl) = kubectl() else { continue };
        let folder = folder("numbers");
        let names =
            |text: &str| kubectl_view(&kubectl, &folder, text, &[])["users"][0]["name"].clone();
        assert_eq!(names(&redacted), names(&text));
    }
}

/// Tags, anchors and comments: what is masked of them changes neither what kubectl reads, nor its kind.
#[test]
fn what_is_masked_around_a_secret_leaves_the_credential_what_it_is() {
    let Some(kubectl) = kubectl() else { return };
    let folder = folder("around-secrets");
    let exec =
        "exec: {apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, command: a";
    let rows = [
        "{password: !Abc1 , username: bob}".to_owned(),
        "{password: !Abc1 x, token: !!binary YWJj, username: !!str bob}".to_owned(),
        "{password: &Abc1 , token: *it, username: bob}".to_owned(),
        "{username: bob, password: #Abc1\n  }".to_owned(),
        format!("{{{exec}, args: [login, --password, *it], env: [{{name: A_KEY, value: *it}}]}}}}"),
        format!("{{{exec}, args: *list, env: [{{name: A_KEY, <<: *map}}], arguments: [a]}}}}"),
    ];
    for row in rows {
        let text = format!(
            "apiVersion: v1\nkind: Config\nx: &it abc\ny: &list [login, --password, abc]\nz: &map {{value: \
             abc}}\nusers: [{{name: clusterUser_RG-Prod-WestEurope_aks-prod-01, user: {row}}}]\n"
        );
        let redacted = written(&report("a.yaml", text.clone()), "redacted");
        assert!(!redacted.contains("Abc1"), "{redacted}");
        let shape = |text: &str| {
            let user = kubectl_view(&kubectl, &folder, text, &["--raw"])["users"][0].clone();
            let fields = user["user"].as_object().expect("an object").keys().cloned();
            let counts =
                ["args", "env"].map(|it| user["user"]["exec"][it].as_array().map(Vec::len));
            (user["name"].clone(), fields.collect::<Vec<_>>(), counts)
        };
        assert_eq!(shape(&redacted), shape(&text), "{redacted}");
    }
}

#[test]
fn names_are_masked_the_same_way_everywhere() {
    let report = report("a.yaml", fixture("export/secrets.yaml"));
    let format = Format::named("redacted").expect("the format is there");
    let selection = Selection { without_names: true, ..Selection::default() };
    let text = export(&report, format, &selection);
    for name in ["with-ca", "example.com", "alice", "team-a", "10.0.0.1", "production", "first"] {
        assert!(!text.contains(name), "{name} in\n{text}");
    }
    assert!(text.contains("{name: context-1, context: {cluster: cluster-1, user: user-1"));
    assert!(text.contains("server: https://host-1:6443"), "{text}");
}

#[test]
fn installing_keeps_what_is_there() {
    let Some(kubectl) = kubectl() else { return };
    for name in HOSTILE.iter().take(6) {
        let home = folder("install");
        fs::create_dir_all(home.join(".kube")).expect("the folder is there");
        fs::write(home.join(".kube/config"), called(&["present"])).expect("the folder is there");
        fs::write(home.join("new.yaml"), called(&[*name])).expect("the folder is there");
        let report = report("new.yaml", called(&[*name]));
        let context = report.facts.readings[0].contexts[0].effective.entry;
        let all = commands(&report, context, Shell::Bash);
        let install = all.iter().find(|it| it.title.starts_with("Install")).expect("it is there");
        let path = std::env::var("PATH").unwrap_or_default();
        let kubectl_folder = kubectl.parent().expect("a folder").to_string_lossy().into_owned();
        let output = Command::new("bash")
            .args(["--noprofile", "--norc", "-c", &install.text])
            .env("HOME", &home)
            .env("PATH", format!("{kubectl_folder}:{path}"))
            .env_remove("KUBECONFIG")
            .current_dir(&home)
            .output()
            .expect("bash starts");
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{name:?}: {complaint}\n{}", install.text);
        let text = fs::read_to_string(home.join(".kube/config")).expect("it is there");
        let view = kubectl_view(&kubectl, &folder("install-view"), &text, &["--raw"]);
        let contexts = view["contexts"].as_array().expect("a list");
        let names: Vec<&str> = contexts.iter().filter_map(|it| it["name"].as_str()).collect();
        assert!(names.contains(&"present") && names.contains(name), "{names:?}");
        assert_eq!(view["current-context"], *name);
        let files = fs::read_dir(home.join(".kube")).expect("the folder is there");
        assert_eq!(files.count(), 2, "the backup and the config");
        assert!(!home.join("pwned").exists());
    }
}

#[test]
fn repairs_repair() {
    let Some(kubectl) = kubectl() else { return };
    let kubectl_folder = kubectl.parent().expect("a folder").to_string_lossy().into_owned();
    let path = std::env::var("PATH").unwrap_or_default();
    let mut repaired = Vec::new();
    for entry in fs::read_dir(fixtures().join("checks")).expect("the folder is there") {
        let fixture = entry.expect("an entry").path();
        let id = fixture.file_name().expect("a name").to_string_lossy().into_owned();
        let Ok(text) = fs::read_to_string(fixture.join("config")) else { continue };
        let before = report("config", text.clone());
        let count = |it: &Report| it.findings.iter().filter(|it| it.check.id == id).count();
        let mut contexts = before.facts.readings.iter().flat_map(|it| &it.contexts);
        let repair = contexts.find_map(|it| {
            let all = commands(&before, it.effective.entry, Shell::Bash);
            let titles = before.findings.iter().filter(|it| it.check.id == id);
            let title = format!("Repair: {}", titles.map(|it| it.check.title).next()?);
            all.into_iter().find(|it| it.title == title)
        });
        let Some(repair) = repair else { continue };
        let folder = folder("repair");
        fs::write(folder.join("config"), &text).expect("the folder is there");
        let output = Command::new("bash")
            .args(["--noprofile", "--norc", "-c", &repair.text])
            .env("PATH", format!("{kubectl_folder}:{path}"))
            .env("HOME", &folder)
            .current_dir(&folder)
            .output()
            .expect("bash starts");
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{id}: {complaint}\n{}", repair.text);
        let after = report("config", fs::read(folder.join("config")).expect("it is there"));
        assert!(count(&after) < count(&before), "{id} is still there after {}", repair.text);
        repaired.push(id);
    }
    assert!(5 < repaired.len(), "only {repaired:?} have a repair");
}

#[test]
fn parts_come_out_as_openssl_reads_them() {
    let report = report("secrets.yaml", fixture("export/secrets.yaml"));
    let context = report.facts.readings[0].contexts[0].effective.entry;
    let part = |it| extract::extract(&report.facts, context, it).expect("it is there");
    let folder = folder("parts");
    let openssl = |arguments: &[&str], content: &str| {
        fs::write(folder.join("part"), content).expect("the folder is there");
        let output = Command::new("openssl")
            .args(arguments)
            .arg("-in")
            .arg(folder.join("part"))
            .output()
            .expect("openssl is on PATH");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text")
    };
    let certificate = part(extract::Part::ClientCertificate);
    let subject = openssl(&["x509", "-noout", "-subject"], certificate.reveal());
    assert!(subject.contains("2721234567890-1768027474"), "{subject}");
    let key = part(extract::Part::ClientKey);
    let from_key = openssl(&["pkey", "-pubout"], key.reveal());
    let from_certificate = openssl(&["x509", "-noout", "-pubkey"], certificate.reveal());
    assert_eq!(from_key, from_certificate);
    assert_eq!(part(extract::Part::Server).reveal(), "https://10.0.0.1:6443\n");
}

#[test]
fn a_ticket_says_that_the_current_context_is_none_of_the_files() {
    let text = "\
clusters: [{name: a, cluster: {server: 'https://a.example.com'}}]
users: [{name: a, user: {token: sha256~0123456789abcdef}}]
contexts: [{name: a, context: {cluster: a, user: a}}]
current-context: b
";
    let report = inspect(&[Source::new("config", text)], NOW);
    for format in ["markdown", "text"] {
        let written = written(&report, format);
        assert!(written.contains("The current context does not exist"), "{written}");
    }
}
