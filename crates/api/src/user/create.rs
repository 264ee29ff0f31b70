//! `POST /users/`.

use app::Context;
use app::user::NewUserInput;
use axum::extract::State;
use domain::personal::{Dni, Email, Name, Phone};
use domain::user::Password;
use domain::{Level, TelegramId};
use serde::Deserialize;
use utoipa::ToSchema;

use super::UserOut;
use crate::error::Result;
use crate::extract::{Authenticated, Json};
use crate::field;
use crate::problem::Problem;

/// A user to be made.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"email": "ana@oficina.gob", "password": "una clave larga", "nombre": "Ana",
    "apellido": "Prueba", "dni": "12345678", "nivel": 1, "verificado": true}))]
pub struct UserIn {
    /// What the user signs in with.
    #[schema(value_type = String, format = "email")]
    email: Email,
    /// 8 to 128 visible characters, none of the common passwords.
    #[serde(deserialize_with = "field::checked::<_, String, _>")]
    #[schema(value_type = String, format = Password, min_length = 8, max_length = 128)]
    password: Password,
    /// Given name.
    #[schema(value_type = String, min_length = 2, max_length = 100)]
    nombre: Name,
    /// Family name.
    #[schema(value_type = String, min_length = 2, max_length = 100)]
    apellido: Name,
    /// Identity document.
    #[schema(value_type = String, min_length = 5, max_length = 20)]
    dni: Dni,
    /// Telephone.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 20)]
    telefono: Option<Phone>,
    /// Telegram account.
    telegram_id: Option<i64>,
    /// 1 officer, 2 supervisor, 3 administrator.
    #[serde(default = "officer")]
    #[schema(value_type = u8, minimum = 1, maximum = 3, default = 1)]
    nivel: Level,
    /// Let the user sign in.
    #[serde(default)]
    verificado: bool,
}

const fn officer() -> Level {
    Level::Officer
}

/// Makes a user.
#[utoipa::path(post, path = "/api/v1/users/", tag = "users",
    operation_id = "user_create", security(("bearer" = [])), request_body = UserIn,
    responses((status = 200, body = UserOut), (status = "4XX", body = Problem)))]
pub async fn create(
    State(cx): State<Context>,
    Authenticated(actor): Authenticated,
    Json(body): Json<UserIn>,
) -> Result<Json<UserOut>> {
    let input = NewUserInput {
        email: Some(body.email),
        password: Some(body.password),
        given_name: body.nombre,
        family_name: Some(body.apellido),
        dni: Some(body.dni),
        phone: body.telefono,
        telegram: body.telegram_id.map(TelegramId),
        level: body.nivel,
        verified: body.verificado,
    };
    let user = app::user::create(&cx, &actor, input).await?;
    Ok(Json(UserOut::seen_by(&actor, user)))
}
