//! What `lint --fix` changed, in words and as JSON.

use crate::cli::language::told;
use crate::driver::Fixed;
use std::collections::BTreeMap;

/// The files that were changed, with how many findings were mended in each, by code.
pub(super) struct Mended {
    files: Vec<(String, BTreeMap<&'static str, usize>)>,
}

impl Mended {
    pub(super) fn of(fixed: &Fixed) -> Mended {
        let files = fixed.files.iter();
        Mended {
            files: files
                .map(|file| (file.path.clone(), file.mended.clone()))
                .collect(),
        }
    }

    /// Tells it on stderr, one line for each file.
    pub(super) fn tell(&self) {
        if self.files.is_empty() {
            eprintln!("{}", told!("nothing to fix"));
        }
        for (path, codes) in &self.files {
            let codes: Vec<String> = codes
                .iter()
                .map(|(code, count)| match count {
                    1 => (*code).to_owned(),
                    count => format!("{code} ×{count}"),
                })
                .collect();
            eprintln!(
                "{}",
                told!("fixed {path}: {codes}", path, codes = codes.join(", "))
            );
        }
    }

    /// The key `fixed` of the report.
    pub(super) fn json(&self) -> serde_json::Value {
        let files = self.files.iter();
        files
            .map(|(path, codes)| serde_json::json!({ "file": path, "codes": codes }))
            .collect()
    }
}
