//! The entries that another file hides, when files are read as one.

use kubeconfig_inspector::Report;
use yew::prelude::*;

use super::{
    shared::Shared,
    standing::{Tone, tag},
    strip::count,
    table::ROWS,
    untrusted::{plain, untrusted},
    window::use_window,
};

#[derive(Properties, PartialEq)]
pub(super) struct ShadowedProps {
    /// What the files say, by index of the input.
    pub(super) reports: Vec<(usize, Shared<Report>)>,
}

/// Draws them.
#[component]
pub(super) fn Shadowed(props: &ShadowedProps) -> Html {
    let merged = props.reports.iter().map(|(_, it)| &it.facts).filter(|it| it.merged);
    let hidden: Vec<_> = merged
        .flat_map(|facts| {
            let name = |file: usize| facts.files.get(file).map_or("", |it| it.name.as_str());
            let entries = facts.readings.iter().flat_map(|it| &it.merged.shadowed);
            entries.map(move |it| (it, name(it.winner.file), name(it.loser.file)))
        })
        .collect();
    let window = use_window(ROWS, hidden.len());
    if hidden.is_empty() {
        return html! {};
    }
    let columns = ["List", "Name", "Counts", "Hidden", "Content"];
    html! {
        <section aria-labelledby="shadowed">
            <h2 id="shadowed">
                { "Hidden by merging" }<span>{ count(hidden.len(), "entry", "entries") }</span>
            </h2>
            { window.table("Hidden by merging", &columns, |n| {
                let Some((it, winner, loser)) = hidden.get(n) else { return html! {} };
                let (tone, word) = match it.same {
                    true => (Tone::Note, "the same"),
                    false => (Tone::Warning, "different"),
                };
                html! {
                    <>
                        <td>{ it.list }</td>
                        <td title={plain(&it.name)}>{ untrusted(&it.name) }</td>
                        <td title={plain(winner)}>{ untrusted(winner) }</td>
                        <td title={plain(loser)}>{ untrusted(loser) }</td>
                        <td>{ tag(tone, word) }</td>
                    </>
                }
            }) }
        </section>
    }
}
