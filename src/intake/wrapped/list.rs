//! Objects out of a text, a long list of them item by item.
//!
//! `kubectl get secrets -A -o yaml` prints megabytes, and neither serde_json nor serde_yaml can be
//! asked to pause. So the items of a list are found first, which is quick; each is read, looked at
//! and forgotten before the next. A list in another layout is read whole, with the same result.

use std::ops::Range;

use memchr::memchr2;
use serde::Deserialize;
use serde_json::Value;

use super::{Found, MAX_VALUES, marks};
use crate::pace::Pace;

/// Shows `found` the list that a JSON text is, and then its items; none when the text is no such list.
/// What `found` has seen until then does not count.
pub(super) async fn json(pace: Pace<'_>, text: &str, found: &mut Found) -> Option<()> {
    let mut scan = Scan::default();
    while scan.step(text)? {
        pace.rest().await;
    }
    let (first, last) = (scan.items.first()?.start, scan.items.last()?.end);
    let around = [text.get(..first)?, text.get(last..)?].concat();
    let around: Value = serde_json::from_str(few(&around)?).ok()?;
    around.get("items")?.as_array().filter(|it| it.is_empty())?;
    found.object(pace, &around).await;
    for item in scan.items {
        pace.rest().await;
        found.item(&serde_json::from_str(few(text.get(item)?)?).ok()?);
    }
    Some(())
}

/// `text` if it holds so few values that it may be read in one go.
fn few(text: &str) -> Option<&str> {
    (marks(text.as_bytes()) <= MAX_VALUES).then_some(text)
}

/// The same for a list in YAML as kubectl prints it.
pub(super) async fn yaml(pace: Pace<'_>, text: &str, found: &mut Found) -> Option<()> {
    let (apart, n) = apart(pace, text).await?;
    let mut documents = serde_yaml::Deserializer::from_str(&apart).map(Value::deserialize);
    let around = documents.next()?.ok()?;
    around.as_object().filter(|it| !it.contains_key("items"))?;
    found.object(pace, &around).await;
    let mut seen = 0;
    for item in documents {
        pace.rest().await;
        found.item(&item.ok()?);
        seen += 1;
    }
    (seen == n).then_some(())
}

/// What stands around the items of a list in YAML, and behind it each of them as a document of its own;
/// and how many they are. None when the text is no such list, or a part of it too large.
async fn apart(pace: Pace<'_>, text: &str) -> Option<(String, usize)> {
    let (mut around, mut items, mut n) = (String::new(), String::new(), 0);
    let mut is_within = false;
    // Values around the items, and in the item under way.
    let (mut outside, mut inside) = (0, 0);
    for (number, line) in text.split_inclusive('\n').enumerate() {
        pace.rest_at_times(number).await;
        let is_item = is_within && 0 < n && (line.starts_with(' ') || line.trim().is_empty());
        if let Some(first) = line.strip_prefix("- ").filter(|_| is_within) {
            n += 1;
            inside = 0;
            items.push_str("---\n  ");
            items.push_str(first);
        } else if is_item {
            items.push_str(line);
        } else {
            is_within = n == 0 && line.trim_end() == "items:";
            around.push_str(if is_within { "" } else { line });
        }
        let values = if is_within { &mut inside } else { &mut outside };
        *values += marks(line.as_bytes());
        if MAX_VALUES < *values {
            return None;
        }
    }
    (1..=MAX_VALUES).contains(&n).then(|| (around + "\n" + &items, n))
}

/// A look for the items of the one list that a JSON text is, by its brackets, commas and strings alone.
#[derive(Default)]
struct Scan {
    at: usize,
    depth: usize,
    /// Whether what has been passed last is the key of the list's items.
    is_key: bool,
    /// Where the item under way began.
    item: Option<usize>,
    /// As many as [`MAX_VALUES`] at most.
    items: Vec<Range<usize>>,
}

