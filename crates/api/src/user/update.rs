//! `PUT /users/{user_id}`.

use app::Context;
use app::user::UserChange;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::personal::{Dni, Email, Name, Phone};
use domain::user::{Password, TypedPassword, UserEdit};
use domain::{Level, TelegramId, UserId};
use serde::Deserialize;
use utoipa::ToSchema;

use super::UserOut;
use crate::error::Result;
use crate::etag::{IfMatch, etag};
use crate::extract::{Authenticated, Id, Json, Pair, WithBody};
use crate::field;
use crate::problem::Problem;

/// Fields to change: those that are absent stay, `null` empties the ones that may be empty.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"telefono": "+54 11 5555 0100"}))]
pub struct UserPatch {
    /// New e-mail.
    #[serde(default, deserialize_with = "field::not_null")]
    #[schema(value_type = Option<String>, format = "email")]
    email: Option<Email>,
    /// New password, 8 to 128 visible characters and none of the common ones; ends the user's other
    /// sessions.
    #[serde(default, deserialize_with = "field::not_null")]
    #[schema(value_type = Option<String>, format = Password, min_length = 8, max_length = 128)]
    password: Option<PasswordIn>,
    /// The present password, needed with a new one of one's own. Another one counts as a failed sign-in.
    #[serde(default, deserialize_with = "field::not_null")]
    #[schema(value_type = Option<String>, format = Password)]
    password_actual: Option<TypedPasswordIn>,
    /// New given name.
    #[serde(default, deserialize_with = "field::not_null")]
    #[schema(value_type = Option<String>, min_length = 2, max_length = 100)]
    nombre: Option<Name>,
    /// New family name.
    #[serde(default, deserialize_with = "field::not_null")]
    #[schema(value_type = Option<String>, min_length = 2, max_length = 100)]
    apellido: Option<Name>,
    /// New identity document.
    #[serde(default, deserialize_with = "field::not_null")]
    #[schema(value_type = Option<String>, min_length = 5, max_length = 20)]
    dni: Option<Dni>,
    /// New telephone.
    #[serde(default, deserialize_with = "field::patch")]
    #[schema(value_type = Option<String>, max_length = 20)]
    telefono: Option<Option<Phone>>,
    /// `null` ends the link to Telegram. A link is made by the one-time code of
    /// `POST /users/{user_id}/link-code` only.
    #[serde(default, deserialize_with = "field::patch")]
    #[schema(value_type = Option<i64>)]
    telegram_id: Option<Option<i64>>,
    /// New level.
    #[serde(default, deserialize_with = "field::not_null")]
    #[schema(value_type = Option<u8>, minimum = 1, maximum = 3)]
    nivel: Option<Level>,
    /// Whether the user can sign in.
    #[serde(default, deserialize_with = "field::not_null")]
    verificado: Option<bool>,
}

#[derive(Deserialize)]
struct PasswordIn(#[serde(deserialize_with = "field::checked::<_, String, _>")] Password);

#[derive(Deserialize)]
struct TypedPasswordIn(#[serde(deserialize_with = "field::checked::<_, String, _>")] TypedPassword);

/// Changes a user: level 3 every field, users themselves telephone and password. A new password for
/// another user is a reset: it ends all sessions of that user.
#[utoipa::path(put, path = "/api/v1/users/{user_id}", tag = "users",
    operation_id = "user_update", security(("bearer" = [])),
    params(("user_id" = i64, Path), ("If-Match" = Option<String>, Header)), request_body = UserPatch,
    responses((status = 200, body = UserOut), (status = "4XX", body = Problem)))]
pub async fn update(
    State(cx): State<Context>,
    Authenticated(actor): Authenticated,
    WithBody(Pair(Id(id), IfMatch(expected)), Json(body)): WithBody<Pair<Id, IfMatch>, Json<UserPatch>>,
) -> Result<Response> {
    let edit = UserEdit {
        dni: body.dni,
        given_name: body.nombre,
        family_name: body.apellido,
        email: body.email,
        phone: body.telefono,
        telegram: body.telegram_id.map(|telegram| telegram.map(TelegramId)),
        level: body.nivel,
        verified: body.verificado,
    };
    let change = UserChange {
        edit,
        password: body.password.map(|password| password.0),
        present_password: body.password_actual.map(|password| password.0),
        expected,
    };
    let user = app::user::update(&cx, &actor, UserId(id), change).await?;
    Ok((etag(user.version), Json(UserOut::seen_by(&actor, user))).into_response())
}
