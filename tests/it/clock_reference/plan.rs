//! Random policies as plain data, and their text.

use super::condition::{Condition, EVENTS, Moment, SEVERITIES, STATUSES, Trigger};
use super::{HOUR, MINUTE, Millis};
use caseway::time::{
    CalendarDefinition, DataDay, Date, HolidayRow, Holidays, OpenSpan, Weekday, WeeklyHours, Zone,
};
use chrono::{NaiveDate, TimeDelta};
use std::fmt::Write as _;
use std::sync::Arc;

pub const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
pub const ROLES: [&str; 3] = ["desk", "lead", "chief"];

/// A calendar; days count from the middle of the world, minutes from midnight.
#[derive(Clone, Debug)]
pub struct CalendarPlan {
    /// The policy's zone when absent.
    pub zone: Option<&'static str>,
    /// Weekdays and their hours, no weekday twice.
    pub weekly: Vec<(Vec<usize>, Vec<(u32, u32)>)>,
    /// Hours of a weekday between two days, which replace the others.
    pub dated: Option<(Vec<usize>, Vec<(u32, u32)>, i64, i64)>,
    pub special: Vec<(i64, Vec<(u32, u32)>)>,
    pub closed: Vec<i64>,
    /// The days that the data covers; holidays (none) and make-up days, perhaps with their weekday.
    pub data: Option<((i64, i64), Vec<(i64, Option<Option<usize>>)>)>,
}

/// Exact time or a calendar period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    Exact(Millis),
    Days(u32),
    Months(u32),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    None,
    Exact(Millis, Option<usize>),
    WorkingDays(u32, usize),
    Period(Period),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Percent(u32),
    AtDue,
    BeforeDue(Millis),
    AfterDue(Millis),
    After(Millis),
    EveryAfterDue(Millis, u32),
}

/// `warn` (no role) or `escalate`, and its clock.
#[derive(Clone, Debug)]
pub struct StepPlan {
    pub role: Option<usize>,
    pub step: Step,
    pub clock: usize,
}

/// Days, both included, on which something counts.
#[derive(Clone, Copy, Debug)]
pub struct Effective {
    pub from: Option<i64>,
    pub until: Option<i64>,
    pub by_now: bool,
}

