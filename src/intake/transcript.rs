//! A copied ticket or terminal taken apart: kubeconfigs, other blocks, and what kubectl said.

use memchr::memchr;

use super::content::{self, KEYS};
use crate::pace::Pace;

/// A text taken apart.
#[derive(Debug, Default)]
pub(super) struct Apart {
    /// The kubeconfigs, as lines without their common indentation.
    pub(super) kubeconfigs: Vec<Vec<String>>,
    /// Whether there was a code fence.
    pub(super) fenced: bool,
    /// Width of the indentation that was removed.
    pub(super) indent: usize,
    /// Blocks that may be another wrapping: fenced ones, and all lines that are no prompt.
    pub(super) blocks: Vec<String>,
    /// The lines outside the kubeconfigs.
    pub(super) rest: String,
    /// Whether one of those looks like a part of a kubeconfig: without it, what is left lacks something
    /// that is there.
    pub(super) lost: bool,
}

/// The lists of a kubeconfig: keys that stand nowhere else in it.
const LISTS: &[&str] = &["clusters", "contexts", "users"];

/// A line's indentation, in characters.
fn indent(line: &str) -> usize {
    line.chars().take_while(|it| it.is_whitespace()).count()
}

/// The key of a kubeconfig's top level with which `line` begins.
fn key(line: &str) -> Option<&'static str> {
    let line = line.trim_start();
    KEYS.iter().copied().find(|key| {
        let rest = line.strip_prefix(['"', '\'', '“']).unwrap_or(line).strip_prefix(key);
        rest.is_some_and(|it| it.trim_start_matches(['"', '\'', '”']).starts_with([':', '：']))
    })
}

/// Whether `line` opens or closes a fenced block.
fn is_fence(line: &str) -> bool {
    let line = line.trim_start();
    ["```", "~~~", "{code", "{noformat", "<pre", "</pre", "<code", "</code"]
        .iter()
        .any(|it| line.starts_with(it))
}

/// Whether `line` is a command after a prompt.
fn is_prompt(line: &str) -> bool {
    let line = line.trim_start();
    let begins = ["$ ", "% ", "❯ ", "➜ ", "PS ", "λ "];
    let holds = [
        "$ kubectl",
        "# kubectl",
        "> kubectl",
        "% kubectl",
        "$ cat ",
        "# cat ",
        "% cat ",
        "> type ",
        "> cat ",
    ];
    begins.iter().any(|it| line.starts_with(it)) || holds.iter().any(|it| line.contains(it))
}

/// The lines of `text` without a mark that stands before every line of a quotation, and
/// without line numbers; says what was removed.
pub(super) async fn unquote<'t>(
    pace: Pace<'_>,
    text: &'t str,
) -> (Vec<&'t str>, Option<&'static str>) {
    let mut lines: Vec<&str> = text.lines().collect();
    let mut did = None;
    for mark in ['>', '>', '>', '│', '┃', '|', '+'] {
        let strip = |line: &'_ str| -> Option<usize> {
            Some(line.len() - line.trim_start().strip_prefix(mark)?.len())
        };
        let marked = |line: &&&str| {
            strip(line).is_some() && key(line.trim_start_matches([mark, ' '])).is_some()
        };
        pace.rest().await;
        if lines.iter().filter(marked).count() < 2 {
            continue;
        }
        did = Some("The marks of a quotation were removed.");
        for line in &mut lines {
            *line = strip(line).and_then(|n| line.get(n..)).unwrap_or(line);
        }
    }
    pace.rest().await;
    if let Some(width) = number_width(&lines) {
        did = Some("Line numbers were removed.");
        for line in &mut lines {
            if line.trim_start().starts_with(|it: char| it.is_ascii_digit()) {
                let at = line.char_indices().nth(width).map_or(line.len(), |(at, _)| at);
                *line = line.get(at..).unwrap_or_default();
            }
        }
    }
    (lines, did)
}

