//! Decisions as columns: those of the CSV form with types of their own, and a few more.
//!
//! Stage before: [`crate::driver`], which decides; after: a [`RecordBatch`].

use crate::compile::{Program, Type};
use crate::eval::{ClockReading, Shown};
use crate::ingest::Refusal;
use crate::time::{Date, Instant};
use crate::value::Value;
use crate::{Decision, Policy};
use arrow_array::builder::{
    ArrayBuilder, BooleanBuilder, Date32Builder, Decimal128Builder, Int64Builder, ListBuilder,
    StringBuilder, StringDictionaryBuilder, TimestampMillisecondBuilder, UInt64Builder,
};
use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef, TimeUnit};
use std::sync::Arc;

/// The digits of a column of decimals, the most there are.
const DIGITS: u8 = 38;

/// The columns of a policy's decisions:
///
/// | column | type |
/// |---|---|
/// | `line` | `UInt64`: the number of the row, from 1 |
/// | `case`, `error` | `Utf8` |
/// | each classification | by its type: `Dictionary(Int32, Utf8)` for members, weekdays, `Utf8` for texts, times and durations, `Int64`, `Decimal128`, `Boolean`, `Date32`, `Timestamp`; for sets `List(Utf8)` |
/// | `NAME_rule` | the rule that gave it: `Dictionary(Int32, Utf8)`; for sets `List(Utf8)` |
/// | `role`, `queue`, `tier` | `Dictionary(Int32, Utf8)` |
/// | `with` | `List(Utf8)` |
/// | `CLOCK_due`, `CLOCK_breached_at`, `next_change_at` | `Timestamp(Millisecond, …)` in the policy's zone |
/// | `CLOCK_state` | `Dictionary(Int32, Utf8)` |
/// | `waiting_for` | `List(Utf8)`: paths of fields |
/// | `problems` | `List(Utf8)`: code and block |
///
/// A classification whose column would have the name of another one stands under `classify.NAME`.
#[derive(Clone, Debug)]
pub struct DecisionsSchema {
    schema: SchemaRef,
}

/// What a column holds.
#[derive(Clone, Copy)]
enum Kind<'a> {
    Line,
    Text,
    Name,
    Names,
    Instant,
    /// A classification's value.
    Value(&'a Type),
}

impl DecisionsSchema {
    /// The columns of a policy's decisions.
    pub fn new(policy: &Policy) -> DecisionsSchema {
        let zone = policy.zone().name();
        let fields = columns(policy.program()).into_iter().map(|(name, kind)| {
            let nullable = !matches!(kind, Kind::Line);
            Field::new(name, kind.data_type(zone), nullable)
        });
        DecisionsSchema {
            schema: Arc::new(Schema::new(fields.collect::<Vec<_>>())),
        }
    }

    /// The same as Arrow has it.
    pub fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }
}

impl Kind<'_> {
    fn data_type(self, zone: &str) -> DataType {
        let name = || DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
        let list = || DataType::new_list(DataType::Utf8, true);
        let instant = || DataType::Timestamp(TimeUnit::Millisecond, Some(zone.into()));
        match self {
            Kind::Line => DataType::UInt64,
            Kind::Text => DataType::Utf8,
            Kind::Name => name(),
            Kind::Names => list(),
            Kind::Instant => instant(),
            Kind::Value(ty) => match ty {
                Type::Bool => DataType::Boolean,
                Type::Integer => DataType::Int64,
                Type::Decimal(scale) => {
                    DataType::Decimal128(DIGITS, i8::try_from(*scale).unwrap_or(0))
                }
                Type::Text | Type::Time | Type::Duration | Type::Target => DataType::Utf8,
                Type::Instant => instant(),
                Type::Date => DataType::Date32,
                Type::Weekday | Type::Enum(_) => name(),
                Type::Set(_) => list(),
            },
        }
    }

    fn builder(self, zone: &str) -> Builder {
        let ty = self.data_type(zone);
        match &ty {
            DataType::UInt64 => Builder::Line(UInt64Builder::new()),
            DataType::Dictionary(..) => Builder::Name(StringDictionaryBuilder::new()),
            DataType::List(_) => Builder::Names(ListBuilder::new(StringBuilder::new())),
            DataType::Timestamp(..) => {
                Builder::Instant(TimestampMillisecondBuilder::new().with_timezone(zone))
            }
            DataType::Boolean => Builder::Bool(BooleanBuilder::new()),
            DataType::Int64 => Builder::Integer(Int64Builder::new()),
            DataType::Date32 => Builder::Date(Date32Builder::new()),
            DataType::Decimal128(_, scale) => Builder::Decimal(
                Decimal128Builder::new().with_data_type(ty.clone()),
                u8::try_from(*scale).unwrap_or(0),
            ),
            // Every other column is of texts.
            _ => Builder::Text(StringBuilder::new()),
        }
    }
}

