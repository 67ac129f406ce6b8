//! The trace of a case: the truth of every rule and every atom.

use super::support::{OPENED, policy, policy_with};
use caseway::eval::{Atom, Outline, RuleResult, Trace, TracedBlock, Truth, trace_course};
use caseway::{Instant, Policy};

fn trace_of(policy: &Policy, fields: &str) -> Trace {
    let json = format!(r#"{{"case": {{"id": "T1", "opened_at": "{OPENED}", {fields}}}}}"#);
    let file = policy.case_from_json(&json).expect("the case fits");
    policy.trace(
        &file.case,
        &file.events,
        Instant::parse(OPENED).expect("an instant"),
    )
}

/// Each rule of a block as `name result[!] [taken]: atom=truth(values) …`; `!` stands for rules that are
/// not reached, `*` before an atom for one that decides.
fn lines(policy: &Policy, trace: &Trace, block: &str) -> Vec<String> {
    let program = policy.program();
    let found = trace
        .blocks
        .iter()
        .find(|own| program.traced_block_name(own.block) == block);
    let found = found.unwrap_or_else(|| panic!("no block {block}"));
    let rules = found.rules.iter().map(|rule| {
        let mut line = program.part_name(found.block, rule.part);
        line.push(' ');
        line.push_str(rule.result.word());
        line.push_str(if rule.reached { "" } else { " unreached" });
        line.push_str(if rule.taken { " taken" } else { "" });
        for atom in trace.unfold(rule) {
            let sign = if atom.decides { "*" } else { "" };
            let within: String = atom
                .defines
                .iter()
                .map(|place| format!("{}/", program.defines[*place as usize].named.name))
                .collect();
            let values: Vec<String> = atom
                .atom
                .reads
                .iter()
                .map(|read| {
                    let value = read.value.text(program).unwrap_or("-".to_owned());
                    format!("{}: {value}", read.path)
                })
                .collect();
            line.push_str(&format!(
                " | {sign}{within}{} {} ({})",
                program.atom_text(policy.sources(), atom.atom.atom),
                atom.atom.truth.word(),
                values.join(", ")
            ));
        }
        line
    });
    rules.collect()
}

#[test]
fn rules_are_told_in_page_order_with_what_they_read() {
    let policy = policy(
        "a: bool optional n: integer default 0 s: text optional",
        r#"define many "很多" = n >= 10 or s is "全部"
           classify level as one of { low < high } {
             first match
             rule many when many and a then high
             rule not_a when not a then low
             rule any when n > 1 then low
             rule old effective until 2020-12-31 when n > 1 then high
             otherwise low
           }"#,
    );
    for (fields, expected) in [
        (
            r#""a": true, "n": 12"#,
            vec![
                "many true taken | *many/n >= 10 true (n: 12) | many/s is \"全部\" unknown (s: -) | *a true (a: true)",
                "not_a false unreached | *a true (a: true)",
                "any true unreached | *n > 1 true (n: 12)",
                "old inactive unreached | *n > 1 true (n: 12)",
                "otherwise false unreached",
            ],
        ),
        (
            r#""n": 1"#,
            vec![
                "many unknown | many/n >= 10 false (n: 1) | *many/s is \"全部\" unknown (s: -) | *a unknown (a: -)",
                "not_a unknown | *a unknown (a: -)",
                "any false | *n > 1 false (n: 1)",
                "old inactive unreached | *n > 1 false (n: 1)",
                "otherwise true taken",
            ],
        ),
    ] {
        let trace = trace_of(&policy, fields);
        assert_eq!(
            lines(&policy, &trace, "classify.level"),
            expected,
            "{fields}"
        );
    }
}

#[test]
fn cells_of_tables_are_told_with_their_column() {
    let policy = policy(
        "kind: one of { fault, support, `a b` } n: integer default 0 s: text default \"\"",
        r#"define big = n > 5
           classify topic as one of { x, y } {
             unique
             table {
               | kind            | big  | n * 2    | s contains "宽带" => topic |
               | fault, support  | -    | >= 4, 1..2 | true            => x     |
               | "a b"           | true | not 3    | false           => y     |
             }
           }"#,
    );
    let trace = trace_of(&policy, r#""kind": "fault", "n": 2"#);
    assert_eq!(
        lines(&policy, &trace, "classify.topic"),
        [
            "row 1 false | kind in { fault, support } true (kind: fault) | n * 2 >= 4 true (n: 2) \
             | n * 2 between 1 and 2 false (n: 2) | *s contains \"宽带\" false (s: )",
            "row 2 false | *kind is a b false (kind: fault) | *big/n > 5 false (n: 2) \
             | n * 2 is not 3 true (n: 2) | s contains \"宽带\" false (s: )",
        ]
    );
}

#[test]
fn all_blocks_of_a_policy_are_traced() {
    let policy = policy_with(
        "done: bool default false n: integer default 0 c: instant optional",
        r#"role desk
           record ticket
           events { answered }
           define load = n * 2
           route { unique rule busy when load > 10 to desk }
           clock resolve { start when n > 0 stop on answered stop when done pause when n is 7 }
           sla { tier t when route.role is desk { resolve 4h } otherwise tier o { resolve 8h } }
           retain ticket "档案" when done { from c keep at least 1 year }
           hold court on ticket when n is 9
           follow_up call by desk when done within 4h done on answered
           require full when done that n > 0 and c is present
           guarantee g { if n > 0 then route.role is desk }"#,
        &[],
    );
    let json = format!(
        r#"{{"case": {{"id": "T1", "opened_at": "{OPENED}", "n": 6, "done": true}},
            "events": [{{"at": "2026-03-02T11:00:00+08:00", "event": "answered"}}]}}"#
    );
    let file = policy.case_from_json(&json).expect("the case fits");
    let now = Instant::parse("2026-03-02T12:00:00+08:00").expect("an instant");
    let trace = policy.trace(&file.case, &file.events, now);
    let mut all = Vec::new();
    for block in &trace.blocks {
        let name = policy.program().traced_block_name(block.block);
        for line in lines(&policy, &trace, &name) {
            all.push(format!("{name} {line}"));
        }
    }
    assert_eq!(
        all,
        [
            "route busy true taken | *load > 10 true (load: 12, n: 6)",
            "sla t true taken | *route.role is desk true (route.role: desk)",
            "sla o true unreached",
            "clock.resolve start when true | *n > 0 true (n: 6)",
            "clock.resolve stop on answered true | *answered has happened true (answered: 2026-03-02T11:00:00+08:00)",
            "clock.resolve stop when true | *done true (done: true)",
            "clock.resolve pause when false | *n is 7 false (n: 6)",
            "retain.ticket 档案 true taken | *done true (done: true)",
            "hold.court when false | *n is 9 false (n: 6)",
            "follow_up.call when true taken | *done true (done: true)",
            "follow_up.call done on answered true | *answered has happened true (answered: 2026-03-02T11:00:00+08:00)",
            "require.full when true taken | *done true (done: true)",
            "require.full that false | n > 0 true (n: 6) | *c is present false (c: -)",
            "guarantee.g if true | *n > 0 true (n: 6)",
            "guarantee.g then true | *route.role is desk true (route.role: desk)",
        ]
    );
}

