//! From the bytes of a credential to plain structs: what the four decoders share.
//!
//! Knows nothing of kubeconfigs. Nothing in here judges, reads a clock or trusts its input.

mod der;
mod oid;
mod arithmetic;
mod curve;
pub mod pem;
pub mod x509;
pub mod key;
pub mod pair;
pub mod accident;
pub mod token;
pub mod url;

use crate::time::Timestamp;

/// A period in which something holds, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Validity {
    /// First moment; none when it is not told.
    pub not_before: Option<Timestamp>,
    /// Last moment; none when it never ends.
    pub not_after: Option<Timestamp>,
}

impl Validity {
    /// Length in seconds, when both ends are known.
    pub fn seconds(&self) -> Option<i64> {
        Some(self.not_after?.since(self.not_before?))
    }
}

/// Lower-case hex of `bytes`.
pub fn hex(bytes: &[u8]) -> String {
    let digit = |it: u8| char::from(if it < 10 { b'0' + it } else { b'a' - 10 + it });
    bytes.iter().flat_map(|it| [digit(it >> 4), digit(it & 15)]).collect()
}
