//! What came of a batch, in numbers.

use crate::cli::language::{self, told};
use crate::compile::Type;
use crate::eval::Shown;
use crate::ingest::Refusal;
use crate::message::{Message, message};
use crate::value::Value;
use crate::{Decision, Policy};
use std::collections::BTreeMap;
use unicode_width::UnicodeWidthStr;

/// What one row adds to the numbers.
pub(super) struct RowTally {
    /// Code of the refusal and codes of its fields; none for a decided row.
    refused: Option<(&'static str, Vec<&'static str>)>,
    /// The value of each thing that is counted, in the order of [`Summary::new`].
    values: Vec<Values>,
    problems: usize,
    swapped: u64,
}

impl RowTally {
    pub(super) fn new(
        policy: &Policy,
        decided: Result<&Decision, &Refusal>,
        swapped: u64,
    ) -> RowTally {
        match decided {
            Err(refusal) => {
                let mut codes: Vec<&'static str> =
                    refusal.fields.iter().map(|field| field.code).collect();
                codes.sort_unstable();
                codes.dedup();
                RowTally {
                    refused: Some((refusal.code, codes)),
                    values: Vec::new(),
                    problems: 0,
                    swapped,
                }
            }
            Ok(decision) => {
                let blocks = policy.program().classifications.iter();
                let decided = &decision.places().classifications;
                let mut values: Vec<Values> = blocks
                    .zip(decided)
                    .map(|(block, decided)| members(policy, &block.ty, decided.value.as_ref()))
                    .collect();
                let route = decision.route();
                let role = route.as_ref().and_then(|route| route.role);
                let queue = route.as_ref().and_then(|route| route.queue);
                let tier = decision.sla().and_then(|sla| sla.tier);
                values.extend([role, queue, tier].map(|name| vec![name.map(str::to_owned)]));
                RowTally {
                    refused: None,
                    values,
                    problems: decision.problems().len(),
                    swapped,
                }
            }
        }
    }

    pub(super) fn is_refused(&self) -> bool {
        self.refused.is_some()
    }
}

/// A value, or each of a set; none is a missing value, or an empty set.
type Values = Vec<Option<String>>;

fn members(policy: &Policy, ty: &Type, value: Option<&Value>) -> Values {
    let program = policy.program();
    match (value, ty) {
        (None, _) => vec![None],
        (Some(Value::Set(items)), _) if items.is_empty() => vec![None],
        (Some(Value::Set(items)), Type::Set(ty)) => {
            let shown = items.iter().map(|value| Shown { program, ty, value });
            shown.map(|item| Some(item.to_string())).collect()
        }
        (Some(value), ty) => vec![Some(Shown { program, ty, value }.to_string())],
    }
}

/// How the rows of a log were put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gathered {
    /// They stood together.
    CaseByCase,
    /// All of them were read first.
    InMemory,
}

/// What came of a batch.
pub(super) struct Summary {
    decided: u64,
    /// How many rows were refused.
    pub(super) refused: u64,
    /// How many rows were read.
    pub(super) read: u64,
    /// How the rows of a log were put together; none where each row is a case.
    pub(super) log: Option<Gathered>,
    /// Whether a strict batch stopped.
    pub(super) stopped: bool,
    /// What is counted, and how often each value was seen; none is a missing value.
    counts: Vec<(String, Counts)>,
    codes: BTreeMap<&'static str, u64>,
    field_codes: BTreeMap<&'static str, u64>,
    problems: u64,
    swapped: u64,
}

impl Summary {
    pub(super) fn new(policy: &Policy) -> Summary {
        let program = policy.program();
        let blocks = program
            .classifications
            .iter()
            .map(|block| block.named.name.clone());
        let names = blocks.chain(["role", "queue", "tier"].map(str::to_owned));
        Summary {
            decided: 0,
            refused: 0,
            read: 0,
            log: None,
            stopped: false,
            counts: names.map(|name| (name, Counts::new())).collect(),
            codes: BTreeMap::new(),
            field_codes: BTreeMap::new(),
            problems: 0,
            swapped: 0,
        }
    }

    pub(super) fn cases(&self) -> u64 {
        self.decided + self.refused
    }

    pub(super) fn add(&mut self, row: &RowTally) {
        self.swapped += row.swapped;
        self.problems += u64::from(row.problems > 0);
        match &row.refused {
            Some((code, fields)) => {
                self.refused += 1;
                *self.codes.entry(code).or_default() += 1;
                for field in fields {
                    *self.field_codes.entry(field).or_default() += 1;
                }
            }
            None => {
                self.decided += 1;
                for ((_, counts), values) in self.counts.iter_mut().zip(&row.values) {
                    values.iter().for_each(|value| count(counts, value, 1));
                }
            }
        }
    }

    /// Adds what came of the rows that follow; says how many rows were read up to their end.
    pub(super) fn merge(&mut self, other: Summary) {
        self.decided += other.decided;
        self.refused += other.refused;
        self.read += other.read;
        self.stopped |= other.stopped;
        self.problems += other.problems;
        self.swapped += other.swapped;
        for ((_, counts), (_, others)) in self.counts.iter_mut().zip(other.counts) {
            count_all(counts, others);
        }
        for (code, more) in other.codes {
            *self.codes.entry(code).or_default() += more;
        }
        for (code, more) in other.field_codes {
            *self.field_codes.entry(code).or_default() += more;
        }
    }

