//! Builds the page with Trunk.

use std::{env, process::Command};

use crate::{
    Outcome,
    run::{output, program, root, run},
    tools,
};

/// Builds the page and serves it, building again when a file changes.
pub(crate) fn serve() -> Outcome {
    tools::ensure()?;
    println!(
        "Building, then serving at http://127.0.0.1:8080 . The first build takes 2 to 5 minutes."
    );
    run(trunk("serve").args(["--dist", "target/serve"]))
}

/// Writes the release build to `dist/`.
pub(crate) fn dist() -> Outcome {
    tools::ensure()?;
    println!("Building the page for release: 2 to 5 minutes when nothing is built yet.");
    run(trunk("build").arg("--release"))
}

fn trunk(word: &str) -> Command {
    let mut command = program("trunk");
    command
        .arg(word)
        .env("PATH", tools::path())
        .env("TRUNK_SKIP_VERSION_CHECK", "true")
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", remapped())
        // An inherited NO_COLOR=1 stops Trunk: it wants `true` or `false`.
        .env_remove("NO_COLOR");
    command
}

/// Flags that keep the builder's folders out of the program, so that everyone builds the same bytes.
fn remapped() -> String {
    let home = |name: &str, below: &str| {
        env::var(name).ok().or_else(|| env::var("HOME").ok().map(|it| format!("{it}/{below}")))
    };
    let sysroot = output(program("rustc").args(["--print", "sysroot"]));
    [
        (Some(root().display().to_string()), "."),
        (home("CARGO_HOME", ".cargo"), "cargo"),
        (home("RUSTUP_HOME", ".rustup"), "rustup"),
        (sysroot, "rust"),
    ]
    .into_iter()
    .filter_map(|(from, to)| Some(format!("--remap-path-prefix={}={to}", from?)))
    .collect::<Vec<_>>()
    .join(" ")
}
