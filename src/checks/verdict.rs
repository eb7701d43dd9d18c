//! The answer for one context: whether kubectl gets through with it and until when, as whom and
//! over what kind of connection, and what no file can tell.
//!
//! Knows the findings, so that the two never contradict each other. Each sentence is whole: another
//! language puts its parts in another order.

use super::{Finding, Severity, entries, file::TEXT_MENDED, list, tls::last_moment};
use crate::{
    decode::{token::Token, x509::Certificate},
    facts::{
        ClusterFacts, ContextFacts, CredentialKind, Facts, Identity, Impersonation, Reach, Server,
        TlsMode,
    },
    kubeconfig::Exec,
    masking,
    time::Timestamp,
};

/// The answer for one context.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The answer as a value, for an icon or a column.
    pub status: Status,
    /// When it stopped working, where that is over.
    pub stopped: Option<Timestamp>,
    /// The answer in words: first how it stands, as the status does, then why or how.
    pub sentences: Vec<String>,
    /// What cannot be known from the file, as sentences.
    pub unknowns: Vec<String>,
}

/// The answer as a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Nothing in the file is in the way, and the credential names no end.
    Works,
    /// Nothing in the file is in the way until this moment.
    WorksUntil(Timestamp),
    /// kubectl or the server refuses it.
    WillNotWork,
    /// The file does not hold what decides.
    Unknown,
}

impl Status {
    /// Its name in a table: "works", "works until 2027-06-01", "does not work", "unknown".
    pub fn words(self) -> String {
        match self {
            Status::Works => "works".to_owned(),
            Status::WorksUntil(end) => format!("works until {}", end.date()),
            Status::WillNotWork => "does not work".to_owned(),
            Status::Unknown => "unknown".to_owned(),
        }
    }
}

/// The answer for `context`, which is one of `facts`, given what was found in them.
pub fn verdict(facts: &Facts, findings: &[Finding], context: &ContextFacts) -> Verdict {
    let errors = findings.iter().filter(|it| it.check.severity == Severity::Error);
    let error = errors.filter(|it| it.concerns(facts, context)).min_by_key(|it| is_damage(it));
    verdict_given(facts, error, context)
}

/// Whether `finding` says only that the text was damaged on its way: whatever else is wrong stays wrong
/// when it was repaired, and matters more.
pub(crate) fn is_damage(finding: &Finding) -> bool {
    std::ptr::eq(finding.check, &TEXT_MENDED)
}

/// The same, given the error that concerns `context` and matters most.
pub(crate) fn verdict_given(
    facts: &Facts,
    error: Option<&Finding>,
    context: &ContextFacts,
) -> Verdict {
    let seen = Seen::of(facts, context);
    let refusal = match (refused_beside(facts, context), error) {
        (Some(file), _) => {
            Some(format!("kubectl refuses {file}, and with it all that is read as one."))
        }
        (None, Some(error)) if is_damage(error) => {
            Some(format!("{}. Repaired, {}", error.check.title, seen.repaired()))
        }
        (None, Some(error)) => Some(format!("{}.", error.check.title)),
        (None, None) => context.effective.problems.first().map(|it| {
            let words = facts.kubectl_words(&context.effective, &it.kubectl);
            format!("kubectl stops with {words}.")
        }),
    };
    if let Some(why) = refusal {
        let stopped = error.and_then(|it| seen.end_told_by(it)).filter(|it| *it < facts.now);
        let stands = match stopped {
            Some(end) => {
                let distance = end.distance(facts.now);
                format!("This stopped working on {}, {distance}.", end.words())
            }
            None => "This does not work.".to_owned(),
        };
        let sentences = vec![stands, why];
        let status = Status::WillNotWork;
        return Verdict { status, stopped, sentences, unknowns: Vec::new() };
    }
    Verdict {
        status: seen.status(),
        stopped: None,
        sentences: seen.sentences(),
        unknowns: seen.unknowns(),
    }
}

