//! Who a context signs in as, and what it signs in with.

use kubeconfig_inspector::{
    decode::{
        key::KeyMatch,
        token::{Jwt, SignedRequest, Token},
        x509::Signature,
    },
    facts::{ClientCertificate, Credential, CredentialKind, Identity},
    kubeconfig::{AuthInfo, Entry},
    masking,
    time::Timestamp,
};
use yew::prelude::*;

use super::{Subject, field};
use crate::ui::{
    contexts::{credential_in_use, key_title, kind_word, token_word},
    standing::{Tone, moment, tag},
    strip::size,
    untrusted::{code, untrusted},
};

/// Who the API server sees, and by which of the credentials.
pub(super) fn identity(subject: &Subject<'_>) -> Html {
    let Some(user) = subject.user() else {
        return html! { <p>{ "There is no user, so nobody signs in." }</p> };
    };
    let in_use = credential_in_use(subject.facts(), subject.context);
    html! {
        <>
            { who(subject.context.in_use.identity.as_ref()) }
            <h3>{ "Credentials" }</h3>
            if user.credentials.is_empty() {
                <p>{ "None. The server sees an anonymous request." }</p>
            }
            <ul class="credentials">{ for user.credentials.iter().map(|it| {
                credential(it, in_use == Some(it))
            }) }</ul>
        </>
    }
}

fn who(identity: Option<&Identity>) -> Html {
    let Some(it) = identity else {
        return html! {
            <p>{ "The file does not tell who the server sees: what is sent carries no name that \
                  can be read, or the name is decided elsewhere." }</p>
        };
    };
    html! {
        <dl class="fields">
            { field("Kubernetes user", untrusted(&it.user)) }
            { field("Groups", if it.groups.is_empty() {
                html! { { "none in the credential" } }
            } else {
                names(&it.groups)
            }) }
            if it.other_names.is_some() {
                { field("Decided by", html! { { "the server's settings: they may choose other claims of the token, or put a prefix before them" } }) }
            }
            if let Some(account) = &it.alibaba_cloud {
                { field("Alibaba Cloud user", untrusted(&account.user_id)) }
                if let Some(at) = account.issued_at {
                    { field("Issued", moment(at)) }
                }
            }
        </dl>
    }
}

/// How many names of a list are shown: a token has room for a hundred thousand.
const MOST_NAMES: usize = 100;

/// Groups and the like, with what the well-known ones mean.
fn names(all: &[String]) -> Html {
    html! {
        <ul class="plain">
            { for all.iter().take(MOST_NAMES).map(|it| html! {
                <li>{ untrusted(it) }if let Some(words) = group(it) { <small>{ words }</small> }</li>
            }) }
            if let Some(more @ 1..) = all.len().checked_sub(MOST_NAMES) {
                <li>{ format!("{more} more, not shown here") }</li>
            }
        </ul>
    }
}

/// What membership in a well-known group means.
fn group(name: &str) -> Option<&'static str> {
    Some(match name {
        "system:masters" => "Every right, whatever RBAC says; it cannot be taken away by RBAC.",
        "kubeadm:cluster-admins" => "Every right, by a role binding of kubeadm.",
        "system:users" => "Given to ACK users; rights come from role bindings.",
        "system:authenticated" => "Everybody who signed in.",
        "system:nodes" => "The nodes of the cluster.",
        "system:bootstrappers" => "Nodes that are joining.",
        "system:serviceaccounts" => {
            "All service accounts. By default they may look up the cluster's token issuer, and \
             nothing else."
        }
        _ if name.starts_with("system:serviceaccounts:") => {
            "All service accounts of that namespace. By default they get no rights from this."
        }
        _ => return None,
    })
}

fn credential(it: &Credential, in_use: bool) -> Html {
    html! {
        <li>
            <b>{ kind_word(&it.kind) }</b>
            if in_use {
                { tag(Tone::Good, "in use") }
            } else if !it.sent {
                { tag(Tone::Note, "not sent") }
            }
            <small>{ code(&it.place.path) }</small>
            <dl class="fields">
                if let CredentialKind::ClientCertificate(it) = &it.kind {
                    { client_certificate(it) }
                }
                if let CredentialKind::TokenFile { path, .. } = &it.kind {
                    { field("File", code(path)) }
                }
                if let CredentialKind::Basic { username } = &it.kind {
                    { field("User name", untrusted(username)) }
                    { field("Works with", html! { { "API servers before Kubernetes 1.19; later ones refuse it" } }) }
                }
                if let Some(validity) = &it.validity {
                    { optional("Valid from", validity.not_before) }
                    { optional("Valid until", validity.not_after) }
                }
            </dl>
        </li>
    }
}

