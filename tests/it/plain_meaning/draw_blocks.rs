//! Random defines, classifications with rules and tables, the route and the tiers.

use super::draw::{ClassPlan, Draw, Ty};
use super::draw_conditions::Scope;
use std::fmt::Write as _;

impl Draw {
    pub fn scope(&self) -> Scope {
        Scope {
            events: false,
            classes: self.classes.len(),
            defines: self.defines.len(),
            plain: false,
        }
    }

    pub fn define_items(&mut self) -> String {
        let mut text = String::new();
        for place in 0..self.below(4) {
            let scope = self.scope();
            let name = format!("d{place}");
            let number = if self.one_in(3) {
                self.number(scope, 2)
            } else {
                None
            };
            let (value, ty) = match number {
                Some(number) => (number, Ty::Int),
                None => (self.condition(scope, 2), Ty::Bool),
            };
            let label = self.label();
            let _ = writeln!(text, "define {name}{label} = {value}");
            self.defines.push((name, ty));
        }
        text
    }

    /// The number of rules of a block.
    fn count(&mut self, large: bool) -> usize {
        if !large {
            return self.below(7);
        }
        let count = match self.below(8) {
            0 => self.between(250, 600),
            1 | 2 => self.between(130, 250),
            _ => self.between(65, 130),
        };
        usize::try_from(count).expect("few")
    }

    pub fn block_items(&mut self) -> String {
        let mut items = Vec::new();
        let count = self.between(1, 4);
        // The first is large, if the policy has large blocks.
        for place in 0..count {
            let large = self.wide && place == 0;
            items.push(self.classification(&format!("c_{place}"), large));
        }
        // Their order on the page does not matter.
        if self.one_in(2) {
            items.reverse();
        }
        items.concat()
    }

    fn outcome(&mut self, highest: bool) -> Ty {
        let ordered: Vec<usize> = (0..self.enums.len())
            .filter(|place| self.enums[*place].ordered)
            .collect();
        if highest {
            return Ty::Enum(self.pick(&ordered));
        }
        match self.below(8) {
            0 => self.pick(&[
                Ty::Int,
                Ty::Text,
                Ty::Bool,
                Ty::Dec(2),
                Ty::Weekday,
                Ty::Dur,
                Ty::Date,
            ]),
            _ => Ty::Enum(self.below(self.enums.len())),
        }
    }

    fn classification(&mut self, name: &str, large: bool) -> String {
        let strategy = self.pick(&["first match", "first match", "unique", "highest", "collect"]);
        let ty = self.outcome(strategy == "highest");
        let effective = self.effective(12);
        let mut text = format!(
            "classify {name}{} as {}{effective} {{\n  {strategy}\n",
            self.label(),
            self.type_text(&ty)
        );
        let scope = self.scope();
        let count = self.count(large);
        let mut rows = 0;
        for place in 0..count {
            if self.one_in(if large { 60 } else { 7 }) {
                text += &self.table(name, &ty, &mut rows);
                continue;
            }
            let _ = writeln!(text, "{}", self.rule(place, large, scope, &ty));
        }
        if strategy != "collect" && self.one_in(2) {
            let _ = writeln!(
                text,
                "  otherwise {}{}",
                self.constant(&ty, None).0,
                self.because()
            );
        }
        text += "}\n";
        let ty = if strategy == "collect" {
            Ty::Set(Box::new(ty))
        } else {
            ty
        };
        self.classes.push(ClassPlan {
            name: name.to_owned(),
            ty,
        });
        text
    }

    fn rule(&mut self, place: usize, large: bool, scope: Scope, ty: &Ty) -> String {
        let when = if large {
            self.index_condition(Scope {
                plain: true,
                ..scope
            })
        } else {
            self.condition(scope, 2)
        };
        let effective = self.effective(if large { 60 } else { 9 });
        let then = self.constant(ty, None).0;
        format!(
            "  rule q{place}{}{effective} when {when} then {then}{}",
            self.label(),
            self.because()
        )
    }

    fn table(&mut self, name: &str, ty: &Ty, rows: &mut usize) -> String {
        let columns = self.between(1, 3);
        let mut headers: Vec<(String, Option<Ty>, bool, Option<(i64, i64)>)> = Vec::new();
        for _ in 0..columns {
            let field = self.one_field();
            let header = match &field.ty {
                Ty::Set(element) => {
                    let element = self.constant(element, None).0;
                    (
                        format!("{} contains {element}", field.path),
                        None,
                        false,
                        None,
                    )
                }
                Ty::Text => {
                    let word = self.constant(&Ty::Text, None).0;
                    (format!("{} contains {word}", field.path), None, false, None)
                }
                Ty::Bool => (field.path.clone(), None, field.may_be_missing(), None),
                ty => (
                    field.path.clone(),
                    Some(ty.clone()),
                    field.may_be_missing(),
                    field.bounds,
                ),
            };
            if headers.iter().all(|known| known.0 != header.0) {
                headers.push(header);
            }
        }
        let mut text = "  table {\n    |".to_owned();
        for (place, header) in headers.iter().enumerate() {
            let sign = if place + 1 == headers.len() {
                "=>"
            } else {
                "|"
            };
            let _ = write!(text, " {} {sign}", header.0);
        }
        let _ = writeln!(text, " {name} |");
        let count = if self.wide {
            self.between(1, 20)
        } else {
            self.between(1, 4)
        };
        let mut seen: Vec<Vec<String>> = Vec::new();
        for _ in 0..count {
            let cells: Vec<String> = headers
                .iter()
                .map(|(_, ty, presence, bounds)| self.cell(ty.as_ref(), *presence, *bounds))
                .collect();
            if seen.contains(&cells) {
                continue;
            }
            *rows += 1;
            let named = if self.one_in(4) {
                format!(" t{rows}: ")
            } else {
                " ".to_owned()
            };
            let outcome = self.constant(ty, None).0;
            let _ = writeln!(
                text,
                "    |{named}{} => {outcome} |{}",
                cells.join(" | "),
                self.because()
            );
            seen.push(cells);
        }
        text + "  }\n"
    }

