//! Numbers and tables for people.

/// The median of what was measured.
pub fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(f64::NAN)
}

/// A figure with three digits that say something, in groups of three: `41`, `1,397`, `12,200,000`.
pub fn figure(value: f64) -> String {
    if value < 9.95 {
        return format!("{value:.1}");
    }
    let digits = value.log10().floor() as i32 + 1;
    let step = 10f64.powi((digits - 3).max(0));
    grouped(((value / step).round() * step) as u64)
}

/// A whole number in groups of three.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut shown = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

/// A line of a table.
pub fn line(cells: impl IntoIterator<Item = String>) -> String {
    let cells: Vec<String> = cells.into_iter().collect();
    format!("| {} |", cells.join(" | "))
}

/// The head of a table whose columns after the first hold numbers.
pub fn head(titles: impl IntoIterator<Item = String>) -> String {
    let titles: Vec<String> = titles.into_iter().collect();
    format!(
        "{}\n|---{}|",
        line(titles.clone()),
        "|--:".repeat(titles.len() - 1)
    )
}
