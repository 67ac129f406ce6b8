//! Local times by the engine's own tables of zones, held against the zone database itself.

use caseway::time::Zone;
use caseway::{Date, Instant, TimeOfDay};
use chrono::{DateTime, MappedLocalTime, NaiveDateTime, NaiveTime, Offset, TimeDelta, TimeZone};
use chrono_tz::{TZ_VARIANTS, Tz};

const DAY: i64 = 86_400_000;
/// 1830 to 2120.
const INSTANTS: (i64, i64) = (-4_417_977_600_000, 4_733_596_800_000);

#[test]
fn local_times_are_those_of_the_zone_database() {
    // Every seventh zone, and those with the oddest changes.
    let odd = ["Asia/Shanghai", "Pacific/Apia", "Africa/Monrovia"];
    let odd = odd.iter().map(|name| name.parse().expect("a zone"));
    let zones: Vec<Tz> = TZ_VARIANTS.iter().copied().step_by(7).chain(odd).collect();
    for zone in zones {
        for at in changes(zone) {
            for step in [-DAY, -3_600_000, -1_000, -1, 0, 1, 1_000, 3_600_000, DAY] {
                compare(zone, at + step);
            }
        }
        for at in [Instant::MIN.millis(), Instant::MAX.millis()] {
            compare(zone, at);
        }
    }
}

/// Instants at which the offset of a zone changes.
fn changes(zone: Tz) -> Vec<i64> {
    let (mut at, last) = INSTANTS;
    let mut found = Vec::new();
    while at < last {
        let (mut same, mut other) = (at, at + 20 * DAY);
        at = other;
        if offset(zone, same) == offset(zone, other) {
            continue;
        }
        while other - same > 1 {
            let middle = i64::midpoint(same, other);
            match offset(zone, middle) == offset(zone, same) {
                true => same = middle,
                false => other = middle,
            }
        }
        found.push(other);
    }
    found
}

fn utc(at: i64) -> DateTime<chrono::Utc> {
    DateTime::from_timestamp_millis(at).expect("an instant")
}

fn offset(zone: Tz, at: i64) -> i32 {
    let local = utc(at).with_timezone(&zone);
    local.offset().fix().local_minus_utc()
}

/// What the wall shows at an instant; and at what instants it shows what it shows at this one in UTC.
fn compare(zone: Tz, at: i64) {
    let ours = Zone::parse(zone.name()).expect("a zone");
    let instant = Instant::from_millis(at).expect("an instant");
    let local = utc(at).with_timezone(&zone).naive_local();
    let date = format!("{}", local.date().format("%Y-%m-%d"));
    if !date.starts_with(['-', '+']) {
        assert_eq!(instant.date(ours).to_string(), date, "{zone} {at}");
    }
    let midnight = local.date().and_time(NaiveTime::MIN);
    let millis = i64::from(instant.time(ours).millis());
    assert_eq!(
        midnight + TimeDelta::milliseconds(millis),
        local,
        "{zone} {at}"
    );
    // Near a change, what the wall shows is shown twice or was skipped.
    for step in [-1_800_000, 0, 1_800_000] {
        let local = local + TimeDelta::milliseconds(step);
        let Some(date) = Date::parse(&format!("{}", local.date().format("%Y-%m-%d"))) else {
            continue;
        };
        let since = local - local.date().and_time(NaiveTime::MIN);
        let millis = u32::try_from(since.num_milliseconds()).expect("less than a day");
        let time = TimeOfDay::from_millis(millis).expect("a time");
        let found = ours.instant(date, time).map(Instant::millis);
        let wanted = instant_of(zone, local).filter(|at| Instant::from_millis(*at).is_some());
        assert_eq!(found, wanted, "{zone} {local}");
    }
}

/// The first instant of a local time; in a gap read with the offset before it.
fn instant_of(zone: Tz, local: NaiveDateTime) -> Option<i64> {
    match zone.from_local_datetime(&local) {
        MappedLocalTime::Single(at) => Some(at.timestamp_millis()),
        MappedLocalTime::Ambiguous(a, b) => Some(a.timestamp_millis().min(b.timestamp_millis())),
        MappedLocalTime::None => {
            let guess = local.and_utc().timestamp_millis();
            let before = offset(zone, guess - DAY);
            Some(guess - i64::from(before) * 1_000)
        }
    }
}
