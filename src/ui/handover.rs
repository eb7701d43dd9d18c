//! What can be taken away: summaries and tables that are safe to share.

use std::rc::Rc;

use kubeconfig_inspector::{
    Report,
    export::{self, Format, Selection},
};
use yew::prelude::*;

use super::{
    copying::{copy_button, save_button},
    state::{Dispatch, State},
};

/// Draws it.
pub(super) fn handover(state: &UseReducerHandle<State>, dispatch: &Dispatch) -> Html {
    html! {
        <section aria-labelledby="handover">
            <h2 id="handover">
                { "Take it with you" }<span>{ "no key, token or password is in any of these" }</span>
            </h2>
            <ul class="card formats">{ for Format::ALL.iter().map(|it| {
                let text = text(state, it);
                let bytes = text.clone();
                html! {
                    <li>
                        <span>{ it.title }<small>{ it.file_name }</small></span>
                        { copy_button("Copy", it.title, text, dispatch) }
                        { save_button("Save", it.file_name.to_owned(), it.media_type, move || bytes().into_bytes(), dispatch) }
                    </li>
                }
            }) }</ul>
        </section>
    }
}

/// Writes `format`, when it is asked for.
pub(super) fn text(
    state: &UseReducerHandle<State>,
    format: &'static Format,
) -> impl Fn() -> String + Clone + 'static {
    let state = state.clone();
    move || export::export(&whole(&state), format, &Selection::default())
}

/// One report of everything on the page.
fn whole(state: &State) -> Rc<Report> {
    match state.reports().as_slice() {
        [(_, only)] if state.message.trim().is_empty() && state.inputs.len() == 1 => only.clone(),
        _ => Rc::new(state.inspect_all()),
    }
}
