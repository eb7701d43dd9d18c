//! Who made a kubeconfig: recognized by the marks that each tool leaves in it.

use std::borrow::Cow;

use super::{ClusterFacts, CredentialKind, ExecProvider, UserFacts};
use crate::{
    decode::{
        token::Token,
        x509::{Certificate, Name},
    },
    kubeconfig::{AuthInfo, Cluster, Context, Entry},
};

/// A provider or a tool that writes kubeconfigs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Provider {
    /// Stable name, as `ack`.
    pub id: &'static str,
    /// Name for people, as "Alibaba Cloud ACK".
    pub name: &'static str,
    /// Whether nobody else writes such a mark; else it is a good guess.
    pub certain: bool,
    /// The mark, as "the server's name ends in .azmk8s.io".
    pub mark: &'static str,
}

/// What is looked at.
pub(super) struct Clues<'a> {
    context: &'a str,
    cluster: &'a str,
    user: &'a str,
    host: &'a str,
    path: &'a str,
    has_minikube_extension: bool,
    program: Option<&'a ExecProvider>,
    /// Common names; empty when there is none.
    leaf_name: Cow<'a, str>,
    leaf_issuer: Cow<'a, str>,
    has_alibaba_identity: bool,
    ca_name: Cow<'a, str>,
    token: Option<&'a Token>,
    auth_provider: &'a str,
}

impl<'a> Clues<'a> {
    pub(super) fn new(
        context: &'a Entry<Context>,
        cluster: Option<(&'a Entry<Cluster>, &'a ClusterFacts)>,
        user: Option<(&'a Entry<AuthInfo>, &'a UserFacts)>,
    ) -> Clues<'a> {
        let server = cluster.and_then(|it| it.1.server.as_ref());
        let kinds = || user.iter().flat_map(|it| &it.1.credentials).map(|it| &it.kind);
        let identities = user.iter().flat_map(|it| &it.1.credentials);
        let is_minikube = |it: &crate::kubeconfig::Extension| {
            it.value()
                .and_then(|it| it.get("provider").cloned())
                .is_some_and(|it| it == "minikube.sigs.k8s.io")
        };
        let leaf = kinds().find_map(|it| match it {
            CredentialKind::ClientCertificate(it) => it.chain.leaf(),
            _ => None,
        });
        let common_name = |it: Option<Name<'a>>| it.and_then(Name::common_name).unwrap_or_default();
        Clues {
            context: &context.name,
            cluster: cluster.map_or("", |it| &it.0.name),
            user: user.map_or("", |it| &it.0.name),
            host: server.map_or("", |it| &it.host),
            path: server.map_or("", |it| &it.path),
            has_minikube_extension: context.body.extensions.iter().any(is_minikube)
                || cluster.is_some_and(|it| it.0.body.extensions.iter().any(is_minikube)),
            program: kinds().find_map(|it| match it {
                CredentialKind::Exec { provider, .. } => provider.as_ref(),
                _ => None,
            }),
            leaf_name: common_name(leaf.map(Certificate::subject)),
            leaf_issuer: common_name(leaf.map(Certificate::issuer)),
            has_alibaba_identity: identities
                .filter_map(|it| it.identity.as_ref()?.alibaba_cloud.as_ref())
                .any(|it| it.issued_at.is_some()),
            ca_name: common_name(cluster.and_then(|it| it.1.ca.leaf()).map(Certificate::subject)),
            token: kinds().find_map(|it| match it {
                CredentialKind::Token(token) => Some(token),
                _ => None,
            }),
            auth_provider: kinds()
                .find_map(|it| match it {
                    CredentialKind::AuthProvider { name, .. } => Some(name.as_str()),
                    _ => None,
                })
                .unwrap_or_default(),
        }
    }

    fn host_ends(&self, suffixes: &[&str]) -> bool {
        let host = self.host.trim_end_matches('.').to_ascii_lowercase();
        suffixes.iter().any(|it| host.ends_with(it))
    }

    fn runs(&self, name: &str) -> bool {
        self.program.is_some_and(|it| it.name == name)
    }
}

