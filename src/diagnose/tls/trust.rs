//! The server's certificate was signed by somebody whom kubectl does not trust.

use super::super::{CERTAIN, Cause, Family, LIKELY, POSSIBLE, REMOTE, Weight, scene::Scene};
use super::{CREDENTIAL_NOT_YET, GO_VERIFY};
use crate::{
    facts::{Reach, TlsMode},
    quote,
};

/// How Go says that it does not look at a signature, or at a key.
const WEAK: &[&str] = &["cannot verify signature", "keys are insecure"];

/// The subject of the authority matched, its key did not.
pub(super) static KEY_OF_CA_DIFFERS: Family = Family {
    id: "ca-rotated",
    says: &[
        "certificate signed by unknown authority (possibly because of {why} while trying to verify candidate authority certificate {subject})",
        "possibly because of {why} while trying to verify candidate authority certificate",
        "x509: cannot verify signature",
    ],
    causes: &[
        Cause {
            id: "ca-not-a-ca",
            title: "What stands in certificate-authority-data is not a certificate authority",
            weigh: |scene| match scene.get("why") {
                Some(why) if why.contains("parent certificate cannot sign") => Weight::of(CERTAIN)
                    .because(format!("The reason given is: {}.", quote::visible(why))),
                _ => Weight::Beside,
            },
            fix: &["Put the certificate of the authority there, not that of the server."],
            commands: &[],
        },
        Cause {
            id: "weak-signature",
            title: "A certificate of the server's is signed in a way that kubectl no longer accepts, \
                    as with SHA-1 or a short key",
            weigh: |scene| match scene.said_any(WEAK) {
                true => Weight::of(CERTAIN),
                false => Weight::Beside,
            },
            fix: &[
                "Issue the server's certificates again, signed with SHA-256 and a key of RSA 2048 \
             bits or more.",
            ],
            commands: &[],
        },
        Cause {
            id: "ca-rotated",
            title: "The cluster now has another certificate authority of the same name: it was \
                    created anew, or its authority was replaced, and this kubeconfig is from \
                    before",
            weigh: |scene| {
                if scene.said_any(WEAK) {
                    return Weight::Beside;
                }
                let mut weight = on_this_machine(scene, Weight::of(CERTAIN)).because(
                    "The name of the authority matched and its key did not: same name, other \
                     authority.",
                );
                if let Some(subject) = scene.get("subject") {
                    weight = weight.because(format!(
                        "The authority that was tried is called {}.",
                        quote::visible(subject)
                    ));
                }
                let called = format!("CN={}", scene.get("subject").unwrap_or_default());
                let cas = scene.cas();
                let tried = cas.iter().find(|it| it.subject().rfc4514().contains(&called));
                if let Some(ca) = tried.or(cas.first()) {
                    let made = ca
                        .validity
                        .not_before
                        .map_or(String::new(), |it| format!(", made {}", it.words()));
                    weight = weight.because(format!(
                        "The one in this kubeconfig is {}{made}, with the SHA-256 fingerprint {}.",
                        quote::visible(&ca.subject().rfc4514()),
                        ca.sha256()
                    ));
                }
                weight
            },
            fix: &[
                "Fetch the kubeconfig of this cluster again. On a kubeadm node it is \
                 /etc/kubernetes/admin.conf; on k3s /etc/rancher/k3s/k3s.yaml. Keep it as a file of \
                 its own: written over another one, it takes the other contexts with it.",
                "If another cluster now has the address {host|of the server}, correct the \
                 address.",
                "If it fails only now and then, several API servers with different authorities \
                 stand behind one address; repair those.",
                "Do not skip the verification: an attacker in between looks exactly like this.",
            ],
            commands: &[
                "openssl s_client -connect {host|HOST}:{port|6443} -showcerts </dev/null",
                "aws eks update-kubeconfig --name {eks-cluster} --region {region}",
            ],
        },
        Cause {
            id: "no-ca-in-file",
            title: "",
            weigh: |scene| match scene.cluster_facts().map(|it| it.tls) {
                Some(TlsMode::Verified) => Weight::RuledOut(
                    "A missing certificate authority: there is one, and it was tried.".to_owned(),
                ),
                _ => Weight::Beside,
            },
            fix: &[],
            commands: &[],
        },
        CREDENTIAL_NOT_YET,
    ],
    source: GO_VERIFY,
};

