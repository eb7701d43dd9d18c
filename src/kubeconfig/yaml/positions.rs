//! Where the fields of a file stand in its text.

use std::ops::Range;

use super::{
    compose::{NodeId, Placement, Row, index, make_room},
    tree::{Tree, View},
};
use crate::{pace::Pace, source::Location};

/// Where each field of a file stands.
///
/// It follows the values as kubectl sees them: of a repeated key the last one, of an alias what it
/// stands for. It holds names of keys, but no values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Positions {
    places: Vec<Known>,
    /// Items of lists, each an index in `places`.
    items: Vec<u32>,
    /// Entries of mappings.
    entries: Vec<Entry>,
    /// The names of all keys, one behind the other.
    names: String,
    root: Option<u32>,
    /// Bytes in front of the text; none when the file is not UTF-8, so that offsets in the text
    /// are none in the file.
    skipped: Option<u32>,
}

/// A value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Known {
    place: Placement,
    shape: Shape,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Scalar,
    Sequence(Row),
    Mapping(Row),
}

/// A key with its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Entry {
    name: Row,
    /// Where the key stands.
    key: Location,
    value: u32,
}

impl Positions {
    /// The location of the value at `path`, as `users[2].user.token`; of the nearest enclosing
    /// one when that field is not written.
    pub fn locate(&self, path: &str) -> Option<Location> {
        let found = self.find(path)?;
        self.known(found.value).map(Placement::location)
    }

    /// The location of the key at `path`; of the item, when it names one of a list.
    pub fn locate_key(&self, path: &str) -> Option<Location> {
        let found = self.find(path)?;
        found.key.or_else(|| self.known(found.value).map(Placement::location))
    }

    /// The bytes of the file that the value at `path` takes up as it is written, with its quotes
    /// or its `|`. None when it is not written, or when the file is not UTF-8.
    pub fn span(&self, path: &str) -> Option<Range<usize>> {
        let found = self.find(path).filter(|it| it.exact)?;
        let place = self.known(found.value)?;
        let skipped = self.skipped? as usize;
        Some(place.start as usize + skipped..place.end as usize + skipped)
    }

    fn known(&self, value: u32) -> Option<Placement> {
        self.places.get(value as usize).map(|it| it.place)
    }

    fn find(&self, path: &str) -> Option<Found> {
        let mut found = Found { key: None, value: self.root?, exact: true };
        let mut rest = path;
        while !rest.is_empty() {
            match self.step(found.value, rest) {
                Some((next, behind)) => {
                    found = next;
                    rest = behind;
                }
                None => return Some(Found { exact: false, ..found }),
            }
        }
        Some(found)
    }

    /// Goes one key or index down.
    fn step<'p>(&self, value: u32, path: &'p str) -> Option<(Found, &'p str)> {
        match self.places.get(value as usize)?.shape {
            Shape::Scalar => None,
            Shape::Sequence(row) => {
                let (item, rest) = path.strip_prefix('[')?.split_once(']')?;
                let item = row.of(&self.items).get(item.parse::<usize>().ok()?)?;
                let rest = rest.strip_prefix('.').unwrap_or(rest);
                Some((Found { key: None, value: *item, exact: true }, rest))
            }
            Shape::Mapping(row) => {
                let mut best: Option<(&Entry, &str, usize)> = None;
                for entry in row.of(&self.entries) {
                    let name = self.name(entry.name);
                    let Some(rest) = path.strip_prefix(name) else { continue };
                    // A name may hold dots and brackets itself, so the longest one counts.
                    let ends = rest.is_empty() || rest.starts_with(['.', '[']);
                    if ends && best.is_none_or(|(_, _, length)| length <= name.len()) {
                        best = Some((entry, rest, name.len()));
                    }
                }
                let (entry, rest, _) = best?;
                let rest = rest.strip_prefix('.').unwrap_or(rest);
                Some((Found { key: Some(entry.key), value: entry.value, exact: true }, rest))
            }
        }
    }

    fn name(&self, name: Row) -> &str {
        let first = name.first as usize;
        self.names.get(first..first + name.length as usize).unwrap_or_default()
    }
}

#[derive(Clone, Copy)]
struct Found {
    key: Option<Location>,
    value: u32,
    /// Whether it is what was asked for, and not what encloses it.
    exact: bool,
}

impl Placement {
    /// The place as a person counts.
    pub(in crate::kubeconfig) fn location(self) -> Location {
        Location { line: self.line.saturating_add(1), column: self.column.saturating_add(1) }
    }
}

/// In a list of slots: none yet.
const NOWHERE: u32 = u32::MAX;

/// Copies the places out of `tree`; `skipped` is as in [`Positions`].
pub(super) async fn positions(tree: &Tree<'_>, skipped: Option<u32>, pace: Pace<'_>) -> Positions {
    let out = Positions { skipped, ..Positions::default() };
    let Some(root) = tree.root() else { return out };
    let copied = vec![NOWHERE; tree.nodes_count()];
    let mut copier = Copier { tree, out, copied, waiting: Vec::new() };
    copier.out.root = Some(copier.reserve(root));
    let mut step = 0;
    while copier.step() {
        pace.rest_at_times(step).await;
        step += 1;
    }
    copier.out
}

/// Copies values one by one, since a text may nest deeper than a stack.
struct Copier<'t, 'a> {
    tree: &'t Tree<'a>,
    out: Positions,
    /// The slot of each node.
    copied: Vec<u32>,
    /// Collections whose slots are to be filled.
    waiting: Vec<(NodeId, u32)>,
}

impl Copier<'_, '_> {
    /// Fills a slot; says whether there was one.
    #[inline(never)]
    fn step(&mut self) -> bool {
        let Some((node, slot)) = self.waiting.pop() else { return false };
        let shape = match self.tree.view(node) {
            View::Sequence(items) => {
                let first = self.out.items.len();
                make_room(&mut self.out.items, items.len());
                for item in items {
                    let value = self.reserve(*item);
                    self.out.items.push(value);
                }
                Shape::Sequence(Row { first: index(first), length: index(items.len()) })
            }
            View::Mapping(entries) => {
                let first = self.out.entries.len();
                make_room(&mut self.out.entries, entries.len());
                for entry in entries {
                    let name = self.tree.key(*entry);
                    let start = index(self.out.names.len());
                    self.out.names.push_str(name);
                    let value = self.reserve(entry.value);
                    self.out.entries.push(Entry {
                        name: Row { first: start, length: index(name.len()) },
                        key: self.tree.place(entry.key).location(),
                        value,
                    });
                }
                Shape::Mapping(Row { first: index(first), length: index(entries.len()) })
            }
            _ => Shape::Scalar,
        };
        if let Some(known) = self.out.places.get_mut(slot as usize) {
            known.shape = shape;
        }
        true
    }

    /// A slot for a node, to be filled unless that has been done before.
    fn reserve(&mut self, node: NodeId) -> u32 {
        let target = self.tree.target(node);
        let Some(known) = self.copied.get_mut(target as usize) else { return 0 };
        if *known == NOWHERE {
            *known = index(self.out.places.len());
            make_room(&mut self.out.places, 1);
            self.out.places.push(Known { place: self.tree.place(target), shape: Shape::Scalar });
            if matches!(self.tree.view(target), View::Sequence(_) | View::Mapping(_)) {
                self.waiting.push((target, *known));
            }
        }
        *known
    }
}
