//! Reads a policy folder through all stages and gathers every finding.
//!
//! Files → settings, trees → model → program and scripts. A stage goes on after errors of the one
//! before as far as there is something to go on with, so that one run shows all mistakes.

use super::error::PolicyError;
use super::folder::{FileProblem, Folder, MAX_POLICY_BYTES, SETTINGS, all_too_large};
use super::hash;
use super::mapped_fields;
use super::policy::{Header, Policy};
use super::proofs::{self, Promise};
use crate::compile;
use crate::config::{self, Config};
use crate::diag::{self, Diagnostic, Level};
use crate::eval;
use crate::ingest;
use crate::lint;
use crate::message::message;
use crate::model::{self, Model};
use crate::script::{ScriptProblem, ScriptProblemKind, Scripts};
use crate::source::{SourceId, Sources, Span};
use crate::syntax::{self, ast};
use crate::time::{Holidays, Instant};
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

/// A policy folder after all stages.
#[derive(Clone, Debug)]
pub struct Checked {
    /// All texts read, for showing findings.
    pub sources: Sources,
    /// Everything found, in order of file, place and code.
    pub findings: Vec<Diagnostic>,
    /// What names the policy and its version; none when caseway.toml cannot be read.
    pub header: Option<Header>,
    /// The settings, as far as they could be read.
    pub config: Option<Config>,
    /// The trees of the policy files, in order of their names.
    pub files: Vec<ast::File>,
    /// The policy; none when there is an error.
    pub policy: Option<Policy>,
    /// Guarantees, in order of file and place, and what became of their proofs; none where nothing was
    /// to be proved, because of an error or because nobody asked.
    pub guarantees: Vec<Promise>,
    /// Questions about all cases that were not settled.
    pub undecided: usize,
}

/// How far a policy is looked into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Depth {
    /// Errors alone: all that is asked before a policy decides.
    Errors,
    /// Text, names, types and what lints see in them.
    Text,
    /// Also what is certain of all cases.
    Cases,
}

impl Checked {
    /// The policy, or all that is wrong with it.
    ///
    /// # Errors
    /// The findings, when one of them is an error.
    pub fn into_policy(self) -> Result<Policy, PolicyError> {
        match self.policy {
            Some(policy) => Ok(policy),
            None => Err(PolicyError::of_findings(self.findings, self.sources)),
        }
    }
}

/// Checks the policy folder at a path.
///
/// # Errors
/// Only when there is no such folder, or none with a `caseway.toml`; everything else is a finding.
pub fn check(dir: impl AsRef<Path>) -> Result<Checked, PolicyError> {
    check_folder(&on_disk(dir.as_ref())?, None, Depth::Text)
}

/// Checks the policy folder at a path, whether its dated data lasts from an instant on, and what is
/// certain of all cases: everything that `caseway lint` tells.
///
/// # Errors
/// As [`check`].
pub fn check_as_of(dir: impl AsRef<Path>, now: Instant) -> Result<Checked, PolicyError> {
    check_folder(&on_disk(dir.as_ref())?, Some(now), Depth::Cases)
}

fn on_disk(dir: &Path) -> Result<Folder, PolicyError> {
    Folder::on_disk(dir).map_err(PolicyError::of_folder)
}

/// Checks a policy folder that lies in memory, as paths (parted by `/`) and texts.
///
/// # Errors
/// Only when there is no `caseway.toml`; everything else is a finding.
pub fn check_sources(
    files: impl IntoIterator<Item = (String, String)>,
) -> Result<Checked, PolicyError> {
    check_folder(&Folder::in_memory(files), None, Depth::Text)
}

/// Checks a policy folder that lies in memory, and what is certain of all cases.
///
/// # Errors
/// As [`check_sources`].
pub fn prove_sources(
    files: impl IntoIterator<Item = (String, String)>,
) -> Result<Checked, PolicyError> {
    check_folder(&Folder::in_memory(files), None, Depth::Cases)
}

/// The policy of a folder, without what lints would say of a policy that can decide.
///
/// # Errors
/// All that is wrong with the policy.
pub(super) fn load(folder: &Folder) -> Result<Policy, PolicyError> {
    match check_folder(folder, None, Depth::Errors)?.policy {
        Some(policy) => Ok(policy),
        // An invalid policy is told of as a whole.
        None => check_folder(folder, None, Depth::Text)?.into_policy(),
    }
}

/// The policy of the folder at a path, as [`load`].
///
/// # Errors
/// All that is wrong with the policy.
pub(super) fn load_path(dir: &Path) -> Result<Policy, PolicyError> {
    load(&on_disk(dir)?)
}

