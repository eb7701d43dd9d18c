//! Long lists stay quick when only the lines in view are built, and a few beyond.

use std::ops::Range;

use yew::prelude::*;

use super::browser;

/// How the lines of a list are drawn. All have the same height, so that the place of each is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Lines {
    /// Height of a line in pixels; the styles say the same.
    pub(super) height: usize,
    /// Lines in view at most, as the styles bound the height of the list.
    pub(super) in_view: usize,
    /// Up to this many lines all are built.
    pub(super) whole: usize,
}

/// What of a list is built.
pub(super) struct Window {
    /// The element that scrolls.
    pub(super) node: NodeRef,
    /// What to do when it does.
    pub(super) on_scroll: Callback<Event>,
    /// The lines to build.
    pub(super) range: Range<usize>,
    lines: Lines,
    all: usize,
}

impl Window {
    /// What the box is in the styles.
    pub(super) fn class(&self) -> Classes {
        let is_whole = self.range.len() == self.all;
        classes!("card", "scroll", (!is_whole).then_some("windowed"))
    }

    /// Pixels of the lines above those that are built, and of those below.
    pub(super) fn spaces(&self) -> [usize; 2] {
        [self.range.start, self.all - self.range.end].map(|it| it * self.lines.height)
    }

    /// The body of a table of so many columns, of which `row` draws a row that has a key.
    pub(super) fn body(&self, columns: usize, row: impl Fn(usize) -> Html) -> Html {
        let space = |key: &'static str, height: usize| {
            (0 < height).then(|| {
                html! {
                    <tr {key} class="spacer" aria-hidden="true">
                        <td colspan={columns.to_string()}>{ spacer(height) }</td>
                    </tr>
                }
            })
        };
        let [above, below] = self.spaces();
        let rows = self.range.clone().map(row);
        // All have keys, so that the rows that stay in the window are kept.
        let rows = space("above", above).into_iter().chain(rows).chain(space("below", below));
        html! { <tbody>{ for rows }</tbody> }
    }

    /// A table in a box that scrolls, of which `cells` draws what is in a row.
    pub(super) fn table(
        &self,
        label: &'static str,
        columns: &[&'static str],
        cells: impl Fn(usize) -> Html,
    ) -> Html {
        let row =
            |n: usize| html! { <tr key={n} aria-rowindex={(n + 2).to_string()}>{ cells(n) }</tr> };
        html! {
            <div ref={&self.node} class={self.class()}
                tabindex="0" role="group" aria-label={label} onscroll={&self.on_scroll}>
                <table aria-rowcount={(self.all + 1).to_string()}>
                    <thead><tr>{ for columns.iter().map(|it| html! { <th scope="col">{ *it }</th> }) }</tr></thead>
                    { self.body(columns.len(), row) }
                </table>
            </div>
        }
    }
}

/// Keeps the place of lines that are not built.
pub(super) fn spacer(height: usize) -> Html {
    let height = height.to_string();
    html! { <svg class="spacer" width="1" {height} aria-hidden="true" /> }
}

/// The window onto `all` lines.
#[hook]
pub(super) fn use_window(lines: Lines, all: usize) -> Window {
    let node = use_node_ref();
    let first = use_state_eq(|| 0_usize);
    let on_scroll = {
        let (node, first) = (node.clone(), first.setter());
        Callback::from(move |_| {
            // Coarse steps, so that not every frame draws.
            let step = lines.margin() / 2;
            first.set(browser::scrolled(&node, lines.height) / step * step);
        })
    };
    Window { node, on_scroll, range: lines.built(*first, all), lines, all }
}

impl Lines {
    /// Lines built above and below those in view.
    fn margin(self) -> usize {
        self.in_view / 3
    }

    /// Which of `all` lines are built when `first` is the first in view.
    fn built(self, first: usize, all: usize) -> Range<usize> {
        if all <= self.whole {
            return 0..all;
        }
        // The list may have become shorter than what was seen of it.
        let first = first.min(all.saturating_sub(self.in_view));
        first.saturating_sub(self.margin())..(first + self.in_view + self.margin()).min(all)
    }
}

#[cfg(test)]
mod tests {
    use super::Lines;

    #[test]
    fn few_lines_are_built_however_many_there_are() {
        let lines = Lines { height: 56, in_view: 15, whole: 150 };
        let rows = [
            (0, 150, 0..150),
            (0, 10_000, 0..20),
            (3, 10_000, 0..23),
            (5_000, 10_000, 4_995..5_020),
            (9_990, 10_000, 9_980..10_000),
            // A filter left few of what was scrolled through.
            (9_990, 200, 180..200),
            (9_990, 0, 0..0),
        ];
        for (first, all, expected) in rows {
            assert_eq!(lines.built(first, all), expected, "{first} of {all}");
        }
    }
}
