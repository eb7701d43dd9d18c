//! Bearer tokens: JWTs without verification, and the formats that are known by their shape.

use crate::time::Timestamp;

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

/// Recognises `token`.
pub fn token(token: &str) -> Token {
    Token::Opaque { length: token.len() }
}
