//! Logs with a row for each thing that happened: forms of known exports, and what is wrong in them.
//!
//! All data is invented; the columns are those of the exports named.

use crate::support::{SETTINGS, findings, policy_with};
use caseway::Policy;
use caseway::config::RowFormat;
use caseway::ingest::{CaseRows, GroupError, Groups, RowCase, RowReader, Rows};
use caseway::model::{FieldId, Type};
use caseway::time::Zone;
use caseway::value::{EventKind, Value};
use std::io::Read;

const FIELDS: &str = r#"summary: text optional
    status: one of { new, working, waiting, solved } default new
    priority: one of { low < high } default low
    resolution: text optional
    customer: { name: text optional  tier: one of { silver, gold } default silver }"#;

const EVENTS: &str = "events { first_response, confirmed }";

fn desk(mapping: &str) -> Policy {
    let settings = format!("{SETTINGS}{mapping}");
    policy_with(FIELDS, EVENTS, &[("caseway.toml", &settings)])
}

/// All cases of a text, and the code and line of an error at its end.
fn read(policy: &Policy, format: RowFormat, input: impl Read) -> (Vec<RowCase>, Option<String>) {
    let mapping = policy.config().mappings.values().next();
    let mut rows = Rows::new(std::io::BufReader::new(input), format);
    let header = match format {
        RowFormat::Csv => rows.next_row().expect("readable"),
        RowFormat::Ndjson => None,
    };
    let reader =
        RowReader::new(policy.reader(), mapping, format, header.as_ref()).expect("a header");
    let mut groups = Groups::new(&mut rows, &reader);
    let mut cases = Vec::new();
    loop {
        match groups.next_case() {
            Ok(Some(rows)) => {
                let case = reader.read_case(&rows);
                assert_eq!(case.line, rows.line());
                cases.push(case);
            }
            Ok(None) => return (cases, None),
            Err(GroupError::Scattered(refusal)) => {
                let line = refusal.line.expect("a line");
                return (cases, Some(format!("{} {line}", refusal.code)));
            }
            Err(GroupError::Reading(error)) => panic!("{error}"),
        }
    }
}

fn shown(policy: &Policy, slot: u32, value: Option<&Value>) -> String {
    let schema = policy.schema();
    let field = schema.field(FieldId(slot)).expect("a field");
    let value = match (value, &field.ty) {
        (None, _) => "missing".to_owned(),
        (Some(Value::Member(member)), Type::Enum(id)) => schema.member(*id, *member).to_owned(),
        (Some(Value::Instant(at)), _) => at.format(Zone::UTC),
        (Some(Value::Text(text)), _) => text.to_string(),
        (Some(other), _) => format!("{other:?}"),
    };
    format!("{}={value}", field.path)
}

/// A case in words: its line, its fields as far as they are there, and what happened.
fn told(policy: &Policy, case: &RowCase) -> Vec<String> {
    let mut lines = vec![case.line.to_string()];
    match &case.case {
        Ok(file) => {
            let fields = file.case.slots.iter().zip(0..);
            let fields: Vec<String> = fields
                .filter(|(value, _)| value.is_some())
                .map(|(value, slot)| shown(policy, slot, value.as_ref()))
                .collect();
            lines.push(fields.join(" "));
            for event in &file.events {
                let what = match &event.kind {
                    EventKind::Happened(event) => policy.schema().events[*event as usize].0.clone(),
                    EventKind::Set(changes) => {
                        let changes = changes.iter();
                        let changes: Vec<String> = changes
                            .map(|(slot, value)| shown(policy, *slot, value.as_ref()))
                            .collect();
                        changes.join(" ")
                    }
                };
                lines.push(format!("{} {what}", event.at.format(Zone::UTC)));
            }
        }
        Err(refusal) => {
            assert_eq!(refusal.line, Some(case.line));
            let id = refusal.case.as_deref().unwrap_or("-");
            lines.push(format!("{id} {}", refusal.code));
            if refusal.fields.is_empty() {
                lines.push(refusal.message.to_string());
            }
            let fields = refusal.fields.iter();
            lines.extend(
                fields.map(|field| format!("{} {} {}", field.path, field.code, field.message)),
            );
        }
    }
    lines
}

