//! Kubeconfigs made by chance: the same number always makes the same one.

/// A source of chance.
///
/// Sebastiano Vigna's splitmix64: small, and good enough for choosing.
pub(super) struct Chance {
    state: u64,
    /// Whether rare accidents do not happen, so that more of the file is read to its end.
    calm: bool,
}

impl Chance {
    /// The one that belongs to `number`.
    pub(super) fn of(number: u64) -> Chance {
        let state = number.wrapping_mul(0xD134_2543_DE82_EF95);
        Chance { state, calm: false }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut it = self.state;
        it = (it ^ (it >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        it = (it ^ (it >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        it ^ (it >> 31)
    }

    /// A number below `end`.
    pub(super) fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    /// Whether something happens that does so once in `times`.
    pub(super) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0 && !(self.calm && 8 <= times)
    }

    pub(super) fn pick<'a, T: ?Sized>(&mut self, choices: &[&'a T]) -> &'a T {
        choices[self.below(choices.len())]
    }
}

/// The kubeconfig of that number; some are made from `seeds`.
pub(super) fn kubeconfig(number: u64, seeds: &[Vec<u8>]) -> Vec<u8> {
    let mut chance = Chance { calm: number.is_multiple_of(2), ..Chance::of(number) };
    let bytes = match chance.below(10) {
        0..=5 => structured(&mut chance).into_bytes(),
        6 => mutated(&mut chance, seeds),
        7 => soup(&mut chance).into_bytes(),
        8 => extension(&mut chance).into_bytes(),
        _ => scalar_field(&mut chance).into_bytes(),
    };
    dressed(&mut chance, bytes)
}

/// Scalars that YAML or Go may take for something else than text.
#[rustfmt::skip]
const SCALARS: &[&str] = &[
    "abc", "a b", "yes", "no", "y", "N", "on", "Off", "true", "FALSE", "truE", "~", "null",
    "Null", "", "0", "1", "-1", "+1", "017", "0o17", "0x1F", "0X1f", "0b101", "-0b11", "0b-1",
    "0b+1", "089", "1_000", "1__0", "_1", "1_", "0x", "0b", "1.5", "1.50", ".5", "5.", "-.5",
    "+.5e3", ".5_1", "._5", "1e3", "1E-7", "1e400", "433e40", "1e100", "1.e2", "-0", "-0.0",
    "0.1e-6", "123456789012345678901234567890", "9223372036854775807", "9223372036854775808",
    "18446744073709551615", "18446744073709551616", "-9223372036854775808",
    "-9223372036854775809", ".inf", "-.INF", "+.inf", ".nan", ".NaN", "2024-01-01", "2024-1-1",
    "2024-13-01", "2024-01-01T00:00:00Z", "2024-01-01 10:20:30", "2024-1-1t1:2:3.5+01:00",
    "1:30:00", "12:30", "1.2.3", "<<", "=", "'yes'", "\"no\"", "'it''s'", "\"a\\nb\"",
    "\"\\u00e9\\x41\\U0001F600\"", "\"\\/\"", "\"\\ud83d\"", "\"a\\\n    b\"", "\"a\n    b\"",
    "'a\n\n    b'", "|\n      text\n      more", "|-\n      text", "|+\n      text\n\n",
    ">\n      folded\n      text\n\n      more", ">-\n      a\n       b\n      c",
    "|2\n        x", "|\n\n      x", "!!str 1", "!!str yes", "!!int 5", "!!int abc",
    "!!int \"7\"", "!!float 1", "!!float x", "!!bool yes", "!!bool \"true\"", "!!null ~",
    "!!null x", "!!str", "! 5", "!foo 1", "!!binary aGk=", "!!binary aGk", "!!binary /w==",
    "!!timestamp 2024-01-01", "!!timestamp x", "!<tag:yaml.org,2002:str> 5", "!<!x> 5", "!e!x 1",
    "&a x", "&a 1", "*a", "*b", "[]", "{}", "[a, b]", "[1, null]", "{a: b}", "{a: 1}", "[a, b",
    "{a: b", "{a b}", "[a b: c]", "{{ x }}", "[[a]: b]", "? a", "- a", "a: b", "a # b", "a#b",
    "# b", "@a", "`a", "%a", "a:", ":a", "::", "-a", "?a", "- ", "'a", "\"a", "a'b", "é", "日本",
    "😀", "a\tb", "a\t", "\ta", "<a&b>", "\u{2028}", "a\u{85}b", "\u{FEFF}a", "a\u{A0}",
    "aGVsbG8=", "aGVsbG8", "aGVs bG8=", "aGVs\n      bG8=", "\"aGVs\\nbG8=\"", "DATA+OMITTED",
    "REDACTED", "LS0tLS1CRUdJTi...", "<token>", "-----BEGIN", "https://127.0.0.1:1", "C:\\x",
    "$HOME", "~/x", "a,b", "a]b", "{", "}", "[", "]", ",", "*", "&", "!", "|", ">", "-", "?",
    ":", "''", "\"\"", "---", "...", "--- a", "00000", "0.0", "1e1_0",
];

