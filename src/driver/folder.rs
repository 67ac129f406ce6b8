//! The files of a policy folder: found, read and checked one by one.
//!
//! The only place that opens files of a policy. A folder may also lie in memory, see
//! [`Folder::in_memory`]; everything after this stage sees texts only.

#![allow(
    clippy::disallowed_methods,
    reason = "the driver is the one place that reads files"
)]

use super::path::{self, PathProblem};
use crate::message::{Message, message};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// The greatest size of a file, in bytes.
pub const MAX_FILE_BYTES: u64 = 16 * 1024 * 1024;
/// The greatest size of all files of a policy together, in bytes.
pub const MAX_POLICY_BYTES: u64 = 64 * 1024 * 1024;
/// The most files that a policy may consist of.
pub const MAX_FILES: usize = 10_000;
/// The file that makes a folder a policy folder.
pub const SETTINGS: &str = "caseway.toml";

/// Why a file could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FileProblem {
    /// Stable code.
    pub code: &'static str,
    /// What is wrong, for the operator.
    pub message: Message,
    /// What to do about it.
    pub help: Message,
    /// The text before the guilty byte, for a file that is not UTF-8.
    pub readable: String,
}

/// A policy folder, on disk or in memory.
#[derive(Clone, Debug)]
pub(super) enum Folder {
    /// On disk; the path as given and without links.
    Disk(PathBuf, PathBuf),
    /// In memory.
    Memory(BTreeMap<String, String>),
    /// Another folder with other texts in the place of some files.
    Edited(Box<Folder>, BTreeMap<String, String>),
}

/// The `*.policy` files of a folder by path, and places that could not be searched.
#[derive(Debug, Default)]
pub(super) struct Listing {
    pub files: BTreeSet<String>,
    pub problems: Vec<(String, FileProblem)>,
}

impl Folder {
    /// A folder on disk.
    ///
    /// # Errors
    /// One sentence when it is no folder that can be read.
    pub fn on_disk(dir: &Path) -> Result<Folder, Message> {
        Folder::of_path(dir).map_err(|error| {
            let shown = dir.display().to_string();
            match error.kind() {
                io::ErrorKind::NotADirectory => {
                    message!("`{shown}` is a file, not a policy folder", shown)
                }
                _ => message!(
                    "cannot read `{shown}`: {error}",
                    shown,
                    error = error.to_string()
                ),
            }
        })
    }

    /// A folder on disk.
    ///
    /// # Errors
    /// What the file system answers.
    pub fn of_path(dir: &Path) -> io::Result<Folder> {
        let real = fs::canonicalize(dir)?;
        match real.is_dir() {
            true => Ok(Folder::Disk(dir.to_owned(), real)),
            false => Err(io::ErrorKind::NotADirectory.into()),
        }
    }

    /// A folder that lies in memory, as paths and texts.
    pub fn in_memory(files: impl IntoIterator<Item = (String, String)>) -> Folder {
        Folder::Memory(files.into_iter().collect())
    }

    /// Whether there is a `caseway.toml`.
    pub fn has_settings(&self) -> bool {
        match self {
            Folder::Disk(_, real) => real.join(SETTINGS).symlink_metadata().is_ok(),
            Folder::Memory(files) => files.contains_key(SETTINGS),
            Folder::Edited(inner, _) => inner.has_settings(),
        }
    }

    /// A policy folder that may have been meant: one around this folder, or directly inside it.
    pub fn policy_nearby(&self) -> Option<String> {
        let Folder::Disk(given, real) = self else {
            return None;
        };
        let has_settings = |dir: &Path| dir.join(SETTINGS).is_file();
        let above = real.ancestors().skip(1).position(has_settings);
        if let Some(steps) = above {
            let mut path = given.clone();
            path.extend(std::iter::repeat_n("..", steps + 1));
            return Some(shown(&path));
        }
        let entries = fs::read_dir(real).ok()?;
        let inside = entries.filter_map(|entry| Some(entry.ok()?.file_name()));
        let inside = inside.filter(|name| has_settings(&real.join(name)));
        inside.min().map(|name| shown(&given.join(name)))
    }

