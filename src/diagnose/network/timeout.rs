//! No answer in time: the way there is closed, or the server is busy.

use super::{NOT_CONNECTED, is_answered, is_connected, is_early, proxy, refused};
use crate::{
    diagnose::{Cause, Family, LIKELY, POSSIBLE, REMOTE, Weight, scene::Scene},
    facts::Reach,
    quote,
};

pub(super) static TIMEOUT: Family = Family {
    id: "timeout",
    says: &[
        "dial tcp {address}: i/o timeout",
        "dial tcp {address}: connect: connection timed out",
        "dial tcp {address}: connect: operation timed out",
        "dial tcp {address}: connectex: A connection attempt failed",
        "net/http: TLS handshake timeout",
        "net/http: request canceled while waiting for connection",
        "Client.Timeout exceeded while awaiting headers",
        "net/http: timeout awaiting response headers",
        "context deadline exceeded",
        "the server was unable to return a response in the time allotted",
        "request did not complete within",
        "A connection attempt failed because the connected party did not properly respond",
        "connectex: Ein Verbindungsversuch ist fehlgeschlagen",
        "connectex: Une tentative de connexion a échoué",
        "connectex: Se produjo un error durante el intento de conexión",
        "connectex: Uma tentativa de conexão falhou",
        "connectex: Impossibile stabilire la connessione. Risposta non corretta",
        "connectex: Попытка установить соединение была безуспешной",
        "connectex: 由于连接方在一段时间后没有正确答复",
        "connectex: 接続済みの呼び出し先が一定の時間を過ぎても",
        "connection timed out",
        "operation timed out",
        "ETIMEDOUT",
        "i/o timeout",
        "Read timed out",
        "connect timed out",
        "(connect timeout=",
    ],
    causes: &[
        proxy::NOT_USED,
        refused::LOCAL_STOPPED,
        Cause {
            id: "private-address-from-outside",
            title: "The server {host|of the context} has a private address, and kubectl runs \
                    outside its network",
            weigh: |scene| match scene.server().map(|it| (it, it.reach)) {
                _ if proxy::url(scene).is_some() || refused::is_local(scene) => Weight::Beside,
                Some((_, Reach::Public)) => Weight::RuledOut(
                    "A private address from outside: the address is public.".to_owned(),
                ),
                _ if is_connected(scene) => Weight::Beside,
                Some((it, Reach::Private)) => Weight::of(90)
                    .because(format!(
                        "{} is a private address: only machines in the same network, or \
                         connected to it by VPN or peering, reach it.",
                        quote::visible(&it.host)
                    ))
                    .edit(|fit| fit.fix.extend(public_context(scene))),
                Some((it, Reach::ClusterInternal)) => Weight::of(92).because(format!(
                    "{} exists only inside the cluster.",
                    quote::visible(&it.host)
                )),
                Some((it, Reach::Hostname))
                    if it.host.contains("privatelink") || it.host.contains("internal") =>
                {
                    Weight::of(80).because(format!(
                        "The name {} is that of a private endpoint.",
                        quote::visible(&it.host)
                    ))
                }
                Some((_, Reach::Hostname))
                    if scene.message.hosts.iter().any(|it| is_private(&it.name)) =>
                {
                    Weight::of(88)
                        .because("The name leads to a private address, as the message shows.")
                }
                _ => Weight::Beside,
            },
            fix: &[
                "Connect to the network first: VPN, bastion host, or a machine in the same VPC.",
                "Or fetch a kubeconfig for the public address. ACK: bind an EIP to the API \
                 server and fetch the file with PrivateIpAddress=false (public access).",
            ],
            commands: &["nc -vz {host|HOST} {port|6443}"],
        },
        Cause {
            id: "proxy-does-not-answer",
            title: "The proxy in this kubeconfig does not answer, or does not reach the server",
            weigh: |scene| match proxy::url(scene) {
                Some(_) if !is_answered(scene) => proxy::used(scene, 91)
                    .because("With a proxy kubectl itself connects to nothing but the proxy."),
                _ => Weight::Beside,
            },
            fix: &["Check the proxy, or remove proxy-url where it is not needed."],
            commands: &["kubectl config unset clusters.{cluster|NAME}.proxy-url"],
        },
        Cause {
            id: "firewall-drops",
            title: "A firewall, security group or access list drops the packets to \
                    {host|the server}",
            weigh: |scene| match scene.server().map(|it| it.reach) {
                _ if proxy::url(scene).is_some() || is_answered(scene) => Weight::Beside,
                Some(Reach::Public | Reach::Hostname) => Weight::of(LIKELY)
                    .because("Silence instead of a refusal is what a dropping filter looks like."),
                Some(Reach::Private) => Weight::of(55),
                Some(Reach::Loopback) => Weight::of(REMOTE),
                Some(Reach::ClusterInternal) => Weight::of(REMOTE),
                None => Weight::of(POSSIBLE),
            },
            fix: &[
                "Allow your address on port {port|6443}: access list of the API server's load \
                 balancer, security group, authorized networks.",
                "Check that the public address still belongs to this cluster: an unbound or \
                 released address stays silent.",
                "Try from another network: a company network may block the port.",
            ],
            commands: &["nc -vz {host|HOST} {port|6443}", "curl -s https://checkip.amazonaws.com"],
        },
        Cause {
            id: "server-overloaded",
            title: "The server accepts connections and does not get to answer: it is overloaded, \
                    or something in between cuts large packets",
            weigh: |scene| match () {
                () if is_early(scene) => Weight::RuledOut(
                    "An overloaded API server: the connection itself was not made.".to_owned(),
                ),
                () if is_connected(scene) => Weight::of(78)
                    .because("The connection itself was made; what came after it took too long."),
                () if scene.said("awaiting headers") => Weight::of(78),
                () => Weight::of(POSSIBLE),
            },
            fix: &[
                "Try again with a longer timeout, and look at the load and memory of the \
                 control plane.",
                "Behind a VPN, try a smaller MTU: small packets pass and the certificate does \
                 not.",
            ],
            commands: &["kubectl get namespaces --request-timeout=60s -v=6"],
        },
        NOT_CONNECTED,
    ],
    source: "Go 1.24 net/net.go, net/http/transport.go",
};

fn is_private(name: &str) -> bool {
    match name.parse::<std::net::Ipv4Addr>() {
        Ok(it) => it.is_private() || matches!(it.octets(), [100, 64..=127, _, _]),
        Err(_) => false,
    }
}

/// A context of the same kubeconfig with a public address.
fn public_context(scene: &Scene<'_>) -> Option<String> {
    let other = scene
        .contexts()
        .find(|it| scene.server_of(it).is_some_and(|it| it.reach == Reach::Public))?;
    Some(format!(
        "The context {} of the same kubeconfig has a public address; if it is the same cluster, \
         use that.",
        quote::visible(&other.effective.name)
    ))
}
