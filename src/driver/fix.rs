//! Applies the mends of findings to a policy folder: in memory until nothing is left to mend, then
//! each changed file at once.

use super::check::{Checked, Depth, check_folder, is_fatal};
use super::error::PolicyError;
use super::folder::Folder;
use super::outside::replace_file;
use crate::diag::{Diagnostic, Fix};
use crate::lint;
use crate::source::{SourceId, Sources, Span};
use crate::time::Instant;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

/// A mend may bring up another finding that has a mend; more rounds than this mean a circle.
const MOST_ROUNDS: usize = 20;

/// Which mends are applied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FixOptions {
    /// Beside the safe ones, those that take out declarations which nothing uses.
    pub remove_unused: bool,
}

/// What came of mending a folder.
#[derive(Clone, Debug)]
pub struct Fixed {
    /// The folder after the mends, checked.
    pub checked: Checked,
    /// The files that change, in order of their names.
    pub files: Vec<FixedFile>,
    root: PathBuf,
}

/// A file that changes.
#[derive(Clone, Debug)]
pub struct FixedFile {
    /// Its path in the policy folder.
    pub path: String,
    /// Its text as it was.
    pub before: String,
    /// Its text with the mends.
    pub after: String,
    /// How many findings were mended in it, by code.
    pub mended: BTreeMap<&'static str, usize>,
}

impl Fixed {
    /// Writes the files that change, each whole or not at all.
    ///
    /// # Errors
    /// The first file that cannot be written, and what the file system answers; files before it are
    /// written.
    pub fn write(&self) -> Result<(), (PathBuf, io::Error)> {
        self.files.iter().try_for_each(|file| {
            let path = self.root.join(&file.path);
            replace_file(&path, &file.after).map_err(|error| (path, error))
        })
    }
}

/// Mends what can be mended in the policy folder at a path. Nothing is written before
/// [`Fixed::write`].
///
/// # Errors
/// As [`super::check`].
pub fn fix(dir: impl AsRef<Path>, now: Instant, options: FixOptions) -> Result<Fixed, PolicyError> {
    let dir = dir.as_ref();
    let disk = Folder::on_disk(dir).map_err(PolicyError::of_folder)?;
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    let mut mended: BTreeMap<String, BTreeMap<&'static str, usize>> = BTreeMap::new();
    let mut checked = check_folder(&disk, Some(now), Depth::Cases)?;
    let first = checked.sources.clone();
    for _ in 0..MOST_ROUNDS {
        let chosen = choose(&checked.findings, options);
        if chosen.is_empty() {
            break;
        }
        let mut next = texts.clone();
        next.extend(apply(&chosen, &checked.sources));
        let edited = Folder::Edited(Box::new(disk.clone()), next.clone());
        let after = check_folder(&edited, Some(now), Depth::Cases)?;
        // A mend that makes things worse is none.
        if errors(&after) > errors(&checked) {
            break;
        }
        for (finding, _) in &chosen {
            let file = checked.sources.name(finding.span).to_owned();
            *mended
                .entry(file)
                .or_default()
                .entry(finding.code)
                .or_default() += 1;
        }
        texts = next;
        checked = after;
    }
    let original = |path: &str| {
        let source = first.iter().find(|(_, source)| source.name == path);
        source.map(|(_, source)| source.text.to_string())
    };
    let files = texts.into_iter().filter_map(|(path, after)| {
        let before = original(&path)?;
        let mended = mended.remove(&path).unwrap_or_default();
        (before != after).then_some(FixedFile {
            path,
            before,
            after,
            mended,
        })
    });
    Ok(Fixed {
        files: files.collect(),
        checked,
        root: dir.to_owned(),
    })
}

fn errors(checked: &Checked) -> usize {
    checked.findings.iter().filter(|one| is_fatal(one)).count()
}

/// The mends of one round: none touches what another changes.
fn choose(findings: &[Diagnostic], options: FixOptions) -> Vec<(&Diagnostic, &Fix)> {
    let mut taken: BTreeMap<SourceId, BTreeSet<(u32, u32)>> = BTreeMap::new();
    let mut chosen = Vec::new();
    for finding in findings {
        let Some(fix) = &finding.fix else { continue };
        let wanted = fix.safe || options.remove_unused && lint::REMOVABLE.contains(&finding.code);
        let free = |span: Span| {
            taken
                .get(&span.source)
                .is_none_or(|spans| is_free(spans, span))
        };
        if wanted && !fix.edits.is_empty() && fix.edits.iter().all(|edit| free(edit.span)) {
            for edit in &fix.edits {
                let spans = taken.entry(edit.span.source).or_default();
                spans.insert((edit.span.start, edit.span.end));
            }
            chosen.push((finding, fix));
        }
    }
    chosen
}

/// Whether a span neither overlaps nor touches one of those taken, which lie apart.
fn is_free(taken: &BTreeSet<(u32, u32)>, span: Span) -> bool {
    let before = taken.range(..=(span.end, u32::MAX)).next_back();
    before.is_none_or(|(_, end)| *end < span.start)
}

/// The texts of the files that the mends change, with their edits made.
fn apply(chosen: &[(&Diagnostic, &Fix)], sources: &Sources) -> BTreeMap<String, String> {
    let mut edits: BTreeMap<SourceId, Vec<(Span, &str)>> = BTreeMap::new();
    for (_, fix) in chosen {
        for edit in &fix.edits {
            let of_source = edits.entry(edit.span.source).or_default();
            of_source.push((edit.span, &edit.text));
        }
    }
    let mut texts = BTreeMap::new();
    for (id, mut edits) in edits {
        let Some(source) = sources.get(id) else {
            continue;
        };
        edits.sort_by_key(|(span, _)| (span.start, span.end));
        let mut text = String::with_capacity(source.text.len());
        let mut from = 0;
        for (span, new) in edits {
            text.push_str(source.text.get(from..span.start as usize).unwrap_or(""));
            text.push_str(new);
            from = span.end as usize;
        }
        text.push_str(source.text.get(from..).unwrap_or(""));
        texts.insert(source.name.clone(), text);
    }
    texts
}
