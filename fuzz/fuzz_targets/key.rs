//! Any bytes are a private key or are refused; a key matches its own public half.
#![no_main]

use kubeconfig_inspector::decode::key;

libfuzzer_sys::fuzz_target!(|der: &[u8]| {
    if let Ok(it) = key::private_key(der)
        && let Some(public) = &it.public
    {
        assert_eq!(key::matches(&it, public), key::KeyMatch::Yes);
    }
});
