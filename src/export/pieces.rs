//! JSON that is written piece by piece, so that there are places to rest.
//!
//! What is long in a value is a list, which its struct declares as [`Later`]. The value is written up to
//! there, then the items of the list one after another, then the value up to its next such list. Knows
//! no report.

use std::marker::PhantomData;

use serde::{Serialize, Serializer, ser::SerializeSeq};

use crate::{pace::Pace, quote};

/// A list whose items are written one by one.
pub(super) struct Later<T>(PhantomData<T>);

impl<T> Later<T> {
    pub(super) const ITEMS: Later<T> = Later(PhantomData);
}

impl<T> Serialize for Later<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_seq(Some(0))?.end()
    }
}

/// A text of JSON for people and programs. Characters that cannot be seen are escapes.
#[derive(Default)]
pub(super) struct Pieces {
    text: String,
    /// The values that have been begun, the innermost last.
    open: Vec<Open>,
}

/// A value that has been begun.
struct Open {
    /// What of it is not written yet.
    rest: String,
    /// By how much the items of its list are indented.
    indent: usize,
    /// Whether an item of its list has been written.
    has_items: bool,
}

impl Pieces {
    /// Begins a value, as [`pretty`] gives it, in the list that is being written if there is one.
    pub(super) fn begin(&mut self, value: &str) {
        let mut rest = String::new();
        let indent = self.next_item();
        write(&mut rest, value, indent);
        self.open.push(Open { rest, indent, has_items: false });
    }

    /// Writes the value that was begun last up to its list called `name`.
    pub(super) fn list(&mut self, name: &str) {
        self.end_list();
        let Some(open) = self.open.last_mut() else { return };
        // No text can look so: a quote inside of one is an escape.
        let head = format!("\"{name}\": [");
        let (before, rest) = open.rest.split_once(&head).unwrap_or((&open.rest, ""));
        let line = before.rsplit('\n').next().unwrap_or_default();
        open.indent = line.len() - line.trim_start().len() + INDENT;
        self.text.push_str(before);
        self.text.push_str(&head);
        open.rest = rest.to_owned();
    }

    /// Writes that list with these items, as [`pretty`] gives them.
    pub(super) async fn items(
        &mut self,
        pace: Pace<'_>,
        name: &str,
        items: &mut dyn Iterator<Item = String>,
    ) {
        self.list(name);
        for it in items {
            pace.rest().await;
            self.item(&it);
        }
    }

    #[inline(never)]
    fn item(&mut self, value: &str) {
        let indent = self.next_item();
        write(&mut self.text, value, indent);
    }

    /// Begins the line of the next item, and tells its indentation.
    fn next_item(&mut self) -> usize {
        let Some(open) = self.open.last_mut() else { return 0 };
        self.text.push_str(if open.has_items { "," } else { "" });
        open.has_items = true;
        begin_line(&mut self.text, open.indent);
        open.indent
    }

    fn end_list(&mut self) {
        if let Some(open) = self.open.last_mut().filter(|it| it.has_items) {
            open.has_items = false;
            begin_line(&mut self.text, open.indent - INDENT);
        }
    }

    /// Writes what is left of the value that was begun last.
    pub(super) fn end(&mut self) {
        self.end_list();
        self.text.extend(self.open.pop().map(|it| it.rest));
    }

    /// The text, when every value is at its end.
    pub(super) fn text(mut self) -> String {
        self.text.push('\n');
        self.text
    }
}

/// Blanks before what is inside of something.
const INDENT: usize = 2;

fn begin_line(text: &mut String, indent: usize) {
    text.push('\n');
    text.extend(std::iter::repeat_n(' ', indent));
}

/// `value` by itself.
#[inline(never)]
pub(super) fn pretty(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).expect("structs with string keys always serialize")
}

/// Adds `value`, whose lines but the first are indented.
#[inline(never)]
fn write(text: &mut String, value: &str, indent: usize) {
    let mut rest = value;
    while let Some((at, it)) = rest.char_indices().find(|(_, it)| quote::is_hidden(*it)) {
        text.push_str(rest.get(..at).unwrap_or_default());
        rest = rest.get(at + it.len_utf8()..).unwrap_or_default();
        match it {
            '\n' => begin_line(text, indent),
            // Only texts hold such a character: all else in JSON is ASCII.
            _ => {
                for unit in it.encode_utf16(&mut [0; 2]) {
                    text.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
    }
    text.push_str(rest);
}
