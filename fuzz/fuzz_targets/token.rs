//! Any text is a token of some kind.
#![no_main]

use kubeconfig_inspector::decode::token;

libfuzzer_sys::fuzz_target!(|text: &str| {
    token::token(text);
});
