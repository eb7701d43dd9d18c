//! Sentences and commands with places for values.

use crate::{masking, quote};

/// `template` with its values made fit for people and without secrets; none when one is missing that
/// has no fallback.
pub(super) fn words(template: &str, value: impl Fn(&str) -> Option<String>) -> Option<String> {
    let shown = |it: String| quote::visible(&masking::words_without_secrets(&it));
    fill(template, |name| value(name).map(|it| shown(without_secrets(name, it))))
}

/// `template` with its values quoted as words of bash and without secrets; none when one is missing
/// that has no fallback.
pub(super) fn command(template: &str, value: impl Fn(&str) -> Option<String>) -> Option<String> {
    fill(template, |name| value(name).map(|it| quote::bash(&without_secrets(name, it))))
}

/// `value` of that name. The other names are of things that have to be found by them.
fn without_secrets(name: &str, value: String) -> String {
    match name {
        "host" | "server" => masking::url(&value),
        "command" => masking::words_without_secrets(&value),
        _ => value,
    }
}

fn fill(template: &str, value: impl Fn(&str) -> Option<String>) -> Option<String> {
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}')?;
        let (name, fallback) = match name.split_once('|') {
            Some((name, fallback)) => (name, Some(fallback.to_owned())),
            None => (name, None),
        };
        out.push_str(before);
        out.push_str(&value(name).filter(|it| !it.is_empty()).or(fallback)?);
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
        assert_eq!(command("f {a} {b|NAME}", value).as_deref(), Some(r"f 'it'\''s' NAME"));
    }
}
