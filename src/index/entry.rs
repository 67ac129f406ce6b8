//! Rules as alternatives, each of which asks every variable at most once.
//!
//! Between [`super::shape`] and [`super::layout`]. The truth of a rule is the greatest of its
//! alternatives', and that of an alternative the least of its parts': `and` distributes over `or` in the
//! logic of three values, so nothing is lost.

use super::ranges::{Predicate, Ranges};
use super::shape::{Asked, Kind, Reason, Shape};
use super::variable::Variable;
use smallvec::SmallVec;

/// A rule has at most so many alternatives; what would make more is left to the evaluator.
const ALTERNATIVES: usize = 8;
/// An alternative asks a set at most so often; what would be more is left to the evaluator.
const SETS: usize = 3;

/// What an alternative asks of one set.
#[derive(Clone, Debug)]
pub(super) struct SetTest {
    pub(super) variable: u32,
    /// Numbers of elements.
    pub(super) elements: Vec<u32>,
    /// Whether the set may hold none of them, instead of at least one.
    pub(super) none: bool,
}

/// A part that is left to the evaluator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rest {
    /// What is asked.
    pub asked: Asked,
    /// Why it is not indexed.
    pub reason: Reason,
    /// The number of what it looks for in a text: parts that look for the same have the same.
    pub looked_for: Option<u32>,
}

/// An alternative of a rule.
#[derive(Clone, Debug, Default)]
pub(super) struct Entry {
    /// By variable.
    pub(super) tests: Vec<(u32, Predicate)>,
    pub(super) sets: Vec<SetTest>,
    /// In the order in which they are asked.
    pub(super) rest: Vec<Rest>,
}

impl Entry {
    /// Asks one more test.
    pub(super) fn test(&mut self, variable: u32, predicate: &Predicate) {
        match self.tests.iter_mut().find(|(known, _)| *known == variable) {
            Some((_, known)) => *known = known.and(predicate),
            None => self.tests.push((variable, predicate.clone())),
        }
    }

    /// Asks what another asks, too.
    fn join(&mut self, other: &Entry) {
        for (variable, predicate) in &other.tests {
            self.test(*variable, predicate);
        }
        self.sets.extend(other.sets.iter().cloned());
        self.rest.extend(&other.rest);
    }
}

/// The alternatives of a condition, with what also has to be true.
pub(super) fn entries(shape: &Shape, variables: &[Variable], start: Entry) -> Vec<Entry> {
    let mut parts = Parts::new();
    flatten(shape, &mut parts);
    let mut start = start;
    start.tests.reserve_exact(parts.len());
    let mut found = vec![start];
    let mut behind = false;
    for part in parts {
        if !behind && !part.reports {
            // The most common parts have one alternative, which fits to all others.
            if let Some((variable, predicate)) = single(part, variables) {
                for entry in &mut found {
                    entry.test(variable, &predicate);
                }
                continue;
            }
            if let Kind::Other(reason, looked_for) = &part.kind {
                let rest = Rest {
                    asked: part.asked,
                    reason: *reason,
                    looked_for: *looked_for,
                };
                for entry in &mut found {
                    entry.rest.push(rest);
                }
                continue;
            }
        }
        let alternatives = match behind {
            true => None,
            false => alternatives(part, variables),
        };
        let product = match alternatives {
            Some(alternatives) => product(found, &alternatives),
            None => Err(found),
        };
        found = match product {
            Ok(product) => product,
            Err(mut found) => {
                let reason = match behind {
                    true => Reason::Behind,
                    false => reason(part),
                };
                let rest = Rest {
                    asked: part.asked,
                    reason,
                    looked_for: None,
                };
                for entry in &mut found {
                    entry.rest.push(rest);
                }
                found
            }
        };
        behind |= part.reports;
    }
    found
}

/// Why a part has no alternatives that can be looked up.
fn reason(part: &Shape) -> Reason {
    match &part.kind {
        Kind::Other(reason, _) => *reason,
        Kind::Every(parts) | Kind::Either(parts) if part.reports => {
            let reporting = parts.iter().filter(|part| part.reports);
            reporting.map(reason).max().unwrap_or(Reason::Alternatives)
        }
        Kind::Every(_) | Kind::Either(_) | Kind::Test(..) | Kind::Elements(..) => {
            Reason::Alternatives
        }
    }
}

/// Parts all of which have to be true.
type Parts<'s> = SmallVec<[&'s Shape; 8]>;

