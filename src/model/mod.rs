//! The typed model of a policy: every name resolved, every type checked.
//!
//! Made from the trees of [`crate::syntax`]; read by `compile` and by the analysis. What stands here
//! can be decided: unchecked text never gets this far.

mod build;
mod calendar;
mod empty;
mod expr;
mod target;
mod types;
mod walk;

pub use build::{Input, Settings, build, written_name};

pub use expr::{ArithmeticOp, Expr, ExprKind, InstantPart, OrderOp, Outcome, TextOp};
pub use target::Target;
pub use types::{
    Bounds, Entry, EnumId, EnumType, Field, FieldId, Member, Presence, Record, RecordId, Schema,
    Type,
};

pub use crate::syntax::ast::{Amount, Effective, ReopenMode, RetierMode, StepKind, Strategy};

use crate::source::Span;
use crate::time::{Duration, Instant, Period, Zone};
use crate::value::Value;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {
        $($(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);)*
    };
}

ids! {
    /// Names a [`Define`].
    DefineId,
    /// Names a [`Classification`].
    ClassificationId,
    /// Names an event of the schema.
    EventId,
    /// Names a role, by its place among the roles.
    RoleId,
    /// Names a queue, by its place among the queues.
    QueueId,
    /// Names a [`Calendar`]; 0 is the built-in `always`.
    CalendarId,
    /// Names a [`Clock`].
    ClockId,
    /// Names a record class, by its place among the `record` items.
    RecordClassId,
    /// Names a [`FollowUp`].
    FollowUpId,
    /// Names a [`Require`].
    RequireId,
    /// Names a [`Function`].
    FunctionId,
}

/// A whole policy after checking.
#[derive(Clone, Debug)]
pub struct Model {
    /// `[policy] name`
    pub name: String,
    /// `[policy] version`
    pub version: String,
    /// `[policy] zone`
    pub zone: Zone,
    /// The case, its types and its events.
    pub schema: Schema,
    /// Roles in order of file name and place; also the members of the enum of `route.role`.
    pub roles: Vec<Declared>,
    /// Queues likewise.
    pub queues: Vec<Declared>,
    /// Record classes likewise.
    pub records: Vec<Declared>,
    /// Defines, each after those that it reads.
    pub defines: Vec<Define>,
    /// Script functions.
    pub functions: Vec<Function>,
    /// Classifications in dependency order: each after those that it reads.
    pub classifications: Vec<Classification>,
    /// The route block.
    pub route: Option<Route>,
    /// Calendars; the first is the built-in `always`.
    pub calendars: Vec<Calendar>,
    /// Clocks.
    pub clocks: Vec<Clock>,
    /// The sla block.
    pub sla: Option<Sla>,
    /// Retention blocks.
    pub retains: Vec<Retain>,
    /// Holds.
    pub holds: Vec<Hold>,
    /// Follow-ups.
    pub follow_ups: Vec<FollowUp>,
    /// Requirements.
    pub requires: Vec<Require>,
    /// Guarantees.
    pub guarantees: Vec<Guarantee>,
    /// The policy's own tests.
    pub tests: Vec<Test>,
}

/// A declared name.
#[derive(Clone, Debug)]
pub struct Declared {
    /// The name.
    pub name: String,
    /// What people call it.
    pub label: Option<String>,
    /// Where the name is declared.
    pub span: Span,
}

/// `define NAME = EXPR`
#[derive(Clone, Debug)]
pub struct Define {
    /// Name and label.
    pub declared: Declared,
    /// Its value.
    pub value: Expr,
}

/// A function of a script.
#[derive(Clone, Debug)]
pub struct Function {
    /// Name and label.
    pub declared: Declared,
    /// The script file, relative to the policy folder.
    pub file: String,
    /// Parameters in order, with their bounds.
    pub parameters: Vec<(String, Type, Bounds)>,
    /// Type of its result.
    pub result: Type,
    /// Bounds of its result.
    pub result_bounds: Bounds,
}

