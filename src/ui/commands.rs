//! Commands for one context, ready to copy, for either kind of shell.

use kubeconfig_inspector::export::commands::{self, Command, Shell};
use yew::prelude::*;

use super::{detail::Subject, message, state::Dispatch, untrusted::visible};

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
                    { for commands::commands(subject.report, context, shell).iter().map(|it| command(it, dispatch)) }
                </dl>
            </details>
        }) }</>
    }
}

fn command(it: &Command, dispatch: &Dispatch) -> Html {
    html! {
        <>
            <dt>{ visible(&it.title) }</dt>
            <dd>
                if !it.note.is_empty() {
                    <small>{ visible(&it.note) }</small>
                }
                { message::command(&it.text, dispatch) }
            </dd>
        </>
    }
}
