//! Random policies as plain data, and their text.

use super::condition::{Condition, EVENTS, Field, KINDS, LEVELS, Moment, PARTS, STATUSES};
use super::{DAY, HOUR, MINUTE, Millis};
use chrono::{NaiveDate, TimeDelta};
use chrono_tz::Tz;
use std::fmt::Write as _;

pub const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
pub const ROLES: [&str; 3] = ["desk", "lead", "chief"];
pub const RECORDS: [&str; 2] = ["ticket", "bill"];

/// Exact time or a calendar period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    Exact(Millis),
    Days(u32),
    Months(u32),
}

/// Days count from the middle of the world, minutes from midnight; no span runs into the next day.
#[derive(Clone, Debug)]
pub struct CalendarPlan {
    /// The policy's zone when absent.
    pub zone: Option<&'static str>,
    pub weekdays: Vec<usize>,
    pub spans: Vec<(u32, u32)>,
    /// Days off: closed dates, or holidays if there is data.
    pub off: Vec<i64>,
    /// The days that the data covers.
    pub covers: Option<(i64, i64)>,
}

/// Days, both included, on which something counts.
#[derive(Clone, Copy, Debug)]
pub struct Effective {
    pub from: Option<i64>,
    pub until: Option<i64>,
    pub by_now: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    Review(usize),
    Destroy,
    Anonymise,
    Archive,
}

/// A floor or a cap, perhaps without the starting month.
#[derive(Clone, Copy, Debug)]
pub struct Bound {
    pub period: Period,
    pub excluding: bool,
}

#[derive(Clone, Debug)]
pub struct RetainPlan {
    pub record: usize,
    pub label: bool,
    pub when: Option<Condition>,
    pub effective: Option<Effective>,
    pub from: Moment,
    pub keep: Option<Bound>,
    pub delete: Option<Bound>,
    pub then: Option<Then>,
}

#[derive(Clone, Copy, Debug)]
pub enum Within {
    Period(Period),
    Open(Millis, usize),
    WorkingDays(u32, usize),
}

#[derive(Clone, Debug)]
pub struct FollowUpPlan {
    pub by: usize,
    pub when: Condition,
    pub effective: Option<Effective>,
    pub within: Within,
    pub of: Option<Moment>,
    pub done_on: Vec<usize>,
    pub done_when: Option<Condition>,
}

#[derive(Clone)]
pub struct World {
    pub zone: &'static str,
    pub middle: NaiveDate,
    pub calendars: Vec<CalendarPlan>,
    pub defines: Vec<Condition>,
    /// Rules of the classification `band`, and whether an `otherwise cool` ends it.
    pub band: (Vec<(Condition, usize, Option<Effective>)>, bool),
    pub retains: Vec<RetainPlan>,
    /// Each hold's class of records.
    pub holds: Vec<(usize, Condition)>,
    pub follow_ups: Vec<FollowUpPlan>,
    /// `when` and `that`.
    pub requires: Vec<(Condition, Condition)>,
}

fn length(millis: Millis) -> String {
    let (hours, minutes) = (millis / HOUR, millis % HOUR / MINUTE);
    let seconds = millis % MINUTE / 1000;
    let mut text = String::new();
    for (number, unit) in [(hours, 'h'), (minutes, 'm'), (seconds, 's')] {
        if number > 0 {
            let _ = write!(text, "{number}{unit}");
        }
    }
    text
}

fn plural(number: u32, unit: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {unit}{ending}")
}

impl Period {
    fn text(self) -> String {
        match self {
            Period::Exact(millis) => length(millis),
            Period::Days(days) => plural(days, "day"),
            Period::Months(months) if months % 12 == 0 => plural(months / 12, "year"),
            Period::Months(months) => plural(months, "month"),
        }
    }
}

impl Bound {
    fn text(self) -> String {
        let excluding = if self.excluding {
            " excluding the starting month"
        } else {
            ""
        };
        self.period.text() + excluding
    }
}

impl Within {
    fn text(self) -> String {
        match self {
            Within::Period(period) => period.text(),
            Within::Open(millis, calendar) => format!("{} of c{calendar}", length(millis)),
            Within::WorkingDays(days, calendar) => {
                format!("{} of c{calendar} by close", plural(days, "working day"))
            }
        }
    }
}

impl RetainPlan {
    fn text(&self, world: &World, place: usize) -> String {
        let mut text = format!("retain {}", RECORDS[self.record]);
        if self.label {
            let _ = write!(text, " \"block of line {place}\"");
        }
        if let Some(when) = &self.when {
            let _ = write!(text, " when {}", when.text());
        }
        text += &world.effective(self.effective);
        let _ = writeln!(text, " {{\n  from {}", self.from.text());
        if let Some(keep) = self.keep {
            let _ = writeln!(text, "  keep at least {}", keep.text());
        }
        if let Some(delete) = self.delete {
            let _ = writeln!(text, "  delete no later than {}", delete.text());
        }
        if let Some(then) = self.then {
            let then = match then {
                Then::Review(role) => format!("review by {}", ROLES[role]),
                Then::Destroy => "destroy".to_owned(),
                Then::Anonymise => "anonymise".to_owned(),
                Then::Archive => "archive".to_owned(),
            };
            let _ = writeln!(text, "  then {then}");
        }
        text + "}\n"
    }
}

impl FollowUpPlan {
    fn text(&self, world: &World, place: usize) -> String {
        let mut text = format!("follow_up f{place} by {}", ROLES[self.by]);
        text += &world.effective(self.effective);
        let _ = write!(
            text,
            "\n  when {}\n  within {}",
            self.when.text(),
            self.within.text()
        );
        if let Some(of) = &self.of {
            let _ = write!(text, " of {}", of.text());
        }
        text.push('\n');
        for event in &self.done_on {
            let _ = writeln!(text, "  done on {}", EVENTS[*event]);
        }
        if let Some(condition) = &self.done_when {
            let _ = writeln!(text, "  done when {}", condition.text());
        }
        text
    }
}

