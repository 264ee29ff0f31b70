//! A call reaches an officer who acts, whoever declines, blocks the bot or has no Telegram.

use std::time::Duration;

use evaluation::telegram::{Fault, Rule, Standin};
use serde_json::{Value, json};

use super::desk::{CENTRE, Desk, Member};
use crate::bot_stories;

bot_stories! {
    who_declines_is_followed_by_the_next_at_once,
    a_block_of_the_bot_brings_the_next_officer,
    who_has_blocked_the_bot_or_has_no_telegram_is_a_last_choice_and_named_so,
    what_telegram_has_not_taken_is_no_delivery,
    a_call_that_comes_late_says_how_old_it_is,
    an_officer_reports_each_step_by_buttons,
}

/// About a kilometre from the centre.
pub const NEARBY: (f64, f64) = (-34.6127, -58.3816);
/// About two kilometres from the centre.
pub const FARTHER: (f64, f64) = (-34.6217, -58.3816);
/// How long a step may take on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Lets the bot know of all of them.
pub async fn greets(people: &[&Member]) {
    for person in people {
        person.say("/start");
        person.reads("Su número de usuario").await;
    }
}

/// An officer calls for help from the centre. Returns the task's number and code.
pub async fn calls_for_help(desk: &Desk, caller: &Member) -> (i64, String) {
    caller.say("/emergencia");
    caller.reads("Enviar mi ubicación").await;
    caller.share_location(CENTRE.0, CENTRE.1);
    caller.reads("EMG-").await;
    latest(desk).await
}

/// The number and code of the latest task.
async fn latest(desk: &Desk) -> (i64, String) {
    let tasks = desk.boss.gets("/api/v1/tasks/?limit=500").await.ok();
    let task = tasks.as_array().unwrap().iter().max_by_key(|task| task["id"].as_i64()).unwrap();
    (task["id"].as_i64().unwrap(), task["codigo"].as_str().unwrap().to_owned())
}

/// The latest assignment or offer of an officer in a task.
pub async fn assignment(desk: &Desk, task: i64, officer: i64) -> Value {
    let rows = desk.boss_now().await.gets(&format!("/api/v1/tasks/{task}/asignaciones")).await.ok();
    let rows = rows.as_array().unwrap_or_else(|| panic!("{rows}"));
    rows.iter().rfind(|row| row["efectivo_id"] == officer).cloned().unwrap_or(Value::Null)
}

