//! Covers the secrets in a text before it is shown, whatever the text is.
//!
//! Works on the text alone and not on what was read from it: a file that cannot be read holds
//! secrets too. What can be read shows no more than the redacted copy. When in doubt it covers once
//! too often.

use std::{borrow::Cow, ops::Range};

use kubeconfig_inspector::{
    export::Mark,
    kubeconfig::load::misspells_secret,
    masking::{looks_secret, names_secret, words_without_secrets},
};
use memchr::memchr;

/// A line, or several that hold one covered value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Folded {
    /// The numbers of the lines that it stands for, counted from 1.
    pub(super) lines: Range<u32>,
    /// What of it is shown, and what is covered.
    pub(super) parts: Vec<Part>,
}

/// A part of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// It is shown like this.
    Shown(String),
    /// So many characters are covered.
    Covered(usize),
}

/// Bytes that are shown of one line: a browser stands still to lay out more of them.
const SHOWN: usize = 4_000;

/// Bytes of a line that is looked at to its end. Of a longer one, all is covered behind what is shown.
const LONG: usize = 100_000;

/// A text from some line on, without its secrets and without its long runs of base64. It can be laid
/// down at any line, and taken up there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Folding<'a> {
    rest: &'a [u8],
    line: u32,
    /// What the redacted copy of the whole text does not show, and the bytes of that text.
    marks: &'a [Mark],
    length: usize,
}

/// A line with what of it is covered.
struct Covered<'a> {
    line: Cow<'a, str>,
    /// The bytes that are covered, in order, and what stands there: so many characters, together with
    /// those of the lines that go on with them.
    covers: Vec<(Range<usize>, Part)>,
}

