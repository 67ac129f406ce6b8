//! A page of the manual, cut into its text and its fenced blocks.

use std::path::{Path, PathBuf};

/// A piece of a page.
pub enum Piece {
    /// Lines outside fences.
    Text(String),
    /// A fenced block.
    Fenced(Block),
}

/// A fenced block.
pub struct Block {
    /// The language behind the opening fence.
    pub kind: String,
    /// What stands behind the language: the name of a file.
    pub name: String,
    pub text: String,
    /// The line of the opening fence.
    pub line: usize,
}

/// A page of the manual.
pub struct Page {
    pub path: PathBuf,
    pub pieces: Vec<Piece>,
}

pub fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs")
}

/// Whether fixtures are written anew.
pub fn updating() -> bool {
    std::env::var_os("UPDATE_FIXTURES").is_some()
}

/// All pages under a folder of the manual, by their paths in it.
pub fn pages_under(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![docs().join(folder)];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder of the manual") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|ending| ending == "md") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

impl Page {
    pub fn read(path: &Path) -> Page {
        let text = std::fs::read_to_string(path).expect("a page of the manual");
        let mut pieces = vec![Piece::Text(String::new())];
        let mut within = false;
        for (line, number) in text.lines().zip(1..) {
            let line_end = format!("{line}\n");
            match (pieces.last_mut(), line.strip_prefix("```")) {
                (_, Some(info)) if !within => {
                    let (kind, name) = info.split_once(' ').unwrap_or((info, ""));
                    pieces.push(Piece::Fenced(Block {
                        kind: kind.to_owned(),
                        name: name.to_owned(),
                        text: String::new(),
                        line: number,
                    }));
                    within = true;
                }
                (_, Some(_)) => {
                    pieces.push(Piece::Text(String::new()));
                    within = false;
                }
                (Some(Piece::Text(text)), None) => text.push_str(&line_end),
                (Some(Piece::Fenced(block)), None) => block.text.push_str(&line_end),
                (None, None) => {}
            }
        }
        assert!(!within, "{}: a fence is not closed", path.display());
        Page {
            path: path.to_owned(),
            pieces,
        }
    }

    pub fn blocks(&self) -> impl Iterator<Item = &Block> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Text(_) => None,
            Piece::Fenced(block) => Some(block),
        })
    }

    /// Where a block stands, for messages.
    pub fn place(&self, block: &Block) -> String {
        format!("{}:{}", self.path.display(), block.line)
    }

    /// Files that the page writes, the last text of each.
    pub fn files(&self) -> Vec<(&str, &str)> {
        let mut files: Vec<(&str, &str)> = Vec::new();
        for block in self.blocks().filter(|block| !block.name.is_empty()) {
            files.retain(|(name, _)| *name != block.name);
            files.push((&block.name, &block.text));
        }
        files
    }

    /// The page as it is written.
    pub fn written(&self) -> String {
        let mut text = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(lines) => text.push_str(lines),
                Piece::Fenced(block) => {
                    let blank = if block.name.is_empty() { "" } else { " " };
                    text.push_str(&format!("```{}{blank}{}\n", block.kind, block.name));
                    text.push_str(&block.text);
                    text.push_str("```\n");
                }
            }
        }
        text
    }
}
