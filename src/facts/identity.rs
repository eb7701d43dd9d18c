//! Who the API server sees behind a credential.

use crate::{
    decode::{token::Token, x509::Certificate},
    kubeconfig::AuthInfo,
    time::Timestamp,
};

/// Who the API server sees.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// Kubernetes user.
    pub user: String,
    /// Kubernetes groups, without `system:authenticated`, which everybody gets.
    pub groups: Vec<String>,
    /// Set when the user has the form that ACK gives to a certificate's common name.
    pub alibaba_cloud: Option<AlibabaCloud>,
    /// Set for the token of an issuer that is not the cluster, where the server's settings choose
    /// the claims: the other names in it.
    pub other_names: Option<Vec<String>>,
}

/// What an ACK common name says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlibabaCloud {
    /// Alibaba Cloud user ID.
    pub user_id: String,
    /// When the kubeconfig was issued; none when the name is the ID alone.
    pub issued_at: Option<Timestamp>,
}

/// Who the server is asked to act as.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Impersonation {
    /// User.
    pub user: String,
    /// Groups.
    pub groups: Vec<String>,
    /// UID; empty when not set.
    pub uid: String,
}

impl Identity {
    /// The bearer of a client certificate: common name and organizations.
    ///
    /// Mirrors: CommonNameUserConversion, apiserver v0.33.1
    /// pkg/authentication/request/x509/x509.go.
    pub fn of_certificate(leaf: &Certificate) -> Option<Identity> {
        // Without a common name there is no user, and the server goes on to the next credential.
        let user = leaf.subject().common_name().filter(|it| !it.is_empty())?.into_owned();
        let groups = leaf.subject().organizations();
        let alibaba_cloud = AlibabaCloud::read(&user);
        Some(Identity { alibaba_cloud, user, groups, ..Identity::default() })
    }

    /// The bearer of a token. Service accounts and bootstrap tokens tell it themselves.
    ///
    /// For the token of another issuer the server's settings choose the claims: the user is the
    /// claim `sub` behind the issuer and `#` unless they say otherwise, and groups come from any
    /// claim. Here the user is `sub` without a prefix and the groups are those of `groups`; see
    /// <https://kubernetes.io/docs/reference/access-authn-authz/authentication/#configuring-the-api-server>.
    pub fn of_token(token: &Token) -> Option<Identity> {
        match token {
            Token::Jwt(it) => match &it.service_account {
                Some(it) => Some(Identity {
                    user: format!("system:serviceaccount:{}:{}", it.namespace, it.name),
                    groups: vec![
                        "system:serviceaccounts".to_owned(),
                        format!("system:serviceaccounts:{}", it.namespace),
                    ],
                    ..Identity::default()
                }),
                None => Some(Identity {
                    user: it.subject.clone().filter(|it| !it.is_empty())?,
                    groups: it.groups.clone(),
                    alibaba_cloud: None,
                    other_names: Some(it.names.iter().map(|it| it.1.clone()).collect()),
                }),
            },
            Token::Bootstrap { id } => Some(Identity {
                user: format!("system:bootstrap:{id}"),
                groups: vec!["system:bootstrappers".to_owned()],
                ..Identity::default()
            }),
            _ => None,
        }
    }

    /// Whether a server may call the user `name`: for claims also with a prefix, as `oidc:alice`
    /// or `https://issuer.example#alice`.
    pub fn may_be(&self, name: &str) -> bool {
        let ends_in = |claim: &String| {
            let prefix = name.strip_suffix(claim.as_str());
            prefix.is_some_and(|it| it.is_empty() || it.ends_with([':', '#', '/', '-', '_', '|']))
        };
        match &self.other_names {
            None => self.user == name,
            Some(others) => [&self.user].into_iter().chain(others).any(ends_in),
        }
    }

    /// The bearer of a password.
    pub(super) fn of_password(username: &str) -> Identity {
        Identity { user: username.to_owned(), ..Identity::default() }
    }
}

impl AlibabaCloud {
    /// Reads `<user ID>` or `<user ID>-<seconds since the epoch>`.
    ///
    /// The rule is that of ack-ram-tool, pkg/ctl/rbac/binding/binding.go: `^(\d+)(-\d+)?$`.
    fn read(user: &str) -> Option<AlibabaCloud> {
        let (id, seconds) = user.split_once('-').map_or((user, None), |(id, it)| (id, Some(it)));
        let is_number = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
        if !is_number(id) || !seconds.is_none_or(is_number) {
            return None;
        }
        let issued_at = seconds.and_then(|it| it.parse().ok()).map(Timestamp);
        Some(AlibabaCloud { user_id: id.to_owned(), issued_at })
    }
}

impl Impersonation {
    /// Who `user` asks to act as; none when it asks for nobody.
    pub(super) fn of(user: &AuthInfo) -> Option<Impersonation> {
        let asks = !user.impersonate.is_empty()
            || !user.impersonate_uid.is_empty()
            || !user.impersonate_groups.is_empty()
            || !user.impersonate_user_extra.is_empty();
        asks.then(|| Impersonation {
            user: user.impersonate.clone(),
            groups: user.impersonate_groups.clone(),
            uid: user.impersonate_uid.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_may_choose_another_claim_and_put_a_prefix_before_it() {
        let claims = Identity {
            user: "248289761001".to_owned(),
            other_names: Some(vec!["jane@example.com".to_owned()]),
            ..Identity::default()
        };
        let certificate = Identity { other_names: None, ..claims.clone() };
        let rows = [
            ("248289761001", true, true),
            ("https://issuer.example#248289761001", true, false),
            ("oidc:jane@example.com", true, false),
            ("mary-jane@example.com", true, false),
            ("maryjane@example.com", false, false),
            ("jane", false, false),
            ("", false, false),
        ];
        for (name, by_claims, by_certificate) in rows {
            assert_eq!(claims.may_be(name), by_claims, "{name}");
            assert_eq!(certificate.may_be(name), by_certificate, "{name}");
        }
    }

    #[test]
    fn alibaba_cloud_names() {
        let rows = [
            ("272123-1700000000", Some(("272123", Some(1_700_000_000)))),
            ("272123", Some(("272123", None))),
            ("272123-", None),
            ("-1700000000", None),
            ("272123-1700000000-1", None),
            ("272123-17x", None),
            ("kubernetes-admin", None),
            ("272123-99999999999999999999999", Some(("272123", None))),
            ("", None),
        ];
        for (name, expected) in rows {
            let found = AlibabaCloud::read(name);
            let found = found.as_ref().map(|it| (it.user_id.as_str(), it.issued_at.map(|it| it.0)));
            assert_eq!(found, expected, "{name}");
        }
    }
}
