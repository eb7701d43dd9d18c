//! The files that were handed in, and whether they are read one by one or as one.

use kubeconfig_inspector::{Report, export::kubeconfig, pace::Pace, secret::Secret};
use yew::prelude::*;

use super::{
    Until,
    browser::{self, PageEvent, Unread},
    choice::{button, segments},
    copying::save_button,
    handover,
    icon::{Icon, icon},
    landing,
    shared::Shared,
    standing::Tone,
    state::{Action, Dispatch, Input, LONG, State},
    untrusted::{plain, untrusted, visible},
};

/// How many files are shown as chips; more are in a list.
pub(super) const CHIPS: usize = 8;
/// Files that could not be read are named up to this many.
const UNREAD: usize = 20;

/// What was handed in and could not be read, and why. The rest is answered.
pub(super) fn unread(files: &[Unread], dispatch: &Dispatch) -> Html {
    if files.is_empty() {
        return html! {};
    }
    let dispatch = dispatch.clone();
    let dismiss = move |_| dispatch.dispatch(Action::DismissedUnread);
    html! {
        <div class="alert unread" role="alert">
            { Tone::Bad.icon() }
            <div>
                <p>{ match files.len() {
                    1 => "The browser could not read a file that was handed in.".to_owned(),
                    n => format!("The browser could not read {n} files that were handed in."),
                } }</p>
                <ul>{ for files.iter().take(UNREAD).map(|it| html! {
                    <li>{ untrusted(&it.name) }<small>{ visible(&it.why) }</small></li>
                }) }</ul>
                if !browser::opens_folders() {
                    <p>{ "Drop a folder on the place that appears for it, or choose it with the button." }</p>
                }
                if UNREAD < files.len() {
                    <p>{ format!("The first {UNREAD} are named.") }</p>
                }
            </div>
            { button("Dismiss", dismiss) }
        </div>
    }
}

/// Draws it.
pub(super) fn strip(
    state: &UseReducerHandle<State>,
    give: &Callback<PageEvent>,
    dispatch: &Dispatch,
) -> Html {
    let many = CHIPS < state.inputs.len();
    html! {
        <section class="strip" aria-label="Files">
            if many {
                { list(state, dispatch) }
            } else {
                <ul class="chips">{ for state.inputs.iter().enumerate().map(|(n, it)| {
                    chip(n, it, n == state.active, 1 < state.inputs.len(), dispatch)
                }) }</ul>
            }
            { landing::picker("Add files", false, give) }
            { landing::picker("Add a folder", true, give) }
            <span class="grow"></span>
            if 1 < state.inputs.len() + state.coming {
                { merge_choice(state, dispatch) }
            }
            { progress(state, dispatch) }
        </section>
    }
}

fn chip(index: usize, input: &Input, active: bool, several: bool, dispatch: &Dispatch) -> Html {
    let choose = {
        let dispatch = dispatch.clone();
        move |_| dispatch.dispatch(Action::ChoseInput(index))
    };
    let remove = {
        let dispatch = dispatch.clone();
        move |_| {
            browser::forget();
            dispatch.dispatch(Action::RemovedInput(index));
        }
    };
    let name = &input.source.name;
    let trouble = input.report().is_some_and(|it| is_rejected(it) || is_mended(it));
    html! {
        <li class={classes!("file", active.then_some("active"))}>
            <button type="button" class="file-name" aria-pressed={several.then(|| active.to_string())}
                onclick={choose}>
                if trouble { { Tone::Bad.icon() } } else { { icon(Icon::File) } }
                { untrusted(name) }
                <small>{ size(input.source.bytes.len()) }</small>
                if trouble { <small class="bad">{ "refused" }</small> }
            </button>
            <button type="button" class="remove" aria-label={format!("Remove {}", plain(name))}
                onclick={remove}>{ icon(Icon::Cross) }</button>
        </li>
    }
}

/// Whether kubectl refuses a source of `report` that could be read all the same.
fn is_mended(report: &Report) -> bool {
    report.facts.sources.iter().any(|it| it.refusal.is_some())
}

/// Whether kubectl refuses a file of `report`, or there is none to be found in it.
pub(super) fn is_rejected(report: &Report) -> bool {
    report.facts.files.iter().any(|it| it.refusal.is_some())
        || report
            .facts
            .sources
            .iter()
            .any(|it| it.files.is_empty() && it.certificates.is_empty() && it.tokens.is_empty())
}

