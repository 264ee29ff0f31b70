//! What the pages, scripts and clients of GRUPO_GAD send, as facts of the wire contract.

use chrono::TimeDelta;
use domain::TelegramId;
use serde_json::{Value, json};

use crate::conversations;
use crate::office::Office;
use crate::person::Person;
use crate::screen::Screen;

conversations! {
    subscriptions_of_old_clients_are_taken_word_by_word,
    the_name_of_an_event_type_filters_on_it,
    a_broadcast_counts_the_sockets_that_it_goes_to,
    the_old_map_page_finds_its_officers,
    an_emergency_names_the_owner_of_its_telegram_account,
}

async fn screen(office: &Office, person: &Person) -> Screen {
    office.cx.store.sequence(10_000).await.unwrap();
    let mut screen = person.opens_a_screen("").await;
    screen.reads_a("connection_ack").await;
    screen
}

async fn subscribes(screen: &mut Screen, words: Value) -> Value {
    screen.says(json!({ "event_type": "subscribe", "data": { "events": words } })).await;
    screen.waits_for("notification").await
}

async fn makes(person: &Person, code: &str) {
    let task = json!({ "codigo": code, "titulo": "Recorrer la plaza", "tipo": "patrullaje",
        "inicio_programado": "2026-11-24T12:00:00Z", "delegado_usuario_id": person.user.unwrap().0 });
    person.posts("/api/v1/tasks/", task).await.ok();
}

async fn subscriptions_of_old_clients_are_taken_word_by_word(office: &Office) {
    let supervisor = office.supervisor().await;
    for words in [
        json!(["task_created", "task_updated", "dashboard_update"]),
        json!(["notifications"]),
        json!(["notifications", "dashboard:kpis"]),
        json!(["task_created", "tareas"]),
        json!(["", "tarea:x", "caja:1,2", "tareas\u{0}", "🚓", "TASK_CREATED"]),
    ] {
        let mut screen = screen(office, &supervisor).await;
        let count = words.as_array().unwrap().len();
        let confirmed = subscribes(&mut screen, words.clone()).await;
        let expected = json!({ "title": "Suscripción confirmada",
            "content": format!("Suscrito a {count} tipos de eventos"), "level": "info" });
        assert_eq!(confirmed, expected, "{words}");
    }
    // The known word beside an unknown one counts; alerts come in any case.
    let mut mixed = screen(office, &supervisor).await;
    subscribes(&mut mixed, json!(["notifications", "tareas"])).await;
    let mut other = screen(office, &supervisor).await;
    subscribes(&mut other, json!(["notifications"])).await;
    makes(&supervisor, "VIEJO-1").await;
    assert_eq!(mixed.reads_a("task_created").await["task_data"]["codigo"], "VIEJO-1");
    let call = json!({ "telegram_id": 0, "lat": 0.0, "lng": 0.0 });
    supervisor.posts("/api/v1/tasks/emergency", call).await.ok();
    other.waits_for("alert").await;
}

async fn the_name_of_an_event_type_filters_on_it(office: &Office) {
    let supervisor = office.supervisor().await;
    let officer = office.officer_at(-34.6, -58.38).await;
    let mut states = screen(office, &supervisor).await;
    subscribes(&mut states, json!(["task_status_changed"])).await;
    let mut places = screen(office, &supervisor).await;
    subscribes(&mut places, json!(["efectivo_location_update"])).await;
    let task = json!({ "codigo": "TIPO-1", "titulo": "Recorrer la plaza", "tipo": "patrullaje",
        "inicio_programado": "2026-11-24T12:00:00Z", "delegado_usuario_id": supervisor.user.unwrap().0 });
    let id = supervisor.posts("/api/v1/tasks/", task).await.ok()["id"].clone();
    supervisor.puts(&format!("/api/v1/tasks/{id}"), json!({ "prioridad": 4 })).await.ok();
    supervisor.puts(&format!("/api/v1/tasks/{id}"), json!({ "estado": "cancelada" })).await.ok();
    assert_eq!(states.reads_a("task_status_changed").await["task_id"], id);
    office.clock.advance(TimeDelta::minutes(1));
    let path = format!("/api/v1/efectivos/{}/posicion", officer.officer.unwrap());
    officer.posts(&path, json!({ "lat": -34.61, "lng": -58.39 })).await.ok();
    places.reads_a("efectivo_location_update").await;
    states.says(json!({ "event_type": "unsubscribe", "data": { "events": ["task_status_changed"] } })).await;
    subscribes(&mut states, json!([])).await;
    makes(&supervisor, "TIPO-2").await;
    states.waits_for("task_created").await;
}

