//! One cycle of a clock: the time that ran, the target agreed on, and when it is due. All of it is
//! found by walking over minutes.

use super::days::Days;
use super::plan::{Period, Target};
use super::{MINUTE, Millis};
use caseway::time::Openness;

/// When something is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    At(Millis),
    /// Later than the days that are walked.
    Beyond,
    /// A minute is needed of which nothing is known; not due before it.
    Unknown(Millis),
    Never,
}

/// How long a target is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    Is(Millis),
    Beyond,
    Unknown,
    None,
}

/// Time during which the clock ran; without a calendar while no tier was taken.
#[derive(Clone, Copy, Debug)]
pub struct Stretch {
    pub from: Millis,
    pub to: Option<Millis>,
    pub calendar: Option<Option<usize>>,
}

/// An old obligation that `never later` keeps.
#[derive(Clone, Copy, Debug)]
pub struct Cap {
    pub left: Option<Millis>,
    pub calendar: Option<usize>,
    pub due: Due,
}

/// What is used up: exactly so much, or at least so much before the first unknown minute.
#[derive(Clone, Copy, Debug)]
pub struct Used {
    pub least: Millis,
    pub exact: bool,
}

#[derive(Clone, Debug)]
pub struct Cycle {
    pub number: u32,
    /// The cycle that a reset or a reopening began last; it is part of the keys of steps.
    pub promise: u32,
    pub started: Option<Millis>,
    pub agreed: Option<Target>,
    pub stretches: Vec<Stretch>,
    /// Start of the running segment that is open, or was last.
    pub segment: Option<Millis>,
    pub used: Used,
    pub own_due: Due,
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

pub fn minute_end(at: Millis) -> Millis {
    (at.div_euclid(MINUTE) + 1) * MINUTE
}

impl Used {
    /// Time passes in one minute.
    fn pass(&mut self, state: Openness, millis: Millis) {
        match state {
            Openness::Open if self.exact => self.least += millis,
            Openness::Open | Openness::Closed => {}
            Openness::Unknown => self.exact = false,
        }
    }

    fn walk(&mut self, days: &Days, calendar: Option<usize>, from: Millis, to: Millis) {
        let mut at = from;
        while at < to {
            let next = minute_end(at).min(to);
            self.pass(days.state(calendar, at), next - at);
            at = next;
        }
    }

    pub fn known(self) -> Option<Millis> {
        self.exact.then_some(self.least)
    }
}

/// The open time between two instants; none if some of it is unknown.
pub fn measure(days: &Days, calendar: Option<usize>, from: Millis, to: Millis) -> Option<Millis> {
    let mut used = Used {
        least: 0,
        exact: true,
    };
    used.walk(days, calendar, from, to);
    used.known()
}

/// Walks on until so much open time has passed.
pub fn due_from(days: &Days, calendar: Option<usize>, from: Millis, length: Millis) -> Due {
    let mut left = length;
    let mut at = from;
    while left > 0 {
        if at >= days.end {
            return Due::Beyond;
        }
        let next = minute_end(at);
        match days.state(calendar, at) {
            Openness::Open if next - at >= left => return Due::At(at + left),
            Openness::Open => left -= next - at,
            Openness::Closed => {}
            Openness::Unknown => return Due::Unknown(at),
        }
        at = next;
    }
    Due::At(at)
}

/// The earlier of two, if one of them is known to be.
fn earlier(one: Due, two: Due) -> Due {
    match (one, two) {
        (Due::Unknown(one), Due::Unknown(two)) => Due::Unknown(one.min(two)),
        (Due::Unknown(unknown), Due::At(at)) | (Due::At(at), Due::Unknown(unknown)) => {
            if at <= unknown {
                Due::At(at)
            } else {
                Due::Unknown(unknown)
            }
        }
        (Due::Unknown(at), _) | (_, Due::Unknown(at)) => Due::Unknown(at),
        (Due::At(one), Due::At(two)) => Due::At(one.min(two)),
        (Due::At(at), _) | (_, Due::At(at)) => Due::At(at),
        (Due::Beyond, _) | (_, Due::Beyond) => Due::Beyond,
        (Due::Never, Due::Never) => Due::Never,
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
            segment: None,
            used: Used {
                least: 0,
                exact: true,
            },
            own_due: Due::Never,
            caps: Vec::new(),
            breached: None,
            met: None,
            ran_to_the_end: false,
        }
    }

