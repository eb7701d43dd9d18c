//! The second input: what kubectl said, and what that means for these files. While it is empty:
//! what kubectl will say.

use std::rc::Rc;

use kubeconfig_inspector::{
    diagnose::{Diagnosis, Prediction},
    masking, quote,
    secret::Secret,
};
use yew::prelude::*;

use super::{
    browser,
    choice::button,
    copying::{copy_button, ready},
    state::{Action, Dispatch, Selection, State},
    untrusted::{code, filled, plain, visible},
};

/// Draws it.
pub(super) fn message(state: &State, dispatch: &Dispatch) -> Html {
    let on_input = {
        let dispatch = dispatch.clone();
        Callback::from(move |event: InputEvent| {
            dispatch.dispatch(Action::EnteredMessage(browser::value(&event)));
        })
    };
    html! {
        <section class="message" aria-labelledby="message-title">
            <h2 id="message-title">
                <label for="message">{ "kubectl says…" }</label>
                <span>{ "optional: paste the error, or the whole terminal" }</span>
            </h2>
            <textarea id="message" rows="2" value={state.message.clone()} oninput={on_input}
                spellcheck="false" autocomplete="off" translate="no" dir="ltr"
                placeholder="Unable to connect to the server: x509: certificate is valid for …" />
            if state.message.trim().is_empty() {
                { expected(state, dispatch) }
            } else if !state.diagnosis.is_empty() {
                <ol class="diagnosis">{ for state.diagnosis.iter().enumerate().map(|(n, it)| {
                    cause(n, it, dispatch)
                }) }</ol>
            }
        </section>
    }
}

/// The likeliest cause, for a screen reader.
pub(super) fn told(state: &State) -> Option<String> {
    Some(plain(&state.diagnosis.first()?.title))
}

/// How many of kubectl's next messages are shown; hundreds of contexts have their table.
const SHOWN: usize = 5;

/// What kubectl will say with these files, each as a message that can be looked into.
fn expected(state: &State, dispatch: &Dispatch) -> Html {
    let some = state.expected().take(SHOWN);
    let all: Vec<Html> = some.map(|(it, with)| prediction(it, with, dispatch)).collect();
    if all.is_empty() {
        return html! {};
    }
    html! {
        <>
            <h3>{ "With these files kubectl 1.33 will say" }</h3>
            { for all }
        </>
    }
}

fn prediction(it: &Prediction, with: Option<Selection>, dispatch: &Dispatch) -> Html {
    let command = it.contexts.first().map_or(String::new(), |name| {
        format!("$ kubectl --context {} get namespaces\n", quote::bash(name))
    });
    let says = masking::kubectl_words(&it.says);
    let message = command + &says;
    let dispatch = dispatch.clone();
    let onclick = Callback::from(move |_: MouseEvent| {
        // Another file may have a context of that name.
        if let Some(it) = with {
            dispatch.dispatch(Action::ChoseContext(it));
        }
        dispatch.dispatch(Action::EnteredMessage(message.clone()));
        browser::focus("cause");
    });
    html! {
        <div class="prediction">
            <div class="command">
                <pre tabindex="0" role="group" aria-label="Message"><code dir="ltr">{ visible(&says) }</code></pre>
                { button("Explain", onclick) }
            </div>
            if !it.why.is_empty() {
                <p>{ visible(&it.why) }</p>
            }
            if !it.contexts.is_empty() {
                <p class="soft">{ named(&it.contexts) }</p>
            }
        </div>
    }
}

/// Contexts that are named; of more than these it is said how many there are.
const NAMED: usize = 8;

fn named(contexts: &[String]) -> Html {
    match contexts.split_at_checked(NAMED) {
        Some((some, rest)) if !rest.is_empty() => {
            let rest = rest.len().to_string();
            filled("Context {0} and {1} more", &[code(&some.join(", ")), visible(&rest)])
        }
        _ => filled("Context {0}", &[code(&contexts.join(", "))]),
    }
}

fn cause(n: usize, it: &Diagnosis, dispatch: &Dispatch) -> Html {
    html! {
        <li class="card" key={n} id={(n == 0).then_some("cause")} tabindex="-1">
            <h3>
                { visible(&it.title) }
                if n == 0 { <span class="tag quiet">{ "likeliest" }</span> }
            </h3>
            if let Some(context) = &it.context {
                <p class="soft">{ filled("Context {0}", &[code(context)]) }</p>
            }
            { list("What shows it", &it.proof) }
            if !it.fix.is_empty() {
                <h4>{ "What to do" }</h4>
                <ol>{ for it.fix.iter().map(|it| html! { <li>{ visible(it) }</li> }) }</ol>
            }
            { for it.commands.iter().map(|it| command(it, dispatch)) }
            { list("Ruled out", &it.ruled_out) }
        </li>
    }
}

fn list(title: &'static str, items: &[String]) -> Html {
    if items.is_empty() {
        return html! {};
    }
    html! {
        <>
            <h4>{ title }</h4>
            <ul>{ for items.iter().map(|it| html! { <li>{ visible(it) }</li> }) }</ul>
        </>
    }
}

/// A command with a button that copies it.
pub(super) fn command(command: &str, dispatch: &Dispatch) -> Html {
    html! {
        <div class="command">
            <pre tabindex="0" role="group" aria-label="Command"><code dir="ltr">{ visible(command) }</code></pre>
            { copy_button("Copy", "command", false, ready(&Rc::new(Secret::new(command.to_owned()))), dispatch) }
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::named;
    use crate::ui::drawing::text;

    #[test]
    fn of_many_contexts_the_first_are_named() {
        let [all, some] = [
            text(|| named(&vec!["dev".to_owned(); 8])),
            text(|| named(&vec!["dev".to_owned(); 10])),
        ];
        assert_eq!((all.matches("dev").count(), all.contains("more")), (8, false));
        assert_eq!(some.matches("dev").count(), 8);
        assert!(some.contains("and 2 more"), "{some}");
    }
}
