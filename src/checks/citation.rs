//! Where rules are written down. What several checks rest on stands here once.

use std::fmt;

/// The client-go release that citations and recorded fixtures refer to.
pub const CLIENT_GO: &str = "v0.33.1";

/// Where a rule is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Citation {
    /// A symbol in client-go, at [`CLIENT_GO`].
    ClientGo {
        /// File below the repository root.
        path: &'static str,
        /// Function or type in it.
        symbol: &'static str,
    },
    /// A section of an RFC.
    Rfc {
        /// Number of the RFC.
        number: u16,
        /// Section in it.
        section: &'static str,
    },
    /// A page of documentation.
    Page {
        /// Its title.
        title: &'static str,
        /// Its address.
        url: &'static str,
    },
}

impl Citation {
    /// Its address on the web.
    pub fn url(&self) -> String {
        match self {
            Citation::ClientGo { path, .. } => {
                format!("https://github.com/kubernetes/client-go/blob/{CLIENT_GO}/{path}")
            }
            Citation::Rfc { number, section } => {
                format!("https://www.rfc-editor.org/rfc/rfc{number}#section-{section}")
            }
            Citation::Page { url, .. } => (*url).to_owned(),
        }
    }
}

/// As a person would write it: "Load in client-go v0.33.1, tools/clientcmd/loader.go".
impl fmt::Display for Citation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Citation::ClientGo { path, symbol } => {
                write!(f, "{symbol} in client-go {CLIENT_GO}, {path}")
            }
            Citation::Rfc { number, section } => write!(f, "RFC {number}, section {section}"),
            Citation::Page { title, .. } => f.write_str(title),
        }
    }
}

const fn clientcmd(path: &'static str, symbol: &'static str) -> Citation {
    Citation::ClientGo { path, symbol }
}

const fn page(title: &'static str, url: &'static str) -> Citation {
    Citation::Page { title, url }
}

pub(super) const LOAD: Citation = clientcmd("tools/clientcmd/loader.go", "Load");
pub(super) const LOADING_RULES: Citation =
    clientcmd("tools/clientcmd/loader.go", "ClientConfigLoadingRules.Load");
pub(super) const FILE_REFERENCES: Citation = clientcmd("tools/clientcmd/loader.go", "ResolvePaths");
pub(super) const FIELDS: Citation = clientcmd("tools/clientcmd/api/v1/types.go", "Config");
pub(super) const NAMES: Citation = clientcmd(
    "tools/clientcmd/api/v1/conversion.go",
    "Convert_Slice_v1_NamedCluster_To_Map_string_To_Pointer_api_Cluster",
);
pub(super) const REDACT: Citation = clientcmd("tools/clientcmd/api/helpers.go", "RedactSecrets");
pub(super) const VALIDATE_USER: Citation =
    clientcmd("tools/clientcmd/validation.go", "validateAuthInfo");
pub(super) const VALIDATE_CLUSTER: Citation =
    clientcmd("tools/clientcmd/validation.go", "validateClusterInfo");
pub(super) const VALIDATE_CONTEXT: Citation =
    clientcmd("tools/clientcmd/validation.go", "validateContext");
pub(super) const GET_CONTEXT: Citation =
    clientcmd("tools/clientcmd/client_config.go", "DirectClientConfig.getContext");
pub(super) const GET_CLUSTER: Citation =
    clientcmd("tools/clientcmd/client_config.go", "DirectClientConfig.getCluster");
pub(super) const CLIENT_CONFIG: Citation =
    clientcmd("tools/clientcmd/client_config.go", "DirectClientConfig.ClientConfig");
pub(super) const CREDENTIALS: Citation = clientcmd(
    "tools/clientcmd/client_config.go",
    "DirectClientConfig.getUserIdentificationPartialConfig",
);
pub(super) const PROXY: Citation = clientcmd("tools/clientcmd/helpers.go", "parseProxyURL");
pub(super) const SERVER_URL: Citation = clientcmd("rest/url_utils.go", "DefaultServerURL");
pub(super) const TLS_CONFIG: Citation = clientcmd("transport/transport.go", "TLSConfigFor");
pub(super) const ROOT_POOL: Citation = clientcmd("transport/transport.go", "rootCertPool");
pub(super) const BEARER: Citation =
    clientcmd("transport/round_trippers.go", "NewBearerAuthWithRefreshRoundTripper");
pub(super) const EXEC_VERSIONS: Citation =
    clientcmd("plugin/pkg/client/auth/exec/exec.go", "newAuthenticator");
