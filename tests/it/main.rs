//! Integration tests: one binary, one module per part.

mod architecture;
mod config_holidays;
mod fixtures;
mod licences;
mod model_build;
mod model_fixtures;
mod script_sandbox;
mod syntax_grammar;
mod syntax_mistakes;
mod time_calendar;
mod time_properties;
mod time_walker;
