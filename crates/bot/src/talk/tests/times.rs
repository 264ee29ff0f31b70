//! Messages that reach the office late: each fact has the time at which it was said or measured.

use chrono::TimeDelta;
use domain::{AssignmentState, Time};
use serde_json::{Value, json};
use store::position::TrackSpan;

use super::office::{Office, Person};
use crate::model::Quiet;

/// Two days after an officer was sent to three tasks and began the first.
struct Story {
    office: Office,
    sofia: Person,
    ana: Person,
    /// `date` of the messages.
    date: i64,
    /// What the facts in them are to be dated with.
    expected: Time,
}

impl Story {
    async fn begun(ago: TimeDelta) -> Self {
        let office = Office::open().await;
        let (mut sofia, mut ana) = (office.supervisor().await, office.officer(11, "Ana").await);
        let (user, id) = (sofia.user.as_ref().unwrap().id, ana.officer.as_ref().unwrap().id);
        for code in ["OPE-1", "OPE-2"] {
            office.writes(&mut sofia, &format!("/crear {code} \"Recorrer la plaza\" patrullaje {user} {id}")).await;
        }
        let first = office.task("OPE-1").await.id;
        office.presses(&mut ana, &format!("tarea:seguir:{first}")).await;
        office.waits(TimeDelta::days(2));
        let (now, date) = (office.cx.clock.now(), office.cx.clock.now() - ago);
        Self { sofia, ana, date: date.timestamp(), expected: date.min(now), office }
    }

    async fn ana_sends(&mut self, content: Value) -> String {
        let mut content = content;
        content["date"] = self.date.into();
        self.office.sends(&mut self.ana, content).await
    }

    async fn ana_presses(&mut self, verb: &str, code: &str) {
        let task = self.office.task(code).await.id;
        self.office.presses(&mut self.ana, &format!("tarea:{verb}:{task}")).await;
    }

    /// The places of the officer, oldest first, to the second: the part below sets updates apart.
    async fn measured(&self) -> Vec<i64> {
        let (officer, now) = (self.ana.officer.as_ref().unwrap().id, self.office.cx.clock.now());
        let mut tx = self.office.cx.store.read().await.unwrap();
        let (from, to) = (now - TimeDelta::days(3), now + TimeDelta::hours(1));
        let track = tx.positions().track(officer, TrackSpan { from, to, limit: 100, every: 1 }).await.unwrap();
        let mut times: Vec<i64> = track.iter().map(|point| point.position.measured_at.timestamp()).collect();
        times.sort_unstable();
        times
    }
}

async fn every_kind_of_message(ago: TimeDelta) {
    let mut story = Story::begun(ago).await;
    let expected = story.expected;
    let place = json!({ "latitude": -34.6, "longitude": -58.4 });

    for content in [
        json!({ "text": "El portón no cierra" }),
        json!({ "photo": [{ "file_id": "f", "file_unique_id": "uf", "file_size": 10 }] }),
        json!({ "voice": { "file_id": "v", "file_unique_id": "uv" } }),
        json!({ "document": { "file_id": "d", "file_unique_id": "ud", "mime_type": "application/pdf" } }),
        json!({ "location": place }),
    ] {
        story.ana_presses("nota", "OPE-1").await;
        story.ana_sends(content).await;
    }
    let task = story.office.task("OPE-1").await.id;
    let notes = story.office.cx.store.read().await.unwrap().notes().of_task(task, None, 100).await.unwrap();
    assert_eq!(notes.iter().map(|note| note.at).collect::<Vec<_>>(), [expected; 5], "notes");

    story.ana_sends(json!({ "location": place })).await;
    assert_eq!(story.measured().await, [expected.timestamp()], "a place");
    // A live place has the time of its last change.
    let mut edited = json!({ "message_id": 2, "date": story.date - 600, "edit_date": story.date,
        "chat": { "id": 11, "type": "private" }, "from": { "id": 11 }, "location": place });
    edited["location"]["latitude"] = json!(-34.7);
    let update = json!({ "update_id": story.office.next(), "edited_message": edited });
    story.office.update(&mut story.ana, update).await;
    // Two reports of times ahead of ours have the time of receipt, which is one in this story.
    let places = if ago > TimeDelta::zero() { 2 } else { 1 };
    assert_eq!(story.measured().await, vec![expected.timestamp(); places], "a live place");

    story.ana_presses("rechazar", "OPE-2").await;
    story.ana_sends(json!({ "text": "El móvil está en el taller" })).await;
    let task = story.office.task("OPE-2").await.id;
    let rows = story.office.cx.store.read().await.unwrap().assignments().of_tasks(&[task]).await.unwrap();
    let declined = rows[0].steps.iter().find(|step| step.state == AssignmentState::Declined).expect("declined");
    assert_eq!(declined.at, expected, "a refusal");

    story.ana_sends(json!({ "text": "/finalizar OPE-1" })).await;
    let task = story.office.task("OPE-1").await;
    assert_eq!(task.finished_at, Some(expected), "an end");
    assert_eq!(task.updated_at, story.office.cx.clock.now(), "received now");
    let rows = story.office.cx.store.read().await.unwrap().assignments().of_tasks(&[task.id]).await.unwrap();
    assert_eq!(rows[0].steps.last().unwrap().at, expected, "the officer is free since then");

    let (user, id) = (story.sofia.user.as_ref().unwrap().id, story.ana.officer.as_ref().unwrap().id);
    let text = format!("/crear OPE-3 \"Recorrer el puerto\" patrullaje {user} {id}");
    story.office.sends(&mut story.sofia, json!({ "text": text, "date": story.date })).await;
    let task = story.office.task("OPE-3").await;
    assert_eq!((task.scheduled_start, task.created_at), (expected, story.office.cx.clock.now()), "a task");

    let update = json!({ "update_id": story.office.next(), "message": { "message_id": 3, "date": story.date,
        "chat": { "id": 11, "type": "private" }, "from": { "id": 11 }, "text": "/silencio 8" } });
    let quiet = story.office.answer(&story.ana, &update).await.quiet;
    assert_eq!(quiet, Some(Quiet::Until(expected + TimeDelta::hours(8))), "quiet");

    story.ana_sends(json!({ "text": "/emergencia Se cayó un árbol" })).await;
    let answer = story.ana_sends(json!({ "location": place })).await;
    let is_late = ago >= TimeDelta::minutes(2);
    assert_eq!(answer.contains(&format!("{} min", ago.num_minutes())), is_late, "{answer}");
    assert_eq!(answer.contains("Llamada hecha el"), is_late, "on the card that officer and supervisors get: {answer}");
}

#[tokio::test]
async fn facts_have_the_time_at_which_they_were_said() {
    for ago in [TimeDelta::seconds(1), TimeDelta::hours(1), TimeDelta::hours(24)] {
        Box::pin(every_kind_of_message(ago)).await;
    }
}

#[tokio::test]
async fn a_clock_of_telegram_that_is_ahead_dates_nothing_in_the_future() {
    Box::pin(every_kind_of_message(TimeDelta::seconds(-90))).await;
}

#[tokio::test]
async fn a_fact_is_not_dated_before_what_it_follows() {
    let mut story = Story::begun(TimeDelta::days(9)).await;
    story.ana_sends(json!({ "text": "/finalizar OPE-1" })).await;
    let task = story.office.task("OPE-1").await;
    assert_eq!(task.finished_at, task.started_at);
}
