//! What kubectl and other programs say beside kubeconfigs, and what it must mean.
//!
//! The rows stand in `tests/fixtures/diagnose/`, whose README says how they are read and where
//! each message is from.

use std::{fmt::Write, fs, iter, path::PathBuf};

use base64::{Engine, engine::general_purpose::STANDARD};
use expect_test::{expect, expect_file};
use kubeconfig_inspector::{
    Options, Report,
    diagnose::{Diagnosis, diagnose_at, predict},
    inspect_with,
    kubeconfig::EntryRef,
    pace::at_once,
    source::Source,
    time::Timestamp,
};

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

fn fixture(name: &str) -> String {
    fs::read_to_string(path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn now() -> Timestamp {
    Timestamp::parse("2026-11-25T16:30:00Z").expect("this is a time")
}

fn read(config: &str, message: &str) -> Report {
    let sources = match config {
        "" => vec![],
        _ => vec![Source::new("config", config)],
    };
    inspect_with(&sources, now(), &Options { merge: false, message: Some(message.to_owned()) })
}

/// A file of rows, with what we say of each message written below it again.
struct Table<'a> {
    name: &'a str,
    config: String,
    message: String,
    /// The row's first line, for the reader of a failure.
    about: String,
    rows: usize,
    wrong: Vec<String>,
    /// The file as it should be.
    out: String,
}

/// What a file of rows says at one place.
enum Place {
    Elsewhere,
    Config,
    Message,
}

impl Table<'_> {
    fn of(name: &str) -> Table<'_> {
        let mut it = Table {
            name,
            config: String::new(),
            message: String::new(),
            about: String::new(),
            rows: 0,
            wrong: Vec::new(),
            out: String::new(),
        };
        it.read(&fixture(&format!("diagnose/{name}")));
        it
    }

    fn read(&mut self, text: &str) {
        let mut place = Place::Elsewhere;
        for line in text.lines() {
            let (key, value) = line.split_once(' ').unwrap_or((line, ""));
            match key {
                // What we said the last time: it is said again.
                "then" | "not" | "run" => continue,
                "kubeconfig" => {
                    place = Place::Config;
                    self.config = match value {
                        "" | "none" => String::new(),
                        name => fixture(name),
                    };
                }
                "message" => {
                    place = Place::Message;
                    self.message.clear();
                    self.about = value.to_owned();
                }
                _ => match (line.strip_prefix("    "), &place) {
                    (Some(line), Place::Config) => self.config += &with_files(line),
                    (Some(line), Place::Message) => self.message += &unfold(line),
                    _ => {}
                },
            }
            self.out += &format!("{line}\n");
            if key == "first" {
                self.judge(value);
            }
        }
    }

    /// Compares the first cause, and writes down the others, those ruled out, and the commands.
    fn judge(&mut self, first: &str) {
        self.rows += 1;
        let diagnosis = read(&self.config, &self.message).diagnosis;
        let causes: Vec<&str> = diagnosis.iter().map(|it| it.id).collect();
        let (name, about, message) = (self.name, &self.about, &self.message);
        if causes.first() != Some(&first) {
            self.wrong.push(format!("{name}: {about}\n{message}expected {first}, got {causes:?}"));
        }
        if let Some((likeliest, others)) = diagnosis.split_first() {
            for it in others {
                writeln!(self.out, "then {}", it.id).unwrap();
            }
            for it in &likeliest.ruled_out {
                let (cause, _) = it.split_once(':').expect("it reads “cause: reason”");
                writeln!(self.out, "not {cause}").unwrap();
            }
            for it in &likeliest.commands {
                writeln!(self.out, "run {it}").unwrap();
            }
        }
    }
}

/// A line of a kubeconfig as it was written: the name of a file of the fixtures' keys and
/// certificates, as `⟨alice.crt⟩`, stands for its base64.
fn with_files(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('⟨') {
        let (name, after) = after.split_once('⟩').expect("the bracket is closed");
        out += before;
        out += &STANDARD.encode(fixture(&format!("generate/pki/{name}")));
        rest = after;
    }
    out + rest + "\n"
}

