//! Emergencies that found nobody free get the first officer who becomes free and near.

use domain::Event;

use super::emergency::{begin, criteria};
use super::pick::pick;
use crate::{Actor, Context, Result, record, stats};

/// Most waiting emergencies that one round looks at.
const ROUND: u32 = 50;

/// Sends officers to waiting emergencies, oldest first, each in a transaction of its own. Gives
/// how many got one. Safe to run on every replica at once: a waiting task is locked by one.
pub async fn assign_waiting(cx: &Context) -> Result<usize> {
    let actor = Actor::operator(cx.rng.uuid().to_string(), "waiting-emergencies");
    let mut sent = 0;
    for _ in 0..ROUND {
        if !assign_oldest(cx, &actor).await? {
            break;
        }
        sent += 1;
    }
    Ok(sent)
}

/// Whether some waiting emergency, the oldest that can be helped, got an officer.
async fn assign_oldest(cx: &Context, actor: &Actor) -> Result<bool> {
    let now = cx.clock.now();
    let mut tx = cx.store.write().await?;
    for task in tx.tasks().lock_waiting(ROUND).await? {
        let Some(point) = task.location else { continue };
        let Some(nearest) = pick(&mut *tx, &criteria(cx, point), now).await? else { continue };
        let task = begin(cx, &mut *tx, actor, task, &nearest, now).await?;
        let event = Event::EmergencyRaised {
            task: Box::new(task),
            assigned: Some(nearest.officer.id),
            distance_m: Some(nearest.distance_m),
        };
        record::events(cx, &mut *tx, actor, now, [event]).await?;
        tx.commit().await?;
        stats::forget(cx).await;
        return Ok(true);
    }
    Ok(false)
}
