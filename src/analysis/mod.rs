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
mod columns;
mod conditions;
mod contents;
mod facts;
mod lens;
mod missing_rows;
mod pairs;
mod points;
mod promises;
mod rules;
mod samples;
mod scalars;
mod sets;
mod solver;
mod space;
mod terms;
mod texts;
mod truths;
mod widening;
mod witness;

pub use changes::{BlockChanges, Change, Changes, Side, Version, changes};
pub use columns::{Cell, CellTest};
pub use facts::{Analysed, Block, Claim, Fact, Facts, Proof, facts, findings};
pub use lens::Alike;
pub use missing_rows::{MissingRow, MissingRows};
pub use samples::{Goal, Sample, Samples, samples};
pub use witness::{Assumed, Witness};
