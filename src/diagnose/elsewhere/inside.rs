//! What fails inside the cluster: webhooks, images, containers, kubelets.

use super::{GATEWAY_REFUSES, KUBECONFIG_WORKS, is_gateway};
use crate::{
    diagnose::{CERTAIN, Cause, Family, Weight},
    quote,
};

pub(super) static WEBHOOK: Family = Family {
    id: "webhook-failed",
    says: &[
        "failed calling webhook {name}:",
        "failed calling webhook",
        "conversion webhook for",
        "failed to call webhook",
    ],
    causes: &[
        Cause {
            id: "webhook-failed",
            title: "An admission webhook inside the cluster, {name|}, cannot be called; the \
                    kubeconfig has no part in it",
            weigh: |scene| {
                let weight = Weight::of(CERTAIN);
                match scene.said("x509") {
                    true => weight.because(
                        "The certificate in the message is that of the webhook's service, not \
                         of the API server.",
                    ),
                    false => weight,
                }
            },
            fix: &[
                "Repair what serves the webhook: its pods, its service, its certificate and the \
                 caBundle.",
                "If it is left over from something removed, delete its configuration.",
            ],
            commands: &[
                "kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations",
            ],
        },
        KUBECONFIG_WORKS,
    ],
    source: "k8s.io/apiserver v0.33.1 pkg/admission/plugin/webhook",
};

pub(super) static ADMISSION: Family = Family {
    id: "admission-denied",
    says: &[
        "admission webhook {name} denied the request",
        "violates PodSecurity",
        "exceeded quota",
        "denied the request:",
        "is forbidden: {rule}",
    ],
    causes: &[
        Cause {
            id: "admission-denied",
            title: "A rule of the cluster refused the object; the kubeconfig works",
            weigh: |_| Weight::of(CERTAIN),
            fix: &["Change the object as the message says, or ask who keeps the rule."],
            commands: &[],
        },
        KUBECONFIG_WORKS,
    ],
    source: "k8s.io/apiserver v0.33.1 pkg/admission",
};

pub(super) static IMAGE: Family = Family {
    id: "image-pull",
    says: &[
        "ErrImagePull",
        "ImagePullBackOff",
        "Failed to pull image {name}",
        "failed to resolve reference",
        "pull access denied",
        "failed to pull and unpack image",
    ],
    causes: &[
        Cause {
            id: "image-pull",
            title: "A node cannot pull a container image from its registry; the kubeconfig has \
                    no part in it",
            weigh: |_| {
                Weight::of(CERTAIN)
                    .because("A certificate or timeout in the message is that of the registry.")
            },
            fix: &["Check the image's name, the pull secret, and the node's way to the registry."],
            commands: &["kubectl describe pod NAME", "kubectl get events --sort-by=.lastTimestamp"],
        },
        KUBECONFIG_WORKS,
    ],
    source: "k8s.io/kubernetes v1.33.1 pkg/kubelet/images",
};

/// What is said when a kubelet does not know the API server.
const REFUSED_BY_KUBELET: &[&str] = &[
    "Unauthorized",
    "provide credentials",
    "resource=nodes, subresource",
    "upgrade connection: Forbidden",
];

pub(super) static CONTAINER: Family = Family {
    id: "container",
    says: &[
        "OCI runtime ",
        "start container process",
        "starting container process caused",
        "error executing command in container",
        "container not found (",
        "unable to upgrade connection: pod does not exist",
        "unable to upgrade connection: pod not found",
        "cannot exec into a container in a completed pod",
        "unable to forward port because pod is not running",
        "error forwarding port {n} to pod",
        "lost connection to pod",
    ],
    causes: &[
        Cause {
            id: "container",
            title: "What failed is in a pod: its container does not run, has no such program, or \
                    does not listen on the port; the kubeconfig works",
            weigh: |scene| {
                let weight = Weight::of(CERTAIN);
                if scene.said("pod does not exist") {
                    return weight.step(
                        "If the pod runs, its node has the address of another one: set the \
                         kubelet's --node-ip.",
                    );
                }
                match scene.said("lost connection") {
                    true => weight.step(
                        "Run the command again: it ends when the container restarts, and when \
                         something on the way cuts connections that are idle.",
                    ),
                    false => weight,
                }
            },
            fix: &["Check that the container runs and has the program in it: many have sh and \
                 no bash."],
            commands: &["kubectl describe pod NAME"],
        },
        KUBECONFIG_WORKS,
    ],
    source: "k8s.io/kubernetes v1.33.1 pkg/kubelet; opencontainers/runc",
};

pub(super) static WAITED: Family = Family {
    id: "not-ready-in-time",
    says: &[
        "INSTALLATION FAILED: context deadline exceeded",
        "UPGRADE FAILED: context deadline exceeded",
        "being set: context deadline exceeded",
        "not ready. status: InProgress",
        "FAILED: client rate limiter Wait returned an error",
    ],
    causes: &[
        Cause {
            id: "not-ready-in-time",
            title: "What was waited for did not become ready in time; the kubeconfig works",
            weigh: |_| Weight::of(90),
            fix: &["Look at why its pods are not ready, or wait longer."],
            commands: &["kubectl get events --sort-by=.lastTimestamp"],
        },
        KUBECONFIG_WORKS,
    ],
    source: "apimachinery v0.33.1 pkg/util/wait; helm/helm#12154",
};

