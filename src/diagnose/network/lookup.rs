//! The server's name leads to no address.

use super::{NOT_CONNECTED, proxy, refused};
use crate::{
    diagnose::{CERTAIN, Cause, Family, Weight, scene::Scene},
    quote,
};

pub(super) static NO_SUCH_HOST: Family = Family {
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
        "UnknownHostException: {host}",
        "Could not resolve host: {host}",
        "Name or service not known",
        "no such host",
        "Temporary failure in name resolution",
    ],
    causes: &[
        proxy::NOT_USED,
        refused::LOCAL_STOPPED,
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
