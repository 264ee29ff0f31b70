//! What screens see, and when.

use chrono::TimeDelta;
use domain::Level;
use serde_json::{Value, json};

use crate::conversations;
use crate::office::Office;
use crate::person::Person;
use crate::screen::{Screen, Seen};

conversations! {
    a_supervisor_sees_a_task_from_its_beginning_to_its_end,
    an_officer_sees_only_what_concerns_the_officer,
    a_screen_that_was_away_sees_what_it_missed_once_and_in_order,
    a_screen_that_was_away_too_long_is_told_so,
    a_place_of_another_epoch_is_answered_with_resync,
    a_bad_token_is_refused_over_the_socket,
    a_browser_shows_its_token_by_cookie_or_protocol,
    a_page_of_another_origin_is_sent_away,
    a_revoked_session_hears_nothing_more,
    who_loses_a_right_is_sent_away,
    a_token_is_renewed_over_the_socket_or_expires,
    what_is_not_understood_is_answered_and_the_socket_stays_open,
    too_many_and_too_long_messages_end_the_socket,
    topics_narrow_what_is_seen,
    positions_come_to_supervisors_only,
    an_emergency_alerts_everybody,
    the_log_is_read_in_pages,
    the_log_is_followed_as_server_sent_events,
}

/// A screen of somebody, after its greeting. What was done before has its place in the log by then,
/// so that the screen sees only what comes.
async fn screen(office: &Office, person: &Person, query: &str) -> Screen {
    office.cx.store.sequence(10_000).await.unwrap();
    let mut screen = person.opens_a_screen(query).await;
    screen.reads_a("connection_ack").await;
    screen
}

fn task(code: &str, delegate: &Person) -> Value {
    json!({ "codigo": code, "titulo": "Recorrer la plaza", "tipo": "patrullaje",
        "inicio_programado": "2026-11-24T12:00:00Z", "delegado_usuario_id": delegate.user.unwrap().0 })
}

async fn makes(person: &Person, code: &str) -> i64 {
    person.posts("/api/v1/tasks/", task(code, person)).await.ok()["id"].as_i64().unwrap()
}

async fn a_supervisor_sees_a_task_from_its_beginning_to_its_end(office: &Office) {
    let supervisor = office.supervisor().await;
    let officer = office.officer_at(-34.6, -58.38).await;
    let mut screen = screen(office, &supervisor, "").await;
    let id = makes(&supervisor, "VIVO-1").await;
    let path = format!("/api/v1/tasks/{id}");
    supervisor.puts(&path, json!({ "efectivos_asignados": [officer.officer.unwrap().0] })).await.ok();
    supervisor.puts(&path, json!({ "estado": "en_curso" })).await.ok();
    supervisor.puts(&path, json!({ "titulo": "Recorrer el puerto" })).await.ok();
    supervisor.puts(&path, json!({ "estado": "finalizada" })).await.ok();

    let made = screen.reads_a("task_created").await;
    assert_eq!((&made["task_id"], &made["task_data"]["codigo"]), (&json!(id), &json!("VIVO-1")));
    assert_eq!(screen.reads_a("assignment_changed").await["asignacion"]["estado"], "asignada");
    let sent = screen.reads_a("task_assigned").await;
    assert_eq!(sent["task_data"]["nuevos_efectivos"], json!([officer.officer.unwrap().0]));
    screen.reads_a("task_updated").await;
    let mut told = Vec::new();
    for _ in 0..5 {
        let message = screen.reads().await;
        let data = &message["data"];
        let data = if data["task_data"].is_null() { &data["efectivo_data"] } else { &data["task_data"] };
        told.push(format!("{} {} {}", message["event_type"], data["old_status"], data["new_status"]).replace('"', ""));
    }
    told[..2].sort();
    told[3..].sort();
    let ended = screen.reads_a("assignment_changed").await;
    assert_eq!(ended["asignacion"]["estado"], "relevada", "a supervisor ended what no officer had accepted");
    assert_eq!(
        told,
        [
            "efectivo_status_changed disponible en_tarea",
            "task_status_changed programada en_curso",
            "task_updated null null",
            "efectivo_status_changed en_tarea disponible",
            "task_status_changed en_curso finalizada",
        ]
    );
}

