//! JSON in the order in which it is written, and the words of JSON Schema that are used here.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

/// A JSON value; the keys of an object keep their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Node {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A whole number.
    Integer(i128),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// An object.
    Object(Vec<(String, Node)>),
}

impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Node::Null => serializer.serialize_none(),
            Node::Bool(value) => serializer.serialize_bool(*value),
            Node::Integer(value) => match i64::try_from(*value) {
                Ok(value) => serializer.serialize_i64(value),
                Err(_) => serializer.serialize_i128(*value),
            },
            Node::Text(text) => serializer.serialize_str(text),
            Node::List(items) => serializer.collect_seq(items),
            Node::Object(entries) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                for (key, value) in entries {
                    map.serialize_entry(key, value)?;
                }
                map.end()
            }
        }
    }
}

impl From<&str> for Node {
    fn from(text: &str) -> Node {
        Node::Text(text.to_owned())
    }
}

impl From<String> for Node {
    fn from(text: String) -> Node {
        Node::Text(text)
    }
}

impl Node {
    /// An object with these entries.
    pub(super) fn of<K: Into<String>>(entries: impl IntoIterator<Item = (K, Node)>) -> Node {
        let entries = entries.into_iter();
        Node::Object(entries.map(|(key, value)| (key.into(), value)).collect())
    }

    /// A list of texts.
    pub(super) fn texts<T: Into<String>>(texts: impl IntoIterator<Item = T>) -> Node {
        let texts = texts.into_iter();
        Node::List(texts.map(|text| Node::Text(text.into())).collect())
    }

    /// The object with one more entry; of anything else, itself.
    pub(super) fn with(mut self, key: &str, value: impl Into<Node>) -> Node {
        if let Node::Object(entries) = &mut self {
            entries.push((key.to_owned(), value.into()));
        }
        self
    }

    /// The same, when there is a value.
    pub(super) fn with_some(self, key: &str, value: Option<impl Into<Node>>) -> Node {
        match value {
            Some(value) => self.with(key, value),
            None => self,
        }
    }
}

/// `{"type": …}`
pub(super) fn kind(word: &str) -> Node {
    Node::of([("type", Node::from(word))])
}

/// Any text.
pub(super) fn text() -> Node {
    kind("string")
}

/// A text of this form.
pub(super) fn form(pattern: &str) -> Node {
    text().with("pattern", pattern)
}

/// A whole number.
pub(super) fn integer() -> Node {
    kind("integer").with("format", "int64")
}

/// One of these words; any text when there are none, since an `enum` has a member at least.
pub(super) fn words<T: Into<String>>(words: impl IntoIterator<Item = T>) -> Node {
    match Node::texts(words) {
        Node::List(words) if words.is_empty() => text(),
        words => text().with("enum", words),
    }
}

/// A list of such values.
pub(super) fn list(items: Node) -> Node {
    kind("array").with("items", items)
}

/// A reference to one of the `$defs`.
pub(super) fn reference(name: &str) -> Node {
    Node::of([("$ref", Node::Text(pointer(name)))])
}

/// The pointer to one of the `$defs`, as a fragment of a URI (RFC 6901, 6).
fn pointer(name: &str) -> String {
    let escaped = name.replace('~', "~0").replace('/', "~1");
    format!("#/$defs/{}", encoded(&escaped, FRAGMENT))
}

/// A text as one part of a URN between colons.
pub(super) fn uri_part(text: &str) -> String {
    encoded(text, PART)
}

fn encoded(text: &str, plain: &'static AsciiSet) -> String {
    utf8_percent_encode(text, plain).to_string()
}

/// All but what stands for itself everywhere in a URI (RFC 3986, 2.3).
const PART: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');
/// The same in a fragment, where colons do so too.
const FRAGMENT: &AsciiSet = &PART.remove(b':');

/// The value or `null`.
pub(super) fn nullable(node: Node) -> Node {
    let Node::Object(entries) = &node else {
        return node;
    };
    let plain = entries
        .iter()
        .any(|(key, value)| key == "type" && matches!(value, Node::Text(_)));
    if !plain {
        return Node::of([("anyOf", Node::List(vec![node, kind("null")]))]);
    }
    Node::of(entries.iter().map(|(key, value)| {
        let value = match (key.as_str(), value) {
            ("type", Node::Text(word)) => Node::texts([word.as_str(), "null"]),
            ("enum", Node::List(words)) => {
                Node::List(words.iter().cloned().chain([Node::Null]).collect())
            }
            (_, value) => value.clone(),
        };
        (key.clone(), value)
    }))
}

/// An object with these entries, all of them required. Others may come with later versions.
pub(super) fn object<K: Into<String>>(entries: impl IntoIterator<Item = (K, Node)>) -> Node {
    let entries: Vec<(String, Node)> = entries
        .into_iter()
        .map(|(key, value)| (key.into(), value))
        .collect();
    let names = Node::texts(entries.iter().map(|(key, _)| key.as_str()));
    kind("object")
        .with("properties", Node::Object(entries))
        .with("required", names)
}

/// An object with any names and such values.
pub(super) fn map(values: Node) -> Node {
    kind("object").with("additionalProperties", values)
}
