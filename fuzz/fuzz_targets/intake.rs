//! Whatever was pasted is unwrapped without a panic.
#![no_main]

use kubeconfig_inspector::{intake, source::Source};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    intake::unwrap(&Source::new("input", bytes));
});
