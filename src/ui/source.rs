//! The text that was read, with line numbers, its secrets covered and its findings marked.

use std::{cell::RefCell, ops::Range};

use kubeconfig_inspector::{
    Report,
    checks::{Finding, Severity},
    export::{Mark as Hidden, marks as hidden},
    facts::{Chain, CredentialKind, Facts},
    kubeconfig::{Entry, File},
    pace::{Pace, at_once},
    source::{Place, Source},
};
use yew::prelude::*;

use super::{
    Task, Until, browser,
    choice::named_button,
    contexts::key_title,
    finding,
    fold::{Folded, Folding, Part},
    shared::Shared,
    state::{Action, Dispatch},
    strip::{count, size},
    untrusted::{untrusted, visible},
    window::{Lines, spacer, use_window},
};

/// What the view shows.
#[derive(Properties, PartialEq)]
pub(super) struct SourceViewProps {
    /// What was handed in.
    pub(super) source: Shared<Source>,
    /// What was found in it.
    pub(super) report: Shared<Report>,
    /// Index of the source in the report.
    pub(super) index: usize,
    /// Index of the input that it is.
    pub(super) input: usize,
    /// The line to point at.
    pub(super) line: Option<u32>,
    /// Where to tell what happened.
    pub(super) dispatch: Dispatch,
}

/// The lines in view.
const LINES: Lines = Lines { height: 24, in_view: 24, whole: 80 };

/// Lines between two places where covering can begin.
const STRIDE: usize = 64;
/// How many such strides are known before anybody scrolls: enough to guess how long the rest is.
const FIRST: usize = 4;
/// Bytes of which it is soon known what is secret in them.
const SHORT: usize = 100_000;
/// Bytes of the longest text whose structure is looked at.
const LONG: usize = 4_000_000;
/// Bytes of a text that a browser needs more than a moment to lay out for editing. No stray key opens it.
const HEAVY: usize = 500_000;

/// Which line of a long text stands where. What a line shows is not kept.
#[derive(Debug, Default)]
struct Index {
    /// What is not shown of each text; none when that is not known, and with it no line.
    hidden: Option<Vec<Vec<Hidden>>>,
    /// Every line whose number, counted from 0, is a multiple of [`STRIDE`].
    strides: Vec<At>,
    /// How many lines are known.
    known: usize,
    /// Where the first line stands that is not.
    end: At,
    /// The bytes of all lines that are known.
    bytes: usize,
    /// The bytes of the others.
    left: usize,
}

/// Where a line stands.
#[derive(Clone, Copy, Debug, Default)]
struct At {
    /// Which of the texts it is in.
    text: usize,
    /// Bytes of that text before it.
    byte: usize,
    /// Lines of that text before it.
    line: u32,
}

/// The texts of one source, each with the index of its file: the kubeconfigs in it, or itself when
/// there is none.
type Texts<'a> = Vec<(Option<usize>, &'a [u8])>;

/// Draws it.
#[component]
pub(super) fn SourceView(props: &SourceViewProps) -> Html {
    let SourceViewProps { source, report, line: pointed, .. } = props;
    let (pointed, given) = (*pointed, (source.clone(), report.clone(), props.index));
    let texts = texts(source, report, props.index);
    let index = use_memo(given.clone(), |_| {
        let mut index = Index::of(&texts);
        if index.left <= SHORT {
            index.hidden = Some(at_once(async |pace| all_hidden(&texts, pace).await));
        }
        (0..FIRST).for_each(|_| index.advance(&texts));
        RefCell::new(index)
    });
    let redraw = use_force_update();
    let (window, target, wants) = {
        let index = index.borrow();
        let window = use_window(LINES, index.known + index.more());
        let target = pointed.and_then(|it| index.find(&texts, it));
        let wanted = (window.range.end, pointed);
        let wants = (!index.reaches(wanted)).then_some(wanted);
        (window, target, wants)
    };
    {
        let index = index.clone();
        // Whoever scrolls on makes another plan; what is known by then stays known.
        use_effect_with((given, wants), move |(given, wants)| {
            let given = given.clone();
            let task = wants.map(|wanted| {
                Task::start(Some(0), move |until| async move {
                    reach(&index, &given, wanted, until).await;
                    redraw.force_update();
                })
            });
            move || drop(task)
        });
    }
    {
        let node = window.node.clone();
        use_effect_with((pointed, target), move |(_, target)| {
            if let Some(target) = target {
                let top = target.saturating_sub(4) * LINES.height;
                browser::scroll(&node, i32::try_from(top).unwrap_or(i32::MAX));
            }
        });
    }
    let edit = {
        let dispatch = props.dispatch.clone();
        move |_| {
            dispatch.dispatch(Action::ToggledEditor);
            browser::focus("input");
        }
    };
    let length = props.source.bytes.len();
    let [above, below] = window.spaces();
    html! {
        <section aria-labelledby="source-title">
            <div class="row">
                <h2 id="source-title">
                    { "Source" }<span>{ untrusted(&source.name) }</span>
                </h2>
                <span class="grow"></span>
                if HEAVY < length {
                    <button type="button" onclick={edit}>
                        { format!("Edit the text ({} MB: the page stands still meanwhile)", (length + 500_000) / 1_000_000) }
                    </button>
                } else {
                    { named_button("Edit the text", Some("edit"), None, Callback::from(edit)) }
                }
            </div>
            <div ref={&window.node} id="source" class="card source" tabindex="0" role="group" aria-busy={wants.map(|_| "true")}
                aria-labelledby="source-title" onscroll={&window.on_scroll} translate="no">
                <div class="lines">
                    { spacer(above) }
                    { drawn(props, &texts, &index.borrow(), window.range.clone()) }
                    { spacer(below) }
                </div>
            </div>
        </section>
    }
}

