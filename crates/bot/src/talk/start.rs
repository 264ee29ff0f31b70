//! The greeting, the menu and the help.

use app::policy::{self, Permission};
use app::{Actor, Result};

use super::command::COMMANDS;
use super::html::escape;
use super::say::{Say, With};
use super::turn::Turn;
use super::{Dialogue, create};
use crate::model::Keyboard;

/// `/start`: the greeting with first name and number, and the menu.
pub async fn greet(turn: &mut Turn<'_>) -> Result<()> {
    let Some(id) = turn.actor.user() else { return Ok(()) };
    let user = app::user::by_id(turn.cx, &turn.actor, id).await?;
    let name = escape(user.given_name.reveal());
    let text = turn.html("greeting", With::none().html("name", name).text("id", id));
    let keyboard = buttons(turn.say, &turn.actor);
    turn.reply(text, keyboard);
    Ok(())
}

/// The main menu, by what the person may do.
pub fn menu(turn: &mut Turn<'_>) {
    let (text, keyboard) = (turn.say.it("menu"), buttons(turn.say, &turn.actor));
    turn.show(text, keyboard);
}

/// The buttons of the menu, by what somebody may do.
pub fn buttons(say: Say, actor: &Actor) -> Keyboard {
    let rows = [
        ("button-create", "menu:crear:start", Permission::CreateTasks),
        ("button-complete", "menu:finalizar:start", Permission::UpdateTaskStatus),
        ("button-mine", "menu:tareas:list:mis", Permission::ViewAssignedTasks),
        ("button-search", "menu:tareas:search", Permission::ViewAssignedTasks),
        ("button-emergency", "menu:emergencia", Permission::RaiseEmergency),
        ("button-near", "menu:cerca", Permission::ViewPeople),
        ("button-report", "menu:reporte", Permission::ViewTeamMetrics),
        ("button-help", "menu:ayuda:general", Permission::ViewAssignedTasks),
    ];
    let allowed = rows.into_iter().filter(|(.., permission)| policy::require(actor, *permission).is_ok());
    allowed.fold(Keyboard::new(), |keyboard, (key, data, _)| keyboard.row([(say.label(key), data)]))
}

/// `/ayuda`: of the step that is waited for, else of what the person may do.
pub fn help(turn: &mut Turn<'_>) {
    if let Some(dialogue) = turn.dialogue.clone() {
        let text = match &dialogue {
            Dialogue::Create { asistente } => turn.say.it(&format!("help-{}", asistente.step.name().replace('_', "-"))),
            other => turn.say.it(&format!("help-{}", other.name())),
        };
        let keyboard = match &dialogue {
            Dialogue::Create { asistente } => create::ways_out(turn.say, asistente),
            _ => Keyboard::new(),
        };
        turn.reply(format!("{text}\n\n{}", turn.say.it("help-open")), keyboard);
        return;
    }
    let allowed = COMMANDS.iter().filter(|(.., permission)| permission.is_none_or(|permission| turn.may(permission)));
    let lines: Vec<String> =
        allowed.map(|(_, word, _)| format!("/{word} — {}", turn.say.it(&format!("command-{word}")))).collect();
    let text = turn.html("help", With::none().html("lines", lines.join("\n")));
    let keyboard = Keyboard::new().row([(turn.label("button-menu"), "menu:main")]);
    turn.show(text, keyboard);
}

/// What is said to a text that means nothing here.
pub fn hint(turn: &mut Turn<'_>) {
    turn.tell("hint");
}
