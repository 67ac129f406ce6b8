//! What is fuzzed, shared by the fuzzers here and the smoke run among the tests of the engine.

pub mod bodies;
