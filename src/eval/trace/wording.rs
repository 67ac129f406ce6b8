//! What blocks, rules and atoms are called, and the words of an atom.

use super::outline::{Atom, Part, TracedBlock, Trigger};
use crate::compile::{
    ArithmeticOp, InstantPart, List, Node, NodeId, OrderOp, Program, TextOp, Type, written_pattern,
};
use crate::eval::problem::Site;
use crate::eval::report::OTHERWISE;
use crate::eval::shown::Shown;
use crate::source::Sources;
use crate::value::{Value, quoted};

impl Program {
    /// What a block is called: as [`Program::block_name`], or `guarantee.NAME`.
    pub fn traced_block_name(&self, block: TracedBlock) -> String {
        match block {
            TracedBlock::Site(site) => self.block_name(site),
            TracedBlock::Guarantee(place) => {
                let guarantee = self.guarantees.get(place as usize);
                let name = guarantee.map_or("", |guarantee| &guarantee.named.name);
                format!("guarantee.{name}")
            }
        }
    }

    /// What a part of a block is called: the name of a rule, row, tier or block on records, otherwise
    /// the word that it stands behind, such as `stop on first_response` or `pause when 2`.
    pub fn part_name(&self, block: TracedBlock, part: Part) -> String {
        let rule = |rule: u32| match block {
            TracedBlock::Site(site) => self.rule_name(site, rule).unwrap_or("").to_owned(),
            TracedBlock::Guarantee(_) => String::new(),
        };
        let trigger = |word: &str, trigger: Trigger| match trigger {
            Trigger::On(event) => {
                let event = self.events.get(event as usize);
                format!("{word} on {}", event.map_or("", |event| &event.name))
            }
            Trigger::When(place) => numbered(&format!("{word} when"), place),
        };
        match part {
            Part::Rule(place) => rule(place),
            Part::Otherwise => OTHERWISE.to_owned(),
            Part::When => "when".to_owned(),
            Part::That => "that".to_owned(),
            Part::Done(by) => trigger("done", by),
            Part::Of => "within of when".to_owned(),
            Part::Start => "start when".to_owned(),
            Part::Stop(by) => trigger("stop", by),
            Part::Pause(place) => numbered("pause when", place),
            Part::Cancel(by) => trigger("cancel", by),
            Part::Reset(by) => trigger("reset", by),
            Part::From(place) => format!("{} from when", rule(place)),
            Part::If => "if".to_owned(),
            Part::Then => "then".to_owned(),
        }
    }

    /// The label of a rule or tier; none for blocks on records, whose label is their name, and for
    /// other parts.
    pub fn rule_label(&self, block: TracedBlock, part: Part) -> Option<&str> {
        let (TracedBlock::Site(site), Part::Rule(rule)) = (block, part) else {
            return None;
        };
        let rule = rule as usize;
        let named = match site {
            Site::Classification(place) => {
                let block = self.classifications.get(place as usize)?;
                &block.rules.get(rule)?.named
            }
            Site::Route => &self.route.as_ref()?.rules.get(rule)?.named,
            Site::Sla => &self.sla.as_ref()?.tiers.get(rule)?.named,
            Site::Clock(_)
            | Site::Retention(_)
            | Site::Hold(_)
            | Site::FollowUp(_)
            | Site::Require(_) => return None,
        };
        named.label.as_deref()
    }

