//! Sentences and commands with places for values.

use crate::{masking, quote};
use std::net::Ipv6Addr;

/// `template` with its values made fit for people and without secrets; none when one is missing that
/// has no fallback.
pub(super) fn words(template: &str, value: impl Fn(&str) -> Option<String>) -> Option<String> {
    let shown = |it: String| quote::visible(&masking::words_without_secrets(&it));
    fill(template, |name, _| value(name).map(|it| shown(without_secrets(name, it))))
}

/// `template` with its values quoted as words of bash and without secrets; none when one is missing
/// that has no fallback.
pub(super) fn command(template: &str, value: impl Fn(&str) -> Option<String>) -> Option<String> {
    fill(template, |name, after| {
        // What begins like an option would be taken for one.
        let value = value(name).filter(|it| !it.starts_with('-'))?;
        let it = without_secrets(name, value);
        // Before a port, an IPv6 address stands in brackets.
        let is_joined = after.starts_with(':') && it.parse::<Ipv6Addr>().is_ok();
        Some(quote::bash(&if is_joined { format!("[{it}]") } else { it }))
    })
}

/// `value` as a word of bash, where kubectl or another program would take it for an option if it began
/// like one; without secrets.
pub(super) fn word(value: &str) -> String {
    match value.starts_with('-') {
        true => "NAME".to_owned(),
        false => quote::bash(&masking::path(value)),
    }
}

/// `value` of that name. The other names are of things that have to be found by them, such as files.
fn without_secrets(name: &str, value: String) -> String {
    match name {
        "host" | "server" => masking::url(&value),
        "command" => masking::words_without_secrets(&value),
        _ => masking::path(&value),
    }
}

/// `template` with what `value` says for a name and what follows it.
fn fill(template: &str, value: impl Fn(&str, &str) -> Option<String>) -> Option<String> {
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}')?;
        let (name, fallback) = match name.split_once('|') {
            Some((name, fallback)) => (name, Some(fallback.to_owned())),
            None => (name, None),
        };
        out.push_str(before);
        out.push_str(&value(name, after).filter(|it| !it.is_empty()).or(fallback)?);
        rest = after;
    }
    Some(out + rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_fill_places() {
        let value = |name: &str| (name == "a").then(|| "it's".to_owned());
        let rows = [
            ("plain", Some("plain")),
            ("x {a} y", Some("x it's y")),
            ("x {b|else} y", Some("x else y")),
            ("x {b} y", None),
        ];
        for (template, expected) in rows {
            assert_eq!(words(template, value).as_deref(), expected, "{template}");
        }
        let secret = |name: &str| match name {
            "host" => Some("adm:x@proxy".to_owned()),
            "command" => Some("TOKEN=x".to_owned()),
            _ => None,
        };
        assert_eq!(words("at {host}", secret).as_deref(), Some("at redacted@proxy"));
        assert_eq!(
            command("f {host} {command}", secret).as_deref(),
            Some("f redacted@proxy 'TOKEN=[redacted]'")
        );
        let dashed = |_: &str| Some("-x".to_owned());
        assert_eq!(command("f {a|NAME}", dashed).as_deref(), Some("f NAME"));
        assert_eq!(command("f {a}", dashed), None);
        assert_eq!(word("-x"), "NAME");
        assert_eq!(command("f {a} {b|NAME}", value).as_deref(), Some(r"f 'it'\''s' NAME"));
        let address = |_: &str| Some("2001:db8::1".to_owned());
        assert_eq!(
            command("curl https://{a}:{port|1}/x", address).as_deref(),
            Some("curl https://'[2001:db8::1]':2001:db8::1/x")
        );
        assert_eq!(command("nc {a} 1", address).as_deref(), Some("nc 2001:db8::1 1"));
    }
}
