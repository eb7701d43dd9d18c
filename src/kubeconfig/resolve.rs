//! One context: its cluster, user and namespace as kubectl would use them, and what the names
//! and fields alone make kubectl stop at.
//!
//! Knows no certificate and no key; what they make kubectl stop at is added where they have
//! been decoded.

use std::collections::BTreeMap;

use super::{AuthInfo, Cluster, Data, Entry, EntryRef, Exec, File, merge::Merged};
use crate::{
    decode::url::{self, Url},
    masking,
    pace::Pace,
    source::Place,
};

/// A context with what its names refer to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EffectiveContext {
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub entry: EntryRef,
    /// Whether it is the current one.
    pub current: bool,
    /// The cluster, if it is there.
    pub cluster: Option<EntryRef>,
    /// The user, if it is there.
    pub user: Option<EntryRef>,
    /// What would stop kubectl, in the order in which it would say so. Files that it refers to
    /// are taken as readable, an exec plugin as installed.
    pub problems: Vec<Problem>,
}

/// A reason for which kubectl stops before it connects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Stable name of the rule, in kebab-case, as `certificate-without-key`.
    pub id: &'static str,
    /// kubectl's own words.
    pub kubectl: String,
    /// The field that causes it.
    pub place: Place,
}

/// Resolves every context of `merged`, each when it is asked for; names are looked up before.
///
/// Mirrors: DirectClientConfig.ConfirmUsable, client-go v0.33.1
/// tools/clientcmd/client_config.go. Unlike validateContext it does not mind a name that leads
/// nowhere, and neither does kubectl.
pub async fn resolve(
    pace: Pace<'_>,
    files: &[File],
    merged: &Merged,
) -> impl Iterator<Item = EffectiveContext> {
    let names = Names::of(pace, files, merged).await;
    let current = merged.current_context.as_ref().map_or("", |it| it.0.as_str());
    merged.contexts.iter().filter_map(move |entry| {
        let context = files.get(entry.file)?.config.contexts.get(entry.index)?;
        let cluster = names.clusters.get(context.body.cluster.as_str()).copied();
        let user = names.users.get(context.body.user.as_str()).copied();
        let mut problems = Vec::new();
        if let Some((_, user)) = user {
            validate_user(user, &mut problems);
        }
        if let Some((_, cluster)) = cluster {
            validate_cluster(cluster, &mut problems);
        }
        Some(EffectiveContext {
            name: context.name.clone(),
            entry: *entry,
            current: context.name == current,
            cluster: cluster.map(|it| it.0),
            user: user.map(|it| it.0),
            problems,
        })
    })
}

/// What kubectl says when nothing names a server: it tries its default.
pub const DEFAULT_SERVER: &str = "The connection to the server localhost:8080 was refused - did you \
                              specify the right host or port?";

/// Clusters and users by name.
struct Names<'a> {
    clusters: BTreeMap<&'a str, (EntryRef, &'a Entry<Cluster>)>,
    users: BTreeMap<&'a str, (EntryRef, &'a Entry<AuthInfo>)>,
}

impl<'a> Names<'a> {
    async fn of(pace: Pace<'_>, files: &'a [File], merged: &Merged) -> Names<'a> {
        let mut names = Names { clusters: BTreeMap::new(), users: BTreeMap::new() };
        for (step, it) in merged.clusters.iter().enumerate() {
            pace.rest_at_times(step).await;
            let entry = files.get(it.file).and_then(|file| file.config.clusters.get(it.index));
            let Some(entry) = entry else { continue };
            names.clusters.entry(&entry.name).or_insert((*it, entry));
        }
        for (step, it) in merged.users.iter().enumerate() {
            pace.rest_at_times(step).await;
            let entry = files.get(it.file).and_then(|file| file.config.users.get(it.index));
            let Some(entry) = entry else { continue };
            names.users.entry(&entry.name).or_insert((*it, entry));
        }
        names
    }
}

/// Whether a `…-data` field is set, as client-go sees it.
fn is_set(data: &Option<Data>) -> bool {
    match data.as_ref().map(|it| &it.bytes) {
        Some(Ok(bytes)) => !bytes.is_empty(),
        Some(Err(_)) => true,
        None => false,
    }
}

