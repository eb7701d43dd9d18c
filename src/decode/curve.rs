//! Elliptic curve arithmetic: the public half of a private key.

/// The public point of an EC private key.
pub(super) enum Point {
    /// Uncompressed, as certificates hold it.
    Computed(Vec<u8>),
    /// The private number is zero or too large for its curve.
    BadScalar,
    /// A curve that we do not compute with.
    Unknown,
}

/// The public point that belongs to the private number `scalar`.
pub(super) fn public_point(_curve: &str, _scalar: &[u8]) -> Point {
    Point::Unknown
}

/// The public key that belongs to an Ed25519 seed.
pub(super) fn ed25519(_seed: &[u8; 32]) -> Option<Vec<u8>> {
    None
}
