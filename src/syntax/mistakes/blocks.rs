//! Mistakes in rules, tiers and the heads of blocks.

use super::super::grammar::Rule;
use super::super::scan::TokenKind;
use super::Failure;
use crate::diag::Diagnostic;
use crate::message::message;

impl Failure<'_> {
    /// `rule a when x critical` for `… then critical`.
    pub(super) fn missing_then(&self) -> Option<Diagnostic> {
        let instead = match self.item() {
            "classify" => "then",
            "route" => "to",
            _ => return None,
        };
        if !matches!(
            self.kind(0)?,
            TokenKind::Word | TokenKind::Text | TokenKind::Number
        ) {
            return None;
        }
        let mut seen_when = false;
        for at in (self.region.start..self.at).rev() {
            match self.tokens.get(at)?.text(self.text) {
                "then" | "to" | "because" => return None,
                "when" => seen_when = true,
                "rule" => break,
                _ => {}
            }
        }
        let value = self.word(0);
        let complete = !super::RESERVED.contains(&self.word(-1))
            || matches!(self.word(-1), "missing" | "present" | "true" | "false");
        (seen_when && complete && !super::RESERVED.contains(&value) && value != "}").then(|| {
            Diagnostic::error(
                if instead == "to" {
                    "missing-to"
                } else {
                    "missing-then"
                },
                self.place(),
                message!("`{instead}` is missing before `{value}`", instead, value),
            )
            .label(if instead == "to" {
                message!("the role?")
            } else {
                message!("the outcome?")
            })
            .help(message!(
                "write `{instead} {value}`; a longer condition needs `and` or `or` here",
                instead,
                value
            ))
            .unsafe_fix(self.place().at_start(), format!("{instead} "))
        })
    }

    /// `then` with nothing behind it.
    pub(super) fn missing_outcome(&self) -> Option<Diagnostic> {
        let before = self.word(-1);
        let empty =
            matches!(before, "then" | "otherwise") && self.item() == "classify" || before == "=>";
        let ends = !self.region.contains(&self.at)
            || matches!(
                self.word(0),
                "because" | "rule" | "}" | "|" | "otherwise" | "effective"
            );
        (empty && ends).then(|| {
            Diagnostic::error(
                "missing-outcome",
                self.behind(),
                message!("nothing stands behind `{before}`", before),
            )
            .label(message!("which outcome?"))
            .help(message!(
                "write the outcome behind `{before}`: a value of the block's type",
                before
            ))
        })
    }

    /// `warn 50%` for `warn at 50%`.
    pub(super) fn missing_at(&self) -> Option<Diagnostic> {
        let behind_number = self.word(0) == "%" && self.kind(-1) == Some(TokenKind::Number);
        let percent = self.kind(0) == Some(TokenKind::Number) && self.word(1) == "%";
        let at = if behind_number {
            self.at.saturating_sub(1)
        } else {
            self.at
        };
        let steps = behind_number
            || self.expects(&[
                Rule::step,
                Rule::kw_at,
                Rule::amount,
                Rule::period,
                Rule::digits,
                Rule::duration,
            ]);
        let due = self.word(0) == "due" && matches!(self.word(-1), "warn" | ",");
        let before = at
            .checked_sub(1)
            .and_then(|at| self.tokens.get(at))
            .map_or("", |token| token.text(self.text));
        if !(percent || due || behind_number) || !steps || before == "at" {
            return None;
        }
        let number = if behind_number {
            self.word(-1)
        } else {
            self.word(0)
        };
        let shown = if due {
            "due".to_owned()
        } else {
            format!("{number}%")
        };
        let place = self.place_of(at);
        Some(
            Diagnostic::error(
                "missing-at",
                place,
                message!("`at` is missing before `{shown}`", shown),
            )
            .label(message!("write `at {shown}`", shown))
            .safe_fix(place.at_start(), "at "),
        )
    }

    /// A bare number where a length of time belongs.
    pub(super) fn missing_unit(&self) -> Option<Diagnostic> {
        let (place, number) = if self.kind(-1) == Some(TokenKind::Number)
            && self.expects(&[Rule::period_unit, Rule::kw_working])
        {
            (self.place_of(self.at - 1), self.word(-1))
        } else if self.kind(0) == Some(TokenKind::Number)
            && self.expects(&[Rule::target, Rule::amount])
        {
            (self.place(), self.word(0))
        } else {
            return None;
        };
        if !number
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'_')
        {
            return None;
        }
        Some(
            Diagnostic::error(
                "missing-unit",
                place,
                message!("`{number}` of what?", number),
            )
            .label(message!("the unit is missing"))
            .help(message!(
                "write `{number}m` for minutes, `{number}h` for hours, or `{number} days`",
                number
            ))
            .unsafe_fix(place.at_end(), "h"),
        )
    }

    /// The head of a block that no brace follows.
    pub(super) fn missing_brace(&self) -> Option<Diagnostic> {
        let opened = (self.region.start..self.at.min(self.region.end))
            .any(|at| self.tokens.get(at).is_some_and(|token| token.is('{')) && self.outermost(at));
        let block = matches!(
            self.item(),
            "case"
                | "events"
                | "classify"
                | "route"
                | "calendar"
                | "clock"
                | "sla"
                | "retain"
                | "guarantee"
                | "test"
                | "script"
        );
        let inner = matches!(
            self.word(0),
            "first"
                | "unique"
                | "highest"
                | "collect"
                | "rule"
                | "table"
                | "tier"
                | "zone"
                | "open"
                | "stop"
                | "start"
                | "pause"
                | "from"
                | "if"
                | "case"
                | "fn"
                | "otherwise"
        ) || self.begins_line();
        if !block || !inner || opened && self.item() != "classify" {
            return None;
        }
        // A type's own braces do not open the block.
        if opened
            && !matches!(
                self.word(0),
                "first" | "unique" | "highest" | "collect" | "rule" | "table"
            )
        {
            return None;
        }
        let item = self.item();
        Some(
            Diagnostic::error(
                "missing-brace",
                self.behind(),
                message!("the `{{` of `{item}` is missing", item),
            )
            .label(message!("`{{` belongs here"))
            .help(message!(
                "what belongs to `{item}` stands between `{{` and `}}`",
                item
            ))
            .unsafe_fix(self.behind(), " {"),
        )
    }

    fn outermost(&self, at: usize) -> bool {
        let mut depth = 0usize;
        for token in self.tokens.get(self.region.start..at).unwrap_or(&[]) {
            match token.kind {
                TokenKind::Sign('{' | '(') => depth += 1,
                TokenKind::Sign('}' | ')') => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        depth == 0
    }

    /// `role "客户服务经理" manager`
    pub(super) fn label_before_name(&self) -> Option<Diagnostic> {
        let declares = matches!(
            self.word(-1),
            "role"
                | "queue"
                | "record"
                | "define"
                | "type"
                | "classify"
                | "clock"
                | "calendar"
                | "rule"
                | "tier"
                | "hold"
                | "follow_up"
                | "require"
                | "guarantee"
        );
        (declares && self.kind(0) == Some(TokenKind::Text)).then(|| {
            Diagnostic::error(
                "label-before-name",
                self.place(),
                message!("the name comes before its label"),
            )
            .label(message!("this is a label"))
            .help(message!(
                "write `{keyword} NAME {label}`",
                keyword = self.word(-1),
                label = self.word(0)
            ))
        })
    }
}