/// The parts all of which have to be true, in the order in which they are asked.
fn flatten<'s>(shape: &'s Shape, parts: &mut Parts<'s>) {
    match &shape.kind {
        Kind::Every(all) => all.iter().for_each(|part| flatten(part, parts)),
        _ => parts.push(shape),
    }
}

/// Each of some alternatives together with each of others; the first as they were, where that makes too many or
/// asks sets too often.
fn product(mut left: Vec<Entry>, right: &[Entry]) -> Result<Vec<Entry>, Vec<Entry>> {
    let sets = |of: &[Entry]| of.iter().map(|entry| entry.sets.len()).max().unwrap_or(0);
    if left.len() * right.len() > ALTERNATIVES || sets(&left) + sets(right) > SETS {
        return Err(left);
    }
    if let [one] = right {
        left.iter_mut().for_each(|entry| entry.join(one));
        return Ok(left);
    }
    let pairs = left.iter().flat_map(|a| {
        right.iter().map(|b| {
            let mut both = a.clone();
            both.join(b);
            both
        })
    });
    Ok(pairs.collect())
}

/// The alternatives of a part; none where they are too many, or where asking it may report a problem.
fn alternatives(shape: &Shape, variables: &[Variable]) -> Option<Vec<Entry>> {
    if shape.reports {
        return None;
    }
    if let Some((variable, predicate)) = single(shape, variables) {
        let mut entry = Entry::default();
        entry.test(variable, &predicate);
        return Some(vec![entry]);
    }
    match &shape.kind {
        Kind::Test(..) => None,
        Kind::Elements(place, elements) => {
            let variable = variables.get(*place as usize)?;
            let numbers = elements.iter().filter_map(|one| variable.element(one));
            let set = SetTest {
                variable: *place,
                elements: numbers.collect(),
                none: shape.asked.negated,
            };
            Some(vec![Entry {
                sets: vec![set],
                ..Entry::default()
            }])
        }
        Kind::Every(parts) => {
            let mut found = vec![Entry::default()];
            for part in parts {
                found = product(found, &alternatives(part, variables)?).ok()?;
            }
            Some(found)
        }
        Kind::Either(parts) => {
            let mut found = Vec::new();
            for part in parts {
                for alternative in alternatives(part, variables)? {
                    add(&mut found, alternative);
                }
                if found.len() > ALTERNATIVES {
                    return None;
                }
            }
            Some(found)
        }
        Kind::Other(reason, looked_for) => Some(vec![Entry {
            rest: vec![Rest {
                asked: shape.asked,
                reason: *reason,
                looked_for: *looked_for,
            }],
            ..Entry::default()
        }]),
    }
}

/// Adds an alternative; those that ask nothing but the same variable are one.
fn add(found: &mut Vec<Entry>, entry: Entry) {
    fn simple(entry: &mut Entry) -> Option<&mut (u32, Predicate)> {
        match entry.tests.as_mut_slice() {
            [one] if entry.sets.is_empty() && entry.rest.is_empty() => Some(one),
            _ => None,
        }
    }
    let mut entry = entry;
    if let Some((variable, predicate)) = simple(&mut entry) {
        let mut known = found.iter_mut().filter_map(simple);
        if let Some((_, known)) = known.find(|(known, _)| known == variable) {
            *known = known.or(predicate);
            return;
        }
    }
    found.push(entry);
}

/// A condition that asks nothing but one variable, as one test.
fn single(shape: &Shape, variables: &[Variable]) -> Option<(u32, Predicate)> {
    match &shape.kind {
        Kind::Test(place, test) => {
            let predicate = test.predicate(variables.get(*place as usize)?);
            let negated = shape.asked.negated;
            let predicate = if negated {
                predicate.negated()
            } else {
                predicate
            };
            Some((*place, predicate))
        }
        Kind::Every(parts) => joined(parts, variables, Predicate::and),
        Kind::Either(parts) => joined(parts, variables, Predicate::or),
        Kind::Elements(..) | Kind::Other(..) => None,
    }
}

fn joined(
    parts: &[Shape],
    variables: &[Variable],
    both: fn(&Predicate, &Predicate) -> Predicate,
) -> Option<(u32, Predicate)> {
    let mut found: Option<(u32, Predicate)> = None;
    for part in parts {
        let (variable, predicate) = single(part, variables)?;
        found = Some(match found {
            None => (variable, predicate),
            Some((known, of)) if known == variable => (known, both(&of, &predicate)),
            Some(_) => return None,
        });
    }
    found
}

/// A test that is false where the value is missing.
pub(super) fn only_in(present: Ranges) -> Predicate {
    Predicate {
        present,
        missing: Some(false),
    }
}
