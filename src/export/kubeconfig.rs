//! Kubeconfigs made of what was read: as `kubectl config view --raw` prints them.
//!
//! What comes out carries the secrets that went in. Files that an entry refers to stay
//! references: nobody here can read them.

use std::collections::BTreeMap;

use base64::{Engine, prelude::BASE64_STANDARD};
use serde::Serialize;
use serde_json::{
    Map, Value,
    ser::{PrettyFormatter, Serializer},
};

use super::yaml;
use crate::{
    Report,
    facts::{ContextFacts, Facts, Reading},
    kubeconfig::{
        AuthInfo, AuthProvider, Cluster, Context, Data, Entry, EntryRef, Exec, Extension,
    },
    pace::{Pace, at_once},
    secret::Secret,
};

/// Everything that was read, as `kubectl config view --raw -o json` prints it: one document,
/// or one for each file when the files are not merged.
pub fn view(report: &Report) -> Secret<String> {
    let facts = &report.facts;
    let text = facts
        .readings
        .iter()
        .filter(|it| loads(facts, it))
        .map(|it| print(&config(it, None, &Entries::of(facts, it, None))))
        .collect();
    Secret::new(text)
}

/// All files as one, as `kubectl config view --raw` writes it with `KUBECONFIG=a:b:c`.
pub fn merged(facts: &Facts, reading: &Reading) -> Secret<String> {
    at_once(async |pace| merged_at(pace, facts, reading).await)
}

/// The same in pieces: pending whenever `pace` calls for a rest.
pub async fn merged_at(pace: Pace<'_>, facts: &Facts, reading: &Reading) -> Secret<String> {
    let pieces = facts.sources.iter().flat_map(|it| &it.intake.kubeconfigs);
    // A text that grows leaves what it held behind, unwiped.
    let mut text = String::with_capacity(pieces.map(|it| it.bytes.len()).sum());
    let Entries { clusters, users, contexts } = Entries::of(facts, reading, None);
    let Value::Object(fields) = value(&config(reading, None, &Entries::default())) else {
        return Secret::default();
    };
    for (key, field) in fields {
        let n = match key.as_str() {
            "clusters" => clusters.len(),
            "users" => users.len(),
            "contexts" => contexts.len(),
            _ => 0,
        };
        if n == 0 {
            text.push_str(&yaml::write(&Value::Object(Map::from_iter([(key, field)]))));
            continue;
        }
        text.push_str(&key);
        text.push_str(":\n");
        for index in 0..n {
            let item = match key.as_str() {
                "clusters" => clusters.get(index).map(|it| value(&named_cluster(it))),
                "users" => users.get(index).map(|it| value(&named_user(it))),
                _ => contexts.get(index).map(|it| value(&named_context(it))),
            };
            let list = Secret::new(yaml::write(&Value::Array(item.into_iter().collect())));
            text.push_str(list.reveal());
            pace.rest().await;
        }
    }
    Secret::new(text)
}

/// The current context with its cluster and its user, as
/// `kubectl config view --raw --minify -o json` prints it, or kubectl's words of refusal.
///
/// Mirrors: MinifyConfig, client-go v0.33.1 tools/clientcmd/api/helpers.go.
pub fn minified(facts: &Facts, reading: &Reading) -> Result<Secret<String>, String> {
    let Some((current, _)) = &reading.merged.current_context else {
        return Err("current-context must exist in order to minify".to_owned());
    };
    let Some(found) = reading.contexts.iter().find(|it| it.effective.name == *current) else {
        return Err(format!("cannot locate context {current}"));
    };
    let names = facts.context(found.effective.entry).map(|it| &it.body);
    let (cluster, user) = names.map_or(("", ""), |it| (&it.cluster, &it.user));
    if !cluster.is_empty() && found.effective.cluster.is_none() {
        return Err(format!("cannot locate cluster {cluster}"));
    }
    if !user.is_empty() && found.effective.user.is_none() {
        return Err(format!("cannot locate user {user}"));
    }
    let mut config = config(reading, Some(found), &Entries::of(facts, reading, Some(found)));
    // An entry may have no name, but here no name means no entry.
    config.clusters = config.clusters.filter(|_| !cluster.is_empty());
    config.users = config.users.filter(|_| !user.is_empty());
    Ok(Secret::new(print(&config)))
}

/// One context with its cluster and its user, and nothing else: what
/// `kubectl config view --raw --minify` writes.
pub fn alone(facts: &Facts, context: EntryRef) -> Option<Secret<String>> {
    let (reading, context) = find(facts, context)?;
    Some(write(&config(reading, Some(context), &Entries::of(facts, reading, Some(context)))))
}

