//! What follows from a message.

use app::Result;
use domain::Availability;

use super::command::{Command, Words, read};
use super::turn::Turn;
use super::{Dialogue, card, create, duty, emergency, figures, finish, link, mine, near, note, report, start};
use crate::model::{Attachment, Body, Change, Mark, Markup, Message};

/// Telegram cuts what people write into messages of so many units of UTF-16: one as long is a part.
const MOST_UNITS: usize = 4096;

/// What follows from a message.
pub async fn work(turn: &mut Turn<'_>, message: &Message) -> Result<()> {
    match &message.body {
        Body::Text(_) | Body::Attachment(_) if message.forwarded => aside(turn, "forwarded").await,
        Body::Text(text) if text.encode_utf16().count() >= MOST_UNITS => aside(turn, "too-long").await,
        Body::Text(text) => words(turn, text.trim()).await,
        Body::Place(place) => emergency::place(turn, message, *place).await,
        Body::Attachment(file) => attachment(turn, file, message.album.as_deref()).await,
        Body::Contact => aside(turn, "contact").await,
        Body::Other => aside(turn, "not-text").await,
    }
}

/// A file goes to a task; what was open is shown once more.
async fn attachment(turn: &mut Turn<'_>, file: &Attachment, album: Option<&str>) -> Result<()> {
    note::file(turn, file, album).await?;
    match turn.dialogue.clone() {
        Some(Dialogue::Create { asistente }) => create::again(turn, asistente).await,
        _ => Ok(()),
    }
}

/// What follows from a changed message: a live place moves, and words that were said stay said.
pub async fn edited(turn: &mut Turn<'_>, message: &Message) -> Result<()> {
    match &message.body {
        Body::Place(place) => emergency::moved(turn, message, *place).await,
        Body::Text(_) => aside(turn, "edited").await,
        _ => Ok(()),
    }
}

/// Says why something is not taken, and shows once more what is waited for.
async fn aside(turn: &mut Turn<'_>, key: &str) -> Result<()> {
    turn.tell(key);
    match turn.dialogue.clone() {
        Some(Dialogue::Create { asistente }) => create::again(turn, asistente).await,
        _ => Ok(()),
    }
}

async fn words(turn: &mut Turn<'_>, text: &str) -> Result<()> {
    match (turn.dialogue.clone(), read(text)) {
        (_, Words::Command(Command::Cancel, _)) => {
            cancel(turn);
            Ok(())
        }
        (_, Words::Command(Command::Help, _)) => {
            start::help(turn);
            Ok(())
        }
        // Help is never kept waiting.
        (_, Words::Command(Command::Emergency, rest)) => emergency::ask(turn, rest),
        (Some(Dialogue::Create { asistente }), Words::Command(..) | Words::UnknownCommand) => {
            turn.tell("create-open");
            create::again(turn, asistente).await
        }
        (Some(Dialogue::Create { asistente }), Words::Text(_) | Words::Done(_)) => {
            create::text(turn, asistente, text).await
        }
        (open, Words::Command(command, rest)) => {
            // Whoever asks for something else no longer answers what was asked.
            if let Some(open) = open {
                turn.answer.dialogue = before(open).map_or(Change::End, Change::Set);
            }
            run(turn, command, rest).await
        }
        (Some(open), Words::Text(_) | Words::Done(_)) => answer_to(turn, open, text).await,
        (None, Words::Done(code)) => finish::command(turn, code).await,
        (None, Words::Text(_)) | (_, Words::UnknownCommand) => {
            start::hint(turn);
            Ok(())
        }
    }
}

async fn run(turn: &mut Turn<'_>, command: Command, rest: &str) -> Result<()> {
    match command {
        Command::Start if rest.is_empty() => start::greet(turn).await,
        Command::Start | Command::Link => link::linked_already(turn, rest).await,
        Command::Unlink => {
            link::ask_unlink(turn);
            Ok(())
        }
        Command::Tasks => mine::today(turn, 0).await,
        Command::Task if rest.is_empty() => mine::today(turn, 0).await,
        Command::Task => card::by_code(turn, rest).await,
        Command::Create => create::command(turn, rest).await,
        Command::Finish => finish::command(turn, rest).await,
        Command::History => mine::history(turn, rest, 0).await,
        Command::Statistics => figures::mine(turn).await,
        Command::Search => mine::search(turn, rest).await,
        Command::Near => near::command(turn, rest).await,
        Command::Report => report::work(turn).await,
        Command::Available => duty::availability(turn, Availability::Available).await,
        Command::OutOfService => duty::availability(turn, Availability::OutOfService).await,
        Command::Quiet => {
            duty::quiet(turn, rest);
            Ok(())
        }
        Command::Language => {
            duty::language(turn, rest);
            Ok(())
        }
        Command::Emergency => emergency::ask(turn, rest),
        Command::Help => {
            start::help(turn);
            Ok(())
        }
        Command::Cancel => {
            cancel(turn);
            Ok(())
        }
    }
}

/// A text while something else than the wizard waits for one.
async fn answer_to(turn: &mut Turn<'_>, open: Dialogue, text: &str) -> Result<()> {
    match open {
        Dialogue::Create { asistente } => create::text(turn, asistente, text).await,
        Dialogue::Finish { codigo, nota } => finish::text(turn, &codigo, nota, text).await,
        Dialogue::Decline { tarea } => card::decline(turn, tarea, text).await,
        // Whoever says that it is done does not describe it.
        Dialogue::Note { album, .. } if album.is_some() || matches!(read(text), Words::Done(_)) => {
            turn.end();
            match read(text) {
                Words::Done(code) => finish::command(turn, code).await,
                _ => {
                    start::hint(turn);
                    Ok(())
                }
            }
        }
        Dialogue::Note { tarea, .. } => note::text(turn, tarea, text).await,
        Dialogue::NoteFor { .. } => {
            turn.tell("note-pick");
            Ok(())
        }
        Dialogue::Search => mine::search(turn, text).await,
        Dialogue::Linking => link::linked_already(turn, text).await,
        Dialogue::Emergency { descripcion, antes } => {
            let said = descripcion.map_or_else(|| text.to_owned(), |before| format!("{before}\n{text}"));
            let said = super::html::cut(&said, 1000);
            turn.wait(Dialogue::Emergency { descripcion: Some(said), antes });
            turn.tell("emergency-noted");
            Ok(())
        }
        Dialogue::Near => {
            turn.tell("near-ask");
            Ok(())
        }
    }
}

/// What goes on when something ends.
fn before(open: Dialogue) -> Option<Dialogue> {
    match open {
        Dialogue::Emergency { antes, .. } => antes.map(|dialogue| *dialogue),
        _ => None,
    }
}

/// `/cancelar`.
fn cancel(turn: &mut Turn<'_>) {
    let Some(open) = turn.dialogue.clone() else {
        turn.tell("cancel-nothing");
        return;
    };
    turn.mark(Mark::WizardAbandoned { wizard: open.name(), step: open.step() });
    let markup = match open {
        Dialogue::Emergency { .. } | Dialogue::Near => Markup::RemoveKeyboard,
        _ => Markup::None,
    };
    let back = before(open);
    let key = if back.is_some() { "cancel-back" } else { "cancelled" };
    turn.answer.dialogue = back.map_or(Change::End, Change::Set);
    let text = turn.say.it(key);
    turn.reply(text, markup);
}
