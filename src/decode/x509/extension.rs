//! Extensions: the six that decide something are read here, order and odd encodings included;
//! x509-parser reads the rest for display.

use std::{
    borrow::Cow,
    net::{Ipv4Addr, Ipv6Addr},
};

use x509_parser::{
    asn1_rs::Oid as ParsedOid,
    extensions::{
        DistributionPointName, GeneralName, GeneralSubtree, ParsedExtension, PolicyInformation,
        X509Extension,
    },
    prelude::FromDer,
};

use super::{
    super::{
        der,
        der::{Reader, Rules, Value},
        hex,
        oid::{self, Oid, oid},
    },
    BasicConstraints, Extension,
    name::{self, Name},
};

/// The extensions of a certificate, the inside of their sequence.
///
/// openssl shows a certificate with broken extensions, so a fault hides the extension or, where
/// the next one cannot be found, the rest of them. Of two that say the same, the last one counts.
#[derive(Clone, Copy)]
pub(super) struct Extensions<'a>(pub(super) Reader<'a>);

/// One extension, as encoded.
pub(super) struct RawExtension<'a> {
    oid: Oid<'a>,
    critical: bool,
    value: Reader<'a>,
    raw: &'a [u8],
}

impl<'a> Iterator for Extensions<'a> {
    type Item = RawExtension<'a>;

    fn next(&mut self) -> Option<RawExtension<'a>> {
        loop {
            if let Some(it) = RawExtension::read(self.0.take(der::SEQUENCE)?) {
                return Some(it);
            }
        }
    }
}

impl<'a> RawExtension<'a> {
    fn read(whole: Value<'a>) -> Option<RawExtension<'a>> {
        let mut parts = whole.inside();
        let oid = parts.oid()?;
        // Any byte but zero is true, as in openssl; DER allows 255 only.
        let critical = parts.take(der::BOOLEAN).is_some_and(|it| it.body != [0]);
        let value = parts.take(der::OCTET_STRING)?.inside();
        Some(RawExtension { oid, critical, value, raw: whole.raw })
    }

    /// The same, for display.
    pub(super) fn shown(&self) -> Extension {
        Extension {
            oid: self.oid.to_string(),
            name: oid::extension(self.oid),
            critical: self.critical,
            value: self.words().unwrap_or_else(|| hex(self.value.rest())),
        }
    }

    /// Whether Go makes use of it, or leaves it to others to.
    ///
    /// Mirrors: processExtensions, Go 1.24 crypto/x509/parser.go.
    fn is_handled(&self) -> bool {
        // Mail, DNS, URI and IP.
        let is_known = |it: Value<'_>| matches!(it.tag & 0x1f, 1 | 2 | 6 | 7);
        let mut list = { self.value }.enter(der::SEQUENCE);
        let mut parts = std::iter::from_fn(|| list.as_mut()?.any());
        match self.oid.0 {
            SUBJECT_NAMES => parts.any(is_known),
            NAME_CONSTRAINTS => parts.all(|it| {
                let mut subtrees = it.inside();
                std::iter::from_fn(|| subtrees.enter(der::SEQUENCE)?.any()).all(is_known)
            }),
            id => matches!(id, [0x55, 0x1d, 14 | 15 | 19 | 31..=33 | 35..=37 | 54]),
        }
    }

    /// What the extension says, in words; none when it is not as it should be.
    fn words(&self) -> Option<String> {
        let mut value = self.value;
        Some(match self.oid.0 {
            SUBJECT_KEY_ID => hex(value.take(der::OCTET_STRING)?.body),
            KEY_USAGE => key_usage(value)?.join(", "),
            SUBJECT_NAMES | ISSUER_NAMES => general_names(value.enter(der::SEQUENCE)?)?.join(", "),
            BASIC_CONSTRAINTS => {
                let it = basic_constraints(value)?;
                let ca = if it.ca { "CA" } else { "not a CA" };
                match it.path_length {
                    Some(length) => format!("{ca}, path length {length}"),
                    None => ca.to_owned(),
                }
            }
            AUTHORITY_KEY_ID => authority_key_identifier(value)?,
            EXTENDED_KEY_USAGE => extended_key_usage(value)?.join(", "),
            OCSP_NO_CHECK | PRECERTIFICATE_POISON => "present".to_owned(),
            TLS_FEATURE => tls_feature(value)?,
            _ => match X509Extension::from_der(self.raw) {
                Ok((_, it)) => describe(it.parsed_extension(), it.value)?,
                // The extension's own frame is not DER; its value may be anything.
                Err(_) => hex(value.rest()),
            },
        })
    }
}

impl<'a> Extensions<'a> {
    /// What `read` makes of the last extension `id` that it can read.
    fn last<T>(self, id: &[u8], read: impl Fn(Reader<'a>) -> Option<T>) -> Option<T> {
        self.filter(|it| it.oid.is(id)).filter_map(|it| read(it.value)).last()
    }

    pub(super) fn basic_constraints(self) -> Option<BasicConstraints> {
        self.last(BASIC_CONSTRAINTS, basic_constraints)
    }

    pub(super) fn key_usage(self) -> Option<Vec<&'static str>> {
        self.last(KEY_USAGE, key_usage)
    }

    pub(super) fn extended_key_usage(self) -> Option<Vec<Cow<'static, str>>> {
        self.last(EXTENDED_KEY_USAGE, extended_key_usage)
    }

    pub(super) fn unhandled(self) -> Option<String> {
        let mut critical = self.filter(|it| it.critical);
        critical.find(|it| !it.is_handled()).map(|it| it.oid.to_string())
    }

