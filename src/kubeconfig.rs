//! A kubeconfig, with the fields and the meaning that client-go gives them.
//!
//! The types here hold what is written. Nothing in them is judged, and a file that kubectl
//! refuses still fills them as far as it can be read.
//!
//! Mirrors: tools/clientcmd/api/v1/types.go, client-go v0.33.1. An empty string stands for
//! an absent field, as it does there.

pub mod yaml;
mod json;
pub mod load;
pub mod merge;
pub mod resolve;

use std::collections::BTreeMap;

use crate::{
    base64::Base64Error,
    secret::Secret,
    source::{Location, Place},
};

/// One kubeconfig file as read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Config {
    /// The context that kubectl uses when none is named; empty when there is none.
    pub current_context: String,
    /// `clusters`, in file order.
    pub clusters: Vec<Entry<Cluster>>,
    /// `users`, in file order.
    pub users: Vec<Entry<AuthInfo>>,
    /// `contexts`, in file order.
    pub contexts: Vec<Entry<Context>>,
    /// `preferences.colors`.
    pub colors: bool,
    /// `preferences.extensions`, in file order.
    pub preference_extensions: Vec<Extension>,
    /// `extensions`, in file order.
    pub extensions: Vec<Extension>,
}

/// One item of `clusters`, `users` or `contexts`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<T> {
    /// Its name; may be empty.
    pub name: String,
    /// Where it stands, as `users[2]`.
    pub place: Place,
    /// What is under `cluster`, `user` or `context`.
    pub body: T,
}

/// How to reach an API server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cluster {
    /// URL, or `host:port` (which client-go takes for http).
    pub server: String,
    /// Name to expect in the server's certificate instead of the host.
    pub tls_server_name: String,
    /// Whether the server's certificate goes unchecked.
    pub insecure_skip_tls_verify: bool,
    /// Path of a PEM file with the certificates to trust.
    pub certificate_authority: String,
    /// PEM with the certificates to trust.
    pub certificate_authority_data: Option<Data>,
    /// Proxy for all requests to this cluster. May hold a password.
    pub proxy_url: Secret<String>,
    /// Whether responses are asked for uncompressed.
    pub disable_compression: bool,
    /// Additional information, kept as it is.
    pub extensions: Vec<Extension>,
}

/// How to identify to an API server. client-go calls a user's body AuthInfo.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuthInfo {
    /// Path of a PEM file with the client certificate.
    pub client_certificate: String,
    /// PEM with the client certificate.
    pub client_certificate_data: Option<Data>,
    /// Path of a PEM file with the private key.
    pub client_key: String,
    /// PEM with the private key.
    pub client_key_data: Option<Data>,
    /// Bearer token.
    pub token: Secret<String>,
    /// Path of a file with a bearer token.
    pub token_file: String,
    /// User to impersonate (`as`).
    pub impersonate: String,
    /// UID to impersonate (`as-uid`).
    pub impersonate_uid: String,
    /// Groups to impersonate (`as-groups`).
    pub impersonate_groups: Vec<String>,
    /// Further attributes to impersonate (`as-user-extra`). A list that is written as null is
    /// kept apart from an empty one, because kubectl prints it so.
    pub impersonate_user_extra: BTreeMap<String, Option<Vec<String>>>,
    /// User name for basic authentication.
    pub username: String,
    /// Password for basic authentication.
    pub password: Secret<String>,
    /// Built-in plugin of client-go.
    pub auth_provider: Option<AuthProvider>,
    /// Program that prints a credential.
    pub exec: Option<Exec>,
    /// Additional information, kept as it is.
    pub extensions: Vec<Extension>,
}

/// A cluster and a user under one name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Context {
    /// Name of the cluster.
    pub cluster: String,
    /// Name of the user.
    pub user: String,
    /// Default namespace.
    pub namespace: String,
    /// Additional information, kept as it is.
    pub extensions: Vec<Extension>,
}

/// A built-in plugin of client-go and its settings, which may be secret.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuthProvider {
    /// `oidc`; formerly also `gcp`, `azure`, `openstack`.
    pub name: String,
    /// Its settings.
    pub config: BTreeMap<String, Secret<String>>,
    /// Whether `config` is written, be it empty: kubectl prints `{}` then, and else `null`.
    pub config_given: bool,
}

