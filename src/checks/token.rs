//! Bearer tokens, passwords, and which of several credentials counts.

use super::{
    Check, Citation, Emit,
    Run::Entries,
    Severity,
    certificate::has_key_alone,
    citation,
    file::is_template,
    list,
    view::{Part, SeenUser, is_stopped, seen_cluster, seen_user},
};
use crate::{
    decode::token::{self, Blemish, Jwt, Token},
    facts::{Credential, CredentialKind},
    masking,
    source::Place,
    time::{DAY, Timestamp},
};

pub(super) const CHECKS: &[&Check] = &[
    &EXPIRED,
    &NOT_YET_VALID,
    &TOKEN_AND_PASSWORD,
    &TOKEN_FILE_AND_PASSWORD,
    &LINE_BREAK,
    &BEARER_WORD,
    &QUOTED,
    &ENCODED_TWICE,
    &BLANK,
    &UNSIGNED,
    &BASIC,
    &NO_CREDENTIAL,
    &PASSED_OVER,
    &ENDS_SOON,
    &NO_END,
    &AUDIENCE,
    &TOKEN_AND_FILE,
    &BOOTSTRAP,
    &SEVERAL,
];

fn jwt(token: &Token) -> Option<&Jwt> {
    match token {
        Token::Jwt(it) => Some(it),
        _ => None,
    }
}

/// When a token ends.
fn end(token: &Token) -> Option<Timestamp> {
    match token {
        Token::Jwt(it) => it.expires_at,
        Token::Aws(it) | Token::Ack(it) => it.expires_at,
        Token::OpenShift | Token::Rancher | Token::Bootstrap { .. } | Token::Opaque { .. } => None,
    }
}

static EXPIRED: Check = Check {
    id: "token-expired",
    severity: Severity::Error,
    title: "The token has expired",
    why: "The API server does not accept it, and kubectl reports that you must be logged in to the \
          server.",
    fix: "Sign in again, or ask for a new token: kubectl create token NAME for a service account.",
    citations: &[Citation::Rfc { number: 7519, section: "4.1.4" }],
    run: Entries(|part, emit| {
        for (credential, token) in &part.tokens {
            if let Some(end) = end(token)
                && end <= part.now
                && credential.passed_over.is_none()
            {
                emit.finding(
                    &credential.place,
                    format!("It expired on {}, {}.", end.words(), end.distance(part.now)),
                );
            }
        }
    }),
};

static NOT_YET_VALID: Check = Check {
    id: "token-not-yet-valid",
    severity: Severity::Error,
    title: "The token is not valid yet",
    why: "The API server does not accept it earlier than a minute before its first moment. Mostly the \
          clock of one machine is wrong.",
    fix: "Compare the clock of this machine with that of the machine that issued the token.",
    citations: &[Citation::Rfc { number: 7519, section: "4.1.5" }],
    run: Entries(|part, emit| {
        for (credential, token) in &part.tokens {
            if let Some(start) = jwt(token).and_then(|it| it.not_before)
                && part.now.plus(token::LEEWAY) < start
                && credential.passed_over.is_none()
            {
                emit.finding(
                    &credential.place,
                    format!(
                        "It becomes valid on {}; the clock used here says {}.",
                        start.words(),
                        part.now.words()
                    ),
                );
            }
        }
    }),
};

static ENDS_SOON: Check = Check {
    id: "token-ends-within-7-days",
    severity: Severity::Warning,
    title: "The token expires within 7 days",
    why: "From then on every request fails, and kubectl only reports that you must be logged in to \
          the server.",
    fix: "Ask for a new token now.",
    citations: &[Citation::Rfc { number: 7519, section: "4.1.4" }],
    run: Entries(|part, emit| {
        for (credential, token) in &part.tokens {
            let Some(jwt) = jwt(token) else { continue };
            let Some(end) = jwt.expires_at.filter(|it| part.now < *it) else { continue };
            // What lives for days is meant to end soon: its last days are no news.
            let lives_long = jwt.issued_at.is_some_and(|it| 14 * DAY < end.since(it));
            if lives_long && end.since(part.now) <= 7 * DAY {
                emit.finding(
                    &credential.place,
                    format!("It expires on {}, {}.", end.words(), end.distance(part.now)),
                );
            }
        }
    }),
};