    /// How the folder is called in messages.
    pub fn shown(&self) -> String {
        match self {
            Folder::Disk(given, _) => given.display().to_string(),
            Folder::Memory(_) => "the given files".to_owned(),
            Folder::Edited(inner, _) => inner.shown(),
        }
    }

    /// All `*.policy` files, hidden ones and those in `target` left out.
    pub fn policy_files(&self) -> Listing {
        match self {
            Folder::Disk(_, real) => list(real),
            Folder::Memory(files) => {
                let named = files
                    .keys()
                    .filter(|path| is_policy_file(path) && !is_hidden(path));
                let mut listing = Listing {
                    files: named.cloned().collect(),
                    ..Listing::default()
                };
                listing.bound();
                listing
            }
            Folder::Edited(inner, _) => inner.policy_files(),
        }
    }

    /// Reads a file by its path relative to the folder.
    pub fn read(&self, path: &str) -> Result<String, FileProblem> {
        let path = path::inside(path).map_err(|problem| outside(path, problem))?;
        let bytes = match self {
            Folder::Disk(_, real) => read_file(real, &path)?,
            Folder::Memory(files) => {
                let text = files.get(&path).ok_or_else(|| missing(&path))?;
                check_size(&path, text.len() as u64)?;
                return Ok(text.clone());
            }
            Folder::Edited(inner, texts) => {
                return match texts.get(&path) {
                    Some(text) => Ok(text.clone()),
                    None => inner.read(&path),
                };
            }
        };
        text_of(path.as_str(), bytes)
    }
}

/// The text of a file, by its bytes.
pub(super) fn text_of(path: &str, bytes: Vec<u8>) -> Result<String, FileProblem> {
    check_size(path, bytes.len() as u64)?;
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let readable = error.as_bytes().get(..valid).unwrap_or(&[]);
        FileProblem {
            code: "not-utf8",
            message: message!(
                "`{path}` is not UTF-8 text: byte {valid} is no part of a letter",
                path,
                valid
            ),
            help: message!("save the file as UTF-8"),
            readable: String::from_utf8_lossy(readable).into_owned(),
        }
    })
}

impl Listing {
    fn bound(&mut self) {
        if self.files.len() > MAX_FILES {
            let message = message!(
                "the folder has more than {max_files} policy files",
                max_files = MAX_FILES
            );
            let help = message!("is this the right folder?");
            let problem = FileProblem {
                code: "too-many-files",
                message,
                help,
                readable: String::new(),
            };
            self.problems.push((SETTINGS.to_owned(), problem));
            self.files.clear();
        }
    }

    fn problem(&mut self, path: String, problem: FileProblem) {
        self.problems.push((path, problem));
    }
}

fn is_policy_file(path: &str) -> bool {
    path.ends_with(".policy")
}

/// Whether a path is one of those that no policy reads.
pub(super) fn is_hidden(path: &str) -> bool {
    let mut parts = path.split('/').rev();
    let file = parts.next().unwrap_or("");
    file.starts_with('.') || parts.any(|part| part.starts_with('.') || part == "target")
}

/// Finds files below a folder that is free of links, without following links out of it.
fn list(root: &Path) -> Listing {
    let mut listing = Listing::default();
    let mut seen: BTreeSet<PathBuf> = BTreeSet::from([root.to_owned()]);
    let mut work = vec![(root.to_owned(), String::new())];
    while let Some((dir, prefix)) = work.pop() {
        let entries = match fs::read_dir(&dir) {
            Ok(entries) => entries,
            Err(error) => {
                listing.problem(prefix.clone(), unreadable(&prefix, &error));
                continue;
            }
        };
        for entry in entries {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    listing.problem(prefix.clone(), unreadable(&prefix, &error));
                    continue;
                }
            };
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let path = if prefix.is_empty() {
                name.to_string()
            } else {
                format!("{prefix}/{name}")
            };
            if name.starts_with('.') {
                continue;
            }
            let is_link = entry.file_type().is_ok_and(|kind| kind.is_symlink());
            let real = entry.path();
            let real = if is_link {
                fs::canonicalize(&real).unwrap_or(real)
            } else {
                real
            };
            if real.is_dir() {
                if name == "target" || !seen.insert(real.clone()) {
                    continue;
                }
                if real.starts_with(root) {
                    work.push((real, path));
                } else {
                    listing.problem(path.clone(), outside(&path, PathProblem::Link));
                }
            } else if is_policy_file(&path) {
                if entry.file_name().to_str().is_none() {
                    let message = message!("the name of the file `{path}` is not Unicode", path);
                    let help = message!("give the file another name");
                    let readable = String::new();
                    listing.problem(
                        path,
                        FileProblem {
                            code: "unreadable-file",
                            message,
                            help,
                            readable,
                        },
                    );
                } else {
                    listing.files.insert(path);
                }
            }
            if listing.files.len() > MAX_FILES {
                listing.bound();
                return listing;
            }
        }
    }
    listing.problems.sort_by(|(a, _), (b, _)| a.cmp(b));
    listing
}

