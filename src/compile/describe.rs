//! Computed values in words, for messages of the evaluator.

use super::node::{Node, NodeId};
use super::program::{ArithmeticOp, Program};
use crate::value::Value;

/// The longest description, in bytes; the rest is cut off.
const LONGEST: usize = 120;

impl Program {
    /// A computed value as it is written, such as `affected_users * 100`.
    pub fn describe(&self, id: NodeId) -> String {
        let mut text = String::new();
        self.describe_into(id, &mut text);
        text
    }

    fn describe_into(&self, id: NodeId, text: &mut String) {
        if text.len() > LONGEST {
            return;
        }
        let node = self.node(id);
        if let Node::Arithmetic(op, left, right) = node {
            self.describe_into(*left, text);
            text.push_str(match op {
                ArithmeticOp::Add => " + ",
                ArithmeticOp::Subtract => " - ",
                ArithmeticOp::Multiply => " * ",
            });
            self.describe_into(*right, text);
        } else if let Node::Field(slot) = node {
            let field = self.fields.get(*slot as usize);
            text.push_str(field.map_or("", |field| &field.path));
        } else if let Node::Define(place) = node {
            let define = self.defines.get(*place as usize);
            text.push_str(define.map_or("", |define| &define.named.name));
        } else if let Node::Constant(Value::Integer(number)) = node {
            text.push_str(&number.to_string());
        } else if let Node::Constant(Value::Decimal(number)) = node {
            text.push_str(&number.to_string());
        } else if let Node::Constant(Value::Duration(duration)) = node {
            text.push_str(&duration.to_string());
        } else {
            text.push('…');
        }
    }
}
