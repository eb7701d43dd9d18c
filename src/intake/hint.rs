//! What a text is when it is nothing that we can read, and where to get the thing itself.

/// One kind of content that people hand in by mistake.
struct Look {
    seen: fn(&[u8], &str) -> bool,
    says: &'static str,
}

/// Bytes of a text that are looked at: it is one kind of thing from its beginning on.
const MOST: usize = 4_000_000;

/// What `bytes`, which are `text`, look like, as a sentence with the way out. What `is_config` is called
/// nothing else, whatever words stand in it.
pub(super) fn hint(bytes: &[u8], text: &str, is_config: bool) -> Option<String> {
    let end = (0..4).find_map(|it| text.get(..MOST.min(text.len()).checked_sub(it)?));
    let text = end.unwrap_or_default();
    let [forms, others] = if is_config { [&[][..]; 2] } else { [FORMS, OTHERS] };
    let mut looks = forms.iter().chain(UNFILLED).chain(others);
    looks.find(|it| (it.seen)(bytes, text)).map(|it| it.says.to_owned())
}

/// Whether the first line that is not blank begins with one of `marks`, in any case.
fn begins(text: &str, marks: &[&str]) -> bool {
    let head: String = text.trim_start().chars().take(64).collect::<String>().to_ascii_lowercase();
    marks.iter().any(|it| head.starts_with(it))
}

fn is_one_line(text: &str) -> bool {
    let text = text.trim();
    text.len() < 512 && !text.contains('\n')
}

/// The kinds that show in the first bytes, the surest first.
static FORMS: &[Look] = &[
    Look {
        seen: |bytes, _| bytes.starts_with(&[0x1F, 0x8B]),
        says: "This is a gzip archive. Unpack it and hand in the kubeconfig that is in it.",
    },
    Look {
        seen: |bytes, _| bytes.starts_with(b"PK\x03\x04"),
        says: "This is a zip archive. Unpack it and hand in the kubeconfig that is in it.",
    },
    Look {
        seen: |bytes, _| bytes.get(257..262) == Some(b"ustar"),
        says: "This is a tar archive. Unpack it and hand in the kubeconfig that is in it.",
    },
    Look {
        seen: |bytes, _| {
            [&b"\x89PNG"[..], b"\xFF\xD8\xFF", b"GIF8", b"BM"]
                .iter()
                .any(|it| bytes.starts_with(it))
                && bytes.iter().take(64).any(|it| *it == 0)
        },
        says: "This is an image. A picture of a kubeconfig cannot be read; copy the text itself.",
    },
    Look {
        seen: |bytes, _| bytes.starts_with(b"%PDF"),
        says: "This is a PDF document. Copy the text of the kubeconfig out of it.",
    },
    Look {
        seen: |bytes, _| bytes.starts_with(b"\0GITCRYPT"),
        says: "This file is encrypted with git-crypt. Run git-crypt unlock and hand in the \
               decrypted file.",
    },
    Look {
        seen: |bytes, _| bytes.starts_with(&[0x7F, b'E', b'L', b'F']) || bytes.starts_with(b"MZ"),
        says: "This is a program, not a kubeconfig.",
    },
    Look {
        seen: |bytes, _| matches!(bytes, [0x30, 0x80..=0x84, ..]),
        says: "This is binary DER: a certificate, a key or a PKCS#12 archive. Turn it into PEM \
               first, for example with: openssl pkcs12 -in FILE -nodes, or openssl x509 \
               -inform der -in FILE.",
    },
    Look {
        seen: |_, text| begins(text, &["$ansible_vault"]),
        says: "This file is encrypted with Ansible Vault. Decrypt it with: ansible-vault view \
               FILE.",
    },
    Look {
        seen: |_, text| begins(text, &["age-encryption.org", "-----begin age encrypted file"]),
        says: "This file is encrypted with age. Decrypt it with: age --decrypt FILE.",
    },
    Look {
        seen: |_, text| begins(text, &["-----begin pgp"]),
        says: "This file is encrypted with PGP. Decrypt it with: gpg --decrypt FILE.",
    },
    Look {
        seen: |_, text| {
            begins(text, &["ssh-rsa ", "ssh-ed25519 ", "ecdsa-sha2-", "-----begin openssh private"])
        },
        says: "This is an SSH key. Kubernetes does not use SSH keys; ask for the cluster's \
               kubeconfig.",
    },
    Look {
        seen: |_, text| text.contains("-----BEGIN ") && text.contains("CERTIFICATE REQUEST-----"),
        says: "This is a certificate signing request: a question, not yet a certificate. Hand \
               in the certificate that was issued for it.",
    },
    Look {
        seen: |_, text| begins(text, &["<!doctype", "<html", "<?xml", "<head", "<body"]),
        says: "This is a web page, perhaps a sign-in page saved in place of the file. Sign in \
               and download the kubeconfig again.",
    },
];

