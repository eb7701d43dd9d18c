//! Which kubectl a file needs, and which kubectl a cluster needs.
//!
//! The versions are those of client-go in which a field first appears or a plugin last does; an
//! older kubectl drops a field that it does not know without a word.

use std::{cmp::Ordering, ops::RangeInclusive};

use super::{
    server::is_bare,
    tls::{has_empty_file, is_refused, is_refused_since_32},
    view::{clusters, users},
};
use crate::{
    facts::{ClientCertificate, ClusterFacts, CredentialKind, Facts, UserFacts},
    kubeconfig::{AuthInfo, Cluster},
};

/// The kubectl versions that can use a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Range {
    /// The oldest, as the minor of version 1; none when any will do.
    pub oldest: Option<u32>,
    /// The newest, as the minor of version 1; none when there is no limit.
    pub newest: Option<u32>,
    /// Why, the tightest limit first, the oldest before the newest.
    pub reasons: Vec<Reason>,
}

impl Range {
    /// Whether no kubectl satisfies all limits.
    pub fn is_empty(&self) -> bool {
        matches!((self.oldest, self.newest), (Some(oldest), Some(newest)) if newest < oldest)
    }

    /// The range as a sentence.
    pub fn words(&self) -> String {
        match (self.oldest, self.newest) {
            (None, None) => "Any kubectl can use it.".to_owned(),
            (Some(oldest), None) => format!("It needs kubectl 1.{oldest} or newer."),
            (None, Some(newest)) => format!("It needs kubectl 1.{newest} or older."),
            (Some(oldest), Some(newest)) if newest < oldest => format!(
                "No kubectl can use all of it: one part needs 1.{oldest} or newer, another 1.{newest} \
                 or older."
            ),
            (Some(oldest), Some(newest)) if newest == oldest => {
                format!("It needs kubectl 1.{oldest}.")
            }
            (Some(oldest), Some(newest)) => {
                format!("It needs kubectl 1.{oldest} to 1.{newest}.")
            }
        }
    }

    /// Which kubectl can use this file with a cluster of version 1.`server`, as a sentence.
    pub fn with_cluster(&self, server: u32) -> String {
        let (first, last) = skew(server).into_inner();
        let oldest = self.oldest.map_or(first, |it| it.max(first));
        let newest = self.newest.map_or(last, |it| it.min(last));
        match oldest.cmp(&newest) {
            Ordering::Less => format!(
                "With a cluster of version 1.{server}, use kubectl 1.{oldest} to 1.{newest}."
            ),
            Ordering::Equal => {
                format!("With a cluster of version 1.{server}, use kubectl 1.{oldest}.")
            }
            Ordering::Greater => format!(
                "No kubectl fits both: a cluster of version 1.{server} goes with kubectl 1.{first} \
                 to 1.{last}, and this file does not."
            ),
        }
    }
}

/// One limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The minor of version 1 from which on, or up to which, it works.
    pub minor: u32,
    /// Whether this is the newest instead of the oldest that works.
    pub is_newest: bool,
    /// The reason, as a sentence.
    pub sentence: String,
}

/// Something in a cluster or a user that not every kubectl can use.
struct Feature<T, F> {
    minor: u32,
    is_newest: bool,
    /// Without the name of the entry, which is put in front.
    words: &'static str,
    /// By what is written, and by what was decoded of it.
    is_used: fn(&T, &F) -> bool,
}

const OF_CLUSTERS: &[Feature<Cluster, ClusterFacts>] = &[
    Feature {
        minor: 26,
        is_newest: false,
        words: "uses disable-compression, which older ones ignore",
        is_used: |it, _| it.disable_compression,
    },
    Feature {
        minor: 19,
        is_newest: false,
        words: "uses proxy-url, which older ones ignore",
        is_used: |it, _| !it.proxy_url.is_empty(),
    },
    Feature {
        minor: 18,
        is_newest: false,
        words: "uses tls-server-name, which older ones ignore",
        is_used: |it, _| !it.tls_server_name.is_empty(),
    },
    Feature {
        minor: 31,
        is_newest: true,
        words: "has a CA with a negative serial number, which newer ones refuse",
        is_used: |_, it| {
            it.ca.untrusted.as_ref().is_some_and(|it| is_refused_since_32(&it.to_string()))
        },
    },
    Feature {
        minor: 32,
        is_newest: true,
        words: "has a CA with an RSA key under 1024 bits, which newer ones refuse",
        is_used: |_, it| it.ca.readable().next().is_some() && it.ca.readable().all(is_refused),
    },
    Feature {
        minor: 35,
        is_newest: true,
        words: "has an empty CA file, for which newer ones trust no server",
        is_used: |_, it| has_empty_file(it),
    },
    Feature {
        minor: 35,
        is_newest: true,
        words: "has an IPv6 address without brackets, which newer ones refuse",
        is_used: |it, facts| {
            facts.server.as_ref().is_some_and(|server| is_bare(&it.server, server))
        },
    },
];

