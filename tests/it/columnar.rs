//! Record batches of Arrow: read like rows of CSV, decided alike, refused alike.

use crate::command::Folder;
use crate::support::SETTINGS;
use arrow_array::builder::{ListBuilder, StringBuilder};
use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Decimal128Type, Int8Type, Int32Type, Int64Type, TimestampMillisecondType,
    UInt64Type,
};
use arrow_array::{
    Array, ArrayRef, BinaryArray, BooleanArray, Date32Array, Date64Array, Decimal128Array,
    DictionaryArray, DurationMillisecondArray, FixedSizeListArray, Float32Array, Float64Array,
    Int16Array, Int64Array, LargeListArray, LargeStringArray, RecordBatch, StringArray,
    StringViewArray, StructArray, Time32SecondArray, Time64NanosecondArray,
    TimestampMicrosecondArray, TimestampMillisecondArray, TimestampNanosecondArray,
    TimestampSecondArray, UInt8Array, UInt64Array,
};
use arrow_schema::{DataType, Field, Fields, Schema};
use caseway::columnar::{BatchDecider, decide_batch};
use caseway::{Date, Instant, Policy, Refusal};
use std::sync::Arc;

pub const AT: &str = "2026-12-31T00:00:00+08:00";

pub const POLICY: &str = r#"case {
  id: text  opened_at: instant
  kind: one of { fault, inquiry } default inquiry
  affected: integer from 0 to 1000 default 0
  amount: decimal(2) optional
  vip: bool default false
  seen: date optional
  start: time optional
  length: duration optional
  tags: set of one of { vpn, mail, 打印机 } default {}
  note: text optional
  customer: { tier: one of { gold, plain } optional  city: text optional } optional
}
role engineer  role desk  queue noc  queue front
define large = affected >= 100 or amount > 500
classify severity as one of { normal < high < critical } {
  first match
  rule large when large then critical
  rule gold when customer.tier is gold then high
  rule printer when tags contains 打印机 then high
  otherwise normal
}
classify topics as one of { network, other } {
  collect
  rule fault when kind is fault then network
  rule mail when tags contains mail then other
}
classify points as integer { first match rule vip when vip then 3 otherwise 0 }
classify fee as decimal(2) { first match rule vip when vip then 12.50 otherwise 0 }
classify day as date { first match rule vip when vip then 2026-03-02 otherwise 2026-03-03 }
classify flag as bool { first match rule seen when seen < 2026-03-05 then true otherwise false }
classify role as one of { a, b } { first match rule early when start < 09:00 then a otherwise b }
route {
  first match
  rule critical when severity is critical to engineer in queue noc with desk
  rule long when length > 1h to engineer
  otherwise to desk in queue front
}
clock respond {}
sla { tier fault when kind is fault { respond 1h } otherwise tier usual { respond none } }
"#;

pub fn policy() -> Policy {
    match Policy::from_sources([("caseway.toml", SETTINGS), ("desk.policy", POLICY)]) {
        Ok(policy) => policy,
        Err(error) => panic!("{error}"),
    }
}

pub fn at() -> Instant {
    Instant::parse(AT).expect("an instant")
}

fn batch(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    RecordBatch::try_from_iter_with_nullable(
        columns
            .into_iter()
            .map(|(name, column)| (name, column, true)),
    )
    .expect("a batch")
}

fn texts(values: &[Option<&str>]) -> ArrayRef {
    Arc::new(StringArray::from(values.to_vec()))
}

/// A cell of a batch as a cell of CSV.
fn shown(batch: &RecordBatch, column: &str, row: usize, policy: &Policy) -> String {
    let column = batch
        .column_by_name(column)
        .unwrap_or_else(|| panic!("{column}"));
    if column.is_null(row) {
        return String::new();
    }
    match column.data_type() {
        DataType::UInt64 => column.as_primitive::<UInt64Type>().value(row).to_string(),
        DataType::Int64 => column.as_primitive::<Int64Type>().value(row).to_string(),
        DataType::Boolean => column.as_boolean().value(row).to_string(),
        DataType::Utf8 => column.as_string::<i32>().value(row).to_owned(),
        DataType::Decimal128(38, 2) => column.as_primitive::<Decimal128Type>().value_as_string(row),
        DataType::Date32 => {
            let days = column.as_primitive::<Date32Type>().value(row);
            Date::from_day_number(days).expect("a date").to_string()
        }
        DataType::Timestamp(_, Some(zone)) => {
            assert_eq!(&**zone, policy.zone().name());
            let millis = column.as_primitive::<TimestampMillisecondType>().value(row);
            Instant::from_millis(millis)
                .expect("an instant")
                .format(policy.zone())
        }
        DataType::Dictionary(..) => {
            let names = column.as_dictionary::<Int32Type>();
            names
                .downcast_dict::<StringArray>()
                .expect("texts")
                .into_iter()
                .nth(row)
                .flatten()
                .expect("a value")
                .to_owned()
        }
        DataType::List(_) => {
            let items = column.as_list::<i32>().value(row);
            let items: Vec<&str> = items.as_string::<i32>().iter().flatten().collect();
            items.join(";")
        }
        other => panic!("{other}"),
    }
}

