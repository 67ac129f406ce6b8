//! The page of the grammar is made of `grammar/policy.pest`: each rule, its form and its comment.

use super::page::{docs, updating};
use pest_meta::ast::{Expr, Rule as GrammarRule};
use pest_meta::parser;
use std::collections::BTreeMap;
use std::path::Path;

/// Groups of the grammar, as its dividing lines name them, and the pages that tell more.
const GROUPS: [(&str, &str, &[(&str, &str)]); 12] = [
    (
        "",
        "Between the words",
        &[("Words, names and values", "words.md")],
    ),
    ("items", "Declarations", &[("Overview", "overview.md")]),
    ("types", "Fields and types", &[("The case", "case.md")]),
    (
        "expressions",
        "Conditions and values",
        &[("Conditions", "conditions.md")],
    ),
    (
        "classification",
        "Classifications and tables",
        &[("Classifications", "classify.md")],
    ),
    ("routing", "The route", &[("The route", "routing.md")]),
    (
        "service levels",
        "Service levels",
        &[("Service levels", "service-levels.md")],
    ),
    (
        "records",
        "Records, follow-ups, requirements",
        &[("Records, follow-ups, requirements", "records.md")],
    ),
    (
        "guarantees and tests",
        "Guarantees and tests",
        &[("Tests and guarantees", "tests.md")],
    ),
    (
        "words",
        "Names, texts and numbers",
        &[("Words, names and values", "words.md")],
    ),
    (
        "keywords",
        "Reserved words",
        &[("Words, names and values", "words.md")],
    ),
    ("signs", "Signs", &[]),
];

/// Rules that the reader needs and nobody writes.
const OF_THE_READER: [&str; 3] = ["one_item", "number_start", "test_start"];
/// How wide a form may be.
const WIDTH: usize = 88;

/// What stands above the rules.
const HEAD: &str = "\
<!-- Made of grammar/policy.pest by a test: `UPDATE_FIXTURES=1 cargo test --test it grammar`. -->

# The grammar

Every form that a policy file can have, made of the grammar by which Caseway reads it. The other pages of this part
explain; this one is for looking something up.

| written | means |
|---|---|
| `\"case\"` | this word or sign, as it stands |
| `field` | what the rule of that name says |
| `a b` | first `a`, then `b`; blanks, line ends and comments may stand between |
| `a \\| b` | `a` or `b` |
| `a?` | `a` or nothing |
| `a*` | `a` any number of times, also not at all |
| `a+` | `a` once or more |
| `a{4}` | `a` four times |
| `!a` | what comes next must not begin as `a` does |
| `&a` | what comes next must begin as `a` does |
| `( )` | what belongs together |

A word ends where no letter, digit or `_` follows. Signs of a kind have names: `digit` is 0 to 9, `letter` begins a word
in any script, `word-sign` is what may follow in a word (a letter, a digit, `_`), `any-sign` is whatever there is.
";

/// A rule of the grammar with what stands above it.
struct Told {
    name: String,
    words: String,
    group: String,
    expr: Expr,
}

/// The rules of a grammar, in the order of the file.
fn rules(grammar: &str) -> Vec<Told> {
    let pairs = parser::parse(parser::Rule::grammar_rules, grammar).expect("a grammar");
    let parsed = parser::consume_rules(pairs).expect("rules");
    let mut exprs: BTreeMap<String, Expr> = parsed
        .into_iter()
        .map(|GrammarRule { name, expr, .. }| (name, without_guards(expr)))
        .collect();
    let (mut told, mut words, mut group) = (Vec::new(), Vec::new(), String::new());
    for line in grammar.lines() {
        if let Some(comment) = line.strip_prefix("///") {
            words.push(comment.trim());
        } else if let Some(divider) = line.strip_prefix("// ---") {
            group = divider.trim_start_matches('-').trim().to_owned();
        } else if let Some((name, expr)) = line
            .split_once(" = ")
            .and_then(|(name, _)| Some((name, exprs.remove(name)?)))
        {
            told.push(Told {
                name: name.to_owned(),
                words: words.join(" "),
                group: group.clone(),
                expr,
            });
            words.clear();
        }
    }
    assert!(exprs.is_empty(), "not found in the text: {exprs:?}");
    told
}

/// The same without looks ahead that change nothing but how soon the reader gives up: at the first sign of what
/// follows, and an alternative that stands there once more without a condition.
fn without_guards(expr: Expr) -> Expr {
    let guards = |expr: &Expr| {
        matches!(expr, Expr::PosPred(inner) if matches!(&**inner, Expr::Range(..))
            || matches!(&**inner, Expr::Ident(name) if name.ends_with("_start")))
    };
    expr.map_bottom_up(|expr| match expr {
        Expr::Seq(first, second) if guards(&first) => *second,
        expr => expr,
    })
}

