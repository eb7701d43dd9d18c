//! What the page remembers, and the one function that changes it.
//!
//! Nothing in here touches the browser: the moment of judgement travels inside the actions,
//! and inspecting is done by whoever sees work to do, in slices, and handed back.

use std::{collections::BTreeMap, rc::Rc, slice};

use kubeconfig_inspector::{
    Options, Report,
    diagnose::{Diagnosis, Prediction, predict_at},
    facts::Reading,
    inspect_at,
    intake::Format,
    kubeconfig::EntryRef,
    pace::Pace,
    source::{Place, Source},
    time::Timestamp,
};
use yew::{AttrValue, Reducible};

use super::{
    browser::{PASTED, Portion, Unread},
    contexts::{self, Row, Rows},
    shared::Shared,
};

/// How components tell the page what happened.
pub(super) type Dispatch = yew::UseReducerDispatcher<State>;

/// Everything the page remembers.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct State {
    /// What was handed in, in order.
    pub(super) inputs: Vec<Input>,
    /// All of it read as `KUBECONFIG=a:b:c` would; only while `merged` is chosen.
    pub(super) joined: Option<Answer>,
    /// Whether the files are read as one.
    pub(super) merged: bool,
    /// Which input the verdict, the editor and the source view are about.
    pub(super) active: usize,
    /// Whether the text of the active input is open for editing.
    pub(super) editing: bool,
    /// What was handed in last and could not be read.
    pub(super) unread: Vec<Unread>,
    /// How many files more were handed in, which the browser is still reading.
    pub(super) coming: usize,
    /// What kubectl said.
    pub(super) message: String,
    /// What that means for these files.
    pub(super) diagnosis: Vec<Diagnosis>,
    /// The visitor's clock at the last change.
    pub(super) now: Timestamp,
    /// The moment of judgement, when the visitor chose one.
    pub(super) as_of: Option<Timestamp>,
    /// The context whose details are open; none means the current one.
    pub(super) selection: Option<Selection>,
    /// The part of the details that is open.
    pub(super) tab: usize,
    /// What the table shows.
    pub(super) table: TableView,
    /// What of it all is handed over.
    pub(super) taking: Taking,
    /// The button whose text is being written, by a name of its own.
    pub(super) writing: Option<&'static str>,
    /// The version of a cluster, as the visitor entered it.
    pub(super) cluster_version: String,
    /// Secrets that the visitor asked to see, as (input, place).
    pub(super) revealed: Vec<(usize, Place)>,
    /// The line that the source view points at.
    pub(super) line: Option<u32>,
    /// Whether the editor makes room for the answer as soon as there is one.
    pub(super) settling: bool,
    /// Whether single keys are left to the browser and to programs that read the screen.
    pub(super) keys_off: bool,
    /// The dialog that is open.
    pub(super) dialog: Option<Dialog>,
    /// What happened and shows nowhere else; said for a few seconds.
    pub(super) announcement: String,
    /// Counts the times when the editor must take its text from here, as it did not come from it.
    pub(super) version: u32,
    /// Counts changes of what there is to inspect, so that late results can be told apart.
    pub(super) generation: u32,
    /// Whether the visitor asked to stop reading files.
    pub(super) cancelled: bool,
}

/// One thing that was handed in.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Input {
    /// Its name and bytes.
    pub(super) source: Shared<Source>,
    /// What was found in it; of an earlier text while `fresh` is false.
    pub(super) answer: Option<Answer>,
    /// Whether the answer is about this text and this moment.
    pub(super) fresh: bool,
}

/// What was found.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Answer {
    /// All of it.
    pub(super) report: Shared<Report>,
    /// Its contexts in words.
    pub(super) rows: Shared<Vec<Row>>,
    /// What kubectl will say with them.
    expected: Shared<Vec<Prediction>>,
}

/// A context somewhere in the reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Selection {
    /// Index of the report among [`State::reports`].
    pub(super) report: usize,
    /// Where its entry stands.
    pub(super) entry: EntryRef,
}

