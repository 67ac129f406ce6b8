//! Holiday files: what is read, and what each mistake says and points at.

use caseway::config::holidays::{HolidayFileError, parse_csv, parse_toml};
use caseway::time::{DataDay, Date, Holidays, Weekday};

type Parser = fn(&str, (Date, Date)) -> Result<Holidays, Vec<HolidayFileError>>;

fn date(text: &str) -> Date {
    Date::parse(text).expect(text)
}

fn year() -> (Date, Date) {
    (date("2026-01-01"), date("2026-12-31"))
}

/// Each error as `guilty text: message`.
fn errors(parser: Parser, text: &str) -> Vec<String> {
    let errors = parser(text, year()).expect_err("a mistake");
    errors
        .iter()
        .map(|error| format!("{}: {}", &text[error.bytes.clone()], error.message))
        .collect()
}

#[test]
fn both_forms_say_the_same() {
    let csv = "\u{feff}date,kind,name,weekday\r\n# 元旦\r\n2026-01-01,holiday,\"New Year's Day, \"\"元旦\"\"\"\r\n\r\n\
               2026-01-04 , workday,fri\r\n2026-02-14,workday,春节,TUE\r\n2026-02-28,workday\r\n";
    let toml = "\u{feff}[[day]]\ndate = 2026-01-01\nkind = \"holiday\"\nname = \"元旦\"\n\
                [[day]]\ndate = \"2026-01-04\"\nkind = \"workday\"\nname = \"fri\"\n\
                [[day]]\ndate = 2026-02-14\nkind = \"workday\"\nweekday = \"tue\"\n\
                [[day]]\ndate = 2026-02-28\nkind = \"workday\"\n";
    let expected = [
        ("2026-01-01", DataDay::Holiday),
        ("2026-01-04", DataDay::Workday(Some(Weekday::Friday))),
        ("2026-02-14", DataDay::Workday(Some(Weekday::Tuesday))),
        ("2026-02-28", DataDay::Workday(None)),
    ];
    for (parser, text) in [(parse_csv as Parser, csv), (parse_toml, toml)] {
        let data = parser(text, year()).expect("valid data");
        let found: Vec<_> = data
            .iter()
            .map(|row| (row.date.to_string(), row.day))
            .collect();
        assert_eq!(found, expected.map(|(date, day)| (date.to_owned(), day)));
        assert_eq!((data.first(), data.last()), year());
    }
    assert!(parse_csv("date,kind,name\n", year()).is_ok());
    assert!(parse_toml("", year()).is_ok());
}

#[test]
fn mistakes_in_csv_are_all_found_in_their_places() {
    let table = [
        ("", ": the holiday file is empty"),
        (
            "2026-01-01,holiday,x",
            "2026-01-01,holiday,x: the first line does not name the columns",
        ),
        (
            "date,kind,note\n",
            "note: `note` is no column of a holiday file",
        ),
        (
            "date,name\n",
            "date,name: the holiday file has no column `kind`",
        ),
        ("date,kind,date\n", "date: the column `date` is there twice"),
        (
            "date,kind,name\n2026-1-1,holiday,x",
            "2026-1-1: `2026-1-1` is no date",
        ),
        (
            "date,kind,name\n2026-02-30,holiday,x",
            "2026-02-30: `2026-02-30` is no date",
        ),
        (
            "date,kind,name\n\n ,holiday,元旦",
            " ,holiday,元旦: this day has no `date`",
        ),
        (
            "date,kind,name\n2026-01-01",
            "2026-01-01: this day has no `kind`",
        ),
        (
            "date,kind,name\n2026-01-01, 休,x",
            "休: `休` is no kind of day",
        ),
        (
            "date,kind,name\n2026-01-01,holiday,a,b",
            "b: `b` stands in no column",
        ),
        (
            "date,kind,name\n2026-01-01,holiday,\"a",
            "\"a: a cell in double quotes does not end with one",
        ),
        (
            "date,kind,name\n2026-01-01,holiday,\"a\"b",
            "\"a\"b: a cell in double quotes does not end with one",
        ),
        (
            "date,kind,weekday\n2026-01-01,workday,周一",
            "周一: `周一` is no weekday",
        ),
        (
            "date,kind,weekday\n2026-01-01,holiday,mon",
            "mon: a holiday is worked like no weekday",
        ),
        (
            "date,kind\n2027-01-01,holiday",
            "2027-01-01: `2027-01-01` is outside the range from 2026-01-01 to 2026-12-31 that the data covers",
        ),
        (
            "date,kind\n2026-01-01,holiday\n2026-01-01,workday",
            "2026-01-01: `2026-01-01` is there twice",
        ),
    ];
    for (text, expected) in table {
        assert_eq!(errors(parse_csv, text), [expected], "{text}");
    }
    let several =
        "date,kind,name\n2026-01-01,holiday,x\nx,holiday\n2026-01-01,holiday,y\n2026-01-02,off";
    let parse = parse_csv(several, year()).expect_err("three mistakes");
    assert_eq!(
        parse
            .iter()
            .map(|error| error.bytes.start)
            .collect::<Vec<_>>(),
        [36, 46, 78]
    );
}

#[test]
fn mistakes_in_toml_are_all_found_in_their_places() {
    let table = [
        ("days = 1", "days: `days` is nothing that holiday data has"),
        ("day = 1", "day: `day` is no list of tables"),
        ("day = [1]", "1: this day is no table"),
        (
            "[[day]]\ndate = 2026-01-01\nkind = \"off\"",
            "\"off\": `off` is no kind of day",
        ),
        (
            "[[day]]\ndate = 20260101\nkind = \"holiday\"",
            "20260101: `date` is neither a text nor a date",
        ),
        (
            "[[day]]\ndate = 2026-01-01T00:00:00\nkind = \"holiday\"",
            "2026-01-01T00:00:00: `2026-01-01T00:00:00` is no date",
        ),
        (
            "[[day]]\ndate = 2026-01-01\nkind = \"holiday\"\nnote = 1",
            "note: `note` is nothing that a day has",
        ),
    ];
    for (text, expected) in table {
        assert_eq!(errors(parse_toml, text), [expected], "{text}");
    }
    let broken = errors(parse_toml, "[[day]\n");
    assert!(broken[0].contains("this is not valid TOML"), "{broken:?}");
}

#[test]
fn an_inverted_range_covers_nothing() {
    let covers = (date("2026-12-31"), date("2026-01-01"));
    let found = parse_csv("date,kind,name\n", covers).expect_err("no range");
    assert_eq!(
        found[0].message,
        "the covered range from 2026-12-31 to 2026-01-01 holds no day"
    );
}
