//! `ExportTraceServiceRequest` in protobuf. The numbers of fields are those of
//! `opentelemetry/proto/trace/v1/trace.proto`, which are never changed.

use std::time::{SystemTime, UNIX_EPOCH};

use super::span::{Span, Value};

/// A message in the making.
#[derive(Default)]
struct Message(Vec<u8>);

/// How a field's value is written.
mod wire {
    pub(super) const VARINT: u64 = 0;
    pub(super) const FIXED64: u64 = 1;
    pub(super) const LENGTH: u64 = 2;
}

impl Message {
    fn varint(&mut self, mut number: u64) {
        // Seven bits a byte, the lowest first; the eighth says that more follow.
        loop {
            let [low, ..] = number.to_le_bytes();
            number >>= 7;
            if number == 0 {
                return self.0.push(low);
            }
            self.0.push(low | 0x80);
        }
    }

    fn number(&mut self, field: u64, value: i64) -> &mut Self {
        self.varint(field << 3 | wire::VARINT);
        // As the format has it: negative numbers as their two's complement.
        self.varint(value.cast_unsigned());
        self
    }

    fn fixed(&mut self, field: u64, value: u64) -> &mut Self {
        self.varint(field << 3 | wire::FIXED64);
        self.0.extend_from_slice(&value.to_le_bytes());
        self
    }

    fn bytes(&mut self, field: u64, value: &[u8]) -> &mut Self {
        self.varint(field << 3 | wire::LENGTH);
        self.varint(value.len() as u64);
        self.0.extend_from_slice(value);
        self
    }

    fn message(&mut self, field: u64, write: impl FnOnce(&mut Self)) -> &mut Self {
        let mut inner = Self::default();
        write(&mut inner);
        self.bytes(field, &inner.0)
    }

    /// `KeyValue` with an `AnyValue` in it.
    fn attribute(&mut self, field: u64, key: &str, value: &Value) {
        self.message(field, |pair| {
            pair.bytes(1, key.as_bytes()).message(2, |any| {
                match value {
                    Value::Text(text) => any.bytes(1, text.as_bytes()),
                    Value::Truth(truth) => any.number(2, i64::from(*truth)),
                    Value::Number(number) => any.number(3, *number),
                };
            });
        });
    }

    /// `Span`.
    fn span(&mut self, span: &Span) {
        self.bytes(1, &span.trace).bytes(2, &span.id);
        if let Some(parent) = &span.parent {
            self.bytes(4, parent);
        }
        self.bytes(5, span.name.as_bytes()).number(6, span.kind as i64);
        self.fixed(7, nanos(span.start)).fixed(8, nanos(span.end));
        for (key, value) in &span.attributes {
            self.attribute(9, key, value);
        }
        let status = span.attributes.iter().find(|(key, _)| *key == "http.response.status_code");
        if let Some((_, Value::Number(500..))) = status {
            /// `STATUS_CODE_ERROR`.
            const ERROR: i64 = 2;
            self.message(15, |status| {
                status.number(3, ERROR);
            });
        }
    }
}

fn nanos(at: SystemTime) -> u64 {
    let since = at.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
}

/// All of them, as a collector takes them.
pub fn request(spans: &[Span]) -> Vec<u8> {
    let mut request = Message::default();
    request.message(1, |of_resource| {
        of_resource.message(1, |resource| {
            resource.attribute(1, "service.name", &Value::Text("gad".to_owned()));
            resource.attribute(1, "service.version", &Value::Text(env!("CARGO_PKG_VERSION").to_owned()));
            resource.attribute(1, "process.pid", &Value::Number(std::process::id().into()));
        });
        of_resource.message(2, |of_scope| {
            of_scope.message(1, |scope| {
                scope.bytes(1, b"gad");
            });
            for span in spans {
                of_scope.message(2, |message| message.span(span));
            }
        });
    });
    request.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_protobuf_has_them() {
        // Examples of https://protobuf.dev/programming-guides/encoding/.
        fn written(write: impl FnOnce(&mut Message) -> &mut Message) -> String {
            hex::encode(&write(&mut Message::default()).0)
        }
        assert_eq!(written(|message| message.number(1, 150)), "089601");
        assert_eq!(written(|message| message.number(1, -2)), "08feffffffffffffffff01");
        assert_eq!(written(|message| message.bytes(2, b"testing")), "120774657374696e67");
        let nested = written(|message| {
            message.message(3, |inner| {
                inner.number(1, 150);
            })
        });
        assert_eq!(nested, "1a03089601");
    }
}