    pub(super) fn subject_key_id(self) -> Option<&'a [u8]> {
        self.last(SUBJECT_KEY_ID, |mut it| Some(it.take(der::OCTET_STRING)?.body))
    }

    pub(super) fn authority_key_id(self) -> Option<&'a [u8]> {
        self.last(AUTHORITY_KEY_ID, |mut it| {
            Some(it.enter(der::SEQUENCE)?.take(der::context(0))?.body)
        })
    }

    /// The subject's alternative names, those of all such extensions.
    pub(super) fn sans(self) -> Vec<String> {
        let names = |it: RawExtension<'_>| general_names({ it.value }.enter(der::SEQUENCE)?);
        self.filter(|it| it.oid.is(SUBJECT_NAMES)).filter_map(names).flatten().collect()
    }
}

const SUBJECT_KEY_ID: &[u8] = oid!("2.5.29.14");
const KEY_USAGE: &[u8] = oid!("2.5.29.15");
const SUBJECT_NAMES: &[u8] = oid!("2.5.29.17");
const ISSUER_NAMES: &[u8] = oid!("2.5.29.18");
const BASIC_CONSTRAINTS: &[u8] = oid!("2.5.29.19");
const NAME_CONSTRAINTS: &[u8] = oid!("2.5.29.30");
const AUTHORITY_KEY_ID: &[u8] = oid!("2.5.29.35");
const EXTENDED_KEY_USAGE: &[u8] = oid!("2.5.29.37");
const OCSP_NO_CHECK: &[u8] = oid!("1.3.6.1.5.5.7.48.1.5");
const PRECERTIFICATE_POISON: &[u8] = oid!("1.3.6.1.4.1.11129.2.4.3");
const TLS_FEATURE: &[u8] = oid!("1.3.6.1.5.5.7.1.24");

fn authority_key_identifier(mut value: Reader<'_>) -> Option<String> {
    let mut parts = value.enter(der::SEQUENCE)?;
    let mut words = Vec::new();
    if let Some(id) = parts.take(der::context(0)) {
        words.push(hex(id.body));
    }
    if let Some(issuer) = parts.enter(der::context_constructed(1)) {
        words.push(format!("issuer {}", general_names(issuer)?.join(", ")));
    }
    if let Some(serial) = parts.take(der::context(2)) {
        words.push(format!("serial {}", hex(serial.body)));
    }
    parts.is_empty().then(|| words.join(", "))
}

/// An extension that x509-parser has read.
fn describe(parsed: &ParsedExtension<'_>, value: &[u8]) -> Option<String> {
    Some(match parsed {
        ParsedExtension::ParseError { .. } => return None,
        ParsedExtension::CertificatePolicies(policies) => join(policies.iter().map(policy)),
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
    let method = it.access_method.to_id_string();
    let method = oid::access_method(&method).unwrap_or(&method);
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

fn key_usage(mut value: Reader<'_>) -> Option<Vec<&'static str>> {
    let (_, bytes) = value.bits()?;
    let is_set = |n: usize| bytes.get(n / 8).is_some_and(|it| it << (n % 8) & 0x80 != 0);
    let usages = KEY_USAGES.iter().enumerate().filter(|(n, _)| is_set(*n));
    Some(usages.map(|(_, name)| *name).collect())
}

fn basic_constraints(mut value: Reader<'_>) -> Option<BasicConstraints> {
    let mut parts = value.enter(der::SEQUENCE)?;
    let ca = parts.take(der::BOOLEAN).is_some_and(|it| it.body != [0]);
    let path_length = parts.take(der::INTEGER).and_then(|it| der::small(it.body));
    parts.is_empty().then_some(BasicConstraints { ca, path_length })
}

fn extended_key_usage(mut value: Reader<'_>) -> Option<Vec<Cow<'static, str>>> {
    let mut list = value.enter(der::SEQUENCE)?;
    let mut usages = Vec::new();
    while !list.is_empty() {
        usages.push(oid::extended_key_usage(list.oid()?));
    }
    Some(usages)
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
                let name = Name { der: it.inside().any()?.raw };
                format!("dirname:{}", name.sound()?.rfc4514())
            }
            6 => format!("URI:{}", text()),
            7 => format!("IP:{}", address(it.body)),
            8 => format!(
                "RID:{}",
                match Oid::new(it.body) {
                    Some(oid) => oid.to_string(),
                    None => hex(it.body),
                }
            ),
            n => format!("[{n}]:#{}", hex(it.raw)),
        });
    }
    Some(names)
}

fn other_name(mut parts: Reader<'_>) -> Option<String> {
    let oid = parts.oid()?;
    let value = parts.enter(der::context_constructed(0))?.any()?;
    let text = name::shown(value);
    Some(format!("othername:{oid}:{text}"))
}

/// The same for a name that x509-parser has read.
fn general_name(it: &GeneralName<'_>) -> String {
    match it {
        GeneralName::RFC822Name(text) => format!("email:{text}"),
        GeneralName::DNSName(text) => format!("DNS:{text}"),
        GeneralName::URI(text) => format!("URI:{text}"),
        GeneralName::IPAddress(bytes) => format!("IP:{}", address(bytes)),
        GeneralName::RegisteredID(oid) => format!("RID:{}", ParsedOid::to_id_string(oid)),
        GeneralName::DirectoryName(it) => {
            let name = Name { der: it.as_raw() }.sound();
            format!("dirname:{}", name.map(Name::rfc4514).unwrap_or_default())
        }
        GeneralName::OtherName(oid, rest) => {
            format!("othername:{}:#{}", ParsedOid::to_id_string(oid), hex(rest))
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
