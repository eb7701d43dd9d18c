//! Bearer tokens: JWTs without verification, and the formats that are known by their shape.

use base64::{
    Engine as _,
    alphabet::{STANDARD, URL_SAFE},
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use serde_json::{Map, Value};

use crate::time::Timestamp;

/// Seconds by which a token may be too early: kubectl create token makes one that begins at once, and no
/// two clocks are equal.
///
/// Mirrors: DefaultLeeway, go-jose v4.0.4 jwt/validation.go, with which the API server looks at its own
/// tokens. Those of an OpenID Connect issuer may be five minutes early.
pub const LEEWAY: i64 = 60;

/// What a bearer token is, without the token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token {
    /// A JSON Web Token. Its signature is not verified.
    Jwt(Box<Jwt>),
    /// `k8s-aws-v1.`: a presigned request to AWS STS.
    Aws(SignedRequest),
    /// `k8s-ack-v1.` or `k8s-ack-v2.`: a signed request to Alibaba Cloud.
    Ack(SignedRequest),
    /// `sha256~…`: OpenShift OAuth.
    OpenShift,
    /// `kubeconfig-…:…`, `token-…:…`: Rancher.
    Rancher,
    /// `abcdef.0123456789abcdef`: bootstrap token.
    Bootstrap {
        /// The public half.
        id: String,
    },
    /// Anything else; its length in bytes.
    Opaque {
        /// Length in bytes.
        length: usize,
    },
}

/// Claims of a JWT that matter to an API server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Jwt {
    /// `alg` of the header.
    pub algorithm: Option<String>,
    /// `kid` of the header.
    pub key_id: Option<String>,
    /// `iss`.
    pub issuer: Option<String>,
    /// `sub`.
    pub subject: Option<String>,
    /// `aud`, a single one or a list.
    pub audience: Vec<String>,
    /// `iat`.
    pub issued_at: Option<Timestamp>,
    /// `nbf`.
    pub not_before: Option<Timestamp>,
    /// `exp`.
    pub expires_at: Option<Timestamp>,
    /// `groups`, a single one or a list.
    pub groups: Vec<String>,
    /// `email`, `preferred_username` and `name`, whichever are there, for people.
    pub names: Vec<(String, String)>,
    /// The service account that it speaks for.
    pub service_account: Option<ServiceAccount>,
    /// Whether it is a legacy token from a Secret: service account claims and no `exp`.
    pub legacy: bool,
    /// Whether nobody signed it, or the signature is not there: `alg` is none, or the last part is
    /// empty.
    pub unsigned: bool,
}

/// The service account of a token.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServiceAccount {
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// Its UID.
    pub uid: Option<String>,
    /// The object whose deletion ends the token, as `Pod web-0`.
    pub bound_to: Option<String>,
    /// The Secret that holds a legacy token.
    pub secret: Option<String>,
}

/// A token that is a signed request in disguise.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignedRequest {
    /// Version prefix, as `k8s-aws-v1`.
    pub version: String,
    /// Cluster that it is for.
    pub cluster: Option<String>,
    /// Region or host that it is sent to.
    pub host: Option<String>,
    /// Access key ID that signed it. Public, but it identifies an account.
    pub access_key: Option<String>,
    /// When it was signed.
    pub issued_at: Option<Timestamp>,
    /// When it stops being accepted.
    pub expires_at: Option<Timestamp>,
}

/// Bytes of a request's headers that an API server reads; of a longer token nobody learns more.
///
/// Mirrors: DefaultMaxHeaderBytes, Go 1.24 net/http/server.go.
const MAX_HEADER: usize = 1 << 20;

/// Recognizes `token`. Blanks around it do not matter.
pub fn token(token: &str) -> Token {
    let text = token.trim();
    if MAX_HEADER < text.len() {
        return Token::Opaque { length: token.len() };
    }
    if let Some(it) = aws(text) {
        return Token::Aws(it);
    }
    if let Some(it) = ack(text) {
        return Token::Ack(it);
    }
    if let Some(it) = jwt(text) {
        return Token::Jwt(Box::new(it));
    }
    if text.starts_with("sha256~") {
        return Token::OpenShift;
    }
    if text.contains(':') && ["kubeconfig-", "token-"].iter().any(|it| text.starts_with(it)) {
        return Token::Rancher;
    }
    if let Some(id) = bootstrap(text) {
        return Token::Bootstrap { id: id.to_owned() };
    }
    Token::Opaque { length: token.len() }
}

