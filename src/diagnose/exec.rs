//! The program that signs in: missing, failing, of another version, or printing the wrong thing.

use super::{CERTAIN, Cause, Family, LIKELY, POSSIBLE, Weight, scene::Scene};
use crate::{kubeconfig::Exec, masking, quote};

pub(super) const FAMILIES: &[&Family] = &[
    &API_REMOVED,
    &VERSION_MISMATCH,
    &NOT_PERMITTED,
    &INTERACTIVE_MODE,
    &NO_TERMINAL,
    &OUTPUT,
    &NOT_EXECUTABLE,
    &NOT_FOUND,
    &FAILED,
];

const EXEC: &str = "client-go v0.33.1 plugin/pkg/client/auth/exec/exec.go";

/// The program that the message or else the kubeconfig names, without its folder.
fn program(scene: &Scene<'_>) -> String {
    file_name(&scene.value("command").unwrap_or_default()).to_owned()
}

fn file_name(command: &str) -> &str {
    command.rsplit(['/', '\\']).next().unwrap_or_default().trim_end_matches(".exe")
}

/// The program and its arguments, without the secrets among them.
fn line(exec: &Exec) -> Vec<String> {
    let mut line = vec![masking::words_without_secrets(&exec.command)];
    line.extend(masking::arguments(&exec.args));
    line
}

/// Whether the context's user has the program of the message; a proof or a doubt.
fn in_file(scene: &Scene<'_>, weight: Weight) -> Weight {
    match scene.exec() {
        Some(exec) => {
            let words: Vec<String> =
                line(exec).iter().take(8).map(|it| quote::visible(it)).collect();
            weight.because(format!(
                "The user {} signs in with: {}.",
                quote::visible(&scene.value("user").unwrap_or_default()),
                words.join(" ")
            ))
        }
        None => weight,
    }
}

/// Whether no program of this kubeconfig is to speak `version` of the protocol.
fn no_program_speaks(scene: &Scene<'_>, version: &str) -> bool {
    scene.no_user(|it| it.exec.as_ref().is_some_and(|it| it.api_version == version))
}

/// How the programs that are met most are installed.
const INSTALL: &[(&str, &str, &str)] = &[
    ("aws", "Install the AWS command line, version 2.", "aws --version"),
    (
        "aws-iam-authenticator",
        "Install aws-iam-authenticator, or let aws eks update-kubeconfig write a file that uses aws itself.",
        "aws eks update-kubeconfig --name CLUSTER --region REGION",
    ),
    (
        "gke-gcloud-auth-plugin",
        "Install gke-gcloud-auth-plugin.",
        "gcloud components install gke-gcloud-auth-plugin",
    ),
    ("kubelogin", "Install kubelogin, Azure's sign-in program.", "az aks install-cli"),
    (
        "kubelogin for OpenID Connect",
        "Install kubelogin, the program for OpenID Connect and not Azure's of the same name.",
        "brew install int128/kubelogin/kubelogin",
    ),
    ("doctl", "Install doctl and sign in.", "doctl auth init"),
    ("oci", "Install the OCI command line and set it up.", "oci setup config"),
    ("tsh", "Install Teleport's tsh and sign in.", "tsh login"),
    ("ack-ram-tool", "Install ack-ram-tool.", "ack-ram-tool version"),
    ("kubectl-oidc_login", "Install kubectl oidc-login.", "kubectl krew install oidc-login"),
    ("gcloud", "Install the gcloud command line.", "gcloud version"),
    ("oc", "Install OpenShift's oc.", "oc version --client"),
    ("rancher", "Install Rancher's command line.", "rancher --version"),
];

/// Whether the program that the message misses is one that signs in, as far as the message, its name
/// or the context tell.
fn signs_in(scene: &Scene<'_>) -> bool {
    let program = program(scene);
    scene.said_any(&["getting credentials", "credential plugin", "exec: executable"])
        || INSTALL.iter().any(|(name, ..)| *name == program)
        || scene.exec().is_some_and(|it| file_name(&it.command) == program)
}

fn not_found(scene: &Scene<'_>) -> Weight {
    if !signs_in(scene) {
        return Weight::Beside;
    }
    let mut weight = in_file(scene, Weight::of(CERTAIN));
    let program = program(scene);
    if program.contains(' ') {
        weight = weight
            .because(
                "The name has a blank in it: command is one file name, never split into words.",
            )
            .step("Move the words after the first one from command to args.");
    }
    // Two different programs have that name.
    let for_oidc = program == "kubelogin" && scene.argument(&["--oidc-issuer-url"]).is_some();
    install(weight, if for_oidc { "kubelogin for OpenID Connect" } else { &program })
}

