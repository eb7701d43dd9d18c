//! Without a message: what kubectl will say with this kubeconfig today.

use super::scene::{Period, period};
use crate::{
    facts::{ContextFacts, CredentialKind, Facts, Reading},
    kubeconfig::resolve::DEFAULT_SERVER,
    pace::{Pace, at_once},
};

/// A message that kubectl will print.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prediction {
    /// What kubectl will say, in the words of kubectl 1.33.
    pub says: String,
    /// Why, as one sentence; empty when kubectl's words say it all.
    pub why: String,
    /// The contexts with which it will say so; none when it says so without a context too.
    pub contexts: Vec<String>,
}

/// What kubectl 1.33 will say with these files at the moment of judgement, as far as they tell:
/// for each context the first thing that stops it, and what stops kubectl when none is named.
/// What only the network or the server know, as a revoked credential, is not predicted.
///
/// Mirrors: ConfirmUsable, client-go v0.33.1 tools/clientcmd/client_config.go; checkErr,
/// kubectl v0.33.1 pkg/cmd/util/helpers.go.
pub fn predict(facts: &Facts) -> Vec<Prediction> {
    at_once(async |pace| predict_at(pace, facts).await)
}

/// The same in pieces: pending whenever `pace` calls for a rest.
pub async fn predict_at(pace: Pace<'_>, facts: &Facts) -> Vec<Prediction> {
    let mut all = Vec::new();
    for reading in &facts.readings {
        if let Some(it) = refused(facts, reading) {
            add(&mut all, it);
            continue;
        }
        if let Some(it) = without_context(reading) {
            add(&mut all, it);
        }
        for context in &reading.contexts {
            pace.rest().await;
            if let Some(it) = with_context(facts, context) {
                add(&mut all, it);
            }
        }
    }
    all
}

/// Puts `it` to `all`, or its contexts to those with which kubectl says the same.
#[inline(never)]
fn add(all: &mut Vec<Prediction>, it: Prediction) {
    let same = |other: &&mut Prediction| {
        other.says == it.says && other.contexts.is_empty() == it.contexts.is_empty()
    };
    if let Some(other) = all.iter_mut().find(same) {
        other.contexts.extend(it.contexts);
    } else if all.len() < MOST {
        all.push(it);
    }
}

/// The most different messages that are predicted; thousands of contexts may each have their own.
const MOST: usize = 20;

/// Every file of the reading is loaded, as it was given and not as we mended it, before a
/// context is looked for.
fn refused(facts: &Facts, reading: &Reading) -> Option<Prediction> {
    let (says, refusal) = reading.merged.files.iter().find_map(|file| facts.refusal(*file))?;
    Some(Prediction {
        says: format!("error: {says}"),
        why: refusal.explanation.clone(),
        contexts: Vec::new(),
    })
}

/// What kubectl says when no context is named and the current one is none of the kubeconfig's.
fn without_context(reading: &Reading) -> Option<Prediction> {
    if reading.contexts.iter().any(|it| it.effective.current) {
        return None;
    }
    Some(match &reading.merged.current_context {
        Some((name, _)) if !name.is_empty() => Prediction {
            says: format!(
                "Error in configuration: context was not found for specified context: {name}"
            ),
            why: String::new(),
            contexts: Vec::new(),
        },
        _ => Prediction {
            says: DEFAULT_SERVER.to_owned(),
            why: "No context is chosen, and then kubectl tries its default server.".to_owned(),
            contexts: Vec::new(),
        },
    })
}

fn with_context(facts: &Facts, context: &ContextFacts) -> Option<Prediction> {
    let (says, why) = unusable(context).or_else(|| expired(facts, context))?;
    let says = facts.scrubbed(&context.effective, &says);
    Some(Prediction { says, why, contexts: vec![context.effective.name.clone()] })
}

/// The rules that kubectl checks all at once before it makes a client; of all others it reports
/// the first.
const TOGETHER: &[&str] = &[
    "specified for",
    "authentication method",
    "without impersonating",
    "'proxy-url'",
    "interactiveMode",
    "in combination with",
    "exec authentication plugin",
    "no server found",
];

/// What goes wrong only when the request is made.
const ASKED: &[&str] = &["net/http: ", "protocol scheme", "invalid URL escape", "in request URL"];

fn unusable(context: &ContextFacts) -> Option<(String, String)> {
    let mut says = context.effective.problems.iter().map(|it| it.kubectl.as_str());
    let first = says.next()?;
    let together = |text: &&str| TOGETHER.iter().any(|it| text.contains(it));
    let rest: Vec<&str> = says.filter(together).collect();
    let says = match first {
        _ if together(&first) && !rest.is_empty() => {
            format!("Error in configuration: \n* {first}\n* {}", rest.join("\n* "))
        }
        _ if ASKED.iter().any(|it| first.contains(it)) => {
            format!("Unable to connect to the server: {first}")
        }
        _ if first.starts_with("The connection") || first.starts_with("Please") => first.to_owned(),
        _ => format!("error: {first}"),
    };
    let why = if first.starts_with("Please") {
        "The context has no credential that kubectl would send, so it asks for one; without a \
         terminal it says error: EOF."
    } else if first == DEFAULT_SERVER {
        "The context's cluster is missing or has no server, so kubectl tries its default server."
    } else {
        ""
    };
    Some((says, why.to_owned()))
}

fn expired(facts: &Facts, context: &ContextFacts) -> Option<(String, String)> {
    let user = facts.user_facts(context.effective.user?)?;
    let sent: Vec<_> = user.credentials.iter().filter(|it| it.sent).collect();
    let ends: Vec<Period> =
        sent.iter().filter_map(|it| Some(period(it.validity.as_ref()?, facts.now))).collect();
    // A second credential that still holds, or whose end is not known, may be accepted; a
    // program gets a new one.
    let plugin = sent.iter().any(|it| matches!(it.kind, CredentialKind::Exec { .. }));
    let over = |it: &Period| !matches!(it, Period::Holds(_));
    if plugin || ends.is_empty() || ends.len() < sent.len() || !ends.iter().all(over) {
        return None;
    }
    let why = match ends.first()? {
        Period::Over(end) => format!("The credential expired on {}.", end.words()),
        Period::NotBegun(start) => format!("The credential becomes valid on {}.", start.words()),
        Period::Holds(_) => return None,
    };
    let says = "error: You must be logged in to the server (the server has asked for the client \
                to provide credentials)";
    Some((says.to_owned(), why))
}
