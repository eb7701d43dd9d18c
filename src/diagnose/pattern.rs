//! The wordings of messages, matched in whatever state a chat or a terminal left them.
//!
//! A pattern is the text as the program prints it, with `{name}` where a value stands. Case,
//! blanks, line breaks, quotation marks and backslashes do not count, so that wrapping, retyped
//! quotes and JSON escapes do not matter. What may stand in a value depends on its name:
//! `{host}` and `{address}` take the characters of host names and addresses, `{dns}` those of
//! addresses, `{link}` those of links, `{n}` digits; `{builtin}` takes a kind that every cluster has,
//! `{rule}` what does not begin with a user, `{command}` what has no quotes in it; any other name takes
//! anything, also nothing. A value at the end of a pattern runs to the end of its line, or to the quote
//! that closes the one before it. Where a word and a blank stand before a value, the text must have
//! something between them as well: `clusterUser` is not the word cluster before a name.

/// A text to match: what counts of it, and where that stands.
#[derive(Clone, Debug, Default)]
pub(super) struct Text {
    original: String,
    /// What counts, in lower case.
    essence: String,
    /// For each byte of `essence`, its offset in `original`.
    offsets: Vec<u32>,
}

/// The values that a pattern captured.
pub(super) type Captures = Vec<(&'static str, String)>;

/// The most that one value may span; a list of names can be long.
const MAX_VALUE: usize = 4_000;

impl Text {
    pub(super) fn new(original: String) -> Text {
        let mut essence = String::with_capacity(original.len());
        let mut offsets = Vec::with_capacity(original.len());
        for (at, it) in original.char_indices().filter(|(_, it)| counts(*it)) {
            let mut buffer = [0; 4];
            let bytes = it.to_ascii_lowercase().encode_utf8(&mut buffer).len();
            essence.push(it.to_ascii_lowercase());
            // A transcript is cut to far less than four gigabytes before it comes here.
            offsets.extend(std::iter::repeat_n(u32::try_from(at).unwrap_or(u32::MAX), bytes));
        }
        Text { original, essence, offsets }
    }

    pub(super) fn original(&self) -> &str {
        &self.original
    }

    /// Whether `phrase` stands in the text, by the same rules as a pattern.
    pub(super) fn contains(&self, phrase: &str) -> bool {
        self.essence.contains(&essence(phrase))
    }

    /// Where the byte `at` of the essence stands in the original.
    fn offset(&self, at: usize) -> Option<usize> {
        usize::try_from(*self.offsets.get(at)?).ok()
    }

    /// Whether something that does not count stands before the byte `at` of the essence.
    fn is_apart(&self, at: usize) -> bool {
        let before = at.checked_sub(1).and_then(|it| self.offset(it));
        before.zip(self.offset(at)).is_none_or(|(before, at)| before + 1 < at)
    }

    /// The quote that opens directly before the byte `at` of the essence.
    fn quote(&self, at: usize) -> Option<char> {
        let before = self.original.get(..self.offset(at)?)?;
        before.chars().next_back().filter(|it| matches!(it, '"' | '\''))
    }

    /// What the bytes from `start` to `end` of the essence were, on one line.
    fn value(&self, start: usize, end: usize) -> Option<String> {
        if end <= start {
            return None;
        }
        let from = self.offset(start)?;
        let last = self.offset(end.checked_sub(1)?)?;
        let to = last + self.original.get(last..)?.chars().next()?.len_utf8();
        let lines = self.original.get(from..to)?.lines().map(str::trim);
        // A line that a terminal broke has no blank at the break; a list has one after a comma.
        let mut value = String::new();
        for line in lines {
            let blank = value.ends_with(',') || value.ends_with(';');
            value.push_str(if blank { " " } else { "" });
            value.push_str(line);
        }
        Some(value)
    }

    /// The end, in the essence, of the line on which the byte `start` of the essence stands.
    fn line_end(&self, start: usize) -> usize {
        let from = self.offset(start).unwrap_or(self.original.len());
        let rest = self.original.get(from..).unwrap_or_default();
        let end = from + rest.find('\n').unwrap_or(rest.len());
        self.offsets.partition_point(|it| usize::try_from(*it).is_ok_and(|it| it < end))
    }
}

/// Whether a character counts when texts are compared.
fn counts(it: char) -> bool {
    !(it.is_whitespace()
        || matches!(it, '"' | '\'' | '`' | '\\' | '“' | '”' | '„' | '‘' | '’' | '«' | '»'))
}

fn essence(text: &str) -> String {
    text.chars().filter(|it| counts(*it)).map(|it| it.to_ascii_lowercase()).collect()
}

/// A wording to look for.
pub(super) struct Pattern {
    /// What it begins with.
    first: String,
    rest: Vec<Part>,
}

/// A part of a pattern.
enum Part {
    Literal(String),
    /// With its name; whether it stands apart from the word before it.
    Value(&'static str, bool),
}

fn parts(pattern: &'static str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        parts.push(Part::Literal(essence(before)));
        let word = before.trim_end_matches([' ', '"', '\'']);
        let apart = word.len() < before.len() && word.ends_with(char::is_alphanumeric);
        parts.push(Part::Value(name, apart));
        rest = after;
    }
    parts.push(Part::Literal(essence(rest)));
    parts.retain(|it| !matches!(it, Part::Literal(text) if text.is_empty()));
    parts
}

impl Pattern {
    /// Reads `wording`, which must not begin with a value.
    pub(super) fn new(wording: &'static str) -> Option<Pattern> {
        let mut parts = parts(wording).into_iter();
        match parts.next()? {
            Part::Literal(first) => Some(Pattern { first, rest: parts.collect() }),
            Part::Value(..) => None,
        }
    }

    /// Finds it in `text`, as late as it stands there.
    pub(super) fn find(&self, text: &Text) -> Option<Captures> {
        let Pattern { first, rest } = self;
        text.essence.rmatch_indices(first.as_str()).take(200).find_map(|(at, _)| {
            let mut captures = Captures::new();
            matches(rest, text, at + first.len(), &mut captures).then_some(captures)
        })
    }
}

/// Matches `parts` from the byte `at` of the essence on.
fn matches(parts: &[Part], text: &Text, at: usize, captures: &mut Captures) -> bool {
    let Some((part, parts)) = parts.split_first() else { return true };
    let Some(rest) = text.essence.get(at..) else { return false };
    match part {
        Part::Literal(it) => {
            rest.starts_with(it.as_str()) && matches(parts, text, at + it.len(), captures)
        }
        Part::Value(name, apart) => {
            if *apart && !text.is_apart(at) {
                return false;
            }
            let widest = rest.find(|it| !belongs(name, it)).unwrap_or(rest.len()).min(MAX_VALUE);
            let end = match parts {
                [] => {
                    // A wrapped word stands on the next line; a sentence that is not there does
                    // not.
                    let line = if is_sentence(name) { at.saturating_sub(1) } else { at };
                    text.line_end(line).min(at + widest).max(at)
                }
                [Part::Literal(next), ..] => {
                    let found = rest.match_indices(next.as_str()).map(|(it, _)| it);
                    let least = usize::from(is_name(name));
                    let fits = |it: &usize| matches(parts, text, at + it, &mut Vec::new());
                    match found.take_while(|it| *it <= widest).find(|it| least <= *it && fits(it)) {
                        Some(it) => at + it,
                        None => return false,
                    }
                }
                [Part::Value(..), ..] => return false,
            };
            let value = text.value(at, end).unwrap_or_default();
            let value = match (parts, text.quote(at)) {
                ([], Some(quote)) if !is_sentence(name) => {
                    value.split(quote).next().unwrap_or_default()
                }
                // In a list of what is wrong.
                ([], None) if is_name(name) && value.ends_with(']') && !value.contains('[') => {
                    value.split(", ").next().unwrap_or_default()
                }
                _ => &value,
            };
            // As a list of a log has it: the end of the list is none of the value.
            let list = value.trim_end_matches([']', '}', ')', ',', ' ']);
            let value = match list.ends_with(['"', '\'']) {
                true => list.trim_end_matches(['"', '\'', '\\']),
                false => value,
            };
            let value = value.trim_end_matches('\\').trim_matches(['"', '\'', ' ']);
            let value = if is_name(name) {
                value.trim_end_matches(['.', ':', ',', '\'', '"'])
            } else {
                value
            };
            if !accepts(name, value) {
                return false;
            }
            captures.push((name, value.to_owned()));
            matches(parts, text, end, captures)
        }
    }
}

/// Whether the value called `name` is one that is never empty and ends no sentence.
fn is_name(name: &str) -> bool {
    matches!(name, "host" | "address" | "name" | "context" | "cluster" | "user")
}

/// The kinds that every cluster has, each in the singular, with its short name.
const BUILT_IN: &str = " all clusterrole clusterrolebinding cm componentstatus configmap cronjob cs daemonset \
    deploy deployment ds endpoint ep ev event hpa ing ingress job limitrange namespace no node ns \
    persistentvolume persistentvolumeclaim po pod pv pvc quota rc replicaset resourcequota role \
    rolebinding rs sa secret service serviceaccount statefulset storageclass sts svc ";

/// Whether the value called `name` may be `value`.
fn accepts(name: &str, value: &str) -> bool {
    match name {
        "builtin" => {
            let word = value.split(['"', '\'', '\\', '`', ' ']).next().unwrap_or_default();
            let word = word.to_ascii_lowercase();
            // In the singular or the plural.
            BUILT_IN
                .split(' ')
                .filter(|it| !it.is_empty())
                .any(|it| word.strip_prefix(it).is_some_and(|end| matches!(end, "" | "s" | "es")))
        }
        "rule" => {
            let user = value.get(..4).is_some_and(|it| it.eq_ignore_ascii_case("user"));
            !value.is_empty() && !user
        }
        // A name in quotes is another one.
        "command" => !value.contains('"'),
        _ => true,
    }
}

/// Whether the value called `name` is more than a word.
fn is_sentence(name: &str) -> bool {
    matches!(name, "names" | "why" | "problem")
}

/// Whether `it` may stand in the value called `name`.
fn belongs(name: &str, it: char) -> bool {
    match name {
        "host" | "address" => it.is_alphanumeric() || "-._:[]*%<>${}".contains(it),
        "link" => it.is_alphanumeric() || "-._:[]/?=&%".contains(it),
        "dns" => it.is_ascii_hexdigit() || ".:[]%".contains(it),
        "n" => it.is_ascii_digit(),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_end_where_their_quote_does() {
        let rows = [
            ("no context exists with the name: \"a b\": x", "a b"),
            ("{\\\"no context exists with the name: \\\"a\\\" in it", "a"),
            ("[no context exists with the name: a, cluster has no server defined]", "a"),
            ("no context exists with the name: a, b", "a, b"),
        ];
        for (text, expected) in rows {
            let pattern = Pattern::new("no context exists with the name: {context}").unwrap();
            let found = pattern.find(&Text::new(text.to_owned())).unwrap();
            assert_eq!(found, [("context", expected.to_owned())], "{text}");
        }
    }

    #[test]
    fn wordings_are_found_in_any_state() {
        const PATTERN: &str = "certificate is valid for {names}, not {host}";
        let rows = [
            ("x509: certificate is valid for a, b, not c", Some(("a, b", "c"))),
            ("X509: Certificate is\nvalid for a,\nb, not c.d:", Some(("a, b", "c.d"))),
            (
                "certificate is valid for 10.0.0.1, 10.96.\n0.1, not 1.2.3.4\nnext",
                Some(("10.0.0.1, 10.96.0.1", "1.2.3.4")),
            ),
            ("certificate is valid for \"a\", not \\\"b\\\"", Some(("a", "b"))),
            ("certificate is valid for a", None),
        ];
        for (text, expected) in rows {
            let found = Pattern::new(PATTERN).unwrap().find(&Text::new(text.to_owned()));
            let expected = expected
                .map(|(names, host)| vec![("names", names.to_owned()), ("host", host.to_owned())]);
            assert_eq!(found, expected, "{text}");
        }
    }
}
