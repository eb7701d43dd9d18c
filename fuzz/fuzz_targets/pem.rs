//! PEM blocks are found in any bytes without a panic.
#![no_main]

use kubeconfig_inspector::decode::pem;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    pem::blocks(bytes);
});
