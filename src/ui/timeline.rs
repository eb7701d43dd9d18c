//! When each certificate and token holds, drawn over time.
//!
//! Bars are placed in percent of the width and never scaled, so that text stays readable at any
//! size of the window. A table of the same dates stands beside the drawing.

use std::collections::{BTreeMap, BTreeSet};

use kubeconfig_inspector::{
    Report,
    decode::{Validity, x509::Certificate},
    facts::{ContextFacts, Facts, Rotation},
    time::{DAY, Timestamp},
};
use yew::prelude::*;

use super::{
    PAINTED, browser,
    contexts::{credential_in_use, kind_word},
    shared::Shared,
    strip::count,
    table::ROWS,
    untrusted::{plain, untrusted},
    window::{Lines, Window, use_window},
};

/// One bar.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Bar {
    /// What it is about.
    name: String,
    /// What kind of thing that is.
    kind: &'static str,
    /// When it holds.
    validity: Validity,
    /// The last days of it.
    rotation: Option<Rotation>,
    /// Whether it is a CA.
    ca: bool,
}

/// What is drawn of it.
#[derive(Properties, PartialEq)]
pub(super) struct TimelineProps {
    /// The reports, each with the index of the input that its first source is.
    pub(super) reports: Vec<(usize, Shared<Report>)>,
    /// The moment of judgement.
    pub(super) now: Timestamp,
}

/// The bars of `reports`, the first [`MOST`], and how many there are: the credential of each context, then
/// each CA once.
fn bars(reports: &[(usize, Shared<Report>)]) -> (Vec<Bar>, usize) {
    let mut bars = Vec::new();
    let mut users = BTreeSet::new();
    let mut cas: BTreeMap<&[u8], &Certificate> = BTreeMap::new();
    for (report, (_, it)) in reports.iter().enumerate() {
        let facts = &it.facts;
        for context in facts.readings.iter().flat_map(|it| &it.contexts) {
            let validity = credential_in_use(facts, context).and_then(|it| it.validity);
            if let Some(validity) = validity
                && users.insert((report, context.effective.user))
                && users.len() <= MOST
            {
                bars.extend(credential(facts, context, validity));
            }
            let ca = context.effective.cluster.and_then(|it| facts.cluster_facts(it));
            for it in ca.iter().flat_map(|it| it.ca.readable()) {
                cas.entry(&it.der).or_insert(it);
            }
        }
    }
    let all = users.len() + cas.len();
    let room = MOST - bars.len();
    bars.extend(cas.into_values().take(room).map(|it| Bar {
        name: it.subject().title().into_owned(),
        kind: "CA",
        validity: it.validity,
        rotation: None,
        ca: true,
    }));
    (bars, all)
}

fn credential(facts: &Facts, context: &ContextFacts, validity: Validity) -> Option<Bar> {
    Some(Bar {
        name: context.effective.name.clone(),
        kind: kind_word(&credential_in_use(facts, context)?.kind),
        validity,
        rotation: context.in_use.rotation,
        ca: false,
    })
}

/// Bars that are drawn at most; the rest is in the table of contexts.
const MOST: usize = 300;

