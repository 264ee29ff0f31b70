//! JSON of the old database, as far as gad can hold it.

use domain::JsonObject;
use serde_json::Value;

/// Reads a JSON object.
///
/// # Errors
/// Why gad cannot hold it, without its content.
pub fn object(text: &str) -> Result<JsonObject, &'static str> {
    if has_long_number(text) {
        return Err("holds a number of more than 17 digits, which would lose some");
    }
    let object: JsonObject = serde_json::from_str(text).map_err(|_| "is not a JSON object that can be read")?;
    if has_nul(&object) {
        return Err("holds the character U+0000, which PostgreSQL cannot store");
    }
    Ok(object)
}

/// Whether JSON text holds a number that a double cannot: more than 17 significant digits, and
/// not a whole one of 64 bits.
fn has_long_number(json: &str) -> bool {
    let mut rest = json;
    while let Some(start) = rest.find(|c: char| c == '"' || c == '-' || c.is_ascii_digit()) {
        rest = &rest[start..];
        if let Some(text) = rest.strip_prefix('"') {
            let mut escaped = false;
            let end = text.find(|c| {
                let ends = c == '"' && !escaped;
                escaped = c == '\\' && !escaped;
                ends
            });
            rest = end.map_or("", |end| &text[end + 1..]);
        } else {
            let end = rest.find(|c: char| !matches!(c, '0'..='9' | '-' | '+' | '.' | 'e' | 'E')).unwrap_or(rest.len());
            let (number, after) = rest.split_at(end);
            let mantissa = number.split(['e', 'E']).next().unwrap_or_default();
            let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
            let whole = number.parse::<i64>().is_ok() || number.parse::<u64>().is_ok();
            if !whole && digits.trim_matches('0').len() > 17 {
                return true;
            }
            rest = after;
        }
    }
    false
}

fn has_nul(object: &JsonObject) -> bool {
    object.iter().any(|(key, value)| key.contains('\0') || nul_within(value))
}

fn nul_within(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(values) => values.iter().any(nul_within),
        Value::Object(object) => has_nul(object),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_would_lose_digits_is_not_taken() {
        for (json, long) in [
            (r#"{"a":0.30000000000000004}"#, false),
            (r#"{"a":18446744073709551615}"#, false),
            (r#"{"a":"123456789012345678901234567890 \" 1"}"#, false),
            (r#"{"a":[1e300,-100000000000000000000]}"#, false),
            (r#"{"a":123456789012345678901}"#, true),
            (r#"{"\\":1.234567890123456789}"#, true),
        ] {
            assert_eq!(has_long_number(json), long, "{json}");
        }
    }
}
