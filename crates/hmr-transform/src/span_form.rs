//! The stored form of a span, for `#[serde(with)]`.

use oxc_span::Span;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub fn serialize<S: Serializer>(span: &Span, serializer: S) -> Result<S::Ok, S::Error> {
    (span.start, span.end).serialize(serializer)
}

pub fn deserialize<'d, D: Deserializer<'d>>(deserializer: D) -> Result<Span, D::Error> {
    let (start, end) = Deserialize::deserialize(deserializer)?;
    Ok(Span::new(start, end))
}

/// Of a span that need not be there.
pub mod optional {
    use super::{Deserialize, Deserializer, Serialize, Serializer, Span};

    pub fn serialize<S: Serializer>(span: &Option<Span>, serializer: S) -> Result<S::Ok, S::Error> {
        span.map(|span| (span.start, span.end)).serialize(serializer)
    }

    pub fn deserialize<'d, D: Deserializer<'d>>(deserializer: D) -> Result<Option<Span>, D::Error> {
        let ends: Option<(u32, u32)> = Deserialize::deserialize(deserializer)?;
        Ok(ends.map(|(start, end)| Span::new(start, end)))
    }
}
