//! Seeing officers.

use domain::position::DeviceWatch;
use domain::{Officer, OfficerId};
use store::Page;
use store::officer::OfficerFilter;

use crate::audit::{Reading, leave_reading};
use crate::policy::{self, Permission};
use crate::{Actor, Context, Error, Kind, Result};

/// One officer: oneself, or anybody for level 2.
pub async fn by_id(cx: &Context, actor: &Actor, id: OfficerId) -> Result<Officer> {
    if actor.officer() != Some(id) {
        policy::require(actor, Permission::ViewPeople)?;
    }
    let officer = cx.store.read().await?.officers().by_id(id).await?;
    let officer = officer.ok_or_else(|| Error::not_found(Kind::Officer, id))?;
    if actor.officer() != Some(id) {
        leave_reading(cx, actor, Reading::of_one("efectivo", id), 1).await?;
    }
    Ok(officer)
}

/// The same with what is odd about the officer's device.
pub async fn with_device(cx: &Context, actor: &Actor, id: OfficerId) -> Result<(Officer, DeviceWatch)> {
    let officer = by_id(cx, actor, id).await?;
    let watches = cx.store.read().await?.positions().watches(&[id]).await?;
    Ok((officer, watches.get(&id).copied().unwrap_or_default()))
}

/// How many officers a list of these has.
pub async fn count(cx: &Context, actor: &Actor, filter: &OfficerFilter) -> Result<u64> {
    policy::require(actor, Permission::ViewPeople)?;
    Ok(cx.store.read().await?.officers().count(filter).await?)
}

/// Officers in the order of the page.
pub async fn list(cx: &Context, actor: &Actor, filter: OfficerFilter, page: Page) -> Result<Vec<Officer>> {
    policy::require(actor, Permission::ViewPeople)?;
    let officers = cx.store.read().await?.officers().list(&filter, page).await?;
    let states: Vec<&str> = filter.availability.iter().map(|state| state.as_str()).collect();
    let states = (!states.is_empty()).then_some(states);
    let reading = Reading::of_several("efectivo")
        .filter("estado_disponibilidad", states)
        .filter("unidad", filter.unit)
        .page(page);
    leave_reading(cx, actor, reading, officers.len()).await?;
    Ok(officers)
}
