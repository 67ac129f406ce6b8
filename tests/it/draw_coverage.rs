//! `caseway draw --coverage`: pictures and the page with what the policy's tests reach.

use crate::command::Folder;
use serde_json::Value;

const SETTINGS: &str =
    "[policy]\nname = \"服务\"\nversion = \"1\"\nlanguage = 1\nzone = \"Asia/Shanghai\"\n";

const POLICY: &str = r#"case {
  id: text
  opened_at: instant
  kind "类型": one of { fault "故障", complaint "投诉" }
  waiting: bool default false
  parts: bool default false
  held: bool default false
  status: one of { open, closed } default open
}
events { answered "已答复", sent }
role desk "服务台"
role boss "主管"
record ticket "工单"
classify severity "级别" as one of { low "低" < high "高" } {
  first match
  rule faults "故障" when kind is fault then high
  otherwise low
}
route { first match rule urgent when severity is high to boss otherwise to desk }
clock resolve "解决" {
  pause when waiting
  pause when parts
  stop on answered
  stop when status is closed
}
sla {
  tier fast "快" when severity is high { resolve 4h }
  otherwise tier slow "慢" { resolve 48h }
}
retain ticket "一般" { from when status is closed keep at least 2 years }
retain ticket "一般" when kind is complaint { from opened_at keep at least 3 years }
hold legal "留存" on ticket when held
follow_up call "回访" by desk when kind is complaint within 1 day done on answered done when status is closed
require letter "答复函" when kind is complaint that sent has happened
"#;

const ONE_COMPLAINT: &str = r#"
test "投诉" {
  case { id: "1", kind: complaint, opened_at: 2026-03-02T10:00:00+08:00 }
  event 2026-03-02T11:00:00+08:00 set { parts: true }
  event 2026-03-02T12:00:00+08:00 answered
  expect severity is low
}
"#;

const ONE_FAULT: &str = r#"
test "故障" {
  case { id: "2", kind: fault, held: true, waiting: true, opened_at: 2026-03-02T10:00:00+08:00 }
  event 2026-03-02T11:00:00+08:00 set { status: closed }
  expect severity is high
}
test "没有答复的投诉" {
  case { id: "3", kind: complaint, opened_at: 2026-03-02T10:00:00+08:00 }
  event 2026-03-02T11:00:00+08:00 sent
  event 2026-03-02T12:00:00+08:00 set { status: closed }
  expect severity is low
}
"#;

fn folder(tests: &[&str]) -> Folder {
    let tests = tests.concat();
    Folder::new(&[
        ("caseway.toml", SETTINGS),
        ("desk.policy", POLICY),
        ("desk.test.policy", &tests),
    ])
}

fn drawn(folder: &Folder, arguments: &[&str]) -> String {
    let all: Vec<&str> = ["draw", "--coverage"]
        .iter()
        .chain(arguments)
        .copied()
        .collect();
    let ran = folder.run(&all);
    assert_eq!(ran.code(), Some(0), "{}", ran.err());
    ran.out()
}

/// The words of the cells and lines of a page that have a class.
fn of_class<'a>(page: &'a str, start: &str) -> Vec<&'a str> {
    let rest = page.split(start).skip(1);
    rest.map(|rest| rest.split('<').next().unwrap_or(""))
        .collect()
}

/// The names of the rows that are marked.
fn marked(page: &str) -> Vec<&str> {
    of_class(page, "<tr class=\"unfired\"><td><b>")
}

#[test]
fn the_page_marks_what_no_test_reaches() {
    let one = folder(&[ONE_COMPLAINT]);
    let page = drawn(&one, &[]);
    assert_eq!(marked(&page), ["faults", "urgent", "fast", "legal"]);
    // From when records count, how the follow-up ends, what must hold.
    assert_eq!(
        of_class(&page, "<div class=\"missed\">"),
        ["no test reaches it"; 3]
    );
    let clauses = of_class(&page, "class=\"missed\">");
    let clauses: Vec<&str> = clauses
        .into_iter()
        .filter(|words| words.contains('·'))
        .collect();
    assert_eq!(
        clauses,
        [
            "2 pause when waiting · no test reaches it",
            "6 stop when status is closed · no test reaches it",
        ]
    );
    assert!(page.contains("<dt>tests</dt><dd>1 passed, 0 failed</dd>"));
    assert!(page.contains("<dt>rules that tests take</dt><dd>5 / 8 (62 %)</dd>"));

    let all = folder(&[ONE_COMPLAINT, ONE_FAULT]);
    let page = drawn(&all, &[]);
    assert_eq!(
        (marked(&page), page.contains("no test reaches it")),
        (vec![], false)
    );
    assert!(page.contains("<dt>rules that tests take</dt><dd>8 / 8 (100 %)</dd>"));

    let none = folder(&[]);
    let page = drawn(&none, &[]);
    assert_eq!(marked(&page).len(), 11, "{:?}", marked(&page));

    // Without the option nothing is said of tests.
    let plain = one.run(&["draw"]).out();
    for words in ["unfired\"", "missed\"", "tests", "class=\"number\""] {
        assert!(!plain.contains(words), "{words}");
    }
}

