//! Programs that sign in: which provider they belong to and how long their credentials live.

use crate::kubeconfig::Exec;

/// A program known to sign in to a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExecProvider {
    /// The provider, as "Amazon EKS".
    pub name: &'static str,
    /// How long what it prints lives, in words, as "14 minutes".
    pub lifetime: String,
    /// The same in seconds, where it is fixed.
    pub seconds: Option<i64>,
}

/// One program, or one subcommand of it.
struct Program {
    /// Name of the file, without folder and `.exe`.
    command: &'static str,
    /// Words that must stand among the arguments.
    arguments: &'static [&'static str],
    name: &'static str,
    lifetime: &'static str,
    seconds: Option<i64>,
}

const HOUR: i64 = 3_600;

/// Ordered: the first that fits counts.
const PROGRAMS: &[Program] = &[
    program("aws", &["get-token"], "Amazon EKS", "14 minutes", Some(14 * 60)),
    program("aws-iam-authenticator", &[], "Amazon EKS", "14 minutes", Some(14 * 60)),
    program("aws-vault", &["get-token"], "Amazon EKS", "14 minutes", Some(14 * 60)),
    program("gke-gcloud-auth-plugin", &[], "Google GKE", "about 1 hour", None),
    program("gcloud", &[], "Google GKE", "about 1 hour", None),
    program("kubelogin", &["--server-id"], "Azure AKS", "about 1 hour", None),
    program("kubelogin", &["convert-kubeconfig"], "Azure AKS", "about 1 hour", None),
    program("ack-ram-tool", &["get-credential"], "Alibaba Cloud ACK", "3 hours", Some(3 * HOUR)),
    program("ack-ram-tool", &["get-token"], "Alibaba Cloud ACK", "10 minutes", Some(600)),
    program("doctl", &[], "DigitalOcean", "7 days", Some(7 * 24 * HOUR)),
    program("oci", &["generate-token"], "Oracle OKE", "a few minutes", None),
    program("tsh", &["credentials"], "Teleport", "as long as the session, often 12 hours", None),
    program("tbot", &["credentials"], "Teleport", "as long as its own certificate", None),
    program("kubectl-gardenlogin", &[], "Gardener", "up to 24 hours", None),
    program("gardenlogin", &[], "Gardener", "up to 24 hours", None),
    program("kubectl", &["gardenlogin"], "Gardener", "up to 24 hours", None),
    program("kubectl", &["oidc-login"], "OpenID Connect", OIDC, None),
    program("kubectl-oidc_login", &[], "OpenID Connect", OIDC, None),
    program("kubelogin", &[], "OpenID Connect", OIDC, None),
    program("oc", &["get-token"], "OpenShift", OIDC, None),
    program("rancher", &["token"], "Rancher", "as the Rancher server is set", None),
    program("vcluster", &["token"], "vCluster Platform", "as the platform is set", None),
    program("loft", &["token"], "vCluster Platform", "as the platform is set", None),
    program("ibmcloud", &[], "IBM Cloud", "about 1 hour", None),
    program("yc", &["create-token"], "Yandex Cloud", "up to 12 hours", None),
    program("scw", &[], "Scaleway", "as long as its API key", None),
    program("civo", &[], "Civo", "as long as its API key", None),
    program("tanzu-auth", &[], "VMware Tanzu", "a few minutes", None),
    program("pinniped", &["login"], "Pinniped", "a few minutes", None),
    program("tanzu", &["pinniped-auth"], "VMware Tanzu", "a few minutes", None),
];

const OIDC: &str = "as long as the identity provider says";

const fn program(
    command: &'static str,
    arguments: &'static [&'static str],
    name: &'static str,
    lifetime: &'static str,
    seconds: Option<i64>,
) -> Program {
    Program { command, arguments, name, lifetime, seconds }
}

