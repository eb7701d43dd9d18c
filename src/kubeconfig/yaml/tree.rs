//! Nodes to values: what kubectl sees once tags, aliases, merge keys and repeated keys are done
//! away with.
//!
//! Aliases share what they stand for, so the tree takes as much memory as the text, whatever it
//! would be written out. It is walked with lists instead of recursion, since a hostile text nests
//! deeper than a browser's stack.

use std::collections::BTreeMap;

use zeroize::Zeroizing;

use super::{
    Fault, FaultKind, TAG_PREFIX,
    compose::{NodeId, NodeKind, Nodes, Placement, Row, index, make_room},
    scalar::{self, Scalar, TagMismatch},
};
use crate::{base64, pace::Pace};

/// The values of a document.
pub(in crate::kubeconfig) struct Tree<'a> {
    nodes: Nodes<'a>,
    /// One for each node.
    values: Vec<Value>,
    collections: Vec<Collection>,
    /// Entries of mappings, each row sorted by key.
    entries: Vec<Entry>,
    numbers: Vec<Number>,
    /// Text that stands nowhere in the document as it is.
    made: Zeroizing<String>,
    /// Values of which `made` holds the text.
    made_values: Vec<Row>,
    /// Keys of which `made` holds the text: those that are no text themselves.
    made_keys: BTreeMap<NodeId, Row>,
    /// Keys that JSON cannot have, with their values, by mapping.
    odd_keys: BTreeMap<NodeId, (NodeId, NodeId)>,
    /// Paths of keys that a later one of the same mapping overrides.
    pub(super) duplicates: Vec<String>,
    /// Nodes that go-yaml would decode, each alias written out.
    total: u64,
}

/// An entry of a mapping.
#[derive(Clone, Copy, Debug)]
pub(in crate::kubeconfig) struct Entry {
    pub(in crate::kubeconfig) key: NodeId,
    pub(in crate::kubeconfig) value: NodeId,
}

/// What became of a node. Small, since there is one for each.
#[derive(Clone, Copy, Debug)]
enum Value {
    /// Nothing yet.
    New,
    /// It is a collection that is under way.
    Open,
    Null,
    Bool(bool),
    /// Index in [`Tree::numbers`].
    Number(u32),
    /// The text as it was read.
    Text,
    /// Text that a tag has changed; index in [`Tree::made_values`].
    Made(u32),
    /// A list; index in [`Tree::collections`].
    Sequence(u32),
    /// A mapping; index in [`Tree::collections`].
    Mapping(u32),
    Alias(NodeId),
}

/// A list or a mapping.
#[derive(Clone, Copy, Debug, Default)]
struct Collection {
    /// Items or entries.
    row: Row,
    /// Whether a number that JSON cannot write is in it.
    odd_number: bool,
    /// Whether a key that JSON cannot have is in it.
    odd_key: bool,
    /// Levels of lists and mappings, itself included.
    height: u32,
    /// Nodes that go-yaml decodes for it.
    size: u64,
    /// Bytes of all texts in it, keys excepted, each alias written out.
    text: u64,
}

/// A value as its reader sees it.
#[derive(Clone, Copy)]
pub(in crate::kubeconfig) enum View<'t> {
    /// Nothing, which is as good as absent.
    Null,
    /// A truth value.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A text.
    Text(&'t str),
    /// A list.
    Sequence(&'t [NodeId]),
    /// Keys and values; see [`Tree::key`].
    Mapping(&'t [Entry]),
}

/// A number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::kubeconfig) enum Number {
    /// One without a fraction.
    Int(i64),
    /// One that is too large for the former.
    Uint(u64),
    /// One with a fraction or an exponent.
    Float(f64),
}

/// Duplicates that are remembered; a file with more of them has other troubles.
const MAX_DUPLICATES: usize = 1_000;

/// Levels of nesting that Go's JSON decoder takes at most.
const MAX_JSON_DEPTH: u32 = 10_000;

/// Decodes all nodes.
///
/// Mirrors: decoder.unmarshal, sigs.k8s.io/yaml v1.4.0 goyaml.v2/decode.go.
pub(super) async fn decode<'a>(
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
        super::note(self.faults, Fault::new(kind, problem, self.tree.place(node)));
    }
}

