//! How the values come about: every node is visited once, as go-yaml would decode it.
//!
//! Knows nothing of fields, nor of how a value is written as JSON.

use std::collections::BTreeMap;

use zeroize::Zeroizing;

use super::{Collection, Entry, Number, Tree, Value, View, push_key, shorten};
use crate::{
    base64,
    kubeconfig::yaml::{
        Fault, FaultKind, TAG_PREFIX,
        compose::{NodeId, NodeKind, Nodes, Row, index, make_room},
        note,
        scalar::{self, TagMismatch},
    },
    pace::Pace,
};

/// Duplicates that are remembered; a file with more of them has other troubles.
const MAX_DUPLICATES: usize = 1_000;

/// Decodes all nodes.
///
/// Mirrors: decoder.unmarshal, sigs.k8s.io/yaml v1.4.0 goyaml.v2/decode.go.
pub(in crate::kubeconfig::yaml) async fn decode<'a>(
    nodes: Nodes<'a>,
    faults: &mut Vec<Fault>,
    pace: Pace<'_>,
) -> Tree<'a> {
    let mut decoder = Decoder {
        tree: Tree {
            values: vec![Value::New; nodes.nodes.len()],
            collections: Vec::new(),
            nodes,
            entries: Vec::new(),
            numbers: Vec::new(),
            made: Zeroizing::default(),
            made_values: Vec::new(),
            made_keys: BTreeMap::new(),
            odd_keys: BTreeMap::new(),
            duplicates: Vec::new(),
            total: 1,
        },
        faults,
        frames: Vec::new(),
        gathered: Vec::new(),
        aliased: 0,
        excessive: false,
    };
    if let Some(root) = decoder.tree.nodes.root {
        decoder.visit(root, false);
        decoder.run(pace).await;
    }
    decoder.tree
}

struct Decoder<'a, 'f> {
    tree: Tree<'a>,
    faults: &'f mut Vec<Fault>,
    frames: Vec<Frame>,
    /// Room for the entries of a mapping that is being closed, and whether a merge key brought each.
    gathered: Vec<(Entry, bool)>,
    /// Nodes decoded inside of aliases.
    aliased: u64,
    excessive: bool,
}

/// A collection under way.
struct Frame {
    node: NodeId,
    kind: FrameKind,
    /// Items that are done.
    done: usize,
    /// Whether an alias led here.
    aliased: bool,
    size: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum FrameKind {
    Sequence,
    Mapping,
    /// The list of mappings behind a merge key; go-yaml takes it from the end.
    MergeList,
}

impl Decoder<'_, '_> {
    async fn run(&mut self, pace: Pace<'_>) {
        let mut step = 0;
        while self.step() {
            pace.rest_at_times(step).await;
            step += 1;
        }
    }

    /// Decodes the next child of the innermost collection, or closes it; says whether there was one.
    #[inline(never)]
    fn step(&mut self) -> bool {
        let Some(frame) = self.frames.last().filter(|_| !self.excessive) else { return false };
        let (node, kind, done, aliased) = (frame.node, frame.kind, frame.done, frame.aliased);
        let row = match self.kind(node) {
            Some(NodeKind::Sequence(row) | NodeKind::Mapping(row)) => row,
            _ => Row::default(),
        };
        let children = row.of(&self.tree.nodes.children);
        let child = match kind {
            FrameKind::MergeList => children.iter().rev().nth(done),
            FrameKind::Sequence | FrameKind::Mapping => children.get(done),
        };
        let Some(&child) = child else {
            self.finish();
            return true;
        };
        let before = done.checked_sub(1).and_then(|it| children.get(it)).copied();
        match kind {
            FrameKind::Sequence => self.advance(1),
            FrameKind::MergeList => {
                self.advance(1);
                if !self.is_mapping(child) {
                    self.refuse_merge(child);
                    return true;
                }
            }
            FrameKind::Mapping if done % 2 == 0 && self.tree.is_merge(child) => {
                let value = children.get(done + 1).copied().unwrap_or(child);
                self.advance(2);
                self.merge(value, aliased);
                return true;
            }
            FrameKind::Mapping => {
                self.advance(1);
                if let (1, Some(key)) = (done % 2, before) {
                    self.refuse_collection_as_key(key);
                }
            }
        }
        self.visit(child, aliased);
        true
    }

