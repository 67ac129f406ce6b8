//! The rows that a `gap` of a table prints: forms of cells, where they are shown, and what becomes of them when they
//! are pasted as they are.

use crate::command::Folder;
use caseway::driver::{lint_report, prove_sources};
use caseway::source::SourceId;
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;

pub const SETTINGS: &str =
    "[policy]\nname = \"p\"\nversion = \"1\"\nlanguage = 1\nzone = \"Asia/Shanghai\"\n";

pub fn report(files: &[(&str, &str)]) -> Json {
    let files = files
        .iter()
        .map(|(path, text)| (path.to_string(), text.to_string()));
    let settings = [("caseway.toml".to_owned(), SETTINGS.to_owned())];
    let checked = prove_sources(settings.into_iter().chain(files)).expect("a folder");
    serde_json::to_value(lint_report(&checked)).expect("JSON")
}

/// The findings of a code.
pub fn of_code<'j>(report: &'j Json, code: &str) -> Vec<&'j Json> {
    let findings = report["findings"].as_array().expect("findings");
    findings.iter().filter(|one| one["code"] == code).collect()
}

/// The rows of the only gap.
pub fn rows(report: &Json) -> Vec<String> {
    let gaps = of_code(report, "gap");
    assert_eq!(gaps.len(), 1, "{report}");
    let rows = gaps[0]["rows"].as_array().map_or(&[][..], Vec::as_slice);
    rows.iter()
        .map(|row| row.as_str().expect("a row").to_owned())
        .collect()
}

const FORMS: &str = "case {
  id: text  opened_at: instant
  a: bool  o: bool optional
  kind: one of { 咨询, complaint, fault, other, `4G 故障`, \"a`b\" }
  level: one of { low < mid < high < top }
  n: integer from 0 to 100 optional  m: integer
  amount: decimal(2) from 0
  wait: duration optional  due: date  hour: time  seen: instant
  name: text optional  tags: set of text default {}
  parts: set of one of { x, y } optional
}
define many = n >= 10
";

/// The rows that a table with this header and these rows lacks.
fn lacking(header: &str, existing: &[&str]) -> Vec<String> {
    let rows: String = existing
        .iter()
        .map(|row| format!("    | {row} => x |\n"))
        .collect();
    let text = format!(
        "{FORMS}classify c as one of {{ x, y }} {{\n  unique\n  table {{\n    | {header} => c |\n{rows}  }}\n}}\n"
    );
    let report = report(&[("p.policy", &text)]);
    assert_eq!(report["summary"]["undecided"], 0, "{report}");
    rows_without_bars(&self::rows(&report))
}

fn rows_without_bars(rows: &[String]) -> Vec<String> {
    let inner = rows.iter().map(|row| {
        let row = row
            .strip_prefix("| ")
            .and_then(|row| row.strip_suffix(" => ? |"));
        let cells = row
            .unwrap_or_else(|| panic!("{rows:?}"))
            .split('|')
            .map(str::trim);
        cells.collect::<Vec<_>>().join(" | ")
    });
    inner.collect()
}

