//! People who talk to the bot over a stand-in for Telegram, first while Telegram is well and then
//! while it is not.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::json;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::Stage;
use crate::measure::{Evidence, count, quantile, share};
use crate::target::Role;
use crate::telegram::{Fault, Kind, Person, Rule, Standin};
use crate::text::text;

/// A bot's, as `BotFather` gives them.
pub const TOKEN: &str = "7000000003:AAE-of-the-evaluation-00000";
/// Longest wait for one answer.
const PATIENCE: Duration = Duration::from_secs(15);
/// Longest conversation.
const WHOLE: Duration = Duration::from_secs(40);

/// The buttons that a new task begins with, and what is said to each.
static BEGINNING: [(&str, &str); 2] = [("menu:crear:start", "paso 1 de 6"), ("crear:tipo:OPERATIVO", "paso 2 de 6")];

/// Talks.
pub async fn run(stage: &mut Stage) -> Result<Evidence> {
    let telegram = Standin::open(TOKEN).await?;
    let url = telegram.url.clone();
    let settings = [("GAD_TELEGRAM_TOKEN", TOKEN), ("GAD_TELEGRAM_API_URL", url.as_str())];
    stage.target.serve(&settings).await?;
    let outcome = match talk(stage, &telegram).await {
        Ok(mut evidence) => {
            let survived =
                timeout(WHOLE, survives(stage, &telegram, &settings)).await.map_err(anyhow::Error::from).flatten();
            let what = text(
                "una conversación sigue donde estaba tras matar el proceso",
                "a conversation goes on where it was after the process was killed",
            );
            evidence.answer("bot.survived", survived.is_ok(), what);
            if let Err(error) = survived {
                evidence.notes.push(super::nominal::first(format!("{error:#}")));
            }
            Ok(evidence)
        }
        failed => failed,
    };
    // Without a stand-in the bot would go on asking for it.
    stage.target.rest().await?;
    outcome
}

async fn talk(stage: &mut Stage, telegram: &Standin) -> Result<Evidence> {
    let administrator = stage.target.client(Role::Administrator).await?;
    let mut evidence = Evidence::default();
    let mut people = Vec::new();
    for number in 0..stage.profile.people {
        let person = telegram.person(&format!("Persona {number}")).patient(PATIENCE);
        let body = json!({ "telegram_id": person.id(), "nombre": person.name(), "nivel": "2" });
        let user = administrator.send("POST", "/api/v1/usuarios", Some(&body)).await?.ok()?;
        people.push((person, user["id"].as_i64().context("a user without a number")?));
    }
    let all = people.len();
    let mut talking = JoinSet::new();
    for (number, (person, user)) in people.into_iter().enumerate() {
        talking.spawn(async move {
            let told = timeout(WHOLE, creates(&person, user, &format!("BOT-{number:04}"))).await;
            (person, told.map_err(anyhow::Error::from).flatten())
        });
    }
    let (mut people, mut waits, mut completed) = (Vec::new(), Vec::new(), 0_usize);
    while let Some(outcome) = talking.join_next().await {
        let Ok((person, told)) = outcome else { continue };
        match told {
            Ok(times) => {
                completed += 1;
                waits.extend(times);
            }
            Err(error) => evidence.notes.push(super::nominal::first(format!("{error:#}"))),
        }
        people.push(person);
    }
    evidence.note("bot.people", count(all), "", text("personas a la vez", "people at once"));
    let what = text("conversaciones que llegaron a crear su tarea", "conversations that came to make their task");
    evidence.note("bot.completed_share", share(count(completed), count(all)), "", what);
    for (name, part, what) in [
        ("bot.answer_p50_ms", 0.5, text("mediana de la espera por el bot", "median of the wait for the bot")),
        ("bot.answer_p95_ms", 0.95, text("p95 de la espera por el bot", "p95 of the wait for the bot")),
    ] {
        if let Some(wait) = quantile(&mut waits, part) {
            evidence.note(name, wait, "ms", what);
        }
    }
    evidence.note(
        "bot.commands",
        count(telegram.longest_menu()),
        "",
        text("comandos publicados", "commands published"),
    );
    trouble(telegram, people, all, &mut evidence).await;
    Ok(evidence)
}

