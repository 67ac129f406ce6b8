//! Decides one ticket with a policy held in memory: `cargo run --example embed`.

use caseway::{Instant, Policy};

const FILES: [(&str, &str); 2] = [
    (
        "caseway.toml",
        "[policy]\nname = \"hotline\"\nversion = \"2026.1\"\nlanguage = 1\nzone = \"Asia/Shanghai\"",
    ),
    (
        "hotline.policy",
        r#"case { id: text  opened_at: instant  summary: text optional  outage: bool default false }
           role engineer  role desk
           classify severity as one of { normal < critical } {
             first match
             rule outage when outage or summary contains "断网" then critical because "1.6"
             otherwise normal
           }
           route { first match rule critical when severity is critical to engineer otherwise to desk }"#,
    ),
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // `Policy::load("policies/telecom-service")` reads a folder instead.
    let policy = Policy::from_sources(FILES)?;
    let opened = Instant::parse("2026-03-02T10:00:00+08:00")?;
    let ticket = policy.case().field("id", "T1").field("opened_at", opened);
    let ticket = ticket.field("summary", "小区断网两小时").build()?;

    let decision = policy.decide(&ticket.case, &ticket.events, opened);
    if let (Some(severity), Some(route)) = (decision.classification("severity"), decision.route()) {
        println!(
            "{:?} -> {:?}, citing {:?}",
            severity.text, route.role, severity.because
        );
    }
    println!("{}", serde_json::to_string_pretty(&decision)?);
    Ok(())
}
