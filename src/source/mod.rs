//! Source texts, spans in them, and positions as people read them.
//!
//! Ground floor: imports nothing. Every later stage speaks of places as [`Span`]s.

use std::sync::Arc;

/// Names one text of a [`Sources`] collection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub u32);

/// A half-open range of bytes in one source text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The text that the range lies in.
    pub source: SourceId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// A span over `start..end` of `source`.
    pub fn new(source: SourceId, start: usize, end: usize) -> Span {
        Span {
            source,
            start: clamp(start),
            end: clamp(end.max(start)),
        }
    }

    /// The smallest span that holds both; `other` must lie in the same source.
    pub fn to(self, other: Span) -> Span {
        Span {
            source: self.source,
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }

    /// The empty span at the start of this one.
    pub fn at_start(self) -> Span {
        Span {
            end: self.start,
            ..self
        }
    }

    /// The empty span just behind this one.
    pub fn at_end(self) -> Span {
        Span {
            start: self.end,
            ..self
        }
    }

    /// Length in bytes.
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether the span holds no byte.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }
}

/// How many characters begin among these bytes of a UTF-8 text.
fn begun(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xc0 != 0x80).count()
}

fn clamp(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

/// A place as people count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in Unicode scalar values, from 1; a byte-order mark takes no column.
    pub column: usize,
    /// Byte offset in the file as it is stored, from 0.
    pub byte: usize,
}

/// One text with its name.
#[derive(Clone, Debug)]
pub struct Source {
    /// Path relative to the policy folder, with `/` between its parts.
    pub name: String,
    /// The text exactly as stored, byte-order mark and carriage returns included.
    pub text: Arc<str>,
    line_starts: Arc<[u32]>,
    /// How many characters begin before each [`STRETCH`] bytes, so that a column far right in a long
    /// line is found without counting the line.
    characters: Arc<[u32]>,
}

/// So many bytes of a text are counted at most to find a column.
const STRETCH: usize = 1024;

impl Source {
    fn new(name: String, text: Arc<str>) -> Source {
        let mut line_starts = vec![0];
        line_starts.extend(text.match_indices('\n').map(|(at, _)| clamp(at + 1)));
        let mut before = 0;
        let characters = text.as_bytes().chunks(STRETCH).map(|stretch| {
            let here = before;
            before += begun(stretch);
            clamp(here)
        });
        let characters = characters.collect();
        Source {
            name,
            text,
            line_starts: line_starts.into(),
            characters,
        }
    }

    /// How many characters begin before a byte.
    fn characters_before(&self, byte: usize) -> usize {
        let stretch = byte / STRETCH;
        let known = self
            .characters
            .get(stretch)
            .map_or(0, |known| *known as usize);
        let rest = self.text.as_bytes().get(stretch * STRETCH..byte);
        known + rest.map_or(0, begun)
    }

    /// The position of a byte offset; offsets beyond the end count as the end.
    pub fn position(&self, byte: usize) -> Position {
        let mut byte = byte.min(self.text.len());
        while !self.text.is_char_boundary(byte) {
            byte -= 1;
        }
        let line = self
            .line_starts
            .partition_point(|start| *start as usize <= byte);
        let start = self
            .line_starts
            .get(line.saturating_sub(1))
            .map_or(0, |start| *start as usize);
        let before = self.text.get(start..byte).unwrap_or("");
        let marks = before.len() - before.trim_start_matches('\u{feff}').len();
        let from = start + marks;
        Position {
            line: line.max(1),
            column: self.characters_before(byte) - self.characters_before(from) + 1,
            byte,
        }
    }

    /// The bytes of the line that holds `byte`, without its line end.
    pub fn line_range(&self, byte: usize) -> std::ops::Range<usize> {
        let line = self
            .line_starts
            .partition_point(|start| *start as usize <= byte)
            .max(1);
        let start = self
            .line_starts
            .get(line - 1)
            .map_or(0, |start| *start as usize);
        let end = self
            .line_starts
            .get(line)
            .map_or(self.text.len(), |next| *next as usize - 1);
        start..end.max(start)
    }
}

/// All texts of one policy folder, in the order they were added.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
}

impl Sources {
    /// Adds a text and names it.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<Arc<str>>) -> SourceId {
        let id = SourceId(clamp(self.files.len()));
        self.files.push(Source::new(name.into(), text.into()));
        id
    }

    /// The text called `id`, if it is one of this collection.
    pub fn get(&self, id: SourceId) -> Option<&Source> {
        self.files.get(id.0 as usize)
    }

    /// The text under a span; empty when the span is not of this collection.
    pub fn slice(&self, span: Span) -> &str {
        self.get(span.source)
            .and_then(|source| source.text.get(span.start as usize..span.end as usize))
            .unwrap_or("")
    }

    /// The name of a span's file; empty when the span is not of this collection.
    pub fn name(&self, span: Span) -> &str {
        self.get(span.source)
            .map_or("", |source| source.name.as_str())
    }

    /// All texts with their names, in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = (SourceId, &Source)> {
        self.files
            .iter()
            .enumerate()
            .map(|(at, source)| (SourceId(clamp(at)), source))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_characters_however_long_the_line() {
        let line = "界a\u{feff}é".repeat(700);
        let text = format!("first\n\u{feff}\u{feff}{line}\nlast");
        let mut sources = Sources::default();
        let id = sources.add("x", text.as_str());
        let source = sources.get(id).expect("it was added");
        let mut checked = 0;
        for (byte, _) in text.char_indices() {
            let start = text
                .get(..byte)
                .expect("a boundary")
                .rfind('\n')
                .map_or(0, |at| at + 1);
            let before = text.get(start..byte).expect("a boundary");
            let column = before.trim_start_matches('\u{feff}').chars().count() + 1;
            assert_eq!(source.position(byte).column, column, "byte {byte}");
            checked += 1;
        }
        assert!(checked > STRETCH * 2);
        assert_eq!(source.position(text.len()).column, 5);
    }
}