fn install(weight: Weight, program: &str) -> Weight {
    match INSTALL.iter().find(|(name, ..)| *name == program) {
        Some((_, step, command)) => weight.step(*step).command(*command),
        None => weight,
    }
}

/// The program that signs in calls another one, or is a plugin of kubectl, and that is not there.
pub(super) const NEEDS_ANOTHER: Cause = Cause {
    id: "exec-not-found",
    title: "The program that signs in needs {needed}, which is not installed here or not on the \
            PATH",
    weigh: |scene| {
        let text = scene.message.whole.original();
        let plugin = text.split_once("unknown command \"").and_then(|it| it.1.split('"').next());
        let plugin = plugin.map(|it| it.trim_end_matches('\\')).filter(|it| {
            scene.said("executable kubectl failed")
                || scene.exec().is_some_and(|exec| exec.args.iter().any(|arg| arg == it))
        });
        let called = text.split_once("\": executable file not found").map(|it| it.0);
        let called = called.and_then(|it| it.rsplit('"').next());
        let needed = match (plugin, called) {
            (Some(it), _) => format!("kubectl-{}", it.replace('-', "_")),
            // Without a browser they print an address to visit instead.
            (None, Some(it)) if !it.starts_with("xdg-open") => it.to_owned(),
            _ => return Weight::Beside,
        };
        install(in_file(scene, Weight::of(CERTAIN + 1)), &needed).with("needed", needed)
    },
    fix: &[],
    commands: &["command -v {needed}"],
};

static NOT_FOUND: Family = Family {
    id: "exec-not-found",
    says: &[
        "exec: executable {command} not found",
        "fork/exec {command}: no such file or directory",
        "exec: \"{command}\": executable file not found in",
        "exec: \"{command}\": file does not exist",
        "It looks like you are trying to use a client-go credential plugin that is not installed",
        "exec: \"{command}\": cannot run executable found relative to current directory",
        "ACTION REQUIRED: {command}, which is needed for continued use of kubectl, was not found",
    ],
    causes: &[
        Cause {
            id: "exec-not-found",
            title: "The program that signs in, {command|which the kubeconfig names}, is not \
                    installed here or not on the PATH",
            weigh: not_found,
            fix: &[
                "The kubeconfig itself says: {hint}",
                "If it is installed: give kubectl the PATH (a desktop program or a CI job has \
                 another one than your terminal), or write the full path as command.",
            ],
            commands: &["command -v {command|PROGRAM}"],
        },
        Cause {
            id: "program-missing",
            title: "The program {command|that was called} is not installed here or not on the \
                    PATH; the context does not sign in with it",
            weigh: |scene| match signs_in(scene) {
                true => Weight::Beside,
                false => Weight::of(LIKELY),
            },
            fix: &["Install it, or run the command where it is."],
            commands: &["command -v {command|PROGRAM}"],
        },
    ],
    source: EXEC,
};

static NOT_EXECUTABLE: Family = Family {
    id: "exec-not-executable",
    says: &[
        "fork/exec {command}: permission denied",
        "fork/exec {command}: exec format error",
        "exec: \"{command}\": permission denied",
    ],
    causes: &[Cause {
        id: "exec-not-executable",
        title: "The program that signs in, {command|which the kubeconfig names}, is there and \
                cannot be run",
        weigh: |scene| {
            in_file(scene, Weight::of(CERTAIN)).because(match scene.said("exec format error") {
                true => "It is built for another kind of processor or system.",
                false => "It lacks the permission to be executed.",
            })
        },
        fix: &["Install the build for this system, or set the permission."],
        commands: &["chmod +x {command}", "file {command}"],
    }],
    source: EXEC,
};

