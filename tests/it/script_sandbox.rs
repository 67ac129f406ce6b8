//! Scripts: what they may do, what they may not, and that none can hold a decision up.

#![allow(
    clippy::disallowed_methods,
    reason = "holds the time that scripts take against a limit"
)]

use caseway::eval::{Bounds, SCRIPT_STEPS, ScriptFailure, ScriptHost, Shape, Signature};
use caseway::message::{Language, Message};
use caseway::script::{ScriptProblemKind, Scripts};
use caseway::source::Span;
use caseway::value::{Decimal, Value};
use std::collections::BTreeMap;

fn signature(parameters: &[Shape], result: Shape, bounds: Bounds) -> Signature {
    Signature {
        name: "f".to_owned(),
        file: "scripts/f.rhai".to_owned(),
        parameters: parameters
            .iter()
            .map(|shape| ("x".to_owned(), shape.clone()))
            .collect(),
        result,
        bounds,
        span: Span::default(),
    }
}

fn load(signature: &Signature, text: &str) -> (Scripts, Vec<(ScriptProblemKind, usize, String)>) {
    let texts = BTreeMap::from([("scripts/f.rhai".to_owned(), text.into())]);
    let (scripts, problems) = Scripts::compile(std::slice::from_ref(signature), &texts);
    let problems = problems
        .into_iter()
        .map(|p| (p.kind, p.byte, p.message.to_string()))
        .collect();
    (scripts, problems)
}

fn run(
    parameters: &[Shape],
    result: Shape,
    text: &str,
    arguments: &[Value],
) -> Result<Value, ScriptFailure> {
    let (scripts, problems) = load(&signature(parameters, result, Bounds::default()), text);
    assert_eq!(problems, []);
    in_english(call_of(&scripts, 0, arguments))
}

/// A call by itself: all steps of a decision are there for it.
fn call_of(scripts: &Scripts, function: u32, arguments: &[Value]) -> Result<Value, ScriptFailure> {
    scripts.call(function, arguments, &mut SCRIPT_STEPS.clone())
}

/// What the calls of a decision take together is counted, whether they answer or not.
#[test]
fn steps_are_taken_off_what_is_left() {
    let text = "fn f(x) { let i = 0; while i < x { i += 1; } i }";
    let (scripts, _) = load(
        &signature(&[Shape::Integer], Shape::Integer, Bounds::default()),
        text,
    );
    let mut left = 20_000;
    let mut call = |times: i64| {
        let before = left;
        let answer = in_english(scripts.call(0, &[Value::Integer(times)], &mut left));
        (answer, before - left)
    };
    let (answer, few) = call(10);
    assert_eq!(answer, Ok(Value::Integer(10)));
    let (answer, more) = call(1_000);
    assert_eq!(answer, Ok(Value::Integer(1_000)));
    assert!(0 < few && few < more && more < 20_000, "{few} {more}");
    let together = ScriptFailure::Limit(Message::verbatim(
        "the scripts of this decision take more than 20000000 steps together",
    ));
    let (answer, rest) = call(100_000);
    assert_eq!((answer, few + more + rest), (Err(together.clone()), 20_000));
    assert_eq!(call(1), (Err(together), 0));
}

/// An answer with the words of its failure fixed, so that they can be compared.
fn in_english(answer: Result<Value, ScriptFailure>) -> Result<Value, ScriptFailure> {
    let fixed = |text: Message| text.fixed(Language::English);
    answer.map_err(|failure| match failure {
        ScriptFailure::Failed(text) => ScriptFailure::Failed(fixed(text)),
        ScriptFailure::Limit(text) => ScriptFailure::Limit(fixed(text)),
    })
}

fn integer(body: &str) -> Result<Value, ScriptFailure> {
    run(
        &[Shape::Text],
        Shape::Integer,
        &format!("fn f(x) {{ {body} }}"),
        &[Value::text("投诉 ABC")],
    )
}

