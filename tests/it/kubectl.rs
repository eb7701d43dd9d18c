//! What real kubectl binaries said of kubeconfigs, against what we say of the same files.
//!
//! `tests/fixtures/kubectl` holds a folder for each case: the files, and in `expected.json` what
//! kubectl answered. With `KUBECTL` set to a kubectl binary, what can be asked of it again is
//! asked, and must still be the same.
#![allow(clippy::indexing_slicing, reason = "a test may panic, and here it would name the case")]

mod generator;
mod live;
mod random;
mod usage;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use kubeconfig_inspector::{
    Options, Report, export, facts::Credential, inspect_with, kubeconfig::load, source::Source,
    time::Timestamp,
};
use serde_json::Value;

/// A moment at which all certificates of the cases that should be valid are.
const NOW: &str = "2026-07-26T00:00:00Z";

/// Questions that a case answers and we do not, with the reason.
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    ("076-kubeconfig-pem", "outcome", "PEM is a source of its own kind, and is read as one"),
    ("346-merge-directory", "load", "a path of the list is a folder, and we are given files"),
    ("346-merge-directory", "outcome", "as above"),
    ("589-ca-file-base64", "use", "the fault is in a file that the kubeconfig names"),
    ("690-mixed-cert-file-key-data", "use", "as above"),
    ("691-mixed-cert-data-key-file", "use", "as above"),
    ("709-tokenfile-blank", "use", "as above"),
    ("761-exec-token-newline", "use", "the fault is in what a plugin prints"),
    ("388-ctx-cluster-missing-secure", "use", "a variable of the shell names the server"),
    ("366-env-kubernetes-master-fills", "use", "a variable of the shell names the server"),
];

#[test]
fn recorded_answers_are_ours() {
    let mut tally = Tally::default();
    for folder in cases() {
        check(&folder, &mut tally);
    }
    tally.conclude();
}

#[test]
fn a_live_kubectl_still_answers_as_recorded() {
    let Some(kubectl) = live::Kubectl::new() else { return };
    let mut tally = Tally::default();
    for folder in cases() {
        let case = Case::read(&folder);
        let [(name, bytes)] = case.files.as_slice() else { continue };
        if name == "config.yaml" {
            let recorded = &case.expected["results"]["view_raw"];
            let answer = kubectl.config(bytes, &["view", "--raw", "-o", "json"]);
            let view = if answer.stdout.is_empty() { Value::Null } else { json(&answer.stdout) };
            tally.compare(&case, "live view", &view, &recorded["json"]);
            let words: Vec<String> = answer.stderr.lines().map(settle).collect();
            tally.compare(&case, "live words", &words, &told(&case));
        }
    }
    tally.conclude();
}

/// Expectations from kubectl 1.33, `config view --raw -o json`.
#[test]
fn numbers_in_extensions_keep_the_digits_that_kubectl_prints() {
    let rows = [
        ("123456789012345678901", "123456789012345680000"),
        ("12345678901234567890123", "1.2345678901234568e+22"),
        ("18446744073709551615", "18446744073709551615"),
        ("123456789.123456789123", "123456789.12345679"),
        ("0.1e-6", "1e-7"),
        ("1.50", "1.5"),
    ];
    let now = Timestamp::parse(NOW).expect("a moment as RFC 3339 writes it");
    for (written, printed) in rows {
        let text = format!("extensions: [{{name: a, extension: {{x: {written}}}}}]");
        let report = inspect_with(&[Source::new("config", text)], now, &Options::default());
        let view = export::kubeconfig::view(&report);
        assert!(view.reveal().contains(&format!("\"x\": {printed}\n")), "{written}");
    }
}

/// One folder of the corpus.
struct Case {
    id: String,
    folder: PathBuf,
    expected: Value,
    /// The files that kubectl finds, with the path it knows them by.
    files: Vec<(String, Vec<u8>)>,
}

