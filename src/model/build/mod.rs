//! From trees to the model: names resolved, types checked, all mistakes of a folder in one run.
//!
//! Reads what [`crate::syntax`] made of each file; gives the [`Model`] that `compile` and the
//! analysis read. One cause, one message: what rests on something already reported is left alone.

mod builder;
mod calendar;
mod classify;
mod clock;
mod collect;
mod constants;
mod defines;
mod duties;
mod enums;
mod expression;
mod order;
mod outcomes;
mod places;
mod quick;
mod raw;
mod route;
mod schema;
mod sla;
mod suggest;
pub use suggest::written as written_name;
mod table;
mod trials;
mod types;
mod wording;

use super::Model;
use crate::diag::Diagnostic;
use crate::source::Sources;
use crate::syntax::ast;
use crate::time::Zone;
use builder::Builder;
use std::collections::BTreeMap;

/// What caseway.toml says that names and types rest on.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `[policy] name`
    pub name: String,
    /// `[policy] version`
    pub version: String,
    /// `[policy] language`
    pub language: u32,
    /// `[policy] zone`
    pub zone: Zone,
    /// Names of the `[holidays.NAME]` tables.
    pub holidays: Vec<String>,
}

/// All that a model is built from.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// What caseway.toml says.
    pub settings: &'a Settings,
    /// The files in order of their names.
    pub files: &'a [ast::File],
    /// Grids read from CSV, by the path that the policy writes.
    pub tables: &'a BTreeMap<String, ast::Table>,
    /// The texts, for quoting them in messages.
    pub sources: &'a Sources,
}

/// Resolves names and checks types.
///
/// Gives a model only when there is no error; the findings are not sorted.
pub fn build(input: Input<'_>) -> (Option<Model>, Vec<Diagnostic>) {
    let mut builder = Builder::new(input);
    builder.collect();
    builder.resolve_types();
    builder.resolve_case();
    builder.resolve_functions();
    builder.check_calendars();
    builder.declare_classifications();
    builder.check_defines();
    builder.check_classifications();
    builder.check_clocks();
    builder.check_route();
    builder.check_sla();
    builder.check_duties();
    builder.check_guarantees();
    builder.check_tests();
    builder.finish()
}
