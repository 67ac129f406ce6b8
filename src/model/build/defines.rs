//! Defines, each checked after those that it reads, without recursion from one to the next.

use super::builder::{Builder, DefineState, number};
use super::places::Place;
use crate::diag::Diagnostic;
use crate::message::message;
use crate::model::expr::{Expr, ExprKind};
use crate::model::{Define, DefineId};

/// The longest chain of defines that read one another.
const LONGEST_CHAIN: usize = 100;

/// A define being checked, and those it waits for.
struct Frame {
    at: usize,
    waits_for: Vec<usize>,
}

impl Builder<'_> {
    /// Checks all defines.
    pub fn check_defines(&mut self) {
        for at in 0..self.defines.len() {
            self.check_define(at);
        }
        self.wanted.clear();
        self.enter("");
    }

    fn state(&self, at: usize) -> Option<&DefineState> {
        self.defines.get(at).map(|item| &item.state)
    }

    fn set_state(&mut self, at: usize, state: DefineState) {
        if let Some(item) = self.defines.get_mut(at) {
            item.state = state;
        }
    }

    fn check_define(&mut self, start: usize) {
        let Some(DefineState::Waiting) = self.state(start) else {
            return;
        };
        self.set_state(start, DefineState::Checking);
        let mut open = vec![Frame {
            at: start,
            waits_for: Vec::new(),
        }];
        while let Some(frame) = open.last_mut() {
            if let Some(next) = frame.waits_for.pop() {
                match self.defines.get(next).map(|item| item.state.clone()) {
                    Some(DefineState::Waiting) => {
                        self.set_state(next, DefineState::Checking);
                        open.push(Frame {
                            at: next,
                            waits_for: Vec::new(),
                        });
                    }
                    Some(DefineState::Checking) => {
                        let from = open.iter().position(|frame| frame.at == next).unwrap_or(0);
                        let members: Vec<usize> =
                            open.drain(from..).map(|frame| frame.at).collect();
                        self.loop_of_defines(&members);
                    }
                    Some(DefineState::Checked(..) | DefineState::Poisoned) | None => {}
                }
                continue;
            }
            let at = frame.at;
            let Some(item) = self.defines.get(at) else {
                break;
            };
            let (value, declared) = (item.value, item.declared);
            self.enter(format!("define.{}", declared.name.text));
            // An attempt that finds a define still unchecked says nothing and is made again.
            let kept = self.findings.len();
            self.wanted.clear();
            let checked = self.check(value, Place::Define, None);
            if !self.wanted.is_empty() {
                self.findings.truncate(kept);
                let mut waits_for = std::mem::take(&mut self.wanted);
                let mut seen = super::quick::HashSet::default();
                waits_for.retain(|next| seen.insert(*next));
                waits_for.reverse();
                frame.waits_for = waits_for;
                continue;
            }
            let state = match checked {
                Some(value) => self.keep_define(at, value),
                None => DefineState::Poisoned,
            };
            self.set_state(at, state);
            open.pop();
        }
    }

    fn keep_define(&mut self, at: usize, value: Expr) -> DefineState {
        let mut depth = 0;
        value.walk(&mut |part| {
            if let ExprKind::Define(id) = &part.kind {
                let below = self.define_depths.get(id.0 as usize).copied().unwrap_or(0);
                depth = depth.max(below);
            }
        });
        let depth = depth + 1;
        let Some(item) = self.defines.get(at) else {
            return DefineState::Poisoned;
        };
        let declared = item.declared;
        if depth > LONGEST_CHAIN {
            let message = message!(
                "`{name}` reads defines that read defines, more than {longest_chain} deep",
                name = declared.name.text,
                longest_chain = LONGEST_CHAIN
            );
            self.report(
                Diagnostic::error("nesting", declared.name.span, message)
                    .help(message!("write some of them out")),
            );
            return DefineState::Poisoned;
        }
        let id = DefineId(number(self.model.defines.len()));
        let ty = value.ty.clone();
        let declared = self.declared(declared);
        self.model.defines.push(Define { declared, value });
        self.define_depths.push(depth);
        DefineState::Checked(id, ty)
    }

    fn loop_of_defines(&mut self, members: &[usize]) {
        let names: Vec<_> = members
            .iter()
            .filter_map(|at| self.defines.get(*at))
            .map(|item| item.declared)
            .collect();
        for at in members {
            self.set_state(*at, DefineState::Poisoned);
        }
        self.report_loop(
            "define",
            &names,
            message!("break the loop: one of them has to do without the next"),
        );
    }
}
