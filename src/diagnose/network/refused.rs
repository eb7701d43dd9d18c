//! Nobody listens: the server is down, or it is not the one that was meant.

use super::{NOT_CONNECTED, is_connected, proxy, target};
use crate::{
    diagnose::{CERTAIN, Cause, Family, POSSIBLE, Weight, message::host, scene::Scene, template},
    facts::Reach,
    quote,
};

pub(super) static REFUSED: Family = Family {
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
                        .command(format!("kubectl config use-context {}", template::word(&first.effective.name))),
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
                // The proxy says what the server did.
                if scene.said("socks connect tcp") {
                    return Weight::Beside;
                }
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
        LOCAL_STOPPED,
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

/// A tool runs the cluster on this machine, and does not run it now.
pub(super) const LOCAL_STOPPED: Cause = Cause {
    id: "local-cluster-stopped",
    title: "The cluster runs on this machine, and it is stopped or got another port",
    weigh: |scene| match local_tool(scene) {
        Some(tool) if is_local(scene) => Weight::of(90)
            .because(format!("The names in this kubeconfig are those of {}.", tool.name))
            .command(tool.status)
            .command(tool.renew),
        _ => Weight::Beside,
    },
    fix: &[
        "Start the cluster, then let its tool write the kubeconfig again: the port may have changed.",
    ],
    commands: &[],
};

/// Whether the server, which was not reached, is one that a tool runs on this machine: most tools
/// make it listen there, minikube gives it an address of its own, Docker Desktop a name.
pub(super) fn is_local(scene: &Scene<'_>) -> bool {
    let Some(tool) = local_tool(scene) else { return false };
    let here = scene.server().is_some_and(|it| match it.reach {
        Reach::Loopback => true,
        Reach::Private => tool.name == "minikube",
        _ => it.host.ends_with(".docker.internal"),
    });
    (here || target(scene).is_some_and(|it| is_loopback(&it.name)))
        && !is_default_server(scene)
        && !is_connected(scene)
}

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
