//! Making tasks: the wizard, and the line of one command.

mod line;
mod screen;
mod wizard;
#[cfg(test)]
mod wizard_tests;

use app::task::NewTaskInput;
use app::{Error, Result};
use domain::task::{TelegramKind, Title};
use domain::{JsonObject, OfficerId, Priority, TaskCode, TaskKind, UserId};
use store::Rule;

pub use line::command;
pub use screen::ways_out;
pub use wizard::{Draft, Effect, Input, KindWord, Step, Wizard};

use super::say::With;
use super::turn::Turn;
use super::{Dialogue, refusal};
use crate::model::{Keyboard, Mark};

/// Opens the wizard.
pub async fn start(turn: &mut Turn<'_>) -> Result<()> {
    app::policy::require(&turn.actor, app::policy::Permission::CreateTasks)?;
    turn.mark(Mark::WizardStarted("crear"));
    screen::show(turn, Wizard::default()).await
}

/// The present step once more, for whoever pressed or wrote something else.
pub async fn again(turn: &mut Turn<'_>, wizard: Wizard) -> Result<()> {
    screen::show(turn, wizard).await
}

/// What follows from a text at a step.
pub async fn text(turn: &mut Turn<'_>, wizard: Wizard, text: &str) -> Result<()> {
    match read(wizard.step, text) {
        Ok(input) => input_of(turn, wizard, input).await,
        Err(key) => {
            reject(turn, &wizard, key, text);
            Ok(())
        }
    }
}

/// What a text means at a step; else the text that says what the step takes.
fn read(step: Step, text: &str) -> Result<Input, &'static str> {
    let length = text.chars().count();
    match step {
        Step::Kind => KindWord::from_word(text).map(Input::Kind).ok_or("create-bad-kind"),
        Step::Code => TaskCode::try_from(text.to_owned()).map(Input::Code).map_err(|_| "create-bad-code"),
        Step::Title if (10..=100).contains(&length) => {
            Title::try_from(text).map(Input::Title).map_err(|_| "create-bad-title")
        }
        Step::Title => Err("create-bad-title"),
        Step::Delegate => text.parse().map(|id| Input::Delegate(UserId(id))).map_err(|_| "create-bad-delegate"),
        Step::Officers => {
            let ids = text.split([',', ' ', ';']).filter(|word| !word.is_empty());
            let ids: Result<Vec<OfficerId>, _> = ids.map(|word| word.parse().map(OfficerId)).collect();
            ids.map(Input::Officers).map_err(|_| "create-bad-officers")
        }
        Step::Confirm => Err("create-press"),
    }
}

fn reject(turn: &mut Turn<'_>, wizard: &Wizard, key: &str, text: &str) {
    turn.mark(Mark::Rejected { wizard: "crear", step: wizard.step.name() });
    let length = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
    let text = turn.html(key, With::none().number("length", length));
    let text = format!("{}\n{text}", screen::header(turn.say, wizard.step));
    turn.reply(refusal::closing(turn.say, &text), screen::ways_out(turn.say, wizard));
}

/// What follows from an input, once the record says that what it names is there.
pub async fn input_of(turn: &mut Turn<'_>, wizard: Wizard, input: Input) -> Result<()> {
    let at = wizard.step;
    if let Some(key) = missing(turn, &wizard, &input).await? {
        reject(turn, &wizard, key, "");
        return Ok(());
    }
    match wizard.take(input) {
        Effect::Ask(next) => {
            if next.step != at {
                turn.mark(Mark::WizardStep { wizard: "crear", step: at.name() });
            }
            screen::show(turn, next).await
        }
        Effect::Stray(same) => {
            // The button stands under an older message: what is asked now is shown anew.
            let text = turn.label("create-stray");
            turn.notice(text, false);
            screen::show(turn, same).await
        }
        Effect::TooMany(same) => {
            reject(turn, &same, "create-too-many", "");
            Ok(())
        }
        Effect::Create(draft) => make(turn, draft).await,
    }
}

