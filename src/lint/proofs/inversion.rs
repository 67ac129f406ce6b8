//! The sentence of `sla-inversion`: a higher class that is given more time than a lower one.

use super::words::Teller;
use crate::analysis::{Input, Inversion};
use crate::diag::Diagnostic;
use crate::message::message;
use crate::model::{EnumId, FieldId, Tier, Type};

pub(super) fn tell(teller: &Teller<'_>, found: &Inversion) -> Option<Diagnostic> {
    let model = teller.model;
    let tiers = &model.sla.as_ref()?.tiers;
    let tier = |place: u32| tiers.get(place as usize);
    let (high_tier, low_tier) = (tier(found.higher.1)?, tier(found.lower.1)?);
    let clock = model.clocks.get(found.clock.0 as usize)?;
    let clock = clock.declared.name.as_str();
    let place = |tier: &Tier| {
        let written = teller.written.target(tier.declared.span, clock);
        written.unwrap_or(tier.declared.span)
    };
    let (span, other_span) = (place(high_tier), place(low_tier));
    let (input, ty) = input(teller, found.input)?;
    let (high, low) = (
        model.schema.member(ty, found.higher.0),
        model.schema.member(ty, found.lower.0),
    );
    let mut message = message!(
        "`{clock}` has more time when `{input}` is `{high}` than when it is `{low}`: `{longer}` in tier `{tier}`, `{shorter}` in tier `{other_tier}`",
        clock,
        input,
        high,
        low,
        longer = teller.text(span),
        tier = high_tier.declared.name,
        shorter = teller.text(other_span),
        other_tier = low_tier.declared.name
    );
    if let Some(later) = found.later {
        let zone = model.zone;
        message = message!(
            "{message}; started {start}, it is due {due} and not {other_due}",
            message,
            start = later.start.format(zone),
            due = later.due.format(zone),
            other_due = later.other_due.format(zone)
        );
    }
    let finding = Diagnostic::warn("sla-inversion", span, message)
        .subject(format!("sla.{}", high_tier.declared.name))
        .also(other_span, message!("less time for the lower class"))
        .help(message!(
            "give `{clock}` in tier `{tier}` no more time than in tier `{other_tier}`",
            clock,
            tier = high_tier.declared.name,
            other_tier = low_tier.declared.name
        ));
    Some(finding)
}

/// The name of an ordered value, and its type.
fn input<'a>(teller: &'a Teller<'_>, input: Input) -> Option<(&'a str, EnumId)> {
    let model = teller.model;
    let (name, ty) = match input {
        Input::Field(slot) => {
            let field = model.schema.field(FieldId(slot))?;
            (&field.path, &field.ty)
        }
        Input::Classification(place) => {
            let block = model.classifications.get(place as usize)?;
            (&block.declared.name, &block.outcome)
        }
    };
    match ty {
        Type::Enum(id) => Some((name, *id)),
        _ => None,
    }
}
