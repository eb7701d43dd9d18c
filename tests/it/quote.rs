//! Hostile names through a real bash, and through the rules of the other places.

use std::{
    fs,
    io::Write,
    path::PathBuf,
    process::{Command, Stdio},
};

use kubeconfig_inspector::quote;
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};

/// Pieces that mean something to some reader.
const PIECES: &[&str] = &[
    "$(touch pwned)",
    "`touch pwned`",
    "'; touch pwned #",
    "\" ; >pwned; \"",
    "$HOME",
    "${x:=1}",
    "!!",
    "!-1",
    "^a^b",
    "~",
    "~root",
    "*",
    "?",
    "[a-z]",
    "{a,b}",
    "\\",
    "\\\\",
    "'",
    "\"",
    "''",
    "\n",
    "\r\n",
    "\t",
    "\0",
    "\u{1b}[2J",
    "\u{7}",
    "\u{7f}",
    "\u{85}",
    "\u{202e}",
    "\u{200b}",
    "\u{feff}",
    "\u{e0041}",
    "\u{2018}",
    "\u{2019}",
    "\u{201a}",
    "\u{201b}",
    "#",
    "-",
    "--",
    "-rf",
    "=",
    "=cmd|'/c calc'!A0",
    "+1",
    "@SUM(1)",
    "%",
    "%s",
    "&",
    "&&",
    "|",
    "||",
    ";",
    "<",
    ">",
    ">pwned",
    "(",
    ")",
    " ",
    "  ",
    "a",
    "prod",
    "0",
    "é",
    "集群",
    "\u{1f600}",
    "<b>",
    "</td>",
    "<!--",
    "&amp;",
    "**",
    "__",
    "[x](javascript:0)",
    "```",
    "``",
    "|---|",
    ",",
    ":",
    "://",
    "BEGIN:VEVENT",
    "\\n",
    "../",
    "..\\",
    "CON",
    "nul.txt",
    "$'x'",
    "\\x41",
    "%0a",
];

fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => proptest::sample::select(PIECES).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    proptest::collection::vec(piece, 0..8).prop_map(|it| it.concat())
}

/// Runs `script` in a bash that finds no program, in an empty folder, with history expansion
/// on. Gives what it printed, after checking that it did nothing else.
fn bash(name: &str, script: &str) -> Vec<u8> {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder for the test");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let bash = std::env::split_paths(&path).map(|it| it.join("bash")).find(|it| it.exists());
    let mut child = Command::new(bash.expect("bash is on PATH"))
        .args(["--noprofile", "--norc"])
        .env_clear()
        .env("LC_ALL", "C.UTF-8")
        .env("PATH", "")
        .current_dir(&folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("bash starts");
    let mut stdin = child.stdin.take().expect("stdin is a pipe");
    let script = format!("set -o history -o histexpand\n{script}");
    let writer = std::thread::spawn(move || stdin.write_all(script.as_bytes()));
    let output = child.wait_with_output().expect("bash ends");
    writer.join().expect("the writer ends").expect("bash reads its script");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "bash complained");
    assert_eq!(fs::read_dir(&folder).expect("the folder is there").count(), 0, "a file was made");
    output.stdout
}

#[test]
fn a_bash_word_yields_the_very_name_and_runs_nothing() {
    let mut runner = TestRunner::default();
    let mut name = || hostile().new_tree(&mut runner).expect("a name").current();
    for _ in 0..48 {
        let names: Vec<String> = (0..256).map(|_| name()).collect();
        let words: Vec<String> = names.iter().map(|it| quote::bash(it)).collect();
        let printed = bash("bash-words", &format!("printf '%s\\0' {}\n", words.join(" ")));
        let printed = String::from_utf8(printed).expect("bash prints what it got");
        let printed: Vec<&str> = printed.split_terminator('\0').collect();
        assert_eq!(printed.len(), names.len());
        for ((name, word), printed) in names.iter().zip(&words).zip(printed) {
            // No argument can hold a NUL.
            assert_eq!(printed, name.replace('\0', "\u{2400}"), "from {word}");
        }
    }
}

