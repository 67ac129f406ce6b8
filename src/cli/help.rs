//! The help of the command line in other languages than English: the one tree of commands with its texts
//! replaced, and the words of mistakes in arguments.
//!
//! The texts are those of the tree itself; `locales/*/help.po` has each of them, which a test holds.

use super::language::told;
use crate::message::{Language, translated};
use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command, Error};

/// How a help page is set; `{usage}` and the rest are places that `clap` fills.
const PAGE: &str = "{about-with-newline}\n{usage-heading}{usage}\n\n{all-args}";

/// The tree of commands with its texts in a language.
pub(super) fn in_language(mut command: Command, language: Language) -> Command {
    if language == Language::English {
        return command;
    }
    // Gives each command its options of help and version, with their texts.
    command.build();
    replaced(command, language)
}

fn replaced(command: Command, language: Language) -> Command {
    let say = |text: &str| translated(language, text).unwrap_or(text).to_owned();
    let of = |text: Option<&StyledStr>| text.map(|text| say(&text.to_string()));
    let about = of(command.get_about());
    let long_about = of(command.get_long_about());
    let usage = usage(&command, language);
    let mut command = command
        .help_template(PAGE.replace("{usage-heading}", &say("Usage:")))
        .override_usage(usage)
        .subcommand_help_heading(say("Commands"))
        .mut_args(|argument| replaced_argument(argument, language));
    if let Some(about) = about {
        command = command.about(about);
    }
    if let Some(long_about) = long_about {
        command = command.long_about(long_about);
    }
    command.mut_subcommands(|inner| replaced(inner, language))
}

/// `caseway lint [选项] [DIR]`
fn usage(command: &Command, language: Language) -> String {
    let mut text = command.clone().render_usage().to_string();
    let say = |text: &str| translated(language, text).unwrap_or(text).to_owned();
    for word in ["Usage: ", "[OPTIONS]", "<COMMAND>", "[COMMAND]"] {
        let told = match word {
            "Usage: " => String::new(),
            word => say(word),
        };
        text = text.replace(word, &told);
    }
    text.trim().to_owned()
}

fn replaced_argument(argument: Arg, language: Language) -> Arg {
    let say = |text: &str| translated(language, text).unwrap_or(text).to_owned();
    let of = |text: Option<&StyledStr>| text.map(|text| say(&text.to_string()));
    let heading = match argument.is_positional() {
        true => say("Arguments"),
        false => say("Options"),
    };
    let short = of(argument.get_help());
    let mut long = of(argument.get_long_help()).or_else(|| short.clone());
    let takes_value = matches!(argument.get_action(), ArgAction::Set | ArgAction::Append);
    let values = match takes_value {
        true => argument.get_possible_values(),
        false => Vec::new(),
    };
    let mut lines = Vec::new();
    for value in values.iter().filter(|value| !value.is_hide_set()) {
        let about = value.get_help().map(|help| say(&help.to_string()));
        lines.push(match about {
            Some(about) => format!("- {}: {about}", value.get_name()),
            None => format!("- {}", value.get_name()),
        });
    }
    let defaults: Vec<String> = argument
        .get_default_values()
        .iter()
        .map(|value| value.to_string_lossy().into_owned())
        .filter(|_| takes_value)
        .collect();
    if let Some(long) = &mut long {
        if !defaults.is_empty() {
            let default = defaults.join(" ");
            long.push_str(&format!(" {}", told!("[default: {default}]", default)));
        }
        if !lines.is_empty() {
            let heading = say("Possible values:");
            long.push_str(&format!("\n\n{heading}\n{}", lines.join("\n")));
        }
    }
    let mut argument = argument
        .help_heading(heading)
        .hide_possible_values(true)
        .hide_default_value(true);
    if let Some(short) = short {
        argument = argument.help(short);
    }
    if let Some(long) = long {
        argument = argument.long_help(long);
    }
    argument
}

