//! Who signs in.

mod lockout;
mod password;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use lockout::{Attempts, Lockout, MAX_FAILURES, MAX_FAILURES_ANYWHERE, known_for, lock_duration};
pub use password::{InvalidPassword, Password, TypedPassword};

use crate::personal::{Dni, Email, Name, Phone};
use crate::{JsonObject, Level, TelegramId, Time, UserId};

/// A user (`usuario`). One made for the bot alone has neither e-mail, DNI, family name nor password.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct User {
    /// Number.
    pub id: UserId,
    /// Number for the outside.
    pub uuid: Uuid,
    /// Identity document.
    #[serde(default, deserialize_with = "crate::text::maybe_stored")]
    pub dni: Option<Dni>,
    /// Given name.
    #[serde(deserialize_with = "crate::text::stored")]
    pub given_name: Name,
    /// Family name.
    #[serde(default, deserialize_with = "crate::text::maybe_stored")]
    pub family_name: Option<Name>,
    /// What the user signs in with.
    #[serde(default, deserialize_with = "crate::text::maybe_stored")]
    pub email: Option<Email>,
    /// Telephone.
    #[serde(default, deserialize_with = "crate::text::maybe_stored")]
    pub phone: Option<Phone>,
    /// Linked Telegram account.
    pub telegram: Option<TelegramId>,
    /// What the user may do.
    pub level: Level,
    /// Only a verified user can sign in.
    pub verified: bool,
    /// Last sign-in.
    pub last_access: Option<Time>,
    /// Failed sign-ins in a row, from anywhere, and what follows from them.
    pub lockout: Lockout,
    /// Free data.
    pub extra: JsonObject,
    /// When made.
    pub created_at: Time,
    /// When last changed.
    pub updated_at: Time,
    /// When deleted; a deleted user is invisible.
    pub deleted_at: Option<Time>,
    /// Grows by one with each change.
    pub version: i64,
}

/// A user to be made. The password goes beside it, as a hash.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// Number for the outside.
    pub uuid: Uuid,
    /// Identity document.
    pub dni: Option<Dni>,
    /// Given name.
    pub given_name: Name,
    /// Family name.
    pub family_name: Option<Name>,
    /// What the user signs in with.
    pub email: Option<Email>,
    /// Telephone.
    pub phone: Option<Phone>,
    /// Linked Telegram account.
    pub telegram: Option<TelegramId>,
    /// What the user may do.
    pub level: Level,
    /// Only a verified user can sign in.
    pub verified: bool,
    /// Free data.
    pub extra: JsonObject,
    /// When made.
    pub created_at: Time,
}

/// Which fields of a user to change; `None` leaves one as it is, `Some(None)` empties it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct UserEdit {
    /// New identity document.
    pub dni: Option<Dni>,
    /// New given name.
    pub given_name: Option<Name>,
    /// New family name.
    pub family_name: Option<Name>,
    /// New e-mail.
    pub email: Option<Email>,
    /// New telephone.
    pub phone: Option<Option<Phone>>,
    /// New Telegram account.
    pub telegram: Option<Option<TelegramId>>,
    /// New level.
    pub level: Option<Level>,
    /// Whether the user can sign in.
    pub verified: Option<bool>,
}

impl User {
    /// "nombre apellido".
    pub fn full_name(&self) -> String {
        match &self.family_name {
            Some(family) => format!("{} {}", self.given_name.reveal(), family.reveal()),
            None => self.given_name.reveal().to_owned(),
        }
    }

    /// Whether a token of this user opens anything.
    pub fn is_active(&self) -> bool {
        self.verified && self.deleted_at.is_none()
    }

    /// The user after `edit`, and the wire names of the fields that changed.
    pub fn edit(mut self, edit: UserEdit, now: Time) -> (Self, Vec<&'static str>) {
        let mut changed = Vec::new();
        let mut set = |name, different: bool| {
            if different {
                changed.push(name);
            }
        };
        if let Some(dni) = edit.dni {
            set("dni", self.dni.as_ref() != Some(&dni));
            self.dni = Some(dni);
        }
        if let Some(name) = edit.given_name {
            set("nombre", self.given_name != name);
            self.given_name = name;
        }
        if let Some(name) = edit.family_name {
            set("apellido", self.family_name.as_ref() != Some(&name));
            self.family_name = Some(name);
        }
        if let Some(email) = edit.email {
            set("email", self.email.as_ref().map(Email::reveal) != Some(email.reveal()));
            self.email = Some(email);
        }
        if let Some(phone) = edit.phone {
            set("telefono", self.phone != phone);
            self.phone = phone;
        }
        if let Some(telegram) = edit.telegram {
            set("telegram_id", self.telegram != telegram);
            self.telegram = telegram;
        }
        if let Some(level) = edit.level {
            set("nivel", self.level != level);
            self.level = level;
        }
        if let Some(verified) = edit.verified {
            set("verificado", self.verified != verified);
            self.verified = verified;
        }
        if !changed.is_empty() {
            self.updated_at = now;
        }
        (self, changed)
    }
}
