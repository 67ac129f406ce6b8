//! Which classes of a variable a test is true of.
//!
//! Under everything else in [`crate::index`]. A class is a number from 1 on that stands for all values
//! between which no condition of the policy tells apart; 0 stands for a missing value.

use smallvec::{SmallVec, smallvec};

/// The class of a missing value.
pub(super) const MISSING: u32 = 0;

/// Some of the classes from 1 on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ranges {
    /// The classes at which belonging begins or ends, ascending.
    changes: SmallVec<[u32; 4]>,
}

impl Ranges {
    pub(super) fn all() -> Ranges {
        Ranges {
            changes: smallvec![1],
        }
    }

    /// The classes from one on.
    pub(super) fn from(first: u32) -> Ranges {
        Ranges {
            changes: smallvec![first.max(1)],
        }
    }

    /// The classes before one.
    pub(super) fn before(end: u32) -> Ranges {
        Ranges::from(end).negated()
    }

    /// The classes at which belonging begins or ends, ascending.
    pub(super) fn changes(&self) -> &[u32] {
        &self.changes
    }

    pub(super) fn negated(mut self) -> Ranges {
        if self.changes.first() == Some(&1) {
            self.changes.remove(0);
        } else {
            self.changes.insert(0, 1);
        }
        self
    }

    /// The classes that belong to both.
    pub(super) fn and(&self, other: &Ranges) -> Ranges {
        self.merged(other, |a, b| a && b)
    }

    /// The classes that belong to one or the other.
    pub(super) fn or(&self, other: &Ranges) -> Ranges {
        self.merged(other, |a, b| a || b)
    }

    fn merged(&self, other: &Ranges, both: fn(bool, bool) -> bool) -> Ranges {
        let (mut left, mut right) = (
            self.changes.iter().peekable(),
            other.changes.iter().peekable(),
        );
        let (mut in_left, mut in_right, mut inside) = (false, false, false);
        let mut changes = SmallVec::new();
        loop {
            let next = match (left.peek(), right.peek()) {
                (Some(a), Some(b)) => **a.min(b),
                (Some(a), None) => **a,
                (None, Some(b)) => **b,
                (None, None) => return Ranges { changes },
            };
            in_left ^= left.next_if_eq(&&next).is_some();
            in_right ^= right.next_if_eq(&&next).is_some();
            if both(in_left, in_right) != inside {
                inside = !inside;
                changes.push(next);
            }
        }
    }

    /// One of all of these.
    pub(super) fn any(all: impl IntoIterator<Item = u32>) -> Ranges {
        let mut classes: SmallVec<[u32; 8]> = all.into_iter().collect();
        classes.sort_unstable();
        classes.dedup();
        let mut changes: SmallVec<[u32; 4]> = SmallVec::new();
        for class in classes {
            if changes.last() == Some(&class) {
                changes.pop();
            } else {
                changes.push(class);
            }
            changes.push(class + 1);
        }
        Ranges { changes }
    }
}

/// What a condition says of one variable: of which classes it is true, and what it is when the value is
/// missing (none: unknown).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Predicate {
    pub(super) present: Ranges,
    pub(super) missing: Option<bool>,
}

impl Predicate {
    /// One that is unknown when the value is missing.
    pub(super) fn of(present: Ranges) -> Predicate {
        Predicate {
            present,
            missing: None,
        }
    }

    pub(super) fn negated(self) -> Predicate {
        Predicate {
            present: self.present.negated(),
            missing: self.missing.map(|missing| !missing),
        }
    }

    /// Both, in the logic of three values.
    pub(super) fn and(&self, other: &Predicate) -> Predicate {
        let missing = match (self.missing, other.missing) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            (None, _) | (_, None) => None,
        };
        Predicate {
            present: self.present.and(&other.present),
            missing,
        }
    }

    /// One or the other, in the logic of three values.
    pub(super) fn or(&self, other: &Predicate) -> Predicate {
        let missing = match (self.missing, other.missing) {
            (Some(true), _) | (_, Some(true)) => Some(true),
            (Some(false), Some(false)) => Some(false),
            (None, _) | (_, None) => None,
        };
        Predicate {
            present: self.present.or(&other.present),
            missing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All ranges over five classes, and all pairs of them.
    #[test]
    fn ranges_are_sets_of_classes() {
        let of = |bits: u32| Ranges::any((1..=5).filter(|class| bits >> class & 1 == 1));
        let has = |ranges: &Ranges, class: u32| {
            ranges.changes.iter().filter(|at| **at <= class).count() % 2 == 1
        };
        for a in 0..64u32 {
            let left = of(a);
            for class in 1..=5 {
                assert_eq!(has(&left, class), a >> class & 1 == 1);
                assert_eq!(has(&left.clone().negated(), class), a >> class & 1 == 0);
            }
            assert!(left.changes.is_sorted_by(|a, b| a < b), "{left:?}");
            for b in 0..64u32 {
                let right = of(b);
                for class in 1..=5 {
                    let (in_left, in_right) = (has(&left, class), has(&right, class));
                    assert_eq!(has(&left.and(&right), class), in_left && in_right);
                    assert_eq!(has(&left.or(&right), class), in_left || in_right);
                }
            }
        }
        assert!(has(&Ranges::all(), 1) && !has(&Ranges::all().negated(), 1));
        assert!(has(&Ranges::before(3), 2) && !has(&Ranges::before(3), 3));
        assert!(has(&Ranges::from(3), 3) && !has(&Ranges::from(3), 2));
    }
}
