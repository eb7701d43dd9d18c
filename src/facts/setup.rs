//! What stops kubectl between reading a context and opening a connection.
//!
//! [`crate::kubeconfig::resolve`] knows what names and fields alone make it stop at; the rest
//! needs what was decoded. Nothing here is about the server's side.

use super::{CredentialKind, Facts, chain::Chain, credential::TokenFileFault};
use crate::{
    base64,
    decode::{
        key::Effort,
        token::{self, Token},
        url::{self, Url},
    },
    kubeconfig::{
        AuthInfo, AuthProvider, Cluster, Entry, Exec,
        resolve::{DEFAULT_SERVER, EffectiveContext, Problem},
    },
    masking,
    secret::Secret,
    source::Place,
    time::Timestamp,
};

/// What kubectl stops at when it makes a client of `context`, in its order, after the faults
/// that [`EffectiveContext::problems`] already names.
///
/// Mirrors: DirectClientConfig.ClientConfig, client-go v0.33.1 tools/clientcmd/client_config.go;
/// HTTPClientFor, rest/transport.go; New and TLSConfigFor, transport/transport.go.
pub(super) fn problems(facts: &Facts, context: &EffectiveContext) -> Vec<Problem> {
    let cluster = context.cluster.and_then(|it| facts.cluster(it));
    let user = context.user.and_then(|it| facts.user(it));
    let mut setup = Setup { facts, context, cluster, user, problems: Vec::new() };
    match cluster.map(|it| address(&it.body.server)) {
        Some(Ok(it)) if matches!(it.scheme.as_str(), "http" | "https") => {
            // Over anything but https no credential is looked at, and no certificate either.
            if it.scheme == "https" {
                setup.credentials();
                setup.authorities();
                setup.key_pair();
                setup.headers(&it);
            }
            setup.impersonation();
            // Mirrors: Transport.roundTrip, Go 1.24 net/http/transport.go, which looks at headers first.
            if matches!(it.host.as_str(), "" | ":") {
                let fault = "http: no Host in request URL";
                setup.stop_at_cluster("server-address", "server", fault.to_owned());
            }
        }
        Some(Ok(it)) => {
            let fault = format!("unsupported protocol scheme {}", url::quoted(&it.scheme));
            setup.stop_at_cluster("server-scheme", "server", fault);
        }
        Some(Err(Fault::Missing)) => {
            setup.impersonation();
            setup.stop_at_cluster("server-missing", "server", DEFAULT_SERVER.to_owned());
        }
        Some(Err(Fault::Unreadable(fault))) => {
            setup.stop_at_cluster("server-address", "server", fault);
        }
        None => {
            setup.impersonation();
            let entry = facts.context(context.entry).map(|it| it.place.field("context"));
            let place = entry.unwrap_or_default().field("cluster");
            setup.stop("cluster-not-found", place, DEFAULT_SERVER.to_owned());
        }
    }
    setup.problems
}

/// The URL that client-go makes of `server`, or its complaint.
///
/// Mirrors: DefaultServerURL, client-go v0.33.1 rest/url_utils.go.
fn address(server: &str) -> Result<Url, Fault> {
    if server.is_empty() {
        return Err(Fault::Missing);
    }
    if masking::MAX_ADDRESS < server.len() {
        return Err(Fault::Unreadable(masking::too_long(server)));
    }
    match Url::parse(server) {
        Ok(it) if !it.scheme.is_empty() && !it.host.is_empty() => return Ok(it),
        _ => {}
    }
    let url = Url::parse(&format!("http://{server}")).map_err(Fault::Unreadable)?;
    match url.path.as_str() {
        "" | "/" => Ok(url),
        _ => {
            let fault = format!("host must be a URL or a host:port pair: {}", url::quoted(server));
            Err(Fault::Unreadable(fault))
        }
    }
}

/// Why there is no address of a server.
enum Fault {
    /// None is written, so kubectl takes its default.
    Missing,
    /// What is written is none; kubectl's words.
    Unreadable(String),
}

/// The making of one client.
struct Setup<'a> {
    facts: &'a Facts,
    context: &'a EffectiveContext,
    cluster: Option<&'a Entry<Cluster>>,
    user: Option<&'a Entry<AuthInfo>>,
    problems: Vec<Problem>,
}

impl<'a> Setup<'a> {
    fn stop(&mut self, id: &'static str, place: Place, kubectl: String) {
        self.problems.push(Problem { id, kubectl, place });
    }

