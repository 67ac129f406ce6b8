//! From text to tree: grammar, lowering, recovery, and named mistakes.

pub mod ast;
