//! `caseway lint --costs`: what deciding a case asks rule by rule.

use crate::cli::language::{say, told};
use crate::driver::BlockCosts;

/// The costs of all blocks for people.
pub(super) fn text(blocks: &[BlockCosts]) -> String {
    let mut text = String::new();
    for block in blocks {
        let (name, rules) = (&block.block, block.rules);
        let parts = block.parts.len();
        let line = match (block.few, parts) {
            (true, _) => told!(
                "{name}: {rules} rules, so few that they are asked one by one",
                name,
                rules
            ),
            (false, 0) => told!("{name}: {rules} rules, all of them looked up", name, rules),
            (false, 1) => told!(
                "{name}: {rules} rules looked up, but for 1 part",
                name,
                rules
            ),
            (false, _) => told!(
                "{name}: {rules} rules looked up, but for {parts} parts",
                name,
                rules,
                parts
            ),
        };
        text.push_str(&format!("{line}\n"));
        for part in &block.parts {
            let because = say(&part.because);
            text.push_str(&format!(
                "  {}:{}: {}: `{}`: {because}\n",
                part.file, part.line, part.rule, part.condition
            ));
        }
    }
    text
}
