//! The text that was read, with line numbers, its secrets covered and its findings marked.

use std::collections::BTreeMap;

use kubeconfig_inspector::{
    Report,
    checks::Severity,
    facts::{Chain, CredentialKind, Facts},
    source::{Place, Source},
};
use yew::prelude::*;

use super::{
    browser,
    contexts::key_title,
    finding,
    fold::{self, Folded},
    shared::Shared,
    state::{Action, Dispatch},
    strip::{count, size},
    untrusted::{untrusted, visible},
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

/// Height of a line in pixels; `source.css` says the same.
const LINE: usize = 24;
/// Lines built above and below those in view.
const MARGIN: usize = 40;

/// Bytes that are folded at first; four times as many whenever somebody goes beyond.
const FOLDED: usize = 256 * 1_024;
/// Bytes of a text that a browser needs more than a moment to lay out for editing. No stray key opens it.
const HEAVY: usize = 500_000;

/// The lines of a text, as far as they are folded.
#[derive(Debug, PartialEq, Eq)]
struct Lines {
    known: Vec<Line>,
    /// How many more there are, about.
    more: usize,
}

/// A line as it is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    number: u32,
    shown: String,
    cover: Option<String>,
    tail: String,
    mark: Option<Mark>,
}

/// A finding at a line.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Mark {
    severity: Severity,
    title: &'static str,
    /// The element that it is drawn in.
    finding: String,
}

/// Draws it.
#[component]
pub(super) fn SourceView(props: &SourceViewProps) -> Html {
    let bytes = use_state_eq(|| FOLDED);
    let inputs = (props.source.clone(), props.report.clone(), *bytes);
    let lines = use_memo(inputs, |(source, report, bytes)| {
        lines(source, report, props.index, props.input, *bytes)
    });
    let window = use_node_ref();
    let first = use_state_eq(|| 0_usize);
    let on_scroll = {
        let (window, first) = (window.clone(), first.clone());
        move |_: Event| first.set(browser::scrolled(&window, LINE) / 10 * 10)
    };
    {
        let (window, lines, bytes) = (window.clone(), lines.clone(), bytes.clone());
        use_effect_with((props.line, *bytes), move |(line, _)| {
            let Some(line) = *line else { return };
            let at = lines.known.iter().position(|it| line <= it.number);
            if at.is_none() && 0 < lines.more {
                return bytes.set(bytes.saturating_mul(4));
            }
            let top = at.unwrap_or(0).saturating_sub(4) * LINE;
            browser::scroll(&window, i32::try_from(top).unwrap_or(i32::MAX));
        });
    }
    let Lines { known, more } = &*lines;
    let start = first.saturating_sub(MARGIN).min(known.len());
    let end = *first + 40 + MARGIN;
    {
        let goes_beyond = known.len() < end && 0 < *more;
        use_effect(move || {
            if goes_beyond {
                bytes.set(bytes.saturating_mul(4));
            }
        });
    }
    let end = end.min(known.len());
    let edit = {
        let dispatch = props.dispatch.clone();
        move |_| {
            dispatch.dispatch(Action::ToggledEditor);
            browser::focus("input");
        }
    };
    let pointed = props.line.and_then(|line| known.iter().rfind(|it| it.number <= line));
    let pointed = pointed.map(|it| it.number);
    let length = props.source.bytes.len();
    html! {
        <section aria-labelledby="source-title">
            <div class="row">
                <h2 id="source-title">
                    { "Source" }<span>{ untrusted(&props.source.name) }</span>
                </h2>
                <span class="grow"></span>
                if HEAVY < length {
                    <button type="button" onclick={edit}>
                        { format!("Edit the text ({} MB: the page stands still meanwhile)", length.div_ceil(1_000_000)) }
                    </button>
                } else {
                    <button type="button" id="edit" onclick={edit}>{ "Edit the text" }</button>
                }
            </div>
            <div ref={window} id="source" class="card source" tabindex="0" role="group"
                aria-labelledby="source-title" onscroll={on_scroll} translate="no">
                <div class="lines">
                    { spacer(start) }
                    { for known.get(start..end).into_iter().flatten().map(|it| {
                        line(it, pointed == Some(it.number))
                    }) }
                    { spacer(known.len() - end + more) }
                </div>
            </div>
        </section>
    }
}

/// Keeps the place of lines that are not built.
fn spacer(lines: usize) -> Html {
    if lines == 0 {
        return html! {};
    }
    html! { <svg class="spacer" width="1" height={(lines * LINE).to_string()} aria-hidden="true" focusable="false" /> }
}

