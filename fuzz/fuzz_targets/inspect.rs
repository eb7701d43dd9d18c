//! Any bytes are inspected and exported in every format without a panic.
#![no_main]

use kubeconfig_inspector::{Options, export, inspect_with, source::Source, time::Timestamp};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let middle = bytes.len() / 2;
    for merge in [false, true] {
        let sources = match merge {
            false => vec![Source::new("input", bytes)],
            true => vec![Source::new("a", &bytes[..middle]), Source::new("b", &bytes[middle..])],
        };
        let options = Options { merge, ..Options::default() };
        let report = inspect_with(&sources, Timestamp(1_768_478_400), &options);
        for format in export::Format::ALL {
            export::export(&report, format, &export::Selection::default());
        }
    }
});
