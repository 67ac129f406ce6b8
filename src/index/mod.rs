//! Which rules of a block may be true of a case, without asking them one by one.
//!
//! Beside the plain meaning in [`crate::eval`], which asks every rule in page order: an index leaves out
//! the rules that a case rules out for certain, and says of the others whether anything is left to ask.
//! What is decided, and what is reported on the way, is the same.
//!
//! Made of a program once:
//!
//! 1. `shape` takes conditions apart into tests of single variables (a field, a classification, the
//!    role …) joined by `and` and `or`, and notes the constants that each variable is compared with.
//! 2. `variable` sorts these constants, so that a value is one of few classes.
//! 3. `fields` finds out what the slots of a case are to these constants, once for all blocks.
//! 4. `entry` makes alternatives of each rule, each of which asks every variable at most once.
//! 5. `layout` puts alternatives side by side: for each class of each variable one row of bits. Up to 64 of them
//!    make a `few`, with a word for each class; more make `many`, in chunks with rows.
//!
//! A test of a variable is never unknown while the value is there; when it is missing, the row of the
//! missing value holds the alternatives that are not false, and a second row those of them that are
//! unknown. So nothing of the logic of three values is lost.
//!
//! A part of a condition that may report a problem (a script, a sum, a calendar) is asked where it is
//! written and only if nothing before it is false. So only what stands before such a part is looked up.

mod asked;
mod cells;
mod classes;
mod columns;
mod entry;
mod few;
mod fields;
mod layout;
mod looked_for;
mod many;
mod ranges;
mod row;
mod set_column;
mod shape;
mod sorted;
mod texts;
mod variable;
mod view;

pub use entry::Rest;
pub(crate) use fields::Look;
pub(crate) use looked_for::Needle;
pub use shape::{Asked, Reason};
pub use variable::{Source, Variable};
pub(crate) use view::{Numbers, View};

use crate::compile::{Effective, NodeId, Program};
use crate::value::{Known, Slots, Value};
use asked::{Answers, Asked as Questions};
use entry::{Entry, only_in};
use few::Few;
use fields::Fields;
use many::Many;
use ranges::Ranges;
use row::places_in;
use shape::{Shape, Shaper, place};
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU64, Ordering};
use variable::Question;

/// A block with fewer rules is decided rule by rule.
const FEWEST: usize = 8;

/// The indexes of all blocks of a program with more than a few rules.
#[derive(Clone, Debug)]
pub struct RuleIndex {
    /// A number that no other index of this process has, unless it is a copy; 0 for the one without blocks.
    number: u64,
    variables: Vec<Variable>,
    fields: Fields,
    classifications: Vec<Option<BlockIndex>>,
    route: Option<BlockIndex>,
    sla: Option<BlockIndex>,
    /// What searches of texts look for, by the number of the search.
    needles: Vec<Option<Needle>>,
}

/// An index without blocks: every rule is asked.
pub static NO_RULES: RuleIndex = RuleIndex {
    number: 0,
    variables: Vec::new(),
    fields: Fields::NONE,
    classifications: Vec::new(),
    route: None,
    sla: None,
    needles: Vec::new(),
};

/// The index of a block.
#[derive(Clone, Debug)]
pub struct BlockIndex {
    asked: Questions,
    chunks: Chunks,
    /// The rule of each alternative.
    rules: Box<[u32]>,
    /// Where the rest of each alternative starts in `rest`, and where that of the last ends.
    starts: Box<[u32]>,
    rest: Box<[Rest]>,
}

/// The alternatives of a block, side by side.
#[derive(Clone, Debug)]
enum Chunks {
    Few(Few),
    Many(Many),
}

/// An alternative of a rule that a case does not rule out.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'a> {
    /// The place of the rule.
    pub rule: u32,
    /// Whether something that was looked up is unknown.
    pub unknown: bool,
    /// What is left to be asked, in this order.
    pub rest: &'a [Rest],
}

/// A rule as it is laid into an index.
struct Written {
    effective: Option<Effective>,
    when: Option<NodeId>,
}

