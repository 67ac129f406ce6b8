//! Names that do not exist: the message, the nearest name, and what the name is elsewhere.

use super::builder::{Builder, Space};
use super::wording::{first_listed, listed};
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
    pub fn one(self) -> Message {
        match self {
            Space::Value => message!("a value"),
            Space::Type => message!("a type"),
            Space::Role => message!("a role"),
            Space::Queue => message!("a queue"),
            Space::Calendar => message!("a calendar"),
            Space::Clock => message!("a clock"),
            Space::Record => message!("a record class"),
            Space::Event => message!("an event"),
            Space::FollowUp => message!("a follow-up"),
            Space::Requirement => message!("a requirement"),
        }
    }

    /// That nothing of this kind has the name.
    pub fn none_called(self, name: &str) -> Message {
        match self {
            Space::Value => message!("there is no value `{name}`", name),
            Space::Type => message!("there is no type `{name}`", name),
            Space::Role => message!("there is no role `{name}`", name),
            Space::Queue => message!("there is no queue `{name}`", name),
            Space::Calendar => message!("there is no calendar `{name}`", name),
            Space::Clock => message!("there is no clock `{name}`", name),
            Space::Record => message!("there is no record class `{name}`", name),
            Space::Event => message!("there is no event `{name}`", name),
            Space::FollowUp => message!("there is no follow-up `{name}`", name),
            Space::Requirement => message!("there is no requirement `{name}`", name),
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
    fn declare(self) -> Message {
        match self {
            Space::Value => {
                message!("declare it as a field of the `case`, with `define` or with `classify`")
            }
            Space::Type => message!("declare it with `type NAME = …`"),
            Space::Role => message!("declare it with `role NAME`"),
            Space::Queue => message!("declare it with `queue NAME`"),
            Space::Calendar => message!("declare it with `calendar NAME {{ … }}`, or use `always`"),
            Space::Clock => message!("declare it with `clock NAME {{ … }}`"),
            Space::Record => message!("declare it with `record NAME`"),
            Space::Event => message!("declare it in `events {{ … }}`"),
            Space::FollowUp => message!("declare it with `follow_up NAME …`"),
            Space::Requirement => message!("declare it with `require NAME …`"),
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
        let others: Vec<Message> = Space::ALL
            .into_iter()
            .filter(|other| *other != space && self.declares(*other, &name.text))
            .map(Space::one)
            .collect();
        let candidates = self.listed.get(&space).cloned().unwrap_or_default();
        if let Some(labelled) = self.labelled(space, &name.text) {
            let message = space.none_called(&name.text);
            let finding = Diagnostic::error(space.code(), name.span, message)
                .help(message!(
                    "`{name}` is the label of `{labelled}`: write `{labelled}`",
                    name = name.text,
                    labelled
                ))
                .safe_fix(name.span, written(&labelled));
            self.report(finding);
        } else if others.is_empty() {
            let message = space.none_called(&name.text);
            let finding = Diagnostic::error(space.code(), name.span, message);
            let finding =
                self.suggest(finding, &name.text, name.span, &candidates, space.declare());
            self.report(finding);
        } else {
            let message = message!(
                "`{name}` is {others}, not {one}",
                name = name.text,
                others = Message::all_of(others),
                one = space.one()
            );
            let finding = Diagnostic::error(space.code(), name.span, message);
            let help = if candidates.is_empty() {
                space.declare()
            } else {
                message!("declared here: {list}", list = first_listed(&candidates))
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
        otherwise: Message,
    ) -> Diagnostic {
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
            [best, ..] => finding
                .help(message!(
                    "did you mean one of {list}?",
                    list = listed(near.iter().copied())
                ))
                .unsafe_fix(span, written(best)),
        }
    }
}

/// A name as it has to be written, in backticks where the word alone would be read otherwise.
pub fn written(name: &str) -> String {
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
