//! The text that is really parsed: the operator's own with known slips mended, and the way back
//! from its offsets to those of the original.

/// One replacement in the original text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Patch {
    pub start: usize,
    pub end: usize,
    pub text: String,
}

/// A mended text.
#[derive(Clone, Debug, Default)]
pub(super) struct Shadow {
    pub text: String,
    /// For each stretch: its start here, its start and end in the original, and whether it is replaced.
    stretches: Vec<Stretch>,
}

#[derive(Clone, Copy, Debug)]
struct Stretch {
    here: usize,
    start: usize,
    end: usize,
    replaced: bool,
}

impl Shadow {
    /// Applies patches; those that overlap an earlier one are left out.
    pub fn new(original: &str, mut patches: Vec<Patch>) -> Shadow {
        patches.sort_by_key(|patch| (patch.start, patch.end));
        let mut shadow = Shadow {
            text: String::with_capacity(original.len()),
            stretches: Vec::new(),
        };
        let mut done = 0;
        for patch in patches {
            if patch.start < done || patch.end > original.len() || patch.end < patch.start {
                continue;
            }
            shadow.keep(original, done, patch.start);
            let here = shadow.text.len();
            shadow.stretches.push(Stretch {
                here,
                start: patch.start,
                end: patch.end,
                replaced: true,
            });
            shadow.text.push_str(&patch.text);
            done = patch.end;
        }
        shadow.keep(original, done, original.len());
        shadow
    }

    fn keep(&mut self, original: &str, start: usize, end: usize) {
        let here = self.text.len();
        self.stretches.push(Stretch {
            here,
            start,
            end,
            replaced: false,
        });
        self.text.push_str(original.get(start..end).unwrap_or(""));
    }

    /// Where the character at `offset` starts in the original.
    pub fn original_start(&self, offset: usize) -> usize {
        let after = self
            .stretches
            .partition_point(|stretch| stretch.here <= offset);
        self.stretches
            .get(after.saturating_sub(1))
            .map_or(offset, |stretch| {
                if stretch.replaced {
                    stretch.start
                } else {
                    (stretch.start + offset - stretch.here).min(stretch.end)
                }
            })
    }

    /// Where what ends at `offset` ends in the original.
    pub fn original_end(&self, offset: usize) -> usize {
        let after = self
            .stretches
            .partition_point(|stretch| stretch.here < offset);
        self.stretches
            .get(after.saturating_sub(1))
            .map_or(offset, |stretch| {
                if stretch.replaced {
                    stretch.end
                } else {
                    (stretch.start + offset.saturating_sub(stretch.here)).min(stretch.end)
                }
            })
    }
}
