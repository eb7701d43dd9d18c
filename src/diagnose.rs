//! From a message of kubectl to its cause in this very kubeconfig.
//!
//! A [`Family`] is one kind of message: its wordings, its possible causes, and where both are
//! known from. A [`Cause`] is one explanation: its words, and the code that weighs it against
//! what the kubeconfig says. To add one, write it in the file of its subject and name it in
//! that file's `FAMILIES`.

mod message;
mod pattern;
mod template;
mod scene;
mod elsewhere;
mod exec;
mod network;
mod tls;
mod auth;
mod file;
mod unknown;
mod predict;

pub use self::predict::{Prediction, predict, predict_at};

use self::{
    message::Message,
    pattern::{Captures, Pattern},
    scene::Scene,
};
use crate::{
    facts::Facts,
    kubeconfig::EntryRef,
    masking,
    pace::{Pace, at_once},
};

/// One possible cause of a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnosis {
    /// Kebab-case name of the cause.
    pub id: &'static str,
    /// The cause in one sentence.
    pub title: String,
    /// The context that it is about.
    pub context: Option<String>,
    /// What in the kubeconfig and in the message shows it.
    pub proof: Vec<String>,
    /// Steps, the safe one first.
    pub fix: Vec<String>,
    /// Commands, ready to copy.
    pub commands: Vec<String>,
    /// Causes that this kubeconfig excludes, and why.
    pub ruled_out: Vec<String>,
    /// Where the message and its causes are known from; empty for an unknown one.
    pub source: &'static str,
}

/// One kind of message.
#[derive(Debug)]
struct Family {
    /// Kebab-case name of the kind.
    id: &'static str,
    /// Its wordings; see [`pattern`] for how they are written.
    says: &'static [&'static str],
    /// What can be behind it, the likeliest first when the kubeconfig does not tell.
    causes: &'static [Cause],
    /// Where the wording and the causes are known from.
    source: &'static str,
}

/// One explanation of a message.
///
/// Its texts are templates: `{host}` stands for a value of the scene, `{host|the server}` has
/// a fallback, and a step or command whose value is not known is left out.
#[derive(Debug)]
struct Cause {
    /// Kebab-case name of the cause. Never changed after release.
    id: &'static str,
    /// The cause in one sentence.
    title: &'static str,
    /// How well it fits the kubeconfig.
    weigh: fn(&Scene<'_>) -> Weight,
    /// Steps, the safe one first.
    fix: &'static [&'static str],
    /// Commands, ready to copy; values are quoted for bash.
    commands: &'static [&'static str],
}

/// How well a cause fits.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Weight {
    /// It may be so.
    Fits(Fit),
    /// The kubeconfig or the message excludes it, as the sentence says.
    RuledOut(String),
    /// It has nothing to do with this case, and is not worth a word.
    Beside,
}

/// How well a cause fits, and what shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Fit {
    /// [`CERTAIN`], [`LIKELY`], [`POSSIBLE`] or [`REMOTE`].
    score: u8,
    /// What shows it, as sentences.
    proof: Vec<String>,
    /// Steps that depend on the case; they stand before those of the cause.
    fix: Vec<String>,
    /// Commands that depend on the case; they stand before those of the cause.
    commands: Vec<String>,
    /// Values for the templates.
    values: Vec<(&'static str, String)>,
    /// Whether this kubeconfig shows that it is not so in it.
    other: bool,
}

/// The kubeconfig or the message shows it.
const CERTAIN: u8 = 100;
/// Something in the kubeconfig speaks for it.
const LIKELY: u8 = 75;
/// Nothing speaks for it or against it.
const POSSIBLE: u8 = 50;
/// Something else is more probable.
const REMOTE: u8 = 25;

impl Weight {
    /// A weight of `score`.
    fn of(score: u8) -> Weight {
        Weight::Fits(Fit { score, ..Fit::default() })
    }

    fn edit(mut self, change: impl FnOnce(&mut Fit)) -> Weight {
        if let Weight::Fits(fit) = &mut self {
            change(fit);
        }
        self
    }

    /// Adds a sentence of proof.
    fn because(self, proof: impl Into<String>) -> Weight {
        self.edit(|it| it.proof.push(proof.into()))
    }

    /// Adds a step.
    fn step(self, step: impl Into<String>) -> Weight {
        self.edit(|it| it.fix.push(step.into()))
    }

    /// Adds a command.
    fn command(self, command: impl Into<String>) -> Weight {
        self.edit(|it| it.commands.push(command.into()))
    }

    /// This kubeconfig shows that it is not so in it: another one was read.
    fn of_another() -> Weight {
        let proof = "The kubeconfig handed in here does not have this fault.";
        Weight::of(POSSIBLE).because(proof).edit(|it| it.other = true)
    }

    /// Gives the templates a value.
    fn with(self, name: &'static str, value: impl Into<String>) -> Weight {
        self.edit(|it| it.values.push((name, value.into())))
    }
}

/// All families, the more particular before the more general: the first that matches a
/// message is the one that it belongs to.
fn families() -> impl Iterator<Item = &'static Family> {
    [
        elsewhere::FAMILIES,
        exec::FAMILIES,
        network::proxy::FAMILIES,
        auth::SERVER_LOG_FAMILIES,
        tls::FAMILIES,
        auth::FAMILIES,
        file::FAMILIES,
        network::FAMILIES,
        elsewhere::LAST_FAMILIES,
    ]
    .into_iter()
    .flatten()
    .copied()
}

