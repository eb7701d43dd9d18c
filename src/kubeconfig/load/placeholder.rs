//! What people and programs put where a secret was.

use crate::kubeconfig::Placeholder;

/// Recognizes what stands in place of a value; none for anything that may be one.
pub(super) fn recognize(text: &str) -> Option<Placeholder> {
    let text = text.trim();
    if matches!(text, "DATA+OMITTED" | "REDACTED") || text.starts_with("REDACTED+") {
        return Some(Placeholder::KubectlView);
    }
    if is_template(text) {
        return Some(Placeholder::Template);
    }
    let cut = ["…", "...", "***", "[redacted]", "[REDACTED]", "<redacted>", "XXXX", "xxxx"];
    if cut.iter().any(|it| text.contains(it)) && is_cut(text) {
        return Some(Placeholder::Cut);
    }
    None
}

/// Whether it is a word in brackets, or asks for one in words.
fn is_template(text: &str) -> bool {
    let wrapped = |open: &str, close: &str| {
        text.len() > open.len() + close.len() && text.starts_with(open) && text.ends_with(close)
    };
    let upper = text.to_ascii_uppercase();
    wrapped("<", ">")
        || wrapped("{{", "}}")
        || wrapped("${", "}")
        || wrapped("$(", ")")
        || wrapped("[", "]")
        || wrapped("%", "%")
        || (text.starts_with('$') && text.len() > 1 && is_name(text.get(1..).unwrap_or_default()))
        || (is_name(text)
            && ["YOUR_", "YOUR-", "MY_", "REPLACE_", "REPLACE-", "INSERT_", "CHANGE_", "CHANGEME"]
                .iter()
                .any(|it| upper.starts_with(it)))
}

/// Whether it is one word as a variable has.
fn is_name(text: &str) -> bool {
    text.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'-' | b'.'))
}

/// Whether what is left is no base64 any more, or nothing but a filler.
fn is_cut(text: &str) -> bool {
    let filler = |it: char| matches!(it, 'x' | 'X' | '*' | '.' | '…');
    text.chars().all(filler) || text.contains(['…', '*', '[', '<']) || text.contains("...")
}

#[cfg(test)]
mod tests {
    use super::{Placeholder, recognize};

    #[test]
    fn placeholders_are_told_from_values() {
        use Placeholder::{Cut, KubectlView, Template};
        let rows = [
            ("DATA+OMITTED", Some(KubectlView)),
            ("REDACTED", Some(KubectlView)),
            ("REDACTED+private+key+227+bytes++", Some(KubectlView)),
            ("LS0tLS1CRUdJTiBDRVJU…", Some(Cut)),
            ("LS0tLS1CRUdJTiBDRVJU...", Some(Cut)),
            ("LS0t***", Some(Cut)),
            ("[REDACTED]", Some(Template)),
            ("xxxxxxxx", Some(Cut)),
            ("<token>", Some(Template)),
            ("{{ .Values.token }}", Some(Template)),
            ("${TOKEN}", Some(Template)),
            ("$TOKEN", Some(Template)),
            ("YOUR_CA_DATA", Some(Template)),
            ("LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t", None),
            ("", None),
            ("Zm9vXXXXYmFy", None),
        ];
        for (text, expected) in rows {
            assert_eq!(recognize(text), expected, "{text:?}");
        }
    }
}
