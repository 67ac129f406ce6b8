//! Rows in packed files: gzip and Zstandard, told by the ending of the file's name.
//!
//! Beside [`super::outside`], which opens the file; what comes out is the text inside.

use crate::message::{Message, message};
use flate2::bufread::MultiGzDecoder;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};
use std::error::Error;
use std::fmt;
use std::io::{self, BufRead, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The most memory that a file of Zstandard may ask for, as the `zstd` command has it.
const MAX_WINDOW_BYTES: u64 = 128 * 1024 * 1024;

/// How a file is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// RFC 1952, any number of members.
    Gzip,
    /// RFC 8878, any number of frames.
    Zstandard,
}

impl Packing {
    /// The packing that a file's ending speaks of, and the name without that ending.
    ///
    /// ```
    /// use caseway::driver::Packing;
    ///
    /// assert_eq!(Packing::of("rows.csv.gz"), (Some(Packing::Gzip), "rows.csv"));
    /// assert_eq!(Packing::of("rows.csv"), (None, "rows.csv"));
    /// ```
    pub fn of(name: &str) -> (Option<Packing>, &str) {
        for packing in [Packing::Gzip, Packing::Zstandard] {
            let ending = packing.ending();
            let start = name.len().saturating_sub(ending.len());
            if let (Some(inner), Some(last)) = (name.get(..start), name.get(start..))
                && last.eq_ignore_ascii_case(ending)
            {
                return (Some(packing), inner);
            }
        }
        (None, name)
    }

    /// The ending of its files.
    pub fn ending(self) -> &'static str {
        match self {
            Packing::Gzip => ".gz",
            Packing::Zstandard => ".zst",
        }
    }

    /// What people call it.
    fn name(self) -> &'static str {
        match self {
            Packing::Gzip => "gzip",
            Packing::Zstandard => "Zstandard",
        }
    }

    /// The bytes that its files start with.
    fn magic(self) -> &'static [u8] {
        match self {
            Packing::Gzip => b"\x1f\x8b",
            Packing::Zstandard => b"\x28\xb5\x2f\xfd",
        }
    }
}

/// Why the text inside a file cannot be read: the cause inside an [`io::Error`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackingError {
    message: Message,
}

impl PackingError {
    /// A Parquet file that cannot be read; `cause` is what its reader says.
    pub fn parquet(cause: &str) -> io::Error {
        error(message!("it is no sound Parquet file: {cause}", cause))
    }

    /// One sentence in the operator's words.
    pub fn message(&self) -> &Message {
        &self.message
    }
}

impl fmt::Display for PackingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message.fmt(f)
    }
}

impl Error for PackingError {}

fn error(message: Message) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, PackingError { message })
}

/// A stream whose bytes are counted as they are used.
pub(super) struct Counted<R> {
    inner: R,
    used: Arc<AtomicU64>,
}

impl<R> Counted<R> {
    pub(super) fn new(inner: R, used: Arc<AtomicU64>) -> Counted<R> {
        Counted { inner, used }
    }

    fn add(&self, count: usize) {
        let count = u64::try_from(count).unwrap_or(0);
        self.used.fetch_add(count, Ordering::Relaxed);
    }
}

impl<R: BufRead> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.add(count);
        Ok(count)
    }
}

impl<R: BufRead> BufRead for Counted<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        self.inner.consume(count);
        self.add(count);
    }
}

/// A stream that is not packed, unless it is without saying so.
pub(super) struct Plain<R> {
    inner: R,
    looked: bool,
}

impl<R: BufRead> Plain<R> {
    pub(super) fn new(inner: R) -> Plain<R> {
        Plain {
            inner,
            looked: false,
        }
    }

    /// Looks at the first bytes, once.
    fn look(&mut self) -> io::Result<()> {
        if self.looked {
            return Ok(());
        }
        let start = self.inner.fill_buf()?;
        for packing in [Packing::Gzip, Packing::Zstandard] {
            if start.starts_with(packing.magic()) {
                return Err(error(message!(
                    "it is packed with {name}: let its name end in `{ending}`, or unpack it before",
                    name = packing.name(),
                    ending = packing.ending()
                )));
            }
        }
        if start.starts_with(b"PAR1") {
            return Err(error(message!(
                "it is a Parquet file: let its name end in `.parquet`"
            )));
        }
        self.looked = true;
        Ok(())
    }
}

impl<R: BufRead> Read for Plain<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.look()?;
        self.inner.read(buffer)
    }
}

impl<R: BufRead> BufRead for Plain<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.look()?;
        self.inner.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        self.inner.consume(count);
    }
}

/// Unpacks a stream.
pub(super) struct Unpacked<R: BufRead> {
    packing: Packing,
    used: Arc<AtomicU64>,
    state: State<R>,
}

enum State<R: BufRead> {
    /// Nothing is read yet.
    Start(Option<R>),
    Gzip(Box<MultiGzDecoder<R>>),
    Zstandard(Box<Frames<R>>),
}

impl<R: BufRead> Unpacked<R> {
    /// The text inside a stream; `used` counts the bytes of it that are used.
    pub(super) fn new(packing: Packing, inner: R, used: Arc<AtomicU64>) -> Unpacked<R> {
        Unpacked {
            packing,
            used,
            state: State::Start(Some(inner)),
        }
    }

