//! The two sides do not agree on how to talk: one speaks no TLS, another version, or refuses the client.

use super::words;
use crate::{
    diagnose::{CERTAIN, Cause, Family, LIKELY, POSSIBLE, REMOTE, Weight},
    quote,
};

pub(super) static CERTIFICATE_REFUSED_BY_SERVER: Family = Family {
    id: "client-certificate-refused",
    says: &[
        "remote error: tls: bad certificate",
        "remote error: tls: expired certificate",
        "remote error: tls: revoked certificate",
        "remote error: tls: unknown certificate authority",
        "remote error: tls: unknown certificate",
        "remote error: tls: unsupported certificate",
        "remote error: tls: certificate required",
        "tls: client didn't provide a certificate",
        "alert bad certificate",
        "alert certificate required",
        "tlsv1 alert unknown ca",
    ],
    causes: &[
        Cause {
            id: "client-certificate-expired",
            title: "The client certificate in this kubeconfig has expired",
            weigh: super::super::auth::client_certificate_expired,
            fix: &["Fetch a new kubeconfig for the context {context}."],
            commands: &[],
        },
        Cause {
            id: "no-client-certificate",
            title: "The server wants a client certificate, and this context has none",
            weigh: |scene| match (scene.user_facts().is_some(), scene.client_certificate()) {
                // What it gives may be one.
                (true, None) if scene.exec().is_some() => Weight::Beside,
                (true, None) => Weight::of(CERTAIN).because(format!(
                    "The user {} has no client certificate that kubectl would send.",
                    words(scene.value("user"))
                )),
                (_, Some(_)) if scene.said("certificate required") => Weight::of(REMOTE),
                (_, Some(_)) => {
                    Weight::RuledOut("A missing client certificate: there is one.".to_owned())
                }
                (false, None) => Weight::of(POSSIBLE),
            },
            fix: &["Fetch a kubeconfig with a client certificate."],
            commands: &[],
        },
        super::super::auth::EXEC_REFUSED,
        Cause {
            id: "client-certificate-other-ca",
            title: "The client certificate was issued by an authority that the server does not \
                    know",
            weigh: |scene| match scene.client_leaf() {
                Some(leaf) => Weight::of(if scene.said("unknown") { LIKELY } else { POSSIBLE })
                    .because(format!(
                        "The client certificate was issued by {}.",
                        quote::visible(&leaf.issuer().rfc4514())
                    )),
                None => Weight::Beside,
            },
            fix: &[
                "Fetch the kubeconfig of this very cluster again; the cluster may have been created anew.",
            ],
            commands: &[],
        },
        Cause {
            id: "proxy-refuses-certificate",
            title: "Something in front of the API server, as a load balancer or proxy, refused \
                    the client certificate",
            weigh: |_| {
                Weight::of(40).because(
                    "An API server itself lets any certificate through the handshake and \
                     answers Unauthorized afterwards.",
                )
            },
            fix: &["Connect to the API server without it, or let it pass TLS through untouched."],
            commands: &[],
        },
    ],
    source: "Go 1.24 crypto/tls/alert.go; k8s.io/apiserver pkg/server/secure_serving.go",
};

pub(super) static HTTP_RESPONSE: Family = Family {
    id: "http-behind-https",
    says: &["server gave HTTP response to HTTPS client", "[SSL: WRONG_VERSION_NUMBER]"],
    causes: &[
        Cause {
            id: "http-behind-https",
            title: "The kubeconfig says https, and what answers at {host|the server} speaks \
                    plain http",
            weigh: |scene| {
                match scene.server() {
                Some(it) if it.scheme == "https" => Weight::of(LIKELY)
                    .because(format!("The server is {}.", quote::visible(&it.url)))
                    .edit(|fit| {
                        if matches!(it.port, Some(80 | 8001 | 8080)) {
                            fit.score = CERTAIN;
                            fit.proof.push("Its port is one where plain http is usual: kubectl proxy, or the insecure port of old API servers.".to_owned());
                        }
                    }),
                _ => Weight::of(POSSIBLE),
            }
            },
            fix: &[
                "Use the port on which the API server speaks https: 6443 or 443.",
                "If this is kubectl proxy on the same machine, write http:// there; kubectl \
                 then sends no credentials, and the proxy adds its own.",
            ],
            commands: &["curl -sv http://{host|HOST}:{port|PORT}/version"],
        },
        Cause {
            id: "proxy-answers",
            title: "A proxy or a sign-in page on the way answers in place of the server",
            weigh: |scene| match scene.cluster().is_some_and(|it| !it.proxy_url.reveal().is_empty())
            {
                true => Weight::of(LIKELY).because("The cluster has a proxy-url."),
                false => Weight::of(REMOTE),
            },
            fix: &["Try without the proxy: unset HTTPS_PROXY, or add the host to NO_PROXY."],
            commands: &["NO_PROXY={host|HOST} kubectl get namespaces"],
        },
    ],
    source: "Go 1.24 net/http/transport.go",
};

