//! What each refusal means and what helps, in our words beside kubectl's.
//!
//! No value of a field is repeated here, since it may be a secret.

use crate::{
    base64::Base64Error,
    kubeconfig::{
        Placeholder, Refusal,
        yaml::{Fault, FaultKind, View},
    },
    source::Location,
};

/// The scheme's name in client-go's messages: the place where it is made.
const SCHEME: &str = "k8s.io/client-go/tools/clientcmd/api/latest/latest.go:50";

fn refusal(kubectl: String, explanation: String, path: &str) -> Refusal {
    Refusal { kubectl, explanation, path: path.to_owned(), location: None }
}

/// A file that we do not read, though kubectl would.
pub(super) fn too_long(length: usize) -> Refusal {
    let explanation = format!(
        "The file has {length} bytes, more than this page reads. kubectl has no such limit; \
         take out the entries in question with \"kubectl config view --minify --raw\"."
    );
    refusal(String::new(), explanation, "")
}

/// A list that we do not read, though kubectl would.
pub(super) fn too_many(entries: usize, path: String) -> Refusal {
    let explanation = format!(
        "There are {entries} entries, more than the {} that this page reads. kubectl has no such \
         limit; take out the entries in question with \"kubectl config view --minify --raw\".",
        super::MAX_ENTRIES,
    );
    refusal(String::new(), explanation, &path)
}

/// A file that kubectl would read, with more memory than a page has.
pub(super) fn too_much_by_aliases() -> Refusal {
    let explanation = "The aliases (*name) in this file repeat so much text that it would take \
                       hundreds of megabytes to write it out. kubectl would try; this page does \
                       not. Write each value where it belongs instead of an alias."
        .to_owned();
    refusal(String::new(), explanation, "")
}

/// A fault of the text itself.
pub(super) fn yaml(fault: Fault) -> Refusal {
    let explanation = match &fault.kind {
        FaultKind::Bytes => bytes(&fault.problem),
        FaultKind::Syntax(problem) => syntax(problem),
        FaultKind::UnknownAnchor => {
            "A plain * begins an alias, and nothing in the file has that anchor. If the * belongs \
             to the value, put the value in quotes."
                .to_owned()
        }
        FaultKind::SelfReference => {
            "An alias stands inside the very value that it repeats. Write the value out once."
                .to_owned()
        }
        FaultKind::Aliasing => {
            "Aliases repeat so much of the file that kubectl takes it for an attack. Write each \
             value where it belongs."
                .to_owned()
        }
        FaultKind::Tag { wanted } => format!(
            "The tag {wanted} promises another type than the value has. Remove the tag, or put \
             the value in quotes if it is text."
        ),
        FaultKind::Binary => {
            "The tag !!binary promises base64, and the value is none. Remove the tag: kubectl \
             decodes the data fields by itself."
                .to_owned()
        }
        FaultKind::MapKey => {
            "A list or a mapping stands where the name of a field is expected. Most often this \
             is a template that was not filled in, such as {{ … }}: fill it in, or put it in \
             quotes."
                .to_owned()
        }
        FaultKind::MergeValue => {
            "The key << merges mappings, and its value is none. Remove it, or let it name the \
             anchor of a mapping."
                .to_owned()
        }
        FaultKind::OddKey => {
            "A field has no name, or a number too large for one. Write a name in front of the \
             colon."
                .to_owned()
        }
        FaultKind::OddNumber => {
            "The value is infinite or not a number (.inf, .nan), which kubectl cannot pass on. \
             If it is text, put it in quotes."
                .to_owned()
        }
        FaultKind::Depth => {
            "The file nests more than 10,000 levels deep. No kubeconfig needs more than ten."
                .to_owned()
        }
        FaultKind::Count => {
            "The file holds more values than this page reads of a file of its length: 250,000, and \
             one more for each 40 bytes. kubectl has no such limit. Take the file apart."
                .to_owned()
        }
    };
    Refusal {
        kubectl: fault.problem,
        explanation,
        path: String::new(),
        location: Some(fault.location),
    }
}

fn bytes(problem: &str) -> String {
    if problem.contains("control characters") {
        return "There is a control character that YAML does not allow, such as a NUL or an \
                escape. Often the file was saved as UTF-16 without a byte order mark, or is no \
                text at all. Save it as UTF-8, and remove the character."
            .to_owned();
    }
    "The bytes here are no valid text. Save the file as UTF-8.".to_owned()
}

