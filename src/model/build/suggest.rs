//! Names that do not exist: the message, the nearest name, and what the name is elsewhere.

use super::builder::{Builder, Space};
use crate::diag::{self, Diagnostic};
use crate::message::{Message, message};
use crate::source::Span;
use crate::syntax::ast;

impl Space {
    pub const ALL: [Space; 10] = [
        Space::Value,
        Space::Type,
        Space::Role,
        Space::Queue,
        Space::Calendar,
        Space::Clock,
        Space::Record,
        Space::Event,
        Space::FollowUp,
        Space::Requirement,
    ];

    /// One thing of this kind in the operator's words.
    pub fn one(self) -> &'static str {
        match self {
            Space::Value => "a value",
            Space::Type => "a type",
            Space::Role => "a role",
            Space::Queue => "a queue",
            Space::Calendar => "a calendar",
            Space::Clock => "a clock",
            Space::Record => "a record class",
            Space::Event => "an event",
            Space::FollowUp => "a follow-up",
            Space::Requirement => "a requirement",
        }
    }

    /// The word that declares such a name, as subjects of findings begin.
    pub fn keyword(self) -> &'static str {
        match self {
            Space::Value => "case",
            Space::Type => "type",
            Space::Role => "role",
            Space::Queue => "queue",
            Space::Calendar => "calendar",
            Space::Clock => "clock",
            Space::Record => "record",
            Space::Event => "events",
            Space::FollowUp => "follow_up",
            Space::Requirement => "require",
        }
    }

    /// What declares such a name, for help where nothing is near.
    fn declare(self) -> &'static str {
        match self {
            Space::Value => "declare it as a field of the `case`, with `define` or with `classify`",
            Space::Type => "declare it with `type NAME = …`",
            Space::Role => "declare it with `role NAME`",
            Space::Queue => "declare it with `queue NAME`",
            Space::Calendar => "declare it with `calendar NAME { … }`, or use `always`",
            Space::Clock => "declare it with `clock NAME { … }`",
            Space::Record => "declare it with `record NAME`",
            Space::Event => "declare it in `events { … }`",
            Space::FollowUp => "declare it with `follow_up NAME …`",
            Space::Requirement => "declare it with `require NAME …`",
        }
    }

    fn code(self) -> &'static str {
        match self {
            Space::Value => "unknown-name",
            Space::Type => "unknown-type",
            Space::Role => "unknown-role",
            Space::Queue => "unknown-queue",
            Space::Calendar => "unknown-calendar",
            Space::Clock => "unknown-clock",
            Space::Record => "unknown-record",
            Space::Event => "unknown-event",
            Space::FollowUp => "unknown-follow-up",
            Space::Requirement => "unknown-requirement",
        }
    }

    /// The item whose loss takes names of this kind with it.
    fn lost_with(self) -> &'static [&'static str] {
        match self {
            Space::Value => &["case", "script"],
            Space::Event => &["events"],
            Space::Type
            | Space::Role
            | Space::Queue
            | Space::Calendar
            | Space::Clock
            | Space::Record
            | Space::FollowUp
            | Space::Requirement => &[],
        }
    }
}

impl<'a> Builder<'a> {
    /// The place of a declared name; reports it when there is none.
    pub fn look_up(&mut self, space: Space, name: &ast::Name) -> Option<u32> {
        if let Some(found) = self.names.get(&(space, name.text.as_str())) {
            return Some(found.entry);
        }
        self.unknown(space, name);
        None
    }

    /// Whether an unknown name of this kind may come from text that could not be read.
    pub fn may_be_lost(&self, space: Space, name: &str) -> bool {
        self.is_lost(name)
            || space
                .lost_with()
                .iter()
                .any(|item| self.lost_items.contains(item))
    }

