//! Inputs that were written to hurt: each is one idea, stretched to the size that is asked for.
//!
//! Knows nothing of limits: `tests/it/hostile.rs` and the bench beside it do.
#![allow(clippy::indexing_slicing, reason = "the input is our own")]

use base64::{Engine, engine::general_purpose::STANDARD};

use crate::fleet;

/// What is handed to the door.
pub(crate) struct Attack {
    /// The files, in order.
    pub(crate) files: Vec<Vec<u8>>,
    /// What kubectl is claimed to have said.
    pub(crate) message: Option<String>,
    /// Whether the files are merged.
    pub(crate) merge: bool,
}

/// A name and how to make the attack with about so many bytes.
pub(crate) type Adversary = (&'static str, fn(usize) -> Attack);

/// Every adversary.
pub(crate) const ALL: &[Adversary] = &[
    // YAML.
    ("alias bomb", |n| file(alias_bomb() + &fill("#\n", n))),
    ("aliases of one anchor", |n| file(format!("a: &a [1, 2, 3]\nb: [{}]", fill("*a, ", n)))),
    ("anchors", |n| file(numbered(n, |it| format!("- &a{it} x\n")))),
    ("merge keys", |n| file(format!("a: &a {{b: 1}}\n{}", fill("c: {<<: *a}\n", n)))),
    ("flow lists in each other", |n| file(fill("[", n))),
    ("flow maps in each other", |n| file(fill("{a: ", n))),
    ("block lists in each other", |n| file(fill("- ", n))),
    ("complex keys in each other", |n| file(fill("? ", n))),
    ("block maps in each other", |n| file(staircase(n))),
    ("nested extension", |n| file(format!("extensions: [{{name: a, extension: {}", fill("[", n)))),
    ("closed extension", |n| {
        let n = n / 2;
        let (open, close) = (fill("[", n), fill("]", n));
        file(format!("extensions: [{{name: a, extension: {open}{close}}}]"))
    }),
    ("keys", |n| file(numbered(n, |it| format!("k{it}: v\n")))),
    ("keys of a user", |n| {
        let keys = numbered(n, |it| format!("    k{it}: v\n"));
        file(format!("users:\n- name: a\n  user:\n{keys}"))
    }),
    ("one key again and again", |n| file(fill("a: 1\n", n))),
    ("one user's key again and again", |n| {
        file(format!("users:\n- name: a\n  user:\n{}", fill("    token: a\n", n)))
    }),
    ("empty items", |n| file(format!("users:\n{}", fill("-\n", n)))),
    ("empty maps", |n| file(format!("contexts: [{}]", fill("{},", n)))),
    ("scalars for maps", |n| file(format!("clusters: [{}]", fill("1,", n)))),
    ("documents", |n| file(fill("---\n", n))),
    ("comments", |n| file(fill("#\n", n))),
    ("one comment", |n| file(fill("#", n))),
    ("one line", |n| file(format!("current-context: {}", fill("x", n)))),
    ("one line of words", |n| file(format!("current-context: {}", fill("x ", n)))),
    ("one line of colons", |n| file(fill("a:", n))),
    ("one open quote", |n| file(format!("a: \"{}", fill("x", n)))),
    ("open quotes", |n| file(fill("\"\n", n))),
    ("escapes", |n| file(format!("current-context: \"{}\"", fill("\\u00e9", n)))),
    ("long scalar on short lines", |n| file(format!("a:\n{}", fill("  b\n", n)))),
    ("literal block", |n| file(format!("a: |\n{}", fill("  b\n", n)))),
    ("folded block of empty lines", |n| file(format!("a: >\n  b\n{}", fill("\n", n)))),
    ("indentation alone", |n| file(fill(" ", n))),
    ("tags", |n| file(fill("!!str ", n))),
    ("tabs", |n| file(fill("\t", n))),
    ("integers", |n| file(format!("current-context: {}", fill("9", n)))),
    ("exponent", |n| file(format!("kind: 1e{}", fill("9", n)))),
    // Text that is none.
    ("carriage returns", |n| file(fill("a: 1\r", n))),
    ("no-break spaces", |n| file(fill("\u{a0}", n))),
    ("byte order marks", |n| file(fill("\u{feff}", n))),
    ("right-to-left overrides", |n| file(fill("\u{202e}", n))),
    ("zero bytes", |n| file(vec![0; n])),
    ("bytes of 255", |n| file(vec![255; n])),
    ("noise", |n| file(noise(n))),
    // Wrappings.
    ("base64 noise", |n| file(STANDARD.encode(noise(n / 4 * 3)))),
    ("base64 in base64", |n| file(layers(n))),
    ("base64 of a flow list", |n| file(STANDARD.encode(fill("[", n / 4 * 3)))),
    ("JSON lists in each other", |n| file(format!("{{\"items\": {}", fill("[", n)))),
    ("closed JSON lists", |n| {
        let (open, close) = (fill("[", n / 2), fill("]", n / 2));
        file(format!("{{\"kind\": \"List\", \"items\": {open}{close}}}"))
    }),
    ("JSON in strings of JSON", |n| file(json_layers(n))),
    ("Secrets in a List", |n| {
        let secret = "{\"kind\":\"Secret\",\"data\":{\"value\":\"a2luZDogQ29uZmlnCg==\"}},";
        file(format!(
            "{{\"kind\":\"List\",\"apiVersion\":\"v1\",\"items\":[{}{{}}]}}",
            fill(secret, n)
        ))
    }),
    ("a List of as many Secrets as are read", |n| {
        let secret = "{\"kind\":\"Secret\",\"data\":{\"value\":\"a2luZDogQ29uZmlnCg==\"}},";
        file(format!("{{\"kind\":\"List\",\"items\":[{}{{}}]}}", padded(secret, 99_000, n)))
    }),
    ("a List of as many values as are read", |n| {
        let item = format!("[{}1],", fill("1,", 180_000.min(n / 2)));
        file(format!("{{\"kind\":\"List\",\"items\":[{}{{}}]}}", padded(&item, 10, n)))
    }),
    ("a List in YAML of as many Secrets as are read", |n| {
        let secret = "- {kind: Secret, data: {value: a2luZDogQ29uZmlnCg==}}\n";
        file(format!("items:\n{}kind: List\n", padded(secret, 99_000, n)))
    }),
    ("a List in YAML of as many values as are read", |n| {
        let item = format!("- [{}1]\n", fill("1,", 180_000.min(n / 2)));
        file(format!("items:\n{}kind: List\n", padded(&item, 10, n)))
    }),
    ("values around a List", |n| {
        let values = fill("1,", 1_800_000.min(n));
        file(format!(
            "items:\n- 1\nkind: List\ndata: [{values}]\n{}",
            fill("\n", n - values.len().min(n))
        ))
    }),
    ("Secret of many keys", |n| {
        let keys = numbered(n, |it| format!("  k{it}: a2luZDogQ29uZmlnCg==\n"));
        file(format!("apiVersion: v1\nkind: Secret\ndata:\n{keys}"))
    }),
    ("quoted mail", |n| file(fill("> ", n))),
    ("fences", |n| file(fill("```\n", n))),
    ("fenced kubeconfigs", |n| file(fill("```\napiVersion: v1\nkind: Config\n```\n", n))),
    ("heredocs", |n| file(fill("cat <<EOF\n", n))),
    ("kubeconfigs one after another", |n| file(fill("apiVersion: v1\nkind: Config\n", n))),
    // PEM, certificates, keys, tokens.
    ("PEM beginnings", |n| file(fill("-----BEGIN ", n))),
    ("PEM beginnings on lines", |n| file(fill("-----BEGIN A-----\n", n))),
    ("PEM headers", |n| file(format!("-----BEGIN A-----\n{}", fill("a: b\n", n)))),
    ("PEM ends", |n| file(fill("-----END A-----\n", n))),
    ("PEM beginnings in a CA", |n| file(cluster(fill("-----BEGIN A-----\n", n / 4 * 3)))),
    ("empty PEM blocks in a CA", |n| {
        file(cluster(fill("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n", n / 4 * 3)))
    }),
    ("huge chain", |n| file(cluster(fill(fleet::CA, n / 4 * 3)))),
    ("huge chain of a client", |n| file(client(&fill(fleet::CA, n / 4 * 3), ""))),
    ("huge chain, many contexts", |n| {
        let item = |it| format!("- {{name: c{it}, context: {{cluster: a, user: a}}}}\n");
        file(list("contexts", n / 4, item) + &entries(&fill(fleet::CA, n / 2), ""))
    }),
    ("huge CA, many contexts", |n| {
        let item = |it| format!("- {{name: c{it}, context: {{cluster: a, user: a}}}}\n");
        let user = "users: [{name: a, user: {token: a}}]\n";
        file(list("contexts", n / 4, item) + user + &cluster(fill(fleet::CA, n / 2)))
    }),
    ("certificates beside many servers", |n| {
        let item = |it| format!("- {{name: c{it}, cluster: {{server: https://a{it}}}}}\n");
        let [servers, certificates] = [list("clusters", n / 2, item), fill(fleet::CA, n / 2)];
        files(vec![servers.into_bytes(), certificates.into_bytes()], false)
    }),
    ("a client beside many servers and certificates", |n| {
        let cluster = |it| {
            let name = format!("tls-server-name: n{it}");
            format!("- {{name: c{it}, cluster: {{server: https://1.2.3.4, {name}}}}}\n")
        };
        let context = |it| format!("- {{name: c{it}, context: {{cluster: c{it}, user: a}}}}\n");
        let user = "users: [{name: a, user: {client-certificate: a.pem, client-key: b.pem}}]\n";
        let text = list("clusters", n / 4, cluster) + &list("contexts", n / 4, context) + user;
        files(vec![text.into_bytes(), fill(fleet::CA, n / 2).into_bytes()], false)
    }),
    ("subject alternative names", |n| {
        let names = fill_bytes(&[0x82, 1, b'a'], n / 2);
        file(client(&pem("CERTIFICATE", &certificate(&[], &names)), ""))
    }),
    ("attributes of a subject", |n| {
        let attribute = tlv(0x31, &tlv(0x30, &[&[6, 3, 0x55, 4, 3, 0x0c, 1, b'a'][..]].concat()));
        file(client(&pem("CERTIFICATE", &certificate(&fill_bytes(&attribute, n / 2), &[])), ""))
    }),
    ("ASN.1 in each other", |n| file(client(&pem("CERTIFICATE", &nested_der(n / 2)), ""))),
    ("long object identifier", |n| {
        let attribute = [tlv(6, &vec![0x81; n / 2]), vec![0x0c, 1, b'a']].concat();
        let subject = tlv(0x31, &tlv(0x30, &attribute));
        file(client(&pem("CERTIFICATE", &certificate(&subject, &[])), ""))
    }),
    ("huge RSA key", |n| {
        let number = tlv(2, &[&[1][..], &vec![0xff; n / 20]].concat());
        let key = tlv(0x30, &[&[2, 1, 0][..], &fill_bytes(&number, n / 2)].concat());
        file(client(fleet::CA, &pem("RSA PRIVATE KEY", &key)))
    }),
    ("keys without their public half", |n| {
        // PKCS#8 with an Ed25519 seed; RFC 8410, section 7.
        let head = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
        let key = STANDARD.encode(pem("PRIVATE KEY", &[&head[..], &[7; 32]].concat()));
        let ca = STANDARD.encode(fleet::CA);
        let user = |it| {
            format!(
                "- {{name: u{it}, user: {{client-certificate-data: {ca}, client-key-data: {key}}}}}\n"
            )
        };
        file(list("users", n, user))
    }),
    ("token of dots", |n| file(token(&fill(".", n)))),
    ("token of many claims", |n| {
        let claims = numbered(n / 2, |it| format!("\"k{it}\":1,"));
        file(token(&jwt(&format!("{{{claims}\"sub\":\"a\"}}"))))
    }),
    ("token of lists in each other", |n| {
        file(token(&jwt(&format!("{{\"a\":{}", fill("[", n / 2)))))
    }),
    ("token of an audience", |n| {
        file(token(&jwt(&format!("{{\"aud\":[{}\"a\"]}}", fill("\"a\",", n / 2)))))
    }),
    ("presigned request", |n| {
        let url = format!("https://sts.example.test/?{}", fill("a=b&", n / 2));
        file(token(&format!("k8s-aws-v1.{}", STANDARD.encode(url))))
    }),
    // Entries.
    ("contexts of one name", |n| {
        file(format!("contexts:\n{}", fill("- {name: a, context: {cluster: a}}\n", n)))
    }),
    ("contexts of nothing", |n| {
        let item = |it| format!("- {{name: c{it}, context: {{cluster: x{it}, user: y{it}}}}}\n");
        file(list("contexts", n, item))
    }),
    ("contexts of one user", |n| {
        let item = |it| format!("- {{name: c{it}, context: {{cluster: a, user: a}}}}\n");
        file(list("contexts", n, item) + &entries(fleet::CA, ""))
    }),
    ("users of one token", |n| {
        let item = |it| format!("- {{name: u{it}, user: {{token: abcdefghij}}}}\n");
        file(list("users", n, item))
    }),
    ("clusters that are nearly the same", |n| {
        file(format!("clusters:\n{}", nearly("cluster: {server: https://a, tls-server-name", n)))
    }),
    ("users that are nearly the same", |n| {
        file(format!("users:\n{}", nearly("user: {username: a, password", n)))
    }),
    ("clusters of one server", |n| {
        let item = |it| format!("- {{name: c{it}, cluster: {{server: https://a}}}}\n");
        file(list("clusters", n, item))
    }),
    ("bad base64 in every user", |n| {
        let item = |it| format!("- {{name: u{it}, user: {{client-key-data: '*'}}}}\n");
        file(list("users", n, item))
    }),
    ("unknown fields in every user", |n| {
        let item = |it| format!("- {{name: u{it}, user: {{tokne: a, clinet-key: b}}}}\n");
        file(list("users", n, item))
    }),
    ("misspelled fields that contexts miss", |n| {
        let cluster = |it| {
            let body = "{server: https://1.1.1.1, certificate_authority: a}";
            format!("- {{name: c{it}, cluster: {body}}}\n")
        };
        let user = |it| format!("- {{name: u{it}, user: {{tokne: a}}}}\n");
        let context = |it| format!("- {{name: x{it}, context: {{cluster: c{it}, user: u{it}}}}}\n");
        let text = list("clusters", n / 3, cluster) + &list("users", n / 3, user);
        file(text + &list("contexts", n / 3, context))
    }),
    ("arguments", |n| {
        let arguments = fill("a, ", n);
        file(format!("users: [{{name: a, user: {{exec: {{command: a, args: [{arguments}]}}}}}}]"))
    }),
    ("environment", |n| {
        let item = |it| format!("    - {{name: E{it}, value: a}}\n");
        let head = "users:\n- name: a\n  user:\n   exec:\n    command: a\n    env:\n";
        file(format!("{head}{}", numbered(n, item)))
    }),
    ("groups", |n| {
        file(format!("users: [{{name: a, user: {{as: a, as-groups: [{}]}}}}]", fill("a, ", n)))
    }),
    ("long server", |n| file(server(&format!("https://{}", fill("a.", n))))),
    ("long server of brackets", |n| file(server(&fill("[", n)))),
    ("long server of colons", |n| file(server(&format!("https://{}", fill(":", n))))),
    ("long server of escapes", |n| file(server(&format!("https://a/{}", fill("%41", n))))),
    ("long server of many contexts", |n| {
        file(shared(n, "", &format!("{{server: 'https://h:{}'}}", fill("a:", n / 2))))
    }),
    ("long proxy of many contexts", |n| {
        file(shared(n, "", &format!("{{proxy-url: 'a:{}'}}", fill("b@", n / 2))))
    }),
    ("many groups of many contexts", |n| {
        file(shared(n, &format!("as-groups: [{}]", fill("\"\\n\",", n / 2)), "{}"))
    }),
    ("long token of many contexts", |n| {
        file(shared(n, &format!("token: {}", fill("a", n / 2)), "{}"))
    }),
    ("issuer's CA of many contexts", |n| {
        file(shared(
            n,
            &format!(
                "auth-provider: {{name: oidc, config: {{client-id: a, idp-issuer-url: b, idp-certificate-authority-data: {}}}}}",
                fill("LS0t", n / 2)
            ),
            "{}",
        ))
    }),
    ("long name", |n| file(format!("users: [{{name: \"{}\"}}]", fill("a\\n", n)))),
    // Several files.
    ("empty files", |n| files(vec![Vec::new(); n / 1_000], false)),
    ("empty files, merged", |n| files(vec![Vec::new(); n / 1_000], true)),
    ("the same file again and again", |n| {
        let one = fleet::kubeconfig(0..1).into_bytes();
        files(vec![one.clone(); n / one.len() + 1], true)
    }),
    ("one file hides another", |n| {
        let item = |it| format!("- {{name: u{it}, user: {{token: a}}}}\n");
        let one = list("users", n / 2, item).into_bytes();
        files(vec![one.clone(), one], true)
    }),
    // Messages.
    ("message of spaces", |n| message(fill(" ", n))),
    ("message of one line", |n| message(fill("x509: ", n))),
    ("message of lines", |n| message(fill("error: ", n).replace(' ', "\n"))),
    ("message of names", |n| {
        let head = "Unable to connect to the server: tls: failed to verify certificate: x509: \
                    certificate is valid for ";
        message(format!("{head}{}not b", fill("a.example.test, ", n)))
    }),
    ("message of half names", |n| message(fill("x509: certificate is valid for ", n))),
    ("message of quotes", |n| message(fill("\"", n))),
    ("message of brackets", |n| message(fill("dial tcp [", n))),
    ("message of refusals", |n| {
        let line = "Error from server (Forbidden): pods is forbidden: User \"a\" cannot list \
                    resource \"pods\" in API group \"\" in the namespace \"b\"\n";
        message(fill(line, n))
    }),
    ("message of dials", |n| {
        let line = "Unable to connect to the server: dial tcp 10.0.0.1:6443: i/o timeout\n";
        message(fill(line, n))
    }),
    ("message of log lines", |n| {
        let line = "I0115 12:00:00.000000   1 round_trippers.go:553] GET https://a/api?timeout=32s \
                    401 Unauthorized in 12 milliseconds\n";
        message(fill(line, n))
    }),
    ("message of escapes", |n| message(fill("\u{1b}[31m", n))),
];

fn file(bytes: impl Into<Vec<u8>>) -> Attack {
    files(vec![bytes.into()], false)
}

fn files(files: Vec<Vec<u8>>, merge: bool) -> Attack {
    Attack { files, message: None, merge }
}

fn message(text: String) -> Attack {
    let files = vec![fleet::kubeconfig(0..3).into_bytes()];
    Attack { files, message: Some(text), merge: false }
}

/// `piece` again and again, `size` bytes in all.
fn fill(piece: &str, size: usize) -> String {
    piece.repeat(size / piece.len() + 1)
}

/// `piece` at most `most` times, `size` bytes in all: blank lines make up for more of them.
fn padded(piece: &str, most: usize, size: usize) -> String {
    let pieces = piece.repeat(most.min(size / piece.len() + 1));
    let rest = size.saturating_sub(pieces.len());
    pieces + &fill("\n", rest)
}

fn fill_bytes(piece: &[u8], size: usize) -> Vec<u8> {
    piece.repeat(size / piece.len() + 1)
}

/// Items that differ by their number, `size` bytes in all.
fn numbered(size: usize, item: impl Fn(usize) -> String) -> String {
    let mut text = String::new();
    let mut number = 0;
    while text.len() < size {
        text.push_str(&item(number));
        number += 1;
    }
    text
}

/// Entries of a list that are read at most. Nothing is read of a longer one.
const MOST_ENTRIES: usize = 20_000;

/// A list of a kubeconfig, `size` bytes in all: comments make up for entries that would be too many.
fn list(name: &str, size: usize, item: impl Fn(usize) -> String) -> String {
    let mut text = format!("{name}:\n");
    for number in 0..MOST_ENTRIES {
        if size <= text.len() {
            break;
        }
        text.push_str(&item(number));
    }
    let rest = size.saturating_sub(text.len());
    text + &fill("# a comment\n", rest)
}

/// Entries that differ in the end of one long value: at most as many as are read.
fn nearly(field: &str, size: usize) -> String {
    let long = fill("x", 400);
    let item = |it| format!("- {{name: e{it}, {field}: {long}{it}}}}}\n");
    (0..MOST_ENTRIES.min(size / 500)).map(item).collect()
}

/// Bytes without a pattern, the same in every run.
fn noise(size: usize) -> Vec<u8> {
    let mut state = 1u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        state.to_be_bytes()[0]
    };
    (0..size).map(|_| next()).collect()
}

