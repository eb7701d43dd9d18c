//! What is in the file: YAML, types, base64, PEM.

use super::super::{
    CERTAIN, Cause, Family, LIKELY, POSSIBLE, REMOTE, Weight, elsewhere::FAULTY_PAIR, scene::Scene,
};
use super::shown_by_problem;
use crate::{masking, quote};

const LOADER: &str = "client-go v0.33.1 tools/clientcmd/loader.go; sigs.k8s.io/yaml v1.4.0";
const KEY_PAIR: &str = "Go 1.24 crypto/tls/tls.go, X509KeyPair";

/// Certain when kubectl refuses a file handed in here with the very words of the message.
fn refused(scene: &Scene<'_>) -> Weight {
    let Some((name, refusal, said)) = scene.refusal() else {
        return match scene.facts.files.is_empty() {
            true => Weight::of(LIKELY),
            false => Weight::of(POSSIBLE).because(
                "What was handed in here loads, so kubectl read another file, or another \
                 version of it.",
            ),
        };
    };
    let place = match refusal.location {
        Some(it) => format!(" at line {}, column {}", it.line, it.column),
        None => String::new(),
    };
    let weight = Weight::of(if said { CERTAIN } else { LIKELY })
        .because(format!("kubectl refuses {}{place}.", quote::visible(name)));
    match refusal.explanation.is_empty() {
        true => weight,
        false => weight.because(refusal.explanation.clone()),
    }
}

/// Whether `bytes` has `part` in it.
fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|it| it == part)
}

/// A fault in credential data: shown by a context's problem, else by a placeholder.
fn data(scene: &Scene<'_>) -> Weight {
    shown_by_problem(scene)
}

/// The cause that stands before all others when data were removed from the file.
const REDACTED: Cause = Cause {
    id: "redacted-kubeconfig",
    title: "Values were taken out of this kubeconfig: placeholders as DATA+OMITTED, or an \
            ellipsis, stand in place of certificates and keys",
    weigh: |scene| {
        let placeholders = scene.facts.files.iter().flat_map(|file| {
            let clusters =
                file.config.clusters.iter().map(|it| &it.body.certificate_authority_data);
            let users = file
                .config
                .users
                .iter()
                .flat_map(|it| [&it.body.client_certificate_data, &it.body.client_key_data]);
            clusters
                .chain(users)
                .flatten()
                .filter(|it| it.placeholder.is_some())
                .collect::<Vec<_>>()
        });
        match placeholders.count() {
            0 => Weight::Beside,
            1 => {
                Weight::of(CERTAIN + 1).because("One field of this kubeconfig holds a placeholder.")
            }
            n => Weight::of(CERTAIN + 1)
                .because(format!("{n} fields of this kubeconfig hold placeholders.")),
        }
    },
    fix: &["Print it with its secrets where it works, and hand that over on a safe way. Without \
             --raw kubectl leaves them out."],
    commands: &["kubectl config view --raw --flatten --minify"],
};

pub(in super::super) static CA_NOT_PEM: Family = Family {
    id: "ca-not-pem",
    says: &[
        "unable to load root certificates: {why}",
        "unable to load root certificates",
        "no valid certificate authority data seen",
    ],
    causes: &[
        REDACTED,
        Cause {
            id: "ca-not-pem",
            title: "certificate-authority-data of the cluster {cluster|in use} holds no \
                    certificate that can be read",
            weigh: |scene| {
                let weight = data(scene);
                match scene.cluster_facts().and_then(|it| it.ca.accident.clone()) {
                    Some(it) => weight.because(format!("It is {it}.")),
                    None => weight,
                }
            },
            fix: &[
                "Put base64 of the PEM text there, encoded once: it begins with LS0t. The file \
                 ca.crt of the cluster is such a text.",
            ],
            commands: &[
                "kubectl config set-cluster {cluster|NAME} --certificate-authority=ca.pem --embed-certs=true",
            ],
        },
    ],
    source: "client-go v0.33.1 transport/transport.go, rootCertPool",
};