    pub fn due(&self) -> Due {
        let caps = self.caps.iter().map(|cap| cap.due);
        caps.fold(self.own_due, earlier)
    }

    /// The length of a target, counted from the start of the cycle.
    pub fn length(&self, days: &Days, target: Option<Target>) -> Length {
        let started = self.started;
        match (target, started) {
            (None | Some(Target::None), _) | (Some(_), None) => Length::None,
            (Some(Target::Exact(millis, _)), _) => Length::Is(millis),
            (Some(Target::Period(Period::Exact(millis))), _) => Length::Is(millis),
            (Some(Target::Period(period)), Some(started)) => {
                let end = days.end_of_day(started, period);
                end.map_or(Length::Beyond, |end| Length::Is(end - started))
            }
            (Some(Target::WorkingDays(count, calendar)), Some(started)) => {
                match days.close_of_working_day(calendar, started, count) {
                    None => Length::Beyond,
                    Some(Err(())) => Length::Unknown,
                    Some(Ok(close)) => measure(days, Some(calendar), started, close)
                        .map_or(Length::Unknown, Length::Is),
                }
            }
        }
    }

    /// The time that ran before an instant.
    fn used_before(&self, days: &Days, end: Millis) -> Used {
        let mut used = Used {
            least: 0,
            exact: true,
        };
        for stretch in self.stretches.iter().filter(|stretch| stretch.from < end) {
            let to = stretch.to.unwrap_or(end).min(end);
            if let Some(calendar) = stretch.calendar {
                used.walk(days, calendar, stretch.from, to);
            }
        }
        used
    }

    /// Counts all over again.
    pub fn count_again(&mut self, days: &Days, now: Millis) {
        self.used = self.used_before(days, now);
    }

    /// Looks for the due time from the start of the segment on.
    pub fn look_for_due(&mut self, days: &Days) {
        let (Some(segment), Some(agreed)) = (self.segment, self.agreed) else {
            self.own_due = Due::Never;
            return;
        };
        let before = self.used_before(days, segment).known();
        self.own_due = match (self.length(days, Some(agreed)), before) {
            (Length::None, _) => Due::Never,
            (Length::Beyond, _) => Due::Beyond,
            (Length::Unknown, _) | (Length::Is(_), None) => Due::Unknown(segment),
            (Length::Is(length), Some(before)) => {
                due_from(days, agreed.calendar(), segment, length - before)
            }
        };
    }

    /// A running segment begins.
    pub fn begin_segment(&mut self, days: &Days, at: Millis, calendar: Option<Option<usize>>) {
        self.stretches.push(Stretch {
            from: at,
            to: None,
            calendar,
        });
        self.segment = Some(at);
        self.look_for_due(days);
        for cap in &mut self.caps {
            cap.due = match cap.left {
                None => Due::Unknown(at),
                Some(left) => due_from(days, cap.calendar, at, left),
            };
        }
    }

    pub fn end_stretch(&mut self, at: Millis) {
        if let Some(stretch) = self.stretches.last_mut() {
            stretch.to = stretch.to.or(Some(at));
        }
    }

    /// The clock ran from one instant to another in the same minute.
    pub fn run(&mut self, days: &Days, from: Millis, to: Millis) {
        if let Some(Stretch {
            calendar: Some(calendar),
            ..
        }) = self.stretches.last()
        {
            self.used.pass(days.state(*calendar, from), to - from);
        }
        for cap in &mut self.caps {
            cap.left = match (cap.left, days.state(cap.calendar, from)) {
                (_, Openness::Unknown) | (None, _) => None,
                (Some(left), Openness::Open) => Some(left - (to - from)),
                (Some(left), Openness::Closed) => Some(left),
            };
        }
    }

    /// The instant at which a length was used up by time that has already ended, walked from the
    /// start of the cycle; none if a stretch ended exactly then.
    pub fn used_up(&self, days: &Days, length: Millis) -> Option<Millis> {
        let mut left = length;
        for stretch in &self.stretches {
            let (Some(calendar), Some(to)) = (stretch.calendar, stretch.to) else {
                continue;
            };
            match due_from(days, calendar, stretch.from, left) {
                Due::At(at) if at < to => return Some(at),
                _ => left -= measure(days, calendar, stretch.from, to)?,
            }
        }
        None
    }
}
