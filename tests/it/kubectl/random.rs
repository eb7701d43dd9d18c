//! Kubeconfigs that nobody wrote, against a live kubectl.
//!
//! `KUBECTL=/path/to/kubectl cargo test --test it random` compares `KUBECTL_CASES` of them (200),
//! beginning with number `KUBECTL_FIRST` (0). Each number always makes the same kubeconfig.

use std::{env, fs, path::PathBuf};

use kubeconfig_inspector::{
    Options, export, inspect_with, kubeconfig::load, source::Source, time::Timestamp,
};
use serde_json::Value;

use super::{NOW, cases, generator, json, live::Kubectl, settle};

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
