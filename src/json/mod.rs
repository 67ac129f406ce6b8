//! What is printed as JSON, straight into bytes.
//!
//! Ground floor. Gives the same bytes as `serde_json`, in less time: texts are looked at eight bytes at a time,
//! and most need no escape. Floats, and texts that need one, are left to `serde_json` itself.

mod compound;
mod text;

use serde::ser::{self, Error as _, Serialize};
use std::fmt::{self, Display, Write};

/// Prints a value as JSON behind what some bytes hold already.
///
/// # Errors
/// [`JsonError`] where the value says that it can't be printed, or has keys that are no texts; the bytes are then as they
/// were.
pub fn append(out: &mut Vec<u8>, value: &(impl Serialize + ?Sized)) -> Result<(), JsonError> {
    let start = out.len();
    let printed = value.serialize(&mut Printer { out });
    if printed.is_err() {
        out.truncate(start);
    }
    printed
}

/// Why something was not printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonError(String);

impl Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for JsonError {}

impl ser::Error for JsonError {
    fn custom<T: Display>(message: T) -> JsonError {
        JsonError(message.to_string())
    }
}

struct Printer<'o> {
    out: &'o mut Vec<u8>,
}

impl Printer<'_> {
    fn put(&mut self, bytes: &[u8]) {
        self.out.extend_from_slice(bytes);
    }

    /// What `serde_json` prints.
    fn leave(&mut self, value: &impl Serialize) -> Result<(), JsonError> {
        serde_json::to_writer(&mut *self.out, value).map_err(JsonError::custom)
    }

    /// What is printed by its `Display`, with nothing around it.
    fn show(&mut self, value: &(impl Display + ?Sized)) -> Result<(), JsonError> {
        let mut shown = Shown(self.out);
        write!(shown, "{value}").map_err(JsonError::custom)
    }

    /// Opens a value behind the key that it is known by.
    fn named(&mut self, name: &'static str, open: &[u8]) -> Result<(), JsonError> {
        self.out.push(b'{');
        text::put_name(self.out, name)?;
        self.put(open);
        Ok(())
    }
}

/// Bytes that something is shown into.
struct Shown<'o>(&'o mut Vec<u8>);

impl Write for Shown<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.extend_from_slice(text.as_bytes());
        Ok(())
    }
}

impl<'p, 'o> ser::Serializer for &'p mut Printer<'o> {
    type Ok = ();
    type Error = JsonError;
    type SerializeSeq = compound::Compound<'p, 'o>;
    type SerializeTuple = compound::Compound<'p, 'o>;
    type SerializeTupleStruct = compound::Compound<'p, 'o>;
    type SerializeTupleVariant = compound::Compound<'p, 'o>;
    type SerializeMap = compound::Compound<'p, 'o>;
    type SerializeStruct = compound::Compound<'p, 'o>;
    type SerializeStructVariant = compound::Compound<'p, 'o>;

    fn serialize_bool(self, value: bool) -> Result<(), JsonError> {
        self.put(if value { b"true" } else { b"false" });
        Ok(())
    }

    fn serialize_i8(self, value: i8) -> Result<(), JsonError> {
        self.show(&value)
    }

    fn serialize_i16(self, value: i16) -> Result<(), JsonError> {
        self.show(&value)
    }

    fn serialize_i32(self, value: i32) -> Result<(), JsonError> {
        self.show(&value)
    }

    fn serialize_i64(self, value: i64) -> Result<(), JsonError> {
        self.show(&value)
    }

    fn serialize_i128(self, value: i128) -> Result<(), JsonError> {
        self.show(&value)
    }

    fn serialize_u8(self, value: u8) -> Result<(), JsonError> {
        self.show(&value)
    }

    fn serialize_u16(self, value: u16) -> Result<(), JsonError> {
        self.show(&value)
    }

    fn serialize_u32(self, value: u32) -> Result<(), JsonError> {
        self.show(&value)
    }

    fn serialize_u64(self, value: u64) -> Result<(), JsonError> {
        self.show(&value)
    }

    fn serialize_u128(self, value: u128) -> Result<(), JsonError> {
        self.show(&value)
    }

    fn serialize_f32(self, value: f32) -> Result<(), JsonError> {
        self.leave(&value)
    }

    fn serialize_f64(self, value: f64) -> Result<(), JsonError> {
        self.leave(&value)
    }

    fn serialize_char(self, value: char) -> Result<(), JsonError> {
        text::put(self.out, value.encode_utf8(&mut [0; 4]))
    }

    #[inline]
    fn serialize_str(self, value: &str) -> Result<(), JsonError> {
        text::put(self.out, value)
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<(), JsonError> {
        self.collect_seq(value)
    }

    fn serialize_none(self) -> Result<(), JsonError> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), JsonError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), JsonError> {
        self.put(b"null");
        Ok(())
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<(), JsonError> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _place: u32,
        variant: &'static str,
    ) -> Result<(), JsonError> {
        text::put(self.out, variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        value: &T,
    ) -> Result<(), JsonError> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _place: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), JsonError> {
        self.named(variant, b"")?;
        value.serialize(&mut *self)?;
        self.out.push(b'}');
        Ok(())
    }

    fn serialize_seq(self, _length: Option<usize>) -> Result<Self::SerializeSeq, JsonError> {
        self.out.push(b'[');
        Ok(compound::Compound::new(self, b"]"))
    }

    fn serialize_tuple(self, length: usize) -> Result<Self::SerializeTuple, JsonError> {
        self.serialize_seq(Some(length))
    }

    fn serialize_tuple_struct(
        self,
        _name: &'static str,
        length: usize,
    ) -> Result<Self::SerializeTupleStruct, JsonError> {
        self.serialize_seq(Some(length))
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _place: u32,
        variant: &'static str,
        _length: usize,
    ) -> Result<Self::SerializeTupleVariant, JsonError> {
        self.named(variant, b"[")?;
        Ok(compound::Compound::new(self, b"]}"))
    }

    fn serialize_map(self, _length: Option<usize>) -> Result<Self::SerializeMap, JsonError> {
        self.out.push(b'{');
        Ok(compound::Compound::new(self, b"}"))
    }

    fn serialize_struct(
        self,
        _name: &'static str,
        length: usize,
    ) -> Result<Self::SerializeStruct, JsonError> {
        self.serialize_map(Some(length))
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _place: u32,
        variant: &'static str,
        _length: usize,
    ) -> Result<Self::SerializeStructVariant, JsonError> {
        self.named(variant, b"{")?;
        Ok(compound::Compound::new(self, b"}}"))
    }

    fn collect_str<T: Display + ?Sized>(self, value: &T) -> Result<(), JsonError> {
        self.out.push(b'"');
        let start = self.out.len();
        self.show(value)?;
        text::close(self.out, start)
    }
}
