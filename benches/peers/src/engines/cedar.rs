//! cedar-policy: a policy for each rule that permits where the rule is true. The engine answers with all that
//! permit, in no order; the first rule is the one with the lowest number among them.

use crate::contest::Engine;
use crate::workload::rules::{Atom, Rule};
use crate::workload::{PHRASES, TAGS};
use cedar_policy::{
    Authorizer, Context, Entities, EntityUid, Policy, PolicyId, PolicySet, Request,
};

/// Each rule as a policy.
pub fn texts(rules: &[Rule]) -> Vec<String> {
    let policy = |rule: &Rule| {
        let atoms: Vec<String> = rule.atoms.iter().map(atom).collect();
        format!(
            "permit(principal, action, resource) when {{ {} }};",
            atoms.join(" && ")
        )
    };
    rules.iter().map(policy).collect()
}

fn atom(atom: &Atom) -> String {
    match atom {
        Atom::Is(field, value) => format!("context.{} == {:?}", field.name(), field.value(*value)),
        Atom::In(field, values) => {
            let values: Vec<String> = values
                .iter()
                .map(|value| format!("{:?}", field.value(*value)))
                .collect();
            format!("[{}].contains(context.{})", values.join(", "), field.name())
        }
        Atom::AtLeast(field, least) => format!("context.{} >= {least}", field.name()),
        Atom::AtMost(field, most) => format!("context.{} <= {most}", field.name()),
        Atom::Between(field, least, most) => {
            format!(
                "context.{0} >= {least} && context.{0} <= {most}",
                field.name()
            )
        }
        Atom::Flag(field, true) => format!("context.{}", field.name()),
        Atom::Flag(field, false) => format!("!context.{}", field.name()),
        Atom::Tagged(tag) => format!("context.tags.contains({:?})", TAGS[*tag]),
        Atom::Says(phrase) => format!("context.summary like \"*{}*\"", PHRASES[*phrase]),
    }
}

pub struct Cedar {
    policies: PolicySet,
    authorizer: Authorizer,
    entities: Entities,
    /// Stands for whoever asks, for what and about what: no rule looks at it.
    anything: EntityUid,
    rules: usize,
}

impl Cedar {
    pub fn load(texts: &[String]) -> Result<Cedar, String> {
        let mut policies = PolicySet::new();
        for (number, text) in texts.iter().enumerate() {
            let id = PolicyId::new(format!("{number:06}"));
            let policy = Policy::parse(Some(id), text).map_err(|error| error.to_string())?;
            policies.add(policy).map_err(|error| error.to_string())?;
        }
        Ok(Cedar {
            policies,
            authorizer: Authorizer::new(),
            entities: Entities::empty(),
            anything: "Desk::\"any\""
                .parse()
                .map_err(|error| format!("{error}"))?,
            rules: texts.len(),
        })
    }
}

impl Engine for Cedar {
    type Case = Request;
    type Answer = Option<usize>;

    fn read(&mut self, line: &'static str) -> Request {
        let context = Context::from_json_str(line, None).expect("a line of the workload");
        let any = || self.anything.clone();
        Request::new(any(), any(), any(), context, None).expect("a request without a schema")
    }

    fn decide(&mut self, case: &mut Request) -> Option<usize> {
        let response = self
            .authorizer
            .is_authorized(case, &self.policies, &self.entities);
        debug_assert_eq!(response.diagnostics().errors().count(), 0);
        // Numbers with leading zeros: the least text is the least number.
        let first = response
            .diagnostics()
            .reason()
            .map(AsRef::<str>::as_ref)
            .min()?;
        first.parse().ok()
    }

    fn rule(&self, answer: Option<usize>) -> usize {
        answer.unwrap_or(self.rules)
    }
}
