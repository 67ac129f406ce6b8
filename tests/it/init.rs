//! `caseway init`: what it writes works, and it never writes over anything.

use super::command::Folder;
use caseway::driver::{NotWritten, Starter, write_new_folder};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The paths of all files and folders below a folder, hidden ones too.
fn below(folder: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open = vec![folder.to_owned()];
    while let Some(dir) = open.pop() {
        for entry in fs::read_dir(&dir).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.strip_prefix(folder).expect("below the folder");
            found.insert(name.to_string_lossy().replace('\\', "/"));
            if path.is_dir() {
                open.push(path);
            }
        }
    }
    found
}

fn folder() -> Folder {
    Folder::new(&[("desk/keep.txt", "")])
}

#[test]
fn the_built_in_files_are_those_of_the_templates() {
    let templates = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    let names: BTreeSet<String> = Starter::ALL
        .iter()
        .map(|one| one.name().to_owned())
        .collect();
    let folders: BTreeSet<String> = fs::read_dir(&templates)
        .expect("the templates are there")
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    assert_eq!(names, folders);
    for starter in Starter::ALL {
        let folder = templates.join(starter.name());
        let on_disk: Vec<String> = below(&folder)
            .into_iter()
            .filter(|path| folder.join(path).is_file())
            .collect();
        let built_in: Vec<&str> = starter.files().iter().map(|file| file.0).collect();
        assert_eq!(built_in, on_disk, "{}", starter.name());
        for (path, text) in starter.files() {
            assert_eq!(
                *text,
                fs::read_to_string(folder.join(path)).expect("readable")
            );
        }
    }
    // Holidays are one set of data, wherever they ship.
    let holidays = "calendars/cn.csv";
    let pack = templates.join("../policies/telecom-service").join(holidays);
    assert_eq!(
        fs::read_to_string(templates.join("telecom").join(holidays)).expect("readable"),
        fs::read_to_string(pack).expect("readable")
    );
}

#[test]
fn every_template_lints_clean_and_passes_its_tests() {
    for starter in Starter::ALL {
        let name = starter.name();
        let folder = folder();
        let made = folder.run(&["init", "new", "--template", name, "--lang", "en"]);
        assert_eq!(made.code(), Some(0), "{}", made.err());
        assert_eq!(made.err(), "");
        let lines: Vec<String> = made.out().lines().map(str::to_owned).collect();
        assert_eq!(
            lines.len(),
            4,
            "what was made, and three lines of what to do next"
        );
        let lint = folder.run(&["lint", "new", "--deny", "warnings", "--format", "json"]);
        assert_eq!(lint.code(), Some(0), "{name}: {}", lint.out());
        assert_eq!(lint.json()["findings"], serde_json::json!([]), "{name}");
        let tests = folder.run(&["test", "new", "--format", "json"]);
        assert_eq!(tests.code(), Some(0), "{name}: {}", tests.out());
        assert!(tests.json()["passed"].as_u64() >= Some(2), "{name}");
        // The line about a case can be typed as it stands.
        let words: Vec<&str> = lines[3]
            .split_once("caseway ")
            .expect("a command")
            .1
            .split(' ')
            .collect();
        let eval = folder.run(&words);
        assert_eq!(eval.code(), Some(0), "{name}: {}", eval.err());
        let decision = eval.json();
        assert!(decision["route"]["role"].is_string(), "{name}");
        assert_eq!(decision["problems"], serde_json::json!([]), "{name}");
        assert_eq!(decision["waiting_for"], serde_json::json!([]), "{name}");
    }
}

#[test]
fn it_starts_in_new_folders_and_beside_other_files() {
    for (arguments, made, at) in [
        (vec!["init"], "", "."),
        (vec!["init", "--template", "helpdesk"], "", "."),
        (
            vec!["init", "a/b/服务台", "--template", "telecom"],
            "a/b/服务台/",
            "a/b/服务台",
        ),
        (
            vec!["-C", "other", "init", "--template", "blank"],
            "other/",
            "other",
        ),
        (vec!["init", "./x/", "--template", "blank"], "x/", "./x/"),
    ] {
        let folder = folder();
        let ran = folder.run(&[&arguments[..], &["--format", "json"]].concat());
        assert_eq!(ran.code(), Some(0), "{arguments:?}: {}", ran.err());
        let json = ran.json();
        assert_eq!(json["folder"], at);
        let expected: Vec<String> = json["files"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|file| format!("{made}{}", file.as_str().expect("a path")))
            .collect();
        let found: Vec<String> = below(&folder.home())
            .into_iter()
            .filter(|path| folder.home().join(path).is_file() && path != "keep.txt")
            .collect();
        assert_eq!(found, expected, "{arguments:?}");
    }
}