/// What keeps an API server from finding a token in a field that holds one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blemish {
    /// The word Bearer, which kubectl adds itself.
    Bearer,
    /// Quotation marks that are none to YAML.
    Quotes,
    /// A JSON Web Token in base64 once more.
    Base64,
    /// A blank before it or in it: the server reads what stands between the first two.
    ///
    /// Mirrors: AuthenticateRequest, apiserver v0.33.1
    /// pkg/authentication/request/bearertoken/bearertoken.go.
    Blank,
}

/// What is wrong with a token as it is written.
pub fn blemish(token: &str) -> Option<Blemish> {
    let marks = ['"', '\'', '“', '”', '„', '‘', '’', '«', '»'];
    if token.starts_with(marks) && token.ends_with(marks) {
        return Some(Blemish::Quotes);
    }
    if token.get(..7).is_some_and(|it| it.eq_ignore_ascii_case("bearer ")) {
        return Some(Blemish::Bearer);
    }
    // `eyJ`, which begins every JSON Web Token, begins with this when encoded once more.
    if token.starts_with("ZXlK") && !token.contains('.') {
        return Some(Blemish::Base64);
    }
    // What stands behind it does not count, and a line break is told by kubectl itself.
    let text = token.trim_end();
    let blank = text.contains([' ', '\t', '\u{a0}']) && !text.contains(['\n', '\r']);
    blank.then_some(Blemish::Blank)
}

/// Whether Go sends `value` in a header. Blanks and tabs pass, other control characters do not.
///
/// Mirrors: ValidHeaderFieldValue, golang.org/x/net v0.38 http/httpguts/httplex.go.
pub(crate) fn fits_a_header(value: &[u8]) -> bool {
    !value.iter().any(|it| (*it < b' ' && *it != b'\t') || *it == 0x7f)
}

/// The ID of a bootstrap token.
///
/// Mirrors: BootstrapTokenPattern, k8s.io/cluster-bootstrap v0.33.1 token/api/types.go.
fn bootstrap(text: &str) -> Option<&str> {
    let (id, secret) = text.split_once('.')?;
    let plain = |it: &str| it.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit());
    (id.len() == 6 && secret.len() == 16 && plain(id) && plain(secret)).then_some(id)
}

/// Decodes base64 of either alphabet, padded or not.
fn base64(text: &str) -> Option<Vec<u8>> {
    const CONFIG: GeneralPurposeConfig = GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let alphabet = if text.contains(['+', '/']) { &STANDARD } else { &URL_SAFE };
    GeneralPurpose::new(alphabet, CONFIG).decode(text).ok()
}

fn object(text: &str) -> Option<Map<String, Value>> {
    match serde_json::from_slice(&base64(text)?).ok()? {
        Value::Object(it) => Some(it),
        _ => None,
    }
}

/// Reads the header and the claims; RFC 7519. A claim of an odd type counts as absent.
fn jwt(text: &str) -> Option<Jwt> {
    let mut parts = text.split('.');
    let (Some(header), Some(claims), Some(signature), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return None;
    };
    let header = object(header)?;
    let claims = object(claims)?;
    let word = |name: &str| string(claims.get(name));
    let service_account = bound_service_account(&claims)
        .or_else(|| legacy_service_account(&claims))
        .or_else(|| subject_service_account(claims.get("sub")?.as_str()?));
    let expires_at = moment(claims.get("exp"));
    Some(Jwt {
        unsigned: signature.is_empty()
            || header
                .get("alg")
                .and_then(Value::as_str)
                .is_some_and(|it| it.eq_ignore_ascii_case("none")),
        algorithm: string(header.get("alg")),
        key_id: string(header.get("kid")),
        issuer: word("iss"),
        subject: word("sub"),
        audience: strings(claims.get("aud")),
        issued_at: moment(claims.get("iat")),
        not_before: moment(claims.get("nbf")),
        expires_at,
        groups: strings(claims.get("groups")),
        names: ["email", "preferred_username", "name"]
            .into_iter()
            .filter_map(|it| Some((it.to_owned(), word(it)?)))
            .collect(),
        legacy: service_account.is_some() && expires_at.is_none(),
        service_account,
    })
}