/// What programs print when they have no valid sign-in of their own.
const SIGN_IN: &[(&str, &str, &str)] = &[
    ("Error loading SSO Token", "The AWS sign-in session is missing or over.", "aws sso login"),
    ("Token has expired and refresh failed", "The AWS sign-in session is over.", "aws sso login"),
    (
        "The SSO session associated with this profile has expired",
        "The AWS sign-in session is over.",
        "aws sso login",
    ),
    ("ExpiredToken", "The temporary AWS credentials are over.", "aws sts get-caller-identity"),
    (
        "security token included in the request is expired",
        "The temporary AWS credentials are over.",
        "aws sts get-caller-identity",
    ),
    (
        "security token included in the request is invalid",
        "The AWS credentials are not valid.",
        "aws sts get-caller-identity",
    ),
    ("Unable to locate credentials", "The AWS command line has no credentials.", "aws configure"),
    ("NoCredentialProviders", "There are no AWS credentials.", "aws configure"),
    ("az login", "Azure asks for a sign-in.", "az login"),
    ("AADSTS7000222", "The client secret of its application has expired: make a new one.", ""),
    ("AADSTS", "Microsoft Entra ID refused the sign-in.", "az login"),
    ("gcloud auth login", "Google Cloud asks for a sign-in.", "gcloud auth login"),
    ("Reauthentication", "Google Cloud asks for a sign-in.", "gcloud auth login"),
    (
        "You do not currently have an active account selected",
        "No Google Cloud account is signed in.",
        "gcloud auth login",
    ),
    (
        "could not find default credentials",
        "There are no Google Cloud credentials.",
        "gcloud auth application-default login",
    ),
    ("invalid_grant", "The refresh token is no longer accepted.", ""),
    (
        "failure while executing gcloud",
        "gcloud gave no token, as it does when nobody is signed in.",
        "gcloud auth login",
    ),
    ("microsoft.com/devicelogin", "It waited for a sign-in in a browser.", "az login"),
    ("tsh login", "Teleport asks for a sign-in.", "tsh login"),
    ("Not logged in", "The program is not signed in.", ""),
    ("please log in", "The program asks for a sign-in.", ""),
    ("login first", "The program asks for a sign-in.", ""),
    ("InvalidAccessKeyId", "The access key does not exist or was disabled.", ""),
    ("session expired", "The session is over.", ""),
];

static FAILED: Family = Family {
    id: "exec-failed",
    says: &[
        "exec: executable {command} failed with exit code {n}",
        "getting credentials: exec: exit status {n}",
        "exec plugin: exit status {n}",
        "credential plugin {command} failed",
        "error executing access token command {command}: err=",
        "getting credentials: exec: signal",
        "Error when retrieving token from sso",
        "Error loading SSO Token",
        "getting credentials:",
    ],
    causes: &[
        NEEDS_ANOTHER,
        Cause {
            id: "exec-profile-missing",
            title: "The program that signs in was told to use a profile that does not exist here",
            weigh: |scene| {
                let said = scene.said_any(&[
                    "The config profile",
                    "could not be found",
                    "profile not found",
                    "profile does not exist",
                ]) && scene.said("profile");
                match (said, scene.value("aws-profile")) {
                    (true, Some(profile)) => in_file(scene, Weight::of(CERTAIN)).because(format!(
                        "The kubeconfig sets AWS_PROFILE to {}.",
                        quote::visible(&profile)
                    )),
                    (true, None) => in_file(scene, Weight::of(90)),
                    (false, _) => Weight::Beside,
                }
            },
            fix: &[
                "Create that profile, or write the name of yours into the kubeconfig's exec.env.",
            ],
            commands: &["aws configure list-profiles", "aws configure --profile {aws-profile}"],
        },
        Cause {
            id: "cloud-login-expired",
            title: "The program that signs in, {command|which the kubeconfig names}, is itself \
                    not signed in",
            weigh: |scene| {
                let Some((said, why, command)) = SIGN_IN.iter().find(|(it, ..)| scene.said(it))
                else {
                    return Weight::Beside;
                };
                let weight = in_file(scene, Weight::of(CERTAIN))
                    .because(format!("It printed “{said}”. {why}"));
                match (*command, scene.value("aws-profile")) {
                    ("", _) => weight,
                    (it, Some(profile)) if it.starts_with("aws") => {
                        weight.command(format!("{it} --profile {}", quote::bash(&profile)))
                    }
                    (it, _) => weight.command(it),
                }
            },
            fix: &["Sign in with that program, then run kubectl again."],
            commands: &[],
        },
        super::elsewhere::SIGN_IN_UNREACHABLE,
        Cause {
            id: "exec-access-denied",
            title: "The program that signs in ran, and the cloud denied it what it asked for",
            weigh: |scene| match scene.said_any(&[
                "AccessDenied",
                "not authorized to perform",
                "PermissionDenied",
                "AuthorizationFailed",
                "Forbidden.RAM",
            ]) {
                true => in_file(scene, Weight::of(95)),
                false => Weight::Beside,
            },
            fix: &[
                "Have the cloud account granted the permission that the message names, or use another account.",
            ],
            commands: &["aws sts get-caller-identity --profile {aws-profile}"],
        },
        Cause {
            id: "exec-cluster-missing",
            title: "The program that signs in does not find the cluster that its arguments name",
            weigh: |scene| match scene.said_any(&[
                "ResourceNotFoundException",
                "No cluster found for name",
                "ErrorClusterNotFound",
                "cluster not found",
            ]) {
                true => in_file(scene, Weight::of(95)),
                false => Weight::Beside,
            },
            fix: &[
                "Check name and region in the arguments, and that the cluster still exists: {eks-cluster}.",
            ],
            commands: &["aws eks list-clusters --region {region}"],
        },
        Cause {
            id: "exec-outdated",
            title: "The program that signs in does not know an argument that the kubeconfig \
                    gives it: it is too old or too new",
            weigh: |scene| match scene.said_any(&[
                "Invalid choice",
                "unknown flag",
                "unknown shorthand flag",
                "unknown command",
                "unrecognized arguments",
                "invalid choice",
            ]) {
                true => in_file(scene, Weight::of(90)),
                false => Weight::Beside,
            },
            fix: &[
                "Update the program, and let it write the kubeconfig again.",
                "Two different programs are called kubelogin: Azure's, which az aks install-cli \
                 brings, and the one for OpenID Connect, which package managers install.",
            ],
            commands: &["{command} --version"],
        },
        Cause {
            id: "exec-failed",
            title: "The program that signs in, {command|which the kubeconfig names}, ran and \
                    failed",
            weigh: |scene| match scene.exec() {
                Some(exec) => {
                    let line: Vec<String> = line(exec).iter().map(|it| quote::bash(it)).collect();
                    let profile = scene
                        .value("aws-profile")
                        .map_or(String::new(), |it| format!("AWS_PROFILE={} ", quote::bash(&it)));
                    in_file(scene, Weight::of(70)).command(profile + &line.join(" "))
                }
                None => Weight::of(LIKELY),
            },
            fix: &[
                "Run it by hand with the same arguments and environment: what it prints on \
                 standard error is the true reason.",
                "Usual reasons: not signed in to the cloud, the wrong profile or region, a \
                 cluster that no longer exists, no network.",
            ],
            commands: &[],
        },
    ],
    source: EXEC,
};

