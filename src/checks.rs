//! What we look for in [`Facts`].
//!
//! A check is one `static`: its words, its citations and its code together. To add one,
//! write it in the file of its subject and name it in that file's `CHECKS`; rustc calls
//! it dead code until you do. Put a file that triggers it in `tests/fixtures/checks/<id>`.

mod citation;
mod view;
mod file;
mod structure;
mod server;
mod tls;
mod certificate;
mod identity;
mod token;
mod exec;
mod handling;
pub mod compatibility;
pub mod leak;
pub mod verdict;

pub use citation::{CLIENT_GO, Citation};

use std::collections::BTreeSet;

use self::view::{Part, View};
use crate::{
    facts::{ContextFacts, Facts},
    kubeconfig::{EntryRef, Refusal},
    pace::Pace,
    source::{Location, Place},
};

/// One thing we look for.
#[derive(Debug)]
pub struct Check {
    /// Kebab-case name of the defect. Never reused, never changed after release.
    pub id: &'static str,
    /// How bad it is when found.
    pub severity: Severity,
    /// What is wrong, as one plain sentence.
    pub title: &'static str,
    /// Why that matters to whoever holds the file.
    pub why: &'static str,
    /// What to do about it.
    pub fix: &'static str,
    /// Where the rule is written down.
    pub citations: &'static [Citation],
    run: Run,
}

/// How a check is made.
#[derive(Debug)]
enum Run {
    /// Entry by entry: with a rest between parts of what there is.
    Entries(fn(&Part<'_>, &mut Emit<'_>)),
    /// In one go, because entries are compared or told of together.
    Whole(fn(&View<'_>, &mut Emit<'_>)),
}

impl PartialEq for Check {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Check {}

/// How bad a finding is. The first that fits applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// kubectl refuses the file or the server refuses the credential, and a citation says so.
    Error,
    /// It works, but is unsafe, is going to stop working, or does something else than it says.
    Warning,
    /// True and worth knowing; there is nothing to repair.
    Notice,
}

impl Severity {
    /// Its name in the report.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Notice => "notice",
        }
    }
}

/// One place where a [`Check`] applies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What was looked for.
    pub check: &'static Check,
    /// Where it was found.
    pub place: Place,
    /// The same in the text, when the file could tell.
    pub location: Option<Location>,
    /// Index of the source in `Facts::sources`.
    pub source: usize,
    /// The context that it concerns; none when it concerns the file or several.
    pub context: Option<EntryRef>,
    /// What is particular about this place.
    pub detail: String,
}

impl Finding {
    /// Whether this finding is about `context`: about itself, its cluster or its user.
    ///
    /// An error of a file as such concerns all of its contexts, wherever it stands.
    pub fn concerns(&self, facts: &Facts, context: &ContextFacts) -> bool {
        if let Some(own) = self.context {
            return own == context.effective.entry;
        }
        entries(facts, context).any(|it| match self.concerns_whole_file() {
            true => self.place.file == it.file,
            false => self.place.is_in(it),
        })
    }

    /// Whether it is about which context kubectl takes when none is named. That may be all that is
    /// in the way of one that works.
    pub fn is_about_the_current_context(&self) -> bool {
        structure::CURRENT_CONTEXT.contains(&self.check)
    }

    fn concerns_whole_file(&self) -> bool {
        self.context.is_none()
            && is_about_files(self.check)
            && self.check.severity == Severity::Error
    }
}

/// Findings by what they are about: for who asks what concerns each of many contexts.
pub struct Concerns<'a> {
    facts: &'a Facts,
    findings: &'a [Finding],
    /// The first finding of each slot. What a finding is about has a slot, which it may share.
    first: Vec<usize>,
    /// Behind each finding, the next one of its slot.
    next: Vec<usize>,
}

/// Where a slot ends.
const NONE: usize = usize::MAX;

