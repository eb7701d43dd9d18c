//! Copying to the clipboard and saving to a file, with a word about how it went.

use yew::prelude::*;

use super::{
    browser,
    state::{Action, Dispatch},
};

/// A button called `words` that copies what `text` gives when it is pressed. `what` names it
/// for people who do not see where the button stands; without it the button is the one that
/// copies the summary.
pub(super) fn copy_button(
    words: &'static str,
    what: &str,
    text: impl Fn() -> String + 'static,
    dispatch: &Dispatch,
) -> Html {
    let dispatch = dispatch.clone();
    let copy = move |_| {
        let dispatch = dispatch.clone();
        let then = Callback::from(move |done: bool| {
            let words = if done {
                "Copied."
            } else {
                "The browser did not allow copying. Select the text and press Ctrl+C."
            };
            dispatch.dispatch(Action::Announced(words.to_owned()));
        });
        browser::copy(text(), then);
    };
    let label = (!what.is_empty()).then(|| format!("Copy {what}"));
    let id = what.is_empty().then_some("copy-summary");
    html! { <button type="button" {id} aria-label={label} onclick={copy}>{ words }</button> }
}

/// What a button is called that is known by what stands beside it.
pub(super) const SAVE: &str = "Save";

/// A button called `words` that saves what `bytes` gives as a file called `name`.
pub(super) fn save_button(
    words: &'static str,
    name: String,
    media_type: &'static str,
    bytes: impl Fn() -> Vec<u8> + 'static,
    dispatch: &Dispatch,
) -> Html {
    let dispatch = dispatch.clone();
    let label = (words == SAVE).then(|| format!("Save {name}"));
    let save = move |_| {
        let done = browser::download(&name, media_type, &bytes());
        let words = if done { "Saved." } else { "The browser did not allow saving." };
        dispatch.dispatch(Action::Announced(words.to_owned()));
    };
    html! { <button type="button" aria-label={label} onclick={save}>{ words }</button> }
}
