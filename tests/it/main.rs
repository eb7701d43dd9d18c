//! Tests that see the project from outside.

/// What we say about the source tree.
mod tidy;