    fn advance(&mut self, items: usize) {
        if let Some(frame) = self.frames.last_mut() {
            frame.done += items;
        }
    }

    fn kind(&self, node: NodeId) -> Option<NodeKind> {
        self.tree.nodes.nodes.get(node as usize).map(|it| it.kind.clone())
    }

    /// Decodes a node, or opens it when it is a collection.
    fn visit(&mut self, node: NodeId, aliased: bool) {
        let Some(kind) = self.kind(node) else { return };
        match kind {
            NodeKind::Scalar { implicit, .. } => {
                self.count(1, aliased);
                self.scalar(node, implicit);
            }
            NodeKind::Alias(target) => {
                self.count(1, aliased);
                self.alias(node, target);
            }
            NodeKind::Sequence(_) => self.open(node, FrameKind::Sequence, aliased),
            NodeKind::Mapping(_) => self.open(node, FrameKind::Mapping, aliased),
        }
    }

    fn open(&mut self, node: NodeId, kind: FrameKind, aliased: bool) {
        if self.tree.is_done(node) {
            self.count(self.tree.collection(node).size, aliased);
            return;
        }
        self.tree.set(node, Value::Open);
        self.frames.push(Frame { node, kind, done: 0, aliased, size: 0 });
        self.count(1, aliased);
    }

    /// Mirrors: decoder.alias, sigs.k8s.io/yaml v1.4.0 goyaml.v2/decode.go.
    fn alias(&mut self, node: NodeId, target: NodeId) {
        if let Some(Value::Open) = self.tree.values.get(target as usize) {
            let name = self.tree.source_of(node).trim_start_matches('*').to_owned();
            let problem = format!("anchor '{name}' value contains itself");
            self.fault(FaultKind::SelfReference, problem, node);
            self.tree.set(node, Value::Null);
            return;
        }
        self.tree.set(node, Value::Alias(target));
        if self.tree.is_done(target) {
            self.count(self.tree.summary(target).size, true);
        } else {
            self.visit(target, true);
        }
    }

    /// Mirrors: decoder.merge, sigs.k8s.io/yaml v1.4.0 goyaml.v2/decode.go.
    fn merge(&mut self, value: NodeId, aliased: bool) {
        match self.kind(value) {
            Some(NodeKind::Sequence(_)) => {
                self.frames.push(Frame {
                    node: value,
                    kind: FrameKind::MergeList,
                    done: 0,
                    aliased,
                    size: 0,
                });
            }
            _ if self.is_mapping(value) => self.visit(value, aliased),
            _ => self.refuse_merge(value),
        }
    }

    /// Whether it is a mapping, or an alias of one.
    fn is_mapping(&self, node: NodeId) -> bool {
        match self.kind(node) {
            Some(NodeKind::Mapping(_)) => true,
            Some(NodeKind::Alias(target)) => {
                matches!(self.kind(target), Some(NodeKind::Mapping(_)))
            }
            _ => false,
        }
    }

    fn refuse_merge(&mut self, node: NodeId) {
        let problem = "map merge requires map or sequence of maps as the value".to_owned();
        self.fault(FaultKind::MergeValue, problem, node);
    }

    /// Mirrors: decoder.mapping, sigs.k8s.io/yaml v1.4.0 goyaml.v2/decode.go.
    fn refuse_collection_as_key(&mut self, key: NodeId) {
        if matches!(self.tree.view(key), View::Sequence(_) | View::Mapping(_)) {
            let problem = format!("invalid map key: {}", self.tree.go_syntax(key));
            self.fault(FaultKind::MapKey, problem, key);
        }
    }

