//! YAML exactly as kubectl's decoder reads it, with the place of every node.
//!
//! kubectl reads a kubeconfig with go-yaml 2, a port of libyaml with rules of YAML 1.1 and habits
//! of its own, turns the result into JSON, and decodes that. A general YAML library agrees with it
//! on most files and errs on the ones that matter, so this is a reader of its own, with the same
//! stages as go-yaml: bytes, characters ([`reader`]), tokens ([`scanner`]), events ([`parser`]),
//! nodes ([`compose`]), values ([`tree`]).

mod chars;
mod reader;
mod scanner;
mod parser;
mod compose;
mod scalar;
mod number;
mod tree;
mod positions;
pub(crate) mod lexemes;

pub use positions::Positions;
pub(super) use {
    compose::NodeId,
    number::json_float,
    reader::{Input, decode},
    tree::{Entry, Number, Tree, View, push_key},
};

use self::{
    compose::Placement,
    scanner::{Mark, Stage, SyntaxError},
};
use crate::{pace::Pace, source::Location};

/// What `!!` stands for in a tag.
const TAG_PREFIX: &str = "tag:yaml.org,2002:";

/// Why kubectl refuses a text before it looks at any field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) kind: FaultKind,
    /// kubectl's words.
    pub(super) problem: String,
    pub(super) location: Location,
}

/// Faults that are remembered of a text, and once more of its fields. Whoever repairs them all can
/// look again.
pub(super) const MAX_FAULTS: usize = 100;

/// Notes a fault, unless there are enough.
fn note(faults: &mut Vec<Fault>, fault: Fault) {
    if faults.len() < MAX_FAULTS {
        faults.push(fault);
    }
}

/// Families of faults, by what helps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum FaultKind {
    /// The bytes are no characters that YAML allows.
    Bytes,
    /// The text does not follow YAML's grammar; go-yaml's words for it.
    Syntax(String),
    /// An alias to an anchor that is nowhere.
    UnknownAnchor,
    /// An alias inside of what it stands for.
    SelfReference,
    /// Aliases that would be written out to too much.
    Aliasing,
    /// A text that is not of the type its tag asks for.
    Tag {
        /// The tag.
        wanted: String,
    },
    /// A `!!binary` that is not base64.
    Binary,
    /// A list or a mapping as a key.
    MapKey,
    /// Something else than mappings behind `<<`.
    MergeValue,
    /// A key that JSON cannot have.
    OddKey,
    /// A number that JSON cannot write.
    OddNumber,
    /// Too many levels.
    Depth,
    /// Too many values. kubectl has no such limit.
    Count,
}

impl Fault {
    fn new(kind: FaultKind, problem: String, place: Placement) -> Fault {
        let problem = match kind {
            FaultKind::OddKey | FaultKind::OddNumber | FaultKind::Depth => problem,
            _ => format!("yaml: {problem}"),
        };
        Fault { kind, problem, location: place.location() }
    }

    fn at(kind: FaultKind, problem: String, mark: Mark) -> Fault {
        Fault::new(kind, problem, mark.placement())
    }

    /// Mirrors: parser.fail, sigs.k8s.io/yaml v1.4.0 goyaml.v2/decode.go; the line that it names
    /// is often one off. What is missing at the end of something is shown where that begins.
    fn syntax(error: &SyntaxError) -> Fault {
        let line = match error.stage {
            Stage::Reader => 0,
            Stage::Scanner if error.at.line != 0 => error.at.line + 1,
            Stage::Parser if error.at.line != 0 => error.at.line,
            Stage::Scanner | Stage::Parser => error.context.line,
        };
        let problem = match line {
            0 => error.problem.to_string(),
            line => format!("line {line}: {}", error.problem),
        };
        let kind = match error.stage {
            Stage::Reader => FaultKind::Bytes,
            Stage::Scanner | Stage::Parser => FaultKind::Syntax(error.problem.to_string()),
        };
        let at = match &*error.problem {
            "could not find expected ':'" | "found unexpected end of stream" => error.context,
            _ => error.at,
        };
        Fault::at(kind, problem, at)
    }
}

impl Mark {
    fn placement(self) -> Placement {
        Placement {
            line: compose::index(self.line),
            column: compose::index(self.column),
            start: compose::index(self.at),
            end: compose::index(self.at),
        }
    }
}

/// A text and what kubectl would make of it.
pub(super) struct Reading<'a> {
    /// The values; those in front of a syntax error, if there is one.
    pub(super) tree: Tree<'a>,
    /// Why kubectl refuses the text, its own reason first.
    pub(super) faults: Vec<Fault>,
    /// Paths of keys that a later one of the same mapping overrides.
    pub(super) duplicates: Vec<String>,
    /// Where everything stands.
    pub(super) positions: Positions,
}

/// Reads the first document of `input`.
pub(super) async fn read<'a>(input: &'a Input<'a>, pace: Pace<'_>) -> Reading<'a> {
    let mut faults = Vec::new();
    let nodes = compose::compose(input, &mut faults, pace).await;
    let mut tree = tree::decode(nodes, &mut faults, pace).await;
    tree.json_faults(&mut faults);
    let duplicates = std::mem::take(&mut tree.duplicates);
    let skipped = match input.encoding {
        reader::Encoding::Utf8 => Some(compose::index(input.bom)),
        reader::Encoding::Utf16Le | reader::Encoding::Utf16Be => None,
    };
    let positions = positions::positions(&tree, skipped, pace).await;
    Reading { tree, faults, duplicates, positions }
}
