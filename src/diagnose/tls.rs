//! The server is not trusted, or what answers there is not what was expected.
//!
//! Go looks at a server's certificate in this order: its dates, its names, its signature; the
//! client's own credential is not looked at before that. So each message excludes what was
//! passed before it, and says nothing of what would have come after.

mod trust;

use super::{
    CERTAIN, Cause, Family, LIKELY, POSSIBLE, REMOTE, Weight,
    scene::{Scene, when},
};
use crate::{
    decode::x509::Certificate,
    facts::{Reach, TlsMode},
    quote,
    time::Timestamp,
};

pub(super) const FAMILIES: &[&Family] = &[
    &NAME_MISMATCH,
    &IP_WITHOUT_SANS,
    &NO_SANS,
    &trust::KEY_OF_CA_DIFFERS,
    &EXPIRED,
    &trust::UNKNOWN_AUTHORITY,
    &trust::NOT_A_CA,
    &MACOS,
    &KEY_USAGE,
    &NEGATIVE_SERIAL,
    &CERTIFICATE_REFUSED_BY_SERVER,
    &HTTP_RESPONSE,
    &HTTP_REQUEST,
    &NOT_TLS,
    &TLS_VERSION,
    &WEAK_KEY,
];

const GO_VERIFY: &str = "Go 1.24 crypto/x509/verify.go";

/// Rules out what Go would have said instead of a complaint about the certificate's names.
fn dates_passed(scene: &Scene<'_>) -> Weight {
    let client = match scene.client_leaf().and_then(|it| it.validity.not_after) {
        Some(end) if end < scene.now() => format!(
            " (The client certificate did expire {}, which will be the next message.)",
            when(end, scene.now())
        ),
        _ => String::new(),
    };
    Weight::RuledOut(format!(
        "An expired credential or a missing permission: kubectl looks at the server's \
         certificate first, and its credential has not been looked at yet.{client}"
    ))
}

fn server_dates_passed(_: &Scene<'_>) -> Weight {
    Weight::RuledOut(
        "An expired server certificate or a wrong clock: the certificate's dates are checked \
         before its names, and they passed."
            .to_owned(),
    )
}

/// A cause that only ever excludes what has been passed.
const CREDENTIAL_NOT_YET: Cause =
    Cause { id: "credential", title: "", weigh: dates_passed, fix: &[], commands: &[] };

/// As [`CREDENTIAL_NOT_YET`], for the server's dates.
const DATES_PASSED: Cause =
    Cause { id: "server-dates", title: "", weigh: server_dates_passed, fix: &[], commands: &[] };

static NAME_MISMATCH: Family = Family {
    id: "server-name-mismatch",
    says: &[
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

fn words(value: Option<String>) -> String {
    quote::visible(&value.unwrap_or_default())
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
    let Some(best) = names.iter().min_by_key(|it| name_rank(it)) else { return weight };
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
                cluster.as_deref().map_or("NAME".to_owned(), quote::bash),
                quote::bash(&format!("https://{host}:{port}"))
            ));
    }
    if best.starts_with('*') {
        return weight;
    }
    weight
        .step(format!(
            "Or keep the address and tell kubectl which name to expect: tls-server-name: \
             {best}. The connection stays verified; only the name is compared with another one."
        ))
        .command(format!(
            "kubectl config set-cluster {} --tls-server-name={}",
            cluster.as_deref().map_or("NAME".to_owned(), quote::bash),
            quote::bash(best)
        ))
}

/// The names in the certificate, as the message lists them.
fn names(scene: &Scene<'_>) -> Vec<String> {
    let names = scene.get("names").unwrap_or_default();
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

static IP_WITHOUT_SANS: Family = Family {
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
                "openssl s_client -connect {host}:{port|6443} </dev/null 2>/dev/null | openssl \
                 x509 -noout -ext subjectAltName",
                "kubectl config set-cluster {cluster|NAME} --tls-server-name=kubernetes",
            ],
        },
        CREDENTIAL_NOT_YET,
        DATES_PASSED,
    ],
    source: GO_VERIFY,
};

