//! The three truth values of conditions (Kleene's strong logic).
//!
//! Used by everything in [`crate::eval`].

/// Whether a condition holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Truth {
    /// It does not.
    False,
    /// Something that it reads is missing, and it depends on that.
    Unknown,
    /// It does.
    True,
}

impl Truth {
    /// The opposite; the opposite of unknown is unknown.
    pub fn negated(self) -> Truth {
        match self {
            Truth::False => Truth::True,
            Truth::Unknown => Truth::Unknown,
            Truth::True => Truth::False,
        }
    }

    /// This truth, or its opposite.
    #[inline]
    pub fn negated_if(self, negated: bool) -> Truth {
        if negated { self.negated() } else { self }
    }

    /// Whether it is known to hold.
    pub fn is_true(self) -> bool {
        self == Truth::True
    }

    /// The word for people and JSON.
    pub fn word(self) -> &'static str {
        match self {
            Truth::False => "false",
            Truth::Unknown => "unknown",
            Truth::True => "true",
        }
    }
}

impl From<bool> for Truth {
    #[inline]
    fn from(holds: bool) -> Truth {
        if holds { Truth::True } else { Truth::False }
    }
}

impl From<Option<bool>> for Truth {
    #[inline]
    fn from(holds: Option<bool>) -> Truth {
        holds.map_or(Truth::Unknown, Truth::from)
    }
}
