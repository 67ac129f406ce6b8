//! Short decisions, one after the other in the same room: for hosts that only ask what a case is, where it
//! goes and which tier it has.

use super::policy::Policy;
use crate::eval::{Brief, BriefDecider, BriefReport, Engine};
use crate::ingest::{CaseRoom, JsonText, Refusal};
use crate::json;
use crate::time::Instant;
use crate::value::{Case, Event};
use serde::{Serialize, Serializer};

/// Decides cases of a policy in brief. It keeps its room from case to case; one belongs to one thread.
///
/// ```
/// # use caseway::{Instant, Policy};
/// # let policy = Policy::from_sources([
/// #     ("caseway.toml", "[policy]\nname = \"hotline\"\nversion = \"1\"\nlanguage = 1\nzone = \"Asia/Shanghai\""),
/// #     ("case.policy", "case { id: text  opened_at: instant  outage: bool default false }
/// #         role engineer  role desk
/// #         route { first match rule outage when outage to engineer otherwise to desk }"),
/// # ])?;
/// let opened = Instant::parse("2026-03-02T10:00:00+08:00")?;
/// let case = policy.case().field("id", "T1").field("opened_at", opened).field("outage", true).build()?;
///
/// let mut decider = policy.decider();
/// let decision = decider.decide_in_brief(&case.case, &case.events, opened);
/// assert_eq!(decision.role(), Some("engineer"));
/// assert_eq!(
///     serde_json::to_string(&decision)?,
///     r#"{"case":"T1","classification":{},"route":{"role":"engineer","rule":"outage"},"sla":null}"#
/// );
///
/// // From JSON, without a case in between:
/// let line = r#"{"id":"T2","opened_at":"2026-03-02T11:00:00+08:00"}"#;
/// let decision = decider.decide_json_in_brief(line, opened)?;
/// assert_eq!((decision.case_id(), decision.role()), (Some("T2"), Some("desk")));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Decider {
    policy: Policy,
    decider: BriefDecider,
    room: CaseRoom,
}

/// A short decision: part of what [`Policy::decide`] gives. Serialises with the same keys.
#[derive(Clone, Copy, Debug)]
pub struct BriefDecision<'a> {
    policy: &'a Policy,
    brief: &'a Brief,
}

impl Policy {
    /// Starts deciding cases in brief.
    pub fn decider(&self) -> Decider {
        Decider {
            policy: self.clone(),
            decider: BriefDecider::default(),
            room: CaseRoom::default(),
        }
    }
}

impl Decider {
    /// The policy that decides.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Decides a case as [`Policy::decide`] does, and tells its classifications, role and tier. Clocks,
    /// records, duties, and what is waited for are not looked at.
    pub fn decide_in_brief(
        &mut self,
        case: &Case,
        events: &[Event],
        now: Instant,
    ) -> BriefDecision<'_> {
        let engine: Engine<'_> = self.policy.engine();
        BriefDecision {
            brief: self.decider.decide(engine, case, events, now),
            policy: &self.policy,
        }
    }

    /// Reads a case file as [`Policy::case_from_json`] does and decides it in brief, at the `at` of the file or, where
    /// it names none, at `now`. The case is read into room that is kept from one to the next.
    ///
    /// # Errors
    /// A [`Refusal`] that names everything that is wrong with the case.
    pub fn decide_json_in_brief<'t>(
        &mut self,
        json: impl Into<JsonText<'t>>,
        now: Instant,
    ) -> Result<BriefDecision<'_>, Refusal> {
        let file = self.policy.reader().read_json_into(json, &mut self.room)?;
        let at = file.at.unwrap_or(now);
        let engine: Engine<'_> = self.policy.engine();
        Ok(BriefDecision {
            brief: self.decider.decide(engine, &file.case, &file.events, at),
            policy: &self.policy,
        })
    }
}

impl<'a> BriefDecision<'a> {
    /// The `id` of the case.
    pub fn case_id(&self) -> Option<&'a str> {
        self.brief.case.as_deref()
    }

    /// The role that the case goes to.
    pub fn role(&self) -> Option<&'a str> {
        let program = self.policy.program();
        let target = program.route.as_ref()?.target(&self.brief.route)?;
        let role = program.roles.get(target.role as usize)?;
        Some(&role.name)
    }

    /// The tier.
    pub fn tier(&self) -> Option<&'a str> {
        let tiers = &self.policy.program().sla.as_ref()?.tiers;
        let tier = tiers.get(self.brief.tier? as usize)?;
        Some(&tier.named.name)
    }

    /// The decision as places in the policy's program.
    pub fn places(&self) -> &'a Brief {
        self.brief
    }
}

impl BriefDecision<'_> {
    /// Prints the decision as JSON behind what some bytes hold already: what `serde_json` would print, in less time.
    ///
    /// ```
    /// # use caseway::{Instant, Policy};
    /// # let policy = Policy::from_sources([
    /// #     ("caseway.toml", "[policy]\nname = \"hotline\"\nversion = \"1\"\nlanguage = 1\nzone = \"Asia/Shanghai\""),
    /// #     ("case.policy", "case { id: text  opened_at: instant }"),
    /// # ])?;
    /// let line = r#"{"id":"T2","opened_at":"2026-03-02T11:00:00+08:00"}"#;
    /// let mut lines = Vec::new();
    /// let mut decider = policy.decider();
    /// let now = Instant::parse("2026-03-02T11:00:00+08:00")?;
    /// decider.decide_json_in_brief(line, now)?.append_json(&mut lines);
    /// assert_eq!(lines, br#"{"case":"T2","classification":{},"route":null,"sla":null}"#);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn append_json(&self, out: &mut Vec<u8>) {
        // Names and values can't be printed wrong.
        let _ = match self.policy.printed() {
            Some(printed) => printed.append(self.policy.program(), self.brief, out),
            None => json::append(out, self),
        };
    }
}

impl Serialize for BriefDecision<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let report = BriefReport {
            program: self.policy.program(),
            brief: self.brief,
        };
        report.serialize(serializer)
    }
}