/// Says so when the server is the machine itself: any cluster there may have the port.
fn on_this_machine(scene: &Scene<'_>, weight: Weight) -> Weight {
    match scene.server().is_some_and(|it| it.reach == Reach::Loopback) {
        true => weight.because(
            "The address means the machine that kubectl runs on, so what answers is whatever \
             cluster runs there.",
        ),
        false => weight,
    }
}

/// Nobody of the right name is trusted.
pub(super) static UNKNOWN_AUTHORITY: Family = Family {
    id: "unknown-authority",
    says: &[
        "x509: certificate signed by unknown authority",
        "certificate signed by unknown authority",
        "unable to get local issuer certificate",
        "self signed certificate in certificate chain",
        "self-signed certificate in certificate chain",
        "unable to verify the first certificate",
        "unable to get issuer certificate",
        "PKIX path building failed",
        "invalid peer certificate: UnknownIssuer",
        "UntrustedRoot",
        "SELF_SIGNED_CERT_IN_CHAIN",
        "DEPTH_ZERO_SELF_SIGNED_CERT",
        "certificate verify failed: self signed certificate",
        "certificate verify failed: self-signed certificate",
    ],
    causes: &[
        Cause {
            id: "no-ca-in-file",
            title: "The kubeconfig has no certificate authority for this cluster, so only \
                    public ones are trusted",
            weigh: |scene| match scene.cluster_facts().map(|it| it.tls) {
                Some(TlsMode::SystemRoots) => Weight::of(95).because(format!(
                    "The cluster {} has neither certificate-authority-data nor \
                     certificate-authority.",
                    quote::visible(&scene.value("cluster").unwrap_or_default())
                )),
                Some(TlsMode::Verified) => Weight::RuledOut(
                    "A missing certificate authority: the cluster has one.".to_owned(),
                ),
                Some(TlsMode::Insecure) => Weight::RuledOut(
                    "This context as it is: it skips the verification, so kubectl cannot have \
                     said this with it."
                        .to_owned(),
                ),
                Some(TlsMode::Plaintext) => Weight::RuledOut(
                    "This context as it is: its server is http, without certificates.".to_owned(),
                ),
                None => Weight::of(POSSIBLE),
            },
            fix: &[
                "Fetch the kubeconfig again: the provider's own one carries \
                 certificate-authority-data.",
                "Or add the cluster's authority by hand.",
                "Do not skip the verification instead: then anyone on the way can pose as the \
                 server and read the credential.",
            ],
            commands: &[
                "kubectl config set-cluster {cluster|NAME} --certificate-authority=ca.pem --embed-certs=true",
            ],
        },
        Cause {
            id: "ca-is-a-leaf",
            title: "What stands in certificate-authority-data is the certificate of a server or \
                    client, not that of an authority",
            weigh: |scene| match scene.no_ca() {
                Some(ca) if !ca.self_issued() => Weight::of(90).because(format!(
                    "The certificate {} is no certificate authority; it was issued by {}.",
                    quote::visible(&ca.subject().rfc4514()),
                    quote::visible(&ca.issuer().rfc4514())
                )),
                _ => Weight::Beside,
            },
            fix: &["Put the certificate of the issuer there."],
            commands: &[],
        },
        Cause {
            id: "tls-intercepted",
            title: "A proxy or a security product on the way opens TLS and signs with its own \
                    authority",
            weigh: |scene| {
                let proxy = scene.cluster().is_some_and(|it| !it.proxy_url.reveal().is_empty());
                let inspectors = [
                    "zscaler",
                    "netskope",
                    "fortinet",
                    "palo alto",
                    "bluecoat",
                    "mitm",
                    "cisco umbrella",
                ];
                if let Some(name) = inspectors.iter().find(|it| scene.said(it)) {
                    return Weight::of(CERTAIN).because(format!("The message mentions {name}."));
                }
                if proxy {
                    return Weight::of(80).because("The cluster has a proxy-url.");
                }
                Weight::of(40)
            },
            fix: &["Let the API server's address pass without a proxy: add {host|the host} to \
                 NO_PROXY, or have it excepted from inspection."],
            commands: &[
                "openssl s_client -connect {host|HOST}:{port|6443} </dev/null 2>/dev/null | \
                 openssl x509 -noout -issuer",
            ],
        },
        Cause {
            id: "ca-of-another-cluster",
            title: "The server's certificate was signed by another authority than the one in \
                    this kubeconfig: another cluster answers, or the authority was replaced",
            weigh: |scene| {
                if scene.cluster_facts().map(|it| it.tls) != Some(TlsMode::Verified) {
                    return Weight::of(REMOTE);
                }
                let mut names = String::new();
                for ca in scene.cas() {
                    names += if names.is_empty() { "" } else { "; " };
                    names += &quote::visible(&ca.subject().rfc4514());
                    names += ", with the SHA-256 fingerprint ";
                    names += &ca.sha256();
                }
                let only = match names.is_empty() {
                    true => "the authority in the file that it names",
                    false => &names,
                };
                on_this_machine(scene, Weight::of(LIKELY))
                    .because(format!("This kubeconfig trusts only {only}."))
            },
            fix: &[
                "Compare the issuer that the server shows with the authority in the kubeconfig.",
                "Fetch the kubeconfig of this cluster again, and check that the address is this \
                 cluster's.",
                "Do not skip the verification instead: an attacker in between looks exactly \
                 like this.",
            ],
            commands: &[
                "openssl s_client -connect {host|HOST}:{port|6443} </dev/null 2>/dev/null | \
                 openssl x509 -noout -issuer -fingerprint -sha256",
            ],
        },
        Cause {
            id: "load-balancer-certificate",
            title: "A load balancer or ingress in front ends TLS with its own certificate",
            weigh: |scene| match scene.server() {
                Some(it) if it.port == Some(443) && it.path.len() > 1 => {
                    Weight::of(60).because(format!(
                        "The server's address has the path {}, as it has behind a gateway.",
                        quote::visible(&it.path)
                    ))
                }
                _ => Weight::of(REMOTE),
            },
            fix: &[
                "Put the authority of the load balancer's certificate into certificate-authority-data.",
            ],
            commands: &[],
        },
        CREDENTIAL_NOT_YET,
    ],
    source: GO_VERIFY,
};

/// The chain has a certificate in a place where only an authority may stand.
pub(super) static NOT_A_CA: Family = Family {
    id: "not-a-ca",
    says: &[
        "x509: certificate is not authorized to sign other certificates",
        "x509: invalid signature: parent certificate cannot sign this kind of certificate",
        "x509: too many intermediates for path length constraint",
        "x509: unhandled critical extension",
        "x509: issuer name does not match subject from issuing certificate",
    ],
    causes: &[Cause {
        id: "not-a-ca",
        title: "The server's chain of certificates is not built as the rules demand: one that \
                signed another was not allowed to",
        weigh: |scene| match scene.no_ca() {
            Some(ca) => Weight::of(CERTAIN).because(format!(
                "The certificate {} in this kubeconfig is no certificate authority.",
                quote::visible(&ca.subject().rfc4514())
            )),
            None => Weight::of(LIKELY),
        },
        fix: &["Issue the chain again: the authority with CA:TRUE and the key usage keyCertSign."],
        commands: &[],
    }],
    source: GO_VERIFY,
};
