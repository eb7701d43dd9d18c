//! Where the server is and how it is verified, as client-go takes it from the URL.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::chain::Chain;
use crate::{decode::url::Url, kubeconfig::Cluster};

/// One cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClusterFacts {
    /// The server's address, if it has one that can be read.
    pub server: Option<Server>,
    /// How the server is verified.
    pub tls: TlsMode,
    /// Certificates in `certificate-authority-data`, or in the file that
    /// `certificate-authority` names if that was handed in, too; in order.
    pub ca: Chain,
}

/// A server's address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// As written.
    pub url: String,
    /// `https` or `http`, or what stands there.
    pub scheme: String,
    /// Host name or address, without brackets.
    pub host: String,
    /// Port, the scheme's default where unwritten.
    pub port: Option<u16>,
    /// Path, query and fragment as written, empty or `/…`.
    pub path: String,
    /// Whether a user name or password stands in the URL.
    pub has_userinfo: bool,
    /// From where it can be reached.
    pub reach: Reach,
}

/// From where an address can be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Only from the same machine.
    Loopback,
    /// Only from the same private network.
    Private,
    /// Only from inside the cluster.
    ClusterInternal,
    /// From the internet, unless something is in between.
    Public,
    /// Depends on what the name resolves to.
    Hostname,
}

/// How the server is verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TlsMode {
    /// By the CA in the file (or in a file that it names).
    Verified,
    /// By the CAs of the operating system.
    SystemRoots,
    /// Not at all.
    Insecure,
    /// There is no TLS.
    Plaintext,
}

/// How the server of `cluster` is verified; `server` is its address, read.
pub(super) fn tls_mode(cluster: &Cluster, server: Option<&Server>) -> TlsMode {
    let has_data = cluster.certificate_authority_data.as_ref().is_some_and(|it| match &it.bytes {
        Ok(bytes) => !bytes.is_empty(),
        Err(_) => true,
    });
    if server.is_some_and(|it| it.scheme == "http") {
        TlsMode::Plaintext
    } else if cluster.insecure_skip_tls_verify {
        TlsMode::Insecure
    } else if has_data || !cluster.certificate_authority.is_empty() {
        TlsMode::Verified
    } else {
        TlsMode::SystemRoots
    }
}

impl Server {
    /// Reads `text` as client-go does; an address without a scheme is taken for http.
    ///
    /// Mirrors: DefaultServerURL, client-go v0.33.1 rest/url_utils.go.
    pub fn parse(text: &str) -> Option<Server> {
        if text.is_empty() {
            return None;
        }
        let url = match Url::parse(text) {
            Ok(it) if !it.scheme.is_empty() && !it.host.is_empty() => it,
            _ => {
                let it = Url::parse(&format!("http://{text}")).ok()?;
                matches!(it.path.as_str(), "" | "/").then_some(it)?
            }
        };
        let host = url.hostname().to_owned();
        if host.is_empty() {
            return None;
        }
        let default_port = match url.scheme.as_str() {
            "https" => Some(443),
            "http" => Some(80),
            _ => None,
        };
        Some(Server {
            url: text.to_owned(),
            port: match url.port() {
                "" => default_port,
                port => port.parse().ok(),
            },
            reach: reach(&host),
            path: format!("{}{}", url.path, url.tail),
            has_userinfo: url.userinfo.is_some(),
            scheme: url.scheme,
            host,
        })
    }
}

/// From where `host` can be reached, as far as its form tells.
fn reach(host: &str) -> Reach {
    let address = host.split('%').next().unwrap_or_default();
    match address.parse() {
        Ok(IpAddr::V4(it)) => reach_v4(it),
        Ok(IpAddr::V6(it)) => reach_v6(it),
        Err(_) => reach_name(&host.trim_end_matches('.').to_ascii_lowercase()),
    }
}

fn reach_v4(it: Ipv4Addr) -> Reach {
    let [a, b, ..] = it.octets();
    // RFC 6598: addresses that carriers and cloud providers share behind their own routers.
    let shared = a == 100 && b & 0xc0 == 64;
    // RFC 2544: for measurements; programs that route by name give such addresses out, too.
    let benchmarks = a == 198 && b & 0xfe == 18;
    if it.is_loopback() || it.is_unspecified() {
        Reach::Loopback
    } else if it.is_private() || it.is_link_local() || shared || benchmarks {
        Reach::Private
    } else {
        Reach::Public
    }
}

