//! `/reporte`: the office at a glance, and its day as a picture and as a file.

use app::Result;
use app::report::chart::Image;
use app::report::{Format, ReportQuery};
use domain::report::Period;

use super::card::time;
use super::say::With;
use super::turn::Turn;
use crate::model::{Keyboard, Outgoing};

/// What is said, and what is sent with it.
pub async fn work(turn: &mut Turn<'_>) -> Result<()> {
    let glance = app::stats::overview(turn.cx, &turn.actor).await?;
    let period = Period::today(turn.cx.clock.now(), turn.cx.settings.time_zone);
    let query = ReportQuery { period, unit: None };
    let language = turn.say.0;
    let picture = app::report::picture(turn.cx, &turn.actor, &query, language, Image::Png).await?;
    let file = app::report::export(turn.cx, &turn.actor, &query, language, Format::Xlsx).await?;
    let with = With::none()
        .text("at", time(turn.cx.settings.time_zone, turn.cx.clock.now()))
        .number("tasks", glance.tasks)
        .number("running", glance.in_progress)
        .number("finished", glance.finished)
        .number("scheduled", glance.scheduled)
        .number("waiting", glance.waiting)
        .number("officers", glance.officers)
        .number("available", glance.available)
        .number("busy", glance.on_task);
    let text = turn.html("report", with);
    let keyboard = Keyboard::new().row([(turn.label("button-menu"), "menu:main")]);
    turn.show(text, keyboard);
    let (chat, day) = (turn.chat.chat, period.first());
    let caption = turn.html("report-day", With::none().text("day", day.format("%d/%m/%Y")));
    turn.answer.messages.push(Outgoing::photo(chat, format!("informe-{day}.png"), picture, caption));
    turn.answer.messages.push(Outgoing::document(
        chat,
        format!("informe-{day}.xlsx"),
        file,
        turn.say.it("report-file"),
    ));
    Ok(())
}
