//! What a sound policy becomes: fields, tables, orders, tests; and that size does not matter.

use super::model_fixtures::{check, rendered};
use caseway::diag::Level;
use caseway::model::{Entry, Expr, ExprKind, Model, Presence, RawValue, Strategy, TestEvent, Type};
use caseway::value::Value;
use std::fmt::Write;

const CASE: &str = r#"
case {
  id: text
  opened_at: instant
  kind: one of { fault, complaint, request }
  grade: one of { low < high } default low
  amount: decimal(2) from 0 to 100.5 default 7
  tags: set of text default {}
  place: { city: text  flat: { number: integer from 1 default 2 } } optional
}
"#;

fn model(text: &str) -> Model {
    let text = format!("{CASE}{text}");
    let checked = check(&[("all.policy", &text)], &[]);
    let said = rendered(&checked);
    assert!(
        checked
            .findings
            .iter()
            .all(|finding| finding.level == Level::Warn),
        "{said}"
    );
    checked.model.unwrap_or_else(|| panic!("{said}"))
}

/// An expression in a short form, so that a test is one line.
fn short(expr: &Expr) -> String {
    let list = |parts: &[Expr], word: &str| {
        format!(
            "({})",
            parts.iter().map(short).collect::<Vec<_>>().join(word)
        )
    };
    match &expr.kind {
        ExprKind::Constant(value) => format!("{value:?}"),
        ExprKind::Field(id) => format!("field{}", id.0),
        ExprKind::Define(id) => format!("define{}", id.0),
        ExprKind::Classification(id) => format!("class{}", id.0),
        ExprKind::Or(parts) => list(parts, " or "),
        ExprKind::And(parts) => list(parts, " and "),
        ExprKind::Not(part) => format!("not {}", short(part)),
        ExprKind::Equal {
            left,
            right,
            negated,
            ..
        } => {
            format!(
                "{} {} {}",
                short(left),
                if *negated { "!=" } else { "=" },
                short(right)
            )
        }
        ExprKind::In {
            value,
            set,
            negated,
            ..
        } => {
            format!(
                "{} {}in {set:?}",
                short(value),
                if *negated { "not " } else { "" }
            )
        }
        ExprKind::Order(op, left, right) => format!("{} {op:?} {}", short(left), short(right)),
        ExprKind::Between(value, low, high) => {
            format!(
                "{} between {} and {}",
                short(value),
                short(low),
                short(high)
            )
        }
        ExprKind::Missing { value, negated } => {
            format!(
                "{} {}",
                short(value),
                if *negated { "present" } else { "missing" }
            )
        }
        other => format!("{other:?}"),
    }
}

#[test]
fn the_case_is_laid_out_flat_with_its_records() {
    let model = model("");
    let paths: Vec<&str> = model
        .schema
        .fields
        .iter()
        .map(|field| field.path.as_str())
        .collect();
    assert_eq!(
        paths,
        [
            "id",
            "opened_at",
            "kind",
            "grade",
            "amount",
            "tags",
            "place.city",
            "place.flat.number"
        ]
    );
    assert_eq!(model.schema.id.0, 0);
    assert_eq!(model.schema.opened_at.0, 1);
    let number = &model.schema.fields[7];
    assert_eq!(number.presence, Presence::Default(Value::Integer(2)));
    let optional = number
        .inside_optional
        .and_then(|id| model.schema.record(id))
        .expect("an optional record");
    assert_eq!(optional.path, "place");
    let records: Vec<(&str, usize)> = model
        .schema
        .records
        .iter()
        .map(|record| (record.path.as_str(), record.entries.len()))
        .collect();
    assert_eq!(records, [("", 7), ("place", 2), ("place.flat", 1)]);
    assert!(matches!(
        model.schema.records[1].entries[1].1,
        Entry::Record(_)
    ));
    // A whole number given to a decimal field is one of its values.
    let Presence::Default(Value::Decimal(amount)) = &model.schema.fields[4].presence else {
        panic!()
    };
    assert_eq!(amount.to_string(), "7.00");
}

