//! Paths into the decision: `route.role`, `sla.CLOCK.target`, `retention.RECORD.phase` and the rest.

use super::builder::{Builder, Space};
use super::enums::{CLOCK_STATES, PHASES, QUEUES, ROLES, TIERS};
use super::places::Place;
use super::suggest::written;
use super::wording::listed;
use crate::diag::Diagnostic;
use crate::message::{Message, message};
use crate::model::expr::{Expr, ExprKind, Outcome};
use crate::model::types::Type;
use crate::model::{ClockId, FollowUpId, RecordClassId, RequireId};
use crate::source::Span;
use crate::syntax::ast;

const ROUTE_WORDS: [&str; 3] = ["role", "queue", "with"];
const CLOCK_WORDS: [&str; 6] = ["target", "state", "due", "met_at", "breached_at", "elapsed"];
const RETENTION_WORDS: [&str; 3] = ["phase", "keep_until", "delete_by"];
const FOLLOW_UP_WORDS: [&str; 2] = ["due", "done"];
const REQUIREMENT_WORDS: [&str; 1] = ["met"];

impl<'a> Builder<'a> {
    /// A path whose first word is one of the decision's, or `case` or `now`.
    pub(super) fn outcome_path(
        &mut self,
        names: &'a [ast::Name],
        span: Span,
        place: Place,
    ) -> Option<Expr> {
        let (first, rest) = names.split_first()?;
        let (outcome, ty) = match (first.text.as_str(), rest) {
            ("now", _) => {
                let message = message!("no condition reads the present time");
                self.report(
                    Diagnostic::error("not-allowed-here", first.span, message).help(message!(
                        "clocks, `within` and `effective … by now` are what time acts on"
                    )),
                );
                return None;
            }
            ("case", _) => {
                let path = rest
                    .iter()
                    .map(|name| written(&name.text))
                    .collect::<Vec<_>>()
                    .join(".");
                let mut finding = Diagnostic::error(
                    "unknown-name",
                    first.span,
                    message!("fields are named without `case`"),
                );
                if !path.is_empty() {
                    finding = finding
                        .help(message!("write `{instead}`", instead = path))
                        .safe_fix(span, path);
                }
                self.report(finding);
                return None;
            }
            ("route", [word]) => match word.text.as_str() {
                "role" => (Outcome::RouteRole, Type::Enum(ROLES)),
                "queue" => (Outcome::RouteQueue, Type::Enum(QUEUES)),
                "with" => (Outcome::RouteWith, Type::Set(Box::new(Type::Enum(ROLES)))),
                _ => return self.unknown_part(message!("route"), word, &ROUTE_WORDS),
            },
            ("sla", [word]) if word.text == "tier" => (Outcome::SlaTier, Type::Enum(TIERS)),
            ("sla", [clock, word]) => {
                let clock = ClockId(self.look_up(Space::Clock, clock)?);
                match word.text.as_str() {
                    "target" => (Outcome::ClockTarget(clock), Type::Target),
                    "state" => (Outcome::ClockState(clock), Type::Enum(CLOCK_STATES)),
                    "due" => (Outcome::ClockDue(clock), Type::Instant),
                    "met_at" => (Outcome::ClockMetAt(clock), Type::Instant),
                    "breached_at" => (Outcome::ClockBreachedAt(clock), Type::Instant),
                    "elapsed" => (Outcome::ClockElapsed(clock), Type::Duration),
                    _ => return self.unknown_part(message!("a clock"), word, &CLOCK_WORDS),
                }
            }
            ("retention", [record, word]) => {
                let record = RecordClassId(self.look_up(Space::Record, record)?);
                match word.text.as_str() {
                    "phase" => (Outcome::RetentionPhase(record), Type::Enum(PHASES)),
                    "keep_until" => (Outcome::RetentionKeepUntil(record), Type::Instant),
                    "delete_by" => (Outcome::RetentionDeleteBy(record), Type::Instant),
                    _ => return self.unknown_part(message!("retention"), word, &RETENTION_WORDS),
                }
            }
            ("follow_up", [name, word]) => {
                let follow_up = FollowUpId(self.look_up(Space::FollowUp, name)?);
                match word.text.as_str() {
                    "due" => (Outcome::FollowUpDue(follow_up), Type::Instant),
                    "done" => (Outcome::FollowUpDone(follow_up), Type::Bool),
                    _ => return self.unknown_part(message!("a follow-up"), word, &FOLLOW_UP_WORDS),
                }
            }
            ("requirements", [name, word]) => {
                let require = RequireId(self.look_up(Space::Requirement, name)?);
                match word.text.as_str() {
                    "met" => (Outcome::RequirementMet(require), Type::Bool),
                    _ => {
                        return self.unknown_part(
                            message!("a requirement"),
                            word,
                            &REQUIREMENT_WORDS,
                        );
                    }
                }
            }
            (word, _) => {
                let help = match word {
                    "route" => message!("write `route.role`, `route.queue` or `route.with`"),
                    "sla" => message!(
                        "write `sla.tier` or `sla.CLOCK.target`, `.state`, `.due`, `.met_at`, `.breached_at`, `.elapsed`"
                    ),
                    "retention" => {
                        message!("write `retention.RECORD.phase`, `.keep_until` or `.delete_by`")
                    }
                    "follow_up" => message!("write `follow_up.NAME.due` or `.done`"),
                    _ => message!("write `requirements.NAME.met`"),
                };
                let message = message!(
                    "`{text}` is no path into the decision",
                    text = self.text(span)
                );
                self.report(Diagnostic::error("unknown-name", span, message).help(help));
                return None;
            }
        };
        self.readable(outcome, span, place)?;
        Some(Expr {
            kind: ExprKind::Outcome(outcome),
            ty,
            span,
        })
    }

