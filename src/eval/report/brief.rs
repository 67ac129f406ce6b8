//! A short decision in JSON: keys and order are those of the full one, of which it is a part.

use super::super::brief::Brief;
use super::super::decision::{Decided, Taken};
use super::{ClassificationTaken, Classifications, names};
use crate::compile::{Classification, Program};
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

/// A short decision to be printed.
pub struct BriefReport<'a> {
    /// The program that decided.
    pub program: &'a Program,
    /// The decision.
    pub brief: &'a Brief,
}

impl Serialize for BriefReport<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let BriefReport { program, brief } = self;
        let mut object = serializer.serialize_struct("BriefDecision", 4)?;
        object.serialize_field("case", &brief.case.as_deref())?;
        let classifications = Classifications {
            program,
            decided: &brief.classifications,
            because: false,
        };
        object.serialize_field("classification", &classifications)?;
        object.serialize_field("route", &program.brief_route(&brief.route))?;
        object.serialize_field("sla", &program.brief_tier(brief.tier))?;
        object.end()
    }
}

impl Program {
    /// A classification as a short decision prints it.
    pub(crate) fn brief_classification<'a>(
        &'a self,
        block: &'a Classification,
        decided: &'a Decided,
    ) -> impl Serialize + 'a {
        ClassificationTaken {
            program: self,
            block,
            decided,
            because: false,
        }
    }

    /// The route as a short decision prints it.
    pub(crate) fn brief_route(&self, taken: &Taken) -> impl Serialize {
        let block = self.route.as_ref()?;
        let target = block.target(taken);
        Some(RouteTaken {
            role: target.map(|target| names::name(&self.roles, target.role)),
            rule: block.rule_name(taken),
        })
    }

    /// The tier as a short decision prints it.
    pub(crate) fn brief_tier(&self, tier: Option<u32>) -> impl Serialize {
        let block = self.sla.as_ref()?;
        let tier = tier.and_then(|place| block.tiers.get(place as usize));
        Some(TierTaken {
            tier: tier.map(|tier| tier.named.name.as_str()),
        })
    }
}

#[derive(Serialize)]
struct RouteTaken<'a> {
    role: Option<&'a str>,
    rule: Option<&'a str>,
}

#[derive(Serialize)]
struct TierTaken<'a> {
    tier: Option<&'a str>,
}
