//! Random conditions and values over the fields, defines, classifications and functions of a policy.

use super::draw::{Draw, Ty};

/// Where a condition stands: what it may read.
#[derive(Clone, Copy)]
pub struct Scope {
    /// `EVENT has happened` may be asked.
    pub events: bool,
    /// Classifications may be read, up to this one.
    pub classes: usize,
    /// Defines may be read, up to this one.
    pub defines: usize,
    /// Of the kind that an index is for: fields against constants.
    pub plain: bool,
}

impl Draw {
    /// A condition with others inside it, so many deep at most.
    pub fn condition(&mut self, scope: Scope, depth: usize) -> String {
        if depth == 0 || self.one_in(3) {
            return self.atom(scope);
        }
        match self.below(6) {
            0 => format!("not ({})", self.condition(scope, depth - 1)),
            choice => {
                let word = if choice < 3 { " or " } else { " and " };
                let count = self.between(2, 3);
                let mut parts: Vec<String> = Vec::new();
                for _ in 0..count {
                    let part = self.condition(scope, depth - 1);
                    if !parts.contains(&part) {
                        parts.push(part);
                    }
                }
                if parts.len() == 1 {
                    return parts.remove(0);
                }
                let parts: Vec<String> =
                    parts.into_iter().map(|part| format!("({part})")).collect();
                parts.join(word)
            }
        }
    }

    /// A rule's condition of a large block: a few questions about fields.
    pub fn index_condition(&mut self, scope: Scope) -> String {
        let count = self.between(1, 4);
        let mut parts: Vec<String> = Vec::new();
        for _ in 0..count {
            let plain = Scope {
                plain: !self.one_in(25),
                ..scope
            };
            let part = match self.below(9) {
                0 => self.condition(plain, 1),
                1 => format!("not ({})", self.atom(plain)),
                2 => self.condition(plain, 2),
                _ => self.atom(plain),
            };
            if !parts.contains(&part) {
                parts.push(part);
            }
        }
        if parts.len() == 1 {
            return parts.remove(0);
        }
        let word = if self.one_in(7) { " or " } else { " and " };
        let parts: Vec<String> = parts.into_iter().map(|part| format!("({part})")).collect();
        parts.join(word)
    }

    /// One question.
    pub fn atom(&mut self, scope: Scope) -> String {
        let choice = if scope.plain {
            self.below(13)
        } else {
            self.below(26)
        };
        match choice {
            0..=12 => self.field_atom(),
            13 if scope.events && self.events > 0 => {
                format!("ev{} has happened", self.below(self.events))
            }
            14..=16 if scope.classes > 0 => self.class_atom(scope),
            17 | 18 if scope.defines > 0 => self.define_atom(scope),
            19 | 20 => self.number_atom(scope),
            21 => self.time_atom().unwrap_or_else(|| self.field_atom()),
            22 if self.scripts => self.call_atom(),
            23 => self.fields_atom().unwrap_or_else(|| self.field_atom()),
            24 => format!("opened_at{}", self.instant_question()),
            _ => self
                .presence_atom(scope)
                .unwrap_or_else(|| self.field_atom()),
        }
    }

    /// A field against constants.
    fn field_atom(&mut self) -> String {
        let field = self.one_field();
        if field.may_be_missing() && self.one_in(8) {
            let word = self.pick(&["missing", "present"]);
            return format!("{} is {word}", field.path);
        }
        self.question(&field.path, &field.ty, field.bounds)
    }

