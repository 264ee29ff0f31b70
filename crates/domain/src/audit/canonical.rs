//! The one text of a line that its hash is taken of. docs/audit.md tells it to those who write a
//! verifier of their own, so it never changes.

use serde_json::{Map, Number, Value, json};

use super::{AuditLine, Hash};
use crate::Time;

/// An instant in UTC with six digits of the second.
pub fn instant(time: Time) -> String {
    time.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
}

/// A line under the names of its columns, each of them there.
pub fn columns(line: &AuditLine) -> Map<String, Value> {
    let object = json!({
        "event_id": line.event_id, "event_type": line.event, "severity": line.severity,
        "timestamp": instant(line.at), "user_id": line.user, "telegram_id": line.telegram,
        "session_id": line.session, "request_id": line.request_id, "endpoint": line.endpoint,
        "http_method": line.method, "user_agent": line.user_agent, "ip_address": line.ip,
        "resource_type": line.resource_type, "resource_id": line.resource_id,
        "action_description": line.description, "old_values": line.old_values, "new_values": line.new_values,
        "event_metadata": line.metadata, "success": line.success, "error_message": line.error,
        "compliance_tags": line.tags, "retention_until": instant(line.retain_until),
    });
    match object {
        Value::Object(object) => object,
        _ => Map::new(),
    }
}

impl AuditLine {
    /// SHA-256 of the canonical text of all columns.
    pub fn hash(&self) -> Hash {
        Hash::of(&[canonical(&Value::Object(columns(self))).as_bytes()])
    }
}

/// JSON without spaces, keys ordered by their bytes, text as it is but for `"`, `\` and control
/// characters, whole numbers in full and others as their shortest digits with an exponent.
pub fn canonical(value: &Value) -> String {
    let mut text = String::with_capacity(1024);
    write(value, &mut text);
    text
}

fn write(value: &Value, to: &mut String) {
    match value {
        Value::Null => to.push_str("null"),
        Value::Bool(truth) => to.push_str(if *truth { "true" } else { "false" }),
        Value::Number(number) => to.push_str(&digits(number)),
        Value::String(text) => quote(text, to),
        Value::Array(items) => {
            to.push('[');
            for (place, item) in items.iter().enumerate() {
                if place > 0 {
                    to.push(',');
                }
                write(item, to);
            }
            to.push(']');
        }
        Value::Object(object) => {
            // Maps are ordered unless some crate of the tree asks them to keep their order.
            let mut fields: Vec<_> = object.iter().collect();
            fields.sort_unstable_by_key(|(key, _)| key.as_bytes());
            to.push('{');
            for (place, (key, item)) in fields.into_iter().enumerate() {
                if place > 0 {
                    to.push(',');
                }
                quote(key, to);
                to.push(':');
                write(item, to);
            }
            to.push('}');
        }
    }
}

fn quote(text: &str, to: &mut String) {
    use std::fmt::Write;
    to.push('"');
    for letter in text.chars() {
        match letter {
            '"' => to.push_str("\\\""),
            '\\' => to.push_str("\\\\"),
            '\n' => to.push_str("\\n"),
            '\r' => to.push_str("\\r"),
            '\t' => to.push_str("\\t"),
            '\u{8}' => to.push_str("\\b"),
            '\u{c}' => to.push_str("\\f"),
            control if control < ' ' => {
                let _ = write!(to, "\\u{:04x}", u32::from(control));
            }
            other => to.push(other),
        }
    }
    to.push('"');
}

/// A number by its value, since one store writes `1e20` and the other all of its digits.
fn digits(number: &Number) -> String {
    let Some(real) = number.as_f64().filter(|_| number.is_f64()) else { return number.to_string() };
    #[expect(clippy::cast_possible_truncation, reason = "whole, and within the bounds that are asked for first")]
    #[expect(clippy::cast_sign_loss, reason = "asked for first")]
    if real.fract() == 0.0 && (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&real) {
        (real as i64).to_string()
    } else if real.fract() == 0.0 && (0.0..18_446_744_073_709_551_616.0).contains(&real) {
        (real as u64).to_string()
    } else {
        format!("{real:e}")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text_of(json: &str) -> String {
        canonical(&serde_json::from_str(json).unwrap())
    }

    // What docs/audit.md shows.
    #[test]
    fn the_text_is_what_the_document_says() {
        assert_eq!(
            text_of(r#"{"b":[1, 2.5, null, true], "a" : "ñ\u0001\n\u007f\"\/"}"#),
            "{\"a\":\"ñ\\u0001\\n\u{7f}\\\"/\",\"b\":[1,2.5e0,null,true]}"
        );
    }

    // PostgreSQL keeps numbers as decimals without exponent.
    #[test]
    fn a_number_is_one_text_however_it_is_written() {
        for (one, other) in [
            ("1.0", "1"),
            ("1e16", "10000000000000000"),
            ("-0.0", "0.0"),
            ("1e20", "100000000000000000000"),
            ("1.5e-7", "0.00000015"),
            ("18446744073709551615", "18446744073709551615"),
        ] {
            assert_eq!(text_of(one), text_of(other), "{one}");
        }
        assert_ne!(text_of("9007199254740993"), text_of("9007199254740992"));
    }

    proptest! {
        #[test]
        fn what_was_written_is_read_back_to_the_same_text(real in any::<f64>().prop_filter("finite", |x| x.is_finite()),
            whole in any::<i64>(), text in "\\PC*|[\\x00-\\x1f]{0,4}") {
            let value = json!({ "real": real, "whole": whole, &text: [&text] });
            let once = canonical(&value);
            prop_assert_eq!(canonical(&serde_json::from_str(&once).unwrap()), once.clone());
            prop_assert_eq!(canonical(&serde_json::from_str(&value.to_string()).unwrap()), once);
        }
    }
}