    /// Reports a name that is not declared as this kind.
    pub fn unknown(&mut self, space: Space, name: &ast::Name) {
        if self.may_be_lost(space, &name.text) {
            return;
        }
        let others: Vec<&'static str> = Space::ALL
            .into_iter()
            .filter(|other| *other != space && self.declares(*other, &name.text))
            .map(Space::one)
            .collect();
        let candidates = self.listed.get(&space).cloned().unwrap_or_default();
        if let Some(labelled) = self.labelled(space, &name.text) {
            let message = message!(
                "there is no {without_article} `{text}`",
                without_article = without_article(space.one()),
                text = name.text
            );
            let finding = Diagnostic::error(space.code(), name.span, message)
                .help(message!(
                    "`{text}` is the label of `{labelled}`: write `{labelled}`",
                    text = name.text,
                    labelled
                ))
                .safe_fix(name.span, written(&labelled));
            self.report(finding);
        } else if others.is_empty() {
            let message = message!(
                "there is no {without_article} `{text}`",
                without_article = without_article(space.one()),
                text = name.text
            );
            let finding = Diagnostic::error(space.code(), name.span, message);
            let finding =
                self.suggest(finding, &name.text, name.span, &candidates, space.declare());
            self.report(finding);
        } else {
            let message = message!(
                "`{text}` is {list}, not {one}",
                text = name.text,
                list = others.join(" and "),
                one = space.one()
            );
            let finding = Diagnostic::error(space.code(), name.span, message);
            let listed: Vec<String> = candidates
                .iter()
                .take(8)
                .map(|one| format!("`{one}`"))
                .collect();
            let more = if candidates.len() > 8 { ", …" } else { "" };
            let help = match listed.len() {
                0 => space.declare().into(),
                _ => message!(
                    "declared here: {list}{more}",
                    list = listed.join(", "),
                    more
                ),
            };
            let finding = self.suggest(finding, &name.text, name.span, &candidates, help);
            self.report(finding);
        }
    }

    /// The only thing of this kind with that label.
    fn labelled(&self, space: Space, label: &str) -> Option<String> {
        let of = |list: &[crate::model::Declared]| -> Vec<String> {
            let same = list
                .iter()
                .filter(|one| one.label.as_deref() == Some(label));
            same.map(|one| one.name.clone()).collect()
        };
        let found: Vec<String> = match space {
            Space::Role => of(&self.model.roles),
            Space::Queue => of(&self.model.queues),
            Space::Record => of(&self.model.records),
            Space::Value => {
                let fields = self.schema.fields.iter();
                let same = fields.filter(|field| field.label.as_deref() == Some(label));
                same.map(|field| field.path.clone()).collect()
            }
            Space::Event => {
                let same = self
                    .schema
                    .events
                    .iter()
                    .filter(|(_, own)| own.as_deref() == Some(label));
                same.map(|(name, _)| name.clone()).collect()
            }
            Space::Type | Space::Calendar | Space::Clock | Space::FollowUp | Space::Requirement => {
                Vec::new()
            }
        };
        match found.as_slice() {
            [only] => Some(only.clone()),
            _ => None,
        }
    }

    /// Whether such a name is declared.
    pub fn declares(&self, space: Space, name: &str) -> bool {
        match space {
            Space::Value => self.values.contains_key(name),
            Space::Type
            | Space::Role
            | Space::Queue
            | Space::Calendar
            | Space::Clock
            | Space::Record
            | Space::Event
            | Space::FollowUp
            | Space::Requirement => self.names.contains_key(&(space, name)),
        }
    }

    /// Adds the nearest of the candidates as help and fix, or else other help.
    pub fn suggest(
        &mut self,
        finding: Diagnostic,
        wanted: &str,
        span: Span,
        candidates: &[&str],
        otherwise: impl Into<Message>,
    ) -> Diagnostic {
        let otherwise = otherwise.into();
        let near = if candidates.len() <= self.suggestions_left {
            self.suggestions_left -= candidates.len();
            diag::nearest(wanted, candidates.iter().copied())
        } else {
            Vec::new()
        };
        match near.as_slice() {
            [] if otherwise.is_empty() => finding,
            [] => finding.help(otherwise),
            [best, others @ ..]
                if diag::is_slip(wanted, best)
                    && !others.iter().any(|other| diag::is_slip(wanted, other)) =>
            {
                finding
                    .help(message!("did you mean `{best}`?", best))
                    .safe_fix(span, written(best))
            }
            [only] => finding
                .help(message!("did you mean `{best}`?", best = only))
                .unsafe_fix(span, written(only)),
            [best, ..] => {
                let list = near
                    .iter()
                    .map(|name| format!("`{name}`"))
                    .collect::<Vec<_>>()
                    .join(", ");
                finding
                    .help(message!("did you mean one of {list}?", list))
                    .unsafe_fix(span, written(best))
            }
        }
    }
}

fn without_article(one: &str) -> &str {
    one.split_once(' ').map_or(one, |(_, rest)| rest)
}

/// A name as it has to be written, in backticks where the word alone would be read otherwise.
pub(super) fn written(name: &str) -> String {
    let plain = name
        .chars()
        .next()
        .is_some_and(|first| first.is_alphabetic() || first == '_')
        && name.chars().all(|c| c.is_alphanumeric() || c == '_')
        && !crate::syntax::RESERVED.contains(&name);
    let dotted = name.contains('.') && !name.contains(' ');
    if plain || dotted {
        name.to_owned()
    } else {
        format!("`{name}`")
    }
}