#[test]
fn cells_are_written_as_the_language_writes_them() {
    let table: &[(&str, &[&str], &[&str])] = &[
        // Nothing is taken.
        ("kind | a", &[], &["- | -"]),
        // Truth, and fields that may be missing.
        ("a", &["true"], &["false"]),
        ("o", &["true"], &["false, missing"]),
        ("o", &["missing"], &["present"]),
        ("o", &["true, missing"], &["false"]),
        ("many", &["false"], &["true, missing"]),
        // Members: listed, left out where that is shorter, in backticks or quotes where they need it.
        (
            "kind",
            &["fault, complaint, 咨询"],
            &["other, `4G 故障`, \"a`b\""],
        ),
        ("kind", &["fault"], &["not fault"]),
        ("kind", &["not complaint"], &["complaint"]),
        ("level", &["top"], &["< top"]),
        ("level", &["low"], &[">= mid"]),
        ("level", &["low, mid"], &["high, top"]),
        ("level", &["mid, high"], &["low, top"]),
        // Numbers within their bounds.
        ("n", &["3..7"], &["< 3, >= 8, missing"]),
        ("n", &["< 3", "> 7"], &["3..7, missing"]),
        ("n", &["present"], &["missing"]),
        ("n", &["missing"], &["present"]),
        ("n", &["missing, < 99"], &[">= 99"]),
        ("n", &["missing, < 100"], &["100"]),
        ("n", &["missing, >= 1"], &["0"]),
        ("m", &["0..5, 10"], &["< 0, 6..9, >= 11"]),
        ("m", &["not 4"], &["4"]),
        ("amount", &["> 5.05"], &["< 5.06"]),
        ("amount", &["< 5"], &[">= 5.00"]),
        // Times: an end that is no round one is left out instead.
        ("wait", &["missing, > 4h"], &["<= 4h"]),
        ("wait", &["1h..2h, missing"], &["< 1h, > 2h"]),
        (
            "wait",
            &["<= 1h, > 1h30m, missing"],
            &["not <= 1h, > 1h30m"],
        ),
        ("due", &["< 2026-01-01"], &[">= 2026-01-01"]),
        (
            "due",
            &["2026-01-01..2026-01-31"],
            &["< 2026-01-01, >= 2026-02-01"],
        ),
        ("hour", &["09:00..18:00"], &["< 09:00, > 18:00"]),
        ("hour", &["<= 09:00, >= 18:00"], &["09:01..17:59"]),
        (
            "seen",
            &["< 2026-01-01T08:00:00+08:00, >= 2026-02-01T08:00:00.001+08:00"],
            &["2026-01-01T08:00:00+08:00 .. 2026-02-01T08:00:00+08:00"],
        ),
        (
            "date of seen",
            &["2026-01-01"],
            &["< 2026-01-01, >= 2026-01-02"],
        ),
        ("time of seen", &["< 12:00"], &[">= 12:00"]),
        ("weekday of seen", &["sat, sun"], &["mon..fri"]),
        ("weekday of seen", &["mon, tue, wed"], &["thu..sun"]),
        // Texts have no order.
        ("name", &["\"a\", \"b\""], &["not \"a\", \"b\"", "missing"]),
        (
            "name",
            &["not \"say \\\"x\\\"\", \"b, c\""],
            &["\"b, c\", \"say \\\"x\\\"\", missing"],
        ),
        // Conditions: true, false, or unknown, which `-` alone says.
        ("tags contains \"x\"", &["true"], &["false"]),
        ("n >= 3", &["true", "false"], &["-"]),
        (
            "n >= 3 | a",
            &["- | true", "true | false", "false | false"],
            &["- | false"],
        ),
        ("count(tags)", &["0..2"], &[">= 3"]),
        ("parts", &["missing"], &["present"]),
        // Several columns: whole ones first, and no row with a case that another takes.
        (
            "kind | a",
            &["fault | -", "complaint | true"],
            &["not complaint, fault | -", "complaint | false"],
        ),
        (
            "a | o",
            &["true | true", "false | false"],
            &["false | true, missing", "true | false, missing"],
        ),
        // One field in two columns: what no case has is not asked for.
        (
            "n | many",
            &["missing | -", "< 5 | -", "5..20 | true"],
            &["5..9, >= 21 | -"],
        ),
    ];
    let mut differ = Vec::new();
    for (header, existing, expected) in table {
        let found: BTreeSet<String> = lacking(header, existing).into_iter().collect();
        let expected: BTreeSet<String> = expected.iter().map(|row| (*row).to_owned()).collect();
        if found != expected {
            differ.push(format!("| {header} | {existing:?}: {found:?}"));
        }
    }
    assert!(differ.is_empty(), "{}", differ.join("\n"));
}