impl Case {
    fn read(folder: &Path) -> Case {
        let text = fs::read_to_string(folder.join("expected.json")).expect("it is there");
        let expected: Value = serde_json::from_str(&text).expect("it is JSON");
        let names: Vec<String> = match &expected["kubeconfig"] {
            Value::Array(names) => {
                let names = names.iter().filter_map(Value::as_str);
                let mut names: Vec<String> =
                    names.map(|it| it.trim_start_matches('=').replace("$DIR/", "")).collect();
                names.dedup();
                names
            }
            // The default, and what an old default is moved to.
            _ if folder.join(".kube/config").exists() => vec![".kube/config".to_owned()],
            _ => vec![".kube/.kubeconfig".to_owned()],
        };
        let bytes = |name: &String| Some((name.clone(), fs::read(folder.join(name)).ok()?));
        Case {
            id: folder.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            files: names.iter().filter_map(bytes).collect(),
            folder: folder.to_owned(),
            expected,
        }
    }

    fn report(&self) -> Report {
        let sources: Vec<Source> =
            self.files.iter().map(|(name, bytes)| Source::new(name, bytes.clone())).collect();
        let now = Timestamp::parse(NOW).expect("a moment as RFC 3339 writes it");
        inspect_with(&sources, now, &Options { merge: true, message: None })
    }

    /// kubectl's words on standard error, or nothing.
    fn stderr(&self, question: &str) -> &str {
        self.expected["results"][question]["stderr"].as_str().unwrap_or_default()
    }
}

fn check(folder: &Path, tally: &mut Tally) {
    let case = Case::read(folder);
    let report = case.report();
    let refused = case.expected["results"]["view_raw"]["exit"] != 0;
    tally.compare(&case, "load", &loaded(&case), &told(&case));
    let outcome = (0..case.files.len()).any(|it| report.facts.rejection(it).is_some());
    tally.compare(&case, "outcome", &outcome, &refused);
    if refused {
        return;
    }
    let view = json(export::kubeconfig::view(&report).reveal());
    tally.compare(&case, "view", &view, &case.expected["results"]["view_raw"]["json"]);
    check_names(&case, &report, tally);
    check_minified(&case, &report, tally);
    check_use(&case, &report, tally);
    check_wire(&case, &report, tally);
}

/// Why kubectl refuses the files, as we say it.
fn loaded(case: &Case) -> Vec<String> {
    let refused = |(name, bytes): &(String, Vec<u8>)| {
        let refusal = load::load(0, name, bytes).refusal?;
        Some(settle(&format!("error loading config file \"$DIR/{name}\": {}", refusal.kubectl)))
    };
    case.files.iter().filter_map(refused).collect()
}

/// Why kubectl refuses the files, as kubectl says it.
fn told(case: &Case) -> Vec<String> {
    let stderr = case.stderr("view_raw");
    stderr.lines().filter(|it| !it.is_empty()).map(settle).collect()
}

/// Takes out of a message what we leave out on purpose, because it may hold secrets, and what
/// differs between builds of kubectl.
fn settle(line: &str) -> String {
    let line = line.strip_prefix("error: ").unwrap_or(line);
    let mut line = line.replace("latest.go:50", "latest.go:N");
    // Which one of several such keys is named depends on the order in which Go walks a map.
    if let Some((kept, _)) = line.split_once("unsupported map key of type: ") {
        line = kept.to_owned();
    }
    for marker in ["\" in list: ", "Object 'apiVersion' is missing in '"] {
        if let Some((kept, _)) = line.split_once(marker) {
            line = format!("{kept}{marker}…");
        }
    }
    line
}

/// Names of contexts, and of the current one.
fn check_names(case: &Case, report: &Report, tally: &mut Tally) {
    let results = &case.expected["results"];
    let Some(reading) = report.facts.readings.first() else { return };
    let mut names: Vec<&str> =
        reading.contexts.iter().map(|it| it.effective.name.as_str()).collect();
    names.sort_unstable();
    let ours: String = names.iter().map(|it| format!("{it}\n")).collect();
    // kubectl prints names through a table writer, which replaces tabs.
    let spaced = |it: &str| it.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let theirs = results["get_contexts"]["stdout"].as_str().unwrap_or_default();
    tally.compare(case, "names", &spaced(&ours), &spaced(theirs));
    let current = match &reading.merged.current_context {
        Some((name, _)) => format!("{name}\n"),
        None => "error: current-context is not set\n".to_owned(),
    };
    let expected = &results["current_context"];
    let key = if expected["exit"] == 0 { "stdout" } else { "stderr" };
    tally.compare(case, "current", &current.as_str(), &expected[key].as_str().unwrap_or_default());
}

