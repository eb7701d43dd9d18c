//! The windows over the page: help, the proof that the network is closed, and a text to copy by hand.

use kubeconfig_inspector::checks;
use yew::prelude::*;

use super::{
    browser::{self, Lock},
    choice::{button, check},
    finding,
    standing::{Tone, tag},
    state::{Action, Dialog, Dispatch},
};

/// Which window is open.
#[derive(Properties, PartialEq)]
pub(super) struct DialogsProps {
    /// The one that is open.
    pub(super) open: Dialog,
    /// What the proof is about.
    pub(super) lock: Lock,
    /// Whether single keys are switched off.
    pub(super) keys_off: bool,
    /// Where to tell that it was closed.
    pub(super) dispatch: Dispatch,
}

/// Draws the window and gives it the focus; the browser keeps the focus inside.
#[component]
pub(super) fn Dialogs(props: &DialogsProps) -> Html {
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with((), move |()| browser::open_dialog(&node));
    }
    let close = {
        let (node, dispatch) = (node.clone(), props.dispatch.clone());
        move || {
            // Closed by the browser first, which puts the focus back where it was.
            browser::close_dialog(&node);
            dispatch.dispatch(Action::ChoseDialog(None));
        }
    };
    let on_close = {
        let close = close.clone();
        move |_: Event| close()
    };
    let (title, body) = match &props.open {
        Dialog::Text(text) => ("Select this and press Ctrl+C", to_copy(text)),
        Dialog::Help => ("Help", help(props)),
        Dialog::Proof => ("Prove it yourself", proof(&props.lock)),
    };
    html! {
        <dialog ref={node} aria-labelledby="dialog-title" onclose={on_close}>
            <div class="row">
                <h2 id="dialog-title">{ title }</h2>
                <span class="grow"></span>
                { button("Close", move |_| close()) }
            </div>
            { body }
        </dialog>
    }
}

/// A text to be copied by hand: it is selected as soon as its field has the focus, and it has it first.
fn to_copy(text: &AttrValue) -> Html {
    html! {
        <textarea rows="12" readonly=true autofocus=true aria-labelledby="dialog-title" defaultvalue={text}
            onfocus={|it| browser::select(&it)} />
    }
}

fn help(props: &DialogsProps) -> Html {
    let toggle = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |_: Event| dispatch.dispatch(Action::ToggledKeys))
    };
    let keys = [
        ("Ctrl+V", "Paste a kubeconfig, anywhere on the page"),
        ("/", "Find in the contexts"),
        ("c", "Copy the ticket summary"),
        ("e", "Edit the text, or cover it again"),
        ("?", "This help"),
        ("Esc", "Close a window"),
        ("← →", "In the details: the next part"),
        ("↑ ↓", "On the time line: the next bar"),
    ];
    html! {
        <>
            <p>
                { "Hand in a kubeconfig and read the answer: whether kubectl gets through with it, \
                   until when, as whom, to which server, and how that server is verified." }
            </p>
            <h3>{ "Keys" }</h3>
            <dl class="fields keys">{ for keys.iter().map(|(key, words)| html! {
                <><dt><kbd>{ *key }</kbd></dt><dd>{ *words }</dd></>
            }) }</dl>
            { check("Single keys work", !props.keys_off, toggle) }
            <h3>{ "What a file cannot tell" }</h3>
            <p>
                { "Whether a credential was revoked, whether the server answers, and what the \
                   cluster allows. kubectl auth whoami and kubectl auth can-i --list tell." }
            </p>
            <h3>{ "What is looked for" }</h3>
            <details>
                <summary>{ format!("All {} checks", checks::all().count()) }</summary>
                { finding::catalogue() }
            </details>
        </>
    }
}

fn proof(lock: &Lock) -> Html {
    html! {
        <>
            <p>
                if lock.holds() {
                    { tag(Tone::Good, "Locked") }
                    { " " }
                    { "Before the program of this page was started, the page tried to send \
                       something in each of these ways. The browser refused every one." }
                } else {
                    { tag(Tone::Bad, "Not locked") }
                    { " " }
                    { "The page tried to send something and the browser did not refuse it \
                       everywhere. Do not paste a kubeconfig that matters." }
                }
            </p>
            <ul class="attempts">
                { for lock.refused.iter().map(|it| html! { <li>{ tag(Tone::Good, "refused") }{ " " }{ it }</li> }) }
                { for lock.allowed.iter().map(|it| html! { <li>{ tag(Tone::Bad, "not refused") }{ " " }{ it }</li> }) }
            </ul>
            <dl class="fields">
                <dt>{ "Requests since the lock" }</dt>
                <dd>{ match browser::requests() {
                    1 => "1 request, counted by the browser".to_owned(),
                    n => format!("{n} requests, counted by the browser"),
                } }</dd>
                <dt>{ "Policy in force" }</dt><dd><pre class="policy" tabindex="0" role="group" aria-label="Policy in force">{ lock.policy.clone() }</pre></dd>
                <dt>{ "Version" }</dt><dd>{ lock.version.clone() }</dd>
                <dt>{ "Commit" }</dt><dd><code>{ lock.commit.clone() }</code></dd>
                <dt>{ "Program, SHA-256" }</dt><dd><code>{ lock.digest.clone() }</code></dd>
                <dt>{ "Single file, SHA-256" }</dt>
                <dd>
                    if lock.single.is_empty() {
                        { "This page is that file." }
                    } else {
                        <code>{ lock.single.clone() }</code>
                    }
                </dd>
            </dl>
            <h3>{ "What the lock does not cover" }</h3>
            <ul>
                { for lock.open.iter().map(|it| html! { <li>{ it }</li> }) }
            </ul>
            <h3>{ "Keep this page" }</h3>
            <p>
                { "The single file needs no server and may connect to nothing from its first byte. It \
                   is put together from what is here already, so that saving it makes no request. \
                   Compare its SHA-256 with that of a build you trust: a changed page could name any." }
            </p>
            <p>{ button("Save kubeconfig-inspector.html", |_| browser::save_page()) }</p>
            <h3>{ "Check it without us" }</h3>
            <ol>
                <li>{ "Open the developer tools, choose Network, use the page: the list stays empty." }</li>
                <li>{ "Pull the network cable, or switch the browser to offline: everything still works." }</li>
                <li>{ "Build the same commit with cargo xtask dist and compare the hashes above." }</li>
            </ol>
        </>
    }
}
