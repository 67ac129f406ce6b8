//! The hash of a policy: the same for the same texts, whatever system they were checked out on.
//!
//! sha256 over the files in byte order of their paths, each as path, NUL, length of its bytes in
//! decimal, NUL, bytes. The bytes are those of the text with CRLF read as LF and a leading
//! byte-order mark dropped; the length is counted after that.

use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

/// `sha256:…` over files by path.
pub(super) fn of_files(files: &BTreeMap<String, Arc<str>>) -> String {
    let mut hash = Sha256::new();
    for (path, text) in files {
        let text = normal(text);
        hash.update(path.as_bytes());
        hash.update(b"\0");
        hash.update(text.len().to_string().as_bytes());
        hash.update(b"\0");
        hash.update(text.as_bytes());
    }
    shown(hash)
}

/// `sha256:…` over the bytes of one text.
pub(super) fn of_text(text: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(normal(text).as_bytes());
    shown(hash)
}

fn normal(text: &str) -> Cow<'_, str> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    match text.contains('\r') {
        true => Cow::Owned(text.replace("\r\n", "\n")),
        false => Cow::Borrowed(text),
    }
}

fn shown(hash: Sha256) -> String {
    let mut text = "sha256:".to_owned();
    for byte in hash.finalize() {
        text.push_str(&format!("{byte:02x}"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{of_files, of_text};
    use std::collections::BTreeMap;

    #[test]
    fn line_ends_and_marks_make_no_difference() {
        let plain = of_text("a\nb\n");
        assert_eq!(plain, of_text("\u{feff}a\r\nb\r\n"));
        assert_ne!(plain, of_text("a\nb"));
        // `printf 'a\nb\n' | sha256sum`
        assert_eq!(
            plain,
            "sha256:911169ddaaf146aff539f58c26c489af3b892dff0fe283c1c264c65ae5aa59a2"
        );
    }

    #[test]
    fn paths_and_lengths_part_the_files() {
        let hash = |files: &[(&str, &str)]| {
            of_files(
                &files
                    .iter()
                    .map(|(p, t)| ((*p).to_owned(), (*t).into()))
                    .collect::<BTreeMap<_, _>>(),
            )
        };
        assert_ne!(
            hash(&[("a", "xb"), ("c", "")]),
            hash(&[("a", "x"), ("c", "b")])
        );
        assert_ne!(hash(&[("a", "x")]), hash(&[("b", "x")]));
    }
}
