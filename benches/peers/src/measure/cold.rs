//! How long the command takes from cold to one printed decision, as a whole process, beside a program that does
//! nothing.
//!
//! Builds Caseway's own release and runs it, or a program that was built before; runs take turns.

use crate::table::{head, line, median};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

/// Runs of each program, in turns.
const RUNS: usize = 61;

/// Prints the table for the program at a path, or for the one that it builds.
pub fn run(built: Option<&str>) -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let caseway = match built {
        Some(path) => PathBuf::from(path),
        None => {
            let mut build = Command::new("cargo");
            build
                .args(["build", "--release", "--locked", "--bin", "caseway"])
                .current_dir(&root);
            match build.status() {
                Ok(status) if status.success() => {}
                other => {
                    eprintln!("Caseway was not built: {other:?}");
                    return ExitCode::FAILURE;
                }
            }
            let target = std::env::var_os("CARGO_TARGET_DIR")
                .map_or_else(|| root.join("target"), PathBuf::from);
            target.join("release/caseway")
        }
    };
    let case = "policies/telecom-service/cases/01-city-outage.json";
    let eval = ["eval", "-C", "policies/telecom-service", "--case", case];
    let program = |path: &Path, arguments: &[&str]| {
        let mut command = Command::new(path);
        command
            .args(arguments)
            .current_dir(&root)
            .stdin(Stdio::null())
            .stderr(Stdio::inherit());
        command
    };
    let mut programs = [
        (
            "`true`: a process that does nothing",
            program(Path::new("true"), &[]),
        ),
        ("`caseway --version`", program(&caseway, &["--version"])),
        (
            "`caseway eval`: one case, telecom pack",
            program(&caseway, &eval),
        ),
    ];
    let mut times: [Vec<f64>; 3] = Default::default();
    for _ in 0..RUNS {
        for ((name, command), times) in programs.iter_mut().zip(&mut times) {
            let start = Instant::now();
            let output = command.output();
            let taken = start.elapsed();
            match output {
                Ok(output) if output.status.success() => {
                    let decided =
                        String::from_utf8_lossy(&output.stdout).contains("\"classification\"");
                    assert!(decided || !name.contains("eval"), "no decision was printed");
                    times.push(taken.as_secs_f64() * 1e3);
                }
                other => {
                    eprintln!("{name}: {other:?}");
                    return ExitCode::FAILURE;
                }
            }
        }
    }
    println!(
        "\nms from start to end of a process, median of {RUNS} runs that took turns (least to greatest):\n"
    );
    println!(
        "{}",
        head([
            "process".to_owned(),
            "ms".to_owned(),
            "less the first".to_owned()
        ])
    );
    let medians = times.each_mut().map(|times| median(times));
    for (((name, _), times), median) in programs.iter().zip(&times).zip(medians) {
        let (least, greatest) = (times[0], times[times.len() - 1]);
        let shown = format!("{median:.2} ({least:.2}–{greatest:.2})");
        println!(
            "{}",
            line([
                (*name).to_owned(),
                shown,
                format!("{:.2}", median - medians[0])
            ])
        );
    }
    ExitCode::SUCCESS
}
