//! Kubeconfigs that nobody wrote, against a live kubectl.
//!
//! `KUBECTL=/path/to/kubectl cargo test --test it random` compares `KUBECTL_CASES` of them (200),
//! beginning with number `KUBECTL_FIRST` (0). Each number always makes the same kubeconfig.

use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
};

use kubeconfig_inspector::{
    Options, Report, export, inspect_with, kubeconfig::load, source::Source, time::Timestamp,
};
use serde_json::Value;

use super::{NOW, cases, generator, json, live::Kubectl, settle, stopped, stops, usage};

#[test]
fn random_kubeconfigs_are_read_without_panic() {
    let seeds = Seeds::read();
    for number in 0..400 {
        let bytes = generator::kubeconfig(number, &seeds.texts);
        load::load(0, "random", &bytes);
    }
}

#[test]
fn random_kubeconfigs_are_read_as_kubectl_reads_them() {
    let Some(kubectl) = Kubectl::new() else { return };
    let seeds = Seeds::read();
    let first: u64 = number("KUBECTL_FIRST", 0);
    let count = number("KUBECTL_CASES", 200);
    let mut differences = Vec::new();
    let mut accepted = 0;
    let mut undecided = 0;
    for number in first..first + count {
        let bytes = generator::kubeconfig(number, &seeds.texts);
        let answer = || theirs(&kubectl, &bytes, number % 8 == 0);
        let theirs = answer();
        accepted += usize::from(theirs.0.is_object());
        let ours = ours(&bytes, number % 8 == 0);
        if ours == theirs {
            continue;
        }
        // Go walks its maps in any order, so some files are read now so, now so.
        if (0..4).any(|_| answer() != theirs) {
            undecided += 1;
            continue;
        }
        let kept = env::temp_dir().join(format!("kubeconfig-{number}.yaml"));
        fs::write(&kept, &bytes).expect("there is room for temporary files");
        differences.push(format!(
            "{number} ({})\n  ours:    {}\n  kubectl: {}",
            kept.display(),
            short(&ours),
            short(&theirs)
        ));
        eprintln!("{}", differences.last().expect("just pushed"));
    }
    println!(
        "{count} compared: kubectl took {accepted}, refused {}, could not decide {undecided}; \
         {} differ",
        count as usize - accepted,
        differences.len()
    );
    assert!(differences.is_empty(), "\n{}\n", differences.join("\n"));
}

#[test]
fn random_kubeconfigs_are_used_as_kubectl_uses_them() {
    let pool = pool();
    compare(
        |number| usage::usable(number, &pool),
        |kubectl, files| {
            let ask = |arguments: &[&str]| kubectl.ask(files, &["config.yaml"], arguments);
            let answer = ask(&["get", "ns", "--request-timeout=2s"]);
            let theirs = stops(&answer.stdout, &answer.stderr);
            let mut ours = stopped(&report(files), theirs.len());
            // A plugin that is not there stops kubectl before it makes headers.
            if answer.stderr.contains("executable none-such not found") {
                ours.retain(|it| !it.starts_with("net/http: "));
            }
            let settled =
                |it: Vec<String>| Value::from(it.iter().map(|it| told(it)).collect::<Vec<_>>());
            (settled(ours), settled(theirs))
        },
    );
}

#[test]
fn random_files_are_merged_as_kubectl_merges_them() {
    compare(usage::several, |kubectl, files| {
        let names: Vec<&str> = files.iter().map(|it| it.0.as_str()).collect();
        let view = kubectl.ask(files, &names, &["config", "view", "--raw", "-o", "json"]);
        let current = kubectl.ask(files, &names, &["config", "current-context"]);
        let refusals: Vec<String> = files
            .iter()
            .filter_map(|(name, bytes)| {
                let words = load::load(0, name, bytes).refusal?.kubectl;
                Some(settle(&format!("error loading config file \"$DIR/{name}\": {words}")))
            })
            .collect();
        if !view.stderr.is_empty() {
            let theirs: Vec<String> = view.stderr.lines().map(settle).collect();
            return (Value::from(refusals), Value::from(theirs));
        }
        let report = report(files);
        let ours = json(export::kubeconfig::view(&report).reveal());
        let reading = report.facts.readings.first();
        let name = reading.and_then(|it| it.merged.current_context.as_ref()).map(|it| &it.0);
        let theirs = current.stdout.strip_suffix('\n').map(str::to_owned);
        (
            Value::from(vec![ours, Value::from(refusals), Value::from(name.cloned())]),
            Value::from(vec![
                json(&view.stdout),
                Value::from(Vec::<String>::new()),
                Value::from(theirs),
            ]),
        )
    });
}

/// Takes out of a message what Go decides by chance, or writes anew.
fn told(message: &str) -> String {
    for kept in [
        // Of several such headers, the first in a map's order is named.
        "net/http: invalid header field value for ",
        // Go has parsed the address and put it together again by then.
        "host must be a URL or a host:port pair: ",
    ] {
        if message.starts_with(kept) {
            return kept.to_owned();
        }
    }
    message.to_owned()
}

