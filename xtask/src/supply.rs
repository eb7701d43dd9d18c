//! What the page is made of: licences, crates that could connect, two versions of one crate, and
//! whether docs/dependencies.md says why each is there.
//!
//! `cargo deny` looks at the same with deny.toml, and at advisories too; it takes minutes to install, so
//! that what must always hold is held here with cargo alone.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use crate::{
    Outcome,
    run::{cargo, output, root},
};

const LICENSES: &[&str] = &["MIT", "Apache-2.0", "Unicode-3.0"];

/// Crates whose purpose is to connect. `gloo-net` comes with Yew and is not among them because nothing
/// of it is linked: the list of the WASM's imports proves that (tests/web/imports.txt).
const CONNECTING: &[&str] = &[
    "curl",
    "ehttp",
    "hyper",
    "native-tls",
    "openssl",
    "quinn",
    "reqwest",
    "rustls",
    "socket2",
    "tungstenite",
    "ureq",
];

/// Crates of which two versions are known and harmless: they run while building, or are a few lines.
const TWICE: &[&str] = &["bincode", "syn", "thiserror", "thiserror-impl"];

/// Where it stands why each crate is needed.
const REASONS: &str = "docs/dependencies.md";

const OURS: &str = "kubeconfig-inspector";

/// Looks at every crate that is built for the page.
pub(crate) fn check() -> Outcome {
    let words = ["tree", "--locked", "--target", "wasm32-unknown-unknown", "--edges", "normal"];
    let tree = output(cargo(&words).args(["--prefix", "none", "--format", "{p}|{l}"]))
        .ok_or("cargo tree failed")?;
    let mut crates: BTreeMap<&str, BTreeMap<&str, &str>> = BTreeMap::new();
    for line in tree.lines().filter(|it| !it.is_empty()) {
        let (package, license) = line.split_once('|').ok_or("cargo tree wrote no licence")?;
        let mut words = package.split(' ');
        let (name, version) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        crates.entry(name).or_default().insert(version, license.trim_end_matches(" (*)"));
    }
    let mut wrong = Vec::new();
    for (name, versions) in &crates {
        for (version, license) in versions {
            if !allowed(license) {
                wrong.push(format!("{name} {version} has the licence {license:?}: choose another crate, or add the licence to xtask/src/supply.rs and deny.toml."));
            }
        }
        if 1 < versions.len() && !TWICE.contains(name) {
            let versions: Vec<_> = versions.keys().copied().collect();
            wrong.push(format!("{name} is there twice ({}): see `cargo tree -i {name}@VERSION`; move to one, or say in xtask/src/supply.rs why not.", versions.join(", ")));
        }
        if CONNECTING.contains(name) {
            wrong.push(format!("{name} can connect: the page needs no such crate."));
        }
    }
    let reasons =
        fs::read_to_string(root().join(REASONS)).map_err(|it| format!("{REASONS}: {it}"))?;
    let explained = explained(&reasons);
    let built: BTreeSet<&str> = crates.keys().copied().filter(|it| *it != OURS).collect();
    for name in built.difference(&explained) {
        wrong.push(format!("{name} is not in {REASONS}: say there why the page needs it."));
    }
    for name in explained.difference(&built) {
        wrong
            .push(format!("{name} is in {REASONS} and not in the page any more: delete it there."));
    }
    println!("{} crates are built for the page.", built.len());
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
}

/// The crates named in the first table of `text`: all words in backticks but those with a path in them.
fn explained(text: &str) -> BTreeSet<&str> {
    let table =
        text.lines().skip_while(|it| !it.starts_with('|')).take_while(|it| it.starts_with('|'));
    table
        .flat_map(|it| it.split('`').skip(1).step_by(2))
        .filter(|it| !it.contains(['/', '.']))
        .collect()
}

/// Whether an expression of SPDX, also as written before that was agreed on, can be met.
fn allowed(license: &str) -> bool {
    let license = license.replace(" / ", " OR ").replace('/', " OR ").replace(['(', ')'], "");
    license.split(" AND ").all(|it| it.split(" OR ").any(|it| LICENSES.contains(&it.trim())))
}

#[cfg(test)]
mod tests {
    use super::{allowed, explained};

    #[test]
    fn the_first_table_names_the_crates() {
        let text =
            "Of `nothing`.\n\n| crate |\n|---|\n| `a`, `b`: `tests/x.txt` | `c` |\n\n| `d` |\n";
        assert_eq!(explained(text).into_iter().collect::<Vec<_>>(), ["a", "b", "c"]);
    }

    #[test]
    fn one_of_the_alternatives_is_enough_and_every_part_is_needed() {
        for (license, expected) in [
            ("MIT", true),
            ("MIT OR Apache-2.0", true),
            ("MIT/Apache-2.0", true),
            ("Apache-2.0 / MIT", true),
            ("(MIT OR Apache-2.0) AND Unicode-3.0", true),
            ("Apache-2.0 OR BSL-1.0", true),
            ("GPL-3.0-only", false),
            ("MIT AND GPL-3.0-only", false),
            ("", false),
        ] {
            assert_eq!(allowed(license), expected, "{license}");
        }
    }
}