    /// The words of an atom on one line: as it is written, or, of the cell of a table, as the column
    /// and the cell say it together.
    pub fn atom_text(&self, sources: &Sources, atom: Atom) -> String {
        let id = match atom {
            Atom::Condition(id) => id,
            Atom::Define(place, _) => {
                let define = self.defines.get(place as usize);
                return define.map_or(String::new(), |define| define.named.name.clone());
            }
            Atom::Event(event) => {
                let event = self.events.get(event as usize);
                return event.map_or(String::new(), |event| {
                    format!("{} has happened", event.name)
                });
            }
        };
        let span = self.span(id);
        let written = sources.slice(span);
        let mut whole = !written.is_empty() && !written.contains('\n');
        self.operands(id, |operand| {
            let inner = self.span(operand);
            whole &=
                inner.source == span.source && span.start <= inner.start && inner.end <= span.end;
        });
        let is_name = matches!(self.node(id), Node::Field(_) | Node::Classification(_));
        if whole && !is_name {
            return written.trim().to_owned();
        }
        let words = self.words(id, None);
        words.unwrap_or_else(|| written.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// A condition or value in the words of the language; none for one that only its text can tell.
    fn words(&self, id: NodeId, expected: Option<&Type>) -> Option<String> {
        let value = |id: NodeId| self.words(id, None);
        match self.node(id) {
            Node::Constant(value) => constant(self, value, expected),
            Node::Target(target) => Some(self.target_text(*target)),
            Node::Field(slot) => Some(self.fields.get(*slot as usize)?.path.clone()),
            Node::Define(place) => Some(self.defines.get(*place as usize)?.named.name.clone()),
            Node::Classification(place) => Some(
                self.classifications
                    .get(*place as usize)?
                    .named
                    .name
                    .clone(),
            ),
            Node::Outcome(outcome) => Some(self.outcome_path(*outcome)),
            Node::Or(_) | Node::And(_) => None,
            Node::Not(operand) => Some(format!("not {}", value(*operand)?)),
            Node::Equal {
                left,
                right,
                negated,
            } => self.compared(*left, if *negated { "is not" } else { "is" }, *right),
            Node::EqualFolded {
                left,
                right,
                negated,
            } => {
                let op = if *negated { "is not" } else { "is" };
                Some(format!(
                    "{} ignoring case",
                    self.compared(*left, op, *right)?
                ))
            }
            Node::Order(op, left, right) => self.compared(*left, order(*op), *right),
            Node::Between(operand, least, greatest) => {
                let ty = self.type_of(*operand);
                let (least, greatest) = (self.words(*least, ty)?, self.words(*greatest, ty)?);
                Some(format!(
                    "{} between {least} and {greatest}",
                    value(*operand)?
                ))
            }
            Node::In {
                value: operand,
                set,
                negated,
            } => {
                let ty = self.type_of(*operand);
                let items: Option<Vec<String>> =
                    set.iter().map(|item| constant(self, item, ty)).collect();
                let not = if *negated { "not " } else { "" };
                Some(format!(
                    "{} {not}in {{ {} }}",
                    value(*operand)?,
                    items?.join(", ")
                ))
            }
            Node::Missing {
                value: operand,
                negated,
            } => {
                let word = if *negated { "present" } else { "missing" };
                Some(format!("{} is {word}", value(*operand)?))
            }
            Node::TextConstant {
                op,
                value: operand,
                pattern,
                folded,
            } => Some(format!(
                "{} {} {}{}",
                value(*operand)?,
                text_test(*op),
                quoted(pattern),
                ignoring(*folded)
            )),
            Node::Text {
                op,
                value: operand,
                pattern,
                folded,
            } => Some(format!(
                "{} {} {}{}",
                value(*operand)?,
                text_test(*op),
                value(*pattern)?,
                ignoring(*folded)
            )),
            Node::TextMany {
                all,
                value: operand,
                patterns,
                folded,
            } => {
                let patterns: Vec<String> = patterns.iter().map(|text| quoted(text)).collect();
                Some(format!(
                    "{} contains {} of {{ {} }}{}",
                    value(*operand)?,
                    if *all { "all" } else { "any" },
                    patterns.join(", "),
                    ignoring(*folded)
                ))
            }
            Node::Matches {
                value: operand,
                pattern,
            } => {
                let (pattern, folded) = written_pattern(pattern.as_ref()?);
                let ignoring = ignoring(folded);
                Some(format!(
                    "{} matches r\"{pattern}\"{ignoring}",
                    value(*operand)?
                ))
            }
            Node::SetContains { set, element } => {
                let ty = self.element_type(*set);
                Some(format!(
                    "{} contains {}",
                    value(*set)?,
                    self.words(*element, ty)?
                ))
            }
            Node::SetContainsMany { all, set, elements } => {
                let ty = self.element_type(*set);
                let items: Option<Vec<String>> = elements
                    .iter()
                    .map(|item| constant(self, item, ty))
                    .collect();
                Some(format!(
                    "{} contains {} of {{ {} }}",
                    value(*set)?,
                    if *all { "all" } else { "any" },
                    items?.join(", ")
                ))
            }
            Node::During {
                value: operand,
                calendar,
                outside,
            } => {
                let (named, _) = self.calendars.get(*calendar as usize)?;
                let word = if *outside { "outside" } else { "during" };
                Some(format!("{} {word} {}", value(*operand)?, named.name))
            }
            Node::HasHappened(event) => {
                let event = self.events.get(*event as usize)?;
                Some(format!("{} has happened", event.name))
            }
            Node::Arithmetic(op, left, right) => {
                let side = |id: NodeId| {
                    let words = value(id)?;
                    let nested = matches!(self.node(id), Node::Arithmetic(..));
                    Some(if nested { format!("({words})") } else { words })
                };
                let sign = match op {
                    ArithmeticOp::Add => "+",
                    ArithmeticOp::Subtract => "-",
                    ArithmeticOp::Multiply => "*",
                };
                Some(format!("{} {sign} {}", side(*left)?, side(*right)?))
            }
            Node::PartOf(part, operand) => {
                let word = match part {
                    InstantPart::Weekday => "weekday",
                    InstantPart::Date => "date",
                    InstantPart::Time => "time",
                };
                Some(format!("{word} of {}", value(*operand)?))
            }
            Node::Count(operand) => Some(format!("count({})", value(*operand)?)),
            Node::Length(operand) => Some(format!("length({})", value(*operand)?)),
            Node::Min(list) => Some(format!("min({})", self.all_words(*list)?)),
            Node::Max(list) => Some(format!("max({})", self.all_words(*list)?)),
            Node::Call(function, list) => {
                let function = self.functions.get(*function as usize)?;
                Some(format!(
                    "{}({})",
                    function.named.name,
                    self.all_words(*list)?
                ))
            }
            // Kept in lower case, so that only its text tells how it is written.
            Node::InFolded { .. } => None,
        }
    }

    fn all_words(&self, list: List) -> Option<String> {
        let items = self.list(list).iter().map(|id| self.words(*id, None));
        let items: Option<Vec<String>> = items.collect();
        Some(items?.join(", "))
    }

    fn compared(&self, left: NodeId, op: &str, right: NodeId) -> Option<String> {
        let ty = self.type_of(left).or_else(|| self.type_of(right));
        let (left, right) = (self.words(left, ty)?, self.words(right, ty)?);
        Some(format!("{left} {op} {right}"))
    }

    /// The type of what has a name.
    fn type_of(&self, id: NodeId) -> Option<&Type> {
        let node = self.node(id);
        if let Node::Field(slot) = node {
            self.fields.get(*slot as usize).map(|field| &field.ty)
        } else if let Node::Define(place) = node {
            self.defines.get(*place as usize).map(|define| &define.ty)
        } else if let Node::Classification(place) = node {
            let block = self.classifications.get(*place as usize);
            block.map(|block| &block.ty)
        } else if let Node::Call(function, _) = node {
            let function = self.functions.get(*function as usize);
            function.map(|function| &function.result)
        } else {
            None
        }
    }

    fn element_type(&self, set: NodeId) -> Option<&Type> {
        let ty = self.type_of(set)?;
        Some(if let Type::Set(element) = ty {
            element
        } else {
            ty
        })
    }
}

/// `pause when`, `pause when 2`
fn numbered(words: &str, place: u32) -> String {
    match place {
        0 => words.to_owned(),
        place => format!("{words} {}", place.saturating_add(1)),
    }
}

/// A constant as a policy writes it; none for a member whose type is not known.
fn constant(program: &Program, value: &Value, ty: Option<&Type>) -> Option<String> {
    match (value, ty) {
        (Value::Text(text), _) => Some(quoted(text)),
        (Value::Member(_) | Value::Set(_), None) => None,
        (value, ty) => {
            let ty = ty.unwrap_or(&Type::Integer);
            Some(Shown { program, ty, value }.to_string())
        }
    }
}

fn ignoring(folded: bool) -> &'static str {
    if folded { " ignoring case" } else { "" }
}

fn order(op: OrderOp) -> &'static str {
    match op {
        OrderOp::Less => "<",
        OrderOp::LessOrEqual => "<=",
        OrderOp::Greater => ">",
        OrderOp::GreaterOrEqual => ">=",
    }
}

fn text_test(op: TextOp) -> &'static str {
    match op {
        TextOp::Contains => "contains",
        TextOp::StartsWith => "starts with",
        TextOp::EndsWith => "ends with",
    }
}
