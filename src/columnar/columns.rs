//! The columns of a batch under their dotted paths: fields of structs like columns of their own.
//!
//! Stage after: [`crate::ingest`], which asks for the cells of a row; they are read by [`super::cells`].

use super::cells;
use crate::ingest::{ColumnKind, Row, RowBytes, TypedCell, TypedColumn, TypedRow, TypedRows};
use crate::time::Zone;
use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::{ArrowError, DataType, FieldRef, Fields, Schema};
use std::sync::Arc;

/// The deepest that structs may lie in one another; deeper ones are no records of a case.
const DEEPEST: usize = 100;

/// The columns of batches of one schema.
#[derive(Clone, Debug)]
pub struct Columns {
    fields: Fields,
    leaves: Vec<Leaf>,
    /// The zone of timestamps without one.
    zone: Zone,
}

/// A column that is no struct.
#[derive(Clone, Debug)]
struct Leaf {
    name: String,
    kind: ColumnKind,
    /// The place of the column, and the places of fields in structs down to this one.
    path: Vec<usize>,
}

impl Columns {
    /// The columns of a schema; timestamps without a zone are local times of `zone`.
    pub fn new(schema: &Schema, zone: Zone) -> Columns {
        let mut leaves = Vec::new();
        gather(schema.fields(), "", &mut Vec::new(), &mut leaves);
        Columns {
            fields: schema.fields().clone(),
            leaves,
            zone,
        }
    }

    /// The columns by their names, as [`crate::ingest::RowReader::of_columns`] wants them.
    pub fn described(&self) -> Vec<TypedColumn> {
        let leaves = self.leaves.iter();
        leaves
            .map(|leaf| TypedColumn {
                name: leaf.name.clone(),
                kind: leaf.kind.clone(),
            })
            .collect()
    }

    /// The rows of a batch; the first has the number `before` + 1.
    ///
    /// # Errors
    /// For a batch whose columns have other names or types.
    pub fn rows(&self, batch: &RecordBatch, before: usize) -> Result<BatchRows, ArrowError> {
        let alike =
            |(a, b): (&FieldRef, &FieldRef)| a.name() == b.name() && a.data_type() == b.data_type();
        let found = batch.schema_ref().fields();
        if found.len() != self.fields.len() || !found.iter().zip(&self.fields).all(alike) {
            return Err(ArrowError::SchemaError("other columns".to_owned()));
        }
        let columns = self.leaves.iter().map(|leaf| column(batch, &leaf.path));
        Ok(BatchRows {
            before,
            count: batch.num_rows(),
            cells: Arc::new(BatchCells {
                columns: columns.collect(),
                zone: self.zone,
                bytes: batch.get_array_memory_size() / batch.num_rows().max(1),
            }),
        })
    }
}

fn gather(fields: &Fields, prefix: &str, path: &mut Vec<usize>, leaves: &mut Vec<Leaf>) {
    for (place, field) in fields.iter().enumerate() {
        path.push(place);
        let name = format!("{prefix}{}", field.name());
        match field.data_type() {
            DataType::Struct(inner) if path.len() < DEEPEST => {
                gather(inner, &format!("{name}."), path, leaves);
            }
            other => leaves.push(Leaf {
                name,
                kind: cells::kind(other),
                path: path.clone(),
            }),
        }
        path.pop();
    }
}

/// The column at a path, and the structs that it lies in: where one is null, so is all that is in it.
fn column(batch: &RecordBatch, path: &[usize]) -> Column {
    let mut places = path.iter();
    let mut values = places.next().and_then(|place| batch.columns().get(*place));
    let mut holders = Vec::new();
    for place in places {
        let Some(holder) = values else { break };
        if holder.null_count() > 0 {
            holders.push(Arc::clone(holder));
        }
        let inner = holder.as_struct_opt();
        values = inner.and_then(|inner| inner.columns().get(*place));
    }
    Column {
        values: values.cloned(),
        holders,
    }
}

/// A column of a batch.
#[derive(Debug)]
struct Column {
    /// Its values; there are none where the batch is not as its schema says, which cannot be.
    values: Option<ArrayRef>,
    holders: Vec<ArrayRef>,
}

/// The rows of a batch.
#[derive(Clone, Debug)]
pub struct BatchRows {
    before: usize,
    count: usize,
    cells: Arc<BatchCells>,
}

impl BatchRows {
    /// The row at a place, from 0; none behind the last one.
    pub fn row(&self, place: usize) -> Option<Row> {
        (place < self.count).then(|| Row {
            line: self.before + place + 1,
            bytes: RowBytes::Typed(TypedRow {
                rows: Arc::clone(&self.cells) as Arc<dyn TypedRows>,
                place,
            }),
        })
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = Row> + '_ {
        (0..self.count).map_while(|place| self.row(place))
    }
}

#[derive(Debug)]
struct BatchCells {
    columns: Vec<Column>,
    zone: Zone,
    /// Bytes of a row, on average.
    bytes: usize,
}

impl TypedRows for BatchCells {
    fn cells(&self, place: usize) -> Vec<TypedCell> {
        let cell = |column: &Column| match &column.values {
            Some(values) if !column.holders.iter().any(|holder| holder.is_null(place)) => {
                cells::read(values, place, self.zone)
            }
            Some(_) | None => TypedCell::Missing,
        };
        self.columns.iter().map(cell).collect()
    }

    fn bytes(&self, _place: usize) -> usize {
        self.bytes
    }
}