/// A line of a message as it was printed: `␛` stands for the escape character, and `5×` before
/// it for a line that was printed five times.
fn unfold(line: &str) -> String {
    let (times, line) = match line.split_once("× ") {
        Some((times, line)) if times.parse::<usize>().is_ok() => (times.parse().unwrap(), line),
        _ => (1, line),
    };
    iter::repeat_n(format!("{}\n", line.replace('␛', "\u{1b}")), times).collect()
}

#[test]
fn every_message_leads_to_its_cause() {
    let mut names: Vec<String> = fs::read_dir(path("diagnose"))
        .expect("the folder is there")
        .map(|it| it.expect("it can be read").file_name().to_string_lossy().into_owned())
        .filter(|it| it.ends_with(".txt"))
        .collect();
    names.sort();
    let tables: Vec<Table<'_>> = names.iter().map(|it| Table::of(it)).collect();
    let wrong: Vec<&str> = tables.iter().flat_map(|it| &it.wrong).map(String::as_str).collect();
    assert!(wrong.is_empty(), "{}\n{} rows are wrong", wrong.join("\n\n"), wrong.len());
    for it in &tables {
        expect_file![path(&format!("diagnose/{}", it.name))].assert_eq(&it.out);
    }
    let rows: usize = tables.iter().map(|it| it.rows).sum();
    assert!(400 <= rows, "{rows} rows");
}

const PLAIN: &str = "\
apiVersion: v1
kind: Config
clusters:
- name: main
  cluster: {server: 'https://203.0.113.10:6443', certificate-authority: ca.crt}
contexts:
- {name: prod, context: {cluster: main, user: alice}}
users:
- {name: alice, user: {token: opaque-token}}
current-context: prod
";

#[test]
fn a_name_mismatch_offers_the_safe_ways_first() {
    let config = "\
apiVersion: v1
kind: Config
clusters:
- name: public
  cluster: {server: 'https://203.0.113.10:6443', certificate-authority: ca.crt}
- name: private
  cluster: {server: 'https://10.0.0.1:6443', certificate-authority: ca.crt}
contexts:
- {name: outside, context: {cluster: public, user: u}}
- {name: inside, context: {cluster: private, user: u}}
users:
- {name: u, user: {token: t}}
current-context: inside
";
    let message = "Unable to connect to the server: x509: certificate is valid for kubernetes, \
                   10.96.0.1, 10.0.0.1, not 203.0.113.10";
    let report = read(config, message);
    let first = &report.diagnosis[0];
    assert_eq!(first.context.as_deref(), Some("outside"));
    assert_eq!(
        first.commands,
        [
            "kubectl --context inside get namespaces",
            "kubectl config set-cluster public --tls-server-name=kubernetes",
            "kubectl --context outside --insecure-skip-tls-verify get namespaces",
            "kubectl config set-cluster public --insecure-skip-tls-verify=true",
        ]
    );
    let order = [
        "Use the context inside",
        "tls-server-name: kubernetes",
        "Add 203.0.113.10",
        "On an ACK managed cluster",
        "Last resort",
    ];
    assert_eq!(first.fix.len(), order.len(), "{:#?}", first.fix);
    for (step, begins) in first.fix.iter().zip(order) {
        assert!(step.contains(begins), "{begins}: {step}");
    }
    assert_eq!(first.ruled_out.len(), 2, "{:#?}", first.ruled_out);
}

/// A kubeconfig that trusts the certificates in all of `cas`, with the pair of `user`.
fn trusting(cas: &[&str], user: &str) -> String {
    let base64 = |names: &[&str]| {
        let texts = names.iter().map(|it| fixture(&format!("generate/pki/{it}")));
        STANDARD.encode(texts.collect::<String>())
    };
    let data = format!(
        "{{client-certificate-data: {}, client-key-data: {}}}",
        base64(&[&format!("{user}.crt")]),
        base64(&[&format!("{user}.key")])
    );
    PLAIN
        .replace(
            "certificate-authority: ca.crt",
            &format!("certificate-authority-data: {}", base64(cas)),
        )
        .replace("{token: opaque-token}", &data)
}