/// Around whatever went wrong, which comes first.
pub(super) static WAITED_FOR: Family = Family {
    id: "not-ready-in-time",
    says: &["timed out waiting for the condition", "exceeded its progress deadline"],
    causes: WAITED.causes,
    source: WAITED.source,
};

pub(super) static KUBELET: Family = Family {
    id: "kubelet",
    says: &[
        "error dialing backend: {why}",
        "https://{host}:10250/",
        ":10250: ",
        "Forbidden (user={user}, verb={verb}, resource=nodes, subresource",
        "failed to verify certificate: x509: cannot validate certificate for {host} because it doesn't contain any IP SANs\" node=",
        "unable to upgrade connection",
        "provide credentials ( pods/{what}",
        "provide credentials ( nodes/{what}",
        "No agent available",
    ],
    causes: &[
        Cause {
            id: "kubelet-refuses-server",
            title: "A node's kubelet does not accept the API server, which logs and exec need; \
                    the kubeconfig works",
            weigh: |scene| match (scene.said_any(REFUSED_BY_KUBELET), scene.get("user")) {
                (true, user) => {
                    let weight = Weight::of(CERTAIN).because(
                        "The refusal came after the API server had accepted you, and is about \
                         what it asked a node for.",
                    );
                    match user.filter(|it| *it != "system:anonymous") {
                        Some(user) => weight
                            .step("Let the API server's user do this: bind that role to it.")
                            .command(format!(
                                "kubectl create clusterrolebinding NAME \
                                 --clusterrole=system:kubelet-api-admin --user={}",
                                quote::bash(user)
                            )),
                        None => weight,
                    }
                }
                (false, _) => Weight::Beside,
            },
            fix: &["Renew the API server's certificate for kubelets, and restart the API server."],
            commands: &["sudo kubeadm certs renew apiserver-kubelet-client"],
        },
        Cause {
            id: "kubelet-unreachable",
            title: "The API server does not reach a node's kubelet, which logs, exec and metrics \
                    need; the kubeconfig works",
            weigh: |scene| {
                let weight = Weight::of(CERTAIN).because("Port 10250 and dialing a backend belong to the way from the API server to a node.");
                if scene.said_any(REFUSED_BY_KUBELET) || is_gateway(scene) {
                    return Weight::Beside;
                }
                match scene.said_any(&["tls: internal error", "x509"]) {
                    true => weight
                        .because("The certificate in the message is the kubelet's, not the API server's.")
                        .step("Approve the kubelet's pending certificate requests, or give it a certificate with its address.")
                        .command("kubectl get certificatesigningrequests"),
                    false => weight,
                }
            },
            fix: &[
                "Open port 10250 from the control plane to the nodes: security group, firewall, \
                 tunnel agent.",
            ],
            commands: &["kubectl get nodes -o wide"],
        },
        GATEWAY_REFUSES,
        KUBECONFIG_WORKS,
    ],
    source: "k8s.io/kubernetes v1.33.1 pkg/kubelet/server",
};

/// The API server says what went wrong between it and what it asked.
pub(super) static BEHIND: Family = Family {
    id: "service-unreachable",
    says: &[
        "error trying to reach service",
        "no endpoints available for service",
        "failing or missing response from https://",
        "an error on the server (\"Internal Server Error: {path}: Post \"https://",
    ],
    causes: &[
        Cause {
            id: "service-unreachable",
            title: "The API server does not reach what it was asked for: a pod, a service or an \
                    extension in the cluster; the kubeconfig works",
            weigh: |_| {
                Weight::of(CERTAIN).because(
                    "The API server answered; an address or certificate in the message belongs to \
                     what it asked in turn.",
                )
            },
            fix: &[
                "Check that its pods run, listen on that port and are selected by the service, \
                 and that the control plane may reach them.",
            ],
            commands: &["kubectl get apiservices", "kubectl get endpoints --all-namespaces"],
        },
        KUBECONFIG_WORKS,
    ],
    source: "apimachinery v0.33.1 pkg/util/proxy/transport.go; kube-aggregator v0.33.1",
};

/// Around whatever went wrong, which comes first.
pub(super) static UPGRADE: Family = Family {
    id: "kubelet",
    says: &["error upgrading connection"],
    causes: KUBELET.causes,
    source: "client-go v0.33.1 tools/portforward/portforward.go, ForwardPorts",
};

pub(super) static METRICS: Family = Family {
    id: "metrics-missing",
    says: &[
        "Metrics API not available",
        "metrics not available yet",
        "failed to get cpu utilization",
    ],
    causes: &[
        Cause {
            id: "metrics-missing",
            title: "The cluster has no metrics server, or it is down; the kubeconfig works",
            weigh: |_| Weight::of(95),
            fix: &["Install or repair metrics-server."],
            commands: &["kubectl get apiservice v1beta1.metrics.k8s.io"],
        },
        KUBECONFIG_WORKS,
    ],
    source: "kubectl v0.33.1 pkg/cmd/top",
};
