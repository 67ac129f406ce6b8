//! Decisions as rows of CSV: the columns of contract K5.

use crate::cli::language;
use crate::compile::{Program, Type};
use crate::eval::Shown;
use crate::ingest::Refusal;
use crate::value::Value;
use crate::{Decision, Instant, Policy};

/// The header.
pub(super) fn header(policy: &Policy) -> Vec<u8> {
    let program = policy.program();
    let mut names: Vec<String> = ["line", "case", "error"].map(str::to_owned).to_vec();
    names.extend(
        program
            .classifications
            .iter()
            .map(|block| block.named.name.clone()),
    );
    names.extend(["role", "queue", "with", "tier"].map(str::to_owned));
    for clock in &program.clocks {
        names.extend(
            ["due", "state", "breached_at"].map(|part| format!("{}_{part}", clock.named.name)),
        );
    }
    names.push("next_change_at".to_owned());
    record(&names)
}

/// One row.
pub(super) fn row(policy: &Policy, line: usize, decided: Result<&Decision, &Refusal>) -> Vec<u8> {
    let program = policy.program();
    let mut cells = vec![line.to_string()];
    match decided {
        Err(refusal) => {
            cells.push(refusal.case.clone().unwrap_or_default());
            cells.push(refusal.in_language(language::json()).in_one_line());
            let blanks = program.classifications.len() + 4 + program.clocks.len() * 3 + 1;
            cells.extend(std::iter::repeat_n(String::new(), blanks));
        }
        Ok(decision) => {
            let shown =
                |at: Option<Instant>| at.map_or_else(String::new, |at| at.format(program.zone));
            cells.push(decision.case_id().unwrap_or_default().to_owned());
            cells.push(String::new());
            let decided = decision.places().classifications.iter();
            let decided = decided.map(|decided| decided.value.as_ref());
            for (block, value) in program.classifications.iter().zip(decided) {
                cells.push(value.map_or_else(String::new, |value| cell(program, &block.ty, value)));
            }
            let route = decision.route();
            let route = route.as_ref();
            cells.push(name(route.and_then(|route| route.role)));
            cells.push(name(route.and_then(|route| route.queue)));
            cells.push(route.map_or_else(String::new, |route| route.with.join(";")));
            cells.push(name(decision.sla().and_then(|sla| sla.tier)));
            let mut readings = decision.places().clocks.iter();
            for _ in &program.clocks {
                let reading = readings.next();
                cells.push(shown(reading.and_then(|reading| reading.due)));
                cells.push(name(reading.map(|reading| reading.state.word())));
                cells.push(shown(reading.and_then(|reading| reading.breached_at)));
            }
            cells.push(shown(decision.next_change_at()));
        }
    }
    record(&cells)
}

fn name(name: Option<&str>) -> String {
    name.unwrap_or_default().to_owned()
}

/// A value in one cell; the members of a set are joined by `;`.
fn cell(program: &Program, ty: &Type, value: &Value) -> String {
    let Value::Set(items) = value else {
        return Shown { program, ty, value }.to_string();
    };
    let element = match ty {
        Type::Set(element) => element,
        ty => ty,
    };
    let items = items.iter().map(|item| cell(program, element, item));
    items.collect::<Vec<String>>().join(";")
}

fn record(cells: &[String]) -> Vec<u8> {
    // Room for most rows with what is quoted in them, so that neither buffer grows.
    let room = cells.iter().map(|cell| cell.len() + 3).sum::<usize>();
    let mut writer = csv::WriterBuilder::new();
    let mut writer = writer
        .buffer_capacity(room)
        .from_writer(Vec::with_capacity(room));
    // Writing to memory cannot fail.
    let _ = writer.write_record(cells);
    writer.into_inner().unwrap_or_default()
}
