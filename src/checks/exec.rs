//! Programs that a kubeconfig makes kubectl run, and plugins built into kubectl.

use super::{
    Check, Citation, Emit,
    Run::Entries,
    Severity, citation, list,
    view::{Part, SeenUser, seen_user},
};
use crate::{facts::CredentialKind, kubeconfig::Exec, masking};

pub(super) const CHECKS: &[&Check] = &[
    &WITH_AUTH_PROVIDER,
    &WITHOUT_COMMAND,
    &WITHOUT_API_VERSION,
    &API_VERSION_REMOVED,
    &API_VERSION_UNKNOWN,
    &ENV_WITHOUT_NAME,
    &WITHOUT_INTERACTIVE_MODE,
    &INTERACTIVE_MODE_INVALID,
    &PROVIDER_REMOVED,
    &PROVIDER_UNKNOWN,
    &PROVIDER_INCOMPLETE,
    &PROVIDER_WITHOUT_TOKEN,
    &SHELL,
    &SHELL_SYNTAX,
    &ARGUMENTS_IN_COMMAND,
    &TEMPORARY_FOLDER,
    &RELATIVE_COMMAND,
    &SECRETS,
    &CONTROL_CHARACTERS,
    &ANOTHER_REGION,
    &UNKNOWN_PROGRAM,
    &ABSOLUTE_COMMAND,
];

fn field(user: &SeenUser<'_>, name: &str) -> crate::source::Place {
    user.field("exec").field(name)
}

/// One finding per program that `applies`, at the field `name`. Some write the arguments into `command`,
/// and a secret among them.
fn each(part: &Part<'_>, emit: &mut Emit<'_>, name: &str, detail: fn(&Exec) -> Option<String>) {
    for (user, it) in &part.programs {
        if let Some(detail) = detail(it) {
            emit.finding(&field(user, name), masking::words_without_secrets(&detail));
        }
    }
}

static WITH_AUTH_PROVIDER: Check = Check {
    id: "exec-and-auth-provider",
    severity: Severity::Error,
    title: "A user has both a program and a built-in plugin",
    why: "kubectl stops with authProvider cannot be provided in combination with an exec plugin.",
    fix: "Delete auth-provider.",
    citations: &[citation::VALIDATE_USER],
    run: Entries(|_, emit| emit.problems()),
};

static WITHOUT_COMMAND: Check = Check {
    id: "exec-without-command",
    severity: Severity::Error,
    title: "The program to run is not named",
    why: "kubectl stops with command must be specified.",
    fix: "Add command, or fetch the kubeconfig again.",
    citations: &[citation::VALIDATE_USER],
    run: Entries(|_, emit| emit.problems_of(&["command"])),
};

static WITHOUT_API_VERSION: Check = Check {
    id: "exec-without-api-version",
    severity: Severity::Error,
    title: "The program's answer has no version",
    why: "kubectl stops with apiVersion must be specified.",
    fix: "Add apiVersion: client.authentication.k8s.io/v1beta1. With v1, which newer programs answer \
          in, add interactiveMode: IfAvailable, too.",
    citations: &[citation::VALIDATE_USER],
    run: Entries(|_, emit| emit.problems_of(&["apiVersion"])),
};

const V1ALPHA1: &str = "client.authentication.k8s.io/v1alpha1";
const V1BETA1: &str = "client.authentication.k8s.io/v1beta1";
const V1: &str = "client.authentication.k8s.io/v1";

static API_VERSION_REMOVED: Check = Check {
    id: "exec-api-version-removed",
    severity: Severity::Error,
    title: "The program's answer has a version that kubectl no longer reads",
    why: "v1alpha1 was removed in kubectl 1.24, which stops with invalid apiVersion.",
    fix: "Update the program and have it write the kubeconfig again, as with aws eks \
          update-kubeconfig. Changing the text alone mostly leads to the next error.",
    citations: &[
        citation::EXEC_VERSIONS,
        Citation::Page {
            title: "AWS CLI: kubectl 1.24 and v1alpha1",
            url: "https://github.com/aws/aws-cli/issues/6920",
        },
    ],
    run: Entries(|part, emit| {
        each(part, emit, "apiVersion", |it| {
            (it.api_version == V1ALPHA1).then(|| format!("{} is set to answer in it.", it.command))
        });
    }),
};

