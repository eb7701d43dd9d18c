//! The programs that the page's build needs: finds each, or installs it.
//!
//! Trunk and wasm-bindgen go to one folder of the user's cache, so that every clone shares them and
//! no other project notices; the npm packages go to `target/tools`.

use std::{
    env,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
};

use crate::{
    Outcome,
    run::{cargo, output, program, root, run},
};

const TRUNK: &str = "0.21.14";

/// Makes sure that everything a build needs is there.
pub(crate) fn ensure() -> Outcome {
    compiler_parts()?;
    node()?;
    npm_tools()?;
    trunk()?;
    wasm_bindgen()
}

/// `PATH` with our tools first.
pub(crate) fn path() -> OsString {
    let wasm_bindgen = wasm_bindgen_version().unwrap_or_default();
    let ourselves = env::current_exe().unwrap_or_default();
    let own = [
        npm_home().join("node_modules/.bin"),
        cargo_home("trunk", TRUNK).join("bin"),
        cargo_home("wasm-bindgen-cli", &wasm_bindgen).join("bin"),
        // Trunk calls us for the last step of a build: see Trunk.toml.
        ourselves.parent().unwrap_or(Path::new("")).to_owned(),
    ];
    let inherited = env::var_os("PATH").unwrap_or_default();
    env::join_paths(own.into_iter().chain(env::split_paths(&inherited)))
        .expect("folders of PATH hold no separator")
}

/// Where the packages of xtask/npm are installed.
pub(crate) fn npm_home() -> PathBuf {
    root().join("target/tools")
}

/// What the page's build needs of the compiler, as rust-toolchain.toml names it: rustup adds it by
/// itself only when it installs the compiler.
fn compiler_parts() -> Outcome {
    let sysroot = output(program("rustc").args(["--print", "sysroot"])).unwrap_or_default();
    let rustlib = PathBuf::from(sysroot).join("lib/rustlib");
    let parts = [
        ("target", "wasm32-unknown-unknown", "wasm32-unknown-unknown/lib"),
        ("component", "rust-src", "src/rust/library"),
    ];
    for (kind, name, folder) in parts {
        if !rustlib.join(folder).exists() {
            eprintln!("Installing {name} of the Rust compiler: a few seconds.");
            run(program("rustup").args([kind, "add", name]))?;
        }
    }
    Ok(())
}

fn node() -> Outcome {
    let version = output(program("node").arg("--version")).unwrap_or_default();
    let major = version.trim_start_matches('v').split('.').next().and_then(|it| it.parse().ok());
    match major {
        Some(20u32..) => Ok(()),
        _ => Err(format!(
            "Node.js 20 or newer is needed; found {version:?}. Install it and try again."
        )),
    }
}

/// wasm-opt and esbuild. Reinstalled when the lock file is not the one they came from.
fn npm_tools() -> Outcome {
    let from = root().join("xtask/npm");
    install_npm(&from, &npm_home(), "wasm-opt and esbuild")
}

/// Installs the locked packages described in `from` into `home`, unless that is done already.
pub(crate) fn install_npm(from: &PathBuf, home: &PathBuf, what: &str) -> Outcome {
    let read = |path: PathBuf| fs::read(&path).map_err(|it| format!("{}: {it}", path.display()));
    let lock = read(from.join("package-lock.json"))?;
    let done = home.join("node_modules/.from-lock");
    if fs::read(&done).is_ok_and(|it| it == lock) {
        return Ok(());
    }
    eprintln!("Installing {what} from npm: less than a minute.");
    fs::create_dir_all(home).map_err(|it| format!("{}: {it}", home.display()))?;
    if from != home {
        for name in ["package.json", "package-lock.json"] {
            fs::copy(from.join(name), home.join(name)).map_err(|it| format!("{name}: {it}"))?;
        }
    }
    run(program("npm")
        .args(["ci", "--no-audit", "--no-fund", "--loglevel=error"])
        .current_dir(home))?;
    fs::write(&done, lock).map_err(|it| format!("{}: {it}", done.display()))
}

fn trunk() -> Outcome {
    let found = output(program("trunk").env("PATH", path()).arg("--version"));
    if found.is_some_and(|it| it == format!("trunk {TRUNK}")) {
        return Ok(());
    }
    eprintln!("Installing Trunk {TRUNK} from source: 5 to 10 minutes on two cores, once.");
    install("trunk", TRUNK, &[])
}

fn wasm_bindgen() -> Outcome {
    let version = wasm_bindgen_version()?;
    let found = output(program("wasm-bindgen").env("PATH", path()).arg("--version"));
    if found.is_some_and(|it| it == format!("wasm-bindgen {version}")) {
        return Ok(());
    }
    eprintln!("Installing wasm-bindgen {version} from source: 2 to 5 minutes on two cores, once.");
    install("wasm-bindgen-cli", &version, &["--bin", "wasm-bindgen"])
}

/// The version in Cargo.lock: the command and the library must be of one version.
fn wasm_bindgen_version() -> Result<String, String> {
    let lock =
        fs::read_to_string(root().join("Cargo.lock")).map_err(|it| format!("Cargo.lock: {it}"))?;
    lock.split("[[package]]")
        .find(|it| it.contains("name = \"wasm-bindgen\"\n"))
        .and_then(|it| it.split("version = \"").nth(1)?.split('"').next())
        .map(str::to_owned)
        .ok_or_else(|| "Cargo.lock names no wasm-bindgen".to_owned())
}

/// Builds a published command without optimisation: it works for seconds, so that is time saved.
///
/// With the versions that its makers tested: newer ones of what it uses have broken it. Where the
/// registry does not have one of those any more, with the newest that fit.
fn install(name: &str, version: &str, more: &[&str]) -> Outcome {
    let home = cargo_home(name, version);
    let attempt = |lock: &[&str]| {
        run(cargo(&["install", name, "--version", &format!("={version}")])
            .args(["--debug", "--no-default-features", "--root"])
            .arg(&home)
            .args(lock)
            .args(more)
            // Not the workspace: its target folder and settings are no concern of theirs.
            .current_dir(env::temp_dir())
            .env_remove("CARGO_TARGET_DIR"))
    };
    attempt(&["--locked"]).or_else(|reason| {
        eprintln!("{reason}; trying with newer versions of what it uses.");
        attempt(&[])
    })
}

fn cargo_home(name: &str, version: &str) -> PathBuf {
    let cache = env::var_os("XDG_CACHE_HOME").map(PathBuf::from).or_else(|| {
        let home = env::var_os("HOME").or_else(|| env::var_os("USERPROFILE"))?;
        Some(PathBuf::from(home).join(".cache"))
    });
    let cache = cache.unwrap_or_else(|| root().join("target/tools"));
    cache.join("kubeconfig-inspector").join(format!("{name}-{version}"))
}