fn string(value: Option<&Value>) -> Option<String> {
    value?.as_str().map(str::to_owned)
}

/// A string, or the strings of a list.
fn strings(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::String(it)) => vec![it.clone()],
        Some(Value::Array(list)) => {
            list.iter().filter_map(Value::as_str).map(str::to_owned).collect()
        }
        _ => Vec::new(),
    }
}

/// A NumericDate: seconds since the epoch, whole or not. One in quotes is none to RFC 7519, but
/// client-go reads it, and so does an API server that trusts an issuer.
///
/// Mirrors: jsonTime.UnmarshalJSON, client-go v0.33.1 plugin/pkg/client/auth/oidc/oidc.go.
fn moment(value: Option<&Value>) -> Option<Timestamp> {
    let value = value?;
    let quoted = value.as_str().and_then(|it| serde_json::from_str::<serde_json::Number>(it).ok());
    let number = value.as_number().or(quoted.as_ref())?;
    // The cast of a float saturates.
    number.as_i64().or_else(|| number.as_f64().map(|it| it.floor() as i64)).map(Timestamp)
}

/// The `kubernetes.io` claim of a token that the TokenRequest API issued.
///
/// Mirrors: privateClaims, Kubernetes v1.33.1 pkg/serviceaccount/claims.go.
fn bound_service_account(claims: &Map<String, Value>) -> Option<ServiceAccount> {
    let ours = claims.get("kubernetes.io")?;
    let account = ours.get("serviceaccount")?;
    let bound_to = [("pod", "Pod"), ("secret", "Secret"), ("node", "Node")]
        .into_iter()
        .find_map(|(key, kind)| Some(format!("{kind} {}", ours.get(key)?.get("name")?.as_str()?)));
    Some(ServiceAccount {
        namespace: string(ours.get("namespace"))?,
        name: string(account.get("name"))?,
        uid: string(account.get("uid")),
        bound_to,
        secret: None,
    })
}

/// The claims of a token that lies in a Secret.
///
/// Mirrors: legacyPrivateClaims, Kubernetes v1.33.1 pkg/serviceaccount/legacy.go.
fn legacy_service_account(claims: &Map<String, Value>) -> Option<ServiceAccount> {
    let claim = |name: &str| string(claims.get(&format!("kubernetes.io/serviceaccount/{name}")));
    Some(ServiceAccount {
        namespace: claim("namespace")?,
        name: claim("service-account.name")?,
        uid: claim("service-account.uid"),
        bound_to: None,
        secret: claim("secret.name"),
    })
}

/// Mirrors: SplitUsername, apiserver v0.33.1 pkg/authentication/serviceaccount/util.go.
fn subject_service_account(subject: &str) -> Option<ServiceAccount> {
    let (namespace, name) = subject.strip_prefix("system:serviceaccount:")?.split_once(':')?;
    if namespace.is_empty() || name.is_empty() || name.contains(':') {
        return None;
    }
    Some(ServiceAccount {
        namespace: namespace.to_owned(),
        name: name.to_owned(),
        ..ServiceAccount::default()
    })
}

/// Seconds for which a cluster accepts a request after it was signed, whatever the request
/// itself asks for: aws-iam-authenticator and ack-ram-authenticator both say 15 minutes.
const SIGNED_SECONDS: i64 = 15 * 60;

