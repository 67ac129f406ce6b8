//! Random policies: what all parts of one draw from, and the fields of its case.

use super::scripts;
use crate::large_policies::Dice;
use std::fmt::Write as _;

/// The first instant near which most things of a case happen: 2026-03-02T02:00:00Z, a Monday.
pub const BASE: i64 = 1_772_416_800_000;

pub const ZONES: [&str; 9] = [
    "Asia/Shanghai",
    "Europe/London",
    "America/New_York",
    "UTC",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "America/Sao_Paulo",
    "Asia/Shanghai",
    "Europe/Berlin",
];

pub const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

const TEXTS: [&str; 22] = [
    "",
    "x",
    "outage",
    "no signal",
    "URGENT now!",
    "urgent",
    "vip",
    "press",
    "Straße",
    "STRASSE",
    "ΟΔΟΣ",
    "οδος",
    "断网了",
    "断网",
    "İstanbul",
    "P1",
    "P2",
    "P3",
    "p1",
    "a\\\"b",
    "more than a few words of text",
    "tab\\there",
];

#[derive(Clone, Debug, PartialEq)]
pub enum Ty {
    Bool,
    Int,
    Dec(u8),
    Text,
    Instant,
    Date,
    Time,
    Weekday,
    Dur,
    Enum(usize),
    Set(Box<Ty>),
}

#[derive(Clone, Debug)]
pub struct EnumPlan {
    pub name: String,
    pub ordered: bool,
    /// As a policy writes them.
    pub members: Vec<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Presence {
    Required,
    Optional,
    Default(String),
}

#[derive(Clone, Debug)]
pub struct FieldPlan {
    pub path: String,
    pub ty: Ty,
    pub presence: Presence,
    /// Bounds of a number.
    pub bounds: Option<(i64, i64)>,
    /// It lies in a record that may be absent.
    pub inside_optional: bool,
}

impl FieldPlan {
    pub fn may_be_missing(&self) -> bool {
        self.presence == Presence::Optional || self.inside_optional
    }
}

/// A classification that later ones, the route and everything after them may read.
#[derive(Clone, Debug)]
pub struct ClassPlan {
    pub name: String,
    /// A set for `collect`.
    pub ty: Ty,
}

pub struct Draw {
    pub dice: Dice,
    pub zone: &'static str,
    pub enums: Vec<EnumPlan>,
    pub fields: Vec<FieldPlan>,
    pub defines: Vec<(String, Ty)>,
    pub classes: Vec<ClassPlan>,
    pub scripts: bool,
    pub events: usize,
    pub calendars: usize,
    pub clocks: usize,
    pub records: usize,
    /// Whether it has blocks of many rules, about enums of many members and texts of one word.
    pub wide: bool,
}

/// The files of a policy, and what it is made of.
pub struct Drawn {
    pub files: Vec<(String, String)>,
    pub draw: Draw,
}

impl Draw {
    pub fn new(seed: u64) -> Draw {
        Draw {
            dice: Dice::new(seed),
            zone: "UTC",
            enums: Vec::new(),
            fields: Vec::new(),
            defines: Vec::new(),
            classes: Vec::new(),
            scripts: false,
            events: 0,
            calendars: 0,
            clocks: 0,
            records: 0,
            wide: false,
        }
    }

    pub fn below(&mut self, end: usize) -> usize {
        let end = i64::try_from(end).expect("few");
        usize::try_from(self.dice.below(end)).expect("small")
    }

    pub fn between(&mut self, from: i64, to: i64) -> i64 {
        from + self.dice.below(to - from + 1)
    }

    /// One in so many.
    pub fn one_in(&mut self, many: usize) -> bool {
        self.below(many) == 0
    }

    pub fn pick<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }

    /// Any of the fields.
    pub fn one_field(&mut self) -> FieldPlan {
        let place = self.below(self.fields.len());
        self.fields[place].clone()
    }

    /// The path of one of some fields.
    pub fn path_of(&mut self, places: &[usize]) -> String {
        let place = self.pick(places);
        self.fields[place].path.clone()
    }