fn told_all(policy: &Policy, format: RowFormat, text: &str) -> Vec<Vec<String>> {
    let (cases, error) = read(policy, format, text.as_bytes());
    assert_eq!(error, None);
    cases.iter().map(|case| told(policy, case)).collect()
}

const JIRA: &str = r#"
[mapping.jira]
extra_fields = "ignore"
[mapping.jira.fields]
id = "Key"
summary = "Summary"
opened_at = { column = "Issue created", format = "%Y-%m-%dT%H:%M:%S%.3f%z" }
status = { column = "Status now", values = { "To Do" = "new", "In Progress" = "working", "Done" = "solved" } }
[mapping.jira.log]
key = "Key"
at = { column = "Created", format = "%Y-%m-%dT%H:%M:%S%.3f%z" }
kind = "Field"
unmapped = "ignore"
newest_first = true
[mapping.jira.log.kinds]
status = { set = { status = { column = "To", was = "From", values = { "To Do" = "new", "In Progress" = "working", "Done" = "solved" } } } }
resolution = { set = { resolution = { column = "To", was = "From", empty = "clears" } } }
Comment = "first_response"
"#;

#[test]
fn a_changelog_of_jira_with_the_newest_first() {
    let policy = desk(JIRA);
    // The status of the opening is what the first change changed from, not what it is now. Two changes
    // of one instant stand the wrong way round, too.
    let text = "\
Key,Summary,Issue created,Status now,Author,Created,Field,From,To
D-1,No line,2026-03-02T10:00:00.000+0100,Done,a,2026-03-04T10:00:00.000+0100,status,In Progress,Done
D-1,No line,2026-03-02T10:00:00.000+0100,Done,a,2026-03-03T12:00:00.000+0100,resolution,Fixed,
D-1,No line,2026-03-02T10:00:00.000+0100,Done,a,2026-03-03T12:00:00.000+0100,status,Done,In Progress
D-1,No line,2026-03-02T10:00:00.000+0100,Done,a,2026-03-02T12:00:00.000+0100,resolution,,Fixed
D-1,No line,2026-03-02T10:00:00.000+0100,Done,a,2026-03-02T12:00:00.000+0100,status,In Progress,Done
D-1,No line,2026-03-02T10:00:00.000+0100,Done,a,2026-03-02T12:00:00.000+0100,status,To Do,In Progress
D-1,No line,2026-03-02T10:00:00.000+0100,Done,a,2026-03-02T10:30:00.000+0100,Comment,,
D-2,Idle,2026-03-02T10:00:00.000+0100,In Progress,a,2026-03-02T10:30:00.000+0100,assignee,x,y
";
    let wanted = [
        vec![
            "2",
            "id=D-1 opened_at=2026-03-02T09:00:00Z summary=No line status=new priority=low customer.tier=silver",
            "2026-03-02T09:30:00Z first_response",
            "2026-03-02T11:00:00Z status=working",
            "2026-03-02T11:00:00Z status=solved",
            "2026-03-02T11:00:00Z resolution=Fixed",
            "2026-03-03T11:00:00Z status=working",
            "2026-03-03T11:00:00Z resolution=missing",
            "2026-03-04T09:00:00Z status=solved",
        ],
        vec![
            "9",
            "id=D-2 opened_at=2026-03-02T09:00:00Z summary=Idle status=working priority=low customer.tier=silver",
        ],
    ];
    assert_eq!(told_all(&policy, RowFormat::Csv, text), wanted);
}