/// Rows of many values of each field, one after another; each column at a pace of its own.
pub struct Rows {
    pub count: usize,
}

impl Rows {
    fn pick<'v>(&self, values: &[&'v str], pace: usize) -> Vec<Option<&'v str>> {
        let value = |row: usize| values[row / pace % values.len()];
        (0..self.count)
            .map(|row| Some(value(row)).filter(|text| !text.is_empty()))
            .collect()
    }

    fn columns(&self) -> Vec<(&'static str, Vec<Option<&'static str>>)> {
        let opened = [
            "2026-03-02T10:00:00+08:00",
            "2026-03-02T09:59:59.999+08:00",
            "2027-01-01T00:00:00+08:00",
        ];
        vec![
            ("opened_at", self.pick(&opened, 5)),
            ("kind", self.pick(&["fault", "", "inquiry"], 1)),
            (
                "affected",
                self.pick(&["0", "", "99", "100", "1001", "-1"], 2),
            ),
            (
                "amount",
                self.pick(&["", "500", "500.01", "12.5", "-7.25"], 3),
            ),
            ("vip", self.pick(&["", "true", "false"], 4)),
            ("seen", self.pick(&["2026-03-04", "", "2026-03-05"], 7)),
            ("start", self.pick(&["08:59", "09:00", ""], 2)),
            ("length", self.pick(&["", "1h", "1h1s", "500ms"], 6)),
            ("tags", self.pick(&["", "vpn", "mail;打印机", "打印机"], 3)),
            ("note", self.pick(&["", "a, \"b\"\nc", "断网"], 5)),
            ("customer.tier", self.pick(&["gold", "", "plain"], 11)),
            ("customer.city", self.pick(&["", "上海"], 13)),
        ]
    }

    fn ids(&self) -> Vec<String> {
        (0..self.count).map(|row| format!("T{row}")).collect()
    }

    pub fn csv(&self) -> String {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let columns = self.columns();
        let names = columns.iter().map(|(name, _)| *name);
        writer
            .write_record(std::iter::once("id").chain(names))
            .expect("memory");
        for (row, id) in self.ids().iter().enumerate() {
            let cells = columns.iter().map(|(_, cells)| cells[row].unwrap_or(""));
            writer
                .write_record(std::iter::once(id.as_str()).chain(cells))
                .expect("memory");
        }
        String::from_utf8(writer.into_inner().expect("memory")).expect("UTF-8")
    }

    /// All columns as texts.
    pub fn plain(&self) -> RecordBatch {
        let ids = self.ids();
        let ids: Vec<Option<&str>> = ids.iter().map(|id| Some(id.as_str())).collect();
        let mut columns = vec![("id", texts(&ids))];
        columns.extend(
            self.columns()
                .iter()
                .map(|(name, cells)| (*name, texts(cells))),
        );
        batch(columns)
    }

    /// Each column in a type of its own, the customer as a struct.
    pub fn typed(&self, wide: bool) -> RecordBatch {
        let columns = self.columns();
        let of = |name: &str| {
            let found = columns.iter().find(|(other, _)| *other == name);
            found.expect("a column").1.clone()
        };
        let numbers = |name: &str| {
            of(name)
                .into_iter()
                .map(|cell| cell.map(|text| text.parse::<i64>().expect("a number")))
                .collect::<Vec<_>>()
        };
        let instants: Vec<Option<i64>> = of("opened_at")
            .into_iter()
            .map(|cell| cell.map(|text| Instant::parse(text).expect("an instant").millis()))
            .collect();
        let days: Vec<Option<i32>> = of("seen")
            .into_iter()
            .map(|cell| cell.map(|text| Date::parse(text).expect("a date").day_number()))
            .collect();
        let cents: Vec<Option<i128>> = of("amount")
            .into_iter()
            .map(|cell| {
                cell.map(|text| (text.parse::<f64>().expect("a number") * 100.0).round() as i128)
            })
            .collect();
        let minutes: Vec<Option<i32>> = of("start")
            .into_iter()
            .map(|cell| {
                cell.map(|text| {
                    text[..2].parse::<i32>().expect("hours") * 60
                        + text[3..].parse::<i32>().expect("minutes")
                })
            })
            .collect();
        let lengths: Vec<Option<i64>> = of("length")
            .into_iter()
            .map(|cell| {
                cell.map(|text| caseway::Duration::parse(text).expect("a duration").millis())
            })
            .collect();
        let bools: Vec<Option<bool>> = of("vip")
            .into_iter()
            .map(|cell| cell.map(|text| text == "true"))
            .collect();
        let mut tags = ListBuilder::new(StringBuilder::new());
        for cell in of("tags") {
            match cell {
                Some(text) => tags.append_value(text.split(';').map(Some)),
                None => tags.append_null(),
            }
        }
        let tags = tags.finish();
        let kind: DictionaryArray<Int8Type> = of("kind").into_iter().collect();
        let tier = texts(&of("customer.tier"));
        let city = texts(&of("customer.city"));
        let fields: Fields = vec![
            Field::new("tier", DataType::Utf8, true),
            Field::new("city", DataType::Utf8, true),
        ]
        .into();
        let customer = StructArray::new(fields, vec![tier, city], None);
        let ids = self.ids();
        let narrow: Vec<(&str, ArrayRef)> = match wide {
            false => vec![
                ("id", Arc::new(StringArray::from(ids))),
                (
                    "opened_at",
                    Arc::new(TimestampMillisecondArray::from(instants).with_timezone("UTC")),
                ),
                ("affected", Arc::new(Int64Array::from(numbers("affected")))),
                (
                    "amount",
                    Arc::new(
                        Decimal128Array::from(cents)
                            .with_precision_and_scale(12, 2)
                            .expect("digits"),
                    ),
                ),
                ("seen", Arc::new(Date32Array::from(days))),
                (
                    "start",
                    Arc::new(Time32SecondArray::from(
                        minutes
                            .iter()
                            .map(|m| m.map(|m| m * 60))
                            .collect::<Vec<_>>(),
                    )),
                ),
                ("note", Arc::new(StringViewArray::from(of("note")))),
                ("tags", Arc::new(tags)),
            ],
            true => vec![
                ("id", Arc::new(LargeStringArray::from(ids))),
                // Local times of the policy's zone, eight hours east.
                (
                    "opened_at",
                    Arc::new(TimestampNanosecondArray::from(
                        instants
                            .iter()
                            .map(|at| at.map(|at| (at + 28_800_000) * 1_000_000))
                            .collect::<Vec<_>>(),
                    )),
                ),
                (
                    "affected",
                    Arc::new(Float64Array::from(
                        numbers("affected")
                            .iter()
                            .map(|n| n.map(|n| n as f64))
                            .collect::<Vec<_>>(),
                    )),
                ),
                (
                    "amount",
                    Arc::new(
                        Decimal128Array::from(
                            cents
                                .iter()
                                .map(|c| c.map(|c| c * 1_000_000))
                                .collect::<Vec<_>>(),
                        )
                        .with_precision_and_scale(38, 8)
                        .expect("digits"),
                    ),
                ),
                (
                    "seen",
                    Arc::new(Date64Array::from(
                        days.iter()
                            .map(|d| d.map(|d| i64::from(d) * 86_400_000))
                            .collect::<Vec<_>>(),
                    )),
                ),
                (
                    "start",
                    Arc::new(Time64NanosecondArray::from(
                        minutes
                            .iter()
                            .map(|m| m.map(|m| i64::from(m) * 60_000_000_000))
                            .collect::<Vec<_>>(),
                    )),
                ),
                ("note", Arc::new(LargeStringArray::from(of("note")))),
                (
                    "tags",
                    Arc::new(LargeListArray::from_iter_primitive_texts(&tags)),
                ),
            ],
        };
        let mut all = narrow;
        all.push(("kind", Arc::new(kind)));
        all.push(("vip", Arc::new(BooleanArray::from(bools))));
        all.push(("length", Arc::new(DurationMillisecondArray::from(lengths))));
        all.push(("customer", Arc::new(customer)));
        batch(all)
    }
}

