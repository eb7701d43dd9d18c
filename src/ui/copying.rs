//! Copying to the clipboard and saving to a file, with a word about how it went.

use std::rc::Rc;

use kubeconfig_inspector::secret::Secret;
use yew::prelude::*;

use super::{
    browser,
    choice::named_button,
    state::{Action, Dialog, Dispatch},
};

/// Takes the text that a button is for, as soon as it is there. It can be a key.
pub(super) type Then = Box<dyn FnOnce(Rc<Secret<String>>)>;

/// Gives a text that is there already.
pub(super) fn ready(text: &Rc<Secret<String>>) -> Callback<Then> {
    let text = text.clone();
    Callback::from(move |then: Then| then(text.clone()))
}

/// A button called `words` that copies what `give` gives when it is pressed. `what` names it
/// for people who do not see where the button stands; without it the button is the one that
/// copies the summary. Where the browser does not let it, the text is shown, to be selected; a text
/// that `is_secret` has another button for that.
pub(super) fn copy_button(
    words: &'static str,
    what: &str,
    is_secret: bool,
    give: Callback<Then>,
    dispatch: &Dispatch,
) -> Html {
    let dispatch = dispatch.clone();
    let copy = move |_| {
        let dispatch = dispatch.clone();
        give.emit(Box::new(move |text| {
            let kept = text.clone();
            let tell = move |done: bool| {
                let words = match done {
                    true => "Copied.",
                    false if is_secret || browser::MOST_IN_FIELD <= kept.len() => {
                        "The browser did not allow copying. Save it instead."
                    }
                    false => {
                        // It is not a secret, and no other place shows it.
                        let text = AttrValue::from(kept.reveal().clone());
                        dispatch.dispatch(Action::ChoseDialog(Some(Dialog::Text(text))));
                        "The browser did not allow copying. Select the text and press Ctrl+C."
                    }
                };
                dispatch.dispatch(Action::Announced(words.to_owned()));
            };
            browser::copy(text, Callback::from(tell));
        }));
    };
    let label = (!what.is_empty()).then(|| format!("Copy {what}"));
    let id = what.is_empty().then_some(COPY_SUMMARY);
    named_button(words, id, label, Callback::from(copy))
}

/// The id of the button that copies the summary.
pub(super) const COPY_SUMMARY: &str = "copy-summary";

/// What a button is called that is known by what stands beside it.
pub(super) const SAVE: &str = "Save";

/// A button called `words` that saves what `give` gives as a file called `name`.
pub(super) fn save_button(
    words: &'static str,
    name: String,
    media_type: &'static str,
    give: Callback<Then>,
    dispatch: &Dispatch,
) -> Html {
    let dispatch = dispatch.clone();
    let label = (words == SAVE).then(|| format!("Save {name}"));
    let save = move |_| {
        let (dispatch, name) = (dispatch.clone(), name.clone());
        give.emit(Box::new(move |text| {
            let tell = move |done| {
                let words = if done { "Saved." } else { "The browser did not allow saving." };
                dispatch.dispatch(Action::Announced(words.to_owned()));
            };
            browser::download(name, media_type, text, Callback::from(tell));
        }));
    };
    named_button(words, None, label, Callback::from(save))
}

/// What stands in the place of the button with that id, if it has one, while its text is being written.
pub(super) fn cancel_button(id: Option<&'static str>, dispatch: &Dispatch) -> Html {
    let dispatch = dispatch.clone();
    let cancel = move |event: MouseEvent| {
        // The second click of two in a row was meant for the button that was here.
        if event.detail() < 2 {
            dispatch.dispatch(Action::EndedWriting);
            dispatch.dispatch(Action::Announced("Nothing was written.".to_owned()));
        }
    };
    named_button("Cancel", id, None, Callback::from(cancel))
}