/// Somebody makes a task, and the process is killed in the middle of it.
async fn survives(stage: &mut Stage, telegram: &Standin, settings: &[(&str, &str)]) -> Result<()> {
    let administrator = stage.target.client(Role::Administrator).await?;
    let person = telegram.person("Persona cortada").patient(PATIENCE);
    let body = json!({ "telegram_id": person.id(), "nombre": person.name(), "nivel": "2" });
    administrator.send("POST", "/api/v1/usuarios", Some(&body)).await?.ok()?;
    person.say("/start");
    person.hears(|message| message.says("qué desea hacer")).await?;
    for (data, wanted) in &BEGINNING {
        person.presses(data).await?;
        person.hears(|message| message.says(wanted)).await?;
    }
    stage.target.take()?.kill().await?;
    // Said while nobody listens.
    person.say("BOT-KILL");
    stage.target.serve(settings).await?;
    person.hears(|message| message.says("paso 3 de 6")).await?;
    Ok(())
}

/// Makes a task in six steps; how long each answer took, in milliseconds.
async fn creates(person: &Person, user: i64, code: &str) -> Result<Vec<f64>> {
    let mut times = Vec::new();
    let step = |n: u8| format!("paso {n} de 6");
    let said = async |times: &mut Vec<f64>, begun: Instant, wanted: &str| {
        person.hears(|message| message.says(wanted)).await?;
        times.push(begun.elapsed().as_secs_f64() * 1000.0);
        anyhow::Ok(())
    };
    let mut begun = Instant::now();
    person.say("/start");
    said(&mut times, begun, "qué desea hacer").await?;
    for (data, wanted) in &BEGINNING {
        begun = Instant::now();
        person.presses(data).await?;
        said(&mut times, begun, wanted).await?;
    }
    // By number: in a large office one's own name is not on the first page of buttons.
    let user = user.to_string();
    for (words, wanted) in [(code, step(3)), ("Verificar el cruce de la avenida", step(4)), (&user, step(5))] {
        begun = Instant::now();
        person.say(words);
        said(&mut times, begun, &wanted).await?;
    }
    for (data, wanted) in [("crear:asignado:done", step(6)), ("crear:confirm:yes", code.to_owned())] {
        begun = Instant::now();
        person.presses(data).await?;
        said(&mut times, begun, &wanted).await?;
    }
    ensure!(times.len() == 8, "a conversation of another length");
    Ok(times)
}

/// Everybody asks once more while Telegram refuses, fails and drops what it is sent.
async fn trouble(telegram: &Standin, people: Vec<Person>, all: usize, evidence: &mut Evidence) {
    // What stands in chats by now is not waited for again.
    for person in &people {
        person.rest();
    }
    telegram.breaks(Rule::new(Fault::TooMany(1)).on("sendMessage").one_in(3));
    telegram.breaks(Rule::new(Fault::Status(502)).on("sendMessage").one_in(4));
    let mut asking = JoinSet::new();
    for person in people {
        asking.spawn(async move {
            person.say("/start");
            timeout(WHOLE, person.hears(|message| message.says("qué desea hacer")))
                .await
                .is_ok_and(|heard| heard.is_ok())
        });
    }
    let mut answered = 0_usize;
    while let Some(outcome) = asking.join_next().await {
        answered += usize::from(outcome.unwrap_or(false));
    }
    telegram.mends();
    let what = text("personas sin respuesta mientras Telegram falla", "people without an answer while Telegram fails");
    evidence.note("bot.unanswered", count(all - answered.min(all)), "", what);
    // Taps are answered late where the machine is slow, which is counted by the waits.
    let breaches = telegram.breaches();
    let limits = breaches.iter().filter(|breach| {
        matches!(breach.kind, Kind::TooFast | Kind::TooFastInChat | Kind::TooFastInGroup | Kind::DidNotWait)
    });
    evidence.note(
        "bot.breaches",
        count(limits.count()),
        "",
        text("límites de Telegram excedidos", "limits of Telegram exceeded"),
    );
    evidence.note(
        "bot.busiest_second",
        count(telegram.busiest_second()),
        "/s",
        text("mensajes en el segundo más cargado", "messages in the busiest second"),
    );
}
