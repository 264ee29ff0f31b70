//! `GET /tasks/`.

use app::Context;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::{OfficerId, Priority, TaskState, UserId};
use serde::Deserialize;
use store::Page;
use store::task::TaskFilter;
use utoipa::{IntoParams, ToSchema};

use super::TaskOut;
use crate::error::{ApiError, Result};
use crate::extract::{Authenticated, Json, Paging, Query};
use crate::field::parse_time;
use crate::problem::{FieldError, Problem};

/// Which tasks. Lists are comma-separated.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TaskQuery {
    /// States.
    #[param(example = "programada,en_curso")]
    estado: Option<String>,
    /// Kinds.
    tipo: Option<String>,
    /// Priorities, 1 to 5.
    prioridad: Option<String>,
    /// Who answers for it.
    delegado_usuario_id: Option<i64>,
    /// Who made it.
    creado_por_usuario_id: Option<i64>,
    /// Who is sent.
    efectivo_id: Option<i64>,
    /// Words, each the beginning of a word of code, title, description or place; accents and
    /// case do not matter.
    q: Option<String>,
    /// Programmed to start at or after.
    desde: Option<String>,
    /// Programmed to start before.
    hasta: Option<String>,
    /// Emergencies that wait for an officer.
    espera_efectivo: Option<bool>,
    /// By id: `asc` has the oldest first, `desc` the newest.
    #[serde(default)]
    #[param(inline, default = "asc")]
    orden: Order,
}

/// Which end of a list is first.
#[derive(Debug, Default, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Order {
    /// The oldest.
    #[default]
    Asc,
    /// The newest.
    Desc,
}

fn bad(field: &str, msg: impl ToString, input: &str) -> ApiError {
    Problem::invalid(vec![FieldError::new("value_error", "query", field, msg.to_string(), input.into())]).into()
}

fn words<T>(field: &str, list: Option<&str>) -> Result<Vec<T>>
where
    T: std::str::FromStr<Err: std::fmt::Display>,
{
    let list = list.unwrap_or_default();
    let parse = |word: &str| word.trim().parse().map_err(|error| bad(field, error, word));
    list.split(',').filter(|word| !word.trim().is_empty()).map(parse).collect()
}

impl TaskQuery {
    fn filter(&self) -> Result<TaskFilter> {
        let time = |field, text: &Option<String>| {
            text.as_deref().map(|text| parse_time(text).map_err(|error| bad(field, error, text))).transpose()
        };
        let numbers: Vec<i64> = words("prioridad", self.prioridad.as_deref())?;
        let priority =
            |number: i64| Priority::try_from(number).map_err(|error| bad("prioridad", error, &number.to_string()));
        Ok(TaskFilter {
            visible_to: None,
            states: words::<TaskState>("estado", self.estado.as_deref())?,
            kinds: words("tipo", self.tipo.as_deref())?,
            priorities: numbers.into_iter().map(priority).collect::<Result<_, _>>()?,
            delegate: self.delegado_usuario_id.map(UserId),
            creator: self.creado_por_usuario_id.map(UserId),
            officer: self.efectivo_id.map(OfficerId),
            words: domain::search::words(self.q.as_deref().unwrap_or_default()),
            starts_from: time("desde", &self.desde)?,
            starts_before: time("hasta", &self.hasta)?,
            within: None,
            awaits_officer: self.espera_efectivo,
        })
    }
}

/// Tasks that the caller may see, by id. `X-Next-Cursor` names the next page, if there may be one.
#[utoipa::path(get, path = "/api/v1/tasks/", tag = "tasks", security(("bearer" = [])), params(Paging, TaskQuery),
    responses((status = 200, body = Vec<TaskOut>), (status = "4XX", body = Problem)))]
pub async fn list(
    State(cx): State<Context>,
    Authenticated(actor): Authenticated,
    Query(paging): Query<Paging>,
    Query(query): Query<TaskQuery>,
) -> Result<Response> {
    let page = Page { descending: matches!(query.orden, Order::Desc), ..paging.page()? };
    let tasks = app::task::list(&cx, &actor, query.filter()?, page).await?;
    let next = (tasks.len() == page.limit as usize).then(|| tasks.last().map(|task| task.id)).flatten();
    let body = Json(tasks.into_iter().map(TaskOut::from).collect::<Vec<_>>());
    Ok(match next {
        Some(id) => ([(header::HeaderName::from_static("x-next-cursor"), id.to_string())], body).into_response(),
        None => body.into_response(),
    })
}