/// Names and kinds of all columns, in their order.
fn columns(program: &Program) -> Vec<(String, Kind<'_>)> {
    let mut columns = vec![
        ("line".to_owned(), Kind::Line),
        ("case".to_owned(), Kind::Text),
        ("error".to_owned(), Kind::Text),
    ];
    let blocks = program.classifications.iter();
    let mut of_blocks: Vec<(String, Kind<'_>)> = Vec::new();
    for block in blocks {
        let rule = match block.ty {
            Type::Set(_) => Kind::Names,
            _ => Kind::Name,
        };
        of_blocks.push((block.named.name.clone(), Kind::Value(&block.ty)));
        of_blocks.push((format!("{}_rule", block.named.name), rule));
    }
    let mut others = vec![
        ("role".to_owned(), Kind::Name),
        ("queue".to_owned(), Kind::Name),
        ("with".to_owned(), Kind::Names),
        ("tier".to_owned(), Kind::Name),
    ];
    for clock in &program.clocks {
        let name = |part: &str| format!("{}_{part}", clock.named.name);
        others.push((name("due"), Kind::Instant));
        others.push((name("state"), Kind::Name));
        others.push((name("breached_at"), Kind::Instant));
    }
    others.push(("next_change_at".to_owned(), Kind::Instant));
    others.push(("waiting_for".to_owned(), Kind::Names));
    others.push(("problems".to_owned(), Kind::Names));
    let fixed: Vec<String> = columns
        .iter()
        .chain(&others)
        .map(|(name, _)| name.clone())
        .collect();
    let own: Vec<String> = of_blocks.iter().map(|(name, _)| name.clone()).collect();
    for (name, kind) in of_blocks {
        let twice = own.iter().filter(|other| **other == name).count() > 1;
        let name = match twice || fixed.contains(&name) {
            true => format!("classify.{name}"),
            false => name,
        };
        columns.push((name, kind));
    }
    columns.extend(others);
    columns
}

/// A column while it grows.
enum Builder {
    Line(UInt64Builder),
    Text(StringBuilder),
    Name(StringDictionaryBuilder<Int32Type>),
    Names(ListBuilder<StringBuilder>),
    Instant(TimestampMillisecondBuilder),
    Bool(BooleanBuilder),
    Integer(Int64Builder),
    /// With its digits after the point.
    Decimal(Decimal128Builder, u8),
    Date(Date32Builder),
}

impl Builder {
    fn text(&mut self, text: Option<&str>) {
        match self {
            Builder::Text(column) => column.append_option(text),
            Builder::Name(column) => column.append_option(text),
            other => other.null(),
        }
    }

    fn names<T: AsRef<str>>(&mut self, names: impl IntoIterator<Item = T>) {
        match self {
            Builder::Names(column) => {
                column.append_value(names.into_iter().map(Some));
            }
            other => other.null(),
        }
    }

    fn instant(&mut self, at: Option<Instant>) {
        match self {
            Builder::Instant(column) => column.append_option(at.map(Instant::millis)),
            other => other.null(),
        }
    }

    fn null(&mut self) {
        match self {
            Builder::Line(column) => column.append_null(),
            Builder::Text(column) => column.append_null(),
            Builder::Name(column) => column.append_null(),
            Builder::Names(column) => column.append_null(),
            Builder::Instant(column) => column.append_null(),
            Builder::Bool(column) => column.append_null(),
            Builder::Integer(column) => column.append_null(),
            Builder::Decimal(column, _) => column.append_null(),
            Builder::Date(column) => column.append_null(),
        }
    }

    /// The value of a classification.
    fn value(&mut self, shown: Shown<'_>) {
        let program = shown.program;
        match (&*self, shown.value) {
            (Builder::Names(_), Value::Set(items)) => {
                let ty = match shown.ty {
                    Type::Set(element) => element,
                    ty => ty,
                };
                let items = items.iter();
                return self.names(items.map(|value| Shown { program, ty, value }.to_string()));
            }
            (Builder::Instant(_), Value::Instant(at)) => return self.instant(Some(*at)),
            _ => {}
        }
        match (self, shown.value) {
            (Builder::Bool(column), Value::Bool(value)) => column.append_value(*value),
            (Builder::Integer(column), Value::Integer(value)) => column.append_value(*value),
            (Builder::Decimal(column, scale), value) => {
                let number = value.as_decimal().and_then(|number| number.rescale(*scale));
                column.append_option(number.map(|number| number.mantissa()));
            }
            (Builder::Date(column), Value::Date(date)) => {
                column.append_value(Date::day_number(*date));
            }
            (column, _) => column.text(Some(&shown.to_string())),
        }
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Builder::Line(column) => ArrayBuilder::finish(column),
            Builder::Text(column) => ArrayBuilder::finish(column),
            Builder::Name(column) => ArrayBuilder::finish(column),
            Builder::Names(column) => ArrayBuilder::finish(column),
            Builder::Instant(column) => ArrayBuilder::finish(column),
            Builder::Bool(column) => ArrayBuilder::finish(column),
            Builder::Integer(column) => ArrayBuilder::finish(column),
            Builder::Decimal(column, _) => ArrayBuilder::finish(column),
            Builder::Date(column) => ArrayBuilder::finish(column),
        }
    }
}

