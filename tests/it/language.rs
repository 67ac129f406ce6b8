//! In which language the commands speak: people are told in theirs, programs read the same bytes
//! wherever they run.

use crate::command::{Folder, Ran};
use std::path::Path;
use unicode_width::UnicodeWidthStr;

/// A folder with a policy of which there is something to find.
fn folder() -> Folder {
    let settings =
        "[policy]\nname = \"p\"\nversion = \"1\"\nlanguage = 1\nzone = \"Asia/Shanghai\"\n";
    let rules = "case { id: text opened_at: instant }\nrole ghost \"鬼\"\n";
    Folder::new(&[
        ("notes.txt", ""),
        ("unused/caseway.toml", settings),
        ("unused/rules.policy", rules),
    ])
}

fn pack(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("policies")
        .join(name);
    path.to_string_lossy().into_owned()
}

fn run(folder: &Folder, arguments: &[&str], locale: &str) -> Ran {
    let mut command = folder.command(arguments);
    command.env("LC_ALL", locale);
    Ran(command.output().expect("it runs"))
}

#[test]
fn what_programs_read_does_not_follow_the_locale() {
    let folder = folder();
    let telecom = pack("telecom-service");
    let broadband = pack("broadband-complaints");
    let case = format!("{telecom}/cases/06-repeated-complaint.json");
    let sample = format!("{broadband}/sample.csv");
    let refused = folder.0.join("refused.json");
    std::fs::write(&refused, r#"{"case":{"id":"T1","kind":"nothing"}}"#).expect("written");
    let refused = refused.to_string_lossy().into_owned();
    let commands: &[&[&str]] = &[
        &["eval", "-C", &telecom, "--case", &case, "--format", "json"],
        &[
            "eval", "-C", &telecom, "--case", &refused, "--format", "json",
        ],
        &["eval", "-C", &telecom, "--case", &case],
        &[
            "explain", "-C", &telecom, "--case", &case, "--format", "json",
        ],
        &["lint", "unused", "--format", "json"],
        &["lint", "unused", "--format", "sarif"],
        &["lint", "unused", "--format", "github"],
        &["test", &telecom, "--format", "json"],
        &["test", &telecom, "--format", "junit"],
        &["schema", "case", "-C", &telecom],
        &[
            "calendar", "nobody", "open", "-C", &telecom, "--format", "json",
        ],
        &["lint", "nowhere", "--format", "json"],
        &[
            "batch",
            "-C",
            &broadband,
            "--mapping",
            "comcast",
            "--input",
            &sample,
            "--at",
            "2026-01-01T00:00:00Z",
        ],
    ];
    for arguments in commands {
        let [english, chinese] = ["C", "zh_CN.UTF-8"].map(|locale| run(&folder, arguments, locale));
        assert_eq!(english.code(), chinese.code(), "{arguments:?}");
        assert_eq!(english.out(), chinese.out(), "{arguments:?}");
        assert!(!english.out().is_empty(), "{arguments:?}");
    }
}

#[test]
fn people_are_told_in_the_language_of_the_locale() {
    let folder = folder();
    for (locale, words) in [
        ("zh_CN.UTF-8", "没有这个文件"),
        ("zh_TW.UTF-8", "没有这个文件"),
        ("C", "there is no such file"),
        ("de_DE.UTF-8", "there is no such file"),
    ] {
        let ran = run(&folder, &["fmt", "nowhere"], locale);
        assert!(ran.err().contains(words), "{locale}: {}", ran.err());
    }
    let ran = run(&folder, &["fmt", "nowhere", "--lang", "en"], "zh_CN.UTF-8");
    assert!(ran.err().contains("there is no such file"), "{}", ran.err());
}

/// Words of a page that stand outside of names, labels, conditions and quotes: those that belong to
/// the program. Here: English sentences.
fn english_sentences(text: &str) -> Vec<&str> {
    let told = [
        "used ",
        " because",
        "taken)",
        "not asked",
        " by ",
        "waits for",
        " is missing",
    ];
    let lines = text.lines();
    lines
        .filter(|line| told.iter().any(|words| line.contains(words)))
        .collect()
}

#[test]
fn pages_for_people_are_chinese_and_fit_80_columns() {
    let folder = folder();
    let telecom = pack("telecom-service");
    for case in [
        "06-repeated-complaint",
        "17-paused-and-resumed",
        "18-breached-twice",
    ] {
        let case = format!("{telecom}/cases/{case}.json");
        for command in ["eval", "explain"] {
            let arguments = [command, "-C", &telecom, "--case", &case, "--format", "text"];
            let text = run(&folder, &arguments, "zh_CN.UTF-8").out();
            assert_eq!(english_sentences(&text), Vec::<&str>::new(), "{command}");
            for line in text.lines() {
                assert!(line.width() <= 80, "{command} {case}: {line}");
            }
            // The same page in English has them: the search finds what it looks for.
            let english = run(&folder, &arguments, "en_US.UTF-8").out();
            assert!(!english_sentences(&english).is_empty(), "{command}");
        }
    }
    let case = format!("{telecom}/cases/18-breached-twice.json");
    let arguments = ["eval", "-C", &telecom, "--case", &case, "--format", "text"];
    insta::assert_snapshot!(run(&folder, &arguments, "zh_CN.UTF-8").out());
}

#[test]
fn the_word_before_a_help_is_as_wide_in_chinese() {
    let catalogue = polib::po_file::parse(Path::new("locales/zh-CN/cli.po")).expect("it is read");
    let word = catalogue
        .find_message(None, "help: ", None)
        .expect("it is there");
    let word = word.msgstr().expect("a translation");
    assert_eq!(word.width(), "help: ".width());
}

#[test]
fn the_help_and_mistakes_in_arguments_are_chinese() {
    let folder = folder();
    let help = run(&folder, &["--help"], "zh_CN.UTF-8").out();
    insta::assert_snapshot!(help);
    let behind = run(&folder, &["help", "test", "--lang", "zh"], "C");
    assert_eq!(
        behind.code(),
        Some(2),
        "`help` takes the names of commands only"
    );
    let command = run(&folder, &["test", "--help", "--lang=zh"], "C").out();
    insta::assert_snapshot!(command);
    assert_eq!(
        run(&folder, &["test", "--lang", "zh", "--help"], "C").out(),
        command
    );
    for (arguments, told) in [
        (&["tset"][..], "没有命令 `tset`；您是不是想写 `test`？"),
        (&["eval"], "缺少 `--case <FILE>`"),
        (
            &["eval", "--cse", "x"],
            "这里没有选项 `--cse`；您是不是想写 `--case`？",
        ),
        (
            &["lint", "--format", "jsn"],
            "`--format <FORMAT>` 没有 `jsn` 这个值",
        ),
        (
            &["lint", "--watch", "--fix"],
            "`--watch` 不能和 `--fix` 一起用",
        ),
        (
            &["calendar", "a", "open", "--at", "gestern"],
            "请写带偏移量的时间点",
        ),
        (&["calendar"], "询问规则集的日历"),
    ] {
        let ran = run(&folder, arguments, "zh_CN.UTF-8");
        assert_eq!(ran.code(), Some(2), "{arguments:?}");
        assert!(ran.err().contains(told), "{arguments:?}: {}", ran.err());
        let english = run(&folder, arguments, "C");
        assert!(english.err().is_ascii(), "{arguments:?}: {}", english.err());
    }
    let json = run(&folder, &["eval", "--format", "json"], "zh_CN.UTF-8").out();
    assert!(json.is_ascii() && json.contains("bad-usage"), "{json}");
}
