//! `GET /telegram/tasks/user/{telegram_id}` and `GET /telegram/tasks/code/{codigo}`.

use app::Context;
use axum::extract::State;
use chrono::{DateTime, Utc};
use domain::{Priority, Task, TaskCode, TaskKind, TaskState, TelegramId};
use serde::Serialize;
use utoipa::ToSchema;

use super::TelegramCaller;
use crate::error::Result;
use crate::extract::{Id, Json, TextPath};
use crate::problem::Problem;
use crate::schema::{EstadoTarea, TipoTarea};

/// What a user has to do.
#[derive(Serialize, ToSchema)]
pub struct UserTasksOut {
    /// Telegram account.
    telegram_id: i64,
    /// All tasks that the user answers for or is sent to.
    total_tasks: i64,
    /// `en_curso`.
    active_tasks: i64,
    /// `programada`.
    pending_tasks: i64,
    /// `finalizada`.
    completed_tasks: i64,
    /// The pending and the active ones, by id, at most 500.
    tasks: Vec<OpenTaskOut>,
}

/// A task in short.
#[derive(Serialize, ToSchema)]
pub struct OpenTaskOut {
    /// Number.
    id: i64,
    /// Short name.
    codigo: String,
    /// Title.
    titulo: String,
    /// How far it has come.
    #[schema(value_type = EstadoTarea)]
    estado: TaskState,
    /// What it is about.
    #[schema(value_type = TipoTarea)]
    tipo: TaskKind,
    /// 1 to 5.
    #[schema(value_type = u8, minimum = 1, maximum = 5)]
    prioridad: Priority,
    /// When it should begin.
    inicio_programado: DateTime<Utc>,
}

/// A task in short, by its code.
#[derive(Serialize, ToSchema)]
pub struct TaskByCodeOut {
    #[serde(flatten)]
    task: OpenTaskOut,
    /// When it ended.
    fin_real: Option<DateTime<Utc>>,
}

impl From<Task> for OpenTaskOut {
    fn from(task: Task) -> Self {
        Self {
            id: task.id.0,
            codigo: task.code.as_str().to_owned(),
            titulo: task.title.into_string(),
            estado: task.state,
            tipo: task.kind,
            prioridad: task.priority,
            inicio_programado: task.scheduled_start,
        }
    }
}

/// What a user has to do.
#[utoipa::path(get, path = "/api/v1/telegram/tasks/user/{telegram_id}", tag = "telegram",
    operation_id = "telegram_task_list", security(("bearer" = [])),
    params(("telegram_id" = i64, Path)),
    responses((status = 200, body = UserTasksOut), (status = "4XX", body = Problem)))]
pub async fn of_user(
    State(cx): State<Context>,
    TelegramCaller(caller): TelegramCaller,
    Id(telegram): Id,
) -> Result<Json<UserTasksOut>> {
    let actor = caller.acting_as(&cx, TelegramId(telegram)).await?;
    let tasks = app::telegram::of_user(&cx, &actor).await?;
    Ok(Json(UserTasksOut {
        telegram_id: telegram,
        total_tasks: tasks.total,
        active_tasks: tasks.active,
        pending_tasks: tasks.pending,
        completed_tasks: tasks.completed,
        tasks: tasks.open.into_iter().map(OpenTaskOut::from).collect(),
    }))
}

/// One task by its code.
#[utoipa::path(get, path = "/api/v1/telegram/tasks/code/{codigo}", tag = "telegram",
    operation_id = "telegram_task_by_code", security(("bearer" = [])),
    params(("codigo" = String, Path, description = "In any case")),
    responses((status = 200, body = TaskByCodeOut), (status = "4XX", body = Problem)))]
pub async fn by_code(
    State(cx): State<Context>,
    TelegramCaller(caller): TelegramCaller,
    TextPath(code): TextPath,
) -> Result<Json<TaskByCodeOut>> {
    // As stored, since an imported code may be longer than a new one may be.
    let code = TaskCode::stored(code.trim().to_uppercase().replace('\0', ""));
    let task = app::telegram::by_code(&cx, &caller, &code).await?;
    let fin_real = task.finished_at;
    Ok(Json(TaskByCodeOut { task: task.into(), fin_real }))
}