pub(in super::super) static CERTIFICATE_NOT_PEM: Family = Family {
    id: "client-certificate-not-pem",
    says: &[
        "tls: failed to find any PEM data in certificate input",
        "tls: failed to find \"CERTIFICATE\" PEM block in certificate input",
        "failed to find any PEM data in certificate input",
    ],
    causes: &[
        FAULTY_PAIR,
        REDACTED,
        Cause {
            id: "client-certificate-not-pem",
            title: "client-certificate-data of the user {user|in use} holds no certificate",
            weigh: data,
            fix: &[
                "Put base64 of the PEM text there, encoded once: it begins with LS0t.",
                "When the message names other types, another kind of file was put there, as a \
                 signing request.",
            ],
            commands: &[
                "kubectl config set-credentials {user|NAME} --client-certificate=client.pem --client-key=client-key.pem --embed-certs=true",
            ],
        },
    ],
    source: KEY_PAIR,
};

pub(in super::super) static KEY_NOT_PEM: Family = Family {
    id: "client-key-not-pem",
    says: &[
        "tls: failed to find any PEM data in key input",
        "tls: failed to find PEM block with type ending in \"PRIVATE KEY\" in key input",
        "PEM routines:get_name:no start line",
        "[SSL] PEM lib",
        "no start line",
    ],
    causes: &[
        FAULTY_PAIR,
        REDACTED,
        Cause {
            id: "client-key-label",
            title: "The label of the private key's PEM block does not fit what is in it: kubectl \
                    takes it all the same, and programs with OpenSSL do not",
            weigh: |scene| {
                let key = scene.client_certificate().and_then(|it| it.key.as_ref()?.as_ref().ok());
                let data =
                    scene.user().and_then(|it| it.client_key_data.as_ref()?.bytes.as_ref().ok());
                // Only the label is looked at.
                let label = data.and_then(|it| match it.reveal() {
                    it if holds(it, b"BEGIN RSA PRIVATE KEY") => Some("PKCS#1"),
                    it if holds(it, b"BEGIN EC PRIVATE KEY") => Some("SEC1"),
                    it if holds(it, b"BEGIN PRIVATE KEY") => Some("PKCS#8"),
                    _ => None,
                });
                match (key, label) {
                    (Some(key), Some(label)) if key.encoding != label => Weight::of(CERTAIN)
                        .because(format!(
                            "The label says {label}, and the key is in {}.",
                            key.encoding
                        )),
                    _ => Weight::Beside,
                }
            },
            fix: &["Write the key again, and put its base64 into client-key-data."],
            commands: &["openssl pkey -in client-key.pem -out client-key-pkcs8.pem"],
        },
        Cause {
            id: "client-key-not-pem",
            title: "client-key-data of the user {user|in use} holds no private key",
            weigh: data,
            fix: &[
                "Put base64 of the key's PEM text there, encoded once.",
                "If kubectl takes it and another program does not: the label of the PEM block \
                 does not fit what is in it; write the key again with openssl pkey.",
            ],
            commands: &["openssl pkey -in client-key.pem -out client-key-pkcs8.pem"],
        },
    ],
    source: KEY_PAIR,
};

pub(in super::super) static PEM_SWITCHED: Family = Family {
    id: "certificate-and-key-switched",
    says: &[
        "PEM inputs may have been switched",
        "tls: found a certificate rather than a key in the PEM for the private key",
        "did find a private key; PEM inputs may have been switched",
    ],
    causes: &[
        FAULTY_PAIR,
        Cause {
            id: "certificate-and-key-switched",
            title: "Client certificate and key stand in each other's place, or the certificate in \
                both",
            weigh: data,
            fix: &[
                "Put the certificate into client-certificate-data and the key into client-key-data.",
            ],
            commands: &[
                "kubectl config set-credentials {user|NAME} --client-certificate=client.pem --client-key=client-key.pem --embed-certs=true",
            ],
        },
    ],
    source: KEY_PAIR,
};

