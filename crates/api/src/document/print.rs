//! Puts a document down in one order: the parts of `OpenAPI` as people read them, the rest by name.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::Value;

/// What comes first, in this order.
const FIRST: [&str; 6] = ["openapi", "info", "servers", "tags", "paths", "components"];

/// Whether `serde_json` keeps the order of keys depends on what else is built, so it is set here.
struct Ordered<'v>(&'v Value);

impl Serialize for Ordered<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Object(object) => {
                let mut entries: Vec<_> = object.iter().collect();
                let rank = |key: &str| FIRST.iter().position(|first| *first == key).unwrap_or(FIRST.len());
                entries.sort_by_key(|(key, _)| (rank(key), key.as_str()));
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                for (key, value) in entries {
                    map.serialize_entry(key, &Ordered(value))?;
                }
                map.end()
            }
            Value::Array(items) => {
                let mut seq = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    seq.serialize_element(&Ordered(item))?;
                }
                seq.end()
            }
            other => other.serialize(serializer),
        }
    }
}

/// The document as text, with a line break at its end.
pub(crate) fn print(document: &Value) -> String {
    let mut text = serde_json::to_string_pretty(&Ordered(document)).unwrap_or_default();
    text.push('\n');
    text
}
