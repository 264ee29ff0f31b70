//! Seeing officers.

use domain::{Officer, OfficerId};
use store::Page;
use store::officer::OfficerFilter;

use crate::policy::{self, Permission};
use crate::{Actor, Context, Error, Kind, Result};

/// One officer: oneself, or anybody for level 2.
pub async fn by_id(cx: &Context, actor: &Actor, id: OfficerId) -> Result<Officer> {
    if actor.officer() != Some(id) {
        policy::require(actor, Permission::ViewPeople)?;
    }
    let officer = cx.store.read().await?.officers().by_id(id).await?;
    officer.ok_or_else(|| Error::not_found(Kind::Officer, id))
}

/// Officers in the order of the page.
pub async fn list(cx: &Context, actor: &Actor, filter: OfficerFilter, page: Page) -> Result<Vec<Officer>> {
    policy::require(actor, Permission::ViewPeople)?;
    Ok(cx.store.read().await?.officers().list(&filter, page).await?)
}
