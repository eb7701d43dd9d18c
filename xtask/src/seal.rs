//! The last step of every build, called by Trunk: turns what Trunk left in its staging folder into
//! the page that is served.
//!
//! Puts scripts, styles, the frame and the policies into index.html, names the WASM after its contents,
//! and writes the same page once more as a single file. Knows nothing of how the WASM was made.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use sha2::{Digest as _, Sha256, Sha384};

use crate::{
    Outcome, order,
    run::{output, program, root},
    tools,
};

const NAME: &str = "kubeconfig-inspector";

/// Seals the build in Trunk's staging folder.
pub(crate) fn seal() -> Outcome {
    let stage = env::var_os("TRUNK_STAGING_DIR")
        .map(PathBuf::from)
        .ok_or("`seal` is the last step of a build by Trunk; run `cargo xtask dist`.")?;
    let release = env::var("TRUNK_PROFILE").is_ok_and(|it| it == "release");
    let mut wasm = take(&stage.join(format!("{NAME}_bg.wasm")))?;
    if release {
        wasm = order::by_likeness(&wasm)?;
    }
    let glue = stage.join(format!("{NAME}.js"));
    let parts = Parts {
        shell: String::from_utf8(take(&stage.join("index.html"))?).map_err(|it| it.to_string())?,
        boot: bundle("www/boot.js", None, release)?,
        first_style: styles(&["www/first.css".into()], release)?,
        frame: fs::read_to_string(root().join("www/frame.html")).map_err(|it| it.to_string())?,
        program: bundle("www/frame.js", Some(&glue), release)?,
        style: styles(&program_styles()?, release)?,
        build: Build::new(&wasm),
    };
    take(&glue)?;

    let outline = parts.outline()?;
    let single = parts.single(&outline, &wasm)?;
    write(&stage.join(format!("{NAME}.html")), single.as_bytes())?;

    let name = format!("{NAME}-{}.wasm", &hex(&Sha256::digest(&wasm))[..16]);
    write(&stage.join(&name), &wasm)?;
    let data = format!(
        "data-wasm=\"./{name}\" data-integrity=\"{}\" data-single=\"{}\" data-outline=\"{}\"",
        integrity(&wasm),
        hex(&Sha256::digest(&single)),
        escaped(&outline),
    );
    write(&stage.join("index.html"), parts.page(&data)?.as_bytes())
}

/// What a page is put together from: everything but the WASM, as text.
struct Parts {
    shell: String,
    boot: String,
    first_style: String,
    frame: String,
    program: String,
    style: String,
    build: Build,
}

impl Parts {
    /// The page beside its WASM; `data` says which file that is.
    fn page(&self, data: &str) -> Result<String, String> {
        self.assemble("'self'", data, "", &self.boot, &escaped(&self.document()?))
    }

    /// The single file without its largest parts and this outline itself: `save` in www/boot.js puts
    /// them in, and so does [`Parts::single`].
    fn outline(&self) -> Result<String, String> {
        let [outline, script, wasm, document] = ["outline", "script", "wasm", "document"].map(mark);
        let data = format!("data-outline=\"{outline}\"");
        let wasm = format!("\n<script type=\"application/wasm\" id=\"wasm\">{wasm}</script>");
        self.assemble("'none'", &data, &wasm, &script, &document)
    }

    /// The page with its WASM in itself.
    fn single(&self, outline: &str, wasm: &[u8]) -> Result<String, String> {
        fill(
            outline,
            &[
                ("outline", escaped(outline)),
                ("script", self.boot.clone()),
                ("wasm", BASE64_STANDARD.encode(wasm)),
                ("document", escaped(&self.document()?)),
            ],
        )
    }

    /// The outer document: `connect` is from where it may fetch the WASM, `data` is for its `script`,
    /// `document` is the one in the frame, and `wasm` is the WASM as an element, for which the frame
    /// does not wait.
    fn assemble(
        &self,
        connect: &str,
        data: &str,
        wasm: &str,
        script: &str,
        document: &str,
    ) -> Result<String, String> {
        let Parts { shell, boot, first_style, program, style, .. } = self;
        let sandbox = "allow-scripts allow-downloads allow-modals";
        fill(
            shell,
            &[
                ("policy", policy(&[boot, program], &[first_style, style], connect)),
                ("icon", icon()?),
                ("style", format!("<style>{first_style}</style>")),
                ("boot", format!("<script {data}>{script}</script>")),
                (
                    "frame",
                    format!(
                        "<iframe id=\"app\" title=\"Kubeconfig Inspector\" sandbox=\"{sandbox}\" \
                         allow=\"clipboard-write *\" srcdoc=\"{document}\"></iframe>{wasm}",
                    ),
                ),
            ],
        )
    }