fn client_certificate(it: &ClientCertificate) -> Html {
    html! {
        <>
            if !it.certificate_path.is_empty() {
                { field("Certificate file", code(&it.certificate_path)) }
            }
            if !it.key_path.is_empty() {
                { field("Key file", code(&it.key_path)) }
            }
            if let Some(Ok(key)) = &it.key {
                { field("Private key", html! {
                    { format!("{}, {}", key_title(&key.title, key.bits), key.encoding) }
                }) }
            }
            if let Some(Err(_)) = &it.key {
                { field("Private key", tag(Tone::Bad, "not one that kubectl can use")) }
            }
            if let Some(matches) = it.matches {
                { field("Key and certificate", match matches {
                    KeyMatch::Yes => tag(Tone::Good, "a pair"),
                    KeyMatch::OtherKey => tag(Tone::Bad, "not a pair"),
                    KeyMatch::OtherAlgorithm => tag(Tone::Bad, "two different kinds"),
                    KeyMatch::NotChecked => tag(Tone::Note, "not compared"),
                }) }
            }
            { for it.chain.links().into_iter().map(|it| field("Chain", match it {
                Signature::Valid => tag(Tone::Good, "signed by the next certificate"),
                Signature::OtherIssuer => tag(Tone::Warning, "not issued by the next certificate"),
                Signature::WrongKey => tag(Tone::Bad, "signed by another key than the next certificate's"),
                Signature::NotChecked => tag(Tone::Note, "not checked"),
            })) }
            if let Some(accident) = &it.chain.accident {
                { field("Certificate", html! { <>{ tag(Tone::Bad, "Not PEM") }{ " " }{ untrusted(accident) }</> }) }
            }
            { for it.chain.certificates.iter().filter_map(|it| it.as_ref().err()).map(|it| {
                field("Certificate", html! { <>{ tag(Tone::Bad, "Not readable") }{ " " }{ it }</> })
            }) }
        </>
    }
}

fn optional(name: &'static str, at: Option<Timestamp>) -> Html {
    match at {
        Some(at) => field(name, moment(at)),
        None => html! {},
    }
}

/// What the user's bearer tokens say.
pub(super) fn token(subject: &Subject<'_>) -> Option<Html> {
    let tokens: Vec<&Token> = subject
        .user()?
        .credentials
        .iter()
        .filter_map(|it| match &it.kind {
            CredentialKind::Token(token) => Some(token),
            CredentialKind::AuthProvider { token, .. } => token.as_ref(),
            _ => None,
        })
        .collect();
    if tokens.is_empty() {
        return None;
    }
    Some(tokens.into_iter().map(one_token).collect())
}

/// What one token says of itself.
pub(in crate::ui) fn one_token(token: &Token) -> Html {
    html! {
        <dl class="fields">
            { field("Kind", html! { { token_word(token) } }) }
            { match token {
                Token::Jwt(it) => jwt(it),
                Token::Aws(it) | Token::Ack(it) => signed_request(it),
                Token::Bootstrap { id } => field("Token ID", untrusted(id)),
                Token::Opaque { length } => field("Length", html! { { size(*length) } }),
                Token::OpenShift | Token::Rancher => html! {},
            } }
        </dl>
    }
}