    fn start(&self, mut inner: R) -> io::Result<State<R>> {
        let (name, ending) = (self.packing.name(), self.packing.ending());
        let start = inner.fill_buf()?;
        let known = start.iter().zip(self.packing.magic()).all(|(a, b)| a == b);
        // A frame that is to be skipped (RFC 8878, 3.1.2).
        let skipped = matches!(start, [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..]);
        if start.is_empty() || !(known || skipped && self.packing == Packing::Zstandard) {
            return Err(error(message!(
                "its name ends in `{ending}`, but it holds nothing packed with {name}",
                ending,
                name
            )));
        }
        Ok(match self.packing {
            Packing::Gzip => State::Gzip(Box::new(MultiGzDecoder::new(inner))),
            Packing::Zstandard => State::Zstandard(Box::new(Frames::new(inner))),
        })
    }

    fn broken(&self, what: Broken) -> io::Error {
        let (name, at) = (self.packing.name(), self.used.load(Ordering::Relaxed));
        error(match what {
            Broken::Io(error) => return error,
            Broken::CutOff => message!(
                "what {name} packed ends too early, at byte {at}: is the file whole?",
                name,
                at
            ),
            Broken::Damaged => message!(
                "what {name} packed is damaged at byte {at} or before it",
                name,
                at
            ),
            Broken::Window => message!(
                "it takes more than {most} MiB of memory to unpack: pack it again without `--long` and `--ultra`",
                most = MAX_WINDOW_BYTES / 1024 / 1024
            ),
            Broken::Dictionary => message!(
                "it was packed with a dictionary, which is not at hand: pack it again without"
            ),
        })
    }
}

impl<R: BufRead> Read for Unpacked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let State::Start(inner) = &mut self.state
            && let Some(inner) = inner.take()
        {
            self.state = self.start(inner)?;
        }
        let read = match &mut self.state {
            State::Start(_) => return Ok(0),
            State::Gzip(decoder) => decoder.read(buffer).map_err(Broken::of_io),
            State::Zstandard(frames) => frames.read(buffer),
        };
        read.map_err(|what| self.broken(what))
    }
}

/// What is wrong with packed bytes.
enum Broken {
    /// The file cannot be read.
    Io(io::Error),
    CutOff,
    Damaged,
    /// It asks for too much memory.
    Window,
    Dictionary,
}

impl Broken {
    fn of_io(error: io::Error) -> Broken {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => Broken::CutOff,
            io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => Broken::Damaged,
            _ => Broken::Io(error),
        }
    }

    fn of_frame(error: &FrameDecoderError) -> Broken {
        match error {
            FrameDecoderError::WindowSizeTooBig { .. } => return Broken::Window,
            FrameDecoderError::DictNotProvided { .. } => return Broken::Dictionary,
            _ => {}
        }
        let mut cause: Option<&(dyn Error + 'static)> = Some(error);
        while let Some(one) = cause {
            if let Some(io) = one.downcast_ref::<io::Error>() {
                return match io.kind() {
                    io::ErrorKind::UnexpectedEof => Broken::CutOff,
                    kind => Broken::Io(io::Error::new(kind, io.to_string())),
                };
            }
            cause = one.source();
        }
        Broken::Damaged
    }
}

/// Frames of Zstandard, one after another.
struct Frames<R> {
    inner: R,
    decoder: FrameDecoder,
    inside: bool,
}

impl<R: BufRead> Frames<R> {
    fn new(inner: R) -> Frames<R> {
        let mut decoder = FrameDecoder::new();
        decoder.set_max_window_size(MAX_WINDOW_BYTES);
        Frames {
            inner,
            decoder,
            inside: false,
        }
    }

    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Broken> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            if !self.inside {
                if self.inner.fill_buf().map_err(Broken::of_io)?.is_empty() {
                    return Ok(0);
                }
                self.inside = self.open()?;
                continue;
            }
            while self.decoder.can_collect() == 0 && !self.decoder.is_finished() {
                let step = BlockDecodingStrategy::UptoBlocks(1);
                let decoded = self.decoder.decode_blocks(&mut self.inner, step);
                decoded.map_err(|error| Broken::of_frame(&error))?;
            }
            let count = self.decoder.read(buffer).map_err(Broken::of_io)?;
            if count > 0 {
                return Ok(count);
            }
            let written = self.decoder.get_checksum_from_data();
            if written.is_some() && written != self.decoder.get_calculated_checksum() {
                return Err(Broken::Damaged);
            }
            self.inside = false;
        }
    }

    /// Reads the head of a frame; says whether there is text in it.
    fn open(&mut self) -> Result<bool, Broken> {
        let skip = match self.decoder.reset(&mut self.inner) {
            Ok(()) => return Ok(true),
            Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                length,
                ..
            })) => u64::from(length),
            Err(error) => return Err(Broken::of_frame(&error)),
        };
        let mut rest = self.inner.by_ref().take(skip);
        let skipped = io::copy(&mut rest, &mut io::sink()).map_err(Broken::of_io)?;
        if skipped < skip {
            return Err(Broken::CutOff);
        }
        Ok(false)
    }
}
