//! The tree of a policy file as it is written: names unresolved, types unchecked, every node with
//! its span.
//!
//! Made by [`super::parse`], read by the model. Nothing here can be run.

use crate::source::Span;
use crate::time::{Date, Duration, Instant, Period, TimeOfDay};

/// A name as written, backticks and quotes taken off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The name itself.
    pub text: String,
    /// Where it stands, quotes included.
    pub span: Span,
}

/// A quoted text with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// The text with escapes resolved.
    pub text: String,
    /// Where it stands, quotes included.
    pub span: Span,
}

/// The citations of one item.
pub type Because = Vec<Text>;

/// One file, read.
#[derive(Clone, Debug, Default)]
pub struct File {
    /// The items that could be read, in page order.
    pub items: Vec<Item>,
    /// Comments in page order.
    pub comments: Vec<Comment>,
    /// Names declared by items or parts that could not be read: using them is not an error of its own.
    pub lost: Lost,
}

/// What got lost with unreadable text, so that its uses are not reported again.
#[derive(Clone, Debug, Default)]
pub struct Lost {
    /// Names that the unreadable text seems to declare.
    pub names: Vec<String>,
    /// Item keywords of whole items that could not be read, such as `case` or `route`.
    pub items: Vec<String>,
}

/// A comment.
#[derive(Clone, Debug)]
pub struct Comment {
    /// From `#` to the end of the line.
    pub span: Span,
    /// Its text without the `#`.
    pub text: String,
    /// Whether nothing but blanks stands before it on its line.
    pub own_line: bool,
}

/// One top-level item with its whole extent.
#[derive(Clone, Debug)]
pub struct Item {
    /// What it declares.
    pub kind: ItemKind,
    /// From its keyword to its last character.
    pub span: Span,
}

/// The kinds of items.
#[derive(Clone, Debug)]
pub enum ItemKind {
    /// `case { … }`
    Case(Vec<Field>),
    /// `events { … }`
    Events(Vec<Declared>),
    /// `role NAME "label"`
    Role(Declared),
    /// `queue NAME "label"`
    Queue(Declared),
    /// `record NAME "label"`
    Record(Declared),
    /// `type NAME = TYPE`
    Type(Declared, TypeExpr),
    /// `define NAME = EXPR`
    Define(Declared, Expr),
    /// `script "file" { fn … }`
    Script(Script),
    /// `classify NAME as TYPE { … }`
    Classify(Classify),
    /// `route { … }`
    Route(Route),
    /// `calendar NAME { … }`
    Calendar(Calendar),
    /// `clock NAME { … }`
    Clock(Clock),
    /// `sla { … }`
    Sla(Sla),
    /// `retain RECORD … { … }`
    Retain(Retain),
    /// `hold NAME on RECORD when …`
    Hold(Hold),
    /// `follow_up NAME by ROLE …`
    FollowUp(FollowUp),
    /// `require NAME when … that …`
    Require(Require),
    /// `guarantee NAME { if … then … }`
    Guarantee(Guarantee),
    /// `test "name" { … }`
    Test(Test),
}

/// A declared name with its label.
#[derive(Clone, Debug)]
pub struct Declared {
    /// The name.
    pub name: Name,
    /// What people call it.
    pub label: Option<Text>,
}

/// A field of the case or of a record in it.
#[derive(Clone, Debug)]
pub struct Field {
    /// Name and label.
    pub declared: Declared,
    /// Its type.
    pub ty: TypeExpr,
    /// Whether it may be absent.
    pub presence: Presence,
    /// The whole field.
    pub span: Span,
}

/// Whether a field may be absent, as written.
#[derive(Clone, Debug)]
pub enum Presence {
    /// Neither `optional` nor `default`.
    Required,
    /// `optional`, with the word's span.
    Optional(Span),
    /// `default CONSTANT`.
    Default(Expr),
}

