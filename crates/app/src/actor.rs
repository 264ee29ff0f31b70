//! Who does something, for whom, and in which request.

use std::borrow::Cow;
use std::net::IpAddr;
use std::sync::Arc;

use domain::{Channel, Level, OfficerId, SessionId, TelegramId, Time, User, UserId};

/// Who does something, and for whom. Every use case that needs permission takes one.
///
/// Rights and ownership are those of the user for whom it is done ([`Actor::user`]); the record names
/// who really did it ([`Actor::acting_user`]).
#[derive(Debug, Clone)]
pub struct Actor {
    /// Who really does it.
    pub identity: Identity,
    /// The user for whom it is done, where that is another one.
    pub on_behalf_of: Option<Represented>,
    /// In which request.
    pub request: Arc<Request>,
}

/// Who really does something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Identity {
    /// A request without credentials, such as a sign-in. Policy refuses it everything.
    Anonymous,
    /// A background job of the server, by its name. It may do everything.
    System(&'static str),
    /// A program that holds the office's service token. It has rights only on behalf of a user.
    Service,
    /// A person at the machine's own command line, who may do everything.
    Operator,
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
}

/// A user on whose behalf another one acts, with the user's rights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Represented {
    /// Who.
    pub id: UserId,
    /// What the user may do.
    pub level: Level,
    /// Linked Telegram account.
    pub telegram: Option<TelegramId>,
    /// Who the user is in the street.
    pub officer: Option<OfficerId>,
}

/// What is known of the request, for the audit and for repeated requests.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// `X-Request-ID`.
    pub id: String,
    /// Path as a template.
    pub endpoint: String,
    /// `GET`, `POST`, …, `CLI` at the command line, `SYSTEM` for a background job.
    pub method: String,
    /// Address of the client.
    pub ip: Option<IpAddr>,
    /// What the client called itself.
    pub user_agent: Option<String>,
    /// The client's word that this request may come twice.
    pub idempotency: Option<IdempotencyKey>,
    /// By which channel it came; `None` for a program through the REST API.
    pub channel: Option<Channel>,
    /// The object that the path names.
    pub target: Option<Target>,
    /// When the person said it, where the channel knows: a message may reach the office hours later.
    pub said_at: Option<Time>,
}

/// An object that a request names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// `resource_type` in the audit.
    pub kind: &'static str,
    /// As the request has it.
    pub id: String,
}

/// `Idempotency-Key`, and what tells two requests under one key apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// 1 to 255 visible ASCII characters.
    pub key: String,
    /// SHA-256 of method, path and body.
    pub request_hash: [u8; 32],
}

impl Identity {
    /// The word for it in the audit: `anonimo`, `sistema:JOB`, `servicio`, `operador` or `usuario`.
    pub fn word(&self) -> Cow<'static, str> {
        match self {
            Self::Anonymous => "anonimo".into(),
            Self::System(job) => format!("sistema:{job}").into(),
            Self::Service => "servicio".into(),
            Self::Operator => "operador".into(),
            Self::User { .. } => Self::USER.into(),
        }
    }

    /// The word for a signed-in user.
    pub const USER: &str = "usuario";

    /// The user, if it is one.
    pub const fn user(&self) -> Option<UserId> {
        match self {
            Self::User { id, .. } => Some(*id),
            Self::Anonymous | Self::System(_) | Self::Service | Self::Operator => None,
        }
    }
}

impl Represented {
    /// A user, and the officer that the user is.
    pub const fn new(user: &User, officer: Option<OfficerId>) -> Self {
        Self { id: user.id, level: user.level, telegram: user.telegram, officer }
    }
}

impl Actor {
    /// An actor that acts for itself.
    pub const fn new(identity: Identity, request: Arc<Request>) -> Self {
        Self { identity, on_behalf_of: None, request }
    }

    /// A request without credentials.
    pub const fn anonymous(request: Arc<Request>) -> Self {
        Self::new(Identity::Anonymous, request)
    }

    /// The operator, doing `what`.
    pub fn operator(request_id: String, what: &str) -> Self {
        let request =
            Request { id: request_id, endpoint: what.to_owned(), method: "CLI".to_owned(), ..Request::default() };
        Self::new(Identity::Operator, Arc::new(request))
    }

    /// The server itself, in its background job `job`.
    pub fn system(request_id: String, job: &'static str) -> Self {
        let request = Request {
            id: request_id,
            endpoint: job.to_owned(),
            method: "SYSTEM".to_owned(),
            channel: Some(Channel::System),
            ..Request::default()
        };
        Self::new(Identity::System(job), Arc::new(request))
    }

    /// The same identity, on behalf of a user.
    #[must_use]
    pub fn on_behalf_of(mut self, user: Represented) -> Self {
        self.on_behalf_of = Some(user);
        self
    }

    /// By which channel the actor came.
    pub fn channel(&self) -> Channel {
        self.request.channel.unwrap_or(Channel::Api)
    }

    /// The user whose rights and things are meant: the one for whom it is done, else the one who acts.
    pub const fn user(&self) -> Option<UserId> {
        match self.on_behalf_of {
            Some(represented) => Some(represented.id),
            None => self.acting_user(),
        }
    }

    /// The user who really acts, if it is a user.
    pub const fn acting_user(&self) -> Option<UserId> {
        self.identity.user()
    }

    /// The user for whom another one acts.
    pub fn represented(&self) -> Option<UserId> {
        self.on_behalf_of.map(|represented| represented.id)
    }

    /// The time of the fact that the request reports: when it was said, and never later than `now`.
    pub fn fact_time(&self, now: Time) -> Time {
        self.request.said_at.map_or(now, |at| at.min(now))
    }

    /// Whether it is this user.
    pub fn is(&self, user: UserId) -> bool {
        self.user() == Some(user)
    }

    /// What the actor may do; `None` for nothing.
    pub const fn level(&self) -> Option<Level> {
        match (self.on_behalf_of, self.identity) {
            (Some(represented), _) => Some(represented.level),
            (None, Identity::User { level, .. }) => Some(level),
            (None, Identity::Operator | Identity::System(_)) => Some(Level::Administrator),
            (None, Identity::Anonymous | Identity::Service) => None,
        }
    }

    /// Whether it is the operator or the server itself, to whom every task is their own.
    pub const fn is_office(&self) -> bool {
        self.on_behalf_of.is_none() && matches!(self.identity, Identity::Operator | Identity::System(_))
    }

    /// Who the actor is in the street.
    pub const fn officer(&self) -> Option<OfficerId> {
        match (self.on_behalf_of, self.identity) {
            (Some(represented), _) => represented.officer,
            (None, Identity::User { officer, .. }) => officer,
            (None, _) => None,
        }
    }

    /// Linked Telegram account.
    pub const fn telegram(&self) -> Option<TelegramId> {
        match (self.on_behalf_of, self.identity) {
            (Some(represented), _) => represented.telegram,
            (None, Identity::User { telegram, .. }) => telegram,
            (None, _) => None,
        }
    }

    /// Which sign-in.
    pub const fn session(&self) -> Option<SessionId> {
        match self.identity {
            Identity::User { session, .. } => session,
            Identity::Anonymous | Identity::System(_) | Identity::Service | Identity::Operator => None,
        }
    }
}