/// As [`alone`], but without any check of who the server is: `insecure-skip-tls-verify: true`
/// and no CA, which cannot stand beside it.
///
/// Whoever sits between this client and the server can then read and change everything,
/// credentials included. A `tls-server-name` or a new name in the server's certificate is
/// better.
pub fn without_verification(facts: &Facts, context: EntryRef) -> Option<Secret<String>> {
    let (reading, context) = find(facts, context)?;
    let entries = Entries::of(facts, reading, Some(context));
    let mut config = config(reading, Some(context), &entries);
    for it in config.clusters.iter_mut().flatten() {
        it.cluster.insecure_skip_tls_verify = true;
        it.cluster.certificate_authority = "";
        it.cluster.certificate_authority_data = None;
    }
    Some(write(&config))
}

fn find(facts: &Facts, context: EntryRef) -> Option<(&Reading, &ContextFacts)> {
    facts.readings.iter().find_map(|reading| {
        let found = reading.contexts.iter().find(|it| it.effective.entry == context)?;
        Some((reading, found))
    })
}

fn loads(facts: &Facts, reading: &Reading) -> bool {
    let files = reading.merged.files.iter().filter_map(|it| facts.files.get(*it));
    files.into_iter().all(|it| it.refusal.is_none())
}

fn write(config: &ConfigV1<'_>) -> Secret<String> {
    Secret::new(yaml::write(&value(config)))
}

fn value(it: &impl Serialize) -> Value {
    serde_json::to_value(it).expect("structs with string keys always serialize")
}

/// JSON as kubectl prints it.
///
/// Mirrors: JSONPrinter.PrintObj, cli-runtime v0.33.1 pkg/printers/json.go, which takes
/// MarshalIndent of Go 1.24 encoding/json.
fn print(config: &ConfigV1<'_>) -> String {
    let mut bytes = Vec::new();
    let indented = PrettyFormatter::with_indent(b"    ");
    config
        .serialize(&mut Serializer::with_formatter(&mut bytes, indented))
        .expect("structs with string keys always serialize");
    let text = String::from_utf8(bytes).expect("serde_json writes UTF-8");
    let mut out = String::with_capacity(text.len() + 1);
    for character in text.chars() {
        match character {
            // Only texts hold these, and Go escapes them for the sake of web pages.
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                out.push_str(&format!("\\u{:04x}", u32::from(character)));
            }
            _ => out.push(character),
        }
    }
    out.push('\n');
    out
}

/// Mirrors: Config, client-go v0.33.1 tools/clientcmd/api/v1/types.go, with its order of fields
/// and its choice of the fields that are always there.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct ConfigV1<'a> {
    kind: &'static str,
    #[serde(rename = "apiVersion")]
    api_version: &'static str,
    preferences: PreferencesV1<'a>,
    clusters: Option<Vec<NamedCluster<'a>>>,
    users: Option<Vec<NamedUser<'a>>>,
    contexts: Option<Vec<NamedContext<'a>>>,
    current_context: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    extensions: Vec<ExtensionV1<'a>>,
}

#[derive(Serialize)]
struct PreferencesV1<'a> {
    #[serde(skip_serializing_if = "is_false")]
    colors: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    extensions: Vec<ExtensionV1<'a>>,
}

#[derive(Serialize)]
struct NamedCluster<'a> {
    name: &'a str,
    cluster: ClusterV1<'a>,
}

#[derive(Serialize)]
struct NamedUser<'a> {
    name: &'a str,
    user: UserV1<'a>,
}

#[derive(Serialize)]
struct NamedContext<'a> {
    name: &'a str,
    context: ContextV1<'a>,
}

