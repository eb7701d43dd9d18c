//! What can be taken away: summaries and tables that are safe to share.

use std::{cell::RefCell, pin::Pin, rc::Rc};

use kubeconfig_inspector::{
    Report,
    export::{Format, Selection, export_at},
    pace::Pace,
    secret::Secret,
};
use yew::prelude::*;

use super::{
    Task, Until, browser,
    choice::{check, segments},
    contexts::{self, Line, Rows},
    copying::{COPY_SUMMARY, SAVE, Then, cancel_button, copy_button, save_button},
    own_turn,
    shared::Shared,
    state::{self, Action, Dispatch, Scope, State, Taking},
};

/// Draws it.
pub(super) fn handover(
    state: &UseReducerHandle<State>,
    rows: &Shared<Rows>,
    dispatch: &Dispatch,
) -> Html {
    html! {
        <section aria-labelledby="handover">
            <h2 id="handover">
                { "Take it with you" }<span>{ "no key, token or password is in any of these" }</span>
            </h2>
            { scope(state, dispatch) }
            <ul class="card formats">{ for Format::ALL.iter().map(|it| html! {
                <li>
                    <span>
                        { it.title }<small>{ it.file_name }</small>
                        if it.name == "redacted" { { redaction(state.taking, dispatch) } }
                    </span>
                    { button(it.title, state, rows, it, |give| {
                        copy_button("Copy", it.title, false, give, dispatch)
                    }) }
                    { button(it.file_name, state, rows, it, |give| {
                        save_button(SAVE, it.file_name.to_owned(), it.media_type, give, dispatch)
                    }) }
                </li>
            }) }</ul>
        </section>
    }
}

const SCOPES: [(Scope, &str); 3] = [
    (Scope::All, "All contexts"),
    (Scope::Shown, "Those in the table"),
    (Scope::Open, "The open one"),
];

/// Which contexts are spoken of, where there is a choice.
fn scope(state: &State, dispatch: &Dispatch) -> Html {
    let reports = state.reports();
    let readings = reports.iter().flat_map(|(_, it)| &it.facts.readings);
    if readings.map(|it| it.contexts.len()).sum::<usize>() < 2 {
        return html! {};
    }
    let (taking, dispatch) = (state.taking, dispatch.clone());
    let choose = Callback::from(move |n: usize| {
        let scope = SCOPES.get(n).map(|it| it.0).unwrap_or_default();
        dispatch.dispatch(Action::ChoseTaking(Taking { scope, ..taking }));
    });
    let chosen = SCOPES.iter().position(|it| it.0 == taking.scope).unwrap_or_default();
    html! {
        <div class="controls">
            <span class="soft" aria-hidden="true">{ SPOKEN_OF }</span>
            { segments("scope", SPOKEN_OF, &SCOPES.map(|it| (it.1, None)), chosen, &choose) }
        </div>
    }
}

const SPOKEN_OF: &str = "Contexts in the summary, the tables and the calendar";

/// How much of a kubeconfig stays when its secrets go.
fn redaction(taking: Taking, dispatch: &Dispatch) -> Html {
    let toggle = |taking: Taking| {
        let dispatch = dispatch.clone();
        Callback::from(move |_: Event| dispatch.dispatch(Action::ChoseTaking(taking)))
    };
    let Taking { without_certificates, without_names, .. } = taking;
    html! {
        <>
            { check("Certificates as fingerprints", without_certificates,
                toggle(Taking { without_certificates: !without_certificates, ..taking })) }
            { check("Names and addresses replaced", without_names,
                toggle(Taking { without_names: !without_names, ..taking })) }
        </>
    }
}

thread_local! {
    /// What is being written. Dropped, it stops.
    static WRITING: RefCell<Option<Rc<Task>>> = const { RefCell::new(None) };
}

/// Gives up what is being written.
pub(super) fn stop_writing() {
    WRITING.set(None);
}

