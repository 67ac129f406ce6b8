//! `caseway man`: manual pages for the `man` command of Unix.

use super::failure::Failure;
use super::{Answer, output};
use crate::driver::Output;
use clap::Args;
use clap_mangen::Man;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Print the manual page, or write one for each command
#[derive(Debug, Args)]
pub(super) struct Manual {
    /// Write a page for each command into this folder
    #[arg(value_name = "DIR")]
    dir: Option<PathBuf>,
}

impl Manual {
    pub(super) fn run(&self) -> Result<Answer, Failure> {
        let mut command = super::command().disable_help_subcommand(true);
        command.build();
        let mut pages = Vec::new();
        collect(&command, &mut pages);
        match &self.dir {
            None => {
                let page = pages.first().map(Page::text).transpose();
                let page = page.map_err(Failure::from_stdout)?.unwrap_or_default();
                output::print(&page).map_err(Failure::from_stdout)?;
            }
            Some(dir) => {
                fs::create_dir_all(dir).map_err(|error| Failure::unwritable(dir, &error))?;
                for page in &pages {
                    page.write_to(dir)?;
                }
            }
        }
        Ok(Answer::Yes)
    }
}

/// The page of one command.
struct Page {
    command: clap::Command,
}

/// The pages of a command and of those below it, in their order.
fn collect(command: &clap::Command, pages: &mut Vec<Page>) {
    pages.push(Page {
        command: command.clone(),
    });
    for below in command
        .get_subcommands()
        .filter(|below| !below.is_hide_set())
    {
        collect(below, pages);
    }
}

impl Page {
    fn man(&self) -> Man {
        Man::new(self.command.clone()).source(format!("caseway {}", env!("CARGO_PKG_VERSION")))
    }

    fn text(&self) -> io::Result<String> {
        let mut text = Vec::new();
        self.man().render(&mut text)?;
        Ok(String::from_utf8_lossy(&text).into_owned())
    }

    fn write_to(&self, dir: &Path) -> Result<(), Failure> {
        let path = dir.join(self.man().get_filename());
        let written = self.text().and_then(|text| {
            let mut file = Output::create(&path)?;
            file.write_all(text.as_bytes())?;
            file.finish()
        });
        written.map_err(|error| Failure::unwritable(&path, &error))
    }
}
