//! A pasted transcript: what was said in it, part by part.

use super::pattern::Text;
use crate::intake;

/// A transcript, read.
#[derive(Debug)]
pub(super) struct Message {
    /// The whole, without colors and typography.
    pub(super) whole: Text,
    /// What was said, one thing each, in order.
    pub(super) parts: Vec<Text>,
    /// Hosts named in it, with their ports, in order.
    pub(super) hosts: Vec<Host>,
    /// Addresses in it, sorted.
    addresses: Vec<String>,
    /// The context that the last command named, as `--context prod`, or that was chosen before it.
    pub(super) context: Option<String>,
    /// The user that the last command named, as `--user=admin`.
    pub(super) user: Option<String>,
    /// The cluster that it named.
    pub(super) cluster: Option<String>,
    /// Hosts from which a command was to fetch something.
    pub(super) fetched: Vec<Host>,
}

/// A host that a message names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Host {
    /// Name or address, without brackets, in lower case.
    pub(super) name: String,
    /// Port, if one was named.
    pub(super) port: Option<u16>,
}

/// The most of a transcript that is read: its end, where errors are.
const MAX: usize = 100_000;

impl Message {
    pub(super) fn read(text: &str) -> Message {
        let mut start = text.len().saturating_sub(MAX);
        while !text.is_char_boundary(start) {
            start += 1;
        }
        let text = plain(text.get(start..).unwrap_or_default());
        let parts = parts(&text).into_iter().map(Text::new).collect();
        let hosts = hosts(&text.split_whitespace().collect::<Vec<_>>().join(" "));
        let addresses = addresses(&text);
        // A flag holds for its command, a choice for all that follow.
        let mut chosen = None;
        let mut flags = [None, None, None];
        let mut fetched = Vec::new();
        for line in text.lines() {
            let has = |words: &[&str]| words.iter().any(|it| line.contains(it));
            let asks = is_command(unmarked(line))
                && has(&["kubectl ", " k ", "helm ", "oc "])
                && !has(&[" config ", " login "]);
            if asks {
                flags = [None, None, None];
                let words: Vec<&str> = line.split_whitespace().collect();
                let addresses = words.windows(2).filter_map(|it| match it {
                    ["-s" | "--server" | "--kube-apiserver", _] => None,
                    [_, address] => host(address.strip_prefix("https://")?),
                    _ => None,
                });
                fetched.extend(addresses);
            }
            if let Some(it) =
                ["use-context", "Switched to context"].iter().find_map(|it| flag(line, it))
            {
                chosen = Some(it);
                flags = [None, None, None];
            }
            // There these are of what is written.
            if has(&["rolebinding", "set-context"]) {
                continue;
            }
            for (it, name) in flags.iter_mut().zip(["context", "user", "cluster"]) {
                let found =
                    ["--", "--kube-"].iter().find_map(|it| flag(line, &format!("{it}{name}")));
                *it = found.or(it.take());
            }
        }
        let [context, user, cluster] = flags;
        let context = context.or(chosen);
        let whole = Text::new(text);
        Message { whole, parts, hosts, addresses, context, user, cluster, fetched }
    }

    /// Whether it names something below `address`.
    pub(super) fn asks(&self, address: &str) -> bool {
        let below = format!("{}/", address.trim_end_matches('/'));
        let at = self.addresses.partition_point(|it| *it < below);
        self.addresses.get(at).is_some_and(|it| it.starts_with(&below))
    }
}

/// The addresses in `text`, sorted: whoever looks for one of many has ten thousand to look for.
fn addresses(text: &str) -> Vec<String> {
    let words = text.split(|it: char| it.is_whitespace() || "\"'\\<>".contains(it));
    let begin = |it: &str| Some(it.get(it.find("http")?..)?.to_owned());
    let mut found: Vec<String> = words.filter_map(begin).collect();
    found.sort();
    found
}

