//! Wrappings that a program made: Kubernetes objects, answers of cloud APIs, base64, PEM.
//!
//! A JSON or YAML object is searched for strings that hold a kubeconfig, PEM or a token, plain
//! or in base64: so a Secret's keys, a provider's field names and a new kind of object need no
//! rule of their own.

mod list;

use serde::Deserialize;
use serde_json::Value;

use super::{Format, Intake, Piece, content};
use crate::{
    pace::{Pace, at_once},
    secret::Secret,
    time::Timestamp,
};

/// How deep wrappings may stand in one another.
const MAX_DEPTH: usize = 4;

/// How many kubeconfigs, certificates and tokens are taken out of one text: an object of many
/// short strings must not become as many files.
const MAX_PIECES: usize = 1_000;

/// Unwraps `bytes`, or says why they are not searched; none when they are not wrapped. Rests between
/// passes over what is no wrapping.
pub(super) async fn open(pace: Pace<'_>, bytes: &[u8]) -> Option<Intake> {
    open_at(pace, bytes, MAX_DEPTH).await
}

async fn open_at(pace: Pace<'_>, bytes: &[u8], depth: usize) -> Option<Intake> {
    let depth = depth.checked_sub(1)?;
    let text = content::text(bytes);
    let text = text.reveal();
    pace.rest().await;
    let objects = if begins_as_config(text) { None } else { objects(pace, text).await };
    pace.rest().await;
    objects.or_else(|| base64(text, depth)).or_else(|| pem(text)).or_else(|| token(text))
}

fn pem(text: &str) -> Option<Intake> {
    // A kubeconfig shows itself sooner.
    if content::is_kubeconfig(text) || !content::is_pem(text) {
        return None;
    }
    let pem = vec![Piece::new("", text)];
    Some(Intake { format: Format::Pem, pem, ..Intake::default() })
}

fn token(text: &str) -> Option<Intake> {
    let tokens = vec![Secret::new(content::token(text)?)];
    Some(Intake { format: Format::Token, tokens, ..Intake::default() })
}

/// Base64 of a whole file, or of another wrapping.
fn base64(text: &str, depth: usize) -> Option<Intake> {
    let bytes = content::base64(text)?;
    let inner = match at_once(async |pace| open_at(pace, &bytes, depth).await) {
        Some(inner) => inner,
        None if content::is_kubeconfig(content::text(&bytes).reveal()) => {
            Intake { kubeconfigs: vec![Piece::new("base64", bytes)], ..Intake::default() }
        }
        None => return None,
    };
    Some(Intake { format: Format::Base64, ..inner })
}

/// One or several objects, JSON or YAML, that carry something in their strings.
async fn objects(pace: Pace<'_>, text: &str) -> Option<Intake> {
    let is_json = is_json(text)?;
    let n = n_values(pace, text).await;
    let mut found = Found::default();
    let listed = match is_json {
        _ if MAX_LISTED < n => None,
        true => list::json(pace, text, &mut found).await,
        false => list::yaml(pace, text, &mut found).await,
    };
    if listed.is_none() {
        found = Found::default();
        if MAX_VALUES < n {
            return Some(Intake { hint: Some(TOO_MUCH.to_owned()), ..Intake::default() });
        }
        for object in parse(pace, text, is_json).await {
            found.object(pace, &object).await;
        }
    }
    found.intake()
}

/// What has been found in the objects of a text.
#[derive(Default)]
struct Found {
    search: Search,
    /// Whether one of them is a kubeconfig itself: then nothing is wrapped.
    is_config: bool,
    /// Whether one of them says what kind it is.
    has_kind: bool,
    /// Whether one of them is a Secret, or has one among its items.
    has_secret: bool,
}

impl Found {
    async fn object(&mut self, pace: Pace<'_>, object: &Value) {
        pace.rest().await;
        if !object.is_object() && !object.is_array() {
            return;
        }
        let kind = object.get("kind").and_then(Value::as_str);
        let items = object.get("items").and_then(Value::as_array);
        self.is_config |= is_config(object);
        self.has_kind |= kind.is_some();
        self.has_secret |= matches!(kind, Some("Secret" | "SecretList"))
            || items.is_some_and(|them| them.iter().any(is_secret));
        self.search.title = title(object);
        self.search.list(pace, object).await;
    }

    /// An item of the list that has been shown before without its items.
    fn item(&mut self, item: &Value) {
        self.has_secret |= is_secret(item);
        self.search.path.push("items".to_owned());
        self.search.item(item);
        self.search.path.pop();
    }

    fn intake(self) -> Option<Intake> {
        let mut intake = self.search.intake;
        if self.is_config || !intake.found() {
            return None;
        }
        let is_ack = |it: &Piece| it.origin == "config" || it.origin.ends_with(".config");
        intake.format = match (self.has_secret, self.has_kind) {
            (true, _) => Format::KubernetesSecret,
            (false, true) => Format::KubernetesObject,
            _ if intake.kubeconfigs.iter().any(is_ack) => Format::AckApiResponse,
            _ => Format::ProviderResponse,
        };
        if intake.n_pieces() == MAX_PIECES {
            intake.mended.push(format!(
                "Only its first {MAX_PIECES} kubeconfigs, certificates and tokens were read."
            ));
        }
        Some(intake)
    }
}

fn is_secret(object: &Value) -> bool {
    object.get("kind").is_some_and(|it| it == "Secret")
}

/// Whether a kind is that of a kubeconfig, be it in the wrong case, which kubectl refuses.
fn is_kind(kind: &Value) -> bool {
    kind.as_str().is_some_and(|it| it.eq_ignore_ascii_case("Config"))
}

