//! The server is not reached: refused, timed out, not found, cut off. What a proxy or a gateway does is
//! in files below.

mod gateway;
pub(super) mod proxy;

use super::{
    CERTAIN, Cause, Family, LIKELY, POSSIBLE, REMOTE, Weight,
    message::{Host, host},
    scene::Scene,
};
use crate::{facts::Reach, quote};

pub(super) const FAMILIES: &[&Family] = &[
    &SERVER_SCHEME,
    &SERVER_URL,
    &NO_SUCH_HOST,
    &REFUSED,
    &gateway::THROTTLED,
    &TIMEOUT,
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

static REFUSED: Family = Family {
    id: "connection-refused",
    says: &[
        "The connection to the server {address} was refused",
        "dial tcp {address}: connect: connection refused",
        "dial tcp {address}: connectex: No connection could be made because the target machine actively refused it",
        "connectex: Es konnte keine Verbindung hergestellt werden, da der Zielcomputer",
        "connectex: Aucune connexion n’a pu être établie",
        "connectex: No se puede establecer una conexión ya que el equipo de destino denegó",
        "connectex: Nenhuma conexão pôde ser feita porque a máquina de destino",
        "connectex: Impossibile stabilire la connessione. Rifiuto persistente",
        "connectex: Подключение не установлено, т.к. конечный компьютер отверг",
        "connectex: 由于目标计算机积极拒绝",
        "connectex: 対象のコンピューターによって拒否された",
        "connect ECONNREFUSED {address}",
        "Failed to connect to {host} port {n}",
        "connection refused",
        "Connection refused",
        "actively refused it",
    ],
    causes: &[
        proxy::NOT_USED,
        Cause {
            id: "no-current-context",
            title: "No context is chosen in this kubeconfig, so kubectl falls back to \
                    localhost:8080",
            weigh: |scene| {
                if !is_default_server(scene) {
                    return Weight::Beside;
                }
                let current = scene.contexts().any(|it| it.effective.current);
                let named =
                    scene.facts.readings.iter().find_map(|it| it.merged.current_context.as_ref());
                match (current, scene.contexts().next(), named) {
                    (false, Some(first), None) => Weight::of(CERTAIN)
                        .because("The kubeconfig has contexts and no current-context; kubectl never picks one by itself.")
                        .command(format!("kubectl config use-context {}", quote::bash(&first.effective.name))),
                    _ => Weight::Beside,
                }
            },
            fix: &["Choose a context."],
            commands: &["kubectl config get-contexts"],
        },
        Cause {
            id: "context-without-cluster",
            title: "The context {context} names a cluster that is not in the kubeconfig, so \
                    kubectl falls back to localhost:8080",
            weigh: |scene| match scene.context {
                Some(it) if is_default_server(scene) && it.effective.cluster.is_none() => {
                    Weight::of(CERTAIN).because(format!(
                        "There is no cluster {} in it.",
                        quote::visible(
                            &scene.written().map(|it| it.cluster.clone()).unwrap_or_default()
                        )
                    ))
                }
                _ => Weight::Beside,
            },
            fix: &["Correct the name of the cluster in the context, or add the cluster."],
            commands: &[
                "kubectl config set-context {context} --cluster=NAME",
                "kubectl config get-clusters",
            ],
        },
        Cause {
            id: "cluster-without-server",
            title: "The cluster {cluster|of the context} has no server, so kubectl falls back to \
                    localhost:8080",
            weigh: |scene| match scene.cluster() {
                Some(it) if is_default_server(scene) && it.server.is_empty() => Weight::of(CERTAIN)
                    .because(
                        "server is missing or empty. The names of fields count with their case.",
                    ),
                _ => Weight::Beside,
            },
            fix: &["Write the address of the API server there, or fetch the kubeconfig again."],
            commands: &["kubectl config set-cluster {cluster} --server=https://HOST:6443"],
        },
        Cause {
            id: "empty-kubeconfig",
            title: "kubectl read a kubeconfig with nothing in it, and falls back to \
                    localhost:8080",
            weigh: |scene| {
                let empty = scene.contexts().next().is_none();
                match is_default_server(scene) && empty && !scene.facts.sources.is_empty() {
                    true => Weight::of(95).because("No context was found in what was handed in."),
                    false => Weight::Beside,
                }
            },
            fix: &["Fetch the kubeconfig again; an empty or badly indented file looks like this."],
            commands: &["kubectl config view"],
        },
        Cause {
            id: "terraform-without-config",
            title: "Terraform was given no kubeconfig: localhost, without a port, is what its \
                    provider tries then",
            weigh: |scene| match scene.said_any(&[
                "http://localhost/",
                "http://127.0.0.1/",
                "]:80: ",
                "127.0.0.1:80: ",
            ]) && is_default_server(scene)
            {
                true => Weight::of(95)
                    .because("The message names localhost without a port; no API server is there."),
                false => Weight::Beside,
            },
            fix: &[
                "Give the provider config_path, or host and credentials. They must be known when \
                 it is configured: not taken from a cluster that the same run creates.",
            ],
            commands: &["export KUBE_CONFIG_PATH=$HOME/.kube/config"],
        },
        Cause {
            id: "connection-refused-no-config",
            title: "kubectl did not find this kubeconfig: localhost:8080 is what it tries when \
                    it has none",
            weigh: |scene| match is_default_server(scene) {
                true => Weight::of(80)
                    .because("No context of this kubeconfig has the server localhost:8080."),
                false => Weight::Beside,
            },
            fix: &["Save it as ~/.kube/config of the user who runs kubectl, or point KUBECONFIG \
                 at it. With sudo, or in cron and CI, that is another user and another home."],
            commands: &[
                "echo \"$KUBECONFIG\"; ls -l ~/.kube/config",
                "export KUBECONFIG=$HOME/.kube/config",
            ],
        },
        Cause {
            id: "proxy-refused",
            title: "The proxy refused the connection; kubectl reports it as if the server had",
            weigh: |scene| {
                if scene.said("proxyconnect tcp") {
                    return proxy::used(scene, CERTAIN)
                        .because("The transcript says that connecting to the proxy failed.");
                }
                let (Some(url), Some(target)) = (proxy::url(scene), target(scene)) else {
                    return Weight::Beside;
                };
                let proxy = url.split_once("://").map_or(url, |(_, rest)| rest);
                let proxy = proxy.rsplit_once('@').map_or(proxy, |(_, rest)| rest);
                let Some(proxy) = host(proxy) else { return Weight::Beside };
                let at_proxy = scene
                    .message
                    .hosts
                    .iter()
                    .any(|it| it.name == proxy.name && it.port == proxy.port);
                let at_server =
                    scene.server().is_some_and(|it| it.host.eq_ignore_ascii_case(&target.name));
                match (at_proxy, at_server) {
                    (true, _) => Weight::of(CERTAIN),
                    (false, true) => Weight::of(70),
                    _ => Weight::of(40),
                }
                .because(format!("The cluster has the proxy-url {}.", proxy::words(url)))
            },
            fix: &["Start the proxy or the tunnel, or correct proxy-url."],
            commands: &["kubectl config set-cluster {cluster|NAME} --proxy-url=http://HOST:PORT"],
        },
        Cause {
            id: "local-cluster-stopped",
            title: "The cluster runs on this machine, and it is stopped or got another port",
            weigh: |scene| {
                let Some(tool) = local_tool(scene) else { return Weight::Beside };
                if is_default_server(scene) {
                    return Weight::Beside;
                }
                match target(scene).is_some_and(|it| is_loopback(&it.name))
                    || scene.server().is_some_and(|it| it.reach == Reach::Loopback)
                {
                    true => Weight::of(90)
                        .because(format!(
                            "The names in this kubeconfig are those of {}.",
                            tool.name
                        ))
                        .command(tool.status)
                        .command(tool.renew),
                    false => Weight::Beside,
                }
            },
            fix: &[
                "Start the cluster, then let its tool write the kubeconfig again: the port may have changed.",
            ],
            commands: &[],
        },
        Cause {
            id: "connection-refused-loopback",
            title: "The kubeconfig was made on the server itself: {host|its address} means \
                    whatever machine kubectl runs on",
            weigh: |scene| {
                match scene.server() {
                Some(it) if it.reach == Reach::Loopback && !is_default_server(scene) => Weight::of(85)
                    .because(format!("The server is {}.", quote::visible(&it.url)))
                    .because("Files from k3s, kubeadm nodes, kind, minikube and port-forwarding tools look like this."),
                _ if target(scene).is_some_and(|it| is_loopback(&it.name)) && !is_default_server(scene) => Weight::of(60),
                _ => Weight::Beside,
            }
            },
            fix: &[
                "Put the address of the node or load balancer in place of it; it must be one of \
                 the names in the server's certificate.",
                "Or open the tunnel that the file counts on.",
            ],
            commands: &[
                "kubectl config set-cluster {cluster|NAME} --server=https://NODE:{port|6443}",
                "ssh -N -L {port|6443}:127.0.0.1:6443 NODE",
            ],
        },
        Cause {
            id: "server-not-listening",
            title: "Nothing listens at {address|the address}: the API server is down, or the \
                    port is wrong",
            weigh: |scene| {
                if is_default_server(scene) {
                    return Weight::RuledOut(
                        "A server that is down: localhost:8080 is not a server of this kubeconfig."
                            .to_owned(),
                    );
                }
                match scene.server() {
                    Some(it) if it.reach == Reach::Loopback => Weight::of(POSSIBLE),
                    Some(it) => {
                        let odd = it.port.filter(|it| ![443, 6443, 5443, 8443, 9443].contains(it));
                        let weight = Weight::of(70).because(format!(
                            "A refusal comes from the machine at {} itself, so the way to it is open.",
                            quote::visible(&it.host)
                        ));
                        match odd {
                            Some(port) => weight.because(format!(
                                "Port {port} is not one where API servers usually listen."
                            )),
                            None => weight,
                        }
                    }
                    None => Weight::of(60),
                }
            },
            fix: &[
                "Check on the control plane node that the API server runs, and its log. After a \
                 reboot: swap, a full disk or an expired certificate keep it down.",
                "Check address and port.",
            ],
            commands: &[
                "curl -sk https://{host|HOST}:{port|6443}/livez",
                "sudo crictl ps -a --name kube-apiserver",
            ],
        },
        NOT_CONNECTED,
    ],
    source: "kubectl v0.33.1 pkg/cmd/util/helpers.go; client-go v0.33.1 tools/clientcmd/client_config.go",
};

fn is_loopback(name: &str) -> bool {
    name == "localhost" || name.starts_with("127.") || name == "::1" || name == "0.0.0.0"
}

/// Whether the message is about localhost:8080, where kubectl turns without a kubeconfig, or
/// about localhost itself, where Terraform does; and no context has that server of its own.
fn is_default_server(scene: &Scene<'_>) -> bool {
    let is = |name: &str, port| is_loopback(name) && matches!(port, Some(80 | 8080) | None);
    target(scene).is_some_and(|it| is(&it.name, it.port))
        && !scene.contexts().filter_map(|it| scene.server_of(it)).any(|it| is(&it.host, it.port))
}

/// A cause that only excludes what comes after a connection.
const NOT_CONNECTED: Cause = Cause {
    id: "credentials",
    title: "",
    weigh: |scene| match is_answered(scene) {
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

/// A tool that runs clusters on one's own machine.
struct LocalTool {
    name: &'static str,
    status: &'static str,
    renew: &'static str,
}

/// The tool whose names the context has.
fn local_tool(scene: &Scene<'_>) -> Option<&'static LocalTool> {
    const TOOLS: &[(&str, LocalTool)] = &[
        (
            "kind-",
            LocalTool {
                name: "kind",
                status: "docker ps --filter label=io.x-k8s.kind.cluster",
                renew: "kind export kubeconfig",
            },
        ),
        (
            "minikube",
            LocalTool {
                name: "minikube",
                status: "minikube status",
                renew: "minikube update-context",
            },
        ),
        (
            "docker-desktop",
            LocalTool {
                name: "Docker Desktop",
                status: "docker info",
                renew: "kubectl config use-context docker-desktop",
            },
        ),
        (
            "docker-for-desktop",
            LocalTool {
                name: "Docker Desktop",
                status: "docker info",
                renew: "kubectl config use-context docker-desktop",
            },
        ),
        (
            "k3d-",
            LocalTool {
                name: "k3d",
                status: "k3d cluster list",
                renew: "k3d kubeconfig merge --all --kubeconfig-merge-default",
            },
        ),
        (
            "rancher-desktop",
            LocalTool { name: "Rancher Desktop", status: "rdctl version", renew: "rdctl start" },
        ),
        ("colima", LocalTool { name: "Colima", status: "colima status", renew: "colima start" }),
        ("orbstack", LocalTool { name: "OrbStack", status: "orb status", renew: "orb start" }),
        (
            "vcluster",
            LocalTool { name: "vcluster", status: "vcluster list", renew: "vcluster connect NAME" },
        ),
        (
            "microk8s",
            LocalTool { name: "MicroK8s", status: "microk8s status", renew: "microk8s config" },
        ),
    ];
    let context = scene.context?;
    let names = [Some(context.effective.name.clone()), scene.value("cluster")];
    TOOLS
        .iter()
        .find(|(prefix, _)| names.iter().flatten().any(|it| it.starts_with(prefix)))
        .map(|(_, tool)| tool)
}

static TIMEOUT: Family = Family {
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
    ],
    causes: &[
        proxy::NOT_USED,
        Cause {
            id: "private-address-from-outside",
            title: "The server {host|of the context} has a private address, and kubectl runs \
                    outside its network",
            weigh: |scene| match scene.server().map(|it| (it, it.reach)) {
                _ if proxy::url(scene).is_some() => Weight::Beside,
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
            weigh: |scene| {
                let later = is_connected(scene) || scene.said("awaiting headers");
                match (is_early(scene), later) {
                    (true, _) => Weight::RuledOut(
                        "An overloaded API server: the connection itself was not made.".to_owned(),
                    ),
                    (false, true) => Weight::of(78).because(
                        "The connection itself was made; what came after it took too long.",
                    ),
                    (false, false) => Weight::of(POSSIBLE),
                }
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

/// Whether the connection itself was not made.
fn is_early(scene: &Scene<'_>) -> bool {
    scene.said_any(&["dial tcp", "while waiting for connection"])
}

/// Whether the message shows that there was a connection.
fn is_connected(scene: &Scene<'_>) -> bool {
    let said = scene.said_any(&["TLS handshake timeout", "awaiting response headers", "read tcp"]);
    is_answered(scene) || said && !is_early(scene)
}

/// Whether it is the server itself that says so.
fn is_answered(scene: &Scene<'_>) -> bool {
    scene.said_any(&["time allotted", "request did not complete within"])
}

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

static NO_SUCH_HOST: Family = Family {
    id: "no-such-host",
    says: &[
        "lookup {host} on {dns}:53: {why}",
        "lookup {host}: no such host",
        "lookup {host}: i/o timeout",
        "lookup {host}: Temporary failure in name resolution",
        "lookup {host}: No address associated with hostname",
        "lookup {host}: getaddrinfow",
        "dial tcp: lookup {host}:",
        "getaddrinfo ENOTFOUND {host}",
        "Could not resolve host: {host}",
        "Name or service not known",
        "no such host",
        "Temporary failure in name resolution",
    ],
    causes: &[
        proxy::NOT_USED,
        Cause {
            id: "placeholder-server",
            title: "The server's address is a placeholder that was never filled in: {host}",
            weigh: |scene| {
                let host = host_words(scene);
                let placeholder =
                    ["<", "{", "$", "your", "changeme", "replace", "server_", "cluster_"]
                        .iter()
                        .any(|it| host.to_ascii_lowercase().contains(it));
                match placeholder {
                    true => Weight::of(CERTAIN)
                        .because(format!("{} is no name of a server.", quote::visible(&host))),
                    false => Weight::Beside,
                }
            },
            fix: &["Write the address of the API server there, or fetch the kubeconfig again."],
            commands: &["kubectl config set-cluster {cluster|NAME} --server=https://HOST:6443"],
        },
        Cause {
            id: "server-address-malformed",
            title: "The server's address is written in a way that makes a part of it the host \
                    name",
            weigh: |scene| {
                let host = host_words(scene);
                let odd = ["http", "https", "https:"]
                    .iter()
                    .any(|it| host == *it || host.starts_with("https:"));
                match odd {
                    true => Weight::of(CERTAIN).because(format!(
                        "kubectl looked for a host called {}.",
                        quote::visible(&host)
                    )),
                    false => Weight::Beside,
                }
            },
            fix: &["Write it as https://HOST:PORT, once."],
            commands: &["kubectl config set-cluster {cluster|NAME} --server=https://HOST:6443"],
        },
        Cause {
            id: "private-name",
            title: "The name {host|of the server} is known only inside its private network",
            weigh: |scene| {
                let host = host_words(scene).to_ascii_lowercase();
                let private = [
                    ".privatelink.",
                    ".private.",
                    ".internal",
                    ".local",
                    ".lan",
                    ".corp",
                    ".svc",
                    ".intranet",
                    ".tencent-cloud.com",
                    ".fleet.ucs.",
                ];
                match private
                    .iter()
                    .find(|it| host.contains(**it) || host.ends_with(it.trim_end_matches('.')))
                {
                    Some(it) => Weight::of(90).because(format!(
                        "A name with {it} in it is answered only by the DNS of that network."
                    )),
                    None if !host.contains('.') && !host.is_empty() => {
                        Weight::of(80).because(format!(
                            "{} is a bare name, which only its own network knows.",
                            quote::visible(&host)
                        ))
                    }
                    None => Weight::of(40),
                }
            },
            fix: &[
                "Connect to that network (VPN, bastion, private DNS zone), or add the name to \
                 /etc/hosts with the address of the API server.",
                "Or fetch a kubeconfig for the public address.",
            ],
            commands: &["nslookup {host|HOST}"],
        },
        Cause {
            id: "cluster-gone",
            title: "The cluster that had the name {host|of the server} was deleted or created \
                    anew",
            weigh: |scene| {
                let host = host_words(scene).to_ascii_lowercase();
                let managed = [
                    ".eks.amazonaws.com",
                    ".azmk8s.io",
                    ".k8s.ondigitalocean.com",
                    ".gke.goog",
                    ".k8s.ovh.net",
                    ".linodelke.net",
                    ".k8s.scw.cloud",
                    ".containers.appdomain.cloud",
                    ".cs.aliyuncs.com",
                    ".vultr-k8s.com",
                ];
                match managed.iter().find(|it| host.ends_with(**it)) {
                    Some(_) => Weight::of(80).because(format!(
                        "{} is a name that the provider makes for one cluster and removes with \
                         it.",
                        quote::visible(&host)
                    )),
                    None => Weight::of(45),
                }
            },
            fix: &[
                "Check at the provider that the cluster exists, and fetch its kubeconfig again.",
            ],
            commands: &["aws eks update-kubeconfig --name {eks-cluster} --region {region}"],
        },
        Cause {
            id: "dns-down",
            title: "The DNS server does not answer, or there is no network",
            weigh: |scene| {
                let other = |it: &str| !it.is_empty() && !it.starts_with("no such");
                let said =
                    scene.said_any(&["server misbehaving", "Temporary failure", "i/o timeout"]);
                match said || scene.get("why").is_some_and(other) {
                true => Weight::of(85).because("The DNS server itself did not give an answer; it did not say that the name is unknown."),
                false => Weight::of(30),
            }
            },
            fix: &["Check the network and the DNS server; a VPN often changes it."],
            commands: &["nslookup {host|HOST}", "cat /etc/resolv.conf"],
        },
        Cause {
            id: "server-name-misspelled",
            title: "The server's name is misspelled: {host}",
            weigh: |scene| match scene.get("host") {
                Some(_) => Weight::of(42),
                None => Weight::Beside,
            },
            fix: &["Compare the server's address with the provider's."],
            commands: &[],
        },
        NOT_CONNECTED,
    ],
    source: "Go 1.24 net/dnsclient_unix.go",
};

fn host_words(scene: &Scene<'_>) -> String {
    scene.get("host").map(str::to_owned).or_else(|| scene.value("host")).unwrap_or_default()
}

static NO_ROUTE: Family = Family {
    id: "no-route",
    says: &[
        "connectex: An attempt was made to access a socket in a way forbidden by its access permissions",
        "connect: operation not permitted",
        "connect: permission denied",
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
                Some(Reach::Private) => {
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
