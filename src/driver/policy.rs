//! A policy ready to decide: what programs that embed the engine hold in their hands.

use super::check::{self, Parts};
use super::decision::Decision;
use super::error::PolicyError;
use super::folder::Folder;
use super::printed::Printed;
use crate::analysis::Analysed;
use crate::compile::Program;
use crate::config::{Config, ExtraFields};
use crate::eval::{self, Engine};
use crate::index::RuleIndex;
use crate::ingest::{CaseBuilder, CaseReader, Index, Refusal};
use crate::json_schema::{JsonSchema, Subject};
use crate::message::Language;
use crate::model::{Model, Schema};
use crate::script::Scripts;
use crate::source::Sources;
use crate::time::{Instant, Zone};
use crate::value::{Case, CaseFile, Event};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::sync::{Arc, OnceLock};

/// A checked policy. Cloning is cheap; one policy may decide on many threads at once.
///
/// ```
/// use caseway::{Instant, Policy};
///
/// let policy = Policy::from_sources([
///     ("caseway.toml", "[policy]\nname = \"demo\"\nversion = \"1\"\nlanguage = 1\nzone = \"Asia/Shanghai\"\n"),
///     ("case.policy", "case { id: text opened_at: instant urgent: bool optional }"),
///     ("rules.policy", "role desk role engineer
///         route { first match rule urgent when urgent to engineer otherwise to desk }"),
/// ])?;
/// let opened = Instant::parse("2026-03-02T10:00:00+08:00")?;
/// let case = policy.case().field("id", "T1").field("opened_at", opened).field("urgent", true).build()?;
/// let decision = policy.decide(&case.case, &case.events, opened);
/// assert_eq!(decision.route().unwrap().role, Some("engineer"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Policy {
    inner: Arc<Inner>,
}

struct Inner {
    config: Config,
    header: Header,
    schema: Schema,
    /// Nothing that decides reads it: it is made when somebody asks for it.
    model: OnceLock<Model>,
    index: Index,
    program: Program,
    rules: RuleIndex,
    scripts: Scripts,
    sources: Sources,
    /// What short decisions are printed of, made when the first one is.
    printed: OnceLock<Option<Printed>>,
}

/// What names a policy and everything else that its decisions depend on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Header {
    /// `[policy] name`
    pub name: String,
    /// `[policy] version`
    pub version: String,
    /// `sha256:…` over all files of the policy: caseway.toml, `*.policy`, scripts and data, in byte
    /// order of their paths, each as path, NUL, length in decimal, NUL, bytes, with CRLF read as LF
    /// and a byte-order mark dropped.
    pub hash: String,
    /// `[policy] language`
    pub language: u32,
    /// Version of the time zone data built in.
    pub tzdb: String,
    /// `sha256:…` of each holiday file.
    pub holidays: BTreeMap<String, String>,
}

impl Policy {
    /// Reads the policy folder at a path: its `caseway.toml`, all `*.policy` files under it, and the
    /// files they name.
    ///
    /// # Errors
    /// All that is wrong with the policy.
    pub fn load(dir: impl AsRef<Path>) -> Result<Policy, PolicyError> {
        check::load_path(dir.as_ref())
    }

    /// Reads a policy from texts by path, without a file system.
    ///
    /// # Errors
    /// All that is wrong with the policy.
    pub fn from_sources(
        files: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>,
    ) -> Result<Policy, PolicyError> {
        let files = files
            .into_iter()
            .map(|(path, text)| (path.into(), text.into()));
        check::load(&Folder::in_memory(files))
    }

    /// The policy of these parts; of the model only the schema is kept, unless it is wanted soon.
    pub(super) fn new(parts: Parts, sources: Sources, model_wanted: bool) -> Policy {
        let Parts {
            config,
            header,
            model,
            program,
            scripts,
        } = parts;
        let schema = model.schema.clone();
        let model = match model_wanted {
            true => OnceLock::from(model),
            false => {
                // Before the index is made, which takes its place.
                drop(model);
                OnceLock::new()
            }
        };
        let index = Index::new(&schema);
        let rules = RuleIndex::new(&program);
        Policy {
            inner: Arc::new(Inner {
                config,
                header,
                schema,
                model,
                index,
                program,
                rules,
                scripts,
                sources,
                printed: OnceLock::new(),
            }),
        }
    }

    /// What names the policy: the `policy` entry of its decisions.
    pub fn header(&self) -> &Header {
        &self.inner.header
    }

    /// The zone in which the policy reads dates and prints instants.
    pub fn zone(&self) -> Zone {
        self.inner.program.zone
    }

    /// The case as the policy declares it.
    pub fn schema(&self) -> &Schema {
        &self.inner.schema
    }

    /// The settings of caseway.toml.
    pub fn config(&self) -> &Config {
        &self.inner.config
    }

    /// The checked model. A policy that was loaded to decide does not hold it: it is made from the texts when it is
    /// first asked for, which takes about as long as loading, and kept.
    pub fn model(&self) -> &Model {
        let Inner {
            model,
            config,
            schema,
            sources,
            ..
        } = &*self.inner;
        model.get_or_init(|| {
            let texts = sources.iter();
            let texts = texts.map(|(_, source)| (source.name.clone(), source.text.to_string()));
            // What was without mistakes once is so again.
            check::model_of(&Folder::in_memory(texts)).unwrap_or_else(|| Model {
                schema: schema.clone(),
                ..Model::new(&config.name, &config.version, config.zone)
            })
        })
    }

    /// The compiled program.
    pub fn program(&self) -> &Program {
        &self.inner.program
    }

    /// The scripts.
    pub fn scripts(&self) -> &Scripts {
        &self.inner.scripts
    }

