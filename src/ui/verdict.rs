//! The answer: how it stands, why or how, and the four facts that it rests on.

use kubeconfig_inspector::{
    Report,
    checks::{
        Finding, Severity,
        verdict::{self, Status, Verdict},
    },
    decode::{token::Token, x509::Certificate},
    facts::{
        ContextFacts, CredentialKind, Facts, LifetimeKind, Reading, RotationState, SourceFacts,
        TlsMode,
    },
    masking,
    time::duration,
};
use yew::prelude::*;

use super::{
    contexts::{self, credential_in_use, reach_word},
    detail::{certificate, one_token},
    standing::{Tone, local_words, tag},
    untrusted::{code, filled, untrusted, visible},
};

/// The verdict on one context in words, for a screen reader.
pub(super) fn told(report: &Report, context: &ContextFacts) -> String {
    let verdict = verdict::verdict(&report.facts, &report.findings, context);
    let headline = headline(&report.facts, context, &verdict, is_due(context));
    // The reason alone has the tag beside it on the screen.
    let said = match verdict.sentences.last() {
        Some(why) if *why == headline => verdict.sentences.join(" "),
        _ => headline,
    };
    match unnamed(report, context) {
        Some(it) => format!("{said} {}.", it.check.title),
        None => said,
    }
}

/// Why kubectl takes no context of that file when none is named.
fn unnamed<'a>(report: &'a Report, context: &ContextFacts) -> Option<&'a Finding> {
    let has =
        |it: &&Reading| it.contexts.iter().any(|it| it.effective.entry == context.effective.entry);
    report.findings.iter().filter(|it| it.is_about_the_current_context()).find(|it| {
        let reading = report.facts.readings.iter().find(has);
        reading.is_some_and(|reading| reading.merged.files.contains(&it.place.file))
    })
}

fn is_due(context: &ContextFacts) -> bool {
    context.in_use.rotation.is_some_and(|it| it.state == RotationState::Due)
}

/// The verdict on one context.
pub(super) fn verdict(report: &Report, context: &ContextFacts) -> Html {
    let facts = &report.facts;
    let verdict = verdict::verdict(facts, &report.findings, context);
    let due = is_due(context);
    let unnamed = unnamed(report, context).map(|it| it.check);
    let warned = unnamed.is_some() || is_warned(report, context);
    let (tone, word) = standing(verdict.status, due, warned);
    html! {
        <section class={classes!("card", "verdict", tone.class())} aria-labelledby="verdict">
            <div class="row">
                { tag(tone, word) }
                <span class="soft">{ filled("Context {0}", &[code(&context.effective.name)]) }</span>
                if let Some(namespace) = namespace(facts, context) {
                    <span class="soft">{ filled("Namespace {0}", &[code(namespace)]) }</span>
                }
            </div>
            <h2 id="verdict" tabindex="-1">{ visible(&headline(facts, context, &verdict, due)) }</h2>
            if !matches!(verdict.status, Status::WillNotWork) {
                <p>{ visible(&verdict.sentences.get(1..).unwrap_or_default().join(" ")) }</p>
            }
            if let Some(it) = unnamed {
                <p>{ format!("{}. {}", it.title, it.fix) }</p>
            }
            { for says(facts, context).iter().map(|it| kubectl(it)) }
            <dl class="facts">
                <div><dt>{ "Expires" }</dt><dd>{ expires(facts, context) }</dd></div>
                <div><dt>{ "You are" }</dt><dd>{ who(facts, context) }</dd></div>
                <div><dt>{ "Server" }</dt><dd>{ server(facts, context) }</dd></div>
                <div><dt>{ "TLS" }</dt><dd>{ tls(facts, context) }</dd></div>
            </dl>
            if !verdict.unknowns.is_empty() {
                <div class="limits">
                    <p>{ "What the file cannot tell:" }</p>
                    <ul>{ for verdict.unknowns.iter().map(|it| html! { <li>{ visible(it) }</li> }) }</ul>
                </div>
            }
        </section>
    }
}

/// What stops kubectl, in its words: it looks at no context before it has loaded every file.
fn says(facts: &Facts, context: &ContextFacts) -> Vec<String> {
    match context.refused.and_then(|it| facts.refusal(it)) {
        Some((words, _)) => vec![words],
        None => {
            let problems = context.effective.problems.iter();
            problems.map(|it| facts.scrubbed(&context.effective, &it.kubectl)).collect()
        }
    }
}

fn kubectl(words: &str) -> Html {
    let words = code(&masking::kubectl_words(words));
    html! { <p class="kubectl">{ filled("kubectl says: {0}", &[words]) }</p> }
}

