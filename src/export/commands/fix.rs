//! `kubectl config` commands for the findings that one can repair.
//!
//! kubectl edits only files that it can load: what keeps a file from loading has no command.

use super::{Command, Writer};
use crate::{
    Report,
    checks::Finding,
    facts::Facts,
    kubeconfig::{AuthInfo, Cluster, Entry},
    masking,
};

/// What a finding is about, for a command that repairs it.
struct Subject<'a> {
    cluster: Option<&'a Entry<Cluster>>,
    user: Option<&'a Entry<AuthInfo>>,
}

/// A repair: the arguments behind `kubectl config`.
type Repair = fn(&Writer<'_>, &Subject<'_>) -> Option<String>;

/// By the id of the finding.
const REPAIRS: &[(&str, Repair)] = &[
    ("current-context-dangling", use_context),
    ("no-current-context", use_context),
    ("invalid-namespace", |it, _| {
        Some(format!("set-context --namespace=default {}", it.last(it.name())))
    }),
    ("insecure-with-ca", verify),
    ("tls-verification-off", |it, subject| {
        subject.cluster?.body.certificate_authority_data.as_ref()?;
        verify(it, subject)
    }),
    ("ca-path-and-data", |it, subject| {
        unset(it, "clusters", &subject.cluster?.name, "certificate-authority")
    }),
    ("certificate-path-and-data", |it, subject| {
        unset(it, "users", &subject.user?.name, "client-certificate")
    }),
    ("key-path-and-data", |it, subject| unset(it, "users", &subject.user?.name, "client-key")),
    ("exec-and-auth-provider", |it, subject| {
        unset(it, "users", &subject.user?.name, "auth-provider")
    }),
    ("exec-without-api-version", set_exec_version),
    ("exec-api-version-removed", set_exec_version),
    ("server-without-scheme", |it, subject| {
        let server = &subject.cluster?.body.server;
        set_server(it, subject, &format!("https://{server}"))
    }),
    ("server-plain-http", |it, subject| {
        let rest = subject.cluster?.body.server.strip_prefix("http://")?;
        set_server(it, subject, &format!("https://{rest}"))
    }),
    ("server-url-with-trailing-slash", |it, subject| {
        let server = &subject.cluster?.body.server;
        set_server(it, subject, server.trim_end_matches('/'))
    }),
    ("unused-entry", |it, subject| match (subject.cluster, subject.user) {
        (Some(cluster), _) => Some(format!("delete-cluster {}", it.last(&cluster.name))),
        (None, Some(user)) => Some(format!("delete-user {}", it.last(&user.name))),
        (None, None) => None,
    }),
];

/// Commands for the findings of this context's file.
pub(super) fn commands(report: &Report, it: &Writer<'_>) -> Vec<Command> {
    let facts = &report.facts;
    let file = it.context.effective.entry.file;
    if facts.files.get(file).is_none_or(|it| it.refusal.is_some()) {
        return Vec::new();
    }
    let mut commands: Vec<Command> = Vec::new();
    for finding in report.findings.iter().filter(|it| it.place.file == file) {
        let repair = REPAIRS.iter().find(|(id, _)| *id == finding.check.id);
        let Some(arguments) = repair.and_then(|(_, repair)| repair(it, &subject(facts, finding)))
        else {
            continue;
        };
        let command = Command {
            title: format!("Repair: {}", finding.check.title),
            note: finding.check.fix.to_owned(),
            text: format!("kubectl config {} {arguments}\n", it.this_file()),
        };
        if !commands.iter().any(|it| it.text == command.text) {
            commands.push(command);
        }
    }
    commands
}

/// The cluster or the user that a finding stands in.
fn subject<'a>(facts: &'a Facts, finding: &Finding) -> Subject<'a> {
    let config = facts.files.get(finding.place.file).map(|it| &it.config);
    let place = &finding.place;
    Subject {
        cluster: config.and_then(|it| it.clusters.iter().find(|it| place.is_in(&it.place))),
        user: config.and_then(|it| it.users.iter().find(|it| place.is_in(&it.place))),
    }
}

fn use_context(it: &Writer<'_>, _: &Subject<'_>) -> Option<String> {
    Some(format!("use-context {}", it.last(it.name())))
}

fn verify(it: &Writer<'_>, subject: &Subject<'_>) -> Option<String> {
    let name = it.last(&subject.cluster?.name);
    Some(format!("set-cluster --insecure-skip-tls-verify=false {name}"))
}

/// The version that needs no further field and that every kubectl since 1.11 reads.
fn set_exec_version(it: &Writer<'_>, subject: &Subject<'_>) -> Option<String> {
    let name = it.last(&subject.user?.name);
    Some(format!("set-credentials --exec-api-version=client.authentication.k8s.io/v1beta1 {name}"))
}

fn set_server(it: &Writer<'_>, subject: &Subject<'_>, server: &str) -> Option<String> {
    // A URL with a password must not be shown, and one that is not ours to guess cannot be.
    let shown = !server.contains('@') && masking::url(server) == server;
    let cluster = subject.cluster.filter(|_| shown)?;
    Some(format!("set-cluster {} {}", it.flag("--server", server), it.last(&cluster.name)))
}

/// Removes one field. kubectl takes the path apart at its dots, so not every name can be said.
fn unset(it: &Writer<'_>, list: &str, name: &str, field: &str) -> Option<String> {
    let sayable = !name.is_empty() && !name.contains('.');
    sayable.then(|| format!("unset {}", it.word(&format!("{list}.{name}.{field}"))))
}

#[cfg(test)]
mod tests {
    use super::REPAIRS;
    use crate::checks;

    #[test]
    fn every_repair_is_for_a_check() {
        for (id, _) in REPAIRS {
            assert!(checks::all().any(|it| it.id == *id), "no check is called {id}");
        }
    }
}
