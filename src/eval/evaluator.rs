//! Walks conditions and values of a program over one case.
//!
//! Everything worked out for a case is kept here: named expressions, answers of scripts, texts in
//! lower case, values of blocks already decided. How deep a walk goes is bounded by `compile`.

use super::Engine;
use super::decision::Decided;
use super::host::ScriptHost;
use super::kept::Kept;
use super::numbers;
use super::outcomes::Outcomes;
use super::problem::{ProblemCode, Site};
use super::state::State;
use super::truth::Truth;
use crate::compile::{
    Effective, InstantPart, List, Node, NodeId, Outcome, Program, RouteTarget, Target,
};
use crate::index::RuleIndex;
use crate::message::{Message, message};
use crate::time::{Date, Instant, Openness};
use crate::value::Value;
use std::borrow::Cow;
use std::cell::{Cell, OnceCell};
use std::cmp::Ordering;

/// One case under evaluation.
pub(super) struct Evaluator<'a> {
    pub(super) program: &'a Program,
    pub(super) state: &'a State<'a>,
    pub(super) host: &'a dyn ScriptHost,
    pub(super) now: Instant,
    opened_on: OnceCell<Option<Date>>,
    /// Which rules have to be asked.
    pub(super) index: &'a RuleIndex,
    pub(super) kept: Box<Kept>,
    /// Where the case goes, once the route is decided.
    pub(super) route: OnceCell<Option<&'a RouteTarget>>,
    /// The place of its tier, once decided.
    pub(super) tier: OnceCell<Option<u32>>,
    /// What the course of the case came to, where conditions may ask for it.
    outcomes: Option<&'a Outcomes>,
    site: Cell<Option<(Site, u32)>>,
}

impl<'a> Evaluator<'a> {
    pub(super) fn new(engine: Engine<'a>, state: &'a State<'a>, now: Instant) -> Evaluator<'a> {
        Evaluator::in_room(engine, state, now, Box::default())
    }

    /// The same, in room that an earlier case has left.
    #[inline(always)]
    pub(super) fn in_room(
        engine: Engine<'a>,
        state: &'a State<'a>,
        now: Instant,
        mut kept: Box<Kept>,
    ) -> Evaluator<'a> {
        kept.make_room(engine.program, engine.index.searches());
        Evaluator::over(engine, state, now, kept)
    }