#[rustfmt::skip]
const KEYS: &[&str] = &[
    "name", "server", "cluster", "user", "context", "token", "tokenFile", "namespace", "as",
    "as-uid", "as-groups", "as-user-extra", "username", "password", "exec", "auth-provider",
    "client-certificate", "client-certificate-data", "client-key", "client-key-data",
    "certificate-authority", "certificate-authority-data", "insecure-skip-tls-verify",
    "tls-server-name", "proxy-url", "disable-compression", "extensions", "command", "args",
    "env", "apiVersion", "interactiveMode", "provideClusterInfo", "installHint", "config",
    "value", "colors", "extension", "clusters", "users", "contexts", "current-context",
    "preferences", "kind", "Kind", "APIVERSION", "x", "Name", "'name'", "\"token\"", "? server",
    "1", "yes", "~", "1.5", "<<", "!!str 1", "2024-01-01", "[a]", "{a: b}", "", "0x10", "a b",
    "null", "*a", "&k x",
];

fn scalar(chance: &mut Chance) -> String {
    match chance.below(12) {
        0 => word(chance),
        1 => quoted(chance),
        2 => digits(chance),
        _ => chance.pick(SCALARS).to_owned(),
    }
}

/// A text of a few characters that mean something to YAML.
fn word(chance: &mut Chance) -> String {
    const PIECES: &[&str] = &[
        "a", "b", " ", "  ", ":", ": ", "-", "- ", "#", " #", ",", "?", "'", "\"", "\\", "&", "*",
        "!", "%", "@", "{", "}", "[", "]", "|", ">", "\t", "1", "0", ".", "_", "=", "<", "é", "~",
        "y", "\n    ", "\n", "\u{85}", "\u{2028}",
    ];
    (0..=chance.below(7)).map(|_| chance.pick(PIECES)).collect()
}

fn quoted(chance: &mut Chance) -> String {
    #[rustfmt::skip]
    const PIECES: &[&str] = &[
        "a", " ", "\\n", "\\t", "\\\"", "\\\\", "\\x41", "\\u00e9", "\\0", "\\e", "\\_", "\\N",
        "\\L", "\\ ", "\\\n   ", "\n   ", "\n\n  ", "#", ": ", "'", "\t", "\\q", "\\x4", "é",
        "\\ud800", "\\U00110000", "\\P", "\\\t",
    ];
    let inner: String = (0..=chance.below(6)).map(|_| chance.pick(PIECES)).collect();
    format!("\"{inner}\"")
}

/// Something near a number.
fn digits(chance: &mut Chance) -> String {
    const PIECES: &[&str] =
        &["0", "1", "7", "8", "9", "_", ".", "e", "E", "+", "-", "x", "b", "o", "f", ":", "123"];
    (0..=chance.below(6)).map(|_| chance.pick(PIECES)).collect()
}