static API_VERSION_UNKNOWN: Check = Check {
    id: "exec-api-version-unknown",
    severity: Severity::Error,
    title: "The program's answer has a version that kubectl does not know",
    why: "kubectl reads client.authentication.k8s.io/v1 and v1beta1, and stops with invalid \
          apiVersion for all others.",
    fix: "Write client.authentication.k8s.io/v1beta1 or v1, whichever the program prints.",
    citations: &[citation::EXEC_VERSIONS],
    run: Entries(|part, emit| {
        each(part, emit, "apiVersion", |it| {
            let known = ["", V1ALPHA1, V1BETA1, V1].contains(&it.api_version.as_str());
            (!known).then(|| format!("It is {}.", it.api_version))
        });
    }),
};

static ENV_WITHOUT_NAME: Check = Check {
    id: "exec-variable-without-name",
    severity: Severity::Error,
    title: "An environment variable for the program has no name",
    why: "kubectl stops with env variable name must be specified.",
    fix: "Add the name, or delete the entry.",
    citations: &[citation::VALIDATE_USER],
    run: Entries(|_, emit| emit.problems()),
};

static WITHOUT_INTERACTIVE_MODE: Check = Check {
    id: "exec-without-interactive-mode",
    severity: Severity::Error,
    title: "The file does not say whether the program may ask questions",
    why: "Version v1 of the answer, which kubectl reads since 1.22, requires interactiveMode, and \
          kubectl stops without it.",
    fix: "Add interactiveMode: IfAvailable.",
    citations: &[citation::VALIDATE_USER, citation::EXEC_CONFIG],
    run: Entries(|part, emit| {
        for context in &part.stopped {
            let user = context.effective.user.and_then(|it| part.user(it));
            // Under any other version that is to be corrected first, and v1beta1 needs no mode.
            if user.is_some_and(|it| it.body.exec.as_ref().is_some_and(|it| it.api_version == V1)) {
                emit.problems_in(context, WITHOUT_INTERACTIVE_MODE.id, &["interactiveMode"]);
            }
        }
    }),
};

static INTERACTIVE_MODE_INVALID: Check = Check {
    id: "exec-interactive-mode-unknown",
    severity: Severity::Error,
    title: "interactiveMode has a value that kubectl does not know",
    why: "kubectl takes Never, IfAvailable and Always, in exactly this spelling, and stops otherwise.",
    fix: "Write IfAvailable.",
    citations: &[citation::VALIDATE_USER, citation::EXEC_CONFIG],
    run: Entries(|_, emit| emit.problems()),
};

/// What kubectl stops at in a built-in plugin, by the rule called `id`. Where there is a program
/// beside the plugin, it has stopped already.
fn of_plugin(part: &Part<'_>, emit: &mut Emit<'_>, id: &str) {
    for context in &part.stopped {
        if context.effective.problems.iter().all(|it| it.id != WITH_AUTH_PROVIDER.id) {
            emit.problems_in(context, id, &[]);
        }
    }
}

static PROVIDER_REMOVED: Check = Check {
    id: "auth-provider-removed",
    severity: Severity::Error,
    title: "The sign-in plugin is no longer part of kubectl",
    why: "gcp and azure are gone since kubectl 1.26, which stops and names the program to use in \
          their place.",
    fix: "For GKE install gke-gcloud-auth-plugin and run gcloud container clusters get-credentials; \
          for AKS install kubelogin and run kubelogin convert-kubeconfig.",
    citations: &[citation::GCP_REMOVED, citation::AUTH_PROVIDERS],
    run: Entries(|part, emit| of_plugin(part, emit, "auth-provider-removed")),
};

static PROVIDER_UNKNOWN: Check = Check {
    id: "auth-provider-unknown",
    severity: Severity::Error,
    title: "kubectl has no sign-in plugin of this name",
    why: "kubectl stops with no Auth Provider found. The only one left is oidc.",
    fix: "Use the program of your provider in an exec section.",
    citations: &[citation::AUTH_PROVIDERS],
    run: Entries(|part, emit| of_plugin(part, emit, "auth-provider-unknown")),
};

