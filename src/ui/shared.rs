//! Large values that several components hold: two are equal when they are the same one.
//!
//! Yew compares what a component was given with what it is given. An `Rc` would compare a report
//! of ten thousand contexts field by field, and bring the code for that into the page.

use std::{ops::Deref, rc::Rc};

/// A value that is never copied, and compared by where it is.
#[derive(Debug)]
pub(super) struct Shared<T>(Rc<T>);

impl<T> Shared<T> {
    pub(super) fn new(value: T) -> Shared<T> {
        Shared(Rc::new(value))
    }
}

impl<T> From<Rc<T>> for Shared<T> {
    fn from(it: Rc<T>) -> Shared<T> {
        Shared(it)
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Shared<T> {
        Shared(self.0.clone())
    }
}

impl<T> PartialEq for Shared<T> {
    fn eq(&self, other: &Shared<T>) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}
