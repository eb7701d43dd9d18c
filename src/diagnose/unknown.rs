//! A message that no family knows: says so, and what was recognised in it.

use super::{Diagnosis, Family, families, message::Message};
use crate::{facts::Facts, quote};

/// The one entry for an unknown message.
pub(super) fn diagnose(facts: &Facts, message: &Message) -> Vec<Diagnosis> {
    let mut proof = Vec::new();
    if !message.hosts.is_empty() {
        let hosts: Vec<String> = message
            .hosts
            .iter()
            .map(|it| match it.port {
                Some(port) => format!("{} port {port}", it.name),
                None => it.name.clone(),
            })
            .collect();
        proof.push(format!("Hosts named in it: {}.", hosts.join(", ")));
        let contexts = facts.readings.iter().flat_map(|it| &it.contexts).filter(|it| {
            let cluster = it.effective.cluster.and_then(|it| facts.cluster_facts(it));
            let server = cluster.and_then(|it| it.server.as_ref());
            server.is_some_and(|it| {
                message.hosts.iter().any(|host| it.host.eq_ignore_ascii_case(&host.name))
            })
        });
        let names: Vec<String> = contexts.map(|it| quote::visible(&it.effective.name)).collect();
        if !names.is_empty() {
            proof.push(format!("Contexts with one of these servers: {}.", names.join(", ")));
        }
    }
    let text = message.whole.original();
    let codes = found(text, |it| {
        it.len() == 3 && it.parse::<u16>().is_ok_and(|it| (400..600).contains(&it))
    });
    if !codes.is_empty() {
        proof.push(format!("HTTP status codes in it: {}.", codes.join(", ")));
    }
    let files = found(text, |it| {
        it.len() < 200
            && !it.contains("//")
            && (it.starts_with('/') || it.contains(":\\") || it.starts_with("~/"))
            && it.chars().skip(1).any(char::is_alphanumeric)
    });
    if !files.is_empty() {
        proof.push(format!("File names in it: {}.", files.join(", ")));
    }
    let times = found(text, |it| crate::time::Timestamp::parse(it).is_some());
    if !times.is_empty() {
        proof.push(format!("Moments in it: {}.", times.join(", ")));
    }
    if let Some((wording, shared)) = closest(text) {
        proof.push(format!(
            "The closest message that is known here reads “{}”; {shared} words of it stand in \
             yours. It need not be the same.",
            without_places(wording)
        ));
    }
    if proof.is_empty() {
        proof.push("No host, status code or file name was recognized in it.".to_owned());
    }
    vec![Diagnosis {
        id: "unknown-message",
        title: "This message is not one that is known here.".to_owned(),
        context: None,
        proof,
        fix: vec![
            "Run the command again with more detail and paste all of what it prints.".to_owned(),
            "Remove tokens and keys from it first: lines that begin with Authorization.".to_owned(),
        ],
        commands: vec!["kubectl get namespaces -v=6".to_owned()],
        ..Diagnosis::default()
    }]
}

/// The words of `text` that `is` accepts, each once, at most five.
fn found(text: &str, is: impl Fn(&str) -> bool) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for word in text.split(|it: char| it.is_whitespace() || "\"'`()<>,;=".contains(it)) {
        let word = word.trim_end_matches([':', '.']);
        if is(word) && !found.iter().any(|it| it == word) {
            found.push(quote::visible(word));
        }
    }
    found.truncate(5);
    found
}

/// `wording` with an ellipsis where a value stands.
pub(super) fn without_places(wording: &str) -> String {
    let mut parts = wording.split('{');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + "…" + part.split_once('}').map_or("", |(_, rest)| rest))
}

/// The known wording with the largest share of its words in `text`, when that is more than
/// half of at least three.
fn closest(text: &str) -> Option<(&'static str, String)> {
    let words = |text: &str| -> Vec<String> {
        let is_word = |it: &&str| 2 < it.len() && !it.starts_with('{');
        text.to_ascii_lowercase()
            .split(|it: char| !(it.is_alphanumeric() || it == '{'))
            .filter(is_word)
            .map(str::to_owned)
            .collect()
    };
    let mine = words(text);
    let wordings = families().flat_map(|it: &Family| it.says.iter().copied());
    let (shared, total, wording) = wordings
        .filter_map(|wording| {
            let theirs = words(wording);
            let shared = theirs.iter().filter(|it| mine.contains(it)).count();
            let enough = 3 <= theirs.len() && theirs.len() < 2 * shared;
            enough.then_some((shared, theirs.len(), wording))
        })
        .max_by_key(|(shared, total, _)| (shared * 100 / total, *shared))?;
    Some((wording, format!("{shared} of {total}")))
}
