//! Kubeconfigs that are made up, to try the page with: see `www/samples/README.md`.

use base64::{Engine, prelude::BASE64_STANDARD};
use kubeconfig_inspector::source::Source;

/// One of them.
pub(super) struct Sample {
    /// What is written on its button.
    pub(super) title: &'static str,
    /// What there is to see in it.
    pub(super) about: &'static str,
    name: &'static str,
    text: &'static str,
}

/// All of them, in the order of the buttons.
pub(super) const ALL: [Sample; 6] = [
    Sample {
        title: "Healthy ACK",
        about: "A client certificate with years to go",
        name: "ack.yaml",
        text: include_str!("../../www/samples/ack.yaml"),
    },
    Sample {
        title: "Expired",
        about: "The same, past its end",
        name: "expired.yaml",
        text: include_str!("../../www/samples/expired.yaml"),
    },
    Sample {
        title: "Verification off",
        about: "Anyone can pose as this server",
        name: "unverified.yaml",
        text: include_str!("../../www/samples/unverified.yaml"),
    },
    Sample {
        title: "Exec plugin (EKS)",
        about: "A program signs in",
        name: "eks.yaml",
        text: include_str!("../../www/samples/eks.yaml"),
    },
    Sample {
        title: "k3s bundle",
        about: "Two certificates in one field, every right",
        name: "k3s.yaml",
        text: include_str!("../../www/samples/k3s.yaml"),
    },
    Sample {
        title: "Broken file",
        about: "kubectl refuses it; see where",
        name: "broken.yaml",
        text: include_str!("../../www/samples/broken.yaml"),
    },
];

/// What the marks in the texts stand for.
const PARTS: [(&str, &str); 7] = [
    ("{ca}", include_str!("../../www/samples/ca.pem")),
    ("{ack}", include_str!("../../www/samples/ack.pem")),
    ("{expired}", include_str!("../../www/samples/expired.pem")),
    ("{admin}", include_str!("../../www/samples/admin.pem")),
    ("{k3s-client-ca}", include_str!("../../www/samples/k3s-client-ca.pem")),
    ("{k3s-server-ca}", include_str!("../../www/samples/k3s-server-ca.pem")),
    ("{key}", include_str!("../../www/samples/key.pem")),
];

impl Sample {
    /// The kubeconfig.
    pub(super) fn source(&self) -> Source {
        // Two certificates in one field are one run of base64.
        let bundle = format!("{}{}", part("{admin}"), part("{k3s-client-ca}"));
        let mut text = self.text.replace("{admin}{k3s-client-ca}", &BASE64_STANDARD.encode(bundle));
        for (mark, pem) in PARTS {
            text = text.replace(mark, &BASE64_STANDARD.encode(pem));
        }
        Source::new(self.name, text)
    }
}

fn part(mark: &str) -> &'static str {
    PARTS.iter().find(|it| it.0 == mark).map_or("", |it| it.1)
}
