//! Caseway: a policy language and decision engine for service desks.

pub mod config;
pub mod diag;
pub mod model;
pub mod source;
pub mod syntax;
pub mod time;
pub mod value;
