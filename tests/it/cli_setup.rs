//! Completions, manual pages and versions: what is set up once on a machine.

use super::command::Folder;
use std::collections::BTreeSet;
use std::fs;

/// The commands that `caseway --help` lists.
fn commands(folder: &Folder) -> BTreeSet<String> {
    let help = folder.run(&["--lang", "en", "--help"]).out();
    let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let names = lines.take_while(|line| !line.is_empty());
    let names: BTreeSet<String> = names
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .map(str::to_owned)
        .collect();
    assert!(names.contains("lint") && names.contains("init"), "{help}");
    names
}

#[test]
fn completions_know_every_command() {
    let folder = Folder::new(&[("x", "")]);
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let ran = folder.run(&["completions", shell]);
        assert_eq!((ran.code(), ran.err()), (Some(0), String::new()), "{shell}");
        for command in commands(&folder) {
            assert!(ran.out().contains(&command), "{shell}: {command}");
        }
        assert!(ran.out().contains("template"), "{shell}: options too");
        assert_eq!(
            ran.out(),
            folder.run(&["completions", shell]).out(),
            "{shell}"
        );
    }
    for arguments in [&["completions"][..], &["completions", "tcsh"]] {
        let ran = folder.run(&[arguments, &["--format", "json"]].concat());
        assert_eq!(ran.code(), Some(2), "{arguments:?}");
    }
}

#[test]
fn bash_can_read_its_completions() {
    let folder = Folder::new(&[("x", "")]);
    fs::write(
        folder.0.join("caseway.bash"),
        folder.run(&["completions", "bash"]).out(),
    )
    .expect("a file");
    // Where there is no bash there is nobody to complete for.
    let Ok(read) = std::process::Command::new("bash")
        .args(["-n", "caseway.bash"])
        .current_dir(&folder.0)
        .output()
    else {
        return;
    };
    assert!(
        read.status.success(),
        "{}",
        String::from_utf8_lossy(&read.stderr)
    );
}

#[test]
fn there_is_a_manual_page_for_every_command() {
    let folder = Folder::new(&[("desk/taken", "")]);
    let page = folder.run(&["man"]);
    assert_eq!((page.code(), page.err()), (Some(0), String::new()));
    assert!(page.out().contains(".TH caseway 1"), "{}", page.out());
    for command in commands(&folder) {
        assert!(
            page.out().contains(&format!("caseway\\-{command}(1)")),
            "{command}"
        );
    }
    let written = folder.run(&["man", "share/man/man1"]);
    assert_eq!(
        (written.code(), written.out(), written.err()),
        (Some(0), String::new(), String::new())
    );
    let pages = folder.home().join("share/man/man1");
    let names: BTreeSet<String> = fs::read_dir(&pages)
        .expect("a folder")
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    assert!(
        names.contains("caseway.1") && names.contains("caseway-calendar-due.1"),
        "{names:?}"
    );
    for command in commands(&folder) {
        let name = format!("caseway-{command}.1");
        assert!(names.contains(&name), "{name}: {names:?}");
        let text = fs::read_to_string(pages.join(&name)).expect("readable");
        assert!(text.contains(&format!(".TH caseway-{command} 1")), "{name}");
        assert!(
            text.contains("policy"),
            "{name} tells of options of every command"
        );
    }
    assert_eq!(
        fs::read_to_string(pages.join("caseway.1")).expect("readable"),
        page.out()
    );
    // Once more, over what is there; but not where no folder can be.
    assert_eq!(folder.run(&["man", "share/man/man1"]).code(), Some(0));
    let taken = folder.run(&["man", "taken"]);
    assert_eq!(taken.code(), Some(2));
    assert!(taken.err().contains("taken"), "{}", taken.err());
}

#[test]
fn the_version_names_what_decisions_depend_on() {
    let folder = Folder::new(&[("x", "")]);
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(folder.run(&["-V"]).out(), format!("caseway {version}\n"));
    let long = folder.run(&["--version"]);
    let tzdb = caseway::time::tzdb_version();
    assert_eq!(long.code(), Some(0));
    assert_eq!(
        long.out(),
        format!("caseway {version}\nlanguage 1\ntzdb {tzdb}\n")
    );
    assert!(!tzdb.is_empty());
}
