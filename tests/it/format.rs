//! The one layout of policy text, and `caseway fmt`.
//!
//! `tests/fixtures/format`: `NAME.policy` as somebody wrote it, `NAME.formatted` as it is laid out.
//! `UPDATE_FIXTURES=1` writes what is found instead of comparing; read every change as an operator
//! would.

use crate::command::Folder;
use caseway::format::format;
use caseway::source::SourceId;
use proptest::prelude::*;
use std::path::{Path, PathBuf};

fn policy_files(folder: &Path, found: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(folder).expect("a folder");
    for entry in entries {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            policy_files(&path, found);
        } else if path.extension().is_some_and(|end| end == "policy") {
            found.push(path);
        }
    }
    found.sort();
}

/// The policies that ship: they are valid, so each must be laid out.
fn shipped() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for folder in ["policies", "templates"] {
        policy_files(Path::new(folder), &mut found);
    }
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).expect("a file");
        (path, text)
    };
    found.into_iter().map(read).collect()
}

fn laid_out(text: &str) -> String {
    format(SourceId::default(), text).unwrap_or_else(|findings| panic!("{findings:#?}\n{text}"))
}

/// What layout may not touch, found without reading the language: every sign but blanks, line ends
/// and commas.
fn substance(text: &str) -> String {
    let kept = |c: &char| !c.is_whitespace() && !matches!(c, ',' | '\u{feff}');
    text.chars().filter(kept).collect()
}

#[test]
fn fixtures_are_laid_out() {
    let update = std::env::var_os("UPDATE_FIXTURES").is_some();
    let mut found = Vec::new();
    policy_files(Path::new("tests/fixtures/format"), &mut found);
    assert!(found.len() >= 7, "{found:?}");
    for path in found {
        let text = std::fs::read_to_string(&path).expect("a file");
        let formatted = laid_out(&text);
        let expected = path.with_extension("formatted");
        if update {
            std::fs::write(&expected, &formatted).expect("written");
        }
        let wanted = std::fs::read_to_string(&expected).expect("the layout that is wanted");
        assert_eq!(formatted, wanted, "{}", path.display());
        assert_eq!(laid_out(&formatted), formatted, "{}", path.display());
        assert_eq!(
            substance(&formatted),
            substance(&text),
            "{}",
            path.display()
        );
    }
}

#[test]
fn shipped_policies_are_laid_out() {
    let files = shipped();
    assert!(files.len() >= 50);
    for (path, text) in files {
        assert_eq!(laid_out(&text), text, "{}", path.display());
    }
}

#[test]
fn the_manual_shows_what_comes_of_it() {
    let page = std::fs::read_to_string("docs/fmt.md").expect("the page");
    let fence = |kind: &str| {
        let (_, rest) = page.split_once(&format!("```{kind}\n")).expect("a fence");
        rest.split_once("```").expect("its end").0.to_owned()
    };
    assert_eq!(laid_out(&fence("policy-before")), fence("policy-after"));
}

/// Pages with their Markdown.
fn pages(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            pages(&path, found);
        } else if path.extension().is_some_and(|end| end == "md") {
            found.push(path);
        }
    }
}

#[test]
fn policies_in_the_manual_are_laid_out() {
    let mut found = vec![PathBuf::from("README.md")];
    pages(Path::new("docs"), &mut found);
    let mut examples = 0;
    for path in found {
        let page = std::fs::read_to_string(&path).expect("a page");
        for part in page.split("\n```policy").skip(1) {
            let (kind, rest) = part.split_once('\n').expect("a line");
            let example = rest.split_once("\n```").map_or(rest, |(inside, _)| inside);
            let example = format!("{example}\n");
            // What shows a mistake in writing cannot be laid out.
            let formatted = format(SourceId::default(), &example);
            if let (Ok(formatted), false) = (formatted, kind.starts_with("-before")) {
                assert_eq!(formatted, example, "{}", path.display());
                examples += 1;
            }
        }
    }
    assert!(examples > 500, "{examples}");
}

#[test]
fn what_cannot_be_read_is_not_laid_out() {
    for text in [
        "role desk == b\n",
        "route {",
        "case { id: text",
        "\u{0}",
        "role \"甲\"",
    ] {
        let findings = format(SourceId::default(), text).expect_err(text);
        assert!(!findings.is_empty(), "{text}");
        assert!(
            findings.iter().all(|one| one.code != "format-refused"),
            "{text}"
        );
    }
}