#[derive(Serialize)]
struct ExtensionV1<'a> {
    name: &'a str,
    extension: Option<Value>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct ClusterV1<'a> {
    server: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    tls_server_name: &'a str,
    #[serde(skip_serializing_if = "is_false")]
    insecure_skip_tls_verify: bool,
    #[serde(skip_serializing_if = "str::is_empty")]
    certificate_authority: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    certificate_authority_data: Option<String>,
    #[serde(skip_serializing_if = "str::is_empty")]
    proxy_url: &'a str,
    #[serde(skip_serializing_if = "is_false")]
    disable_compression: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    extensions: Vec<ExtensionV1<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct UserV1<'a> {
    #[serde(skip_serializing_if = "str::is_empty")]
    client_certificate: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_certificate_data: Option<String>,
    #[serde(skip_serializing_if = "str::is_empty")]
    client_key: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_key_data: Option<String>,
    #[serde(skip_serializing_if = "str::is_empty")]
    token: &'a str,
    #[serde(rename = "tokenFile", skip_serializing_if = "str::is_empty")]
    token_file: &'a str,
    #[serde(rename = "as", skip_serializing_if = "str::is_empty")]
    impersonate: &'a str,
    #[serde(rename = "as-uid", skip_serializing_if = "str::is_empty")]
    impersonate_uid: &'a str,
    #[serde(rename = "as-groups", skip_serializing_if = "<[_]>::is_empty")]
    impersonate_groups: &'a [String],
    #[serde(rename = "as-user-extra", skip_serializing_if = "BTreeMap::is_empty")]
    impersonate_user_extra: &'a BTreeMap<String, Option<Vec<String>>>,
    #[serde(skip_serializing_if = "str::is_empty")]
    username: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    password: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    auth_provider: Option<AuthProviderV1<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exec: Option<ExecV1<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    extensions: Vec<ExtensionV1<'a>>,
}

#[derive(Serialize)]
struct ContextV1<'a> {
    cluster: &'a str,
    user: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    namespace: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    extensions: Vec<ExtensionV1<'a>>,
}

#[derive(Serialize)]
struct AuthProviderV1<'a> {
    name: &'a str,
    config: Option<BTreeMap<&'a str, &'a str>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ExecV1<'a> {
    command: &'a str,
    args: Option<&'a [String]>,
    env: Option<Vec<EnvV1<'a>>>,
    #[serde(skip_serializing_if = "str::is_empty")]
    api_version: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    install_hint: &'a str,
    provide_cluster_info: bool,
    #[serde(skip_serializing_if = "str::is_empty")]
    interactive_mode: &'a str,
}

#[derive(Serialize)]
struct EnvV1<'a> {
    name: &'a str,
    value: &'a str,
}

/// Entries of a kubeconfig, sorted bytewise by name, as client-go's maps come out.
#[derive(Default)]
struct Entries<'a> {
    clusters: Vec<&'a Entry<Cluster>>,
    users: Vec<&'a Entry<AuthInfo>>,
    contexts: Vec<&'a Entry<Context>>,
}

impl<'a> Entries<'a> {
    /// Those that `reading` holds, or that `only` needs of it.
    fn of(facts: &'a Facts, reading: &Reading, only: Option<&ContextFacts>) -> Entries<'a> {
        let merged = &reading.merged;
        let keep = |all: &[EntryRef], one: Option<EntryRef>| match only {
            Some(_) => one.into_iter().collect(),
            None => all.to_vec(),
        };
        let effective = only.map(|it| &it.effective);
        let clusters = keep(&merged.clusters, effective.and_then(|it| it.cluster));
        let users = keep(&merged.users, effective.and_then(|it| it.user));
        let contexts = keep(&merged.contexts, effective.map(|it| it.entry));
        Entries {
            clusters: sorted(clusters.into_iter().filter_map(|it| facts.cluster(it))),
            users: sorted(users.into_iter().filter_map(|it| facts.user(it))),
            contexts: sorted(contexts.into_iter().filter_map(|it| facts.context(it))),
        }
    }
}

fn sorted<'a, T>(entries: impl Iterator<Item = &'a Entry<T>>) -> Vec<&'a Entry<T>> {
    let mut entries: Vec<_> = entries.collect();
    entries.sort_by_key(|it| it.name.as_str());
    entries
}

/// `entries` as a kubeconfig with what else `reading` holds, and `only` for the current context.
fn config<'a>(
    reading: &'a Reading,
    only: Option<&'a ContextFacts>,
    entries: &Entries<'a>,
) -> ConfigV1<'a> {
    let merged = &reading.merged;
    let current = merged.current_context.as_ref().map_or("", |(name, _)| name);
    ConfigV1 {
        kind: "Config",
        api_version: "v1",
        preferences: PreferencesV1 {
            colors: merged.colors,
            extensions: extensions(&merged.preference_extensions),
        },
        clusters: list(&entries.clusters, named_cluster),
        users: list(&entries.users, named_user),
        contexts: list(&entries.contexts, named_context),
        current_context: only.map_or(current, |it| &it.effective.name),
        extensions: extensions(&merged.extensions),
    }
}

/// An empty list is printed as null.
fn list<'a, T, V>(entries: &[&'a Entry<T>], named: fn(&'a Entry<T>) -> V) -> Option<Vec<V>> {
    (!entries.is_empty()).then(|| entries.iter().map(|it| named(it)).collect())
}

fn named_cluster(it: &Entry<Cluster>) -> NamedCluster<'_> {
    NamedCluster { name: &it.name, cluster: cluster(&it.body) }
}