/// `classify NAME …`
#[derive(Clone, Debug)]
pub struct Classification {
    /// Name and label.
    pub declared: Declared,
    /// Type of one outcome; the value of a `collect` block is a set of it.
    pub outcome: Type,
    /// How one outcome, or several, are picked.
    pub strategy: Strategy,
    /// When the block counts.
    pub effective: Option<Effective>,
    /// Rules and table rows in page order.
    pub rules: Vec<Rule>,
    /// Tables in page order; their rows stand among the rules.
    pub tables: Vec<Table>,
    /// `otherwise`
    pub otherwise: Option<Otherwise>,
}

/// A table of a classification, without its rows.
#[derive(Clone, Debug)]
pub struct Table {
    /// Its columns, from left to right.
    pub columns: Vec<Column>,
    /// Whether it is kept in a CSV file.
    pub in_file: bool,
    /// All of it; in a CSV file, the whole file.
    pub span: Span,
}

/// What a column of a table asks.
#[derive(Clone, Debug)]
pub struct Column {
    /// What its cells are compared with.
    pub header: Expr,
    /// Whether its values have an order, so that a cell may be `>= 5` or `1..5`.
    pub ordered: bool,
    /// Whether a cell may be `missing` or `present`.
    pub asks_presence: bool,
}

/// A rule or a table row.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Name and label; `row k` for an unnamed row.
    pub declared: Declared,
    /// Whether it is a row of a table.
    pub row: bool,
    /// When it counts.
    pub effective: Option<Effective>,
    /// Its condition; a row's cells joined by `and`, constant `true` for a row of `-` only.
    pub when: Expr,
    /// Its outcome.
    pub then: Value,
    /// Citations.
    pub because: Vec<String>,
    /// The whole rule.
    pub span: Span,
}

/// `otherwise VALUE`
#[derive(Clone, Debug)]
pub struct Otherwise {
    /// The outcome.
    pub then: Value,
    /// Citations.
    pub because: Vec<String>,
    /// The whole clause.
    pub span: Span,
}

/// `route { … }`
#[derive(Clone, Debug)]
pub struct Route {
    /// What people call it.
    pub label: Option<String>,
    /// `first match` or `unique`.
    pub strategy: Strategy,
    /// When the block counts.
    pub effective: Option<Effective>,
    /// Its rules in page order.
    pub rules: Vec<RouteRule>,
    /// `otherwise to …`
    pub otherwise: Option<RouteTarget>,
}

/// A rule of the route.
#[derive(Clone, Debug)]
pub struct RouteRule {
    /// Name and label.
    pub declared: Declared,
    /// When it counts.
    pub effective: Option<Effective>,
    /// Its condition.
    pub when: Expr,
    /// Where the case goes.
    pub target: RouteTarget,
    /// The whole rule.
    pub span: Span,
}

/// Where a case goes.
#[derive(Clone, Debug)]
pub struct RouteTarget {
    /// The role.
    pub role: RoleId,
    /// The queue.
    pub queue: Option<QueueId>,
    /// Roles that are told, in written order.
    pub with: Vec<RoleId>,
    /// Escalations.
    pub escalations: Vec<Escalation>,
    /// Citations.
    pub because: Vec<String>,
    /// The whole clause.
    pub span: Span,
}

/// `escalate …` or, without a role, `warn …`.
#[derive(Clone, Debug)]
pub struct Escalation {
    /// To whom; none for a warning.
    pub to: Option<RoleId>,
    /// When.
    pub steps: Vec<(StepKind, Span)>,
    /// On which clock.
    pub clock: ClockId,
    /// The whole clause.
    pub span: Span,
}

/// A calendar.
#[derive(Clone, Debug)]
pub struct Calendar {
    /// Name and label.
    pub declared: Declared,
    /// Its zone.
    pub zone: Zone,
    /// Opening hours in page order; none for the built-in `always`, which never closes.
    pub open: Vec<Open>,
    /// Closed dates.
    pub closed: Vec<crate::time::Date>,
    /// The `[holidays.NAME]` table of caseway.toml it reads.
    pub holidays: Option<String>,
}

