//! Conditions of the random policies: their text, their worth in a situation, and the fields that
//! keep them from being true.

use super::Millis;
use std::collections::BTreeSet;

/// The fields of a case, in the order of the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    Status,
    Kind,
    Level,
    Flag,
    Amount,
    Parts,
    Begin,
    Ended,
}

pub const FIELDS: [Field; 8] = [
    Field::Status,
    Field::Kind,
    Field::Level,
    Field::Flag,
    Field::Amount,
    Field::Parts,
    Field::Begin,
    Field::Ended,
];
pub const STATUSES: [&str; 4] = ["open", "pending", "resolved", "closed"];
pub const KINDS: [&str; 3] = ["inquiry", "complaint", "fault"];
pub const LEVELS: [&str; 3] = ["low", "mid", "high"];
pub const PARTS: [&str; 3] = ["ticket", "process", "feedback"];
pub const EVENTS: [&str; 3] = ["alpha", "beta", "gamma"];

impl Field {
    pub fn path(self) -> &'static str {
        match self {
            Field::Status => "status",
            Field::Kind => "kind",
            Field::Level => "level",
            Field::Flag => "flag",
            Field::Amount => "amount",
            Field::Parts => "parts",
            Field::Begin => "begin",
            Field::Ended => "customer.ended_at",
        }
    }

    /// The words of an enum; none for other fields.
    pub fn words(self) -> &'static [&'static str] {
        match self {
            Field::Status => &STATUSES,
            Field::Kind => &KINDS,
            Field::Level => &LEVELS,
            Field::Parts => &PARTS,
            Field::Flag | Field::Amount | Field::Begin | Field::Ended => &[],
        }
    }
}

/// A value of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    Word(usize),
    Yes(bool),
    Whole(i64),
    Words(BTreeSet<usize>),
    At(Millis),
}

/// What a case is like after all that has happened at an instant.
#[derive(Clone, Debug, Default)]
pub struct Situation {
    pub values: [Option<Content>; 8],
    /// The classification `band`: cool or hot.
    pub band: Option<usize>,
    /// When each event happened, in order.
    pub happened: [Vec<Millis>; 3],
}

impl Situation {
    pub fn get(&self, field: Field) -> Option<&Content> {
        self.values[field as usize].as_ref()
    }

    pub fn instant(&self, field: Field) -> Option<Millis> {
        match self.get(field) {
            Some(Content::At(at)) => Some(*at),
            Some(_) | None => None,
        }
    }
}

/// A question that reads the case.
#[derive(Clone, Debug)]
pub enum Atom {
    /// An enum is one of these words.
    Is(Field, Vec<usize>),
    LevelAtLeast(usize),
    Flag,
    AmountAtLeast(i64),
    ContainsAll(Vec<usize>),
    ContainsAny(Vec<usize>),
    Missing(Field),
    Present(Field),
    /// `begin < customer.ended_at`
    BeginsFirst,
    Band(usize),
    Happened(usize),
}

fn braces(words: &[&str], members: &[usize]) -> String {
    let names: Vec<&str> = members.iter().map(|member| words[*member]).collect();
    format!("{{ {} }}", names.join(", "))
}

impl Atom {
    fn text(&self) -> String {
        match self {
            Atom::Is(field, members) => match members.as_slice() {
                [only] => format!("{} is {}", field.path(), field.words()[*only]),
                all => format!("{} in {}", field.path(), braces(field.words(), all)),
            },
            Atom::LevelAtLeast(member) => format!("level >= {}", LEVELS[*member]),
            Atom::Flag => "flag".to_owned(),
            Atom::AmountAtLeast(least) => format!("amount >= {least}"),
            Atom::ContainsAll(all) => format!("parts contains all of {}", braces(&PARTS, all)),
            Atom::ContainsAny(any) => format!("parts contains any of {}", braces(&PARTS, any)),
            Atom::Missing(field) => format!("{} is missing", field.path()),
            Atom::Present(field) => format!("{} is present", field.path()),
            Atom::BeginsFirst => "begin < customer.ended_at".to_owned(),
            Atom::Band(member) => format!("band is {}", ["cool", "hot"][*member]),
            Atom::Happened(event) => format!("{} has happened", EVENTS[*event]),
        }
    }

