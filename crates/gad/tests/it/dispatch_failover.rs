//! How soon the next officer has a call that the first declined, let expire or cannot be reached for;
//! with the real process, and with one that is killed and started again.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::keep::Keep;
use crate::office::On;
use crate::person::Person;
use crate::replica::Replica;

/// Seconds of the first step.
const STEP: Duration = Duration::from_secs(2);
/// Beyond its step with all processes up.
const UP: Duration = Duration::from_secs(5);
/// Beyond its step when the only process is killed and started at once.
const KILLED: Duration = Duration::from_secs(15);

/// Two officers near the place of the calls: the first is nearer.
struct Crew {
    supervisor: Person,
    first: (Person, i64, i64),
    second: (Person, i64, i64),
}

async fn crew(replica: &Replica) -> Crew {
    let supervisor = replica.supervisor().await;
    let mut officers = Vec::new();
    for (n, lat) in [(1, -34.60), (2, -34.61)] {
        let person = replica.signs_in(&format!("efectivo{n}@prueba.gad")).await;
        let user = person.user.unwrap().0;
        let body = json!({ "usuario_id": user, "codigo_interno": format!("EF-{n}") });
        let officer = supervisor.posts("/api/v1/efectivos", body).await.ok()["id"].as_i64().unwrap();
        let path = format!("/api/v1/efectivos/{officer}/posicion");
        supervisor.posts(&path, json!({ "lat": lat, "lng": -58.38, "precision_m": 5 })).await.ok();
        officers.push((person, officer, user));
    }
    let second = officers.pop().unwrap();
    Crew { supervisor, first: officers.pop().unwrap(), second }
}

impl Crew {
    async fn raises(&self) -> Value {
        let call = json!({ "telegram_id": 0, "lat": -34.60, "lng": -58.38 });
        let call = self.supervisor.posts("/api/v1/tasks/emergency", call).await.ok();
        assert_eq!(call["assigned_efectivo_id"], self.first.1, "{call}");
        call["task_id"].clone()
    }

    async fn first_row(&self) -> Value {
        self.first.0.gets("/api/v1/asignaciones/mias").await.ok()[0]["id"].clone()
    }

    /// Until the second officer has the call or an offer of it.
    async fn second_has(&self, task: &Value, begun: Instant) -> Duration {
        loop {
            let request = self.second.0.request(reqwest::Method::GET, "/api/v1/asignaciones/mias");
            if let Ok(response) = request.send().await
                && let Ok(mine) = response.json::<Value>().await
                && mine.as_array().is_some_and(|mine| mine.iter().any(|row| row["tarea_id"] == *task))
            {
                return begun.elapsed();
            }
            assert!(begun.elapsed() < Duration::from_secs(60), "the second officer never had it");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn ends(&self, task: &Value) {
        self.supervisor.puts(&format!("/api/v1/tasks/{task}"), json!({ "estado": "cancelada" })).await.ok();
    }
}

async fn the_next_officer_has_it_in_time(on: On, name: &str) {
    let _alone = crate::replica::alone().await;
    let keep = Keep::open(on).await;
    let place = keep.place();
    place.hires().await;
    place.hires_as("efectivo1@prueba.gad", "E0000001", 1).await;
    place.hires_as("efectivo2@prueba.gad", "E0000002", 1).await;
    place.hires_as("administra@prueba.gad", "A0000001", 3).await;
    let mut replica = Replica::starts(&place, &["--ack-seconds", "2,4,6"]).await;
    let crew = crew(&replica).await;

    let task = crew.raises().await;
    let id = crew.first_row().await;
    let begun = Instant::now();
    let body = json!({ "estado": "rechazada", "motivo": "sin combustible" });
    crew.first.0.posts(&format!("/api/v1/asignaciones/{id}/pasos"), body).await.ok();
    let declined = crew.second_has(&task, begun).await;
    crew.ends(&task).await;

    let task = crew.raises().await;
    let expired = crew.second_has(&task, Instant::now()).await;
    crew.ends(&task).await;

    let administrator = replica.signs_in("administra@prueba.gad").await;
    let user = format!("/api/v1/users/{}", crew.first.2);
    place.intruder().await.links(crew.first.2, 700_001).await;
    let task = crew.raises().await;
    let begun = Instant::now();
    assert_eq!(administrator.deletes(&format!("{user}/telegram")).await.status / 100, 2);
    let unreachable = crew.second_has(&task, begun).await;
    crew.ends(&task).await;

    place.intruder().await.links(crew.first.2, 700_001).await;
    let task = crew.raises().await;
    let begun = Instant::now();
    replica.dies().await;
    replica.starts_again().await;
    let killed = crew.second_has(&task, begun).await;
    crew.ends(&task).await;

    println!(
        "{name}: the next officer after declining {declined:?}, expiry {expired:?} (step {STEP:?}), \
         end of the link {unreachable:?}, a killed process {killed:?} (step {STEP:?})"
    );
    assert!(declined < UP && expired < STEP + UP && unreachable < UP, "{declined:?} {expired:?} {unreachable:?}");
    assert!(killed < STEP + KILLED, "{killed:?}");
    assert!(replica.ends().await);
    keep.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_officer_has_a_call_in_time_on_sqlite() {
    the_next_officer_has_it_in_time(On::Sqlite, "sqlite").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_officer_has_a_call_in_time_on_postgres() {
    the_next_officer_has_it_in_time(On::Postgres, "postgres").await;
}
