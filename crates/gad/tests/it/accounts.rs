//! What users may change of themselves and administrators of others, in both views.

use domain::Level;
use reqwest::Method;
use serde_json::{Value, json};

use crate::conversations;
use crate::office::{Office, PASSWORD};
use crate::person::Person;

conversations! {
    users_change_their_own_telephone_and_password_and_nothing_else,
    an_absent_field_of_a_user_stays_and_null_empties,
    a_telegram_account_is_linked_by_code_only,
    a_user_changed_by_another_is_not_overwritten,
    an_officer_changed_by_another_is_not_overwritten,
    the_last_administrator_stays_one,
    two_administrators_do_not_demote_each_other_at_once,
    the_panel_makes_changes_and_removes_users_of_the_bot,
    a_nul_is_refused_alike,
}

async fn users_change_their_own_telephone_and_password_and_nothing_else(office: &Office) {
    let officer = office.user(Level::Officer).await;
    let path = format!("/api/v1/users/{}", officer.user.unwrap());
    let changed = officer.puts(&path, json!({ "telefono": "+54 11 5555 0100" })).await;
    assert_eq!(changed.ok()["telefono"], "+54 11 5555 0100");
    for body in [json!({ "nivel": 3 }), json!({ "verificado": false }), json!({ "nombre": "Otra" })] {
        let refused = officer.puts(&path, body).await.refusal();
        assert_eq!(refused, "403 The user doesn't have enough privileges: solo telefono y password");
    }
    let email = officer.gets(&path).await.ok()["email"].as_str().unwrap().to_owned();
    officer.puts(&path, json!({ "password": "otra clave larga", "password_actual": PASSWORD })).await.ok();
    officer.gets(&path).await.ok();
    let stranger = office.stranger();
    assert_eq!(stranger.tries_to_sign_in(&email, PASSWORD).await.status, 401);
    stranger.tries_to_sign_in(&email, "otra clave larga").await.ok();
    let other = office.supervisor().await;
    let refused = other.puts(&path, json!({ "telefono": "1" })).await.refusal();
    assert_eq!(refused, "403 The user doesn't have enough privileges");
}

async fn an_absent_field_of_a_user_stays_and_null_empties(office: &Office) {
    let administrator = office.administrator().await;
    let user = office.member(Level::Officer).await;
    let path = format!("/api/v1/users/{}", user.id);
    administrator.puts(&path, json!({ "telefono": "123456" })).await.ok();
    office.links(user.id, 77).await;
    let after = administrator.puts(&path, json!({ "telefono": null, "desconocido": 1 })).await.ok();
    assert_eq!((&after["telefono"], &after["telegram_id"]), (&Value::Null, &json!(77)));
    let refused = administrator.puts(&path, json!({ "nombre": null })).await;
    assert_eq!(refused.fields(), ["body.nombre: must not be null"]);
}

/// The owner of an account proves it with a code: naming an account links it to no user.
async fn a_telegram_account_is_linked_by_code_only(office: &Office) {
    let administrator = office.administrator().await;
    let user = office.member(Level::Supervisor).await;
    let path = format!("/api/v1/users/{}", user.id);
    for account in [77, 78] {
        let refused = administrator.puts(&path, json!({ "telegram_id": account, "nombre": "Otra" })).await;
        assert_eq!(refused.status, 422);
        let field = refused.fields().pop().unwrap();
        assert!(field.starts_with("body.telegram_id: ") && field.contains("link-code"), "{field}");
    }
    let after = administrator.gets(&path).await.ok();
    assert_eq!((&after["telegram_id"], &after["nombre"]), (&Value::Null, &json!("Prueba")), "nothing was changed");
    office.links(user.id, 77).await;
    // The same again is no change, and the link is ended here.
    administrator.puts(&path, json!({ "telegram_id": 77 })).await.ok();
    assert_eq!(administrator.puts(&path, json!({ "telegram_id": 78 })).await.status, 422);
    assert_eq!(administrator.puts(&path, json!({ "telegram_id": null })).await.ok()["telegram_id"], Value::Null);
    // A new user may come with an account, as the contract has it.
    let new = json!({ "telegram_id": 79, "nombre": "Ana Prueba", "nivel": "1" });
    assert_eq!(administrator.posts("/api/v1/usuarios", new).await.status, 201);
}

async fn a_user_changed_by_another_is_not_overwritten(office: &Office) {
    let administrator = office.administrator().await;
    let user = office.member(Level::Officer).await;
    let path = format!("/api/v1/users/{}", user.id);
    let read = administrator.gets(&path).await;
    let tag = read.header("etag").to_owned();
    assert!(tag.starts_with('"') && tag.len() > 2, "{tag:?}");
    assert!(!administrator.gets("/api/v1/users/me").await.header("etag").is_empty());
    let change = |name: &str| {
        let request = administrator.request(Method::PUT, &path).header("If-Match", &tag);
        administrator.sends(request.json(&json!({ "nombre": name })))
    };
    change("Primera").await.ok();
    let second = change("Segunda").await;
    assert_eq!(second.status, 412);
    assert_eq!(second.body["current"], administrator.gets(&path).await.ok(), "the whole of what is there now");
    assert_eq!(second.body["current"]["nombre"], "Primera");
}

