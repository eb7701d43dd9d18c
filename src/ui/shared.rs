//! Large values that several components hold: two are equal when they are the same one.
//!
//! Yew compares what a component was given with what it is given. An `Rc` would compare a report
//! of ten thousand contexts field by field, and bring the code for that into the page. It would also
//! drop it in one go, which takes longer than a frame.

use std::{
    cell::{Cell, RefCell},
    mem,
    ops::Deref,
    rc::Rc,
};

use kubeconfig_inspector::{
    Report,
    diagnose::Prediction,
    pace::{Pace, Shrink},
    source::Source,
};

use super::{
    PAINTED, Task, Until, browser,
    contexts::{Row, Rows},
};

/// A value that is never copied, and compared by where it is.
#[derive(Debug)]
pub(super) struct Shared<T: Discard>(Rc<T>);

impl<T: Discard> Shared<T> {
    pub(super) fn new(value: T) -> Shared<T> {
        Shared(Rc::new(value))
    }
}

impl<T: Discard> From<Rc<T>> for Shared<T> {
    fn from(it: Rc<T>) -> Shared<T> {
        Shared(it)
    }
}

impl<T: Discard> Clone for Shared<T> {
    fn clone(&self) -> Shared<T> {
        Shared(self.0.clone())
    }
}

impl<T: Discard> PartialEq for Shared<T> {
    fn eq(&self, other: &Shared<T>) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl<T: Discard> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Discard> Drop for Shared<T> {
    fn drop(&mut self) {
        if let Some(it) = Rc::get_mut(&mut self.0) {
            mem::take(it).discard();
        }
    }
}

/// What becomes of a value that nobody holds any more.
pub(super) trait Discard: Default {
    /// Drops it, at once unless that takes long.
    fn discard(self) {}
}

impl Discard for Source {}
impl Discard for Rows {}
impl Discard for Vec<Prediction> {}

impl Discard for Report {
    fn discard(self) {
        drop_between_frames(self.into_lists());
    }
}

impl Discard for Vec<Row> {
    fn discard(self) {
        drop_between_frames([Box::new(self) as Box<dyn Shrink>]);
    }
}

thread_local! {
    static WAITING: RefCell<Vec<Box<dyn Shrink>>> = const { RefCell::new(Vec::new()) };
    static DROPPING: Cell<Option<Rc<Task>>> = const { Cell::new(None) };
}

fn drop_between_frames(lists: impl IntoIterator<Item = Box<dyn Shrink>>) {
    WAITING.with_borrow_mut(|it| it.extend(lists));
    let current = DROPPING.take().filter(|it| it.goes_on());
    let task = current.unwrap_or_else(|| Task::start(Some(PAINTED), drop_waiting));
    if task.goes_on() {
        DROPPING.set(Some(task));
    } else {
        // There is no browser, so there are no frames.
        drop(WAITING.take());
    }
}

async fn drop_waiting(until: Until) {
    let is_due = || until.get() <= browser::milliseconds();
    let pace = Pace::new(&is_due);
    while let Some(mut list) = WAITING.with_borrow_mut(Vec::pop) {
        while list.shrink() {
            pace.rest().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use kubeconfig_inspector::{inspect, source::Source, time::Timestamp};

    use super::Shared;

    #[test]
    fn nothing_stays_behind_what_the_last_holder_drops() {
        let source = Source::new("config", "users: [{name: a, user: {token: secret}}]");
        let bytes = Arc::downgrade(&source.bytes);
        let report = Shared::new(inspect(&[source], Timestamp(1_800_000_000)));
        let other = report.clone();
        drop(report);
        assert!(bytes.upgrade().is_some());
        drop(other);
        assert!(bytes.upgrade().is_none());
    }
}
