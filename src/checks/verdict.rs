//! The answer for one context, in one sentence: whether kubectl gets through with it, as whom,
//! over what kind of connection and until when, and what no file can tell.
//!
//! Knows the findings, so that the two never contradict each other.

use super::{Finding, Severity};
use crate::{
    facts::{ContextFacts, CredentialKind, Facts, Identity, TlsMode},
    time::Timestamp,
};

/// The answer for one context.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The answer as a value, for an icon or a column.
    pub status: Status,
    /// The answer as a sentence.
    pub sentence: String,
    /// What cannot be known from the file, as sentences.
    pub unknowns: Vec<String>,
}

/// The answer as a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Nothing in the file is in the way, and the credential names no end.
    Works,
    /// Nothing in the file is in the way until this moment.
    WorksUntil(Timestamp),
    /// kubectl or the server refuses it.
    WillNotWork,
    /// The file does not hold what decides.
    Unknown,
}

impl Status {
    /// Its name in a table: "works", "works until 2027-06-01", "does not work", "unknown".
    pub fn words(self) -> String {
        match self {
            Status::Works => "works".to_owned(),
            Status::WorksUntil(end) => format!("works until {}", end.date()),
            Status::WillNotWork => "does not work".to_owned(),
            Status::Unknown => "unknown".to_owned(),
        }
    }
}

/// The answer for `context`, which is one of `facts`, given what was found in them.
pub fn verdict(facts: &Facts, findings: &[Finding], context: &ContextFacts) -> Verdict {
    let errors: Vec<&Finding> = findings
        .iter()
        .filter(|it| it.check.severity == Severity::Error && it.concerns(facts, context))
        .collect();
    if let Some(first) = errors.first() {
        return Verdict {
            status: Status::WillNotWork,
            sentence: format!("This does not work: {}.", first.check.title),
            unknowns: Vec::new(),
        };
    }
    let status = match context.in_use.expires_at {
        Some(end) if end < facts.now => Status::WillNotWork,
        Some(end) => Status::WorksUntil(end),
        None if is_decided_elsewhere(facts, context) => Status::Unknown,
        None => Status::Works,
    };
    Verdict { status, sentence: sentence(facts, context), unknowns: unknowns(facts, context) }
}

/// Whether the credential comes from a program or another file.
fn is_decided_elsewhere(facts: &Facts, context: &ContextFacts) -> bool {
    match kind(facts, context) {
        Some(CredentialKind::ClientCertificate(it)) => it.chain.leaf().is_none(),
        Some(
            CredentialKind::TokenFile { .. }
            | CredentialKind::Exec { .. }
            | CredentialKind::AuthProvider { .. },
        ) => true,
        Some(CredentialKind::Token(_) | CredentialKind::Basic { .. }) | None => false,
    }
}

fn kind<'a>(facts: &'a Facts, context: &ContextFacts) -> Option<&'a CredentialKind> {
    let user = facts.user_facts(context.effective.user?)?;
    Some(&user.credentials.get(context.in_use.credential?)?.kind)
}

fn sentence(facts: &Facts, context: &ContextFacts) -> String {
    let server = context
        .effective
        .cluster
        .and_then(|it| facts.cluster_facts(it)?.server.as_ref())
        .map_or("the server", |it| &it.host);
    let connection = connection(facts, context);
    let end = context.in_use.expires_at.map_or_else(String::new, |it| {
        format!(", until {} ({})", it.words(), it.distance(facts.now))
    });
    let who = context.in_use.identity.as_ref().map(who);
    match (kind(facts, context), who) {
        (Some(CredentialKind::Exec { .. }), _) => format!(
            "kubectl runs a program that signs in to {server}, {connection}; when that credential \
             ends is up to the program."
        ),
        (Some(CredentialKind::AuthProvider { name, .. }), _) => format!(
            "kubectl signs in to {server} through its built-in {name} plugin, {connection}{end}."
        ),
        (Some(CredentialKind::TokenFile { path, .. }), _) => format!(
            "kubectl signs in to {server} with the token that it finds in {path}, {connection}."
        ),
        (Some(CredentialKind::Basic { username }), _) => {
            format!("kubectl sends the password of {username} to {server}, {connection}.")
        }
        (Some(CredentialKind::ClientCertificate(it)), _) if it.chain.leaf().is_none() => format!(
            "kubectl signs in to {server} with the certificate that it finds in {}, {connection}.",
            it.certificate_path
        ),
        (Some(CredentialKind::ClientCertificate(_)), Some(who)) => format!(
            "kubectl signs in to {server} as {who} with a client certificate, {connection}{end}."
        ),
        (Some(CredentialKind::Token(_)), Some(who)) => {
            format!("kubectl signs in to {server} as {who} with a token, {connection}{end}.")
        }
        (Some(_), None) => format!(
            "kubectl signs in to {server} with a token that does not say whose it is, \
             {connection}{end}."
        ),
        (None, _) => format!("kubectl sends no credential to {server}, {connection}."),
    }
}

fn who(identity: &Identity) -> String {
    match identity.groups.as_slice() {
        [] => identity.user.clone(),
        groups => format!("{} ({})", identity.user, groups.join(", ")),
    }
}

fn connection(facts: &Facts, context: &ContextFacts) -> &'static str {
    match context.effective.cluster.and_then(|it| facts.cluster_facts(it)).map(|it| it.tls) {
        Some(TlsMode::Verified) => "and checks the server against the CA of this file",
        Some(TlsMode::SystemRoots) => "and checks the server against the system's own CAs",
        Some(TlsMode::Insecure) => "without checking that it is the right server",
        Some(TlsMode::Plaintext) => "without any encryption",
        None => "at an address that the file does not tell",
    }
}

fn unknowns(_facts: &Facts, _context: &ContextFacts) -> Vec<String> {
    vec![
        "Whether the server can be reached from your network.".to_owned(),
        "Whether the credential was revoked.".to_owned(),
        "What the cluster allows this identity to do.".to_owned(),
    ]
}
