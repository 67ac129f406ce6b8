//! The translations of messages: each message has one, each translation a message, and both the
//! same places. The sources are read as text.

use regex::Regex;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The folders of `src` of which every message must have a translation.
const TRANSLATED: &[&str] = &[
    "change",
    "cli",
    "columnar",
    "compile",
    "config",
    "diag",
    "draw",
    "driver",
    "eval",
    "format",
    "ingest",
    "json_schema",
    "lint",
    "message",
    "model",
    "script",
    "source",
    "suite",
    "syntax",
    "time",
    "value",
];

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|end| end == ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// A text as written between the quotes of Rust's source.
fn unescaped(literal: &str) -> String {
    let mut text = String::new();
    let mut rest = literal.chars().peekable();
    while let Some(c) = rest.next() {
        if c != '\\' {
            text.push(c);
            continue;
        }
        match rest.next() {
            Some('n') => text.push('\n'),
            Some('t') => text.push('\t'),
            Some('\n') => while rest.next_if(|c| c.is_whitespace()).is_some() {},
            Some(other) => text.push(other),
            None => {}
        }
    }
    text
}

/// The English sentences of the sources, each with the first file that has it. What stands in test
/// modules at the end of a file is left out.
fn sentences() -> BTreeMap<String, PathBuf> {
    let call = Regex::new(r#"(?:message|told)!\(\s*"((?:[^"\\]|\\(?s:.))*)""#).unwrap();
    let mut found = BTreeMap::new();
    for path in files(Path::new("src"), "rs") {
        let text = std::fs::read_to_string(&path).unwrap();
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or("");
        for sentence in call.captures_iter(code) {
            found
                .entry(unescaped(&sentence[1]))
                .or_insert_with(|| path.clone());
        }
    }
    found
}

/// All translations: file, English, other language.
fn translations() -> Vec<(PathBuf, String, String)> {
    let mut found = Vec::new();
    // The help of the command line is held against its tree where that is.
    let paths = files(Path::new("locales"), "po");
    for path in paths.into_iter().filter(|path| !path.ends_with("help.po")) {
        let catalogue = polib::po_file::parse(&path).unwrap();
        for message in catalogue.messages() {
            let translated = message.msgstr().unwrap().to_owned();
            found.push((path.clone(), message.msgid().to_owned(), translated));
        }
    }
    found
}

/// The places of a sentence.
fn places(sentence: &str) -> BTreeSet<String> {
    let place = Regex::new(r"\{(\w+)\}").unwrap();
    let plain = sentence.replace("{{", "\u{1}").replace("}}", "\u{2}");
    place
        .captures_iter(&plain)
        .map(|found| found[1].to_owned())
        .collect()
}

#[test]
fn every_message_of_the_translated_parts_has_a_translation() {
    let known: BTreeSet<String> = translations()
        .into_iter()
        .filter(|(_, _, translated)| !translated.is_empty())
        .map(|(_, english, _)| english)
        .collect();
    let missing: Vec<String> = sentences()
        .into_iter()
        .filter(|(english, path)| {
            let mut parts = path.components().skip(1);
            let folder = parts.next().map(|part| part.as_os_str().to_string_lossy());
            folder.is_some_and(|folder| TRANSLATED.contains(&folder.as_ref()))
                && !known.contains(english)
        })
        .map(|(english, path)| format!("{}: {english}", path.display()))
        .collect();
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn every_translation_has_a_message_and_its_places() {
    let sentences = sentences();
    let mut seen = BTreeSet::new();
    let mut wrong = Vec::new();
    for (path, english, translated) in translations() {
        let place = path.display();
        if !sentences.contains_key(&english) {
            wrong.push(format!("{place}: no message says: {english}"));
        }
        if places(&english) != places(&translated) {
            wrong.push(format!("{place}: other places: {english} | {translated}"));
        }
        if !seen.insert(english.clone()) {
            wrong.push(format!("{place}: translated twice: {english}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
