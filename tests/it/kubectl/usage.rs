//! Kubeconfigs made by chance whose YAML is sound: what they are used for may not be.
//!
//! The same number always makes the same one, as in [`super::generator`].

use std::fmt::Write as _;

use super::generator::Chance;

/// Files by name, in the order of `KUBECONFIG`; the rest of them are referred to.
pub(super) type Files = Vec<(String, Vec<u8>)>;

/// PEM to choose from: certificates and keys, one file each.
pub(super) struct Pool {
    pub(super) certificates: Files,
    pub(super) keys: Files,
}

impl Pool {
    fn certificate(&self, chance: &mut Chance) -> &(String, Vec<u8>) {
        &self.certificates[chance.below(self.certificates.len())]
    }

    /// The key of the certificate with this name, most of the time.
    fn key(&self, chance: &mut Chance, certificate: &str) -> &[u8] {
        let stem = certificate.trim_start_matches("key-").trim_end_matches(".crt");
        let own: Vec<_> = self.keys.iter().filter(|it| it.0.starts_with(stem)).collect();
        match own.is_empty() || chance.once_in(4) {
            true => &self.keys[chance.below(self.keys.len())].1,
            false => &own[chance.below(own.len())].1,
        }
    }
}

/// A kubeconfig with one context, which may be used or not, and the files that it refers to.
pub(super) fn usable(number: u64, pool: &Pool) -> Files {
    let mut chance = Chance::of(number);
    let chance = &mut chance;
    let mut files = Files::new();
    let cluster = cluster(chance, pool, &mut files);
    let user = user(chance, pool, &mut files);
    let name = chance.pick(&["n1", "n1", "n1", "\"a \\\"b\\\"\"", "é", "\"x\\ty\""]).to_owned();
    let refers = |chance: &mut Chance| match chance.once_in(20) {
        true => chance.pick(&["nowhere", "~", "\"\""]).to_owned(),
        false => name.clone(),
    };
    let (to_cluster, to_user) = (refers(chance), refers(chance));
    let mut text = format!(
        "apiVersion: v1\nkind: Config\nclusters:\n- name: {name}\n  cluster:\n{cluster}\
         users:\n- name: {name}\n  user:\n{user}contexts:\n- name: x1\n  context:\n    \
         cluster: {to_cluster}\n    user: {to_user}\n"
    );
    if !chance.once_in(30) {
        let current = if chance.once_in(30) { "nowhere" } else { "x1" };
        let _ = writeln!(text, "current-context: {current}");
    }
    files.insert(0, ("config.yaml".to_owned(), text.into_bytes()));
    files
}

fn cluster(chance: &mut Chance, pool: &Pool, files: &mut Files) -> String {
    let mut text = String::new();
    let server = match chance.below(3) {
        0 => address(chance, &["https", "https", "http", "HTTPS", "htps", "ftp", "", "1s", "a+b"]),
        _ => "https://127.0.0.1:1".to_owned(),
    };
    let _ = writeln!(text, "    server: {}", quoted(&server));
    if chance.once_in(4) {
        let value = chance.pick(&["true", "true", "false"]);
        let _ = writeln!(text, "    insecure-skip-tls-verify: {value}");
    }
    if chance.once_in(3) {
        let (_, pem) = pool.certificate(chance);
        let bytes = damaged(chance, pem.clone());
        let _ = writeln!(text, "    certificate-authority-data: {}", base64(&bytes));
    }
    if chance.once_in(8) {
        let (_, pem) = pool.certificate(chance);
        files.push(("ca.crt".to_owned(), pem.clone()));
        text.push_str("    certificate-authority: ca.crt\n");
    }
    if chance.once_in(8) {
        let schemes = ["http", "https", "socks5", "socks5h", "ftp", "HTTP", "", "é"];
        let _ = writeln!(text, "    proxy-url: {}", quoted(&address(chance, &schemes)));
    }
    if chance.once_in(8) {
        let name = chance.pick(&["localhost", "\"\"", "\"a b\"", "127.0.0.1:1"]);
        let _ = writeln!(text, "    tls-server-name: {name}");
    }
    text
}