impl<'a> Folding<'a> {
    /// The text that `rest` begins with line number `line`.
    pub(super) fn new(rest: &'a [u8], line: u32) -> Folding<'a> {
        Folding { rest, line, marks: &[], length: rest.len() }
    }

    /// The same as the end of a text of `length` bytes, of which `marks` are not to be shown.
    pub(super) fn with(self, marks: &'a [Mark], length: usize) -> Folding<'a> {
        Folding { marks, length, ..self }
    }

    /// Bytes that are left.
    pub(super) fn left(&self) -> usize {
        self.rest.len()
    }

    /// The number of the line that comes next.
    pub(super) fn line(&self) -> u32 {
        self.line
    }

    /// Passes over what the next line stands for; tells whether there was one.
    pub(super) fn pass(&mut self) -> bool {
        self.covered().is_some()
    }

    fn covered(&mut self) -> Option<Covered<'a>> {
        let start = self.at();
        let line = self.take_line()?;
        let head = match line.len() {
            0..=LONG => &line,
            _ => beginning(&line),
        };
        let mut covers = Vec::new();
        let mut from = 0;
        for it in (Covers { line: head, from: 0, secret: None }) {
            // What is covered to the end of what is looked at goes on behind it.
            let (start, end) = it.range();
            let end = if end == head.len() { line.len() } else { end };
            let inside = line.get(start..end)?;
            let more = match it {
                _ if end < line.len() => 0,
                Cover::Value { key_indent, .. } => self.skip_value(key_indent, inside),
                Cover::Pem { .. } => self.skip_pem(inside),
            };
            covers.push((start..end, Part::Covered(inside.chars().count() + more)));
            from = end;
        }
        if from < line.len() && announces_secret(&line) {
            let next = self.take_line().unwrap_or_default();
            covers.push((line.len()..line.len(), Part::Covered(next.trim().chars().count())));
        } else if head.len() < line.len() && from < line.len() {
            let depth = line.len() - line.trim_start().len();
            let value = line.find(": ").map_or(0, |it| it + 2);
            let more = self.skip_value(depth, line.get(value..)?);
            let n = line.get(head.len()..)?.chars().count();
            covers.push((head.len()..line.len(), Part::Covered(n + more)));
        }
        self.cover_marks(start, &line, &mut covers);
        Some(Covered { line, covers })
    }

    /// Covers as well what the redacted copy does not show of what was taken from `start` on.
    fn cover_marks(&mut self, start: usize, line: &str, covers: &mut Vec<(Range<usize>, Part)>) {
        let first = self.marks.partition_point(|it| it.range.end <= start);
        for mark in self.marks.get(first..).unwrap_or_default() {
            if self.at() <= mark.range.start {
                break;
            }
            let place = |at: usize| at.saturating_sub(start).min(line.len());
            let (mut from, mut to) = (place(mark.range.start), place(mark.range.end));
            let mut more = 0;
            while self.at() < mark.range.end
                && let Some(line) = self.take_line()
            {
                more += line.chars().count();
            }
            let covers_it = |(it, part): &(Range<usize>, Part)| {
                it.start <= from && to <= it.end && matches!(part, Part::Covered(_))
            };
            if more == 0 && covers.iter().any(covers_it) {
                continue;
            }
            let mut shown = mark.shown.as_ref();
            // What is covered already, and touches it, is covered together with it.
            covers.retain(|(it, part)| {
                let Part::Covered(n) = part else { return true };
                let apart = it.end < from || to < it.start;
                if !apart {
                    more += n - line.get(it.clone()).map_or(0, |it| it.chars().count());
                    (from, to, shown) = (from.min(it.start), to.max(it.end), None);
                }
                apart
            });
            let n = line.get(from..to).map_or(0, |it| it.chars().count());
            let part = shown.map_or(Part::Covered(n + more), |it| Part::Shown(it.clone()));
            let index = covers.partition_point(|it| it.0.start < from);
            covers.insert(index, (from..to, part));
        }
    }

    /// Where the next line begins.
    fn at(&self) -> usize {
        self.length - self.rest.len()
    }

    fn take_line(&mut self) -> Option<Cow<'a, str>> {
        if self.rest.is_empty() {
            return None;
        }
        let end = memchr(b'\n', self.rest).unwrap_or(self.rest.len());
        let (line, rest) = self.rest.split_at_checked(end)?;
        self.rest = rest.get(1..).unwrap_or_default();
        self.line += 1;
        Some(String::from_utf8_lossy(line.strip_suffix(b"\r").unwrap_or(line)))
    }

    /// Passes over what continues a value: deeper lines, blank ones between them, and the rest
    /// of a quoted value. Tells how many characters that was.
    fn skip_value(&mut self, key_indent: usize, inside: &str) -> usize {
        let quote = inside.chars().next().filter(|it| matches!(it, '"' | '\''));
        let mut open = quote.is_some_and(|it| inside.len() < 2 || !inside.ends_with(it));
        let mut covered = 0;
        loop {
            let mut next = *self;
            let Some(line) = next.take_line() else { break };
            let depth = line.chars().take_while(|it| it.is_whitespace()).count();
            let blank = line.trim().is_empty();
            let base64 = key_indent == usize::MAX && is_base64_line(&line);
            if !(open || base64 || (key_indent != usize::MAX && (key_indent < depth || blank))) {
                break;
            }
            if open && quote.is_some_and(|it| line.trim_end().trim_end_matches(',').ends_with(it)) {
                open = false;
            }
            covered += line.chars().count();
            *self = next;
        }
        covered
    }

    /// Passes over the rest of a PEM block, its end included, or over all when it has none.
    fn skip_pem(&mut self, first: &str) -> usize {
        let mut covered = 0;
        if first.contains("-----END ") {
            return covered;
        }
        while let Some(line) = self.take_line() {
            covered += line.chars().count();
            if line.contains("-----END ") {
                break;
            }
        }
        covered
    }
}

