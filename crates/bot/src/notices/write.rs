//! Messages of what happened, for whom it concerns.

use app::{Context, Result};
use domain::event::Logged;
use domain::telegram::NewMessage;
use domain::{Event, Task, Time};
use uuid::Uuid;

use super::audience::Listener;
use super::groups::Groups;
use super::quiet::may_be_told_at;
use crate::model::Outgoing;
use crate::talk::{concerns, notice, overdue};

/// Whether an event may concern anybody. Positions come in crowds, and are not worth a look at all
/// people.
pub const fn may_concern(event: &Event) -> bool {
    match event {
        Event::TaskAssigned { .. }
        | Event::TaskUpdated { .. }
        | Event::TaskStatusChanged { .. }
        | Event::TaskDeleted { .. }
        | Event::EmergencyRaised { .. }
        | Event::AssignmentChanged { .. }
        | Event::DispatchEscalated { .. }
        | Event::Announcement { .. } => true,
        Event::TaskCreated { .. }
        | Event::OfficerStatusChanged { .. }
        | Event::OfficerChanged { .. }
        | Event::PositionsReported { .. }
        | Event::UserChanged { .. }
        | Event::AlertTaken { .. } => false,
    }
}

/// What is to be sent of an event.
pub async fn of_event(
    cx: &Context,
    groups: &Groups,
    listeners: &[Listener],
    epoch: Uuid,
    logged: &Logged,
    now: Time,
) -> Result<Vec<NewMessage>> {
    let key = |message: &Outgoing, nth: usize| {
        let more = if nth == 0 { String::new() } else { format!(":{nth}") };
        format!("ev:{epoch}:{}:{}{more}", logged.offset, message.chat)
    };
    let mut messages = Vec::new();
    for (nth, message) in groups.told(cx, &logged.event).await?.into_iter().enumerate() {
        let key = key(&message, nth);
        messages.push(message.once(key).kept(now, now));
    }
    if groups.of(&logged.event).is_some() {
        return Ok(messages);
    }
    for listener in listeners.iter().filter(|listener| concerns(&logged.event, &listener.reader.actor).is_some()) {
        for (nth, message) in notice(cx, &logged.event, &listener.reader).await?.into_iter().enumerate() {
            let key = key(&message, nth);
            messages.push(kept(cx, listener, message.once(key), now));
        }
    }
    Ok(messages)
}

/// What is to be sent of a task that was to end by now: to those who go, and to whoever answers for it.
pub fn of_overdue(cx: &Context, listeners: &[Listener], task: &Task, now: Time) -> Vec<NewMessage> {
    let end = task.scheduled_end.map_or(0, |end| end.timestamp());
    let concerned = listeners.iter().filter(|listener| {
        let actor = &listener.reader.actor;
        actor.is(task.delegate) || actor.officer().is_some_and(|officer| task.officers.contains(&officer))
    });
    let message = |listener: &Listener| {
        let message = overdue(&listener.reader, cx.settings.time_zone, task);
        let key = format!("vencida:{}:{end}:{}", task.id, message.chat);
        kept(cx, listener, message.once(key), now)
    };
    concerned.map(message).collect()
}

fn kept(cx: &Context, listener: &Listener, message: Outgoing, now: Time) -> NewMessage {
    let at = may_be_told_at(&listener.chat, message.urgency, now, cx.settings.time_zone);
    message.kept(now, at)
}
