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

/// Finds the kubeconfigs among `lines`.
///
/// A kubeconfig's lines are its top-level keys, all at one indentation, and what is indented
/// below them. Anything else (prose, a prompt, a fence) ends it; a key that it already has
/// begins the next one.
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
    let mut inside = false;
    for (step, line) in lines.iter().enumerate() {
        pace.rest_at_times(step).await;
        let (at, body) = (indent(line), line.trim_start());
        let is_top = |it: &&str| at == base || (at < base && !LISTS.contains(it));
        match key(line).filter(is_top) {
            Some(key) => {
                if seen.contains(&key) {
                    close(&mut apart, &mut current);
                    seen.clear();
                }
                seen.push(key);
                inside = true;
                current.push(body.to_owned());
                continue;
            }
            None if inside && body.is_empty() => current.push(String::new()),
            None if inside && continues_block(line, base, &current) => {
                current.push(line.chars().skip(base.min(at)).collect());
            }
            None => {
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
    let lower = text.to_ascii_lowercase();
    FAILURES.iter().any(|it| lower.contains(it)).then(|| text.trim().to_owned())
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
            said.extend(lines.lines().next());
        }
        rest = memchr(b'\n', lines.as_bytes()).and_then(|it| lines.get(it + 1..));
    }
    match content::is_kubeconfig(text) {
        _ if said.is_empty() => None,
        true => Some(said.join("\n")),
        false => message(text),
    }
}
