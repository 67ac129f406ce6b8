//! `caseway draw`: the policy as pictures and as one page.

use super::failure::Failure;
use super::{Answer, Global, language, output};
use crate::Policy;
use crate::draw::{Drawing, PageHead};
use crate::driver::Output;
use crate::message::message;
use clap::{Args, ValueEnum};
use std::io::Write;
use std::path::PathBuf;

/// Draw a policy
#[derive(Debug, Args)]
pub(super) struct Draw {
    /// The policy folder
    #[arg(value_name = "DIR")]
    dir: Option<PathBuf>,
    /// One page of the whole policy, or single pictures
    #[arg(long, value_enum, default_value = "html")]
    format: Form,
    /// The picture, such as overview, classify.severity, route, sla, clock.resolve, calendar.business
    #[arg(long, value_name = "NAME")]
    picture: Option<String>,
    /// Write to this file
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// The form of pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// One page of the whole policy that needs nothing else
    Html,
    /// One picture
    Svg,
    /// One picture, or all of them in a Markdown document
    Mermaid,
}

impl Draw {
    pub(super) fn run(&self, global: &Global) -> Result<Answer, Failure> {
        let policy = global.load(self.dir.as_deref())?;
        let drawing = Drawing::new(policy.model(), policy.sources(), language::text());
        let text = match (self.format, &self.picture) {
            (Form::Html, None) => drawing.page(&head(&policy)),
            (Form::Html, Some(_)) => {
                let message =
                    message!("`--picture` goes with `--format svg` and `--format mermaid`");
                return Err(Failure::Usage(language::say(&message)));
            }
            (Form::Svg, Some(name)) => match drawing.svg(name) {
                Some(text) => text,
                None => return Err(unknown(&drawing, name)),
            },
            (Form::Svg, None) => {
                let names = drawing.names().join(", ");
                let message = message!("name one picture with `--picture`: {names}", names);
                return Err(Failure::Usage(language::say(&message)));
            }
            (Form::Mermaid, Some(name)) => match drawing.mermaid(name) {
                Some(text) => text,
                None => return Err(unknown(&drawing, name)),
            },
            (Form::Mermaid, None) => document(&policy, &drawing),
        };
        match &self.output {
            None => output::print(&text).map_err(Failure::from_stdout)?,
            Some(path) => {
                let written = Output::create(path).and_then(|mut file| {
                    file.write_all(text.as_bytes())?;
                    file.finish()
                });
                written.map_err(|error| Failure::unwritable(path, &error))?;
            }
        }
        Ok(Answer::Yes)
    }
}

fn head(policy: &Policy) -> PageHead {
    let header = policy.header();
    PageHead {
        title: format!("{} {}", header.name, header.version),
        facts: vec![
            (message!("hash"), header.hash.clone()),
            (message!("time zone"), policy.zone().name().to_owned()),
            (message!("time zone data"), header.tzdb.clone()),
            (message!("language"), header.language.to_string()),
        ],
    }
}

/// All pictures that Mermaid draws, each under its name.
fn document(policy: &Policy, drawing: &Drawing<'_>) -> String {
    let header = policy.header();
    let mut text = format!("# {} {}\n", header.name, header.version);
    for name in drawing.names() {
        if let Some(picture) = drawing.mermaid(&name) {
            text.push_str(&format!("\n## {name}\n\n```mermaid\n{picture}```\n"));
        }
    }
    text
}

fn unknown(drawing: &Drawing<'_>, name: &str) -> Failure {
    let names = drawing.names();
    let near = crate::diag::nearest(name, names.iter().map(String::as_str));
    let near: Vec<String> = near.into_iter().map(|one| format!("`{one}`")).collect();
    let message = if near.is_empty() {
        let names = names.join(", ");
        message!(
            "there is no picture `{name}`: there are {names}",
            name,
            names
        )
    } else {
        let near = near.join(", ");
        message!(
            "there is no picture `{name}`: did you mean {near}?",
            name,
            near
        )
    };
    Failure::Usage(language::say(&message))
}
