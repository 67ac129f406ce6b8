//! One thread cuts rows into cases and chunks of them, many decide chunks, this one writes them, all at
//! the same time: the output is the same for any number of threads.
//!
//! ```text
//! cut ──► chunks ──► decide (many) ──► decided chunks ──► write
//!   └───────────────► whose turn it is ────────────────────┘
//! ```
//!
//! A chunk and its place in the order are handed on together; what waits is bounded, so that memory is.

use super::csv_form;
use super::progress::Progress;
use super::sink::Sink;
use super::summary::{Gathered, RowTally, Summary};
use crate::cli::language;
use crate::ingest::{
    CaseRoom, CaseRows, GroupError, Groups, Refusal, RowCase, RowReader, RowSource,
};
use crate::json;
use crate::{Decision, Instant, Policy};
use serde::Serialize;
use std::cell::RefCell;
use std::io::{self, Write};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::thread;

/// The most cases of a chunk.
const CHUNK_CASES: usize = 256;
/// A chunk ends when its rows hold so many bytes.
const CHUNK_BYTES: usize = 256 * 1024;
/// The most chunks on their way, and so the most threads that are of use: one thread that cuts rows
/// cannot keep more of them busy.
const MOST_CHUNKS: usize = 64;

/// How rows are decided.
pub(super) struct Pipeline<'a> {
    pub(super) policy: &'a Policy,
    pub(super) reader: &'a RowReader<'a>,
    /// The instant to decide for, when one is given.
    pub(super) at: Option<Instant>,
    /// The instant for rows that name none: the same for the whole batch.
    pub(super) now: Instant,
    pub(super) form: RowForm,
    /// The columns of decisions, where they are no text.
    #[cfg(feature = "parquet")]
    pub(super) columns: Option<crate::columnar::DecisionsSchema>,
    pub(super) strict: bool,
    pub(super) jobs: usize,
}

/// The form of decisions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RowForm {
    Csv,
    Ndjson,
}

/// Why a batch ended early.
pub(super) enum Stopped {
    /// After so many rows.
    Reading(u64, io::Error),
    Writing(io::Error),
    /// The rows of a case do not stand together.
    Scattered(Refusal),
}

/// Cases that are decided together.
struct Chunk {
    cases: Vec<CaseRows>,
    /// Where the decisions go.
    reply: SyncSender<Decided>,
}

/// The turn of a chunk to be written, and why there are no further ones.
struct Turn {
    decided: Receiver<Decided>,
    /// How many rows were read up to the end of the chunk.
    rows: u64,
    error: Option<GroupError>,
}

/// What came of a chunk.
struct Decided {
    written: Written,
    tally: Summary,
}

/// Decisions as the sink takes them.
pub(super) enum Written {
    Text(Vec<u8>),
    #[cfg(feature = "parquet")]
    Columns(crate::columnar::RecordBatch),
    /// The decisions of a chunk do not fit into columns.
    #[cfg(feature = "parquet")]
    Failed(String),
}

/// A decided row, ready to be written.
struct Done {
    text: Vec<u8>,
    tally: RowTally,
}

#[derive(Serialize)]
struct DecidedLine<'a> {
    line: usize,
    decision: &'a Decision,
}

#[derive(Serialize)]
struct RefusedLine<'a> {
    line: usize,
    error: &'a Refusal,
}

