//! The forms of `caseway lint` that other programs read: SARIF, and annotations of GitHub workflows.

use crate::command::Folder;
use serde_json::Value;

const SETTINGS: &str =
    "[policy]\nname = \"p\"\nversion = \"1\"\nlanguage = 1\nzone = \"Asia/Shanghai\"\n";

const BROKEN: &str = "case {\n  id: text\n  opened_at: instant\n  kind \"类型\"： one of { fault \"故障\", complaint }\n}\nrole boss\nrole boss\nroute {\n  first match\n  rule a when kind is falt to boss\n}\n";

fn folder() -> Folder {
    Folder::new(&[
        ("客服 desk/caseway.toml", SETTINGS),
        ("客服 desk/rules.policy", BROKEN),
    ])
}

/// The schema of OASIS, as `$id` in the file says.
fn schema() -> jsonschema::Validator {
    let schema = include_str!("../schemas/sarif-2.1.0.json");
    // One pattern of it has a bracket too many, which stricter readers of patterns refuse.
    let schema = schema.replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}$");
    let schema: Value = serde_json::from_str(&schema).expect("JSON");
    jsonschema::validator_for(&schema).expect("a schema")
}

#[test]
fn sarif_is_valid_and_names_places_and_fixes() {
    let ran = folder().run(&["lint", "客服 desk", "--format", "sarif"]);
    assert_eq!(ran.code(), Some(1));
    let log: Value = serde_json::from_str(&ran.out()).expect("JSON");
    let schema = schema();
    let wrong: Vec<String> = schema.iter_errors(&log).map(|e| e.to_string()).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    let run = &log["runs"][0];
    let results = run["results"].as_array().expect("results");
    let first = &results[0];
    assert_eq!(first["ruleId"], "full-width-punctuation");
    assert_eq!(first["level"], "error");
    let place = &first["locations"][0]["physicalLocation"];
    assert_eq!(
        place["artifactLocation"]["uri"],
        "%E5%AE%A2%E6%9C%8D%20desk/rules.policy"
    );
    // Behind `kind "类型"`: columns count letters, not bytes.
    assert_eq!(place["region"]["startColumn"], 12);
    let fix = &first["fixes"][0]["artifactChanges"][0]["replacements"][0];
    assert_eq!(fix["insertedContent"]["text"], ":");
    assert_eq!(fix["deletedRegion"]["endColumn"], 13);
    for result in results {
        let rule = result["ruleIndex"].as_u64().expect("an index") as usize;
        assert_eq!(run["tool"]["driver"]["rules"][rule]["id"], result["ruleId"]);
    }
    let related = results
        .iter()
        .find(|one| !one["relatedLocations"].is_null());
    assert!(related.is_some(), "a name that is taken says by what");
}

#[test]
fn sarif_of_a_sound_policy_has_no_results() {
    let sound = BROKEN
        .replace('：', ":")
        .replace("role boss\nrole boss", "role boss")
        .replace("falt to boss", "fault to boss\n  otherwise to boss");
    let folder = Folder::new(&[("caseway.toml", SETTINGS), ("rules.policy", &sound)]);
    let ran = folder.run(&["lint", "--format", "sarif"]);
    assert_eq!(ran.code(), Some(0), "{}", ran.out());
    let log: Value = serde_json::from_str(&ran.out()).expect("JSON");
    assert!(schema().is_valid(&log));
    assert_eq!(log["runs"][0]["results"], Value::Array(Vec::new()));
}

#[test]
fn the_schema_refuses_what_is_no_sarif() {
    assert!(!schema().is_valid(&serde_json::json!({ "version": "2.1.0", "runs": [{}] })));
}

#[test]
fn annotations_are_one_line_each() {
    let ran = folder().run(&["lint", "客服 desk", "--format", "github"]);
    assert_eq!(ran.code(), Some(1));
    let text = ran.out();
    let first = text.lines().next().expect("a line");
    assert_eq!(
        first,
        "::error file=客服 desk/rules.policy,line=4,endLine=4,col=12,endColumn=13,\
         title=full-width-punctuation::`：` is full-width punctuation\
         %0Ahelp: switch the input method to half-width punctuation"
    );
    assert!(text.lines().all(|line| line.starts_with("::")), "{text}");
}

#[test]
fn without_a_policy_folder_there_is_nothing_to_put_in_a_form() {
    let folder = Folder::new(&[("other/a.txt", "")]);
    for format in ["sarif", "github"] {
        let ran = folder.run(&["lint", "other", "--format", format]);
        assert_eq!(ran.code(), Some(2));
        assert_eq!(ran.out(), "");
        assert!(ran.err().contains("caseway.toml"), "{}", ran.err());
    }
}

/// Checks again after a save, and ends when the folder is gone.
#[test]
fn watching_checks_again_after_a_save() {
    use std::io::{BufRead, BufReader};
    let folder = folder();
    let desk = folder.0.join("客服 desk");
    let mut child = folder
        .command(&["lint", "客服 desk", "--watch"])
        .spawn()
        .expect("it starts");
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    let mut until = |end: &str| {
        let mut seen = Vec::new();
        for line in lines.by_ref() {
            let line = line.expect("UTF-8");
            let is_end = line.contains(end);
            seen.push(line);
            if is_end {
                break;
            }
        }
        seen.join("\n")
    };
    let first = until("watching for changes");
    assert!(first.contains("full-width-punctuation"), "{first}");
    std::fs::write(desk.join("rules.policy"), BROKEN.replace('：', ":")).expect("written");
    let second = until("watching for changes");
    assert!(!second.contains("full-width-punctuation"), "{second}");
    assert!(second.contains("falt"), "{second}");
    std::fs::remove_dir_all(&desk).expect("removed");
    assert_eq!(child.wait().expect("it ends").code(), Some(2));
}

#[test]
fn watching_ends_when_interrupted() {
    use std::io::{BufRead, BufReader};
    let folder = folder();
    let mut child = folder
        .command(&["lint", "客服 desk", "--watch"])
        .spawn()
        .expect("it starts");
    let lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    let watching = lines
        .map_while(Result::ok)
        .any(|line| line.starts_with("watching for changes"));
    assert!(watching);
    let interrupted = std::process::Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(interrupted.expect("kill runs").success());
    assert_eq!(child.wait().expect("it ends").code(), Some(130));
    assert_eq!(folder.read("客服 desk/rules.policy"), BROKEN);
}

#[test]
fn a_folder_without_settings_names_the_one_that_was_meant() {
    let settings =
        "[policy]\nname = \"p\"\nversion = \"1\"\nlanguage = 1\nzone = \"Asia/Shanghai\"\n";
    let folder = crate::command::Folder::new(&[
        ("packs/b/caseway.toml", settings),
        ("packs/a/caseway.toml", settings),
        ("packs/a/tests/deep/note.txt", ""),
        ("empty/note.txt", ""),
    ]);
    for (asked, told) in [
        ("packs", "`packs/a` is one"),
        ("packs/a/tests", "`packs/a/tests/..` is one"),
        ("packs/a/tests/deep", "`packs/a/tests/deep/../..` is one"),
        ("empty", "`caseway init empty` starts one"),
    ] {
        let ran = folder.run(&["lint", asked]);
        assert_eq!(ran.code(), Some(2));
        assert!(ran.err().contains(told), "{asked}: {}", ran.err());
    }
}