/// What the contexts table shows, and in which order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct TableView {
    /// Words that a row must hold.
    pub(super) filter: String,
    /// The state that a row must be in.
    pub(super) only: Only,
    /// What the rows are grouped by.
    pub(super) grouping: Grouping,
    /// The column to sort by, and whether downwards; none is the order of the files.
    pub(super) sort: Option<(Column, bool)>,
}

/// A state that rows can be narrowed to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Only {
    /// No narrowing.
    #[default]
    All,
    /// Past its end.
    Expired,
    /// Near its end, or in its rotation window.
    Due,
    /// Has every right, or usually has.
    Admin,
    /// Does not verify the server.
    Unverified,
    /// Runs a program.
    Exec,
}

/// What rows can be grouped by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Grouping {
    /// Not at all.
    #[default]
    None,
    /// Who the API server sees.
    Identity,
    /// With which groups it sees them.
    Groups,
    /// The server.
    Cluster,
    /// The file.
    File,
}

/// A column that the table can be sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    /// Name of the context.
    Context,
    /// Host of the server.
    Server,
    /// How the server is verified.
    Tls,
    /// Who the API server sees.
    Identity,
    /// Kind of credential.
    Credential,
    /// When it stops working.
    Expires,
    /// How long it lives in all.
    Lifetime,
}

/// What of it all is handed over, and how much of it is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Taking {
    /// Which contexts.
    pub(super) scope: Scope,
    /// Whether a redacted kubeconfig has fingerprints in the place of certificates.
    pub(super) without_certificates: bool,
    /// Whether a redacted kubeconfig has other names and addresses.
    pub(super) without_names: bool,
}

/// Which contexts are handed over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Scope {
    /// All that there are.
    #[default]
    All,
    /// Those that the table shows.
    Shown,
    /// The one whose details are open.
    Open,
}

/// A window over the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Dialog {
    /// Shortcuts and what the page does.
    Help,
    /// What the browser forbids, and how to check it.
    Proof,
    /// This text, which the browser did not let be copied.
    Text(AttrValue),
}

/// Something that happened, in the past tense.
#[derive(Debug)]
pub(super) enum Action {
    /// Dropped, picked or tried files, or pasted a text, of which this portion has been read, at `now`.
    GaveFiles { portion: Portion, now: Timestamp },
    /// Read which files could not be read.
    DismissedUnread,
    /// Typed or pasted into the editor, which now holds `text`.
    EditedText { text: String, pasted: bool, now: Timestamp },
    /// A slice of the work came back.
    Inspected { generation: u32, answers: Vec<(usize, Answer)> },
    /// All files as one came back.
    InspectedMerged { generation: u32, answer: Answer },
    /// kubectl's message was read against the files.
    Diagnosed { generation: u32, diagnosis: Vec<Diagnosis> },
    /// Asked to stop reading files.
    ClickedCancel,
    /// Asked to go on with it.
    ClickedContinue,
    /// Asked us to forget everything.
    ClickedClear,
    /// Took a file away.
    RemovedInput(usize),
    /// Chose the file that the page is about.
    ChoseInput(usize),
    /// Chose between each file by itself and all as one.
    ChoseMerged(bool),
    /// Opened or closed the editor.
    ToggledEditor,
    /// Entered what kubectl said.
    EnteredMessage(String),
    /// Moved the moment of judgement; none is the clock.
    MovedAsOf { as_of: Option<Timestamp>, now: Timestamp },
    /// Opened the details of a context.
    ChoseContext(Selection),
    /// Opened a part of the details.
    ChoseTab(usize),
    /// Changed what the table shows.
    ChangedTable(TableView),
    /// Chose what is handed over.
    ChoseTaking(Taking),
    /// Began to write what the button of that name is for, which is going to take a while.
    BeganWriting(&'static str),
    /// Wrote it, or gave it up.
    EndedWriting,
    /// Entered the version of a cluster.
    EnteredVersion(String),
    /// Switched single keys off, or on again.
    ToggledKeys,
    /// Went to a line of a file.
    WentToLine { input: usize, line: u32 },
    /// Asked to see a secret, or to hide it again.
    ToggledSecret { input: usize, place: Place },
    /// The window lost the focus.
    LeftWindow,
    /// Opened a dialog, or closed the one that is open.
    ChoseDialog(Option<Dialog>),
    /// Something happened that shows nowhere else; empty when it was said long enough.
    Announced(String),
}

impl State {
    /// The moment of judgement.
    pub(super) fn moment(&self) -> Timestamp {
        self.as_of.unwrap_or(self.now)
    }

