//! Pages that a reader follows with their hands: the tutorial, from the first line to the last.

use super::console::{Reader, agrees};
use super::page::{Block, Page, Piece, docs, updating};
use crate::command::Folder;

/// Pages that are walked through, in folders of their own.
pub const WALKED: [&str; 4] = ["tutorial.md", "cli.md", "explain.md", "proofs.md"];

/// The commands of a block, each with what is written below it.
fn commands(block: &Block) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for line in block.text.lines() {
        match (line.strip_prefix("$ "), found.last_mut()) {
            (Some(command), _) => found.push((command.to_owned(), String::new())),
            (None, Some((_, output))) => output.push_str(&format!("{line}\n")),
            (None, None) => panic!("line {}: output without a command", block.line),
        }
    }
    found
}

/// Follows a page and gives the page with the outputs that were seen.
fn walk(mut page: Page) -> (Page, Vec<String>) {
    let folder = Folder::new(&[("start", "")]);
    let mut reader = Reader {
        home: folder.0.clone(),
    };
    let (mut differ, mut before) = (Vec::new(), String::new());
    let path = page.path.clone();
    for piece in &mut page.pieces {
        let block = match piece {
            Piece::Text(text) => {
                before.clone_from(text);
                continue;
            }
            Piece::Fenced(block) => block,
        };
        let place = format!("{}:{}", path.display(), block.line);
        if !block.name.is_empty() {
            assert!(
                before.contains(&format!("`{}`", block.name)),
                "{place}: the text before it does not name `{}`",
                block.name
            );
            let file = reader.home.join(&block.name);
            std::fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
            std::fs::write(&file, &block.text).expect("a file");
        } else if block.kind == "console" {
            let mut text = String::new();
            for (command, written) in commands(block) {
                let shown = reader
                    .does(&command)
                    .unwrap_or_else(|error| panic!("{place}: {command}: {error}"));
                let blank = if shown.is_empty() { "" } else { "\n" };
                let kept = if agrees(&written, &shown) {
                    written.clone()
                } else {
                    differ.push(format!(
                        "{place}: $ {command}\n{shown}\ninstead of\n{written}"
                    ));
                    format!("{shown}{blank}")
                };
                text.push_str(&format!("$ {command}\n{kept}"));
            }
            block.text = text;
        }
    }
    (page, differ)
}

#[test]
fn pages_can_be_followed_word_for_word() {
    for name in WALKED {
        let path = docs().join(name);
        let (page, differ) = walk(Page::read(&path));
        let done = page.blocks().filter(|block| block.kind == "console");
        assert!(done.count() > 0, "{name} lost its commands");
        if updating() && !differ.is_empty() {
            std::fs::write(&path, page.written()).expect("the page");
        } else {
            assert!(differ.is_empty(), "{}", differ.join("\n\n"));
        }
    }
}