/// One field of a sound kubeconfig has an odd value.
fn scalar_field(chance: &mut Chance) -> String {
    let value = scalar(chance);
    let field = chance.pick(&[
        "name",
        "server",
        "token",
        "password",
        "namespace",
        "insecure-skip-tls-verify",
        "certificate-authority-data",
        "client-key-data",
        "current-context",
        "args",
        "other",
        "key",
        "kind",
        "apiVersion",
        "colors",
        "as-groups",
    ]);
    let or = |name: &str, default: &str| match field == name {
        true => value.clone(),
        false => default.to_owned(),
    };
    let optional = |name: &str, indent: &str| match field == name {
        true => format!("{indent}{name}: {value}\n"),
        false => String::new(),
    };
    let mut text =
        format!("apiVersion: {}\nkind: {}\n", or("apiVersion", "v1"), or("kind", "Config"));
    if field == "colors" {
        text.push_str(&format!("preferences:\n  colors: {value}\n"));
    }
    text.push_str(&format!(
        "clusters:\n- name: {}\n  cluster:\n    server: {}\n{}{}",
        or("name", "c1"),
        or("server", "https://127.0.0.1:1"),
        optional("insecure-skip-tls-verify", "    "),
        optional("certificate-authority-data", "    "),
    ));
    if field == "key" {
        text.push_str(&format!("    {value}: x\n"));
    }
    text.push_str(&format!(
        "users:\n- name: u1\n  user:\n    token: {}\n{}{}{}",
        or("token", "t"),
        optional("password", "    "),
        optional("client-key-data", "    "),
        optional("as-groups", "    "),
    ));
    if field == "args" {
        text.push_str(&format!("    exec:\n      command: x\n      args: [a, {value}]\n"));
    }
    text.push_str(&format!(
        "contexts:\n- name: x1\n  context:\n    cluster: c1\n    user: u1\n{}current-context: {}\n{}",
        optional("namespace", "    "),
        or("current-context", "x1"),
        optional("other", ""),
    ));
    text
}

/// A sound kubeconfig with an extension of any shape.
fn extension(chance: &mut Chance) -> String {
    let value = flow(chance, 0);
    let place = chance.below(3);
    let at = |n: usize, indent: &str| match n == place {
        true => format!("{indent}extensions:\n{indent}- name: e\n{indent}  extension: {value}\n"),
        false => String::new(),
    };
    format!(
        "apiVersion: v1\nkind: Config\nclusters:\n- name: c1\n  cluster:\n    server: s\n{}\
         contexts:\n- name: x1\n  context:\n    cluster: c1\n{}current-context: x1\n{}",
        at(0, "    "),
        at(1, "    "),
        at(2, ""),
    )
}

/// A value in flow style.
fn flow(chance: &mut Chance, depth: usize) -> String {
    if 3 < depth {
        return plain(chance);
    }
    match chance.below(5) {
        0 => {
            let items: Vec<String> =
                (0..chance.below(4)).map(|_| flow(chance, depth + 1)).collect();
            format!("[{}]", items.join(chance.pick(&[", ", ",", " ,\n       "])))
        }
        1 | 2 => {
            let items: Vec<String> = (0..chance.below(4))
                .map(|_| {
                    let colon = chance.pick(&[": ", ": ", ":  ", " : ", ":\n        "]);
                    format!("{}{colon}{}", plain(chance), flow(chance, depth + 1))
                })
                .collect();
            format!("{{{}}}", items.join(", "))
        }
        _ => plain(chance),
    }
}

