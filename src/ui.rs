//! What the visitor sees. Every component is a function of [`state::State`] or of a part of a
//! report; only [`browser`] talks to the browser.

mod browser;
mod shared;
mod state;
mod untrusted;
mod window;
mod icon;
mod choice;
mod standing;
mod contexts;
mod fold;
mod sample;
mod copying;
mod header;
mod landing;
mod editor;
mod strip;
mod message;
mod verdict;
mod finding;
mod shadowed;
mod table;
mod detail;
mod commands;
mod files;
mod secrets;
mod timeline;
mod source;
mod handover;
mod dialog;
#[cfg(test)]
mod drawing;

use std::{
    cell::{Cell, RefCell},
    pin::Pin,
    rc::Rc,
    task::{Context, Waker},
};

use kubeconfig_inspector::{
    Report,
    diagnose::diagnose_at,
    pace::{Pace, at_once},
};
use yew::prelude::*;

use self::{
    browser::{PageEvent, Portion},
    detail::Subject,
    dialog::Dialogs,
    editor::Editor,
    finding::FindingList,
    shadowed::Shadowed,
    shared::Shared,
    source::SourceView,
    state::{Action, Answer, Dialog, Dispatch, LONG, Selection, State},
    table::ContextTable,
    timeline::Timeline,
};

/// Starts the page.
pub(crate) fn mount() {
    if let Some(root) = browser::root() {
        draw(root, false);
        rehearse();
    }
}

fn draw(root: browser::Root, rehearsal: bool) {
    yew::Renderer::<App>::with_root_and_props(root, AppProps { rehearsal }).render();
}

/// What a page is for.
#[derive(Properties, PartialEq)]
struct AppProps {
    /// Whether it only answers a sample, where nobody sees it.
    rehearsal: bool,
}

/// The whole page.
#[component]
fn App(props: &AppProps) -> Html {
    let rehearsal = props.rehearsal;
    let state = use_reducer(|| if rehearsal { sampled() } else { State::default() });
    let lock = use_memo((), |()| browser::lock());
    let dragging = use_state_eq(|| false);
    let dispatch = state.dispatcher();
    let ears = (dispatch.clone(), dragging.setter(), state.keys_off);
    let give = use_callback(ears, |event, (dispatch, dragging, keys_off)| match event {
        PageEvent::Pressed(_) if *keys_off => {}
        event => heard(event, dispatch, dragging),
    });
    use_effect_with(give.clone(), move |give| {
        let ears = (!rehearsal).then(|| browser::listen(give.clone()));
        move || drop(ears)
    });
    let (held, empty) = (!rehearsal && browser::holds_focus(), state.is_blank());
    use_effect(move || {
        // What had the focus may be gone; the answer is what people want next.
        if held && !browser::holds_focus() {
            browser::keep_focus(if empty { "input" } else { "verdict" });
        }
    });
    use_inspection(&state);
    use_forgetting(&state);
    use_effect_with(state.writing, |it| {
        if it.is_none() {
            handover::stop_writing();
        }
    });

    let reports = state.reports();
    let parts = use_parts(!reports.is_empty());
    let rows = Shared::from(use_memo(reports.clone(), |_| state.rows()));
    let subject = subject(&state, &reports);
    use_diagnosis(&state, subject.as_ref().map(|it| it.0));
    let current = state.inputs.get(state.active);
    let said = match state.announcement.as_str() {
        "" if state.writing.is_some() => "Writing…",
        said => said,
    };
    html! {
        <>
            { header::header(&state, &rows, &lock, &dispatch) }
            { status(told(&state, subject.as_ref(), &reports)) }
            { status(message::told(&state)) }
            <main class={empty.then_some("landing")}>
                if empty {
                    { landing::promise(&lock) }
                } else {
                    { strip::strip(&state, &give, &dispatch) }
                }
                { strip::unread(&state.unread, &dispatch) }
                if (empty && lock.holds()) || state.editing {
                    <Editor key="editor" input={current.cloned()} version={state.version}
                        line={state.line} closable={!empty} give={give.clone()}
                        dispatch={dispatch.clone()} />
                }
                if empty {
                    { landing::samples(&dispatch) }
                    if lock.holds() {
                        { landing::reasons() }
                    }
                } else {
                    { answer(&state, subject.as_ref(), &reports) }
                    { message::message(&state, &dispatch) }
                    if 0 < parts {
                        <FindingList reports={reports.clone()} active={state.active} dispatch={dispatch.clone()} />
                    }
                    <Shadowed reports={reports.clone()} />
                    if 1 < parts && rows.iter().any(|it| !it.is_empty()) {
                        <ContextTable rows={rows.clone()} view={state.table.clone()} now={state.moment()} changing={state.busy() || state.editing}
                            selection={subject.as_ref().map(|it| it.0)} dispatch={dispatch.clone()} />
                    }
                    if 2 < parts {
                        if let Some((selection, subject)) = &subject {
                            { detail::detail(subject, &state, &dispatch) }
                            { secrets::secrets(subject, selection.report, &state.revealed, &dispatch) }
                        }
                    }
                    if 3 < parts {
                        <Timeline reports={reports.clone()} now={state.moment()} />
                    }
                    if 4 < parts {
                        { source(&state, &dispatch) }
                    }
                    if 5 < parts {
                        { handover::handover(&state, &rows, &dispatch) }
                    }
                }
            </main>
            if let Some(open) = &state.dialog {
                <Dialogs open={open.clone()} lock={(*lock).clone()} keys_off={state.keys_off}
                    dispatch={dispatch.clone()} />
            }
            if *dragging {
                { landing::targets(&give) }
            }
            <div class={if said.is_empty() { "offscreen" } else { "toast" }} role="status">{ said }</div>
        </>
    }
}

