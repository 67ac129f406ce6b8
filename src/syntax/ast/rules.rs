//! Classification and routing as written.

use super::{Because, Declared, Effective, Expr, Name, OrderOp, Text, TypeExpr};
use crate::source::Span;
use crate::time::Duration;

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
#[allow(
    clippy::large_enum_variant,
    reason = "rules, the large one, are by far the most"
)]
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
    pub then: RowOutcome,
    /// Citations behind the row.
    pub because: Because,
    /// The whole row.
    pub span: Span,
}

/// What stands right of `=>`.
#[derive(Clone, Debug)]
pub enum RowOutcome {
    /// A value.
    Value(Expr),
    /// `?`: not decided yet.
    Open(Span),
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