#[test]
fn values_go_in_and_come_out() {
    let members = Shape::Enum(vec!["low".to_owned(), "high".to_owned()]);
    let tags = Shape::Set(Box::new(Shape::Text));
    let decimal = |text: &str| Value::Decimal(Decimal::parse(text, 2).unwrap());
    for (shape, value, result, body, expected) in [
        (
            Shape::Bool,
            Value::Bool(true),
            Shape::Bool,
            "!x",
            Value::Bool(false),
        ),
        (
            Shape::Integer,
            Value::Integer(4),
            Shape::Integer,
            "x * 2 + 1",
            Value::Integer(9),
        ),
        (
            Shape::Text,
            Value::text("投诉"),
            Shape::Integer,
            "x.len()",
            Value::Integer(2),
        ),
        (
            Shape::Text,
            Value::text("Bill"),
            Shape::Text,
            "x.to_upper()",
            Value::text("BILL"),
        ),
        (
            Shape::Decimal(2),
            decimal("12.50"),
            Shape::Decimal(2),
            "decimal_text(decimal_units(x, 2) * 2, 2)",
            decimal("25.00"),
        ),
        (
            Shape::Decimal(2),
            decimal("12.50"),
            Shape::Text,
            "x",
            Value::text("12.50"),
        ),
        (
            Shape::Integer,
            Value::Integer(3),
            Shape::Decimal(2),
            "x",
            decimal("3.00"),
        ),
        (
            members.clone(),
            Value::Member(1),
            members.clone(),
            r#"if x == "high" { "low" } else { x }"#,
            Value::Member(0),
        ),
        (
            tags.clone(),
            Value::set(vec![Value::text("a"), Value::text("b")]),
            tags,
            r#"x.push("c"); x"#,
            Value::set(vec![Value::text("a"), Value::text("b"), Value::text("c")]),
        ),
    ] {
        let got = run(&[shape], result, &format!("fn f(x) {{ {body} }}"), &[value]);
        assert_eq!(got, Ok(expected), "{body}");
    }
}

#[test]
fn helpers_of_the_same_script_may_be_called() {
    let text = "fn words(x) { x.split(\" \").len() }\nfn f(x) { words(x) + [1, 2].filter(|n| n > 1).len() }";
    assert_eq!(
        run(
            &[Shape::Text],
            Shape::Integer,
            text,
            &[Value::text("a b c")]
        ),
        Ok(Value::Integer(4))
    );
}

#[test]
fn answers_are_held_against_the_declaration() {
    let whole = |text: &str| Err(ScriptFailure::Failed(Message::verbatim(text)));
    assert_eq!(
        integer("\"many\""),
        whole("it gives the text `many` instead of a whole number")
    );
    assert_eq!(
        integer("()"),
        whole("it gives nothing instead of a whole number")
    );
    assert_eq!(
        integer("[1]"),
        whole("it gives a list instead of a whole number")
    );
    let bounds = Bounds {
        from: Some(Value::Integer(0)),
        to: Some(Value::Integer(100)),
    };
    let (scripts, _) = load(
        &signature(&[Shape::Integer], Shape::Integer, bounds),
        "fn f(x) { x }",
    );
    assert_eq!(
        call_of(&scripts, 0, &[Value::Integer(100)]),
        Ok(Value::Integer(100))
    );
    assert_eq!(
        in_english(call_of(&scripts, 0, &[Value::Integer(101)])),
        whole("it gives the number `101`, which is outside its bounds")
    );
}

#[test]
fn errors_of_a_script_are_failures() {
    for (body, part) in [
        ("throw \"no\"", "no"),
        ("x.nothing_such()", "nothing_such"),
        ("1 / 0", "zero"),
        ("9223372036854775807 + 1", "overflow"),
        ("[1][5]", "out of bounds"),
        ("[1].reduce(0, 1)", "reduce"),
        ("let a = 1; a.b.c", "b"),
    ] {
        match integer(body) {
            Err(ScriptFailure::Failed(text)) => {
                assert!(
                    text.to_string().to_lowercase().contains(part),
                    "{body}: {text}"
                );
            }
            other => panic!("{body}: {other:?}"),
        }
    }
}

