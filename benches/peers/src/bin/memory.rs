//! How much memory an engine holds once it has taken rules in, for each rule.
//!
//! What is counted is what is asked of the allocator between the text in memory and the engine that is ready, less
//! what was given back: not the text that it was handed, but every copy it keeps.
#![allow(clippy::disallowed_methods, reason = "a benchmark reads its arguments")]

use caseway_peers::engines::{KINDS, Kind, LOADED};
use caseway_peers::measure::Wanted;
use caseway_peers::table::{figure, grouped, head, line};
use caseway_peers::versions::with_version;
use caseway_peers::with_room;
use caseway_peers::workload::rules;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use std::alloc::System;

#[global_allocator]
static COUNTING: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// An engine is given no set larger than this when the one before held more bytes than that in all.
const MUCH: f64 = 1e9;

fn main() {
    with_room(print);
}

fn print() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let wanted = Wanted::new(&arguments);
    let sizes = wanted.sizes_or(&LOADED);
    let taken = |kind: &&Kind| kind.package.is_some() && wanted.wants(kind);
    println!("\nbytes held for each rule, by an engine that is ready:\n");
    let numbers = sizes
        .iter()
        .map(|size| format!("{} rules", grouped(*size as u64)));
    println!("{}", head(["engine".to_owned()].into_iter().chain(numbers)));
    for kind in KINDS.iter().filter(taken) {
        let mut cells = vec![with_version(kind.name, kind.package)];
        let mut held = Some(0.0);
        for size in sizes.iter().copied() {
            held = held
                .filter(|held| *held < MUCH)
                .and_then(|_| held_by(kind, size));
            cells.push(held.map_or("–".to_owned(), |held| figure(held / size as f64)));
        }
        println!("{}", line(cells));
    }
}

/// The bytes that an engine holds with so many rules. It has taken in a set before, so that what it keeps once for
/// all sets is there already.
fn held_by(kind: &Kind, size: usize) -> Option<f64> {
    drop((kind.loader)(&rules::draw(10))());
    let load = (kind.loader)(&rules::draw(size));
    let region = Region::new(COUNTING);
    let loaded = load().ok()?;
    let change = region.change();
    drop(loaded);
    Some(change.bytes_allocated as f64 - change.bytes_deallocated as f64)
}
