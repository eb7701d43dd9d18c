//! The file as a whole: whether it loads, and what is odd about its text.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Check, Citation, Emit, Finding,
    Run::Whole,
    Severity, citation, list,
    view::{View, contexts, is_stopped},
};
use crate::{
    facts::Facts,
    kubeconfig::{AuthInfo, Data, Placeholder, UnknownField},
    masking,
    pace::Pace,
    source::Place,
};

pub(super) const CHECKS: &[&Check] = &[
    &TEXT_MENDED,
    &INVALID_YAML,
    &NOT_A_CONFIG,
    &WRONG_TYPE,
    &INVALID_BASE64,
    &DUPLICATE_NAME,
    &REFUSED,
    &REDACTED,
    &PLACEHOLDER,
    &HIDING_BLANK,
    &SPECIAL_BLANK,
    &MISSPELLED_FIELD,
    &UNKNOWN_FIELD,
    &DUPLICATE_KEY,
    &EMPTY,
    &PREFERENCES,
];

pub(super) static TEXT_MENDED: Check = Check {
    id: "text-damaged",
    severity: Severity::Error,
    title: "kubectl does not read the text as it was handed in",
    why: "The text was damaged on its way, for example by a chat or a ticket system. What is shown \
          here is the text after a repair; kubectl repairs nothing.",
    fix: "Send the file itself instead of its text, or save the repaired text and use that.",
    citations: &[citation::LOAD],
    run: Whole(|view, emit| {
        for (index, source) in view.sources.iter().enumerate() {
            let detail = source.intake.mended.join(" ");
            match source.files.first() {
                _ if detail.is_empty() => {}
                Some(file) => emit.finding(&Place { file: *file, path: String::new() }, detail),
                None => emit.source(index, detail),
            }
        }
    }),
};

/// Which check a refusal belongs to, by kubectl's own words.
fn kind_of_refusal(kubectl: &str) -> &'static str {
    let kinds = [
        ("illegal base64 data", INVALID_BASE64.id),
        ("duplicate name ", DUPLICATE_NAME.id),
        ("no kind ", NOT_A_CONFIG.id),
        ("unexpected GroupVersion", NOT_A_CONFIG.id),
        ("couldn't get version/kind", NOT_A_CONFIG.id),
        ("cannot unmarshal", WRONG_TYPE.id),
        ("yaml: ", INVALID_YAML.id),
    ];
    kinds.iter().find(|(words, _)| kubectl.contains(words)).map_or(REFUSED.id, |(_, id)| id)
}

/// What in the files cannot be read, or not as it was meant; found once, since it is asked for with each
/// entry that misses something.
pub(super) struct Spelling<'a> {
    illegible: BTreeSet<usize>,
    /// The first of each, by its file, the path to its object, and the field that was meant.
    misspelled: BTreeMap<(usize, &'a str, &'a str), &'a UnknownField>,
}

impl<'a> Spelling<'a> {
    /// Looks through the files of `facts`.
    pub(super) async fn of(facts: &'a Facts, pace: Pace<'_>) -> Spelling<'a> {
        let (mut illegible, mut misspelled) = (BTreeSet::new(), BTreeMap::new());
        for (file, it) in facts.files.iter().enumerate() {
            let kind = it.refusal.as_ref().map(|it| kind_of_refusal(&it.kubectl));
            let is_broken =
                matches!(kind, Some(it) if it == INVALID_YAML.id || it == WRONG_TYPE.id);
            if is_broken || it.unknown_fields.iter().any(has_special_blank) {
                illegible.insert(file);
            }
            for it in &it.unknown_fields {
                pace.rest().await;
                let Some(nearest) = it.nearest else { continue };
                misspelled.entry((file, parent(&it.place), nearest)).or_insert(it);
            }
        }
        Spelling { illegible, misspelled }
    }

    /// Whether kubectl, and with it everybody, could read the structure of `file`. Where it could
    /// not, what seems to be missing may be there.
    pub(super) fn is_legible(&self, file: usize) -> bool {
        !self.illegible.contains(&file)
    }

    /// The field that was probably meant to be the one at `missing`.
    pub(super) fn misspelled(&self, missing: &Place) -> Option<&'a UnknownField> {
        self.misspelled.get(&(missing.file, parent(missing), last_key(missing))).copied()
    }
}