/// A type as written.
#[derive(Clone, Debug)]
pub struct TypeExpr {
    /// What kind of type.
    pub kind: TypeKind,
    /// `from A`, `to B`.
    pub bounds: Bounds,
    /// The whole type, bounds included.
    pub span: Span,
}

/// Bounds of a type, both inclusive.
#[derive(Clone, Debug, Default)]
pub struct Bounds {
    /// `from A`
    pub from: Option<Box<Expr>>,
    /// `to B`
    pub to: Option<Box<Expr>>,
}

/// The forms of types.
#[derive(Clone, Debug)]
pub enum TypeKind {
    /// A single word: a built-in type such as `text` or a named one.
    Named(Name),
    /// `decimal(n)`; the span is that of `n`.
    Decimal(u64, Span),
    /// `one of { a, b }` or `one of { a < b }`.
    OneOf {
        /// The members, labels included.
        members: Vec<Declared>,
        /// Whether `<` stands between them.
        ordered: bool,
    },
    /// `set of TYPE`
    SetOf(Box<TypeExpr>),
    /// `{ fields }`
    Record(Vec<Field>),
}

/// `effective from D until D by now`
#[derive(Clone, Debug)]
pub struct Effective {
    /// First day.
    pub from: Option<(Date, Span)>,
    /// Last day, inclusive.
    pub until: Option<(Date, Span)>,
    /// Whether the clock counts (`by now`) instead of `opened_at`.
    pub by_now: bool,
    /// The whole clause.
    pub span: Span,
}

/// An expression.
#[derive(Clone, Debug)]
pub struct Expr {
    /// Its form.
    pub kind: ExprKind,
    /// The whole expression, without parentheses around it.
    pub span: Span,
}

/// The forms of expressions.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// `a or b or c`
    Or(Vec<Expr>),
    /// `a and b and c`
    And(Vec<Expr>),
    /// `not a`
    Not(Box<Expr>),
    /// One comparison or test.
    Test(Box<Expr>, Box<TestOp>),
    /// `a + b`, `a - b`, `a * b`
    Arithmetic(ArithmeticOp, Box<Expr>, Box<Expr>),
    /// `weekday of x`, `date of x`, `time of x`
    PartOf(InstantPart, Box<Expr>),
    /// `name(arguments)`
    Call(Name, Vec<Expr>),
    /// A dotted path; one name alone may also be an enum member.
    Path(Vec<Name>),
    /// `true` or `false`
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A number with a point, as written without `_`, such as `-12.50`.
    Decimal(String),
    /// `"text"`; may also be an enum member.
    Text(String),
    /// `2026-03-02`
    Date(Date),
    /// `2026-03-02T10:00:00+08:00`
    Instant(Instant),
    /// `09:30`
    Time(TimeOfDay),
    /// `1h30m`
    Duration(Duration),
    /// A target with a unit that is no exact time or with a calendar; `15m` alone is [`ExprKind::Duration`].
    Target(Target),
    /// `{ a, b }`
    Set(Vec<Expr>),
    /// `{ name: value, … }`, in test cases and `set` only.
    Record(Vec<(Name, Expr)>),
    /// `missing` as a value, in test cases and `set` only.
    Missing,
}

/// `+`, `-`, `*`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArithmeticOp {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
}

/// What `… of x` takes out of an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InstantPart {
    /// `weekday of`
    Weekday,
    /// `date of`
    Date,
    /// `time of`
    Time,
}

