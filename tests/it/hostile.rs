//! Input that was written to hurt: it is survived, and it cannot make us work or hold more
//! than in proportion to its size.
//!
//! No test here looks at a clock. Work is counted in bytes asked of the allocator; how long
//! 10 MB take is measured by `cargo xtask bench`.

#[path = "../../benches/hostile/adversaries.rs"]
mod adversaries;

use std::thread;

use kubeconfig_inspector::{
    Options, decode::x509::Signature, inspect_with, source::Source, time::Timestamp,
};

use self::adversaries::{ALL, Adversary, Attack};
use crate::{
    fleet,
    memory::{self, Usage},
};

/// Bytes that an attack may hold. The small ones of this test may hold more than ten times their
/// size: what bounds an attack is how many of each thing are read. 10 MB are measured by the bench.
const MOST: usize = 20_000_000;

/// Stack of a thread in WebAssembly.
const STACK: usize = 1 << 20;

#[test]
fn work_and_memory_grow_no_faster_than_the_input() {
    let sizes = [25_000, 100_000];
    // Room for what does not depend on the input.
    let room = 2_000_000;
    let mut faults = String::new();
    for adversary in ALL {
        let [small, large] = sizes.map(|it| survive(adversary, it));
        let name = adversary.0;
        if small.total * 6 + room < large.total {
            faults += &format!(
                "{name}: four times the input asked for {} bytes instead of {}. Something is done \
                 once for every part and goes through the whole each time.\n",
                large.total, small.total,
            );
        }
        if MOST < large.peak {
            faults += &format!(
                "{name}: {} bytes of input held {} bytes. Borrow, or refuse earlier.\n",
                sizes[1], large.peak,
            );
        }
    }
    assert!(faults.is_empty(), "\n{faults}");
}

#[test]
fn what_is_too_much_is_said_and_hides_nothing_else() {
    let good = "contexts:\n- {name: a, context: {cluster: b, user: c}}\n";
    for (text, told, line) in [
        (format!("{good}users:\n{}", "- name: a\n".repeat(20_001)), "There are 20001 entries", 4),
        (format!("{good}clusters: [{}]", "{}, ".repeat(20_001)), "There are 20001 entries", 3),
        (
            format!("{good}users: [{{name: c, user: {{as-groups: [{}]}}}}]", "a, ".repeat(280_000)),
            "more values than this page reads",
            3,
        ),
    ] {
        let report = inspect_with(&[Source::new("a", text)], Timestamp(0), &Options::default());
        let refusal = report.facts.files[0].refusal.as_ref().expect("it is refused");
        assert!(refusal.explanation.contains(told), "{refusal:?}");
        assert_eq!(refusal.location.map(|it| it.line), Some(line), "{refusal:?}");
        assert_eq!(report.facts.readings[0].contexts.len(), 1, "{told}");
    }
    let most =
        format!("users:\n{}", (0..20_000).map(|it| format!("- name: u{it}\n")).collect::<String>());
    let report = inspect_with(&[Source::new("a", most)], Timestamp(0), &Options::default());
    assert_eq!(report.facts.files[0].refusal, None);
}

/// Runs `adversary` as the page would, on a stack as small as there.
fn survive((name, attack): &Adversary, size: usize) -> Usage {
    let Attack { files, message, merge } = attack(size);
    let work = move || {
        let sources: Vec<Source> = files.into_iter().map(|it| Source::new("file", it)).collect();
        let options = Options { merge, message };
        let now = Timestamp::parse(fleet::NOW).expect("a moment as RFC 3339 writes it");
        memory::watch(|| drop(inspect_with(&sources, now, &options))).1
    };
    let thread = thread::Builder::new().stack_size(STACK).spawn(work).expect("there are threads");
    thread.join().unwrap_or_else(|it| {
        eprintln!("{name} makes it panic.");
        std::panic::resume_unwind(it)
    })
}

/// The fleet's certificates name their CAs and the CAs' keys, and none of its signatures is right.
#[test]
fn signatures_are_checked_when_asked_and_key_identifiers_believed_until_then() {
    let source = Source::new("fleet", fleet::kubeconfig(0..20));
    let now = Timestamp::parse(fleet::NOW).expect("a moment as RFC 3339 writes it");
    let facts = inspect_with(&[source], now, &Options::default()).facts;
    let contexts = &facts.readings.first().expect("one file, one reading").contexts;
    let checked = |it: &Option<Signature>| *it == Some(Signature::WrongKey);
    let eager = contexts.iter().filter(|it| checked(&it.likely_signed_by_ca)).count();
    let asked = contexts.iter().filter(|it| checked(&facts.signed_by_ca(&it.effective))).count();
    assert_eq!((eager, asked), (0, 20));
}
