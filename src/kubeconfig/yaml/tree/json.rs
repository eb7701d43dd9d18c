//! Why values cannot be written as JSON, which kubectl does before it reads any field.
//!
//! Knows the words of Go's encoder; JSON itself is written nowhere.

use super::{Collection, Number, Tree, View, shorten};
use crate::{
    decode::url,
    kubeconfig::yaml::{Fault, FaultKind, compose::NodeId, number},
};

/// Levels of nesting that Go's JSON decoder takes at most.
const MAX_JSON_DEPTH: u32 = 10_000;

impl Tree<'_> {
    /// Why the values cannot be written as JSON, if so.
    ///
    /// Mirrors: convertToJSONableObject, sigs.k8s.io/yaml v1.4.0 yaml.go; Marshal, Go 1.24
    /// encoding/json/encode.go; checkValid, Go 1.24 encoding/json/scanner.go.
    pub(in crate::kubeconfig::yaml) fn json_faults(&self, faults: &mut Vec<Fault>) {
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
    pub(super) fn go_syntax(&self, node: NodeId) -> String {
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
            View::Number(Number::Float(value)) => out.push_str(&number::float_syntax(value)),
            View::Text(text) => out.push_str(&url::quoted(&shorten(text))),
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
