//! What the mappings of caseway.toml fill, in the form that lints read.
//!
//! Settings and model → plain data for [`lint::check_mappings`].

use crate::config::{Cell, CellSource, Config, Constant, Mapping, Unmapped};
use crate::ingest::{CaseReader, Index};
use crate::lint::{self, Filled, FilledField};
use crate::model::{FieldId, Schema};

/// All mappings.
pub(super) fn of(config: &Config, schema: &Schema) -> Vec<lint::Mapping> {
    let index = Index::new(schema);
    let reader = CaseReader::new(schema, &index, config.zone, config.extra_fields);
    let mappings = config.mappings.values();
    mappings
        .map(|mapping| lint::Mapping {
            name: mapping.name.clone(),
            fields: mapping
                .fields
                .iter()
                .filter_map(|field| {
                    let id = index.field(&field.path)?;
                    Some(FilledField {
                        field: id,
                        span: field.path_span,
                        filled: filled(&reader, id, &field.source),
                    })
                })
                .collect(),
            has_events: has_events(mapping),
        })
        .collect()
}

fn has_events(mapping: &Mapping) -> bool {
    let log = mapping.log.as_ref().is_some_and(|log| {
        let kinds = log.kinds.values().any(|kind| !kind.changes.is_empty());
        kinds || !log.changes.is_empty()
    });
    log || !mapping.events.is_empty()
}

fn filled(reader: &CaseReader<'_>, field: FieldId, source: &CellSource) -> Filled {
    match source {
        CellSource::Value(value) => constant(reader, field, value),
        CellSource::Cell(cell) => match cell.columns.as_slice() {
            [column] if !cell.values.is_empty() => texts(reader, field, &column.text, cell),
            _ => Filled::Anything,
        },
    }
}

fn constant(reader: &CaseReader<'_>, field: FieldId, value: &Constant) -> Filled {
    reader
        .constant(field, value)
        .map_or(Filled::Anything, Filled::Constant)
}

fn texts(reader: &CaseReader<'_>, field: FieldId, column: &str, cell: &Cell) -> Filled {
    let values = cell.values.iter();
    let others = match (&cell.default, cell.unmapped) {
        (Some(value), _) => Some(reader.constant(field, value)),
        (None, Unmapped::Missing) => Some(None),
        (None, Unmapped::Refused) => None,
    };
    Filled::Texts {
        column: column.to_owned(),
        values: values
            .filter_map(|(text, value)| Some((text.clone(), reader.constant(field, value)?)))
            .collect(),
        others,
    }
}
