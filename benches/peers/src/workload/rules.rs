//! Rules: two to five atoms over different fields, all of which have to hold.
//!
//! The rules of a set are the narrower the more there are, so that the first true one lies anywhere in the set:
//! from 50 rules on about a third of the cases reach its end, of ten rules half. With the same rules for all sizes a
//! set of ten would hardly ever be true of anything, and of five thousand only the first few hundred would ever be
//! looked at.

use super::cases::Case;
use super::dice::Dice;
use super::{Flag, LEVELS, Number, PHRASES, TAGS, Word};

#[derive(Clone, Debug, PartialEq)]
pub enum Atom {
    Is(Word, usize),
    In(Word, Vec<usize>),
    AtLeast(Number, i64),
    AtMost(Number, i64),
    /// Both ends count.
    Between(Number, i64, i64),
    Flag(Flag, bool),
    /// The set of tags holds this one.
    Tagged(usize),
    /// The summary has this phrase in it.
    Says(usize),
}

/// A rule; its number is its place in the set.
#[derive(Clone, Debug)]
pub struct Rule {
    pub atoms: Vec<Atom>,
    /// Place in [`LEVELS`].
    pub level: usize,
}

impl Atom {
    /// What stands in a rule about a case, read off the numbers of its values. The engines get the texts.
    pub fn holds(&self, case: &Case) -> bool {
        match self {
            Atom::Is(field, value) => case.word(*field) == *value,
            Atom::In(field, values) => values.contains(&case.word(*field)),
            Atom::AtLeast(field, least) => case.number(*field) >= *least,
            Atom::AtMost(field, most) => case.number(*field) <= *most,
            Atom::Between(field, least, most) => (*least..=*most).contains(&case.number(*field)),
            Atom::Flag(field, value) => case.flag(*field) == *value,
            Atom::Tagged(tag) => case.tags.contains(tag),
            Atom::Says(phrase) => case.summary().contains(PHRASES[*phrase]),
        }
    }

    /// About how many of all cases it holds for.
    fn share(&self) -> f64 {
        match self {
            Atom::Is(field, _) => 1.0 / field.count() as f64,
            Atom::In(field, values) => values.len() as f64 / field.count() as f64,
            Atom::AtLeast(field, least) => (field.most() - least) as f64 / field.most() as f64,
            Atom::AtMost(field, most) => *most as f64 / field.most() as f64,
            Atom::Between(field, least, most) => (most - least) as f64 / field.most() as f64,
            Atom::Flag(field, value) => match (field, value) {
                (Flag::Vip, true) => 0.2,
                (Flag::Repeated, true) => 0.3,
                (Flag::Outage, true) => 0.1,
                (Flag::Vip, false) => 0.8,
                (Flag::Repeated, false) => 0.7,
                (Flag::Outage, false) => 0.9,
            },
            Atom::Tagged(_) => 2.5 / TAGS.len() as f64,
            Atom::Says(_) => 2.0 / PHRASES.len() as f64,
        }
    }
}

/// What an atom may be about.
#[derive(Clone, Copy, PartialEq)]
enum About {
    Word(Word),
    Number(Number),
    Flag(Flag),
    Tags,
    Summary,
}

const ABOUT: [About; 13] = [
    About::Word(Word::Kind),
    About::Word(Word::Channel),
    About::Word(Word::Line),
    About::Word(Word::Region),
    About::Word(Word::Product),
    About::Number(Number::Users),
    About::Number(Number::Waited),
    About::Number(Number::Amount),
    About::Flag(Flag::Vip),
    About::Flag(Flag::Repeated),
    About::Flag(Flag::Outage),
    About::Tags,
    About::Summary,
];

fn atom(dice: &mut Dice, about: About) -> Atom {
    match about {
        About::Word(field) if dice.percent(60) => Atom::Is(field, dice.below(field.count())),
        About::Word(field) => {
            let count = 2 + dice.below(4);
            Atom::In(field, dice.different(count, field.count()))
        }
        About::Number(field) => {
            // Figures that people would write: in steps of a hundredth.
            let step = (field.most() / 100).max(1);
            let place = |dice: &mut Dice, end: usize| (1 + dice.below(end)) as i64 * step;
            match dice.below(3) {
                0 => Atom::AtLeast(field, place(dice, 98)),
                1 => Atom::AtMost(field, place(dice, 98)),
                _ => {
                    let least = place(dice, 70);
                    Atom::Between(field, least, least + place(dice, 28))
                }
            }
        }
        About::Flag(field) => Atom::Flag(field, dice.percent(60)),
        About::Tags => Atom::Tagged(dice.below(TAGS.len())),
        About::Summary => Atom::Says(dice.below(PHRASES.len())),
    }
}

/// A set of so many rules, the same every time.
pub fn draw(count: usize) -> Vec<Rule> {
    let mut dice = Dice::new(count as u64);
    let mut rules = Vec::new();
    while rules.len() < count {
        let atoms = 2 + dice.below(4);
        let about = dice.different(atoms, ABOUT.len());
        let atoms: Vec<Atom> = about
            .iter()
            .map(|place| atom(&mut dice, ABOUT[*place]))
            .collect();
        let expected = atoms.iter().map(Atom::share).product::<f64>() * count as f64;
        if (0.25..=4.0).contains(&expected) {
            let level = 1 + dice.below(LEVELS.len() - 1);
            rules.push(Rule { atoms, level });
        }
    }
    rules
}

/// The number of the first rule that is true of a case; the number of rules where none is.
pub fn first(rules: &[Rule], case: &Case) -> usize {
    let holds = |rule: &Rule| rule.atoms.iter().all(|atom| atom.holds(case));
    rules.iter().position(holds).unwrap_or(rules.len())
}
