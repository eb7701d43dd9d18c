//! The inspector at a terminal: files in, one report out.
//!
//! Exit code 0: everything was read, whatever the findings say. 1: kubectl would refuse at
//! least one source. 2: wrong usage, or a file that cannot be read.

use std::{
    io::{self, Read, Write},
    path::Path,
    process::ExitCode,
    time::{SystemTime, UNIX_EPOCH},
};

use kubeconfig_inspector::{
    Options, Report,
    export::{self, Format, Selection},
    inspect_with,
    source::Source,
    time::Timestamp,
};

const USAGE: &str = "\
usage: inspect [--as-of TIME] [--merge] [--error FILE] [--format FORMAT] FILE...

  FILE            a kubeconfig, or whatever wraps one; - is the standard input
  --as-of TIME    judge as of this moment, as 2026-01-10T06:44:34Z (default: now)
  --merge         read the files as KUBECONFIG=a:b:c would; files that do not exist are skipped
  --error FILE    what kubectl said: the report then names the cause
  --format FORMAT ";

/// The format that carries secrets, as `kubectl config view --raw -o json` does.
const VIEW: &str = "view";

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(complaint) => {
            eprintln!("{complaint}");
            ExitCode::from(2)
        }
    }
}

/// What the command line asks for.
struct Arguments {
    as_of: Timestamp,
    merge: bool,
    error: Option<String>,
    format: String,
    files: Vec<String>,
}

fn run() -> Result<ExitCode, String> {
    let Some(arguments) = parse(std::env::args().skip(1))? else {
        println!("{}", usage());
        return Ok(ExitCode::SUCCESS);
    };
    let message = match &arguments.error {
        Some(file) => Some(String::from_utf8_lossy(&read(file)?).into_owned()),
        None => None,
    };
    let mut sources = Vec::new();
    for file in &arguments.files {
        if arguments.merge && file != "-" && !Path::new(file).exists() {
            eprintln!("{file}: skipped, there is no such file");
            continue;
        }
        sources.push(Source::new(name(file), read(file)?));
    }
    let options = Options { merge: arguments.merge, message };
    let report = inspect_with(&sources, arguments.as_of, &options);
    let text = write(&report, &arguments.format)?;
    io::stdout().write_all(text.as_bytes()).map_err(|it| format!("standard output: {it}"))?;
    Ok(outcome(&report))
}

/// Reads the command line; nothing when only help is asked for.
fn parse(words: impl Iterator<Item = String>) -> Result<Option<Arguments>, String> {
    let mut words = words.peekable();
    let mut arguments = Arguments {
        as_of: now(),
        merge: false,
        error: None,
        format: "report".to_owned(),
        files: Vec::new(),
    };
    let mut only_files = false;
    while let Some(word) = words.next() {
        if only_files || word == "-" || !word.starts_with('-') {
            arguments.files.push(word);
            continue;
        }
        let (flag, attached) = match word.split_once('=') {
            Some((flag, value)) => (flag.to_owned(), Some(value.to_owned())),
            None => (word, None),
        };
        let mut value = |what: &str| {
            attached.clone().or_else(|| words.next()).ok_or(format!("{flag} needs {what}"))
        };
        match flag.as_str() {
            "--as-of" => {
                let text = value("a time")?;
                arguments.as_of = Timestamp::parse(&text).ok_or(format!(
                    "--as-of {text:?}: not a time; write it as 2026-01-10T06:44:34Z"
                ))?;
            }
            "--error" => arguments.error = Some(value("a file")?),
            "--format" => arguments.format = value("a format")?,
            "--merge" => arguments.merge = true,
            "--" => only_files = true,
            "-h" | "--help" => return Ok(None),
            _ => return Err(format!("{flag}: no such option\n\n{}", usage())),
        }
    }
    match arguments.files.is_empty() {
        true => Err(usage()),
        false => Ok(Some(arguments)),
    }
}

fn usage() -> String {
    let names: Vec<&str> = Format::ALL.iter().map(|it| it.name).collect();
    format!("{USAGE}{}, {VIEW} (default: report)", names.join(", "))
}

#[expect(clippy::disallowed_methods, reason = "a terminal has a clock; the library takes its time")]
fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}

/// The name under which a file is reported.
fn name(file: &str) -> String {
    match file {
        "-" => "pasted".to_owned(),
        _ => Path::new(file)
            .file_name()
            .map_or(file.to_owned(), |it| it.to_string_lossy().into_owned()),
    }
}

fn read(file: &str) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let result = match file {
        "-" => io::stdin().read_to_end(&mut bytes).map(drop),
        _ => std::fs::read(file).map(|it| bytes = it),
    };
    result.map(|()| bytes).map_err(|it| format!("{file}: cannot be read: {it}"))
}

fn write(report: &Report, format: &str) -> Result<String, String> {
    if format == VIEW {
        return Ok(export::kubeconfig::view(report).reveal().clone());
    }
    let format = Format::named(format)
        .ok_or_else(|| format!("--format {format:?}: no such format\n\n{}", usage()))?;
    Ok(export::export(report, format, &Selection::default()))
}

/// Says on standard error why sources were rejected.
fn outcome(report: &Report) -> ExitCode {
    let mut code = ExitCode::SUCCESS;
    for (index, source) in report.facts.sources.iter().enumerate() {
        let Some(rejection) = report.facts.rejection(index) else { continue };
        let place =
            rejection.location.map(|it| format!(":{}:{}", it.line, it.column)).unwrap_or_default();
        eprintln!("{}{place}: {}", source.name, rejection.message);
        code = ExitCode::from(1);
    }
    code
}
