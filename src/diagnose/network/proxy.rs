//! The connection is lost in a proxy, or went past it.
//!
//! Knows what the kubeconfig says of a proxy; what the environment says is seen by kubectl only.

use crate::{
    diagnose::{Cause, Family, Weight, file, scene::Scene},
    masking, quote,
};

/// Before everything else about TLS and connections: what went wrong went wrong at the proxy.
pub(in crate::diagnose) const FAMILIES: &[&Family] =
    &[&SCHEME, &CONNECT, &AUTHENTICATION, &ANSWERS, &URL];

/// The ways around a proxy: NO_PROXY counts for one of the environment only.
const AROUND: &str = "If the API server needs no proxy, add {direct} to NO_PROXY.";
const GO_AROUND: &str = "NO_PROXY={direct} kubectl get namespaces";
const REMOVE: &str =
    "If the API server needs no proxy, remove proxy-url from the cluster {proxied}.";
const UNSET: &str = "kubectl config unset clusters.{proxied}.proxy-url";

pub(super) fn url<'a>(scene: &Scene<'a>) -> Option<&'a str> {
    let url = scene.cluster()?.proxy_url.reveal().as_str();
    Some(url).filter(|it| !it.is_empty())
}

/// A proxy's address without user name and password.
pub(super) fn words(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let rest = rest.rsplit_once('@').map_or(rest, |(_, rest)| rest);
    let slashes = if scheme.is_empty() { "" } else { "://" };
    quote::visible(&format!("{scheme}{slashes}{rest}"))
}

/// A program that knows nothing of proxy-url went to the server by itself.
pub(super) const NOT_USED: Cause = Cause {
    id: "proxy-not-used",
    title: "The program went to {host|the server} itself and did not use the proxy-url of the \
            kubeconfig",
    weigh: |scene| {
        let server = scene.server().filter(|_| url(scene).is_some());
        let itself = server.is_some_and(|it| {
            scene.said(&format!("dial tcp {}:", it.host))
                || scene.said(&format!("dial tcp: lookup {}", it.host))
        });
        match itself {
            true => used(scene, 95).because("The message shows a connection to the server itself."),
            false => Weight::Beside,
        }
    },
    fix: &[
        "Give the program the proxy by the variable HTTPS_PROXY. kubectl knows proxy-url since \
         1.19; not every other program does.",
    ],
    commands: &["env | grep -i _proxy"],
};

static SCHEME: Family = Family {
    id: "proxy-scheme",
    says: &[
        "proxyconnect tcp: tls: first record does not look like a TLS handshake",
        "proxyconnect tcp: dial tcp: lookup socks",
        "proxyconnect tcp: EOF",
        "proxyconnect tcp: malformed HTTP",
        "proxyconnect tcp: net/http: HTTP/1.x transport connection broken",
        "proxyconnect tcp: remote error: tls",
        "unsupported scheme {scheme}, must be http, https, or socks5",
        "proxy: unknown scheme",
        "socks connect tcp {way}: unexpected protocol version",
    ],
    causes: &[Cause {
        id: "proxy-scheme",
        title: "The proxy is addressed with the wrong scheme",
        weigh: |scene| {
            let weight = used(scene, 90);
            match scene.said("tls: first record") {
                true => weight.because("The proxy was spoken to in TLS, and it speaks plain http."),
                false => weight,
            }
        },
        fix: &[
            "Most proxies are addressed with http://, also for https targets.",
            "kubectl knows http, https and socks5; write socks5 in place of socks5h, socks or \
                 socks4. With socks5 the proxy resolves the name already.",
        ],
        commands: &[
            "kubectl config set-cluster {cluster|NAME} --proxy-url=http://HOST:PORT",
            "env | grep -i _proxy",
        ],
    }],
    source: "client-go v0.33.1 tools/clientcmd/helpers.go, parseProxyURL",
};

static CONNECT: Family = Family {
    id: "proxy-connect",
    says: &["proxyconnect tcp: {why}"],
    causes: &[
        Cause {
            id: "proxy-certificate",
            title: "The proxy's own certificate is not trusted: kubectl checks an https proxy \
                    with the cluster's certificate authority",
            weigh: |scene| match scene.get("why").is_some_and(|it| it.contains("x509")) {
                true => Weight::of(95),
                false => Weight::Beside,
            },
            fix: &[
                "Address the proxy with http://, or add its authority to certificate-authority-data.",
            ],
            commands: &[],
        },
        Cause {
            id: "proxy-unreachable",
            title: "The proxy is not reached",
            weigh: |scene| {
                let weight = used(scene, 90);
                match scene.get("why") {
                    Some(why) => weight.because(format!(
                        "The connection to the proxy failed with: {}.",
                        quote::visible(&masking::kubectl_words(why))
                    )),
                    None => weight,
                }
            },
            fix: &["Correct the proxy's address, or start it.", AROUND, REMOVE],
            commands: &["env | grep -i _proxy", GO_AROUND, UNSET],
        },
        Cause {
            id: "server-not-reached",
            title: "",
            weigh: |_| {
                Weight::RuledOut(
                    "A fault of the API server: the connection ended at the proxy.".to_owned(),
                )
            },
            fix: &[],
            commands: &[],
        },
    ],
    source: "Go 1.24 net/http/transport.go",
};

