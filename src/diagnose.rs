//! From a message of kubectl to its cause in this very kubeconfig.

use crate::facts::Facts;

/// One possible cause of a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnosis {
    /// Kebab-case name of the cause.
    pub id: &'static str,
    /// The cause in one sentence.
    pub title: String,
    /// The context that it is about.
    pub context: Option<String>,
    /// What in the kubeconfig and in the message shows it.
    pub proof: Vec<String>,
    /// Steps, the safe one first.
    pub fix: Vec<String>,
    /// Commands, ready to copy.
    pub commands: Vec<String>,
    /// Causes that this kubeconfig excludes, and why.
    pub ruled_out: Vec<String>,
}

/// What `message` means for these files, the likeliest cause first.
pub fn diagnose(_facts: &Facts, _message: &str) -> Vec<Diagnosis> {
    Vec::new()
}
