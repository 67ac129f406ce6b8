//! Random calendars with holidays, clocks, targets and steps.

use super::draw::{Draw, WEEKDAYS, ZONES, date};
use super::draw_conditions::Scope;
use std::fmt::Write as _;

const LENGTHS: [&str; 9] = [
    "15m", "1h", "90m", "4h", "8h", "24h", "72h", "0h", "1s500ms",
];

impl Draw {
    pub fn calendar_items(
        &mut self,
        settings: &mut String,
        files: &mut Vec<(String, String)>,
    ) -> String {
        self.calendars = if self.one_in(3) { 0 } else { 1 + self.below(2) };
        let mut text = String::new();
        for place in 0..self.calendars {
            let _ = writeln!(text, "calendar c{place}{} {{", self.label());
            if self.one_in(3) {
                let _ = writeln!(text, "  zone \"{}\"", self.pick(&ZONES));
            }
            for _ in 0..self.between(1, 2) {
                let days = self.pick(&[
                    "mon to fri",
                    "mon to sun",
                    "sat",
                    "mon, wed to fri",
                    "tue",
                    "sun",
                ]);
                let _ = writeln!(text, "  open {days} {}", self.hours());
            }
            if self.one_in(4) {
                let first = self.between(-10, 10);
                let (from, until) = (date(first), date(first + self.between(0, 20)));
                let _ = writeln!(
                    text,
                    "  open mon to sun {} from {from} until {until}",
                    self.hours()
                );
            }
            if self.one_in(3) {
                let _ = writeln!(
                    text,
                    "  open {} {}",
                    date(self.between(-8, 20)),
                    self.hours()
                );
            }
            if self.one_in(3) {
                let _ = writeln!(
                    text,
                    "  closed {}, {}",
                    date(self.between(-8, 5)),
                    date(self.between(6, 20))
                );
            }
            if self.one_in(3) {
                let _ = writeln!(text, "  holidays h{place}");
                self.holidays(place, settings, files);
            }
            text += "}\n";
        }
        text
    }

    fn hours(&mut self) -> String {
        let hours = [
            "09:00-17:00",
            "09:00-12:00, 13:00-18:00",
            "22:00-06:00",
            "00:00-24:00",
            "08:30-20:15",
            "01:30-05:00",
            "23:00-02:30",
        ];
        self.pick(&hours).to_owned()
    }

    fn holidays(&mut self, place: usize, settings: &mut String, files: &mut Vec<(String, String)>) {
        let first = self.between(-40, -20);
        let last = self.pick(&[8, 15, 30, 60, 700]);
        let _ = writeln!(
            settings,
            "[holidays.h{place}]\nfile = \"h{place}.csv\"\ncovers = [\"{}\", \"{}\"]",
            date(first),
            date(last)
        );
        let mut days: Vec<i64> = (0..self.below(7))
            .map(|_| self.between(first, last.min(25)))
            .collect();
        days.sort_unstable();
        days.dedup();
        let mut text = "date,kind,name\n".to_owned();
        for day in days {
            let name = self.pick(&WEEKDAYS);
            let row = self.pick(&[
                "holiday,off".to_owned(),
                "holiday,off".to_owned(),
                "workday,make-up".to_owned(),
                format!("workday,{name}"),
            ]);
            let _ = writeln!(text, "{},{row}", date(day));
        }
        files.push((format!("h{place}.csv"), text));
    }

    pub fn target_text(&mut self) -> String {
        let calendar = if self.calendars > 0 {
            Some(self.below(self.calendars))
        } else {
            None
        };
        match (self.below(9), calendar) {
            (0, _) => "none".to_owned(),
            (1 | 2, Some(calendar)) => format!(
                "{} working days of c{calendar} by close",
                self.between(1, 4)
            ),
            (3, _) => self
                .pick(&[
                    "1 days",
                    "2 days",
                    "7 days",
                    "1 months",
                    "1 years",
                    "9000 years",
                ])
                .to_owned(),
            (4..=6, Some(calendar)) => format!("{} of c{calendar}", self.pick(&LENGTHS)),
            (7, _) => self.pick(&["500h", "9000h", "2540400000h"]).to_owned(),
            _ => self.pick(&LENGTHS).to_owned(),
        }
    }

