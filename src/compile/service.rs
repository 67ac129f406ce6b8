//! The parts of a program that unfold over the course of a case: clocks, steps on them, retention,
//! holds, follow-ups, requirements.
//!
//! Made by [`super::course`], run by [`crate::eval`]. Conditions are places in the program's arena,
//! everything else is owned.

use super::node::NodeId;
use super::program::{Effective, Named, Target};
use crate::source::Span;
use crate::time::{Duration, Period};
use smol_str::SmolStr;

pub use crate::model::{Amount, Disposal, ReopenMode, RetierMode};

/// A clock.
#[derive(Clone, Debug)]
pub struct Clock {
    /// Name and label.
    pub named: Named,
    /// Where it starts; `opened_at` when absent.
    pub start: Option<Moment>,
    /// What stops it.
    pub stop: Triggers,
    /// It is paused while any of them is true.
    pub pause: Vec<NodeId>,
    /// What cancels it.
    pub cancel: Triggers,
    /// What starts a new cycle.
    pub reset: Triggers,
    /// What it does when its stop is undone.
    pub reopen: ReopenMode,
    /// `within P else MODE`
    pub reopen_within: Option<(Amount, ReopenMode)>,
    /// What it does when its target changes.
    pub retier: RetierMode,
    /// `never later`
    pub never_later: bool,
}

/// What makes something happen: any of them.
#[derive(Clone, Debug, Default)]
pub struct Triggers {
    /// Places of events.
    pub on: Vec<u32>,
    /// Conditions.
    pub when: Vec<NodeId>,
}

/// An instant that a case's life marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// An instant field, by its slot.
    Field(u32),
    /// The first such event.
    First(u32),
    /// The last such event.
    Last(u32),
    /// When a condition last became true and still is: a place in [`super::Program::watched`].
    When(u32),
}

/// A warning or an escalation at one moment of a clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What names it in decisions, such as `route.critical.after-30m.supervisor`. It stays the same
    /// when other lines are added or the order of lines changes.
    pub key: SmolStr,
    /// When.
    pub kind: StepKind,
    /// The role it goes to; none for a warning.
    pub to: Option<u32>,
    /// The place of the clock.
    pub clock: u32,
}

/// The moments of steps; `every … after due` is one [`StepKind::AfterDue`] each time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepKind {
    /// So many percent of the target are used up.
    Percent(u32),
    /// At the due instant.
    AtDue,
    /// So long before it.
    BeforeDue(Duration),
    /// So long after it.
    AfterDue(Duration),
    /// So much time is used up.
    AfterElapsed(Duration),
}

/// One block on how long a class of records is kept.
#[derive(Clone, Debug)]
pub struct Retain {
    /// The place of the record class.
    pub record: u32,
    /// What it is called: its label, or `block k` for the k-th block of its record class.
    pub name: String,
    /// When it matches; always when absent.
    pub when: Option<NodeId>,
    /// When it counts.
    pub effective: Option<Effective>,
    /// Where its periods start.
    pub from: Moment,
    /// The floor.
    pub keep: Option<Keep>,
    /// The cap.
    pub delete: Option<Keep>,
    /// What happens at the end.
    pub then: Option<Disposal>,
    /// Citations of the block and of its lines.
    pub because: Vec<String>,
    /// The whole block.
    pub span: Span,
}

/// A floor or a cap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keep {
    /// How long.
    pub amount: Amount,
    /// `excluding the starting month`
    pub excluding_starting_month: bool,
}

/// A hold.
#[derive(Clone, Debug)]
pub struct Hold {
    /// Name and label.
    pub named: Named,
    /// The place of the record class.
    pub record: u32,
    /// It is open while this is true.
    pub when: NodeId,
    /// Citations.
    pub because: Vec<String>,
}

/// A follow-up.
#[derive(Clone, Debug)]
pub struct FollowUp {
    /// Name and label.
    pub named: Named,
    /// The place of the role that does it.
    pub by: u32,
    /// When it is listed.
    pub when: NodeId,
    /// When it counts.
    pub effective: Option<Effective>,
    /// How long it may take.
    pub within: Within,
    /// Where the time starts; when its `when` became true, if absent.
    pub of: Option<Moment>,
    /// What completes it.
    pub done: Triggers,
    /// Citations.
    pub because: Vec<String>,
}

/// How long a follow-up may take; calendars by their places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Within {
    /// Exact time on a calendar.
    Exact(Duration, u32),
    /// A calendar period.
    Calendar(Period),
    /// Working days of a calendar, by close.
    WorkingDays(u32, u32),
}

/// A requirement.
#[derive(Clone, Debug)]
pub struct Require {
    /// Name and label.
    pub named: Named,
    /// When it is asked.
    pub when: NodeId,
    /// What must hold.
    pub that: NodeId,
    /// Citations.
    pub because: Vec<String>,
}

/// The place of the calendar that a target counts on; 0, `always`, for those without one.
pub fn calendar_of(target: Target) -> u32 {
    match target {
        Target::Exact(_, calendar) | Target::WorkingDays(_, calendar) => calendar.0,
        Target::None | Target::Calendar(_) => 0,
    }
}

/// Everything that has a name and a label.
macro_rules! has_name {
    ($($item:ty),*) => {
        $(impl AsRef<Named> for $item {
            fn as_ref(&self) -> &Named {
                &self.named
            }
        })*
    };
}

has_name!(Clock, Hold, FollowUp, Require);

impl AsRef<Named> for Named {
    fn as_ref(&self) -> &Named {
        self
    }
}