impl Iterator for Folding<'_> {
    type Item = Folded;

    fn next(&mut self) -> Option<Folded> {
        let first = self.line;
        let Covered { line, covers } = self.covered()?;
        let mut parts = Vec::with_capacity(2 * covers.len() + 1);
        let (mut at, mut room) = (0, SHOWN);
        for (range, part) in covers.into_iter().chain([(line.len()..line.len(), Part::Covered(0))])
        {
            // Half of a secret would not look like one: first what is secret, then the cut.
            let mut shown = rest(line.get(at..range.start)?);
            if let Part::Shown(it) = &part {
                shown.push_str(it);
            }
            let left = shown.split_off(boundary(&shown, room));
            room -= shown.len();
            parts.push(Part::Shown(shown));
            if !left.is_empty() {
                let behind = line.get(range.start..)?;
                parts.push(Part::Covered(left.chars().count() + behind.chars().count()));
                break;
            }
            if let Part::Covered(_) = part {
                parts.push(part);
            }
            at = range.end;
        }
        parts.retain(|it| !matches!(it, Part::Covered(0)) && *it != Part::Shown(String::new()));
        Some(Folded { lines: first..self.line, parts })
    }
}

/// The last place in `text` up to `most` at which it can be cut.
fn boundary(text: &str, most: usize) -> usize {
    (0..=most.min(text.len())).rev().find(|it| text.is_char_boundary(*it)).unwrap_or_default()
}

/// The whole words at the beginning of `line` that are shown at most: half of an address would show half
/// of the password in it.
fn beginning(line: &str) -> &str {
    let some = line.get(..boundary(line, SHOWN)).unwrap_or_default();
    let end = some.rfind(|it: char| it.is_ascii_whitespace() || matches!(it, '"' | '\'' | ','));
    some.get(..end.map_or(0, |it| it + 1)).unwrap_or_default()
}

/// A part of a line without a secret field, and without what else looks like a secret in its value.
fn rest(line: &str) -> String {
    // The key was judged already, and its name would be taken for one that announces a secret.
    let value = line.find(": ").map_or(0, |it| it + 2);
    let (key, value) = line.split_at(value);
    [key, &words_without_secrets(value)].concat()
}

/// What has to be covered in a line.
enum Cover {
    /// The bytes from `start` to `end`, and what continues them on deeper lines.
    Value { key_indent: usize, start: usize, end: usize },
    /// A PEM block from `start` to the `end` of the line, and what continues it.
    Pem { start: usize, end: usize },
}

impl Cover {
    /// Where it begins.
    fn start(&self) -> usize {
        let (Cover::Value { start, .. } | Cover::Pem { start, .. }) = *self;
        start
    }

    fn range(&self) -> (usize, usize) {
        let (Cover::Value { start, end, .. } | Cover::Pem { start, end }) = *self;
        (start, end)
    }
}

/// What has to be covered in a line, from left to right.
struct Covers<'t> {
    line: &'t str,
    from: usize,
    /// The next secret field, none if there is none; or nothing that is known.
    secret: Option<Option<Cover>>,
}

impl Iterator for Covers<'_> {
    type Item = Cover;

    fn next(&mut self) -> Option<Cover> {
        let Covers { line, from, .. } = *self;
        if line.len() <= from {
            return None;
        }
        let secret = self.secret.take().unwrap_or_else(|| secret_field(line, from));
        let before = from..secret.as_ref().map_or(line.len(), Cover::start);
        let found = match by_shape(line, before) {
            None => secret?,
            Some(it) => {
                self.secret = Some(secret);
                it
            }
        };
        self.from = found.range().1;
        Some(found)
    }
}

/// The first thing in a part of `line` that has the shape of a secret.
fn by_shape(line: &str, part: Range<usize>) -> Option<Cover> {
    let run = long_run(line, part.clone());
    let until = run.map_or(part.end, |it| it.0);
    if let Some(start) = line.get(part.start..until)?.find("-----BEGIN ") {
        return Some(Cover::Pem { start: part.start + start, end: line.len() });
    }
    let (start, end) = run?;
    Some(Cover::Value { key_indent: usize::MAX, start, end })
}

