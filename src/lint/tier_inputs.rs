//! Which tier is taken for which inputs: the conditions of the `sla` block over members and flags.
//!
//! Inputs are the fields and classifications of few values that the conditions read. Everything else
//! a condition asks may come out any way; inputs for which the tier then depends on it are left out.
//! Read by [`super::sla_inversion`].

use super::conditions::{Logic, Subject};
use super::value_set::ValueSet;
use crate::model::{EnumId, Expr, ExprKind, Model, Sla, Tier, Type};
use crate::time::Date;
use crate::value::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Tiers that are asked for, times the inputs, at most.
const WORK: usize = 2_000_000;
/// Parts of all conditions together, defines unfolded, at most.
const PARTS: usize = 50_000;

/// Two tiers that differ by one ordered input alone.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pair {
    /// The ordered input.
    pub subject: Subject,
    /// Its type.
    pub ty: EnumId,
    /// Its higher member, with the tier that is then taken, by its place.
    pub higher: (u32, usize),
    /// Its lower member, with the tier that is then taken.
    pub lower: (u32, usize),
}

/// Truths that a condition can have, as bits.
type Truths = u8;
const TRUE: Truths = 1;
const FALSE: Truths = 2;
const UNKNOWN: Truths = 4;
const ANY: Truths = TRUE | FALSE | UNKNOWN;

/// A condition over inputs.
enum Test {
    All(Vec<Test>),
    Any(Vec<Test>),
    Not(Box<Test>),
    Truth(bool),
    /// An input, by its place, and the values with which it is true and those with which it is false.
    Atom(usize, usize),
    /// Whatever is not told apart here.
    Open,
}

struct Input {
    subject: Subject,
    /// The enum, when its members are ordered.
    ordered: Option<EnumId>,
    /// Members that it can have; absence is one more class.
    members: Vec<u32>,
    can_be_missing: bool,
    /// The values that make each atom true, and those that make it false.
    atoms: Vec<(ValueSet, ValueSet)>,
    classes: Vec<Class>,
}

/// Values that no condition tells apart.
struct Class {
    /// The lowest and the highest of its members; none for absence.
    members: Option<(u32, u32)>,
    /// What each atom says of it.
    truths: Vec<Truths>,
}

/// Pairs of different tiers that one ordered input parts, each pair of tiers once.
pub(super) fn pairs(model: &Model, logic: &Logic<'_>, sla: &Sla) -> Vec<Pair> {
    let mut reader = Reader {
        model,
        logic,
        inputs: Vec::new(),
        places: BTreeMap::new(),
        parts: 0,
    };
    let tests: Vec<Test> = sla
        .tiers
        .iter()
        .map(|tier| {
            let read = |when| reader.read(when, true);
            tier.when.as_ref().map_or(Test::Truth(true), read)
        })
        .collect();
    let mut inputs = reader.inputs;
    inputs.iter_mut().for_each(Input::classify);
    let dates = dates_of(&sla.tiers);
    let mut found = BTreeMap::new();
    for at in 0..inputs.len() {
        for date in &dates {
            let block = Block {
                tiers: &sla.tiers,
                tests: &tests,
                inputs: &inputs,
                date: *date,
            };
            block.compare(at, dates.len(), &mut found);
        }
    }
    found.into_values().collect()
}

/// A day in each stretch of time in which the same tiers are in force; none for "before all dates".
fn dates_of(tiers: &[Tier]) -> Vec<Option<Date>> {
    let mut dates = BTreeSet::new();
    for effective in tiers.iter().filter_map(|tier| tier.effective.as_ref()) {
        dates.extend(effective.from.map(|(from, _)| from));
        dates.extend(effective.until.and_then(|(until, _)| until.plus_days(1)));
    }
    let mut all = vec![None];
    all.extend(dates.into_iter().map(Some));
    all
}

fn in_force(tier: &Tier, date: Option<Date>) -> bool {
    let Some(effective) = &tier.effective else {
        return true;
    };
    let begun = match (effective.from, date) {
        (None, _) => true,
        (Some((from, _)), Some(date)) => from <= date,
        (Some(_), None) => false,
    };
    let over = match (effective.until, date) {
        (Some((until, _)), Some(date)) => until < date,
        (Some(_) | None, _) => false,
    };
    begun && !over
}

struct Reader<'a, 'b> {
    model: &'a Model,
    logic: &'b Logic<'a>,
    inputs: Vec<Input>,
    places: BTreeMap<Subject, usize>,
    parts: usize,
}