    /// Fields of a type, by their place.
    pub fn of_type(&self, fits: impl Fn(&Ty) -> bool) -> Vec<usize> {
        (0..self.fields.len())
            .filter(|place| fits(&self.fields[*place].ty))
            .collect()
    }

    /// A constant as a policy writes it, and as JSON has it.
    pub fn constant(&mut self, ty: &Ty, bounds: Option<(i64, i64)>) -> (String, String) {
        let quoted = |text: String| format!("\"{text}\"");
        match ty {
            Ty::Bool => {
                let word = self.pick(&["true", "false"]).to_owned();
                (word.clone(), word)
            }
            Ty::Int => {
                let number = match bounds {
                    Some((from, to)) => self.between(from, to.min(from + 12)),
                    None if self.one_in(12) => {
                        self.pick(&[i64::MAX, i64::MIN + 1, i64::MAX / 2, 1_000_000, 100, -100])
                    }
                    None => self.between(-3, 12),
                };
                (number.to_string(), number.to_string())
            }
            Ty::Dec(digits) => {
                let units = match bounds {
                    Some((from, to)) => self.between(from, to.min(from + 12)),
                    None => self.between(-4, 12),
                };
                let digit = self.pick(&["0", "5", "25"]);
                let digits = usize::from(*digits);
                let fraction: String = digit.chars().take(digits).collect();
                let inside = bounds.is_none_or(|(_, to)| 0 <= units && units < to);
                let written = if fraction.is_empty() || !inside {
                    units.to_string()
                } else {
                    format!("{units}.{fraction}")
                };
                (written.clone(), quoted(written))
            }
            Ty::Text => {
                let text = if self.wide && self.one_in(2) {
                    format!("P{}", self.below(40))
                } else {
                    self.pick(&TEXTS).to_owned()
                };
                (quoted(text.clone()), quoted(text))
            }
            Ty::Instant => {
                let minutes = if self.one_in(3) {
                    self.between(-20, 40) * 1440
                } else {
                    self.between(-3000, 6000) * 10
                };
                let written = instant(BASE + minutes * 60_000);
                (written.clone(), quoted(written))
            }
            Ty::Date => {
                let date = date(self.between(-20, 40));
                (date.clone(), quoted(date))
            }
            Ty::Time => {
                let minutes = self.between(0, 95) * 15;
                let time = format!("{:02}:{:02}", minutes / 60, minutes % 60);
                (time.clone(), quoted(time))
            }
            Ty::Weekday => {
                let day = self.pick(&WEEKDAYS).to_owned();
                (day.clone(), quoted(day))
            }
            Ty::Dur => {
                let length = self
                    .pick(&[
                        "1ms", "90s", "15m", "1h30m", "4h", "24h", "72h", "0s", "500h",
                    ])
                    .to_owned();
                (length.clone(), quoted(length))
            }
            Ty::Enum(place) => {
                let members = self.enums[*place].members.clone();
                let member = self.pick(&members);
                let json = if member.starts_with('"') {
                    member.clone()
                } else {
                    quoted(member.clone())
                };
                (member, json)
            }
            Ty::Set(element) => {
                let count = self.below(4);
                let mut all: Vec<(String, String)> =
                    (0..count).map(|_| self.constant(element, bounds)).collect();
                all.sort();
                all.dedup();
                let written: Vec<&str> = all.iter().map(|one| one.0.as_str()).collect();
                let json: Vec<&str> = all.iter().map(|one| one.1.as_str()).collect();
                let written = if written.is_empty() {
                    "{}".to_owned()
                } else {
                    format!("{{ {} }}", written.join(", "))
                };
                (written, format!("[{}]", json.join(", ")))
            }
        }
    }

    pub fn constants(&mut self, ty: &Ty, bounds: Option<(i64, i64)>, count: usize) -> Vec<String> {
        let mut all: Vec<String> = (0..count).map(|_| self.constant(ty, bounds).0).collect();
        all.sort();
        all.dedup();
        all
    }

