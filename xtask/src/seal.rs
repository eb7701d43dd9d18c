//! The last step of every build, called by Trunk: turns what Trunk left in its staging folder into
//! the page that is served.
//!
//! Bundles boot.js with the glue of wasm-bindgen into one script, names files after their contents,
//! and writes styles, integrity and policy into index.html. Knows nothing of how the WASM was made.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use sha2::{Digest as _, Sha256, Sha384};

use crate::{
    Outcome,
    run::{output, program, root, run},
    tools,
};

const NAME: &str = "kubeconfig-inspector";

/// Seals the build in Trunk's staging folder.
pub(crate) fn seal() -> Outcome {
    let stage = env::var_os("TRUNK_STAGING_DIR")
        .map(PathBuf::from)
        .ok_or("`seal` is the last step of a build by Trunk; run `cargo xtask dist`.")?;
    let release = env::var("TRUNK_PROFILE").is_ok_and(|it| it == "release");
    let wasm = take(&stage.join(format!("{NAME}_bg.wasm")))?;
    let script = bundle(&stage, release)?;
    let style = styles(release)?;

    let wasm_name = write_named(&stage, &wasm, "wasm")?;
    let script_name = write_named(&stage, &script, "js")?;
    let build = Build::new(&wasm);
    let start = format!(
        "<link rel=\"preload\" href=\"./{wasm_name}\" as=\"fetch\" type=\"application/wasm\" crossorigin>\n\
         <script type=\"module\" id=\"start\" src=\"./{script_name}\" integrity=\"{}\" \
         data-wasm=\"./{wasm_name}\" data-integrity=\"{}\" {build}></script>",
        integrity(&script),
        integrity(&wasm),
    );
    let policy = policy("'self'", "'self'", &style);
    let page = page(&stage, &policy, &style, &start)?;
    write(&stage.join("index.html"), page.as_bytes())
}

/// What the page says about its own build.
struct Build {
    version: String,
    commit: String,
    digest: String,
}

impl Build {
    fn new(wasm: &[u8]) -> Build {
        let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap_or_default();
        let version = manifest.split("version = \"").nth(1).and_then(|it| it.split('"').next());
        let commit = output(program("git").args([
            "describe",
            "--always",
            "--dirty",
            "--abbrev=40",
            "--exclude=*",
        ]));
        Build {
            version: version.unwrap_or("unknown").to_owned(),
            commit: commit.unwrap_or_else(|| "unknown".to_owned()),
            digest: hex(&Sha256::digest(wasm)),
        }
    }
}

impl std::fmt::Display for Build {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Build { version, commit, digest } = self;
        write!(f, "data-version=\"{version}\" data-commit=\"{commit}\" data-digest=\"{digest}\"")
    }
}

/// The policy that the page starts under. What it allows beyond itself is only what boot.js needs
/// before it locks the rest: see www/boot.js.
fn policy(script: &str, connect: &str, style: &str) -> String {
    let style = integrity(style.as_bytes());
    format!(
        "default-src 'none'; script-src {script} 'wasm-unsafe-eval'; style-src '{style}'; \
         img-src data:; connect-src {connect}; worker-src 'none'; form-action 'none'; \
         base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )
}

/// index.html with each `<!-- seal: … -->` replaced.
fn page(stage: &Path, policy: &str, style: &str, start: &str) -> Result<String, String> {
    let html = String::from_utf8(take(&stage.join("index.html"))?)
        .map_err(|_| "index.html is not UTF-8".to_owned())?;
    let icon = BASE64_STANDARD.encode(read(&root().join("www/icon.svg"))?);
    let parts = [
        ("policy", format!("<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">")),
        ("icon", format!("<link rel=\"icon\" href=\"data:image/svg+xml;base64,{icon}\">")),
        ("style", format!("<style>{style}</style>")),
        ("start", start.to_owned()),
    ];
    parts.into_iter().try_fold(html, |html, (name, part)| {
        let mark = format!("<!-- seal: {name} -->");
        if !html.contains(&mark) {
            return Err(format!("index.html has no `{mark}`"));
        }
        Ok(html.replace(&mark, &part))
    })
}

/// boot.js and the glue, as one module.
fn bundle(stage: &Path, release: bool) -> Result<Vec<u8>, String> {
    let glue = stage.join(format!("{NAME}.js"));
    let bundled = stage.join("bundled.js");
    let mut esbuild = esbuild(release);
    esbuild
        .args(["www/boot.js", "--bundle", "--format=esm", "--target=es2022"])
        .arg(format!("--alias:glue={}", glue.display()))
        .arg(format!("--outfile={}", bundled.display()));
    run(&mut esbuild)?;
    take(&glue)?;
    take(&bundled)
}

/// All of www/*.css in the order of their names.
fn styles(release: bool) -> Result<String, String> {
    let www = root().join("www");
    let mut names: Vec<PathBuf> = fs::read_dir(&www)
        .map_err(|it| format!("{}: {it}", www.display()))?
        .filter_map(|it| Some(it.ok()?.path()))
        .filter(|it| it.extension().is_some_and(|it| it == "css"))
        .collect();
    names.sort();
    names
        .iter()
        .map(|it| {
            output(esbuild(release).arg(it))
                .ok_or_else(|| format!("esbuild cannot read {}", it.display()))
        })
        .collect()
}

fn esbuild(release: bool) -> std::process::Command {
    let mut command = program(tools::npm_home().join("node_modules/.bin/esbuild"));
    command.args(["--log-level=warning", "--legal-comments=none"]);
    if release {
        command.arg("--minify");
    }
    command
}

/// Writes `bytes` under a name that changes when they do, and returns the name.
fn write_named(stage: &Path, bytes: &[u8], extension: &str) -> Result<String, String> {
    let hash: String = hex(&Sha256::digest(bytes)).chars().take(16).collect();
    let name = format!("{NAME}-{hash}.{extension}");
    write(&stage.join(&name), bytes)?;
    Ok(name)
}

fn integrity(bytes: &[u8]) -> String {
    format!("sha384-{}", BASE64_STANDARD.encode(Sha384::digest(bytes)))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|it| format!("{it:02x}")).collect()
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|it| format!("{}: {it}", path.display()))
}

/// Reads a file and removes it: what stays in the folder is served.
fn take(path: &Path) -> Result<Vec<u8>, String> {
    let bytes = read(path)?;
    fs::remove_file(path).map_err(|it| format!("{}: {it}", path.display()))?;
    Ok(bytes)
}

fn write(path: &Path, bytes: &[u8]) -> Outcome {
    fs::write(path, bytes).map_err(|it| format!("{}: {it}", path.display()))
}
