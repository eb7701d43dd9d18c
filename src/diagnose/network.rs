//! The server is not reached: there is no way to it, or it is cut off; the rest is in files below.

mod gateway;
mod lookup;
pub(super) mod proxy;
mod refused;
mod timeout;

use super::{
    CERTAIN, Cause, Family, LIKELY, POSSIBLE, REMOTE, Weight,
    message::{Host, host},
    scene::Scene,
};
use crate::{facts::Reach, quote};

pub(super) const FAMILIES: &[&Family] = &[
    &SERVER_SCHEME,
    &SERVER_URL,
    &lookup::NO_SUCH_HOST,
    &refused::REFUSED,
    &gateway::THROTTLED,
    &timeout::TIMEOUT,
    &NO_ROUTE,
    &CUT,
    &gateway::NOT_KUBERNETES,
    &gateway::GATEWAY,
    &gateway::TOO_MANY,
];

fn name(scene: &Scene<'_>, value: &str) -> String {
    quote::visible(&scene.value(value).unwrap_or_default())
}

/// The host that could not be reached, as the message has it.
fn target(scene: &Scene<'_>) -> Option<Host> {
    let captured = scene.get("address").or(scene.get("host")).and_then(host);
    captured.or_else(|| scene.message.hosts.last().cloned())
}

/// A cause that only excludes what comes after a connection.
const NOT_CONNECTED: Cause = Cause {
    id: "credentials",
    title: "",
    weigh: |scene| match is_connected(scene) || !is_early(scene) && scene.said_any(UNCLEAR) {
        true => Weight::Beside,
        false => Weight::RuledOut(
            "A wrong credential or certificate: there was no connection over which it could \
             have been looked at."
                .to_owned(),
        ),
    },
    fix: &[],
    commands: &[],
};

/// What Go says whether there was a connection or not.
const UNCLEAR: &[&str] = &["awaiting headers", "deadline exceeded"];

/// Whether the connection itself was not made.
fn is_early(scene: &Scene<'_>) -> bool {
    scene.said_any(&["dial tcp", "while waiting for connection"])
}

/// Whether the message shows that there was a connection.
fn is_connected(scene: &Scene<'_>) -> bool {
    let said = scene.said_any(&[
        "TLS handshake timeout",
        "awaiting response headers",
        "request canceled (Client",
        "read tcp",
        "Read timed out",
    ]);
    is_answered(scene) || said && !is_early(scene)
}

/// Whether it is the server itself that says so.
fn is_answered(scene: &Scene<'_>) -> bool {
    scene.said_any(&["time allotted", "request did not complete within"])
}

static NO_ROUTE: Family = Family {
    id: "no-route",
    says: &[
        "connectex: An attempt was made to access a socket in a way forbidden by its access permissions",
        "dial tcp {address}: connect: operation not permitted",
        "dial tcp {address}: connect: permission denied",
        "connectex: A socket operation was attempted to an unreachable",
        "connect: no route to host",
        "connect: host is down",
        "connect: network is unreachable",
        "EHOSTUNREACH",
        "unreachable host",
        "No route to host",
    ],
    causes: &[
        proxy::NOT_USED,
        refused::LOCAL_STOPPED,
        Cause {
            id: "local-firewall",
            title: "A firewall or security program on this very machine forbids the connection",
            weigh: |scene| match scene.said_any(&[
                "access permissions",
                "not permitted",
                "permission denied",
            ]) {
                true => Weight::of(CERTAIN).because("The system itself refused to send anything."),
                false => Weight::Beside,
            },
            fix: &["Allow kubectl in that program, or ask who keeps its rules."],
            commands: &[],
        },
        Cause {
            id: "ipv6-only",
            title: "The server has an IPv6 address, and this network has no IPv6",
            weigh: |scene| match scene.server().is_some_and(|it| it.host.contains(':'))
                || target(scene).is_some_and(|it| it.name.contains(':'))
            {
                true => Weight::of(85).because("The address has colons: it is IPv6."),
                false => Weight::Beside,
            },
            fix: &["Use the server's IPv4 address, or a network with IPv6."],
            commands: &[],
        },
        Cause {
            id: "no-route",
            title: "There is no way from here to the network of {host|the server}",
            weigh: |scene| match scene.server().map(|it| it.reach) {
                Some(Reach::Private) if !refused::is_local(scene) => {
                    Weight::of(90).because(format!("{} is a private address.", name(scene, "host")))
                }
                _ => Weight::of(60),
            },
            fix: &[
                "Connect to that network first: VPN, bastion host, or a machine in the same VPC.",
                "A firewall on the server that rejects says the same: open port {port|6443}.",
            ],
            commands: &["nc -vz {host|HOST} {port|6443}"],
        },
        Cause {
            id: "server-down",
            title: "The machine {host|of the server} is down",
            weigh: |scene| match scene.said("host is down") {
                true => Weight::of(95),
                false => Weight::of(POSSIBLE),
            },
            fix: &["Start it."],
            commands: &[],
        },
        NOT_CONNECTED,
    ],
    source: "Go 1.24 net/net.go",
};

