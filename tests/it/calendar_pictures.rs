//! The pictures that `caseway calendar --format text` draws of its answers.

use crate::command::Folder;
use crate::support::SETTINGS;
use unicode_width::UnicodeWidthStr;

const CALENDARS: &str = r#"case { id: text  opened_at: instant }
calendar business "工作时间" {
  open     mon to fri 09:00-12:00, 13:00-18:00
  open     sat 10:00-16:00
  open     2026-12-31 22:15-02:00
  closed   2026-12-30
  holidays cn
}
calendar london { zone "Europe/London"  open sun to sat 00:00-06:00, 09:15-17:45 }
calendar howe   { zone "Australia/Lord_Howe"  open sun 02:15-04:00 }
calendar apia   { zone "Pacific/Apia"  open mon to sun 09:00-17:00 }
calendar johns  { zone "America/St_Johns"  open mon to sun 00:00-24:00 }
"#;

const HOLIDAYS: &str = "date,kind,name
2026-02-14,workday,春节调休上班(按规定)
2026-02-15,holiday,春节
2026-02-16,holiday,春节
2026-02-17,holiday,春节
2026-02-18,holiday,Spring Festival of the Year of the Horse
2026-02-19,holiday
2026-02-20,holiday,春节
2026-02-21,holiday,春节
2026-02-22,holiday,春节
2026-02-23,holiday,春节
2026-02-28,workday,fri
";

fn desk() -> Folder {
    let covers = "[holidays.cn]\nfile = \"cn.csv\"\ncovers = [\"2026-01-01\", \"2026-12-31\"]\n";
    Folder::new(&[
        ("caseway.toml", &format!("{SETTINGS}{covers}")),
        ("calendars.policy", CALENDARS),
        ("cn.csv", HOLIDAYS),
    ])
}

/// Draws what a question is answered with; every line fits into 80 columns.
fn picture(question: &str) -> String {
    let mut arguments = vec!["calendar", "--format", "text"];
    arguments.extend(question.split(' '));
    let ran = desk().run(&arguments);
    assert_eq!((ran.code(), ran.err()), (Some(0), String::new()));
    let shown = ran.out();
    for line in shown.lines() {
        assert!(line.width() <= 80, "{} columns: {line}", line.width());
        assert_eq!(line, line.trim_end());
    }
    shown
}

#[test]
fn start_and_due_lie_in_one_week() {
    let shown = picture("business due --start 2026-03-02T11:20:00+08:00 --target 90m");
    insta::assert_snapshot!(shown);
}

#[test]
fn due_far_away_shows_both_weeks_and_names_of_days() {
    let shown = picture("business due --start 2026-02-13T15:20:00+08:00 --target 46h");
    insta::assert_snapshot!(shown);
}

#[test]
fn measured_weeks_lie_apart() {
    let shown =
        picture("business measure --from 2026-02-14T00:00:00+08:00 --to 2026-11-01T23:59:59+08:00");
    insta::assert_snapshot!(shown);
}

#[test]
fn closed_special_and_unknown_dates_are_named() {
    insta::assert_snapshot!(picture("business open --at 2026-12-30T17:00:00Z"));
}

#[test]
fn a_skipped_hour_is_blank_and_a_repeated_one_is_told() {
    let spring = picture("london due --start 2026-03-29T00:00:00Z --target 5h");
    let autumn = picture("london due --start 2026-10-25T00:40:00Z --target 30m");
    insta::assert_snapshot!(format!("{spring}\n{autumn}"));
}

#[test]
fn a_change_of_half_an_hour_a_skipped_date_and_a_change_around_midnight() {
    let howe = picture("howe due --start 2026-10-03T15:40:00Z --target 1h");
    let apia = picture("apia due --start 2011-12-30T02:00:00Z --target 2h");
    let johns = picture("johns measure --from 2006-10-28T02:00:00Z --to 2006-10-29T03:15:00Z");
    insta::assert_snapshot!(format!("{howe}\n{apia}\n{johns}"));
}

#[test]
fn the_first_and_the_last_instant_are_drawn() {
    for question in [
        "howe open --at 0000-01-01T00:00:00Z",
        "howe open --at 9999-12-31T23:59:59Z",
        "always measure --from 0000-01-01T00:00:00Z --to 9999-12-31T23:59:59Z",
        "always due --start 9999-12-31T23:59:59Z --target 0s",
        "business measure --from 2026-03-02T10:00:00Z --to 2026-01-02T10:00:00Z",
    ] {
        picture(question);
    }
}