/// A text with other blanks: more of them where there is one, at the ends of lines, and other
/// indents; blank lines stay blank lines.
fn disturbed(text: &str, seeds: &[u8]) -> String {
    let mut seeds = seeds.iter().copied().cycle();
    let mut next = || usize::from(seeds.next().unwrap_or(0));
    let mut disturbed = String::new();
    for line in text.lines() {
        let words = line.trim_start();
        disturbed.push_str(&" ".repeat(next() % 7));
        let (mut quoted, mut comment) = (false, false);
        let mut escaped = false;
        for c in words.chars() {
            if c == '"' && !escaped {
                quoted = !quoted;
            }
            escaped = c == '\\' && !escaped;
            comment |= c == '#' && !quoted;
            disturbed.push(c);
            if c == ' ' && !quoted && !comment {
                disturbed.push_str([" ", "", "\t", "   "][next() % 4]);
            }
        }
        disturbed.push_str(["", "  ", "\t"][next() % 3]);
        disturbed.push('\n');
        if words.is_empty() {
            disturbed.push_str(["", "\n", "  \n\n"][next() % 3]);
        }
    }
    disturbed
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Blanks carry nothing: a laid out file whose blanks were disturbed is laid out as before.
    #[test]
    fn disturbed_blanks_come_back(seeds in proptest::collection::vec(any::<u8>(), 1..60), at in any::<prop::sample::Index>()) {
        let files = shipped();
        let (path, text) = at.get(&files);
        let disturbed = disturbed(text, &seeds);
        let formatted = format(SourceId::default(), &disturbed);
        prop_assert!(formatted.is_ok(), "{}: {formatted:?}", path.display());
        prop_assert_eq!(&formatted.expect("it is"), text, "{}", path.display());
    }

    /// Line ends do not matter to what is read: laid out once or twice, the text is the same, and
    /// nothing is lost.
    #[test]
    fn line_ends_come_and_go_without_loss(seeds in proptest::collection::vec(any::<u8>(), 1..60), at in any::<prop::sample::Index>()) {
        let files = shipped();
        let (path, text) = at.get(&files);
        let mut seeds = seeds.iter().copied().cycle();
        let mut broken = String::new();
        for line in text.lines() {
            broken.push_str(line);
            broken.push_str(if seeds.next().unwrap_or(0) % 5 == 0 { "\n\n\n" } else { "\n" });
        }
        // A blank line may not stand everywhere; where it may, nothing else changes.
        if let Ok(formatted) = format(SourceId::default(), &broken) {
            prop_assert_eq!(substance(&formatted), substance(text), "{}", path.display());
            prop_assert_eq!(laid_out(&formatted), formatted, "{}", path.display());
        }
    }
}

const UGLY: &str = "role  desk\nrole boss \"主管\"\n";
const NEAT: &str = "role desk\nrole boss \"主管\"\n";
const BROKEN: &str = "role desk == b\n";

#[test]
fn files_that_change_are_written_and_named() {
    let folder = Folder::new(&[
        ("a.policy", UGLY),
        ("deep/b.policy", NEAT),
        ("note.txt", UGLY),
    ]);
    let ran = folder.run(&["fmt"]);
    assert_eq!((ran.code(), ran.out().as_str()), (Some(0), ""));
    assert_eq!(ran.err(), "formatted a.policy\n");
    assert_eq!(folder.read("a.policy"), NEAT);
    assert_eq!(folder.read("note.txt"), UGLY);
    let again = folder.run(&["fmt"]);
    assert_eq!(
        (again.code(), again.err().as_str()),
        (Some(0), "nothing to format\n")
    );
    let named = folder.run(&["fmt", "note.txt", "./note.txt", "deep"]);
    assert_eq!(named.err(), "formatted note.txt\n");
    assert_eq!(folder.read("note.txt"), NEAT);
}

#[test]
fn nothing_is_written_where_nothing_changes() {
    let folder = Folder::new(&[("a.policy", NEAT)]);
    let time = || std::fs::metadata(folder.0.join("a.policy")).and_then(|about| about.modified());
    let before = time().expect("a time");
    folder.run(&["fmt"]);
    assert_eq!(time().expect("a time"), before);
}

#[test]
fn check_and_diff_write_nothing() {
    let folder = Folder::new(&[("a.policy", UGLY), ("b.policy", NEAT)]);
    let difference = "--- a/a.policy\n+++ b/a.policy\n@@ -1,2 +1,2 @@\n-role  desk\n+role desk\n role boss \"主管\"\n";
    let count = "1 file would change, 1 would not\n";
    for (arguments, code, out) in [
        (&["fmt", "--check"][..], 1, "a.policy\n"),
        (&["fmt", "--diff"], 0, difference),
        (&["fmt", "--diff", "--check", "."], 1, difference),
        (&["fmt", "--check", "b.policy"], 0, ""),
    ] {
        let ran = folder.run(arguments);
        assert_eq!(
            (ran.code(), ran.out().as_str()),
            (Some(code), out),
            "{arguments:?}"
        );
        let told = if out.is_empty() {
            "nothing to format\n"
        } else {
            count
        };
        assert_eq!(ran.err(), told, "{arguments:?}");
        assert_eq!(folder.read("a.policy"), UGLY);
    }
}