fn reach_v6(it: Ipv6Addr) -> Reach {
    if let Some(v4) = it.to_ipv4_mapped() {
        return reach_v4(v4);
    }
    // RFC 3879: no longer given out, and still in use.
    let [first, ..] = it.segments();
    let is_site_local = first & 0xffc0 == 0xfec0;
    if it.is_loopback() || it.is_unspecified() {
        Reach::Loopback
    } else if it.is_unique_local() || it.is_unicast_link_local() || is_site_local {
        Reach::Private
    } else {
        Reach::Public
    }
}

fn reach_name(name: &str) -> Reach {
    let local = ["localhost", "localhost.localdomain", "localhost6.localdomain6"];
    if local.contains(&name) || name.ends_with(".localhost") {
        Reach::Loopback
    } else if matches!(name, "kubernetes" | "kubernetes.default")
        || [".svc", ".cluster.local"].iter().any(|it| name.ends_with(it))
    {
        Reach::ClusterInternal
    } else {
        Reach::Hostname
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        use Reach::{ClusterInternal, Hostname, Loopback, Private, Public};
        let rows = [
            ("https://10.0.0.1:6443", Some(("https", "10.0.0.1", Some(6443), "", Private))),
            ("https://example.com", Some(("https", "example.com", Some(443), "", Hostname))),
            ("http://example.com/", Some(("http", "example.com", Some(80), "/", Hostname))),
            ("HTTPS://h/k8s/c?x#y", Some(("https", "h", Some(443), "/k8s/c?x#y", Hostname))),
            ("8.8.8.8:6443", Some(("http", "8.8.8.8", Some(6443), "", Public))),
            ("kubernetes:6443", Some(("http", "kubernetes", Some(6443), "", ClusterInternal))),
            ("https://[::1]:6443", Some(("https", "::1", Some(6443), "", Loopback))),
            ("https://[fd00::1]", Some(("https", "fd00::1", Some(443), "", Private))),
            ("https://[fe80::1%25en0]", Some(("https", "fe80::1%en0", Some(443), "", Private))),
            ("https://[2001:db8::1]", Some(("https", "2001:db8::1", Some(443), "", Public))),
            (
                "https://[::ffff:127.0.0.1]",
                Some(("https", "::ffff:127.0.0.1", Some(443), "", Loopback)),
            ),
            ("https://127.9.9.9", Some(("https", "127.9.9.9", Some(443), "", Loopback))),
            ("https://0.0.0.0:1", Some(("https", "0.0.0.0", Some(1), "", Loopback))),
            ("https://100.64.0.1", Some(("https", "100.64.0.1", Some(443), "", Private))),
            ("https://100.128.0.1", Some(("https", "100.128.0.1", Some(443), "", Public))),
            ("https://169.254.1.1", Some(("https", "169.254.1.1", Some(443), "", Private))),
            ("https://172.31.0.1", Some(("https", "172.31.0.1", Some(443), "", Private))),
            ("https://172.32.0.1", Some(("https", "172.32.0.1", Some(443), "", Public))),
            ("https://198.18.0.1", Some(("https", "198.18.0.1", Some(443), "", Private))),
            ("https://198.20.0.1", Some(("https", "198.20.0.1", Some(443), "", Public))),
            ("https://[fec0::1]", Some(("https", "fec0::1", Some(443), "", Private))),
            (
                "https://localhost.localdomain",
                Some(("https", "localhost.localdomain", Some(443), "", Loopback)),
            ),
            ("https://a.localdomain", Some(("https", "a.localdomain", Some(443), "", Hostname))),
            ("https://LocalHost.:1", Some(("https", "LocalHost.", Some(1), "", Loopback))),
            (
                "https://api.svc.cluster.local",
                Some(("https", "api.svc.cluster.local", Some(443), "", ClusterInternal)),
            ),
            ("https://h:99999", Some(("https", "h", None, "", Hostname))),
            ("htps://h", Some(("htps", "h", None, "", Hostname))),
            ("https:h", None),
            ("https://", None),
            (" https://h", None),
            ("h/path", None),
            ("", None),
        ];
        for (text, expected) in rows {
            let found = Server::parse(text);
            let found = found.as_ref().map(|it| {
                (it.scheme.as_str(), it.host.as_str(), it.port, it.path.as_str(), it.reach)
            });
            assert_eq!(found, expected, "{text:?}");
        }
        assert!(Server::parse("https://u:p@h").unwrap().has_userinfo);
    }
}