/// What is wrong with the arguments, in the language for people; English keeps the words of `clap`.
pub(super) fn mistake(error: &Error) -> String {
    let text = |kind: ContextKind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join("`, `"),
        Some(ContextValue::StyledStr(text)) => text.to_string(),
        Some(ContextValue::Number(number)) => number.to_string(),
        Some(_) | None => String::new(),
    };
    let argument = text(ContextKind::InvalidArg);
    let value = text(ContextKind::InvalidValue);
    let mut words = match error.kind() {
        ErrorKind::InvalidValue if value.is_empty() => {
            told!("`{argument}` needs a value", argument)
        }
        ErrorKind::InvalidValue => {
            told!("`{argument}` has no value `{value}`", argument, value)
        }
        ErrorKind::ValueValidation => {
            told!("`{argument}` cannot be `{value}`", argument, value)
        }
        ErrorKind::UnknownArgument => told!("there is no option `{argument}` here", argument),
        ErrorKind::InvalidSubcommand => {
            let command = text(ContextKind::InvalidSubcommand);
            told!("there is no command `{command}`", command)
        }
        ErrorKind::ArgumentConflict => {
            let other = text(ContextKind::PriorArg);
            told!("`{argument}` does not go with `{other}`", argument, other)
        }
        ErrorKind::MissingRequiredArgument => told!("`{argument}` is missing", argument),
        ErrorKind::MissingSubcommand => told!("a command is missing"),
        ErrorKind::TooManyValues
        | ErrorKind::TooFewValues
        | ErrorKind::WrongNumberOfValues
        | ErrorKind::NoEquals => told!("`{argument}` has a wrong number of values", argument),
        ErrorKind::InvalidUtf8 => told!("an argument is not UTF-8 text"),
        // Kinds that this tree cannot meet, and those to come.
        _ => error.kind().to_string(),
    };
    let valid = text(ContextKind::ValidValue);
    let valid = [valid, text(ContextKind::ValidSubcommand)].concat();
    if !valid.is_empty() {
        words.push_str(&told!("; write one of `{values}`", values = valid));
    }
    let meant = [
        text(ContextKind::SuggestedArg),
        text(ContextKind::SuggestedSubcommand),
        text(ContextKind::SuggestedValue),
    ]
    .concat();
    if !meant.is_empty() {
        words.push_str(&told!("; did you mean `{meant}`?", meant));
    }
    if let (ErrorKind::ValueValidation, Some(cause)) =
        (error.kind(), std::error::Error::source(error))
    {
        words.push_str(&format!("\n  {cause}"));
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// All texts of the tree that people read.
    fn texts(command: &Command, found: &mut BTreeSet<String>) {
        let mut add = |text: Option<&StyledStr>| found.extend(text.map(ToString::to_string));
        add(command.get_about());
        add(command.get_long_about());
        for argument in command.get_arguments() {
            add(argument.get_help());
            add(argument.get_long_help());
            if matches!(argument.get_action(), ArgAction::Set | ArgAction::Append) {
                for value in argument.get_possible_values() {
                    add(value.get_help());
                }
            }
        }
        for inner in command.get_subcommands() {
            texts(inner, found);
        }
    }

    #[test]
    fn every_text_of_the_help_has_a_translation_and_no_other() {
        let mut command = crate::cli::command();
        command.build();
        let mut wanted = BTreeSet::new();
        texts(&command, &mut wanted);
        let own = [
            "Usage:",
            "Commands",
            "Arguments",
            "Options",
            "Possible values:",
        ];
        wanted.extend(own.map(str::to_owned));
        wanted.extend(["[OPTIONS]", "<COMMAND>", "[COMMAND]"].map(str::to_owned));
        let catalogue = include_str!("../../locales/zh-CN/help.po");
        let catalogue = polib::po_file::parse_from_reader(catalogue.as_bytes());
        let catalogue = catalogue.expect("it is read");
        let messages = catalogue.messages();
        let known: BTreeSet<String> = messages.map(|one| one.msgid().to_owned()).collect();
        let missing: Vec<&String> = wanted.difference(&known).collect();
        assert!(missing.is_empty(), "no translation of\n{}", list(&missing));
        let stale: Vec<&String> = known.difference(&wanted).collect();
        assert!(stale.is_empty(), "nothing says\n{}", list(&stale));
    }

    fn list(texts: &[&String]) -> String {
        let lines = texts.iter().map(|text| format!("{text}\n"));
        lines.collect()
    }
}
