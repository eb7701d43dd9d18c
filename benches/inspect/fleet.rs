//! Kubeconfigs of any size, the same bytes in every run.
//!
//! Each context has a cluster with its own CA certificate and a user with its own client
//! certificate, half of them RSA 2048, half EC P-256. The certificates are those under
//! `fixtures/` with another serial number, name and validity period patched into the DER, so
//! that no two are equal and all keep their keys; their signatures are therefore wrong.
#![allow(clippy::indexing_slicing, reason = "the input is our own")]

use std::{fmt::Write, ops::Range};

use base64::{Engine, engine::general_purpose::STANDARD};

/// The moment at which the fleet is to be judged: 2026-01-15, RFC 3339.
pub(crate) const NOW: &str = "2026-01-15T12:00:00Z";

/// A certificate as PEM.
pub(crate) const CA: &str = include_str!("fixtures/ec-ca.pem");

/// Certificates of one algorithm: its CA, and clients with their keys.
struct Family {
    ca: &'static str,
    clients: [(&'static str, &'static str); 3],
}

static FAMILIES: [Family; 2] = [
    Family {
        ca: include_str!("fixtures/rsa-ca.pem"),
        clients: [
            (include_str!("fixtures/rsa-0.pem"), include_str!("fixtures/rsa-0.key")),
            (include_str!("fixtures/rsa-1.pem"), include_str!("fixtures/rsa-1.key")),
            (include_str!("fixtures/rsa-2.pem"), include_str!("fixtures/rsa-2.key")),
        ],
    },
    Family {
        ca: CA,
        clients: [
            (include_str!("fixtures/ec-0.pem"), include_str!("fixtures/ec-0.key")),
            (include_str!("fixtures/ec-1.pem"), include_str!("fixtures/ec-1.key")),
            (include_str!("fixtures/ec-2.pem"), include_str!("fixtures/ec-2.key")),
        ],
    },
];

/// A kubeconfig with these members of the fleet as contexts, about 4 KiB each.
pub(crate) fn kubeconfig(members: Range<usize>) -> String {
    let first = members.start;
    let (mut clusters, mut contexts, mut users) = (String::new(), String::new(), String::new());
    for i in members {
        let family = &FAMILIES[i % 2];
        let (certificate, key) = family.clients[i / 2 % 3];
        let ca = STANDARD.encode(vary(family.ca, i, 0x11, (2025, 2035)));
        let certificate = STANDARD.encode(vary(certificate, i, 0x22, (2025, 2026)));
        let key = STANDARD.encode(key);
        let put = "writing to a String cannot fail";
        write!(
            clusters,
            "- cluster:\n    certificate-authority-data: {ca}\n    \
             server: https://cluster-{i:05}.example.test:6443\n  name: cluster-{i:05}\n"
        )
        .expect(put);
        write!(
            contexts,
            "- context:\n    cluster: cluster-{i:05}\n    namespace: team-{}\n    \
             user: admin-{i:05}\n  name: admin-{i:05}@cluster-{i:05}\n",
            i % 40
        )
        .expect(put);
        write!(
            users,
            "- name: admin-{i:05}\n  user:\n    client-certificate-data: {certificate}\n    \
             client-key-data: {key}\n"
        )
        .expect(put);
    }
    format!(
        "apiVersion: v1\nclusters:\n{clusters}contexts:\n{contexts}current-context: \
         admin-{first:05}@cluster-{first:05}\nkind: Config\npreferences: {{}}\nusers:\n{users}"
    )
}

/// The certificate of `pem` as number `i` of its `kind`, valid from one year to the other.
fn vary(pem: &str, i: usize, kind: u8, (from, to): (usize, usize)) -> String {
    let body: String = pem.lines().filter(|it| !it.starts_with('-')).collect();
    let mut der = STANDARD.decode(body).expect("the fixtures are PEM");
    // The first byte keeps the number positive and its encoding minimal.
    let mut serial = [kind; 8];
    serial[4..].copy_from_slice(&u32::try_from(i).unwrap_or(u32::MAX).to_be_bytes());
    replace(&mut der, &[0x5e, 0xed, 0x5e, 0xed, 0x5e, 0xed, 0x5e, 0xed], &serial);
    replace(&mut der, b"-00000", format!("-{i:05}").as_bytes());
    let moment =
        |year: usize| format!("{:02}{:02}{:02}120000Z", year % 100, i % 12 + 1, i / 12 % 28 + 1);
    let validity = [0x30, 0x1e, 0x17, 0x0d];
    let at = der.windows(4).position(|it| it == validity).expect("a validity of two UTC times");
    der[at + 4..at + 17].copy_from_slice(moment(from).as_bytes());
    der[at + 19..at + 32].copy_from_slice(moment(to).as_bytes());
    let mut out = String::from("-----BEGIN CERTIFICATE-----\n");
    let text = STANDARD.encode(der);
    for line in text.as_bytes().chunks(64) {
        out.push_str(std::str::from_utf8(line).expect("base64 is ASCII"));
        out.push('\n');
    }
    out.push_str("-----END CERTIFICATE-----\n");
    out
}

/// Puts `new` in place of every `old` of the same length.
fn replace(bytes: &mut [u8], old: &[u8], new: &[u8]) {
    let mut at = 0;
    while let Some(found) = bytes[at..].windows(old.len()).position(|it| it == old) {
        at += found;
        bytes[at..at + new.len()].copy_from_slice(new);
        at += new.len();
    }
}
