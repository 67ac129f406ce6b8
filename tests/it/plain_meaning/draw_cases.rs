//! Random cases with their logs, and the instants at which they are decided.

use super::draw::{BASE, Draw, FieldPlan, Presence, Ty, instant};
use std::fmt::Write as _;

const DAY: i64 = 86_400_000;
const EARLIEST: i64 = -62_167_219_200_000;
const LATEST: i64 = 253_402_300_799_999;

/// A case as a file has it.
#[derive(Clone, Debug)]
pub struct CaseText {
    pub json: String,
    pub opened: i64,
    /// The instants of its events.
    pub events: Vec<i64>,
}

impl Draw {
    pub fn case(&mut self) -> CaseText {
        // A calendar is walked day by day: where there is one, thousands of years are left out.
        let near = self.calendars > 0;
        let opened = match self.below(80) {
            0..=2 if near => BASE + self.between(-900, 900) * DAY,
            0 => LATEST - self.between(0, 3) * DAY / 2,
            1 => EARLIEST + self.between(0, 3) * DAY / 2,
            2 => BASE - 20_000 * DAY,
            _ => {
                BASE + self.between(-12 * 24 * 4, 20 * 24 * 4) * 900_000
                    + self.pick(&[0, 0, 0, 1, 59_999])
            }
        };
        let mut tree = Node::default();
        let fields = self.fields.clone();
        let absent = self.one_in(2);
        for field in &fields {
            let in_absent = field.inside_optional && absent && field.path.starts_with("r0.");
            if in_absent {
                continue;
            }
            if let Some(value) = self.value(field) {
                tree.put(&field.path, value);
            }
        }
        let id = self.pick(&["T1", "urgent", "a b", "x"]);
        tree.put("id", format!("\"{id}\""));
        tree.put("opened_at", format!("\"{}\"", instant(opened)));
        let mut at = opened;
        let mut entries = Vec::new();
        let mut events = Vec::new();
        let many = if self.one_in(3) { 0 } else { self.below(8) };
        for _ in 0..many {
            let step = match self.below(6) {
                0 => 0,
                1 => self.between(1, 120) * 60_000,
                2 => self.between(1, 30) * 3_600_000,
                3 => self.between(1, 4) * DAY,
                4 => self.between(1, 5000),
                _ => self.between(1, 48) * 900_000,
            };
            at = (at + step).min(LATEST);
            let written = instant(at);
            events.push(at);
            if self.events > 0 && self.one_in(3) {
                entries.push(format!(
                    "{{\"at\": \"{written}\", \"event\": \"ev{}\"}}",
                    self.below(self.events)
                ));
                continue;
            }
            let mut set = Node::default();
            for _ in 0..self.between(1, 3) {
                let field = self.pick(&fields);
                let clears = self.one_in(4) && (field.presence != Presence::Required);
                let value = if clears {
                    Some("null".to_owned())
                } else {
                    self.value(&field)
                };
                set.put(&field.path, value.unwrap_or_else(|| self.present(&field)));
            }
            // What a record requires has to be there when it is set where it was absent.
            self.complete(&mut set, &fields);
            entries.push(format!(
                "{{\"at\": \"{written}\", \"set\": {}}}",
                set.json()
            ));
        }
        let json = format!(
            "{{\"case\": {}, \"events\": [{}]}}",
            tree.json(),
            entries.join(", ")
        );
        CaseText {
            json,
            opened,
            events,
        }
    }

    fn complete(&mut self, set: &mut Node, fields: &[FieldPlan]) {
        for field in fields {
            let record = field.path.split('.').next().unwrap_or_default();
            let nested =
                field.path.contains('.') && set.entries.iter().any(|(name, _)| name == record);
            if nested
                && field.presence == Presence::Required
                && field.inside_optional
                && !set.has(&field.path)
            {
                let value = self.present(field);
                set.put(&field.path, value);
            }
        }
    }

    /// A value for a field; none where it is left out.
    fn value(&mut self, field: &FieldPlan) -> Option<String> {
        let leave = match field.presence {
            Presence::Required => false,
            Presence::Optional => self.one_in(3),
            Presence::Default(_) => self.one_in(3),
        };
        (!leave).then(|| self.present(field))
    }