/// One line for many files, with a list to choose from.
fn list(state: &State, dispatch: &Dispatch) -> Html {
    let bytes: usize = state.inputs.iter().map(|it| it.source.bytes.len()).sum();
    let choose = {
        let dispatch = dispatch.clone();
        Callback::from(move |event: Event| {
            if let Ok(index) = super::browser::value(&event).parse() {
                dispatch.dispatch(Action::ChoseInput(index));
            }
        })
    };
    html! {
        <label class="many">
            { format!("{} files, {}", state.inputs.len(), size(bytes)) }
            <select onchange={choose} aria-label="File to look at">
                { for state.inputs.iter().enumerate().map(|(n, it)| html! {
                    <option value={n.to_string()} selected={n == state.active}>
                        { plain(&it.source.name) }
                    </option>
                }) }
            </select>
        </label>
    }
}

/// The file that says the same as all files in `joined`.
async fn one_file(joined: Shared<Report>, until: Until) -> Secret<String> {
    let is_due = || until.get() <= browser::milliseconds();
    let facts = &joined.facts;
    let Some(reading) = facts.readings.first() else { return Secret::default() };
    kubeconfig::merged_at(Pace::new(&is_due), facts, reading).await
}

fn merge_choice(state: &UseReducerHandle<State>, dispatch: &Dispatch) -> Html {
    const WAYS: [(&str, Option<usize>); 2] =
        [("Each file by itself", None), ("Merged as KUBECONFIG would", None)];
    let choose = {
        let dispatch = dispatch.clone();
        Callback::from(move |n| {
            let dispatch = dispatch.clone();
            // Redrawing all takes a turn, and laying it out another.
            browser::later(0, move || dispatch.dispatch(Action::ChoseMerged(n == 1)));
        })
    };
    let joined = state
        .joined
        .as_ref()
        .map(|it| it.report.clone())
        .filter(|it| state.merged && !is_rejected(it));
    html! {
        <>
            { segments("merged", "How several files are read", &WAYS, state.merged.into(), &choose) }
            if let Some(joined) = joined {
                { handover::writing_button(MERGED, state, move |it| Box::pin(one_file(joined.clone(), it)), |give| {
                    save_button("Save as one file, secrets included", MERGED.to_owned(), "application/yaml", give, dispatch)
                }) }
            }
        </>
    }
}

/// What the merged file is called.
const MERGED: &str = "kubeconfig-merged.yaml";

/// How far the reading of several files is, or of a long one, with the way to stop it or to go on.
fn progress(state: &State, dispatch: &Dispatch) -> Html {
    let (done, all) = (state.done(), state.inputs.len() + state.coming);
    let stopped = state.cancelled && done < all;
    let is_short = all == 1 && state.inputs.iter().all(|it| it.source.bytes.len() < LONG);
    if is_short || !stopped && !state.busy() {
        return html! {};
    }
    let (told, words) = match (stopped, all) {
        (true, 1) => ("Stopped".to_owned(), "Read it"),
        (true, _) => (format!("Stopped: read {done} of {all} files"), "Read the rest"),
        (false, 1) => ("Reading".to_owned(), "Cancel"),
        (false, _) => (format!("Read {done} of {all} files"), "Cancel"),
    };
    // How far a single file is, nobody knows.
    let value = (stopped || 1 < all).then(|| done.to_string());
    let press = {
        let dispatch = dispatch.clone();
        move |_| {
            dispatch.dispatch(if stopped {
                Action::ClickedContinue
            } else {
                Action::ClickedCancel
            });
        }
    };
    html! {
        <div class="progress">
            <label>{ told }<progress value={value} max={all.to_string()} /></label>
            { button(words, press) }
        </div>
    }
}

/// A number of bytes in words.
pub(super) fn size(bytes: usize) -> String {
    match bytes {
        1 => "1 byte".to_owned(),
        0..1_024 => format!("{bytes} bytes"),
        1_024..1_048_576 => format!("{}.{} KB", bytes / 1_024, bytes % 1_024 * 10 / 1_024),
        _ => format!("{}.{} MB", bytes / 1_048_576, bytes % 1_048_576 * 10 / 1_048_576),
    }
}

/// A number with its noun.
pub(super) fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}