#[test]
fn rows_of_tables_become_rules() {
    let model = model(
        r#"
classify topic as one of { a, b } {
  first match
  table {
    | kind               | tags contains "x" | amount           | grade   => topic |
    | fault              | true              | 1..5             | -       => a     |
    | not fault, request | false             | < 5, 7.5, 8      | present => b     | because "1.2"
    | -                  | -                 | -                | -       => a     |
    | odd "odd one": -   | not true          | not 5, missing   | low     => b     |
  }
  rule middle when kind is fault then a
  table {
    | kind  => topic |
    | fault => a     |
  }
}
"#,
    );
    let rules = &model.classifications[0].rules;
    let names: Vec<&str> = rules
        .iter()
        .map(|rule| rule.declared.name.as_str())
        .collect();
    assert_eq!(names, ["row 1", "row 2", "row 3", "odd", "middle", "row 5"]);
    let shown: Vec<String> = rules.iter().map(|rule| short(&rule.when)).collect();
    let decimal = |mantissa: i64| format!("Decimal(Decimal {{ mantissa: {mantissa}, scale: 2 }})");
    assert_eq!(shown[2], "Bool(true)");
    assert!(
        shown[0].starts_with("(field2 = Member(0) and SetContains"),
        "{}",
        shown[0]
    );
    let between = format!("field4 between {} and {})", decimal(100), decimal(500));
    assert!(shown[0].ends_with(&between), "{}", shown[0]);
    assert!(
        shown[1].starts_with("(field2 not in [Member(0), Member(2)] and not SetContains"),
        "{}",
        shown[1]
    );
    let amounts = format!(
        "(field4 in [{}, {}] or field4 Less {})",
        decimal(750),
        decimal(800),
        decimal(500)
    );
    assert!(shown[1].contains(&amounts), "{}", shown[1]);
    assert!(shown[1].ends_with("field3 present)"), "{}", shown[1]);
    assert!(shown[3].starts_with("(not SetContains"), "{}", shown[3]);
    assert!(
        shown[3].ends_with(&format!(
            "not (field4 = {} or field4 missing) and field3 = Member(0))",
            decimal(500)
        )),
        "{}",
        shown[3]
    );
    assert_eq!(rules[1].because, ["1.2"]);
    assert_eq!(rules[3].declared.label.as_deref(), Some("odd one"));
}

#[test]
fn classifications_and_defines_come_after_what_they_read() {
    let model = model(
        r#"
classify last as one of { x, y } { first match rule r when reads_middle then x otherwise y }
define reads_middle = middle is m and early
classify middle as one of { l < m } { highest rule r when first is a then m otherwise l }
classify first as one of { a, b } { first match rule r when kind is fault then a otherwise b }
define early = kind in { fault, request }
classify all as set of one of { s, t } { collect rule r when first is b then s }
"#,
    );
    let names: Vec<&str> = model
        .classifications
        .iter()
        .map(|block| block.declared.name.as_str())
        .collect();
    assert_eq!(names, ["first", "middle", "last", "all"]);
    let defines: Vec<&str> = model
        .defines
        .iter()
        .map(|define| define.declared.name.as_str())
        .collect();
    assert_eq!(defines, ["early", "reads_middle"]);
    assert_eq!(
        short(&model.defines[1].value),
        "(class1 = Member(1) and define0)"
    );
    assert_eq!(
        short(&model.classifications[3].rules[0].when),
        "class0 = Member(1)"
    );
    assert_eq!(model.classifications[3].strategy, Strategy::Collect);
    assert!(matches!(model.classifications[3].outcome, Type::Enum(_)));
}

#[test]
fn values_among_constants_are_compared_one_by_one() {
    let model = model(
        r#"
define a = kind in { fault, "request", fault }
define b = grade in { low, other_grade }
define other_grade = max(grade, low)
define c = amount not in { 1, 2.5 }
define d = kind not in { fault }
"#,
    );
    let shown: Vec<(String, String)> = model
        .defines
        .iter()
        .map(|define| (define.declared.name.clone(), short(&define.value)))
        .collect();
    let of = |name: &str| {
        shown
            .iter()
            .find(|(other, _)| other == name)
            .map(|(_, text)| text.as_str())
    };
    assert_eq!(of("a"), Some("field2 in [Member(0), Member(2)]"));
    assert_eq!(of("b"), Some("(field3 = Member(0) or field3 = define1)"));
    assert_eq!(of("d"), Some("field2 not in [Member(0)]"));
    assert!(of("c").is_some_and(|text| text.starts_with("field4 not in [Decimal")));
}

