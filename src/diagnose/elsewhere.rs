//! Not the kubeconfig: the server accepted who we are, or the fault is in another program.

mod given;
mod inside;

use super::{CERTAIN, Cause, Family, LIKELY, POSSIBLE, Weight, auth, exec, scene::Scene, template};
use crate::{masking, quote};

pub(super) use self::given::{DOWNLOAD, FAULTY_PAIR};

/// Kinds that often stand beside the true reason and never are it.
pub(super) const NOISE: &[&str] =
    &["discovery-failed", "version-skew", "deprecation", "too-many-requests"];

pub(super) const FAMILIES: &[&Family] = &[
    &inside::WEBHOOK,
    &inside::ADMISSION,
    &inside::IMAGE,
    &inside::CONTAINER,
    &LOCAL_PORT,
    &inside::KUBELET,
    &inside::BEHIND,
    &DOWNLOAD,
    &given::MANIFEST,
    &CLOUD_API,
    &FORBIDDEN,
    &inside::WAITED,
];

/// After everything else.
pub(super) const LAST_FAMILIES: &[&Family] = &[
    &UNDISCOVERED,
    &UNKNOWN_KIND,
    &inside::UPGRADE,
    &inside::WAITED_FOR,
    &NO_SUCH_OBJECT,
    &EXISTS,
    &inside::METRICS,
    &STATUS,
    &USAGE,
    &VERSION_SKEW,
    &DISCOVERY,
    &DEPRECATION,
];

/// Says that the way to the server works.
fn reached(scene: &Scene<'_>) -> Weight {
    if is_gateway(scene) || scene.said("User \"system:anonymous\"") {
        return Weight::Beside;
    }
    Weight::RuledOut(
        "A fault of this kubeconfig: the server was reached, trusted, and accepted the \
         credential."
            .to_owned(),
    )
}

/// Whether the answer is not one that an API server gives: a page, or nothing for a reason. What
/// stands in brackets is from kubectl itself.
fn is_gateway(scene: &Scene<'_>) -> bool {
    let is_none = |it: &str| it.is_empty() || it.starts_with('(') || it.starts_with("unknown (");
    let said = scene.said_any(&["<html", "<!doctype", STATUS_CODE]);
    scene.get("user").is_none() && (said || scene.get("reason").is_some_and(is_none))
}

/// What kubectl says of an answer with a status that API servers do not give.
const STATUS_CODE: &str = "the server responded with the status code";

static STATUS: Family = Family {
    id: "status-code",
    says: &[STATUS_CODE],
    causes: &[GATEWAY_REFUSES],
    source: "apimachinery v0.33.1 pkg/api/errors/errors.go, NewGenericServerResponse",
};

/// The API server was not asked.
const GATEWAY_REFUSES: Cause = Cause {
    id: "gateway-refuses",
    title: "Something in front of the API server, as a gateway, a proxy or an access list, refuses \
            the request",
    weigh: |scene| match is_gateway(scene) {
        true => Weight::of(CERTAIN).because("The answer is not one that an API server gives."),
        // kubectl says so of an API server as well, when it asks which kinds there are.
        false if scene.get("reason") == Some("unknown") => Weight::of(POSSIBLE),
        false => Weight::Beside,
    },
    fix: &["Check the address, and that the gateway lets you and this kind of request through."],
    commands: &["curl -skv {server|https://HOST:6443}/version"],
};

const KUBECONFIG_WORKS: Cause =
    Cause { id: "kubeconfig", title: "", weigh: reached, fix: &[], commands: &[] };

