//! Slips that are known for certain from the tokens alone, mended before the text is parsed.

use super::scan::Scan;
use super::shadow::Patch;
use crate::diag::Diagnostic;
use crate::source::SourceId;

/// What was found in a text.
#[derive(Debug, Default)]
pub(super) struct Slips {
    pub findings: Vec<Diagnostic>,
    pub patches: Vec<Patch>,
    /// Offsets of slips that are reported but not mended: what they break is not reported again.
    pub claimed: Vec<usize>,
}

/// Finds slips.
pub(super) fn find(_source: SourceId, _text: &str, _scan: &Scan) -> Slips {
    Slips::default()
}
