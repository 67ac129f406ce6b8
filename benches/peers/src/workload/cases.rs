//! Cases: fifteen fields each, about 340 bytes as a line of JSON.

use super::dice::Dice;
use super::{Flag, Number, PHRASES, TAGS, Word};
use std::fmt::Write;

/// A case by the numbers of its values.
#[derive(Clone, Debug)]
pub struct Case {
    pub number: usize,
    pub words: [usize; 5],
    pub numbers: [i64; 3],
    pub flags: [bool; 3],
    /// Ascending, each once.
    pub tags: Vec<usize>,
    /// Those that the summary is put together from, in its order.
    pub phrases: Vec<usize>,
}

impl Case {
    pub fn word(&self, field: Word) -> usize {
        self.words[field as usize]
    }

    pub fn number(&self, field: Number) -> i64 {
        self.numbers[field as usize]
    }

    pub fn flag(&self, field: Flag) -> bool {
        self.flags[field as usize]
    }

    pub fn summary(&self) -> String {
        let phrases: Vec<&str> = self.phrases.iter().map(|number| PHRASES[*number]).collect();
        format!("customer says: {}", phrases.join(", "))
    }

    /// The case as a line of JSON, without the line end.
    pub fn line(&self) -> String {
        let mut line = format!(
            r#"{{"id":"CASE-{:07}","opened_at":"2026-03-{:02}T{:02}:{:02}:00+08:00""#,
            self.number,
            1 + self.number % 28,
            self.number % 24,
            self.number % 60
        );
        for field in Word::ALL {
            write!(
                line,
                r#","{}":"{}""#,
                field.name(),
                field.value(self.word(field))
            )
            .expect("a string");
        }
        for field in Number::ALL {
            write!(line, r#","{}":{}"#, field.name(), self.number(field)).expect("a string");
        }
        for field in Flag::ALL {
            write!(line, r#","{}":{}"#, field.name(), self.flag(field)).expect("a string");
        }
        let tags: Vec<String> = self
            .tags
            .iter()
            .map(|tag| format!("{:?}", TAGS[*tag]))
            .collect();
        write!(
            line,
            r#","tags":[{}],"summary":"{}"}}"#,
            tags.join(","),
            self.summary()
        )
        .expect("a string");
        line
    }
}

/// So many cases, the same every time.
pub fn draw(count: usize) -> Vec<Case> {
    let mut dice = Dice::new(20_260_301);
    (0..count)
        .map(|number| Case {
            number,
            words: Word::ALL.map(|field| dice.below(field.count())),
            numbers: Number::ALL.map(|field| dice.below(field.most() as usize + 1) as i64),
            flags: [dice.percent(20), dice.percent(30), dice.percent(10)],
            tags: {
                let count = 1 + dice.below(4);
                dice.different(count, TAGS.len())
            },
            phrases: {
                let count = 1 + dice.below(3);
                dice.different(count, PHRASES.len())
            },
        })
        .collect()
}