static NO_END: Check = Check {
    id: "token-without-end",
    severity: Severity::Warning,
    title: "The token never expires",
    why: "Whoever gets a copy can use it until it is revoked by hand.",
    fix: "Use a token with an end: kubectl create token NAME --duration=8h. For that of a service \
          account, delete the Secret that it comes from, or the account.",
    citations: &[citation::HARDENING_LEGACY_TOKENS],
    run: Entries(|part, emit| {
        for (credential, token) in &part.tokens {
            let Some(jwt) = jwt(token).filter(|it| it.expires_at.is_none()) else { continue };
            let account = jwt.service_account.as_ref();
            let detail = match (account, account.and_then(|it| it.secret.as_ref())) {
                (Some(it), Some(secret)) => format!(
                    "It is that of the service account {} in {}, and comes from the Secret \
                     {secret}.",
                    it.name, it.namespace
                ),
                (Some(it), None) => {
                    format!("It is that of the service account {} in {}.", it.name, it.namespace)
                }
                (None, _) => "It says nothing about its end.".to_owned(),
            };
            emit.finding(&credential.place, detail);
        }
    }),
};

/// Audiences that clusters are set up with; RKE calls its own unknown, and k0s had that of a proxy.
const AUDIENCES: &[&str] =
    &["api", "k3s", "rke2", "openshift", "unknown", "system:konnectivity-server"];

static AUDIENCE: Check = Check {
    id: "token-for-another-audience",
    severity: Severity::Warning,
    title: "The token seems to be meant for another service",
    why: "An API server accepts only service account tokens that name one of its audiences, and \
          these do not look like those of a cluster.",
    fix: "Ask for a token without --audience: kubectl create token NAME.",
    citations: &[Citation::Rfc { number: 7519, section: "4.1.3" }],
    run: Entries(|part, emit| {
        for (credential, token) in &part.tokens {
            let Some(jwt) = jwt(token).filter(|it| it.service_account.is_some()) else { continue };
            let issuer = jwt.issuer.as_deref().unwrap_or_default();
            let of_a_cluster = |it: &String| {
                it == issuer
                    || it.contains("kubernetes")
                    || it.contains("container.googleapis.com")
                    || AUDIENCES.contains(&it.as_str())
            };
            if !jwt.audience.is_empty() && !jwt.audience.iter().any(of_a_cluster) {
                emit.finding(&credential.place, format!("It is for {}.", list(&jwt.audience)));
            }
        }
    }),
};

/// Says `detail` of the `token` fields with that `blemish`.
fn blemished(part: &Part<'_>, emit: &mut Emit<'_>, blemish: Blemish, detail: &str) {
    for it in &part.signers {
        let place = it.field("token");
        let passed_over = |other: &Credential| other.place == place && other.passed_over.is_some();
        let text = it.written.token.reveal();
        if token::blemish(text) == Some(blemish)
            && !is_template(text)
            && !it.facts.credentials.iter().any(passed_over)
        {
            emit.finding(&place, detail);
        }
    }
}

static LINE_BREAK: Check = Check {
    id: "token-with-control-character",
    severity: Severity::Error,
    title: "There is a line break or another control character in the token",
    why: "kubectl cannot send it and stops with invalid header field value for Authorization.",
    fix: "Put the token on one line, without the sign | in front of it.",
    citations: &[citation::BEARER, Citation::Rfc { number: 9110, section: "5.5" }],
    run: Entries(|_, emit| emit.problems_called("token-with-control-character")),
};

