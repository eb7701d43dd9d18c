//! Single parts of a kubeconfig as files of their own: what `grep`, `base64` and `openssl` are
//! otherwise used for.
//!
//! PEM comes out as every tool reads it: lines of 64 characters, nothing around the blocks.

use base64::{Engine, prelude::BASE64_STANDARD};

use crate::{
    decode::pem::{self, Block},
    facts::Facts,
    kubeconfig::{Data, EntryRef},
    secret::Secret,
};

/// A part that can be taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The client certificate and what stands with it.
    ClientCertificate,
    /// The private key. Whoever holds it and the certificate is the user.
    ClientKey,
    /// The certificates that the server is checked against.
    CertificateAuthority,
    /// The server's URL.
    Server,
}

impl Part {
    /// Every part.
    pub const ALL: &[Part] =
        &[Part::ClientCertificate, Part::ClientKey, Part::CertificateAuthority, Part::Server];

    /// What the file is called.
    pub fn file_name(self) -> &'static str {
        match self {
            Part::ClientCertificate => "client-cert.pem",
            Part::ClientKey => "client-key.pem",
            Part::CertificateAuthority => "ca.pem",
            Part::Server => "server.txt",
        }
    }

    /// Whether it must be kept from others.
    pub fn is_secret(self) -> bool {
        self == Part::ClientKey
    }
}

/// The `part` of `context`; none when the kubeconfig does not hold it.
pub fn extract(facts: &Facts, context: EntryRef, part: Part) -> Option<Secret<String>> {
    let readings = facts.readings.iter().flat_map(|it| &it.contexts);
    let effective = &readings.into_iter().find(|it| it.effective.entry == context)?.effective;
    let cluster = effective.cluster.and_then(|it| facts.cluster(it)).map(|it| &it.body);
    let user = effective.user.and_then(|it| facts.user(it)).map(|it| &it.body);
    let certificates = |data: Option<&Data>| {
        let blocks = blocks(data)?;
        join(blocks.iter().filter(|it| it.label == "CERTIFICATE"))
    };
    match part {
        Part::ClientCertificate => certificates(user?.client_certificate_data.as_ref()),
        Part::CertificateAuthority => certificates(cluster?.certificate_authority_data.as_ref()),
        Part::ClientKey => {
            let blocks = blocks(user?.client_key_data.as_ref())?;
            join(blocks.iter().find(|it| it.is_private_key()).into_iter())
        }
        Part::Server => {
            let server = &cluster?.server;
            (!server.is_empty()).then(|| Secret::new(format!("{server}\n")))
        }
    }
}

fn blocks(data: Option<&Data>) -> Option<Vec<Block<'_>>> {
    let bytes = data?.bytes.as_ref().ok()?;
    Some(pem::blocks(bytes.reveal()))
}

/// The blocks as one file; none when there is no block.
fn join<'a>(blocks: impl Iterator<Item = &'a Block<'a>>) -> Option<Secret<String>> {
    let mut text = String::new();
    for block in blocks {
        text.push_str(&format!("-----BEGIN {}-----\n", block.label));
        for (name, value) in &block.headers {
            text.push_str(&format!("{name}: {value}\n"));
        }
        if !block.headers.is_empty() {
            text.push('\n');
        }
        let body = BASE64_STANDARD.encode(block.der.reveal());
        let mut rest = body.as_str();
        while !rest.is_empty() {
            let (line, after) = rest.split_at(rest.len().min(64));
            text.push_str(line);
            text.push('\n');
            rest = after;
        }
        text.push_str(&format!("-----END {}-----\n", block.label));
    }
    (!text.is_empty()).then(|| Secret::new(text))
}
