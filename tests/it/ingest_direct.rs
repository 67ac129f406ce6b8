//! The quick way to read a case file, held against the one over a tree: random schemas, random files of them
//! in every spelling, and bytes that are damaged. Whatever the quick way accepts, the other has to accept
//! with the same result; and it has to accept nearly everything that is right.

mod files;
mod schemas;

use crate::support::{SETTINGS, policy};
use caseway::ingest::{CaseReader, CaseRoom};
use caseway::value::Value;
use caseway::{CaseFile, Instant, Policy};
use files::Writer;
use schemas::Draw;
use std::cell::RefCell;

/// What both ways say of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Said {
    /// Both accept it.
    Both,
    /// The quick way gives up, the other accepts.
    Plain,
    /// It is refused.
    Neither,
}

thread_local! {
    /// Room that every file of a test is read into, whatever its schema.
    static ROOM: RefCell<CaseRoom> = RefCell::default();
}

fn hold(reader: &CaseReader<'_>, text: &[u8], about: &str) -> Said {
    let shown = || format!("{about}\n{}", String::from_utf8_lossy(text));
    let (direct, plain) = (reader.read_directly(text), reader.read_plainly(text));
    ROOM.with_borrow_mut(|room| {
        let kept = reader.read_json_into(text, room);
        assert_eq!(
            format!("{kept:?}"),
            format!("{:?}", plain.as_ref()),
            "{}",
            shown()
        );
    });
    match (direct, plain) {
        (Some(direct), Ok(plain)) => {
            // Decimals that differ in their zeros alone are equal: the form of debugging tells them apart.
            assert_eq!(format!("{direct:?}"), format!("{plain:?}"), "{}", shown());
            assert_eq!(direct, plain, "{}", shown());
            Said::Both
        }
        (Some(direct), Err(refusal)) => panic!("{direct:?}\n{refusal:?}\n{}", shown()),
        (None, Ok(_)) => Said::Plain,
        (None, Err(_)) => Said::Neither,
    }
}

/// A policy with a random case, and what it does with names that it does not know.
fn drawn(seed: u64) -> (Policy, bool) {
    let mut draw = Draw::new(seed);
    let ignores = draw.one_in(2);
    let (case, events) = schemas::schema(&mut draw);
    let extra = if ignores {
        "[input]\nextra_fields = \"ignore\"\n"
    } else {
        ""
    };
    let files = [
        ("caseway.toml", format!("{SETTINGS}{extra}")),
        ("case.policy", case.clone()),
        ("rules.policy", events),
    ];
    let read = Policy::from_sources(files);
    (
        read.unwrap_or_else(|error| panic!("seed {seed}: {error}\n{case}")),
        ignores,
    )
}

#[test]
fn files_that_are_right_are_read_the_quick_way() {
    let (mut both, mut plain, mut neither) = (0, 0, 0);
    for seed in 0..150 {
        let (policy, ignores) = drawn(seed);
        for number in 0..20 {
            let mut draw = Draw::new(seed * 1_000 + number);
            let text = Writer::new(&policy, ignores, &mut draw).file();
            match hold(
                &policy.reader(),
                text.as_bytes(),
                &format!("seed {seed} {number}"),
            ) {
                Said::Both => both += 1,
                Said::Plain => plain += 1,
                Said::Neither => neither += 1,
            }
        }
    }
    assert_eq!(neither, 0, "files that are written as right are right");
    assert!(
        both * 100 > (both + plain) * 98,
        "{both} read the quick way, {plain} not"
    );
}

#[test]
fn damaged_files_are_read_alike() {
    let mut said = std::collections::HashMap::new();
    for seed in 0..150 {
        let (policy, ignores) = drawn(seed);
        for number in 0..60 {
            let mut draw = Draw::new(seed * 1_000 + number + 500);
            let text = Writer::damaged(&policy, ignores, &mut draw).file();
            let text = if draw.one_in(2) {
                draw.damage(text.into_bytes())
            } else {
                text.into_bytes()
            };
            let answer = hold(&policy.reader(), &text, &format!("seed {seed} {number}"));
            *said.entry(format!("{answer:?}")).or_insert(0) += 1;
        }
    }
    // Damage that hits nothing, or makes another good file, is read as well.
    assert!(said["Both"] > 500 && said["Neither"] > 3_000, "{said:?}");
}

