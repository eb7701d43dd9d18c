//! The JSON report, version 1: the promise to whoever parses our output.
//!
//! The structs below are that promise, field by field. A field may be added; none changes its
//! name, type or meaning. What is unknown or absent is `null` or an empty list.

use std::borrow::Cow;

use serde::Serialize;

use super::pieces::{Later, Pieces, pretty};
use crate::{
    Report,
    checks::Finding,
    decode::{token::Token, x509::Certificate},
    diagnose::Diagnosis,
    facts::{
        Chain, ContextFacts, Credential, CredentialKind, Facts, LifetimeKind, Reach, Reading,
        RotationState, Server, SourceFacts, TlsMode,
    },
    kubeconfig::EntryRef,
    masking,
    pace::Pace,
    time::Timestamp,
};

/// Writes the report.
pub(super) async fn write(pace: Pace<'_>, report: &Report) -> String {
    let facts = &report.facts;
    let all: Vec<usize> = (0..facts.sources.len()).collect();
    let groups: Vec<&[usize]> = match facts.merged {
        true => vec![&all],
        false => all.chunks(1).collect(),
    };
    let mut findings: Vec<Vec<&Finding>> = vec![Vec::new(); groups.len()];
    for it in &report.findings {
        if let Some(of_group) = findings.get_mut(if facts.merged { 0 } else { it.source }) {
            of_group.push(it);
        }
    }
    let mut json = Pieces::default();
    json.begin(&pretty(&ReportV1 {
        schema: "kubeconfig-report/v1",
        as_of: facts.now.to_string(),
        sources: Later::ITEMS,
        diagnosis: report.diagnosis.iter().map(diagnosis).collect(),
    }));
    json.list("sources");
    for (group, findings) in groups.into_iter().zip(findings) {
        pace.rest().await;
        let sources: Vec<_> = group.iter().filter_map(|it| facts.sources.get(*it)).collect();
        let readings = readings(facts, &sources);
        json.begin(&pretty(&source(facts, group, &sources, &readings)));
        let mut contexts = readings.iter().flat_map(|reading| {
            reading.contexts.iter().map(|it| pretty(&context(facts, reading, it)))
        });
        json.items(pace, "contexts", &mut contexts).await;
        let certificates = sources.iter().flat_map(|it| it.readable());
        json.items(pace, "certificates", &mut certificates.map(|it| pretty(&certificate(it))))
            .await;
        let findings = findings.into_iter();
        json.items(pace, "findings", &mut findings.map(|it| pretty(&finding(facts, it)))).await;
        json.end();
    }
    json.end();
    json.text()
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ReportV1<'a> {
    schema: &'static str,
    as_of: String,
    sources: Later<SourceV1<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    diagnosis: Vec<DiagnosisV1<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SourceV1<'a> {
    name: String,
    format: &'static str,
    outcome: &'static str,
    mended: Vec<&'a str>,
    error: Option<ErrorV1>,
    current_context: Option<&'a str>,
    contexts: Later<ContextV1<'a>>,
    certificates: Later<CertificateV1<'a>>,
    findings: Later<FindingV1<'a>>,
    files: Vec<&'a str>,
}

#[derive(Serialize)]
struct ErrorV1 {
    message: String,
    line: Option<u32>,
    column: Option<u32>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ContextV1<'a> {
    name: &'a str,
    cluster: &'a str,
    user: &'a str,
    namespace: Option<&'a str>,
    current: bool,
    usable: bool,
    problems: Vec<String>,
    server: Option<ServerV1<'a>>,
    tls: TlsV1<'a>,
    credentials: Vec<CredentialV1<'a>>,
    identity: Option<IdentityV1<'a>>,
    impersonates: Option<ImpersonatesV1<'a>>,
    expires_at: Option<String>,
    lifetime: Option<LifetimeV1>,
    rotation: Option<RotationV1>,
    file: &'a str,
}

#[derive(Serialize)]
struct ServerV1<'a> {
    url: String,
    scheme: &'a str,
    host: &'a str,
    port: Option<u16>,
    reach: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TlsV1<'a> {
    mode: Option<&'static str>,
    server_name: Option<&'a str>,
    proxy_url: Option<String>,
    ca: Vec<CertificateV1<'a>>,
}