/// The test that stands right of an operand.
#[derive(Clone, Debug)]
pub enum TestOp {
    /// `is x`, `is not x`, `ignoring case`
    Is {
        /// The right side.
        value: Expr,
        /// `is not`
        negated: bool,
        /// `ignoring case`
        ignoring_case: bool,
    },
    /// `is missing` (true) or `is present` (false).
    Missing(bool),
    /// `<`, `<=`, `>`, `>=`
    Order(OrderOp, Expr),
    /// `in { … }`, `not in { … }`
    In {
        /// The set, an [`ExprKind::Set`] unless the operator wrote something else.
        set: Expr,
        /// `not in`
        negated: bool,
        /// `ignoring case`
        ignoring_case: bool,
    },
    /// `between a and b`
    Between(Expr, Expr),
    /// `contains x`, `starts with x`, `ends with x`
    Text {
        /// Which of the three.
        op: TextOp,
        /// The right side.
        value: Expr,
        /// `ignoring case`
        ignoring_case: bool,
    },
    /// `contains any of { … }` (all: false) or `contains all of { … }` (all: true)
    ContainsMany {
        /// `all of`
        all: bool,
        /// The set.
        set: Expr,
        /// `ignoring case`
        ignoring_case: bool,
    },
    /// `matches r"…"`
    Matches {
        /// The pattern, not yet compiled.
        pattern: Text,
        /// `ignoring case`
        ignoring_case: bool,
    },
    /// `during CAL` or `outside CAL`
    During {
        /// The calendar.
        calendar: Name,
        /// `outside`
        outside: bool,
    },
    /// `has happened`
    HasHappened,
}

/// An order comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderOp {
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

/// A test on text or on a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextOp {
    /// `contains`
    Contains,
    /// `starts with`
    StartsWith,
    /// `ends with`
    EndsWith,
}

/// A length of time as written where a period may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    /// `24h`
    Exact(Duration),
    /// `7 days`
    Calendar(Period),
}

/// How long a clock may run, as written.
#[derive(Clone, Debug)]
pub struct Target {
    /// Its form.
    pub kind: TargetKind,
    /// The whole target.
    pub span: Span,
}

/// The forms of targets.
#[derive(Clone, Debug)]
pub enum TargetKind {
    /// `none`
    None,
    /// `15m` or `1h of business`
    Exact(Duration, Option<Name>),
    /// `2 working days of business by close`
    WorkingDays(u32, Name),
    /// `7 days`
    Calendar(Period),
}

/// `script "file" { fn … }`
#[derive(Clone, Debug)]
pub struct Script {
    /// The file, relative to the policy folder.
    pub file: Text,
    /// The functions it must have.
    pub functions: Vec<Function>,
}

/// `fn name(parameter: TYPE) -> TYPE`
#[derive(Clone, Debug)]
pub struct Function {
    /// Name and label.
    pub declared: Declared,
    /// Parameters in order.
    pub parameters: Vec<(Name, TypeExpr)>,
    /// What it gives.
    pub result: TypeExpr,
    /// The whole declaration.
    pub span: Span,
}

/// How a block picks among its rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strategy {
    /// `first match`
    FirstMatch,
    /// `unique`
    Unique,
    /// `highest`
    Highest,
    /// `collect`
    Collect,
}

/// `classify NAME as TYPE { … }`
#[derive(Clone, Debug)]
pub struct Classify {
    /// Name and label.
    pub declared: Declared,
    /// Declared type of the outcomes.
    pub ty: TypeExpr,
    /// When the whole block counts.
    pub effective: Option<Effective>,
    /// The strategy and where it stands.
    pub strategy: (Strategy, Span),
    /// Rules and tables in page order.
    pub body: Vec<ClassifyPart>,
    /// `otherwise …`
    pub otherwise: Option<Otherwise>,
}

/// A rule or a table of a classification.
#[derive(Clone, Debug)]
pub enum ClassifyPart {
    /// `rule …`
    Rule(Rule),
    /// `table { … }`
    Table(Table),
    /// `table from "file.csv"`: the file's text and the span of the whole clause.
    TableFile(Text, Span),
}

/// `rule NAME when … then …`
#[derive(Clone, Debug)]
pub struct Rule {
    /// Name and label.
    pub declared: Declared,
    /// When it counts.
    pub effective: Option<Effective>,
    /// Its condition.
    pub when: Expr,
    /// Its outcome.
    pub then: Expr,
    /// Citations.
    pub because: Because,
    /// The whole rule.
    pub span: Span,
}

