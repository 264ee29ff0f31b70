//! Seeing users.

use domain::audit::AuditEvent;
use domain::{User, UserId};
use store::Page;

use crate::audit::{Reading, leave_reading};
use crate::policy::{self, Permission};
use crate::record::{self, Note};
use crate::{Actor, Context, Error, Kind, Result};

/// One user: oneself, or anybody for a supervisor, which leaves an audit line.
pub async fn by_id(cx: &Context, actor: &Actor, id: UserId) -> Result<User> {
    policy::self_or(actor, id, Permission::ViewPeople)?;
    let user = cx.store.read().await?.users().by_id(id).await?;
    let user = user.ok_or_else(|| Error::not_found(Kind::User, id))?;
    if !actor.is(id) {
        let note = Note::new(cx, actor, AuditEvent::Read, cx.clock.now(), "Datos de usuario consultados")
            .on("usuario", id)
            .severity(domain::audit::Severity::Medium)
            .tags("read,sensitive_data");
        record::write_alone(cx, note).await?;
    }
    Ok(user)
}

/// Users in the order of the page.
pub async fn list(cx: &Context, actor: &Actor, page: Page) -> Result<Vec<User>> {
    policy::require(actor, Permission::ViewPeople)?;
    let users = cx.store.read().await?.users().list(page).await?;
    leave_reading(cx, actor, Reading::of_several("usuario").page(page), users.len()).await?;
    Ok(users)
}

/// Active users who may answer for tasks, in the order of the page, and how many there are in all.
pub async fn delegates(cx: &Context, actor: &Actor, page: Page) -> Result<(Vec<User>, u64)> {
    policy::require(actor, Permission::ViewPeople)?;
    let level = Permission::CreateTasks.level();
    let mut tx = cx.store.read().await?;
    let users = tx.users().verified_from(level, page).await?;
    let count = tx.users().count_verified_from(level).await?;
    drop(tx);
    leave_reading(cx, actor, Reading::of_several("usuario").page(page), users.len()).await?;
    Ok((users, count))
}

/// One of them.
pub async fn delegate(cx: &Context, actor: &Actor, id: UserId) -> Result<User> {
    policy::require(actor, Permission::ViewPeople)?;
    let user = cx.store.read().await?.users().by_id(id).await?;
    let user = user.filter(may_answer_for_tasks).ok_or_else(|| Error::not_found(Kind::User, id))?;
    if !actor.is(id) {
        leave_reading(cx, actor, Reading::of_one("usuario", id), 1).await?;
    }
    Ok(user)
}

fn may_answer_for_tasks(user: &User) -> bool {
    user.is_active() && user.level >= Permission::CreateTasks.level()
}