/// Kinds that a kubeconfig may be, too: its values are not the ones that are meant.
static UNFILLED: &[Look] = &[
    Look {
        seen: |_, text| text.contains("ENC[AES256_GCM,") && text.contains("sops"),
        says: "The values of this file are encrypted with SOPS. Decrypt it with: sops --decrypt \
               FILE.",
    },
    Look {
        seen: |_, text| text.contains("{{") && text.contains("}}"),
        says: "This is a template whose {{ … }} parts are not filled in. Render it first, and \
               hand in the result.",
    },
];

/// Kinds that are told by less.
static OTHERS: &[Look] = &[
    Look {
        seen: |_, text| begins(text, &["#!"]),
        says: "This is a script, not a kubeconfig. Hand in the file that it writes or uses.",
    },
    Look {
        seen: |_, text| {
            begins(text, &["from ", "# syntax=docker"]) && text.contains("\nRUN ")
                || text.contains("\nENTRYPOINT ")
        },
        says: "This is a Dockerfile, not a kubeconfig.",
    },
    Look {
        seen: |_, text| {
            begins(text, &["current   name", "name  ", "namespace  ", "pod  "])
                || (begins(text, &["kubernetes control plane"]))
        },
        says: "This is a table that kubectl prints. The kubeconfig itself is printed by: kubectl \
               config view --raw --flatten --minify.",
    },
    Look {
        seen: |_, text| {
            let text = text.trim().trim_matches(['"', '\'']);
            is_one_line(text)
                && !text.contains("://")
                && (["~/", "/", "./", "../", "$HOME", "%USERPROFILE%", "C:\\"]
                    .iter()
                    .any(|it| text.starts_with(it))
                    || [".kube/config", ".yaml", ".yml", ".conf", "kubeconfig"]
                        .iter()
                        .any(|it| text.ends_with(it)))
                && !text.contains(' ')
        },
        says: "This is the path of a file, not its content. Open that file and hand in what is \
               in it.",
    },
    Look {
        seen: |_, text| {
            begins(
                text,
                &["export kubeconfig=", "kubeconfig=", "set kubeconfig=", "$env:kubeconfig"],
            )
        },
        says: "This sets the variable KUBECONFIG to a path. Hand in the file at that path.",
    },
    Look {
        seen: |_, text| {
            begins(
                text,
                &[
                    "kubectl ",
                    "aws eks ",
                    "gcloud container ",
                    "az aks ",
                    "doctl ",
                    "aliyun cs ",
                    "$ kubectl",
                ],
            ) && is_one_line(text)
        },
        says: "This is a command. Run it, and hand in the file that it writes; kubectl config \
               view --raw --flatten --minify prints the one in use.",
    },
    Look {
        seen: |_, text| {
            is_one_line(text)
                && (text.contains("https://") || text.contains("http://"))
                && !super::content::is_kubeconfig(text)
        },
        says: "This is an address, not a kubeconfig. The page opens no address; hand in the \
               file itself.",
    },
    Look {
        seen: |_, text| text.contains("kind: Secret") || text.contains("\"Secret\""),
        says: "This is a Kubernetes Secret without a kubeconfig, a certificate or a token in it. \
               Print it with its data: kubectl get secret NAME -o yaml.",
    },
    Look {
        seen: |_, text| {
            let has = |it| text.contains(it);
            (has("\napiVersion:") || begins(text, &["apiversion:"]))
                && has("kind:")
                && has("metadata:")
        },
        says: "This is a Kubernetes object, not a kubeconfig: it describes what runs in a \
               cluster, not how to reach one.",
    },
    Look {
        seen: |_, text| {
            super::transcript::message(text).is_some() && !super::content::is_kubeconfig(text)
        },
        says: "This is a message, not a kubeconfig. Add the kubeconfig that kubectl was given, \
               and the two are read together.",
    },
    Look {
        seen: |bytes, text| {
            !bytes.is_empty() && !super::content::is_kubeconfig(text) && !text.trim().is_empty()
        },
        says: "There is no kubeconfig in this text. The one that kubectl uses is printed by: \
               kubectl config view --raw --flatten --minify.",
    },
];