/// How many characters stand before the text when the lines are numbered.
fn number_width(lines: &[&str]) -> Option<usize> {
    let width = |line: &&str| {
        let at = line.find(|it: char| it.is_ascii_alphabetic())?;
        let (before, text) = line.split_at_checked(at)?;
        let digits = before.trim_matches([' ', '\t', ':', '|', '│', '.', ')', '-']);
        let numbered = !digits.is_empty() && digits.bytes().all(|it| it.is_ascii_digit());
        (numbered && key(text).is_some()).then_some(before.chars().count())
    };
    let widths: Vec<usize> = lines.iter().filter_map(width).collect();
    match widths.as_slice() {
        [first, second, ..] => Some(*first.min(second)),
        _ => None,
    }
}

/// Whether `line` is the rest of the base64 or token value that `last` begins.
pub(super) fn continues(last: &str, line: &str) -> bool {
    let Some((name, value)) = last.split_once(':') else { return false };
    let (name, value, more) = (name.trim().trim_start_matches("- "), value.trim(), line.trim());
    let is_base64 = |it: &str| {
        it.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'+' | b'/' | b'='))
    };
    let is_token = |it: &str| {
        it.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_' | b'.'))
    };
    let long_enough = 40 <= value.len() && !more.is_empty() && key(line).is_none();
    match name {
        _ if name.ends_with("-data") => {
            let ends_here = |it: usize| it.is_multiple_of(4);
            long_enough
                && is_base64(value)
                && is_base64(more)
                && !value.ends_with('=')
                && (20 <= more.len()
                    || (!ends_here(value.len()) && ends_here(value.len() + more.len())))
        }
        "token" => long_enough && is_token(value) && is_token(more) && 20 <= more.len(),
        _ => false,
    }
}

/// The fields below the top level, but for those that say nothing by themselves.
const FIELDS: &str = "name cluster user context namespace server tls-server-name insecure-skip-tls-verify \
                      certificate-authority certificate-authority-data proxy-url client-certificate \
                      client-certificate-data client-key client-key-data token tokenFile username password \
                      exec auth-provider command args env interactiveMode provideClusterInfo";

/// Whether `line` begins with a field of a kubeconfig, whatever stands before it, or with one of the top
/// level that has lost its colon.
fn is_field(line: &str) -> bool {
    let line = line.trim();
    let body = line.trim_start_matches(|it: char| !it.is_alphanumeric());
    let name = body.split_once(':').map(|it| it.0.trim_end_matches(['"', '\'']));
    let is_known =
        |name| KEYS.contains(&name) || FIELDS.split_ascii_whitespace().any(|it| it == name);
    let is_top = || LISTS.contains(&line) || line.starts_with("current-context ");
    !line.starts_with('#') && name.map_or_else(is_top, is_known)
}

/// Whether `line` is a field of another object than a kubeconfig, with fields of its own.
fn begins_another(line: &str) -> bool {
    let name = line.trim_end().strip_suffix(':');
    name.is_some_and(|it| it.bytes().all(|it| it.is_ascii_alphanumeric()))
}

/// Whether the value of `line` stands on the next one.
fn waits(line: &str) -> bool {
    line.rsplit_once(':').is_some_and(|(_, value)| {
        let value = value.trim();
        value.is_empty() || value.starts_with(['>', '|']) && value.len() <= 3
    })
}

/// What stands before a line that is left out.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    /// Nothing, prose, or a border, as a fence or a prompt.
    Nothing,
    /// A part of a kubeconfig.
    Part,
    /// Another object.
    Other,
}

