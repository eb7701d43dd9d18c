//! Where text comes from, and where in it things are.

use std::sync::Arc;

use crate::secret::Secret;

/// One file as the person gave it to us.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// The name the person knows it by: a file name, or "pasted".
    pub name: String,
    /// Its bytes, untouched. A kubeconfig is a secret as a whole, and not held twice.
    pub bytes: Arc<Secret<Vec<u8>>>,
}

impl Source {
    /// A source of that name.
    pub fn new(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Source {
        Source { name: name.into(), bytes: Arc::new(Secret::new(bytes.into())) }
    }
}

/// A place in a text that a person can go and look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// Line, counted from 1.
    pub line: u32,
    /// Column in characters, counted from 1.
    pub column: u32,
}

/// A symbolic place: which file, and which field of it.
///
/// Checks name places in this form and never count lines; the file turns them into a
/// [`Location`] when someone looks.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Index of the file in `Facts::files`.
    pub file: usize,
    /// The field, as `users[2].user.client-certificate-data`; empty for the whole file.
    pub path: String,
}

impl Place {
    /// The field `name` below this place.
    pub fn field(&self, name: &str) -> Place {
        let dot = if self.path.is_empty() { "" } else { "." };
        Place { file: self.file, path: [self.path.as_str(), dot, name].concat() }
    }

    /// The field `name` beside this one.
    pub fn beside(&self, name: &str) -> Place {
        let parent = self.path.rsplit_once('.').map_or("", |(parent, _)| parent);
        Place { file: self.file, path: parent.to_owned() }.field(name)
    }

    /// Whether this place is `other` or something in it.
    pub fn is_in(&self, other: &Place) -> bool {
        self.file == other.file
            && self.path.strip_prefix(&other.path).is_some_and(|rest| {
                rest.is_empty() || other.path.is_empty() || rest.starts_with(['.', '['])
            })
    }

    /// The item `index`, counted from 0, of the list at this place.
    pub fn item(&self, index: usize) -> Place {
        Place { file: self.file, path: format!("{}[{index}]", self.path) }
    }
}
