//! Findings, worst first, each with its reason, its sources and the way to its line.

use kubeconfig_inspector::{
    Report,
    checks::{self, CLIENT_GO, Check, Citation, Finding, Severity},
};
use yew::prelude::*;

use super::{
    browser,
    shared::Shared,
    standing::severity_tag,
    state::{Action, Dispatch},
    strip::count,
    untrusted::{code, plain, untrusted, visible},
};

/// What the list is about.
#[derive(Properties, PartialEq)]
pub(super) struct FindingListProps {
    /// The reports, each with the index of the input that its first source is.
    pub(super) reports: Vec<(usize, Shared<Report>)>,
    /// The input that the page is about; its findings come first.
    pub(super) active: usize,
    /// Whether a line can be gone to.
    pub(super) dispatch: Dispatch,
}

/// How many are shown before "Show more".
const PAGE: usize = 20;

/// All findings, those of the active input first, then worst first.
#[component]
pub(super) fn FindingList(props: &FindingListProps) -> Html {
    let pages = use_state(|| 1_usize);
    let mut findings: Vec<(usize, &Report, &Finding)> = props
        .reports
        .iter()
        .flat_map(|(first, report)| {
            report.findings.iter().map(move |it| (first + it.source, &**report, it))
        })
        .collect();
    findings.sort_by_key(|(input, _, it)| (it.check.severity, *input != props.active));
    let shown = PAGE * *pages;
    let more = {
        let pages = pages.clone();
        move |_| pages.set(*pages + 5)
    };
    let rest = findings.len().saturating_sub(shown);
    html! {
        <section aria-labelledby="findings">
            <h2 id="findings">{ "Findings" }<span>{ summary(&findings) }</span></h2>
            if findings.is_empty() {
                <p class="card empty">{ "Nothing was found that is wrong or worth a warning." }</p>
            } else {
                <ul class="card findings">
                    { for findings.iter().take(shown).map(|(input, report, it)| {
                        finding(*input, report, it, &props.dispatch)
                    }) }
                </ul>
            }
            if 0 < rest {
                <button type="button" onclick={more}>
                    { format!("Show more, {} left", count(rest, "finding", "findings")) }
                </button>
            }
        </section>
    }
}

fn summary(findings: &[(usize, &Report, &Finding)]) -> String {
    let of = |severity| findings.iter().filter(|it| it.2.check.severity == severity).count();
    let counts = [
        (of(Severity::Error), "error", "errors"),
        (of(Severity::Warning), "warning", "warnings"),
        (of(Severity::Notice), "notice", "notices"),
    ];
    let parts: Vec<String> = counts
        .into_iter()
        .filter(|(n, ..)| 0 < *n)
        .map(|(n, one, many)| count(n, one, many))
        .collect();
    if parts.is_empty() { "none".to_owned() } else { parts.join(", ") }
}

/// The id of the element that a finding is drawn in.
pub(super) fn id(it: &Finding) -> String {
    let line = it.location.map_or(0, |it| it.line);
    format!("finding-{}-{}-{}-{line}", it.source, it.place.file, it.check.id)
}

fn finding(input: usize, report: &Report, it: &Finding, dispatch: &Dispatch) -> Html {
    let facts = &report.facts;
    let context = it.context.and_then(|it| {
        facts.files.get(it.file)?.config.contexts.get(it.index).map(|it| it.name.as_str())
    });
    let file = facts.sources.get(it.source).map_or("", |it| it.name.as_str());
    html! {
        <li class="finding" id={id(it)} tabindex="-1">
            { severity_tag(it.check.severity) }
            <div>
                <h3>{ it.check.title }</h3>
                if !it.detail.is_empty() {
                    <p>
                        if let Some(context) = context {
                            { code(context) }{ ": " }
                        }
                        { visible(&it.detail) }
                    </p>
                }
                { about(it.check) }
            </div>
            { place(input, file, it, dispatch) }
        </li>
    }
}

/// What a check says wherever it applies: the way out, the reason, and where it is written.
fn about(check: &Check) -> Html {
    html! {
        <>
            <p class="fix">{ check.fix }</p>
            <details>
                <summary>{ "Why, and where it is written" }</summary>
                <p>{ check.why }</p>
                <ul>{ for check.citations.iter().map(citation) }</ul>
            </details>
        </>
    }
}

/// Everything that is looked for.
pub(super) fn catalogue() -> Html {
    html! {
        <ul class="findings">{ for checks::all().map(|it| html! {
            <li class="finding">
                { severity_tag(it.severity) }
                <div><h4>{ it.title }</h4>{ about(it) }</div>
                <code class="place">{ it.id }</code>
            </li>
        }) }</ul>
    }
}

/// The way to the line, or the field when the line is not known.
fn place(input: usize, file: &str, it: &Finding, dispatch: &Dispatch) -> Html {
    let Some(location) = it.location else {
        return html! { <span class="place soft">{ untrusted(file) }</span> };
    };
    let dispatch = dispatch.clone();
    let go = move |_| {
        dispatch.dispatch(Action::WentToLine { input, line: location.line });
        browser::reveal("source");
    };
    html! {
        <button type="button" class="link place" title={plain(&it.place.path)} onclick={go}>
            { untrusted(file) }{ format!(", line {}", location.line) }
        </button>
    }
}

/// A source, in words: the page makes no links, because a link would leave it.
fn citation(it: &Citation) -> Html {
    match it {
        Citation::ClientGo { path, symbol } => html! {
            <li>{ format!("client-go {CLIENT_GO}, ") }{ code(path) }{ ", " }{ code(symbol) }</li>
        },
        Citation::Rfc { number, section } => html! {
            <li>{ format!("RFC {number}, section {section}") }</li>
        },
        Citation::Page { title, url } => html! {
            <li>{ *title }{ ", " }{ code(url) }</li>
        },
    }
}
