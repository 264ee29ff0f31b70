//! The `AsyncAPI` document: what goes over the socket, for programs that make clients.
//!
//! Schemas come from the types that are sent and read; examples were sent by an office with demo
//! data, and a test holds them against the schemas.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;
use utoipa::{PartialSchema, ToSchema};

use super::envelope::Envelope;
use super::figures::{DashboardOut, MetricsOut};
use super::inbound::{Inbound, TokenIn, TopicsIn};
use super::message_type::MessageType;
use super::notice::{ErrorOut, GreetingOut, NoticeOut, PingOut, ResyncOut};
use super::payload::{
    AlertOut, AlertTakenOut, AssignmentEventOut, EscalationOut, OfficerEventOut, PositionEventOut, TaskEventOut,
    UserEventOut,
};

const EXAMPLES: &str = include_str!("examples.json");

/// Schemas by name, those that they refer to included.
#[derive(Default)]
struct Schemas(BTreeMap<String, Value>);

impl Schemas {
    /// A reference to the schema of a type, which is among the schemas from now on.
    fn of<T: ToSchema>(&mut self) -> Value {
        let name = T::name().into_owned();
        let mut all: Vec<(String, RefOr<Schema>)> = vec![(name.clone(), <T as PartialSchema>::schema())];
        T::schemas(&mut all);
        for (name, schema) in all {
            self.0.entry(name).or_insert_with(|| serde_json::to_value(schema).unwrap_or_default());
        }
        reference("schemas", &name)
    }

    /// A reference to the schema of `data` of a message to a client.
    fn heard(&mut self, kind: MessageType) -> Value {
        match kind {
            MessageType::ConnectionAck => self.of::<GreetingOut>(),
            MessageType::Ping => self.of::<PingOut>(),
            MessageType::TaskCreated
            | MessageType::TaskUpdated
            | MessageType::TaskStatusChanged
            | MessageType::TaskAssigned => self.of::<TaskEventOut>(),
            MessageType::OfficerStatusChanged => self.of::<OfficerEventOut>(),
            MessageType::OfficerLocation => self.of::<PositionEventOut>(),
            MessageType::Alert => self.of::<AlertOut>(),
            MessageType::UserActivity => self.of::<UserEventOut>(),
            MessageType::Notification => self.of::<NoticeOut>(),
            MessageType::DashboardUpdate => self.of::<DashboardOut>(),
            MessageType::MetricsUpdate => self.of::<MetricsOut>(),
            MessageType::SystemStatus => self.of::<ResyncOut>(),
            MessageType::Error => self.of::<ErrorOut>(),
            MessageType::AssignmentChanged => self.of::<AssignmentEventOut>(),
            MessageType::DispatchEscalated => self.of::<EscalationOut>(),
            MessageType::AlertTaken => self.of::<AlertTakenOut>(),
        }
    }

    /// The schema of a message of a client.
    fn said(&mut self, name: &str) -> Value {
        let data = match name {
            "subscribe" | "unsubscribe" => Some(self.of::<TopicsIn>()),
            "authenticate" => Some(self.of::<TokenIn>()),
            _ => None,
        };
        let required = if data.is_some() { json!(["event_type", "data"]) } else { json!(["event_type"]) };
        let data = data.unwrap_or_else(|| json!({ "type": "object" }));
        json!({ "type": "object", "required": required,
            "properties": { "event_type": { "const": name }, "data": data } })
    }
}

fn reference(kind: &str, name: &str) -> Value {
    json!({ "$ref": format!("#/components/{kind}/{name}") })
}

/// What a message says, for people.
const fn summary(kind: MessageType) -> &'static str {
    match kind {
        MessageType::ConnectionAck => "the first message: the socket is open, and from where it can be resumed",
        MessageType::Ping => "a sign of life, to be answered with pong",
        MessageType::TaskCreated => "a task was made",
        MessageType::TaskUpdated => "a task changed but for its state, or was deleted",
        MessageType::TaskStatusChanged => "a task went from one state to another",
        MessageType::TaskAssigned => "officers were sent to a task",
        MessageType::OfficerStatusChanged => {
            "an officer was made, changed or deleted, or the officer's availability changed"
        }
        MessageType::OfficerLocation => "where an officer is now",
        MessageType::Alert => "somebody called for help, or a task is urgent",
        MessageType::UserActivity => "a user was made, changed, disabled or deleted",
        MessageType::Notification => "an announcement, or the answer to what a client said",
        MessageType::DashboardUpdate => "counts of the office",
        MessageType::MetricsUpdate => "figures of the office and of the process",
        MessageType::SystemStatus => "what was missed is no longer known: load anew what is shown",
        MessageType::Error => "what the client said was not understood or not allowed; the socket stays open",
        MessageType::AssignmentChanged => "an assignment or an offer of an officer to a task took a step",
        MessageType::DispatchEscalated => "a call was not accepted in time, waits too long, or has no eligible officer",
        MessageType::AlertTaken => "a user at the desk took an emergency alert on",
    }
}