#[derive(Default, Serialize)]
struct CredentialV1<'a> {
    kind: &'static str,
    certificates: Option<Vec<CertificateV1<'a>>>,
    token: Option<TokenV1<'a>>,
    exec: Option<ExecV1<'a>>,
    path: Option<&'a str>,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct TokenV1<'a> {
    issuer: Option<&'a str>,
    subject: Option<&'a str>,
    audience: Vec<&'a str>,
    issued_at: Option<String>,
    expires_at: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ExecV1<'a> {
    command: String,
    args: Vec<String>,
    api_version: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct IdentityV1<'a> {
    user: &'a str,
    groups: &'a [String],
    alibaba_cloud: Option<AlibabaCloudV1<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AlibabaCloudV1<'a> {
    user_id: &'a str,
    issued_at: Option<String>,
}

#[derive(Serialize)]
struct ImpersonatesV1<'a> {
    user: &'a str,
    groups: &'a [String],
    uid: Option<&'a str>,
}

#[derive(Serialize)]
struct LifetimeV1 {
    kind: &'static str,
    seconds: i64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RotationV1 {
    opens_at: String,
    state: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CertificateV1<'a> {
    subject: String,
    issuer: String,
    common_name: Option<Cow<'a, str>>,
    organizations: Vec<String>,
    serial: String,
    not_before: Option<String>,
    not_after: Option<String>,
    sans: Vec<String>,
    key_algorithm: &'a str,
    key_bits: Option<u32>,
    signature_algorithm: Cow<'static, str>,
    sha256: String,
    is_ca: bool,
    key_usage: Vec<&'static str>,
    extended_key_usage: Vec<Cow<'static, str>>,
    self_issued: bool,
}

#[derive(Serialize)]
struct FindingV1<'a> {
    id: &'static str,
    severity: &'static str,
    context: Option<&'a str>,
    path: Option<&'a str>,
    line: Option<u32>,
    column: Option<u32>,
    title: &'static str,
    detail: &'a str,
    fix: &'static str,
    file: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DiagnosisV1<'a> {
    id: &'static str,
    title: &'a str,
    context: Option<&'a str>,
    proof: &'a [String],
    fix: &'a [String],
    commands: &'a [String],
    ruled_out: &'a [String],
}

/// What kubectl would see of `sources`: all of it when they are read as one.
fn readings<'a>(facts: &'a Facts, sources: &[&SourceFacts]) -> Vec<&'a Reading> {
    match facts.merged {
        true => facts.readings.iter().collect(),
        // Each file has one of its own.
        false => {
            let files = sources.iter().flat_map(|it| &it.files);
            files.filter_map(|it| facts.readings.get(*it)).collect()
        }
    }
}

/// One source of the report: one that was handed in, or all of them merged.
#[inline(never)]
fn source<'a>(
    facts: &'a Facts,
    indexes: &[usize],
    sources: &[&'a SourceFacts],
    readings: &[&'a Reading],
) -> SourceV1<'a> {
    let rejection = indexes.iter().find_map(|it| facts.rejection(*it));
    SourceV1 {
        name: sources.iter().map(|it| it.name.as_str()).collect::<Vec<_>>().join(":"),
        format: sources.first().map_or("unknown", |it| it.intake.format.name()),
        outcome: if rejection.is_some() { "rejected" } else { "read" },
        mended: sources.iter().flat_map(|it| &it.intake.mended).map(String::as_str).collect(),
        error: rejection.map(|it| ErrorV1 {
            message: it.message,
            line: it.location.map(|it| it.line),
            column: it.location.map(|it| it.column),
        }),
        current_context: readings
            .iter()
            .find_map(|it| it.merged.current_context.as_ref())
            .map(|(name, _)| name.as_str())
            .filter(|it| !it.is_empty()),
        contexts: Later::ITEMS,
        certificates: Later::ITEMS,
        findings: Later::ITEMS,
        files: {
            let files = sources.iter().flat_map(|it| &it.files);
            files.filter_map(|it| file_name(facts, *it)).collect()
        },
    }
}

fn file_name(facts: &Facts, file: usize) -> Option<&str> {
    facts.files.get(file).map(|it| it.name.as_str())
}

