//! Tests that see the project from outside.
