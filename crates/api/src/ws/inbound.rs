//! What clients say (contract §4.2).

use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

/// A message of a client that is understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inbound {
    /// `pong`: a sign of life.
    Pong,
    /// `subscribe` to topics.
    Subscribe(Vec<String>),
    /// `unsubscribe` from topics.
    Unsubscribe(Vec<String>),
    /// `authenticate` with a new token, before the old one expires.
    Authenticate(String),
    /// `dashboard_update`: the office at a glance, please.
    Dashboard,
    /// `metrics_update`: figures, please.
    Metrics,
}

impl Inbound {
    /// What there is, by name, in the order of [`Inbound::number`].
    pub const NAMES: [&str; 6] =
        ["pong", "subscribe", "unsubscribe", "authenticate", "dashboard_update", "metrics_update"];

    /// Its place in [`Inbound::NAMES`].
    pub const fn number(&self) -> usize {
        match self {
            Self::Pong => 0,
            Self::Subscribe(_) => 1,
            Self::Unsubscribe(_) => 2,
            Self::Authenticate(_) => 3,
            Self::Dashboard => 4,
            Self::Metrics => 5,
        }
    }
}

/// `data` of `subscribe` and `unsubscribe`.
#[derive(Deserialize, ToSchema)]
pub struct TopicsIn {
    /// `tareas`, `efectivos`, `tarea:ID`, `efectivo:ID`, `usuario:ID`, `caja:OESTE,SUR,ESTE,NORTE`, the
    /// name of an event type, or any word that is the `topic` of a message.
    #[schema(value_type = Vec<String>)]
    events: Vec<Value>,
}

/// `data` of `authenticate`.
#[derive(Deserialize, ToSchema)]
pub struct TokenIn {
    /// An access token of the same user.
    token: String,
}

#[derive(Deserialize)]
struct Said {
    event_type: String,
    #[serde(default)]
    data: Value,
}

/// Reads a text of a client; the error is what the client is told.
pub fn read(text: &str) -> Result<Inbound, String> {
    let value: Value = serde_json::from_str(text).map_err(|_| "Invalid JSON format".to_owned())?;
    if !value.is_object() {
        return Err("Invalid JSON format".to_owned());
    }
    let said: Said =
        serde_json::from_value(value).map_err(|_| "event_type: must be a string naming what is asked".to_owned())?;
    match said.event_type.as_str() {
        "pong" => Ok(Inbound::Pong),
        "subscribe" => Ok(Inbound::Subscribe(events(&said.data)?)),
        "unsubscribe" => Ok(Inbound::Unsubscribe(events(&said.data)?)),
        "authenticate" => match TokenIn::deserialize(&said.data) {
            Ok(data) => Ok(Inbound::Authenticate(data.token)),
            Err(_) => Err("data.token: must be a string".to_owned()),
        },
        "dashboard_update" => Ok(Inbound::Dashboard),
        "metrics_update" => Ok(Inbound::Metrics),
        // Cut, so that nobody is sent back a long text of theirs.
        other => Err(format!("Unknown event_type '{}'", other.chars().take(50).collect::<String>())),
    }
}

fn events(data: &Value) -> Result<Vec<String>, String> {
    let data = TopicsIn::deserialize(data).map_err(|_| "data.events: must be a list of topics".to_owned())?;
    // What is no text names no topic, and is passed over as an unknown name is.
    Ok(data.events.into_iter().filter_map(|topic| topic.as_str().map(str::to_owned)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_understood_is_counted_under_its_own_name() {
        for name in Inbound::NAMES {
            let text = format!(r#"{{"event_type":"{name}","data":{{"events":[],"token":"t"}}}}"#);
            assert_eq!(Inbound::NAMES[read(&text).unwrap().number()], name);
        }
    }

    #[test]
    fn what_is_not_understood_is_told_what_is_wrong() {
        assert_eq!(read("{").unwrap_err(), "Invalid JSON format");
        assert_eq!(read("[1]").unwrap_err(), "Invalid JSON format");
        assert_eq!(read("{}").unwrap_err(), "event_type: must be a string naming what is asked");
        assert_eq!(read(r#"{"event_type":"baila"}"#).unwrap_err(), "Unknown event_type 'baila'");
        assert_eq!(
            read(r#"{"event_type":"subscribe","data":{"events":"tareas"}}"#).unwrap_err(),
            "data.events: must be a list of topics"
        );
        let mixed = read(r#"{"event_type":"subscribe","data":{"events":[1,"tareas",null]}}"#);
        assert_eq!(mixed, Ok(Inbound::Subscribe(vec!["tareas".to_owned()])), "what is no text names no topic");
        assert_eq!(read(r#"{"event_type":"pong"}"#), Ok(Inbound::Pong));
        let topics = read(r#"{"event_type":"subscribe","data":{"events":["tareas"]}}"#);
        assert_eq!(topics, Ok(Inbound::Subscribe(vec!["tareas".to_owned()])));
    }
}