/// A batch of decisions while it grows.
pub struct Decisions<'p> {
    schema: SchemaRef,
    policy: &'p Policy,
    columns: Vec<Builder>,
}

impl<'p> Decisions<'p> {
    /// An empty batch; `schema` is that of the same policy.
    pub fn new(schema: &DecisionsSchema, policy: &'p Policy) -> Decisions<'p> {
        let zone = policy.zone().name();
        let columns = columns(policy.program()).into_iter();
        Decisions {
            schema: schema.schema(),
            policy,
            columns: columns.map(|(_, kind)| kind.builder(zone)).collect(),
        }
    }

    /// Adds what came of a row.
    pub fn push(&mut self, line: usize, decided: Result<&Decision, &Refusal>) {
        let mut columns = self.columns.iter_mut();
        if let Some(Builder::Line(column)) = columns.next() {
            column.append_value(u64::try_from(line).unwrap_or(u64::MAX));
        }
        let mut next = |fill: &mut dyn FnMut(&mut Builder)| {
            if let Some(column) = columns.next() {
                fill(column);
            }
        };
        let decision = match decided {
            Ok(decision) => decision,
            Err(refusal) => {
                next(&mut |column| column.text(refusal.case.as_deref()));
                next(&mut |column| column.text(Some(&refusal.in_one_line())));
                columns.for_each(Builder::null);
                return;
            }
        };
        next(&mut |column| column.text(decision.case_id()));
        next(&mut |column| column.text(None));
        let program = self.policy.program();
        for (block, decided) in program
            .classifications
            .iter()
            .zip(&decision.places().classifications)
        {
            let ty = &block.ty;
            next(&mut |column| match &decided.value {
                Some(value) => column.value(Shown { program, ty, value }),
                None => column.null(),
            });
            let rules = block.rule_names(&decided.taken);
            next(&mut |column| match column {
                Builder::Names(_) => column.names(&rules),
                other => other.text(rules.first().copied()),
            });
        }
        let route = decision.route();
        next(&mut |column| column.text(route.as_ref().and_then(|route| route.role)));
        next(&mut |column| column.text(route.as_ref().and_then(|route| route.queue)));
        next(&mut |column| match &route {
            Some(route) => column.names(&route.with),
            None => column.null(),
        });
        let sla = decision.sla();
        next(&mut |column| column.text(sla.as_ref().and_then(|sla| sla.tier)));
        for place in 0..program.clocks.len() {
            let clocks = sla.as_ref().map(|_| &decision.places().clocks);
            let clock: Option<&ClockReading> = clocks.and_then(|clocks| clocks.get(place));
            next(&mut |column| column.instant(clock.and_then(|clock| clock.due)));
            next(&mut |column| column.text(clock.map(|clock| clock.state.word())));
            next(&mut |column| column.instant(clock.and_then(|clock| clock.breached_at)));
        }
        next(&mut |column| column.instant(decision.next_change_at()));
        let waiting = decision.waiting_for();
        next(&mut |column| column.names(waiting.iter().map(|waiting| waiting.field)));
        let problems = decision.problems();
        next(&mut |column| {
            let told = problems.iter();
            column.names(told.map(|problem| format!("{} {}", problem.code, problem.block)));
        });
    }

    /// The batch; what is pushed after stands in the next.
    ///
    /// # Errors
    /// When there are more texts than a column holds: 2 GiB.
    pub fn finish(&mut self) -> Result<RecordBatch, ArrowError> {
        let columns = self.columns.iter_mut().map(Builder::finish).collect();
        RecordBatch::try_new(Arc::clone(&self.schema), columns)
    }
}