/// Compares what we and kubectl say of many groups of files.
fn compare(
    make: impl Fn(u64) -> usage::Files,
    both: impl Fn(&Kubectl, &usage::Files) -> (Value, Value),
) {
    let Some(kubectl) = Kubectl::new() else { return };
    let first: u64 = number("KUBECTL_FIRST", 0);
    let count = number("KUBECTL_CASES", 200);
    let mut differences = Vec::new();
    let mut answers: BTreeMap<String, usize> = BTreeMap::new();
    for number in first..first + count {
        let files = make(number);
        let (ours, theirs) = both(&kubectl, &files);
        let kind: String = theirs[0].as_str().unwrap_or("none").chars().take(50).collect();
        *answers.entry(kind).or_default() += 1;
        if ours == theirs {
            continue;
        }
        let kept = env::temp_dir().join(format!("kubeconfig-{number}"));
        fs::create_dir_all(&kept).expect("there is room for temporary files");
        for (name, bytes) in &files {
            fs::write(kept.join(name), bytes).expect("there is room for temporary files");
        }
        let kept = kept.display();
        differences.push(format!("{number} ({kept})\n  ours:    {ours}\n  kubectl: {theirs}"));
        eprintln!("{}", differences.last().expect("just pushed"));
    }
    for (answer, times) in answers {
        println!("{times:6} {answer}");
    }
    println!("{count} compared, {} differ", differences.len());
    assert!(differences.is_empty(), "\n{}\n", differences.join("\n"));
}

fn report(files: &usage::Files) -> Report {
    let sources: Vec<Source> =
        files.iter().map(|(name, bytes)| Source::new(name, bytes.clone())).collect();
    let now = Timestamp::parse(NOW).expect("a moment as RFC 3339 writes it");
    inspect_with(&sources, now, &Options { merge: true, message: None })
}

/// The certificates and keys of the tests against openssl.
fn pool() -> usage::Pool {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/openssl");
    let mut names: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the fixtures are there")
        .filter_map(|it| Some(it.ok()?.path()))
        .collect();
    names.sort();
    let files = |extension: &str| {
        let names = names.iter().filter(|it| it.extension().is_some_and(|it| it == extension));
        names
            .map(|it| {
                let name = it.file_name().unwrap_or_default().to_string_lossy().into_owned();
                (name, fs::read(it).expect("the fixture is there"))
            })
            .collect()
    };
    usage::Pool { certificates: files("crt"), keys: files("key") }
}

/// Kubeconfigs that others are made from.
struct Seeds {
    texts: Vec<Vec<u8>>,
}

impl Seeds {
    fn read() -> Seeds {
        let files = cases().into_iter().map(|it| it.join("config.yaml"));
        let small = |it: PathBuf| fs::read(it).ok().filter(|it| it.len() < 6_000);
        Seeds { texts: files.filter_map(small).collect() }
    }
}

fn number(variable: &str, default: u64) -> u64 {
    env::var(variable).ok().and_then(|it| it.parse().ok()).unwrap_or(default)
}

/// The view and the minified view, or the words of refusal.
type Outcome = (Value, Value);

fn theirs(kubectl: &Kubectl, bytes: &[u8], minify: bool) -> Outcome {
    let ask = |arguments: &[&str]| {
        let answer = kubectl.config(bytes, arguments);
        match answer.stderr.is_empty() {
            true => json(&answer.stdout),
            false => Value::String(settle(answer.stderr.trim_end())),
        }
    };
    let view = ask(&["view", "--raw", "-o", "json"]);
    let minified = match minify && view.is_object() {
        true => ask(&["view", "--raw", "--minify", "-o", "json"]),
        false => Value::Null,
    };
    (view, minified)
}

fn ours(bytes: &[u8], minify: bool) -> Outcome {
    let name = "config.yaml";
    if let Some(refusal) = load::load(0, name, bytes).refusal {
        let words = format!("error loading config file \"$DIR/{name}\": {}", refusal.kubectl);
        return (Value::String(settle(&words)), Value::Null);
    }
    let now = Timestamp::parse(NOW).expect("a moment as RFC 3339 writes it");
    let options = Options { merge: true, message: None };
    let report = inspect_with(&[Source::new(name, bytes)], now, &options);
    let view = json(export::kubeconfig::view(&report).reveal());
    let minified = match report.facts.readings.first().filter(|_| minify) {
        None => Value::Null,
        Some(reading) => match export::kubeconfig::minified(&report.facts, reading) {
            Ok(text) => json(text.reveal()),
            Err(words) => Value::String(settle(words.trim_end())),
        },
    };
    (view, minified)
}

fn short((view, minified): &Outcome) -> String {
    let text = format!("{view} {minified}");
    text.chars().take(600).collect()
}
