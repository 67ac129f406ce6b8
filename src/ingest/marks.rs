//! A set of small numbers, such as the places of fields or records, that mostly takes no memory of its own.
//!
//! Used by [`super::record`] and [`super::direct`].

/// Which numbers are marked.
#[derive(Clone, Debug, Default)]
pub(super) struct Marks {
    /// The numbers below 128.
    near: [u64; NEAR],
    /// The others.
    far: Vec<u64>,
}

const NEAR: usize = 2;

impl Marks {
    fn part(&self, part: usize) -> Option<&u64> {
        match self.near.get(part) {
            Some(near) => Some(near),
            None => self.far.get(part - NEAR),
        }
    }

    /// Whether a number is marked.
    #[inline]
    pub(super) fn has(&self, number: u32) -> bool {
        let (part, bit) = place(number);
        self.part(part).is_some_and(|part| part & bit != 0)
    }

    /// Marks a number, or takes its mark away.
    #[inline]
    pub(super) fn put(&mut self, number: u32, marked: bool) {
        let (part, bit) = place(number);
        let part = match self.near.get_mut(part) {
            Some(near) => near,
            None => match self.far_part(part - NEAR, marked) {
                Some(far) => far,
                None => return,
            },
        };
        *part = if marked { *part | bit } else { *part & !bit };
    }

    #[cold]
    fn far_part(&mut self, part: usize, make: bool) -> Option<&mut u64> {
        if make && self.far.len() <= part {
            self.far.resize(part + 1, 0);
        }
        self.far.get_mut(part)
    }

    /// Marks a number; whether it had no mark yet.
    #[inline(always)]
    pub(super) fn add(&mut self, number: u32) -> bool {
        let (part, bit) = place(number);
        if let Some(near) = self.near.get_mut(part) {
            let is_new = *near & bit == 0;
            *near |= bit;
            return is_new;
        }
        let is_new = !self.has(number);
        self.put(number, true);
        is_new
    }

    /// Takes all marks away.
    pub(super) fn clear(&mut self) {
        self.near = [0; NEAR];
        self.far.clear();
    }

    /// The numbers below `count` that have no mark, in order.
    #[inline]
    pub(super) fn missing_below(&self, count: usize) -> impl Iterator<Item = usize> {
        (0..count.div_ceil(BITS)).flat_map(move |part| {
            let some = match count - part * BITS {
                left @ 0..BITS => (1 << left) - 1,
                _ => u64::MAX,
            };
            let mut missing = some & !self.part(part).copied().unwrap_or(0);
            std::iter::from_fn(move || {
                let next = missing.trailing_zeros() as usize;
                missing &= missing.checked_sub(1)?;
                Some(part * BITS + next)
            })
        })
    }
}

const BITS: usize = u64::BITS as usize;

#[inline(always)]
fn place(number: u32) -> (usize, u64) {
    ((number / u64::BITS) as usize, 1 << (number % u64::BITS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_kept_and_taken_away() {
        let numbers = [0, 1, 63, 64, 127, 128, 129, 191, 192, 1_000];
        let mut marks = Marks::default();
        for number in numbers {
            assert!(!marks.has(number) && marks.add(number) && !marks.add(number));
        }
        for count in [0, 1, 2, 64, 65, 128, 130, 200, 2_000] {
            let wanted = (0..count).filter(|number| !numbers.contains(&(*number as u32)));
            assert!(marks.missing_below(count).eq(wanted), "{count}");
        }
        marks.put(128, false);
        marks.put(5_000, false);
        assert!(!marks.has(128) && marks.has(129) && !marks.has(5_000));
        marks.clear();
        assert!(numbers.iter().all(|number| !marks.has(*number)));
    }
}
