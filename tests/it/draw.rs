//! `caseway draw`: pictures and the page of a policy.

use crate::command::Folder;

const SETTINGS: &str =
    "[policy]\nname = \"desk\"\nversion = \"1\"\nlanguage = 1\nzone = \"Asia/Shanghai\"\n";

/// Labels hold signs that SVG, HTML and Mermaid must not read.
const POLICY: &str = r#"type level = one of { low < high "高" }
case {
  id: text
  opened_at: instant
  kind "类型": one of { fault "故障 <b>急</b> & \"quoted\"", complaint "投诉" }
  tags: set of text default { }
}
events { done "办结" }
role agent "客服"
queue desk "前台: 一线"
define urgent "紧急" = kind is fault and tags contains "urgent"
classify parts "部分" as one of { line "线路", bill } {
  collect
  rule line "线路; 甲" when urgent then line because "第1条 <script>alert(1)</script>"
  rule bill when kind is complaint then bill
}
classify severity as level {
  highest
  rule faults when parts contains line then high
  otherwise low
}
route "派单" {
  first match
  rule all "全部" when severity is high to agent in queue desk
  otherwise to agent
}
calendar office "夜班" {
  open mon, tue, fri 22:00-06:00
  open sat 09:00-12:00
}
clock resolve "解决" {
  stop on done
  pause when tags contains "wait"
  cancel when tags contains "void"
  reopen resume within 7 days else new cycle
}
sla {
  tier gold "金" when severity is high { resolve 4h of office }
  otherwise tier base { resolve 2 working days of office by close }
}
"#;

fn folder() -> Folder {
    Folder::new(&[("caseway.toml", SETTINGS), ("rules.policy", POLICY)])
}

#[test]
fn every_picture_of_the_shipped_policies_is_well_formed() {
    let folder = folder();
    for pack in std::fs::read_dir("policies").expect("a folder") {
        let pack = std::fs::canonicalize(pack.expect("an entry").path()).expect("a path");
        let pack = pack.to_str().expect("a path");
        let page = folder.run(&["draw", pack]).out();
        let names: Vec<&str> = page
            .match_indices("<svg ")
            .map(|(at, _)| &page[at..])
            .collect();
        assert!(names.len() > 3, "{pack}: {}", names.len());
        let mermaid = folder.run(&["draw", pack, "--format", "mermaid"]).out();
        for name in mermaid.lines().filter_map(|line| line.strip_prefix("## ")) {
            let ran = folder.run(&["draw", pack, "--format", "svg", "--picture", name]);
            assert_eq!(ran.code(), Some(0), "{name}");
            let svg = ran.out();
            let read = roxmltree::Document::parse(&svg).expect(name);
            let root = read.root_element();
            assert_eq!(root.tag_name().name(), "svg");
            let inside = |attribute: &str| -> f64 {
                let value = root.attribute(attribute).expect(attribute);
                value.parse().expect("a number")
            };
            let (width, height) = (inside("width"), inside("height"));
            for text in read
                .descendants()
                .filter(|node| node.tag_name().name() == "text")
            {
                let at = |name: &str| -> f64 {
                    text.attribute(name).expect(name).parse().expect("a number")
                };
                assert!(at("x") <= width && at("y") <= height, "{name}: {text:?}");
            }
        }
    }
}

#[test]
fn the_page_needs_nothing_else_and_shows_the_operators_words_as_words() {
    let folder = folder();
    let page = folder.run(&["draw"]).out();
    assert!(page.starts_with("<!DOCTYPE html><html lang=\"en\">"));
    for outside in [
        "src=",
        "<link",
        "@import",
        "url(http",
        "<script",
        "href=\"http",
    ] {
        assert!(!page.contains(outside), "{outside}");
    }
    assert!(page.contains("故障 &lt;b&gt;急&lt;/b&gt; &amp;"));
    // Every part of the policy has its place, and the list at the head leads there.
    for part in [
        "case",
        "roles",
        "defines",
        "classify.parts",
        "classify.severity",
        "route",
        "sla",
        "clocks",
        "calendars",
    ] {
        assert!(page.contains(&format!("<section id=\"{part}\">")), "{part}");
        assert!(page.contains(&format!("<a href=\"#{part}\">")), "{part}");
    }
    assert!(
        !page.contains("<section id=\"retention\">"),
        "nothing is kept here"
    );
    let chinese = folder.run(&["draw", "--lang", "zh"]).out();
    assert!(chinese.starts_with("<!DOCTYPE html><html lang=\"zh-CN\">"));
    assert!(chinese.contains("<h2>已命名的条件</h2>"));
}

#[test]
fn a_picture_with_signs_of_svg_is_well_formed() {
    let folder = folder();
    for name in [
        "overview",
        "classify.parts",
        "classify.severity",
        "route",
        "sla",
        "clock.resolve",
        "calendar.office",
    ] {
        let svg = folder
            .run(&["draw", "--format", "svg", "--picture", name])
            .out();
        roxmltree::Document::parse(&svg).expect(name);
    }
}

#[test]
fn mermaid_of_a_small_policy() {
    insta::assert_snapshot!(folder().run(&["draw", "--format", "mermaid"]).out());
}

#[test]
fn a_calendar_is_open_where_its_week_is_marked() {
    let svg = folder()
        .run(&["draw", "--format", "svg", "--picture", "calendar.office"])
        .out();
    let read = roxmltree::Document::parse(&svg).expect("SVG");
    let bars = |class: &str| {
        read.descendants()
            .filter(|node| node.attribute("class") == Some(class))
            .count()
    };
    // Three nights and a Saturday morning; the nights go on after midnight.
    assert_eq!((bars("open"), bars("overnight"), bars("day")), (4, 3, 7));
}

#[test]
fn what_cannot_be_drawn_is_told() {
    let folder = folder();
    let table: &[(&[&str], &str)] = &[
        (
            &["--format", "svg", "--picture", "clock.resolv"],
            "there is no picture `clock.resolv`: did you mean `clock.resolve`?",
        ),
        (
            &["--format", "mermaid", "--picture", "nothing like it"],
            "there is no picture `nothing like it`: there are overview, ",
        ),
        (
            &["--format", "svg"],
            "name one picture with `--picture`: overview, classify.parts, ",
        ),
        (
            &["--picture", "route"],
            "`--picture` goes with `--format svg` and `--format mermaid`",
        ),
        (
            &["--output", "nowhere/page.html"],
            "cannot write `nowhere/page.html`",
        ),
    ];
    for (arguments, expected) in table {
        let all: Vec<&str> = ["draw"].iter().chain(*arguments).copied().collect();
        let ran = folder.run(&all);
        assert_eq!(ran.code(), Some(2), "{arguments:?}");
        assert!(ran.err().contains(expected), "{arguments:?}: {}", ran.err());
        assert_eq!(ran.out(), "");
    }
    let broken = Folder::new(&[("caseway.toml", SETTINGS), ("rules.policy", "case {")]);
    let ran = broken.run(&["draw", "-o", "page.html"]);
    assert_eq!(ran.code(), Some(2));
    assert!(!broken.home().join("page.html").exists());
}

#[test]
fn the_page_is_written_to_a_file() {
    let folder = folder();
    let ran = folder.run(&["draw", "-o", "page.html"]);
    assert_eq!((ran.code(), ran.out().as_str()), (Some(0), ""));
    assert_eq!(folder.read("page.html"), folder.run(&["draw"]).out());
}