/// Whether `line` is nothing but an argument like `--client-secret`, whose value is the next one.
fn announces_secret(line: &str) -> bool {
    let word = line.trim().trim_start_matches("- ").trim_matches([' ', ',', '"', '\'', '[']);
    word.starts_with('-') && !word.contains([' ', '=']) && names_secret(word)
}

/// The value of the first field in `line` behind `from` whose name says that it is secret.
fn secret_field(line: &str, mut from: usize) -> Option<Cover> {
    while let Some(colon) = line.get(from..)?.find(':').map(|it| from + it) {
        from = colon + 1;
        let key = line.get(..colon)?.trim_end();
        let bare = key.trim_end_matches(['"', '\'']);
        let name_start =
            bare.rfind(|it: char| !is_name(it)).map_or(0, |it| it + char_length(bare, it));
        let rest = line.get(from..)?;
        let quoted = bare.len() < key.len();
        // Without a quote, YAML wants a blank after the colon of a key.
        if !(quoted || rest.is_empty() || rest.starts_with([' ', '\t'])) {
            continue;
        }
        if !is_secret(bare.get(name_start..)?) {
            continue;
        }
        let start = line.len() - rest.trim_start().len();
        let value = line.get(start..)?;
        let in_flow = quoted || line.get(..name_start)?.contains(['{', ',']);
        let name = bare.get(name_start..)?;
        let end = match is_whole(name) && value.starts_with(['{', '[']) {
            true => start,
            false => start + value_length(value, in_flow),
        };
        if end == start && (is_whole(name) || !rest.trim().is_empty()) {
            continue;
        }
        // In a flow, what is deeper than the line itself goes on with it.
        let key = if in_flow && !quoted {
            line.find(|it: char| !it.is_whitespace())?
        } else {
            name_start
        };
        return Some(Cover::Value { key_indent: indent(line, key), start, end });
    }
    None
}

fn is_name(it: char) -> bool {
    // What is not of ASCII may be a blank that nobody sees.
    it.is_ascii_alphanumeric()
        || matches!(it, '-' | '_' | '.')
        || !(it.is_ascii() || it.is_whitespace())
}

fn char_length(text: &str, at: usize) -> usize {
    text.get(at..).and_then(|it| it.chars().next()).map_or(1, char::len_utf8)
}

/// Whether the value of that field is a secret. `value` is that of an environment variable.
fn is_secret(name: &str) -> bool {
    let known = matches!(name, "value" | "proxy-url" | "client-key-data") || is_whole(name);
    // The path of a key is not the key.
    known || (name != "client-key" && names_secret(name)) || misspells_secret(name)
}

/// Whether a field of that name holds a whole kubeconfig as a text, when it holds a text.
fn is_whole(name: &str) -> bool {
    matches!(name, "config" | "kubeconfig" | "Kubeconfig")
}

/// How deep the key at `start` stands; dashes of a list count as depth.
fn indent(line: &str, start: usize) -> usize {
    line.get(..start).map_or(0, |it| it.chars().count())
}

/// The bytes of `value` that belong to it: to the closing quote, or to the end of the line, or
/// in a flow to the next comma or brace.
fn value_length(value: &str, in_flow: bool) -> usize {
    if let Some(quote) = value.chars().next().filter(|it| matches!(it, '"' | '\'')) {
        let mut escaped = false;
        for (at, it) in value.char_indices().skip(1) {
            if escaped {
                escaped = false;
            } else if it == '\\' && quote == '"' {
                escaped = true;
            } else if it == quote {
                return at + 1;
            }
        }
        return value.len();
    }
    if value.starts_with(['{', '[']) {
        let mut open = 0_usize;
        let end = value.find(|it| {
            open =
                open + usize::from(matches!(it, '{' | '[')) - usize::from(matches!(it, '}' | ']'));
            open == 0
        });
        return end.map_or(value.len(), |it| it + 1);
    }
    if in_flow {
        return value.find([',', '}', ']']).unwrap_or(value.len());
    }
    value.len()
}

