//! The `caseway` command.

fn main() -> std::process::ExitCode {
    caseway::cli::main()
}
