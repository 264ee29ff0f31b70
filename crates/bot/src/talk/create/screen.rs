//! What each step of the wizard shows.

use app::{Error, Result};
use domain::{Availability, Officer};
use store::Page;
use store::officer::OfficerFilter;

use super::super::Dialogue;
use super::super::html::{cut, escape, isolate};
use super::super::say::{Say, With};
use super::super::turn::Turn;
use super::wizard::MOST_OFFICERS;
use super::{KindWord, Step, Wizard};
use crate::model::Keyboard;

/// People shown as buttons; others by their number.
const MOST_BUTTONS: u32 = 20;

/// `[Paso 2/6]`, a bar, and the same in words.
pub fn header(say: Say, step: Step) -> String {
    let (n, of) = (usize::from(step.number()), Step::ALL.len());
    let bar: String = std::iter::repeat_n('▰', n).chain(std::iter::repeat_n('▱', of - n)).collect();
    let with = With::none()
        .number("step", i64::from(step.number()))
        .number("steps", i64::try_from(of).unwrap_or(i64::MAX))
        .text("bar", bar);
    say.html("create-header", with)
}

/// Back, on with what is there, and cancel.
pub fn ways_out(say: Say, wizard: &Wizard) -> Keyboard {
    let step = wizard.step;
    let mut row = Vec::new();
    if step > Step::Kind {
        row.push((say.label("button-back"), format!("crear:back:{}", step.number())));
    }
    if wizard.has(step) && step != Step::Officers {
        row.push((say.label("button-keep"), format!("crear:next:{}", step.number())));
    }
    Keyboard::new().row(row).row([(say.label("button-cancel"), "crear:cancel")])
}

/// Shows the step that is asked, and waits for it.
pub async fn show(turn: &mut Turn<'_>, wizard: Wizard) -> Result<()> {
    let say = turn.say;
    let (body, mut rows) = match wizard.step {
        Step::Kind => {
            let rows = KindWord::ALL.map(|kind| (kind_label(say, kind), format!("crear:tipo:{}", kind.as_str())));
            (say.it("create-kind"), rows.to_vec())
        }
        Step::Code => (say.it("create-code"), Vec::new()),
        Step::Title => (say.it("create-title"), Vec::new()),
        Step::Delegate => {
            let (rows, count) = delegates(turn).await?;
            (say.with_more(say.it("create-delegate"), "create-others", count, rows.len()), rows)
        }
        Step::Officers => {
            let chosen = i64::try_from(wizard.officers.len()).unwrap_or(i64::MAX);
            let most = i64::try_from(MOST_OFFICERS).unwrap_or(i64::MAX);
            let text = say.html("create-officers", With::none().number("chosen", chosen).number("most", most));
            let (rows, count) = officers(turn, &wizard).await?;
            (say.with_more(text, "create-others", count, rows.len()), rows)
        }
        Step::Confirm => (
            summary(turn, &wizard).await?,
            vec![
                (say.label("button-confirm"), "crear:confirm:yes".to_owned()),
                (say.label("button-edit"), "crear:confirm:edit".to_owned()),
            ],
        ),
    };
    if wizard.step == Step::Officers {
        let key = if wizard.officers.is_empty() { "button-nobody" } else { "button-done" };
        rows.push((say.label(key), "crear:asignado:done".to_owned()));
    }
    let mut keyboard = Keyboard::new();
    for button in rows {
        keyboard = keyboard.row([button]);
    }
    for row in ways_out(say, &wizard).into_rows() {
        keyboard = keyboard.row(row);
    }
    let kept = kept(say, &wizard).map_or(String::new(), |kept| format!("\n{kept}"));
    turn.show(format!("{}\n{body}{kept}", header(say, wizard.step)), keyboard);
    turn.wait(Dialogue::Create { asistente: wizard });
    Ok(())
}

fn kind_label(say: Say, kind: KindWord) -> String {
    say.label(match kind {
        KindWord::Operativo => "kind-operativo",
        KindWord::Administrativo => "kind-administrativo",
        KindWord::Emergencia => "kind-emergencia",
    })
}

/// What was said at this step before.
fn kept(say: Say, wizard: &Wizard) -> Option<String> {
    let value = match wizard.step {
        Step::Kind => kind_label(say, wizard.kind?),
        Step::Code => wizard.code.as_ref()?.to_string(),
        Step::Title => wizard.title.as_ref()?.to_string(),
        Step::Delegate => wizard.delegate?.to_string(),
        Step::Officers | Step::Confirm => return None,
    };
    Some(say.html("create-kept", With::none().text("value", value)))
}