/// Mirrors nothing: libyaml's messages, each with what people usually did.
fn syntax(problem: &str) -> String {
    let told = match problem {
        "found character that cannot start any token" => {
            "A value or a line begins with a character that YAML reserves. A tab cannot indent: \
             use spaces. A value that begins with @, `, % or the like must be in quotes."
        }
        "found a tab character that violates indentation"
        | "found a tab character where an indentation space is expected" => {
            "A tab stands where the indentation should be. YAML wants spaces there."
        }
        "mapping values are not allowed in this context" => {
            "A colon stands where no field can begin. Usually the line is indented differently \
             from its neighbors, or a value that holds \": \" is not in quotes."
        }
        "did not find expected key" | "did not find expected '-' indicator" => {
            "This line does not fit the lines above it. Usually it is indented differently from \
             its neighbors, or a quote above was closed too early."
        }
        "could not find expected ':'" => {
            "This line should be a field, but it has no colon. Usually a long value was broken \
             over several lines without indentation, or the colon is missing."
        }
        "found unexpected end of stream" => {
            "A quote was opened and never closed. Close it, or remove it."
        }
        "found unexpected document indicator" => {
            "A line with --- or ... stands inside a quoted value. Close the quote before it."
        }
        "found unknown escape character" => {
            "A backslash in double quotes is followed by a character that YAML does not know. \
             Write two backslashes, or use single quotes. JSON's \\/ is one of these: write / \
             instead."
        }
        "found invalid Unicode character escape code" => {
            "An escape \\u… names no character. JSON writes some characters as a pair of two \
             escapes, which kubectl does not read: write the character itself."
        }
        "did not find expected hexdecimal number" => {
            "An escape \\x, \\u or \\U is not followed by enough hexadecimal digits."
        }
        "did not find expected ',' or ']'" | "did not find expected ',' or '}'" => {
            "A list in [ ] or a mapping in { } is not closed, or a comma is missing between two \
             of its items."
        }
        "did not find expected alphabetic or numeric character" => {
            "A value begins with * or &, which YAML takes for an alias or an anchor. Put the \
             value in quotes."
        }
        "block sequence entries are not allowed in this context" => {
            "A list begins with \"- \" on the same line as something else. Put it on a line of \
             its own."
        }
        "mapping keys are not allowed in this context" => {
            "A question mark stands where no field can begin. Put the value in quotes."
        }
        "found incompatible YAML document" => {
            "The first line asks for another YAML version than 1.1, which is the only one that \
             kubectl takes. Remove the line."
        }
        "found unknown directive name"
        | "could not find expected directive name"
        | "found unexpected non-alphabetical character"
        | "found duplicate %YAML directive"
        | "found duplicate %TAG directive"
        | "did not find expected <document start>" => {
            "A line that begins with % is an instruction to the YAML reader, and this one cannot \
             be followed. Remove it, or put a value that begins with % in quotes."
        }
        "found undefined tag handle"
        | "did not find expected tag URI"
        | "did not find the expected '>'"
        | "did not find expected whitespace or line break" => {
            "A value begins with !, which YAML takes for a tag. Put the value in quotes."
        }
        "did not find expected comment or line break" => {
            "After | or > nothing may follow on the same line. Put the value on the next line, \
             indented, or in quotes on this one."
        }
        "did not find expected node content" => {
            "A value is missing here, or begins with a character that YAML reserves. Write the \
             value, in quotes if need be."
        }
        _ if problem.starts_with("exceeded max depth") => {
            "The file nests more than 10,000 levels deep. No kubeconfig needs more than ten."
        }
        _ => "This is not valid YAML. Compare the line with its neighbors.",
    };
    told.to_owned()
}

/// The whole document is something else than a mapping.
pub(super) fn not_a_mapping(found: &str, view: View<'_>, location: Location) -> Refusal {
    let kubectl = format!(
        "couldn't get version/kind; json parse error: json: cannot unmarshal {found} into Go \
         value of type struct {{ APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind \
         string \"json:\\\"kind,omitempty\\\"\" }}"
    );
    let what = match view {
        View::Sequence(_) => "a list",
        View::Text(_) => "a plain text",
        _ => "a single value",
    };
    let explanation = format!(
        "The file is {what}. A kubeconfig consists of fields, the first of which are usually \
         apiVersion: v1 and kind: Config."
    );
    Refusal { location: Some(location), ..refusal(kubectl, explanation, "") }
}

/// `apiVersion` or `kind` is no text.
pub(super) fn envelope_type(found: &str, known: &str, key: &str) -> Refusal {
    let kubectl = format!(
        "couldn't get version/kind; json parse error: json: cannot unmarshal {found} into Go \
         struct field .{known} of type string"
    );
    let wanted = if known == "kind" { "Config" } else { "v1" };
    let explanation = format!("{key} must be the text {wanted}, or absent.");
    refusal(kubectl, explanation, key)
}

/// `apiVersion` has too many slashes.
pub(super) fn group_version(version: &str) -> Refusal {
    let kubectl = format!("unexpected GroupVersion string: {version}");
    refusal(kubectl, "apiVersion must be v1.".to_owned(), "apiVersion")
}

/// `apiVersion` has a group and no version. kubectl repeats the whole file here; we do not.
pub(super) fn missing_version(group: &str) -> Refusal {
    let explanation = format!(
        "apiVersion names the group {group} and no version. A kubeconfig's apiVersion is v1."
    );
    refusal("Object 'apiVersion' is missing in '…'".to_owned(), explanation, "apiVersion")
}