/// PowerShell's own rules for a text between single quotes, and for what we put beside it.
///
/// Mirrors: Tokenizer.ScanStringLiteral and CharExtensions.IsSingleQuote, PowerShell v7.4.0
/// engine/parser/tokenizer.cs.
fn powershell(word: &str) -> Option<String> {
    let is_quote = |it: char| "'\u{2018}\u{2019}\u{201a}\u{201b}".contains(it);
    let mut text = String::new();
    let mut rest = word;
    if let Some(inner) = word.strip_prefix('(') {
        rest = inner.strip_suffix(')')?;
    } else if !word.starts_with('\'') {
        return word
            .chars()
            .all(|it| it.is_ascii_alphanumeric() || "-_./".contains(it))
            .then(|| word.to_owned());
    }
    loop {
        if let Some(inner) = rest.strip_prefix("[char]::ConvertFromUtf32(0x") {
            let (number, after) = inner.split_once(')')?;
            text.push(char::from_u32(u32::from_str_radix(number, 16).ok()?)?);
            rest = after;
        } else {
            let mut signs = rest.strip_prefix('\'')?.chars();
            loop {
                let sign = signs.next()?;
                if is_quote(sign) {
                    match signs.clone().next() {
                        Some(next) if is_quote(next) => text.push(signs.next()?),
                        _ => break,
                    }
                } else {
                    text.push(sign);
                }
            }
            rest = signs.as_str();
        }
        match rest.strip_prefix(" + ") {
            Some(more) => rest = more,
            None => return rest.is_empty().then_some(text),
        }
    }
}

/// The cases of PowerShell's about_Quoting_Rules for texts between single quotes, and of its
/// language specification, section 2.3.5.2, for the four signs that count as a single quote.
#[test]
fn powershell_words_follow_its_rules() {
    let rows = [
        ("don't", "'don''t'"),
        ("The value of $i is $i.", "'The value of $i is $i.'"),
        ("The value of $(2+3) is 5.", "'The value of $(2+3) is 5.'"),
        ("Use a quotation mark (\") to begin", "'Use a quotation mark (\") to begin'"),
        ("Use a quote (`\") to begin", "'Use a quote (`\") to begin'"),
        (
            "\u{2018}\u{2019}\u{201a}\u{201b}",
            "'\u{2018}\u{2018}\u{2019}\u{2019}\u{201a}\u{201a}\u{201b}\u{201b}'",
        ),
        ("@args", "'@args'"),
        ("--%", "'--%'"),
        ("", "''"),
    ];
    for (name, word) in rows {
        assert_eq!(quote::powershell(name), word);
        assert_eq!(powershell(word).as_deref(), Some(name));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, ..ProptestConfig::default() })]

    #[test]
    fn a_powershell_word_yields_the_very_name(name in hostile()) {
        let word = quote::powershell(&name);
        prop_assert_eq!(powershell(&word), Some(name.replace('\0', "\u{2400}")));
    }

    #[test]
    fn nothing_hidden_passes(name in hostile()) {
        let quoted = [
            quote::visible(&name), quote::bash(&name), quote::powershell(&name),
            quote::markdown(&name), quote::markdown_code(&name), quote::csv(&name),
            quote::icalendar(&name), quote::file_name(&name),
        ];
        for it in quoted {
            prop_assert!(!it.chars().any(quote::is_hidden), "{}", it);
        }
    }

    #[test]
    fn a_cell_is_one_cell_and_no_formula(name in hostile()) {
        let cell = quote::csv(&name);
        let value = match cell.strip_prefix('"') {
            Some(inner) => inner.strip_suffix('"').expect("a quote at the end").replace("\"\"", "\""),
            None => {
                prop_assert!(!cell.contains(['"', ',', '\n', '\r']), "{}", cell);
                cell
            }
        };
        prop_assert!(!value.trim_start().starts_with(['=', '+', '-', '@', '\t', '\r']), "{}", value);
        let shown = quote::visible(&name);
        prop_assert_eq!(value.trim_start_matches('\''), shown.trim_start_matches('\''));
    }

    #[test]
    fn markdown_holds_no_markup(name in hostile()) {
        let text = quote::markdown(&name).replace("@<!-- -->", "@");
        prop_assert!(!text.contains(['<', '>', '|']), "{}", text);
        let code = quote::markdown_code(&name).replace("@<!-- -->", "@");
        prop_assert!(!code.contains('|'), "{}", code);
        if let Some(inner) = code.strip_prefix('`') {
            // The fence at both ends is longer than every run of backticks between.
            let fence = code.len() - inner.trim_start_matches('`').len();
            let body = &code[fence..code.len() - fence];
            prop_assert!(code.ends_with(&"`".repeat(fence)));
            prop_assert!(body.split(|it| it != '`').all(|it| it.len() != fence), "{}", code);
        }
    }

    #[test]
    fn a_file_name_is_one_everywhere(name in hostile()) {
        let file = quote::file_name(&name);
        prop_assert!(!file.is_empty() && file.len() <= 82);
        prop_assert!(file.chars().all(|it| it.is_ascii_alphanumeric() || "._-".contains(it)));
        prop_assert!(!file.starts_with(['.', '-']) && !file.ends_with('.'));
    }
}

#[test]
fn reserved_names_of_windows_are_avoided() {
    let rows =
        [("con", "con-"), ("NUL.txt", "nul-.txt"), ("com1", "com1-"), ("console", "console")];
    for (input, expected) in rows {
        assert_eq!(quote::file_name(input), expected);
    }
}
