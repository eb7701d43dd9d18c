//! One certificate, field by field, in words; openssl's names are in the titles.

use kubeconfig_inspector::{
    decode::{
        hex,
        x509::{Certificate, Name},
    },
    time::{Timestamp, duration},
};
use yew::prelude::*;

use super::openssl_field as field;
use crate::ui::{
    contexts::key_title,
    standing::{Tone, moment, tag},
    untrusted::{code, untrusted, visible},
};

/// Draws it.
pub(in crate::ui) fn certificate(it: &Certificate, now: Timestamp) -> Html {
    let (sans, extensions) = (it.sans(), it.extensions());
    let title = it.subject().title();
    html! {
        <article class="certificate">
            <h3>{ untrusted(&title) }{ state(it, now) }</h3>
            <dl class="fields">
                { field("Subject", "Subject", name(it.subject())) }
                { field("Issuer", "Issuer", if it.self_issued() {
                    html! { { "the same: it is self-issued" } }
                } else {
                    name(it.issuer())
                }) }
                { field("Valid from", "Not Before", end(it.validity.not_before)) }
                { field("Valid until", "Not After", end(it.validity.not_after)) }
                if let Some(seconds) = it.validity.seconds() {
                    { field("Lives", "Validity", html! { { duration(seconds) } }) }
                }
                { field("Key", "Public Key Algorithm", html! {
                    { key_title(&it.key.title, it.key.bits) }
                }) }
                { field("Signed with", "Signature Algorithm", code(&it.signature_algorithm())) }
                { field("Authority", "X509v3 Basic Constraints", html! { { authority(it) } }) }
                if let Some(usage) = it.key_usage() {
                    { field("Key may", "X509v3 Key Usage", list(&usage, key_usage)) }
                }
                if let Some(usage) = it.extended_key_usage() {
                    { field("Meant for", "X509v3 Extended Key Usage", list(&usage, purpose)) }
                }
                if !sans.is_empty() {
                    { field("Other names", "X509v3 Subject Alternative Name", list(&sans, |_| None)) }
                }
                { field("Serial number", "Serial Number", code(&it.serial())) }
                { field("Version", "Version", html! { { it.version } }) }
                if let Some(id) = it.subject_key_id() {
                    { field("Key identifier", "X509v3 Subject Key Identifier", code(&hex(id))) }
                }
                if let Some(id) = it.authority_key_id() {
                    { field("Issuer's key identifier", "X509v3 Authority Key Identifier", code(&hex(id))) }
                }
                { field("SHA-256 fingerprint", "sha256 Fingerprint", code(&grouped(&it.sha256()))) }
                { field("SHA-1 fingerprint", "sha1 Fingerprint", code(&grouped(&it.sha1()))) }
            </dl>
            if !extensions.is_empty() {
                <details>
                    <summary>{ format!("All {} extensions", extensions.len()) }</summary>
                    <dl class="fields">{ for extensions.iter().map(|it| html! {
                        <>
                            <dt title={it.oid.clone()}>{ visible(&it.name) }</dt>
                            <dd>
                                if it.critical { <span class="tag quiet">{ "critical" }</span> }
                                { code(&it.value) }
                            </dd>
                        </>
                    }) }</dl>
                </details>
            }
        </article>
    }
}

fn state(it: &Certificate, now: Timestamp) -> Html {
    match (it.validity.not_before, it.validity.not_after) {
        (Some(begin), _) if now < begin => tag(Tone::Bad, "Not valid yet"),
        (_, Some(end)) if end < now => tag(Tone::Bad, "Expired"),
        _ => tag(Tone::Good, "Valid"),
    }
}

fn end(at: Option<Timestamp>) -> Html {
    match at {
        Some(at) => moment(at),
        None => html! { { "not told" } },
    }
}

fn authority(it: &Certificate) -> String {
    match it.basic_constraints {
        Some(it) if it.ca => match it.path_length {
            Some(n) => format!("a CA; {n} more CAs may stand below it"),
            None => "a CA".to_owned(),
        },
        Some(_) => "not a CA".to_owned(),
        None => "does not say whether it is a CA".to_owned(),
    }
}

/// A distinguished name, one attribute a line, with words for the usual ones.
fn name(name: Name<'_>) -> Html {
    let attributes = name.attributes();
    if attributes.is_empty() {
        return untrusted(&name.rfc4514());
    }
    html! {
        <ul class="plain">{ for attributes.iter().map(|it| html! {
            <li>
                <abbr title={attribute(&it.name).unwrap_or(&it.oid).to_owned()}>{ visible(&it.name) }</abbr>
                { " = " }{ untrusted(&it.value) }
            </li>
        }) }</ul>
    }
}

fn attribute(short: &str) -> Option<&'static str> {
    Some(match short {
        "CN" => "Common name: the Kubernetes user",
        "O" => "Organization: a Kubernetes group",
        "OU" => "Organizational unit",
        "C" => "Country",
        "ST" => "State or province",
        "L" => "Locality",
        _ => return None,
    })
}

fn list<T: AsRef<str>>(values: &[T], words: fn(&str) -> Option<&'static str>) -> Html {
    html! {
        <ul class="plain">{ for values.iter().map(AsRef::as_ref).map(|it| html! {
            <li title={it.to_owned()}>
                { match words(it) { Some(words) => html! { { words } }, None => untrusted(it) } }
            </li>
        }) }</ul>
    }
}

fn key_usage(it: &str) -> Option<&'static str> {
    Some(match it {
        "digitalSignature" => "sign handshakes",
        "nonRepudiation" | "contentCommitment" => "sign documents",
        "keyEncipherment" => "encrypt keys",
        "dataEncipherment" => "encrypt data",
        "keyAgreement" => "agree on keys",
        "keyCertSign" => "sign certificates",
        "cRLSign" => "sign revocation lists",
        _ => return None,
    })
}

fn purpose(it: &str) -> Option<&'static str> {
    Some(match it {
        "clientAuth" => "signing in as a client",
        "serverAuth" => "being a server",
        "codeSigning" => "signing code",
        "emailProtection" => "protecting mail",
        "timeStamping" => "time stamps",
        "OCSPSigning" => "answering for revocation",
        "anyExtendedKeyUsage" => "anything",
        _ => return None,
    })
}

/// Hex in groups of four digits, which a person can compare.
fn grouped(hex: &str) -> String {
    let digits: Vec<char> = hex.chars().collect();
    let groups: Vec<String> = digits.chunks(4).map(|it| it.iter().collect()).collect();
    groups.join(" ")
}
