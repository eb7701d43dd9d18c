//! What people hand in, and what is found in it.

use base64::{Engine, engine::general_purpose::STANDARD};
use kubeconfig_inspector::{
    Report, export, inspect,
    intake::{self, Format, Intake},
    source::Source,
    time::Timestamp,
};

const CONFIG: &str = "\
apiVersion: v1
kind: Config
clusters:
- name: c
  cluster:
    server: https://10.0.0.1:6443
contexts:
- name: x
  context:
    cluster: c
    user: u
users:
- name: u
  user:
    token: abc
current-context: x
";

const PEM: &str = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

const JWT: &str = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.c2ln";

fn encoded(text: &str) -> String {
    STANDARD.encode(text)
}

/// `text` in lines of 64 characters, as `base64` prints it.
fn in_lines(text: &str) -> String {
    let lines = text.as_bytes().chunks(64).map(|it| String::from_utf8_lossy(it) + "\n");
    lines.collect()
}

/// What was found, in one line.
fn summary(intake: &Intake) -> String {
    let mut words = vec![intake.format.name().to_owned()];
    words.extend(intake.kubeconfigs.iter().map(|it| format!("kubeconfig at [{}]", it.origin)));
    words.extend(intake.pem.iter().map(|it| format!("pem at [{}]", it.origin)));
    words.extend(intake.tokens.iter().map(|it| format!("token of {}", it.len())));
    words.extend(intake.expiration.map(|it| format!("until {it}")));
    words.join("; ")
}

fn unwrapped(text: &str) -> String {
    let source = Source::new("pasted", text);
    intake::unwrap(&source).map_or("nothing".to_owned(), |it| summary(&it))
}

