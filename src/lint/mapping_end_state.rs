//! `mapping-end-state`: a mapping tells clocks how a case ended, but not when.
//!
//! It fills a field that the stop, cancel or pause of a clock reads, also through defines and
//! classifications, and maps no event. Such a case looks as if it had been like that from its opening:
//! solved at once, or paused all the time, and every report over the export is perfect. Clocks that
//! cannot start on such a case are left alone.
//!
//! Example:
//!
//! ```text
//! [mapping.export.fields]          # clock resolve { stop when status is closed }
//! status = "Status"
//! ```
//!
//! Instead: map the times under `[[mapping.export.events]]`, or read the system's log with
//! `[mapping.export.log]`. If there are none, let the clock start only where the course of a case is known:
//! `start when history is known`, and map `history` from the same column.

use super::Lint;
use super::known::{Known, Opening, reads};
use crate::diag::{Diagnostic, Level};
use crate::message::message;
use crate::model::{Clock, FieldId, Model, Moment, Trigger};
use crate::source::Span;
use crate::value::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The lint.
pub(super) const LINT: Lint = Lint {
    code: "mapping-end-state",
    level: Level::Warn,
    check: None,
};

/// What a mapping of caseway.toml fills.
#[derive(Clone, Debug)]
pub struct Mapping {
    /// Its name.
    pub name: String,
    /// The fields of the case, as they stand when it is opened.
    pub fields: Vec<FilledField>,
    /// Whether it maps anything that happens later.
    pub has_events: bool,
}

/// A field that a mapping fills.
#[derive(Clone, Debug)]
pub struct FilledField {
    /// The field.
    pub field: FieldId,
    /// Where the mapping names it.
    pub span: Span,
    /// With what.
    pub filled: Filled,
}

/// What a field is filled with.
#[derive(Clone, Debug)]
pub enum Filled {
    /// The same value in every row.
    Constant(Value),
    /// A value for each text of a column.
    Texts {
        /// The column.
        column: String,
        /// Its texts and their values.
        values: BTreeMap<String, Value>,
        /// The value of any other text; none when such a row is refused.
        others: Option<Option<Value>>,
    },
    /// Whatever stands in a column.
    Anything,
}

/// So many rows are looked at for one clock; beyond, any value is taken as possible.
const MOST_ROWS: usize = 1000;

/// Findings about the mappings of a policy.
pub fn check_mappings(model: &Model, mappings: &[Mapping]) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for mapping in mappings.iter().filter(|mapping| !mapping.has_events) {
        let mut concerned: BTreeMap<FieldId, Vec<&Clock>> = BTreeMap::new();
        for clock in &model.clocks {
            for field in endangered(model, clock, mapping) {
                concerned.entry(field).or_default().push(clock);
            }
        }
        for filled in &mapping.fields {
            if let Some(clocks) = concerned.get(&filled.field) {
                findings.push(finding(model, mapping, filled, clocks));
            }
        }
    }
    findings
}

fn finding(
    model: &Model,
    mapping: &Mapping,
    filled: &FilledField,
    clocks: &[&Clock],
) -> Diagnostic {
    let path = model
        .schema
        .field(filled.field)
        .map_or("", |field| field.path.as_str());
    let names: Vec<String> = clocks
        .iter()
        .map(|clock| format!("`{}`", clock.declared.name))
        .collect();
    let clocks_named = match names.as_slice() {
        [one] => message!("the clock {one}", one),
        several => message!("the clocks {several}", several = several.join(", ")),
    };
    let message = message!(
        "the mapping fills `{path}`, which stops, cancels or pauses {clocks}, but maps no event: such a case looks as if `{path}` had been so from its opening",
        path,
        clocks = clocks_named
    );
    let name = &mapping.name;
    let help = message!(
        "map the times under `[[mapping.{name}.events]]` or read a log with `[mapping.{name}.log]`; where the export has no times, let the clock `start when` the course of the case is known",
        name
    );
    let mut finding = Diagnostic::warn(LINT.code, filled.span, message)
        .subject(format!("mapping.{name}"))
        .help(help);
    for clock in clocks {
        finding = finding.also(clock.declared.span, message!("this clock reads it"));
    }
    finding
}

