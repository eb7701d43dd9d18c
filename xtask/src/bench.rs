//! Measures the core and the page, and writes docs/performance.md.
//!
//! Knows nothing of how a browser is driven: that is bench/measure.mjs, which prints JSON.

#[path = "../../benches/inspect/fleet.rs"]
mod fleet;

use std::{fmt::Write as _, fs, path::PathBuf};

use serde_json::Value;

use crate::{
    Outcome, build,
    run::{cargo, output, program, root, run},
    tools, weigh,
};

/// Measures everything; `rounds` is how often each figure is taken.
pub(crate) fn bench(rounds: &str) -> Outcome {
    build::dist()?;
    tools::install_npm(
        &root().join("bench"),
        &root().join("bench"),
        "the libraries to compare with",
    )?;
    let fleet = write_fleet()?;
    let probe = build_probe()?;
    println!("Measuring the core without a browser: about 2 minutes when it is built.");
    let growth =
        captured(&["bench", "--no-default-features", "--bench", "inspect", "--", "growth"])?;
    let hostile = captured(&["bench", "--no-default-features", "--bench", "hostile"])?;
    println!("Measuring in Chromium: 5 to 15 minutes.");
    let json = output(
        program("node")
            .current_dir(root().join("bench"))
            .arg("measure.mjs")
            .args([&fleet, &root().join("dist"), &probe])
            .args([fleet::NOW, rounds]),
    )
    .ok_or("bench/measure.mjs failed")?;
    let measured: Value = serde_json::from_str(&json).map_err(|it| format!("measure.mjs: {it}"))?;
    fs::write(root().join("target/bench/measured.json"), &json).map_err(|it| it.to_string())?;
    let parts = weigh::weigh()?;
    let page = Page { measured, parts, growth: lines(&growth), hostile: lines(&hostile) };
    let path = root().join("docs/performance.md");
    fs::create_dir_all(root().join("docs"))
        .and_then(|()| fs::write(&path, page.text()))
        .map_err(|it| format!("{}: {it}", path.display()))?;
    println!("Wrote {}.", path.display());
    Ok(())
}

/// Writes the kubeconfigs that are measured, and returns their folder.
fn write_fleet() -> Result<PathBuf, String> {
    let folder = root().join("target/bench/fleet");
    fs::create_dir_all(&folder).map_err(|it| format!("{}: {it}", folder.display()))?;
    let write = |name: &str, text: &str| {
        fs::write(folder.join(name), text).map_err(|it| format!("{name}: {it}"))
    };
    for n in [1, 100, 1_000, 10_000] {
        write(&format!("{n}.yaml"), &fleet::kubeconfig(0..n))?;
    }
    let files: Vec<String> = (0..1_000).map(|it| fleet::kubeconfig(it..it + 1)).collect();
    write("files.json", &Value::from(files).to_string())?;
    Ok(folder)
}

/// Builds the core without the page, with the page's settings.
fn build_probe() -> Result<PathBuf, String> {
    let target = root().join("target/bench/probe");
    let mut build =
        cargo(&["build", "--release", "--locked", "--target", "wasm32-unknown-unknown"]);
    run(build::for_the_page(&mut build)
        .args(["--manifest-path", "bench/probe/Cargo.toml", "--target-dir"])
        .arg(&target))?;
    let built = target.join("wasm32-unknown-unknown/release/probe.wasm");
    let smaller = target.join("probe.wasm");
    let wasm_opt = tools::npm_home().join("node_modules/.bin/wasm-opt");
    run(program(wasm_opt).args(build::WASM_OPT).arg(built).arg("-o").arg(&smaller))?;
    Ok(smaller)
}

fn captured(words: &[&str]) -> Result<String, String> {
    output(&mut cargo(words)).ok_or_else(|| format!("cargo {} failed", words.join(" ")))
}

