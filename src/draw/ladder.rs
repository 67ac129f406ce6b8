//! A block as a ladder: its rules from the top, each with what it asks and what comes of it.

use super::{Drawing, Picture, labelled, strategy};
use crate::message::message;
use crate::model::{RouteTarget, Strategy, Tier};

/// A block.
pub(super) struct Ladder {
    pub(super) name: String,
    pub(super) label: Option<String>,
    /// How its rules are tried.
    pub(super) strategy: String,
    /// Whether a rule is tried only when those above are not true.
    pub(super) stops: bool,
    pub(super) effective: Option<String>,
    pub(super) rungs: Vec<Rung>,
}

/// A rule.
pub(super) struct Rung {
    /// Its name; none for `otherwise`.
    pub(super) name: Option<String>,
    pub(super) label: Option<String>,
    /// Whether it counts where nothing above it was true, without asking anything.
    pub(super) otherwise: bool,
    /// What it asks, part by part; empty when it asks nothing.
    pub(super) condition: Vec<String>,
    pub(super) outcome: Vec<String>,
    pub(super) because: Vec<String>,
    pub(super) effective: Option<String>,
    /// How many tests reach it, where that is known.
    pub(super) fired: Option<u64>,
}

/// The ladder of a picture that is one.
pub(super) fn ladder(drawing: &Drawing<'_>, picture: Picture) -> Option<Ladder> {
    match picture {
        Picture::Classification(place) => classification(drawing, place),
        Picture::Route => route(drawing),
        Picture::Sla => sla(drawing),
        Picture::Overview | Picture::Clock(_) | Picture::Calendar(_) => None,
    }
}

fn classification(drawing: &Drawing<'_>, place: usize) -> Option<Ladder> {
    let block = drawing.model.classifications.get(place)?;
    let reading = drawing.reading();
    let name = &block.declared.name;
    let mut rungs: Vec<Rung> = block
        .rules
        .iter()
        .map(|rule| Rung {
            name: Some(rule.declared.name.clone()),
            label: rule.declared.label.clone(),
            otherwise: false,
            condition: reading.condition(&rule.when, rule.span),
            outcome: vec![reading.value(&rule.then, &block.outcome)],
            because: rule.because.clone(),
            effective: reading.effective(rule.effective.as_ref()),
            fired: drawing.fired(&format!("classify.{name}.{}", rule.declared.name)),
        })
        .collect();
    rungs.extend(block.otherwise.as_ref().map(|otherwise| Rung {
        name: None,
        label: None,
        otherwise: true,
        condition: Vec::new(),
        outcome: vec![reading.value(&otherwise.then, &block.outcome)],
        because: otherwise.because.clone(),
        effective: None,
        fired: drawing.fired(&format!("classify.{name}.otherwise")),
    }));
    Some(Ladder {
        name: name.clone(),
        label: block.declared.label.clone(),
        strategy: drawing.say(strategy(block.strategy)),
        stops: block.strategy == Strategy::FirstMatch,
        effective: reading.effective(block.effective.as_ref()),
        rungs,
    })
}

fn route(drawing: &Drawing<'_>) -> Option<Ladder> {
    let block = drawing.model.route.as_ref()?;
    let reading = drawing.reading();
    let mut rungs: Vec<Rung> = block
        .rules
        .iter()
        .map(|rule| Rung {
            name: Some(rule.declared.name.clone()),
            label: rule.declared.label.clone(),
            otherwise: false,
            condition: vec![reading.text(rule.when.span)],
            outcome: destination(drawing, &rule.target),
            because: rule.target.because.clone(),
            effective: reading.effective(rule.effective.as_ref()),
            fired: drawing.fired(&format!("route.{}", rule.declared.name)),
        })
        .collect();
    rungs.extend(block.otherwise.as_ref().map(|target| Rung {
        name: None,
        label: None,
        otherwise: true,
        condition: Vec::new(),
        outcome: destination(drawing, target),
        because: target.because.clone(),
        effective: None,
        fired: drawing.fired("route.otherwise"),
    }));
    Some(Ladder {
        name: "route".to_owned(),
        label: block.label.clone(),
        strategy: drawing.say(strategy(block.strategy)),
        stops: block.strategy == Strategy::FirstMatch,
        effective: reading.effective(block.effective.as_ref()),
        rungs,
    })
}

/// Role, queue, those who are told, escalations.
fn destination(drawing: &Drawing<'_>, target: &RouteTarget) -> Vec<String> {
    let reading = drawing.reading();
    let mut lines = vec![reading.role_labelled(target.role.0)];
    if let Some(queue) = target.queue {
        let queue = reading.queue_labelled(queue.0);
        lines.push(drawing.say(message!("queue {queue}", queue)));
    }
    if !target.with.is_empty() {
        let roles: Vec<&str> = target
            .with
            .iter()
            .map(|role| reading.role(role.0))
            .collect();
        let roles = roles.join(", ");
        lines.push(drawing.say(message!("with {roles}", roles)));
    }
    for escalation in &target.escalations {
        lines.push(format!("↑ {}", reading.steps(escalation)));
    }
    lines
}

fn sla(drawing: &Drawing<'_>) -> Option<Ladder> {
    let block = drawing.model.sla.as_ref()?;
    let reading = drawing.reading();
    let rungs = block
        .tiers
        .iter()
        .map(|tier| Rung {
            name: Some(tier.declared.name.clone()),
            label: tier.declared.label.clone(),
            otherwise: tier.when.is_none(),
            condition: vec![match &tier.when {
                Some(when) => reading.text(when.span),
                None => drawing.say(message!("otherwise")),
            }],
            outcome: promises(drawing, tier),
            because: tier.because.clone(),
            effective: reading.effective(tier.effective.as_ref()),
            fired: drawing.fired(&format!("sla.{}", tier.declared.name)),
        })
        .collect();
    Some(Ladder {
        name: "sla".to_owned(),
        label: block.label.clone(),
        strategy: drawing.say(strategy(Strategy::FirstMatch)),
        stops: true,
        effective: reading.effective(block.effective.as_ref()),
        rungs,
    })
}

/// What a tier promises on each clock.
fn promises(drawing: &Drawing<'_>, tier: &Tier) -> Vec<String> {
    let reading = drawing.reading();
    tier.targets
        .iter()
        .map(|(clock, target)| {
            let declared = drawing.model.clocks.get(clock.0 as usize);
            let name = declared.map_or(String::new(), |clock| {
                labelled(&clock.declared.name, clock.declared.label.as_deref())
            });
            format!("{name}: {}", reading.target(*target))
        })
        .collect()
}