/// Puts a blank behind a dash that begins an item of a list without one, and the one key of the top level
/// that is indented differently to where the others stand. Says what it did.
pub(super) async fn mend_slips(pace: Pace<'_>, text: &str) -> (String, Vec<&'static str>) {
    let is_list = |key: &str| LISTS.contains(&key);
    let mut has_list = false;
    let mut tops: Vec<Option<usize>> = Vec::new();
    for (step, line) in text.lines().enumerate() {
        pace.rest_at_times(step).await;
        // Some of the keys stand in other places, too.
        let key = key(line).filter(|it| !has_list || is_list(it) || *it == "current-context");
        has_list |= key.is_some_and(is_list);
        tops.push(key.map(|_| indent(line)));
    }
    let indents = || tops.iter().flatten();
    let n = indents().count();
    let is_usual = |it: &&usize| 3 <= n && indents().filter(|other| other == it).count() == n - 1;
    let usual = indents().take(2).find(is_usual);
    let (mut out, mut did) = (String::with_capacity(text.len() + 16), Vec::new());
    let mut note = |it| {
        if !did.contains(&it) {
            did.push(it);
        }
    };
    for (step, (line, top)) in text.lines().zip(&tops).enumerate() {
        pace.rest_at_times(step).await;
        let body = line.trim_start();
        let item = body.strip_prefix('-').filter(|it| !it.starts_with([' ', '-']) && is_field(it));
        let lead = line.strip_suffix(body).unwrap_or_default();
        // Further out, only a list is in the way.
        let is_odd = |usual: &usize| {
            top.is_some_and(|at| *usual < at || at < *usual && key(line).is_some_and(is_list))
        };
        if let Some(usual) = usual.filter(|it| is_odd(it)) {
            note("One field was indented as its neighbors are.");
            out.push_str(&" ".repeat(*usual));
            out.push_str(body);
        } else if let Some(item) = item {
            note("A blank was put behind a dash.");
            out.push_str(lead);
            out.push_str("- ");
            out.push_str(item);
        } else {
            out.push_str(line);
        }
        out.push('\n');
    }
    (out, did)
}

/// Finds the kubeconfigs among `lines`.
///
/// A kubeconfig's lines are its top-level keys, all at one indentation, and what is indented
/// below them. Anything else (prose, a prompt, a fence) ends it; a key that it already has
/// begins the next one then, and without such an end only the key does with which it began.
pub(super) async fn take_apart(pace: Pace<'_>, lines: &[&str]) -> Apart {
    let is_list = |line: &&&str| key(line).is_some_and(|it| LISTS.contains(&it));
    pace.rest().await;
    if let Some(apart) = json(lines) {
        return apart;
    }
    let Some(base) = lines.iter().find(is_list).map(|it| indent(it)) else {
        return Apart { blocks: blocks(lines), rest: lines.join("\n"), ..Apart::default() };
    };
    let fenced = lines.iter().any(|it| is_fence(it));
    let mut apart = Apart { fenced, indent: base, ..Apart::default() };
    let mut current: Vec<String> = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    let last_list = lines.iter().rposition(|it| is_list(&it)).unwrap_or_default();
    let (mut inside, mut before) = (false, Before::Nothing);
    for (step, line) in lines.iter().enumerate() {
        pace.rest_at_times(step).await;
        let (at, body) = (indent(line), line.trim_start());
        let is_top = |it: &&str| at == base || (at < base && !LISTS.contains(it));
        match key(line).filter(is_top) {
            Some(key) => {
                // A list that stands twice in one document is no other document.
                let is_first = seen.first() == Some(&key) && ["apiVersion", "kind"].contains(&key);
                if seen.contains(&key) && (!inside || is_first && step < last_list) {
                    close(&mut apart, &mut current);
                    seen.clear();
                }
                if !seen.contains(&key) {
                    seen.push(key);
                }
                (inside, before) = (true, Before::Part);
                current.push(body.to_owned());
                continue;
            }
            None if inside && body.is_empty() => current.push(String::new()),
            None if inside && continues_block(line, base, &current) => {
                current.push(line.chars().skip(base.min(at)).collect());
            }
            None => {
                let is_awaited =
                    || current.iter().rev().find(|it| !it.is_empty()).is_some_and(|it| waits(it));
                let is_part = match before {
                    _ if !is_field(line) => inside && is_awaited(),
                    // Remarks at the margin may begin with such words, too.
                    Before::Nothing => 0 < at || !body.starts_with(char::is_alphanumeric),
                    Before::Part => true,
                    Before::Other => false,
                };
                before = match before {
                    _ if body.is_empty() => before,
                    _ if is_fence(line) || is_prompt(line) || body == "---" => Before::Nothing,
                    _ if is_part => Before::Part,
                    Before::Other => Before::Other,
                    _ if begins_another(body) => Before::Other,
                    _ => Before::Nothing,
                };
                apart.lost |= is_part && before == Before::Part && !body.is_empty();
                inside = false;
                if !(is_fence(line) || body.is_empty() || body == "---") {
                    apart.rest.push_str(line);
                    apart.rest.push('\n');
                }
            }
        }
    }
    close(&mut apart, &mut current);
    apart
}

