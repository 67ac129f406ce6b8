//! Classifications: outcomes, rules, and the order in which they depend on one another.

use super::builder::{Builder, ValueEntry, citations, number};
use super::order;
use super::places::Place;
use super::quick::HashMap;
use super::wording::has_order;
use crate::diag::Diagnostic;
use crate::message::message;
use crate::model::expr::{Expr, ExprKind};
use crate::model::types::{Bounds, Type};
use crate::model::{Classification, ClassificationId, Otherwise, Rule, Strategy, Table};
use crate::source::Span;
use crate::syntax::ast::{self, ClassifyPart};
use crate::value::Value;
use smol_str::SmolStr;

/// What rules of one classification have in common while it is checked.
pub(super) struct Block<'n> {
    pub name: &'n str,
    pub outcome: Type,
    pub bounds: Bounds,
    pub rules: Vec<Rule>,
    pub tables: Vec<Table>,
    /// Names of rules and rows so far.
    pub seen: HashMap<SmolStr, Span>,
    /// Table rows so far.
    pub rows: usize,
}

impl<'a> Builder<'a> {
    /// Resolves what each classification gives, so that conditions can read it.
    pub fn declare_classifications(&mut self) {
        for at in 0..self.classifications.len() {
            let Some(item) = self.classifications.get(at) else {
                continue;
            };
            let classify = item.ast;
            self.enter(format!("classify.{}", classify.declared.name.text));
            let resolved = self.resolve_type(&classify.ty, Some(&classify.declared.name.text));
            let outcome = match (resolved, classify.strategy.0) {
                (Some((Type::Set(element), bounds)), Strategy::Collect) => Some((*element, bounds)),
                (other, _) => other,
            };
            if let Some((ty, _)) = &outcome {
                self.strategy_fits(classify, &ty.clone());
            }
            if let Some(item) = self.classifications.get_mut(at) {
                item.outcome = outcome;
                item.place = number(at);
            }
        }
        self.enter("");
    }

    fn strategy_fits(&mut self, classify: &ast::Classify, ty: &Type) {
        let (strategy, span) = classify.strategy;
        match strategy {
            Strategy::Highest if !has_order(ty, &self.enums) => {
                let message = message!(
                    "`highest` needs outcomes with an order, here they are {kind}",
                    kind = self.type_words(ty)
                );
                self.report(
                    Diagnostic::error("bad-strategy", span, message)
                        .also(classify.ty.span, message!("declared here"))
                        .help(message!(
                            "put `<` between the members, lowest first, or use another strategy"
                        )),
                );
            }
            Strategy::FirstMatch | Strategy::Unique | Strategy::Highest | Strategy::Collect => {}
        }
    }

    /// Checks all rules, then puts the classifications in order.
    pub fn check_classifications(&mut self) {
        let mut checked: Vec<Option<Classification>> =
            Vec::with_capacity(self.classifications.len());
        for at in 0..self.classifications.len() {
            checked.push(self.check_classification(at));
        }
        self.enter("");
        self.order_classifications(checked);
    }

    fn check_classification(&mut self, at: usize) -> Option<Classification> {
        let item = self.classifications.get(at)?;
        let classify = item.ast;
        let subject = format!("classify.{}", classify.declared.name.text);
        self.enter(subject.clone());
        let effective = self.effective(classify.effective.as_ref());
        let Some((outcome, bounds)) = self.classifications.get(at)?.outcome.clone() else {
            // Outcomes cannot be read, conditions can.
            for part in &classify.body {
                if let ClassifyPart::Rule(rule) = part {
                    self.enter(format!("{subject}.{}", rule.declared.name.text));
                    self.condition(&rule.when, Place::Classify);
                }
            }
            return None;
        };
        let mut block = Block {
            name: &classify.declared.name.text,
            outcome,
            bounds,
            rules: Vec::new(),
            tables: Vec::new(),
            seen: HashMap::default(),
            rows: 0,
        };
        for part in &classify.body {
            match part {
                ClassifyPart::Rule(rule) => self.rule(&mut block, rule),
                ClassifyPart::Table(table) => self.table(&mut block, table, false),
                ClassifyPart::TableFile(path, _) => {
                    // A file that could not be read is reported by who reads it.
                    let tables = self.input.tables;
                    if let Some(table) = tables.get(&path.text) {
                        self.table(&mut block, table, true);
                    }
                }
            }
        }
        self.enter(format!("{subject}.otherwise"));
        let otherwise = classify.otherwise.as_ref().and_then(|otherwise| {
            if classify.strategy.0 == Strategy::Collect {
                self.report(
                    Diagnostic::error(
                        "not-allowed-here",
                        otherwise.span,
                        message!("a `collect` block has no `otherwise`"),
                    )
                    .help(message!(
                        "where no rule is true its value is the empty set; leave `otherwise` out"
                    )),
                );
                return None;
            }
            let then = self.outcome(&otherwise.value, &block.outcome, &block.bounds)?;
            Some(Otherwise {
                then,
                because: citations(&otherwise.because),
                span: otherwise.span,
            })
        });
        Some(Classification {
            declared: self.declared(&classify.declared),
            outcome: block.outcome,
            strategy: classify.strategy.0,
            effective,
            rules: block.rules,
            tables: block.tables,
            otherwise,
        })
    }

