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
mod conditions;
mod contents;
mod facts;
mod gates;
mod lens;
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
mod witness;

pub use changes::{BlockChanges, Change, Changes, Side, Version, changes};
pub use facts::{Analysed, Block, Claim, Fact, Facts, Proof, facts, findings, findings_within};
pub use lens::Alike;
pub use samples::{Goal, Sample, Samples, samples};
pub use witness::{Assumed, Witness};
