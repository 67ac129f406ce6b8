//! `caseway lint --explain CODE`: the manual page of a code, set for a terminal.

use crate::cli::failure::Failure;
use crate::cli::pen::{Ink, Pen, wrap};
use crate::cli::{language, output};
use crate::diag::nearest;
use crate::lint;
use crate::message::message;

/// Columns of the page.
const COLUMNS: usize = 80;

/// Prints the page of a code.
pub(super) fn print(code: &str) -> Result<(), Failure> {
    let page = lint::explain(code, language::text()).ok_or_else(|| unknown(code))?;
    output::print(&set(page, Pen::for_stdout())).map_err(Failure::from_stdout)
}

fn unknown(code: &str) -> Failure {
    let message = if lint::is_known(code) {
        message!("this version does not check `{code}` yet", code)
    } else if let Some(near) =
        nearest(code, lint::known_codes().chain(lint::codes_elsewhere())).first()
    {
        message!(
            "there is no code `{code}`: did you mean `{near}`?",
            code,
            near
        )
    } else {
        message!(
            "there is no code `{code}`: write it as `caseway lint` shows it",
            code
        )
    };
    Failure::Usage(message)
}

/// A page: its words in lines of 80 columns, its examples set in and as they are.
fn set(page: &str, pen: Pen) -> String {
    let mut text = String::new();
    let mut inside = false;
    for line in page.lines() {
        if let Some(info) = line.strip_prefix("```") {
            inside = !inside;
            if let Some((_, file)) = info.split_once(' ') {
                if !text.ends_with("\n\n") {
                    text.push('\n');
                }
                text.push_str(&pen.paint(Ink::Faint, &format!("    # {file}")));
                text.push('\n');
            }
        } else if inside {
            text.push_str(&format!("    {line}"));
            text.truncate(text.trim_end_matches(' ').len());
            text.push('\n');
        } else if line.starts_with('#') {
            let heading = line.trim_start_matches('#').trim_start();
            text.push_str(&pen.paint(Ink::Strong, heading));
            text.push('\n');
        } else {
            for piece in wrap(line, COLUMNS) {
                text.push_str(&piece);
                text.push('\n');
            }
            if line.is_empty() {
                text.push('\n');
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{COLUMNS, set};
    use crate::cli::pen::Pen;
    use crate::lint;
    use crate::message::Language;
    use unicode_width::UnicodeWidthStr;

    #[test]
    fn pages_fit_on_a_terminal() {
        for code in lint::known_codes() {
            for language in Language::ALL {
                let Some(page) = lint::explain(code, language) else {
                    continue;
                };
                let text = set(page, Pen::plain(true));
                for line in text.lines().filter(|line| !line.starts_with("    ")) {
                    assert!(line.width() <= COLUMNS, "{code}: {line}");
                }
            }
        }
    }
}