impl Pipeline<'_> {
    /// Decides all rows; `sink` gets them in their order.
    pub(super) fn run(
        &self,
        rows: &mut (impl RowSource + Send),
        sink: &mut Sink,
        progress: &Progress,
    ) -> Result<Summary, Stopped> {
        if self.form == RowForm::Csv {
            sink.write_all(&csv_form::header(self.policy))
                .map_err(Stopped::Writing)?;
        }
        let jobs = self.jobs.clamp(1, MOST_CHUNKS);
        let waiting = (2 * jobs).min(MOST_CHUNKS);
        let (chunk_sender, chunks) = mpsc::sync_channel(waiting);
        let (turn_sender, turns) = mpsc::sync_channel(waiting);
        let (chunks, stopped) = (Mutex::new(chunks), AtomicBool::new(false));
        let summary = thread::scope(|scope| {
            scope.spawn(|| self.cut(rows, chunk_sender, turn_sender));
            for _ in 0..jobs {
                scope.spawn(|| self.work(&chunks, &stopped));
            }
            // Dropping the turns ends the thread that cuts: its next chunk finds nobody.
            let summary = self.write(turns, sink, progress);
            stopped.store(true, Ordering::Relaxed);
            summary
        })?;
        sink.flush().map_err(Stopped::Writing)?;
        Ok(summary)
    }

    /// Cuts all rows into chunks, as far as somebody wants them.
    fn cut(&self, rows: &mut impl RowSource, chunks: SyncSender<Chunk>, turns: SyncSender<Turn>) {
        let mut groups = Groups::new(rows, self.reader);
        loop {
            let (cases, error) = next_cases(&mut groups);
            let last = cases.is_empty() || error.is_some();
            let (reply, decided) = mpsc::sync_channel(1);
            let turn = Turn {
                decided,
                rows: groups.rows(),
                error,
            };
            let wanted = turns.send(turn).is_ok() && chunks.send(Chunk { cases, reply }).is_ok();
            if last || !wanted {
                return;
            }
        }
    }

    /// Decides chunks until there are no more.
    fn work(&self, chunks: &Mutex<Receiver<Chunk>>, stopped: &AtomicBool) {
        loop {
            let next = chunks.lock().map(|chunks| chunks.recv());
            let Ok(Ok(Chunk { cases, reply })) = next else {
                return;
            };
            if !stopped.load(Ordering::Relaxed) {
                // Nobody is waiting any more when writing has failed.
                let _ = reply.send(self.decide_all(&cases));
            }
        }
    }

    /// Decides a chunk; when strict, up to the first refused case.
    fn decide_all(&self, cases: &[CaseRows]) -> Decided {
        #[cfg(feature = "parquet")]
        if let Some(columns) = &self.columns {
            return self.decide_columns(cases, columns);
        }
        let (mut text, mut room) = (Vec::new(), CaseRoom::default());
        let mut tally = Summary::new(self.policy);
        for rows in cases {
            let done = self.decide(rows, &mut room);
            text.extend_from_slice(&done.text);
            tally.add(&done.tally);
            tally.read += rows.count();
            if self.strict && done.tally.is_refused() {
                tally.stopped = true;
                break;
            }
        }
        let written = Written::Text(text);
        Decided { written, tally }
    }

    /// The same, into columns.
    #[cfg(feature = "parquet")]
    fn decide_columns(
        &self,
        cases: &[CaseRows],
        columns: &crate::columnar::DecisionsSchema,
    ) -> Decided {
        let mut decisions = crate::columnar::Decisions::new(columns, self.policy);
        let (mut tally, mut room) = (Summary::new(self.policy), CaseRoom::default());
        for rows in cases {
            let (line, decided, swapped) = self.judge(rows, &mut room);
            let decided = decided.map_err(|refusal| refusal.in_language(language::json()));
            decisions.push(line, decided.as_ref());
            let row = RowTally::new(self.policy, decided.as_ref(), swapped);
            tally.add(&row);
            tally.read += rows.count();
            if self.strict && row.is_refused() {
                tally.stopped = true;
                break;
            }
        }
        let written = match decisions.finish() {
            Ok(batch) => Written::Columns(batch),
            Err(error) => Written::Failed(error.to_string()),
        };
        Decided { written, tally }
    }

    /// Writes decided chunks, each in its turn.
    fn write(
        &self,
        turns: Receiver<Turn>,
        sink: &mut Sink,
        progress: &Progress,
    ) -> Result<Summary, Stopped> {
        let mut summary = Summary::new(self.policy);
        summary.log = self.reader.log().map(|log| match log.grouped {
            true => Gathered::CaseByCase,
            false => Gathered::InMemory,
        });
        for turn in turns {
            // A thread that decides has gone only if it panicked, which ends the batch anyway.
            let Ok(decided) = turn.decided.recv() else {
                break;
            };
            sink.take(&decided.written).map_err(Stopped::Writing)?;
            summary.merge(decided.tally);
            progress.show(summary.cases());
            if summary.stopped {
                return Ok(summary);
            }
            summary.read = turn.rows;
            match turn.error {
                None => {}
                Some(GroupError::Reading(error)) => return Err(Stopped::Reading(turn.rows, error)),
                Some(GroupError::Scattered(refusal)) => return Err(Stopped::Scattered(refusal)),
            }
        }
        Ok(summary)
    }

    /// The line of a case, its decision or refusal, and how many dates were swapped.
    fn judge(
        &self,
        rows: &CaseRows,
        room: &mut CaseRoom,
    ) -> (usize, Result<Decision, Refusal>, u64) {
        let RowCase {
            line,
            case,
            swapped,
        } = self.reader.read_case_into(rows, room);
        let decided = case.and_then(|file| {
            let at = self.at.or(file.at).unwrap_or(self.now);
            self.policy
                .reader()
                .check_at(&file.case, at)
                .map_err(|refusal| refusal.at_line(line))?;
            Ok(self.policy.decide(&file.case, &file.events, at))
        });
        (line, decided, swapped)
    }

    fn decide(&self, rows: &CaseRows, room: &mut CaseRoom) -> Done {
        let (line, decided, swapped) = self.judge(rows, room);
        let tally = RowTally::new(self.policy, decided.as_ref(), swapped);
        let text = match self.form {
            RowForm::Csv => csv_form::row(self.policy, line, decided.as_ref()),
            RowForm::Ndjson => match &decided {
                Ok(decision) => line_of(&DecidedLine {
                    line,
                    decision: &language::for_programs(decision),
                }),
                Err(error) => line_of(&RefusedLine {
                    line,
                    error: &error.in_language(language::json()),
                }),
            },
        };
        Done { text, tally }
    }
}

thread_local! {
    /// Where a thread writes a line before it is known how long it gets.
    static LINE: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// A line of JSON with its end.
fn line_of(line: &impl Serialize) -> Vec<u8> {
    LINE.with_borrow_mut(|text| {
        text.clear();
        // Writing to memory cannot fail, and neither can names and values be printed wrong.
        if json::append(text, line).is_err() {
            text.clear();
        }
        text.push(b'\n');
        text.as_slice().to_vec()
    })
}

/// The next cases, none at the end; and why there are no further ones.
fn next_cases<S: RowSource>(groups: &mut Groups<'_, S>) -> (Vec<CaseRows>, Option<GroupError>) {
    let (mut cases, mut bytes) = (Vec::with_capacity(CHUNK_CASES), 0);
    while cases.len() < CHUNK_CASES && bytes < CHUNK_BYTES {
        match groups.next_case() {
            Ok(Some(case)) => {
                bytes += case.bytes();
                cases.push(case);
            }
            Ok(None) => break,
            Err(found) => return (cases, Some(found)),
        }
    }
    (cases, None)
}
