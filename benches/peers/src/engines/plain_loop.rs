//! The floor of everything that takes rules as data: a loop over them, one after the other, on numbers for words.

use super::row::{Dictionary, Interned, Row};
use crate::contest::Engine;
use crate::workload::rules::{Atom, Rule};
use crate::workload::{Flag, Number, PHRASES, Word};

pub struct PlainLoop {
    rules: Vec<Box<[Test]>>,
    dictionary: Dictionary,
}

enum Test {
    Is(Word, u16),
    In(Word, Box<[u16]>),
    Between(Number, i64, i64),
    Flag(Flag, bool),
    Tagged(u64),
    Says(&'static str),
}

impl Test {
    fn new(atom: &Atom) -> Test {
        match atom {
            Atom::Is(field, value) => Test::Is(*field, *value as u16),
            Atom::In(field, values) => {
                Test::In(*field, values.iter().map(|value| *value as u16).collect())
            }
            Atom::AtLeast(field, least) => Test::Between(*field, *least, i64::MAX),
            Atom::AtMost(field, most) => Test::Between(*field, i64::MIN, *most),
            Atom::Between(field, least, most) => Test::Between(*field, *least, *most),
            Atom::Flag(field, value) => Test::Flag(*field, *value),
            Atom::Tagged(tag) => Test::Tagged(1 << tag),
            Atom::Says(phrase) => Test::Says(PHRASES[*phrase]),
        }
    }

    fn holds(&self, case: &Interned<'_>) -> bool {
        match self {
            Test::Is(field, value) => word(case, *field) == *value,
            Test::In(field, values) => values.contains(&word(case, *field)),
            Test::Between(field, least, most) => {
                let number = match field {
                    Number::Users => case.affected_users,
                    Number::Waited => case.waited_hours,
                    Number::Amount => case.amount,
                };
                (*least..=*most).contains(&number)
            }
            Test::Flag(Flag::Vip, value) => case.vip == *value,
            Test::Flag(Flag::Repeated, value) => case.repeated == *value,
            Test::Flag(Flag::Outage, value) => case.outage == *value,
            Test::Tagged(bit) => case.tags & bit != 0,
            Test::Says(phrase) => case.summary.contains(phrase),
        }
    }
}

fn word(case: &Interned<'_>, field: Word) -> u16 {
    match field {
        Word::Kind => case.kind.into(),
        Word::Channel => case.channel.into(),
        Word::Line => case.line.into(),
        Word::Region => case.region.into(),
        Word::Product => case.product,
    }
}

impl PlainLoop {
    pub fn load(rules: &[Rule]) -> PlainLoop {
        PlainLoop {
            rules: rules
                .iter()
                .map(|rule| rule.atoms.iter().map(Test::new).collect())
                .collect(),
            dictionary: Dictionary::new(),
        }
    }
}

impl Engine for PlainLoop {
    type Case = Interned<'static>;
    type Answer = usize;

    fn read(&mut self, line: &'static str) -> Interned<'static> {
        self.dictionary.intern(&Row::read(line))
    }

    fn decide(&mut self, case: &mut Interned<'static>) -> usize {
        let holds = |tests: &Box<[Test]>| tests.iter().all(|test| test.holds(case));
        self.rules
            .iter()
            .position(holds)
            .unwrap_or(self.rules.len())
    }

    fn rule(&self, answer: usize) -> usize {
        answer
    }
}