/// What `message` means for these files, the likeliest cause first.
pub fn diagnose(facts: &Facts, message: &str) -> Vec<Diagnosis> {
    at_once(async |pace| diagnose_at(pace, facts, message, None).await)
}

/// The same in pieces: pending whenever `pace` calls for a rest. `open` is the context that the
/// person looks at; the message is about it unless it names another.
pub async fn diagnose_at(
    pace: Pace<'_>,
    facts: &Facts,
    message: &str,
    open: Option<EntryRef>,
) -> Vec<Diagnosis> {
    let mut message = Message::read(message);
    let servers = || facts.clusters.iter().flatten().filter_map(|it| it.server.as_ref());
    message.fetched.retain(|it| !servers().any(|own| own.host.eq_ignore_ascii_case(&it.name)));
    let Some((family, wording, captures)) = matching(&message, pace).await else {
        return unknown::diagnose(facts, &message);
    };
    let scene = Scene::new(facts, &message, captures, open);
    let mut diagnoses = causes(family, &scene);
    if diagnoses.is_empty() {
        return unknown::diagnose(facts, &message);
    }
    for it in diagnoses.iter_mut().take(1).filter(|it| it.proof.is_empty()) {
        it.proof.push(format!("The message says “{}”.", unknown::without_places(wording)));
    }
    diagnoses
}

/// The family of the part of `message` that matters: the most particular one, and of equals
/// the one that was said last.
async fn matching(
    message: &Message,
    pace: Pace<'_>,
) -> Option<(&'static Family, &'static str, Captures)> {
    let wordings = families().flat_map(|family| family.says.iter().map(move |it| (family, *it)));
    let patterns: Vec<(&'static Family, &'static str, Pattern)> =
        wordings.filter_map(|(family, it)| Some((family, it, Pattern::new(it)?))).collect();
    let mut best: Option<(&'static Family, &'static str, Captures)> = None;
    for part in message.parts.iter().rev() {
        pace.rest().await;
        let found = patterns
            .iter()
            .find_map(|(family, wording, it)| Some((*family, *wording, it.find(part)?)));
        let Some(found) = found else { continue };
        let fetched = message.fetched.iter().any(|it| part.contains(&it.name));
        if fetched && !message::is_command(part.original()) {
            return Some((&elsewhere::DOWNLOAD, found.1, Captures::new()));
        }
        let is_noise = |family: &Family| elsewhere::NOISE.contains(&family.id);
        if !is_noise(found.0) {
            return Some(found);
        }
        best.get_or_insert(found);
    }
    best
}

/// The causes of `family` in this scene, the likeliest first.
fn causes(family: &Family, scene: &Scene<'_>) -> Vec<Diagnosis> {
    let mut fits: Vec<(&Cause, Fit)> = Vec::new();
    let mut ruled_out = Vec::new();
    for cause in family.causes {
        match (cause.weigh)(scene) {
            Weight::Fits(fit) => fits.push((cause, fit)),
            Weight::RuledOut(why) => ruled_out.push(why),
            Weight::Beside => {}
        }
    }
    fits.sort_by_key(|(_, fit)| std::cmp::Reverse(fit.score));
    // What is certain leaves no room for what merely may be.
    if fits.first().is_some_and(|(_, fit)| CERTAIN <= fit.score) {
        fits.retain(|(_, fit)| POSSIBLE < fit.score);
    }
    let mut diagnoses: Vec<Diagnosis> =
        fits.into_iter().map(|(cause, fit)| diagnosis(family, cause, fit, scene)).collect();
    let about_servers = [tls::FAMILIES, network::FAMILIES, auth::FAMILIES].into_iter().flatten();
    if let Some(first) = diagnoses.first_mut() {
        if about_servers.into_iter().any(|it| std::ptr::eq(*it, family)) {
            first.proof.extend(scene.stranger());
        }
        first.ruled_out = ruled_out;
    }
    diagnoses
}

/// `cause` in words.
fn diagnosis(family: &Family, cause: &Cause, fit: Fit, scene: &Scene<'_>) -> Diagnosis {
    let value = |name: &str| {
        // Nothing of this kubeconfig belongs to another.
        if fit.other {
            return scene.get(name).map(str::to_owned);
        }
        let own = fit.values.iter().find(|(it, _)| *it == name).map(|(_, value)| value.clone());
        let value = own.or_else(|| scene.value(name)).filter(|it| !it.is_empty())?;
        Some(scene.scrubbed(&value))
    };
    let words = |it: &&str| template::words(it, value);
    let command = |it: &&str| template::command(it, value);
    // An address or a path may stand in it.
    let proof = |it: &String| match it.contains(['@', '=', '/', '\\']) {
        true => masking::words_without_secrets(&scene.scrubbed(it)),
        false => scene.scrubbed(it),
    };
    Diagnosis {
        id: cause.id,
        title: match (fit.other, words(&cause.title).unwrap_or_default()) {
            (true, title) => format!("Another kubeconfig than this one was read. In that: {title}"),
            (false, title) => title,
        },
        context: scene.context.map(|it| it.effective.name.clone()),
        proof: fit.proof.iter().map(proof).collect(),
        fix: fit.fix.iter().cloned().chain(cause.fix.iter().filter_map(words)).collect(),
        commands: fit
            .commands
            .iter()
            .cloned()
            .chain(cause.commands.iter().filter_map(command))
            .collect(),
        ruled_out: Vec::new(),
        source: family.source,
    }
}