    fn cell(&mut self, ty: Option<&Ty>, presence: bool, bounds: Option<(i64, i64)>) -> String {
        if self.one_in(5) {
            return "-".to_owned();
        }
        if presence && self.one_in(6) {
            return self.pick(&["missing", "present"]).to_owned();
        }
        let Some(ty) = ty else {
            return self.pick(&["true", "false"]).to_owned();
        };
        let not = self.pick(&["", "", "", "not "]);
        let ordered = self.has_order(ty);
        let range = |draw: &mut Draw| {
            let (one, two) = draw.two_in_order(ty, bounds);
            // Instants need blanks there.
            let dots = if *ty == Ty::Instant { " .. " } else { ".." };
            format!("{one}{dots}{two}")
        };
        match self.below(if ordered { 6 } else { 2 }) {
            0 => format!("{not}{}", self.constant(ty, bounds).0),
            1 => {
                let all = self.constants(ty, bounds, 3);
                format!("{not}{}", all.join(", "))
            }
            2 => format!(
                "{} {}",
                self.pick(&["<", "<=", ">", ">="]),
                self.constant(ty, bounds).0
            ),
            3 => {
                let (one, two) = (range(self), range(self));
                if one == two {
                    one
                } else {
                    format!("{one}, {two}")
                }
            }
            _ => range(self),
        }
    }

    fn target(&mut self) -> String {
        let roles = ["desk", "lead", "chief", "night"];
        let role = self.pick(&roles);
        let mut text = format!("to {role}");
        if self.one_in(2) {
            text += self.pick(&[" in queue fast", " in queue slow"]);
        }
        if self.one_in(3) {
            let others: Vec<&str> = roles.into_iter().filter(|other| *other != role).collect();
            let count = 1 + self.below(2);
            let _ = write!(text, " with {}", others[..count].join(", "));
        }
        if self.clocks > 0 && self.one_in(3) {
            for line in self.escalation_lines() {
                let _ = write!(text, " {line}");
            }
        }
        {
            let because = self.because();
            text + because.as_str()
        }
    }

    pub fn route_item(&mut self) -> String {
        if self.one_in(6) {
            return String::new();
        }
        let scope = self.scope();
        let strategy = self.pick(&["first match", "first match", "unique"]);
        let effective = self.effective(12);
        let mut text = format!("route{}{effective} {{\n  {strategy}\n", self.label());
        let large = self.wide && self.one_in(2);
        for place in 0..self.count(large) {
            let when = if large {
                self.index_condition(Scope {
                    plain: true,
                    ..scope
                })
            } else {
                self.condition(scope, 2)
            };
            let effective = self.effective(if large { 60 } else { 9 });
            let _ = writeln!(
                text,
                "  rule w{place}{}{effective} when {when} {}",
                self.label(),
                self.target()
            );
        }
        if self.one_in(2) {
            let _ = writeln!(text, "  otherwise {}", self.target());
        }
        text + "}\n"
    }

    pub fn sla_item(&mut self) -> String {
        // A clock needs a tier that gives it a target.
        if self.clocks == 0 && self.one_in(2) {
            return String::new();
        }
        let scope = self.scope();
        let effective = self.effective(14);
        let mut text = format!("sla{}{effective} {{\n", self.label());
        let large = self.wide && self.one_in(2);
        let mut count = self.count(large);
        let otherwise = self.one_in(2) || count == 0;
        if otherwise {
            count += 1;
        }
        for place in 0..count {
            let last = otherwise && place + 1 == count;
            let when = match last {
                true => String::new(),
                false if large => format!(
                    " when {}",
                    self.index_condition(Scope {
                        plain: true,
                        ..scope
                    })
                ),
                false if self.one_in(4) => format!(
                    " when route.role is {}",
                    self.pick(&["desk", "lead", "chief"])
                ),
                false => format!(" when {}", self.condition(scope, 2)),
            };
            let effective = if last {
                String::new()
            } else {
                self.effective(if large { 60 } else { 9 })
            };
            let word = if last { "otherwise " } else { "" };
            let mut lines = Vec::new();
            for clock in 0..self.clocks {
                lines.push(format!("k{clock} {}", self.target_text()));
            }
            if self.clocks > 0 && self.one_in(2) {
                lines.extend(self.warning_lines());
                lines.extend(self.escalation_lines());
            }
            let because = self.because();
            let _ = writeln!(
                text,
                "  {word}tier x{place}{}{effective}{when} {{ {}{because} }}",
                self.label(),
                lines.join("  ")
            );
        }
        text + "}\n"
    }
}
