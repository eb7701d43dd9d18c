//! Without a message: what kubectl will say with a context of this kubeconfig today.

use super::scene::{Period, period};
use crate::facts::{ContextFacts, CredentialKind, Facts};

/// A message that kubectl will print.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prediction {
    /// What kubectl will say, in the words of kubectl 1.33.
    pub says: String,
    /// Why, as one sentence.
    pub why: String,
}

/// What kubectl 1.33 will say when `context` is used at the moment of judgement, as far as the
/// kubeconfig tells: the first thing that stops it. None when nothing in the kubeconfig does.
/// What only the network or the server know, as a revoked credential, is not predicted.
///
/// Mirrors: ConfirmUsable, client-go v0.33.1 tools/clientcmd/client_config.go; checkErr,
/// kubectl v0.33.1 pkg/cmd/util/helpers.go.
pub fn predict(facts: &Facts, context: &ContextFacts) -> Option<Prediction> {
    refused(facts, context)
        .or_else(|| unusable(context))
        .or_else(|| default_server(context))
        .or_else(|| no_credential(facts, context))
        .or_else(|| expired(facts, context))
}

/// Every file of the reading is loaded before a context is looked for.
fn refused(facts: &Facts, context: &ContextFacts) -> Option<Prediction> {
    let reading = facts.readings.iter().find(|it| it.contexts.contains(context))?;
    let files = reading.merged.files.iter().filter_map(|it| facts.files.get(*it));
    let (file, refusal) = files.filter_map(|it| Some((it, it.refusal.as_ref()?))).next()?;
    Some(Prediction {
        says: format!("error: error loading config file \"{}\": {}", file.name, refusal.kubectl),
        why: refusal.explanation.clone(),
    })
}

fn unusable(context: &ContextFacts) -> Option<Prediction> {
    let mut says = context.effective.problems.iter().map(|it| it.kubectl.as_str());
    let first = says.next()?;
    let rest: Vec<&str> = says.collect();
    let is_validation = |text: &str| {
        [
            "specified for",
            "unable to read",
            "authentication method",
            "without impersonating",
            "'proxy-url'",
            "interactiveMode",
        ]
        .iter()
        .any(|it| text.contains(it))
    };
    let all: Vec<&str> =
        std::iter::once(first).chain(rest.into_iter().filter(|it| is_validation(it))).collect();
    let says = match all.as_slice() {
        [_, _, ..] if is_validation(first) => {
            let items: Vec<String> = all.iter().map(|it| format!("* {it}")).collect();
            format!("Error in configuration: \n{}", items.join("\n"))
        }
        _ if ["error", "Error", "Unable", "The connection", "Please"]
            .iter()
            .any(|it| first.starts_with(it)) =>
        {
            first.to_owned()
        }
        _ => format!("error: {first}"),
    };
    Some(Prediction { says, why: "kubectl checks this before it connects.".to_owned() })
}

fn default_server(context: &ContextFacts) -> Option<Prediction> {
    context.effective.cluster.is_none().then(|| Prediction {
        says: "The connection to the server localhost:8080 was refused - did you specify the \
               right host or port?"
            .to_owned(),
        why: "The context's cluster is not in the kubeconfig, so kubectl falls back to its \
              default server."
            .to_owned(),
    })
}

fn no_credential(facts: &Facts, context: &ContextFacts) -> Option<Prediction> {
    let server = facts.cluster_facts(context.effective.cluster?)?.server.as_ref()?;
    let user = context.effective.user.and_then(|it| facts.user_facts(it));
    let sent = user.is_some_and(|it| it.credentials.iter().any(|it| it.sent));
    (server.scheme == "https" && !sent).then(|| Prediction {
        says: "Please enter Username: ".to_owned(),
        why: "The context has no credential that kubectl would send, so it asks for one; \
              without a terminal it says error: EOF."
            .to_owned(),
    })
}

fn expired(facts: &Facts, context: &ContextFacts) -> Option<Prediction> {
    let user = facts.user_facts(context.effective.user?)?;
    let sent: Vec<_> = user.credentials.iter().filter(|it| it.sent).collect();
    let ends: Vec<Period> =
        sent.iter().filter_map(|it| Some(period(it.validity.as_ref()?, facts.now))).collect();
    let over = ends.iter().find_map(|it| match it {
        Period::Over(end) => Some(*end),
        _ => None,
    })?;
    // A second credential that still holds, or whose end is not known, may be accepted.
    let plugin = sent.iter().any(|it| matches!(it.kind, CredentialKind::Exec { .. }));
    if plugin || ends.len() < sent.len() || ends.iter().any(|it| matches!(it, Period::Holds(_))) {
        return None;
    }
    Some(Prediction {
        says: "error: You must be logged in to the server (the server has asked for the client \
               to provide credentials)"
            .to_owned(),
        why: format!("The credential expired on {}.", over.words()),
    })
}
