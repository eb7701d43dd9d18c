//! Nodes to values: what kubectl sees once tags, aliases, merge keys and repeated keys are done
//! away with.
//!
//! Aliases share what they stand for, so the tree takes as much memory as the text, whatever it
//! would be written out. It is walked with lists instead of recursion, since a hostile text nests
//! deeper than a browser's stack. How it comes about is in `tree/decode.rs`.

use std::collections::BTreeMap;

use zeroize::Zeroizing;

use super::{
    TAG_PREFIX,
    compose::{NodeId, NodeKind, Nodes, Placement, Row, index, make_room},
    scalar::Scalar,
};

mod decode;
mod json;

pub(super) use self::decode::decode;

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
    pub(in crate::kubeconfig) fn target(&self, node: NodeId) -> NodeId {
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
    pub(in crate::kubeconfig) fn scalar_text(&self, node: NodeId) -> &str {
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
