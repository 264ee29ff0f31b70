//! The one text of a line that its hash is taken of, by the rule of the line. docs/audit.md describes the
//! rules for those who write a verifier of their own, so they never change.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Number, Value, json};

use super::{AuditLine, Hash};
use crate::Time;

/// An instant in UTC with six digits of the second.
pub fn instant(time: Time) -> String {
    time.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
}

/// The column that says by which rule the hash of a line is made; lines of the first rule have it not
/// in what is hashed.
const RULE: &str = "version_huella";

/// By which rule the hash of a line is made. A line keeps its rule for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(into = "u8", try_from = "i64")]
pub enum HashRule {
    /// 22 columns, as [`canonical`]: lines from before the second rule.
    First,
    /// 25 columns, as RFC 8785.
    #[default]
    Second,
}

/// A number that names no rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no rule for hashes has the number {0}")]
pub struct InvalidRule(i64);

impl HashRule {
    /// Its number in `version_huella`.
    pub const fn number(self) -> u8 {
        match self {
            Self::First => 1,
            Self::Second => 2,
        }
    }
}

impl From<HashRule> for u8 {
    fn from(rule: HashRule) -> Self {
        rule.number()
    }
}

impl TryFrom<i64> for HashRule {
    type Error = InvalidRule;

    fn try_from(number: i64) -> Result<Self, InvalidRule> {
        match number {
            1 => Ok(Self::First),
            2 => Ok(Self::Second),
            other => Err(InvalidRule(other)),
        }
    }
}

/// A line under the names of its columns, each of them there: what its hash is made of.
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
    let mut object = match object {
        Value::Object(object) => object,
        _ => Map::new(),
    };
    if line.rule != HashRule::First {
        object.insert("identidad".to_owned(), json!(line.identity));
        object.insert("en_nombre_de".to_owned(), json!(line.on_behalf_of));
        object.insert(RULE.to_owned(), json!(line.rule));
    }
    object
}

impl AuditLine {
    /// SHA-256 of the canonical text of all columns.
    pub fn hash(&self) -> Hash {
        hash_of_columns(&Value::Object(columns(self)))
    }
}

/// The hash of a line from its columns, by the rule that they name. Columns that name an unknown rule have
/// the hash of no line.
pub fn hash_of_columns(columns: &Value) -> Hash {
    let rule = match columns.get(RULE) {
        None => Ok(HashRule::First),
        Some(number) => HashRule::try_from(number.as_i64().unwrap_or_default()),
    };
    match rule {
        Ok(HashRule::First) => Hash::of(&[canonical(columns).as_bytes()]),
        Ok(HashRule::Second) => Hash::of(&[rfc8785(columns).as_bytes()]),
        Err(_) => Hash::ZERO,
    }
}

/// The text of a JSON value by RFC 8785. A whole number that no double holds is written as text first, as
/// the RFC asks: else two of them would have one text.
pub fn rfc8785(value: &Value) -> String {
    let text = if has_wide(value) {
        serde_json_canonicalizer::to_string(&without_wide(value))
    } else {
        serde_json_canonicalizer::to_string(value)
    };
    // A value in memory has text keys and finite numbers only, so there is nothing to fail at.
    text.unwrap_or_default()
}

/// Whether no double holds the whole number.
fn is_wide(number: &Number) -> bool {
    /// Up to here all whole numbers are doubles.
    const SAFE: u64 = 1 << 53;
    let whole = number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from));
    #[expect(clippy::cast_possible_truncation, reason = "a double of 64 bits of range fits")]
    #[expect(clippy::cast_precision_loss, reason = "the loss is what is looked for")]
    whole.is_some_and(|whole| whole.unsigned_abs() > u128::from(SAFE) && (whole as f64) as i128 != whole)
}

fn has_wide(value: &Value) -> bool {
    match value {
        Value::Number(number) => is_wide(number),
        Value::Array(items) => items.iter().any(has_wide),
        Value::Object(object) => object.values().any(has_wide),
        Value::Null | Value::Bool(_) | Value::String(_) => false,
    }
}

fn without_wide(value: &Value) -> Value {
    match value {
        Value::Number(number) if is_wide(number) => Value::String(number.to_string()),
        Value::Array(items) => items.iter().map(without_wide).collect(),
        Value::Object(object) => object.iter().map(|(key, item)| (key.clone(), without_wide(item))).collect(),
        other => other.clone(),
    }
}

/// The first rule: JSON without spaces, keys ordered by their bytes, text as it is but for `"`, `\` and control
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

    // The examples of RFC 8785: section 3.2.2 (texts and numbers), section 3.2.3 (order of keys), and
    // appendix B (numbers).
    #[test]
    fn the_second_rule_is_rfc_8785() {
        let text = |json: &str| rfc8785(&serde_json::from_str(json).unwrap());
        assert_eq!(
            text(
                r#"{"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
                "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false]}"#
            ),
            "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],\
             \"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}"
        );
        assert_eq!(
            text(
                r#"{"\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh",
                "1": "One", "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control",
                "\u00f6": "Latin Small Letter O With Diaeresis"}"#
            ),
            "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u{80}\":\"Control\",\
             \"ö\":\"Latin Small Letter O With Diaeresis\",\"€\":\"Euro Sign\",\"😀\":\"Emoji: Grinning Face\",\
             \"\u{fb33}\":\"Hebrew Letter Dalet With Dagesh\"}"
        );
        for (bits, expected) in [
            (0x0000_0000_0000_0000_u64, "0"),
            (0x8000_0000_0000_0000, "0"),
            (0x0000_0000_0000_0001, "5e-324"),
            (0x7fef_ffff_ffff_ffff, "1.7976931348623157e+308"),
            (0x4340_0000_0000_0000, "9007199254740992"),
            (0x4430_0000_0000_0000, "295147905179352830000"),
            (0x44b5_2d02_c7e1_4af5, "9.999999999999997e+22"),
            (0x44b5_2d02_c7e1_4af6, "1e+23"),
            (0x444b_1ae4_d6e2_ef4f, "999999999999999900000"),
            (0x444b_1ae4_d6e2_ef50, "1e+21"),
            (0x3eb0_c6f7_a0b5_ed8c, "9.999999999999997e-7"),
            (0x3eb0_c6f7_a0b5_ed8d, "0.000001"),
            (0x41b3_de43_5555_5553, "333333333.3333332"),
            (0xbecb_f647_612f_3696, "-0.0000033333333333333333"),
            (0x4314_3ff3_c1cb_0959, "1424953923781206.2"),
        ] {
            assert_eq!(rfc8785(&json!(f64::from_bits(bits))), expected, "{bits:x}");
        }
    }

    #[test]
    fn whole_numbers_that_no_double_holds_keep_their_digits() {
        let text = |json: &str| rfc8785(&serde_json::from_str(json).unwrap());
        assert_eq!(text("[9007199254740993, -9007199254740993]"), r#"["9007199254740993","-9007199254740993"]"#);
        assert_eq!(text("9007199254740992"), "9007199254740992");
        for (one, other) in [("1e17", "100000000000000000"), ("1e20", "100000000000000000000"), ("1.0", "1")] {
            assert_eq!(text(one), text(other), "{one}");
        }
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
