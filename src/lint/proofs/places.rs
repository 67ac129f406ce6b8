//! Where the items are written that facts speak of, and what they are called.

use crate::analysis::Block;
use crate::compile::Program;
use crate::message::{Message, message};
use crate::model::{Declared, Expr, Model};
use crate::source::Span;

/// A rule, a row, a tier or another item with a condition.
pub(super) struct Item {
    /// Its name with the word for what it is.
    pub called: Message,
    /// Its bare name.
    pub name: String,
    /// The subject of its findings.
    pub subject: String,
    /// Its name in the text, or what stands for it.
    pub span: Span,
    /// All of it.
    pub whole: Span,
    /// Whether it is a row of a table.
    pub row: bool,
}

/// A block of rules.
pub(super) struct Place {
    /// The block in the sentence of a finding.
    pub called: Message,
    /// The subject of its findings.
    pub subject: String,
    /// Its name, or the first thing in it.
    pub span: Span,
    /// Its `otherwise`.
    pub otherwise: Option<Span>,
}

/// A rule or another item of a block.
pub(super) fn item(model: &Model, block: Block, rule: u32) -> Option<Item> {
    let at = rule as usize;
    Some(match block {
        Block::Classification(place) => {
            let block = model.classifications.get(place as usize)?;
            let rule = block.rules.get(at)?;
            let name = &rule.declared.name;
            let subject = format!("classify.{}.{name}", block.declared.name);
            Item {
                called: match rule.row {
                    true => message!("row `{name}`", name),
                    false => message!("rule `{name}`", name),
                },
                whole: rule.span,
                row: rule.row,
                ..named(&rule.declared, subject)
            }
        }
        Block::Route => {
            let rule = model.route.as_ref()?.rules.get(at)?;
            let name = &rule.declared.name;
            Item {
                whole: rule.span,
                ..named(&rule.declared, format!("route.{name}"))
            }
        }
        Block::Sla => {
            let tier = model.sla.as_ref()?.tiers.get(at)?;
            let name = &tier.declared.name;
            Item {
                called: message!("tier `{name}`", name),
                whole: tier.span,
                ..named(&tier.declared, format!("sla.{name}"))
            }
        }
        Block::Retain(place) => {
            let block = model.retains.get(place as usize)?;
            let record = model.records.get(block.record.0 as usize)?;
            let name = &record.name;
            let span = block.when.as_ref().map_or(block.span, |when| when.span);
            Item {
                called: message!("this `retain {name}`", name),
                name: name.clone(),
                subject: format!("retain.{name}"),
                span,
                whole: block.span,
                row: false,
            }
        }
        Block::Record(place) => {
            let record = model.records.get(place as usize)?;
            let name = &record.name;
            Item {
                called: message!("record `{name}`", name),
                ..named(record, format!("retain.{name}"))
            }
        }
        Block::Hold(place) => {
            let hold = &model.holds.get(place as usize)?.declared;
            let name = &hold.name;
            Item {
                called: message!("hold `{name}`", name),
                ..named(hold, format!("hold.{name}"))
            }
        }
        Block::FollowUp(place) => {
            let follow_up = &model.follow_ups.get(place as usize)?.declared;
            let name = &follow_up.name;
            Item {
                called: message!("follow-up `{name}`", name),
                ..named(follow_up, format!("follow_up.{name}"))
            }
        }
        Block::Require(place) => {
            let require = &model.requires.get(place as usize)?.declared;
            let name = &require.name;
            Item {
                called: message!("requirement `{name}`", name),
                ..named(require, format!("require.{name}"))
            }
        }
        Block::Guarantee(place) => {
            let guarantee = &model.guarantees.get(place as usize)?.declared;
            let name = &guarantee.name;
            Item {
                called: message!("the `if` of guarantee `{name}`", name),
                ..named(guarantee, format!("guarantee.{name}"))
            }
        }
        Block::Clock(place) => {
            let clock = &model.clocks.get(place as usize)?.declared;
            let name = &clock.name;
            Item {
                called: message!("clock `{name}`", name),
                ..named(clock, format!("clock.{name}"))
            }
        }
    })
}

fn named(declared: &Declared, subject: String) -> Item {
    let name = &declared.name;
    Item {
        called: message!("rule `{name}`", name),
        name: name.clone(),
        subject,
        span: declared.span,
        whole: declared.span,
        row: false,
    }
}

/// A block of rules, to be named as a whole.
pub(super) fn place(model: &Model, program: &Program, block: Block) -> Option<Place> {
    match block {
        Block::Classification(at) => {
            let written = model.classifications.get(at as usize)?;
            let name = &written.declared.name;
            Some(Place {
                called: Message::verbatim(format!("`{name}`")),
                subject: format!("classify.{name}"),
                span: written.declared.span,
                otherwise: written.otherwise.as_ref().map(|otherwise| otherwise.span),
            })
        }
        Block::Route => {
            let written = model.route.as_ref()?;
            let first = written.rules.first().map(|rule| rule.declared.span);
            let otherwise = program.route.as_ref()?.otherwise_span;
            Some(Place {
                called: message!("the route"),
                subject: "route".to_owned(),
                span: first.or(otherwise)?,
                otherwise,
            })
        }
        Block::Sla => {
            let written = model.sla.as_ref()?;
            let last = written.tiers.last()?;
            Some(Place {
                called: message!("`sla`"),
                subject: "sla".to_owned(),
                span: written.tiers.first()?.declared.span,
                otherwise: last.when.is_none().then_some(last.declared.span),
            })
        }
        Block::Retain(_)
        | Block::Record(_)
        | Block::Hold(_)
        | Block::FollowUp(_)
        | Block::Require(_)
        | Block::Guarantee(_)
        | Block::Clock(_) => None,
    }
}

/// The `then` of a guarantee.
pub(super) fn promise(model: &Model, block: Block) -> Option<&Expr> {
    match block {
        Block::Guarantee(place) => Some(&model.guarantees.get(place as usize)?.then),
        _ => None,
    }
}
