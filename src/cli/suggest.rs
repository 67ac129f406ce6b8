//! Names that the operator may have meant.

use crate::diag::nearest;

/// `; did you mean `x`?`, or what there is, or nothing.
pub(super) fn hint<'a>(wanted: &str, names: impl Iterator<Item = &'a str> + Clone) -> String {
    if let Some(near) = nearest(wanted, names.clone()).first() {
        return format!(": did you mean `{near}`?");
    }
    let all: Vec<String> = names.take(10).map(|name| format!("`{name}`")).collect();
    if all.is_empty() {
        String::new()
    } else {
        format!(": there are {}", all.join(", "))
    }
}
