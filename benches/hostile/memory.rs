//! A global allocator that counts what a thread allocates and looks at what it gives back.
//!
//! It is in test and bench binaries only; the library itself forbids unsafe code.
#![allow(dead_code, reason = "no binary asks it everything")]

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
};

/// What a thread did with memory while something ran.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Usage {
    /// Most bytes held at one time, beyond those held at the start.
    pub(crate) peak: usize,
    /// Bytes asked for in all: a measure of work that is the same on every machine.
    pub(crate) total: usize,
    /// Blocks given back that still held the marker.
    pub(crate) unwiped: usize,
}

/// Runs `work` and counts.
pub(crate) fn watch<T>(work: impl FnOnce() -> T) -> (T, Usage) {
    watch_marker(&[], work)
}

/// Runs `work`, counts, and looks for `marker` in every block that is given back.
pub(crate) fn watch_marker<T>(marker: &'static [u8], work: impl FnOnce() -> T) -> (T, Usage) {
    HELD.set(0);
    PEAK.set(0);
    TOTAL.set(0);
    UNWIPED.set(0);
    MARKER.set(marker);
    let result = work();
    MARKER.set(&[]);
    let peak = usize::try_from(PEAK.get()).unwrap_or(0);
    (result, Usage { peak, total: TOTAL.get(), unwiped: UNWIPED.get() })
}

thread_local! {
    /// May fall below zero: a thread can give back what it held before, or what another asked for.
    static HELD: Cell<isize> = const { Cell::new(0) };
    static PEAK: Cell<isize> = const { Cell::new(0) };
    static TOTAL: Cell<usize> = const { Cell::new(0) };
    static UNWIPED: Cell<usize> = const { Cell::new(0) };
    static MARKER: Cell<&'static [u8]> = const { Cell::new(&[]) };
}

struct Counting;

#[global_allocator]
static COUNTING: Counting = Counting;

// SAFETY: every request is handed to the system's allocator unchanged, and `realloc` is the
// default one, which asks these two. The counters are const-initialized cells without a
// destructor, so using them allocates nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        HELD.set(HELD.get() + layout.size() as isize);
        PEAK.set(PEAK.get().max(HELD.get()));
        TOTAL.set(TOTAL.get() + layout.size());
        // SAFETY: the caller's promise is the one that the system asks for.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        HELD.set(HELD.get() + layout.size() as isize);
        PEAK.set(PEAK.get().max(HELD.get()));
        TOTAL.set(TOTAL.get() + layout.size());
        // SAFETY: as above. The system knows fresh pages to be zero and does not touch them.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        HELD.set(HELD.get() - layout.size() as isize);
        let marker = MARKER.get();
        if !marker.is_empty() && marker.len() <= layout.size() {
            // SAFETY: the block is the caller's until the next line gives it back. Bytes that
            // were never written are read too: what matters is what another reader would see.
            let bytes = unsafe { std::slice::from_raw_parts(block, layout.size()) };
            if bytes.windows(marker.len()).any(|it| it == marker) {
                UNWIPED.set(UNWIPED.get() + 1);
            }
        }
        // SAFETY: as above.
        unsafe { System.dealloc(block, layout) }
    }
}