fn read_file(root: &Path, path: &str) -> Result<Vec<u8>, FileProblem> {
    let failed = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => missing(path),
        _ => unreadable(path, &error),
    };
    let real = fs::canonicalize(root.join(path)).map_err(failed)?;
    if !real.starts_with(root) {
        return Err(outside(path, PathProblem::Link));
    }
    // Asked before it is opened: opening a pipe waits for somebody to write into it.
    let about = fs::metadata(&real).map_err(failed)?;
    if !about.is_file() {
        let message = message!("`{path}` is not a file", path);
        let help = message!("name a file of the policy folder");
        return Err(FileProblem {
            code: "unreadable-file",
            message,
            help,
            readable: String::new(),
        });
    }
    check_size(path, about.len())?;
    let file = fs::File::open(&real).map_err(failed)?;
    let mut bytes = Vec::new();
    file.take(MAX_FILE_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    check_size(path, bytes.len() as u64)?;
    Ok(bytes)
}

fn check_size(path: &str, bytes: u64) -> Result<(), FileProblem> {
    if bytes <= MAX_FILE_BYTES {
        return Ok(());
    }
    let limit = MAX_FILE_BYTES / (1024 * 1024);
    Err(FileProblem {
        code: "file-too-large",
        message: message!("`{path}` is larger than {limit} MiB", path, limit),
        help: message!("split the file"),
        readable: String::new(),
    })
}

/// That a file is one too many for its policy.
pub(super) fn all_too_large(path: &str) -> FileProblem {
    let limit = MAX_POLICY_BYTES / (1024 * 1024);
    FileProblem {
        code: "file-too-large",
        message: message!(
            "with `{path}` the files of the policy are larger than {limit} MiB together",
            path,
            limit
        ),
        help: message!("take out what the policy does not need; is this the right folder?"),
        readable: String::new(),
    }
}

fn missing(path: &str) -> FileProblem {
    FileProblem {
        code: "unreadable-file",
        message: message!("there is no file `{path}` in the policy folder", path),
        help: message!("paths start at the policy folder"),
        readable: String::new(),
    }
}

fn unreadable(path: &str, error: &io::Error) -> FileProblem {
    FileProblem {
        code: "unreadable-file",
        message: message!(
            "cannot read `{path}`: {error}",
            path,
            error = error.to_string()
        ),
        help: message!("check that the file may be read"),
        readable: String::new(),
    }
}

fn outside(path: &str, problem: PathProblem) -> FileProblem {
    FileProblem {
        code: "path-outside-folder",
        message: message!("`{path}` {problem}", path, problem = problem.message()),
        help: message!("copy the file into the policy folder and name it from there, such as `tables/topic.csv`")
            .to_owned(),
        readable: String::new(),
    }
}

/// A path as people write it: parted by `/`, without `.`.
pub(super) fn shown(path: &Path) -> String {
    let parts: Vec<String> = path
        .components()
        .filter(|part| !matches!(part, std::path::Component::CurDir))
        .map(|part| part.as_os_str().to_string_lossy().replace('\\', "/"))
        .collect();
    parts.join("/").replace("//", "/")
}
