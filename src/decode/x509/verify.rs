//! Whether one certificate signed another.

use super::Certificate;

/// Whether `issuer` signed `certificate`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signature {
    /// The names match and the signature is right.
    Valid,
    /// The issuer's name is another one.
    OtherIssuer,
    /// The names match, the signature does not: another key under the same name.
    WrongKey,
    /// The names match; the algorithm is one that we do not check.
    NotChecked,
}

/// Checks whether `issuer` signed `certificate`.
pub fn signature(certificate: &Certificate, issuer: &Certificate) -> Signature {
    if certificate.issuer.der != issuer.subject.der {
        return Signature::OtherIssuer;
    }
    Signature::NotChecked
}
