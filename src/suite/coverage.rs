//! What the tests of a policy reach: which rules were taken, and which atoms were seen both true and
//! false.
//!
//! Counted over every instant of each test's log, from the traces of [`crate::eval`]. Places in the
//! program count, not lines, so that the layout of a file changes no figure.

use crate::compile::Program;
use crate::eval::{
    Atom, Outline, Part, RuleResult, RuleTrace, ScriptHost, Site, Trace, TracedBlock, Truth,
    trace_course,
};
use crate::source::{Sources, Span};
use crate::time::Instant;
use crate::value::CaseFile;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What tests reach of a policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// All blocks together.
    #[serde(flatten)]
    pub shares: Shares,
    /// Each block in the order in which blocks are decided, then each `define` that is a condition.
    pub blocks: Vec<BlockCoverage>,
}

/// How much of what there is was reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Shares {
    /// Rules, rows, `otherwise`, tiers and blocks on records that were taken.
    pub rules: Share,
    /// Conditions of clocks, holds, follow-ups and requirements that were true once.
    pub clauses: Share,
    /// Atoms of conditions, each counted twice: seen true, and seen false.
    pub atoms: Share,
}

/// A part of a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Share {
    /// How many were reached.
    pub covered: usize,
    /// How many there are.
    pub total: usize,
}

/// What tests reach of a block or a `define`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BlockCoverage {
    /// The block, such as `classify.severity`, or `define.NAME`.
    pub block: String,
    /// Its figures.
    #[serde(flatten)]
    pub shares: Shares,
    /// Its rules and clauses in page order.
    #[serde(rename = "items")]
    pub rules: Vec<RuleCoverage>,
    /// The atoms of its conditions, as they are written; a `define` that is read has its own.
    #[serde(rename = "conditions")]
    pub atoms: Vec<AtomCoverage>,
}

/// What is counted once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CoveredKind {
    /// A rule.
    Rule,
    /// A row of a table.
    Row,
    /// `otherwise`
    Otherwise,
    /// A tier.
    Tier,
    /// A block on records.
    Retain,
    /// A condition of a clock, a hold, a follow-up or a requirement.
    Clause,
}

/// How many tests took a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RuleCoverage {
    /// Its name.
    pub rule: String,
    /// What it is.
    pub kind: CoveredKind,
    /// Its file; none for what has no place of its own.
    pub file: Option<String>,
    /// The line on which it starts, from 1.
    pub line: Option<usize>,
    /// How many tests took it, or saw it true.
    pub tests: usize,
}

/// How many tests saw an atom true, and how many false.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AtomCoverage {
    /// The rule that it stands in; none in a `define`.
    pub rule: Option<String>,
    /// Its words.
    pub text: String,
    /// Its file.
    pub file: String,
    /// Its line, from 1.
    pub line: usize,
    /// How many tests saw it true.
    #[serde(rename = "true")]
    pub seen_true: usize,
    /// How many tests saw it false.
    #[serde(rename = "false")]
    pub seen_false: usize,
}

impl Coverage {
    /// How many tests reach each rule and clause, by its subject: the block and the name in it, such
    /// as `classify.severity.outage`, `clock.resolve.pause when` or `hold.legal.when`. Blocks on
    /// records need no name, so that they are numbered for each record, such as `retain.ticket.1`;
    /// where such a block counts from is `retain.ticket.1.from`.
    pub fn by_subject(&self) -> BTreeMap<String, u64> {
        let mut subjects = BTreeMap::new();
        for block in &self.blocks {
            let name = &block.block;
            let mut retains = 0;
            for rule in &block.rules {
                retains += usize::from(rule.kind == CoveredKind::Retain);
                let subject = match (rule.kind, retains) {
                    (CoveredKind::Retain, number) => format!("{name}.{number}"),
                    (CoveredKind::Clause, 1..) => format!("{name}.{retains}.from"),
                    (
                        CoveredKind::Rule
                        | CoveredKind::Row
                        | CoveredKind::Otherwise
                        | CoveredKind::Tier
                        | CoveredKind::Clause,
                        _,
                    ) => format!("{name}.{}", rule.rule),
                };
                subjects.insert(subject, rule.tests as u64);
            }
        }
        subjects
    }
}

impl Share {
    fn add(&mut self, covered: bool) {
        self.covered += usize::from(covered);
        self.total += 1;
    }