/// A list as one with large offsets.
trait FromTexts {
    fn from_iter_primitive_texts(list: &arrow_array::ListArray) -> Self;
}

impl FromTexts for LargeListArray {
    fn from_iter_primitive_texts(list: &arrow_array::ListArray) -> LargeListArray {
        let mut builder = arrow_array::builder::LargeListBuilder::new(StringBuilder::new());
        for items in list.iter() {
            match items {
                Some(items) => builder.append_value(items.as_string::<i32>().iter()),
                None => builder.append_null(),
            }
        }
        builder.finish()
    }
}

/// Cell by cell what `batch` writes as CSV.
#[test]
fn a_batch_is_decided_like_the_same_rows_of_csv() {
    let rows = Rows { count: 700 };
    let policy = policy();
    let desk = Folder::new(&[
        ("caseway.toml", SETTINGS),
        ("desk.policy", POLICY),
        ("rows.csv", &rows.csv()),
    ]);
    let arguments = [
        "batch",
        "--input",
        "rows.csv",
        "--at",
        AT,
        "--output-format",
        "csv",
    ];
    let ran = desk.run(&arguments);
    assert_eq!(ran.code(), Some(1), "{}", ran.err());
    let out = ran.out();
    let mut reader = csv::Reader::from_reader(out.as_bytes());
    let header: Vec<String> = reader
        .headers()
        .expect("one")
        .iter()
        .map(str::to_owned)
        .collect();
    let records: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
    assert_eq!(records.len(), rows.count);
    let refused = records
        .iter()
        .filter(|record| !record[2].is_empty())
        .count();
    assert!((100..600).contains(&refused), "{refused}");

    for (form, batch) in [
        ("plain", rows.plain()),
        ("typed", rows.typed(false)),
        ("wide", rows.typed(true)),
    ] {
        let decisions = decide_batch(&policy, &batch, Some(at())).expect("columns");
        assert_eq!(decisions.num_rows(), rows.count);
        let (mut first_role, mut compared) = (true, 0);
        for (place, name) in header.iter().enumerate() {
            // A line of text has quotes and a header; a batch counts its rows.
            if name == "line" {
                continue;
            }
            // The classification of that name stands before the role.
            let column = match name == "role" && std::mem::take(&mut first_role) {
                true => "classify.role",
                false => name,
            };
            for (row, record) in records.iter().enumerate() {
                let found = shown(&decisions, column, row, &policy);
                assert_eq!(found, &record[place], "{form}: row {row}, {column}");
                compared += 1;
            }
        }
        assert_eq!(compared, (header.len() - 1) * rows.count);
        for row in 0..rows.count {
            assert_eq!(
                shown(&decisions, "line", row, &policy),
                (row + 1).to_string()
            );
        }
    }
}