/// A tier, or a rule of the route; without a condition it takes all.
#[derive(Clone, Debug)]
pub struct BranchPlan {
    pub when: Option<Condition>,
    pub effective: Option<Effective>,
    /// Of a tier, one for each clock.
    pub targets: Vec<Target>,
    pub steps: Vec<StepPlan>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reopen {
    Ignore,
    Resume,
    Counting,
    NewCycle,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retier {
    Carry,
    Retroactive,
    Restart,
}

#[derive(Clone, Debug)]
pub struct ClockPlan {
    pub start: Option<Moment>,
    pub stop: Vec<Trigger>,
    pub pause: Vec<Condition>,
    pub cancel: Vec<Trigger>,
    pub reset: Vec<Trigger>,
    pub reopen: Option<(Reopen, Option<(Period, Reopen)>)>,
    pub retier: Option<(Retier, bool)>,
}

#[derive(Clone)]
pub struct World {
    pub zone: &'static str,
    pub middle: NaiveDate,
    pub calendars: Vec<CalendarPlan>,
    /// Rules of the classification `band`, and whether an `otherwise cool` ends it.
    pub band: (Vec<(Condition, bool)>, bool),
    pub clocks: Vec<ClockPlan>,
    pub tiers: Vec<BranchPlan>,
    pub route: Vec<BranchPlan>,
    /// Records, follow-ups and whatever else a test adds.
    pub more: String,
}

pub fn length(millis: Millis) -> String {
    let (hours, minutes) = (millis / HOUR, millis % HOUR / MINUTE);
    let seconds = millis % MINUTE / 1000;
    let mut text = String::new();
    for (number, unit) in [(hours, 'h'), (minutes, 'm'), (seconds, 's')] {
        if number > 0 {
            let _ = write!(text, "{number}{unit}");
        }
    }
    if text.is_empty() {
        "0s".to_owned()
    } else {
        text
    }
}

fn plural(number: u32, unit: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {unit}{ending}")
}

impl Period {
    pub fn text(self) -> String {
        match self {
            Period::Exact(millis) => length(millis),
            Period::Days(days) => plural(days, "day"),
            Period::Months(months) if months % 12 == 0 => plural(months / 12, "year"),
            Period::Months(months) => plural(months, "month"),
        }
    }
}

impl Target {
    pub fn text(self) -> String {
        let written = self.written().unwrap_or_else(|| "none".to_owned());
        match self {
            Target::Exact(_, Some(calendar)) => format!("{written} of c{calendar}"),
            Target::WorkingDays(_, calendar) => format!("{written} of c{calendar} by close"),
            Target::None | Target::Exact(..) | Target::Period(_) => written,
        }
    }

    /// As a decision prints it.
    pub fn written(self) -> Option<String> {
        match self {
            Target::None => None,
            Target::Exact(millis, _) => Some(length(millis)),
            Target::WorkingDays(days, _) => Some(plural(days, "working day")),
            Target::Period(period) => Some(period.text()),
        }
    }

    pub fn calendar(self) -> Option<usize> {
        match self {
            Target::Exact(_, calendar) => calendar,
            Target::WorkingDays(_, calendar) => Some(calendar),
            Target::None | Target::Period(_) => None,
        }
    }
}

pub fn calendar_name(calendar: Option<usize>) -> String {
    calendar.map_or("always".to_owned(), |calendar| format!("c{calendar}"))
}

impl Step {
    pub fn text(self) -> String {
        match self {
            Step::Percent(percent) => format!("at {percent}%"),
            Step::AtDue => "at due".to_owned(),
            Step::BeforeDue(millis) => format!("{} before due", length(millis)),
            Step::AfterDue(millis) => format!("{} after due", length(millis)),
            Step::After(millis) => format!("after {}", length(millis)),
            Step::EveryAfterDue(millis, times) => {
                format!("every {} after due at most {times} times", length(millis))
            }
        }
    }
}

impl Effective {
    fn text(self, world: &World) -> String {
        let mut text = " effective".to_owned();
        for (word, day) in [("from", self.from), ("until", self.until)] {
            if let Some(day) = day {
                let _ = write!(text, " {word} {}", world.date(day));
            }
        }
        text + if self.by_now { " by now" } else { "" }
    }
}

impl ClockPlan {
    fn text(&self) -> String {
        let mut text = String::new();
        if let Some(start) = &self.start {
            let _ = writeln!(text, "  start {}", start.text());
        }
        let triggers = [
            ("stop", &self.stop),
            ("cancel", &self.cancel),
            ("reset", &self.reset),
        ];
        for (word, triggers) in triggers {
            for trigger in triggers {
                let _ = writeln!(text, "  {word} {}", trigger.text());
            }
        }
        for condition in &self.pause {
            let _ = writeln!(text, "  pause when {}", condition.text());
        }
        let mode = |mode: Reopen| match mode {
            Reopen::Ignore => "ignore",
            Reopen::Resume => "resume",
            Reopen::Counting => "resume counting",
            Reopen::NewCycle => "new cycle",
        };
        if let Some((first, later)) = &self.reopen {
            let _ = write!(text, "  reopen {}", mode(*first));
            if let Some((period, second)) = later {
                let _ = write!(text, " within {} else {}", period.text(), mode(*second));
            }
            text.push('\n');
        }
        if let Some((retier, never_later)) = self.retier {
            let word = match retier {
                Retier::Carry => "carry",
                Retier::Retroactive => "retroactive",
                Retier::Restart => "restart",
            };
            let never_later = if never_later { " never later" } else { "" };
            let _ = writeln!(text, "  retier {word}{never_later}");
        }
        text
    }
}

fn spans_text(spans: &[(u32, u32)]) -> String {
    let time = |minute: u32| format!("{:02}:{:02}", minute / 60, minute % 60);
    let all: Vec<String> = spans
        .iter()
        .map(|(opens, closes)| format!("{}-{}", time(*opens), time(*closes)))
        .collect();
    all.join(", ")
}

fn spans_data(spans: &[(u32, u32)]) -> Vec<OpenSpan> {
    let span = |(opens, closes): &(u32, u32)| OpenSpan::new(*opens, *closes).expect("in a day");
    spans.iter().map(span).collect()
}

impl CalendarPlan {
    fn text(&self, world: &World, name: usize) -> String {
        let mut text = format!("calendar c{name} {{\n");
        if let Some(zone) = self.zone {
            let _ = writeln!(text, "  zone \"{zone}\"");
        }
        let names = |days: &[usize]| {
            let all: Vec<&str> = days.iter().map(|day| WEEKDAYS[*day]).collect();
            all.join(", ")
        };
        for (days, spans) in &self.weekly {
            let _ = writeln!(text, "  open {} {}", names(days), spans_text(spans));
        }
        if let Some((days, spans, from, until)) = &self.dated {
            let (from, until) = (world.date(*from), world.date(*until));
            let hours = spans_text(spans);
            let _ = writeln!(
                text,
                "  open {} {hours} from {from} until {until}",
                names(days)
            );
        }
        for (day, spans) in &self.special {
            let _ = writeln!(text, "  open {} {}", world.date(*day), spans_text(spans));
        }
        for day in &self.closed {
            let _ = writeln!(text, "  closed {}", world.date(*day));
        }
        if self.data.is_some() {
            let _ = writeln!(text, "  holidays h{name}");
        }
        text + "}\n"
    }

    /// As the plain walker of calendars wants it.
    pub fn definition(&self, world: &World) -> CalendarDefinition {
        let date = |day: i64| Date::parse(&world.date(day).to_string()).expect("a date");
        let hours =
            |days: &[usize], spans: &[(u32, u32)], from: Option<i64>, until: Option<i64>| {
                WeeklyHours {
                    weekdays: days.iter().map(|day| Weekday::ALL[*day]).collect(),
                    spans: spans_data(spans),
                    from: from.map(date),
                    until: until.map(date),
                }
            };
        let always = self
            .weekly
            .iter()
            .map(|(days, spans)| hours(days, spans, None, None));
        let dated = self
            .dated
            .iter()
            .map(|(days, spans, from, until)| hours(days, spans, Some(*from), Some(*until)));
        let holidays = self.data.as_ref().map(|((first, last), rows)| {
            let rows = rows.iter().map(|(day, row)| HolidayRow {
                date: date(*day),
                day: match row {
                    None => DataDay::Holiday,
                    Some(weekday) => DataDay::Workday(weekday.map(|day| Weekday::ALL[day])),
                },
            });
            Arc::new(Holidays::from_rows(date(*first), date(*last), rows).expect("sound rows"))
        });
        let special = self.special.iter();
        CalendarDefinition {
            zone: Zone::parse(self.zone.unwrap_or(world.zone)).expect("a zone"),
            weekly: always.chain(dated).collect(),
            special: special
                .map(|(day, spans)| (date(*day), spans_data(spans)))
                .collect(),
            closed: self.closed.iter().map(|day| date(*day)).collect(),
            holidays,
        }
    }

    fn data_text(&self, world: &World) -> Option<String> {
        let (_, rows) = self.data.as_ref()?;
        let mut text = "date,kind,name\n".to_owned();
        for (day, row) in rows {
            let (kind, name) = match row {
                None => ("holiday", "off"),
                Some(None) => ("workday", "make-up"),
                Some(Some(weekday)) => ("workday", WEEKDAYS[*weekday]),
            };
            let _ = writeln!(text, "{},{kind},{name}", world.date(*day));
        }
        Some(text)
    }
}

/// A failing test prints the policy's text; the plan behind it says no more.
impl std::fmt::Debug for World {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("the policy above")
    }
}

impl World {
    pub fn date(&self, day: i64) -> NaiveDate {
        self.middle + TimeDelta::days(day)
    }

