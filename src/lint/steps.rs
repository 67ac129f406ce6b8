//! The places at which a policy escalates and warns, with what holds there.
//!
//! Read by the lints about steps.

use crate::model::{ClockId, Escalation, Model, RoleId, Target, Tier};

/// A route rule or a tier with its escalations and warnings.
pub(super) struct Site<'a> {
    /// The subject of findings here.
    pub subject: String,
    /// The role that has the case; route rules only.
    pub role: Option<RoleId>,
    /// The tier; none for route rules.
    pub tier: Option<&'a Tier>,
    /// Warnings and escalations in page order of each kind.
    pub clauses: Vec<&'a Escalation>,
}

/// All places at which a model has steps.
pub(super) fn sites(model: &Model) -> Vec<Site<'_>> {
    let mut sites = Vec::new();
    if let Some(route) = &model.route {
        let rules = route.rules.iter().map(|rule| {
            let name = rule.declared.name.as_str();
            (name, &rule.target)
        });
        let otherwise = route.otherwise.iter();
        for (name, target) in rules.chain(otherwise.map(|target| ("otherwise", target))) {
            sites.push(Site {
                subject: format!("route.{name}"),
                role: Some(target.role),
                tier: None,
                clauses: target.escalations.iter().collect(),
            });
        }
    }
    for tier in model.sla.iter().flat_map(|sla| &sla.tiers) {
        sites.push(Site {
            subject: format!("sla.{}", tier.declared.name),
            role: None,
            tier: Some(tier),
            clauses: tier.warnings.iter().chain(&tier.escalations).collect(),
        });
    }
    sites.retain(|site| !site.clauses.is_empty());
    sites
}

/// The target that a tier gives a clock.
pub(super) fn target_of(tier: &Tier, clock: ClockId) -> Option<Target> {
    // Targets stand in the order of the clocks, one for each.
    tier.targets
        .get(clock.0 as usize)
        .filter(|(id, _)| *id == clock)
        .map(|(_, target)| *target)
}

/// The targets that a clock can have while a place's steps are in force, each once.
pub(super) fn targets_of(model: &Model, clock: ClockId) -> Vec<Target> {
    let mut found: Vec<Target> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for tier in model.sla.iter().flat_map(|sla| &sla.tiers) {
        found.extend(target_of(tier, clock).filter(|target| seen.insert(*target)));
    }
    found
}

/// The name of a clock.
pub(super) fn clock_name(model: &Model, clock: ClockId) -> &str {
    model
        .clocks
        .get(clock.0 as usize)
        .map_or("", |clock| clock.declared.name.as_str())
}

/// The name of a role.
pub(super) fn role_name(model: &Model, role: RoleId) -> &str {
    model
        .roles
        .get(role.0 as usize)
        .map_or("", |role| role.name.as_str())
}
