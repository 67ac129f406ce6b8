//! Random records, follow-ups, requirements and guarantees.

use super::draw::Draw;
use std::fmt::Write as _;

impl Draw {
    pub fn duty_items(&mut self) -> String {
        let mut text = String::new();
        self.records = self.below(3);
        for record in 0..self.records {
            let _ = writeln!(text, "record y{record}{}", self.label());
            for block in 0..self.below(4) {
                text += &self.retain(record, block);
            }
        }
        for place in 0..self.below(2 * self.records.min(1) + 1) {
            let record = self.below(self.records);
            let _ = writeln!(
                text,
                "hold h_{place} on y{record} when {}{}",
                self.course_condition(),
                self.because()
            );
        }
        for place in 0..self.below(3) {
            text += &self.follow_up(place);
        }
        for place in 0..self.below(3) {
            let (when, that) = (self.course_condition(), self.course_condition());
            let _ = writeln!(
                text,
                "require z{place}{} when {when} that {that}{}",
                self.label(),
                self.because()
            );
        }
        if self.one_in(6) {
            let scope = self.scope();
            let (condition, then) = (self.condition(scope, 1), self.condition(scope, 1));
            let _ = writeln!(text, "guarantee g_0 {{ if {condition} then {then} }}");
        }
        text
    }

    fn period(&mut self) -> String {
        self.pick(&[
            "2 years",
            "1 months",
            "6 months",
            "30 days",
            "48h",
            "5 days",
            "0h",
            "9000 years",
            "0 days",
        ])
        .to_owned()
    }

    fn retain(&mut self, record: usize, block: usize) -> String {
        let label = if self.one_in(3) {
            format!(" \"block of {record} {block}\"")
        } else {
            String::new()
        };
        let mut text = format!("retain y{record}{label}");
        if self.one_in(2) {
            let _ = write!(text, " when {}", self.course_condition());
        }
        let effective = self.effective(6);
        let _ = write!(text, "{effective} {{ from {}", self.moment());
        let excluding = |draw: &mut Draw| draw.pick(&["", "", " excluding the starting month"]);
        let (keep, delete) = (self.below(3) > 0, self.below(3) > 0);
        if keep || !delete {
            let _ = write!(
                text,
                " keep at least {}{}{}",
                self.period(),
                excluding(self),
                self.because()
            );
        }
        if delete {
            let _ = write!(
                text,
                " delete no later than {}{}{}",
                self.period(),
                excluding(self),
                self.because()
            );
        }
        if self.one_in(2) {
            let then = self.pick(&[
                "review by lead",
                "destroy",
                "anonymise",
                "archive",
                "destroy",
            ]);
            let _ = write!(text, " then {then}{}", self.because());
        }
        let because = self.because();
        text + because.as_str() + " }\n"
    }

    fn follow_up(&mut self, place: usize) -> String {
        let calendar = if self.calendars > 0 {
            Some(self.below(self.calendars))
        } else {
            None
        };
        let mut within = String::new();
        match (self.below(4), calendar) {
            (0, Some(calendar)) => {
                let _ = write!(
                    within,
                    "{} of c{calendar}",
                    self.pick(&["24h", "90m", "8h"])
                );
            }
            (1, Some(calendar)) => {
                let _ = write!(
                    within,
                    "{} working days of c{calendar} by close",
                    self.between(1, 3)
                );
            }
            _ => within += self.pick(&["24h", "7 days", "1 months", "2 years", "9000 years"]),
        }
        if self.one_in(3) {
            let _ = write!(within, " of {}", self.moment());
        }
        let effective = self.effective(8);
        let when = self.course_condition();
        let mut text = format!(
            "follow_up u{place}{} by {}{effective} when {when} within {within} done {}",
            self.label(),
            self.pick(&["desk", "lead"]),
            self.trigger()
        );
        if self.one_in(3) {
            let _ = write!(text, " done {}", self.trigger());
        }
        let because = self.because();
        text + because.as_str() + "\n"
    }
}
