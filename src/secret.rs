//! Values that must not reach a log, an export or the screen by accident.

use std::{borrow::Cow, fmt};

use zeroize::zeroize_bytes;

/// A value that shows itself only when asked, and is wiped when dropped.
///
/// It has no `Display`, no `Serialize` and no `Deref`, so `rg 'reveal\('` lists every
/// place where a secret leaves.
///
/// Wiping covers the buffer that this value owns at the end. Copies that a `Vec` left
/// behind while growing, and copies in the browser's own strings, are out of its reach.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret<T: Wipe>(T);

/// A buffer that can be wiped.
pub trait Wipe: Default {
    /// All the room that the buffer has, what is in use and what is not.
    fn into_room(self) -> Vec<u8>;
}

impl Wipe for Vec<u8> {
    fn into_room(mut self) -> Vec<u8> {
        self.resize(self.capacity(), 0);
        self
    }
}

impl Wipe for String {
    fn into_room(self) -> Vec<u8> {
        self.into_bytes().into_room()
    }
}

/// What is borrowed is wiped by its owner.
impl Wipe for Cow<'_, str> {
    fn into_room(self) -> Vec<u8> {
        match self {
            Cow::Borrowed(_) => Vec::new(),
            Cow::Owned(text) => text.into_room(),
        }
    }
}

impl<T: Wipe> Secret<T> {
    /// Hides `value`.
    pub fn new(value: T) -> Self {
        Self(value)
    }

    /// Hands the value over; the caller is now responsible for it.
    pub fn reveal(&self) -> &T {
        &self.0
    }
}

impl Secret<String> {
    /// Whether there is nothing in it. kubectl takes an empty field for an absent one.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Its length in bytes, which is no secret.
    pub fn len(&self) -> usize {
        self.0.len()
    }
}

impl Secret<Vec<u8>> {
    /// Whether there is nothing in it. kubectl takes an empty field for an absent one.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Its length in bytes, which is no secret.
    pub fn len(&self) -> usize {
        self.0.len()
    }
}

impl<T: Wipe> Drop for Secret<T> {
    fn drop(&mut self) {
        // The crate wipes a slice in whole words, a `Vec` byte by byte.
        zeroize_bytes(&mut std::mem::take(&mut self.0).into_room());
    }
}

impl<T: Wipe> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", Secret::new("hunter2".to_owned())), "Secret(…)");
    }
}
