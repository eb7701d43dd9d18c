//! What can be pressed: a button, one among a few, and yes or no.

use yew::prelude::*;

/// A button with nothing but a word on it.
pub(super) fn button(words: &'static str, press: impl Into<Callback<MouseEvent>>) -> Html {
    named_button(words, None, None, press.into())
}

/// A button that is found by an id, or that is called by another name than the word on it.
pub(super) fn named_button(
    words: &'static str,
    id: Option<&'static str>,
    label: Option<String>,
    onclick: Callback<MouseEvent>,
) -> Html {
    html! { <button type="button" {id} aria-label={label} {onclick}>{ words }</button> }
}

/// One among a few, as a row of radio buttons: their words, each with a count where it has one.
/// `name` is that of the group, `legend` says what is chosen to those who do not see it.
pub(super) fn segments(
    name: &'static str,
    legend: &'static str,
    options: &[(&'static str, Option<usize>)],
    chosen: usize,
    then: &Callback<usize>,
) -> Html {
    html! {
        <fieldset class="segments">
            <legend class="offscreen">{ legend }</legend>
            { for options.iter().enumerate().map(|(n, (words, count))| {
                let then = then.clone();
                html! {
                    <label>
                        <input type="radio" {name} checked={n == chosen} onchange={move |_: Event| then.emit(n)} />
                        { *words }<small>{ *count }</small>
                    </label>
                }
            }) }
        </fieldset>
    }
}

/// Yes or no, as a check box.
pub(super) fn check(words: &'static str, checked: bool, then: Callback<Event>) -> Html {
    html! { <label class="check"><input type="checkbox" {checked} onchange={then} />{ words }</label> }
}
