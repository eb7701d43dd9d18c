//! Work in pieces: it rests often enough, and what comes out is the same.

use std::{
    cell::Cell,
    path::Path,
    pin::pin,
    task::{Context, Poll, Waker},
};

use kubeconfig_inspector::{
    Options, Report,
    export::{Format, Selection, export, export_at},
    inspect_at, inspect_with,
    pace::Pace,
    source::Source,
    time::Timestamp,
};

use crate::{
    checks::{entries, sources},
    fleet,
};

const NOW: Timestamp = Timestamp(1_768_478_400);

/// Does `work` with a rest whenever one may be due; tells how many there were.
fn slowly<T>(work: impl AsyncFnOnce(Pace<'static>) -> T) -> (T, usize) {
    let mut work = pin!(work(Pace::new(&|| true)));
    let mut rests = 0;
    loop {
        match work.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(done) => return (done, rests),
            Poll::Pending => rests += 1,
        }
    }
}

fn inspect_slowly(sources: &[Source], options: &Options) -> (Report, usize) {
    slowly(async |pace| inspect_at(pace, sources, NOW, options).await)
}

fn export_slowly(report: &Report, format: &Format, selection: &Selection) -> (String, usize) {
    slowly(async |pace| export_at(pace, report, format, selection).await)
}

#[test]
fn rests_change_nothing() {
    for folder in ["tests/fixtures/real", "tests/fixtures/checks"] {
        for path in entries(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)) {
            for merge in [false, true] {
                let options = Options { merge, message: None };
                let sources = sources(&path);
                let slow = inspect_slowly(&sources, &options).0;
                let report = inspect_with(&sources, NOW, &options);
                assert!(slow == report, "{}", path.display());
                let without_names = Selection { without_names: true, ..Selection::default() };
                for selection in [Selection::default(), without_names] {
                    for format in Format::ALL {
                        let slow = export_slowly(&report, format, &selection).0;
                        let text = export(&report, format, &selection);
                        assert!(slow == text, "{} as {}", path.display(), format.name);
                    }
                }
            }
        }
    }
}

/// What is written of each context, user or finding is written between two rests.
#[test]
fn every_entry_is_a_place_to_rest_in_what_is_taken_away() {
    let report = |contexts| {
        let sources = [Source::new("fleet", fleet::kubeconfig(0..contexts))];
        inspect_with(&sources, NOW, &Options::default())
    };
    let (few, many) = (report(10), report(110));
    for format in Format::ALL {
        let rests = |it| export_slowly(it, format, &Selection::default()).1;
        let more = rests(&many) - rests(&few);
        let entries = match format.name {
            "sarif" => many.findings.len() - few.findings.len(),
            _ => 100,
        };
        assert!(entries <= more, "{}: {more} rests for {entries} entries", format.name);
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

/// A transcript can have a hundred thousand lines, each of which may be any of the messages.
#[test]
fn each_thing_that_is_said_is_a_place_to_rest() {
    let sources = [Source::new("fleet", fleet::kubeconfig(0..1))];
    let read = |lines| {
        let said = "error: no such thing\n".repeat(lines) + "error: unauthorized\n";
        let options = Options { merge: false, message: Some(said) };
        let (slow, rests) = inspect_slowly(&sources, &options);
        assert!(slow == inspect_with(&sources, NOW, &options));
        rests
    };
    // Only the end tells what it is about, and what is in front of it is not looked at.
    assert_eq!(read(10), read(1_000));
    let nothing = |lines| {
        let message = Some("error: no such thing\n".repeat(lines));
        inspect_slowly(&sources, &Options { merge: false, message }).1
    };
    assert!(1_000 <= nothing(1_010) - nothing(10));
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
