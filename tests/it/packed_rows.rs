//! Rows in packed files: gzip and Zstandard by the ending, whole or not at all.
//!
//! The fixtures were made by `gzip` and `zstd`: two members of gzip; two frames of Zstandard, the first
//! by `-19`, with a frame between them that is to be skipped.

use crate::command::Folder;
use crate::support::SETTINGS;
use caseway::driver::{Packing, PackingError, open_rows};
use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use ruzstd::encoding::{CompressionLevel, compress_to_vec};
use std::io::{Read, Write};

const POLICY: &str =
    "case { id: text  opened_at: instant  kind: one of { fault, inquiry } default inquiry }
role engineer  role desk
route { first match rule fault when kind is fault to engineer otherwise to desk }
";

const AT: &str = "2026-12-31T00:00:00+08:00";

const TEXT: &str = "id,opened_at,kind
T1,2026-03-02T10:00:00+08:00,fault
T2,2026-03-02T10:05:00+08:00,
T3,2026-03-02T10:10:00+08:00,inquiry
T4,2026-03-02T10:15:00+08:00,fault
";

fn desk() -> Folder {
    Folder::new(&[("caseway.toml", SETTINGS), ("desk.policy", POLICY)])
}

fn fixture(name: &str) -> Vec<u8> {
    let path = format!(
        "{}/tests/fixtures/packed/{name}",
        env!("CARGO_MANIFEST_DIR")
    );
    std::fs::read(path).expect("a fixture")
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text).expect("memory");
    encoder.finish().expect("memory")
}

fn zstandard(text: &[u8]) -> Vec<u8> {
    compress_to_vec(text, CompressionLevel::Fastest)
}

/// What a file of that name and these bytes holds, or what is wrong with it.
fn unpacked(folder: &Folder, name: &str, bytes: &[u8]) -> Result<Vec<u8>, String> {
    let path = folder.0.join(name);
    std::fs::write(&path, bytes).expect("a file");
    let mut text = Vec::new();
    let mut input = open_rows(&path).expect("a file");
    assert_eq!(input.bytes, Some(bytes.len() as u64));
    match input.reader.read_to_end(&mut text) {
        Ok(_) => Ok(text),
        Err(error) => {
            let inner = error.get_ref().expect("a cause");
            let told = inner.downcast_ref::<PackingError>().expect("our own words");
            Err(told.message().to_string())
        }
    }
}

#[test]
fn packed_rows_are_decided_like_the_rows_inside() {
    let desk = desk();
    std::fs::write(desk.0.join("rows.csv"), TEXT).expect("a file");
    let run = |name: &str| desk.run(&["batch", "--input", name, "--at", AT]);
    let plain = run("rows.csv");
    assert_eq!((plain.code(), plain.out().lines().count()), (Some(0), 4));
    for (name, bytes) in [
        ("rows.csv.gz", fixture("rows.csv.gz")),
        ("rows.csv.zst", fixture("rows.csv.zst")),
        ("ROWS.CSV.GZ", gzip(TEXT.as_bytes())),
        ("own.csv.zst", zstandard(TEXT.as_bytes())),
    ] {
        std::fs::write(desk.0.join(name), bytes).expect("a file");
        let packed = run(name);
        assert_eq!(
            (packed.code(), packed.out()),
            (Some(0), plain.out()),
            "{name}"
        );
        assert_eq!(packed.err(), plain.err(), "{name}");
    }
}

#[test]
fn the_ending_before_the_last_says_the_form() {
    for (name, wanted) in [
        ("a.csv", (None, "a.csv")),
        ("a.csv.gz", (Some(Packing::Gzip), "a.csv")),
        ("a.csv.ZST", (Some(Packing::Zstandard), "a.csv")),
        ("工单.csv.gz", (Some(Packing::Gzip), "工单.csv")),
        (".gz", (Some(Packing::Gzip), "")),
        ("gz", (None, "gz")),
        ("単", (None, "単")),
        ("a.gz.csv", (None, "a.gz.csv")),
        ("", (None, "")),
    ] {
        assert_eq!(Packing::of(name), wanted, "{name}");
    }
}

#[test]
fn decisions_are_packed_by_the_ending() {
    let desk = desk();
    std::fs::write(desk.0.join("rows.csv"), TEXT).expect("a file");
    let arguments = ["batch", "--input", "rows.csv", "--at", AT, "--output"];
    let run = |name: &str| {
        let more: Vec<&str> = arguments
            .into_iter()
            .chain([name, "--format", "json"])
            .collect();
        desk.run(&more)
    };
    for form in ["csv", "ndjson"] {
        let (plain, packed) = (format!("out.{form}"), format!("out.{form}.gz"));
        assert_eq!(run(&plain).code(), Some(0));
        assert_eq!(run(&packed).code(), Some(0));
        let bytes = std::fs::read(desk.0.join(&packed)).expect("a file");
        let found = unpacked(&desk, "again.gz", &bytes);
        assert_eq!(found, Ok(desk.read(&plain).into_bytes()));
    }
    assert_eq!(
        run("out.csv.zst").failure(),
        (Some(2), "bad-usage".to_owned())
    );
    assert!(!desk.0.join("out.csv.zst").exists());
}

