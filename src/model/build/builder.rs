//! The state that all parts of the build share: declared names, the growing model, the findings.

use super::Input;
use super::enums::EnumTable;
use super::quick::{HashMap, HashSet};
use crate::diag::{Diagnostic, Level};
use crate::message::message;
use crate::model::types::{Bounds, Entry, Schema, Type};
use crate::model::{DefineId, Model};
use crate::source::Span;
use crate::syntax::ast;

/// A kind of names: two things of one kind may not share a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Space {
    Value,
    Type,
    Role,
    Queue,
    Calendar,
    Clock,
    Record,
    Event,
    FollowUp,
    Requirement,
}

/// What a name of [`Space::Value`] stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ValueEntry {
    /// A field of the case, found in the slots of record 0.
    CaseField,
    /// The define at this place among `Builder::defines`.
    Define(usize),
    /// The classification at this place among `Builder::classifications`.
    Classification(usize),
    /// The function at this place among `Builder::functions`.
    Function(usize),
}

/// Where a name was declared and what it stands for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Declaration<T> {
    pub span: Span,
    pub entry: T,
}

/// What a name inside a record of the case is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Slot {
    Known(Entry),
    /// Declared, but its declaration is wrong: already reported.
    Poisoned,
}

/// How far the check of a define has come.
#[derive(Clone, Debug)]
pub(super) enum DefineState {
    Waiting,
    Checking,
    Checked(DefineId, Type),
    Poisoned,
}

pub(super) struct DefineItem<'a> {
    pub declared: &'a ast::Declared,
    pub value: &'a ast::Expr,
    pub state: DefineState,
}

pub(super) struct ClassifyItem<'a> {
    pub ast: &'a ast::Classify,
    /// Type of one outcome and its bounds, once declared; none when the declaration is wrong.
    pub outcome: Option<(Type, Bounds)>,
    /// Its place in the model, once the order is known.
    pub place: u32,
}

pub(super) struct FunctionItem<'a> {
    pub ast: &'a ast::Function,
    pub file: &'a ast::Text,
    /// Parameters and result; none when the declaration is wrong.
    pub signature: Option<Signature>,
}

#[derive(Clone, Debug)]
pub(super) struct Signature {
    pub parameters: Vec<(String, Type, Bounds)>,
    pub result: Type,
    /// Its place in the model.
    pub place: u32,
}

/// A named type, resolved.
#[derive(Clone, Debug)]
pub(super) enum NamedType<'a> {
    Plain(Type, Bounds),
    /// A record: its fields are laid out anew wherever the name is used.
    Record(&'a [ast::Field]),
    Poisoned,
}

pub(super) struct TypeItem<'a> {
    pub declared: &'a ast::Declared,
    pub ast: &'a ast::TypeExpr,
    pub resolved: NamedType<'a>,
}

/// About how many bytes all patterns of a policy may take together, each counted where it stands.
const PATTERN_MEMORY: u64 = 256 * 1024 * 1024;

/// So many findings are told of one policy.
const MOST_FINDINGS: usize = 10_000;