/// A request to AWS STS that was signed in advance. The cluster is in a signed header, which
/// is not part of the token.
///
/// The format is that of aws-iam-authenticator, pkg/token/token.go.
fn aws(text: &str) -> Option<SignedRequest> {
    let body = text.strip_prefix("k8s-aws-v1.")?;
    // Recognized by its prefix, even if the rest cannot be read.
    let url = base64(body).and_then(|it| String::from_utf8(it).ok()).unwrap_or_default();
    let rest = url.strip_prefix("https://").unwrap_or_default();
    let (address, query) = rest.split_once('?').unwrap_or((rest, ""));
    let host = address.split('/').next().filter(|it| !it.is_empty());
    let query = query_pairs(query);
    let value =
        |name: &str| query.iter().find(|it| it.0.eq_ignore_ascii_case(name)).map(|it| it.1.clone());
    let issued_at = value("X-Amz-Date").and_then(|it| Timestamp::from_compact(&it));
    Some(SignedRequest {
        version: "k8s-aws-v1".to_owned(),
        cluster: None,
        host: host.map(str::to_owned),
        access_key: value("X-Amz-Credential").and_then(|it| Some(it.split('/').next()?.to_owned())),
        issued_at,
        expires_at: issued_at.map(|it| it.plus(SIGNED_SECONDS)),
    })
}

/// A signed request to Alibaba Cloud, as JSON.
///
/// The format is that of ack-ram-tool, pkg/ctl/credentialplugin.
fn ack(text: &str) -> Option<SignedRequest> {
    let (version, body) = text.split_once('.')?;
    if !matches!(version, "k8s-ack-v1" | "k8s-ack-v2") {
        return None;
    }
    let mut it = SignedRequest { version: version.to_owned(), ..SignedRequest::default() };
    // Recognized by its prefix, even if the rest cannot be read.
    let Some(request) = object(body) else { return Some(it) };
    let query = query_pairs(request.get("query").and_then(Value::as_str).unwrap_or_default());
    let header = |name: &str| {
        let headers = request.get("headers")?.as_object()?;
        let (_, value) = headers.iter().find(|it| it.0.eq_ignore_ascii_case(name))?;
        strings(Some(value)).into_iter().next()
    };
    let parameter = |name: &str| {
        let object = request.get("query").and_then(|it| string(it.get(name)));
        object.or_else(|| query.iter().find(|it| it.0 == name).map(|it| it.1.clone()))
    };
    it.cluster = string(request.get("clusterId"))
        .or_else(|| string(request.get("ClusterId")))
        .filter(|it| !it.is_empty());
    it.host = header("host");
    it.access_key = header("authorization")
        .and_then(|it| Some(it.split_once("Credential=")?.1.split([',', '/']).next()?.to_owned()))
        .or_else(|| parameter("AccessKeyId"));
    it.issued_at = header("x-acs-date")
        .or_else(|| parameter("Timestamp"))
        .and_then(|it| Timestamp::parse(&it).or_else(|| Timestamp::from_compact(&it)));
    it.expires_at = it.issued_at.map(|it| it.plus(SIGNED_SECONDS));
    Some(it)
}

/// The pairs of a URL's query, decoded.
fn query_pairs(query: &str) -> Vec<(String, String)> {
    query
        .split('&')
        .map(|it| it.split_once('=').unwrap_or((it, "")))
        .map(|(name, value)| (percent_decoded(name), percent_decoded(value)))
        .collect()
}

