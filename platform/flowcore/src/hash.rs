//! Hash chain over events: SM3 (GB/T 32905) of the previous hash and the canonical JSON of the event.

use serde_json::Value;
use sm3::{Digest, Sm3};

use crate::Event;

/// Hash of an event chained to the one before; `prev` is empty for the first event. Hex, 64 characters.
pub fn event_hash(prev: &str, event: &Event) -> String {
    text_hash(prev, &canonical_json(event))
}

/// The same for an event whose canonical JSON is at hand.
pub fn text_hash(prev: &str, canonical: &str) -> String {
    let mut hasher = Sm3::new();
    hasher.update(prev.as_bytes());
    hasher.update(b"\n");
    hasher.update(canonical.as_bytes());
    hex::encode(hasher.finalize())
}

/// JSON with object keys in byte order and no spaces: the same text for the same event wherever it is written.
pub fn canonical_json(event: &Event) -> String {
    let mut out = String::new();
    write(&serde_json::to_value(event).unwrap_or_default(), &mut out);
    out
}

fn write(v: &Value, out: &mut String) {
    match v {
        Value::Object(map) => {
            let mut keys: Vec<_> = map.iter().collect();
            keys.sort_by(|a, b| a.0.cmp(b.0));
            out.push('{');
            for (n, (k, inner)) in keys.into_iter().enumerate() {
                if n > 0 {
                    out.push(',');
                }
                out.push_str(&Value::String(k.clone()).to_string());
                out.push(':');
                write(inner, out);
            }
            out.push('}');
        }
        Value::Array(items) => {
            out.push('[');
            for (n, inner) in items.iter().enumerate() {
                if n > 0 {
                    out.push(',');
                }
                write(inner, out);
            }
            out.push(']');
        }
        other => out.push_str(&other.to_string()),
    }
}

/// Checks a chain; gives the number of the first event whose hash does not fit.
pub fn first_break<'e>(chain: impl IntoIterator<Item = (&'e Event, &'e str)>) -> Option<u64> {
    let mut prev = String::new();
    for (event, hash) in chain {
        let want = event_hash(&prev, event);
        if want != hash {
            return Some(event.seq);
        }
        prev = want;
    }
    None
}