#[test]
fn wrappings_are_opened() {
    let config = encoded(CONFIG);
    let quoted = serde_json::to_string(CONFIG).unwrap();
    let secret = |data: &str| {
        format!("apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\n{data}type: Opaque\n")
    };
    let rows = [
        (CONFIG.to_owned(), "nothing"),
        ("".to_owned(), "nothing"),
        ("hello".to_owned(), "nothing"),
        // Secrets: Cluster API's key, kubeadm's, any key; plain text in stringData.
        (
            secret(&format!("data:\n  value: {config}\n")),
            "kubernetes-secret; kubeconfig at [Secret s, data.value]",
        ),
        (
            secret(&format!("data:\n  admin.conf: |\n    {}\n", in_lines(&config).trim().replace('\n', "\n    "))),
            "kubernetes-secret; kubeconfig at [Secret s, data.admin.conf]",
        ),
        (
            secret(&format!("data:\n  x: {}\n", encoded(&config))),
            "kubernetes-secret; kubeconfig at [Secret s, data.x]",
        ),
        (
            secret(&format!("stringData:\n  config: |\n    {}\n", CONFIG.trim().replace('\n', "\n    "))),
            "kubernetes-secret; kubeconfig at [Secret s, stringData.config]",
        ),
        (
            secret(&format!("data:\n  ca.crt: {}\n  token: {}\n", encoded(PEM), encoded(JWT))),
            "kubernetes-secret; pem at [Secret s, data.ca.crt]; token of 40",
        ),
        (secret("data:\n  password: aHVudGVyMg==\n"), "nothing"),
        // The copy of the Secret in kubectl's annotation is not a second kubeconfig.
        (
            format!(
                r#"{{"kind":"Secret","metadata":{{"name":"s","annotations":{{"last":{quoted}}}}},"data":{{"value":"{config}"}}}}"#
            ),
            "kubernetes-secret; kubeconfig at [Secret s, data.value]",
        ),
        (
            format!(
                r#"{{"kind":"List","items":[{{"kind":"Secret","metadata":{{"name":"a"}},"data":{{"value":"{config}"}}}},{{"kind":"Secret","metadata":{{"name":"b"}},"data":{{"kubeconfig":"{config}"}}}}]}}"#
            ),
            "kubernetes-secret; kubeconfig at [Secret a, data.value]; kubeconfig at [Secret b, data.kubeconfig]",
        ),
        (
            [secret(&format!("data:\n  a: {config}\n")), secret(&format!("data:\n  b: {config}\n"))]
                .join("---\n"),
            "kubernetes-secret; kubeconfig at [Secret s, data.a]; kubeconfig at [Secret s, data.b]",
        ),
        // ACK, bare and as the SDK prints it; TKE; AKS; Gardener.
        (
            format!(r#"{{"config":{quoted},"expiration":"2024-03-10T09:56:17Z"}}"#),
            "ack-api-response; kubeconfig at [config]; until 2024-03-10T09:56:17Z",
        ),
        (
            format!(r#"{{"statusCode":200,"body":{{"config":{quoted}}}}}"#),
            "ack-api-response; kubeconfig at [body.config]",
        ),
        (
            format!(r#"{{"Response":{{"Kubeconfig":{quoted},"Expiration":"2026-01-01T00:00:00+08:00"}}}}"#),
            "provider-response; kubeconfig at [Response.Kubeconfig]; until 2025-12-31T16:00:00Z",
        ),
        (
            format!(r#"{{"kubeconfigs":[{{"name":"clusterAdmin","value":"{config}"}}]}}"#),
            "provider-response; kubeconfig at [kubeconfigs.value]",
        ),
        (
            format!(
                "apiVersion: authentication.gardener.cloud/v1alpha1\nkind: AdminKubeconfigRequest\nstatus:\n  kubeconfig: {config}\n  expirationTimestamp: \"2024-02-22T10:00:00Z\"\n"
            ),
            "kubernetes-object; kubeconfig at [AdminKubeconfigRequest, status.kubeconfig]; until 2024-02-22T10:00:00Z",
        ),
        (
            serde_json::json!({"kind": "ExecCredential", "status": {
                "clientCertificateData": PEM,
                "clientKeyData": "-----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY-----\n",
                "expirationTimestamp": "2026-06-01T00:00:00Z"}})
            .to_string(),
            "kubernetes-object; pem at [ExecCredential, status.clientCertificateData]; pem at [ExecCredential, status.clientKeyData]; until 2026-06-01T00:00:00Z",
        ),
        (
            format!(r#"{{"kind":"ExecCredential","status":{{"token":"{JWT}"}}}}"#),
            "kubernetes-object; token of 40",
        ),
        // Base64 of a whole file, in lines, quoted, as a data URL, twice, and of another wrapping.
        (config.clone(), "base64; kubeconfig at [base64]"),
        (in_lines(&config), "base64; kubeconfig at [base64]"),
        (format!("\"{config}\"\n"), "base64; kubeconfig at [base64]"),
        (format!("data:application/yaml;base64,{config}"), "base64; kubeconfig at [base64]"),
        (config.trim_end_matches('=').to_owned(), "base64; kubeconfig at [base64]"),
        (format!("KUBE_CONFIG_DATA={config}"), "base64; kubeconfig at [base64]"),
        (format!("export KUBECONFIG_B64='{config}'\n"), "base64; kubeconfig at [base64]"),
        (encoded(&config), "base64; kubeconfig at [base64]"),
        (
            encoded(&secret(&format!("data:\n  value: {config}\n"))),
            "base64; kubeconfig at [Secret s, data.value]",
        ),
        (encoded(PEM), "base64; pem at []"),
        (encoded("not a kubeconfig, only a text that is long enough"), "nothing"),
        // Bare PEM and tokens.
        (PEM.to_owned(), "pem; pem at []"),
        (format!("Bag Attributes\n    friendlyName: a\n{PEM}{PEM}"), "pem; pem at []"),
        ("-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n-----END OPENSSH PRIVATE KEY-----\n".to_owned(), "nothing"),
        (JWT.to_owned(), "token; token of 40"),
        (format!("Authorization: Bearer {JWT}\n"), "token; token of 40"),
        (format!("{}\n{}\n", &JWT[..20], &JWT[20..]), "token; token of 40"),
        ("k8s-aws-v1.aHR0cHM6Ly9zdHM".to_owned(), "token; token of 26"),
        ("eyJhbGciOiJub25lIn0.one dot".to_owned(), "nothing"),
    ];
    for (text, expected) in rows {
        assert_eq!(unwrapped(&text), expected, "{text}");
    }
}

/// What the last candidate of a mending says, with its first kubeconfig when that is not
/// [`CONFIG`].
fn mended(text: &str) -> String {
    let candidates = intake::mend(&Source::new("pasted", text));
    let Some(last) = candidates.last() else { return "nothing".to_owned() };
    let mut lines = last.mended.clone();
    for piece in &last.kubeconfigs {
        let read = String::from_utf8_lossy(piece.bytes.reveal());
        if read.trim() != CONFIG.trim() {
            lines.push(format!("=> {read}"));
        }
    }
    lines.extend(last.message.iter().map(|it| format!("message: {it}")));
    lines.join("\n")
}

/// `CONFIG` with `prefix` before every line.
fn each_line(prefix: &str) -> String {
    CONFIG.lines().map(|it| format!("{prefix}{it}\n")).collect()
}

#[test]
fn copying_is_undone() {
    const ONE_OUT: &str = "One line that is not part of the kubeconfig was left out.";
    const TWO_OUT: &str = "2 lines that are not part of the kubeconfig were left out.";
    const BLANKS: &str = "Special blanks, as the no-break space, were turned into ordinary blanks.";
    const QUOTES: &str = "Typographic quotation marks were turned into straight ones.";
    const FENCE: &str = "The code fence was removed.";
    const COMMON: &str = "The common indentation was removed.";
    let numbered = |separator: &str| -> String {
        let lines = CONFIG.lines().enumerate();
        lines.map(|(n, it)| format!("{:>4}{separator}{it}\n", n + 1)).collect()
    };
    let rows = [
        ("a code fence", format!("```yaml\n{CONFIG}```\n"), FENCE.to_owned()),
        ("a fence in prose", format!("Hi, please look:\n```\n{CONFIG}```\nThanks"), format!("{FENCE}\n{TWO_OUT}")),
        ("an unclosed fence", format!("Hi\n~~~\n{CONFIG}"), format!("{FENCE}\n{ONE_OUT}")),
        ("jira", format!("{{code:yaml}}\n{CONFIG}{{code}}\nbye"), format!("{FENCE}\n{ONE_OUT}")),
        ("a prompt", format!("$ cat ~/.kube/config\n{CONFIG}$ "), TWO_OUT.to_owned()),
        ("a long prompt", format!("[root@n1 ~]# cat /etc/kubernetes/admin.conf\n{CONFIG}[root@n1 ~]#\n"), TWO_OUT.to_owned()),
        ("a quotation", each_line("> "), "The marks of a quotation were removed.".to_owned()),
        ("a double quotation", each_line("> > "), "The marks of a quotation were removed.".to_owned()),
        ("a diff", each_line("+"), "The marks of a quotation were removed.".to_owned()),
        ("blanks before", each_line("    "), COMMON.to_owned()),
        ("tabs before", each_line("\t"), COMMON.to_owned()),
        ("the first line not indented", each_line("    ").trim_start().to_owned(), COMMON.to_owned()),
        ("line numbers", numbered("\t"), "Line numbers were removed.".to_owned()),
        ("line numbers and a rule", numbered(" │ "), "Line numbers were removed.".to_owned()),
        ("no-break spaces", CONFIG.replace("  ", "\u{a0}\u{a0}"), BLANKS.to_owned()),
        (
            "smart quotes",
            CONFIG.replace("kind: Config", "kind: “Config”"),
            format!("{QUOTES}\n=> {}", CONFIG.replace("kind: Config", "kind: \"Config\"")),
        ),
        (
            "zero width",
            CONFIG.replace("kind", "\u{200b}kind"),
            "Invisible characters of zero width were removed.".to_owned(),
        ),
        (
            "dashes",
            CONFIG.replace("- name", "– name"),
            "Typographic dashes before list items were turned into hyphens.".to_owned(),
        ),
        (
            "entities",
            CONFIG.replace("https:", "&quot;https:").replace("6443", "6443&quot;"),
            format!(
                "HTML entities were turned into the characters that they stand for.\n=> {}",
                CONFIG.replace("https:", "\"https:").replace("6443", "6443\"")
            ),
        ),
        (
            "one line",
            CONFIG.replace('\n', "\\n"),
            "Line breaks written as \\n were turned into line breaks.".to_owned(),
        ),
        (
            "a JSON string",
            serde_json::to_string(CONFIG).unwrap(),
            "Line breaks written as \\n were turned into line breaks.".to_owned(),
        ),
        (
            "a prompt and what kubectl said",
            format!("$ cat config\n{CONFIG}\n$ kubectl get ns\nUnable to connect to the server: EOF\n"),
            "3 lines that are not part of the kubeconfig were left out.\nmessage: $ cat config\n$ kubectl get ns\nUnable to connect to the server: EOF".to_owned(),
        ),
        (
            "what kubectl said first",
            format!("error: You must be logged in to the server (Unauthorized)\n\n{CONFIG}"),
            format!("{ONE_OUT}\nmessage: error: You must be logged in to the server (Unauthorized)"),
        ),
        (
            "two files",
            format!("{CONFIG}\n{CONFIG}"),
            "The text holds several kubeconfigs; each is read by itself.".to_owned(),
        ),
        ("prose", "Dear support, the clusters: they do not work.".to_owned(), "nothing".to_owned()),
    ];
    for (name, text, expected) in rows {
        assert_eq!(mended(&text), expected, "{name}");
    }
}

#[test]
fn tabs_and_broken_values_are_repaired_only_when_there_is_one_way() {
    let by_tabs: String = CONFIG
        .replace("- name", "-\tname")
        .replace("\n    ", "\n\t\t")
        .replace("\n  ", "\n\t")
        .replace("-\tname", "- name");
    assert_eq!(mended(&by_tabs), "Indentation by tabs was turned into blanks.");
    // A tab beside blanks could be of any width.
    assert_eq!(mended(&CONFIG.replacen("\n    ", "\n\t", 1)), "nothing");

    let value = "QUJD".repeat(40);
    let line =
        format!("    server: https://10.0.0.1:6443\n    certificate-authority-data: {value}");
    let whole = CONFIG.replace("    server: https://10.0.0.1:6443", &line);
    let broken = whole.replace(&value, &format!("{}\n{}", &value[..76], &value[76..]));
    assert_eq!(
        mended(&broken),
        format!("Long values that were broken over several lines were joined.\n=> {whole}")
    );
}

#[test]
fn what_is_not_a_kubeconfig_is_named_with_the_way_out() {
    let rows: &[(&[u8], &str)] = &[
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "web page"),
        (b"#!/bin/sh\nexport KUBECONFIG=x\n", "script"),
        (b"server: {{ .Values.server }}\n", "template"),
        (b"\x1f\x8b\x08\0\0", "gzip"),
        (b"PK\x03\x04\x14\0", "zip"),
        (b"\x30\x82\x09\x91\x02\x01\x03", "PKCS#12"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image"),
        (b"ssh-ed25519 AAAAC3Nza me@host", "SSH key"),
        (b"$ANSIBLE_VAULT;1.1;AES256\n6162", "Ansible Vault"),
        (b"age-encryption.org/v1\n-> X25519 abc", "age"),
        (b"~/.kube/config", "path"),
        (b"/etc/kubernetes/admin.conf\n", "path"),
        (b"C:\\Users\\me\\.kube\\config", "path"),
        (b"export KUBECONFIG=/etc/rancher/k3s/k3s.yaml", "variable KUBECONFIG"),
        (b"kubectl config view --raw", "command"),
        (b"https://example.com/kubeconfig.yaml", "address"),
        (b"NAME   STATUS   AGE\ndefault   Active   4h39m\n", "table"),
        (b"FROM alpine\nRUN apk add kubectl\n", "Dockerfile"),
        (b"apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n", "Kubernetes object"),
        (b"Unable to connect to the server: EOF", "message"),
        (
            b"-----BEGIN CERTIFICATE REQUEST-----\nMIIB\n-----END CERTIFICATE REQUEST-----\n",
            "signing request",
        ),
        (b"Dear all, lunch is ready.", "no kubeconfig in this text"),
    ];
    for (bytes, word) in rows {
        let source = Source::new("pasted", *bytes);
        assert_eq!(intake::unwrap(&source), None, "{word}");
        let hint = intake::unread(&source, None, false).hint.unwrap_or_default();
        assert!(hint.contains(word), "{word}: {hint}");
    }
    assert_eq!(
        intake::unread(&Source::new("broken", format!("{CONFIG}\n  oops")), None, false).hint,
        None
    );
}

#[test]
fn a_certificate_that_cannot_be_read_is_told_with_the_place() {
    // A sequence that begins with a number: nothing in it is signed.
    let pem = "-----BEGIN CERTIFICATE-----\nMAMCAQE=\n-----END CERTIFICATE-----\n";
    let now = Timestamp::parse("2026-07-26T00:00:00Z").unwrap();
    let report = inspect(&[Source::new("bad.pem", pem)], now);
    let message = report.facts.rejection(0).unwrap().message;
    assert_eq!(
        message,
        "This is no kubeconfig: it holds one certificate. Certificate 1 is not a readable \
         certificate: fault while reading the signed part, at byte 2."
    );
}

#[test]
fn megabytes_of_something_else_are_answered_at_once() {
    let noise: Vec<u8> =
        (0..30_000_000_u32).map(|it| (it.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let letters = vec![b'A'; 30_000_000];
    for bytes in [noise, letters] {
        let source = Source::new("noise", bytes);
        assert_eq!(intake::unwrap(&source), None);
        assert_eq!(intake::mend(&source), []);
    }
}

/// `kubectl get secrets -A -o json` of a large cluster holds more values than are read at once.
#[test]
fn a_long_list_is_searched_to_its_end_and_what_is_too_much_says_so() {
    let secret = |n: usize, value: &str| {
        format!(r#"{{"kind":"Secret","metadata":{{"name":"s{n}"}},"data":{{"value":"{value}"}}}}"#)
    };
    let secrets: Vec<String> = (0..20_000).map(|n| secret(n, "YQ==")).collect();
    let secrets = format!("{},{}", secrets.join(","), secret(20_000, &encoded(CONFIG)));
    let report = |text: String| inspect(&[Source::new("given", text)], Timestamp(1_768_478_400));
    let found = report(format!(r#"{{"kind":"List","items":[{secrets}]}}"#));
    let origins: Vec<&str> = found.facts.files.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(origins, ["given (Secret s20000, data.value)"]);

    let hint = |text: String| report(text).facts.sources[0].intake.hint.clone().unwrap_or_default();
    let not_searched = hint(format!(r#"{{"kind":"Secret","others":[{secrets}]}}"#));
    assert!(not_searched.contains("too many values to be searched"), "{not_searched}");
    let searched = hint(secret(0, "YQ=="));
    assert!(searched.contains("without a kubeconfig"), "{searched}");

    // A large kubeconfig is no such thing, even if kubectl refuses it.
    let users = vec![r#"{"name":"a","user":{"token":"b"}}"#; 30_000].join(",");
    let broken = format!(r#"{{"kind":"Config","clusters":[],"contexts":[],"users":[{users}],}}"#);
    let broken = report(broken);
    assert_eq!(broken.facts.sources[0].intake.format, Format::Kubeconfig);
}

/// The report of `text` alone.
fn report(text: &str) -> Report {
    inspect(&[Source::new("pasted", text)], Timestamp(1_768_478_400))
}

#[test]
fn what_has_entries_is_called_nothing_but_a_kubeconfig() {
    let wrong = CONFIG.replace("abc", "5");
    let one_line = r#"{"clusters":[{"name":"c","cluster":{"server":"https://a"}}],"users":[{"name":"u","user":{"token":5}}],"contexts":[{"name":"failed","context":{"cluster":"c","user":"u"}}]}"#;
    let texts = [
        one_line.to_owned(),
        wrong.replace('\n', "\r"),
        wrong.replace("u\n", "\"Secret\"\n"),
        format!("metadata: {{}}\n{wrong}"),
        format!("#!/usr/bin/env kubectl\n{wrong}"),
    ];
    for text in texts {
        let report = report(&text);
        let intake = &report.facts.sources[0].intake;
        assert_eq!((intake.format, &intake.hint), (Format::Kubeconfig, &None), "{text}");
        assert_eq!(intake.message, None, "{text}");
        assert_eq!(report.facts.readings[0].contexts.len(), 1, "{text}");
    }
    // These two are true of a kubeconfig, too; and other objects have lists of users.
    let hint = |text: &str| report(text).facts.sources[0].intake.hint.clone().unwrap_or_default();
    assert!(hint(&format!("{wrong}preferences: {{colors: '{{{{ x }}}}'}}\n")).contains("template"));
    assert!(hint(&format!("{wrong}sops: ENC[AES256_GCM,data:x]\n")).contains("SOPS"));
    let group = "apiVersion: user.openshift.io/v1\nkind: Group\nmetadata: {}\nusers: [a]\n";
    assert!(hint(group).contains("Kubernetes object"));
}

#[test]
fn a_remark_is_no_message() {
    let message = |text: &str| intake::plain(&Source::new("pasted", text)).message;
    assert_eq!(message(&format!("# error: do not edit by hand\n{CONFIG}")), None);
    let said = "# error: You must be logged in to the server (Unauthorized)";
    assert_eq!(message(&format!("{said}\n{CONFIG}")).as_deref(), Some(said));
    let about = |text: &str| report(text).diagnosis.len();
    assert_eq!(about(&format!("The certificate is below.\n```\n{CONFIG}```\n")), 0);
    assert_ne!(about(&format!("{}\n```\n{CONFIG}```\n", &said[2..])), 0);
    assert_ne!(about("error: words that nobody knows"), 0);
}

/// Nothing that stands in a text is left out of it and missed afterwards.
#[test]
fn a_slip_is_mended_when_all_loads_then_and_shown_otherwise() {
    let two =
        CONFIG.replace("    token: abc\n", "    token: abc\n- name: b\n  user:\n    token: def\n");
    let dash = "A blank was put behind a dash.";
    let indent = "One field was indented as its neighbors are.";
    let fenced = "The code fence was removed.";
    let rows: &[(&str, String, &[&str], usize)] = &[
        ("no blank", two.replace("- name: b", "-name: b"), &[dash], 2),
        (
            "twice",
            two.replace("- name: b", "-name: b").replace("- name: x", "-name: x"),
            &[dash],
            2,
        ),
        (
            "in a fence",
            format!("```\n{}```\n", two.replace("- name: b", "-name: b")),
            &[dash, fenced],
            2,
        ),
        ("a list further in", two.replace("clusters:", " clusters:"), &[indent], 2),
        ("kind further in", two.replace("kind:", " kind:"), &[indent], 2),
        ("no dash", two.replace("- name: b", "name: b"), &[], 0),
        ("a value at the margin", two.replace(" abc", " >\nabc"), &[], 0),
        ("a value at the margin of its own", two.replace(" abc", "\nabc"), &[], 0),
        ("a field at the margin", two.replace("    token: abc", "token: abc"), &[], 0),
        ("another fault", two.replace("- name: b", "-name: b").replace("def", "5"), &[], 0),
        ("another mark", two.replace("- name: b", "* name: b"), &[], 0),
        ("no colon", two.replace("users:", "users"), &[], 0),
        ("no colon in a line", two.replace("t-context:", "t-context"), &[], 0),
        ("a field of another", two.replace("- name: b", "foo: bar\n- name: b"), &[], 0),
        ("a conflict", two.replace("- name: b", "<<<<<<< HEAD\n- name: b"), &[], 0),
        // A ticket stays one.
        (
            "another object",
            format!(
                "$ kubectl get pod a\napiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n$ cat a\n{two}"
            ),
            &["6 lines that are not part of the kubeconfig were left out."],
            2,
        ),
        (
            "headings",
            format!("cluster: prod\nuser: me\n\n```\n{two}```"),
            &[fenced, "2 lines that are not part of the kubeconfig were left out."],
            2,
        ),
    ];
    for (name, text, mended, n_users) in rows {
        let report = report(text);
        let source = &report.facts.sources[0];
        assert_eq!(source.intake.mended, *mended, "{name}");
        assert!(source.refusal.is_some(), "{name}");
        let ids: Vec<&str> = report.findings.iter().map(|it| it.check.id).collect();
        for missing in
            ["user-not-found", "no-credential", "cluster-not-found", "nothing-in-the-file"]
        {
            assert!(!ids.contains(&missing), "{name}: {ids:?}");
        }
        let file = &report.facts.files[0];
        match mended.is_empty() {
            true => {
                assert!(ids.contains(&"invalid-yaml"), "{name}: {ids:?}");
                let problems =
                    report.facts.readings[0].contexts.iter().flat_map(|it| &it.effective.problems);
                assert_eq!(problems.count(), 0, "{name}");
            }
            false => {
                assert_eq!(file.refusal, None, "{name}");
                assert_eq!(file.config.users.len(), *n_users, "{name}");
            }
        }
    }
    // The lower half of a kubeconfig is for kubectl an empty one, and so it stays.
    let half = CONFIG.split_once("  cluster:\n").unwrap().1;
    let report = report(half);
    let source = &report.facts.sources[0];
    assert_eq!((&source.refusal, &source.intake.mended[..]), (&None, &[][..]));
    assert_eq!((report.facts.rejection(0), report.diagnosis.len()), (None, 0));
}

#[test]
fn a_list_that_stands_twice_is_one_document() {
    let text =
        CONFIG.replace("name: x", "name: no") + "users:\n- name: v\n  user:\n    token: def\n";
    let report = report(&text);
    let file = &report.facts.files[0];
    assert_eq!((file.name.as_str(), report.facts.files.len()), ("pasted", 1));
    let users: Vec<&str> = file.config.users.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(users, ["v"]);
    assert_eq!(file.config.contexts[0].name, "no");
}

#[test]
fn what_is_not_finished_is_shown_where_it_begins() {
    let rows = [
        (CONFIG.replace("kind: ", "kind:"), "line 3: could not find expected ':'", (2, 1)),
        (
            CONFIG.replace("contexts:", "<<<<<<< HEAD\ncontexts:"),
            "line 8: could not find expected ':'",
            (7, 1),
        ),
        (
            CONFIG.replace("- name: c", "- name: \"c"),
            "line 17: found unexpected end of stream",
            (4, 9),
        ),
    ];
    for (text, words, place) in rows {
        let refusal = report(&text).facts.sources[0].refusal.clone().unwrap();
        assert_eq!(refusal.kubectl, format!("yaml: {words}"));
        assert_eq!(refusal.location.map(|it| (it.line, it.column)), Some(place), "{words}");
    }
}

/// What is said of a text that kubectl refuses is what it says, and nothing that it would say if something
/// were missing.
#[test]
fn problems_of_a_refused_file_are_those_that_kubectl_names() {
    let json = |text: &str| {
        let format = export::Format::named("report").unwrap();
        let text = export::export(&report(text), format, &export::Selection::default());
        let report: serde_json::Value = serde_json::from_str(&text).unwrap();
        report["sources"][0]["contexts"][0].clone()
    };
    let number = json(&CONFIG.replace("abc", "12345"));
    assert_eq!(number["problems"].as_array().unwrap().len(), 1, "{number}");
    assert_eq!(number["credentials"][0]["kind"], "token");
    // What was mended is still refused, but kubectl never comes so far.
    let mended = json(&CONFIG.replace("abc", "12345").replace("clusters:", ": b\nclusters:"));
    let problems = mended["problems"].to_string();
    assert!(problems.contains("did not find expected key"), "{problems}");
    assert!(!problems.contains("unmarshal"), "{problems}");
}
