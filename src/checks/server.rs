//! Where the server is, and from where it can be reached.

use std::net::Ipv6Addr;

use super::{
    Check, Citation,
    Run::Entries,
    Severity, citation, list,
    view::{SeenUser, View, seen_cluster, users},
};
use crate::{
    decode::x509::{Certificate, Signature, signature},
    facts::{Reach, Server, SourceFacts},
    kubeconfig::resolve::Problem,
    masking,
};

pub(super) const CHECKS: &[&Check] = &[
    &NO_SERVER,
    &INVALID_SERVER,
    &UNKNOWN_SCHEME,
    &NO_SCHEME,
    &BARE_IPV6,
    &PLAIN_HTTP,
    &PASSWORD_IN_URL,
    &HOST_NOT_IN_CERTIFICATE,
    &OTHER_SERVICES_PORT,
    &UNSPECIFIED_ADDRESS,
    &QUERY_IN_URL,
    &PATH_IN_URL,
    &TRAILING_SLASH,
    &LOOPBACK,
    &CONTAINER_HOST,
    &PRIVATE,
    &CLUSTER_INTERNAL,
    &INVALID_PROXY,
    &PROXY_PASSWORD,
    &PROXY,
];

static NO_SERVER: Check = Check {
    id: "server-missing",
    severity: Severity::Error,
    title: "A cluster has no server address",
    why: "kubectl then talks to localhost:8080 without a credential, which is refused on most \
          machines; other clients stop with an error.",
    fix: "Add it: kubectl config set-cluster NAME --server=https://HOST:PORT.",
    citations: &[citation::VALIDATE_CLUSTER, citation::GET_CLUSTER],
    run: Entries(|part, emit| {
        for it in part.seen_clusters.iter().filter(|it| it.written.server.is_empty()) {
            if part.spelling.is_legible(it.place.file) {
                let detail = format!("The cluster {} has none.", it.name);
                emit.missing(None, &it.field("server"), detail);
            }
        }
    }),
};

static INVALID_SERVER: Check = Check {
    id: "server-invalid",
    severity: Severity::Error,
    title: "The server address is not one that kubectl can use",
    why: "kubectl stops before it connects.",
    fix: "Write it as https://HOST:PORT, without blanks.",
    citations: &[citation::SERVER_URL, citation::GO_URL],
    run: Entries(|part, emit| {
        for context in &part.stopped {
            let cluster = context.effective.cluster.and_then(|it| seen_cluster(part, it));
            let is_it = |it: &&Problem| it.id == "server-address";
            let problem = context.effective.problems.iter().find(is_it);
            let (Some(it), Some(problem)) = (cluster, problem) else { continue };
            let words = part.kubectl_words(&context.effective, &problem.kubectl);
            let odd = it
                .written
                .server
                .chars()
                .take(masking::MAX_ADDRESS)
                .find(|it| !it.is_ascii_graphic())
                .map(odd);
            let odd = odd.unwrap_or_default();
            emit.finding(&problem.place, format!("kubectl says: {words}{odd}"));
        }
        for (it, server) in part.servers.iter().filter(|(_, it)| is_no_port(it)) {
            emit.finding(
                &it.field("server"),
                format!("Ports go from 1 to 65535; that of {} does not.", server.host),
            );
        }
        for (it, server) in part.servers.iter().filter(|(_, it)| is_no_host(&it.host)) {
            emit.finding(
                &it.field("server"),
                format!(
                    "kubectl looks for a host called {}, and from 1.36 on stops with invalid port.",
                    server.host
                ),
            );
        }
    }),
};

/// A sentence about a character that is to blame, however it looks.
fn odd(it: char) -> String {
    match it {
        ' ' => ". A blank belongs in no address.".to_owned(),
        '“' | '”' | '„' | '‘' | '’' => {
            ". A curly quotation mark belongs in no address.".to_owned()
        }
        _ => format!(". The character U+{:04X} belongs in no address.", u32::from(it)),
    }
}

/// Whether a port is written that no connection can have.
fn is_no_port(server: &Server) -> bool {
    let is_too_large = server.port.is_none() && matches!(server.scheme.as_str(), "http" | "https");
    server.port == Some(0) || is_too_large
}

fn is_ipv6(host: &str) -> bool {
    host.split('%').next().is_some_and(|it| it.parse::<Ipv6Addr>().is_ok())
}

/// Whether the address is IPv6 and was written without the brackets that belong around it.
pub(super) fn is_bare(written: &str, server: &Server) -> bool {
    is_ipv6(&server.host) && !written.contains('[')
}