impl Reader<'_, '_> {
    fn read(&mut self, expr: &Expr, positive: bool) -> Test {
        self.parts += 1;
        if self.parts > PARTS {
            return Test::Open;
        }
        let logic = self.logic;
        let expr = logic.unfold(expr);
        let test = match &expr.kind {
            ExprKind::Constant(Value::Bool(value)) => Test::Truth(*value),
            ExprKind::And(parts) => {
                Test::All(parts.iter().map(|part| self.read(part, true)).collect())
            }
            ExprKind::Or(parts) => {
                Test::Any(parts.iter().map(|part| self.read(part, true)).collect())
            }
            ExprKind::Not(part) => Test::Not(Box::new(self.read(part, true))),
            ExprKind::Equal {
                left,
                right,
                negated,
                ..
            } if left.ty == Type::Bool => match (&left.kind, &right.kind) {
                (_, ExprKind::Constant(Value::Bool(value))) => self.read(left, value ^ negated),
                (ExprKind::Constant(Value::Bool(value)), _) => self.read(right, value ^ negated),
                _ => Test::Open,
            },
            _ => self.atom(expr).unwrap_or(Test::Open),
        };
        if positive {
            test
        } else {
            Test::Not(Box::new(test))
        }
    }

    fn atom(&mut self, expr: &Expr) -> Option<Test> {
        let (subject, when_true) = self.logic.atom(expr, true)?;
        let (_, when_false) = self.logic.atom(expr, false)?;
        let place = self.input(subject)?;
        let input = self.inputs.get_mut(place)?;
        input.atoms.push((when_true, when_false));
        Some(Test::Atom(place, input.atoms.len() - 1))
    }

    fn input(&mut self, subject: Subject) -> Option<usize> {
        if let Some(place) = self.places.get(&subject) {
            return Some(*place);
        }
        let all = self.logic.all_values(subject);
        let (ty, can_be_missing) = match subject {
            Subject::Field(id) => (&self.model.schema.field(id)?.ty, all.missing),
            // Whether a classification has no value depends on more than can be seen here.
            Subject::Classification(id) => {
                let block = self.model.classifications.get(id.0 as usize)?;
                (&block.outcome, false)
            }
            Subject::RouteRole | Subject::Event(_) => return None,
        };
        let (count, ordered) = match ty {
            Type::Bool => (2, None),
            Type::Enum(id) => {
                let ty = self.model.schema.enumeration(*id)?;
                let count = u32::try_from(ty.members.len()).ok()?;
                (count, ty.ordered.then_some(*id))
            }
            Type::Integer
            | Type::Decimal(_)
            | Type::Text
            | Type::Instant
            | Type::Date
            | Type::Time
            | Type::Weekday
            | Type::Duration
            | Type::Set(_)
            | Type::Target => return None,
        };
        let place = self.inputs.len();
        self.inputs.push(Input {
            subject,
            ordered,
            members: (0..count).filter(|at| all.holds_member(*at)).collect(),
            can_be_missing,
            atoms: Vec::new(),
            classes: Vec::new(),
        });
        self.places.insert(subject, place);
        Some(place)
    }
}

impl Input {
    /// Joins values that no atom tells apart.
    fn classify(&mut self) {
        if self.members.len().saturating_mul(self.atoms.len()) > WORK {
            return;
        }
        let mut known: BTreeMap<Vec<Truths>, usize> = BTreeMap::new();
        for member in &self.members {
            let truths: Vec<Truths> = self
                .atoms
                .iter()
                .map(|(when_true, when_false)| {
                    truth(
                        when_true.holds_member(*member),
                        when_false.holds_member(*member),
                    )
                })
                .collect();
            match known.get(&truths) {
                Some(class) => {
                    if let Some(class) = self.classes.get_mut(*class) {
                        class.members = class.members.map(|(least, _)| (least, *member));
                    }
                }
                None => {
                    known.insert(truths.clone(), self.classes.len());
                    let members = Some((*member, *member));
                    self.classes.push(Class { members, truths });
                }
            }
        }
        if self.can_be_missing {
            let atoms = self.atoms.iter();
            let truths = atoms.map(|(yes, no)| truth(yes.missing, no.missing));
            self.classes.push(Class {
                members: None,
                truths: truths.collect(),
            });
        }
    }
}

fn truth(yes: bool, no: bool) -> Truths {
    match (yes, no) {
        (true, _) => TRUE,
        (false, true) => FALSE,
        (false, false) => UNKNOWN,
    }
}

/// The block on one day.
struct Block<'a> {
    tiers: &'a [Tier],
    tests: &'a [Test],
    inputs: &'a [Input],
    date: Option<Date>,
}