fn alias_bomb() -> String {
    let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for level in 1..60 {
        let below = format!("*a{}, ", level - 1).repeat(9);
        text.push_str(&format!("a{level}: &a{level} [{below}]\n"));
    }
    text + "extensions: [{name: bomb, extension: *a59}]\n"
}

/// Maps in maps, each one space deeper: its depth is the root of its size.
fn staircase(size: usize) -> String {
    let mut text = String::new();
    let mut depth = 0;
    while text.len() < size {
        text.push_str(&" ".repeat(depth));
        text.push_str("a:\n");
        depth += 1;
    }
    text
}

fn layers(size: usize) -> String {
    let mut text = String::from("apiVersion: v1\nkind: Config\n");
    while text.len() < size {
        text = STANDARD.encode(text);
    }
    text
}

/// A provider's answer in a provider's answer: the backslashes double with every layer.
fn json_layers(size: usize) -> String {
    let mut text = String::from("apiVersion: v1");
    while text.len() < size {
        let inner = text.replace('\\', "\\\\").replace('"', "\\\"");
        text = format!("{{\"config\": \"{inner}\"}}");
    }
    text
}

fn cluster(ca: String) -> String {
    let ca = STANDARD.encode(ca);
    format!("clusters: [{{name: a, cluster: {{certificate-authority-data: {ca}}}}}]\n")
}

