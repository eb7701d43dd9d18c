//! Hostile text made harmless for the place where it is going to stand.
//!
//! A name in a kubeconfig may hold anything: a command, a formula, a tag, characters that turn
//! the direction of writing. Each function here knows one place and nothing of kubeconfigs.
//! None of them lets a control character, or another one that is not seen, through.

/// `text` for people, on one line: what cannot be seen is shown as a sign for it.
pub fn visible(text: &str) -> String {
    text.chars().map(|it| if is_hidden(it) { sign(it) } else { it.to_string() }).collect()
}

/// A sign for a hidden character: `␛`, or `\u{202e}` where there is none.
fn sign(it: char) -> String {
    match it {
        '\u{0}'..='\u{1f}' => char::from_u32(0x2400 + u32::from(it)).map(String::from),
        '\u{7f}' => Some('\u{2421}'.to_string()),
        _ => None,
    }
    .unwrap_or_else(|| it.escape_unicode().to_string())
}

/// Whether a character cannot be seen, or changes how others are seen: controls, formatting,
/// direction, blanks that are not the common one, fillers, variation selectors, tags, and code
/// points that are no characters.
pub fn is_hidden(it: char) -> bool {
    it.is_control()
        || it.is_whitespace() && it != ' '
        || matches!(u32::from(it),
            0xad | 0x34f | 0x61c | 0x115f..=0x1160 | 0x17b4..=0x17b5 | 0x180b..=0x180f
            | 0x600..=0x605 | 0x6dd | 0x70f | 0x890..=0x891 | 0x8e2
            | 0x200b..=0x200f | 0x202a..=0x202e | 0x2060..=0x206f | 0x2800 | 0x3164
            | 0xe000..=0xf8ff | 0xfe00..=0xfe0f | 0xfdd0..=0xfdef | 0xfeff | 0xffa0
            | 0xfff0..=0xfffb | 0x110bd | 0x110cd | 0x13430..=0x1345f | 0x1bca0..=0x1bca3
            | 0x1d159 | 0x1d173..=0x1d17a | 0xe0000..=0xe0fff | 0xf0000..=0x10_ffff)
        || matches!(u32::from(it) & 0xffff, 0xfffe | 0xffff)
}

/// `text` as one word of bash, which yields exactly `text` and runs nothing.
///
/// Hidden characters are written as escapes, which bash, ksh and zsh read. A NUL, which no
/// argument can hold, becomes the sign `␀`.
///
/// ```
/// use kubeconfig_inspector::quote::bash;
/// assert_eq!(bash("prod-1"), "prod-1");
/// assert_eq!(bash("$(rm -rf ~)"), "'$(rm -rf ~)'");
/// assert_eq!(bash("it's"), r"'it'\''s'");
/// assert_eq!(bash("a\u{1b}[2J"), r"$'a\x1b[2J'");
/// ```
pub fn bash(text: &str) -> String {
    let text = &text.replace('\0', "\u{2400}");
    if !text.is_empty() && text.chars().all(|it| is_plain(it) || "@%+,:".contains(it)) {
        return text.clone();
    }
    if !text.chars().any(is_hidden) {
        return format!("'{}'", text.replace('\'', r"'\''"));
    }
    let mut word = String::from("$'");
    for it in text.chars() {
        match it {
            // An interactive bash looks for its history in the words, by simpler rules than its
            // own for quotes: it is to see none of what they mean something to.
            '\\' | '\'' | '"' | '`' | '$' | '!' => {
                word.push_str(&format!("\\x{:02x}", u32::from(it)));
            }
            _ if is_hidden(it) => {
                let mut buffer = [0; 4];
                let bytes = it.encode_utf8(&mut buffer).bytes();
                word.extend(bytes.map(|byte| format!("\\x{byte:02x}")));
            }
            _ => word.push(it),
        }
    }
    word.push('\'');
    word
}

