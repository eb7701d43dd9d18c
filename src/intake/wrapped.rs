//! Wrappings that a program made: Kubernetes objects, answers of cloud APIs, base64, PEM.
//!
//! A JSON or YAML object is searched for strings that hold a kubeconfig, PEM or a token, plain
//! or in base64: so a Secret's keys, a provider's field names and a new kind of object need no
//! rule of their own.

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

/// Unwraps `bytes`; none when they are not wrapped. Rests between passes over what is no wrapping.
pub(super) async fn open(pace: Pace<'_>, bytes: &[u8]) -> Option<Intake> {
    open_at(pace, bytes, MAX_DEPTH).await
}

async fn open_at(pace: Pace<'_>, bytes: &[u8], depth: usize) -> Option<Intake> {
    let depth = depth.checked_sub(1)?;
    let text = content::text(bytes);
    let text = text.reveal();
    pace.rest().await;
    let searched = !begins_as_config(text) && is_searched(pace, text).await;
    let objects = if searched { objects(pace, text).await } else { None };
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
    let mut intake = Intake::default();
    let objects = parse(pace, text).await?;
    for object in &objects {
        pace.rest().await;
        if is_config(object) {
            return None;
        }
        Search { intake: &mut intake, title: title(object), path: Vec::new() }.value(object);
    }
    intake.format = format(&objects, &intake);
    if intake.n_pieces() == MAX_PIECES {
        intake.mended.push(format!(
            "Only its first {MAX_PIECES} kubeconfigs, certificates and tokens were read."
        ));
    }
    intake.found().then_some(intake)
}

/// Whether a kind is that of a kubeconfig, be it in the wrong case, which kubectl refuses.
fn is_kind(kind: &Value) -> bool {
    kind.as_str().is_some_and(|it| it.eq_ignore_ascii_case("Config"))
}

/// Whether `text` has lines at its margin as only a kubeconfig has. They are enough to tell that it is not
/// another object, in time that does not hold up a page.
fn begins_as_config(text: &str) -> bool {
    let (mut kind, mut list) = (false, false);
    text.lines().any(|line| {
        kind |= line.trim_end() == "kind: Config";
        list |= ["clusters:", "contexts:", "users:"].iter().any(|it| line.starts_with(it));
        kind && list
    })
}

/// How many values a text may hold that is searched: each takes hundreds of bytes while it is.
const MAX_VALUES: usize = 100_000;

/// Whether `text` has no more values than that.
async fn is_searched(pace: Pace<'_>, text: &str) -> bool {
    let mut marks = 0;
    for some in text.as_bytes().chunks(1 << 20) {
        pace.rest().await;
        marks += some.iter().filter(|it| matches!(it, b':' | b',' | b'[' | b'{')).count();
        if MAX_VALUES < marks {
            return false;
        }
    }
    true
}

/// The objects in `text`; none when it is neither JSON nor a YAML text that names its kind.
async fn parse(pace: Pace<'_>, text: &str) -> Option<Vec<Value>> {
    let objects: Vec<Value> = if text.trim_start().starts_with(['{', '[']) {
        serde_json::Deserializer::from_str(text).into_iter().map_while(Result::ok).collect()
    } else if text.contains("kind:")
        && ["data:", "Data:", "status:", "items:"].iter().any(|it| text.contains(it))
    {
        yaml(pace, text).await
    } else {
        Vec::new()
    };
    objects.iter().any(|it| it.is_object() || it.is_array()).then_some(objects)
}

/// The documents of a YAML text up to the first that cannot be read. Rests between them.
async fn documents(pace: Pace<'_>, text: &str) -> Vec<Value> {
    let mut found = Vec::new();
    for it in serde_yaml::Deserializer::from_str(text) {
        pace.rest().await;
        let Ok(it) = Value::deserialize(it) else { break };
        found.push(it);
    }
    found
}

/// The objects of a YAML text. A list as kubectl prints it can be long, and is read item by item.
async fn yaml(pace: Pace<'_>, text: &str) -> Vec<Value> {
    let (apart, n) = apart(text);
    let readings = [(apart.as_str(), n), (text, 0)];
    for (text, n) in readings.into_iter().skip(usize::from(n == 0)) {
        let found = documents(pace, text).await;
        if let Some(objects) = together(found, n) {
            return objects;
        }
    }
    Vec::new()
}

/// The list whose last `n` documents are its items; with no items, all documents as they are.
fn together(mut documents: Vec<Value>, n: usize) -> Option<Vec<Value>> {
    if n == 0 {
        return Some(documents);
    }
    if documents.len() != n + 1 {
        return None;
    }
    let items = Value::Array(documents.split_off(1));
    let list = documents.first_mut()?.as_object_mut()?;
    list.insert("items".to_owned(), items).is_none().then_some(documents)
}

