//! The page of an explanation: who decided what by which policy, and why. At most 80 columns, to be
//! read without colour.

use super::atoms::{Atoms, hang, shown};
use super::{differences, ledger};
use crate::cli::card::clocks::Clocks;
use crate::cli::card::duties::Duties;
use crate::cli::card::table::{Moments, Table, at_place, named};
use crate::cli::language::told;
use crate::cli::pen::{Ink, Pen, Sign};
use crate::compile::{Program, Strategy};
use crate::driver::Explanation;
use crate::eval::{BlockTrace, Part, RuleResult, RuleTrace, Site, TracedBlock};

/// The page of an explanation.
pub(super) fn page(explanation: &Explanation, pen: Pen) -> String {
    let decision = explanation.decision();
    let policy = decision.policy();
    let program = policy.program();
    let moments = Moments {
        zone: policy.zone(),
        now: decision.at(),
    };
    let page = Page {
        explanation,
        program,
        pen,
        moments,
        atoms: Atoms {
            explanation,
            program,
            pen,
        },
        clocks: Clocks {
            policy,
            decision: decision.places(),
            moments,
            pen,
        },
        duties: Duties {
            program,
            decision: decision.places(),
            moments,
        },
    };
    let mut sections = vec![page.header()];
    let asked = explanation.counterfactual.as_ref();
    sections.extend(asked.map(|asked| page.title_first(differences::lines(asked))));
    let mut blocks = explanation.trace().blocks.iter().peekable();
    while let Some(block) = blocks.next() {
        let mut lines = page.block(block);
        // Short items of one kind stand together.
        if let Some(group) = group(block.block) {
            lines.splice(0..0, page.title(group));
            while let Some(next) = blocks.next_if(|next| self::group(next.block) == Some(group)) {
                lines.extend(page.block(next));
            }
        }
        sections.push(lines);
    }
    sections.push(page.rest());
    sections.push(page.legend());
    let sections = sections.iter().filter(|lines| !lines.is_empty());
    let texts: Vec<String> = sections
        .map(|lines| {
            let lines: Vec<&str> = lines.iter().map(|line| line.trim_end()).collect();
            lines.join("\n") + "\n"
        })
        .collect();
    texts.join("\n")
}

/// The title above all items of a kind that are told in a few lines each.
fn group(block: TracedBlock) -> Option<&'static str> {
    match block {
        TracedBlock::Guarantee(_) => Some("guarantees"),
        TracedBlock::Site(site) => match site {
            Site::Hold(_) => Some("holds"),
            Site::FollowUp(_) => Some("follow-ups"),
            Site::Require(_) => Some("requirements"),
            Site::Classification(_)
            | Site::Route
            | Site::Sla
            | Site::Clock(_)
            | Site::Retention(_) => None,
        },
    }
}

struct Page<'a> {
    explanation: &'a Explanation,
    program: &'a Program,
    pen: Pen,
    moments: Moments,
    atoms: Atoms<'a>,
    clocks: Clocks<'a>,
    duties: Duties<'a>,
}

