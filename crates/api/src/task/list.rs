//! `GET /tasks/`.

use app::Context;
use axum::extract::State;
use domain::{OfficerId, Priority, TaskKind, TaskState, UserId};
use serde::Deserialize;
use store::Page;
use store::task::TaskFilter;
use utoipa::{IntoParams, ToSchema};

use super::TaskOut;
use crate::error::Result;
use crate::extract::{Authenticated, Json, NextPage, Paging, QueryPair};
use crate::field::{self, PeriodBound};
use crate::problem::Problem;

/// Which tasks. Lists are comma-separated.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TaskQuery {
    /// States.
    #[param(example = "programada,en_curso")]
    #[serde(default, deserialize_with = "field::list")]
    #[param(value_type = Option<String>, pattern = "^[a-z_]*(,[a-z_]*)*$")]
    estado: Vec<TaskState>,
    /// Kinds.
    #[serde(default, deserialize_with = "field::list")]
    #[param(value_type = Option<String>, pattern = "^[a-z_]*(,[a-z_]*)*$")]
    tipo: Vec<TaskKind>,
    /// Priorities, 1 to 5.
    #[serde(default, deserialize_with = "field::number_list")]
    #[param(value_type = Option<String>, pattern = "^[1-5]?(,[1-5]?)*$")]
    prioridad: Vec<Priority>,
    /// Who answers for it.
    delegado_usuario_id: Option<i64>,
    /// Who made it.
    creado_por_usuario_id: Option<i64>,
    /// Who is sent.
    efectivo_id: Option<i64>,
    /// Words, each the beginning of a word of code, title, description or place; accents, case and
    /// apostrophes do not matter. At most 100; text without a letter or digit finds nothing.
    #[serde(default, deserialize_with = "field::search")]
    q: Option<String>,
    /// Programmed to start on or after this day, or at or after this time.
    desde: Option<PeriodBound>,
    /// Programmed to start on or before this day, or before this time.
    hasta: Option<PeriodBound>,
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

impl TaskQuery {
    fn filter(self, cx: &Context) -> TaskFilter {
        let zone = cx.settings.time_zone;
        TaskFilter {
            visible_to: None,
            states: self.estado,
            kinds: self.tipo,
            priorities: self.prioridad,
            delegate: self.delegado_usuario_id.map(UserId),
            creator: self.creado_por_usuario_id.map(UserId),
            officer: self.efectivo_id.map(OfficerId),
            search: None,
            starts_from: self.desde.map(|bound| bound.begins(zone)),
            starts_before: self.hasta.map(|bound| bound.ends(zone)),
            within: None,
            awaits_officer: self.espera_efectivo,
        }
        .with_search(self.q.as_deref().unwrap_or_default())
    }
}

/// Tasks that the caller may see, by id. `X-Next-Cursor` names the next page, if there may be one.
#[utoipa::path(get, path = "/api/v1/tasks/", tag = "tasks",
    operation_id = "task_list", security(("bearer" = [])), params(Paging, TaskQuery),
    responses((status = 200, body = Vec<TaskOut>,
        headers(("X-Next-Cursor" = i64, description = "The `cursor` of the next page, if there may be one."))), (status = "4XX", body = Problem)))]
pub async fn list(
    State(cx): State<Context>,
    Authenticated(actor): Authenticated,
    QueryPair(paging, query): QueryPair<Paging, TaskQuery>,
) -> Result<(NextPage, Json<Vec<TaskOut>>)> {
    let page = Page { descending: matches!(query.orden, Order::Desc), ..paging.page() };
    let tasks = app::task::list(&cx, &actor, query.filter(&cx), page).await?;
    let next = paging.next_page(tasks.iter().map(|task| task.id.0));
    Ok((next, Json(tasks.into_iter().map(TaskOut::from).collect())))
}