/// `otherwise VALUE because …`
#[derive(Clone, Debug)]
pub struct Otherwise {
    /// The outcome.
    pub value: Expr,
    /// Citations.
    pub because: Because,
    /// The whole clause.
    pub span: Span,
}

/// A decision table.
#[derive(Clone, Debug)]
pub struct Table {
    /// What each column tests.
    pub headers: Vec<Expr>,
    /// The word after `=>` in the header row.
    pub outcome: Name,
    /// The rows.
    pub rows: Vec<Row>,
    /// The whole table.
    pub span: Span,
}

/// One row of a table.
#[derive(Clone, Debug)]
pub struct Row {
    /// `name:` before the first cell.
    pub declared: Option<Declared>,
    /// The cells left of `=>`.
    pub cells: Vec<Cell>,
    /// The cell right of `=>`.
    pub then: Expr,
    /// Citations behind the row.
    pub because: Because,
    /// The whole row.
    pub span: Span,
}

/// One cell of a table.
#[derive(Clone, Debug)]
pub struct Cell {
    /// Its form.
    pub kind: CellKind,
    /// The whole cell without blanks around it.
    pub span: Span,
}

/// The forms of cells.
#[derive(Clone, Debug)]
pub enum CellKind {
    /// `-`
    Any,
    /// One or more alternatives, perhaps after `not`.
    OneOf {
        /// `not` before the alternatives.
        negated: bool,
        /// At least one.
        alternatives: Vec<CellTest>,
    },
}

/// One alternative of a cell.
#[derive(Clone, Debug)]
pub enum CellTest {
    /// A constant.
    Value(Expr),
    /// `>= 5`
    Order(OrderOp, Expr),
    /// `1..5`, both inclusive
    Range(Expr, Expr),
    /// `missing` (true) or `present` (false)
    Missing(bool, Span),
}

/// `route { … }`
#[derive(Clone, Debug)]
pub struct Route {
    /// What people call it.
    pub label: Option<Text>,
    /// When the whole block counts.
    pub effective: Option<Effective>,
    /// `first match` or `unique` and where it stands.
    pub strategy: (Strategy, Span),
    /// Its rules.
    pub rules: Vec<RouteRule>,
    /// `otherwise to …`
    pub otherwise: Option<RouteTarget>,
}

/// `rule NAME when … to …`
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

/// `to ROLE in queue Q with R escalate … because …`
#[derive(Clone, Debug)]
pub struct RouteTarget {
    /// The role that gets the case.
    pub role: Name,
    /// The queue it goes to.
    pub queue: Option<Name>,
    /// Roles that are told.
    pub with: Vec<Name>,
    /// Escalations.
    pub escalations: Vec<Escalation>,
    /// Citations.
    pub because: Because,
    /// The whole clause.
    pub span: Span,
}

/// `escalate to ROLE STEP, STEP of CLOCK`, or `warn STEP of CLOCK` without a role.
#[derive(Clone, Debug)]
pub struct Escalation {
    /// To whom; none for `warn`.
    pub to: Option<Name>,
    /// When.
    pub steps: Vec<Step>,
    /// On which clock.
    pub clock: Name,
    /// The whole clause.
    pub span: Span,
}

/// One moment on a clock.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its form.
    pub kind: StepKind,
    /// The whole step.
    pub span: Span,
}

/// The forms of steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepKind {
    /// `at 75%`
    AtPercent(u32),
    /// `at due`
    AtDue,
    /// `30m before due`
    BeforeDue(Duration),
    /// `2h after due`
    AfterDue(Duration),
    /// `after 30m`
    AfterElapsed(Duration),
    /// `every 4h after due at most 3 times`
    EveryAfterDue(Duration, u32),
}

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

/// `retain RECORD when … { … }`
#[derive(Clone, Debug)]
pub struct Retain {
    /// The record class.
    pub record: Name,
    /// What people call the block.
    pub label: Option<Text>,
    /// When it matches; always when absent.
    pub when: Option<Expr>,
    /// When it counts.
    pub effective: Option<Effective>,
    /// `from MOMENT`
    pub from: Moment,
    /// `keep at least P`
    pub keep: Option<Keep>,
    /// `delete no later than P`
    pub delete: Option<Keep>,
    /// `then …`
    pub then: Option<Disposal>,
    /// Citations of the block itself.
    pub because: Because,
}

