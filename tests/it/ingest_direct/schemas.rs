//! Random schemas, and the numbers that everything here is drawn from.

/// Random numbers that are the same for the same seed.
pub struct Draw(u64);

impl Draw {
    pub fn new(seed: u64) -> Draw {
        Draw(seed ^ 0x9e37_79b9_7f4a_7c15)
    }

    /// The next number (SplitMix64).
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, count: usize) -> usize {
        usize::try_from(self.next() >> 33).expect("31 bits") % count
    }

    pub fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    pub fn pick<T: Clone>(&mut self, among: &[T]) -> T {
        among[self.below(among.len())].clone()
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.below(at + 1));
        }
    }

    /// The text with a few bytes changed, taken away or added.
    pub fn damage(&mut self, mut text: Vec<u8>) -> Vec<u8> {
        for _ in 0..1 + self.below(3) {
            let at = self.below(text.len().max(1));
            match self.below(5) {
                0 => text.truncate(at),
                1 if at < text.len() => {
                    text.remove(at);
                }
                2 if at < text.len() => {
                    text[at] = self.pick(b"{}[]\",:\\u0019-+.eEn\x00\x1f\xff\xc3 \n")
                }
                3 => text.insert(at, self.pick(b"{}[]\",:\\u0019-+.eEn\x00\x1f\xff\xc3 \n")),
                _ => {
                    let end = (at + self.below(12)).min(text.len());
                    let part = text[at.min(end)..end].to_vec();
                    let to = self.below(text.len() + 1);
                    text.splice(to..to, part);
                }
            }
        }
        text
    }
}

/// An instant in one of the spellings that are allowed.
pub fn instant(draw: &mut Draw) -> String {
    let year = draw.pick(&["2026", "2026", "2024", "0000", "9999", "1900"]);
    let (month, day) = (1 + draw.below(12), 1 + draw.below(28));
    let middle = draw.pick(&["T", "T", "T", "t"]);
    let (hour, minute, second) = (draw.below(24), draw.below(60), draw.below(60));
    let part = draw.pick(&["", "", "", ".5", ".25", ".123", ".000", ".120000"]);
    let offset = draw.pick(&[
        "Z", "Z", "z", "+08:00", "+08:00", "-05:30", "-00:00", "+00:00", "+23:59", "-14:00",
    ]);
    format!("{year}-{month:02}-{day:02}{middle}{hour:02}:{minute:02}:{second:02}{part}{offset}")
}

/// The case of a policy and its events, in the language.
pub fn schema(draw: &mut Draw) -> (String, String) {
    let mut names = 0;
    let fields = entries(draw, 0, &mut names);
    let case = format!("case {{\n  id: text\n  opened_at: instant\n{fields}}}\n");
    let events = draw.pick(&[
        "",
        "events { called }",
        "events { called, answered, `left 1` }",
    ]);
    (case, events.to_owned())
}

/// Names that a file writes in its own ways.
const NAMES: [&str; 8] = [
    "n",
    "城市",
    "a_longer_name_for_a_field",
    "`at`",
    "`events`",
    "`two words`",
    "id2",
    "x",
];

fn entries(draw: &mut Draw, depth: usize, names: &mut usize) -> String {
    let mut text = String::new();
    let mut own: Vec<&str> = NAMES.to_vec();
    draw.shuffle(&mut own);
    for base in own.into_iter().take(1 + draw.below(6)) {
        *names += 1;
        let name = match base.strip_suffix('`') {
            Some(quoted) if draw.one_in(2) => format!("{quoted}{names}`"),
            Some(_) => base.to_owned(),
            None => format!("{base}{names}"),
        };
        if depth < 3 && draw.one_in(5) {
            let inner = entries(draw, depth + 1, names);
            let optional = draw.pick(&["", "optional"]);
            text.push_str(&format!("  {name}: {{\n{inner}  }} {optional}\n"));
        } else {
            let ty = draw.pick(&TYPES);
            let (ty, default) = ty;
            let presence = match draw.below(3) {
                0 => "",
                1 => "optional",
                _ => default,
            };
            text.push_str(&format!("  {name}: {ty} {presence}\n"));
        }
    }
    text
}

/// Types with their bounds, each with a default.
const TYPES: [(&str, &str); 23] = [
    ("bool", "default false"),
    ("integer", "default 7"),
    ("integer from 0 to 20", "default 3"),
    ("integer from -5", "default -5"),
    ("decimal(0)", "optional"),
    ("decimal(2) from 0 to 1000", "default 12.50"),
    ("decimal(18)", "optional"),
    ("text", "default \"-\""),
    ("text", "optional"),
    ("instant", "optional"),
    ("date", "optional"),
    ("time", "default 09:30"),
    ("weekday", "default mon"),
    ("duration", "default 2h"),
    ("duration from 1m to 24h", "optional"),
    ("one of { low, middle, high }", "default low"),
    ("one of { low < middle < high }", "optional"),
    ("set of text", "default {}"),
    (
        "set of one of { ticket, process, letter, 投诉 }",
        "default {}",
    ),
    ("set of integer from 1 to 9", "default { 1, 2 }"),
    ("set of decimal(2)", "default {}"),
    ("set of date", "optional"),
    ("set of weekday", "default { mon }"),
];
