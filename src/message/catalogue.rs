//! The translations, read from the PO files of `locales/` that are part of the program.

use super::Language;
use std::collections::HashMap;
use std::sync::OnceLock;

/// The PO files of Simplified Chinese, one for each part of the program.
const CHINESE: &[(&str, &str)] = &[
    ("common.po", include_str!("../../locales/zh-CN/common.po")),
    ("syntax.po", include_str!("../../locales/zh-CN/syntax.po")),
    ("format.po", include_str!("../../locales/zh-CN/format.po")),
    ("model.po", include_str!("../../locales/zh-CN/model.po")),
    ("lint.po", include_str!("../../locales/zh-CN/lint.po")),
    ("proofs.po", include_str!("../../locales/zh-CN/proofs.po")),
    ("config.po", include_str!("../../locales/zh-CN/config.po")),
    ("ingest.po", include_str!("../../locales/zh-CN/ingest.po")),
    ("driver.po", include_str!("../../locales/zh-CN/driver.po")),
    ("eval.po", include_str!("../../locales/zh-CN/eval.po")),
    ("suite.po", include_str!("../../locales/zh-CN/suite.po")),
    (
        "commands.po",
        include_str!("../../locales/zh-CN/commands.po"),
    ),
    ("help.po", include_str!("../../locales/zh-CN/help.po")),
    ("cli.po", include_str!("../../locales/zh-CN/cli.po")),
    (
        "columnar.po",
        include_str!("../../locales/zh-CN/columnar.po"),
    ),
    ("draw.po", include_str!("../../locales/zh-CN/draw.po")),
];

/// English sentence to translation.
type Catalogue = HashMap<String, String>;

/// The translation of an English sentence; none for English itself and where there is none.
pub(super) fn translation(language: Language, english: &str) -> Option<&'static str> {
    static LOADED: OnceLock<Catalogue> = OnceLock::new();
    match language {
        Language::English => None,
        Language::Chinese => LOADED
            .get_or_init(|| load(CHINESE))
            .get(english)
            .map(String::as_str),
    }
}

/// Reads the files; one that cannot be read adds nothing, which a test would see.
fn load(files: &[(&str, &str)]) -> Catalogue {
    let mut catalogue = Catalogue::new();
    for (_, text) in files {
        let Ok(read) = polib::po_file::parse_from_reader(text.as_bytes()) else {
            continue;
        };
        for message in read.messages() {
            if let Ok(translated) = message.msgstr()
                && !translated.is_empty()
            {
                catalogue.insert(message.msgid().to_owned(), translated.to_owned());
            }
        }
    }
    catalogue
}
