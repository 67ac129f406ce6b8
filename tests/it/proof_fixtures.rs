//! What is certain of all cases: each `tests/fixtures/proofs/NAME.policy`, and the findings about it in
//! `NAME.expected`, with what shows them. `UPDATE_FIXTURES=1` rewrites them.

use super::support::SETTINGS;
use super::{fixtures, model_fixtures};
use caseway::driver::prove_sources;

#[test]
fn findings_of_each_fixture_are_as_expected() {
    fixtures::check("proofs", |name, text| {
        let files = [("caseway.toml", SETTINGS), (name, text)];
        let files = files.map(|(path, text)| (path.to_owned(), text.to_owned()));
        let checked = prove_sources(files).expect("a folder");
        let found = model_fixtures::page(&checked.findings, &checked.sources);
        // The good twin of each bad fixture, and the other way round, is told by its name.
        assert_eq!(
            name.starts_with("good_"),
            found == "nothing found\n",
            "{name}\n{found}"
        );
        found
    });
}
