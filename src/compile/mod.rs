//! From the typed model to a [`Program`]: flat blocks of rules, one arena of conditions, patterns
//! and calendars made ready.
//!
//! After `model`, before `eval`. Everything that has to be worked out once and not for every case
//! is worked out here. What the model accepts always compiles.

mod blocks;
mod calendars;
mod course;
mod describe;
mod fold;
mod lower;
mod node;
mod patterns;
mod program;
mod readers;
mod service;
mod spans;

pub use fold::fold;
pub use node::{List, Node, NodeId};
pub use patterns::{matching, written as written_pattern};
pub use program::{
    ArithmeticOp, Bounds, CalendarId, Classification, ClassificationId, ClockId, Column, Define,
    Effective, EnumId, Expect, ExpectKind, Field, Function, Guarantee, InstantPart, Named, OrderOp,
    Outcome, Program, Route, RouteRule, RouteTarget, Rule, Sla, Strategy, Target, Test, TextOp,
    Tier, Type,
};
pub use readers::{Readable, Reader, Readers};

pub use service::{
    Amount, Clock, Disposal, FollowUp, Hold, Keep, Moment, ReopenMode, Require, Retain, RetierMode,
    Step, StepKind, Triggers, Within, calendar_of,
};

use crate::model::Model;
use crate::time::Holidays;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Compiles a model; `holidays` are the data of caseway.toml's `[holidays.NAME]` tables by name.
pub fn compile(model: &Model, holidays: &BTreeMap<String, Arc<Holidays>>) -> Program {
    blocks::Compiler::new(model).program(calendars::compile(model, holidays))
}
