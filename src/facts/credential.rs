//! The credentials of a user entry, in the order in which they count.

use super::{
    chain::Chain,
    exec::{self, ExecProvider},
    identity::{Identity, Impersonation},
    reference::References,
    setup::Unfit,
};
use crate::{
    decode::{
        Validity, accident,
        key::{self, Effort, KeyError, KeyMatch, PrivateKey},
        pair::{self, PairError},
        pem::{self, Pem},
        token::{self, Token},
    },
    kubeconfig::{AuthInfo, AuthProvider, Data},
    masking,
    source::Place,
    time::Timestamp,
};

/// One user.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserFacts {
    /// Its credentials, the one that decides over TLS first.
    ///
    /// kubectl sends a client certificate and a header (token, password) side by side. The API
    /// server looks at the certificate first and at the header only when the certificate does
    /// not identify anybody. So the certificate stands first unless it is passed over.
    pub credentials: Vec<Credential>,
    /// Who the server is asked to act as.
    pub impersonates: Option<Impersonation>,
    /// What of it kubectl cannot send or use.
    pub(super) unfit: Unfit,
}

/// One way in which a user can prove who it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    /// The field that holds it.
    pub place: Place,
    /// What it is.
    pub kind: CredentialKind,
    /// When it holds, where the file tells.
    pub validity: Option<Validity>,
    /// Who the API server will see, where the file tells.
    pub identity: Option<Identity>,
    /// Whether kubectl sends it at all when the server is https.
    pub sent: bool,
    /// Why the API server passes over it, as "has expired", when kubectl sends another beside it
    /// that it accepts as far as the file tells.
    pub passed_over: Option<&'static str>,
}

/// Kinds of credential, with what was decoded of each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CredentialKind {
    /// Client certificate and key.
    ClientCertificate(Box<ClientCertificate>),
    /// Bearer token.
    Token(Token),
    /// Bearer token in another file.
    TokenFile {
        /// Path as written, without what is no path but a secret.
        path: String,
        /// The token, when the file was handed in, too.
        token: Option<Token>,
        /// The source that it was taken from.
        source: Option<String>,
        /// What is wrong with what stands in it.
        fault: Option<TokenFileFault>,
    },
    /// Program that prints a credential.
    Exec {
        /// Its installHint without control characters.
        install_hint: String,
        /// The provider that it signs in to, and how long its credentials live, where known.
        provider: Option<ExecProvider>,
    },
    /// Built-in plugin.
    AuthProvider {
        /// Its name.
        name: String,
        /// The `id-token` or `access-token` in its settings.
        token: Option<Token>,
        /// When the token ends, as an `expiry` setting tells.
        expires_at: Option<Timestamp>,
        /// Whether it fetches the next token by itself.
        renews: bool,
    },
    /// User name and password.
    Basic {
        /// User name.
        username: String,
    },
}

/// Why kubectl cannot sign in with the contents of a token file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenFileFault {
    /// There is nothing in it.
    Empty,
    /// It does not fit into a header.
    NoHeader,
}

impl CredentialKind {
    /// Its name in the report.
    pub fn name(&self) -> &'static str {
        match self {
            CredentialKind::ClientCertificate(_) => "client-certificate",
            CredentialKind::Token(_) => "token",
            CredentialKind::TokenFile { .. } => "token-file",
            CredentialKind::Exec { .. } => "exec",
            CredentialKind::AuthProvider { .. } => "auth-provider",
            CredentialKind::Basic { .. } => "basic",
        }
    }
}

/// A client certificate and its key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClientCertificate {
    /// Certificates in the file; empty when only a path is given and that file is not there.
    pub chain: Chain,
    /// Path of the certificate, when it is not in the file.
    pub certificate_path: String,
    /// Path of the key, when it is not in the file.
    pub key_path: String,
    /// The key, when it is in the file or in a file that was handed in, too.
    pub key: Option<Result<PrivateKey, KeyError>>,
    /// What stands in the place of the key when Go finds none there, as "a certificate in the
    /// place of the private key".
    pub key_accident: Option<String>,
    /// Why Go finds no private key there.
    pub key_missing: Option<PairError>,
    /// The source that the key was taken from, when the field only names a file.
    pub key_source: Option<String>,
    /// Whether the key belongs to the leaf; none when one of them is not there.
    pub matches: Option<KeyMatch>,
    /// Why Go makes no client certificate of the two. It tries before it connects, unless both
    /// are in files.
    pub unusable: Option<PairError>,
}

