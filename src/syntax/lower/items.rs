//! One function for each kind of item; the larger ones have files of their own.

use super::super::ast::{Function, Guarantee, ItemKind, Script};
use super::super::grammar::Rule;
use super::{Lower, Node, children};

impl Lower<'_> {
    /// Lowers an item by its kind.
    pub fn item_kind(&mut self, node: Node<'_>) -> Option<ItemKind> {
        match node.as_rule() {
            Rule::case_item => Some(ItemKind::Case(self.fields(node))),
            Rule::events_item => Some(ItemKind::Events(
                children(node)
                    .filter_map(|name| self.declared(name))
                    .collect(),
            )),
            Rule::role_item => self.single(node).map(ItemKind::Role),
            Rule::queue_item => self.single(node).map(ItemKind::Queue),
            Rule::record_item => self.single(node).map(ItemKind::Record),
            Rule::type_item => {
                let mut parts = children(node);
                let declared = parts.next().and_then(|name| self.declared(name))?;
                match parts.next().and_then(|ty| self.type_expr(ty)) {
                    Some(ty) => Some(ItemKind::Type(declared, ty)),
                    None => {
                        self.lose(&declared.name.text);
                        None
                    }
                }
            }
            Rule::define_item => {
                let mut parts = children(node);
                let declared = parts.next().and_then(|name| self.declared(name))?;
                let value = parts.next().map(|expr| self.expr(expr))?;
                Some(ItemKind::Define(declared, value))
            }
            Rule::script_item => self.script(node).map(ItemKind::Script),
            Rule::classify_item => self.classify(node).map(ItemKind::Classify),
            Rule::route_item => Some(ItemKind::Route(self.route(node))),
            Rule::calendar_item => self.calendar(node).map(ItemKind::Calendar),
            Rule::clock_item => self.clock(node).map(ItemKind::Clock),
            Rule::sla_item => Some(ItemKind::Sla(self.sla(node))),
            Rule::retain_item => self.retain(node).map(ItemKind::Retain),
            Rule::hold_item => self.hold(node).map(ItemKind::Hold),
            Rule::follow_up_item => self.follow_up(node).map(ItemKind::FollowUp),
            Rule::require_item => self.require(node).map(ItemKind::Require),
            Rule::guarantee_item => self.guarantee(node).map(ItemKind::Guarantee),
            _ => self.test_item(node).map(ItemKind::Test),
        }
    }

    fn single(&mut self, node: Node<'_>) -> Option<super::super::ast::Declared> {
        children(node).next().and_then(|name| self.declared(name))
    }

    fn script(&mut self, node: Node<'_>) -> Option<Script> {
        let mut parts = children(node);
        let file = parts.next().map(|file| self.text(&file))?;
        let functions = parts
            .filter_map(|function| self.function(function))
            .collect();
        Some(Script { file, functions })
    }

    fn function(&mut self, node: Node<'_>) -> Option<Function> {
        let span = self.span(&node);
        let mut declared = None;
        let mut parameters = Vec::new();
        let mut result = None;
        for child in children(node) {
            match child.as_rule() {
                Rule::declared => declared = self.declared(child),
                Rule::parameter => {
                    let mut parts = children(child);
                    let name = parts.next().map(|name| self.name(&name));
                    let ty = parts.next().and_then(|ty| self.type_expr(ty));
                    parameters.extend(name.zip(ty));
                }
                _ => result = self.type_expr(child),
            }
        }
        Some(Function {
            declared: declared?,
            parameters,
            result: result?,
            span,
        })
    }

    fn guarantee(&mut self, node: Node<'_>) -> Option<Guarantee> {
        let mut declared = None;
        let mut conditions = Vec::new();
        let mut because = Vec::new();
        for child in children(node) {
            match child.as_rule() {
                Rule::declared => declared = self.declared(child),
                Rule::because => because = self.because(child),
                _ => conditions.push(self.expr(child)),
            }
        }
        let mut conditions = conditions.into_iter();
        Some(Guarantee {
            declared: declared?,
            condition: conditions.next()?,
            then: conditions.next()?,
            because,
        })
    }
}
