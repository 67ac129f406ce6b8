//! Rules and atoms on the page of an explanation: each with the sign of its truth, and under it what
//! made it so.

use crate::cli::card::table::{WIDTH, named};
use crate::cli::language::told;
use crate::cli::pen::{Ink, Pen, Sign, wrap};
use crate::compile::{Named, Program, Type};
use crate::driver::Explanation;
use crate::eval::{BlockTrace, Origin, RuleResult, RuleTrace, TracedRead, TracedValue, Truth};
use crate::value::Value;
use unicode_width::UnicodeWidthStr;

/// The most atoms that are shown of one rule.
const MOST: usize = 24;

/// Writes rules and atoms of an explanation.
#[derive(Clone, Copy)]
pub(super) struct Atoms<'a> {
    pub(super) explanation: &'a Explanation,
    pub(super) program: &'a Program,
    pub(super) pen: Pen,
}

impl Atoms<'_> {
    /// The rules of a block in page order: those that were asked with what decided them, then the
    /// names of the others.
    pub(super) fn rules(&self, block: &BlockTrace) -> Vec<String> {
        let mut lines = Vec::new();
        let mut unreached: Vec<String> = Vec::new();
        for rule in &block.rules {
            if rule.reached || rule.result == RuleResult::Inactive {
                lines.extend(self.rule(block, rule));
            } else {
                unreached.push(self.rule_name(block, rule));
            }
        }
        if !unreached.is_empty() {
            let rules = unreached.join(", ");
            let text = told!("not asked, as one above is taken: {rules}", rules);
            lines.extend(hang(2, "", &text));
        }
        lines
    }

    /// One rule with the atoms that decided it and, when it was taken, what it cites.
    pub(super) fn rule(&self, block: &BlockTrace, rule: &RuleTrace) -> Vec<String> {
        let name = self.rule_name(block, rule);
        let title = if rule.taken {
            told!("{name} (taken)", name)
        } else if rule.result == RuleResult::Inactive {
            told!("{name} (not in force)", name)
        } else {
            name
        };
        let lines = hang(2, &self.result_sign(rule.result), &title);
        self.titled(block, rule, lines)
    }

    /// Another part of an item than the one that stands in its title.
    pub(super) fn part(&self, block: &BlockTrace, rule: &RuleTrace) -> Vec<String> {
        let name = self.rule_name(block, rule);
        let lines = hang(4, &self.result_sign(rule.result), &name);
        self.titled(block, rule, lines)
    }

    /// A rule under a title of its own.
    pub(super) fn titled(
        &self,
        block: &BlockTrace,
        rule: &RuleTrace,
        title: Vec<String>,
    ) -> Vec<String> {
        let ink = match (rule.taken, rule.result) {
            (true, _) => Ink::Strong,
            (false, RuleResult::Unknown) => Ink::Alarm,
            (false, RuleResult::Inactive) => Ink::Faint,
            (false, RuleResult::True | RuleResult::False) => Ink::Plain,
        };
        let lines = title.into_iter();
        let mut lines: Vec<String> = lines.map(|line| self.pen.paint(ink, &line)).collect();
        if rule.result != RuleResult::Inactive {
            lines.extend(self.atoms(rule));
        }
        if rule.taken {
            for cited in self.explanation.because(block.block, rule.part) {
                lines.extend(hang(6, &told!("because"), cited));
            }
        }
        lines
    }

    /// The atoms that decided a rule, those of a `define` below its name.
    fn atoms(&self, rule: &RuleTrace) -> Vec<String> {
        let mut lines = Vec::new();
        let trace = self.explanation.trace();
        let mut within: Vec<u32> = Vec::new();
        let unfolded = trace.unfold(rule);
        let mut deciding = unfolded.iter().filter(|atom| atom.decides);
        for atom in deciding.by_ref().take(MOST) {
            let common = within.iter().zip(&atom.defines);
            let common = common.take_while(|(a, b)| a == b).count();
            within.truncate(common);
            for place in atom.defines.iter().skip(common) {
                let depth = 6 + 2 * within.len();
                within.push(*place);
                let define = self.program.defines.get(*place as usize);
                let own = trace.defines.get(*place as usize);
                let truth = own.and_then(|own| own.as_ref().map(|own| own.truth));
                let name = define.map_or(String::new(), |define| named(&define.named));
                let sign = self.truth_sign(truth.unwrap_or(Truth::Unknown));
                lines.extend(hang(depth, &sign, &name));
            }
            let sign = self.truth_sign(atom.atom.truth);
            let sources = self.explanation.decision().policy().sources();
            let text = self.program.atom_text(sources, atom.atom.atom);
            let reads = atom.atom.reads.iter().map(|read| self.read(read));
            let reads: Vec<String> = reads.collect();
            lines.extend(beside(
                6 + 2 * within.len(),
                &sign,
                &text,
                &reads.join("; "),
            ));
        }
        let more = deciding.count();
        if more > 0 {
            lines.push(format!("      {}", told!("and {more} more", more)));
        }
        lines
    }

    /// `channel 渠道 = regulator 监管部门转办`
    fn read(&self, read: &TracedRead) -> String {
        let program = self.program;
        let label = match read.origin {
            Origin::Field(slot) => {
                let field = program.fields.get(slot as usize);
                field.and_then(|field| field.label.as_ref())
            }
            Origin::Define(place) => label(program.defines.get(place as usize).map(|d| &d.named)),
            Origin::Classification(place) => {
                let block = program.classifications.get(place as usize);
                label(block.map(|block| &block.named))
            }
            Origin::Event(place) => label(program.events.get(place as usize)),
            Origin::Outcome(_) => None,
        };
        let name = match label {
            Some(label) => format!("{} {label}", read.path),
            None => read.path.clone(),
        };
        match (&read.value, read.origin) {
            (TracedValue::Missing, Origin::Event(_)) => told!("{name} has not happened", name),
            (TracedValue::Missing, _) => told!("{name} is missing", name),
            (TracedValue::Typed(value, ty), _) => {
                format!("{name} = {}", shown(program, value, ty))
            }
            (TracedValue::Words(words), _) => format!("{name} = {words}"),
        }
    }

    fn rule_name(&self, block: &BlockTrace, rule: &RuleTrace) -> String {
        let name = self.program.part_name(block.block, rule.part);
        match self.program.rule_label(block.block, rule.part) {
            Some(label) => format!("{name} {label}"),
            None => name,
        }
    }

    fn result_sign(&self, result: RuleResult) -> String {
        match result {
            RuleResult::True => self.truth_sign(Truth::True),
            RuleResult::False => self.truth_sign(Truth::False),
            RuleResult::Unknown => self.truth_sign(Truth::Unknown),
            RuleResult::Inactive => self.pen.sign(Sign::Closed).to_string(),
        }
    }

    fn truth_sign(&self, truth: Truth) -> String {
        let sign = match truth {
            Truth::True => Sign::Holds,
            Truth::False => Sign::Fails,
            Truth::Unknown => Sign::Unknown,
        };
        self.pen.sign(sign).to_string()
    }
}

