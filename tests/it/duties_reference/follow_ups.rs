//! Follow-ups and requirements, by the manual.

use super::Millis;
use super::local_time::{Uncovered, Walker, later};
use super::log::{CaseLog, Point, in_force, moment};
use super::plan::{FollowUpPlan, ROLES, Within, World};
use serde_json::{Value, json};

/// A follow-up that is listed: since when, and when it was done.
struct Listed {
    since: Millis,
    done_at: Option<Millis>,
}

/// Lives through the points.
fn listed(world: &World, log: &CaseLog, plan: &FollowUpPlan, points: &[Point]) -> Option<Listed> {
    let mut listed: Option<Listed> = None;
    let mut asked_before = false;
    for point in points {
        let asked = in_force(world, plan.effective, log.opened, point.at)
            && plan.when.holds(&point.situation);
        let done = plan
            .done_on
            .iter()
            .any(|event| point.events.contains(event))
            || plan
                .done_when
                .as_ref()
                .is_some_and(|done| done.holds(&point.situation));
        if asked && !asked_before {
            listed = Some(Listed {
                since: point.at,
                done_at: None,
            });
        }
        // Done at this very instant is not dropped before it is done.
        if let Some(open) = listed.as_mut().filter(|open| open.done_at.is_none()) {
            if done {
                open.done_at = Some(point.at);
            } else if !asked {
                listed = None;
            }
        }
        asked_before = asked;
    }
    listed
}

fn due(
    world: &World,
    log: &CaseLog,
    plan: &FollowUpPlan,
    points: &[Point],
    since: Millis,
) -> Result<Option<Millis>, Uncovered> {
    let from = match &plan.of {
        None => Some(since),
        Some(of) => moment(of, log.opened, points),
    };
    let Some(from) = from else {
        return Ok(None);
    };
    let walker = |calendar: usize| {
        let plan = &world.calendars[calendar];
        let zone = plan.zone.unwrap_or(world.zone).parse().expect("a zone");
        Walker {
            zone,
            middle: world.middle,
            plan,
        }
    };
    match plan.within {
        Within::Period(period) => Ok(Some(later(world.tz(), from, period, false))),
        Within::Open(length, calendar) => walker(calendar).due(from, length).map(Some),
        Within::WorkingDays(days, calendar) => {
            walker(calendar).close_of_working_day(from, days).map(Some)
        }
    }
}

/// The follow-ups that are listed, and the problems.
pub fn follow_ups(
    world: &World,
    log: &CaseLog,
    points: &[Point],
    now: Millis,
) -> (Value, Vec<(String, String)>) {
    let mut said = Vec::new();
    let mut problems = Vec::new();
    for (place, plan) in world.follow_ups.iter().enumerate() {
        let Some(listed) = listed(world, log, plan, points) else {
            continue;
        };
        let due = due(world, log, plan, points, listed.since);
        if due.is_err() {
            let code = "unknown_calendar_year".to_owned();
            problems.push((code, format!("follow_up.f{place}")));
        }
        let due = due.unwrap_or(None);
        let done = listed.done_at.is_some();
        said.push(json!({
            "name": format!("f{place}"), "by": ROLES[plan.by], "due": due, "done": done,
            "done_at": listed.done_at, "overdue": !done && due.is_some_and(|due| due <= now),
            "because": [],
        }));
    }
    (Value::Array(said), problems)
}

/// The requirements that are asked.
pub fn requirements(world: &World, points: &[Point]) -> Value {
    let situation = &points[points.len() - 1].situation;
    let asked = world.requires.iter().enumerate();
    let asked = asked.filter(|(_, (when, _))| when.holds(situation));
    let said = asked.map(|(place, (_, that))| {
        let fields = that.keeping(true, situation);
        let fields: Vec<&str> = fields.iter().map(|field| field.path()).collect();
        json!({
            "name": format!("q{place}"), "met": that.worth(situation), "fields": fields, "because": [],
        })
    });
    Value::Array(said.collect())
}
