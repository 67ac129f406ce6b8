//! The extension for editors: its grammar colours what the language's own grammar reads.

use super::fixtures;
use super::textmate::Grammar;
use caseway::syntax::{ITEM_KEYWORDS, RESERVED};
use pest::Parser;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// The language's grammar itself, to be asked which words are keywords where.
#[derive(pest_derive::Parser)]
#[grammar = "grammar/policy.pest"]
struct Language;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn extension(path: &str) -> String {
    fs::read_to_string(root().join("editors/vscode").join(path)).expect("a file of the extension")
}

fn json(path: &str) -> Value {
    serde_json::from_str(&extension(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn colours() -> Grammar {
    Grammar::read(&json("syntaxes/caseway.tmLanguage.json"))
}

/// All policy files that ship, the examples of the manual, and the fixtures.
fn texts() -> Vec<(String, String)> {
    let mut texts = Vec::new();
    let mut open: Vec<PathBuf> = ["policies", "templates", "docs", "tests/fixtures/editor"]
        .map(|folder| root().join(folder))
        .into();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path
                .strip_prefix(root())
                .expect("below")
                .display()
                .to_string();
            if path.is_dir() {
                open.push(path);
            } else if name.ends_with(".policy") {
                texts.push((name, fs::read_to_string(&path).expect("readable")));
            } else if name.ends_with(".md") {
                let page = fs::read_to_string(&path).expect("readable");
                let fences = page.split("\n```policy").skip(1).enumerate();
                texts.extend(fences.filter_map(|(at, rest)| {
                    let (kind, rest) = rest.split_once('\n')?;
                    let example = rest.split("\n```").next()?;
                    let good = kind.trim().is_empty() || kind == "-whole";
                    good.then(|| (format!("{name}, example {}", at + 1), example.to_owned()))
                }));
            }
        }
    }
    texts.sort();
    texts
}

/// What the scope of a keyword may begin with.
const KEYWORD: &[&str] = &[
    "keyword.",
    "storage.",
    "constant.language.",
    "support.function.",
];

/// What the scope of a token may begin with, by the rule of the language's grammar that reads it.
fn expected(reads: Rule) -> Option<&'static [&'static str]> {
    let name = format!("{reads:?}");
    if name.starts_with("kw_") || matches!(reads, Rule::period_unit) {
        return Some(KEYWORD);
    }
    match reads {
        Rule::identifier | Rule::any_word => Some(&[
            "variable.",
            "entity.name.",
            "constant.other.member.",
            "constant.language.weekday.",
            "storage.type.",
        ]),
        Rule::string => Some(&[
            "string.quoted.",
            "constant.character.",
            "punctuation.definition.string.",
        ]),
        Rule::regex => Some(&["string.regexp.", "punctuation.definition.string."]),
        Rule::digits
        | Rule::integer
        | Rule::decimal
        | Rule::percent
        | Rule::duration
        | Rule::date
        | Rule::instant
        | Rule::clock_time => Some(&["constant.numeric."]),
        _ => None,
    }
}

/// The tokens of a text that were compared, keywords as `kw …`, and what the colours get wrong about
/// them. Nothing when the text cannot be read item by item.
fn compare(grammar: &Grammar, name: &str, text: &str) -> Option<(Vec<String>, Vec<String>)> {
    // The scope of each byte.
    let mut scopes: Vec<String> = Vec::with_capacity(text.len());
    for (line, tokens) in grammar.lines(text) {
        let start = scopes.len();
        for token in tokens {
            scopes.resize(start + token.range.start, String::new());
            scopes.resize(start + token.range.end, token.scope);
        }
        scopes.resize(start + line.len() + 1, String::new());
    }
    let (mut compared, mut wrong) = (Vec::new(), Vec::new());
    let mut at = 0;
    while let Some(rest) = text.get(at..) {
        let blank = rest.len() - rest.trim_start().len();
        let item = &rest[blank..];
        if item.is_empty() {
            break;
        }
        if item.starts_with('#') {
            let line = item.find('\n').unwrap_or(item.len());
            let comment = at + blank..at + blank + line;
            if !scopes[comment].iter().all(|scope| is_comment(scope)) {
                wrong.push(format!("{name}: {}", &item[..line]));
            }
            at += blank + line;
            continue;
        }
        let pairs = Language::parse(Rule::one_item, rest).ok()?;
        let whole = pairs.as_str().len();
        for pair in pairs.flatten() {
            let Some(allowed) = expected(pair.as_rule()) else {
                continue;
            };
            let span = pair.as_span();
            compared.push(match allowed == KEYWORD {
                true => format!("kw {}", span.as_str()),
                false => span.as_str().to_owned(),
            });
            let from = if span.as_str().starts_with('-') {
                span.start() + 1
            } else {
                span.start()
            };
            let found: BTreeSet<&str> = scopes[at + from..at + span.end()]
                .iter()
                .map(String::as_str)
                .collect();
            let fits = |scope: &&str| allowed.iter().any(|start| scope.starts_with(start));
            if !found.iter().all(fits) {
                let line = text[..at + span.start()].lines().count();
                wrong.push(format!(
                    "{name}:{line}: `{}` is {:?}, coloured {found:?}",
                    span.as_str(),
                    pair.as_rule()
                ));
            }
        }
        at += whole;
    }
    Some((compared, wrong))
}

