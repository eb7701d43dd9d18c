//! The server was reached and does not accept who we say that we are; or there is nothing to say.

mod log;
mod plugin;

use super::{
    CERTAIN, Cause, Family, LIKELY, POSSIBLE, REMOTE, Weight,
    scene::{Period, Scene, period, when},
    template,
};
use crate::{
    decode::{token::Token, x509::Signature},
    facts::CredentialKind,
    kubeconfig::AuthInfo,
    quote,
};

pub(super) const FAMILIES: &[&Family] = &[
    &TOKEN_WITH_LINE_BREAK,
    &TWO_METHODS_AT_TRANSPORT,
    &plugin::OIDC_NO_REFRESH,
    &plugin::OIDC_REFRESH_FAILED,
    &plugin::OIDC_INCOMPLETE,
    &plugin::OIDC_NOT_A_JWT,
    &plugin::PLUGIN_REMOVED,
    &plugin::NO_AUTH_PROVIDER,
    &PROMPT,
    &UNAUTHORIZED,
];

/// Before what the server's own certificate may be: a log of the API server speaks of its
/// clients' certificates.
pub(super) const SERVER_LOG_FAMILIES: &[&Family] = &[&log::SERVER_LOG, &log::SERVER_LOG_TLS];

/// Certain when it has; it is also why kubectl may have got no list of kinds.
pub(super) const CLIENT_CERTIFICATE_EXPIRED: Cause = Cause {
    id: "client-certificate-expired",
    title: "The client certificate in this kubeconfig has expired",
    weigh: client_certificate_expired,
    fix: &[
        "Fetch a new kubeconfig. kubeadm: kubeadm certs renew admin.conf, then copy \
         /etc/kubernetes/admin.conf; k3s: restart k3s, then copy /etc/rancher/k3s/k3s.yaml; \
         ACK: the console or DescribeClusterUserKubeconfig; elsewhere the provider's own \
         command.",
        "Renewing on the node does not change copies that were made of the file before.",
    ],
    commands: &["kubectl --context {context} config view --minify --raw | sed -n \
         's/.*client-certificate-data: //p' | base64 -d | openssl x509 -noout -subject \
         -enddate"],
};

/// As [`CLIENT_CERTIFICATE_EXPIRED`], for a token.
pub(super) const TOKEN_EXPIRED: Cause = Cause {
    id: "token-expired",
    title: "The token in this kubeconfig has expired",
    weigh: token_expired,
    fix: &[
        "Sign in again, or fetch a new kubeconfig.",
        "For a service account: create a new token.",
    ],
    commands: &["kubectl -n {sa-namespace} create token {sa-name}"],
};

/// What a program that signs in gives is not seen here: a token, or a certificate.
pub(super) const EXEC_REFUSED: Cause = Cause {
    id: "exec-credential-refused",
    title: "The program that signs in ran, and the server did not accept what it printed",
    weigh: |scene| {
        let used = scene.sent().find_map(|it| match &it.kind {
            CredentialKind::Exec { provider, .. } => Some(provider.as_ref().map(|it| it.name)),
            _ => None,
        });
        let region = scene.argument(&["--region"]).filter(|it| {
            scene.server().is_some_and(|server| {
                server.host.ends_with(".eks.amazonaws.com")
                    && !server.host.contains(&format!(".{it}."))
            })
        });
        if let (Some(_), Some(region)) = (&used, region) {
            return Weight::of(LIKELY).because(format!(
                "Its arguments name the region {}, and the server is in another one: the name \
                 of the cluster may be that of another.",
                quote::visible(&region)
            ));
        }
        match used {
            Some(Some("Teleport"))
                if scene.exec().is_some_and(|it| it.command.ends_with("tsh")) =>
            {
                Weight::of(LIKELY)
                    .because("What Teleport gave at the last sign-in ends within hours.")
                    .command("tsh login")
            }
            Some(provider) => Weight::of(70).because(match provider {
                Some(name) => format!(
                    "The context signs in with {} ({name}), so its identity comes from \
                     there.",
                    quote::visible(&scene.value("command").unwrap_or_default())
                ),
                None => format!(
                    "The context signs in with {}.",
                    quote::visible(&scene.value("command").unwrap_or_default())
                ),
            }),
            None => Weight::Beside,
        }
    },
    fix: &[
        "Check as whom the program signs in, and that this identity has access to the \
         cluster. On EKS: an access entry or the aws-auth ConfigMap; the profile {aws-profile|in use} \
         must be the right one.",
        "Check that its arguments name this cluster: a token for another one is refused.",
    ],
    commands: &[
        "aws sts get-caller-identity --profile {aws-profile}",
        "aws eks list-access-entries --cluster-name {eks-cluster}",
    ],
};

