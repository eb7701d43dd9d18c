//! What can be taken away: summaries and tables that are safe to share.

use kubeconfig_inspector::{
    Report,
    export::{self, Format, Selection},
    kubeconfig::EntryRef,
    pace::at_once,
};
use yew::prelude::*;

use super::{
    choice::{check, segments},
    contexts::{self, Line},
    copying::{SAVE, copy_button, save_button},
    shared::Shared,
    state::{self, Action, Dispatch, Scope, State, Taking},
};

/// Draws it.
pub(super) fn handover(state: &UseReducerHandle<State>, dispatch: &Dispatch) -> Html {
    html! {
        <section aria-labelledby="handover">
            <h2 id="handover">
                { "Take it with you" }<span>{ "no key, token or password is in any of these" }</span>
            </h2>
            { scope(state, dispatch) }
            <ul class="card formats">{ for Format::ALL.iter().map(|it| {
                let text = text(state, it);
                let bytes = text.clone();
                html! {
                    <li>
                        <span>
                            { it.title }<small>{ it.file_name }</small>
                            if it.name == "redacted" { { redaction(state.taking, dispatch) } }
                        </span>
                        { copy_button("Copy", it.title, text, dispatch) }
                        { save_button(SAVE, it.file_name.to_owned(), it.media_type, move || bytes().into_bytes(), dispatch) }
                    </li>
                }
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

/// Writes `format`, when it is asked for.
pub(super) fn text(
    state: &UseReducerHandle<State>,
    format: &'static Format,
) -> impl Fn() -> String + Clone + 'static {
    let state = state.clone();
    move || {
        let report = whole(&state);
        export::export(&report, format, &selection(&state, &report))
    }
}

/// One report of everything on the page.
fn whole(state: &State) -> Shared<Report> {
    match state.reports().as_slice() {
        [(_, only)] if state.message.trim().is_empty() && state.inputs.len() == 1 => only.clone(),
        // What is copied must be there while the button is still pressed.
        _ => Shared::new(at_once(async |pace| state.inspect_together(pace).await)),
    }
}

/// What was chosen, in terms of `whole`.
fn selection(state: &State, whole: &Report) -> Selection {
    let reports = state.reports();
    let chosen: Option<Vec<state::Selection>> = match state.taking.scope {
        Scope::All => None,
        Scope::Open => Some(super::subject(state, &reports).map(|it| it.0).into_iter().collect()),
        Scope::Shown => {
            let rows = contexts::rows(&reports);
            let row = |it: &Line| match it {
                Line::Row(n) => rows.get(*n).map(|it| it.selection),
                Line::Group(..) => None,
            };
            Some(contexts::arrange(&rows, &state.table).iter().filter_map(row).collect())
        }
    };
    // Beside others, the files of an input have other numbers than alone.
    let in_whole = |it: state::Selection| {
        let (first, _) = reports.get(it.report)?;
        let file = match state.merged {
            true => it.entry.file,
            false => *whole.facts.sources.get(*first)?.files.get(it.entry.file)?,
        };
        Some(EntryRef { file, ..it.entry })
    };
    Selection {
        contexts: chosen.map(|it| it.into_iter().filter_map(in_whole).collect()),
        without_certificates: state.taking.without_certificates,
        without_names: state.taking.without_names,
    }
}