    /// A question about something of a type.
    pub fn question(&mut self, of: &str, ty: &Ty, bounds: Option<(i64, i64)>) -> String {
        match ty {
            Ty::Bool => match self.below(4) {
                0 => format!("{of} is false"),
                1 => format!("{of} is not true"),
                2 => format!("not {of}"),
                _ => of.to_owned(),
            },
            Ty::Text => self.text_question(of),
            Ty::Set(element) => self.set_question(of, element),
            Ty::Instant => format!("{of}{}", self.instant_question()),
            _ => {
                let not = self.pick(&["", "", "not "]);
                let ordered = self.has_order(ty);
                match self.below(if ordered { 7 } else { 3 }) {
                    0 => format!("{of} is {not}{}", self.constant(ty, bounds).0),
                    1 | 2 => {
                        let count = usize::try_from(self.between(2, 4)).expect("few");
                        let all = self.constants(ty, bounds, count);
                        format!("{of} {not}in {{ {} }}", all.join(", "))
                    }
                    3 => {
                        let (one, two) = self.two_in_order(ty, bounds);
                        format!("{of} between {one} and {two}")
                    }
                    _ => {
                        let sign = self.pick(&["<", "<=", ">", ">="]);
                        format!("{of} {sign} {}", self.constant(ty, bounds).0)
                    }
                }
            }
        }
    }

    /// Two constants of an ordered type, the lesser first.
    pub fn two_in_order(&mut self, ty: &Ty, bounds: Option<(i64, i64)>) -> (String, String) {
        let (one, two) = (self.constant(ty, bounds).0, self.constant(ty, bounds).0);
        let key = |draw: &Draw, text: &str| -> (i64, String) {
            match ty {
                Ty::Int | Ty::Dec(_) => {
                    let hundred = text.parse::<f64>().expect("a number") * 100.0;
                    #[allow(clippy::cast_possible_truncation, reason = "only their order counts")]
                    let key = hundred as i64;
                    (key, String::new())
                }
                Ty::Weekday => {
                    let place = super::draw::WEEKDAYS.iter().position(|day| *day == text);
                    (
                        i64::try_from(place.expect("a day")).expect("few"),
                        String::new(),
                    )
                }
                Ty::Enum(place) => {
                    let place = draw.enums[*place]
                        .members
                        .iter()
                        .position(|member| member == text);
                    (
                        i64::try_from(place.expect("a member")).expect("few"),
                        String::new(),
                    )
                }
                Ty::Dur => {
                    let length = caseway::time::Duration::parse(text).expect("a length");
                    (length.millis(), String::new())
                }
                _ => (0, text.to_owned()),
            }
        };
        if key(self, &one) <= key(self, &two) {
            (one, two)
        } else {
            (two, one)
        }
    }

    fn instant_question(&mut self) -> String {
        let ty = Ty::Instant;
        match self.below(if self.calendars > 0 { 6 } else { 4 }) {
            0 => format!(" is {}", self.constant(&ty, None).0),
            1 => {
                let mut two = [self.constant(&ty, None).0, self.constant(&ty, None).0];
                two.sort();
                format!(" between {} and {}", two[0], two[1])
            }
            2 | 3 => {
                let sign = self.pick(&["<", "<=", ">", ">="]);
                format!(" {sign} {}", self.constant(&ty, None).0)
            }
            _ => {
                let word = self.pick(&["during", "outside"]);
                format!(" {word} c{}", self.below(self.calendars))
            }
        }
    }

    fn text_question(&mut self, of: &str) -> String {
        let case = self.pick(&["", " ignoring case"]);
        let one = self.constant(&Ty::Text, None).0;
        match self.below(8) {
            0 => format!("{of} is {one}{case}"),
            1 => format!("{of} is not {one}{case}"),
            2 => format!("{of} contains {one}{case}"),
            3 => format!(
                "{of} {} {one}{case}",
                self.pick(&["starts with", "ends with"])
            ),
            4 => {
                let word = self.pick(&["any", "all"]);
                let all = self.constants(&Ty::Text, None, 3);
                format!("{of} contains {word} of {{ {} }}{case}", all.join(", "))
            }
            5 => {
                let pattern = self.pick(&[
                    "^P\\d+$",
                    "\\bnow\\b",
                    "(?:u|o)[rt]",
                    "断.",
                    "^$",
                    "straße|οδο.",
                    "\\s",
                ]);
                format!("{of} matches r\"{pattern}\"{case}")
            }
            _ => {
                let not = self.pick(&["", "not "]);
                let all = self.constants(&Ty::Text, None, 3);
                format!("{of} {not}in {{ {} }}{case}", all.join(", "))
            }
        }
    }

