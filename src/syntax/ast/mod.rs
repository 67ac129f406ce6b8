//! The tree of a policy file as it is written: names unresolved, types unchecked, every node with
//! its span.
//!
//! Made by [`super::parse`], read by the model. Nothing here can be run.

mod expr;
mod records;
mod rules;
mod schema;
mod service;
mod tests;

pub use expr::{
    Amount, ArithmeticOp, Expr, ExprKind, InstantPart, OrderOp, Target, TargetKind, TestOp, TextOp,
};
pub use records::{
    Disposal, DisposalKind, FollowUp, Hold, Keep, Require, Retain, WithinAmount, WithinOf,
};
pub use rules::{
    Cell, CellKind, CellTest, Classify, ClassifyPart, Escalation, Otherwise, Route, RouteRule,
    RouteTarget, Row, RowOutcome, Rule, Step, StepKind, Strategy, Table,
};
pub use schema::{Bounds, Field, Function, Presence, Script, TypeExpr, TypeKind};
pub use service::{
    Calendar, Clock, Hours, Moment, MomentKind, Open, OpenDays, Reopen, ReopenMode, Retier,
    RetierMode, Sla, Tier, Trigger,
};
pub use tests::{Expect, ExpectKind, Guarantee, Test, TestEvent, TestEventKind};

use crate::source::Span;
use crate::time::Date;
use smol_str::SmolStr;

/// A name as written, backticks and quotes taken off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The name itself.
    pub text: SmolStr,
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