/// Something near a URL, of whose hosts none answers.
fn address(chance: &mut Chance, schemes: &[&str]) -> String {
    let scheme = chance.pick(schemes);
    let slashes = chance.pick(&["://", "://", "://", "://", ":", ":/", "//", ":///", ""]);
    let user = chance.pick(&["", "", "", "", "u:p@", "u@", "@", "u p@", "a:b:c@", "%zz@", "é@"]);
    let host = chance.pick(&[
        "127.0.0.1",
        "127.0.0.1",
        "127.0.0.1",
        "localhost",
        "[::1]",
        "::1",
        "[::1",
        "::1]",
        "",
        "[]",
        "[::1%25lo]",
        "[::1%lo]",
        "127.0.0.1 ",
        " 127.0.0.1",
        "127.0.0.1\n",
        "%31",
        "127.0.0.1%20",
        "a_b<c",
        "a|b",
        "a\\b",
        "a\"b",
        "a^b",
        "\u{7f}",
        "\u{1}",
        "[127.0.0.1]",
        "{{ host }}",
        "<host>",
        "$HOST",
        "*",
        "127.0.0.1,127.0.0.2",
        "a`b",
        "[::1%25%zz]",
        "[::1]x",
    ]);
    let port = chance.pick(&[
        ":1",
        ":1",
        ":1",
        "",
        ":",
        ":0",
        ":65536",
        ":99999",
        ":x",
        ":-1",
        ":1x",
        ":01",
        ":1:1",
        ":{{ port }}",
        ":１",
        ":+1",
        ": 1",
    ]);
    let path = chance.pick(&[
        "", "", "", "/", "/a", "/a/../b", "/%zz", "/%20", "/a b", "?q", "#f", "/?%zz", "#%zz",
        "//", "/é", "/;x", "/\u{7f}", "/a:b",
    ]);
    format!("{scheme}{slashes}{user}{host}{port}{path}")
}

fn user(chance: &mut Chance, pool: &Pool, files: &mut Files) -> String {
    let mut text = String::new();
    let mut field = |name: &str, value: &str| {
        let _ = writeln!(text, "    {name}: {value}");
    };
    if chance.once_in(2) {
        let (name, certificate) = pool.certificate(chance);
        let key = pool.key(chance, name).to_vec();
        if !chance.once_in(8) {
            let bytes = damaged(chance, certificate.clone());
            field("client-certificate-data", &base64(&bytes));
        }
        if !chance.once_in(8) {
            let bytes = damaged(chance, key.clone());
            field("client-key-data", &base64(&bytes));
        }
        if chance.once_in(8) {
            files.push(("a.crt".to_owned(), certificate.clone()));
            field("client-certificate", "a.crt");
        }
        // Beside a kubeconfig, a key in OpenSSH's form is taken for another one.
        if chance.once_in(8) && !key.starts_with(b"-----BEGIN OPENSSH") {
            files.push(("a.key".to_owned(), key));
            field("client-key", "a.key");
        }
    }
    let odd =
        ["x", "x", "\"\"", "\"a b\"", "\"x\\n\"", "\"\\t\"", "\"\\u0001\"", "é", "\"\\u007f\""];
    if chance.once_in(3) {
        field("token", chance.pick(&odd));
    }
    if chance.once_in(8) {
        files.push(("token.txt".to_owned(), b"from-a-file\n".to_vec()));
        field("tokenFile", "token.txt");
    }
    for name in ["username", "password", "as-uid"] {
        if chance.once_in(8) {
            field(name, chance.pick(&odd));
        }
    }
    if chance.once_in(5) {
        field("as", chance.pick(&odd));
    }
    if chance.once_in(8) {
        let group = chance.pick(&odd);
        field("as-groups", &format!("[{}]", if chance.once_in(4) { "" } else { group }));
    }
    if chance.once_in(8) {
        field("as-user-extra", chance.pick(&["{}", "{a: [b]}", "{a: []}", "{a: ~}"]));
    }
    if chance.once_in(5) {
        field("exec", &exec(chance));
    }
    if chance.once_in(8) {
        field("auth-provider", &auth_provider(chance));
    }
    match text.is_empty() {
        true => "    {}\n".to_owned(),
        false => text,
    }
}

fn exec(chance: &mut Chance) -> String {
    let mut fields = Vec::new();
    if !chance.once_in(8) {
        fields.push("command: none-such".to_owned());
    }
    if !chance.once_in(8) {
        let version = chance.pick(&[
            "client.authentication.k8s.io/v1",
            "client.authentication.k8s.io/v1beta1",
            "client.authentication.k8s.io/v1alpha1",
            "client.authentication.k8s.io",
            "v1",
            "\"a\\n\"",
            "client.authentication.k8s.io/v2",
        ]);
        fields.push(format!("apiVersion: {version}"));
    }
    if chance.once_in(2) {
        let mode =
            chance.pick(&["Never", "IfAvailable", "Always", "never", "\"\"", "\"a\\tb\"", "é"]);
        fields.push(format!("interactiveMode: {mode}"));
    }
    if chance.once_in(3) {
        let env = chance.pick(&["[]", "[{name: A}]", "[{value: b}]", "[~]", "[{}, {name: \"\"}]"]);
        fields.push(format!("env: {env}"));
    }
    if chance.once_in(4) {
        fields.push("provideClusterInfo: true".to_owned());
    }
    format!("{{{}}}", fields.join(", "))
}