    /// Which rules have to be asked of a case.
    pub fn rule_index(&self) -> &RuleIndex {
        &self.inner.rules
    }

    /// What short decisions are printed of.
    pub(super) fn printed(&self) -> Option<&Printed> {
        let printed = &self.inner.printed;
        let printed = printed.get_or_init(|| Printed::new(&self.inner.program).ok());
        printed.as_ref()
    }

    pub(super) fn engine(&self) -> Engine<'_> {
        Engine {
            program: &self.inner.program,
            index: &self.inner.rules,
            host: &self.inner.scripts,
        }
    }

    /// The texts that the policy was read from.
    pub fn sources(&self) -> &Sources {
        &self.inner.sources
    }

    /// Reads cases of this policy out of JSON, CSV rows and typed values.
    pub fn reader(&self) -> CaseReader<'_> {
        let Inner {
            config,
            schema,
            index,
            rules,
            ..
        } = &*self.inner;
        CaseReader::new(schema, index, config.zone, config.extra_fields).for_rules(rules)
    }

    /// Starts a case, to be filled field by field.
    pub fn case(&self) -> CaseBuilder<'_> {
        self.reader().builder()
    }

    /// Reads a case file: `{"case": {…}, "events": […], "at": …}`, or a bare case.
    ///
    /// # Errors
    /// A [`Refusal`] that names everything that is wrong with the case.
    pub fn case_from_json(&self, json: &str) -> Result<CaseFile, Refusal> {
        self.reader().read_json(json)
    }

    /// Decides a case as it stands at `now`: a pure function that reads no clock and no file and
    /// always comes back. What goes wrong while deciding is listed in the decision.
    ///
    /// `case` is the case as it stood when opened, `events` what happened after, in order; events
    /// later than `now` are not looked at. A `now` before the case was opened is decided as well, and
    /// the opening is its next change; ask [`CaseReader::check_at`] where that is to be refused.
    pub fn decide(&self, case: &Case, events: &[Event], now: Instant) -> Decision {
        let decision = self.engine().decide(case, events, now);
        Decision::new(self.clone(), decision)
    }

    /// A JSON Schema of what goes in or comes out, with words of ours in a language.
    ///
    /// ```
    /// # use caseway::{Policy, json_schema::Subject, message::Language};
    /// # let policy = Policy::from_sources([
    /// #     ("caseway.toml", "[policy]\nname = \"demo\"\nversion = \"1\"\nlanguage = 1\nzone = \"Asia/Shanghai\"\n"),
    /// #     ("case.policy", "case { id: text opened_at: instant urgent: bool optional }"),
    /// # ])?;
    /// let schema = serde_json::to_value(policy.json_schema(Subject::Case, Language::English))?;
    /// assert_eq!(schema["$defs"]["case"]["required"], serde_json::json!(["id", "opened_at"]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn json_schema(&self, subject: Subject, language: Language) -> JsonSchema {
        let closed = self.inner.config.extra_fields == ExtraFields::Error;
        JsonSchema::new(self.model(), subject, closed, language)
    }

    /// What every rule and every atom of the policy says of a case as it stands at `now`; takes the
    /// same as [`Policy::decide`].
    pub fn trace(&self, case: &Case, events: &[Event], now: Instant) -> eval::Trace {
        let Inner {
            program, scripts, ..
        } = &*self.inner;
        eval::trace(program, case, events, now, scripts)
    }
}

impl Analysed for Policy {
    fn schema(&self) -> &Schema {
        self.schema()
    }

    fn program(&self) -> &Program {
        self.program()
    }
}

impl fmt::Debug for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Policy").field(self.header()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whichever way a case is read, it holds the same of what its values are to the rules.
    #[test]
    fn what_was_read_is_known_to_the_rules() -> Result<(), Box<dyn std::error::Error>> {
        let mut rules = String::from(
            "case { id: text opened_at: instant kind: one of { a, b } n: integer default 3 vip: bool optional
               city: text optional tags: set of text optional cost: decimal(2) optional }
             classify c as one of { no, yes } { first match\n",
        );
        for (place, when) in [
            "kind is b",
            "n >= 3",
            "vip",
            "city is \"x\"",
            "tags contains \"t\" or tags contains \"u\"",
            "cost > 1.50",
            "city is missing",
            "n between 5 and 9",
        ]
        .iter()
        .enumerate()
        {
            rules += &format!("rule r{place} when {when} then yes\n");
        }
        rules += "otherwise no }";
        let settings = "[policy]\nname = \"p\"\nversion = \"1\"\nlanguage = 1\nzone = \"UTC\"\n";
        let policy = Policy::from_sources([("caseway.toml", settings), ("a.policy", &rules)])?;
        let start = r#"{"id":"T","opened_at":"2026-03-02T10:00:00Z","kind":"b""#;
        for rest in [
            r#"}"#,
            r#","n":7,"vip":false,"city":"x","tags":["u","other","t"],"cost":1.51}"#,
            r#","city":"\u0078","tags":["\u0074"],"vip":null}"#,
            r#","city":"y","tags":[]}"#,
        ] {
            let text = format!("{start}{rest}");
            let known = |file: &CaseFile| {
                let known = policy.rule_index().known(&file.case.slots)?;
                let mut elements = known.elements.to_vec();
                elements.sort_unstable();
                Some((known.classes.to_vec(), elements))
            };
            let directly = policy.reader().read_directly(text.as_bytes());
            let directly = directly.ok_or("is plainly right")?;
            let mut plainly = policy.reader().read_plainly(text.as_bytes())?;
            assert!(known(&directly).is_some(), "{text}");
            assert_eq!(known(&directly), known(&plainly), "{text}");
            plainly.case.slots.push(None);
            assert_eq!(known(&plainly), None);
        }
        Ok(())
    }
}