    fn stop_at_cluster(&mut self, id: &'static str, field: &str, kubectl: String) {
        let Some(cluster) = self.cluster else { return };
        self.stop(id, cluster.place.field("cluster").field(field), kubectl);
    }

    fn stop_at_user(&mut self, id: &'static str, field: &str, kubectl: String) {
        let Some(user) = self.user else { return };
        self.stop(id, user.place.field("user").field(field), kubectl);
    }

    /// Whether a fault of that name was found before.
    fn has(&self, id: &str) -> bool {
        self.context.problems.iter().chain(&self.problems).any(|it| it.id == id)
    }

    /// Asks for a name and a password when nothing identifies the user; makes plugins.
    ///
    /// Mirrors: canIdentifyUser, client-go v0.33.1 tools/clientcmd/client_config.go.
    fn credentials(&mut self) {
        let token_file = self.token_file();
        let identifies = |it: &AuthInfo| {
            !it.username.is_empty()
                || !it.client_certificate.is_empty()
                || super::credential::is_set(it.client_certificate_data.as_ref())
                || !it.token.is_empty()
                || !it.token_file.is_empty() && token_file != Some(TokenFileFault::Empty)
                || it.auth_provider.is_some()
                || it.exec.is_some()
        };
        match self.user.filter(|it| identifies(&it.body)) {
            None => {
                let place = match self.user {
                    Some(user) => user.place.clone(),
                    None => {
                        let entry = self.facts.context(self.context.entry);
                        let place = entry.map(|it| it.place.field("context").field("user"));
                        place.unwrap_or_default()
                    }
                };
                self.stop("no-credentials", place, "Please enter Username: ".to_owned());
            }
            Some(user) => {
                if let Some(exec) = &user.body.exec {
                    self.exec(exec);
                }
                if let Some(provider) = &user.body.auth_provider {
                    self.auth_provider(provider);
                }
            }
        }
    }

    /// Mirrors: newAuthenticator, client-go v0.33.1 plugin/pkg/client/auth/exec/exec.go.
    fn exec(&mut self, exec: &Exec) {
        let known = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"];
        if exec.api_version.is_empty() || known.contains(&exec.api_version.as_str()) {
            return;
        }
        let version = url::quoted(&exec.api_version);
        let fault = format!("exec plugin: invalid apiVersion {version}");
        self.stop_at_user("exec-api-version", "exec.apiVersion", fault);
    }

    /// Mirrors: GetAuthProvider, client-go v0.33.1 rest/plugin.go, and the stubs and
    /// newOIDCAuthProvider below plugin/pkg/client/auth.
    fn auth_provider(&mut self, provider: &AuthProvider) {
        let removed = match provider.name.as_str() {
            "gcp" => Some(GCP_REMOVED),
            "azure" => Some(AZURE_REMOVED),
            _ => None,
        };
        if let Some(text) = removed {
            self.stop_at_user("auth-provider-removed", "auth-provider.name", text.to_owned());
        } else if provider.name != "oidc" {
            let name = url::quoted(&provider.name);
            let fault = format!("no Auth Provider found for name {name}");
            self.stop_at_user("auth-provider-unknown", "auth-provider.name", fault);
        } else if let Some(setting) = ["idp-issuer-url", "client-id"]
            .into_iter()
            .find(|it| provider.config.get(*it).is_none_or(|it| it.is_empty()))
        {
            let fault = format!("Must provide {setting}");
            self.stop_at_user("oidc-settings", "auth-provider.config", fault);
        } else if let Some(fault) = self.unfit().and_then(|it| it.oidc_ca.clone()) {
            let field = format!("auth-provider.config.{OIDC_CA}");
            self.stop_at_user("oidc-settings", &field, fault);
        }
    }

    /// The certificates to trust.
    fn authorities(&mut self) {
        let Some(cluster) = self.cluster.map(|it| &it.body) else { return };
        let has_data = super::credential::is_set(cluster.certificate_authority_data.as_ref());
        let has_ca = has_data || !cluster.certificate_authority.is_empty();
        if cluster.insecure_skip_tls_verify && has_ca {
            self.stop_at_cluster(
                "insecure-with-ca",
                "insecure-skip-tls-verify",
                "specifying a root certificates file with the insecure flag is not allowed"
                    .to_owned(),
            );
        }
        let facts = self.context.cluster.and_then(|it| self.facts.cluster_facts(it));
        if let Some(fault) = facts.and_then(|it| it.ca.untrusted.as_ref()) {
            let field =
                if has_data { "certificate-authority-data" } else { "certificate-authority" };
            let fault = format!("unable to load root certificates: {fault}");
            self.stop_at_cluster("ca-unusable", field, fault);
        }
    }