/// A scalar that does not break a flow collection, most of the time.
fn plain(chance: &mut Chance) -> String {
    if chance.once_in(30) {
        return scalar(chance);
    }
    #[rustfmt::skip]
    const TAME: &[&str] = &[
        "a", "'x'", "\"\\n\"", "1.50", "1e3", "yes", "0x1F", "~", "2024-01-01", "1e400", "017",
        "-0.0", "1_000", "18446744073709551615", "1e21", "1e-7", "é", "<&>", "!!str 1", "n0",
        "off", ".5", "123456.789e3", "1E400", "0.1e-6", "-9223372036854775808", "00000", "! 5",
        "b c",
    ];
    if !chance.once_in(8) {
        return chance.pick(TAME).to_owned();
    }
    let simple: Vec<&&str> = SCALARS
        .iter()
        .filter(|it| !it.contains(['\n', '[', ']', '{', '}', ',', '#', '|', '>', '*', '?', ':']))
        .collect();
    simple[chance.below(simple.len())].to_string()
}

/// A scalar that is text, or nothing, most of the time.
fn text(chance: &mut Chance) -> String {
    #[rustfmt::skip]
    const TEXTS: &[&str] = &[
        "n1", "n0", "a b", "'yes'", "\"no\"", "~", "", "https://127.0.0.1:1", "é", "a#b", "a:b",
        "'it''s'", "\"a\\nb\"", "|-\n            text",
        ">\n            folded\n            text", "2024-01-01", "1.2.3", "!!str 1", "<a&b>",
        "'a\n\n            b'", "\"\\u00e9\"", "!foo 1", "a\tb", "%a'", "\"%a\"",
        "a\n            b", "\"\\x01\\e\"", "\"\\L<>&\"", "C:\\x", "|\n\n            x",
        "!!binary aGk=", "|+\n            text\n\n",
    ];
    if chance.once_in(25) { plain(chance) } else { chance.pick(TEXTS).to_owned() }
}

/// A kubeconfig with the right outline and chance inside.
fn structured(chance: &mut Chance) -> String {
    let mut text = String::new();
    if chance.once_in(12) {
        text.push_str(chance.pick(&[
            "---\n",
            "%YAML 1.1\n---\n",
            "%TAG !e! tag:yaml.org,2002:\n---\n",
            "# comment\n",
            "\n\n",
            "--- # c\n",
            "%YAML 1.2\n---\n",
            "%FOO\n---\n",
            "...\n",
            "--- !!map\n",
            "--- &root\n",
        ]));
    }
    let anchors = chance.once_in(3);
    if anchors {
        text.push_str("x-a: &a {token: t, name: q}\nx-b: &b {name: r}\n");
    }
    let mut sections: Vec<String> = Vec::new();
    for (key, value) in [("apiVersion", "v1"), ("kind", "Config")] {
        if !chance.once_in(8) {
            let value = if chance.once_in(40) { scalar(chance) } else { value.to_owned() };
            sections.push(format!("{key}: {value}\n"));
        }
    }
    for (list, body) in [("clusters", "cluster"), ("users", "user"), ("contexts", "context")] {
        sections.push(section(chance, list, body, anchors));
    }
    if !chance.once_in(5) {
        let value = if chance.once_in(20) { scalar(chance) } else { "n1".to_owned() };
        sections.push(format!("current-context: {value}\n"));
    }
    if chance.once_in(6) {
        sections.push(format!("{}: {}\n", chance.pick(KEYS), scalar(chance)));
    }
    if chance.once_in(10) {
        sections.push(
            chance
                .pick(&[
                    "preferences: {}\n",
                    "preferences: {colors: true}\n",
                    "preferences:\n  colors: yes\n",
                    "extensions:\n- name: e\n  extension: {b: 1, a: [1.50, 1e3]}\n",
                    "preferences: []\n",
                    "x-anchor: &a {token: t, name: q}\n",
                    "x: &b [1, 2]\n",
                ])
                .to_owned(),
        );
    }
    for at in (1..sections.len()).rev() {
        if chance.once_in(3) {
            let other = chance.below(at + 1);
            sections.swap(at, other);
        }
    }
    text.extend(sections);
    if chance.once_in(15) {
        text.push_str(chance.pick(&[
            "---\n",
            "...\n",
            "---\nfoo: [\n",
            "\t\n",
            "# end",
            " ",
            "}\n",
            "x",
        ]));
    }
    text
}