/// Whether there are colons in `host` that are not those of an IPv6 address.
fn is_no_host(host: &str) -> bool {
    host.contains(':') && !is_ipv6(host)
}

static UNKNOWN_SCHEME: Check = Check {
    id: "server-scheme-unknown",
    severity: Severity::Error,
    title: "The server address begins with something else than https",
    why: "kubectl stops with unsupported protocol scheme.",
    fix: "Write it as https://HOST:PORT.",
    citations: &[citation::SERVER_URL],
    run: Entries(|_, emit| emit.problems_called("server-scheme")),
};

static NO_SCHEME: Check = Check {
    id: "server-without-scheme",
    severity: Severity::Warning,
    title: "The server address does not begin with https",
    why: "kubectl takes an address without a scheme for http. It then connects without encryption \
          and sends no certificate, token or password at all.",
    fix: "Write https:// in front of it.",
    citations: &[citation::SERVER_URL, citation::CLIENT_CONFIG],
    run: Entries(|part, emit| {
        for (it, server) in part.servers.iter().filter(|(_, it)| it.scheme == "http") {
            if !it.written.server.contains("://") && !is_no_host(&server.host) {
                let url = masking::url(&server.url);
                emit.finding(
                    &it.field("server"),
                    format!("It is {url}, which kubectl reads as http://{url}."),
                );
            }
        }
    }),
};

static BARE_IPV6: Check = Check {
    id: "server-ipv6-without-brackets",
    severity: Severity::Warning,
    title: "The server address is IPv6 and has no brackets",
    why: "kubectl up to 1.35 takes what follows the last colon for the port. kubectl 1.36 and newer \
          stop with invalid port.",
    fix: "Write it as https://[ADDRESS]:PORT.",
    citations: &[Citation::Rfc { number: 3986, section: "3.2.2" }, citation::GO_URL],
    run: Entries(|part, emit| {
        for (it, server) in &part.servers {
            if is_bare(&it.written.server, server) {
                let port = server.port.unwrap_or_default();
                emit.finding(
                    &it.field("server"),
                    format!("The address is read as {}, the port as {port}.", server.host),
                );
            }
        }
    }),
};

static PLAIN_HTTP: Check = Check {
    id: "server-plain-http",
    severity: Severity::Warning,
    title: "The connection to the server is not encrypted",
    why: "Over http, kubectl sends no certificate, token or password at all, and anyone on the way \
          can read and change what is sent.",
    fix: "Write https://. Only kubectl proxy on the same machine is meant to be used over http.",
    citations: &[citation::CLIENT_CONFIG],
    run: Entries(|part, emit| {
        for (it, server) in &part.servers {
            let by_proxy = server.reach == Reach::Loopback;
            if server.scheme == "http" && it.written.server.contains("://") && !by_proxy {
                emit.finding(
                    &it.field("server"),
                    match server.port {
                        Some(443 | 6443) => format!(
                            "The address begins with http, while port {} usually speaks https.",
                            server.port.unwrap_or_default()
                        ),
                        _ => "The address begins with http.".to_owned(),
                    },
                );
            }
        }
    }),
};

static PASSWORD_IN_URL: Check = Check {
    id: "server-url-with-password",
    severity: Severity::Warning,
    title: "A user name or password stands in the server address",
    why: "kubectl sends it in place of the token, and shows the address in its error messages and \
          in kubectl config view.",
    fix: "Take it out of the address, and treat that password as known to others.",
    citations: &[citation::REDACT, Citation::Rfc { number: 3986, section: "3.2.1" }],
    run: Entries(|part, emit| {
        for (it, server) in part.servers.iter().filter(|(_, it)| it.has_userinfo) {
            emit.finding(
                &it.field("server"),
                format!("It stands before the host {}.", server.host),
            );
        }
    }),
};

