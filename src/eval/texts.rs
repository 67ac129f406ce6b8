//! Texts of a case, and what conditions look for in them.
//!
//! Part of [`super::evaluator`].

use super::evaluator::Evaluator;
use super::truth::Truth;
use crate::compile::{Node, NodeId, TextOp, fold};
use crate::index::Rest;
use crate::value::Value;
use std::borrow::Cow;
use std::cell::OnceCell;

impl Evaluator<'_> {
    /// Whether a part holds that an index leaves.
    #[inline]
    pub(super) fn truth_of_rest(&self, rest: &Rest) -> Truth {
        let node = rest.asked.node;
        let searches = &self.kept.searches;
        let truth = match rest.looked_for {
            Some(search) => searches.once(search, || self.search(search, node)),
            None => self.truth(node),
        };
        truth.negated_if(rest.asked.negated)
    }

    /// What a search comes to that an index knows by number.
    #[inline]
    fn search(&self, number: u32, node: NodeId) -> Truth {
        let Some(needle) = self.index.needle(number) else {
            return self.truth(node);
        };
        let text = match needle.folded {
            false => self.field_text(needle.slot),
            true => self.folded_field(needle.slot),
        };
        Truth::from(text.map(|text| needle.is_in(text)))
    }

    /// A text, in lower case if asked; the lower-case form of a field is kept.
    pub(super) fn text(&self, id: NodeId, folded: bool) -> Option<Cow<'_, str>> {
        if folded {
            return self.folded(id);
        }
        match self.value(id)? {
            Cow::Borrowed(Value::Text(text)) => Some(Cow::Borrowed(text)),
            Cow::Owned(Value::Text(text)) => Some(Cow::Owned(text.into())),
            _ => None,
        }
    }

    /// The text of a slot.
    #[inline]
    fn field_text(&self, slot: u32) -> Option<&str> {
        match self.state.slots.get(slot as usize)?.as_ref()? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The text of a slot in lower case, which is kept.
    pub(super) fn folded_field(&self, slot: u32) -> Option<&str> {
        let text = self.field_text(slot)?;
        let room = || vec![OnceCell::new(); self.program.fields.len()];
        let kept = self.kept.folded.get_or_init(room).get(slot as usize)?;
        Some(kept.get_or_init(|| fold(text)))
    }

    pub(super) fn folded(&self, id: NodeId) -> Option<Cow<'_, str>> {
        if let Node::Field(slot) = self.program.node(id) {
            return self.folded_field(*slot).map(Cow::Borrowed);
        }
        let value = self.value(id)?;
        let Value::Text(text) = value.as_ref() else {
            return None;
        };
        Some(Cow::Owned(fold(text)))
    }

    #[inline]
    pub(super) fn test(
        &self,
        op: TextOp,
        value: NodeId,
        pattern: &str,
        folded: bool,
    ) -> Option<bool> {
        let text = match self.program.node(value) {
            Node::Field(slot) if !folded => Cow::Borrowed(self.field_text(*slot)?),
            _ => self.text(value, folded)?,
        };
        Some(match op {
            TextOp::Contains => text.contains(pattern),
            TextOp::StartsWith => text.starts_with(pattern),
            TextOp::EndsWith => text.ends_with(pattern),
        })
    }
}
