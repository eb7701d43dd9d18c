//! Values to the fields of a kubeconfig, with the checks of type that Go's JSON decoder makes.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};

use super::{MAX_ENTRIES, explain, placeholder, spelling};
use crate::{
    base64,
    kubeconfig::{
        AuthInfo, AuthProvider, Cluster, Config, Context, Data, Entry, Exec, ExecEnv, Extension,
        Refusal, UnknownField, json,
        yaml::{self, MAX_FAULTS, NodeId, Number, Tree, View, push_key},
    },
    masking,
    pace::Pace,
    secret::Secret,
    source::Place,
};

/// Which of client-go's two types a document is decoded into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flavor {
    /// What a kubeconfig is: lists of named entries.
    V1,
    /// client-go's own working type, where the lists are maps.
    Internal,
}

/// A struct of client-go.
pub(super) struct Struct {
    name: &'static str,
    pub(super) fields: &'static [&'static str],
}

/// Mirrors: the types of tools/clientcmd/api/v1/types.go, client-go v0.33.1.
static CONFIG: Struct = Struct {
    name: "Config",
    fields: &[
        "kind",
        "apiVersion",
        "preferences",
        "clusters",
        "users",
        "contexts",
        "current-context",
        "extensions",
    ],
};
static PREFERENCES: Struct = Struct { name: "Preferences", fields: &["colors", "extensions"] };
static NAMED_CLUSTER: Struct = Struct { name: "NamedCluster", fields: &["name", "cluster"] };
static NAMED_AUTH_INFO: Struct = Struct { name: "NamedAuthInfo", fields: &["name", "user"] };
static NAMED_CONTEXT: Struct = Struct { name: "NamedContext", fields: &["name", "context"] };
static NAMED_EXTENSION: Struct = Struct { name: "NamedExtension", fields: &["name", "extension"] };
pub(super) static CLUSTER: Struct = Struct {
    name: "Cluster",
    fields: &[
        "server",
        "tls-server-name",
        "insecure-skip-tls-verify",
        "certificate-authority",
        "certificate-authority-data",
        "proxy-url",
        "disable-compression",
        "extensions",
    ],
};
pub(super) static AUTH_INFO: Struct = Struct {
    name: "AuthInfo",
    fields: &[
        "client-certificate",
        "client-certificate-data",
        "client-key",
        "client-key-data",
        "token",
        "tokenFile",
        "as",
        "as-uid",
        "as-groups",
        "as-user-extra",
        "username",
        "password",
        "auth-provider",
        "exec",
        "extensions",
    ],
};
/// Mirrors: AuthInfo, client-go v0.33.1 tools/clientcmd/api/types.go.
static INTERNAL_AUTH_INFO: Struct = Struct {
    name: "AuthInfo",
    fields: &[
        "client-certificate",
        "client-certificate-data",
        "client-key",
        "client-key-data",
        "token",
        "tokenFile",
        "act-as",
        "act-as-uid",
        "act-as-groups",
        "act-as-user-extra",
        "username",
        "password",
        "auth-provider",
        "exec",
        "extensions",
    ],
};
static CONTEXT: Struct =
    Struct { name: "Context", fields: &["cluster", "user", "namespace", "extensions"] };
static AUTH_PROVIDER: Struct = Struct { name: "AuthProviderConfig", fields: &["name", "config"] };
static EXEC: Struct = Struct {
    name: "ExecConfig",
    fields: &[
        "command",
        "args",
        "env",
        "apiVersion",
        "installHint",
        "provideClusterInfo",
        "interactiveMode",
    ],
};
static EXEC_ENV: Struct = Struct { name: "ExecEnvVar", fields: &["name", "value"] };

/// Unknown fields that are remembered; a file with more of them is no kubeconfig.
const MAX_UNKNOWN_FIELDS: usize = 1_000;