static NO_SANS: Family = Family {
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

static EXPIRED: Family = Family {
    id: "server-certificate-dates",
    says: &[
        "certificate has expired or is not yet valid: current time {time} is after {end}",
        "certificate has expired or is not yet valid: current time {time} is before {start}",
        "x509: certificate has expired or is not yet valid",
        "certificate verify failed: certificate has expired",
        "CERT_HAS_EXPIRED",
        "certificate is expired",
    ],
    causes: &[
        Cause {
            id: "ca-expired",
            title: "The certificate authority in this kubeconfig has expired",
            weigh: |scene| {
                let said = moment(scene, "end");
                // Of several, the one that the message means, else the one that holds longest.
                let rank = |it: &&Certificate| {
                    let end = it.validity.not_after;
                    (end.is_some() && end == said, end)
                };
                let Some(ca) = scene.cas().into_iter().max_by_key(rank) else {
                    return Weight::Beside;
                };
                let Some(end) = ca.validity.not_after else { return Weight::Beside };
                match end < scene.now() {
                    true => Weight::of(if said == Some(end) { CERTAIN } else { LIKELY }).because(
                        format!(
                            "The certificate authority {} expired {}.",
                            quote::visible(&ca.subject().rfc4514()),
                            when(end, scene.now())
                        ),
                    ),
                    false => Weight::RuledOut(format!(
                        "An expired certificate authority: the one in this kubeconfig holds until {}.",
                        end.words()
                    )),
                }
            },
            fix: &[
                "Renew the cluster's certificate authority and the certificates under it, then \
                 fetch the kubeconfig again.",
            ],
            commands: &[],
        },
        Cause {
            id: "server-certificate-expired",
            title: "The API server's own certificate has expired",
            weigh: server_expired,
            fix: &[
                "Renew the API server's certificate, and restart the API server: it keeps the \
                 old one in memory. With kubeadm: kubeadm certs renew all; with k3s: k3s \
                 certificate rotate; a managed cluster: ask the provider.",
                "A new kubeconfig does not help: the certificate that ended is the server's.",
            ],
            commands: &[
                "openssl s_client -connect {host|HOST}:{port|6443} </dev/null 2>/dev/null | \
                 openssl x509 -noout -dates",
            ],
        },
        Cause {
            id: "server-certificate-not-yet-valid",
            title: "The API server's certificate is not valid yet",
            weigh: |scene| match moment(scene, "start") {
                Some(start) if scene.now() < start => Weight::of(95).because(format!(
                    "The server's certificate becomes valid {}.",
                    when(start, scene.now())
                )),
                Some(start) => Weight::RuledOut(format!(
                    "A server certificate that is not valid yet: it has been valid since {}.",
                    start.words()
                )),
                None => Weight::Beside,
            },
            fix: &["Check the clock of the machine that issued it: it was ahead. Issue the \
                 certificate again, or wait."],
            commands: &[],
        },
        Cause {
            id: "clock-wrong",
            title: "The clock of the machine that runs kubectl is wrong",
            weigh: clock_wrong,
            fix: &[
                "Set the clock, and let the machine keep it by NTP. Virtual machines that were asleep are the usual case.",
            ],
            commands: &["date -u", "timedatectl status"],
        },
        Cause {
            id: "client-certificate-expired",
            title: "",
            weigh: |scene| {
                let shown = match scene.client_leaf().and_then(|it| it.validity.not_after) {
                    Some(end) if end < scene.now() => format!(
                        " It did expire {}, which will be the next message.",
                        when(end, scene.now())
                    ),
                    Some(end) => format!(" It holds until {}.", end.words()),
                    None => String::new(),
                };
                Weight::RuledOut(format!(
                    "An expired client certificate: the server answers that with Unauthorized. \
                     This message is about the server's certificate.{shown}"
                ))
            },
            fix: &[],
            commands: &[],
        },
    ],
    source: GO_VERIFY,
};

/// The moment that the message gives at `name`.
fn moment(scene: &Scene<'_>, name: &str) -> Option<Timestamp> {
    let text = scene.get(name)?;
    Timestamp::parse(text.split([' ', ',', ';', ')']).next().unwrap_or_default())
}

fn server_expired(scene: &Scene<'_>) -> Weight {
    let now = scene.now();
    if moment(scene, "start").is_some() {
        return Weight::Beside;
    }
    match moment(scene, "end") {
        Some(end) if end < now => {
            Weight::of(95).because(format!("The server's certificate ended {}.", when(end, now)))
        }
        Some(end) => Weight::RuledOut(format!(
            "An expired server certificate: it ends {}, which has not come yet.",
            when(end, now)
        )),
        None => Weight::of(LIKELY),
    }
}

/// A clock is wrong when the certificate's period, judged by the present moment, holds; or when
/// the machine believes in a moment that has not come.
fn clock_wrong(scene: &Scene<'_>) -> Weight {
    const TOLERANCE: i64 = 600;
    let now = scene.now();
    let (Some(time), bound) =
        (moment(scene, "time"), moment(scene, "end").or_else(|| moment(scene, "start")))
    else {
        return Weight::of(POSSIBLE);
    };
    let proof = format!("The machine took the time to be {}; it is {}.", time.words(), now.words());
    let outside = match (moment(scene, "end"), moment(scene, "start")) {
        (Some(end), _) => end < now,
        (None, Some(start)) => now < start,
        (None, None) => true,
    };
    if !outside {
        return Weight::of(CERTAIN)
            .because(proof)
            .because("By the true time the certificate is valid.");
    }
    if TOLERANCE < time.since(now) {
        return Weight::of(LIKELY).because(proof).because(
            "Its clock is ahead, and the certificate does not hold by the true time either.",
        );
    }
    let cas = scene.cas();
    let after = |ca: &&Certificate| ca.validity.not_before.is_none_or(|it| it <= time);
    let before_ca = !cas.is_empty() && !cas.iter().any(after);
    match (before_ca, bound) {
        (true, _) => Weight::of(LIKELY)
            .because(proof)
            .because("That is before the certificate authority of this kubeconfig was made."),
        (false, Some(end)) if now.since(time) < 86_400 => Weight::RuledOut(format!(
            "A wrong clock: the machine's time, {}, agrees with the present, and the \
             certificate's bound is {}.",
            time.words(),
            end.words()
        )),
        (false, _) => Weight::of(REMOTE),
    }
}

static MACOS: Family = Family {
    id: "macos-certificate-policy",
    says: &[
        "certificate is not standards compliant",
        "certificate is not trusted",
        "certificate is not permitted for this usage",
        "x509: OSStatus",
    ],
    causes: &[Cause {
        id: "macos-certificate-policy",
        title: "macOS judged the server's certificate, as it does when the kubeconfig names no \
                certificate authority for it",
        weigh: |scene| match scene.cluster_facts().map(|it| it.tls) {
            Some(TlsMode::SystemRoots) => Weight::of(CERTAIN).because(
                "The cluster has neither certificate-authority-data nor certificate-authority, \
                 so the system decides; macOS also refuses certificates that live longer than \
                 825 days or lack server authentication.",
            ),
            Some(TlsMode::Verified) => Weight::of(LIKELY).because(
                "In the kubeconfig handed in here the cluster has one, so another kubeconfig was \
                 read, or another server is meant.",
            ),
            _ => Weight::of(LIKELY),
        },
        fix: &["Put the cluster's certificate authority into certificate-authority-data; then Go \
             judges by itself and macOS is not asked. Fetching the kubeconfig again usually \
             brings it."],
        commands: &[
            "kubectl config set-cluster {cluster|NAME} --certificate-authority=ca.pem --embed-certs=true",
        ],
    }],
    source: "Go 1.24 crypto/x509/root_darwin.go",
};

static KEY_USAGE: Family = Family {
    id: "wrong-key-usage",
    says: &["x509: certificate specifies an incompatible key usage"],
    causes: &[Cause {
        id: "wrong-key-usage",
        title: "The server presents a certificate that is not made for servers",
        weigh: |_| Weight::of(LIKELY),
        fix: &["Issue the server's certificate again with the extended key usage serverAuth."],
        commands: &[],
    }],
    source: GO_VERIFY,
};

static NEGATIVE_SERIAL: Family = Family {
    id: "negative-serial",
    says: &["x509: negative serial number"],
    causes: &[Cause {
        id: "negative-serial",
        title: "A certificate has a negative serial number, which kubectl 1.32 and later refuse",
        weigh: super::file::shown_by_problem,
        fix: &["Issue the certificate again with a positive serial number."],
        commands: &[],
    }],
    source: "Go 1.23 release notes, crypto/x509",
};

static CERTIFICATE_REFUSED_BY_SERVER: Family = Family {
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
            weigh: super::auth::client_certificate_expired,
            fix: &["Fetch a new kubeconfig for the context {context}."],
            commands: &[],
        },
        Cause {
            id: "no-client-certificate",
            title: "The server wants a client certificate, and this context has none",
            weigh: |scene| match (scene.user_facts().is_some(), scene.client_certificate()) {
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

static HTTP_RESPONSE: Family = Family {
    id: "http-behind-https",
    says: &["server gave HTTP response to HTTPS client"],
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

static HTTP_REQUEST: Family = Family {
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

static NOT_TLS: Family = Family {
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

static TLS_VERSION: Family = Family {
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

static WEAK_KEY: Family = Family {
    id: "client-key-too-weak",
    says: &[
        "crypto/rsa: {n}-bit keys are insecure",
        "tls: unsupported certificate curve",
        "tls: failed to sign handshake",
        "tls: peer doesn't support any of the certificate's signature algorithms",
    ],
    causes: &[Cause {
        id: "client-key-too-weak",
        title: "The client's key is of a kind or size that TLS no longer uses",
        weigh: |scene| match scene.client_leaf() {
            Some(leaf) => Weight::of(CERTAIN).because(format!(
                "The client certificate has a key of the kind {}{}.",
                quote::visible(&leaf.key.title),
                leaf.key.bits.map_or(String::new(), |it| format!(", {it} bits"))
            )),
            None => Weight::of(LIKELY),
        },
        fix: &["Fetch a client certificate with a key of RSA 2048 bits or more, or EC P-256."],
        commands: &[],
    }],
    source: "Go 1.24 crypto/rsa; crypto/tls/auth.go",
};