#[test]
fn standard_input_goes_to_standard_output() {
    let folder = Folder::new(&[("a.policy", UGLY)]);
    for (arguments, input, code, out) in [
        (&["fmt", "-"][..], UGLY, 0, NEAT),
        (&["fmt", "-"], NEAT, 0, NEAT),
        (&["fmt", "-"], "", 0, ""),
        (&["fmt", "-", "--check"], UGLY, 1, "stdin\n"),
        (&["fmt", "-", "--check"], NEAT, 0, ""),
        (&["fmt", "-"], BROKEN, 2, ""),
    ] {
        let ran = folder.run_with(arguments, input.as_bytes());
        assert_eq!(
            (ran.code(), ran.out().as_str()),
            (Some(code), out),
            "{arguments:?} {input}"
        );
        assert_eq!(
            ran.err().contains("stdin:1:11: error[double-equals]"),
            code == 2
        );
    }
    let bytes = folder.run_with(&["fmt", "-"], b"role \xff");
    assert_eq!(bytes.code(), Some(2));
    assert!(
        bytes.err().contains("stdin:1:6: error[not-utf8]"),
        "{}",
        bytes.err()
    );
}

#[test]
fn a_file_with_errors_stays_and_the_others_are_laid_out() {
    let folder = Folder::new(&[("a.policy", UGLY), ("b.policy", BROKEN)]);
    std::fs::write(folder.0.join("c.policy"), b"\xff\xfe").expect("written");
    let ran = folder.run(&["fmt"]);
    assert_eq!(ran.code(), Some(2));
    let told = ran.err();
    for part in [
        "formatted a.policy\n",
        "b.policy:1:11: error[double-equals]",
        "c.policy:1:1: error[not-utf8]",
        "a file with errors is left as it is\n",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
    assert_eq!(folder.read("a.policy"), NEAT);
    assert_eq!(folder.read("b.policy"), BROKEN);
    assert_eq!(
        std::fs::read(folder.0.join("c.policy")).expect("a file"),
        b"\xff\xfe"
    );
    let checked = folder.run(&["fmt", "--check"]);
    assert_eq!(checked.code(), Some(2));
}

#[test]
fn what_cannot_be_laid_out_is_told() {
    let folder = Folder::new(&[("a.policy", NEAT), ("empty/note.txt", "")]);
    for (arguments, told) in [
        (
            &["fmt", "nowhere"][..],
            "error[unreadable-file]: cannot read `nowhere`: there is no such file\n",
        ),
        (
            &["fmt", "empty"],
            "error[bad-usage]: `empty` has no policy files\n",
        ),
        (
            &["fmt", "-", "a.policy"],
            "error[bad-usage]: `-` goes without other paths\n",
        ),
        (
            &["fmt", "-C", ".", "a.policy", "empty"],
            "error[bad-usage]: `--policy` goes without other paths\n",
        ),
    ] {
        let ran = folder.run(arguments);
        assert_eq!(
            (ran.code(), ran.err().as_str()),
            (Some(2), told),
            "{arguments:?}"
        );
    }
}

/// A file or folder that may not be written, under a user who is not the superuser.
#[cfg(unix)]
#[test]
fn what_may_not_be_written_stays_as_it_was() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    use std::os::unix::process::CommandExt;
    const NOBODY: u32 = 65534;
    for (file_mode, folder_mode) in [(0o444, 0o777), (0o666, 0o555)] {
        let folder = Folder::new(&[("a.policy", UGLY)]);
        let path = folder.0.join("a.policy");
        let set = |path: &Path, mode: u32| {
            std::fs::set_permissions(path, PermissionsExt::from_mode(mode)).expect("may be set");
        };
        set(&path, file_mode);
        set(&folder.0, folder_mode);
        let mut command = folder.command(&["fmt"]);
        // The superuser may write everything.
        if std::fs::metadata("/proc/self").is_ok_and(|about| about.uid() == 0) {
            command.uid(NOBODY).gid(NOBODY);
        }
        let output = command.output().expect("it runs");
        let words = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{words}");
        assert!(words.contains("cannot write `a.policy`"), "{words}");
        set(&folder.0, 0o777);
        assert_eq!(folder.read("a.policy"), UGLY);
        let names = std::fs::read_dir(&folder.0).expect("a folder").count();
        assert_eq!(names, 1);
    }
}

#[test]
fn ten_thousand_rules_are_laid_out() {
    let mut text = String::from("classify topic as one of { a, b } {\n  first match\n");
    let mut neat = text.clone();
    for number in 0..10_000 {
        text.push_str(&format!("rule r{number}   when size>={number} then a\n"));
        neat.push_str(&format!("  rule r{number} when size >= {number} then a\n"));
    }
    for text in [&mut text, &mut neat] {
        text.push_str("  otherwise b\n}\n");
    }
    assert_eq!(laid_out(&text), neat);
}
