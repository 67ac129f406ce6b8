//! Calendars, clocks and tiers as written.

use super::{Amount, Because, Declared, Effective, Escalation, Expr, Name, Target, Text};
use crate::source::Span;
use crate::time::Date;

/// `calendar NAME { … }`
#[derive(Clone, Debug)]
pub struct Calendar {
    /// Name and label.
    pub declared: Declared,
    /// `zone "…"`; the policy's zone when absent.
    pub zone: Option<Text>,
    /// `open …` lines in page order.
    pub open: Vec<Open>,
    /// `closed …` dates in page order.
    pub closed: Vec<(Date, Span)>,
    /// `holidays NAME`
    pub holidays: Option<Name>,
}

/// One `open` line of a calendar.
#[derive(Clone, Debug)]
pub struct Open {
    /// Which days.
    pub days: OpenDays,
    /// Opening hours.
    pub hours: Vec<Hours>,
    /// `from D until D`
    pub from: Option<(Date, Span)>,
    /// `from D until D`
    pub until: Option<(Date, Span)>,
    /// The whole line.
    pub span: Span,
}

/// The days of an `open` line.
#[derive(Clone, Debug)]
pub enum OpenDays {
    /// Weekdays, each a range of one or more days: `mon to fri, sun`.
    Weekdays(Vec<(Name, Option<Name>)>),
    /// One date with hours of its own.
    Date(Date, Span),
}

/// `09:00-12:00`; the close may be `24:00`, and may be at or before the open (overnight).
#[derive(Clone, Copy, Debug)]
pub struct Hours {
    /// Minutes after midnight, 0 to 1439.
    pub open: u32,
    /// Minutes after midnight, 0 to 1440.
    pub close: u32,
    /// The whole span.
    pub span: Span,
}

/// `clock NAME { … }`
#[derive(Clone, Debug)]
pub struct Clock {
    /// Name and label.
    pub declared: Declared,
    /// `start MOMENT`; `opened_at` when absent.
    pub start: Option<Moment>,
    /// `stop on …`, `stop when …`
    pub stop: Vec<Trigger>,
    /// `pause when …`
    pub pause: Vec<Expr>,
    /// `cancel on …`, `cancel when …`
    pub cancel: Vec<Trigger>,
    /// `reset on …`, `reset when …`
    pub reset: Vec<Trigger>,
    /// `reopen …`
    pub reopen: Option<Reopen>,
    /// `retier …`
    pub retier: Option<Retier>,
}

/// What makes a clock move.
#[derive(Clone, Debug)]
pub enum Trigger {
    /// `on EVENT`
    On(Name),
    /// `when CONDITION`
    When(Expr),
}

/// What a met clock does when its `stop when` is no longer true.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReopenMode {
    /// `ignore`
    Ignore,
    /// `resume`
    Resume,
    /// `resume counting`
    ResumeCounting,
    /// `new cycle`
    NewCycle,
}

/// `reopen MODE within P else MODE`
#[derive(Clone, Debug)]
pub struct Reopen {
    /// The mode.
    pub mode: ReopenMode,
    /// `within P else MODE`
    pub within: Option<(Amount, ReopenMode)>,
    /// The whole clause.
    pub span: Span,
}

/// What a clock does when its target or calendar changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetierMode {
    /// `carry`
    Carry,
    /// `retroactive`
    Retroactive,
    /// `restart`
    Restart,
}

/// `retier MODE never later`
#[derive(Clone, Debug)]
pub struct Retier {
    /// The mode.
    pub mode: RetierMode,
    /// `never later`
    pub never_later: bool,
    /// The whole clause.
    pub span: Span,
}

/// An instant that a case's life marks.
#[derive(Clone, Debug)]
pub struct Moment {
    /// Its form.
    pub kind: MomentKind,
    /// The whole moment.
    pub span: Span,
}

/// The forms of moments.
#[derive(Clone, Debug)]
pub enum MomentKind {
    /// An instant field.
    Field(Vec<Name>),
    /// `first EVENT`
    First(Name),
    /// `last EVENT`
    Last(Name),
    /// `when CONDITION`: the instant at which it last became true and still is.
    When(Expr),
}

/// `sla { … }`
#[derive(Clone, Debug)]
pub struct Sla {
    /// What people call it.
    pub label: Option<Text>,
    /// When the whole block counts.
    pub effective: Option<Effective>,
    /// Its tiers; the last may be the `otherwise` one, without a condition.
    pub tiers: Vec<Tier>,
}

/// `tier NAME when … { … }`
#[derive(Clone, Debug)]
pub struct Tier {
    /// Name and label.
    pub declared: Declared,
    /// When it counts.
    pub effective: Option<Effective>,
    /// Its condition; none for `otherwise tier`.
    pub when: Option<Expr>,
    /// `CLOCK TARGET` lines.
    pub targets: Vec<(Name, Target)>,
    /// `warn …` lines.
    pub warnings: Vec<Escalation>,
    /// `escalate …` lines.
    pub escalations: Vec<Escalation>,
    /// Citations.
    pub because: Because,
    /// The whole tier.
    pub span: Span,
}