    fn step(&mut self) -> String {
        match self.below(8) {
            0 | 1 => format!("at {}%", self.pick(&[1, 33, 50, 75, 100, 150, 1000])),
            2 => "at due".to_owned(),
            3 => format!("{} before due", self.pick(&["30m", "2h", "1s"])),
            4 => format!("{} after due", self.pick(&["30m", "2h", "48h"])),
            5 => format!(
                "every {} after due at most {} times",
                self.pick(&["1h", "24h"]),
                self.between(1, 3)
            ),
            _ => format!("after {}", self.pick(&["30m", "1h", "5h", "100h"])),
        }
    }

    fn steps(&mut self) -> String {
        let mut steps: Vec<String> = (0..self.between(1, 2)).map(|_| self.step()).collect();
        steps.dedup();
        steps.join(", ")
    }

    pub fn warning_lines(&mut self) -> Vec<String> {
        let mut lines = Vec::new();
        for _ in 0..self.below(2) {
            lines.push(format!(
                "warn {} of k{}",
                self.steps(),
                self.below(self.clocks)
            ));
        }
        lines
    }

    pub fn escalation_lines(&mut self) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for _ in 0..self.below(3) {
            let role = self.pick(&["chief", "night", "lead"]);
            lines.push(format!(
                "escalate to {role} {} of k{}",
                self.steps(),
                self.below(self.clocks)
            ));
        }
        lines.sort();
        lines.dedup();
        lines
    }

    /// Conditions of what unfolds: classifications and events may be asked.
    pub fn course_scope(&self) -> Scope {
        Scope {
            events: true,
            ..self.scope()
        }
    }

    pub fn course_condition(&mut self) -> String {
        let scope = self.course_scope();
        let depth = self.pick(&[0, 0, 1, 2]);
        self.condition(scope, depth)
    }

    /// Something that an instant field, an event or a condition marks.
    pub fn moment(&mut self) -> String {
        let mut instants = self.of_type(|ty| *ty == super::draw::Ty::Instant);
        instants.truncate(3);
        match self.below(4) {
            0 if !instants.is_empty() => self.path_of(&instants),
            1 if self.events > 0 => format!(
                "{} ev{}",
                self.pick(&["first", "last"]),
                self.below(self.events)
            ),
            2 => format!("when {}", self.course_condition()),
            _ => "opened_at".to_owned(),
        }
    }

    /// `on EVENT` or `when CONDITION`.
    pub fn trigger(&mut self) -> String {
        if self.events > 0 && self.one_in(2) {
            return format!("on ev{}", self.below(self.events));
        }
        format!("when {}", self.course_condition())
    }

    pub fn clock_items(&mut self) -> String {
        let mut text = String::new();
        for place in 0..self.clocks {
            let _ = writeln!(text, "clock k{place}{} {{", self.label());
            if self.one_in(2) {
                let _ = writeln!(text, "  start {}", self.moment());
            }
            let _ = writeln!(text, "  stop {}", self.trigger());
            for (word, rarity) in [("stop", 3), ("cancel", 4), ("reset", 3)] {
                if self.one_in(rarity) {
                    let _ = writeln!(text, "  {word} {}", self.trigger());
                }
            }
            if self.one_in(2) {
                let _ = writeln!(text, "  pause when {}", self.course_condition());
            }
            if self.one_in(2) {
                let modes = ["ignore", "resume", "resume counting", "new cycle"];
                let mode = self.pick(&modes);
                let _ = write!(text, "  reopen {mode}");
                if self.one_in(3) {
                    let within = self.pick(&["2 days", "1 months", "24h", "90m"]);
                    let others: Vec<&str> =
                        modes.into_iter().filter(|other| *other != mode).collect();
                    let _ = write!(text, " within {within} else {}", self.pick(&others));
                }
                text.push('\n');
            }
            if self.one_in(2) {
                let never = self.pick(&["", " never later"]);
                let _ = writeln!(
                    text,
                    "  retier {}{never}",
                    self.pick(&["carry", "retroactive", "restart"])
                );
            }
            text += "}\n";
        }
        text
    }
}