impl RuleIndex {
    /// Indexes the blocks of a program. Takes time and memory in proportion to its text.
    pub fn new(program: &Program) -> RuleIndex {
        let mut shaper = Shaper::new(program);
        let classifications: Vec<Option<Shaped>> = program
            .classifications
            .iter()
            .map(|block| {
                let rules = block.rules.iter();
                Shaped::new(
                    &mut shaper,
                    rules.map(|rule| Written {
                        effective: rule.effective,
                        when: Some(rule.when),
                    }),
                )
            })
            .collect();
        let route = program.route.as_ref().and_then(|block| {
            let rules = block.rules.iter();
            Shaped::new(
                &mut shaper,
                rules.map(|rule| Written {
                    effective: rule.effective,
                    when: Some(rule.when),
                }),
            )
        });
        let sla = program.sla.as_ref().and_then(|block| {
            let tiers = block.tiers.iter();
            Shaped::new(
                &mut shaper,
                tiers.map(|tier| Written {
                    effective: tier.effective,
                    when: tier.when,
                }),
            )
        });
        // The first has 1.
        static NUMBERS: AtomicU64 = AtomicU64::new(1);
        let needles = shaper.looked_for.needles();
        let gathered = shaper.variables.into_iter();
        let variables = gathered
            .map(|((source, question), gathered)| Variable::new(source, question, gathered));
        let variables: Vec<Variable> = variables.collect();
        let index = |block: Option<Shaped>| block.map(|block| block.index(&variables));
        RuleIndex {
            number: NUMBERS.fetch_add(1, Ordering::Relaxed),
            classifications: classifications.into_iter().map(index).collect(),
            route: index(route),
            sla: index(sla),
            fields: Fields::new(&variables),
            variables,
            needles,
        }
    }

    /// Finds out what the values of slots are to the rules, and keeps it with them: what is decided of the case is the
    /// same and takes less time.
    #[inline]
    pub fn know(&self, slots: &mut Slots) {
        let (values, known) = slots.with_known();
        self.look(values, known);
    }

    /// What was found out about slots, if it was.
    #[inline]
    pub(crate) fn known<'s>(&self, slots: &'s Slots) -> Option<&'s Known> {
        slots.known_to(self.number)
    }

    /// Finds out what values of slots are to the rules.
    pub(crate) fn look(&self, slots: &[Option<Value>], known: &mut Known) {
        self.start_look(known).all(slots);
        known.index = self.number;
    }

    /// Starts to do the same for a case that is being read, value by value.
    #[inline]
    pub(crate) fn start_look<'a>(&'a self, known: &'a mut Known) -> Look<'a> {
        self.fields.start(&self.variables, known)
    }

    /// Ends it: what is known is from now on known of these slots.
    #[inline]
    pub(crate) fn end_look(&self, slots: &mut Slots, known: &mut Known) {
        let (_, of_slots) = slots.with_known();
        std::mem::swap(of_slots, known);
        of_slots.index = self.number;
    }

    /// What conditions read.
    pub fn variables(&self) -> &[Variable] {
        &self.variables
    }

    /// How many searches of texts conditions tell apart; [`Rest::looked_for`] counts them from 0.
    pub fn searches(&self) -> usize {
        self.needles.len()
    }

    /// What the search with a number looks for, if that is one text anywhere in another.
    #[inline]
    pub(crate) fn needle(&self, search: u32) -> Option<&Needle> {
        self.needles.get(search as usize)?.as_ref()
    }

    /// The index of the classification at a place; none where its rules are asked one by one.
    pub fn classification(&self, place: u32) -> Option<&BlockIndex> {
        self.classifications.get(place as usize)?.as_ref()
    }

    /// The index of the route.
    pub fn route(&self) -> Option<&BlockIndex> {
        self.route.as_ref()
    }

    /// The index of the tiers.
    pub fn sla(&self) -> Option<&BlockIndex> {
        self.sla.as_ref()
    }
}

impl BlockIndex {
    /// Hands out the alternatives of rules that a case does not rule out, in page order, until one is enough.
    pub(crate) fn candidates(
        &self,
        index: &RuleIndex,
        view: &impl View,
        each: impl FnMut(Candidate<'_>) -> ControlFlow<()>,
    ) {
        let others = self.asked.others(&index.variables, view);
        let answers = self.asked.answers(view, others.as_ref());
        // There is nothing behind the one that was enough.
        let _ = match &self.chunks {
            Chunks::Few(few) => self.walk_few(few, &answers, each),
            Chunks::Many(many) => self.walk(many, &answers, each),
        };
    }

    #[inline]
    fn walk_few(
        &self,
        few: &Few,
        answers: &Answers<'_>,
        mut each: impl FnMut(Candidate<'_>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let (alive, unknown) = few.look_up(answers);
        for place in places_in(alive) {
            each(self.candidate(place, unknown >> place & 1 == 1)?)?;
        }
        ControlFlow::Continue(())
    }

    #[inline]
    fn walk(
        &self,
        many: &Many,
        answers: &Answers<'_>,
        mut each: impl FnMut(Candidate<'_>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        many.walk(answers, |entry, unknown| {
            each(self.candidate(entry, unknown)?)
        })
    }

    /// An alternative; behind the last there is none.
    #[inline]
    fn candidate(&self, entry: usize, unknown: bool) -> ControlFlow<(), Candidate<'_>> {
        match self.rules.get(entry) {
            Some(rule) => ControlFlow::Continue(Candidate {
                rule: *rule,
                unknown,
                rest: self.rest(entry),
            }),
            None => ControlFlow::Break(()),
        }
    }