static BEARER_WORD: Check = Check {
    id: "token-with-bearer",
    severity: Severity::Error,
    title: "The token begins with the word Bearer",
    why: "kubectl adds that word itself, so the server gets it twice and does not know the token.",
    fix: "Delete the word and the blank after it.",
    citations: &[citation::BEARER, Citation::Rfc { number: 6750, section: "2.1" }],
    run: Entries(|part, emit| {
        let detail = "Only what comes after the blank is the token.";
        blemished(part, emit, Blemish::Bearer, detail);
    }),
};

static QUOTED: Check = Check {
    id: "token-in-quotes",
    severity: Severity::Error,
    title: "Quotation marks stand around the token",
    why: "kubectl sends them as a part of the token, and the server does not know it. Curly ones, \
          and those inside of other ones, are no quotation marks to YAML.",
    fix: "Delete these quotation marks.",
    citations: &[citation::BEARER, Citation::Rfc { number: 6750, section: "2.1" }],
    run: Entries(|part, emit| {
        let detail = "Only what stands between them is the token.";
        blemished(part, emit, Blemish::Quotes, detail);
    }),
};

static ENCODED_TWICE: Check = Check {
    id: "token-in-base64",
    severity: Severity::Error,
    title: "The token is still encoded in base64",
    why: "In a Secret the token is encoded; in a kubeconfig it is not. The server does not know the \
          encoded text.",
    fix: "Decode it once: kubectl get secret NAME -o jsonpath='{.data.token}' | base64 -d.",
    citations: &[citation::BEARER, Citation::Rfc { number: 7519, section: "3" }],
    run: Entries(|part, emit| {
        blemished(part, emit, Blemish::Base64, "It is that of a JSON Web Token in base64.");
    }),
};

static BLANK: Check = Check {
    id: "token-with-blank",
    severity: Severity::Error,
    title: "There is a blank in the token",
    why: "The API server reads the header up to the blank, and nothing at all when the token begins \
          with one. YAML makes a blank of each line break in a value without quotation marks.",
    fix: "Put the token on one line, without blanks.",
    citations: &[citation::BEARER, Citation::Rfc { number: 6750, section: "2.1" }],
    run: Entries(|part, emit| {
        blemished(part, emit, Blemish::Blank, "No token holds a blank.");
    }),
};

static UNSIGNED: Check = Check {
    id: "token-without-signature",
    severity: Severity::Error,
    title: "The token is not signed",
    why: "The API server accepts no JSON Web Token whose signature is missing, or whose header says \
          that there is none.",
    fix: "Copy the whole token, with what stands behind its second dot, or ask for a new one.",
    citations: &[citation::BEARER, Citation::Rfc { number: 7519, section: "6" }],
    run: Entries(|part, emit| {
        for (credential, token) in &part.tokens {
            let Some(jwt) = jwt(token).filter(|it| it.unsigned) else { continue };
            if credential.passed_over.is_none() {
                let detail = match &jwt.algorithm {
                    Some(it) if it.eq_ignore_ascii_case("none") => "Its algorithm is none.",
                    _ => "Nothing stands behind its second dot.",
                };
                emit.finding(&credential.place, detail);
            }
        }
    }),
};

static PASSED_OVER: Check = Check {
    id: "credential-refused-beside-another",
    severity: Severity::Warning,
    title: "One of the credentials is not accepted, and another one works in its place",
    why: "kubectl sends both. The API server ignores the one and goes by the other, so the user may \
          be another than the first one names.",
    fix: "Delete the one that is not accepted, or replace it.",
    citations: &[citation::CREDENTIALS],
    run: Entries(|part, emit| {
        for user in &part.signers {
            for it in &user.facts.credentials {
                let Some(reason) = it.passed_over else { continue };
                // An expired certificate has a check of its own.
                if it.is_header() || reason != "has expired" {
                    let name = names(&[it]).concat();
                    emit.finding(
                        &it.place,
                        format!("The API server does not accept {name}: it {reason}."),
                    );
                }
            }
        }
    }),
};

static TOKEN_AND_PASSWORD: Check = Check {
    id: "token-and-basic",
    severity: Severity::Error,
    title: "A user has both a token and a password",
    why: "kubectl stops with more than one authentication method found.",
    fix: "Delete username and password.",
    citations: &[citation::VALIDATE_USER],
    run: Entries(|_, emit| emit.problems()),
};

