//! One file: from bytes to [`File`], or the reason for which kubectl refuses it.
//!
//! kubectl stops at the first fault. Here each one is noted and hides its own field only, so that
//! everything else in the file can still be shown.

mod fields;
mod envelope;
mod explain;
mod placeholder;
mod spelling;

pub use self::spelling::misspells_secret;
use std::collections::BTreeMap;

use self::fields::{Decoder, Flavor};
use super::{
    Config, Entry, Extension, File, Refusal,
    yaml::{self, FaultKind, Reading},
};
use crate::{
    pace::{self, Pace},
    source::Place,
};

/// Bytes of a file that is read at all. kubectl has no such limit.
const MAX_LENGTH: usize = 1 << 30;

/// Clusters, users or contexts of a file that are read. kubectl has no such limit. Each may cost
/// kilobytes when something is to be said of it, and need not take more than twenty bytes of text.
const MAX_ENTRIES: usize = 20_000;

/// Bytes of text that aliases may add to a file. kubectl has no such limit: it takes gigabytes.
const MAX_EXPANSION: u64 = 1 << 26;

/// Reads `bytes`, the file with index `file` in `Facts::files`, as kubectl would.
///
/// Mirrors: Load, client-go v0.33.1 tools/clientcmd/loader.go; Serializer.Decode, apimachinery
/// v0.33.1 pkg/runtime/serializer/json/json.go.
pub fn load(file: usize, name: &str, bytes: &[u8]) -> File {
    pace::at_once(async |pace| load_at(pace, file, name, bytes).await)
}

/// The same in pieces: pending whenever `pace` calls for a rest.
pub(crate) async fn load_at(pace: Pace<'_>, file: usize, name: &str, bytes: &[u8]) -> File {
    let mut loaded = File {
        name: name.to_owned(),
        config: Config::default(),
        refusal: None,
        faults: Vec::new(),
        is_part_unread: false,
        unknown_fields: Vec::new(),
        duplicate_keys: Vec::new(),
        positions: yaml::Positions::default(),
    };
    if MAX_LENGTH < bytes.len() {
        loaded.faults.push(explain::too_long(bytes.len()));
    } else {
        let input = yaml::decode(bytes, pace).await;
        pace.rest().await;
        let reading = yaml::read(&input, pace).await;
        fill(file, bytes.len(), reading, &mut loaded, pace).await;
    }
    const UNREAD: [&str; 4] = ["yaml: ", "unmarshal object", "unmarshal array", "unmarshal string"];
    loaded.is_part_unread = loaded
        .faults
        .iter()
        .any(|it| it.kubectl.is_empty() || UNREAD.iter().any(|words| it.kubectl.contains(words)));
    loaded.refusal = loaded.faults.first().cloned();
    loaded
}

async fn fill(file: usize, length: usize, reading: Reading<'_>, loaded: &mut File, pace: Pace<'_>) {
    let Reading { tree, faults, duplicates, positions } = reading;
    let tree = &tree;
    loaded.positions = positions;
    loaded.duplicate_keys = duplicates.into_iter().map(|path| Place { file, path }).collect();
    let boundless = faults.iter().any(|it| it.kind == FaultKind::Aliasing);
    loaded.faults.extend(faults.into_iter().map(explain::yaml));
    let Some(root) = tree.root() else { return };
    if boundless {
        return;
    }
    if MAX_EXPANSION.saturating_add(length as u64) < tree.expanded_length() {
        loaded.faults.push(explain::too_much_by_aliases());
        return;
    }
    let envelope = envelope::read(tree, root);
    let flavor = match &envelope {
        Ok(flavor) => *flavor,
        Err(_) => Flavor::V1,
    };
    loaded.faults.extend(envelope.err());

    let mut decoder = Decoder::new(tree, file, flavor);
    loaded.config = decoder.config(root, pace).await;
    loaded.faults.append(&mut decoder.faults);
    loaded.unknown_fields = std::mem::take(&mut decoder.unknown_fields);
    if flavor == Flavor::V1 {
        refuse_duplicates(loaded, decoder.repeats);
    }
    loaded.faults.truncate(2 * yaml::MAX_FAULTS);
    for fault in &mut loaded.faults {
        let found = || loaded.positions.locate(&fault.path);
        fault.location = fault.location.or_else(found);
    }
}

/// Refuses a name that stands twice in one list; entries may have `repeats`.
///
/// Mirrors: Convert_v1_Config_To_api_Config and what it calls, client-go v0.33.1
/// tools/clientcmd/api/v1/conversion.go.
fn refuse_duplicates(loaded: &mut File, repeats: bool) {
    let config = &loaded.config;
    let faults = &mut loaded.faults;
    let extensions = |faults: &mut Vec<Refusal>, it: &[Extension], entry: &str, field: &str| {
        if !it.is_empty() {
            refuse_duplicate_extensions(it, &[entry, field].concat(), faults);
        }
    };
    extensions(faults, &config.preference_extensions, "preferences", ".extensions");
    let names = |list: &'static str, class: &'static str| repeats.then_some((list, class));
    for_each_name(&config.clusters, names("NamedCluster", "*api.Cluster"), faults, |it, faults| {
        extensions(faults, &it.body.extensions, &it.place.path, ".cluster.extensions");
    });
    for_each_name(&config.users, names("NamedAuthInfo", "*api.AuthInfo"), faults, |it, faults| {
        extensions(faults, &it.body.extensions, &it.place.path, ".user.extensions");
    });
    for_each_name(&config.contexts, names("NamedContext", "*api.Context"), faults, |it, faults| {
        extensions(faults, &it.body.extensions, &it.place.path, ".context.extensions");
    });
    extensions(faults, &config.extensions, "", "extensions");
}

/// Looks `within` each entry, and then for its name among those before it, where `names` may repeat:
/// they are the classes in Go that an entry is converted from and to.
fn for_each_name<T>(
    entries: &[Entry<T>],
    names: Option<(&str, &str)>,
    faults: &mut Vec<Refusal>,
    within: impl Fn(&Entry<T>, &mut Vec<Refusal>),
) {
    let mut seen: BTreeMap<&str, &Place> = BTreeMap::new();
    for entry in entries {
        within(entry, faults);
        let Some((from, to)) = names else { continue };
        match seen.get(entry.name.as_str()) {
            Some(first) => {
                let path = format!("{}.name", entry.place.path);
                faults.push(explain::duplicate(&entry.name, from, to, &first.path, path));
            }
            None => {
                seen.insert(&entry.name, &entry.place);
            }
        }
    }
}

fn refuse_duplicate_extensions(extensions: &[Extension], place: &str, faults: &mut Vec<Refusal>) {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for (index, extension) in extensions.iter().enumerate() {
        match seen.get(extension.name.as_str()) {
            Some(first) => {
                let first = format!("{place}[{first}]");
                let path = format!("{place}[{index}].name");
                let fault = explain::duplicate(
                    &extension.name,
                    "NamedExtension",
                    "runtime.Object",
                    &first,
                    path,
                );
                faults.push(fault);
            }
            None => {
                seen.insert(&extension.name, index);
            }
        }
    }
}