fn message(name: &str, summary: &str, payload: Value, examples: &Value) -> Value {
    let examples: Vec<Value> =
        examples.as_array().into_iter().flatten().map(|example| json!({ "payload": example })).collect();
    json!({ "name": name, "summary": summary, "contentType": "application/json", "payload": payload,
        "examples": examples })
}

fn channel(messages: impl Iterator<Item = String>) -> Value {
    let messages: Map<String, Value> = messages.map(|key| (key.clone(), reference("messages", &key))).collect();
    json!({
        "address": "/ws/connect",
        "title": "The socket of an office",
        "description": "See docs/real-time.md: how to resume, and what to do on each close code.",
        "messages": messages,
        "bindings": { "ws": { "method": "GET", "bindingVersion": "0.1.0", "query": { "type": "object", "properties": {
            "token": { "type": "string", "description": "An access token, for who can set no header" },
            "desde": { "type": "string", "description": "{epoch}:{offset} of the last event that the client has",
                "examples": ["c89902df-0b6a-4733-a799-00ae61c4f7ce:15"] },
            "priority": { "type": "integer", "description": "Taken and without meaning" },
        } } } },
    })
}

fn operation(action: &str, summary: &str, messages: impl Iterator<Item = String>) -> Value {
    let messages: Vec<Value> =
        messages.map(|key| json!({ "$ref": format!("#/channels/connect/messages/{key}") })).collect();
    json!({ "action": action, "channel": { "$ref": "#/channels/connect" }, "summary": summary, "messages": messages })
}

/// Names of messages of clients begin with this: two of them have the names of answers.
fn said_key(name: &str) -> String {
    format!("said_{name}")
}

/// The `AsyncAPI` document, from the code.
pub fn asyncapi() -> Value {
    let examples: Value = serde_json::from_str(EXAMPLES).unwrap_or_default();
    let mut schemas = Schemas::default();
    let envelope = schemas.of::<Envelope>();
    let mut messages = Map::new();
    for kind in MessageType::ALL {
        let name = kind.as_str();
        let own = json!({ "type": "object", "properties": { "event_type": { "const": name },
            "data": schemas.heard(kind) } });
        let payload = json!({ "allOf": [envelope, own] });
        messages.insert(name.to_owned(), message(name, summary(kind), payload, &examples["heard"][name]));
    }
    for name in Inbound::NAMES {
        let payload = schemas.said(name);
        let said = message(name, "said by the client", payload, &examples["said"][name]);
        messages.insert(said_key(name), said);
    }
    let heard = || MessageType::ALL.into_iter().map(|kind| kind.as_str().to_owned());
    let said = || Inbound::NAMES.into_iter().map(said_key);
    json!({
        "asyncapi": "3.1.0",
        "info": {
            "title": "GRUPO_GAD",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Tiempo real: lo que pasa en la oficina, a medida que pasa.",
        },
        "defaultContentType": "application/json",
        "servers": { "office": {
            "host": "127.0.0.1:8000",
            "protocol": "ws",
            "description": "Where `gad serve` listens unless told otherwise; wss behind TLS",
            "security": [reference("securitySchemes", "bearer"), reference("securitySchemes", "cookie"),
                reference("securitySchemes", "query")],
        } },
        "channels": { "connect": channel(heard().chain(said())) },
        "operations": {
            "hear": operation("send", "What the office tells a client", heard()),
            "say": operation("receive", "What a client may say", said()),
        },
        "components": {
            "messages": messages,
            "schemas": schemas.0,
            "securitySchemes": {
                "bearer": { "type": "http", "scheme": "bearer", "bearerFormat": "JWT" },
                "cookie": { "type": "httpApiKey", "in": "cookie", "name": "access_token" },
                "query": { "type": "httpApiKey", "in": "query", "name": "token" },
            },
        },
    })
}
