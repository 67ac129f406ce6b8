//! Caseway: a policy language and decision engine for service desks.

pub mod compile;
pub mod config;
pub mod diag;
pub mod eval;
pub mod ingest;
pub mod lint;
pub mod model;
pub mod script;
pub mod source;
pub mod syntax;
pub mod time;
pub mod value;
