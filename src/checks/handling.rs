//! Whether a file works elsewhere, and what it tells to whoever sees it.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Check, Emit,
    Run::{Entries, Whole},
    Severity, citation, list,
    view::{View, clusters, users},
};
use crate::{facts::CredentialKind, masking, source::Place};

pub(super) const CHECKS: &[&Check] =
    &[&NOT_EXPANDED, &WINDOWS_PATH, &OTHER_FILES, &LOOSE_KEY, &SHOWN_BY_VIEW];

/// The paths in the files, with their places; those aside that kubectl refuses because the same
/// thing is there as data, too.
fn paths(view: &View<'_>) -> Vec<(Place, String)> {
    let authorities = clusters(view).flat_map(|it| {
        let data = &it.written.certificate_authority_data;
        let path = &it.written.certificate_authority;
        let place = || it.field("certificate-authority");
        (data.is_none() && !path.is_empty()).then(|| (place(), masking::path(path)))
    });
    let credentials = users(view).flat_map(|it| {
        let written = it.written;
        let [certificate, key] = [&written.client_certificate_data, &written.client_key_data];
        [
            ("client-certificate", &written.client_certificate, certificate.is_none()),
            ("client-key", &written.client_key, key.is_none()),
            ("tokenFile", &written.token_file, true),
        ]
        .map(|(field, path, counts)| {
            (counts && !path.is_empty()).then(|| (it.field(field), masking::path(path)))
        })
    });
    authorities.chain(credentials.flatten()).collect()
}

fn is_unexpanded(path: &str) -> bool {
    path.starts_with('~') || path.contains('$') || path.contains('%') || path.starts_with("file:")
}

fn is_windows(path: &str) -> bool {
    let mut chars = path.chars();
    let letter = chars.next().is_some_and(|it| it.is_ascii_alphabetic());
    (letter && chars.next() == Some(':')) || path.starts_with("\\\\")
}

static NOT_EXPANDED: Check = Check {
    id: "path-not-expanded",
    severity: Severity::Warning,
    title: "A path contains what only a shell replaces",
    why: "kubectl replaces neither ~ nor variables nor file:. It looks for a folder of exactly that \
          name beside the kubeconfig, and does not find it.",
    fix: "Write the whole path, or embed the contents: kubectl config view --flatten --raw.",
    citations: &[citation::FILE_REFERENCES, citation::ORGANIZING],
    run: Whole(|view, emit| {
        grouped(view, emit, is_unexpanded);
    }),
};

static WINDOWS_PATH: Check = Check {
    id: "windows-path",
    severity: Severity::Notice,
    title: "A path is one of Windows",
    why: "On Linux and macOS, kubectl takes it for the name of a file beside the kubeconfig.",
    fix: "To use the file there, embed the contents: kubectl config view --flatten --raw.",
    citations: &[citation::FILE_REFERENCES],
    run: Whole(|view, emit| {
        grouped(view, emit, is_windows);
    }),
};

/// One finding per file, at the first path that `applies`, naming all of them.
fn grouped(view: &View<'_>, emit: &mut Emit<'_>, applies: fn(&str) -> bool) {
    let mut by_file: BTreeMap<usize, Vec<(Place, String)>> = BTreeMap::new();
    for (place, path) in paths(view).into_iter().filter(|(_, path)| applies(path)) {
        by_file.entry(place.file).or_default().push((place, path));
    }
    for found in by_file.into_values() {
        let mut names: Vec<&str> = found.iter().map(|(_, path)| path.as_str()).collect();
        names.dedup();
        if let Some((first, _)) = found.first() {
            emit.finding(first, format!("It refers to {}.", list(&names)));
        }
    }
}

static OTHER_FILES: Check = Check {
    id: "refers-to-other-files",
    severity: Severity::Notice,
    title: "The kubeconfig refers to other files",
    why: "On a machine without them kubectl stops with no such file or directory. What is in them \
          cannot be judged from here.",
    fix: "To hand it over, embed the contents: kubectl config view --flatten --minify --raw.",
    citations: &[citation::FILE_REFERENCES, citation::ORGANIZING],
    run: Whole(|view, emit| {
        grouped(view, emit, |it| !is_unexpanded(it) && !is_windows(it));
    }),
};

static SHOWN_BY_VIEW: Check = Check {
    id: "auth-provider-secret-in-plain-sight",
    severity: Severity::Notice,
    title: "kubectl config view does not hide the secrets of a built-in plugin",
    why: "It hides tokens, passwords and keys, but nothing that stands in auth-provider, so that a \
          copy made with it for a ticket still signs in.",
    fix: "Take them out of every copy that you hand over.",
    citations: &[citation::REDACT],
    run: Entries(|part, emit| {
        for it in &part.seen_users {
            let Some(provider) = &it.written.auth_provider else { continue };
            let names: Vec<&String> = provider
                .config
                .iter()
                .filter(|(name, value)| !value.is_empty() && masking::names_secret(name))
                .map(|(name, _)| name)
                .collect();
            if !names.is_empty() {
                let place = it.field("auth-provider").field("config");
                emit.finding(&place, format!("The settings: {}.", list(&names)));
            }
        }
    }),
};

static LOOSE_KEY: Check = Check {
    id: "loose-secret",
    severity: Severity::Warning,
    title: "A private key or token was handed in by itself",
    why: "Outside of a kubeconfig it says nothing about its cluster, but whoever finds out can use \
          it.",
    fix: "Delete the copies that are not needed, and never put it into a ticket.",
    citations: &[citation::HARDENING_CERTIFICATES],
    run: Whole(|view, emit| {
        let named = named(view);
        for (index, source) in view.sources.iter().enumerate() {
            if named.contains(source.name.as_str()) {
                continue;
            }
            let detail = match (source.keys.len(), source.tokens.len()) {
                (0, 0) => continue,
                (1, 0) => "There is a private key in it.".to_owned(),
                (n, 0) => format!("There are {n} private keys in it."),
                (0, 1) => "There is a token in it.".to_owned(),
                (0, n) => format!("There are {n} tokens in it."),
                _ => "There are private keys and tokens in it.".to_owned(),
            };
            emit.source(index, detail);
        }
    }),
};

/// The sources that hold the key or token of a user who names them.
fn named<'a>(view: &'a View<'_>) -> BTreeSet<&'a str> {
    let credentials = users(view).flat_map(|it| &it.facts.credentials);
    let sources = credentials.flat_map(|it| match &it.kind {
        CredentialKind::ClientCertificate(it) => [&it.key_source, &it.chain.source],
        CredentialKind::TokenFile { source, .. } => [source, &None],
        _ => [&None, &None],
    });
    sources.flatten().map(String::as_str).collect()
}