#[test]
fn what_is_not_as_its_name_says_is_told() {
    let folder = desk();
    let (gz, zst) = (fixture("rows.csv.gz"), fixture("rows.csv.zst"));
    let mut flipped = gz.clone();
    *flipped.last_mut().expect("a byte") ^= 1;
    let mut checksum = zst.clone();
    *checksum.last_mut().expect("a byte") ^= 1;
    // A frame whose window is 512 MiB, and one that wants a dictionary.
    let window = b"\x28\xb5\x2f\xfd\x00\x98\x01\x00\x00";
    let dictionary = b"\x28\xb5\x2f\xfd\x21\x07\x00\x01\x00\x00";
    for (name, bytes, wanted) in [
        (
            "a.csv",
            gz.as_slice(),
            "it is packed with gzip: let its name end in `.gz`",
        ),
        (
            "a.csv",
            &zst,
            "it is packed with Zstandard: let its name end in `.zst`",
        ),
        ("a.csv", b"PAR1....PAR1", "it is a Parquet file"),
        (
            "a.csv.gz",
            TEXT.as_bytes(),
            "but it holds nothing packed with gzip",
        ),
        ("a.csv.gz", &zst, "but it holds nothing packed with gzip"),
        ("a.csv.gz", b"", "but it holds nothing packed with gzip"),
        (
            "a.csv.zst",
            TEXT.as_bytes(),
            "but it holds nothing packed with Zstandard",
        ),
        (
            "a.csv.zst",
            b"",
            "but it holds nothing packed with Zstandard",
        ),
        (
            "a.csv.gz",
            &gz[..gz.len() - 9],
            "what gzip packed ends too early, at byte",
        ),
        (
            "a.csv.zst",
            &zst[..zst.len() - 9],
            "what Zstandard packed ends too early, at byte",
        ),
        ("a.csv.gz", &flipped, "what gzip packed is damaged at byte"),
        (
            "a.csv.zst",
            &checksum,
            "what Zstandard packed is damaged at byte",
        ),
        (
            "a.csv.zst",
            window,
            "takes more than 128 MiB of memory to unpack",
        ),
        ("a.csv.zst", dictionary, "with a dictionary"),
    ] {
        let told = unpacked(&folder, name, bytes).expect_err("an error");
        assert!(told.contains(wanted), "{name}: {told}");
    }
    assert_eq!(unpacked(&folder, "a.gz", &gzip(b"")), Ok(Vec::new()));
    assert_eq!(unpacked(&folder, "a.zst", &zstandard(b"")), Ok(Vec::new()));
}

#[test]
fn rows_before_the_damage_are_told_of_and_no_file_is_left() {
    let desk = desk();
    let bytes = fixture("rows.csv.gz");
    std::fs::write(desk.0.join("cut.csv.gz"), &bytes[..bytes.len() - 9]).expect("a file");
    let arguments = ["batch", "--input", "cut.csv.gz", "--at", AT];
    let ran = desk.run(&arguments);
    assert_eq!((ran.code(), ran.out().lines().count()), (Some(2), 4));
    let told = "cannot read `cut.csv.gz` beyond 4 rows: what gzip packed ends too early, at byte";
    assert!(ran.err().contains(told), "{}", ran.err());
    let with_file: Vec<&str> = arguments
        .into_iter()
        .chain(["--output", "out.csv"])
        .collect();
    assert_eq!(desk.run(&with_file).code(), Some(2));
    let left = std::fs::read_dir(&desk.0).expect("a folder");
    let names = left.map(|entry| entry.expect("one").file_name().into_string().expect("text"));
    assert_eq!(names.filter(|name| name.contains("out.csv")).count(), 0);
}

#[test]
fn a_file_that_is_cut_off_anywhere_is_never_taken_for_whole() {
    let folder = desk();
    for (name, first) in [("rows.csv.gz", 2), ("rows.csv.zst", 3)] {
        let bytes = fixture(name);
        let mut whole = 0;
        for end in 0..bytes.len() {
            if let Ok(text) = unpacked(&folder, name, &bytes[..end]) {
                let lines = text.iter().filter(|byte| **byte == b'\n').count();
                assert_eq!(lines, 3, "{name} up to {end}: between members");
                whole += 1;
            }
        }
        // After the first member, and after the frame that is skipped.
        assert_eq!(whole, first - 1, "{name}");
        assert_eq!(
            unpacked(&folder, name, &bytes),
            Ok(TEXT.as_bytes().to_vec())
        );
    }
}

#[test]
fn damage_is_never_read_as_text() {
    let folder = desk();
    for name in ["rows.csv.gz", "rows.csv.zst"] {
        let bytes = fixture(name);
        let mut told = 0;
        for at in 0..bytes.len() {
            for bit in [1, 0x10, 0x80] {
                let mut damaged = bytes.clone();
                damaged[at] ^= bit;
                match unpacked(&folder, name, &damaged) {
                    Ok(text) => assert!(
                        text == TEXT.as_bytes(),
                        "{name}: byte {at} may say nothing or be refused"
                    ),
                    Err(_) => told += 1,
                }
            }
        }
        assert!(
            told > bytes.len() * 2,
            "{name}: {told} of {}",
            bytes.len() * 3
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_was_packed_comes_out_again(
        parts in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..70_000), 1..4),
    ) {
        let folder = desk();
        let whole = parts.concat();
        let packed = |pack: fn(&[u8]) -> Vec<u8>| -> Vec<u8> {
            parts.iter().flat_map(|part| pack(part)).collect()
        };
        prop_assert!(unpacked(&folder, "a.gz", &packed(gzip)) == Ok(whole.clone()));
        prop_assert!(unpacked(&folder, "a.zst", &packed(zstandard)) == Ok(whole.clone()));
    }
}