/// Whether `text` has lines at its margin as only a kubeconfig has. They are enough to tell that it is not
/// another object, in time that does not hold up a page.
pub(super) fn begins_as_config(text: &str) -> bool {
    let (mut kind, mut list) = (false, false);
    text.lines().any(|line| {
        kind |= line.trim_end() == "kind: Config";
        list |= ["clusters:", "contexts:", "users:"].iter().any(|it| line.starts_with(it));
        kind && list
    })
}

/// How many values a text may hold that is read whole: each takes hundreds of bytes while it is.
const MAX_VALUES: usize = 100_000;

/// How many values a list may hold that is read item by item: each takes a microsecond.
const MAX_LISTED: usize = 1_000_000;

/// What is said of a text that holds more.
const TOO_MUCH: &str = "This holds too many values to be searched for a kubeconfig. Hand in the part \
                        that has it, for example one Secret: kubectl get secret NAME -o yaml.";

/// About how many values `text` holds, counted until they are too many to be read.
async fn n_values(pace: Pace<'_>, text: &str) -> usize {
    let mut n = 0;
    for some in text.as_bytes().chunks(1 << 20) {
        pace.rest().await;
        n += marks(some);
        if MAX_LISTED < n {
            break;
        }
    }
    n
}

/// What stands between values in `text`; strings may hold some, too.
fn marks(text: &[u8]) -> usize {
    text.iter().filter(|it| matches!(it, b':' | b',' | b'[' | b'{')).count()
}

/// Whether `text` is JSON, or else a YAML text that names its kind; none when it is neither.
fn is_json(text: &str) -> Option<bool> {
    if text.trim_start().starts_with(['{', '[']) {
        return Some(true);
    }
    let has = |them: &[&str]| them.iter().any(|it| text.contains(it));
    (has(&["kind:"]) && has(&["data:", "Data:", "status:", "items:"])).then_some(false)
}

/// The objects of a text up to the first that cannot be read.
async fn parse(pace: Pace<'_>, text: &str, is_json: bool) -> Vec<Value> {
    let mut found: Vec<Value> = Vec::new();
    if is_json {
        return serde_json::Deserializer::from_str(text)
            .into_iter()
            .map_while(Result::ok)
            .collect();
    }
    for it in serde_yaml::Deserializer::from_str(text) {
        pace.rest().await;
        let Ok(it) = Value::deserialize(it) else { break };
        found.push(it);
    }
    found
}

/// Whether `object` is itself a kubeconfig.
fn is_config(object: &Value) -> bool {
    ["clusters", "contexts", "users"].iter().any(|it| object.get(it).is_some_and(Value::is_array))
        && object.get("kind").is_none_or(is_kind)
}

/// How a person would name `object`, as `Secret prod-kubeconfig`.
fn title(object: &Value) -> String {
    let kind = object.get("kind").and_then(Value::as_str).unwrap_or_default();
    let name = object.pointer("/metadata/name").and_then(Value::as_str).unwrap_or_default();
    format!("{kind} {name}").trim().to_owned()
}

/// A walk through an object that collects what its strings hold.
#[derive(Default)]
struct Search {
    intake: Intake,
    title: String,
    path: Vec<String>,
}

impl Search {
    /// Searches all of an object. Rests between the items of lists that stand in it itself.
    async fn list(&mut self, pace: Pace<'_>, object: &Value) {
        let Value::Object(map) = object else { return self.value(object) };
        for (key, value) in map {
            match value {
                Value::Array(items) if key != "metadata" => {
                    self.path.push(key.clone());
                    for item in items {
                        pace.rest().await;
                        self.item(item);
                    }
                    self.path.pop();
                }
                _ => self.entry(key, value),
            }
        }
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Object(map) => map.iter().for_each(|(key, value)| self.entry(key, value)),
            Value::Array(items) => items.iter().for_each(|it| self.item(it)),
            Value::String(text) => self.text(text),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn entry(&mut self, key: &str, value: &Value) {
        if key == "metadata" {
            return;
        }
        self.expiration(key, value);
        self.path.push(key.to_owned());
        self.value(value);
        self.path.pop();
    }

    fn item(&mut self, item: &Value) {
        let named = title(item);
        if named.is_empty() {
            return self.value(item);
        }
        let outer = (std::mem::replace(&mut self.title, named), std::mem::take(&mut self.path));
        self.value(item);
        (self.title, self.path) = outer;
    }

    fn expiration(&mut self, key: &str, value: &Value) {
        if ["expiration", "expirationtimestamp"].contains(&key.to_ascii_lowercase().as_str())
            && let Some(moment) = value.as_str().and_then(Timestamp::parse)
        {
            self.intake.expiration.get_or_insert(moment);
        }
    }

    fn text(&mut self, text: &str) {
        if self.intake.n_pieces() == MAX_PIECES {
            return;
        }
        if self.plain(text.as_bytes()) {
            return;
        }
        if let Some(once) = content::base64(text)
            && !self.plain(&once)
            && let Some(twice) = std::str::from_utf8(&once).ok().and_then(content::base64)
        {
            self.plain(&twice);
        }
    }

    /// Takes `bytes` if they are something; says whether they were.
    fn plain(&mut self, bytes: &[u8]) -> bool {
        let text = content::text(bytes);
        let text = text.reveal();
        let path = self.path.join(".");
        let origin = match self.title.as_str() {
            "" => path,
            title => format!("{title}, {path}"),
        };
        if content::is_kubeconfig(text) {
            self.intake.kubeconfigs.push(Piece::new(origin, bytes));
        } else if content::is_pem(text) {
            self.intake.pem.push(Piece::new(origin, bytes));
        } else if content::is_token(text.trim()) {
            self.intake.tokens.push(Secret::new(text.trim().to_owned()));
        } else {
            return false;
        }
        true
    }
}