/// Whether `line`, which is no top-level key, belongs to what stands before it.
fn continues_block(line: &str, base: usize, block: &[String]) -> bool {
    let (at, body) = (indent(line), line.trim_start());
    let item = body == "-" || body.starts_with("- ") || body.starts_with('#');
    let item = item || ["– ", "— ", "• "].iter().any(|it| body.starts_with(it));
    if is_fence(line) || is_prompt(line) {
        return false;
    }
    base < at || (base == at && item) || block.last().is_some_and(|last| continues(last, line))
}

fn close(apart: &mut Apart, current: &mut Vec<String>) {
    let block = std::mem::take(current);
    let end = block.iter().rposition(|it| !it.is_empty()).map_or(0, |it| it + 1);
    let block: Vec<String> = block.into_iter().take(end).collect();
    if block.iter().any(|it| key(it).is_some_and(|it| LISTS.contains(&it))) {
        apart.kubeconfigs.push(block);
    } else {
        apart.rest.push_str(&block.join("\n"));
        apart.rest.push('\n');
    }
}

/// A kubeconfig in JSON with other text around it.
fn json(lines: &[&str]) -> Option<Apart> {
    let text = lines.join("\n");
    let first = text.find("\"clusters\"").or_else(|| text.find("\"contexts\""))?;
    let start = text.get(..first)?.find('{')?;
    let mut depth = 0_usize;
    let (mut quoted, mut escaped) = (false, false);
    for (at, byte) in text.bytes().enumerate().skip(start) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'{' if !quoted => depth += 1,
            b'}' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 && at < first {
            // A map that ends before the kubeconfig begins.
            return None;
        }
        if depth == 0 {
            let rest = format!("{}\n{}", text.get(..start)?, text.get(at + 1..)?);
            let block = text.get(start..=at)?.lines().map(str::to_owned).collect();
            let fenced = lines.iter().any(|it| is_fence(it));
            let rest = rest.lines().filter(|it| !is_fence(it)).collect::<Vec<_>>().join("\n");
            return Some(Apart { kubeconfigs: vec![block], fenced, rest, ..Apart::default() });
        }
    }
    None
}

/// The fenced blocks, and all that is neither fence nor prompt.
fn blocks(lines: &[&str]) -> Vec<String> {
    let fenced = lines.split(|it| is_fence(it)).skip(1).step_by(2).map(|it| it.join("\n"));
    let plain = lines.iter().filter(|it| !is_fence(it) && !is_prompt(it));
    let plain: Vec<&str> = plain.copied().collect();
    let after = lines.iter().rposition(|it| is_prompt(it)).map(|at| at + 1);
    let after = after.and_then(|at| lines.get(at..)).map(|it| it.join("\n"));
    fenced.chain(after).chain([plain.join("\n")]).collect()
}