    /// The client certificate and its key.
    fn key_pair(&mut self) {
        if self.has("certificate-without-key") {
            return;
        }
        let facts = self.context.user.and_then(|it| self.facts.user_facts(it));
        let credentials = facts.into_iter().flat_map(|it| &it.credentials);
        let fault = credentials.filter_map(|it| match &it.kind {
            CredentialKind::ClientCertificate(it) => it.unusable.as_ref(),
            _ => None,
        });
        for fault in fault.collect::<Vec<_>>() {
            let field = if fault.is_about_the_key() {
                "client-key-data"
            } else {
                "client-certificate-data"
            };
            self.stop_at_user("key-pair", field, fault.to_string());
        }
    }

    /// The headers that prove who the user is.
    ///
    /// Mirrors: HTTPWrappersForConfig, client-go v0.33.1 transport/round_trippers.go;
    /// ValidHeaderFieldValue, golang.org/x/net v0.38 http/httpguts/httplex.go.
    fn headers(&mut self, address: &Url) {
        let Some(user) = self.user.map(|it| &it.body) else { return };
        // A password alone is no credential.
        let has_basic = !user.username.is_empty();
        if user.token.is_empty() && !user.token_file.is_empty() && has_basic {
            let fault = "username/password or bearer token may be set, but not both";
            self.stop_at_user("token-file-and-basic", "tokenFile", fault.to_owned());
        }
        let oidc = self.unfit().and_then(|it| it.oidc).filter(|_| !self.has("oidc-settings"));
        if let Some(fault) = oidc {
            self.stop_at_user("oidc-token", "auth-provider.config", fault.to_owned());
        }
        // A password in the address takes the header.
        let is_sent = user.token_file.is_empty() && address.userinfo.is_none();
        let field = match self.token_file().filter(|_| address.userinfo.is_none()) {
            Some(TokenFileFault::Empty) if !self.has("no-credentials") => {
                let path = url::quoted(&masking::path(&user.token_file));
                let fault = format!("read empty token from file {path}");
                return self.stop_at_user("no-credentials", "tokenFile", fault);
            }
            Some(TokenFileFault::NoHeader) => "tokenFile",
            _ if is_sent && self.unfit().is_some_and(|it| it.token) => "token",
            _ => return,
        };
        let fault = r#"net/http: invalid header field value for "Authorization""#;
        self.stop_at_user("token-with-control-character", field, fault.to_owned());
    }

    /// What is wrong with the token file, if it was handed in.
    fn token_file(&self) -> Option<TokenFileFault> {
        let facts = self.facts.user_facts(self.context.user?)?;
        facts.credentials.iter().find_map(|it| match it.kind {
            CredentialKind::TokenFile { fault, .. } => fault,
            _ => None,
        })
    }

    /// The headers that ask to act as somebody else.
    fn impersonation(&mut self) {
        if let Some(it) = self.unfit() {
            self.problems.extend_from_slice(&it.impersonation);
        }
    }

    fn unfit(&self) -> Option<&'a Unfit> {
        Some(&self.facts.user_facts(self.context.user?)?.unfit)
    }
}

/// What of a user kubectl cannot send or use. It is looked at once, for thousands of contexts may share
/// a user with thousands of groups.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Unfit {
    /// Whether the token does not fit into a header.
    token: bool,
    /// The headers that ask to act as somebody else.
    impersonation: Vec<Problem>,
    /// Why the oidc plugin cannot verify its issuer.
    oidc_ca: Option<String>,
    /// Why it has nothing to send.
    oidc: Option<&'static str>,
}

/// Headers that are told of one user.
const MOST_HEADERS: usize = 4;

impl Unfit {
    /// That of `user`, which stands at `body`.
    pub(super) fn of(user: &AuthInfo, body: &Place, now: Timestamp) -> Unfit {
        let provider = user.auth_provider.as_ref().filter(|it| it.name == "oidc");
        Unfit {
            token: !token::fits_a_header(user.token.reveal().as_bytes()),
            impersonation: impersonation(user, body),
            oidc_ca: provider.and_then(|it| it.config.get(OIDC_CA)).and_then(oidc_ca_fault),
            oidc: oidc_fault(user, now),
        }
    }
}

