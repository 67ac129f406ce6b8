//! `decide`, the default, prints how long decisions take; `load` how long engines take to take rules in; `cold` how
//! long the whole command takes; `batch` how many lines become short decisions in a second. Further arguments are numbers of rules and parts of names of engines; for `cold` the
//! path of a program that was built.
#![allow(clippy::disallowed_methods, reason = "a benchmark reads its arguments")]

use caseway_peers::measure::{Wanted, batch, cold, decide, load};
use caseway_peers::with_room;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    with_room(move || match arguments.split_first() {
        Some((word, rest)) if word == "batch" => batch::run(&Wanted::new(rest)),
        Some((word, rest)) if word == "load" => load::run(&Wanted::new(rest)),
        Some((word, rest)) if word == "cold" => cold::run(rest.first().map(String::as_str)),
        Some((word, rest)) if word == "decide" => decide::run(&Wanted::new(rest)),
        _ => decide::run(&Wanted::new(&arguments)),
    })
}
