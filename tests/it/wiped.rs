//! Secrets do not outlive what holds them: no memory is given back with one in it.
//!
//! This is about kubeconfigs as they are. A text that had to be unwrapped or mended, and a field that
//! is drawn as it stands, go through copies that nobody wipes; SECURITY.md says so.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use kubeconfig_inspector::{
    Options,
    export::{Format, Selection, export},
    inspect_with,
    source::Source,
    time::Timestamp,
};

use crate::memory;

/// As no other text of the library has it, and long enough to be found in the middle of a block.
const SECRET: &str = "correct-horse-battery-staple";

/// A private key as a kubeconfig holds it: base64 of PEM.
fn key() -> (Vec<u8>, String) {
    let pem = include_str!("../../www/samples/key.pem");
    let body: String = pem.lines().filter(|it| !it.starts_with('-')).collect();
    let der = BASE64_STANDARD.decode(body).expect("the sample's key is PEM");
    (der, BASE64_STANDARD.encode(pem))
}

/// A kubeconfig whose user is `user`.
fn kubeconfig(user: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Config\ncurrent-context: a\n\
         clusters: [{{name: a, cluster: {{server: 'https://10.0.0.1:6443'}}}}]\n\
         contexts: [{{name: a, context: {{cluster: a, user: a}}}}]\n\
         users:\n- name: a\n  user:\n    {user}\n"
    )
}

#[test]
fn what_the_core_keeps_as_a_secret_is_wiped() {
    let (der, data) = key();
    let (first, second) = SECRET.split_at(SECRET.len() / 2);
    let exec =
        "exec: {apiVersion: client.authentication.k8s.io/v1, command: a, interactiveMode: Never";
    let secret = SECRET.as_bytes();
    let cases: &[(&str, String, &[u8])] = &[
        ("a token", format!("token: {SECRET}"), secret),
        ("a password", format!("{{username: a, password: {SECRET}}}"), secret),
        ("a token with escapes", format!("token: \"{first}\\u002e{SECRET}\""), secret),
        ("a token on two lines", format!("token: \"{first}\\\n      {second}\""), secret),
        ("a token in a comment", format!("token: a # {SECRET}"), secret),
        (
            "a token of an auth provider",
            format!(
                "auth-provider: {{name: oidc, config: {{id-token: a, refresh-token: {SECRET}}}}}"
            ),
            secret,
        ),
        (
            "a variable of a program",
            format!("{exec}, env: [{{name: SECRET, value: {SECRET}}}]}}"),
            secret,
        ),
        ("a key", format!("client-key-data: {data}"), &der[40..80]),
        ("a key as text", format!("client-key-data: {data}"), &data.as_bytes()[60..100]),
    ];
    let mut faults = String::new();
    for (name, user, marker) in cases {
        for merge in [false, true] {
            // A copy without secrets has its comments, as far as they show none.
            let redact = !user.contains('#');
            let unwiped = given_back(kubeconfig(user).as_bytes(), marker, merge, redact);
            if 0 < unwiped {
                faults += &format!("{name}, merged {merge}: {unwiped} blocks still hold it.\n");
            }
        }
    }
    let utf_16: Vec<u8> = std::iter::once('\u{feff}')
        .chain(kubeconfig(&format!("token: {SECRET}")).replace('\n', "\r\n").chars())
        .flat_map(|it| (it as u16).to_le_bytes())
        .collect();
    let wide: Vec<u8> = SECRET.bytes().flat_map(|it| [it, 0]).collect();
    for marker in [secret, &wide] {
        assert_eq!(given_back(&utf_16, marker, false, true), 0, "a token in UTF-16");
    }
    let pem = include_bytes!("../../www/samples/key.pem");
    assert_eq!(given_back(pem, &der[40..80], false, true), 0, "a key alone");
    assert!(
        faults.is_empty(),
        "\n{faults}Keep such a text in `Secret` or `Zeroizing`, and give it its room at once: a \
         growing `Vec` leaves copies."
    );
}

/// How many blocks of memory are given back with `marker` in them when `file` was inspected twice
/// over, a copy without secrets was made of it, and all is dropped.
fn given_back(file: &[u8], marker: &[u8], merge: bool, redact: bool) -> usize {
    let copies = [file.to_vec(), file.to_vec()];
    let options = Options { merge, ..Options::default() };
    let ((), usage) = memory::watch_marker(marker.to_vec().leak(), || {
        let sources = copies.map(|it| Source::new("file", it));
        let report = inspect_with(&sources, Timestamp(1_800_000_000), &options);
        if let Some(redacted) = Format::named("redacted").filter(|_| redact) {
            drop(export(&report, redacted, &Selection::default()));
        }
    });
    usage.unwiped
}
