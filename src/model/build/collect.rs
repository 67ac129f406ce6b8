//! First pass: who declares which name, and names declared twice.

use super::builder::{
    Builder, ClassifyItem, Declaration, DefineItem, DefineState, FunctionItem, NamedType, Space,
    TypeItem, ValueEntry, number,
};
use super::enums::{CLOCK_STATE_WORDS, PHASE_WORDS};
use super::quick::HashMap;
use super::types::BUILT_IN_TYPES;
use crate::diag::Diagnostic;
use crate::message::{Message, message};
use crate::model::types::Member;
use crate::source::Span;
use crate::syntax::ast::{self, ItemKind};

/// Words that begin a path of the decision, so that no value may be called so.
pub(super) const RESERVED_VALUES: [&str; 7] = [
    "case",
    "route",
    "sla",
    "retention",
    "follow_up",
    "requirements",
    "now",
];

/// Functions of the language.
pub(super) const BUILT_IN_FUNCTIONS: [&str; 4] = ["count", "length", "min", "max"];

impl<'a> Builder<'a> {
    /// Gathers the declared names of all files.
    pub fn collect(&mut self) {
        let files = self.input.files;
        let always = Declaration {
            span: Span::default(),
            entry: 0,
        };
        self.names.insert((Space::Calendar, "always"), always);
        self.listed
            .entry(Space::Calendar)
            .or_default()
            .push("always");
        for file in files {
            for item in &file.items {
                self.collect_item(item);
            }
        }
        self.built_in_enums();
    }

    fn collect_item(&mut self, item: &'a ast::Item) {
        match &item.kind {
            ItemKind::Case(fields) => self.collect_case(fields, item.span),
            ItemKind::Events(events) => {
                for event in events {
                    if self.declare(Space::Event, event) {
                        let label = event.label.as_ref().map(|label| label.text.clone());
                        self.schema
                            .events
                            .push((event.name.text.to_string(), label));
                    }
                }
            }
            ItemKind::Role(role) => {
                if self.declare(Space::Role, role) {
                    let role = self.declared(role);
                    self.model.roles.push(role);
                }
            }
            ItemKind::Queue(queue) => {
                if self.declare(Space::Queue, queue) {
                    let queue = self.declared(queue);
                    self.model.queues.push(queue);
                }
            }
            ItemKind::Record(record) => {
                if self.declare(Space::Record, record) {
                    let record = self.declared(record);
                    self.model.records.push(record);
                }
            }
            ItemKind::Type(declared, ty) => {
                if BUILT_IN_TYPES.contains(&declared.name.text.as_str()) {
                    let message = message!(
                        "`{name}` is a type of the language already",
                        name = declared.name.text
                    );
                    self.report(
                        Diagnostic::error("duplicate-name", declared.name.span, message)
                            .help(message!("give your type another name")),
                    );
                } else if self.declare(Space::Type, declared) {
                    self.types.push(TypeItem {
                        declared,
                        ast: ty,
                        resolved: NamedType::Poisoned,
                    });
                }
            }
            ItemKind::Define(declared, value) => {
                if self.declare_value(declared, ValueEntry::Define(self.defines.len())) {
                    self.defines.push(DefineItem {
                        declared,
                        value,
                        state: DefineState::Waiting,
                    });
                }
            }
            ItemKind::Script(script) => {
                for function in &script.functions {
                    if BUILT_IN_FUNCTIONS.contains(&function.declared.name.text.as_str()) {
                        let name = &function.declared.name;
                        let message = message!(
                            "`{name}` is a function of the language already",
                            name = name.text
                        );
                        self.report(
                            Diagnostic::error("duplicate-name", name.span, message).help(message!(
                                "give your function another name, in the script too"
                            )),
                        );
                    } else if self.declare_value(
                        &function.declared,
                        ValueEntry::Function(self.functions.len()),
                    ) {
                        self.functions.push(FunctionItem {
                            ast: function,
                            file: &script.file,
                            signature: None,
                        });
                    }
                }
            }
            ItemKind::Classify(classify) => {
                let entry = ValueEntry::Classification(self.classifications.len());
                if self.declare_value(&classify.declared, entry) {
                    self.classifications.push(ClassifyItem {
                        ast: classify,
                        outcome: None,
                        place: 0,
                    });
                }
            }
            ItemKind::Route(route) => self.collect_route(route, item.span),
            ItemKind::Sla(sla) => self.collect_sla(sla, item.span),
            ItemKind::Calendar(calendar) => {
                if calendar.declared.name.text == "always" {
                    self.report(
                        Diagnostic::error(
                            "duplicate-name",
                            calendar.declared.name.span,
                            message!("`always` is the built-in calendar that never closes"),
                        )
                        .help(message!("give your calendar another name")),
                    );
                } else if self.declare(Space::Calendar, &calendar.declared) {
                    self.calendars.push(calendar);
                }
            }
            ItemKind::Clock(clock) => {
                if self.declare(Space::Clock, &clock.declared) {
                    self.clocks.push(clock);
                }
            }
            ItemKind::FollowUp(follow_up) => {
                self.declare(Space::FollowUp, &follow_up.declared);
            }
            ItemKind::Require(require) => {
                self.declare(Space::Requirement, &require.declared);
            }
            ItemKind::Retain(_)
            | ItemKind::Hold(_)
            | ItemKind::Guarantee(_)
            | ItemKind::Test(_) => {}
        }
    }