/// `text` as one argument of PowerShell, 5.1 and later.
///
/// There `‘ ’ ‚ ‛` end a quoted text just as `'` does. Hidden characters are written as
/// numbers. A double quote reaches programs as it is only from PowerShell 7.3 on.
///
/// Mirrors: CharExtensions.IsSingleQuote and Tokenizer.ScanStringLiteral, PowerShell v7.4
/// engine/parser (also v5.1).
///
/// ```
/// use kubeconfig_inspector::quote::powershell;
/// assert_eq!(powershell("prod-1"), "prod-1");
/// assert_eq!(powershell("it's"), "'it''s'");
/// assert_eq!(powershell("a\u{202e}b"), "('a' + [char]::ConvertFromUtf32(0x202e) + 'b')");
/// ```
pub fn powershell(text: &str) -> String {
    let begins_well = text.starts_with(|it: char| it.is_ascii_alphabetic());
    if begins_well && text.chars().all(is_plain) {
        return text.to_owned();
    }
    let mut pieces = Vec::new();
    let mut piece = String::new();
    for it in text.chars() {
        match it {
            '\0' => piece.push('\u{2400}'),
            '\'' | '\u{2018}'..='\u{201b}' => piece.extend([it, it]),
            _ if is_hidden(it) => {
                pieces.push(format!("'{}'", std::mem::take(&mut piece)));
                pieces.push(format!("[char]::ConvertFromUtf32(0x{:x})", u32::from(it)));
            }
            _ => piece.push(it),
        }
    }
    if pieces.is_empty() {
        return format!("'{piece}'");
    }
    pieces.push(format!("'{piece}'"));
    // An empty text in front keeps the first `+` a joining of texts.
    let leads = pieces.first().is_some_and(|it| it == "''");
    pieces.retain(|it| it != "''");
    if leads {
        pieces.insert(0, "''".to_owned());
    }
    format!("({})", pieces.join(" + "))
}

/// Characters that no shell takes for anything but themselves, wherever they stand in a word.
fn is_plain(it: char) -> bool {
    it.is_ascii_alphanumeric() || "-_./".contains(it)
}

/// `text` as a Markdown code span, also inside a table.
///
/// ```
/// use kubeconfig_inspector::quote::markdown_code;
/// assert_eq!(markdown_code("prod"), "`prod`");
/// assert_eq!(markdown_code("a`b"), "``a`b``");
/// assert_eq!(markdown_code("a|b"), "a&#124;b");
/// ```
pub fn markdown_code(text: &str) -> String {
    let text = visible(text);
    // A table ends its cell at a `|`, even inside a code span, and a backslash would guard or
    // unguard the one behind it.
    if text.trim().is_empty() || text.contains(['|', '\\']) {
        return markdown(&text);
    }
    let fence = "`".repeat(backticks(&text) + 1);
    let blank = match text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) {
        true => " ",
        false => "",
    };
    format!("{fence}{blank}{text}{blank}{fence}")
}

/// The most backticks in `text` without anything between them: a fence around it has one more.
pub(crate) fn backticks(text: &str) -> usize {
    text.split(|it| it != '`').map(str::len).max().unwrap_or_default()
}

