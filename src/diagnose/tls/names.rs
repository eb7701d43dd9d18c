//! The server's certificate is for other names, or for none that Go looks at.

use super::{CREDENTIAL_NOT_YET, DATES_PASSED, GO_VERIFY, words};
use crate::{
    diagnose::{CERTAIN, Cause, Family, LIKELY, Weight, scene::Scene, template},
    facts::{Reach, TlsMode},
    quote,
};

const SHOW_NAMES: &str = "openssl s_client -connect {host|HOST}:{port|6443} </dev/null 2>/dev/null | \
    openssl x509 -noout -ext subjectAltName";

pub(super) static NAME_MISMATCH: Family = Family {
    id: "server-name-mismatch",
    says: &[
        "certificate is valid for {count}, but none matched {host}",
        "certificate is valid for {names}, not {host}",
        "certificate is not valid for any names, but wanted to match {host}",
        "Hostname/IP does not match certificate's altnames: Host: {host}. is not in the cert's altnames: {names}",
        "Hostname/IP does not match certificate's altnames: IP: {host} is not in the cert's list: {names}",
        "IP address mismatch, certificate is not valid for {host}",
        "Hostname mismatch, certificate is not valid for {host}",
        "hostname {host} doesn't match either of {names}",
        "hostname {host} doesn't match {names}",
        "doesn't match either of {names}",
        "certificate name does not match input",
        "No subject alternative names matching IP address {host} found",
        "No subject alternative DNS name matching {host} found",
        "No name matching {host} found",
        "SSLPeerUnverifiedException: Hostname {host} not verified",
        "no alternative certificate subject name matches target host name {host}",
        "certificate is valid for {names}",
    ],
    causes: &[
        Cause {
            id: "tls-server-name-wrong",
            title: "This kubeconfig tells kubectl to expect the name {server-name} in the \
                    server's certificate, and that name is not in it",
            weigh: tls_server_name_wrong,
            fix: &["Remove tls-server-name from the cluster {cluster}, or set it to a name that \
                 is in the certificate; it takes a name without a port."],
            commands: &["kubectl config set-cluster {cluster} --tls-server-name="],
        },
        Cause {
            id: "ingress-certificate",
            title: "What answers at {host|this address} is an ingress controller or a web \
                    server, not the API server",
            weigh: |scene| {
                const OTHERS: &[&str] =
                    &["ingress.local", "Ingress Controller Fake", "traefik.default"];
                match OTHERS.iter().find(|it| scene.said(it)) {
                    Some(name) => Weight::of(CERTAIN)
                        .because(format!("The certificate names {name}, which ingress controllers make for themselves.")),
                    None => Weight::Beside,
                }
            },
            fix: &["Use the address and port of the API server; most listen on port 6443 rather \
                 than 443."],
            commands: &[],
        },
        Cause {
            id: "server-name-mismatch",
            title: "The server's certificate does not have the address {host|that kubectl \
                    connects to} among its names",
            weigh: not_among_names,
            fix: &[
                "Add {host|the address} to the subject alternative names of the API server's \
                 certificate, and restart it. With kubeadm: apiServer.certSANs; with k3s: \
                 --tls-san.",
                "On an ACK managed cluster: add the address to the API server certificate's \
                 SANs, when the cluster is created or later. On an ACK dedicated cluster this \
                 is possible only when the cluster is created; later, migrate it to a managed \
                 Pro cluster and add the address there.",
                "Last resort, never in production: skip the verification. Then anyone on the \
                 way can pose as the server and read the credential. Two ways: the flag \
                 --insecure-skip-tls-verify for one command, or insecure-skip-tls-verify: true \
                 in the kubeconfig with certificate-authority-data removed.",
            ],
            commands: &[
                "kubectl --context {context} --insecure-skip-tls-verify get namespaces",
                // Sets the flag and removes the authority, which cannot stand beside it.
                "kubectl config set-cluster {cluster} --insecure-skip-tls-verify=true",
            ],
        },
        CREDENTIAL_NOT_YET,
        DATES_PASSED,
    ],
    source: GO_VERIFY,
};

fn tls_server_name_wrong(scene: &Scene<'_>) -> Weight {
    let Some(cluster) = scene.cluster() else { return Weight::Beside };
    let name = &cluster.tls_server_name;
    let wanted = scene.get("host").unwrap_or_default();
    if name.is_empty() || !(wanted.eq_ignore_ascii_case(name) || wanted.is_empty()) {
        return Weight::Beside;
    }
    Weight::of(CERTAIN).because(format!(
        "The cluster {} sets tls-server-name to {}, and the message complains of that name.",
        words(scene.value("cluster")),
        quote::visible(name)
    ))
}