#[test]
fn tests_keep_values_as_written() {
    let model = model(
        r#"
events { seen }
test "one" {
  case { id: "1", opened_at: 2026-03-02T10:00:00+08:00, kind: fault, amount: 12.50, tags: { "a", b }, place: { flat: { number: 3 } }, grade: missing }
  event 2026-03-02T10:00:01.5+08:00 seen
  event 2026-03-02T11:00:00+08:00 set { tags: {}, place: missing }
  at 2026-03-02T12:00:00+08:00
  expect   kind is fault
           and grade is missing
  expect refused "grade"
}
"#,
    );
    let test = &model.tests[0];
    let text = |text: &str| RawValue::Text(text.into());
    assert_eq!(
        test.case,
        [
            ("id".into(), text("1")),
            ("opened_at".into(), text("2026-03-02T02:00:00Z")),
            ("kind".into(), text("fault")),
            ("amount".into(), RawValue::Number("12.50".into())),
            ("tags".into(), RawValue::Set(vec![text("a"), text("b")])),
            (
                "place".into(),
                RawValue::Record(vec![(
                    "flat".into(),
                    RawValue::Record(vec![("number".into(), RawValue::Number("3".into()))])
                )])
            ),
            ("grade".into(), RawValue::Missing),
        ]
    );
    assert!(matches!(test.events[0].1, TestEvent::Event(_)));
    assert_eq!(test.events[0].0.millis() % 1000, 500);
    assert!(matches!(&test.events[1].1, TestEvent::Set(record) if record.len() == 2));
    assert_eq!(test.expects[0].text, "kind is fault and grade is missing");
}

#[test]
fn tables_from_csv_are_rows_too() {
    let policy = format!(
        "{CASE}classify topic as one of {{ a, b }} {{ first match table from \"t.csv\" otherwise b }}"
    );
    let checked = check(
        &[("all.policy", &policy)],
        &[("t.csv", "kind,grade,=> topic\nfault,-,a\nrequest,high,b\n")],
    );
    assert_eq!(rendered(&checked), "nothing found\n");
    assert_eq!(
        checked
            .model
            .map(|model| model.classifications[0].rules.len()),
        Some(2)
    );
}

#[test]
fn names_lie_in_all_files_of_the_folder() {
    let checked = check(
        &[
            (
                "a.policy",
                "route { first match rule r when urgent to engineer otherwise to engineer }",
            ),
            ("b.policy", CASE),
            (
                "c.policy",
                "role engineer define urgent = kind is fault\nrole engineer",
            ),
        ],
        &[],
    );
    let codes: Vec<&str> = checked
        .findings
        .iter()
        .map(|finding| finding.code)
        .collect();
    assert_eq!(codes, ["duplicate-name"]);
}

/// Twenty thousand of each, sound and broken: anything quadratic would not end.
#[test]
fn large_policies_are_checked_and_so_are_large_broken_ones() {
    let mut text = String::from("case { id: text opened_at: instant kind: one of { ");
    let members: Vec<String> = (0..20_000).map(|at| format!("member_{at}")).collect();
    text.push_str(&members.join(", "));
    text.push_str(" } }\nclassify topic as one of { a, b } { first match\n");
    for at in 0..20_000 {
        writeln!(text, "rule r{at} when kind is member_{at} then a").expect("writing to a text");
    }
    text.push_str("otherwise b }\n");
    for at in 0..2_000 {
        writeln!(
            text,
            "define d{at} = kind is member_{at} and e{at} define e{at} = kind is member_1"
        )
        .expect("writing to a text");
    }
    let checked = check(&[("large.policy", &text)], &[]);
    assert!(checked.model.is_some());
    let broken = text.replace("kind is member_", "kind is membr_");
    let checked = check(&[("large.policy", &broken)], &[]);
    // The first 10,000 of them, and that there are more.
    let codes: Vec<&str> = checked
        .findings
        .iter()
        .map(|finding| finding.code)
        .collect();
    assert!((10_000..20_000).contains(&codes.len()), "{}", codes.len());
    assert!(codes.contains(&"too-many-findings"));
}

#[test]
fn chains_of_defines_are_bounded_and_loops_shown() {
    let chain = |length: usize| {
        let mut text = CASE.to_owned();
        for at in 0..length {
            writeln!(text, "define d{at} = d{} and kind is fault", at + 1)
                .expect("writing to a text");
        }
        writeln!(text, "define d{length} = kind is fault").expect("writing to a text");
        check(&[("chain.policy", &text)], &[])
            .findings
            .iter()
            .map(|finding| finding.code)
            .collect::<Vec<_>>()
    };
    assert_eq!(chain(99), ["unused-define"]);
    assert_eq!(chain(100), ["nesting"]);
    assert_eq!(chain(5000), ["nesting"]);
}
