//! Whole numbers in order, with the class of a number among them found in a step or two.
//!
//! Under [`super::variable`]. A number equal to the one at place `n` has class `2n + 2`, one between two of them the
//! class in between.

use std::cmp::Ordering;

/// Numbers in order, each once.
#[derive(Clone, Debug)]
pub(super) struct Sorted {
    numbers: Box<[i64]>,
    /// The span from the least number to the greatest is cut into steps of this power of two.
    shift: u32,
    steps: Box<[Step]>,
}

/// A step of the span.
#[derive(Clone, Copy, Debug)]
struct Step {
    /// The first number in it, if there is one.
    first: i64,
    /// How many numbers lie before it.
    before: u32,
    /// How many lie in it; most often one or none.
    count: u32,
}

impl Sorted {
    /// Of numbers in order, each once.
    pub(super) fn new(numbers: Box<[i64]>) -> Sorted {
        let (Some(least), Some(greatest)) = (numbers.first(), numbers.last()) else {
            return Sorted {
                numbers,
                shift: 0,
                steps: Box::default(),
            };
        };
        let span = above(*least, *greatest);
        let most = numbers.len() as u64 * 2;
        let mut shift = 0;
        while span >> shift > most {
            shift += 1;
        }
        let mut steps: Vec<Step> = Vec::with_capacity(numbers.len() * 2 + 1);
        for (place, number) in (0u32..).zip(&numbers) {
            let step = above(*least, *number) >> shift;
            while steps.len() as u64 <= step {
                steps.push(Step {
                    first: *number,
                    before: place,
                    count: 0,
                });
            }
            if let Some(last) = steps.last_mut() {
                last.count += 1;
            }
        }
        Sorted {
            shift,
            steps: steps.into(),
            numbers,
        }
    }

    /// The class of a number.
    #[inline]
    pub(super) fn class(&self, number: i64) -> u32 {
        let least = match self.numbers.first() {
            Some(least) if *least <= number => *least,
            Some(_) | None => return between(Err(0)),
        };
        let step = usize::try_from(above(least, number) >> self.shift).unwrap_or(usize::MAX);
        let Some(step) = self.steps.get(step) else {
            return between(Err(self.numbers.len()));
        };
        if step.count > 1 {
            return self.class_among(step, number);
        }
        // A step without a number has that of the next step, which is greater.
        let beyond = u32::from(number >= step.first) + u32::from(number > step.first);
        2 * step.before + 1 + beyond
    }

    fn class_among(&self, step: &Step, number: i64) -> u32 {
        let start = step.before as usize;
        let near = self.numbers.get(start..start + step.count as usize);
        between(match near.unwrap_or(&[]).binary_search(&number) {
            Ok(place) => Ok(start + place),
            Err(place) => Err(start + place),
        })
    }

    /// The same for a number that may be too great.
    pub(super) fn class_of_wide(&self, number: i128) -> u32 {
        match i64::try_from(number) {
            Ok(number) => self.class(number),
            Err(_) if number < 0 => between(Err(0)),
            Err(_) => between(Err(self.numbers.len())),
        }
    }

    /// The class of what the numbers stand to as told.
    pub(super) fn class_by(&self, order: impl Fn(i64) -> Ordering) -> u32 {
        between(self.numbers.binary_search_by(|number| order(*number)))
    }
}

/// The class of what a search among sorted constants found.
pub(super) fn between(found: Result<usize, usize>) -> u32 {
    let class = match found {
        Ok(place) => 2 * place + 2,
        Err(place) => 2 * place + 1,
    };
    // A policy's text has far fewer constants.
    u32::try_from(class).unwrap_or(u32::MAX - 1)
}

/// How far a number lies above a least one.
fn above(least: i64, number: i64) -> u64 {
    number.abs_diff(least)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Near every number, and far from all, the class is that of a search.
    #[test]
    fn the_class_is_that_of_a_search() {
        let rows: [&[i64]; 7] = [
            &[],
            &[7],
            &[i64::MIN, i64::MAX],
            &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
            &[-3, 0, 1, 2, 3, 1 << 40],
            &[100, 200, 300, 1_000, 1_001, 1_002],
            &[i64::MIN, -1, 0, 5, i64::MAX],
        ];
        for row in rows {
            let sorted = Sorted::new(row.into());
            let near = row
                .iter()
                .flat_map(|number| (-2..3).map(|by| number.saturating_add(by)));
            for number in near.chain([i64::MIN, -99, 0, 55, 1 << 39, i64::MAX]) {
                let found = between(row.binary_search(&number));
                assert_eq!(sorted.class(number), found, "{number} in {row:?}");
                assert_eq!(sorted.class_of_wide(number.into()), found);
                assert_eq!(sorted.class_by(|other| other.cmp(&number)), found);
            }
            assert_eq!(sorted.class_of_wide(i128::MAX), between(Err(row.len())));
            assert_eq!(sorted.class_of_wide(i128::MIN), between(Err(0)));
        }
    }
}
