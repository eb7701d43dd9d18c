//! Everything that must hold, in one command. CI runs this and nothing else.

use std::{
    env, fs,
    path::PathBuf,
    process::Command,
    time::{Duration, Instant},
};

use crate::{
    Outcome, budget, build,
    run::{cargo, program, root, run},
    supply,
    tools::{self, install_npm},
};

/// Runs every step, also after one has failed, and says at the end which did.
pub(crate) fn test() -> Outcome {
    let begun = Instant::now();
    println!("Everything that must hold: 10 to 20 minutes from nothing, 2 to 5 the next time.");
    let mut steps = Steps::default();
    let denied = ["--", "-D", "warnings"];

    steps.run("format", || run(&mut cargo(&["fmt", "--all", "--check"])));
    steps.run("the core knows no browser", || {
        run(&mut cargo(&["check", "--quiet", "--locked", "--lib", "--no-default-features"]))
    });
    steps.run("lints", || {
        run(cargo(&["clippy", "--quiet", "--locked", "--workspace", "--all-targets"]).args(denied))
    });
    steps.run("lints without the page", || {
        run(cargo(&["clippy", "--quiet", "--locked", "--all-targets", "--no-default-features"])
            .args(denied))
    });
    steps.run("host tests", || {
        run(&mut cargo(&["test", "--locked", "--workspace", "--no-fail-fast"]))
    });
    steps.run("what the page is made of", supply::check);
    steps.run("tools", tools::ensure);
    steps.run("lints of the page", || {
        run(cargo(&["clippy", "--quiet", "--locked", "--bin", "kubeconfig-inspector"])
            .args(["--target", "wasm32-unknown-unknown"])
            .args(denied))
    });
    if steps.run("build of the page", build::dist) {
        steps.run("size of the page", budget::check);
        steps.run("the same bytes again", build::reproduce);
        steps.run("browser tests", browser_tests);
    }
    steps.finish(begun.elapsed())
}

/// What was run, and how it ended.
#[derive(Default)]
struct Steps {
    passed: Vec<&'static str>,
    failed: Vec<&'static str>,
}

impl Steps {
    fn run(&mut self, name: &'static str, step: impl FnOnce() -> Outcome) -> bool {
        println!("\n=== {name}");
        let begun = Instant::now();
        let outcome = step();
        let seconds = begun.elapsed().as_secs();
        match outcome {
            Ok(()) => {
                println!("=== {name}: passed in {seconds} seconds");
                self.passed.push(name);
                true
            }
            Err(reason) => {
                println!("{reason}\n=== {name}: FAILED after {seconds} seconds");
                self.failed.push(name);
                false
            }
        }
    }

    fn finish(self, took: Duration) -> Outcome {
        let Steps { passed, failed } = self;
        println!("\nPassed in {} seconds: {}.", took.as_secs(), passed.join(", "));
        if !failed.is_empty() {
            println!("FAILED: {}.", failed.join(", "));
        }
        println!("{} passed, {} failed", passed.len(), failed.len());
        if failed.is_empty() { Ok(()) } else { Err(format!("{} failed.", failed.join(", "))) }
    }
}

/// The built page in Chromium and in Firefox, from several hosts.
fn browser_tests() -> Outcome {
    let home = root().join("tests/web");
    install_npm(&home, &home, "the browser tests' packages")?;
    let mut playwright = program(home.join("node_modules/.bin/playwright"));
    playwright.arg("test").current_dir(&home);
    match browser(&["chromium", "chromium-browser", "google-chrome"], "chromium", true) {
        Some(path) => playwright.env("CHROMIUM", path),
        None => {
            println!("No Chromium here and no apt-get to install one: taking Playwright's own.");
            run(program(home.join("node_modules/.bin/playwright"))
                .args(["install", "chromium"])
                .current_dir(&home))?;
            &mut playwright
        }
    };
    match browser(&["firefox-esr", "firefox"], "firefox-esr", true) {
        Some(path) => playwright.env("FIREFOX", path),
        None => {
            println!("\nWARNING: no Firefox here and none to be had: its tests are SKIPPED.\n");
            &mut playwright
        }
    };
    // A web server starts when it is installed: nothing to do to a person's machine unasked.
    match browser(&["nginx"], "nginx-light", env::var_os("CI").is_some()) {
        Some(path) => playwright.env("WEB_SERVER", path),
        None => {
            println!("\nWARNING: no nginx here: the tests of its configuration are SKIPPED.\n");
            &mut playwright
        }
    };
    run(&mut playwright)
}

/// Where one of `names` is, after an attempt to install `package` where that is possible.
fn browser(names: &[&str], package: &str, may_install: bool) -> Option<PathBuf> {
    let find = || names.iter().find_map(|it| on_path(it));
    find().or_else(|| {
        if may_install {
            println!("Installing {package} with apt-get: a minute or two.");
            apt_install(package)?;
        }
        find()
    })
}

fn apt_install(package: &str) -> Option<()> {
    on_path("apt-get")?;
    let root = run(Command::new("sh").args(["-c", "test $(id -u) = 0"])).is_ok();
    let apt = |words: &[&str]| {
        let mut command = if root { program("apt-get") } else { program("sudo") };
        if !root {
            command.args(["--non-interactive", "apt-get"]);
        }
        run(command.args(["-q", "-y"]).args(words).env("DEBIAN_FRONTEND", "noninteractive")).ok()
    };
    let install = ["install", "--no-install-recommends", package];
    apt(&install).or_else(|| {
        apt(&["update"])?;
        apt(&install)
    })
}

fn on_path(name: &str) -> Option<PathBuf> {
    let mut folders: Vec<PathBuf> = env::split_paths(&env::var_os("PATH")?).collect();
    folders.push("/usr/sbin".into());
    folders
        .into_iter()
        .map(|it| it.join(name))
        .find(|it| fs::metadata(it).is_ok_and(|it| it.is_file()))
}
