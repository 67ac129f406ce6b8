//! Data flows one way: which layer may import which, and which crates it may use.
//!
//! The table is that of `ARCHITECTURE.md`; the sources are read as text.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Layer, the layers it may import, the outside crates it alone (or with others listed) may use.
const TABLE: &[(&str, &[&str], &[&str])] = &[
    ("source", &[], &[]),
    ("message", &[], &["polib"]),
    ("diag", &["source"], &["miette", "strsim"]),
    ("time", &[], &["chrono", "chrono_tz"]),
    ("value", &["time"], &["foldhash"]),
    ("json", &["value"], &["serde", "serde_json"]),
    (
        "syntax",
        &["source", "diag", "time"],
        &[
            "pest",
            "pest_derive",
            "csv",
            "unicode_ident",
            "unicode_normalization",
        ],
    ),
    ("format", &["syntax", "source", "diag"], &["unicode_width"]),
    (
        "model",
        &["syntax", "value", "time", "diag", "source"],
        &["regex_syntax", "regex", "foldhash"],
    ),
    (
        "compile",
        &["model", "value", "time", "source"],
        &["regex", "regex_syntax"],
    ),
    ("index", &["compile", "value", "time"], &["rustc_hash"]),
    (
        "eval",
        &["compile", "index", "value", "time", "source"],
        &["serde", "regex", "smallvec"],
    ),
    ("script", &["eval", "value", "time"], &["rhai"]),
    (
        "change",
        &["eval", "compile", "model", "value", "time"],
        &[],
    ),
    (
        "draw",
        &["model", "value", "time", "source"],
        &["maud", "unicode_width"],
    ),
    (
        "json_schema",
        &["eval", "model", "value", "time"],
        &["serde", "percent_encoding"],
    ),
    (
        "analysis",
        &["compile", "model", "value", "time"],
        &["batsat", "regex"],
    ),
    (
        "lint",
        &[
            "analysis", "compile", "syntax", "model", "diag", "source", "value", "time",
        ],
        &["unicode_width"],
    ),
    (
        "config",
        &["model", "value", "time", "diag", "source"],
        &["toml", "csv", "chrono"],
    ),
    (
        "ingest",
        &[
            "model", "config", "index", "value", "time", "diag", "source",
        ],
        &[
            "jiter", "csv", "csv_core", "memchr", "serde", "chrono", "foldhash",
        ],
    ),
    (
        "suite",
        &[
            "model", "compile", "eval", "ingest", "value", "time", "diag", "source",
        ],
        &["serde"],
    ),
    (
        "driver",
        &[
            "source",
            "diag",
            "time",
            "value",
            "syntax",
            "format",
            "model",
            "compile",
            "index",
            "eval",
            "script",
            "change",
            "json",
            "json_schema",
            "analysis",
            "lint",
            "config",
            "ingest",
            "suite",
        ],
        &["serde", "serde_json", "sha2", "flate2", "ruzstd"],
    ),
    (
        "columnar",
        &["driver", "ingest", "compile", "eval", "value", "time"],
        &["arrow_array", "arrow_schema", "parquet"],
    ),
];

/// Crates that belong to one layer and no other.
const OWNED: &[(&str, &[&str])] = &[
    ("pest", &["syntax"]),
    ("pest_derive", &["syntax"]),
    ("rhai", &["script"]),
    ("miette", &["diag"]),
    ("toml", &["config"]),
    ("clap", &["cli"]),
    ("terminal_size", &["cli"]),
    ("clap_complete", &["cli"]),
    ("clap_mangen", &["cli"]),
    ("indicatif", &["cli"]),
    ("sha2", &["driver"]),
    // The command line packs what it writes.
    ("flate2", &["driver", "cli"]),
    ("ruzstd", &["driver"]),
    ("arrow_array", &["columnar"]),
    ("arrow_schema", &["columnar"]),
    ("parquet", &["columnar"]),
    ("polib", &["message"]),
    ("batsat", &["analysis"]),
];

