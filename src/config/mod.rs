//! Settings of a policy folder: what caseway.toml and the data files it names say.
//!
//! Texts come in as arguments; the driver reads the files.

pub mod holidays;