static API_REMOVED: Family = Family {
    id: "exec-api-removed",
    says: &["exec plugin: invalid apiVersion \"{version}\"", "exec plugin: invalid apiVersion"],
    causes: &[
        Cause {
            id: "exec-api-removed",
            title: "The kubeconfig asks for v1alpha1 of the sign-in protocol, which kubectl 1.24 \
                    and later no longer speak",
            weigh: |scene| {
                let version = scene.get("version").map(str::to_owned).or(scene.value("api"));
                match version.as_deref() {
                    Some(it) if it.ends_with("v1alpha1") && no_program_speaks(scene, it) => {
                        Weight::of_another()
                    }
                    Some(it) if it.ends_with("v1alpha1") => in_file(scene, Weight::of(CERTAIN))
                        .because(format!("Its apiVersion is {it}.")),
                    Some(_) => Weight::Beside,
                    None => Weight::of(LIKELY),
                }
            },
            fix: &[
                "Update the program (aws 2.6.3 or 1.23.9, aws-iam-authenticator 0.5.4, or later), \
                 and let it write the kubeconfig again.",
                "Changing the text to v1beta1 alone is enough only when the program already \
                 prints that version.",
            ],
            commands: &["aws eks update-kubeconfig --name {eks-cluster} --region {region}"],
        },
        Cause {
            id: "exec-api-unknown",
            title: "The kubeconfig names a version of the sign-in protocol that kubectl does \
                    not know: {version|it is misspelled}",
            weigh: |scene| {
                let version = scene.get("version").map(str::to_owned).or(scene.value("api"));
                match version.as_deref() {
                    Some(it) if it.ends_with("v1alpha1") => Weight::Beside,
                    Some(it) if no_program_speaks(scene, it) => Weight::of_another(),
                    Some(it) => in_file(scene, Weight::of(CERTAIN))
                        .because(format!("Its apiVersion is {}.", quote::visible(it))),
                    None => Weight::Beside,
                }
            },
            fix: &[
                "Write client.authentication.k8s.io/v1beta1, or v1 with interactiveMode beside it.",
            ],
            commands: &[],
        },
    ],
    source: "client-go v0.33.1 plugin/pkg/client/auth/exec/exec.go; kubernetes CHANGELOG-1.24",
};

