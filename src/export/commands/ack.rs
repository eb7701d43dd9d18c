//! Commands for Alibaba Cloud Container Service for Kubernetes: renew, revoke, let someone go.
//!
//! Knows the flags that ack-ram-tool v0.20 and the CS API of 2015-12-15 have; older manuals
//! show some that are gone.

use super::{Command, Shell, Writer};
use crate::{facts::Facts, intake::Format, quote};

/// Commands for a context whose credential comes from ACK.
pub(super) fn commands(facts: &Facts, it: &Writer<'_>) -> Vec<Command> {
    let identity = it.context.in_use.identity.as_ref();
    let account = identity.and_then(|it| it.alibaba_cloud.as_ref());
    let entry = it.context.effective.entry;
    let answer = facts.sources.iter().any(|source| {
        source.files.contains(&entry.file) && source.intake.format == Format::ProviderResponse
    });
    if account.is_none() && !answer {
        return Vec::new();
    }
    let cluster = cluster_id(it.name());
    let named = it.word(cluster.unwrap_or("CLUSTER-ID"));
    let note = match cluster {
        Some(_) => "",
        None => "Put the cluster's ID in the place of CLUSTER-ID. ",
    };
    let fetch = format!("aliyun cs DescribeClusterUserKubeconfig --ClusterId {named}");
    let save = |options: &str| match it.shell {
        Shell::Bash => {
            format!("(umask 077; {fetch}{options} | jq -r .config > kubeconfig-new.yaml)\n")
        }
        Shell::PowerShell => format!(
            "({fetch}{options} | ConvertFrom-Json).config | Set-Content kubeconfig-new.yaml\n"
        ),
    };
    let mut commands = vec![
        Command {
            title: "Fetch a new kubeconfig for one hour".to_owned(),
            note: format!("{note}From 15 minutes to 3 days (4320) can be asked for."),
            text: save(" --TemporaryDurationMinutes 60"),
        },
        Command {
            title: "Fetch the next long-term kubeconfig".to_owned(),
            note: format!(
                "{note}The present one keeps working until its own end. \
                 Add --PrivateIpAddress true for the address inside the VPC."
            ),
            text: save(""),
        },
        Command {
            title: "Revoke it after a leak".to_owned(),
            note: format!(
                "{note}This ends every connection that uses your kubeconfig of this cluster at once, and \
                 makes a new one. It revokes the kubeconfig of whoever is signed in to aliyun."
            ),
            text: format!("aliyun cs RevokeK8sClusterKubeConfig --ClusterId {named}\n"),
        },
    ];
    if let Some(account) = account {
        commands.extend(departing_user(&account.user_id, cluster, it.shell));
    }
    commands
}

/// Commands that take a departing user's permissions away: in one cluster, or in all of them
/// when none is named. `user_id` is the Alibaba Cloud user ID.
pub fn departing_user(user_id: &str, cluster: Option<&str>, shell: Shell) -> Vec<Command> {
    let word = |text: &str| match shell {
        Shell::Bash => quote::bash(text),
        Shell::PowerShell => quote::powershell(text),
    };
    let (cluster, user) = (word(cluster.unwrap_or("all")), word(user_id));
    vec![
        Command {
            title: "See what this user may do".to_owned(),
            note: "This changes nothing.".to_owned(),
            text: format!("ack-ram-tool rbac scan-user-permissions -c {cluster} -u {user}\n"),
        },
        Command {
            title: "Take a departing user's permissions away".to_owned(),
            note: "It asks before it deletes, and writes a copy of each binding beside you. \
                   No new kubeconfig is made. Revoke before you delete the RAM user: deleting \
                   the RAM user alone does not end the kubeconfig."
                .to_owned(),
            text: format!("ack-ram-tool rbac cleanup-user-permissions -c {cluster} -u {user}\n"),
        },
    ]
}

/// The cluster ID in a context's name as ACK gives it: `<user ID>-<cluster ID>`.
fn cluster_id(context: &str) -> Option<&str> {
    let (user, cluster) = context.split_once('-')?;
    let is_user = !user.is_empty() && user.bytes().all(|it| it.is_ascii_digit());
    let is_cluster = cluster.starts_with('c')
        && cluster.len() == 33
        && cluster.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit());
    (is_user && is_cluster).then_some(cluster)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cluster_ids_are_read_from_names_of_that_form_only() {
        let id = "c5b5e80b0b64a4bf6939d2d8fbbc5aaaa";
        assert_eq!(cluster_id(&format!("272123-{id}")), Some(id));
        for name in ["prod", "272123-prod", &format!("a-{id}"), &format!("-{id}"), "272123-$(x)"] {
            assert_eq!(cluster_id(name), None, "{name}");
        }
    }
}
