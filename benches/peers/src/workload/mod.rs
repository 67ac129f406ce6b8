//! The work that every engine gets: cases of a telecom service desk, and rules of which the first true one is
//! taken. Both are drawn with fixed seeds and know nothing of any engine, Caseway included.

pub mod cases;
pub mod dice;
pub mod rules;

/// The numbers of rules that the table of decisions has.
pub const SIZES: [usize; 5] = [10, 50, 200, 1_000, 5_000];
/// So many cases are drawn.
pub const CASES: usize = 10_000;

/// The fields that a rule may ask for. A case also has `id` and `opened_at`, of which no rule reads anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Word {
    Kind,
    Channel,
    Line,
    Region,
    Product,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Number {
    Users,
    Waited,
    Amount,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Flag {
    Vip,
    Repeated,
    Outage,
}

pub const KINDS: [&str; 12] = [
    "inquiry",
    "complaint",
    "fault",
    "support",
    "install",
    "relocate",
    "suspend",
    "restore",
    "transfer",
    "billing",
    "retention",
    "other",
];
pub const CHANNELS: [&str; 8] = [
    "phone",
    "email",
    "online",
    "onsite",
    "reception",
    "sms",
    "letter",
    "regulator",
];
pub const LINES: [&str; 7] = [
    "fixed",
    "mobile",
    "broadband",
    "leased_line",
    "iptv",
    "vas",
    "unspecified",
];
pub const REGIONS: usize = 31;
pub const PRODUCTS: usize = 300;
pub const TAGS: [&str; 24] = [
    "press",
    "billing",
    "roaming",
    "contract",
    "refund",
    "outage-area",
    "elderly",
    "campus",
    "enterprise",
    "minor",
    "prepaid",
    "postpaid",
    "5g",
    "fibre",
    "copper",
    "bundle",
    "promo",
    "legal",
    "churn-risk",
    "repeat-visit",
    "vandalism",
    "storm",
    "wholesale",
    "internal",
];
/// What a summary is put together from; rules look for these.
pub const PHRASES: [&str; 32] = [
    "no signal",
    "slow at night",
    "wrong bill",
    "double charge",
    "router reboots",
    "cable cut",
    "no dial tone",
    "sim blocked",
    "port request",
    "late engineer",
    "noise on line",
    "speed below plan",
    "refund not paid",
    "contract ended",
    "number change",
    "roaming charge",
    "set-top box",
    "packet loss",
    "moved house",
    "outage again",
    "cannot log in",
    "voice drops",
    "parental lock",
    "data used up",
    "price rise",
    "lost phone",
    "5g missing",
    "fibre broken",
    "pole fell",
    "water damage",
    "spam calls",
    "early fee",
];
/// The outcomes, lowest first.
pub const LEVELS: [&str; 6] = ["general", "low", "middle", "complex", "major", "critical"];

impl Word {
    pub const ALL: [Word; 5] = [
        Word::Kind,
        Word::Channel,
        Word::Line,
        Word::Region,
        Word::Product,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Word::Kind => "kind",
            Word::Channel => "channel",
            Word::Line => "line",
            Word::Region => "region",
            Word::Product => "product",
        }
    }

    /// How many values it has.
    pub fn count(self) -> usize {
        match self {
            Word::Kind => KINDS.len(),
            Word::Channel => CHANNELS.len(),
            Word::Line => LINES.len(),
            Word::Region => REGIONS,
            Word::Product => PRODUCTS,
        }
    }

    pub fn value(self, number: usize) -> String {
        match self {
            Word::Kind => KINDS[number].to_owned(),
            Word::Channel => CHANNELS[number].to_owned(),
            Word::Line => LINES[number].to_owned(),
            Word::Region => format!("region-{number:02}"),
            Word::Product => format!("plan-{number:03}"),
        }
    }
}

impl Number {
    pub const ALL: [Number; 3] = [Number::Users, Number::Waited, Number::Amount];

    pub fn name(self) -> &'static str {
        match self {
            Number::Users => "affected_users",
            Number::Waited => "waited_hours",
            Number::Amount => "amount",
        }
    }

    /// The greatest value; the least is 0.
    pub fn most(self) -> i64 {
        match self {
            Number::Users => 10_000,
            Number::Waited => 720,
            Number::Amount => 500_000,
        }
    }
}

impl Flag {
    pub const ALL: [Flag; 3] = [Flag::Vip, Flag::Repeated, Flag::Outage];

    pub fn name(self) -> &'static str {
        match self {
            Flag::Vip => "vip",
            Flag::Repeated => "repeated",
            Flag::Outage => "outage",
        }
    }
}