    /// The reports to show, each with the index of the input that its first source is.
    pub(super) fn reports(&self) -> Vec<(usize, Shared<Report>)> {
        match &self.joined {
            Some(joined) if self.merged => vec![(0, joined.report.clone())],
            _ => {
                let with_index = self.inputs.iter().enumerate();
                with_index.filter_map(|(n, it)| Some((n, it.report()?.clone()))).collect()
            }
        }
    }

    /// The rows of each of them.
    pub(super) fn rows(&self) -> Rows {
        match &self.joined {
            Some(joined) if self.merged => vec![joined.rows.clone()],
            _ => {
                self.inputs.iter().filter_map(|it| Some(it.answer.as_ref()?.rows.clone())).collect()
            }
        }
    }

    /// What kubectl will say with what is shown, and the first context with which it will.
    pub(super) fn expected(&self) -> impl Iterator<Item = (&Prediction, Option<Selection>)> {
        let joined = self.joined.iter().filter(|_| self.merged);
        let apart = self.inputs.iter().filter(|_| !self.merged || self.joined.is_none());
        let answers = joined.chain(apart.filter_map(|it| it.answer.as_ref()));
        answers.enumerate().flat_map(|(report, answer)| {
            answer.expected.iter().map(move |it| {
                let named = |row: &&Row| it.contexts.first() == Some(&row.name);
                let row = answer.rows.iter().find(named);
                (it, row.map(|row| Selection { report, entry: row.entry }))
            })
        })
    }

    /// Whether there is nothing, and nothing is coming.
    pub(super) fn is_blank(&self) -> bool {
        self.inputs.is_empty() && (self.coming == 0 || self.cancelled)
    }

    /// How many inputs have been inspected.
    pub(super) fn done(&self) -> usize {
        self.inputs.iter().filter(|it| it.fresh).count()
    }

    /// The next inputs to inspect, unless the visitor cancelled.
    pub(super) fn pending(&self) -> impl Iterator<Item = usize> {
        let inputs = if self.cancelled || self.merged { &[] } else { self.inputs.as_slice() };
        inputs.iter().enumerate().filter(|(_, it)| !it.fresh).map(|(n, _)| n)
    }

    /// Whether there is something to inspect. As one, files are read when the last is there.
    pub(super) fn waits(&self) -> bool {
        match self.merged {
            true => self.joined.is_none() && self.coming == 0,
            false => self.pending().next().is_some(),
        }
    }

    /// Whether there is something left to read.
    pub(super) fn busy(&self) -> bool {
        self.waits() || 0 < self.coming && !self.cancelled
    }

    /// Whether a context was found in the active input.
    fn is_readable(&self) -> bool {
        let report = self.inputs.get(self.active).and_then(Input::report);
        report.is_some_and(|it| it.facts.readings.iter().any(|it| !it.contexts.is_empty()))
    }

    /// Inspects input `index` by itself.
    pub(super) async fn inspect(&self, index: usize, pace: Pace<'_>) -> Option<Answer> {
        let source = slice::from_ref(&*self.inputs.get(index)?.source);
        let report = inspect_at(pace, source, self.moment(), &Options::default()).await;
        Some(Answer::new(report, pace).await)
    }