/// What was asked for, where it is there.
fn found<T>(outcome: Result<T>) -> Result<Option<T>> {
    match outcome {
        Ok(it) => Ok(Some(it)),
        Err(Error::NotFound { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Buttons of those who may answer for the task, and how many may in all.
async fn delegates(turn: &Turn<'_>) -> Result<(Vec<(String, String)>, u64)> {
    let (mut users, count) = app::user::delegates(turn.cx, &turn.actor, Page::first(MOST_BUTTONS)).await?;
    // Whoever makes a task most often answers for it.
    let own = match turn.actor.user().filter(|own| users.iter().all(|user| user.id != *own)) {
        Some(own) => found(app::user::delegate(turn.cx, &turn.actor, own).await)?,
        None => None,
    };
    users.extend(own);
    users.sort_by_key(|user| (!turn.actor.is(user.id), user.id));
    users.truncate(MOST_BUTTONS as usize);
    let button = |user: domain::User| {
        (isolate(&cut(&format!("{} · {}", user.full_name(), user.id), 60)), format!("crear:delegado:{}", user.id))
    };
    Ok((users.into_iter().map(button).collect(), count))
}

/// Buttons of officers: the chosen ones, those who are available, then all others; and how many
/// officers there are in all.
async fn officers(turn: &Turn<'_>, wizard: &Wizard) -> Result<(Vec<(String, String)>, u64)> {
    let chosen = |officer: &Officer| wizard.officers.contains(&officer.id);
    let available = OfficerFilter { availability: vec![Availability::Available], ..OfficerFilter::default() };
    let mut listed: Vec<Officer> = Vec::new();
    for filter in [available, OfficerFilter::default()] {
        if listed.iter().filter(|officer| !chosen(officer)).count() < MOST_BUTTONS as usize {
            // So many, since those who are chosen or listed already may be among them.
            let page = Page::first(2 * MOST_BUTTONS);
            let others = app::officer::list(turn.cx, &turn.actor, filter, page).await?;
            let is_new = |other: &Officer| listed.iter().all(|officer| officer.id != other.id);
            let new: Vec<_> = others.into_iter().filter(is_new).collect();
            listed.extend(new);
        }
    }
    let mut officers = Vec::new();
    for id in &wizard.officers {
        match listed.iter().position(|officer| officer.id == *id) {
            Some(at) => officers.push(listed.remove(at)),
            None => officers.extend(found(app::officer::by_id(turn.cx, &turn.actor, *id).await)?),
        }
    }
    officers.extend(listed);
    officers.truncate(MOST_BUTTONS as usize);
    let count = app::officer::count(turn.cx, &turn.actor, &OfficerFilter::default()).await?;
    let button = |officer: Officer| {
        let mark = match (chosen(&officer), officer.availability) {
            (true, _) => "☑️",
            (false, Availability::Available) => "⬜",
            (false, _) => "◻️",
        };
        let label = format!("{mark} {} · {} ({})", officer.internal_code, officer.full_name(), officer.id);
        (isolate(&cut(&label, 60)), format!("crear:asignado:toggle:{}", officer.id))
    };
    Ok((officers.into_iter().map(button).collect(), count))
}

async fn summary(turn: &Turn<'_>, wizard: &Wizard) -> Result<String> {
    let mut names = Vec::new();
    for officer in &wizard.officers {
        names.push(match found(app::officer::by_id(turn.cx, &turn.actor, *officer).await)? {
            Some(officer) => escape(&cut(&format!("{} {}", officer.internal_code, officer.full_name()), 60)),
            None => officer.to_string(),
        });
    }
    let delegate = match wizard.delegate {
        Some(id) => {
            let user = found(app::user::delegate(turn.cx, &turn.actor, id).await)?;
            user.map_or_else(|| id.to_string(), |user| user.full_name())
        }
        None => String::new(),
    };
    let nobody = turn.say.it("nobody");
    let with = With::none()
        .text("kind", wizard.kind.map_or(String::new(), |kind| kind_label(turn.say, kind)))
        .text("code", wizard.code.as_ref().map_or("", |code| code.as_str()))
        .text("title", wizard.title.as_ref().map_or("", |title| title.as_str()))
        .text("delegate", delegate)
        .html("officers", if names.is_empty() { nobody } else { names.join(", ") });
    Ok(turn.html("create-summary", with))
}
