//! From numbers to what stands for them: the classes of a variable, and the elements of a set.
//!
//! Under [`super::columns`], [`super::few`] and [`super::many`]. Small numbers stand in a table; where numbers are great they are
//! searched, so that memory follows how much conditions ask and not how far apart their constants lie.

/// Numbers below this stand in a table.
pub(super) const TABLE: u32 = 1 << 11;

/// From each class to what holds from some class on.
#[derive(Clone, Debug)]
pub(super) enum Classes<T> {
    /// One for each class; the last is that of all greater ones, too.
    Table(Box<[T]>),
    /// Classes from which on something holds, ascending, with what it is.
    Search(Box<[u32]>, Box<[T]>),
}

/// From some numbers to what stands for each.
#[derive(Clone, Debug)]
pub(super) enum Elements<T> {
    /// One for each number; behind the last number there is nothing.
    Table(Box<[T]>),
    /// Numbers, ascending, each with its own.
    Search(Box<[u32]>, Box<[T]>),
}

impl<T: Copy> Classes<T> {
    /// Of classes from which on something holds: ascending from 0, one at least.
    pub(super) fn new(starts: &[(u32, T)]) -> Classes<T> {
        match starts.last() {
            Some((last, _)) if *last < TABLE => Classes::Table(table(starts).into()),
            _ => {
                let (starts, of): (Vec<u32>, Vec<T>) = starts.iter().copied().unzip();
                Classes::Search(starts.into(), of.into())
            }
        }
    }

    /// What holds for a class; every class has something.
    #[inline(always)]
    pub(super) fn of(&self, class: u32) -> Option<T> {
        match self {
            Classes::Table(table) => {
                let last = table.len().wrapping_sub(1);
                table.get((class as usize).min(last)).copied()
            }
            Classes::Search(starts, of) => {
                let behind = starts.partition_point(|start| *start <= class);
                of.get(behind.wrapping_sub(1)).copied()
            }
        }
    }
}

/// What holds for each class up to the last from which on something holds.
pub(super) fn table<T: Copy>(starts: &[(u32, T)]) -> Vec<T> {
    let mut table = Vec::new();
    for (place, (start, of)) in starts.iter().enumerate() {
        let end = starts.get(place + 1).map_or(start + 1, |(next, _)| *next);
        table.extend((*start..end).map(|_| *of));
    }
    table
}

impl<T: Copy> Elements<T> {
    /// Of numbers, ascending and each once; other numbers below the last have what stands for none.
    pub(super) fn new(known: &[(u32, T)], none: T) -> Elements<T> {
        match known.last() {
            Some((last, _)) if *last < TABLE => {
                let mut table = vec![none; *last as usize + 1];
                for (number, of) in known {
                    if let Some(cell) = table.get_mut(*number as usize) {
                        *cell = *of;
                    }
                }
                Elements::Table(table.into())
            }
            _ => {
                let (numbers, of): (Vec<u32>, Vec<T>) = known.iter().copied().unzip();
                Elements::Search(numbers.into(), of.into())
            }
        }
    }

    /// What stands for a number.
    #[inline(always)]
    pub(super) fn of(&self, number: u32) -> Option<T> {
        match self {
            Elements::Table(table) => table.get(number as usize).copied(),
            Elements::Search(numbers, of) => {
                let place = numbers.binary_search(&number).ok()?;
                of.get(place).copied()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every class around a start is that of the last start before it, in tables and where it is searched.
    #[test]
    fn a_class_has_what_the_last_start_has() {
        for last in [5, TABLE - 1, TABLE, 1 << 20] {
            let starts = [(0, 3), (1, 0), (3, 7), (last, 2)];
            let classes = Classes::new(&starts);
            assert_eq!(matches!(classes, Classes::Table(_)), last < TABLE, "{last}");
            for class in (0..9).chain(last - 1..last + 2).chain([u32::MAX]) {
                let of = starts.iter().rfind(|(start, _)| *start <= class);
                let of = of.map(|(_, of)| *of);
                assert_eq!(classes.of(class), of, "{class} of {last}");
            }
        }
    }

    #[test]
    fn only_known_elements_have_something() {
        for last in [5, TABLE - 1, TABLE, 1 << 20] {
            let elements = Elements::new(&[(0, 1), (3, 0), (last, 9)], 7);
            let found = [0, 3, last].map(|number| elements.of(number));
            assert_eq!(found, [Some(1), Some(0), Some(9)]);
            let none = if last < TABLE { Some(7) } else { None };
            assert_eq!([1, 4].map(|number| elements.of(number)), [none; 2]);
            assert_eq!(elements.of(last + 1), None);
        }
        assert_eq!(Elements::new(&[], 7).of(0), None);
    }
}
