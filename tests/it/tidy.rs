//! What we say about the source tree, checked. Each failure says how to repair it.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Who may use whom: a module may use those of the rows above its own, and of its own row only
/// itself. A row may hold several names.
const LAYERS: &[&[&str]] = &[
    &["secret", "pace", "time", "quote", "base64", "masking"],
    &["source"],
    &["intake", "kubeconfig", "decode"],
    &["facts"],
    &["checks", "diagnose"],
    &["export"],
];

#[test]
fn layers_point_one_way() {
    for (path, text) in files("src", &["rs"]) {
        let Some(module) = module_of(&path) else { continue };
        let Some(layer) = LAYERS.iter().position(|it| it.contains(&module.as_str())) else {
            continue;
        };
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for upper in LAYERS.iter().skip(layer + 1).copied().flatten() {
            assert!(
                !uses(code, upper),
                "\n{} uses `{upper}`, which stands above it.\nThe order is {LAYERS:?}.\n\
                 Move what is needed down, or hand it over as a parameter.\n",
                path.display()
            );
        }
    }
}

#[test]
fn every_module_has_a_layer() {
    let lib = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    for line in lib.lines() {
        let Some(name) = line.trim_start_matches("pub ").strip_prefix("mod ") else { continue };
        let name = name.trim_end_matches(';');
        assert!(
            LAYERS.iter().any(|it| it.contains(&name)),
            "\nsrc/lib.rs declares `{name}`, which has no layer.\nName it in LAYERS of {}.\n",
            file!()
        );
    }
}

#[test]
fn the_page_uses_the_library_by_its_name() {
    for (path, text) in files("src", &["rs"]) {
        let module = module_of(&path).unwrap_or_default();
        if module != "ui" && module != "main" {
            continue;
        }
        for name in LAYERS.iter().copied().flatten() {
            assert!(
                !uses(&text, name),
                "\n{} uses `crate::{name}`.\nThe page is a crate of its own: write \
                 `kubeconfig_inspector::{name}`.\n",
                path.display()
            );
        }
    }
}

#[test]
fn every_file_says_what_it_is_for() {
    for folder in ["src", "examples", "tests/it", "xtask/src", "benches", "fuzz/fuzz_targets"] {
        for (path, text) in files(folder, &["rs"]) {
            assert!(
                text.starts_with("//!"),
                "\n{} does not begin with a `//!` line.\n\
                 Say why the file exists and what it does not know.\n",
                path.display()
            );
        }
    }
}

#[test]
fn modules_have_one_style() {
    const VAGUE: &[&str] = &["utils", "util", "helpers", "common", "types", "models", "prelude"];
    for (path, _) in files("src", &["rs"]) {
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        assert!(
            stem != "mod",
            "\n{}: write `foo.rs` beside `foo/`, not `foo/mod.rs`.\n",
            path.display()
        );
        assert!(
            !VAGUE.contains(&stem.as_str()),
            "\n{}: this name says nothing. Name the subject.\n",
            path.display()
        );
    }
}

#[test]
fn only_one_file_touches_the_browser() {
    for (path, text) in files("src", &["rs"]) {
        if path.starts_with(root().join("src/ui/browser")) || path.ends_with("src/ui/browser.rs") {
            continue;
        }
        for name in ["web_sys::", "js_sys::", "gloo"] {
            assert!(
                !text.contains(name),
                "\n{} mentions {name}; that belongs in src/ui/browser.rs or below it.\n",
                path.display()
            );
        }
    }
}

#[test]
fn no_test_is_switched_off() {
    // Spelled in two halves, so that this file does not find itself.
    let ignored = concat!("#[ig", "nore");
    for (path, text) in files("src", &["rs"]).into_iter().chain(files("tests", &["rs"])) {
        assert!(
            !text.contains(ignored),
            "\n{} ignores a test.\nMake it pass, or delete it and say why in the commit.\n",
            path.display()
        );
    }
}

#[test]
fn nothing_is_left_for_later() {
    // In two halves, as above.
    let later = [concat!("TO", "DO"), concat!("FIX", "ME")];
    for folder in ["src", "examples", "tests/it", "xtask/src"] {
        for (path, text) in files(folder, &["rs"]) {
            for line in text.lines() {
                assert!(
                    !line.split(|it: char| !it.is_alphanumeric()).any(|it| later.contains(&it)),
                    "\n{} leaves something for later: {line}\nDo it, or open an issue.\n",
                    path.display()
                );
            }
        }
    }
}