/// How many lines are wanted, and a number of a line that is to be among them.
type Wanted = (usize, Option<u32>);

/// Goes on until all that is wanted is known.
async fn reach(
    index: &RefCell<Index>,
    (source, report, n): &(Shared<Source>, Shared<Report>, usize),
    wanted: Wanted,
    until: Until,
) {
    let is_due = || until.get() <= browser::milliseconds();
    let (texts, pace) = (texts(source, report, *n), Pace::new(&is_due));
    if index.borrow().hidden.is_none() {
        let hidden = all_hidden(&texts, pace).await;
        index.borrow_mut().hidden = Some(hidden);
    }
    while !index.borrow().reaches(wanted) {
        index.borrow_mut().advance(&texts);
        pace.rest().await;
    }
}

/// What is not shown of each of `texts`. What is no kubeconfig has no fields, and of a very long text what
/// its lines tell has to do: to know its structure takes several times its room.
async fn all_hidden(texts: &Texts<'_>, pace: Pace<'_>) -> Vec<Vec<Hidden>> {
    let mut all = Vec::with_capacity(texts.len());
    for (file, text) in texts {
        let is_read = file.is_some() && text.len() <= LONG;
        all.push(if is_read { hidden(pace, text).await } else { Vec::new() });
    }
    all
}

fn texts<'a>(source: &'a Source, report: &'a Report, index: usize) -> Texts<'a> {
    let facts = &report.facts;
    let files = facts.sources.get(index).map(|it| it.files.as_slice()).unwrap_or_default();
    match files {
        [] => vec![(None, source.bytes.reveal())],
        files => files
            .iter()
            .filter_map(|file| Some((Some(*file), facts.text(*file)?.reveal().as_slice())))
            .collect(),
    }
}

impl At {
    /// The text from there on.
    fn text<'a>(self, texts: &Texts<'a>, hidden: &'a [Vec<Hidden>]) -> Option<Folding<'a>> {
        let (text, hidden) = (texts.get(self.text)?.1, hidden.get(self.text)?);
        Some(Folding::new(text.get(self.byte..)?, self.line + 1).with(hidden, text.len()))
    }
}

impl Index {
    fn of(texts: &Texts<'_>) -> Index {
        Index { left: texts.iter().map(|it| it.1.len()).sum(), ..Index::default() }
    }

    /// Learns where the lines of the next stride stand.
    fn advance(&mut self, texts: &Texts<'_>) {
        for _ in 0..STRIDE {
            let hidden = self.hidden.as_deref().unwrap_or_default();
            let Some(mut text) = self.end.text(texts, hidden) else { return };
            let before = text.left();
            if !text.pass() {
                self.end = At { text: self.end.text + 1, ..At::default() };
                continue;
            }
            if self.known.is_multiple_of(STRIDE) {
                self.strides.push(self.end);
            }
            let read = before - text.left();
            self.known += 1;
            self.end = At { byte: self.end.byte + read, line: text.line() - 1, ..self.end };
            (self.bytes, self.left) = (self.bytes + read, self.left - read);
        }
    }

    /// Whether that is known, or all is.
    fn reaches(&self, (lines, number): Wanted) -> bool {
        let passed = |it| it <= self.end.line || 0 < self.end.text;
        self.left == 0 || lines <= self.known && number.is_none_or(passed)
    }

    /// How many lines there are that are not known, about.
    fn more(&self) -> usize {
        // As long as nothing is known, there is nothing to scroll to.
        let average = self.bytes.checked_div(self.known).unwrap_or(self.left);
        self.left.div_ceil(average.max(1))
    }

