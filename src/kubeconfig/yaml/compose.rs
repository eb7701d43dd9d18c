//! Events to nodes.

use std::collections::BTreeMap;

use zeroize::Zeroizing;

use super::{
    Fault, FaultKind,
    parser::{EventKind, Parser},
    reader::Input,
    scanner::{Content, Mark},
};
use crate::pace::Pace;

/// Index of a node in [`Nodes`].
pub(in crate::kubeconfig) type NodeId = u32;

/// A row of items in a list that many rows share.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) first: u32,
    pub(super) length: u32,
}

impl Row {
    /// Its items in the shared `list`.
    pub(super) fn of<T>(self, list: &[T]) -> &[T] {
        let first = self.first as usize;
        list.get(first..first + self.length as usize).unwrap_or_default()
    }

    /// Moves the items of `pending` from `base` on to the end of `list`.
    pub(super) fn close<T>(pending: &mut Vec<T>, base: usize, list: &mut Vec<T>) -> Row {
        let first = index(list.len());
        make_room(list, pending.len().saturating_sub(base));
        list.extend(pending.drain(base..));
        Row { first, length: index(list.len()) - first }
    }
}

/// One node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Node {
    pub(super) kind: NodeKind,
    pub(super) place: Placement,
}

/// Where a node stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::kubeconfig) struct Placement {
    /// Line, counted from 0.
    pub(super) line: u32,
    /// Column in characters, counted from 0.
    pub(super) column: u32,
    /// Offset of its first byte.
    pub(super) start: u32,
    /// Offset behind its last byte.
    pub(super) end: u32,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum NodeKind {
    /// A scalar; see [`EventKind::Scalar`] for `implicit`. Its text is a row of
    /// [`Nodes::written`], or else of the source.
    Scalar { text: Row, written: bool, implicit: bool },
    /// Its items.
    Sequence(Row),
    /// Keys and values in turn.
    Mapping(Row),
    /// Another node once more.
    Alias(NodeId),
}

/// All nodes of a document.
pub(super) struct Nodes<'a> {
    pub(super) source: &'a str,
    pub(super) nodes: Vec<Node>,
    /// Items of sequences and mappings.
    pub(super) children: Vec<NodeId>,
    /// Text that does not stand in the source as it is: folded lines, escapes.
    pub(super) written: Zeroizing<String>,
    /// Tags of scalars that have one.
    pub(super) tags: BTreeMap<NodeId, String>,
    /// The root; none when there is no document.
    pub(super) root: Option<NodeId>,
}

/// A collection whose end has not come yet.
struct Open {
    node: NodeId,
    /// Where its items begin in the list of pending ones.
    base: usize,
    mapping: bool,
}

/// Values that are read of any document, keys and collections among them: a context with its cluster
/// and its user has 26, or 60 with a program to run.
const FREE_VALUES: usize = 250_000;

/// Bytes of text that buy one value more. A value costs a hundred bytes, and two bytes can be one; in
/// a kubeconfig with certificates it has more than fifty.
const BYTES_PER_VALUE: usize = 40;

/// Reads the first document. On a syntax error the nodes are those in front of it.
///
/// Mirrors: parser.parse, sigs.k8s.io/yaml v1.4.0 goyaml.v2/decode.go.
pub(super) async fn compose<'a>(
    input: &'a Input<'a>,
    faults: &mut Vec<Fault>,
    pace: Pace<'_>,
) -> Nodes<'a> {
    let mut composer = Composer {
        nodes: Nodes {
            source: input.text.as_ref(),
            nodes: Vec::new(),
            children: Vec::new(),
            written: Zeroizing::default(),
            tags: BTreeMap::new(),
            root: None,
        },
        pending: Vec::new(),
        open: Vec::new(),
        anchors: BTreeMap::new(),
    };
    let most = FREE_VALUES + composer.nodes.source.len() / BYTES_PER_VALUE;
    let mut parser = Parser::new(input);
    let mut step = 0;
    while composer.step(&mut parser, most, faults) {
        pace.rest_at_times(step).await;
        step += 1;
    }
    composer.finish()
}

struct Composer<'a> {
    nodes: Nodes<'a>,
    /// Items of the open collections, the innermost one's last.
    pending: Vec<NodeId>,
    open: Vec<Open>,
    anchors: BTreeMap<&'a str, NodeId>,
}

impl<'a> Composer<'a> {
    /// Takes one event; says whether there may be another one.
    #[inline(never)]
    fn step(&mut self, parser: &mut Parser<'a>, most: usize, faults: &mut Vec<Fault>) -> bool {
        let event = match parser.next() {
            Ok(event) => event,
            Err(error) => {
                super::note(faults, Fault::syntax(&error));
                return false;
            }
        };
        match event.kind {
            EventKind::StreamEnd | EventKind::DocumentEnd => return false,
            kind => self.add(kind, event.start, event.end, faults),
        }
        if most < self.nodes.nodes.len() {
            super::note(faults, Fault::at(FaultKind::Count, String::new(), event.start));
            return false;
        }
        true
    }

