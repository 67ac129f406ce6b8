//! Cuts a stream into rows, each with the line of its first byte, in bounded memory.
//!
//! Stage before: an open file; after: [`super::table`], which may read rows on many threads.

use super::typed_rows::TypedRow;
use crate::config::RowFormat;
use memchr::{memchr, memchr2};
use std::io::{self, BufRead};

/// The longest row that is read; longer ones are refused and the next row goes on.
pub const MAX_ROW_BYTES: usize = 16 * 1024 * 1024;

/// One row as it stands in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The line of its first byte, from 1.
    pub line: usize,
    /// Its text.
    pub bytes: RowBytes,
}

/// The text of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowBytes {
    /// The whole row without its line end.
    Whole(Vec<u8>),
    /// It is longer than [`MAX_ROW_BYTES`].
    TooLong,
    /// A quote that it opens is never closed.
    Unclosed,
    /// A row of a table whose columns have types of their own.
    Typed(TypedRow),
}

/// Cuts a stream into rows; blank lines are no rows.
pub struct Rows<R> {
    input: R,
    format: RowFormat,
    line: usize,
    started: bool,
}

/// Where in a row of CSV the next byte stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// At the first byte of a cell.
    CellStart,
    /// In a cell without quotes, or behind the closing quote.
    Plain,
    /// Between quotes.
    Quoted,
    /// Just behind a quote between quotes: the closing one, or the first of two.
    Quote,
}

impl Place {
    fn after(self, byte: u8) -> Place {
        match (self, byte) {
            (Place::CellStart, b'"') | (Place::Quote, b'"') => Place::Quoted,
            (Place::Quoted, b'"') => Place::Quote,
            (Place::Quoted, _) => Place::Quoted,
            (Place::CellStart | Place::Plain | Place::Quote, b',') => Place::CellStart,
            (Place::CellStart | Place::Plain | Place::Quote, _) => Place::Plain,
        }
    }

    /// Goes on through a text up to the end of the row: where that is, if it is in the text, and
    /// how many lines end up to there. Outside quotes all but the last byte before a quote or a
    /// line end is passed over.
    fn row_end(&mut self, text: &[u8]) -> (Option<usize>, usize) {
        let (mut at, mut lines) = (0, 0);
        loop {
            let rest = text.get(at..).unwrap_or(&[]);
            let found = memchr2(b'\n', b'"', rest);
            let passed = found.unwrap_or(rest.len());
            if let Some(last) = passed.checked_sub(1).and_then(|last| rest.get(last)) {
                // A quote outside quotes, and the byte behind a closing one, only ever start a
                // stretch: the last byte alone decides.
                *self = match self {
                    Place::CellStart | Place::Plain | Place::Quote => Place::Plain.after(*last),
                    Place::Quoted => Place::Quoted,
                };
            }
            let Some(byte) = found.and_then(|found| rest.get(found)) else {
                return (None, lines);
            };
            if *byte == b'\n' {
                lines += 1;
                if *self != Place::Quoted {
                    return (Some(at + passed), lines);
                }
            }
            *self = self.after(*byte);
            at += passed + 1;
        }
    }
}

/// Rows one after another.
pub trait RowSource {
    /// The next row; none at the end.
    ///
    /// # Errors
    /// What the stream answers.
    fn next_row(&mut self) -> io::Result<Option<Row>>;
}

impl<R: BufRead> RowSource for Rows<R> {
    fn next_row(&mut self) -> io::Result<Option<Row>> {
        Rows::next_row(self)
    }
}

impl<R: BufRead> Rows<R> {
    /// Rows of a stream.
    pub fn new(input: R, format: RowFormat) -> Rows<R> {
        Rows {
            input,
            format,
            line: 1,
            started: false,
        }
    }

    /// The next row; none at the end.
    ///
    /// # Errors
    /// What the stream answers.
    pub fn next_row(&mut self) -> io::Result<Option<Row>> {
        loop {
            let Some(row) = self.cut()? else {
                return Ok(None);
            };
            let blank = match &row.bytes {
                RowBytes::Whole(bytes) => match self.format {
                    RowFormat::Csv => bytes.is_empty(),
                    RowFormat::Ndjson => bytes.iter().all(u8::is_ascii_whitespace),
                },
                RowBytes::TooLong | RowBytes::Unclosed | RowBytes::Typed(_) => false,
            };
            if !blank {
                return Ok(Some(row));
            }
        }
    }

    /// Everything up to the next line end outside quotes.
    fn cut(&mut self) -> io::Result<Option<Row>> {
        let first_line = self.line;
        let mut bytes = Vec::new();
        let mut place = Place::CellStart;
        let (mut any, mut too_long) = (false, false);
        loop {
            let buffer = match self.input.fill_buf() {
                Ok(buffer) => buffer,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if buffer.is_empty() {
                let end = match (any, too_long, place) {
                    (false, _, _) => return Ok(None),
                    (true, _, Place::Quoted) => RowBytes::Unclosed,
                    (true, true, _) => RowBytes::TooLong,
                    (true, false, Place::CellStart | Place::Plain | Place::Quote) => {
                        RowBytes::Whole(self.finish(bytes))
                    }
                };
                return Ok(Some(Row {
                    line: first_line,
                    bytes: end,
                }));
            }
            any = true;
            // A byte-order mark before the first cell would hide the quote that opens it.
            let skip = if bytes.is_empty() && !self.started && buffer.starts_with(b"\xef\xbb\xbf") {
                3
            } else {
                0
            };
            self.started = true;
            let text = buffer.get(skip..).unwrap_or(&[]);
            let (end, lines) = match self.format {
                RowFormat::Csv => place.row_end(text),
                RowFormat::Ndjson => {
                    let end = memchr(b'\n', text);
                    (end, usize::from(end.is_some()))
                }
            };
            self.line += lines;
            let end = end.map(|end| skip + end);
            let used = end.unwrap_or(buffer.len());
            let taken = buffer.get(skip..used).unwrap_or(&[]);
            if too_long || bytes.len() + taken.len() > MAX_ROW_BYTES {
                too_long = true;
                bytes = Vec::new();
            } else {
                bytes.extend_from_slice(taken);
            }
            let consumed = used + usize::from(end.is_some());
            self.input.consume(consumed);
            if end.is_some() {
                let bytes = if too_long {
                    RowBytes::TooLong
                } else {
                    RowBytes::Whole(self.finish(bytes))
                };
                return Ok(Some(Row {
                    line: first_line,
                    bytes,
                }));
            }
        }
    }

    fn finish(&self, mut bytes: Vec<u8>) -> Vec<u8> {
        if bytes.last() == Some(&b'\r') {
            bytes.pop();
        }
        bytes
    }
}
