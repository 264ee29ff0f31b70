//! What the bot asks for the owners of Telegram accounts.

use chrono::TimeDelta;
use domain::Level;
use domain::event::EventKind;
use reqwest::Method;
use serde_json::{Value, json};

use crate::conversations;
use crate::office::{Office, SERVICE_TOKEN};
use crate::person::Person;

conversations! {
    the_bot_signs_owners_of_accounts_in,
    a_token_for_telegram_opens_only_what_is_the_bots,
    the_bot_makes_and_closes_tasks_in_the_name_of_their_sender,
    the_bot_does_nothing_for_those_who_may_not_work,
    an_urgent_task_alerts_everybody,
    others_name_only_their_own_account,
}

fn bot(office: &Office) -> Person {
    office.stranger().with_token(SERVICE_TOKEN)
}

/// A signed-in user with a Telegram account.
async fn linked(office: &Office, level: Level, telegram: i64) -> Person {
    let person = office.user(level).await;
    office.links(person.user.unwrap(), telegram).await;
    person
}

fn task(telegram: i64, code: &str, more: Value) -> Value {
    let mut body =
        json!({ "telegram_id": telegram, "tipo": "INSPECCION", "codigo": code, "titulo": "Recorrer el puerto" });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

async fn the_bot_signs_owners_of_accounts_in(office: &Office) {
    let (bot, owner) = (bot(office), linked(office, Level::Supervisor, 700).await);
    let signed_in = bot.posts("/api/v1/telegram/auth/authenticate", json!({ "telegram_id": 700 })).await.ok();
    let token = signed_in["token"].as_str().unwrap().to_owned();
    let expected = json!({ "authenticated": true, "user_id": owner.user.unwrap().0, "telegram_id": 700,
        "role": "LEVEL_2", "token": token, "message": "Usuario autenticado correctamente" });
    assert_eq!(signed_in, expected);
    let unknown = bot.posts("/api/v1/telegram/auth/authenticate", json!({ "telegram_id": 701 })).await.ok();
    let expected = json!({ "authenticated": false, "user_id": null, "telegram_id": 701, "role": null, "token": null,
        "message": "Usuario con telegram_id 701 no encontrado en el sistema" });
    assert_eq!(unknown, expected);
    assert_eq!(bot.gets("/api/v1/telegram/auth/700").await.ok()["message"], "Usuario Prueba autenticado");
    let unknown = bot.gets("/api/v1/telegram/auth/701").await.ok();
    assert_eq!(unknown["message"], "Usuario con telegram_id 701 no registrado");
    let verify = format!("/api/v1/telegram/auth/verify/{token}");
    let verified = bot.gets(&verify).await.ok();
    assert_eq!((&verified["valid"], &verified["role"]), (&json!(true), &json!("LEVEL_2")));
    assert_eq!(verified["expires"].as_i64().unwrap() - 1_760_000_000, 7 * 24 * 3600);
    assert_eq!(bot.gets("/api/v1/telegram/auth/verify/x.y.z").await.refusal(), "401 Token inválido");
    office.clock.advance(TimeDelta::days(7));
    assert_eq!(bot.gets(&verify).await.refusal(), "401 Token expirado");
}

async fn a_token_for_telegram_opens_only_what_is_the_bots(office: &Office) {
    let (bot, owner) = (bot(office), linked(office, Level::Supervisor, 700).await);
    let signed_in = bot.posts("/api/v1/telegram/auth/authenticate", json!({ "telegram_id": 700 })).await.ok();
    let owner = owner.with_token(signed_in["token"].as_str().unwrap());
    owner.gets("/api/v1/telegram/tasks/user/700").await.ok();
    assert_eq!(owner.gets("/api/v1/tasks/").await.refusal(), "403 Could not validate credentials");
    assert!(owner.gets("/api/v1/telegram/auth/700").await.ok()["token"].is_string());
    let refused = owner.posts("/api/v1/telegram/auth/authenticate", json!({ "telegram_id": 700 })).await.refusal();
    assert_eq!(refused, "403 The user doesn't have enough privileges", "only the bot");
}

async fn the_bot_makes_and_closes_tasks_in_the_name_of_their_sender(office: &Office) {
    let (bot, owner) = (bot(office), linked(office, Level::Supervisor, 700).await);
    let officer = linked(office, Level::Officer, 800).await;
    let id = office.makes_officer(officer.user.unwrap()).await;
    let more =
        json!({ "asignado_a": [800], "prioridad": "alta", "ubicacion": "Puerto", "descripcion": "Con linterna" });
    let made = bot.posts("/api/v1/telegram/tasks/create", task(700, "tel-1", more)).await.ok();
    assert_eq!((&made["message"], &made["codigo"]), (&json!("Tarea TEL-1 creada exitosamente"), &json!("TEL-1")));
    let stored = owner.gets(&format!("/api/v1/tasks/{}", made["task_id"])).await.ok();
    let seen = json!([
        stored["tipo"],
        stored["prioridad"],
        stored["ubicacion_descripcion"],
        stored["descripcion"],
        stored["efectivos_asignados"],
        stored["creado_por_usuario_id"],
        stored["delegado_usuario_id"]
    ]);
    let me = owner.user.unwrap().0;
    assert_eq!(seen, json!(["investigacion", 3, "Puerto", "Con linterna", [id.0], me, me]));
    let again = bot.posts("/api/v1/telegram/tasks/create", task(700, "TEL-1", json!({}))).await.refusal();
    assert_eq!(again, "400 Ya existe una tarea con el código TEL-1");
    let unknown = bot.posts("/api/v1/telegram/tasks/create", task(999, "tel-2", json!({}))).await.refusal();
    assert_eq!(unknown, "404 Usuario con telegram_id 999 no encontrado");
    let below = bot.posts("/api/v1/telegram/tasks/create", task(800, "tel-2", json!({}))).await;
    assert_eq!(below.status, 403, "level 2 makes tasks");
    let bad = json!({ "tipo": "fiesta" });
    let bad = bot.posts("/api/v1/telegram/tasks/create", task(700, "tel-2", bad)).await;
    let expected = "body.tipo: must be one of: operativa, administrativa, inspeccion, patrullaje, emergencia";
    assert_eq!(bad.fields(), [expected]);
    let list = bot.gets("/api/v1/telegram/tasks/user/800").await.ok();
    let counts = ["total_tasks", "active_tasks", "pending_tasks", "completed_tasks"].map(|name| list[name].clone());
    assert_eq!((json!(counts), &list["tasks"][0]["codigo"]), (json!([1, 0, 1, 0]), &json!("TEL-1")));
    let done = json!({ "codigo": "tel-1", "telegram_id": 800, "observaciones": "Sin novedad" });
    let closed = bot.posts("/api/v1/telegram/tasks/finalize", done.clone()).await.ok();
    assert_eq!((&closed["success"], &closed["message"]), (&json!(true), &json!("Tarea TEL-1 finalizada exitosamente")));
    let closed = bot.posts("/api/v1/telegram/tasks/finalize", done).await.ok();
    assert_eq!((&closed["success"], &closed["message"]), (&json!(false), &json!("La tarea TEL-1 ya está finalizada")));
    let history = owner.gets(&format!("/api/v1/tasks/{}/historial", made["task_id"])).await.ok();
    assert_eq!(history.as_array().unwrap().last().unwrap()["motivo"], "Sin novedad");
    let missing = bot.posts("/api/v1/telegram/tasks/finalize", json!({ "codigo": "nada", "telegram_id": 700 })).await;
    assert_eq!(missing.refusal(), "404 Tarea con código NADA no encontrada");
    assert_eq!(bot.gets("/api/v1/telegram/tasks/code/tel-1").await.ok()["estado"], "finalizada");
}

async fn the_bot_does_nothing_for_those_who_may_not_work(office: &Office) {
    let (bot, owner) = (bot(office), linked(office, Level::Supervisor, 700).await);
    let path = format!("/api/v1/users/{}", owner.user.unwrap());
    let email = owner.gets(&path).await.ok()["email"].as_str().unwrap().to_owned();
    let guesses = async || {
        for _ in 0..5 {
            office.stranger().tries_to_sign_in(&email, "otra clave larga").await;
        }
    };
    guesses().await;
    let found = bot.gets("/api/v1/telegram/auth/700").await.ok();
    assert_eq!(found["authenticated"], json!(true), "whoever guesses takes nobody's bot away");
    // The fiftieth failure in a row closes the account.
    for _ in 0..9 {
        office.clock.advance(TimeDelta::minutes(31));
        guesses().await;
    }
    let locked = bot.gets("/api/v1/telegram/auth/700").await.ok();
    assert_eq!((&locked["authenticated"], &locked["message"]), (&json!(false), &json!("Usuario bloqueado")));
    let refused = "400 Inactive user";
    let create = |code: &'static str| bot.posts("/api/v1/telegram/tasks/create", task(700, code, json!({})));
    assert_eq!(create("tel-1").await.status, 200, "whoever guesses passwords keeps nobody from the bot");
    assert_eq!(bot.gets("/api/v1/telegram/tasks/user/700").await.status, 200);
    office.clock.advance(TimeDelta::minutes(31));
    assert_eq!(bot.gets("/api/v1/telegram/auth/700").await.ok()["authenticated"], json!(true));
    // Tokens end after half an hour.
    let administrator = office.administrator().await;
    administrator.puts(&path, json!({ "verificado": false })).await.ok();
    assert_eq!(create("tel-2").await.refusal(), refused, "a disabled account");
    assert_eq!(bot.gets("/api/v1/telegram/auth/700").await.ok()["message"], "Usuario no verificado");
}

async fn an_urgent_task_alerts_everybody(office: &Office) {
    let bot = bot(office);
    linked(office, Level::Supervisor, 700).await;
    for (code, priority) in [("tel-1", "alta"), ("tel-2", "urgente")] {
        let body = task(700, code, json!({ "prioridad": priority }));
        bot.posts("/api/v1/telegram/tasks/create", body).await.ok();
    }
    let mut tx = office.cx.store.read().await.unwrap();
    let rows = crate::office::logged(office).await;
    let alerts: Vec<_> = rows.iter().filter(|row| row.event.kind() == EventKind::EmergencyRaised).collect();
    assert_eq!(alerts.len(), 1);
    let stored = tx.tasks().by_id(alerts[0].event.task().unwrap().id).await.unwrap().unwrap();
    assert_eq!(stored.code.as_str(), "TEL-2");
}

async fn others_name_only_their_own_account(office: &Office) {
    let (mine, _theirs) = (linked(office, Level::Supervisor, 700).await, linked(office, Level::Supervisor, 701).await);
    mine.gets("/api/v1/telegram/tasks/user/700").await.ok();
    mine.posts("/api/v1/telegram/tasks/create", task(700, "tel-1", json!({}))).await.ok();
    for (method, path) in [(Method::GET, "auth/701"), (Method::GET, "tasks/user/701")] {
        let request = mine.request(method, &format!("/api/v1/telegram/{path}"));
        assert_eq!(mine.sends(request).await.refusal(), "403 The user doesn't have enough privileges");
    }
    assert_eq!(mine.posts("/api/v1/telegram/tasks/create", task(701, "tel-2", json!({}))).await.status, 403);
    let stranger = office.stranger();
    assert_eq!(stranger.gets("/api/v1/telegram/tasks/user/700").await.refusal(), "401 Not authenticated");
    let administrator = office.administrator().await;
    let seen = administrator.gets("/api/v1/telegram/auth/701").await.ok();
    assert_eq!((&seen["authenticated"], &seen["token"]), (&json!(true), &Value::Null), "no tokens for others");
    administrator.gets("/api/v1/telegram/tasks/user/701").await.ok();
}