#[test]
fn rules_and_what_is_missing_stand_beside_the_values() {
    let policy = policy();
    let opened = Some("2026-03-02T10:00:00+08:00");
    let rows = batch(vec![
        ("id", texts(&[Some("T1"), Some("T2"), None])),
        ("opened_at", texts(&[opened; 3])),
        ("kind", texts(&[Some("fault"), None, None])),
        (
            "vip",
            Arc::new(BooleanArray::from(vec![true, false, false])),
        ),
    ]);
    let decisions = policy.decide_batch(&rows, Some(at())).expect("columns");
    let cell = |column: &str, row| shown(&decisions, column, row, &policy);
    for (column, wanted) in [
        ("case", ["T1", "T2", ""]),
        ("topics", ["network", "", ""]),
        ("topics_rule", ["fault", "", ""]),
        ("points_rule", ["vip", "otherwise", ""]),
        ("tier", ["fault", "usual", ""]),
        ("role", ["desk", "desk", ""]),
        ("respond_due", ["2026-03-02T11:00:00+08:00", "", ""]),
        ("respond_state", ["running", "running", ""]),
        ("respond_breached_at", ["2026-03-02T11:00:00+08:00", "", ""]),
        ("problems", ["", "", ""]),
    ] {
        let found = [0, 1, 2].map(|row| cell(column, row));
        assert_eq!(found, wanted, "{column}");
    }
    assert!(
        cell("waiting_for", 0).contains("amount"),
        "{}",
        cell("waiting_for", 0)
    );
    assert_eq!(
        cell("error", 2),
        "case-refused: the case is refused: `id` is required and missing"
    );
    let list = decisions.column_by_name("waiting_for").expect("a column");
    assert!(
        list.is_null(2) && !list.is_null(0),
        "a refused row waits for nothing known"
    );
}

