//! A plain reference for clocks: it walks through random cases minute by minute by the rules of
//! the manual, shares no arithmetic with the engine, and is held against what the engine decides.

mod clocks;
mod condition;
mod cycle;
mod days;
mod expected;
mod log;
mod plan;
mod steps;
mod strategies;
mod walk;

/// Milliseconds, of an instant since 1970 or of a length of time.
type Millis = i64;

const MINUTE: Millis = 60_000;
const HOUR: Millis = 60 * MINUTE;
