//! The server is not trusted, or what answers there is not what was expected.
//!
//! Go looks at a server's certificate in this order: its dates, its names, its signature; the
//! client's own credential is not looked at before that. So each message excludes what was
//! passed before it, and says nothing of what would have come after.

mod dates;
mod handshake;
mod names;
mod trust;

use super::{
    CERTAIN, Cause, Family, LIKELY, Weight,
    scene::{Scene, when},
};
use crate::{facts::TlsMode, quote};

pub(super) const FAMILIES: &[&Family] = &[
    &names::NAME_MISMATCH,
    &names::IP_WITHOUT_SANS,
    &names::NO_SANS,
    &trust::KEY_OF_CA_DIFFERS,
    &dates::EXPIRED,
    &trust::UNKNOWN_AUTHORITY,
    &trust::NOT_A_CA,
    &MACOS,
    &KEY_USAGE,
    &NEGATIVE_SERIAL,
    &handshake::CERTIFICATE_REFUSED_BY_SERVER,
    &handshake::HTTP_RESPONSE,
    &handshake::HTTP_REQUEST,
    &handshake::NOT_TLS,
    &handshake::TLS_VERSION,
    &WEAK_KEY,
];

const GO_VERIFY: &str = "Go 1.24 crypto/x509/verify.go";

/// Rules out what Go would have said instead of a complaint about the certificate's names.
fn dates_passed(scene: &Scene<'_>) -> Weight {
    let client = match scene.client_leaf().and_then(|it| it.validity.not_after) {
        Some(end) if end < scene.now() => format!(
            " (The client certificate did expire {}, which will be the next message.)",
            when(end, scene.now())
        ),
        _ => String::new(),
    };
    Weight::RuledOut(format!(
        "An expired credential or a missing permission: kubectl looks at the server's \
         certificate first, and its credential has not been looked at yet.{client}"
    ))
}

fn server_dates_passed(_: &Scene<'_>) -> Weight {
    Weight::RuledOut(
        "An expired server certificate or a wrong clock: the certificate's dates are checked \
         before its names, and they passed."
            .to_owned(),
    )
}

fn words(value: Option<String>) -> String {
    quote::visible(&value.unwrap_or_default())
}

/// A cause that only ever excludes what has been passed.
const CREDENTIAL_NOT_YET: Cause =
    Cause { id: "credential", title: "", weigh: dates_passed, fix: &[], commands: &[] };

/// As [`CREDENTIAL_NOT_YET`], for the server's dates.
const DATES_PASSED: Cause =
    Cause { id: "server-dates", title: "", weigh: server_dates_passed, fix: &[], commands: &[] };

static MACOS: Family = Family {
    id: "macos-certificate-policy",
    says: &[
        "certificate is not standards compliant",
        "certificate is not trusted",
        "certificate is not permitted for this usage",
        "x509: OSStatus",
    ],
    causes: &[Cause {
        id: "macos-certificate-policy",
        title: "macOS judged the server's certificate, as it does when the kubeconfig names no \
                certificate authority for it",
        weigh: |scene| match scene.cluster_facts().map(|it| it.tls) {
            Some(TlsMode::SystemRoots) => Weight::of(CERTAIN).because(
                "The cluster has neither certificate-authority-data nor certificate-authority, \
                 so the system decides; macOS also refuses certificates that live longer than \
                 825 days or lack server authentication.",
            ),
            Some(TlsMode::Verified) => Weight::of(LIKELY).because(
                "In the kubeconfig handed in here the cluster has one, so another kubeconfig was \
                 read, or another server is meant.",
            ),
            _ => Weight::of(LIKELY),
        },
        fix: &["Put the cluster's certificate authority into certificate-authority-data; then Go \
             judges by itself and macOS is not asked. Fetching the kubeconfig again usually \
             brings it."],
        commands: &[
            "kubectl config set-cluster {cluster|NAME} --certificate-authority=ca.pem --embed-certs=true",
        ],
    }],
    source: "Go 1.24 crypto/x509/root_darwin.go",
};

static KEY_USAGE: Family = Family {
    id: "wrong-key-usage",
    says: &["x509: certificate specifies an incompatible key usage"],
    causes: &[Cause {
        id: "wrong-key-usage",
        title: "The server presents a certificate that is not made for servers",
        weigh: |_| Weight::of(LIKELY),
        fix: &["Issue the server's certificate again with the extended key usage serverAuth."],
        commands: &[],
    }],
    source: GO_VERIFY,
};

static NEGATIVE_SERIAL: Family = Family {
    id: "negative-serial",
    says: &["x509: negative serial number"],
    causes: &[Cause {
        id: "negative-serial",
        title: "A certificate has a negative serial number, which kubectl 1.32 and later refuse",
        weigh: super::file::shown_by_problem,
        fix: &["Issue the certificate again with a positive serial number."],
        commands: &[],
    }],
    source: "Go 1.23 release notes, crypto/x509",
};

static WEAK_KEY: Family = Family {
    id: "client-key-too-weak",
    says: &[
        "crypto/rsa: {n}-bit keys are insecure",
        "tls: unsupported certificate curve",
        "tls: failed to sign handshake",
        "tls: peer doesn't support any of the certificate's signature algorithms",
    ],
    causes: &[Cause {
        id: "client-key-too-weak",
        title: "The client's key is of a kind or size that TLS no longer uses",
        weigh: |scene| match (
            scene.client_leaf(),
            scene.get("n").and_then(|it| it.parse::<u32>().ok()),
        ) {
            // The server's key.
            _ if scene.said("invalid signature by the server certificate") => Weight::Beside,
            (Some(leaf), Some(said)) if leaf.key.bits.is_some_and(|it| it != said) => {
                Weight::of_another()
            }
            (Some(leaf), _) => Weight::of(CERTAIN).because(format!(
                "The client certificate has a key of the kind {}{}.",
                quote::visible(&leaf.key.title),
                leaf.key.bits.map_or(String::new(), |it| format!(", {it} bits"))
            )),
            (None, _) => Weight::of(LIKELY),
        },
        fix: &["Fetch a client certificate with a key of RSA 2048 bits or more, or EC P-256."],
        commands: &[],
    }],
    source: "Go 1.24 crypto/rsa; crypto/tls/auth.go",
};
