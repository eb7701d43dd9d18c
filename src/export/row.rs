//! What every list of contexts says of one context, in words.

use super::Selection;
use crate::{
    Report,
    checks::{
        Concerns, Severity,
        verdict::{Verdict, is_damage, verdict_given},
    },
    decode::{token::Token, x509::Certificate},
    facts::{ClusterFacts, ContextFacts, Credential, CredentialKind, Facts, Reach, TlsMode},
    masking, time,
};

/// One context, ready to be put into a table.
pub(super) struct Row<'a> {
    /// The file that it stands in.
    pub(super) file: &'a str,
    /// The context itself.
    pub(super) context: &'a ContextFacts,
    /// The name of its cluster as written.
    pub(super) cluster: &'a str,
    /// The name of its user as written.
    pub(super) user: &'a str,
    /// Its namespace as written.
    pub(super) namespace: &'a str,
    /// The server's URL without secrets; empty when there is none.
    pub(super) server: String,
    /// Whether and how the server is checked.
    pub(super) tls: &'static str,
    /// From where the server can be reached.
    pub(super) reach: &'static str,
    /// What kubectl sends.
    pub(super) credential: String,
    /// The certificate that kubectl sends.
    pub(super) certificate: Option<&'a Certificate>,
    /// The certificates that the server is checked against.
    pub(super) ca: Vec<&'a Certificate>,
}

impl Row<'_> {
    /// Who the server sees, as `alice (dev, ops)`; empty when the file does not tell.
    pub(super) fn identity(&self) -> String {
        match self.context.in_use.identity.as_ref() {
            None => String::new(),
            Some(it) if it.groups.is_empty() => it.user.clone(),
            Some(it) => format!("{} ({})", it.user, it.groups.join(", ")),
        }
    }

    /// The end and how far it is: `2026-01-10 06:44:34 UTC, in 47 days`; empty when there is none.
    pub(super) fn end(&self, facts: &Facts) -> String {
        match self.context.in_use.expires_at {
            Some(it) => format!("{}, {}", it.words(), it.distance(facts.now)),
            None => String::new(),
        }
    }
}

/// The selected contexts in file order, the current one of each reading first.
pub(super) fn selected<'a>(report: &'a Report, selection: &Selection) -> Vec<&'a ContextFacts> {
    let chosen = |it: &ContextFacts| match &selection.contexts {
        Some(contexts) => contexts.contains(&it.effective.entry),
        None => true,
    };
    let mut selected = Vec::new();
    for reading in &report.facts.readings {
        let (current, others): (Vec<_>, Vec<_>) =
            reading.contexts.iter().partition(|it| it.effective.current);
        selected.extend(current.into_iter().chain(others).filter(|it| chosen(it)));
    }
    selected
}

/// What stands in the row of `context`.
#[inline(never)]
pub(super) fn row<'a>(facts: &'a Facts, context: &'a ContextFacts) -> Row<'a> {
    let effective = &context.effective;
    let written = facts.context(effective.entry).map(|it| &it.body);
    let cluster = effective.cluster.and_then(|it| facts.cluster_facts(it));
    let server = effective.cluster.and_then(|it| facts.cluster(it)).map(|it| &it.body.server);
    let credential = in_use(facts, context);
    Row {
        file: facts.files.get(effective.entry.file).map_or("", |it| &it.name),
        context,
        cluster: written.map_or("", |it| &it.cluster),
        user: written.map_or("", |it| &it.user),
        namespace: written.map_or("", |it| &it.namespace),
        server: server.map(|it| masking::url(it)).unwrap_or_default(),
        tls: tls(cluster),
        reach: reach(cluster),
        credential: match credential {
            Some(it) => words(it),
            None if context.in_use.password_in_address => {
                "user name and password in the server address".to_owned()
            }
            None => "no credential".to_owned(),
        },
        certificate: match credential.map(|it| &it.kind) {
            Some(CredentialKind::ClientCertificate(it)) => it.chain.leaf(),
            _ => None,
        },
        ca: cluster.map(|it| it.ca.readable().collect()).unwrap_or_default(),
    }
}