    fn plus(self, other: Share) -> Share {
        Share {
            covered: self.covered + other.covered,
            total: self.total + other.total,
        }
    }

    /// Whole percent, rounded down, so that 100 is all of it; 100 where there is nothing.
    pub fn percent(self) -> usize {
        (self.covered * 100).checked_div(self.total).unwrap_or(100)
    }
}

impl Shares {
    fn plus(self, other: Shares) -> Shares {
        Shares {
            rules: self.rules.plus(other.rules),
            clauses: self.clauses.plus(other.clauses),
            atoms: self.atoms.plus(other.atoms),
        }
    }
}

/// A rule by block and part, or a `define`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Holder {
    Rule(TracedBlock, Part),
    Define(u32),
}

/// What one test, or all of them, saw.
#[derive(Default)]
struct Seen {
    taken: BTreeMap<(TracedBlock, Part), usize>,
    atoms: BTreeMap<(Holder, Atom, bool), usize>,
}

/// Counts over tests.
pub(super) struct Counter<'a> {
    program: &'a Program,
    outline: Outline,
    seen: Seen,
}

impl<'a> Counter<'a> {
    pub(super) fn new(program: &'a Program) -> Counter<'a> {
        Counter {
            program,
            outline: Outline::new(program),
            seen: Seen::default(),
        }
    }

    /// Counts what one case reaches up to an instant.
    pub(super) fn count(&mut self, case: &CaseFile, now: Instant, host: &dyn ScriptHost) {
        let mut taken = BTreeSet::new();
        let mut atoms = BTreeSet::new();
        let (case, events) = (&case.case, &case.events);
        trace_course(
            self.program,
            &self.outline,
            case,
            events,
            now,
            host,
            |trace| look(trace, &mut taken, &mut atoms),
        );
        for rule in taken {
            *self.seen.taken.entry(rule).or_default() += 1;
        }
        for atom in atoms {
            *self.seen.atoms.entry(atom).or_default() += 1;
        }
    }

    /// The figures.
    pub(super) fn coverage(&self, sources: &Sources) -> Coverage {
        let mut blocks = Vec::new();
        for outline in &self.outline.blocks {
            let TracedBlock::Site(site) = outline.block else {
                continue;
            };
            let mut block = BlockCoverage::new(self.program.block_name(site));
            for rule in &outline.rules {
                let name = self.program.part_name(outline.block, rule.part);
                let taken = self.seen.taken.get(&(outline.block, rule.part));
                let at = rule.span(self.program, outline.block);
                let at = at.map(|span| place(sources, span));
                block.rule(RuleCoverage {
                    rule: name.clone(),
                    kind: self.kind(site, rule.part),
                    file: at.as_ref().map(|(file, _)| file.clone()),
                    line: at.map(|(_, line)| line),
                    tests: taken.copied().unwrap_or(0),
                });
                let holder = Holder::Rule(outline.block, rule.part);
                self.atoms(&mut block, sources, holder, Some(&name), &rule.atoms);
            }
            blocks.push(block);
        }
        for ((number, define), atoms) in (0u32..)
            .zip(&self.program.defines)
            .zip(&self.outline.defines)
        {
            let Some(atoms) = atoms else { continue };
            let mut block = BlockCoverage::new(format!("define.{}", define.named.name));
            self.atoms(&mut block, sources, Holder::Define(number), None, atoms);
            blocks.push(block);
        }
        let shares = blocks.iter().map(|block| block.shares);
        Coverage {
            shares: shares.fold(Shares::default(), Shares::plus),
            blocks,
        }
    }

    fn atoms(
        &self,
        block: &mut BlockCoverage,
        sources: &Sources,
        holder: Holder,
        rule: Option<&str>,
        atoms: &[Atom],
    ) {
        for atom in atoms {
            // A define has its own atoms, and an event is a clause by itself.
            let Atom::Condition(node) = atom else {
                continue;
            };
            let seen = |truth: bool| {
                let seen = self.seen.atoms.get(&(holder, *atom, truth));
                seen.copied().unwrap_or(0)
            };
            let (file, line) = place(sources, self.program.span(*node));
            block.atom(AtomCoverage {
                rule: rule.map(str::to_owned),
                text: self.program.atom_text(sources, *atom),
                file,
                line,
                seen_true: seen(true),
                seen_false: seen(false),
            });
        }
    }

    fn kind(&self, site: Site, part: Part) -> CoveredKind {
        match (site, part) {
            (Site::Classification(block), Part::Rule(rule)) => {
                let block = self.program.classifications.get(block as usize);
                let rule = block.and_then(|block| block.rules.get(rule as usize));
                match rule.is_some_and(|rule| rule.row) {
                    true => CoveredKind::Row,
                    false => CoveredKind::Rule,
                }
            }
            (Site::Classification(_) | Site::Route, Part::Otherwise) => CoveredKind::Otherwise,
            (Site::Route, Part::Rule(_)) => CoveredKind::Rule,
            (Site::Sla, Part::Rule(_)) => CoveredKind::Tier,
            (Site::Retention(_), Part::Rule(_)) => CoveredKind::Retain,
            (
                Site::Classification(_)
                | Site::Route
                | Site::Sla
                | Site::Retention(_)
                | Site::Clock(_)
                | Site::Hold(_)
                | Site::FollowUp(_)
                | Site::Require(_),
                _,
            ) => CoveredKind::Clause,
        }
    }
}

impl BlockCoverage {
    fn new(block: String) -> BlockCoverage {
        BlockCoverage {
            block,
            shares: Shares::default(),
            rules: Vec::new(),
            atoms: Vec::new(),
        }
    }