const AUDIT: &str = r#"
[mapping.audit]
extra_fields = "ignore"
[mapping.audit.fields]
id = "documentkey"
opened_at = { column = "sys_created_on", format = "%Y-%m-%d %H:%M:%S", zone = "UTC" }
[mapping.audit.log]
key = "documentkey"
at = { column = "sys_created_on", format = "%Y-%m-%d %H:%M:%S", zone = "UTC" }
grouped = false
kind = ["tablename", "fieldname"]
[mapping.audit.log.kinds]
"incident state" = { set = { status = { column = "newvalue", was = "oldvalue", values = { "1" = "new", "2" = "working", "6" = "solved" } } } }
"incident comments" = "first_response"
"incident u_confirmed" = { event = "confirmed", set = { status = "solved" } }
"incident assigned_to" = { ignore = true }
"#;

#[test]
fn an_audit_of_servicenow_whose_rows_do_not_stand_together() {
    let policy = desk(AUDIT);
    let text = "\
tablename,documentkey,fieldname,oldvalue,newvalue,user,sys_created_on
incident,aa,comments,,hello,x,2026-03-02 10:05:00
incident,bb,state,,1,x,2026-03-02 10:01:00
incident,aa,state,,2,x,2026-03-02 10:00:00
incident,,state,1,2,x,2026-03-02 10:06:00
incident,aa,assigned_to,,joe,x,2026-03-02 10:02:00
incident,bb,priority,1,2,x,2026-03-02 10:07:00
incident,bb,state,1,9,x,2026-03-02 10:08:00
incident,aa,u_confirmed,,1,x,2026-03-02 11:00:00
";
    let wanted = [
        vec![
            "2",
            "id=aa opened_at=2026-03-02T10:00:00Z status=new priority=low customer.tier=silver",
            "2026-03-02T10:00:00Z status=working",
            "2026-03-02T10:05:00Z first_response",
            "2026-03-02T11:00:00Z confirmed",
            "2026-03-02T11:00:00Z status=solved",
        ],
        vec![
            "3",
            "bb case-refused",
            "line[7].kind not-a-member line 7: `kind`: the mapping does not say what `incident priority` in column `tablename` and `fieldname` means",
            "line[8].set.status not-a-member line 8: `set.status`: the mapping names no value for `9` in column `newvalue`",
        ],
        vec![
            "5",
            "- case-refused",
            "the row names no case: column `documentkey` is empty",
        ],
    ];
    assert_eq!(told_all(&policy, RowFormat::Csv, text), wanted);
}

const ZENDESK: &str = r#"
[mapping.zendesk]
format = "ndjson"
[mapping.zendesk.fields]
id = "ticket_id"
opened_at = "created_at"
[mapping.zendesk.log]
key = "ticket_id"
at = "created_at"
kind = ["type", "field_name"]
[mapping.zendesk.log.kinds]
"Create status" = { opens = true }
"Create priority" = { set = { priority = { column = "value", values = { "urgent" = "high", "low" = "low" } } } }
"Change status" = { set = { status = { column = "value", was = "previous_value", values = { "new" = "new", "open" = "working", "pending" = "waiting", "solved" = "solved" } } } }
Comment = "first_response"
"#;

