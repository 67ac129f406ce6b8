//! `caseway completions`: what a shell needs to complete commands and options.

use super::failure::Failure;
use super::{Answer, output};
use clap::Args;
use clap_complete::Shell;

/// Print completions for a shell
#[derive(Debug, Args)]
pub(super) struct Completions {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

impl Completions {
    pub(super) fn run(&self) -> Result<Answer, Failure> {
        let mut command = super::command();
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut command, "caseway", &mut script);
        output::print(&String::from_utf8_lossy(&script)).map_err(Failure::from_stdout)?;
        Ok(Answer::Yes)
    }
}
