//! A kubectl binary that can be asked, named by the variable `KUBECTL`.

use std::{env, ffi::OsString, fs, path::PathBuf, process::Command};

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
        let folder = env::temp_dir().join(format!("kubectl-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("there is room for temporary files");
        Some(Kubectl { binary, folder })
    }

    /// What `kubectl config ARGUMENTS` says of a kubeconfig with these bytes. In its words the
    /// file is `$DIR/config.yaml`.
    pub(super) fn config(&self, bytes: &[u8], arguments: &[&str]) -> Answer {
        let file = self.folder.join("config.yaml");
        fs::write(&file, bytes).expect("the folder can be written to");
        let output = Command::new(&self.binary)
            .arg("config")
            .args(arguments)
            .env_clear()
            .env("HOME", &self.folder)
            .env("KUBECONFIG", &file)
            .output()
            .expect("KUBECTL names a binary that runs");
        let folder = self.folder.to_string_lossy().into_owned();
        let text = |it: &[u8]| String::from_utf8_lossy(it).replace(&folder, "$DIR");
        Answer { stdout: text(&output.stdout), stderr: text(&output.stderr) }
    }
}

impl Drop for Kubectl {
    fn drop(&mut self) {
        // What is left behind in a folder for temporary files harms nobody.
        let _ = fs::remove_dir_all(&self.folder);
    }
}
