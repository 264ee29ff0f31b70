//! On duty or off, and when the bot may speak by itself.

use app::{Error, Result};
use chrono::TimeDelta;
use domain::Availability;
use domain::officer::OfficerEdit;

use super::card::time;
use super::refusal;
use super::say::With;
use super::turn::Turn;
use crate::model::{Keyboard, Quiet, language_named};

/// Hours of quiet when none are said.
const HOURS: i64 = 8;
/// Most hours of quiet: whoever is quiet for longer is off duty.
const MOST_HOURS: i64 = 24;

/// `/disponible` and `/fuera`.
pub async fn availability(turn: &mut Turn<'_>, to: Availability) -> Result<()> {
    let Some(officer) = turn.actor.officer() else {
        turn.tell("duty-no-officer");
        return Ok(());
    };
    let now = app::officer::by_id(turn.cx, &turn.actor, officer).await?;
    if now.availability != to {
        let edit = OfficerEdit { availability: Some(to), ..OfficerEdit::default() };
        match app::officer::update(turn.cx, &turn.actor, officer, edit, None).await {
            Ok(_) => {}
            // It follows from the begun task, and ends with it.
            Err(Error::Invalid(_) | Error::Occupied(_)) if now.availability == Availability::OnTask => {
                let text = turn.say.it("duty-on-task");
                turn.reply(refusal::closing(turn.say, &text), Keyboard::new());
                return Ok(());
            }
            Err(error) => return Err(error),
        }
    }
    turn.tell(if to == Availability::Available { "duty-available" } else { "duty-out" });
    Ok(())
}

/// `/silencio`, `/silencio 3`, `/silencio no`.
pub fn quiet(turn: &mut Turn<'_>, words: &str) {
    let hours = match words.trim().to_lowercase().as_str() {
        "" => Some(HOURS),
        "no" | "off" | "fin" | "0" => Some(0),
        hours => hours.trim_end_matches(['h', ' ']).parse().ok().filter(|hours| (1..=MOST_HOURS).contains(hours)),
    };
    match hours {
        Some(0) => {
            turn.answer.quiet = Some(Quiet::Off);
            turn.tell("quiet-off");
        }
        Some(hours) => {
            let until = turn.actor.fact_time(turn.cx.clock.now()) + TimeDelta::hours(hours);
            turn.answer.quiet = Some(Quiet::Until(until));
            let text = turn.html(
                "quiet-on",
                With::none().number("hours", hours).text("until", time(turn.cx.settings.time_zone, until)),
            );
            turn.reply(text, Keyboard::new());
        }
        None => {
            let text = turn.html("quiet-bad", With::none().number("most", MOST_HOURS));
            turn.reply(refusal::closing(turn.say, &text), Keyboard::new());
        }
    }
}

/// `/idioma es|en`; the answer is in the new one.
pub fn language(turn: &mut Turn<'_>, word: &str) {
    match language_named(word) {
        Some(language) => {
            turn.answer.language = Some(language);
            turn.say.0 = language;
            turn.tell("language-done");
        }
        None => {
            let text = turn.say.it("language-bad");
            turn.reply(refusal::closing(turn.say, &text), Keyboard::new());
        }
    }
}
