//! The language in which the command speaks: `--lang`, else `CASEWAY_LANG`, else the system's locale.
//!
//! What programs read follows `--lang` alone: a server's settings must not change bytes.

use super::Lang;
use crate::Decision;
use crate::message::{Language, Message, message};
use std::borrow::Cow;
use std::ffi::OsString;
use std::sync::OnceLock;

/// The language for people, and the one for programs.
static CHOSEN: OnceLock<(Language, Language)> = OnceLock::new();

/// Chooses the languages, once, at the start.
///
/// # Errors
/// The value of `CASEWAY_LANG`, when it is no language that Caseway speaks.
pub(super) fn choose(option: Option<Lang>) -> Result<(), Message> {
    let asked = option.map(Language::from);
    let set = match std::env::var("CASEWAY_LANG") {
        Ok(tag) if asked.is_none() && !tag.is_empty() => match Language::of_tag(&tag) {
            Some(language) => Some(language),
            None => {
                return Err(message!(
                    "`CASEWAY_LANG` is `{tag}`: write `en` or `zh`",
                    tag
                ));
            }
        },
        Ok(_) | Err(_) => None,
    };
    let people = asked.or(set).or_else(locale).unwrap_or_default();
    let _ = CHOSEN.set((people, asked.unwrap_or_default()));
    Ok(())
}

/// The language for people as far as it can be told before the arguments are understood: the help and
/// mistakes in arguments are told in it. What is wrong with the choice is told by [`choose`].
pub(super) fn before_parsing(given: &[OsString]) -> Language {
    let words: Vec<&str> = given.iter().filter_map(|word| word.to_str()).collect();
    let apart = words.windows(2).find_map(|pair| match pair {
        ["--lang", tag] => Some(*tag),
        _ => None,
    });
    let joined = || words.iter().find_map(|word| word.strip_prefix("--lang="));
    let asked = match apart.or_else(joined) {
        Some("en") => Some(Lang::En),
        Some("zh") => Some(Lang::Zh),
        Some(_) | None => None,
    };
    match choose(asked) {
        Ok(()) => text(),
        Err(_) => Language::English,
    }
}

impl From<Lang> for Language {
    fn from(lang: Lang) -> Language {
        match lang {
            Lang::En => Language::English,
            Lang::Zh => Language::Chinese,
        }
    }
}

/// The language of the system. On Unix the first of `LC_ALL`, `LC_MESSAGES` and `LANG` that is set
/// counts (POSIX, "Environment Variables", 8.2).
fn locale() -> Option<Language> {
    let named = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok().filter(|tag| !tag.is_empty()));
    let tag = named.or_else(sys_locale::get_locale)?;
    Language::of_tag(&tag)
}

/// The language of what people read.
pub(super) fn text() -> Language {
    CHOSEN
        .get()
        .map_or(Language::English, |(people, _)| *people)
}

/// The language of what programs read.
pub(super) fn json() -> Language {
    CHOSEN
        .get()
        .map_or(Language::English, |(_, programs)| *programs)
}

/// A decision for programs; only one that says something in another language than English is made anew.
pub(super) fn for_programs(decision: &Decision) -> Cow<'_, Decision> {
    match json() {
        Language::English => Cow::Borrowed(decision),
        _ if decision.places().problems.is_empty() => Cow::Borrowed(decision),
        other => Cow::Owned(decision.in_language(other)),
    }
}

/// The words of a message for people: `told!("nothing found")`.
macro_rules! told {
    ($($part:tt)*) => {
        $crate::cli::language::say(&$crate::message::message!($($part)*))
    };
}
pub(in crate::cli) use told;

/// A message for people.
pub(super) fn say(message: &Message) -> String {
    message.text(text())
}