/// `text` as Markdown that shows just that text, also inside a table: no markup, no HTML, no
/// link, no mention of a person.
///
/// ```
/// use kubeconfig_inspector::quote::markdown;
/// assert_eq!(markdown("a *b* <img> @c"), r"a \*b\* &lt;img&gt; @<!-- -->c");
/// assert_eq!(markdown("https://www.x"), r"https\://www\.x");
/// ```
pub fn markdown(text: &str) -> String {
    let text = visible(text);
    let mut quoted = String::with_capacity(text.len());
    let mut before = None;
    let mut only_digits = true;
    for it in text.chars() {
        let begins_word = !before.is_some_and(char::is_alphanumeric);
        match it {
            '<' => quoted.push_str("&lt;"),
            '>' => quoted.push_str("&gt;"),
            '&' => quoted.push_str("&amp;"),
            '|' => quoted.push_str("&#124;"),
            '\\' => quoted.push_str("&#92;"),
            // An empty comment is the one thing that stops a mention and shows nothing.
            '@' if begins_word => quoted.push_str("@<!-- -->"),
            '`' | '*' | '_' | '[' | ']' | '~' | '$' | '#' => quoted.extend(['\\', it]),
            // The beginnings of lists and of underlined headings.
            '+' | '-' | '=' if before.is_none() => quoted.extend(['\\', it]),
            '.' | ')' if only_digits && before.is_some() => quoted.extend(['\\', it]),
            // The beginnings of links: `https://` and `www.`.
            '/' if before == Some(':') => {
                quoted.pop();
                quoted.push_str("\\:/");
            }
            '.' if before.is_some_and(|it| it.eq_ignore_ascii_case(&'w')) => quoted.push_str("\\."),
            _ => quoted.push(it),
        }
        only_digits &= it.is_ascii_digit();
        before = Some(it);
    }
    quoted
}

/// `text` as one cell of a CSV file (RFC 4180) that no spreadsheet takes for a formula.
///
/// ```
/// use kubeconfig_inspector::quote::csv;
/// assert_eq!(csv("prod"), "prod");
/// assert_eq!(csv("a,\"b\""), "\"a,\"\"b\"\"\"");
/// assert_eq!(csv("=1+1"), "'=1+1");
/// ```
pub fn csv(text: &str) -> String {
    let mut cell = visible(text);
    let first = cell.trim_start_matches([' ', '"', '\'']).chars().next();
    if first.is_some_and(|it| "=+-@|%\u{2409}\u{240d}\u{ff1d}\u{ff0b}\u{ff0d}\u{ff20}".contains(it))
    {
        cell.insert(0, '\'');
    }
    match cell.contains([',', ';', '"']) || cell.trim() != cell {
        true => format!("\"{}\"", cell.replace('"', "\"\"")),
        false => cell,
    }
}

/// `text` as a TEXT value of iCalendar, RFC 5545 section 3.3.11. Line breaks stay.
///
/// ```
/// use kubeconfig_inspector::quote::icalendar;
/// assert_eq!(icalendar("a;b,c\\d\ne"), r"a\;b\,c\\d\ne");
/// ```
pub fn icalendar(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len());
    for it in text.chars() {
        match it {
            '\n' => quoted.push_str("\\n"),
            '\\' | ';' | ',' => quoted.extend(['\\', it]),
            _ => quoted.push_str(&visible(it.encode_utf8(&mut [0; 4]))),
        }
    }
    quoted
}

/// `text` as a part of a file name that every system takes: letters, digits, dots, dashes.
///
/// ```
/// use kubeconfig_inspector::quote::file_name;
/// assert_eq!(file_name("prod/eu:1"), "prod-eu-1");
/// assert_eq!(file_name("../../etc/passwd"), "etc-passwd");
/// assert_eq!(file_name("con"), "con-");
/// assert_eq!(file_name("集群"), "kubeconfig");
/// ```
pub fn file_name(text: &str) -> String {
    const RESERVED: &[&str] = &["con", "prn", "aux", "nul", "com", "lpt"];
    let mut name = String::new();
    for it in text.chars() {
        match it.is_ascii_alphanumeric() || "._-".contains(it) {
            true => name.push(it),
            false if name.ends_with('-') => {}
            false => name.push('-'),
        }
        if 80 <= name.len() {
            break;
        }
    }
    let name = name.trim_matches(['.', '-', '_']);
    let stem = name.split('.').next().unwrap_or_default().to_ascii_lowercase();
    if RESERVED.contains(&stem.trim_end_matches(|it: char| it.is_ascii_digit())) {
        return format!("{stem}-{}", name.get(stem.len()..).unwrap_or_default());
    }
    if name.is_empty() { "kubeconfig".to_owned() } else { name.to_owned() }
}