    /// Mirrors: decoder.scalar, sigs.k8s.io/yaml v1.4.0 goyaml.v2/decode.go.
    fn scalar(&mut self, node: NodeId, implicit: bool) {
        let tag = self.tree.nodes.tags.get(&node).cloned().unwrap_or_default();
        let value = if tag.is_empty() && !implicit {
            Value::Text
        } else if tag.strip_prefix(TAG_PREFIX) == Some("binary") {
            self.binary(node)
        } else {
            match scalar::resolve(&tag, self.tree.scalar_text(node)) {
                Ok(scalar) => self.tree.value(scalar),
                Err(TagMismatch { found, wanted }) => {
                    let text = shorten(self.tree.scalar_text(node));
                    let problem = format!("cannot decode {found} `{text}` as a {wanted}");
                    self.fault(FaultKind::Tag { wanted }, problem, node);
                    Value::Null
                }
            }
        };
        self.tree.set(node, value);
    }

    fn binary(&mut self, node: NodeId) -> Value {
        match base64::decode(self.tree.scalar_text(node).as_bytes()) {
            Ok(bytes) => {
                let text = Zeroizing::new(base64::go_text(&Zeroizing::new(bytes)));
                let row = self.tree.make(&text);
                self.tree.made_values.push(row);
                Value::Made(index(self.tree.made_values.len() - 1))
            }
            Err(_) => {
                let problem = "!!binary value contains invalid base64 data".to_owned();
                self.fault(FaultKind::Binary, problem, node);
                Value::Null
            }
        }
    }

    /// Closes the innermost collection.
    fn finish(&mut self) {
        let Some(frame) = self.frames.pop() else { return };
        if let Some(outer) = self.frames.last_mut() {
            outer.size = outer.size.saturating_add(frame.size);
        }
        let mut collection = Collection { size: frame.size, height: 1, ..Collection::default() };
        match frame.kind {
            FrameKind::MergeList => return,
            FrameKind::Sequence => {
                if let Some(NodeKind::Sequence(row)) = self.kind(frame.node) {
                    collection.row = row;
                }
            }
            FrameKind::Mapping => {
                (collection.row, collection.odd_key) = self.gather(frame.node);
            }
        }
        let (items, entries) = match frame.kind {
            FrameKind::Mapping => (&[][..], collection.row.of(&self.tree.entries)),
            _ => (collection.row.of(&self.tree.nodes.children), &[][..]),
        };
        for node in items.iter().copied().chain(entries.iter().map(|it| it.value)) {
            let it = self.tree.summary(node);
            collection.height = collection.height.max(it.height.saturating_add(1));
            collection.text = collection.text.saturating_add(it.text);
            collection.odd_number |= it.odd_number;
            collection.odd_key |= it.odd_key;
        }
        let at = index(self.tree.collections.len());
        make_room(&mut self.tree.collections, 1);
        self.tree.collections.push(collection);
        let value = match frame.kind {
            FrameKind::Sequence => Value::Sequence(at),
            FrameKind::Mapping | FrameKind::MergeList => Value::Mapping(at),
        };
        self.tree.set(frame.node, value);
    }

    /// Collects the entries of a mapping whose keys and values are done: a later one overrides
    /// an earlier one, and what a merge key brings counts where the merge key stands.
    fn gather(&mut self, node: NodeId) -> (Row, bool) {
        let Some(NodeKind::Mapping(row)) = self.kind(node) else { return (Row::default(), false) };
        let mut gathered = std::mem::take(&mut self.gathered);
        let mut odd = None;
        for at in (0..row.length as usize).step_by(2) {
            let [key, value] = match row.of(&self.tree.nodes.children).get(at..at + 2) {
                Some([key, value]) => [*key, *value],
                _ => break,
            };
            if self.tree.is_merge(key) {
                for merged in self.tree.merged(value) {
                    odd = odd.or(self.tree.odd_keys.get(&merged).copied());
                    if let View::Mapping(entries) = self.tree.view(merged) {
                        gathered.extend(entries.iter().map(|it| (*it, true)));
                    }
                }
                continue;
            }
            if self.tree.make_key(key) {
                gathered.push((Entry { key, value }, false));
            } else if matches!(self.tree.view(key), View::Null | View::Number(_)) {
                odd = Some((key, value));
            }
        }
        if let Some(odd) = odd {
            self.tree.odd_keys.insert(node, odd);
        }
        self.keep_one_zero(&mut gathered);
        let row = self.sort(&mut gathered);
        gathered.clear();
        self.gathered = gathered;
        (row, odd.is_some())
    }

