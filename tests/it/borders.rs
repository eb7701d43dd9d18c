//! Both sides of the border of each check: what it says, and what it leaves unsaid one step
//! further on. Every row names all findings, so that one cause has one finding.

use std::{collections::BTreeSet, fs, path::Path};

use base64::{Engine, engine::general_purpose::STANDARD};
use kubeconfig_inspector::{
    Report,
    checks::{compatibility::compatibility, verdict::verdict},
    inspect,
    source::Source,
    time::Timestamp,
};

use crate::checks::now;

/// Files that were made for the fixtures, one after the other.
fn files(names: &[&str]) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/generate/pki");
    let read = |it: &&str| fs::read_to_string(folder.join(it)).expect("the file is there");
    names.iter().map(read).collect()
}

/// The same, as they stand in a `…-data` field.
fn data(names: &[&str]) -> String {
    STANDARD.encode(files(names))
}

/// The lines of a certificate and its key.
fn pair(name: &str) -> String {
    format!(
        "client-certificate-data: {}\nclient-key-data: {}",
        data(&[&format!("{name}.crt")]),
        data(&[&format!("{name}.key")])
    )
}

/// The lines of the CA that issued `alice-ec` and its like.
fn ca() -> String {
    format!("certificate-authority-data: {}", data(&["ec-ca.crt"]))
}

const SERVER: &str = "server: https://k8s.example.com:6443";

fn indented(lines: &str, by: usize) -> String {
    lines.lines().map(|it| format!("{:by$}{it}\n", "")).collect()
}

/// A kubeconfig with one context called prod, with these lines in its cluster and its user.
fn kubeconfig(cluster: &str, user: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Config\ncurrent-context: prod\nclusters:\n- name: prod\n  cluster:\n{}\
         contexts:\n- name: prod\n  context:\n    cluster: prod\n    user: alice\n\
         users:\n- name: alice\n  user:\n{}",
        indented(cluster, 4),
        indented(user, 4)
    )
}

fn judged(texts: &[&str]) -> Report {
    judged_at(now(), texts)
}

fn judged_at(moment: Timestamp, texts: &[&str]) -> Report {
    let sources: Vec<Source> = texts
        .iter()
        .enumerate()
        .map(|(n, it)| Source::new(["a", "b", "c"][n], it.as_bytes().to_vec()))
        .collect();
    inspect(&sources, moment)
}

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let report = judged(&[text]);
    let found: BTreeSet<&str> = report.findings.iter().map(|it| it.check.id).collect();
    assert_eq!(found, expected.iter().copied().collect::<BTreeSet<_>>(), "in\n{text}");
}

/// The details of the findings called `id`.
fn details<'a>(report: &'a Report, id: &str) -> Vec<&'a str> {
    let of_it = report.findings.iter().filter(|it| it.check.id == id);
    of_it.map(|it| it.detail.as_str()).collect()
}

fn with_server(url: &str, expected: &[&str]) {
    check(&kubeconfig(&format!("server: {url}\n{}", ca()), &pair("alice-ec")), expected);
}

fn with_cluster(lines: &str, expected: &[&str]) {
    check(&kubeconfig(&format!("{SERVER}\n{lines}"), &pair("alice-ec")), expected);
}

fn with_user(lines: &str, expected: &[&str]) {
    check(&kubeconfig(&format!("{SERVER}\n{}", ca()), lines), expected);
}

// The file.

#[test]
fn a_field_under_another_name_is_found() {
    // Without it kubectl goes on and misses nothing, or misses just that.
    with_cluster(&format!("{}\nTls-server-name: kubernetes", ca()), &["misspelled-field"]);
    with_cluster(&format!("{}\nbanana: yellow\ncherry: red", ca()), &["unknown-field"]);
    let good = kubeconfig(&format!("{SERVER}\n{}", ca()), &pair("alice-ec"));
    check(&good, &[]);
    let rows = [
        ("server:", "Server:", "server-missing", "Server"),
        ("    cluster: prod", "    Cluster: prod", "cluster-not-found", "Cluster"),
        ("    user: alice", "    User: alice", "user-not-found", "User"),
        ("current-context:", "currentContext:", "no-current-context", "currentContext"),
        ("contexts:", "context:", "current-context-dangling", "context"),
        ("clusters:", "cluster:", "cluster-not-found", "cluster"),
        ("\nusers:", "\nUsers:", "user-not-found", "Users"),
    ];
    for (field, written, expected, named) in rows {
        let text = good.replacen(field, written, 1);
        check(&text, &[expected]);
        let report = judged(&[&text]);
        let detail = details(&report, expected)[0];
        assert!(detail.contains(&format!(" {named} was probably meant to be ")), "{detail}");
        let place = &report.findings[0].place;
        assert!(place.path.ends_with(named), "{}", place.path);
    }
    with_user("Token: 0a1b2c3d4e5f60718293a4b5c6d7e8f9", &["no-credential"]);
    // The same name in another place is another field.
    with_user("server: https://k8s.example.com", &["no-credential", "unknown-field"]);
    let lists = "apiVersion: v1\nkind: Config\nContexts: []\nClusters: []\n";
    check(lists, &["misspelled-field", "nothing-in-the-file"]);
}

#[test]
fn special_blanks_have_one_finding() {
    let good = kubeconfig(&format!("{SERVER}\n{}", ca()), &pair("alice-ec"));
    check(&good.replace("  ", "\u{a0}\u{a0}"), &["special-blank-hides-field"]);
    with_cluster(&format!("{}\ntls-server-name\u{a0}: kubernetes", ca()), &["special-blank"]);
    // Not every blank in front of a name is a special one, and not everywhere.
    with_cluster(&format!("{}\n\"banana \": yellow", ca()), &["unknown-field"]);
    with_cluster(&format!("{}\n\"ba\u{a0}na\": yellow", ca()), &["unknown-field"]);
}

#[test]
fn damaged_text_is_told_from_other_faults() {
    let good = kubeconfig(&format!("{SERVER}\n{}", ca()), &pair("alice-ec"));
    check(&good.replace("  ", "\t"), &["text-damaged"]);
    check(
        &good.replace("server: h", "server: \u{201c}h").replace(":6443", ":6443\u{201d}"),
        &["server-invalid"],
    );
    check(&good.replace("  user:\n", "  user: [\n"), &["invalid-yaml"]);
    check(&good.replace("kind: Config", "kind: config"), &["not-a-kubeconfig"]);
    check(&good.replace("apiVersion: v1", "apiVersion: 1"), &["not-a-kubeconfig"]);
    check(&good.replace("apiVersion: v1", "apiVersion: a/b/c"), &["not-a-kubeconfig"]);
    check(&good.replace("apiVersion: v1\nkind: Config\n", ""), &[]);
    // An entry that stands twice is not unused, too.
    check(&format!("{good}- name: alice\n  user: {{}}\n"), &["duplicate-name"]);
    check("", &["nothing-in-the-file"]);
    check(&format!("{good}preferences: {{}}\n"), &[]);
    check(&format!("{good}preferences:\n  colors: false\n"), &[]);
    check(
        &format!("{good}preferences:\n  extensions:\n  - name: a\n    extension: 1\n"),
        &["preferences-without-effect"],
    );
}

#[test]
fn a_refusal_comes_with_the_words_of_kubectl() {
    let good = kubeconfig(&format!("{SERVER}\n{}", ca()), &pair("alice-ec"));
    // As recorded of kubectl 1.33.
    let rows = [
        (
            "apiVersion: v1",
            "apiVersion: a/b/c",
            "not-a-kubeconfig",
            "unexpected GroupVersion string: a/b/c",
        ),
        (
            "user: alice",
            "user: 1",
            "wrong-type",
            "json: cannot unmarshal number into Go struct field Context.contexts.context.user of type string",
        ),
        (
            "client-key-data: ",
            "client-key-data: \"*\" # ",
            "invalid-base64",
            "illegal base64 data at input byte 0",
        ),
    ];
    for (field, written, id, words) in rows {
        let report = judged(&[&good.replacen(field, written, 1)]);
        let detail = details(&report, id)[0];
        assert!(detail.ends_with(&format!(" kubectl says: {words}")), "{detail}");
    }
    // Where it repeats what stands in the file, that may be a secret.
    for value in ["!!int 0p3nsesame", "*0p3nsesame", "{[0p3nsesame]: a}"] {
        let report = judged(&[&good.replacen("user: alice", &format!("user: {value}"), 1)]);
        let detail = details(&report, "invalid-yaml")[0];
        assert!(!detail.contains("0p3nsesame"), "{detail}");
    }
    // It stops at the first, so the second has no words of its own.
    let two = good
        .replace("user: alice", "user: 1")
        .replace("current-context: prod", "current-context: 2");
    let report = judged(&[&two]);
    let details = details(&report, "wrong-type");
    assert_eq!(details.iter().filter(|it| it.contains("kubectl says: ")).count(), 1, "{details:?}");
    assert_eq!(details.len(), 2);
}

#[test]
fn notes_in_place_of_values() {
    let notes = [
        ("<token>", true),
        ("${TOKEN}", true),
        ("{{ .Token }}", true),
        ("[token]", true),
        ("***", true),
        ("xxx", true),
        ("XXXX", true),
        ("***REDACTED***", true),
        ("redacted", true),
        ("eyJhbGciOi...", true),
        ("eyJhbGciOi…", true),
        ("**", false),
        ("xx", false),
        ("xyx", false),
        ("<token", false),
        ("$TOKEN", false),
        ("redacted-by-hand", false),
        ("0a1b2c3d4e5f60718293a4b5c6d7e8f9", false),
    ];
    for (note, expected) in notes {
        let ids: &[&str] = if expected { &["value-is-a-placeholder"] } else { &[] };
        with_user(&format!("token: '{note}'"), ids);
    }
    with_user("token: REDACTED", &["value-redacted"]);
    with_user("token: DATA+OMITTED", &["value-redacted"]);
    with_user("token: NOT-REDACTED", &[]);
    with_user(
        "username: alice\npassword: <password>",
        &["password-sign-in", "value-is-a-placeholder"],
    );
}

#[test]
fn fields_that_stand_twice() {
    with_cluster(&format!("{}\n{SERVER}", ca()), &["duplicate-key"]);
    with_cluster(&ca(), &[]);
}

#[test]
fn only_what_is_missing_is_meant() {
    // Another field of the cluster is misspelled, and another cluster's server.
    let text = kubeconfig(&format!("Tls-server-name: a\n{}", ca()), &pair("alice-ec"))
        .replace("contexts:\n", "- name: other\n  cluster:\n    Server: https://a\ncontexts:\n");
    check(&text, &["misspelled-field", "server-missing", "unused-entry"]);
    assert_eq!(
        details(&judged(&[&text]), "server-missing"),
        [
            "The cluster prod has none.",
            "The cluster other has none. Server was probably meant to be server.",
        ]
    );
    let text = kubeconfig(&format!("{SERVER}\n{}", ca()), &pair("alice-ec"))
        .replace("    user: alice\n", "");
    assert_eq!(details(&judged(&[&text]), "user-not-found"), ["The context prod names no user."]);
    // What is refused before its lists are read is not empty, too.
    check("apiVersion: v2\n", &["not-a-kubeconfig"]);
}

// Names.

#[test]
fn the_current_context() {
    let good = kubeconfig(&format!("{SERVER}\n{}", ca()), &pair("alice-ec"));
    check(
        &good.replace("current-context: prod", "current-context: Prod"),
        &["current-context-dangling"],
    );
    check(&good.replace("current-context: prod", "current-context: ''"), &["no-current-context"]);
    // kubectl uses a context without a name when no name is given.
    check(
        &good
            .replace("current-context: prod", "current-context: ''")
            .replace("contexts:\n- name: prod", "contexts:\n- name: ''"),
        &[],
    );
    let report = judged(&[
        "apiVersion: v1\nkind: Config\ncurrent-context: a\ncontexts: []\nclusters:\n- name: b\n  cluster:\n    server: https://b\n",
    ]);
    assert_eq!(
        details(&report, "current-context-dangling"),
        ["It is called a; the file holds no context."]
    );
}