/// The main cause, with the ways around it that this kubeconfig offers, safest first.
fn not_among_names(scene: &Scene<'_>) -> Weight {
    let names = names(scene);
    let host = scene.get("host").unwrap_or_default();
    let mut weight = Weight::of(LIKELY);
    let at_host = |host: &str| {
        scene.contexts().find(|it| {
            scene.server_of(it).is_some_and(|server| server.host.eq_ignore_ascii_case(host))
        })
    };
    if scene.said("not valid for any names") {
        weight = weight.because("The certificate is for no host name at all.");
    }
    if let Some(context) = at_host(host) {
        weight = weight.because(format!(
            "The context {} connects to {host}, and the message says that the certificate is \
             not for {host}.",
            quote::visible(&context.effective.name)
        ));
    }
    let mut kinds: Vec<(&str, Vec<&str>)> = Vec::new();
    for name in names.iter().take(20) {
        if let Some(context) = at_host(name) {
            weight = weight.because(format!(
                "The certificate is for {name}, the server of the context {}.",
                quote::visible(&context.effective.name)
            ));
            continue;
        }
        let kind = match is_service(name) {
            true => "usually that of the service kubernetes: reachable only inside the cluster",
            false => Scene::reach_words(reach(name)),
        };
        match kinds.iter_mut().find(|it| it.0 == kind) {
            Some((_, names)) => names.push(name),
            None => kinds.push((kind, vec![name])),
        }
    }
    for (kind, names) in kinds {
        weight = weight.because(format!("The certificate is for {} ({kind}).", names.join(", ")));
    }
    if scene.cluster_facts().is_some_and(|it| it.tls == TlsMode::Insecure) {
        weight = weight.because(
            "This context skips the verification, so the message cannot come from it as it is \
             now.",
        );
    }
    for context in names.iter().filter_map(|it| at_host(it)) {
        let name = &context.effective.name;
        weight = weight
            .step(format!(
                "Use the context {}, whose server is in the certificate.",
                quote::visible(name)
            ))
            .command(format!("kubectl --context {} get namespaces", quote::bash(name)));
    }
    let Some(best) = names.iter().min_by_key(|it| name_rank(it)) else {
        // A name to expect is no address to connect to.
        let server = scene.server().filter(|_| tls_server_name_wrong(scene) != Weight::Beside);
        let value = |name: &str| match server {
            Some(it) if name == "host" => Some(it.host.clone()),
            _ => scene.value(name),
        };
        return weight
            .step("See which names are in it; this command shows them:")
            .edit(|fit| fit.commands.extend(template::command(SHOW_NAMES, value)));
    };
    let cluster = scene.value("cluster");
    let reachable = |it: &&String| match reach(it) {
        Reach::Public => true,
        Reach::Private => !is_service(it),
        Reach::Hostname => it.contains('.') && !it.starts_with('*'),
        Reach::Loopback | Reach::ClusterInternal => false,
    };
    if !names.iter().any(|it| at_host(it).is_some())
        && let Some(direct) = names.iter().find(reachable)
    {
        let port = scene.value("port").unwrap_or_else(|| "6443".to_owned());
        let host = if direct.contains(':') { format!("[{direct}]") } else { direct.clone() };
        weight = weight
            .step(format!(
                "Connect to an address that is in the certificate if you can reach it, as \
                 {direct} ({}).",
                Scene::reach_words(reach(direct))
            ))
            .command(format!(
                "kubectl config set-cluster {} --server={}",
                template::word(cluster.as_deref().unwrap_or("NAME")),
                quote::bash(&format!("https://{host}:{port}"))
            ));
    }
    // Any name that the wildcard covers will do.
    let best = &match best.strip_prefix('*') {
        Some(domain) => format!("kubernetes{domain}"),
        None => best.clone(),
    };
    weight
        .step(format!(
            "Or keep the address and tell kubectl which name to expect: tls-server-name: \
             {best}. The connection stays verified; only the name is compared with another one."
        ))
        .command(format!(
            "kubectl config set-cluster {} --tls-server-name={}",
            template::word(cluster.as_deref().unwrap_or("NAME")),
            quote::bash(best)
        ))
}

/// The names in the certificate, as the message lists them.
fn names(scene: &Scene<'_>) -> Vec<String> {
    let names = scene.get("names").unwrap_or_default();
    let names = names.replace("IP Address:", "IP:");
    let listed = names.split([',', ' ', '\n', ';']).map(str::trim);
    let plain = listed.map(|it| it.trim_start_matches("DNS:").trim_start_matches("IP:"));
    let is_name = |it: &&str| !it.is_empty() && !it.contains(['(', ')', '<', '>']);
    plain.map(|it| it.trim_matches(['"', '\'', '.'])).filter(is_name).map(str::to_owned).collect()
}

