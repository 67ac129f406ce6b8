//! The card that `caseway eval --format text` prints, with clocks as bars.

use crate::command::Folder;
use crate::support::SETTINGS;
use unicode_width::UnicodeWidthStr;

const DESK: &str = r#"case {
  id: text  opened_at: instant
  status: one of { open, pending, resolved, cancelled } default open
  urgent: bool default false  parts: text optional
}
events { first_response, confirmed }
role desk "服务台"  role supervisor "服务监督员"  role manager
calendar business "工作时间" { open mon to fri 09:00-12:00, 13:00-18:00  closed 2026-03-05 }
classify severity "级别" as one of { general "一般" < critical "紧急" } {
  first match
  rule urgent "加急" when urgent then critical because "1.6 对于涉及系统故障或网络中断的问题,应优先处理,确保客户基本服务不受影响"
  otherwise general
}
route {
  first match
  rule urgent when severity is critical to desk
    escalate to supervisor after 30m of respond
    escalate to manager every 4h after due at most 3 times of resolve
  otherwise to desk
}
clock respond "首次响应" { stop on first_response  cancel when status is cancelled }
clock resolve "解决" {
  pause when status is pending  stop when status is resolved  cancel when status is cancelled
  reopen resume within 7 days else new cycle
}
clock callback "回访" { start when status is resolved }
sla {
  tier critical "紧急" when severity is critical {
    respond 1h  resolve 8h of business  callback none
    warn at 50%, at 80% of resolve
    escalate to supervisor at due of resolve
  }
  otherwise tier general "一般" { respond 4h of business  resolve 5 working days of business by close  callback 2 days }
}
record ticket "服务工单"
record recording "通话录音(含投诉处理过程中的全部录音及其文字整理稿)"
retain ticket { from opened_at  keep at least 2 years  delete no later than 5 years  then review by supervisor }
retain recording { from opened_at  keep at least 6 months  then destroy }
hold dispute "争议未决" on recording when urgent
follow_up confirm "问题确认" by desk when status is resolved within 1 day done on confirmed
require archive "存档完整" when status is resolved that parts is present
"#;

/// The card of a case with these events at an instant; every line fits into 80 columns.
fn card(case: &str, events: &str, at: &str) -> String {
    card_by(
        &[("caseway.toml", SETTINGS), ("desk.policy", DESK)],
        case,
        events,
        at,
    )
}

/// The card by other files.
fn card_by(files: &[(&str, &str)], case: &str, events: &str, at: &str) -> String {
    let desk = Folder::new(files);
    let file = format!(
        r#"{{"case":{{"id":"T1","opened_at":"2026-03-02T10:00:00+08:00"{case}}},"events":[{events}],"at":"{at}"}}"#
    );
    let ran = desk.run_with(
        &["eval", "--format", "text", "--case", "-"],
        file.as_bytes(),
    );
    assert_eq!((ran.code(), ran.err()), (Some(0), String::new()));
    let shown = ran.out();
    for line in shown.lines() {
        assert!(line.width() <= 80, "{} columns: {line}", line.width());
        assert_eq!(line, line.trim_end());
    }
    shown
}

fn set(at: &str, status: &str) -> String {
    format!(r#"{{"at":"{at}:00+08:00","set":{{"status":"{status}"}}}}"#)
}

#[test]
fn a_clock_runs_over_nights_a_pause_and_a_closed_day() {
    let events = [
        r#"{"at":"2026-03-02T10:20:00+08:00","event":"first_response"}"#.to_owned(),
        set("2026-03-03T10:00", "pending"),
        set("2026-03-04T10:00", "open"),
    ];
    insta::assert_snapshot!(card("", &events.join(","), "2026-03-06T11:00:00+08:00"));
}

#[test]
fn an_urgent_case_is_overdue_and_escalated() {
    insta::assert_snapshot!(card(r#","urgent":true"#, "", "2026-03-03T16:00:00+08:00"));
}

#[test]
fn a_case_is_resolved_late_and_reopened_in_a_new_cycle() {
    let events = [
        set("2026-03-03T17:00", "resolved"),
        set("2026-03-16T10:00", "open"),
    ];
    let card = card(
        r#","urgent":true"#,
        &events.join(","),
        "2026-03-16T12:00:00+08:00",
    );
    insta::assert_snapshot!(card);
}

#[test]
fn a_resolved_case_has_duties() {
    let events = set("2026-03-04T17:00", "resolved");
    insta::assert_snapshot!(card("", &events, "2026-03-05T08:00:00+08:00"));
}

#[test]
fn a_cancelled_case_shows_what_was_used() {
    let events = set("2026-03-03T17:00", "cancelled");
    insta::assert_snapshot!(card("", &events, "2026-03-05T08:00:00+08:00"));
}

#[test]
fn a_case_is_resolved_late() {
    let events = set("2026-03-03T17:00", "resolved");
    let card = card(r#","urgent":true"#, &events, "2026-03-03T17:30:00+08:00");
    let headline = "resolve 解决: met late, used 14h of 8h of business 工作时间\n";
    assert!(card.contains(headline), "{card}");
}

#[test]
fn what_the_holiday_data_does_not_cover_is_unknown() {
    let covers = "[holidays.cn]\nfile = \"cn.csv\"\ncovers = [\"2026-01-01\", \"2026-03-03\"]\n";
    let settings = format!("{SETTINGS}{covers}");
    let desk = DESK.replace("closed 2026-03-05", "holidays cn");
    let files = [
        ("caseway.toml", settings.as_str()),
        ("desk.policy", &desk),
        ("cn.csv", "date,kind,name\n"),
    ];
    insta::assert_snapshot!(card_by(&files, "", "", "2026-03-05T12:00:00+08:00"));
}

#[test]
fn offsets_are_told_where_clocks_change() {
    let settings = SETTINGS.replace("Asia/Shanghai", "Europe/London");
    let files = [("caseway.toml", settings.as_str()), ("desk.policy", DESK)];
    let card = card_by(&files, "", "", "2026-03-27T17:00:00Z");
    // Opened in winter time, due in summer time.
    assert!(card.contains("running, overdue"), "{card}");
    assert!(card.contains("keep until 2026-09-02 02:00+01:00"), "{card}");
    assert!(card.contains("keep until 2028-03-02 02:00,"), "{card}");
}
