//! Caseway and its peers: the same rules and cases for every engine, and what it takes to ask them.
//!
//! The programs of this package print the tables of `docs/performance.md`, which says how they are run and what
//! was measured.
#![allow(
    clippy::disallowed_methods,
    reason = "a benchmark reads the clock and its arguments"
)]

pub mod contest;
pub mod engines;
pub mod measure;
pub mod table;
pub mod versions;
pub mod workload;

/// Some engines go as deep as there are rules.
const STACK: usize = 1 << 30;

/// Runs a program where there is room for those that go deep.
pub fn with_room<T: Send + 'static>(program: impl FnOnce() -> T + Send + 'static) -> T {
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(program);
    let outcome = thread.expect("a thread").join();
    outcome.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}