#[test]
fn any_certificate_of_a_bundle_does() {
    const EXPIRED: &str = "Unable to connect to the server: x509: certificate has expired or is not \
                           yet valid: current time 2026-11-25T16:20:00Z is after ";
    let ended = format!("{EXPIRED}2026-11-22T00:00:00Z");
    let elsewhen = format!("{EXPIRED}2026-11-20T08:00:00Z");
    let unknown = "Unable to connect to the server: x509: certificate signed by unknown authority";
    let refused = "error: You must be logged in to the server (Unauthorized)";
    // The bundle, the message, the first cause, one that must not be named, one ruled out.
    let rows: [(&[&str], &str, &str, &str, &str); 6] = [
        (
            &["kubernetes-ca-new.crt", "kubernetes-ca.crt"],
            refused,
            "credential-revoked",
            "client-certificate-other-ca",
            "A client certificate of another cluster",
        ),
        (&["kubernetes-ca-new.crt"], refused, "client-certificate-other-ca", "", ""),
        (&["kubernetes-ca.crt", "ended-ca.crt"], &ended, "ca-expired", "", ""),
        (
            &["ended-ca.crt", "kubernetes-ca.crt"],
            &elsewhen,
            "server-certificate-expired",
            "ca-expired",
            "An expired certificate authority",
        ),
        (
            &["host-good.crt", "kubernetes-ca.crt"],
            unknown,
            "ca-of-another-cluster",
            "ca-is-a-leaf",
            "",
        ),
        (&["host-good.crt"], unknown, "ca-is-a-leaf", "", ""),
    ];
    for (cas, message, first, not, ruled_out) in rows {
        let diagnosis = read(&trusting(cas, "alice"), message).diagnosis;
        let ids: Vec<&str> = diagnosis.iter().map(|it| it.id).collect();
        let out = &diagnosis[0].ruled_out;
        assert_eq!(ids[0], first, "{cas:?}: {ids:?}");
        assert!(!ids.contains(&not), "{cas:?}: {ids:?}");
        assert!(out.iter().any(|it| it.starts_with(ruled_out)), "{cas:?}: {out:#?}");
    }
}

#[test]
fn what_the_kubeconfig_disproves_is_said_of_another_one() {
    const ANOTHER: &str = "Another kubeconfig than this one was read. In that: ";
    let pair = trusting(&["kubernetes-ca.crt"], "alice");
    let two_methods = "error: more than one authentication method found for alice; found \
                       [token basicAuth], only one is allowed";
    let both = PLAIN.replace("opaque-token}", "opaque-token, username: u, password: p}");
    let half = "error: client-key-data or client-key must be specified for alice to use the \
                clientCert authentication method.";
    let keyless = PLAIN.replace("{token: opaque-token}", "{client-certificate: a.crt}");
    let no_current = PLAIN.replace("current-context: prod", "current-context: ''");
    let insecure =
        "error: specifying a root certificates file with the insecure flag is not allowed";
    let no_server = PLAIN.replace("server: 'https://203.0.113.10:6443'", "server: ''");
    let unchecked =
        PLAIN.replace("certificate-authority: ca.crt", "insecure-skip-tls-verify: true");
    let line_break = "net/http: invalid header field value for \"Authorization\"";
    let broken = PLAIN.replace("opaque-token", "\"opaque\\ntoken\"");
    let removed = "error: The gcp auth plugin has been removed.";
    let rows = [
        (&*pair, "error: tls: private key does not match public key", "key-mismatch", true),
        (PLAIN, "error: tls: private key does not match public key", "key-mismatch", false),
        (PLAIN, "error: auth info \"alice\" does not exist", "user-not-found", true),
        (PLAIN, "error: auth info \"bob\" does not exist", "user-not-found", false),
        (PLAIN, "error: no server found for cluster \"main\"", "cluster-not-found", true),
        (PLAIN, "error: no server found for cluster \"gone\"", "cluster-not-found", false),
        (&*no_server, "error: no server found for cluster \"main\"", "cluster-not-found", false),
        (PLAIN, two_methods, "token-and-password", true),
        (&*both, two_methods, "token-and-password", false),
        (PLAIN, half, "certificate-without-key", true),
        (&*keyless, half, "certificate-without-key", false),
        (PLAIN, "error: current-context is not set", "no-current-context", true),
        (&*no_current, "error: current-context is not set", "no-current-context", false),
        (PLAIN, insecure, "ca-and-insecure", true),
        (&*unchecked, insecure, "ca-and-insecure", true),
        (PLAIN, line_break, "token-with-line-break", true),
        (&*broken, line_break, "token-with-line-break", false),
        (PLAIN, removed, "auth-plugin-removed", true),
        (PLAIN, "error: default cluster has no server defined", "cluster-not-found", true),
        (&*no_server, "error: default cluster has no server defined", "cluster-not-found", false),
    ];
    for (config, message, id, another) in rows {
        let first = &read(config, message).diagnosis[0];
        assert_eq!(
            (first.id, first.title.starts_with(ANOTHER)),
            (id, another),
            "{message}: {first:#?}"
        );
    }
}

