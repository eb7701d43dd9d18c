//! What stands on the page before anything was handed in.

use yew::prelude::*;

use super::{
    browser::{self, Lock, PageEvent, Portion},
    icon::{Icon, icon},
    sample,
    state::{Action, Dispatch},
};

/// The words above the field: what the page does, and why it is safe to paste here. Without the proof
/// there is no field, and nothing asks for a kubeconfig.
pub(super) fn promise(lock: &Lock) -> Html {
    if lock.holds() {
        return browser::part(".hero");
    }
    html! {
        <div class="hero">
            <h2>{ "Will this kubeconfig work, until when, and as whom?" }</h2>
            <p class="alert" role="alert">
                { icon(Icon::OpenLock) }
                { "Do not paste a kubeconfig here. This page tried to close the network and \
                   the browser did not confirm it. Nothing in this page sends anything, but \
                   that cannot be proven here. Use another browser, or the samples below." }
            </p>
        </div>
    }
}

/// Buttons that fill the page with a kubeconfig made up for the purpose.
pub(super) fn samples(dispatch: &Dispatch) -> Html {
    html! {
        <section class="samples" aria-labelledby="samples">
            <h2 id="samples">{ "Or try one that is made up" }</h2>
            <ul>{ for sample::ALL.iter().map(|it| {
                let dispatch = dispatch.clone();
                let give = move |_| {
                    let portion = Portion { sources: vec![it.source()], ..Portion::default() };
                    dispatch.dispatch(Action::GaveFiles { portion, now: browser::now() });
                    browser::focus("verdict");
                };
                html! {
                    <li>
                        <button type="button" onclick={give}>
                            <b>{ it.title }</b><small>{ it.about }</small>
                        </button>
                    </li>
                }
            }) }</ul>
        </section>
    }
}

/// Three facts for whoever hesitates.
pub(super) fn reasons() -> Html {
    browser::part(".reasons")
}

/// What covers the page while something is dragged over it. All of it takes text and files; a part
/// takes a folder, where the browser lets scripts in this frame open none and opens it itself.
pub(super) fn targets(then: &Callback<PageEvent>) -> Html {
    let [chosen, moved] = [then, then].map(Clone::clone);
    let on_change = Callback::from(move |event: Event| {
        chosen.emit(PageEvent::Dragging(false));
        browser::picked(&event, &chosen);
    });
    // An empty folder changes nothing. While something is dragged, no pointer moves.
    let on_move = Callback::from(move |_: PointerEvent| moved.emit(PageEvent::Dragging(false)));
    html! {
        <div class="drop-here" aria-hidden="true">
            <span>{ "Drop to inspect" }</span>
            if !browser::opens_folders() {
                <label onpointermove={on_move}>
                    <input type="file" multiple=true webkitdirectory=true tabindex="-1" onchange={on_change} />
                    { "Drop a folder here" }
                </label>
            }
        </div>
    }
}

/// A button to pick files, or a folder with all that is in it.
pub(super) fn picker(words: &'static str, folder: bool, then: &Callback<PageEvent>) -> Html {
    let then = then.clone();
    let on_change = Callback::from(move |event: Event| browser::picked(&event, &then));
    html! {
        <label class="button picker">
            <input type="file" multiple=true webkitdirectory={folder} onchange={on_change} />
            { icon(Icon::File) }{ words }
        </label>
    }
}