    fn collect_case(&mut self, fields: &'a [ast::Field], span: Span) {
        if let Some((_, first)) = self.case {
            for field in fields {
                self.lost.insert(&field.declared.name.text);
            }
            return self.second_block("case", span, first);
        }
        self.case = Some((fields, span));
        for field in fields {
            self.declare_value(&field.declared, ValueEntry::CaseField);
        }
    }

    fn collect_route(&mut self, route: &'a ast::Route, span: Span) {
        match self.block_spans.0 {
            Some(first) => self.second_block("route", span, first),
            None => {
                self.block_spans.0 = Some(span);
                self.route = Some(route);
            }
        }
    }

    fn collect_sla(&mut self, sla: &'a ast::Sla, span: Span) {
        match self.block_spans.1 {
            Some(first) => {
                self.lost.extend(
                    sla.tiers
                        .iter()
                        .map(|tier| tier.declared.name.text.as_str()),
                );
                self.second_block("sla", span, first);
            }
            None => {
                self.block_spans.1 = Some(span);
                self.sla = Some(sla);
            }
        }
    }

    fn second_block(&mut self, keyword: &str, span: Span, first: Span) {
        let message = message!(
            "a policy has one `{keyword}` block, this is the second",
            keyword
        );
        self.report(
            Diagnostic::error("duplicate-block", keyword_span(span, keyword), message)
                .also(
                    keyword_span(first, keyword),
                    message!("first declared here"),
                )
                .help(message!("move what it says into the first one")),
        );
    }

    /// Declares a name; false, with a message, when the kind has such a name already.
    fn declare(&mut self, space: Space, declared: &'a ast::Declared) -> bool {
        let name = &declared.name;
        if let Some(first) = self.names.get(&(space, name.text.as_str())) {
            let first = first.span;
            self.enter(format!("{}.{}", space.keyword(), name.text));
            self.duplicate("duplicate-name", &space.one(), name, first);
            self.enter("");
            return false;
        }
        let list = self.listed.entry(space).or_default();
        let entry = number(list.len());
        list.push(&name.text);
        self.names.insert(
            (space, &name.text),
            Declaration {
                span: name.span,
                entry,
            },
        );
        true
    }

    fn declare_value(&mut self, declared: &'a ast::Declared, entry: ValueEntry) -> bool {
        let keyword = match entry {
            ValueEntry::CaseField => "case",
            ValueEntry::Define(_) => "define",
            ValueEntry::Classification(_) => "classify",
            ValueEntry::Function(_) => "script",
        };
        self.enter(format!("{keyword}.{}", declared.name.text));
        let new = self.declare_new_value(declared, entry);
        self.enter("");
        new
    }

