//! One thread cuts rows into cases and chunks of them, a pool decides a chunk, this thread writes it: the
//! output is the same for any number of threads.

use super::csv_form;
use super::progress::Progress;
use super::summary::{Gathered, RowTally, Summary};
use crate::cli::language;
use crate::ingest::{CaseRows, GroupError, Groups, Refusal, RowCase, RowReader, Rows};
use crate::{Decision, Instant, Policy};
use rayon::prelude::*;
use serde::Serialize;
use std::io::{self, BufRead, Write};
use std::sync::mpsc;

/// The most cases of a chunk.
const CHUNK_CASES: usize = 4096;
/// A chunk ends when its rows hold so many bytes.
const CHUNK_BYTES: usize = 8 * 1024 * 1024;

/// How rows are decided.
pub(super) struct Pipeline<'a> {
    pub(super) policy: &'a Policy,
    pub(super) reader: &'a RowReader<'a>,
    /// The instant to decide for, when one is given.
    pub(super) at: Option<Instant>,
    /// The instant for rows that name none: the same for the whole batch.
    pub(super) now: Instant,
    pub(super) form: RowForm,
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
    Reading(io::Error),
    Writing(io::Error),
    /// The rows of a case do not stand together.
    Scattered(Refusal),
}

/// Cases that are decided together, and why there are no further ones.
struct Chunk {
    cases: Vec<CaseRows>,
    /// How many rows were read up to here.
    rows: u64,
    error: Option<GroupError>,
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
    pub(super) fn run<R: BufRead + Send>(
        &self,
        rows: &mut Rows<R>,
        sink: &mut impl Write,
        progress: &Progress,
    ) -> Result<Summary, Stopped> {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(self.jobs)
            .build()
            .map_err(|error| Stopped::Reading(io::Error::other(error)))?;
        let mut summary = Summary::new(self.policy);
        summary.log = self.reader.log().map(|log| match log.grouped {
            true => Gathered::CaseByCase,
            false => Gathered::InMemory,
        });
        if self.form == RowForm::Csv {
            sink.write_all(&csv_form::header(self.policy))
                .map_err(Stopped::Writing)?;
        }
        let (sender, receiver) = mpsc::sync_channel::<Chunk>(1);
        std::thread::scope(|scope| {
            // Dropping the receiver ends the thread: its next chunk finds nobody.
            scope.spawn(move || {
                let mut groups = Groups::new(rows, self.reader);
                loop {
                    let chunk = next_chunk(&mut groups);
                    let last = chunk.cases.is_empty() || chunk.error.is_some();
                    if sender.send(chunk).is_err() || last {
                        return;
                    }
                }
            });
            for chunk in receiver {
                let cases = &chunk.cases;
                let done: Vec<Done> =
                    pool.install(|| cases.par_iter().map(|case| self.decide(case)).collect());
                for row in done {
                    sink.write_all(&row.text).map_err(Stopped::Writing)?;
                    summary.add(&row.tally);
                    if self.strict && row.tally.is_refused() {
                        summary.stopped = true;
                        return Ok(());
                    }
                }
                summary.read = chunk.rows;
                progress.show(summary.cases());
                match chunk.error {
                    None => {}
                    Some(GroupError::Reading(error)) => return Err(Stopped::Reading(error)),
                    Some(GroupError::Scattered(refusal)) => {
                        return Err(Stopped::Scattered(refusal));
                    }
                }
            }
            Ok(())
        })?;
        sink.flush().map_err(Stopped::Writing)?;
        Ok(summary)
    }

    fn decide(&self, rows: &CaseRows) -> Done {
        let RowCase {
            line,
            case,
            swapped,
        } = self.reader.read_case(rows);
        let decided = case.and_then(|file| {
            let at = self.at.or(file.at).unwrap_or(self.now);
            self.policy
                .reader()
                .check_at(&file.case, at)
                .map_err(|refusal| refusal.at_line(line))?;
            Ok(self.policy.decide(&file.case, &file.events, at))
        });
        let tally = RowTally::new(self.policy, decided.as_ref(), swapped);
        let text = match self.form {
            RowForm::Csv => csv_form::row(self.policy, line, decided.as_ref()),
            RowForm::Ndjson => {
                let text = match &decided {
                    Ok(decision) => serde_json::to_vec(&DecidedLine {
                        line,
                        decision: &language::for_programs(decision),
                    }),
                    Err(error) => serde_json::to_vec(&RefusedLine {
                        line,
                        error: &error.in_language(language::json()),
                    }),
                };
                let mut text = text.unwrap_or_default();
                text.push(b'\n');
                text
            }
        };
        Done { text, tally }
    }
}

/// The next cases; none at the end.
fn next_chunk<R: BufRead>(groups: &mut Groups<'_, R>) -> Chunk {
    let (mut cases, mut bytes, mut error) = (Vec::new(), 0, None);
    while cases.len() < CHUNK_CASES && bytes < CHUNK_BYTES {
        match groups.next_case() {
            Ok(Some(case)) => {
                bytes += case.bytes();
                cases.push(case);
            }
            Ok(None) => break,
            Err(found) => {
                error = Some(found);
                break;
            }
        }
    }
    Chunk {
        cases,
        rows: groups.rows(),
        error,
    }
}
