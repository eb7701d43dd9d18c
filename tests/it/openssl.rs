//! Certificates and keys, compared with what openssl and cryptography say of them.
//!
//! The expectations were recorded by `generate.py` in the folder of the fixtures.

use std::{collections::BTreeMap, fs, net::IpAddr, path::PathBuf};

use base64::prelude::{BASE64_STANDARD, Engine as _};
use kubeconfig_inspector::decode::{
    key::{self, Effort, KeyError, KeyMatch, PrivateKey},
    pair::{self, PairError},
    pem,
    x509::{self, Certificate, Name, Signature},
};
use proptest::prelude::*;
use serde_json::Value;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/openssl")
}

fn read(file: &str) -> Vec<u8> {
    fs::read(folder().join(file)).expect("the fixture is there")
}

fn expected() -> Value {
    serde_json::from_slice(&read("expected.json")).expect("generate.py writes JSON")
}

fn der(stem: &str) -> Vec<u8> {
    let text = read(&format!("{stem}.crt"));
    let blocks = pem::blocks(&text);
    blocks.first().expect("generate.py writes PEM").der.reveal().clone()
}

fn certificate(stem: &str) -> Certificate {
    x509::certificate(&der(stem)).expect("openssl reads it, so do we")
}

/// Every field of every certificate, as `openssl x509` and cryptography print it.
#[test]
fn certificates_read_as_openssl_reads_them() {
    for (stem, row) in expected()["certificates"].as_object().unwrap() {
        let it = certificate(stem);
        let seconds = |it: Option<kubeconfig_inspector::time::Timestamp>| it.map(|it| it.0);
        // openssl writes whole bytes, we leave out the zeros in front.
        let openssl = row["serial"].as_str().unwrap();
        let digits = openssl.trim_start_matches(['-', '0']);
        let sign = if openssl.starts_with('-') { "-" } else { "" };
        let digits = if digits.is_empty() { "0" } else { digits };
        assert_eq!(it.serial(), format!("{sign}{digits}"), "{stem}");
        assert_eq!(seconds(it.validity.not_before), row["notBefore"].as_i64(), "{stem}");
        assert_eq!(seconds(it.validity.not_after), row["notAfter"].as_i64(), "{stem}");
        assert_eq!(it.sha256(), row["sha256"], "{stem}");
        assert_eq!(it.sha1(), row["sha1"], "{stem}");
        assert_eq!(it.version, row["version"], "{stem}");
        assert_eq!(&*it.signature_algorithm(), row["signatureAlgorithm"], "{stem}");
        assert_eq!(it.key.bits.map(u64::from), row["bits"].as_u64(), "{stem}");
        let names = [it.subject(), it.issuer()].map(Name::rfc4514);
        if stem == "name-multi-valued" {
            // openssl turns the parts of one name around; RFC 4514 leaves their order open.
            assert_eq!(Value::from(names.to_vec()), row["rfc4514"]);
        } else {
            let openssl = [&row["subject"], &row["issuer"]].map(|it| it.as_str().unwrap());
            assert_eq!(names, openssl.map(|it| it.replace("street=", "STREET=")));
        }
        // The record holds text, and openssl printed a byte that is none.
        let openssl = openssl_sans(row).into_iter().map(|it| it.replace('\u{fffd}', "ÿ"));
        assert_eq!(sans(&it), openssl.collect::<Vec<_>>(), "{stem}");
        assert_eq!(it.key_usage().map(|it| words(&it, KEY_USAGES)), list(&row["keyUsage"]));
        assert_eq!(
            it.extended_key_usage().map(|it| words(&it, EXTENDED_KEY_USAGES)),
            list(&row["extendedKeyUsage"]),
            "{stem}"
        );
        let constraints = it.basic_constraints.map(|it| {
            let length = it.path_length.map(|it| format!("pathlen:{it}"));
            [format!("CA:{}", it.ca).to_uppercase()].into_iter().chain(length).collect()
        });
        assert_eq!(constraints, list(&row["basicConstraints"]), "{stem}");
    }
}

/// Where cryptography has a name for every attribute, its string is ours.
#[test]
fn names_read_as_cryptography_writes_them() {
    let mut n_compared = 0;
    for (stem, row) in expected()["certificates"].as_object().unwrap() {
        let Some([subject, issuer]) = row["rfc4514"].as_array().map(Vec::as_slice) else {
            continue;
        };
        let it = certificate(stem);
        // It writes dotted attributes as text, and control characters as they are.
        if !matches!(stem.as_str(), "name-kinds" | "name-unknown-attribute" | "name-control") {
            assert_eq!(&it.subject().rfc4514(), subject, "{stem}");
            n_compared += 1;
        }
        assert_eq!(&it.issuer().rfc4514(), issuer, "{stem}");
    }
    assert!(30 < n_compared);
}

