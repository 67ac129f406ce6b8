//! Where decisions go: standard output, or a file that takes its name when it is finished.

use super::super::failure::Failure;
use super::super::output::Stdout;
use crate::driver::{Output, Packing};
use crate::message::message;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Where decisions go.
pub(super) enum Sink {
    Stdout(Stdout),
    File(PathBuf, Output),
    /// A file that its ending says is packed.
    Gzip(PathBuf, Box<GzEncoder<Output>>),
}

impl Sink {
    /// Standard output, or the file at a path.
    pub(super) fn open(path: Option<&Path>) -> Result<Sink, Failure> {
        let Some(path) = path.filter(|path| *path != Path::new("-")) else {
            return Ok(Sink::Stdout(Stdout::new()));
        };
        let packing = Packing::of(&path.to_string_lossy()).0;
        if packing == Some(Packing::Zstandard) {
            return Err(Failure::Usage(message!(
                "decisions are not written as `.zst`: write `.gz`, or hand them to `zstd`"
            )));
        }
        let file = Output::create(path).map_err(|error| Failure::unwritable(path, &error))?;
        Ok(match packing {
            None | Some(Packing::Zstandard) => Sink::File(path.to_owned(), file),
            Some(Packing::Gzip) => {
                let encoder = GzEncoder::new(file, Compression::fast());
                Sink::Gzip(path.to_owned(), Box::new(encoder))
            }
        })
    }

    /// What a failed write is.
    pub(super) fn failure(&self, error: io::Error) -> Failure {
        match self {
            Sink::Stdout(_) => Failure::from_stdout(error),
            Sink::File(..) | Sink::Gzip(..) if error.kind() == io::ErrorKind::BrokenPipe => {
                Failure::ClosedPipe
            }
            Sink::File(path, _) | Sink::Gzip(path, _) => Failure::unwritable(path, &error),
        }
    }

    /// Writes what is left and gives the file its name.
    pub(super) fn finish(self) -> Result<(), Failure> {
        match self {
            Sink::Stdout(out) => out.finish().map_err(Failure::from_stdout),
            Sink::File(path, file) => file
                .finish()
                .map_err(|error| Failure::unwritable(&path, &error)),
            Sink::Gzip(path, encoder) => encoder
                .finish()
                .and_then(Output::finish)
                .map_err(|error| Failure::unwritable(&path, &error)),
        }
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Sink::Stdout(out) => out.write(bytes),
            Sink::File(_, file) => file.write(bytes),
            Sink::Gzip(_, encoder) => encoder.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Sink::Stdout(out) => out.flush(),
            Sink::File(_, file) => file.flush(),
            // What is packed is written out at the end; a flush in between would only cost room.
            Sink::Gzip(..) => Ok(()),
        }
    }
}
