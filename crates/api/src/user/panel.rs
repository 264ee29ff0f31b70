//! `/usuarios`: users as the panel sees them, with the level as text.

use app::user::{NewUserInput, UserChange};
use app::{Context, Error, Kind};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::personal::Name;
use domain::user::UserEdit;
use domain::{Level, TelegramId, User, UserId};
use serde::{Deserialize, Serialize};
use store::Rule;
use utoipa::ToSchema;

use crate::error::{ApiError, Result};
use crate::etag::{IfMatch, etag};
use crate::extract::{Authenticated, Id, Json, NextPage, Paging, Pair, Query, WithBody};
use crate::field;
use crate::problem::Problem;

/// A user, in short.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"id": 4, "telegram_id": 700_000_004, "nombre": "Ana Prueba", "nivel": "1"}))]
pub struct UsuarioOut {
    id: i64,
    /// Telegram account, if one is linked.
    telegram_id: Option<i64>,
    nombre: String,
    /// `1`, `2` or `3`.
    nivel: String,
}

impl From<User> for UsuarioOut {
    fn from(user: User) -> Self {
        Self {
            id: user.id.0,
            telegram_id: user.telegram.map(|telegram| telegram.0),
            nivel: user.level.number().to_string(),
            nombre: user.given_name.into(),
        }
    }
}

/// A user for the bot alone, without password, e-mail and DNI.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"telegram_id": 700_000_004, "nombre": "Ana Prueba", "nivel": "1"}))]
pub struct UsuarioIn {
    /// Telegram account.
    telegram_id: i64,
    /// Name.
    #[schema(value_type = String, min_length = 2, max_length = 100)]
    nombre: Name,
    /// `1`, `2` or `3`.
    #[schema(default = "1", pattern = "^[123]$")]
    nivel: Option<String>,
}

/// Fields to change.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"nivel": "2"}))]
pub struct UsuarioPatch {
    /// New name.
    #[serde(default, deserialize_with = "field::not_null")]
    #[schema(value_type = Option<String>, min_length = 2, max_length = 100)]
    nombre: Option<Name>,
    /// `1`, `2` or `3`.
    #[serde(default, deserialize_with = "field::not_null")]
    #[schema(pattern = "^[123]$")]
    nivel: Option<String>,
}

fn bad_request(code: &'static str, detail: impl Into<String>) -> ApiError {
    Problem::new(StatusCode::BAD_REQUEST, code, detail).into()
}

fn level(word: &str) -> Result<Level> {
    let level = word.parse().ok().and_then(|number: i64| Level::try_from(number).ok());
    level.ok_or_else(|| bad_request("value_error", "Nivel debe ser uno de: 1, 2, 3"))
}

/// This view has its own text for a user that is not there.
fn gone(error: Error) -> ApiError {
    match error {
        Error::NotFound { kind: Kind::User, id, .. } => {
            Problem::new(StatusCode::NOT_FOUND, "not_found", format!("Usuario con id {id} no encontrado")).into()
        }
        other => other.into(),
    }
}

/// Users by id, for level 2.
#[utoipa::path(get, path = "/api/v1/usuarios", tag = "usuarios", security(("bearer" = [])), params(Paging),
    operation_id = "list_usuarios",
    responses((status = 200, body = Vec<UsuarioOut>,
        headers(("X-Next-Cursor" = i64, description = "The `cursor` of the next page, if there may be one."))), (status = "4XX", body = Problem)))]
pub async fn list(
    State(cx): State<Context>,
    Authenticated(actor): Authenticated,
    Query(paging): Query<Paging>,
) -> Result<(NextPage, Json<Vec<UsuarioOut>>)> {
    let users = app::user::list(&cx, &actor, paging.page()).await?;
    let next = paging.next_page(users.iter().map(|user| user.id.0));
    Ok((next, Json(users.into_iter().map(UsuarioOut::from).collect())))
}

/// One user, for level 2 or oneself.
#[utoipa::path(get, path = "/api/v1/usuarios/{usuario_id}", tag = "usuarios", security(("bearer" = [])),
    operation_id = "read_usuario", params(("usuario_id" = i64, Path)),
    responses((status = 200, body = UsuarioOut), (status = "4XX", body = Problem)))]
pub async fn read(State(cx): State<Context>, Authenticated(actor): Authenticated, Id(id): Id) -> Result<Response> {
    let user = app::user::by_id(&cx, &actor, UserId(id)).await.map_err(gone)?;
    Ok((etag(user.version), Json(UsuarioOut::from(user))).into_response())
}

/// Makes a user for the bot alone.
#[utoipa::path(post, path = "/api/v1/usuarios", tag = "usuarios", security(("bearer" = [])),
    operation_id = "create_usuario", request_body = UsuarioIn,
    responses((status = 201, body = UsuarioOut), (status = "4XX", body = Problem)))]
pub async fn create(
    State(cx): State<Context>,
    Authenticated(actor): Authenticated,
    Json(body): Json<UsuarioIn>,
) -> Result<(StatusCode, Json<UsuarioOut>)> {
    let input = NewUserInput {
        email: None,
        password: None,
        given_name: body.nombre,
        family_name: None,
        dni: None,
        phone: None,
        telegram: Some(TelegramId(body.telegram_id)),
        level: level(body.nivel.as_deref().unwrap_or("1"))?,
        // Whoever makes a user for the bot lets him or her in by it: there is no later step.
        verified: true,
    };
    let user = app::user::create(&cx, &actor, input).await.map_err(|error| match error {
        Error::Conflict(Rule::UserTelegram) => {
            bad_request("duplicate", format!("Ya existe usuario con telegram_id {}", body.telegram_id))
        }
        other => other.into(),
    })?;
    Ok((StatusCode::CREATED, Json(user.into())))
}

/// Changes name and level.
#[utoipa::path(put, path = "/api/v1/usuarios/{usuario_id}", tag = "usuarios", security(("bearer" = [])),
    operation_id = "update_usuario", params(("usuario_id" = i64, Path), ("If-Match" = Option<String>, Header)),
    request_body = UsuarioPatch, responses((status = 200, body = UsuarioOut), (status = "4XX", body = Problem)))]
pub async fn update(
    State(cx): State<Context>,
    Authenticated(actor): Authenticated,
    WithBody(Pair(Id(id), IfMatch(expected)), Json(body)): WithBody<Pair<Id, IfMatch>, Json<UsuarioPatch>>,
) -> Result<Response> {
    let level = body.nivel.as_deref().map(level).transpose()?;
    let edit = UserEdit { given_name: body.nombre, level, ..UserEdit::default() };
    let change = UserChange { edit, expected, ..UserChange::default() };
    let user = app::user::update(&cx, &actor, UserId(id), change).await.map_err(gone)?;
    Ok((etag(user.version), Json(UsuarioOut::from(user))).into_response())
}

/// Deletes a user, who stays in the record and is no longer seen; so does the officer.
#[utoipa::path(delete, path = "/api/v1/usuarios/{usuario_id}", tag = "usuarios", security(("bearer" = [])),
    operation_id = "delete_usuario", params(("usuario_id" = i64, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 204), (status = "4XX", body = Problem)))]
pub async fn delete(
    State(cx): State<Context>,
    Authenticated(actor): Authenticated,
    Pair(Id(id), IfMatch(expected)): Pair<Id, IfMatch>,
) -> Result<StatusCode> {
    app::user::delete(&cx, &actor, UserId(id), expected).await.map_err(gone)?;
    Ok(StatusCode::NO_CONTENT)
}