    /// The same with what is known already of the same case.
    pub(super) fn knowing_still(
        engine: Engine<'a>,
        state: &'a State<'a>,
        now: Instant,
        mut kept: Box<Kept>,
    ) -> Evaluator<'a> {
        kept.forget_answers();
        Evaluator::over(engine, state, now, kept)
    }

    #[inline(always)]
    fn over(
        engine: Engine<'a>,
        state: &'a State<'a>,
        now: Instant,
        kept: Box<Kept>,
    ) -> Evaluator<'a> {
        let Engine {
            program,
            index,
            host,
        } = engine;
        Evaluator {
            program,
            state,
            host,
            now,
            opened_on: OnceCell::new(),
            index,
            kept,
            route: OnceCell::new(),
            tier: OnceCell::new(),
            outcomes: None,
            site: Cell::new(None),
        }
    }

    /// The same, for conditions over the decision.
    pub(super) fn knowing(self, outcomes: &'a Outcomes) -> Evaluator<'a> {
        let outcomes = Some(outcomes);
        Evaluator { outcomes, ..self }
    }

    /// Takes the value of a classification; each is decided once.
    #[inline]
    pub(super) fn know_classification(&self, place: u32, decided: &Decided) {
        if let Some(cell) = self.kept.classifications.get(place as usize) {
            let _ = cell.set(decided.value.clone());
        }
    }

    /// Takes where the case goes; that is decided once.
    pub(super) fn know_route(&self, target: Option<&'a RouteTarget>) {
        let _ = self.route.set(target);
    }

    pub(super) fn whereto(&self) -> Option<&'a RouteTarget> {
        *self.route.get()?
    }

    /// The roles that are told, as a set.
    pub(super) fn told(&self) -> Option<Value> {
        let with = self.whereto()?.with.iter().copied();
        Some(Value::set(with.map(Value::Member).collect()))
    }

    /// Takes the place of the tier; that is decided once.
    pub(super) fn know_tier(&self, tier: Option<u32>) {
        let _ = self.tier.set(tier);
    }

    /// Names the rule that is evaluated from here on: problems are put down to it. None: to nobody.
    pub(super) fn stand_at(&self, site: Option<(Site, u32)>) {
        self.site.set(site);
    }

    /// The local date of `opened_at`.
    pub(super) fn opened_on(&self) -> Option<Date> {
        *self.opened_on.get_or_init(|| {
            let at = self.state.instant(self.program.opened_at)?;
            Some(at.date(self.program.zone))
        })
    }

    /// Whether an item counts for this case at this instant.
    #[inline]
    pub(super) fn is_effective(&self, effective: Option<Effective>) -> bool {
        match effective {
            None => true,
            Some(Effective::ByOpening { from, until }) => self.opened_on().is_some_and(|day| {
                from.is_none_or(|from| from <= day) && until.is_none_or(|until| day <= until)
            }),
            Some(Effective::ByNow { from, end }) => {
                from.is_none_or(|from| from <= self.now) && end.is_none_or(|end| self.now < end)
            }
        }
    }

    /// Whether a condition holds.
    pub(super) fn truth(&self, id: NodeId) -> Truth {
        match self.program.node(id) {
            Node::Or(list) => self.any(*list),
            Node::And(list) => self.all(*list),
            Node::Not(value) => self.truth(*value).negated(),
            Node::Equal {
                left,
                right,
                negated,
            } => Truth::from(self.equal(*left, *right)).negated_if(*negated),
            Node::EqualFolded {
                left,
                right,
                negated,
            } => {
                let equal = self
                    .folded(*left)
                    .and_then(|a| Some(a == self.folded(*right)?));
                Truth::from(equal).negated_if(*negated)
            }
            Node::Order(op, left, right) => match (self.target(*left), self.target(*right)) {
                (Some(a), Some(b)) => numbers::compare_targets(*op, a, b),
                _ => Truth::from(
                    self.compare(*left, *right)
                        .map(|order| numbers::holds(*op, order)),
                ),
            },
            Node::Between(value, least, greatest) => {
                Truth::from(self.between(*value, *least, *greatest))
            }
            Node::In {
                value,
                set,
                negated,
            } => {
                let found = self.with_value(*value, |value| numbers::is_among(value, set));
                Truth::from(found).negated_if(*negated)
            }
            Node::InFolded {
                value,
                set,
                negated,
            } => {
                let found = self.folded(*value).map(|text| {
                    set.binary_search_by(|item| item.as_ref().cmp(&text))
                        .is_ok()
                });
                Truth::from(found).negated_if(*negated)
            }
            Node::Missing { value, negated } => {
                let missing = self.target(*value).is_none() && self.is_missing(*value);
                Truth::from(missing != *negated)
            }
            Node::Text {
                op,
                value,
                pattern,
                folded,
            } => {
                let pattern = self.text(*pattern, *folded);
                let found = pattern.and_then(|pattern| self.test(*op, *value, &pattern, *folded));
                Truth::from(found)
            }
            Node::TextConstant {
                op,
                value,
                pattern,
                folded,
            } => Truth::from(self.test(*op, *value, pattern, *folded)),
            Node::TextMany {
                all,
                value,
                patterns,
                folded,
            } => {
                let found = self.text(*value, *folded).map(|text| {
                    let mut found = patterns
                        .iter()
                        .map(|pattern| text.contains(pattern.as_ref()));
                    if *all {
                        found.all(|holds| holds)
                    } else {
                        found.any(|holds| holds)
                    }
                });
                Truth::from(found)
            }
            Node::Matches { value, pattern } => {
                let text = self.text(*value, false);
                Truth::from(text.and_then(|text| Some(pattern.as_ref()?.is_match(&text))))
            }
            Node::SetContains { set, element } => {
                let found = self.value(*element).and_then(|element| {
                    let set = self.value(*set)?;
                    let Value::Set(items) = set.as_ref() else {
                        return None;
                    };
                    numbers::is_among(&element, items)
                });
                Truth::from(found)
            }
            Node::SetContainsMany { all, set, elements } => {
                let found = self.value(*set).and_then(|set| {
                    let Value::Set(items) = set.as_ref() else {
                        return None;
                    };
                    let holds = |element: &Value| numbers::is_among(element, items) == Some(true);
                    Some(if *all {
                        elements.iter().all(holds)
                    } else {
                        elements.iter().any(holds)
                    })
                });
                Truth::from(found)
            }
            Node::During {
                value,
                calendar,
                outside,
            } => self.during(*value, *calendar).negated_if(*outside),
            Node::HasHappened(event) => {
                let happened = self.state.happened.get(*event as usize);
                Truth::from(happened.is_some_and(Option::is_some))
            }
            Node::Constant(_)
            | Node::Target(_)
            | Node::Field(_)
            | Node::Define(_)
            | Node::Classification(_)
            | Node::Outcome(_)
            | Node::Arithmetic(..)
            | Node::PartOf(..)
            | Node::Count(_)
            | Node::Length(_)
            | Node::Min(_)
            | Node::Max(_)
            | Node::Call(..) => self
                .with_value(id, |value| match value {
                    Value::Bool(holds) => Some(*holds),
                    _ => None,
                })
                .into(),
        }
    }

    /// The value of an expression; none when it is missing.
    pub(super) fn value(&self, id: NodeId) -> Option<Cow<'_, Value>> {
        match self.program.node(id) {
            Node::Constant(value) => Some(Cow::Borrowed(value)),
            Node::Target(_) => None,
            Node::Field(slot) => self
                .state
                .slots
                .get(*slot as usize)?
                .as_ref()
                .map(Cow::Borrowed),
            Node::Define(place) => self.define(*place).map(Cow::Borrowed),
            Node::Classification(place) => {
                let decided = self.kept.classifications.get(*place as usize)?.get()?;
                decided.as_ref().map(Cow::Borrowed)
            }
            Node::Outcome(outcome) => self.outcome(*outcome).map(Cow::Owned),
            Node::Arithmetic(op, left, right) => {
                let (left, right) = (self.value(*left)?, self.value(*right)?);
                let result = numbers::compute(*op, &left, &right);
                if result.is_none() {
                    self.report(ProblemCode::Overflow, || {
                        message!(
                            "a computed value is too great: `{text}`",
                            text = self.program.describe(id)
                        )
                    });
                }
                result.map(Cow::Owned)
            }
            Node::PartOf(part, value) => {
                let value = self.value(*value)?;
                let Value::Instant(at) = value.as_ref() else {
                    return None;
                };
                Some(Cow::Owned(self.part(*part, *at)))
            }
            Node::Count(set) => {
                let set = self.value(*set)?;
                let Value::Set(items) = set.as_ref() else {
                    return None;
                };
                i64::try_from(items.len())
                    .ok()
                    .map(|count| Cow::Owned(Value::Integer(count)))
            }
            Node::Length(text) => {
                let length = self.text(*text, false)?.chars().count();
                i64::try_from(length)
                    .ok()
                    .map(|length| Cow::Owned(Value::Integer(length)))
            }
            Node::Min(list) => self.extreme(*list, Ordering::Less),
            Node::Max(list) => self.extreme(*list, Ordering::Greater),
            Node::Call(function, arguments) => self.call(*function, *arguments).map(Cow::Owned),
            Node::Or(_)
            | Node::And(_)
            | Node::Not(_)
            | Node::Equal { .. }
            | Node::EqualFolded { .. }
            | Node::Order(..)
            | Node::Between(..)
            | Node::In { .. }
            | Node::InFolded { .. }
            | Node::Missing { .. }
            | Node::Text { .. }
            | Node::TextConstant { .. }
            | Node::TextMany { .. }
            | Node::Matches { .. }
            | Node::SetContains { .. }
            | Node::SetContainsMany { .. }
            | Node::During { .. }
            | Node::HasHappened(_) => match self.truth(id) {
                Truth::True => Some(Cow::Owned(Value::Bool(true))),
                Truth::False => Some(Cow::Owned(Value::Bool(false))),
                Truth::Unknown => None,
            },
        }
    }

    /// The local weekday, date or time of an instant.
    pub(super) fn part(&self, part: InstantPart, at: Instant) -> Value {
        let zone = self.program.zone;
        match part {
            InstantPart::Weekday => Value::Weekday(at.date(zone).weekday()),
            InstantPart::Date => Value::Date(at.date(zone)),
            InstantPart::Time => Value::Time(at.time(zone)),
        }
    }

    /// Whether an expression has no value, or a condition is unknown.
    pub(super) fn is_missing(&self, id: NodeId) -> bool {
        match self.lying(id) {
            Some(value) => value.is_none(),
            None => self.value(id).is_none(),
        }
    }

    /// The target that an expression names, if it is one that names a target.
    pub(super) fn target(&self, id: NodeId) -> Option<Target> {
        let node = self.program.node(id);
        if let Node::Target(target) = node {
            return Some(*target);
        }
        let Node::Outcome(Outcome::ClockTarget(clock)) = node else {
            return None;
        };
        let tiers = &self.program.sla.as_ref()?.tiers;
        let tier = tiers.get((*self.tier.get()?)? as usize)?;
        let (_, target) = tier.targets.iter().find(|(place, _)| *place == clock.0)?;
        Some(*target)
    }

    fn all(&self, list: List) -> Truth {
        let mut truth = Truth::True;
        for id in self.program.list(list) {
            truth = truth.min(self.truth(*id));
            if truth == Truth::False {
                break;
            }
        }
        truth
    }

    fn any(&self, list: List) -> Truth {
        let mut truth = Truth::False;
        for id in self.program.list(list) {
            truth = truth.max(self.truth(*id));
            if truth == Truth::True {
                break;
            }
        }
        truth
    }

    fn during(&self, value: NodeId, calendar: u32) -> Truth {
        let Some(value) = self.value(value) else {
            return Truth::Unknown;
        };
        let (Value::Instant(at), Some((named, calendar))) = (
            value.as_ref(),
            self.program.calendars.get(calendar as usize),
        ) else {
            return Truth::Unknown;
        };
        match calendar.is_open(*at) {
            Openness::Open => Truth::True,
            Openness::Closed => Truth::False,
            Openness::Unknown => {
                self.report(ProblemCode::UnknownCalendarYear, || {
                    let date = at.date(calendar.zone());
                    message!(
                        "the holiday data of calendar `{name}` does not cover {date}",
                        name = named.name,
                        date = date.to_string(),
                    )
                });
                Truth::Unknown
            }
        }
    }

    fn extreme(&self, list: List, wanted: Ordering) -> Option<Cow<'_, Value>> {
        let mut best: Option<Cow<'_, Value>> = None;
        for id in self.program.list(list) {
            let value = self.value(*id)?;
            best = match best {
                Some(best) if numbers::compare(&value, &best)? != wanted => Some(best),
                _ => Some(value),
            };
        }
        best
    }

    /// The value of a named expression, computed when it is first asked for.
    pub(super) fn define(&self, place: u32) -> Option<&Value> {
        let mut waiting = vec![];
        let mut current = place;
        loop {
            let define = self.program.defines.get(current as usize)?;
            let cell = self.kept.defines.get(current as usize)?;
            if cell.get().is_none() {
                let undone = |read: &&u32| {
                    **read < current
                        && self
                            .kept
                            .defines
                            .get(**read as usize)
                            .is_some_and(|c| c.get().is_none())
                };
                if let Some(first) = define.first.iter().find(undone) {
                    waiting.push(current);
                    current = *first;
                    continue;
                }
                let value = self.value(define.value).map(Cow::into_owned);
                // Already set only if the define read itself, which the model excludes.
                let _ = cell.set(value);
            }
            match waiting.pop() {
                Some(next) => current = next,
                None => return self.kept.defines.get(place as usize)?.get()?.as_ref(),
            }
        }
    }

    fn outcome(&self, outcome: Outcome) -> Option<Value> {
        match outcome {
            Outcome::RouteRole => Some(Value::Member(self.whereto()?.role)),
            Outcome::RouteQueue => self.whereto()?.queue.map(Value::Member),
            Outcome::RouteWith => self.told(),
            Outcome::SlaTier => (*self.tier.get()?).map(Value::Member),
            Outcome::ClockTarget(_) => None,
            Outcome::ClockState(_)
            | Outcome::ClockDue(_)
            | Outcome::ClockMetAt(_)
            | Outcome::ClockBreachedAt(_)
            | Outcome::ClockElapsed(_)
            | Outcome::RetentionPhase(_)
            | Outcome::RetentionKeepUntil(_)
            | Outcome::RetentionDeleteBy(_)
            | Outcome::FollowUpDue(_)
            | Outcome::FollowUpDone(_)
            | Outcome::RequirementMet(_) => self.outcomes?.value(outcome),
        }
    }

    pub(super) fn report(&self, code: ProblemCode, message: impl FnOnce() -> Message) {
        if let Some((site, rule)) = self.site.get() {
            let rules: &[u32] = match site {
                Site::Classification(_) | Site::Route | Site::Sla | Site::Retention(_) => &[rule],
                Site::Clock(_) | Site::Hold(_) | Site::FollowUp(_) | Site::Require(_) => &[],
            };
            self.kept
                .problems
                .borrow_mut()
                .add(code, site, rules, message());
        }
    }
}