/// Decodes the credentials of `user`, which stands at `place`.
#[inline(never)]
pub(super) fn gather(
    user: &AuthInfo,
    place: &Place,
    references: &References<'_>,
    now: Timestamp,
) -> UserFacts {
    let body = place.field("user");
    let certificate = client_certificate(user, &body, references);
    let has_pair = certificate.as_ref().is_some_and(|it| it.sent);
    let token_file = token_file(user, &body, references);
    let reads_token_file = token_file.as_ref().is_some_and(|it| it.sent);
    let token = token(user, &body, reads_token_file);
    let has_token = reads_token_file || token.is_some();
    let basic = basic(user, &body, has_token);
    let has_header = has_token || !user.username.is_empty();
    let plugins = [
        exec(user, &body, has_pair || has_header),
        auth_provider(user.auth_provider.as_ref(), &body, has_header, now),
    ];
    // Nearly every user has one, and ten thousand of them take room.
    let mut credentials: Vec<Credential> = Vec::with_capacity(1);
    credentials
        .extend([certificate, token_file, token, basic].into_iter().chain(plugins).flatten());
    if 1 < credentials.iter().filter(|it| it.sent).count() {
        let reasons: Vec<_> = credentials.iter().map(|it| it.rejection(user, now)).collect();
        let is_live = |(it, reason): (&Credential, &Option<_>)| {
            it.sent && reason.is_none() && !matches!(it.kind, CredentialKind::Basic { .. })
        };
        if credentials.iter().zip(&reasons).any(is_live) {
            for (it, reason) in credentials.iter_mut().zip(reasons) {
                it.passed_over = reason.filter(|_| it.sent);
            }
        }
    }
    // The sort is stable: within a group the order is the one above.
    credentials.sort_by_key(|it| (!it.sent, it.passed_over.is_some()));
    let unfit = Unfit::of(user, &body, now);
    UserFacts { credentials, impersonates: Impersonation::of(user), unfit }
}

impl Credential {
    /// When it stops working, where the file tells.
    pub fn ends_at(&self) -> Option<Timestamp> {
        self.validity.and_then(|it| it.not_after)
    }

    /// Why the API server takes it for nobody's, as far as the file tells.
    fn rejection(&self, user: &AuthInfo, now: Timestamp) -> Option<&'static str> {
        let (start, token) = match &self.kind {
            CredentialKind::ClientCertificate(it) => {
                let leaf = it.chain.leaf()?;
                if !leaf.is_for_clients() {
                    return Some("was not issued for signing in");
                }
                if leaf.subject().common_name().is_none_or(|it| it.is_empty()) {
                    return Some("names no user");
                }
                if leaf.unhandled_extension().is_some() {
                    return Some("has a critical extension that the API server does not know");
                }
                if leaf.is_weakly_signed() {
                    return Some("is signed in a way that is no longer accepted");
                }
                (leaf.validity.not_before, None)
            }
            CredentialKind::Token(it) if token::blemish(user.token.reveal()).is_none() => {
                (None, Some(it))
            }
            CredentialKind::Token(_) => return Some("is more than the token itself"),
            CredentialKind::TokenFile { token, .. } => (None, token.as_ref()),
            _ => (None, None),
        };
        let start = match token {
            Some(Token::Jwt(it)) if it.unsigned => return Some("is not signed"),
            Some(Token::Jwt(it)) => it.not_before.map(|it| it.plus(-token::LEEWAY)),
            _ => start,
        };
        match self.ends_at() {
            Some(end) if end < now => Some("has expired"),
            _ => start.filter(|it| now < *it).map(|_| "is not valid yet"),
        }
    }

    /// Whether it travels in a header of the request, and not in the TLS handshake.
    pub(crate) fn is_header(&self) -> bool {
        !matches!(self.kind, CredentialKind::ClientCertificate(_))
    }
}

/// The bytes of a `…-data` field; none when it is empty, which is absent to kubectl, or is
/// no base64.
pub(super) fn bytes(data: Option<&Data>) -> Option<&[u8]> {
    let bytes = data?.bytes.as_ref().ok()?.reveal();
    (!bytes.is_empty()).then_some(bytes)
}

/// Whether a `…-data` field counts as set.
pub(super) fn is_set(data: Option<&Data>) -> bool {
    data.is_some_and(|it| !matches!(&it.bytes, Ok(bytes) if bytes.is_empty()))
}

/// The field `name` beside the field at `place`.
pub(super) fn sibling(place: &Place, name: &str) -> Place {
    let parent = place.path.rsplit_once('.').map_or("", |it| it.0);
    Place { file: place.file, path: parent.to_owned() }.field(name)
}

