//! What to do when a credential got into the wrong hands: what ends it, and what does not.
//!
//! Knows no way to tell whether that has been done: nothing in a file says so.

use super::list;
use crate::{
    decode::token::{Jwt, Token},
    facts::{ContextFacts, CredentialKind, Facts, Identity},
};

/// The advice for one context, as sentences.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Leak {
    /// What ends the credential or its rights, the mildest way first.
    pub ends_it: Vec<String>,
    /// What people do instead, and what does not help.
    pub does_not: Vec<String>,
}

/// The advice for `context`; none when it holds nothing that could be used by others.
pub fn leak(facts: &Facts, context: &ContextFacts) -> Option<Leak> {
    let user = facts.user_facts(context.effective.user?)?;
    let credential = user.credentials.get(context.in_use.credential?)?;
    let identity = context.in_use.identity.as_ref();
    let mut leak = Leak::default();
    match &credential.kind {
        CredentialKind::ClientCertificate(it) if it.key.is_some() => {
            certificate(&mut leak, context, identity);
        }
        CredentialKind::Token(it) => token(&mut leak, it),
        CredentialKind::AuthProvider { token: Some(_), .. } => {
            leak.ends_it.push("Sign the user out at the identity provider.".to_owned());
            leak.does_not.push(
                "Waiting for the token's end does not help while a refresh token is in the file."
                    .to_owned(),
            );
        }
        CredentialKind::Basic { username } => {
            leak.ends_it.push(format!("Change the password of {username}."));
        }
        CredentialKind::ClientCertificate(_)
        | CredentialKind::TokenFile { .. }
        | CredentialKind::Exec { .. }
        | CredentialKind::AuthProvider { .. } => return None,
    }
    leak.does_not.push("Deleting this file does not end the copies of it.".to_owned());
    Some(leak)
}

fn certificate(leak: &mut Leak, context: &ContextFacts, identity: Option<&Identity>) {
    let provider = context.provider.map_or("", |it| it.id);
    let until = context.in_use.expires_at.map_or_else(String::new, |it| it.words());
    leak.does_not.push(
        "Kubernetes has no list of revoked certificates, so the certificate itself cannot be \
         called back."
            .to_owned(),
    );
    leak.does_not.push(format!(
        "Fetching a new kubeconfig does not end the old one, which works until {until}."
    ));
    if provider == "ack" {
        leak.ends_it.push(
            "Revoke the kubeconfig in the ACK console. That ends its connections at once and issues \
             a new one."
                .to_owned(),
        );
        leak.does_not
            .push("Deleting the RAM user does not end the kubeconfig: revoke it first.".to_owned());
        return;
    }
    let is_master = identity.is_some_and(|it| it.groups.iter().any(|it| it == "system:masters"));
    if let Some(it) = identity.filter(|_| !is_master) {
        leak.ends_it.push(match it.groups.as_slice() {
            [] => format!("Delete the role bindings of the user {}.", it.user),
            groups => format!(
                "Delete the role bindings of the user {}, and move what is bound to {} to another \
                 group.",
                it.user,
                list(groups)
            ),
        });
    }
    if is_master {
        leak.does_not.push("Deleting role bindings does not limit system:masters.".to_owned());
    }
    leak.ends_it.push(match provider {
        "aks" => "Rotate the cluster's certificates: az aks rotate-certs.".to_owned(),
        _ => "Replace the CA that signed it, and with it every certificate that it signed."
            .to_owned(),
    });
}

fn token(leak: &mut Leak, token: &Token) {
    match token {
        Token::Jwt(it) => jwt(leak, it),
        Token::Aws(_) | Token::Ack(_) => {
            leak.ends_it.push(
                "It ends by itself within 15 minutes; lock the key of the account that signed it."
                    .to_owned(),
            );
        }
        Token::OpenShift => {
            leak.ends_it.push("Sign out with it: oc logout deletes the token.".to_owned());
        }
        Token::Rancher => {
            leak.ends_it.push("Delete the key in Rancher, under Account and API Keys.".to_owned());
        }
        Token::Bootstrap { id } => {
            leak.ends_it.push(format!("Delete it: kubeadm token delete {id}."));
        }
        Token::Opaque { .. } => {
            leak.ends_it.push("Have it deleted where it was issued.".to_owned());
        }
    }
}

fn jwt(leak: &mut Leak, it: &Jwt) {
    let Some(account) = &it.service_account else {
        leak.ends_it.push("Take the user's rights away in the cluster.".to_owned());
        leak.does_not.push(
            "Signing the user out does not call the token back: it works until its own end."
                .to_owned(),
        );
        return;
    };
    if let Some(bound_to) = &account.bound_to {
        leak.ends_it.push(format!("Delete {bound_to} in {}.", account.namespace));
    }
    if let Some(secret) = &account.secret {
        leak.ends_it.push(format!("Delete the Secret {secret} in {}.", account.namespace));
    }
    leak.ends_it
        .push(format!("Delete the service account {} in {}.", account.name, account.namespace));
    leak.does_not.push("Asking for another token does not end this one.".to_owned());
}
