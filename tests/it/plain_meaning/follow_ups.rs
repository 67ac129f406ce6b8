//! Follow-ups, by the manual.

use super::Millis;
use super::hours::{Due, END};
use super::look::{Problem, add};
use super::meaning::Meaning;
use super::periods::{Round, later};
use caseway::model::{self, Within};

pub struct FollowUp<'m, 'a> {
    pub meaning: &'m Meaning<'a>,
    pub place: usize,
    pub item: &'a model::FollowUp,
}

/// A follow-up that is listed.
pub struct Listed {
    pub place: usize,
    pub due: Option<Millis>,
    pub done_at: Option<Millis>,
    pub overdue: bool,
}

impl FollowUp<'_, '_> {
    /// Lives through the instants: whether it is asked for, and whether it is done. Behind `of` there may be a moment,
    /// which may not have come.
    pub fn listed(
        &self,
        course: &[(Millis, bool, bool)],
        moment: Option<Option<Millis>>,
        now: Millis,
        problems: &mut Vec<Problem>,
    ) -> Option<Listed> {
        let mut since = None;
        let mut done_at = None;
        let mut asked_before = false;
        for (at, asked, done) in course {
            if *asked && !asked_before {
                since = Some(*at);
                done_at = None;
            }
            asked_before = *asked;
            // What is done at the very instant at which its `when` stops being true was not dropped before.
            if since.is_some() && done_at.is_none() {
                if *done {
                    done_at = Some(*at);
                } else if !asked {
                    since = None;
                }
            }
        }
        let since = since?;
        let due = match moment.unwrap_or(Some(since)) {
            None => Due::Never,
            Some(from) => self.due(from),
        };
        let block = format!("follow_up.{}", self.item.declared.name);
        if let Some((code, about)) = self.meaning.fault(due) {
            add(problems, code, block, Vec::new(), about);
        }
        let due = match due {
            Due::At(at) => Some(at),
            _ => None,
        };
        let overdue = done_at.is_none() && due.is_some_and(|due| due <= now);
        Some(Listed {
            place: self.place,
            due,
            done_at,
            overdue,
        })
    }

    fn due(&self, from: Millis) -> Due {
        let hours = |place: caseway::model::CalendarId| &self.meaning.calendars[place.0 as usize];
        match self.item.within {
            Within::Exact(length, calendar) => hours(calendar).due(from, length.millis()),
            Within::WorkingDays(days, calendar) => hours(calendar).close_of_working_day(from, days),
            Within::Calendar(period) => match later(self.meaning.zone, from, period, Round::Down) {
                Some(at) if at <= END => Due::At(at),
                _ => Due::Beyond,
            },
        }
    }
}