/// Cases with one more column: what the message of the first row is, or of the whole batch.
fn told(name: &str, column: ArrayRef) -> Result<String, Refusal> {
    let rows = batch(vec![
        ("id", texts(&[Some("T1")])),
        ("opened_at", texts(&[Some("2026-03-02T10:00:00+08:00")])),
        (name, column),
    ]);
    let policy = policy();
    let decisions = decide_batch(&policy, &rows, Some(at()))?;
    Ok(shown(&decisions, "error", 0, &policy))
}

#[test]
fn every_type_has_values_that_are_taken_and_others_that_are_refused() {
    let list = |items: &[Option<&str>]| -> ArrayRef {
        let mut builder = ListBuilder::new(StringBuilder::new());
        builder.append_value(items.iter().copied());
        Arc::new(builder.finish())
    };
    let decimal = |mantissa: i128, scale: i8| -> ArrayRef {
        Arc::new(
            Decimal128Array::from(vec![mantissa])
                .with_precision_and_scale(38, scale)
                .expect("digits"),
        )
    };
    let dictionary = |text: Option<&str>| -> ArrayRef {
        Arc::new([text].into_iter().collect::<DictionaryArray<Int32Type>>())
    };
    // Field, a column that is taken, and one that is refused with what it says.
    let table: Vec<(&str, ArrayRef, ArrayRef, &str)> = vec![
        (
            "affected",
            Arc::new(UInt8Array::from(vec![7])),
            Arc::new(Int16Array::from(vec![-7])),
            "`affected` must lie between 0 and 1000",
        ),
        (
            "affected",
            Arc::new(UInt64Array::from(vec![7])),
            Arc::new(UInt64Array::from(vec![u64::MAX])),
            "`affected` must lie between",
        ),
        (
            "affected",
            Arc::new(Float64Array::from(vec![7.0])),
            Arc::new(Float64Array::from(vec![7.5])),
            "`affected` wants a whole number",
        ),
        (
            "affected",
            Arc::new(Float32Array::from(vec![-0.0])),
            Arc::new(Float32Array::from(vec![f32::NAN])),
            "`affected` wants a whole number",
        ),
        (
            "affected",
            Arc::new(Float64Array::from(vec![None])),
            Arc::new(Float64Array::from(vec![1e16])),
            "`affected` wants a whole number",
        ),
        (
            "affected",
            decimal(700, 2),
            decimal(750, 2),
            "`affected` wants a whole number",
        ),
        (
            "affected",
            texts(&[Some("7")]),
            texts(&[Some("seven")]),
            "`affected` wants a whole number",
        ),
        (
            "amount",
            decimal(12_500, 3),
            decimal(12_505, 3),
            "`amount` may have 2 digits after the point",
        ),
        (
            "amount",
            Arc::new(Int64Array::from(vec![12])),
            Arc::new(BooleanArray::from(vec![true])),
            "`amount` wants a number",
        ),
        (
            "amount",
            texts(&[Some("12.50")]),
            texts(&[Some("1e3")]),
            "`amount` wants a number",
        ),
        (
            "vip",
            Arc::new(BooleanArray::from(vec![true])),
            Arc::new(Int64Array::from(vec![1])),
            "`vip` wants `true` or `false`",
        ),
        (
            "kind",
            dictionary(Some("fault")),
            dictionary(Some("fualt")),
            "did you mean `fault`?",
        ),
        (
            "kind",
            dictionary(None),
            Arc::new(BooleanArray::from(vec![true])),
            "has no member `true`",
        ),
        (
            "seen",
            Arc::new(Date32Array::from(vec![20_514])),
            Arc::new(TimestampSecondArray::from(vec![0])),
            "`seen` wants a date",
        ),
        (
            "seen",
            Arc::new(Date64Array::from(vec![0])),
            Arc::new(Date32Array::from(vec![i32::MAX])),
            "`seen` wants a date",
        ),
        (
            "start",
            Arc::new(Time32SecondArray::from(vec![34_200])),
            Arc::new(Time32SecondArray::from(vec![34_201])),
            "`start` wants a time of day",
        ),
        (
            "length",
            Arc::new(DurationMillisecondArray::from(vec![90_000])),
            Arc::new(Int64Array::from(vec![90])),
            "`length` wants a duration",
        ),
        (
            "tags",
            list(&[Some("vpn"), Some("mail")]),
            list(&[Some("vpn"), None]),
            "`tags` has a wrong value at place 2",
        ),
        (
            "tags",
            list(&[]),
            list(&[Some("vpn"), Some("vpn")]),
            "`tags` holds `vpn` twice",
        ),
        (
            "tags",
            texts(&[Some("vpn; mail")]),
            list(&[Some("wifi")]),
            "`tags` has a wrong value at place 1",
        ),
        ("note", list(&[]), list(&[Some("a")]), "`note`"),
        (
            "customer.tier",
            texts(&[Some("gold")]),
            texts(&[Some("golden")]),
            "`customer.tier` has no member `golden`",
        ),
    ];
    for (place, (name, good, bad, wanted)) in table.into_iter().enumerate() {
        let taken = told(name, good);
        // A list is no text: that row stands for the others of its kind.
        if name != "note" {
            assert_eq!(
                taken.as_deref().ok(),
                Some(""),
                "{place}, {name}: {taken:?}"
            );
        }
        let refused = told(name, bad).unwrap_or_else(|refusal| refusal.message.to_string());
        assert!(refused.contains(wanted), "{place}, {name}: {refused}");
    }
}