async fn an_officer_sees_only_what_concerns_the_officer(office: &Office) {
    let supervisor = office.supervisor().await;
    let officer = office.officer_at(-34.6, -58.38).await;
    let mut phone = screen(office, &officer, "").await;
    makes(&supervisor, "AJENA-1").await;
    let own = makes(&supervisor, "PROPIA-1").await;
    let path = format!("/api/v1/tasks/{own}");
    supervisor.puts(&path, json!({ "efectivos_asignados": [officer.officer.unwrap().0] })).await.ok();
    assert_eq!(phone.reads_a("assignment_changed").await["asignacion"]["estado"], "asignada");
    let assigned = phone.reads_a("task_assigned").await;
    assert_eq!(assigned["task_data"]["codigo"], "PROPIA-1");
    phone.reads_a("task_updated").await;
    supervisor.puts(&path, json!({ "efectivos_asignados": [] })).await.ok();
    assert_eq!(phone.reads_a("assignment_changed").await["asignacion"]["estado"], "relevada");
    assert_eq!(phone.reads_a("task_updated").await["task_data"]["efectivos_asignados"], json!([]));
    supervisor.puts(&path, json!({ "titulo": "Ya no es asunto suyo" })).await.ok();
    makes(&officer_s_own(office, &officer).await, "PROPIA-2").await;
    assert_eq!(phone.reads_a("task_created").await["task_data"]["codigo"], "PROPIA-2");
}

/// A supervisor who makes tasks that the officer answers for.
async fn officer_s_own(office: &Office, officer: &Person) -> Person {
    let mut supervisor = office.supervisor().await;
    supervisor.user = officer.user;
    supervisor
}

async fn a_screen_that_was_away_sees_what_it_missed_once_and_in_order(office: &Office) {
    let supervisor = office.supervisor().await;
    let mut first = screen(office, &supervisor, "").await;
    makes(&supervisor, "ANTES-1").await;
    first.reads_a("task_created").await;
    let place = first.cut();
    for n in 0..30 {
        makes(&supervisor, &format!("LEJOS-{n}")).await;
    }
    let mut second = supervisor.opens_a_screen(&format!("desde={place}")).await;
    makes(&supervisor, "DESPUES-1").await;
    second.reads_a("connection_ack").await;
    let mut expected: Vec<String> = (0..30).map(|n| format!("LEJOS-{n}")).collect();
    expected.push("DESPUES-1".to_owned());
    for code in expected {
        assert_eq!(second.reads_a("task_created").await["task_data"]["codigo"], code);
    }
    // The place in the greeting is where it had come to, so a cut during the replay loses nothing.
    let mut third = supervisor.opens_a_screen(&format!("desde={place}")).await;
    third.reads_a("connection_ack").await;
    assert_eq!(third.cut(), place);
}

async fn a_screen_that_was_away_too_long_is_told_so(office: &Office) {
    let supervisor = office.supervisor().await;
    let mut first = screen(office, &supervisor, "").await;
    makes(&supervisor, "VIEJA-1").await;
    first.reads_a("task_created").await;
    let place = first.cut();
    makes(&supervisor, "VIEJA-2").await;
    crate::office::logged(office).await;
    let mut tx = office.cx.store.write().await.unwrap();
    tx.event_log().prune(domain::Clock::now(&*office.clock) + TimeDelta::days(1), 1000).await.unwrap();
    tx.commit().await.unwrap();
    let mut late = screen(office, &supervisor, &format!("desde={place}")).await;
    assert_eq!(late.reads_a("system_status").await["type"], "resync");
    makes(&supervisor, "NUEVA-1").await;
    assert_eq!(late.reads_a("task_created").await["task_data"]["codigo"], "NUEVA-1");
}

