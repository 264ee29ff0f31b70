//! Officers who do not answer: the next ones are asked, and the first who accepts has the call.

use super::desk::{CENTRE, Desk};
use super::dispatch::{
    FARTHER, NEARBY, assignment, becomes, calls_for_help, greets, has_nothing_to_accept, settles, times,
};
use crate::bot_stories;

bot_stories! {
    with &[("GAD_ACK_SECONDS", "2,4,900")];
    who_lets_it_expire_is_relieved_by_who_accepts,
    of_two_who_accept_at_once_one_has_it,
    an_offer_that_was_not_accepted_ends_with_the_task,
}

async fn who_lets_it_expire_is_relieved_by_who_accepts(desk: &Desk) {
    let (sofia, ana) = (desk.supervisor("Sofía").await, desk.officer("Ana").await);
    let (nora, luis) = (desk.officer_at("Nora", CENTRE).await, desk.officer_at("Luis", NEARBY).await);
    greets(&[&sofia, &ana, &nora, &luis]).await;
    let (task, code) = calls_for_help(desk, &ana).await;
    nora.reads("va usted").await;
    luis.reads("¿puede ir usted?").await;
    settles(desk, &nora, |nora| times(nora, "sigue esperando su respuesta") == 1).await;
    // Until another officer accepts, the first one stays assigned.
    becomes(desk, task, nora.officer, "vencida").await;
    let told = sofia.expect(|message| message.says("nadie la aceptó")).await;
    assert!(told.says(&code), "{}", told.text());
    luis.tap("Aceptar").await;
    becomes(desk, task, luis.officer, "aceptada").await;
    becomes(desk, task, nora.officer, "relevada").await;
    nora.reads("Otro efectivo tomó la tarea").await;
    settles(desk, &nora, has_nothing_to_accept).await;
    luis.expect(|message| message.button("En camino").is_some() && message.button("Aceptar").is_none()).await;
    sofia.reads("Luis aceptó").await;
    assert_eq!(desk.the(&code).await["efectivos_asignados"], serde_json::json!([luis.officer]));
    // What the first one still presses has a clear answer.
    let stale = format!("tarea:aceptar:{task}");
    nora.tap_old(&stale);
    nora.reads("otro efectivo la tomó").await;
    luis.tap("En camino").await;
    becomes(desk, task, luis.officer, "en_camino").await;
    assert_eq!(times(&luis, "va usted"), 0, "who accepted is not sent\n{}", luis.transcript());
    assert_eq!(times(&nora, "Ya no tiene que ir a"), 0, "one message of one fact\n{}", nora.transcript());
    assert_eq!(times(&sofia, "nadie la aceptó"), 1, "\n{}", sofia.transcript());
}

async fn of_two_who_accept_at_once_one_has_it(desk: &Desk) {
    let (ana, nora) = (desk.officer("Ana").await, desk.officer_at("Nora", CENTRE).await);
    let (luis, felix) = (desk.officer_at("Luis", NEARBY).await, desk.officer_at("Félix", FARTHER).await);
    greets(&[&ana, &nora, &luis, &felix]).await;
    let (task, code) = calls_for_help(desk, &ana).await;
    luis.reads("¿puede ir usted?").await;
    felix.reads("¿puede ir usted?").await;
    tokio::join!(luis.tap("Aceptar"), felix.tap("Aceptar"));
    settles(desk, &nora, |nora| times(nora, "Otro efectivo tomó la tarea") == 1).await;
    let (mut has_it, mut has_not) = ((&luis, "Luis"), (&felix, "Félix"));
    if assignment(desk, task, luis.officer).await["estado"] != "aceptada" {
        std::mem::swap(&mut has_it, &mut has_not);
    }
    becomes(desk, task, has_it.0.officer, "aceptada").await;
    becomes(desk, task, has_not.0.officer, "relevada").await;
    has_not.0.expect(|message| message.says("otro efectivo")).await;
    settles(desk, has_not.0, has_nothing_to_accept).await;
    assert_eq!(desk.the(&code).await["efectivos_asignados"], serde_json::json!([has_it.0.officer]), "{}", has_it.1);
}

async fn an_offer_that_was_not_accepted_ends_with_the_task(desk: &Desk) {
    let (ana, nora) = (desk.officer("Ana").await, desk.officer_at("Nora", CENTRE).await);
    let luis = desk.officer_at("Luis", NEARBY).await;
    greets(&[&ana, &nora, &luis]).await;
    let (task, code) = calls_for_help(desk, &ana).await;
    luis.reads("¿puede ir usted?").await;
    luis.tap("Ver la tarea").await;
    let card = luis.expect(|message| message.says(&code) && message.button("Menú").is_some()).await;
    assert!(card.button("Aceptar").is_some() && card.button("Llegué").is_none(), "{:?}", card.buttons());
    let change = serde_json::json!({ "estado": "cancelada" });
    desk.boss.puts(&format!("/api/v1/tasks/{task}"), change).await.ok();
    luis.reads("ya no necesita su respuesta").await;
    settles(desk, &luis, has_nothing_to_accept).await;
    luis.say(&format!("/tarea {code}"));
    luis.reads("No encontré la tarea").await;
}