    fn present(&mut self, field: &FieldPlan) -> String {
        let extreme = self.one_in(25);
        match (&field.ty, extreme, field.bounds) {
            (Ty::Int, true, None) => self
                .pick(&[i64::MIN, i64::MAX, 0, -1, i64::MAX / 3])
                .to_string(),
            (Ty::Int | Ty::Dec(_), true, Some((from, to))) => match field.ty {
                Ty::Int => self.pick(&[from, to]).to_string(),
                _ => format!("\"{}\"", self.pick(&[from, to])),
            },
            (Ty::Dec(digits), true, None) => {
                let whole = self.pick(&["9", "-9", "99999999999999999999", "-170141183460469231"]);
                let fraction = "9".repeat(usize::from(*digits));
                let point = if *digits > 0 { "." } else { "" };
                format!("\"{whole}{point}{fraction}\"")
            }
            (Ty::Instant, true, _) => {
                let far = [EARLIEST, LATEST, BASE + 1, BASE - 1, BASE + 900 * DAY];
                let at = if self.calendars > 0 {
                    self.pick(&far[2..])
                } else {
                    self.pick(&far)
                };
                format!("\"{}\"", instant(at))
            }
            (Ty::Date, true, _) => self
                .pick(&["\"0000-01-01\"", "\"9999-12-31\"", "\"2024-02-29\""])
                .to_owned(),
            (Ty::Dur, true, _) => self
                .pick(&["\"0s\"", "\"2562047788015h\"", "\"1ms\""])
                .to_owned(),
            (Ty::Text, true, _) => format!("\"{}\"", "long é ".repeat(40)),
            _ => self.constant(&field.ty, field.bounds).1,
        }
    }

    /// Instants at which a case is decided, beside those that its decisions name.
    pub fn instants(&mut self, case: &CaseText) -> Vec<i64> {
        let mut all = vec![case.opened];
        for _ in 0..3 {
            let at = match self.below(8) {
                0 => case.opened - 1,
                1 => case.opened - self.between(1, 40) * DAY,
                2 => case.opened + self.between(1, 400) * DAY,
                3 => case.opened + self.between(1, 90) * 60_000,
                4 => case.opened + self.between(5, 1200) * DAY,
                5 if self.calendars == 0 => self.pick(&[LATEST, case.opened + 9000 * DAY]),
                _ => case.opened + self.between(1, 300) * 900_000,
            };
            all.push(at);
        }
        for at in &case.events {
            if self.one_in(2) {
                all.push(at + self.pick(&[-1, 0, 0, 0, 1, 600_000]));
            }
        }
        all.retain(|at| (EARLIEST..=LATEST).contains(at));
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// An object of JSON by paths.
#[derive(Default)]
struct Node {
    entries: Vec<(String, Part)>,
}

enum Part {
    Value(String),
    Record(Node),
}

impl Node {
    fn put(&mut self, path: &str, value: String) {
        match path.split_once('.') {
            None => {
                self.entries.retain(|(name, _)| name != path);
                self.entries.push((path.to_owned(), Part::Value(value)));
            }
            Some((record, rest)) => {
                let found = self.entries.iter_mut().find(|(name, _)| name == record);
                let Some((_, Part::Record(node))) = found else {
                    let mut node = Node::default();
                    node.put(rest, value);
                    self.entries.push((record.to_owned(), Part::Record(node)));
                    return;
                };
                node.put(rest, value);
            }
        }
    }

    fn has(&self, path: &str) -> bool {
        let (first, rest) = path
            .split_once('.')
            .map_or((path, None), |(first, rest)| (first, Some(rest)));
        let found = self.entries.iter().find(|(name, _)| name == first);
        match (found, rest) {
            (Some((_, Part::Record(node))), Some(rest)) => node.has(rest),
            (Some(_), None) => true,
            _ => false,
        }
    }

    fn json(&self) -> String {
        let mut text = "{".to_owned();
        for (place, (name, part)) in self.entries.iter().enumerate() {
            let comma = if place > 0 { ", " } else { "" };
            let part = match part {
                Part::Value(value) => value.clone(),
                Part::Record(node) => node.json(),
            };
            let _ = write!(text, "{comma}\"{name}\": {part}");
        }
        text + "}"
    }
}