#[test]
fn instants_are_read_in_every_unit_and_never_rounded() {
    let policy = policy();
    let millis = Instant::parse("2026-03-02T10:00:00.123+08:00")
        .expect("an instant")
        .millis();
    let local = millis + 28_800_000;
    let table: Vec<(ArrayRef, Result<&str, &str>)> = vec![
        (
            Arc::new(TimestampMillisecondArray::from(vec![millis]).with_timezone("UTC")),
            Ok("10:00:00.123"),
        ),
        (
            Arc::new(
                TimestampMillisecondArray::from(vec![millis]).with_timezone("America/New_York"),
            ),
            Ok("10:00:00.123"),
        ),
        (
            Arc::new(TimestampMillisecondArray::from(vec![local])),
            Ok("10:00:00.123"),
        ),
        (
            Arc::new(TimestampMicrosecondArray::from(vec![local * 1000])),
            Ok("10:00:00.123"),
        ),
        (
            Arc::new(
                TimestampNanosecondArray::from(vec![millis * 1_000_000]).with_timezone("+00:00"),
            ),
            Ok("10:00:00.123"),
        ),
        (
            Arc::new(TimestampSecondArray::from(vec![local / 1000])),
            Ok("10:00:00"),
        ),
        (
            Arc::new(TimestampMicrosecondArray::from(vec![local * 1000 + 1])),
            Err("`opened_at` is finer than a millisecond"),
        ),
        (
            Arc::new(
                TimestampNanosecondArray::from(vec![millis * 1_000_000 - 1]).with_timezone("UTC"),
            ),
            Err("`opened_at` is finer than a millisecond"),
        ),
        (
            Arc::new(TimestampSecondArray::from(vec![i64::MAX])),
            Err("`opened_at` wants an instant"),
        ),
        (
            Arc::new(TimestampSecondArray::from(vec![-1_000_000_000_000])),
            Err("`opened_at` wants an instant"),
        ),
        (
            Arc::new(Date32Array::from(vec![20_514])),
            Err("`opened_at`"),
        ),
        (texts(&[Some("2026-03-02 10:00")]), Err("`opened_at`")),
    ];
    for (place, (column, wanted)) in table.into_iter().enumerate() {
        let rows = batch(vec![
            ("id", texts(&[Some("T1")])),
            ("opened_at", column),
            ("kind", texts(&[Some("fault")])),
        ]);
        let decisions = decide_batch(&policy, &rows, Some(at())).expect("columns");
        let error = shown(&decisions, "error", 0, &policy);
        match wanted {
            Ok(time) => {
                assert_eq!(error, "", "{place}");
                // Due an hour later.
                let due = shown(&decisions, "respond_due", 0, &policy);
                let wanted = format!("2026-03-02T{}+08:00", time.replacen("10", "11", 1));
                assert_eq!(due, wanted, "{place}");
            }
            Err(why) => assert!(error.contains(why), "{place}: {error}"),
        }
    }
}

