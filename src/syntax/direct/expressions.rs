//! Conditions and values.

use super::super::ast::{
    ArithmeticOp, Expr, ExprKind, InstantPart, Name, OrderOp, TestOp, Text, TextOp,
};
use super::super::scan::TokenKind;
use super::{Direct, in_backticks, is_word};
use smallvec::smallvec;
use smol_str::SmolStr;

/// So many parts in a row, and values inside values, are read here.
const MOST: usize = 50;

/// Room that is asked for at once for the parts of a condition; most have no more.
const FEW: usize = 4;

impl Direct<'_> {
    /// A condition or a value.
    pub fn expr(&mut self) -> Option<Expr> {
        let start = self.start();
        let first = self.negation()?;
        let word = match self.word(0) {
            Some(word @ ("and" | "or")) => word,
            Some(_) | None => return Some(first),
        };
        let mut parts = Vec::with_capacity(FEW);
        parts.push(first);
        while self.eat_word(word) {
            parts.push(self.negation()?);
        }
        if self.is_word("and") || self.is_word("or") {
            return None;
        }
        let kind = match word {
            "and" => ExprKind::And(parts),
            _ => ExprKind::Or(parts),
        };
        let span = self.span_from(start);
        Some(Expr { kind, span })
    }

    fn negation(&mut self) -> Option<Expr> {
        let mut nots = Vec::new();
        while let Some(token) = self.token(0).filter(|_| self.is_word("not")) {
            nots.push(self.span_of(token));
            self.at += 1;
        }
        if nots.len() > MOST {
            return None;
        }
        let mut expr = self.comparison()?;
        for not in nots.into_iter().rev() {
            let span = not.to(expr.span);
            expr = Expr {
                kind: ExprKind::Not(Box::new(expr)),
                span,
            };
        }
        Some(expr)
    }

    fn comparison(&mut self) -> Option<Expr> {
        let value = self.sum()?;
        let start = self.start();
        let Some(test) = self.test()? else {
            return Some(value);
        };
        let span = value.span.to(self.span_from(start));
        // What could be a second test, or a mistake in writing one, the grammar judges.
        if self.test_starts() {
            return None;
        }
        Some(Expr {
            kind: ExprKind::Test(Box::new(value), Box::new(test)),
            span,
        })
    }

    fn test_starts(&self) -> bool {
        match self.word(0) {
            Some(
                "is" | "in" | "between" | "contains" | "starts" | "ends" | "matches" | "during"
                | "outside",
            ) => true,
            Some("not") => self.word(1) == Some("in"),
            Some("has") => self.word(1) == Some("happened"),
            Some(_) => false,
            None => self.is_sign('<') || self.is_sign('>'),
        }
    }

    /// What is asked about a value, if anything is.
    fn test(&mut self) -> Option<Option<TestOp>> {
        if let Some(op) = self.order_op() {
            return self.sum().map(|value| Some(TestOp::Order(op, value)));
        }
        if !self.test_starts() {
            return Some(None);
        }
        let negated = self.eat_word("not");
        let op = match self.take_word()? {
            "is" => return self.test_is().map(Some),
            "has" => {
                self.need_word("happened")?;
                TestOp::HasHappened
            }
            "in" => {
                let set = self.sum()?;
                TestOp::In {
                    set,
                    negated,
                    ignoring_case: self.ignoring_case(),
                }
            }
            "between" => {
                let least = self.sum()?;
                self.need_word("and")?;
                TestOp::Between(least, self.sum()?)
            }
            "contains" => match (self.word(0), self.word(1)) {
                (Some(word @ ("any" | "all")), Some("of")) => {
                    self.at += 2;
                    let set = self.sum()?;
                    TestOp::ContainsMany {
                        all: word == "all",
                        set,
                        ignoring_case: self.ignoring_case(),
                    }
                }
                _ => self.text_test(TextOp::Contains)?,
            },
            "starts" => {
                self.need_word("with")?;
                self.text_test(TextOp::StartsWith)?
            }
            "ends" => {
                self.need_word("with")?;
                self.text_test(TextOp::EndsWith)?
            }
            "during" => TestOp::During {
                calendar: self.name()?,
                outside: false,
            },
            "outside" => TestOp::During {
                calendar: self.name()?,
                outside: true,
            },
            "matches" => TestOp::Matches {
                pattern: self.pattern()?,
                ignoring_case: self.ignoring_case(),
            },
            _ => return None,
        };
        Some(Some(op))
    }

    fn test_is(&mut self) -> Option<TestOp> {
        let negated = self.eat_word("not");
        if let Some(word @ ("missing" | "present")) = self.word(0) {
            self.at += 1;
            return (!negated).then(|| TestOp::Missing(word == "missing"));
        }
        let value = self.sum()?;
        Some(TestOp::Is {
            value,
            negated,
            ignoring_case: self.ignoring_case(),
        })
    }

    fn text_test(&mut self, op: TextOp) -> Option<TestOp> {
        let value = self.sum()?;
        Some(TestOp::Text {
            op,
            value,
            ignoring_case: self.ignoring_case(),
        })
    }

    fn pattern(&mut self) -> Option<Text> {
        if self.is_text(0) {
            return self.quoted();
        }
        let token = self
            .token(0)
            .filter(|token| token.kind == TokenKind::Text)?;
        let inner = token
            .text(self.text)
            .strip_prefix("r\"")?
            .strip_suffix('"')?;
        self.at += 1;
        Some(Text {
            text: inner.to_owned(),
            span: self.span_of(token),
        })
    }

    fn ignoring_case(&mut self) -> bool {
        let found = self.is_word("ignoring") && self.word(1) == Some("case");
        self.at += 2 * usize::from(found);
        found
    }

    /// An order sign, if one stands here.
    pub fn order_op(&mut self) -> Option<OrderOp> {
        let less = match self.token(0)?.kind {
            TokenKind::Sign('<') => true,
            TokenKind::Sign('>') => false,
            _ => return None,
        };
        let sign = if less { '<' } else { '>' };
        let or_equal = self.are_signs(sign, '=');
        self.at += 1 + usize::from(or_equal);
        Some(match (less, or_equal) {
            (true, false) => OrderOp::Less,
            (true, true) => OrderOp::LessOrEqual,
            (false, false) => OrderOp::Greater,
            (false, true) => OrderOp::GreaterOrEqual,
        })
    }

    /// A sum, a product or a single value.
    pub fn sum(&mut self) -> Option<Expr> {
        let mut result = self.product()?;
        for _ in 0..MOST {
            let op = match self.token(0).map(|token| token.kind) {
                Some(TokenKind::Sign('+')) => ArithmeticOp::Add,
                Some(TokenKind::Sign('-')) => ArithmeticOp::Subtract,
                _ => return Some(result),
            };
            self.at += 1;
            let right = self.product()?;
            result = arithmetic(op, result, right);
        }
        None
    }

    fn product(&mut self) -> Option<Expr> {
        let mut result = self.primary()?;
        for _ in 0..MOST {
            if !self.eat_sign('*') {
                return Some(result);
            }
            let right = self.primary()?;
            result = arithmetic(ArithmeticOp::Multiply, result, right);
        }
        None
    }

    fn primary(&mut self) -> Option<Expr> {
        if self.depth == MOST {
            return None;
        }
        self.depth += 1;
        let expr = self.value();
        self.depth -= 1;
        expr
    }

    fn value(&mut self) -> Option<Expr> {
        let start = self.start();
        let token = self.token(0)?;
        let kind = match token.kind {
            TokenKind::Number | TokenKind::Sign('-') => self.literal()?,
            TokenKind::Text => ExprKind::Text(self.quoted()?.text),
            TokenKind::Backtick => self.path_or_call()?,
            TokenKind::Word => match token.text(self.text) {
                word @ ("true" | "false") => {
                    self.at += 1;
                    ExprKind::Bool(word == "true")
                }
                word @ ("weekday" | "date" | "time") if self.word(1) == Some("of") => {
                    self.at += 2;
                    let part = match word {
                        "weekday" => InstantPart::Weekday,
                        "date" => InstantPart::Date,
                        _ => InstantPart::Time,
                    };
                    ExprKind::PartOf(part, Box::new(self.primary()?))
                }
                _ => self.path_or_call()?,
            },
            TokenKind::Sign('(') => {
                self.at += 1;
                let grouped = self.expr()?;
                self.need_sign(')')?;
                return Some(grouped);
            }
            TokenKind::Sign('{') => {
                self.at += 1;
                ExprKind::Set(self.list('}', Direct::sum)?)
            }
            TokenKind::OpenText | TokenKind::OddText | TokenKind::Sign(_) => return None,
        };
        let span = self.span_from(start);
        Some(Expr { kind, span })
    }

    /// Values between commas, up to a closing sign.
    fn list(&mut self, close: char, one: impl Fn(&mut Self) -> Option<Expr>) -> Option<Vec<Expr>> {
        let mut values = Vec::new();
        if self.eat_sign(close) {
            return Some(values);
        }
        values.push(one(self)?);
        while self.eat_sign(',') {
            values.push(one(self)?);
        }
        self.need_sign(close)?;
        Some(values)
    }

    fn path_or_call(&mut self) -> Option<ExprKind> {
        let name = self.name()?;
        if self.eat_sign('(') {
            return Some(ExprKind::Call(name, self.list(')', Direct::expr)?));
        }
        let mut path = smallvec![name];
        while self.is_sign('.') {
            // Two points are a range.
            let Some(part) = self.part() else { break };
            path.push(part);
            self.at += 2;
        }
        // The grammar tries other readings of what looks like a call.
        if self.is_sign('(') || self.is_word("of") {
            return None;
        }
        Some(ExprKind::Path(path))
    }

    /// The word behind a point, which may be a reserved one.
    fn part(&self) -> Option<Name> {
        let token = self.token(1)?;
        let text = token.text(self.text);
        let text = match token.kind {
            TokenKind::Word if is_word(text) => text,
            TokenKind::Backtick => in_backticks(text)?,
            _ => return None,
        };
        Some(Name {
            text: SmolStr::new(text),
            span: self.span_of(token),
        })
    }
}

fn arithmetic(op: ArithmeticOp, left: Expr, right: Expr) -> Expr {
    let span = left.span.to(right.span);
    Expr {
        kind: ExprKind::Arithmetic(op, Box::new(left), Box::new(right)),
        span,
    }
}
