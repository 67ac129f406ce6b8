//! Whole numbers in order, with the place of a number among them found in a step or two.
//!
//! Under [`super::variable`].

use std::cmp::Ordering;

/// Numbers in order, each once.
#[derive(Clone, Debug)]
pub(super) struct Sorted {
    numbers: Box<[i64]>,
    /// The span from the least number to the greatest is cut into steps of this power of two.
    shift: u32,
    /// How many numbers lie before each step, and behind the last all of them.
    before: Box<[u32]>,
}

impl Sorted {
    /// Of numbers in order, each once.
    pub(super) fn new(numbers: Box<[i64]>) -> Sorted {
        let (Some(least), Some(greatest)) = (numbers.first(), numbers.last()) else {
            return Sorted {
                numbers,
                shift: 0,
                before: Box::default(),
            };
        };
        let span = above(*least, *greatest);
        let most = numbers.len() as u64 * 4;
        let mut shift = 0;
        while span >> shift > most {
            shift += 1;
        }
        let mut before = Vec::with_capacity(numbers.len() * 4 + 2);
        for (place, number) in (0u32..).zip(&numbers) {
            let step = above(*least, *number) >> shift;
            while before.len() as u64 <= step {
                before.push(place);
            }
        }
        before.push(super::shape::place(numbers.len()));
        Sorted {
            shift,
            before: before.into(),
            numbers,
        }
    }

    /// The place of a number, or where it would stand.
    #[inline]
    pub(super) fn place(&self, number: i64) -> Result<usize, usize> {
        let least = match self.numbers.first() {
            Some(least) if *least <= number => *least,
            Some(_) | None => return Err(0),
        };
        let step = usize::try_from(above(least, number) >> self.shift).unwrap_or(usize::MAX);
        let end = step.saturating_add(1);
        let (Some(start), Some(end)) = (self.before.get(step), self.before.get(end)) else {
            return Err(self.numbers.len());
        };
        let start = *start as usize;
        let near = self.numbers.get(start..*end as usize).unwrap_or(&[]);
        match near.binary_search(&number) {
            Ok(place) => Ok(start + place),
            Err(place) => Err(start + place),
        }
    }

    /// The same for a number that may be too great.
    pub(super) fn place_of_wide(&self, number: i128) -> Result<usize, usize> {
        match i64::try_from(number) {
            Ok(number) => self.place(number),
            Err(_) if number < 0 => Err(0),
            Err(_) => Err(self.numbers.len()),
        }
    }

    /// The place of what the numbers stand to as told.
    pub(super) fn place_by(&self, order: impl Fn(i64) -> Ordering) -> Result<usize, usize> {
        self.numbers.binary_search_by(|number| order(*number))
    }
}

/// How far a number lies above a least one.
fn above(least: i64, number: i64) -> u64 {
    number.abs_diff(least)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Near every number, and far from all, the place is that of a search.
    #[test]
    fn the_place_is_that_of_a_search() {
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
                let found = row.binary_search(&number);
                assert_eq!(sorted.place(number), found, "{number} in {row:?}");
                assert_eq!(sorted.place_of_wide(number.into()), found);
                assert_eq!(sorted.place_by(|other| other.cmp(&number)), found);
            }
            assert_eq!(sorted.place_of_wide(i128::MAX), Err(row.len()));
            assert_eq!(sorted.place_of_wide(i128::MIN), Err(0));
        }
    }
}