#[inline(never)]
fn context<'a>(facts: &'a Facts, reading: &'a Reading, context: &'a ContextFacts) -> ContextV1<'a> {
    let EntryRef { file, index } = context.effective.entry;
    let written = facts.files.get(file).and_then(|it| it.config.contexts.get(index));
    let text = |it: Option<&'a String>| it.map_or("", String::as_str);
    let in_use = &context.in_use;
    let problems = problems(facts, reading, context);
    ContextV1 {
        name: &context.effective.name,
        cluster: text(written.map(|it| &it.body.cluster)),
        user: text(written.map(|it| &it.body.user)),
        namespace: written.and_then(|it| non_empty(&it.body.namespace)),
        current: context.effective.current,
        usable: problems.is_empty(),
        problems,
        server: context
            .effective
            .cluster
            .and_then(|it| facts.cluster_facts(it))
            .and_then(|it| it.server.as_ref())
            .map(server),
        tls: tls(facts, context.effective.cluster),
        credentials: credentials(facts, context),
        identity: in_use.identity.as_ref().map(|it| IdentityV1 {
            user: &it.user,
            groups: &it.groups,
            alibaba_cloud: it
                .alibaba_cloud
                .as_ref()
                .map(|it| AlibabaCloudV1 { user_id: &it.user_id, issued_at: time(it.issued_at) }),
        }),
        impersonates: context
            .effective
            .user
            .and_then(|it| facts.user_facts(it))
            .and_then(|it| it.impersonates.as_ref())
            .map(|it| ImpersonatesV1 {
                user: &it.user,
                groups: &it.groups,
                uid: non_empty(&it.uid),
            }),
        expires_at: time(in_use.expires_at),
        lifetime: in_use.lifetime.map(|it| LifetimeV1 {
            kind: match it.kind {
                LifetimeKind::Temporary => "temporary",
                LifetimeKind::LongTerm => "long-term",
                LifetimeKind::Other => "other",
            },
            seconds: it.seconds,
        }),
        rotation: in_use.rotation.map(|it| RotationV1 {
            opens_at: it.opens_at.to_string(),
            state: match it.state {
                RotationState::NotYet => "not-yet",
                RotationState::Due => "due",
                RotationState::Expired => "expired",
            },
        }),
        file: file_name(facts, file).unwrap_or_default(),
    }
}

/// What stops kubectl before it connects. A file that does not load stops it in every context.
fn problems(facts: &Facts, reading: &Reading, context: &ContextFacts) -> Vec<String> {
    let is_refused = |it: &&usize| facts.files.get(**it).is_some_and(|it| it.refusal.is_some());
    let files = reading.merged.files.iter().filter(is_refused);
    // kubectl says it of the text as it was given, whatever stands in the mended one.
    let refusals = files.filter_map(|it| Some(facts.refusal(*it)?.0));
    let problems = context.effective.problems.iter().map(|it| it.kubectl.clone());
    refusals.chain(problems).map(|it| facts.kubectl_words(&context.effective, &it)).collect()
}

fn server(server: &Server) -> ServerV1<'_> {
    ServerV1 {
        url: masking::url(&server.url),
        scheme: &server.scheme,
        host: &server.host,
        port: server.port,
        reach: match server.reach {
            Reach::Loopback => "loopback",
            Reach::Private => "private",
            Reach::ClusterInternal => "cluster-internal",
            Reach::Public => "public",
            Reach::Hostname => "hostname",
        },
    }
}

fn tls(facts: &Facts, cluster: Option<EntryRef>) -> TlsV1<'_> {
    let written = cluster.and_then(|it| facts.cluster(it)).map(|it| &it.body);
    let decoded = cluster.and_then(|it| facts.cluster_facts(it));
    TlsV1 {
        mode: decoded.map(|it| match it.tls {
            TlsMode::Verified => "verified",
            TlsMode::SystemRoots => "system-roots",
            TlsMode::Insecure => "insecure",
            TlsMode::Plaintext => "plaintext",
        }),
        server_name: written.and_then(|it| non_empty(&it.tls_server_name)),
        proxy_url: written.and_then(|it| non_empty(it.proxy_url.reveal())).map(masking::url),
        ca: decoded.map(|it| certificates(&it.ca)).unwrap_or_default(),
    }
}

fn credentials<'a>(facts: &'a Facts, context: &ContextFacts) -> Vec<CredentialV1<'a>> {
    let user = context.effective.user;
    let decoded = user.and_then(|it| facts.user_facts(it));
    let credentials: Vec<_> = decoded
        .iter()
        .flat_map(|it| &it.credentials)
        .map(|it| credential(facts, user, it))
        .collect();
    match credentials.is_empty() && !facts.is_part_unread(context.refused) {
        true => vec![CredentialV1 { kind: "none", ..CredentialV1::default() }],
        false => credentials,
    }
}