/// `text` without the sequences that color a terminal or set its title, also where the escape
/// character itself was written out or lost on the way.
pub(crate) fn without_colors(text: &str) -> String {
    const ESCAPES: &[&str] = &["\u{1b}", "\\x1b", "\\u001b", "\\033", "\\e", "^[", ""];
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['[', '\u{1b}']) {
        let (mut before, after) = rest.split_at(at);
        let title = after.strip_prefix("\u{1b}]").and_then(|it| it.split_once('\u{7}'));
        let sequence = after.strip_prefix('\u{1b}').unwrap_or(after).strip_prefix('[');
        let sequence = sequence.and_then(|it| {
            let end = it.find(|it: char| !(it.is_ascii_digit() || matches!(it, ';' | '?')))?;
            let (code, it) = it.split_at(end);
            // Without an escape character only a color counts: [31m, and not [5m].
            let lost = it.starts_with('m') && !code.is_empty() && !it.starts_with("m]");
            let is_code = after.starts_with('\u{1b}') || lost;
            it.get(1..).filter(|_| is_code && it.starts_with(|it: char| it.is_ascii_alphabetic()))
        });
        let escape = ESCAPES.iter().find_map(|it| before.strip_suffix(it)).unwrap_or(before);
        (before, rest) = match (title, sequence) {
            (Some((_, rest)), _) => (before, rest),
            (None, Some(rest)) => (escape, rest),
            (None, None) => rest.split_at(at + 1),
        };
        out.push_str(before);
    }
    out + rest
}

/// Words with which kubectl and the tools around it say that something failed.
const FAILURES: &[&str] = &[
    "unable to connect",
    "error:",
    "error from server",
    "error in configuration",
    "the connection to the server",
    "x509:",
    "tls:",
    "couldn't get",
    "memcache.go",
    "dial tcp",
    "you must be logged in",
    "unauthorized",
    "forbidden",
    "please enter username",
    "getting credentials",
    "i/o timeout",
    "no such host",
    "error loading config",
    "certificate",
    "failed",
    "refused",
    "timed out",
    "timeout",
    "deadline exceeded",
    "exception",
    "executable",
    "exec plugin",
    "no configuration",
    "does not exist",
    "not found",
];

/// `text` when it says that something failed.
pub(super) fn message(text: &str) -> Option<String> {
    let mut end = text.len().min(200_000);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let text = text.get(..end).unwrap_or_default();
    says_failure(text).then(|| text.trim().to_owned())
}

fn says_failure(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    FAILURES.iter().any(|it| lower.contains(it))
}

/// What kubectl said, in a text that kubectl reads as a kubeconfig all the same: lines such
/// as `error: …` are keys that it does not know.
pub(super) async fn in_kubeconfig(pace: Pace<'_>, text: &str) -> Option<String> {
    const BEGINNINGS: &[&str] = &[
        "error: ",
        "Error from server",
        "Unable to connect to the server",
        "The connection to the server",
        "# Unable to connect",
        "# error: ",
    ];
    // Most lines are told apart by their first letter: this sees every line of every file.
    let begins = |it: &str| {
        it.starts_with(['e', 'E', 'U', 'T', '#'])
            && BEGINNINGS.iter().any(|beginning| it.starts_with(beginning))
    };
    let mut said = Vec::new();
    let mut rest = Some(text);
    for step in 0.. {
        let Some(lines) = rest else { break };
        pace.rest_at_times(step).await;
        if begins(lines) {
            let line = lines.lines().next();
            // A remark of whoever wrote the file begins alike.
            let is_said = |it: &&str| it.strip_prefix("# error: ").is_none_or(says_failure);
            said.extend(line.filter(is_said));
        }
        rest = memchr(b'\n', lines.as_bytes()).and_then(|it| lines.get(it + 1..));
    }
    match content::is_kubeconfig(text) {
        _ if said.is_empty() => None,
        true => Some(said.join("\n")),
        false => message(text),
    }
}