/// The first run of letters in a part of `line` that is too long and too random to be a name.
fn long_run(line: &str, part: Range<usize>) -> Option<(usize, usize)> {
    let mut from = part.start;
    for run in
        line.get(part)?.split(|it: char| !(it.is_ascii_alphanumeric() || "+/=_-.~".contains(it)))
    {
        let start = line.get(from..)?.find(run).map(|it| from + it)?;
        let end = start + run.len();
        let base64 = 64 <= run.len() && !run.contains('.') && !is_hex(run);
        // The address of a URL is no secret, and what is secret in it is covered as a part of it.
        let address = run.starts_with("//") && line.get(..start)?.ends_with(':');
        if !address && (32 <= run.len() && looks_secret(run) || base64) {
            return Some((start, end));
        }
        from = end;
    }
    None
}

fn is_hex(run: &str) -> bool {
    run.bytes().all(|it| it.is_ascii_digit() || (b'a'..=b'f').contains(&it))
}

/// Whether a line is nothing but base64, as in a file of it.
fn is_base64_line(line: &str) -> bool {
    let line = line.trim();
    8 <= line.len() && line.bytes().all(|it| it.is_ascii_alphanumeric() || b"+/=_-".contains(&it))
}

#[cfg(test)]
mod tests {
    use kubeconfig_inspector::{export::marks, pace::at_once};

    use super::{Folding, Part};

    fn check(text: &str, expected: &str) {
        check_folding(text, Folding::new(text.as_bytes(), 1), expected);
    }

    /// The same with what the redacted copy does not show.
    fn check_kubeconfig(text: &str, expected: &str) {
        let marks = at_once(async |pace| marks(pace, text.as_bytes()).await);
        let whole = Folding::new(text.as_bytes(), 1).with(&marks, text.len());
        check_folding(text, whole, expected);
        // It can be taken up at every line.
        let mut folding = whole;
        while folding.pass() {
            let end = text.get(text.len() - folding.left()..).unwrap_or_default();
            let again = Folding::new(end.as_bytes(), folding.line()).with(&marks, text.len());
            let lines = |it: Folding<'_>| it.collect::<Vec<_>>();
            assert_eq!(lines(again), lines(folding), "{text}");
        }
    }

    fn check_folding(text: &str, folding: Folding<'_>, expected: &str) {
        let lines: Vec<String> = { folding }
            .map(|it| {
                let parts = it.parts.iter().map(|it| match it {
                    Part::Shown(it) => it.as_str(),
                    Part::Covered(_) => "•••",
                });
                format!("{} {}", it.lines.start, parts.collect::<String>())
            })
            .collect();
        assert_eq!(lines.join("\n"), expected, "{text}");
        // Passing over lines reads the same ones.
        let mut passed = folding;
        let n = std::iter::repeat_with(|| passed.pass()).take_while(|it| *it).count();
        assert_eq!((n, passed.left()), (lines.len(), 0), "{text}");
    }

