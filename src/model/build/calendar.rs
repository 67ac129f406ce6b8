//! Calendars: zones, weekdays, hours, holidays by name.

use super::builder::Builder;
use super::quick::HashMap;
use super::wording::listed;
use crate::diag::Diagnostic;
use crate::message::message;
use crate::model::{Calendar, Declared, Open, OpenDays};
use crate::source::Span;
use crate::syntax::ast;
use crate::time::{Date, Weekday, Zone};

impl<'a> Builder<'a> {
    /// Checks all calendars; the built-in `always` comes first.
    pub fn check_calendars(&mut self) {
        let zone = self.input.settings.zone;
        self.model.calendars.push(Calendar {
            declared: Declared {
                name: "always".into(),
                label: None,
                span: Span::default(),
            },
            zone,
            open: Vec::new(),
            closed: Vec::new(),
            holidays: None,
        });
        for at in 0..self.calendars.len() {
            let Some(calendar) = self.calendars.get(at).copied() else {
                continue;
            };
            self.enter(format!("calendar.{}", calendar.declared.name.text));
            let calendar = self.calendar(calendar, zone);
            self.model.calendars.push(calendar);
        }
        self.enter("");
    }

    fn calendar(&mut self, calendar: &ast::Calendar, usual: Zone) -> Calendar {
        let zone = calendar
            .zone
            .as_ref()
            .and_then(|zone| self.zone(zone))
            .unwrap_or(usual);
        let open: Vec<Open> = calendar.open.iter().map(|line| self.open(line)).collect();
        if open.is_empty() {
            let name = &calendar.declared.name;
            let message = message!(
                "calendar `{name}` has no `open` line, so it never opens",
                name = name.text
            );
            self.report(
                Diagnostic::error("missing-clause", name.span, message)
                    .help(message!("add its hours: `open mon to fri 09:00-17:00`")),
            );
        }
        let mut seen: HashMap<Date, Span> = HashMap::default();
        for (date, span) in &calendar.closed {
            match seen.get(date).copied() {
                Some(first) => {
                    let message = message!("`{date}` is closed already", date);
                    let finding = Diagnostic::error("duplicate-clause", *span, message);
                    self.report(
                        finding
                            .also(first, message!("first given here"))
                            .help(message!("remove one of the two")),
                    );
                }
                None => {
                    seen.insert(*date, *span);
                }
            }
        }
        let holidays = calendar.holidays.as_ref().map(|name| {
            self.holidays(name);
            name.text.to_string()
        });
        Calendar {
            declared: self.declared(&calendar.declared),
            zone,
            open,
            closed: calendar.closed.iter().map(|(date, _)| *date).collect(),
            holidays,
        }
    }

    fn zone(&mut self, written: &ast::Text) -> Option<Zone> {
        if let Some(zone) = Zone::parse(&written.text) {
            return Some(zone);
        }
        let message = message!("there is no zone `{name}`", name = written.text);
        let names: Vec<&'static str> = Zone::names().collect();
        let mut near = crate::diag::nearest(&written.text, names);
        if near
            .iter()
            .any(|name| crate::diag::is_slip(&written.text, name))
        {
            near.retain(|name| crate::diag::is_slip(&written.text, name));
        }
        let mut finding = Diagnostic::error("unknown-zone", written.span, message);
        finding = match near.first() {
            Some(best) => {
                let quoted: Vec<String> = near.iter().map(|name| format!("\"{name}\"")).collect();
                let list = listed(quoted.iter().map(String::as_str));
                finding
                    .help(message!("did you mean {list}?", list))
                    .unsafe_fix(written.span, format!("\"{best}\""))
            }
            None => finding.help(message!(
                "zones are named as in the IANA database, such as `\"Asia/Shanghai\"`"
            )),
        };
        self.report(finding);
        None
    }

    fn holidays(&mut self, name: &ast::Name) {
        let declared = &self.input.settings.holidays;
        if declared.iter().any(|known| *known == name.text) {
            return;
        }
        let names: Vec<&str> = declared.iter().map(String::as_str).collect();
        let message = message!("caseway.toml has no holidays `{name}`", name = name.text);
        let otherwise = message!(
            "add a table `[holidays.{name}]` with `file` and `covers`",
            name = name.text
        );
        let finding = Diagnostic::error("unknown-holidays", name.span, message);
        let finding = self.suggest(finding, &name.text, name.span, &names, otherwise);
        self.report(finding);
    }

    fn open(&mut self, line: &ast::Open) -> Open {
        if let (Some((from, _)), Some((until, span))) = (line.from, line.until)
            && from > until
        {
            let message = message!(
                "`until {until}` lies before `from {from}`: no day is left between them",
                until,
                from
            );
            self.report(Diagnostic::error("bad-dates", span, message).help(message!(
                "write the earlier date after `from`; both days are included"
            )));
        }
        let days = match &line.days {
            ast::OpenDays::Date(date, _) => OpenDays::Date(*date),
            ast::OpenDays::Weekdays(ranges) => OpenDays::Weekdays(self.weekdays(ranges)),
        };
        Open {
            days,
            hours: line
                .hours
                .iter()
                .map(|hours| (hours.open, hours.close))
                .collect(),
            from: line.from.map(|(date, _)| date),
            until: line.until.map(|(date, _)| date),
            span: line.span,
        }
    }

    /// The days of ranges such as `mon to fri`; `sat to mon` runs over the week's end.
    fn weekdays(&mut self, ranges: &[(ast::Name, Option<ast::Name>)]) -> Vec<Weekday> {
        let mut days = Vec::new();
        for (first, last) in ranges {
            let from = self.weekday(first);
            let to = match last {
                Some(last) => self.weekday(last),
                None => from,
            };
            let (Some(from), Some(to)) = (from, to) else {
                continue;
            };
            let (from, to) = (from as usize, to as usize);
            let length = (to + 7 - from) % 7;
            days.extend(
                Weekday::ALL
                    .iter()
                    .cycle()
                    .skip(from)
                    .take(length + 1)
                    .copied(),
            );
        }
        days.sort();
        days.dedup();
        days
    }

    fn weekday(&mut self, name: &ast::Name) -> Option<Weekday> {
        let found = Weekday::parse(&name.text);
        if found.is_none() {
            self.unknown_member(&name.text, name.span, &crate::model::Type::Weekday);
        }
        found
    }
}
