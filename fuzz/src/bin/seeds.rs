//! Writes the seeds of every target into `corpus/TARGET`, made from the policies and templates that ship.

use caseway_fuzz::bodies::TARGETS;
// What counts edges is part of it, for programs that are no fuzzers as well.
use libfuzzer_sys as _;
use std::path::Path;

fn main() -> std::io::Result<()> {
    for target in TARGETS {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target.name);
        std::fs::create_dir_all(&folder)?;
        let seeds = (target.seeds)();
        for (at, seed) in seeds.iter().enumerate() {
            std::fs::write(folder.join(format!("seed-{at:04}")), seed)?;
        }
        println!("{}: {} seeds", target.name, seeds.len());
    }
    Ok(())
}
