//! Look-up tables of the build: every name of a policy is looked up many times.
//!
//! A quick hash, seeded anew for each table, so that no text is made to slow it down. Nothing that is told depends on
//! the order of a table.

use foldhash::fast::RandomState;

pub(super) type HashMap<K, V> = std::collections::HashMap<K, V, RandomState>;
pub(super) type HashSet<T> = std::collections::HashSet<T, RandomState>;
