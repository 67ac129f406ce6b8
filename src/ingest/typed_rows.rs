//! Rows of tables whose columns have types of their own, such as Arrow's: what stands for a CSV file's header
//! and cells there.
//!
//! Implemented outside; read by [`super::table`] like rows of CSV.

use super::raw::Raw;
use super::refusal::Refusal;
use super::{CaseReader, Index};
use crate::config::{CellSource, MappedChange, MappedField, Mapping};
use crate::message::message;
use crate::model::{Schema, Type};
use std::fmt::Debug;
use std::sync::Arc;

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypedColumn {
    /// Its name: the path of a field, or what a mapping calls it.
    pub name: String,
    /// What its values are to a case.
    pub kind: ColumnKind,
}

/// What the values of a column are to a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// Each value is exactly what it says.
    Exact,
    /// Floats, of which only whole numbers are exact.
    Float,
    /// Nothing of a case; the name of the type.
    Unreadable(String),
}

/// A value of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TypedCell {
    /// None.
    Missing,
    /// A text, which the type of the field reads, as it reads the cells of CSV; an empty one is missing.
    Text(String),
    /// A date, a time of day or a point in time in the form of case files: the `format` of a mapping
    /// has nothing to say of it.
    Moment(String),
    /// Several values.
    List(Vec<TypedCell>),
}

/// Rows that are read when they are asked for, by any number of threads.
pub trait TypedRows: Debug + Send + Sync {
    /// The cells of a row, by its place from 0, as many as there are columns.
    fn cells(&self, place: usize) -> Vec<TypedCell>;

    /// How many bytes the row takes, about.
    fn bytes(&self, place: usize) -> usize;
}

/// One of many rows.
#[derive(Clone, Debug)]
pub struct TypedRow {
    /// The rows.
    pub rows: Arc<dyn TypedRows>,
    /// The place of this one, from 0.
    pub place: usize,
}

impl TypedRow {
    /// Its cells as they are read.
    pub(super) fn raw(&self) -> Vec<Raw> {
        self.rows.cells(self.place).into_iter().map(raw).collect()
    }

    /// How many bytes it takes, about.
    pub(super) fn bytes(&self) -> usize {
        self.rows.bytes(self.place)
    }
}

impl PartialEq for TypedRow {
    fn eq(&self, other: &TypedRow) -> bool {
        self.rows.cells(self.place) == other.rows.cells(other.place)
    }
}

impl Eq for TypedRow {}

fn raw(cell: TypedCell) -> Raw {
    match cell {
        TypedCell::Missing => Raw::Missing,
        TypedCell::Text(text) | TypedCell::Moment(text) if text.is_empty() => Raw::Missing,
        TypedCell::Text(text) => Raw::Cell(text),
        TypedCell::Moment(text) => Raw::Text(text),
        TypedCell::List(items) => Raw::List(items.into_iter().map(raw).collect()),
    }
}

/// What a column is read as.
enum Use<'a> {
    /// The value of a field of the type.
    Field(&'a Type),
    /// A text that a mapping looks up or compares, or an instant.
    Other,
}

/// Refuses a column whose values cannot be what it is read as.
///
/// # Errors
/// The code `bad-header`.
pub(super) fn check_columns(
    reader: &CaseReader<'_>,
    mapping: Option<&Mapping>,
    columns: &[TypedColumn],
) -> Result<(), Refusal> {
    let (schema, index) = (reader.schema, reader.index);
    for column in columns {
        let uses = match mapping {
            Some(mapping) => mapped_uses(mapping, &column.name, schema, index),
            None => plain_uses(&column.name, schema, index),
        };
        let name = &column.name;
        let message = match &column.kind {
            ColumnKind::Exact => continue,
            ColumnKind::Unreadable(_) if uses.is_empty() => continue,
            ColumnKind::Unreadable(ty) => message!(
                "column `{name}` is of the type {ty}, which no field of a case has",
                name,
                ty
            ),
            ColumnKind::Float => {
                let whole = |used: &Use<'_>| match used {
                    Use::Field(Type::Integer) => true,
                    Use::Field(Type::Set(element)) => **element == Type::Integer,
                    Use::Field(_) | Use::Other => false,
                };
                if uses.iter().all(whole) {
                    continue;
                }
                message!(
                    "column `{name}` holds floats, which are not exact: write it as decimal128 or as text (only whole numbers may be floats)",
                    name
                )
            }
        };
        return Err(Refusal::new("bad-header", message));
    }
    Ok(())
}

fn plain_uses<'a>(column: &str, schema: &'a Schema, index: &Index) -> Vec<Use<'a>> {
    let field = index.field(column).and_then(|id| schema.field(id));
    match field {
        Some(field) => vec![Use::Field(&field.ty)],
        None if column == "at" => vec![Use::Other],
        // Unknown names are told row by row, or passed over.
        None => Vec::new(),
    }
}

fn mapped_uses<'a>(
    mapping: &Mapping,
    column: &str,
    schema: &'a Schema,
    index: &Index,
) -> Vec<Use<'a>> {
    let mut uses = Vec::new();
    let mut fields: Vec<&MappedField> = mapping.fields.iter().collect();
    let mut changes: Vec<&MappedChange> = mapping.events.iter().map(|one| &one.change).collect();
    if let Some(log) = &mapping.log {
        fields.extend(&log.changes);
        changes.extend(log.kinds.values().flat_map(|kind| &kind.changes));
    }
    for change in changes {
        match change {
            MappedChange::Happened(_) => {}
            MappedChange::Set(set) => fields.extend(set),
        }
    }
    let mut of_fields = 0;
    for field in fields {
        let CellSource::Cell(cell) = &field.source else {
            continue;
        };
        let named = cell.columns.iter().chain(&cell.was);
        let count = named.filter(|written| written.text == column).count();
        if count == 0 {
            continue;
        }
        of_fields += count;
        let as_it_is = cell.columns.len() == 1 && cell.values.is_empty() && cell.format.is_none();
        let ty = index.field(&field.path).and_then(|id| schema.field(id));
        uses.push(match ty.filter(|_| as_it_is) {
            Some(field) => Use::Field(&field.ty),
            None => Use::Other,
        });
    }
    let all = super::table::columns(mapping).into_iter();
    if all.filter(|name| *name == column).count() > of_fields {
        uses.push(Use::Other);
    }
    uses
}
