//! Every dependency has a licence of the list in `deny.toml` and comes from the registry.

use serde_json::Value;
use std::process::Command;

/// Whether a licence expression can be met with allowed licences only.
fn allowed(expression: &str, list: &[String]) -> bool {
    let plain = expression.replace(['(', ')'], " ").replace('/', " OR ");
    // Every expression in use is an `OR` of `AND`s or an `AND` of plain names and one `OR`.
    let any = |part: &str| {
        part.split(" OR ").any(|name| {
            list.iter().any(|one| {
                one == name
                    .split(" WITH ")
                    .next()
                    .unwrap_or("")
                    .trim()
                    .trim_end_matches('+')
            })
        })
    };
    plain.split(" AND ").all(any)
}

#[test]
fn every_dependency_has_an_allowed_licence_and_a_known_source() {
    let root = env!("CARGO_MANIFEST_DIR");
    let text = std::fs::read_to_string(format!("{root}/deny.toml")).expect("deny.toml is there");
    let list: toml::Table = text.parse().expect("deny.toml is TOML");
    let list: Vec<String> = list["licenses"]["allow"]
        .as_array()
        .expect("a list of licences")
        .iter()
        .filter_map(|name| name.as_str().map(str::to_owned))
        .collect();
    // Only what this machine builds is on it: other platforms' packages may not be downloaded.
    let rustc = Command::new("rustc")
        .arg("-vV")
        .output()
        .expect("rustc runs");
    let rustc = String::from_utf8(rustc.stdout).expect("UTF-8");
    let host = rustc
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .expect("rustc names its host");
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--format-version",
            "1",
            "--locked",
            "--offline",
            "--filter-platform",
            host,
        ])
        .current_dir(root)
        .output()
        .expect("cargo runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("metadata is JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    assert!(packages.len() > 50, "only {} packages", packages.len());
    for package in packages {
        let name = &package["name"];
        let licence = package["license"].as_str().unwrap_or("");
        assert!(
            allowed(licence, &list),
            "{name} is under {licence:?}, which deny.toml does not allow"
        );
        let source = package["source"].as_str().unwrap_or("");
        assert!(
            source.is_empty() && name == "caseway" || source.starts_with("registry+"),
            "{name} comes from {source}"
        );
    }
}

#[test]
fn a_licence_that_is_not_on_the_list_is_refused() {
    let list = ["MIT".to_owned(), "Apache-2.0".to_owned()];
    for (expression, expected) in [
        ("MIT OR Apache-2.0", true),
        ("MIT/Apache-2.0", true),
        ("GPL-3.0", false),
        ("GPL-3.0 OR MIT", true),
        ("MIT AND GPL-3.0", false),
        ("(MIT OR GPL-3.0) AND Apache-2.0", true),
        ("Apache-2.0 WITH LLVM-exception", true),
        ("", false),
    ] {
        assert_eq!(allowed(expression, &list), expected, "{expression}");
    }
}