/// Whether something about the context is unsafe or about to stop.
fn is_warned(report: &Report, context: &ContextFacts) -> bool {
    report
        .findings
        .iter()
        .any(|it| it.check.severity == Severity::Warning && it.concerns(&report.facts, context))
}

fn standing(status: Status, due: bool, warned: bool) -> (Tone, &'static str) {
    match status {
        Status::WillNotWork => (Tone::Bad, "Does not work"),
        Status::WorksUntil(_) if due => (Tone::Warning, "Works, renewal is due"),
        Status::Works | Status::WorksUntil(_) if warned => (Tone::Warning, "Works, with a warning"),
        Status::Works | Status::WorksUntil(_) => (Tone::Good, "Works"),
        Status::Unknown if warned => (Tone::Warning, "Unknown, with a warning"),
        Status::Unknown => (Tone::Note, "Unknown"),
    }
}

/// The namespace that the context names.
pub(super) fn namespace<'a>(facts: &'a Facts, context: &ContextFacts) -> Option<&'a str> {
    let body = &facts.context(context.effective.entry)?.body;
    Some(body.namespace.as_str()).filter(|it| !it.is_empty())
}

fn headline(facts: &Facts, context: &ContextFacts, verdict: &Verdict, due: bool) -> String {
    let sentence = |it: Option<&String>| it.cloned().unwrap_or_default();
    match verdict.status {
        Status::WorksUntil(end) => {
            let (day, distance) = (end.day_words(), end.distance(facts.now));
            if due {
                format!("Works until {day}, {distance}. Renew it: the rotation window is open.")
            } else {
                format!("Works until {day}, {distance}.")
            }
        }
        Status::WillNotWork => match verdict.stopped {
            Some(end)
                if says(facts, context).is_empty() && context.in_use.expires_at == Some(end) =>
            {
                format!("Expired on {}, {}.", end.day_words(), end.distance(facts.now))
            }
            // That it does not work is what the tag says.
            _ => sentence(verdict.sentences.last()),
        },
        Status::Works | Status::Unknown => sentence(verdict.sentences.first()),
    }
}

fn expires(facts: &Facts, context: &ContextFacts) -> Html {
    let in_use = &context.in_use;
    let Some(end) = in_use.expires_at else {
        let words = match credential_in_use(facts, context) {
            None => "Nothing that expires is sent",
            Some(it) if never_ends(&it.kind) => "Never",
            _ => "Not told by the file",
        };
        return html! { { words } };
    };
    html! {
        <>
            <time datetime={end.to_string()}>{ end.words() }</time>
            <small>{ end.distance(facts.now) }</small>
            if let Some(local) = local_words(end) {
                <small>{ local }</small>
            }
            if let Some(lifetime) = in_use.lifetime {
                <small>{ match lifetime.kind {
                    LifetimeKind::LongTerm => {
                        format!("long-term: lives {}", duration(lifetime.seconds))
                    }
                    LifetimeKind::Temporary => {
                        format!("temporary: lives {}", duration(lifetime.seconds))
                    }
                    LifetimeKind::Other => format!("lives {}", duration(lifetime.seconds)),
                } }</small>
            }
            if let Some(rotation) = in_use.rotation {
                <small>{ match rotation.state {
                    RotationState::NotYet => {
                        format!("rotation window opens on {}", rotation.opens_at.date())
                    }
                    RotationState::Due => {
                        format!("rotation window open since {}", rotation.opens_at.date())
                    }
                    RotationState::Expired => {
                        format!("rotation window was open from {}", rotation.opens_at.date())
                    }
                } }</small>
            }
        </>
    }
}

/// Whether it is a token that says nothing of its end, and so has none.
fn never_ends(kind: &CredentialKind) -> bool {
    match kind {
        CredentialKind::Token(it) | CredentialKind::TokenFile { token: Some(it), .. } => {
            matches!(it, Token::Jwt(it) if it.expires_at.is_none())
        }
        _ => false,
    }
}

/// How many groups stand in the answer.
const MOST_GROUPS: usize = 5;

fn who(facts: &Facts, context: &ContextFacts) -> Html {
    let Some(identity) = &context.in_use.identity else {
        let credential = credential_in_use(facts, context);
        let words = match credential {
            None if !context.in_use.password_in_address => "Nobody: no credential is sent",
            _ => "Not told by the file",
        };
        return html! {
            <>
                { words }
                if let Some(it) = credential {
                    <small>{ contexts::kind_word(&it.kind) }</small>
                }
            </>
        };
    };
    html! {
        <>
            { untrusted(&identity.user) }
            { for identity.groups.iter().take(MOST_GROUPS).map(|it| html! { <small>{ filled("group {0}", &[untrusted(it)]) }</small> }) }
            if let Some(more @ 1..) = identity.groups.len().checked_sub(MOST_GROUPS) {
                <small>{ format!("{more} more under Identity") }</small>
            }
            if let Some(account) = &identity.alibaba_cloud {
                <small>{ filled("Alibaba Cloud user {0}", &[untrusted(&account.user_id)]) }</small>
                if let Some(at) = account.issued_at {
                    <small>{ format!("issued {}", at.date()) }</small>
                }
            }
        </>
    }
}

