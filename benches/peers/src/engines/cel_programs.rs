//! cel: a program for each rule, tried one after the other. Fields are handed over as the engine asks for them,
//! without copies.

use super::row::Row;
use crate::contest::Engine;
use crate::workload::rules::{Atom, Rule};
use crate::workload::{PHRASES, TAGS};
use cel::common::types::{CelBool, CelInt, CelList, CelString};
use cel::common::value::{CowVal, Val};
use cel::context::{Context, VariableResolver};
use cel::{Env, Program, Value};
use std::sync::Arc;

/// Each rule as an expression.
pub fn texts(rules: &[Rule]) -> Vec<String> {
    let expression = |rule: &Rule| rule.atoms.iter().map(atom).collect::<Vec<_>>().join(" && ");
    rules.iter().map(expression).collect()
}

fn atom(atom: &Atom) -> String {
    match atom {
        Atom::Is(field, value) => format!("{} == {:?}", field.name(), field.value(*value)),
        Atom::In(field, values) => {
            let values: Vec<String> = values
                .iter()
                .map(|value| format!("{:?}", field.value(*value)))
                .collect();
            format!("{} in [{}]", field.name(), values.join(", "))
        }
        Atom::AtLeast(field, least) => format!("{} >= {least}", field.name()),
        Atom::AtMost(field, most) => format!("{} <= {most}", field.name()),
        Atom::Between(field, least, most) => {
            format!("{0} >= {least} && {0} <= {most}", field.name())
        }
        Atom::Flag(field, true) => field.name().to_owned(),
        Atom::Flag(field, false) => format!("!{}", field.name()),
        Atom::Tagged(tag) => format!("{:?} in tags", TAGS[*tag]),
        Atom::Says(phrase) => format!("summary.contains({:?})", PHRASES[*phrase]),
    }
}

pub struct Cel {
    programs: Vec<Program>,
    environment: Arc<Env>,
}

impl Cel {
    pub fn load(texts: &[String]) -> Result<Cel, String> {
        let environment = Env::stdlib();
        let compile = |text: &String| {
            environment
                .compile(text)
                .map_err(|error| format!("{text}: {error}"))
        };
        let programs = texts.iter().map(compile).collect::<Result<_, _>>()?;
        Ok(Cel {
            programs,
            environment: Arc::new(environment),
        })
    }
}

/// The fields of a case as values of the engine.
pub struct Fields {
    kind: CelString<'static>,
    channel: CelString<'static>,
    line: CelString<'static>,
    region: CelString<'static>,
    product: CelString<'static>,
    affected_users: CelInt,
    waited_hours: CelInt,
    amount: CelInt,
    vip: CelBool,
    repeated: CelBool,
    outage: CelBool,
    tags: CelList<'static>,
    summary: CelString<'static>,
}

impl VariableResolver for Fields {
    fn resolve<'b>(&'b self, variable: &str) -> Option<CowVal<'b, 'b>> {
        let value: &(dyn Val + 'static) = match variable {
            "kind" => &self.kind,
            "channel" => &self.channel,
            "line" => &self.line,
            "region" => &self.region,
            "product" => &self.product,
            "affected_users" => &self.affected_users,
            "waited_hours" => &self.waited_hours,
            "amount" => &self.amount,
            "vip" => &self.vip,
            "repeated" => &self.repeated,
            "outage" => &self.outage,
            "tags" => &self.tags,
            "summary" => &self.summary,
            _ => return None,
        };
        Some(CowVal::Borrowed(value))
    }
}

impl Engine for Cel {
    type Case = Fields;
    type Answer = usize;

    fn read(&mut self, line: &'static str) -> Fields {
        let row = Row::read(line);
        let tag = |tag: &&'static str| -> Box<dyn Val> { Box::new(CelString::from(*tag)) };
        Fields {
            kind: row.kind.into(),
            channel: row.channel.into(),
            line: row.line.into(),
            region: row.region.into(),
            product: row.product.into(),
            affected_users: row.affected_users.into(),
            waited_hours: row.waited_hours.into(),
            amount: row.amount.into(),
            vip: row.vip.into(),
            repeated: row.repeated.into(),
            outage: row.outage.into(),
            tags: row.tags.iter().map(tag).collect::<Vec<_>>().into(),
            summary: row.summary.into(),
        }
    }

    fn decide(&mut self, case: &mut Fields) -> usize {
        let mut context = Context::with_env(Arc::clone(&self.environment));
        context.set_variable_resolver(&*case);
        let holds = |program: &Program| match program.execute(&context) {
            Ok(Value::Bool(holds)) => holds,
            other => panic!("no yes or no: {other:?}"),
        };
        self.programs
            .iter()
            .position(holds)
            .unwrap_or(self.programs.len())
    }

    fn rule(&self, answer: usize) -> usize {
        answer
    }
}