/// What stands around the items of a list, and behind it each of them as a document of its own; and how
/// many they are.
fn apart(text: &str) -> (String, usize) {
    let (mut around, mut items, mut n) = (String::new(), String::new(), 0);
    let mut is_within = false;
    for line in text.split_inclusive('\n') {
        if let Some(first) = line.strip_prefix("- ").filter(|_| is_within) {
            n += 1;
            items.push_str("---\n  ");
            items.push_str(first);
        } else if is_within && 0 < n && (line.starts_with(' ') || line.trim().is_empty()) {
            items.push_str(line);
        } else {
            is_within = n == 0 && line.trim_end() == "items:";
            around.push_str(if is_within { "" } else { line });
        }
    }
    (around + "\n" + &items, n)
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

fn format(objects: &[Value], intake: &Intake) -> Format {
    let kinds: Vec<&str> =
        objects.iter().filter_map(|it| it.get("kind").and_then(Value::as_str)).collect();
    let items = objects.iter().filter_map(|it| it.get("items")).filter_map(Value::as_array);
    let is_secret = |it: &Value| it.get("kind").is_some_and(|it| it == "Secret");
    if kinds.iter().any(|it| ["Secret", "SecretList"].contains(it))
        || items.flatten().any(is_secret)
    {
        return Format::KubernetesSecret;
    }
    let is_ack = |it: &Piece| it.origin == "config" || it.origin.ends_with(".config");
    match kinds.is_empty() {
        false => Format::KubernetesObject,
        true if intake.kubeconfigs.iter().any(is_ack) => Format::AckApiResponse,
        true => Format::ProviderResponse,
    }
}

/// A walk through an object that collects what its strings hold.
struct Search<'a> {
    intake: &'a mut Intake,
    title: String,
    path: Vec<String>,
}

impl Search<'_> {
    fn value(&mut self, value: &Value) {
        match value {
            Value::Object(map) => {
                for (key, value) in map.iter().filter(|(key, _)| *key != "metadata") {
                    self.expiration(key, value);
                    self.path.push(key.clone());
                    self.value(value);
                    self.path.pop();
                }
            }
            Value::Array(items) => {
                for item in items {
                    let named = title(item);
                    let outer = std::mem::replace(&mut self.title, named);
                    if self.title.is_empty() {
                        self.title.clone_from(&outer);
                        self.value(item);
                    } else {
                        let path = std::mem::take(&mut self.path);
                        self.value(item);
                        self.path = path;
                    }
                    self.title = outer;
                }
            }
            Value::String(text) => self.text(text),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
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

#[cfg(test)]
mod tests {
    use super::{apart, documents, together};
    use crate::pace::at_once;

    #[test]
    fn a_list_read_item_by_item_is_the_list() {
        let one = "- apiVersion: v1\n  data:\n    a: |\n      b\n\n      c\n    d: \"e\n      f\"\n  kind: Secret\n";
        let layouts = [
            (true, format!("apiVersion: v1\nitems:\n{one}{one}kind: List\nmetadata:\n  a: b\n")),
            (true, format!("items:\n{one}- 1\n- [a, b]\n\nkind: List\n")),
            (true, format!("kind: List\r\nitems:\r\n{}", one.replace('\n', "\r\n"))),
            (true, format!("---\nkind: List\nitems:\n{one}")),
            (false, format!("items:\n{one}# a comment\n{one}kind: List\n")),
            (false, format!("items:\n  {}kind: List\n", one.replace('\n', "\n  "))),
            (false, format!("items:\n{one}items:\n{one}kind: List\n")),
            (false, "items: [{kind: Secret, data: {a: b}}]\nkind: List\n".to_owned()),
            (false, format!("items:\n- &a {{b: c}}\n- *a\n{one}kind: List\n")),
            (false, format!("items:\n- \"a\n- b\"\n{one}kind: List\n")),
            (false, format!("items:\n{one}kind: List\n---\nkind: Secret\n")),
            (false, "items:\nkind: List\n".to_owned()),
        ];
        for (is_laid_out, text) in &layouts {
            let read = |text: &str| at_once(async |pace| documents(pace, text).await);
            let (apart, n) = apart(text);
            let list = together(read(&apart), n).filter(|_| 0 < n);
            assert_eq!(list.is_some(), *is_laid_out, "{text}");
            if let Some(list) = list {
                assert_eq!(list, read(text), "{text}");
            }
        }
    }
}