/// openssl's words for ours.
const KEY_USAGES: &[(&str, &str)] = &[
    ("digitalSignature", "Digital Signature"),
    ("nonRepudiation", "Non Repudiation"),
    ("keyEncipherment", "Key Encipherment"),
    ("dataEncipherment", "Data Encipherment"),
    ("keyAgreement", "Key Agreement"),
    ("keyCertSign", "Certificate Sign"),
    ("cRLSign", "CRL Sign"),
    ("encipherOnly", "Encipher Only"),
    ("decipherOnly", "Decipher Only"),
];
const EXTENDED_KEY_USAGES: &[(&str, &str)] = &[
    ("clientAuth", "TLS Web Client Authentication"),
    ("serverAuth", "TLS Web Server Authentication"),
];

fn words<T: AsRef<str>>(ours: &[T], table: &[(&str, &str)]) -> Vec<String> {
    ours.iter()
        .map(AsRef::as_ref)
        .map(|it| table.iter().find(|row| row.0 == it).map_or(it, |row| row.1).to_owned())
        .collect()
}

fn list(value: &Value) -> Option<Vec<String>> {
    let items = value.as_array()?;
    Some(items.iter().map(|it| it.as_str().expect("a list of words").to_owned()).collect())
}

/// Names and addresses; the other kinds are written too differently to compare.
fn sans(it: &Certificate) -> Vec<String> {
    let plain = |it: &String| !it.starts_with("othername:") && !it.starts_with("dirname:");
    it.sans().into_iter().filter(plain).collect()
}

fn openssl_sans(row: &Value) -> Vec<String> {
    let names = list(&row["subjectAltName"]).unwrap_or_default();
    names
        .into_iter()
        .filter_map(|it| match it.split_once(':')? {
            ("IP Address", address) => {
                Some(format!("IP:{}", address.parse::<IpAddr>().expect("openssl writes addresses")))
            }
            ("Registered ID", oid) => Some(format!("RID:{oid}")),
            ("DNS" | "email" | "URI", _) => Some(it),
            _ => None,
        })
        .collect()
}

#[test]
fn signatures() {
    for (stem, _) in expected()["certificates"].as_object().unwrap() {
        let it = certificate(stem);
        let checked = stem.starts_with("signature-")
            || ["key-rsa", "key-ec-p", "key-ed25519"].iter().any(|p| stem.starts_with(p));
        let expected = if !it.self_issued() {
            Signature::OtherIssuer
        } else if checked {
            Signature::Valid
        } else {
            Signature::NotChecked
        };
        assert_eq!(x509::signature(&it, &it), expected, "{stem}");
    }
}

/// Tampered messages, numbers at the ends of their ranges, keys of small order.
#[test]
fn forged_signatures() {
    let rows: Value = serde_json::from_slice(&read("signatures.json")).unwrap();
    for row in rows.as_array().unwrap() {
        let [certificate, issuer] = ["certificate", "issuer"].map(|it| {
            let der = BASE64_STANDARD.decode(row[it].as_str().unwrap()).unwrap();
            x509::certificate(&der).expect("signatures.py writes certificates")
        });
        let expected = if row["valid"] == true { Signature::Valid } else { Signature::WrongKey };
        assert_eq!(x509::signature(&certificate, &issuer), expected, "{}", row["label"]);
    }
}

#[test]
fn a_signature_by_another_key_of_that_name() {
    let stems = ["key-rsa-2048", "key-ec-p256", "key-ec-p384", "key-ec-p521", "key-ed25519"];
    for signed in stems {
        for issuer in stems.into_iter().chain(["key-rsa-1024"]) {
            let found = x509::signature(&certificate(signed), &certificate(issuer));
            let one_kind = |stem: &str| stem.split('-').nth(1).map(str::to_owned);
            let expected = if signed == issuer {
                Signature::Valid
            } else if one_kind(signed) == one_kind(issuer) {
                Signature::WrongKey
            } else {
                Signature::NotChecked
            };
            assert_eq!(found, expected, "{signed} by {issuer}");
        }
    }
}

fn private_key(file: &str) -> Result<PrivateKey, KeyError> {
    let text = read(file);
    let blocks = pem::blocks(&text);
    let block = blocks.iter().find(|it| it.is_private_key()).expect("a key was written");
    key::from_block(block, &Effort::default())
}

/// What Go's X509KeyPair says of two files.
fn key_pair(certificate: &str, key: &str) -> Option<PairError> {
    let texts = [certificate, key].map(read);
    let [certificate, key] = texts.each_ref().map(|it| pem::read(it));
    let missing = pair::certificate_missing(&certificate.labels());
    missing.or_else(|| pair::key_missing(&key.labels())).or_else(|| {
        let leaf = certificate.blocks.iter().find(|it| it.label == "CERTIFICATE")?;
        let key = key::from_block(key.private_key()?, &Effort::default());
        pair::misfit(&x509::certificate(leaf.der.reveal()).map(Box::new), &key)
    })
}