/// Draws it.
#[component]
pub(super) fn Timeline(props: &TimelineProps) -> Html {
    let pointed = use_state_eq(|| None::<usize>);
    let tabled = use_state_eq(|| false);
    let reports = use_late(&props.reports);
    let found = use_memo(reports, |it| bars(it));
    let (bars, all) = (&found.0, found.1);
    let window = use_window(BARS, bars.len());
    let rows = use_window(ROWS, bars.len());
    if bars.is_empty() {
        return html! {};
    }
    let scale = Scale::of(bars, props.now);
    let height = bars.len() * BARS.height + 8;
    // It stays as it is once it was seen.
    let on_open = {
        let tabled = tabled.clone();
        move |_: Event| tabled.set(true)
    };
    let on_key = {
        let pointed = pointed.clone();
        let last = bars.len().saturating_sub(1);
        Callback::from(move |event: KeyboardEvent| {
            let at = pointed.unwrap_or(0);
            let next = match event.key().as_str() {
                "ArrowDown" => (at + 1).min(last),
                "ArrowUp" => at.saturating_sub(1),
                "Home" => 0,
                "End" => last,
                _ => return,
            };
            event.prevent_default();
            pointed.set(Some(next));
        })
    };
    let told = pointed.and_then(|it| bars.get(it)).map(dates);
    // A hint is not news.
    let hint =
        told.is_none().then_some("Point at a bar, or move with the arrow keys, for its dates.");
    html! {
        <section aria-labelledby="timeline">
            <h2 id="timeline">
                { "Validity" }<span>{ count(all, "certificate or token", "certificates and tokens") }</span>
            </h2>
            <div class="card timeline">
                <svg class="axis" width="100%" height="34" aria-hidden="true">
                    <text class="now" x={percent(scale.at(props.now))} y="12">{ "as of" }</text>
                    { for scale.years().into_iter().map(|(x, words)| html! {
                        <text x={percent(x)} y="28">{ words }</text>
                    }) }
                </svg>
                <div ref={&window.node} class="bars" tabindex="0" role="group" onkeydown={on_key} onscroll={&window.on_scroll}
                    aria-label="Bars. Arrow keys tell the dates of each one.">
                    <svg width="100%" height={height.to_string()} aria-hidden="true">
                        { for scale.years().into_iter().map(|(x, _)| html! {
                            <line class="year" x1={percent(x)} x2={percent(x)} y1="0" y2={height.to_string()} />
                        }) }
                        { for bars.iter().enumerate().filter(|it| window.range.contains(&it.0)).map(|(n, it)| {
                            let over = { let pointed = pointed.clone(); move |_| pointed.set(Some(n)) };
                            html! {
                                <g key={n} class={classes!("bar", (*pointed == Some(n)).then_some("pointed"))} onmouseover={over}>
                                    { bar(it, n, &scale, props.now) }
                                </g>
                            }
                        }) }
                        { today(&scale, props.now, height) }
                    </svg>
                </div>
                <p class="told">{ hint }<span role="status">{ told }</span></p>
                if bars.len() < all {
                    <p class="soft">{ format!("The first {MOST} are drawn. The table of contexts has all.") }</p>
                }
            </div>
            <details ontoggle={on_open}>
                <summary>{ "The same as a table" }</summary>
                if *tabled { { table(bars, &rows) } }
            </details>
        </section>
    }
}

/// The `reports`, others than before not until what stands above has been painted.
#[hook]
fn use_late(reports: &[(usize, Shared<Report>)]) -> Vec<(usize, Shared<Report>)> {
    let late = use_state_eq(|| reports.to_vec());
    let setter = late.setter();
    use_effect_with(reports.to_vec(), move |it| {
        let it = it.clone();
        let timer = browser::after(PAINTED, move || setter.set(it));
        move || drop(timer)
    });
    late.to_vec()
}

/// The bars, each with its name.
const BARS: Lines = Lines { height: 36, in_view: 15, whole: 150 };

fn bar(it: &Bar, n: usize, scale: &Scale, now: Timestamp) -> Html {
    let start = it.validity.not_before.map_or(0, |it| scale.at(it));
    let end = it.validity.not_after.map_or(10_000, |it| scale.at(it));
    let class = match it.validity.not_after {
        _ if it.ca => "ca",
        Some(end) if end < now => "past",
        _ => "valid",
    };
    let top = n * BARS.height;
    let window = it.rotation.map(|rotation| scale.at(rotation.opens_at).max(start));
    let draw = |class: &'static str, from: i64, to: i64| {
        html! {
            <rect {class} x={percent(from)} width={percent((to - from).max(30))} rx="3"
                y={(top + 20).to_string()} height="11" />
        }
    };
    html! {
        <>
            <title>{ dates(it) }</title>
            <rect class="row" x="0" y={top.to_string()} width="100%" height={BARS.height.to_string()} />
            <text x="0" y={(top + 14).to_string()}>
                { plain(&it.name) }<tspan class="kind">{ format!("  {}", it.kind) }</tspan>
            </text>
            { draw(class, start, end) }
            if let Some(window) = window {
                { draw("window", window, end) }
            }
        </>
    }
}

