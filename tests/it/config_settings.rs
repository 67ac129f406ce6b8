//! caseway.toml: what is read, and each finding at its own text.

use caseway::config::{self, CellSource, ExtraFields, LintLevel};
use caseway::source::{SourceId, Sources};

const POLICY: &str =
    "[policy]\nname = \"desk\"\nversion = \"1\"\nlanguage = 1\nzone = \"Asia/Shanghai\"\n";

/// Codes and guilty texts of a text's findings.
fn findings(text: &str) -> Vec<(String, String)> {
    let mut sources = Sources::default();
    let id = sources.add("caseway.toml", text);
    let (_, findings) = config::read(id, text);
    let mut found: Vec<(String, String)> = findings
        .iter()
        .map(|finding| {
            (
                finding.code.to_owned(),
                sources.slice(finding.span).to_owned(),
            )
        })
        .collect();
    found.sort();
    found
}

#[test]
fn everything_of_a_good_file() {
    let text = format!(
        "\u{feff}{}",
        format!(
            r#"{POLICY}
[input]
extra_fields = "ignore"
[holidays.cn]
file = "calendars/cn.csv"
covers = [2018-01-01, "2026-12-31"]
[lint]
"sla-inversion" = "deny"
gap = "allow"
[mapping.a.fields]
id = "No"
customer = {{ id = "Who", tier = {{ value = "gold" }} }}
"#
        )
        .replace('\n', "\r\n")
    );
    let (config, findings) = config::read(SourceId(0), &text);
    assert_eq!(findings, []);
    let config = config.expect("a config");
    assert_eq!(
        (
            config.name.as_str(),
            config.version.as_str(),
            config.language
        ),
        ("desk", "1", 1)
    );
    assert_eq!(config.zone.name(), "Asia/Shanghai");
    assert_eq!(config.extra_fields, ExtraFields::Ignore);
    let holidays = &config.holidays["cn"];
    assert_eq!(holidays.file, "calendars/cn.csv");
    assert_eq!(holidays.covers.0.to_string(), "2018-01-01");
    assert_eq!(config.lint["sla-inversion"], LintLevel::Deny);
    assert_eq!(config.lint["gap"], LintLevel::Allow);
    let mapping = &config.mappings["a"];
    assert_eq!(mapping.extra_fields, ExtraFields::Ignore);
    let paths: Vec<&str> = mapping
        .fields
        .iter()
        .map(|field| field.path.as_str())
        .collect();
    assert_eq!(paths, ["customer.id", "customer.tier", "id"]);
    assert!(matches!(mapping.fields[1].source, CellSource::Value(_)));
}

/// Wrong texts with the code and the guilty text of every finding.
#[test]
fn every_finding_stands_at_its_text() {
    let with = |more: &str| format!("{POLICY}{more}");
    let replaced = |from: &str, to: &str| POLICY.replace(from, to);
    let cases: Vec<(String, Vec<(&str, &str)>)> = vec![
        (String::new(), vec![("missing-key", "")]),
        ("policy = 3".to_owned(), vec![("wrong-type", "3")]),
        (
            replaced("name = \"desk\"\n", ""),
            vec![("missing-key", "policy")],
        ),
        (replaced("\"desk\"", "\"\""), vec![("bad-value", "\"\"")]),
        (
            replaced("version = \"1\"", "version = 2026.1"),
            vec![("wrong-type", "2026.1")],
        ),
        (
            replaced("language = 1", "language = 2"),
            vec![("unknown-language", "2")],
        ),
        (
            replaced("language = 1", "language = \"1\""),
            vec![("wrong-type", "\"1\"")],
        ),
        (
            replaced("Asia/Shanghai", "Asia/Shangai"),
            vec![("unknown-zone", "\"Asia/Shangai\"")],
        ),
        (
            replaced("name =", "nmae ="),
            vec![("missing-key", "policy"), ("unknown-key", "nmae")],
        ),
        (with("[polcy]\n"), vec![("unknown-key", "polcy")]),
        (
            with("[input]\nextra_fields = \"drop\"\n"),
            vec![("bad-value", "\"drop\"")],
        ),
        (
            with("[lint]\ngap = \"off\"\n"),
            vec![("bad-value", "\"off\"")],
        ),
        (with("[lint]\ngap = true\n"), vec![("wrong-type", "true")]),
        (
            with("[holidays.cn]\ncovers = [\"2026-01-01\", \"2026-12-31\"]\n"),
            vec![("missing-key", "cn")],
        ),
        (
            with("[holidays.cn]\nfile = \"a.csv\"\n"),
            vec![("missing-key", "cn")],
        ),
        (
            with("[holidays.cn]\nfile = \"../a.csv\"\ncovers = [\"2026-01-01\", \"2026-12-31\"]\n"),
            vec![("bad-path", "\"../a.csv\"")],
        ),
        (
            with("[holidays.cn]\nfile = \"a.csv\"\ncovers = [\"2026-02-30\", \"2026-12-31\"]\n"),
            vec![("bad-value", "\"2026-02-30\"")],
        ),
        (
            with("[holidays.cn]\nfile = \"a.csv\"\ncovers = [\"2026-12-31\", \"2026-01-01\"]\n"),
            vec![("bad-value", "[\"2026-12-31\", \"2026-01-01\"]")],
        ),
        (
            with("[holidays.cn]\nfile = \"a.csv\"\ncovers = \"2026\"\n"),
            vec![("wrong-type", "\"2026\"")],
        ),
        (with("[mapping.m]\n"), vec![("missing-key", "m")]),
        (
            with("[mapping.m]\nformat = \"xml\"\nfields = {}\n"),
            vec![("bad-value", "\"xml\"")],
        ),
        (
            with("[mapping.m.fields]\na = { column = \"A\", fromat = \"x\" }\n"),
            vec![("unknown-key", "fromat")],
        ),
        (
            with("[mapping.m.fields]\na = { columns = [] }\n"),
            vec![("bad-value", "[]")],
        ),
        (
            with("[mapping.m.fields]\na = { columns = [1] }\n"),
            vec![("bad-value", "1")],
        ),
        (
            with("[mapping.m.fields]\na = { column = \"A\", format = \"%Q\" }\n"),
            vec![("bad-format", "\"%Q\"")],
        ),
        (
            with("[mapping.m.fields]\na = { column = \"A\", zone = \"Mars\" }\n"),
            vec![("unknown-zone", "\"Mars\"")],
        ),
        (
            with("[mapping.m.fields]\na = { value = \"A\", column = \"B\" }\n"),
            vec![("bad-value", "column")],
        ),
        (
            with("[mapping.m.fields]\na = { column = \"A\", default = 1 }\n"),
            vec![("bad-value", "default")],
        ),
        (
            with("[mapping.m]\nfields = {}\n[[mapping.m.events]]\nat = \"A\"\n"),
            vec![("missing-key", "[[mapping.m.events]]")],
        ),
        (
            with("[mapping.m]\nfields = {}\n[[mapping.m.events]]\nevent = \"a\"\n"),
            vec![("missing-key", "[[mapping.m.events]]")],
        ),
        (
            with(
                "[mapping.m]\nfields = {}\n[[mapping.m.events]]\nat = \"A\"\nevent = \"a\"\nset = {}\n",
            ),
            vec![("bad-value", "set")],
        ),
    ];
    for (text, wanted) in cases {
        let wanted: Vec<(String, String)> = wanted
            .iter()
            .map(|(code, guilty)| ((*code).to_owned(), (*guilty).to_owned()))
            .collect();
        assert_eq!(findings(&text), wanted, "{text}");
    }
}

