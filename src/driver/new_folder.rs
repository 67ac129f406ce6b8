//! Writes the files of a new policy: all of them or none, and never over what is there.

use super::folder::{Folder, SETTINGS, is_hidden};
use super::outside::{forget, remember};
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Why a new policy was not written; nothing of it is there.
#[derive(Debug)]
pub enum NotWritten {
    /// This is there already and is no folder.
    NoFolder(PathBuf),
    /// The folder would lie in this policy folder, and its files become part of that policy.
    InsidePolicy(PathBuf),
    /// These stand in the way: paths below the folder, in byte order.
    InTheWay(Vec<String>),
    /// This cannot be written, and why.
    Unwritable(PathBuf, io::Error),
}

/// Writes files, given by paths below a folder and texts, as a new policy folder. Folders that are
/// missing are made. The files take their places only when all are written, `caseway.toml` last.
///
/// # Errors
/// [`NotWritten`]; nothing is there then that was not there before.
pub fn write_new_folder(dir: &Path, files: &[(&str, &str)]) -> Result<(), NotWritten> {
    let blocked = dir
        .ancestors()
        .find(|part| part.symlink_metadata().is_ok() && !part.is_dir());
    if let Some(path) = blocked {
        return Err(NotWritten::NoFolder(path.to_owned()));
    }
    if let Some(policy) = policy_around(dir) {
        return Err(NotWritten::InsidePolicy(policy));
    }
    let in_the_way = in_the_way(dir, files);
    if !in_the_way.is_empty() {
        return Err(NotWritten::InTheWay(in_the_way));
    }
    let mut made = Made::default();
    let unwritable = |(path, error)| NotWritten::Unwritable(path, error);
    if dir.is_dir() {
        let staging = dir.join(format!(".caseway-init.{}.part", std::process::id()));
        made.stage(&staging, files).map_err(unwritable)?;
        let (settings, others): (Vec<&str>, Vec<&str>) = files
            .iter()
            .map(|file| file.0)
            .partition(|path| *path == SETTINGS);
        for path in others.into_iter().chain(settings) {
            made.place(&staging.join(path), &dir.join(path))
                .map_err(unwritable)?;
        }
        made.keep(&staging);
    } else {
        let name = dir.file_name().ok_or(io::ErrorKind::InvalidInput.into());
        let name = name.map_err(|error| unwritable((dir.to_owned(), error)))?;
        let mut hidden = std::ffi::OsString::from(".");
        hidden.push(name);
        hidden.push(format!(".{}.part", std::process::id()));
        let staging = dir.with_file_name(hidden);
        made.stage(&staging, files).map_err(unwritable)?;
        fs::rename(&staging, dir).map_err(|error| unwritable((dir.to_owned(), error)))?;
        made.keep(&staging);
    }
    Ok(())
}

/// The policy folder that would read the files of a new folder below it.
fn policy_around(dir: &Path) -> Option<PathBuf> {
    let there = dir.ancestors().find(|part| part.is_dir());
    let there = match there {
        Some(part) => part,
        None => Path::new("."),
    };
    let missing = dir.strip_prefix(there).unwrap_or(dir);
    let whole = fs::canonicalize(there).ok()?.join(missing);
    let mut around = whole.ancestors().skip(1);
    let policy = around.find(|outer| outer.join(SETTINGS).is_file())?;
    let inner = whole.strip_prefix(policy).ok()?.to_string_lossy();
    (!is_hidden(&format!("{inner}/x"))).then(|| policy.to_owned())
}

/// What is there already: files of these names, what stands where a folder has to be, and other
/// `*.policy` files, which would become part of the policy.
fn in_the_way(dir: &Path, files: &[(&str, &str)]) -> Vec<String> {
    let mut found: BTreeSet<String> = BTreeSet::new();
    if let Ok(folder) = Folder::on_disk(dir) {
        found.extend(folder.policy_files().files);
    }
    for (path, _) in files {
        let parents = path.match_indices('/').filter_map(|(at, _)| path.get(..at));
        let blocked = parents.filter(|parent| {
            let there = dir.join(parent).symlink_metadata();
            there.is_ok_and(|metadata| !metadata.is_dir())
        });
        found.extend(blocked.map(str::to_owned));
        if dir.join(path).symlink_metadata().is_ok() {
            found.insert((*path).to_owned());
        }
    }
    found.into_iter().collect()
}

/// Everything that was made so far, in order; it goes again unless it is kept.
#[derive(Default)]
struct Made {
    paths: Vec<PathBuf>,
}

type Step = Result<(), (PathBuf, io::Error)>;

impl Made {
    /// Writes the files below a folder of their own.
    fn stage(&mut self, staging: &Path, files: &[(&str, &str)]) -> Step {
        for (path, text) in files {
            let path = staging.join(path);
            self.folder_of(&path)?;
            self.note(&path);
            let written = File::create_new(&path).and_then(|mut file| {
                file.write_all(text.as_bytes())?;
                file.sync_all()
            });
            written.map_err(|error| (path, error))?;
        }
        Ok(())
    }

    /// Moves a file to its place.
    fn place(&mut self, from: &Path, to: &Path) -> Step {
        self.folder_of(to)?;
        self.note(to);
        fs::rename(from, to).map_err(|error| (to.to_owned(), error))
    }

    /// Makes the folders above a path that are missing.
    fn folder_of(&mut self, path: &Path) -> Step {
        let missing: Vec<&Path> = path
            .ancestors()
            .skip(1)
            .take_while(|folder| !folder.as_os_str().is_empty() && !folder.is_dir())
            .collect();
        for folder in missing.into_iter().rev() {
            fs::create_dir(folder).map_err(|error| (folder.to_owned(), error))?;
            self.note(folder);
        }
        Ok(())
    }

    fn note(&mut self, path: &Path) {
        remember(path);
        self.paths.push(path.to_owned());
    }

    /// Keeps all but what is left of the folder where the files were staged.
    fn keep(&mut self, staging: &Path) {
        for path in &self.paths {
            forget(path);
        }
        self.paths.retain(|path| path.starts_with(staging));
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        for path in self.paths.iter().rev() {
            let _ = fs::remove_file(path).or_else(|_| fs::remove_dir(path));
            forget(path);
        }
    }
}