fn exec_version(it: &AuthInfo, version: &str) -> bool {
    it.exec.as_ref().is_some_and(|it| {
        it.api_version.strip_prefix("client.authentication.k8s.io/") == Some(version)
    })
}

fn provider(it: &AuthInfo, names: &[&str]) -> bool {
    it.auth_provider.as_ref().is_some_and(|it| names.contains(&it.name.as_str()))
}

fn certificate(it: &UserFacts) -> Option<&ClientCertificate> {
    it.credentials.iter().find_map(|it| match &it.kind {
        CredentialKind::ClientCertificate(it) => Some(it.as_ref()),
        _ => None,
    })
}

const OF_USERS: &[Feature<AuthInfo, UserFacts>] = &[
    Feature {
        minor: 23,
        is_newest: false,
        words: "uses as-uid, which older ones ignore",
        is_used: |it, _| !it.impersonate_uid.is_empty(),
    },
    Feature {
        minor: 22,
        is_newest: false,
        words: "runs a program that answers in version v1, which older ones refuse",
        is_used: |it, _| exec_version(it, "v1"),
    },
    Feature {
        minor: 20,
        is_newest: false,
        words: "uses provideClusterInfo, which older ones ignore",
        is_used: |it, _| it.exec.as_ref().is_some_and(|it| it.provide_cluster_info),
    },
    Feature {
        minor: 11,
        is_newest: false,
        words: "runs a program that answers in version v1beta1, which older ones refuse",
        is_used: |it, _| exec_version(it, "v1beta1"),
    },
    Feature {
        minor: 10,
        is_newest: false,
        words: "runs a program, which older ones ignore",
        is_used: |it, _| exec_version(it, "v1alpha1"),
    },
    Feature {
        minor: 23,
        is_newest: true,
        words: "runs a program that answers in version v1alpha1, which newer ones refuse",
        is_used: |it, _| exec_version(it, "v1alpha1"),
    },
    Feature {
        minor: 25,
        is_newest: true,
        words: "signs in through a built-in plugin that newer ones no longer have",
        is_used: |it, _| provider(it, &["gcp", "azure"]),
    },
    Feature {
        minor: 18,
        is_newest: true,
        words: "signs in through the built-in openstack plugin, which newer ones no longer have",
        is_used: |it, _| provider(it, &["openstack"]),
    },
    Feature {
        minor: 7,
        is_newest: false,
        words: "impersonates groups, which older ones ignore",
        is_used: |it, _| !it.impersonate_groups.is_empty(),
    },
    Feature {
        minor: 7,
        is_newest: false,
        words: "impersonates further attributes, which older ones ignore",
        is_used: |it, _| !it.impersonate_user_extra.is_empty(),
    },
    Feature {
        minor: 31,
        is_newest: true,
        words: "has a certificate with a negative serial number, which newer ones refuse",
        is_used: |_, it| {
            let fault = certificate(it).and_then(|it| it.unusable.as_ref());
            fault.is_some_and(|it| is_refused_since_32(&it.to_string()))
        },
    },
    Feature {
        minor: 32,
        is_newest: true,
        words: "signs with an RSA key under 1024 bits, which newer ones refuse",
        is_used: |_, it| certificate(it).and_then(|it| it.chain.leaf()).is_some_and(is_refused),
    },
];

/// The kubectl versions that can use all contexts of these files.
pub fn compatibility(facts: &Facts) -> Range {
    let mut reasons = Vec::new();
    for it in OF_CLUSTERS {
        let user = clusters(facts).find(|seen| (it.is_used)(seen.written, seen.facts));
        reasons.extend(user.map(|user| reason("cluster", user.name, it)));
    }
    for it in OF_USERS {
        let user = users(facts).find(|seen| (it.is_used)(seen.written, seen.facts));
        reasons.extend(user.map(|user| reason("user", user.name, it)));
    }
    range(reasons)
}

fn reason<T, F>(kind: &str, name: &str, it: &Feature<T, F>) -> Reason {
    let Feature { minor, is_newest, words, .. } = it;
    let direction = if *is_newest { "older" } else { "newer" };
    Reason {
        minor: *minor,
        is_newest: *is_newest,
        sentence: format!("1.{minor} or {direction}, because the {kind} {name} {words}."),
    }
}

fn range(mut reasons: Vec<Reason>) -> Range {
    reasons.sort_by_key(|it| match it.is_newest {
        false => (false, -i64::from(it.minor)),
        true => (true, i64::from(it.minor)),
    });
    let oldest = reasons.iter().filter(|it| !it.is_newest).map(|it| it.minor).max();
    let newest = reasons.iter().filter(|it| it.is_newest).map(|it| it.minor).min();
    Range { oldest, newest, reasons }
}