pub(super) fn check_folder(
    folder: &Folder,
    now: Option<Instant>,
    depth: Depth,
) -> Result<Checked, PolicyError> {
    if !folder.has_settings() {
        let (shown, settings) = (folder.shown(), SETTINGS);
        return Err(PolicyError::of_folder(match folder.policy_nearby() {
            Some(nearby) => message!(
                "`{shown}` has no `{settings}`, so it is no policy folder; `{nearby}` is one",
                shown,
                settings,
                nearby
            ),
            None if matches!(folder, Folder::Memory(_)) => message!(
                "`{shown}` has no `{settings}`, so it is no policy folder",
                shown,
                settings
            ),
            None => message!(
                "`{shown}` has no `{settings}`, so it is no policy folder; `caseway init {shown}` starts one",
                shown,
                settings
            ),
        }));
    }
    let mut check = Check::of(folder);
    let config = check.config();
    let files = check.policy_files();
    let tables = check.tables(&files);
    let scripts = check.scripts(&files);
    let holidays = check.holidays(config.as_ref());
    let header = config.as_ref().map(|config| check.header(config));
    // Without some of the files nothing can be said of names.
    let model = config
        .as_ref()
        .filter(|_| check.bytes <= MAX_POLICY_BYTES)
        .and_then(|config| check.model(config, &files, &tables));
    if let Some(config) = &config {
        check
            .findings
            .extend(lint::check_levels(&config.lint_spans));
    }
    if let (Some(config), Some(model)) = (&config, &model) {
        // What could not be read may use what seems unused: lints are for whole policies.
        if depth != Depth::Errors && !check.findings.iter().any(is_fatal) {
            let holidays = holiday_data(config, &holidays);
            let found = lint::check(lint::Input {
                files: &files,
                model,
                sources: &check.sources,
                holidays: &holidays,
                now,
            });
            check.findings.extend(found);
            let mappings = mapped_fields::of(config, &model.schema);
            check
                .findings
                .extend(lint::check_mappings(model, &mappings));
        }
        // Fields that could not be read are no mistake of a mapping that fills them.
        let all_read = files
            .iter()
            .all(|file| file.lost.names.is_empty() && file.lost.items.is_empty());
        for mapping in config.mappings.values().filter(|_| all_read) {
            check
                .findings
                .extend(ingest::check_mapping(&model.schema, mapping));
        }
    }
    let policy = check.policy(config.as_ref(), header.as_ref(), model, &scripts, &holidays);
    let proofs = policy
        .as_ref()
        .filter(|_| depth == Depth::Cases && !check.findings.iter().any(is_fatal));
    let proofs = proofs.map(|parts| {
        let proofs = proofs::of(&parts.model, &parts.program, &parts.scripts, &check.sources);
        let told = lint::check_proofs(
            &proofs.proven,
            &files,
            &parts.model,
            &parts.program,
            &check.sources,
        );
        check.findings.extend(told);
        (proofs.guarantees, proofs.undecided)
    });
    let analysed = proofs.is_some();
    let (guarantees, undecided) = proofs.unwrap_or_default();
    let Check {
        sources, findings, ..
    } = check;
    let none = BTreeMap::new();
    let levels = config.as_ref().map_or(&none, |config| &config.lint);
    let mut findings = lint::apply_levels(findings, &files, levels, &sources, analysed);
    sort(&mut findings, &sources);
    let broken = findings.iter().any(is_fatal);
    let policy = policy
        .filter(|_| !broken)
        .map(|parts| Policy::new(parts, sources.clone(), depth != Depth::Errors));
    Ok(Checked {
        sources,
        findings,
        header,
        config,
        files,
        policy,
        guarantees,
        undecided,
    })
}

/// The model of a folder without mistakes, made from its texts once more; their places are numbered as before.
pub(super) fn model_of(folder: &Folder) -> Option<Model> {
    let mut check = Check::of(folder);
    let config = check.config()?;
    let files = check.policy_files();
    let tables = check.tables(&files);
    check.model(&config, &files, &tables)
}

/// The holiday data of the settings that could be read, with where they speak of it.
fn holiday_data(
    config: &Config,
    read: &BTreeMap<String, (Arc<Holidays>, String)>,
) -> BTreeMap<String, lint::HolidayData> {
    let data = read.iter().filter_map(|(name, (days, file))| {
        let covers_span = config.holidays.get(name)?.covers_span;
        let data = lint::HolidayData {
            days: Arc::clone(days),
            file: file.clone(),
            covers_span,
        };
        Some((name.clone(), data))
    });
    data.collect()
}

/// Whether a policy with this finding cannot decide. A lint raised to an error is an error of `lint`
/// alone.
pub(super) fn is_fatal(finding: &Diagnostic) -> bool {
    finding.level == Level::Error && lint::kind_of(finding.code) != Some(lint::Kind::Lint)
}

