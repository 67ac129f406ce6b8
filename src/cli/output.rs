//! Standard output as commands write it: buffered, and a closed pipe is no error.
//!
//! Also asks whether a person looks at it.

use std::io::{self, BufWriter, IsTerminal, StdoutLock, Write};
use std::path::Path;

/// Buffered standard output. Nothing is written after the pipe has been closed.
pub(super) struct Stdout {
    inner: BufWriter<StdoutLock<'static>>,
}

impl Stdout {
    pub(super) fn new() -> Stdout {
        Stdout {
            inner: BufWriter::with_capacity(64 * 1024, io::stdout().lock()),
        }
    }

    /// Writes what is left.
    pub(super) fn finish(mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl Write for Stdout {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.inner.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// Writes a result and what is left of the buffer.
pub(super) fn print(text: &str) -> io::Result<()> {
    let mut out = Stdout::new();
    out.write_all(text.as_bytes())?;
    out.finish()
}

/// The path of a file of the policy as seen from where the command runs, parted by `/`.
pub(super) fn path_of(folder: &Path, file: &str) -> String {
    let path = folder.join(file);
    let parts: Vec<String> = path
        .components()
        .filter(|part| !matches!(part, std::path::Component::CurDir))
        .map(|part| part.as_os_str().to_string_lossy().replace('\\', "/"))
        .collect();
    parts.join("/").replace("//", "/")
}

/// Whether a person looks at results.
pub(super) fn stdout_is_terminal() -> bool {
    io::stdout().is_terminal()
}

/// Whether a person looks at messages.
pub(super) fn stderr_is_terminal() -> bool {
    io::stderr().is_terminal()
}

/// Whether colour is unwanted, by <https://no-color.org>.
pub(super) fn no_color() -> bool {
    std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
}

/// Columns of text, at least and at most: long lines are hard to read, and in very short ones nothing
/// fits.
const WIDTHS: std::ops::RangeInclusive<usize> = 40..=100;

/// Columns of text: those of the terminal, within reason.
pub(super) fn width() -> usize {
    let terminal = terminal_size::terminal_size();
    terminal.map_or(*WIDTHS.end(), |(width, _)| {
        usize::from(width.0).clamp(*WIDTHS.start(), *WIDTHS.end())
    })
}

/// Whether the locale says that a terminal shows more than ASCII: the first of `LC_ALL`, `LC_CTYPE`
/// and `LANG` that is set counts (POSIX, "Environment Variables", 8.2); Windows has none of them and
/// shows Unicode.
pub(super) fn locale_is_unicode() -> bool {
    let set = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .filter_map(std::env::var_os)
        .find(|value| !value.is_empty());
    match set {
        Some(value) => {
            let value = value.to_string_lossy().to_ascii_lowercase();
            value.contains("utf-8") || value.contains("utf8")
        }
        None => cfg!(windows),
    }
}
