//! What the grammar makes of good text: operators, words, spans, size.

use caseway::source::{SourceId, Sources};
use caseway::syntax::ast::{Expr, ExprKind, ItemKind, TestOp};
use caseway::syntax::{self, ITEM_KEYWORDS, RESERVED};

fn define(condition: &str) -> Expr {
    let text = format!("define x = {condition}");
    let (file, findings) = syntax::parse(SourceId(0), &text);
    assert!(findings.is_empty(), "{condition}: {findings:#?}");
    match file.items.into_iter().next().map(|item| item.kind) {
        Some(ItemKind::Define(_, value)) => value,
        other => panic!("{condition}: {other:?}"),
    }
}

/// The expression with parentheses around everything that belongs together.
fn tree(expr: &Expr) -> String {
    let list = |parts: &[Expr], sign: &str| parts.iter().map(tree).collect::<Vec<_>>().join(sign);
    match &expr.kind {
        ExprKind::Or(parts) => format!("({})", list(parts, " or ")),
        ExprKind::And(parts) => format!("({})", list(parts, " and ")),
        ExprKind::Not(inner) => format!("not {}", tree(inner)),
        ExprKind::Arithmetic(op, a, b) => {
            let sign = match op {
                syntax::ast::ArithmeticOp::Add => "+",
                syntax::ast::ArithmeticOp::Subtract => "-",
                syntax::ast::ArithmeticOp::Multiply => "*",
            };
            format!("({} {sign} {})", tree(a), tree(b))
        }
        ExprKind::Test(left, op) => match &**op {
            TestOp::Is { value, negated, .. } => {
                format!(
                    "[{} is{} {}]",
                    tree(left),
                    if *negated { " not" } else { "" },
                    tree(value)
                )
            }
            TestOp::Order(op, value) => format!("[{} {op:?} {}]", tree(left), tree(value)),
            TestOp::Between(a, b) => format!("[{} between {} {}]", tree(left), tree(a), tree(b)),
            TestOp::In { set, negated, .. } => {
                format!(
                    "[{} {}in {}]",
                    tree(left),
                    if *negated { "not " } else { "" },
                    tree(set)
                )
            }
            TestOp::Missing(missing) => {
                format!(
                    "[{} {}]",
                    tree(left),
                    if *missing { "missing" } else { "present" }
                )
            }
            TestOp::Text {
                op,
                value,
                ignoring_case,
            } => {
                format!(
                    "[{} {op:?} {}{}]",
                    tree(left),
                    tree(value),
                    if *ignoring_case { " i" } else { "" }
                )
            }
            other => format!(
                "[{} {}]",
                tree(left),
                format!("{other:?}")
                    .split([' ', '{', '('])
                    .next()
                    .unwrap_or("")
            ),
        },
        ExprKind::Path(path) => path
            .iter()
            .map(|name| name.text.as_str())
            .collect::<Vec<_>>()
            .join("."),
        ExprKind::Integer(value) => value.to_string(),
        ExprKind::Decimal(text) => text.clone(),
        ExprKind::Text(text) => format!("{text:?}"),
        ExprKind::Set(parts) => format!("{{{}}}", list(parts, ",")),
        ExprKind::Call(name, arguments) => format!("{}({})", name.text, list(arguments, ",")),
        ExprKind::Duration(duration) => duration.to_string(),
        ExprKind::PartOf(part, inner) => format!("{part:?}({})", tree(inner)),
        other => format!("{other:?}"),
    }
}

#[test]
fn operators_bind_as_the_manual_says() {
    for (text, expected) in [
        ("a or b or c", "(a or b or c)"),
        ("a and b and c", "(a and b and c)"),
        ("(a or b) and c", "((a or b) and c)"),
        ("a or (b and c)", "(a or (b and c))"),
        ("not a and b", "(not a and b)"),
        ("not (a and b)", "not (a and b)"),
        ("not not a", "not not a"),
        ("not a is b", "not [a is b]"),
        ("a is b and c is not d", "([a is b] and [c is not d])"),
        (
            "a + b * c - d >= 5",
            "[((a + (b * c)) - d) GreaterOrEqual 5]",
        ),
        ("(a + b) * c < 2", "[((a + b) * c) Less 2]"),
        ("a between 1 and 5 and b", "([a between 1 5] and b)"),
        ("a -1 > 0", "[(a - 1) Greater 0]"),
        ("a is -1", "[a is -1]"),
        (
            "a in { x, \"y z\" } or a not in {}",
            "([a in {x,\"y z\"}] or [a not in {}])",
        ),
        ("orelse or andnot", "(orelse or andnot)"),
        ("notable and iso", "(notable and iso)"),
        (
            "order is first and tier is rest",
            "([order is first] and [tier is rest])",
        ),
        ("customer.from is `4G`", "[customer.from is 4G]"),
        (
            "s contains \"a\" ignoring case and t starts with \"b\"",
            "([s Contains \"a\" i] and [t StartsWith \"b\"])",
        ),
        ("weekday of opened_at is sat", "[Weekday(opened_at) is sat]"),
        (
            "count(tags) + min(a, b + 1) > length(s)",
            "[(count(tags) + min(a,(b + 1))) Greater length(s)]",
        ),
        (
            "a is missing or b is present",
            "([a missing] or [b present])",
        ),
        ("confirmed has happened", "[confirmed HasHappened]"),
        ("elapsed > 1h30m", "[elapsed Greater 1h30m]"),
        (
            "客户 is 重要 and 级别 in { 高, 中 }",
            "([客户 is 重要] and [级别 in {高,中}])",
        ),
        ("amount > 1_000.50", "[amount Greater 1000.50]"),
    ] {
        assert_eq!(tree(&define(text)), expected, "{text}");
    }
}