/// The word or sign that a rule stands for, if it is nothing else.
fn literal(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Str(text) => Some(text),
        Expr::Seq(first, second) => match (&**first, &**second) {
            (Expr::Str(text), Expr::NegPred(_)) => Some(text),
            _ => None,
        },
        _ => None,
    }
}

fn quoted(text: &str) -> String {
    match text {
        " " => "blank".to_owned(),
        "\t" => "tab".to_owned(),
        "\n" => "line-end".to_owned(),
        "\r" => "carriage-return".to_owned(),
        "\u{FEFF}" => "byte-order-mark".to_owned(),
        _ if text.contains('"') => format!("'{text}'"),
        _ => format!("\"{text}\""),
    }
}

fn named(name: &str, literals: &BTreeMap<String, String>) -> String {
    match name {
        "ASCII_DIGIT" => "digit".to_owned(),
        "ASCII_ALPHANUMERIC" => "(\"a\" to \"z\" | \"A\" to \"Z\" | digit)".to_owned(),
        "XID_START" => "letter".to_owned(),
        "XID_CONTINUE" => "word-sign".to_owned(),
        "ANY" => "any-sign".to_owned(),
        _ => match literals.get(name) {
            Some(text) => quoted(text),
            None => name.to_owned(),
        },
    }
}

/// The parts of a sequence, or the alternatives of a choice.
fn flat<'e>(expr: &'e Expr, found: &mut Vec<&'e Expr>, choice: bool) {
    match expr {
        Expr::Choice(first, second) if choice => {
            flat(first, found, choice);
            flat(second, found, choice);
        }
        Expr::Seq(first, second) if !choice => {
            flat(first, found, choice);
            flat(second, found, choice);
        }
        // The end of a word, and both ends of a cell, go without saying.
        Expr::NegPred(inner) if **inner == Expr::Ident("XID_CONTINUE".to_owned()) => {}
        Expr::Ident(name) if name == "SOI" || name == "EOI" => {}
        other => found.push(other),
    }
}

/// The parts of an expression, written, and what stands between them.
fn parts(expr: &Expr, literals: &BTreeMap<String, String>) -> (Vec<String>, &'static str) {
    let mut found = Vec::new();
    let choice = matches!(expr, Expr::Choice(..));
    flat(expr, &mut found, choice);
    let all = found.clone();
    found.retain(|part| match part {
        Expr::Seq(name, unless) => {
            !(choice && matches!(**unless, Expr::NegPred(_)) && all.contains(&&**name))
        }
        _ => true,
    });
    if let ([single], false) = (found.as_slice(), choice)
        && matches!(single, Expr::Choice(..))
    {
        return parts(single, literals);
    }
    let alone = found.len() == 1;
    let write = |part: &&Expr| match part {
        Expr::Choice(..) if alone => form(part, literals),
        // A sequence binds closer than a choice.
        Expr::Seq(..) if choice => form(part, literals),
        _ => tight(part, literals),
    };
    let written = found.iter().map(write).collect();
    (written, if choice { " | " } else { " " })
}

fn form(expr: &Expr, literals: &BTreeMap<String, String>) -> String {
    let (parts, between) = parts(expr, literals);
    parts.join(between)
}

/// An expression that something can be hung on.
fn tight(expr: &Expr, literals: &BTreeMap<String, String>) -> String {
    match expr {
        Expr::Str(text) => quoted(text),
        Expr::Ident(name) => named(name, literals),
        Expr::Opt(inner) => format!("{}?", tight(inner, literals)),
        Expr::Rep(inner) => format!("{}*", tight(inner, literals)),
        Expr::RepOnce(inner) => format!("{}+", tight(inner, literals)),
        Expr::RepExact(inner, times) => format!("{}{{{times}}}", tight(inner, literals)),
        Expr::RepMinMax(inner, least, most) => {
            format!("{}{{{least} to {most}}}", tight(inner, literals))
        }
        Expr::PosPred(inner) => format!("&{}", tight(inner, literals)),
        Expr::NegPred(inner) => format!("!{}", tight(inner, literals)),
        Expr::Seq(..) | Expr::Choice(..) => format!("({})", form(expr, literals)),
        other => panic!("the page has no sign for {other:?}"),
    }
}

