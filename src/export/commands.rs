//! What to type for one context: use it, install it, check it, repair it, renew it.
//!
//! The commands name the kubeconfig by its file; none of them holds a secret. Every name is
//! quoted for its shell, since a context may be called `$(rm -rf ~)`.

mod ack;
mod fix;

use crate::{
    Report,
    facts::{ContextFacts, CredentialKind, Facts, Server},
    kubeconfig::EntryRef,
    quote,
};

/// A shell to write for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shell {
    /// bash, zsh and their kin on Linux and macOS.
    Bash,
    /// PowerShell 5.1 and later.
    PowerShell,
}

/// Lines to copy into a shell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// What it is for.
    pub title: String,
    /// What to know before; empty when there is nothing.
    pub note: String,
    /// The lines.
    pub text: String,
}

/// Commands for `context`, the everyday ones first; none when it is not in the report.
pub fn commands(report: &Report, context: EntryRef, shell: Shell) -> Vec<Command> {
    let facts = &report.facts;
    let contexts = facts.readings.iter().flat_map(|it| &it.contexts);
    let Some(found) = contexts.into_iter().find(|it| it.effective.entry == context) else {
        return Vec::new();
    };
    let writer = Writer { shell, file: file(facts, context), context: found };
    let mut commands = vec![use_it(&writer), ask(&writer), install(&writer)];
    commands.extend(check_certificate(facts, &writer));
    commands.extend(check_server(facts, &writer));
    commands.extend(fix::commands(report, &writer));
    commands.extend(ack::commands(facts, &writer));
    commands
}

pub use ack::departing_user;

/// What every command needs to know.
struct Writer<'a> {
    shell: Shell,
    /// The kubeconfig's file name, a single path component.
    file: String,
    context: &'a ContextFacts,
}

impl Writer<'_> {
    /// One argument.
    fn word(&self, text: &str) -> String {
        match self.shell {
            Shell::Bash => quote::bash(text),
            Shell::PowerShell => quote::powershell(text),
        }
    }

    /// An option and its value.
    fn flag(&self, name: &str, value: &str) -> String {
        match self.shell {
            Shell::Bash => format!("{name}={}", quote::bash(value)),
            // PowerShell would end a word at some of the quotes.
            Shell::PowerShell => format!("{name} {}", quote::powershell(value)),
        }
    }

    /// A name as the last argument. Behind `--` it may begin with a dash.
    fn last(&self, name: &str) -> String {
        let dashes = if name.starts_with('-') { "-- " } else { "" };
        format!("{dashes}{}", self.word(name))
    }

    /// The name of the context.
    fn name(&self) -> &str {
        &self.context.effective.name
    }

    /// The options that choose the file and the context.
    fn chosen(&self) -> String {
        format!("{} {}", self.this_file(), self.flag("--context", self.name()))
    }

    /// The option that chooses the file.
    fn this_file(&self) -> String {
        self.flag("--kubeconfig", &format!("./{}", self.file))
    }

    /// The file with its folder, so that it is found from everywhere.
    fn full_path(&self) -> String {
        match self.shell {
            Shell::Bash => format!("\"$PWD\"/{}", quote::bash(&self.file)),
            Shell::PowerShell => format!("(Join-Path $PWD {})", quote::powershell(&self.file)),
        }
    }
}

/// The name under which the kubeconfig is taken to be saved. What had to be unwrapped is no
/// kubeconfig under its own name, and a list of paths cannot hold some of the signs.
fn file(facts: &Facts, context: EntryRef) -> String {
    let source = facts.sources.iter().find(|it| it.files.contains(&context.file));
    let as_given = source.filter(|it| {
        it.intake.format == crate::intake::Format::Kubeconfig
            && it.name != "pasted"
            && !it.name.contains([':', ';', '/', '\\'])
            && !it.name.chars().any(quote::is_hidden)
    });
    as_given.map_or_else(|| "kubeconfig.yaml".to_owned(), |it| it.name.clone())
}

fn use_it(it: &Writer<'_>) -> Command {
    let set = match it.shell {
        Shell::Bash => format!("export KUBECONFIG={}", it.full_path()),
        Shell::PowerShell => format!("$env:KUBECONFIG = {}", it.full_path()),
    };
    Command {
        title: "Use it in this window".to_owned(),
        note: format!("In the folder that holds {}.", quote::visible(&it.file)),
        text: format!("{set}\nkubectl {} get namespaces\n", it.flag("--context", it.name())),
    }
}

