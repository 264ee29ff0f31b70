//! Calls for help, and where people are.

use app::Result;
use app::dispatch::{Emergency, EmergencyCall};
use app::position::{Report, ReportOutcome};
use chrono::TimeDelta;
use domain::dispatch::LastChoice;
use domain::task::Description;

use super::html::cut;
use super::say::With;
use super::turn::Turn;
use super::{Dialogue, card, near, note};
use crate::model::{Change, Mark, Markup, Message, Outgoing, Place, Urgency};

/// Longest description of an emergency, in units of UTF-16.
const DESCRIPTION: usize = 1000;

/// A call that was sent longer ago has its age in the answer and in the task.
const LATE: TimeDelta = TimeDelta::seconds(90);

/// Asks for the place. What was talked of before waits meanwhile.
pub fn ask(turn: &mut Turn<'_>, description: &str) -> Result<()> {
    app::policy::require(&turn.actor, app::policy::Permission::RaiseEmergency)?;
    let before = turn.dialogue.take().map(|dialogue| match dialogue {
        // Asked twice: what waited goes on waiting.
        Dialogue::Emergency { antes, .. } => antes,
        other => Some(Box::new(other)),
    });
    let descripcion = Some(cut(description, DESCRIPTION)).filter(|text| !text.is_empty());
    turn.wait(Dialogue::Emergency { descripcion, antes: before.flatten() });
    turn.mark(Mark::WizardStarted("emergencia"));
    let markup = Markup::AskLocation { share: turn.label("button-share-place"), cancel: "/cancelar".to_owned() };
    let text = turn.say.it("emergency-ask");
    let message = Outgoing::text(turn.chat.chat, text).with(markup).at(Urgency::Emergency);
    turn.answer.messages.push(message);
    Ok(())
}

/// A place was sent: whoever calls for help gets it, whoever looks for officers sees them, and an
/// officer's own position is kept.
pub async fn place(turn: &mut Turn<'_>, message: &Message, place: Place) -> Result<()> {
    if message.forwarded {
        // Somebody else's place must neither call for help nor move an officer.
        turn.tell("place-forwarded");
        return Ok(());
    }
    match turn.dialogue.clone() {
        Some(Dialogue::Emergency { descripcion, antes }) => raise(turn, place, descripcion, antes).await,
        Some(Dialogue::Near) => {
            turn.end();
            near::around(turn, place.point, None, true).await
        }
        Some(Dialogue::Note { tarea, album: None }) if place.live_period.is_none() => {
            note::place(turn, tarea, place).await
        }
        _ if turn.actor.officer().is_some() => {
            let is_kept = report(turn, place).await?.is_some_and(|outcome| outcome.held.is_empty());
            turn.tell(match place.live_period {
                _ if !is_kept => "position-held",
                Some(_) => "position-live",
                None => "position-kept",
            });
            Ok(())
        }
        _ => {
            turn.tell("place-unasked");
            Ok(())
        }
    }
}

/// A live place that moved, or ended: an officer's position, and nothing is said.
pub async fn moved(turn: &mut Turn<'_>, message: &Message, place: Place) -> Result<()> {
    if message.forwarded || turn.actor.officer().is_none() {
        return Ok(());
    }
    report(turn, place).await.map(|_| ())
}

async fn report(turn: &Turn<'_>, place: Place) -> Result<Option<ReportOutcome>> {
    let Some(officer) = turn.actor.officer() else { return Ok(None) };
    // Telegram tells whole seconds, and updates by growing numbers: these tell two places of one second
    // apart, the same way each time that an update is worked.
    let part = TimeDelta::milliseconds(turn.update.rem_euclid(1000));
    // Telegram's clock may be ahead of ours by a little.
    let measured_at = turn.actor.request.said_at.map(|_| turn.actor.fact_time(turn.cx.clock.now()) + part);
    let report = Report { index: 0, officer, point: place.point, accuracy_m: place.accuracy_m, measured_at };
    let outcome = app::position::report(turn.cx, &turn.actor, vec![report]).await?;
    Ok((outcome.taken > 0).then_some(outcome))
}

async fn raise(
    turn: &mut Turn<'_>,
    place: Place,
    description: Option<String>,
    before: Option<Box<Dialogue>>,
) -> Result<()> {
    let description = description.and_then(|text| Description::try_from(text).ok());
    let called_at = turn.actor.request.said_at.filter(|at| turn.cx.clock.now() - *at >= LATE);
    let call = EmergencyCall {
        point: place.point,
        description,
        officers: Vec::new(),
        force: false,
        called_at,
        telegram: None,
    };
    let emergency = app::dispatch::raise(turn.cx, &turn.actor, call).await?;
    turn.answer.dialogue = before.as_ref().map_or(Change::End, |dialogue| Change::Set((**dialogue).clone()));
    turn.mark(Mark::WizardCompleted("emergencia"));
    let mut text = outcome(turn, &emergency).await?;
    if let Some(at) = called_at {
        let minutes = (emergency.received_at - at).num_minutes();
        text = format!("{text}\n{}", turn.html("emergency-late", With::none().number("minutes", minutes)));
    }
    let message = Outgoing::text(turn.chat.chat, text).with(Markup::RemoveKeyboard).at(Urgency::Emergency);
    turn.answer.messages.push(message);
    card::show(turn, &emergency.task).await?;
    if before.is_some() {
        turn.tell("emergency-before");
    }
    Ok(())
}

async fn outcome(turn: &Turn<'_>, emergency: &Emergency) -> Result<String> {
    let code = With::none().text("code", &emergency.task.code);
    let (Some(officer), Some(metres)) = (emergency.assigned, emergency.distance_m) else {
        return Ok(turn.html("emergency-waiting", code));
    };
    // The caller is told who comes, whatever the level lets one see of others.
    let found = app::task::officer_name(turn.cx, &turn.actor, &emergency.task, officer).await?;
    let name = found.unwrap_or_else(|| officer.to_string());
    let with = code.text("officer", &name).text("distance", near::distance(turn.say, metres));
    let mut text = turn.html("emergency-assigned", with);
    if emergency.last_choice.contains(&LastChoice::Unreachable) {
        let with = With::none().text("officer", &name);
        text = format!("{text}\n{}", turn.html("emergency-unreachable", with));
    }
    Ok(text)
}
