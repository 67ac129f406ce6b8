//! Pictures in the language of Mermaid, which forges and wikis draw by themselves.

use super::chart::{State, chart};
use super::ladder::ladder;
use super::overview::overview;
use super::{Drawing, Picture, labelled, tested};
use crate::message::message;

/// How rules look that no test reaches, in colours and without.
const MISSED: &str = "  classDef missed fill:#fdf1e3,stroke:#c78a3b,stroke-dasharray:5 3\n";

/// One picture; none for a calendar.
pub(super) fn drawn(drawing: &Drawing<'_>, picture: Picture) -> Option<String> {
    match picture {
        Picture::Overview => Some(what_reads_what(drawing, picture)),
        Picture::Classification(_) | Picture::Route | Picture::Sla => rules(drawing, picture),
        Picture::Clock(place) => states(drawing, place),
        Picture::Calendar(_) => None,
    }
}

/// Text within double quotes: signs with a meaning for Mermaid as entities.
fn quoted(words: &str) -> String {
    let mut out = String::from("\"");
    for letter in words.chars() {
        match letter {
            '"' => out.push_str("#quot;"),
            '#' => out.push_str("#35;"),
            '<' => out.push_str("#lt;"),
            '>' => out.push_str("#gt;"),
            '&' => out.push_str("#amp;"),
            '`' => out.push_str("#96;"),
            '\n' => out.push_str("<br/>"),
            letter => out.push(letter),
        }
    }
    out.push('"');
    out
}

fn what_reads_what(drawing: &Drawing<'_>, picture: Picture) -> String {
    let overview = overview(drawing, picture);
    let mut text = String::from("flowchart LR\n");
    for (place, node) in overview.nodes.iter().enumerate() {
        let name = match &node.label {
            Some(label) => format!("{}\n{label}", node.name),
            None => node.name.clone(),
        };
        text.push_str(&format!("  n{place}[{}]\n", quoted(&name)));
    }
    for (from, to) in overview.edges {
        text.push_str(&format!("  n{from} --> n{to}\n"));
    }
    text
}

fn rules(drawing: &Drawing<'_>, picture: Picture) -> Option<String> {
    let ladder = ladder(drawing, picture)?;
    let otherwise = drawing.say(message!("otherwise"));
    let (yes, no) = (message!("yes"), message!("no"));
    let (yes, no) = (drawing.say(yes), drawing.say(no));
    let none = drawing.say(message!("if none was true"));
    let mut text = String::from("flowchart TD\n");
    let title = labelled(&ladder.name, ladder.label.as_deref());
    let head = format!("{title}\n{}", ladder.strategy);
    text.push_str(&format!("  start([{}]) --> r0\n", quoted(&head)));
    for (place, rung) in ladder.rungs.iter().enumerate() {
        let name = rung.name.as_deref().unwrap_or(&otherwise);
        let mut lines = vec![labelled(name, rung.label.as_deref())];
        lines.extend(rung.effective.clone());
        lines.extend(rung.condition.iter().cloned());
        let rule = quoted(&lines.join("\n"));
        text.push_str(&format!("  r{place}[{rule}]\n"));
        let mut outcome = rung.outcome.clone();
        outcome.extend(rung.fired.map(|fired| tested::words(drawing, fired)));
        let outcome = quoted(&outcome.join("\n"));
        text.push_str(&format!("  o{place}([{outcome}])\n"));
        let asks = !rung.otherwise;
        let word = if asks {
            format!("|{yes}|")
        } else {
            String::new()
        };
        text.push_str(&format!("  r{place} -->{word} o{place}\n"));
        if let Some(next) = ladder.rungs.get(place + 1) {
            let line = match (ladder.stops, next.otherwise) {
                (true, _) => format!("-->|{no}|"),
                (false, false) => "-.->".to_owned(),
                (false, true) => format!("-->|{none}|"),
            };
            text.push_str(&format!("  r{place} {line} r{}\n", place + 1));
        }
    }
    if ladder.rungs.is_empty() {
        text.push_str("  r0[\" \"]\n");
    }
    let missed = ladder.rungs.iter().enumerate();
    let missed = missed.filter(|(_, rung)| rung.fired == Some(0));
    let missed: Vec<String> = missed.map(|(place, _)| format!("r{place}")).collect();
    if !missed.is_empty() {
        text.push_str(MISSED);
        text.push_str(&format!("  class {} missed\n", missed.join(",")));
    }
    Some(text)
}

fn states(drawing: &Drawing<'_>, place: usize) -> Option<String> {
    let clock = drawing.model.clocks.get(place)?;
    let (changes, notes) = chart(drawing, clock);
    let mut text = String::from("stateDiagram-v2\n  direction LR\n  [*] --> idle\n");
    for change in &changes {
        // A colon would end the words of a change.
        let missed = tested::missed(drawing, change.fired);
        let missed = missed.map_or(String::new(), |missed| format!(" ({missed})"));
        let words = format!("{}{missed}", change.words);
        let words = words.replace(':', "#58;").replace(';', "#59;");
        let (from, to) = change.way.ends();
        text.push_str(&format!("  {} --> {} : {words}\n", from.word(), to.word()));
    }
    let ends = [State::Met, State::Cancelled];
    let reached = |state: &State| changes.iter().any(|change| change.way.ends().1 == *state);
    for state in ends.into_iter().filter(reached) {
        text.push_str(&format!("  {} --> [*]\n", state.word()));
    }
    let notes = notes.join("<br/>").replace(':', "#58;");
    text.push_str(&format!("  note right of running : {notes}\n"));
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn signs_with_a_meaning_are_written_as_entities() {
        assert_eq!(
            quoted("a < \"b\"\n#1 & `c`"),
            "\"a #lt; #quot;b#quot;<br/>#35;1 #amp; #96;c#96;\""
        );
    }
}