#[test]
fn columns_that_cannot_be_read_are_refused_before_any_row() {
    let binary: ArrayRef = Arc::new(BinaryArray::from_vec(vec![b"x"]));
    let floats: ArrayRef = Arc::new(Float64Array::from(vec![1.0]));
    let nested: ArrayRef = Arc::new(FixedSizeListArray::from_iter_primitive::<Float1, _, _>(
        [Some([Some(1.0)])],
        1,
    ));
    for (name, column, wanted) in [
        (
            "amount",
            &floats,
            "column `amount` holds floats, which are not exact: write it as decimal128 or as text",
        ),
        ("note", &floats, "column `note` holds floats"),
        ("tags", &nested, "column `tags` holds floats"),
        (
            "note",
            &binary,
            "column `note` is of the type Binary, which no field of a case has",
        ),
        ("id", &binary, "the header names the column `id` twice"),
    ] {
        let refusal = told(name, Arc::clone(column)).expect_err(name);
        assert_eq!(refusal.code, "bad-header");
        let message = refusal.message.to_string();
        assert!(message.contains(wanted), "{name}: {message}");
    }
    // What no field reads is refused row by row, as in a CSV file.
    let told = told("colour", binary).expect("columns");
    assert!(told.contains("there is no field `colour`"), "{told}");
}

type Float1 = arrow_array::types::Float64Type;

#[test]
fn a_struct_that_is_null_has_no_fields() {
    let policy = policy();
    let fields: Fields = vec![Field::new("tier", DataType::Utf8, true)].into();
    let customer = StructArray::new(
        fields,
        vec![texts(&[Some("gold"), Some("gold")])],
        Some(vec![true, false].into()),
    );
    let rows = batch(vec![
        ("id", texts(&[Some("T1"), Some("T2")])),
        ("opened_at", texts(&[Some("2026-03-02T10:00:00+08:00"); 2])),
        ("affected", Arc::new(Int64Array::from(vec![1, 1]))),
        ("amount", Arc::new(Int64Array::from(vec![1, 1]))),
        ("customer", Arc::new(customer)),
    ]);
    let decisions = decide_batch(&policy, &rows, Some(at())).expect("columns");
    let found = [0, 1].map(|row| shown(&decisions, "severity", row, &policy));
    assert_eq!(found, ["high", "normal"]);
}

#[test]
fn a_column_says_when_unless_somebody_does() {
    let policy = policy();
    let rows = |more: Vec<(&str, ArrayRef)>| {
        let mut columns = vec![
            ("id", texts(&[Some("T1"), Some("T2"), Some("T3")])),
            ("opened_at", texts(&[Some("2026-03-02T10:00:00+08:00"); 3])),
            ("kind", texts(&[Some("fault"); 3])),
        ];
        columns.extend(more);
        batch(columns)
    };
    let refusal = decide_batch(&policy, &rows(Vec::new()), None).expect_err("no instant");
    assert!(
        refusal
            .message
            .to_string()
            .contains("nothing says when to decide")
    );
    let local = |text: &str| Instant::parse(text).expect("an instant").millis() + 28_800_000;
    let column = vec![
        Some(local("2026-03-02T10:30:00+08:00")),
        Some(local("2026-03-02T11:30:00+08:00")),
        None,
    ];
    let rows = rows(vec![(
        "at",
        Arc::new(TimestampMillisecondArray::from(column)) as ArrayRef,
    )]);
    let by_column = decide_batch(&policy, &rows, None).expect("columns");
    let breached = |decisions: &RecordBatch| {
        [0, 1, 2].map(|row| shown(decisions, "respond_breached_at", row, &policy))
    };
    let due = "2026-03-02T11:00:00+08:00";
    assert_eq!(breached(&by_column), ["", due, ""]);
    assert_eq!(
        shown(&by_column, "error", 2, &policy),
        "missing-field: `at` is required and missing"
    );
    assert_eq!(shown(&by_column, "case", 2, &policy), "T3");
    let given = decide_batch(&policy, &rows, Some(at())).expect("columns");
    assert_eq!(breached(&given), [due; 3]);
}