#[test]
fn audit_events_of_zendesk_as_ndjson() {
    let policy = desk(ZENDESK);
    let text = r#"{"ticket_id":35436,"created_at":"2026-03-02T10:00:00Z","type":"Create","field_name":"priority","value":"urgent"}
{"ticket_id":35436,"created_at":"2026-03-02T10:00:00Z","type":"Create","field_name":"status","value":"new"}
{"ticket_id":35436,"created_at":"2026-03-02T10:20:00Z","type":"Comment"}
{"ticket_id":35436,"created_at":"2026-03-02T10:20:00Z","type":"Change","field_name":"status","value":"open","previous_value":"new"}
{"ticket_id":"35437","created_at":"2026-03-02T10:00:00Z","type":"Change","field_name":"status","value":"open","previous_value":"new"}
{"ticket_id":35438,"created_at":"2026-03-02T10:00:00Z","type":"Create","field_name":"status","value":"new"}
{"ticket_id":35438,"created_at":"2026-03-02T10:01:00Z","type":"Comment","type":"Change","colour":"red"}
{"ticket_id":35438,"created_at":"2026-03-02T10:03:00Z","type":"Create","field_name":"status","value":"new"}
{"ticket_id":null,"created_at":"2026-03-02T10:03:00Z"}
[]
"#;
    let wanted = [
        vec![
            "1",
            "id=35436 opened_at=2026-03-02T10:00:00Z status=new priority=low customer.tier=silver",
            "2026-03-02T10:00:00Z priority=high",
            "2026-03-02T10:20:00Z first_response",
            "2026-03-02T10:20:00Z status=working",
        ],
        vec![
            "5",
            "35437 case-refused",
            "line[5].kind missing-opening no row opens the case: none is of the kind `Create status` in column `type` and `field_name`",
        ],
        vec![
            "6",
            "35438 case-refused",
            "colour unknown-field line 7: the mapping reads no column `colour`: `extra_fields` may say \"ignore\"",
            "line[8].kind second-opening line 8: a second row opens the case; line 6 opened it",
            "type duplicate-key line 7: `type` is given twice",
        ],
        vec![
            "9",
            "- case-refused",
            "the row names no case: column `ticket_id` is empty",
        ],
        vec!["10", "- bad-json", "a row is one JSON object"],
    ];
    assert_eq!(told_all(&policy, RowFormat::Ndjson, text), wanted);
}

const MINING: &str = r#"
[mapping.mining]
[mapping.mining.fields]
id = "case:concept:name"
opened_at = { column = "time:timestamp", format = "%Y-%m-%d %H:%M:%S%z" }
summary = "case:subject"
[mapping.mining.log]
key = "case:concept:name"
at = { column = "time:timestamp", format = "%Y-%m-%d %H:%M:%S%z" }
kind = ["concept:name", "lifecycle:transition"]
[mapping.mining.log.kinds]
"Registered complete" = { opens = true }
"Answered complete" = "first_response"
"Answered start" = { set = { status = "working" } }
"Solved complete" = { set = { status = "solved" } }
"#;

#[test]
fn a_log_of_process_mining() {
    let policy = desk(MINING);
    let text = "\
case:concept:name,concept:name,lifecycle:transition,time:timestamp,case:subject
c1,Registered,complete,2024-01-02 09:00:00-05:00,slow
c1,Solved,complete,2024-01-02 12:00:00-05:00,slow
c1,Answered,complete,2024-01-02 10:30:00-05:00,slow
c1,Answered,start,2024-01-02 10:00:00-05:00,slow
c2,Answered,start,2024-01-02 08:59:59-05:00,slow
c2,Registered,complete,2024-01-02 09:00:00-05:00,slow
c3,Registred,complete,2024-01-02 09:00:00-05:00,slow
c3,Answered,complete,,slow
";
    let wanted = [
        vec![
            "2",
            "id=c1 opened_at=2024-01-02T14:00:00Z summary=slow status=new priority=low customer.tier=silver",
            "2024-01-02T15:00:00Z status=working",
            "2024-01-02T15:30:00Z first_response",
            "2024-01-02T17:00:00Z status=solved",
        ],
        vec![
            "6",
            "c2 event-before-opened",
            "line 6 at 2024-01-02T21:59:59+08:00 lies before the case was opened at 2024-01-02T22:00:00+08:00",
        ],
        vec![
            "8",
            "c3 case-refused",
            "line[8].kind missing-opening no row opens the case: none is of the kind `Registered complete` in column `concept:name` and `lifecycle:transition`",
            "line[8].kind not-a-member line 8: `kind`: the mapping does not say what `Registred complete` in column `concept:name` and `lifecycle:transition` means (it names `Registered complete`)",
            "line[9].at missing-field line 9: `at`: column `time:timestamp` is empty, so the row has no instant",
        ],
    ];
    assert_eq!(told_all(&policy, RowFormat::Csv, text), wanted);
}

