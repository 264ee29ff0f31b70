//! The stored form of an event: `{"task_created": {"v": 1, "task": {…}}}`. The version is beside the
//! fields of the variant, where 0.1.0 ignores it, so that replicas of 0.1.0 read what newer ones write.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::Event;
use crate::stored::{Unreadable, check_version, parse, put_version};

impl Event {
    /// Its stored form, see [`crate::stored`].
    ///
    /// # Errors
    /// When it cannot be JSON.
    pub fn to_stored(&self) -> serde_json::Result<Value> {
        let mut json = serde_json::to_value(self)?;
        if let Value::Object(variant) = &mut json {
            variant.values_mut().for_each(put_version);
        }
        Ok(json)
    }

    /// An event from the text of its stored form.
    ///
    /// # Errors
    /// When this program cannot read it.
    pub fn from_stored(text: &str) -> Result<Self, Unreadable> {
        from_value(parse(text)?)
    }
}

fn from_value(json: Value) -> Result<Event, Unreadable> {
    if let Value::Object(variant) = &json {
        variant.values().try_for_each(check_version)?;
    }
    serde_json::from_value(json).map_err(|_| Unreadable::Form)
}

pub(super) fn serialize<S: Serializer>(event: &Event, serializer: S) -> Result<S::Ok, S::Error> {
    event.to_stored().map_err(serde::ser::Error::custom)?.serialize(serializer)
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Event, D::Error> {
    from_value(Value::deserialize(deserializer)?).map_err(D::Error::custom)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::UserId;

    fn sample() -> Event {
        Event::UserChanged { user: UserId(7), changed: vec!["nombre".to_owned()] }
    }

    #[test]
    fn the_version_is_among_the_fields_of_the_variant() {
        let stored = json!({ "user_changed": { "user": 7, "changed": ["nombre"], "v": 1 } });
        assert_eq!(sample().to_stored().unwrap(), stored);
        assert_eq!(Event::from_stored(&stored.to_string()), Ok(sample()));
    }

    #[test]
    fn an_event_without_version_or_with_unknown_fields_is_read() {
        for text in [
            r#"{"user_changed":{"user":7,"changed":["nombre"]}}"#,
            r#"{"user_changed":{"v":1,"user":7,"changed":["nombre"],"later":{"x":[1]}}}"#,
        ] {
            assert_eq!(Event::from_stored(text), Ok(sample()), "{text}");
        }
    }

    #[test]
    fn an_event_that_this_program_does_not_know_is_unreadable() {
        let cases = [
            (r#"{"user_changed""#, Unreadable::Json),
            (r#"{"user_changed":{"v":2,"user":7,"changed":[]}}"#, Unreadable::Version(2)),
            (r#"{"user_changed":{"v":1,"user":7}}"#, Unreadable::Form),
            (r#"{"shift_began":{"v":1,"user":7}}"#, Unreadable::Form),
            (r#"{"v":1,"user_changed":{"user":7,"changed":[]}}"#, Unreadable::Form),
            ("{}", Unreadable::Form),
            ("7", Unreadable::Form),
        ];
        for (text, reason) in cases {
            assert_eq!(Event::from_stored(text), Err(reason), "{text}");
        }
    }
}