static FORBIDDEN: Family = Family {
    id: "forbidden",
    says: &[
        "is forbidden: User {user} cannot {verb} resource {resource} in API group {group} in the namespace {namespace}",
        "is forbidden: User {user} cannot {verb} resource {resource} in API group {group} at the {scope} scope",
        "is forbidden: User {user} cannot {verb} resource {resource}",
        "is forbidden: User {user} cannot {verb} path {path}",
        "forbidden: User {user} cannot {verb}",
        "Error from server (Forbidden): {reason}",
        "Error from server (Forbidden)",
        "\"reason\":\"Forbidden\"",
        "403 Forbidden",
        "is forbidden",
    ],
    causes: &[
        Cause {
            id: "anonymous",
            title: "The server did not take any credential: it sees an anonymous user",
            weigh: |scene| match scene.said("system:anonymous") {
                true => {
                    let weight = Weight::of(CERTAIN).because("The message names system:anonymous.");
                    match (scene.user_facts(), scene.sent().next()) {
                        (Some(_), None) => weight.because("The context sends no credential."),
                        (Some(_), Some(_)) => weight.because(
                            "The context has a credential; kubectl read another file, or a \
                             proxy on the way removed it.",
                        ),
                        _ => weight,
                    }
                }
                false => Weight::Beside,
            },
            fix: &[
                "Fetch the kubeconfig again, or use the one that has a credential.",
                "Do not give rights to system:anonymous: that opens the cluster to everybody.",
            ],
            commands: &["kubectl --context {context|NAME} auth whoami"],
        },
        GATEWAY_REFUSES,
        Cause {
            id: "permission-missing",
            title: "The user {user|} is known to the server and may not do this: a role is \
                    missing, the kubeconfig works",
            weigh: |scene| {
                if scene.said("system:anonymous") || is_gateway(scene) {
                    return Weight::Beside;
                }
                let user = scene.get("user").unwrap_or_default();
                let identity = scene.context.and_then(|it| it.in_use.identity.as_ref());
                let mut weight = Weight::of(90);
                if let (Some(verb), Some(resource)) = (scene.get("verb"), scene.get("resource")) {
                    let (kind, part) = resource.split_once('/').unwrap_or((resource, ""));
                    let group = scene.get("group").filter(|it| !it.is_empty());
                    let kind = group.map_or(kind.to_owned(), |it| format!("{kind}.{it}"));
                    let (verb, user) = (template::word(verb), quote::bash(user));
                    let (role, place) = match scene.get("namespace") {
                        // Something may be said after it.
                        Some(it) => {
                            let end = it.find(|it: char| it != '-' && !it.is_ascii_alphanumeric());
                            let name = it.get(..end.unwrap_or(it.len())).unwrap_or_default();
                            ("role", format!(" -n {}", quote::bash(name)))
                        }
                        None => ("clusterrole", String::new()),
                    };
                    let (asked, given) = match part {
                        "" => (template::word(&kind), template::word(&kind)),
                        _ => (
                            format!(
                                "{} --subresource={}",
                                template::word(&kind),
                                quote::bash(part)
                            ),
                            quote::bash(&format!("{kind}/{part}")),
                        ),
                    };
                    weight = weight
                        .command(format!("kubectl auth can-i {verb} {asked} --as={user}{place}"))
                        .command(format!(
                            "kubectl create {role} NAME --verb={verb} --resource={given}{place}"
                        ))
                        .command(format!(
                            "kubectl create {role}binding NAME --{role}=NAME --user={user}{place}"
                        ));
                }
                if scene.said_any(&["permission(s)", "resource in Azure"]) {
                    weight = weight.step(
                        "A role of the cloud does as well, as the message says: on GKE an IAM role \
                         with that permission, on AKS a role assignment such as Azure Kubernetes \
                         Service RBAC Reader.",
                    );
                }
                if scene.said("RBAC: ") && scene.said("not found") {
                    weight = weight.step(
                        "A role that is bound does not exist, as the end of the message says; \
                         create it, or bind another.",
                    );
                }
                match identity {
                    Some(it) if it.may_be(user) => weight.because(format!(
                        "{} is who this kubeconfig is, with the groups: {}.",
                        quote::visible(user),
                        match it.groups.is_empty() {
                            true => "none".to_owned(),
                            false => quote::visible(&it.groups.join(", ")),
                        }
                    )),
                    Some(it) if !user.is_empty() => weight.because(format!(
                        "The context {} is {}; the message is about {}, so it came from \
                         another credential.",
                        quote::visible(&scene.value("context").unwrap_or_default()),
                        quote::visible(&it.user),
                        quote::visible(user)
                    )),
                    _ => weight,
                }
            },
            fix: &[
                "Have an administrator, who alone can run these commands, bind a role to the \
                 user {user|of the message} or to one of its groups: the least that is needed.",
                "On ACK: grant the RBAC permission to the RAM user in the console, under \
                 authorizations.",
            ],
            commands: &[],
        },
        KUBECONFIG_WORKS,
    ],
    source: "k8s.io/apiserver v0.33.1 pkg/endpoints/handlers/responsewriters/errors.go",
};

/// The service that gives the credential is not reached.
pub(super) const SIGN_IN_UNREACHABLE: Cause = Cause {
    id: "cloud-api-unreachable",
    title: "The sign-in service is not reached; the API server was not asked yet",
    weigh: |scene| {
        let botocore = scene.said_any(&[
            "endpoint URL",
            "SSL validation failed for",
            "EndpointConnectionError",
        ]);
        let service = scene.said_any(&[
            "oauth2.googleapis.com",
            "login.microsoftonline.com",
            "https://sts.",
            ".well-known/openid-configuration",
        ]);
        let unreached = scene.said_any(&["dial tcp", "x509:", "TLS handshake timeout"]);
        match botocore || service && unreached {
            true => Weight::of(CERTAIN)
                .because("The address in the message is that of a sign-in service."),
            false => Weight::Beside,
        }
    },
    fix: &["Check the way to that address: the network, the proxy, and the region in the \
             arguments of the program that signs in."],
    commands: &["env | grep -i _proxy"],
};