const SNAPSHOTS: &str = r#"
[mapping.snapshots]
extra_fields = "ignore"
[mapping.snapshots.fields]
id = "number"
opened_at = { column = "opened_at", format = "%d/%m/%Y %H:%M", zone = "Europe/London" }
[mapping.snapshots.log]
key = "number"
at = { column = "sys_updated_at", format = "%d/%m/%Y %H:%M", zone = "Europe/London" }
[mapping.snapshots.log.changes]
status = { column = "incident_state", values = { "New" = "new", "Active" = "working", "Resolved" = "solved" } }
"customer.tier" = { column = "tier", empty = "clears" }
"customer.name" = "caller"
[[mapping.snapshots.events]]
at = { column = "resolved_at", format = "%d/%m/%Y %H:%M", zone = "Europe/London" }
event = "confirmed"
"#;

#[test]
fn a_log_of_how_each_case_stood() {
    let policy = desk(SNAPSHOTS);
    let text = "\
number,opened_at,sys_updated_at,incident_state,tier,caller,resolved_at
I1,29/03/2026 00:30,29/03/2026 00:30,New,gold,Li,29/03/2026 03:00
I1,29/03/2026 00:30,29/03/2026 01:30,Active,gold,,29/03/2026 03:00
I1,29/03/2026 00:30,29/03/2026 02:45,Active,,Li,29/03/2026 03:00
I1,29/03/2026 00:30,29/03/2026 02:50,New,gold,Wu,29/03/2026 03:00
I2,29/03/2026 00:30,29/03/2026 00:30,Nwe,gold,Li,
I2,29/03/2026 00:30,29/03/2026 00:40,New,brass,Li,
I3,29/03/2026 00:30,29/03/2026 00:30,New,,Li,
";
    let wanted = [
        vec![
            "2",
            "id=I1 opened_at=2026-03-29T00:30:00Z status=new priority=low customer.name=Li customer.tier=gold",
            // 01:30 does not exist on that day: it is read an hour later, as `zone` says.
            "2026-03-29T01:30:00Z status=working",
            "2026-03-29T01:45:00Z customer.tier=silver",
            "2026-03-29T01:50:00Z status=new customer.name=Wu customer.tier=gold",
            "2026-03-29T02:00:00Z confirmed",
        ],
        vec![
            "6",
            "I2 case-refused",
            "line[7].set.customer.tier not-a-member line 7: `set.customer.tier` has no member `brass`: write one of `silver`, `gold`",
            "status not-a-member line 6: `status`: the mapping names no value for `Nwe` in column `incident_state` (it names `New`)",
        ],
        vec![
            "8",
            "id=I3 opened_at=2026-03-29T00:30:00Z status=new priority=low customer.name=Li customer.tier=silver",
        ],
    ];
    assert_eq!(told_all(&policy, RowFormat::Csv, text), wanted);
}

const SMALL: &str = r#"
[mapping.small]
extra_fields = "ignore"
[mapping.small.fields]
id = "k"
opened_at = "t"
[mapping.small.log]
key = "k"
at = "t"
kind = "a"
[mapping.small.log.kinds]
in = { ignore = true }
answer = "first_response"
"#;

