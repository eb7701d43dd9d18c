//! Tests that see the project from outside.

/// What people hand in: wrappings, copied tickets, and other things.
mod intake;
/// What we say about the source tree.
mod tidy;