fn section(chance: &mut Chance, list: &str, body: &str, anchors: bool) -> String {
    if chance.once_in(25) {
        return format!("{list}: {}\n", scalar(chance));
    }
    let outer = chance.pick(&["", "", "  ", "    "]);
    let mut text = format!("{list}:\n");
    for number in 0..=chance.below(3) {
        let name = match chance.below(10) {
            0 if chance.once_in(3) => scalar(chance),
            1 if chance.once_in(3) => "n1".to_owned(),
            _ => format!("n{number}"),
        };
        if chance.once_in(12) {
            text.push_str(&format!("{outer}- {{name: {name}, {body}: {}}}\n", flow(chance, 1)));
            continue;
        }
        let anchor = if chance.once_in(15) { " &a" } else { "" };
        let merge = if anchors && chance.once_in(3) {
            chance.pick(&["<<: *a", "<<: [*a, *b]", "<<: {token: m}", "<<: x", "'<<': *a"])
        } else {
            ""
        };
        text.push_str(&format!("{outer}- name: {name}\n{outer}  {body}:{anchor}\n"));
        if !merge.is_empty() {
            text.push_str(&format!("{outer}    {merge}\n"));
        }
        for _ in 0..chance.below(4) {
            text.push_str(&field(chance, body, outer));
        }
    }
    text
}

fn field(chance: &mut Chance, body: &str, outer: &str) -> String {
    let known: &[&str] = match body {
        "cluster" => &[
            "server",
            "certificate-authority-data",
            "insecure-skip-tls-verify",
            "tls-server-name",
            "proxy-url",
            "disable-compression",
            "certificate-authority",
            "extensions",
        ],
        "user" => &[
            "token",
            "client-certificate-data",
            "client-key-data",
            "username",
            "password",
            "exec",
            "auth-provider",
            "as",
            "as-groups",
            "as-user-extra",
            "tokenFile",
            "as-uid",
        ],
        _ => &["cluster", "user", "namespace"],
    };
    let key = if chance.once_in(40) { chance.pick(KEYS) } else { chance.pick(known) };
    let indent = format!("{outer}    {}", if chance.once_in(60) { " " } else { "" });
    let colon = chance.pick(&[":", ":", ":", ":", ":", " :", ":\t"]);
    let value = match key {
        _ if chance.once_in(16) => scalar(chance),
        "insecure-skip-tls-verify" | "disable-compression" => {
            chance.pick(&["true", "false", "yes", "off", "1", "\"true\""]).to_owned()
        }
        "client-certificate-data" | "client-key-data" | "certificate-authority-data" => {
            base64(chance)
        }
        "exec" => {
            let inner = format!("\n{indent}  ");
            let mut value = format!("{inner}command: {}", text(chance));
            for _ in 0..chance.below(5) {
                let (key, choices): (&str, &[&str]) = match chance.below(8) {
                    0 => (
                        "apiVersion",
                        &[
                            "client.authentication.k8s.io/v1beta1",
                            "client.authentication.k8s.io/v1",
                            "x",
                        ],
                    ),
                    1 => ("args", &["[]", "[a, b]", "~", "['1']", "[~]", "[a, [b]]"]),
                    2 => (
                        "env",
                        &[
                            "[]",
                            "[{name: A, value: b}]",
                            "~",
                            "[{name: A}]",
                            "[~]",
                            "[{}]",
                            "{A: b}",
                        ],
                    ),
                    3 => ("interactiveMode", &["Never", "Always", "never", "IfAvailable", "~"]),
                    4 => ("provideClusterInfo", &["true", "no", "1"]),
                    5 => ("installHint", &["x", "\"a\\nb\"", "5"]),
                    _ => ("other", &["x"]),
                };
                value.push_str(&format!("{inner}{key}: {}", chance.pick(choices)));
            }
            value
        }
        "auth-provider" => chance
            .pick(&[
                "{name: oidc}",
                "{name: x, config: {a: b}}",
                "{}",
                "~",
                "{config: {a: 1}}",
                "{config: []}",
                "x",
                "{config: {}}",
            ])
            .to_owned(),
        "as-groups" => chance.pick(&["[a, b]", "[]", "~", "['1']", "[~]", "[[a]]"]).to_owned(),
        "as-user-extra" => chance
            .pick(&[
                "{a: [b]}",
                "{}",
                "{a: ~}",
                "{a: []}",
                "{a: b}",
                "{1: [x]}",
                "{yes: [x], 1.5: ~}",
            ])
            .to_owned(),
        "extensions" => format!("[{{name: e, extension: {}}}]", flow(chance, 1)),
        _ => text(chance),
    };
    format!("{indent}{key}{colon} {value}\n")
}

