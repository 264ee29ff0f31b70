//! Seeing users.

use domain::audit::AuditEvent;
use domain::{User, UserId};
use store::Page;

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
    Ok(cx.store.read().await?.users().list(page).await?)
}