impl Block<'_> {
    /// Notes the tiers that the ordered input at a place parts, all others being equal.
    fn compare(&self, at: usize, days: usize, found: &mut BTreeMap<(usize, usize), Pair>) {
        let Some(Input {
            subject,
            ordered: Some(ty),
            classes,
            ..
        }) = self.inputs.get(at)
        else {
            return;
        };
        let Some(mut choice) = self.first_choice(at, days) else {
            return;
        };
        loop {
            let mut taken: Vec<(u32, u32, usize)> = Vec::new();
            for (class, (least, greatest)) in classes
                .iter()
                .enumerate()
                .filter_map(|(class, values)| Some((class, values.members?)))
            {
                if let Some(place) = choice.get_mut(at) {
                    *place = Some(class);
                }
                let tier = self.tier(&choice);
                taken.extend(tier.map(|tier| (least, greatest, tier)));
            }
            for (_, high, high_tier) in &taken {
                for (low, _, low_tier) in &taken {
                    if low < high && low_tier != high_tier {
                        found.entry((*high_tier, *low_tier)).or_insert(Pair {
                            subject: *subject,
                            ty: *ty,
                            higher: (*high, *high_tier),
                            lower: (*low, *low_tier),
                        });
                    }
                }
            }
            if !self.next_choice(at, &mut choice) {
                return;
            }
        }
    }

    /// The first class of each input; none for those that have to stay open for want of time. None
    /// when there is too much to try even so.
    fn first_choice(&self, at: usize, days: usize) -> Option<Vec<Option<usize>>> {
        let size = |place: usize| {
            self.inputs
                .get(place)
                .map_or(0, |input| input.classes.len())
        };
        let mut work = days
            .saturating_mul(self.tiers.len())
            .saturating_mul(size(at).max(1))
            .saturating_mul(self.inputs.len());
        if work > WORK {
            return None;
        }
        let mut choice = vec![None; self.inputs.len()];
        let mut others: Vec<usize> = (0..self.inputs.len())
            .filter(|place| *place != at)
            .collect();
        others.sort_by_key(|place| (size(*place), *place));
        for place in others {
            let more = work.saturating_mul(size(place).max(1));
            if size(place) > 0 && more <= WORK {
                work = more;
                if let Some(chosen) = choice.get_mut(place) {
                    *chosen = Some(0);
                }
            }
        }
        Some(choice)
    }

    /// Goes on to the next choice of the inputs other than the one at a place.
    fn next_choice(&self, at: usize, choice: &mut [Option<usize>]) -> bool {
        for (place, (chosen, input)) in choice.iter_mut().zip(self.inputs).enumerate() {
            if let Some(class) = chosen.as_mut().filter(|_| place != at) {
                *class += 1;
                if *class < input.classes.len() {
                    return true;
                }
                *class = 0;
            }
        }
        false
    }

    /// The tier that is taken for certain.
    fn tier(&self, choice: &[Option<usize>]) -> Option<usize> {
        for (place, (tier, test)) in self.tiers.iter().zip(self.tests).enumerate() {
            if !in_force(tier, self.date) {
                continue;
            }
            let truths = self.truths(test, choice);
            if truths == TRUE {
                return Some(place);
            }
            if truths & TRUE != 0 {
                return None;
            }
        }
        None
    }

    fn truths(&self, test: &Test, choice: &[Option<usize>]) -> Truths {
        match test {
            Test::Truth(true) => TRUE,
            Test::Truth(false) => FALSE,
            Test::Open => ANY,
            Test::Not(part) => swap(self.truths(part, choice)),
            Test::All(parts) => all(parts.iter().map(|part| self.truths(part, choice))),
            Test::Any(parts) => swap(all(parts
                .iter()
                .map(|part| swap(self.truths(part, choice))))),
            Test::Atom(input, atom) => {
                let class = choice.get(*input).copied().flatten().and_then(|class| {
                    let class = self.inputs.get(*input)?.classes.get(class)?;
                    class.truths.get(*atom).copied()
                });
                class.unwrap_or(ANY)
            }
        }
    }
}

fn swap(truths: Truths) -> Truths {
    let mut swapped = truths & UNKNOWN;
    if truths & TRUE != 0 {
        swapped |= FALSE;
    }
    if truths & FALSE != 0 {
        swapped |= TRUE;
    }
    swapped
}

/// `and` of truths that may each come out any of their ways.
fn all(parts: impl Iterator<Item = Truths>) -> Truths {
    parts.fold(TRUE, |so_far, part| {
        let mut both = (so_far | part) & FALSE;
        if so_far & part & TRUE != 0 {
            both |= TRUE;
        }
        let no_false = |truths: Truths| truths & (TRUE | UNKNOWN);
        if (so_far | part) & UNKNOWN != 0 && no_false(so_far) != 0 && no_false(part) != 0 {
            both |= UNKNOWN;
        }
        both
    })
}