    fn rule(&mut self, block: &mut Block<'_>, rule: &'a ast::Rule) {
        self.enter_part("classify", block.name, &rule.declared.name.text);
        self.rule_name(block, &rule.declared.name);
        let effective = self.effective(rule.effective.as_ref());
        let when = self.condition(&rule.when, Place::Classify);
        let then = self.outcome(&rule.then, &block.outcome, &block.bounds);
        if let (Some(when), Some(then)) = (when, then) {
            block.rules.push(Rule {
                declared: self.declared(&rule.declared),
                row: false,
                effective,
                when,
                then,
                because: citations(&rule.because),
                span: rule.span,
            });
        }
    }

    /// Notes a rule's name; reports one that the block has already.
    pub(super) fn rule_name(&mut self, block: &mut Block<'_>, name: &ast::Name) {
        match block.seen.get(name.text.as_str()).copied() {
            Some(first) => self.duplicate(
                "duplicate-rule",
                &message!("a rule of this block"),
                name,
                first,
            ),
            None => {
                block.seen.insert(name.text.clone(), name.span);
            }
        }
    }

    /// An outcome: a constant of the declared type, within its bounds.
    pub(super) fn outcome(
        &mut self,
        expr: &ast::Expr,
        ty: &Type,
        bounds: &Bounds,
    ) -> Option<Value> {
        let value = self.constant(expr, ty, &message!("an outcome"))?;
        self.must_fit(&value, ty, bounds, expr.span, &message!("the outcome"))
            .then_some(value)
    }

    /// Sorts classifications by what they read, through defines too, and reports loops.
    fn order_classifications(&mut self, checked: Vec<Option<Classification>>) {
        let count = checked.len();
        let mut reads: Vec<Vec<usize>> = Vec::with_capacity(count + self.model.defines.len());
        for classification in &checked {
            let rules = classification
                .iter()
                .flat_map(|classification| &classification.rules);
            reads.push(read_by(rules.map(|rule| &rule.when), count));
        }
        for define in &self.model.defines {
            reads.push(read_by(std::iter::once(&define.value), count));
        }
        let (sorted, loops) = order::sort(&reads);
        for members in &loops {
            let names: Vec<&ast::Declared> = members
                .iter()
                .filter_map(|at| match at.checked_sub(count) {
                    None => self.classifications.get(*at).map(|item| &item.ast.declared),
                    Some(define) => {
                        let name = &self.model.defines.get(define)?.declared.name;
                        match self.values.get(name.as_str())?.entry {
                            ValueEntry::Define(at) => {
                                self.defines.get(at).map(|item| item.declared)
                            }
                            ValueEntry::CaseField
                            | ValueEntry::Classification(_)
                            | ValueEntry::Function(_) => None,
                        }
                    }
                })
                .collect();
            self.report_loop(
                "classify",
                &names,
                message!("classifications are decided one after another; break the loop"),
            );
        }
        // Old place to new place.
        let mut places: Vec<u32> = vec![0; count];
        for (new, old) in sorted.iter().filter(|at| **at < count).enumerate() {
            if let Some(place) = places.get_mut(*old) {
                *place = number(new);
            }
            if let Some(item) = self.classifications.get_mut(*old) {
                item.place = number(new);
            }
        }
        let moved = (0u32..).zip(&places).any(|(old, new)| old != *new);
        let renumber = |expr: &mut Expr| {
            if let ExprKind::Classification(id) = &mut expr.kind {
                *id = ClassificationId(places.get(id.0 as usize).copied().unwrap_or(id.0));
            }
        };
        for define in self.model.defines.iter_mut().filter(|_| moved) {
            define.value.walk_mut(&mut { renumber });
        }
        let mut checked = checked;
        for old in sorted.into_iter().filter(|at| *at < count) {
            let Some(mut classification) = checked.get_mut(old).and_then(Option::take) else {
                continue;
            };
            for rule in classification.rules.iter_mut().filter(|_| moved) {
                rule.when.walk_mut(&mut { renumber });
            }
            let columns = classification.tables.iter_mut().filter(|_| moved);
            for column in columns.flat_map(|table| &mut table.columns) {
                column.header.walk_mut(&mut { renumber });
            }
            self.model.classifications.push(classification);
        }
    }
}

/// The classifications and (behind them) defines that expressions read.
fn read_by<'e>(exprs: impl Iterator<Item = &'e Expr>, classifications: usize) -> Vec<usize> {
    let mut found = Vec::new();
    let mut seen = super::quick::HashSet::default();
    for expr in exprs {
        expr.walk(&mut |part| {
            let at = match &part.kind {
                ExprKind::Classification(id) => id.0 as usize,
                ExprKind::Define(id) => classifications + id.0 as usize,
                _ => return,
            };
            if seen.insert(at) {
                found.push(at);
            }
        });
    }
    found
}