    /// The numbers as lines.
    pub(super) fn text(&self, policy: &Policy) -> String {
        let rows = |count: u64| match count {
            1 => message!("1 row"),
            count => message!("{count} rows", count),
        };
        let of_log = self.log.is_some();
        let total = match (of_log, self.cases()) {
            (false, count) => rows(count),
            (true, 1) => message!("1 case of {rows}", rows = rows(self.read)),
            (true, count) => message!("{count} cases of {rows}", count, rows = rows(self.read)),
        };
        let (decided, refused) = (self.decided, self.refused);
        let mut text = String::new();
        let mut line = |message: Message| text.push_str(&format!("{}\n", language::say(&message)));
        line(message!(
            "{total}: {decided} decided, {refused} refused",
            total,
            decided,
            refused
        ));
        if self.log == Some(Gathered::InMemory) {
            line(message!("all rows were held in memory (`grouped = false`)"));
        }
        match (self.stopped, of_log) {
            (true, true) => line(message!("stopped at the first refused case")),
            (true, false) => line(message!("stopped at the first refused row")),
            (false, _) => {}
        }
        let present = [
            policy.program().route.is_some(),
            policy.program().route.is_some(),
            policy.program().sla.is_some(),
        ];
        let blocks = self.counts.len().saturating_sub(present.len());
        let shown: Vec<bool> = std::iter::repeat_n(true, blocks).chain(present).collect();
        let width = self
            .counts
            .iter()
            .map(|(name, _)| name.width())
            .max()
            .unwrap_or(0);
        for ((name, counts), shown) in self.counts.iter().zip(shown) {
            if !shown || counts.is_empty() {
                continue;
            }
            let parts: Vec<String> = counts
                .iter()
                .map(|(value, (_, count))| match value {
                    Some(value) => format!("{value} {count}"),
                    None => format!("{} {count}", told!("(none)")),
                })
                .collect();
            let blanks = " ".repeat(width.saturating_sub(name.width()));
            text.push_str(&format!("  {name}{blanks}  {}\n", parts.join(", ")));
        }
        if self.refused > 0 {
            let list = |counts: &BTreeMap<&str, u64>| {
                let parts: Vec<String> = counts
                    .iter()
                    .map(|(code, count)| format!("{code} {count}"))
                    .collect();
                parts.join(", ")
            };
            let codes = list(&self.codes);
            text.push_str(&format!("  {}\n", told!("refused: {codes}", codes)));
            let codes = list(&self.field_codes);
            let wrong = match (self.field_codes.is_empty(), of_log) {
                (true, _) => None,
                (false, true) => Some(told!("cases by what is wrong in them: {codes}", codes)),
                (false, false) => Some(told!("rows by what is wrong in them: {codes}", codes)),
            };
            text.extend(wrong.map(|wrong| format!("  {wrong}\n")));
        }
        if self.problems > 0 {
            let count = self.problems;
            let told = match of_log {
                true => told!("cases with problems: {count}", count),
                false => told!("rows with problems: {count}", count),
            };
            text.push_str(&format!("  {told}\n"));
        }
        if self.swapped > 0 {
            let count = self.swapped;
            let told = told!("dates read with day and month swapped: {count}", count);
            text.push_str(&format!("  {told}\n"));
        }
        text
    }
}

/// How often each value was seen, and as the how many-th of them it came first; none is a missing
/// value.
type Counts = BTreeMap<Option<String>, (usize, u64)>;

/// Counts a value so many times more. Values without an end, such as numbers, are counted up to a
/// bound.
fn count(counts: &mut Counts, value: &Option<String>, more: u64) {
    let seen = counts.len();
    if let Some((_, count)) = counts.get_mut(value) {
        *count += more;
    } else if seen < MOST_VALUES {
        counts.insert(value.clone(), (seen, more));
    } else {
        counts.entry(Some(OTHERS.to_owned())).or_insert((seen, 0)).1 += more;
    }
}

/// Counts what was counted of the rows that follow.
fn count_all(counts: &mut Counts, others: Counts) {
    let mut others: Vec<_> = others.into_iter().collect();
    // Where there are too many values, those that came first are counted apart.
    others.sort_unstable_by_key(|(_, (place, _))| *place);
    for (value, (_, more)) in others {
        count(counts, &value, more);
    }
}

/// The most values of one block that are counted apart.
const MOST_VALUES: usize = 1000;

/// What the others are called.
const OTHERS: &str = "(others)";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counted_by_chunks_or_one_by_one_the_numbers_are_the_same() {
        // Most values come again, some after the bound; later values sort before earlier ones.
        let values: Vec<Option<String>> = (0..4000_u32)
            .map(|row| row * 7919 % 1601)
            .map(|value| (value != 5).then(|| format!("v{:04}", 1600 - value)))
            .collect();
        let mut one_by_one = Counts::new();
        for value in &values {
            count(&mut one_by_one, value, 1);
        }
        assert_eq!(one_by_one.len(), MOST_VALUES + 1);
        for size in [1, 3, 256, 4000] {
            let mut by_chunks = Counts::new();
            for chunk in values.chunks(size) {
                let mut counts = Counts::new();
                chunk.iter().for_each(|value| count(&mut counts, value, 1));
                count_all(&mut by_chunks, counts);
            }
            assert_eq!(by_chunks, one_by_one, "chunks of {size}");
        }
    }
}
