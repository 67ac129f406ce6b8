//! Caseway: a policy language and decision engine for service desks.

pub mod cli;
pub mod compile;
pub mod config;
pub mod diag;
pub mod driver;
pub mod eval;
pub mod ingest;
pub mod lint;
pub mod model;
pub mod script;
pub mod source;
pub mod suite;
pub mod syntax;
pub mod time;
pub mod value;

pub use driver::{Decision, Policy, PolicyError};
pub use ingest::{FieldValue, Refusal};
pub use time::{Date, Duration, Instant, TimeOfDay, Weekday};
pub use value::{Case, CaseFile, Event};