fn check_minified(case: &Case, report: &Report, tally: &mut Tally) {
    let Some(reading) = report.facts.readings.first() else { return };
    let ours = match export::kubeconfig::minified(&report.facts, reading) {
        Ok(text) => json(text.reveal()),
        Err(words) => Value::String(format!("error: {words}\n")),
    };
    let theirs = &case.expected["results"]["view_minify"];
    let theirs = if theirs["exit"] == 0 { &theirs["json"] } else { &theirs["stderr"] };
    tally.compare(case, "minify", &ours, theirs);
}

/// Whether the current context can be used, and if not, why.
fn check_use(case: &Case, report: &Report, tally: &mut Tally) {
    let results = &case.expected["results"];
    let question = ["use", "wire"].into_iter().find(|it| results[*it].is_object());
    let Some(question) = question else { return };
    let stdout = results[question]["stdout"].as_str().unwrap_or_default();
    let theirs = stops(stdout, case.stderr(question));
    tally.compare(case, "use", &stopped(report, theirs.len()), &theirs);
}

const DEFAULT_SERVER: &str = "The connection to the server localhost:8080 was refused - did you \
                              specify the right host or port?";

/// Why we say that kubectl stops at the current context before it connects. It stops at the
/// first reason, or at all `count` that it finds in the same step.
fn stopped(report: &Report, count: usize) -> Vec<String> {
    let Some(reading) = report.facts.readings.first() else { return Vec::new() };
    let current = reading.merged.current_context.as_ref().map_or("", |it| &it.0);
    let found = reading.contexts.iter().find(|it| it.effective.name == current);
    let problems: Vec<String> = match found {
        Some(found) => found.effective.problems.iter().map(|it| it.kubectl.clone()).collect(),
        None if current.is_empty() => vec![DEFAULT_SERVER.to_owned()],
        None => vec![format!("context was not found for specified context: {current}")],
    };
    problems.into_iter().take(count.max(1)).collect()
}

/// Why kubectl stopped before it connected; nothing when it did not, or when only something that
/// is not in the kubeconfig stopped it: files that it names, a plugin, the network.
fn stops(stdout: &str, stderr: &str) -> Vec<String> {
    let words = stderr.strip_suffix('\n').unwrap_or(stderr);
    if words.contains("The connection to the server localhost:8080") {
        return vec![DEFAULT_SERVER.to_owned()];
    }
    if stdout.contains(PROMPT) {
        return vec![PROMPT.to_owned()];
    }
    // kubectl blames the connection for what it finds out when it makes a request.
    let about_requests = [
        "unsupported protocol scheme",
        "invalid header field value",
        "id-token",
        "ID Token",
        "invalid URL escape",
        "invalid character",
        "invalid control character",
        "after host",
        "in host",
        "userinfo",
        "no Host",
    ];
    let lines = match words.strip_prefix("Unable to connect to the server: ") {
        Some(told) if about_requests.iter().any(|it| told.contains(it)) => vec![told],
        Some(_) => return Vec::new(),
        None if !words.contains("rror") => return Vec::new(),
        None => match words.strip_prefix("Error in configuration: ") {
            Some(list) => list.trim_start().split("\n* ").collect(),
            None => vec![words.strip_prefix("error: ").unwrap_or(words)],
        },
    };
    let about_files = ["unable to read ", "no such file", "is a directory"];
    lines
        .into_iter()
        .filter(|it| !about_files.iter().any(|word| it.contains(word)))
        .map(|it| it.strip_prefix("* ").unwrap_or(it).to_owned())
        .collect()
}

const PROMPT: &str = "Please enter Username: ";