/// What happened to the page as a whole.
fn heard(event: PageEvent, dispatch: &Dispatch, dragging: &UseStateSetter<bool>) {
    let now = browser::now();
    match event {
        PageEvent::Gave(portion) => {
            let answers = !portion.continues && !portion.sources.is_empty();
            dispatch.dispatch(Action::GaveFiles { portion, now });
            if answers {
                browser::focus("verdict");
            }
        }
        PageEvent::Dragging(it) => dragging.set(it),
        PageEvent::Left => dispatch.dispatch(Action::LeftWindow),
        PageEvent::Pressed(key) => match key.as_str() {
            "?" => dispatch.dispatch(Action::ChoseDialog(Some(Dialog::Help))),
            "/" => browser::focus("find"),
            "c" => browser::press("copy-summary"),
            "e" if browser::is_there("input") => {
                dispatch.dispatch(Action::ToggledEditor);
                browser::focus("input");
            }
            "e" => browser::press("edit"),
            _ => {}
        },
    }
}

/// The context that verdict and details are about: the chosen one, else the current one of the
/// active input, else its first.
fn subject<'a>(
    state: &State,
    reports: &'a [(usize, Shared<Report>)],
) -> Option<(Selection, Subject<'a>)> {
    let all = |report: usize| {
        let it = reports.get(report).map(|(_, it)| it);
        it.into_iter().flat_map(move |it| {
            it.facts.readings.iter().flat_map(|it| &it.contexts).map(move |context| {
                let entry = context.effective.entry;
                (Selection { report, entry }, Subject { report: it, context })
            })
        })
    };
    let chosen = state.selection;
    if let Some(it) = chosen.and_then(|chosen| all(chosen.report).find(|it| it.0 == chosen)) {
        return Some(it);
    }
    let report = reports.iter().rposition(|(first, _)| *first <= state.active)?;
    all(report).find(|it| it.1.context.effective.current).or_else(|| all(report).next())
}

/// The verdict, or what stands in its place.
fn answer(
    state: &State,
    subject: Option<&(Selection, Subject<'_>)>,
    reports: &[(usize, Shared<Report>)],
) -> Html {
    if let Some((_, it)) = subject {
        return verdict::verdict(it.report, it.context);
    }
    match active(state, reports) {
        Some((report, index)) => verdict::without_context(report, index),
        None if state.cancelled => html! { <p class="card empty">{ "Nothing was read." }</p> },
        None => html! { <p class="card empty" role="status">{ "Reading…" }</p> },
    }
}

/// The report on the active input, and the index of its source in there.
fn active<'a>(
    state: &State,
    reports: &'a [(usize, Shared<Report>)],
) -> Option<(&'a Report, usize)> {
    let (first, report) = reports.iter().rfind(|(first, _)| *first <= state.active)?;
    Some((report, state.active - first))
}

/// Words for a screen reader, which says them when they change.
fn status(words: Option<String>) -> Html {
    html! { <div class="offscreen" role="status">{ words }</div> }
}