pub(super) static HTTP_REQUEST: Family = Family {
    id: "https-behind-http",
    says: &[
        "Client sent an HTTP request to an HTTPS server",
        "malformed HTTP response \"\\x15\\x03",
        "The plain HTTP request was sent to HTTPS port",
        "the server rejected our request for an unknown reason",
    ],
    causes: &[
        Cause {
            id: "request-malformed",
            title: "Something in front of the API server did not understand the request",
            weigh: |scene| match scene.said("unknown reason")
                && scene.server().is_some_and(|it| it.scheme == "https")
            {
                true => Weight::of(60).because(
                    "The answer is 400 Bad Request, and not one that an API server gives.",
                ),
                false => Weight::Beside,
            },
            fix: &["Look at what answers there: a proxy, a load balancer, or another server."],
            commands: &["curl -skv {server|https://HOST:6443}/version"],
        },
        Cause {
            id: "https-behind-http",
            title: "kubectl speaks plain http to a server that wants https, because the address \
                in the kubeconfig says so",
            weigh: |scene| match scene.server() {
                Some(it) if it.scheme == "http" && !it.url.contains("://") => Weight::of(CERTAIN)
                    .because(format!(
                        "The server is written as {}, without https:// in front; kubectl takes \
                     that for http and sends no credentials.",
                        quote::visible(&it.url)
                    )),
                Some(it) if it.scheme == "http" => Weight::of(CERTAIN).because(format!(
                    "The server is {}, with http; kubectl sends no credentials there.",
                    quote::visible(&it.url)
                )),
                Some(it) => Weight::of(REMOTE).because(format!(
                    "The server of this context is {}, so kubectl may have read another one.",
                    quote::visible(&it.url)
                )),
                None => Weight::of(POSSIBLE),
            },
            fix: &["Write https:// in front of the server's address."],
            commands: &[
                "kubectl config set-cluster {cluster|NAME} --server=https://{host|HOST}:{port|6443}",
            ],
        },
    ],
    source: "Go 1.24 net/http/server.go; client-go v0.33.1 rest/url_utils.go, rest/request.go",
};

pub(super) static NOT_TLS: Family = Family {
    id: "not-tls",
    says: &[
        "tls: first record does not look like a TLS handshake",
        "ssl: wrong version number",
        "tls: oversized record received",
        "malformed HTTP response",
        "malformed HTTP status code",
        "SSH-2.0-",
    ],
    causes: &[
        Cause {
            id: "not-tls",
            title: "What answers at {host|the server} does not speak TLS, so it is not the API \
                    server's port",
            weigh: |scene| match scene.server().map(|it| it.port) {
                Some(Some(port)) if ![443, 6443, 5443, 8443].contains(&port) => {
                    Weight::of(LIKELY).because(format!("The port is {port}."))
                }
                _ => Weight::of(POSSIBLE),
            },
            fix: &["Check the address and port; most API servers listen on 6443 or 443."],
            commands: &["curl -skv https://{host|HOST}:{port|6443}/version"],
        },
        Cause {
            id: "proxy-answers",
            title: "A proxy on the way answers in place of the server",
            weigh: |scene| match scene.cluster().is_some_and(|it| !it.proxy_url.reveal().is_empty())
            {
                true => Weight::of(LIKELY).because("The cluster has a proxy-url."),
                false => Weight::of(40),
            },
            fix: &["Try without the proxy: unset HTTPS_PROXY, or add the host to NO_PROXY."],
            commands: &["NO_PROXY={host|HOST} kubectl get namespaces"],
        },
    ],
    source: "Go 1.24 crypto/tls/conn.go",
};

/// What gateways answer when they do not know where a connection shall go.
const OTHER_ALERTS: &[&str] =
    &["tls: internal error", "tls: unrecognized name", "tls: no application protocol"];

pub(super) static TLS_VERSION: Family = Family {
    id: "tls-version",
    says: &[
        "tls: protocol version not supported",
        "tls: server selected unsupported protocol version",
        "tls: no supported versions satisfy",
        "remote error: tls: handshake failure",
        "alert handshake failure",
        "remote error: tls: insufficient security level",
        "tls: server chose an unconfigured cipher suite",
        "remote error: tls: internal error",
        "remote error: tls: unrecognized name",
        "remote error: tls: no application protocol",
    ],
    causes: &[
        Cause {
            id: "tls-version",
            title: "kubectl and the server have no version or cipher of TLS in common",
            weigh: |scene| match scene.said_any(OTHER_ALERTS) {
                true => Weight::Beside,
                false => {
                    Weight::of(LIKELY).because("kubectl speaks TLS 1.2 and 1.3, and nothing older.")
                }
            },
            fix: &["Let the server, or the load balancer in front of it, offer TLS 1.2 or newer."],
            commands: &["openssl s_client -connect {host|HOST}:{port|6443} -tls1_2 </dev/null"],
        },
        Cause {
            id: "server-name-not-served",
            title: "The server picks its certificate by name, and has none for {host|this name}",
            weigh: |scene| match scene.said_any(OTHER_ALERTS) {
                true => Weight::of(90),
                false if !scene.said("handshake failure") => Weight::Beside,
                false => match scene.value("server-name").filter(|it| !it.is_empty()) {
                    Some(name) => Weight::of(85).because(format!(
                        "kubectl asks for the name {}, which is the tls-server-name.",
                        quote::visible(&name)
                    )),
                    None => Weight::of(40),
                },
            },
            fix: &["Use the host name that the server is known by, or set tls-server-name to it."],
            commands: &[],
        },
    ],
    source: "Go 1.24 crypto/tls/handshake_client.go",
};