pub(super) const EXEC_SKIPPED: Citation =
    clientcmd("plugin/pkg/client/auth/exec/exec.go", "Authenticator.UpdateTransportConfig");
pub(super) const EXEC_CONFIG: Citation = clientcmd("tools/clientcmd/api/types.go", "ExecConfig");
pub(super) const AUTH_PROVIDERS: Citation = clientcmd("rest/plugin.go", "GetAuthProvider");
pub(super) const GCP_REMOVED: Citation =
    clientcmd("plugin/pkg/client/auth/gcp/gcp_stub.go", "newGCPAuthProvider");

pub(super) const CLIENT_CERTIFICATES: Citation = page(
    "Kubernetes: Authenticating, X.509 client certificates",
    "https://kubernetes.io/docs/reference/access-authn-authz/authentication/#x509-client-certificates",
);
pub(super) const IMPERSONATION: Citation = page(
    "Kubernetes: Authenticating, user impersonation",
    "https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation",
);
pub(super) const X509_REQUEST: Citation = page(
    "Kubernetes API server: DefaultVerifyOptions and CommonNameUserConversion",
    "https://github.com/kubernetes/apiserver/blob/v0.33.1/pkg/authentication/request/x509/x509.go",
);
pub(super) const RBAC_PRACTICES: Citation = page(
    "Kubernetes: RBAC good practices, least privilege",
    "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#least-privilege",
);
pub(super) const HARDENING_CERTIFICATES: Citation = page(
    "Kubernetes: hardening guide, X.509 client certificate authentication",
    "https://kubernetes.io/docs/concepts/security/hardening-guide/authentication-mechanisms/#x509-client-certificate-authentication",
);
pub(super) const HARDENING_LEGACY_TOKENS: Citation = page(
    "Kubernetes: hardening guide, service account secret tokens",
    "https://kubernetes.io/docs/concepts/security/hardening-guide/authentication-mechanisms/#service-account-secret-tokens",
);
pub(super) const HARDENING_BOOTSTRAP: Citation = page(
    "Kubernetes: hardening guide, bootstrap tokens",
    "https://kubernetes.io/docs/concepts/security/hardening-guide/authentication-mechanisms/#bootstrap-tokens",
);
pub(super) const ORGANIZING: Citation = page(
    "Kubernetes: Organizing Cluster Access Using kubeconfig Files",
    "https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/",
);
pub(super) const TRUSTED_SOURCES: Citation = page(
    "Kubernetes: Configure Access to Multiple Clusters, use only files from trusted sources",
    "https://kubernetes.io/docs/tasks/access-application-cluster/configure-access-multiple-clusters/",
);
pub(super) const GO_VERIFY: Citation = page(
    "Go: crypto/x509, Certificate.Verify",
    "https://pkg.go.dev/crypto/x509#Certificate.Verify",
);
pub(super) const GO_KEY_PAIR: Citation =
    page("Go: crypto/tls, X509KeyPair", "https://pkg.go.dev/crypto/tls#X509KeyPair");
pub(super) const GO_URL: Citation =
    page("Go 1.26 release notes: net/url", "https://go.dev/doc/go1.26#neturlpkgneturl");
pub(super) const GO_SERIAL: Citation =
    page("Go 1.23 release notes: crypto/x509", "https://go.dev/doc/go1.23#cryptox509pkgcryptox509");
pub(super) const GO_RSA: Citation =
    page("Go 1.24 release notes: crypto/rsa", "https://go.dev/doc/go1.24#cryptorsapkgcryptorsa");
pub(super) const GO_SHA1: Citation =
    page("Go: crypto/x509 rejects SHA-1 signatures", "https://github.com/golang/go/issues/41682");
pub(super) const PKI: Citation = page(
    "Kubernetes: PKI certificates and requirements",
    "https://kubernetes.io/docs/setup/best-practices/certificates/",
);
pub(super) const NO_BASIC_AUTH: Citation = page(
    "Kubernetes 1.19: the API server's basic authentication is removed",
    "https://github.com/kubernetes/kubernetes/pull/89069",
);
pub(super) const ACK_REVOKE: Citation = page(
    "Alibaba Cloud: Revoke a cluster's kubeconfig file",
    "https://www.alibabacloud.com/help/en/ack/ack-managed-and-ack-dedicated/user-guide/revoke-a-kubeconfig-credential",
);
pub(super) const ACK_MANAGE: Citation = page(
    "Alibaba Cloud: Manage kubeconfig files",
    "https://www.alibabacloud.com/help/en/ack/ack-managed-and-ack-dedicated/user-guide/kubeconfig-operation-guide",
);
