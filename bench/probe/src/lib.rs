//! The core as a WebAssembly module of two functions, to be measured without the page.
#![cfg(target_arch = "wasm32")]

use std::mem::ManuallyDrop;

use kubeconfig_inspector::{inspect as look, source::Source, time::Timestamp};

#[path = "../../../benches/inspect/everything.rs"]
mod everything;

/// 2026-01-15, the day for which the measured files are made.
const NOW: Timestamp = Timestamp(1_768_478_400);

/// Room for a text of `size` bytes.
#[unsafe(no_mangle)]
pub extern "C" fn allocate(size: usize) -> *mut u8 {
    Vec::leak(vec![0; size]).as_mut_ptr()
}

/// Inspects the text that was written to what [`allocate`] gave, and frees it. Returns how many
/// certificates were read.
///
/// # Safety
///
/// `start` and `room` are those of one call of [`allocate`], and `size` is not above `room`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn inspect(start: *mut u8, size: usize, room: usize) -> usize {
    // SAFETY: the caller's promise.
    let text = unsafe { Vec::from_raw_parts(start, size, room) };
    // The page keeps the report, and so does JavaScript until it runs out of memory.
    everything::read(&ManuallyDrop::new(look(&[Source::new("pasted", text)], NOW)))
}
