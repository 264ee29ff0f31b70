//! Calls that wait, and callers who call again.

use chrono::TimeDelta;
use domain::Level;
use futures::future::join_all;
use serde_json::json;

use super::{officer_of, raises, reports, steps, task_of};
use crate::conversations;
use crate::office::Office;

conversations! {
    unservable_calls_block_no_other,
    a_freed_officer_takes_the_nearest_waiting_call,
    one_caller_takes_no_more_officers_than_allowed,
    repeated_calls_of_one_caller_are_joined,
    a_supervisor_undoes_a_burst,
}

async fn unservable_calls_block_no_other(office: &Office) {
    let supervisor = office.supervisor().await;
    for n in 0..55 {
        // In the ocean, out of everyone's radius.
        assert_eq!(raises(&supervisor, -50.0, -30.0 - f64::from(n) * 0.1).await["status"], "pending");
    }
    let servable = raises(&supervisor, -34.60, -58.40).await;
    assert_eq!(servable["status"], "pending");
    let officer = office.officer_at(-34.60, -58.40).await;
    assert_eq!(app::dispatch::assign_waiting(&office.cx).await.unwrap(), 1);
    assert_eq!(task_of(&supervisor, &servable).await["efectivos_asignados"], json!([officer_of(&officer)]));
}

async fn a_freed_officer_takes_the_nearest_waiting_call(office: &Office) {
    let supervisor = office.supervisor().await;
    let far = raises(&supervisor, -34.90, -58.40).await;
    office.clock.advance(TimeDelta::seconds(20));
    let near = raises(&supervisor, -34.61, -58.40).await;
    let officer = office.officer_at(-34.60, -58.40).await;
    reports(&officer, -34.60, -58.40, 5.0).await;
    assert_eq!(app::dispatch::serve_freed(&office.cx).await.unwrap(), 1);
    assert_eq!(task_of(&supervisor, &near).await["efectivos_asignados"], json!([officer_of(&officer)]));
    assert_eq!(task_of(&supervisor, &far).await["espera_efectivo"], true);
}

async fn one_caller_takes_no_more_officers_than_allowed(office: &Office) {
    let supervisor = office.supervisor().await;
    let caller = office.user(Level::Officer).await;
    for n in 0..8 {
        office.officer_at(-34.60 + f64::from(n) * 0.001, -58.40).await;
    }
    // Far enough from each other that they are not taken for one call.
    let calls = (0..40).map(|n| raises(&caller, -34.60 + f64::from(n) * 0.004, -58.41));
    let answers = join_all(calls).await;
    let assigned = answers.iter().filter(|answer| answer["status"] == "assigned").count();
    assert_eq!((assigned, answers.len()), (3, 40), "none is refused");
    assert_eq!(app::dispatch::assign_waiting(&office.cx).await.unwrap(), 0, "nor taken by the queue at once");
    let held = answers.iter().find(|answer| answer["status"] == "pending").unwrap();
    assert!(held["despacho_desde"].is_string());
    office.clock.advance(TimeDelta::seconds(61));
    assert_eq!(app::dispatch::assign_waiting(&office.cx).await.unwrap(), 3, "the next ones have their turn");
    drop(supervisor);
}

async fn repeated_calls_of_one_caller_are_joined(office: &Office) {
    let supervisor = office.supervisor().await;
    let caller = office.user(Level::Officer).await;
    let officer = office.officer_at(-34.60, -58.40).await;
    office.officer_at(-34.60, -58.41).await;
    let first = raises(&caller, -34.60, -58.40).await;
    assert_eq!((&first["unida"], &first["assigned_efectivo_id"]), (&json!(false), &json!(officer_of(&officer))));
    office.clock.advance(TimeDelta::seconds(30));
    let again = raises(&caller, -34.6005, -58.40).await;
    assert_eq!(
        (&again["unida"], &again["task_id"], &again["status"]),
        (&json!(true), &first["task_id"], &json!("assigned"))
    );
    let state = supervisor.gets(&format!("/api/v1/tasks/{}/despacho", first["task_id"])).await.ok();
    assert_eq!(state["llamadas_unidas"], 1);
    let history = supervisor.gets(&format!("/api/v1/tasks/{}/historial", first["task_id"])).await.ok();
    let last = history.as_array().unwrap().last().unwrap();
    assert_eq!(last["motivo"], "Llamada repetida unida a esta emergencia");
    let elsewhere = raises(&caller, -34.61, -58.40).await;
    assert_eq!(elsewhere["unida"], false, "another place is another call");
    office.clock.advance(TimeDelta::seconds(121));
    assert_eq!(raises(&caller, -34.60, -58.40).await["unida"], false, "later is another call");
}

async fn a_supervisor_undoes_a_burst(office: &Office) {
    let supervisor = office.supervisor().await;
    let caller = office.user(Level::Officer).await;
    let officers = [
        office.officer_at(-34.600, -58.40).await,
        office.officer_at(-34.606, -58.40).await,
        office.officer_at(-34.612, -58.40).await,
    ];
    let since = office.cx.clock.now();
    let mut answers = Vec::new();
    for n in 0..6 {
        answers.push(raises(&caller, -34.60 - f64::from(n) * 0.006, -58.40).await);
    }
    let accepted = &answers[0];
    steps(&officers[0], &supervisor, &accepted["task_id"], officer_of(&officers[0]), json!({ "estado": "aceptada" }))
        .await
        .ok();
    let body = json!({ "creado_por_usuario_id": caller.user.unwrap(), "desde": since.to_rfc3339(),
        "motivo": "Teléfono robado" });
    assert_eq!(caller.posts("/api/v1/tasks/emergency/deshacer", body.clone()).await.status, 403);
    let undone = supervisor.posts("/api/v1/tasks/emergency/deshacer", body).await.ok();
    let count = |name: &str| undone[name].as_array().unwrap().len();
    assert_eq!((count("canceladas"), count("conservadas")), (5, 1));
    for officer in &officers[1..] {
        let row = supervisor.gets(&format!("/api/v1/efectivos/{}", officer_of(officer))).await.ok();
        assert_eq!(row["estado_disponibilidad"], "disponible");
    }
}
