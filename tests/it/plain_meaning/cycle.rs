//! One cycle of a clock: the stretches in which it ran, the target agreed on, and when it is due.

use super::Millis;
use super::hours::{Due, Hours};
use super::meaning::Meaning;
use super::periods::end_of_day_later;
use caseway::model::Target;

/// How long a target is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    Is(Millis),
    /// It cannot be told, for the reason for which the due time cannot.
    Not(Due),
    None,
}

/// Time during which the clock ran; without a calendar while no tier was taken.
#[derive(Clone, Copy, Debug)]
pub struct Stretch {
    pub from: Millis,
    pub to: Option<Millis>,
    pub calendar: Option<usize>,
}

/// An old obligation that `never later` keeps: what was left, on its own calendar, when the clock last began to run
/// or was given another target, and since when that is counted down.
#[derive(Clone, Copy, Debug)]
pub struct Cap {
    pub left: Result<Millis, Due>,
    pub calendar: usize,
    pub due: Due,
    pub since: Option<Millis>,
}

impl Cap {
    fn due_from(&self, meaning: &Meaning<'_>, at: Millis) -> Due {
        match self.left {
            Err(Due::Unknown(..)) => Due::Unknown(at, self.calendar),
            Err(why) => why,
            Ok(left) => meaning.calendars[self.calendar].due(at, left),
        }
    }
}

#[derive(Clone, Debug)]
pub struct Cycle {
    pub number: u32,
    /// The cycle that a reset or a reopening began last; it is part of the keys of steps.
    pub promise: u32,
    pub started: Option<Millis>,
    pub agreed: Option<Target>,
    pub stretches: Vec<Stretch>,
    pub own_due: Due,
    /// From when on it may be due, where the length of its target is not known.
    pub unmeasured: Option<Millis>,
    pub caps: Vec<Cap>,
    pub breached: Option<Millis>,
    pub met: Option<Millis>,
    /// It ran when it was met or closed.
    pub ran_to_the_end: bool,
}

/// A closed cycle.
#[derive(Clone, Debug)]
pub struct Closed {
    pub cycle: Cycle,
    pub met: bool,
    pub ended: Millis,
}

/// The calendar that a target counts on.
pub fn calendar_of(target: Target) -> usize {
    match target {
        Target::Exact(_, calendar) | Target::WorkingDays(_, calendar) => calendar.0 as usize,
        Target::None | Target::Calendar(_) => 0,
    }
}

/// The earlier of two, if one of them is known to be.
fn earlier(one: Due, two: Due) -> Due {
    match (one, two) {
        (Due::Unknown(one, calendar), Due::Unknown(two, other)) => {
            if one <= two {
                Due::Unknown(one, calendar)
            } else {
                Due::Unknown(two, other)
            }
        }
        (Due::Unknown(unknown, calendar), Due::At(at))
        | (Due::At(at), Due::Unknown(unknown, calendar)) => {
            if at <= unknown {
                Due::At(at)
            } else {
                Due::Unknown(unknown, calendar)
            }
        }
        (unknown @ Due::Unknown(..), _) | (_, unknown @ Due::Unknown(..)) => unknown,
        (Due::At(one), Due::At(two)) => Due::At(one.min(two)),
        (Due::At(at), _) | (_, Due::At(at)) => Due::At(at),
        (Due::Never, other) | (other, Due::Never) => other,
        (own, _) => own,
    }
}

impl Cycle {
    pub fn new(number: u32, promise: u32) -> Cycle {
        Cycle {
            number,
            promise,
            started: None,
            agreed: None,
            stretches: Vec::new(),
            own_due: Due::Never,
            unmeasured: None,
            caps: Vec::new(),
            breached: None,
            met: None,
            ran_to_the_end: false,
        }
    }

    /// Nothing is due for as long as no tier is taken: what time there is has no calendar yet.
    pub fn due(&self) -> Due {
        if self
            .stretches
            .last()
            .is_some_and(|last| last.calendar.is_none())
        {
            return Due::Never;
        }
        let caps = self.caps.iter().map(|cap| cap.due);
        let kept = caps.fold(Due::Never, earlier);
        match (self.unmeasured, kept) {
            // What was used up on another calendar may be more than was open on this one.
            (Some(from), Due::At(at)) if at > from => self.own_due,
            (Some(_), Due::At(_)) => kept,
            _ => earlier(self.own_due, kept),
        }
    }

    /// The length of a target, counted from the start of the cycle.
    pub fn length(&self, meaning: &Meaning<'_>, target: Option<Target>) -> Length {
        match (target, self.started) {
            (None | Some(Target::None), _) | (Some(_), None) => Length::None,
            (Some(Target::Exact(length, _)), _) => Length::Is(length.millis()),
            (Some(Target::Calendar(period)), Some(started)) => {
                let end = end_of_day_later(meaning.zone, started, period);
                end.map_or(Length::Not(Due::Beyond), |end| Length::Is(end - started))
            }
            (Some(Target::WorkingDays(count, calendar)), Some(started)) => {
                let place = calendar.0 as usize;
                let hours = &meaning.calendars[place];
                match hours.close_of_working_day(started, count) {
                    Due::At(close) => match hours.measure(started, close) {
                        Some(length) => Length::Is(length),
                        None => Length::Not(first_unknown(hours, place, started)),
                    },
                    other => Length::Not(other),
                }
            }
        }
    }