fn named_user(it: &Entry<AuthInfo>) -> NamedUser<'_> {
    NamedUser { name: &it.name, user: user(&it.body) }
}

fn named_context(it: &Entry<Context>) -> NamedContext<'_> {
    NamedContext { name: &it.name, context: context(&it.body) }
}

fn cluster(it: &Cluster) -> ClusterV1<'_> {
    ClusterV1 {
        server: &it.server,
        tls_server_name: &it.tls_server_name,
        insecure_skip_tls_verify: it.insecure_skip_tls_verify,
        certificate_authority: &it.certificate_authority,
        certificate_authority_data: data(it.certificate_authority_data.as_ref()),
        proxy_url: it.proxy_url.reveal(),
        disable_compression: it.disable_compression,
        extensions: extensions(&it.extensions),
    }
}

fn user(it: &AuthInfo) -> UserV1<'_> {
    UserV1 {
        client_certificate: &it.client_certificate,
        client_certificate_data: data(it.client_certificate_data.as_ref()),
        client_key: &it.client_key,
        client_key_data: data(it.client_key_data.as_ref()),
        token: it.token.reveal(),
        token_file: &it.token_file,
        impersonate: &it.impersonate,
        impersonate_uid: &it.impersonate_uid,
        impersonate_groups: &it.impersonate_groups,
        impersonate_user_extra: &it.impersonate_user_extra,
        username: &it.username,
        password: it.password.reveal(),
        auth_provider: it.auth_provider.as_ref().map(auth_provider),
        exec: it.exec.as_ref().map(exec),
        extensions: extensions(&it.extensions),
    }
}

fn context(it: &Context) -> ContextV1<'_> {
    ContextV1 {
        cluster: &it.cluster,
        user: &it.user,
        namespace: &it.namespace,
        extensions: extensions(&it.extensions),
    }
}

fn auth_provider(it: &AuthProvider) -> AuthProviderV1<'_> {
    let mut config: BTreeMap<&str, &str> = BTreeMap::new();
    config.extend(it.config.iter().map(|(key, value)| (key.as_str(), value.reveal().as_str())));
    AuthProviderV1 { name: &it.name, config: it.config_given.then_some(config) }
}

fn exec(it: &Exec) -> ExecV1<'_> {
    let env = it.env.iter().map(|it| EnvV1 { name: &it.name, value: it.value.reveal() });
    ExecV1 {
        command: &it.command,
        args: it.args_given.then_some(&it.args),
        env: it.env_given.then(|| env.collect()),
        api_version: &it.api_version,
        install_hint: &it.install_hint,
        provide_cluster_info: it.provide_cluster_info,
        interactive_mode: &it.interactive_mode,
    }
}

fn extensions(all: &[Extension]) -> Vec<ExtensionV1<'_>> {
    let mut all: Vec<_> =
        all.iter().map(|it| ExtensionV1 { name: &it.name, extension: it.value() }).collect();
    all.sort_by_key(|it| it.name);
    all
}

/// Base64 of the bytes; nothing where there are none or where they could not be read.
fn data(it: Option<&Data>) -> Option<String> {
    let bytes = it?.bytes.as_ref().ok()?;
    (!bytes.is_empty()).then(|| BASE64_STANDARD.encode(bytes.reveal()))
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_false(it: &bool) -> bool {
    !it
}

#[cfg(test)]
mod tests {
    use super::{Entries, config, merged, write};
    use crate::{Options, inspect_with, source::Source, time::Timestamp};

    #[test]
    fn what_is_written_in_pieces_is_what_is_written_at_once() {
        let texts = [
            "contexts: [{name: b, context: {cluster: c}}, {name: a, context: {user: u}}]\n\
             clusters: [{name: c, cluster: {server: 'https://c'}}]\ncurrent-context: a\n",
            "users: [{name: u, user: {token: secret}}, {name: 'off', user: {password: '1'}}]\n\
             preferences: {colors: true}\nextensions: [{name: e, extension: {x: [1]}}]\n",
            "{}",
        ];
        for given in [&texts[..], &texts[..1], &texts[1..2], &texts[2..]] {
            let sources: Vec<Source> = given.iter().map(|it| Source::new("a", *it)).collect();
            let options = Options { merge: true, ..Options::default() };
            let facts = inspect_with(&sources, Timestamp(1_800_000_000), &options).facts;
            let reading = &facts.readings[0];
            let at_once = write(&config(reading, None, &Entries::of(&facts, reading, None)));
            assert_eq!(merged(&facts, reading).reveal(), at_once.reveal());
        }
    }
}
