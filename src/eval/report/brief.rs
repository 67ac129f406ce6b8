//! A short decision in JSON: keys and order are those of the full one, of which it is a part.

use super::super::brief::Brief;
use super::super::decision::Decided;
use super::super::shown::Shown;
use super::names;
use crate::compile::{Classification, Program, Strategy, Type};
use serde::ser::{SerializeMap, SerializeStruct};
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
        object.serialize_field("classification", &Classifications { program, brief })?;
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

struct Classifications<'a> {
    program: &'a Program,
    brief: &'a Brief,
}

impl Serialize for Classifications<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let blocks = &self.program.classifications;
        let mut map = serializer.serialize_map(Some(blocks.len()))?;
        for (block, decided) in blocks.iter().zip(&self.brief.classifications) {
            let program = self.program;
            let taken = ClassificationTaken {
                program,
                block,
                decided,
            };
            map.serialize_entry(&block.named.name, &taken)?;
        }
        map.end()
    }
}

struct ClassificationTaken<'a> {
    program: &'a Program,
    block: &'a Classification,
    decided: &'a Decided,
}

impl Serialize for ClassificationTaken<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let ClassificationTaken {
            program,
            block,
            decided,
        } = self;
        let value = decided.value.as_ref().map(|value| Shown {
            program,
            ty: &block.ty,
            value,
        });
        let several = value.is_some() && matches!(block.ty, Type::Set(_));
        let mut object = serializer.serialize_struct("Classification", 2)?;
        object.serialize_field("value", &value)?;
        let names = block.rule_names(&decided.taken);
        if several && block.strategy == Strategy::Collect {
            object.serialize_field("rules", &names)?;
        } else {
            object.serialize_field("rule", &names.first())?;
        }
        object.end()
    }
}
