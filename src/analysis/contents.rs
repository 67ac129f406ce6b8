//! What each block of a version does with a case, by names: to be compared with another version.
//!
//! After [`super::blocks`], before [`super::changes`]. Two outcomes are the same when their contents are the
//! same text; places in the program, labels, citations and names of rules are no part of it.

use super::blocks::{Blocks, EncodedBlock};
use super::solver::Literal;
use super::terms::Encoder;
use crate::compile::{
    Classification, Moment, NodeId, Program, Retain, RouteTarget, Step, Strategy, Target, Tier,
    Triggers, Type, Within,
};
use crate::value::Value;

/// What a block can do.
pub(super) struct Content {
    /// What it is called: `classify.NAME`, `route`, `sla`, `retain.RECORD`, …
    pub(super) name: String,
    /// Each rule with what comes of it.
    pub(super) rules: Vec<Choice>,
    /// Whether several may come about at once.
    pub(super) collects: bool,
    /// For a block that takes the first of its rules that is true: when each is.
    pub(super) in_turn: Option<InTurn>,
    /// What it is beside its conditions; two versions with other texts are not the same, whatever the case.
    pub(super) fixed: String,
}

/// When a block counts, and when each of its rules is true, in their order.
pub(super) struct InTurn {
    pub(super) in_force: Literal,
    pub(super) fires: Vec<Literal>,
}

impl InTurn {
    fn of(strategy: Strategy, block: &EncodedBlock) -> Option<InTurn> {
        (strategy == Strategy::FirstMatch).then(|| InTurn {
            in_force: block.in_force,
            fires: block.rules.iter().map(|rule| rule.fires).collect(),
        })
    }
}

/// One of the things that a block can do.
pub(super) struct Choice {
    /// The place of the rule, none for `otherwise`; of a requirement 0 for met and 1 for not met, of a clock
    /// the place of the word among stop, pause, cancel and reset.
    pub(super) rule: Option<u32>,
    /// That it comes about.
    pub(super) taken: Literal,
    /// What it is.
    pub(super) content: String,
}

