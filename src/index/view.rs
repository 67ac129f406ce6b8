//! What an index asks of a case.

/// A case, as far as an index asks for it. Variables are places among those of the index.
pub trait View {
    /// The class of the value of a variable.
    fn class(&self, variable: u32) -> u32;

    /// The numbers of those elements of a set that conditions ask for; none when the set is missing.
    fn elements(&self, variable: u32) -> Option<&[u32]>;
}