/// The best name to expect comes first: `kubernetes`, which every API server's certificate has
/// and nothing else, then other names, then addresses.
fn name_rank(name: &str) -> (u8, usize) {
    let rank = match name {
        "kubernetes" => 0,
        "kubernetes.default" | "kubernetes.default.svc" => 1,
        "localhost" => 5,
        _ if name.starts_with('*') => 6,
        _ if name.parse::<std::net::IpAddr>().is_ok() => 4,
        _ if name.contains('.') => 2,
        _ => 3,
    };
    (rank, name.len())
}

/// Whether a name is likely the first address of the range for services, which every API
/// server's certificate has: 10.96.0.1 of kubeadm, 10.43.0.1 of k3s, 172.21.0.1 of ACK.
fn is_service(name: &str) -> bool {
    matches!(reach(name), Reach::Private) && name.ends_with(".0.1")
}

/// From where a name of a certificate can be reached.
fn reach(name: &str) -> Reach {
    use std::net::IpAddr;
    match name.parse::<IpAddr>() {
        Ok(it) if it.is_loopback() => Reach::Loopback,
        Ok(IpAddr::V4(it)) => {
            let shared = matches!(it.octets(), [100, 64..=127, _, _]);
            if it.is_private() || it.is_link_local() || shared {
                Reach::Private
            } else {
                Reach::Public
            }
        }
        Ok(IpAddr::V6(it)) => {
            if it.is_unique_local() || it.is_unicast_link_local() {
                Reach::Private
            } else {
                Reach::Public
            }
        }
        Err(_) if name == "localhost" => Reach::Loopback,
        Err(_)
            if name == "kubernetes"
                || name.starts_with("kubernetes.default")
                || name.ends_with(".svc")
                || name.contains(".svc.") =>
        {
            Reach::ClusterInternal
        }
        Err(_) => Reach::Hostname,
    }
}

pub(super) static IP_WITHOUT_SANS: Family = Family {
    id: "ip-without-sans",
    says: &["cannot validate certificate for {host} because it doesn't contain any IP SANs"],
    causes: &[
        Cause {
            id: "ip-without-sans",
            title: "kubectl connects to an address, {host}, and the server's certificate holds \
                    only names",
            weigh: |scene| {
                let host = scene.get("host").unwrap_or_default();
                let weight = match scene.server().filter(|it| it.host == host) {
                    Some(_) => Weight::of(CERTAIN).because(format!(
                        "The server of the context {} is the address {host}.",
                        words(scene.value("context"))
                    )),
                    None => Weight::of(LIKELY),
                };
                match scene.value("server-name") {
                    Some(name) if name == host => weight.because(format!(
                        "tls-server-name is set to the address {host}; it needs a name."
                    )),
                    _ => weight,
                }
            },
            fix: &[
                "Put a name that is in the certificate in place of the address in server.",
                "Or keep the address and set tls-server-name to a name that is in the \
                 certificate; for an API server kubernetes usually is. This command shows the \
                 names:",
                "Or issue the certificate again with the address among its names.",
                "Last resort, never in production: skip the verification. Then anyone on the \
                 way can pose as the server and read the credential.",
            ],
            commands: &[
                SHOW_NAMES,
                "kubectl config set-cluster {cluster|NAME} --tls-server-name=kubernetes",
            ],
        },
        CREDENTIAL_NOT_YET,
        DATES_PASSED,
    ],
    source: GO_VERIFY,
};

pub(super) static NO_SANS: Family = Family {
    id: "certificate-without-sans",
    says: &[
        "certificate relies on legacy Common Name field",
        "certificate is not valid for any names",
    ],
    causes: &[
        Cause {
            id: "certificate-without-sans",
            title: "The server's certificate has no subject alternative names, only a common \
                    name, which programs no longer read",
            weigh: |_| {
                Weight::of(LIKELY).because(
                    "kubectl 1.19 and later, and everything built with Go 1.15 or later, reads \
                     names only from the subject alternative names.",
                )
            },
            fix: &[
                "Issue the server's certificate again, with its names and addresses as subject \
                 alternative names.",
                "Nothing in the kubeconfig can repair this, tls-server-name included: there \
                 is no name to compare with.",
            ],
            commands: &[],
        },
        CREDENTIAL_NOT_YET,
        DATES_PASSED,
    ],
    source: GO_VERIFY,
};