    fn rule(&mut self, rule: RuleCoverage) {
        let share = match rule.kind {
            CoveredKind::Clause => &mut self.shares.clauses,
            CoveredKind::Rule
            | CoveredKind::Row
            | CoveredKind::Otherwise
            | CoveredKind::Tier
            | CoveredKind::Retain => &mut self.shares.rules,
        };
        share.add(rule.tests > 0);
        self.rules.push(rule);
    }

    fn atom(&mut self, atom: AtomCoverage) {
        self.shares.atoms.add(atom.seen_true > 0);
        self.shares.atoms.add(atom.seen_false > 0);
        self.atoms.push(atom);
    }
}

/// File and line of a place.
fn place(sources: &Sources, span: Span) -> (String, usize) {
    let source = sources.get(span.source);
    let line = source.map_or(0, |source| source.position(span.start as usize).line);
    (sources.name(span).to_owned(), line)
}

/// Puts down what a trace shows of rules that were asked, and of the defines that those read.
fn look(
    trace: &Trace,
    taken: &mut BTreeSet<(TracedBlock, Part)>,
    atoms: &mut BTreeSet<(Holder, Atom, bool)>,
) {
    let mut defines = BTreeSet::new();
    for block in &trace.blocks {
        if matches!(block.block, TracedBlock::Guarantee(_)) {
            continue;
        }
        for rule in block.rules.iter().filter(|rule| rule.reached) {
            if rule.taken || is_clause(block.block, rule) {
                taken.insert((block.block, rule.part));
            }
            for atom in &rule.atoms {
                let holder = Holder::Rule(block.block, rule.part);
                see(atoms, &mut defines, holder, atom.atom, atom.truth);
            }
        }
    }
    let mut work: Vec<u32> = defines.iter().copied().collect();
    while let Some(place) = work.pop() {
        let Some(Some(define)) = trace.defines.get(place as usize) else {
            continue;
        };
        let mut more = BTreeSet::new();
        for atom in &define.atoms {
            see(
                atoms,
                &mut more,
                Holder::Define(place),
                atom.atom,
                atom.truth,
            );
        }
        work.extend(more.into_iter().filter(|place| defines.insert(*place)));
    }
}

/// Whether a part that no block takes is true: a condition of a clock, a moment, a `done`.
fn is_clause(block: TracedBlock, rule: &RuleTrace) -> bool {
    let decides = matches!(
        (block, rule.part),
        (
            TracedBlock::Site(Site::Classification(_) | Site::Route | Site::Sla),
            _
        ) | (_, Part::Rule(_) | Part::Otherwise)
    );
    !decides && rule.result == RuleResult::True
}

fn see(
    atoms: &mut BTreeSet<(Holder, Atom, bool)>,
    defines: &mut BTreeSet<u32>,
    holder: Holder,
    atom: Atom,
    truth: Truth,
) {
    match (atom, truth) {
        (Atom::Define(place, _), _) => {
            defines.insert(place);
        }
        (Atom::Condition(_), Truth::True) => {
            atoms.insert((holder, atom, true));
        }
        (Atom::Condition(_), Truth::False) => {
            atoms.insert((holder, atom, false));
        }
        (Atom::Condition(_), Truth::Unknown) | (Atom::Event(_), _) => {}
    }
}