/// Single files that are read the quick way, and others that are not, and what comes of them.
#[test]
fn what_is_left_to_the_other_way() {
    let policy = policy(
        "`at`: text optional  `events`: text optional
         number: integer from 0 to 9 optional  amount: decimal(1) optional  seen: instant optional
         tags: set of text default {}  device: { serial: text } optional",
        "events { called }",
    );
    let reader = policy.reader();
    let bare = |fields: &str| format!(r#"{{"id":"T","opened_at":"2026-03-02T10:00:00Z"{fields}}}"#);
    let whole = |before: &str, after: &str| format!("{{{before}\"case\":{}{after}}}", bare(""));
    let quick = [
        bare(""),
        bare(r#","number":9"#),
        bare(r#","at":"x","events":"y""#),
        format!(
            "\u{20}\r\n{}\t",
            bare(r#","seen":"2026-03-02t10:00:00.120000z""#)
        ),
        r#"{"events":"y","at":"x","id":"T","opened_at":"2026-03-02T10:00:00Z"}"#.to_owned(),
        whole("", ""),
        whole(r#""at":null,"#, r#","events":null"#),
        whole(r#""events":[],"at":"2026-03-02T10:00:00Z","#, ""),
        whole(
            r#""events":[{"event":"called","at":"2026-03-02T10:00:00Z","set":null},{"at":"2026-03-02T10:00:00Z","set":{"device":{"serial":"S"}}}],"#,
            "",
        ),
    ];
    for text in quick {
        assert_eq!(hold(&reader, text.as_bytes(), ""), Said::Both, "{text}");
    }
    let plain = [
        format!("\u{feff}{}", bare("")),
        bare(r#","amount":9223372036854775808.5"#).replace("amount", "tags"),
    ];
    assert_eq!(hold(&reader, plain[0].as_bytes(), ""), Said::Plain);
    assert_eq!(hold(&reader, plain[1].as_bytes(), ""), Said::Neither);
    let refused = [
        bare(r#","number":10"#),
        bare(r#","number":-1"#),
        bare(r#","number":1.0"#),
        bare(r#","number":1e0"#),
        bare(r#","number":01"#),
        bare(r#","number":99999999999999999999"#),
        bare(r#","number":1,"number":1"#),
        bare(r#","number":null,"number":1"#),
        bare(r#","number":1,"number":null"#),
        bare(r#","number":null,"number":null"#),
        bare(r#","amount":1.25"#),
        bare(r#","amount":1e1"#),
        bare(r#","amount":999999999999999999999999999999999999999999"#),
        bare(r#","tags":["a","a"]"#),
        bare(r#","tags":["a","\u0061"]"#),
        bare(r#","tags":[null]"#),
        bare(r#","device":{}"#),
        bare(r#","device":[]"#),
        bare(r#","unknown":1"#),
        bare(r#","case":"x""#),
        bare("") + "x",
        bare(r#","number":1,"#),
        bare(r#","seen":"\ud800""#),
        bare(r#","seen":"2026-03-02T10:00:00""#),
        whole("", r#","at":"2026-03-02""#),
        whole("", r#","case":{}"#),
        whole("", r#","more":1"#),
        whole("", r#","at":null,"at":null"#),
        whole(r#""events":[],"#, r#","events":[]"#),
        whole(
            "",
            r#","events":[{"at":"2026-03-02T09:00:00Z","event":"called"}]"#,
        ),
        whole("", r#","events":[{"at":"2026-03-02T10:00:00Z"}]"#),
        whole(
            "",
            r#","events":[{"at":"2026-03-02T10:00:00Z","event":"called","set":{}}]"#,
        ),
        whole(
            "",
            r#","events":[{"at":"2026-03-02T10:00:00Z","set":{"id":"U"}}]"#,
        ),
        whole(
            "",
            r#","events":[{"at":"2026-03-02T10:00:00Z","set":{"device":{}}}]"#,
        ),
        whole("", r#","events":[{"event":"called"}]"#),
        whole("", r#","events":[[]]"#),
        format!("[{}]", bare("")),
        String::new(),
    ];
    for text in refused {
        assert_eq!(hold(&reader, text.as_bytes(), ""), Said::Neither, "{text}");
    }
    let ignoring = Policy::from_sources([
        (
            "caseway.toml",
            format!("{SETTINGS}[input]\nextra_fields = \"ignore\"\n"),
        ),
        (
            "case.policy",
            "case { id: text opened_at: instant }".to_owned(),
        ),
    ]);
    let ignoring = ignoring.unwrap_or_else(|error| panic!("{error}"));
    let twice = [
        (r#","a":{"b":[{"c":1,"d":null}]}"#, Said::Both),
        (r#","a":1,"a":1"#, Said::Neither),
        (r#","a":{"b":[{"c":1,"c":1}]}"#, Said::Neither),
        (r#","a":"\ud800""#, Said::Neither),
        (r#","a":1e400"#, Said::Both),
        (r#","a":NaN"#, Said::Neither),
    ];
    for (fields, wanted) in twice {
        let text = bare(fields);
        assert_eq!(
            hold(&ignoring.reader(), text.as_bytes(), ""),
            wanted,
            "{text}"
        );
        let text = whole("", fields);
        assert_eq!(
            hold(&ignoring.reader(), text.as_bytes(), ""),
            wanted,
            "{text}"
        );
    }
    let deep = |depth: usize| {
        bare(&format!(
            r#","a":{}1{}"#,
            "[".repeat(depth),
            "]".repeat(depth)
        ))
    };
    assert_eq!(
        hold(&ignoring.reader(), deep(20).as_bytes(), ""),
        Said::Both
    );
    assert_eq!(
        hold(&ignoring.reader(), deep(90).as_bytes(), ""),
        Said::Plain
    );
    assert_eq!(
        hold(&ignoring.reader(), deep(200).as_bytes(), ""),
        Said::Neither
    );
}

/// Room is read into again and again: what a case before has given does not show in one that does not give it, nor
/// what a refused one has given up to the mistake, nor does the order of keys count.
#[test]
fn room_keeps_nothing_of_a_case() {
    let policy = policy(
        "kind: one of { fault, bill } optional  users: integer from 0 to 9 default 1  vip: bool optional
         cost: decimal(2) optional  seen: instant optional  tags: set of text default { \"none\" }
         days: set of integer optional  summary: text optional
         home: { city: text  flat: integer optional  doors: { lock: text default \"old\" } optional } optional",
        "events { called }",
    );
    let reader = policy.reader();
    let entries = [
        r#""id":"T""#,
        r#""opened_at":"2026-03-02T10:00:00Z""#,
        r#""kind":"bill""#,
        r#""users":7"#,
        r#""vip":true"#,
        r#""cost":1.25"#,
        r#""seen":"2026-03-02T11:00:00+08:00""#,
        r#""tags":["b","a","c"]"#,
        r#""days":[3,1]"#,
        r#""summary":"a text that is too long to stand in its slot""#,
        r#""home":{"city":"x","flat":3,"doors":{"lock":"new"}}"#,
    ];
    let file = |fields: &[&str]| format!("{{{}}}", fields.join(","));
    let all = file(&entries);
    let around = format!(
        r#"{{"case":{all},"events":[{{"at":"2026-03-02T10:00:00Z","event":"called"}}],"at":"2026-03-03T10:00:00Z"}}"#
    );
    let least = file(&entries[..2]);
    let mut texts = vec![least.clone()];
    let backwards: Vec<&str> = entries.iter().rev().copied().collect();
    texts.extend([file(&backwards), file(&backwards[5..]), file(&backwards)]);
    for left_out in 0..entries.len() {
        let (before, rest) = entries.split_at(left_out);
        let others = [before, &rest[1..]].concat();
        let name = rest[0].split(':').next().expect("a name");
        let null = format!("{name}:null");
        let moved = [&others[..], &rest[..1]].concat();
        let doubled = [&entries[..], &rest[..1]].concat();
        let cleared = [&others[..], &[null.as_str()]].concat();
        let broken = [before, &[r#""kind":1"#]].concat();
        texts.extend([others, moved, doubled, cleared, broken].map(|fields| file(&fields)));
        texts.push(file(&entries[..left_out]));
    }
    for sets in [
        r#"["d"]"#,
        r#"["d","e","f"]"#,
        "[]",
        r#"["f","f"]"#,
        r#"["a","b","c","d","e","f","g","h","i","j"]"#,
    ] {
        texts.push(file(&[
            entries[0],
            entries[1],
            &format!(r#""tags":{sets}"#),
        ]));
        texts.push(least.clone());
    }
    texts.push(around.clone());
    texts.push(r#"{"case":{},"events":[]}"#.to_owned());

    let mut room = CaseRoom::default();
    let (mut good, mut refused) = (0, 0);
    for first in [&all, &around, &least, &texts[1]] {
        for text in &texts {
            let before = reader.read_json_into(first.as_bytes(), &mut room).cloned();
            assert_eq!(
                before.as_ref(),
                reader.read_plainly(first.as_bytes()).as_ref(),
                "{first}"
            );
            let kept = reader.read_json_into(text.as_bytes(), &mut room);
            let plain = reader.read_plainly(text.as_bytes());
            assert_eq!(
                format!("{kept:?}"),
                format!("{:?}", plain.as_ref()),
                "{first}\n{text}"
            );
            if kept.is_ok() {
                good += 1
            } else {
                refused += 1
            }
        }
    }
    assert!(
        good > 100 && refused > 100,
        "{good} good, {refused} refused"
    );

    reader
        .read_json_into(around.as_bytes(), &mut room)
        .expect("a case");
    let kept = reader
        .read_json_into(least.as_bytes(), &mut room)
        .expect("a case");
    let CaseFile { case, events, at } = kept;
    let slot = |path: &str| {
        policy
            .schema()
            .find(path)
            .and_then(|id| case.slots[id.0 as usize].clone())
    };
    for path in [
        "kind",
        "vip",
        "cost",
        "seen",
        "days",
        "summary",
        "home.city",
        "home.flat",
        "home.doors.lock",
    ] {
        assert_eq!(slot(path), None, "{path}");
    }
    assert_eq!(slot("users"), Some(Value::Integer(1)));
    assert_eq!(slot("tags"), Some(Value::set(vec![Value::text("none")])));
    assert_eq!((events.len(), *at), (0, None));
}

/// A set that was taken out of a case before its room is read into again stays as it was.
#[test]
fn a_copy_of_a_case_is_nobody_elses() {
    let policy = policy("tags: set of text  summary: text", "");
    let reader = policy.reader();
    let text = |tags: &str, summary: &str| {
        format!(
            r#"{{"id":"T","opened_at":"2026-03-02T10:00:00Z","tags":{tags},"summary":"{summary}"}}"#
        )
    };
    let texts = [
        text(r#"["a","b"]"#, "one that does not fit into its slot"),
        text(r#"["c","d"]"#, "two that does not fit into its slot"),
        text(r#"["e"]"#, ""),
        text(r#"["g","f"]"#, "x"),
        text(r#"["h"]"#, "x"),
    ];
    let mut room = CaseRoom::default();
    let mut copies = Vec::new();
    for text in texts.iter().chain(&texts) {
        let kept = reader
            .read_json_into(text.as_bytes(), &mut room)
            .expect("a case");
        copies.push(kept.clone());
    }
    for (copy, text) in copies.iter().zip(texts.iter().chain(&texts)) {
        assert_eq!(
            Ok(copy),
            reader.read_plainly(text.as_bytes()).as_ref(),
            "{text}"
        );
    }
}

/// Good files with every byte changed, taken away, doubled or the last: a file that differs from a good one in so
/// little is read alike, or by neither.
#[test]
fn every_byte_of_a_file_counts() {
    let policy = Policy::from_sources([
        (
            "caseway.toml",
            format!("{SETTINGS}[input]\nextra_fields = \"ignore\"\n"),
        ),
        (
            "case.policy",
            "case { id: text  opened_at: instant  kind: one of { fault, bill }  users: integer from -5 to 70000
               vip: bool  cost: decimal(2) optional  big: integer optional  tags: set of text default {}
               born: date optional  daily: time optional  day: weekday optional  wait: duration optional
               days: set of integer default {}  home: { city: text  flat: integer optional } optional
               `a\"b\\c`: bool optional }"
                .to_owned(),
        ),
        (
            "rules.policy",
            // Short texts that conditions ask for are not made anew.
            r#"events { called }  classify known as one of { no, yes } { first match
               rule r1 when id is "CASE-0000001" then yes  rule r2 when tags contains "b" then yes
               rule r3 when tags contains "a and b" then yes  rule r4 when home.city is "上海😀" then yes
               rule r5 when home.city is "x" then yes  rule r6 when tags contains "" then yes
               rule r7 when id is "上" then yes  rule r8 when id is "CASE-0000002" then yes  otherwise no }"#
                .to_owned(),
        ),
    ]);
    let policy = policy.unwrap_or_else(|error| panic!("{error}"));
    let reader = policy.reader();
    let files = [
        r#"{"id":"CASE-0000001","opened_at":"2026-03-02T10:05:00.250+08:00","kind":"fault","users":-3,"vip":true,"cost":12.50,"big":-9223372036854775808,"tags":["b","a and b",""],"born":"2026-03-02","daily":"09:30","day":"mon","wait":"1h30m","days":[10,2,0],"home":{"city":"上海😀","flat":7},"a\"b\\c":false}"#,
        r#" { "case" : {"vip":false,"users":0,"kind":"bill","opened_at":"2026-03-02T10:05:00Z","id":"\u4e0a\ud83d\ude00 \n","cost":"-0.5","big":1234567890123456789,"home":null,"other":[1.5e+9,{"a":null,"b":-0.0},"x"]} , "at" : null,
             "events":[{"at":"2026-03-02T10:05:00Z","event":"called"},{"set":{"users":70000,"home":{"city":"x"},"cost":null},"at":"2026-03-03T00:00:00-05:30"}] }"#,
    ];
    let others = b"{}[]\",:\\u0159-+.eZ n\x1f\xc3";
    for file in files {
        let good = file.as_bytes();
        assert_eq!(hold(&reader, good, ""), Said::Both, "{file}");
        for at in 0..good.len() {
            let (before, rest) = good.split_at(at);
            let after = &rest[1..];
            hold(&reader, before, "cut");
            hold(&reader, &[before, after].concat(), "taken away");
            hold(&reader, &[before, &rest[..1], rest].concat(), "doubled");
            let changed = others.iter().copied().chain([rest[0] ^ 1, rest[0] ^ 0x80]);
            for other in changed {
                hold(&reader, &[before, &[other], after].concat(), "changed");
            }
        }
    }
}

/// Instants are read by their places: the same as [`Instant::parse`], whatever byte is another.
#[test]
fn instants_are_read_as_everywhere() {
    let policy = policy("", "");
    let reader = policy.reader();
    let mut draw = Draw::new(1);
    let (mut good, mut bad) = (0, 0);
    for _ in 0..20_000 {
        let mut text = schemas::instant(&mut draw).into_bytes();
        for _ in 0..draw.below(3) {
            let at = draw.below(text.len());
            text[at] = draw.pick(b"0123456789:-+.TtZz 69");
        }
        let text = String::from_utf8(text).expect("ASCII");
        let json = format!(r#"{{"id":"T","opened_at":"{text}"}}"#);
        let read = reader.read_directly(json.as_bytes());
        let opened = policy.schema().opened_at.0 as usize;
        let read = read.map(|file| file.case.slots[opened].clone());
        let wanted = Instant::parse(&text)
            .ok()
            .map(|at| Some(Value::Instant(at)));
        assert_eq!(read, wanted, "{text}");
        hold(&reader, json.as_bytes(), "");
        if wanted.is_some() {
            good += 1
        } else {
            bad += 1
        }
    }
    assert!(good > 5_000 && bad > 5_000, "{good} good, {bad} bad");
}

/// Instants of decisions are printed as [`Instant::format`] prints them, in every kind of zone and at the ends of
/// time.
#[test]
fn instants_are_printed_as_everywhere() {
    let zones = [
        "Asia/Shanghai",
        "UTC",
        "Europe/London",
        "America/St_Johns",
        "Asia/Kathmandu",
        "Africa/Monrovia",
        "Pacific/Apia",
    ];
    for zone in zones {
        let settings = SETTINGS.replace("Asia/Shanghai", zone);
        let policy = Policy::from_sources([
            ("caseway.toml", settings.as_str()),
            ("case.policy", "case { id: text opened_at: instant }"),
        ]);
        let policy = policy.unwrap_or_else(|error| panic!("{error}"));
        let file = policy.case_from_json(r#"{"id":"T","opened_at":"2026-03-02T10:00:00Z"}"#);
        let file = file.expect("a case");
        let mut draw = Draw::new(3);
        let (first, last) = (Instant::MIN.millis(), Instant::MAX.millis());
        let length = u64::try_from(last - first).expect("later");
        for number in 0..300 {
            let millis = match number {
                0 => first,
                1 => last,
                2 => 0,
                number if number % 3 == 0 => {
                    i64::try_from(draw.next() % 4_000_000_000).expect("few") * 1000
                }
                _ => first + i64::try_from(draw.next() % length).expect("few"),
            };
            let at = Instant::from_millis(millis).expect("in range");
            let decision = serde_json::to_value(policy.decide(&file.case, &file.events, at));
            let decision = decision.expect("a decision prints");
            assert_eq!(decision["at"], at.format(policy.zone()), "{zone} {millis}");
        }
    }
}