impl Page<'_> {
    fn header(&self) -> Vec<String> {
        let decision = self.explanation.decision();
        let header = decision.policy().header();
        let id = decision.case_id().unwrap_or("-");
        let mut lines = self.title(&told!("why case {id} was decided as it was", id));
        lines.push(String::new());
        let mut table = Table::default();
        let at = decision.at().format(self.moments.zone);
        table.row(0, &told!("at"), &at);
        let policy = format!("{} {}", header.name, header.version);
        table.row(0, &told!("policy"), &policy);
        let (language, tzdb) = (header.language, &header.tzdb);
        let data = told!("language {language}, tzdb {tzdb}", language, tzdb);
        table.row(0, "", &data);
        table.row(0, &told!("hash"), &header.hash);
        lines.extend(table.lines());
        for (name, hash) in &header.holidays {
            lines.push(told!("holidays {name}", name));
            lines.extend(hang(8, "", hash));
        }
        lines
    }

    fn block(&self, block: &BlockTrace) -> Vec<String> {
        let TracedBlock::Site(site) = block.block else {
            return self.guarantee(block);
        };
        let decision = self.explanation.decision().places();
        let program = self.program;
        let mut lines = match site {
            Site::Classification(place) => self.title(&self.classification(place)),
            Site::Route => self.title(&self.route()),
            Site::Sla => {
                let tiers = program.sla.iter().flat_map(|sla| &sla.tiers);
                let tier = decision
                    .tier
                    .and_then(|tier| tiers.clone().nth(tier as usize));
                let tier = tier.map_or_else(|| told!("no tier"), |tier| named(&tier.named));
                self.title(&told!("sla: {tier}", tier))
            }
            Site::Clock(place) => return self.clock(place, block),
            Site::Retention(place) => {
                let record = program
                    .records
                    .get(place as usize)
                    .map_or(String::new(), named);
                let kept = decision.retention.get(place as usize);
                let kept = kept.map_or(String::new(), |kept| self.duties.retention(kept));
                self.title(&told!("record {record}: {kept}", record, kept))
            }
            Site::Hold(place) => {
                let open = block.rules.iter().any(|rule| rule.taken);
                let word = match open {
                    true => told!("in force"),
                    false => told!("not in force"),
                };
                return self.item(block, &at_place(&program.holds, place), &word);
            }
            Site::FollowUp(place) => {
                let mut listed = decision.follow_ups.iter();
                let state = listed.find(|state| state.follow_up == place);
                let text =
                    state.map_or_else(|| told!("not asked"), |state| self.duties.follow_up(state));
                return self.item(block, &at_place(&program.follow_ups, place), &text);
            }
            Site::Require(place) => {
                let mut asked = decision.requirements.iter();
                let state = asked.find(|state| state.requirement == place);
                let text = state.map_or_else(
                    || told!("not asked"),
                    |state| self.duties.requirement(state),
                );
                return self.item(block, &at_place(&program.requires, place), &text);
            }
        };
        if block.in_force {
            lines.extend(self.atoms.rules(block));
        } else {
            lines.push(format!("  {}", told!("not in force on that date")));
        }
        lines.extend(self.waiting(block));
        lines
    }

    /// Those of a block's parts that are to be shown.
    fn parts(&self, block: &BlockTrace, wanted: impl Fn(&RuleTrace) -> bool) -> Vec<String> {
        let rules = block.rules.iter().filter(|rule| wanted(rule));
        rules
            .flat_map(|rule| self.atoms.rule(block, rule))
            .collect()
    }

    /// A hold, a follow-up, a requirement or a guarantee: what came of it, and why.
    fn item(&self, block: &BlockTrace, name: &str, text: &str) -> Vec<String> {
        let mut lines = Vec::new();
        for (at, rule) in block.rules.iter().enumerate() {
            if at == 0 {
                let title = format!("{name}: {text}");
                lines.extend(self.atoms.titled(block, rule, hang(2, "", &title)));
            } else if rule.reached {
                lines.extend(self.atoms.part(block, rule));
            }
        }
        lines
    }

    fn classification(&self, place: u32) -> String {
        let program = self.program;
        let block = program.classifications.get(place as usize);
        let decided = &self.explanation.decision().places().classifications;
        let value = decided
            .get(place as usize)
            .and_then(|decided| decided.value.as_ref());
        let Some(block) = block else {
            return String::new();
        };
        let value = value.map_or_else(
            || told!("no value"),
            |value| shown(program, value, &block.ty),
        );
        let strategy = match block.strategy {
            Strategy::FirstMatch => "first match",
            Strategy::Unique => "unique",
            Strategy::Highest => "highest",
            Strategy::Collect => "collect",
        };
        let block = named(&block.named);
        told!(
            "classify {block}: {value} ({strategy})",
            block,
            value,
            strategy
        )
    }

    fn route(&self) -> String {
        let program = self.program;
        let taken = &self.explanation.decision().places().route;
        let target = program.route.as_ref().and_then(|route| route.target(taken));
        let Some(target) = target else {
            return told!("route: nobody");
        };
        let role = at_place(&program.roles, target.role);
        let mut text = told!("route: {role}", role);
        if let Some(queue) = target.queue {
            let queue = at_place(&program.queues, queue);
            text.push_str(&told!(", queue {queue}", queue));
        }
        for role in &target.with {
            let role = at_place(&program.roles, *role);
            text.push_str(&told!(", with {role}", role));
        }
        text
    }

    /// A clock: how it stands, what set it off or stopped it, and its ledger.
    fn clock(&self, place: u32, block: &BlockTrace) -> Vec<String> {
        let decision = self.explanation.decision();
        let clock = self.program.clocks.get(place as usize);
        let reading = decision.places().clocks.get(place as usize);
        let (Some(clock), Some(reading)) = (clock, reading) else {
            return Vec::new();
        };
        let mut lines = self.clocks.headline(&clock.named, reading);
        let entries = decision.ledger(&clock.named.name);
        lines.extend(ledger::lines(
            self.program,
            self.moments,
            &entries,
            reading.elapsed,
        ));
        lines.extend(self.clocks.details(reading));
        lines.extend(self.parts(block, |rule| match rule.result {
            RuleResult::True | RuleResult::Unknown => true,
            RuleResult::False | RuleResult::Inactive => false,
        }));
        lines
    }

    fn guarantee(&self, block: &BlockTrace) -> Vec<String> {
        let result = |part: Part| {
            let rule = block.rules.iter().find(|rule| rule.part == part);
            rule.map_or(RuleResult::Inactive, |rule| rule.result)
        };
        let (word, shown) = match (result(Part::If), result(Part::Then)) {
            (RuleResult::False, _) => (told!("does not speak of this case"), false),
            (RuleResult::True, RuleResult::True) => (told!("kept"), false),
            (RuleResult::True, RuleResult::False) => (told!("broken"), true),
            _ => (told!("unknown"), true),
        };
        let found = match block.block {
            TracedBlock::Guarantee(place) => self.program.guarantees.get(place as usize),
            TracedBlock::Site(_) => None,
        };
        let name = found.map_or(String::new(), |guarantee| named(&guarantee.named));
        if shown {
            return self.item(block, &name, &word);
        }
        hang(2, "", &format!("{name}: {word}"))
    }

    fn waiting(&self, block: &BlockTrace) -> Vec<String> {
        let fields = self.explanation.waiting_for(block.block);
        if fields.is_empty() {
            return Vec::new();
        }
        let names = fields.iter().map(|path| {
            let mut fields = self.program.fields.iter();
            let label = fields.find(|field| field.path == **path);
            match label.and_then(|field| field.label.as_ref()) {
                Some(label) => format!("{path} {label}"),
                None => (*path).to_owned(),
            }
        });
        let names: Vec<String> = names.collect();
        let fields = names.join(", ");
        hang(2, "", &told!("waits for {fields}", fields))
    }

    /// What went wrong, and what lies ahead.
    fn rest(&self) -> Vec<String> {
        let decision = self.explanation.decision();
        let mut table = Table::default();
        for problem in decision.problems() {
            let text = format!("{}: {}", problem.code, problem.message);
            table.row(0, &told!("problem"), &text);
        }
        if let Some(at) = decision.next_change_at() {
            table.row(0, &told!("next change"), &self.moments.show(at));
        }
        if decision.ignored_events() > 0 {
            let count = decision.ignored_events();
            let text = told!("{count} not looked at", count);
            table.row(0, &told!("later events"), &text);
        }
        table.lines()
    }

    fn legend(&self) -> Vec<String> {
        let sign = |sign| self.pen.sign(sign);
        vec![told!(
            "{holds} true  {fails} false  {unknown} unknown, as something is missing  {closed} not in force",
            holds = sign(Sign::Holds).to_string(),
            fails = sign(Sign::Fails).to_string(),
            unknown = sign(Sign::Unknown).to_string(),
            closed = sign(Sign::Closed).to_string()
        )]
    }

    /// Lines of which the first is a title.
    fn title_first(&self, lines: Vec<String>) -> Vec<String> {
        let lines = lines.into_iter().enumerate();
        let paint = |(at, line): (usize, String)| match at {
            0 => self.pen.paint(Ink::Strong, &line),
            _ => line,
        };
        lines.map(paint).collect()
    }

    fn title(&self, text: &str) -> Vec<String> {
        let lines = hang(0, "", text).into_iter();
        lines
            .map(|line| self.pen.paint(Ink::Strong, &line))
            .collect()
    }
}