/// A mark and whose it is.
struct Rule {
    provider: Provider,
    applies: fn(&Clues<'_>) -> bool,
}

/// The provider of a context; none when nothing in it is particular.
pub(super) fn recognize(clues: &Clues<'_>) -> Option<Provider> {
    RULES.iter().find(|it| (it.applies)(clues)).map(|it| it.provider)
}

const fn rule(
    (id, name): (&'static str, &'static str),
    certain: bool,
    mark: &'static str,
    applies: fn(&Clues<'_>) -> bool,
) -> Rule {
    Rule { provider: Provider { id, name, certain, mark }, applies }
}

const ACK: (&str, &str) = ("ack", "Alibaba Cloud ACK");
const EKS: (&str, &str) = ("eks", "Amazon EKS");
const GKE: (&str, &str) = ("gke", "Google GKE");
const AKS: (&str, &str) = ("aks", "Azure AKS");
const OPENSHIFT: (&str, &str) = ("openshift", "OpenShift");
const RANCHER: (&str, &str) = ("rancher", "Rancher");
const TKE: (&str, &str) = ("tke", "Tencent Cloud TKE");
const CCE: (&str, &str) = ("cce", "Huawei Cloud CCE");
const OKE: (&str, &str) = ("oke", "Oracle OKE");
const DIGITALOCEAN: (&str, &str) = ("digitalocean", "DigitalOcean");
const TELEPORT: (&str, &str) = ("teleport", "Teleport");
const GARDENER: (&str, &str) = ("gardener", "Gardener");
const VCLUSTER: (&str, &str) = ("vcluster", "vCluster");
const KIND: (&str, &str) = ("kind", "kind");
const MINIKUBE: (&str, &str) = ("minikube", "minikube");
const K3S: (&str, &str) = ("k3s", "k3s");
const RKE2: (&str, &str) = ("rke2", "RKE2");
const CLUSTER_API: (&str, &str) = ("cluster-api", "Cluster API");
const KUBEADM: (&str, &str) = ("kubeadm", "kubeadm");

/// Ordered: the first that applies counts, so the surest marks stand first.
const RULES: &[Rule] = &[
    rule(EKS, true, "the server's name ends in .eks.amazonaws.com", |it| {
        it.host_ends(&[".eks.amazonaws.com", ".eks.amazonaws.com.cn"])
    }),
    rule(AKS, true, "the server's name ends in .azmk8s.io", |it| it.host_ends(&[".azmk8s.io"])),
    rule(TKE, true, "the server's name ends in .ccs.tencent-cloud.com", |it| {
        it.host_ends(&[".ccs.tencent-cloud.com"])
    }),
    rule(DIGITALOCEAN, true, "the server's name ends in .k8s.ondigitalocean.com", |it| {
        it.host_ends(&[".k8s.ondigitalocean.com"])
    }),
    rule(CCE, true, "the server's name ends in .myhuaweicloud.com", |it| {
        it.host_ends(&[".myhuaweicloud.com"])
    }),
    rule(RANCHER, true, "the server's path begins with /k8s/clusters/", |it| {
        it.path.starts_with("/k8s/clusters/")
    }),
    rule(ACK, true, "ack-ram-tool signs in", |it| it.runs("Alibaba Cloud ACK")),
    rule(ACK, true, "the token is one of ack-ram-tool", |it| {
        matches!(it.token, Some(Token::Ack(_)))
    }),
    rule(EKS, true, "the AWS tools sign in", |it| it.runs("Amazon EKS")),
    rule(EKS, true, "the token is a request to AWS", |it| matches!(it.token, Some(Token::Aws(_)))),
    rule(EKS, true, "the cluster's name is an ARN of EKS", |it| {
        it.cluster.starts_with("arn:aws") && it.cluster.contains(":eks:")
    }),
    rule(EKS, true, "the context's name ends in .eksctl.io", |it| {
        it.context.ends_with(".eksctl.io")
    }),
    rule(GKE, true, "the Google Cloud plugin signs in", |it| it.runs("Google GKE")),
    rule(GKE, true, "it uses the auth provider gcp", |it| it.auth_provider == "gcp"),
    rule(AKS, true, "kubelogin signs in to Azure", |it| it.runs("Azure AKS")),
    rule(AKS, true, "it uses the auth provider azure", |it| it.auth_provider == "azure"),
    rule(DIGITALOCEAN, true, "doctl signs in", |it| it.runs("DigitalOcean")),
    rule(OKE, true, "the Oracle Cloud CLI signs in", |it| it.runs("Oracle OKE")),
    rule(TELEPORT, true, "Teleport signs in", |it| it.runs("Teleport")),
    rule(GARDENER, true, "gardenlogin signs in", |it| it.runs("Gardener")),
    rule(OPENSHIFT, true, "oc signs in", |it| it.runs("OpenShift")),
    rule(OPENSHIFT, true, "the token begins with sha256~", |it| {
        matches!(it.token, Some(Token::OpenShift))
    }),
    rule(RANCHER, true, "rancher signs in", |it| it.runs("Rancher")),
    rule(RANCHER, false, "the token has Rancher's form", |it| {
        matches!(it.token, Some(Token::Rancher))
    }),
    rule(VCLUSTER, true, "the vCluster Platform signs in", |it| it.runs("vCluster Platform")),
    rule(MINIKUBE, true, "minikube left an extension", |it| it.has_minikube_extension),
    rule(GARDENER, true, "the certificate names a Gardener user", |it| {
        it.leaf_name.starts_with("gardener.cloud:")
    }),
    rule(K3S, true, "the CA is called k3s-server-ca", |it| {
        it.ca_name.starts_with("k3s-server-ca@") || it.leaf_issuer.starts_with("k3s-client-ca@")
    }),
    rule(RKE2, true, "the CA is called rke2-server-ca", |it| {
        it.ca_name.starts_with("rke2-server-ca@") || it.leaf_issuer.starts_with("rke2-client-ca@")
    }),
    rule(ACK, false, "the certificate's name is a user ID and a time", |it| {
        it.has_alibaba_identity
    }),
    rule(AKS, false, "the user's name begins with clusterUser_ or clusterAdmin_", |it| {
        it.user.starts_with("clusterUser_") || it.user.starts_with("clusterAdmin_")
    }),
    rule(AKS, false, "the certificate is masterclient's", |it| it.leaf_name == "masterclient"),
    rule(GKE, false, "the names are those of gcloud", |it| {
        it.cluster.starts_with("gke_") && it.cluster.split('_').count() == 4
    }),
    rule(CCE, false, "the clusters are called internalCluster and externalCluster", |it| {
        matches!(it.cluster, "internalCluster" | "externalCluster" | "externalClusterTLSVerify")
    }),
    rule(DIGITALOCEAN, false, "the names begin with do-", |it| {
        it.context.starts_with("do-") && it.context == it.cluster
    }),
    rule(TKE, false, "the context is called cls-…-context-default", |it| {
        it.context.starts_with("cls-") && it.context.contains("-context-default")
    }),
    rule(KIND, false, "the names begin with kind-", |it| {
        it.context.starts_with("kind-") && it.context == it.cluster && it.context == it.user
    }),
    rule(VCLUSTER, false, "the context's name begins with vcluster", |it| {
        ["vcluster_", "vcluster-docker_", "vcluster-platform_"]
            .iter()
            .any(|prefix| it.context.starts_with(prefix))
    }),
    rule(GARDENER, false, "the context's name begins with shoot--", |it| {
        it.context.starts_with("shoot--") || it.context.starts_with("garden-")
    }),
    rule(MINIKUBE, false, "the CA is called minikubeCA", |it| it.ca_name == "minikubeCA"),
    rule(OPENSHIFT, false, "the names are those of oc login", |it| {
        it.context.split('/').count() == 3 && it.user.ends_with(&format!("/{}", it.cluster))
    }),
    rule(OKE, false, "the context's name begins with context-c", |it| {
        it.context.starts_with("context-c") && it.cluster.starts_with("cluster-c")
    }),
    rule(CLUSTER_API, false, "the context is called <cluster>-admin@<cluster>", |it| {
        !it.cluster.is_empty()
            && it.user == format!("{}-admin", it.cluster)
            && it.context == format!("{}@{}", it.user, it.cluster)
            && it.leaf_name == "kubernetes-admin"
    }),
    rule(KUBEADM, false, "the certificate is that of kubernetes-admin", |it| {
        matches!(&*it.leaf_name, "kubernetes-admin" | "kubernetes-super-admin")
    }),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        facts::{Server, TlsMode, chain::Chain, credential, reference::References},
        kubeconfig::Exec,
        secret::Secret,
        source::Place,
        time::Timestamp,
    };

    fn entry<T>(name: &str, body: T) -> Entry<T> {
        Entry { name: name.to_owned(), place: Place::default(), body }
    }

    /// The provider of a context, given the names of context, cluster and user, the server and
    /// the user's body.
    #[track_caller]
    fn check(names: [&str; 3], server: &str, user: AuthInfo, expected: &str) {
        let [context, cluster, user_name] = names;
        let facts = credential::gather(
            &user,
            &Place::default(),
            &References::new([].iter(), &[]),
            Timestamp(0),
        );
        let server = Server::parse(server);
        let cluster_facts = ClusterFacts { server, tls: TlsMode::Verified, ca: Chain::default() };
        let found = recognize(&Clues::new(
            &entry(context, Context::default()),
            Some((&entry(cluster, Cluster::default()), &cluster_facts)),
            Some((&entry(user_name, user), &facts)),
        ));
        let found = found.map_or("none".to_owned(), |it| {
            format!("{}{}", it.id, if it.certain { "" } else { "?" })
        });
        assert_eq!(found, expected, "{names:?}");
    }

    fn exec(line: &str) -> AuthInfo {
        let mut words = line.split(' ').map(str::to_owned);
        let command = words.next().unwrap();
        let exec = Exec { command, args: words.collect(), ..Exec::default() };
        AuthInfo { exec: Some(exec), ..AuthInfo::default() }
    }

    #[test]
    fn marks() {
        let none = AuthInfo::default;
        let plain = ["a", "b", "c"];
        check(plain, "https://ABC.gr7.eu-west-1.eks.amazonaws.com", none(), "eks");
        check(plain, "https://x.hcp.westeurope.azmk8s.io:443", none(), "aks");
        check(plain, "https://r.example.com/k8s/clusters/c-m-1", none(), "rancher");
        check(plain, "https://1.2.3.4", exec("gke-gcloud-auth-plugin"), "gke");
        check(plain, "https://1.2.3.4", exec("tsh kube credentials"), "teleport");
        check(plain, "https://evil.example/.azmk8s.io", none(), "none");
        check(plain, "https://azmk8s.io.example", none(), "none");
        let token = Secret::new("sha256~x".to_owned());
        check(plain, "https://h", AuthInfo { token, ..none() }, "openshift");
        check(["gke_p_z_c"; 3], "https://1.2.3.4", none(), "gke?");
        check(["kind-a"; 3], "https://127.0.0.1:1", none(), "kind?");
        check(["ns/c/alice", "c", "alice/c"], "https://api.c:6443", none(), "openshift?");
        let cce = ["external", "externalCluster", "user"];
        check(cce, "https://1.2.3.4:5443", none(), "cce?");
    }
}
