//! A decision as it is printed: the keys in their order, instants in the policy's zone.

use super::blocks::Taken;
use super::clock::{Phase, Walk};
use super::cycle::{Closed, Length, calendar_of};
use super::hours::Due;
use super::meaning::{Decision, Meaning};
use super::steps::{Fired, List, flat, route_keys};
use super::{Millis, retention};
use crate::wall_time::offset;
use caseway::model::{ArithmeticOp, Disposal, Expr, ExprKind, RoleId, Strategy, Target, Type};
use caseway::value::Value;
use chrono::{DateTime, FixedOffset, SecondsFormat};
use std::fmt::Write as _;

/// A value of JSON; the keys of an object stay in their order.
enum Json {
    Null,
    Bool(bool),
    Number(i64),
    Text(String),
    /// Already written.
    Raw(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    fn write(&self, out: &mut String) {
        let text = |text: &str| serde_json::to_string(text).expect("a text is JSON");
        match self {
            Json::Null => out.push_str("null"),
            Json::Bool(yes) => out.push_str(if *yes { "true" } else { "false" }),
            Json::Number(number) => write!(out, "{number}").expect("written"),
            Json::Text(written) => out.push_str(&text(written)),
            Json::Raw(raw) => out.push_str(raw),
            Json::List(all) => {
                out.push('[');
                for (place, one) in all.iter().enumerate() {
                    out.push_str(if place > 0 { "," } else { "" });
                    one.write(out);
                }
                out.push(']');
            }
            Json::Object(all) => {
                out.push('{');
                for (place, (key, one)) in all.iter().enumerate() {
                    out.push_str(if place > 0 { "," } else { "" });
                    out.push_str(&text(key));
                    out.push(':');
                    one.write(out);
                }
                out.push('}');
            }
        }
    }
}

fn text(text: impl Into<String>) -> Json {
    Json::Text(text.into())
}

fn perhaps<T>(value: Option<T>, json: impl FnOnce(T) -> Json) -> Json {
    value.map_or(Json::Null, json)
}

fn texts(all: &[String]) -> Json {
    Json::List(all.iter().map(|one| text(one.as_str())).collect())
}

fn object<const N: usize>(entries: [(&str, Json); N]) -> Json {
    Json::Object(
        entries
            .into_iter()
            .map(|(key, json)| (key.to_owned(), json))
            .collect(),
    )
}

/// RFC 3339 in a zone, milliseconds only when there are any; where the offset has seconds, in UTC.
pub fn instant(meaning: &Meaning<'_>, at: Millis) -> String {
    let utc = DateTime::from_timestamp_millis(at).expect("an instant");
    let form = if at % 1000 == 0 {
        SecondsFormat::Secs
    } else {
        SecondsFormat::Millis
    };
    let offset = offset(meaning.zone, at) / 1000;
    if meaning.zone == chrono_tz::UTC || offset % 60 != 0 {
        return utc.to_rfc3339_opts(form, true);
    }
    let offset = FixedOffset::east_opt(i32::try_from(offset).expect("small")).expect("an offset");
    utc.with_timezone(&offset).to_rfc3339_opts(form, false)
}

/// A decision; without `next` also without the keys that do not count for whether it is another one.
pub fn decision(
    meaning: &Meaning<'_>,
    decision: &Decision<'_>,
    next: Option<Option<Millis>>,
) -> String {
    let model = meaning.model;
    let at = |at: Option<Millis>| perhaps(at, |at| text(instant(meaning, at)));
    let header = serde_json::to_string(meaning.policy.header()).expect("a header is JSON");
    let mut entries = vec![
        ("case", perhaps(decision.id.clone(), Json::Text)),
        ("at", at(next.map(|_| decision.now))),
        ("policy", Json::Raw(header)),
        ("classification", classifications(meaning, decision)),
        ("route", route(meaning, decision)),
        ("sla", sla(meaning, decision, next.is_some())),
        ("retention", records(meaning, decision)),
        ("follow_ups", follow_ups(meaning, decision)),
        ("requirements", requirements(meaning, decision)),
    ];
    if let Some(next) = next {
        entries.push(("next_change_at", at(next)));
    }
    let waiting = decision.decided.waiting.iter().map(|(field, rules)| {
        let field = text(model.schema.fields[field.0 as usize].path.as_str());
        object([("field", field), ("rules", texts(rules))])
    });
    entries.push(("waiting_for", Json::List(waiting.collect())));
    let problems = decision.problems.iter().map(|problem| {
        let rules: Vec<String> = problem.rules.iter().map(|(_, rule)| rule.clone()).collect();
        let about = if next.is_some() {
            Json::Raw("\"…\"".to_owned())
        } else {
            text(problem.about.as_str())
        };
        object([
            ("code", text(problem.code)),
            ("block", text(problem.block.as_str())),
            ("rules", texts(&rules)),
            ("message", about),
        ])
    });
    entries.push(("problems", Json::List(problems.collect())));
    if next.is_some() {
        let ignored = i64::try_from(decision.ignored).expect("few");
        entries.push(("ignored_events", Json::Number(ignored)));
    }
    let all = entries
        .into_iter()
        .map(|(key, json)| (key.to_owned(), json));
    let mut out = String::new();
    Json::Object(all.collect()).write(&mut out);
    out
}

fn value(meaning: &Meaning<'_>, ty: &Type, value: &Value) -> Json {
    match (value, ty) {
        (Value::Set(all), Type::Set(element)) => Json::List(
            all.iter()
                .map(|one| self::value(meaning, element, one))
                .collect(),
        ),
        (Value::Integer(_) | Value::Decimal(_), Type::Decimal(digits)) => {
            let number = value.as_decimal().expect("a number");
            let zeros = 10i128.pow(u32::from(digits - number.scale()));
            let mantissa = number.mantissa() * zeros;
            let (whole, digits) = (mantissa.unsigned_abs().to_string(), usize::from(*digits));
            let whole = format!("{whole:0>width$}", width = digits + 1);
            let (whole, fraction) = whole.split_at(whole.len() - digits);
            let sign = if mantissa < 0 { "-" } else { "" };
            let point = if digits > 0 { "." } else { "" };
            text(format!("{sign}{whole}{point}{fraction}"))
        }
        (Value::Bool(yes), _) => Json::Bool(*yes),
        (Value::Integer(number), _) => Json::Number(*number),
        (Value::Text(written), _) => text(written.as_str()),
        (Value::Instant(at), _) => text(instant(meaning, at.millis())),
        (Value::Member(member), Type::Enum(id)) => text(meaning.model.schema.member(*id, *member)),
        (Value::Date(date), _) => text(date.to_string()),
        (Value::Time(time), _) => text(time.to_string()),
        (Value::Weekday(day), _) => text(day.word()),
        (Value::Duration(length), _) => text(length.to_string()),
        (other, ty) => panic!("{other:?} is no {ty:?}"),
    }
}

fn classifications(meaning: &Meaning<'_>, decision: &Decision<'_>) -> Json {
    let blocks = meaning
        .model
        .classifications
        .iter()
        .zip(&decision.decided.classifications);
    let entries = blocks.map(|(block, (said, taken))| {
        let name = |rule: &usize| block.rules[*rule].declared.name.clone();
        let names: Vec<String> = match taken {
            Taken::Nothing => Vec::new(),
            Taken::Rules(rules) => rules.iter().map(name).collect(),
            Taken::Otherwise => vec!["otherwise".to_owned()],
        };
        let because: Vec<String> = match taken {
            Taken::Nothing => Vec::new(),
            Taken::Rules(rules) => rules
                .iter()
                .flat_map(|rule| block.rules[*rule].because.clone())
                .collect(),
            Taken::Otherwise => block
                .otherwise
                .iter()
                .flat_map(|otherwise| otherwise.because.clone())
                .collect(),
        };
        let collect = block.strategy == Strategy::Collect;
        let ty = if collect {
            Type::Set(Box::new(block.outcome.clone()))
        } else {
            block.outcome.clone()
        };
        let mut entries = vec![(
            "value",
            perhaps(said.as_ref(), |said| value(meaning, &ty, said)),
        )];
        match said {
            Some(_) if collect => entries.push(("rules", texts(&names))),
            _ => entries.push(("rule", perhaps(names.first(), |name| text(name.as_str())))),
        }
        if said.is_some() {
            entries.push(("because", texts(&because)));
        }
        let entries = entries
            .into_iter()
            .map(|(key, json)| (key.to_owned(), json));
        (block.declared.name.clone(), Json::Object(entries.collect()))
    });
    Json::Object(entries.collect())
}

fn route(meaning: &Meaning<'_>, decision: &Decision<'_>) -> Json {
    if meaning.model.route.is_none() {
        return Json::Null;
    }
    let taken = meaning.target(&decision.decided.route);
    let role = |role: RoleId| text(meaning.role(role));
    let mut steps: Vec<Json> = Vec::new();
    let mut former: Vec<&Fired> = Vec::new();
    for clock in &decision.clocks {
        former.extend(clock.former().filter(|fired| fired.list == List::Route));
    }
    former.sort_by_key(|fired| fired.at);
    steps.extend(former.into_iter().map(|fired| former_step(meaning, fired)));
    if let Some((rule, target)) = taken {
        let keys = route_keys(meaning, rule, &target.escalations);
        for (place, line, ..) in flat(&target.escalations) {
            let clock = &decision.clocks.get(line.clock.0 as usize).expect("a clock");
            let found = clock
                .in_force
                .iter()
                .find(|step| step.list == List::Route && step.place == place);
            steps.push(match found {
                Some(step) => step_json(
                    meaning,
                    &step.key,
                    Some(step.role),
                    clock.step_at(meaning, step),
                    step.fired.is_some(),
                ),
                None => step_json(meaning, &keys[place], Some(line.to), None, false),
            });
        }
    }
    let target = taken.map(|(_, target)| target);
    let queue = target.and_then(|target| target.queue);
    let with = target
        .into_iter()
        .flat_map(|target| &target.with)
        .map(|one| role(*one));
    object([
        ("role", perhaps(target, |target| role(target.role))),
        (
            "queue",
            perhaps(queue, |queue| {
                text(meaning.model.queues[queue.0 as usize].name.as_str())
            }),
        ),
        ("with", Json::List(with.collect())),
        ("rule", perhaps(taken, |(rule, _)| text(rule))),
        (
            "because",
            texts(target.map_or(&[], |target| &target.because)),
        ),
        ("escalations", Json::List(steps)),
    ])
}

/// A step; a warning has no role to go to.
fn step_json(
    meaning: &Meaning<'_>,
    key: &str,
    to: Option<Option<RoleId>>,
    at: Option<Millis>,
    fired: bool,
) -> Json {
    let mut entries = vec![("key".to_owned(), text(key))];
    if let Some(to) = to {
        entries.push(("to".to_owned(), perhaps(to, |to| text(meaning.role(to)))));
    }
    entries.push((
        "at".to_owned(),
        perhaps(at, |at| text(instant(meaning, at))),
    ));
    entries.push(("fired".to_owned(), Json::Bool(fired)));
    Json::Object(entries)
}

fn former_step(meaning: &Meaning<'_>, fired: &Fired) -> Json {
    let to = (fired.list != List::Warnings).then_some(fired.role);
    step_json(meaning, &fired.key, to, Some(fired.at), true)
}

/// The length of a target without its calendar, and the calendar.
fn target_json(meaning: &Meaning<'_>, target: Option<Target>) -> (Json, Json) {
    let length = match target {
        None | Some(Target::None) => return (Json::Null, Json::Null),
        Some(Target::Exact(length, _)) => length.to_string(),
        Some(Target::WorkingDays(1, _)) => "1 working day".to_owned(),
        Some(Target::WorkingDays(days, _)) => format!("{days} working days"),
        Some(Target::Calendar(period)) => period.to_string(),
    };
    let calendar = target.map_or(0, calendar_of);
    (
        text(length),
        text(meaning.model.calendars[calendar].declared.name.as_str()),
    )
}

fn seconds(millis: Option<Millis>) -> Json {
    perhaps(millis, |millis| Json::Number(millis.div_euclid(1000)))
}

fn sla(meaning: &Meaning<'_>, decision: &Decision<'_>, whole: bool) -> Json {
    let Some(block) = &meaning.model.sla else {
        return Json::Null;
    };
    let tier = decision.decided.tier.map(|tier| &block.tiers[tier]);
    let clocks = decision
        .clocks
        .iter()
        .filter(|_| tier.is_some())
        .map(|clock| {
            let name = meaning.model.clocks[clock.clock].declared.name.clone();
            (name, clock_json(meaning, clock, decision.now, whole))
        });
    object([
        (
            "tier",
            perhaps(tier, |tier| text(tier.declared.name.as_str())),
        ),
        ("because", texts(tier.map_or(&[], |tier| &tier.because))),
        ("clocks", Json::Object(clocks.collect())),
    ])
}

fn clock_json(meaning: &Meaning<'_>, clock: &Walk<'_>, now: Millis, whole: bool) -> Json {
    let cycle = &clock.cycle;
    let at = |at: Option<Millis>| perhaps(at, |at| text(instant(meaning, at)));
    let state = match clock.phase {
        Phase::Idle => "idle",
        Phase::Running => "running",
        Phase::Paused => "paused",
        Phase::Met => "met",
        Phase::Cancelled => "cancelled",
    };
    let agreed = clock.agreed();
    let (target, calendar) = target_json(meaning, agreed);
    let elapsed = cycle.used(meaning, now).ok();
    let length = match (cycle.length(meaning, agreed), agreed) {
        (Length::Is(length), _) => Some(length),
        // It has not started: known only of exact time.
        (_, Some(Target::Exact(length, _))) => Some(length.millis()),
        _ => None,
    };
    let remaining = length
        .zip(elapsed)
        .map(|(length, elapsed)| length - elapsed);
    let due = match clock.shown_due() {
        Due::At(due) => Some(due),
        _ => None,
    };
    let flag = clock.flag(meaning, now).map(|flag| match flag {
        Due::Unknown(..) => "unknown_calendar_year",
        Due::NeverOpens(_) => "calendar_never_opens",
        _ => "beyond_range",
    });
    let steps = |list: List| {
        let former = clock.former().filter(|fired| fired.list == list);
        let mut former: Vec<&Fired> = former.collect();
        former.sort_by_key(|fired| fired.at);
        let former = former.into_iter().map(|fired| former_step(meaning, fired));
        let in_force = clock
            .in_force
            .iter()
            .filter(|step| step.list == list)
            .map(|step| {
                let to = (list != List::Warnings).then_some(step.role);
                step_json(
                    meaning,
                    &step.key,
                    to,
                    clock.step_at(meaning, step),
                    step.fired.is_some(),
                )
            });
        Json::List(former.chain(in_force).collect())
    };
    let cycles = clock
        .closed
        .iter()
        .map(|closed| closed_json(meaning, closed));
    object([
        ("state", text(state)),
        ("target", target),
        ("calendar", calendar),
        ("cycle", Json::Number(i64::from(cycle.number))),
        ("started_at", at(cycle.started)),
        ("elapsed_s", seconds(elapsed.filter(|_| whole))),
        ("remaining_s", seconds(remaining.filter(|_| whole))),
        ("due", at(due)),
        ("met_at", at(cycle.met)),
        ("breached_at", at(cycle.breached)),
        ("flag", perhaps(flag, text)),
        ("warnings", steps(List::Warnings)),
        ("escalations", steps(List::Escalations)),
        ("cycles", Json::List(cycles.collect())),
    ])
}

fn closed_json(meaning: &Meaning<'_>, closed: &Closed) -> Json {
    let cycle = &closed.cycle;
    let at = |at: Option<Millis>| perhaps(at, |at| text(instant(meaning, at)));
    let (target, calendar) = target_json(meaning, cycle.agreed);
    let due = match cycle.due() {
        Due::At(due) if cycle.ran_to_the_end => Some(due),
        _ => None,
    };
    object([
        ("cycle", Json::Number(i64::from(cycle.number))),
        ("state", text(if closed.met { "met" } else { "superseded" })),
        ("target", target),
        ("calendar", calendar),
        ("started_at", at(cycle.started)),
        ("ended_at", at(Some(closed.ended))),
        ("elapsed_s", seconds(cycle.used(meaning, closed.ended).ok())),
        ("due", at(due)),
        ("met_at", at(cycle.met)),
        ("breached_at", at(cycle.breached)),
    ])
}

fn records(meaning: &Meaning<'_>, decision: &Decision<'_>) -> Json {
    let model = meaning.model;
    let at = |at: Option<Millis>| perhaps(at, |at| text(instant(meaning, at)));
    let entries = model
        .records
        .iter()
        .zip(&decision.retention)
        .map(|(record, kept)| {
            let (then, approver) = match kept.then {
                None => (Json::Null, Json::Null),
                Some(Disposal::Review(role)) => (text("review"), text(meaning.role(role))),
                Some(Disposal::Destroy) => (text("destroy"), Json::Null),
                Some(Disposal::Anonymise) => (text("anonymise"), Json::Null),
                Some(Disposal::Archive) => (text("archive"), Json::Null),
            };
            let rules: Vec<String> = kept
                .blocks
                .iter()
                .map(|place| retention::name(model, *place))
                .collect();
            let holds: Vec<String> = kept
                .holds
                .iter()
                .map(|hold| model.holds[*hold].declared.name.clone())
                .collect();
            let mut because: Vec<String> = Vec::new();
            for place in &kept.blocks {
                let block = &model.retains[*place];
                because.extend(block.because.clone());
                because.extend(block.keep.iter().flat_map(|keep| keep.because.clone()));
                because.extend(
                    block
                        .delete
                        .iter()
                        .flat_map(|delete| delete.because.clone()),
                );
                because.extend(block.then.iter().flat_map(|(_, because)| because.clone()));
            }
            because.extend(
                kept.holds
                    .iter()
                    .flat_map(|hold| model.holds[*hold].because.clone()),
            );
            let entry = object([
                ("phase", text(kept.phase)),
                ("keep_until", at(kept.keep_until)),
                ("delete_by", at(kept.delete_by)),
                ("then", then),
                ("approver", approver),
                ("rules", texts(&rules)),
                ("holds", texts(&holds)),
                ("because", texts(&because)),
            ]);
            (record.name.clone(), entry)
        });
    Json::Object(entries.collect())
}

fn follow_ups(meaning: &Meaning<'_>, decision: &Decision<'_>) -> Json {
    let at = |at: Option<Millis>| perhaps(at, |at| text(instant(meaning, at)));
    let listed = decision.follow_ups.iter().map(|listed| {
        let item = &meaning.model.follow_ups[listed.place];
        object([
            ("name", text(item.declared.name.as_str())),
            ("by", text(meaning.role(item.by))),
            ("due", at(listed.due)),
            ("done", Json::Bool(listed.done_at.is_some())),
            ("done_at", at(listed.done_at)),
            ("overdue", Json::Bool(listed.overdue)),
            ("because", texts(&item.because)),
        ])
    });
    Json::List(listed.collect())
}

fn requirements(meaning: &Meaning<'_>, decision: &Decision<'_>) -> Json {
    let asked = decision.requirements.iter().map(|(place, met, fields)| {
        let item = &meaning.model.requires[*place];
        let paths = fields
            .iter()
            .map(|field| text(meaning.model.schema.fields[field.0 as usize].path.as_str()));
        object([
            ("name", text(item.declared.name.as_str())),
            ("met", perhaps(*met, Json::Bool)),
            ("fields", Json::List(paths.collect())),
            ("because", texts(&item.because)),
        ])
    });
    Json::List(asked.collect())
}

/// An operation in words, so that the same one is told from another: names and numbers, and `…` for anything else.
pub fn expression(meaning: &Meaning<'_>, expr: &Expr) -> String {
    match &expr.kind {
        ExprKind::Arithmetic(op, left, right) => {
            let sign = match op {
                ArithmeticOp::Add => "+",
                ArithmeticOp::Subtract => "-",
                ArithmeticOp::Multiply => "*",
            };
            format!(
                "{} {sign} {}",
                expression(meaning, left),
                expression(meaning, right)
            )
        }
        ExprKind::Field(field) => meaning.model.schema.fields[field.0 as usize].path.clone(),
        ExprKind::Define(define) => meaning.model.defines[define.0 as usize]
            .declared
            .name
            .clone(),
        ExprKind::Constant(Value::Integer(number)) => number.to_string(),
        ExprKind::Constant(Value::Decimal(number)) => number.to_string(),
        ExprKind::Constant(Value::Duration(length)) => length.to_string(),
        _ => "…".to_owned(),
    }
}
