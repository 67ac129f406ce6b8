//! `caseway batch`: rows in, decisions out, in their order and in bounded memory.
//!
//! The rows are cut by one thread, decided by many, and written by one: [`pipeline`].

mod csv_form;
mod pipeline;
mod progress;
mod sink;
mod summary;

use super::failure::{Failure, eprint_all};
use super::suggest::hint;
use super::{Answer, Format, Global, parse_instant};
use crate::config::{Mapping, RowFormat};
use crate::driver::{self, Packing};
use crate::ingest::{RowReader, Rows, format_of};
use crate::message::message;
use crate::{Instant, Policy};
use clap::{Args, ValueEnum};
use pipeline::{Pipeline, RowForm};
use progress::Progress;
use sink::Sink;
use std::io::{self, Write};
use std::path::PathBuf;

/// Decide every row of a file
#[derive(Debug, Args)]
pub(super) struct Batch {
    /// The rows; `-` for standard input
    #[arg(long, value_name = "FILE")]
    input: PathBuf,
    /// The mapping of caseway.toml that turns rows into cases
    #[arg(long, value_name = "NAME")]
    mapping: Option<String>,
    /// Where decisions go [default: standard output]
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The form of the rows [default: by the mapping or the file's ending, else ndjson]
    #[arg(long, value_enum, value_name = "FORM")]
    input_format: Option<Form>,
    /// The form of the decisions [default: by the file's ending, else ndjson]
    #[arg(long, value_enum, value_name = "FORM")]
    output_format: Option<Form>,
    /// The instant to decide for [default: the row's `at`, or now]
    #[arg(long, value_name = "INSTANT", value_parser = parse_instant)]
    at: Option<Instant>,
    /// How many threads decide [default: one for each core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    jobs: Option<u16>,
    /// Stop at the first refused row
    #[arg(long)]
    strict: bool,
    /// The form of messages when the batch itself fails
    #[arg(long, value_enum)]
    pub(super) format: Option<Format>,
}

/// A form of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// Comma-separated values with a header
    Csv,
    /// One JSON object on each line
    Ndjson,
}

impl From<Form> for RowFormat {
    fn from(form: Form) -> RowFormat {
        match form {
            Form::Csv => RowFormat::Csv,
            Form::Ndjson => RowFormat::Ndjson,
        }
    }
}

impl Batch {
    pub(super) fn run(&self, global: &Global) -> Result<Answer, Failure> {
        let policy = global.load(None)?;
        let mapping = self.mapping(&policy)?;
        let format = self.rows_format(mapping);
        let unreadable = |error: io::Error| Failure::unreadable(&self.input, &error);
        let input = driver::open_rows(&self.input).map_err(unreadable)?;
        let progress = Progress::start(&input);
        let mut rows = Rows::new(input.reader, format);
        let header = match format {
            RowFormat::Csv => rows.next_row().map_err(unreadable)?,
            RowFormat::Ndjson => None,
        };
        let reader = RowReader::new(policy.reader(), mapping, format, header.as_ref())
            .map_err(|refusal| Failure::Input(Box::new(refusal)))?;
        let at = self.at;
        let now = driver::now();
        let form = match self.decisions_format() {
            RowFormat::Csv => RowForm::Csv,
            RowFormat::Ndjson => RowForm::Ndjson,
        };
        let jobs = self.jobs.map_or_else(cores, usize::from);
        let pipeline = Pipeline {
            policy: &policy,
            reader: &reader,
            at,
            now,
            form,
            strict: self.strict,
            jobs,
        };
        let mut sink = Sink::open(self.output.as_deref())?;
        let done = pipeline.run(&mut rows, &mut sink, &progress);
        progress.finish();
        let summary = match done {
            Ok(summary) => summary,
            Err(pipeline::Stopped::Reading(rows, error)) => {
                sink.flush().map_err(|error| sink.failure(error))?;
                return Err(Failure::unreadable_after(&self.input, rows, &error));
            }
            Err(pipeline::Stopped::Writing(error)) => return Err(sink.failure(error)),
            Err(pipeline::Stopped::Scattered(refusal)) => {
                sink.flush().map_err(|error| sink.failure(error))?;
                return Err(Failure::Input(Box::new(refusal)));
            }
        };
        sink.finish()?;
        eprint_all(&summary.text(&policy));
        Ok(if summary.refused == 0 {
            Answer::Yes
        } else {
            Answer::No
        })
    }

    fn mapping<'p>(&self, policy: &'p Policy) -> Result<Option<&'p Mapping>, Failure> {
        let Some(name) = &self.mapping else {
            return Ok(None);
        };
        let mappings = &policy.config().mappings;
        mappings.get(name).map(Some).ok_or_else(|| {
            let near = hint(name, mappings.keys().map(String::as_str));
            Failure::Usage(message!(
                "caseway.toml has no `[mapping.{name}]`{near}",
                name,
                near
            ))
        })
    }

    fn rows_format(&self, mapping: Option<&Mapping>) -> RowFormat {
        let of_mapping = mapping.and_then(|mapping| mapping.format);
        let given = self.input_format.map(RowFormat::from).or(of_mapping);
        given.unwrap_or_else(|| format_of(Packing::of(&self.input.to_string_lossy()).1))
    }

    fn decisions_format(&self) -> RowFormat {
        let given = self.output_format.map(RowFormat::from);
        let by_name = || {
            self.output
                .as_ref()
                .map(|path| format_of(Packing::of(&path.to_string_lossy()).1))
        };
        given.or_else(by_name).unwrap_or(RowFormat::Ndjson)
    }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}
