//! Caseway: one classification with rules of which the first true one is taken. All calls of the library stand
//! here.

use crate::contest::Engine;
use crate::workload::rules::{Atom, Rule};
use crate::workload::{CHANNELS, Flag, KINDS, LEVELS, LINES, Number, PHRASES, TAGS, Word};
use caseway::eval::Taken;
use caseway::{BriefDecision, CaseFile, Decider, Instant, Policy};
use std::fmt::Write;

const SETTINGS: &str =
    "[policy]\nname = \"peers\"\nversion = \"1\"\nlanguage = 1\nzone = \"Asia/Shanghai\"\n";

/// The rules as policy text.
pub fn text(rules: &[Rule]) -> String {
    let mut text = String::from("case {\n  id: text\n  opened_at: instant\n");
    let one_of = |members: &[&str]| format!("one of {{ {} }}", members.join(", "));
    for field in Word::ALL {
        let declared = match field {
            Word::Kind => one_of(&KINDS),
            Word::Channel => one_of(&CHANNELS),
            Word::Line => one_of(&LINES),
            Word::Region | Word::Product => "text".to_owned(),
        };
        writeln!(text, "  {}: {declared}", field.name()).expect("a string");
    }
    for field in Number::ALL {
        writeln!(
            text,
            "  {}: integer from 0 to {}",
            field.name(),
            field.most()
        )
        .expect("a string");
    }
    for field in Flag::ALL {
        writeln!(text, "  {}: bool", field.name()).expect("a string");
    }
    text.push_str("  tags: set of text\n  summary: text\n}\n");
    let levels = LEVELS.join(" < ");
    writeln!(
        text,
        "classify level as one of {{ {levels} }} {{\n  first match"
    )
    .expect("a string");
    for (number, rule) in rules.iter().enumerate() {
        let atoms: Vec<String> = rule.atoms.iter().map(atom).collect();
        let (when, then) = (atoms.join(" and "), LEVELS[rule.level]);
        writeln!(text, "  rule r{number} when {when} then {then}").expect("a string");
    }
    writeln!(text, "  otherwise {}\n}}", LEVELS[0]).expect("a string");
    text
}

fn atom(atom: &Atom) -> String {
    let value = |field: &Word, value: &usize| match field {
        Word::Kind | Word::Channel | Word::Line => field.value(*value),
        Word::Region | Word::Product => format!("{:?}", field.value(*value)),
    };
    match atom {
        Atom::Is(field, one) => format!("{} is {}", field.name(), value(field, one)),
        Atom::In(field, some) => {
            let some: Vec<String> = some.iter().map(|one| value(field, one)).collect();
            format!("{} in {{ {} }}", field.name(), some.join(", "))
        }
        Atom::AtLeast(field, least) => format!("{} >= {least}", field.name()),
        Atom::AtMost(field, most) => format!("{} <= {most}", field.name()),
        Atom::Between(field, least, most) => format!("{} between {least} and {most}", field.name()),
        Atom::Flag(field, true) => field.name().to_owned(),
        Atom::Flag(field, false) => format!("{} is false", field.name()),
        Atom::Tagged(tag) => format!("tags contains {:?}", TAGS[*tag]),
        Atom::Says(phrase) => format!("summary contains {:?}", PHRASES[*phrase]),
    }
}

/// A policy of these rules.
pub struct Caseway {
    policy: Policy,
    decider: Decider,
    rules: usize,
    now: Instant,
}

impl Caseway {
    pub fn load(text: &str, rules: usize) -> Result<Caseway, String> {
        let sources = [("caseway.toml", SETTINGS), ("rules.policy", text)];
        let policy = Policy::from_sources(sources).map_err(|error| error.to_string())?;
        let now =
            Instant::parse("2026-04-01T00:00:00+08:00").map_err(|error| format!("{error:?}"))?;
        let decider = policy.decider();
        Ok(Caseway {
            policy,
            decider,
            rules,
            now,
        })
    }

    /// What workers share.
    pub fn shared(&self) -> Shared {
        Shared {
            policy: self.policy.clone(),
            now: self.now,
        }
    }
}

/// A policy for several workers, each with a decider of its own.
pub struct Shared {
    policy: Policy,
    now: Instant,
}

impl Shared {
    /// Prints the short decision of each line, one to a line, and hands so many on at once.
    pub fn print(&self, lines: &[&str], at_once: usize, mut hand_on: impl FnMut(&[u8])) {
        let mut decider = self.policy.decider();
        let mut printed = Vec::new();
        for some in lines.chunks(at_once) {
            printed.clear();
            for line in some {
                let decision = decider
                    .decide_json_in_brief(*line, self.now)
                    .expect("a line of the workload");
                decision.append_json(&mut printed);
                printed.push(b'\n');
            }
            hand_on(&printed);
        }
    }
}

impl Engine for Caseway {
    type Case = CaseFile;
    type Answer = Taken;

    fn read(&mut self, line: &'static str) -> CaseFile {
        self.policy
            .case_from_json(line)
            .expect("a line of the workload")
    }

    fn decide(&mut self, case: &mut CaseFile) -> Taken {
        let decider = &mut self.decider;
        let decision = decider.decide_in_brief(&case.case, &case.events, self.now);
        decision.places().classifications[0].taken.clone()
    }

    fn decide_line(&mut self, line: &'static str) -> Taken {
        let decision = self
            .decider
            .decide_json_in_brief(line, self.now)
            .expect("a line of the workload");
        decision.places().classifications[0].taken.clone()
    }

    fn rule(&self, answer: Taken) -> usize {
        match answer {
            Taken::Rule(rule) => usize::try_from(rule).expect("a place"),
            Taken::Otherwise => self.rules,
            other => panic!("no rule was taken: {other:?}"),
        }
    }
}

/// The same, printing each short decision.
pub struct Printing {
    caseway: Caseway,
    /// What has been printed and not yet handed on.
    printed: Vec<u8>,
}

/// So many bytes are handed on at once.
const HANDED_ON: usize = 1 << 16;

impl Printing {
    pub fn new(caseway: Caseway) -> Printing {
        Printing {
            caseway,
            printed: Vec::new(),
        }
    }
}

impl Engine for Printing {
    type Case = CaseFile;
    type Answer = Taken;

    fn read(&mut self, line: &'static str) -> CaseFile {
        self.caseway.read(line)
    }

    fn decide(&mut self, case: &mut CaseFile) -> Taken {
        let Caseway { decider, now, .. } = &mut self.caseway;
        let decision = decider.decide_in_brief(&case.case, &case.events, *now);
        print(&decision, &mut self.printed)
    }

    fn decide_line(&mut self, line: &'static str) -> Taken {
        let Caseway { decider, now, .. } = &mut self.caseway;
        let decision = decider.decide_json_in_brief(line, *now);
        print(
            &decision.expect("a line of the workload"),
            &mut self.printed,
        )
    }

    fn rule(&self, answer: Taken) -> usize {
        self.caseway.rule(answer)
    }
}

fn print(decision: &BriefDecision<'_>, printed: &mut Vec<u8>) -> Taken {
    if printed.len() > HANDED_ON {
        std::hint::black_box(&*printed);
        printed.clear();
    }
    decision.append_json(printed);
    printed.push(b'\n');
    decision.places().classifications[0].taken.clone()
}
