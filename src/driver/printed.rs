//! Short decisions as JSON, put together from parts that are printed once.
//!
//! Nearly all of a short decision depends on the rule that was taken and on nothing else of the case. What is printed
//! of each rule comes from the serializers of [`crate::eval`], so that there is one place that knows the form.

use crate::compile::{Program, Strategy};
use crate::eval::{Brief, Decided, Taken};
use crate::json::{self, JsonError};
use serde::Serialize;

/// What a policy's short decisions are put together from.
pub(super) struct Printed {
    /// Each classification behind its name; none where what is printed depends on more than one rule.
    classifications: Vec<Option<Parts>>,
    route: Parts,
    sla: Parts,
}

/// The texts of what a block may come to, one behind the other: nothing, `otherwise`, then its rules.
struct Parts {
    text: Vec<u8>,
    ends: Vec<usize>,
}

impl Printed {
    /// Prints what each rule of a program comes to. Takes time and memory in proportion to the rules.
    pub(super) fn new(program: &Program) -> Result<Printed, JsonError> {
        let blocks = program.classifications.iter();
        let classifications = blocks.map(|block| {
            if block.strategy == Strategy::Collect {
                return Ok(None);
            }
            let parts = Parts::new(block.rules.len(), |out, taken| {
                let value = match &taken {
                    Taken::Rule(rule) => block.rules.get(*rule as usize).map(|rule| &rule.then),
                    Taken::Otherwise => block.otherwise.as_ref().map(|(then, _)| then),
                    Taken::Nothing | Taken::Rules(_) => None,
                };
                let value = value.cloned();
                let decided = Decided { value, taken };
                let name = &block.named.name;
                append_entry(out, name, &program.brief_classification(block, &decided))
            });
            parts.map(Some)
        });
        let classifications = classifications.collect::<Result<_, JsonError>>()?;
        let rules = program.route.as_ref().map_or(0, |block| block.rules.len());
        let route = Parts::new(rules, |out, taken| {
            json::append(out, &program.brief_route(&taken))
        })?;
        let tiers = program.sla.as_ref().map_or(0, |block| block.tiers.len());
        let sla = Parts::new(tiers, |out, taken| {
            let tier = match taken {
                Taken::Rule(tier) => Some(tier),
                Taken::Nothing | Taken::Otherwise | Taken::Rules(_) => None,
            };
            json::append(out, &program.brief_tier(tier))
        })?;
        Ok(Printed {
            classifications,
            route,
            sla,
        })
    }

    /// Prints a short decision behind what some bytes hold already.
    pub(super) fn append(
        &self,
        program: &Program,
        brief: &Brief,
        out: &mut Vec<u8>,
    ) -> Result<(), JsonError> {
        out.extend_from_slice(b"{\"case\":");
        json::append(out, &brief.case.as_deref())?;
        out.extend_from_slice(b",\"classification\":{");
        let blocks = program.classifications.iter().zip(&brief.classifications);
        for (place, ((block, decided), parts)) in blocks.zip(&self.classifications).enumerate() {
            if place > 0 {
                out.push(b',');
            }
            match parts.as_ref().and_then(|parts| parts.of(&decided.taken)) {
                Some(part) => out.extend_from_slice(part),
                None => {
                    let name = &block.named.name;
                    append_entry(out, name, &program.brief_classification(block, decided))?;
                }
            }
        }
        out.extend_from_slice(b"},\"route\":");
        out.extend_from_slice(self.route.of(&brief.route).unwrap_or(b"null"));
        out.extend_from_slice(b",\"sla\":");
        let tier = brief.tier.map_or(Taken::Nothing, Taken::Rule);
        out.extend_from_slice(self.sla.of(&tier).unwrap_or(b"null"));
        out.push(b'}');
        Ok(())
    }
}

/// Prints a key and its value.
fn append_entry(out: &mut Vec<u8>, name: &str, value: &impl Serialize) -> Result<(), JsonError> {
    json::append(out, name)?;
    out.push(b':');
    json::append(out, value)
}

impl Parts {
    /// Prints what a block with so many rules may come to.
    fn new(
        rules: usize,
        mut print: impl FnMut(&mut Vec<u8>, Taken) -> Result<(), JsonError>,
    ) -> Result<Parts, JsonError> {
        let (mut text, mut ends) = (Vec::new(), Vec::with_capacity(rules + 2));
        let rules = (0u32..).map(Taken::Rule).take(rules);
        for taken in [Taken::Nothing, Taken::Otherwise].into_iter().chain(rules) {
            print(&mut text, taken)?;
            ends.push(text.len());
        }
        Ok(Parts { text, ends })
    }

    /// What is printed when this was taken.
    fn of(&self, taken: &Taken) -> Option<&[u8]> {
        let place = match taken {
            Taken::Nothing => 0,
            Taken::Otherwise => 1,
            Taken::Rule(rule) => *rule as usize + 2,
            Taken::Rules(_) => return None,
        };
        let start = match place {
            0 => 0,
            place => *self.ends.get(place - 1)?,
        };
        self.text.get(start..*self.ends.get(place)?)
    }
}
