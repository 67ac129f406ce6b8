//! A plain reference for what follows a case: how long its records are kept, its follow-ups and its
//! requirements. It is written from the manual, shares nothing with the engine, and random cases in
//! many zones are held against what the engine decides.

mod agreement;
mod condition;
mod expected;
mod follow_ups;
mod local_time;
mod log;
mod plan;
mod retention;
mod strategies;

/// Milliseconds, of an instant since 1970 or of a length of time.
type Millis = i64;

const MINUTE: Millis = 60_000;
const HOUR: Millis = 60 * MINUTE;
const DAY: Millis = 24 * HOUR;
