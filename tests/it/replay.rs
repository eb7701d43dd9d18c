//! What fuzzing found worth keeping, once more: every input of `fuzz/corpus`, which holds what
//! reaches most of the code, and every input that once broke something.

use std::{fs, path::Path};

#[path = "../../fuzz/bodies.rs"]
mod bodies;

/// A folder of the corpus, and what is fuzzed with it.
type Target = (&'static str, fn(&[u8]));

const TARGETS: &[Target] = &[
    ("base64", bodies::base64),
    ("diagnose", bodies::diagnose),
    ("inspect", bodies::inspect),
    ("intake", bodies::intake),
    ("key", bodies::private_key),
    ("pem", bodies::pem_blocks),
    ("token", bodies::token),
    ("x509", bodies::x509),
    ("yaml", bodies::yaml),
];

#[test]
fn nothing_that_was_found_breaks_anything_again() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    for (name, body) in TARGETS {
        let inputs = fs::read_dir(corpus.join(name)).expect("every target has a corpus");
        let mut replayed = 0;
        for input in inputs {
            let path = input.expect("the folder can be read").path();
            let bytes = fs::read(&path).expect("an input can be read");
            let outcome = std::panic::catch_unwind(|| body(&bytes));
            assert!(outcome.is_ok(), "{} breaks it", path.display());
            replayed += 1;
        }
        assert!(10 < replayed, "{name}: {replayed} inputs are too few to say anything");
    }
}

#[test]
fn every_target_is_replayed() {
    let manifest = include_str!("../../fuzz/Cargo.toml");
    let mut named: Vec<&str> =
        manifest.split("\nname = \"").skip(1).filter_map(|it| it.split('"').next()).collect();
    named.retain(|it| *it != "kubeconfig-inspector-fuzz");
    named.sort_unstable();
    assert_eq!(named, TARGETS.iter().map(|it| it.0).collect::<Vec<_>>());
}