async fn a_place_of_another_epoch_is_answered_with_resync(office: &Office) {
    let supervisor = office.supervisor().await;
    for place in ["00000000-0000-0000-0000-000000000001:0", "no-es-un-lugar"] {
        let mut screen = screen(office, &supervisor, &format!("desde={place}")).await;
        assert_eq!(screen.reads_a("system_status").await["type"], "resync", "{place}");
    }
}

async fn a_bad_token_is_refused_over_the_socket(office: &Office) {
    let stranger = office.stranger();
    let mut without = stranger.opens_a_screen("").await;
    assert_eq!(without.sees().await, Seen::Closed(1008, "Authentication required".to_owned()));
    let mut forged = stranger.opens_a_screen("token=no.es.un.token").await;
    assert_eq!(forged.sees().await, Seen::Closed(1008, "Invalid token".to_owned()));
}

async fn a_browser_shows_its_token_by_cookie_or_protocol(office: &Office) {
    let supervisor = office.supervisor().await;
    let token = supervisor.token().unwrap().to_owned();
    let stranger = office.stranger();
    let cookie = [("cookie", format!("access_token={token}"))];
    for (query, headers) in [
        (format!("token={token}"), &[][..]),
        (String::new(), &cookie[..]),
        (String::new(), &[("sec-websocket-protocol", format!("gad, bearer.{token}"))][..]),
    ] {
        let mut screen = stranger.opens_a_screen_with(&query, headers).await;
        screen.reads_a("connection_ack").await;
    }
}

async fn a_page_of_another_origin_is_sent_away(office: &Office) {
    let supervisor = office.supervisor().await;
    let token = supervisor.token().unwrap().to_owned();
    let headers = [("cookie", format!("access_token={token}")), ("origin", "https://otra.example".to_owned())];
    let mut screen = office.stranger().opens_a_screen_with("", &headers).await;
    assert_eq!(screen.sees().await, Seen::Closed(1008, "Origin not allowed".to_owned()));
}

async fn a_revoked_session_hears_nothing_more(office: &Office) {
    let supervisor = office.supervisor().await;
    let mut screen = screen(office, &supervisor, "").await;
    let request = supervisor.request(reqwest::Method::POST, "/api/v1/auth/logout");
    supervisor.sends(request).await.ok();
    assert_eq!(screen.ends().await, Seen::Closed(4401, "Session or rights changed".to_owned()));
}

async fn who_loses_a_right_is_sent_away(office: &Office) {
    let administrator = office.administrator().await;
    let supervisor = office.supervisor().await;
    let mut screen = screen(office, &supervisor, "").await;
    let path = format!("/api/v1/users/{}", supervisor.user.unwrap());
    administrator.puts(&path, json!({ "nivel": 1 })).await.ok();
    assert_eq!(screen.ends().await, Seen::Closed(4401, "Session or rights changed".to_owned()));
}

async fn a_token_is_renewed_over_the_socket_or_expires(office: &Office) {
    let supervisor = office.supervisor().await;
    let mut renewed = screen(office, &supervisor, "").await;
    let mut forgetful = screen(office, &supervisor, "").await;
    office.clock.advance(TimeDelta::minutes(20));
    let again = office.signs_in_again(&supervisor).await;
    let other = office.supervisor().await;
    renewed.says(json!({ "event_type": "authenticate", "data": { "token": other.token() } })).await;
    assert_eq!(renewed.reads_a("error").await["error"], "data.token: belongs to another user");
    renewed.says(json!({ "event_type": "authenticate", "data": { "token": again.token() } })).await;
    assert_eq!(renewed.reads_a("notification").await["title"], "Sesión renovada");
    office.clock.advance(TimeDelta::minutes(11));
    // The clock of a test moves at once; a socket notices at its next message.
    makes(&again, "DESPIERTA-1").await;
    assert_eq!(forgetful.ends().await, Seen::Closed(4401, "Token expired".to_owned()));
    assert_eq!(renewed.waits_for("task_created").await["task_data"]["codigo"], "DESPIERTA-1");
}

