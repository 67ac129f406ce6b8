//! The versions of the engines, as the lock file had them when this was built.

mod locked {
    include!(concat!(env!("OUT_DIR"), "/versions.rs"));
}

/// The name of an engine with its version.
pub fn with_version(name: &str, package: Option<&str>) -> String {
    let locked = locked::LOCKED
        .iter()
        .find(|(locked, _)| Some(*locked) == package);
    match (locked, name.split_once(", ")) {
        (None, _) => name.to_owned(),
        (Some((_, version)), None) => format!("{name} {version}"),
        (Some((_, version)), Some((name, how))) => format!("{name} {version}, {how}"),
    }
}