fn base64(chance: &mut Chance) -> String {
    const ALPHABET: &[&str] = &["A", "b", "Z", "9", "+", "/", "a", "c"];
    let mut text: String = (0..chance.below(12)).map(|_| chance.pick(ALPHABET)).collect();
    if !chance.once_in(3) {
        while !text.len().is_multiple_of(4) {
            text.push('=');
        }
    }
    if chance.once_in(4) {
        let odd = chance.pick(&["\\n", "\\r\\n", " ", "-", "_", "=", "é", "\\t", "."]);
        let at = chance.below(text.len() + 1);
        text.insert_str(at, odd);
        return format!("\"{text}\"");
    }
    if chance.once_in(8) {
        return chance
            .pick(&[
                "[1, 2, 3]",
                "[256]",
                "[-1]",
                "[1.5]",
                "[a]",
                "[~]",
                "[]",
                "[1.0]",
                "[1e2]",
                "[0x10]",
            ])
            .to_owned();
    }
    text
}

/// Pieces of YAML one after the other.
fn soup(chance: &mut Chance) -> String {
    #[rustfmt::skip]
    const PIECES: &[&str] = &[
        "a", "b: ", "c:", "- ", "-", "? ", ": ", "\n", "\n", "\n  ", "\n    ", "\n ", "{", "}",
        "[", "]", ", ", ",", "'x'", "\"y\"", "|\n  z\n", ">\n  z\n", "&a ", "*a", "!!str ",
        "!t ", "#c\n", "---\n", "...\n", "\t", " ", "1", "~", "<<: ", "key: value\n", "- item\n",
        "  - item\n", "'", "\"", "\\", "%YAML 1.1\n", "@", "\r\n", "\r", "{}", "[]", "{}: x\n",
        "[]: x\n", "é", "--- ", "? a\n: b\n", "? [a]\n", "x: &a\n", "|2-\n", "|+", ">-\n",
        "!<x> ", "!", "&", "*",
    ];
    let prefix = chance.pick(&["", "", "kind: Config\n", "x: ", "clusters:\n- "]);
    let soup: String = (0..chance.below(24)).map(|_| chance.pick(PIECES)).collect();
    format!("{prefix}{soup}")
}