static HOST_NOT_IN_CERTIFICATE: Check = Check {
    id: "server-not-in-certificate",
    severity: Severity::Error,
    title: "The server's certificate is not valid for this address",
    why: "kubectl refuses to talk to a server whose certificate names other hosts.",
    fix: "Use an address that the certificate names, or name one of them in tls-server-name, or \
          have the address added to the certificate. Do not turn verification off.",
    citations: &[citation::GO_VERIFY, Citation::Rfc { number: 5280, section: "4.2.1.6" }],
    run: Entries(|part, emit| {
        let pasted: Vec<(&Certificate, Vec<String>)> = part
            .sources
            .iter()
            .flat_map(SourceFacts::readable)
            .filter(|it| may_be_the_servers(it))
            .map(|it| (it, it.sans()))
            .collect();
        for (it, server) in &part.servers {
            let name = match it.written.tls_server_name.as_str() {
                "" => server.host.as_str(),
                name => name,
            };
            let is_issued_here = |certificate: &Certificate| {
                it.facts.ca.readable().any(|ca| signature(certificate, ca) == Signature::Valid)
            };
            // Of several, the server shows one, and it is not said which.
            if pasted.iter().any(|(own, sans)| covers(sans, name) && is_issued_here(own)) {
                continue;
            }
            if let Some((_, sans)) =
                pasted.iter().find(|(own, _)| is_issued_here(own) && !is_a_users(part, own))
            {
                let detail = format!(
                    "The certificate that was handed in with it is for {}, not {name}.",
                    list(sans)
                );
                emit.finding(&it.field("server"), detail);
            }
        }
    }),
};

/// Whether an API server could show `certificate`, by its extensions and by its subject: those of
/// the nodes, which the same CA signs, are the kubelets'.
fn may_be_the_servers(certificate: &Certificate) -> bool {
    !certificate.is_ca()
        && certificate.is_for_servers()
        && certificate.sans().iter().any(|it| it.starts_with("DNS:") || it.starts_with("IP:"))
        && certificate.subject().organizations() != ["system:nodes"]
}

/// Whether a user of the files signs in with `certificate`.
fn is_a_users(view: &View<'_>, certificate: &Certificate) -> bool {
    let mut pairs = users(view).flat_map(SeenUser::pairs);
    pairs.any(|it| it.is.chain.leaf().is_some_and(|it| it.der == certificate.der))
}

/// Whether one of `sans` stands for `host`.
///
/// Mirrors: Certificate.VerifyHostname and matchHostnames, Go 1.24 crypto/x509/verify.go.
fn covers(sans: &[String], host: &str) -> bool {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    let address: Option<std::net::IpAddr> = host.parse().ok();
    sans.iter().any(|san| match (san.split_once(':'), address) {
        (Some(("IP", it)), Some(address)) => it.parse() == Ok(address),
        (Some(("DNS", it)), None) => {
            let it = it.to_ascii_lowercase();
            match (it.strip_prefix("*."), host.split_once('.')) {
                (Some(parent), Some((label, rest))) => parent == rest && !label.is_empty(),
                (Some(_), None) => false,
                (None, _) => it == host,
            }
        }
        _ => false,
    })
}

static OTHER_SERVICES_PORT: Check = Check {
    id: "server-port-of-another-service",
    severity: Severity::Warning,
    title: "The port belongs to another service than the API server",
    why: "What answers there is not the Kubernetes API, so kubectl gets errors that look like \
          certificate or network trouble.",
    fix: "Use the port of the API server: mostly 6443 or 443.",
    citations: &[Citation::Page {
        title: "Kubernetes: Ports and Protocols",
        url: "https://kubernetes.io/docs/reference/networking/ports-and-protocols/",
    }],
    run: Entries(|part, emit| {
        for (it, server) in &part.servers {
            if let Some(port) = server.port
                && let Some(service) = service_of(port, &server.scheme)
            {
                emit.finding(
                    &it.field("server"),
                    format!("Port {port} is where {service} listens."),
                );
            }
        }
    }),
};

fn service_of(port: u16, scheme: &str) -> Option<&'static str> {
    match port {
        22 => Some("SSH"),
        80 | 8080 if scheme == "https" => Some("unencrypted http"),
        2379 | 2380 => Some("etcd"),
        10250 | 10255 => Some("the kubelet of a node"),
        10256 => Some("kube-proxy"),
        10257 => Some("kube-controller-manager"),
        10259 => Some("kube-scheduler"),
        _ => None,
    }
}

static UNSPECIFIED_ADDRESS: Check = Check {
    id: "server-unspecified-address",
    severity: Severity::Warning,
    title: "The server address is one to listen on, not one to connect to",
    why: "0.0.0.0 and [::] stand for all addresses of the machine itself. From another machine they lead \
          nowhere, nor on Windows, and only k3d has them in its certificates.",
    fix: "Put the address of the API server in its place: 127.0.0.1 for a cluster on this machine.",
    citations: &[Citation::Rfc { number: 1122, section: "3.2.1.3" }],
    run: Entries(|part, emit| {
        for (it, server) in &part.servers {
            if ["0.0.0.0", "::"].contains(&server.host.as_str()) {
                emit.finding(&it.field("server"), format!("The address is {}.", server.host));
            }
        }
    }),
};