/// A failing test prints the policy's text; the plan behind it says no more.
impl std::fmt::Debug for World {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("the policy above")
    }
}

impl World {
    pub fn tz(&self) -> Tz {
        self.zone.parse().expect("a zone")
    }

    pub fn date(&self, day: i64) -> NaiveDate {
        self.middle + TimeDelta::days(day)
    }

    /// The midnight, in UTC, from which the instants of its cases count.
    pub fn start(&self) -> Millis {
        (self.middle - NaiveDate::default()).num_days() * DAY
    }

    fn effective(&self, effective: Option<Effective>) -> String {
        let Some(effective) = effective else {
            return String::new();
        };
        let mut text = " effective".to_owned();
        for (word, day) in [("from", effective.from), ("until", effective.until)] {
            if let Some(day) = day {
                let _ = write!(text, " {word} {}", self.date(day));
            }
        }
        text + if effective.by_now { " by now" } else { "" }
    }

    fn calendar(&self, name: usize, plan: &CalendarPlan) -> String {
        let mut text = format!("calendar c{name} {{\n");
        if let Some(zone) = plan.zone {
            let _ = writeln!(text, "  zone \"{zone}\"");
        }
        let days: Vec<&str> = plan.weekdays.iter().map(|day| WEEKDAYS[*day]).collect();
        let time = |minute: u32| format!("{:02}:{:02}", minute / 60, minute % 60);
        let spans = plan.spans.iter();
        let spans: Vec<String> = spans
            .map(|(opens, closes)| format!("{}-{}", time(*opens), time(*closes)))
            .collect();
        let _ = writeln!(text, "  open {} {}", days.join(", "), spans.join(", "));
        if plan.covers.is_some() {
            let _ = writeln!(text, "  holidays h{name}");
        } else {
            for day in &plan.off {
                let _ = writeln!(text, "  closed {}", self.date(*day));
            }
        }
        text + "}\n"
    }

    fn text(&self) -> String {
        let mut text = format!(
            "case {{ id: text opened_at: instant status: one of {{ {} }} default open\n  \
             kind: one of {{ {} }} optional level: one of {{ {} }} optional flag: bool optional\n  \
             amount: integer optional parts: set of one of {{ {} }} optional begin: instant optional\n  \
             customer: {{ ended_at: instant optional }} optional }}\n\
             events {{ {} }}\n",
            STATUSES.join(", "),
            KINDS.join(", "),
            LEVELS.join(" < "),
            PARTS.join(", "),
            EVENTS.join(", ")
        );
        for role in ROLES {
            let _ = writeln!(text, "role {role}");
        }
        for record in RECORDS {
            let _ = writeln!(text, "record {record}");
        }
        for (name, condition) in self.defines.iter().enumerate() {
            let _ = writeln!(text, "define d{name} = {}", condition.text());
        }
        text += "classify band as one of { cool, hot } { first match\n";
        for (place, (condition, member, effective)) in self.band.0.iter().enumerate() {
            let member = ["cool", "hot"][*member];
            let effective = self.effective(*effective);
            let _ = writeln!(
                text,
                "  rule b{place}{effective} when {} then {member}",
                condition.text()
            );
        }
        text += if self.band.1 {
            "  otherwise cool\n}\n"
        } else {
            "}\n"
        };
        for (name, calendar) in self.calendars.iter().enumerate() {
            text += &self.calendar(name, calendar);
        }
        for (place, retain) in self.retains.iter().enumerate() {
            text += &retain.text(self, place);
        }
        for (place, (record, when)) in self.holds.iter().enumerate() {
            let _ = writeln!(
                text,
                "hold h{place} on {} when {}",
                RECORDS[*record],
                when.text()
            );
        }
        for (place, follow_up) in self.follow_ups.iter().enumerate() {
            text += &follow_up.text(self, place);
        }
        for (place, (when, that)) in self.requires.iter().enumerate() {
            let (when, that) = (when.text(), that.text());
            let _ = writeln!(text, "require q{place} when {when} that {that}");
        }
        text
    }

    /// The files of the policy.
    pub fn files(&self) -> Vec<(String, String)> {
        let mut settings = format!(
            "[policy]\nname = \"random\"\nversion = \"1\"\nlanguage = 1\nzone = \"{}\"\n",
            self.zone
        );
        let mut files = Vec::new();
        for (name, calendar) in self.calendars.iter().enumerate() {
            let Some((first, last)) = calendar.covers else {
                continue;
            };
            let covered = |day: &&i64| first <= **day && **day <= last;
            let mut data = "date,kind,name\n".to_owned();
            for day in calendar.off.iter().filter(covered) {
                let _ = writeln!(data, "{},holiday,off", self.date(*day));
            }
            let (first, last) = (self.date(first), self.date(last));
            let _ = writeln!(
                settings,
                "[holidays.h{name}]\nfile = \"h{name}.csv\"\ncovers = [\"{first}\", \"{last}\"]"
            );
            files.push((format!("h{name}.csv"), data));
        }
        files.push(("caseway.toml".to_owned(), settings));
        files.push(("policy.policy".to_owned(), self.text()));
        files
    }

    /// Everything in one text, for people.
    pub fn shown(&self) -> String {
        let files = self.files().into_iter();
        files
            .map(|(path, text)| format!("--- {path}\n{text}\n"))
            .collect()
    }
}

/// The fields that are instants.
pub const INSTANTS: [Field; 2] = [Field::Begin, Field::Ended];
