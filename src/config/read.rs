//! Reads the sections of `caseway.toml` into a [`Config`].
//!
//! Stage before: the driver, which has the text; after: everything that needs a setting.

use super::toml_reader::{Section, TomlReader, list, scalar};
use super::{Config, ExtraFields, LANGUAGE, LintLevel, holidays_section, mapping};
use crate::diag::{Diagnostic, nearest};
use crate::message::message;
use crate::source::{SourceId, Span};
use crate::time::Zone;
use std::collections::BTreeMap;
use toml::de::{DeTable, DeValue};

const LEVELS: [(&str, LintLevel); 3] = [
    ("allow", LintLevel::Allow),
    ("warn", LintLevel::Warn),
    ("deny", LintLevel::Deny),
];

/// The two words of `extra_fields`.
pub(super) const EXTRA_FIELDS: [(&str, ExtraFields); 2] = [
    ("error", ExtraFields::Error),
    ("ignore", ExtraFields::Ignore),
];

pub(super) fn read(source: SourceId, text: &str) -> (Option<Config>, Vec<Diagnostic>) {
    let mut reader = TomlReader::new(source);
    let (document, errors) = DeTable::parse_recoverable(text);
    for error in errors.iter().take(20) {
        let range = error.span().unwrap_or(0..0);
        let span = reader.span(range);
        let message = error.message().trim().replace('\n', "; ");
        reader.push(Diagnostic::error(
            "bad-toml",
            span,
            message!("caseway.toml cannot be read: {message}", message),
        ));
    }
    if !errors.is_empty() {
        return (None, reader.findings);
    }
    let root = Section {
        table: document.get_ref(),
        name: "",
        span: reader.span(0..0),
    };
    reader.only(root, &["policy", "input", "holidays", "lint", "mapping"]);
    let policy = read_policy(&mut reader, root);
    let extra_fields = read_input(&mut reader, root);
    let holidays = holidays_section::read(&mut reader, root);
    let (lint, lint_spans) = read_lint(&mut reader, root);
    let zone = policy.as_ref().map(|policy| policy.zone);
    let mappings = mapping::read(&mut reader, root, extra_fields, zone);
    let config = policy.map(|policy| Config {
        name: policy.name,
        version: policy.version,
        language: LANGUAGE,
        zone: policy.zone,
        extra_fields,
        holidays,
        lint,
        lint_spans,
        mappings,
    });
    (config, reader.findings)
}

struct Policy {
    name: String,
    version: String,
    zone: Zone,
}

fn read_policy(reader: &mut TomlReader, root: Section<'_>) -> Option<Policy> {
    if root.table.get("policy").is_none() {
        reader.missing(root, "policy", "[policy]");
        return None;
    }
    let section = reader.table(root, "policy", "policy")?;
    reader.only(section, &["name", "version", "language", "zone"]);
    let name = reader.required_text(section, "name", "name = \"service-desk\"");
    let version = reader.required_text(section, "version", "version = \"2026.1\"");
    let language = read_language(reader, section);
    let zone = read_zone(reader, section, "zone", true);
    let (Some((name, _)), Some((version, _)), Some(()), Some(zone)) =
        (name, version, language, zone)
    else {
        return None;
    };
    Some(Policy {
        name,
        version,
        zone,
    })
}

fn read_language(reader: &mut TomlReader, section: Section<'_>) -> Option<()> {
    if section.table.get("language").is_none() {
        reader.missing(section, "language", "language = 1");
        return None;
    }
    let (number, span) = reader.integer(section, "language", "language = 1")?;
    if number == LANGUAGE.to_string() {
        return Some(());
    }
    reader.push(
        Diagnostic::error(
            "unknown-language",
            span,
            message!("there is no version {number} of the language", number),
        )
        .subject(section.name)
        .help(message!(
            "write `language = {language}`",
            language = LANGUAGE
        )),
    );
    None
}

/// Reads a zone of the time zone database.
pub(super) fn read_zone(
    reader: &mut TomlReader,
    section: Section<'_>,
    key: &str,
    required: bool,
) -> Option<Zone> {
    let example = format!("{key} = \"Asia/Shanghai\"");
    let (name, span) = if required {
        reader.required_text(section, key, &example)?
    } else {
        reader.text(section, key, &example)?
    };
    let zone = Zone::parse(&name);
    if zone.is_none() {
        let near = nearest(&name, Zone::names());
        let help = if near.is_empty() {
            message!("write a name of the IANA time zone database, like `Asia/Shanghai`")
        } else {
            message!("did you mean {list}?", list = list(&near))
        };
        reader.push(
            Diagnostic::error(
                "unknown-zone",
                span,
                message!("there is no time zone `{name}`", name),
            )
            .subject(section.name)
            .help(help),
        );
    }
    zone
}

fn read_input(reader: &mut TomlReader, root: Section<'_>) -> ExtraFields {
    let Some(section) = reader.table(root, "input", "input") else {
        return ExtraFields::default();
    };
    reader.only(section, &["extra_fields"]);
    reader
        .word(section, "extra_fields", &EXTRA_FIELDS)
        .unwrap_or_default()
}

type Levels = (BTreeMap<String, LintLevel>, BTreeMap<String, Span>);

fn read_lint(reader: &mut TomlReader, root: Section<'_>) -> Levels {
    let mut levels = Levels::default();
    let Some(section) = reader.table(root, "lint", "lint") else {
        return levels;
    };
    for (key, value) in section.table.iter() {
        let code = key.get_ref().to_string();
        if let DeValue::Table(_) = value.get_ref() {
            let span = reader.entry_span(value);
            let message = message!(
                "`{code}` wants a level, this is {found}",
                code,
                found = scalar(value.get_ref())
            );
            reader.bad_value(
                section,
                span,
                message,
                message!("write `{code} = \"warn\"`", code),
            );
        } else if let Some(level) = reader.word(section, &code, &LEVELS) {
            levels.1.insert(code.clone(), reader.span(key.span()));
            levels.0.insert(code, level);
        }
    }
    levels
}
