//! Making a user.

use domain::audit::AuditEvent;
use domain::event::CREATED;
use domain::personal::{Dni, Email, Name, Phone};
use domain::user::{NewUser, Password};
use domain::{Event, JsonObject, Level, TelegramId, User};

use crate::auth::{PasswordOwner, check_password};
use crate::diff::Difference;
use crate::policy::{self, Permission};
use crate::record;
use crate::{Actor, Context, Result, idempotency};

/// A user as asked for. One for the bot alone has neither e-mail nor password.
#[derive(Debug, Clone)]
pub struct NewUserInput {
    /// What the user signs in with.
    pub email: Option<Email>,
    /// With this.
    pub password: Option<Password>,
    /// Given name.
    pub given_name: Name,
    /// Family name.
    pub family_name: Option<Name>,
    /// Identity document.
    pub dni: Option<Dni>,
    /// Telephone.
    pub phone: Option<Phone>,
    /// Telegram account.
    pub telegram: Option<TelegramId>,
    /// What the user may do.
    pub level: Level,
    /// Whether the user can sign in.
    pub verified: bool,
}

impl NewUserInput {
    fn owner(&self) -> PasswordOwner<'_> {
        PasswordOwner {
            email: self.email.as_ref(),
            names: [Some(&self.given_name), self.family_name.as_ref()].into_iter().flatten().collect(),
            dni: self.dni.as_ref(),
            phone: self.phone.as_ref(),
        }
    }
}

/// Makes a user.
pub async fn create(cx: &Context, actor: &Actor, input: NewUserInput) -> Result<User> {
    policy::require(actor, Permission::ManageUsers)?;
    // Hashing takes tens of milliseconds: never inside a transaction.
    let hash = match &input.password {
        Some(password) => {
            check_password(cx, password, &input.owner()).await?;
            Some(cx.hasher.hash(password).await?)
        }
        None => None,
    };
    let now = cx.clock.now();
    let new = NewUser {
        uuid: cx.rng.uuid(),
        dni: input.dni,
        given_name: input.given_name,
        family_name: input.family_name,
        email: input.email,
        phone: input.phone,
        telegram: input.telegram,
        level: input.level,
        verified: input.verified,
        extra: JsonObject::new(),
        created_at: now,
    };
    let mut tx = cx.store.write().await?;
    if let Some(user) = idempotency::replay(cx, &mut *tx, actor).await? {
        return Ok(user);
    }
    let user = tx.users().insert(&new, hash.as_deref()).await?;
    let event = Event::UserChanged { user: user.id, changed: vec![CREATED.to_owned()] };
    record::events(cx, &mut *tx, actor, now, [event]).await?;
    let note = Difference::made(&user)
        .note(cx, actor, AuditEvent::UserCreated, now, "Usuario creado")
        .tags("create,sensitive");
    record::audit(&mut *tx, [note]).await?;
    idempotency::keep(&mut *tx, actor, &user).await?;
    tx.commit().await?;
    Ok(user)
}