/// One `open` line.
#[derive(Clone, Debug)]
pub struct Open {
    /// Which days.
    pub days: OpenDays,
    /// Spans as minutes after midnight: open 0 to 1439, close 0 to 1440; close at or before open runs overnight.
    pub hours: Vec<(u32, u32)>,
    /// First day the line counts.
    pub from: Option<crate::time::Date>,
    /// Last day the line counts.
    pub until: Option<crate::time::Date>,
    /// The whole line.
    pub span: Span,
}

/// The days of an `open` line.
#[derive(Clone, Debug)]
pub enum OpenDays {
    /// Weekdays, sorted, without duplicates.
    Weekdays(Vec<crate::time::Weekday>),
    /// One date.
    Date(crate::time::Date),
}

/// A clock.
#[derive(Clone, Debug)]
pub struct Clock {
    /// Name and label.
    pub declared: Declared,
    /// `start MOMENT`; `opened_at` when absent.
    pub start: Option<Moment>,
    /// What stops it.
    pub stop: Vec<Trigger>,
    /// What pauses it while true.
    pub pause: Vec<Expr>,
    /// What cancels it.
    pub cancel: Vec<Trigger>,
    /// What resets it.
    pub reset: Vec<Trigger>,
    /// What it does when its stop is undone.
    pub reopen: ReopenMode,
    /// `within P else MODE`
    pub reopen_within: Option<(Amount, ReopenMode)>,
    /// What it does when its target changes.
    pub retier: RetierMode,
    /// `never later`
    pub never_later: bool,
}

/// What makes a clock move.
#[derive(Clone, Debug, PartialEq)]
pub enum Trigger {
    /// An event.
    On(EventId),
    /// A condition's becoming true.
    When(Expr),
}

/// An instant that a case's life marks.
#[derive(Clone, Debug, PartialEq)]
pub enum Moment {
    /// An instant field.
    Field(FieldId),
    /// The first such event.
    First(EventId),
    /// The last such event.
    Last(EventId),
    /// The instant at which it last became true and still is.
    When(Expr),
}

/// `sla { … }`
#[derive(Clone, Debug)]
pub struct Sla {
    /// What people call it.
    pub label: Option<String>,
    /// When the block counts.
    pub effective: Option<Effective>,
    /// Tiers in page order; the one without a condition is `otherwise` and last.
    pub tiers: Vec<Tier>,
}

/// A tier.
#[derive(Clone, Debug)]
pub struct Tier {
    /// Name and label.
    pub declared: Declared,
    /// When it counts.
    pub effective: Option<Effective>,
    /// Its condition; none for `otherwise`.
    pub when: Option<Expr>,
    /// One target for each clock, in the order of the model's clocks.
    pub targets: Vec<(ClockId, Target)>,
    /// Warnings.
    pub warnings: Vec<Escalation>,
    /// Escalations.
    pub escalations: Vec<Escalation>,
    /// Citations.
    pub because: Vec<String>,
    /// The whole tier.
    pub span: Span,
}

/// `retain RECORD …`
#[derive(Clone, Debug)]
pub struct Retain {
    /// The record class.
    pub record: RecordClassId,
    /// What people call the block.
    pub label: Option<String>,
    /// When it matches; always when absent.
    pub when: Option<Expr>,
    /// When it counts.
    pub effective: Option<Effective>,
    /// Where its periods start.
    pub from: Moment,
    /// Floor.
    pub keep: Option<Keep>,
    /// Cap.
    pub delete: Option<Keep>,
    /// Disposal and its citations.
    pub then: Option<(Disposal, Vec<String>)>,
    /// Citations of the block.
    pub because: Vec<String>,
    /// The whole block.
    pub span: Span,
}