impl<'a> Concerns<'a> {
    /// Those of `findings`, which were made in `facts`.
    pub async fn of(facts: &'a Facts, findings: &'a [Finding], pace: Pace<'_>) -> Concerns<'a> {
        let first = vec![NONE; findings.len() + 1];
        let mut concerns = Concerns { facts, findings, first, next: Vec::new() };
        for it in findings {
            pace.rest().await;
            concerns.add(it);
        }
        concerns
    }

    #[inline(never)]
    fn add(&mut self, it: &Finding) {
        let context = it.context.and_then(|it| self.facts.context(it));
        let place = context.map_or(&it.place, |it| &it.place);
        let entry = if it.concerns_whole_file() { None } else { entry_of(place) };
        let slot = self.slot(place.file, entry);
        if let Some(first) = self.first.get_mut(slot) {
            let index = self.next.len();
            self.next.push(std::mem::replace(first, index));
        }
    }

    /// The slot of an entry, or of what is about the file itself.
    fn slot(&self, file: usize, entry: Option<(usize, usize, &str)>) -> usize {
        let number = file.wrapping_mul(40_503).wrapping_add(entry.map_or(0, |it| it.1 + 1));
        number % self.first.len()
    }

    /// The indexes of the findings that concern `context`, in no order.
    #[inline(never)]
    pub fn about(&self, context: &ContextFacts) -> Vec<usize> {
        let (mut slots, mut found) = (Vec::new(), Vec::new());
        for place in entries(self.facts, context) {
            for entry in [None, entry_of(place)] {
                let slot = self.slot(place.file, entry);
                if slots.contains(&slot) {
                    continue;
                }
                slots.push(slot);
                let mut at = self.first.get(slot).copied().unwrap_or(NONE);
                while let (Some(it), Some(next)) = (self.findings.get(at), self.next.get(at)) {
                    if it.concerns(self.facts, context) {
                        found.push(at);
                    }
                    at = *next;
                }
            }
        }
        found
    }
}

/// A group of checks about one subject.
#[derive(Clone, Copy, Debug)]
pub struct Family {
    /// The subject, as a heading.
    pub title: &'static str,
    /// Its checks, in the order in which they are shown.
    pub checks: &'static [&'static Check],
}

/// All families, in the order in which they are shown.
pub const FAMILIES: &[Family] = &[
    Family { title: "The file", checks: file::CHECKS },
    Family { title: "Names and references", checks: structure::CHECKS },
    Family { title: "Server address", checks: server::CHECKS },
    Family { title: "Server verification", checks: tls::CHECKS },
    Family { title: "Client certificate", checks: certificate::CHECKS },
    Family { title: "Identity", checks: identity::CHECKS },
    Family { title: "Tokens and passwords", checks: token::CHECKS },
    Family { title: "Programs and plugins", checks: exec::CHECKS },
    Family { title: "Handling", checks: handling::CHECKS },
];

/// All checks, in the order in which they are shown.
pub fn all() -> impl Iterator<Item = &'static Check> {
    FAMILIES.iter().flat_map(|it| it.checks).copied()
}

pub(crate) async fn run(facts: &Facts, pace: Pace<'_>) -> Vec<Finding> {
    let view = View::of(facts, pace).await;
    let parts = view.parts(pace).await;
    let mut findings = Vec::new();
    for check in all() {
        let mut emit = Emit { check, view: &view, stopped: &[], found: Vec::new() };
        match check.run {
            Run::Entries(run) => {
                for part in &parts {
                    pace.rest().await;
                    emit.stopped = &part.stopped;
                    run(part, &mut emit);
                }
            }
            Run::Whole(run) => {
                pace.rest().await;
                run(&view, &mut emit);
            }
        }
        put_once_each(&mut findings, emit.found, check, facts, pace).await;
    }
    file::drop_what_is_told(&mut findings);
    pace.rest().await;
    findings.sort_by_key(|it| it.check.severity);
    findings
}