static QUERY_IN_URL: Check = Check {
    id: "server-url-with-query",
    severity: Severity::Warning,
    title: "The server address has a part that kubectl drops",
    why: "kubectl keeps the path and drops everything from the question mark or the number sign on.",
    fix: "Delete that part.",
    citations: &[citation::CLIENT_CONFIG],
    run: Entries(|part, emit| {
        for (it, server) in &part.servers {
            if server.path.contains(['?', '#']) {
                emit.finding(
                    &it.field("server"),
                    format!("The address of {} goes on after its path.", server.host),
                );
            }
        }
    }),
};

static PATH_IN_URL: Check = Check {
    id: "server-url-with-path",
    severity: Severity::Notice,
    title: "The server address has a path",
    why: "kubectl puts the path in front of every request. Behind a proxy such as Rancher's that is \
          right; on an API server itself every request then fails with not found. kubectl get --raw \
          leaves the path out before kubectl 1.34.",
    fix: "Keep it when the address is that of a proxy; otherwise delete the path.",
    citations: &[citation::SERVER_URL],
    run: Entries(|part, emit| {
        for (it, server) in &part.servers {
            let path = server.path.split(['?', '#']).next().unwrap_or_default();
            let known = ["/k8s/clusters/", "/api/v4/"].iter().any(|it| path.starts_with(it));
            if 1 < path.len() && !known {
                let path = masking::without_password(path, &it.written.server);
                emit.finding(&it.field("server"), format!("The path is {path}."));
            }
        }
    }),
};

static TRAILING_SLASH: Check = Check {
    id: "server-url-with-trailing-slash",
    severity: Severity::Notice,
    title: "The server address ends with a slash",
    why: "kubectl takes it, but tools that compare or join addresses as text may not.",
    fix: "Delete the slash.",
    citations: &[citation::SERVER_URL],
    run: Entries(|part, emit| {
        for (it, server) in part.servers.iter().filter(|(_, it)| it.path.ends_with('/')) {
            emit.finding(
                &it.field("server"),
                format!("The address of {} ends with a slash.", server.host),
            );
        }
    }),
};

static LOOPBACK: Check = Check {
    id: "server-on-this-machine",
    severity: Severity::Notice,
    title: "The server address leads to the machine that kubectl runs on",
    why: "On the node where the cluster runs, or behind a tunnel, that is right. On any other \
          machine, and inside a container, the connection is refused.",
    fix: "To use the file elsewhere, put the node's or load balancer's address in its place; the \
          server's certificate must name that address.",
    citations: &[Citation::Rfc { number: 1122, section: "3.2.1.3" }],
    run: Entries(|part, emit| {
        for (it, server) in part.servers.iter().filter(|(_, it)| it.reach == Reach::Loopback) {
            if !["0.0.0.0", "::"].contains(&server.host.as_str()) {
                emit.finding(
                    &it.field("server"),
                    format!("The address is {}.", host_and_port(server)),
                );
            }
        }
    }),
};

/// `host:port`, with brackets where they are needed.
fn host_and_port(server: &Server) -> String {
    let host = match server.host.contains(':') {
        true => format!("[{}]", server.host),
        false => server.host.clone(),
    };
    server.port.map_or(host.clone(), |port| format!("{host}:{port}"))
}

static CONTAINER_HOST: Check = Check {
    id: "server-name-of-a-container-host",
    severity: Severity::Notice,
    title: "The server's name exists only inside containers",
    why: "Docker, Podman, minikube and others give this name to the machine that a container runs on. \
          Outside of a container it often does not resolve.",
    fix: "Outside of a container, use 127.0.0.1 or the machine's own name.",
    citations: &[Citation::Page {
        title: "Docker: networking features, connect from a container to a service on the host",
        url: "https://docs.docker.com/desktop/features/networking/",
    }],
    run: Entries(|part, emit| {
        let hosts = ["docker", "containers", "minikube", "k3d", "lima", "orb", "rancher-desktop"];
        let is_name = |it: &str| {
            let host = it.strip_prefix("host.").and_then(|it| it.strip_suffix(".internal"));
            host.is_some_and(|it| hosts.contains(&it)) || it == "gateway.docker.internal"
        };
        for (it, server) in &part.servers {
            if is_name(&server.host) {
                emit.finding(&it.field("server"), format!("The name is {}.", server.host));
            }
        }
    }),
};