    /// So many known lines from stride `n` on, each with the index of its file.
    fn read(&self, texts: &Texts<'_>, n: usize, most: usize) -> Vec<(Option<usize>, Folded)> {
        let hidden = self.hidden.as_deref().unwrap_or_default();
        let most = most.min(self.known.saturating_sub(n * STRIDE));
        let mut lines = Vec::with_capacity(most);
        let mut at = self.strides.get(n).copied().unwrap_or_default();
        while lines.len() < most
            && let Some((file, _)) = texts.get(at.text)
        {
            let text = at.text(texts, hidden).into_iter().flatten().take(most - lines.len());
            lines.extend(text.map(|it| (*file, it)));
            at = At { text: at.text + 1, ..At::default() };
        }
        lines
    }

    /// The index of the line that stands for number `line` of the first text.
    fn find(&self, texts: &Texts<'_>, line: u32) -> Option<usize> {
        let n = self.strides.partition_point(|it| it.text == 0 && it.line < line).checked_sub(1)?;
        let lines = self.read(texts, n, STRIDE);
        Some(n * STRIDE + lines.iter().position(|it| it.1.lines.contains(&line))?)
    }
}

/// The lines of `range`, as far as they are known.
fn drawn(props: &SourceViewProps, texts: &Texts<'_>, index: &Index, range: Range<usize>) -> Html {
    let n = range.start / STRIDE;
    let lines = index.read(texts, n, range.end - n * STRIDE);
    let lines = lines.get(range.start - n * STRIDE..).unwrap_or_default();
    let mut number = range.start;
    let mut drawn = Vec::with_capacity(lines.len());
    for piece in lines.chunk_by(|a, b| a.0 == b.0) {
        let Some(((file, first), (_, last))) = piece.first().zip(piece.last()) else { continue };
        let seen = first.lines.start..last.lines.end;
        let labels = file.map(|it| labels(&props.report.facts, it, &seen)).unwrap_or_default();
        let marks = marks(props, *file, &seen);
        for (_, it) in piece {
            drawn.push(line(it, number, &labels, &marks, props));
            number += 1;
        }
    }
    drawn.into_iter().collect()
}

fn line(
    it: &Folded,
    key: usize,
    labels: &[Label],
    marks: &[Mark<'_>],
    props: &SourceViewProps,
) -> Html {
    let number = it.lines.start;
    let mark = marks.iter().find(|it| it.0 == number).map(|it| it.1);
    let pointed = props.line.is_some_and(|line| it.lines.contains(&line));
    let tone = mark.map(|it| match it.check.severity {
        Severity::Error => "bad",
        Severity::Warning => "warn",
        Severity::Notice => "note",
    });
    // A label belongs to the one secret of its line; which is which of several, nobody knows.
    let secrets = it.parts.iter().filter(|it| matches!(it, Part::Covered(_))).count();
    let label = labels.iter().rfind(|it| it.0 == number && secrets == 1).map(|it| &it.1);
    html! {
        <div {key} class={classes!("line", tone, pointed.then_some("pointed"))}>
            <span class="number">{ number }</span>
            <span class="text" dir="ltr">
                { for it.parts.iter().map(|it| match it {
                    Part::Shown(text) => visible(text),
                    Part::Covered(n) => html! { <span class="fold">{ match label {
                        Some(label) => format!("••• {label}"),
                        None => format!("••• {n} characters covered"),
                    } }</span> },
                }) }
            </span>
            if let Some(mark) = mark {
                { link(finding::id(props.input, mark), mark.check.title) }
            }
        </div>
    }
}

/// The way from a line to its finding, which is drawn in the element with that id.
fn link(id: String, title: &'static str) -> Html {
    let go = move |_| browser::focus_behind(id.clone(), finding::MORE);
    html! { <button type="button" class="mark link" onclick={go}>{ title }</button> }
}

/// A line, and a finding in it.
type Mark<'a> = (u32, &'a Finding);

/// The findings in the lines `seen`, the worst of a line before the others.
fn marks<'a>(props: &'a SourceViewProps, file: Option<usize>, seen: &Range<u32>) -> Vec<Mark<'a>> {
    let findings = props.report.findings.iter().filter(|it| it.source == props.index);
    let here = findings.filter(|it| file.is_none_or(|file| it.place.file == file));
    let marks = here.filter_map(|it| Some((it.location?.line, it)));
    marks.filter(|it| seen.contains(&it.0)).collect()
}

/// A line, and what is behind a cover in it.
type Label = (u32, String);