/// Puts what `check` `found` to the `findings`, without what repeats something before it.
async fn put_once_each(
    findings: &mut Vec<Finding>,
    found: Vec<Found>,
    check: &'static Check,
    facts: &Facts,
    pace: Pace<'_>,
) {
    let mut seen = BTreeSet::new();
    let mut is_first = Vec::with_capacity(found.len());
    for (step, it) in found.iter().enumerate() {
        pace.rest_at_times(step).await;
        is_first.push(seen.insert(it));
    }
    for (step, (it, is_first)) in found.into_iter().zip(is_first).enumerate() {
        pace.rest_at_times(step).await;
        if is_first {
            findings.push(it.finding(check, facts));
        }
    }
}

/// What a check found.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Found {
    source: usize,
    place: Place,
    /// Where that is, when it is no field.
    location: Option<Location>,
    context: Option<EntryRef>,
    detail: String,
}

impl Found {
    fn finding(self, check: &'static Check, facts: &Facts) -> Finding {
        let Found { source, place, location, context, detail } = self;
        let located = || facts.files.get(place.file)?.positions.locate(&place.path);
        let location = location.or_else(located);
        Finding { check, place, location, source, context, detail }
    }
}

/// Takes findings from the check that is running. The same thing said twice is said once,
/// however many contexts lead to it.
struct Emit<'a> {
    check: &'static Check,
    view: &'a View<'a>,
    /// The contexts of the part that is gone through at which kubectl stops.
    stopped: &'a [&'a ContextFacts],
    found: Vec<Found>,
}

impl Emit<'_> {
    /// A finding at `place`. When exactly one context makes use of that place, it is that
    /// context's; what is about files is no context's.
    fn finding(&mut self, place: &Place, detail: impl Into<String>) {
        let context = match is_about_files(self.check) {
            true => None,
            false => self.view.owners.context(place),
        };
        self.push(self.view.owners.source(place.file), context, place.clone(), detail.into());
    }

    /// A finding about what kubectl refuses in a file; not all of that is in a field.
    fn fault(&mut self, file: usize, fault: &Refusal, detail: String) {
        let place = Place { file, path: fault.path.clone() };
        self.put(Found {
            source: self.view.owners.source(file),
            place,
            location: fault.location,
            context: None,
            detail,
        });
    }

    /// A finding about how two entries go together in `context`, at `place` in one of them.
    fn context(&mut self, context: &ContextFacts, place: &Place, detail: impl Into<String>) {
        let source = self.view.owners.source(place.file);
        self.push(source, Some(context.effective.entry), place.clone(), detail.into());
    }

    /// A finding about the field at `missing`, which kubectl does not find: in `context`, when
    /// that alone misses it. Where it stands under a misspelled name, that is the place.
    fn missing(&mut self, context: Option<&ContextFacts>, missing: &Place, detail: String) {
        let (place, detail) = match self.view.spelling.misspelled(missing) {
            Some(it) => (it.place.clone(), format!("{detail} {}", file::meant(it))),
            None => (missing.clone(), detail),
        };
        match context {
            Some(context) => self.context(context, &place, detail),
            None => self.finding(&place, detail),
        }
    }

    /// A finding about what stands in a source outside any kubeconfig. Its place names no file.
    fn source(&mut self, source: usize, detail: impl Into<String>) {
        let nowhere = Place { file: self.view.files.len(), path: String::new() };
        self.push(source, None, nowhere, detail.into());
    }

    fn push(&mut self, source: usize, context: Option<EntryRef>, place: Place, detail: String) {
        self.put(Found { source, place, location: None, context, detail });
    }

    fn put(&mut self, mut found: Found) {
        found.detail = visible(&found.detail);
        if self.found.last() != Some(&found) {
            self.found.push(found);
        }
    }

    /// What kubectl itself stops at before it connects, where its rule has the name of the
    /// running check.
    fn problems(&mut self) {
        self.problems_called(self.check.id);
    }

    /// The same, where the rule is called `id`.
    fn problems_called(&mut self, id: &str) {
        for context in self.stopped {
            self.problems_in(context, id, &[]);
        }
    }

    /// The same, in one context. Where one of the fields `missing` stands beside the place under
    /// a misspelled name, that is what it stops at.
    fn problems_in(&mut self, context: &ContextFacts, id: &str, missing: &[&str]) {
        for problem in context.effective.problems.iter().filter(|it| it.id == id) {
            let words = self.view.kubectl_words(&context.effective, &problem.kubectl);
            let detail = format!("kubectl says: {words}");
            let misspelled = missing
                .iter()
                .map(|it| problem.place.beside(it))
                .find(|it| self.view.spelling.misspelled(it).is_some());
            match misspelled {
                Some(it) => self.missing(None, &it, format!("{}.", detail.trim_end_matches('.'))),
                None => self.finding(&problem.place, detail),
            }
        }
    }

    /// The problems of the running check, whose cause may be a misspelled name of `fields`.
    fn problems_of(&mut self, fields: &[&str]) {
        for context in self.stopped {
            self.problems_in(context, self.check.id, fields);
        }
    }
}