fn sources() -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
        let mut entries: Vec<_> = std::fs::read_dir(folder)
            .expect("readable")
            .map(|e| e.expect("readable").path())
            .collect();
        entries.sort();
        for path in entries {
            if path.is_dir() {
                walk(&path, files);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                files.push(path);
            }
        }
    }
    let mut files = Vec::new();
    walk(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut files,
    );
    files
        .into_iter()
        .map(|path| (path.clone(), std::fs::read_to_string(path).expect("UTF-8")))
        .collect()
}

fn layer(path: &Path) -> Option<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let inside = path.strip_prefix(root).ok()?;
    let first = inside
        .components()
        .next()?
        .as_os_str()
        .to_string_lossy()
        .into_owned();
    let name = first.strip_suffix(".rs").unwrap_or(&first).to_owned();
    (!matches!(name.as_str(), "lib" | "main")).then_some(name)
}

/// The code of a file: comments taken out, and unit tests at its end.
fn code(text: &str) -> String {
    let end = text.find("#[cfg(test)]").unwrap_or(text.len());
    text[..end]
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// The words that follow `prefix` in a text.
fn words_after<'a>(text: &'a str, prefix: &str) -> Vec<&'a str> {
    text.match_indices(prefix)
        .filter(|(at, _)| !text[..*at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
        .map(|(at, _)| {
            let rest = &text[at + prefix.len()..];
            let rest = rest.trim_start_matches('{');
            &rest[..rest
                .find(|c: char| !(c.is_alphanumeric() || c == '_'))
                .unwrap_or(rest.len())]
        })
        .filter(|word| !word.is_empty())
        .collect()
}

#[test]
fn every_layer_imports_only_what_stands_before_it() {
    let table: BTreeMap<_, _> = TABLE
        .iter()
        .map(|(name, imports, _)| (*name, *imports))
        .collect();
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let Some(layer) = layer(&path).filter(|name| name != "cli") else {
            continue;
        };
        let Some(imports) = table.get(layer.as_str()) else {
            wrong.push(format!(
                "{}: the layer `{layer}` is not in the table",
                path.display()
            ));
            continue;
        };
        for used in words_after(&code(&text), "crate::") {
            // Every layer has something to say.
            if used != layer
                && used != "message"
                && !imports.contains(&used)
                && table.contains_key(used)
            {
                wrong.push(format!("{}: `{layer}` imports `{used}`", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn outside_crates_stay_in_their_layer() {
    let mut wrong = Vec::new();
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for (path, text) in sources() {
        let Some(layer) = layer(&path) else { continue };
        let code = code(&text);
        for (name, homes) in OWNED {
            let used = code.contains(&format!("{name}::")) && words_before(&code, name);
            if used {
                *seen.entry(name).or_default() += 1;
            }
            if used && !homes.contains(&layer.as_str()) {
                wrong.push(format!("{}: `{name}` belongs to {homes:?}", path.display()));
            }
        }
        for banned in [
            "std::fs",
            "SystemTime",
            "std::env",
            "std::net",
            "std::process",
        ] {
            if code.contains(banned) && !matches!(layer.as_str(), "driver" | "cli") {
                wrong.push(format!("{}: `{banned}` below the driver", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for (name, _) in OWNED {
        assert!(
            seen.contains_key(name),
            "nothing uses `{name}` any more: take it from the table"
        );
    }
}

/// Whether `NAME::` stands in the code as a path of its own and not as the end of a longer word.
fn words_before(code: &str, name: &str) -> bool {
    let path = format!("{name}::");
    code.match_indices(&path)
        .any(|(at, _)| !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':'))
}

#[test]
fn files_stay_small_and_say_what_they_hold() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let production = text
            .find("#[cfg(test)]")
            .map_or(text.as_str(), |at| &text[..at]);
        let lines = production.lines().count();
        if lines > 600 {
            wrong.push(format!(
                "{}: {lines} lines, the ceiling is 600",
                path.display()
            ));
        }
        if !text.starts_with("//!") {
            wrong.push(format!(
                "{}: does not open with what it holds (`//!`)",
                path.display()
            ));
        }
        for word in ["todo!(", "unimplemented!(", "FIXME", "TODO"] {
            if production.contains(word) {
                wrong.push(format!("{}: holds `{word}`", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
