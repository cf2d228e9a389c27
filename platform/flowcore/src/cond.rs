//! Conditions on links: a small, total, side-effect-free expression type.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Condition on a link. A missing variable is `null`, never an error.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cond {
    /// The default way out.
    #[default]
    Always,
    /// The decision just taken has this name.
    Decision(String),
    /// The handler chose the step this link leads to.
    Chosen,
    /// The variable is true, a non-zero number, a non-empty text, list or object.
    VarTruthy(String),
    /// The variable equals the value.
    VarEq(String, Value),
    /// The variable is a number greater than this.
    VarGt(String, f64),
    /// Not.
    Not(Box<Cond>),
    /// All of.
    And(Vec<Cond>),
    /// One of.
    Or(Vec<Cond>),
}

/// What a condition is evaluated against.
pub trait Env {
    /// Value of a variable by dotted path.
    fn var(&self, path: &str) -> Option<&Value>;
    /// Decision just taken; `None` = not known yet.
    fn decision(&self) -> Option<&str>;
    /// Was this link's target chosen? `None` = not known yet.
    fn chosen(&self) -> Option<bool>;
}

impl Cond {
    /// Evaluates; what is not known counts as false.
    pub fn holds(&self, env: &dyn Env) -> bool {
        self.known(env) == Some(true)
    }

    /// Three-valued evaluation; `None` when it depends on a decision or choice not yet made.
    pub fn known(&self, env: &dyn Env) -> Option<bool> {
        match self {
            Self::Always => Some(true),
            Self::Decision(name) => env.decision().map(|d| d == name),
            Self::Chosen => env.chosen(),
            Self::VarTruthy(name) => Some(env.var(name).is_some_and(truthy)),
            Self::VarEq(name, want) => Some(env.var(name).unwrap_or(&Value::Null) == want),
            Self::VarGt(name, than) => Some(
                env.var(name)
                    .and_then(Value::as_f64)
                    .is_some_and(|n| n > *than),
            ),
            Self::Not(inner) => inner.known(env).map(|b| !b),
            Self::And(all) => {
                let mut unknown = false;
                for c in all {
                    match c.known(env) {
                        Some(false) => return Some(false),
                        None => unknown = true,
                        Some(true) => {}
                    }
                }
                if unknown { None } else { Some(true) }
            }
            Self::Or(any) => {
                let mut unknown = false;
                for c in any {
                    match c.known(env) {
                        Some(true) => return Some(true),
                        None => unknown = true,
                        Some(false) => {}
                    }
                }
                if unknown { None } else { Some(false) }
            }
        }
    }
}

/// Truth of a value.
pub fn truthy(v: &Value) -> bool {
    match v {
        Value::Null => false,
        Value::Bool(b) => *b,
        Value::Number(n) => n.as_f64().is_some_and(|f| f != 0.0),
        Value::String(s) => !s.is_empty(),
        Value::Array(a) => !a.is_empty(),
        Value::Object(o) => !o.is_empty(),
    }
}

/// Follows a dotted path into a value.
pub fn path<'v>(root: &'v Value, rest: &str) -> Option<&'v Value> {
    let mut at = root;
    for part in rest.split('.') {
        at = at.get(part)?;
    }
    Some(at)
}
