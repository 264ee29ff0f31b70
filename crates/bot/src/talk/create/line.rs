//! `/crear CÓDIGO "título" TIPO DELEGADO ASIGNADO…`: a task in one line.

use app::Result;
use domain::task::Title;
use domain::{JsonObject, OfficerId, Priority, TaskCode, TaskKind, UserId};

use super::super::say::With;
use super::super::turn::Turn;
use super::super::{refusal, tokens};
use super::input;
use crate::model::{Keyboard, Mark};

/// `/crear`: with nothing after it the wizard, else the task at once.
pub async fn command(turn: &mut Turn<'_>, rest: &str) -> Result<()> {
    app::policy::require(&turn.actor, app::policy::Permission::CreateTasks)?;
    if rest.is_empty() {
        return super::start(turn).await;
    }
    let line = match read(rest) {
        Ok(line) => line,
        Err(field) => {
            turn.mark(Mark::Rejected { wizard: "none", step: "crear" });
            let what = turn.label(field);
            let text = turn.html("line-bad", With::none().html("what", what).text("kinds", TaskKind::WORDS.join(", ")));
            turn.reply(refusal::closing(turn.say, &text), Keyboard::new());
            return Ok(());
        }
    };
    let (kind, officers) = (line.kind, line.officers);
    let input = input(turn, line.code, line.title, kind, Priority::Medium, line.delegate, officers, JsonObject::new());
    let task = app::task::create(turn.cx, &turn.actor, input).await?;
    let text = turn.html("line-done", With::none().text("code", &task.code));
    turn.reply(text, Keyboard::new().row([(turn.label("button-show-task"), format!("tarea:ver:{}", task.id))]));
    turn.mark(Mark::Handled("crear"));
    Ok(())
}

#[derive(Debug, PartialEq)]
struct Line {
    code: TaskCode,
    title: Title,
    kind: TaskKind,
    delegate: UserId,
    officers: Vec<OfficerId>,
}

/// The line's parts, or the text that names the part that is amiss.
fn read(rest: &str) -> Result<Line, &'static str> {
    let words = tokens::split(rest);
    let [code, title, kind, delegate, officers @ ..] = words.as_slice() else { return Err("line-parts") };
    if officers.is_empty() {
        return Err("line-parts");
    }
    let officers: Result<Vec<OfficerId>, _> = officers.iter().map(|word| word.parse().map(OfficerId)).collect();
    Ok(Line {
        code: TaskCode::try_from(code.clone()).map_err(|_| "line-code")?,
        title: Some(title)
            .filter(|title| title.chars().count() >= 5)
            .and_then(|title| Title::try_from(title.as_str()).ok())
            .ok_or("line-title")?,
        kind: kind.to_lowercase().parse().map_err(|_| "line-kind")?,
        delegate: delegate.parse().map(UserId).map_err(|_| "line-delegate")?,
        officers: officers.map_err(|_| "line-officers")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_may_be_quoted() {
        let line = read("ope-1 “Control de acceso” PATRULLAJE 2 3 4").unwrap();
        assert_eq!((line.code.as_str(), line.title.as_str()), ("OPE-1", "Control de acceso"));
        assert_eq!((line.kind, line.delegate, line.officers.len()), (TaskKind::Patrol, UserId(2), 2));
        assert_eq!(read("OPE-1 Control PATRULLAJE 2"), Err("line-parts"));
        assert_eq!(read("OPE-1 Control cocina 2 3"), Err("line-kind"));
        assert_eq!(read("O? Control patrullaje 2 3"), Err("line-code"));
    }
}