fn impersonation(user: &AuthInfo, body: &Place) -> Vec<Problem> {
    let header = |name: &str, field, value| (name.to_owned(), field, value);
    let groups = user.impersonate_groups.iter();
    let extra = user.impersonate_user_extra.iter().flat_map(|(key, values)| {
        values.iter().flatten().map(move |it| (extra_header(key), "as-user-extra", it))
    });
    let impersonated = [
        header("Impersonate-User", "as", &user.impersonate),
        header("Impersonate-Uid", "as-uid", &user.impersonate_uid),
    ]
    .into_iter()
    .chain(groups.map(|it| header("Impersonate-Group", "as-groups", it)))
    .chain(extra);
    let unfit = impersonated.filter(|(_, _, value)| !token::fits_a_header(value.as_bytes()));
    let problem = |(header, field, _): (String, &str, _)| Problem {
        id: "impersonation-with-control-character",
        kubectl: format!("net/http: invalid header field value for {}", url::quoted(&header)),
        place: body.field(field),
    };
    unfit.take(MOST_HEADERS).map(problem).collect()
}

/// The header for what `as-user-extra` says under `key`.
///
/// Mirrors: headerKeyEscape, client-go v0.33.1 transport/round_trippers.go;
/// CanonicalMIMEHeaderKey, Go 1.24 net/textproto/reader.go.
fn extra_header(key: &str) -> String {
    let mut name = "Impersonate-Extra-".to_owned();
    for byte in key.bytes() {
        match byte {
            b'a'..=b'z' if name.ends_with('-') => name.push(char::from(byte).to_ascii_uppercase()),
            b'A'..=b'Z' if name.ends_with('-') => name.push(char::from(byte)),
            _ if byte.is_ascii_alphanumeric() || b"!#$&'*+-.^_`|~".contains(&byte) => {
                name.push(char::from(byte).to_ascii_lowercase());
            }
            _ => name.push_str(&format!("%{byte:02x}")),
        }
    }
    name
}

const OIDC_CA: &str = "idp-certificate-authority-data";

/// Why the oidc plugin cannot verify its issuer by these certificates.
fn oidc_ca_fault(data: &Secret<String>) -> Option<String> {
    match base64::decode(data.reveal().as_bytes()) {
        Err(it) => Some(format!("illegal base64 data at input byte {}", it.at)),
        Ok(pem) => {
            let fault = Chain::read(&pem, &Effort::none()).untrusted?;
            Some(format!("unable to load root certificates: {fault}"))
        }
    }
}

/// Why the oidc plugin of `user` has nothing to send, when it is asked for that.
///
/// Mirrors: oidcAuthProvider.idToken, client-go v0.33.1 plugin/pkg/client/auth/oidc/oidc.go. A
/// token ends ten seconds early there.
fn oidc_fault(user: &AuthInfo, now: Timestamp) -> Option<&'static str> {
    let provider = user.auth_provider.as_ref().filter(|it| it.name == "oidc")?;
    let others = [user.token.reveal(), &user.token_file, &user.username];
    if others.iter().any(|it| !it.is_empty()) {
        return None;
    }
    let setting = |key: &str| provider.config.get(key).filter(|it| !it.is_empty());
    if let Some(id_token) = setting("id-token") {
        let Token::Jwt(jwt) = token::token(id_token.reveal()) else {
            return Some("ID Token is not a valid JWT");
        };
        if jwt.expires_at.is_some_and(|it| now.plus(10) < it) {
            return None;
        }
    }
    let text = "No valid id-token, and cannot refresh without refresh-token";
    setting("refresh-token").is_none().then_some(text)
}

/// Mirrors: newGCPAuthProvider, client-go v0.33.1 plugin/pkg/client/auth/gcp/gcp_stub.go.
const GCP_REMOVED: &str = "\
The gcp auth plugin has been removed.
Please use the \"gke-gcloud-auth-plugin\" kubectl/client-go credential plugin instead.
See https://cloud.google.com/blog/products/containers-kubernetes/kubectl-auth-changes-in-gke for further details";

/// Mirrors: newAzureAuthProvider, client-go v0.33.1 plugin/pkg/client/auth/azure/azure_stub.go.
const AZURE_REMOVED: &str = "\
The azure auth plugin has been removed.
Please use the https://github.com/Azure/kubelogin kubectl/client-go credential plugin instead.
See https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins for further details";
