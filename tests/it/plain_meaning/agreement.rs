//! Random cases of random policies, and those of disagreements that were found once, decided both ways.

use super::draw::{Draw, Drawn};
use super::meaning::Meaning;
use caseway::{Instant, Policy};
use std::fmt::Write as _;

/// Pairs of a policy and a case at an instant that are decided if `CASEWAY_PAIRS` does not say how many.
const PAIRS: u64 = 50_000;

/// Cases of each policy.
const CASES: usize = 40;

/// What some of the decisions have to have in them, so that all of the language is tried.
const SEEN: [&str; 38] = [
    "\"state\":\"idle\"",
    "\"state\":\"running\"",
    "\"state\":\"paused\"",
    "\"state\":\"met\"",
    "\"state\":\"cancelled\"",
    "\"state\":\"superseded\"",
    "\"cycle\":3",
    "\"breached_at\":\"2",
    "\"flag\":\"unknown_calendar_year\"",
    "\"flag\":\"beyond_range\"",
    "\"elapsed_s\":null",
    "\"remaining_s\":-",
    "working days\"",
    "\"fired\":true",
    "\"fired\":false",
    ".cycle-2\"",
    "\"phase\":\"unclassified\"",
    "\"phase\":\"held\"",
    "\"phase\":\"active\"",
    "\"phase\":\"retain\"",
    "\"phase\":\"overdue\"",
    "\"phase\":\"review\"",
    "\"phase\":\"eligible\"",
    "\"overdue\":true",
    "\"done\":true",
    "\"met\":true",
    "\"met\":false",
    "\"met\":null",
    "\"rule\":\"otherwise\"",
    "\"rules\":[\"classify.",
    "\"rules\":[\"route.",
    "\"rules\":[\"sla.",
    "\"code\":\"rule-conflict\"",
    "\"code\":\"script-failed\"",
    "\"code\":\"script-limit\"",
    "\"code\":\"overflow\"",
    "\"code\":\"unknown_calendar_year\"",
    "\"code\":\"retention-conflict\"",
];