static TOKEN_FILE_AND_PASSWORD: Check = Check {
    id: "token-file-and-basic",
    severity: Severity::Error,
    title: "A user has both a token file and a password",
    why: "kubectl stops with username/password or bearer token may be set, but not both.",
    fix: "Delete username and password.",
    citations: &[Citation::ClientGo {
        path: "transport/round_trippers.go",
        symbol: "HTTPWrappersForConfig",
    }],
    run: Entries(|_, emit| emit.problems()),
};

static BASIC: Check = Check {
    id: "password-sign-in",
    severity: Severity::Error,
    title: "The user signs in with a password",
    why: "API servers since Kubernetes 1.19 know no passwords; only a proxy in front of one could \
          take it.",
    fix: "Ask the administrator of the cluster for a certificate, a token or the provider's sign-in.",
    citations: &[citation::NO_BASIC_AUTH],
    run: Entries(|part, emit| {
        for user in &part.signers {
            let mut sent = user.facts.credentials.iter().filter(|it| it.sent);
            if let (Some(it), None) = (sent.next(), sent.next())
                && let CredentialKind::Basic { username } = &it.kind
            {
                let detail = format!("The password is that of {username}.");
                emit.finding(&user.field("username"), detail);
            }
        }
        for context in &part.contexts {
            let in_use = &context.in_use;
            if !in_use.password_in_address || in_use.credential.is_some() || is_stopped(context) {
                continue;
            }
            let user = context.effective.user.and_then(|it| part.user(it));
            let cluster = context.effective.cluster.and_then(|it| seen_cluster(part, it));
            // A program may print a certificate, which travels elsewhere.
            if let (Some(user), Some(it)) = (user, cluster)
                && user.body.exec.is_none()
            {
                let detail = "It stands in the server address, and is all that kubectl sends.";
                emit.context(context, &it.field("server"), detail);
            }
        }
    }),
};

static NO_CREDENTIAL: Check = Check {
    id: "no-credential",
    severity: Severity::Error,
    title: "A user has nothing to sign in with",
    why: "kubectl asks for a user name and a password, which no current API server takes, and stops \
          with EOF where nobody can answer.",
    fix: "Fetch the kubeconfig again, or add a credential with kubectl config set-credentials NAME.",
    citations: &[citation::CREDENTIALS, citation::NO_BASIC_AUTH],
    run: Entries(|part, emit| {
        for context in &part.stopped {
            let asks = context.effective.problems.iter().any(|it| it.id == "no-credentials");
            // Where the user is missing altogether, that is what has to be said.
            let user = context.effective.user.and_then(|it| seen_user(part, it));
            let Some(user) = user.filter(|it| asks && part.spelling.is_legible(it.place.file))
            else {
                continue;
            };
            let detail = match has_key_alone(user.written) {
                _ if !user.written.token_file.is_empty() => {
                    format!("The token file of {} is empty.", user.name)
                }
                true => format!("{} has a private key without a certificate.", user.name),
                false => format!("{} has neither certificate nor token.", user.name),
            };
            let missing = CREDENTIALS
                .iter()
                .map(|it| user.field(it))
                .find(|it| part.spelling.misspelled(it).is_some())
                .unwrap_or_else(|| user.place.field("user"));
            emit.missing(None, &missing, detail);
        }
    }),
};

/// The fields of a user that kubectl can sign in with.
const CREDENTIALS: &[&str] = &[
    "client-certificate-data",
    "client-certificate",
    "token",
    "tokenFile",
    "exec",
    "auth-provider",
    "username",
];

