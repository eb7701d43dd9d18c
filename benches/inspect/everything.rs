//! Reads of a report what JavaScript decodes of every certificate, so that both do the same work: the
//! core leaves most of it until somebody looks.

use std::hint::black_box;

use kubeconfig_inspector::{Report, decode::x509::Certificate, facts::CredentialKind};

/// Reads subject, issuer, serial, names and SHA-256 of each certificate; tells how many there are.
pub(crate) fn read(report: &Report) -> usize {
    let facts = &report.facts;
    let authorities = facts.clusters.iter().flatten().map(|it| &it.ca);
    let users = facts.users.iter().flatten().flat_map(|it| &it.credentials);
    let clients = users.filter_map(|it| match &it.kind {
        CredentialKind::ClientCertificate(it) => Some(&it.chain),
        _ => None,
    });
    authorities.chain(clients).flat_map(|it| it.readable()).map(read_one).count()
}

#[inline(never)]
fn read_one(it: &Certificate) {
    black_box((it.subject().rfc4514(), it.issuer().rfc4514(), it.serial(), it.sans(), it.sha256()));
}
