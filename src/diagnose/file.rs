//! kubectl stops before it connects: the file does not load, or what it says cannot be used.

mod content;

use super::{CERTAIN, Cause, Family, LIKELY, POSSIBLE, REMOTE, Weight, scene::Scene, template};
use crate::quote;

pub(super) const FAMILIES: &[&Family] = &[
    &CA_AND_INSECURE,
    &content::PEM_SWITCHED,
    &content::KEY_MISMATCH,
    &content::CA_NOT_PEM,
    &content::CERTIFICATE_NOT_PEM,
    &content::KEY_NOT_PEM,
    &content::KEY_UNREADABLE,
    &content::CERTIFICATE_MALFORMED,
    &content::BASE64,
    &content::NOT_TEXT,
    &content::NOT_A_MAP,
    &content::WRONG_KIND,
    &content::DUPLICATE_NAME,
    &content::WRONG_TYPE,
    &content::ALIASES,
    &content::YAML,
    &PATH_AND_DATA,
    &HALF_A_PAIR,
    &LOCKED,
    &MISSING_FILE,
    &UNREADABLE_FILE,
    &EXEC_AND_PROVIDER,
    &EXEC_INCOMPLETE,
    &IMPERSONATION,
    &IMPERSONATION_VALUE,
    &CONTEXT_MISSING,
    &CLUSTER_MISSING,
    &USER_MISSING,
    &NO_CURRENT_CONTEXT,
    &NO_CONFIGURATION,
    &NAMESPACE,
    &content::OTHER_REFUSAL,
];

const VALIDATION: &str = "client-go v0.33.1 tools/clientcmd/validation.go";

/// Certain when a context of this kubeconfig has the very problem that the message reports.
pub(super) fn shown_by_problem(scene: &Scene<'_>) -> Weight {
    match scene.problem() {
        Some((context, problem)) => Weight::of(CERTAIN)
            .because(format!(
                "The context {} has this problem, at {}.",
                quote::visible(&context.effective.name),
                quote::visible(&problem.place.path)
            ))
            .with("context", context.effective.name.clone()),
        None if is_sound(scene) => Weight::of_another(),
        None if scene.contexts().next().is_some() => {
            Weight::of(POSSIBLE).because("The contexts handed in here do not show it.")
        }
        None => Weight::of(POSSIBLE),
    }
}

/// Whether there are contexts with the user or cluster that the message names, and none has a problem.
fn is_sound(scene: &Scene<'_>) -> bool {
    let mut sound = false;
    for context in scene.contexts() {
        let Some(it) = scene.facts.context(context.effective.entry) else { continue };
        let named = scene.get("user").is_some_and(|name| name == it.body.user)
            || scene.get("cluster").is_some_and(|name| name == it.body.cluster);
        if named && !context.effective.problems.is_empty() {
            return false;
        }
        sound |= named;
    }
    sound
}

static CA_AND_INSECURE: Family = Family {
    id: "ca-and-insecure",
    says: &["specifying a root certificates file with the insecure flag is not allowed"],
    causes: &[Cause {
        id: "ca-and-insecure",
        title: "The cluster {cluster|in use} has both insecure-skip-tls-verify and a certificate \
                authority, which contradict each other",
        weigh: |scene| {
            match scene.cluster() {
            Some(it)
                if it.insecure_skip_tls_verify
                    && (it.certificate_authority_data.is_some()
                        || !it.certificate_authority.is_empty()) => Weight::of(CERTAIN).because(
                "insecure-skip-tls-verify is true, and a certificate authority is set beside it.",
            ),
            Some(_) => Weight::of_another(),
            None => Weight::of(LIKELY),
        }
        },
        fix: &[
            "Remove insecure-skip-tls-verify: with the authority the connection can be \
             verified.",
            "Only if it cannot: remove the authority instead, never in production.",
        ],
        commands: &["kubectl config unset clusters.{cluster|NAME}.insecure-skip-tls-verify"],
    }],
    source: "client-go v0.33.1 transport/transport.go, TLSConfigFor",
};