static PROVIDER_INCOMPLETE: Check = Check {
    id: "oidc-incomplete",
    severity: Severity::Error,
    title: "A setting is missing that the oidc plugin needs",
    why: "kubectl stops with Must provide.",
    fix: "Add the setting, or sign in again with the tool that wrote the file.",
    citations: &[Citation::ClientGo {
        path: "plugin/pkg/client/auth/oidc/oidc.go",
        symbol: "newOIDCAuthProvider",
    }],
    run: Entries(|part, emit| of_plugin(part, emit, "oidc-settings")),
};

static PROVIDER_WITHOUT_TOKEN: Check = Check {
    id: "oidc-token-unusable",
    severity: Severity::Error,
    title: "The oidc plugin has no token to send and cannot get one",
    why: "Its id-token has expired or is none, and there is no refresh-token to ask for the next \
          with.",
    fix: "Sign in again with the tool that wrote the file.",
    citations: &[Citation::ClientGo {
        path: "plugin/pkg/client/auth/oidc/oidc.go",
        symbol: "oidcAuthProvider.idToken",
    }],
    run: Entries(|part, emit| of_plugin(part, emit, "oidc-token")),
};

/// The file name of a command in small letters, without folders and without `.exe`.
fn base_name(command: &str) -> String {
    let name = command.rsplit(['/', '\\']).next().unwrap_or(command).to_ascii_lowercase();
    name.strip_suffix(".exe").map_or(name.clone(), str::to_owned)
}

/// What runs whatever text it is given.
fn runs_text(command: &str) -> bool {
    let name = base_name(command);
    let shells = [
        "sh",
        "bash",
        "dash",
        "zsh",
        "fish",
        "ksh",
        "ash",
        "busybox",
        "cmd",
        "powershell",
        "pwsh",
        "env",
        "xargs",
        "sudo",
        "eval",
        "perl",
        "ruby",
        "node",
        "osascript",
        "wscript",
        "cscript",
        "mshta",
        "curl",
        "wget",
    ];
    shells.contains(&name.as_str()) || name.starts_with("python")
}

/// The first sign in `args` that only a shell understands.
fn shell_sign(args: &[String]) -> Option<&'static str> {
    let signs = ["$(", "`", "|", "&&", "||", ";", ">", "<("];
    signs.into_iter().find(|sign| args.iter().any(|it| it.contains(sign)))
}

/// Whether a command is the whole path of a program, on Unix or on Windows.
fn is_absolute(command: &str) -> bool {
    let windows = [Some(":\\"), Some(":/")].contains(&command.get(1..3));
    command.starts_with('/') || windows
}

/// Whether a command is looked for from the folder of the kubeconfig.
fn is_relative(command: &str) -> bool {
    command.contains('/') && !is_absolute(command)
}

/// Whether a command seems to be more than the name of a file. A folder may well have a blank in
/// its name, and so may a program of Windows.
fn has_arguments(command: &str) -> bool {
    let Some((first, _)) = command.split_once(char::is_whitespace) else { return false };
    let name = command.rsplit(['/', '\\']).next().unwrap_or_default();
    !first.contains(['/', '\\'])
        || (name.contains(char::is_whitespace) && !name.to_ascii_lowercase().ends_with(".exe"))
}

/// Whether another check already makes the reader look at the program.
fn is_told_elsewhere(it: &Exec) -> bool {
    runs_text(&it.command)
        || is_relative(&it.command)
        || has_arguments(&it.command)
        || TEMPORARY_FOLDERS.iter().any(|folder| it.command.starts_with(folder))
}

const TEMPORARY_FOLDERS: &[&str] = &["/tmp/", "/var/tmp/", "/dev/shm/"];

static SHELL: Check = Check {
    id: "exec-runs-a-shell",
    severity: Severity::Warning,
    title: "The file makes kubectl run whatever its text says",
    why: "The program is a shell or an interpreter, so its arguments are a script. Every kubectl \
          command runs it with your rights, before anything is asked.",
    fix: "Read the arguments before you use the file, as you would read a script. Do not use it if \
          you do not know who wrote it.",
    citations: &[citation::TRUSTED_SOURCES, citation::EXEC_CONFIG],
    run: Entries(|part, emit| {
        each(part, emit, "command", |it| {
            let sign = shell_sign(&it.args);
            runs_text(&it.command).then(|| match sign {
                Some(sign) => {
                    format!("The program is {}, and its script contains {sign}.", it.command)
                }
                None => format!("The program is {}.", it.command),
            })
        });
    }),
};