pub(in super::super) static KEY_MISMATCH: Family = Family {
    id: "key-mismatch",
    says: &[
        "tls: private key does not match public key",
        "tls: private key type does not match public key type",
        "key values mismatch",
        "KEY_VALUES_MISMATCH",
    ],
    causes: &[
        FAULTY_PAIR,
        Cause {
            id: "key-mismatch",
            title: "The private key of the user {user|in use} does not belong to its certificate: \
                pieces of two kubeconfigs were mixed",
            weigh: |scene| {
                use crate::decode::key::KeyMatch;
                match scene.client_certificate().and_then(|it| it.matches) {
                    Some(KeyMatch::Yes) => Weight::of_another(),
                    Some(KeyMatch::OtherKey | KeyMatch::OtherAlgorithm) => {
                        Weight::of(CERTAIN).because("The public halves of the two are different.")
                    }
                    Some(KeyMatch::NotChecked) | None => data(scene),
                }
            },
            fix: &[
                "Take both from the same kubeconfig; fetch it again.",
                "If there are several certificates in the field: the client's own must stand first.",
            ],
            commands: &[],
        },
    ],
    source: KEY_PAIR,
};

pub(in super::super) static KEY_UNREADABLE: Family = Family {
    id: "key-unreadable",
    says: &["tls: failed to parse private key", "failed to parse private key"],
    causes: &[Cause {
        id: "key-unreadable",
        title: "The private key of the user {user|in use} is of a kind that kubectl cannot use",
        weigh: |scene| {
            use crate::decode::key::KeyError;
            let why = match scene.client_certificate().and_then(|it| it.key.as_ref()) {
                Some(Err(KeyError::Encrypted)) => {
                    "It is protected by a passphrase, and kubectl never asks for one."
                }
                Some(Err(KeyError::OpenSsh)) => "It is in OpenSSH's own format.",
                Some(Err(KeyError::Unsupported(_))) => {
                    "Its algorithm is not one that TLS in Go knows."
                }
                Some(Err(KeyError::Malformed)) => "It is damaged.",
                _ => return data(scene),
            };
            Weight::of(CERTAIN).because(why)
        },
        fix: &["Remove the passphrase, or convert the key to PKCS#8; keep the result secret."],
        commands: &["openssl pkey -in client-key.pem -out client-key-plain.pem"],
    }],
    source: KEY_PAIR,
};

pub(in super::super) static CERTIFICATE_MALFORMED: Family = Family {
    id: "certificate-malformed",
    says: &[
        "x509: malformed certificate",
        "x509: unsupported elliptic curve",
        "x509: invalid ECDSA parameters",
        "x509: trailing data",
        "failed to parse certificate",
        "asn1: structure error",
        "asn1: syntax error",
        "x509: malformed",
    ],
    causes: &[
        REDACTED,
        Cause {
            id: "certificate-malformed",
            title: "A certificate in the kubeconfig is damaged",
            weigh: data,
            fix: &[
                "Fetch the kubeconfig again; a certificate that was cut while copying cannot be repaired.",
            ],
            commands: &[],
        },
    ],
    source: "Go 1.24 crypto/x509/parser.go",
};

pub(in super::super) static BASE64: Family = Family {
    id: "illegal-base64",
    says: &[
        "illegal base64 data at input byte {n}",
        "Invalid symbol {why}, offset {n}",
        "Invalid byte {why}, offset {n}",
        "illegal base64 data",
        "Incorrect padding",
        "error decoding base64",
    ],
    causes: &[
        REDACTED,
        Cause {
            id: "illegal-base64",
            title: "A value that must be base64 has a character that does not belong there, or was \
                cut",
            weigh: |scene| match (scene.get("why"), scene.get("n")) {
                // Rust's decoder names characters by their numbers.
                (Some("10" | "13"), _) => Weight::of(LIKELY).because(
                    "The character is a line break: the value is folded over several lines, \
                     which kubectl accepts and this program does not.",
                ),
                (_, Some(n)) => refused(scene).because(format!(
                    "The offending byte is number {n} of the value, counted from 0."
                )),
                _ => refused(scene),
            },
            fix: &[
                "Copy the value again, whole and on one line: blanks are not allowed in it, and its \
             length is a multiple of four.",
                "A value cut with an ellipsis, or a placeholder, is the usual reason.",
            ],
            commands: &["base64 -w0 FILE"],
        },
    ],
    source: "Go 1.24 encoding/base64/base64.go",
};

