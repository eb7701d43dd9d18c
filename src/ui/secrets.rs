//! The secrets of one context. Each is shown, copied or saved by an act of its own.

use std::rc::Rc;

use kubeconfig_inspector::{
    kubeconfig::Data,
    masking::{names_secret, words_without_secrets},
    quote,
    secret::Secret,
    source::Place,
};
use yew::prelude::*;

use super::{
    copying::{SAVE, copy_button, ready, save_button},
    detail::Subject,
    state::{Action, Dispatch},
    strip::size,
    untrusted::{code, filled, untrusted},
};

/// One secret, still covered.
struct Item {
    title: &'static str,
    place: Place,
    file_name: String,
    value: Rc<Secret<String>>,
}

/// Draws them; `input` is the index that `revealed` counts by.
pub(super) fn secrets(
    subject: &Subject<'_>,
    input: usize,
    revealed: &[(usize, Place)],
    dispatch: &Dispatch,
) -> Html {
    let items = items(subject);
    if items.is_empty() {
        return html! {};
    }
    html! {
        <section aria-labelledby="secrets">
            <h2 id="secrets">
                { "Secrets of this context" }
                <span>{ untrusted(&subject.context.effective.name) }</span>
            </h2>
            <p class="reminder">
                { "Whoever has one of these can act as this user. If one was ever posted or sent, \
                   have it revoked: fetching a new kubeconfig does not end the old one." }
            </p>
            <ul class="card secrets">{ for items.into_iter().map(|it| {
                let shown = revealed.contains(&(input, it.place.clone()));
                item(it, input, shown, dispatch)
            }) }</ul>
        </section>
    }
}

fn item(it: Item, input: usize, shown: bool, dispatch: &Dispatch) -> Html {
    let toggle = {
        let (dispatch, place) = (dispatch.clone(), it.place.clone());
        move |_| dispatch.dispatch(Action::ToggledSecret { input, place: place.clone() })
    };
    let word = if shown { "Hide" } else { "Show" };
    html! {
        <li key={it.place.path.clone()}>
            <div class="row">
                <span><b>{ it.title }</b><small>{ filled("{0}, {1}", &[code(&it.place.path), html! { { size(it.value.len()) } }]) }</small></span>
                <span class="grow"></span>
                <button type="button" aria-expanded={shown.to_string()} onclick={toggle}
                    aria-label={format!("{word} {}", it.title)}>{ word }</button>
                { copy_button("Copy", it.title, true, ready(&it.value), dispatch) }
                { save_button(SAVE, it.file_name, "application/octet-stream", ready(&it.value), dispatch) }
            </div>
            if shown {
                <pre class="secret" tabindex="0" role="group" aria-label={it.title} translate="no">{ it.value.reveal().clone() }</pre>
            }
        </li>
    }
}

fn items(subject: &Subject<'_>) -> Vec<Item> {
    let facts = subject.facts();
    let name = quote::file_name(&subject.context.effective.name);
    let mut items = Vec::new();
    let mut push = |title, place: Place, called: &str, suffix: &str, value: Secret<String>| {
        // It is compared, not shown.
        let text = value.reveal();
        let is_secret = names_secret(called) || words_without_secrets(text) != *text;
        if is_secret && !value.is_empty() {
            let file_name = format!("{name}-{suffix}");
            items.push(Item { title, place, file_name, value: Rc::new(value) });
        }
    };
    if let Some(entry) = subject.context.effective.user.and_then(|it| facts.user(it)) {
        let place = entry.place.field("user");
        let it = &entry.body;
        push(
            "Private key",
            place.field("client-key-data"),
            "key",
            "client-key.pem",
            data(&it.client_key_data),
        );
        push("Token", place.field("token"), "token", "token.txt", it.token.clone());
        push("Password", place.field("password"), "password", "password.txt", it.password.clone());
        for (name, value) in it.auth_provider.iter().flat_map(|it| &it.config) {
            let place = place.field("auth-provider").field("config").field(name);
            push("Setting of the auth provider", place, name, "setting.txt", value.clone());
        }
        for (n, it) in it.exec.iter().flat_map(|it| &it.env).enumerate() {
            let place = place.field("exec").field("env").item(n).field("value");
            push(
                "Environment variable",
                place,
                &words_without_secrets(&it.name),
                "variable.txt",
                it.value.clone(),
            );
        }
    }
    if let Some(entry) = subject.context.effective.cluster.and_then(|it| facts.cluster(it)) {
        let place = entry.place.field("cluster").field("proxy-url");
        push("Proxy address", place, "", "proxy.txt", entry.body.proxy_url.clone());
    }
    items
}

fn data(data: &Option<Data>) -> Secret<String> {
    let bytes = data.as_ref().and_then(|it| it.bytes.as_ref().ok());
    let text = bytes.map(|it| String::from_utf8_lossy(it.reveal()).into_owned());
    Secret::new(text.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::{Subject, items};
    use crate::ui::drawing::report;

    #[test]
    fn what_is_no_secret_is_not_listed() {
        let report = report(
            "\
apiVersion: v1
kind: Config
current-context: a
contexts: [{name: a, context: {cluster: a, user: a}}]
clusters: [{name: a, cluster: {server: 'https://10.0.0.1', proxy-url: 'http://proxy:3128'}}]
users:
- name: a
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1
      command: aws
      env:
      - {name: AWS_PROFILE, value: shop-admin}
      - {name: AWS_REGION, value: eu-central-1}
      - {name: AWS_SECRET_ACCESS_KEY, value: of-the-tests}
      - {name: NO_NAME_FOR_IT, value: ghp_0123456789abcdefghij}
      - {name: HTTPS_PROXY, value: 'http://bob:hunter2@proxy:3128'}
      - {name: TOKEN, value: ''}
    auth-provider:
      name: oidc
      config: {client-id: kubectl, client-secret: of-the-tests, idp-issuer-url: 'https://issuer.example'}
",
        );
        let context = &report.facts.readings[0].contexts[0];
        let items = items(&Subject { report: &report, context });
        assert!(items.iter().all(|it| it.file_name.starts_with("a-")));
        let places: Vec<&str> = items.iter().map(|it| it.place.path.as_str()).collect();
        assert_eq!(
            places,
            [
                "users[0].user.auth-provider.config.client-secret",
                "users[0].user.exec.env[2].value",
                "users[0].user.exec.env[3].value",
                "users[0].user.exec.env[4].value",
            ]
        );
    }
}
