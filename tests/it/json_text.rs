//! What is printed as JSON has the bytes that `serde_json` prints.

use caseway::json;
use proptest::prelude::*;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

fn agree(value: &impl Serialize) {
    let wanted = serde_json::to_string(value).expect("JSON");
    let mut printed = b"before".to_vec();
    json::append(&mut printed, value).expect("JSON");
    assert_eq!(String::from_utf8(printed), Ok(format!("before{wanted}")));
}

#[derive(Serialize)]
enum Form {
    Nothing,
    One(i64),
    Two(char, u8),
    Record { first: bool, r#type: Option<u64> },
}

#[derive(Serialize)]
struct Marker;

#[derive(Serialize)]
struct Wrapped(f64);

#[derive(Serialize)]
struct Pair(i8, &'static [u8]);

#[derive(Serialize)]
struct All {
    forms: Vec<Form>,
    marker: Marker,
    wrapped: Vec<Wrapped>,
    pair: Pair,
    tuple: (u16, i16, u32, i32, f32),
    wide: (i128, u128),
    unit: (),
    numbers: BTreeMap<i64, bool>,
    truths: BTreeMap<bool, ()>,
    letters: BTreeMap<char, Option<Form>>,
    nothing: BTreeMap<String, ()>,
    none: [u8; 0],
}

#[test]
fn all_that_serde_knows_is_printed_alike() {
    agree(&All {
        forms: vec![
            Form::Nothing,
            Form::One(i64::MIN),
            Form::Two('"', 255),
            Form::Two('é', 0),
            Form::Record {
                first: true,
                r#type: Some(u64::MAX),
            },
            Form::Record {
                first: false,
                r#type: None,
            },
        ],
        marker: Marker,
        wrapped: [0.0, -0.0, 1e300, 0.1, f64::NAN, f64::INFINITY]
            .map(Wrapped)
            .into(),
        pair: Pair(-128, b"\x00a"),
        tuple: (65535, -32768, u32::MAX, i32::MIN, 1.5),
        wide: (i128::MIN, u128::MAX),
        unit: (),
        numbers: BTreeMap::from([(-1, true), (20, false)]),
        truths: BTreeMap::from([(true, ()), (false, ())]),
        letters: BTreeMap::from([('\\', Some(Form::Nothing)), ('\n', None), ('x', None)]),
        nothing: BTreeMap::new(),
        none: [],
    });
}

/// What is shown by its `Display` in several parts, some of which need an escape.
struct Told(&'static [&'static str]);

impl std::fmt::Display for Told {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|part| f.write_str(part))
    }
}

impl Serialize for Told {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[test]
fn what_is_shown_is_escaped_as_a_whole() {
    for parts in [
        &["plain", " text"][..],
        &[],
        &["a", "\"b", "\u{1}", "c"],
        &["上", "海\n"],
    ] {
        agree(&Told(parts));
        agree(&vec![Told(parts), Told(&["x"])]);
    }
}

/// A map whose key is this.
struct Under<K>(K);

impl<K: Serialize> Serialize for Under<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry(&self.0, &1)?;
        map.end()
    }
}

#[test]
fn keys_are_texts() {
    let mut out = b"before".to_vec();
    let list = json::append(&mut out, &Under([1, 2])).expect_err("a list is no key");
    assert_eq!(list.to_string(), "key must be a string");
    assert!(json::append(&mut out, &vec![Under(())]).is_err());
    assert!(json::append(&mut out, &Under(BTreeMap::from([("a", 1)]))).is_err());
    assert_eq!(out, b"before", "nothing is left of what failed");
    agree(&Under("a\tb"));
    agree(&Under(7));
}

fn values() -> impl Strategy<Value = Value> {
    let text = prop_oneof!["\\PC{0,24}", "[ -~]{0,40}", "[\\x00-\\x7f]{0,20}"];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text.prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 60, 6, |inside| {
        prop_oneof![
            prop::collection::vec(inside.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map("[ -~]{0,12}", inside, 0..6)
                .prop_map(|map| Value::from(Map::from_iter(map))),
        ]
    })
}

proptest! {
    #[test]
    fn trees_are_printed_alike(value in values()) {
        agree(&value);
    }
}