fn line(it: &Line, pointed: bool) -> Html {
    let tone = it.mark.as_ref().map(|it| match it.severity {
        Severity::Error => "bad",
        Severity::Warning => "warn",
        Severity::Notice => "note",
    });
    html! {
        <div key={it.number} class={classes!("line", tone, pointed.then_some("pointed"))}>
            <span class="number">{ it.number }</span>
            <span class="text" dir="ltr">
                { visible(&it.shown) }
                if let Some(cover) = &it.cover {
                    <span class="fold">{ cover }</span>
                }
                { visible(&it.tail) }
            </span>
            if let Some(mark) = &it.mark {
                { link(mark) }
            }
        </div>
    }
}

/// The way from a line to its finding.
fn link(mark: &Mark) -> Html {
    let id = mark.finding.clone();
    let go = move |_| browser::focus_behind(id.clone(), finding::MORE);
    html! { <button type="button" class="mark link" onclick={go}>{ mark.title }</button> }
}

/// The lines of one source: of the kubeconfigs in it, or of itself when there is none. Of a long one
/// those in its first `bytes`.
fn lines(source: &Source, report: &Report, index: usize, input: usize, bytes: usize) -> Lines {
    let facts = &report.facts;
    let files = facts.sources.get(index).map(|it| it.files.as_slice()).unwrap_or_default();
    let texts: Vec<(Option<usize>, &[u8])> = match files {
        [] => vec![(None, source.bytes.reveal())],
        files => files
            .iter()
            .filter_map(|file| Some((Some(*file), facts.text(*file)?.reveal().as_slice())))
            .collect(),
    };
    let mut known = Vec::new();
    let mut room = bytes;
    let mut left = 0;
    for (file, all) in texts {
        let some = all.get(..room).map_or(all, whole_lines);
        let text = String::from_utf8_lossy(some);
        let folded = fold::fold(&text);
        let last = folded.last().map_or(0, |it| it.line);
        let labels = file.map(|it| labels(facts, it, last)).unwrap_or_default();
        let marks = marks(report, index, file, input, last);
        known.extend(folded.iter().map(|it| line_of(it, &labels, &marks)));
        room -= some.len();
        left += all.len() - some.len();
    }
    let average = (bytes - room) / known.len().max(1);
    Lines { known, more: left.div_ceil(average.max(1)) }
}

/// `bytes` without what goes on behind them.
fn whole_lines(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().rposition(|it| *it == b'\n').map_or(0, |it| it + 1);
    bytes.get(..end).unwrap_or_default()
}

fn line_of(it: &Folded<'_>, labels: &Labels, marks: &BTreeMap<u32, Mark>) -> Line {
    let cover = it.covered.map(|n| match labels.get(&it.line) {
        Some(label) => format!("••• {label}"),
        None => format!("••• {n} characters covered"),
    });
    Line {
        number: it.line,
        shown: it.shown.clone().into_owned(),
        cover,
        tail: it.tail.to_owned(),
        mark: marks.get(&it.line).cloned(),
    }
}

/// The worst finding of each line up to `last`.
fn marks(
    report: &Report,
    index: usize,
    file: Option<usize>,
    input: usize,
    last: u32,
) -> BTreeMap<u32, Mark> {
    let mut marks = BTreeMap::new();
    // Worst first: the first one of a line keeps it.
    for it in report.findings.iter().filter(|it| it.source == index) {
        if file.is_some_and(|file| it.place.file != file) {
            continue;
        }
        if let Some(location) = it.location.filter(|it| it.line <= last) {
            let mark = || Mark {
                severity: it.check.severity,
                title: it.check.title,
                finding: finding::id(input, it),
            };
            marks.entry(location.line).or_insert_with(mark);
        }
    }
    marks
}

/// What is behind the covers of a file, by line.
type Labels = BTreeMap<u32, String>;

/// The labels of the lines up to `last`, or of a few more.
fn labels(facts: &Facts, file: usize, last: u32) -> Labels {
    let mut labels = Labels::new();
    let Some(it) = facts.files.get(file) else { return labels };
    let is_near = |place: &Place| it.positions.locate(&place.path).is_none_or(|it| it.line <= last);
    let mut put = |place: &Place, words: String| {
        // Only where the very field is written: its parent stands on another line.
        if let Some(at) = it.positions.locate(&place.path) {
            labels.insert(at.line, words);
        }
    };
    for (entry, cluster) in
        it.config.clusters.iter().zip(facts.clusters.get(file).into_iter().flatten())
    {
        if !is_near(&entry.place) {
            break;
        }
        if entry.body.certificate_authority_data.is_some() {
            put(
                &entry.place.field("cluster").field("certificate-authority-data"),
                chain(&cluster.ca),
            );
        }
    }
    for (entry, user) in it.config.users.iter().zip(facts.users.get(file).into_iter().flatten()) {
        if !is_near(&entry.place) {
            break;
        }
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