pub(in super::super) static NOT_TEXT: Family = Family {
    id: "not-text",
    says: &[
        "yaml: control characters are not allowed",
        "yaml: invalid leading UTF-8 octet",
        "yaml: invalid trailing UTF-8 octet",
        "yaml: invalid length of a UTF-8 sequence",
        "yaml: incomplete UTF-8",
        "yaml: incomplete UTF-16",
    ],
    causes: &[Cause {
        id: "not-text",
        title: "The kubeconfig is not plain UTF-8 text: it is binary, compressed, or saved in \
                another encoding",
        weigh: refused,
        fix: &["Save it as UTF-8. In a CI job: decode the variable first if it holds base64 or \
             an archive."],
        commands: &["file ~/.kube/config", "head -c 64 ~/.kube/config | xxd"],
    }],
    source: LOADER,
};

pub(in super::super) static NOT_A_MAP: Family = Family {
    id: "not-a-kubeconfig",
    says: &[
        "couldn't get version/kind; json parse error: {why}",
        "cannot unmarshal string into Go value of type struct",
        "couldn't get version/kind",
    ],
    causes: &[Cause {
        id: "not-a-kubeconfig",
        title: "What kubectl was given is no kubeconfig but some other text: base64 of one, a \
                path, a page, or an error message",
        weigh: |scene| {
            let format = scene.facts.sources.first().map(|it| it.intake.format.name());
            let weight = refused(scene);
            match format {
                Some("base64") => weight.because("What was handed in here is base64 of a file."),
                _ => weight,
            }
        },
        fix: &[
            "Look at what is in the file. A CI variable often holds base64 of it, which must be \
             decoded first, or its path.",
        ],
        commands: &["head -n 3 ~/.kube/config", "echo \"$KUBE_CONFIG\" | base64 -d > kubeconfig"],
    }],
    source: LOADER,
};

pub(in super::super) static WRONG_KIND: Family = Family {
    id: "wrong-kind",
    says: &[
        "no kind {kind} is registered for version {version}",
        "no kind {kind} is registered",
        "unexpected GroupVersion string",
        "no kind registered",
    ],
    causes: &[Cause {
        id: "wrong-kind",
        title: "The file says that it is a {kind|thing} of {version|another version}, and a \
                    kubeconfig is a Config of v1",
        weigh: |scene| {
            let weight = refused(scene);
            match scene.get("version") {
                Some(it) if it.contains("client.authentication") => weight.because(
                    "That version belongs to exec, further down in the file; the first \
                         line must stay apiVersion: v1.",
                ),
                _ => weight,
            }
        },
        fix: &[
            "Write apiVersion: v1 and kind: Config at the top.",
            "If it is a Secret, take the kubeconfig out of it first.",
        ],
        commands: &[
            "kubectl get secret NAME -o go-template='{{.data.value}}' | base64 -d > kubeconfig",
        ],
    }],
    source: LOADER,
};

pub(in super::super) static DUPLICATE_NAME: Family = Family {
    id: "duplicate-name",
    says: &["duplicate name {name} in list", "error converting *[]Named"],
    causes: &[Cause {
        id: "duplicate-name",
        title: "The name {name|of an entry} stands twice in one list of the file",
        weigh: refused,
        fix: &[
            "Rename or remove one of the two entries; files joined by hand usually look like this.",
        ],
        commands: &["KUBECONFIG=a:b kubectl config view --raw --flatten > merged"],
    }],
    source: "client-go v0.33.1 tools/clientcmd/api/v1/conversion.go",
};