static AUTHENTICATION: Family = Family {
    id: "proxy-authentication",
    says: &[
        "Proxy Authentication Required",
        "407 Proxy",
        "the server responded with the status code 407",
        "Proxy Authorization Required",
        "Received HTTP code 407",
        "socks connect tcp {way}: no acceptable authentication methods",
        "socks connect tcp {way}: username/password authentication failed",
    ],
    causes: &[Cause {
        id: "proxy-authentication",
        title: "The proxy asks for a user name and a password",
        weigh: |scene| used(scene, 95),
        fix: &[
            "Put user name and password into the proxy's address, as in http://USER:PASSWORD@HOST:PORT, \
             with special characters percent-encoded.",
            AROUND,
            REMOVE,
        ],
        commands: &[GO_AROUND, UNSET],
    }],
    source: "Go 1.24 net/http/transport.go",
};

/// What a proxy answers to CONNECT is printed bare, with nothing but kubectl's own words before it.
static ANSWERS: Family = Family {
    id: "proxy-answers",
    says: &[
        "Unable to connect to the server: Forbidden",
        "Unable to connect to the server: Bad Gateway",
        "Unable to connect to the server: Bad Request",
        "Unable to connect to the server: Not Found",
        "Unable to connect to the server: Method Not Allowed",
        "Unable to connect to the server: Service Unavailable",
        "Unable to connect to the server: Gateway Time",
        "Unable to connect to the server: Internal Server Error",
        "Unable to connect to the server: Moved Permanently",
        "Unable to connect to the server: Found",
        "Get \"https://{link}\": Forbidden",
        "Get \"https://{link}\": Bad Gateway",
        "Get \"https://{link}\": Service Unavailable",
        "Get \"https://{link}\": Gateway Time",
        "unexpected HTTP status: {status}",
        "Tunnel connection failed: {status}",
        "socks connect tcp {way}: {why}",
    ],
    causes: &[
        Cause {
            id: "proxy-cannot-reach",
            title: "The proxy itself does not reach the API server",
            weigh: |scene| match scene.said_any(&[
                "Bad Gateway",
                "Service Unavailable",
                "Gateway Time",
                "unknown error",
            ]) && !scene.said("not allowed by ruleset")
            {
                true => used(scene, 90),
                false => Weight::Beside,
            },
            fix: &[
                "Check from the proxy's machine that {host|the API server} is reachable.",
                AROUND,
                REMOVE,
            ],
            commands: &[GO_AROUND, UNSET],
        },
        Cause {
            id: "proxy-refuses",
            title: "The proxy does not let a connection to {host|the API server} through",
            weigh: |scene| used(scene, 85),
            fix: &[
                "Have the proxy allow CONNECT to {host|the host} on port {port|6443}; many allow \
                 only 443.",
                AROUND,
                REMOVE,
            ],
            commands: &[GO_AROUND, UNSET, "env | grep -i _proxy"],
        },
        Cause {
            id: "server-not-reached",
            title: "",
            weigh: |_| {
                Weight::RuledOut(
                    "A missing permission: the answer is the proxy's, and the API server was \
                     not reached."
                        .to_owned(),
                )
            },
            fix: &[],
            commands: &[],
        },
    ],
    source: "Go 1.24 net/http/transport.go, dialConn",
};

/// A weight of `score`, with the proxy that was used as its proof.
pub(super) fn used(scene: &Scene<'_>, score: u8) -> Weight {
    let value = |name| scene.value(name).unwrap_or_else(|| "HOST".to_owned());
    match url(scene) {
        Some(url) => Weight::of(score)
            .because(format!("The cluster has the proxy-url {}.", words(url)))
            .with("proxied", value("cluster")),
        None => Weight::of(score)
            .because(
                "This cluster has no proxy-url, so the proxy comes from HTTPS_PROXY or HTTP_PROXY.",
            )
            .with("direct", value("host")),
    }
}

static URL: Family = Family {
    id: "proxy-url-malformed",
    says: &["invalid 'proxy-url' {why}"],
    causes: &[Cause {
        id: "proxy-url-malformed",
        title: "The proxy-url of the cluster {cluster|} cannot be read as an address",
        weigh: file::shown_by_problem,
        fix: &["Write it as http://HOST:PORT; the scheme is needed."],
        commands: &["kubectl config set-cluster {cluster|NAME} --proxy-url=http://HOST:PORT"],
    }],
    source: "client-go v0.33.1 tools/clientcmd/validation.go, validateClusterInfo",
};