/// A number that the environment gives.
fn asked(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// A decision without the words of its problems.
fn without_words(decision: &str) -> String {
    let key = "\"message\":\"";
    let mut rest = decision;
    let mut out = String::new();
    while let Some(at) = rest.find(key) {
        let (before, message) = rest.split_at(at + key.len());
        out.push_str(before);
        out.push('…');
        let mut escaped = false;
        let end = message.char_indices().find(|(_, sign)| {
            let ends = *sign == '"' && !escaped;
            escaped = *sign == '\\' && !escaped;
            ends
        });
        rest = &message[end.expect("a text ends").0..];
    }
    out + rest
}

/// The decision of the engine, that of the plain interpreter, and when the engine says that it changes.
fn both(
    policy: &Policy,
    meaning: &Meaning<'_>,
    json: &str,
    at: Instant,
) -> (String, String, Option<Instant>) {
    let file = match policy.case_from_json(json) {
        Ok(file) => file,
        Err(refusal) => panic!("{refusal:?}\n{json}"),
    };
    let decision = policy.decide(&file.case, &file.events, at);
    let next = decision.next_change_at();
    let mut engine = Vec::new();
    decision.append_json(&mut engine);
    let engine = String::from_utf8(engine).expect("JSON is UTF-8");
    (
        without_words(&engine),
        meaning.decide(&file.case, &file.events, at),
        next,
    )
}

fn differs(files: &[(String, String)], json: &str, at: Instant) -> bool {
    let Ok(policy) = Policy::from_sources(files.iter().cloned()) else {
        return false;
    };
    if policy.case_from_json(json).is_err() {
        return false;
    }
    let (engine, plain, _) = both(&policy, &Meaning::new(&policy), json, at);
    engine != plain
}

/// The same disagreement with fewer lines of the policy.
fn smaller(files: &[(String, String)], json: &str, at: Instant) -> Vec<(String, String)> {
    let mut files = files.to_vec();
    for file in 0..files.len() {
        // The plain interpreter knows what the script says as a whole.
        if files[file].0.ends_with(".rhai") {
            continue;
        }
        let mut chunk = (files[file].1.lines().count() / 2).max(1);
        loop {
            let mut from = 0;
            while from < files[file].1.lines().count() {
                let lines: Vec<&str> = files[file].1.lines().collect();
                let to = (from + chunk).min(lines.len());
                let kept = [&lines[..from], &lines[to..]].concat().join("\n") + "\n";
                let mut tried = files.clone();
                tried[file].1 = kept;
                if differs(&tried, json, at) {
                    files = tried;
                } else {
                    from += chunk;
                }
            }
            if chunk == 1 {
                break;
            }
            chunk /= 2;
        }
    }
    files
}

/// The first place at which two texts differ, with some of what stands around it.
fn place(engine: &str, plain: &str) -> String {
    let at = engine
        .bytes()
        .zip(plain.bytes())
        .take_while(|(one, two)| one == two)
        .count();
    let around = |text: &str| {
        let mut from = at.saturating_sub(160).min(text.len());
        while !text.is_char_boundary(from) {
            from -= 1;
        }
        text[from..].chars().take(360).collect::<String>()
    };
    format!("engine: …{}\nplain:  …{}", around(engine), around(plain))
}

/// A disagreement in the form of a fixture, and where the two differ.
fn report(drawn: &Drawn, json: &str, at: Instant) -> String {
    let files = smaller(&drawn.files, json, at);
    let policy = Policy::from_sources(files.iter().cloned()).expect("it was read before");
    let (engine, plain, _) = both(&policy, &Meaning::new(&policy), json, at);
    let mut text = String::new();
    for (path, file) in &files {
        let _ = write!(text, "--- {path}\n{file}");
    }
    let at = at.format(policy.zone());
    format!(
        "{text}--- case\n{json}\n--- at\n{at}\n--- says\n{}\n",
        place(&engine, &plain)
    )
}

/// Decides cases of the policy of a seed: how many pairs, or where the two differ first. What is seen of `unseen` is
/// taken out of it.
fn compare(seed: u64, unseen: &mut Vec<&str>) -> Result<u64, String> {
    let mut drawn = Draw::policy(seed);
    let policy = match Policy::from_sources(drawn.files.iter().cloned()) {
        Ok(policy) => policy,
        Err(error) => return Err(error.to_string()),
    };
    let meaning = Meaning::new(&policy);
    let mut pairs = 0;
    for _ in 0..CASES {
        let case = drawn.draw.case();
        // A drawn set may ask for a record without what it requires.
        if policy.case_from_json(&case.json).is_err() {
            continue;
        }
        for at in drawn.draw.instants(&case) {
            let mut at = Instant::from_millis(at).expect("in range");
            // Then once more at the instant at which the decision says that it changes.
            for _ in 0..2 {
                let (engine, plain, next) = both(&policy, &meaning, &case.json, at);
                pairs += 1;
                unseen.retain(|fragment| !engine.contains(fragment));
                if engine != plain {
                    return Err(report(&drawn, &case.json, at));
                }
                match next {
                    Some(next) => at = next,
                    None => break,
                }
            }
        }
    }
    Ok(pairs)
}

/// As many pairs as `CASEWAY_PAIRS` says, of the policies from the seed on that `CASEWAY_SEED` names: the same ones
/// each time. `CASEWAY_SEED=1000000 CASEWAY_PAIRS=5000000 cargo test --release --test it plain_meaning -- --nocapture`
/// is a long run, and prints how many pairs it decided in a second.
#[test]
fn the_engine_decides_as_the_plain_interpreter_does() {
    let wanted = asked("CASEWAY_PAIRS").unwrap_or(PAIRS);
    let first = asked("CASEWAY_SEED").unwrap_or(0);
    let started = std::time::Instant::now();
    let (mut pairs, mut seed) = (0, first);
    let mut wrong = Vec::new();
    let mut unseen = SEEN.to_vec();
    while pairs < wanted && wrong.len() < 4 {
        match compare(seed, &mut unseen) {
            Ok(more) => pairs += more,
            Err(found) => wrong.push(format!("seed {seed}\n{found}")),
        }
        seed += 1;
    }
    let took = started.elapsed().as_millis().max(1);
    let speed = u128::from(pairs) * 1000 / took;
    println!(
        "{pairs} pairs of {} policies in {} s: {speed} in a second",
        seed - first,
        took / 1000
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // A short run need not see everything.
    assert!(
        wanted < PAIRS || unseen.is_empty(),
        "never decided: {unseen:?}"
    );
}

/// Each disagreement that was ever found, in the form in which a failure prints it; behind `says` stands what the
/// decision has to have in it.
#[test]
fn what_was_decided_in_two_ways_once_is_decided_in_one() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/disagreements");
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .expect("fixtures")
        .map(|entry| entry.expect("a file").path())
        .collect();
    paths.sort();
    assert!(!paths.is_empty());
    for path in paths {
        let name = path.display();
        let text = std::fs::read_to_string(&path).expect("a fixture");
        let mut files: Vec<(String, String)> = Vec::new();
        for line in text.lines() {
            match line.strip_prefix("--- ") {
                Some(section) => files.push((section.to_owned(), String::new())),
                None => {
                    let (_, part) = files.last_mut().expect("a section comes first");
                    part.push_str(line);
                    part.push('\n');
                }
            }
        }
        let mut section = |wanted: &str| {
            let found = files.iter().position(|(section, _)| section == wanted);
            let (_, part) =
                files.remove(found.unwrap_or_else(|| panic!("{name} has no `{wanted}`")));
            part.trim_end().to_owned()
        };
        let (case, at, says) = (section("case"), section("at"), section("says"));
        let policy = Policy::from_sources(files).unwrap_or_else(|error| panic!("{name}: {error}"));
        let at = Instant::parse(&at).expect("an instant");
        let (engine, plain, _) = both(&policy, &Meaning::new(&policy), &case, at);
        assert!(engine == plain, "{name}\n{}", place(&engine, &plain));
        assert!(engine.contains(&says), "{name}: {engine}");
    }
}