fn label(named: Option<&Named>) -> Option<&String> {
    named.and_then(|named| named.label.as_ref())
}

/// A value; the members of an enum with their labels.
pub(super) fn shown(program: &Program, value: &Value, ty: &Type) -> String {
    let member = |place: u32, ty: &Type| {
        let Type::Enum(id) = ty else {
            return String::new();
        };
        let members = program.enums.get(id.0 as usize);
        let member = members.and_then(|members| members.get(place as usize));
        member.map_or(String::new(), named)
    };
    match (value, ty) {
        (Value::Member(place), ty) => member(*place, ty),
        (Value::Set(items), Type::Set(element)) if !items.is_empty() => {
            let items: Vec<String> = items
                .iter()
                .map(|item| shown(program, item, element))
                .collect();
            format!("{{ {} }}", items.join(", "))
        }
        (Value::Text(text), _) => format!("\"{text}\""),
        (value, ty) => crate::eval::Shown { program, ty, value }.to_string(),
    }
}

/// A text behind a sign, indented; further lines stand below the first one's text.
pub(super) fn hang(indent: usize, sign: &str, text: &str) -> Vec<String> {
    let head = match sign {
        "" => " ".repeat(indent),
        sign => format!("{}{sign} ", " ".repeat(indent)),
    };
    let width = head.width();
    let lines = wrap(text, WIDTH.saturating_sub(width)).into_iter();
    lines
        .enumerate()
        .map(|(at, line)| match at {
            0 => format!("{head}{line}"),
            _ => format!("{}{line}", " ".repeat(width)),
        })
        .collect()
}

/// The column at which what was read stands, when the condition leaves room for it.
const READS: usize = 40;

/// A condition and what it read: side by side if both fit on a line, otherwise below each other.
fn beside(indent: usize, sign: &str, text: &str, reads: &str) -> Vec<String> {
    let mut lines = hang(indent, sign, text);
    if reads.is_empty() {
        return lines;
    }
    if let [line] = lines.as_mut_slice() {
        let blanks = READS.saturating_sub(line.width()).max(2);
        if line.width() + blanks + reads.width() <= WIDTH {
            line.push_str(&" ".repeat(blanks));
            line.push_str(reads);
            return lines;
        }
    }
    lines.extend(hang(indent + 4, "", reads));
    lines
}