#[test]
fn a_mapping_reads_columns_of_any_type() {
    let mapping = r#"
[mapping.export]
extra_fields = "ignore"
[mapping.export.fields]
id = "No."
opened_at = { columns = ["Day", "Time"], format = "%Y-%m-%d %H:%M" }
kind = { column = "Code", values = { "1" = "fault", "2" = "inquiry" } }
affected = "Users"
seen = { column = "Seen", format = "%d/%m/%Y" }
tags = "Tags"
[mapping.trail]
[mapping.trail.fields]
id = "No."
opened_at = "At"
[mapping.trail.log]
key = "No."
at = "At"
kind = "What"
[mapping.trail.log.kinds]
"new" = { opens = true }
"#;
    let settings = format!("{SETTINGS}{mapping}");
    let policy =
        Policy::from_sources([("caseway.toml", settings.as_str()), ("desk.policy", POLICY)]);
    let policy = policy.unwrap_or_else(|error| panic!("{error}"));
    let columns = |users: ArrayRef, code: ArrayRef| {
        let mut tags = ListBuilder::new(StringBuilder::new());
        tags.append_value([Some("打印机")]);
        batch(vec![
            ("No.", Arc::new(Int64Array::from(vec![17])) as ArrayRef),
            ("Day", Arc::new(Date32Array::from(vec![20_514]))),
            ("Time", texts(&[Some("09:30")])),
            ("Code", code),
            ("Users", users),
            ("Seen", Arc::new(Date32Array::from(vec![20_514]))),
            ("Tags", Arc::new(tags.finish())),
            ("Picture", Arc::new(BinaryArray::from_vec(vec![b"x"]))),
        ])
    };
    let whole: ArrayRef = Arc::new(Float64Array::from(vec![7.0]));
    let code: ArrayRef = Arc::new(Int64Array::from(vec![1]));
    let rows = columns(Arc::clone(&whole), code);
    let decider = BatchDecider::new(&policy, rows.schema_ref(), Some("export")).expect("columns");
    let decisions = decider.decide(&rows, Some(at())).expect("the same columns");
    assert_eq!(decisions.schema(), decider.schema());
    let cell = |column: &str| shown(&decisions, column, 0, &policy);
    assert_eq!(cell("error"), "");
    assert_eq!(
        (cell("case"), cell("severity")),
        ("17".to_owned(), "high".to_owned())
    );
    assert_eq!(cell("respond_due"), "2026-03-02T10:30:00+08:00");
    assert_eq!(cell("flag"), "true");

    let other = columns(whole, Arc::new(Float64Array::from(vec![1.0])));
    assert!(
        decider.decide(&other, Some(at())).is_err(),
        "other types than before"
    );
    let error = |schema: &Schema, mapping: &str| {
        let refusal = BatchDecider::new(&policy, schema, Some(mapping)).expect_err("a refusal");
        assert_eq!(refusal.code, "bad-header");
        refusal.message.to_string()
    };
    let told = error(other.schema_ref(), "export");
    assert!(told.contains("column `Code` holds floats"), "{told}");
    let told = error(
        &Schema::new(vec![Field::new("No.", DataType::Utf8, true)]),
        "export",
    );
    assert!(
        told.contains("mapping `export` reads `Code`, `Day`"),
        "{told}"
    );
    let told = error(rows.schema_ref(), "trail");
    assert!(told.contains("one decision for each row"), "{told}");
    let told = error(rows.schema_ref(), "nothing");
    assert!(told.contains("no `[mapping.nothing]`"), "{told}");
    let no_instant = decider.decide(&rows, None).expect_err("no instant");
    assert!(no_instant.message.to_string().contains("nothing says when"));
}

#[test]
fn a_batch_without_rows_has_all_columns() {
    let policy = policy();
    let rows = Rows { count: 0 }.plain();
    let decisions = decide_batch(&policy, &rows, Some(at())).expect("columns");
    assert_eq!(decisions.num_rows(), 0);
    let schema = decisions.schema();
    let names: Vec<&str> = schema
        .fields()
        .iter()
        .map(|field| field.name().as_str())
        .collect();
    assert_eq!(
        names.join(" "),
        "line case error severity severity_rule topics topics_rule points points_rule fee fee_rule day day_rule \
         flag flag_rule classify.role role_rule role queue with tier respond_due respond_state \
         respond_breached_at next_change_at waiting_for problems"
    );
}
