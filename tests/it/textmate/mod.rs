//! A small tokeniser for TextMate grammars, as editors run them: patterns with captures, blocks with a
//! beginning and an end, includes of the repository. Line by line; blocks go on over lines.

use fancy_regex::Regex;
use serde_json::Value;
use std::collections::BTreeMap;
use std::ops::Range;

/// A grammar, ready to run.
pub struct Grammar {
    rules: Vec<Rule>,
    /// The rules at the top.
    top: Vec<usize>,
}

struct Rule {
    regex: Regex,
    name: Option<String>,
    captures: BTreeMap<usize, String>,
    block: Option<Block>,
}

struct Block {
    end: Regex,
    end_captures: BTreeMap<usize, String>,
    inside: Vec<usize>,
}

/// A piece of a line, and the scope that is closest to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    pub range: Range<usize>,
    pub scope: String,
}

/// The blocks that are open, outermost first.
pub type Stack = Vec<usize>;

/// Where a rule matches next, and its groups.
type Found = Vec<Option<Range<usize>>>;

impl Grammar {
    pub fn read(json: &Value) -> Grammar {
        let mut rules = Vec::new();
        let top = compile(&json["patterns"], &json["repository"], &mut rules);
        Grammar { rules, top }
    }

    /// The tokens of a text, line by line, starting from an empty stack.
    pub fn lines<'t>(&self, text: &'t str) -> Vec<(&'t str, Vec<Token>)> {
        let mut stack = Stack::new();
        let lines = text.lines();
        lines
            .map(|line| (line, self.line(line, &mut stack)))
            .collect()
    }

    /// The tokens of a line; `stack` goes on to the next.
    pub fn line(&self, line: &str, stack: &mut Stack) -> Vec<Token> {
        let mut tokens = Vec::new();
        let mut known: BTreeMap<(usize, bool), Option<Found>> = BTreeMap::new();
        let mut at = 0;
        // Every round goes on in the line or closes a block.
        loop {
            let within = stack.last().copied();
            let candidates = match within {
                Some(open) => &self.block(open).inside,
                None => &self.top,
            };
            let ends = within.map(|open| (open, true));
            let all = ends
                .into_iter()
                .chain(candidates.iter().map(|rule| (*rule, false)));
            let mut best: Option<((usize, bool), Found)> = None;
            for key in all {
                let regex = if key.1 {
                    &self.block(key.0).end
                } else {
                    &self.rules[key.0].regex
                };
                let old = known.get(&key).filter(|found| match found {
                    Some(found) => whole(found).start >= at,
                    None => true,
                });
                let found = match old {
                    Some(found) => found.clone(),
                    None => {
                        let found = search(regex, line, at);
                        known.insert(key, found.clone());
                        found
                    }
                };
                let Some(found) = found else { continue };
                let start = whole(&found).start;
                if best
                    .as_ref()
                    .is_none_or(|(_, best)| start < whole(best).start)
                {
                    best = Some((key, found));
                }
            }
            let inside = within.and_then(|open| self.rules[open].name.clone());
            let Some((key, found)) = best else {
                push(&mut tokens, at..line.len(), inside.as_deref());
                return tokens;
            };
            let range = whole(&found);
            push(&mut tokens, at..range.start, inside.as_deref());
            let rule = &self.rules[key.0];
            let captures = match &rule.block {
                Some(block) if key.1 => &block.end_captures,
                _ => &rule.captures,
            };
            let mut from = range.start;
            for (group, scope) in captures {
                let Some(Some(part)) = found.get(*group) else {
                    continue;
                };
                push(&mut tokens, from..part.start, rule.name.as_deref());
                push(&mut tokens, part.clone(), Some(scope));
                from = part.end.max(from);
            }
            push(&mut tokens, from..range.end, rule.name.as_deref());
            known.remove(&key);
            if key.1 {
                stack.pop();
            } else if rule.block.is_some() {
                stack.push(key.0);
            } else {
                assert!(
                    range.end > at || range.start > at,
                    "{:?} matches nothing",
                    rule.regex
                );
            }
            at = range.end;
        }
    }

    fn block(&self, rule: usize) -> &Block {
        self.rules[rule].block.as_ref().expect("a block is open")
    }
}

fn whole(found: &Found) -> Range<usize> {
    found[0].clone().expect("the whole match")
}

fn search(regex: &Regex, line: &str, at: usize) -> Option<Found> {
    let captures = regex
        .captures_from_pos(line, at)
        .expect("the search ends")?;
    Some(
        captures
            .iter()
            .map(|group| group.map(|group| group.start()..group.end()))
            .collect(),
    )
}

fn push(tokens: &mut Vec<Token>, range: Range<usize>, scope: Option<&str>) {
    if !range.is_empty() {
        let scope = scope.unwrap_or("").to_owned();
        tokens.push(Token { range, scope });
    }
}

/// The rules of a list of patterns, includes among them.
fn compile(patterns: &Value, repository: &Value, rules: &mut Vec<Rule>) -> Vec<usize> {
    let mut compiled = Vec::new();
    for pattern in patterns.as_array().expect("a list of patterns") {
        let keys: Vec<&str> = pattern
            .as_object()
            .expect("a pattern")
            .keys()
            .map(String::as_str)
            .collect();
        if let Some(include) = pattern["include"].as_str() {
            assert_eq!(keys, ["include"]);
            let name = include
                .strip_prefix('#')
                .expect("an include of the repository");
            let group = &repository[name]["patterns"];
            assert!(group.is_array(), "there is no {include}");
            compiled.extend(compile(group, repository, rules));
            continue;
        }
        let block = pattern["end"].as_str().map(|end| Block {
            end: regex(end),
            end_captures: captures(&pattern["endCaptures"]),
            inside: compile(&pattern["patterns"], repository, rules),
        });
        let (start, own) = match block {
            Some(_) => ("begin", "beginCaptures"),
            None => ("match", "captures"),
        };
        let known = [
            "name",
            "match",
            "begin",
            "end",
            "captures",
            "beginCaptures",
            "endCaptures",
            "patterns",
        ];
        assert!(keys.iter().all(|key| known.contains(key)), "{keys:?}");
        rules.push(Rule {
            regex: regex(pattern[start].as_str().expect("a regex")),
            name: pattern["name"].as_str().map(str::to_owned),
            captures: captures(&pattern[own]),
            block,
        });
        compiled.push(rules.len() - 1);
    }
    compiled
}

fn regex(text: &str) -> Regex {
    Regex::new(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn captures(json: &Value) -> BTreeMap<usize, String> {
    let Some(groups) = json.as_object() else {
        return BTreeMap::new();
    };
    let groups = groups.iter().map(|(group, scope)| {
        let scope = scope["name"].as_str().expect("a scope").to_owned();
        (group.parse().expect("a number"), scope)
    });
    groups.collect()
}
