//! From numbers to rows: the classes of a variable, and the elements of a set.
//!
//! Under [`super::chunk`]. Small numbers stand in a table; where numbers are great they are searched, so
//! that memory follows how much conditions ask and not how far apart their constants lie.

/// Numbers below this stand in a table.
const TABLE: u32 = 1 << 11;

/// What stands in a table where there is no row.
const NONE: u16 = u16::MAX;

/// From each class to the place of a row that holds from some class on.
#[derive(Clone, Debug)]
pub(super) enum Classes {
    /// The row of each class; the last is that of all greater ones, too.
    Table(Box<[u16]>),
    /// Classes from which on a row is taken, ascending, with the rows.
    Search(Box<[u32]>, Box<[u32]>),
}

/// From some numbers to the place of a row each.
#[derive(Clone, Debug)]
pub(super) enum Elements {
    Table(Box<[u16]>),
    /// Numbers, ascending, with the rows.
    Search(Box<[u32]>, Box<[u32]>),
}

impl Classes {
    /// Of classes from which on a row is taken: ascending from 0, one at least.
    pub(super) fn new(starts: &[(u32, u32)]) -> Classes {
        match starts.last() {
            Some((last, _)) if *last < TABLE => {
                let mut table = Vec::with_capacity(*last as usize + 1);
                for (place, (start, row)) in starts.iter().enumerate() {
                    let end = starts.get(place + 1).map_or(start + 1, |(next, _)| *next);
                    table.extend((*start..end).map(|_| in_table(*row)));
                }
                Classes::Table(table.into())
            }
            _ => {
                let (starts, rows): (Vec<u32>, Vec<u32>) = starts.iter().copied().unzip();
                Classes::Search(starts.into(), rows.into())
            }
        }
    }

    /// The place of the row of a class.
    #[inline]
    pub(super) fn row(&self, class: u32) -> usize {
        // Every class has a row.
        match self {
            Classes::Table(rows) => {
                let row = rows.get(class as usize).or_else(|| rows.last());
                row.map_or(0, |row| usize::from(*row))
            }
            Classes::Search(starts, rows) => {
                let behind = starts.partition_point(|start| *start <= class);
                rows.get(behind.wrapping_sub(1))
                    .map_or(0, |row| *row as usize)
            }
        }
    }
}

impl Elements {
    /// Of numbers, ascending and each once, with their rows.
    pub(super) fn new(known: &[(u32, u32)]) -> Elements {
        match known.last() {
            Some((last, _)) if *last < TABLE => {
                let mut table = vec![NONE; *last as usize + 1];
                for (number, row) in known {
                    if let Some(cell) = table.get_mut(*number as usize) {
                        *cell = in_table(*row);
                    }
                }
                Elements::Table(table.into())
            }
            _ => {
                let (numbers, rows): (Vec<u32>, Vec<u32>) = known.iter().copied().unzip();
                Elements::Search(numbers.into(), rows.into())
            }
        }
    }

    /// The place of the row of a number.
    #[inline]
    pub(super) fn row(&self, number: u32) -> Option<usize> {
        match self {
            Elements::Table(rows) => {
                let row = rows.get(number as usize).filter(|row| **row != NONE)?;
                Some(usize::from(*row))
            }
            Elements::Search(numbers, rows) => {
                let place = numbers.binary_search(&number).ok()?;
                rows.get(place).map(|row| *row as usize)
            }
        }
    }
}

/// A table has no more rows than numbers.
fn in_table(row: u32) -> u16 {
    u16::try_from(row).unwrap_or(NONE)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every class around a start is that of the last start before it, in tables and where it is searched.
    #[test]
    fn a_class_has_the_row_of_the_last_start() {
        for last in [5, TABLE - 1, TABLE, 1 << 20] {
            let starts = [(0, 3), (1, 0), (3, 7), (last, 2)];
            let classes = Classes::new(&starts);
            assert_eq!(matches!(classes, Classes::Table(_)), last < TABLE, "{last}");
            for class in (0..9).chain(last - 1..last + 2).chain([u32::MAX]) {
                let (_, row) = starts.iter().rfind(|(start, _)| *start <= class).unwrap();
                assert_eq!(classes.row(class), *row as usize, "{class} of {last}");
            }
        }
    }

    #[test]
    fn only_known_elements_have_a_row() {
        for last in [5, TABLE - 1, TABLE, 1 << 20] {
            let elements = Elements::new(&[(0, 1), (3, 0), (last, 9)]);
            let found = [0, 1, 3, 4, last, last + 1].map(|number| elements.row(number));
            assert_eq!(found, [Some(1), None, Some(0), None, Some(9), None]);
        }
        assert_eq!(Elements::new(&[]).row(0), None);
    }
}
