//! Guarantees and the policy's own tests.

use super::builder::{Builder, Space, citations};
use super::places::Place;
use super::quick::{HashMap, HashSet};
use super::raw;
use crate::diag::Diagnostic;
use crate::message::message;
use crate::model::{EventId, Expect, ExpectKind, Guarantee, Test, TestEvent};
use crate::source::Span;
use crate::syntax::ast::{self, ItemKind};
use smol_str::SmolStr;

impl<'a> Builder<'a> {
    /// Checks all guarantees.
    pub fn check_guarantees(&mut self) {
        let files = self.input.files;
        let all = || {
            files
                .iter()
                .flat_map(|file| &file.items)
                .filter_map(|item| match &item.kind {
                    ItemKind::Guarantee(guarantee) => Some(guarantee),
                    _ => None,
                })
        };
        self.once_each(
            "duplicate-name",
            &message!("a guarantee"),
            all().map(|guarantee| &guarantee.declared.name),
        );
        for guarantee in all() {
            self.enter(format!("guarantee.{}", guarantee.declared.name.text));
            let condition = self.condition(&guarantee.condition, Place::Guarantee);
            let then = self.condition(&guarantee.then, Place::Guarantee);
            if let (Some(condition), Some(then)) = (condition, then) {
                let declared = self.declared(&guarantee.declared);
                let because = citations(&guarantee.because);
                self.model.guarantees.push(Guarantee {
                    declared,
                    condition,
                    then,
                    because,
                });
            }
        }
        self.enter("");
    }

    /// Checks all tests.
    pub fn check_tests(&mut self) {
        let files = self.input.files;
        let mut seen: HashMap<&str, Span> = HashMap::default();
        for item in files.iter().flat_map(|file| &file.items) {
            let ItemKind::Test(test) = &item.kind else {
                continue;
            };
            self.enter(format!("test.{}", test.name.text));
            match seen.get(test.name.text.as_str()).copied() {
                Some(first) => {
                    let name = ast::Name {
                        text: SmolStr::new(&test.name.text),
                        span: test.name.span,
                    };
                    self.duplicate("duplicate-name", &message!("a test"), &name, first);
                }
                None => {
                    seen.insert(&test.name.text, test.name.span);
                }
            }
            let checked = self.trial(test, item.span);
            self.model.tests.extend(checked);
        }
        self.enter("");
    }

    fn trial(&mut self, test: &'a ast::Test, span: Span) -> Option<Test> {
        let refused: HashSet<&str> = test
            .expects
            .iter()
            .filter_map(|expect| match &expect.kind {
                ast::ExpectKind::Refused(path) => Some(path.text.as_str()),
                ast::ExpectKind::Condition(_) => None,
            })
            .collect();
        let case = raw::record(self, &test.case, "", &refused);
        let mut events = Vec::with_capacity(test.events.len());
        let mut sound = true;
        for (at, event) in test.events.iter().enumerate() {
            let kind = match &event.kind {
                ast::TestEventKind::Event(name) => {
                    let refused_event = refused.contains(format!("events[{at}].event").as_str());
                    if refused_event && !self.declares(Space::Event, &name.text) {
                        sound = false;
                        self.report(
                            Diagnostic::error(
                                "unknown-event",
                                name.span,
                                message!("there is no event `{name}`", name = name.text),
                            )
                            .help(message!(
                                "an event that is not declared cannot be stated in a test"
                            )),
                        );
                        continue;
                    }
                    self.look_up(Space::Event, name)
                        .map(|id| TestEvent::Event(EventId(id)))
                }
                ast::TestEventKind::Set(record) => {
                    raw::record(self, record, &format!("events[{at}].set"), &refused)
                        .map(TestEvent::Set)
                }
            };
            match kind {
                Some(kind) => events.push((event.at.0, kind)),
                None => sound = false,
            }
        }
        let mut expects = Vec::with_capacity(test.expects.len());
        for expect in &test.expects {
            let kind = match &expect.kind {
                ast::ExpectKind::Refused(path) => Some(ExpectKind::Refused(path.text.clone())),
                ast::ExpectKind::Condition(condition) => self
                    .condition(condition, Place::Expect)
                    .map(ExpectKind::Condition),
            };
            match kind {
                Some(kind) => {
                    let text = self.input.sources.slice(expect.span);
                    let text = text.strip_prefix("expect").unwrap_or(text);
                    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
                    expects.push(Expect {
                        kind,
                        text,
                        span: expect.span,
                    });
                }
                None => sound = false,
            }
        }
        let case = case?;
        sound.then(|| Test {
            name: test.name.text.clone(),
            span,
            case,
            events,
            at: test.at.map(|(at, _)| at),
            expects,
        })
    }
}
