//! Parts of a model in the words in which they are written.

use crate::model::{
    Amount, CalendarId, Effective, Escalation, Expr, Model, Moment, StepKind, Target, Trigger,
    Type, Within,
};
use crate::source::{Sources, Span};
use crate::value::Value;

/// Reads a model beside its texts.
#[derive(Clone, Copy)]
pub(super) struct Reading<'a> {
    pub(super) model: &'a Model,
    pub(super) sources: &'a Sources,
}

impl Reading<'_> {
    /// A piece of text on one line.
    pub(super) fn text(&self, span: Span) -> String {
        let words: Vec<&str> = self.sources.slice(span).split_whitespace().collect();
        words.join(" ")
    }

    /// A condition; that of a table row cell by cell, each with its column.
    pub(super) fn condition(&self, when: &Expr, rule: Span) -> Vec<String> {
        use crate::model::ExprKind;
        let is_row = when.span == rule || !within(when.span, rule) || self.is_cell(when, rule);
        if !is_row {
            return vec![self.text(when.span)];
        }
        match &when.kind {
            ExprKind::Constant(_) => Vec::new(),
            ExprKind::And(cells) if when.span == rule => {
                cells.iter().map(|cell| self.cell(cell)).collect()
            }
            _ => vec![self.cell(when)],
        }
    }

    /// Whether a condition is the only cell of a row: what it tests stands in the header.
    fn is_cell(&self, when: &Expr, rule: Span) -> bool {
        self.column(when)
            .is_some_and(|column| !within(column, rule))
    }

    /// Where a cell's column is named: the first part of it that stands elsewhere.
    fn column(&self, cell: &Expr) -> Option<Span> {
        let mut column = None;
        cell.walk(&mut |part| {
            if column.is_none() && !within(part.span, cell.span) {
                column = Some(part.span);
            }
        });
        column
    }

    fn cell(&self, cell: &Expr) -> String {
        match self.column(cell) {
            Some(column) => format!("{}: {}", self.text(column), self.text(cell.span)),
            None => self.text(cell.span),
        }
    }

    /// An outcome as it is written, with the label of a member.
    pub(super) fn value(&self, value: &Value, ty: &Type) -> String {
        match value {
            Value::Bool(value) => value.to_string(),
            Value::Integer(value) => value.to_string(),
            Value::Decimal(value) => value.to_string(),
            Value::Text(value) => value.to_string(),
            Value::Instant(value) => value.format(self.model.zone),
            Value::Date(value) => value.to_string(),
            Value::Time(value) => value.to_string(),
            Value::Weekday(value) => value.word().to_owned(),
            Value::Duration(value) => value.to_string(),
            Value::Member(place) => self.member(*place, ty),
            Value::Set(values) => {
                let element = match ty {
                    Type::Set(element) => element,
                    other => other,
                };
                if values.is_empty() {
                    return "{ }".to_owned();
                }
                let all: Vec<String> = values.iter().map(|one| self.value(one, element)).collect();
                all.join(", ")
            }
        }
    }

    fn member(&self, place: u32, ty: &Type) -> String {
        let Type::Enum(id) = ty else {
            return String::new();
        };
        let members = self.model.schema.enumeration(*id).map(|ty| &ty.members);
        members
            .and_then(|members| members.get(place as usize))
            .map_or(String::new(), |member| {
                super::labelled(&member.name, member.label.as_deref())
            })
    }

    /// The days on which something counts.
    pub(super) fn effective(&self, effective: Option<&Effective>) -> Option<String> {
        effective.map(|effective| self.text(effective.span))
    }

    pub(super) fn role(&self, place: u32) -> &str {
        let role = self.model.roles.get(place as usize);
        role.map_or("", |role| role.name.as_str())
    }

    pub(super) fn role_labelled(&self, place: u32) -> String {
        let role = self.model.roles.get(place as usize);
        role.map_or(String::new(), |role| {
            super::labelled(&role.name, role.label.as_deref())
        })
    }

    pub(super) fn queue_labelled(&self, place: u32) -> String {
        let queue = self.model.queues.get(place as usize);
        queue.map_or(String::new(), |queue| {
            super::labelled(&queue.name, queue.label.as_deref())
        })
    }

    pub(super) fn clock(&self, place: u32) -> &str {
        let clock = self.model.clocks.get(place as usize);
        clock.map_or("", |clock| clock.declared.name.as_str())
    }

    fn calendar(&self, id: CalendarId) -> Option<&str> {
        let calendar = self.model.calendars.get(id.0 as usize)?;
        (id.0 > 0).then_some(calendar.declared.name.as_str())
    }

    fn of_calendar(&self, length: String, id: CalendarId) -> String {
        match self.calendar(id) {
            Some(calendar) => format!("{length} of {calendar}"),
            None => length,
        }
    }

    /// A target as it is written.
    pub(super) fn target(&self, target: Target) -> String {
        match target {
            Target::None => "none".to_owned(),
            Target::Exact(length, calendar) => self.of_calendar(length.to_string(), calendar),
            Target::WorkingDays(days, calendar) => {
                format!(
                    "{} by close",
                    self.of_calendar(working_days(days), calendar)
                )
            }
            Target::Calendar(period) => period.to_string(),
        }
    }

    pub(super) fn within(&self, within: Within) -> String {
        match within {
            Within::Exact(length, calendar) => self.of_calendar(length.to_string(), calendar),
            Within::Calendar(period) => period.to_string(),
            Within::WorkingDays(days, calendar) => {
                format!(
                    "{} by close",
                    self.of_calendar(working_days(days), calendar)
                )
            }
        }
    }

    pub(super) fn amount(&self, amount: Amount) -> String {
        match amount {
            Amount::Exact(length) => length.to_string(),
            Amount::Calendar(period) => period.to_string(),
        }
    }

    pub(super) fn event(&self, place: u32) -> String {
        let event = self.model.schema.events.get(place as usize);
        event.map_or(String::new(), |(name, _)| name.clone())
    }

    pub(super) fn trigger(&self, trigger: &Trigger) -> String {
        match trigger {
            Trigger::On(event) => format!("on {}", self.event(event.0)),
            Trigger::When(when) => format!("when {}", self.text(when.span)),
        }
    }

    pub(super) fn moment(&self, moment: &Moment) -> String {
        match moment {
            Moment::Field(id) => {
                let field = self.model.schema.field(*id);
                field.map_or(String::new(), |field| field.path.clone())
            }
            Moment::First(event) => format!("first {}", self.event(event.0)),
            Moment::Last(event) => format!("last {}", self.event(event.0)),
            Moment::When(when) => format!("when {}", self.text(when.span)),
        }
    }

    /// A warning or an escalation as it is written, without its first word.
    pub(super) fn steps(&self, escalation: &Escalation) -> String {
        let steps: Vec<String> = escalation
            .steps
            .iter()
            .map(|(step, _)| words(step))
            .collect();
        let to = escalation.to.map(|role| self.role(role.0));
        let head = to.map_or(String::new(), |role| format!("{role} "));
        format!(
            "{head}{} of {}",
            steps.join(", "),
            self.clock(escalation.clock.0)
        )
    }
}

fn working_days(days: u32) -> String {
    match days {
        1 => "1 working day".to_owned(),
        days => format!("{days} working days"),
    }
}

fn words(step: &StepKind) -> String {
    match step {
        StepKind::AtPercent(percent) => format!("at {percent}%"),
        StepKind::AtDue => "at due".to_owned(),
        StepKind::BeforeDue(length) => format!("{length} before due"),
        StepKind::AfterDue(length) => format!("{length} after due"),
        StepKind::AfterElapsed(length) => format!("after {length}"),
        StepKind::EveryAfterDue(length, times) => {
            format!("every {length} after due at most {times} times")
        }
    }
}

/// Whether a span lies in another.
fn within(inner: Span, outer: Span) -> bool {
    inner.source == outer.source && outer.start <= inner.start && inner.end <= outer.end
}
