//! Telegram away: how soon nobody asks it any more, that all else is served meanwhile, and that
//! everything that was to be said is said once when it is back.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::json;
use tokio::time::sleep;

use super::Stage;
use super::bot::TOKEN;
use crate::client::{Client, Figures};
use crate::measure::{Evidence, count, share};
use crate::target::Role;
use crate::telegram::{Fault, Person, Rule, Standin};
use crate::text::text;

/// Who hears announcements.
const PEOPLE: usize = 6;
/// Announcements while it is away.
const ANNOUNCEMENTS: usize = 2;
/// The first number of people and updates: those below it are of the stand-in that `bot` talked over.
const FIRST: i64 = 1_000_000;
/// Between two looks.
const LOOK: Duration = Duration::from_millis(100);
/// Longest wait for the breaker to open, and for all to be said afterwards.
const PATIENCE: Duration = Duration::from_secs(15);
/// Label of Telegram in the figures.
const TELEGRAM: &str = "telegram";

/// Takes Telegram away and brings it back.
pub async fn run(stage: &mut Stage) -> Result<Evidence> {
    let telegram = Standin::open(TOKEN).await?;
    telegram.number_from(FIRST);
    let url = telegram.url.clone();
    stage.target.serve(&[("GAD_TELEGRAM_TOKEN", TOKEN), ("GAD_TELEGRAM_API_URL", &url)]).await?;
    let outcome = take_away(stage, &telegram).await;
    stage.target.rest().await?;
    outcome
}

async fn take_away(stage: &mut Stage, telegram: &Standin) -> Result<Evidence> {
    let administrator = stage.target.client(Role::Administrator).await?;
    let people = gather(&administrator, telegram).await?;
    let before = administrator.figures().await?;
    telegram.breaks(Rule::new(Fault::Reset));
    let begun = Instant::now();
    for number in 0..ANNOUNCEMENTS {
        let body = json!({ "group": "general", "type": "urgent", "message": words(number) });
        administrator
            .send("POST", "/api/v1/admin/telegram/send", Some(&body))
            .await?
            .ok()
            .context("an announcement")?;
    }
    let (mut opened, mut served, mut asked, mut slowest) = (None, 0_usize, 0_usize, Duration::ZERO);
    while begun.elapsed() < stage.profile.fault || (opened.is_none() && begun.elapsed() < PATIENCE) {
        let look = Instant::now();
        let answer = administrator.get("/api/v1/tasks/?limit=1").await;
        asked += 1;
        served += usize::from(answer.is_ok_and(|answer| answer.status == 200));
        slowest = slowest.max(look.elapsed());
        if opened.is_none() && breaker(&administrator.figures().await?) > 0.0 {
            opened = Some(begun.elapsed());
        }
        sleep(LOOK).await;
    }
    let after = administrator.figures().await?;
    telegram.mends();
    let mended = Instant::now();
    let heard = |person: &Person, number: usize| {
        person.messages().iter().filter(|message| message.says(&words(number))).count()
    };
    let missing = || {
        people
            .iter()
            .map(|person| (0..ANNOUNCEMENTS).filter(|number| heard(person, *number) == 0).count())
            .sum::<usize>()
    };
    while missing() > 0 && mended.elapsed() < PATIENCE {
        sleep(LOOK).await;
    }
    let back = mended.elapsed();
    let doubled: usize =
        people.iter().map(|person| (0..ANNOUNCEMENTS).filter(|number| heard(person, *number) > 1).count()).sum();
    let mut evidence = Evidence::default();
    evidence.answer(
        "away.opened",
        opened.is_some(),
        text("el cortacircuitos de Telegram se abrió", "the breaker of Telegram opened"),
    );
    if let Some(opened) = opened {
        evidence.note("away.open_seconds", opened.as_secs_f64(), "s", text("hasta que se abrió", "until it opened"));
    }
    let what = text("parte de las peticiones servidas mientras tanto", "share of requests served meanwhile");
    evidence.note("away.served_share", share(count(served), count(asked)), "", what);
    evidence.note(
        "away.slowest_ms",
        slowest.as_secs_f64() * 1000.0,
        "ms",
        text("la más lenta de ellas", "the slowest of them"),
    );
    let tried = tries(&after) - tries(&before);
    let what = text("intentos por segundo contra un Telegram ausente", "tries a second at a Telegram that is away");
    evidence.note("away.tries_per_second", tried / begun.elapsed().as_secs_f64(), "/s", what);
    let retries = after.since_where(&before, "gad_retries_total", "dependency", TELEGRAM);
    evidence.note(
        "away.amplification",
        1.0 + share(retries, tried),
        "",
        text("amplificación por reintentos", "amplification by retries"),
    );
    evidence.note("away.lost", count(missing()), "", text("avisos que no llegaron", "messages that did not come"));
    evidence.note(
        "away.doubled",
        count(doubled),
        "",
        text("avisos que llegaron dos veces", "messages that came twice"),
    );
    let what = text("desde que volvió hasta que todo quedó dicho", "from its return until all was said");
    evidence.note("away.back_seconds", back.as_secs_f64(), "s", what);
    Ok(evidence)
}

fn words(number: usize) -> String {
    format!("Aviso de la evaluación n.º {number}")
}

fn breaker(figures: &Figures) -> f64 {
    figures.sum_where("gad_breaker_state", "dependency", TELEGRAM)
}

/// Questions that went out, answered or not.
fn tries(figures: &Figures) -> f64 {
    let all = figures.sum_where("gad_dependency_requests_total", "dependency", TELEGRAM);
    let held_back = figures
        .all("gad_dependency_requests_total")
        .filter(|(labels, _)| labels.contains("dependency=\"telegram\"") && labels.contains("outcome=\"refused\""));
    all - held_back.map(|(_, value)| value).sum::<f64>()
}

/// People with an account who have talked to the bot.
async fn gather(administrator: &Client, telegram: &Standin) -> Result<Vec<Person>> {
    let mut people = Vec::new();
    for number in 0..PEOPLE {
        let person = telegram.person(&format!("Oyente {number}")).patient(PATIENCE);
        let body = json!({ "telegram_id": person.id(), "nombre": person.name(), "nivel": "2" });
        administrator.send("POST", "/api/v1/usuarios", Some(&body)).await?.ok()?;
        person.say("/start");
        people.push(person);
    }
    for person in &people {
        person.hears(|message| message.says("qué desea hacer")).await?;
    }
    ensure!(people.len() == PEOPLE, "somebody is missing");
    Ok(people)
}