fn is_comment(scope: &str) -> bool {
    [
        "comment.",
        "punctuation.definition.comment.",
        "keyword.other.suppression.",
    ]
    .iter()
    .any(|start| scope.starts_with(start))
}

#[test]
fn colours_agree_with_the_grammar_on_every_policy_that_ships() {
    let grammar = colours();
    let (mut compared, mut wrong, mut read) = (Vec::new(), Vec::new(), 0);
    for (name, text) in texts() {
        if let Some((tokens, found)) = compare(&grammar, &name, &text) {
            compared.extend(tokens);
            read += 1;
            wrong.extend(found);
        } else {
            let may_be_broken = name.contains(", example ") || name.contains("broken");
            assert!(may_be_broken, "{name} cannot be read");
        }
    }
    let count = compared.len();
    assert!(read > 60 && count > 10_000, "{read} texts, {count} tokens");
    assert!(
        wrong.is_empty(),
        "{} tokens:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    // No keyword is without an example among them.
    let seen: BTreeSet<&str> = compared
        .iter()
        .filter_map(|token| token.strip_prefix("kw "))
        .collect();
    let unseen: Vec<String> = keywords()
        .into_iter()
        .filter(|word| !seen.contains(word.as_str()))
        .collect();
    assert!(unseen.is_empty(), "nowhere in the texts: {unseen:?}");
}

#[test]
fn a_grammar_that_forgets_a_keyword_is_found_out() {
    let text = extension("syntaxes/caseway.tmLanguage.json");
    for (word, policy) in [
        ("otherwise", "route { first match otherwise to desk }"),
        ("retier", "clock c { retier carry }"),
        ("happened", "require x when a that e has happened"),
    ] {
        let sound = serde_json::from_str(&text).expect("JSON");
        let (_, wrong) = compare(&Grammar::read(&sound), "sound", policy).expect("readable");
        assert!(wrong.is_empty(), "{wrong:?}");
        let twin = serde_json::from_str(&text.replace(word, "forgotten")).expect("JSON");
        let (_, wrong) = compare(&Grammar::read(&twin), "twin", policy).expect("readable");
        assert!(!wrong.is_empty(), "{word}");
    }
}

/// The words that the language's grammar knows as keywords.
fn keywords() -> BTreeSet<String> {
    let grammar = fs::read_to_string(root().join("grammar/policy.pest")).expect("the grammar");
    let rules = grammar
        .lines()
        .filter(|line| line.starts_with("kw_") || line.starts_with("period_unit"));
    let mut words = BTreeSet::new();
    for rule in rules {
        words.extend(rule.split('"').skip(1).step_by(2).map(str::to_owned));
    }
    assert!(words.len() > 120, "{}", words.len());
    words.extend(RESERVED.into_iter().chain(ITEM_KEYWORDS).map(str::to_owned));
    words
}

#[test]
fn every_keyword_of_the_language_has_a_colour() {
    // What stands between letters in the regexes, their classes such as `\b` and `\p{L}` left out.
    let text = extension("syntaxes/caseway.tmLanguage.json");
    let classes = regex::Regex::new(r"\\\\(p\{\w+\}|[a-zA-Z])").expect("a regex");
    let plain = classes.replace_all(&text, " ");
    let words: BTreeSet<&str> = plain
        .split(|c: char| !c.is_ascii_alphabetic() && c != '_')
        .collect();
    // `days?` is `days` and `day`.
    let has = |word: &str| words.contains(word) || plain.contains(&format!("{word}s?"));
    let missing: Vec<String> = keywords().into_iter().filter(|word| !has(word)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn lines_are_cut_as_the_fixtures_say() {
    let grammar = colours();
    fixtures::check("editor", |_, text| {
        let mut page = String::new();
        for (line, tokens) in grammar.lines(text) {
            let _ = writeln!(page, "{line}");
            for token in tokens {
                let piece = line[token.range].trim();
                if !piece.is_empty() {
                    let scope = token.scope.strip_suffix(".caseway").unwrap_or("-");
                    let _ = writeln!(page, "    {piece}  ->  {scope}");
                }
            }
        }
        page
    });
}
