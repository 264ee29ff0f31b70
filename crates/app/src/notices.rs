//! What the job that notifies people over Telegram reads of people: for background jobs only.

use std::collections::HashMap;

use domain::{OfficerId, Task, TaskId, TelegramId, Time, User, UserId};
use store::Page;
use store::officer::OfficerFilter;

use crate::{Actor, Context, Error, Forbidden, Identity, Result};

/// Rows read at once.
const PART: u32 = 500;

fn require_job(actor: &Actor) -> Result<()> {
    match actor.identity {
        Identity::System(_) => Ok(()),
        _ => Err(Error::Forbidden(Forbidden::Level)),
    }
}

/// All verified users with a Telegram account, and the officer that each is.
pub async fn reachable_by_telegram(cx: &Context, actor: &Actor) -> Result<Vec<(User, Option<OfficerId>)>> {
    require_job(actor)?;
    let mut tx = cx.store.read().await?;
    let mut users = Vec::new();
    let mut page = Page { skip: 0, limit: PART, after: None, descending: false };
    loop {
        let part = tx.users().list(page).await?;
        let is_end = part.len() < PART as usize;
        page.skip += PART;
        users.extend(part.into_iter().filter(|user| user.is_active() && user.telegram.is_some()));
        if is_end {
            break;
        }
    }
    let mut officers: HashMap<UserId, OfficerId> = HashMap::new();
    page.skip = 0;
    loop {
        let part = tx.officers().list(&OfficerFilter::default(), page).await?;
        let is_end = part.len() < PART as usize;
        page.skip += PART;
        officers.extend(part.into_iter().map(|officer| (officer.user, officer.id)));
        if is_end {
            break;
        }
    }
    Ok(users
        .into_iter()
        .map(|user| {
            let officer = officers.get(&user.id).copied();
            (user, officer)
        })
        .collect())
}

/// A user's name, for a message about what the user did.
pub async fn user_name(cx: &Context, actor: &Actor, id: UserId) -> Result<Option<String>> {
    require_job(actor)?;
    Ok(cx.store.read().await?.users().by_id(id).await?.map(|user| user.full_name()))
}

/// An officer's name, for a message about a task of the officer.
pub async fn officer_name(cx: &Context, actor: &Actor, id: OfficerId) -> Result<Option<String>> {
    require_job(actor)?;
    Ok(cx.store.read().await?.officers().by_id(id).await?.map(|officer| officer.full_name()))
}

/// The officer who is the owner of a Telegram account.
pub async fn officer_of_account(cx: &Context, actor: &Actor, account: TelegramId) -> Result<Option<OfficerId>> {
    require_job(actor)?;
    let mut tx = cx.store.read().await?;
    let Some(user) = tx.users().by_telegram(account).await? else { return Ok(None) };
    Ok(tx.officers().by_user(user.id).await?.map(|officer| officer.id))
}

/// Tasks that were to end since `after` and up to `until`, at most `limit`.
pub async fn overdue(
    cx: &Context,
    actor: &Actor,
    after: (Time, Option<TaskId>),
    until: Time,
    limit: u32,
) -> Result<Vec<Task>> {
    require_job(actor)?;
    Ok(cx.store.read().await?.tasks().overdue(after, until, limit).await?)
}
