//! The second implementation that keeps the engine honest: a plain interpreter of the typed tree, written from the
//! manual, which shares nothing with what compiles and evaluates. Random policies of all constructs decide random
//! cases with it and with the engine, and the decisions have to be the same, byte for byte.
//!
//! Not compared is the text of a problem's `message`, which is for people; that the same thing is one problem and
//! another is another is compared all the same.

mod agreement;
mod blocks;
mod clock;
mod conditions;
mod cycle;
mod draw;
mod draw_blocks;
mod draw_cases;
mod draw_conditions;
mod draw_duties;
mod draw_time;
mod follow_ups;
mod hours;
mod look;
mod meaning;
mod periods;
mod retention;
mod scripts;
mod steps;
mod written;

/// Milliseconds, of an instant since 1970 or of a length of time.
type Millis = i64;