    fn unknown_part(&mut self, of: Message, word: &ast::Name, words: &[&str]) -> Option<Expr> {
        let message = message!("{of} has no `{name}`", of, name = word.text);
        let list = listed(words.iter().copied());
        let finding = Diagnostic::error("unknown-name", word.span, message);
        let finding = self.suggest(
            finding,
            &word.text,
            word.span,
            words,
            message!("it has {list}", list),
        );
        self.report(finding);
        None
    }

    /// Checks that the outcome is decided by the time the place is.
    fn readable(&mut self, outcome: Outcome, span: Span, place: Place) -> Option<()> {
        let allowed = match (place, outcome) {
            (Place::Expect, _) | (Place::Tier, Outcome::RouteRole) => true,
            (
                Place::Guarantee,
                Outcome::RouteRole
                | Outcome::RouteQueue
                | Outcome::RouteWith
                | Outcome::SlaTier
                | Outcome::ClockTarget(_),
            ) => true,
            (
                Place::Define
                | Place::Classify
                | Place::Route
                | Place::Tier
                | Place::Clock
                | Place::Duty
                | Place::Guarantee,
                _,
            ) => false,
        };
        if allowed {
            return Some(());
        }
        let message = message!(
            "`{text}` cannot be read {place}",
            text = self.text(span),
            place = place.words()
        );
        let help = match place {
            Place::Guarantee => {
                message!(
                    "a guarantee reads fields, classifications, `route.…`, `sla.tier` and `sla.CLOCK.target`"
                )
            }
            Place::Tier => {
                message!("the condition of a tier reads fields, classifications and `route.role`")
            }
            Place::Define
            | Place::Classify
            | Place::Route
            | Place::Clock
            | Place::Duty
            | Place::Expect => {
                message!(
                    "it is decided later: classifications come first, then the route, tiers, clocks and the rest"
                )
            }
        };
        self.report(Diagnostic::error("not-allowed-here", span, message).help(help));
        None
    }
}
