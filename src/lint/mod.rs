//! Lints: what an operator would want to know about a policy that is sound.
//!
//! Reads trees and the model; findings go to the driver. One lint is one file, the
//! list of all of them is `LINTS`. `caseway lint --explain CODE` prints the pages of `docs/findings`.

mod calendar_never_opens;
mod clock_never_reopens;
mod codes;
mod escalation_cycle;
mod escalation_to_same_role;
mod holiday_data_ends_soon;
mod hours_never_count;
mod impossible_comparison;
mod known;
mod levels;
mod make_up_day_closed;
mod mapping_end_state;
mod overlapping_hours;
mod pages;
mod proofs;
mod ranges;
mod removal;
mod repeated_step;
mod retention_gap;
mod retention_in_hours;
mod shadowed_name;
mod step_fires_at_once;
mod step_never_fires;
mod steps;
mod suppression_without_reason;
mod suppressions;
mod unknown_code;
mod unused_calendar;
mod unused_clock;
mod unused_define;
mod unused_function;
mod unused_queue;
mod unused_record;
mod unused_role;
mod unused_suppression;
mod unused_type;
mod usage;
mod working_days_of_always;
mod written;
mod zero_target;

pub use crate::diag::Evidence;
pub use codes::{Kind, codes_elsewhere, explain, is_known, kind_of, known_codes, level_of};
pub use levels::apply_levels;
pub use mapping_end_state::{Filled, FilledField, Mapping, check_mappings};
pub use proofs::{Proven, block_subject, check_proofs, subject_of};
pub use removal::REMOVABLE;

use crate::diag::{Diagnostic, Level};
use crate::message::{Message, message};
use crate::model::Model;
use crate::source::{Sources, Span};
use crate::syntax::ast;
use crate::time::{Calendar, Holidays, Instant};
use std::collections::BTreeMap;
use std::sync::Arc;
use usage::Usage;
use written::Written;

/// What the lints are told.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// The trees of all policy files.
    pub files: &'a [ast::File],
    /// The model made of them, without errors.
    pub model: &'a Model,
    /// All texts.
    pub sources: &'a Sources,
    /// The data of each `[holidays.NAME]`.
    pub holidays: &'a BTreeMap<String, HolidayData>,
    /// The present; without it nothing is said of data that runs out.
    pub now: Option<Instant>,
}

/// Holiday data and where caseway.toml speaks of it.
#[derive(Clone, Debug)]
pub struct HolidayData {
    /// The days.
    pub days: Arc<Holidays>,
    /// The file, as it is named.
    pub file: String,
    /// Where the dates that the data covers are written.
    pub covers_span: Span,
}

/// What a lint looks at.
struct Facts<'a> {
    files: &'a [ast::File],
    model: &'a Model,
    sources: &'a Sources,
    holidays: &'a BTreeMap<String, HolidayData>,
    now: Option<Instant>,
    usage: Usage,
    written: Written<'a>,
    /// The calendars of the model, ready to be asked.
    calendars: Vec<Calendar>,
}

impl<'a> Facts<'a> {
    fn of(input: Input<'a>) -> Facts<'a> {
        let model = input.model;
        Facts {
            files: input.files,
            model,
            sources: input.sources,
            holidays: input.holidays,
            now: input.now,
            usage: Usage::of(model),
            written: Written::of(input.files),
            calendars: calendars(model, input.holidays),
        }
    }

    /// The text under a span on one line, cut short for a message.
    fn text(&self, span: Span) -> String {
        let one_line = self
            .sources
            .slice(span)
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        if one_line.chars().count() <= 60 {
            return one_line;
        }
        let mut short: String = one_line.chars().take(57).collect();
        short.push('…');
        short
    }
}

/// One lint.
struct Lint {
    code: &'static str,
    level: Level,
    /// The check; none where the finding comes up while suppressions are applied, or needs caseway.toml.
    check: Option<fn(&Facts<'_>, &mut Vec<Diagnostic>)>,
}

/// The lints that read trees and the model, by code; those of the analysis stand in [`proofs`].
const LINTS: [Lint; 30] = [
    calendar_never_opens::LINT,
    clock_never_reopens::LINT,
    escalation_cycle::LINT,
    escalation_to_same_role::LINT,
    holiday_data_ends_soon::LINT,
    hours_never_count::LINT,
    impossible_comparison::LINT,
    make_up_day_closed::LINT,
    mapping_end_state::LINT,
    overlapping_hours::LINT,
    repeated_step::LINT,
    retention_gap::LINT,
    retention_in_hours::LINT,
    shadowed_name::LINT,
    step_fires_at_once::LINT,
    step_never_fires::LINT,
    suppressions::LINT,
    suppression_without_reason::LINT,
    unknown_code::LINT,
    unused_calendar::LINT,
    unused_clock::LINT,
    unused_define::LINT,
    unused_function::LINT,
    unused_queue::LINT,
    unused_record::LINT,
    unused_role::LINT,
    unused_suppression::LINT,
    unused_type::LINT,
    working_days_of_always::LINT,
    zero_target::LINT,
];

/// So many findings of one lint are told.
const MOST_FINDINGS: usize = 10_000;

/// That a lint has more findings than are told; the place is that of the first which is not.
fn too_many(code: &'static str, place: Span) -> Diagnostic {
    let most = MOST_FINDINGS;
    let message = message!("`{code}` has more than {most} findings", code, most);
    Diagnostic::warn("too-many-findings", place, message)
        .label(message!("this one and those behind it are not told"))
        .help(message!("mend those that are told and check again"))
}

/// Runs all lints. The findings are not sorted, and levels and suppressions not yet applied.
pub fn check(input: Input<'_>) -> Vec<Diagnostic> {
    let facts = Facts::of(input);
    let mut findings = Vec::new();
    for lint in &LINTS {
        if let Some(check) = lint.check {
            let known = findings.len();
            check(&facts, &mut findings);
            if let Some(first) = findings.get(known + MOST_FINDINGS) {
                let told = too_many(lint.code, first.span);
                findings.truncate(known + MOST_FINDINGS);
                findings.push(told);
            }
        }
    }
    removal::add(&mut findings, input.files, input.sources);
    findings
}

/// The calendars of a model, ready to be asked.
fn calendars(model: &Model, holidays: &BTreeMap<String, HolidayData>) -> Vec<Calendar> {
    let calendars = model.calendars.iter().enumerate().map(|(at, calendar)| {
        if at == 0 {
            return Calendar::always(model.zone);
        }
        let name = calendar.holidays.as_ref();
        let data = name.and_then(|name| holidays.get(name));
        Calendar::new(&calendar.definition(data.map(|data| Arc::clone(&data.days))))
    });
    calendars.collect()
}

/// Reports codes of `[lint]` in caseway.toml that do not exist, or whose level cannot be changed.
pub fn check_levels(spans: &BTreeMap<String, Span>) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for (code, span) in spans {
        match kind_of(code) {
            Some(Kind::Lint) => {}
            Some(Kind::Error) => findings.push(
                Diagnostic::warn(
                    unknown_code::LINT.code,
                    *span,
                    message!("`{code}` is always an error", code),
                )
                .help(message!(
                    "levels can be set for findings about a sound policy; remove the line"
                )),
            ),
            None => findings.push(unknown_code::finding(*span, code)),
        }
    }
    findings
}

/// A finding that something declared is not used.
fn unused(
    code: &'static str,
    subject: &str,
    declared: &crate::model::Declared,
    message: Message,
) -> Diagnostic {
    Diagnostic::warn(code, declared.span, message).subject(format!("{subject}.{}", declared.name))
}
