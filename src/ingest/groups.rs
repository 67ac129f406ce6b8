//! Gathers the rows of a batch into cases: one row each, or all rows with one key of a log.
//!
//! Stage before: [`super::rows`]; after: [`super::table`], which may read cases on many threads. The rows
//! of a log that stand together are gathered case by case; otherwise all of them are held in memory.

use super::events::MAX_EVENTS;
use super::refusal::Refusal;
use super::rows::{Row, RowBytes, RowSource};
use super::table::RowReader;
use crate::config::MappedLog;
use crate::message::message;
use std::collections::{HashMap, HashSet, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;

/// The most rows of one case of a log.
pub const MAX_LOG_ROWS: usize = MAX_EVENTS;

/// The most bytes that the rows of one case of a log may hold.
pub const MAX_LOG_BYTES: usize = 64 * 1024 * 1024;

/// The rows of one case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CaseRows {
    /// A row that is a case of its own, or that names none.
    One(Row),
    /// The rows of a log with one key.
    Log(LogRows),
}

/// The rows of a log with one key, in the order of the file; there is one at least.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogRows {
    /// The key.
    pub key: String,
    /// The rows; those that came too many are left out.
    pub rows: Vec<Row>,
    /// Whether there are more rows, or longer ones, than one case may have.
    pub too_many: bool,
    bytes: usize,
}

impl CaseRows {
    /// The line of the first row.
    pub fn line(&self) -> usize {
        match self {
            CaseRows::One(row) => row.line,
            CaseRows::Log(log) => log.rows.first().map_or(0, |row| row.line),
        }
    }

    /// How many rows it has; those that came too many are left out.
    pub fn count(&self) -> u64 {
        match self {
            CaseRows::One(_) => 1,
            CaseRows::Log(log) => u64::try_from(log.rows.len()).unwrap_or(u64::MAX),
        }
    }

    /// How many bytes its rows hold.
    pub fn bytes(&self) -> usize {
        match self {
            CaseRows::One(row) => length(row),
            CaseRows::Log(log) => log.bytes,
        }
    }
}

impl LogRows {
    fn new(key: String, row: Row) -> LogRows {
        LogRows {
            key,
            bytes: length(&row),
            rows: vec![row],
            too_many: false,
        }
    }

    fn push(&mut self, row: Row) {
        let bytes = self.bytes + length(&row);
        if self.too_many || self.rows.len() >= MAX_LOG_ROWS || bytes > MAX_LOG_BYTES {
            self.too_many = true;
            self.rows.truncate(1);
        } else {
            self.bytes = bytes;
            self.rows.push(row);
        }
    }
}

fn length(row: &Row) -> usize {
    match &row.bytes {
        RowBytes::Whole(bytes) => bytes.len(),
        RowBytes::TooLong | RowBytes::Unclosed => 0,
        RowBytes::Typed(row) => row.bytes(),
    }
}

/// Why there are no further cases.
#[derive(Debug)]
pub enum GroupError {
    /// The stream cannot be read.
    Reading(io::Error),
    /// The rows of a case do not stand together.
    Scattered(Refusal),
}

/// Cuts the rows of a batch into cases.
pub struct Groups<'a, S> {
    rows: &'a mut S,
    reader: &'a RowReader<'a>,
    /// Cases that are complete.
    ready: VecDeque<CaseRows>,
    /// The case whose rows are being read.
    open: Option<LogRows>,
    /// Rows behind those of the open case whose key cannot be read.
    behind: Vec<Row>,
    behind_bytes: usize,
    /// Keys of cases that are complete, as hashes: a few bytes for each case.
    ended: HashSet<u64>,
    error: Option<GroupError>,
    done: bool,
    count: u64,
}

