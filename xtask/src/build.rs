//! Builds the page with Trunk.

use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use sha2::{Digest as _, Sha256};

use crate::{
    Outcome, budget,
    run::{cargo, output, program, root, run},
    seal::hex,
    tools,
};

/// What wasm-opt is told, here and in index.html: small before all. A function with one caller stays
/// one all the same; a browser improves it when it is called often, but nothing that runs once. The
/// second round and the size, which was tried out, save 2 KB over the wire.
pub(crate) const WASM_OPT: [&str; 4] = [
    "-Oz",
    "--one-caller-inline-max-function-size=0",
    "--always-inline-max-function-size=4",
    "-Oz",
];

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
    run(trunk("build").args(["--release", "--locked"]))?;
    if !root().join("dist/index.html").is_file() {
        return Err("dist/ has no index.html: another build writes there. Try again.".to_owned());
    }
    budget::compress()?;
    fs::copy(root().join("deploy/_headers"), root().join("dist/_headers"))
        .map_err(|it| format!("deploy/_headers: {it}"))?;
    let sums = sums(&root().join("dist"))?;
    fs::write(root().join("dist/SHA256SUMS"), &sums).map_err(|it| format!("SHA256SUMS: {it}"))?;
    print!("{sums}");
    Ok(())
}

/// Builds the same sources in another folder and compares every byte.
pub(crate) fn reproduce() -> Outcome {
    let again = root().join("target/again/kubeconfig-inspector");
    copy_sources(&again)?;
    run(cargo(&["xtask", "dist"]).current_dir(&again).env_remove("CARGO_TARGET_DIR"))?;
    let here = sums(&root().join("dist"))?;
    let there = sums(&again.join("dist"))?;
    if here == there {
        return Ok(());
    }
    Err(format!(
        "Two builds of the same sources differ: find what the builder's folder, the clock or an order \
         got into, and see `flags` in xtask/src/build.rs.\nHere:\n{here}In {}:\n{there}",
        again.display()
    ))
}

/// Copies what git knows or would add. Files that are equal already keep their times, so that a
/// second run builds nothing anew.
fn copy_sources(to: &Path) -> Outcome {
    let list = ["ls-files", "--cached", "--others", "--exclude-standard"];
    let names = output(program("git").args(list)).ok_or("git cannot list the sources")?;
    let names: BTreeSet<&str> = names.lines().collect();
    for name in names {
        let (from, to) = (root().join(name), to.join(name));
        let Ok(bytes) = fs::read(&from) else { continue };
        if fs::read(&to).is_ok_and(|it| it == bytes) {
            continue;
        }
        let folder = to.parent().expect("a file is in a folder");
        fs::create_dir_all(folder)
            .and_then(|()| fs::write(&to, bytes))
            .map_err(|it| format!("{}: {it}", to.display()))?;
    }
    Ok(())
}

/// The SHA-256 of every file in `folder`, as `sha256sum` writes them; not of the compressed copies,
/// which depend on the compressor's version.
fn sums(folder: &Path) -> Result<String, String> {
    let told = |path: &Path, it: std::io::Error| format!("{}: {it}", path.display());
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .map_err(|it| told(folder, it))?
        .filter_map(|it| Some(it.ok()?.path()))
        .filter(|it| it.extension().is_none_or(|it| it != "br" && it != "gz"))
        .filter(|it| it.is_file() && !it.ends_with("SHA256SUMS"))
        .collect();
    paths.sort();
    let line = |path: &PathBuf| {
        let bytes = fs::read(path).map_err(|it| told(path, it))?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        Ok(format!("{}  {name}\n", hex(&Sha256::digest(bytes))))
    };
    paths.iter().map(line).collect()
}

fn trunk(word: &str) -> Command {
    let mut command = program("trunk");
    for_the_page(command.arg(word))
        .env("TRUNK_SKIP_VERSION_CHECK", "true")
        // An inherited NO_COLOR=1 stops Trunk: it wants `true` or `false`.
        .env_remove("NO_COLOR");
    command
}

/// Lets `command` compile Rust as the page is compiled.
///
/// The standard library is built with the page, small instead of fast and with the flags of the
/// page: 40 KB less over the wire. That is an unstable service of cargo, which the pinned compiler
/// offers under this name.
pub(crate) fn for_the_page(command: &mut Command) -> &mut Command {
    command
        .env("PATH", tools::path())
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", flags())
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort")
        .env("CARGO_UNSTABLE_BUILD_STD_FEATURES", "optimize_for_size")
}

/// Flags of the compiler: a panic is a trap, which www/frame.js answers, and carries no words; vectors
/// of 128 bits, with which `sha2` and `memchr` are smaller and faster; and the builder's folders stay
/// out of the program, so that everyone builds the same bytes.
fn flags() -> String {
    let home = |name: &str, below: &str| {
        env::var(name).ok().or_else(|| env::var("HOME").ok().map(|it| format!("{it}/{below}")))
    };
    let sysroot = output(program("rustc").args(["--print", "sysroot"]));
    let remapped = [
        (Some(root().display().to_string()), "."),
        (home("CARGO_HOME", ".cargo"), "cargo"),
        (home("RUSTUP_HOME", ".rustup"), "rustup"),
        (sysroot, "rust"),
    ]
    .into_iter()
    .filter_map(|(from, to)| Some(format!(" --remap-path-prefix={}={to}", from?)));
    "-Zunstable-options -Cpanic=immediate-abort -Ctarget-feature=+simd128".to_owned()
        + &remapped.collect::<String>()
}
