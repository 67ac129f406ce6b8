//! Types of values, enums with their members, and the schema of a case.

use crate::source::Span;
use crate::value::Value;

/// Names an [`EnumType`] of a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EnumId(pub u32);

/// Names a [`Field`] of a schema.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldId(pub u32);

/// The type of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// `bool`
    Bool,
    /// `integer`
    Integer,
    /// `decimal(n)`: digits after the point.
    Decimal(u8),
    /// `text`
    Text,
    /// `instant`
    Instant,
    /// `date`
    Date,
    /// `time`
    Time,
    /// `weekday`
    Weekday,
    /// `duration`
    Duration,
    /// `one of { … }`
    Enum(EnumId),
    /// `set of T`
    Set(Box<Type>),
    /// A clock's target, in guarantees and expectations only.
    Target,
}

/// Inclusive bounds; the values are of the bounded type (for a set: of its elements).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bounds {
    /// The least value.
    pub from: Option<Value>,
    /// The greatest value.
    pub to: Option<Value>,
}

/// An enum.
#[derive(Clone, Debug)]
pub struct EnumType {
    /// Its name when it was declared by `type NAME = one of …` or is built in.
    pub name: Option<String>,
    /// Whether `<` stands between its members.
    pub ordered: bool,
    /// Members in declared order, lowest first when ordered.
    pub members: Vec<Member>,
}

/// A member of an enum.
#[derive(Clone, Debug)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// What people call it.
    pub label: Option<String>,
    /// Where it is declared.
    pub span: Span,
}

/// Whether a field may be absent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Presence {
    /// A case without it is refused.
    Required,
    /// It may be missing.
    Optional,
    /// It has this value when absent.
    Default(Value),
}

/// A field that holds a value; fields of nested records have dotted paths.
#[derive(Clone, Debug)]
pub struct Field {
    /// The path, such as `customer.tier`.
    pub path: String,
    /// What people call it.
    pub label: Option<String>,
    /// Its type.
    pub ty: Type,
    /// Its bounds.
    pub bounds: Bounds,
    /// Whether it may be absent.
    pub presence: Presence,
    /// The innermost optional record that it lies in: while that record is absent the field is
    /// missing, whatever its presence.
    pub inside_optional: Option<RecordId>,
    /// Where its name is declared.
    pub span: Span,
}

/// Names a [`Record`] of a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordId(pub u32);

/// The case itself (always record 0) or a record nested in it.
#[derive(Clone, Debug)]
pub struct Record {
    /// The path; empty for the case itself.
    pub path: String,
    /// What people call it.
    pub label: Option<String>,
    /// Whether the whole record may be absent.
    pub optional: bool,
    /// The record it lies in; none for the case itself.
    pub parent: Option<RecordId>,
    /// Its entries in declared order: last part of the path, and what it is.
    pub entries: Vec<(String, Entry)>,
}

/// What a name inside a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A value.
    Field(FieldId),
    /// A nested record.
    Record(RecordId),
}

/// The case as a policy declares it.
#[derive(Clone, Debug, Default)]
pub struct Schema {
    /// All fields that hold values, in declared order, nested ones where they stand.
    pub fields: Vec<Field>,
    /// The case (first) and its nested records.
    pub records: Vec<Record>,
    /// All enums of the policy, built-in ones included.
    pub enums: Vec<EnumType>,
    /// Declared events in declared order: name and label.
    pub events: Vec<(String, Option<String>)>,
    /// The required field `id`.
    pub id: FieldId,
    /// The required field `opened_at`.
    pub opened_at: FieldId,
}

impl Schema {
    /// The field, if it is one of this schema.
    pub fn field(&self, id: FieldId) -> Option<&Field> {
        self.fields.get(id.0 as usize)
    }

    /// The enum, if it is one of this schema.
    pub fn enumeration(&self, id: EnumId) -> Option<&EnumType> {
        self.enums.get(id.0 as usize)
    }

    /// The record, if it is one of this schema.
    pub fn record(&self, id: RecordId) -> Option<&Record> {
        self.records.get(id.0 as usize)
    }

    /// The field of a dotted path. Takes time linear in the number of fields.
    pub fn find(&self, path: &str) -> Option<FieldId> {
        let at = self.fields.iter().position(|field| field.path == path)?;
        u32::try_from(at).ok().map(FieldId)
    }

    /// The name of an enum's member; empty when there is none.
    pub fn member(&self, id: EnumId, member: u32) -> &str {
        self.enumeration(id)
            .and_then(|ty| ty.members.get(member as usize))
            .map_or("", |member| member.name.as_str())
    }
}