static PRIVATE: Check = Check {
    id: "server-on-a-private-network",
    severity: Severity::Notice,
    title: "The server address can be reached only from its own network",
    why: "The address belongs to a range for private networks. From elsewhere kubectl waits until \
          it gives up with i/o timeout.",
    fix: "Connect from a machine in that network or through its VPN, or ask for the public address \
          of the cluster.",
    citations: &[
        Citation::Rfc { number: 1918, section: "3" },
        Citation::Rfc { number: 4193, section: "3" },
    ],
    run: Entries(|part, emit| {
        for (it, server) in part.servers.iter().filter(|(_, it)| it.reach == Reach::Private) {
            emit.finding(&it.field("server"), format!("The address is {}.", server.host));
        }
    }),
};

static CLUSTER_INTERNAL: Check = Check {
    id: "server-inside-the-cluster",
    severity: Severity::Notice,
    title: "The server address works only inside the cluster",
    why: "The name is served by the cluster's own DNS. From outside kubectl stops with no such host.",
    fix: "Outside of the cluster, use the address of the API server or its load balancer.",
    citations: &[Citation::Page {
        title: "Kubernetes: DNS for Services and Pods",
        url: "https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/",
    }],
    run: Entries(|part, emit| {
        for (it, server) in part.servers.iter().filter(|(_, it)| it.reach == Reach::ClusterInternal)
        {
            emit.finding(&it.field("server"), format!("The name is {}.", server.host));
        }
    }),
};

static INVALID_PROXY: Check = Check {
    id: "proxy-url-invalid",
    severity: Severity::Error,
    title: "The proxy address is not one that kubectl takes",
    why: "kubectl stops before it connects. It takes http, https and socks5, and nothing else.",
    fix: "Write it as http://HOST:PORT, https://HOST:PORT or socks5://HOST:PORT.",
    citations: &[citation::PROXY, citation::VALIDATE_CLUSTER],
    run: Entries(|_, emit| emit.problems()),
};

/// The text of a proxy URL between scheme and path.
fn authority(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or_default()
}

static PROXY_PASSWORD: Check = Check {
    id: "proxy-url-with-password",
    severity: Severity::Warning,
    title: "A password stands in the proxy address",
    why: "kubectl config view shows the proxy address in full, so the password ends up in tickets \
          and terminals.",
    fix: "Use a proxy that needs no password, and treat this one as known to others.",
    citations: &[citation::REDACT, Citation::Rfc { number: 3986, section: "3.2.1" }],
    run: Entries(|part, emit| {
        for it in &part.seen_clusters {
            if let Some((_, host)) = authority(it.written.proxy_url.reveal()).rsplit_once('@') {
                emit.finding(&it.field("proxy-url"), format!("It stands before the host {host}."));
            }
        }
    }),
};

static PROXY: Check = Check {
    id: "proxy-in-use",
    severity: Severity::Notice,
    title: "All requests to this cluster go through a proxy",
    why: "kubectl uses it whatever HTTPS_PROXY and NO_PROXY say. When the proxy is down, kubectl \
          reports that the server refused the connection.",
    fix: "Check that the proxy can be reached from your network.",
    citations: &[citation::PROXY, citation::FIELDS],
    run: Entries(|part, emit| {
        for it in &part.seen_clusters {
            let url = it.written.proxy_url.reveal();
            let host = authority(url);
            let known = ["http://", "https://", "socks5://"];
            // What is wrong with the address is told by the checks above.
            let told = host.contains('@') || !known.iter().any(|it| url.starts_with(it));
            if !host.is_empty() && !told {
                let host = masking::without_password(host, url);
                emit.finding(&it.field("proxy-url"), format!("The proxy is {host}."));
            }
        }
    }),
};

#[cfg(test)]
mod tests {
    use super::covers;

    // Expectations from Go's TestVerifyHostname and TestMatchHostnames, crypto/x509.
    #[test]
    fn a_certificate_covers_what_go_says() {
        let rows = [
            ("DNS:example.com", "example.com", true),
            ("DNS:Example.com", "example.COM.", true),
            ("DNS:*.example.com", "a.example.com", true),
            ("DNS:*.example.com", "a.b.example.com", false),
            ("DNS:*.example.com", "example.com", false),
            ("DNS:*.com", "localhost", false),
            ("IP:192.0.2.1", "192.0.2.1", true),
            ("IP:2001:db8:0:0:0:0:0:1", "2001:db8::1", true),
            ("DNS:192.0.2.1", "192.0.2.1", false),
            ("URI:https://example.com", "example.com", false),
        ];
        for (san, host, expected) in rows {
            assert_eq!(covers(&[san.to_owned()], host), expected, "{san} for {host}");
        }
    }
}
