//! Parquet files in and out of `caseway batch`.

use crate::columnar::{AT, POLICY, Rows, at, policy};
use crate::command::{Folder, Ran};
use crate::support::SETTINGS;
use arrow_array::{Array, ArrayRef, Float64Array, RecordBatch, StringArray};
use caseway::columnar::decide_batch;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use std::fs::File;
use std::sync::Arc;

fn desk() -> Folder {
    Folder::new(&[("caseway.toml", SETTINGS), ("desk.policy", POLICY)])
}

fn write(folder: &Folder, name: &str, batch: &RecordBatch, compression: Compression) {
    let file = File::create(folder.0.join(name)).expect("a file");
    // Several groups, and pages that end inside batches.
    let properties = WriterProperties::builder()
        .set_compression(compression)
        .set_max_row_group_row_count(Some(300))
        .build();
    let mut writer =
        ArrowWriter::try_new(file, batch.schema(), Some(properties)).expect("a writer");
    writer.write(batch).expect("a batch");
    writer.close().expect("a file");
}

fn read(folder: &Folder, name: &str) -> Vec<RecordBatch> {
    let file = File::open(folder.0.join(name)).expect("a file");
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).expect("Parquet");
    let reader = builder.with_batch_size(100_000).build().expect("Parquet");
    reader.map(|batch| batch.expect("a batch")).collect()
}

fn run(folder: &Folder, more: &[&str]) -> Ran {
    let arguments = ["batch", "--at", AT, "--format", "json"];
    folder.run(&[&arguments[..], more].concat())
}

/// CSV without the column `line`: a Parquet file has no lines, and its rows are counted.
fn without_lines(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(text.as_bytes());
    let rows = reader.records().map(|row| row.expect("a row"));
    rows.map(|row| row.iter().skip(1).map(str::to_owned).collect())
        .collect()
}

#[test]
fn a_parquet_file_is_decided_like_the_same_rows_of_csv() {
    let folder = desk();
    let rows = Rows { count: 1_500 };
    std::fs::write(folder.0.join("rows.csv"), rows.csv()).expect("a file");
    let csv = run(&folder, &["--input", "rows.csv", "--output-format", "csv"]);
    assert_eq!(csv.code(), Some(1));
    let wanted = without_lines(&csv.out());
    let zstd = Compression::ZSTD(ZstdLevel::default());
    for (name, batch, compression) in [
        ("plain.parquet", rows.plain(), Compression::UNCOMPRESSED),
        ("TYPED.PARQUET", rows.typed(false), Compression::SNAPPY),
        ("wide.parquet", rows.typed(true), zstd),
        ("lz4.parquet", rows.plain(), Compression::LZ4_RAW),
        (
            "gzip.parquet",
            rows.plain(),
            Compression::GZIP(Default::default()),
        ),
    ] {
        write(&folder, name, &batch, compression);
        let ran = run(&folder, &["--input", name, "--output-format", "csv"]);
        assert_eq!(ran.code(), Some(1), "{name}: {}", ran.err());
        assert!(without_lines(&ran.out()) == wanted, "{name}");
        assert_eq!(ran.err(), csv.err(), "{name}");
        let first = ran
            .out()
            .lines()
            .nth(1)
            .and_then(|line| line.split(',').next().map(str::to_owned));
        assert_eq!(first.as_deref(), Some("1"), "rows are counted from 1");
    }
}

#[test]
fn decisions_are_columns_and_the_same_bytes_for_any_number_of_threads() {
    let folder = desk();
    let rows = Rows { count: 3_000 };
    write(
        &folder,
        "rows.parquet",
        &rows.typed(false),
        Compression::SNAPPY,
    );
    let file = |jobs: &str| {
        let name = format!("out-{jobs}.parquet");
        let ran = run(
            &folder,
            &["--input", "rows.parquet", "--output", &name, "--jobs", jobs],
        );
        assert_eq!(
            (ran.code(), ran.out()),
            (Some(1), String::new()),
            "{}",
            ran.err()
        );
        std::fs::read(folder.0.join(&name)).expect("a file")
    };
    let one = file("1");
    assert!(file("2") == one && file("7") == one);
    let [found] = &read(&folder, "out-1.parquet")[..] else {
        panic!("one batch")
    };
    let policy = policy();
    let wanted = decide_batch(&policy, &rows.typed(false), Some(at())).expect("columns");
    assert_eq!(found.schema().fields(), wanted.schema().fields());
    for (field, (a, b)) in wanted
        .schema()
        .fields()
        .iter()
        .zip(found.columns().iter().zip(wanted.columns()))
    {
        assert_eq!(a.len(), b.len());
        for row in 0..a.len() {
            let cell = |column: &ArrayRef| (column.is_null(row), cell_text(column, row));
            assert_eq!(cell(a), cell(b), "row {row}, {}", field.name());
        }
    }
    // Strict, it ends with the first refused row.
    let strict = [
        "--input",
        "rows.parquet",
        "--output",
        "strict.parquet",
        "--strict",
    ];
    assert_eq!(run(&folder, &strict).code(), Some(1));
    let strict = read(&folder, "strict.parquet");
    let last = strict[0].num_rows() - 1;
    let errors = strict[0].column_by_name("error").expect("a column");
    assert_eq!((errors.null_count(), errors.is_null(last)), (last, false));
}

