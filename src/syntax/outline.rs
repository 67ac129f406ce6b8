//! What a file looks like without what it means: its words and signs, and which of them belong
//! together. For those who write policy text, such as `format`.
//!
//! Made by the same reading as the tree, of texts that need no mending. No type of the parser leaves
//! this stage; [`Part`] names the rules of the grammar that have a look of their own.

use super::grammar::Rule;
use super::scan::Scan;
use pest::iterators::Pair;
use std::hash::{DefaultHasher, Hash, Hasher};

/// A word, sign or text that is never cut, as bytes of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lexeme {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

/// A part of the text that has a look of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Node {
    /// What it is.
    pub part: Part,
    /// Its first lexeme.
    pub first: u32,
    /// Its last lexeme.
    pub last: u32,
    /// The place in [`Outline::nodes`] behind everything that lies inside it.
    pub behind: u32,
}

/// Words and parts of a file.
#[derive(Clone, Debug, Default)]
pub struct Outline {
    /// All words and signs in page order, without commas behind fields, which mean nothing.
    pub lexemes: Vec<Lexeme>,
    /// Parts in page order, each before those inside it.
    pub nodes: Vec<Node>,
    /// Stands for the whole tree that the grammar makes of the file, places left out.
    pub shape: u64,
}

/// Names for the rules of the grammar that have a look of their own.
macro_rules! parts {
    ($($name:ident = $($rule:ident)|+,)*) => {
        /// The parts of a text that have a look of their own, named like the rules of the grammar.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[allow(missing_docs, reason = "the grammar documents its rules")]
        pub enum Part { $($name,)* }

        impl Part {
            fn of(kind: Rule) -> Option<Part> {
                match kind {
                    $($(Rule::$rule)|+ => Some(Part::$name),)*
                    _ => None,
                }
            }
        }
    };
}

parts! {
    Item = item,
    Case = case_item,
    Events = events_item,
    Role = role_item,
    Queue = queue_item,
    Record = record_item,
    Type = type_item,
    Define = define_item,
    Script = script_item,
    Classify = classify_item,
    Route = route_item,
    Calendar = calendar_item,
    Clock = clock_item,
    Sla = sla_item,
    Retain = retain_item,
    Hold = hold_item,
    FollowUp = follow_up_item,
    Require = require_item,
    Guarantee = guarantee_item,
    Test = test_item,
    Declared = declared,
    Member = member,
    Function = function,
    Parameter = parameter,
    Field = field,
    TypeExpr = type_expr,
    OneOf = one_of,
    Separator = separator,
    DecimalType = decimal_type,
    RecordType = record_type,
    Expr = expr,
    LogicOp = logic_op,
    Sum = sum,
    SumOp = sum_op,
    Group = group,
    Set = set,
    Call = call,
    RuleBlock = rule,
    RouteRule = route_rule,
    Otherwise = otherwise,
    RouteOtherwise = route_otherwise,
    Strategy = strategy,
    When = when_clause,
    Then = then_clause,
    That = that_clause,
    Because = because,
    Text = string,
    Effective = effective,
    ToRole = to_clause,
    InQueue = in_queue,
    With = with_clause,
    Escalate = escalate,
    Warn = warn,
    Step = step,
    TableFile = table_file,
    Table = table,
    TableHeader = table_header,
    Row = row,
    Bar = bar,
    Arrow = arrow,
    CalendarPart = calendar_part,
    Hours = hours,
    Date = date,
    ClockPart = clock_part,
    Tier = tier,
    OtherwiseTier = otherwise_tier,
    TierBody = tier_body,
    TargetLine = target_line,
    RetainFrom = retain_from,
    Keep = keep,
    Delete = delete,
    Disposal = disposal,
    ByRole = follow_up_by,
    Within = within,
    Done = done,
    TestCase = test_case,
    TestEvent = test_event,
    TestAt = test_at,
    Expect = expect,
    RecordValue = record_value,
    RecordEntries = record_entries,
    Entry = entry,
    OpenBrace = open_brace,
    CloseBrace = close_brace,
    OpenParenthesis = open_parenthesis,
    CloseParenthesis = close_parenthesis,
}

/// Gathers an outline while items are read.
#[derive(Debug, Default)]
pub(super) struct Tracer {
    /// Parts by token.
    nodes: Vec<Node>,
    /// Tokens that are one word with the token before them.
    joined: Vec<u32>,
    /// Tokens that mean nothing.
    dropped: Vec<u32>,
    shape: DefaultHasher,
}

impl Tracer {
    /// Takes in what was read from `base` on.
    pub fn item(&mut self, pair: Pair<'_, Rule>, base: usize, scan: &Scan) {
        self.walk(pair, None, 0, base, scan);
    }

    /// Nesting is bounded: brackets that nest too deeply are refused before anything is read.
    fn walk(
        &mut self,
        pair: Pair<'_, Rule>,
        around: Option<Rule>,
        depth: u32,
        base: usize,
        scan: &Scan,
    ) {
        let kind = pair.as_rule();
        let span = pair.as_span();
        let (start, end) = (base + span.start(), base + span.end());
        let first = scan.token_at(start);
        let behind = scan.tokens.partition_point(|token| token.start < end);
        let (Ok(first), Ok(behind)) = (u32::try_from(first), u32::try_from(behind)) else {
            return;
        };
        if kind == Rule::comma && matches!(around, Some(Rule::case_item | Rule::record_type)) {
            self.dropped.push(first);
        }
        if kind != Rule::comma {
            (kind as u32, depth).hash(&mut self.shape);
        }
        let at = self.nodes.len();
        let part = Part::of(kind).filter(|_| first < behind);
        if let Some(part) = part {
            self.nodes.push(Node {
                part,
                first,
                last: behind.saturating_sub(1),
                behind: 0,
            });
        }
        let mut leaf = true;
        for inner in pair.into_inner() {
            leaf = false;
            self.walk(inner, Some(kind), depth + 1, base, scan);
        }
        if leaf {
            self.joined.extend(first.saturating_add(1)..behind);
        }
        let behind = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        if part.is_some()
            && let Some(node) = self.nodes.get_mut(at)
        {
            node.behind = behind;
        }
    }

    /// The outline of everything that was taken in.
    pub fn outline(mut self, scan: &Scan) -> Outline {
        let mut lexemes: Vec<Lexeme> = Vec::with_capacity(scan.tokens.len());
        // For each token its lexeme; a token that is left out has that of the one before it.
        let mut places = Vec::with_capacity(scan.tokens.len());
        let mut joined = self.joined.iter().peekable();
        let mut dropped = self.dropped.iter().peekable();
        for (at, token) in (0u32..).zip(&scan.tokens) {
            let end = u32::try_from(token.end).unwrap_or(u32::MAX);
            if joined.next_if(|next| **next == at).is_some() {
                if let Some(last) = lexemes.last_mut() {
                    last.end = end;
                }
            } else if dropped.next_if(|next| **next == at).is_none() {
                lexemes.push(Lexeme {
                    start: u32::try_from(token.start).unwrap_or(u32::MAX),
                    end,
                });
            }
            places.push(u32::try_from(lexemes.len().saturating_sub(1)).unwrap_or(u32::MAX));
        }
        let place = |token: u32| places.get(token as usize).copied().unwrap_or(0);
        for node in &mut self.nodes {
            node.first = place(node.first);
            node.last = place(node.last);
        }
        Outline {
            lexemes,
            nodes: self.nodes,
            shape: self.shape.finish(),
        }
    }
}