/// What a misspelled field was probably meant to be, as a sentence.
pub(super) fn meant(field: &UnknownField) -> String {
    let nearest = field.nearest.unwrap_or_default();
    format!("{} was probably meant to be {nearest}.", last_key(&field.place))
}

/// Drops the findings about misspelled fields at which something worse points as its cause.
pub(super) fn drop_what_is_told(findings: &mut Vec<Finding>) {
    let is_spelling = |it: &Finding| std::ptr::eq(it.check, &MISSPELLED_FIELD);
    if !findings.iter().any(is_spelling) {
        return;
    }
    let mut told = BTreeSet::new();
    told.extend(findings.iter().filter(|it| !is_spelling(it)).map(|it| it.place.clone()));
    findings.retain(|it| !is_spelling(it) || !told.contains(&it.place));
}

/// Every fault for which kubectl refuses a file, of the kind of the running check. What seems
/// wrong behind broken YAML mostly is not.
fn refusals(view: &View<'_>, emit: &mut Emit<'_>) {
    for (file, it) in view.files.iter().enumerate() {
        let Some(first) = &it.refusal else { continue };
        let is_yaml = kind_of_refusal(&first.kubectl) == INVALID_YAML.id;
        let others = it.faults.iter().filter(|it| it.path != first.path && !is_yaml);
        for fault in std::iter::once(first).chain(others) {
            if kind_of_refusal(&fault.kubectl) == emit.check.id {
                // It stops at the first, and says nothing of the others; nor of what was mended.
                let says = view.refusal(file).is_some_and(|it| it.1.kubectl == fault.kubectl);
                let detail = match says && fault == first {
                    true => {
                        let words = masking::kubectl_words(&fault.kubectl);
                        format!("{} kubectl says: {words}", fault.explanation)
                    }
                    false => fault.explanation.clone(),
                };
                emit.fault(file, fault, detail);
            }
        }
    }
}

static INVALID_YAML: Check = Check {
    id: "invalid-yaml",
    severity: Severity::Error,
    title: "The file is not YAML that kubectl can read",
    why: "kubectl stops with an error for every command, whichever context is meant.",
    fix: "Repair the place that is named, or fetch the kubeconfig again.",
    citations: &[citation::LOAD],
    run: Whole(refusals),
};

static NOT_A_CONFIG: Check = Check {
    id: "not-a-kubeconfig",
    severity: Severity::Error,
    title: "The file does not call itself a kubeconfig",
    why: "kubectl takes only files with apiVersion v1 and kind Config, or with neither, and stops \
          with an error for everything else.",
    fix: "Take the kubeconfig out of what wraps it, or set apiVersion to v1 and kind to Config.",
    citations: &[citation::LOAD, citation::FIELDS],
    run: Whole(refusals),
};

static WRONG_TYPE: Check = Check {
    id: "wrong-type",
    severity: Severity::Error,
    title: "A field holds a value of the wrong type",
    why: "One such field anywhere makes kubectl refuse the whole file.",
    fix: "Put quotes around numbers and words such as yes, no, on and off where text is meant; \
          check the indentation where a list or a map is expected.",
    citations: &[citation::LOAD, citation::FIELDS],
    run: Whole(refusals),
};

static INVALID_BASE64: Check = Check {
    id: "invalid-base64",
    severity: Severity::Error,
    title: "A field that must be base64 is not",
    why: "One such field anywhere makes kubectl refuse the whole file, even when no context uses it.",
    fix: "Copy the value again, whole and on one line, or fetch the kubeconfig again.",
    citations: &[citation::LOAD, citation::FIELDS],
    run: Whole(refusals),
};

