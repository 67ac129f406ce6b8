//! What differs between two versions and decides no case: names of rules, labels, citations, guarantees.
//!
//! Part of [`super::versions`].

use crate::model::Model;
use serde::Serialize;
use std::collections::BTreeMap;

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WordingChange {
    /// The item, such as `classify.severity.outage`.
    pub subject: String,
    /// `added`, `removed`, `label` or `because`.
    pub change: &'static str,
    /// How it was.
    pub from: Option<String>,
    /// How it is.
    pub to: Option<String>,
}

/// Label and citations of an item.
#[derive(PartialEq)]
struct Words<'a> {
    label: Option<&'a String>,
    because: String,
}

/// All differences, by subject.
pub(super) fn wording_changes(old: &Model, new: &Model) -> Vec<WordingChange> {
    let (before, after) = (words(old), words(new));
    let mut changes = Vec::new();
    let mut tell = |subject: &str, change, from: Option<String>, to: Option<String>| {
        changes.push(WordingChange {
            subject: subject.to_owned(),
            change,
            from,
            to,
        });
    };
    let name = |subject: &str| subject.rsplit('.').next().map(str::to_owned);
    for (subject, earlier) in &before {
        let Some(later) = after.get(subject) else {
            tell(subject, "removed", name(subject), None);
            continue;
        };
        if earlier.label != later.label {
            tell(
                subject,
                "label",
                earlier.label.cloned(),
                later.label.cloned(),
            );
        }
        if earlier.because != later.because {
            let text = |words: &Words<'_>| Some(words.because.clone()).filter(|it| !it.is_empty());
            tell(subject, "because", text(earlier), text(later));
        }
    }
    for subject in after
        .keys()
        .filter(|subject| !before.contains_key(*subject))
    {
        tell(subject, "added", None, name(subject));
    }
    changes.sort_by(|a, b| (&a.subject, a.change).cmp(&(&b.subject, b.change)));
    changes
}

fn words(model: &Model) -> BTreeMap<String, Words<'_>> {
    let mut found: BTreeMap<String, Words<'_>> = BTreeMap::new();
    let mut put = |subject: String, label, because: &[String]| {
        let because = because.join("; ");
        found.insert(subject, Words { label, because });
    };
    for field in &model.schema.fields {
        put(format!("case.{}", field.path), field.label.as_ref(), &[]);
    }
    for block in &model.classifications {
        let name = &block.declared.name;
        put(
            format!("classify.{name}"),
            block.declared.label.as_ref(),
            &[],
        );
        for rule in &block.rules {
            let subject = format!("classify.{name}.{}", rule.declared.name);
            put(subject, rule.declared.label.as_ref(), &rule.because);
        }
        if let Some(otherwise) = &block.otherwise {
            put(
                format!("classify.{name}.otherwise"),
                None,
                &otherwise.because,
            );
        }
    }
    if let Some(route) = &model.route {
        put("route".to_owned(), route.label.as_ref(), &[]);
        for rule in &route.rules {
            let subject = format!("route.{}", rule.declared.name);
            put(subject, rule.declared.label.as_ref(), &rule.target.because);
        }
        if let Some(target) = &route.otherwise {
            put("route.otherwise".to_owned(), None, &target.because);
        }
    }
    if let Some(sla) = &model.sla {
        put("sla".to_owned(), sla.label.as_ref(), &[]);
        for tier in &sla.tiers {
            let subject = format!("sla.{}", tier.declared.name);
            put(subject, tier.declared.label.as_ref(), &tier.because);
        }
    }
    for item in &model.holds {
        let subject = format!("hold.{}", item.declared.name);
        put(subject, item.declared.label.as_ref(), &item.because);
    }
    for item in &model.follow_ups {
        let subject = format!("follow_up.{}", item.declared.name);
        put(subject, item.declared.label.as_ref(), &item.because);
    }
    for item in &model.requires {
        let subject = format!("require.{}", item.declared.name);
        put(subject, item.declared.label.as_ref(), &item.because);
    }
    for item in &model.guarantees {
        let subject = format!("guarantee.{}", item.declared.name);
        put(subject, item.declared.label.as_ref(), &item.because);
    }
    let declared = [
        ("role", &model.roles),
        ("queue", &model.queues),
        ("record", &model.records),
    ];
    for (word, items) in declared {
        for item in items {
            put(format!("{word}.{}", item.name), item.label.as_ref(), &[]);
        }
    }
    for item in &model.clocks {
        let subject = format!("clock.{}", item.declared.name);
        put(subject, item.declared.label.as_ref(), &[]);
    }
    for item in model.calendars.iter().skip(1) {
        let subject = format!("calendar.{}", item.declared.name);
        put(subject, item.declared.label.as_ref(), &[]);
    }
    found
}