    fn steps_text(&self, steps: &[StepPlan]) -> String {
        let mut text = String::new();
        for StepPlan { role, step, clock } in steps {
            let step = step.text();
            let _ = match role {
                None => writeln!(text, "    warn {step} of k{clock}"),
                Some(role) => {
                    writeln!(text, "    escalate to {} {step} of k{clock}", ROLES[*role])
                }
            };
        }
        text
    }

    fn heads(&self, branch: &BranchPlan) -> String {
        let when = branch.when.as_ref();
        let effective = branch.effective.map(|effective| effective.text(self));
        let effective = effective.unwrap_or_default();
        when.map_or(String::new(), |when| {
            format!("{effective} when {}", when.text())
        })
    }

    fn rules(&self) -> String {
        let mut text = String::from("classify band as one of { cool, hot } { first match\n");
        for (place, (condition, hot)) in self.band.0.iter().enumerate() {
            let member = if *hot { "hot" } else { "cool" };
            let _ = writeln!(
                text,
                "  rule b{place} when {} then {member}",
                condition.text()
            );
        }
        text += if self.band.1 {
            "  otherwise cool\n}\n"
        } else {
            "}\n"
        };
        for (name, calendar) in self.calendars.iter().enumerate() {
            text += &calendar.text(self, name);
        }
        for (name, clock) in self.clocks.iter().enumerate() {
            let _ = write!(text, "clock k{name} {{\n{}}}\n", clock.text());
        }
        if !self.route.is_empty() {
            text += "route { first match\n";
        }
        for (name, rule) in self.route.iter().enumerate() {
            let role = ROLES[name % ROLES.len()];
            let head = match &rule.when {
                Some(_) => format!("rule r{name}{}", self.heads(rule)),
                None => "otherwise".to_owned(),
            };
            let _ = writeln!(text, "  {head} to {role}\n{}", self.steps_text(&rule.steps));
        }
        if !self.route.is_empty() {
            text += "}\n";
        }
        text += "sla {\n";
        for (name, tier) in self.tiers.iter().enumerate() {
            let otherwise = if tier.when.is_none() {
                "otherwise "
            } else {
                ""
            };
            let _ = writeln!(text, "  {otherwise}tier t{name}{} {{", self.heads(tier));
            for (clock, target) in tier.targets.iter().enumerate() {
                let _ = writeln!(text, "    k{clock} {}", target.text());
            }
            text += &self.steps_text(&tier.steps);
            text += "  }\n";
        }
        text + "}\n" + self.more.as_str()
    }