static SHELL_SYNTAX: Check = Check {
    id: "exec-shell-syntax",
    severity: Severity::Warning,
    title: "The arguments look like shell, and no shell reads them",
    why: "kubectl hands the arguments over as they are: pipes, variables and substitutions reach the \
          program as plain text.",
    fix: "Write out what is meant, or put the command line into a script of its own.",
    citations: &[citation::EXEC_CONFIG],
    run: Entries(|part, emit| {
        each(part, emit, "args", |it| {
            let sign = ["$(", "`", "|", "&&", "${"]
                .into_iter()
                .find(|sign| it.args.iter().any(|it| it.contains(sign)))?;
            (!runs_text(&it.command)).then(|| format!("They contain {sign}."))
        });
    }),
};

static ARGUMENTS_IN_COMMAND: Check = Check {
    id: "exec-command-with-arguments",
    severity: Severity::Warning,
    title: "The program's name contains blanks",
    why: "kubectl takes the whole of command for one file name, and does not find it.",
    fix: "Leave the program alone in command, and put each word after it into args.",
    citations: &[citation::EXEC_CONFIG],
    run: Entries(|part, emit| {
        each(part, emit, "command", |it| {
            let (first, _) = it.command.split_once(char::is_whitespace)?;
            has_arguments(&it.command).then(|| format!("The first word is {first}."))
        });
    }),
};

static TEMPORARY_FOLDER: Check = Check {
    id: "exec-from-temporary-folder",
    severity: Severity::Warning,
    title: "The program stands in a folder that everybody can write to",
    why: "Whoever puts another program there has it run with your rights at the next kubectl \
          command.",
    fix: "Install the program in a folder that only administrators can write to.",
    citations: &[citation::TRUSTED_SOURCES],
    run: Entries(|part, emit| {
        each(part, emit, "command", |it| {
            let there = TEMPORARY_FOLDERS.iter().any(|folder| it.command.starts_with(folder));
            there.then(|| format!("The program is {}.", it.command))
        });
    }),
};

static RELATIVE_COMMAND: Check = Check {
    id: "exec-relative-command",
    severity: Severity::Warning,
    title: "The program is looked for beside the kubeconfig",
    why: "A name with a slash that does not begin with one is taken from the folder of the \
          kubeconfig. Moved without the program, the file stops working; unpacked from an archive, \
          it runs what came along. A ~ is not replaced.",
    fix: "Install the program on the PATH and name it without a folder, or give the whole path.",
    citations: &[citation::FILE_REFERENCES, citation::TRUSTED_SOURCES],
    run: Entries(|part, emit| {
        each(part, emit, "command", |it| {
            is_relative(&it.command).then(|| format!("The program is {}.", it.command))
        });
    }),
};

static ABSOLUTE_COMMAND: Check = Check {
    id: "exec-absolute-command",
    severity: Severity::Notice,
    title: "The program has a fixed path",
    why: "On a machine where it is installed elsewhere, kubectl stops with no such file.",
    fix: "To use the file on other machines, name the program without its folder.",
    citations: &[citation::EXEC_CONFIG],
    run: Entries(|part, emit| {
        each(part, emit, "command", |it| {
            let told = is_told_elsewhere(it);
            (is_absolute(&it.command) && !told).then(|| format!("The program is {}.", it.command))
        });
    }),
};