impl Encoder<'_> {
    /// All blocks of the version.
    pub(super) fn contents(&mut self, blocks: &Blocks) -> Vec<Content> {
        let mut contents = Vec::new();
        let program = self.program;
        for (written, block) in program.classifications.iter().zip(&blocks.classifications) {
            let outcome = |value: &Value| member_or_value(program, &written.outcome, value);
            let rules = written.rules.iter().map(|rule| outcome(&rule.then));
            let rest = written.otherwise.as_ref().map(|(value, _)| outcome(value));
            contents.push(Content {
                name: format!("classify.{}", written.named.name),
                rules: choices(rules, rest, block),
                collects: written.strategy == Strategy::Collect,
                in_turn: InTurn::of(written.strategy, block),
                fixed: kind(program, written),
            });
        }
        if let (Some(written), Some(block)) = (&program.route, &blocks.route) {
            let rules = written.rules.iter().map(|rule| self.target(&rule.target));
            let rest = written.otherwise.as_ref().map(|target| self.target(target));
            let rules: Vec<String> = rules.collect();
            contents.push(Content {
                name: "route".to_owned(),
                rules: choices(rules.into_iter(), rest, block),
                collects: false,
                in_turn: InTurn::of(written.strategy, block),
                fixed: String::new(),
            });
        }
        if let (Some(written), Some(block)) = (&program.sla, &blocks.sla) {
            let mut tiers: Vec<String> = written.tiers.iter().map(|tier| self.tier(tier)).collect();
            let rest = block.otherwise.and_then(|_| tiers.pop());
            contents.push(Content {
                name: "sla".to_owned(),
                rules: choices(tiers.into_iter(), rest, block),
                collects: false,
                in_turn: InTurn::of(Strategy::FirstMatch, block),
                fixed: String::new(),
            });
        }
        self.records(&mut contents);
        self.duties(&mut contents);
        self.clocks(&mut contents);
        self.calendars(&mut contents);
        contents
    }

    fn records(&mut self, contents: &mut Vec<Content>) {
        let program = self.program;
        for (record, named) in (0u32..).zip(&program.records) {
            let mut rules = Vec::new();
            for (place, block) in (0u32..).zip(&program.retains) {
                if block.record == record {
                    let in_force = self.effective(block.effective);
                    let holds = self.holds(block.when);
                    rules.push(Choice {
                        rule: Some(place),
                        taken: self.space.solver.all([in_force, holds]),
                        content: self.retain(block),
                    });
                }
            }
            contents.push(Content {
                name: format!("retain.{}", named.name),
                rules,
                collects: true,
                in_turn: None,
                fixed: String::new(),
            });
        }
        for (place, hold) in (0u32..).zip(&program.holds) {
            let taken = self.holds(Some(hold.when));
            let record = program.records.get(hold.record as usize);
            let record = record.map_or("", |record| &record.name);
            contents.push(one(
                format!("hold.{}", hold.named.name),
                place,
                taken,
                format!("open on {record}"),
            ));
        }
    }

    fn duties(&mut self, contents: &mut Vec<Content>) {
        let program = self.program;
        for (place, item) in (0u32..).zip(&program.follow_ups) {
            let in_force = self.effective(item.effective);
            let holds = self.holds(Some(item.when));
            let taken = self.space.solver.all([in_force, holds]);
            let by = program.roles.get(item.by as usize);
            let within = match item.within {
                Within::Exact(length, calendar) => {
                    format!("{length} of {}", self.calendar(calendar))
                }
                Within::Calendar(period) => period.to_string(),
                Within::WorkingDays(days, calendar) => {
                    format!("{days} working days of {}", self.calendar(calendar))
                }
            };
            let of = item
                .of
                .map_or(String::new(), |of| format!(" of {}", self.moment(of)));
            let by = by.map_or("", |by| &by.name);
            let done = self.triggers(&item.done);
            contents.push(one(
                format!("follow_up.{}", item.named.name),
                place,
                taken,
                format!("by {by} within {within}{of}, done {done}"),
            ));
        }
        for item in &program.requires {
            let (when, that) = (self.truth(item.when).yes, self.truth(item.that).yes);
            let solver = &mut self.space.solver;
            let [met, unmet] = [that, !that].map(|that| solver.all([when, that]));
            let choice = |at, taken, content: &str| Choice {
                rule: Some(at),
                taken,
                content: content.to_owned(),
            };
            contents.push(Content {
                name: format!("require.{}", item.named.name),
                rules: vec![choice(0, met, "met"), choice(1, unmet, "not met")],
                collects: false,
                in_turn: None,
                fixed: String::new(),
            });
        }
    }

    fn clocks(&mut self, contents: &mut Vec<Content>) {
        let program = self.program;
        for clock in &program.clocks {
            let start = clock
                .start
                .map_or(String::new(), |start| self.moment(start));
            let within = clock.reopen_within.as_ref();
            let within = within.map(|(amount, mode)| format!("{amount:?} {mode:?}"));
            let events = |triggers: &Triggers| {
                let mut names: Vec<&str> = triggers
                    .on
                    .iter()
                    .filter_map(|event| Some(program.events.get(*event as usize)?.name.as_str()))
                    .collect();
                names.sort_unstable();
                names.join(" ")
            };
            let fixed = format!(
                "start {start}; stop on {}; cancel on {}; reset on {}; {:?} {within:?} {:?} {}",
                events(&clock.stop),
                events(&clock.cancel),
                events(&clock.reset),
                clock.reopen,
                clock.retier,
                clock.never_later
            );
            let parts = [
                ("stop", &clock.stop.when),
                ("pause", &clock.pause),
                ("cancel", &clock.cancel.when),
                ("reset", &clock.reset.when),
            ];
            let mut rules = Vec::new();
            for (part, (word, conditions)) in (0u32..).zip(parts) {
                let any: Vec<Literal> = conditions
                    .iter()
                    .map(|when| self.truth(*when).yes)
                    .collect();
                if !any.is_empty() {
                    rules.push(Choice {
                        rule: Some(part),
                        taken: self.space.solver.any(any),
                        content: word.to_owned(),
                    });
                }
            }
            contents.push(Content {
                name: format!("clock.{}", clock.named.name),
                rules,
                collects: true,
                in_turn: None,
                fixed,
            });
        }
    }

    fn calendars(&mut self, contents: &mut Vec<Content>) {
        let program = self.program;
        for (place, (named, _)) in (0u32..).zip(&program.calendars).skip(1) {
            contents.push(Content {
                name: format!("calendar.{}", named.name),
                rules: Vec::new(),
                collects: false,
                in_turn: None,
                fixed: self.calendar(place),
            });
        }
    }

    fn holds(&mut self, condition: Option<NodeId>) -> Literal {
        match condition {
            Some(condition) => self.truth(condition).yes,
            None => self.space.solver.always(),
        }
    }

    fn target(&self, target: &RouteTarget) -> String {
        let name = |list: &[crate::compile::Named], place: u32| {
            list.get(place as usize)
                .map_or(String::new(), |named| named.name.clone())
        };
        let roles = &self.program.roles;
        let queue = target.queue.map(|queue| name(&self.program.queues, queue));
        let with: Vec<String> = target.with.iter().map(|role| name(roles, *role)).collect();
        let steps = self.steps(&target.steps);
        format!("{} {queue:?} {with:?} {steps}", name(roles, target.role))
    }

    fn tier(&self, tier: &Tier) -> String {
        let mut targets: Vec<String> = tier
            .targets
            .iter()
            .map(|(clock, target)| format!("{} {}", self.clock(*clock), self.length(*target)))
            .collect();
        targets.sort_unstable();
        format!(
            "{} {targets:?} {}",
            tier.named.name,
            self.steps(&tier.steps)
        )
    }

    fn length(&self, target: Target) -> String {
        match target {
            Target::None => "none".to_owned(),
            Target::Exact(length, on) => format!("{length} of {}", self.calendar(on.0)),
            Target::WorkingDays(days, on) => {
                format!("{days} working days of {}", self.calendar(on.0))
            }
            Target::Calendar(period) => period.to_string(),
        }
    }

    fn steps(&self, steps: &[Step]) -> String {
        let mut texts: Vec<String> = steps
            .iter()
            .map(|step| {
                let role = step.to.and_then(|to| self.program.roles.get(to as usize));
                let role = role.map(|role| &role.name);
                format!("{:?} {role:?} {}", step.kind, self.clock(step.clock))
            })
            .collect();
        texts.sort_unstable();
        format!("{texts:?}")
    }

    fn retain(&self, block: &Retain) -> String {
        let then = block.then.map(|then| match then {
            crate::compile::Disposal::Review(role) => {
                let role = self.program.roles.get(role.0 as usize);
                format!("review by {}", role.map_or("", |role| &role.name))
            }
            other => format!("{other:?}"),
        });
        let from = self.moment(block.from);
        format!(
            "from {from} keep {:?} delete {:?} then {then:?}",
            block.keep, block.delete
        )
    }

    fn moment(&self, moment: Moment) -> String {
        let event = |event: u32| {
            let event = self.program.events.get(event as usize);
            event.map_or("", |event| &event.name)
        };
        match moment {
            Moment::Field(slot) => {
                let field = self.program.fields.get(slot as usize);
                format!("field {}", field.map_or("", |field| &field.path))
            }
            Moment::First(place) => format!("first {}", event(place)),
            Moment::Last(place) => format!("last {}", event(place)),
            Moment::When(place) => {
                let watched = self.program.watched.get(place as usize);
                format!(
                    "when {}",
                    watched.map_or(String::new(), |node| self.words(*node))
                )
            }
        }
    }

    fn triggers(&self, triggers: &Triggers) -> String {
        let events = triggers.on.iter();
        let events = events.filter_map(|event| self.program.events.get(*event as usize));
        let mut parts: Vec<String> = events.map(|event| format!("on {}", event.name)).collect();
        let whens = triggers.when.iter();
        parts.extend(whens.map(|when| format!("when {}", self.words(*when))));
        parts.sort_unstable();
        parts.join(", ")
    }

    fn clock(&self, place: u32) -> &str {
        let clock = self.program.clocks.get(place as usize);
        clock.map_or("", |clock| &clock.named.name)
    }
}

