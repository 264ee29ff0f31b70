//! What an office asks for.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use crate::client::Client;
use crate::load::{Request, Writer};
use crate::target::Role;

/// Numbers of codes; each is given out once a process.
static NEXT: AtomicU64 = AtomicU64::new(0);

/// A code that no task has.
pub fn code() -> String {
    format!("EV-{:08}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// Mostly tasks by number, some lists, some searches, some new tasks.
pub fn office(client: &Client, tasks: u32, seed: u64) -> impl Fn(usize) -> Writer + use<> {
    let client = Arc::new(client.clone());
    move |number| {
        let (client, mut chance) = (Arc::clone(&client), chance(seed, number));
        Box::new(move |request| match chance.random_range(0..100) {
            0..70 => request.get(&a_task(&mut chance, tasks), client.token.as_deref()),
            70..82 => request.get("/api/v1/tasks/?limit=20", client.token.as_deref()),
            82..90 => request.get(&nearest(&mut chance), client.token.as_deref()),
            _ => new_task(&client, request),
        })
    }
}

/// Only what reads.
pub fn readers(client: &Client, tasks: u32, seed: u64) -> impl Fn(usize) -> Writer + use<> {
    let token = client.token.clone();
    move |number| {
        let (token, mut chance) = (token.clone(), chance(seed, number));
        Box::new(move |request| request.get(&a_task(&mut chance, tasks), token.as_deref()))
    }
}

/// Only new tasks.
pub fn writers(client: &Client) -> impl Fn(usize) -> Writer + use<> {
    let client = Arc::new(client.clone());
    move |_| {
        let client = Arc::clone(&client);
        Box::new(move |request| new_task(&client, request))
    }
}

/// Only searches for the nearest.
pub fn searchers(client: &Client, seed: u64) -> impl Fn(usize) -> Writer + use<> {
    let token = client.token.clone();
    move |number| {
        let (token, mut chance) = (token.clone(), chance(seed, number));
        Box::new(move |request| request.get(&nearest(&mut chance), token.as_deref()))
    }
}

/// Only reads of these tasks, and lists.
pub fn some(client: &Client, tasks: Vec<i64>, seed: u64) -> impl Fn(usize) -> Writer + use<> {
    let (token, tasks) = (client.token.clone(), Arc::new(tasks));
    move |number| {
        let (token, tasks, mut chance) = (token.clone(), Arc::clone(&tasks), chance(seed, number));
        Box::new(move |request| match tasks.get(chance.random_range(0..tasks.len() + 1)) {
            Some(task) => request.get(&format!("/api/v1/tasks/{task}"), token.as_deref()),
            None => request.get("/api/v1/tasks/?limit=20", token.as_deref()),
        })
    }
}

/// Only sign-ins of a demo log-in.
pub fn signers() -> impl Fn(usize) -> Writer {
    move |_| {
        let form = crate::target::form(Role::Supervisor);
        Box::new(move |request| {
            request.post("/api/v1/auth/login", None, "application/x-www-form-urlencoded", form.as_bytes());
        })
    }
}

/// A body that makes a task.
pub fn body(code: &str, user: i64) -> String {
    format!(
        r#"{{"codigo":"{code}","titulo":"Recorrer la plaza","descripcion":"Dos vueltas, y aviso al salir",
        "tipo":"patrullaje","inicio_programado":"2026-11-24T12:00:00Z","delegado_usuario_id":{user},
        "ubicacion_lat":-34.6037,"ubicacion_lon":-58.3816}}"#
    )
}

fn new_task(client: &Client, request: &mut Request) {
    make(client, &code(), request);
}

/// A request that makes a task of this code.
pub fn make(client: &Client, code: &str, request: &mut Request) {
    let body = body(code, client.user);
    request.post("/api/v1/tasks/", client.token.as_deref(), "application/json", body.as_bytes());
}

/// The same with a key, by which the office knows it again when a balancer sends it a second time.
pub fn make_once(client: &Client, code: &str, request: &mut Request) {
    let (token, body) = (client.token.as_deref(), body(code, client.user));
    let key = [("idempotency-key", code)];
    request.named("POST", "/api/v1/tasks/", token, &key, Some("application/json"), body.as_bytes());
}

fn chance(seed: u64, client: usize) -> StdRng {
    StdRng::seed_from_u64(seed.wrapping_add(u64::try_from(client).unwrap_or_default()))
}

fn a_task(chance: &mut StdRng, tasks: u32) -> String {
    format!("/api/v1/tasks/{}", chance.random_range(1..=tasks.max(1)))
}

// Where the demo office's officers are.
fn nearest(chance: &mut StdRng) -> String {
    let (lat, lng) = (chance.random_range(-34.69..-34.52), chance.random_range(-58.5..-58.33));
    format!("/api/v1/efectivos/cercanos?lat={lat:.6}&lng={lng:.6}&limite=10")
}
