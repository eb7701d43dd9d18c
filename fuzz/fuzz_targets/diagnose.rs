//! Any message is diagnosed against a kubeconfig that has one of everything.
#![no_main]

use std::sync::LazyLock;

use kubeconfig_inspector::{diagnose, facts::Facts, inspect, source::Source, time::Timestamp};

static FACTS: LazyLock<Facts> = LazyLock::new(|| {
    let source = Source::new("config", *include_bytes!("../everything.yaml"));
    inspect(&[source], Timestamp(1_768_478_400)).facts
});

libfuzzer_sys::fuzz_target!(|message: &str| {
    diagnose::diagnose(&FACTS, message);
});