    pub fn has_order(&self, ty: &Ty) -> bool {
        match ty {
            Ty::Bool | Ty::Text | Ty::Set(_) => false,
            Ty::Enum(place) => self.enums[*place].ordered,
            Ty::Int | Ty::Dec(_) | Ty::Instant | Ty::Date | Ty::Time | Ty::Weekday | Ty::Dur => {
                true
            }
        }
    }

    pub fn because(&mut self) -> String {
        match self.below(4) {
            0 => " because \"1.2 told\", \"另一条\"".to_owned(),
            1 => format!(" because \"clause {}\"", self.below(9)),
            _ => String::new(),
        }
    }

    /// `effective …`, rarely.
    pub fn effective(&mut self, rarity: usize) -> String {
        if !self.one_in(rarity) {
            return String::new();
        }
        let first = self.between(-12, 20);
        let last = first + self.between(0, 25);
        let by = if self.one_in(2) { " by now" } else { "" };
        match self.below(3) {
            0 => format!(" effective from {}{by}", date(first)),
            1 => format!(" effective until {}{by}", date(last)),
            _ => format!(" effective from {} until {}{by}", date(first), date(last)),
        }
    }

    pub fn label(&mut self) -> String {
        if self.one_in(6) {
            " \"a label\"".to_owned()
        } else {
            String::new()
        }
    }

    /// The types, the case and its events.
    pub fn schema(&mut self, fields: usize) -> String {
        self.enums.push(EnumPlan {
            name: "mood".to_owned(),
            ordered: false,
            members: vec!["calm".to_owned(), "angry".to_owned()],
        });
        for place in 0..3 {
            let count = if self.wide {
                self.between(8, 30)
            } else {
                self.between(2, 6)
            };
            let mut members: Vec<String> = (0..count)
                .map(|member| format!("m{place}_{member}"))
                .collect();
            if self.one_in(3) {
                members[0] = format!("\"m {place}\"");
            }
            let ordered = place == 1 || self.one_in(3);
            self.enums.push(EnumPlan {
                name: format!("e{place}"),
                ordered,
                members,
            });
        }
        let mut text = String::new();
        for plan in &self.enums {
            let sign = if plan.ordered { " < " } else { ", " };
            let _ = writeln!(
                text,
                "type {} = one of {{ {} }}",
                plan.name,
                plan.members.join(sign)
            );
        }
        text += "case {\n  id: text\n  opened_at: instant\n";
        for place in 0..fields {
            let _ = writeln!(text, "  {}", self.field(&format!("f{place}"), "", false));
        }
        for record in 0..self.below(3) {
            let optional = self.one_in(2);
            let _ = writeln!(text, "  r{record}: {{");
            for place in 0..self.between(1, 3) {
                let _ = writeln!(
                    text,
                    "    {}",
                    self.field(&format!("g{place}"), &format!("r{record}."), optional)
                );
            }
            if self.one_in(3) {
                let inner_optional = self.one_in(2);
                let prefix = format!("r{record}.inner.");
                let inner = self.field("h", &prefix, optional || inner_optional);
                let word = if inner_optional { " optional" } else { "" };
                let _ = writeln!(text, "    inner: {{\n      {inner}\n    }}{word}");
            }
            let _ = writeln!(text, "  }}{}", if optional { " optional" } else { "" });
        }
        text += "}\n";
        self.events = self.below(4);
        if self.events > 0 {
            let names: Vec<String> = (0..self.events).map(|event| format!("ev{event}")).collect();
            let _ = writeln!(text, "events {{ {} }}", names.join(", "));
        }
        text + "role desk\nrole lead \"Team lead\"\nrole chief\nrole night\nqueue fast\nqueue slow \"Slow\"\n"
    }