static PATH_AND_DATA: Family = Family {
    id: "path-and-data",
    says: &[
        "certificate-authority-data and certificate-authority are both specified for {cluster}. certificate-authority-data will override",
        "client-cert-data and client-cert are both specified for {user}. client-cert-data will override",
        "client-key-data and client-key are both specified for {user}; client-key-data will override",
        "cannot have values for both path and contents",
    ],
    causes: &[Cause {
        id: "path-and-data",
        title: "The same certificate or key is given twice, once as a path and once as data; \
                kubectl stops, whatever the message says of overriding",
        weigh: shown_by_problem,
        fix: &["Remove one of the two; the data travel with the file, so keep those."],
        commands: &[],
    }],
    source: VALIDATION,
};

static HALF_A_PAIR: Family = Family {
    id: "certificate-without-key",
    says: &[
        "client-key-data or client-key must be specified for {user} to use the clientCert authentication method",
        "tls: client certificate without key",
    ],
    causes: &[Cause {
        id: "certificate-without-key",
        title: "The user {user|} has a client certificate and no key to it",
        weigh: shown_by_problem,
        fix: &[
            "Fetch the kubeconfig again, or add client-key-data. A certificate cannot be used without its key.",
        ],
        commands: &[
            "kubectl config set-credentials {user|NAME} --client-key=client-key.pem --embed-certs=true",
        ],
    }],
    source: VALIDATION,
};

static MISSING_FILE: Family = Family {
    id: "missing-file",
    says: &[
        "unable to read client-cert {path} for {user} due to",
        "unable to read client-key {path} for {user} due to",
        "unable to read certificate-authority {path} for {cluster} due to",
        "Config not found: {path}",
        "stat {path}: no such file or directory",
        "open {path}: no such file or directory",
        "CreateFile {path}: The system cannot find",
        "open {path}: The system cannot find",
        "FileNotFoundError",
    ],
    causes: &[
        Cause {
            id: "referenced-file-missing",
            title: "The kubeconfig refers to the file {path|}, which is not on this machine",
            weigh: |scene| {
                if is_denied(scene) {
                    return Weight::Beside;
                }
                let paths = paths(scene);
                let said = scene.get("path").unwrap_or_default();
                let file_name =
                    |it: &str| it.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
                match paths.iter().find(|it| !it.is_empty() && file_name(it) == file_name(said)) {
                    Some(path) => Weight::of(CERTAIN).because(format!(
                        "The kubeconfig names the path {}; paths that are not absolute count \
                         from the folder of the kubeconfig.",
                        quote::visible(path)
                    )),
                    None if scene
                        .said_any(&["unable to read client", "unable to read certificate"]) =>
                    {
                        Weight::of(LIKELY)
                    }
                    None => Weight::of(REMOTE),
                }
            },
            fix: &[
                "On the machine where the file works, make one that carries everything in it, \
                 and copy that.",
                "minikube: start it with --embed-certs.",
            ],
            commands: &[
                "kubectl config view --raw --flatten --minify > portable-kubeconfig",
                "ls -l {path}",
            ],
        },
        Cause {
            id: "kubeconfig-missing",
            title: "The kubeconfig that kubectl was told to use, {path|}, does not exist",
            weigh: |scene| match scene.said("unable to read") {
                true => Weight::Beside,
                false if scene.said_any(&["stat ", "Config not found"]) => Weight::of(80),
                false => Weight::of(POSSIBLE),
            },
            fix: &["Correct --kubeconfig or KUBECONFIG. A ~ in quotes is not expanded."],
            commands: &["echo \"$KUBECONFIG\"; ls -l {path}"],
        },
        permission_denied(|scene| match is_denied(scene) {
            true => denied(scene),
            false => Weight::Beside,
        }),
    ],
    source: VALIDATION,
};