static CUT: Family = Family {
    id: "connection-cut",
    says: &[
        "connection reset",
        "Remote end closed connection without response",
        "An existing connection was forcibly closed",
        "An established connection was aborted by the software in your host machine",
        "stream error: stream ID",
        "Unable to connect to the server: EOF",
        "unexpected EOF",
        "http2: client connection lost",
        "http2: server sent GOAWAY",
        "use of closed network connection",
        "broken pipe",
        "ECONNRESET",
        "server closed connection",
        "\": EOF",
        "net/http: HTTP/1.x transport connection broken",
        "client connection force closed",
        "transport connection broken",
    ],
    causes: &[
        Cause {
            id: "http-instead-of-https",
            title: "kubectl speaks http to a server that wants https",
            weigh: |scene| match scene.server() {
                Some(it) if it.scheme == "http" => {
                    Weight::of(88).because(format!("The server is {}.", quote::visible(&it.url)))
                }
                Some(_) => Weight::Beside,
                None => Weight::of(REMOTE),
            },
            fix: &["Write https:// in front of the server's address."],
            commands: &[
                "kubectl config set-cluster {cluster|NAME} --server=https://{host|HOST}:{port|6443}",
            ],
        },
        Cause {
            id: "proxy-cuts",
            title: "The proxy in this kubeconfig closed the connection",
            weigh: |scene| match proxy::url(scene) {
                Some(url) => Weight::of(80)
                    .because(format!("The cluster has the proxy-url {}.", proxy::words(url))),
                None => Weight::Beside,
            },
            fix: &["Check that the proxy lets CONNECT to this host and port through."],
            commands: &[],
        },
        Cause {
            id: "connection-cut",
            title: "Something on the way, or the server's load balancer, closes the connection \
                    in the middle",
            weigh: |scene| {
                let weight = Weight::of(70);
                match scene.server() {
                    Some(it) if it.reach == Reach::Public => weight.because(
                        "The address is public: a load balancer without a healthy API server \
                         behind it, or an access list that closes instead of refusing, looks \
                         like this.",
                    ),
                    _ => weight,
                }
            },
            fix: &[
                "Check that the API servers behind the load balancer are healthy, and that your \
                 address is on its access list.",
                "Try without a proxy, and from another network: inspection devices close what \
                 they do not understand.",
                "When it happens only now and then: idle connections are cut; run the command \
                 again.",
            ],
            commands: &[
                "curl -skv https://{host|HOST}:{port|6443}/version",
                "env | grep -i _proxy",
            ],
        },
        Cause {
            id: "server-restarts",
            title: "The API server is just starting, or crashes and starts again",
            weigh: |_| Weight::of(45),
            fix: &["Wait a minute and try again; then look at its log."],
            commands: &["sudo crictl ps -a --name kube-apiserver"],
        },
    ],
    source: "Go 1.24 net/http/transport.go",
};

static SERVER_SCHEME: Family = Family {
    id: "server-scheme",
    says: &["unsupported protocol scheme {scheme}", "http: no Host in request URL"],
    causes: &[Cause {
        id: "server-scheme",
        title: "The server's address begins with something that is neither https:// nor http://",
        weigh: |scene| match scene.server() {
            Some(it) => {
                Weight::of(CERTAIN).because(format!("The server is {}.", quote::visible(&it.url)))
            }
            None => Weight::of(LIKELY),
        },
        fix: &["Write it as https://HOST:PORT."],
        commands: &["kubectl config set-cluster {cluster|NAME} --server=https://HOST:6443"],
    }],
    source: "Go 1.24 net/http/transport.go",
};

static SERVER_URL: Family = Family {
    id: "server-url",
    says: &[
        "host must be a URL or a host:port pair: {server}",
        "tls: either ServerName or InsecureSkipVerify must be specified",
        "invalid port {why} after host",
        "first path segment in URL cannot contain colon",
        "invalid character {why} in host name",
        "missing protocol scheme",
        "invalid URL escape {why}",
        "net/url: invalid control character in URL",
        "dial tcp: address {why}: invalid port",
        "dial tcp: address {why}: too many colons in address",
        "unknown port tcp/",
    ],
    causes: &[Cause {
        id: "server-url",
        title: "The server's address cannot be read as one",
        weigh: |scene| match scene.cluster() {
            Some(it) => Weight::of(CERTAIN)
                .because(format!("The server is written as “{}”.", quote::visible(&it.server))),
            None => Weight::of(LIKELY),
        },
        fix: &[
            "Write it as https://HOST:PORT, without quotes, blanks or variables in it; an IPv6 address stands in brackets.",
        ],
        commands: &["kubectl config set-cluster {cluster|NAME} --server=https://HOST:6443"],
    }],
    source: "client-go v0.33.1 rest/url_utils.go, DefaultServerURL",
};
