//! Bars as they are drawn.

use super::*;
use crate::time::{CalendarDefinition, OpenSpan, Weekday, WeeklyHours};
use std::sync::LazyLock;

fn at(text: &str) -> Instant {
    Instant::parse(&format!("{text}:00+08:00")).expect("an instant")
}

fn zone() -> Zone {
    Zone::parse("Asia/Shanghai").expect("a zone")
}

fn business() -> Calendar {
    let mut definition = CalendarDefinition::new(zone());
    definition.weekly.push(WeeklyHours {
        weekdays: Weekday::ALL.into_iter().take(5).collect(),
        spans: OpenSpan::new(9 * 60, 17 * 60).into_iter().collect(),
        from: None,
        until: None,
    });
    Calendar::new(&definition)
}

/// A stretch that counts on a calendar, or at all times.
fn stretch<'a>(
    from: &str,
    to: &str,
    kind: StretchKind,
    calendar: Option<&'a Calendar>,
) -> Stretch<'a> {
    Stretch {
        from: at(from),
        to: at(to),
        kind,
        calendar: calendar.or(Some(&ALWAYS)),
    }
}

/// Open at all times.
static ALWAYS: LazyLock<Calendar> = LazyLock::new(|| Calendar::always(zone()));

fn bar(stretches: Vec<Stretch<'_>>) -> ClockBar<'_> {
    ClockBar {
        zone: zone(),
        now: None,
        stretches,
        due: None,
        met_at: None,
        breached_at: None,
    }
}

/// The lines, and the legend below them; each within its columns.
fn drawn(bar: &ClockBar<'_>, columns: usize, unicode: bool) -> String {
    let pen = Pen::plain(unicode);
    let DrawnBar { mut lines, pieces } = bar.draw(columns, pen);
    for line in &lines {
        assert!(line.width() <= columns, "{line}");
        assert!(unicode || line.is_ascii(), "{line}");
    }
    lines.extend(legend(&pieces, pen));
    lines.join("\n")
}

#[test]
fn a_clock_that_runs_was_paused_and_has_time_left() {
    let stretches = vec![
        stretch(
            "2026-03-02T09:00",
            "2026-03-02T12:00",
            StretchKind::Running,
            None,
        ),
        stretch(
            "2026-03-02T12:00",
            "2026-03-02T15:00",
            StretchKind::Paused,
            None,
        ),
        stretch(
            "2026-03-02T15:00",
            "2026-03-02T17:30",
            StretchKind::Running,
            None,
        ),
    ];
    let bar = ClockBar {
        now: Some(at("2026-03-02T17:30")),
        due: Some(at("2026-03-02T21:00")),
        ..bar(stretches)
    };
    insta::assert_snapshot!(drawn(&bar, 62, true), @r"
    [███████████████‖‖‖‖‖‖‖‖‖‖‖‖‖‖‖█████████████·················]
     ▲ 03-02 09:00                             ▲ now 03-02 17:30
                                                due 03-02 21:00 ▲
    █ counted  ‖ paused  · left
    ");
    insta::assert_snapshot!(drawn(&bar, 62, false), @r"
    [###############|||||||||||||||#############.................]
     ^ 03-02 09:00                             ^ now 03-02 17:30
                                                due 03-02 21:00 ^
    # counted  | paused  . left
    ");
}

#[test]
fn nights_and_weekends_do_not_count() {
    let business = business();
    let from = "2026-11-20T10:00";
    let to = "2026-11-23T11:00";
    let bar = ClockBar {
        now: Some(at(to)),
        due: Some(at("2026-11-24T10:00")),
        ..bar(vec![stretch(
            from,
            to,
            StretchKind::Running,
            Some(&business),
        )])
    };
    insta::assert_snapshot!(drawn(&bar, 78, true), @r"
    [██████░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░██·····            ·]
     ▲ 11-20 10:00                                            ▲ now 11-23 11:00
                                                                due 11-24 10:00 ▲
    █ counted  ░ outside hours  · left
    ");
}

#[test]
fn overdue_time_is_told_apart_and_a_late_stop_is_marked() {
    let bar = ClockBar {
        due: Some(at("2026-03-02T10:00")),
        breached_at: Some(at("2026-03-02T10:00")),
        met_at: Some(at("2026-03-02T11:00")),
        ..bar(vec![stretch(
            "2026-03-02T09:00",
            "2026-03-02T11:00",
            StretchKind::Running,
            None,
        )])
    };
    insta::assert_snapshot!(drawn(&bar, 42, true), @r"
    [████████████████████!!!!!!!!!!!!!!!!!!!!]
     ▲ 03-02 09:00       ▲ due 03-02 10:00
                            met 03-02 11:00 ▲
    █ counted  ! overdue
    ");
}

#[test]
fn a_reopened_clock_shows_when_it_was_met() {
    let stretches = vec![
        stretch(
            "2026-03-23T09:00",
            "2026-03-23T15:00",
            StretchKind::Running,
            None,
        ),
        stretch(
            "2026-03-23T15:00",
            "2026-03-25T10:00",
            StretchKind::Met,
            None,
        ),
        stretch(
            "2026-03-25T10:00",
            "2026-03-25T12:00",
            StretchKind::Running,
            None,
        ),
    ];
    let bar = ClockBar {
        now: Some(at("2026-03-25T12:00")),
        due: Some(at("2026-03-27T04:00")),
        ..bar(stretches)
    };
    insta::assert_snapshot!(drawn(&bar, 76, true), @r"
    [█████───────────────────────────────────█·································]
     ▲ 03-23 09:00            now 03-25 12:00 ▲               due 03-27 04:00 ▲
    █ counted  ─ met, then reopened  · left
    ");
}

#[test]
fn over_years_hours_are_too_short_to_see() {
    let business = business();
    let bar = ClockBar {
        now: Some(at("2026-11-20T10:00")),
        due: Some(at("2027-12-31T17:00")),
        ..bar(vec![stretch(
            "2025-12-31T10:00",
            "2026-11-20T10:00",
            StretchKind::Running,
            Some(&business),
        )])
    };
    insta::assert_snapshot!(drawn(&bar, 76, true), @r"
    [█████████████████████████████████·········································]
     ▲ 2025-12-31 10:00              ▲ now 11-20 10:00   due 2027-12-31 17:00 ▲
    █ counted  · left
    ");
}

#[test]
fn instants_that_coincide_share_a_mark_and_crowded_ones_get_lines() {
    let bar = ClockBar {
        now: Some(at("2026-03-02T10:01")),
        due: Some(at("2026-03-02T10:01")),
        breached_at: Some(at("2026-03-02T10:00")),
        ..bar(vec![stretch(
            "2026-03-02T09:00",
            "2026-03-02T10:01",
            StretchKind::Running,
            None,
        )])
    };
    insta::assert_snapshot!(drawn(&bar, 30, true), @r"
    [███████████████████████████!]
     ▲ 03-02 09:00
            overdue 03-02 10:00 ▲
           due, now 03-02 10:01 ▲
    █ counted  ! overdue
    ");
}

#[test]
fn nothing_is_drawn_of_no_time_or_in_no_room() {
    let none = bar(vec![stretch(
        "2026-03-02T09:00",
        "2026-03-02T09:00",
        StretchKind::Running,
        None,
    )]);
    assert_eq!(drawn(&none, 76, true), "");
    assert_eq!(drawn(&bar(Vec::new()), 76, true), "");
    let some = bar(vec![stretch(
        "2026-03-02T09:00",
        "2026-03-02T09:01",
        StretchKind::Running,
        None,
    )]);
    for columns in 0..12 {
        drawn(&some, columns, true);
    }
    assert_eq!(drawn(&some, 2, true), "");
    let far = ClockBar {
        due: Some(Instant::MAX),
        now: Some(Instant::MIN),
        ..some
    };
    assert_eq!(
        far.draw(76, Pen::plain(true))
            .lines
            .first()
            .map(|line| line.width()),
        Some(76)
    );
}
