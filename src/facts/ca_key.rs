//! Private keys of certificate authorities, which belong in no kubeconfig.

use std::{collections::BTreeMap, slice};

use super::{CredentialKind, Facts, credential};
use crate::{
    decode::{
        key::{KeyError, PrivateKey},
        x509::Certificate,
    },
    source::Place,
};

/// A private key of a CA. Whoever holds it can make himself anybody in the cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaKey {
    /// Index of the source in [`Facts::sources`].
    pub source: usize,
    /// The field that holds the key; none when it stands outside any kubeconfig.
    pub place: Option<Place>,
    /// The subject of the CA certificate that it belongs to.
    pub subject: String,
    /// The SHA-256 of that certificate.
    pub sha256: String,
}

/// Every private key in `facts` whose public half is in a CA certificate.
pub(super) fn find(facts: &Facts) -> Vec<CaKey> {
    let mut authorities: BTreeMap<&[u8], &Certificate> = BTreeMap::new();
    for it in certificates(facts).filter(|it| it.is_ca()) {
        authorities.insert(&it.key.value, it);
    }
    if authorities.is_empty() {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut find =
        |keys: &[Result<PrivateKey, KeyError>], source, place: &dyn Fn() -> Option<Place>| {
            for key in keys.iter().filter_map(|it| it.as_ref().ok()?.public.as_ref()) {
                let Some(ca) = authorities.get(key.value.as_slice()) else { continue };
                let subject = ca.subject().rfc4514();
                found.push(CaKey { source, place: place(), subject, sha256: ca.sha256() });
            }
        };
    for (index, source) in facts.sources.iter().enumerate() {
        find(&source.keys, index, &|| None);
        for file in &source.files {
            let clusters = facts.clusters.get(*file).into_iter().flatten().enumerate();
            for (n, it) in clusters.filter(|(_, it)| it.ca.source.is_none()) {
                find(&it.ca.keys, index, &|| {
                    let place =
                        Place { file: *file, path: String::new() }.field("clusters").item(n);
                    Some(place.field("cluster").field("certificate-authority-data"))
                });
            }
            let users = facts.users.get(*file).into_iter().flatten();
            for credential in users.flat_map(|it| &it.credentials) {
                let CredentialKind::ClientCertificate(it) = &credential.kind else { continue };
                find(&it.chain.keys, index, &|| Some(credential.place.clone()));
                let own = it.key.as_ref().filter(|_| it.key_source.is_none());
                find(own.map(slice::from_ref).unwrap_or_default(), index, &|| {
                    Some(credential::sibling(&credential.place, "client-key-data"))
                });
            }
        }
    }
    found
}

fn certificates(facts: &Facts) -> impl Iterator<Item = &Certificate> {
    let clusters = facts.clusters.iter().flatten().flat_map(|it| it.ca.readable());
    let users = facts.users.iter().flatten().flat_map(|it| &it.credentials);
    let clients = users.flat_map(|it| match &it.kind {
        CredentialKind::ClientCertificate(it) => it.chain.certificates.as_slice(),
        _ => &[],
    });
    let loose = facts.sources.iter().flat_map(|it| &it.certificates);
    clusters.chain(clients.chain(loose).filter_map(|it| Some(&**it.as_ref().ok()?)))
}