#[test]
fn rows_that_cannot_be_read_refuse_the_case_that_they_stand_in() {
    let policy = desk(SMALL);
    let text = b"k,t,a
,2026-03-02T10:00:00Z,in
A,2026-03-02T10:00:00Z,in
\xff,2026-03-02T10:00:00Z,in
A,2026-03-02 10:00:00,answer
B,2026-03-02T10:00:00Z,in
B,2026-03-02T10:01:00Z,answer,,
C,2026-03-02T10:00:00Z,in
,2026-03-02T10:01:00Z,answer
D,2026-03-02T10:00:00Z,in
D,\"2026-03-02T10:01:00Z,answer
E,2026-03-02T10:00:00Z,in
";
    let (cases, error) = read(&policy, RowFormat::Csv, &text[..]);
    assert_eq!(error, None);
    let found: Vec<Vec<String>> = cases.iter().map(|case| told(&policy, case)).collect();
    let wanted = [
        vec![
            "2",
            "- case-refused",
            "the row names no case: column `k` is empty",
        ],
        vec![
            "3",
            "A case-refused",
            "line[4] unreadable-row line 4: the row is not UTF-8 text: save the file as UTF-8",
            "line[5].at instant-without-offset line 5: `at`: `2026-03-02 10:00:00` in column `t` names no offset from UTC: add it, like `+08:00` or `Z`; or say with `format` in the mapping how it is written",
        ],
        vec![
            "6",
            "B case-refused",
            "line[7] unreadable-row line 7: the row has 5 cells, the header has 3: is a quote or a comma missing?",
        ],
        vec![
            "8",
            "id=C opened_at=2026-03-02T10:00:00Z status=new priority=low customer.tier=silver",
        ],
        vec![
            "9",
            "- case-refused",
            "the row names no case: column `k` is empty",
        ],
        vec![
            "10",
            "id=D opened_at=2026-03-02T10:00:00Z status=new priority=low customer.tier=silver",
        ],
        vec![
            "11",
            "- case-refused",
            "a quote in this row is never closed: the rest of the file lies inside it",
        ],
    ];
    assert_eq!(found, wanted);
}

#[test]
fn nothing_but_a_header() {
    let policy = desk(SMALL);
    assert_eq!(told_all(&policy, RowFormat::Csv, "k,t,a\n"), [[""; 0]; 0]);
    assert_eq!(told_all(&policy, RowFormat::Ndjson, ""), [[""; 0]; 0]);
}

#[test]
fn a_key_that_comes_again_ends_the_reading() {
    let policy = desk(SMALL);
    let row = |key: &str| format!("{key},2026-03-02T10:00:00Z,in\n");
    let text: String = ["k,t,a\n".to_owned()]
        .into_iter()
        .chain(["A", "A", "B", "", "A", "C"].map(row))
        .collect();
    let (cases, error) = read(&policy, RowFormat::Csv, text.as_bytes());
    let lines: Vec<usize> = cases.iter().map(|case| case.line).collect();
    assert_eq!(
        (lines, error),
        (vec![2, 4, 5], Some("not-grouped 6".to_owned()))
    );
}

/// Rows without an end, one key for all.
struct Endless {
    head: usize,
    left: usize,
    row: Vec<u8>,
    tail: &'static [u8],
}

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let mut from = if self.head < HEAD.len() {
            &HEAD[self.head..]
        } else if self.left > 0 {
            self.row.as_slice()
        } else {
            self.tail
        };
        let count = from.read(buffer)?;
        if self.head < HEAD.len() {
            self.head += count;
        } else if self.left > 0 {
            assert_eq!(count, self.row.len(), "the buffer takes whole rows");
            self.left -= 1;
        } else {
            self.tail = &self.tail[count..];
        }
        Ok(count)
    }
}

const HEAD: &[u8] = b"k,t,a\n";

#[test]
fn a_case_that_does_not_end_is_refused_and_the_next_one_decided() {
    let policy = desk(SMALL);
    let tail = b"B,2026-03-02T10:00:00Z,in\n";
    let mut row = vec![b'x'; 7000];
    row.splice(0..0, *b"A,,");
    row.push(b'\n');
    let left = 10_000;
    let input = Endless {
        head: 0,
        left,
        row,
        tail,
    };
    let (cases, error) = read(&policy, RowFormat::Csv, input);
    assert_eq!((cases.len(), error), (2, None));
    let refusal = cases[0].case.as_ref().expect_err("refused");
    assert_eq!((refusal.code, refusal.line), ("case-refused", Some(2)));
    assert_eq!(
        refusal.message,
        "`A` has too many rows: a case of a log may have 1000000 rows and 64 MiB of text"
    );
    assert_eq!((cases[1].line, cases[1].case.is_ok()), (left + 2, true));
}