async fn what_is_not_understood_is_answered_and_the_socket_stays_open(office: &Office) {
    let supervisor = office.supervisor().await;
    let mut screen = screen(office, &supervisor, "").await;
    for (said, answered) in [
        ("{", "Invalid JSON format"),
        ("[1]", "Invalid JSON format"),
        ("{}", "event_type: must be a string naming what is asked"),
        (r#"{"event_type":"baila"}"#, "Unknown event_type 'baila'"),
        (r#"{"event_type":"subscribe","data":{}}"#, "data.events: must be a list of topics"),
    ] {
        screen.says_text(said).await;
        assert_eq!(screen.reads_a("error").await["error"], answered);
    }
    let many: Vec<_> = (0..101).map(|n| format!("tarea:{n}")).collect();
    screen.says(json!({ "event_type": "subscribe", "data": { "events": many } })).await;
    assert_eq!(screen.reads_a("error").await["error"], "data.events: at most 100 topics");
    makes(&supervisor, "ABIERTA-1").await;
    screen.reads_a("task_created").await;
}

async fn too_many_and_too_long_messages_end_the_socket(office: &Office) {
    let supervisor = office.supervisor().await;
    let mut busy = screen(office, &supervisor, "").await;
    for _ in 0..30 {
        busy.says(json!({ "event_type": "pong" })).await;
    }
    assert_eq!(busy.ends().await, Seen::Closed(1008, "Too many messages".to_owned()));
    let mut long = screen(office, &supervisor, "").await;
    long.says_text(&"x".repeat(70_000)).await;
    assert_eq!(long.ends().await, Seen::Closed(1009, "Message too big".to_owned()));
}

async fn topics_narrow_what_is_seen(office: &Office) {
    let supervisor = office.supervisor().await;
    let followed = makes(&supervisor, "SEGUIDA-1").await;
    let mut screen = screen(office, &supervisor, "").await;
    screen.says(json!({ "event_type": "subscribe", "data": { "events": [format!("tarea:{followed}")] } })).await;
    let confirmed = screen.reads_a("notification").await;
    assert_eq!(confirmed["content"], "Suscrito a 1 tipos de eventos");
    makes(&supervisor, "OTRA-1").await;
    supervisor.puts(&format!("/api/v1/tasks/{followed}"), json!({ "prioridad": 4 })).await.ok();
    let updated = screen.reads_a("task_updated").await;
    assert_eq!((&updated["task_id"], &updated["task_data"]["changed"]), (&json!(followed), &json!(["prioridad"])));
    screen.says(json!({ "event_type": "unsubscribe", "data": { "events": [format!("tarea:{followed}")] } })).await;
    screen.says(json!({ "event_type": "subscribe", "data": { "events": [] } })).await;
    screen.reads_a("notification").await;
    makes(&supervisor, "OTRA-2").await;
    screen.reads_a("task_created").await;
}

async fn positions_come_to_supervisors_only(office: &Office) {
    let supervisor = office.supervisor().await;
    let officer = office.officer_at(-34.6, -58.38).await;
    let other = office.officer_at(-34.7, -58.38).await;
    let (mut desk, mut phone) = (screen(office, &supervisor, "").await, screen(office, &other, "").await);
    let path = format!("/api/v1/efectivos/{}/posicion", officer.officer.unwrap());
    office.clock.advance(TimeDelta::minutes(1));
    officer.posts(&path, json!({ "lat": -34.61, "lng": -58.39 })).await.ok();
    let told = desk.reads_a("efectivo_location_update").await;
    assert_eq!(told["efectivo_id"], json!(officer.officer.unwrap().0));
    assert_eq!((&told["efectivo_data"]["lat"], &told["efectivo_data"]["lng"]), (&json!(-34.61), &json!(-58.39)));
    let calls = json!({ "telegram_id": 0, "lat": 0.0, "lng": 0.0 });
    supervisor.posts("/api/v1/tasks/emergency", calls).await.ok();
    // What comes next to the other officer is the alert: the position did not.
    phone.reads_a("alert").await;
}

async fn an_emergency_alerts_everybody(office: &Office) {
    let supervisor = office.supervisor().await;
    let near = office.officer_at(-34.6, -58.38).await;
    let far = office.officer_at(-35.6, -59.38).await;
    let (mut desk, mut phone) = (screen(office, &supervisor, "").await, screen(office, &far, "").await);
    let call = json!({ "telegram_id": 0, "lat": -34.6, "lng": -58.38, "descripcion": "Choque" });
    let raised = supervisor.posts("/api/v1/tasks/emergency", call).await.ok();
    for screen in [&mut desk, &mut phone] {
        let alert = screen.waits_for("alert").await;
        assert_eq!(alert["codigo"], raised["codigo"]);
        assert_eq!(alert["prioridad"], "critica");
        assert_eq!(alert["assigned_efectivo_id"], json!(near.officer.unwrap().0));
    }
}

async fn the_log_is_read_in_pages(office: &Office) {
    let supervisor = office.supervisor().await;
    let officer = office.user(Level::Officer).await;
    for n in 0..5 {
        makes(&supervisor, &format!("PAGINA-{n}")).await;
    }
    crate::office::logged(office).await;
    let (mut codes, mut query) = (Vec::new(), "limit=2".to_owned());
    loop {
        let page = supervisor.gets(&format!("/api/v1/eventos?{query}")).await.ok();
        let told = page["eventos"].as_array().unwrap().clone();
        codes.extend(told.iter().filter_map(|event| event["data"]["task_data"]["codigo"].as_str().map(str::to_owned)));
        query = format!("limit=2&desde={}", page["siguiente"].as_str().unwrap());
        if page["al_dia"] == true {
            break;
        }
    }
    assert_eq!(codes, ["PAGINA-0", "PAGINA-1", "PAGINA-2", "PAGINA-3", "PAGINA-4"]);
    let told = officer.gets("/api/v1/eventos").await.ok()["eventos"].clone();
    let kinds: Vec<&Value> = told.as_array().unwrap().iter().map(|event| &event["event_type"]).collect();
    assert_eq!(kinds, ["user_activity"], "no task concerns the officer, only that the account was made");
    let refused = supervisor.gets("/api/v1/eventos?desde=ayer").await;
    assert_eq!((refused.status, refused.fields()[0].contains("desde")), (422, true));
}

async fn the_log_is_followed_as_server_sent_events(office: &Office) {
    let supervisor = office.supervisor().await;
    let place = supervisor.gets("/api/v1/eventos").await.ok()["siguiente"].as_str().unwrap().to_owned();
    makes(&supervisor, "ANTES-1").await;
    let request = supervisor.request(reqwest::Method::GET, &format!("/api/v1/eventos?desde={place}"));
    let mut response = request.header("accept", "text/event-stream").send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    makes(&supervisor, "AHORA-1").await;
    let mut text = String::new();
    while !text.contains("AHORA-1") {
        let part = tokio::time::timeout(std::time::Duration::from_secs(10), response.chunk()).await;
        text.push_str(&String::from_utf8_lossy(&part.expect("a part in time").unwrap().expect("more to come")));
    }
    assert_eq!(text.matches("event: task_created").count(), 2, "{text}");
    assert!(text.find("ANTES-1").unwrap() < text.find("AHORA-1").unwrap());
    assert!(text.contains(&format!("id: {}", place.split(':').next().unwrap())));
}