/// Causes of an Unauthorized: each looks at one kind of credential.
const UNAUTHORIZED_CAUSES: &[Cause] = &[
    CLIENT_CERTIFICATE_EXPIRED,
    Cause {
        id: "client-certificate-unseen",
        title: "The client certificate may have expired; it is not in what was handed in here, \
                so that must be looked up",
        weigh: |scene| match (scene.client_certificate(), scene.client_leaf(), scene.user()) {
            (Some(_), None, Some(user)) => Weight::of(55)
                .because(
                    "Certificates that last a year and were not renewed are the most common \
                     reason for this answer.",
                )
                .with("path", user.client_certificate.clone()),
            _ => Weight::Beside,
        },
        fix: &["Look at its end date. If it has passed, fetch a new kubeconfig."],
        commands: &[
            "openssl x509 -noout -subject -enddate -in {path}",
            "kubectl --context {context} config view --minify --raw --flatten | sed -n \
             's/.*client-certificate-data: //p' | base64 -d | openssl x509 -noout -subject \
             -enddate",
        ],
    },
    Cause {
        id: "client-certificate-not-yet-valid",
        title: "The client certificate in this kubeconfig is not valid yet",
        weigh: |scene| {
            let Some(leaf) = scene.client_leaf() else { return Weight::Beside };
            match period(&leaf.validity, scene.now()) {
                Period::NotBegun(start) => Weight::of(CERTAIN)
                    .because(format!("It becomes valid {}.", when(start, scene.now()))),
                _ => Weight::Beside,
            }
        },
        fix: &["Check the clocks of the server and of the machine that issued it; else wait."],
        commands: &["date -u"],
    },
    TOKEN_EXPIRED,
    Cause {
        id: "redacted-credential",
        title: "The credential in this kubeconfig is a placeholder that stands where a secret \
                was removed",
        weigh: |scene| {
            let Some(user) = scene.user() else { return Weight::Beside };
            let token = user.token.reveal().trim();
            let placeholder = ["REDACTED", "DATA+OMITTED", "***", "xxx", "XXXX"].contains(&token)
                || token.starts_with('<') && token.ends_with('>')
                || token.ends_with("...")
                || token.ends_with('…');
            match placeholder {
                true => Weight::of(80).because("The token is no token but a placeholder."),
                false => Weight::Beside,
            }
        },
        fix: &[
            "If it was taken out only to hand the file over here, look at the causes below: the \
             token itself cannot be judged.",
            "Otherwise take the kubeconfig with its secrets: kubectl config view --raw prints them.",
        ],
        commands: &["kubectl config view --raw --flatten --minify"],
    },
    Cause {
        id: "token-malformed",
        title: "The token in this kubeconfig was damaged when it was copied",
        weigh: |scene| {
            let Some(user) = scene.user() else { return Weight::Beside };
            let token = user.token.reveal();
            let fault = if token.starts_with("Bearer ") || token.starts_with("bearer ") {
                "It begins with the word Bearer, which kubectl adds by itself."
            } else if token.trim() != token.as_str() || token.trim().contains(char::is_whitespace) {
                "It has a blank or a line break in it."
            } else if token.starts_with("ZXlK") {
                "It is base64 of a token: a Secret holds it encoded once more."
            } else {
                return Weight::Beside;
            };
            Weight::of(95).because(fault)
        },
        fix: &["Put the bare token there, on one line, without quotes or blanks."],
        commands: &[],
    },
    Cause {
        id: "basic-auth-removed",
        title: "The kubeconfig signs in with user name and password, which API servers no \
                longer accept",
        weigh: |scene| {
            let basic = scene.sent().any(|it| matches!(it.kind, CredentialKind::Basic { .. }));
            match basic {
                true => Weight::of(85).because("Kubernetes removed basic authentication in 1.19."),
                false => Weight::Beside,
            }
        },
        fix: &["Fetch a kubeconfig with a client certificate, a token or a sign-in program."],
        commands: &[],
    },
    Cause {
        id: "no-credential-over-http",
        title: "kubectl sends no credential at all, because the server's address is not https",
        weigh: |scene| match scene.server() {
            Some(it) if it.scheme == "http" => Weight::of(90).because(format!(
                "The server is {}; over http kubectl keeps every credential to itself.",
                quote::visible(&it.url)
            )),
            _ => Weight::Beside,
        },
        fix: &["Write https:// in front of the server's address."],
        commands: &[
            "kubectl config set-cluster {cluster|NAME} --server=https://{host|HOST}:{port|6443}",
        ],
    },
    Cause {
        id: "password-in-server-address",
        title: "A user name in the server's address replaces the token",
        weigh: |scene| match scene.server().is_some_and(|it| it.has_userinfo) {
            true => Weight::of(90).because("The server's address has a user name before the host."),
            false => Weight::Beside,
        },
        fix: &["Remove the user name and password from the server's address."],
        commands: &[],
    },
    Cause {
        id: "credential-swapped",
        title: "Two files define the same user name, and kubectl sends the credential of the \
                other one",
        weigh: |scene| {
            let name = scene.value("user").unwrap_or_default();
            let hidden = scene
                .facts
                .readings
                .iter()
                .flat_map(|it| &it.merged.shadowed)
                .find(|it| it.list == "users" && it.name == name && !it.same);
            match hidden {
                Some(_) => Weight::of(88).because(format!(
                    "The user {} stands in several of the files, with different credentials; \
                     the first file wins.",
                    quote::visible(&name)
                )),
                None => Weight::Beside,
            }
        },
        fix: &["Give the users different names before you merge the files."],
        commands: &["kubectl --kubeconfig FILE --context {context} get namespaces"],
    },
    Cause {
        id: "client-certificate-chain-expired",
        title: "A certificate behind the client's own, which kubectl sends with it, has expired",
        weigh: |scene| {
            let Some(it) = scene.client_certificate() else { return Weight::Beside };
            let periods = it.chain.readable().map(|it| period(&it.validity, scene.now()));
            let ends = periods.skip(1).filter_map(|it| match it {
                Period::Over(end) => Some(end),
                _ => None,
            });
            match ends.min() {
                Some(end) => Weight::of(80).because(format!(
                    "It expired {}; the server takes no way to its authority over it.",
                    when(end, scene.now())
                )),
                None => Weight::Beside,
            }
        },
        fix: &["Fetch the kubeconfig again."],
        commands: &[],
    },
    Cause {
        id: "client-certificate-other-ca",
        title: "The client certificate was issued by another authority than this cluster's",
        weigh: |scene| {
            let signed = scene.context.and_then(|it| scene.facts.signed_by_ca(&it.effective));
            let (Some(leaf), Some(ca), Some(signed)) =
                (scene.client_leaf(), scene.cas().first().copied(), signed)
            else {
                return Weight::Beside;
            };
            if scene.mixed {
                return Weight::of(60).because(
                    "The command puts the user of one context to the cluster of another.",
                );
            }
            match signed {
                Signature::Valid => Weight::RuledOut(
                    "A client certificate of another cluster: the certificate authority in this \
                     kubeconfig signed it."
                        .to_owned(),
                ),
                Signature::WrongKey => Weight::of(85).because(format!(
                    "It names {} as its issuer, and the authority of that name in this \
                     kubeconfig did not sign it: the two are from different clusters, or from \
                     before and after a change of the authority.",
                    quote::visible(&leaf.issuer().rfc4514())
                )),
                Signature::OtherIssuer => Weight::of(match leaf.issuer().rfc4514().as_str() {
                    // The names of k3s and OpenShift.
                    it if it.contains("client-ca") || it.contains("signer") => 30,
                    _ => 60,
                })
                .because(format!(
                    "It was issued by {}, and the server's authority is {}. That is normal \
                     where clients have an authority of their own, as in k3s and OpenShift.",
                    quote::visible(&leaf.issuer().rfc4514()),
                    quote::visible(&ca.subject().rfc4514())
                )),
                Signature::NotChecked => Weight::of(REMOTE),
            }
        },
        fix: &["Fetch the kubeconfig of this very cluster again."],
        commands: &[],
    },
    EXEC_REFUSED,
    Cause {
        id: "no-credential",
        title: "The context sends no credential",
        weigh: |scene| match (scene.user_facts(), scene.sent().next()) {
            (Some(user), None) if user.credentials.is_empty() => Weight::of(60).because(
                "The user has none. kubectl itself would ask for a user name; other programs \
                 send nothing.",
            ),
            _ => Weight::Beside,
        },
        fix: &["Fetch the kubeconfig again."],
        commands: &[],
    },
    Cause {
        id: "credential-revoked",
        title: "The server does not accept the credential: it was revoked, its owner was \
                removed, it belongs to another cluster, or it has expired without saying when",
        weigh: revoked,
        fix: &[
            "Fetch a new kubeconfig for this cluster.",
            "If the cluster was created anew at the same address, every kubeconfig from before \
             is void.",
        ],
        commands: &["kubectl --context {context|NAME} auth whoami"],
    },
];