#[test]
fn text_that_is_no_toml() {
    let deep = format!("a = {}", "[".repeat(100_000));
    for text in [
        "[policy\n",
        "a = \n",
        "a = 1\na = 2\n",
        "\u{0}",
        "a = \"\\q\"",
        deep.as_str(),
    ] {
        let found = findings(text);
        assert!(
            !found.is_empty() && found.iter().all(|(code, _)| code == "bad-toml"),
            "{found:?}"
        );
    }
}

#[test]
fn mappings_are_held_against_the_case() {
    let fields = "kind: one of { a, b } default a  happened: date optional  count: integer from 0 to 9 default 0
        customer: { id: text }  device: { serial: text  model: text optional } optional";
    let case = format!("case {{ id: text opened_at: instant {fields} }} events {{ answered }}");
    let whole = "id = \"I\"\nopened_at = \"O\"\ncustomer = { id = \"C\" }\n";
    let check = |entries: &str, events: &str| {
        let text = format!("{POLICY}[mapping.m.fields]\n{entries}{events}");
        let files = [
            ("caseway.toml".to_owned(), text),
            ("case.policy".to_owned(), case.clone()),
        ];
        let checked = caseway::driver::check_sources(files).expect("a folder");
        let mut found: Vec<(String, String)> = checked
            .findings
            .iter()
            .filter(|finding| finding.level == caseway::diag::Level::Error)
            .map(|finding| {
                (
                    finding.code.to_owned(),
                    checked.sources.slice(finding.span).to_owned(),
                )
            })
            .collect();
        found.sort();
        found
    };
    assert_eq!(check(whole, ""), []);
    type Wanted<'a> = &'a [(&'a str, &'a str)];
    let cases: &[(&str, &str, Wanted<'_>)] = &[
        ("kinds = \"K\"\n", "", &[("unknown-field", "kinds")]),
        (
            "kind = { colum = \"K\" }\n",
            "",
            &[("unknown-field", "colum")],
        ),
        ("device = \"D\"\n", "", &[("unknown-field", "device")]),
        (
            "device = { model = \"D\" }\n",
            "",
            &[("missing-field", "m")],
        ),
        (
            "kind = { column = \"K\", values = { x = \"c\" } }\n",
            "",
            &[("not-a-member", "\"c\"")],
        ),
        ("count = { value = 10 }\n", "", &[("out-of-bounds", "10")]),
        (
            "count = { value = \"x\" }\n",
            "",
            &[("wrong-type", "\"x\"")],
        ),
        ("count = { value = \"7\" }\n", "", &[]),
        (
            "kind = { column = \"K\", format = \"%Y\" }\n",
            "",
            &[("bad-value", "\"%Y\"")],
        ),
        (
            "",
            "[[mapping.m.events]]\nat = \"A\"\nevent = \"answred\"\n",
            &[("unknown-event", "\"answred\"")],
        ),
        (
            "",
            "[[mapping.m.events]]\nat = \"A\"\nset = { id = \"x\" }\n",
            &[("field-not-settable", "id")],
        ),
        (
            "",
            "[[mapping.m.events]]\nat = \"A\"\nset = { kind = \"c\" }\n",
            &[("not-a-member", "\"c\"")],
        ),
        (
            "",
            "[[mapping.m.events]]\nat = \"A\"\nset = { kind = \"b\" }\n",
            &[],
        ),
    ];
    for (entries, events, wanted) in cases {
        let wanted: Vec<(String, String)> = wanted
            .iter()
            .map(|(code, guilty)| ((*code).to_owned(), (*guilty).to_owned()))
            .collect();
        assert_eq!(
            check(&format!("{whole}{entries}"), events),
            wanted,
            "{entries}{events}"
        );
    }
    assert_eq!(check("id = \"I\"\n", "").len(), 2);
}