    /// Inspects all inputs at once: for what needs to see them together.
    pub(super) async fn inspect_together(&self, pace: Pace<'_>) -> Report {
        let sources: Vec<Source> = self.inputs.iter().map(|it| Source::clone(&it.source)).collect();
        let options = Options { merge: self.merged, message: None };
        inspect_at(pace, &sources, self.moment(), &options).await
    }

    /// The same entry in a report of all inputs: beside others, the files of an input have other
    /// numbers than alone.
    pub(super) fn entry_in(&self, whole: &Report, it: Selection) -> Option<EntryRef> {
        let file = match self.merged {
            true => it.entry.file,
            false => {
                let (first, _) = *self.reports().get(it.report)?;
                *whole.facts.sources.get(first)?.files.get(it.entry.file)?
            }
        };
        Some(EntryRef { file, ..it.entry })
    }

    fn add(&mut self, sources: Vec<Source>) {
        // How often each name was given; with a number, none that stands here may be given.
        let mut given: BTreeMap<&str, usize> = BTreeMap::new();
        for it in &sources {
            given.insert(&it.name, 0);
        }
        for it in &self.inputs {
            given.insert(&it.source.name, 1);
        }
        let mut names = Vec::with_capacity(sources.len());
        for Source { name, .. } in &sources {
            let mut n = given.get(name.as_str()).map_or(1, |it| it + 1);
            let mut free = name.clone();
            while 1 < n {
                free = format!("{name} ({n})");
                if !given.contains_key(free.as_str()) {
                    break;
                }
                n += 1;
            }
            given.insert(name, n);
            names.push(free);
        }
        for (source, name) in sources.into_iter().zip(names) {
            let source = Shared::new(Source { name, ..source });
            self.inputs.push(Input { source, answer: None, fresh: false });
        }
    }

    /// Notes that what there is to inspect has changed.
    fn touch(&mut self) {
        self.announcement.clear();
        self.writing = None;
        self.generation = self.generation.wrapping_add(1);
        self.cancelled = false;
        self.joined = None;
    }

    /// Judges everything again.
    fn judge_again(&mut self) {
        for input in &mut self.inputs {
            input.fresh = false;
        }
        self.touch();
    }

    fn edit(&mut self, text: String, now: Timestamp) {
        self.now = now;
        if self.inputs.is_empty() {
            if !text.is_empty() {
                self.add(vec![Source::new(PASTED, text)]);
                self.touch();
            }
            return;
        }
        if let Some(input) = self.inputs.get_mut(self.active) {
            input.source = Shared::new(Source::new(input.source.name.clone(), text));
            input.fresh = false;
        }
        self.revealed.clear();
        self.touch();
    }