/// A floor or a cap of retention.
#[derive(Clone, Debug)]
pub struct Keep {
    /// How long.
    pub amount: Amount,
    /// `excluding the starting month`
    pub excluding_starting_month: bool,
    /// Citations.
    pub because: Because,
    /// The whole clause.
    pub span: Span,
}

/// What happens at the end of retention.
#[derive(Clone, Debug)]
pub struct Disposal {
    /// Which way.
    pub kind: DisposalKind,
    /// Citations.
    pub because: Because,
    /// The whole clause.
    pub span: Span,
}

/// The ways of disposal.
#[derive(Clone, Debug)]
pub enum DisposalKind {
    /// `review by ROLE`
    Review(Name),
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
    /// The record class it keeps.
    pub record: Name,
    /// While this is true.
    pub when: Expr,
    /// Citations.
    pub because: Because,
}

/// `follow_up NAME by ROLE when … within … done …`
#[derive(Clone, Debug)]
pub struct FollowUp {
    /// Name and label.
    pub declared: Declared,
    /// Who does it.
    pub by: Name,
    /// When it is listed.
    pub when: Expr,
    /// When it counts.
    pub effective: Option<Effective>,
    /// How long it may take, and the whole `within` clause's span.
    pub within: (WithinAmount, Span),
    /// `of NAME`, still a calendar or an instant field.
    pub of: Vec<WithinOf>,
    /// `done on …`, `done when …`
    pub done: Vec<Trigger>,
    /// Citations.
    pub because: Because,
}

/// How long a follow-up may take.
#[derive(Clone, Debug)]
pub enum WithinAmount {
    /// `24h`, `7 days`
    Amount(Amount),
    /// `1 working days of business by close`
    WorkingDays(u32, Name),
}

/// What stands behind `of` in a `within` clause.
#[derive(Clone, Debug)]
pub enum WithinOf {
    /// One name: a calendar or an instant field.
    Name(Name),
    /// A moment that is not one name alone.
    Moment(Moment),
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
    pub because: Because,
}

/// `guarantee NAME { if … then … }`
#[derive(Clone, Debug)]
pub struct Guarantee {
    /// Name and label.
    pub declared: Declared,
    /// `if …`
    pub condition: Expr,
    /// `then …`
    pub then: Expr,
    /// Citations.
    pub because: Because,
}

/// `test "name" { … }`
#[derive(Clone, Debug)]
pub struct Test {
    /// Its name.
    pub name: Text,
    /// `case { … }`, an [`ExprKind::Record`].
    pub case: Expr,
    /// `event …` lines in page order.
    pub events: Vec<TestEvent>,
    /// `at INSTANT`
    pub at: Option<(Instant, Span)>,
    /// `expect …` lines in page order.
    pub expects: Vec<Expect>,
}

/// `event INSTANT NAME` or `event INSTANT set { … }`
#[derive(Clone, Debug)]
pub struct TestEvent {
    /// When.
    pub at: (Instant, Span),
    /// What.
    pub kind: TestEventKind,
    /// The whole line.
    pub span: Span,
}

/// What an event of a test does.
#[derive(Clone, Debug)]
pub enum TestEventKind {
    /// A declared event.
    Event(Name),
    /// `set { … }`, an [`ExprKind::Record`].
    Set(Expr),
}

/// One `expect` line.
#[derive(Clone, Debug)]
pub struct Expect {
    /// Its form.
    pub kind: ExpectKind,
    /// The whole line.
    pub span: Span,
}

/// The forms of expectations.
#[derive(Clone, Debug)]
pub enum ExpectKind {
    /// A condition over the decision.
    Condition(Expr),
    /// `refused "path"`
    Refused(Text),
}