fn client_certificate(
    user: &AuthInfo,
    body: &Place,
    references: &References<'_>,
) -> Option<Credential> {
    let certificate_data = user.client_certificate_data.as_ref();
    let key_data = user.client_key_data.as_ref();
    let has_certificate = is_set(certificate_data) || !user.client_certificate.is_empty();
    let has_key = is_set(key_data) || !user.client_key.is_empty();
    if !has_certificate && !has_key {
        return None;
    }
    let effort = &references.effort;
    let mut it = ClientCertificate::default();
    if is_set(certificate_data) {
        let read = |it| Chain::read(it, effort);
        it.chain = bytes(certificate_data).map(read).unwrap_or_default();
    } else {
        it.certificate_path = masking::path(&user.client_certificate);
        it.chain = references.chain(&user.client_certificate);
    }
    if is_set(key_data) {
        if let Some(bytes) = bytes(key_data) {
            it.set_key(bytes, effort);
        }
    } else {
        it.key_path = masking::path(&user.client_key);
        if let Some(found) = references.find(&user.client_key) {
            it.set_key(found.bytes, effort);
            it.key_source = Some(found.source.to_owned());
        }
    }
    it.matches = it
        .chain
        .leaf()
        .zip(it.key.as_ref())
        .and_then(|(leaf, key)| Some(key::matches(key.as_ref().ok()?, &leaf.key)));
    // Where both are paths, Go reads the files when it connects, and may find others then.
    if is_set(certificate_data) || is_set(key_data) {
        it.unusable = it.misfit();
    }
    let field = match (has_certificate, is_set(certificate_data), is_set(key_data)) {
        (true, true, _) => "client-certificate-data",
        (true, false, _) => "client-certificate",
        (false, _, true) => "client-key-data",
        (false, _, false) => "client-key",
    };
    Some(Credential {
        place: body.field(field),
        validity: it.chain.leaf().map(|it| it.validity),
        identity: it.chain.leaf().and_then(Identity::of_certificate),
        sent: has_certificate && has_key,
        passed_over: None,
        kind: CredentialKind::ClientCertificate(Box::new(it)),
    })
}

impl ClientCertificate {
    /// Takes the first block that Go takes for a private key.
    fn set_key(&mut self, bytes: &[u8], effort: &Effort) {
        let pem = pem::read(bytes);
        let find = |pem: &Pem<'_>| pem.private_key().map(|it| key::from_block(it, effort));
        self.key = find(&pem);
        self.key_missing = pair::key_missing(&pem.labels());
        if self.key.is_none() {
            let accident = accident::in_key(bytes);
            self.key_accident = accident.as_ref().map(|it| it.name.to_owned());
            self.key = accident.and_then(|it| find(&pem::read(it.mended?.reveal())));
        }
    }

    /// Why Go makes no client certificate of the two, in the order of its tests; none as well
    /// when one of them is not there.
    fn misfit(&self) -> Option<PairError> {
        let has_key = self.key.is_some() || self.key_missing.is_some();
        let has_certificate = !self.chain.certificates.is_empty() || self.chain.missing.is_some();
        if !has_key || !has_certificate {
            return None;
        }
        let missing = self.chain.missing.clone().or_else(|| self.key_missing.clone());
        missing.or_else(|| pair::misfit(self.chain.certificates.first()?, self.key.as_ref()?))
    }
}

fn token_credential(
    place: Place,
    token: Option<&Token>,
    sent: bool,
    kind: CredentialKind,
) -> Credential {
    Credential {
        place,
        kind,
        validity: token.and_then(validity),
        identity: token.and_then(Identity::of_token),
        sent,
        passed_over: None,
    }
}

/// A token in a file beats one that is written down, if it can be read and is not blank.
///
/// Mirrors: getUserIdentificationPartialConfig, client-go v0.33.1 tools/clientcmd/client_config.go;
/// fileTokenSource, transport/token_source.go.
fn token_file(user: &AuthInfo, body: &Place, references: &References<'_>) -> Option<Credential> {
    if user.token_file.is_empty() {
        return None;
    }
    let found = references.find(&user.token_file);
    let token = found.as_ref().map(|it| token::token(&String::from_utf8_lossy(it.bytes)));
    let bytes = found.as_ref().map(|it| it.bytes);
    let is_blank = bytes.is_some_and(|it| it.trim_ascii().is_empty());
    let sent = !is_blank || user.token.is_empty();
    let fault = match bytes.filter(|_| sent) {
        Some([]) => Some(TokenFileFault::Empty),
        Some(it) if is_blank || !token::fits_a_header(it.trim_ascii()) => {
            Some(TokenFileFault::NoHeader)
        }
        _ => None,
    };
    let kind = CredentialKind::TokenFile {
        path: masking::path(&user.token_file),
        token: token.clone(),
        source: found.map(|it| it.source.to_owned()),
        fault,
    };
    Some(token_credential(body.field("tokenFile"), token.as_ref(), sent, kind))
}

