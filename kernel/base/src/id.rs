//! Ids: time-ordered 63-bit integers made by the application; a string on the wire.
use std::fmt;
use std::str::FromStr;
use std::sync::Mutex;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::Clock;

/// 2024-01-01T00:00:00Z: ids count from here.
const EPOCH_MS: i64 = 1_704_067_200_000;
/// Bits under the milliseconds: 6 for the node, 14 for the counter.
const SHIFT: i64 = 20;

/// The key of a row: 43 bits of milliseconds, 6 bits of node, 14 bits of counter.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Id(pub i64);

impl Id {
    /// The smallest id that a row made at `ms` can have: a range scan by time needs no column.
    pub fn floor_of(ms: i64) -> Self {
        Self((ms - EPOCH_MS).max(0) << SHIFT)
    }
    /// When the id was made, milliseconds UTC.
    pub fn made_at(self) -> i64 {
        (self.0 >> SHIFT) + EPOCH_MS
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}
impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}
impl From<i64> for Id {
    fn from(v: i64) -> Self {
        Self(v)
    }
}
impl FromStr for Id {
    type Err = std::num::ParseIntError;
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        s.parse().map(Self)
    }
}
impl Serialize for Id {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(&self.0)
    }
}
impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct V;
        impl de::Visitor<'_> for V {
            type Value = Id;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an id")
            }
            fn visit_i64<E: de::Error>(self, v: i64) -> Result<Id, E> {
                if v > 0 {
                    Ok(Id(v))
                } else {
                    Err(E::custom("an id is positive"))
                }
            }
            fn visit_u64<E: de::Error>(self, v: u64) -> Result<Id, E> {
                i64::try_from(v)
                    .map_err(E::custom)
                    .and_then(|v| self.visit_i64(v))
            }
            fn visit_str<E: de::Error>(self, v: &str) -> Result<Id, E> {
                v.parse::<i64>()
                    .map_err(E::custom)
                    .and_then(|v| self.visit_i64(v))
            }
        }
        d.deserialize_any(V)
    }
}
impl JsonSchema for Id {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Id".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "pattern": "^[0-9]{1,19}$"})
    }
    fn inline_schema() -> bool {
        true
    }
}

/// Makes ids that grow: within one node never twice the same, also when the clock steps back.
#[derive(Debug)]
pub struct IdGen {
    node: i64,
    clock: Clock,
    last: Mutex<i64>,
}

impl IdGen {
    /// `node` 0–63 keeps the ids of several servers on one database apart.
    pub fn new(node: u8, clock: Clock) -> Self {
        Self {
            node: i64::from(node & 63),
            clock,
            last: Mutex::new(0),
        }
    }
    /// The next id; greater than every earlier one of this generator.
    pub fn next(&self) -> Id {
        let mut last = self
            .last
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let base = Id::floor_of(self.clock.now()).0 | (self.node << 14);
        let mut next = base.max(*last + 1);
        if (next >> 14) & 63 != self.node {
            // The counter ran over into the node bits: borrow from the next millisecond.
            next = (((next >> SHIFT) + 1) << SHIFT) | (self.node << 14);
        }
        *last = next;
        Id(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FakeClock;

    #[test]
    fn ids_grow_even_when_the_clock_steps_back() {
        let clock = FakeClock::at(1_750_000_000_000);
        let ids = IdGen::new(5, Clock::Fake(clock.clone()));
        let mut last = ids.next();
        for i in 0..50_000 {
            if i == 20_000 {
                clock.advance(-5_000);
            }
            let next = ids.next();
            assert!(next > last);
            assert_eq!((next.0 >> 14) & 63, 5, "the node bits hold");
            last = next;
        }
    }

    #[test]
    fn ids_travel_as_strings() {
        let id = Id(9_007_199_254_740_993);
        let json = serde_json::to_string(&id).unwrap();
        assert_eq!(json, "\"9007199254740993\"");
        assert_eq!(serde_json::from_str::<Id>(&json).unwrap(), id);
        assert!(serde_json::from_str::<Id>("\"-4\"").is_err());
        assert!(serde_json::from_str::<Id>("\"x\"").is_err());
    }
}
