//! Names that the operator may have meant.

use crate::diag::nearest;
use crate::message::{Message, message};

/// `; did you mean `x`?`, or what there is, or nothing.
pub(super) fn hint<'a>(wanted: &str, names: impl Iterator<Item = &'a str> + Clone) -> Message {
    if let Some(near) = nearest(wanted, names.clone()).first() {
        return message!(": did you mean `{near}`?", near);
    }
    let all: Vec<String> = names.take(10).map(|name| format!("`{name}`")).collect();
    if all.is_empty() {
        Message::verbatim("")
    } else {
        message!(": there are {names}", names = all.join(", "))
    }
}