fn credential<'a>(
    facts: &'a Facts,
    user: Option<EntryRef>,
    credential: &'a Credential,
) -> CredentialV1<'a> {
    let mut it = CredentialV1 { kind: credential.kind.name(), ..CredentialV1::default() };
    match &credential.kind {
        CredentialKind::ClientCertificate(pair) => {
            it.certificates = Some(certificates(&pair.chain));
            it.path = non_empty(&pair.certificate_path);
        }
        CredentialKind::Token(decoded) => it.token = token(decoded),
        CredentialKind::TokenFile { path, token: decoded, .. } => {
            it.path = Some(path);
            it.token = decoded.as_ref().and_then(token);
        }
        CredentialKind::Exec { .. } => {
            let written = user.and_then(|it| facts.user(it)).and_then(|it| it.body.exec.as_ref());
            it.exec = written.map(|it| ExecV1 {
                command: masking::words_without_secrets(&it.command),
                args: masking::arguments(&it.args),
                api_version: non_empty(&it.api_version),
            });
        }
        CredentialKind::AuthProvider { token: decoded, .. } => {
            it.token = decoded.as_ref().and_then(token);
        }
        CredentialKind::Basic { .. } => {}
    }
    it
}

fn token(decoded: &Token) -> Option<TokenV1<'_>> {
    match decoded {
        Token::Jwt(it) => Some(TokenV1 {
            issuer: it.issuer.as_deref(),
            subject: it.subject.as_deref(),
            audience: it.audience.iter().map(String::as_str).collect(),
            issued_at: time(it.issued_at),
            expires_at: time(it.expires_at),
        }),
        Token::Aws(it) | Token::Ack(it) => Some(TokenV1 {
            issued_at: time(it.issued_at),
            expires_at: time(it.expires_at),
            ..TokenV1::default()
        }),
        Token::OpenShift | Token::Rancher | Token::Bootstrap { .. } | Token::Opaque { .. } => None,
    }
}

fn certificates(chain: &Chain) -> Vec<CertificateV1<'_>> {
    chain.readable().map(certificate).collect()
}

fn certificate(it: &Certificate) -> CertificateV1<'_> {
    CertificateV1 {
        subject: it.subject().rfc4514(),
        issuer: it.issuer().rfc4514(),
        common_name: it.subject().common_name(),
        organizations: it.subject().organizations(),
        serial: it.serial(),
        not_before: time(it.validity.not_before),
        not_after: time(it.validity.not_after),
        sans: it.sans(),
        key_algorithm: &it.key.algorithm,
        key_bits: it.key.bits,
        signature_algorithm: it.signature_algorithm(),
        sha256: it.sha256(),
        is_ca: it.is_ca(),
        key_usage: it.key_usage().unwrap_or_default(),
        extended_key_usage: it.extended_key_usage().unwrap_or_default(),
        self_issued: it.self_issued(),
    }
}

#[inline(never)]
fn finding<'a>(facts: &'a Facts, it: &'a Finding) -> FindingV1<'a> {
    let context = it
        .context
        .and_then(|it| facts.files.get(it.file)?.config.contexts.get(it.index))
        .map(|it| it.name.as_str());
    FindingV1 {
        id: it.check.id,
        severity: it.check.severity.name(),
        context,
        path: non_empty(&it.place.path),
        line: it.location.map(|it| it.line),
        column: it.location.map(|it| it.column),
        title: it.check.title,
        detail: &it.detail,
        fix: it.check.fix,
        file: file_name(facts, it.place.file),
    }
}

fn diagnosis(it: &Diagnosis) -> DiagnosisV1<'_> {
    DiagnosisV1 {
        id: it.id,
        title: &it.title,
        context: it.context.as_deref(),
        proof: &it.proof,
        fix: &it.fix,
        commands: &it.commands,
        ruled_out: &it.ruled_out,
    }
}

fn time(it: Option<Timestamp>) -> Option<String> {
    it.map(|it| it.to_string())
}

fn non_empty(it: &str) -> Option<&str> {
    (!it.is_empty()).then_some(it)
}
