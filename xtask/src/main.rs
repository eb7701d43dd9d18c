//! The project's commands. `cargo xtask` without a word after it lists them.

mod test;
mod bench;
mod build;
mod seal;
mod order;
mod budget;
mod weigh;
mod supply;
mod tools;
mod run;

use std::process::ExitCode;

/// A command either works or says in one sentence why not.
type Outcome = Result<(), String>;

const USAGE: &str = "\
cargo xtask serve     build the page and serve it at http://127.0.0.1:8080
cargo xtask test      run everything that must hold
cargo xtask dist      write what is uploaded to dist/
cargo xtask bench     measure, and write docs/performance.md

Each installs what is missing, says so, and reuses it the next time.";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["serve"] => build::serve(),
        ["test"] => test::test(),
        ["dist"] => build::dist(),
        ["bench"] => bench::bench("5"),
        ["bench", rounds] => bench::bench(rounds),
        // Called by Trunk as the last step of every build: see Trunk.toml.
        ["seal"] => seal::seal(),
        _ => Err(USAGE.to_owned()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("{reason}");
            ExitCode::FAILURE
        }
    }
}