static DUPLICATE_NAME: Check = Check {
    id: "duplicate-name",
    severity: Severity::Error,
    title: "Two entries of one list have the same name",
    why: "Since 1.12, kubectl refuses a file in which a name stands twice among the clusters, users or \
          contexts.",
    fix: "Rename or delete one of the two.",
    citations: &[citation::NAMES],
    run: Whole(refusals),
};

static REFUSED: Check = Check {
    id: "file-refused",
    severity: Severity::Error,
    title: "kubectl refuses to load this file",
    why: "kubectl stops with an error for every command, whichever context is meant.",
    fix: "Repair the place that is named, or fetch the kubeconfig again.",
    citations: &[citation::LOAD],
    run: Whole(refusals),
};

/// Places of the `…-data` fields in which `kubectl config view`, or we, left a note.
fn redacted_data(view: &View<'_>) -> impl Iterator<Item = Place> {
    let is_note = |it: &Option<Data>| {
        it.as_ref().is_some_and(|it| it.placeholder == Some(Placeholder::KubectlView))
    };
    view.files.iter().flat_map(move |file| {
        let clusters = file.config.clusters.iter();
        let authorities = clusters
            .filter(move |it| is_note(&it.body.certificate_authority_data))
            .map(|it| it.place.field("cluster.certificate-authority-data"));
        let pairs = file.config.users.iter().flat_map(move |it| {
            let AuthInfo { client_certificate_data, client_key_data, .. } = &it.body;
            let fields = [
                ("user.client-certificate-data", client_certificate_data),
                ("user.client-key-data", client_key_data),
            ];
            let notes = fields.into_iter().filter(move |(_, data)| is_note(data));
            notes.map(|(name, _)| it.place.field(name))
        });
        authorities.chain(pairs)
    })
}

/// Places of the fields that hold a secret as it is, where it `applies`.
fn secret_texts(view: &View<'_>, applies: fn(&str) -> bool) -> impl Iterator<Item = Place> {
    view.files.iter().flat_map(|file| &file.config.users).flat_map(move |it| {
        let fields = [("user.token", &it.body.token), ("user.password", &it.body.password)];
        let those = fields.into_iter().filter(move |(_, value)| applies(value.reveal()));
        those.map(|(name, _)| it.place.field(name))
    })
}

static REDACTED: Check = Check {
    id: "value-redacted",
    severity: Severity::Error,
    title: "The secrets of this file were left out",
    why: "kubectl config view puts DATA+OMITTED and REDACTED in their place (before 1.26 the latter \
          for certificates and keys, too), and this inspector notes that begin with REDACTED. All of them are valid base64, so kubectl loads the file and \
          fails only when it needs the value.",
    fix: "Make the copy with kubectl config view --raw, or with --raw --minify --flatten for the \
          current context alone. That copy holds the private key: treat it as a password.",
    citations: &[citation::REDACT],
    run: Whole(|view, emit| {
        let places = redacted_data(view).chain(secret_texts(view, is_redacted)).collect();
        one_per_file(emit, places, |names| {
            format!("A note stands in place of the value of {names}.")
        });
    }),
};

/// Whether kubectl config view, or a redacted copy of ours, put `text` in place of a secret.
fn is_redacted(text: &str) -> bool {
    text.starts_with("REDACTED") || text == "DATA+OMITTED"
}

static PLACEHOLDER: Check = Check {
    id: "value-is-a-placeholder",
    severity: Severity::Error,
    title: "A placeholder stands where a token or a password belongs",
    why: "kubectl sends the placeholder as it is, and the server does not know it.",
    fix: "Put the real value in its place.",
    citations: &[citation::CLIENT_CERTIFICATES],
    run: Whole(|view, emit| {
        let places = secret_texts(view, |it| is_template(it) && !is_redacted(it)).collect();
        one_per_file(emit, places, |names| {
            format!("What stands in {names} looks like a note to the person who fills it in.")
        });
    }),
};

