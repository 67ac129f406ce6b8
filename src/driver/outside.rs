//! The rest of the world: inputs that are no policy, results that go to a file, the system clock.
//!
//! Commands and servers reach files and the clock through here; nothing below the driver does.

use super::packing::{Counted, Packing, Plain, Unpacked};
use crate::time::Instant;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};

/// The system clock, in whole milliseconds.
pub fn now() -> Instant {
    let millis = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_millis());
    i64::try_from(millis)
        .ok()
        .and_then(Instant::from_millis)
        .unwrap_or(Instant::MAX)
}

/// A stream to read, and its length in bytes when that is known.
pub struct Input {
    /// The stream.
    pub reader: Box<dyn BufRead + Send>,
    /// The length of the file; none when it is not known.
    pub bytes: Option<u64>,
    /// How many bytes of the file have been used.
    pub used: Arc<AtomicU64>,
}

/// How many bytes of a file are read at once.
const BUFFER_BYTES: usize = 64 * 1024;

/// Opens a file, or standard input for `-`.
///
/// # Errors
/// What the file system answers.
pub fn open_input(path: &Path) -> io::Result<Input> {
    let used = Arc::new(AtomicU64::new(0));
    if path == Path::new("-") {
        let stdin = BufReader::with_capacity(BUFFER_BYTES, io::stdin());
        return Ok(Input {
            reader: Box::new(Counted::new(stdin, Arc::clone(&used))),
            bytes: None,
            used,
        });
    }
    let (file, bytes) = open_file(path)?;
    let file = BufReader::with_capacity(BUFFER_BYTES, file);
    Ok(Input {
        reader: Box::new(Counted::new(file, Arc::clone(&used))),
        bytes,
        used,
    })
}

/// Opens a file of rows, or standard input for `-`; what its ending says is packed is unpacked.
///
/// # Errors
/// What the file system answers. Reading answers with a [`super::PackingError`] where bytes are not what
/// the ending says, or damaged, or end too early.
pub fn open_rows(path: &Path) -> io::Result<Input> {
    let input = open_input(path)?;
    let name = path.to_string_lossy();
    let reader: Box<dyn BufRead + Send> = match Packing::of(&name) {
        (Some(packing), _) => {
            let unpacked = Unpacked::new(packing, input.reader, Arc::clone(&input.used));
            Box::new(BufReader::with_capacity(BUFFER_BYTES, unpacked))
        }
        (None, _) => Box::new(Plain::new(input.reader)),
    };
    Ok(Input { reader, ..input })
}

/// Opens a file; says how long it is, when it is a regular one.
///
/// # Errors
/// What the file system answers, also about a folder.
pub fn open_file(path: &Path) -> io::Result<(File, Option<u64>)> {
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    if metadata.is_dir() {
        return Err(io::Error::new(
            io::ErrorKind::IsADirectory,
            "it is a folder",
        ));
    }
    let bytes = metadata.is_file().then_some(metadata.len());
    Ok((file, bytes))
}

/// Reads a whole file, or standard input for `-`, up to one byte more than `limit`, so that the
/// reader can see that it is too long.
///
/// # Errors
/// What the file system answers.
pub fn read_input(path: &Path, limit: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    open_input(path)?
        .reader
        .take(most)
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A file that takes its name only when it is finished, so that nobody reads half of it.
pub struct Output {
    file: io::BufWriter<File>,
    /// The unfinished file and the name it is to have; none when it is written in place.
    rename: Option<(PathBuf, PathBuf)>,
}

impl Output {
    /// Starts a file. What is no regular file, such as a pipe, is written in place.
    ///
    /// # Errors
    /// What the file system answers.
    pub fn create(path: &Path) -> io::Result<Output> {
        let in_place = fs::metadata(path).is_ok_and(|metadata| !metadata.is_file());
        if in_place {
            let file = File::options().write(true).open(path)?;
            return Ok(Output {
                file: io::BufWriter::new(file),
                rename: None,
            });
        }
        // A link keeps pointing where it did: the file it names is replaced.
        let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let mut name = std::ffi::OsString::from(".");
        name.push(target.file_name().ok_or(io::ErrorKind::InvalidInput)?);
        name.push(format!(".{}.part", std::process::id()));
        let unfinished = target.with_file_name(name);
        let file = File::create(&unfinished)?;
        remember(&unfinished);
        Ok(Output {
            file: io::BufWriter::with_capacity(64 * 1024, file),
            rename: Some((unfinished, target)),
        })
    }

    /// Writes what is left and gives the file its name.
    ///
    /// # Errors
    /// What the file system answers.
    pub fn finish(mut self) -> io::Result<()> {
        self.file.flush()?;
        match self.rename.take() {
            Some((unfinished, target)) => {
                let renamed = fs::rename(&unfinished, &target);
                if renamed.is_err() {
                    let _ = fs::remove_file(&unfinished);
                }
                forget(&unfinished);
                renamed
            }
            None => Ok(()),
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        if let Some((unfinished, _)) = self.rename.take() {
            let _ = fs::remove_file(&unfinished);
            forget(&unfinished);
        }
    }
}

/// Files that are being written and have not got their name yet, and folders made for them.
static UNFINISHED: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// Notes what goes again when the program is told to stop.
pub(super) fn remember(path: &Path) {
    if let Ok(mut paths) = UNFINISHED.lock() {
        paths.insert(path.to_owned());
    }
}

/// What is finished, or gone, is remembered no longer.
pub(super) fn forget(path: &Path) {
    if let Ok(mut paths) = UNFINISHED.lock() {
        paths.remove(path);
    }
}

/// Takes away what is half written, for a program that is told to stop.
pub fn remove_unfinished() {
    if let Ok(mut paths) = UNFINISHED.lock() {
        // What lies in a folder goes before the folder.
        for path in std::mem::take(&mut *paths).iter().rev() {
            let _ = fs::remove_file(path).or_else(|_| fs::remove_dir(path));
        }
    }
}

/// Replaces the text of a file that is there. What reads it meanwhile sees the old text or the new
/// one, and an interruption leaves the old one; links and permissions stay.
///
/// # Errors
/// What the file system answers; the file is then as it was.
pub fn replace_file(path: &Path, text: &str) -> io::Result<()> {
    let permissions = fs::metadata(path)?.permissions();
    if permissions.readonly() {
        return Err(io::Error::new(
            io::ErrorKind::PermissionDenied,
            "it is read-only",
        ));
    }
    let mut output = Output::create(path)?;
    output.write_all(text.as_bytes())?;
    output.flush()?;
    output.file.get_ref().set_permissions(permissions)?;
    output.file.get_ref().sync_all()?;
    output.finish()
}
