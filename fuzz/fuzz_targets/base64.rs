//! A value of a data field is read as base64, whatever stands in it.
#![no_main]

use kubeconfig_inspector::kubeconfig::load;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut text = b"users: [{name: a, user: {client-key-data: \"".to_vec();
    text.extend(bytes.iter().copied().filter(|it| !b"\"\\".contains(it)));
    text.extend(b"\"}}]");
    load::load(0, "input", &text);
});