#[test]
fn a_reason_is_repeated_without_its_secrets() {
    let secret = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.hunter2hunter2";
    for said in [
        "couldn't get current server API group list: the token {} is bad",
        "proxyconnect tcp: Authorization: Bearer {} rejected",
        "getting credentials: decoding stdout: json parse error: invalid character 'e': {}",
    ] {
        let diagnosis = read(PLAIN, &said.replace("{}", secret)).diagnosis;
        let words = format!("{diagnosis:?}");
        assert!(words.contains("[redacted]") && !words.contains("hunter2"), "{words}");
    }
}

#[test]
fn hostile_names_are_quoted_in_commands() {
    let config = PLAIN.replace("main", "\"a'; rm -rf ~ #\"");
    let report = read(&config, "x509: certificate is valid for $HOME.x, not 203.0.113.10");
    let commands = report.diagnosis[0].commands.join("\n");
    assert!(commands.contains(r"'a'\''; rm -rf ~ #' --tls-server-name='$HOME.x'"), "{commands}");
}

#[test]
fn a_ticket_copied_whole_is_taken_apart() {
    let said = "Unable to connect to the server: dial tcp 203.0.113.10:6443: i/o timeout";
    let quoted = |text: &str| text.lines().map(|it| format!("> {it}\n")).collect::<String>();
    let indented = |text: &str| text.lines().map(|it| format!("    {it}\n")).collect::<String>();
    let json = "{\"apiVersion\":\"v1\",\"kind\":\"Config\",\"clusters\":[{\"name\":\"main\",\"cluster\":{\
                \"server\":\"https://203.0.113.10:6443\"}}],\"contexts\":[{\"name\":\"prod\",\"context\":\
                {\"cluster\":\"main\",\"user\":\"alice\"}}],\"users\":[{\"name\":\"alice\",\"user\":\
                {\"token\":\"t\"}}],\"current-context\":\"prod\"}";
    let tickets = [
        format!("Hello, our deployment fails since this morning:\n```\n$ kubectl get ns\n{said}\n```\nThe kubeconfig:\n```yaml\n{PLAIN}```\n"),
        format!("{said}\n\n{PLAIN}"),
        format!("{PLAIN}\n{said}\n"),
        format!("$ cat ~/.kube/config\n{PLAIN}$ kubectl get ns\n{said}\n$ \n"),
        format!("me@host:~$ kubectl config view --raw\n{PLAIN}me@host:~$ kubectl get nodes\nE1125 10:15:01.123456   12345 memcache.go:265] \"Unhandled Error\" err=\"couldn't get current server API group list: Get \\\"https://203.0.113.10:6443/api?timeout=32s\\\": dial tcp 203.0.113.10:6443: i/o timeout\"\n{said}\nme@host:~$ "),
        format!("Die Datei ist\n{{noformat}}\n{PLAIN}{{noformat}}\nund der Fehler ist:\n{{code}}\n{said}\n{{code}}\n"),
        format!("On Tuesday Alice wrote:\n{}", quoted(&format!("It says\n{said}\nwith\n{PLAIN}"))),
        format!("1. The error:\n\n{}\n2. The file:\n\n{}", indented(said), indented(PLAIN)),
        format!("错误信息：\n{said}\n配置文件：\n{PLAIN}谢谢！"),
        format!("PS C:\\Users\\alice> kubectl get ns\n{said}\nPS C:\\Users\\alice> type .kube\\config\n{PLAIN}").replace('\n', "\r\n"),
        format!("{said}\n{json}\n"),
        // Two texts of which kubectl itself reads the first document only.
        format!("error: {said}\n---\n{PLAIN}"),
        format!("{{noformat}}\n{PLAIN}{{noformat}}\n{said}\n"),
    ];
    for ticket in tickets {
        let report =
            inspect_with(&[Source::new("ticket", ticket.clone())], now(), &Options::default());
        let contexts = report.facts.readings.iter().flat_map(|it| &it.contexts);
        let contexts: Vec<&str> = contexts.map(|it| it.effective.name.as_str()).collect();
        let first = report.diagnosis.first().map(|it| it.id);
        assert_eq!((contexts, first), (vec!["prod"], Some("firewall-drops")), "{ticket}");
    }
}

