//! Who the API server sees.

use super::{Check, Citation, Emit, Run::Entries, Severity, citation, list, view::Part};
use crate::{
    facts::Identity,
    time::{DAY, duration},
};

pub(super) const CHECKS: &[&Check] = &[
    &IMPERSONATION_WITHOUT_USER,
    &IMPERSONATION_CHARACTERS,
    &MASTERS,
    &IMPERSONATES_MASTERS,
    &COMPONENT,
    &ADMINISTRATOR,
    &IMPERSONATION,
    &ACK_ISSUE_TIME,
];

const MASTERS_GROUP: &str = "system:masters";

/// One finding per identity that `applies`.
fn each(part: &Part<'_>, emit: &mut Emit<'_>, detail: fn(&Identity) -> Option<String>) {
    for (credential, identity) in &part.identities {
        if let Some(detail) = detail(identity) {
            emit.finding(&credential.place, detail);
        }
    }
}

static MASTERS: Check = Check {
    id: "system-masters",
    severity: Severity::Warning,
    title: "This identity may do everything, and that cannot be taken away",
    why: "The API server lets members of system:masters do anything without asking RBAC. No role or \
          binding limits them; only the credential's end does, or a new CA of the certificate's.",
    fix: "Keep this file for emergencies. For daily work, issue a certificate in a group that is \
          bound to a role, or use the provider's sign-in.",
    citations: &[citation::RBAC_PRACTICES],
    run: Entries(|part, emit| {
        each(part, emit, |it| {
            it.groups
                .iter()
                .any(|it| it == MASTERS_GROUP)
                .then(|| format!("{} is in the group {MASTERS_GROUP}.", it.user))
        });
    }),
};

static ADMINISTRATOR: Check = Check {
    id: "administrator",
    severity: Severity::Notice,
    title: "This identity is usually an administrator",
    why: "The tool that made the cluster binds this group or user to cluster-admin. Unlike \
          system:masters, that binding can be deleted.",
    fix: "For daily work, use an identity with fewer rights.",
    citations: &[citation::RBAC_PRACTICES, KUBEADM_ADMINS],
    run: Entries(|part, emit| {
        each(part, emit, |it| {
            let groups = [
                "kubeadm:cluster-admins",
                "gardener.cloud:system:admins",
                "gardener.cloud:project:admins",
                "system:cluster-admins",
            ];
            let group = it.groups.iter().find(|it| groups.contains(&it.as_str()));
            let masters = it.groups.iter().any(|it| it == MASTERS_GROUP);
            match group {
                _ if masters => None,
                Some(group) => Some(format!("{} is in the group {group}.", it.user)),
                None if ["system:admin", "kubernetes-admin", "masterclient"]
                    .contains(&it.user.as_str()) =>
                {
                    Some(format!("The user is called {}.", it.user))
                }
                None => None,
            }
        });
    }),
};

const KUBEADM_ADMINS: Citation = Citation::Page {
    title: "kubeadm: do not bind the user of admin.conf to system:masters",
    url: "https://github.com/kubernetes/kubeadm/issues/2414",
};

static COMPONENT: Check = Check {
    id: "component-identity",
    severity: Severity::Warning,
    title: "This identity belongs to a part of the cluster, not to a person",
    why: "Its rights are cut for that part: some things fail for no visible reason, others are far \
          too much, and the audit log blames the wrong one.",
    fix: "Use an identity of your own, and treat this file as leaked if it left its machine.",
    citations: &[citation::PKI],
    run: Entries(|part, emit| {
        each(part, emit, |it| {
            let user = it.user.as_str();
            let part = match user {
                "system:kube-controller-manager"
                | "system:kube-scheduler"
                | "system:kube-proxy"
                | "system:apiserver" => Some("a control plane component"),
                "kube-apiserver-kubelet-client" => Some("the API server towards the kubelets"),
                "front-proxy-client" => Some("the API server towards its extensions"),
                _ if user.starts_with("system:node:") => Some("a node"),
                _ if it.groups.iter().any(|it| it == "system:nodes") => Some("a node"),
                _ => None,
            };
            part.map(|part| format!("{user} is {part}."))
        });
    }),
};