/// The text that says what is not there, or is there already.
async fn missing(turn: &Turn<'_>, wizard: &Wizard, input: &Input) -> Result<Option<&'static str>> {
    let found = match (wizard.step, input) {
        (Step::Code, Input::Code(code)) => {
            let taken = app::task::is_code_taken(turn.cx, &turn.actor, code).await?;
            return Ok(taken.then_some("create-code-taken"));
        }
        (Step::Delegate, Input::Delegate(user)) => {
            app::user::delegate(turn.cx, &turn.actor, *user).await.map(|_| ()).map_err(|e| (e, "create-no-delegate"))
        }
        (Step::Officers, Input::Toggle(officer)) => officer_is_there(turn, *officer).await,
        (Step::Officers, Input::Officers(officers)) => {
            let mut found = Ok(());
            for officer in officers.iter().take(wizard::MOST_OFFICERS + 1) {
                found = found.and(officer_is_there(turn, *officer).await);
            }
            found
        }
        _ => Ok(()),
    };
    match found {
        Ok(()) => Ok(None),
        Err((Error::NotFound { .. }, key)) => Ok(Some(key)),
        Err((error, _)) => Err(error),
    }
}

async fn officer_is_there(turn: &Turn<'_>, officer: OfficerId) -> Result<(), (Error, &'static str)> {
    let found = app::officer::by_id(turn.cx, &turn.actor, officer).await;
    found.map(|_| ()).map_err(|error| (error, "create-no-officer"))
}

/// Makes the task. Whether the code is free is asked by the record itself: the same update worked
/// twice must find its own task, not a code that is taken.
async fn make(turn: &mut Turn<'_>, draft: Draft) -> Result<()> {
    let kept = draft.clone();
    let (kind, priority, word) = match draft.kind {
        KindWord::Operativo => (TaskKind::Intervention, Priority::Medium, TelegramKind::Operative),
        KindWord::Administrativo => (TaskKind::Administrative, Priority::Medium, TelegramKind::Administrative),
        KindWord::Emergencia => (TaskKind::Intervention, Priority::Critical, TelegramKind::Emergency),
    };
    let mut extra = JsonObject::new();
    extra.insert("tipo_telegram".to_owned(), word.as_str().into());
    let input = input(turn, draft.code, draft.title, kind, priority, draft.delegate, draft.officers, extra);
    match app::task::create(turn.cx, &turn.actor, input).await {
        Ok(task) => {
            turn.end();
            turn.mark(Mark::WizardCompleted("crear"));
            let text = turn.html("create-done", With::none().text("code", &task.code));
            let keyboard = Keyboard::new()
                .row([(turn.label("button-show-task"), format!("tarea:ver:{}", task.id))])
                .row([(turn.label("button-menu"), "menu:main")]);
            turn.show(text, keyboard);
            Ok(())
        }
        // Somebody was quicker: everything else stays as it was said.
        Err(Error::Conflict(Rule::TaskCode)) => {
            let wizard = Wizard {
                step: Step::Code,
                kind: Some(kept.kind),
                code: None,
                title: Some(kept.title),
                delegate: Some(kept.delegate),
                officers: kept.officers,
                officers_chosen: true,
            };
            turn.wait(Dialogue::Create { asistente: wizard.clone() });
            reject(turn, &wizard, "create-code-taken", "");
            Ok(())
        }
        Err(error) => {
            turn.end();
            Err(error)
        }
    }
}

#[expect(clippy::too_many_arguments, reason = "the fields of a task, gathered in one place for both ways to it")]
fn input(
    turn: &Turn<'_>,
    code: TaskCode,
    title: Title,
    kind: TaskKind,
    priority: Priority,
    delegate: UserId,
    officers: Vec<OfficerId>,
    extra: JsonObject,
) -> NewTaskInput {
    NewTaskInput {
        code,
        title,
        description: None,
        kind,
        priority,
        scheduled_start: turn.actor.fact_time(turn.cx.clock.now()),
        scheduled_end: None,
        delegate,
        creator: None,
        location: None,
        location_description: None,
        officers,
        force: false,
        extra,
        alert: priority >= Priority::Urgent,
    }
}