    /// Moves a message of kubectl that was pasted with the file, or instead of it, to its own
    /// field. Beside files, nothing is left of what was a message and nothing else.
    fn take_message(&mut self, index: usize) {
        let Some(report) = self.inputs.get(index).and_then(Input::report) else { return };
        let Some(source) = report.facts.sources.first() else { return };
        let Some(message) = &source.intake.message else { return };
        let readings = &report.facts.readings;
        let is_empty = |it: &Reading| {
            let it = &it.merged;
            it.contexts.is_empty() && it.clusters.is_empty() && it.users.is_empty()
        };
        let is_all = source.name.starts_with(PASTED)
            && matches!(source.intake.format, Format::Unknown | Format::Kubeconfig)
            && readings.iter().all(is_empty);
        let is_beside = is_all && 1 < self.inputs.len();
        if is_beside || self.message.trim().is_empty() {
            self.message.clone_from(message);
        }
        if is_beside {
            self.inputs.remove(index);
            self.active = self.active.min(self.inputs.len().saturating_sub(1));
            self.editing = false;
            self.version += 1;
        }
    }
}

impl Input {
    /// What was found in it.
    pub(super) fn report(&self) -> Option<&Shared<Report>> {
        Some(&self.answer.as_ref()?.report)
    }
}

impl Answer {
    /// Puts the contexts of `report` into words.
    pub(super) async fn new(report: Report, pace: Pace<'_>) -> Answer {
        let rows = Shared::new(contexts::rows(pace, &report).await);
        let expected = Shared::new(predict_at(pace, &report.facts).await);
        Answer { report: Shared::new(report), rows, expected }
    }
}

/// Bytes of a text that is not read before the next frame. To lay it out in the editor would take a
/// browser longer than to read it.
pub(super) const LONG: usize = 200_000;

impl Reducible for State {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        let mut state = Rc::unwrap_or_clone(self);
        match action {
            Action::DismissedUnread => state.unread = Vec::new(),
            Action::GaveFiles { portion, now } => {
                state.coming = portion.coming;
                // Whoever has read the first answer is left alone when more files arrive.
                if portion.continues {
                    state.unread.extend(portion.unread);
                    state.add(portion.sources);
                    return state.into();
                }
                state.version += 1;
                state.unread = portion.unread;
                if portion.sources.is_empty() {
                    return state.into();
                }
                state.now = now;
                state.active = state.inputs.len();
                state.selection = None;
                state.editing = false;
                state.add(portion.sources);
                state.touch();
            }
            Action::EditedText { text, pasted, now } => {
                // Whoever pastes a value into a file that can be read goes on editing it.
                state.settling = pasted && !state.is_readable();
                state.editing = !state.settling || text.len() < LONG;
                state.edit(text, now);
            }
            Action::Inspected { generation, answers } => {
                if generation != state.generation {
                    return state.into();
                }
                for (index, answer) in answers.into_iter().rev() {
                    if let Some(input) = state.inputs.get_mut(index) {
                        input.answer = Some(answer);
                        input.fresh = true;
                    }
                    state.take_message(index);
                }
                // What could not be read stays open where it can be mended.
                if state.settling && state.pending().next().is_none() {
                    state.settling = false;
                    state.editing = !state.is_readable();
                }
            }
            Action::InspectedMerged { generation, answer } => {
                if generation == state.generation {
                    state.joined = Some(answer);
                }
            }
            Action::Diagnosed { generation, diagnosis } => {
                if generation == state.generation {
                    state.diagnosis = diagnosis;
                }
            }
            Action::ClickedCancel => state.cancelled = true,
            Action::ClickedContinue => state.cancelled = false,
            Action::ClickedClear => {
                let generation = state.generation.wrapping_add(1);
                let version = state.version + 1;
                let State { now, keys_off, .. } = state;
                state = State { generation, version, now, keys_off, ..State::default() };
            }
            Action::RemovedInput(index) => {
                state.version += 1;
                if index < state.inputs.len() {
                    state.inputs.remove(index);
                    state.active = state.active.min(state.inputs.len().saturating_sub(1));
                    state.selection = None;
                    state.revealed.clear();
                    state.line = None;
                    state.touch();
                }
            }
            Action::ChoseInput(index) => {
                state.version += 1;
                state.active = index;
                state.selection = None;
                state.line = None;
                state.editing = false;
            }
            Action::ChoseMerged(merged) => {
                state.merged = merged;
                state.selection = None;
                state.touch();
            }
            Action::ToggledEditor => {
                state.editing = !state.editing;
                state.revealed.clear();
            }
            Action::EnteredMessage(message) => {
                state.message = message;
                if state.message.trim().is_empty() {
                    state.diagnosis = Vec::new();
                }
            }
            Action::MovedAsOf { as_of, now } => {
                state.as_of = as_of;
                state.now = now;
                state.judge_again();
            }
            Action::ChoseContext(selection) => {
                state.selection = Some(selection);
                state.revealed.clear();
            }
            Action::ChoseTab(tab) => state.tab = tab,
            Action::ChangedTable(table) => state.table = table,
            Action::ChoseTaking(taking) => state.taking = taking,
            Action::BeganWriting(name) => {
                // What was said before would stand in the way of the word that says so.
                state.announcement.clear();
                state.writing = Some(name);
            }
            Action::EndedWriting => state.writing = None,
            Action::EnteredVersion(version) => state.cluster_version = version,
            Action::ToggledKeys => state.keys_off = !state.keys_off,
            Action::WentToLine { input, line } => {
                state.active = input;
                state.line = Some(line);
            }
            Action::ToggledSecret { input, place } => {
                let key = (input, place);
                match state.revealed.iter().position(|it| *it == key) {
                    Some(at) => drop(state.revealed.remove(at)),
                    None => state.revealed.push(key),
                }
            }
            Action::LeftWindow => {
                state.revealed.clear();
                state.editing = false;
            }
            Action::ChoseDialog(dialog) => state.dialog = dialog,
            Action::Announced(text) => state.announcement = text,
        }
        state.into()
    }
}