/// The button called `name`, as `draw` draws it, for a text in `format`.
pub(super) fn button(
    name: &'static str,
    state: &UseReducerHandle<State>,
    rows: &Shared<Rows>,
    format: &'static Format,
    draw: impl FnOnce(Callback<Then>) -> Html,
) -> Html {
    let (writer, rows) = (state.clone(), rows.clone());
    let text = move |until| Box::pin(written(writer.clone(), rows.clone(), format, until)) as Text;
    writing_button(name, state, text, draw)
}

/// The button called `name`, as `draw` draws it, for what `write` writes. What is not written within
/// the click is written between frames; meanwhile the button stops it.
pub(super) fn writing_button(
    name: &'static str,
    state: &UseReducerHandle<State>,
    write: impl Fn(Until) -> Text + 'static,
    draw: impl FnOnce(Callback<Then>) -> Html,
) -> Html {
    if state.writing == Some(name) {
        let id = (name == COPY_SUMMARY).then_some(COPY_SUMMARY);
        return cancel_button(id, &state.dispatcher());
    }
    let state = state.clone();
    draw(Callback::from(move |then| {
        if state.writing.is_some() {
            let words = "Something else is being written. Wait for it, or cancel it.";
            return state.dispatch(Action::Announced(words.to_owned()));
        }
        let writer = state.clone();
        let task = Task::start(None, |until| {
            let text = write(until.clone());
            hand_on(text, writer, then, until)
        });
        if task.goes_on() {
            WRITING.set(Some(task));
            state.dispatch(Action::BeganWriting(name));
        }
    }))
}

/// A text that is being written, wiped like any that holds keys, as one of them does.
pub(super) type Text = Pin<Box<dyn Future<Output = Secret<String>>>>;

async fn hand_on(text: Text, state: UseReducerHandle<State>, then: Then, until: Until) {
    let began = until.get();
    let text = text.await;
    if until.get() != began {
        // For the browser, to take it is long work as well.
        own_turn().await;
        state.dispatch(Action::EndedWriting);
    }
    then(Rc::new(text));
}

async fn written(
    state: UseReducerHandle<State>,
    rows: Shared<Rows>,
    format: &Format,
    until: Until,
) -> Secret<String> {
    let is_due = || until.get() <= browser::milliseconds();
    let pace = Pace::new(&is_due);
    let report = whole(&state, pace).await;
    let selection = selection(&state, &rows, &report);
    let mut text = export_at(pace, &report, format, &selection).await;
    // To wipe room that was never used would take as long as to wipe the text.
    text.shrink_to_fit();
    Secret::new(text)
}

/// One report of everything on the page.
async fn whole(state: &State, pace: Pace<'_>) -> Shared<Report> {
    match state.reports().as_slice() {
        [(_, only)] if state.message.trim().is_empty() && state.inputs.len() == 1 => only.clone(),
        _ => {
            let mut all = state.inspect_together(pace).await;
            all.diagnosis.clone_from(&state.diagnosis);
            Shared::new(all)
        }
    }
}

/// What was chosen, in terms of `whole`.
fn selection(state: &State, rows: &Rows, whole: &Report) -> Selection {
    let reports = state.reports();
    let chosen: Option<Vec<state::Selection>> = match state.taking.scope {
        Scope::All => None,
        Scope::Open => Some(super::subject(state, &reports).map(|it| it.0).into_iter().collect()),
        Scope::Shown => {
            let row = |it: &Line| match it {
                Line::Row(it) => it.selection(rows),
                Line::Group(..) => None,
            };
            Some(contexts::arrange(rows, &state.table).iter().filter_map(row).collect())
        }
    };
    let in_whole = |it| state.entry_in(whole, it);
    Selection {
        contexts: chosen.map(|it| it.into_iter().filter_map(in_whole).collect()),
        without_certificates: state.taking.without_certificates,
        without_names: state.taking.without_names,
    }
}
