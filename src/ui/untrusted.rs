//! Text that somebody else wrote: names, addresses, subjects, messages.
//!
//! It may hold characters that reorder or hide what stands around them. Those are shown by
//! their number, and the rest is kept from influencing the direction of its surroundings.

use kubeconfig_inspector::quote;
use yew::prelude::*;

/// `text` as part of a sentence or a cell.
pub(super) fn untrusted(text: &str) -> Html {
    if text.is_empty() {
        return html! { <span class="soft">{ "(empty)" }</span> };
    }
    html! { <bdi>{ visible(text) }</bdi> }
}

/// `text` as code.
pub(super) fn code(text: &str) -> Html {
    html! { <code dir="ltr">{ visible(text) }</code> }
}

/// `text` with its invisible characters made visible.
pub(super) fn visible(text: &str) -> Html {
    if !text.contains(is_hidden) {
        return html! { { text } };
    }
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(is_hidden) {
        let (before, after) = rest.split_at(at);
        parts.push(html! { { before } });
        let mut letters = after.chars();
        if let Some(letter) = letters.next() {
            parts.push(html! {
                <span class="hidden-letter" title="Invisible character">{ number(letter) }</span>
            });
        }
        rest = letters.as_str();
    }
    parts.push(html! { { rest } });
    parts.into_iter().collect()
}

/// A sentence with `values` in the places that its numbers in braces name: another language has them
/// in another order.
pub(super) fn filled(words: &'static str, values: &[Html]) -> Html {
    let mut parts = words.split('{');
    let mut all = vec![html! { { parts.next().unwrap_or_default() } }];
    for part in parts {
        let (number, rest) = part.split_once('}').unwrap_or_default();
        all.extend(number.parse().ok().and_then(|it: usize| values.get(it)).cloned());
        all.push(html! { { rest } });
    }
    all.into_iter().collect()
}

/// The same as plain text, for attributes.
pub(super) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars() {
        if is_hidden(letter) {
            plain.push_str(&number(letter));
        } else {
            plain.push(letter);
        }
    }
    plain
}

fn number(letter: char) -> String {
    format!("U+{:04X}", u32::from(letter))
}

/// Whether a reader could not see `letter`, or would see its neighbors in another order.
fn is_hidden(letter: char) -> bool {
    quote::is_hidden(letter) && !matches!(letter, '\n' | '\t')
}

#[cfg(test)]
mod tests {
    use super::{code, filled, plain, untrusted};
    use crate::ui::drawing::text;

    #[test]
    fn another_language_has_another_order() {
        let of = |draw: fn() -> yew::Html| text(draw);
        assert_eq!(
            of(|| filled("{0}, line {1}", &[untrusted("a.yaml"), code("5")])),
            "a.yaml , line 5"
        );
        assert_eq!(
            of(|| filled("第 {1} 行：{0}", &[untrusted("a.yaml"), code("5")])),
            "第 5 行： a.yaml"
        );
    }

    #[test]
    fn what_hides_is_shown() {
        let rows = [
            ("prod", "prod"),
            ("pro\u{202e}dorp", "proU+202Edorp"),
            ("a\u{200b}b", "aU+200Bb"),
            ("\u{1b}[31m", "U+001B[31m"),
            ("中文 é", "中文 é"),
            ("tag\u{e0041}", "tagU+E0041"),
        ];
        for (input, expected) in rows {
            assert_eq!(plain(input), expected);
        }
    }
}