/// A floor or a cap.
#[derive(Clone, Debug)]
pub struct Keep {
    /// How long.
    pub amount: Amount,
    /// `excluding the starting month`
    pub excluding_starting_month: bool,
    /// Citations.
    pub because: Vec<String>,
    /// The whole clause.
    pub span: Span,
}

/// What happens at the end of retention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disposal {
    /// `review by ROLE`
    Review(RoleId),
    /// `destroy`
    Destroy,
    /// `anonymise`
    Anonymise,
    /// `archive`
    Archive,
}

/// `hold NAME on RECORD when …`
#[derive(Clone, Debug)]
pub struct Hold {
    /// Name and label.
    pub declared: Declared,
    /// The record class.
    pub record: RecordClassId,
    /// While this is true.
    pub when: Expr,
    /// Citations.
    pub because: Vec<String>,
}

/// `follow_up NAME …`
#[derive(Clone, Debug)]
pub struct FollowUp {
    /// Name and label.
    pub declared: Declared,
    /// Who does it.
    pub by: RoleId,
    /// When it is listed.
    pub when: Expr,
    /// When it counts.
    pub effective: Option<Effective>,
    /// How long it may take.
    pub within: Within,
    /// Where the time starts; when its `when` became true, if absent.
    pub of: Option<Moment>,
    /// What completes it.
    pub done: Vec<Trigger>,
    /// Citations.
    pub because: Vec<String>,
}

/// How long a follow-up may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Within {
    /// Exact time on a calendar, `always` unless said.
    Exact(Duration, CalendarId),
    /// A calendar period.
    Calendar(Period),
    /// Working days of a calendar, by close.
    WorkingDays(u32, CalendarId),
}

/// `require NAME when … that …`
#[derive(Clone, Debug)]
pub struct Require {
    /// Name and label.
    pub declared: Declared,
    /// When it is asked.
    pub when: Expr,
    /// What must hold.
    pub that: Expr,
    /// Citations.
    pub because: Vec<String>,
}

/// `guarantee NAME { … }`
#[derive(Clone, Debug)]
pub struct Guarantee {
    /// Name and label.
    pub declared: Declared,
    /// `if`
    pub condition: Expr,
    /// `then`
    pub then: Expr,
    /// Citations.
    pub because: Vec<String>,
}

/// `test "name" { … }`
///
/// The case and its events are raw field values: what a case refuses, a test may state, because
/// `expect refused` asks for the refusal.
#[derive(Clone, Debug)]
pub struct Test {
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub span: Span,
    /// The case as written.
    pub case: RawRecord,
    /// Events in page order.
    pub events: Vec<(Instant, TestEvent)>,
    /// `at`; the last event or `opened_at` when absent.
    pub at: Option<Instant>,
    /// Expectations in page order.
    pub expects: Vec<Expect>,
}

/// A record as a test writes it.
pub type RawRecord = Vec<(String, RawValue)>;

/// A value as a test writes it, checked against the schema only when the test runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RawValue {
    /// `missing`
    Missing,
    /// `true`, `false`
    Bool(bool),
    /// A number, as written without `_`.
    Number(String),
    /// A word or a quoted text, an instant, a date, a time or a duration: its text.
    Text(String),
    /// `{ a, b }`
    Set(Vec<RawValue>),
    /// `{ a: 1 }`; `{}` is an empty [`RawValue::Set`] and stands for both.
    Record(RawRecord),
}

/// An event of a test.
#[derive(Clone, Debug)]
pub enum TestEvent {
    /// A declared event.
    Event(EventId),
    /// `set { … }`
    Set(RawRecord),
}

/// An expectation of a test.
#[derive(Clone, Debug)]
pub struct Expect {
    /// Its form.
    pub kind: ExpectKind,
    /// The text after `expect`, as written on one line.
    pub text: String,
    /// The whole line.
    pub span: Span,
}

/// The forms of expectations.
#[derive(Clone, Debug)]
pub enum ExpectKind {
    /// A condition over the decision.
    Condition(Expr),
    /// A refusal that names this path.
    Refused(String),
}
