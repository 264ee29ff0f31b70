//! What a pressed button asks for. Buttons of the office's earlier bot are still under old
//! messages, so its words are read too (contract §5.2).

use domain::{OfficerId, TaskCode, TaskId, UserId};

use super::create::{Input, KindWord, Step};

/// What a button asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Press {
    /// The main menu.
    Menu,
    /// Opens the wizard.
    CreateStart,
    /// An input of the wizard.
    Wizard(Input),
    /// Gives the wizard up.
    CreateCancel,
    /// One's open tasks, to end one of them; a page from 0.
    FinishList(u32),
    /// Asks whether a task is to end, by its code.
    FinishCode(TaskCode),
    /// The same by number, for codes that do not fit in a button.
    FinishTask(TaskId),
    /// Yes, it is to end.
    FinishYes,
    /// Yes, and a note goes with it.
    FinishWithNote,
    /// No to whatever was asked.
    No,
    /// One's tasks; a page from 0.
    Mine(u32),
    /// Asks for words to look for.
    Search,
    /// The help.
    Help,
    /// Asks for the place of an emergency.
    Emergency,
    /// Asks for a place around which officers are looked for.
    Near,
    /// Officers near a task.
    NearTask(TaskId),
    /// Tasks that an officer could be sent to.
    AssignPick(OfficerId),
    /// Sends an officer to a task.
    Assign(TaskId, OfficerId),
    /// Figures of the day.
    Report,
    /// A page of the history.
    History(String, u32),
    /// Takes the history away.
    HistoryClose,
    /// A button that only shows something.
    Nothing,
    /// Something with a task.
    Task(Verb, TaskId),
    /// Leaves what waits with a task.
    KeepNotes(TaskId),
    /// Ends the link.
    UnlinkYes,
    /// Something that we do not know.
    Unknown,
}

/// What may be done with a task by a button of its card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// Shows the card.
    Show,
    /// "I go".
    Accept,
    /// "I cannot"; asks why.
    Decline,
    /// "I am on the way".
    EnRoute,
    /// "I am there".
    Arrive,
    /// Pauses it.
    Pause,
    /// Begins it, or goes on with it.
    Resume,
    /// Asks whether it is to end.
    Finish,
    /// Shows the place on a map.
    Map,
    /// Asks for what is to be left with it.
    Note,
}

impl Verb {
    /// Words of the buttons.
    pub const WORDS: [(&'static str, Self); 10] = [
        ("ver", Self::Show),
        ("aceptar", Self::Accept),
        ("rechazar", Self::Decline),
        ("camino", Self::EnRoute),
        ("llegada", Self::Arrive),
        ("pausar", Self::Pause),
        ("seguir", Self::Resume),
        ("finalizar", Self::Finish),
        ("mapa", Self::Map),
        ("nota", Self::Note),
    ];

    /// Its word.
    pub fn as_str(self) -> &'static str {
        Self::WORDS.iter().find(|(_, verb)| *verb == self).map_or("ver", |(word, _)| word)
    }

    /// The data of its button for a task.
    pub fn data(self, task: TaskId) -> String {
        format!("tarea:{}:{task}", self.as_str())
    }
}

/// What a button's data asks for. Anything at all may come, since anybody can make an update up.
pub fn read(data: &str) -> Press {
    let parts: Vec<&str> = data.split(':').collect();
    old_pager(data).or_else(|| known(&parts)).unwrap_or(Press::Unknown)
}

fn old_pager(data: &str) -> Option<Press> {
    match data {
        "hist_noop" => Some(Press::Nothing),
        "hist_close" => Some(Press::HistoryClose),
        _ => Some(Press::History("todas".to_owned(), data.strip_prefix("hist_page_")?.parse().ok()?)),
    }
}