#[test]
fn without_a_message_kubectl_s_next_words_are_told() {
    let config = "\
apiVersion: v1
clusters:
- {name: main, cluster: {server: 'https://203.0.113.10:6443'}}
contexts:
- {name: works, context: {cluster: main, user: alice}}
- {name: nobody, context: {cluster: main, user: gone}}
- {name: empty, context: {cluster: main, user: empty}}
- {name: nowhere, context: {cluster: gone, user: alice}}
- {name: both, context: {cluster: main, user: both}}
- {name: old, context: {cluster: main, user: old}}
users:
- {name: old, user: {auth-provider: {name: gcp}}}
- {name: alice, user: {token: t}}
- {name: empty, user: {}}
- {name: both, user: {token: t, username: u, password: p, as-groups: [g]}}
";
    let mut out = String::new();
    for source in [config, &fixture("real/kubectl-expired.yaml"), &fixture("real/ack.yaml")] {
        let report = inspect_with(&[Source::new("c", source)], now(), &Options::default());
        for it in predict(&report.facts) {
            writeln!(out, "{:?}\n{}\n{}\n", it.contexts, it.says, it.why).unwrap();
        }
    }
    expect![[r#"
        []
        The connection to the server localhost:8080 was refused - did you specify the right host or port?
        No context is chosen, and then kubectl tries its default server.

        ["nobody", "empty"]
        Please enter Username: 
        The context has no credential that kubectl would send, so it asks for one; without a terminal it says error: EOF.

        ["nowhere"]
        The connection to the server localhost:8080 was refused - did you specify the right host or port?
        The context's cluster is missing or has no server, so kubectl tries its default server.

        ["both"]
        Error in configuration: 
        * more than one authentication method found for both; found [token basicAuth], only one is allowed
        * requesting uid, groups or user-extra for both without impersonating a user


        ["old"]
        error: The gcp auth plugin has been removed.
        Please use the "gke-gcloud-auth-plugin" kubectl/client-go credential plugin instead.
        See https://cloud.google.com/blog/products/containers-kubernetes/kubectl-auth-changes-in-gke for further details


        ["prod"]
        error: You must be logged in to the server (the server has asked for the client to provide credentials)
        The credential expired on 2026-10-01 00:00:00 UTC.

    "#]].assert_eq(&out);
}

/// A case of `tests/fixtures/kubectl`: its files, and what kubectl 1.33 said when it was to use
/// them.
struct Recorded {
    id: String,
    sources: Vec<Source>,
    class: String,
    said: String,
}

/// The recorded cases whose fault, if there is one, is in the kubeconfig.
fn recorded() -> Vec<Recorded> {
    // The fault is in a file that the kubeconfig names, in a folder in its place, in a variable,
    // or in what a plugin prints: the kubeconfig cannot show it.
    const OUTSIDE: &[&str] = &[
        // PEM is a source of its own kind, and no kubeconfig.
        "076-kubeconfig-pem",
        "366-env-kubernetes-master-fills",
        "388-ctx-cluster-missing-secure",
        "346-merge-directory",
        "589-ca-file-base64",
        "690-mixed-cert-file-key-data",
        "691-mixed-cert-data-key-file",
        "709-tokenfile-blank",
        "761-exec-token-newline",
    ];
    let mut cases = Vec::new();
    for folder in fs::read_dir(path("kubectl")).expect("the corpus is there") {
        let folder = folder.expect("it can be read").path();
        let Ok(text) = fs::read_to_string(folder.join("expected.json")) else { continue };
        let expected: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
        let id = folder.file_name().unwrap().to_string_lossy().into_owned();
        let said = &expected["results"]["use"];
        let Some(names) = expected["kubeconfig"].as_array() else { continue };
        let names = names.iter().filter_map(|it| it.as_str());
        let read = |it: &str| {
            let name = it.trim_start_matches("$DIR/");
            Some(Source::new(name, fs::read(folder.join(name)).ok()?))
        };
        let sources: Vec<Source> = names.filter_map(read).collect();
        let about_files = said["stderr"].as_str().unwrap_or_default().contains("unable to read ");
        if said.is_object() && !sources.is_empty() && !OUTSIDE.contains(&&*id) && !about_files {
            cases.push(Recorded {
                id,
                sources,
                class: said["class"].as_str().unwrap_or_default().to_owned(),
                said: said["stderr"].as_str().unwrap_or_default().to_owned(),
            });
        }
    }
    cases.sort_by(|a, b| a.id.cmp(&b.id));
    cases
}

/// kubectl's words without what differs between builds, what may hold a secret, and what is
/// known of a path.
fn settle(said: &str) -> String {
    let said = said.replace("$DIR/", "").replace("latest.go:50", "latest.go:N");
    let cut =
        ["\" in list: ", "Object 'apiVersion' is missing in '", "unsupported map key of type: "];
    let cut = cut.iter().find_map(|it| said.split_once(it)).map_or(&*said, |(kept, _)| kept);
    // kubectl had no terminal on which to ask.
    cut.trim().replace("error: EOF", "Please enter Username:")
}

#[test]
fn what_kubectl_said_was_predicted() {
    let mut wrong = Vec::new();
    let mut right = 0;
    for case in recorded() {
        let report = inspect_with(&case.sources, now(), &Options { merge: true, message: None });
        let current = report.facts.readings.iter().flat_map(|it| &it.contexts);
        let current = current.filter(|it| it.effective.current).map(|it| &it.effective.name);
        let current: Vec<&String> = current.collect();
        let predicted = predict(&report.facts).into_iter().find(|it| {
            it.contexts.is_empty() || it.contexts.iter().any(|it| current.contains(&it))
        });
        let ours = settle(&predicted.map_or(String::new(), |it| it.says));
        // What only a network can say is not predicted, nor is a program that is missing.
        let theirs = match case.class.as_str() {
            // Nobody listened who could have refused the expired certificate.
            _ if case.id == "658-cert-expired" => continue,
            "refused" | "ok" | "dns-failure" => String::new(),
            _ if case.said.contains("getting credentials") => String::new(),
            _ => settle(&case.said),
        };
        match ours == theirs {
            true => right += 1,
            false => wrong.push(format!("{}\n  ours:    {ours}\n  kubectl: {theirs}", case.id)),
        }
    }
    assert!(wrong.is_empty(), "{}\n{} wrong, {right} right", wrong.join("\n"), wrong.len());
}

#[test]
fn what_kubectl_said_leads_into_the_kubeconfig() {
    let mut wrong = Vec::new();
    for case in recorded() {
        if case.said.contains("No resources found") || case.said.trim().is_empty() {
            continue;
        }
        let said = case.said.replace("<dns failure>", "no such host");
        let options = Options { merge: true, message: Some(said) };
        let diagnosis: Vec<Diagnosis> = inspect_with(&case.sources, now(), &options).diagnosis;
        let first = diagnosis.first().expect("there is always one");
        let ids: Vec<&str> = diagnosis.iter().map(|it| it.id).collect();
        let expected: &[&str] = match case.class.as_str() {
            "refused-default-server" => &[
                "no-current-context",
                "context-without-cluster",
                "cluster-without-server",
                "empty-kubeconfig",
            ],
            "refused" => &["connection-refused-loopback", "proxy-refused"],
            "context-does-not-exist" => &["current-context-dangles"],
            "prompt" => &["no-credentials", "user-missing"],
            "bad-ca" => {
                &["ca-not-pem", "redacted-kubeconfig", "certificate-malformed", "negative-serial"]
            }
            "client-keypair" => &[
                "client-certificate-not-pem",
                "client-key-not-pem",
                "certificate-and-key-switched",
                "key-mismatch",
                "key-unreadable",
                "certificate-malformed",
                "negative-serial",
                "redacted-kubeconfig",
            ],
            _ => &[],
        };
        let fits = match expected.is_empty() {
            true => first.id != "unknown-message" && !first.proof.is_empty(),
            false => expected.contains(&first.id),
        };
        if !fits {
            wrong.push(format!("{}: {}{ids:?}\n{:?}\n", case.id, case.said, first.proof));
        }
    }
    assert!(wrong.is_empty(), "{}\n{} wrong", wrong.join("\n"), wrong.len());
}

#[test]
fn a_message_that_names_no_context_is_about_the_open_one() {
    let file = |host: &str, context: &str| {
        format!(
            "clusters: [{{name: c, cluster: {{server: 'https://{host}:6443'}}}}]\n\
             users: [{{name: u, user: {{token: t}}}}]\n\
             contexts: [{{name: {context}, context: {{cluster: c, user: u}}}}, \
             {{name: dev, context: {{cluster: c, user: u}}}}]\n\
             current-context: {context}\n"
        )
    };
    let sources = [("a", file("a.example", "main")), ("b", file("b.example", "live"))]
        .map(|(name, text)| Source::new(name, text));
    let facts = inspect_with(&sources, now(), &Options::default()).facts;
    let about = |open: Option<(usize, usize)>, message: &str| {
        let open = open.map(|(file, index)| EntryRef { file, index });
        let said = at_once(async |pace| diagnose_at(pace, &facts, message, open).await);
        let first = said.into_iter().next().expect("there is always one");
        let words = first.proof.concat() + &first.title + &first.commands.concat();
        let host = ["a.example", "b.example"].into_iter().find(|it| words.contains(it));
        (first.context.unwrap_or_default(), host.unwrap_or_default().to_owned())
    };
    let refused = |host: &str| {
        format!(
            "The connection to the server {host}:6443 was refused - did you specify the right host \
             or port?"
        )
    };
    let login = "error: You must be logged in to the server (Unauthorized)";
    assert_eq!(about(None, login).0, "main");
    assert_eq!(about(Some((1, 0)), login).0, "live");
    assert_eq!(about(Some((1, 1)), login).0, "dev");
    // What it names counts more, and of two that have that name the open one.
    assert_eq!(about(Some((1, 0)), &refused("a.example")), ("main".into(), "a.example".into()));
    assert_eq!(about(Some((0, 1)), &refused("a.example")).0, "dev");
    let named = format!("$ kubectl --context main get pods\n{login}");
    assert_eq!(about(Some((1, 0)), &named).0, "main");
    let late =
        "$ kubectl --context dev get pods\nUnable to connect to the server: dial tcp: i/o timeout";
    assert_eq!(about(Some((1, 1)), late), ("dev".into(), "b.example".into()));
    assert_eq!(about(None, late), ("dev".into(), "a.example".into()));
}