/// Names in two scripts line up as `caseway fmt` lays them out.
#[test]
fn rows_stand_in_columns_as_the_formatter_lays_them_out() {
    let head = "case {\n  id: text\n  opened_at: instant\n  类: one of { 咨询, fault, 重大故障 }\n  a: one of { yes, no, 未知 }\n}\n\nclassify c as one of { x, y } {\n  unique\n  table {\n    | 类 | a => c |\n";
    let taken = [
        "| fault | yes => x |",
        "| 咨询 | no => x |",
        "| 重大故障 | 未知, no => x |",
    ];
    let text = format!("{head}    {}\n  }}\n}}\n", taken.join("\n    "));
    let rows = rows(&report(&[("p.policy", &text)]));
    assert_eq!(rows.len(), 3, "{rows:?}");
    let pasted = format!("{head}    {}\n  }}\n}}\n", rows.join("\n    "));
    let laid_out = caseway::format::format(SourceId(0), &pasted).expect("it reads");
    for row in &rows {
        assert!(
            laid_out.contains(&format!("\n    {row}\n")),
            "{row}\n{laid_out}"
        );
    }
}

/// Glued to an instant, the points of a range would be read as part of it.
#[test]
fn the_formatter_keeps_blanks_in_a_range_of_instants() {
    let row = "| 2026-01-01T08:00:00+08:00 .. 2026-02-01T08:00:00.001+08:00 => x |";
    let text = format!(
        "classify c as one of {{ x, y }} {{\n  unique\n  table {{\n    | seen                                                       => c |\n    {row}\n    | 1..2                                                       => x |\n  }}\n}}\n"
    );
    assert_eq!(
        caseway::format::format(SourceId(0), &text),
        Ok(text.clone())
    );
}

#[test]
fn rows_of_a_file_are_lines_of_the_file_and_ask_for_their_outcome() {
    let policy = format!(
        "{FORMS}classify c as one of {{ x, y }} {{\n  unique\n  table from \"t/c.csv\"\n}}\n"
    );
    let table = "kind,name,c\n\"fault, other\",-,x\n-,\"\"\"a, b\"\"\",y\n";
    let found = report(&[("p.policy", &policy), ("t/c.csv", table)]);
    let rows = rows(&found);
    assert_eq!(
        rows,
        [
            "\"not fault, other\",\"not \"\"a, b\"\"\",?",
            "\"not fault, other\",missing,?",
        ]
    );
    let help = of_code(&found, "gap")[0]["help"].as_str().expect("help");
    assert!(help.contains("to `t/c.csv`"), "{help}");
    let pasted = format!("{table}{}\n", rows.join("\n"));
    let asked = report(&[("p.policy", &policy), ("t/c.csv", &pasted)]);
    let findings = asked["findings"].as_array().expect("findings");
    assert_eq!(findings.len(), 2, "{asked}");
    for finding in findings {
        assert_eq!(finding["code"], "missing-outcome");
        assert_eq!(finding["file"], "t/c.csv");
        assert_eq!(
            finding["help"],
            "write an outcome instead of `?`, one of `x`, `y`"
        );
    }
}

const TWENTY_THREE: &str = "case { id: text opened_at: instant n: integer m: integer }
classify c as one of { x, y } {
  unique
  table {
    | n | m => c |
ROWS  }
}
";

#[test]
fn people_see_twenty_rows_and_programs_all() {
    let taken = (1..=23).map(|n| format!("    | {n} | not {n} => x |\n"));
    let rest = "    | < 1, >= 24 | - => y |\n".to_owned();
    let text = TWENTY_THREE.replace("ROWS", &taken.chain([rest]).collect::<String>());
    let folder = Folder::new(&[("caseway.toml", SETTINGS), ("p.policy", &text)]);
    let shown = folder.run(&["lint"]).out();
    assert!(shown.contains("\n    | 1  | 1  => ? |\n"), "{shown}");
    assert!(
        shown.contains("\n    … and 3 more rows, which `--format json` prints\n"),
        "{shown}"
    );
    assert_eq!(shown.matches("=> ? |").count(), 20, "{shown}");
    let chinese = folder.run(&["lint", "--lang", "zh"]).out();
    assert!(chinese.contains("…… 还有 3 行"), "{chinese}");
    let json: Json =
        serde_json::from_str(&folder.run(&["lint", "--format", "json"]).out()).expect("JSON");
    assert_eq!(rows(&json).len(), 23);
    let sarif: Json =
        serde_json::from_str(&folder.run(&["lint", "--format", "sarif"]).out()).expect("JSON");
    let message = sarif["runs"][0]["results"][0]["message"]["text"]
        .as_str()
        .expect("a message");
    assert_eq!(message.matches("=> ? |").count(), 20, "{message}");
    assert!(
        message.ends_with("… and 3 more rows, which `--format json` prints"),
        "{message}"
    );
    let github = folder.run(&["lint", "--format", "github"]).out();
    assert_eq!(github.lines().count(), 1, "{github}");
    assert!(github.contains("%0A    | 1  | 1  => ? |%0A"), "{github}");
}

