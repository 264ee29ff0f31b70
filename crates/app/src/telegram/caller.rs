//! Who asks in the name of a Telegram account.

use std::sync::Arc;

use domain::{TelegramId, User};

use crate::policy::{self, Permission};
use crate::{Actor, Context, Error, Forbidden, Identity, Kind, Represented, Request, Result};

/// Who asks: the office's own bot, a program with the service token, or the bearer of a token.
#[derive(Debug, Clone)]
pub enum Caller {
    /// The office's own bot: Telegram says whose account writes, so that account's owner acts.
    Bot(Arc<Request>),
    /// A program with the service token, which acts on behalf of the accounts that it names.
    Service(Arc<Request>),
    /// A user.
    User(Actor),
}

impl Caller {
    /// In which request.
    pub const fn request(&self) -> &Arc<Request> {
        match self {
            Self::Bot(request) | Self::Service(request) => request,
            Self::User(actor) => &actor.request,
        }
    }

    /// Whether a program asks that may name any account.
    pub const fn is_service(&self) -> bool {
        matches!(self, Self::Bot(_) | Self::Service(_))
    }

    /// Who asks, not yet on behalf of anyone.
    pub fn actor(&self) -> Actor {
        match self {
            Self::Bot(request) | Self::Service(request) => Actor::new(Identity::Service, Arc::clone(request)),
            Self::User(actor) => actor.clone(),
        }
    }

    /// Whether the account is the caller's own.
    pub fn owns(&self, telegram: TelegramId) -> bool {
        match self {
            Self::Bot(_) | Self::Service(_) => false,
            Self::User(actor) => actor.telegram() == Some(telegram),
        }
    }

    /// The bot may name any account, level 3 too, everybody else the own one.
    pub fn may_name(&self, telegram: TelegramId) -> Result<()> {
        match self {
            Self::Bot(_) | Self::Service(_) => Ok(()),
            Self::User(_) if self.owns(telegram) => Ok(()),
            Self::User(actor) => policy::require(actor, Permission::ManageUsers),
        }
    }

    /// Refuses everybody but the bot.
    pub fn must_be_service(&self) -> Result<()> {
        if self.is_service() { Ok(()) } else { Err(Error::Forbidden(Forbidden::Level)) }
    }

    /// The actor for what is done in the name of an account: with the rights of the account's owner and
    /// not of the caller. The record names the caller, on behalf of the owner where that is another one.
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
        Ok(match self {
            Self::Bot(request) => {
                let User { id, level, telegram, .. } = user;
                Actor::new(Identity::User { id, level, telegram, officer, session: None }, Arc::clone(request))
            }
            Self::Service(_) | Self::User(_) => self.actor().on_behalf_of(Represented::new(&user, officer)),
        })
    }
}