impl<'a, S: RowSource> Groups<'a, S> {
    /// Cases of these rows; `reader` knows whether they are a log.
    pub fn new(rows: &'a mut S, reader: &'a RowReader<'a>) -> Groups<'a, S> {
        Groups {
            rows,
            reader,
            ready: VecDeque::new(),
            open: None,
            behind: Vec::new(),
            behind_bytes: 0,
            ended: HashSet::new(),
            error: None,
            done: false,
            count: 0,
        }
    }

    /// How many rows were read so far.
    pub fn rows(&self) -> u64 {
        self.count
    }

    /// The next case; none at the end.
    ///
    /// # Errors
    /// What the stream answers, and the code `not-grouped` where a key comes again although the rows
    /// of a case stand together. Cases before it were given out.
    pub fn next_case(&mut self) -> Result<Option<CaseRows>, GroupError> {
        let Some(log) = self.reader.log() else {
            let row = self.row()?;
            return Ok(row.map(CaseRows::One));
        };
        if !log.grouped && !self.done {
            self.done = true;
            self.gather()?;
        }
        while self.ready.is_empty() && !self.done {
            match self.row() {
                Ok(Some(row)) => self.add(row, log),
                Ok(None) => {
                    self.done = true;
                    self.close();
                }
                Err(error) => return Err(error),
            }
        }
        match (self.ready.pop_front(), self.error.take()) {
            (Some(case), error) => {
                self.error = error;
                Ok(Some(case))
            }
            (None, Some(error)) => Err(error),
            (None, None) => Ok(None),
        }
    }

    fn row(&mut self) -> Result<Option<Row>, GroupError> {
        let row = self.rows.next_row().map_err(GroupError::Reading)?;
        self.count += u64::from(row.is_some());
        Ok(row)
    }

    /// Adds a row to the open case, or opens the next.
    fn add(&mut self, row: Row, log: &MappedLog) {
        let Some(key) = self.reader.key(&row) else {
            if self.open.is_none() {
                self.ready.push_back(CaseRows::One(row));
                return;
            }
            self.behind_bytes += length(&row);
            self.behind.push(row);
            if self.behind.len() >= MAX_LOG_ROWS || self.behind_bytes > MAX_LOG_BYTES {
                self.close();
            }
            return;
        };
        if let Some(open) = self.open.as_mut().filter(|open| open.key == key) {
            // What stands between two rows of a case is a row of the case.
            for between in self.behind.drain(..) {
                open.push(between);
            }
            self.behind_bytes = 0;
            open.push(row);
            return;
        }
        self.close();
        if self.ended.contains(&hash(&key)) {
            let columns = super::cell::names(&log.key);
            let message = message!(
                "`{key}` comes again after the rows of other cases: sort the rows by {columns}, or write `grouped = false` under `[mapping.{mapping_name}.log]`",
                key,
                columns,
                mapping_name = self.reader.mapping_name()
            );
            self.error = Some(GroupError::Scattered(
                Refusal::new("not-grouped", message).at_line(row.line),
            ));
            self.done = true;
            return;
        }
        self.open = Some(LogRows::new(key, row));
    }

    /// The open case is complete.
    fn close(&mut self) {
        if let Some(open) = self.open.take() {
            self.ended.insert(hash(&open.key));
            self.ready.push_back(CaseRows::Log(open));
        }
        self.ready.extend(self.behind.drain(..).map(CaseRows::One));
        self.behind_bytes = 0;
    }

    /// Reads all rows and puts those with one key together, in the order of their first rows.
    fn gather(&mut self) -> Result<(), GroupError> {
        let mut places: HashMap<String, usize> = HashMap::new();
        while let Some(row) = self.row()? {
            let Some(key) = self.reader.key(&row) else {
                self.ready.push_back(CaseRows::One(row));
                continue;
            };
            match places.get(&key).and_then(|at| self.ready.get_mut(*at)) {
                Some(CaseRows::Log(case)) => case.push(row),
                Some(CaseRows::One(_)) | None => {
                    places.insert(key.clone(), self.ready.len());
                    let case = CaseRows::Log(LogRows::new(key, row));
                    self.ready.push_back(case);
                }
            }
        }
        Ok(())
    }
}

fn hash(key: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_has_so_many_rows_and_no_more() {
        let row = |line| Row {
            line,
            bytes: RowBytes::Whole(Vec::new()),
        };
        let mut case = LogRows::new("A".to_owned(), row(2));
        for line in 0..MAX_LOG_ROWS - 1 {
            case.push(row(line));
        }
        assert_eq!((case.rows.len(), case.too_many), (MAX_LOG_ROWS, false));
        case.push(row(9));
        case.push(row(10));
        assert_eq!((case.rows.len(), case.too_many), (1, true));
        assert_eq!(case.rows.first().map(|row| row.line), Some(2));
    }
}