/// The verdict in words.
fn told(
    state: &State,
    subject: Option<&(Selection, Subject<'_>)>,
    reports: &[(usize, Shared<Report>)],
) -> Option<String> {
    match subject {
        Some((_, it)) => Some(verdict::told(it.report, it.context)),
        None => {
            active(state, reports).and_then(|(report, index)| verdict::told_without(report, index))
        }
    }
}

/// The text of the active input.
fn source(state: &State, dispatch: &Dispatch) -> Html {
    let Some(input) = state.inputs.get(state.active).filter(|_| !state.editing) else {
        return html! {};
    };
    let (report, index) = match &state.joined {
        Some(joined) if state.merged => (joined.report.clone(), state.active),
        _ => match input.report() {
            Some(report) => (report.clone(), 0),
            None => return html! {},
        },
    };
    html! {
        <SourceView source={input.source.clone()} report={report} index={index} input={state.active}
            line={state.line} dispatch={dispatch.clone()} />
    }
}

/// How long one slice of work may take, in milliseconds: short enough for scrolling to go on.
const SLICE: f64 = 12.0;
/// How long results are kept before they are drawn, in milliseconds: drawing takes time as well.
const GATHER: f64 = 300.0;

/// Inspects what has not been inspected: the first slice at once, so that a single file is
/// answered before the next frame, the others between frames. A long one has no such hope.
#[hook]
fn use_inspection(state: &UseReducerHandle<State>) {
    let started = use_mut_ref(|| u32::MAX);
    let state = state.clone();
    let progress = (state.generation, state.done(), state.pending().next(), state.waits());
    use_effect_with(progress, move |_| {
        let first = started.replace(state.generation) != state.generation;
        let next = state.pending().next().and_then(|it| state.inputs.get(it));
        let is_long = state.merged || next.is_some_and(|it| LONG < it.source.bytes.len());
        let delay = (!first || is_long).then_some(0);
        let waits = state.waits();
        let task = waits.then(|| Task::start(delay, |until| inspect_all(state, first, until)));
        // Whatever comes next makes its own plan.
        move || drop(task)
    });
}

/// Inspects what is left, and tells what it found as soon as it is time to draw.
async fn inspect_all(state: UseReducerHandle<State>, first: bool, until: Until) {
    let began = until.get();
    let is_due = || until.get() <= browser::milliseconds();
    let pace = Pace::new(&is_due);
    let generation = state.generation;
    if state.merged {
        let answer = Answer::new(state.inspect_together(pace).await, pace).await;
        own_turn().await;
        return state.dispatch(Action::InspectedMerged { generation, answer });
    }
    let draw_at = if first { 0.0 } else { browser::milliseconds() + GATHER };
    let mut answers = Vec::new();
    for index in state.pending() {
        answers.extend(state.inspect(index, pace).await.map(|it| (index, it)));
        if draw_at <= browser::milliseconds() {
            break;
        }
        pace.rest().await;
    }
    // Unless the answer is there at once.
    if !first || until.get() != began {
        own_turn().await;
    }
    state.dispatch(Action::Inspected { generation, answers });
}

/// Leaves what comes next, as drawing, a turn of its own.
async fn own_turn() {
    Pace::new(&|| true).rest().await;
}

/// When the slice that is being done is to end, in milliseconds.
type Until = Rc<Cell<f64>>;

/// Work that is done in slices, between which the browser draws and hears keys. Whoever drops it stops
/// it; what it finds it tells by itself.
struct Task {
    work: RefCell<Pin<Box<dyn Future<Output = ()>>>>,
    until: Until,
    timer: RefCell<Option<browser::Timer>>,
}

impl Task {
    /// Starts `work` after so many milliseconds, or at once.
    fn start<F: Future<Output = ()> + 'static>(
        delay: Option<i32>,
        work: impl FnOnce(Until) -> F,
    ) -> Rc<Task> {
        let until = Until::default();
        let work = RefCell::new(Box::pin(work(until.clone())) as Pin<Box<dyn Future<Output = ()>>>);
        let task = Rc::new(Task { work, until, timer: RefCell::default() });
        match delay {
            Some(delay) => task.go_on_after(delay),
            None => task.go_on(),
        }
        task
    }

    /// Whether there is another slice of it to come.
    fn goes_on(&self) -> bool {
        self.timer.borrow().is_some()
    }

    fn go_on(self: &Rc<Task>) {
        self.until.set(browser::milliseconds() + SLICE);
        let done = {
            let context = &mut Context::from_waker(Waker::noop());
            self.work.borrow_mut().as_mut().poll(context).is_ready()
        };
        match done {
            true => drop(self.timer.take()),
            false => self.go_on_after(0),
        }
    }

    fn go_on_after(self: &Rc<Task>, delay: i32) {
        let task = Rc::downgrade(self);
        let go_on = move || {
            if let Some(task) = task.upgrade() {
                task.go_on();
            }
        };
        *self.timer.borrow_mut() = browser::after(delay, go_on);
    }
}

