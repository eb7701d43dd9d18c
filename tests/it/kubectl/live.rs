//! A kubectl binary that can be asked, named by the variable `KUBECTL`.

use std::{
    env,
    ffi::OsString,
    fs,
    path::PathBuf,
    process::{Command, Stdio},
};

/// A kubectl, and a folder of its own to work in.
pub(super) struct Kubectl {
    binary: OsString,
    folder: PathBuf,
}

/// What it said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) stdout: String,
    pub(super) stderr: String,
}

impl Kubectl {
    /// The one that `KUBECTL` names; none when it is not set.
    pub(super) fn new() -> Option<Kubectl> {
        let binary = env::var_os("KUBECTL")?;
        let thread = std::thread::current().id();
        let folder = env::temp_dir().join(format!("kubectl-{}-{thread:?}", std::process::id()));
        fs::create_dir_all(&folder).expect("there is room for temporary files");
        Some(Kubectl { binary, folder })
    }

    /// What `kubectl config ARGUMENTS` says of a kubeconfig with these bytes. In its words the
    /// file is `$DIR/config.yaml`.
    pub(super) fn config(&self, bytes: &[u8], arguments: &[&str]) -> Answer {
        let name = "config.yaml";
        self.ask(&[(name.to_owned(), bytes.to_vec())], &[name], &[&["config"], arguments].concat())
    }

    /// What kubectl says when it finds `files`, and those called `names` are in `KUBECONFIG`.
    pub(super) fn ask(
        &self,
        files: &[(String, Vec<u8>)],
        names: &[&str],
        arguments: &[&str],
    ) -> Answer {
        for (name, bytes) in files {
            fs::write(self.folder.join(name), bytes).expect("the folder can be written to");
        }
        let paths = names.iter().map(|it| self.folder.join(it));
        let output = Command::new(&self.binary)
            .args(arguments)
            .env_clear()
            .env("HOME", &self.folder)
            .env("KUBECONFIG", env::join_paths(paths).expect("no colon is in a name"))
            .stdin(Stdio::null())
            .output()
            .expect("KUBECTL names a binary that runs");
        let folder = self.folder.to_string_lossy().into_owned();
        let text = |it: &[u8]| String::from_utf8_lossy(it).replace(&folder, "$DIR");
        // What it logs on the way begins with a letter and the date.
        let is_logged = |line: &str| {
            line.get(..5).is_some_and(|it| {
                it.starts_with(['E', 'I', 'W']) && it.bytes().skip(1).all(|it| it.is_ascii_digit())
            })
        };
        let stderr: Vec<String> = text(&output.stderr)
            .split_inclusive('\n')
            .filter(|it| !is_logged(it))
            .map(str::to_owned)
            .collect();
        Answer { stdout: text(&output.stdout), stderr: stderr.concat() }
    }
}

impl Drop for Kubectl {
    fn drop(&mut self) {
        // What is left behind in a folder for temporary files harms nobody.
        let _ = fs::remove_dir_all(&self.folder);
    }
}