async fn a_broadcast_counts_the_sockets_that_it_goes_to(office: &Office) {
    let administrator = office.administrator().await;
    let (mut first, mut second) = (screen(office, &administrator).await, screen(office, &administrator).await);
    subscribes(&mut first, json!(["guardia", "tareas"])).await;
    let sent = async |topic: Value| {
        let body = json!({ "title": "Prueba", "content": "Mensaje", "level": "info", "topic": topic });
        administrator.posts("/ws/_test/broadcast", body).await.ok()["sent"].clone()
    };
    assert_eq!(sent(Value::Null).await, 2);
    assert_eq!(sent(json!("guardia")).await, 1);
    assert_eq!(sent(json!("nadie")).await, 0);
    for screen in [&mut first, &mut second] {
        screen.reads_a("notification").await;
    }
    assert_eq!(first.reads().await["topic"], "guardia");
    first.says(json!({ "event_type": "unsubscribe", "data": { "events": ["guardia"] } })).await;
    subscribes(&mut first, json!([])).await;
    assert_eq!(sent(json!("guardia")).await, 0);
}

async fn the_old_map_page_finds_its_officers(office: &Office) {
    let supervisor = office.supervisor().await;
    let officer = office.officer_at(-34.601, -58.4).await;
    office.officer_at(-34.602, -58.4).await;
    let at = "center_lat=-34.6&center_lng=-58.4";
    let view = supervisor.gets(&format!("/api/v1/geo/map/view?{at}")).await.ok();
    let all = supervisor.gets(&format!("/api/v1/geo/efectivos/mock?{at}")).await.ok();
    assert_eq!(all, json!({ "usuarios": view["usuarios"] }));
    let one = supervisor.gets(&format!("/api/v1/geo/efectivos/mock?{at}&radius_m=5000&count=1")).await.ok();
    assert_eq!(one["usuarios"], json!([view["usuarios"][0]]));
    let own = officer.gets(&format!("/api/v1/geo/efectivos/mock?{at}")).await.ok();
    assert_eq!(own["usuarios"], json!([view["usuarios"][0]]), "level 1 sees oneself");
    for (bad, said) in [
        ("center_lat=-91&center_lng=0", "query.center_lat: must lie between -90 and 90"),
        ("center_lat=0&center_lng=0&radius_m=50001", "query.radius_m: must lie between 100 and 50000"),
        ("center_lat=0&center_lng=0&count=21", "query.count: must lie between 1 and 20"),
    ] {
        assert_eq!(supervisor.gets(&format!("/api/v1/geo/efectivos/mock?{bad}")).await.fields(), [said]);
    }
}

async fn an_emergency_names_the_owner_of_its_telegram_account(office: &Office) {
    let (administrator, supervisor) = (office.administrator().await, office.supervisor().await);
    let caller = office.officer_at(-9.0, 50.0).await;
    let near = office.officer_at(-9.001, 50.0).await;
    office.links(caller.user.unwrap(), 7_700_000_001).await;
    let owner = administrator.gets(&format!("/api/v1/users/{}", caller.user.unwrap())).await.ok();
    let calls = async |person: &Person, telegram: i64, lat: f64| {
        person.posts("/api/v1/tasks/emergency", json!({ "telegram_id": telegram, "lat": lat, "lng": 50.0 })).await
    };
    let raised = calls(&supervisor, 7_700_000_001, -9.0).await.ok();
    assert_eq!(raised["assigned_efectivo_id"], near.officer.unwrap().0, "the caller is not sent");
    let task = supervisor.gets(&format!("/api/v1/tasks/{}", raised["task_id"])).await.ok();
    let who = (&task["creado_por_usuario_id"], &task["delegado_usuario_id"]);
    assert_eq!(who, (&owner["id"], &json!(supervisor.user.unwrap().0)));
    let history = supervisor.gets(&format!("/api/v1/tasks/{}/historial", raised["task_id"])).await.ok();
    let name = format!("{} {}", owner["nombre"].as_str().unwrap(), owner["apellido"].as_str().unwrap());
    assert_eq!(history[0]["motivo"], format!("Llamada en nombre de {name}"));
    assert_eq!(history[0]["usuario_id"], supervisor.user.unwrap().0);
    let kept = office.cx.store.read().await.unwrap().users().by_telegram(TelegramId(7_700_000_001)).await.unwrap();
    assert_eq!(kept.unwrap().id, caller.user.unwrap());
    // An account without an owner is kept with the call, too.
    let stranger = calls(&administrator, 42, -9.5).await.ok();
    let history = supervisor.gets(&format!("/api/v1/tasks/{}/historial", stranger["task_id"])).await.ok();
    assert_eq!(history[0]["motivo"], "Llamada de la cuenta de Telegram 42, que no es de ningún usuario");
    let lines = administrator.gets("/api/v1/audit?limit=500").await.ok().to_string();
    assert!(lines.contains(r#""telegram_id":42"#), "{lines}");
    // What is wrong beside it is named, for every level; whose account it is depends on the office.
    for person in [&supervisor, &near] {
        assert_eq!(calls(person, 42, 91.0).await.fields(), ["body.lat: must lie between -90 and 90"]);
    }
    let foreign = ["body.telegram_id: must be 0 or the caller's own Telegram account"];
    assert_eq!(calls(&near, 42, -9.0).await.fields(), foreign);
    calls(&caller, 7_700_000_001, -9.0).await.ok();
}