/// A value, whatever the places of a dictionary.
fn cell_text(column: &ArrayRef, row: usize) -> String {
    use arrow_array::cast::AsArray;
    match column.as_any_dictionary_opt() {
        _ if column.is_null(row) => String::new(),
        Some(dictionary) => {
            let place = dictionary.normalized_keys()[row];
            dictionary
                .values()
                .as_string::<i32>()
                .value(place)
                .to_owned()
        }
        None => format!("{:?}", column.slice(row, 1)),
    }
}

#[test]
fn what_is_no_parquet_or_cannot_be_is_told() {
    let folder = desk();
    let rows = Rows { count: 700 };
    write(&folder, "rows.parquet", &rows.plain(), Compression::SNAPPY);
    let bytes = std::fs::read(folder.0.join("rows.parquet")).expect("a file");
    let file =
        |name: &str, bytes: &[u8]| std::fs::write(folder.0.join(name), bytes).expect("a file");
    file("cut.parquet", &bytes[..bytes.len() / 2]);
    file("csv.parquet", rows.csv().as_bytes());
    file("empty.parquet", b"");
    file("rows.csv", &bytes);
    file("rows.parquet.gz", &bytes);
    let floats = RecordBatch::try_from_iter([
        ("id", Arc::new(StringArray::from(vec!["T1"])) as ArrayRef),
        ("amount", Arc::new(Float64Array::from(vec![12.5]))),
    ]);
    write(
        &folder,
        "floats.parquet",
        &floats.expect("a batch"),
        Compression::SNAPPY,
    );
    for (arguments, code, wanted) in [
        (
            &["--input", "cut.parquet"][..],
            "unreadable-file",
            "it is no sound Parquet file",
        ),
        (
            &["--input", "csv.parquet"],
            "unreadable-file",
            "it is no sound Parquet file",
        ),
        (
            &["--input", "empty.parquet"],
            "unreadable-file",
            "it is no sound Parquet file",
        ),
        (
            &["--input", "none.parquet"],
            "unreadable-file",
            "there is no such file",
        ),
        (
            &["--input", "rows.csv"],
            "unreadable-file",
            "let its name end in `.parquet`",
        ),
        (
            &["--input", "rows.parquet.gz"],
            "bad-usage",
            "leave `.gz` out of the name",
        ),
        (
            &["--input", "-", "--input-format", "parquet"],
            "bad-usage",
            "not from standard input",
        ),
        (
            &["--input", "rows.parquet", "--output-format", "parquet"],
            "bad-usage",
            "name it with `--output`",
        ),
        (
            &["--input", "rows.parquet", "--output", "out.parquet.gz"],
            "bad-usage",
            "leave `.gz` out",
        ),
        (
            &["--input", "floats.parquet"],
            "bad-header",
            "column `amount` holds floats",
        ),
    ] {
        let ran = run(&folder, arguments);
        assert_eq!(ran.failure(), (Some(2), code.to_owned()), "{arguments:?}");
        let json = ran.json();
        let message = json["error"]["message"].as_str().expect("a message");
        assert!(message.contains(wanted), "{arguments:?}: {message}");
    }
}

/// Damage inside the pages ends the batch, or changes a value, but never more than that.
#[test]
fn a_damaged_file_never_ends_the_command_by_itself() {
    let folder = desk();
    write(
        &folder,
        "rows.parquet",
        &Rows { count: 40 }.plain(),
        Compression::SNAPPY,
    );
    let bytes = std::fs::read(folder.0.join("rows.parquet")).expect("a file");
    for place in (4..bytes.len() - 8).step_by(bytes.len() / 40) {
        let mut damaged = bytes.clone();
        damaged[place] ^= 0x41;
        std::fs::write(folder.0.join("damaged.parquet"), damaged).expect("a file");
        let ran = run(
            &folder,
            &["--input", "damaged.parquet", "--output", "out.csv"],
        );
        assert!(
            matches!(ran.code(), Some(0..=2)),
            "byte {place}: {:?} {}",
            ran.code(),
            ran.err()
        );
    }
}

#[test]
fn a_file_without_rows() {
    let folder = desk();
    write(
        &folder,
        "rows.parquet",
        &Rows { count: 0 }.plain(),
        Compression::SNAPPY,
    );
    let ran = run(
        &folder,
        &["--input", "rows.parquet", "--output", "out.parquet"],
    );
    assert_eq!(ran.code(), Some(0), "{}", ran.err());
    assert!(ran.err().starts_with("0 rows"), "{}", ran.err());
    let file = File::open(folder.0.join("out.parquet")).expect("a file");
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).expect("Parquet");
    assert_eq!(builder.schema().field(1).name(), "case");
}