#[cfg(test)]
mod tests {
    use kubeconfig_inspector::pace::at_once;

    use super::*;

    const NOW: Timestamp = Timestamp(1_800_000_000);

    fn portion(names: &[&str]) -> Portion {
        let sources = names.iter().map(|it| Source::new(*it, "")).collect();
        Portion { sources, ..Portion::default() }
    }

    fn given(names: &[&str]) -> Rc<State> {
        let portion = portion(names);
        Rc::new(State::default()).reduce(Action::GaveFiles { portion, now: NOW })
    }

    fn look(state: &State, index: usize) -> Option<Answer> {
        at_once(async |pace| state.inspect(index, pace).await)
    }

    fn inspected(state: Rc<State>) -> Rc<State> {
        let answers = state.pending().filter_map(|n| Some((n, look(&state, n)?))).collect();
        let generation = state.generation;
        state.reduce(Action::Inspected { generation, answers })
    }

    fn names(state: &State) -> Vec<&str> {
        state.inputs.iter().map(|it| it.source.name.as_str()).collect()
    }

    #[test]
    fn a_message_that_is_pasted_beside_a_file_goes_to_its_field() {
        let paste = |state: Rc<State>, text: &str| {
            let sources = vec![Source::new(PASTED, text)];
            let portion = Portion { sources, ..Portion::default() };
            inspected(state.reduce(Action::GaveFiles { portion, now: NOW }))
        };
        let first = "Unable to connect to the server: EOF";
        // By itself it stays where it can be seen.
        let state = paste(Rc::new(State::default()), first);
        assert_eq!((names(&state), state.message.as_str()), (vec![PASTED], first));
        let state = paste(given(&["a"]), first);
        assert_eq!((names(&state), state.active, state.message.as_str()), (vec!["a"], 0, first));
        let second = "error: You must be logged in to the server (Unauthorized)";
        let state = paste(state, second);
        assert_eq!((names(&state), state.message.as_str()), (vec!["a"], second));
        // What is no message, and what is more than one, is kept.
        let pem = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\nerror: no";
        assert_eq!(names(&paste(state.clone(), pem)), ["a", PASTED]);
        let state = paste(state, "hello");
        let state = paste(state, &format!("contexts: [{{name: a, context: {{}}}}]\n# {first}"));
        assert_eq!(names(&state), ["a", "pasted", "pasted (2)"]);
        assert_eq!(state.message, second);
    }

    #[test]
    fn what_kubectl_will_say_leads_to_its_own_file() {
        let text = "users: [{name: u, user: {username: u, as-groups: [g]}}]
contexts: [{name: dev, context: {user: u}}]";
        let sources =
            vec![Source::new("a", "contexts: [{name: dev, context: {}}]"), Source::new("b", text)];
        let portion = Portion { sources, ..Portion::default() };
        let state =
            inspected(Rc::new(State::default()).reduce(Action::GaveFiles { portion, now: NOW }));
        let open: Vec<_> = state.expected().filter_map(|(_, with)| Some(with?.report)).collect();
        assert_eq!(open, [0, 1]);
    }