/// The minors of kubectl that are supported with an API server 1.`server`: one older, the same,
/// one newer. See <https://kubernetes.io/releases/version-skew-policy/>.
pub fn skew(server: u32) -> RangeInclusive<u32> {
    server.saturating_sub(1)..=server.saturating_add(1)
}

/// The minor of a version of Kubernetes as people and providers write it: `1.30`, `v1.28.9-aliyun.1`.
pub fn minor(version: &str) -> Option<u32> {
    let version = version.trim();
    let rest = version.strip_prefix('v').unwrap_or(version).strip_prefix("1.")?;
    rest.split(|it: char| !it.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_they_are_written() {
        let rows = [
            ("1.30", Some(30)),
            (" v1.28.9-aliyun.1 ", Some(28)),
            ("v1.31.2+k3s1", Some(31)),
            ("1.29.x", Some(29)),
            ("1.", None),
            ("30", None),
            ("2.1", None),
            ("1.99999999999", None),
            ("", None),
        ];
        for (version, expected) in rows {
            assert_eq!(minor(version), expected, "{version}");
        }
    }

    #[test]
    fn a_file_and_a_cluster_are_served_together() {
        let range = |oldest, newest| Range { oldest, newest, reasons: Vec::new() };
        let rows = [
            // The example of the version skew policy.
            (range(None, None), "With a cluster of version 1.28, use kubectl 1.27 to 1.29."),
            (range(Some(28), None), "With a cluster of version 1.28, use kubectl 1.28 to 1.29."),
            (range(Some(29), None), "With a cluster of version 1.28, use kubectl 1.29."),
            (range(None, Some(27)), "With a cluster of version 1.28, use kubectl 1.27."),
            (
                range(None, Some(23)),
                "No kubectl fits both: a cluster of version 1.28 goes with kubectl 1.27 to 1.29, \
                 and this file does not.",
            ),
        ];
        for (range, words) in rows {
            assert_eq!(range.with_cluster(28), words);
        }
    }

    #[test]
    fn the_borders_of_a_file_and_a_cluster_meet() {
        // A program that answers in v1alpha1, for which kubectl 1.10 to 1.23 will do.
        let range = Range { oldest: Some(10), newest: Some(23), reasons: Vec::new() };
        let rows = [
            (8, "No kubectl fits both"),
            (9, "With a cluster of version 1.9, use kubectl 1.10."),
            (10, "With a cluster of version 1.10, use kubectl 1.10 to 1.11."),
            (22, "With a cluster of version 1.22, use kubectl 1.21 to 1.23."),
            (23, "With a cluster of version 1.23, use kubectl 1.22 to 1.23."),
            (24, "With a cluster of version 1.24, use kubectl 1.23."),
            (25, "No kubectl fits both"),
            (u32::MAX, "No kubectl fits both"),
        ];
        for (server, words) in rows {
            assert!(range.with_cluster(server).starts_with(words), "{server}");
        }
    }

    #[test]
    fn a_server_is_served_by_its_neighbors() {
        // The example of the version skew policy, and the edge.
        assert_eq!(skew(28), 27..=29);
        assert_eq!(skew(0), 0..=1);
    }

    #[test]
    fn the_tightest_limits_make_the_range() {
        let limit = |minor, is_newest| Reason { minor, is_newest, sentence: String::new() };
        let rows = [
            (vec![], "Any kubectl can use it.", false),
            (vec![limit(18, false), limit(22, false)], "It needs kubectl 1.22 or newer.", false),
            (vec![limit(25, true), limit(23, true)], "It needs kubectl 1.23 or older.", false),
            (vec![limit(23, true), limit(19, false)], "It needs kubectl 1.19 to 1.23.", false),
            (vec![limit(23, true), limit(23, false)], "It needs kubectl 1.23.", false),
            (
                vec![limit(23, true), limit(26, false)],
                "No kubectl can use all of it: one part needs 1.26 or newer, another 1.23 or older.",
                true,
            ),
        ];
        for (reasons, words, is_empty) in rows {
            let range = range(reasons);
            assert_eq!(range.words(), words);
            assert_eq!(range.is_empty(), is_empty, "{words}");
        }
    }

    #[test]
    fn the_tightest_reason_comes_first() {
        let limit = |minor, is_newest| Reason { minor, is_newest, sentence: String::new() };
        let range =
            range(vec![limit(25, true), limit(11, false), limit(23, true), limit(22, false)]);
        let order: Vec<u32> = range.reasons.iter().map(|it| it.minor).collect();
        assert_eq!(order, [22, 11, 23, 25]);
    }
}