/// Many contexts of one cluster and one user, with these fields.
fn shared(size: usize, user: &str, cluster: &str) -> String {
    let item = |it| format!("- {{name: c{it}, context: {{cluster: a, user: a}}}}\n");
    let cluster = match cluster {
        "{}" => "{server: 'https://a'}",
        it => it,
    };
    format!(
        "clusters: [{{name: a, cluster: {cluster}}}]\nusers:\n- name: a\n  user:\n    {user}\n{}",
        list("contexts", size / 2, item)
    )
}

fn server(url: &str) -> String {
    format!(
        "clusters:\n- name: a\n  cluster:\n    server: '{url}'\ncontexts:\n- name: a\n  context:\n    \
         cluster: a\n"
    )
}

/// A user of that certificate and key, in use.
fn client(certificate: &str, key: &str) -> String {
    let entries = entries(certificate, key);
    format!("contexts: [{{name: a, context: {{cluster: a, user: a}}}}]\n{entries}")
}

/// The same without a context.
fn entries(certificate: &str, key: &str) -> String {
    let (certificate, key) = (STANDARD.encode(certificate), STANDARD.encode(key));
    format!(
        "clusters:\n- name: a\n  cluster: {{server: https://a}}\nusers:\n- name: a\n  user:\n    \
         client-certificate-data: {certificate}\n    client-key-data: {key}\n"
    )
}