fn server(facts: &Facts, context: &ContextFacts) -> Html {
    let cluster = context.effective.cluster.and_then(|it| facts.cluster_facts(it));
    let Some(server) = cluster.and_then(|it| it.server.as_ref()) else {
        return html! { { "No address" } };
    };
    html! {
        <>
            { untrusted(&contexts::host_and_port(server)) }
            <small>{ reach_word(server.reach) }</small>
        </>
    }
}

fn tls(facts: &Facts, context: &ContextFacts) -> Html {
    let Some(cluster) = context.effective.cluster.and_then(|it| facts.cluster_facts(it)) else {
        return html! { { "No cluster" } };
    };
    let entry = context.effective.cluster.and_then(|it| facts.cluster(it));
    let written = entry.is_some_and(|it| it.body.certificate_authority_data.is_some());
    match cluster.tls {
        TlsMode::Verified => html! {
            <>
                { "Verified by the file's own CA" }
                { for cluster.ca.readable().take(2).map(ca) }
                if written && cluster.ca.readable().next().is_none() {
                    <small>{ tag(Tone::Bad, "no certificate in it can be read") }</small>
                }
            </>
        },
        TlsMode::SystemRoots => html! { { "Verified by the system's own CAs" } },
        TlsMode::Insecure => html! {
            <>{ tag(Tone::Bad, "Not verified") }<small>{ "anyone on the way can pose as the server" }</small></>
        },
        TlsMode::Plaintext => html! {
            <>{ tag(Tone::Bad, "No TLS") }<small>{ "plain http: everything can be read on the way" }</small></>
        },
    }
}

fn ca(it: &Certificate) -> Html {
    let name = visible(&it.subject().rfc4514());
    html! {
        <small>{ match it.validity.not_after {
            Some(end) => filled("{0}, until {1}", &[name, html! { { end.date() } }]),
            None => name,
        } }</small>
    }
}

/// What is said of a source without a context: a tone, a word and a sentence.
fn instead<'a>(source: &SourceFacts, refused: Option<&'a str>) -> (Tone, &'static str, &'a str) {
    match refused {
        _ if !source.certificates.is_empty() => {
            (Tone::Note, "Certificates", "Certificates, without a kubeconfig around them.")
        }
        _ if !source.tokens.is_empty() => {
            (Tone::Note, "Token", "A token, without a kubeconfig around it.")
        }
        _ if !source.keys.is_empty() => {
            (Tone::Note, "Key", "A private key, without a kubeconfig around it.")
        }
        Some(why) => (Tone::Bad, "kubectl refuses this", why),
        None => (
            Tone::Bad,
            "Nothing to connect with",
            "kubectl reads this file, and finds no context in it to connect with.",
        ),
    }
}

/// The verdict on a source without a context in words, for a screen reader.
pub(super) fn told_without(report: &Report, index: usize) -> Option<String> {
    let rejection = report.facts.rejection(index);
    let (_, word, headline) =
        instead(report.facts.sources.get(index)?, rejection.as_ref().map(|it| it.message.as_str()));
    Some(format!("{word}. {headline}"))
}

/// The verdict on a source without a context: what it is instead, or why it cannot be read.
pub(super) fn without_context(report: &Report, index: usize) -> Html {
    let facts = &report.facts;
    let Some(source) = facts.sources.get(index) else { return html! {} };
    let rejection = facts.rejection(index);
    let (tone, word, headline) = instead(source, rejection.as_ref().map(|it| it.message.as_str()));
    let refusals = source
        .refusal
        .iter()
        .chain(source.files.iter().filter_map(|it| facts.files.get(*it)?.refusal.as_ref()));
    html! {
        <section class={classes!("card", "verdict", tone.class())} aria-labelledby="verdict">
            <div class="row">{ tag(tone, word) }<span class="soft">{ untrusted(&source.name) }</span></div>
            <h2 id="verdict" tabindex="-1">{ visible(headline) }</h2>
            if let Some(at) = rejection.as_ref().and_then(|it| it.location) {
                <p>{ format!("Line {}, column {}.", at.line, at.column) }</p>
            }
            { for refusals.take(1).filter(|it| !it.kubectl.is_empty()).map(|it| kubectl(&it.kubectl)) }
            { for source.readable().map(|it| {
                certificate(it, facts.now)
            }) }
            { for source.tokens.iter().map(one_token) }
            if let Some(end) = source.intake.expiration {
                <p>{ format!("What is around it names {} as its end, {}.", end.words(), end.distance(facts.now)) }</p>
            }
        </section>
    }
}

