//! What the API server's own log says of its clients.

use super::client_certificate_expired;
use crate::diagnose::{CERTAIN, Cause, Family, LIKELY, POSSIBLE, Weight};

pub(super) static SERVER_LOG: Family = Family {
    id: "server-log-authentication",
    says: &["Unable to authenticate the request", "verifying certificate SN={why} failed"],
    causes: &[
        Cause {
            id: "client-certificate-expired",
            title: "The API server's log says that a client's certificate has expired",
            weigh: |scene| match scene.said("certificate has expired") {
                true => match client_certificate_expired(scene) {
                    Weight::RuledOut(why) => Weight::of(60).because(why),
                    Weight::Beside => Weight::of(LIKELY),
                    fits => fits,
                },
                false => Weight::Beside,
            },
            fix: &[
                "Fetch a new kubeconfig for that client; the server's own certificate is not meant.",
            ],
            commands: &[],
        },
        Cause {
            id: "client-certificate-other-ca",
            title: "The API server's log says that a client's certificate was issued by an \
                    authority that it does not know",
            weigh: |scene| match scene.said("unknown authority") {
                true => Weight::of(90),
                false => Weight::Beside,
            },
            fix: &[
                "Fetch the kubeconfig of this very cluster again; the client uses one of another or of an earlier cluster.",
            ],
            commands: &[],
        },
        Cause {
            id: "token-expired",
            title: "The API server's log says that a client's token has expired",
            weigh: |scene| match scene.said_any(&[
                "token has expired",
                "token is expired",
                "oidc: verify token",
            ]) {
                true => Weight::of(90),
                false => Weight::Beside,
            },
            fix: &["Sign in again, or fetch a new token."],
            commands: &[],
        },
        Cause {
            id: "credential-revoked",
            title: "The API server's log says that a client's credential was not accepted",
            weigh: |_| Weight::of(POSSIBLE),
            fix: &["Fetch a new kubeconfig for that client."],
            commands: &[],
        },
    ],
    source: "k8s.io/apiserver v0.33.1 pkg/endpoints/filters/authentication.go",
};

pub(super) static SERVER_LOG_TLS: Family = Family {
    id: "server-log-tls",
    says: &["TLS handshake error from {why}"],
    causes: &[
        Cause {
            id: "client-distrusts-server",
            title: "A server's log says that one of its clients did not accept the server's \
                    certificate",
            weigh: |scene| match scene.get("why") {
                Some(why) if why.contains("remote error") && why.contains("certificate") => {
                    Weight::of(CERTAIN)
                }
                _ => Weight::Beside,
            },
            fix: &["Give that client the certificate authority of this server."],
            commands: &[],
        },
        Cause {
            id: "client-broke-off",
            title: "A server's log says that one of its clients did not finish the handshake",
            weigh: |_| Weight::of(POSSIBLE),
            fix: &["Look at that client; a load balancer that checks the port is harmless."],
            commands: &[],
        },
    ],
    source: "Go 1.24 net/http/server.go",
};