fn known(parts: &[&str]) -> Option<Press> {
    Some(match parts {
        // The earlier bot took its "No, cancelar" for a yes.
        [.., "no"] | ["finalizar", "cancel"] => Press::No,
        ["menu", "main"] => Press::Menu,
        ["menu", "crear", ..] => Press::CreateStart,
        ["menu", "finalizar", ..] => Press::FinishList(0),
        ["menu", "tareas", "list", ..] => Press::Mine(0),
        ["menu", "tareas", "search"] => Press::Search,
        ["menu", "ayuda", ..] => Press::Help,
        ["menu", "emergencia"] => Press::Emergency,
        ["menu", "cerca"] => Press::Near,
        ["menu", "reporte"] => Press::Report,
        ["crear", "cancel"] => Press::CreateCancel,
        ["crear", "tipo", word] => Press::Wizard(Input::Kind(KindWord::from_word(word)?)),
        ["crear", "delegado", id] => Press::Wizard(Input::Delegate(UserId(id.parse().ok()?))),
        ["crear", "asignado", "toggle", id] => Press::Wizard(Input::Toggle(OfficerId(id.parse().ok()?))),
        ["crear", "asignado", "done", ..] => Press::Wizard(Input::Done),
        ["crear", "confirm", "yes"] => Press::Wizard(Input::Confirm),
        ["crear", "confirm", "edit"] => Press::Wizard(Input::Edit),
        ["crear", "back", n] => Press::Wizard(Input::Back(step(n)?)),
        ["crear", "next", n] => Press::Wizard(Input::Keep(step(n)?)),
        ["finalizar", "confirm", "yes"] => Press::FinishYes,
        ["finalizar", "confirm", "nota"] => Press::FinishWithNote,
        // An old yes names its task: it is asked once more, since much may have changed.
        ["finalizar", "confirm", code, "yes"] | ["finalizar", "select", code] => {
            Press::FinishCode(TaskCode::stored((*code).to_owned()))
        }
        ["finalizar", "id", id] => Press::FinishTask(TaskId(id.parse().ok()?)),
        ["finalizar", "list", page] | ["page", page] => Press::FinishList(page.parse().ok()?),
        ["tareas", "page", page] => Press::Mine(page.parse().ok()?),
        ["historial", filter, page] => Press::History((*filter).to_owned(), page.parse().ok()?),
        ["cerca", "tarea", id] => Press::NearTask(TaskId(id.parse().ok()?)),
        ["asignar", "elegir", officer] => Press::AssignPick(OfficerId(officer.parse().ok()?)),
        ["asignar", task, officer] => Press::Assign(TaskId(task.parse().ok()?), OfficerId(officer.parse().ok()?)),
        ["nota", "en", id] => Press::KeepNotes(TaskId(id.parse().ok()?)),
        ["desvincular", "confirm", "yes"] => Press::UnlinkYes,
        ["tarea", word, id] => {
            let (_, verb) = Verb::WORDS.iter().find(|(known, _)| known == word)?;
            Press::Task(*verb, TaskId(id.parse().ok()?))
        }
        _ => return None,
    })
}

fn step(number: &str) -> Option<Step> {
    let number: u8 = number.parse().ok()?;
    Step::ALL.into_iter().find(|step| step.number() == number)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn buttons_of_the_earlier_bot_are_still_read() {
        assert_eq!(read("crear:confirm:OPE-1:no"), Press::No);
        assert_eq!(read("finalizar:confirm:OPE-1:no"), Press::No);
        assert_eq!(read("finalizar:confirm:OPE-1:yes"), Press::FinishCode(TaskCode::stored("OPE-1".to_owned())));
        assert_eq!(read("page:2"), Press::FinishList(2));
        assert_eq!(read("hist_page_3"), Press::History("todas".to_owned(), 3));
        assert_eq!(read("hist_close"), Press::HistoryClose);
        assert_eq!(read("crear:asignado:done"), Press::Wizard(Input::Done));
        assert_eq!(read("menu:tareas:list:mis"), Press::Mine(0));
    }

    proptest! {
        #[test]
        fn whatever_a_button_says_is_answered(data in ".{0,80}") {
            let _ = read(&data);
        }
    }
}