/// Something else than a kubeconfig. `text` is the beginning of kubectl's words.
pub(super) fn not_registered(kind: &str, text: String, version: &str) -> Refusal {
    let (explanation, path) = match kind {
        "Config" => (
            format!(
                "The file says apiVersion {version}, and kubectl knows no kubeconfig of that \
                 version. Write apiVersion: v1."
            ),
            "apiVersion",
        ),
        _ => (
            format!(
                "The file says that it is a {kind} ({version}). kubectl takes only kind: Config \
                 for a kubeconfig. If a kubeconfig is inside of it, take that out and save it as \
                 a file of its own."
            ),
            "kind",
        ),
    };
    refusal(format!("{text} in scheme \"{SCHEME}\""), explanation, path)
}

/// A value of the wrong type.
pub(super) fn mismatch(kubectl: String, found: &str, go_type: &str, path: String) -> Refusal {
    let field = path.rsplit('.').next().unwrap_or_default();
    let found = match found {
        "object" => "a mapping (fields of its own)",
        "array" => "a list",
        "string" => "text",
        "bool" => "a truth value (true, yes, on and y all are, and their opposites)",
        _ => "a number",
    };
    let (wanted, way_out) = match go_type {
        "string" | "v1.ExecInteractiveMode" | "api.ExecInteractiveMode" => {
            ("text", " Put the value in quotes.")
        }
        "bool" => ("true or false", " Write true or false, without quotes."),
        "[]uint8" => ("base64", ""),
        "uint8" => ("a number from 0 to 255", ""),
        "[]string" => ("a list of texts", " Write each item on a line of its own behind \"- \"."),
        it if it.starts_with("[]") => {
            ("a list", " Write each item on a line of its own behind \"- \".")
        }
        it if it.starts_with("map[") => ("a mapping", " Write fields of its own below it."),
        _ => ("a mapping", " Write its fields below it, indented."),
    };
    let explanation = format!("{field} is {found}, and kubectl wants {wanted} here.{way_out}");
    refusal(kubectl, explanation, &path)
}

/// A `…-data` field that is no base64.
///
/// Mirrors: CorruptInputError.Error, Go 1.24 encoding/base64/base64.go.
pub(super) fn base64(
    error: Base64Error,
    text: &str,
    placeholder: Option<Placeholder>,
    path: String,
) -> Refusal {
    let kubectl = format!("illegal base64 data at input byte {}", error.at);
    let field = path.rsplit('.').next().unwrap_or_default();
    let explanation = match (placeholder, error.found) {
        (Some(Placeholder::Cut), _) => format!(
            "{field} was cut short to hide it, so it is no base64 any more. Ask for the whole \
             value: kubectl config view --raw --minify prints it."
        ),
        (Some(Placeholder::Template), _) => format!(
            "{field} holds a placeholder instead of the value. Fill it in: kubectl config view \
             --raw --minify prints the value where it works."
        ),
        _ if text.trim_start().starts_with("-----BEGIN") => format!(
            "{field} holds PEM as it is, and must hold it in base64. Encode it once more, or \
             name the file in {} instead.",
            field.trim_end_matches("-data")
        ),
        _ if text.starts_with("data:") => format!(
            "{field} begins with a data: prefix as in a web page. Remove everything up to and \
             including the comma."
        ),
        (_, Some(' ')) => format!(
            "{field} has a space at position {}. Most often the value was broken over several \
             lines, which YAML joins by spaces: put it on one line.",
            error.at + 1
        ),
        (_, Some('-' | '_')) => format!(
            "{field} has a - or _ at position {}, so it is base64 for URLs. kubectl wants the \
             common alphabet with + and /.",
            error.at + 1
        ),
        (_, Some(found)) => format!(
            "{field} is no base64: there is {} at position {}. Copy the value again.",
            name_of(found),
            error.at + 1
        ),
        (_, None) => format!(
            "{field} is base64 that ends too early, after {} characters. It was cut, or the = \
             at its end got lost. Copy the value again.",
            text.len()
        ),
    };
    refusal(kubectl, explanation, &path)
}

fn name_of(character: char) -> String {
    match character {
        '\t' => "a tab".to_owned(),
        '=' => "a = that does not belong there".to_owned(),
        it if it.is_ascii_graphic() => "a character that base64 does not have".to_owned(),
        it => format!("the character U+{:04X}", u32::from(it)),
    }
}

/// A name that stands twice in one list. kubectl prints the whole list with all secrets in it
/// then; we do not.
pub(super) fn duplicate(name: &str, from: &str, to: &str, first: &str, path: String) -> Refusal {
    let kubectl = format!(
        "error converting *[]{from} into *map[string]{to}: duplicate name \"{name}\" in list: …"
    );
    let explanation = format!(
        "The name {name:?} stands twice in one list: it is also that of {first}. Rename one of \
         the two, and what refers to it, or remove one."
    );
    refusal(kubectl, explanation, &path)
}