/// Mirrors: validateAuthInfo, client-go v0.33.1 tools/clientcmd/validation.go.
fn validate_user(user: &Entry<AuthInfo>, problems: &mut Vec<Problem>) {
    let name = &user.name;
    let place = user.place.field("user");
    let it = &user.body;
    let mut stop = |id, field: &str, kubectl: String| {
        problems.push(Problem { id, kubectl, place: place.field(field) });
    };
    if !it.client_certificate.is_empty() || is_set(&it.client_certificate_data) {
        if !it.client_certificate.is_empty() && is_set(&it.client_certificate_data) {
            stop(
                "certificate-path-and-data",
                "client-certificate",
                format!(
                    "client-cert-data and client-cert are both specified for {name}. \
                     client-cert-data will override."
                ),
            );
        }
        if !it.client_key.is_empty() && is_set(&it.client_key_data) {
            stop(
                "key-path-and-data",
                "client-key",
                format!(
                    "client-key-data and client-key are both specified for {name}; \
                     client-key-data will override"
                ),
            );
        }
        if it.client_key.is_empty() && !is_set(&it.client_key_data) {
            let field = if it.client_certificate.is_empty() {
                "client-certificate-data"
            } else {
                "client-certificate"
            };
            stop(
                "certificate-without-key",
                field,
                format!(
                    "client-key-data or client-key must be specified for {name} to use the \
                     clientCert authentication method."
                ),
            );
        }
    }
    if let Some(exec) = &it.exec {
        if it.auth_provider.is_some() {
            stop(
                "exec-and-auth-provider",
                "exec",
                format!(
                    "authProvider cannot be provided in combination with an exec plugin for {name}"
                ),
            );
        }
        validate_exec(name, exec, &mut stop);
    }
    if !it.token.is_empty() && (!it.username.is_empty() || !it.password.is_empty()) {
        stop(
            "token-and-basic",
            "token",
            format!(
                "more than one authentication method found for {name}; found [token basicAuth], \
                 only one is allowed"
            ),
        );
    }
    let more = !it.impersonate_uid.is_empty()
        || !it.impersonate_groups.is_empty()
        || !it.impersonate_user_extra.is_empty();
    if more && it.impersonate.is_empty() {
        let field = match () {
            () if !it.impersonate_uid.is_empty() => "as-uid",
            () if !it.impersonate_groups.is_empty() => "as-groups",
            () => "as-user-extra",
        };
        stop(
            "impersonation-without-user",
            field,
            format!("requesting uid, groups or user-extra for {name} without impersonating a user"),
        );
    }
}

/// The part of validateAuthInfo that is about exec.
fn validate_exec(name: &str, exec: &Exec, stop: &mut impl FnMut(&'static str, &str, String)) {
    if exec.command.is_empty() {
        stop(
            "exec-without-command",
            "exec.command",
            format!("command must be specified for {name} to use exec authentication plugin"),
        );
    }
    if exec.api_version.is_empty() {
        stop(
            "exec-without-api-version",
            "exec.apiVersion",
            format!("apiVersion must be specified for {name} to use exec authentication plugin"),
        );
    }
    for (index, _) in exec.env.iter().enumerate().filter(|(_, it)| it.name.is_empty()) {
        stop(
            "exec-variable-without-name",
            &format!("exec.env[{index}]"),
            format!(
                "env variable name must be specified for {name} to use exec authentication plugin"
            ),
        );
    }
    match exec.interactive_mode.as_str() {
        "Never" | "IfAvailable" | "Always" => {}
        "" => stop(
            "exec-without-interactive-mode",
            "exec.interactiveMode",
            format!(
                "interactiveMode must be specified for {name} to use exec authentication plugin"
            ),
        ),
        mode => stop(
            "exec-interactive-mode-unknown",
            "exec.interactiveMode",
            format!("invalid interactiveMode for {name}: {}", url::quoted(mode)),
        ),
    }
}

/// Mirrors: validateClusterInfo, client-go v0.33.1 tools/clientcmd/validation.go. A missing
/// server is no problem there for kubectl, which has a default.
fn validate_cluster(cluster: &Entry<Cluster>, problems: &mut Vec<Problem>) {
    let place = cluster.place.field("cluster");
    let it = &cluster.body;
    // A proxy's URL may hold a password, but it is kubectl's sentence that is told here; whoever
    // shows it masks it.
    if let Some(fault) = proxy_fault(it.proxy_url.reveal()) {
        problems.push(Problem {
            id: "proxy-url-invalid",
            kubectl: format!(
                "invalid 'proxy-url' {} for cluster {}: {fault}",
                match it.proxy_url.reveal() {
                    it if masking::MAX_ADDRESS < it.len() => masking::too_long(it),
                    it => url::quoted(it),
                },
                url::quoted(&cluster.name)
            ),
            place: place.field("proxy-url"),
        });
    }
    if !it.certificate_authority.is_empty() && is_set(&it.certificate_authority_data) {
        problems.push(Problem {
            id: "ca-path-and-data",
            kubectl: format!(
                "certificate-authority-data and certificate-authority are both specified for {}. \
                 certificate-authority-data will override.",
                cluster.name
            ),
            place: place.field("certificate-authority"),
        });
    }
}

/// Why client-go takes `text` for no proxy; none when it does, or when there is none.
///
/// Mirrors: parseProxyURL, client-go v0.33.1 tools/clientcmd/helpers.go.
fn proxy_fault(text: &str) -> Option<String> {
    if text.is_empty() {
        return None;
    }
    match Url::parse(text) {
        Err(fault) if masking::MAX_ADDRESS < text.len() => Some(fault),
        Err(_) => Some(format!("could not parse: {text}")),
        Ok(it) if matches!(it.scheme.as_str(), "http" | "https" | "socks5") => None,
        Ok(it) => Some(format!(
            "unsupported scheme {}, must be http, https, or socks5",
            url::quoted(&it.scheme)
        )),
    }
}
