//! A message beside the kubeconfig: which context it is about, and what that context says.

use super::{message::Message, pattern::Captures};
use crate::{
    decode::{Validity, x509::Certificate},
    facts::{
        ClientCertificate, ClusterFacts, ContextFacts, Credential, CredentialKind, Facts, Reach,
        Server, UserFacts,
    },
    kubeconfig::{AuthInfo, Cluster, Context, EntryRef, Exec, File, Refusal, resolve::Problem},
    time::Timestamp,
};

/// A message and the facts, with the context that the message is about.
pub(super) struct Scene<'a> {
    pub(super) facts: &'a Facts,
    pub(super) message: &'a Message,
    captures: Captures,
    /// The context that the person looks at.
    open: Option<EntryRef>,
    /// The context that the message is about; else the open one, the current one, or the first.
    pub(super) context: Option<&'a ContextFacts>,
    /// Whether a command put that context's user to the cluster of another.
    pub(super) mixed: bool,
}

impl<'a> Scene<'a> {
    pub(super) fn new(
        facts: &'a Facts,
        message: &'a Message,
        captures: Captures,
        open: Option<EntryRef>,
    ) -> Scene<'a> {
        let mut scene = Scene { facts, message, captures, open, context: None, mixed: false };
        scene.context = scene.find_context();
        if let Some((it, mixed)) = scene.with_flags() {
            scene.context = Some(it);
            scene.mixed = mixed;
        }
        scene
    }

    /// The context with the user and the cluster that a command named in place of its own; if there
    /// is none, one with that user, and `true`, for what is said of users.
    fn with_flags(&self) -> Option<(&'a ContextFacts, bool)> {
        let Message { user, cluster, .. } = self.message;
        user.as_ref().or(cluster.as_ref())?;
        let own = self.written();
        let user = user.as_ref().or(own.map(|it| &it.user))?;
        let cluster = cluster.as_ref().or(own.map(|it| &it.cluster))?;
        let written = |it: &ContextFacts| Some(&self.facts.context(it.effective.entry)?.body);
        let has = |it: &&ContextFacts| written(it).is_some_and(|it| it.user == *user);
        let both =
            |it: &&ContextFacts| has(it) && written(it).is_some_and(|it| it.cluster == *cluster);
        let of_user = || {
            let of_users = self.said_any(&["Unauthorized", "credentials"]);
            self.preferred().find(has).filter(|_| of_users)
        };
        self.preferred().find(both).map(|it| (it, false)).or_else(|| Some((of_user()?, true)))
    }

    fn find_context(&self) -> Option<&'a ContextFacts> {
        let named = |name: &str| self.preferred().find(|it| it.effective.name == name);
        if let Some(it) = self.message.context.as_deref().and_then(named) {
            return Some(it);
        }
        if let Some(it) = self.get("context").and_then(named) {
            return Some(it);
        }
        if let Some((it, _)) = self.problem() {
            return Some(it);
        }
        if let Some(user) = self.get("user")
            && let Some(it) = self.preferred().find(|it| self.has_user(it, user))
        {
            return Some(it);
        }
        let hosts: Vec<(String, Option<u16>)> =
            self.message.hosts.iter().map(|it| (it.name.clone(), it.port)).collect();
        // Behind one host may be several clusters, each with its path.
        let asked =
            |it: &&ContextFacts| self.server_of(it).is_some_and(|it| self.message.asks(&it.url));
        if let Some(it) = self.preferred().find(asked) {
            return Some(it);
        }
        for with_port in [true, false] {
            let has = |it: &&ContextFacts| {
                self.server_of(it).is_some_and(|server| {
                    hosts.iter().rev().any(|(name, port)| {
                        *name == server.host.to_ascii_lowercase()
                            && (!with_port || *port == server.port)
                    })
                })
            };
            if let Some(it) = self.preferred().find(has) {
                return Some(it);
            }
        }
        self.preferred().next()
    }

    fn has_user(&self, context: &ContextFacts, user: &str) -> bool {
        context.in_use.identity.as_ref().is_some_and(|it| it.may_be(user))
            || context
                .effective
                .user
                .and_then(|it| self.facts.user(it))
                .is_some_and(|it| it.name == user)
    }

    /// Every context of every reading.
    pub(super) fn contexts(&self) -> impl Iterator<Item = &'a ContextFacts> + use<'a> {
        self.facts.readings.iter().flat_map(|it| &it.contexts)
    }

    /// The same, with the open and the current ones, which come once more, before them.
    fn preferred(&self) -> impl Iterator<Item = &'a ContextFacts> {
        let open = self.contexts().filter(|it| Some(it.effective.entry) == self.open);
        open.chain(self.contexts().filter(|it| it.effective.current)).chain(self.contexts())
    }

    /// The moment of judgement.
    pub(super) fn now(&self) -> Timestamp {
        self.facts.now
    }

    /// What the message says at the place `name` of its pattern.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.captures.iter().find(|(it, _)| *it == name).map(|(_, value)| value.as_str())
    }

    /// Whether `phrase` stands anywhere in the transcript.
    pub(super) fn said(&self, phrase: &str) -> bool {
        self.message.whole.contains(phrase)
    }

    /// Whether any of `phrases` stands in the transcript.
    pub(super) fn said_any(&self, phrases: &[&str]) -> bool {
        phrases.iter().any(|it| self.said(it))
    }

    /// A value for the templates.
    pub(super) fn value(&self, name: &str) -> Option<String> {
        if let Some(value) = self.get(name) {
            return Some(value.to_owned());
        }
        let server = self.server();
        let value = match name {
            "context" => self.context?.effective.name.clone(),
            "cluster" => self.written()?.cluster.clone(),
            "user" => self.written()?.user.clone(),
            "namespace" => self.written()?.namespace.clone(),
            "server" => server?.url.clone(),
            "host" => server?.host.clone(),
            "port" => server?.port?.to_string(),
            "command" => self.exec()?.command.clone(),
            "api" => self.exec()?.api_version.clone(),
            "hint" => self.exec()?.install_hint.lines().next()?.to_owned(),
            "file" => self.file()?.name.clone(),
            "identity" => self.context?.in_use.identity.as_ref()?.user.clone(),
            "server-name" => self.cluster()?.tls_server_name.clone(),
            "aws-profile" => self.env("AWS_PROFILE")?,
            "eks-cluster" => self.argument(&["--cluster-name", "--cluster-id", "-i"])?,
            "region" => self.argument(&["--region"])?,
            _ => return None,
        };
        Some(value).filter(|it| !it.is_empty())
    }

    /// `text` without the secrets of the context that it repeats.
    pub(super) fn scrubbed(&self, text: &str) -> String {
        match self.context {
            Some(it) => self.facts.scrubbed(&it.effective, text),
            None => text.to_owned(),
        }
    }

    /// The context as it is written.
    pub(super) fn written(&self) -> Option<&'a Context> {
        Some(&self.facts.context(self.context?.effective.entry)?.body)
    }

    /// The file that the context stands in.
    pub(super) fn file(&self) -> Option<&'a File> {
        self.facts.files.get(self.context?.effective.entry.file)
    }

    /// The context's cluster, as written.
    pub(super) fn cluster(&self) -> Option<&'a Cluster> {
        Some(&self.facts.cluster(self.context?.effective.cluster?)?.body)
    }

    /// What was decoded of the context's cluster.
    pub(super) fn cluster_facts(&self) -> Option<&'a ClusterFacts> {
        self.facts.cluster_facts(self.context?.effective.cluster?)
    }

    /// The context's user, as written.
    pub(super) fn user(&self) -> Option<&'a AuthInfo> {
        Some(&self.facts.user(self.context?.effective.user?)?.body)
    }

    /// What was decoded of the context's user.
    pub(super) fn user_facts(&self) -> Option<&'a UserFacts> {
        self.facts.user_facts(self.context?.effective.user?)
    }

    /// The context's server.
    pub(super) fn server(&self) -> Option<&'a Server> {
        self.cluster_facts()?.server.as_ref()
    }

    /// The server of `context`.
    pub(super) fn server_of(&self, context: &ContextFacts) -> Option<&'a Server> {
        self.facts.cluster_facts(context.effective.cluster?)?.server.as_ref()
    }

    /// The credentials that the context's user would send.
    pub(super) fn sent(&self) -> impl Iterator<Item = &'a Credential> {
        self.user_facts().into_iter().flat_map(|it| &it.credentials).filter(|it| it.sent)
    }

    /// The client certificate that would be sent.
    pub(super) fn client_certificate(&self) -> Option<&'a ClientCertificate> {
        self.sent().find_map(|it| match &it.kind {
            CredentialKind::ClientCertificate(it) => Some(it.as_ref()),
            _ => None,
        })
    }

    /// The leaf of the client certificate that would be sent.
    pub(super) fn client_leaf(&self) -> Option<&'a Certificate> {
        self.client_certificate()?.chain.leaf()
    }

    /// The certificates that the context trusts, as far as they can be read and are looked at.
    #[inline(never)]
    pub(super) fn cas(&self) -> Vec<&'a Certificate> {
        match self.cluster_facts() {
            Some(it) => it.ca.readable().take(20).collect(),
            None => Vec::new(),
        }
    }

    /// The first of them, if none of them is a certificate authority.
    pub(super) fn no_ca(&self) -> Option<&'a Certificate> {
        let cas = self.cas();
        cas.first().copied().filter(|_| !cas.iter().any(|it| it.is_ca()))
    }

    /// The context's exec plugin.
    pub(super) fn exec(&self) -> Option<&'a Exec> {
        self.user()?.exec.as_ref()
    }

    /// The value that follows one of `flags` among the plugin's arguments.
    pub(super) fn argument(&self, flags: &[&str]) -> Option<String> {
        let args = &self.exec()?.args;
        args.iter().enumerate().find_map(|(at, it)| {
            flags.iter().find_map(|flag| match it.strip_prefix(flag) {
                Some("") => args.get(at + 1).cloned(),
                Some(rest) => rest.strip_prefix('=').map(str::to_owned),
                None => None,
            })
        })
    }

    /// A variable that the plugin is given and that is no secret.
    fn env(&self, name: &str) -> Option<String> {
        Some(self.exec()?.env.iter().rev().find(|it| it.name == name)?.value.reveal().clone())
    }

    /// Whether there are users in the kubeconfig, and none of them is so: then another was read.
    pub(super) fn no_user(&self, is: impl Fn(&AuthInfo) -> bool) -> bool {
        let mut users = self.facts.files.iter().flat_map(|it| &it.config.users).peekable();
        users.peek().is_some() && !users.any(|it| is(&it.body))
    }

    /// The problem of a context that the message reports, with that context.
    pub(super) fn problem(&self) -> Option<(&'a ContextFacts, &'a Problem)> {
        self.preferred().find_map(|context| {
            let said = |it: &&Problem| !it.kubectl.is_empty() && self.said(&it.kubectl);
            context.effective.problems.iter().find(said).map(|it| (context, it))
        })
    }

    /// The file that kubectl refuses, with its reason: the one that the message reports, else
    /// the first.
    pub(super) fn refusal(&self) -> Option<(&'a str, &'a Refusal, bool)> {
        let given = self
            .facts
            .sources
            .iter()
            .filter_map(|it| it.refusal.as_ref().map(|refusal| (it.name.as_str(), refusal)));
        let files = self
            .facts
            .files
            .iter()
            .filter_map(|it| it.refusal.as_ref().map(|refusal| (it.name.as_str(), refusal)));
        let all: Vec<(&str, &Refusal)> = given.chain(files).collect();
        let said = all.iter().find(|(_, it)| !it.kubectl.is_empty() && self.said(&it.kubectl));
        let (name, refusal) = said.or_else(|| all.first())?;
        Some((name, refusal, said.is_some()))
    }

    /// A sentence that says where `context` can be reached from, as a part of one.
    pub(super) fn reach_words(reach: Reach) -> &'static str {
        match reach {
            Reach::Loopback => "reachable only on the machine itself",
            Reach::Private => "a private address: reachable only from inside its network",
            Reach::ClusterInternal => "a name that only pods inside the cluster can resolve",
            Reach::Public => "a public address",
            Reach::Hostname => "a host name",
        }
    }

    /// Says that the message is about a server that this kubeconfig does not have.
    pub(super) fn stranger(&self) -> Option<String> {
        let mut hosts = self.message.hosts.iter().filter(|it| it.name != "localhost");
        let first = hosts.next()?;
        let known = |name: &str| {
            self.contexts().any(|it| {
                let server =
                    self.server_of(it).is_some_and(|it| it.host.eq_ignore_ascii_case(name));
                let cluster = it.effective.cluster.and_then(|it| self.facts.cluster(it));
                server
                    || cluster.is_some_and(|it| {
                        it.body.tls_server_name.eq_ignore_ascii_case(name)
                            || it.body.proxy_url.reveal().contains(name)
                    })
            })
        };
        let any_server = self.contexts().any(|it| {
            self.server_of(it).is_some_and(|it| {
                it.host.parse::<std::net::IpAddr>().is_ok() || !it.host.is_empty()
            })
        });
        let any_known = std::iter::once(first).chain(hosts).any(|it| known(&it.name));
        // The address that a name was resolved to is no stranger.
        let resolved = first.name.parse::<std::net::IpAddr>().is_ok()
            && self
                .contexts()
                .filter_map(|it| self.server_of(it))
                .any(|it| it.host.parse::<std::net::IpAddr>().is_err());
        if any_known || !any_server || resolved {
            return None;
        }
        Some(format!(
            "No context of this kubeconfig has the server {}, so kubectl may have read another \
             file.",
            first.name
        ))
    }
}

/// Where a moment lies as seen from the moment of judgement, as "on 10 January 2026, 3 days
/// ago".
pub(super) fn when(moment: Timestamp, now: Timestamp) -> String {
    format!("on {} ({})", moment.words(), moment.distance(now))
}

/// Whether a validity period is over, has not begun, or holds at `now`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Period {
    /// Over since that moment.
    Over(Timestamp),
    /// Begins at that moment.
    NotBegun(Timestamp),
    /// Holds, until that moment if it ends.
    Holds(Option<Timestamp>),
}

/// Where `now` stands in `validity`.
pub(super) fn period(validity: &Validity, now: Timestamp) -> Period {
    match (validity.not_before, validity.not_after) {
        (_, Some(end)) if end < now => Period::Over(end),
        (Some(start), _) if now < start => Period::NotBegun(start),
        (_, end) => Period::Holds(end),
    }
}