/// `text` on one line, with characters that would act on a terminal or on the direction of the
/// text spelled out. Names and values in a file may hold any of them.
fn visible(text: &str) -> String {
    let acts = |it: char| {
        it.is_control() || matches!(it, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let mut rest = text.trim_end();
    let mut out = String::with_capacity(rest.len());
    while let Some((before, it)) = rest.find(acts).and_then(|at| rest.split_at_checked(at)) {
        out.push_str(before);
        let mut behind = it.chars();
        match behind.next() {
            Some('\n' | '\t') => out.push(' '),
            it => out.extend(it.into_iter().flat_map(char::escape_unicode)),
        }
        rest = behind.as_str();
    }
    out.push_str(rest);
    out
}

fn is_about_files(check: &Check) -> bool {
    file::CHECKS.iter().any(|it| std::ptr::eq(*it, check))
}

/// The entry that `place` is in, as file, index and list: of `users[2].user.token`, it is the third of
/// `users`.
fn entry_of(place: &Place) -> Option<(usize, usize, &str)> {
    let (list, rest) = place.path.split_once('[')?;
    Some((place.file, rest.split_once(']')?.0.parse().ok()?, list))
}

/// The entries that `context` is made of: its own, its cluster and its user.
fn entries<'a>(facts: &'a Facts, context: &ContextFacts) -> impl Iterator<Item = &'a Place> {
    let effective = &context.effective;
    let places = [
        facts.context(effective.entry).map(|it| &it.place),
        effective.cluster.and_then(|it| facts.cluster(it)).map(|it| &it.place),
        effective.user.and_then(|it| facts.user(it)).map(|it| &it.place),
    ];
    places.into_iter().flatten()
}

/// Names as a list for a sentence: "a", "a and b", "a, b and c"; after five, how many more.
fn list<T: AsRef<str>>(names: &[T]) -> String {
    let shown: Vec<&str> = names.iter().take(5).map(AsRef::as_ref).collect();
    match (shown.as_slice(), names.len().saturating_sub(5)) {
        ([], _) => String::new(),
        ([only], _) => (*only).to_owned(),
        ([most @ .., last], 0) => format!("{} and {last}", most.join(", ")),
        (some, more) => format!("{} and {more} more", some.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::{list, visible};

    #[test]
    fn what_acts_on_a_terminal_is_spelled_out() {
        let rows = [
            ("plain", "plain"),
            ("two\nlines\n", "two lines"),
            ("\u{1b}[2J", "\\u{1b}[2J"),
            ("a\u{202e}b\u{2069}", "a\\u{202e}b\\u{2069}"),
        ];
        for (text, expected) in rows {
            assert_eq!(visible(text), expected);
        }
    }

    #[test]
    fn long_lists_are_cut() {
        let rows: &[(&[&str], &str)] = &[
            (&[], ""),
            (&["a"], "a"),
            (&["a", "b"], "a and b"),
            (&["a", "b", "c", "d", "e"], "a, b, c, d and e"),
            (&["a", "b", "c", "d", "e", "f", "g"], "a, b, c, d, e and 2 more"),
        ];
        for (names, expected) in rows {
            assert_eq!(list(names), *expected);
        }
    }
}