impl<'a> Tree<'a> {
    /// The root; none in a file without a document.
    pub(in crate::kubeconfig) fn root(&self) -> Option<NodeId> {
        self.nodes.root
    }

    /// What a node is, seen through aliases.
    pub(in crate::kubeconfig) fn view(&self, node: NodeId) -> View<'_> {
        let target = self.target(node);
        match self.values.get(target as usize).copied().unwrap_or(Value::New) {
            Value::Bool(value) => View::Bool(value),
            Value::Number(at) => {
                self.numbers.get(at as usize).map_or(View::Null, |it| View::Number(*it))
            }
            Value::Text => View::Text(self.scalar_text(target)),
            Value::Made(at) => {
                let row = self.made_values.get(at as usize).copied().unwrap_or_default();
                View::Text(slice(&self.made, row))
            }
            Value::Sequence(_) => {
                View::Sequence(self.collection(target).row.of(&self.nodes.children))
            }
            Value::Mapping(_) => View::Mapping(self.collection(target).row.of(&self.entries)),
            Value::Null | Value::New | Value::Open | Value::Alias(_) => View::Null,
        }
    }

    /// The key of an entry.
    pub(in crate::kubeconfig) fn key(&self, entry: Entry) -> &str {
        match self.made_keys.get(&entry.key) {
            Some(row) => slice(&self.made, *row),
            None => match self.view(entry.key) {
                View::Text(text) => text,
                _ => "",
            },
        }
    }

    /// Where a node stands. An alias stands where it is written.
    pub(in crate::kubeconfig) fn place(&self, node: NodeId) -> Placement {
        self.nodes.nodes.get(node as usize).map(|it| it.place).unwrap_or_default()
    }

    /// A node as it is written.
    pub(in crate::kubeconfig) fn source_of(&self, node: NodeId) -> &'a str {
        let place = self.place(node);
        self.nodes.source.get(place.start as usize..place.end as usize).unwrap_or_default()
    }

    /// Bytes of all texts, each alias written out.
    pub(in crate::kubeconfig) fn expanded_length(&self) -> u64 {
        self.root().map_or(0, |it| self.summary(it).text)
    }

    /// How many nodes there are.
    pub(super) fn nodes_count(&self) -> usize {
        self.nodes.nodes.len()
    }

    /// Levels of lists and mappings below a node, itself included.
    fn height(&self, node: NodeId) -> u32 {
        self.summary(node).height
    }

    /// Follows an alias. One that leads to another does not exist: an anchor stands on content.
    pub(super) fn target(&self, node: NodeId) -> NodeId {
        match self.values.get(node as usize) {
            Some(Value::Alias(target)) => *target,
            _ => node,
        }
    }

    fn set(&mut self, node: NodeId, value: Value) {
        if let Some(place) = self.values.get_mut(node as usize) {
            *place = value;
        }
    }

    fn is_done(&self, node: NodeId) -> bool {
        !matches!(self.values.get(node as usize), None | Some(Value::New | Value::Open))
    }

    fn collection(&self, node: NodeId) -> Collection {
        match self.values.get(node as usize) {
            Some(Value::Sequence(at) | Value::Mapping(at)) => {
                self.collections.get(*at as usize).copied().unwrap_or_default()
            }
            _ => Collection::default(),
        }
    }

    /// What a collection knows of itself, for any node, seen through aliases.
    fn summary(&self, node: NodeId) -> Collection {
        let target = self.target(node);
        let scalar = Collection { size: 1, ..Collection::default() };
        match self.view(target) {
            View::Sequence(_) | View::Mapping(_) => self.collection(target),
            View::Text(text) => Collection { text: text.len() as u64, ..scalar },
            View::Number(Number::Float(value)) => {
                Collection { odd_number: !value.is_finite(), ..scalar }
            }
            _ => scalar,
        }
    }

    /// The text of a scalar as written, without quotes.
    fn scalar_text(&self, node: NodeId) -> &str {
        match self.nodes.nodes.get(node as usize).map(|it| &it.kind) {
            Some(NodeKind::Scalar { text, written: true, .. }) => slice(&self.nodes.written, *text),
            Some(NodeKind::Scalar { text, .. }) => slice(self.nodes.source, *text),
            _ => "",
        }
    }

    /// What a scalar is, with its number put aside.
    fn value(&mut self, scalar: Scalar) -> Value {
        let number = match scalar {
            Scalar::Null => return Value::Null,
            Scalar::Text => return Value::Text,
            Scalar::Bool(value) => return Value::Bool(value),
            Scalar::Int(value) => Number::Int(value),
            Scalar::Uint(value) => Number::Uint(value),
            Scalar::Float(value) => Number::Float(value),
        };
        make_room(&mut self.numbers, 1);
        self.numbers.push(number);
        Value::Number(index(self.numbers.len() - 1))
    }

    fn make(&mut self, text: &str) -> Row {
        let first = index(self.made.len());
        self.made.push_str(text);
        Row { first, length: index(text.len()) }
    }

    /// Finds the text that a key has in JSON; says whether it can have one.
    ///
    /// Mirrors: convertToJSONableObject, sigs.k8s.io/yaml v1.4.0 yaml.go.
    fn make_key(&mut self, node: NodeId) -> bool {
        let text = match self.view(node) {
            View::Text(_) => return true,
            View::Bool(value) => value.to_string(),
            View::Number(Number::Int(value)) => value.to_string(),
            View::Number(Number::Float(value)) => super::number::float_key(value),
            View::Number(Number::Uint(_)) => return false,
            View::Null | View::Sequence(_) | View::Mapping(_) => return false,
        };
        let row = self.make(&text);
        self.made_keys.insert(node, row);
        true
    }

    /// Mirrors: isMerge, sigs.k8s.io/yaml v1.4.0 goyaml.v2/decode.go.
    fn is_merge(&self, key: NodeId) -> bool {
        let Some(NodeKind::Scalar { implicit, .. }) =
            self.nodes.nodes.get(key as usize).map(|it| &it.kind)
        else {
            return false;
        };
        let tagged = || {
            let tag = self.nodes.tags.get(&key);
            tag.and_then(|it| it.strip_prefix(TAG_PREFIX)) == Some("merge")
        };
        self.scalar_text(key) == "<<" && (*implicit || tagged())
    }

    /// The mappings that a merge key brings, in the order in which they apply.
    fn merged(&self, value: NodeId) -> Vec<NodeId> {
        match self.nodes.nodes.get(value as usize).map(|it| &it.kind) {
            Some(NodeKind::Sequence(row)) => row
                .of(&self.nodes.children)
                .iter()
                .rev()
                .map(|it| self.target(*it))
                .filter(|it| matches!(self.view(*it), View::Mapping(_)))
                .collect(),
            _ => vec![self.target(value)],
        }
    }

    /// Why the values cannot be written as JSON, if so.
    ///
    /// Mirrors: convertToJSONableObject, sigs.k8s.io/yaml v1.4.0 yaml.go; Marshal, Go 1.24
    /// encoding/json/encode.go; checkValid, Go 1.24 encoding/json/scanner.go.
    pub(super) fn json_faults(&self, faults: &mut Vec<Fault>) {
        let Some(root) = self.root() else { return };
        let mapping = self.find(root, |it| it.odd_key).map(|it| self.target(it));
        if let Some(&(key, value)) = mapping.and_then(|it| self.odd_keys.get(&it)) {
            let value = self.go_syntax(value);
            let what = match self.view(key) {
                View::Number(Number::Uint(it)) => format!("uint64, key: {it:#x}"),
                _ => "%!s(<nil>), key: <nil>".to_owned(),
            };
            let problem = format!("unsupported map key of type: {what}, value: {value}");
            faults.push(Fault::new(FaultKind::OddKey, problem, self.place(key)));
        }
        if let Some(number) = self.find(root, |it| it.odd_number) {
            let text = self.go_syntax(number);
            let problem = format!("json: unsupported value: {text}");
            faults.push(Fault::new(FaultKind::OddNumber, problem, self.place(number)));
        }
        if MAX_JSON_DEPTH < self.height(root) {
            let deepest = self.too_deep(root);
            let bracket = if matches!(self.view(deepest), View::Mapping(_)) { '{' } else { '[' };
            let problem = format!(
                "couldn't get version/kind; json parse error: invalid character '{bracket}' \
                 exceeded max depth"
            );
            faults.push(Fault::new(FaultKind::Depth, problem, self.place(deepest)));
        }
    }

    /// The innermost node on the first way down, by the order of keys, on which all nodes have
    /// `property`.
    fn find(&self, root: NodeId, property: impl Fn(Collection) -> bool) -> Option<NodeId> {
        let mut node = Some(root).filter(|it| property(self.summary(*it)))?;
        loop {
            let inner = match self.view(node) {
                View::Sequence(items) => {
                    items.iter().copied().find(|it| property(self.summary(*it)))
                }
                View::Mapping(entries) => {
                    entries.iter().map(|it| it.value).find(|it| property(self.summary(*it)))
                }
                _ => None,
            };
            match inner {
                Some(inner) => node = inner,
                None => return Some(node),
            }
        }
    }

    /// The first node, in the order in which JSON would be written, on a level too deep.
    fn too_deep(&self, root: NodeId) -> NodeId {
        let mut node = root;
        for depth in 1..=MAX_JSON_DEPTH {
            let deep = |it: &NodeId| MAX_JSON_DEPTH < depth + self.height(*it);
            let inner = match self.view(node) {
                View::Sequence(items) => items.iter().copied().find(deep),
                View::Mapping(entries) => entries.iter().map(|it| it.value).find(deep),
                _ => None,
            };
            node = inner.unwrap_or(node);
        }
        node
    }

    /// The value as Go's `%#v` prints it, cut short.
    fn go_syntax(&self, node: NodeId) -> String {
        let mut out = String::new();
        self.write_go_syntax(node, 0, &mut out);
        out
    }

    fn write_go_syntax(&self, node: NodeId, depth: usize, out: &mut String) {
        const MOST: usize = 200;
        if 4 < depth || MOST < out.len() {
            out.push('…');
            return;
        }
        match self.view(node) {
            View::Null => out.push_str("interface {}(nil)"),
            View::Bool(value) => out.push_str(&value.to_string()),
            View::Number(Number::Int(value)) => out.push_str(&value.to_string()),
            View::Number(Number::Uint(value)) => out.push_str(&format!("{value:#x}")),
            View::Number(Number::Float(value)) => out.push_str(&super::number::float_syntax(value)),
            View::Text(text) => out.push_str(&super::number::go_quote(&shorten(text))),
            View::Sequence(items) => {
                out.push_str("[]interface {}{");
                for (at, item) in items.iter().enumerate() {
                    out.push_str(if at == 0 { "" } else { ", " });
                    self.write_go_syntax(*item, depth + 1, out);
                    if MOST < out.len() {
                        break;
                    }
                }
                out.push('}');
            }
            View::Mapping(entries) => {
                out.push_str("map[interface {}]interface {}{");
                for (at, entry) in entries.iter().enumerate() {
                    out.push_str(if at == 0 { "" } else { ", " });
                    self.write_go_syntax(entry.key, depth + 1, out);
                    out.push(':');
                    self.write_go_syntax(entry.value, depth + 1, out);
                    if MOST < out.len() {
                        break;
                    }
                }
                out.push('}');
            }
        }
    }
}

/// Appends a key to a path.
pub(in crate::kubeconfig) fn push_key(path: &mut String, key: &str) {
    if !path.is_empty() {
        path.push('.');
    }
    path.push_str(key);
}

/// A text that may be a secret, for a message: its beginning, unless it is short.
fn shorten(text: &str) -> String {
    const MOST: usize = 40;
    if text.chars().count() <= MOST {
        return text.to_owned();
    }
    text.chars().take(7).chain(['…']).collect()
}

fn slice(text: &str, row: Row) -> &str {
    let first = row.first as usize;
    text.get(first..first + row.length as usize).unwrap_or_default()
}