    fn ty(&mut self) -> Ty {
        match self.below(if self.wide { 16 } else { 20 }) {
            0 | 1 => Ty::Bool,
            2 | 3 => Ty::Int,
            4 => {
                let digits = self.pick(&[0, 1, 2, 2, 2, 18]);
                Ty::Dec(digits)
            }
            5 | 6 => Ty::Text,
            7..=9 => Ty::Enum(1 + self.below(3)),
            10 => Ty::Date,
            11 | 12 => {
                let element = match self.below(5) {
                    0 => Ty::Int,
                    1 => Ty::Weekday,
                    2 => Ty::Text,
                    _ => Ty::Enum(1 + self.below(3)),
                };
                Ty::Set(Box::new(element))
            }
            13 => Ty::Time,
            14 => Ty::Weekday,
            15 => Ty::Enum(0),
            16 => Ty::Dur,
            _ => Ty::Instant,
        }
    }

    pub fn type_text(&self, ty: &Ty) -> String {
        match ty {
            Ty::Bool => "bool".to_owned(),
            Ty::Int => "integer".to_owned(),
            Ty::Dec(digits) => format!("decimal({digits})"),
            Ty::Text => "text".to_owned(),
            Ty::Instant => "instant".to_owned(),
            Ty::Date => "date".to_owned(),
            Ty::Time => "time".to_owned(),
            Ty::Weekday => "weekday".to_owned(),
            Ty::Dur => "duration".to_owned(),
            Ty::Enum(place) => self.enums[*place].name.clone(),
            Ty::Set(element) => format!("set of {}", self.type_text(element)),
        }
    }

    fn field(&mut self, name: &str, prefix: &str, inside_optional: bool) -> String {
        let ty = self.ty();
        let mut text = format!("{name}: {}", self.type_text(&ty));
        let bounds = match &ty {
            Ty::Int | Ty::Dec(_) if self.one_in(2) => {
                let from = self.between(-2, 2);
                Some((from, from + self.between(5, 400)))
            }
            _ => None,
        };
        if let Some((from, to)) = bounds {
            let _ = write!(text, " from {from} to {to}");
        }
        let presence = match self.below(5) {
            0 => Presence::Required,
            1 | 2 => Presence::Optional,
            _ => Presence::Default(self.constant(&ty, bounds).0),
        };
        match &presence {
            Presence::Required => {}
            Presence::Optional => text += " optional",
            Presence::Default(value) => {
                let _ = write!(text, " default {value}");
            }
        }
        self.fields.push(FieldPlan {
            path: format!("{prefix}{name}"),
            ty,
            presence,
            bounds,
            inside_optional,
        });
        text
    }

    /// The whole policy of a seed.
    pub fn policy(seed: u64) -> Drawn {
        let mut draw = Draw::new(seed);
        draw.zone = draw.pick(&ZONES);
        // One policy in eight has a block of many rules.
        draw.wide = draw.one_in(8);
        draw.scripts = draw.one_in(3);
        let fields = if draw.wide {
            draw.between(8, 14)
        } else {
            draw.between(3, 9)
        };
        let mut text = draw.schema(usize::try_from(fields).expect("few"));
        let mut files = Vec::new();
        let mut settings = format!(
            "[policy]\nname = \"random\"\nversion = \"1\"\nlanguage = 1\nzone = \"{}\"\n",
            draw.zone
        );
        text += &draw.calendar_items(&mut settings, &mut files);
        if draw.scripts {
            text += scripts::DECLARED;
            files.push(("scripts/all.rhai".to_owned(), scripts::SCRIPT.to_owned()));
        }
        text += &draw.define_items();
        let timed = !draw.wide || draw.one_in(2);
        draw.clocks = if timed { draw.below(4) } else { 0 };
        text += &draw.block_items();
        text += &draw.clock_items();
        text += &draw.route_item();
        text += &draw.sla_item();
        if timed {
            text += &draw.duty_items();
        }
        files.push(("caseway.toml".to_owned(), settings));
        files.push(("policy.policy".to_owned(), text));
        Drawn { files, draw }
    }
}

/// A date so many days behind the first.
pub fn date(day: i64) -> String {
    let at = chrono::DateTime::from_timestamp_millis(BASE + day * 86_400_000).expect("an instant");
    at.date_naive().to_string()
}

pub fn instant(at: i64) -> String {
    let at = chrono::DateTime::from_timestamp_millis(at).expect("an instant");
    at.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)
}
