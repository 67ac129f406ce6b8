//! `caseway diff`: what two versions of a policy decide differently.

mod cases;
mod page;

use super::failure::Failure;
use super::{Answer, Format, Global, output, parse_instant};
use crate::driver::{self, VersionsReport};
use crate::message::message;
use crate::{Instant, Policy};
use cases::{Cases, Recorded};
use clap::Args;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// Tell what two versions of a policy decide differently
#[derive(Debug, Args)]
pub(super) struct Diff {
    /// The folders of the old and of the new version; with --git only the new one [default: .]
    #[arg(value_name = "OLD NEW", num_args = 0..=2)]
    folders: Vec<PathBuf>,
    /// The old version is the folder as it stood at this revision of git
    #[arg(long, value_name = "REVISION")]
    git: Option<String>,
    /// Recorded cases to be decided by both versions: NDJSON, or rows for a mapping
    #[arg(long, value_name = "FILE")]
    cases: Option<PathBuf>,
    /// The mapping of caseway.toml that turns rows into cases
    #[arg(long, value_name = "NAME", requires = "cases")]
    mapping: Option<String>,
    /// The instant to decide recorded cases for [default: the row's `at`, or now]
    #[arg(long, value_name = "INSTANT", value_parser = parse_instant, requires = "cases")]
    at: Option<Instant>,
    /// The form of the result
    #[arg(long, value_enum)]
    pub(super) format: Option<Format>,
}

/// The report with recorded cases.
#[derive(Serialize)]
struct Report {
    #[serde(flatten)]
    versions: VersionsReport,
    #[serde(skip_serializing_if = "Option::is_none")]
    cases: Option<Cases>,
}

impl Diff {
    pub(super) fn run(&self, global: &Global) -> Result<Answer, Failure> {
        let (old, new) = self.versions(global)?;
        let versions = driver::versions_report(&old, &new);
        let cases = match &self.cases {
            Some(path) => {
                let recorded = Recorded {
                    path,
                    mapping: self.mapping.as_deref(),
                    at: self.at,
                };
                Some(recorded.decide(&old, &new)?)
            }
            None => None,
        };
        let moved = cases
            .as_ref()
            .is_some_and(|cases| !cases.changed.is_empty());
        let changed = versions.changed || moved;
        let report = Report { versions, cases };
        let text = match self.format {
            Some(Format::Json) => {
                format!("{}\n", serde_json::to_string(&report).unwrap_or_default())
            }
            Some(Format::Text) | None => page::text(&report),
        };
        output::print(&text).map_err(Failure::from_stdout)?;
        Ok(if changed { Answer::No } else { Answer::Yes })
    }

    fn versions(&self, global: &Global) -> Result<(Policy, Policy), Failure> {
        let load = |path: &Path| Policy::load(path).map_err(Failure::from);
        match (&self.git, self.folders.as_slice()) {
            (Some(revision), [] | [_]) => {
                let folder = global.folder(self.folders.first().map(PathBuf::as_path))?;
                let old = driver::policy_at(&folder, revision).map_err(Failure::from)?;
                Ok((old, load(&folder)?))
            }
            (None, [old, new]) => Ok((load(old)?, load(new)?)),
            (Some(_), _) => Err(Failure::Usage(message!(
                "with `--git`, give one folder: the old version is what it was at the revision"
            ))),
            (None, _) => Err(Failure::Usage(message!(
                "give two folders, the old version and the new one, or `--git REVISION` and one folder"
            ))),
        }
    }
}