fn token(user: &AuthInfo, body: &Place, beaten: bool) -> Option<Credential> {
    if user.token.is_empty() {
        return None;
    }
    let token = token::token(user.token.reveal());
    let kind = CredentialKind::Token(token.clone());
    Some(token_credential(body.field("token"), Some(&token), !beaten, kind))
}

/// A password alone identifies nobody.
fn basic(user: &AuthInfo, body: &Place, beaten: bool) -> Option<Credential> {
    if user.username.is_empty() && user.password.is_empty() {
        return None;
    }
    let field = if user.username.is_empty() { "password" } else { "username" };
    Some(Credential {
        place: body.field(field),
        kind: CredentialKind::Basic { username: user.username.clone() },
        validity: None,
        identity: (!user.username.is_empty()).then(|| Identity::of_password(&user.username)),
        sent: !beaten && !user.username.is_empty(),
        passed_over: None,
    })
}

/// The program is not run when anything else identifies the user.
///
/// Mirrors: Authenticator.UpdateTransportConfig, client-go v0.33.1
/// plugin/pkg/client/auth/exec/exec.go.
fn exec(user: &AuthInfo, body: &Place, beaten: bool) -> Option<Credential> {
    let it = user.exec.as_ref()?;
    Some(Credential {
        place: body.field("exec"),
        kind: CredentialKind::Exec {
            install_hint: exec::printable(&it.install_hint),
            provider: exec::recognize(it),
        },
        validity: None,
        identity: None,
        sent: !beaten,
        passed_over: None,
    })
}

/// The one plugin that is left; the others were removed from kubectl 1.26.
const SURVIVING_PROVIDER: &str = "oidc";

fn auth_provider(
    provider: Option<&AuthProvider>,
    body: &Place,
    beaten: bool,
    now: Timestamp,
) -> Option<Credential> {
    let it = provider?;
    let setting = |name: &str| it.config.get(name).map(|it| it.reveal().as_str());
    // The plugin that is left knows no other.
    let other = || setting("access-token").filter(|_| it.name != SURVIVING_PROVIDER);
    let token = setting("id-token").or_else(other).filter(|it| !it.is_empty()).map(token::token);
    let expires_at = ["expiry", "expires-on"].into_iter().filter_map(setting).find_map(moment);
    // The plugin asks for the next one.
    let renews =
        it.name == SURVIVING_PROVIDER && setting("refresh-token").is_some_and(|it| !it.is_empty());
    let known = token.as_ref().and_then(validity).map(|it| match it.not_after {
        Some(end) if renews && end < now => Validity { not_after: None, ..it },
        _ => it,
    });
    let validity =
        known.or(expires_at.map(|end| Validity { not_before: None, not_after: Some(end) }));
    Some(Credential {
        place: body.field("auth-provider"),
        validity,
        identity: token.as_ref().and_then(Identity::of_token),
        sent: !beaten && it.name == SURVIVING_PROVIDER,
        passed_over: None,
        kind: CredentialKind::AuthProvider { name: it.name.clone(), token, expires_at, renews },
    })
}

/// A moment as the plugins wrote it: RFC 3339, Go's `String`, or seconds since the epoch.
fn moment(text: &str) -> Option<Timestamp> {
    if let Ok(seconds) = text.parse() {
        return Some(Timestamp(seconds));
    }
    // `2018-07-05 12:00:00.5 +0200 CEST` is how Go prints a time.
    let mut words = text.split(' ');
    let [date, time] = [words.next()?, words.next().unwrap_or_default()];
    let zone = words.next().map_or("Z".to_owned(), |it| match it.split_at_checked(3) {
        Some((hours, minutes)) if !minutes.is_empty() => format!("{hours}:{minutes}"),
        _ => it.to_owned(),
    });
    Timestamp::parse(text).or_else(|| Timestamp::parse(&format!("{date}T{time}{zone}")))
}

/// When `token` holds, where it tells.
fn validity(token: &Token) -> Option<Validity> {
    let validity = match token {
        Token::Jwt(it) => {
            Validity { not_before: it.issued_at.or(it.not_before), not_after: it.expires_at }
        }
        Token::Aws(it) | Token::Ack(it) => {
            Validity { not_before: it.issued_at, not_after: it.expires_at }
        }
        _ => return None,
    };
    Some(validity)
}