    fn add(&mut self, kind: EventKind<'a>, start: Mark, end: Mark, faults: &mut Vec<Fault>) {
        match kind {
            EventKind::Alias(name) => {
                let kind = match self.anchors.get(name) {
                    Some(&target) => NodeKind::Alias(target),
                    None => {
                        let problem = format!("unknown anchor '{name}' referenced");
                        let fault = Fault::at(FaultKind::UnknownAnchor, problem, start);
                        super::note(faults, fault);
                        self.nothing()
                    }
                };
                self.node(kind, None, start, end);
            }
            EventKind::Scalar { anchor, tag, value, implicit } => {
                let (text, written) = self.text(value);
                let kind = NodeKind::Scalar { text, written, implicit };
                let node = self.node(kind, anchor, start, end);
                if !tag.is_empty() {
                    self.nodes.tags.insert(node, tag);
                }
            }
            EventKind::SequenceStart { anchor } => {
                let node = self.node(NodeKind::Sequence(Row::default()), anchor, start, end);
                self.open.push(Open { node, base: self.pending.len(), mapping: false });
            }
            EventKind::MappingStart { anchor } => {
                let node = self.node(NodeKind::Mapping(Row::default()), anchor, start, end);
                self.open.push(Open { node, base: self.pending.len(), mapping: true });
            }
            EventKind::SequenceEnd | EventKind::MappingEnd => {
                // What ends a block collection takes no place of its own.
                self.close((start.at < end.at).then_some(end.at));
            }
            EventKind::StreamStart
            | EventKind::StreamEnd
            | EventKind::DocumentStart
            | EventKind::DocumentEnd => {}
        }
    }

    /// A scalar that stands for an alias to nowhere.
    fn nothing(&mut self) -> NodeKind {
        NodeKind::Scalar { text: Row::default(), written: false, implicit: true }
    }

    fn node(&mut self, kind: NodeKind, anchor: Option<&'a str>, start: Mark, end: Mark) -> NodeId {
        let id = index(self.nodes.nodes.len());
        let place = Placement {
            line: index(start.line),
            column: index(start.column),
            start: index(start.at),
            end: index(end.at),
        };
        make_room(&mut self.nodes.nodes, 1);
        self.nodes.nodes.push(Node { kind, place });
        if let Some(anchor) = anchor {
            self.anchors.insert(anchor, id);
        }
        if self.open.is_empty() {
            self.nodes.root = Some(id);
        } else {
            self.pending.push(id);
        }
        id
    }

    /// Ends the innermost collection; `end` is where its closing bracket does, if it has one.
    fn close(&mut self, end: Option<usize>) {
        let Some(open) = self.open.pop() else { return };
        if open.mapping && (self.pending.len() - open.base) % 2 == 1 {
            // The text ended between a key and its value.
            self.pending.pop();
        }
        let row = Row::close(&mut self.pending, open.base, &mut self.nodes.children);
        let last = row.of(&self.nodes.children).last().copied();
        let last = last.and_then(|it| self.nodes.nodes.get(it as usize));
        let end = end.map(index).or(last.map(|it| it.place.end));
        if let Some(node) = self.nodes.nodes.get_mut(open.node as usize) {
            node.place.end = end.unwrap_or(node.place.end);
            node.kind = match open.mapping {
                true => NodeKind::Mapping(row),
                false => NodeKind::Sequence(row),
            };
        }
    }

    fn text(&mut self, value: Content) -> (Row, bool) {
        match value {
            Content::Source(start, end) => {
                (Row { first: index(start), length: index(end - start) }, false)
            }
            Content::Written(value) => {
                let value = Zeroizing::new(value);
                let first = index(self.nodes.written.len());
                self.nodes.written.push_str(&value);
                (Row { first, length: index(value.len()) }, true)
            }
        }
    }

    fn finish(mut self) -> Nodes<'a> {
        while !self.open.is_empty() {
            self.close(None);
        }
        self.nodes
    }
}

/// Makes room for `more` items, and for a quarter more than there are, but not for twice as many:
/// what is read is held several times over while it is read.
pub(super) fn make_room<T>(list: &mut Vec<T>, more: usize) {
    if list.capacity() - list.len() < more {
        list.reserve_exact(more.max(list.len() / 4));
    }
}

/// A count as the nodes keep it; [`super::read`] has made sure that it fits.
pub(super) fn index(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}
