//! What is certain of all admissible cases: which rules can be taken, and by which cases.
//!
//! After `compile`, beside `eval`, of which it knows nothing; `lint` puts what it finds into words.
//!
//! ```text
//! schema ──► space ──┐
//! program ───────────┴► terms, truths ──► blocks ──► questions to the solver
//! ```

mod blocks;
mod facts;
mod points;
mod scalars;
mod sets;
mod solver;
mod space;
mod terms;
mod truths;
mod witness;

pub use facts::{Block, Claim, Fact, Facts, facts};
pub use witness::Witness;