static TOKEN_AND_FILE: Check = Check {
    id: "token-and-token-file",
    severity: Severity::Warning,
    title: "A user has both a token and a token file",
    why: "kubectl uses the file when it can be read, and otherwise the token, without saying which. \
          On two machines the same file can sign in as two users.",
    fix: "Delete the one that is not meant.",
    citations: &[citation::BEARER],
    run: Entries(|part, emit| {
        for it in &part.seen_users {
            if !it.written.token.is_empty() && !it.written.token_file.is_empty() {
                emit.finding(
                    &it.field("tokenFile"),
                    format!("The file is {}.", masking::path(&it.written.token_file)),
                );
            }
        }
    }),
};

static BOOTSTRAP: Check = Check {
    id: "bootstrap-token",
    severity: Severity::Warning,
    title: "The token is one for joining nodes",
    why: "It signs in as a machine that wants to join the cluster, may do little else, and is deleted \
          after its time, mostly a day.",
    fix: "Use an identity of your own. Treat this token as leaked: with it, a machine can join.",
    citations: &[citation::HARDENING_BOOTSTRAP],
    run: Entries(|part, emit| {
        for (credential, token) in &part.tokens {
            if let Token::Bootstrap { id } = token {
                emit.finding(&credential.place, format!("Its public half is {id}."));
            }
        }
    }),
};

static SEVERAL: Check = Check {
    id: "several-credentials",
    severity: Severity::Notice,
    title: "A user has several credentials",
    why: "kubectl sends a client certificate and a token together, and the API server goes by the \
          first that it accepts. A program is not run when there is another credential.",
    fix: "Keep one, so that it is clear who signs in, and what has to be renewed.",
    citations: &[citation::EXEC_SKIPPED, citation::CREDENTIALS],
    run: Entries(|part, emit| {
        // What a password in the server address takes the place of has a check of its own.
        let users = part.seen_users.iter().filter(|it| !part.behind_password.contains(&it.entry));
        for user in users.filter(|it| !is_refused(it)) {
            // A token beside its file and a key without a certificate have checks of their own.
            let known = |it: &&Credential| match &it.kind {
                CredentialKind::TokenFile { .. } => user.written.token.is_empty(),
                CredentialKind::ClientCertificate(_) => !has_key_alone(user.written),
                _ => true,
            };
            let credentials: Vec<&Credential> =
                user.facts.credentials.iter().filter(known).collect();
            let (sent, unused): (Vec<&Credential>, Vec<&Credential>) =
                credentials.iter().partition(|it| it.sent);
            let place: Place = user.place.field("user");
            match (names(&sent), names(&unused)) {
                _ if credentials.len() < 2 => {}
                (sent, unused) if unused.is_empty() => {
                    emit.finding(&place, format!("kubectl sends {}.", list(&sent)));
                }
                (sent, unused) => emit.finding(
                    &place,
                    format!(
                        "kubectl sends {}; unused: {}.{}",
                        list(&sent),
                        list(&unused),
                        // Beside a token the program has not been run since 1.19.
                        match sent.as_slice() {
                            ["the client certificate"] if unused.contains(&PROGRAM) => {
                                " kubectl before 1.24 runs the program as well."
                            }
                            _ => "",
                        }
                    ),
                ),
            }
        }
    }),
};

/// Whether kubectl stops at the user because some of its credentials exclude each other.
fn is_refused(user: &SeenUser<'_>) -> bool {
    let it = user.written;
    let has_name = !it.username.is_empty();
    let two_plugins = it.exec.is_some() && it.auth_provider.is_some();
    two_plugins
        || (!it.token.is_empty() && (has_name || !it.password.is_empty()))
        || (!it.token_file.is_empty() && has_name)
}

const PROGRAM: &str = "the program's credential";

fn names(credentials: &[&Credential]) -> Vec<&'static str> {
    credentials
        .iter()
        .map(|it| match it.kind {
            CredentialKind::ClientCertificate(_) => "the client certificate",
            CredentialKind::Token(_) => "the token",
            CredentialKind::TokenFile { .. } => "the token file",
            CredentialKind::Exec { .. } => PROGRAM,
            CredentialKind::AuthProvider { .. } => "the built-in plugin's token",
            CredentialKind::Basic { .. } => "the password",
        })
        .collect()
}
