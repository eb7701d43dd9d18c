//! Extensions: the six that decide something are read here, order and odd encodings included;
//! x509-parser reads the rest for display.

use std::net::{Ipv4Addr, Ipv6Addr};

use x509_parser::{
    asn1_rs::Oid,
    extensions::{
        DistributionPointName, GeneralName, GeneralSubtree, ParsedExtension, PolicyInformation,
        X509Extension,
    },
    prelude::FromDer,
};

use super::{
    super::{
        der,
        der::{Reader, Rules},
        hex, oid,
    },
    BasicConstraints, Extension, name,
};

/// What the extensions of a certificate say.
#[derive(Default)]
pub(super) struct Extensions {
    pub(super) all: Vec<Extension>,
    pub(super) sans: Vec<String>,
    pub(super) basic_constraints: Option<BasicConstraints>,
    pub(super) key_usage: Option<Vec<String>>,
    pub(super) extended_key_usage: Option<Vec<String>>,
    pub(super) subject_key_id: Option<String>,
    pub(super) authority_key_id: Option<String>,
    pub(super) policies: Vec<String>,
    /// What is wrong with them, as sentences.
    pub(super) oddities: Vec<String>,
}

impl Extensions {
    /// Reads the extensions in `list`, the inside of their sequence.
    ///
    /// openssl shows a certificate with broken extensions, so a fault here hides the extension
    /// or, where the next one cannot be found, the rest of them, and is told.
    pub(super) fn read(mut list: Reader<'_>) -> Extensions {
        let mut it = Extensions::default();
        while !list.is_empty() {
            let at = list.position();
            let raw = list.take(der::SEQUENCE);
            if raw.and_then(|raw| it.push(raw.raw, raw.inside())).is_none() {
                it.oddities.push(format!("An extension cannot be read, at byte {at}."));
            }
            if raw.is_none() {
                break;
            }
        }
        it
    }

    fn push(&mut self, raw: &[u8], mut parts: Reader<'_>) -> Option<()> {
        let oid = parts.oid()?;
        // Any byte but zero is true, as in openssl; DER allows 255 only.
        let critical = parts.take(der::BOOLEAN).is_some_and(|it| it.body != [0]);
        let value = parts.take(der::OCTET_STRING)?.body;
        let name = oid::extension(&oid);
        let text = self.understand(&oid, value, raw);
        if text.is_none() {
            let sentence = format!("The value of the extension {name} is malformed.");
            self.oddities.push(sentence);
        }
        let value = text.unwrap_or_else(|| hex(value));
        self.all.push(Extension { oid, name, critical, value });
        Some(())
    }

    /// What the extension says, in words; none when it is not as it should be.
    fn understand(&mut self, oid: &str, value: &[u8], raw: &[u8]) -> Option<String> {
        let value = Reader::new(value, Rules::Lenient);
        match oid {
            "2.5.29.14" => {
                let id = hex({ value }.take(der::OCTET_STRING)?.body);
                Some(self.subject_key_id.insert(id).clone())
            }
            "2.5.29.15" => {
                let usages = key_usage(value)?;
                Some(self.key_usage.insert(usages).join(", "))
            }
            "2.5.29.17" => {
                let names = general_names({ value }.enter(der::SEQUENCE)?)?;
                if names.len() == MAX_NAMES {
                    let sentence = format!("Only the first {MAX_NAMES} of its names are read.");
                    self.oddities.push(sentence);
                }
                self.sans.extend(names.iter().cloned());
                Some(names.join(", "))
            }
            "2.5.29.18" => Some(general_names({ value }.enter(der::SEQUENCE)?)?.join(", ")),
            "2.5.29.19" => {
                let it = basic_constraints(value)?;
                self.basic_constraints = Some(it);
                let ca = if it.ca { "CA" } else { "not a CA" };
                Some(match it.path_length {
                    Some(length) => format!("{ca}, path length {length}"),
                    None => ca.to_owned(),
                })
            }
            "2.5.29.35" => self.authority_key_identifier(value),
            "2.5.29.37" => {
                let usages = oids(value)?.iter().map(|it| oid::extended_key_usage(it)).collect();
                Some(self.extended_key_usage.insert(usages).join(", "))
            }
            "1.3.6.1.5.5.7.48.1.5" | "1.3.6.1.4.1.11129.2.4.3" => Some("present".to_owned()),
            "1.3.6.1.5.5.7.1.24" => tls_feature(value),
            _ => match X509Extension::from_der(raw) {
                Ok((_, it)) => self.describe(it.parsed_extension(), it.value),
                // The extension's own frame is not DER; its value may be anything.
                Err(_) => Some(hex(value.rest())),
            },
        }
    }

