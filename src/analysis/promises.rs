//! What is asked of guarantees.
//!
//! Part of [`super::facts`].

use super::blocks::Blocks;
use super::facts::{Asker, Block, Claim, Proof};
use super::solver::Answer;

impl Asker<'_> {
    pub(super) fn guarantees(&mut self, blocks: &Blocks) {
        for (place, guarantee) in (0u32..).zip(&blocks.guarantees) {
            let broken = [guarantee.speaks, !guarantee.kept];
            let block = Block::Guarantee(place);
            let answer = self.tell_if_possible(block, Claim::GuaranteeBroken, &broken);
            self.found.guarantees.push(match answer {
                Answer::Yes => Proof::Broken,
                Answer::No => Proof::Proved,
                Answer::Undecided => Proof::Undecided,
            });
        }
    }
}
