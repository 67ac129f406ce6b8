//! Lays out policy files: finds and reads them, and writes those that change, each whole.

use super::MAX_FILE_BYTES;
use super::folder::{FileProblem, Folder, shown, text_of};
use super::outside::{read_input, replace_file};
use crate::diag::Diagnostic;
use crate::format;
use crate::source::{Sources, Span};
use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

/// What came of laying out files. Nothing is written before [`FormattedFile::write`].
#[derive(Clone, Debug, Default)]
pub struct Formatted {
    /// The texts as they were.
    pub sources: Sources,
    /// The files that change, in the order given, those of a folder in order of their names.
    pub files: Vec<FormattedFile>,
    /// How many files are laid out already.
    pub unchanged: usize,
    /// What keeps a file from being laid out; such a file stays as it is.
    pub findings: Vec<Diagnostic>,
    /// Files seen, by their paths without links.
    seen: BTreeSet<PathBuf>,
}

/// A file that changes.
#[derive(Clone, Debug)]
pub struct FormattedFile {
    /// Its path as seen from where the program runs, parted by `/`.
    pub name: String,
    /// Its text as it was.
    pub before: String,
    /// Its text, laid out.
    pub after: String,
    path: PathBuf,
}

impl FormattedFile {
    /// Writes the file, whole or not at all.
    ///
    /// # Errors
    /// What the file system answers; the file is then as it was.
    pub fn write(&self) -> io::Result<()> {
        replace_file(&self.path, &self.after)
    }
}

/// Why there is nothing to lay out.
#[derive(Debug)]
pub enum FormatError {
    /// A path cannot be read; what the file system answers.
    Unreadable(PathBuf, io::Error),
    /// A folder holds no policy file.
    NoPolicyFiles(PathBuf),
}

/// Lays out policy files: those named, and all `*.policy` files of folders that are named. A file
/// that is named twice counts once.
///
/// # Errors
/// For the first path that cannot be read, or folder that has no policy files.
pub fn format_files(paths: &[PathBuf]) -> Result<Formatted, FormatError> {
    let mut formatted = Formatted::default();
    for path in paths {
        if path.is_dir() {
            formatted.folder(path)?;
        } else {
            formatted.file(path)?;
        }
    }
    Ok(formatted)
}

/// Lays out the text of a stream, or of standard input for `-`.
///
/// # Errors
/// What the system answers; what keeps the text from being laid out is a finding.
pub fn format_input(path: &Path, name: &str) -> io::Result<(Option<String>, Formatted)> {
    let limit = usize::try_from(MAX_FILE_BYTES).unwrap_or(usize::MAX);
    let bytes = read_input(path, limit)?;
    let mut formatted = Formatted::default();
    let text = formatted.text(name, text_of(name, bytes));
    Ok((text.map(|(_, after)| after), formatted))
}

impl Formatted {
    fn folder(&mut self, dir: &Path) -> Result<(), FormatError> {
        let folder =
            Folder::of_path(dir).map_err(|error| FormatError::Unreadable(dir.to_owned(), error))?;
        let listing = folder.policy_files();
        if listing.files.is_empty() && listing.problems.is_empty() {
            return Err(FormatError::NoPolicyFiles(dir.to_owned()));
        }
        for (path, problem) in listing.problems {
            self.problem(&shown(&dir.join(path)), problem);
        }
        for path in listing.files {
            self.read(&folder, &path, &dir.join(&path));
        }
        Ok(())
    }

    fn file(&mut self, path: &Path) -> Result<(), FormatError> {
        let unreadable = |error| FormatError::Unreadable(path.to_owned(), error);
        let real = path.canonicalize().map_err(unreadable)?;
        let (Some(parent), Some(name)) = (real.parent(), real.file_name()) else {
            return Err(unreadable(io::ErrorKind::InvalidInput.into()));
        };
        let folder = Folder::of_path(parent).map_err(unreadable)?;
        self.read(&folder, &name.to_string_lossy(), path);
        Ok(())
    }

    fn read(&mut self, folder: &Folder, inside: &str, path: &Path) {
        if let Ok(real) = path.canonicalize()
            && !self.seen.insert(real)
        {
            return;
        }
        let name = shown(path);
        let Some((before, after)) = self.text(&name, folder.read(inside)) else {
            return;
        };
        if before == after {
            self.unchanged += 1;
            return;
        }
        self.files.push(FormattedFile {
            name,
            before,
            after,
            path: path.to_owned(),
        });
    }

    /// A text as it was and laid out.
    fn text(&mut self, name: &str, read: Result<String, FileProblem>) -> Option<(String, String)> {
        let before = match read {
            Ok(text) => text,
            Err(problem) => {
                self.problem(name, problem);
                return None;
            }
        };
        let id = self.sources.add(name, before.as_str());
        match format::format(id, &before) {
            Ok(after) => Some((before, after)),
            Err(findings) => {
                self.findings.extend(findings);
                None
            }
        }
    }

    fn problem(&mut self, name: &str, problem: FileProblem) {
        let end = problem.readable.len();
        let id = self.sources.add(name, problem.readable);
        let place = Span::new(id, end, end);
        self.findings
            .push(Diagnostic::error(problem.code, place, problem.message).help(problem.help));
    }
}
