//! What may stand at a place, in the operator's words.

use super::super::grammar::Rule;
use super::Failure;
use crate::diag::Diagnostic;
use crate::message::{Message, message};

impl Failure<'_> {
    /// A mistake without a name of its own.
    pub(super) fn anything_else(&self) -> Diagnostic {
        let wanted = self.wanted();
        let list = match wanted.split_last() {
            None => Message::verbatim(""),
            Some((last, [])) => Message::verbatim(last),
            Some((last, rest)) => message!("{list} or {last}", list = rest.join(", "), last),
        };
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
    fn wanted(&self) -> Vec<String> {
        let mut wanted: Vec<String> = Vec::new();
        for wanted_rule in self.expected {
            if let Some(phrase) = phrase(*wanted_rule)
                && !wanted.contains(&phrase)
            {
                wanted.push(phrase);
            }
        }
        wanted.sort_by_key(|phrase| !phrase.starts_with('`'));
        wanted.truncate(6);
        wanted
    }
}

/// A rule in the operator's words; none for rules that only group others.
fn phrase(kind: Rule) -> Option<String> {
    let phrase = match kind {
        Rule::identifier | Rule::declared | Rule::any_word | Rule::member_name | Rule::member => {
            "a name"
        }
        Rule::string => "a text in quotes",
        Rule::regex => "a pattern `r\"…\"`",
        Rule::sum | Rule::primary | Rule::product | Rule::path => "a value",
        Rule::expr | Rule::negation | Rule::comparison => "a condition",
        Rule::test | Rule::order_op => "a comparison such as `is` or `>=`",
        Rule::logic_op => "`and` or `or`",
        Rule::type_expr
        | Rule::type_name
        | Rule::one_of
        | Rule::set_of
        | Rule::decimal_type
        | Rule::record_type => "a type",
        Rule::field => "a field `name: TYPE`",
        Rule::entry => "a field `name: value`",
        Rule::integer | Rule::digits => "a number",
        Rule::date | Rule::effective_from | Rule::effective_until => "a date such as `2026-03-02`",
        Rule::instant => "an instant such as `2026-03-02T10:00:00+08:00`",
        Rule::clock_time | Rule::hours => "hours such as `09:00-18:00`",
        Rule::duration | Rule::amount | Rule::duration_of => "a length of time such as `30m`",
        Rule::period | Rule::period_unit => "`days`, `months` or `years`",
        Rule::target => "a target such as `4h` or `none`",
        Rule::step => "a step such as `at 75%`",
        Rule::cell | Rule::cell_test => "a cell",
        Rule::row => "a row `| … => … |`",
        Rule::rule | Rule::route_rule => "`rule`",
        Rule::strategy => "`first match`",
        Rule::because => "`because`",
        Rule::effective => "`effective`",
        Rule::when_clause => "`when`",
        Rule::then_clause => "`then`",
        Rule::to_clause => "`to ROLE`",
        Rule::trigger | Rule::on_event => "`on EVENT` or `when CONDITION`",
        Rule::tier => "`tier`",
        Rule::tier_body => "`{`",
        Rule::otherwise | Rule::route_otherwise | Rule::otherwise_tier => "`otherwise`",
        Rule::test_part => "`case`, `event`, `at` or `expect`",
        Rule::clock_part => "`start`, `stop`, `pause`, `cancel`, `reset`, `reopen` or `retier`",
        Rule::calendar_part => "`zone`, `open`, `closed` or `holidays`",
        Rule::retain_part => "`from`, `keep at least`, `delete no later than` or `then`",
        Rule::reopen_mode => "`ignore`, `resume`, `resume counting` or `new cycle`",
        Rule::item => "an item",
        Rule::open_brace => "`{`",
        Rule::close_brace => "`}`",
        Rule::open_parenthesis => "`(`",
        Rule::close_parenthesis => "`)`",
        Rule::comma => "`,`",
        Rule::separator => "`,` or `<`",
        Rule::colon => "`:`",
        Rule::equals => "`=`",
        Rule::arrow => "`=>`",
        Rule::result_arrow => "`->`",
        Rule::range_dots => "`..`",
        Rule::bar => "`|`",
        other if super::super::lower::is_keyword(other) => {
            return Some(format!("`{}`", keyword(other)));
        }
        _ => return None,
    };
    Some(phrase.to_owned())
}

/// The word of a keyword's rule: its name behind `kw_`.
fn keyword(kind: Rule) -> String {
    format!("{kind:?}").trim_start_matches("kw_").to_owned()
}