/// The provider that `exec` signs in to; none when the program is not known.
pub(super) fn recognize(exec: &Exec) -> Option<ExecProvider> {
    let file = exec.command.rsplit(['/', '\\']).next().unwrap_or_default().to_ascii_lowercase();
    let command = file.strip_suffix(".exe").unwrap_or(&file);
    let has = |word: &str| {
        exec.args.iter().any(|it| it == word || it.split_once('=').is_some_and(|it| it.0 == word))
    };
    let it = PROGRAMS
        .iter()
        .find(|it| it.command == command && it.arguments.iter().copied().all(has))?;
    let mut provider =
        ExecProvider { name: it.name, lifetime: it.lifetime.to_owned(), seconds: it.seconds };
    let asked = argument(exec, "--expiration").filter(|_| it.arguments == ["get-credential"]);
    if let Some(seconds) = asked.and_then(go_duration) {
        // Zero asks for what ACK gives when nothing is asked for.
        provider.seconds = (seconds != 0).then_some(seconds);
        provider.lifetime = match seconds {
            0 => "as long as the cluster's default, often 3 years".to_owned(),
            _ => crate::time::duration(seconds),
        };
    }
    Some(provider)
}

/// The value of `--name value` or `--name=value`.
fn argument<'a>(exec: &'a Exec, name: &str) -> Option<&'a str> {
    let mut args = exec.args.iter();
    while let Some(it) = args.next() {
        if it == name {
            return args.next().map(String::as_str);
        }
        if let Some(value) = it.strip_prefix(name).and_then(|it| it.strip_prefix('=')) {
            return Some(value);
        }
    }
    None
}

/// Whole seconds of a duration as Go writes it: `3h0m0s`, `90m`, `1.5h`.
///
/// Mirrors: ParseDuration, Go 1.24 time/format.go, without units below the second.
fn go_duration(text: &str) -> Option<i64> {
    if text == "0" {
        return Some(0);
    }
    let mut rest = text.strip_prefix('+').unwrap_or(text);
    let mut seconds = 0.0;
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(|it| it.is_ascii_digit() || *it == b'.').count();
        let (number, after) = rest.split_at_checked(digits)?;
        let unit = match after.chars().next()? {
            'h' => 3_600.0,
            'm' => 60.0,
            's' => 1.0,
            _ => return None,
        };
        seconds += number.parse::<f64>().ok()? * unit;
        rest = after.get(1..)?;
    }
    // The cast saturates.
    (!text.is_empty()).then_some(seconds as i64)
}

/// `text` without control characters, which could move the cursor of a terminal. Line breaks
/// stay: hints have several lines.
pub(super) fn printable(text: &str) -> String {
    text.chars().filter(|it| *it == '\n' || !it.is_control()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, expected: Option<(&str, &str)>) {
        let mut words = line.split(' ').map(str::to_owned);
        let exec =
            Exec { command: words.next().unwrap(), args: words.collect(), ..Exec::default() };
        let found = recognize(&exec);
        let found = found.as_ref().map(|it| (it.name, it.lifetime.as_str()));
        assert_eq!(found, expected, "{line}");
    }

    #[test]
    fn programs() {
        check(
            "aws --region eu-west-1 eks get-token --cluster-name c",
            Some(("Amazon EKS", "14 minutes")),
        );
        check(
            "/usr/local/bin/aws-iam-authenticator token -i c",
            Some(("Amazon EKS", "14 minutes")),
        );
        check(
            r"C:\tools\kubelogin.exe get-token --server-id 6dae",
            Some(("Azure AKS", "about 1 hour")),
        );
        check("kubelogin get-token --oidc-issuer-url=https://i", Some(("OpenID Connect", OIDC)));
        check(
            "ack-ram-tool credential-plugin get-credential --expiration 3h0m0s",
            Some(("Alibaba Cloud ACK", "3 hours")),
        );
        check(
            "ack-ram-tool credential-plugin get-credential --expiration=45m",
            Some(("Alibaba Cloud ACK", "45 minutes")),
        );
        check(
            "ack-ram-tool credential-plugin get-token --cluster-id c",
            Some(("Alibaba Cloud ACK", "10 minutes")),
        );
        check("aws s3 ls", None);
        check("sh -c aws", None);
    }

    #[test]
    fn durations() {
        let rows = [
            ("3h0m0s", Some(10_800)),
            ("1.5h", Some(5_400)),
            ("90m", Some(5_400)),
            ("0", Some(0)),
            ("3", None),
            ("", None),
            ("h", None),
            ("3d", None),
        ];
        for (text, expected) in rows {
            assert_eq!(go_duration(text), expected, "{text}");
        }
    }

    #[test]
    fn hints_lose_their_control_characters() {
        assert_eq!(printable("a\u{1b}[31mb\nc\u{7}\u{9b}d\r"), "a[31mb\ncd");
    }
}
