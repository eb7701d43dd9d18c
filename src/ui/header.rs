//! The bar at the top: the name, the proof of the lock, the moment of judgement, the big buttons.

use kubeconfig_inspector::{export::Format, time::Timestamp};
use yew::prelude::*;

use super::{
    browser::{self, Lock},
    choice::button,
    contexts::Rows,
    copying::{COPY_SUMMARY, copy_button},
    handover,
    icon::{Icon, icon},
    shared::Shared,
    state::{Action, Dialog, Dispatch, State},
};

/// Draws it.
pub(super) fn header(
    state: &UseReducerHandle<State>,
    rows: &Shared<Rows>,
    lock: &Lock,
    dispatch: &Dispatch,
) -> Html {
    let clear = {
        let dispatch = dispatch.clone();
        move |_| {
            browser::stop_reading();
            browser::forget();
            dispatch.dispatch(Action::ClickedClear);
            dispatch.dispatch(Action::Announced("Everything is forgotten.".to_owned()));
            browser::focus("input");
        }
    };
    html! {
        <header class="bar">
            <h1 class="name">{ logo() }{ "Kubeconfig Inspector" }</h1>
            { lock_chip(lock, dispatch) }
            <span class="grow"></span>
            if !state.is_blank() {
                { as_of(state, dispatch) }
                if let Some(format) = Format::named("markdown") {
                    { handover::button(COPY_SUMMARY, state, rows, format, |give| {
                        copy_button("Copy ticket summary", "", false, give, dispatch)
                    }) }
                }
                { button("Clear", clear) }
            }
            <button type="button" aria-label="Help and shortcuts" title="Help and shortcuts (?)"
                onclick={open(dispatch, Dialog::Help)}>{ "?" }</button>
        </header>
    }
}

fn open(dispatch: &Dispatch, dialog: Dialog) -> Callback<MouseEvent> {
    let dispatch = dispatch.clone();
    Callback::from(move |_| dispatch.dispatch(Action::ChoseDialog(Some(dialog.clone()))))
}

fn logo() -> Html {
    html! {
        <svg class="logo" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
            <path d="M12 2l8.7 5v10L12 22l-8.7-5V7z" />
            <circle cx="12" cy="12" r="3.4" />
        </svg>
    }
}

/// The outcome of the attempts that the page made to send something, not a promise.
fn lock_chip(lock: &Lock, dispatch: &Dispatch) -> Html {
    let tried = lock.refused.len() + lock.allowed.len();
    let (class, sign, words) = if lock.holds() {
        ("good", Icon::Lock, format!("Network locked: {tried} of {tried} tries refused"))
    } else if tried == 0 {
        ("bad", Icon::OpenLock, "Network not proven locked".to_owned())
    } else {
        let open = lock.allowed.len();
        ("bad", Icon::OpenLock, format!("Network open: {open} of {tried} tries got through"))
    };
    html! {
        <button type="button" class={classes!("chip", class)} aria-haspopup="dialog"
            onclick={open(dispatch, Dialog::Proof)}>{ icon(sign) }{ words }</button>
    }
}

/// The moment of judgement, which can be moved.
fn as_of(state: &State, dispatch: &Dispatch) -> Html {
    let on_change = {
        let dispatch = dispatch.clone();
        Callback::from(move |event: Event| {
            let as_of = browser::from_local(&browser::value(&event));
            dispatch.dispatch(Action::MovedAsOf { as_of, now: browser::now() });
        })
    };
    let reset = {
        let dispatch = dispatch.clone();
        move |_| dispatch.dispatch(Action::MovedAsOf { as_of: None, now: browser::now() })
    };
    html! {
        <span class={classes!("as-of", state.as_of.map(|_| "moved"))}>
            <label for="as-of">{ "As of" }</label>
            <input id="as-of" type="datetime-local" value={field_value(state.moment())}
                aria-describedby="as-of-utc" onchange={on_change} />
            <small id="as-of-utc">{ minute(state.moment()) }</small>
            if state.as_of.is_some() {
                { button("Now", reset) }
            }
        </span>
    }
}

/// `at` in the visitor's zone, as a `datetime-local` field wants it.
fn field_value(at: Timestamp) -> String {
    let minutes = browser::zone_minutes(at).unwrap_or(0);
    at.plus(i64::from(minutes) * 60).to_string().chars().take(16).collect()
}

/// `at` to the minute, in UTC.
fn minute(at: Timestamp) -> String {
    format!("{} UTC", at.words().chars().take(16).collect::<String>())
}