#[cfg(test)]
mod tests {
    use kubeconfig_inspector::{Options, inspect_with, source::Source};

    use crate::ui::drawing::{NOW, report, sample, text};

    fn check(draw: fn() -> yew::Html, expected: &[&str]) {
        let text = text(draw);
        for it in expected {
            assert!(text.contains(it), "{it:?} is not in: {text}");
        }
    }

    #[test]
    fn the_answer_has_a_word_a_date_and_a_distance() {
        check(
            || {
                let report = sample("Healthy ACK");
                super::verdict(&report, &report.facts.readings[0].contexts[0])
            },
            &[
                "Works",
                "Works until 10 January 2036, in 9 years.",
                "2036-01-10 00:00:00 UTC",
                "1234567890123456-1768003200",
                "group system:users",
                "203.0.113.10:6443",
                "Verified by the file's own CA",
            ],
        );
        check(
            || {
                let report = sample("Expired");
                super::verdict(&report, &report.facts.readings[0].contexts[0])
            },
            &["Does not work", "Expired on 9 January 2025, 684 days ago."],
        );
    }

    /// A kubeconfig that works.
    const WELL: &str = "\
clusters: [{name: a, cluster: {server: 'https://a.example.com'}}]
users: [{name: a, user: {token: sha256~0123456789abcdef}}]
contexts: [{name: a, context: {cluster: a, user: a}}]
current-context: a
";

    #[test]
    fn a_refused_file_is_what_kubectl_says() {
        // For want of a credential kubectl would ask for a name, if it came so far.
        let text = text(|| {
            let broken = WELL.replace("token: sha256~0123456789abcdef", "") + "more: [\n";
            let report = report(&broken);
            super::verdict(&report, &report.facts.readings[0].contexts[0])
        });
        let says = "kubectl says: error loading config file \"config\": yaml: line ";
        assert!(text.contains(says), "{text}");
        assert_eq!(text.matches("kubectl says").count(), 1, "{text}");
    }

    #[test]
    fn a_context_that_kubectl_does_not_take_by_itself_is_named_so() {
        let rows = [
            ("", "No context is the current one."),
            ("current-context: b\n", "The current context does not exist."),
        ];
        for (current, says) in rows {
            let report = report(&WELL.replace("current-context: a\n", current));
            let context = &report.facts.readings[0].contexts[0];
            assert!(super::told(&report, context).ends_with(says), "{says}");
        }
        check(
            || {
                let report = report(&WELL.replace("current-context: a\n", ""));
                super::verdict(&report, &report.facts.readings[0].contexts[0])
            },
            &["with a warning", "No context is the current one.", "use-context"],
        );
        let report = report(WELL);
        assert!(!super::told(&report, &report.facts.readings[0].contexts[0]).contains("current"));
    }

    #[test]
    fn a_refused_file_stops_those_that_are_read_with_it() {
        let text = text(|| {
            let sources = [Source::new("well", WELL), Source::new("broken", "clusters: [")];
            let options = Options { merge: true, ..Options::default() };
            let report = inspect_with(&sources, NOW, &options);
            super::verdict(&report, &report.facts.readings[0].contexts[0])
        });
        for it in [
            "Does not work",
            "kubectl refuses broken, and with it all that is read as one.",
            "kubectl says: error loading config file \"broken\": yaml: ",
        ] {
            assert!(text.contains(it), "{it:?} is not in: {text}");
        }
    }

    #[test]
    fn a_token_without_an_end_never_expires() {
        check(
            || {
                // {"alg":"RS256"}, {"iss":"a","sub":"b"}
                let token = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJhIiwic3ViIjoiYiJ9.c2ln";
                let report = report(&WELL.replace("sha256~0123456789abcdef", token));
                super::verdict(&report, &report.facts.readings[0].contexts[0])
            },
            &["Expires", "Never"],
        );
    }

    #[test]
    fn the_end_that_an_answer_names_is_told() {
        check(
            || {
                let text = r#"{"kind": "ExecCredential", "apiVersion": "client.authentication.k8s.io/v1",
                    "status": {"token": "sha256~0123456789abcdef", "expirationTimestamp": "2026-11-24T09:00:00Z"}}"#;
                super::without_context(&report(text), 0)
            },
            &["A token, without a kubeconfig around it.", "2026-11-24 09:00:00 UTC"],
        );
    }

    #[test]
    fn what_is_no_kubeconfig_is_answered() {
        check(|| super::without_context(&report("hello"), 0), &["kubectl refuses this"]);
    }
}
