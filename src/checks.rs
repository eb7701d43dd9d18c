//! What we look for in [`Facts`].
//!
//! A check is one `static`: its words, its citations and its code together. To add one,
//! write it in the file of its subject and name it in that file's `CHECKS`; rustc calls
//! it dead code until you do. Put a file that triggers it in `tests/fixtures/checks/<id>`.

mod file;
pub mod compatibility;
pub mod verdict;

use crate::{
    facts::{ContextFacts, Facts},
    kubeconfig::EntryRef,
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
    run: fn(&Facts, &mut Emit<'_>),
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
    /// It works, but is unsafe or is going to stop working.
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

/// Where a rule is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Citation {
    /// A symbol in client-go, at [`CLIENT_GO`].
    ClientGo {
        /// File below the repository root.
        path: &'static str,
        /// Function or type in it.
        symbol: &'static str,
    },
    /// A section of an RFC.
    Rfc {
        /// Number of the RFC.
        number: u16,
        /// Section in it.
        section: &'static str,
    },
    /// A page of documentation.
    Page {
        /// Its title.
        title: &'static str,
        /// Its address.
        url: &'static str,
    },
}

/// The client-go release that citations and recorded fixtures refer to.
pub const CLIENT_GO: &str = "v0.33.1";

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
    /// Whether this finding is about `context`: about itself, its cluster, its user, or the
    /// whole file that one of them stands in.
    pub fn concerns(&self, facts: &Facts, context: &ContextFacts) -> bool {
        let effective = &context.effective;
        if let Some(own) = self.context {
            return own == effective.entry;
        }
        let places = [
            facts.context(effective.entry).map(|it| &it.place),
            effective.cluster.and_then(|it| facts.cluster(it)).map(|it| &it.place),
            effective.user.and_then(|it| facts.user(it)).map(|it| &it.place),
        ];
        let is_an_entry =
            ["clusters[", "users[", "contexts["].iter().any(|it| self.place.path.starts_with(it));
        places.into_iter().flatten().any(|it| match is_an_entry {
            true => self.place.is_in(it),
            false => self.place.file == it.file,
        })
    }
}

/// All checks, in the order in which they are shown.
pub fn all() -> impl Iterator<Item = &'static Check> {
    [file::CHECKS].into_iter().flatten().copied()
}

pub(crate) fn run(facts: &Facts) -> Vec<Finding> {
    let mut findings = Vec::new();
    for check in all() {
        (check.run)(facts, &mut Emit { check, facts, findings: &mut findings });
    }
    findings.sort_by_key(|it| it.check.severity);
    findings
}

/// Takes findings from the check that is running.
struct Emit<'a> {
    check: &'static Check,
    facts: &'a Facts,
    findings: &'a mut Vec<Finding>,
}

impl Emit<'_> {
    /// A finding about the file or about an entry that no context or several contexts use.
    fn finding(&mut self, place: &Place, detail: impl Into<String>) {
        self.push(None, place, detail.into());
    }

    fn push(&mut self, context: Option<EntryRef>, place: &Place, detail: String) {
        let location =
            self.facts.files.get(place.file).and_then(|it| it.positions.locate(&place.path));
        let source =
            self.facts.sources.iter().position(|it| it.files.contains(&place.file)).unwrap_or(0);
        self.findings.push(Finding {
            check: self.check,
            place: place.clone(),
            location,
            source,
            context,
            detail,
        });
    }
}
