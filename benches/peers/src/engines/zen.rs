//! zen-engine: a decision table with a column for each field, compiled. Columns with words come first: those the
//! engine indexes, and what the index leaves over is looked at cell by cell.

use crate::contest::Engine;
use crate::workload::rules::{Atom, Rule};
use crate::workload::{Flag, Number, PHRASES, TAGS, Word};
use serde_json::{Map, Value, json};
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use zen_engine::model::{DecisionContent, GraphContent};
use zen_engine::{Decision, Variable};

fn columns() -> Vec<&'static str> {
    let words = [
        Word::Product,
        Word::Region,
        Word::Kind,
        Word::Channel,
        Word::Line,
    ]
    .map(Word::name);
    let flags = Flag::ALL.map(Flag::name);
    let numbers = Number::ALL.map(Number::name);
    [&words[..], &flags, &numbers, &["tags", "summary"]].concat()
}

/// The rules as a decision in JSON.
pub fn text(rules: &[Rule]) -> String {
    let inputs: Vec<Value> = columns()
        .iter()
        .map(|field| json!({"id": field, "name": field, "field": field}))
        .collect();
    let mut rows: Vec<Value> = rules
        .iter()
        .enumerate()
        .map(|(number, rule)| row(number, &rule.atoms))
        .collect();
    rows.push(row(rules.len(), &[]));
    json!({
        "nodes": [
            {"id": "in", "name": "in", "type": "inputNode", "content": {}},
            {"id": "table", "name": "table", "type": "decisionTableNode", "content": {
                "hitPolicy": "first", "inputs": inputs, "rules": rows,
                "outputs": [{"id": "rule", "name": "rule", "field": "rule"}],
            }},
            {"id": "out", "name": "out", "type": "outputNode", "content": {}},
        ],
        "edges": [
            {"id": "1", "sourceId": "in", "targetId": "table", "type": "edge"},
            {"id": "2", "sourceId": "table", "targetId": "out", "type": "edge"},
        ],
    })
    .to_string()
}

fn row(number: usize, atoms: &[Atom]) -> Value {
    let mut row = Map::new();
    row.insert("_id".to_owned(), json!(format!("r{number}")));
    row.insert("rule".to_owned(), json!(number.to_string()));
    for (field, cell) in atoms.iter().map(cell) {
        row.insert(field.to_owned(), Value::String(cell));
    }
    Value::Object(row)
}

fn cell(atom: &Atom) -> (&'static str, String) {
    match atom {
        Atom::Is(field, value) => (field.name(), format!("{:?}", field.value(*value))),
        Atom::In(field, values) => {
            let values: Vec<String> = values
                .iter()
                .map(|value| format!("{:?}", field.value(*value)))
                .collect();
            (field.name(), values.join(", "))
        }
        Atom::AtLeast(field, least) => (field.name(), format!(">= {least}")),
        Atom::AtMost(field, most) => (field.name(), format!("<= {most}")),
        Atom::Between(field, least, most) => (field.name(), format!("[{least}..{most}]")),
        Atom::Flag(field, value) => (field.name(), value.to_string()),
        Atom::Tagged(tag) => ("tags", format!("contains($, {:?})", TAGS[*tag])),
        Atom::Says(phrase) => ("summary", format!("contains($, {:?})", PHRASES[*phrase])),
    }
}

pub struct Zen {
    decision: Decision,
}

impl Zen {
    pub fn load(text: &str) -> Result<Zen, String> {
        let content: DecisionContent =
            serde_json::from_str(text).map_err(|error| error.to_string())?;
        let mut graph: GraphContent = content.as_graph().ok_or("no graph")?.clone();
        graph.compile();
        let decision = Decision::from(graph);
        decision.validate().map_err(|error| format!("{error:?}"))?;
        Ok(Zen { decision })
    }
}

/// What is never pending: nothing in a table waits for anything.
fn ready<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(value) = future
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()))
        {
            return value;
        }
    }
}

impl Engine for Zen {
    type Case = Variable;
    type Answer = Variable;

    fn read(&mut self, line: &'static str) -> Variable {
        serde_json::from_str(line).expect("a line of the workload")
    }

    fn decide(&mut self, case: &mut Variable) -> Variable {
        ready(self.decision.evaluate(case.clone()))
            .expect("a decision")
            .result
    }

    fn rule(&self, answer: Variable) -> usize {
        let rule = answer.dot("rule").expect("a rule");
        rule.to_value().as_u64().expect("a number of a rule") as usize
    }
}