/// Waits until the assignment or offer of an officer in a task is in this state.
pub async fn becomes(desk: &Desk, task: i64, officer: i64, state: &str) -> Value {
    let look = async {
        loop {
            let row = assignment(desk, task, officer).await;
            if row["estado"] == state {
                return row;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    if let Ok(row) = tokio::time::timeout(PATIENCE, look).await {
        return row;
    }
    panic!("not {state}: {}", assignment(desk, task, officer).await)
}

/// How many messages of somebody say this now.
pub fn times(member: &Member, part: &str) -> usize {
    member.messages().iter().filter(|message| message.says(part)).count()
}

/// Waits until a condition holds for somebody's messages.
pub async fn settles(desk: &Desk, member: &Member, holds: impl Fn(&Member) -> bool) {
    let settled = desk.telegram.settles(PATIENCE, |_| holds(member)).await;
    assert!(settled.is_ok(), "\n{}", member.transcript());
}

/// Whether nothing that somebody sees can be accepted.
pub fn has_nothing_to_accept(member: &Member) -> bool {
    member.messages().iter().all(|message| message.button("Aceptar").is_none())
}

async fn who_declines_is_followed_by_the_next_at_once(desk: &Desk) {
    let (sofia, ana) = (desk.supervisor("Sofía").await, desk.officer("Ana").await);
    let (nora, luis) = (desk.officer_at("Nora", CENTRE).await, desk.officer_at("Luis", NEARBY).await);
    greets(&[&sofia, &ana, &nora, &luis]).await;
    let (task, _) = calls_for_help(desk, &ana).await;
    nora.reads("va usted").await;
    nora.tap("Rechazar").await;
    nora.reads("por qué").await;
    nora.say("El móvil no arranca");
    nora.reads("Quedó anotado").await;
    let card = luis.reads("va usted").await;
    for button in ["Aceptar", "Rechazar", "En camino", "Llegué"] {
        assert!(card.button(button).is_some(), "{button}: {:?}", card.buttons());
    }
    let declined = becomes(desk, task, nora.officer, "rechazada").await;
    assert_eq!(declined["pasos"].as_array().unwrap().last().unwrap()["canal"], "telegram");
    becomes(desk, task, luis.officer, "avisada").await;
    let told = sofia.expect(|message| message.says("El móvil no arranca")).await;
    assert!(told.says("Nora") && told.says("Ahora va Luis"), "{}", told.text());
    settles(desk, &nora, has_nothing_to_accept).await;
    // With no officer left it is said so.
    luis.tap("Rechazar").await;
    luis.reads("por qué").await;
    luis.say("Tampoco puedo ir");
    let told = sofia.expect(|message| message.says("Tampoco puedo ir")).await;
    assert!(told.says("la llamada espera"), "{}", told.text());
    settles(desk, &luis, has_nothing_to_accept).await;
}

async fn a_block_of_the_bot_brings_the_next_officer(desk: &Desk) {
    let (sofia, ana) = (desk.supervisor("Sofía").await, desk.officer("Ana").await);
    let (nora, luis) = (desk.officer_at("Nora", CENTRE).await, desk.officer_at("Luis", NEARBY).await);
    greets(&[&sofia, &ana, &nora, &luis]).await;
    let (task, _) = calls_for_help(desk, &ana).await;
    nora.reads("va usted").await;
    becomes(desk, task, nora.officer, "avisada").await;
    let blocked = std::time::Instant::now();
    nora.block();
    let offer = luis.reads("¿puede ir usted?").await;
    // The office's deadline is a minute.
    assert!(blocked.elapsed() < PATIENCE);
    assert!(offer.says("Está a") && offer.says("Responda antes de las"), "{}", offer.text());
    assert!(offer.button("Aceptar").is_some() && offer.button("Rechazar").is_some(), "{:?}", offer.buttons());
    assert!(offer.button("Llegué").is_none() && !offer.silent, "{:?}", offer.buttons());
    becomes(desk, task, nora.officer, "vencida").await;
    becomes(desk, task, luis.officer, "avisada").await;
    sofia.reads("Nora bloqueó al bot").await;
}

async fn who_has_blocked_the_bot_or_has_no_telegram_is_a_last_choice_and_named_so(desk: &Desk) {
    let (sofia, ana, eva) = (desk.supervisor("Sofía").await, desk.officer("Ana").await, desk.officer("Eva").await);
    let nadia = desk.officer_without_telegram("Nadia", CENTRE).await;
    let (bruno, luis) = (desk.officer_at("Bruno", CENTRE).await, desk.officer_at("Luis", NEARBY).await);
    greets(&[&sofia, &ana, &eva, &bruno, &luis]).await;
    bruno.block();
    sofia.reads("Bruno bloqueó al bot").await;
    let (task, _) = calls_for_help(desk, &ana).await;
    luis.reads("va usted").await;
    assert_eq!(
        desk.boss.gets(&format!("/api/v1/tasks/{task}")).await.ok()["efectivos_asignados"],
        json!([luis.officer])
    );
    luis.tap("Aceptar").await;
    becomes(desk, task, luis.officer, "aceptada").await;
    let path = format!("/api/v1/efectivos/{}", bruno.officer);
    desk.boss.puts(&path, json!({ "estado_disponibilidad": "fuera_servicio" })).await.ok();
    eva.say("/emergencia");
    eva.reads("Enviar mi ubicación").await;
    eva.share_location(CENTRE.0, CENTRE.1);
    let answer = eva.expect(|message| message.says("va Nadia")).await;
    assert!(answer.says("no le llegan mensajes"), "{}", answer.text());
    let (task, code) = latest(desk).await;
    let told = sofia.expect(|message| message.says(&code)).await;
    assert!(told.says("Nadia") && told.says("por radio o por teléfono"), "{}", told.text());
    assert_eq!(assignment(desk, task, nadia).await["estado"], "asignada", "no message, no delivery");
}

async fn what_telegram_has_not_taken_is_no_delivery(desk: &Desk) {
    let (ana, nora) = (desk.officer("Ana").await, desk.officer_at("Nora", CENTRE).await);
    let luis = desk.officer_at("Luis", NEARBY).await;
    greets(&[&ana, &nora, &luis]).await;
    desk.telegram.breaks(Rule::new(Fault::Reset));
    let help = json!({ "telegram_id": 0, "lat": CENTRE.0, "lng": CENTRE.1 });
    let raised = desk.boss.posts("/api/v1/tasks/emergency", help).await.ok();
    assert_eq!(raised["assigned_efectivo_id"], nora.officer);
    let task = raised["task_id"].as_i64().unwrap();
    let failed = |telegram: &Standin| {
        telegram.calls().iter().filter(|call| call.method == "sendMessage" && call.code == 0).count() >= 3
    };
    desk.telegram.settles(PATIENCE, failed).await.unwrap();
    assert_eq!(assignment(desk, task, nora.officer).await["estado"], "asignada");
    assert!(assignment(desk, task, luis.officer).await.is_null(), "an officer is not unreachable by Telegram's fault");
    desk.telegram.mends();
    let told = desk.telegram.settles(Duration::from_secs(60), |_| times(&nora, "va usted") == 1).await;
    assert!(told.is_ok(), "\n{}", nora.transcript());
    let row = becomes(desk, task, nora.officer, "avisada").await;
    let steps = row["pasos"].as_array().unwrap();
    let step = steps.last().unwrap();
    assert_eq!((&step["estado"], &step["canal"]), (&json!("avisada"), &json!("telegram")));
    assert_eq!(steps.iter().filter(|step| step["estado"] == "avisada").count(), 1);
}

async fn a_call_that_comes_late_says_how_old_it_is(desk: &Desk) {
    let (sofia, ana) = (desk.supervisor("Sofía").await, desk.officer("Ana").await);
    let nora = desk.officer_at("Nora", CENTRE).await;
    greets(&[&sofia, &ana, &nora]).await;
    ana.say("/emergencia Choque con heridos");
    ana.reads("Enviar mi ubicación").await;
    #[expect(clippy::disallowed_methods, reason = "the binary's clock is that of the machine")]
    let sent = chrono::Utc::now().timestamp() - 25 * 60 - 10;
    // As Telegram gives it after the bot was down.
    ana.send(json!({ "date": sent, "location": { "latitude": CENTRE.0, "longitude": CENTRE.1 } }));
    let answer = ana.reads("va Nora").await;
    assert!(answer.says("hace 25 minutos"), "{}", answer.text());
    for person in [&nora, &sofia] {
        let card = person.expect(|message| message.says("EMG-")).await;
        assert!(card.says("recibida 25 min después") && card.says("Choque con heridos"), "{}", card.text());
    }
    let (task, _) = latest(desk).await;
    let stored = desk.boss.gets(&format!("/api/v1/tasks/{task}")).await.ok();
    assert!(stored["descripcion"].as_str().unwrap().starts_with("Llamada hecha el "), "{stored}");
}

async fn an_officer_reports_each_step_by_buttons(desk: &Desk) {
    let (sofia, ana) = (desk.supervisor("Sofía").await, desk.officer("Ana").await);
    greets(&[&sofia, &ana]).await;
    let task = desk.task("CAM-1", &sofia, &[&ana]).await;
    ana.reads("Tiene una tarea nueva").await;
    becomes(desk, task, ana.officer, "avisada").await;
    ana.tap("En camino").await;
    becomes(desk, task, ana.officer, "en_camino").await;
    sofia.reads("Ana va en camino").await;
    let card = ana.expect(|message| message.button("Finalizar").is_some()).await;
    assert!(card.button("Llegué").is_some() && card.button("Aceptar").is_none(), "{:?}", card.buttons());
    ana.tap("Llegué").await;
    let row = becomes(desk, task, ana.officer, "en_lugar").await;
    let states: Vec<&str> =
        row["pasos"].as_array().unwrap().iter().map(|step| step["estado"].as_str().unwrap()).collect();
    assert_eq!(states, ["asignada", "avisada", "aceptada", "en_camino", "en_lugar"]);
    sofia.reads("Ana llegó al lugar").await;
    ana.expect(|message| message.button("Finalizar").is_some() && message.button("Llegué").is_none()).await;
    ana.tap("Finalizar").await;
    ana.press("finalizar:confirm:yes").await;
    becomes(desk, task, ana.officer, "liberada").await;
}
