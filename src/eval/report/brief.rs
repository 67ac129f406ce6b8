//! A short decision in JSON: keys and order are those of the full one, of which it is a part.

use super::super::brief::Brief;
use super::{Classifications, names};
use crate::compile::Program;
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
        let route = program.route.as_ref().map(|block| {
            let target = block.target(&brief.route);
            RouteTaken {
                role: target.map(|target| names::name(&program.roles, target.role)),
                rule: block.rule_name(&brief.route),
            }
        });
        object.serialize_field("route", &route)?;
        let sla = program.sla.as_ref().map(|block| {
            let tier = brief.tier.and_then(|place| block.tiers.get(place as usize));
            TierTaken {
                tier: tier.map(|tier| tier.named.name.as_str()),
            }
        });
        object.serialize_field("sla", &sla)?;
        object.end()
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