static UNAUTHORIZED: Family = Family {
    id: "unauthorized",
    says: &[
        "You must be logged in to the server",
        "the server has asked for the client to provide credentials",
        "reason\":\"Unauthorized",
        "code\": 401",
        "401 Unauthorized",
        "http status 401",
        "statusCode=401",
        "StatusCode: 401",
        "ApiException: Unauthorized",
        "Error from server (Unauthorized)",
        "failed to authenticate: Unauthorized",
        "message\": \"Unauthorized",
        "invalid bearer token",
        "Token has expired",
        "Unauthorized",
    ],
    causes: UNAUTHORIZED_CAUSES,
    source: "kubectl v0.33.1 pkg/cmd/util/helpers.go, checkErr",
};

/// Weighs an expired client certificate.
pub(super) fn client_certificate_expired(scene: &Scene<'_>) -> Weight {
    let Some(leaf) = scene.client_leaf() else {
        let none = scene.user_facts().is_some() && scene.client_certificate().is_none();
        // What a program that signs in gives may be one.
        return match none && scene.exec().is_none() {
            true => Weight::RuledOut(
                "An expired client certificate: this context sends none.".to_owned(),
            ),
            false => Weight::Beside,
        };
    };
    match period(&leaf.validity, scene.now()) {
        Period::Over(end) => Weight::of(CERTAIN).because(format!(
            "The client certificate of {} expired {}.",
            quote::visible(&scene.value("user").unwrap_or_default()),
            when(end, scene.now())
        )),
        Period::NotBegun(_) => Weight::Beside,
        Period::Holds(Some(end)) => Weight::RuledOut(format!(
            "An expired client certificate: it holds until {}.",
            end.words()
        )),
        Period::Holds(None) => Weight::Beside,
    }
}

