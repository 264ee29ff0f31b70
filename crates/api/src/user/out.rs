//! A user on the wire.

use app::Actor;
use app::policy::{self, Permission};
use domain::{Level, User};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A user. What the caller may not see, and what a user of the bot alone does not have, is `null`.
#[derive(Serialize, ToSchema)]
pub struct UserOut {
    email: Option<String>,
    nombre: String,
    apellido: Option<String>,
    /// For oneself and level 3.
    dni: Option<String>,
    telefono: Option<String>,
    telegram_id: Option<i64>,
    /// 1 officer, 2 supervisor, 3 administrator.
    #[schema(value_type = u8, minimum = 1, maximum = 3)]
    nivel: Level,
    /// Whether the user can sign in.
    verificado: bool,
    id: i64,
    uuid: Uuid,
}

impl UserOut {
    /// The user as `actor` may see him or her.
    pub fn seen_by(actor: &Actor, user: User) -> Self {
        let sees_all = policy::self_or(actor, user.id, Permission::ViewPersonalData).is_ok();
        let whole = Self::whole(user);
        Self { dni: whole.dni.filter(|_| sees_all), ..whole }
    }

    /// The user with all personal data, for those who were found to be allowed to see it.
    pub fn whole(user: User) -> Self {
        Self {
            email: user.email.map(String::from),
            nombre: user.given_name.into(),
            apellido: user.family_name.map(String::from),
            dni: user.dni.map(String::from),
            telefono: user.phone.map(String::from),
            telegram_id: user.telegram.map(|telegram| telegram.0),
            nivel: user.level,
            verificado: user.verified,
            id: user.id.0,
            uuid: user.uuid,
        }
    }
}