    /// The files of the policy.
    pub fn files(&self) -> Vec<(String, String)> {
        let mut settings = format!(
            "[policy]\nname = \"random\"\nversion = \"1\"\nlanguage = 1\nzone = \"{}\"\n",
            self.zone
        );
        let mut files = Vec::new();
        for (name, calendar) in self.calendars.iter().enumerate() {
            if let (Some(text), Some(((first, last), _))) =
                (calendar.data_text(self), &calendar.data)
            {
                let (first, last) = (self.date(*first), self.date(*last));
                let _ = writeln!(
                    settings,
                    "[holidays.h{name}]\nfile = \"h{name}.csv\"\ncovers = [\"{first}\", \"{last}\"]"
                );
                files.push((format!("h{name}.csv"), text));
            }
        }
        let case = format!(
            "case {{ id: text opened_at: instant status: one of {{ {} }} default open\n  \
             severity: one of {{ {} }} default low flag: bool optional begin: instant optional }}\n\
             events {{ {} }}\nrole desk role lead role chief\n",
            STATUSES.join(", "),
            SEVERITIES.join(" < "),
            EVENTS.join(", ")
        );
        files.push(("caseway.toml".to_owned(), settings));
        files.push(("policy.policy".to_owned(), case + self.rules().as_str()));
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