pub(in super::super) static WRONG_TYPE: Family = Family {
    id: "wrong-type",
    says: &[
        "json: cannot unmarshal {found} into Go struct field {field} of type {wanted}",
        "json: cannot unmarshal {found} into Go",
        "ReadString: expects",
        "v1.Config.{why}: expect",
        "json: unsupported value",
        "expects \" or n",
        "decode slice: expect [ or n",
    ],
    causes: &[Cause {
        id: "wrong-type",
        title: "A value in the kubeconfig has the wrong type: {found|something else} stands \
                where {wanted|another type} belongs",
        weigh: |scene| match scene.get("field") {
            Some(it) => refused(scene).because(format!("The field is {}.", quote::visible(it))),
            None => refused(scene),
        },
        fix: &[
            "Put quotes around names and tokens that look like a number, a truth value or null: \
             123, 1e5, yes, on, no.",
            "Without quotes belong true and false of insecure-skip-tls-verify.",
            "clusters, users and contexts are lists: their items begin with a hyphen.",
        ],
        commands: &[],
    }],
    source: "sigs.k8s.io/json; go-yaml v2 resolve.go",
};

pub(in super::super) static ALIASES: Family = Family {
    id: "yaml-aliases",
    says: &["yaml: document contains excessive aliasing", "exceeded max depth"],
    causes: &[Cause {
        id: "yaml-aliases",
        title: "The file is built to explode when it is read: aliases or levels without end",
        weigh: refused,
        fix: &["Do not use it; ask where it comes from."],
        commands: &[],
    }],
    source: "go-yaml v2 decode.go",
};

pub(in super::super) static YAML: Family = Family {
    id: "yaml-syntax",
    says: &[
        "yaml: line {n}: {problem}",
        "error converting YAML to JSON: {problem}",
        "yaml: unmarshal errors",
        "yaml: unknown anchor",
        "yaml: invalid map key",
        "yaml: found unknown escape character",
        "yaml: found incompatible YAML document",
        "yaml: map merge requires",
        ": yaml: {problem}",
        "unsupported map key",
        "mapping values are not allowed",
        "found character that cannot start any token",
        "did not find expected key",
    ],
    causes: &[
        Cause {
            id: "template-not-rendered",
            title: "The file is a template that was never filled in",
            weigh: |scene| {
                let template = scene.said_any(&[".Values.", "invalid map key: map[interface {}]"]);
                match template {
                    true => refused(scene),
                    false => Weight::Beside,
                }
            },
            fix: &["Render the template first."],
            commands: &[],
        },
        Cause {
            id: "yaml-tab",
            title: "A tab stands where YAML allows only blanks, or a character that cannot \
                    begin a value",
            weigh: |scene| match scene.said_any(&["tab character", "cannot start any token"]) {
                true => refused(scene),
                false => Weight::Beside,
            },
            fix: &[
                "Indent with blanks. A back quote, @ or % at the beginning of a value needs quotes around it; the marks of a code block must go.",
            ],
            commands: &["grep -nP '\\t' ~/.kube/config"],
        },
        Cause {
            id: "yaml-syntax",
            title: "The file is no valid YAML",
            weigh: |scene| match scene.said_any(&["tab character", "cannot start any token"]) {
                true => Weight::of(REMOTE),
                false => match scene.get("problem") {
                    Some(it) => refused(scene).because(format!(
                        "kubectl's parser says: {}.",
                        quote::visible(&masking::kubectl_words(it))
                    )),
                    None => refused(scene),
                },
            },
            fix: &["Look at that line and the one before it: the number is often one off. Usual \
                 reasons: lost indentation, a missing blank after a colon, an open quote."],
            commands: &["sed -n '1,20p' ~/.kube/config | cat -A"],
        },
    ],
    source: LOADER,
};

pub(in super::super) static OTHER_REFUSAL: Family = Family {
    id: "kubeconfig-refused",
    says: &["error loading config file {path}: {why}", "error loading config file"],
    causes: &[Cause {
        id: "kubeconfig-refused",
        title: "kubectl cannot load the kubeconfig {path|}",
        weigh: |scene| match scene.get("why") {
            Some(it) => refused(scene)
                .because(format!("Its reason: {}.", quote::visible(&masking::kubectl_words(it)))),
            None => refused(scene),
        },
        fix: &["Repair the file as the reason says, or fetch it again."],
        commands: &[],
    }],
    source: LOADER,
};
