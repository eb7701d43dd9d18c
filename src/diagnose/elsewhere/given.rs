//! What a command is given beside the kubeconfig: manifests, charts, keys, and where they are fetched from.

use crate::diagnose::{CERTAIN, Cause, Family, Weight, scene::Scene};

/// Where something is fetched from is not the API server, whatever went wrong on the way to it.
pub(in super::super) static DOWNLOAD: Family = Family {
    id: "download-failed",
    says: &[
        "is not a valid chart repository",
        "failed to fetch http",
        "failed to download http",
        "failed to authorize: failed to fetch",
        "accumulating resources from 'http",
        "unable to read URL {link}",
        "lookup raw.githubusercontent.com",
        "server raw.githubusercontent.com was refused",
    ],
    causes: &[Cause {
        id: "download-failed",
        title: "What the command was to fetch, as a manifest, a chart or an image, did not come from \
                where it lies; the kubeconfig has no part in it",
        weigh: |_| {
            Weight::of(CERTAIN)
                .because("The address in the message is of that place, not of the API server.")
        },
        fix: &[
            "Check the address, and the way to it from this machine: its name, the network, the \
             proxy. If it answers 401 or 403, sign in there.",
        ],
        commands: &["env | grep -i _proxy"],
    }],
    source: "cli-runtime v0.33.1 pkg/resource/visitor.go; helm v3 pkg/repo/chartrepo.go",
};

pub(super) static MANIFEST: Family = Family {
    id: "faulty-manifest",
    says: &[
        "error parsing {path}: error converting YAML to JSON",
        "failed to parse {path}.yaml: error converting YAML to JSON",
        "YAML parse error on {path}:",
        "accumulating resources",
        "cannot be handled as a",
        "unable to decode {path}: json:",
        "Go struct field ObjectMeta.",
    ],
    causes: &[faulty(|_| Weight::of(CERTAIN))],
    source: "cli-runtime v0.33.1 pkg/resource/visitor.go; helm v3 pkg/releaseutil/manifest_sorter.go",
};

const fn faulty(weigh: fn(&Scene<'_>) -> Weight) -> Cause {
    Cause {
        id: "faulty-manifest",
        title: "A file that the command was given, as a manifest, a chart or a key, has a fault; the \
                kubeconfig has no part in it",
        weigh,
        fix: &["Correct that file as the message says."],
        commands: &[],
    }
}

/// The same words are said of the kubeconfig's own certificate and key.
pub(in super::super) const FAULTY_PAIR: Cause = faulty(|scene| {
    let own = scene.problem().is_some();
    match scene.said("create secret tls") && !own {
        true => {
            Weight::of(CERTAIN).because("The command makes a secret of a certificate and a key.")
        }
        false => Weight::Beside,
    }
});
