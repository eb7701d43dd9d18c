//! Any bytes are a certificate or are refused; a certificate can be compared with itself.
#![no_main]

use kubeconfig_inspector::decode::x509;

libfuzzer_sys::fuzz_target!(|der: &[u8]| {
    if let Ok(it) = x509::certificate(der) {
        x509::signature(&it, &it);
    }
});
