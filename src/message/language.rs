//! The languages that messages come in.

/// A language of messages and manual pages; what operators write in policies is never translated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Language {
    /// English, the language of the sentences in the code.
    #[default]
    English,
    /// Simplified Chinese.
    Chinese,
}

impl Language {
    /// All languages.
    pub const ALL: [Language; 2] = [Language::English, Language::Chinese];

    /// The word of the `--lang` option: `en` or `zh`.
    pub fn word(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::Chinese => "zh",
        }
    }

    /// The language of a locale or language tag such as `zh`, `zh_CN.UTF-8`, `en-GB`; none for one
    /// that Caseway does not speak.
    pub fn of_tag(tag: &str) -> Option<Language> {
        let first = tag.split(['_', '-', '.', '@']).next().unwrap_or_default();
        match first.to_ascii_lowercase().as_str() {
            "en" | "c" | "posix" => Some(Language::English),
            "zh" => Some(Language::Chinese),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Language;

    #[test]
    fn tags_name_languages() {
        for (tag, language) in [
            ("zh", Some(Language::Chinese)),
            ("zh_CN.UTF-8", Some(Language::Chinese)),
            ("zh-Hans", Some(Language::Chinese)),
            ("en_GB", Some(Language::English)),
            ("C", Some(Language::English)),
            ("POSIX", Some(Language::English)),
            ("fr_FR.UTF-8", None),
            ("", None),
        ] {
            assert_eq!(Language::of_tag(tag), language, "{tag}");
        }
    }
}