static VERSION_MISMATCH: Family = Family {
    id: "exec-version-mismatch",
    says: &[
        "plugin is configured to use API version {wanted}, plugin returned version {printed}",
        "no kind \"ExecCredential\" is registered for version {printed} in scheme",
        "no kind \"ExecCredential\" is registered for version {printed}",
        "exec plugin is configured to use API version",
    ],
    causes: &[
        Cause {
            id: "exec-version-mismatch",
            title: "The program that signs in prints another version of the protocol than the \
                kubeconfig announces",
            weigh: |scene| {
                let weight = in_file(scene, Weight::of(CERTAIN));
                let wanted = scene.get("wanted").map(str::to_owned).or(scene.value("api"));
                match (wanted, scene.get("printed")) {
                    (Some(_), Some(printed)) if printed.ends_with("__internal") => Weight::Beside,
                    (Some(wanted), _) if no_program_speaks(scene, &wanted) => Weight::of_another(),
                    (Some(wanted), Some(printed)) => weight.because(format!(
                        "The kubeconfig says {}; the program printed {}.",
                        quote::visible(&wanted),
                        quote::visible(printed)
                    )),
                    _ => weight,
                }
            },
            fix: &[
                "Update the program, and let it write the kubeconfig again.",
                "If it cannot be updated, write the version that it prints into exec.apiVersion: \
             {printed}.",
            ],
            commands: &["aws eks update-kubeconfig --name {eks-cluster} --region {region}"],
        },
        PRINTS_WRONG,
    ],
    source: EXEC,
};

static NOT_PERMITTED: Family = Family {
    id: "exec-not-permitted",
    says: &[
        "is not permitted by the credential plugin allowlist",
        "not allowed: policy set to",
        "allowlist misconfiguration",
    ],
    causes: &[Cause {
        id: "exec-not-permitted",
        title: "The settings of kubectl on this machine (kuberc) forbid the program that signs in",
        weigh: |scene| in_file(scene, Weight::of(CERTAIN)),
        fix: &["Allow the program in ~/.kube/kuberc, or use another credential."],
        commands: &["cat ~/.kube/kuberc"],
    }],
    source: "client-go v0.35.0 plugin/pkg/client/auth/exec/exec.go",
};

static INTERACTIVE_MODE: Family = Family {
    id: "exec-interactive-mode",
    says: &[
        "interactiveMode must be specified for {user} to use exec authentication plugin",
        "invalid interactiveMode for {user}: {mode}",
    ],
    causes: &[Cause {
        id: "exec-interactive-mode",
        title: "The sign-in program of {user|the user} lacks a valid interactiveMode, which \
                v1 of the protocol demands",
        weigh: super::file::shown_by_problem,
        fix: &[
            "Write interactiveMode: IfAvailable (or Never, or Always) under exec; the case matters.",
        ],
        commands: &[
            "kubectl config set-credentials {user|NAME} --exec-interactive-mode=IfAvailable",
        ],
    }],
    source: "client-go v0.33.1 tools/clientcmd/validation.go, validateAuthInfo",
};

static NO_TERMINAL: Family = Family {
    id: "exec-no-terminal",
    says: &["exec plugin cannot support interactive mode"],
    causes: &[Cause {
        id: "exec-no-terminal",
        title: "The program that signs in wants to ask something, and there is no terminal",
        weigh: |scene| in_file(scene, Weight::of(LIKELY)),
        fix: &[
            "Run kubectl in a terminal, or use a credential that needs no person: a service \
             account's token, or the program's own way for machines.",
            "Set interactiveMode: IfAvailable if the program can do without.",
        ],
        commands: &[
            "kubectl config set-credentials {user|NAME} --exec-interactive-mode=IfAvailable",
        ],
    }],
    source: EXEC,
};

/// The program printed something that is no credential.
const PRINTS_WRONG: Cause = Cause {
    id: "exec-output",
    title: "The program that signs in printed something that is not a complete \
                ExecCredential",
    weigh: |scene| {
        let weight = in_file(scene, Weight::of(POSSIBLE + 20));
        match (scene.get("why"), scene.get("printed")) {
            (Some(why), _) => weight.because(format!(
                "kubectl's reason: {}.",
                quote::visible(&masking::kubectl_words(why))
            )),
            (None, Some(printed)) if printed.ends_with("__internal") => {
                weight.because("It printed no apiVersion, or nothing at all.")
            }
            (None, Some(_)) => Weight::Beside,
            (None, None) => weight,
        }
    },
    fix: &[
        "Run it by hand: on standard output it must print one JSON object of the kind \
             ExecCredential and nothing else, no greeting and no warning.",
        "Update the program.",
    ],
    commands: &[],
};

static OUTPUT: Family = Family {
    id: "exec-output",
    says: &[
        "exec plugin didn't return a status field",
        "exec plugin didn't return a token or cert/key pair",
        "exec plugin returned only certificate or key, not both",
        "decoding stdout: {why}",
        "failed parsing client key/certificate: {why}",
        "exec plugin output",
    ],
    causes: &[PRINTS_WRONG],
    source: EXEC,
};
