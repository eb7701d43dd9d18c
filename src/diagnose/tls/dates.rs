//! The server's certificate has ended or not begun, or the clock is wrong.

use super::GO_VERIFY;
use crate::{
    decode::x509::Certificate,
    diagnose::{
        CERTAIN, Cause, Family, LIKELY, POSSIBLE, REMOTE, Weight,
        scene::{Scene, when},
    },
    quote,
    time::Timestamp,
};

pub(super) static EXPIRED: Family = Family {
    id: "server-certificate-dates",
    says: &[
        "certificate has expired or is not yet valid: current time {time} is after {end}",
        "certificate has expired or is not yet valid: current time {time} is before {start}",
        "x509: certificate has expired or is not yet valid",
        "certificate verify failed: certificate has expired",
        "CERT_HAS_EXPIRED",
        "reason: certificate has expired",
        "CertificateExpiredException",
        "certificate is expired",
    ],
    causes: &[
        Cause {
            id: "ca-expired",
            title: "The certificate authority in this kubeconfig has expired",
            weigh: |scene| {
                let said = moment(scene, "end");
                // Of several, the one that the message means, else the one that holds longest.
                let rank = |it: &&Certificate| {
                    let end = it.validity.not_after;
                    (end.is_some() && end == said, end)
                };
                let Some(ca) = scene.cas().into_iter().max_by_key(rank) else {
                    return Weight::Beside;
                };
                let Some(end) = ca.validity.not_after else { return Weight::Beside };
                match end < scene.now() {
                    true => Weight::of(if said == Some(end) { CERTAIN } else { LIKELY }).because(
                        format!(
                            "The certificate authority {} expired {}.",
                            quote::visible(&ca.subject().rfc4514()),
                            when(end, scene.now())
                        ),
                    ),
                    false => Weight::RuledOut(format!(
                        "An expired certificate authority: the one in this kubeconfig holds until {}.",
                        end.words()
                    )),
                }
            },
            fix: &[
                "Renew the cluster's certificate authority and the certificates under it, then \
                 fetch the kubeconfig again.",
            ],
            commands: &[],
        },
        Cause {
            id: "server-certificate-expired",
            title: "The API server's own certificate has expired",
            weigh: server_expired,
            fix: &[
                "Renew the API server's certificate, and restart the API server: it keeps the \
                 old one in memory. With kubeadm: kubeadm certs renew all; with k3s: k3s \
                 certificate rotate; a managed cluster: ask the provider.",
                "A new kubeconfig does not help: the certificate that ended is the server's.",
            ],
            commands: &[
                "openssl s_client -connect {host|HOST}:{port|6443} </dev/null 2>/dev/null | \
                 openssl x509 -noout -dates",
            ],
        },
        Cause {
            id: "server-certificate-not-yet-valid",
            title: "The API server's certificate is not valid yet",
            weigh: |scene| match moment(scene, "start") {
                Some(start) if scene.now() < start => Weight::of(95).because(format!(
                    "The server's certificate becomes valid {}.",
                    when(start, scene.now())
                )),
                Some(start) => Weight::RuledOut(format!(
                    "A server certificate that is not valid yet: it has been valid since {}.",
                    start.words()
                )),
                None => Weight::Beside,
            },
            fix: &["Check the clock of the machine that issued it: it was ahead. Issue the \
                 certificate again, or wait."],
            commands: &[],
        },
        Cause {
            id: "clock-wrong",
            title: "The clock of the machine that runs kubectl is wrong",
            weigh: clock_wrong,
            fix: &[
                "Set the clock, and let the machine keep it by NTP. Virtual machines that were asleep are the usual case.",
            ],
            commands: &["date -u", "timedatectl status"],
        },
        Cause {
            id: "client-certificate-expired",
            title: "",
            weigh: |scene| {
                let shown = match scene.client_leaf().and_then(|it| it.validity.not_after) {
                    Some(end) if end < scene.now() => format!(
                        " It did expire {}, which will be the next message.",
                        when(end, scene.now())
                    ),
                    Some(end) => format!(" It holds until {}.", end.words()),
                    None => String::new(),
                };
                Weight::RuledOut(format!(
                    "An expired client certificate: the server answers that with Unauthorized. \
                     This message is about the server's certificate.{shown}"
                ))
            },
            fix: &[],
            commands: &[],
        },
    ],
    source: GO_VERIFY,
};

/// The moment that the message gives at `name`.
fn moment(scene: &Scene<'_>, name: &str) -> Option<Timestamp> {
    let text = scene.get(name)?;
    Timestamp::parse(text.split([' ', ',', ';', ')']).next().unwrap_or_default())
}

fn server_expired(scene: &Scene<'_>) -> Weight {
    let now = scene.now();
    if moment(scene, "start").is_some() {
        return Weight::Beside;
    }
    match moment(scene, "end") {
        Some(end) if end < now => {
            Weight::of(95).because(format!("The server's certificate ended {}.", when(end, now)))
        }
        Some(end) => Weight::RuledOut(format!(
            "An expired server certificate: it ends {}, which has not come yet.",
            when(end, now)
        )),
        None => Weight::of(LIKELY),
    }
}

/// A clock is wrong when the certificate's period, judged by the present moment, holds; or when
/// the machine believes in a moment that has not come.
fn clock_wrong(scene: &Scene<'_>) -> Weight {
    const TOLERANCE: i64 = 600;
    let now = scene.now();
    let (Some(time), bound) =
        (moment(scene, "time"), moment(scene, "end").or_else(|| moment(scene, "start")))
    else {
        return Weight::of(POSSIBLE);
    };
    let proof = format!("The machine took the time to be {}; it is {}.", time.words(), now.words());
    let outside = match (moment(scene, "end"), moment(scene, "start")) {
        (Some(end), _) => end < now,
        (None, Some(start)) => now < start,
        (None, None) => true,
    };
    if !outside {
        return Weight::of(CERTAIN)
            .because(proof)
            .because("By the true time the certificate is valid.");
    }
    if TOLERANCE < time.since(now) {
        return Weight::of(LIKELY).because(proof).because(
            "Its clock is ahead, and the certificate does not hold by the true time either.",
        );
    }
    let cas = scene.cas();
    let after = |ca: &&Certificate| ca.validity.not_before.is_none_or(|it| it <= time);
    let before_ca = !cas.is_empty() && !cas.iter().any(after);
    match (before_ca, bound) {
        (true, _) => Weight::of(LIKELY)
            .because(proof)
            .because("That is before the certificate authority of this kubeconfig was made."),
        (false, Some(end)) if now.since(time) < 86_400 => Weight::RuledOut(format!(
            "A wrong clock: the machine's time, {}, agrees with the present, and the \
             certificate's bound is {}.",
            time.words(),
            end.words()
        )),
        (false, _) => Weight::of(REMOTE),
    }
}
