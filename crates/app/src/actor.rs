//! Who does something, and in which request.

use std::net::IpAddr;
use std::sync::Arc;

use domain::{Channel, Level, OfficerId, SessionId, TelegramId, UserId};

/// Who does something. Every use case that needs permission takes one.
#[derive(Debug, Clone)]
pub struct Actor {
    /// Who.
    pub identity: Identity,
    /// In which request.
    pub request: Arc<Request>,
}

/// A user with a live token, or the operator at the machine's own command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Identity {
    /// A signed-in, verified user.
    User {
        /// Who.
        id: UserId,
        /// What the user may do.
        level: Level,
        /// Linked Telegram account.
        telegram: Option<TelegramId>,
        /// Who the user is in the street.
        officer: Option<OfficerId>,
        /// Which sign-in.
        session: Option<SessionId>,
    },
    /// Whoever may run `gad` on the machine may do everything, and leaves an audit line too.
    Operator,
}

/// What is known of the request, for the audit and for repeated requests.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// `X-Request-ID`.
    pub id: String,
    /// Path as a template.
    pub endpoint: String,
    /// `GET`, `POST`, … or `CLI`.
    pub method: String,
    /// Address of the client.
    pub ip: Option<IpAddr>,
    /// What the client called itself.
    pub user_agent: Option<String>,
    /// The client's word that this request may come twice.
    pub idempotency: Option<IdempotencyKey>,
    /// By which channel it came; `None` for a program through the REST API.
    pub channel: Option<Channel>,
}

/// `Idempotency-Key`, and what tells two requests under one key apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// 1 to 255 visible ASCII characters.
    pub key: String,
    /// SHA-256 of method, path and body.
    pub request_hash: [u8; 32],
}

impl Actor {
    /// The operator, doing `what`.
    pub fn operator(request_id: String, what: &str) -> Self {
        let request =
            Request { id: request_id, endpoint: what.to_owned(), method: "CLI".to_owned(), ..Request::default() };
        Self { identity: Identity::Operator, request: Arc::new(request) }
    }

    /// The server itself, doing `what` by itself.
    pub fn system(request_id: String, what: &str) -> Self {
        let request = Request {
            id: request_id,
            endpoint: what.to_owned(),
            method: "SYSTEM".to_owned(),
            channel: Some(Channel::System),
            ..Request::default()
        };
        Self { identity: Identity::Operator, request: Arc::new(request) }
    }

    /// By which channel the actor came.
    pub fn channel(&self) -> Channel {
        self.request.channel.unwrap_or(Channel::Api)
    }

    /// The user, unless it is the operator.
    pub const fn user(&self) -> Option<UserId> {
        match self.identity {
            Identity::User { id, .. } => Some(id),
            Identity::Operator => None,
        }
    }

    /// Whether it is this user.
    pub fn is(&self, user: UserId) -> bool {
        self.user() == Some(user)
    }

    /// What the actor may do.
    pub const fn level(&self) -> Level {
        match self.identity {
            Identity::User { level, .. } => level,
            Identity::Operator => Level::Administrator,
        }
    }

    /// Who the actor is in the street.
    pub const fn officer(&self) -> Option<OfficerId> {
        match self.identity {
            Identity::User { officer, .. } => officer,
            Identity::Operator => None,
        }
    }

    /// Linked Telegram account.
    pub const fn telegram(&self) -> Option<TelegramId> {
        match self.identity {
            Identity::User { telegram, .. } => telegram,
            Identity::Operator => None,
        }
    }

    /// Which sign-in.
    pub const fn session(&self) -> Option<SessionId> {
        match self.identity {
            Identity::User { session, .. } => session,
            Identity::Operator => None,
        }
    }
}
