//! What each part of the program weighs, by the names that the linker keeps when it is asked to.
//!
//! A function counts for the module of ours that its name mentions first, so that what the standard
//! library was copied for counts for whoever asked for it.

use std::{collections::BTreeMap, fs, path::Path};

use wasmparser::{KnownCustom, Name, Parser, Payload};

use crate::{
    build::{WASM_OPT, for_the_page},
    run::{cargo, program, root, run},
    tools,
};

/// Parts that weigh less than this many bytes are told together.
const LEAST: usize = 4_000;

/// Bytes of code by part, the heaviest first, and of data.
pub(crate) fn weigh() -> Result<Vec<(String, usize)>, String> {
    let target = root().join("target/bench/named");
    let built = target.join("wasm32-unknown-unknown/page/kubeconfig-inspector.wasm");
    let mut build = cargo(&["build", "--locked", "--profile", "page"]);
    run(for_the_page(&mut build)
        .args(["--target", "wasm32-unknown-unknown", "--bin", "kubeconfig-inspector"])
        .arg("--target-dir")
        .arg(&target)
        .env("CARGO_PROFILE_PAGE_STRIP", "none"))?;
    let named = target.join("named.wasm");
    let wasm_opt = tools::npm_home().join("node_modules/.bin/wasm-opt");
    run(program(wasm_opt).args(WASM_OPT).arg("-g").arg(built).arg("-o").arg(&named))?;
    parts(&named)
}

fn parts(path: &Path) -> Result<Vec<(String, usize)>, String> {
    let bytes = fs::read(path).map_err(|it| format!("{}: {it}", path.display()))?;
    let told = |it: wasmparser::BinaryReaderError| format!("{}: {it}", path.display());
    let mut sizes = Vec::new();
    let mut names = BTreeMap::new();
    let mut parts: BTreeMap<String, usize> = BTreeMap::new();
    for payload in Parser::new(0).parse_all(&bytes) {
        match payload.map_err(told)? {
            Payload::CodeSectionEntry(it) => sizes.push(it.as_bytes().len()),
            Payload::DataSection(it) => {
                let range = it.range();
                parts.insert("words and tables".to_owned(), (range.end - range.start) as usize);
            }
            Payload::CustomSection(it) => {
                let KnownCustom::Name(sections) = it.as_known() else { continue };
                for section in sections {
                    let Name::Function(map) = section.map_err(told)? else { continue };
                    for name in map {
                        let name = name.map_err(told)?;
                        names.insert(name.index as usize, part(name.name));
                    }
                }
            }
            _ => {}
        }
    }
    // Imports have numbers too, in front of the functions that stand in the file.
    let imports = names.keys().last().map_or(0, |last| (last + 1).saturating_sub(sizes.len()));
    for (index, size) in sizes.iter().enumerate() {
        let part = names.get(&(imports + index)).cloned().unwrap_or_else(|| OTHER.to_owned());
        *parts.entry(part).or_default() += size;
    }
    let small = parts.extract_if(.., |name, size| *size < LEAST && name != OTHER);
    let rest: usize = small.map(|(_, size)| size).sum();
    *parts.entry(OTHER.to_owned()).or_default() += rest;
    let mut parts: Vec<(String, usize)> = parts.into_iter().collect();
    parts.sort_by_key(|it| std::cmp::Reverse(it.1));
    Ok(parts)
}

const OTHER: &str = "everything else";

/// The part that a function belongs to: a module of ours, or the crate it is from.
fn part(mangled: &str) -> String {
    let name = format!("{:#}", rustc_demangle::demangle(mangled));
    let words = |text: &str| -> String {
        text.chars().take_while(|it| it.is_alphanumeric() || *it == '_').collect()
    };
    if let Some((_, ours)) = name.split_once("kubeconfig_inspector::") {
        return format!("src/{}", words(ours));
    }
    let first = words(name.trim_start_matches(|it: char| !it.is_alphabetic()));
    match first.as_str() {
        "core" | "alloc" | "std" | "dlmalloc" | "hashbrown" => "the standard library".to_owned(),
        "js_sys" | "web_sys" | "wasm_bindgen" | "wasm_bindgen_futures" => {
            "the browser's names".to_owned()
        }
        "yaml_serde" | "libyaml_rs" => "serde_yaml".to_owned(),
        "der_parser" | "asn1_rs" | "nom" | "oid_registry" | "x509_parser" => {
            "x509-parser".to_owned()
        }
        it => it.to_owned(),
    }
}