#[test]
fn a_course_is_traced_at_every_instant_at_the_places_of_the_outline() {
    let policy = policy(
        "n: integer default 0",
        "define big = n > 5
         classify level as one of { low, high } { first match rule big when big then high otherwise low }",
    );
    let json = format!(
        r#"{{"case": {{"id": "T1", "opened_at": "{OPENED}"}},
            "events": [{{"at": "2026-03-02T11:00:00+08:00", "set": {{"n": 6}}}},
                       {{"at": "2026-03-02T13:00:00+08:00", "set": {{"n": 7}}}}]}}"#
    );
    let file = policy.case_from_json(&json).expect("the case fits");
    let now = Instant::parse("2026-03-02T12:00:00+08:00").expect("an instant");
    let program = policy.program();
    let outline = Outline::new(program);
    let mut seen = Vec::new();
    let scripts = policy.scripts();
    trace_course(
        program,
        &outline,
        &file.case,
        &file.events,
        now,
        scripts,
        |trace| {
            assert_eq!(trace.blocks.len(), outline.blocks.len());
            for (block, own) in trace.blocks.iter().zip(&outline.blocks) {
                assert_eq!(block.block, own.block);
                for (rule, own) in block.rules.iter().zip(&own.rules) {
                    let atoms: Vec<Atom> = rule.atoms.iter().map(|atom| atom.atom).collect();
                    assert_eq!((rule.part, &atoms), (own.part, &own.atoms));
                    assert!(rule.atoms.iter().all(|atom| atom.reads.is_empty()));
                }
            }
            let define = trace.defines[0].as_ref().expect("a condition");
            let rule = &trace.blocks[0].rules[0];
            seen.push((define.atoms[0].truth, rule.result, rule.taken));
        },
    );
    assert_eq!(
        seen,
        [
            (Truth::False, RuleResult::False, false),
            (Truth::True, RuleResult::True, true),
        ]
    );
    let block = &outline.blocks[0];
    assert!(matches!(block.block, TracedBlock::Site(_)));
    let span = block.rules[0]
        .span(program, block.block)
        .expect("a rule has a place");
    assert_eq!(policy.sources().slice(span), "rule big when big then high");
}

/// What is taken by the trace is what is decided, for every case that ships.
#[test]
fn traces_agree_with_decisions_on_the_cases_that_ship() {
    for pack in ["telecom-service", "cn-telecom-law"] {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("policies")
            .join(pack);
        let policy = Policy::load(&root).expect("the pack is sound");
        let program = policy.program();
        let cases = std::fs::read_to_string(root.join("cases/cases.ndjson")).expect("readable");
        for line in cases.lines() {
            let file = policy.case_from_json(line).expect("the case fits");
            let last = file.events.last().map(|event| event.at);
            let opened = caseway::eval::State::new(program, &file.case).instant(program.opened_at);
            let now = file.at.or(last).or(opened).expect("an instant");
            let decision =
                serde_json::to_value(policy.decide(&file.case, &file.events, now)).expect("JSON");
            let trace = policy.trace(&file.case, &file.events, now);
            for block in &trace.blocks {
                let name = program.traced_block_name(block.block);
                let taken: Vec<String> = block
                    .rules
                    .iter()
                    .filter(|rule| rule.taken)
                    .map(|rule| program.part_name(block.block, rule.part))
                    .collect();
                let decided = match name.split_once('.') {
                    Some(("classify", name)) => {
                        let decided = &decision["classification"][name];
                        match decided["rules"].as_array() {
                            Some(rules) => rules.clone(),
                            None => vec![decided["rule"].clone()],
                        }
                    }
                    Some(("retain", name)) => decision["retention"][name]["rules"]
                        .as_array()
                        .cloned()
                        .unwrap_or_default(),
                    None if name == "route" => vec![decision["route"]["rule"].clone()],
                    None if name == "sla" => vec![decision["sla"]["tier"].clone()],
                    _ => continue,
                };
                let decided: Vec<&str> = decided.iter().filter_map(|rule| rule.as_str()).collect();
                assert_eq!(taken, decided, "{name} of {line}");
            }
        }
    }
}
