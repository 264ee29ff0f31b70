//! What a peer says, and what it is answered.

use std::time::Duration;

use app::Error;
use serde_json::Value;
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::Message;

use super::close::Goodbye;
use super::envelope::Envelope;
use super::figures;
use super::inbound::{self, Inbound};
use super::message_type::MessageType;
use super::notice::{self, NoticeOut, value};
use super::socket::{End, Inflow, Socket};

impl Socket {
    /// Answers what a peer said.
    pub async fn answer(&mut self, message: Message) -> Result<(), End> {
        if matches!(message, Message::Close(_)) {
            return Err(End::Closed);
        }
        self.heard_at = Instant::now();
        if self.inbound.since.elapsed() >= Duration::from_secs(1) {
            self.inbound = Inflow { since: self.heard_at, count: 0 };
        }
        self.inbound.count += 1;
        if self.inbound.count > self.hub.settings.inbound {
            return Err(End::Dismissed(Goodbye::TooFrequent));
        }
        match message {
            Message::Text(text) => {
                let asked = inbound::read(&text);
                self.hub.measures().received(asked.as_ref().ok());
                match asked {
                    Ok(asked) => self.carry_out(asked).await,
                    Err(problem) => self.complain(&problem).await,
                }
            }
            Message::Binary(_) => {
                self.hub.measures().received(None);
                self.complain("Invalid JSON format").await
            }
            Message::Ping(_) | Message::Pong(_) | Message::Close(_) | Message::Frame(_) => Ok(()),
        }
    }

    async fn complain(&mut self, problem: &str) -> Result<(), End> {
        self.say_now(MessageType::Error, value(notice::error(problem))).await
    }

    async fn say_now(&mut self, event_type: MessageType, data: Value) -> Result<(), End> {
        let now = self.cx.clock.now();
        self.say(Envelope::passing(event_type, data, now)).await
    }

    async fn carry_out(&mut self, asked: Inbound) -> Result<(), End> {
        match asked {
            Inbound::Pong => Ok(()),
            Inbound::Subscribe(topics) => match self.choice.add(topics) {
                Ok(count) => {
                    self.hub.registry.choose(self.id, self.choice.words());
                    let content = format!("Suscrito a {count} tipos de eventos");
                    let data = notice::answer("Suscripción confirmada", content);
                    self.say_now(MessageType::Notification, value(data)).await
                }
                Err(problem) => self.complain(&format!("data.events: {problem}")).await,
            },
            Inbound::Unsubscribe(topics) => {
                self.choice.remove(&topics);
                self.hub.registry.choose(self.id, self.choice.words());
                Ok(())
            }
            Inbound::Authenticate(token) => self.renew(&token).await,
            Inbound::Dashboard => match figures::dashboard(&self.cx, &self.bearer.actor).await {
                Ok(data) => self.say_now(MessageType::DashboardUpdate, data).await,
                Err(error) => self.complain(refusal(&error)).await,
            },
            Inbound::Metrics => match figures::metrics(&self.cx, &self.hub, &self.bearer.actor).await {
                Ok(data) => self.say_now(MessageType::MetricsUpdate, data).await,
                Err(error) => self.complain(refusal(&error)).await,
            },
        }
    }

    /// Takes a new token of the same user.
    async fn renew(&mut self, token: &str) -> Result<(), End> {
        let request = self.bearer.actor.request.clone();
        match app::auth::bearer_of(&self.cx, token, request).await {
            Ok(bearer) if bearer.actor.user() == self.bearer.actor.user() => {
                if let Some(admitted) = bearer.admitted() {
                    self.hub.registry.renew(self.id, admitted);
                }
                *self.bearer = bearer;
                let until = self.bearer.expires_at;
                let content = format!("Sesión renovada hasta {}", until.to_rfc3339());
                let data = NoticeOut { expires_at: Some(until), ..notice::answer("Sesión renovada", content) };
                self.say_now(MessageType::Notification, value(data)).await
            }
            Ok(_) => self.complain("data.token: belongs to another user").await,
            // The old token still holds for as long as it does.
            Err(error) if error.is_about_credential() => {
                self.complain("data.token: Could not validate credentials").await
            }
            Err(_) => self.complain("Temporarily unavailable, try again").await,
        }
    }
}

fn refusal(error: &Error) -> &'static str {
    match error {
        Error::Forbidden(_) => "The user doesn't have enough privileges",
        Error::Unavailable { .. } => "Temporarily unavailable, try again",
        _ => "Error processing message",
    }
}