/// Undoes percent encoding; a stray percent sign stands for itself.
fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let digit = |n: usize| char::from(*after.get(n)?).to_digit(16);
        match (first, digit(0).zip(digit(1))) {
            (b'%', Some((high, low))) => {
                bytes.push((high * 16 + low) as u8);
                rest = after.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encode(text: &str) -> String {
        base64::prelude::BASE64_URL_SAFE_NO_PAD.encode(text)
    }

    fn read(claims: &str) -> Jwt {
        let text = format!("{}.{}.c2ln", encode(r#"{"alg":"RS256","kid":"k"}"#), encode(claims));
        match token(&text) {
            Token::Jwt(it) => *it,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn shapes() {
        let jws = format!("{}.{}.", encode("{}"), encode("{}"));
        let rows = [
            (jws.as_str(), "Jwt"),
            ("a.b.c", "Opaque"),
            ("e30.e30.x.y.z", "Opaque"),
            ("sha256~abc", "OpenShift"),
            ("kubeconfig-u-abc:secret", "Rancher"),
            ("token-abcde:secret", "Rancher"),
            ("abcdef.0123456789abcdef", "Bootstrap"),
            ("abcdeF.0123456789abcdef", "Opaque"),
            ("k8s-ack-v2.!", "Ack"),
            ("k8s-aws-v1.!", "Aws"),
            ("", "Opaque"),
        ];
        for (text, expected) in rows {
            assert!(format!("{:?}", token(text)).starts_with(expected), "{text}");
        }
    }

    #[test]
    fn numeric_dates() {
        let rows = [
            ("1700000000", Some(1_700_000_000)),
            ("1700000000.9", Some(1_700_000_000)),
            ("1.7e9", Some(1_700_000_000)),
            ("-1", Some(-1)),
            ("99999999999999999999999999", Some(i64::MAX)),
            ("18446744073709551615", Some(i64::MAX)),
            ("1e308", Some(i64::MAX)),
            ("\"1700000000\"", Some(1_700_000_000)),
            ("\"soon\"", None),
            ("null", None),
            ("[]", None),
        ];
        for (text, expected) in rows {
            let found = read(&format!(r#"{{"exp":{text}}}"#)).expires_at.map(|it| it.0);
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn service_accounts() {
        let bound = read(
            r#"{"aud":["a","b"],"exp":2,"iat":1,"kubernetes.io":{"namespace":"ns","node":{"name":"n"},
            "pod":{"name":"web-0","uid":"p"},"serviceaccount":{"name":"sa","uid":"u"}},
            "sub":"system:serviceaccount:ns:sa"}"#,
        );
        assert_eq!(bound.audience, ["a", "b"]);
        let account = bound.service_account.unwrap();
        assert_eq!((account.namespace.as_str(), account.name.as_str()), ("ns", "sa"));
        assert_eq!(account.bound_to.as_deref(), Some("Pod web-0"));
        assert!(!bound.legacy);

        let legacy = read(
            r#"{"iss":"kubernetes/serviceaccount","kubernetes.io/serviceaccount/namespace":"ns",
            "kubernetes.io/serviceaccount/secret.name":"sa-token-x",
            "kubernetes.io/serviceaccount/service-account.name":"sa","sub":"odd"}"#,
        );
        assert!(legacy.legacy);
        assert_eq!(legacy.service_account.unwrap().secret.as_deref(), Some("sa-token-x"));

        assert_eq!(read(r#"{"sub":"system:serviceaccount:a:b:c"}"#).service_account, None);
        assert_eq!(read(r#"{"sub":7,"aud":"x","groups":["g",7]}"#).groups, ["g"]);
    }

    #[test]
    fn aws_token() {
        let url = "https://sts.eu-west-1.amazonaws.com/?Action=GetCallerIdentity&\
            X-Amz-Credential=AKIAEXAMPLE%2F20260110%2Feu-west-1%2Fsts%2Faws4_request&\
            X-Amz-Date=20260110T064434Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host%3Bx-k8s-aws-id";
        let Token::Aws(it) = token(&format!("k8s-aws-v1.{}", encode(url))) else { panic!() };
        assert_eq!(it.host.as_deref(), Some("sts.eu-west-1.amazonaws.com"));
        assert_eq!(it.access_key.as_deref(), Some("AKIAEXAMPLE"));
        assert_eq!(it.issued_at.unwrap().to_string(), "2026-01-10T06:44:34Z");
        assert_eq!(it.expires_at.unwrap().to_string(), "2026-01-10T06:59:34Z");
    }

    #[test]
    fn ack_token() {
        let json = r#"{"clusterId":"c5e","method":"POST","path":"/","headers":{
            "Authorization":"ACS3-HMAC-SHA256 Credential=LTAIEXAMPLE,SignedHeaders=host",
            "host":"sts.cn-hangzhou.aliyuncs.com","x-acs-date":"2026-01-10T06:44:34Z"}}"#;
        let Token::Ack(it) = token(&format!("k8s-ack-v2.{}", encode(json))) else { panic!() };
        assert_eq!(it.cluster.as_deref(), Some("c5e"));
        assert_eq!(it.access_key.as_deref(), Some("LTAIEXAMPLE"));
        assert_eq!(it.expires_at.unwrap().to_string(), "2026-01-10T06:59:34Z");
    }
}
