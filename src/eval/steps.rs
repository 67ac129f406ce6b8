//! Warnings and escalations of one clock: which are in force, which have fired and when.
//!
//! A step fires once for each promise: at the instant it names, or as soon as it is in force and the
//! clock runs, if that instant has passed already. It fires only while the clock runs.

use super::calendars::Time;
use super::cycle::Cycle;
use crate::compile::{Step, StepKind};
use crate::time::{Duration, Instant};
use smol_str::{SmolStr, format_smolstr};

/// Where a step is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Origin {
    /// In the tier taken.
    Tier,
    /// In the rule of the route.
    Route,
}

/// A step that is in force.
#[derive(Clone, Copy, Debug)]
pub(super) struct Active<'a> {
    pub(super) step: &'a Step,
    pub(super) origin: Origin,
    /// Since when it is in force.
    since: Instant,
    /// When it fired.
    pub(super) fired: Option<Instant>,
}

/// A step that has fired.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fired<'a> {
    pub(super) step: &'a Step,
    pub(super) origin: Origin,
    pub(super) at: Instant,
    /// The promise it belongs to, see [`Steps::promise`].
    pub(super) promise: u32,
}

/// The steps of a clock.
#[derive(Clone, Debug)]
pub(super) struct Steps<'a> {
    pub(super) active: Vec<Active<'a>>,
    /// In the order in which they fired.
    pub(super) fired: Vec<Fired<'a>>,
    /// The number of the cycle with which the present promise began: a reset, and a new cycle after
    /// reopening, is a new one, for which steps fire again.
    pub(super) promise: u32,
    first_of_promise: usize,
    coming: Option<Coming>,
}

/// When the first step fires that has not, as long as its cycle stays as it is.
#[derive(Clone, Copy, Debug)]
struct Coming {
    /// The number of the cycle, and how often it changed.
    cycle: (u32, u32),
    at: Option<Instant>,
}

impl Default for Steps<'_> {
    fn default() -> Self {
        Steps {
            active: Vec::new(),
            fired: Vec::new(),
            promise: 1,
            first_of_promise: 0,
            coming: None,
        }
    }
}

impl<'a> Steps<'a> {
    /// Replaces the steps in force by those of a tier and a route that concern the clock at a place.
    pub(super) fn put_in_force(
        &mut self,
        clock: u32,
        at: Instant,
        tier: &'a [Step],
        route: &'a [Step],
    ) {
        self.coming = None;
        let before = std::mem::replace(
            &mut self.active,
            Vec::with_capacity(tier.len() + route.len()),
        );
        let tier = tier.iter().map(|step| (step, Origin::Tier));
        let route = route.iter().map(|step| (step, Origin::Route));
        for (step, origin) in tier.chain(route) {
            if step.clock != clock {
                continue;
            }
            let known = before.iter().find(|known| known.step.key == step.key);
            let of_promise = self.fired.get(self.first_of_promise..).unwrap_or(&[]);
            let fired = of_promise.iter().find(|fired| fired.step.key == step.key);
            self.active.push(Active {
                step,
                origin,
                since: known.map_or(at, |known| known.since),
                fired: fired.map(|fired| fired.at),
            });
        }
    }

    /// The steps that have not fired are in force from an instant on: the target is another one, or
    /// the clock was reopened.
    pub(super) fn come_into_force(&mut self, at: Instant) {
        self.coming = None;
        for active in self.active.iter_mut().filter(|one| one.fired.is_none()) {
            active.since = at;
        }
    }

    /// A new promise: all steps may fire again.
    pub(super) fn start_again(&mut self, cycle: u32, at: Instant) {
        self.coming = None;
        self.promise = cycle;
        self.first_of_promise = self.fired.len();
        for active in &mut self.active {
            active.since = at;
            active.fired = None;
        }
    }

    /// Fires what comes up while the clock runs on to an instant, `inclusive` or up to it.
    pub(super) fn fire(&mut self, cycle: &Cycle, until: Instant, inclusive: bool, time: Time<'_>) {
        let known = (cycle.number, cycle.changes);
        let coming = match self.coming {
            Some(coming) if coming.cycle == known => coming.at,
            Some(_) | None => {
                let unfired = self.active.iter().filter(|active| active.fired.is_none());
                let at = unfired
                    .filter_map(|active| active.fires_at(cycle, time))
                    .min();
                self.coming = Some(Coming { cycle: known, at });
                at
            }
        };
        if coming.is_none_or(|at| at > until || (at == until && !inclusive)) {
            return;
        }
        self.coming = None;
        let mut due: Vec<(Instant, usize)> = Vec::new();
        for (place, active) in self.active.iter().enumerate() {
            if active.fired.is_none()
                && let Some(at) = active.fires_at(cycle, time)
                && (at < until || (inclusive && at == until))
            {
                due.push((at, place));
            }
        }
        due.sort_unstable();
        for (at, place) in due {
            if let Some(active) = self.active.get_mut(place) {
                active.fired = Some(at);
                self.fired.push(Fired {
                    step: active.step,
                    origin: active.origin,
                    at,
                    promise: self.promise,
                });
            }
        }
    }

    /// What names a step in decisions.
    pub(super) fn key(step: &Step, promise: u32) -> SmolStr {
        match promise {
            0 | 1 => step.key.clone(),
            promise => format_smolstr!("{}.cycle-{promise}", step.key),
        }
    }
}

impl Active<'_> {
    /// When it fires if the clock goes on running.
    pub(super) fn fires_at(&self, cycle: &Cycle, time: Time<'_>) -> Option<Instant> {
        let due = || cycle.due().ok().flatten();
        let named = match self.step.kind {
            StepKind::Percent(percent) => {
                let length = cycle.length().ok()??;
                cycle.reaches(share(length, percent)?, time)?
            }
            StepKind::AfterElapsed(length) => cycle.reaches(length, time)?,
            StepKind::AtDue => due()?,
            StepKind::BeforeDue(length) => due()?.minus(length).unwrap_or(Instant::MIN),
            StepKind::AfterDue(length) => due()?.plus(length)?,
        };
        Some(named.max(cycle.open_from).max(self.since))
    }
}

/// So many percent of a length of time, rounded up to a millisecond.
fn share(length: Duration, percent: u32) -> Option<Duration> {
    let (percent, length) = (i64::from(percent), length.millis());
    let (whole, rest) = (length.div_euclid(100), length.rem_euclid(100) * percent);
    let rest = rest / 100 + i64::from(rest % 100 > 0);
    let share = whole.checked_mul(percent)?.checked_add(rest)?;
    Some(Duration::from_millis(share))
}