/// Decodes values, and notes what Go's decoder would refuse.
///
/// Mirrors: decodeState.value, sigs.k8s.io/json (kubectl 1.33)
/// internal/golang/encoding/json/decode.go.
pub(super) struct Decoder<'t, 'a> {
    tree: &'t Tree<'a>,
    file: usize,
    flavor: Flavor,
    /// Where we are, as [`Place::path`].
    path: String,
    /// Where we are for Go: structs and their fields.
    fields: Vec<(&'static str, &'static str)>,
    pub(super) faults: Vec<Refusal>,
    pub(super) unknown_fields: Vec<UnknownField>,
    /// Whether a name stands twice in `clusters`, `users` or `contexts`.
    pub(super) repeats: bool,
}

impl<'t, 'a> Decoder<'t, 'a> {
    pub(super) fn new(tree: &'t Tree<'a>, file: usize, flavor: Flavor) -> Decoder<'t, 'a> {
        Decoder {
            tree,
            file,
            flavor,
            path: String::new(),
            fields: Vec::new(),
            faults: Vec::new(),
            unknown_fields: Vec::new(),
            repeats: false,
        }
    }

    // ---- structs, outermost first

    pub(super) async fn config(&mut self, node: NodeId, pace: Pace<'_>) -> Config {
        let mut config = Config::default();
        for entry in self.entries_of(node, &CONFIG).unwrap_or_default() {
            let (value, length) = (entry.value, self.path.len());
            match self.enter(*entry, &CONFIG) {
                Some("clusters") => {
                    let list = (&NAMED_CLUSTER, &CLUSTER);
                    config.clusters = self.entries(value, list, Decoder::cluster, pace).await;
                }
                Some("users") => {
                    let list = (&NAMED_AUTH_INFO, &AUTH_INFO);
                    config.users = self.entries(value, list, Decoder::auth_info, pace).await;
                }
                Some("contexts") => {
                    let list = (&NAMED_CONTEXT, &CONTEXT);
                    config.contexts = self.entries(value, list, Decoder::context, pace).await;
                }
                Some("current-context") => config.current_context = self.text(value),
                Some("preferences") => {
                    self.object(value, &PREFERENCES, |it, field, value| match field {
                        "colors" => config.colors = it.flag(value),
                        _ => config.preference_extensions = it.extensions(value),
                    });
                }
                Some("extensions") => config.extensions = self.extensions(value),
                // Read before, by other rules.
                Some(_) => {
                    self.text(value);
                }
                None => {}
            }
            self.leave(length);
        }
        config
    }

    fn cluster(&mut self, node: NodeId) -> Cluster {
        let mut body = Cluster::default();
        self.object(node, &CLUSTER, |it, field, value| match field {
            "server" => body.server = it.text(value),
            "tls-server-name" => body.tls_server_name = it.text(value),
            "insecure-skip-tls-verify" => body.insecure_skip_tls_verify = it.flag(value),
            "certificate-authority" => body.certificate_authority = it.text(value),
            "certificate-authority-data" => body.certificate_authority_data = it.data(value),
            "proxy-url" => body.proxy_url = it.secret(value),
            "disable-compression" => body.disable_compression = it.flag(value),
            _ => body.extensions = it.extensions(value),
        });
        body
    }

    fn auth_info(&mut self, node: NodeId) -> AuthInfo {
        let mut body = AuthInfo::default();
        let structure = match self.flavor {
            Flavor::V1 => &AUTH_INFO,
            Flavor::Internal => &INTERNAL_AUTH_INFO,
        };
        self.object(node, structure, |it, field, value| match field {
            "client-certificate" => body.client_certificate = it.text(value),
            "client-certificate-data" => body.client_certificate_data = it.data(value),
            "client-key" => body.client_key = it.text(value),
            "client-key-data" => body.client_key_data = it.data(value),
            "token" => body.token = it.secret(value),
            "tokenFile" => body.token_file = it.text(value),
            "as" | "act-as" => body.impersonate = it.text(value),
            "as-uid" | "act-as-uid" => body.impersonate_uid = it.text(value),
            "as-groups" | "act-as-groups" => {
                body.impersonate_groups = it.texts(value).unwrap_or_default();
            }
            "as-user-extra" | "act-as-user-extra" => {
                let extra = it.map(value, "map[string][]string", Decoder::texts);
                body.impersonate_user_extra = extra.unwrap_or_default();
            }
            "username" => body.username = it.text(value),
            "password" => body.password = it.secret(value),
            "auth-provider" => body.auth_provider = it.auth_provider(value),
            "exec" => body.exec = it.exec(value),
            _ => body.extensions = it.extensions(value),
        });
        body
    }

