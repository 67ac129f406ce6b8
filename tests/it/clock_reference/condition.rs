//! Conditions of the random policies: their text, and what they are worth in a situation.

use super::Millis;

pub const STATUSES: [&str; 5] = ["open", "pending", "resolved", "closed", "cancelled"];
pub const SEVERITIES: [&str; 3] = ["low", "mid", "high"];
pub const EVENTS: [&str; 3] = ["alpha", "beta", "gamma"];

/// What a case is like after all that has happened at an instant.
#[derive(Clone, Debug, Default)]
pub struct Situation {
    pub status: usize,
    pub severity: usize,
    pub flag: Option<bool>,
    pub begin: Option<Millis>,
    /// The classification `band`.
    pub hot: Option<bool>,
    /// When each event happened, in order.
    pub happened: [Vec<Millis>; 3],
}

#[derive(Clone, Debug)]
pub enum Condition {
    Status(Vec<usize>),
    Severity(usize),
    AtLeast(usize),
    Flag,
    Hot,
    Happened(usize),
    Not(Box<Condition>),
    Both(Box<Condition>, Box<Condition>),
    Either(Box<Condition>, Box<Condition>),
}

impl Condition {
    pub fn text(&self) -> String {
        match self {
            Condition::Status(members) if members.len() == 1 => {
                format!("status is {}", STATUSES[members[0]])
            }
            Condition::Status(members) => {
                let names: Vec<&str> = members.iter().map(|member| STATUSES[*member]).collect();
                format!("status in {{ {} }}", names.join(", "))
            }
            Condition::Severity(member) => format!("severity is {}", SEVERITIES[*member]),
            Condition::AtLeast(member) => format!("severity >= {}", SEVERITIES[*member]),
            Condition::Flag => "flag".to_owned(),
            Condition::Hot => "band is hot".to_owned(),
            Condition::Happened(event) => format!("{} has happened", EVENTS[*event]),
            Condition::Not(inner) => format!("not ({})", inner.text()),
            Condition::Both(one, two) => format!("({}) and ({})", one.text(), two.text()),
            Condition::Either(one, two) => format!("({}) or ({})", one.text(), two.text()),
        }
    }

    /// None is unknown.
    fn worth(&self, now: &Situation) -> Option<bool> {
        match self {
            Condition::Status(members) => Some(members.contains(&now.status)),
            Condition::Severity(member) => Some(now.severity == *member),
            Condition::AtLeast(member) => Some(now.severity >= *member),
            Condition::Flag => now.flag,
            Condition::Hot => now.hot,
            Condition::Happened(event) => Some(!now.happened[*event].is_empty()),
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
        }
    }

    /// Whether it is true; unknown is not.
    pub fn holds(&self, now: &Situation) -> bool {
        self.worth(now) == Some(true)
    }
}

/// `on EVENT` or `when CONDITION`.
#[derive(Clone, Debug)]
pub enum Trigger {
    On(usize),
    When(Condition),
}

impl Trigger {
    pub fn text(&self) -> String {
        match self {
            Trigger::On(event) => format!("on {}", EVENTS[*event]),
            Trigger::When(condition) => format!("when {}", condition.text()),
        }
    }
}

/// Where something begins.
#[derive(Clone, Debug)]
pub enum Moment {
    Opened,
    Begin,
    First(usize),
    Last(usize),
    When(Condition),
}

impl Moment {
    pub fn text(&self) -> String {
        match self {
            Moment::Opened => "opened_at".to_owned(),
            Moment::Begin => "begin".to_owned(),
            Moment::First(event) => format!("first {}", EVENTS[*event]),
            Moment::Last(event) => format!("last {}", EVENTS[*event]),
            Moment::When(condition) => format!("when {}", condition.text()),
        }
    }
}