/// The file that kubectl refuses, if `context` is made of others that are read with it.
fn refused_beside<'a>(facts: &'a Facts, context: &ContextFacts) -> Option<&'a str> {
    let refused = context.refused?;
    let is_own = entries(facts, context).any(|it| it.file == refused);
    Some(facts.files.get(refused)?.name.as_str()).filter(|_| !is_own)
}

/// What the answer is made of.
struct Seen<'a> {
    facts: &'a Facts,
    context: &'a ContextFacts,
    kind: Option<&'a CredentialKind>,
    exec: Option<&'a Exec>,
    cluster: Option<&'a ClusterFacts>,
    tls: Option<TlsMode>,
    server: Option<&'a Server>,
}

impl<'a> Seen<'a> {
    fn of(facts: &'a Facts, context: &'a ContextFacts) -> Seen<'a> {
        let cluster = context.effective.cluster.and_then(|it| facts.cluster_facts(it));
        let user = context.effective.user;
        let credential = user
            .zip(context.in_use.credential)
            .and_then(|(user, index)| facts.user_facts(user)?.credentials.get(index));
        Seen {
            facts,
            context,
            kind: credential.map(|it| &it.kind),
            exec: user.and_then(|it| facts.user(it)?.body.exec.as_ref()),
            cluster,
            tls: cluster.map(|it| it.tls),
            server: cluster.and_then(|it| it.server.as_ref()),
        }
    }

    fn status(&self) -> Status {
        match (self.end(), self.kind) {
            (Some(end), _) => Status::WorksUntil(end),
            // Who, and until when, is told by a program, by another file or by the server.
            (None, Some(CredentialKind::Exec { .. } | CredentialKind::AuthProvider { .. })) => {
                Status::Unknown
            }
            (None, Some(CredentialKind::ClientCertificate(_))) => Status::Unknown,
            (None, Some(CredentialKind::Token(it))) if !names_its_end(it) => Status::Unknown,
            (None, Some(CredentialKind::TokenFile { token, .. }))
                if !token.as_ref().is_some_and(names_its_end) =>
            {
                Status::Unknown
            }
            (None, None) => Status::Unknown,
            (None, _) => Status::Works,
        }
    }

    /// When it stops working, as far as the file tells: with the credential, or with the last
    /// CA if that ends first.
    fn end(&self) -> Option<Timestamp> {
        let own = self.context.in_use.expires_at?;
        Some(self.end_of_ca().map_or(own, |it| it.min(own)))
    }

    fn end_of_ca(&self) -> Option<Timestamp> {
        let cluster = self.cluster.filter(|it| it.tls == TlsMode::Verified)?;
        let chain: Vec<&Certificate> = cluster.ca.readable().collect();
        last_moment(&chain)
    }

    /// When that was over of which `error` says that it is over.
    fn end_told_by(&self, error: &Finding) -> Option<Timestamp> {
        match error.check.id {
            "ca-expired" => self.end_of_ca(),
            "client-certificate-expired" | "token-expired" => self.context.in_use.expires_at,
            _ => None,
        }
    }

    /// Whether kubectl fetches the next credential by itself.
    fn renews(&self) -> bool {
        matches!(self.kind, Some(CredentialKind::AuthProvider { renews: true, .. }))
    }

    /// Where kubectl connects to, without secrets.
    fn address(&self) -> String {
        self.server.map_or_else(|| "the server".to_owned(), |it| masking::url(&it.url))
    }

    /// How the connection is protected.
    fn connection(&self) -> &'static str {
        match self.tls {
            Some(TlsMode::Verified) => "It checks the server against the cluster's own CA.",
            Some(TlsMode::SystemRoots) => {
                "It checks the server against the CAs of the operating system."
            }
            Some(TlsMode::Insecure) => "It does not check whether it is the right server.",
            Some(TlsMode::Plaintext) | None => "The connection has no encryption.",
        }
    }

    /// Who signs in, with the groups; those of a service account follow from its name.
    fn who(identity: &Identity) -> String {
        let user = &identity.user;
        match identity.groups.as_slice() {
            _ if user.starts_with("system:serviceaccount:") => user.clone(),
            [] => user.clone(),
            [group] => format!("{user} of the group {group}"),
            groups => format!("{user} of the groups {}", list(groups)),
        }
    }

    /// Whether the server's settings decide who the credential speaks for.
    fn is_claimed(&self) -> bool {
        self.context.in_use.identity.as_ref().is_some_and(|it| it.other_names.is_some())
    }

    /// Whom the server is asked to take kubectl for.
    fn impersonation(&self) -> Option<&'a Impersonation> {
        self.facts.user_facts(self.context.effective.user?)?.impersonates.as_ref()
    }

    /// How it would stand if the text had not been damaged.
    fn repaired(&self) -> String {
        match self.status() {
            Status::WorksUntil(end) => {
                format!("it works until {}, {}.", end.day_words(), end.distance(self.facts.now))
            }
            _ => "nothing in it is in the way.".to_owned(),
        }
    }

    fn sentences(&self) -> Vec<String> {
        let mut sentences = vec![match self.status() {
            Status::WorksUntil(end) => {
                format!("This works until {}, {}.", end.words(), end.distance(self.facts.now))
            }
            Status::Works => "This works, and the file names no end.".to_owned(),
            _ => "The file does not tell until when this works.".to_owned(),
        }];
        if self.renews() && matches!(self.status(), Status::WorksUntil(_)) {
            sentences.push("Then its plugin fetches the next token, if it still may.".to_owned());
        }
        if self.end().is_some_and(|it| self.context.in_use.expires_at.is_some_and(|own| it < own)) {
            sentences.push("Then the CA ends, before the credential.".to_owned());
        }
        if self.tls == Some(TlsMode::Plaintext) && self.kind.is_none() {
            let to = self.address();
            sentences.push(format!(
                "kubectl talks to {to} without any encryption, and therefore sends no credential."
            ));
            return sentences;
        }
        sentences.push(self.signs_in());
        if let Some(it) = self.impersonation() {
            sentences.push(format!("There it acts as {}.", it.user));
        }
        sentences.push(self.connection().to_owned());
        sentences
    }

    /// Where kubectl signs in, as whom and with what.
    fn signs_in(&self) -> String {
        let to = self.address();
        let who = self.context.in_use.identity.as_ref().map(Seen::who);
        let Some(kind) = self.kind else {
            return format!("kubectl talks to {to} without a credential.");
        };
        match (kind, who) {
            (CredentialKind::ClientCertificate(_), Some(who)) => {
                format!("kubectl signs in to {to} as {who} with a client certificate.")
            }
            (CredentialKind::ClientCertificate(it), None) => format!(
                "kubectl signs in to {to} with the certificate that it finds in {}.",
                it.certificate_path
            ),
            // Whoever tells its owner tells its end, but for the tokens with which nodes join.
            (CredentialKind::Token(Token::Bootstrap { .. }), Some(who)) => format!(
                "kubectl signs in to {to} as {who} with a token whose end only the server knows."
            ),
            (CredentialKind::Token(_) | CredentialKind::TokenFile { .. }, Some(who)) => {
                match self.end() {
                    Some(_) => format!("kubectl signs in to {to} as {who} with a token."),
                    None if self.is_claimed() => {
                        format!("kubectl signs in to {to} as {who} with a token that names no end.")
                    }
                    None => {
                        format!("kubectl signs in to {to} as {who} with a token that never ends.")
                    }
                }
            }
            (CredentialKind::Token(Token::Jwt(_)), None) => {
                format!("kubectl signs in to {to} with a token that does not name its owner.")
            }
            (CredentialKind::Token(_), None) => match self.end() {
                Some(_) => format!(
                    "kubectl signs in to {to} with a token whose owner only the server knows."
                ),
                None => format!(
                    "kubectl signs in to {to} with a token whose owner and end only the server \
                     knows."
                ),
            },
            (CredentialKind::TokenFile { path, .. }, None) => {
                format!("kubectl signs in to {to} with the token that it finds in {path}.")
            }
            (CredentialKind::Exec { provider, .. }, _) => {
                let command = self.command();
                match provider {
                    Some(it) => format!(
                        "kubectl runs {command} to sign in through {}, and connects to {to}.",
                        it.name
                    ),
                    None => format!(
                        "kubectl runs {command}, and signs in to {to} with what that prints."
                    ),
                }
            }
            (CredentialKind::AuthProvider { name, .. }, Some(who)) => {
                format!("kubectl signs in to {to} as {who} through its built-in plugin {name}.")
            }
            (CredentialKind::AuthProvider { name, .. }, None) => {
                format!("kubectl signs in to {to} through its built-in plugin {name}.")
            }
            (CredentialKind::Basic { username }, _) => {
                format!("kubectl signs in to {to} with the password of {username}.")
            }
        }
    }

    /// The program that signs in, without a secret that was written behind its name.
    fn command(&self) -> String {
        self.exec.map(|it| masking::words_without_secrets(&it.command)).unwrap_or_default()
    }

    fn unknowns(&self) -> Vec<String> {
        let mut unknowns = Vec::new();
        unknowns.push(match self.server.map(|it| it.reach) {
            Some(Reach::Loopback) => {
                "Whether the cluster runs on the machine that kubectl runs on.".to_owned()
            }
            Some(Reach::Private) => {
                "Whether your machine can reach that private network.".to_owned()
            }
            Some(Reach::ClusterInternal) => "Whether kubectl runs inside the cluster.".to_owned(),
            _ => "Whether your network can reach the server.".to_owned(),
        });
        match self.kind {
            Some(CredentialKind::ClientCertificate(it)) if it.chain.leaf().is_none() => {
                unknowns.push(format!(
                    "Whether {} is there, and until when it is valid.",
                    it.certificate_path
                ));
            }
            Some(CredentialKind::ClientCertificate(_)) => unknowns.push(
                "Whether the certificate's rights were taken away; there is no list of revoked \
                 certificates."
                    .to_owned(),
            ),
            Some(CredentialKind::TokenFile { path, token: None, .. }) => {
                unknowns.push(format!("Whether {path} is there, and whose token is in it."));
            }
            Some(CredentialKind::Token(_) | CredentialKind::TokenFile { .. }) => {
                unknowns.push("Whether the token was revoked.".to_owned());
            }
            Some(CredentialKind::Exec { provider, .. }) => {
                let command = self.command();
                unknowns
                    .push(format!("Whether {command} is installed, and who is signed in there."));
                unknowns.push(match provider {
                    Some(it) => format!(
                        "Until when it works: each credential lives {}, and the program fetches \
                         the next.",
                        it.lifetime
                    ),
                    None => "Until when it works: the program decides.".to_owned(),
                });
            }
            Some(CredentialKind::AuthProvider { .. }) => {
                unknowns.push("Whether the plugin can fetch a new token.".to_owned());
            }
            Some(CredentialKind::Basic { .. }) | None => {}
        }
        let identity = self.context.in_use.identity.as_ref();
        if let Some(it) = identity.filter(|_| self.is_claimed()) {
            unknowns.push(format!(
                "Whether the server calls this user {}: its settings choose the claims of the \
                 token that make name and groups, and may put a prefix before them.",
                it.user
            ));
        }
        let is_master =
            identity.is_some_and(|it| it.groups.iter().any(|it| it == "system:masters"));
        // Such a member may do everything, unless it acts as somebody else.
        if !is_master || self.is_claimed() || self.impersonation().is_some() {
            unknowns.push("What the cluster allows this identity to do.".to_owned());
        }
        unknowns
    }
}

/// Whether the token says when it ends, or that it never does.
fn names_its_end(token: &Token) -> bool {
    matches!(token, Token::Jwt(_))
}