    #[test]
    fn secret_fields_are_covered_however_they_are_written() {
        check("token: abc", "1 token: •••");
        check("  token: 'a b'  # x", "1   token: •••  # x");
        check("- name: a\n  value: b\nc: d", "1 - name: a\n2   value: •••\n3 c: d");
        check("{\"token\":\"a\\\"b\",\"name\":\"x\"}", "1 {\"token\":•••,\"name\":\"x\"}");
        check("user: {token: abc, name: x}", "1 user: {token: •••, name: x}");
        check("password: |\n  a\n\n  b\nname: x", "1 password: •••\n5 name: x");
        check("token:\n  abc\nname: x", "1 token:•••\n3 name: x");
        check("token: \"ab\n  cd\"\nname: x", "1 token: •••\n3 name: x");
        check("config:\n  a: b\n  token: c", "1 config:\n2   a: b\n3   token: •••");
        check("{\"config\":\"a: b\",\"x\":1}", "1 {\"config\":•••,\"x\":1}");
        check("proxy-url: http://u:p@h", "1 proxy-url: •••");
        check("client-key-data: LS0t\nname: x", "1 client-key-data: •••\n2 name: x");
        check(
            "user: {token: abc, password: def, x: y}",
            "1 user: {token: •••, password: •••, x: y}",
        );
        check(
            r#"{"users":[{"user":{"token":"a","password":"b"}},{"user":{"token":"c"}}]}"#,
            r#"1 {"users":[{"user":{"token":•••,"password":•••}},{"user":{"token":•••}}]}"#,
        );
        check(
            "{name: a, token: b, password: |\n  c}\nd: e",
            "1 {name: a, token: •••, password: •••\n3 d: e",
        );
        check("{password: [a, {b: c}], d: e", "1 {password: •••, d: e");
        check("  \"token\": {\n    \"a\": 1\n  }\n}", "1   \"token\": •••\n3   }\n4 }");
        check("  to\u{200b}ken: abc", "1   to\u{200b}ken: •••");
        check("  tokn: abc\n  pasword: |\n    a", "1   tokn: •••\n2   pasword: •••");
    }

    #[test]
    fn secrets_without_a_name_are_covered_by_their_shape() {
        let run = "Ab3".repeat(20);
        check(&format!("x: {run}"), "1 x: •••");
        check(
            "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\nname: x",
            "1 •••\n4 name: x",
        );
        check("  server: https://u:p@h:1", "1   server: https://redacted@h:1");
        check(
            &format!("{{server: https://u:p@h:1, x: {run}, token: a, y: {run}, z: b}}"),
            "1 {server: https://redacted@h:1, x: •••, token: •••, y: •••, z: b}",
        );
        check("{token: a, x: -----BEGIN A\nb\n-----END A\nc: d", "1 {token: •••, x: •••\n4 c: d");
    }

    #[test]
    fn values_of_arguments_are_covered() {
        check("args: [--token, abc, -v]", "1 args: [--token, [redacted], -v]");
        check("args:\n- --token\n- abc\n- -v", "1 args:\n2 - --token•••\n4 - -v");
        check("  [\n  \"--token\",\n  \"abc\"\n  ]", "1   [\n2   \"--token\",•••\n4   ]");
        check("- --token=abc\n- -v", "1 - --token=[redacted]\n2 - -v");
        check("- --token", "1 - --token");
    }

