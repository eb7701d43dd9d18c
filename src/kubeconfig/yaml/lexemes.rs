//! The scalars of a text, and the keys that lead to each: for a copy in which some are changed.
//!
//! Knows no kubeconfig and refuses nothing that has tokens. It reads every document, also the
//! ones that kubectl never looks at.

use std::{borrow::Cow, ops::Range, rc::Rc};

pub(crate) use super::reader::decode;
use super::{
    reader::Input,
    scanner::{Content, Scanner, TokenKind},
};
use crate::{pace::Pace, secret::Secret};

/// A text and its scalars.
pub(crate) struct Lexemes<'a> {
    /// The text, decoded.
    pub(crate) text: &'a str,
    /// Its scalars, in order.
    pub(crate) scalars: Vec<Scalar<'a>>,
    /// Where a scalar or a collection is used again, in order.
    pub(crate) aliases: Vec<Alias<'a>>,
    /// The bytes of every tag, anchor and alias, in order.
    pub(crate) properties: Vec<Range<usize>>,
    /// From this offset on it could not be read.
    pub(crate) end: usize,
}

/// The innermost keys above something, the outermost of them first; list items add none.
pub(crate) type Keys<'a> = Rc<[Cow<'a, str>]>;

/// One scalar.
pub(crate) struct Scalar<'a> {
    /// Its bytes in the text, quotes and block headers included.
    pub(crate) range: Range<usize>,
    /// What it says; a part of the text, unless it is written in another way there.
    pub(crate) value: Secret<Cow<'a, str>>,
    /// Whether it is the key of a map.
    pub(crate) is_key: bool,
    /// The keys above it, its own among them when it is a value.
    pub(crate) keys: Keys<'a>,
    /// The innermost collection that it stands in.
    pub(crate) collection: usize,
    /// The names under which it can be used again, or a collection around it, each with how many of its
    /// keys are inside of that.
    pub(crate) anchors: Vec<(Rc<str>, usize)>,
}

/// A place where a scalar or a collection is used again.
pub(crate) struct Alias<'a> {
    /// Its anchor.
    pub(crate) name: &'a str,
    /// The keys that lead there.
    pub(crate) keys: Keys<'a>,
    /// The innermost collection around the place.
    pub(crate) collection: usize,
    /// How many scalars stand before it.
    pub(crate) before: usize,
}

/// Keys that are remembered for a scalar.
const DEPTH: usize = 8;

/// A collection that is open.
#[derive(Default)]
struct Frame<'a> {
    id: usize,
    /// The name under which it can be used again.
    anchor: Option<Rc<str>>,
    /// The last key; none in a list.
    key: Option<Cow<'a, str>>,
    /// Whether a key comes next.
    at_key: bool,
}

/// Reads `input` as far as it goes.
pub(crate) async fn lexemes<'a>(input: &'a Input<'_>, pace: Pace<'_>) -> Lexemes<'a> {
    let mut scanner = Scanner::new(input);
    let mut scalars = Vec::new();
    let mut aliases = Vec::new();
    let mut properties = Vec::new();
    let mut anchor = None;
    let mut frames = vec![Frame::default()];
    let mut collections = 0;
    let mut end = 0;
    while let Ok(token) = scanner.take() {
        pace.rest().await;
        end = token.end.at;
        let range = token.start.at..end;
        if matches!(token.kind, TokenKind::Tag { .. } | TokenKind::Anchor(_) | TokenKind::Alias(_))
        {
            properties.push(range.clone());
        }
        match token.kind {
            TokenKind::BlockSequenceStart
            | TokenKind::BlockMappingStart
            | TokenKind::FlowSequenceStart
            | TokenKind::FlowMappingStart => {
                collections += 1;
                let anchor = anchor.take();
                frames.push(Frame { id: collections, anchor, ..Frame::default() });
            }
            TokenKind::BlockEnd | TokenKind::FlowSequenceEnd | TokenKind::FlowMappingEnd => {
                // The outermost frame stays.
                frames.truncate(frames.len().saturating_sub(1).max(1));
            }
            TokenKind::Key | TokenKind::Value => {
                if let Some(frame) = frames.last_mut() {
                    frame.at_key = matches!(token.kind, TokenKind::Key);
                }
            }
            TokenKind::Anchor(name) => anchor = Some(Rc::from(name)),
            TokenKind::Alias(name) => aliases.push(Alias {
                name,
                keys: keys(&frames),
                collection: frames.last().map_or(0, |it| it.id),
                before: scalars.len(),
            }),
            TokenKind::Scalar { value, .. } => {
                if let Some(frame) = frames.last_mut().filter(|it| it.at_key) {
                    frame.key = None;
                }
                let keys = keys(&frames);
                let anchors = anchors(anchor.take(), &frames);
                let Some(frame) = frames.last_mut() else { continue };
                let value = match value {
                    Content::Source(start, end) => {
                        Cow::Borrowed(input.text.get(start..end).unwrap_or_default())
                    }
                    Content::Written(value) => Cow::Owned(value),
                };
                if frame.at_key {
                    frame.key = Some(value.clone());
                }
                scalars.push(Scalar {
                    range,
                    value: Secret::new(value),
                    is_key: frame.at_key,
                    keys,
                    collection: frame.id,
                    anchors,
                });
            }
            TokenKind::StreamEnd => {
                end = input.text.len();
                break;
            }
            _ => {}
        }
    }
    Lexemes { text: &input.text, scalars, aliases, properties, end }
}

/// The innermost keys of the open collections, the outermost of them first.
fn keys<'a>(frames: &[Frame<'a>]) -> Keys<'a> {
    let innermost = frames.iter().rev().filter_map(|it| it.key.clone()).take(DEPTH);
    let mut keys: Vec<Cow<'a, str>> = innermost.collect();
    keys.reverse();
    keys.into()
}

/// The anchors of a scalar and of the innermost collections around it, with the number of keys between.
fn anchors(own: Option<Rc<str>>, frames: &[Frame<'_>]) -> Vec<(Rc<str>, usize)> {
    let (mut anchors, mut inside) = (Vec::new(), 0);
    if let Some(name) = own {
        anchors.push((name, 0));
    }
    for it in frames.iter().rev().take(DEPTH) {
        inside += usize::from(it.key.is_some());
        if let Some(name) = &it.anchor {
            anchors.push((name.clone(), inside));
        }
    }
    anchors
}