    #[test]
    fn files_of_one_name_are_told_apart() {
        assert_eq!(
            names(&given(&["config", "config", "config"])),
            ["config", "config (2)", "config (3)"]
        );
        // A file keeps a name that no other has.
        let state = given(&["a", "a", "a (2)"]);
        assert_eq!(names(&state), ["a", "a (3)", "a (2)"]);
        let portion = portion(&["a", "a (2)", "b"]);
        let state = state.reduce(Action::GaveFiles { portion, now: NOW });
        assert_eq!(names(&state)[3..], ["a (4)", "a (2) (2)", "b"]);
    }

    #[test]
    fn later_portions_leave_whoever_reads_the_first_alone() {
        let unread = |name: &str| vec![Unread { name: name.to_owned(), why: String::new() }];
        let give = |state: Rc<State>, names: &[&str], missing, continues, coming| {
            let unread = unread(missing);
            let portion = Portion { unread, continues, coming, ..portion(names) };
            state.reduce(Action::GaveFiles { portion, now: NOW })
        };
        let state = inspected(give(given(&["z"]), &["a"], "b", false, 3));
        // A file is there and answered, and more are coming.
        assert_eq!((state.active, state.waits(), state.busy()), (1, false, true));
        let state = state.reduce(Action::ToggledEditor).reduce(Action::ClickedCancel);
        let before = (state.active, state.editing, state.version, state.generation);
        let state = give(state, &["c", "d"], "e", true, 0);
        assert_eq!((state.active, state.editing, state.version, state.generation), before);
        assert_eq!(names(&state), ["z", "a", "c", "d"]);
        let missing: Vec<_> = state.unread.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(missing, ["b", "e"]);
        assert!(!state.busy());
        let state = state.reduce(Action::ClickedContinue);
        assert_eq!(state.pending().collect::<Vec<_>>(), [2, 3]);
    }

    #[test]
    fn a_page_to_which_files_are_coming_is_not_blank() {
        let first = Portion { coming: 2, ..portion(&["a"]) };
        let state =
            Rc::new(State::default()).reduce(Action::GaveFiles { portion: first, now: NOW });
        let state = state.reduce(Action::RemovedInput(0));
        assert!(!state.is_blank());
        assert!(state.clone().reduce(Action::ClickedCancel).is_blank());
        let last = Portion { continues: true, ..Portion::default() };
        assert!(state.reduce(Action::GaveFiles { portion: last, now: NOW }).is_blank());
    }

    #[test]
    fn files_are_read_as_one_when_the_last_is_there() {
        let first = Portion { coming: 1, ..portion(&["a"]) };
        let state =
            Rc::new(State::default()).reduce(Action::GaveFiles { portion: first, now: NOW });
        let state = state.reduce(Action::ChoseMerged(true));
        assert_eq!((state.waits(), state.busy()), (false, true));
        let last = Portion { continues: true, ..portion(&["b"]) };
        let state = state.reduce(Action::GaveFiles { portion: last, now: NOW });
        assert!(state.waits());
    }

    #[test]
    fn what_was_given_is_inspected_once() {
        let state = given(&["a", "b"]);
        assert!(state.busy());
        assert_eq!(state.pending().collect::<Vec<_>>(), [0, 1]);
        let state = inspected(state);
        assert!(!state.busy());
        assert_eq!(state.done(), 2);
        assert_eq!(state.reports().len(), 2);
    }

    #[test]
    fn late_results_are_dropped() {
        let state = given(&["a"]);
        let answers = vec![(0, look(&state, 0).unwrap())];
        let late = state.generation;
        let state = state.reduce(Action::EditedText { text: "b".into(), pasted: false, now: NOW });
        let state = state.reduce(Action::Inspected { generation: late, answers });
        assert_eq!(state.done(), 0);
    }