#[test]
fn what_stands_in_the_way_is_listed_and_nothing_is_written() {
    // What is there (a name that ends in / is a folder), the arguments, what is in the way.
    let cases: [(&[&str], &[&str], &[&str]); 7] = [
        (&["caseway.toml"], &["init"], &["caseway.toml"]),
        (
            &["caseway.toml", "x.txt", "sla.policy"],
            &["init", "."],
            &["caseway.toml", "sla.policy"],
        ),
        // Any other policy file would become part of the policy.
        (
            &["new/deep/mine.policy"],
            &["init", "new"],
            &["deep/mine.policy"],
        ),
        // A file where a folder has to be, and a folder where a file has to be.
        (&["new/tests"], &["init", "new"], &["tests"]),
        (&["new/case.policy/"], &["init", "new"], &["case.policy"]),
        (&["file"], &["init", "file"], &[]),
        (&["file"], &["init", "file/new"], &[]),
    ];
    for (there, arguments, expected) in cases {
        let folder = folder();
        for path in there {
            let at = folder.home().join(path);
            if path.ends_with('/') {
                fs::create_dir_all(at).expect("a folder");
            } else {
                fs::create_dir_all(at.parent().expect("a folder")).expect("a folder");
                fs::write(at, "mine").expect("a file");
            }
        }
        let before = below(&folder.home());
        let ran = folder.run(&[arguments, &["--format", "json"]].concat());
        assert_eq!(
            ran.failure(),
            (Some(2), "files-in-the-way".to_owned()),
            "{there:?}"
        );
        let json = ran.json();
        let listed: Vec<&str> = json["error"]["fields"]
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(|field| field["path"].as_str())
            .collect();
        assert_eq!(listed, expected, "{there:?}");
        assert_eq!(below(&folder.home()), before, "{there:?}");
        for path in there.iter().filter(|path| !path.ends_with('/')) {
            assert_eq!(
                fs::read_to_string(folder.home().join(path)).expect("readable"),
                "mine"
            );
        }
    }
}

#[test]
fn a_second_run_changes_nothing() {
    let folder = folder();
    assert_eq!(folder.run(&["init", "new"]).code(), Some(0));
    fs::write(folder.home().join("new/case.policy"), "mine").expect("a file");
    let before = below(&folder.home());
    let again = folder.run(&["init", "new", "--template", "blank"]);
    assert_eq!(again.code(), Some(2));
    assert_eq!(again.out(), "");
    assert!(again.err().contains("caseway.toml"), "{}", again.err());
    assert_eq!(below(&folder.home()), before);
    assert_eq!(folder.read("desk/new/case.policy"), "mine");
}

#[test]
fn an_unknown_template_and_two_folders_are_bad_usage() {
    let folder = folder();
    for arguments in [
        &["init", "--template", "bank"][..],
        &["-C", "a", "init", "b"],
    ] {
        let ran = folder.run(&[arguments, &["--format", "json"]].concat());
        assert_eq!(
            ran.failure(),
            (Some(2), "bad-usage".to_owned()),
            "{arguments:?}"
        );
    }
    assert_eq!(below(&folder.home()).len(), 1);
}

#[test]
fn what_cannot_be_written_leaves_nothing_behind() {
    // No file system that Caseway runs on takes names as long as this.
    let long = "x".repeat(300);
    let folder = folder();
    for path in [long.clone(), format!("a/b/{long}"), format!("{long}/new")] {
        let ran = folder.run(&["init", &path, "--format", "json"]);
        assert_eq!(
            ran.failure(),
            (Some(2), "unreadable-file".to_owned()),
            "{path}"
        );
        assert_eq!(below(&folder.home()).len(), 1, "{path}");
    }
}

#[test]
fn a_policy_is_not_put_into_another_policy() {
    for (dir, fits) in [
        ("outer/new", false),
        ("outer/a/b", false),
        ("outer/deep", false),
        ("outer/../next", true),
        // What a policy does not read may hold one.
        ("outer/.drafts/new", true),
        ("outer/target/new", true),
    ] {
        let folder = Folder::new(&[("desk/outer/caseway.toml", ""), ("desk/outer/deep/x", "")]);
        let before = below(&folder.home());
        let ran = folder.run(&["init", dir, "--format", "json"]);
        if fits {
            assert_eq!(ran.code(), Some(0), "{dir}: {}", ran.out());
        } else {
            assert_eq!(
                ran.failure(),
                (Some(2), "inside-policy".to_owned()),
                "{dir}"
            );
            assert_eq!(below(&folder.home()), before, "{dir}");
        }
    }
    let folder = Folder::new(&[("desk/caseway.toml", ""), ("desk/in/x", "")]);
    let mut command = folder.command(&["init"]);
    let output = command
        .current_dir(folder.home().join("in"))
        .output()
        .expect("it runs");
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(below(&folder.home()).len(), 3);
}

#[test]
fn a_failure_on_the_way_takes_back_what_was_made() {
    // A file and a folder of one name cannot both be made.
    let folder = folder();
    for dir in [folder.home(), folder.home().join("new/deep")] {
        let failed = write_new_folder(&dir, &[("x", "1"), ("y/z", "2"), ("x/y", "3")]);
        assert!(
            matches!(failed, Err(NotWritten::Unwritable(..))),
            "{failed:?}"
        );
        assert_eq!(below(&folder.home()).len(), 1);
    }
    assert!(write_new_folder(&folder.home(), &[("x", "1"), ("y/z", "2")]).is_ok());
    assert_eq!(folder.read("desk/y/z"), "2");
    assert_eq!(below(&folder.home()).len(), 4);
}
