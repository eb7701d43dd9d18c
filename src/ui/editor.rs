//! The field that takes a kubeconfig as text.
//!
//! The text lives in the field's value and never in the markup. While somebody types, the field
//! is ahead of the page; the page only writes to it when the text changes for another reason.

use std::{cell::RefCell, rc::Rc};

use yew::prelude::*;

use super::{
    browser::{self, PageEvent},
    choice::button,
    landing,
    state::{Action, Dispatch, Input},
    untrusted::plain,
};

/// What the editor is about.
#[derive(Properties, PartialEq)]
pub(super) struct EditorProps {
    /// What it edits; none on an empty page.
    pub(super) input: Option<Input>,
    /// Changes whenever the field must take the text of `input`.
    pub(super) version: u32,
    /// The line to mark.
    pub(super) line: Option<u32>,
    /// Whether to offer the way back to the covered view.
    pub(super) closable: bool,
    /// Where files go that are picked here.
    pub(super) give: Callback<PageEvent>,
    /// Where to tell what happened.
    pub(super) dispatch: Dispatch,
}

/// How long to wait for the next key before reading the text, in milliseconds.
const PAUSE: i32 = 150;

/// Draws it.
#[component]
pub(super) fn Editor(props: &EditorProps) -> Html {
    let field = use_node_ref();
    let timer = use_mut_ref(|| None);
    {
        let (field, input) = (field.clone(), props.input.clone());
        use_effect_with(props.version, move |version| match input {
            Some(input) => {
                browser::set_text(&field, &String::from_utf8_lossy(input.source.bytes.reveal()));
            }
            // The first field holds what was typed before the program was there.
            None if *version == 0 => {}
            None => browser::set_text(&field, ""),
        });
    }
    {
        let field = field.clone();
        use_effect_with(props.line, move |line| {
            if let Some(line) = *line {
                browser::select_line(&field, line);
            }
        });
    }
    let on_input = on_input(&field, &timer, &props.dispatch);
    let on_paste = {
        let (field, give, is_first) = (field.clone(), props.give.clone(), props.input.is_none());
        move |event: Event| {
            if is_first {
                browser::take_long(&event, &field, &give);
            }
        }
    };
    // The editor may close while the last keys are still waiting to be read.
    let on_blur = {
        let (field, timer, dispatch) = (field.clone(), timer.clone(), props.dispatch.clone());
        move |_: FocusEvent| {
            if timer.borrow_mut().take().is_some() {
                tell(&field, &dispatch, false);
            }
        }
    };
    let close = {
        let dispatch = props.dispatch.clone();
        move |_| {
            dispatch.dispatch(Action::ToggledEditor);
            browser::focus("source");
        }
    };
    let label = match &props.input {
        Some(it) => format!("Text of {}", plain(&it.source.name)),
        None => "Your kubeconfig".to_owned(),
    };
    html! {
        <section class="card editor" aria-labelledby="input-label">
            <div class="row">
                <label id="input-label" for="input">{ label }</label>
                <span class="grow"></span>
                if props.closable {
                    { button("Cover the secrets", close) }
                }
                { landing::picker("Choose files", false, &props.give) }
                { landing::picker("Choose a folder", true, &props.give) }
            </div>
            <textarea id="input" ref={field} oninput={on_input} onpaste={on_paste} onblur={on_blur} rows="10"
                spellcheck="false" autocomplete="off" autocapitalize="off" translate="no" wrap="off" dir="ltr"
                placeholder="Paste here, or press Ctrl+V anywhere, or drop files anywhere" />
            { browser::part(".hint") }
        </section>
    }
}

type Waiting = Rc<RefCell<Option<browser::Timer>>>;

/// Reads what was pasted at once, and what is typed after a pause.
fn on_input(field: &NodeRef, timer: &Waiting, dispatch: &Dispatch) -> Callback<InputEvent> {
    let (field, timer, dispatch) = (field.clone(), timer.clone(), dispatch.clone());
    Callback::from(move |event: InputEvent| {
        let pasted = browser::was_pasted(&event);
        *timer.borrow_mut() = None;
        if pasted {
            return tell(&field, &dispatch, true);
        }
        let (field, dispatch) = (field.clone(), dispatch.clone());
        *timer.borrow_mut() = browser::after(PAUSE, move || tell(&field, &dispatch, false));
    })
}

fn tell(field: &NodeRef, dispatch: &Dispatch, pasted: bool) {
    let text = browser::text(field);
    dispatch.dispatch(Action::EditedText { text, pasted, now: browser::now() });
}