/// Fields of the mapping that stop, cancel or pause a clock in some row in which it may start.
fn endangered(model: &Model, clock: &Clock, mapping: &Mapping) -> BTreeSet<FieldId> {
    let start = match &clock.start {
        None | Some(Moment::Field(_)) => None,
        // Events do not happen in such a case.
        Some(Moment::First(_) | Moment::Last(_)) => return BTreeSet::new(),
        Some(Moment::When(condition)) => Some(condition),
    };
    let mut found = BTreeSet::new();
    let triggers = clock.stop.iter().chain(&clock.cancel);
    let conditions = triggers
        .filter_map(|trigger| match trigger {
            Trigger::On(_) => None,
            Trigger::When(condition) => Some(condition),
        })
        .chain(&clock.pause);
    for condition in conditions {
        let read = reads(model, condition);
        let guilty: Vec<FieldId> = mapping
            .fields
            .iter()
            .map(|filled| filled.field)
            .filter(|field| read.contains(field))
            .collect();
        if guilty.is_empty() || guilty.iter().all(|field| found.contains(field)) {
            continue;
        }
        let mut all = read;
        all.extend(start.map(|start| reads(model, start)).unwrap_or_default());
        let may_happen = rows(model, mapping, &all).iter().any(|row| {
            let mut opening = Opening::new(model, row);
            opening.may_hold(condition) && start.is_none_or(|start| opening.may_hold(start))
        });
        if may_happen {
            found.extend(guilty);
        }
    }
    found
}

/// What is known of these fields, in each kind of row that the mapping can meet.
fn rows(
    model: &Model,
    mapping: &Mapping,
    fields: &BTreeSet<FieldId>,
) -> Vec<BTreeMap<FieldId, Known>> {
    let filled: Vec<&FilledField> = mapping
        .fields
        .iter()
        .filter(|filled| fields.contains(&filled.field))
        .collect();
    let mut known: BTreeMap<FieldId, Known> = BTreeMap::new();
    for field in fields {
        if let Some(opening) = Known::unfilled(model, *field) {
            known.insert(*field, opening);
        }
    }
    // Of each column: its texts, and what any other text means.
    let mut columns: BTreeMap<&str, (BTreeSet<&str>, bool)> = BTreeMap::new();
    for entry in &filled {
        known.remove(&entry.field);
        match &entry.filled {
            Filled::Constant(value) => {
                known.insert(entry.field, Known::Value(value.clone()));
            }
            Filled::Texts {
                column,
                values,
                others,
            } => {
                let (texts, open) = columns.entry(column).or_insert((BTreeSet::new(), true));
                texts.extend(values.keys().map(String::as_str));
                *open = *open && others.is_some();
            }
            Filled::Anything => {}
        }
    }
    let mut rows = vec![known];
    for (column, (texts, open)) in columns {
        let texts = texts.into_iter().map(Text::Named);
        let texts: Vec<Text<'_>> = texts
            .chain([Text::Empty])
            .chain(open.then_some(Text::Other))
            .collect();
        if rows.len().saturating_mul(texts.len()) > MOST_ROWS {
            continue;
        }
        rows = rows
            .iter()
            .flat_map(|row| {
                let texts = texts.iter();
                texts.filter_map(|text| with(model, row, &filled, column, *text))
            })
            .collect();
    }
    rows
}

/// What stands in a column.
#[derive(Clone, Copy)]
enum Text<'a> {
    /// A text that the mapping names.
    Named(&'a str),
    /// A text that it does not name.
    Other,
    /// Nothing.
    Empty,
}

/// A row with this text in a column; none when it is refused.
fn with(
    model: &Model,
    row: &BTreeMap<FieldId, Known>,
    filled: &[&FilledField],
    name: &str,
    text: Text<'_>,
) -> Option<BTreeMap<FieldId, Known>> {
    let mut row = row.clone();
    for entry in filled {
        let Filled::Texts {
            column,
            values,
            others,
        } = &entry.filled
        else {
            continue;
        };
        if column != name {
            continue;
        }
        let named = match text {
            Text::Named(text) => values.get(text),
            Text::Other | Text::Empty => None,
        };
        let known = match (text, named) {
            (Text::Empty, _) => Known::unfilled(model, entry.field)?,
            (Text::Named(_) | Text::Other, Some(value)) => Known::Value(value.clone()),
            (Text::Named(_) | Text::Other, None) => match others.as_ref()? {
                Some(value) => Known::Value(value.clone()),
                None => Known::unfilled(model, entry.field)?,
            },
        };
        row.insert(entry.field, known);
    }
    Some(row)
}
