//! Commands for one context, ready to copy, for either kind of shell.

use kubeconfig_inspector::{
    export::commands::{self, Command, Shell},
    quote,
};
use yew::prelude::*;

use super::{copying::copy_button, detail::Subject, state::Dispatch};

/// Draws them.
pub(super) fn commands(subject: &Subject<'_>, dispatch: &Dispatch) -> Html {
    let shells = [
        (Shell::Bash, "Linux and macOS: bash, zsh", true),
        (Shell::PowerShell, "Windows: PowerShell", false),
    ];
    let context = subject.context.effective.entry;
    html! {
        <>{ for shells.into_iter().map(|(shell, title, open)| html! {
            <details {open}>
                <summary>{ title }</summary>
                <dl class="fields commands">
                    { for commands::commands(subject.report, context, shell).into_iter().map(|it| command(it, dispatch)) }
                </dl>
            </details>
        }) }</>
    }
}

fn command(it: Command, dispatch: &Dispatch) -> Html {
    // Names in it are quoted already; this is for the lines between them.
    let shown = it.text.lines().map(quote::visible).collect::<Vec<_>>().join("\n");
    let text = it.text;
    html! {
        <>
            <dt>{ quote::visible(&it.title) }</dt>
            <dd>
                if !it.note.is_empty() {
                    <small>{ quote::visible(&it.note) }</small>
                }
                <div class="command">
                    <pre tabindex="0" role="group" aria-label="Command"><code dir="ltr">{ shown }</code></pre>
                    { copy_button("Copy", "command", move || text.clone(), dispatch) }
                </div>
            </dd>
        </>
    }
}
