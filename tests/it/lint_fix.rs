//! `caseway lint --fix`: what is mended, what is left, and what never happens to a file.

use crate::command::Folder;
use serde_json::Value;

const SETTINGS: &str =
    "[policy]\nname = \"p\"\nversion = \"1\"\nlanguage = 1\nzone = \"Asia/Shanghai\"\n";

const BROKEN: &str = r#"case {
  id: text
  opened_at: instant
  kind "类型"： one of { fault "故障"， complaint "投诉" }
  affected_users "受影响用户数": integer from 0 default 0
}
role engineer
role ghost "鬼"
role boss
# how many make an outage
define many = affected_usrs >= 100
define spare = kind is fault
route {
  first match
  rule a when kind == fault and many to engineer
  otherwise to boss
}
"#;

/// The text after every safe mend.
const MENDED: &str = r#"case {
  id: text
  opened_at: instant
  kind "类型": one of { fault "故障", complaint "投诉" }
  affected_users "受影响用户数": integer from 0 default 0
}
role engineer
role ghost "鬼"
role boss
# how many make an outage
define many = affected_users >= 100
define spare = kind is fault
route {
  first match
  rule a when kind is fault and many to engineer
  otherwise to boss
}
"#;

fn folder(policy: &str) -> Folder {
    Folder::new(&[("caseway.toml", SETTINGS), ("rules.policy", policy)])
}

#[test]
fn safe_mends_are_made_and_the_rest_is_reported() {
    let folder = folder(BROKEN);
    let ran = folder.run(&["lint", "--fix"]);
    assert_eq!(folder.read("rules.policy"), MENDED);
    assert_eq!(
        ran.err(),
        "fixed rules.policy: double-equals, full-width-punctuation ×2, unknown-name\n"
    );
    let text = ran.out();
    assert!(text.contains("warn[unused-role]"), "{text}");
    assert!(text.ends_with("0 errors, 2 warnings\n"), "{text}");
    assert_eq!(ran.code(), Some(0));
    let again = folder.run(&["lint", "--fix"]);
    assert_eq!(again.err(), "nothing to fix\n");
    assert_eq!(folder.read("rules.policy"), MENDED);
}

#[test]
fn unused_declarations_go_only_when_asked_for() {
    let folder = folder(BROKEN);
    let ran = folder.run(&["lint", "--fix", "--remove-unused", "--format", "json"]);
    let expected = MENDED
        .replace("role ghost \"鬼\"\n", "")
        .replace("define spare = kind is fault\n", "");
    assert_eq!(folder.read("rules.policy"), expected);
    let report: Value = serde_json::from_str(&ran.out()).expect("JSON");
    assert_eq!(report["findings"].as_array().map(Vec::len), Some(0));
    assert_eq!(report["fixed"][0]["file"], "rules.policy");
    assert_eq!(report["fixed"][0]["codes"]["unused-role"], 1);
    assert_eq!(report["fixed"][0]["codes"]["unused-define"], 1);
    assert_eq!(report["fixed"][0]["codes"]["full-width-punctuation"], 2);
}

#[test]
fn what_becomes_unused_by_a_removal_goes_too() {
    let chain = MENDED.replace(
        "define spare = kind is fault\n",
        "define spare = hidden\ndefine hidden = kind is fault\n",
    );
    let folder = folder(&chain);
    folder.run(&["lint", "--fix", "--remove-unused"]);
    let text = folder.read("rules.policy");
    assert!(
        !text.contains("spare") && !text.contains("hidden"),
        "{text}"
    );
}

#[test]
fn line_ends_and_marks_of_the_file_stay() {
    let text = format!("\u{feff}{}", BROKEN.replace('\n', "\r\n"));
    let folder = folder(&text);
    folder.run(&["lint", "--fix"]);
    let expected = format!("\u{feff}{}", MENDED.replace('\n', "\r\n"));
    assert_eq!(folder.read("rules.policy"), expected);
}

#[test]
fn a_name_with_two_near_ones_is_not_guessed() {
    let text = MENDED.replace(
        "  affected_users \"受影响用户数\": integer from 0 default 0\n",
        "  affected_users: integer from 0 default 0\n  affected_uses: integer from 0 default 0\n",
    );
    let text = text.replace("affected_users >= 100", "affected_usees >= 100");
    let folder = folder(&text);
    let ran = folder.run(&["lint", "--fix"]);
    assert_eq!(ran.code(), Some(1));
    assert!(ran.out().contains("unknown-name"), "{}", ran.out());
}

#[test]
fn nothing_is_written_where_nothing_is_wrong() {
    let folder = folder(MENDED);
    let path = folder.0.join("rules.policy");
    let before = std::fs::metadata(&path).and_then(|about| about.modified());
    folder.run(&["lint", "--fix"]);
    let after = std::fs::metadata(&path).and_then(|about| about.modified());
    assert_eq!(before.expect("a time"), after.expect("a time"));
}

#[test]
fn remove_unused_needs_fix_and_watch_goes_without() {
    let folder = folder(MENDED);
    for arguments in [
        ["lint", "--remove-unused", "--format=text"],
        ["lint", "--watch", "--fix"],
        ["lint", "--watch", "--format=json"],
    ] {
        assert_eq!(folder.run(&arguments).code(), Some(2), "{arguments:?}");
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
        let folder = folder(BROKEN);
        let path = folder.0.join("rules.policy");
        let set = |path: &std::path::Path, mode: u32| {
            std::fs::set_permissions(path, PermissionsExt::from_mode(mode)).expect("may be set");
        };
        set(&path, file_mode);
        set(&folder.0, folder_mode);
        let mut command = folder.command(&["lint", "--fix"]);
        // The superuser may write everything.
        if std::fs::metadata("/proc/self").is_ok_and(|about| about.uid() == 0) {
            command.uid(NOBODY).gid(NOBODY);
        }
        let output = command.output().expect("it runs");
        let words = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{words}");
        assert!(words.contains("cannot write `"), "{words}");
        assert!(words.contains("rules.policy"), "{words}");
        set(&folder.0, 0o777);
        assert_eq!(folder.read("rules.policy"), BROKEN);
        let names = std::fs::read_dir(&folder.0).expect("a folder");
        let mut names: Vec<_> = names
            .map(|entry| entry.expect("a name").file_name())
            .collect();
        names.sort();
        assert_eq!(names, ["caseway.toml", "rules.policy"]);
    }
}

#[cfg(unix)]
#[test]
fn a_link_stays_a_link() {
    let folder = folder(BROKEN);
    std::fs::rename(folder.0.join("rules.policy"), folder.0.join("real.txt")).expect("renamed");
    std::os::unix::fs::symlink("real.txt", folder.0.join("rules.policy")).expect("linked");
    folder.run(&["lint", "--fix"]);
    let about = std::fs::symlink_metadata(folder.0.join("rules.policy")).expect("it is there");
    assert!(about.is_symlink());
    assert_eq!(folder.read("real.txt"), MENDED);
}
