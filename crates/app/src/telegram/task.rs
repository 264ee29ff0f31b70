//! Tasks by Telegram account.

use domain::task::{Description, PlaceDescription, TelegramKind, Title};
use domain::{JsonObject, OfficerId, Priority, Task, TaskCode, TaskKind, TaskState, TelegramId};
use store::Page;
use store::task::TaskFilter;

use super::Caller;
use crate::policy::{self, Permission};
use crate::task::NewTaskInput;
use crate::{Actor, Context, Error, Kind, Result};

/// Most open tasks that one answer shows.
const MOST_TASKS: u32 = 500;

/// A task as the bot asks for it.
#[derive(Debug, Clone)]
pub struct NewTelegramTask {
    /// Short name.
    pub code: TaskCode,
    /// Title.
    pub title: Title,
    /// What is to be done.
    pub description: Option<Description>,
    /// The bot's word; `emergencia` is of the highest priority whatever `priority` says.
    pub kind: TelegramKind,
    /// How soon.
    pub priority: Priority,
    /// Where, in words.
    pub place: Option<PlaceDescription>,
    /// Who is sent, by Telegram account.
    pub officers: Vec<TelegramId>,
}

/// Tasks that a user answers for or is sent to.
#[derive(Debug, Clone)]
pub struct UserTasks {
    /// How many.
    pub total: i64,
    /// `en_curso`.
    pub active: i64,
    /// `programada`.
    pub pending: i64,
    /// `finalizada`.
    pub completed: i64,
    /// The pending and the active ones, by id.
    pub open: Vec<Task>,
}

/// Makes a task that begins now; its sender makes it and answers for it. An administrator who names
/// another sender is its maker.
pub async fn create(cx: &Context, actor: &Actor, new: NewTelegramTask) -> Result<Task> {
    let sender = actor.user().ok_or(Error::Unauthenticated)?;
    // Who really makes it, where that is a user; the service token makes it for the sender.
    let creator = actor.acting_user().unwrap_or(sender);
    let officers = officers(cx, &new.officers).await?;
    let mut extra = JsonObject::new();
    extra.insert("tipo_telegram".to_owned(), new.kind.as_str().into());
    let priority = if new.kind == TelegramKind::Emergency { Priority::Critical } else { new.priority };
    let input = NewTaskInput {
        code: new.code,
        title: new.title,
        description: new.description,
        kind: TaskKind::from(new.kind),
        priority,
        scheduled_start: cx.clock.now(),
        scheduled_end: None,
        delegate: sender,
        creator: Some(creator),
        location: None,
        location_description: new.place,
        officers,
        force: false,
        extra,
        alert: priority >= Priority::Urgent,
    };
    crate::task::create(cx, actor, input).await
}

async fn officers(cx: &Context, accounts: &[TelegramId]) -> Result<Vec<OfficerId>> {
    if accounts.is_empty() {
        return Ok(Vec::new());
    }
    let mut tx = cx.store.read().await?;
    let mut officers = Vec::with_capacity(accounts.len());
    for account in accounts {
        let user = tx.users().by_telegram(*account).await?;
        let officer = match user {
            Some(user) => tx.officers().by_user(user.id).await?,
            None => None,
        };
        let unknown = || Error::invalid("asignado_a", format!("no officer has the telegram_id {account}"));
        officers.push(officer.ok_or_else(unknown)?.id);
    }
    Ok(officers)
}

/// What a user has to do.
pub async fn of_user(cx: &Context, actor: &Actor) -> Result<UserTasks> {
    policy::require(actor, Permission::ViewAssignedTasks)?;
    let user = actor.user().ok_or(Error::Unauthenticated)?;
    let of =
        |states: &[TaskState]| TaskFilter { visible_to: Some(user), states: states.to_vec(), ..TaskFilter::default() };
    let mut tx = cx.store.read().await?;
    let page = Page { skip: 0, limit: MOST_TASKS, after: None, descending: false };
    Ok(UserTasks {
        total: tx.tasks().count(&of(&[])).await?,
        active: tx.tasks().count(&of(&[TaskState::InProgress])).await?,
        pending: tx.tasks().count(&of(&[TaskState::Scheduled])).await?,
        completed: tx.tasks().count(&of(&[TaskState::Finished])).await?,
        open: tx.tasks().list(&of(&[TaskState::Scheduled, TaskState::InProgress]), page).await?,
    })
}

/// A task by its code, for the bot or for a user who may see it.
pub async fn by_code(cx: &Context, caller: &Caller, code: &TaskCode) -> Result<Task> {
    let unknown = || Error::not_found(Kind::TaskCode, code);
    let mut tx = cx.store.read().await?;
    let task = tx.tasks().by_code(code).await?.ok_or_else(unknown)?;
    if let Caller::User(actor) = caller {
        crate::task::check_visible(&mut *tx, actor, &task).await.map_err(|error| match error {
            Error::NotFound { hidden: true, .. } => Error::hidden(Kind::TaskCode, code),
            error => error,
        })?;
    }
    Ok(task)
}