    /// To Go the keys `0.0` and `-0.0` are the same one, though their texts differ.
    fn keep_one_zero(&self, gathered: &mut Vec<(Entry, bool)>) {
        let is_zero = |(entry, _): &(Entry, bool)| matches!(self.tree.view(entry.key), View::Number(Number::Float(it)) if it == 0.0);
        let Some(last) = gathered.iter().rposition(is_zero) else { return };
        let mut at = 0;
        gathered.retain(|it| {
            at += 1;
            at == last + 1 || !is_zero(it)
        });
    }

    /// Sorts entries by key and keeps the last one of each.
    fn sort(&mut self, gathered: &mut Vec<(Entry, bool)>) -> Row {
        let tree = &self.tree;
        gathered.sort_by(|(a, _), (b, _)| tree.key(*a).cmp(tree.key(*b)));
        let mut duplicates = Vec::new();
        gathered.dedup_by(|(entry, merged), (before, merged_before)| {
            let same = tree.key(*before) == tree.key(*entry);
            if same {
                let noted = |it: &Entry| tree.key(*it) == tree.key(*entry);
                if !*merged && !*merged_before && !duplicates.last().is_some_and(noted) {
                    duplicates.push(*entry);
                }
                (*before, *merged_before) = (*entry, *merged);
            }
            same
        });
        let duplicates: Vec<String> = duplicates
            .into_iter()
            .take(MAX_DUPLICATES.saturating_sub(tree.duplicates.len()))
            .map(|it| self.path(tree.key(it)))
            .collect();
        self.tree.duplicates.extend(duplicates);
        let first = index(self.tree.entries.len());
        make_room(&mut self.tree.entries, gathered.len());
        self.tree.entries.extend(gathered.iter().map(|it| it.0));
        Row { first, length: index(gathered.len()) }
    }

    /// The path of a key of the collection that has just been closed.
    fn path(&self, key: &str) -> String {
        let mut path = String::new();
        for frame in &self.frames {
            match frame.kind {
                FrameKind::Sequence => {
                    path.push_str(&format!("[{}]", frame.done.saturating_sub(1)));
                }
                FrameKind::Mapping => {
                    let Some(NodeKind::Mapping(row)) = self.kind(frame.node) else { continue };
                    let children = row.of(&self.tree.nodes.children);
                    let key = frame.done.checked_sub(2).and_then(|it| children.get(it));
                    if let Some(key) = key {
                        push_key(&mut path, self.tree.scalar_text(*key));
                    }
                }
                FrameKind::MergeList => {}
            }
        }
        push_key(&mut path, key);
        path
    }

    /// Counts decoded nodes, and stops when too many of them come from aliases.
    ///
    /// Mirrors: decoder.unmarshal and allowedAliasRatio, sigs.k8s.io/yaml v1.4.0
    /// goyaml.v2/decode.go.
    fn count(&mut self, nodes: u64, aliased: bool) {
        const LOW: f64 = 400_000.0;
        const HIGH: f64 = 4_000_000.0;
        if let Some(frame) = self.frames.last_mut() {
            frame.size = frame.size.saturating_add(nodes);
        }
        self.tree.total = self.tree.total.saturating_add(nodes);
        if !aliased {
            return;
        }
        self.aliased = self.aliased.saturating_add(nodes);
        if self.aliased <= 100 || self.tree.total <= 1_000 {
            return;
        }
        let total = self.tree.total as f64;
        let allowed = if total <= LOW {
            0.99
        } else if HIGH <= total {
            0.10
        } else {
            0.99 - 0.89 * ((total - LOW) / (HIGH - LOW))
        };
        if allowed < self.aliased as f64 / total {
            let node = self.frames.last().map_or(0, |it| it.node);
            self.excessive = true;
            let problem = "document contains excessive aliasing".to_owned();
            self.fault(FaultKind::Aliasing, problem, node);
        }
    }

    fn fault(&mut self, kind: FaultKind, problem: String, node: NodeId) {
        note(self.faults, Fault::new(kind, problem, self.tree.place(node)));
    }
}
