//! Several people who change things at once, each as a patient client does: whatever goes wrong on
//! the way, the same request is sent again under the same key until it is answered.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::person::Person;

/// Longest wait for one answer.
const PATIENCE: Duration = Duration::from_secs(8);

/// Changes that are being made.
pub struct Work {
    count: usize,
    next: AtomicUsize,
    done: watch::Sender<usize>,
    made: Mutex<BTreeSet<String>>,
    again: AtomicUsize,
}

impl Work {
    /// So many changes are to be made.
    pub fn of(count: usize) -> Self {
        let (next, again) = (AtomicUsize::new(0), AtomicUsize::new(0));
        Self { count, next, done: watch::channel(0).0, made: Mutex::default(), again }
    }

    /// Waits until this many changes have been answered.
    pub async fn reaches(&self, count: usize) {
        self.done.subscribe().wait_for(|done| *done >= count).await.unwrap();
    }

    /// Waits until this many more have been answered than now.
    pub async fn goes_on(&self, more: usize) {
        let now = *self.done.borrow();
        self.reaches((now + more).min(self.count)).await;
    }

    /// How many requests had to be sent again.
    pub fn sent_again(&self) -> usize {
        self.again.load(Ordering::Relaxed)
    }

    /// Notes that the making of a task was answered.
    pub fn notes(&self, code: String) {
        self.made.lock().unwrap().insert(code);
    }

    /// Codes of the tasks whose making was answered.
    pub fn made(&self) -> BTreeSet<String> {
        self.made.lock().unwrap().clone()
    }

    /// Makes all of them by `writers` at once: every second one a new task of one of `delegates`,
    /// every other a change of the one before. Each writer goes to `doors` by turns.
    pub async fn is_done(&self, writers: usize, boss: &Person, doors: &[String], delegates: &[Person]) {
        let doors: Vec<Person> = doors.iter().map(|door| boss.at(door)).collect();
        join_all((0..writers).map(|_| self.writes(&doors, delegates))).await;
    }

    async fn writes(&self, doors: &[Person], delegates: &[Person]) {
        let mut last = None;
        loop {
            let n = self.next.fetch_add(1, Ordering::Relaxed);
            if n >= self.count {
                return;
            }
            match last.take() {
                None => {
                    let code = format!("CAMBIO-{n}");
                    let delegate = delegates[n % delegates.len()].user.unwrap().0;
                    let body = json!({ "codigo": code, "titulo": "Recorrer la plaza", "tipo": "patrullaje",
                        "inicio_programado": "2026-11-24T12:00:00Z", "delegado_usuario_id": delegate });
                    let made = self.insists(n, doors, &Method::POST, "/api/v1/tasks/", &body).await;
                    last = made["id"].as_i64();
                    self.notes(code);
                }
                Some(id) => {
                    let body = json!({ "titulo": format!("Recorrer el puerto {n}") });
                    self.insists(n, doors, &Method::PUT, &format!("/api/v1/tasks/{id}"), &body).await;
                }
            }
            self.done.send_modify(|done| *done += 1);
        }
    }

    async fn insists(&self, n: usize, doors: &[Person], method: &Method, path: &str, body: &Value) -> Value {
        for door in n.. {
            let request = doors[door % doors.len()].request(method.clone(), path).json(body).timeout(PATIENCE);
            match request.header("idempotency-key", format!("cambio-{n}")).send().await {
                Ok(answer) if answer.status().is_success() => {
                    // The answer may be cut on its way, and is then asked for again.
                    if let Ok(body) = answer.json().await {
                        return body;
                    }
                }
                Ok(answer) if answer.status().is_server_error() => {}
                Ok(answer) => panic!("{method} {path}: {} {}", answer.status(), answer.text().await.unwrap()),
                Err(_) => {}
            }
            self.again.fetch_add(1, Ordering::Relaxed);
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        unreachable!("doors do not end")
    }
}

/// The alert that everybody hears, by which screens know that the story is over.
pub async fn ends_the_story(boss: &Person) {
    let body = json!({ "telegram_id": 0, "lat": -34.6037, "lng": -58.3816 });
    boss.posts_patiently("/api/v1/tasks/emergency", body).await.ok();
}
