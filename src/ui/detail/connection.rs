//! How a context reaches its server, and how it knows that it is the right one.

use kubeconfig_inspector::{
    Report,
    decode::x509::Signature,
    facts::{Reach, TlsMode},
    kubeconfig::EntryRef,
    masking,
};
use yew::prelude::*;

use super::{Subject, certificate, field};
use crate::ui::{
    contexts::reach_word,
    shared::Shared,
    standing::{Tone, tag},
    untrusted::{code, untrusted},
    verdict::namespace,
};

/// Names, address and reach.
pub(super) fn connection(subject: &Subject<'_>) -> Html {
    let facts = subject.facts();
    let entry = subject.context.effective.entry;
    let body = facts.files.get(entry.file).and_then(|it| it.config.contexts.get(entry.index));
    let cluster = subject.context.effective.cluster;
    let written = cluster.and_then(|it| facts.cluster(it));
    let server = cluster.and_then(|it| facts.cluster_facts(it)).and_then(|it| it.server.as_ref());
    html! {
        <dl class="fields">
            { field("Context", untrusted(&subject.context.effective.name)) }
            if let Some(it) = body {
                { field("Cluster", name(&it.body.cluster, cluster.is_some())) }
                { field("User", name(&it.body.user, subject.context.effective.user.is_some())) }
            }
            { field("Namespace", match namespace(facts, subject.context) {
                Some(it) => untrusted(it),
                None => html! { { "default, because none is named" } },
            }) }
            if let Some(it) = server {
                { field("Address", code(&masking::url(&it.url))) }
                { field("Host", untrusted(&it.host)) }
                { field("Port", match it.port {
                    Some(port) => html! { { port } },
                    None => html! { { "not told" } },
                }) }
                { field("Reach", html! { <>{ reach_word(it.reach) }<small>{ reach(it.reach) }</small></> }) }
                if it.has_userinfo {
                    { field("In the address", tag(Tone::Warning, "a user name or password")) }
                }
            } else {
                { field("Address", html! { { "none: kubectl then tries localhost:8080" } }) }
            }
            if let Some(it) = written {
                if !it.body.proxy_url.is_empty() {
                    { field("Proxy", html! { { "set; shown with the secrets, because it may hold a password" } }) }
                }
                if it.body.disable_compression {
                    { field("Compression", html! { { "answers are asked for uncompressed" } }) }
                }
            }
            { for subject.context.effective.problems.iter().map(|it| {
                field("kubectl stops", code(&facts.kubectl_words(&subject.context.effective, &it.kubectl)))
            }) }
        </dl>
    }
}

fn name(name: &str, found: bool) -> Html {
    html! {
        <>
            { untrusted(name) }
            if !found { { " " }{ tag(Tone::Bad, "not in the file") } }
        </>
    }
}

fn reach(reach: Reach) -> &'static str {
    match reach {
        Reach::Loopback => "Only from the machine that the server or a tunnel to it runs on.",
        Reach::Private => "Only from the same network: the same VPC, a VPN, or a peering.",
        Reach::ClusterInternal => "Only from a Pod inside the cluster.",
        Reach::Public => "From the internet, unless an access list or a firewall is in between.",
        Reach::Hostname => "From where the name resolves to an address that can be reached.",
    }
}

/// How the server is verified, and the CAs that it is verified with.
pub(super) fn tls(subject: &Subject<'_>) -> Html {
    let facts = subject.facts();
    let cluster = subject.context.effective.cluster;
    let (Some(written), Some(it)) =
        (cluster.and_then(|it| facts.cluster(it)), cluster.and_then(|it| facts.cluster_facts(it)))
    else {
        return html! { <p>{ "There is no cluster, so there is nothing to verify." }</p> };
    };
    html! {
        <>
            <dl class="fields">
                { field("Verification", mode(it.tls)) }
                { field("Name to expect", match written.body.tls_server_name.as_str() {
                    "" => html! { { "the host of the address" } },
                    name => untrusted(name),
                }) }
                if !written.body.certificate_authority.is_empty() {
                    { field("CA file", code(&written.body.certificate_authority)) }
                }
                if let Some(accident) = &it.ca.accident {
                    { field("CA data", html! { <>{ tag(Tone::Bad, "Not PEM") }{ " " }{ untrusted(accident) }</> }) }
                }
                { for it.ca.other_blocks.iter().map(|label| {
                    field("Also in the CA data", html! { <>{ tag(Tone::Warning, "not a certificate") }{ " " }{ code(label) }</> })
                }) }
                <SignedByCa report={subject.report.clone()} context={subject.context.effective.entry} />
            </dl>
            { for it.ca.certificates.iter().map(|it| match it {
                Ok(it) => certificate::certificate(it, facts.now),
                Err(error) => html! { <p>{ tag(Tone::Bad, "Not readable") }{ " " }{ error }</p> },
            }) }
            if !it.ca.certificates.is_empty() {
                <p class="soft">
                    { "A CA certificate is public. Its private key is not in a kubeconfig, and a \
                       managed cluster's is never handed out." }
                </p>
            }
        </>
    }
}

fn mode(mode: TlsMode) -> Html {
    match mode {
        TlsMode::Verified => tag(Tone::Good, "by the CA that the file gives"),
        TlsMode::SystemRoots => tag(Tone::Good, "by the CAs of the operating system"),
        TlsMode::Insecure => tag(Tone::Bad, "switched off"),
        TlsMode::Plaintext => tag(Tone::Bad, "impossible, because it is plain http"),
    }
}

/// Which context's client certificate is compared with its CA.
#[derive(Properties, PartialEq)]
struct SignedByCaProps {
    report: Shared<Report>,
    context: EntryRef,
}

/// Whether the client certificate comes from the CA, checked when somebody looks.
#[component]
fn SignedByCa(props: &SignedByCaProps) -> Html {
    let answer = use_memo((props.report.clone(), props.context), |(report, context)| {
        let mut contexts = report.facts.readings.iter().flat_map(|it| &it.contexts);
        let found = contexts.find(|it| it.effective.entry == *context)?;
        report.facts.signed_by_ca(&found.effective)
    });
    let Some(answer) = *answer else { return html! {} };
    field(
        "Client certificate",
        match answer {
            Signature::Valid => tag(Tone::Good, "signed by this CA"),
            Signature::OtherIssuer => html! {
                { "issued by another CA, as where servers and clients have a CA each" }
            },
            Signature::WrongKey => tag(Tone::Bad, "issued by another CA of the same name"),
            Signature::NotChecked => {
                tag(Tone::Note, "names this CA; the signature could not be checked")
            }
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::drawing::{sample, text};

    /// `openssl verify -CAfile ca.pem ack.pem` says OK.
    #[test]
    fn the_way_from_the_client_certificate_to_the_ca_is_told() {
        let draw = || {
            let report = sample("Healthy ACK");
            tls(&Subject { report: &report, context: &report.facts.readings[0].contexts[0] })
        };
        let text = text(draw);
        assert!(text.contains("signed by this CA"), "{text}");
    }
}