    /// The document in the frame.
    fn document(&self) -> Result<String, String> {
        let Parts { frame, program, style, build, .. } = self;
        fill(
            frame,
            &[
                ("policy", policy(&[program], &[style], "'none'")),
                ("style", format!("<style>{style}</style>")),
                (
                    "program",
                    format!("<script type=\"module\" id=\"program\" {build}>{program}</script>"),
                ),
            ],
        )
    }
}

/// Replaces each `<!-- seal: name -->`.
fn fill(html: &str, parts: &[(&str, String)]) -> Result<String, String> {
    parts.iter().try_fold(html.to_owned(), |html, (name, part)| {
        let mark = mark(name);
        if !html.contains(&mark) {
            return Err(format!("there is no `{mark}`"));
        }
        Ok(html.replace(&mark, part))
    })
}

/// What stands in a text for the part called `name`.
fn mark(name: &str) -> String {
    format!("<!-- seal: {name} -->")
}

/// `html` as the value of an attribute: `escaped` in www/boot.js writes the same.
fn escaped(html: &str) -> String {
    html.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
}

fn icon() -> Result<String, String> {
    let icon = BASE64_STANDARD.encode(read(&root().join("www/icon.svg"))?);
    Ok(format!("<link rel=\"icon\" href=\"data:image/svg+xml;base64,{icon}\">"))
}

/// The policy that a document starts under: these scripts and styles and nothing else. boot.js and
/// frame.js replace it by none at all before the program runs.
fn policy(scripts: &[&str], styles: &[&str], connect: &str) -> String {
    let hashes = |them: &[&str]| {
        let them: Vec<_> =
            them.iter().map(|it| format!("'{}'", integrity(it.as_bytes()))).collect();
        them.join(" ")
    };
    format!(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
         script-src {} 'wasm-unsafe-eval'; style-src {}; img-src data:; connect-src {connect}; frame-src blob:; \
         worker-src 'none'; form-action 'none'; base-uri 'none'; \
         require-trusted-types-for 'script'; trusted-types 'none'\">",
        hashes(scripts),
        hashes(styles),
    )
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

/// One of our scripts without imports: a module with wasm-bindgen's `glue` in it, or a plain script.
fn bundle(script: &str, glue: Option<&Path>, release: bool) -> Result<String, String> {
    let mut esbuild = esbuild(release);
    esbuild.args([script, "--bundle", "--target=es2022"]);
    match glue {
        Some(glue) => esbuild.args(["--format=esm", &format!("--alias:glue={}", glue.display())]),
        None => esbuild.arg("--format=iife"),
    };
    output(&mut esbuild).ok_or_else(|| format!("esbuild cannot bundle {script}"))
}

/// The styles of the program: all of www/*.css but the first words', in the order of their names.
fn program_styles() -> Result<Vec<PathBuf>, String> {
    let www = root().join("www");
    let mut paths: Vec<PathBuf> = fs::read_dir(&www)
        .map_err(|it| format!("{}: {it}", www.display()))?
        .filter_map(|it| Some(it.ok()?.path()))
        .filter(|it| it.extension().is_some_and(|it| it == "css") && !it.ends_with("first.css"))
        .collect();
    paths.sort();
    Ok(paths)
}

fn styles(paths: &[PathBuf], release: bool) -> Result<String, String> {
    let one = |path: &PathBuf| {
        output(esbuild(release).arg(path))
            .ok_or_else(|| format!("esbuild cannot read {}", path.display()))
    };
    paths.iter().map(one).collect()
}

fn esbuild(release: bool) -> std::process::Command {
    let mut command = program(tools::npm_home().join("node_modules/.bin/esbuild"));
    command.args(["--log-level=warning", "--legal-comments=none"]);
    if release {
        command.arg("--minify");
    }
    command
}

fn integrity(bytes: &[u8]) -> String {
    format!("sha384-{}", BASE64_STANDARD.encode(Sha384::digest(bytes)))
}

/// `bytes` in lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
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