#[test]
fn every_reserved_word_needs_backticks_and_every_other_word_is_a_name() {
    for word in RESERVED {
        let (_, findings) = syntax::parse(SourceId(0), &format!("role {word}\nrole next"));
        assert!(!findings.is_empty(), "`{word}` was taken as a name");
        let (file, findings) = syntax::parse(SourceId(0), &format!("role `{word}`"));
        assert!(
            findings.is_empty() && file.items.len() == 1,
            "`{word}` in backticks: {findings:#?}"
        );
    }
    let contextual = [
        "none", "rest", "first", "open", "closed", "due", "working", "now", "date", "set", "one",
        "has",
    ];
    for word in contextual.iter().chain(&ITEM_KEYWORDS) {
        let text =
            format!("role {word}\ndefine a = {word} is {word}\ntype t = one of {{ {word}, b }}\n");
        let (file, findings) = syntax::parse(SourceId(0), &text);
        assert!(
            findings.is_empty() && file.items.len() == 3,
            "`{word}`: {findings:#?}"
        );
    }
}

#[test]
fn spans_hold_no_blanks_and_no_comments() {
    let text = "\u{feff}# 注释\r\nrole manager \"经理\"   # 后面\r\n\r\ndefine a = b  # x\r\n  and c\r\n# end\r\n";
    let mut sources = Sources::default();
    let source = sources.add("a.policy", text);
    let (file, findings) = syntax::parse(source, text);
    assert!(findings.is_empty(), "{findings:#?}");
    let spans: Vec<_> = file
        .items
        .iter()
        .map(|item| sources.slice(item.span))
        .collect();
    assert_eq!(
        spans,
        ["role manager \"经理\"", "define a = b  # x\r\n  and c"]
    );
    let comments: Vec<_> = file
        .comments
        .iter()
        .map(|c| (c.text.as_str(), c.own_line))
        .collect();
    assert_eq!(
        comments,
        [
            (" 注释", true),
            (" 后面", false),
            (" x", false),
            (" end", true)
        ]
    );
}

#[test]
fn large_blocks_and_long_lines_are_read() {
    let mut text = String::from("classify a as one of { x, y } { first match\n");
    for rule in 0..20_000 {
        text.push_str(&format!("rule r{rule} when n is {rule} then x\n"));
    }
    text.push_str("otherwise y }\ntype big = one of { ");
    text.push_str(
        &(0..20_000)
            .map(|m| format!("m{m}"))
            .collect::<Vec<_>>()
            .join(", "),
    );
    text.push_str(&format!(" }}\nrole long \"{}\"\n", "长".repeat(350_000)));
    let (file, findings) = syntax::parse(SourceId(0), &text);
    assert!(
        findings.is_empty() && file.items.len() == 3,
        "{:?}",
        findings.first()
    );
}

#[test]
fn any_text_is_read_without_panic() {
    let pieces = [
        "case",
        "{",
        "}",
        "(",
        ")",
        "|",
        "=>",
        "rule",
        "when",
        "then",
        "\"",
        "r\"",
        "`",
        "“",
        "，",
        "…",
        "#",
        "\n",
        "4G",
        "2d",
        "table",
        "is",
        "not",
        "in",
        "and",
        "or",
        "=",
        "==",
        "//",
        "/*",
        "2026-03-02T10",
        "\u{0}",
        "\u{feff}",
        "级别",
        "classify",
        "as",
        "one of",
        "sla",
        "tier",
        "otherwise",
        "because",
        "1..5",
        "·",
        "route",
        "to",
        "test",
        "expect",
    ];
    // A small generator of its own: the same texts on every run.
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = |bound: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % bound as u64).unwrap_or(0)
    };
    for _ in 0..3_000 {
        let mut text = String::new();
        for _ in 0..next(40) {
            text.push_str(pieces[next(pieces.len())]);
            text.push_str([" ", "", "\n", " "][next(4)]);
        }
        let mut sources = Sources::default();
        let source = sources.add("a.policy", text.as_str());
        let (_, findings) = syntax::parse(source, &text);
        for finding in &findings {
            assert!(
                finding.span.end as usize <= text.len(),
                "{text:?}: {finding:?}"
            );
            let options = caseway::diag::RenderOptions {
                color: false,
                width: 80,
            };
            assert!(!caseway::diag::render(finding, &sources, options).is_empty());
        }
        let _ = syntax::parse_csv_table(source, &text);
    }
}

#[test]
fn a_file_full_of_mistakes_is_given_up_in_time() {
    let mut text = String::from("classify a as one of { x } { first match\n");
    for rule in 0..3_000 {
        text.push_str(&format!("rule r{rule} when n is then x\n"));
    }
    text.push_str("otherwise x }\nrole manager\n");
    let (_, findings) = syntax::parse(SourceId(0), &text);
    assert!(
        (10..=200).contains(&findings.len()),
        "{} findings",
        findings.len()
    );
}