fn auth_provider(chance: &mut Chance) -> String {
    let name =
        chance.pick(&["oidc", "oidc", "oidc", "gcp", "azure", "openstack", "x", "\"\"", "OIDC"]);
    let mut settings = Vec::new();
    for setting in ["idp-issuer-url: https://127.0.0.1:1", "client-id: c"] {
        if !chance.once_in(8) {
            settings.push(setting.to_owned());
        }
    }
    if chance.once_in(3) {
        settings.push("refresh-token: r".to_owned());
    }
    if chance.once_in(6) {
        settings.push(format!(
            "idp-certificate-authority-data: {}",
            chance.pick(&["x", "aGk=", "\"\"", "\"!\""])
        ));
    }
    if !chance.once_in(4) {
        let claims = chance.pick(&[
            "{\"exp\":4102444800}",
            "{\"exp\":4102444800}",
            "{\"exp\":4102444800.5,\"aud\":[1]}",
            "{\"exp\":1}",
            "{\"exp\":-1}",
            "{}",
        ]);
        let body = base64(claims.as_bytes()).replace('=', "");
        let token = match chance.below(6) {
            0 => body,
            1 => format!("e30.{body}"),
            2 => format!("e30.{body}.b.c"),
            _ => format!("e30.{body}.b"),
        };
        settings.push(format!("id-token: \"{token}\""));
    }
    format!("{{name: {name}, config: {{{}}}}}", settings.join(", "))
}

/// PEM after an accident, perhaps.
fn damaged(chance: &mut Chance, mut pem: Vec<u8>) -> Vec<u8> {
    if !chance.once_in(3) {
        return pem;
    }
    let text = |pem: &[u8]| String::from_utf8_lossy(pem).into_owned();
    for _ in 0..=chance.below(2) {
        let at = chance.below(pem.len() + 1);
        match chance.below(16) {
            0 => pem.truncate(at),
            1 => {
                pem.drain(..at);
            }
            2 => pem = text(&pem).replace('\n', "\r\n").into_bytes(),
            3 => {
                pem = text(&pem)
                    .replace('\n', chance.pick(&["", " ", "\r", "\n\n", "\\n", "\n ", " \n"]))
                    .into_bytes()
            }
            4 => pem = text(&pem).trim_end().into(),
            5 => {
                let label = chance.pick(&[
                    "CERTIFICATE",
                    "PRIVATE KEY",
                    "RSA PRIVATE KEY",
                    "EC PRIVATE KEY",
                    "X PRIVATE KEY",
                    "PUBLIC KEY",
                    "certificate",
                    "TRUSTED CERTIFICATE",
                    "",
                    "CERTIFICATE REQUEST",
                    "XPRIVATE KEY",
                    "ENCRYPTED PRIVATE KEY",
                ]);
                let text = text(&pem);
                let old =
                    text.split("-----").nth(1).unwrap_or_default().trim_start_matches("BEGIN ");
                if !old.is_empty() {
                    pem = text.replace(old, label).into_bytes();
                }
            }
            6 => {
                let before = chance.pick(&[
                    "\n",
                    " ",
                    "text\n",
                    "text ",
                    "\u{feff}",
                    "-----BEGIN X-----\n",
                    "-----END X-----\n",
                    "-----BEGIN X-----\nYQ==\n-----END X-----\n",
                    "-----BEGIN CERTIFICATE-----\nYQ==\n-----END CERTIFICATE-----\n",
                    "-----BEGIN PRIVATE KEY-----\nYQ==\n-----END PRIVATE KEY-----\n",
                ]);
                pem.splice(0..0, before.bytes());
            }
            7 => {
                let after = chance.pick(&[
                    "\n",
                    " ",
                    "text",
                    "\ntext\n",
                    "-----BEGIN X-----\n",
                    "-----END X-----",
                    "-----BEGIN X-----\nYQ==\n-----END X-----\n",
                ]);
                pem.extend(after.bytes());
            }
            8 => pem = pem.repeat(2),
            9 => {
                let headers = chance.pick(&[
                    "-----\nA: b\n\n",
                    "-----\nA: b\n",
                    "-----\nProc-Type: 4,ENCRYPTED\n\n",
                    "-----\nno colon\n",
                    "----- \n",
                    "----- x\n",
                    "----\n",
                    "------\n",
                ]);
                pem = text(&pem).replacen("-----\n", headers, 1).into_bytes();
            }
            10 => {
                // One digit of the base64 becomes another, so that the DER is broken.
                if let Some(it) = pem.get_mut(at).filter(|it| it.is_ascii_alphanumeric()) {
                    *it = chance.pick(&["A", "b", "Z", "0", "9", "+", "/"]).as_bytes()[0];
                }
            }
            11 => {
                if let Some(it) = pem.get_mut(at) {
                    *it = chance.pick(&["-", "=", " ", "\n", ":", "A", "!"]).as_bytes()[0];
                }
            }
            12 => {
                let lines = text(&pem);
                let mut lines: Vec<&str> = lines.lines().collect();
                lines.remove(chance.below(lines.len().max(1)).min(lines.len().saturating_sub(1)));
                pem = lines.join("\n").into_bytes();
            }
            13 => pem = base64(&pem).into_bytes(),
            14 => pem = text(&pem).replace("END ", "End ").into_bytes(),
            _ => pem.clear(),
        }
        if pem.is_empty() {
            break;
        }
    }
    pem
}