pub(super) struct Builder<'a> {
    pub input: Input<'a>,
    pub findings: Vec<Diagnostic>,
    /// The item at hand, put on findings that name no subject of their own.
    pub subject: String,
    /// Names whose declarations could not be read or were refused.
    pub lost: HashSet<&'a str>,
    /// Keywords of whole items that could not be read.
    pub lost_items: HashSet<&'a str>,
    pub values: HashMap<&'a str, Declaration<ValueEntry>>,
    pub names: HashMap<(Space, &'a str), Declaration<u32>>,
    /// The names of each kind in page order, for suggestions.
    pub listed: HashMap<Space, Vec<&'a str>>,
    pub types: Vec<TypeItem<'a>>,
    pub defines: Vec<DefineItem<'a>>,
    pub classifications: Vec<ClassifyItem<'a>>,
    pub functions: Vec<FunctionItem<'a>>,
    pub case: Option<(&'a [ast::Field], Span)>,
    pub route: Option<&'a ast::Route>,
    pub sla: Option<&'a ast::Sla>,
    /// Where the `route` and the `sla` block stand.
    pub block_spans: (Option<Span>, Option<Span>),
    pub calendars: Vec<&'a ast::Calendar>,
    pub clocks: Vec<&'a ast::Clock>,
    pub slots: HashMap<(u32, &'a str), Slot>,
    pub enums: EnumTable,
    pub schema: Schema,
    pub model: Model,
    /// Defines that the expression at hand needs and that are not checked yet.
    pub wanted: Vec<usize>,
    /// For each define of the model, the length of the longest chain that it reads, itself included.
    pub define_depths: Vec<usize>,
    /// How deep the expression at hand is nested.
    pub depth: usize,
    /// Bytes that further patterns may take.
    pub pattern_memory: u64,
    /// Names that may still be measured against a misspelt one: keeps a folder full of them quick.
    pub suggestions_left: usize,
}

impl<'a> Builder<'a> {
    pub fn new(input: Input<'a>) -> Builder<'a> {
        let settings = input.settings;
        let model = Model::new(&settings.name, &settings.version, settings.zone);
        let lost = input
            .files
            .iter()
            .flat_map(|file| &file.lost.names)
            .map(String::as_str)
            .collect();
        let lost_items = input
            .files
            .iter()
            .flat_map(|file| &file.lost.items)
            .map(String::as_str)
            .collect();
        Builder {
            input,
            findings: Vec::new(),
            subject: String::new(),
            lost,
            lost_items,
            values: HashMap::default(),
            names: HashMap::default(),
            listed: HashMap::default(),
            types: Vec::new(),
            defines: Vec::new(),
            classifications: Vec::new(),
            functions: Vec::new(),
            case: None,
            route: None,
            sla: None,
            block_spans: (None, None),
            calendars: Vec::new(),
            clocks: Vec::new(),
            slots: HashMap::default(),
            enums: EnumTable::default(),
            schema: Schema::default(),
            model,
            wanted: Vec::new(),
            define_depths: Vec::new(),
            depth: 0,
            pattern_memory: PATTERN_MEMORY,
            suggestions_left: 500_000,
        }
    }

    /// The model, unless something is wrong with it.
    pub fn finish(mut self) -> (Option<Model>, Vec<Diagnostic>) {
        self.schema.enums = self.enums.into_types();
        self.model.schema = self.schema;
        let sound = self
            .findings
            .iter()
            .all(|finding| finding.level != Level::Error);
        (sound.then_some(self.model), self.findings)
    }

    /// Adds a finding, on the item at hand unless it names another.
    ///
    /// Behind [`MOST_FINDINGS`] none is added; the last one says so.
    pub fn report(&mut self, mut finding: Diagnostic) {
        if self.findings.len() > MOST_FINDINGS {
            return;
        }
        if self.findings.len() == MOST_FINDINGS {
            finding = Diagnostic::error(
                "too-many-findings",
                finding.span,
                message!(
                    "the policy has more than {most} mistakes in names, types and rules",
                    most = MOST_FINDINGS
                ),
            )
            .label(message!("this one and those behind it are not told"))
            .help(message!("mend those that are told and check again"));
        }
        if finding.subject.is_empty() {
            finding.subject.clone_from(&self.subject);
        }
        self.findings.push(finding);
    }

    /// Sets the item at hand.
    pub fn enter(&mut self, subject: impl Into<String>) {
        self.subject = subject.into();
    }

    /// Sets a part of a block as the item at hand.
    pub fn enter_part(&mut self, keyword: &str, block: &str, part: &str) {
        self.subject.clear();
        for piece in [keyword, ".", block, ".", part] {
            self.subject.push_str(piece);
        }
    }

    /// Whether a name was declared in text that could not be read.
    pub fn is_lost(&self, name: &str) -> bool {
        self.lost.contains(name)
    }

    /// The text under a span on one line, cut short for a message.
    pub fn text(&self, span: Span) -> String {
        let one_line = self
            .input
            .sources
            .slice(span)
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        if one_line.chars().count() <= 60 {
            return one_line;
        }
        let mut short: String = one_line.chars().take(57).collect();
        short.push('…');
        short
    }

    /// A declared name as the model holds it.
    pub fn declared(&self, declared: &ast::Declared) -> crate::model::Declared {
        crate::model::Declared {
            name: declared.name.text.to_string(),
            label: declared.label.as_ref().map(|label| label.text.clone()),
            span: declared.name.span,
        }
    }

    /// Checks that a clause's dates are in order and hands it on.
    pub fn effective(&mut self, effective: Option<&ast::Effective>) -> Option<ast::Effective> {
        let effective = effective?;
        if let (Some((from, _)), Some((until, span))) = (effective.from, effective.until)
            && from > until
        {
            self.report(
                Diagnostic::error(
                    "bad-dates",
                    span,
                    message!(
                        "`until {until}` lies before `from {from}`: no day is left between them",
                        until,
                        from
                    ),
                )
                .help(message!(
                    "write the earlier date after `from`; both days are included"
                )),
            );
        }
        Some(effective.clone())
    }
}

/// The citations of an item as the model holds them.
pub(super) fn citations(because: &ast::Because) -> Vec<String> {
    because.iter().map(|text| text.text.clone()).collect()
}

/// A count or place as the ids of the model are numbered.
pub(super) fn number(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}