#[test]
fn no_script_runs_for_long_or_grows() {
    for body in [
        "loop {}",
        "while true { let y = 1; }",
        "for n in 0..9_000_000_000_000 {} 1",
        "let s = \"x\"; loop { s += s; }",
        "let s = x; while s.len() < 60000 { s += s; } loop { let t = s + \"x\"; }",
        "let s = \"x\"; while s.len() < 30000 { s += s; } loop { let t = s.to_upper(); }",
        "let a = []; loop { a.push(1); }",
        "let a = [1]; loop { a += a; }",
        "let a = [1]; loop { a = [a, a]; }",
        "let a = []; loop { a = [a]; }",
        "let m = #{}; loop { m = #{ a: m, b: m }; }",
        "let m = #{}; let n = 0; loop { m[\"k\" + n] = n; n += 1; }",
        "let a = []; a.pad(1_000_000_000, 7); 1",
        "let s = \"\"; s.pad(1_000_000_000, 'x'); 1",
        "let a = []; a.pad(900, 7); loop { a.contains(8); }",
        "let a = []; a.pad(900, 7); loop { a.sort(|p, q| q - p); }",
        "let s = \"\"; s.pad(60000, 'x'); loop { s.split(\"x\"); }",
        "let s = \"\"; s.pad(60000, 'x'); loop { s.replace(\"x\", \"yy\"); }",
        "let s = \"\"; s.pad(60000, 'x'); loop { s.index_of(\"xxxxxxxxxxxxxxxxxxy\"); }",
        "let s = \"\"; s.pad(60000, 'x'); let n = 0; for c in s { for d in s { n += 1; } } n",
        "let a = []; a.pad(900, 7); a.map(|n| { for i in 0..1000 {} n })",
        "let a = []; a.pad(900, 7); a.map(|n| { let b = []; b.pad(900, 7); b.map(|m| m + 1) }); 1",
        "try { [1].map(|n| { loop {} }) } catch { loop {} }",
        "[x].map(|y| f(y)); 1",
        "[x].filter(|y| f(y)); 1",
        "[x, x].reduce(|s, y| f(y)); 1",
        "f(x)",
        "f(x) + f(x)",
        "let f = |n| n; loop { f.call(1); }",
        "try { loop {} } catch { loop {} }",
        "try { f(x) } catch { f(x) }",
    ] {
        let got = integer(body);
        assert!(
            matches!(got, Err(ScriptFailure::Limit(_) | ScriptFailure::Failed(_))),
            "{body}: {got:?}"
        );
    }
}

#[test]
fn limits_are_told_from_errors() {
    for (body, text) in [
        ("loop {}", "it takes more than 100000 steps"),
        ("f(x)", "its functions call each other more than 16 deep"),
        (
            "let s = \"x\"; loop { s += s; }",
            "a text or a list grows too large",
        ),
    ] {
        assert_eq!(
            integer(body),
            Err(ScriptFailure::Limit(Message::verbatim(text))),
            "{body}"
        );
    }
    let long = Value::text(&"x".repeat(100_000));
    let got = run(&[Shape::Text], Shape::Integer, "fn f(x) { 1 }", &[long]);
    assert_eq!(
        got,
        Err(ScriptFailure::Limit(Message::verbatim(
            "the argument `x` is too large"
        )))
    );
}

#[test]
fn there_is_no_way_out() {
    let signature = signature(&[Shape::Text], Shape::Integer, Bounds::default());
    for body in [
        "eval(\"1\")",
        "print(x); 1",
        "debug(x); 1",
        "import \"other\" as o; 1",
        "let g = Fn(\"f\"); 1",
        "let g = |n| n; g = g.curry(g); 1",
        "outside + 1",
        "let timestamp = timestamp(); 1",
        "sleep(100); 1",
        "exit(1)",
        "1.5",
    ] {
        let (scripts, problems) = load(&signature, &format!("fn f(x) {{ {body} }}"));
        let refused = problems
            .iter()
            .any(|(kind, ..)| *kind == ScriptProblemKind::Script);
        let fails = matches!(
            call_of(&scripts, 0, &[Value::text("a")]),
            Err(ScriptFailure::Failed(_))
        );
        assert!(refused || fails, "{body}");
    }
}

#[test]
fn scripts_are_read_when_the_policy_is() {
    let signature = signature(&[Shape::Text], Shape::Integer, Bounds::default());
    let problem = |text: &str| load(&signature, text).1.into_iter().next();
    assert_eq!(problem("fn f(x) { 1 }"), None);
    assert_eq!(problem("\u{feff}fn f(x) { 1 }\r\n"), None);
    let (kind, byte, _) = problem("fn f(x) {\n  \"投诉\" + ;\n}").unwrap();
    assert_eq!((kind, byte), (ScriptProblemKind::Script, 23));
    let (kind, byte, _) = problem("\u{feff}fn g() { 1 }\nlet n = 1;\nfn f(x) { 1 }").unwrap();
    assert_eq!((kind, byte), (ScriptProblemKind::Script, 16));
    let (kind, _, message) = problem("fn g(x) { 1 }").unwrap();
    assert_eq!(kind, ScriptProblemKind::UnknownFunction);
    assert_eq!(message, "the script `scripts/f.rhai` has no function `f`");
    let (kind, _, message) = problem("fn f(x, y) { 1 }").unwrap();
    assert_eq!(kind, ScriptProblemKind::ArgumentCount);
    assert_eq!(
        message,
        "`f` takes 2 arguments in its script, but 1 are declared"
    );
    let (kind, ..) = problem("private fn f(x) { 1 }").unwrap();
    assert_eq!(kind, ScriptProblemKind::UnknownFunction);
    let deep = format!("fn f(x) {{ {}1{} }}", "(".repeat(5000), ")".repeat(5000));
    assert_eq!(problem(&deep).unwrap().0, ScriptProblemKind::Script);
}