/// The form of a rule, broken at its outermost parts.
fn lines(expr: &Expr, literals: &BTreeMap<String, String>) -> String {
    let (parts, between) = parts(expr, literals);
    let mut text = String::new();
    let mut width = 0;
    for part in parts {
        let long = width + between.len() + part.len() > WIDTH;
        let before = match (width, long) {
            (0, _) => "".to_owned(),
            (_, true) => format!("\n {between}"),
            (_, false) => between.to_owned(),
        };
        width = if long { 2 } else { width } + before.len() + part.len();
        text.push_str(&before);
        text.push_str(&part);
    }
    text
}

/// Names of rules in an expression, each once, in their order.
fn names(expr: &Expr) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for part in expr.iter_top_down() {
        if let Expr::Ident(name) = part
            && !found.contains(&name)
        {
            found.push(name);
        }
    }
    found
}

/// The page of a grammar, and the rules that nothing is said about.
fn page(grammar: &str) -> (String, Vec<String>) {
    let rules = rules(grammar);
    let literals: BTreeMap<String, String> = rules
        .iter()
        .filter_map(|rule| Some((rule.name.clone(), literal(&rule.expr)?.to_owned())))
        .collect();
    let written: Vec<&Told> = rules
        .iter()
        .filter(|rule| !literals.contains_key(&rule.name))
        .filter(|rule| !OF_THE_READER.contains(&rule.name.as_str()))
        .collect();
    let link = |name: &str| format!("[{name}](#{})", name.to_lowercase());
    let (mut text, mut last) = (HEAD.to_owned(), None);
    for rule in &written {
        if last != Some(&rule.group) {
            let (_, title, more) = GROUPS
                .iter()
                .find(|(group, ..)| *group == rule.group)
                .unwrap_or_else(|| panic!("the page has no title for `{}`", rule.group));
            text.push_str(&format!("\n## {title}\n"));
            for (name, target) in *more {
                text.push_str(&format!("\nExplained in [{name}]({target}).\n"));
            }
            last = Some(&rule.group);
        }
        let form = lines(&rule.expr, &literals);
        text.push_str(&format!(
            "\n### {}\n\n{}\n\n```ebnf\n{form}\n```\n",
            rule.name, rule.words
        ));
        let within: Vec<String> = written
            .iter()
            .filter(|other| other.name != rule.name && names(&other.expr).contains(&rule.name))
            .map(|other| link(&other.name))
            .collect();
        let parts: Vec<String> = names(&rule.expr)
            .iter()
            .filter(|name| **name != rule.name && written.iter().any(|rule| rule.name == **name))
            .map(|name| link(name))
            .collect();
        let mut tell = |word: &str, links: Vec<String>| {
            if !links.is_empty() {
                text.push_str(&format!("\n{word}: {}\n", links.join(", ")));
            }
        };
        tell("Parts", parts);
        tell("Part of", within);
    }
    let bare = rules.iter().filter(|rule| rule.words.is_empty());
    let bare = bare.map(|rule| rule.name.clone()).collect();
    (text, bare)
}

#[test]
fn grammar_and_its_page_agree() {
    let grammar = Path::new(env!("CARGO_MANIFEST_DIR")).join("grammar/policy.pest");
    let grammar = std::fs::read_to_string(grammar).expect("the grammar");
    let (wanted, bare) = page(&grammar);
    assert!(bare.is_empty(), "rules without a comment: {bare:?}");
    let path = docs().join("language/grammar.md");
    let there = std::fs::read_to_string(&path).unwrap_or_default();
    if updating() && there != wanted {
        std::fs::write(&path, &wanted).expect("the page");
    } else {
        assert!(
            there == wanted,
            "docs/language/grammar.md is not what grammar/policy.pest says; UPDATE_FIXTURES=1 writes it anew"
        );
    }
}

#[test]
fn forms_are_written_plainly_and_rules_without_a_comment_are_known() {
    let (text, bare) = page(
        "\
        // ------ items\n/// A list.\nlist = { kw_of ~ (name ~ (\",\" ~ name | kw_of)*)? }\n\
        name = @{ XID_START ~ XID_CONTINUE* ~ !XID_CONTINUE }\n\
        /// `of`\nkw_of = @{ \"of\" ~ !XID_CONTINUE }\n",
    );
    assert_eq!(bare, ["name"]);
    assert!(
        text.contains(
            "### list\n\nA list.\n\n```ebnf\n\"of\" (name (\",\" name | \"of\")*)?\n```\n"
        ),
        "{text}"
    );
    assert!(
        text.contains("```ebnf\nletter word-sign*\n```\n\nPart of: [list](#list)\n"),
        "{text}"
    );
    assert!(!text.contains("kw_of"), "{text}");
}