static IMPERSONATION_WITHOUT_USER: Check = Check {
    id: "impersonation-without-user",
    severity: Severity::Error,
    title: "Groups are to be impersonated without a user",
    why: "kubectl stops before it connects: as-groups, as-uid and as-user-extra need as.",
    fix: "Add as with the user's name, or delete the others.",
    citations: &[citation::VALIDATE_USER],
    run: Entries(|_, emit| emit.problems_of(&["as"])),
};

static IMPERSONATION_CHARACTERS: Check = Check {
    id: "impersonation-with-control-character",
    severity: Severity::Error,
    title: "A name to impersonate contains a line break or another control character",
    why: "kubectl cannot send it and stops with invalid header field value.",
    fix: "Write the name on one line.",
    citations: &[Citation::Rfc { number: 9110, section: "5.5" }],
    run: Entries(|_, emit| emit.problems()),
};

static IMPERSONATES_MASTERS: Check = Check {
    id: "impersonates-system-masters",
    severity: Severity::Warning,
    title: "Every command is run with unlimited rights",
    why: "kubectl asks the API server to act as a member of system:masters, for which RBAC is not \
          asked. A slip of the hand has no safety net.",
    fix: "Delete as-groups, and give --as and --as-group on the commands that need them.",
    citations: &[citation::RBAC_PRACTICES, citation::IMPERSONATION],
    run: Entries(|part, emit| {
        for it in &part.seen_users {
            let groups = &it.written.impersonate_groups;
            if !it.written.impersonate.is_empty() && groups.iter().any(|it| it == MASTERS_GROUP) {
                emit.finding(&it.field("as-groups"), format!("The groups are {}.", list(groups)));
            }
        }
    }),
};

static IMPERSONATION: Check = Check {
    id: "impersonation",
    severity: Severity::Notice,
    title: "kubectl asks the server to act as somebody else",
    why: "Rights are judged for the one named in as, after the API server has checked that the \
          credential may impersonate at all.",
    fix: "Keep it when it is meant. An answer such as cannot impersonate is about the credential, \
          not about the one named in as.",
    citations: &[citation::IMPERSONATION],
    run: Entries(|part, emit| {
        for it in &part.seen_users {
            let written = it.written;
            let masters = written.impersonate_groups.iter().any(|it| it == MASTERS_GROUP);
            if !written.impersonate.is_empty() && !masters {
                emit.finding(
                    &it.field("as"),
                    match written.impersonate_groups.as_slice() {
                        [] => format!("It acts as {}.", written.impersonate),
                        groups => {
                            format!("It acts as {} in {}.", written.impersonate, list(groups))
                        }
                    },
                );
            }
        }
    }),
};

static ACK_ISSUE_TIME: Check = Check {
    id: "issue-time-differs",
    severity: Severity::Notice,
    title: "The name and the certificate tell different issue times",
    why: "ACK ends the common name with the moment of issue. A certificate that starts on another \
          day was issued in another way, or its subject was copied.",
    fix: "Compare with the list of issued kubeconfigs in the ACK console.",
    citations: &[citation::ACK_MANAGE],
    run: Entries(|part, emit| {
        for (credential, identity) in &part.identities {
            let named = identity.alibaba_cloud.as_ref().and_then(|it| it.issued_at);
            let start = credential.validity.and_then(|it| it.not_before);
            if let (Some(named), Some(start)) = (named, start) {
                let apart = named.since(start).saturating_abs();
                if DAY < apart {
                    emit.finding(
                        &credential.place,
                        format!(
                            "The name says {}, the certificate {}: {} apart.",
                            named.words(),
                            start.words(),
                            duration(apart)
                        ),
                    );
                }
            }
        }
    }),
};