    fn set_question(&mut self, of: &str, element: &Ty) -> String {
        match self.below(7) {
            0 => format!(
                "{of} is {}",
                self.constant(&Ty::Set(Box::new(element.clone())), None).0
            ),
            1 => format!(
                "count({of}) {} {}",
                self.pick(&[">", "<=", "is"]),
                self.below(4)
            ),
            2 => {
                let word = self.pick(&["any", "all"]);
                let all = self.constants(element, None, 3);
                format!("{of} contains {word} of {{ {} }}", all.join(", "))
            }
            _ => format!("{of} contains {}", self.constant(element, None).0),
        }
    }

    fn class_atom(&mut self, scope: Scope) -> String {
        let place = self.below(scope.classes);
        let class = self.classes[place].clone();
        if !matches!(class.ty, Ty::Set(_)) && self.one_in(6) {
            let word = self.pick(&["missing", "present"]);
            return format!("{} is {word}", class.name);
        }
        self.question(&class.name, &class.ty, None)
    }

    fn define_atom(&mut self, scope: Scope) -> String {
        let place = self.below(scope.defines);
        let (name, ty) = self.defines[place].clone();
        if self.one_in(6) {
            let word = self.pick(&["missing", "present"]);
            return format!("{name} is {word}");
        }
        self.question(&name, &ty, None)
    }

    fn presence_atom(&mut self, scope: Scope) -> Option<String> {
        let word = self.pick(&["missing", "present"]);
        let mut all: Vec<String> = Vec::new();
        let missing = self.fields.iter().filter(|field| field.may_be_missing());
        all.extend(missing.map(|field| field.path.clone()));
        all.extend(
            self.defines[..scope.defines]
                .iter()
                .map(|(name, _)| name.clone()),
        );
        if all.is_empty() {
            return None;
        }
        Some(format!("{} is {word}", self.pick(&all)))
    }

    /// A sum of numbers against a number.
    fn number_atom(&mut self, scope: Scope) -> String {
        let Some(left) = self.number(scope, 2) else {
            return self.field_atom();
        };
        let sign = self.pick(&["<", "<=", ">", ">=", "is", "is not"]);
        let right = match self.below(3) {
            0 => self.number(scope, 1).unwrap_or_else(|| "7".to_owned()),
            _ => self.constant(&Ty::Int, None).0,
        };
        format!("{left} {sign} {right}")
    }

    /// A number that reads something.
    pub fn number(&mut self, scope: Scope, depth: usize) -> Option<String> {
        let mut terms: Vec<String> = Vec::new();
        for field in &self.fields {
            match &field.ty {
                Ty::Int => terms.push(field.path.clone()),
                // Products of decimals have a limit of digits that is told when a policy is checked.
                Ty::Dec(digits) if *digits <= 2 => terms.push(field.path.clone()),
                Ty::Set(_) => terms.push(format!("count({})", field.path)),
                Ty::Text => terms.push(format!("length({})", field.path)),
                _ => {}
            }
        }
        for (name, ty) in &self.defines[..scope.defines] {
            if *ty == Ty::Int {
                terms.push(name.clone());
            }
        }
        if terms.is_empty() {
            return None;
        }
        let term = self.pick(&terms);
        if depth == 0 || self.one_in(3) {
            return Some(term);
        }
        let other = if self.one_in(2) {
            self.pick(&terms)
        } else {
            self.constant(&Ty::Int, None).0
        };
        let inner = self.number(scope, depth - 1)?;
        Some(match self.below(6) {
            0 => format!("{inner} + {other}"),
            1 => format!("{inner} - {term}"),
            2 => format!("({inner}) * {term}"),
            3 => format!("{term} * 1_000_000_007 * 1_000_000_007 + {inner}"),
            4 => format!("min({inner}, {other})"),
            _ => format!("max({term}, {other}, {inner})"),
        })
    }