/// Which credentials travel to the server, where kubectl reached it.
fn check_wire(case: &Case, report: &Report, tally: &mut Tally) {
    let wire = &case.expected["results"]["wire"];
    let mut requests = wire["wire"].as_array().into_iter().flatten();
    // Proxies tell of themselves, too.
    let request = requests.rfind(|it| it["headers"].is_object());
    let Some(request) = request.filter(|_| wire["exit"] == 0) else { return };
    let facts = &report.facts;
    let contexts = facts.readings.iter().flat_map(|it| &it.contexts);
    let Some(context) = contexts.into_iter().find(|it| it.effective.current) else { return };
    let (Some(user), Some(decoded)) = (
        context.effective.user.and_then(|it| facts.user(it)),
        context.effective.user.and_then(|it| facts.user_facts(it)),
    ) else {
        return;
    };
    let server = context.effective.cluster.and_then(|it| facts.cluster_facts(it)?.server.as_ref());
    let has_userinfo = server.is_some_and(|it| it.has_userinfo);
    let in_use = context.in_use.credential;
    let is_header = |it: &Credential| it.kind.name() != "client-certificate";
    let sent = decoded
        .credentials
        .iter()
        .filter(|it| it.sent && in_use.is_some() && !(has_userinfo && is_header(it)));
    let ours: BTreeSet<&str> = sent.map(|it| it.kind.name()).collect();
    let user = &user.body;
    let mut theirs = BTreeSet::new();
    if request["client_cert"].is_object() {
        let written = user.client_certificate_data.is_some() || !user.client_certificate.is_empty();
        theirs.insert(if written { "client-certificate" } else { "exec" });
    }
    let header = request["headers"]["Authorization"][0].as_str().unwrap_or_default();
    match header.strip_prefix("Bearer ") {
        Some(it) if it == user.token.reveal().trim_end() => theirs.insert("token"),
        Some(_) if !user.token_file.is_empty() => theirs.insert("token-file"),
        Some(_) if user.exec.is_some() => theirs.insert("exec"),
        Some(_) => theirs.insert("auth-provider"),
        None => header.starts_with("Basic ") && !has_userinfo && theirs.insert("basic"),
    };
    tally.compare(case, "wire", &ours, &theirs);
    let first = in_use.and_then(|it| decoded.credentials.get(it)).map(|it| it.kind.name());
    tally.compare(case, "wire", &first.is_some(), &!theirs.is_empty());
    let named = &request["headers"]["Impersonate-User"][0];
    let impersonated = decoded.impersonates.as_ref().map(|it| it.user.as_str());
    tally.compare(case, "wire", &impersonated, &named.as_str());
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|it| Value::String(format!("{it}: {text}")))
}

/// All cases, in order.
fn cases() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/kubectl");
    let mut folders: Vec<PathBuf> = fs::read_dir(root)
        .expect("the corpus is there")
        .filter_map(|it| Some(it.ok()?.path()))
        .filter(|it| it.join("expected.json").exists())
        .collect();
    folders.sort();
    folders
}

/// Agreement per question, and each difference in full.
#[derive(Default)]
struct Tally {
    agreed: BTreeMap<&'static str, usize>,
    asked: BTreeMap<&'static str, usize>,
    differences: Vec<String>,
    excepted: Vec<(String, &'static str)>,
}

impl Tally {
    fn compare<A, B>(&mut self, case: &Case, question: &'static str, ours: &A, theirs: &B)
    where
        A: PartialEq<B> + std::fmt::Debug,
        B: std::fmt::Debug,
    {
        if EXCEPTIONS.iter().any(|it| it.0 == case.id && it.1 == question) {
            self.excepted.push((case.id.clone(), question));
            return;
        }
        *self.asked.entry(question).or_default() += 1;
        if *ours == *theirs {
            *self.agreed.entry(question).or_default() += 1;
            return;
        }
        let (ours, theirs) = (format!("{ours:?}"), format!("{theirs:?}"));
        // Where the two part, so that a certificate does not fill the screen.
        let same = ours.chars().zip(theirs.chars()).take_while(|(a, b)| a == b).count();
        let around = |text: &str| -> String {
            text.chars().skip(same.saturating_sub(60)).take(300).collect()
        };
        self.differences.push(format!(
            "{} {question}\n  ours:   …{}\n  kubectl: …{}\n",
            case.folder.display(),
            around(&ours),
            around(&theirs)
        ));
    }

    fn conclude(self) {
        for (question, asked) in &self.asked {
            println!("{question}: {} of {asked} agree", self.agreed.get(question).unwrap_or(&0));
        }
        for (id, question) in &self.excepted {
            println!("{id}: {question} is not compared");
        }
        assert!(
            self.differences.is_empty(),
            "\n{}\n{} answers differ from kubectl's.\n",
            self.differences.join("\n"),
            self.differences.len()
        );
    }
}
