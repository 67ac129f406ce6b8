//! Where decisions go: standard output, or a file that takes its name when it is finished.

use super::super::failure::Failure;
use super::super::output::Stdout;
use super::pipeline::Written;
use crate::Policy;
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
    #[cfg(feature = "parquet")]
    Parquet(PathBuf, Box<crate::columnar::DecisionsWriter<Output>>),
}

/// This program was built without Parquet.
#[cfg(not(feature = "parquet"))]
pub(super) fn no_parquet() -> Failure {
    Failure::Usage(message!(
        "this `caseway` was built without Parquet: build it with `cargo build --release --features parquet`, or use CSV or NDJSON"
    ))
}

/// Parquet is packed inside.
#[cfg(feature = "parquet")]
pub(super) fn not_packed(path: &Path) -> Result<(), Failure> {
    match Packing::of(&path.to_string_lossy()).0 {
        None => Ok(()),
        Some(packing) => Err(Failure::Usage(message!(
            "Parquet is packed inside: leave `{ending}` out of the name",
            ending = packing.ending()
        ))),
    }
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

    /// A Parquet file for the decisions of a policy.
    #[cfg(feature = "parquet")]
    pub(super) fn parquet(path: Option<&Path>, policy: &Policy) -> Result<Sink, Failure> {
        let Some(path) = path.filter(|path| *path != Path::new("-")) else {
            return Err(Failure::Usage(message!(
                "Parquet is written into a file: name it with `--output`"
            )));
        };
        not_packed(path)?;
        let schema = crate::columnar::DecisionsSchema::new(policy);
        let file = Output::create(path)
            .and_then(|file| crate::columnar::DecisionsWriter::new(file, &schema))
            .map_err(|error| Failure::unwritable(path, &error))?;
        Ok(Sink::Parquet(path.to_owned(), Box::new(file)))
    }

    #[cfg(not(feature = "parquet"))]
    pub(super) fn parquet(_: Option<&Path>, _: &Policy) -> Result<Sink, Failure> {
        Err(no_parquet())
    }

    /// Writes decisions.
    pub(super) fn take(&mut self, written: &Written) -> io::Result<()> {
        match written {
            Written::Text(text) => self.write_all(text),
            #[cfg(feature = "parquet")]
            Written::Columns(batch) => match self {
                Sink::Parquet(_, file) => file.write(batch),
                Sink::Stdout(_) | Sink::File(..) | Sink::Gzip(..) => {
                    Err(io::ErrorKind::Unsupported.into())
                }
            },
            #[cfg(feature = "parquet")]
            Written::Failed(why) => Err(io::Error::other(why.clone())),
        }
    }

    /// What a failed write is.
    pub(super) fn failure(&self, error: io::Error) -> Failure {
        match self {
            Sink::Stdout(_) => Failure::from_stdout(error),
            Sink::File(path, _) | Sink::Gzip(path, _) => of_file(path, &error),
            #[cfg(feature = "parquet")]
            Sink::Parquet(path, _) => of_file(path, &error),
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
            #[cfg(feature = "parquet")]
            Sink::Parquet(path, file) => file
                .finish()
                .and_then(Output::finish)
                .map_err(|error| Failure::unwritable(&path, &error)),
        }
    }
}

fn of_file(path: &Path, error: &io::Error) -> Failure {
    match error.kind() {
        io::ErrorKind::BrokenPipe => Failure::ClosedPipe,
        _ => Failure::unwritable(path, error),
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Sink::Stdout(out) => out.write(bytes),
            Sink::File(_, file) => file.write(bytes),
            Sink::Gzip(_, encoder) => encoder.write(bytes),
            // Columns are no text: see `take`.
            #[cfg(feature = "parquet")]
            Sink::Parquet(..) => Err(io::ErrorKind::Unsupported.into()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Sink::Stdout(out) => out.flush(),
            Sink::File(_, file) => file.flush(),
            // What is packed is written out at the end; a flush in between would only cost room.
            Sink::Gzip(..) => Ok(()),
            #[cfg(feature = "parquet")]
            Sink::Parquet(..) => Ok(()),
        }
    }
}