fn token_expired(scene: &Scene<'_>) -> Weight {
    let token = scene.sent().find_map(|it| match &it.kind {
        CredentialKind::Token(token) => Some((it, token)),
        CredentialKind::AuthProvider { token: Some(token), .. } => Some((it, token)),
        _ => None,
    });
    let Some((credential, token)) = token else { return Weight::Beside };
    let account = match token {
        Token::Jwt(jwt) => jwt.service_account.clone(),
        _ => None,
    };
    let weight = match credential.validity.map(|it| period(&it, scene.now())) {
        Some(Period::Over(end)) => {
            Weight::of(CERTAIN).because(format!("The token expired {}.", when(end, scene.now())))
        }
        Some(Period::Holds(Some(end))) => {
            return Weight::RuledOut(format!("An expired token: it holds until {}.", end.words()));
        }
        Some(Period::NotBegun(start)) => Weight::of(LIKELY)
            .because(format!("The token becomes valid {}.", when(start, scene.now()))),
        Some(Period::Holds(None)) | None => return Weight::Beside,
    };
    match account {
        Some(it) => weight.with("sa-namespace", it.namespace).with("sa-name", it.name),
        None => weight,
    }
}

fn revoked(scene: &Scene<'_>) -> Weight {
    let mut weight = Weight::of(48);
    let identity = scene.context.and_then(|it| it.in_use.identity.as_ref());
    if let Some(cloud) = identity.and_then(|it| it.alibaba_cloud.as_ref()) {
        weight = Weight::of(POSSIBLE)
            .because(format!("The identity is the Alibaba Cloud account {}.", quote::visible(&cloud.user_id)))
            .step("On ACK: check whether the kubeconfig of this account was revoked, deleted (the recycle bin can restore it), or renewed, and fetch a new one.");
    }
    let token = scene.sent().find_map(|it| match &it.kind {
        CredentialKind::Token(token) => Some((it, token)),
        _ => None,
    });
    if token.is_some_and(|(it, _)| it.validity.is_none_or(|it| it.not_after.is_none())) {
        weight =
            weight.because("The token does not say when it ends, so it may simply have expired.");
    }
    let bound = token.and_then(|it| match it.1 {
        Token::Jwt(jwt) => jwt.service_account.clone(),
        _ => None,
    });
    if let Some(account) = bound {
        weight = weight
            .because(format!(
                "The token is of the service account {} in the namespace {}: deleting that, its \
                 Secret or the pod that it is bound to ends the token.",
                quote::visible(&account.name),
                quote::visible(&account.namespace)
            ))
            .command(format!(
                "kubectl -n {} get serviceaccount {}",
                template::word(&account.namespace),
                template::word(&account.name)
            ));
    }
    weight
}

