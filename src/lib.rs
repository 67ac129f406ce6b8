//! Caseway: a policy language and decision engine for service desks.
//!
//! An operator writes in plain text how cases are classified, which role gets them, how fast they
//! must be answered and how long their records are kept. This library checks such a policy and
//! decides cases with it: a pure function of the policy, the case, what happened to it, and an
//! instant. It reads no clock, keeps no state and gives the same answer every time.
//!
//! # A policy
//!
//! [`Policy::load`] reads a policy folder, [`Policy::from_sources`] texts by path. Cloning a policy
//! is cheap, and one policy may decide on many threads.
//!
//! ```
//! use caseway::Policy;
//!
//! let policy = Policy::from_sources([
//!     ("caseway.toml", "[policy]\nname = \"hotline\"\nversion = \"1\"\nlanguage = 1\nzone = \"Asia/Shanghai\""),
//!     ("case.policy", "case { id: text  opened_at: instant  outage: bool default false  urban: bool optional }"),
//!     ("rules.policy", r#"
//!         role engineer  role desk  queue noc
//!         classify severity as one of { normal < critical } {
//!           first match
//!           rule outage when outage then critical because "1.6"
//!           otherwise normal
//!         }
//!         route {
//!           first match
//!           rule critical when severity is critical to engineer in queue noc
//!           rule rural when urban is false to engineer
//!           otherwise to desk
//!         }"#),
//! ])?;
//! assert_eq!(policy.header().name, "hotline");
//! # Ok::<(), caseway::PolicyError>(())
//! ```
//!
//! A policy with mistakes is a [`PolicyError`]: its text shows each mistake with the line concerned,
//! its [findings](PolicyError::findings) are data. [`driver::check`] also gives the warnings of a
//! policy that is sound.
//!
//! # A case
//!
//! [`Policy::case`] gathers typed values, [`Policy::case_from_json`] reads JSON. Both check the whole
//! case against the schema of the policy before anything is decided.
//!
//! ```
//! # let policy = caseway::Policy::from_sources([
//! #     ("caseway.toml", "[policy]\nname = \"hotline\"\nversion = \"1\"\nlanguage = 1\nzone = \"Asia/Shanghai\""),
//! #     ("case.policy", "case { id: text  opened_at: instant  outage: bool default false }"),
//! # ])?;
//! use caseway::Instant;
//!
//! let opened = Instant::parse("2026-03-02T10:00:00+08:00")?;
//! let case = policy.case().field("id", "T1").field("opened_at", opened).field("outage", true).build()?;
//!
//! let json = r#"{"case": {"id": "T1", "opened_at": "2026-03-02T10:00:00+08:00", "outage": true}}"#;
//! assert_eq!(policy.case_from_json(json)?, case);
//!
//! let refusal = policy.case().field("outage", "yes").build().unwrap_err();
//! let wrong: Vec<&str> = refusal.fields.iter().map(|field| field.path.as_str()).collect();
//! assert_eq!(wrong, ["id", "opened_at", "outage"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # A decision
//!
//! [`Policy::decide`] always comes back with a [`Decision`]. It can be asked by name, and serialises
//! to the JSON that the command line prints. What kept a rule from being decided, because the case
//! does not say, is listed in [`Decision::waiting_for`]; what went wrong, such as two true rules where
//! one may be true, in [`Decision::problems`].
//!
//! ```
//! # use caseway::{Instant, Policy};
//! # let policy = Policy::from_sources([
//! #     ("caseway.toml", "[policy]\nname = \"hotline\"\nversion = \"1\"\nlanguage = 1\nzone = \"Asia/Shanghai\""),
//! #     ("case.policy", "case { id: text  opened_at: instant  urban: bool optional }
//! #         role engineer  role desk
//! #         route { first match rule rural when urban is false to engineer otherwise to desk }"),
//! # ])?;
//! let opened = Instant::parse("2026-03-02T10:00:00+08:00")?;
//! let case = policy.case().field("id", "T1").field("opened_at", opened).build()?;
//! let decision = policy.decide(&case.case, &case.events, opened);
//!
//! assert_eq!(decision.route().unwrap().role, Some("desk"));
//! assert_eq!(decision.waiting_for()[0].field, "urban");
//! assert!(serde_json::to_string(&decision)?.starts_with(r#"{"case":"T1","at":"2026-03-02T10:00:00+08:00""#));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Clocks
//!
//! [`Decision::clock`] tells how a clock stands; [`Decision::ledger`] what it did stretch by stretch,
//! in amounts that add up to what is used of its target. [`Decision::next_change_at`] is when a host
//! should ask again although nothing happened.
//!
//! ```
//! # use caseway::{Instant, Policy};
//! # let policy = Policy::from_sources([
//! #     ("caseway.toml", "[policy]\nname = \"hotline\"\nversion = \"1\"\nlanguage = 1\nzone = \"Asia/Shanghai\""),
//! #     ("case.policy", "case { id: text  opened_at: instant  waiting: bool default false }
//! #         calendar business { open mon to fri 09:00-17:00 }
//! #         clock resolve { pause when waiting }
//! #         sla { otherwise tier general { resolve 8h of business } }"),
//! # ])?;
//! let case = policy.case_from_json(r#"{
//!     "case": {"id": "T1", "opened_at": "2026-11-20T15:00:00+08:00"},
//!     "events": [{"at": "2026-11-20T16:00:00+08:00", "set": {"waiting": true}},
//!                {"at": "2026-11-23T10:00:00+08:00", "set": {"waiting": false}}]
//! }"#).map_err(|refusal| refusal.message.to_string())?;
//! let now = Instant::parse("2026-11-23T11:00:00+08:00")?;
//! let decision = policy.decide(&case.case, &case.events, now);
//!
//! let resolve = decision.clock("resolve").ok_or("no such clock")?;
//! assert_eq!(resolve.due, Some(Instant::parse("2026-11-23T17:00:00+08:00")?));
//! assert_eq!(decision.next_change_at(), resolve.due);
//! let used = decision.ledger("resolve").iter().filter_map(|entry| entry.amount).map(|a| a.millis()).sum::<i64>();
//! assert_eq!(used, 2 * 3_600_000);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The stages
//!
//! Data flows one way: [`source`], [`diag`], [`time`], [`value`] and [`json`] are the ground floor;
//! [`syntax`] reads policy text, [`config`] reads `caseway.toml`, [`model`] resolves names and checks
//! types, [`format`](mod@format) lays policy text out, [`lint`] looks for what is sound but hardly meant, [`compile`] makes a program of the
//! model, [`eval`] decides with it and [`script`] runs its scripts; [`ingest`] reads cases, [`suite`]
//! runs a policy's own tests, and [`driver`] joins them all. With the feature `arrow`, `columnar` decides
//! record batches.

pub mod analysis;
pub mod change;
pub mod cli;
#[cfg(feature = "arrow")]
pub mod columnar;
pub mod compile;
pub mod config;
pub mod diag;
pub mod draw;
pub mod driver;
pub mod eval;
pub mod format;
pub mod index;
pub mod ingest;
pub mod json;
pub mod json_schema;
pub mod lint;
pub mod message;
pub mod model;
pub mod script;
pub mod source;
pub mod suite;
pub mod syntax;
pub mod time;
pub mod value;

pub use driver::{BriefDecision, Decider, Decision, Policy, PolicyError};
pub use ingest::{FieldValue, Refusal};
pub use time::{Date, Duration, Instant, TimeOfDay, Weekday};
pub use value::{Case, CaseFile, Event};

/// The programs of the manual, compiled and run with the tests.
#[cfg(doctest)]
#[doc = include_str!("../docs/embedding.md")]
struct Manual;
