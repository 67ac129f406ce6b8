//! The case as it stands at one instant: what its conditions read, and what goes wrong while they are read.

use super::Millis;
use super::meaning::Meaning;
use caseway::model::{EventId, FieldId, FunctionId, RoleId};
use caseway::value::Value;
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

/// What went wrong. Two are the same when all but `rules` is.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    pub code: &'static str,
    pub block: String,
    /// Names of the rules in page order, with their places.
    pub rules: Vec<(usize, String)>,
    /// What tells it from another of its code in its block: the expression, the function, the day.
    pub about: String,
}

/// Who asks a condition: a block, and a rule of it where it has rules.
pub type Asker = (String, Option<(usize, String)>);

/// The case after all that happened at an instant.
pub struct Look<'a> {
    pub meaning: &'a Meaning<'a>,
    pub at: Millis,
    pub opened: Millis,
    pub slots: Vec<Option<Value>>,
    /// When each declared event happened, in order.
    pub happened: Vec<Vec<Millis>>,
    /// What each define is worth, once it was asked for.
    pub defines: RefCell<Vec<Option<Option<Value>>>>,
    /// What each call of a function gave.
    pub calls: RefCell<Vec<(FunctionId, Vec<Value>, Option<Value>)>>,
    /// The classifications decided so far.
    pub classified: RefCell<Vec<Option<Value>>>,
    /// The fields that each classification waits for, and the route.
    pub classification_waits: RefCell<Vec<BTreeSet<FieldId>>>,
    pub route_waits: RefCell<BTreeSet<FieldId>>,
    pub role: Cell<Option<RoleId>>,
    pub problems: RefCell<Vec<Problem>>,
    asker: RefCell<Option<Asker>>,
}

impl<'a> Look<'a> {
    pub fn new(
        meaning: &'a Meaning<'a>,
        at: Millis,
        opened: Millis,
        slots: Vec<Option<Value>>,
        happened: Vec<Vec<Millis>>,
    ) -> Look<'a> {
        Look {
            meaning,
            at,
            opened,
            slots,
            happened,
            defines: RefCell::new(vec![None; meaning.model.defines.len()]),
            calls: RefCell::default(),
            classified: RefCell::default(),
            classification_waits: RefCell::default(),
            route_waits: RefCell::default(),
            role: Cell::new(None),
            problems: RefCell::default(),
            asker: RefCell::default(),
        }
    }

    /// From here on it is this block, and this rule of it, that asks.
    pub fn asks(&self, block: &str, rule: Option<(usize, &str)>) {
        let rule = rule.map(|(place, name)| (place, name.to_owned()));
        self.asker.replace(Some((block.to_owned(), rule)));
    }

    /// Notes what goes wrong for whoever asks.
    pub fn report(&self, code: &'static str, about: String) {
        let asker = self.asker.borrow().clone();
        let (block, rule) = asker.expect("somebody asks");
        add(
            &mut self.problems.borrow_mut(),
            code,
            block,
            rule.into_iter().collect(),
            about,
        );
    }

    pub fn field(&self, field: FieldId) -> Option<Value> {
        self.slots[field.0 as usize].clone()
    }

    pub fn happened(&self, event: EventId) -> &[Millis] {
        &self.happened[event.0 as usize]
    }
}

/// Notes a problem; the same one of several rules is one that names them all.
pub fn add(
    problems: &mut Vec<Problem>,
    code: &'static str,
    block: String,
    rules: Vec<(usize, String)>,
    about: String,
) {
    let same =
        |known: &&mut Problem| (known.code, &known.block, &known.about) == (code, &block, &about);
    match problems.iter_mut().find(same) {
        None => problems.push(Problem {
            code,
            block,
            rules,
            about,
        }),
        Some(known) => {
            for rule in rules {
                if !known.rules.contains(&rule) {
                    known.rules.push(rule);
                    known.rules.sort();
                }
            }
        }
    }
}