/// Whether a context works, and what was found about it.
pub(super) struct Standing {
    /// Whether it works.
    pub(super) verdict: Verdict,
    /// How many errors concern it.
    pub(super) errors: usize,
    /// How many warnings concern it.
    pub(super) warnings: usize,
}

/// How `context` stands, by what concerns it.
#[inline(never)]
pub(super) fn standing(
    report: &Report,
    concerns: &Concerns<'_>,
    context: &ContextFacts,
) -> Standing {
    let found = concerns.about(context);
    let of = |severity| {
        let is_it = move |it: &usize| {
            report.findings.get(*it).is_some_and(|it| it.check.severity == severity)
        };
        found.iter().copied().filter(is_it)
    };
    let errors = of(Severity::Error).filter_map(|it| Some((it, report.findings.get(it)?)));
    let first = errors.min_by_key(|(at, it)| (is_damage(it), *at)).map(|(_, it)| it);
    Standing {
        verdict: verdict_given(&report.facts, first, context),
        errors: of(Severity::Error).count(),
        warnings: of(Severity::Warning).count(),
    }
}

/// The credential that kubectl would send.
pub(super) fn in_use<'a>(facts: &'a Facts, context: &ContextFacts) -> Option<&'a Credential> {
    let user = facts.user_facts(context.effective.user?)?;
    user.credentials.get(context.in_use.credential?)
}

fn tls(cluster: Option<&ClusterFacts>) -> &'static str {
    match cluster.map(|it| it.tls) {
        Some(TlsMode::Verified) => "verified by the file's CA",
        Some(TlsMode::SystemRoots) => "verified by the system's CAs",
        Some(TlsMode::Insecure) => "NOT verified",
        Some(TlsMode::Plaintext) => "none, plain http",
        None => "",
    }
}

fn reach(cluster: Option<&ClusterFacts>) -> &'static str {
    match cluster.and_then(|it| it.server.as_ref()).map(|it| it.reach) {
        Some(Reach::Loopback) => "only from the same machine",
        Some(Reach::Private) => "only from the same private network",
        Some(Reach::ClusterInternal) => "only from inside the cluster",
        Some(Reach::Public) => "from the internet",
        Some(Reach::Hostname) => "depends on what the name resolves to",
        None => "",
    }
}

fn words(credential: &Credential) -> String {
    let length = credential.validity.and_then(|it| it.seconds());
    let length = length.map(|it| format!(", valid for {}", time::duration(it)));
    let kind = match &credential.kind {
        CredentialKind::ClientCertificate(it) if it.chain.certificates.is_empty() => {
            format!("client certificate in another file ({})", it.certificate_path)
        }
        CredentialKind::ClientCertificate(_) => "client certificate".to_owned(),
        CredentialKind::Token(it) => token(it).to_owned(),
        CredentialKind::TokenFile { path, .. } => format!("token in another file ({path})"),
        CredentialKind::Exec { provider, .. } => match provider {
            Some(it) => format!("program that signs in to {}", it.name),
            None => "program that prints a credential".to_owned(),
        },
        CredentialKind::AuthProvider { name, .. } => format!("built-in plugin {name}"),
        CredentialKind::Basic { .. } => "user name and password".to_owned(),
    };
    format!("{kind}{}", length.unwrap_or_default())
}

fn token(token: &Token) -> &'static str {
    match token {
        Token::Jwt(_) => "token (JWT)",
        Token::Aws(_) => "token (Amazon EKS)",
        Token::Ack(_) => "token (Alibaba Cloud ACK)",
        Token::OpenShift => "token (OpenShift)",
        Token::Rancher => "token (Rancher)",
        Token::Bootstrap { .. } => "bootstrap token",
        Token::Opaque { .. } => "token",
    }
}
