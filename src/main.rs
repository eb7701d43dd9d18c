//! The page around the library.

fn main() {}