static SECRETS: Check = Check {
    id: "exec-secret-in-plain-sight",
    severity: Severity::Warning,
    title: "A secret stands in the program's arguments or environment",
    why: "Arguments show in the list of running programs, and kubectl config view hides neither \
          them nor the environment.",
    fix: "Let the program take the secret from its own store, and treat this one as known to others.",
    citations: &[citation::REDACT],
    run: Entries(|part, emit| {
        for (user, it) in &part.programs {
            let masked = masking::arguments(&it.args);
            if masked != it.args {
                // What is all secret is told by the word before it, as of --client-secret SECRET.
                let before = std::iter::once("").chain(masked.iter().map(String::as_str));
                let shown: Vec<String> = before
                    .zip(&masked)
                    .filter(|(_, it)| it.contains(masking::MASK))
                    .map(|(before, it)| match it == masking::MASK {
                        true => format!("{before} {it}").trim_start().to_owned(),
                        false => it.clone(),
                    })
                    .collect();
                emit.finding(&field(user, "args"), format!("Among them: {}.", list(&shown)));
            }
            let names: Vec<String> = it
                .env
                .iter()
                .filter(|it| {
                    let value = it.value.reveal();
                    !value.is_empty()
                        && (masking::names_secret(&it.name) || masking::looks_secret(value))
                })
                .map(|it| masking::words_without_secrets(&it.name))
                .collect();
            if !names.is_empty() {
                emit.finding(&field(user, "env"), format!("The variables: {}.", list(&names)));
            }
        }
    }),
};

static CONTROL_CHARACTERS: Check = Check {
    id: "exec-control-characters",
    severity: Severity::Warning,
    title: "The install hint contains control characters",
    why: "Such characters can rewrite what a terminal shows. kubectl replaces them; other clients \
          may print them.",
    fix: "Do not trust this file before you know who wrote it.",
    citations: &[Citation::ClientGo {
        path: "tools/clientcmd/client_config.go",
        symbol: "cleanANSIEscapeCodes",
    }],
    run: Entries(|part, emit| {
        each(part, emit, "installHint", |it| {
            let found =
                it.install_hint.chars().find(|it| it.is_control() && !it.is_whitespace())?;
            Some(format!("One of them is U+{:04X}.", u32::from(found)))
        });
    }),
};

static ANOTHER_REGION: Check = Check {
    id: "exec-for-another-region",
    severity: Severity::Warning,
    title: "The program signs in to another region than the server's",
    why: "The token is then made for another cluster, and the server answers that you must be logged \
          in.",
    fix: "Have the file written again for this cluster: aws eks update-kubeconfig.",
    citations: &[Citation::Page {
        title: "Amazon EKS: Connect kubectl to an EKS cluster by creating a kubeconfig file",
        url: "https://docs.aws.amazon.com/eks/latest/userguide/create-kubeconfig.html",
    }],
    run: Entries(|part, emit| {
        for context in &part.contexts {
            let user = context.effective.user.and_then(|it| seen_user(part, it));
            let server =
                context.effective.cluster.and_then(|it| part.cluster_facts(it)?.server.as_ref());
            let (Some(user), Some(server)) = (user, server) else { continue };
            let Some(it) = user.written.exec.as_ref() else { continue };
            let asked = it.args.iter().skip_while(|it| *it != "--region").nth(1);
            // As in 0123456789ABCDEF.gr7.eu-central-1.eks.amazonaws.com.
            let own =
                server.host.strip_suffix(".eks.amazonaws.com").and_then(|it| it.rsplit('.').next());
            if let (Some(asked), Some(own)) = (asked, own)
                && asked != own
            {
                emit.context(
                    context,
                    &field(&user, "args"),
                    format!("The program is told {asked}, and the server is in {own}."),
                );
            }
        }
    }),
};

static UNKNOWN_PROGRAM: Check = Check {
    id: "exec-unknown-program",
    severity: Severity::Notice,
    title: "The file makes kubectl run a program that is not a known sign-in plugin",
    why: "Every kubectl command runs it with your rights.",
    fix: "Make sure that you know the program and who wrote the file.",
    citations: &[citation::TRUSTED_SOURCES],
    run: Entries(|part, emit| {
        for (user, it) in &part.programs {
            let unknown = user
                .facts
                .credentials
                .iter()
                .any(|it| matches!(it.kind, CredentialKind::Exec { provider: None, .. }));
            if unknown && !it.command.is_empty() && !is_told_elsewhere(it) {
                let line: Vec<String> =
                    std::iter::once(masking::words_without_secrets(&it.command))
                        .chain(masking::arguments(&it.args))
                        .collect();
                emit.finding(&field(user, "command"), format!("It runs {}.", line.join(" ")));
            }
        }
    }),
};