    /// The time used up before an instant; the day on which it is not known otherwise.
    pub fn used(&self, meaning: &Meaning<'_>, end: Millis) -> Result<Millis, Due> {
        let mut used = 0;
        for stretch in self.stretches.iter().filter(|stretch| stretch.from < end) {
            let to = stretch.to.unwrap_or(end).min(end);
            if let Some(place) = stretch.calendar {
                let hours = &meaning.calendars[place];
                let more = hours.measure(stretch.from, to);
                used += more.ok_or_else(|| first_unknown(hours, place, stretch.from))?;
            }
        }
        Ok(used)
    }

    /// When so much is used up if the clock runs on; none if that is not known, or does not come.
    pub fn reaches(&self, meaning: &Meaning<'_>, length: Millis) -> Option<Millis> {
        let mut left = length;
        for stretch in &self.stretches {
            let Some(place) = stretch.calendar else {
                continue;
            };
            let hours = &meaning.calendars[place];
            let due = hours.due(stretch.from, left);
            match (due, stretch.to) {
                (Due::At(at), None) => return Some(at),
                (_, None) => return None,
                (Due::At(at), Some(to)) if at <= to => return Some(at),
                (_, Some(to)) => left -= hours.measure(stretch.from, to)?,
            }
        }
        None
    }

    /// Looks for the due times of what is kept, from the start of the stretch that is open.
    pub fn look_for_kept(&mut self, meaning: &Meaning<'_>) {
        for cap in &mut self.caps {
            if let Some(since) = cap.since {
                cap.due = cap.due_from(meaning, since);
            }
        }
    }

    /// Looks for the due time from the start of the stretch that is open, or was last.
    pub fn look_for_due(&mut self, meaning: &Meaning<'_>) {
        let (
            Some(Stretch {
                from,
                calendar: Some(place),
                ..
            }),
            Some(agreed),
        ) = (self.stretches.last(), self.agreed)
        else {
            self.own_due = Due::Never;
            self.unmeasured = None;
            return;
        };
        let before = self.used(meaning, *from);
        let length = self.length(meaning, Some(agreed));
        self.unmeasured = matches!(length, Length::Not(Due::Unknown(..))).then_some(*from);
        self.own_due = match (length, before) {
            (Length::None, _) => Due::Never,
            (Length::Not(why), _) => why,
            (Length::Is(_), Err(why)) => why,
            (Length::Is(length), Ok(before)) => {
                meaning.calendars[*place].due(*from, length - before)
            }
        };
    }

    /// Another stretch begins while the clock runs on.
    pub fn cut(&mut self, meaning: &Meaning<'_>, at: Millis, calendar: Option<usize>) {
        self.end_stretch(meaning, at);
        self.stretches.push(Stretch {
            from: at,
            to: None,
            calendar,
        });
        for cap in &mut self.caps {
            cap.since = Some(at);
            cap.due = cap.due_from(meaning, at);
        }
    }

    /// A running segment begins.
    pub fn begin_segment(&mut self, meaning: &Meaning<'_>, at: Millis, calendar: Option<usize>) {
        self.stretches.push(Stretch {
            from: at,
            to: None,
            calendar,
        });
        self.look_for_due(meaning);
        for cap in &mut self.caps {
            cap.since = Some(at);
            cap.due = cap.due_from(meaning, at);
        }
    }

    pub fn end_stretch(&mut self, meaning: &Meaning<'_>, at: Millis) {
        if let Some(stretch) = self.stretches.last_mut() {
            stretch.to = stretch.to.or(Some(at));
        }
        for cap in &mut self.caps {
            if let Some(since) = cap.since.take() {
                let passed = meaning.calendars[cap.calendar].measure(since, at);
                let unknown = Due::Unknown(since, cap.calendar);
                cap.left = cap.left.and_then(|left| Ok(left - passed.ok_or(unknown)?));
            }
        }
    }

    /// The instant at which a length was used up by time that has already ended; none if a stretch ended exactly then.
    pub fn used_up(&self, meaning: &Meaning<'_>, length: Millis) -> Option<Millis> {
        let mut left = length;
        for stretch in &self.stretches {
            let (Some(place), Some(to)) = (stretch.calendar, stretch.to) else {
                continue;
            };
            let hours = &meaning.calendars[place];
            match hours.due(stretch.from, left) {
                Due::At(at) if at < to => return Some(at),
                _ => left -= hours.measure(stretch.from, to)?,
            }
        }
        None
    }
}

/// The first instant from one on of which nothing is known.
fn first_unknown(hours: &Hours, place: usize, from: Millis) -> Due {
    match hours.due(from, Millis::MAX / 4) {
        unknown @ Due::Unknown(..) => unknown,
        _ => Due::Unknown(from, place),
    }
}