#[test]
fn what_the_page_says_is_not_glued() {
    for (path, text) in files("src/ui", &["rs"]) {
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        // What is drawn, and what is put together.
        let drawn = code.split("{ \"").skip(1);
        for words in drawn.chain(code.split("format!(\"").skip(1)) {
            let words = words.split('"').next().unwrap_or_default();
            let glued = words.starts_with([' ', ',']) || words.ends_with([' ', ',']);
            assert!(
                !glued || !words.contains(char::is_alphabetic),
                "\n{} puts a sentence together from parts: {words:?}.\nWrite it whole, and give \
                 `filled` what stands inside: another language has another order.\n",
                path.display()
            );
        }
    }
}

#[test]
fn imitated_functions_name_their_version() {
    for (path, text) in files("src", &["rs"]) {
        for (number, line) in text.lines().enumerate() {
            let Some((_, rest)) = line.split_once("/ Mirrors: ") else { continue };
            let following: String =
                text.lines().skip(number + 1).take(2).collect::<Vec<_>>().join(" ");
            let said = format!("{rest} {following}");
            let versioned = said
                .split_whitespace()
                .any(|it| it.trim_start_matches('v').starts_with(|it: char| it.is_ascii_digit()));
            assert!(
                versioned,
                "\n{}:{}: a `Mirrors:` line without a version.\n\
                 Write `Mirrors: Symbol, client-go v0.33.1 path/file.go.`\n",
                path.display(),
                number + 1
            );
        }
    }
}

#[test]
fn documents_stay_short() {
    for (name, limit) in [("ARCHITECTURE.md", 120), ("CONTRIBUTING.md", 80)] {
        let Ok(text) = fs::read_to_string(root().join(name)) else { continue };
        let lines = text.lines().count();
        assert!(
            lines <= limit,
            "\n{name} has {lines} lines; {limit} is the limit.\n\
             Cut what the code says itself.\n"
        );
    }
}

/// Whether `code` names the module `module` of its own crate.
fn uses(code: &str, module: &str) -> bool {
    let mut in_crate_import = false;
    for line in code.lines() {
        let line = line.split("//").next().unwrap_or_default();
        if names(line, &format!("crate::{module}")) {
            return true;
        }
        if line.trim_start().starts_with("use crate::{") {
            in_crate_import = true;
        }
        // Direct children of `use crate::{ … }` begin their line, or follow its brace.
        if in_crate_import {
            let direct = line.trim_start().trim_start_matches("use crate::{");
            let indent = line.len() - line.trim_start().len();
            let mut items = direct.split(", ").map(str::trim);
            if indent <= 4 && items.any(|it| it.starts_with(module) && names(it, module)) {
                return true;
            }
            if line.contains("};") {
                in_crate_import = false;
            }
        }
    }
    false
}

/// Whether `text` holds `path` and not only the beginning of a longer name.
fn names(text: &str, path: &str) -> bool {
    text.match_indices(path).any(|(at, _)| {
        !text[at + path.len()..].starts_with(|it: char| it.is_alphanumeric() || it == '_')
    })
}

/// The module of the library that a file belongs to.
fn module_of(path: &Path) -> Option<String> {
    let below = path.strip_prefix(root().join("src")).ok()?;
    Some(Path::new(below.iter().next()?).with_extension("").to_string_lossy().into_owned())
}

/// Every file below `folder` with one of these extensions, with its text.
fn files(folder: &str, extensions: &[&str]) -> Vec<(PathBuf, String)> {
    let mut folders = vec![root().join(folder)];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(folder) else { continue };
        for entry in entries {
            let path = entry.expect("a folder of ours can be listed").path();
            if path.is_dir() && !path.ends_with("node_modules") {
                folders.push(path);
            } else if path.extension().is_some_and(|it| extensions.iter().any(|e| it == *e)) {
                let text = fs::read_to_string(&path).expect("our files are text");
                files.push((path, text));
            }
        }
    }
    files.sort();
    files
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}
