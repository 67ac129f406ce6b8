//! What may stand at a place, in the operator's words.

use super::super::grammar::Rule;
use super::Failure;
use crate::diag::Diagnostic;
use crate::message::{Message, message};

impl Failure<'_> {
    /// A mistake without a name of its own.
    pub(super) fn anything_else(&self) -> Diagnostic {
        let list = Message::one_of(self.wanted());
        let finding = if self.region.contains(&self.at) {
            let word = self.word(0);
            Diagnostic::error(
                "unexpected-text",
                self.place(),
                message!("`{word}` cannot stand here", word),
            )
            .label(message!("not here"))
        } else {
            Diagnostic::error(
                "unfinished-text",
                self.behind(),
                message!("something is missing behind `{word}`", word = self.word(-1)),
            )
            .label(message!("what comes next?"))
        };
        if list.is_empty() {
            finding
        } else {
            finding.help(message!("here may stand {list}", list))
        }
    }

    /// What the parser would have taken, without repeats, at most six.
    fn wanted(&self) -> Vec<Message> {
        let mut wanted: Vec<Message> = Vec::new();
        for wanted_rule in self.expected {
            if let Some(phrase) = phrase(*wanted_rule)
                && !wanted.contains(&phrase)
            {
                wanted.push(phrase);
            }
        }
        wanted.sort_by_key(|phrase| !phrase.to_string().starts_with('`'));
        wanted.truncate(6);
        wanted
    }
}

/// A rule in the operator's words; none for rules that only group others.
fn phrase(kind: Rule) -> Option<Message> {
    let code = |text: &str| Message::verbatim(format!("`{text}`"));
    let one_of = |words: &[&str]| Message::one_of(words.iter().map(|word| code(word)));
    Some(match kind {
        Rule::identifier | Rule::declared | Rule::any_word | Rule::member_name | Rule::member => {
            message!("a name")
        }
        Rule::string => message!("a text in quotes"),
        Rule::regex => message!("a pattern `r\"…\"`"),
        Rule::sum | Rule::primary | Rule::product | Rule::path => message!("a value"),
        Rule::expr | Rule::negation | Rule::comparison => message!("a condition"),
        Rule::test | Rule::order_op => message!("a comparison such as `is` or `>=`"),
        Rule::logic_op => one_of(&["and", "or"]),
        Rule::type_expr
        | Rule::type_name
        | Rule::one_of
        | Rule::set_of
        | Rule::decimal_type
        | Rule::record_type => message!("a type"),
        Rule::field => message!("a field `name: TYPE`"),
        Rule::entry => message!("a field `name: value`"),
        Rule::integer | Rule::digits => message!("a number"),
        Rule::date | Rule::effective_from | Rule::effective_until => {
            message!("a date such as `2026-03-02`")
        }
        Rule::instant => message!("an instant such as `2026-03-02T10:00:00+08:00`"),
        Rule::clock_time | Rule::hours => message!("hours such as `09:00-18:00`"),
        Rule::duration | Rule::amount | Rule::duration_of => {
            message!("a length of time such as `30m`")
        }
        Rule::period | Rule::period_unit => one_of(&["days", "months", "years"]),
        Rule::target => message!("a target such as `4h` or `none`"),
        Rule::step => message!("a step such as `at 75%`"),
        Rule::cell | Rule::cell_test => message!("a cell"),
        Rule::row => message!("a row `| … => … |`"),
        Rule::rule | Rule::route_rule => code("rule"),
        Rule::strategy => code("first match"),
        Rule::because => code("because"),
        Rule::effective => code("effective"),
        Rule::when_clause => code("when"),
        Rule::then_clause => code("then"),
        Rule::to_clause => message!("`to ROLE`"),
        Rule::trigger | Rule::on_event => message!("`on EVENT` or `when CONDITION`"),
        Rule::tier => code("tier"),
        Rule::tier_body => code("{"),
        Rule::otherwise | Rule::route_otherwise | Rule::otherwise_tier => code("otherwise"),
        Rule::test_part => one_of(&["case", "event", "at", "expect"]),
        Rule::clock_part => one_of(&[
            "start", "stop", "pause", "cancel", "reset", "reopen", "retier",
        ]),
        Rule::calendar_part => one_of(&["zone", "open", "closed", "holidays"]),
        Rule::retain_part => one_of(&["from", "keep at least", "delete no later than", "then"]),
        Rule::reopen_mode => one_of(&["ignore", "resume", "resume counting", "new cycle"]),
        Rule::item => message!("an item"),
        Rule::open_brace => code("{"),
        Rule::close_brace => code("}"),
        Rule::open_parenthesis => code("("),
        Rule::close_parenthesis => code(")"),
        Rule::comma => code(","),
        Rule::separator => one_of(&[",", "<"]),
        Rule::colon => code(":"),
        Rule::equals => code("="),
        Rule::arrow => code("=>"),
        Rule::result_arrow => code("->"),
        Rule::range_dots => code(".."),
        Rule::bar => code("|"),
        other if super::super::lower::is_keyword(other) => code(&keyword(other)),
        _ => return None,
    })
}

/// The word of a keyword's rule: its name behind `kw_`.
fn keyword(kind: Rule) -> String {
    format!("{kind:?}").trim_start_matches("kw_").to_owned()
}
