//! Work in pieces: it rests often enough, and what comes out is the same.

use std::{
    cell::Cell,
    path::Path,
    pin::pin,
    task::{Context, Poll, Waker},
};

use kubeconfig_inspector::{
    Options, Report, inspect_at, inspect_with, pace::Pace, source::Source, time::Timestamp,
};

use crate::{
    checks::{entries, sources},
    fleet,
};

const NOW: Timestamp = Timestamp(1_768_478_400);

/// Inspects `sources` with a rest whenever one may be due; tells how many there were.
fn inspect_slowly(sources: &[Source], options: &Options) -> (Report, usize) {
    let is_due = || true;
    let mut work = pin!(inspect_at(Pace::new(&is_due), sources, NOW, options));
    let mut rests = 0;
    loop {
        match work.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(report) => return (report, rests),
            Poll::Pending => rests += 1,
        }
    }
}

#[test]
fn rests_change_nothing() {
    for folder in ["tests/fixtures/real", "tests/fixtures/checks"] {
        for path in entries(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)) {
            for merge in [false, true] {
                let options = Options { merge, message: None };
                let sources = sources(&path);
                let slow = inspect_slowly(&sources, &options).0;
                assert!(slow == inspect_with(&sources, NOW, &options), "{}", path.display());
            }
        }
    }
}

/// Each cluster and user is read and decoded, and each context resolved, between two rests.
#[test]
fn every_entry_is_a_place_to_rest() {
    let rests = |contexts| {
        let sources = [Source::new("fleet", fleet::kubeconfig(0..contexts))];
        inspect_slowly(&sources, &Options::default()).1
    };
    let (few, many) = (rests(10), rests(110));
    assert!(
        6 * 100 <= many - few,
        "a hundred contexts more brought {} rests more, and are read and decoded in loops that \
         each hold the page: see `Pace::rest`",
        many - few
    );
}

/// Text that is no kubeconfig has no entries between which to rest.
#[test]
fn megabytes_without_an_entry_are_read_with_rests() {
    let text = "- {a: 1, b: [2, 3]}\n".repeat(50_000);
    let rests = inspect_slowly(&[Source::new("list", text)], &Options::default()).1;
    assert!(500 < rests, "{rests} rests");
}

#[test]
fn nothing_rests_while_none_is_due() {
    let asked = Cell::new(0);
    let is_due = || {
        asked.set(asked.get() + 1);
        false
    };
    let sources = [Source::new("fleet", fleet::kubeconfig(0..10))];
    let options = Options::default();
    let mut work = pin!(inspect_at(Pace::new(&is_due), &sources, NOW, &options));
    assert!(work.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready());
    assert!(0 < asked.get());
}