fn jwt(it: &Jwt) -> Html {
    let text = |name: &'static str, value: &Option<String>| match value {
        Some(value) => field(name, untrusted(value)),
        None => html! {},
    };
    html! {
        <>
            { text("Issuer", &it.issuer) }
            { text("Subject", &it.subject) }
            if !it.audience.is_empty() {
                { field("Audience", names(&it.audience)) }
            }
            { for it.names.iter().map(|(name, value)| html! {
                <><dt>{ untrusted(name) }</dt><dd>{ untrusted(value) }</dd></>
            }) }
            if !it.groups.is_empty() {
                { field("Groups", names(&it.groups)) }
            }
            { optional("Issued", it.issued_at) }
            { optional("Valid from", it.not_before) }
            { match it.expires_at {
                Some(at) => field("Valid until", moment(at)),
                None => field("Valid until", html! { { "no end in the token" } }),
            } }
            if let Some(account) = &it.service_account {
                { field("Service account", untrusted(&format!("{}/{}", account.namespace, account.name))) }
                { text("Bound to", &account.bound_to) }
                { text("Kept in Secret", &account.secret) }
            }
            { text("Signed with", &it.algorithm) }
            { text("Signing key", &it.key_id) }
            { field("Signature", html! { { "not verified: only the server has the key for that" } }) }
        </>
    }
}

fn signed_request(it: &SignedRequest) -> Html {
    let text = |name: &'static str, value: &Option<String>| match value {
        Some(value) => field(name, untrusted(value)),
        None => html! {},
    };
    html! {
        <>
            { field("Format", code(&it.version)) }
            { text("Cluster", &it.cluster) }
            { text("Sent to", &it.host) }
            { text("Access key ID", &it.access_key) }
            { optional("Signed", it.issued_at) }
            { optional("Valid until", it.expires_at) }
        </>
    }
}

fn written<'a>(subject: &Subject<'a>) -> Option<&'a Entry<AuthInfo>> {
    subject.facts().user(subject.context.effective.user?)
}

/// The program that prints a credential. Values of its environment stay covered.
pub(super) fn exec(subject: &Subject<'_>) -> Option<Html> {
    let exec = written(subject)?.body.exec.as_ref()?;
    let known = subject.user()?.credentials.iter().find_map(|it| match &it.kind {
        CredentialKind::Exec { install_hint, provider } => Some((install_hint, provider)),
        _ => None,
    });
    Some(html! {
        <dl class="fields">
            if let Some((_, Some(provider))) = known {
                { field("Signs in to", html! { { provider.name } }) }
                { field("What it prints lives", html! { { provider.lifetime.as_str() } }) }
            }
            { field("Program", code(&masking::words_without_secrets(&exec.command))) }
            { field("Arguments", html! { <ol class="plain">{ for masking::arguments(&exec.args).iter().map(|it| html! {
                <li>{ code(it) }</li>
            }) }</ol> }) }
            if !exec.env.is_empty() {
                { field("Environment", html! { <ul class="plain">{ for exec.env.iter().map(|it| html! {
                    <li>{ code(&masking::words_without_secrets(&it.name)) }{ " = " }<span class="fold">{ "•••" }</span></li>
                }) }</ul> }) }
            }
            { field("API version", code(&exec.api_version)) }
            { field("Asks questions", code(&exec.interactive_mode)) }
            { field("Is told the cluster", html! { { if exec.provide_cluster_info { "yes" } else { "no" } } }) }
            if let Some((hint, _)) = known {
                if !hint.is_empty() {
                    { field("When it is missing", untrusted(hint)) }
                }
            }
        </dl>
    })
}

/// Who the server is asked to act as.
pub(super) fn impersonation(subject: &Subject<'_>) -> Option<Html> {
    let it = subject.user()?.impersonates.as_ref()?;
    Some(html! {
        <>
            <p>
                { "Every request asks the server to act as somebody else. The server allows that \
                   only when the one who signs in has the right to impersonate." }
            </p>
            <dl class="fields">
                { field("User", untrusted(&it.user)) }
                if !it.groups.is_empty() {
                    { field("Groups", names(&it.groups)) }
                }
                if !it.uid.is_empty() {
                    { field("UID", untrusted(&it.uid)) }
                }
            </dl>
        </>
    })
}

#[cfg(test)]
mod tests {
    use super::names;
    use crate::ui::drawing::text;

    #[test]
    fn of_many_names_the_first_are_shown() {
        let [all, more] = [
            text(|| names(&vec!["dev".to_owned(); 100])),
            text(|| names(&vec!["dev".to_owned(); 101])),
        ];
        assert_eq!(all.matches("dev").count(), 100);
        assert!(!all.contains("not shown"));
        assert_eq!(more.matches("dev").count(), 100);
        assert!(more.contains("1 more, not shown here"));
    }
}