fn token(token: &str) -> String {
    format!(
        "clusters: [{{name: a, cluster: {{server: https://a}}}}]\ncurrent-context: a\ncontexts: \
         [{{name: a, context: {{cluster: a, user: a}}}}]\nusers:\n- name: a\n  user:\n    token: \
         {token}\n"
    )
}

fn jwt(claims: &str) -> String {
    use base64::engine::general_purpose::URL_SAFE_NO_PAD as URL;
    format!("{}.{}.c2ln", URL.encode("{\"alg\":\"RS256\"}"), URL.encode(claims))
}

fn pem(label: &str, der: &[u8]) -> String {
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", STANDARD.encode(der))
}

/// One DER element.
fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let n = content.len();
    let mut out = vec![tag];
    match n {
        0..0x80 => out.push(n as u8),
        _ => {
            let bytes = n.to_be_bytes();
            let zeros = bytes.iter().take_while(|it| **it == 0).count();
            out.push(0x80 | (bytes.len() - zeros) as u8);
            out.extend(&bytes[zeros..]);
        }
    }
    out.extend(content);
    out
}

/// A certificate of that subject (RDNs) and those names (general names).
fn certificate(subject: &[u8], names: &[u8]) -> Vec<u8> {
    let algorithm = tlv(0x30, &[6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2]);
    let validity = tlv(0x30, &[tlv(0x17, b"250101000000Z"), tlv(0x17, b"260101000000Z")].concat());
    let curve = [6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
    let key = tlv(0x30, &[&[6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1][..], &curve].concat());
    let point = tlv(3, &[&[0, 4][..], &[7; 64]].concat());
    let alternative = [&[6, 3, 0x55, 0x1d, 17][..], &tlv(4, &tlv(0x30, names))].concat();
    let extensions = tlv(0xa3, &tlv(0x30, &tlv(0x30, &alternative)));
    let body = [
        tlv(0xa0, &[2, 1, 2]),
        vec![2, 1, 1],
        algorithm.clone(),
        tlv(0x30, subject),
        validity,
        tlv(0x30, subject),
        tlv(0x30, &[key, point].concat()),
        extensions,
    ];
    tlv(0x30, &[tlv(0x30, &body.concat()), algorithm, tlv(3, &[0; 65])].concat())
}

/// Sequences in sequences, written from the inside out.
fn nested_der(size: usize) -> Vec<u8> {
    let mut reversed = Vec::new();
    while reversed.len() < size {
        let n = reversed.len() as u32;
        reversed.extend(n.to_le_bytes());
        reversed.extend([0x84, 0x30]);
    }
    reversed.reverse();
    reversed
}
