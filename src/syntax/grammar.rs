//! The parser generated from `grammar/policy.pest`. Its types stay inside this stage.
#![allow(
    missing_docs,
    reason = "the documentation of the rules is in the grammar itself"
)]

use pest_derive::Parser;

/// The generated parser.
#[derive(Parser)]
#[grammar = "../grammar/policy.pest"]
pub(super) struct PolicyGrammar;
