//! Files that can be made of one context: its parts, and kubeconfigs of it alone.
//!
//! Each of them is only made when its button is pressed.

use std::rc::Rc;

use kubeconfig_inspector::{
    export::{
        extract::{self, Part},
        kubeconfig,
    },
    facts::Facts,
    kubeconfig::EntryRef,
    quote,
    secret::Secret,
};
use yew::prelude::*;

use super::{
    copying::{SAVE, Then, save_button},
    detail::Subject,
    state::Dispatch,
};

/// Makes the content of a file.
type Make = fn(&Facts, EntryRef) -> Option<Secret<String>>;

/// A file: its name, what it is, and what to know before.
struct File {
    name: String,
    title: &'static str,
    note: &'static str,
    make: Make,
}

/// Draws them.
pub(super) fn files(subject: &Subject<'_>, dispatch: &Dispatch) -> Html {
    let context = subject.context.effective.entry;
    let all = all(&subject.context.effective.name);
    let there = all.into_iter().filter(|it| (it.make)(subject.facts(), context).is_some());
    html! {
        <dl class="fields">{ for there.map(|it| {
            let report = subject.report.clone();
            let File { name, title, note, make } = it;
            let give = Callback::from(move |then: Then| {
                let content = make(&report.facts, context);
                then(Rc::new(content.unwrap_or_default()));
            });
            html! {
                <>
                    <dt>{ title }</dt>
                    <dd>
                        { save_button(SAVE, name, "application/octet-stream", give, dispatch) }
                        if !note.is_empty() {
                            <small>{ note }</small>
                        }
                    </dd>
                </>
            }
        }) }</dl>
    }
}

fn all(context: &str) -> [File; 6] {
    let name = quote::file_name(context);
    let part = |part: Part, title, note, make| File {
        name: part.file_name().to_owned(),
        title,
        note,
        make,
    };
    [
        part(Part::ClientCertificate, "Client certificate", "", |facts, context| {
            extract::extract(facts, context, Part::ClientCertificate)
        }),
        part(
            Part::ClientKey,
            "Private key",
            "Whoever has it and the certificate is this user. Keep it from others.",
            |facts, context| extract::extract(facts, context, Part::ClientKey),
        ),
        part(Part::CertificateAuthority, "CA of the cluster", "", |facts, context| {
            extract::extract(facts, context, Part::CertificateAuthority)
        }),
        part(Part::Server, "Server address", "", |facts, context| {
            extract::extract(facts, context, Part::Server)
        }),
        File {
            name: format!("{name}.yaml"),
            title: "Kubeconfig of this context alone",
            note: "It holds the credential.",
            make: kubeconfig::alone,
        },
        File {
            name: format!("{name}-unverified.yaml"),
            title: "The same without checking the server",
            note: "Not for production: whoever sits in between can read and change everything, the \
                   credential included. Adding the address to the server's certificate, or \
                   tls-server-name, keeps the check.",
            make: kubeconfig::without_verification,
        },
    ]
}
