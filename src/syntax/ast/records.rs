//! Retention, follow-ups and requirements as written.

use super::{Amount, Because, Declared, Effective, Expr, Moment, Name, Text, Trigger};
use crate::source::Span;

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
