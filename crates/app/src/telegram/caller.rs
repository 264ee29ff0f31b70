//! Who asks in the name of a Telegram account.

use std::sync::Arc;

use domain::{TelegramId, User};

use crate::policy::{self, Permission};
use crate::{Actor, Context, Error, Forbidden, Identity, Kind, Request, Result};

/// Who asks: the bot with its own secret, or the bearer of a token.
#[derive(Debug, Clone)]
pub enum Caller {
    /// The bot, which knows from Telegram whose account writes.
    Service(Arc<Request>),
    /// A user.
    User(Actor),
}

impl Caller {
    /// In which request.
    pub const fn request(&self) -> &Arc<Request> {
        match self {
            Self::Service(request) => request,
            Self::User(actor) => &actor.request,
        }
    }

    /// Whether the bot itself asks.
    pub const fn is_service(&self) -> bool {
        matches!(self, Self::Service(_))
    }

    /// Whether the account is the caller's own.
    pub fn owns(&self, telegram: TelegramId) -> bool {
        match self {
            Self::Service(_) => false,
            Self::User(actor) => actor.telegram() == Some(telegram),
        }
    }

    /// The bot may name any account, level 3 too, everybody else the own one.
    pub fn may_name(&self, telegram: TelegramId) -> Result<()> {
        match self {
            Self::Service(_) => Ok(()),
            Self::User(_) if self.owns(telegram) => Ok(()),
            Self::User(actor) => policy::require(actor, Permission::ManageUsers),
        }
    }

    /// Refuses everybody but the bot.
    pub fn must_be_service(&self) -> Result<()> {
        if self.is_service() { Ok(()) } else { Err(Error::Forbidden(Forbidden::Level)) }
    }

    /// The actor in whose name things are done: the owner of the account, with the rights of the
    /// owner and not of the caller. The audit names the owner, and the caller's session.
    pub async fn acting_as(&self, cx: &Context, telegram: TelegramId) -> Result<Actor> {
        self.may_name(telegram)?;
        if let Self::User(actor) = self
            && self.owns(telegram)
        {
            return Ok(actor.clone());
        }
        let mut tx = cx.store.read().await?;
        let user = tx.users().by_telegram(telegram).await?;
        let user = user.ok_or_else(|| Error::not_found(Kind::TelegramUser, telegram))?;
        // A lock of the password is none of the Telegram account: whoever guesses passwords would keep an
        // officer from calling for help.
        if !user.is_active() {
            return Err(Error::Inactive);
        }
        let officer = tx.officers().by_user(user.id).await?.map(|officer| officer.id);
        Ok(self.with(&user, officer))
    }

    fn with(&self, user: &User, officer: Option<domain::OfficerId>) -> Actor {
        let session = match self {
            Self::Service(_) => None,
            Self::User(actor) => actor.session(),
        };
        let identity = Identity::User { id: user.id, level: user.level, telegram: user.telegram, officer, session };
        Actor { identity, request: Arc::clone(self.request()) }
    }
}