#[test]
fn the_page_marks_in_chinese() {
    let page = drawn(&folder(&[ONE_COMPLAINT]), &["--lang", "zh"]);
    assert_eq!(
        of_class(&page, "<div class=\"missed\">"),
        ["没有测试用到"; 3]
    );
    assert!(page.contains("<th>测试</th>"));
    assert!(page.contains("<dt>测试用到的规则</dt><dd>5 / 8 (62 %)</dd>"));
}

#[test]
fn pictures_mark_what_no_test_reaches() {
    let folder = folder(&[
        ONE_COMPLAINT,
        ONE_COMPLAINT.replace("投诉\" {", "再投诉\" {").as_str(),
    ]);
    let route = drawn(&folder, &["--format", "svg", "--picture", "route"]);
    let read = roxmltree::Document::parse(&route).expect("SVG");
    let classes = |class: &str| {
        let nodes = read.descendants();
        nodes
            .filter(|node| node.attribute("class") == Some(class))
            .count()
    };
    assert_eq!((classes("unfired"), classes("rule")), (1, 1));
    assert!(route.contains("no test reaches it") && route.contains("2 tests reach it"));

    let mermaid = drawn(&folder, &["--format", "mermaid", "--picture", "sla"]);
    assert_eq!(
        mermaid,
        "flowchart TD
  start([\"sla<br/>from the top, the first that is true counts\"]) --> r0
  r0[\"fast 快<br/>severity is high\"]
  o0([\"resolve 解决: 4h<br/>no test reaches it\"])
  r0 -->|yes| o0
  r0 -->|no| r1
  r1[\"slow 慢<br/>otherwise\"]
  o1([\"resolve 解决: 48h<br/>2 tests reach it\"])
  r1 --> o1
  classDef missed fill:#fdf1e3,stroke:#c78a3b,stroke-dasharray:5 3
  class r0 missed
"
    );
    let clock = drawn(
        &folder,
        &["--format", "mermaid", "--picture", "clock.resolve"],
    );
    assert!(clock.contains("running --> paused : pause when waiting (no test reaches it)\n"));
    assert!(clock.contains("running --> paused : pause when parts\n"));
}

/// The page tells the figures that `caseway test --coverage` tells.
#[test]
fn the_figures_are_those_of_test() {
    let folder = folder(&[]);
    for parent in ["policies", "templates"] {
        for pack in std::fs::read_dir(parent).expect("a folder") {
            let pack = std::fs::canonicalize(pack.expect("an entry").path()).expect("a path");
            let pack = pack.to_str().expect("a path");
            let page = drawn(&folder, &[pack]);
            let tests = folder.run(&["test", pack, "--coverage", "--format", "json"]);
            let mut expected: Vec<u64> = Vec::new();
            for block in list(&tests.json()["coverage"]["blocks"]) {
                let name = block["block"].as_str().unwrap_or("");
                let of_row = ["hold.", "follow_up.", "require."]
                    .iter()
                    .any(|kind| name.starts_with(kind));
                for item in list(&block["items"]) {
                    let clause = item["kind"] == "clause";
                    if !clause || (of_row && item["rule"] == "when") {
                        expected.push(item["tests"].as_u64().expect("a number"));
                    }
                }
            }
            let shown = of_class(&page, "<td class=\"number\">");
            let mut shown: Vec<u64> = shown
                .iter()
                .map(|number| number.parse().expect("a number"))
                .collect();
            expected.sort_unstable();
            shown.sort_unstable();
            assert_eq!(shown, expected, "{pack}");
            assert_eq!(marked(&page), [""; 0], "{pack}");
        }
    }
}

fn list(value: &Value) -> Vec<Value> {
    value.as_array().cloned().unwrap_or_default()
}