/// A program that kubectl runs to get a credential.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exec {
    /// File name, never split into words.
    pub command: String,
    /// Arguments.
    pub args: Vec<String>,
    /// Whether `args` is written, be it empty: kubectl prints `[]` then, and else `null`.
    pub args_given: bool,
    /// Environment on top of the inherited one; a later entry of the same name wins.
    pub env: Vec<ExecEnv>,
    /// Whether `env` is written, be it empty; as `args_given`.
    pub env_given: bool,
    /// Version of the ExecCredential that it prints.
    pub api_version: String,
    /// Shown when the program is missing; may hold control characters.
    pub install_hint: String,
    /// Whether it is told about the cluster.
    pub provide_cluster_info: bool,
    /// `Never`, `IfAvailable` or `Always`, after client-go's defaulting.
    pub interactive_mode: String,
}

/// One environment variable of an [`Exec`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExecEnv {
    /// Its name.
    pub name: String,
    /// Its value, which may be secret.
    pub value: Secret<String>,
}

/// A named value that client-go carries along without reading it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// Its name.
    pub name: String,
    /// The value as compact JSON, as Go writes it. It may hold secrets, and nest deeper than a
    /// tree of values could without harm.
    pub json: Secret<String>,
}

impl Extension {
    /// The value; none when it nests deeper than `serde_json` reads.
    pub fn value(&self) -> Option<serde_json::Value> {
        serde_json::from_str(self.json.reveal()).ok()
    }
}

/// The value of a `…-data` field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Data {
    /// The bytes, or why Go's base64 decoder refuses the text.
    pub bytes: Result<Secret<Vec<u8>>, Base64Error>,
    /// Set when the text is a placeholder that some tool put in place of the value.
    pub placeholder: Option<Placeholder>,
}

/// What stands where a secret or a certificate was removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placeholder {
    /// `DATA+OMITTED` or `REDACTED`, as `kubectl config view` writes without `--raw`, or a note
    /// that begins with `REDACTED+`, as our own redacted copies have.
    KubectlView,
    /// The beginning of a value, cut with an ellipsis or asterisks.
    Cut,
    /// A word between angle brackets or the like, as `<token>`.
    Template,
}

/// One file after loading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// The name the person knows it by; names the part, when the source held several.
    pub name: String,
    /// What could be read.
    pub config: Config,
    /// Why kubectl refuses the file; none when it loads.
    pub refusal: Option<Refusal>,
    /// Every fault met, the refusal's first; a fault hides its own field and nothing else.
    pub faults: Vec<Refusal>,
    /// Whether a part of it could not be read, so that what seems to be missing may stand there.
    pub is_part_unread: bool,
    /// Keys that client-go does not know, and drops.
    pub unknown_fields: Vec<UnknownField>,
    /// Keys that stand more than once in one map; the last one counts.
    pub duplicate_keys: Vec<Place>,
    /// Where each field stands.
    pub positions: yaml::Positions,
}

/// A reason for which kubectl refuses a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// kubectl's own words, without the file name.
    pub kubectl: String,
    /// Our words: what is wrong and the way out.
    pub explanation: String,
    /// The field, when there is one.
    pub path: String,
    /// Where in the text.
    pub location: Option<Location>,
}

impl Refusal {
    /// What kubectl says of the file of that name.
    ///
    /// Mirrors: ClientConfigLoadingRules.Load, client-go v0.33.1 tools/clientcmd/loader.go.
    pub fn said_of(&self, file: &str) -> String {
        format!("error loading config file \"{file}\": {}", self.kubectl)
    }
}

/// A key that client-go does not know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownField {
    /// The path of the key.
    pub place: Place,
    /// The known field that was probably meant.
    pub nearest: Option<&'static str>,
}

/// A reference to an entry of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct EntryRef {
    /// Index in `Facts::files`.
    pub file: usize,
    /// Index in that file's list.
    pub index: usize,
}