/// Every key in every encoding: what it is, whose it is, and whether Go's TLS takes the pair.
#[test]
fn keys() {
    let usable = ["key-rsa-2048", "key-ec-p224", "key-ec-p256", "key-ec-p384", "key-ed25519"];
    for row in expected()["keys"].as_array().unwrap() {
        let file = row["file"].as_str().unwrap();
        let stem = row["pair"].as_str().unwrap();
        let found = private_key(file);
        let go = key_pair(&format!("{stem}.crt"), file);
        match (row["error"].as_str(), &found) {
            (None, Ok(key)) => {
                assert_eq!(go, None, "{file}");
                let own = certificate(stem).key;
                assert_eq!(key::matches(key, &own), KeyMatch::Yes, "{file}");
                assert_eq!((&key.title, key.bits), (&own.title, own.bits), "{file}");
                for other in usable.iter().filter(|it| **it != stem) {
                    let other = certificate(other).key;
                    let expected = match other.algorithm == own.algorithm {
                        true => KeyMatch::OtherKey,
                        false => KeyMatch::OtherAlgorithm,
                    };
                    assert_eq!(key::matches(key, &other), expected, "{file}");
                }
            }
            (Some("encrypted"), Err(KeyError::Encrypted)) => assert!(go.is_some(), "{file}"),
            (Some("openssh"), Err(KeyError::OpenSsh)) => assert!(go.is_some(), "{file}"),
            (Some("unusable"), Err(_)) => assert!(go.is_some(), "{file}"),
            (expected, _) => panic!("{file}: {found:?}, expected {expected:?}"),
        }
    }
}

/// What Go 1.24 says of the certificates that it does not read.
#[test]
fn go_refuses() {
    let expected: BTreeMap<&str, &str> = BTreeMap::from([
        ("date-unreadable", "x509: malformed UTCTime"),
        ("extension-ber-boolean", "x509: malformed extension critical field"),
        ("extension-san-malformed", "x509: invalid subject alternative names"),
        ("extension-san-not-ascii", "x509: SAN dNSName is malformed"),
        ("key-ec-brainpool256", "x509: unsupported elliptic curve"),
        ("key-ec-secp256k1", "x509: unsupported elliptic curve"),
        ("key-explicit-curve", "x509: invalid ECDSA parameters"),
        ("key-sect283r1", "x509: unsupported elliptic curve"),
        ("key-sm2", "x509: unsupported elliptic curve"),
        (
            "name-universalstring",
            "x509: invalid RDNSequence: invalid attribute value: unsupported string type: 28",
        ),
        ("serial-minus-one", "x509: negative serial number"),
        ("serial-negative", "x509: negative serial number"),
        ("trailing-bytes", "x509: trailing data"),
        ("version-1", "x509: invalid ECDSA parameters"),
    ]);
    for (stem, _) in self::expected()["certificates"].as_object().unwrap() {
        let found = certificate(stem).go;
        assert_eq!(found.as_deref(), expected.get(stem.as_str()).copied(), "{stem}");
    }
}

/// A certificate with some bytes changed, and the bytes of anything.
fn mutated() -> impl Strategy<Value = Vec<u8>> {
    let blocks = ["extension-many", "extension-san", "key-rsa-2048", "name-kinds"].map(der);
    let changes = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6);
    let changed =
        (prop::sample::select(blocks.to_vec()), changes).prop_map(|(mut der, changes)| {
            for (at, byte) in changes {
                *at.get_mut(&mut der) = byte;
            }
            der
        });
    prop_oneof![4 => changed, 1 => prop::collection::vec(any::<u8>(), 0..300)]
}

proptest! {
    /// Whatever the bytes, there is an answer, and it is about bytes that are there.
    #[test]
    fn nothing_panics(der in mutated()) {
        match x509::certificate(&der) {
            Ok(it) => {
                prop_assert!(it.der.len() <= der.len());
                let _ = x509::signature(&it, &it);
            }
            Err(it) => prop_assert!(it.offset.is_none_or(|at| at <= der.len())),
        }
        let _ = key::private_key(&der, &Effort::default());
        let _ = kubeconfig_inspector::decode::accident::in_certificates(&der);
        let _ = kubeconfig_inspector::decode::accident::in_key(&der);
    }

    #[test]
    fn no_token_panics(text in r"(k8s-a[wc][sk]-v[12]\.|sha256~)?[A-Za-z0-9_.~%-]{0,60}", claims in ".{0,80}") {
        use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD as BASE64};
        use kubeconfig_inspector::decode::token::token;

        let _ = token(&text);
        let _ = token(&format!("e30.{}.", BASE64.encode(&claims)));
        let _ = token(&format!("k8s-aws-v1.{}", BASE64.encode(&claims)));
        let _ = token(&format!("k8s-ack-v2.{}", BASE64.encode(&claims)));
    }

    #[test]
    fn no_text_around_pem_panics(text in r"(-----(BEGIN|END) [A-Z]{0,3}-----|\n|\\n| |[A-Za-z0-9+/=:]{1,8}){0,12}") {
        let _ = pem::blocks(text.as_bytes());
        let _ = kubeconfig_inspector::decode::accident::in_certificates(text.as_bytes());
    }
}