async fn an_officer_changed_by_another_is_not_overwritten(office: &Office) {
    let supervisor = office.supervisor().await;
    let officer = office.officer_at(-34.6, -58.4).await;
    let path = format!("/api/v1/efectivos/{}", officer.officer.unwrap());
    let tag = supervisor.gets(&path).await.header("etag").to_owned();
    let change = |unit: &str| {
        let request = supervisor.request(Method::PUT, &path).header("If-Match", &tag);
        supervisor.sends(request.json(&json!({ "unidad": unit })))
    };
    change("Norte").await.ok();
    let second = change("Sur").await;
    assert_eq!(second.status, 412);
    assert_eq!(second.body["current"], supervisor.gets(&path).await.ok());
    let administrator = office.administrator().await;
    let request = administrator.request(Method::DELETE, &path).header("If-Match", &tag);
    assert_eq!(administrator.sends(request).await.status, 412);
    assert_eq!(administrator.deletes(&path).await.status, 204);
    assert_eq!(supervisor.gets(&path).await.status, 404);
}

/// Tries to take the rights of the last administrator by every route.
pub async fn stays_administrator(administrator: &Person) {
    let id = administrator.user.unwrap();
    let (users, panel) = (format!("/api/v1/users/{id}"), format!("/api/v1/usuarios/{id}"));
    let last = "409 Es el último administrador; nombre antes a otro";
    assert_eq!(administrator.puts(&users, json!({ "nivel": 1 })).await.refusal(), last);
    assert_eq!(administrator.puts(&users, json!({ "verificado": false })).await.refusal(), last);
    assert_eq!(administrator.puts(&panel, json!({ "nivel": "2" })).await.refusal(), last);
    assert_eq!(administrator.deletes(&panel).await.refusal(), last);
}

async fn the_last_administrator_stays_one(office: &Office) {
    let administrator = office.administrator().await;
    let users = format!("/api/v1/users/{}", administrator.user.unwrap());
    stays_administrator(&administrator).await;
    administrator.puts(&users, json!({ "nombre": "Sigue" })).await.ok();
    office.member(Level::Administrator).await;
    administrator.puts(&users, json!({ "nivel": 1 })).await.ok();
}

async fn two_administrators_do_not_demote_each_other_at_once(office: &Office) {
    let (one, two) = (office.administrator().await, office.administrator().await);
    let path = |person: &Person| format!("/api/v1/users/{}", person.user.unwrap());
    let (of_one, of_two) = (path(&one), path(&two));
    let (a, b) = tokio::join!(one.puts(&of_two, json!({ "nivel": 1 })), two.puts(&of_one, json!({ "nivel": 1 })));
    assert!(a.status < 504 && b.status < 504 && !(a.status == 200 && b.status == 200), "{a:?} {b:?}");
    let mut tx = office.cx.store.read().await.unwrap();
    assert!(tx.users().has_administrator().await.unwrap());
}

async fn the_panel_makes_changes_and_removes_users_of_the_bot(office: &Office) {
    let (administrator, supervisor) = (office.administrator().await, office.supervisor().await);
    let new = json!({ "telegram_id": 700, "nombre": "Ana", "nivel": "2" });
    let made = administrator.posts("/api/v1/usuarios", new.clone()).await;
    assert_eq!(made.status, 201);
    let user = made.ok();
    assert_eq!(user, json!({ "id": user["id"], "telegram_id": 700, "nombre": "Ana", "nivel": "2" }));
    let again = administrator.posts("/api/v1/usuarios", new).await.refusal();
    assert_eq!(again, "400 Ya existe usuario con telegram_id 700");
    let bad =
        administrator.posts("/api/v1/usuarios", json!({ "telegram_id": 701, "nombre": "Eva", "nivel": "4" })).await;
    assert_eq!(bad.refusal(), "400 Nivel debe ser uno de: 1, 2, 3");
    let path = format!("/api/v1/usuarios/{}", user["id"]);
    assert_eq!(supervisor.gets(&path).await.ok(), user);
    assert_eq!(administrator.puts(&path, json!({ "nivel": "9" })).await.refusal(), bad.refusal());
    let changed = administrator.puts(&path, json!({ "nombre": "Inés", "nivel": "1" })).await.ok();
    assert_eq!((&changed["nombre"], &changed["nivel"]), (&json!("Inés"), &json!("1")));
    assert!(supervisor.gets("/api/v1/usuarios?limit=500").await.ok().as_array().unwrap().contains(&changed));
    assert_eq!(administrator.deletes(&path).await.status, 204);
    let gone = format!("404 Usuario con id {} no encontrado", user["id"]);
    assert_eq!(supervisor.gets(&path).await.refusal(), gone);
    assert_eq!(administrator.deletes(&path).await.refusal(), gone);
    assert!(!supervisor.gets("/api/v1/usuarios?limit=500").await.ok().as_array().unwrap().contains(&changed));
}

async fn a_nul_is_refused_alike(office: &Office) {
    let administrator = office.administrator().await;
    let body = json!({ "action": "ping", "payload": { "a": ["b\0c"] } });
    let refused = administrator.posts("/api/v1/admin/agent/command", body).await;
    assert_eq!(refused.fields(), ["body.payload.a.0: must not contain the character NUL"]);
    let refused = administrator.gets("/api/v1/efectivos?unidad=a%00b").await;
    assert_eq!(refused.fields(), ["query.unidad: must not contain the character NUL"]);
}
