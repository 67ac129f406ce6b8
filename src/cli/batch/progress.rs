//! The progress bar on stderr, when a person looks at it.

use super::super::output;
use crate::cli::language::told;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Shows how far a batch has come.
pub(super) struct Progress {
    bar: ProgressBar,
    read: Arc<AtomicU64>,
    sized: bool,
}

impl Progress {
    /// Starts a bar over so many bytes, or rows, of which so many are read; a count of rows when it is
    /// not known how many.
    pub(super) fn start(bytes: Option<u64>, read: Arc<AtomicU64>) -> Progress {
        let bar = match bytes {
            Some(bytes) => ProgressBar::new(bytes),
            None => ProgressBar::no_length(),
        };
        let terminal = output::stderr_is_terminal();
        bar.set_draw_target(if terminal {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        });
        let (rows, left) = (told!("rows"), told!("left of the time"));
        let form = match (bytes, output::no_color()) {
            (Some(_), false) => {
                format!("{{bar:40.cyan}} {{percent:>3}}%  {{msg}} {rows}  {{eta}} {left}")
            }
            (Some(_), true) => {
                format!("{{bar:40}} {{percent:>3}}%  {{msg}} {rows}  {{eta}} {left}")
            }
            (None, _) => format!("{{spinner}} {{msg}} {rows}"),
        };
        if let Ok(style) = ProgressStyle::with_template(&form) {
            bar.set_style(style);
        }
        Progress {
            bar,
            read,
            sized: bytes.is_some(),
        }
    }

    /// Shows the bytes read and the rows written so far.
    pub(super) fn show(&self, rows: u64) {
        if self.bar.is_hidden() {
            return;
        }
        self.bar.set_message(rows.to_string());
        if self.sized {
            self.bar.set_position(self.read.load(Ordering::Relaxed));
        } else {
            self.bar.tick();
        }
    }

    /// Takes the bar away.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
