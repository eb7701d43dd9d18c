//! Draws components on the host, for tests.

use kubeconfig_inspector::{Report, inspect, source::Source, time::Timestamp};
use yew::prelude::*;

use super::shared::Shared;

/// The moment at which the tests judge: 2026-11-24.
pub(super) const NOW: Timestamp = Timestamp(1_795_478_400);

/// The report on one of the samples.
pub(super) fn sample(title: &str) -> Shared<Report> {
    let sample = super::sample::ALL.iter().find(|it| it.title == title);
    Shared::new(inspect(&[sample.expect("a sample of that title").source()], NOW))
}

/// The report on a text.
pub(super) fn report(text: &str) -> Shared<Report> {
    Shared::new(inspect(&[Source::new("config", text)], NOW))
}

#[derive(Properties)]
struct DrawnProps {
    draw: fn() -> Html,
}

impl PartialEq for DrawnProps {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::fn_addr_eq(self.draw, other.draw)
    }
}

#[component]
fn Drawn(props: &DrawnProps) -> Html {
    (props.draw)()
}

/// What `draw` draws, as markup.
pub(super) fn markup(draw: fn() -> Html) -> String {
    let runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = { runtime }.build().expect("a runtime without any driver");
    runtime.block_on(
        yew::ServerRenderer::<Drawn>::with_props(move || DrawnProps { draw })
            .hydratable(false)
            .render(),
    )
}

/// What `draw` draws, as the text that a person reads.
pub(super) fn text(draw: fn() -> Html) -> String {
    let mut text = String::new();
    let mut inside = false;
    for it in markup(draw).chars() {
        match it {
            '<' => inside = true,
            '>' => {
                inside = false;
                text.push(' ');
            }
            it if !inside => text.push(it),
            _ => {}
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