    fn context(&mut self, node: NodeId) -> Context {
        let mut body = Context::default();
        self.object(node, &CONTEXT, |it, field, value| match field {
            "cluster" => body.cluster = it.text(value),
            "user" => body.user = it.text(value),
            "namespace" => body.namespace = it.text(value),
            _ => body.extensions = it.extensions(value),
        });
        body
    }

    fn auth_provider(&mut self, node: NodeId) -> Option<AuthProvider> {
        let mut body = AuthProvider::default();
        let written = self.object(node, &AUTH_PROVIDER, |it, field, value| match field {
            "name" => body.name = it.text(value),
            _ => {
                let config = it.map(value, "map[string]string", Decoder::secret);
                body.config_given = config.is_some();
                body.config = config.unwrap_or_default();
            }
        });
        written.then_some(body)
    }

    fn exec(&mut self, node: NodeId) -> Option<Exec> {
        let mut body = Exec::default();
        let written = self.object(node, &EXEC, |it, field, value| match field {
            "command" => body.command = it.text(value),
            "args" => {
                let args = it.texts(value);
                body.args_given = args.is_some();
                body.args = args.unwrap_or_default();
            }
            "env" => {
                let env = it.list(value, "[]%ExecEnvVar", Decoder::exec_env);
                body.env_given = env.is_some();
                body.env = env.unwrap_or_default();
            }
            "apiVersion" => body.api_version = it.text(value),
            "installHint" => body.install_hint = it.text(value),
            "provideClusterInfo" => body.provide_cluster_info = it.flag(value),
            _ => body.interactive_mode = it.text_of(value, "%ExecInteractiveMode"),
        });
        if self.flavor == Flavor::V1 {
            set_default_mode(&mut body);
        }
        written.then_some(body)
    }

    fn exec_env(&mut self, node: NodeId) -> ExecEnv {
        let mut body = ExecEnv::default();
        self.object(node, &EXEC_ENV, |it, field, value| match field {
            "name" => body.name = it.text(value),
            _ => body.value = it.secret(value),
        });
        body
    }

    /// The entries of `clusters`, `users` or `contexts`.
    async fn entries<T: Default>(
        &mut self,
        node: NodeId,
        (named, body): (&'static Struct, &'static Struct),
        read: fn(&mut Self, NodeId) -> T,
        pace: Pace<'_>,
    ) -> Vec<Entry<T>> {
        let count = match self.tree.view(node) {
            View::Sequence(items) => items.len(),
            View::Mapping(entries) => entries.len(),
            _ => 0,
        };
        if MAX_ENTRIES < count {
            self.fault(explain::too_many(count, self.path.clone()));
            return Vec::new();
        }
        if self.flavor == Flavor::Internal {
            let go_type = format!("map[string]*%{}", body.name);
            let place = |path: &str| Place { file: self.file, path: path.to_owned() };
            let places: Vec<Place> = match self.tree.view(node) {
                View::Mapping(entries) => entries
                    .iter()
                    .map(|it| {
                        let mut path = self.path.clone();
                        push_key(&mut path, self.tree.key(*it));
                        place(&path)
                    })
                    .collect(),
                _ => Vec::new(),
            };
            let bodies = self.map(node, &go_type, read).unwrap_or_default();
            return bodies
                .into_iter()
                .zip(places)
                .map(|((name, body), place)| Entry { name, place, body })
                .collect();
        }
        let go_type = format!("[]%{}", named.name);
        // No more than is needed: an entry has hundreds of bytes.
        let mut entries: Vec<Entry<T>> = Vec::with_capacity(count);
        let mut names = BTreeSet::new();
        let mut repeated = 0;
        for (index, item) in self.items_of(node, &go_type).into_iter().flatten().enumerate() {
            pace.rest().await;
            let length = self.enter_item(index);
            let (entry, name) = self.entry(*item, named, read);
            self.path.truncate(length);
            repeated += usize::from(!names.insert(name));
            // Nothing can be said of a hundred entries of one name that ten do not say.
            if repeated < MAX_FAULTS {
                entries.push(entry);
            }
        }
        self.repeats |= 0 < repeated;
        entries
    }