/// Orders findings by file name, place and code.
fn sort(findings: &mut [Diagnostic], sources: &Sources) {
    let mut names: Vec<(&str, SourceId)> = sources
        .iter()
        .map(|(id, source)| (source.name.as_str(), id))
        .collect();
    names.sort();
    let ranks: BTreeMap<SourceId, u32> = names
        .iter()
        .zip(0..)
        .map(|((_, id), rank)| (*id, rank))
        .collect();
    diag::sort(findings, |span| {
        ranks.get(&span.source).copied().unwrap_or(u32::MAX)
    });
}

/// What a policy is made of, once nothing is wrong with it.
pub(super) struct Parts {
    pub config: Config,
    pub header: Header,
    pub model: Model,
    pub program: compile::Program,
    pub scripts: Scripts,
}

struct Check<'a> {
    folder: &'a Folder,
    sources: Sources,
    findings: Vec<Diagnostic>,
    /// Every file read, by path.
    texts: BTreeMap<String, Arc<str>>,
    ids: BTreeMap<String, SourceId>,
    /// How many bytes all files read have together.
    bytes: u64,
}

impl<'a> Check<'a> {
    fn of(folder: &'a Folder) -> Check<'a> {
        Check {
            folder,
            sources: Sources::default(),
            findings: Vec::new(),
            texts: BTreeMap::new(),
            ids: BTreeMap::new(),
            bytes: 0,
        }
    }

    /// Reads a file once; a problem is put down to the place that names the file, or to the file.
    fn read(&mut self, path: &str, named_at: Option<Span>) -> Option<(SourceId, Arc<str>)> {
        let key = super::path::inside(path).unwrap_or_else(|_| path.to_owned());
        if let (Some(id), Some(text)) = (self.ids.get(&key), self.texts.get(&key)) {
            return Some((*id, Arc::clone(text)));
        }
        if self.bytes > MAX_POLICY_BYTES {
            // That the files are too large has been told at the first that was.
            return None;
        }
        let read = self.folder.read(path).and_then(|text| {
            self.bytes += text.len() as u64;
            match self.bytes <= MAX_POLICY_BYTES {
                true => Ok(text),
                false => Err(all_too_large(path)),
            }
        });
        match read {
            Ok(text) => {
                let text: Arc<str> = text.into();
                let id = self.sources.add(key.clone(), Arc::clone(&text));
                self.ids.insert(key.clone(), id);
                self.texts.insert(key, Arc::clone(&text));
                Some((id, text))
            }
            Err(problem) => {
                self.file_problem(path, named_at, problem);
                None
            }
        }
    }

    fn file_problem(&mut self, path: &str, named_at: Option<Span>, problem: FileProblem) {
        let in_text = problem.code == "not-utf8";
        let span = match named_at {
            Some(span) if !in_text => span,
            Some(_) | None => {
                let end = problem.readable.len();
                let id = self.sources.add(path, problem.readable);
                Span::new(id, end, end)
            }
        };
        self.findings
            .push(Diagnostic::error(problem.code, span, problem.message).help(problem.help));
    }

    fn config(&mut self) -> Option<Config> {
        let (id, text) = self.read(SETTINGS, None)?;
        let (config, findings) = config::read(id, &text);
        self.findings.extend(findings);
        config
    }

    fn policy_files(&mut self) -> Vec<ast::File> {
        let listing = self.folder.policy_files();
        for (path, problem) in listing.problems {
            self.file_problem(&path, None, problem);
        }
        let mut files = Vec::new();
        for path in listing.files {
            if let Some((id, text)) = self.read(&path, None) {
                let (file, findings) = syntax::parse(id, &text);
                self.findings.extend(findings);
                files.push(file);
            }
        }
        files
    }

    /// Grids of `table from "file.csv"`, by the path as written.
    fn tables(&mut self, files: &[ast::File]) -> BTreeMap<String, ast::Table> {
        let mut tables = BTreeMap::new();
        let mut tried: BTreeMap<String, ()> = BTreeMap::new();
        for file in files {
            for item in &file.items {
                let ast::ItemKind::Classify(block) = &item.kind else {
                    continue;
                };
                for part in &block.body {
                    let ast::ClassifyPart::TableFile(path, _) = part else {
                        continue;
                    };
                    if tried.insert(path.text.clone(), ()).is_some() {
                        continue;
                    }
                    let Some((id, text)) = self.read(&path.text, Some(path.span)) else {
                        continue;
                    };
                    let (table, findings) = syntax::parse_csv_table(id, &text);
                    self.findings.extend(findings);
                    tables.extend(table.map(|table| (path.text.clone(), table)));
                }
            }
        }
        tables
    }

    /// Texts of scripts, by the path as written.
    fn scripts(&mut self, files: &[ast::File]) -> BTreeMap<String, Arc<str>> {
        let mut scripts = BTreeMap::new();
        for item in files.iter().flat_map(|file| &file.items) {
            let ast::ItemKind::Script(script) = &item.kind else {
                continue;
            };
            if let Some((_, text)) = self.read(&script.file.text, Some(script.file.span)) {
                scripts.insert(script.file.text.clone(), text);
            }
        }
        scripts
    }

    fn holidays(&mut self, config: Option<&Config>) -> BTreeMap<String, (Arc<Holidays>, String)> {
        let mut all = BTreeMap::new();
        for (name, source) in config.map(|config| &config.holidays).into_iter().flatten() {
            let Some((id, text)) = self.read(&source.file, Some(source.file_span)) else {
                continue;
            };
            let read = if source.file.to_ascii_lowercase().ends_with(".toml") {
                config::holidays::parse_toml(&text, source.covers)
            } else {
                config::holidays::parse_csv(&text, source.covers)
            };
            match read {
                Ok(holidays) => {
                    all.insert(name.clone(), (Arc::new(holidays), source.file.clone()));
                }
                Err(errors) => {
                    let place = |bytes: &Range<usize>| Span::new(id, bytes.start, bytes.end);
                    let behind = errors.get(config::MOST_FINDINGS);
                    let behind = behind.map(|error| config::too_many(place(&error.bytes)));
                    let told = errors.into_iter().take(config::MOST_FINDINGS);
                    self.findings.extend(told.map(|error| {
                        let span = place(&error.bytes);
                        let finding = Diagnostic::error("bad-holidays", span, error.message)
                            .subject(format!("holidays.{name}"));
                        match error.help {
                            Some(help) => finding.help(help),
                            None => finding,
                        }
                    }));
                    self.findings.extend(behind);
                }
            }
        }
        all
    }

    fn header(&self, config: &Config) -> Header {
        let holidays = config.holidays.iter().filter_map(|(name, source)| {
            let path = super::path::inside(&source.file).ok()?;
            self.texts
                .get(&path)
                .map(|text| (name.clone(), hash::of_text(text)))
        });
        Header {
            name: config.name.clone(),
            version: config.version.clone(),
            hash: hash::of_files(&self.texts),
            language: config.language,
            tzdb: crate::time::tzdb_version().to_owned(),
            holidays: holidays.collect(),
        }
    }

    fn model(
        &mut self,
        config: &Config,
        files: &[ast::File],
        tables: &BTreeMap<String, ast::Table>,
    ) -> Option<Model> {
        let settings = model::Settings {
            name: config.name.clone(),
            version: config.version.clone(),
            language: config.language,
            zone: config.zone,
            holidays: config.holidays.keys().cloned().collect(),
        };
        let input = model::Input {
            settings: &settings,
            files,
            tables,
            sources: &self.sources,
        };
        let (model, findings) = model::build(input);
        self.findings.extend(findings);
        model
    }

    fn policy(
        &mut self,
        config: Option<&Config>,
        header: Option<&Header>,
        model: Option<Model>,
        scripts: &BTreeMap<String, Arc<str>>,
        holidays: &BTreeMap<String, (Arc<Holidays>, String)>,
    ) -> Option<Parts> {
        let holidays = holidays
            .iter()
            .map(|(name, (data, _))| (name.clone(), Arc::clone(data)))
            .collect();
        let program = model
            .as_ref()
            .map(|model| compile::compile(model, &holidays));
        let signatures = program.as_ref().map(eval::signatures).unwrap_or_default();
        let (loaded, problems) = Scripts::compile(&signatures, scripts);
        for problem in problems {
            let declared = problem.function.and_then(|place| signatures.get(place));
            let finding = self.script_finding(&problem, declared.map(|function| function.span));
            self.findings.push(finding);
        }
        Some(Parts {
            config: config?.clone(),
            header: header?.clone(),
            model: model?,
            program: program?,
            scripts: loaded,
        })
    }

    fn script_finding(&self, problem: &ScriptProblem, declared: Option<Span>) -> Diagnostic {
        let path = super::path::inside(&problem.file).unwrap_or_default();
        let id = self.ids.get(&path).copied().unwrap_or_default();
        let length = self.texts.get(&path).map_or(0, |text| text.len());
        let byte = problem.byte.min(length);
        let place = Span::new(id, byte, byte);
        let (code, help) = match problem.kind {
            ScriptProblemKind::Script => (
                "script-error",
                message!("scripts are written in Rhai and hold `fn name(x) {{ … }}` only"),
            ),
            ScriptProblemKind::UnknownFunction => (
                "unknown-function",
                message!("add the function to the script, or take it out of the policy"),
            ),
            ScriptProblemKind::ArgumentCount => (
                "wrong-argument-count",
                message!("declare the arguments that the script takes, in its order"),
            ),
        };
        Diagnostic::error(code, declared.unwrap_or(place), problem.message.clone()).help(help)
    }
}
