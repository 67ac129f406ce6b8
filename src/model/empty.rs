//! The model that a build begins with.

use super::{Model, Schema};
use crate::time::Zone;

impl Model {
    /// A model that declares nothing.
    pub fn new(name: &str, version: &str, zone: Zone) -> Model {
        Model {
            name: name.to_owned(),
            version: version.to_owned(),
            zone,
            schema: Schema::default(),
            roles: Vec::new(),
            queues: Vec::new(),
            records: Vec::new(),
            defines: Vec::new(),
            functions: Vec::new(),
            classifications: Vec::new(),
            route: None,
            calendars: Vec::new(),
            clocks: Vec::new(),
            sla: None,
            retains: Vec::new(),
            holds: Vec::new(),
            follow_ups: Vec::new(),
            requires: Vec::new(),
            guarantees: Vec::new(),
            tests: Vec::new(),
        }
    }
}
