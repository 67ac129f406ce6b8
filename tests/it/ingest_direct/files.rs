//! Case files of any schema, in every spelling that JSON and the schema allow; or with something wrong in them.

use super::schemas::{self, Draw};
use caseway::Policy;
use caseway::model::{Bounds, Entry, Presence, RecordId, Schema, Type};
use caseway::value::Value;

/// Writes one file.
pub struct Writer<'a> {
    schema: &'a Schema,
    ignores: bool,
    draw: &'a mut Draw,
    /// Whether something may be wrong here and there.
    wrong: bool,
    /// Whether keys and texts are escaped here and there, and blanks stand between.
    spelled: bool,
}

impl<'a> Writer<'a> {
    /// Of a file that is right; `ignores` when it may hold names that the schema does not know.
    pub fn new(policy: &'a Policy, ignores: bool, draw: &'a mut Draw) -> Writer<'a> {
        let spelled = draw.one_in(2);
        Writer {
            schema: policy.schema(),
            ignores,
            draw,
            wrong: false,
            spelled,
        }
    }

    /// Of a file in which something may be wrong.
    pub fn damaged(policy: &'a Policy, ignores: bool, draw: &'a mut Draw) -> Writer<'a> {
        Writer {
            wrong: true,
            ..Writer::new(policy, ignores, draw)
        }
    }

    /// A bare case, or one with events and an instant beside it, in any order.
    pub fn file(&mut self) -> String {
        if self.draw.one_in(3) {
            return self.case();
        }
        let mut parts = vec![(r#""case""#.to_owned(), self.case())];
        if !self.draw.one_in(4) {
            parts.push((r#""events""#.to_owned(), self.events()));
        }
        if !self.draw.one_in(3) {
            let at = self.draw.pick(&["null", r#""2026-03-09T10:00:00+08:00""#]);
            parts.push((r#""at""#.to_owned(), at.to_owned()));
        }
        // A file whose first name is unknown is left to the other way: those names come behind.
        match self.draw.below(3) {
            0 => {}
            1 => parts.reverse(),
            _ => self.draw.shuffle(&mut parts),
        }
        self.strangers(&mut parts);
        self.object(parts)
    }

    fn case(&mut self) -> String {
        let mut parts = self.record(RecordId(0));
        parts.push((self.text("id"), self.text("T-1")));
        parts.push((
            self.text("opened_at"),
            r#""2026-03-02T10:00:00+08:00""#.to_owned(),
        ));
        match self.draw.below(3) {
            0 => parts.rotate_right(2),
            1 => {}
            _ => self.draw.shuffle(&mut parts),
        }
        self.strangers(&mut parts);
        self.object(parts)
    }

    /// The entries of a record but for those that a case does not change.
    fn record(&mut self, record: RecordId) -> Vec<(String, String)> {
        let mut parts = Vec::new();
        for (name, entry) in &self.schema.record(record).expect("a record").entries {
            match entry {
                Entry::Field(id) if *id == self.schema.id || *id == self.schema.opened_at => {}
                Entry::Field(id) => {
                    let field = self.schema.field(*id).expect("a field");
                    let required = field.presence == Presence::Required;
                    if !self.slip() && !required && self.draw.one_in(3) {
                        continue;
                    }
                    let null = (!required || self.slip()) && self.draw.one_in(5);
                    let value = match null {
                        true => "null".to_owned(),
                        false => self.value(&field.ty, &field.bounds),
                    };
                    parts.push((self.text(name), value));
                }
                Entry::Record(id) => {
                    let optional = self.schema.record(*id).expect("a record").optional;
                    if optional && self.draw.one_in(3) {
                        if self.draw.one_in(2) {
                            parts.push((self.text(name), "null".to_owned()));
                        }
                        continue;
                    }
                    let mut inner = self.record(*id);
                    self.strangers(&mut inner);
                    let value = self.object(inner);
                    parts.push((self.text(name), value));
                }
            }
        }
        if self.slip() && !parts.is_empty() {
            let again = self.draw.pick(&parts);
            parts.push(again);
        }
        parts
    }

    /// Whether to do something wrong here.
    fn slip(&mut self) -> bool {
        self.wrong && self.draw.one_in(40)
    }

    /// Names that the schema does not know.
    fn strangers(&mut self, parts: &mut Vec<(String, String)>) {
        if (!self.ignores && !self.slip()) || !self.draw.one_in(3) {
            return;
        }
        for number in 0..1 + self.draw.below(2) {
            let value = self.draw.pick(&[
                "null",
                "true",
                "1.5e9",
                "-0.0",
                "\"\\ud83d\\ude00\"",
                "[]",
                "[1,[\"a\",{}],null]",
                "{\"a\":{\"a\":1},\"b\":[{\"a\":false}]}",
                "{}",
            ]);
            parts.push((format!("\"stranger {number}\""), value.to_owned()));
        }
        if self.slip() {
            parts.push(("\"stranger 0\"".to_owned(), "{\"a\":1,\"a\":2}".to_owned()));
        }
    }

    fn events(&mut self) -> String {
        if self.draw.one_in(8) {
            return self.draw.pick(&["null", "[]"]).to_owned();
        }
        let mut events = Vec::new();
        // Fields that may be there or not, and whole records, come and go.
        for day in 0..self.draw.below(5) {
            let day = if self.slip() { 0 } else { 2 + day };
            let mut parts = vec![(
                self.text("at"),
                format!("\"2026-03-{day:02}T10:00:00+08:00\""),
            )];
            let declared = &self.schema.events;
            if !declared.is_empty() && self.draw.one_in(2) {
                let (name, _) = &declared[self.draw.below(declared.len())];
                parts.push((self.text("event"), self.text(name)));
                if self.draw.one_in(4) {
                    parts.push((self.text("set"), "null".to_owned()));
                }
            } else {
                let mut changes = self.record(RecordId(0));
                self.draw.shuffle(&mut changes);
                self.strangers(&mut changes);
                if self.slip() {
                    changes.push((self.text("id"), self.text("T-2")));
                }
                let changes = self.object(changes);
                parts.push((self.text("set"), changes));
            }
            self.draw.shuffle(&mut parts);
            self.strangers(&mut parts);
            events.push(self.object(parts));
        }
        self.list(&events)
    }

    fn value(&mut self, ty: &Type, bounds: &Bounds) -> String {
        if self.slip() {
            let wrong = [
                "3",
                "-1",
                "1.25",
                "1e3",
                "\"x\"",
                "true",
                "{}",
                "[]",
                "[null]",
                "null",
                "[\"a\",\"a\"]",
                "\"\\ud800\"",
                "99999999999999999999",
                "[[]]",
            ];
            return self.draw.pick(&wrong).to_owned();
        }
        match ty {
            Type::Set(element) => {
                let mut items: Vec<String> = Vec::new();
                for _ in 0..self.draw.below(4) {
                    let spelled = std::mem::replace(&mut self.spelled, false);
                    let item = self.one(element, bounds);
                    self.spelled = spelled;
                    // A number with and without quotes is twice the same.
                    let there = items
                        .iter()
                        .any(|one| one.trim_matches('"') == item.trim_matches('"'));
                    if !there || self.slip() {
                        items.push(item);
                    }
                }
                self.list(&items)
            }
            ty => self.one(ty, bounds),
        }
    }

    fn one(&mut self, ty: &Type, bounds: &Bounds) -> String {
        match ty {
            Type::Bool => self.draw.pick(&["true", "false"]).to_owned(),
            Type::Integer => {
                let (from, to) = (integer(bounds.from.as_ref()), integer(bounds.to.as_ref()));
                let any = [0, 1, 12, 20, -5, -4, i64::MAX, i64::MIN, 1_000_000_007];
                let fits: Vec<i64> = any
                    .into_iter()
                    .filter(|number| {
                        from.is_none_or(|from| from <= *number) && to.is_none_or(|to| *number <= to)
                    })
                    .collect();
                match self.draw.pick(&fits) {
                    0 if self.spelled => "-0".to_owned(),
                    number => number.to_string(),
                }
            }
            Type::Decimal(scale) => {
                // In a set, spellings of one number must not meet: only one of each is here.
                let text = match (*scale, bounds.from.is_some()) {
                    (0, _) => self
                        .draw
                        .pick(&["0", "7", "-3", "123456789012345678901234567890"]),
                    (_, true) => self.draw.pick(&["0", "7.5", "12.50", "1000", "999.99"]),
                    (_, false) => {
                        self.draw
                            .pick(&["7.5", "-12.25", "1", "98765432109876543.21", "0.01"])
                    }
                };
                if self.draw.one_in(2) {
                    text.to_owned()
                } else {
                    format!("\"{text}\"")
                }
            }
            Type::Text => {
                let text = self.draw.pick(&["", "a", "宽带断了", "two\nlines \"quoted\" \\ and a slash /", "😀 and \u{7f}\u{80}", "a text that is rather longer than most of the others are, to fill more than one chunk"]);
                self.text(text)
            }
            Type::Instant => {
                let at = schemas::instant(self.draw);
                let year = at.get(..4).expect("a year");
                // At the ends of time an offset leaves it.
                let at = if matches!(year, "0000" | "9999") {
                    at.replacen(year, "2001", 1)
                } else {
                    at
                };
                self.text(&at)
            }
            Type::Date => {
                let date =
                    self.draw
                        .pick(&["2026-03-02", "2024-02-29", "0000-01-01", "9999-12-31"]);
                self.text(date)
            }
            Type::Time => {
                let time = self.draw.pick(&["00:00", "09:30", "23:59"]);
                self.text(time)
            }
            Type::Weekday => {
                let day = self.draw.pick(&["mon", "tue", "sun"]);
                self.text(day)
            }
            Type::Duration => {
                let length = self.draw.pick(&["1m", "1h30m", "24h", "90s"]);
                self.text(length)
            }
            Type::Enum(id) => {
                let members = &self.schema.enumeration(*id).expect("an enum").members;
                let member = &members[self.draw.below(members.len())];
                self.text(&member.name)
            }
            Type::Set(_) | Type::Target => panic!("no single value"),
        }
    }

    /// A text in quotes, with what has to be escaped and with what may be.
    fn text(&mut self, text: &str) -> String {
        let mut out = String::from("\"");
        for sign in text.chars() {
            let escaped = self.spelled && self.draw.one_in(6);
            match sign {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                '\n' => out.push_str("\\n"),
                '/' if escaped => out.push_str("\\/"),
                sign if escaped => {
                    for unit in sign.encode_utf16(&mut [0; 2]) {
                        out.push_str(&format!("\\u{unit:04x}"));
                    }
                }
                sign => out.push(sign),
            }
        }
        out.push('"');
        out
    }

    fn blank(&mut self) -> &'static str {
        if self.spelled {
            self.draw.pick(&["", "", " ", "\n", "\t\r\n "])
        } else {
            ""
        }
    }

    fn object(&mut self, parts: Vec<(String, String)>) -> String {
        let parts: Vec<String> = parts
            .into_iter()
            .map(|(key, value)| {
                format!(
                    "{}{key}{}:{}{value}{}",
                    self.blank(),
                    self.blank(),
                    self.blank(),
                    self.blank()
                )
            })
            .collect();
        format!("{{{}}}", parts.join(","))
    }

    fn list(&mut self, items: &[String]) -> String {
        let items: Vec<String> = items
            .iter()
            .map(|item| format!("{}{item}{}", self.blank(), self.blank()))
            .collect();
        format!("[{}]", items.join(","))
    }
}

fn integer(bound: Option<&Value>) -> Option<i64> {
    match bound {
        Some(Value::Integer(number)) => Some(*number),
        _ => None,
    }
}