    /// One of them, and its name.
    #[inline(never)]
    fn entry<T: Default>(
        &mut self,
        node: NodeId,
        named: &'static Struct,
        read: fn(&mut Self, NodeId) -> T,
    ) -> (Entry<T>, &'t str) {
        let (mut name, mut body) = ("", T::default());
        self.object(node, named, |it, field, value| match field {
            "name" => name = it.words(value, "string"),
            _ => body = read(it, value),
        });
        let place = Place { file: self.file, path: self.path.clone() };
        (Entry { name: name.to_owned(), place, body }, name)
    }

    fn extensions(&mut self, node: NodeId) -> Vec<Extension> {
        if self.flavor == Flavor::Internal {
            // client-go's type for them has methods, so Go decodes nothing but null into it.
            return self
                .map(node, "map[string]runtime.Object", |it, value| {
                    if !matches!(it.tree.view(value), View::Null) {
                        it.mismatch(value, "runtime.Object");
                    }
                    Secret::new("null".to_owned())
                })
                .unwrap_or_default()
                .into_iter()
                .map(|(name, json)| Extension { name, json })
                .collect();
        }
        let extensions = self.list(node, "[]%NamedExtension", |it, item| {
            let null = Secret::new("null".to_owned());
            let mut extension = Extension { name: String::new(), json: null };
            it.object(item, &NAMED_EXTENSION, |it, field, value| match field {
                "name" => extension.name = it.text(value),
                _ => extension.json = Secret::new(json::write(it.tree, value)),
            });
            extension
        });
        // Seen from the end: one without a value gives way to a later one of its name.
        let mut extensions = extensions.unwrap_or_default();
        let mut names = BTreeSet::new();
        extensions.reverse();
        extensions.retain(|it| names.insert(it.name.clone()) || it.json.reveal() != "null");
        extensions.reverse();
        extensions
    }

    // ---- shapes

    /// Calls `each` for the known fields of an object; says whether it is written at all.
    fn object(
        &mut self,
        node: NodeId,
        structure: &'static Struct,
        mut each: impl FnMut(&mut Self, &'static str, NodeId),
    ) -> bool {
        let Some(entries) = self.entries_of(node, structure) else { return false };
        for entry in entries {
            let length = self.path.len();
            if let Some(field) = self.enter(*entry, structure) {
                each(self, field, entry.value);
            }
            self.leave(length);
        }
        true
    }

    /// The entries of an object; none when it is not written at all.
    fn entries_of(
        &mut self,
        node: NodeId,
        structure: &'static Struct,
    ) -> Option<&'t [yaml::Entry]> {
        match self.tree.view(node) {
            View::Mapping(entries) => Some(entries),
            View::Null => None,
            _ => {
                self.mismatch(node, &format!("%{}", structure.name));
                Some(&[])
            }
        }
    }