static CLOUD_API: Family = Family {
    id: "cloud-api-unreachable",
    says: &[
        "Could not connect to the endpoint URL: {url}",
        "Connect timeout on endpoint URL: {url}",
        "SSL validation failed for https://sts",
        "oauth2.googleapis.com/token\": {why}",
        "login.microsoftonline.com/{url}: dial",
        "EndpointConnectionError",
        "/.well-known/openid-configuration{why}",
        "Post \"https://sts.",
    ],
    causes: &[SIGN_IN_UNREACHABLE],
    source: "botocore exceptions.py",
};

/// Every cluster has the kind that was asked for, so the list of kinds did not come.
static UNDISCOVERED: Family = Family {
    id: "discovery-failed",
    says: &["the server doesn't have a resource type {builtin}"],
    causes: &[
        auth::CLIENT_CERTIFICATE_EXPIRED,
        auth::TOKEN_EXPIRED,
        Cause {
            id: "discovery-failed",
            title: "kubectl did not get the list of kinds from the server: every cluster has \
                    {builtin}",
            weigh: |_| Weight::of(LIKELY),
            fix: &["Usual reasons: a credential that is not accepted, a wrong server or proxy. \
                 The command shows which."],
            commands: &["kubectl --context {context|NAME} get --raw /api -v=6"],
        },
    ],
    source: "kubectl v0.33.1 pkg/cmd/util/helpers.go; kubernetes/kubectl#781",
};

static LOCAL_PORT: Family = Family {
    id: "local-port-taken",
    says: &["Listeners failed to create", "bind: address already in use", "EADDRINUSE"],
    causes: &[Cause {
        id: "local-port-taken",
        title: "The port on this machine, from which kubectl was to forward, is taken by another \
                program; that says nothing of the kubeconfig",
        weigh: |_| Weight::of(95),
        fix: &["Choose another local port, or none: kubectl then takes one that is free."],
        commands: &["kubectl port-forward POD :80"],
    }],
    source: "client-go v0.33.1 tools/portforward/portforward.go",
};

static UNKNOWN_KIND: Family = Family {
    id: "unknown-kind",
    says: &[
        "no matches for kind {kind} in version {version}",
        "the server doesn't have a resource type {kind}",
        "no matches for ",
        "ensure CRDs are installed first",
    ],
    causes: &[
        Cause {
            id: "unknown-kind",
            title: "The cluster does not know the kind {kind|of object}: its definition is not \
                    installed, or the version was removed",
            weigh: |scene| match scene.message.parts.len() {
                0 | 1 => Weight::of(90),
                _ => Weight::of(80),
            },
            fix: &[
                "Install the custom resource definition, or write the version that this \
                 cluster has.",
                "Check that the context is the cluster that you mean: {context|}.",
            ],
            commands: &[
                "kubectl api-resources | grep -i {kind|KIND}",
                "kubectl config current-context",
            ],
        },
        KUBECONFIG_WORKS,
    ],
    source: "apimachinery v0.33.1 pkg/api/meta/errors.go",
};

static NO_SUCH_OBJECT: Family = Family {
    id: "object-not-found",
    says: &[
        "Error from server (NotFound): {what} not found",
        "Error from server (NotFound)",
        "No resources found",
    ],
    causes: &[
        Cause {
            id: "object-not-found",
            title: "There is no such object in the namespace that was asked",
            weigh: |scene| match scene.written() {
                Some(it) => Weight::of(90).because(match it.namespace.as_str() {
                    "" => "The context sets no namespace, so kubectl asked in default.".to_owned(),
                    name => format!("The context asks in the namespace {}.", quote::visible(name)),
                }),
                None => Weight::of(LIKELY),
            },
            fix: &["Name the namespace, and check that the context is the cluster that you mean."],
            commands: &["kubectl --context {context} get pods --all-namespaces"],
        },
        KUBECONFIG_WORKS,
    ],
    source: "apimachinery v0.33.1 pkg/api/errors/errors.go, NewNotFound",
};

const NO_SUCH_METHOD: &[&str] = &["MethodNotAllowed", "does not allow this method"];