    /// The parts of each rule that are not looked up, in page order; a part of several alternatives once.
    pub fn rests(&self) -> Vec<(u32, Rest)> {
        let mut found: Vec<(u32, Rest)> = Vec::new();
        for (entry, rule) in self.rules.iter().enumerate() {
            for rest in self.rest(entry) {
                let same = found.iter().rev().take_while(|(known, _)| known == rule);
                if !same.clone().any(|(_, known)| known == rest) {
                    found.push((*rule, *rest));
                }
            }
        }
        found
    }

    /// What is left of an alternative.
    fn rest(&self, entry: usize) -> &[Rest] {
        let bounds = self.starts.get(entry..).and_then(<[u32]>::first_chunk);
        let rest = bounds.and_then(|[start, end]| self.rest.get(*start as usize..*end as usize));
        rest.unwrap_or_default()
    }
}

/// The rules of a block, taken apart: when each counts, and its condition.
struct Shaped {
    rules: Vec<(Option<Effective>, Option<Shape>)>,
    /// The variables of the dates by which rules count.
    opening: Option<u32>,
    now: Option<u32>,
}

impl Shaped {
    fn new(
        shaper: &mut Shaper<'_>,
        rules: impl ExactSizeIterator<Item = Written>,
    ) -> Option<Shaped> {
        if rules.len() < FEWEST {
            return None;
        }
        let mut shaped = Shaped {
            rules: Vec::with_capacity(rules.len()),
            opening: None,
            now: None,
        };
        for rule in rules {
            match rule.effective {
                None => {}
                Some(Effective::ByOpening { from, until }) => {
                    let days = from.into_iter().chain(until).map(Value::Date);
                    let source = Source::OpeningDate;
                    shaped.opening = Some(shaper.variable(source, Question::Value, days, true));
                }
                Some(Effective::ByNow { from, end }) => {
                    let ends = from.into_iter().chain(end).map(Value::Instant);
                    let source = Source::Now;
                    shaped.now = Some(shaper.variable(source, Question::Value, ends, true));
                }
            }
            let when = rule.when.map(|when| shaper.shape(when));
            shaped.rules.push((rule.effective, when));
        }
        Some(shaped)
    }

    fn index(&self, variables: &[Variable]) -> BlockIndex {
        let mut entries: Vec<Entry> = Vec::with_capacity(self.rules.len());
        let mut rules = Vec::with_capacity(self.rules.len());
        for (rule, (effective, when)) in (0u32..).zip(&self.rules) {
            let mut start = Entry::default();
            if let Some((variable, present)) = self.counting(*effective, variables) {
                start.test(variable, &only_in(present));
            }
            let found = match when {
                Some(shape) => entry::entries(shape, variables, start),
                None => vec![start],
            };
            rules.extend(found.iter().map(|_| rule));
            entries.extend(found);
        }
        let mut rest = Vec::new();
        let mut starts = Vec::with_capacity(entries.len() + 1);
        for entry in &entries {
            starts.push(place(rest.len()));
            rest.extend(entry.rest.iter().copied());
        }
        starts.push(place(rest.len()));
        let asked = Questions::new(&entries, variables);
        let chunks = if entries.len() <= Few::MOST {
            Chunks::Few(Few::new(&entries, &asked))
        } else {
            Chunks::Many(Many::new(&entries, &asked))
        };
        BlockIndex {
            asked,
            chunks,
            rules: rules.into(),
            starts: starts.into(),
            rest: rest.into(),
        }
    }

    /// The variable that tells whether a rule counts, and its classes in which it does.
    fn counting(
        &self,
        effective: Option<Effective>,
        variables: &[Variable],
    ) -> Option<(u32, Ranges)> {
        use crate::compile::OrderOp::{GreaterOrEqual, Less, LessOrEqual};
        let (place, from, until) = match effective? {
            Effective::ByOpening { from, until } => {
                let until = until.map(|until| (LessOrEqual, Value::Date(until)));
                (self.opening?, from.map(Value::Date), until)
            }
            Effective::ByNow { from, end } => {
                let end = end.map(|end| (Less, Value::Instant(end)));
                (self.now?, from.map(Value::Instant), end)
            }
        };
        let variable = variables.get(place as usize)?;
        let mut present = Ranges::all();
        if let Some(from) = from {
            present = present.and(&variable.ordered(GreaterOrEqual, &from));
        }
        if let Some((op, until)) = until {
            present = present.and(&variable.ordered(op, &until));
        }
        Some((place, present))
    }
}
