//! Findings as workflow commands, which GitHub shows beside the lines of a pull request.
//!
//! Form and escapes: GitHub Docs, "Workflow commands for GitHub Actions".

use crate::cli::output::path_of;
use crate::cli::{findings, language};
use crate::driver::{self, Checked};
use std::path::Path;

/// One line for each finding.
pub(super) fn text(checked: &Checked, folder: &Path) -> String {
    let report = driver::lint_report(checked);
    let mut text = String::new();
    for finding in &report.findings {
        let command = match finding.level {
            "error" => "error",
            _ => "warning",
        };
        let mut message = match &finding.help {
            Some(help) => format!("{}\nhelp: {help}", finding.message),
            None => finding.message.clone(),
        };
        let rows = findings::rows(finding.rows, language::json());
        message.push_str(format!("\n{rows}").trim_end());
        let mut places = format!(
            "file={},line={},endLine={}",
            property(&path_of(folder, finding.file)),
            finding.start.line,
            finding.end.line
        );
        // Columns over several lines are refused.
        if finding.start.line == finding.end.line {
            places.push_str(&format!(
                ",col={},endColumn={}",
                finding.start.column, finding.end.column
            ));
        }
        text.push_str(&format!(
            "::{command} {places},title={}::{}\n",
            property(finding.code),
            data(&message)
        ));
    }
    text
}

fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::{data, property};

    #[test]
    fn signs_with_a_meaning_are_escaped() {
        assert_eq!(data("50%: a,\r\nb"), "50%25: a,%0D%0Ab");
        assert_eq!(property("C:/a,b%"), "C%3A/a%2Cb%25");
    }
}