    #[test]
    fn a_kubeconfig_shows_no_more_than_its_redacted_copy() {
        let user = |fields: &str| format!("users:\n- name: u\n  user:\n{fields}\nkind: Config");
        let rows = [
            ("    ? token\n    : PW", "4     ? token\n5     : •••\n6 kind: Config"),
            ("    password: [PW, x]", "4     password: •••\n5 kind: Config"),
            ("    jwt: [PW, x]", "4     jwt: •••\n5 kind: Config"),
            ("    x: [PW, {a: PW}]", "4     x: [•••, {a: •••}]\n5 kind: Config"),
            ("    token: {a: PW}", "4     token: •••\n5 kind: Config"),
            ("    to\u{200b}ken: PW", "4     to\u{200b}ken: •••\n5 kind: Config"),
            ("    username: b\n      token:PW", "4     username: •••\n6 kind: Config"),
            ("    jwt: PW\n    x: PW # PW", "4     jwt: •••\n5     x: ••• #•••\n6 kind: Config"),
            (
                "    as: a # token PW, sha256~PWPWPWPWPW\n    # password: PW\n    # b",
                "4     as: a # token PW, [redacted]\n5     # password: •••\n6     # b\n7 kind: Config",
            ),
            ("    {x: \"P\n  W\", as: a}", "4     {x: •••\n6 kind: Config"),
            ("    x: |\n      P\n\n      W", "4     x: •••\n8 kind: Config"),
            // What is used again where it would be shown is shown; elsewhere nobody knows what it is.
            ("    x: &a b\n    as: *a", "4     x: &a b\n5     as: *a\n6 kind: Config"),
            ("    x: &a PW\n    y: *a", "4     x: &a •••\n5     y: *a\n6 kind: Config"),
            ("    x: &a PW\n    token: *a", "4     x: &a •••\n5     token: •••\n6 kind: Config"),
            (
                "    exec: {args: [--set-string=auth.password=PW, -p, PW, '--token=P W', --x]}",
                "4     exec: {args: [--set-string=auth.password=[redacted], -p, [redacted], \
                 '--token=[redacted]', --x]}\n5 kind: Config",
            ),
            (
                "    exec: {args: [\"{\\\"token\\\": \\\"P W\\\"}\", 'x']}",
                "4     exec: {args: [\"{\\\"token\\\": \\\"[redacted]\\\"}\", 'x']}\n5 kind: Config",
            ),
            (
                "    client-key-data: LS0t\n    as: a\n    tokenFile: /a/b",
                "4     client-key-data: •••\n5     as: a\n6     tokenFile: /a/b\n7 kind: Config",
            ),
        ];
        for (fields, expected) in rows {
            let expected = format!("1 users:\n2 - name: u\n3   user:\n{expected}");
            check_kubeconfig(&user(fields), &expected);
        }
        // Each of many in one long line is looked at once.
        let long = "- {user: {password: [PW]}}".replace("- ", ", ").repeat(20_000);
        let text = format!("users: [{{}}{long}]");
        let marks = at_once(async |pace| marks(pace, text.as_bytes()).await);
        let lines: Vec<_> = Folding::new(text.as_bytes(), 1).with(&marks, text.len()).collect();
        assert!(lines.len() == 1 && !format!("{lines:?}").contains("PW"), "{lines:?}");
        check_kubeconfig(
            "\u{feff}clusters: [{cluster: {server: 'https://u:PW@h:1'}}]\nx: {jwt: 'é', y: z}",
            "1 \u{feff}clusters: [{cluster: {server: 'https://redacted@h:1'}}]\n2 x: {jwt: •••, y: •••}",
        );
        let text = "users: [{user: {x: PW}}]\n\t- {\npassword: PW\n";
        check_kubeconfig(text, "1 users: [{user: {x: •••}}]\n2 \t- {\n3 password: •••");
    }

    #[test]
    fn names_stay() {
        let rows = [
            "  server: https://0123456789ABCDEF0123456789ABCDEF.gr7.eu-west-1.eks.amazonaws.com",
            "- name: arn:aws:eks:eu-west-1:123456789012:cluster/prod",
            "tokenFile: /var/run/secrets/token",
            "  client-key: /home/a/.minikube/client.key",
        ];
        for row in rows {
            check(row, &format!("1 {row}"));
        }
    }

    #[test]
    fn a_long_line_is_shown_in_part_and_covered_behind_it() {
        let words = "a, ".repeat(3_000);
        let shown = words.get(..4_000).unwrap();
        check(&format!("{words}\nb: c"), &format!("1 {shown}•••\n2 b: c"));
        let words = "a, ".repeat(40_000);
        check(
            &format!("b: {words}\n  token\nc: d"),
            &format!("1 b: {}•••\n3 c: d", &shown[..3_996]),
        );
        // The cut goes through no address.
        for times in [995, 40_000] {
            let words = ["a, ".repeat(1_328), "a, ".repeat(times)];
            let text = format!("{}https://user:passwordpassword@host, {}", words[0], words[1]);
            let lines: Vec<_> = Folding::new(text.as_bytes(), 1).collect();
            assert!(!format!("{lines:?}").contains("pass"), "{lines:?}");
        }
        let long = "a b ".repeat(40_000);
        check(&format!("{{x: y, token: \"{long}\n{long}\"\n}}"), "1 {x: y, token: •••\n3 }");
    }
}