/// What a classification gives out, beside its rules.
fn kind(program: &Program, written: &Classification) -> String {
    let collects = written.strategy == Strategy::Collect;
    match &written.outcome {
        // Its members, where their order can be asked for.
        Type::Enum(id) => {
            let members = program.enums.get(id.0 as usize);
            let names = members
                .into_iter()
                .flatten()
                .map(|member| member.name.as_str());
            format!("{collects} {}", names.collect::<Vec<_>>().join(" "))
        }
        other => format!("{collects} {other:?}"),
    }
}

fn member_or_value(program: &Program, ty: &Type, value: &Value) -> String {
    match (ty, value) {
        (Type::Enum(id), Value::Member(member)) => program.member(*id, *member).to_owned(),
        (_, value) => format!("{value:?}"),
    }
}

fn choices(
    rules: impl Iterator<Item = String>,
    rest: Option<String>,
    block: &EncodedBlock,
) -> Vec<Choice> {
    let rules = (0u32..).zip(rules).zip(&block.rules);
    let rules = rules.map(|((place, content), rule)| Choice {
        rule: Some(place),
        taken: rule.taken,
        content,
    });
    let rest = rest.zip(block.otherwise);
    let rest = rest.map(|(content, taken)| Choice {
        rule: None,
        taken,
        content,
    });
    rules.chain(rest).collect()
}

fn one(name: String, place: u32, taken: Literal, content: String) -> Content {
    Content {
        name,
        rules: vec![Choice {
            rule: Some(place),
            taken,
            content,
        }],
        collects: false,
        in_turn: None,
        fixed: String::new(),
    }
}
