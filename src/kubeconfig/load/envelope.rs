//! `apiVersion` and `kind`: whether a document claims to be a kubeconfig.

use super::{
    explain,
    fields::{Flavor, found},
};
use crate::{
    decode::url,
    kubeconfig::{
        Refusal,
        yaml::{NodeId, Tree, View},
    },
};

/// The version that client-go uses among its own parts. A file may say it, too.
const INTERNAL: &str = "__internal";

/// Characters of a version or a kind that are repeated in messages. kubectl repeats megabytes.
const MAX_WORD: usize = 1_000;

/// How the root is to be read.
///
/// Mirrors: SimpleMetaFactory.Interpret, apimachinery v0.33.1
/// pkg/runtime/serializer/json/meta.go; gvkWithDefaults and Serializer.Decode, json.go there.
pub(super) fn read(tree: &Tree<'_>, root: NodeId) -> Result<Flavor, Refusal> {
    let mut version = String::new();
    let mut kind = String::new();
    let mut mismatch = None;
    match tree.view(root) {
        View::Null => {}
        View::Mapping(entries) => {
            // Go's own decoder is at work here, which takes a key in any case; of several the
            // last one counts.
            for entry in entries {
                let key = tree.key(*entry);
                let field = match fold(key).as_str() {
                    "apiversion" => &mut version,
                    "kind" => &mut kind,
                    _ => continue,
                };
                match tree.view(entry.value) {
                    View::Null => {}
                    View::Text(text) => {
                        let cut = text.char_indices().nth(MAX_WORD);
                        *field = match cut.and_then(|(at, _)| text.get(..at)) {
                            Some(beginning) => format!("{beginning}…"),
                            None => text.to_owned(),
                        };
                    }
                    view => {
                        let known = if fold(key) == "kind" { "kind" } else { "apiVersion" };
                        mismatch.get_or_insert((found(view), known, key));
                    }
                }
            }
        }
        view => return Err(explain::not_a_mapping(found(view), view, tree.place(root).location())),
    }
    if let Some((found, known, key)) = mismatch {
        return Err(explain::envelope_type(found, known, key));
    }
    let (group, version) = match version.split('/').collect::<Vec<_>>().as_slice() {
        ["" | "/"] | ["", ""] => ("", ""),
        [version] => ("", *version),
        [group, version] => (*group, *version),
        _ => return Err(explain::group_version(&version)),
    };
    let kind = if kind.is_empty() { "Config" } else { kind.as_str() };
    let version = match (group, version) {
        ("", "") => "v1",
        (_, "") => return Err(explain::missing_version(group)),
        (_, version) => version,
    };
    match (group, version, kind) {
        ("", "v1", "Config") => Ok(Flavor::V1),
        ("", INTERNAL, "Config") => Ok(Flavor::Internal),
        (group, INTERNAL, kind) => Err(explain::not_registered(
            kind,
            format!(
                "no kind {} is registered for the internal version of group {}",
                url::quoted(kind),
                url::quoted(group)
            ),
            INTERNAL,
        )),
        (group, version, kind) => {
            let slash = if group.is_empty() { "" } else { "/" };
            let version = format!("{group}{slash}{version}");
            let text = format!(
                "no kind {} is registered for version {}",
                url::quoted(kind),
                url::quoted(&version)
            );
            Err(explain::not_registered(kind, text, &version))
        }
    }
}

/// A key as Go compares it where case does not matter. Two letters beyond ASCII fold into it.
///
/// Mirrors: foldName, Go 1.24 encoding/json/fold.go.
fn fold(key: &str) -> String {
    key.chars()
        .map(|it| match it {
            '\u{212A}' => 'k',
            '\u{17F}' => 's',
            _ => it.to_ascii_lowercase(),
        })
        .collect()
}
