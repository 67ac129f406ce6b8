//! What is certain of all admissible cases: which rules can be taken, and by which cases.
//!
//! After `compile`, beside `eval`, of which it knows nothing; `lint` puts what it finds into words.
//!
//! ```text
//! schema ──► space ──┐
//! program ───────────┴► terms, truths ──► blocks ──► questions to the solver
//! ```

mod absence;
mod blocks;
mod changes;
mod clocks;
mod columns;
mod conditions;
mod contents;
mod contradiction;
mod dues;
mod facts;
mod gates;
mod hours;
mod in_turn;
mod inversions;
mod lens;
mod local_time;
mod missing_rows;
mod opaque;
mod pairs;
mod points;
mod promises;
mod retention;
mod rules;
mod samples;
mod scalars;
mod sets;
mod solver;
mod space;
mod spelling;
mod sums;
mod terms;
mod texts;
mod times;
mod truths;
mod widening;
mod witness;

pub use changes::{BlockChanges, Change, Changes, Side, Version, changes};
pub use clocks::ClockClaim;
pub use columns::{Cell, CellTest};
pub use dues::{LaterDue, at_most, later_from};
pub use facts::{Analysed, Block, Claim, Fact, Facts, Proof, facts, findings, findings_within};
pub use inversions::{Input, Inversion};
pub use lens::Alike;
pub use missing_rows::{MissingRow, MissingRows};
pub use opaque::Assumed;
pub use retention::KeptTooLong;
pub use samples::{Goal, Purpose, Sampler};
pub use witness::Witness;