/// The row that the pages of `gap` name is the one that their example lacks, and their second example has it.
#[test]
fn the_pages_name_the_row_that_is_printed() {
    let docs = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/findings");
    let case = std::fs::read_to_string(docs.join("common/case.policy")).expect("the case");
    for language in ["en", "zh"] {
        let page = std::fs::read_to_string(docs.join(language).join("gap.md")).expect("a page");
        let fences: Vec<&str> = page.split("```policy main.policy\n").skip(1).collect();
        assert_eq!(fences.len(), 2);
        let example = fences[0].split("```").next().expect("an end");
        let rows = rows(&report(&[("case.policy", &case), ("main.policy", example)]));
        let [row] = rows.as_slice() else {
            panic!("{rows:?}")
        };
        assert!(page.contains(&format!("`{row}`")), "{row}");
        let cells = row.replace(" ?", "").replace(' ', "");
        let mended = fences[1].replace(' ', "");
        assert!(mended.contains(cells.trim_end_matches('|')), "{row}");
    }
}

#[test]
fn blocks_without_a_table_and_other_findings_have_no_rows() {
    let text = "case { id: text opened_at: instant a: bool }
classify c as one of { x, y } { unique rule r when a then x }
classify d as one of { x, y } { collect table { | a => d | | true => x | } }
classify e as one of { x, y } { unique table { | a => e | | true => x | } otherwise y }
";
    let report = report(&[("p.policy", text)]);
    let findings = report["findings"].as_array().expect("findings");
    assert_eq!(findings.len(), 1, "{report}");
    assert_eq!(findings[0]["subject"], "classify.c");
    assert_eq!(findings[0].get("rows"), None);
}

#[test]
fn an_open_outcome_is_a_mistake_with_a_name_wherever_it_may_stand() {
    let policy = |outcome: &str, row: &str| {
        format!(
            "type sev = one of {{ low \"低\" < high }}\ncase {{ id: text opened_at: instant a: bool }}\n\
             classify c as {outcome} {{\n  unique\n  table {{\n    | a => c |\n    | {row} |\n  }}\n}}\n"
        )
    };
    for (outcome, row, message, help) in [
        (
            "sev",
            "true => ?",
            "it is not decided yet what `row 1` gives",
            "write an outcome instead of `?`, one of `low`, `high`",
        ),
        (
            "sev",
            "yes: true => ?",
            "it is not decided yet what `yes` gives",
            "write an outcome instead of `?`, one of `low`, `high`",
        ),
        (
            "integer",
            "- => ?",
            "it is not decided yet what `row 1` gives",
            "write an outcome instead of `?`: a whole number",
        ),
    ] {
        let report = report(&[("p.policy", &policy(outcome, row))]);
        let found = &report["findings"];
        assert_eq!(found.as_array().map(Vec::len), Some(1), "{report}");
        assert_eq!(found[0]["code"], "missing-outcome");
        assert_eq!(
            (&found[0]["message"], &found[0]["help"]),
            (&json!(message), &json!(help))
        );
    }
    // The sign of an input method is mended, and then asked for.
    let wide = report(&[("p.policy", &policy("sev", "true => ？"))]);
    let codes: Vec<&Json> = wide["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .map(|one| &one["code"])
        .collect();
    assert_eq!(codes, ["full-width-punctuation", "missing-outcome"]);
    // Elsewhere it means nothing.
    let elsewhere = report(&[("p.policy", &policy("sev", "? => low"))]);
    assert_eq!(
        elsewhere["findings"][0]["code"], "unexpected-character",
        "{elsewhere}"
    );
}
