//! Pauses in work that takes long: a page has one thread, which must stay free for the person.
//!
//! Such work is an `async fn` that rests now and then. The core knows no clock: who has one says
//! when a rest is due, and goes on afterwards. Without one, nothing ever rests.
//!
//! What is done between two rests is a function of its own that is not inlined. A browser runs new
//! code as it comes, improves what is called often, and never exchanges a function while it runs.

use std::{
    pin::{Pin, pin},
    task::{Context, Poll, Waker},
};

/// Says when work is to be laid down for a moment.
#[derive(Clone, Copy)]
pub struct Pace<'a> {
    is_due: &'a dyn Fn() -> bool,
}

/// Small steps between two questions whether a rest is due.
const SMALL_STEPS: usize = 1_024;

impl<'a> Pace<'a> {
    /// A pace at which a rest is due whenever `is_due` says so. It is asked every few microseconds.
    pub fn new(is_due: &'a dyn Fn() -> bool) -> Pace<'a> {
        Pace { is_due }
    }

    /// Lays the work down if a rest is due.
    pub fn rest(self) -> Rest<'a> {
        Rest { unasked: Some(self) }
    }

    /// The same in a loop of small steps, of which `step` counts the rounds.
    pub(crate) fn rest_at_times(self, step: usize) -> Rest<'a> {
        Rest { unasked: (step % SMALL_STEPS == SMALL_STEPS - 1).then_some(self) }
    }
}

/// A rest, if one is due: pending once. It wakes nobody; whoever polls the work goes on with it.
#[must_use = "nothing rests until it is awaited"]
pub struct Rest<'a> {
    unasked: Option<Pace<'a>>,
}

impl Future for Rest<'_> {
    type Output = ();

    #[inline(never)]
    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        match self.unasked.take() {
            Some(pace) if (pace.is_due)() => Poll::Pending,
            _ => Poll::Ready(()),
        }
    }
}

/// Items of a list that are dropped at once; each can hold a credential, which is wiped.
const PIECE: usize = 256;

/// A list that can be dropped in pieces.
pub trait Shrink {
    /// Drops some of its last items, and says whether there are more.
    fn shrink(&mut self) -> bool;
}

impl<T> Shrink for Vec<T> {
    fn shrink(&mut self) -> bool {
        self.truncate(self.len().saturating_sub(PIECE));
        !self.is_empty()
    }
}

/// Does `work` in one go.
pub fn at_once<T>(work: impl AsyncFnOnce(Pace<'static>) -> T) -> T {
    let mut work = pin!(work(Pace { is_due: &|| false }));
    loop {
        if let Poll::Ready(done) = work.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return done;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::{PIECE, Shrink};

    #[test]
    fn a_list_is_dropped_in_pieces() {
        let item = Rc::new(());
        let mut list = vec![item.clone(); PIECE * 2 + 1];
        let mut left = Vec::new();
        while list.shrink() {
            left.push(Rc::strong_count(&item) - 1);
        }
        assert_eq!(left, [PIECE + 1, 1]);
        assert_eq!(Rc::strong_count(&item), 1);
    }
}
