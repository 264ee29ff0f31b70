//! Dispatch: who is chosen, what happens when officers do not answer, and that no call is lost.

mod choice;
mod desk;
mod escalation;
mod queue;

use domain::TelegramId;
use serde_json::{Value, json};

use crate::office::Office;
use crate::person::Person;

async fn raises(person: &Person, lat: f64, lng: f64) -> Value {
    person.posts_patiently("/api/v1/tasks/emergency", json!({ "telegram_id": 0, "lat": lat, "lng": lng })).await.ok()
}

async fn task_of(person: &Person, emergency: &Value) -> Value {
    person.gets(&format!("/api/v1/tasks/{}", emergency["task_id"])).await.ok()
}

fn officer_of(person: &Person) -> i64 {
    person.officer.unwrap().0
}

/// All assignments of a task as `(officer, kind, state)`.
async fn assignments(supervisor: &Person, task: &Value) -> Vec<(i64, String, String)> {
    let rows = supervisor.gets(&format!("/api/v1/tasks/{task}/asignaciones")).await.ok();
    let word = |row: &Value, name: &str| row[name].as_str().unwrap().to_owned();
    let rows = rows.as_array().unwrap().iter();
    rows.map(|row| (row["efectivo_id"].as_i64().unwrap(), word(row, "tipo"), word(row, "estado"))).collect()
}

/// Takes a step of the officer's assignment of a task.
async fn steps(actor: &Person, supervisor: &Person, task: &Value, officer: i64, body: Value) -> crate::person::Answer {
    let rows = supervisor.gets(&format!("/api/v1/tasks/{task}/asignaciones")).await.ok();
    let row = rows.as_array().unwrap().iter().rev().find(|row| row["efectivo_id"] == officer).unwrap().clone();
    actor.posts(&format!("/api/v1/asignaciones/{}/pasos", row["id"]), body).await
}

async fn declines(officer: &Person, supervisor: &Person, task: &Value) {
    let body = json!({ "estado": "rechazada", "motivo": "Pinchadura" });
    steps(officer, supervisor, task, officer_of(officer), body).await.ok();
}

/// Gives an officer's user a Telegram account, so that the officer can be reached.
async fn links(office: &Office, person: &Person) {
    let mut tx = office.cx.store.write().await.unwrap();
    let mut user = tx.users().lock(person.user.unwrap()).await.unwrap().unwrap();
    user.telegram = Some(TelegramId(user.id.0 + 5_000_000));
    tx.users().save(&user).await.unwrap();
    tx.commit().await.unwrap();
}

async fn reports(person: &Person, lat: f64, lng: f64, precision_m: f64) {
    let path = format!("/api/v1/efectivos/{}/posicion", officer_of(person));
    person.posts(&path, json!({ "lat": lat, "lng": lng, "precision_m": precision_m })).await.ok();
}
