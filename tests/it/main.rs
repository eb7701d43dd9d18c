//! Tests that see the project from outside.
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that panics has failed"
)]

/// What people hand in: wrappings, copied tickets, and other things.
mod intake;
/// Hostile names in the places where they are going to stand.
mod quote;
/// The catalogue of checks, and what each one finds.
mod checks;
/// Both sides of the border of each check.
mod borders;
/// What is said about every fixture, stored.
mod corpus;
/// What leaves: reports, tables, calendars, kubeconfigs, commands.
mod export;
/// Messages of kubectl and their causes.
mod diagnose;
/// Certificates and keys, against openssl.
mod openssl;
/// What kubectl said of kubeconfigs, recorded or live.
mod kubectl;
/// What we say about the source tree.
mod tidy;
/// The recipes for hosts.
mod hosting;
/// Input that was written to hurt.
mod hostile;
/// Input that a machine made up.
mod replay;
/// Work in pieces.
mod pace;
/// Secrets, when what held them is gone.
mod wiped;

/// Kubeconfigs of any size.
#[path = "../../benches/inspect/fleet.rs"]
mod fleet;
/// What is asked of the allocator, and what is given back.
#[path = "../../benches/hostile/memory.rs"]
mod memory;