/// `name: value` lines.
fn lines(text: &str) -> Vec<(String, String)> {
    text.lines()
        .filter_map(|it| it.rsplit_once(": "))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// What goes into the document.
struct Page {
    measured: Value,
    /// Bytes of the program by part.
    parts: Vec<(String, usize)>,
    growth: Vec<(String, String)>,
    hostile: Vec<(String, String)>,
}

impl Page {
    fn text(&self) -> String {
        let mut text = String::from(HEAD);
        let commit = output(program("git").args(["describe", "--always", "--dirty"]));
        let _ = writeln!(text, "Commit: {}.\n", commit.unwrap_or_else(|| "unknown".to_owned()));
        for section in [
            self.parse(),
            self.native(),
            self.verdict(),
            self.start(),
            self.payload(),
            self.parts(),
            self.hostile(),
        ] {
            text.push_str(&section);
        }
        text
    }

    fn parts(&self) -> String {
        let mut text = String::from(PARTS);
        let all: usize = self.parts.iter().map(|it| it.1).sum();
        for (name, bytes) in &self.parts {
            let share = 100.0 * *bytes as f64 / all as f64;
            let _ = writeln!(text, "| {name} | {:.1} | {share:.1} |", *bytes as f64 / 1024.0);
        }
        text.push('\n');
        text
    }

    /// The number at `path` in what was measured in the browser.
    fn number(&self, path: &str) -> f64 {
        self.measured.pointer(path).and_then(Value::as_f64).unwrap_or(f64::NAN)
    }

    fn parse(&self) -> String {
        let mut text = String::from(PARSE);
        let rows = [
            ("100 contexts", "100", 15.0, 4.0),
            ("1,000 contexts", "1000", 25.0, 5.0),
            ("10,000 contexts", "10000", 30.0, 6.0),
            ("1,000 files", "files", 25.0, 5.0),
        ];
        for (name, key, peculiar_goal, forge_goal) in rows {
            let [core, peculiar, forge, tuned] = ["core", "peculiar", "forge", "tuned"]
                .map(|it| self.number(&format!("/parse/{key}/{it}")));
            let _ = writeln!(
                text,
                "| {name} | {core:.0} | {peculiar:.0} | {forge:.0} | {tuned:.0} | {} | {} |",
                at_least(peculiar / core, peculiar_goal),
                at_least(forge / core, forge_goal),
            );
        }
        text.push('\n');
        text
    }

    fn native(&self) -> String {
        let find = |name: &str| {
            let (_, value) = self.growth.iter().find(|(it, _)| it == name)?;
            value.split(' ').next()?.parse::<f64>().ok()
        };
        let native = find("native 1000").unwrap_or(f64::NAN);
        let mut text = String::from("## Growth\n\n| natively, best of five | ms |\n|---|---:|\n");
        for (name, value) in self.growth.iter().filter(|(it, _)| it.starts_with("native")) {
            let name = name.trim_start_matches("native ");
            let _ = writeln!(text, "| {name} | {} |", value.trim_end_matches(" ms"));
        }
        let _ = writeln!(
            text,
            "\nTen times as many contexts take ten times as long times {}.\n\
             In WebAssembly, cold, 1,000 contexts take as long as natively times {}.\n",
            at_most(find("growth 1000 to 10000").unwrap_or(f64::NAN), 1.3),
            at_most(self.number("/parse/1000/core") / native, 2.0),
        );
        text
    }

    fn verdict(&self) -> String {
        let mut text = String::from(VERDICT);
        for (name, key) in [
            ("1 context, pasted", "1"),
            ("1,000 contexts, pasted", "1000"),
            ("10,000 contexts, pasted", "10000"),
            ("1,000 files, picked", "files"),
        ] {
            let [first, last, painted, cpu, longest] =
                ["first", "last", "painted", "cpu", "longest"]
                    .map(|it| self.number(&format!("/verdict/{key}/{it}")));
            let _ = writeln!(
                text,
                "| {name} | {first:.0} | {last:.0} | {painted:.0} | {cpu:.0} | {longest:.0} |"
            );
        }
        let _ = writeln!(
            text,
            "\nOne kubeconfig, CPU from the paste to the verdict painted: {} ms.\n\
             1,000 files: the first row after {} ms, all for {} ms of CPU.\n\
             10,000 contexts, 41 MB of text: the renderer's peak memory rises by {} MiB. \
             `longest` is the longest task from the event on that blocked the page, 0 where none took 50 ms.\n",
            at_most(self.number("/verdict/1/painted"), 16.0),
            at_most(self.number("/verdict/files/first"), 100.0),
            at_most(self.number("/verdict/files/cpu"), 1_000.0),
            at_most(self.number("/memory"), 150.0),
        );
        text
    }

    fn start(&self) -> String {
        let mut text = String::from(START);
        for name in ["plain", "slow 4G"] {
            let [paint, key, answer] =
                ["paint", "key", "answer"].map(|it| self.number(&format!("/start/{name}/{it}")));
            let (paint, key) = match name {
                "plain" => (format!("{paint:.0}"), format!("{key:.0}")),
                _ => (at_most(paint, 300.0), at_most(key, 1_600.0)),
            };
            let _ = writeln!(text, "| {name} | {paint} | {key} | {answer:.0} |");
        }
        text.push('\n');
        text
    }

    fn payload(&self) -> String {
        let mut text = String::from(PAYLOAD);
        let mut total = [0.0; 3];
        let empty = serde_json::Map::new();
        let group =
            |name: &str| self.measured.pointer(name).and_then(Value::as_object).unwrap_or(&empty);
        for (name, sizes) in group("/payload/page") {
            let sizes = kib(sizes);
            total = [0, 1, 2].map(|it| total[it] + sizes[it]);
            let _ =
                writeln!(text, "| {name} | {} |", sizes.map(|it| format!("{it:.1}")).join(" | "));
        }
        let _ = writeln!(
            text,
            "| **the page** | {:.1} | {:.1} | {} |",
            total[0],
            total[1],
            at_most(total[2].round(), 200.0)
        );
        if let Some(sizes) = self.measured.pointer("/payload/probe") {
            let sizes = kib(sizes).map(|it| format!("{it:.1}")).join(" | ");
            let _ = writeln!(text, "| the core alone, as measured above | {sizes} |");
        }
        for (name, sizes) in group("/payload/stacks") {
            let sizes = kib(sizes).map(|it| format!("{it:.1}")).join(" | ");
            let _ = writeln!(text, "| JavaScript, {name} alone | {sizes} |");
        }
        text.push('\n');
        text
    }

    fn hostile(&self) -> String {
        let mut rows: Vec<(&str, f64, f64)> = self
            .hostile
            .iter()
            .filter_map(|(name, value)| {
                let (ms, rest) = value.split_once(" ms, ")?;
                let times = rest.split(' ').next()?;
                Some((name.as_str(), ms.parse().ok()?, times.parse().ok()?))
            })
            .filter(|(_, _, times)| f64::is_finite(*times))
            .collect();
        let slow = rows.iter().filter(|it| 2_000.0 < it.1).count();
        let large = rows.iter().filter(|it| 10.0 < it.2).count();
        let mut text = String::from(HOSTILE);
        let _ = writeln!(
            text,
            "Of {} attacks {slow} take more than 2 seconds and {large} more than ten times their \
             size. The slowest and the largest:\n\n| attack | ms | peak memory / input |\n|---|---:|---:|",
            rows.len(),
        );
        let mut shown = Vec::new();
        rows.sort_by(|a, b| b.1.total_cmp(&a.1));
        shown.extend(rows.iter().take(8).copied());
        rows.sort_by(|a, b| b.2.total_cmp(&a.2));
        shown.extend(rows.iter().take(8).copied());
        shown.dedup();
        for (name, ms, times) in shown {
            let _ =
                writeln!(text, "| {name} | {} | {} |", at_most(ms, 2_000.0), at_most(times, 10.0));
        }
        text
    }
}

/// `value` beside a goal that it should reach.
fn at_least(value: f64, goal: f64) -> String {
    verdict(value, goal, goal <= value, "at least")
}

/// `value` beside a goal that it should stay below.
fn at_most(value: f64, goal: f64) -> String {
    verdict(value, goal, value <= goal, "at most")
}

fn verdict(value: f64, goal: f64, met: bool, word: &str) -> String {
    let value = if value < 100.0 { format!("{value:.1}") } else { format!("{value:.0}") };
    match met {
        true => format!("{value} (goal: {word} {goal})"),
        false => format!("**{value}** (missed; goal: {word} {goal})"),
    }
}

fn kib(sizes: &Value) -> [f64; 3] {
    [0, 1, 2].map(|it| sizes[it].as_f64().unwrap_or(f64::NAN) / 1024.0)
}

const HEAD: &str = "\
# Performance

Written by `cargo xtask bench`; do not edit. The times belong to one machine in one hour, shared
with others: compare what stands in one row and nothing else. Where a goal is missed it says so.

";

const PARSE: &str = "\
## Reading a kubeconfig

CPU of the main thread in headless Chromium, milliseconds, first run in a fresh page, median; the
contenders take turns. Every context has its own CA, client certificate and key, 4 KiB in all.

The JavaScript reads the YAML, decodes all certificates (subject, issuer, serial, validity, names,
key, SHA-256) and all tokens. Our column is the core alone, compiled as for the page, on the same
text: it does that, reads the keys and resolves the contexts as kubectl does, and runs every check.
(The page leaves names of certificates and SHA-256 until somebody looks; here all of it is read.)
It hands the text over from JavaScript but no result back, since the page is drawn from it directly.

*peculiar* is js-yaml, @peculiar/x509 and jwt-decode; *forge* is js-yaml, node-forge and jwt-decode.
*tuned* is no library: 2 KiB of JavaScript that know exactly these files and neither YAML nor errors.
It is shown because it is what is possible.

| | ours | peculiar | forge | tuned | peculiar / ours | forge / ours |
|---|---:|---:|---:|---:|---:|---:|
";

const VERDICT: &str = "\
## From the paste to the verdict

The built page in headless Chromium, milliseconds. `first` is wall time from the input event to the
verdict, of the files to the first row of the table, and `last` to the last change of the page; `painted`
is CPU of the main thread until that verdict or row is painted, CPU the same up to half a second after the
last change.
The event comes half a second after the page has appeared: nobody is quicker, and the program answers a
sample meanwhile, where nobody sees it, so that the browser has compiled what it needs and laid out an
answer before.

| | first | last | painted | CPU | longest |
|---|---:|---:|---:|---:|---:|
";

const START: &str = "\
## Start

Wall milliseconds from the navigation in a fresh browser: first contentful paint; the first key taken,
which is in the field; and the first answer, the frame in which the program has drawn what it makes of
that key. The key is pressed through the browser as soon as the field is there. The field is in the page
itself and shown when the lock is proven, before the program has arrived: it keeps what is typed, and
nothing is read of it until then. The answer includes the 150 ms for which the program waits for more keys.
Slow 4G is 150 ms of latency and 1.6 Mbit/s.

| network | first paint | first key taken | first answer |
|---|---:|---:|---:|
";

const PAYLOAD: &str = "\
## Payload

KiB; brotli at its highest level is what a static host sends.

| | raw | gzip | brotli |
|---|---:|---:|---:|
";

const PARTS: &str = "\
What the program is made of: KiB before compression, and percent. A function of a library that was
copied for one of our modules counts for that module.

| part | raw | % |
|---|---:|---:|
";

const HOSTILE: &str = "\
## Hostile input

10 MB each, natively. An attack is one idea, stretched: `benches/hostile/adversaries.rs` has them all.

";