/// `text` without colors, line breaks written out, carriage returns and invisible characters.
fn plain(text: &str) -> String {
    let text = intake::without_colors(text);
    let text = match text.trim().contains('\n') {
        false => text.replace("\\r", "").replace("\\n", "\n"),
        true => text,
    };
    let invisible = |it: &char| {
        !(*it == '\r' || matches!(it, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}'))
    };
    text.chars().filter(invisible).map(|it| if it == '\u{a0}' { ' ' } else { it }).collect()
}

/// The things said in `text`: a line that begins something new, with the lines after it that
/// do not.
fn parts(text: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut begin = true;
    for line in text.lines() {
        let line = unmarked(line);
        if line.trim().is_empty() {
            // An empty line ends a thing said, unless kubectl's own list follows.
            continue;
        }
        match parts.last_mut() {
            Some(last) if !begin && !begins(line) => {
                last.push('\n');
                last.push_str(line);
            }
            _ => parts.push(line.to_owned()),
        }
        begin = is_command(line);
    }
    parts
}

/// `line` without the mark of a quotation.
fn unmarked(line: &str) -> &str {
    line.trim_start().trim_start_matches(['>', '|', '│']).trim_start()
}

/// Whether a line is a command after a prompt.
pub(super) fn is_command(line: &str) -> bool {
    let line = line.trim_start();
    let after = ["$ ", "# ", "% ", "> ", "❯ ", "➜ "].iter().find_map(|it| {
        let at = line.find(it)?;
        line.get(at + it.len()..).filter(|_| at < 60)
    });
    const TOOLS: &[&str] = &[
        "kubectl",
        "k ",
        "helm",
        "terraform",
        "oc ",
        "k9s",
        "export ",
        "cat ",
        "sudo ",
        "aws ",
        "ls",
        "date",
    ];
    after.is_some_and(|it| TOOLS.iter().any(|tool| it.trim_start().starts_with(tool)))
        || (line.starts_with("kubectl ") && !line.contains(": "))
}

/// Whether a line begins something new.
fn begins(line: &str) -> bool {
    const STARTS: &[&str] = &[
        "error",
        "unable to connect",
        "the connection to the server",
        "couldn't get",
        "warning",
        "w0",
        "please enter",
        "fatal",
        "failed",
        "exception",
        "caused by",
        "get \"http",
        "x509:",
        "the gcp auth",
        "the azure auth",
        "invalid configuration",
        "no resources found",
        "username:",
        "```",
    ];
    let lower =
        line.trim_start().trim_start_matches(['╷', '│', '*']).trim_start().to_ascii_lowercase();
    STARTS.iter().any(|it| lower.starts_with(it)) || is_command(line) || is_log_header(&lower)
}

/// Whether a line begins as a log line does: klog's `e1123 10:…`, a date, a JSON object.
fn is_log_header(lower: &str) -> bool {
    let bytes = lower.as_bytes();
    let digits = |range: std::ops::Range<usize>| {
        bytes.get(range).is_some_and(|it| it.iter().all(u8::is_ascii_digit))
    };
    let klog = matches!(bytes.first(), Some(b'e' | b'w' | b'i' | b'f')) && digits(1..5);
    let dated = digits(0..4) && matches!(bytes.get(4), Some(b'-' | b'/')) && digits(5..7);
    // As k9s writes the time: 9:25am.
    let hour = lower.split_once(':').is_some_and(|(hour, rest)| {
        hour.len() <= 2 && hour.parse::<u8>().is_ok() && rest.get(2..4) == Some("am")
            || rest.get(2..4) == Some("pm")
    });
    const LOGS: &[&str] = &[
        "{\"", "time=", "[error", "[warn", "[info", "[fatal", "[20", "fata[", "erro[", "info[",
        "warn[",
    ];
    klog || dated || hour || LOGS.iter().any(|it| lower.starts_with(it))
}

/// The value of a command-line flag, or the word after some others.
fn flag(text: &str, name: &str) -> Option<String> {
    let (_, after) = text.rsplit_once(name)?;
    let after =
        after.strip_prefix('=').or_else(|| after.strip_prefix(' '))?.trim_start_matches(' ');
    let value = match after.chars().next()? {
        quote @ ('"' | '\'') => after.get(1..)?.split(quote).next()?,
        _ => after.split_whitespace().next()?.trim_end_matches(['.', ',']),
    };
    Some(value.to_owned()).filter(|it| !it.is_empty())
}

/// The hosts that `text` names where client-go and Go name one.
fn hosts(text: &str) -> Vec<Host> {
    const BEFORE: &[&str] = &[
        "https://",
        "http://",
        "dial tcp ",
        "connection to the server ",
        "lookup ",
        ", not ",
        "read tcp ",
        "->",
        "certificate for ",
        "Host: ",
        "host=",
        "wanted to match ",
        "none matched ",
    ];
    let mut found: Vec<(usize, Host)> = Vec::new();
    for before in BEFORE {
        for (at, _) in text.match_indices(before) {
            let rest = text.get(at + before.len()..).unwrap_or_default();
            let rest = rest.trim_start_matches(['"', '\\', '\'', '\n']);
            let rest = rest.trim_start_matches("https://");
            let is_link = before.ends_with("//") && !is_api(rest);
            if let Some(host) = host(rest).filter(|_| !is_link) {
                found.push((at, host));
            }
        }
    }
    found.sort_by_key(|(at, _)| *at);
    let mut hosts: Vec<Host> = Vec::new();
    for (_, host) in found {
        if !hosts.contains(&host) {
            hosts.push(host);
        }
    }
    hosts
}

/// Whether the address with which `text` begins, without its scheme, is one where an API is
/// asked for something; others are links to documentation.
fn is_api(text: &str) -> bool {
    const API: &[&str] =
        &["api", "apis", "version", "openapi", "healthz", "livez", "readyz", "k8s"];
    let end = text.find(|it: char| it.is_whitespace() || "\"'\\<>?,".contains(it));
    let address = text.get(..end.unwrap_or(text.len())).unwrap_or_default();
    let mut path = address.split('/').skip(1).filter(|it| !it.is_empty()).peekable();
    path.peek().is_none() || path.any(|it| API.contains(&it))
}

/// The host with which `text` begins, with its port.
pub(super) fn host(text: &str) -> Option<Host> {
    let (name, rest) = match text.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?,
        None => {
            let end = text.find(|it: char| !(it.is_alphanumeric() || "-._".contains(it)));
            text.split_at(end.unwrap_or(text.len()))
        }
    };
    let port = rest.strip_prefix(':').map(|it| {
        it.split(|it: char| !it.is_ascii_digit()).next().unwrap_or_default().parse::<u16>().ok()
    });
    let name = name.trim_end_matches('.');
    let is_host = name.contains(['.', ':']) || name == "localhost" || port.flatten().is_some();
    (is_host && !name.is_empty())
        .then(|| Host { name: name.to_ascii_lowercase(), port: port.flatten() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transcript_falls_into_what_was_said() {
        let message = Message::read(
            "me@laptop:~$ kubectl --context prod get ns\n\
             E1123 10:15:01.123456   12345 memcache.go:265] couldn't get current server API \
             group list: Get \"https://10.0.0.1:6443/api?timeout=32s\": dial tcp 10.0.0.1:6443: \
             i/o timeout\n\
             \u{1b}[31mUnable to connect to the server: dial tcp\n  [fd00::1]:6443: i/o timeout\u{1b}[0m\n",
        );
        let parts: Vec<&str> = message.parts.iter().map(|it| it.original()).collect();
        assert_eq!(parts.len(), 3, "{parts:?}");
        assert_eq!(
            parts.last(),
            Some(&"Unable to connect to the server: dial tcp\n[fd00::1]:6443: i/o timeout")
        );
        assert_eq!(message.context.as_deref(), Some("prod"));
        let hosts: Vec<String> =
            message.hosts.iter().map(|it| format!("{} {:?}", it.name, it.port)).collect();
        assert_eq!(hosts, ["10.0.0.1 Some(6443)", "fd00::1 Some(6443)"]);
    }
}