/// Several kubeconfigs whose names collide.
pub(super) fn several(number: u64) -> Files {
    let mut chance = Chance::of(number);
    let chance = &mut chance;
    let count = 2 + chance.below(3);
    (0..count)
        .map(|index| {
            let name = format!("{}.yaml", char::from(b'a' + index as u8));
            (name, one_of_several(chance).into_bytes())
        })
        .collect()
}

fn one_of_several(chance: &mut Chance) -> String {
    if chance.once_in(12) {
        return chance
            .pick(&[
                "",
                "# nothing\n",
                "---\n",
                "~",
                "{}",
                "{",
                "- a\n",
                "apiVersion: v2\n",
                "kind: List\n",
            ])
            .to_owned();
    }
    let mut text = String::new();
    for (list, body) in [("clusters", "cluster"), ("users", "user"), ("contexts", "context")] {
        if chance.once_in(6) {
            continue;
        }
        let mut names: Vec<&str> = vec!["n1", "n2", "N1", "\"\"", "\"e\\u0301\"", "é", "n1 "];
        let _ = writeln!(text, "{list}:");
        for _ in 0..=chance.below(3) {
            // A name twice in one file is refused, which is not what is asked here.
            let name = names.remove(chance.below(names.len().min(3)));
            let value = chance.below(100);
            let inside = match (list, chance.below(7)) {
                (_, 0) => "~".to_owned(),
                (_, 1) => "{}".to_owned(),
                ("clusters", 2) => {
                    format!("{{insecure-skip-tls-verify: true, proxy-url: 'http://{value}'}}")
                }
                ("clusters", 3) => format!(
                    "{{certificate-authority: ./ca{value}, certificate-authority-data: YQ==}}"
                ),
                ("clusters", _) => {
                    format!("{{server: 'https://{value}', extensions: {}}}", extensions(chance))
                }
                ("users", 2) => format!("{{username: u{value}, password: p}}"),
                ("users", 3) => {
                    format!("{{exec: {{command: ./c{value}, args: [], env: ~}}, tokenFile: ../t}}")
                }
                ("users", 4) => {
                    format!("{{auth-provider: {{name: x{value}}}, as: a, as-groups: [g]}}")
                }
                ("users", _) => format!("{{token: t{value}, extensions: {}}}", extensions(chance)),
                _ => format!(
                    "{{cluster: {}, user: {}, namespace: ns{value}, extensions: {}}}",
                    chance.pick(&["n1", "n2", "N1", "~"]),
                    chance.pick(&["n1", "n2", "N1", "~"]),
                    extensions(chance)
                ),
            };
            let _ = writeln!(text, "- name: {name}\n  {body}: {inside}");
        }
    }
    if chance.once_in(2) {
        let name = chance.pick(&["n1", "n2", "~", "\"\"", "nowhere", "N1"]);
        let _ = writeln!(text, "current-context: {name}");
    }
    if chance.once_in(2) {
        let colors = chance.pick(&["true", "false", "~"]);
        let _ =
            writeln!(text, "preferences: {{colors: {colors}, extensions: {}}}", extensions(chance));
    }
    if chance.once_in(2) {
        let _ = writeln!(text, "extensions: {}", extensions(chance));
    }
    text
}

fn extensions(chance: &mut Chance) -> String {
    let mut items = Vec::new();
    for name in ["e1", "e2", "e1"] {
        if chance.once_in(3) && !(items.len() == 1 && chance.once_in(2)) {
            let value = chance.pick(&["1", "~", "{a: 1}", "{b: [2]}", "x", "[]", "~"]);
            items.push(format!("{{name: {name}, extension: {value}}}"));
        }
    }
    format!("[{}]", items.join(", "))
}

/// Text between double quotes, for YAML.
fn quoted(text: &str) -> String {
    let escaped: String = text
        .chars()
        .map(|it| match it {
            '"' | '\\' => format!("\\{it}"),
            _ if it.is_control() => format!("\\x{:02x}", u32::from(it)),
            _ => it.to_string(),
        })
        .collect();
    format!("\"{escaped}\"")
}

fn base64(bytes: &[u8]) -> String {
    use ::base64::{Engine as _, engine::general_purpose::STANDARD};
    STANDARD.encode(bytes)
}
