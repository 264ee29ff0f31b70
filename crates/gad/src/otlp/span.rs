//! A span that has ended, as it goes to a collector.

use std::fmt::Debug;
use std::time::SystemTime;

use tracing::field::{Field, Visit};

/// A span that has ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Span {
    /// The trace that it belongs to.
    pub trace: [u8; 16],
    /// Its own name.
    pub id: [u8; 8],
    /// The one that it is part of.
    pub parent: Option<[u8; 8]>,
    /// What it is.
    pub name: String,
    /// Whether it answers somebody or asks somebody.
    pub kind: Kind,
    /// When it began.
    pub start: SystemTime,
    /// When it ended.
    pub end: SystemTime,
    /// What else is known of it.
    pub attributes: Vec<(&'static str, Value)>,
}

/// `SpanKind` of OTLP, by its number there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A request that we answer.
    Server = 2,
    /// A question that we ask.
    Client = 3,
}

/// A value of an attribute.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Words.
    Text(String),
    /// A whole number.
    Number(i64),
    /// Yes or no.
    Truth(bool),
}

/// What is known of a span that goes on.
#[derive(Debug, Default)]
pub struct Fields {
    /// 32 digits, where the trace is known from outside.
    pub trace: Option<String>,
    /// 16 digits, likewise.
    pub id: Option<String>,
    /// 16 digits, likewise.
    pub parent: Option<String>,
    /// Whether anybody wants to see it.
    pub unsampled: bool,
    /// The rest, by the names that OpenTelemetry's conventions give them.
    pub attributes: Vec<(&'static str, Value)>,
}

/// Our names, and those of OpenTelemetry's conventions.
const NAMES: [(&str, &str); 5] = [
    ("method", "http.request.method"),
    ("path", "http.route"),
    ("status", "http.response.status_code"),
    ("store", "db.system.name"),
    ("statement", "db.query.text"),
];

impl Fields {
    fn put(&mut self, field: &Field, value: Value) {
        let name = field.name();
        let name = NAMES.iter().find(|(ours, _)| *ours == name).map_or(name, |(_, theirs)| theirs);
        self.attributes.retain(|(known, _)| *known != name);
        self.attributes.push((name, value));
    }

    /// An attribute, as text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find_map(|(known, value)| match value {
            Value::Text(text) if *known == name => Some(text.as_str()),
            _ => None,
        })
    }
}

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "trace_id" => self.trace = Some(value.to_owned()),
            "span_id" => self.id = Some(value.to_owned()),
            "parent_id" => self.parent = Some(value.to_owned()),
            _ => self.put(field, Value::Text(value.to_owned())),
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.record_str(field, &format!("{value:?}"));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, Value::Number(value));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, Value::Number(i64::try_from(value).unwrap_or(i64::MAX)));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        match field.name() {
            "sampled" => self.unsampled = !value,
            _ => self.put(field, Value::Truth(value)),
        }
    }
}
