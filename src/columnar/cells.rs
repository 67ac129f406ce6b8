//! One value of an Arrow array as the cell of a row: the text that a CSV file would have there.
//!
//! Used by [`super::columns`]. What is no text there stays what it is: missing values, lists, moments.

use crate::ingest::{ColumnKind, TypedCell};
use crate::time::{Date, Duration, Instant, TimeOfDay, Zone};
use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Date64Type, Decimal32Type, Decimal64Type, Decimal128Type,
    Decimal256Type, DecimalType, DurationMicrosecondType, DurationMillisecondType,
    DurationNanosecondType, DurationSecondType, Float16Type, Float32Type, Float64Type, Int8Type,
    Int16Type, Int32Type, Int64Type, Time32MillisecondType, Time32SecondType,
    Time64MicrosecondType, Time64NanosecondType, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type,
    UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef};
use arrow_schema::{DataType, TimeUnit};

/// The whole numbers that a float of 64 bits tells apart: up to 2^53.
const EXACT_FLOATS: f64 = 9_007_199_254_740_992.0;

/// Milliseconds of a day.
const DAY: i64 = 86_400_000;

/// What the values of a type are to a case.
pub(super) fn kind(ty: &DataType) -> ColumnKind {
    match ty {
        DataType::Float16 | DataType::Float32 | DataType::Float64 => ColumnKind::Float,
        DataType::Null
        | DataType::Boolean
        | DataType::Int8
        | DataType::Int16
        | DataType::Int32
        | DataType::Int64
        | DataType::UInt8
        | DataType::UInt16
        | DataType::UInt32
        | DataType::UInt64
        | DataType::Decimal32(..)
        | DataType::Decimal64(..)
        | DataType::Decimal128(..)
        | DataType::Decimal256(..)
        | DataType::Utf8
        | DataType::LargeUtf8
        | DataType::Utf8View
        | DataType::Date32
        | DataType::Date64
        | DataType::Time32(_)
        | DataType::Time64(_)
        | DataType::Timestamp(..)
        | DataType::Duration(_) => ColumnKind::Exact,
        DataType::List(field) | DataType::LargeList(field) | DataType::FixedSizeList(field, _) => {
            match (field.data_type(), kind(field.data_type())) {
                (DataType::List(_) | DataType::LargeList(_) | DataType::FixedSizeList(..), _) => {
                    ColumnKind::Unreadable(ty.to_string())
                }
                (_, ColumnKind::Unreadable(_)) => ColumnKind::Unreadable(ty.to_string()),
                (_, kind) => kind,
            }
        }
        DataType::Dictionary(_, values) => kind(values),
        DataType::Struct(_)
        | DataType::Interval(_)
        | DataType::Binary
        | DataType::FixedSizeBinary(_)
        | DataType::LargeBinary
        | DataType::BinaryView
        | DataType::ListView(_)
        | DataType::LargeListView(_)
        | DataType::Union(..)
        | DataType::Map(..)
        | DataType::RunEndEncoded(..) => ColumnKind::Unreadable(ty.to_string()),
    }
}

