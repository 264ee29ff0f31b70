//! What an operator sees of dispatch: calls that wait, and a call that was dropped although nothing
//! should be able to drop one.

use serde_json::{Value, json};

use crate::binary::Place;
use crate::keep::Keep;
use crate::office::On;

/// The exit code of `gad doctor` and its findings on dispatch, as "what verdict seen".
async fn examines(place: &Place) -> (Option<i32>, Vec<String>) {
    let output = place.gad(&["doctor", "--json"]).output().await.unwrap();
    let lines = String::from_utf8(output.stdout).unwrap();
    let findings = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let is_ours =
        |line: &Value| ["dispatch", "emergencies", "acknowledgement"].contains(&line["what"].as_str().unwrap());
    let text = |line: Value| {
        let [what, verdict, seen] = ["what", "verdict", "seen"].map(|name| line[name].as_str().unwrap().to_owned());
        format!("{what} {verdict} {seen}")
    };
    (output.status.code(), findings.filter(is_ours).map(text).collect())
}

async fn a_dropped_call_is_seen(on: On) {
    let keep = Keep::open(on).await;
    let place = keep.place();
    place.hires().await;
    let (code, findings) = examines(&place).await;
    assert_eq!(code, Some(0), "{findings:?}");
    let well = "dispatch ok every open emergency has an officer or waits for one";
    let deadlines = "acknowledgement ok an emergency that is not accepted within 60 s is offered to a second officer";
    assert_eq!(findings, [well, deadlines]);

    let server = place.serves().await;
    let supervisor = server.supervisor().await;
    for name in ["gad_emergencies_waiting", "gad_emergencies_unattended", "gad_assignments_unanswered"] {
        assert_eq!(supervisor.figure(name).await, Some(0.0), "{name}");
    }
    for reason in ["sin_aceptar", "sin_efectivos", "espera_larga", "rechazada"] {
        let series = format!("gad_dispatch_escalations_total{{reason=\"{reason}\"}}");
        assert!(supervisor.figure(&series).await.is_some(), "no {series}");
    }
    assert_eq!(supervisor.figure("gad_use_case_retries_total").await, Some(0.0));
    let call = json!({ "telegram_id": 0, "lat": -34.6, "lng": -58.4 });
    let raised = supervisor.posts("/api/v1/tasks/emergency", call).await.ok();
    assert_eq!(raised["status"], "pending");
    assert_eq!(supervisor.figure("gad_emergencies_waiting").await, Some(1.0));
    assert_eq!(supervisor.figure("gad_emergencies_unattended").await, Some(0.0));
    assert!(server.ends().await);

    let mut intruder = keep.intruder().await;
    let past = match on {
        On::Sqlite => "UPDATE tareas SET created_at = created_at - 600000000",
        On::Postgres => "UPDATE tareas SET created_at = created_at - interval '10 minutes'",
    };
    intruder.does(past).await;
    let (code, findings) = examines(&place).await;
    let waits = findings.iter().find(|line| line.starts_with("emergencies warning ")).unwrap();
    assert!(waits.contains("1 wait for a free officer") && waits.contains("beyond the limit of 300 s"), "{waits}");
    assert_eq!(code, Some(0), "{findings:?}");

    let unguarded = match on {
        On::Sqlite => "DROP TRIGGER emergencia_con_efectivo_o_en_espera",
        On::Postgres => "DROP TRIGGER emergencia_con_efectivo_o_en_espera ON tareas",
    };
    intruder.does(unguarded).await;
    intruder.does("UPDATE tareas SET espera_efectivo = false WHERE emergencia").await;
    drop(intruder);
    let (code, findings) = examines(&place).await;
    assert_eq!(code, Some(1), "{findings:?}");
    let named = format!("do not wait for one: tasks {}.", raised["task_id"]);
    assert!(findings[0].starts_with("dispatch broken ") && findings[0].contains(&named), "{findings:?}");
    let server = place.serves().await;
    assert_eq!(server.stranger().figure("gad_emergencies_unattended").await, Some(1.0));
    assert_eq!(server.stranger().figure("gad_emergencies_waiting").await, Some(0.0));
    assert!(server.ends().await);
    keep.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_call_is_seen_on_sqlite() {
    a_dropped_call_is_seen(On::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_call_is_seen_on_postgres() {
    a_dropped_call_is_seen(On::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn deadlines_that_are_switched_off_are_said() {
    let dir = tempfile::tempdir().unwrap();
    let place = Place::directory(dir.path()).with("--ack-seconds", "0");
    place.hires().await;
    let (code, findings) = examines(&place).await;
    assert_eq!(code, Some(0));
    assert!(findings[1].starts_with("acknowledgement warning deadlines are off (ack_seconds is 0)"), "{findings:?}");
}
