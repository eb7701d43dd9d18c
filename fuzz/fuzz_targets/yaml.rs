//! Any bytes load as a kubeconfig or are refused, and each fault has a place that exists.
#![no_main]

use kubeconfig_inspector::kubeconfig::load;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    load::load(0, "input", bytes);
});
