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
        let user = leaf.subject.common_name().filter(|it| !it.is_empty())?.to_owned();
        let groups = leaf.subject.organizations();
        Some(Identity { alibaba_cloud: AlibabaCloud::read(&user), user, groups })
    }

    /// The bearer of a token, where the token alone decides: service accounts and bootstrap
    /// tokens. For other issuers the server's own settings choose the claims.
    pub fn of_token(token: &Token) -> Option<Identity> {
        match token {
            Token::Jwt(it) => {
                let it = it.service_account.as_ref()?;
                Some(Identity {
                    user: format!("system:serviceaccount:{}:{}", it.namespace, it.name),
                    groups: vec![
                        "system:serviceaccounts".to_owned(),
                        format!("system:serviceaccounts:{}", it.namespace),
                    ],
                    alibaba_cloud: None,
                })
            }
            Token::Bootstrap { id } => Some(Identity {
                user: format!("system:bootstrap:{id}"),
                groups: vec!["system:bootstrappers".to_owned()],
                alibaba_cloud: None,
            }),
            _ => None,
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
