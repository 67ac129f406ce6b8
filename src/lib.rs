//! Caseway: a policy language and decision engine for service desks.

pub mod diag;
pub mod source;
pub mod time;
pub mod value;
