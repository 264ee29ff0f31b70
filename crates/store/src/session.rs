//! Sign-ins and their refresh tokens.

use async_trait::async_trait;
use domain::session::{Platform, RefreshToken, Session};
use domain::user::Attempts;
use domain::{Level, OfficerId, SessionId, TelegramId, Time, User, UserId};

use crate::Result;

/// What a token's bearer is at this moment.
#[derive(Debug, Clone)]
pub struct Principal {
    /// Who.
    pub user: UserId,
    /// What the user may do.
    pub level: Level,
    /// Whether an administrator has let the user in.
    pub verified: bool,
    /// Linked Telegram account.
    pub telegram: Option<TelegramId>,
    /// Who the user is in the street.
    pub officer: Option<OfficerId>,
    /// The session, when it is live; `None` when it was ended or never was.
    pub session: Option<SessionId>,
}

/// Sign-ins.
#[async_trait]
pub trait SessionRepo: Send {
    /// Begins a session with its first refresh token.
    async fn insert(&mut self, session: &Session, token: &RefreshToken) -> Result<()>;
    /// By number.
    async fn by_id(&mut self, id: SessionId) -> Result<Option<Session>>;
    /// A refresh token and its session, by the token's hash; both locked.
    async fn lock_by_token(&mut self, hash: &[u8; 32]) -> Result<Option<(RefreshToken, Session)>>;
    /// Marks the token `used` as exchanged at `at`, keeps the `salt` from which the next one was derived,
    /// adds `next` and moves the session's last use.
    async fn rotate(&mut self, used: &[u8; 32], salt: &[u8; 32], next: &RefreshToken, at: Time) -> Result<()>;
    /// Live sessions of a user, newest first.
    async fn live_of(&mut self, user: UserId, now: Time) -> Result<Vec<Session>>;
    /// Ends one session; `false` when it had ended already.
    async fn revoke(&mut self, id: SessionId, reason: &str, at: Time) -> Result<bool>;
    /// Ends all sessions of a user but `except`; gives how many.
    async fn revoke_all(&mut self, user: UserId, except: Option<SessionId>, reason: &str, at: Time) -> Result<u64>;
    /// Ends the live sessions of a user on one platform but the newest `spared`; gives those that ended.
    async fn revoke_platform(
        &mut self,
        user: UserId,
        platform: Platform,
        spared: u32,
        reason: &str,
        at: Time,
    ) -> Result<Vec<SessionId>>;
    /// What the bearer of a token of `user` in `session` is at `now`; `None` when the user is gone.
    async fn principal(&mut self, user: UserId, session: SessionId, now: Time) -> Result<Option<Principal>>;
    /// What the bearers of tokens of these sessions are at `now`, of those that are live and whose
    /// users are not gone; in no order.
    async fn live_principals(&mut self, sessions: &[SessionId], now: Time) -> Result<Vec<Principal>>;
    /// A live user and the password hash, by e-mail, case ignored: all that a sign-in needs.
    async fn sign_in_record(&mut self, email: &str) -> Result<Option<(User, Option<String>)>>;
    /// How sign-ins of a user from `source` have gone, if any is known of.
    async fn attempts(&mut self, user: UserId, source: &str) -> Result<Option<Attempts>>;
    /// Writes how they have gone. Whoever does so has the user locked.
    async fn note_attempts(&mut self, user: UserId, source: &str, attempts: &Attempts) -> Result<()>;
    /// Forgets those whose last was before `before`, at most 1,000; gives how many.
    async fn forget_attempts(&mut self, before: Time) -> Result<u64>;
    /// Removes sessions that ended before `before`, at most 1,000; gives how many.
    async fn prune(&mut self, before: Time) -> Result<u64>;
}