/// A kubeconfig of the corpus with a few accidents.
fn mutated(chance: &mut Chance, seeds: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = match seeds.is_empty() {
        true => b"apiVersion: v1\nkind: Config\n".to_vec(),
        false => seeds[chance.below(seeds.len())].clone(),
    };
    for _ in 0..=chance.below(4) {
        let at = chance.below(bytes.len() + 1);
        match chance.below(12) {
            0 => bytes.truncate(at),
            1 => {
                let end = (at + 1 + chance.below(8)).min(bytes.len());
                bytes.drain(at.min(end)..end);
            }
            2 => {
                let piece = word(chance);
                bytes.splice(at..at, piece.into_bytes());
            }
            3 => {
                let piece = scalar(chance);
                bytes.splice(at..at, piece.into_bytes());
            }
            4 => {
                if let Some(it) = bytes.get_mut(at) {
                    let odd = b"\t\n :-#'\"{}[]&*!|>%@,?\\\r0a";
                    *it = odd[chance.below(odd.len())];
                }
            }
            5 => {
                if let Some(it) = bytes.get_mut(at) {
                    *it = chance.next().to_le_bytes()[0];
                }
            }
            6 => lines(&mut bytes, |lines| {
                let (a, b) = (chance.below(lines.len()), chance.below(lines.len()));
                lines.swap(a, b);
            }),
            7 => lines(&mut bytes, |lines| {
                let at = chance.below(lines.len());
                let line = lines[at].clone();
                lines.insert(at, line);
            }),
            8 => lines(&mut bytes, |lines| {
                let at = chance.below(lines.len());
                lines[at].insert(0, b' ');
            }),
            9 => lines(&mut bytes, |lines| {
                let at = chance.below(lines.len());
                if lines[at].first() == Some(&b' ') {
                    lines[at].remove(0);
                }
            }),
            10 => lines(&mut bytes, |lines| {
                let at = chance.below(lines.len());
                lines.remove(at);
            }),
            _ => lines(&mut bytes, |lines| {
                // The value of one line gets another.
                let at = chance.below(lines.len());
                let line = String::from_utf8_lossy(&lines[at]).into_owned();
                if let Some((key, _)) = line.split_once(": ") {
                    lines[at] = format!("{key}: {}", scalar(chance)).into_bytes();
                }
            }),
        }
    }
    bytes
}

fn lines(bytes: &mut Vec<u8>, change: impl FnOnce(&mut Vec<Vec<u8>>)) {
    let mut lines: Vec<Vec<u8>> = bytes.split(|it| *it == b'\n').map(<[u8]>::to_vec).collect();
    change(&mut lines);
    *bytes = lines.join(&b'\n');
}

/// The same text in another dress: line ends, byte order marks, encodings, things behind its end.
fn dressed(chance: &mut Chance, bytes: Vec<u8>) -> Vec<u8> {
    if !chance.once_in(8) {
        return bytes;
    }
    let text = || String::from_utf8_lossy(&bytes).into_owned();
    let pad = |chance: &mut Chance| "# padding\n".repeat(chance.below(110));
    match chance.below(9) {
        0 => text().replace('\n', "\r\n").into_bytes(),
        1 => text().replace('\n', "\r").into_bytes(),
        2 => format!("\u{FEFF}{}", text()).into_bytes(),
        3 => format!("\u{FEFF}\u{FEFF}{}", text()).into_bytes(),
        4 => {
            let units = text().encode_utf16().collect::<Vec<_>>();
            [&[0xFF, 0xFE][..], &units.iter().flat_map(|it| it.to_le_bytes()).collect::<Vec<_>>()]
                .concat()
        }
        5 => {
            let units = text().encode_utf16().collect::<Vec<_>>();
            let mut bytes: Vec<u8> = vec![0xFE, 0xFF];
            bytes.extend(units.iter().flat_map(|it| it.to_be_bytes()));
            if chance.once_in(4) {
                bytes.pop();
            }
            bytes
        }
        6 => {
            let odd = chance.pick(&["\x00", "\x07", "\x7F", "\u{9F}", "\u{FFFE}", "é"]);
            let before = pad(chance);
            let between = chance.pick(&["", "...\n", "---\n"]);
            let after = pad(chance);
            format!("{before}{}\n{between}{after}{odd}\n", text()).into_bytes()
        }
        7 => {
            let odd: &[u8] = chance.pick(&[
                &b"\xFF"[..],
                b"\xC3",
                b"\xE2\x28\xA1",
                b"\xC0\x80",
                b"\xED\xA0\x80",
                b"\xF4\x90\x80\x80",
                b"\xF0\x9F\x98",
            ]);
            let between = chance.pick(&["", "...\n", "---\n"]);
            let after = pad(chance);
            [text().as_bytes(), b"\n", between.as_bytes(), after.as_bytes(), odd].concat()
        }
        _ => {
            let before = pad(chance);
            format!("\u{FEFF}{before}\u{FEFF}{}", text()).into_bytes()
        }
    }
}
