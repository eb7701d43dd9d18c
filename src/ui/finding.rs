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
    strip::{CHIPS, count},
    untrusted::{code, filled, plain, untrusted, visible},
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

/// The id of the button that shows more.
pub(super) const MORE: &str = "more-findings";
/// How many are shown before it is pressed; fewer of many files, whose answer is the table below.
const PAGE: usize = 20;
const PAGE_OF_MANY: usize = 5;

/// All findings, those of the active input first, then worst first.
#[component]
pub(super) fn FindingList(props: &FindingListProps) -> Html {
    let pages = use_state(|| 0_usize);
    let all = props.reports.iter().flat_map(|(first, report)| {
        report.findings.iter().map(move |it| (first + it.source, &**report, it))
    });
    let mut findings: Vec<Found<'_>> = Vec::new();
    for severity in WORST_FIRST {
        for is_active in [true, false] {
            let fits = |it: &Found<'_>| {
                it.2.check.severity == severity && (it.0 == props.active) == is_active
            };
            findings.extend(all.clone().filter(fits));
        }
    }
    let groups = group(&findings, props.active);
    let page = if CHIPS < props.reports.len() { PAGE_OF_MANY } else { PAGE };
    let shown = page + PAGE * *pages;
    let more = {
        let pages = pages.clone();
        // The button may go with the last of them; the first new one is what was asked for.
        let next = groups.get(shown).map(|((input, _, it), _)| id(*input, it));
        move |_| {
            pages.set(*pages + 2);
            next.iter().for_each(|it| browser::focus_on(it.clone()));
        }
    };
    let rest = groups.len().saturating_sub(shown);
    html! {
        <section aria-labelledby="findings">
            <h2 id="findings">{ "Findings" }<span>{ summary(&findings) }</span></h2>
            if findings.is_empty() {
                <p class="card empty">{ "Nothing was found that is wrong or worth a warning." }</p>
            } else {
                <ul class="card findings">
                    { for groups.iter().take(shown).map(
                        |(first, others)| finding(*first, others, &props.dispatch),
                    ) }
                </ul>
            }
            if 0 < rest {
                <button type="button" id={MORE} onclick={more}>
                    { format!("Show {rest} more") }
                </button>
            }
        </section>
    }
}

const WORST_FIRST: [Severity; 3] = [Severity::Error, Severity::Warning, Severity::Notice];

/// A finding with the input that it stands in, and with its report.
type Found<'a> = (usize, &'a Report, &'a Finding);

/// Each finding of the active input by itself, and those of the others by what they say: of three
/// hundred files each may have the same to tell.
fn group<'a>(findings: &[Found<'a>], active: usize) -> Vec<(Found<'a>, Vec<Found<'a>>)> {
    let mut groups: Vec<(Found<'a>, Vec<Found<'a>>)> = Vec::new();
    // The group of each check that was met in another input.
    let mut of_others: Vec<(&Check, usize)> = Vec::new();
    for it in findings {
        let (is_other, check) = (it.0 != active, it.2.check);
        let known = of_others.iter().find(|(known, _)| is_other && *known == check);
        match known.and_then(|(_, group)| groups.get_mut(*group)) {
            Some((_, others)) => others.push(*it),
            None => {
                of_others.extend(is_other.then_some((check, groups.len())));
                groups.push((*it, Vec::new()));
            }
        }
    }
    groups
}

/// Places that are listed at most; the tables that can be saved have all.
const PLACES: usize = 50;

fn summary(findings: &[Found<'_>]) -> String {
    let words = [("error", "errors"), ("warning", "warnings"), ("notice", "notices")];
    let parts: Vec<String> = WORST_FIRST
        .into_iter()
        .map(|severity| findings.iter().filter(|it| it.2.check.severity == severity).count())
        .zip(words)
        .filter(|(n, _)| 0 < *n)
        .map(|(n, (one, many))| count(n, one, many))
        .collect();
    if parts.is_empty() { "none".to_owned() } else { parts.join(", ") }
}

/// The id of the element that a finding of that input is drawn in.
pub(super) fn id(input: usize, it: &Finding) -> String {
    let line = it.location.map_or(0, |it| it.line);
    format!("finding-{input}-{}-{}-{line}", it.place.file, it.check.id)
}

fn finding((input, report, it): Found<'_>, others: &[Found<'_>], dispatch: &Dispatch) -> Html {
    let facts = &report.facts;
    let context = it.context.and_then(|it| {
        facts.files.get(it.file)?.config.contexts.get(it.index).map(|it| it.name.as_str())
    });
    html! {
        <li class="finding" id={id(input, it)} tabindex="-1">
            { severity_tag(it.check.severity) }
            <div>
                <h3>{ it.check.title }</h3>
                if !it.detail.is_empty() {
                    <p>{ match context {
                        Some(context) => filled("{0}: {1}", &[code(context), visible(&it.detail)]),
                        None => visible(&it.detail),
                    } }</p>
                }
                { about(it.check) }
                if !others.is_empty() {
                    <details>
                        <summary>{ count(others.len(), "more place", "more places") }</summary>
                        <ul>{ for others.iter().take(PLACES).map(|it| html! {
                            <li>{ place(*it, dispatch) }</li>
                        }) }</ul>
                        if PLACES < others.len() {
                            <p>{ format!("The first {PLACES} are listed. The JSON report has all.") }</p>
                        }
                    </details>
                }
            </div>
            { place((input, report, it), dispatch) }
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
fn place((input, report, it): Found<'_>, dispatch: &Dispatch) -> Html {
    let file = report.facts.sources.get(it.source).map_or("", |it| it.name.as_str());
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
            { filled("{0}, line {1}", &[untrusted(file), html! { { location.line } }]) }
        </button>
    }
}

/// A source, in words: the page makes no links, because a link would leave it.
fn citation(it: &Citation) -> Html {
    html! {
        <li>{ match it {
            Citation::ClientGo { path, symbol } => filled(
                "client-go {0}, {1}, {2}",
                &[html! { { CLIENT_GO } }, code(path), code(symbol)],
            ),
            Citation::Rfc { number, section } => {
                html! { { format!("RFC {number}, section {section}") } }
            }
            Citation::Page { title, url } => {
                filled("{0}, {1}", &[html! { { *title } }, code(url)])
            }
        } }</li>
    }
}

#[cfg(test)]
mod tests {
    use super::{Found, group};
    use crate::ui::drawing::report;

    #[test]
    fn what_many_files_have_in_common_is_told_once() {
        let text = "apiVersion: v1\nkind: Config\ncontexts: [{name: a, context: {cluster: x}}]\n";
        let report = &*report(text);
        let of = |input| report.findings.iter().map(move |it| -> Found<'_> { (input, report, it) });
        let n = report.findings.len();
        assert!(0 < n);
        let all: Vec<Found<'_>> = (0..5).flat_map(of).collect();
        let groups = group(&all, 2);
        let sizes = |own: bool| {
            let groups = groups.iter().filter(|(first, _)| (first.0 == 2) == own);
            groups.map(|(_, others)| others.len()).collect::<Vec<_>>()
        };
        assert_eq!((sizes(true), sizes(false)), (vec![0; n], vec![3; n]));
    }
}