/// The labels of the lines `seen`, and of a few around them.
fn labels(facts: &Facts, file: usize, seen: &Range<u32>) -> Vec<Label> {
    let mut labels = Vec::new();
    let Some(it) = facts.files.get(file) else { return labels };
    let mut put = |place: &Place, words: String| {
        // Only where the very field is written: its parent stands on another line.
        if let Some(at) = it.positions.locate(&place.path) {
            labels.push((at.line, words));
        }
    };
    let clusters = facts.clusters.get(file).map(Vec::as_slice).unwrap_or_default();
    for (entry, cluster) in near(it, &it.config.clusters, clusters, seen) {
        if entry.body.certificate_authority_data.is_some() {
            put(
                &entry.place.field("cluster").field("certificate-authority-data"),
                chain(&cluster.ca),
            );
        }
    }
    let users = facts.users.get(file).map(Vec::as_slice).unwrap_or_default();
    for (entry, user) in near(it, &it.config.users, users, seen) {
        let place = entry.place.field("user");
        let certificates = user.credentials.iter().find_map(|it| match &it.kind {
            CredentialKind::ClientCertificate(it) => Some(it),
            _ => None,
        });
        if let (Some(_), Some(it)) = (&entry.body.client_certificate_data, certificates) {
            put(&place.field("client-certificate-data"), chain(&it.chain));
        }
        let data = entry.body.client_key_data.as_ref().and_then(|it| it.bytes.as_ref().ok());
        if let (Some(data), Some(Ok(key))) = (data, certificates.and_then(|it| it.key.as_ref())) {
            put(
                &place.field("client-key-data"),
                format!("{} key, {}", key_title(&key.title, key.bits), size(data.len())),
            );
        }
        if !entry.body.token.is_empty() {
            put(&place.field("token"), format!("token, {}", size(entry.body.token.len())));
        }
        if !entry.body.password.is_empty() {
            put(&place.field("password"), "password".to_owned());
        }
    }
    labels
}

/// The entries that reach into the lines `seen`, and what is known of each.
fn near<'a, E, K>(
    file: &File,
    entries: &'a [Entry<E>],
    known: &'a [K],
    seen: &Range<u32>,
) -> impl Iterator<Item = (&'a Entry<E>, &'a K)> + use<'a, E, K> {
    let line = |it: &Entry<E>| file.positions.locate(&it.place.path).map_or(0, |it| it.line);
    let start = entries.partition_point(|it| line(it) <= seen.start).saturating_sub(1);
    let end = entries.partition_point(|it| line(it) < seen.end);
    entries.iter().zip(known).take(end).skip(start)
}

/// Certificates in words, as `EC P-256 certificate, until 2027-01-10`.
fn chain(chain: &Chain) -> String {
    match (chain.leaf(), chain.certificates.len()) {
        (Some(leaf), 1) => {
            let key = key_title(&leaf.key.title, leaf.key.bits);
            match leaf.validity.not_after {
                Some(end) => format!("{key} certificate, until {}", end.date()),
                None => format!("{key} certificate"),
            }
        }
        (_, n) => count(n, "certificate", "certificates"),
    }
}

#[cfg(test)]
mod tests {
    use kubeconfig_inspector::source::Source;
    use yew::prelude::*;

    use super::{SHORT, SourceView};
    use crate::ui::{
        drawing::{report, text},
        shared::Shared,
        state::State,
    };

    /// A kubeconfig of so many users whose secrets only its structure tells.
    fn odd(n: usize) -> String {
        let user = "- name: u\n  user:\n    ? token\n    : PWPW\n    jwt: [PWPW]\n    as: bob\n";
        format!("kind: Config\nusers:\n{}", user.repeat(n))
    }

    #[derive(PartialEq, Properties)]
    struct PageProps {
        text: String,
    }

    #[component]
    fn Page(PageProps { text }: &PageProps) -> Html {
        let state = use_reducer(State::default);
        let source = Shared::new(Source::new("config", text.as_str()));
        html! {
            <SourceView {source} report={report(text)} index=0 input=0 line={None::<u32>}
                dispatch={state.dispatcher()} />
        }
    }

    #[test]
    fn what_only_the_structure_tells_is_covered() {
        let drawn = text(|| html! { <Page text={odd(2)} /> });
        assert_eq!(drawn.matches("•••").count(), 4, "{drawn}");
        assert!(drawn.contains("as: bob") && !drawn.contains("PWPW"), "{drawn}");
        // Of a long text that is not known at once, and no line is drawn until it is.
        let drawn = text(|| html! { <Page text={odd(SHORT / 50)} /> });
        assert!(drawn.contains("Source") && !drawn.contains("PWPW"), "{drawn}");
    }
}