/// The value at a place of an array; what has no place among values of a case is missing, and was
/// refused with its column.
pub(super) fn read(array: &ArrayRef, row: usize, zone: Zone) -> TypedCell {
    if array.is_null(row) {
        return TypedCell::Missing;
    }
    macro_rules! number {
        ($ty:ty) => {
            TypedCell::Text(array.as_primitive::<$ty>().value(row).to_string())
        };
    }
    match array.data_type() {
        DataType::Boolean => TypedCell::Text(array.as_boolean().value(row).to_string()),
        DataType::Int8 => number!(Int8Type),
        DataType::Int16 => number!(Int16Type),
        DataType::Int32 => number!(Int32Type),
        DataType::Int64 => number!(Int64Type),
        DataType::UInt8 => number!(UInt8Type),
        DataType::UInt16 => number!(UInt16Type),
        DataType::UInt32 => number!(UInt32Type),
        DataType::UInt64 => number!(UInt64Type),
        DataType::Float16 => float(array.as_primitive::<Float16Type>().value(row).to_f64()),
        DataType::Float32 => float(f64::from(array.as_primitive::<Float32Type>().value(row))),
        DataType::Float64 => float(array.as_primitive::<Float64Type>().value(row)),
        DataType::Decimal32(..) => decimal::<Decimal32Type>(array, row),
        DataType::Decimal64(..) => decimal::<Decimal64Type>(array, row),
        DataType::Decimal128(..) => decimal::<Decimal128Type>(array, row),
        DataType::Decimal256(..) => decimal::<Decimal256Type>(array, row),
        DataType::Utf8 => TypedCell::Text(array.as_string::<i32>().value(row).to_owned()),
        DataType::LargeUtf8 => TypedCell::Text(array.as_string::<i64>().value(row).to_owned()),
        DataType::Utf8View => TypedCell::Text(array.as_string_view().value(row).to_owned()),
        DataType::Date32 => date(i64::from(array.as_primitive::<Date32Type>().value(row))),
        DataType::Date64 => date(
            array
                .as_primitive::<Date64Type>()
                .value(row)
                .div_euclid(DAY),
        ),
        DataType::Time32(_) | DataType::Time64(_) => time(array, row),
        DataType::Timestamp(unit, written) => {
            let value = timestamp(array, row, *unit);
            moment(value, *unit, written.is_some(), zone)
        }
        DataType::Duration(unit) => duration(array, row, *unit),
        DataType::List(_) => list(&array.as_list::<i32>().value(row), zone),
        DataType::LargeList(_) => list(&array.as_list::<i64>().value(row), zone),
        DataType::FixedSizeList(..) => list(&array.as_fixed_size_list().value(row), zone),
        DataType::Dictionary(..) => {
            let dictionary = array.as_any_dictionary();
            match key(dictionary.keys(), row) {
                Some(place) if place < dictionary.values().len() => {
                    read(dictionary.values(), place, zone)
                }
                Some(_) | None => TypedCell::Missing,
            }
        }
        DataType::Null
        | DataType::Struct(_)
        | DataType::Interval(_)
        | DataType::Binary
        | DataType::FixedSizeBinary(_)
        | DataType::LargeBinary
        | DataType::BinaryView
        | DataType::ListView(_)
        | DataType::LargeListView(_)
        | DataType::Union(..)
        | DataType::Map(..)
        | DataType::RunEndEncoded(..) => TypedCell::Missing,
    }
}

fn list(items: &ArrayRef, zone: Zone) -> TypedCell {
    TypedCell::List((0..items.len()).map(|row| read(items, row, zone)).collect())
}

/// The place that a key of a dictionary stands for.
fn key(keys: &dyn Array, row: usize) -> Option<usize> {
    macro_rules! place {
        ($ty:ty) => {
            usize::try_from(keys.as_primitive::<$ty>().value(row)).ok()
        };
    }
    match keys.data_type() {
        DataType::Int8 => place!(Int8Type),
        DataType::Int16 => place!(Int16Type),
        DataType::Int32 => place!(Int32Type),
        DataType::Int64 => place!(Int64Type),
        DataType::UInt8 => place!(UInt8Type),
        DataType::UInt16 => place!(UInt16Type),
        DataType::UInt32 => place!(UInt32Type),
        DataType::UInt64 => place!(UInt64Type),
        // No other type can be a key.
        _ => None,
    }
}

/// A float as a whole number, where it is one beyond doubt; otherwise in a form that no whole number has.
fn float(value: f64) -> TypedCell {
    TypedCell::Text(match value.fract() == 0.0 && value.abs() <= EXACT_FLOATS {
        // -0 is 0.
        true => format!("{:.0}", value + 0.0),
        false if value.fract() == 0.0 => format!("{value:e}"),
        false => value.to_string(),
    })
}

/// A decimal without zeros at its end: how many digits a column keeps says nothing of its values.
fn decimal<T: DecimalType + ArrowPrimitiveType>(array: &ArrayRef, row: usize) -> TypedCell {
    let text = array.as_primitive::<T>().value_as_string(row);
    TypedCell::Text(match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    })
}

fn date(days: i64) -> TypedCell {
    let date = i32::try_from(days).ok().and_then(Date::from_day_number);
    match date.filter(|date| (0..=9999).contains(&date.year())) {
        Some(date) => TypedCell::Moment(date.to_string()),
        None => TypedCell::Text(days.to_string()),
    }
}

/// Nanoseconds of a unit.
fn nanos(unit: TimeUnit) -> i64 {
    match unit {
        TimeUnit::Second => 1_000_000_000,
        TimeUnit::Millisecond => 1_000_000,
        TimeUnit::Microsecond => 1_000,
        TimeUnit::Nanosecond => 1,
    }
}