    /// Goes to the value of `entry`; tells the field, if it is a known one.
    fn enter(&mut self, entry: yaml::Entry, structure: &'static Struct) -> Option<&'static str> {
        let key = self.tree.key(entry);
        push_key(&mut self.path, key);
        let field = structure.fields.iter().copied().find(|it| *it == key);
        if field.is_none() {
            self.unknown(entry, structure);
        }
        self.fields.push((structure.name, field.unwrap_or_default()));
        field
    }

    /// Goes back from a value to where the path was as long as `length`.
    fn leave(&mut self, length: usize) {
        self.fields.pop();
        self.path.truncate(length);
    }

    /// Goes to an item of a list; tells how long the path was before.
    fn enter_item(&mut self, index: usize) -> usize {
        let length = self.path.len();
        // Writing to a string cannot fail.
        let _ = write!(self.path, "[{index}]");
        length
    }

    /// A list; none when there is none.
    fn list<T>(
        &mut self,
        node: NodeId,
        go_type: &str,
        mut read: impl FnMut(&mut Self, NodeId) -> T,
    ) -> Option<Vec<T>> {
        let mut list = Vec::new();
        for (index, item) in self.items_of(node, go_type)?.iter().enumerate() {
            let length = self.enter_item(index);
            list.push(read(self, *item));
            self.path.truncate(length);
        }
        Some(list)
    }

    /// The items of a list; none when there is none.
    fn items_of(&mut self, node: NodeId, go_type: &str) -> Option<&'t [NodeId]> {
        match self.tree.view(node) {
            View::Sequence(items) => return Some(items),
            View::Null => {}
            _ => self.mismatch(node, go_type),
        }
        None
    }

    /// A map of any keys; none when there is none.
    fn map<T>(
        &mut self,
        node: NodeId,
        go_type: &str,
        mut read: impl FnMut(&mut Self, NodeId) -> T,
    ) -> Option<BTreeMap<String, T>> {
        let entries = match self.tree.view(node) {
            View::Mapping(entries) => entries,
            View::Null => return None,
            _ => {
                self.mismatch(node, go_type);
                return None;
            }
        };
        let length = self.path.len();
        let mut map = BTreeMap::new();
        for entry in entries {
            let key = self.tree.key(*entry);
            push_key(&mut self.path, key);
            map.insert(key.to_owned(), read(self, entry.value));
            self.path.truncate(length);
        }
        Some(map)
    }

    fn texts(&mut self, node: NodeId) -> Option<Vec<String>> {
        self.list(node, "[]string", Decoder::text)
    }

    // ---- single values

    fn text(&mut self, node: NodeId) -> String {
        self.text_of(node, "string")
    }

    fn secret(&mut self, node: NodeId) -> Secret<String> {
        Secret::new(self.text(node))
    }

    fn text_of(&mut self, node: NodeId, go_type: &str) -> String {
        self.words(node, go_type).to_owned()
    }