fn today(scale: &Scale, now: Timestamp, height: usize) -> Html {
    let x = percent(scale.at(now));
    html! { <line class="today" x1={x.clone()} x2={x} y1="0" y2={height.to_string()} /> }
}

fn dates(it: &Bar) -> String {
    let name = plain(&it.name);
    let day = |at: Option<Timestamp>| at.map(|it| it.date());
    match (day(it.validity.not_before), day(it.validity.not_after), it.rotation) {
        (Some(from), Some(to), Some(rotation)) => {
            let opens = rotation.opens_at.date();
            format!("{name}: {from} to {to}. Rotation window from {opens}.")
        }
        (Some(from), Some(to), None) => format!("{name}: {from} to {to}."),
        (None, Some(to), _) => format!("{name}: until {to}."),
        (Some(from), None, _) => format!("{name}: from {from}, without an end."),
        (None, None, _) => format!("{name}: without an end."),
    }
}

fn table(bars: &[Bar], window: &Window) -> Html {
    let columns = ["Name", "Kind", "From", "Until", "Rotation window from"];
    window.table("Validity as a table", &columns, |n| bars.get(n).map(row).unwrap_or_default())
}

fn row(it: &Bar) -> Html {
    let day = |at: Option<Timestamp>| at.map_or("not told".to_owned(), |it| it.date());
    html! {
        <>
            <th scope="row" title={plain(&it.name)}>{ untrusted(&it.name) }</th><td>{ it.kind }</td>
            <td>{ day(it.validity.not_before) }</td>
            <td>{ day(it.validity.not_after) }</td>
            <td>{ it.rotation.map(|it| it.opens_at.date()).unwrap_or_default() }</td>
        </>
    }
}

/// From moments to places in the width.
struct Scale {
    start: i64,
    end: i64,
}

impl Scale {
    /// All credentials and the moment of judgement, with some air. A CA that lives longer runs
    /// out at the edge: the credentials are what people plan for.
    fn of(bars: &[Bar], now: Timestamp) -> Scale {
        let some_credential = bars.iter().any(|it| !it.ca);
        let ends = bars
            .iter()
            .filter(|it| !it.ca || !some_credential)
            .flat_map(|it| [it.validity.not_before, it.validity.not_after])
            .flatten()
            .chain([now])
            // The end of time, 9999-12-31, means that there is none.
            .filter(|it| it.0 < 32_503_680_000)
            .map(|it| it.0);
        let start = ends.clone().min().unwrap_or(now.0);
        let end = ends.max().unwrap_or(now.0);
        let air = ((end - start) / 20).max(DAY / 24);
        Scale { start: start - air, end: end + air }
    }

    /// Where `at` lies, from 0 to 10,000.
    fn at(&self, at: Timestamp) -> i64 {
        let length = i128::from(self.end) - i128::from(self.start);
        let part = (i128::from(at.0) - i128::from(self.start)) * 10_000 / length.max(1);
        i64::try_from(part.clamp(0, 10_000)).unwrap_or(0)
    }

    /// Round dates with their words, no more than eight.
    fn years(&self) -> Vec<(i64, String)> {
        let days = (self.end - self.start) / DAY;
        if days < 400 {
            let step = (self.end - self.start) / 4;
            return (0..4)
                .map(|n| Timestamp(self.start + step * n + step / 2))
                .map(|at| (self.at(at), at.date()))
                .collect();
        }
        let year = |at: i64| Timestamp(at).date().get(..4).and_then(|it| it.parse::<i64>().ok());
        let (first, last) = (year(self.start).unwrap_or(1970), year(self.end).unwrap_or(1970));
        let step = (last - first) / 8 + 1;
        (first + 1..=last)
            .filter(|year| year % step == 0)
            .filter_map(|year| {
                let at = Timestamp::parse(&format!("{year:04}-01-01T00:00:00Z"))?;
                Some((self.at(at), year.to_string()))
            })
            // Its word would be cut off by the edge.
            .filter(|(x, _)| (300..9_700).contains(x))
            .collect()
    }
}

/// A part of the width, in hundredths of a percent.
fn percent(x: i64) -> String {
    format!("{}.{:02}%", x / 100, x % 100)
}