#[test]
fn many_rows_of_one_case_and_many_cases() {
    let policy = desk(SMALL);
    let mut text = "k,t,a\n".to_owned();
    for row in 0..50_000 {
        let minute = 59 - row % 60;
        text.push_str(&format!("A,2026-03-02T10:{minute:02}:00Z,answer\n"));
    }
    for case in 0..50_000 {
        text.push_str(&format!("B{case},2026-03-02T10:00:00Z,in\n"));
    }
    let (cases, error) = read(&policy, RowFormat::Csv, text.as_bytes());
    assert_eq!((cases.len(), error), (50_001, None));
    let events = &cases[0].case.as_ref().expect("a case").events;
    assert_eq!(events.len(), 50_000);
    assert!(events.windows(2).all(|pair| pair[0].at <= pair[1].at));
}

#[test]
fn groups_are_plain_data() {
    let policy = desk(SMALL);
    let mapping = &policy.config().mappings["small"];
    let text = b"k,t,a\nA,2026-03-02T10:00:00Z,in\nA,2026-03-02T10:01:00Z,answer\n";
    let mut rows = Rows::new(&text[..], RowFormat::Csv);
    let header = rows.next_row().expect("readable");
    let reader = RowReader::new(
        policy.reader(),
        Some(mapping),
        RowFormat::Csv,
        header.as_ref(),
    )
    .expect("a header");
    let mut groups = Groups::new(&mut rows, &reader);
    let Ok(Some(CaseRows::Log(case))) = groups.next_case() else {
        panic!("the rows of a case")
    };
    assert_eq!((case.key.as_str(), case.rows.len()), ("A", 2));
    assert!(groups.next_case().expect("readable").is_none());
    assert_eq!(groups.rows(), 2);
}

/// The good mapping, and its bad twins with the code of each.
#[test]
fn logs_are_held_against_the_form_and_the_case() {
    let case = format!("case {{ id: text opened_at: instant {FIELDS} }} {EVENTS}");
    let check = |log: &str| {
        let text = format!(
            "{SETTINGS}[mapping.m.fields]\nid = \"k\"\nopened_at = \"t\"\n[mapping.m.log]\n{log}"
        );
        let files = [
            ("caseway.toml", text.as_str()),
            ("case.policy", case.as_str()),
        ];
        let found = findings(&files).into_iter();
        found
            .map(|(code, message)| format!("{code}: {message}"))
            .collect::<Vec<_>>()
    };
    let head = "key = \"k\"\nat = \"t\"\n";
    assert_eq!(
        check(&format!(
            "{head}kind = \"a\"\nkinds = {{ x = \"confirmed\" }}\n"
        )),
        [""; 0]
    );
    let twins: &[(&str, &str)] = &[
        ("", "bad-value: the log does not say what happened"),
        (
            "kind = \"a\"\n",
            "missing-key: `[mapping.m.log]` needs `kinds`",
        ),
        (
            "kinds = { x = \"confirmed\" }\n",
            "missing-key: `[mapping.m.log]` needs `kind`",
        ),
        (
            "changes = { status = \"s\" }\nunmapped = \"ignore\"\n",
            "bad-value: `unmapped` says nothing without `kind`",
        ),
        (
            "kind = \"a\"\nkinds = { x = \"confirmd\" }\n",
            "unknown-event: there is no event `confirmd`",
        ),
        (
            "kind = \"a\"\nkinds = { x = { set = { statu = \"new\" } } }\n",
            "unknown-field: the case has no field `statu`",
        ),
        (
            "kind = \"a\"\nkinds = { x = { set = { id = \"new\" } } }\n",
            "field-not-settable: `id` stays as it is for the whole life of a case",
        ),
        (
            "kind = \"a\"\nkinds = { x = {} }\n",
            "bad-value: the kind does not say what it means",
        ),
        (
            "kind = \"a\"\nkinds = { x = { ignore = true, opens = true } }\n",
            "bad-value: a kind that is passed over says nothing else",
        ),
        (
            "kind = \"a\"\nkinds = { x = 1 }\n",
            "bad-value: the kind `x` does not say what it means",
        ),
        (
            "kind = \"a\"\nkinds = { x = { opens = \"yes\" } }\n",
            "bad-value: `opens` wants `true` or `false`",
        ),
        (
            "changes = { status = { value = \"new\" } }\n",
            "bad-value: `status` under `changes` names no column",
        ),
        (
            "changes = { id = \"k\" }\n",
            "bad-value: `id` stands under `fields` and under `changes`",
        ),
        (
            "changes = { status = { column = \"s\", was = \"o\" } }\n",
            "bad-value: `was` says nothing here",
        ),
        (
            "changes = { status = \"s\" }\ngrouped = \"no\"\n",
            "bad-value: `grouped` wants `true` or `false`",
        ),
        (
            "changes = { status = \"s\" }\nkinds_of = 1\n",
            "unknown-key: `[mapping.m.log]` has no key `kinds_of`",
        ),
        (
            "changes = { status = { column = \"s\", empty = \"clear\" } }\n",
            "bad-value: `clear` is no value of `empty`",
        ),
    ];
    for (log, wanted) in twins {
        let found = check(&format!("{head}{log}"));
        assert!(
            found.iter().any(|finding| finding == wanted),
            "{log}: {found:?}"
        );
    }
    let no_key = check("changes = { status = \"s\" }\n");
    assert!(no_key.contains(&"missing-key: `[mapping.m.log]` needs `key`".to_owned()));
    assert!(no_key.contains(&"missing-key: `[mapping.m.log]` needs `at`".to_owned()));
}

