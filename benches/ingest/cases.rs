//! A desk and the lines of cases that reach it: about 340 bytes each, thirteen fields, three tags, a short text.

use caseway::{Policy, value::CaseFile};

const SETTINGS: &str =
    "[policy]\nname = \"desk\"\nversion = \"1\"\nlanguage = 1\nzone = \"Asia/Shanghai\"\n";

const DESK: &str = r#"
case {
  id: text
  opened_at: instant
  kind: one of { inquiry, complaint, request, support, fault, other }
  channel: one of { phone, email, online, onsite, sms, letter, regulator }
  service_line: one of { broadband, mobile, leased_line, tv, other } default other
  outage: bool default false
  urban: bool optional
  affected_users: integer from 0 default 0
  contacts: integer from 0 default 0
  disputed_amount: decimal(2) from 0 default 0
  region: text
  tags: set of text default {}
  summary: text
}
role manager  role engineer  role desk  queue noc  queue billing
events { first_response, confirmed }
calendar business { open mon to fri 09:00-12:00, 13:00-18:00 }
clock respond { stop on first_response }
clock resolve { stop on confirmed }
classify severity as one of { general < major < critical } {
  first match
  rule widespread when outage and affected_users >= 100 then critical because "1.6"
  rule legal when tags contains "lawsuit" then major because "2.1"
  rule disputed when disputed_amount > 1000 then major because "2.4"
  otherwise general
}
classify topics as set of one of { billing, coverage, quality } {
  collect
  rule bills when disputed_amount > 0 then billing because "3.1"
  rule signal when service_line is mobile then coverage because "3.2"
  rule loss when kind is fault then quality because "3.3"
}
route {
  first match
  rule urgent when severity is critical to engineer in queue noc because "1.6"
  rule money when topics contains billing to desk in queue billing with manager because "3.1"
  otherwise to desk
}
sla {
  tier urgent when severity is critical { respond 15m resolve 4h warn at 50% of resolve escalate to manager 30m before due of resolve because "1.6" }
  otherwise tier general { respond 1h of business resolve 16h of business warn at 80% of resolve because "1.5" }
}
record ticket
retain ticket { from opened_at keep at least 3 years because "5.1" then destroy because "5.2" }
"#;

/// The desk's policy.
pub fn desk() -> Policy {
    let policy = Policy::from_sources([("caseway.toml", SETTINGS), ("desk.policy", DESK)]);
    policy.unwrap_or_else(|error| panic!("{error}"))
}

/// How many cases there are: as many as keep one from being learnt by heart.
pub const CASES: usize = 1_000;

const KINDS: [&str; 6] = [
    "inquiry",
    "complaint",
    "request",
    "support",
    "fault",
    "other",
];
const CHANNELS: [&str; 5] = ["phone", "email", "online", "sms", "regulator"];
const LINES: [&str; 5] = ["broadband", "mobile", "leased_line", "tv", "other"];
const REGIONS: [&str; 4] = ["haidian", "chaoyang", "pudong", "tianhe"];
const TAGS: [&str; 8] = [
    "vip", "repeat", "night", "billing", "router", "lawsuit", "rural", "elderly",
];
const TEXTS: [&str; 4] = [
    "no connection since the storm last night, router restarted twice",
    "charged twice for the same month and nobody called me back",
    "asks to move the line to a new flat before the end of the month",
    "宽带从昨晚开始无法上网,已重启光猫",
];

/// The lines, in no order that repeats soon.
pub fn lines() -> Vec<String> {
    let mut seed: usize = 1;
    let mut draw = move |count: usize| {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % count
    };
    let line = |number: usize| {
        let (day, hour, minute) = (1 + draw(28), draw(24), draw(60));
        let (kind, channel, line) = (KINDS[draw(6)], CHANNELS[draw(5)], LINES[draw(5)]);
        let (outage, urban, users, contacts) = (draw(4) == 0, draw(3) > 0, draw(500), draw(9));
        let (whole, cents, region, text) =
            (draw(2000), draw(100), REGIONS[draw(4)], TEXTS[draw(4)]);
        let (first, step) = (draw(8), 1 + draw(3));
        let [a, b, c] = [0, 1, 2].map(|at| TAGS[(first + at * step) % TAGS.len()]);
        format!(
            "{{\"id\":\"T-{number:06}\",\"opened_at\":\"2026-03-{day:02}T{hour:02}:{minute:02}:00+08:00\",\
             \"kind\":\"{kind}\",\"channel\":\"{channel}\",\"service_line\":\"{line}\",\"outage\":{outage},\
             \"urban\":{urban},\"affected_users\":{users},\"contacts\":{contacts},\
             \"disputed_amount\":\"{whole}.{cents:02}\",\"region\":\"{region}\",\
             \"tags\":[\"{a}\",\"{b}\",\"{c}\"],\"summary\":\"{text}\"}}"
        )
    };
    (0..CASES).map(line).collect()
}

/// The same cases, each with four events and the instant to decide for.
pub fn files(lines: &[String]) -> Vec<String> {
    let file = |case: &String| {
        format!(
            "{{\"case\":{case},\"events\":[{{\"at\":\"2026-04-01T09:00:00+08:00\",\"event\":\"first_response\"}},\
             {{\"at\":\"2026-04-01T10:00:00+08:00\",\"set\":{{\"outage\":true,\"affected_users\":300}}}},\
             {{\"at\":\"2026-04-02T10:00:00+08:00\",\"set\":{{\"outage\":false}}}},\
             {{\"at\":\"2026-04-02T11:30:00+08:00\",\"event\":\"confirmed\"}}],\
             \"at\":\"2026-04-03T12:00:00+08:00\"}}"
        )
    };
    lines.iter().map(file).collect()
}

/// A policy with its cases, as lines and as files.
pub struct Desk {
    pub policy: Policy,
    pub lines: Vec<String>,
    pub files: Vec<String>,
}

impl Desk {
    pub fn new() -> Desk {
        let lines = lines();
        Desk {
            policy: desk(),
            files: files(&lines),
            lines,
        }
    }

    /// Reads a case the quick way.
    pub fn directly(&self, text: &str) -> CaseFile {
        let reader = self.policy.reader();
        reader
            .read_directly(text.as_bytes())
            .expect("plainly right")
    }

    /// Reads a case the other way.
    pub fn plainly(&self, text: &str) -> CaseFile {
        let reader = self.policy.reader();
        reader.read_plainly(text.as_bytes()).expect("a case")
    }
}
