//! The file as a whole: whether it loads, and what is odd about its text.

use super::{Check, Citation, Severity};
use crate::source::Place;

pub(super) const CHECKS: &[&Check] = &[&REFUSED];

static REFUSED: Check = Check {
    id: "file-refused",
    severity: Severity::Error,
    title: "kubectl refuses to load this file",
    why: "kubectl stops with an error for every command, whichever context is meant.",
    fix: "Repair the place that is named, or fetch the kubeconfig again.",
    citations: &[Citation::ClientGo { path: "tools/clientcmd/loader.go", symbol: "LoadFromFile" }],
    run: |facts, emit| {
        for (file, it) in facts.files.iter().enumerate() {
            let Some(refusal) = &it.refusal else { continue };
            emit.finding(&Place { file, path: refusal.path.clone() }, &refusal.explanation);
        }
    },
};