/// Whether `text` is something like `<token>`, `${TOKEN}`, `{{ .Token }}`, `***`, `xxxx` or
/// `--redacted--`.
pub(super) fn is_template(text: &str) -> bool {
    let text = text.trim();
    let wrapped = [("<", ">"), ("${", "}"), ("{{", "}}"), ("[", "]")]
        .iter()
        .any(|(open, close)| text.starts_with(open) && text.ends_with(close));
    let masked = 3 <= text.len()
        && (text.chars().all(|it| it == '*') || text.chars().all(|it| matches!(it, 'x' | 'X')));
    let word = text.trim_matches(['*', '-', '_', '#', '=', ' ']);
    let is_note = ["redacted", "omitted", "masked", "hidden", "removed", "token", "todo"]
        .iter()
        .any(|it| word.eq_ignore_ascii_case(it));
    wrapped || masked || is_note || text.ends_with("...") || text.ends_with('…')
}

/// One finding per file, at the first place, naming all of them.
fn one_per_file(emit: &mut Emit<'_>, places: Vec<Place>, sentence: fn(&str) -> String) {
    for group in places.chunk_by(|a, b| a.file == b.file) {
        let names: Vec<&str> = group.iter().map(|it| it.path.as_str()).collect();
        if let Some(first) = group.first() {
            emit.finding(first, sentence(&list(&names)));
        }
    }
}

static HIDING_BLANK: Check = Check {
    id: "special-blank-hides-field",
    severity: Severity::Error,
    title: "Special blanks hide from kubectl what it needs",
    why: "Word processors, chats and web pages put in no-break spaces. They look like indentation, \
          but kubectl takes them for a part of the name, ignores the field, and is left without a \
          server or a credential.",
    fix: "Replace them by ordinary blanks, or send the file itself instead of its text.",
    citations: &[citation::FIELDS, citation::GET_CLUSTER],
    run: Whole(|view, emit| special_blanks(view, emit, true)),
};

static SPECIAL_BLANK: Check = Check {
    id: "special-blank",
    severity: Severity::Warning,
    title: "A special blank stands where an ordinary one belongs",
    why: "Word processors, chats and web pages put in no-break spaces. They look like indentation, \
          but kubectl takes them for a part of the name, and ignores the field.",
    fix: "Replace them by ordinary blanks, or send the file itself instead of its text.",
    citations: &[citation::FIELDS],
    run: Whole(|view, emit| special_blanks(view, emit, false)),
};

/// The fields with special blanks, of the files that work without them or of the others.
fn special_blanks(view: &View<'_>, emit: &mut Emit<'_>, stops: bool) {
    let mut stopped = BTreeSet::new();
    for it in contexts(view).filter(is_stopped) {
        stopped.insert(it.effective.entry.file);
    }
    let places = view
        .files
        .iter()
        .flat_map(|it| &it.unknown_fields)
        .filter(|it| has_special_blank(it) && stopped.contains(&it.place.file) == stops)
        .map(|it| it.place.clone())
        .collect();
    one_per_file(emit, places, |names| format!("kubectl ignores {names}."));
}

/// Whether a blank that YAML does not know as one stands around the last key of a field.
fn has_special_blank(field: &UnknownField) -> bool {
    let key = last_key(&field.place);
    key != key.trim() && key.trim_matches([' ', '\t']) != key.trim()
}

