//! Commands for one context, ready to copy.

use kubeconfig_inspector::quote;
use yew::prelude::*;

use super::{detail::Subject, message::command, state::Dispatch};

/// Draws them.
pub(super) fn commands(subject: &Subject<'_>, dispatch: &Dispatch) -> Html {
    let context = quote::bash(&subject.context.effective.name);
    let rows = [
        ("See whether it works", format!("kubectl --context {context} get namespaces")),
        ("See who the server takes you for", format!("kubectl --context {context} auth whoami")),
        ("See what you may do", format!("kubectl --context {context} auth can-i --list")),
        ("Make it the current one", format!("kubectl config use-context {context}")),
    ];
    html! {
        <dl class="fields commands">{ for rows.into_iter().map(|(title, text)| html! {
            <><dt>{ title }</dt><dd>{ command(&text, dispatch) }</dd></>
        }) }</dl>
    }
}
