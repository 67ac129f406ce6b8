//! The `caseway` command.
#![allow(clippy::disallowed_methods, reason = "only here the process ends")]

fn main() -> std::process::ExitCode {
    caseway::cli::main()
}
