//! What a clock goes through: its states, and what leads from one to another.

use super::{Drawing, tested};
use crate::message::{Message, message};
use crate::model::{Clock, Moment, ReopenMode, RetierMode};

/// A state of a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum State {
    Idle,
    Running,
    Paused,
    Met,
    Cancelled,
}

impl State {
    pub(super) const ALL: [State; 5] = [
        State::Idle,
        State::Running,
        State::Paused,
        State::Met,
        State::Cancelled,
    ];

    /// The word in decisions and policies.
    pub(super) fn word(self) -> &'static str {
        match self {
            State::Idle => "idle",
            State::Running => "running",
            State::Paused => "paused",
            State::Met => "met",
            State::Cancelled => "cancelled",
        }
    }
}

/// A way from one state to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Start,
    Pause,
    Continue,
    Stop,
    Reopen,
    Cancel,
    Reset,
}

impl Way {
    /// The state before and the one after.
    pub(super) fn ends(self) -> (State, State) {
        match self {
            Way::Start => (State::Idle, State::Running),
            Way::Pause => (State::Running, State::Paused),
            Way::Continue => (State::Paused, State::Running),
            Way::Stop => (State::Running, State::Met),
            Way::Reopen => (State::Met, State::Running),
            Way::Cancel => (State::Running, State::Cancelled),
            Way::Reset => (State::Running, State::Running),
        }
    }
}

/// What leads from one state to another.
pub(super) struct Change {
    pub(super) way: Way,
    /// The clause's word and what it waits for.
    pub(super) words: String,
    /// How many tests reach it, where that is known.
    pub(super) fired: Option<u64>,
}

/// The changes of a clock, and what else is to be said of it.
pub(super) fn chart(drawing: &Drawing<'_>, clock: &Clock) -> (Vec<Change>, Vec<String>) {
    let reading = drawing.reading();
    let name = &clock.declared.name;
    let clause = |word: &str| format!("clock.{name}.{word}");
    let mut changes = Vec::new();
    let mut change =
        |way, words: String, fired: Option<u64>| changes.push(Change { way, words, fired });
    let start = clock.start.as_ref();
    let starts = start.and_then(|moment| match moment {
        Moment::When(_) => drawing.fired(&clause("start when")),
        Moment::Field(_) | Moment::First(_) | Moment::Last(_) => None,
    });
    let start = start.map_or("opened_at".to_owned(), |moment| reading.moment(moment));
    change(Way::Start, format!("start {start}"), starts);
    for (place, pause) in clock.pause.iter().enumerate() {
        let words = format!("pause when {}", reading.text(pause.span));
        let subject = tested::numbered(&clause("pause when"), place + 1);
        change(Way::Pause, words, drawing.fired(&subject));
    }
    if !clock.pause.is_empty() {
        let words = drawing.say(message!("no reason to pause is left"));
        change(Way::Continue, words, None);
    }
    for (stop, fired) in tested::triggers(drawing, &clause("stop"), &clock.stop) {
        let words = format!("stop {}", reading.trigger(stop));
        change(Way::Stop, words, fired);
    }
    if clock.reopen != ReopenMode::Ignore || clock.reopen_within.is_some() {
        let within = clock.reopen_within.map(|(amount, otherwise)| {
            format!(
                " within {} else {}",
                reading.amount(amount),
                reopen(otherwise)
            )
        });
        let words = format!(
            "reopen {}{}",
            reopen(clock.reopen),
            within.unwrap_or_default()
        );
        change(Way::Reopen, words, None);
    }
    for (cancel, fired) in tested::triggers(drawing, &clause("cancel"), &clock.cancel) {
        let words = format!("cancel {}", reading.trigger(cancel));
        change(Way::Cancel, words, fired);
    }
    for (reset, fired) in tested::triggers(drawing, &clause("reset"), &clock.reset) {
        let words = format!("reset {}", reading.trigger(reset));
        change(Way::Reset, words, fired);
    }
    let later = if clock.never_later {
        " never later"
    } else {
        ""
    };
    let notes = vec![drawing.say(retier(clock.retier)) + later];
    (changes, notes)
}

fn reopen(mode: ReopenMode) -> &'static str {
    match mode {
        ReopenMode::Ignore => "ignore",
        ReopenMode::Resume => "resume",
        ReopenMode::ResumeCounting => "resume counting",
        ReopenMode::NewCycle => "new cycle",
    }
}

fn retier(mode: RetierMode) -> Message {
    match mode {
        RetierMode::Carry => message!("another tier keeps what is used up: retier carry"),
        RetierMode::Retroactive => {
            message!(
                "another tier counts as though it had been there from the start: retier retroactive"
            )
        }
        RetierMode::Restart => message!("another tier starts the clock again: retier restart"),
    }
}