fn ask(it: &Writer<'_>) -> Command {
    let chosen = it.chosen();
    Command {
        title: "Ask the server who you are, and what you may do".to_owned(),
        note: "The first needs kubectl 1.28 or newer.".to_owned(),
        text: format!("kubectl {chosen} auth whoami\nkubectl {chosen} auth can-i --list\n"),
    }
}

fn install(it: &Writer<'_>) -> Command {
    let context = it.last(it.name());
    let text = match it.shell {
        Shell::Bash => format!(
            r#"(
  set -e
  umask 077
  mkdir -p "$HOME/.kube"
  if [ -e "$HOME/.kube/config" ]; then
    cp -p "$HOME/.kube/config" "$HOME/.kube/config.backup-$(date +%Y%m%d-%H%M%S)"
  fi
  KUBECONFIG="$HOME/.kube/config":{file} kubectl config view --flatten --raw > "$HOME/.kube/config.new"
  mv "$HOME/.kube/config.new" "$HOME/.kube/config"
)
kubectl config --kubeconfig="$HOME/.kube/config" use-context {context}
"#,
            file = it.full_path(),
        ),
        Shell::PowerShell => format!(
            r#"$config = Join-Path $HOME '.kube/config'
New-Item -ItemType Directory -Force (Split-Path $config) | Out-Null
if (Test-Path -LiteralPath $config) {{ Copy-Item -LiteralPath $config "$config.backup-$(Get-Date -Format yyyyMMdd-HHmmss)" }}
$env:KUBECONFIG = $config + [IO.Path]::PathSeparator + {file}
$merged = kubectl config view --flatten --raw
Remove-Item Env:KUBECONFIG
if ($LASTEXITCODE -eq 0) {{ [IO.File]::WriteAllLines($config, [string[]]$merged) }}
kubectl config --kubeconfig $config use-context {context}
"#,
            file = it.full_path(),
        ),
    };
    Command {
        title: "Install it beside what is in $HOME/.kube/config".to_owned(),
        note: "A copy of the present file is kept. A name that is there already keeps its present \
               meaning: rename the new context, cluster or user first if they clash."
            .to_owned(),
        text,
    }
}

fn check_certificate(facts: &Facts, it: &Writer<'_>) -> Option<Command> {
    let user = facts.user_facts(it.context.effective.user?)?;
    let kinds = user.credentials.iter().map(|it| &it.kind);
    kinds.into_iter().find(|it| matches!(it, CredentialKind::ClientCertificate(_)))?;
    let view = format!(
        "kubectl config {} view --raw --minify --flatten -o jsonpath='{{.users[0].user.client-certificate-data}}'",
        it.chosen()
    );
    let text = match it.shell {
        Shell::Bash => {
            format!("{view} |\n  openssl base64 -d -A | openssl x509 -noout -subject -enddate\n")
        }
        Shell::PowerShell => format!(
            "$bytes = [Convert]::FromBase64String(({view}))\n\
             New-Object Security.Cryptography.X509Certificates.X509Certificate2 (,$bytes) |\n  \
             Format-List Subject, NotAfter\n"
        ),
    };
    Some(Command {
        title: "See the certificate's subject and end for yourself".to_owned(),
        note: String::new(),
        text,
    })
}

fn check_server(facts: &Facts, it: &Writer<'_>) -> Option<Command> {
    let cluster = it.context.effective.cluster?;
    let server = facts.cluster_facts(cluster)?.server.as_ref()?;
    let Server { scheme, host, port: Some(port), .. } = server else { return None };
    if scheme != "https" || it.shell != Shell::Bash || host.is_empty() {
        return None;
    }
    let address = match host.contains(':') {
        true => format!("[{host}]:{port}"),
        false => format!("{host}:{port}"),
    };
    let expected = match facts.cluster(cluster).map(|it| it.body.tls_server_name.as_str()) {
        None | Some("") => host,
        Some(name) => name,
    };
    let name = match expected.parse::<std::net::IpAddr>() {
        Ok(_) => "-noservername".to_owned(),
        Err(_) => format!("-servername {}", it.word(expected)),
    };
    Some(Command {
        title: "See for which names and until when the server's certificate holds".to_owned(),
        note: "This connects to the server, without a credential.".to_owned(),
        text: format!(
            "openssl s_client -connect {} {name} </dev/null 2>/dev/null |\n  \
             openssl x509 -noout -subject -enddate -ext subjectAltName\n",
            it.word(&address)
        ),
    })
}
