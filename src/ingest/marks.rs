//! A set of small numbers, such as the places of fields or records, that mostly takes no memory of its own.
//!
//! Used by [`super::record`] and [`super::direct`].

/// Which numbers are marked.
#[derive(Clone, Debug, Default)]
pub(super) struct Marks {
    /// The numbers below [`NEAR`].
    near: u128,
    /// The others, 64 in each part.
    far: Vec<u64>,
}

const NEAR: u32 = u128::BITS;

impl Marks {
    /// Whether a number is marked.
    pub(super) fn has(&self, number: u32) -> bool {
        if number < NEAR {
            return self.near >> number & 1 == 1;
        }
        let (part, bit) = place(number);
        self.far.get(part).is_some_and(|part| part & bit != 0)
    }

    /// Marks a number, or takes its mark away.
    pub(super) fn put(&mut self, number: u32, marked: bool) {
        if number < NEAR {
            let bit = 1 << number;
            self.near = if marked {
                self.near | bit
            } else {
                self.near & !bit
            };
            return;
        }
        let (part, bit) = place(number);
        if marked && self.far.len() <= part {
            self.far.resize(part + 1, 0);
        }
        if let Some(part) = self.far.get_mut(part) {
            *part = if marked { *part | bit } else { *part & !bit };
        }
    }

    /// Marks a number; whether it had no mark yet.
    pub(super) fn add(&mut self, number: u32) -> bool {
        let is_new = !self.has(number);
        self.put(number, true);
        is_new
    }
}

fn place(number: u32) -> (usize, u64) {
    let far = number - NEAR;
    ((far / u64::BITS) as usize, 1 << (far % u64::BITS))
}