    fn authority_key_identifier(&mut self, value: Reader<'_>) -> Option<String> {
        let mut parts = { value }.enter(der::SEQUENCE)?;
        let mut words = Vec::new();
        if let Some(id) = parts.take(der::context(0)) {
            words.push(self.authority_key_id.insert(hex(id.body)).clone());
        }
        if let Some(issuer) = parts.enter(der::context_constructed(1)) {
            words.push(format!("issuer {}", general_names(issuer)?.join(", ")));
        }
        if let Some(serial) = parts.take(der::context(2)) {
            words.push(format!("serial {}", hex(serial.body)));
        }
        parts.is_empty().then(|| words.join(", "))
    }

    fn describe(&mut self, parsed: &ParsedExtension<'_>, value: &[u8]) -> Option<String> {
        Some(match parsed {
            ParsedExtension::ParseError { .. } => return None,
            ParsedExtension::CertificatePolicies(policies) => {
                self.policies.extend(policies.iter().map(|it| it.policy_id.to_id_string()));
                join(policies.iter().map(policy))
            }
            ParsedExtension::PolicyMappings(it) => join(it.mappings.iter().map(|it| {
                let [from, to] = [&it.issuer_domain_policy, &it.subject_domain_policy];
                format!("{} = {}", from.to_id_string(), to.to_id_string())
            })),
            ParsedExtension::NameConstraints(it) => {
                let subtrees = |word: &str, list: &Option<Vec<GeneralSubtree<'_>>>| {
                    let names = list.iter().flatten().map(|it| general_name(&it.base));
                    let names = join(names);
                    (!names.is_empty()).then(|| format!("{word} {names}"))
                };
                let permitted = subtrees("permitted:", &it.permitted_subtrees);
                let excluded = subtrees("excluded:", &it.excluded_subtrees);
                [permitted, excluded].into_iter().flatten().collect::<Vec<_>>().join("; ")
            }
            ParsedExtension::PolicyConstraints(it) => join(
                [
                    it.require_explicit_policy.map(|n| format!("require explicit policy {n}")),
                    it.inhibit_policy_mapping.map(|n| format!("inhibit policy mapping {n}")),
                ]
                .into_iter()
                .flatten(),
            ),
            ParsedExtension::InhibitAnyPolicy(it) => it.skip_certs.to_string(),
            ParsedExtension::CRLDistributionPoints(points) => join(points.iter().flat_map(|it| {
                let names = match &it.distribution_point {
                    Some(DistributionPointName::FullName(names)) => names.as_slice(),
                    _ => &[],
                };
                names.iter().chain(it.crl_issuer.iter().flatten()).map(general_name)
            })),
            ParsedExtension::AuthorityInfoAccess(it) => join(it.iter().map(access)),
            ParsedExtension::SubjectInfoAccess(it) => join(it.iter().map(access)),
            ParsedExtension::NSCertType(it) => it.to_string(),
            ParsedExtension::NsCertComment(it) => (*it).to_owned(),
            ParsedExtension::SCT(list) => {
                format!("{} signed certificate timestamp{}", list.len(), plural(list.len()))
            }
            _ => hex(value),
        })
    }
}

fn join(words: impl Iterator<Item = String>) -> String {
    words.collect::<Vec<_>>().join(", ")
}

fn plural(n: usize) -> &'static str {
    if n == 1 { "" } else { "s" }
}

fn policy(it: &PolicyInformation<'_>) -> String {
    let mut text = it.policy_id.to_id_string();
    for qualifier in it.policy_qualifiers.iter().flatten() {
        let mut value = Reader::new(qualifier.qualifier, Rules::Lenient);
        if let Some(uri) = value.take(der::IA5_STRING) {
            text.push_str(&format!(" ({})", String::from_utf8_lossy(uri.body)));
        }
    }
    text
}

fn access(it: &x509_parser::extensions::AccessDescription<'_>) -> String {
    let method = oid::access_method(&it.access_method.to_id_string());
    format!("{method} {}", general_name(&it.access_location))
}

/// RFC 5280, section 4.2.1.3.
const KEY_USAGES: [&str; 9] = [
    "digitalSignature",
    "nonRepudiation",
    "keyEncipherment",
    "dataEncipherment",
    "keyAgreement",
    "keyCertSign",
    "cRLSign",
    "encipherOnly",
    "decipherOnly",
];

fn key_usage(mut value: Reader<'_>) -> Option<Vec<String>> {
    let (_, bytes) = value.bits()?;
    let is_set = |n: usize| bytes.get(n / 8).is_some_and(|it| it << (n % 8) & 0x80 != 0);
    let usages = KEY_USAGES.iter().enumerate().filter(|(n, _)| is_set(*n));
    Some(usages.map(|(_, name)| (*name).to_owned()).collect())
}