    /// A question about an instant in the policy's zone, or about two instants.
    fn time_atom(&mut self) -> Option<String> {
        let instants = self.of_type(|ty| *ty == Ty::Instant);
        let mut names: Vec<String> = instants
            .iter()
            .map(|place| self.fields[*place].path.clone())
            .collect();
        names.push("opened_at".to_owned());
        let one = self.pick(&names);
        Some(match self.below(6) {
            0 => {
                let question = self.question("", &Ty::Date, None);
                format!("date of {one}{question}")
            }
            1 => {
                let question = self.question("", &Ty::Weekday, None);
                format!("weekday of {one}{question}")
            }
            2 => {
                let question = self.question("", &Ty::Time, None);
                format!("time of {one}{question}")
            }
            choice => {
                let others: Vec<String> =
                    names.iter().filter(|name| **name != one).cloned().collect();
                if others.is_empty() {
                    return None;
                }
                let other = self.pick(&others);
                let length = self.constant(&Ty::Dur, None).0;
                let sign = self.pick(&["<", ">="]);
                match choice {
                    3 => format!("{one} - {other} {sign} {length}"),
                    4 => format!("{one} {sign} {other} + {length}"),
                    _ => {
                        let times = self.pick(&["2", "3", "9_000_000_000", "-7"]);
                        format!("({one} - {other}) * {times} {sign} {length}")
                    }
                }
            }
        })
    }

    /// Two fields of one type.
    fn fields_atom(&mut self) -> Option<String> {
        let one = self.one_field();
        let numbers = |ty: &Ty| matches!(ty, Ty::Int | Ty::Dec(_));
        let fits = |ty: &Ty| *ty == one.ty || numbers(ty) && numbers(&one.ty);
        let others: Vec<String> = self
            .of_type(fits)
            .into_iter()
            .map(|place| self.fields[place].path.clone())
            .filter(|path| *path != one.path)
            .collect();
        if others.is_empty() {
            return None;
        }
        let other = self.pick(&others);
        let sign = if self.has_order(&one.ty) {
            self.pick(&["<", ">=", "is", "is not"])
        } else {
            self.pick(&["is", "is not"])
        };
        Some(match &one.ty {
            Ty::Text if self.one_in(2) => {
                let word = self.pick(&["contains", "starts with", "ends with"]);
                let case = self.pick(&["", " ignoring case"]);
                format!("{} {word} {other}{case}", one.path)
            }
            _ => format!("{} {sign} {other}", one.path),
        })
    }

    fn call_atom(&mut self) -> String {
        let texts = self.of_type(|ty| *ty == Ty::Text);
        let summary = match texts.is_empty() {
            true => "id".to_owned(),
            false => self.path_of(&texts),
        };
        let numbers = self.of_type(|ty| *ty == Ty::Int);
        let days = self.of_type(|ty| *ty == Ty::Weekday);
        let fees = self.of_type(|ty| *ty == Ty::Dec(2));
        match self.below(7) {
            0 => format!("score({summary}) >= {}", self.between(1, 60)),
            1 => format!("swollen({summary})"),
            2 => format!("tone({summary}) is angry"),
            3 => format!(
                "parts_of({summary}) contains {}",
                self.constant(&Ty::Text, None).0
            ),
            4 if !numbers.is_empty() => {
                let number = self.path_of(&numbers);
                format!("twice({number}) > {}", self.between(-2, 20))
            }
            5 if !fees.is_empty() => {
                let fee = self.path_of(&fees);
                format!("same_fee({fee}) <= {}", self.between(0, 9))
            }
            6 if !days.is_empty() => {
                let day = self.path_of(&days);
                format!("rest_day({day}) is sun")
            }
            _ => format!("score({summary}) is missing"),
        }
    }
}
