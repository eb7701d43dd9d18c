//! Something answers, and it is not a healthy API server: a web server, a gateway, one that is busy.

use crate::{
    diagnose::{Cause, Family, LIKELY, Weight, scene::Scene},
    facts::Server,
    masking, quote,
};

/// Whether the answer is one that gateways and API servers give while something behind them is
/// not there.
fn is_unhealthy(scene: &Scene<'_>) -> bool {
    scene.said_any(&[
        "etcdserver",
        "leader changed",
        "apiserver not ready",
        "Bad Gateway",
        "Gateway Time",
        "Service Unavailable",
        "(ServiceUnavailable)",
        "currently unable to handle the request",
    ])
}

const UNHEALTHY: Cause = Cause {
    id: "control-plane-unhealthy",
    title: "The control plane, or the gateway in front of it, is unhealthy",
    weigh: |scene| match is_unhealthy(scene) {
        true => Weight::of(89),
        false => Weight::Beside,
    },
    fix: &[
        "Wait and try again; then look at the API server, etcd, and the load balancer's health checks.",
    ],
    commands: &["kubectl get --raw '/readyz?verbose'"],
};

/// What answers is a web server, or an API server under another path.
pub(super) static NOT_KUBERNETES: Family = Family {
    id: "not-kubernetes",
    says: &[
        "the server could not find the requested resource",
        "an error on the server (\"<html",
        "an error on the server (\"<!doctype",
        "an error on the server (\"404 page not found",
        "invalid character '<' looking for beginning of value",
        "serializer for text/html",
        "error: got '<html",
        "error: got '<!doctype",
        "default backend - 404",
        "stopped after 10 redirects",
        "an error on the server (\"Not Found",
        "could not find the requested resource",
    ],
    causes: &[
        UNHEALTHY,
        Cause {
            id: "server-path-wrong",
            title: "The server answers, and there is no Kubernetes API at this address and path",
            weigh: |scene| {
                let html =
                    scene.said_any(&["<html", "<!doctype", "invalid character '<'", "text/html"]);
                let weight = Weight::of(if html { 88 } else { 72 });
                match scene.server() {
                    Some(it) => weight.because(path_words(it)),
                    None => weight,
                }
            },
            fix: &[
                "Check the whole address with its path; gateways as Rancher need one \
                 (/k8s/clusters/…), API servers need none.",
                "If a sign-in page answers, sign in to the gateway or VPN first.",
            ],
            commands: &["curl -sk {server|https://HOST:6443}/version"],
        },
        Cause {
            id: "version-skew",
            title: "kubectl asks for a kind of object or a version that this server does not have",
            weigh: |scene| match scene.said("<html") {
                true => Weight::Beside,
                false => Weight::of(55),
            },
            fix: &["Use a kubectl within one minor version of the server's."],
            commands: &["kubectl version"],
        },
        Cause {
            id: "credential",
            title: "",
            weigh: |_| {
                Weight::RuledOut(
                    "A connection or TLS problem: the server was reached and answered.".to_owned(),
                )
            },
            fix: &[],
            commands: &[],
        },
    ],
    source: "apimachinery v0.33.1 pkg/api/errors/errors.go, NewGenericServerResponse",
};

fn path_words(server: &Server) -> String {
    match server.path.as_str() {
        "" | "/" => {
            format!("The server is {}, without a path.", quote::visible(&masking::url(&server.url)))
        }
        path => format!("The server's address has the path {}.", quote::visible(path)),
    }
}

pub(super) static GATEWAY: Family = Family {
    id: "server-unavailable",
    says: &[
        "the server is currently unable to handle the request",
        "502 Bad Gateway",
        "503 Service Unavailable",
        "504 Gateway Time-out",
        "504 Gateway Timeout",
        "Service Unavailable",
        "Bad Gateway",
        "apiserver not ready",
        "etcdserver: ",
        "leader changed",
        "InternalError): an error on the server",
        "an error on the server (",
        "Error from server (InternalError)",
        "Error from server (ServiceUnavailable)",
    ],
    causes: &[
        Cause {
            id: "aggregated-api-down",
            title: "An extension of the API, as metrics, is down; the API server itself works",
            weigh: |scene| match scene.said_any(&[
                "metrics.k8s.io",
                "custom.metrics",
                "external.metrics",
                "couldn't get resource list",
                "unable to retrieve the complete list of server APIs",
            ]) {
                true => {
                    Weight::of(90).because("The message names an extension or the list of APIs.")
                }
                false => Weight::of(50),
            },
            fix: &[
                "Find the APIService that is not available, and repair or delete what serves it.",
            ],
            commands: &["kubectl get apiservices", "kubectl -n kube-system get pods"],
        },
        UNHEALTHY,
        Cause {
            id: "server-fails",
            title: "The server was reached, and answered that it cannot",
            weigh: |scene| match is_unhealthy(scene) {
                true => Weight::Beside,
                false => Weight::of(60),
            },
            fix: &["Wait and try again; then look at the API server's log."],
            commands: &["kubectl get --raw '/readyz?verbose'"],
        },
        Cause {
            id: "credential",
            title: "",
            weigh: |_| {
                Weight::RuledOut(
                    "This kubeconfig: the server was reached, and answered that it cannot."
                        .to_owned(),
                )
            },
            fix: &[],
            commands: &[],
        },
    ],
    source: "apimachinery v0.33.1 pkg/api/errors/errors.go",
};

pub(super) static TOO_MANY: Family = Family {
    id: "too-many-requests",
    says: &[
        "the server has received too many requests",
        "Too Many Requests",
        "client-side throttling",
        "Waited for {why} due to client-side throttling",
    ],
    causes: &[SLOWED_DOWN],
    source: "client-go v0.33.1 rest/request.go",
};

const SLOWED_DOWN: Cause = Cause {
    id: "too-many-requests",
    title: "Too many requests in a short time: the server or kubectl itself slows down",
    weigh: |_| Weight::of(LIKELY),
    fix: &[
        "Wait and try again; look for a program that asks without pause.",
        "Nothing in the kubeconfig causes this.",
    ],
    commands: &["kubectl get --raw /metrics | grep apiserver_flowcontrol_rejected"],
};

/// The time for the whole was over while it waited for its turn: no matter of the address.
pub(super) static THROTTLED: Family = Family {
    id: "too-many-requests",
    says: &["client rate limiter Wait returned an error"],
    causes: &[SLOWED_DOWN],
    source: "client-go v0.33.1 rest/request.go",
};