#[test]
fn a_namespace_is_a_label() {
    let rows = [
        ("web", true),
        ("web-1", true),
        ("1", true),
        ("Web", false),
        ("web_1", false),
        ("-web", false),
        ("web-", false),
        ("web.shop", false),
        ("a/b", false),
    ];
    let namespace = |name: &str| {
        kubeconfig(&format!("{SERVER}\n{}", ca()), &pair("alice-ec"))
            .replace("    user: alice", &format!("    user: alice\n    namespace: '{name}'"))
    };
    let check = |name: &str, good: bool| {
        check(&namespace(name), if good { &[] } else { &["invalid-namespace"] });
    };
    for (name, good) in rows {
        check(name, good);
    }
    check(&"a".repeat(63), true);
    check(&"a".repeat(64), false);
    check("", true);
}

/// Names of contexts, each with those of its cluster and its user.
type Contexts<'a> = &'a [[&'a str; 3]];

/// Names of clusters or users, each with its server or its token.
type Entries<'a> = &'a [[&'a str; 2]];

/// A kubeconfig with the contexts, clusters and users of these names; the body of each cluster
/// and user is its second word.
fn fleet(contexts: Contexts<'_>, clusters: Entries<'_>, users: Entries<'_>) -> String {
    let mut text = "apiVersion: v1\nkind: Config\ncontexts:\n".to_owned();
    for [name, cluster, user] in contexts {
        text += &format!("- name: {name}\n  context: {{cluster: {cluster}, user: {user}}}\n");
    }
    text += "clusters:\n";
    for [name, server] in clusters {
        text +=
            &format!("- name: {name}\n  cluster:\n    server: https://{server}\n    {}\n", ca());
    }
    text += "users:\n";
    for [name, token] in users {
        text += &format!("- name: {name}\n  user: {{token: {token}}}\n");
    }
    match contexts.first() {
        Some([name, ..]) => format!("{text}current-context: {name}\n"),
        None => text,
    }
}

#[test]
fn what_nothing_uses() {
    let clusters = [["c", "c.example.com"], ["d", "d.example.com"]];
    let users = [["u", "t0k3n"], ["v", "t0k3n-0f-v"]];
    check(&fleet(&[["a", "c", "u"], ["b", "d", "v"]], &clusters, &users), &[]);
    let report = judged(&[&fleet(&[["a", "c", "u"]], &clusters, &users)]);
    assert_eq!(
        details(&report, "unused-entry"),
        ["Not used in clusters: d.", "Not used in users: v."]
    );
    // What is unused is probably what was meant.
    check(&fleet(&[["a", "x", "u"], ["b", "c", "v"]], &clusters, &users), &["cluster-not-found"]);
    check(&fleet(&[["a", "c", "x"], ["b", "d", "v"]], &clusters, &users), &["user-not-found"]);
    check(
        &fleet(&[["a", "c", "x"], ["b", "c", "v"]], &clusters, &users),
        &["unused-entry", "user-not-found"],
    );
}

#[test]
fn what_is_there_twice() {
    let rows: &[(Contexts<'_>, Entries<'_>, Entries<'_>, &[&str])] = &[
        (
            &[["a", "c", "u"], ["b", "c", "u"]],
            &[["c", "c"]],
            &[["u", "t"]],
            &["same-context-twice"],
        ),
        (
            &[["a", "c", "u"], ["b", "d", "u"]],
            &[["c", "c"], ["d", "c"]],
            &[["u", "t"]],
            &["same-entry-twice"],
        ),
        (&[["a", "c", "u"], ["b", "d", "u"]], &[["c", "c"], ["d", "d"]], &[["u", "t"]], &[]),
        // Two names for one credential are one thing, and no other rights.
        (
            &[["a", "c", "u"], ["b", "c", "v"]],
            &[["c", "c"]],
            &[["u", "t"], ["v", "t"]],
            &["same-entry-twice"],
        ),
        (
            &[["a", "c", "u"], ["b", "c", "v"]],
            &[["c", "c"]],
            &[["u", "t"], ["v", "w"]],
            &["contexts-differ-only-in-user"],
        ),
        (
            &[["a", "c", "u"], ["b", "d", "v"]],
            &[["c", "c"], ["d", "d"]],
            &[["u", "t"], ["v", "w"]],
            &[],
        ),
    ];
    for (contexts, clusters, users, expected) in rows {
        check(&fleet(contexts, clusters, users), expected);
    }
    // Another namespace makes another context.
    let two = fleet(&[["a", "c", "u"], ["b", "c", "u"]], &[["c", "c"]], &[["u", "t"]]);
    check(&two.replacen("user: u}", "user: u, namespace: web}", 1), &[]);
}

#[test]
fn names_that_meet() {
    let of = |name: &str, server: &str| {
        fleet(&[["a", name, name]], &[[name, server]], &[[name, server]])
    };
    let rows = [
        ("kubernetes", "kubeadm and ACK call every cluster that."),
        ("kubernetes-admin", "kubeadm calls every one that."),
        ("default", "k3s and RKE2 call everything that."),
        ("minikube", "minikube calls its first cluster that."),
        ("kind-kind", "kind calls its first cluster that."),
        ("user", "CCE calls every one that."),
        ("admin", "Several installers call every administrator that."),
        ("mine", "a."),
    ];
    for (name, end) in rows {
        let report = judged(&[&of(name, "c"), &of(name, "d")]);
        let found = details(&report, "name-collision");
        assert_eq!(found.len(), 2, "{name}: {found:?}");
        assert!(found.iter().all(|it| it.ends_with(end)), "{found:?}");
    }
    // The same under the same name is no collision, and neither is one file alone.
    assert!(judged(&[&of("mine", "c"), &of("mine", "c")]).findings.is_empty());
    assert!(judged(&[&of("default", "c")]).findings.is_empty());
}

// The server's address.

#[test]
fn addresses() {
    let rows: &[(&str, &[&str])] = &[
        ("https://k8s.example.com:6443", &[]),
        ("https://k8s.example.com", &[]),
        ("HTTPS://k8s.example.com", &[]),
        ("https://203.0.113.10:6443", &[]),
        ("https://[2001:db8::10]:6443", &[]),
        ("https://2001:db8::10:6443", &["server-ipv6-without-brackets"]),
        ("k8s.example.com:6443", &["server-without-scheme"]),
        ("'[2001:db8::10]:6443'", &["server-without-scheme"]),
        ("http://k8s.example.com", &["server-plain-http"]),
        // kubectl proxy is meant to be used so.
        ("http://127.0.0.1:8001", &["server-on-this-machine"]),
        ("https:127.0.0.1:6443", &["server-invalid"]),
        ("https:/k8s.example.com", &["server-invalid"]),
        ("'https://:'", &["server-invalid"]),
        ("'?a=b'", &["server-invalid"]),
        ("' https://k8s.example.com'", &["server-invalid"]),
        ("htps://k8s.example.com", &["server-scheme-unknown"]),
        ("ftp://k8s.example.com", &["server-scheme-unknown"]),
        ("https://alice@k8s.example.com", &["server-url-with-password"]),
        ("https://k8s.example.com/?a=b", &["server-url-with-query"]),
        ("https://k8s.example.com#a", &["server-url-with-query"]),
        ("https://k8s.example.com/", &["server-url-with-trailing-slash"]),
        ("https://k8s.example.com/prod", &["server-url-with-path"]),
        (
            "https://k8s.example.com/prod/",
            &["server-url-with-path", "server-url-with-trailing-slash"],
        ),
        ("https://k8s.example.com/prod?a", &["server-url-with-path", "server-url-with-query"]),
        // Rancher and GitLab.
        ("https://k8s.example.com/k8s/clusters/c-1", &[]),
        ("https://k8s.example.com/api/v4/projects/1", &[]),
        ("https://0.0.0.0:6443", &["server-unspecified-address"]),
        ("https://[::]:6443", &["server-unspecified-address"]),
        ("https://localhost:6443", &["server-on-this-machine"]),
        ("https://[::1]:6443", &["server-on-this-machine"]),
        ("https://host.docker.internal:6443", &["server-name-of-a-container-host"]),
        ("https://host.minikube.internal:8443", &["server-name-of-a-container-host"]),
        ("https://host.prod.internal", &[]),
        ("https://gateway.docker.internal", &["server-name-of-a-container-host"]),
        ("https://host.containers.internal", &["server-name-of-a-container-host"]),
        ("https://docker.internal", &[]),
        ("https://10.0.0.1:6443", &["server-on-a-private-network"]),
        ("https://100.64.0.1:6443", &["server-on-a-private-network"]),
        ("https://kubernetes.default.svc", &["server-inside-the-cluster"]),
    ];
    for (url, expected) in rows {
        with_server(url, expected);
    }
}

#[test]
fn ports_of_other_services() {
    let rows = [
        (22, true),
        (80, true),
        (443, false),
        (2379, true),
        (2380, true),
        (2381, false),
        (6443, false),
        (8080, true),
        (8443, false),
        (10250, true),
        (10255, true),
        (10256, true),
        (10257, true),
        (10258, false),
        (10259, true),
    ];
    for (port, is_other) in rows {
        let expected: &[&str] = if is_other { &["server-port-of-another-service"] } else { &[] };
        with_server(&format!("https://k8s.example.com:{port}"), expected);
    }
    // Over http these are the usual ones.
    with_server("http://k8s.example.com:8080", &["server-plain-http"]);
    with_server("http://k8s.example.com:80", &["server-plain-http"]);
    let report = judged(&[&kubeconfig("server: http://k8s.example.com:443", "{}")]);
    assert!(details(&report, "server-plain-http")[0].contains("port 443 usually speaks https"));
    let report = judged(&[&kubeconfig("server: http://[::1]:2379", "{}")]);
    assert_eq!(details(&report, "server-on-this-machine"), ["The address is [::1]:2379."]);
}

#[test]
fn proxies() {
    let rows: &[(&str, &[&str])] = &[
        ("http://proxy.example.com:3128", &["proxy-in-use"]),
        ("https://proxy.example.com", &["proxy-in-use"]),
        ("socks5://proxy.example.com:1080", &["proxy-in-use"]),
        ("socks5h://proxy.example.com:1080", &["proxy-url-invalid"]),
        ("ftp://proxy.example.com", &["proxy-url-invalid"]),
        ("proxy.example.com:3128", &["proxy-url-invalid"]),
        ("http://alice@proxy.example.com:3128", &["proxy-url-with-password"]),
        ("http://alice:pw@proxy.example.com/?a=@b", &["proxy-url-with-password"]),
        ("''", &[]),
    ];
    for (url, expected) in rows {
        with_cluster(&format!("{}\nproxy-url: {url}", ca()), expected);
    }
}

#[test]
fn a_server_certificate_that_was_handed_in() {
    let server = files(&["server.crt"]);
    // Of the cluster's CA, for kubernetes, *.internal.example.com and 10.96.0.1.
    let rows = [
        ("server: https://k8s.example.com", true),
        ("server: https://kubernetes", false),
        ("server: https://a.internal.example.com", false),
        ("server: https://a.b.internal.example.com", true),
        ("server: https://10.96.0.1", false),
        ("server: https://10.96.0.2", true),
        ("server: https://k8s.example.com\ntls-server-name: kubernetes", false),
        ("server: https://kubernetes\ntls-server-name: other", true),
    ];
    for (lines, fires) in rows {
        let text = kubeconfig(&format!("{lines}\n{}", ca()), &pair("alice-ec"));
        let report = judged(&[&text, &server]);
        assert_eq!(
            details(&report, "server-not-in-certificate").len(),
            usize::from(fires),
            "{lines}"
        );
    }
    // It is another cluster's when another CA has signed it.
    let other = format!("certificate-authority-data: {}", data(&["other-ec-ca.crt"]));
    let text = kubeconfig(&format!("{SERVER}\n{other}"), &pair("of-other-ca"));
    assert!(details(&judged(&[&text, &server]), "server-not-in-certificate").is_empty());
    // What others show is nothing that the server shows, nor is what a user signs in with; and of
    // several, one that fits is enough.
    let text = kubeconfig(&format!("{SERVER}\n{}", ca()), &pair("alice-at-home"));
    let rows: &[(&[&str], bool)] = &[
        (&["alice-ec.crt"], false),
        (&["alice-at-home.crt"], false),
        (&["kubelet.crt"], false),
        (&["other-server.crt"], false),
        (&["server.crt"], true),
        (&["alice-ec.crt", "alice-at-home.crt", "kubelet.crt", "server.crt"], true),
        (&["server.crt", "other-server.crt"], false),
        (&["other-server.crt", "server.crt"], false),
    ];
    for (names, fires) in rows {
        let found = judged(&[&text, &files(names)]);
        let expected: &[&str] = match fires {
            true => &["The certificate that was handed in with it is for DNS:kubernetes, \
                       DNS:*.internal.example.com and IP:10.96.0.1, not k8s.example.com."],
            false => &[],
        };
        assert_eq!(details(&found, "server-not-in-certificate"), expected, "{names:?}");
    }
}

// The verification of the server.

#[test]
fn authorities() {
    let of = |names: &[&str]| format!("certificate-authority-data: {}", data(names));
    let rows: &[(&[&str], &[&str])] = &[
        (&["ec-ca.crt"], &[]),
        (&["ec-ca.key"], &["ca-unreadable"]),
        (&["ec-ca.crt", "other-ec-ca.crt"], &["several-cas"]),
        (&["expired-ca.crt"], &["ca-expired"]),
        // One that is still good is enough.
        (&["expired-ca.crt", "ec-ca.crt"], &["ca-partly-unusable"]),
        (
            &["expired-ca.crt", "ec-ca.crt", "other-ec-ca.crt"],
            &["ca-partly-unusable", "several-cas"],
        ),
        // The same one twice is one.
        (&["ec-ca.crt", "ec-ca.crt"], &[]),
        (&["future-ca.crt"], &["ca-not-yet-valid"]),
        (&["expired-ca.crt", "future-ca.crt"], &["ca-expired"]),
        (&["future-ca.crt", "ec-ca.crt"], &["several-cas"]),
        (&["not-a-ca.crt"], &["ca-is-not-a-ca"]),
        // Only itself is trusted through it, and nothing that it signed.
        (&["not-a-ca.crt", "ec-ca.crt"], &[]),
        (&["not-a-ca.crt", "bare-ca.crt"], &["ca-is-not-a-ca"]),
        (&["expired-ca.crt", "not-a-ca.crt"], &["ca-is-not-a-ca", "ca-partly-unusable"]),
        (&["bare-ca.crt"], &["ca-is-not-a-ca"]),
        (&["ca-without-signing.crt"], &["ca-is-not-a-ca"]),
        (&["ca-without-signing.crt", "ec-ca.crt"], &[]),
        (&["ending-ca.crt"], &["ca-ends-soon"]),
        (&["ending-ca.crt", "ec-ca.crt"], &["several-cas"]),
        (&["unknown-extension-ca.crt"], &["ca-extensions-refused"]),
        (&["clients-only-ca.crt"], &["ca-extensions-refused"]),
        (
            &["unknown-extension-ca.crt", "clients-only-ca.crt"],
            &["ca-extensions-refused", "several-cas"],
        ),
        (&["unknown-extension-ca.crt", "ec-ca.crt"], &["several-cas"]),
        (
            &["expired-ca.crt", "clients-only-ca.crt"],
            &["ca-extensions-refused", "ca-partly-unusable"],
        ),
        (&["dns-only-ca.crt"], &[]),
        (&["weak-ca.crt"], &["ca-key-weak"]),
        (&["short-key-ca.crt"], &["ca-key-refused"]),
        (&["short-key-ca.crt", "ec-ca.crt"], &["ca-key-weak", "several-cas"]),
        (&["ec-ca.crt", "alice-ec.key"], &["private-key-in-ca"]),
        (&["ec-ca.crt", "ec-ca.key"], &["ca-private-key"]),
        (&["ec-ca.key", "ec-ca.crt"], &["ca-private-key"]),
    ];
    for (names, expected) in rows {
        with_cluster(&of(names), expected);
    }
    with_cluster("certificate-authority-data: DATA+OMITTED", &["value-redacted"]);
    with_cluster("certificate-authority-data: ''", &["system-roots"]);
    with_cluster("insecure-skip-tls-verify: true", &["tls-verification-off"]);
    with_cluster("insecure-skip-tls-verify: false", &["system-roots"]);
    with_cluster(
        "insecure-skip-tls-verify: true\ncertificate-authority-data: ''",
        &["tls-verification-off"],
    );
    with_cluster(&format!("insecure-skip-tls-verify: true\n{}", ca()), &["insecure-with-ca"]);
    with_cluster(
        "insecure-skip-tls-verify: true\ncertificate-authority: ca.crt",
        &["insecure-with-ca", "refers-to-other-files"],
    );
    with_cluster(&format!("{}\ncertificate-authority: ca.crt", ca()), &["ca-path-and-data"]);
    with_cluster("certificate-authority: ca.crt", &["refers-to-other-files"]);
    with_cluster(&format!("{}\ntls-server-name: kubernetes", ca()), &["tls-server-name-in-use"]);
}

#[test]
fn a_missing_ca_is_judged_by_the_address() {
    let of = |url: &str| kubeconfig(&format!("server: {url}"), &pair("alice-ec"));
    check(&of("https://k8s.example.com"), &["system-roots"]);
    check(&of("https://203.0.113.10"), &["ca-missing"]);
    check(&of("https://10.0.0.1"), &["ca-missing", "server-on-a-private-network"]);
    check(&of("https://kubernetes.default.svc"), &["ca-missing", "server-inside-the-cluster"]);
    // Over http nothing is verified, and no certificate is looked at.
    check(&of("http://127.0.0.1:8001"), &["server-on-this-machine"]);
    let expired = kubeconfig(
        &format!(
            "server: http://127.0.0.1:8001\ncertificate-authority-data: {}\ntls-server-name: a",
            data(&["expired-ca.crt"])
        ),
        &pair("alice-expired"),
    );
    check(&expired, &["server-on-this-machine"]);
}

// Client certificates. Dates are rows of their own in `checks`.

#[test]
fn client_certificates() {
    let certificate = |names: &[&str]| format!("client-certificate-data: {}", data(names));
    let key = |names: &[&str]| format!("client-key-data: {}", data(names));
    let both = |certificates: &[&str], keys: &[&str]| {
        format!("{}\n{}", certificate(certificates), key(keys))
    };
    let rows: &[(String, &[&str])] = &[
        (pair("alice-ec"), &[]),
        (certificate(&["alice-ec.crt"]), &["certificate-without-key"]),
        (format!("{}\ntoken: t0k3n", key(&["alice-ec.key"])), &["key-without-certificate"]),
        (
            "client-key: alice.key\ntoken: t0k3n".to_owned(),
            &["key-without-certificate", "refers-to-other-files"],
        ),
        (key(&["alice-ec.key"]), &["no-credential"]),
        (format!("{}\nclient-key: alice.key", pair("alice-ec")), &["key-path-and-data"]),
        (
            format!("{}\nclient-certificate: a.crt", pair("alice-ec")),
            &["certificate-path-and-data"],
        ),
        (both(&["alice-ec.key"], &["alice-ec.crt"]), &["certificate-and-key-swapped"]),
        (both(&["alice-ec.crt"], &["alice-ec.crt"]), &["client-key-unreadable"]),
        (both(&["alice-ec.key"], &["alice-ec.key"]), &["certificate-and-key-swapped"]),
        (both(&["alice-ec.crt"], &["locked.key"]), &["client-key-unreadable"]),
        (both(&["alice-ec.crt"], &["of-other-ca.key"]), &["client-key-mismatch"]),
        (both(&["alice-ec.crt"], &["weak-key.key"]), &["client-key-mismatch"]),
        (
            both(&["ec-ca.crt", "alice-ec.crt"], &["alice-ec.key"]),
            &["client-certificate-not-first"],
        ),
        (both(&["alice-ec.crt", "ec-ca.crt"], &["alice-ec.key"]), &[]),
        (both(&["ec-ca.crt", "of-other-ca.crt"], &["alice-ec.key"]), &["client-key-mismatch"]),
        (pair("for-servers"), &["client-certificate-not-for-clients"]),
        (pair("empty-usage"), &[]),
        (pair("unknown-extension"), &["client-certificate-extension-unknown"]),
        (pair("odd-other-name"), &["client-certificate-extension-unknown"]),
        (pair("critical-other-name"), &[]),
        (
            format!("{}\ntoken: t0k3n", pair("unknown-extension")),
            &["credential-refused-beside-another", "several-credentials"],
        ),
        (pair("without-name"), &["client-certificate-without-name"]),
        (pair("of-other-ca"), &["client-certificate-of-another-ca"]),
        (pair("long-lived"), &["long-lived-certificate"]),
        // A name in angle brackets is no base64, and nothing else is wrong with it.
        (
            "client-certificate-data: DATA+OMITTED\nclient-key-data: DATA+OMITTED".to_owned(),
            &["value-redacted"],
        ),
        (
            format!("client-certificate-data: REDACTED\n{}", key(&["alice-ec.key"])),
            &["value-redacted"],
        ),
        (
            format!("{}\nclient-key-data: REDACTED", certificate(&["alice-ec.crt"])),
            &["value-redacted"],
        ),
    ];
    for (user, expected) in rows {
        with_user(user, expected);
    }
    let of = |ca: &str, user: &str| {
        let ca = data(&[ca]);
        kubeconfig(&format!("{SERVER}\ncertificate-authority-data: {ca}"), user)
    };
    check(&of("kubernetes-ca.crt", &pair("sha1")), &["client-certificate-signature-weak"]);
    check(&of("kubernetes-ca.crt", &pair("weak-key")), &["client-key-weak"]);
    check(&of("kubernetes-ca.crt", &pair("short-key")), &["client-key-refused"]);
    with_user(&pair("short-curve"), &["client-key-refused"]);
    // Another CA for clients is normal when it has another name.
    check(&of("kubernetes-ca.crt", &pair("alice-ec")), &[]);
    check(
        &of("ec-ca.crt", &format!("{}\ntoken: t0k3n", pair("of-other-ca"))),
        &["client-certificate-of-another-ca", "several-credentials"],
    );
}

#[test]
fn what_comes_from_a_file_is_found_where_the_file_is_named() {
    let cluster = format!("{SERVER}\ncertificate-authority: b");
    let by_path = "client-certificate: b\nclient-key: c";
    let key_by_path =
        format!("client-certificate-data: {}\nclient-key: b", data(&["alice-ec.crt"]));
    let token = "client-key: b\ntokenFile: t";
    let user = "users[0].user.client-";
    let rows = [
        (
            &*cluster,
            &*pair("alice-ec"),
            "expired-ca.crt",
            "ca-expired",
            "clusters[0].cluster.certificate-authority",
        ),
        (
            &cluster,
            &pair("alice-ec"),
            "ec-ca.key",
            "ca-unreadable",
            "clusters[0].cluster.certificate-authority",
        ),
        (
            SERVER,
            by_path,
            "alice-expired.crt",
            "client-certificate-expired",
            &format!("{user}certificate"),
        ),
        (SERVER, by_path, "of-other-ca.crt", "client-key-mismatch", &format!("{user}key")),
        (SERVER, &key_by_path, "of-other-ca.key", "client-key-mismatch", &format!("{user}key")),
        (SERVER, &key_by_path, "locked.key", "client-key-unreadable", &format!("{user}key")),
        (SERVER, token, "alice-ec.key", "key-without-certificate", &format!("{user}key")),
    ];
    for (cluster, user, b, id, path) in rows {
        let report = judged(&[&kubeconfig(cluster, user), &files(&[b]), &files(&["alice-ec.key"])]);
        let found = report.findings.iter().find(|it| it.check.id == id).expect(id);
        assert_eq!(found.place.path, path, "{id}");
        assert!(found.location.is_some(), "{id} stands on a line");
    }
}

#[test]
fn a_password_in_the_address_is_all_that_is_sent() {
    let server = format!("server: https://joe:pw@k8s.example.com\n{}", ca());
    let rows: &[(&str, &[&str])] = &[
        ("token: t0k3n", &["password-sign-in", "server-url-with-password"]),
        // A program may print a certificate.
        (AWS, &["server-url-with-password"]),
        // The certificate does not travel in a header.
        (&pair("alice-ec"), &["server-url-with-password"]),
        (&format!("{}\ntoken: t0k3n", pair("alice-ec")), &["server-url-with-password"]),
        // kubectl asks for a name first.
        ("{}", &["no-credential", "server-url-with-password"]),
    ];
    for (user, expected) in rows {
        check(&kubeconfig(&server, user), expected);
    }
    let (stands, sentence, _) = verdict_on(&kubeconfig(&server, "token: t0k3n"));
    assert_eq!(stands, "does not work");
    assert_eq!(sentence, "This does not work. The user signs in with a password.");
}

// kubeadm and k3s write their CA's first moment into each certificate that they issue for a year.
#[test]
fn a_date_that_was_taken_over_from_the_ca_is_no_age() {
    let of = |cluster: &str, names: &[&str], key: &str| {
        let user =
            format!("client-certificate-data: {}\nclient-key-data: {}", data(names), data(&[key]));
        kubeconfig(&format!("{SERVER}\ncertificate-authority-data: {}", data(&[cluster])), &user)
    };
    let renewed = |cluster: &str, names: &[&str]| of(cluster, names, "renewed.key");
    check(&renewed("old-ca.crt", &["renewed.crt"]), &["administrator"]);
    // The CA for clients stands behind the certificate.
    check(&renewed("ec-ca.crt", &["renewed.crt", "old-ca.crt"]), &["administrator"]);
    let told = &["administrator", "long-lived-certificate", "rotation-due"];
    check(&renewed("ec-ca.crt", &["renewed.crt"]), told);
    check(&renewed("ec-ca.crt", &["renewed.crt", "ec-ca.crt"]), told);
    // What is left is part of its life.
    let text = of("old-ca.crt", &["renewed-for-years.crt"], "renewed-for-years.key");
    let report = judged(&[&text]);
    assert_eq!(details(&report, "long-lived-certificate"), ["It lives another 2 years."]);
    // The end is the end.
    let end = Timestamp::parse("2027-03-20T00:00:00Z").expect("a date in a test");
    let report = judged_at(end, &[&renewed("old-ca.crt", &["renewed.crt"])]);
    assert_eq!(details(&report, "client-certificate-ends-within-30-days").len(), 1);
}

/// A kubeconfig with a context for each of `users`, all of them with the cluster of `ca`.
fn with_users(ca: &str, users: &[&str]) -> String {
    let contexts = |n: usize| format!("- name: c{n}\n  context: {{cluster: prod, user: u{n}}}\n");
    let user =
        |(n, it): (usize, &&str)| format!("- name: u{n}\n  user:\n{}", indented(&pair(it), 4));
    format!(
        "apiVersion: v1\nkind: Config\ncurrent-context: c0\nclusters:\n- name: prod\n  cluster:\n{}\
         contexts:\n{}users:\n{}",
        indented(&format!("{SERVER}\ncertificate-authority-data: {}", data(&[ca])), 4),
        (0..users.len()).map(contexts).collect::<String>(),
        users.iter().enumerate().map(user).collect::<String>()
    )
}

// Only a few signatures are checked. The others are judged by those, and not by their place.
#[test]
fn a_ca_of_the_same_name_is_judged_alike_for_all() {
    let id = "client-certificate-of-another-ca";
    // The same key and name as ec-ca, and another identifier of that key.
    let users = ["alice-ec", "masters", "node", "cluster-admins", "long-lived", "ends-in-5-days"];
    assert!(details(&judged(&[&with_users("reissued-ca.crt", &users)]), id).is_empty());
    let users = ["of-other-ca"; 6];
    assert_eq!(details(&judged(&[&with_users("ec-ca.crt", &users)]), id).len(), 6);
}

#[test]
fn details_of_client_certificates() {
    let report = judged(&[&kubeconfig(
        &format!("{SERVER}\n{}", ca()),
        &format!(
            "client-certificate-data: {}\nclient-key-data: {}",
            data(&["alice-ec.crt"]),
            data(&["weak-key.key"])
        ),
    )]);
    assert_eq!(
        details(&report, "client-key-mismatch"),
        ["The certificate is for EC P-256, the key is RSA."]
    );
    let report = judged(&[&kubeconfig(
        &format!("{SERVER}\n{}", ca()),
        &format!(
            "client-certificate-data: {}\nclient-key-data: {}",
            data(&["alice-ec.crt"]),
            data(&["of-other-ca.key"])
        ),
    )]);
    assert_eq!(
        details(&report, "client-key-mismatch"),
        ["Both are EC P-256, but the certificate is for another key."]
    );
    let report = judged(&[&kubeconfig(
        &format!("{SERVER}\n{}", ca()),
        &format!(
            "client-certificate-data: {}\nclient-key-data: {}",
            data(&["alice-ec.crt"]),
            data(&["short-curve.key"])
        ),
    )]);
    assert_eq!(
        details(&report, "client-key-mismatch"),
        ["The certificate is for EC P-256, the key is EC P-224."]
    );
}

/// A kubeconfig whose use kubectl 1.33 was recorded for.
fn recorded(case: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/kubectl");
    fs::read_to_string(path.join(case).join("config.yaml")).expect("the case is there")
}

#[test]
fn what_is_no_certificate_and_what_is_no_key() {
    let rows = [
        (
            "680-cert-serial-neg",
            "client-certificate-unreadable",
            "kubectl says: x509: negative serial number. kubectl before 1.32 takes it.",
        ),
        (
            "642-cert-csr",
            "client-certificate-unreadable",
            "It looks like a request for a certificate, not the certificate.",
        ),
        ("647-key-openssh", "client-key-unreadable", "The key is in OpenSSH's own format."),
        (
            "605-pair-ed448",
            "client-key-unreadable",
            "The key is of a kind that kubectl cannot use: Ed448.",
        ),
        (
            "613-key-encrypted-pkcs8",
            "client-key-unreadable",
            "The key is protected by a passphrase.",
        ),
        ("648-key-junk", "client-key-unreadable", "kubectl says: tls: failed to parse private key"),
    ];
    for (case, id, detail) in rows {
        assert_eq!(details(&judged(&[&recorded(case)]), id), [detail], "{case}");
    }
    let twice = STANDARD.encode(data(&["alice-ec.key"]));
    let user =
        format!("client-certificate-data: {}\nclient-key-data: {twice}", data(&["alice-ec.crt"]));
    let report = judged(&[&kubeconfig(&format!("{SERVER}\n{}", ca()), &user)]);
    assert_eq!(details(&report, "client-key-unreadable"), ["It looks like base64 twice over."]);
    let of = |ca: String| {
        // The one with the negative number was made on this day.
        let moment = Timestamp::parse("2026-11-26T00:00:00Z").expect("a date");
        let cluster = format!("{SERVER}\ncertificate-authority-data: {ca}");
        judged_at(moment, &[&kubeconfig(&cluster, &pair("alice-ec"))])
    };
    let beginning =
        "kubectl says: unable to load root certificates: failed to parse certificate: x509: ";
    let report = of(data(&["negative-serial-ca.crt"]));
    assert_eq!(
        details(&report, "ca-unreadable"),
        [format!("{beginning}negative serial number. kubectl before 1.32 takes it.")]
    );
    assert_eq!(compatibility(&report.facts).words(), "It needs kubectl 1.31 or older.");
    let report =
        of(STANDARD.encode("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"));
    assert_eq!(
        details(&report, "ca-unreadable"),
        [format!("{beginning}malformed tbs certificate")]
    );
}

#[test]
fn what_lives_for_days_is_meant_to_end_soon() {
    // 14 days until 2026-11-29, and 60 days until 2026-12-14.
    with_user(&pair("lives-14-days"), &[]);
    with_user(&pair("lives-60-days"), &[]);
}

#[test]
fn a_part_of_the_authorities() {
    let of = |moment: &str, names: &[&str]| {
        let moment = Timestamp::parse(moment).expect("a date");
        let cluster = format!("{SERVER}\ncertificate-authority-data: {}", data(names));
        let report = judged_at(moment, &[&kubeconfig(&cluster, &pair("alice-ec"))]);
        details(&report, "ca-partly-unusable").first().map(|it| (*it).to_owned())
    };
    let three = ["expired-ca.crt", "ec-ca.crt", "other-ec-ca.crt"];
    let one =
        Some("Certificate 1 of 3, kubernetes, expired on 2026-11-01 00:00:00 UTC.".to_owned());
    assert_eq!(of("2026-11-23T00:00:00Z", &three), one);
    // It ended on 2026-11-01, which is its last moment.
    assert_eq!(of("2026-11-01T00:00:00Z", &three), None);
    assert_eq!(of("2026-11-01T00:00:01Z", &three), one);
    let text = data(&["ec-ca.crt"]);
    let mut both = STANDARD.decode(text).expect("base64");
    both.extend(UNREADABLE.as_bytes());
    let cluster = format!("{SERVER}\ncertificate-authority-data: {}", STANDARD.encode(both));
    let report = judged(&[&kubeconfig(&cluster, &pair("alice-ec"))]);
    let detail = details(&report, "ca-partly-unusable")[0];
    assert!(detail.starts_with("Certificate 2 of 2 is not a readable certificate: "), "{detail}");
}

/// PEM of an empty sequence, which is no certificate.
const UNREADABLE: &str = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";

// With such a field, kubectl 1.27 and 1.33 said of a Go server that asks for a certificate:
// Unable to connect to the server: remote error: tls: bad certificate. Half a block, or a key,
// behind the certificate changed nothing.
#[test]
fn what_stands_behind_the_certificate() {
    let with = |more: &[u8]| {
        let mut chain = STANDARD.decode(data(&["alice-ec.crt"])).expect("base64");
        chain.extend(more);
        let chain = STANDARD.encode(chain);
        format!("client-certificate-data: {chain}\nclient-key-data: {}", data(&["alice-ec.key"]))
    };
    let file = |name: &str| STANDARD.decode(data(&[name])).expect("base64");
    with_user(&with(&file("ec-ca.crt")), &[]);
    with_user(&with(&file("ec-ca.crt")[..200]), &[]);
    with_user(&with(&file("short-ca.crt")), &[]);
    with_user(&with(&file("expired-ca.crt")), &["client-certificate-chain-expired"]);
    with_user(&with(&file("alice-ec.key")), &[]);
    with_user(&with(UNREADABLE.as_bytes()), &["client-certificate-chain-unreadable"]);
    let negative = with(&file("negative-serial-ca.crt"));
    with_user(&negative, &["client-certificate-chain-unreadable"]);
    let report = judged(&[&kubeconfig(&format!("{SERVER}\n{}", ca()), &negative)]);
    assert_eq!(
        details(&report, "client-certificate-chain-unreadable"),
        ["Go says of certificate 2 of 2: x509: negative serial number."]
    );
}

#[test]
fn a_file_that_is_named_is_what_the_name_says() {
    let report = |lines: &str, user: &str, name: &str, text: &str| {
        let config = kubeconfig(&format!("{SERVER}\n{lines}"), user);
        let sources = [("config", config.as_str()), (name, text)];
        let sources = sources.map(|(name, it)| Source::new(name, it.as_bytes().to_vec()));
        inspect(&sources, now())
    };
    let ids =
        |report: &Report| -> Vec<&str> { report.findings.iter().map(|it| it.check.id).collect() };
    let path = "certificate-authority: pki/ca.crt";
    let alice = pair("alice-ec");
    // As recorded: system roots up to kubectl 1.35, and trust in nothing from 1.36 on.
    let empty = report(path, &alice, "ca.crt", "");
    assert_eq!(ids(&empty), ["ca-file-empty", "refers-to-other-files"]);
    assert_eq!(compatibility(&empty.facts).words(), "It needs kubectl 1.35 or older.");
    // kubectl says: unable to load root certificates: unable to parse bytes as PEM block.
    let blank = report(path, &alice, "ca.crt", "\n");
    assert_eq!(ids(&blank), ["ca-unreadable", "refers-to-other-files"]);
    let good = STANDARD.decode(data(&["ec-ca.crt"])).expect("base64");
    let good = String::from_utf8(good).expect("PEM");
    assert_eq!(ids(&report(path, &alice, "ca.crt", &good)), ["refers-to-other-files"]);
    // Nothing leads to it, or verification is off.
    let other = report(path, &alice, "other.crt", "");
    assert_eq!(ids(&other), ["nothing-in-the-file", "refers-to-other-files"]);
    let off = format!("{path}\ninsecure-skip-tls-verify: true");
    assert_eq!(
        ids(&report(&off, &alice, "ca.crt", "")),
        ["insecure-with-ca", "refers-to-other-files"]
    );
    let token = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";
    let by_file = report(&ca(), "tokenFile: token", "token", token);
    assert_eq!(ids(&by_file), ["refers-to-other-files"]);
    // A kubeconfig is one, whatever its name.
    let config = kubeconfig(&format!("{SERVER}\n{}", ca()), "token: redacted");
    let both = report(path, &alice, "ca.crt", &config);
    assert!(ids(&both).contains(&"value-is-a-placeholder"), "{:?}", ids(&both));
}

#[test]
fn a_misspelled_name_is_the_cause_of_what_is_missing() {
    let place = |text: &str| {
        let report = judged(&[text]);
        let found = report.findings.iter().map(|it| (it.check.id, it.place.path.clone()));
        found.collect::<Vec<_>>()
    };
    let date = ca().replace("data", "date");
    let alice = pair("alice-ec");
    let cluster = "clusters[0].cluster.certificate-authority-date".to_owned();
    for server in [SERVER, "server: https://203.0.113.10"] {
        let text = kubeconfig(&format!("{server}\n{date}"), &alice);
        assert_eq!(place(&text), [("ca-missing", cluster.clone())]);
    }
    let with = |user: &str| place(&kubeconfig(&format!("{SERVER}\n{}", ca()), user));
    assert_eq!(
        with(&alice.replace("key-data", "key-date")),
        [("certificate-without-key", "users[0].user.client-key-date".to_owned())]
    );
    let program = |version: &str, more: &str| {
        format!(
            "exec:\n  apiVersion: client.authentication.k8s.io/{version}\n  command: aws\n  \
             args: [eks, get-token]\n  {more}: Never"
        )
    };
    assert_eq!(
        with(&program("v1", "interactivemode")),
        [("exec-without-interactive-mode", "users[0].user.exec.interactivemode".to_owned())]
    );
    let report =
        judged(&[&kubeconfig(&format!("{SERVER}\n{}", ca()), &program("v1", "interactivemode"))]);
    assert_eq!(
        details(&report, "exec-without-interactive-mode"),
        ["kubectl says: interactiveMode must be specified for alice to use exec authentication \
             plugin. interactivemode was probably meant to be interactiveMode."]
    );
    assert_eq!(
        with(&program("v1", "interactiveMode").replace("command", "Command")),
        [("exec-without-command", "users[0].user.exec.Command".to_owned())]
    );
    // kubectl would want a mode, too, which v1beta1 does not need.
    let without = "exec:\n  command: aws\n  args: [eks, get-token]";
    assert_eq!(
        with(without),
        [("exec-without-api-version", "users[0].user.exec.apiVersion".to_owned())]
    );
    // Where the file cannot be read, its CA may be there.
    let wrong = kubeconfig(&format!("{SERVER}\ninsecure-skip-tls-verify: 'true'"), &alice);
    check(&wrong, &["wrong-type"]);
}

#[test]
fn a_secret_argument_is_told_by_the_word_before_it() {
    let rows = [
        (r#"["get-token", "--client-secret", "s3cr3t"]"#, "--client-secret [redacted]"),
        (r#"["get-token", "--client-secret=s3cr3t"]"#, "--client-secret=[redacted]"),
    ];
    for (args, expected) in rows {
        let user = format!(
            "exec: {{apiVersion: client.authentication.k8s.io/v1beta1, command: kubelogin, args: {args}}}"
        );
        let report = judged(&[&kubeconfig(&format!("{SERVER}\n{}", ca()), &user)]);
        let found = details(&report, "exec-secret-in-plain-sight");
        assert_eq!(found, [format!("Among them: {expected}.")]);
    }
}

#[test]
fn a_token_has_no_quotation_marks() {
    let token = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";
    let rows = [
        (format!("“{token}”"), true),
        (format!("'\"{token}\"'"), true),
        (format!("\"'{token}'\""), true),
        (format!("\"{token}\""), false),
        (format!("'{token}'"), false),
        (format!("'\"{token}'"), false),
    ];
    for (written, expected) in rows {
        let ids: &[&str] = if expected { &["token-in-quotes"] } else { &[] };
        with_user(&format!("token: {written}"), ids);
    }
}

#[test]
fn what_belongs_in_no_address_is_named() {
    let detail = |url: &str| {
        let text = kubeconfig(&format!("server: {url}\n{}", ca()), &pair("alice-ec"));
        let report = judged(&[&text]);
        assert_eq!(report.findings.len(), 1, "{url}");
        details(&report, "server-invalid")[0].to_owned()
    };
    let rows = [
        ("“https://k8s.example.com:6443”", ". A curly quotation mark belongs in no address."),
        ("\"https://k8s.example.com:6443 \"", ". A blank belongs in no address."),
        ("\u{200b}https://k8s.example.com", ". The character U+200B belongs in no address."),
        ("https:/k8s.example.com", "pair: \"https:/k8s.example.com\""),
        // kubectl 1.33 said: dial tcp: address 99999: invalid port.
        ("https://k8s.example.com:99999", "from 1 to 65535; that of k8s.example.com does not."),
        ("https://k8s.example.com:65536", "from 1 to 65535; that of k8s.example.com does not."),
        ("https://k8s.example.com:0", "from 1 to 65535; that of k8s.example.com does not."),
    ];
    for (url, end) in rows {
        let detail = detail(url);
        assert!(detail.ends_with(end), "{detail}");
    }
    with_server("https://k8s.example.com:65535", &[]);
    with_server("https://k8s.example.com:1", &[]);
}

#[test]
fn an_answer_may_round_its_date() {
    // The certificate ends on 2027-06-01T00:00:00Z.
    let rows = [
        ("2027-06-02T00:00:00Z", 0),
        ("2027-06-02T00:00:01Z", 1),
        ("2027-05-31T00:00:00Z", 0),
        ("2027-05-30T23:59:59Z", 1),
    ];
    for (told, n) in rows {
        let config = kubeconfig(&format!("{SERVER}\n{}", ca()), &pair("alice-ec"));
        let answer = serde_json::json!({"config": config, "expiration": told}).to_string();
        assert_eq!(
            details(&judged(&[&answer]), "expiration-differs-from-answer").len(),
            n,
            "{told}"
        );
    }
}

#[test]
fn an_expired_certificate_beside_another_credential() {
    let of = |more: &str| {
        let ca = data(&["kubernetes-ca.crt"]);
        kubeconfig(
            &format!("{SERVER}\ncertificate-authority-data: {ca}"),
            &format!("{}\n{more}", pair("alice-expired")),
        )
    };
    let beside = "client-certificate-expired-beside-token";
    check(&of(""), &["client-certificate-expired"]);
    check(&of("token: t0k3n"), &[beside, "several-credentials"]);
    check(
        &of(&format!("token: {}", ended())),
        &["client-certificate-expired", "several-credentials", "token-expired"],
    );
    // The program is not run beside a certificate.
    check(&of(AWS), &["client-certificate-expired", "several-credentials"]);
    check(
        &of("tokenFile: /var/run/token"),
        &[beside, "refers-to-other-files", "several-credentials"],
    );
    // A certificate that holds is enough, whatever stands beside it.
    let live = |more: &str| {
        kubeconfig(&format!("{SERVER}\n{}", ca()), &format!("{}\n{more}", pair("alice-ec")))
    };
    let beside = &["credential-refused-beside-another", "several-credentials"];
    for token in
        [ended(), format!("Bearer {}", ended()), "' a'".to_owned(), "\u{201c}a\u{201d}".to_owned()]
    {
        check(&live(&format!("token: {token}")), beside);
    }
    let text = live(&format!("token: {}", ended()));
    assert_eq!(
        details(&judged(&[&text]), beside[0]),
        ["The API server does not accept the token: it has expired."]
    );
    assert!(verdict_on(&text).1.starts_with("This works until 2027-06-01"));
    // And so is a token.
    for name in ["for-servers", "without-name"] {
        let text =
            kubeconfig(&format!("{SERVER}\n{}", ca()), &format!("{}\ntoken: t0k3n", pair(name)));
        check(&text, beside);
        assert!(verdict_on(&text).1.contains("with a token"), "{name}");
    }
    // Whoever is not signed in as is no administrator.
    let text = kubeconfig(
        &format!("{SERVER}\n{}", ca()),
        &format!(
            "{}\ntoken: {}",
            pair("alice-ec"),
            jwt(
                r#"{"iss":"https://login.example.com","sub":"alice","groups":["system:masters"],"exp":1795000000}"#
            )
        ),
    );
    check(&text, beside);
    // No API server takes a password.
    check(&of("username: alice"), &["client-certificate-expired", "several-credentials"]);
}

const AWS: &str = "exec:\n  apiVersion: client.authentication.k8s.io/v1beta1\n  command: aws\n  args: [eks, get-token]";

/// A JSON Web Token with these claims; nothing checks its signature here.
fn jwt(claims: &str) -> String {
    let part = |it: &str| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(it);
    format!("{}.{}.{}", part(r#"{"alg":"RS256"}"#), part(claims), part("signature"))
}

/// A token that ended before [`now`].
fn ended() -> String {
    jwt(r#"{"iss":"https://login.example.com","sub":"alice","exp":1795000000}"#)
}

// Identities.

#[test]
fn identities_by_subject() {
    let rows: &[(&str, &[&str])] = &[
        ("masters", &["system-masters"]),
        ("node", &["component-identity"]),
        ("cluster-admins", &["administrator"]),
        ("ack-copied", &["issue-time-differs"]),
        // The name says a day later than the certificate, to the second.
        ("ack-a-day-later", &[]),
        ("system-admin", &["administrator"]),
        ("system-kube-scheduler", &["component-identity"]),
        ("kube-apiserver-kubelet-client", &["component-identity"]),
        ("front-proxy-client", &["component-identity"]),
        ("system-node-w", &["component-identity"]),
        ("node-by-group", &["component-identity"]),
    ];
    for (name, expected) in rows {
        with_user(&pair(name), expected);
    }
}

#[test]
fn impersonation() {
    let rows: &[(&str, &[&str])] = &[
        ("as: bob", &["impersonation"]),
        ("as: bob\nas-groups: [web]", &["impersonation"]),
        ("as: bob\nas-uid: '1'", &["impersonation"]),
        ("as: bob\nas-groups: ['system:masters']", &["impersonates-system-masters"]),
        ("as: bob\nas-groups: [web, 'system:masters']", &["impersonates-system-masters"]),
        ("as-groups: [web]", &["impersonation-without-user"]),
        ("as-groups: ['system:masters']", &["impersonation-without-user"]),
        ("as-uid: '1'", &["impersonation-without-user"]),
        ("as-user-extra: {a: [b]}", &["impersonation-without-user"]),
        ("as: \"bo\\tb\"", &["impersonation"]),
        ("as: ''", &[]),
    ];
    for (lines, expected) in rows {
        with_user(&format!("{}\n{lines}", pair("alice-ec")), expected);
    }
}

// Tokens and passwords.

/// A token of a service account that ends in 2027, with these claims, too.
fn service_account(more: &str) -> String {
    jwt(&format!(
        r#"{{"iss":"https://issuer.example.com","sub":"system:serviceaccount:ci:deployer","iat":1780272000,"exp":1811808000,"kubernetes.io":{{"namespace":"ci","serviceaccount":{{"name":"deployer"}}}}{more}}}"#
    ))
}

#[test]
fn tokens() {
    let good = service_account("");
    let rows: &[(String, &[&str])] = &[
        (format!("token: {good}"), &[]),
        ("token: 0a1b2c3d4e5f".to_owned(), &[]),
        (format!("token: {}", ended()), &["token-expired"]),
        (format!("token: Bearer {good}"), &["token-with-bearer"]),
        (format!("token: bearer {good}"), &["token-with-bearer"]),
        (format!("token: Bearer{good}"), &[]),
        (format!("token: {}", STANDARD.encode(&good)), &["token-in-base64"]),
        ("token: ZXlK.a".to_owned(), &[]),
        (format!("token: \"{good}\\n\""), &["token-with-control-character"]),
        (format!("token: \"{good} \""), &[]),
        (format!("token: ' {good}'"), &["token-with-blank"]),
        (format!("token: {}\n  {}", &good[..40], &good[40..]), &["token-with-blank"]),
        (format!("token: {}", good.replace("c2lnbmF0dXJl", "")), &["token-without-signature"]),
        (
            format!("token: {}", good.replace("eyJhbGciOiJSUzI1NiJ9", "eyJhbGciOiJub25lIn0")),
            &["token-without-signature"],
        ),
        ("token: 07401b.f395accd246ae52d".to_owned(), &["bootstrap-token"]),
        // Not a bootstrap token: those have six and sixteen characters.
        ("token: 07401.f395accd246ae52d".to_owned(), &[]),
        (
            format!("token: {}", jwt(r#"{"iss":"https://login.example.com","sub":"alice"}"#)),
            &["token-without-end"],
        ),
        (
            format!("token: {good}\ntokenFile: /var/run/token"),
            &["refers-to-other-files", "token-and-token-file"],
        ),
        ("tokenFile: /var/run/token".to_owned(), &["refers-to-other-files"]),
        ("token: a\nusername: alice".to_owned(), &["token-and-basic"]),
        ("token: a\npassword: pw".to_owned(), &["token-and-basic"]),
        (
            "tokenFile: /t\nusername: alice".to_owned(),
            &["refers-to-other-files", "token-file-and-basic"],
        ),
        (
            "tokenFile: /t\npassword: pw".to_owned(),
            &["refers-to-other-files", "several-credentials"],
        ),
        (
            "token: a\ntokenFile: /t\nusername: alice".to_owned(),
            &["refers-to-other-files", "token-and-basic", "token-and-token-file"],
        ),
        ("username: alice\npassword: pw".to_owned(), &["password-sign-in"]),
        ("username: alice".to_owned(), &["password-sign-in"]),
        ("password: pw".to_owned(), &["no-credential"]),
        ("{}".to_owned(), &["no-credential"]),
    ];
    for (user, expected) in rows {
        with_user(user, expected);
    }
    let basic =
        judged(&[&kubeconfig(&format!("{SERVER}\n{}", ca()), "tokenFile: /t\nusername: alice")]);
    assert_eq!(
        details(&basic, "token-file-and-basic"),
        ["kubectl says: username/password or bearer token may be set, but not both"]
    );
    // Over http kubectl sends none of them.
    for user in
        [format!("token: {}", ended()), "token: Bearer a".to_owned(), "username: alice".to_owned()]
    {
        check(&kubeconfig("server: http://127.0.0.1:8001", &user), &["server-on-this-machine"]);
    }
    // A user of two contexts is looked at for the one that is encrypted.
    let two = kubeconfig("server: http://127.0.0.1:8001", &format!("token: {}", ended()))
        .replace("contexts:\n", "- name: tls\n  cluster: {server: https://127.0.0.1:6443}\ncontexts:\n- name: tls\n  context: {cluster: tls, user: alice}\n");
    check(&two, &["ca-missing", "server-on-this-machine", "token-expired"]);
    // A token file that was handed in as well is read.
    let file = kubeconfig(&format!("{SERVER}\n{}", ca()), "tokenFile: /var/run/b");
    let report = judged(&[&file, &ended()]);
    assert_eq!(details(&report, "token-expired").len(), 1);
}

#[test]
fn audiences() {
    let rows = [
        ("", true),
        (r#","aud":[]"#, true),
        (r#","aud":["https://issuer.example.com"]"#, true),
        (r#","aud":["https://kubernetes.default.svc"]"#, true),
        (r#","aud":["https://container.googleapis.com/v1/projects/p"]"#, true),
        (r#","aud":["api"]"#, true),
        (r#","aud":["k3s"]"#, true),
        (r#","aud":["unknown"]"#, true),
        (r#","aud":["vault","k3s"]"#, true),
        (r#","aud":["vault"]"#, false),
        (r#","aud":["sts.amazonaws.com"]"#, false),
    ];
    for (claim, good) in rows {
        let expected: &[&str] = if good { &[] } else { &["token-for-another-audience"] };
        with_user(&format!("token: {}", service_account(claim)), expected);
    }
    // Which audience fits a token of another issuer is the server's setting.
    with_user(
        &format!("token: {}", jwt(r#"{"iss":"https://login","aud":["vault"],"exp":1811808000}"#)),
        &[],
    );
}

#[test]
fn tokens_that_say_little() {
    let of = |claims: &str| {
        judged(&[&kubeconfig(&format!("{SERVER}\n{}", ca()), &format!("token: {}", jwt(claims)))])
    };
    let rows = [
        (r#"{"sub":"alice"}"#, "It says nothing about its end."),
        (
            r#"{"sub":"system:serviceaccount:ci:deployer","kubernetes.io":{"namespace":"ci","serviceaccount":{"name":"deployer"}}}"#,
            "It is that of the service account deployer in ci.",
        ),
    ];
    for (claims, detail) in rows {
        assert_eq!(details(&of(claims), "token-without-end"), [detail]);
    }
    // Tokens that live for days are meant to end soon: no more than 14, and they are no news.
    let ends = 1795424400 + 3 * 86_400;
    for (days, fires) in [(14, false), (15, true)] {
        let report = of(&format!(r#"{{"exp":{ends},"iat":{}}}"#, ends - days * 86_400));
        assert_eq!(
            details(&report, "token-ends-within-7-days").len(),
            usize::from(fires),
            "{days}"
        );
    }
    let report = of(&format!(r#"{{"exp":{ends}}}"#));
    assert!(report.findings.is_empty());
}

#[test]
fn several_credentials() {
    let rows = [
        (
            "token: a\nexec: {command: aws, args: [get-token], apiVersion: client.authentication.k8s.io/v1beta1}",
            "kubectl sends the token; unused: the program's credential.",
        ),
        (
            "username: alice\nexec: {command: aws, args: [get-token], apiVersion: client.authentication.k8s.io/v1beta1}",
            "kubectl sends the password; unused: the program's credential.",
        ),
        (
            "token: a\nauth-provider: {name: oidc, config: {idp-issuer-url: 'https://i', client-id: a}}",
            "kubectl sends the token; unused: the built-in plugin's token.",
        ),
    ];
    for (user, detail) in rows {
        let report = judged(&[&kubeconfig(&format!("{SERVER}\n{}", ca()), user)]);
        assert_eq!(details(&report, "several-credentials"), [detail]);
    }
    let exec =
        "exec: {command: aws, args: [get-token], apiVersion: client.authentication.k8s.io/v1beta1}";
    let rows = [
        (
            exec.to_owned(),
            "kubectl sends the client certificate; unused: the program's credential. kubectl before 1.24 runs the program as well.",
        ),
        (
            format!("{exec}\ntoken: a"),
            "kubectl sends the client certificate and the token; unused: the program's credential.",
        ),
        ("token: a".to_owned(), "kubectl sends the client certificate and the token."),
        ("tokenFile: /t".to_owned(), "kubectl sends the client certificate and the token file."),
    ];
    for (more, detail) in rows {
        let user = format!("{}\n{more}", pair("alice-ec"));
        let report = judged(&[&kubeconfig(&format!("{SERVER}\n{}", ca()), &user)]);
        assert_eq!(details(&report, "several-credentials"), [detail]);
    }
    // What kubectl refuses is told as that.
    with_user("token: a\npassword: pw", &["token-and-basic"]);
    with_user(&format!("{exec}\nauth-provider: {{name: oidc}}"), &["exec-and-auth-provider"]);
}

// Programs and plugins.

/// An exec section of this command, in JSON.
fn program(command: &str, more: &str) -> String {
    let command = serde_json::to_string(command).expect("text");
    format!(
        "exec: {{\"apiVersion\": \"client.authentication.k8s.io/v1beta1\", \"command\": {command}{more}}}"
    )
}

#[test]
fn programs_by_name() {
    let known = ", \"args\": [\"get-token\"]";
    let rows: &[(&str, &[&str])] = &[
        ("aws", &[]),
        ("/usr/bin/aws", &["exec-absolute-command"]),
        ("C:\\tools\\aws.exe", &["exec-absolute-command"]),
        ("C:/tools/aws.exe", &["exec-absolute-command"]),
        ("./aws", &["exec-relative-command"]),
        ("bin/aws", &["exec-relative-command"]),
        ("~/bin/aws", &["exec-relative-command"]),
        ("/tmp/aws", &["exec-from-temporary-folder"]),
        ("/var/tmp/aws", &["exec-from-temporary-folder"]),
        ("/dev/shm/aws", &["exec-from-temporary-folder"]),
        ("/tmpfs/aws", &["exec-absolute-command"]),
        ("aws get-token", &["exec-command-with-arguments"]),
        ("/usr/bin/aws get-token", &["exec-command-with-arguments"]),
        ("/Users/alice/My Tools/aws", &["exec-absolute-command"]),
        ("C:\\Program Files\\My login.exe", &["exec-absolute-command", "exec-unknown-program"]),
        ("login", &["exec-unknown-program"]),
        ("sh", &["exec-runs-a-shell"]),
        ("/bin/bash", &["exec-runs-a-shell"]),
        ("C:\\Windows\\System32\\cmd.exe", &["exec-runs-a-shell"]),
        ("PowerShell.EXE", &["exec-runs-a-shell"]),
        ("python3.11", &["exec-runs-a-shell"]),
        ("env", &["exec-runs-a-shell"]),
        ("sudo", &["exec-runs-a-shell"]),
        ("shell", &["exec-unknown-program"]),
        ("", &["exec-without-command"]),
    ];
    for (command, expected) in rows {
        with_user(&program(command, known), expected);
    }
    // Over http no program is run.
    check(
        &kubeconfig("server: http://127.0.0.1:8001", &program("sh", "")),
        &["server-on-this-machine"],
    );
}

#[test]
fn arguments_and_variables() {
    let rows: &[(&str, &[&str])] = &[
        (r#", "args": ["get-token", "$(cat c)"]"#, &["exec-shell-syntax"]),
        (r#", "args": ["get-token", "`cat c`"]"#, &["exec-shell-syntax"]),
        (r#", "args": ["get-token", "|", "jq"]"#, &["exec-shell-syntax"]),
        (r#", "args": ["get-token", "&&"]"#, &["exec-shell-syntax"]),
        (r#", "args": ["get-token", "${HOME}"]"#, &["exec-shell-syntax"]),
        (r#", "args": ["get-token", "a&b=c;d"]"#, &[]),
        (
            r#", "args": ["get-token", "--client-secret", "s3cr3t"]"#,
            &["exec-secret-in-plain-sight"],
        ),
        (r#", "args": ["get-token", "--password", "opensesame"]"#, &["exec-secret-in-plain-sight"]),
        (r#", "args": ["get-token", "--password-file", "/a"]"#, &[]),
        (r#", "args": ["get-token"], "env": [{"name": "AWS_PROFILE", "value": "prod"}]"#, &[]),
        (
            r#", "args": ["get-token"], "env": [{"name": "AWS_SECRET_ACCESS_KEY", "value": "opensesame"}]"#,
            &["exec-secret-in-plain-sight"],
        ),
        (
            r#", "args": ["get-token"], "env": [{"name": "AWS_SECRET_ACCESS_KEY", "value": ""}]"#,
            &[],
        ),
        (
            r#", "args": ["get-token"], "env": [{"name": "", "value": "a"}]"#,
            &["exec-variable-without-name"],
        ),
        (r#", "args": ["get-token"], "installHint": "two\nlines\tand a tab""#, &[]),
        (r#", "args": ["get-token"], "installHint": "\u001b[2J""#, &["exec-control-characters"]),
        (r#", "args": ["get-token"], "interactiveMode": "Never""#, &[]),
        (
            r#", "args": ["get-token"], "interactiveMode": "never""#,
            &["exec-interactive-mode-unknown"],
        ),
    ];
    for (more, expected) in rows {
        with_user(&program("aws", more), expected);
    }
    let script = judged(&[&kubeconfig(
        &format!("{SERVER}\n{}", ca()),
        &program("sh", r#", "args": ["-c", "a; b"]"#),
    )]);
    assert_eq!(
        details(&script, "exec-runs-a-shell"),
        ["The program is sh, and its script contains ;."]
    );
    let script = judged(&[&kubeconfig(
        &format!("{SERVER}\n{}", ca()),
        &program("sh", r#", "args": ["-c", "a"]"#),
    )]);
    assert_eq!(details(&script, "exec-runs-a-shell"), ["The program is sh."]);
}

#[test]
fn versions_of_the_answer() {
    let of = |version: &str| {
        program("aws", ", \"args\": [\"get-token\"]")
            .replace("client.authentication.k8s.io/v1beta1", version)
    };
    with_user(&of("client.authentication.k8s.io/v1beta1"), &[]);
    with_user(&of("client.authentication.k8s.io/v1"), &["exec-without-interactive-mode"]);
    with_user(
        &of("client.authentication.k8s.io/v1").replace('}', ", \"interactiveMode\": \"Never\"}"),
        &[],
    );
    with_user(&of("client.authentication.k8s.io/v1alpha1"), &["exec-api-version-removed"]);
    with_user(
        &of("client.authentication.k8s.io/v2").replace('}', ", \"interactiveMode\": \"Never\"}"),
        &["exec-api-version-unknown"],
    );
    with_user(
        &of("v1").replace('}', ", \"interactiveMode\": \"Never\"}"),
        &["exec-api-version-unknown"],
    );
    with_user(
        &of("").replace('}', ", \"interactiveMode\": \"Never\"}"),
        &["exec-without-api-version"],
    );
}

#[test]
fn regions_of_eks() {
    let host = "https://0123456789ABCDEF.gr7.eu-central-1.eks.amazonaws.com";
    let rows = [
        (host, r#", "args": ["--region", "eu-central-1", "eks", "get-token"]"#, false),
        (host, r#", "args": ["--region", "eu-west-1", "eks", "get-token"]"#, true),
        (host, r#", "args": ["eks", "get-token", "--region"]"#, false),
        (host, r#", "args": ["eks", "get-token"]"#, false),
        (
            "https://k8s.example.com",
            r#", "args": ["--region", "eu-west-1", "eks", "get-token"]"#,
            false,
        ),
    ];
    for (server, more, fires) in rows {
        let expected: &[&str] = if fires { &["exec-for-another-region"] } else { &[] };
        check(&kubeconfig(&format!("server: {server}\n{}", ca()), &program("aws", more)), expected);
    }
}

#[test]
fn plugins() {
    let of = |name: &str, more: &str| {
        format!(
            "auth-provider:\n  name: {name}\n  config:\n    client-id: a\n    idp-issuer-url: https://login.example.com\n{}",
            indented(more, 4)
        )
    };
    let live = jwt(r#"{"iss":"https://login.example.com","sub":"alice","exp":1811808000}"#);
    let rows: &[(String, &[&str])] = &[
        (of("oidc", &format!("id-token: {live}")), &["auth-provider-secret-in-plain-sight"]),
        (of("oidc", "refresh-token: a"), &["auth-provider-secret-in-plain-sight"]),
        (of("oidc", ""), &["oidc-token-unusable"]),
        // One cause: the token has expired, and nothing renews it.
        (
            of("oidc", &format!("id-token: {}", ended())),
            &["auth-provider-secret-in-plain-sight", "oidc-token-unusable"],
        ),
        (
            of("oidc", &format!("id-token: {}\nrefresh-token: a", ended())),
            &["auth-provider-secret-in-plain-sight"],
        ),
        (of("oidc", "refresh-token: ''"), &["oidc-token-unusable"]),
        (of("oidc", "client-secret: ''").replace("client-id: a", ""), &["oidc-incomplete"]),
        (of("gcp", ""), &["auth-provider-removed"]),
        (
            of("azure", &format!("access-token: {}", ended())),
            &["auth-provider-removed", "auth-provider-secret-in-plain-sight"],
        ),
        (of("openstack", ""), &["auth-provider-unknown"]),
        (of("OIDC", ""), &["auth-provider-unknown"]),
    ];
    for (user, expected) in rows {
        with_user(user, expected);
    }
}

// Handling.

#[test]
fn paths() {
    let rows: &[(&str, &[&str])] = &[
        ("ca.crt", &["refers-to-other-files"]),
        ("/etc/ca.crt", &["refers-to-other-files"]),
        ("~/ca.crt", &["path-not-expanded"]),
        ("$HOME/ca.crt", &["path-not-expanded"]),
        ("'%USERPROFILE%/ca.crt'", &["path-not-expanded"]),
        ("file:///ca.crt", &["path-not-expanded"]),
        ("C:\\ca.crt", &["windows-path"]),
        ("c:/ca.crt", &["windows-path"]),
        ("'\\\\server\\ca.crt'", &["windows-path"]),
        ("1:/ca.crt", &["refers-to-other-files"]),
        ("a/c:/ca.crt", &["refers-to-other-files"]),
    ];
    for (path, expected) in rows {
        with_cluster(&format!("certificate-authority: {path}"), expected);
    }
    with_user(
        "client-certificate: ~/a.crt\nclient-key: C:\\a.key",
        &["path-not-expanded", "windows-path"],
    );
}

#[test]
fn secrets_by_themselves() {
    let [key, other, certificate] =
        ["alice-ec.key", "of-other-ca.key", "alice-ec.crt"].map(|it| files(&[it]));
    let rows = [
        (key.clone(), Some("There is a private key in it.")),
        (format!("{key}{other}"), Some("There are 2 private keys in it.")),
        (service_account(""), Some("There is a token in it.")),
        (
            format!(
                r#"{{"kind": "Secret", "data": {{"a": "{}", "b": "{}"}}}}"#,
                STANDARD.encode(service_account("")),
                STANDARD.encode(ended())
            ),
            Some("There are 2 tokens in it."),
        ),
        (certificate.clone(), None),
    ];
    for (text, detail) in rows {
        assert_eq!(details(&judged(&[&text]), "loose-secret").first().copied(), detail);
    }
    // The files that the kubeconfig names are called b and c.
    let cluster = format!("{SERVER}\n{}", ca());
    let rows = [
        ("client-certificate: b\nclient-key: c", 0),
        ("client-certificate: b\nclient-key: d", 1),
        ("tokenFile: c", 0),
    ];
    for (user, expected) in rows {
        let texts = [&kubeconfig(&cluster, user), &certificate, &key];
        let report = judged(&texts.map(String::as_str));
        assert_eq!(details(&report, "loose-secret").len(), expected, "{user}");
    }
}

// The verdict.

/// The status, the sentences and the unknowns of the only context.
fn verdict_on(text: &str) -> (String, String, Vec<String>) {
    let report = judged(&[text]);
    let context = &report.facts.readings[0].contexts[0];
    let verdict = verdict(&report.facts, &report.findings, context);
    (verdict.status.words(), verdict.sentences.join(" "), verdict.unknowns)
}

#[test]
fn how_the_connection_is_protected() {
    let rows = [
        (format!("{SERVER}\n{}", ca()), "It checks the server against the cluster's own CA."),
        (SERVER.to_owned(), "It checks the server against the CAs of the operating system."),
        (
            format!("{SERVER}\ninsecure-skip-tls-verify: true"),
            "It does not check whether it is the right server.",
        ),
        (
            "server: http://k8s.example.com".to_owned(),
            "without any encryption, and therefore sends no credential.",
        ),
    ];
    for (cluster, end) in rows {
        let (_, sentence, _) = verdict_on(&kubeconfig(&cluster, &pair("alice-ec")));
        assert!(sentence.ends_with(end), "{sentence}");
    }
}

#[test]
fn who_signs_in_and_until_when() {
    let aws = program("aws", ", \"args\": [\"get-token\"]");
    let unknown = program("login", "");
    let rows = [
        (pair("alice-ec"), "works until 2027-06-01", "This works until 2027-06-01 00:00:00 UTC, in 189 days. kubectl signs in to https://k8s.example.com:6443 as alice of the group dev with a client certificate. "),
        (format!("{}\nas: bob", pair("alice-ec")), "works until 2027-06-01", "This works until 2027-06-01 00:00:00 UTC, in 189 days. kubectl signs in to https://k8s.example.com:6443 as alice of the group dev with a client certificate. There it acts as bob. "),
        (format!("token: {}", service_account("")), "works until 2027-06-01", "This works until 2027-06-01 00:00:00 UTC, in 189 days. kubectl signs in to https://k8s.example.com:6443 as system:serviceaccount:ci:deployer with a token. "),
        (format!("token: {}", jwt(r#"{"sub":"alice","exp":1811808000}"#)), "works until 2027-06-01", "This works until 2027-06-01 00:00:00 UTC, in 189 days. kubectl signs in to https://k8s.example.com:6443 as alice with a token. "),
        (format!("token: {}", jwt(r#"{"sub":"alice","groups":["dev","ops"],"exp":1811808000}"#)), "works until 2027-06-01", "This works until 2027-06-01 00:00:00 UTC, in 189 days. kubectl signs in to https://k8s.example.com:6443 as alice of the groups dev and ops with a token. "),
        (format!("auth-provider:\n  name: oidc\n  config: {{client-id: a, idp-issuer-url: 'https://i', id-token: {}}}", jwt(r#"{"sub":"alice","groups":["dev"],"exp":1811808000}"#)), "works until 2027-06-01", "This works until 2027-06-01 00:00:00 UTC, in 189 days. kubectl signs in to https://k8s.example.com:6443 as alice of the group dev through its built-in plugin oidc. "),
        (format!("token: {}", jwt(r#"{"exp":1811808000}"#)), "works until 2027-06-01", "This works until 2027-06-01 00:00:00 UTC, in 189 days. kubectl signs in to https://k8s.example.com:6443 with a token that does not name its owner. "),
        (format!("token: {}", jwt(r#"{"sub":"alice"}"#)), "works", "This works, and the file names no end. kubectl signs in to https://k8s.example.com:6443 as alice with a token that names no end. "),
        (format!("auth-provider:\n  name: oidc\n  config: {{client-id: a, idp-issuer-url: 'https://i', refresh-token: a, id-token: {}}}", jwt(r#"{"sub":"alice","exp":1811808000}"#)), "works until 2027-06-01", "This works until 2027-06-01 00:00:00 UTC, in 189 days. Then its plugin fetches the next token, if it still may. "),
        ("token: a".to_owned(), "unknown", "The file does not tell until when this works. kubectl signs in to https://k8s.example.com:6443 with a token whose owner and end only the server knows. "),
        ("token: 07401b.f395accd246ae52d".to_owned(), "unknown", "The file does not tell until when this works. kubectl signs in to https://k8s.example.com:6443 as system:bootstrap:07401b of the group system:bootstrappers with a token whose end only the server knows. "),
        ("tokenFile: /t".to_owned(), "unknown", "The file does not tell until when this works. kubectl signs in to https://k8s.example.com:6443 with the token that it finds in /t. "),
        ("client-certificate: /a.crt\nclient-key: /a.key".to_owned(), "unknown", "The file does not tell until when this works. kubectl signs in to https://k8s.example.com:6443 with the certificate that it finds in /a.crt. "),
        (aws, "unknown", "The file does not tell until when this works. kubectl runs aws to sign in through Amazon EKS, and connects to https://k8s.example.com:6443. "),
        (unknown, "unknown", "The file does not tell until when this works. kubectl runs login, and signs in to https://k8s.example.com:6443 with what that prints. "),
        ("auth-provider:\n  name: oidc\n  config: {client-id: a, idp-issuer-url: 'https://i', refresh-token: a}".to_owned(), "unknown", "The file does not tell until when this works. kubectl signs in to https://k8s.example.com:6443 through its built-in plugin oidc. "),
        ("username: alice\npassword: pw".to_owned(), "does not work", "This does not work. The user signs in with a password."),
        ("{}".to_owned(), "does not work", "This does not work. A user has nothing to sign in with."),
        (format!("token: {}", ended()), "does not work", "This stopped working on 2026-11-18 11:06:40 UTC, 4 days ago. The token has expired."),
    ];
    for (user, status, beginning) in rows {
        let (found, sentence, _) = verdict_on(&kubeconfig(&format!("{SERVER}\n{}", ca()), &user));
        assert_eq!(found, status, "{sentence}");
        assert!(sentence.starts_with(beginning), "{sentence}");
    }
    // Without a group there is none to name.
    let (_, sentence, _) =
        verdict_on(&kubeconfig(&format!("{SERVER}\n{}", ca()), &pair("system-admin")));
    assert!(sentence.contains(" as system:admin with a client certificate. "), "{sentence}");
    // A token file that was handed in tells its end, or that it has none.
    let file = kubeconfig(&format!("{SERVER}\n{}", ca()), "tokenFile: /var/run/b");
    for (token, status) in [(jwt(r#"{"sub":"alice"}"#), "works"), ("t0k3n".to_owned(), "unknown")] {
        let report = judged(&[&file, &token]);
        let context = &report.facts.readings[0].contexts[0];
        assert_eq!(verdict(&report.facts, &report.findings, context).status.words(), status);
    }
    // The moment is that of the cause: the CA's, or none where something else stops kubectl.
    let cluster = format!("{SERVER}\ncertificate-authority-data: {}", data(&["expired-ca.crt"]));
    let (_, sentence, _) = verdict_on(&kubeconfig(&cluster, &format!("token: {}", ended())));
    let expected =
        "This stopped working on 2026-11-01 00:00:00 UTC, 22 days ago. The CA has expired.";
    assert_eq!(sentence, expected);
    let cluster = format!("{SERVER}\n{}\ninsecure-skip-tls-verify: true", ca());
    let (_, sentence, _) = verdict_on(&kubeconfig(&cluster, &format!("token: {}", ended())));
    assert!(sentence.starts_with("This does not work. "), "{sentence}");
    // At the very moment it has not stopped yet, but is refused.
    let moment = Timestamp::parse("2026-11-18T11:06:40Z").expect("a date");
    let report = judged_at(
        moment,
        &[&kubeconfig(&format!("{SERVER}\n{}", ca()), &format!("token: {}", ended()))],
    );
    let context = &report.facts.readings[0].contexts[0];
    let sentence = verdict(&report.facts, &report.findings, context).sentences.join(" ");
    assert_eq!(sentence, "This does not work. The token has expired.");
    // A certificate without an end of its own cannot outlive its CA, and a CA that is not used
    // ends nothing.
    let of = |cluster: &str| verdict_on(&kubeconfig(cluster, &pair("alice-ec"))).0;
    let short = format!("certificate-authority-data: {}", data(&["short-ca.crt"]));
    assert_eq!(of(&format!("{SERVER}\n{short}")), "works until 2027-03-01");
    let (_, sentence, _) =
        verdict_on(&kubeconfig(&format!("{SERVER}\n{short}"), &pair("alice-ec")));
    let beginning = "This works until 2027-03-01 00:00:00 UTC, in 97 days. Then the CA ends, before \
                     the credential. kubectl signs in to ";
    assert!(sentence.starts_with(beginning), "{sentence}");
    let both = format!("certificate-authority-data: {}", data(&["short-ca.crt", "ec-ca.crt"]));
    assert_eq!(of(&format!("{SERVER}\n{both}")), "works until 2027-06-01");
}

/// kubectl 1.33's answers, with such a file beside the kubeconfig.
#[test]
fn a_token_file_is_judged_by_what_is_in_it() {
    let header = r#"net/http: invalid header field value for "Authorization""#;
    let exec = program("aws", "");
    let rows: &[(&str, &str, &[&str], &str)] = &[
        ("", "", &["Please enter Username: "], "token-file"),
        ("", &exec, &[r#"read empty token from file "b""#], "token-file"),
        ("\n", &exec, &[header], "token-file"),
        ("a\nb\n", "", &[header], "token-file"),
        ("a\n", "", &[], "token-file"),
        // A file without a token leaves the one that is written down.
        ("", "token: a", &[], "token"),
        ("\n", "token: a", &[], "token"),
        ("a\nb\n", "token: a", &[header], "token-file"),
    ];
    for (contents, more, expected, used) in rows {
        let user = format!("tokenFile: b\n{more}");
        let text = kubeconfig(&format!("{SERVER}\n{}", ca()), &user);
        let report = judged(&[&text, contents]);
        let context = &report.facts.readings[0].contexts[0];
        let found: Vec<_> = context.effective.problems.iter().map(|it| &*it.kubectl).collect();
        assert_eq!(found, *expected, "{contents:?} {more}");
        let user = report.facts.user_facts(context.effective.user.unwrap()).unwrap();
        let kind = &user.credentials[context.in_use.credential.unwrap()].kind;
        assert_eq!(kind.name(), *used, "{contents:?} {more}");
    }
    let user = format!("client-certificate-data: {}\nclient-key: b", data(&["alice-ec.crt"]));
    let report = judged(&[&kubeconfig(&format!("{SERVER}\n{}", ca()), &user), ""]);
    let problems = &report.facts.readings[0].contexts[0].effective.problems;
    assert_eq!(problems[0].kubectl, "tls: failed to find any PEM data in key input");
}

#[test]
fn a_text_that_was_damaged_is_judged_as_if_it_had_not_been() {
    let of = |user: &str| {
        let text = kubeconfig(&format!("{SERVER}\n{}", ca()), user).replace("  ", "\t");
        let (status, sentence, unknowns) = verdict_on(&text);
        assert_eq!((status.as_str(), unknowns.len()), ("does not work", 0));
        sentence
    };
    let damaged =
        "This does not work. kubectl does not read the text as it was handed in. Repaired,";
    let until = "it works until 1 June 2027, in 189 days.";
    assert_eq!(of(&pair("alice-ec")), format!("{damaged} {until}"));
    assert_eq!(of(&program("login", "")), format!("{damaged} nothing in it is in the way."));
    // What repairing does not mend is what counts.
    let ended = of(&format!("token: {}", ended()));
    assert!(ended.ends_with("The token has expired."), "{ended}");
}

#[test]
fn what_no_file_tells() {
    let network = "Whether your network can reach the server.";
    let rights = "What the cluster allows this identity to do.";
    let revoked = "Whether the certificate's rights were taken away; there is no list of revoked certificates.";
    let token = "Whether the token was revoked.";
    let claims = "Whether the server calls this user alice: its settings choose the claims of the token that make name and groups, and may put a prefix before them.";
    let rows: &[(&str, String, &[&str])] = &[
        (SERVER, pair("alice-ec"), &[network, revoked, rights]),
        // Such a member may do everything, unless it acts as somebody else.
        (SERVER, pair("masters"), &[network, revoked]),
        (SERVER, format!("{}\nas: bob", pair("masters")), &[network, revoked, rights]),
        (SERVER, format!("token: {}", service_account("")), &[network, token, rights]),
        (SERVER, format!("token: {}", jwt(r#"{"sub":"alice","exp":1811808000}"#)), &[network, token, claims, rights]),
        (SERVER, "tokenFile: /t".to_owned(), &[network, "Whether /t is there, and whose token is in it.", rights]),
        (SERVER, "client-certificate: /a.crt\nclient-key: /a.key".to_owned(), &[network, "Whether /a.crt is there, and until when it is valid.", rights]),
        (SERVER, program("login", ""), &[network, "Whether login is installed, and who is signed in there.", "Until when it works: the program decides.", rights]),
        (SERVER, program("aws", ", \"args\": [\"get-token\"]"), &[network, "Whether aws is installed, and who is signed in there.", "Until when it works: each credential lives 14 minutes, and the program fetches the next.", rights]),
        (SERVER, "auth-provider:\n  name: oidc\n  config: {client-id: a, idp-issuer-url: 'https://i', refresh-token: a}".to_owned(), &[network, "Whether the plugin can fetch a new token.", rights]),
        ("server: https://10.0.0.1", pair("alice-ec"), &["Whether your machine can reach that private network.", revoked, rights]),
        ("server: https://127.0.0.1", pair("alice-ec"), &["Whether the cluster runs on the machine that kubectl runs on.", revoked, rights]),
        ("server: https://kubernetes.default.svc", pair("alice-ec"), &["Whether kubectl runs inside the cluster.", revoked, rights]),
        (SERVER, "username: alice".to_owned(), &[]),
    ];
    for (server, user, expected) in rows {
        let (_, sentence, unknowns) = verdict_on(&kubeconfig(&format!("{server}\n{}", ca()), user));
        assert_eq!(unknowns, *expected, "{sentence}");
    }
}

#[test]
fn one_context_does_not_answer_for_another() {
    let text =
        kubeconfig(&format!("{SERVER}\n{}", ca()), &pair("alice-ec")) + "- name: bob\n  user: {}\n";
    let text =
        text.replace("users:\n", "- name: other\n  context: {cluster: prod, user: bob}\nusers:\n");
    let report = judged(&[&text]);
    let words: Vec<String> = report.facts.readings[0]
        .contexts
        .iter()
        .map(|it| verdict(&report.facts, &report.findings, it).status.words())
        .collect();
    assert_eq!(words, ["works until 2027-06-01", "does not work"]);
    // A file that kubectl refuses helps none of its contexts, and harms no other file's.
    let good = kubeconfig(&format!("{SERVER}\n{}", ca()), &pair("alice-ec"));
    let report = judged(&[&good.replace("user: alice", "user: 1"), &good]);
    let words: Vec<String> = report
        .facts
        .readings
        .iter()
        .flat_map(|it| &it.contexts)
        .map(|it| verdict(&report.facts, &report.findings, it).status.words())
        .collect();
    assert_eq!(words, ["does not work", "works until 2027-06-01"]);
    let found: Vec<(&str, usize)> =
        report.findings.iter().map(|it| (it.check.id, it.source)).collect();
    assert_eq!(found, [("wrong-type", 0), ("name-collision", 1)]);
}

// Versions of kubectl.

#[test]
fn each_feature_limits_the_versions() {
    let exec = |version: &str, more: &str| {
        program(
            "aws",
            &format!(", \"args\": [\"get-token\"], \"interactiveMode\": \"Never\"{more}"),
        )
        .replace("v1beta1", version)
    };
    let rows: &[(&str, String, &str)] = &[
        ("", pair("alice-ec"), "Any kubectl can use it."),
        (
            "disable-compression: true",
            pair("alice-ec"),
            "1.26 or newer, because the cluster prod uses disable-compression, which older ones ignore.",
        ),
        ("disable-compression: false", pair("alice-ec"), "Any kubectl can use it."),
        (
            "proxy-url: http://proxy",
            pair("alice-ec"),
            "1.19 or newer, because the cluster prod uses proxy-url, which older ones ignore.",
        ),
        (
            "tls-server-name: a",
            pair("alice-ec"),
            "1.18 or newer, because the cluster prod uses tls-server-name, which older ones ignore.",
        ),
        ("", format!("{}\nas: bob", pair("alice-ec")), "Any kubectl can use it."),
        (
            "",
            format!("{}\nas: bob\nas-uid: '1'", pair("alice-ec")),
            "1.23 or newer, because the user alice uses as-uid, which older ones ignore.",
        ),
        (
            "",
            format!("{}\nas: bob\nas-groups: [web]", pair("alice-ec")),
            "1.7 or newer, because the user alice impersonates groups, which older ones ignore.",
        ),
        (
            "",
            format!("{}\nas: bob\nas-user-extra: {{a: [b]}}", pair("alice-ec")),
            "1.7 or newer, because the user alice impersonates further attributes, which older ones ignore.",
        ),
        (
            "",
            exec("v1", ""),
            "1.22 or newer, because the user alice runs a program that answers in version v1, which older ones refuse.",
        ),
        (
            "",
            exec("v1beta1", ""),
            "1.11 or newer, because the user alice runs a program that answers in version v1beta1, which older ones refuse.",
        ),
        (
            "",
            exec("v1beta1", ", \"provideClusterInfo\": true"),
            "1.20 or newer, because the user alice uses provideClusterInfo, which older ones ignore.",
        ),
        (
            "",
            exec("v1alpha1", ""),
            "1.10 or newer, because the user alice runs a program, which older ones ignore.",
        ),
        (
            "",
            "auth-provider: {name: gcp}".to_owned(),
            "1.25 or older, because the user alice signs in through a built-in plugin that newer ones no longer have.",
        ),
        (
            "",
            "auth-provider: {name: azure}".to_owned(),
            "1.25 or older, because the user alice signs in through a built-in plugin that newer ones no longer have.",
        ),
        (
            "",
            "auth-provider: {name: openstack}".to_owned(),
            "1.18 or older, because the user alice signs in through the built-in openstack plugin, which newer ones no longer have.",
        ),
        ("", "auth-provider: {name: oidc}".to_owned(), "Any kubectl can use it."),
        ("", pair("weak-key"), "Any kubectl can use it."),
        (
            "",
            pair("short-key"),
            "1.32 or older, because the user alice signs with an RSA key under 1024 bits, which newer ones refuse.",
        ),
    ];
    for (cluster, user, expected) in rows {
        let report = judged(&[&kubeconfig(&format!("{SERVER}\n{}\n{cluster}", ca()), user)]);
        let range = compatibility(&report.facts);
        let found = range.reasons.first().map_or_else(|| range.words(), |it| it.sentence.clone());
        assert_eq!(found, *expected);
    }
}
