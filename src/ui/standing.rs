//! How a context, a finding or a certificate stands, as a word, a sign and a color together.

use kubeconfig_inspector::{
    checks::Severity,
    decode::token::LEEWAY,
    facts::{ContextFacts, CredentialKind, Facts, RotationState},
    time::Timestamp,
};
use yew::prelude::*;

use super::icon::{Icon, icon};

/// A color with its meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tone {
    /// It does not work.
    Bad,
    /// It works, with a but.
    Warning,
    /// Nothing to decide.
    Note,
    /// It works.
    Good,
}

impl Tone {
    /// The class that colors it.
    pub(super) fn class(self) -> &'static str {
        match self {
            Tone::Bad => "bad",
            Tone::Warning => "warn",
            Tone::Note => "note",
            Tone::Good => "good",
        }
    }

    /// The sign that says the same without color.
    pub(super) fn icon(self) -> Html {
        icon(match self {
            Tone::Bad => Icon::Cross,
            Tone::Warning => Icon::Triangle,
            Tone::Note => Icon::Dot,
            Tone::Good => Icon::Check,
        })
    }
}

/// A word with its sign and color.
pub(super) fn tag(tone: Tone, word: &str) -> Html {
    html! { <span class={classes!("tag", tone.class())}>{ tone.icon() }{ word }</span> }
}

/// The tag of a finding.
pub(super) fn severity_tag(severity: Severity) -> Html {
    match severity {
        Severity::Error => tag(Tone::Bad, "Error"),
        Severity::Warning => tag(Tone::Warning, "Warning"),
        Severity::Notice => tag(Tone::Note, "Notice"),
    }
}

/// How a context stands, by its own facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Standing {
    /// kubectl or the server refuses it, whatever the credential.
    Refused,
    /// The credential in use is past its end.
    Expired,
    /// The credential in use is not valid yet.
    NotYet,
    /// In the rotation window.
    Due,
    /// Before its end.
    Valid,
    /// The file does not tell an end.
    NoEnd,
}

impl Standing {
    /// How `context` stands, when nothing but its own facts is known of it.
    pub(super) fn of(facts: &Facts, context: &ContextFacts) -> Standing {
        if context.refused.is_some() || !context.effective.problems.is_empty() {
            return Standing::Refused;
        }
        let in_use = &context.in_use;
        let begins = in_use
            .credential
            .and_then(|n| facts.user_facts(context.effective.user?)?.credentials.get(n))
            .and_then(|it| match it.kind {
                CredentialKind::ClientCertificate(_) => it.validity?.not_before,
                _ => Some(it.validity?.not_before?.plus(-LEEWAY)),
            });
        match in_use.expires_at {
            Some(end) if end < facts.now => Standing::Expired,
            _ if begins.is_some_and(|it| facts.now < it) => Standing::NotYet,
            Some(_) if in_use.rotation.is_some_and(|it| it.state == RotationState::Due) => {
                Standing::Due
            }
            Some(_) => Standing::Valid,
            None => Standing::NoEnd,
        }
    }

    /// Whether the time of the credential says it all.
    pub(super) fn is_over(self) -> bool {
        matches!(self, Standing::Expired | Standing::NotYet)
    }

    /// Its color and sign.
    pub(super) fn tone(self) -> Tone {
        match self {
            Standing::Refused | Standing::Expired | Standing::NotYet => Tone::Bad,
            Standing::Due => Tone::Warning,
            Standing::Valid => Tone::Good,
            Standing::NoEnd => Tone::Note,
        }
    }

    /// Its word.
    pub(super) fn word(self) -> &'static str {
        match self {
            Standing::Refused => "Does not work",
            Standing::Expired => "Expired",
            Standing::NotYet => "Not valid yet",
            Standing::Due => "Due",
            Standing::Valid => "Valid",
            Standing::NoEnd => "No end in the file",
        }
    }
}

/// A moment in UTC and, when the visitor's zone is another one, in local time below it.
pub(super) fn moment(at: Timestamp) -> Html {
    html! {
        <time datetime={at.to_string()}>
            { at.words() }
            if let Some(local) = local_words(at) {
                <small>{ local }</small>
            }
        </time>
    }
}

/// `at` in the visitor's own zone; none when that is UTC.
pub(super) fn local_words(at: Timestamp) -> Option<String> {
    let minutes = super::browser::zone_minutes(at).filter(|it| *it != 0)?;
    let words = at.plus(i64::from(minutes) * 60).words();
    let sign = if minutes < 0 { '−' } else { '+' };
    let (hours, rest) = (minutes.abs() / 60, minutes.abs() % 60);
    Some(format!("{} here (UTC{sign}{hours}:{rest:02})", words.trim_end_matches(" UTC")))
}