/// Whether a token that is written there has one, or one that is not may have it.
fn may_have_line_break(user: &AuthInfo) -> bool {
    user.token.reveal().contains(|it: char| it.is_control())
        || user.exec.is_some()
        || user.auth_provider.is_some()
        || !user.token_file.is_empty()
}

static TOKEN_WITH_LINE_BREAK: Family = Family {
    id: "token-with-line-break",
    says: &["invalid header field value for \"Authorization\""],
    causes: &[Cause {
        id: "token-with-line-break",
        title: "The token has a line break or another control character in it",
        weigh: |scene| match scene
            .user()
            .map(|it| it.token.reveal().contains(|it: char| it.is_control()))
        {
            Some(true) => Weight::of(CERTAIN).because(format!(
                "The token of {} has one. A token under | in YAML ends with a line break.",
                quote::visible(&scene.value("user").unwrap_or_default())
            )),
            _ if scene.exec().is_some() => {
                Weight::of(LIKELY).because("The program that signs in gives the token.")
            }
            _ if scene.no_user(may_have_line_break) && !scene.said("--token") => {
                Weight::of_another()
            }
            _ => Weight::of(LIKELY),
        },
        fix: &["Write the token on one line, directly after token: and without | or >."],
        commands: &[],
    }],
    source: "Go 1.24 net/http/transport.go",
};

static TWO_METHODS_AT_TRANSPORT: Family = Family {
    id: "token-and-password",
    says: &[
        "username/password or bearer token may be set, but not both",
        "more than one authentication method found for {user}; found",
    ],
    causes: &[Cause {
        id: "token-and-password",
        title: "The user {user|in use} has both a token and a user name with password, and only \
                one of them may be there",
        weigh: super::file::shown_by_problem,
        fix: &["Remove username and password; API servers no longer accept them."],
        commands: &[
            "kubectl config unset users.{user|NAME}.username",
            "kubectl config unset users.{user|NAME}.password",
        ],
    }],
    source: "client-go v0.33.1 tools/clientcmd/validation.go, validateAuthInfo",
};

static PROMPT: Family = Family {
    id: "please-enter-username",
    says: &["Please enter Username", "Please enter Password", "error: EOF"],
    causes: &[
        Cause {
            id: "user-missing",
            title: "The context names the user {user}, and the kubeconfig has no user of that \
                    name, so kubectl asks for one",
            weigh: |scene| match (scene.written(), scene.context) {
                (Some(it), Some(context))
                    if context.effective.user.is_none() && !it.user.is_empty() =>
                {
                    Weight::of(CERTAIN)
                        .because(format!("There is no user {} in it.", quote::visible(&it.user)))
                }
                _ => Weight::Beside,
            },
            fix: &[
                "Correct the name in the context, or add the user; a merge or a rename usually lost it.",
            ],
            commands: &["kubectl config set-context {context} --user=NAME"],
        },
        Cause {
            id: "no-credentials",
            title: "The user {user|of the context} has no credential, so kubectl asks for one",
            weigh: |scene| {
                let nothing = scene.context.is_some_and(|it| it.in_use.credential.is_none());
                match (scene.user_facts(), nothing) {
                    (Some(user), _) if user.credentials.iter().any(|it| it.sent) => {
                        Weight::RuledOut(format!(
                            "An empty user in the context {}: it has a credential, so kubectl \
                             used another context or file.",
                            quote::visible(&scene.value("context").unwrap_or_default())
                        ))
                    }
                    (Some(_), _) => Weight::of(CERTAIN).because(format!(
                        "The user {} has no certificate, token, program or user name that \
                         kubectl would send.",
                        quote::visible(&scene.value("user").unwrap_or_default())
                    )),
                    (None, _) => Weight::of(POSSIBLE),
                }
            },
            fix: &["Fetch the kubeconfig again; typing a user name does not help, API servers no \
                 longer accept passwords."],
            commands: &[],
        },
        Cause {
            id: "other-context",
            title: "kubectl used another context or another file than this one",
            weigh: |scene| match scene.sent().next() {
                Some(_) => Weight::of(60).because("The context looked at here has a credential."),
                None => Weight::of(REMOTE),
            },
            fix: &["See which file and context kubectl uses."],
            commands: &["echo \"$KUBECONFIG\"; kubectl config current-context"],
        },
    ],
    source: "client-go v0.33.1 tools/clientcmd/auth_loaders.go, PromptingAuthLoader",
};