    fn declare_new_value(&mut self, declared: &'a ast::Declared, entry: ValueEntry) -> bool {
        let name = &declared.name;
        if RESERVED_VALUES.contains(&name.text.as_str()) {
            let message = message!(
                "nothing in a policy may be called `{name}`",
                name = name.text
            );
            let help = match name.text.as_str() {
                "now" => message!("no condition reads the present time; call it something else"),
                "case" => message!("the word stands for the whole case; call it something else"),
                word => message!(
                    "the word begins paths such as `{word}.…`; call it something else",
                    word
                ),
            };
            self.report(Diagnostic::error("reserved-field-name", name.span, message).help(help));
            self.lost.insert(&name.text);
            return false;
        }
        if let Some(first) = self.values.get(name.text.as_str()).copied() {
            let both_fields =
                entry == ValueEntry::CaseField && first.entry == ValueEntry::CaseField;
            if both_fields {
                self.duplicate("duplicate-field", &message!("a field"), name, first.span);
            } else {
                let one = match first.entry {
                    ValueEntry::CaseField => message!("a field"),
                    ValueEntry::Define(_) => message!("a `define`"),
                    ValueEntry::Classification(_) => message!("a classification"),
                    ValueEntry::Function(_) => message!("a function"),
                };
                self.duplicate("duplicate-name", &one, name, first.span);
            }
            return false;
        }
        self.listed
            .entry(Space::Value)
            .or_default()
            .push(&name.text);
        self.values.insert(
            &name.text,
            Declaration {
                span: name.span,
                entry,
            },
        );
        true
    }

    /// Reports a name declared a second time; `one` says what the first is.
    pub fn duplicate(&mut self, code: &'static str, one: &Message, name: &ast::Name, first: Span) {
        let message = message!("{one} is already called `{name}`", one, name = name.text);
        self.report(
            Diagnostic::error(code, name.span, message)
                .also(first, message!("first declared here"))
                .help(message!("rename one of the two, or remove it")),
        );
    }

    /// Reports each name of a list that an earlier one has, with `one` for what they name.
    pub fn once_each<'n>(
        &mut self,
        code: &'static str,
        one: &Message,
        names: impl IntoIterator<Item = &'n ast::Name>,
    ) {
        let mut seen: HashMap<&str, Span> = HashMap::default();
        for name in names {
            match seen.get(name.text.as_str()).copied() {
                Some(first) => self.duplicate(code, one, name, first),
                None => {
                    seen.insert(&name.text, name.span);
                }
            }
        }
    }

    fn built_in_enums(&mut self) {
        let of_declared = |list: &[crate::model::Declared]| -> Vec<Member> {
            list.iter()
                .map(|d| Member {
                    name: d.name.clone(),
                    label: d.label.clone(),
                    span: d.span,
                })
                .collect()
        };
        let of_words = |words: &[&str]| -> Vec<Member> {
            let member = |word: &&str| Member {
                name: (*word).to_owned(),
                label: None,
                span: Span::default(),
            };
            words.iter().map(member).collect()
        };
        let mut tiers: Vec<Member> = Vec::new();
        let mut seen = super::quick::HashSet::default();
        for tier in self.sla.into_iter().flat_map(|sla| &sla.tiers) {
            if seen.insert(tier.declared.name.text.as_str()) {
                let d = self.declared(&tier.declared);
                tiers.push(Member {
                    name: d.name,
                    label: d.label,
                    span: d.span,
                });
            }
        }
        let roles = of_declared(&self.model.roles);
        let queues = of_declared(&self.model.queues);
        self.enums.add(Some("role".into()), false, roles);
        self.enums.add(Some("queue".into()), false, queues);
        self.enums.add(Some("tier".into()), false, tiers);
        self.enums.add(
            Some("clock state".into()),
            false,
            of_words(&CLOCK_STATE_WORDS),
        );
        self.enums
            .add(Some("phase".into()), false, of_words(&PHASE_WORDS));
    }
}

/// The first word of an item.
pub(super) fn keyword_span(item: Span, keyword: &str) -> Span {
    Span {
        end: (item.start + number(keyword.len())).min(item.end),
        ..item
    }
}
