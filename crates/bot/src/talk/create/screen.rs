//! What each step of the wizard shows.

use app::Result;
use domain::Availability;
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
            let (rows, others) = delegates(turn).await?;
            (with_others(say, say.it("create-delegate"), others), rows)
        }
        Step::Officers => {
            let chosen = i64::try_from(wizard.officers.len()).unwrap_or(i64::MAX);
            let most = i64::try_from(MOST_OFFICERS).unwrap_or(i64::MAX);
            let text = say.html("create-officers", With::none().number("chosen", chosen).number("most", most));
            let (rows, others) = officers(turn, &wizard).await?;
            (with_others(say, text, others), rows)
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

/// The text, and how many people have no button.
fn with_others(say: Say, text: String, others: u64) -> String {
    if others == 0 {
        return text;
    }
    let others = i64::try_from(others).unwrap_or(i64::MAX);
    format!("{text}\n{}", say.html("create-others", With::none().number("others", others)))
}

/// Buttons of those who may answer for the task, and how many have none.
async fn delegates(turn: &Turn<'_>) -> Result<(Vec<(String, String)>, u64)> {
    let (mut users, count) = app::user::delegates(turn.cx, &turn.actor, Page::first(MOST_BUTTONS)).await?;
    // Whoever makes a task most often answers for it.
    let own = match turn.actor.user().filter(|own| users.iter().all(|user| user.id != *own)) {
        Some(own) => app::user::delegate(turn.cx, &turn.actor, own).await.ok(),
        None => None,
    };
    users.extend(own);
    users.sort_by_key(|user| (!turn.actor.is(user.id), user.id));
    users.truncate(MOST_BUTTONS as usize);
    let others = count.saturating_sub(users.len() as u64);
    let button = |user: domain::User| {
        (isolate(&cut(&format!("{} · {}", user.full_name(), user.id), 60)), format!("crear:delegado:{}", user.id))
    };
    Ok((users.into_iter().map(button).collect(), others))
}

/// Buttons of officers: the chosen ones, those who are available, then all others; and how many have none.
async fn officers(turn: &Turn<'_>, wizard: &Wizard) -> Result<(Vec<(String, String)>, u64)> {
    let mut officers = Vec::new();
    for id in &wizard.officers {
        match app::officer::by_id(turn.cx, &turn.actor, *id).await {
            Ok(officer) => officers.push(officer),
            Err(app::Error::NotFound { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    let available = OfficerFilter { availability: vec![Availability::Available], ..OfficerFilter::default() };
    for filter in [available, OfficerFilter::default()] {
        if officers.len() < MOST_BUTTONS as usize {
            // So many, since those who are there already may be among them.
            let page = Page::first(2 * MOST_BUTTONS);
            let others = app::officer::list(turn.cx, &turn.actor, filter, page).await?;
            let is_new =
                |other: &domain::Officer| officers.iter().all(|officer: &domain::Officer| officer.id != other.id);
            let new: Vec<_> = others.into_iter().filter(is_new).collect();
            officers.extend(new);
        }
    }
    officers.truncate(MOST_BUTTONS as usize);
    let count = app::officer::count(turn.cx, &turn.actor, &OfficerFilter::default()).await?;
    let others = count.saturating_sub(officers.len() as u64);
    let chosen = |officer: &domain::Officer| wizard.officers.contains(&officer.id);
    let button = |officer: domain::Officer| {
        let mark = match (chosen(&officer), officer.availability) {
            (true, _) => "☑️",
            (false, Availability::Available) => "⬜",
            (false, _) => "◻️",
        };
        let label = format!("{mark} {} · {} ({})", officer.internal_code, officer.full_name(), officer.id);
        (isolate(&cut(&label, 60)), format!("crear:asignado:toggle:{}", officer.id))
    };
    Ok((officers.into_iter().map(button).collect(), others))
}

async fn summary(turn: &Turn<'_>, wizard: &Wizard) -> Result<String> {
    let mut names = Vec::new();
    for officer in &wizard.officers {
        names.push(match app::officer::by_id(turn.cx, &turn.actor, *officer).await {
            Ok(officer) => escape(&cut(&format!("{} {}", officer.internal_code, officer.full_name()), 60)),
            Err(app::Error::NotFound { .. }) => officer.to_string(),
            Err(error) => return Err(error),
        });
    }
    let delegate = match wizard.delegate {
        Some(id) => match app::user::delegate(turn.cx, &turn.actor, id).await {
            Ok(user) => user.full_name(),
            Err(app::Error::NotFound { .. }) => id.to_string(),
            Err(error) => return Err(error),
        },
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
