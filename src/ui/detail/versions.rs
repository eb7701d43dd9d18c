//! Which kubectl fits this file, and a cluster of the version that the visitor enters.

use kubeconfig_inspector::checks::compatibility::{compatibility, minor};
use yew::prelude::*;

use super::Subject;
use crate::ui::{
    browser,
    state::{Action, Dispatch},
    untrusted::visible,
};

/// Draws it; `version` is what was entered.
pub(super) fn versions(subject: &Subject<'_>, version: &str, dispatch: &Dispatch) -> Html {
    let range = compatibility(subject.facts());
    let on_input = {
        let dispatch = dispatch.clone();
        move |event: InputEvent| dispatch.dispatch(Action::EnteredVersion(browser::value(&event)))
    };
    let answer = match minor(version) {
        Some(minor) => range.with_cluster(minor),
        None => "Enter it as 1.30: the API server's, as kubectl version tells it.".to_owned(),
    };
    html! {
        <>
            <p>{ range.words() }</p>
            { for range.reasons.iter().map(|it| html! { <p class="soft">{ visible(&it.sentence) }</p> }) }
            <div class="controls">
                <label>
                    <span>{ "Version of the cluster" }</span>
                    <input type="text" value={version.to_owned()} oninput={on_input} size="16"
                        placeholder="1.30" autocomplete="off" />
                </label>
            </div>
            <p role="status">{ answer }</p>
        </>
    }
}
