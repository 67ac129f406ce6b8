//! Items of a line or a few: names, defines, events, holds, requirements, guarantees.
//!
//! Where no brace closes an item, it is read here only if nothing is left before the next one: what could go on, the
//! grammar judges.

use super::super::ast::{Declared, Expr, Guarantee, Hold, Require};
use super::{Direct, once};

impl Direct<'_> {
    /// Behind `role`, `queue` or `record`.
    pub fn name_alone(&mut self) -> Option<Declared> {
        let declared = self.declared()?;
        self.need_end()?;
        Some(declared)
    }

    /// Behind `define`.
    pub fn define(&mut self) -> Option<(Declared, Expr)> {
        let declared = self.declared()?;
        self.need_sign('=')?;
        let value = self.expr()?;
        self.need_end()?;
        Some((declared, value))
    }

    /// Behind `events`.
    pub fn events(&mut self) -> Option<Vec<Declared>> {
        let mut events = Vec::new();
        self.need_sign('{')?;
        if self.eat_sign('}') {
            return Some(events);
        }
        events.push(self.declared()?);
        while self.eat_sign(',') {
            events.push(self.declared()?);
        }
        self.need_sign('}')?;
        Some(events)
    }

    /// Behind `hold`.
    pub fn hold(&mut self) -> Option<Hold> {
        let declared = self.declared()?;
        self.need_word("on")?;
        let record = self.name()?;
        self.need_word("when")?;
        let when = self.expr()?;
        let because = self.because_if_any()?;
        self.need_end()?;
        Some(Hold {
            declared,
            record,
            when,
            because,
        })
    }

    /// Behind `require`.
    pub fn require(&mut self) -> Option<Require> {
        let declared = self.declared()?;
        let mut when = None;
        let mut that = None;
        let mut because = None;
        while self.token(0).is_some() {
            match self.take_word()? {
                "when" => once(&mut when, self.expr()?)?,
                "that" => once(&mut that, self.expr()?)?,
                "because" => once(&mut because, self.because()?)?,
                _ => return None,
            }
        }
        Some(Require {
            declared,
            when: when?,
            that: that?,
            because: because.unwrap_or_default(),
        })
    }

    /// Behind `guarantee`.
    pub fn guarantee(&mut self) -> Option<Guarantee> {
        let declared = self.declared()?;
        self.need_sign('{')?;
        self.need_word("if")?;
        let condition = self.expr()?;
        self.need_word("then")?;
        let then = self.expr()?;
        let because = self.because_if_any()?;
        self.need_sign('}')?;
        Some(Guarantee {
            declared,
            condition,
            then,
            because,
        })
    }

    fn need_end(&self) -> Option<()> {
        self.token(0).is_none().then_some(())
    }
}