/// Milliseconds after which a frame with the verdict has been painted.
const PAINTED: i32 = 30;

/// Parts of the page that stand below the verdict.
const PARTS: u8 = 6;

/// How many of these are drawn. The verdict is painted before them, and each has a turn of its own.
#[hook]
fn use_parts(answered: bool) -> u8 {
    let parts = use_state_eq(|| 0);
    let drawn = if answered { *parts } else { 0 };
    use_effect_with((answered, drawn), move |(answered, drawn)| {
        let next = drawn + 1;
        let delay = if *drawn == 0 { PAINTED } else { 0 };
        let timer = match answered {
            true if next <= PARTS => browser::after(delay, move || parts.set(next)),
            true => None,
            false => {
                parts.set(0);
                None
            }
        };
        move || drop(timer)
    });
    drawn
}

/// Stops saying what happened after a while.
#[hook]
fn use_forgetting(state: &UseReducerHandle<State>) {
    let dispatch = state.dispatcher();
    use_effect_with(state.announcement.clone(), move |it| {
        let forget = move || dispatch.dispatch(Action::Announced(String::new()));
        let timer = (!it.is_empty()).then(|| browser::after(4_000, forget));
        move || drop(timer)
    });
}

/// Milliseconds of rest before each step of the rehearsal.
const REST: i32 = 100;

/// Answers a sample where nobody sees it, unless there is something to answer already. A browser compiles
/// what has never run, and matches styles and shapes letters that it has never met: the first kubeconfig
/// would wait for that longer than for its answer.
fn rehearse() {
    // In parts, so that none is long.
    unless_answered(|| {
        drop(at_once(async |pace| sampled().inspect(0, pace).await));
        unless_answered(|| {
            let Some(root) = browser::detached() else { return };
            draw(root.clone(), true);
            unless_answered(move || browser::lay_out(&root));
        });
    });
}

fn unless_answered(then: impl FnOnce() + 'static) {
    browser::later(REST, || {
        if !browser::is_there("verdict") {
            then();
        }
    });
}

/// The state in which the first sample was handed in.
fn sampled() -> State {
    let sources = sample::ALL.iter().take(1).map(sample::Sample::source).collect();
    let portion = Portion { sources, ..Portion::default() };
    let given = Action::GaveFiles { portion, now: browser::now() };
    Rc::unwrap_or_clone(Rc::new(State::default()).reduce(given))
}

/// Reads kubectl's message against the files, and the context that is looked at, when one of them
/// has changed.
#[hook]
fn use_diagnosis(state: &UseReducerHandle<State>, open: Option<Selection>) {
    let state = state.clone();
    let asked = (state.message.clone(), state.generation, state.busy(), state.merged, open);
    use_effect_with(asked, move |_| {
        let asks = !state.message.trim().is_empty() && !state.busy() && !state.inputs.is_empty();
        let task = asks.then(|| Task::start(Some(120), |until| diagnose_all(state, open, until)));
        move || drop(task)
    });
}

async fn diagnose_all(state: UseReducerHandle<State>, open: Option<Selection>, until: Until) {
    let is_due = || until.get() <= browser::milliseconds();
    let pace = Pace::new(&is_due);
    let generation = state.generation;
    let (whole, open) = match state.reports().as_slice() {
        [(_, only)] => (only.clone(), open.map(|it| it.entry)),
        _ => {
            let whole = Shared::new(state.inspect_together(pace).await);
            let open = open.and_then(|it| state.entry_in(&whole, it));
            (whole, open)
        }
    };
    let diagnosis = diagnose_at(pace, &whole.facts, &state.message, open).await;
    state.dispatch(Action::Diagnosed { generation, diagnosis });
}
