//! The policy in force: many threads read it without waiting, and it is replaced as a whole.

use arc_swap::{ArcSwap, Guard};
use caseway::{Policy, PolicyError};
use std::path::Path;
use std::sync::Arc;

/// The policy in force.
pub struct Current(ArcSwap<Policy>);

/// What a reload came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reload {
    /// The folder holds what is in force already.
    Unchanged,
    /// Another policy is in force from now on.
    Replaced {
        /// The hash of the policy before.
        old: String,
        /// Its hash.
        new: String,
    },
}

impl Current {
    /// Puts a policy in force.
    pub fn new(policy: Policy) -> Current {
        Current(ArcSwap::from_pointee(policy))
    }

    /// The policy in force. Who holds it decides with it to the end, whatever comes after; read a case
    /// and decide it with one and the same.
    pub fn policy(&self) -> Guard<Arc<Policy>> {
        self.0.load()
    }

    /// Reads a folder and puts its policy in force.
    ///
    /// # Errors
    /// What is wrong with the policy; the one before stays in force.
    pub fn reload(&self, folder: &Path) -> Result<Reload, PolicyError> {
        let policy = Policy::load(folder)?;
        let (old, new) = (
            self.policy().header().hash.clone(),
            policy.header().hash.clone(),
        );
        if old == new {
            return Ok(Reload::Unchanged);
        }
        self.0.store(Arc::new(policy));
        Ok(Reload::Replaced { old, new })
    }
}