    /// A text; empty when there is none. What is a number for want of quotes is taken as if it had them:
    /// it is not missing.
    fn words(&mut self, node: NodeId, go_type: &str) -> &'t str {
        match self.tree.view(node) {
            View::Text(text) => return text,
            View::Null => return "",
            _ => self.mismatch(node, go_type),
        }
        self.tree.scalar_text(self.tree.target(node))
    }

    fn flag(&mut self, node: NodeId) -> bool {
        match self.tree.view(node) {
            View::Bool(value) => return value,
            View::Null => {}
            _ => self.mismatch(node, "bool"),
        }
        false
    }

    /// Bytes, written as base64 or as a list of numbers; none when there are none.
    fn data(&mut self, node: NodeId) -> Option<Data> {
        let text = match self.tree.view(node) {
            View::Text(text) => text,
            View::Null => return None,
            View::Sequence(_) => {
                let bytes = self.list(node, "[]uint8", Decoder::byte)?;
                let bytes = Ok(Secret::new(bytes));
                return Some(Data { bytes, placeholder: None });
            }
            _ => {
                self.mismatch(node, "[]uint8");
                return None;
            }
        };
        let bytes = base64::decode(text.as_bytes()).map(Secret::new);
        let placeholder = match &bytes {
            // The usual case, in which nobody has to look for words.
            Ok(it) if it.reveal().starts_with(b"-----BEGIN ") => None,
            _ => placeholder::recognize(text),
        };
        if let Err(error) = bytes {
            self.fault(explain::base64(error, text, placeholder, self.path.clone()));
        }
        Some(Data { bytes, placeholder })
    }

    fn byte(&mut self, node: NodeId) -> u8 {
        let number = match self.tree.view(node) {
            View::Number(number) => number,
            View::Null => return 0,
            _ => {
                self.mismatch(node, "uint8");
                return 0;
            }
        };
        let byte = match number {
            Number::Int(value) => u8::try_from(value).ok(),
            Number::Float(value) => json::write_number(Number::Float(value)).parse().ok(),
            Number::Uint(_) => None,
        };
        byte.unwrap_or_else(|| {
            let found = format!("number {}", json::write_number(number));
            self.mismatch_of(&found, "uint8");
            0
        })
    }

    // ---- faults

    fn mismatch(&mut self, node: NodeId, go_type: &str) {
        self.mismatch_of(found(self.tree.view(node)), go_type);
    }

    /// `%` in `go_type` stands for the package of client-go's type.
    ///
    /// Mirrors: UnmarshalTypeError.Error, Go 1.24 encoding/json/decode.go.
    fn mismatch_of(&mut self, found: &str, go_type: &str) {
        let package = match self.flavor {
            Flavor::V1 => "v1.",
            Flavor::Internal => "api.",
        };
        let go_type = go_type.replace('%', package);
        let target = match self.fields.last() {
            Some((structure, _)) => {
                let path: Vec<&str> = self.fields.iter().map(|it| it.1).collect();
                format!("Go struct field {structure}.{}", path.join("."))
            }
            None => "Go value".to_owned(),
        };
        let kubectl = format!("json: cannot unmarshal {found} into {target} of type {go_type}");
        self.fault(explain::mismatch(kubectl, found, &go_type, self.path.clone()));
    }

    fn fault(&mut self, fault: Refusal) {
        if self.faults.len() < MAX_FAULTS {
            self.faults.push(fault);
        }
    }

    fn unknown(&mut self, entry: yaml::Entry, structure: &'static Struct) {
        if self.unknown_fields.len() < MAX_UNKNOWN_FIELDS {
            let key = self.tree.key(entry);
            let nearest = spelling::nearest(key, structure.fields);
            // Without a blank behind the colon, the value is a part of the name. In `{password: a,b}`,
            // it ends at the comma, and `b` is a name without a value.
            let is_rest = nearest.is_none()
                && structure.name != CONFIG.name
                && matches!(self.tree.view(entry.value), View::Null);
            let path = match self.path.strip_suffix(key).filter(|_| is_rest) {
                Some(before) => [before, masking::MASK].concat(),
                None => masking::words_without_secrets(&self.path),
            };
            let place = Place { file: self.file, path };
            self.unknown_fields.push(UnknownField { place, nearest });
        }
    }
}

/// Mirrors: SetDefaults_ExecConfig, client-go v0.33.1 tools/clientcmd/api/v1/defaults.go.
fn set_default_mode(exec: &mut Exec) {
    let old = matches!(
        exec.api_version.as_str(),
        "client.authentication.k8s.io/v1beta1" | "client.authentication.k8s.io/v1alpha1"
    );
    if old && exec.interactive_mode.is_empty() {
        exec.interactive_mode = "IfAvailable".to_owned();
    }
}

/// JSON's name for what a value is.
pub(super) fn found(view: View<'_>) -> &'static str {
    match view {
        View::Null => "null",
        View::Bool(_) => "bool",
        View::Number(_) => "number",
        View::Text(_) => "string",
        View::Sequence(_) => "array",
        View::Mapping(_) => "object",
    }
}
