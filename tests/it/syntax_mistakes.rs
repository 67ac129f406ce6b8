//! Named mistakes: each fixture is one slip, its findings are what the operator reads.

use crate::fixtures;
use caseway::source::Sources;
use caseway::syntax;

fn page(name: &str, text: &str) -> String {
    let mut sources = Sources::default();
    let source = sources.add(name, text);
    let (_, mut findings) = syntax::parse(source, text);
    caseway::diag::sort(&mut findings, |span| span.source.0);
    fixtures::page(&findings, &sources)
}

#[test]
fn every_mistake_is_named_once_with_what_to_write_instead() {
    fixtures::check("syntax", page);
}

/// Applies the safe fixes of a text; none when there are none.
fn mended(text: &str) -> Option<String> {
    let mut sources = Sources::default();
    let source = sources.add("f.policy", text);
    let (_, findings) = syntax::parse(source, text);
    let mut edits: Vec<_> = findings
        .iter()
        .filter_map(|finding| finding.fix.as_ref().filter(|fix| fix.safe))
        .flat_map(|fix| fix.edits.clone())
        .collect();
    edits.sort_by_key(|edit| std::cmp::Reverse((edit.span.start, edit.span.end)));
    let mut mended = text.to_owned();
    for edit in &edits {
        mended.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
    }
    (!edits.is_empty()).then_some(mended)
}

#[test]
fn safe_fixes_come_to_an_end_and_leave_nothing_that_they_could_mend() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/syntax");
    let mut applied = 0;
    for entry in std::fs::read_dir(folder).expect("the fixture folder is there") {
        let path = entry.expect("readable").path();
        if path.extension().is_none_or(|ending| ending != "policy") {
            continue;
        }
        let mut text = std::fs::read_to_string(&path).expect("UTF-8");
        let mut rounds = 0;
        while let Some(better) = mended(&text) {
            assert_ne!(better, text, "{}: a fix changes nothing", path.display());
            text = better;
            rounds += 1;
            assert!(
                rounds <= 3,
                "{}: fixes without end in\n{text}",
                path.display()
            );
        }
        applied += usize::from(rounds > 0);
    }
    assert!(applied >= 30, "only {applied} fixtures had safe fixes");
}
