//! What follows from a pressed button.

use app::Result;

use super::press::{Press, read};
use super::turn::Turn;
use super::{Dialogue, card, create, emergency, finish, link, mine, near, note, report, start};
use crate::model::{Keyboard, Mark};

/// What follows from a pressed button.
pub async fn work(turn: &mut Turn<'_>, data: &str) -> Result<()> {
    let press = read(data);
    if let Some(Dialogue::Create { asistente }) = turn.dialogue.clone() {
        match press {
            Press::Wizard(input) => return create::input_of(turn, asistente, input).await,
            Press::CreateCancel => {
                turn.mark(Mark::WizardAbandoned { wizard: "crear", step: asistente.step.name() });
                turn.end();
                closed(turn, "cancelled");
                return Ok(());
            }
            Press::Help => {
                start::help(turn);
                return Ok(());
            }
            ref other if opens_something(other) => {
                // One thing at a time: what is open is shown, and is one press from its end.
                let text = turn.label("busy");
                turn.notice(text, true);
                return create::again(turn, asistente).await;
            }
            _ => {}
        }
    }
    run(turn, press).await
}

const fn opens_something(press: &Press) -> bool {
    matches!(
        press,
        Press::Menu
            | Press::CreateStart
            | Press::FinishList(_)
            | Press::FinishCode(_)
            | Press::FinishTask(_)
            | Press::FinishWithNote
            | Press::Search
            | Press::Near
            | Press::No
    )
}

async fn run(turn: &mut Turn<'_>, press: Press) -> Result<()> {
    match press {
        Press::Menu => {
            // Whoever goes back to the menu no longer answers what was asked.
            if matches!(turn.dialogue, Some(Dialogue::Finish { .. } | Dialogue::Search)) {
                turn.end();
            }
            start::menu(turn);
        }
        Press::CreateStart => create::start(turn).await?,
        // A second tap on the last step, or a message of long ago.
        Press::Wizard(_) | Press::CreateCancel => turn.remark("stale"),
        Press::FinishList(page) => finish::list(turn, page).await?,
        Press::FinishCode(code) => finish::ask_code(turn, &code).await?,
        Press::FinishTask(id) => finish::ask_id(turn, id).await?,
        Press::FinishYes => finish::yes(turn, false).await?,
        Press::FinishWithNote => finish::yes(turn, true).await?,
        Press::No => {
            if turn.dialogue.as_ref().is_some_and(Dialogue::ends_with_no) {
                turn.end();
            }
            closed(turn, "cancelled");
        }
        Press::Mine(page) => mine::today(turn, page).await?,
        Press::Search => mine::search(turn, "").await?,
        Press::Help => start::help(turn),
        Press::Emergency => emergency::ask(turn, "")?,
        Press::Near => near::command(turn, "").await?,
        Press::NearTask(id) => near::task(turn, id).await?,
        Press::AssignPick(officer) => near::pick(turn, officer).await?,
        Press::Assign(task, officer) => near::assign(turn, task, officer).await?,
        Press::Report => report::work(turn).await?,
        Press::History(filter, page) => mine::history(turn, &filter, page).await?,
        Press::HistoryClose => closed(turn, "history-closed"),
        Press::Nothing => {}
        Press::Task(verb, id) => card::press(turn, verb, id).await?,
        Press::KeepNotes(id) => note::chosen(turn, id).await?,
        Press::UnlinkYes => link::unlink(turn).await?,
        Press::Unknown => turn.remark("unknown-button"),
    }
    Ok(())
}

/// Takes the buttons away, so that nothing is pressed twice.
fn closed(turn: &mut Turn<'_>, key: &str) {
    let text = turn.say.it(key);
    let menu = Keyboard::new().row([(turn.label("button-menu"), "menu:main")]);
    turn.show(text, menu);
}