impl Scan {
    /// Looks at the next stretch and says whether there is more; none when the text is no such list.
    #[inline(never)]
    fn step(&mut self, text: &str) -> Option<bool> {
        const STRETCH: usize = 1 << 16;
        let bytes = text.as_bytes();
        let until = self.at + STRETCH;
        while self.at < until {
            let Some(byte) = bytes.get(self.at) else {
                return (self.depth == 0).then_some(false);
            };
            let at = self.at;
            self.at += 1;
            match byte {
                b'"' => {
                    self.string(bytes)?;
                    let string = text.get(at..self.at).filter(|_| self.depth == 1);
                    // Any key can be written with escapes, this one, too.
                    if string.is_some_and(|it| it.contains('\\')) {
                        return None;
                    }
                    self.is_key = string == Some("\"items\"");
                }
                b'[' | b'{' => {
                    self.depth += 1;
                    if *byte == b'[' && self.is_key {
                        self.item = Some(self.at).filter(|_| self.items.is_empty());
                        self.item?;
                    }
                    self.is_key = false;
                }
                b']' | b'}' => {
                    self.depth = self.depth.checked_sub(1)?;
                    if self.depth == 1
                        && let Some(start) = self.item.take()
                    {
                        self.push(start..at)?;
                    }
                    self.is_key = false;
                }
                b',' if self.depth == 2
                    && let Some(start) = self.item =>
                {
                    self.push(start..at)?;
                    self.item = Some(self.at);
                }
                b':' | b' ' | b'\n' | b'\r' | b'\t' => {}
                _ => self.is_key = false,
            }
        }
        Some(true)
    }

    fn push(&mut self, item: Range<usize>) -> Option<()> {
        self.items.push(item);
        (self.items.len() <= MAX_VALUES).then_some(())
    }

    /// Passes the rest of a string, its closing quote included.
    fn string(&mut self, bytes: &[u8]) -> Option<()> {
        loop {
            let end = memchr2(b'"', b'\\', bytes.get(self.at..)?)?;
            let is_end = bytes.get(self.at + end) == Some(&b'"');
            self.at += end + if is_end { 1 } else { 2 };
            if is_end {
                return Some(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        intake::{Intake, wrapped::parse},
        pace::at_once,
    };

    /// What is found item by item, unless the text is no list; and what is found in it as a whole.
    fn both(text: &str, is_json: bool) -> (Option<Option<Intake>>, Option<Intake>) {
        at_once(async |pace| {
            let mut found = Found::default();
            let listed = match is_json {
                true => json(pace, text, &mut found).await,
                false => yaml(pace, text, &mut found).await,
            };
            let mut whole = Found::default();
            for object in parse(pace, text, is_json).await {
                whole.object(pace, &object).await;
            }
            (listed.map(|()| found.intake()), whole.intake())
        })
    }

    fn check(layouts: &[(bool, String)], is_json: bool) {
        let mut pieces = 0;
        for (is_list, text) in layouts {
            let (listed, whole) = both(text, is_json);
            assert_eq!(listed.is_some(), *is_list, "{text}");
            if let Some(listed) = listed {
                assert_eq!(listed, whole, "{text}");
                pieces += listed.map_or(0, |it| it.kubeconfigs.len());
            }
        }
        assert!(3 < pieces, "only {pieces} kubeconfigs were found in all layouts");
    }

    #[test]
    fn a_yaml_list_read_item_by_item_is_the_list() {
        let one = "- apiVersion: v1\n  data:\n    a: |\n      users: []\n\n      clusters: []\n    d: \"e\n      f\"\n  kind: Secret\n";
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
        check(&layouts, false);
    }

    #[test]
    fn a_json_list_read_item_by_item_is_the_list() {
        let one = r#"{"kind":"Secret","data":{"c":"users: []\nclusters: []","a":"b,]}\\\"[{"},"x":[[1,2],{"items":[3,4]}]}"#;
        let layouts = [
            (true, format!(r#"{{"kind":"List","items":[{one},{one}],"metadata":{{"a":[1]}}}}"#)),
            (true, format!("\n{{ \"items\" : \r\n[ {one} ,\n\t1, \"items\", [], null ] }}\n")),
            (true, format!(r#"{{"items":{{"items":[0]}},"items":[{one}]}}"#)),
            (true, r#"{"a":"items","b":["items",[1]],"items":[[]]}"#.to_owned()),
            (false, r#"{"kind":"List","items":[]}"#.to_owned()),
            (false, format!(r#"{{"items":[{one}],"items":[]}}"#)),
            (false, format!(r#"{{"items":[{one}],"items":1}}"#)),
            (false, format!(r#"{{"items":[{one}],"it\u0065ms":[]}}"#)),
            (false, format!(r#"{{"items":[{one}]}}{{"items":[{one}]}}"#)),
            (false, format!(r#"{{"items":[{one}]}}{{}}"#)),
            (false, format!(r#"["items":[{one}]]"#)),
            (false, format!(r#"{{"items":[{one},]}}"#)),
            (false, format!(r#"{{"items":[{one}}}]"#)),
            (false, format!(r#"{{"items":[{one}]"#)),
            (false, format!(r#"{{"items":["{one}]}}"#)),
            (false, format!("[{one}]")),
            (false, "]".to_owned()),
            (false, String::new()),
        ];
        check(&layouts, true);
    }
}
