//! Integration tests: one binary, one module per part.
#![allow(
    clippy::disallowed_methods,
    reason = "tests read fixtures and write what they try out"
)]
#![allow(clippy::type_complexity, reason = "tables of cases are tuples")]

mod analysis_truth;
mod architecture;
mod calendar_pictures;
mod cards;
mod cli_batch;
mod cli_commands;
mod cli_setup;
mod clock_reference;
mod code_pages;
#[cfg(feature = "arrow")]
mod columnar;
mod command;
mod command_line;
mod config_holidays;
mod config_settings;
mod course_duties;
mod course_limits;
mod course_properties;
mod coverage;
mod documentation;
mod draw;
mod draw_coverage;
mod duties_reference;
mod editor;
mod editor_extension;
mod eval_blocks;
mod eval_conditions;
mod eval_reference;
mod eval_size;
mod eval_trace;
mod every_case;
mod explain;
mod fixtures;
mod format;
mod hostile;
mod hostile_fuzz;
mod hot_reload;
mod ingest_cases;
mod ingest_direct;
mod ingest_logs;
mod ingest_rows;
mod init;
mod inversions_truth;
mod json_schema;
mod json_text;
mod language;
mod large_policies;
mod library;
mod licences;
mod lint_fix;
mod lint_mappings;
mod lint_output;
mod lint_time;
mod local_times_truth;
mod manual;
mod missing_rows;
mod missing_rows_truth;
mod model_build;
mod model_fixtures;
mod packed_rows;
#[cfg(feature = "parquet")]
mod parquet_files;
mod plain_meaning;
mod planted_faults;
mod proof_fixtures;
mod proofs;
mod proofs_opaque;
mod random_cases;
mod retention_truth;
mod rule_index;
mod rule_index_wide;
mod script_in_policies;
mod script_sandbox;
mod small_policies;
mod support;
mod syntax_direct;
mod syntax_grammar;
mod syntax_mistakes;
mod textmate;
mod time_calendar;
mod time_properties;
mod time_truth;
mod time_vectors;
mod time_walker;
mod time_zones;
mod translations;
mod versions;
mod versions_truth;
mod wall_time;
