//! How long hostile input of 10 MB keeps the core busy, and how much memory it takes.
//!
//! Prints one line for each adversary: its name, milliseconds of a processor, peak memory as a multiple of
//! the input. `-- WORD` runs only those whose names contain the word.

mod adversaries;
#[path = "../inspect/fleet.rs"]
mod fleet;
mod memory;

use std::{fs, time::Instant};

use kubeconfig_inspector::{Options, inspect_with, source::Source, time::Timestamp};

const SIZE: usize = 10_000_000;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|it| !it.starts_with('-')).collect();
    // `cargo test --benches` only asks whether it runs.
    let size = if std::env::args().any(|it| it == "--test") { 1_000 } else { SIZE };
    for (name, attack) in adversaries::ALL {
        if !words.iter().all(|it| name.contains(it.as_str())) {
            continue;
        }
        let attack = attack(size);
        let bytes = attack.files.iter().map(Vec::len).sum::<usize>()
            + attack.message.as_ref().map_or(0, String::len);
        let sources: Vec<Source> =
            attack.files.into_iter().map(|it| Source::new("file", it)).collect();
        let options = Options { merge: attack.merge, message: attack.message };
        let now = Timestamp::parse(fleet::NOW).expect("a moment as RFC 3339 writes it");
        let start = (Instant::now(), processor());
        let (report, usage) = memory::watch(|| inspect_with(&sources, now, &options));
        let time = match (start.1, processor()) {
            (Some(before), Some(after)) => after - before,
            _ => start.0.elapsed().as_secs_f64() * 1e3,
        };
        drop(report);
        println!(
            "{name}: {time:.0} ms, {:.1} times {bytes} bytes",
            usage.peak as f64 / bytes as f64
        );
    }
}

/// Milliseconds for which this thread has had a processor, where the system tells: a machine that is
/// shared must not look like slow code.
fn processor() -> Option<f64> {
    let text = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds: f64 = text.split(' ').next()?.parse().ok()?;
    Some(nanoseconds / 1e6)
}