    #[test]
    fn clear_forgets_everything_but_the_count_of_changes() {
        let state = inspected(given(&["a"]));
        let state = state.reduce(Action::EnteredMessage("Unauthorized".to_owned()));
        let cleared = state.clone().reduce(Action::ClickedClear);
        assert_ne!(cleared.version, state.version);
        let blank = State {
            version: cleared.version,
            generation: cleared.generation,
            now: cleared.now,
            ..State::default()
        };
        assert_eq!(*cleared, blank);
    }

    #[test]
    fn what_is_written_of_something_else_is_given_up() {
        let moved = || Action::MovedAsOf { as_of: Some(Timestamp(2_000_000_000)), now: NOW };
        let rows = [Action::ClickedClear, Action::RemovedInput(0), moved(), Action::EndedWriting];
        for change in rows {
            let state = inspected(given(&["a"])).reduce(Action::BeganWriting("b"));
            assert_eq!(state.writing, Some("b"));
            let words = format!("{change:?}");
            assert_eq!(state.reduce(change).writing, None, "{words}");
        }
    }

    #[test]
    fn moving_the_moment_judges_everything_again() {
        let state = inspected(given(&["a", "b"]));
        let as_of = Some(Timestamp(2_000_000_000));
        let state = state.reduce(Action::MovedAsOf { as_of, now: NOW });
        assert_eq!(state.done(), 0);
        // What was found before stays on the screen until then.
        assert_eq!(state.reports().len(), 2);
        let state = inspected(state);
        assert!(state.reports().iter().all(|(_, it)| it.facts.now == Timestamp(2_000_000_000)));
    }

    #[test]
    fn secrets_are_covered_again() {
        let secret = || Action::ToggledSecret { input: 0, place: Place::default() };
        let rows = [Action::LeftWindow, Action::ClickedClear, Action::RemovedInput(0), secret()];
        for cover in rows {
            let state = inspected(given(&["a"])).reduce(secret());
            assert_eq!(state.revealed.len(), 1);
            let words = format!("{cover:?}");
            assert!(state.reduce(cover).revealed.is_empty(), "{words}");
        }
    }

    #[test]
    fn the_editor_makes_room_for_an_answer_and_stays_for_who_goes_on_editing() {
        let readable = "contexts: [{name: a, context: {}}]";
        let edit = |text: &str, pasted| Action::EditedText { text: text.into(), pasted, now: NOW };
        let rows = [
            ("typed", vec![edit(readable, false)], true),
            ("pasted", vec![edit(readable, true)], false),
            ("pasted, and cannot be read", vec![edit("{", true)], true),
            ("pasted over what cannot be read", vec![edit("{", true), edit(readable, true)], false),
            ("pasted while editing", vec![edit(readable, false), edit(readable, true)], true),
        ];
        for (how, edits, stays) in rows {
            let state = Rc::new(State::default());
            let state = edits.into_iter().fold(state, |state, it| inspected(state.reduce(it)));
            assert_eq!(state.editing, stays, "{how}");
        }
    }

    #[test]
    fn a_file_is_never_uncovered_unasked() {
        let give = || {
            let sources = vec![Source::new("a", "{token: abc")];
            let portion = Portion { sources, ..Portion::default() };
            inspected(Rc::new(State::default()).reduce(Action::GaveFiles { portion, now: NOW }))
        };
        assert!(!give().editing);
        let editing = give().reduce(Action::ToggledEditor);
        assert!(editing.editing);
        assert!(!editing.reduce(Action::LeftWindow).editing);
    }

    #[test]
    fn cancel_leaves_what_was_read() {
        let state = given(&["a", "b"]);
        let answers = vec![(0, look(&state, 0).unwrap())];
        let generation = state.generation;
        let state = state.reduce(Action::Inspected { generation, answers });
        let state = state.reduce(Action::ClickedCancel);
        assert!(!state.busy());
        assert_eq!((state.done(), state.reports().len()), (1, 1));
        assert!(state.reduce(Action::ClickedContinue).busy());
    }
}
