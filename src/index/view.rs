//! What an index asks of a case.

use super::variable::Variable;
use crate::value::Value;
use smallvec::SmallVec;

/// Numbers of elements.
pub type Numbers = SmallVec<[u32; 8]>;

/// A case, as far as an index asks for it.
pub trait View {
    /// The value of a slot.
    fn slot(&self, slot: u32) -> Option<&Value>;

    /// The class of a variable that is no slot.
    fn class(&self, variable: &Variable) -> u32;

    /// The numbers of those elements of a set that conditions ask for; none when the set is missing.
    fn elements(&self, variable: &Variable) -> Option<Numbers>;
}