fn basic_constraints(mut value: Reader<'_>) -> Option<BasicConstraints> {
    let mut parts = value.enter(der::SEQUENCE)?;
    let ca = parts.take(der::BOOLEAN).is_some_and(|it| it.body != [0]);
    let path_length = parts.take(der::INTEGER).and_then(|it| der::small(it.body));
    parts.is_empty().then_some(BasicConstraints { ca, path_length })
}

fn oids(mut value: Reader<'_>) -> Option<Vec<String>> {
    let mut list = value.enter(der::SEQUENCE)?;
    let mut oids = Vec::new();
    while !list.is_empty() {
        oids.push(list.oid()?);
    }
    Some(oids)
}

/// RFC 7633: the TLS extensions that a server promises to send.
fn tls_feature(mut value: Reader<'_>) -> Option<String> {
    let mut list = value.enter(der::SEQUENCE)?;
    let mut features = Vec::new();
    while !list.is_empty() {
        features.push(match der::small(list.take(der::INTEGER)?.body)? {
            5 => "status_request".to_owned(),
            17 => "status_request_v2".to_owned(),
            n => n.to_string(),
        });
    }
    Some(features.join(", "))
}

/// How many names of a list are read: a certificate of megabytes holds a million.
const MAX_NAMES: usize = 10_000;

/// Reads names whose text may be in any encoding: openssl shows them, so do we.
fn general_names(mut list: Reader<'_>) -> Option<Vec<String>> {
    let mut names = Vec::new();
    while !list.is_empty() {
        if names.len() == MAX_NAMES {
            break;
        }
        let it = list.any()?;
        let text = || name::text(der::UTF8_STRING, it.body).unwrap_or_default();
        names.push(match it.tag & 0x1f {
            0 => other_name(it.inside()).unwrap_or_else(|| format!("othername:#{}", hex(it.body))),
            1 => format!("email:{}", text()),
            2 => format!("DNS:{}", text()),
            4 => {
                let raw = it.inside().any()?;
                format!("dirname:{}", name::name(raw.raw, raw.inside())?.rfc4514)
            }
            6 => format!("URI:{}", text()),
            7 => format!("IP:{}", address(it.body)),
            8 => format!("RID:{}", der::dotted(it.body).unwrap_or_else(|| hex(it.body))),
            n => format!("[{n}]:#{}", hex(it.raw)),
        });
    }
    Some(names)
}

fn other_name(mut parts: Reader<'_>) -> Option<String> {
    let oid = parts.oid()?;
    let value = parts.enter(der::context_constructed(0))?.any()?;
    let text = name::text(value.tag, value.body).unwrap_or_else(|| format!("#{}", hex(value.raw)));
    Some(format!("othername:{oid}:{text}"))
}

/// The same for a name that x509-parser has read.
fn general_name(it: &GeneralName<'_>) -> String {
    match it {
        GeneralName::RFC822Name(text) => format!("email:{text}"),
        GeneralName::DNSName(text) => format!("DNS:{text}"),
        GeneralName::URI(text) => format!("URI:{text}"),
        GeneralName::IPAddress(bytes) => format!("IP:{}", address(bytes)),
        GeneralName::RegisteredID(oid) => format!("RID:{}", Oid::to_id_string(oid)),
        GeneralName::DirectoryName(it) => {
            let raw = Reader::new(it.as_raw(), Rules::Lenient).any();
            let name = raw.and_then(|it| name::name(it.raw, it.inside()));
            format!("dirname:{}", name.map(|it| it.rfc4514).unwrap_or_default())
        }
        GeneralName::OtherName(oid, rest) => {
            format!("othername:{}:#{}", Oid::to_id_string(oid), hex(rest))
        }
        GeneralName::X400Address(any) | GeneralName::EDIPartyName(any) => {
            format!("[{}]:#{}", any.tag().0, hex(any.data))
        }
        GeneralName::Invalid(tag, bytes) => format!("[{}]:#{}", tag.0, hex(bytes)),
    }
}

/// An IP address as Rust and Go write it; an address with a mask; hex of anything else.
fn address(bytes: &[u8]) -> String {
    let one = |bytes: &[u8]| {
        let v4 = <[u8; 4]>::try_from(bytes).map(|it| Ipv4Addr::from(it).to_string());
        v4.or_else(|_| <[u8; 16]>::try_from(bytes).map(|it| Ipv6Addr::from(it).to_string())).ok()
    };
    let (network, mask) = bytes.split_at(bytes.len() / 2);
    match (one(bytes), one(network), one(mask)) {
        // Sixteen bytes are one IPv6 address, not a network of eight.
        (Some(address), ..) => address,
        (None, Some(network), Some(mask)) => format!("{network}/{mask}"),
        _ => format!("#{}", hex(bytes)),
    }
}