static EXISTS: Family = Family {
    id: "object-exists",
    says: &[
        "Error from server (AlreadyExists)",
        "Error from server (Conflict)",
        "Error from server (Invalid)",
        "Error from server (BadRequest)",
        "Error from server (RequestEntityTooLarge)",
        "Error from server (MethodNotAllowed)",
        "the server does not allow this method on the requested resource",
        "is invalid: spec",
        "error validating data",
        "the object has been modified",
    ],
    causes: &[
        Cause {
            id: "object-refused",
            title: "The server refused the object that was sent; the kubeconfig works",
            weigh: |scene| match scene.said_any(NO_SUCH_METHOD) {
                true => Weight::Beside,
                false => Weight::of(90),
            },
            fix: &["Change the object as the message says."],
            commands: &[],
        },
        Cause {
            id: "method-not-allowed",
            title: "Objects of that kind cannot be listed, changed or deleted in this way; the \
                    kubeconfig works",
            weigh: |scene| match scene.said_any(NO_SUCH_METHOD) {
                true => Weight::of(90),
                false => Weight::Beside,
            },
            fix: &["Use a verb that the cluster offers for that kind: some can only be created, \
                 others only be read."],
            commands: &["kubectl api-resources -o wide"],
        },
        KUBECONFIG_WORKS,
    ],
    source: "apimachinery v0.33.1 pkg/api/errors/errors.go",
};

static USAGE: Family = Family {
    id: "usage",
    says: &[
        "error: unknown command {name}",
        "error: unknown flag: {name}",
        "error: unknown shorthand flag",
        "kubectl: command not found",
        "is not recognized as an internal or external command",
        "is not recognized as the name of a cmdlet",
    ],
    causes: &[
        exec::NEEDS_ANOTHER,
        Cause {
            id: "kubectl-missing",
            title: "kubectl is not installed here, or not on the PATH",
            weigh: |scene| match scene.said_any(&["command not found", "is not recognized"]) {
                true => Weight::of(CERTAIN),
                false => Weight::Beside,
            },
            fix: &["Install kubectl, of a version within one minor of the cluster's."],
            commands: &["command -v kubectl"],
        },
        Cause {
            id: "usage",
            title: "The command is written wrongly, or needs another version of kubectl",
            weigh: |scene| match scene.said_any(&["command not found", "is not recognized"]) {
                true => Weight::Beside,
                false => Weight::of(90),
            },
            fix: &["Look at the command's help; the kubeconfig was not even read."],
            commands: &["kubectl help"],
        },
    ],
    source: "kubectl v0.33.1 pkg/cmd",
};

static VERSION_SKEW: Family = Family {
    id: "version-skew",
    says: &[
        "version difference between client ({client}) and server ({server}) exceeds the supported minor version skew",
        "exceeds the supported minor version skew",
    ],
    causes: &[Cause {
        id: "version-skew",
        title: "kubectl {client|} and the server {server|} are more than one minor version \
                apart: a warning, not a failure",
        weigh: |_| Weight::of(POSSIBLE),
        fix: &[
            "Use a kubectl within one minor version of the server's. Nothing in the kubeconfig needs to change.",
        ],
        commands: &["kubectl version"],
    }],
    source: "kubectl v0.33.1 pkg/cmd/version/skew_warning.go",
};

static DISCOVERY: Family = Family {
    id: "discovery-failed",
    says: &[
        "couldn't get current server API group list: {why}",
        "couldn't get resource list for {group}: {why}",
        "unable to retrieve the complete list of server APIs",
    ],
    causes: &[Cause {
        id: "discovery-failed",
        title: "kubectl could not ask the server which kinds of objects it has",
        weigh: |scene| match scene.get("why") {
            Some(why) => Weight::of(POSSIBLE).because(format!(
                "The reason given is: {}.",
                quote::visible(&masking::kubectl_words(why))
            )),
            None => Weight::of(POSSIBLE),
        },
        fix: &[
            "Look for the reason behind it; when an extension is named, repair that APIService.",
        ],
        commands: &["kubectl get apiservices", "kubectl get --raw /api -v=6"],
    }],
    source: "client-go v0.33.1 discovery/cached/memory/memcache.go",
};

static DEPRECATION: Family = Family {
    id: "deprecation",
    says: &[
        "is deprecated in v1",
        "Kubernetes configuration file is group-readable",
        "Kubernetes configuration file is world-readable",
    ],
    causes: &[
        Cause {
            id: "file-readable-by-others",
            title: "Helm warns that others on the machine can read the kubeconfig; it works \
                    all the same",
            weigh: |scene| match scene.said("readable") {
                true => Weight::of(LIKELY),
                false => Weight::Beside,
            },
            fix: &["Take the rights away from others."],
            commands: &["chmod 600 ~/.kube/config"],
        },
        Cause {
            id: "deprecation",
            title: "A warning about something that a later version removes; nothing failed",
            weigh: |scene| match scene.said("readable") {
                true => Weight::Beside,
                false => Weight::of(POSSIBLE),
            },
            fix: &["Plan the change that the warning names."],
            commands: &[],
        },
    ],
    source: "k8s.io/kubernetes v1.33.1 deprecation policy",
};
