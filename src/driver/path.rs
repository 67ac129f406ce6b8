//! Paths that a policy names: relative to its folder and inside it, on every system alike.

use crate::message::{Message, message};

/// Why a path is no path inside the folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PathProblem {
    /// Nothing.
    Empty,
    /// It starts at the root of a disk.
    Absolute,
    /// It has a part `..`.
    Parent,
    /// It has a `\`.
    Backslash,
    /// A link leads out of the folder.
    Link,
}

impl PathProblem {
    /// What is wrong, behind the path.
    pub(super) fn message(self) -> Message {
        match self {
            PathProblem::Empty => message!("names no file"),
            PathProblem::Absolute => message!("is not relative to the policy folder"),
            PathProblem::Parent => message!("leads out of the policy folder"),
            PathProblem::Backslash => message!("has a `\\`; folders are parted by `/`"),
            PathProblem::Link => message!("is a link that leads out of the policy folder"),
        }
    }
}

/// The path without parts `.`.
pub(super) fn inside(path: &str) -> Result<String, PathProblem> {
    if path.contains('\\') {
        return Err(PathProblem::Backslash);
    }
    let drive = path.as_bytes().get(1) == Some(&b':');
    if path.starts_with('/') || drive {
        return Err(PathProblem::Absolute);
    }
    let parts: Vec<&str> = path
        .split('/')
        .filter(|part| !part.is_empty() && *part != ".")
        .collect();
    if parts.contains(&"..") {
        return Err(PathProblem::Parent);
    }
    if parts.is_empty() || path.contains('\0') {
        return Err(PathProblem::Empty);
    }
    Ok(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::{PathProblem, inside};

    #[test]
    fn only_paths_inside_the_folder_pass() {
        for (path, expected) in [
            ("a.csv", Ok("a.csv")),
            ("./tables//a.csv", Ok("tables/a.csv")),
            ("表/a.csv", Ok("表/a.csv")),
            ("..a/b", Ok("..a/b")),
            ("", Err(PathProblem::Empty)),
            ("./", Err(PathProblem::Empty)),
            ("/etc/passwd", Err(PathProblem::Absolute)),
            ("C:/a.csv", Err(PathProblem::Absolute)),
            ("a/../../b", Err(PathProblem::Parent)),
            ("..\\b", Err(PathProblem::Backslash)),
        ] {
            assert_eq!(inside(path).as_deref().map_err(|e| *e), expected, "{path}");
        }
    }
}
