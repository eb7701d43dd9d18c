//! Everything about one context, in parts that follow the way of a connection.

mod certificate;
mod connection;
mod credential;
mod versions;

pub(super) use self::{certificate::certificate, credential::one_token};

use kubeconfig_inspector::{
    Report,
    decode::x509::Certificate,
    facts::{ContextFacts, CredentialKind, Facts, UserFacts},
};
use yew::prelude::*;

use super::{
    browser, commands, files,
    shared::Shared,
    state::{Action, Dispatch, State},
    untrusted::untrusted,
};

/// A part of the details that a context has something to say in.
struct Part<'a> {
    title: &'static str,
    /// Draws it, when it is the open one: nobody sees, hears, finds or prints the others.
    body: Box<dyn Fn() -> Html + 'a>,
}

/// What the details are about.
pub(super) struct Subject<'a> {
    /// The report that the context is in.
    pub(super) report: &'a Shared<Report>,
    /// The context.
    pub(super) context: &'a ContextFacts,
}

impl<'a> Subject<'a> {
    /// The facts that the context is part of.
    pub(super) fn facts(&self) -> &'a Facts {
        &self.report.facts
    }

    /// What was decoded of its user.
    pub(super) fn user(&self) -> Option<&'a UserFacts> {
        self.report.facts.user_facts(self.context.effective.user?)
    }

    /// The certificates that it presents to the server.
    fn chain(&self) -> Vec<&'a Certificate> {
        let credentials = self.user().map(|it| it.credentials.as_slice()).unwrap_or_default();
        credentials
            .iter()
            .filter_map(|it| match &it.kind {
                CredentialKind::ClientCertificate(it) => Some(it.chain.readable()),
                _ => None,
            })
            .flatten()
            .collect()
    }
}

/// The details, as tabs. The open one counts the parts that are there; a number beyond them is the last.
pub(super) fn detail(subject: &Subject<'_>, state: &State, dispatch: &Dispatch) -> Html {
    let parts = parts(subject, &state.cluster_version, dispatch);
    let open = state.tab.min(parts.len().saturating_sub(1));
    let last = parts.len().saturating_sub(1);
    let on_key = {
        let dispatch = dispatch.clone();
        Callback::from(move |event: KeyboardEvent| {
            let next = match event.key().as_str() {
                "ArrowRight" if open == last => 0,
                "ArrowRight" => open + 1,
                "ArrowLeft" if open == 0 => last,
                "ArrowLeft" => open - 1,
                "Home" => 0,
                "End" => last,
                _ => return,
            };
            event.prevent_default();
            dispatch.dispatch(Action::ChoseTab(next));
            browser::focus_on(format!("tab-{next}"));
        })
    };
    html! {
        <section aria-labelledby="detail-title">
            <h2 id="detail-title" tabindex="-1">
                { "Details" }<span>{ untrusted(&subject.context.effective.name) }</span>
            </h2>
            <div class="card">
                <div role="tablist" aria-labelledby="detail-title" onkeydown={on_key}>
                    { for parts.iter().enumerate().map(|(n, it)| {
                        let dispatch = dispatch.clone();
                        let choose = move |_| dispatch.dispatch(Action::ChoseTab(n));
                        html! {
                            <button type="button" role="tab" id={format!("tab-{n}")}
                                aria-selected={(n == open).to_string()}
                                aria-controls={format!("part-{n}")}
                                tabindex={if n == open { "0" } else { "-1" }}
                                onclick={choose}>{ it.title }</button>
                        }
                    }) }
                </div>
                { for parts.into_iter().enumerate().map(|(n, it)| html! {
                    <div role="tabpanel" id={format!("part-{n}")} key={it.title}
                        aria-labelledby={format!("tab-{n}")} tabindex="0" hidden={n != open}>
                        if n == open { { (it.body)() } }
                    </div>
                }) }
            </div>
        </section>
    }
}

fn parts<'a>(subject: &'a Subject<'_>, version: &'a str, dispatch: &'a Dispatch) -> Vec<Part<'a>> {
    let mut parts: Vec<Part<'a>> = Vec::new();
    let mut add = |title, body| parts.push(Part { title, body });
    add("Connection", Box::new(|| connection::connection(subject)) as Box<dyn Fn() -> Html>);
    add("TLS and CA", Box::new(|| connection::tls(subject)));
    add("Identity", Box::new(|| credential::identity(subject)));
    let chain = subject.chain();
    if !chain.is_empty() {
        let now = subject.facts().now;
        let body = move || chain.iter().map(|it| certificate(it, now)).collect();
        add("Certificates", Box::new(body));
    }
    let optional = [
        ("Token", credential::token(subject)),
        ("Exec", credential::exec(subject)),
        ("Impersonation", credential::impersonation(subject)),
    ];
    for (title, body) in optional {
        if let Some(body) = body {
            add(title, Box::new(move || body.clone()));
        }
    }
    add("Versions", Box::new(|| versions::versions(subject, version, dispatch)));
    add("Files", Box::new(|| files::files(subject, dispatch)));
    add("Commands", Box::new(|| commands::commands(subject, dispatch)));
    parts
}

/// A field with its value.
fn field(name: &'static str, value: Html) -> Html {
    html! { <><dt>{ name }</dt><dd>{ value }</dd></> }
}

/// A field with the name that openssl gives to it.
fn openssl_field(name: &'static str, openssl: &'static str, value: Html) -> Html {
    html! { <><dt><abbr title={format!("openssl: {openssl}")}>{ name }</abbr></dt><dd>{ value }</dd></> }
}