/// The first example of the manual does what the manual says.
#[test]
fn the_example_of_the_manual() {
    let page = include_str!("../../docs/caseway-toml.md");
    let block = |opening: &str| {
        let mut blocks = page.split("\n```").filter_map(|text| text.split_once('\n'));
        let found = blocks.find(|(_, text)| text.starts_with(opening));
        found.expect("the example stands there").1.to_owned() + "\n"
    };
    let fields = "status: one of { new, resolved } default resolved";
    let settings = format!("{SETTINGS}{}", block("[mapping.trail.fields]"));
    let policy = policy_with(fields, EVENTS, &[("caseway.toml", &settings)]);
    let wanted = [
        vec![
            "2",
            "id=T1 opened_at=2026-03-02T02:00:00Z status=new",
            "2026-03-02T02:20:00Z first_response",
            "2026-03-02T03:00:00Z status=resolved",
        ],
        vec!["5", "id=T2 opened_at=2026-03-02T02:05:00Z status=resolved"],
    ];
    let rows = block("Ticket,When,Action");
    assert_eq!(told_all(&policy, RowFormat::Csv, &rows), wanted);
}

/// The other examples are mappings without a mistake, given the fields that they do not show.
#[test]
fn all_mappings_of_the_manual_can_be_read() {
    let page = include_str!("../../docs/caseway-toml.md");
    let case = "case { id: text opened_at: instant summary: text optional outcome: text optional
        status: one of { new, resolved, closed } default new
        kind: one of { complaint } optional  channel: one of { phone, online } optional
        customer: { id: text optional } }
        events { first_response }";
    let mut read = 0;
    for text in page.split("\n```toml\n").skip(1) {
        let text = text.split("\n```").next().unwrap_or("");
        if !text.starts_with("[mapping.") {
            continue;
        }
        let name = text
            .trim_start_matches("[mapping.")
            .split(['.', ']'])
            .next()
            .unwrap_or("");
        let fields = if text.contains(".fields]") {
            String::new()
        } else {
            format!("[mapping.{name}.fields]\nid = \"I\"\nopened_at = \"O\"\n")
        };
        let settings = format!("{SETTINGS}{fields}{text}\n");
        let files = [("caseway.toml", settings.as_str()), ("case.policy", case)];
        assert_eq!(findings(&files), [], "{text}");
        read += 1;
    }
    assert_eq!(read, 6);
}