/// So many of a unit as whole seconds and nanoseconds.
fn seconds(value: i64, unit: TimeUnit) -> (i64, i64) {
    let per_second = 1_000_000_000 / nanos(unit);
    let rest = value.rem_euclid(per_second) * nanos(unit);
    (value.div_euclid(per_second), rest)
}

/// Whole milliseconds; none for what is finer, or out of range.
fn millis(value: i64, unit: TimeUnit) -> Option<i64> {
    let (seconds, nanos) = seconds(value, unit);
    let whole = (nanos % 1_000_000 == 0).then_some(nanos / 1_000_000)?;
    seconds.checked_mul(1000)?.checked_add(whole)
}

fn time(array: &ArrayRef, row: usize) -> TypedCell {
    let (value, unit) = match array.data_type() {
        DataType::Time32(TimeUnit::Second) => {
            let value = array.as_primitive::<Time32SecondType>().value(row);
            (i64::from(value), TimeUnit::Second)
        }
        DataType::Time32(_) => {
            let value = array.as_primitive::<Time32MillisecondType>().value(row);
            (i64::from(value), TimeUnit::Millisecond)
        }
        DataType::Time64(TimeUnit::Microsecond) => {
            let value = array.as_primitive::<Time64MicrosecondType>().value(row);
            (value, TimeUnit::Microsecond)
        }
        _ => {
            let value = array.as_primitive::<Time64NanosecondType>().value(row);
            (value, TimeUnit::Nanosecond)
        }
    };
    let millis = millis(value, unit).and_then(|millis| u32::try_from(millis).ok());
    TypedCell::Moment(match millis.and_then(TimeOfDay::from_millis) {
        Some(time) => time.to_string(),
        None => {
            let (seconds, nanos) = seconds(value, unit);
            clock(seconds, nanos)
        }
    })
}

/// A time of day as it is written, seconds and their parts included.
fn clock(seconds: i64, nanos: i64) -> String {
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    format!("{hour:02}:{minute:02}:{second:02}.{nanos:09}")
}

fn timestamp(array: &ArrayRef, row: usize, unit: TimeUnit) -> i64 {
    match unit {
        TimeUnit::Second => array.as_primitive::<TimestampSecondType>().value(row),
        TimeUnit::Millisecond => array.as_primitive::<TimestampMillisecondType>().value(row),
        TimeUnit::Microsecond => array.as_primitive::<TimestampMicrosecondType>().value(row),
        TimeUnit::Nanosecond => array.as_primitive::<TimestampNanosecondType>().value(row),
    }
}

/// A timestamp: an instant, or a local time of the policy's zone. What is finer than a millisecond is
/// written out, so that it is refused with its digits.
fn moment(value: i64, unit: TimeUnit, has_zone: bool, zone: Zone) -> TypedCell {
    let (seconds, nanos) = seconds(value, unit);
    let date = i32::try_from(seconds.div_euclid(86_400)).ok();
    let date = date.and_then(Date::from_day_number);
    let Some(date) = date.filter(|date| (0..=9999).contains(&date.year())) else {
        return TypedCell::Text(value.to_string());
    };
    let of_day = seconds.rem_euclid(86_400);
    let at = match millis(value, unit) {
        Some(millis) if has_zone => Instant::from_millis(millis),
        Some(millis) => {
            let time = u32::try_from(millis.rem_euclid(DAY)).ok();
            time.and_then(TimeOfDay::from_millis)
                .and_then(|time| zone.instant(date, time))
        }
        None => None,
    };
    TypedCell::Moment(match at {
        Some(at) => at.format(zone),
        None => format!("{date}T{}Z", clock(of_day, nanos)),
    })
}

fn duration(array: &ArrayRef, row: usize, unit: TimeUnit) -> TypedCell {
    let value = match unit {
        TimeUnit::Second => array.as_primitive::<DurationSecondType>().value(row),
        TimeUnit::Millisecond => array.as_primitive::<DurationMillisecondType>().value(row),
        TimeUnit::Microsecond => array.as_primitive::<DurationMicrosecondType>().value(row),
        TimeUnit::Nanosecond => array.as_primitive::<DurationNanosecondType>().value(row),
    };
    TypedCell::Text(match millis(value, unit) {
        Some(millis) => Duration::from_millis(millis).to_string(),
        None => format!("{value}{unit}"),
    })
}
