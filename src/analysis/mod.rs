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
mod conditions;
mod facts;
mod pairs;
mod points;
mod promises;
mod rules;
mod scalars;
mod sets;
mod solver;
mod space;
mod terms;
mod texts;
mod truths;
mod witness;

pub use facts::{Analysed, Block, Claim, Fact, Facts, Proof, facts, findings};
pub use witness::{Assumed, Witness};