/// Whether kubectl found the file, and may not read it.
fn is_denied(scene: &Scene<'_>) -> bool {
    scene.said_any(&["permission denied", "Access is denied"])
}

/// The paths that the context's cluster and user refer to.
fn paths(scene: &Scene<'_>) -> Vec<String> {
    let cluster = scene.contexts().filter_map(|it| scene.facts.cluster(it.effective.cluster?));
    let users = scene.contexts().filter_map(|it| scene.facts.user(it.effective.user?));
    cluster
        .map(|it| it.body.certificate_authority.clone())
        .chain(users.flat_map(|it| {
            [&it.body.client_certificate, &it.body.client_key, &it.body.token_file]
                .map(String::clone)
        }))
        .collect()
}

/// The file is there, and may not be read.
const fn permission_denied(weigh: fn(&Scene<'_>) -> Weight) -> Cause {
    Cause {
        id: "permission-denied",
        title: "The user who runs kubectl may not read {path}",
        weigh,
        fix: &[],
        commands: &[],
    }
}

fn denied(scene: &Scene<'_>) -> Weight {
    let weight = Weight::of(95);
    let path = scene.get("path").unwrap_or_default();
    let is_kubeconfig = scene.said("error loading config file") && !path.ends_with(".lock");
    let at_home = path.starts_with("/home/") || path.starts_with("/Users/");
    let path = template::word(path);
    // Nothing may be copied over a kubeconfig that is there; what stands in a home is not copied.
    if is_kubeconfig && at_home {
        weight
            .step("If that is your own home, make the file yours again: it was written with sudo.")
            .command(format!("sudo chown \"$(id -u):$(id -g)\" {path}"))
    } else if is_kubeconfig {
        weight
            .step(
                "Copy it to a new file in your own home and make that yours; keep it unreadable for \
                 others.",
            )
            .command(format!(
                "mkdir -p ~/.kube && sudo cp -n {path} ~/.kube/copy && sudo chown \
                 \"$(id -u):$(id -g)\" ~/.kube/copy && chmod 600 ~/.kube/copy && export \
                 KUBECONFIG=~/.kube/copy"
            ))
    } else {
        let weight = match path.contains(".sock") {
            true => weight.step(
                "Join the group that owns this socket of another program, as docker, and sign in \
                 anew.",
            ),
            false => weight
                .step("Make the file yours, or ask whoever owns it.")
                .step("If it ends in .lock, you may not write to the folder: make that yours."),
        };
        weight.command(format!("ls -ld {path} \"$(dirname {path})\""))
    }
}

static LOCKED: Family = Family {
    id: "kubeconfig-locked",
    says: &["open {path}.lock: file exists", "open {path}.lock: The file exists"],
    causes: &[Cause {
        id: "kubeconfig-locked",
        title: "Another kubectl is writing {path}, or one that was stopped left its lock behind",
        weigh: |_| Weight::of(CERTAIN),
        fix: &["Wait; if no kubectl config command runs any more, delete the lock."],
        commands: &["rm {path}.lock"],
    }],
    source: "client-go v0.33.1 tools/clientcmd/loader.go, lockFile",
};

static UNREADABLE_FILE: Family = Family {
    id: "unreadable-file",
    says: &[
        "open {path}: permission denied",
        "dial unix {path}: connect: permission denied",
        "read {path}: is a directory",
        "open {path}: Access is denied",
        "error loading config file {path}: open",
    ],
    causes: &[
        Cause {
            id: "kubeconfig-is-a-folder",
            title: "{path} is a folder, not a file",
            weigh: |scene| match scene.said("is a directory") {
                true => Weight::of(CERTAIN),
                false => Weight::Beside,
            },
            fix: &[
                "Name the file in it. A container that mounts a file which does not exist makes a folder in its place.",
            ],
            commands: &["ls -la {path}"],
        },
        permission_denied(|scene| match scene.said("is a directory") {
            true => Weight::Beside,
            false => denied(scene),
        }),
    ],
    source: "client-go v0.33.1 tools/clientcmd/loader.go, Load",
};

static EXEC_AND_PROVIDER: Family = Family {
    id: "exec-and-auth-provider",
    says: &["authProvider cannot be provided in combination with an exec plugin for {user}"],
    causes: &[Cause {
        id: "exec-and-auth-provider",
        title: "The user {user} has both auth-provider and exec, and only one may be there",
        weigh: shown_by_problem,
        fix: &["Remove auth-provider, which is the older of the two."],
        commands: &["kubectl config unset users.{user|NAME}.auth-provider"],
    }],
    source: VALIDATION,
};

static EXEC_INCOMPLETE: Family = Family {
    id: "exec-incomplete",
    says: &[
        "command must be specified for {user} to use exec authentication plugin",
        "apiVersion must be specified for {user} to use exec authentication plugin",
        "env variable name must be specified for {user} to use exec authentication plugin",
    ],
    causes: &[Cause {
        id: "exec-incomplete",
        title: "The sign-in program of {user} is not fully described: command, apiVersion or a \
                variable's name is missing",
        weigh: shown_by_problem,
        fix: &["Complete it, or let the provider's tool write the kubeconfig again."],
        commands: &[
            "kubectl config set-credentials {user|NAME} --exec-command=PROGRAM --exec-api-version=client.authentication.k8s.io/v1beta1",
        ],
    }],
    source: VALIDATION,
};

static IMPERSONATION: Family = Family {
    id: "impersonation-without-user",
    says: &[
        "requesting uid, groups or user-extra for {user} without impersonating a user",
        "requesting groups or user-extra for {user} without impersonating a user",
        "requesting uid, groups or user-extra",
    ],
    causes: &[Cause {
        id: "impersonation-without-user",
        title: "The user {user} asks to act with other groups, and does not say as which user",
        weigh: shown_by_problem,
        fix: &["Add as: NAME, or remove as-groups, as-uid and as-user-extra."],
        commands: &[],
    }],
    source: VALIDATION,
};

static IMPERSONATION_VALUE: Family = Family {
    id: "impersonation-malformed",
    says: &[
        "invalid header field value for Impersonate-{what}",
        "invalid header field name Impersonate-{what}",
    ],
    causes: &[Cause {
        id: "impersonation-malformed",
        title: "The user {user} asks to act as somebody whose name has a line break or another \
                control character in it",
        weigh: shown_by_problem,
        fix: &["Write as, as-groups and as-uid on one line each, without | or >."],
        commands: &[],
    }],
    source: "Go 1.24 net/http/transport.go",
};

/// The names of `scene`'s contexts, for a person who has to pick one.
fn context_names(scene: &Scene<'_>) -> String {
    let names: Vec<String> =
        scene.contexts().take(12).map(|it| quote::visible(&it.effective.name)).collect();
    match names.is_empty() {
        true => "none".to_owned(),
        false => names.join(", "),
    }
}

static CONTEXT_MISSING: Family = Family {
    id: "context-not-found",
    says: &[
        "context was not found for specified context: {context}",
        "no context exists with the name: {context}",
        "cannot locate context {context}",
        "context \"{context}\" does not exist",
        "context {context} does not exist",
        "error: context {context} not found",
        "Expected object with name {context} in /{file}/contexts list",
        "Expected object with name {context} in C:{file}/contexts list",
        "invalid context specified: {context}",
        "unable to activate context {context}:",
    ],
    causes: &[
        Cause {
            id: "current-context-dangles",
            title: "current-context is {context}, and there is no context of that name",
            weigh: |scene| {
                let wanted = scene.get("context").unwrap_or_default();
                let current = scene
                    .facts
                    .readings
                    .iter()
                    .filter_map(|it| it.merged.current_context.as_ref())
                    .any(|(name, _)| name == wanted);
                match (current, has_context(scene, wanted)) {
                    (true, false) => Weight::of(CERTAIN)
                        .because(format!("The contexts are: {}.", context_names(scene))),
                    _ => Weight::Beside,
                }
            },
            fix: &[
                "Choose one that is there; the other was renamed or deleted, or its file is missing from KUBECONFIG.",
            ],
            commands: &["kubectl config get-contexts", "kubectl config use-context NAME"],
        },
        Cause {
            id: "context-not-found",
            title: "kubectl was asked for the context {context}, which the kubeconfig that it \
                    read does not have",
            weigh: |scene| {
                let wanted = scene.get("context").unwrap_or_default();
                match has_context(scene, wanted) {
                    true => Weight::of(POSSIBLE).because(
                        "The kubeconfig handed in here has that context, so kubectl read \
                         another file.",
                    ),
                    false => {
                        let close = scene.contexts().find(|it| {
                            it.effective.name.eq_ignore_ascii_case(wanted)
                                || it.effective.name.trim() == wanted.trim()
                        });
                        let weight = Weight::of(80)
                            .because(format!("The contexts are: {}.", context_names(scene)));
                        match close {
                            Some(it) => weight.because(format!(
                                "{} differs only in case or blanks; both count.",
                                quote::visible(&it.effective.name)
                            )),
                            None => weight,
                        }
                    }
                }
            },
            fix: &["Use the exact name, or add the file that has it to KUBECONFIG."],
            commands: &["kubectl config get-contexts"],
        },
    ],
    source: VALIDATION,
};

fn has_context(scene: &Scene<'_>, name: &str) -> bool {
    scene.contexts().any(|it| it.effective.name == name)
}

static CLUSTER_MISSING: Family = Family {
    id: "cluster-not-found",
    says: &[
        "cluster \"{cluster}\" was not found for context \"{context}\"",
        "no server found for cluster {cluster}",
        "cannot locate cluster {cluster}",
        "cluster \"{cluster}\" does not exist",
        "cluster was not specified for context",
        "cluster has no server defined",
        "Expected object with name {cluster} in /{file}/clusters list",
        "Expected object with name {cluster} in C:{file}/clusters list",
    ],
    causes: &[Cause {
        id: "cluster-not-found",
        title: "The kubeconfig has no cluster {cluster|of the name that the context gives}, or \
                one without a server",
        weigh: |scene| {
            let wanted = scene.get("cluster").unwrap_or_default();
            let clusters = || scene.facts.files.iter().flat_map(|it| &it.config.clusters);
            let names: Vec<String> =
                clusters().map(|it| quote::visible(&it.name)).take(12).collect();
            match clusters().find(|it| it.name == wanted) {
                Some(it) if it.body.server.is_empty() => {
                    Weight::of(95).because("A cluster of that name is there, and it has no server.")
                }
                Some(_) if scene.problem().is_none() => Weight::of_another(),
                // The message names none.
                None if wanted.is_empty()
                    && scene.contexts().next().is_some()
                    && scene.contexts().all(|it| scene.server_of(it).is_some()) =>
                {
                    Weight::of_another()
                }
                _ => Weight::of(95).because(format!(
                    "The clusters are: {}.",
                    match names.is_empty() {
                        true => "none".to_owned(),
                        false => names.join(", "),
                    }
                )),
            }
        },
        fix: &["Correct the name in the context, or add the cluster."],
        commands: &[
            "kubectl config get-clusters",
            "kubectl config set-context {context|NAME} --cluster=NAME",
        ],
    }],
    source: VALIDATION,
};

static USER_MISSING: Family = Family {
    id: "user-not-found",
    says: &[
        "user \"{user}\" was not found for context \"{context}\"",
        "auth info \"{user}\" does not exist",
        "cannot locate user {user}",
        "user was not specified for context",
        "Expected object with name {user} in /{file}/users list",
        "Expected object with name {user} in C:{file}/users list",
    ],
    causes: &[Cause {
        id: "user-not-found",
        title: "The kubeconfig has no user {user|of the name that the context gives}",
        weigh: |scene| {
            let wanted = scene.get("user").unwrap_or_default();
            let users = || scene.facts.files.iter().flat_map(|it| &it.config.users);
            if scene.problem().is_none() && users().any(|it| it.name == wanted) {
                return Weight::of_another();
            }
            let names: Vec<String> = users().map(|it| quote::visible(&it.name)).take(12).collect();
            Weight::of(90).because(format!(
                "The users are: {}.",
                match names.is_empty() {
                    true => "none".to_owned(),
                    false => names.join(", "),
                }
            ))
        },
        fix: &["Correct the name in the context, or add the user."],
        commands: &[
            "kubectl config get-users",
            "kubectl config set-context {context|NAME} --user=NAME",
        ],
    }],
    source: VALIDATION,
};

static NO_CURRENT_CONTEXT: Family = Family {
    id: "no-current-context",
    says: &[
        "current-context is not set",
        "current-context must exist in order to minify",
        "no context chosen",
        "no current context",
        "Expected key current-context in",
        "no active context",
    ],
    causes: &[Cause {
        id: "no-current-context",
        title: "No context is chosen in the kubeconfig",
        weigh: |scene| match scene.contexts().any(|it| it.effective.current) {
            true => Weight::of_another(),
            false => Weight::of(95).because(format!("The contexts are: {}.", context_names(scene))),
        },
        fix: &["Choose one; kubectl never picks one by itself."],
        commands: &["kubectl config use-context {context|NAME}"],
    }],
    source: "client-go v0.33.1 tools/clientcmd/client_config.go",
};

static NO_CONFIGURATION: Family = Family {
    id: "no-configuration",
    says: &[
        "no configuration has been provided",
        "invalid configuration: no server found",
        "Kubernetes cluster unreachable: invalid configuration",
        "stat kubeconfig",
        "Kube config not found",
        "Missing or incomplete configuration info",
        "Service host/port is not set",
        "Unable to locate K8s cluster configuration",
        "unable to load in-cluster configuration",
        "Invalid kube-config file. No configuration found",
    ],
    causes: &[
        Cause {
            id: "empty-kubeconfig",
            title: "The kubeconfig that was read has nothing in it",
            weigh: |scene| match scene.contexts().next() {
                None if !scene.facts.sources.is_empty() && !scene.said("in-cluster") => {
                    Weight::of(90).because("No context was found in what was handed in.")
                }
                _ => Weight::Beside,
            },
            fix: &["Fetch the kubeconfig again."],
            commands: &["kubectl config view"],
        },
        Cause {
            id: "kubeconfig-not-read",
            title: "The program did not find the kubeconfig",
            weigh: |scene| {
                match scene.contexts().next() {
                Some(_) => Weight::of(85)
                    .because("The kubeconfig handed in here has contexts, so it was not the one that was read."),
                None => Weight::of(POSSIBLE),
            }
            },
            fix: &[
                "Point KUBECONFIG at it, or save it as ~/.kube/config of the user who runs the \
                 program. Terraform, Helm in CI and services have another home.",
            ],
            commands: &[
                "export KUBECONFIG=$HOME/.kube/config",
                "echo \"$KUBECONFIG\"; ls -l ~/.kube/config",
            ],
        },
    ],
    source: VALIDATION,
};

static NAMESPACE: Family = Family {
    id: "namespace-invalid",
    says: &[
        "invalid namespace {namespace}: [",
        "does not conform to the kubernetes DNS_LABEL rules",
    ],
    causes: &[Cause {
        id: "namespace-invalid",
        title: "The namespace {namespace|of the context} is not one that can exist",
        weigh: |scene| match scene.written() {
            Some(it) if !it.namespace.is_empty() => Weight::of(90).because(format!(
                "The context sets the namespace to {}.",
                quote::visible(&it.namespace)
            )),
            _ => Weight::of(LIKELY),
        },
        fix: &["Use lower-case letters, digits and hyphens only."],
        commands: &["kubectl config set-context {context|NAME} --namespace=default"],
    }],
    source: VALIDATION,
};
