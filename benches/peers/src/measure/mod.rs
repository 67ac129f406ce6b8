//! What is measured: how long a decision takes, how many lines are decided in a second, how long it takes to take rules
//! in, and how long a whole process takes.

pub mod batch;
pub mod cold;
pub mod decide;
pub mod load;

use crate::engines::Kind;

/// Numbers of rules and parts of names, as they are given on the command line; what is not named is left out.
pub struct Wanted {
    sizes: Vec<usize>,
    names: Vec<String>,
}

impl Wanted {
    pub fn new(arguments: &[String]) -> Wanted {
        let number = |argument: &&String| argument.parse::<usize>().is_ok();
        let (sizes, names): (Vec<&String>, Vec<&String>) = arguments.iter().partition(number);
        Wanted {
            sizes: sizes.iter().filter_map(|size| size.parse().ok()).collect(),
            names: names.into_iter().cloned().collect(),
        }
    }

    /// The numbers of rules given, or these.
    pub fn sizes_or(&self, all: &[usize]) -> Vec<usize> {
        if self.sizes.is_empty() {
            return all.to_vec();
        }
        self.sizes.clone()
    }

    pub fn wants(&self, kind: &Kind) -> bool {
        self.names.is_empty()
            || self
                .names
                .iter()
                .any(|name| kind.name.contains(name.as_str()))
    }
}