    /// None is unknown.
    fn worth(&self, now: &Situation) -> Option<bool> {
        let word = |field: Field| match now.get(field) {
            Some(Content::Word(word)) => Some(*word),
            Some(_) | None => None,
        };
        let parts = || match now.get(Field::Parts) {
            Some(Content::Words(parts)) => Some(parts),
            Some(_) | None => None,
        };
        match self {
            Atom::Is(field, members) => word(*field).map(|word| members.contains(&word)),
            Atom::LevelAtLeast(least) => word(Field::Level).map(|level| level >= *least),
            Atom::Flag => match now.get(Field::Flag) {
                Some(Content::Yes(yes)) => Some(*yes),
                Some(_) | None => None,
            },
            Atom::AmountAtLeast(least) => match now.get(Field::Amount) {
                Some(Content::Whole(amount)) => Some(amount >= least),
                Some(_) | None => None,
            },
            Atom::ContainsAll(all) => {
                parts().map(|parts| all.iter().all(|one| parts.contains(one)))
            }
            Atom::ContainsAny(any) => {
                parts().map(|parts| any.iter().any(|one| parts.contains(one)))
            }
            Atom::Missing(field) => Some(now.get(*field).is_none()),
            Atom::Present(field) => Some(now.get(*field).is_some()),
            Atom::BeginsFirst => match (now.instant(Field::Begin), now.instant(Field::Ended)) {
                (Some(begin), Some(ended)) => Some(begin < ended),
                _ => None,
            },
            Atom::Band(member) => now.band.map(|band| band == *member),
            Atom::Happened(event) => Some(!now.happened[*event].is_empty()),
        }
    }

    fn reads(&self) -> Vec<Field> {
        match self {
            Atom::Is(field, _) | Atom::Missing(field) | Atom::Present(field) => vec![*field],
            Atom::LevelAtLeast(_) => vec![Field::Level],
            Atom::Flag => vec![Field::Flag],
            Atom::AmountAtLeast(_) => vec![Field::Amount],
            Atom::ContainsAll(_) | Atom::ContainsAny(_) => vec![Field::Parts],
            Atom::BeginsFirst => vec![Field::Begin, Field::Ended],
            Atom::Band(_) | Atom::Happened(_) => vec![],
        }
    }
}

#[derive(Clone, Debug)]
pub enum Condition {
    Atom(Atom),
    Not(Box<Condition>),
    Both(Box<Condition>, Box<Condition>),
    Either(Box<Condition>, Box<Condition>),
    /// What is defined under a number.
    Defined(usize, Box<Condition>),
}

impl Condition {
    pub fn text(&self) -> String {
        match self {
            Condition::Atom(atom) => atom.text(),
            Condition::Not(inner) => format!("not ({})", inner.text()),
            Condition::Both(one, two) => format!("({}) and ({})", one.text(), two.text()),
            Condition::Either(one, two) => format!("({}) or ({})", one.text(), two.text()),
            Condition::Defined(number, _) => format!("d{number}"),
        }
    }

    /// None is unknown.
    pub fn worth(&self, now: &Situation) -> Option<bool> {
        match self {
            Condition::Atom(atom) => atom.worth(now),
            Condition::Not(inner) => inner.worth(now).map(|worth| !worth),
            Condition::Both(one, two) => match (one.worth(now), two.worth(now)) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            },
            Condition::Either(one, two) => match (one.worth(now), two.worth(now)) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            },
            Condition::Defined(_, inner) => inner.worth(now),
        }
    }

    /// Whether it is true; unknown is not.
    pub fn holds(&self, now: &Situation) -> bool {
        self.worth(now) == Some(true)
    }

    /// The fields that keep it from being what is `wanted`: those of its questions whose answer is
    /// another one, in parts whose answer is another one.
    pub fn keeping(&self, wanted: bool, now: &Situation) -> BTreeSet<Field> {
        if self.worth(now) == Some(wanted) {
            return BTreeSet::new();
        }
        match self {
            Condition::Atom(atom) => atom.reads().into_iter().collect(),
            Condition::Not(inner) => inner.keeping(!wanted, now),
            Condition::Both(one, two) | Condition::Either(one, two) => {
                let mut fields = one.keeping(wanted, now);
                fields.extend(two.keeping(wanted, now));
                fields
            }
            Condition::Defined(_, inner) => inner.keeping(wanted, now),
        }
    }
}

/// Where something begins.
#[derive(Clone, Debug)]
pub enum Moment {
    Opened,
    Field(Field),
    First(usize),
    Last(usize),
    When(Condition),
}

impl Moment {
    pub fn text(&self) -> String {
        match self {
            Moment::Opened => "opened_at".to_owned(),
            Moment::Field(field) => field.path().to_owned(),
            Moment::First(event) => format!("first {}", EVENTS[*event]),
            Moment::Last(event) => format!("last {}", EVENTS[*event]),
            Moment::When(condition) => format!("when {}", condition.text()),
        }
    }
}
