//! Messages of kubectl beside kubeconfigs, and the cause that must stand first.
//!
//! The wordings are those that kubectl 1.20 to 1.37 print, as recorded from the binaries or
//! read in the sources of client-go and Go; those of other programs are from public threads.

use std::fs;

use kubeconfig_inspector::{
    Options, Report, diagnose::predict, inspect_with, source::Source, time::Timestamp,
};

/// A kubeconfig with the context `prod`, and what stands in its cluster and user.
fn config(cluster: &str, user: &str) -> String {
    let indent = |text: &str| text.lines().map(|it| format!("    {it}\n")).collect::<String>();
    format!(
        "apiVersion: v1\nkind: Config\nclusters:\n- name: main\n  cluster:\n{}contexts:\n\
         - name: prod\n  context:\n    cluster: main\n    user: alice\nusers:\n- name: alice\n  \
         user:\n{}current-context: prod\n",
        indent(cluster),
        indent(user)
    )
}

fn fixture(name: &str) -> String {
    let path = format!("{}/tests/fixtures/real/{name}", env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

const NOW: &str = "2026-11-01T00:00:00Z";

fn read(config: &str, message: &str) -> Report {
    let sources = match config {
        "" => vec![],
        _ => vec![Source::new("config", config)],
    };
    let now = Timestamp::parse(NOW).expect("NOW is a time");
    inspect_with(&sources, now, &Options { merge: false, message: Some(message.to_owned()) })
}

/// The ids of the causes, in order.
fn ids(config: &str, message: &str) -> Vec<&'static str> {
    read(config, message).diagnosis.iter().map(|it| it.id).collect()
}

fn check(config: &str, rows: &[(&str, &str)]) {
    for (message, expected) in rows {
        let ids = ids(config, message);
        assert_eq!(ids.first(), Some(expected), "{message}\nall: {ids:?}\n{config}");
    }
}

const TOKEN: &str = "token: opaque-token";

fn plain() -> String {
    config("server: https://203.0.113.10:6443\ncertificate-authority: ca.crt", TOKEN)
}

#[test]
fn trust() {
    check(
        &plain(),
        &[
            (
                "Unable to connect to the server: x509: certificate is valid for 10.0.0.1, not 203.0.113.10",
                "server-name-mismatch",
            ),
            (
                "Unable to connect to the server: tls: failed to verify certificate: x509: certificate is valid for kubernetes, 10.0.0.1, not 203.0.113.10",
                "server-name-mismatch",
            ),
            (
                "Error while proxying request: x509: certificate is valid for 10.0.0.1, not 203.0.113.10",
                "server-name-mismatch",
            ),
            (
                "unable to connect to the server: X509: certificate is valid\n for kubernetes,\n kubernetes.default, not\n 203.0.113.10",
                "server-name-mismatch",
            ),
            (
                "{\"error\":\"Get \\\"https://203.0.113.10:6443/api\\\": x509: certificate is valid for kubernetes, not 203.0.113.10\"}",
                "server-name-mismatch",
            ),
            (
                "Unable to connect to the server: x509: certificate is valid for ingress.local, not 203.0.113.10",
                "ingress-certificate",
            ),
            (
                "Hostname/IP does not match certificate's altnames: IP: 203.0.113.10 is not in the cert's list: 10.0.0.1",
                "server-name-mismatch",
            ),
            (
                "ssl.SSLCertVerificationError: IP address mismatch, certificate is not valid for '203.0.113.10'",
                "server-name-mismatch",
            ),
            (
                "x509: cannot validate certificate for 203.0.113.10 because it doesn't contain any IP SANs",
                "ip-without-sans",
            ),
            (
                "x509: certificate relies on legacy Common Name field, use SANs or temporarily enable Common Name matching with GODEBUG=x509ignoreCN=0",
                "certificate-without-sans",
            ),
            (
                "x509: certificate relies on legacy Common Name field, use SANs instead",
                "certificate-without-sans",
            ),
            (
                "Unable to connect to the server: x509: certificate signed by unknown authority",
                "ca-of-another-cluster",
            ),
            (
                "Unable to connect to the server: tls: failed to verify certificate: x509: certificate signed by unknown authority",
                "ca-of-another-cluster",
            ),
            (
                "x509: certificate signed by unknown authority (possibly because of \"crypto/rsa: verification error\" while trying to verify candidate authority certificate \"kubernetes\")",
                "ca-rotated",
            ),
            (
                "x509: certificate signed by unknown authority (possibly because of \"x509: invalid signature: parent certificate cannot sign this kind of certificate\" while trying to verify candidate authority certificate \"x\")",
                "ca-not-a-ca",
            ),
            (
                "x509: certificate signed by unknown authority issuer: Zscaler Root CA",
                "tls-intercepted",
            ),
            ("x509: certificate is not authorized to sign other certificates", "not-a-ca"),
            ("x509: certificate specifies an incompatible key usage", "wrong-key-usage"),
            (
                "Unable to connect to the server: x509: “kube-apiserver” certificate is not standards compliant",
                "macos-certificate-policy",
            ),
            ("remote error: tls: certificate required", "no-client-certificate"),
            (
                "Unable to connect to the server: remote error: tls: protocol version not supported",
                "tls-version",
            ),
            (
                "Unable to connect to the server: http: server gave HTTP response to HTTPS client",
                "http-behind-https",
            ),
            ("tls: first record does not look like a TLS handshake", "not-tls"),
            (
                "crypto/rsa: 1023-bit keys are insecure (see https://go.dev/pkg/crypto/rsa#hdr-Minimum_key_size)",
                "client-key-too-weak",
            ),
            (
                "error: specifying a root certificates file with the insecure flag is not allowed",
                "ca-and-insecure",
            ),
        ],
    );
    check(
        &config("server: https://203.0.113.10:6443", TOKEN),
        &[
            ("x509: certificate signed by unknown authority", "no-ca-in-file"),
            ("certificate is not trusted", "macos-certificate-policy"),
        ],
    );
    check(
        &config("server: https://203.0.113.10:6443\ntls-server-name: wrong.example.test", TOKEN),
        &[(
            "x509: certificate is valid for localhost, kube.example.test, not wrong.example.test",
            "tls-server-name-wrong",
        )],
    );
    check(
        &config("server: 203.0.113.10:6443", TOKEN),
        &[
            (
                "Error from server (BadRequest): Client sent an HTTP request to an HTTPS server.",
                "https-behind-http",
            ),
            ("malformed HTTP response \"\\x15\\x03\\x01\\x00\\x02\\x02\"", "https-behind-http"),
        ],
    );
}

#[test]
fn expiry_of_the_server_and_of_the_client_are_told_apart() {
    check(
        &plain(),
        &[
            (
                "x509: certificate has expired or is not yet valid: current time 2026-11-01T00:00:00Z is after 2025-12-31T00:00:00Z",
                "server-certificate-expired",
            ),
            (
                "x509: certificate has expired or is not yet valid: current time 2026-01-15T08:00:00+08:00 is after 2025-12-31T00:00:00Z",
                "server-certificate-expired",
            ),
            (
                "x509: certificate has expired or is not yet valid: current time 2031-02-01T00:00:00Z is after 2030-01-01T00:00:00Z",
                "clock-wrong",
            ),
            (
                "x509: certificate has expired or is not yet valid: current time 1970-01-01T00:01:00Z is before 2025-01-01T00:00:00Z",
                "clock-wrong",
            ),
            (
                "x509: certificate has expired or is not yet valid: current time 2026-11-01T00:00:00Z is before 2026-12-01T00:00:00Z",
                "server-certificate-expired",
            ),
            ("x509: certificate has expired or is not yet valid", "server-certificate-expired"),
        ],
    );
    let expired = fixture("kubectl-expired.yaml");
    check(
        &expired,
        &[
            (
                "error: You must be logged in to the server (Unauthorized)",
                "client-certificate-expired",
            ),
            (
                "error: You must be logged in to the server (the server has asked for the client to provide credentials)",
                "client-certificate-expired",
            ),
            (
                "E1123 10:15:01.1 1 memcache.go:265] couldn't get current server API group list: the server has asked for the client to provide credentials\nE1123 10:15:02.1 1 memcache.go:265] couldn't get current server API group list: the server has asked for the client to provide credentials\nerror: You must be logged in to the server (the server has asked for the client to provide credentials)",
                "client-certificate-expired",
            ),
            (
                "couldn't get current server API group list: Unauthorized",
                "client-certificate-expired",
            ),
            ("remote error: tls: expired certificate", "client-certificate-expired"),
            (
                "x509: certificate has expired or is not yet valid: current time 2026-11-01T00:00:00Z is after 2026-01-01T00:00:00Z",
                "server-certificate-expired",
            ),
        ],
    );
    let report = read(
        &expired,
        "x509: certificate has expired or is not yet valid: current time 2026-11-01T00:00:00Z is after 2026-01-01T00:00:00Z",
    );
    let ruled_out = report.diagnosis[0].ruled_out.join("\n");
    assert!(ruled_out.contains("An expired client certificate"), "{ruled_out}");
}

#[test]
fn identity() {
    check(
        &plain(),
        &[
            ("error: You must be logged in to the server (Unauthorized)", "token-expired"),
            (
                "Error from server (Forbidden): pods is forbidden: User \"alice\" cannot list resource \"pods\" in API group \"\" in the namespace \"default\"",
                "permission-missing",
            ),
            (
                "Error from server (Forbidden): nodes is forbidden: User \"system:anonymous\" cannot list resource \"nodes\" in API group \"\" at the cluster scope",
                "anonymous",
            ),
            (
                "Unable to authenticate the request\" err=\"[x509: certificate has expired or is not yet valid: current time 2026-11-01T00:00:00Z is after 2026-01-01T00:00:00Z, verifying certificate SN=1, SKID=, AKID= failed",
                "client-certificate-expired",
            ),
            (
                "verifying certificate SN=12, SKID=, AKID=1 failed: x509: certificate signed by unknown authority",
                "client-certificate-other-ca",
            ),
            ("error: no Auth Provider found for name \"gcp\"", "no-auth-provider"),
            ("no Auth Provider found for name \"openstack\"", "no-auth-provider"),
            (
                "error: The gcp auth plugin has been removed.\nPlease use the \"gke-gcloud-auth-plugin\" kubectl/client-go credential plugin instead.",
                "auth-plugin-removed",
            ),
            ("error: The azure auth plugin has been removed.", "auth-plugin-removed"),
            (
                "Unable to connect to the server: No valid id-token, and cannot refresh without refresh-token",
                "oidc-token-expired",
            ),
            ("Unable to connect to the server: ID Token is not a valid JWT", "oidc-not-a-jwt"),
            ("error: Must provide idp-issuer-url", "oidc-incomplete"),
            (
                "failed to refresh token: oauth2: cannot fetch token: 400 Bad Request",
                "oidc-refresh-failed",
            ),
            (
                "error: username/password or bearer token may be set, but not both",
                "token-and-password",
            ),
            (
                "error: more than one authentication method found for alice; found [token basicAuth], only one is allowed",
                "token-and-password",
            ),
            ("Please enter Username: ", "other-context"),
        ],
    );
    check(
        &config("server: https://203.0.113.10:6443", "{}"),
        &[
            ("Please enter Username: error: EOF", "no-credentials"),
            ("error: EOF", "no-credentials"),
        ],
    );
    check(
        &config("server: https://203.0.113.10:6443", "username: a\npassword: b"),
        &[("error: You must be logged in to the server (Unauthorized)", "basic-auth-removed")],
    );
    check(
        &config("server: https://203.0.113.10:6443", "token: |\n  abc"),
        &[(
            "Unable to connect to the server: net/http: invalid header field value for \"Authorization\"",
            "token-with-line-break",
        )],
    );
    check(
        &config("server: https://203.0.113.10:6443", "token: Bearer abc"),
        &[("error: You must be logged in to the server (Unauthorized)", "token-malformed")],
    );
    check(
        &config("server: https://203.0.113.10:6443", "token: REDACTED"),
        &[("error: You must be logged in to the server (Unauthorized)", "redacted-credential")],
    );
    check(
        &config("server: http://203.0.113.10:6443", TOKEN),
        &[("error: You must be logged in to the server (Unauthorized)", "no-credential-over-http")],
    );
    check(
        &fixture("eks.yaml"),
        &[(
            "error: You must be logged in to the server (the server has asked for the client to provide credentials)",
            "exec-credential-refused",
        )],
    );
    let missing = plain().replace("- name: alice", "- name: bob");
    check(&missing, &[("Please enter Username: ", "user-missing")]);
}

#[test]
fn programs_that_sign_in() {
    check(
        &fixture("eks.yaml"),
        &[
            (
                "Unable to connect to the server: getting credentials: exec: executable aws not found\n\nIt looks like you are trying to use a client-go credential plugin that is not installed.",
                "exec-not-found",
            ),
            (
                "Unable to connect to the server: getting credentials: exec: fork/exec /usr/bin/aws: no such file or directory",
                "exec-not-found",
            ),
            ("exec: \"aws\": executable file not found in $PATH", "exec-not-found"),
            ("exec: \"aws\": executable file not found in %PATH%", "exec-not-found"),
            (
                "getting credentials: exec: fork/exec /usr/bin/aws: permission denied",
                "exec-not-executable",
            ),
            (
                "getting credentials: exec: fork/exec /usr/bin/aws: exec format error",
                "exec-not-executable",
            ),
            (
                "Unable to connect to the server: getting credentials: exec: executable aws failed with exit code 255",
                "exec-failed",
            ),
            ("getting credentials: exec: exit status 2", "exec-failed"),
            (
                "Unable to locate credentials. You can configure credentials by running \"aws configure\".\nUnable to connect to the server: getting credentials: exec: executable aws failed with exit code 253",
                "cloud-login-expired",
            ),
            (
                "Error loading SSO Token: Token for x does not exist\nUnable to connect to the server: getting credentials: exec: executable aws failed with exit code 255",
                "cloud-login-expired",
            ),
            (
                "The config profile (prod) could not be found\nUnable to connect to the server: getting credentials: exec: executable aws failed with exit code 255",
                "exec-profile-missing",
            ),
            (
                "An error occurred (AccessDenied) when calling AssumeRole\nUnable to connect to the server: getting credentials: exec: executable aws failed with exit code 254",
                "exec-access-denied",
            ),
            (
                "error: exec plugin: invalid apiVersion \"client.authentication.k8s.io/v1alpha1\"",
                "exec-api-removed",
            ),
            (
                "error: exec plugin: invalid apiVersion \"client.authentication.k8s.io/v9\"",
                "exec-api-unknown",
            ),
            (
                "exec plugin is configured to use API version client.authentication.k8s.io/v1beta1, plugin returned version client.authentication.k8s.io/v1alpha1",
                "exec-version-mismatch",
            ),
            (
                "getting credentials: exec plugin cannot support interactive mode: standard input is not a terminal",
                "exec-no-terminal",
            ),
            (
                "error: interactiveMode must be specified for u1 to use exec authentication plugin",
                "exec-interactive-mode",
            ),
            ("error: invalid interactiveMode for u1: \"never\"", "exec-interactive-mode"),
            ("getting credentials: exec plugin didn't return a status field", "exec-output"),
            ("getting credentials: decoding stdout: parsing time \"tomorrow\"", "exec-output"),
            ("plugin \"aws\" not allowed: policy set to \"DenyAll\"", "exec-not-permitted"),
            (
                "Could not connect to the endpoint URL: \"https://sts.eu-central-1.amazonaws.com/\"\nUnable to connect to the server: getting credentials: exec: executable aws failed with exit code 255",
                "exec-failed",
            ),
        ],
    );
}

#[test]
fn network() {
    check(
        &plain(),
        &[
            (
                "The connection to the server localhost:8080 was refused - did you specify the right host or port?",
                "connection-refused-no-config",
            ),
            (
                "E1123 10:15:01.123456 12345 memcache.go:238] couldn't get current server API group list: Get \"http://localhost:8080/api?timeout=32s\": dial tcp 127.0.0.1:8080: connect: connection refused\nThe connection to the server localhost:8080 was refused - did you specify the right host or port?",
                "connection-refused-no-config",
            ),
            (
                "The connection to the server 203.0.113.10:6443 was refused - did you specify the right host or port?",
                "server-not-listening",
            ),
            (
                "dial tcp 203.0.113.10:6443: connectex: No connection could be made because the target machine actively refused it.",
                "server-not-listening",
            ),
            (
                "Unable to connect to the server: dial tcp 203.0.113.10:6443: i/o timeout",
                "firewall-drops",
            ),
            (
                "Unable to connect to the server: dial tcp 203.0.113.10:6443: connectex: A connection attempt failed because the connected party did not properly respond",
                "firewall-drops",
            ),
            (
                "Unable to connect to the server: net/http: TLS handshake timeout",
                "server-overloaded",
            ),
            (
                "Unable to connect to the server: context deadline exceeded (Client.Timeout exceeded while awaiting headers)",
                "server-overloaded",
            ),
            (
                "Unable to connect to the server: dial tcp: lookup api.internal on 127.0.0.53:53: no such host",
                "private-name",
            ),
            (
                "Unable to connect to the server: dial tcp: lookup x.gr7.eu-central-1.eks.amazonaws.com: no such host",
                "cluster-gone",
            ),
            (
                "Unable to connect to the server: dial tcp: lookup <server>: no such host",
                "placeholder-server",
            ),
            (
                "Unable to connect to the server: dial tcp: lookup https:127.0.0.1: no such host",
                "server-address-malformed",
            ),
            ("dial tcp: lookup k8s.acme.org on 10.0.0.2:53: server misbehaving", "dns-down"),
            (
                "dial tcp 203.0.113.10:6443: connect: no route to host",
                "private-address-from-outside",
            ),
            ("Unable to connect to the server: EOF", "connection-cut"),
            (
                "read tcp 10.0.0.5:51234->203.0.113.10:6443: read: connection reset by peer",
                "connection-cut",
            ),
            (
                "proxyconnect tcp: tls: first record does not look like a TLS handshake",
                "proxy-scheme",
            ),
            (
                "proxyconnect tcp: dial tcp 10.0.0.9:3128: connect: connection refused",
                "proxy-unreachable",
            ),
            (
                "Unable to connect to the server: proxyconnect tcp: tls: failed to verify certificate: x509: certificate signed by unknown authority",
                "proxy-certificate",
            ),
            (
                "Unable to connect to the server: Proxy Authentication Required",
                "proxy-authentication",
            ),
            (
                "error: invalid 'proxy-url' \"socks5h://127.0.0.1:1\" for cluster \"main\": unsupported scheme \"socks5h\", must be http, https, or socks5",
                "proxy-scheme",
            ),
            (
                "error: invalid 'proxy-url' \"127.0.0.1:1\" for cluster \"main\": could not parse: 127.0.0.1:1",
                "proxy-url-malformed",
            ),
            (
                "Unable to connect to the server: unsupported protocol scheme \"htps\"",
                "server-scheme",
            ),
            ("error: host must be a URL or a host:port pair: \"https:/127.0.0.1:1\"", "server-url"),
            (
                "Error from server (NotFound): the server could not find the requested resource",
                "server-path-wrong",
            ),
            (
                "Error from server (ServiceUnavailable): the server is currently unable to handle the request",
                "control-plane-unhealthy",
            ),
            (
                "Error from server (ServiceUnavailable): the server is currently unable to handle the request (get nodes.metrics.k8s.io)",
                "aggregated-api-down",
            ),
            (
                "Error from server (InternalError): an error on the server (\"<html><head>\") has prevented the request from succeeding",
                "server-path-wrong",
            ),
        ],
    );
    check(
        &config("server: https://10.0.0.5:6443", TOKEN),
        &[(
            "Unable to connect to the server: dial tcp 10.0.0.5:6443: i/o timeout",
            "private-address-from-outside",
        )],
    );
    check(
        &fixture("k3s.yaml"),
        &[(
            "The connection to the server 127.0.0.1:6443 was refused - did you specify the right host or port?",
            "connection-refused-loopback",
        )],
    );
    check(
        &fixture("kind.yaml"),
        &[(
            "The connection to the server 127.0.0.1:41837 was refused - did you specify the right host or port?",
            "local-cluster-stopped",
        )],
    );
    check(
        &plain().replace("current-context: prod\n", ""),
        &[(
            "The connection to the server localhost:8080 was refused - did you specify the right host or port?",
            "no-current-context",
        )],
    );
    check(
        &plain().replace("- name: main", "- name: other"),
        &[(
            "The connection to the server localhost:8080 was refused - did you specify the right host or port?",
            "context-without-cluster",
        )],
    );
    check(
        "apiVersion: v1\n",
        &[(
            "The connection to the server localhost:8080 was refused - did you specify the right host or port?",
            "empty-kubeconfig",
        )],
    );
    check(
        &config("server: https://203.0.113.10:6443\nproxy-url: http://127.0.0.1:3128", TOKEN),
        &[(
            "The connection to the server 203.0.113.10:6443 was refused - did you specify the right host or port?",
            "proxy-refused",
        )],
    );
}

#[test]
fn files() {
    check(
        &plain(),
        &[
            (
                "error: error loading config file \"/root/.kube/config\": yaml: line 10: mapping values are not allowed in this context",
                "yaml-syntax",
            ),
            (
                "error: error loading config file \"c\": yaml: line 7: found a tab character that violates indentation",
                "yaml-tab",
            ),
            (
                "error: error loading config file \"c\": yaml: line 10: found character that cannot start any token",
                "yaml-tab",
            ),
            (
                "error: error loading config file \"c\": yaml: control characters are not allowed",
                "not-text",
            ),
            (
                "error: error loading config file \"c\": yaml: invalid map key: map[interface {}]interface {}{\".Values.token\":interface {}(nil)}",
                "template-not-rendered",
            ),
            (
                "error: error loading config file \"c\": yaml: document contains excessive aliasing",
                "yaml-aliases",
            ),
            (
                "error: error loading config file \"c\": couldn't get version/kind; json parse error: json: cannot unmarshal string into Go value of type struct { APIVersion string }",
                "not-a-kubeconfig",
            ),
            (
                "error: error loading config file \"c\": no kind \"Config\" is registered for version \"client.authentication.k8s.io/v1beta1\" in scheme \"pkg/runtime/scheme.go:100\"",
                "wrong-kind",
            ),
            (
                "error: error loading config file \"c\": json: cannot unmarshal number into Go struct field AuthInfo.users.user.token of type string",
                "wrong-type",
            ),
            (
                "error: error loading config file \"c\": v1.Config.Contexts: []v1.NamedContext: ReadString: expects \" or n, but found 1, error found in #10 byte of ...",
                "wrong-type",
            ),
            (
                "error: error loading config file \"c\": illegal base64 data at input byte 76",
                "illegal-base64",
            ),
            (
                "error: error loading config file \"c\": error converting *[]NamedContext into *map[string]*api.Context: duplicate name \"dup\" in list: []",
                "duplicate-name",
            ),
            (
                "error: error loading config file \"/etc/kubernetes/admin.conf\": open /etc/kubernetes/admin.conf: permission denied",
                "permission-denied",
            ),
            (
                "error: error loading config file \"/root/.kube/config\": read /root/.kube/config: is a directory",
                "kubeconfig-is-a-folder",
            ),
            ("error: stat /root/nope: no such file or directory", "kubeconfig-missing"),
            (
                "error: unable to load root certificates: unable to parse bytes as PEM block",
                "ca-not-pem",
            ),
            (
                "error: tls: failed to find any PEM data in certificate input",
                "client-certificate-not-pem",
            ),
            ("error: tls: failed to find any PEM data in key input", "client-key-not-pem"),
            (
                "error: tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched",
                "certificate-and-key-switched",
            ),
            (
                "error: tls: found a certificate rather than a key in the PEM for the private key",
                "certificate-and-key-switched",
            ),
            ("error: tls: private key does not match public key", "key-mismatch"),
            ("error: tls: private key type does not match public key type", "key-mismatch"),
            ("error: tls: failed to parse private key", "key-unreadable"),
            ("error: x509: malformed certificate", "certificate-malformed"),
            ("error: x509: negative serial number", "negative-serial"),
            (
                "error: unable to read certificate-authority /home/me/ca.crt for main due to open /home/me/ca.crt: no such file or directory",
                "referenced-file-missing",
            ),
            (
                "error: client-key-data or client-key must be specified for alice to use the clientCert authentication method.",
                "certificate-without-key",
            ),
            (
                "error: certificate-authority-data and certificate-authority are both specified for main. certificate-authority-data will override.",
                "path-and-data",
            ),
            (
                "error: authProvider cannot be provided in combination with an exec plugin for alice",
                "exec-and-auth-provider",
            ),
            (
                "Error in configuration: \n* command must be specified for u1 to use exec authentication plugin\n* apiVersion must be specified for u1 to use exec authentication plugin",
                "exec-incomplete",
            ),
            (
                "error: requesting groups or user-extra for alice without impersonating a user",
                "impersonation-without-user",
            ),
            (
                "Error in configuration: context was not found for specified context: staging",
                "context-not-found",
            ),
            ("error: no context exists with the name: \"Prod\"", "context-not-found"),
            ("error: current-context is not set", "no-current-context"),
            (
                "invalid configuration: no configuration has been provided, try setting KUBERNETES_MASTER environment variable",
                "kubeconfig-not-read",
            ),
            (
                "Error: Kubernetes cluster unreachable: invalid configuration: no configuration has been provided",
                "kubeconfig-not-read",
            ),
            ("invalid namespace \"a/b\": [may not contain '/']", "namespace-invalid"),
            ("error: cluster \"gone\" does not exist", "cluster-not-found"),
        ],
    );
    check(
        &plain().replace("current-context: prod", "current-context: gone"),
        &[(
            "Error in configuration: context was not found for specified context: gone",
            "current-context-dangles",
        )],
    );
    check(
        &fixture("kubectl-view-redacted.yaml"),
        &[
            (
                "error: unable to load root certificates: unable to parse bytes as PEM block",
                "redacted-kubeconfig",
            ),
            ("error: tls: failed to find any PEM data in certificate input", "redacted-kubeconfig"),
        ],
    );
    check(
        "apiVersion: v2\nkind: Config\nclusters: []\n",
        &[(
            "error: error loading config file \"c\": no kind \"Config\" is registered for version \"v2\" in scheme \"k8s.io/client-go/tools/clientcmd/api/latest/latest.go:50\"",
            "wrong-kind",
        )],
    );
}

#[test]
fn not_our_problem() {
    check(
        &plain(),
        &[
            (
                "Error from server (InternalError): Internal error occurred: failed calling webhook \"v.example.com\": failed to call webhook: Post \"https://v.svc:443/\": x509: certificate signed by unknown authority",
                "webhook-failed",
            ),
            (
                "Error from server: error dialing backend: dial tcp 10.0.0.7:10250: i/o timeout",
                "kubelet-unreachable",
            ),
            (
                "Error from server: Get \"https://10.0.0.7:10250/containerLogs/a/b/c\": x509: cannot validate certificate for 10.0.0.7 because it doesn't contain any IP SANs",
                "kubelet-unreachable",
            ),
            (
                "Error from server: error dialing backend: remote error: tls: internal error",
                "kubelet-unreachable",
            ),
            (
                "Failed to pull image \"r.example/a:1\": x509: certificate signed by unknown authority",
                "image-pull",
            ),
            (
                "error: unable to recognize \"a.yaml\": no matches for kind \"Ingress\" in version \"extensions/v1beta1\"",
                "unknown-kind",
            ),
            ("error: the server doesn't have a resource type \"foo\"", "unknown-kind"),
            ("Error from server (NotFound): pods \"web\" not found", "object-not-found"),
            ("error: Metrics API not available", "metrics-missing"),
            ("bash: kubectl: command not found", "kubectl-missing"),
            (
                "WARNING: version difference between client (1.33) and server (1.27) exceeds the supported minor version skew of +/-1",
                "version-skew",
            ),
            (
                "Error from server: admission webhook \"x\" denied the request: no",
                "admission-denied",
            ),
            ("all is well", "unknown-message"),
            ("Das Programm wurde unerwartet beendet: 0x5", "unknown-message"),
        ],
    );
}

#[test]
fn a_name_mismatch_offers_the_safe_ways_first() {
    let config = "\
apiVersion: v1
kind: Config
clusters:
- name: public
  cluster: {server: 'https://203.0.113.10:6443', certificate-authority: ca.crt}
- name: private
  cluster: {server: 'https://10.0.0.1:6443', certificate-authority: ca.crt}
contexts:
- {name: outside, context: {cluster: public, user: u}}
- {name: inside, context: {cluster: private, user: u}}
users:
- {name: u, user: {token: t}}
current-context: inside
";
    let message = "Unable to connect to the server: x509: certificate is valid for kubernetes, \
                   10.96.0.1, 10.0.0.1, not 203.0.113.10";
    let report = read(config, message);
    let first = &report.diagnosis[0];
    assert_eq!(first.context.as_deref(), Some("outside"));
    assert_eq!(
        first.commands,
        [
            "kubectl --context inside get namespaces",
            "kubectl config set-cluster public --tls-server-name=kubernetes",
            "kubectl --context outside --insecure-skip-tls-verify get namespaces",
            "kubectl config set-cluster public --insecure-skip-tls-verify=true",
        ]
    );
    let order = [
        "Use the context inside",
        "tls-server-name: kubernetes",
        "Add 203.0.113.10",
        "On an ACK managed cluster",
        "Last resort",
    ];
    assert_eq!(first.fix.len(), order.len(), "{:#?}", first.fix);
    for (step, begins) in first.fix.iter().zip(order) {
        assert!(step.contains(begins), "{begins}: {step}");
    }
    assert_eq!(first.ruled_out.len(), 2, "{:#?}", first.ruled_out);
}

#[test]
fn hostile_names_are_quoted_in_commands() {
    let config = plain().replace("main", "\"a'; rm -rf ~ #\"");
    let report = read(&config, "x509: certificate is valid for $HOME.x, not 203.0.113.10");
    let commands = report.diagnosis[0].commands.join("\n");
    assert!(commands.contains(r"'a'\''; rm -rf ~ #' --tls-server-name='$HOME.x'"), "{commands}");
}

#[test]
fn a_ticket_copied_whole_is_taken_apart() {
    let ticket = format!(
        "Hello, our deployment fails since this morning:\n```\n$ kubectl get ns\nUnable to connect \
         to the server: dial tcp 203.0.113.10:6443: i/o timeout\n```\nThe kubeconfig:\n```yaml\n{}```\n",
        plain()
    );
    let now = Timestamp::parse(NOW).expect("NOW is a time");
    let report = inspect_with(&[Source::new("ticket", ticket)], now, &Options::default());
    assert_eq!(report.diagnosis.first().map(|it| it.id), Some("firewall-drops"));
}

#[test]
fn without_a_message_kubectl_s_next_words_are_told() {
    let now = Timestamp::parse(NOW).expect("NOW is a time");
    let says = |config: &str| -> String {
        let report = inspect_with(&[Source::new("c", config)], now, &Options::default());
        let context = report.facts.readings[0].contexts[0].clone();
        predict(&report.facts, &context).map_or("nothing".to_owned(), |it| it.says)
    };
    let rows = [
        (plain(), "nothing"),
        (config("server: https://203.0.113.10:6443", "{}"), "Please enter Username: "),
        (
            fixture("kubectl-expired.yaml"),
            "error: You must be logged in to the server (the server has asked for the client to provide credentials)",
        ),
        (
            config("server: https://203.0.113.10:6443", "token: a\nusername: b"),
            "error: more than one authentication method found for alice; found [token basicAuth], only one is allowed",
        ),
    ];
    for (config, expected) in rows {
        assert_eq!(says(&config), expected, "{config}");
    }
}
