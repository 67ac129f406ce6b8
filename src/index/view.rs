//! What an index asks of a case.

use super::variable::Variable;
use crate::value::Known;
use smallvec::SmallVec;

/// Numbers of elements.
pub(crate) type Numbers = SmallVec<[u32; 8]>;

/// A case, as far as an index asks for it.
pub(crate) trait View {
    /// What the index made of the values of the slots: [`super::RuleIndex::look`].
    fn known(&self) -> &Known;

    /// The class of a variable that is no slot.
    fn class(&self, variable: &Variable) -> u32;

    /// The numbers of those elements of a set that conditions ask for, where the set is no slot; none when it is
    /// missing.
    fn elements(&self, variable: &Variable) -> Option<Numbers>;
}
