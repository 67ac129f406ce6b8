//! Lists, maps and records, printed part by part.

use super::{JsonError, Printer, text};
use serde::ser::{self, Error as _, Serialize};

/// A list, map or record that is being printed.
pub(super) struct Compound<'p, 'o> {
    printer: &'p mut Printer<'o>,
    /// What comes behind the last part.
    end: &'static [u8],
    is_first: bool,
}

impl<'p, 'o> Compound<'p, 'o> {
    pub(super) fn new(printer: &'p mut Printer<'o>, end: &'static [u8]) -> Compound<'p, 'o> {
        Compound {
            printer,
            end,
            is_first: true,
        }
    }

    #[inline]
    fn separate(&mut self) {
        if !self.is_first {
            self.printer.out.push(b',');
        }
        self.is_first = false;
    }

    fn part<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), JsonError> {
        self.separate();
        value.serialize(&mut *self.printer)
    }

    #[inline(always)]
    fn field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), JsonError> {
        self.separate();
        text::put_name(self.printer.out, name)?;
        value.serialize(&mut *self.printer)
    }

    #[expect(clippy::unnecessary_wraps, reason = "what a serializer gives back")]
    fn close(self) -> Result<(), JsonError> {
        self.printer.put(self.end);
        Ok(())
    }
}

/// Lists and tuples of all kinds are printed alike.
macro_rules! list {
    ($($kind:ident, $part:ident;)*) => {
        $(impl ser::$kind for Compound<'_, '_> {
            type Ok = ();
            type Error = JsonError;

            fn $part<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), JsonError> {
                self.part(value)
            }

            fn end(self) -> Result<(), JsonError> {
                self.close()
            }
        })*
    };
}

list! {
    SerializeSeq, serialize_element;
    SerializeTuple, serialize_element;
    SerializeTupleStruct, serialize_field;
    SerializeTupleVariant, serialize_field;
}

impl ser::SerializeMap for Compound<'_, '_> {
    type Ok = ();
    type Error = JsonError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), JsonError> {
        self.separate();
        let start = self.printer.out.len();
        key.serialize(&mut *self.printer)?;
        match self.printer.out.get(start) {
            Some(b'"') => {}
            // Numbers and truths are keys between quotes.
            Some(b'0'..=b'9' | b'-' | b't' | b'f') => {
                self.printer.out.insert(start, b'"');
                self.printer.out.push(b'"');
            }
            Some(_) | None => return Err(JsonError::custom("key must be a string")),
        }
        self.printer.out.push(b':');
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), JsonError> {
        value.serialize(&mut *self.printer)
    }

    fn end(self) -> Result<(), JsonError> {
        self.close()
    }
}

impl ser::SerializeStruct for Compound<'_, '_> {
    type Ok = ();
    type Error = JsonError;

    #[inline(always)]
    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), JsonError> {
        self.field(name, value)
    }

    fn end(self) -> Result<(), JsonError> {
        self.close()
    }
}

impl ser::SerializeStructVariant for Compound<'_, '_> {
    type Ok = ();
    type Error = JsonError;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), JsonError> {
        self.field(name, value)
    }

    fn end(self) -> Result<(), JsonError> {
        self.close()
    }
}