static MISSPELLED_FIELD: Check = Check {
    id: "misspelled-field",
    severity: Severity::Warning,
    title: "A field is misspelled, and kubectl ignores it",
    why: "kubectl drops fields that it does not know without a word, so the setting has no effect. \
          The case of letters counts.",
    fix: "Write the name as kubectl knows it.",
    citations: &[citation::FIELDS],
    run: Whole(|view, emit| {
        for field in view.files.iter().flat_map(|it| &it.unknown_fields) {
            if field.nearest.is_some() && !has_special_blank(field) {
                emit.finding(&field.place, meant(field));
            }
        }
    }),
};

static UNKNOWN_FIELD: Check = Check {
    id: "unknown-field",
    severity: Severity::Notice,
    title: "kubectl does not know a field and ignores it",
    why: "Another tool may have written it for itself. It changes nothing for kubectl.",
    fix: "Leave it if another tool needs it; otherwise delete it.",
    citations: &[citation::FIELDS],
    run: Whole(|view, emit| {
        let places = view
            .files
            .iter()
            .flat_map(|it| &it.unknown_fields)
            .filter(|it| it.nearest.is_none() && !has_special_blank(it))
            .map(|it| it.place.clone())
            .collect();
        one_per_file(emit, places, |names| format!("kubectl ignores {names}."));
    }),
};

static DUPLICATE_KEY: Check = Check {
    id: "duplicate-key",
    severity: Severity::Warning,
    title: "A field stands twice, and only the last one counts",
    why: "kubectl takes the last value without a word. Other tools take the first, or refuse the \
          file.",
    fix: "Delete the one that is not meant.",
    citations: &[citation::LOAD],
    run: Whole(|view, emit| {
        for place in view.files.iter().flat_map(|it| &it.duplicate_keys) {
            emit.finding(place, format!("{} stands more than once.", last_key(place)));
        }
    }),
};

/// The last key of a path.
fn last_key(place: &Place) -> &str {
    place.path.rsplit('.').next().unwrap_or(&place.path)
}

/// What a path leads through before its last key.
fn parent(place: &Place) -> &str {
    place.path.rsplit_once('.').map_or("", |(parent, _)| parent)
}

static PREFERENCES: Check = Check {
    id: "preferences-without-effect",
    severity: Severity::Notice,
    title: "The file holds preferences, which have no effect",
    why: "kubectl reads and prints them, and does nothing with them. They are deprecated since \
          kubectl 1.34.",
    fix: "Delete preferences, or keep such settings in the kuberc file.",
    citations: &[
        citation::FIELDS,
        Citation::Page {
            title: "client-go v0.34.1: Preferences, deprecated",
            url: "https://github.com/kubernetes/client-go/blob/v0.34.1/tools/clientcmd/api/v1/types.go",
        },
    ],
    run: Whole(|view, emit| {
        for (file, it) in view.files.iter().enumerate() {
            if it.config.colors || !it.config.preference_extensions.is_empty() {
                let place = Place { file, path: "preferences".to_owned() };
                emit.finding(&place, "kubectl works the same without them.");
            }
        }
    }),
};

static EMPTY: Check = Check {
    id: "nothing-in-the-file",
    severity: Severity::Warning,
    title: "There is no context, cluster or user in the file",
    why: "kubectl accepts an empty file and then talks to localhost:8080, which is refused on most \
          machines.",
    fix: "Check that the whole file was copied, and that its lists are indented as they should be.",
    citations: &[citation::GET_CLUSTER],
    run: Whole(|view, emit| {
        for (file, it) in view.files.iter().enumerate() {
            let config = &it.config;
            let lists = [config.contexts.len(), config.clusters.len(), config.users.len()];
            if it.refusal.is_none() && lists == [0, 0, 0] {
                let list = |name: &str| Place { file, path: name.to_owned() };
                let misspelled = ["contexts", "clusters", "users"]
                    .into_iter()
                    .map(list)
                    .find(|it| view.spelling.misspelled(it).is_some());
                emit.missing(
                    None,
                    &misspelled.unwrap_or_else(|| list("")),
                    "kubectl finds no entry in any of its three lists.".to_owned(),
                );
            }
        }
    }),
};
