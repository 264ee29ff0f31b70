//! Dispatch: who is chosen, what happens when officers do not answer, and that no call is lost.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use domain::dispatch::DecisionTrigger;
use domain::{Level, OfficerId, TaskId, TelegramId};
use futures::future::join_all;
use serde_json::{Value, json};

use crate::conversations;
use crate::office::Office;
use crate::person::Person;

conversations! {
    every_officer_is_a_candidate_or_excluded_with_a_reason,
    the_caller_is_never_sent,
    a_declined_call_goes_to_the_next_officer_at_once,
    a_declined_call_with_nobody_left_waits_for_the_next_one,
    whatever_takes_the_last_officer_off_leaves_no_call_without_owner,
    an_officer_who_has_tasks_does_not_leave,
    a_disabled_officer_is_released_and_the_call_goes_on,
    a_reachable_officer_comes_before_a_nearer_one_who_is_not,
    an_inaccurate_position_is_a_last_choice,
    an_inaccurate_position_counts_where_no_officer_can_be_reached,
    an_accuracy_of_zero_is_unknown,
    unservable_calls_block_no_other,
    a_freed_officer_takes_the_nearest_waiting_call,
    one_caller_takes_no_more_officers_than_allowed,
    repeated_calls_of_one_caller_are_joined,
    a_supervisor_undoes_a_burst,
    an_unanswered_call_is_offered_to_further_officers,
    accepting_an_offer_relieves_the_one_who_did_not_answer,
    deadlines_of_a_programmed_task_run_from_its_start,
    deadlines_follow_a_changed_priority,
    officers_added_to_an_ended_task_are_released,
    a_supervisor_chooses_the_second_candidate,
    a_disabled_officer_cannot_be_assigned_by_hand,
    an_officer_off_duty_is_assigned_only_by_force,
    a_voice_call_counts_as_notification,
    an_alert_is_taken_by_one_and_seen_by_all,
    steps_of_an_assignment_are_for_its_officer_and_supervisors,
    opposite_changes_of_two_tasks_do_not_fail,
}

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

async fn every_officer_is_a_candidate_or_excluded_with_a_reason(office: &Office) {
    let administrator = office.administrator().await;
    let at = |n: i64| (-34.60, -58.40 + f64::from(i32::try_from(n).unwrap()) * 0.001);
    let mut expected = Vec::new();
    for (n, motive) in [
        (1, None),
        (2, Some("cuenta_inactiva")),
        (3, Some("fuera_servicio")),
        (4, Some("no_disponible")),
        (5, Some("en_tarea")),
        (6, Some("posicion_antigua")),
    ] {
        let (lat, lng) = at(n);
        if n == 6 {
            office.clock.advance(-TimeDelta::minutes(16));
        }
        let officer = office.officer_at(lat, lng).await;
        if n == 6 {
            office.clock.advance(TimeDelta::minutes(16));
        }
        let path = format!("/api/v1/efectivos/{}", officer_of(&officer));
        match motive {
            Some("cuenta_inactiva") => {
                let path = format!("/api/v1/users/{}", officer.user.unwrap());
                administrator.puts(&path, json!({ "verificado": false })).await.ok();
                // As before the rule: on duty, with a disabled account.
                let mut tx = office.cx.store.write().await.unwrap();
                let mut row = tx.officers().lock(&[officer.officer.unwrap()]).await.unwrap().pop().unwrap();
                row.set_availability(domain::Availability::Available, office.cx.clock.now());
                tx.officers().save(&row).await.unwrap();
                tx.commit().await.unwrap();
            }
            Some("en_tarea") => {
                let emergency = raises(&administrator, lat, lng).await;
                assert_eq!(emergency["assigned_efectivo_id"], officer_of(&officer));
            }
            Some(word @ ("fuera_servicio" | "no_disponible")) => {
                officer.puts(&path, json!({ "estado_disponibilidad": word })).await.ok();
            }
            _ => {}
        }
        expected.push((officer_of(&officer), motive));
    }
    let placeless = office.member(Level::Officer).await;
    let placeless = office.makes_officer(placeless.id).await;
    let gone = office.officer_at(-34.60, -58.395).await;
    administrator.deletes(&format!("/api/v1/efectivos/{}", officer_of(&gone))).await;
    let near = administrator.gets("/api/v1/efectivos/cercanos?lat=-34.60&lng=-58.40&limite=50").await.ok();
    let listed = |name: &str| -> BTreeSet<(i64, Option<String>)> {
        let rows = near[name].as_array().unwrap().iter();
        rows.map(|row| (row["efectivo_id"].as_i64().unwrap(), row["motivo"].as_str().map(str::to_owned))).collect()
    };
    let mut all = listed("candidatos");
    all.extend(listed("excluidos"));
    all.extend(listed("sin_posicion"));
    let mut expected: BTreeSet<(i64, Option<String>)> =
        expected.into_iter().map(|(id, motive)| (id, motive.map(str::to_owned))).collect();
    expected.insert((placeless.0, Some("sin_posicion".to_owned())));
    assert_eq!(all, expected);
    // The one candidate is the only one who is sent.
    let emergency = raises(&administrator, -34.60, -58.40).await;
    let candidate = expected.iter().find(|(_, motive)| motive.is_none()).unwrap().0;
    assert_eq!(emergency["assigned_efectivo_id"], candidate);
    assert_eq!(raises(&administrator, -34.60, -58.40).await["status"], "pending");
}

async fn the_caller_is_never_sent(office: &Office) {
    let caller = office.officer_at(-34.60, -58.40).await;
    let far = office.officer_at(-34.62, -58.40).await;
    let emergency = raises(&caller, -34.60, -58.40).await;
    assert_eq!(emergency["assigned_efectivo_id"], officer_of(&far));
    let alone = raises(&caller, -34.90, -58.90).await;
    assert_eq!(alone["status"], "pending", "nobody else is left");
    assert_eq!(app::dispatch::assign_waiting(&office.cx).await.unwrap(), 0, "not later either");
    let supervisor = office.supervisor().await;
    assert_eq!(task_of(&supervisor, &alone).await["espera_efectivo"], true);
}

async fn a_declined_call_goes_to_the_next_officer_at_once(office: &Office) {
    let supervisor = office.supervisor().await;
    let first = office.officer_at(-34.601, -58.40).await;
    let second = office.officer_at(-34.602, -58.40).await;
    let emergency = raises(&supervisor, -34.60, -58.40).await;
    assert_eq!(emergency["assigned_efectivo_id"], officer_of(&first));
    declines(&first, &supervisor, &emergency["task_id"]).await;
    let task = task_of(&supervisor, &emergency).await;
    assert_eq!(task["efectivos_asignados"], json!([officer_of(&second)]));
    assert_eq!((&task["estado"], &task["espera_efectivo"]), (&json!("en_curso"), &json!(false)));
    // The one who declined is free, and is not chosen for it again.
    declines(&second, &supervisor, &emergency["task_id"]).await;
    let task = task_of(&supervisor, &emergency).await;
    assert_eq!((&task["efectivos_asignados"], &task["espera_efectivo"]), (&json!([]), &json!(true)));
    assert_eq!(app::dispatch::assign_waiting(&office.cx).await.unwrap(), 0);
}

async fn a_declined_call_with_nobody_left_waits_for_the_next_one(office: &Office) {
    let supervisor = office.supervisor().await;
    let only = office.officer_at(-34.601, -58.40).await;
    let emergency = raises(&supervisor, -34.60, -58.40).await;
    declines(&only, &supervisor, &emergency["task_id"]).await;
    let task = task_of(&supervisor, &emergency).await;
    assert_eq!((&task["estado"], &task["espera_efectivo"]), (&json!("pausada"), &json!(true)));
    let next = office.officer_at(-34.60, -58.401).await;
    reports(&next, -34.60, -58.401, 5.0).await;
    assert_eq!(app::dispatch::serve_freed(&office.cx).await.unwrap(), 1);
    let task = task_of(&supervisor, &emergency).await;
    assert_eq!(task["efectivos_asignados"], json!([officer_of(&next)]));
    assert_eq!((&task["estado"], &task["espera_efectivo"]), (&json!("en_curso"), &json!(false)));
}

async fn whatever_takes_the_last_officer_off_leaves_no_call_without_owner(office: &Office) {
    let administrator = office.administrator().await;
    for way in ["quitar", "vacia", "pausada", "desvincula", "deshabilita", "sql"] {
        let officer = office.officer_at(-34.601, -58.40).await;
        links(office, &officer).await;
        let emergency = raises(&administrator, -34.60, -58.40).await;
        assert_eq!(emergency["assigned_efectivo_id"], officer_of(&officer), "{way}");
        let task = format!("/api/v1/tasks/{}", emergency["task_id"]);
        let user = format!("/api/v1/users/{}", officer.user.unwrap());
        match way {
            "quitar" => {
                let body = json!({ "efectivos": [officer_of(&officer)], "quitar": true });
                administrator.posts(&format!("{task}/asignaciones"), body).await.ok();
            }
            "vacia" => {
                administrator.puts(&task, json!({ "efectivos_asignados": [] })).await.ok();
            }
            "pausada" => {
                administrator.puts(&task, json!({ "estado": "pausada" })).await.ok();
            }
            "desvincula" => {
                administrator.deletes(&format!("{user}/telegram")).await.ok();
            }
            "deshabilita" => {
                administrator.puts(&user, json!({ "verificado": false })).await.ok();
            }
            _ => {
                let mut tx = office.cx.store.write().await.unwrap();
                let id = TaskId(emergency["task_id"].as_i64().unwrap());
                tx.tasks().unassign(id, &[officer.officer.unwrap()]).await.unwrap();
                tx.commit().await.unwrap();
            }
        }
        let task = task_of(&administrator, &emergency).await;
        let has_officer = !task["efectivos_asignados"].as_array().unwrap().is_empty();
        assert!(has_officer != task["espera_efectivo"].as_bool().unwrap(), "{way}: {task}");
        administrator
            .puts(&format!("/api/v1/tasks/{}", emergency["task_id"]), json!({ "estado": "cancelada" }))
            .await
            .ok();
        let body = json!({ "estado_disponibilidad": "fuera_servicio" });
        administrator.puts(&format!("/api/v1/efectivos/{}", officer_of(&officer)), body).await;
    }
}

async fn an_officer_who_has_tasks_does_not_leave(office: &Office) {
    let administrator = office.administrator().await;
    let boss = administrator.user.unwrap();
    for (n, state) in ["programada", "en_curso", "pausada"].into_iter().enumerate() {
        let officer = office.officer_at(-34.60, -58.40).await;
        let code = format!("LEAVE-{n}");
        let now = office.cx.clock.now();
        let body = json!({ "codigo": code, "titulo": "Recorrer la plaza", "tipo": "patrullaje",
            "inicio_programado": now.to_rfc3339(), "delegado_usuario_id": boss, "creado_por_usuario_id": boss,
            "efectivos_asignados": [officer_of(&officer)] });
        let task = administrator.posts("/api/v1/tasks/", body).await.ok();
        let path = format!("/api/v1/tasks/{}", task["id"]);
        if state != "programada" {
            administrator.puts(&path, json!({ "estado": "en_curso" })).await.ok();
        }
        if state == "pausada" {
            administrator.puts(&path, json!({ "estado": "pausada" })).await.ok();
        }
        let own = format!("/api/v1/efectivos/{}", officer_of(&officer));
        let expected = format!("409 El efectivo tiene tareas sin terminar: {code}");
        assert_eq!(administrator.deletes(&own).await.refusal(), expected, "{state}");
        let user = format!("/api/v1/usuarios/{}", officer.user.unwrap());
        assert_eq!(administrator.deletes(&user).await.refusal(), expected, "{state}");
        let off = officer.puts(&own, json!({ "estado_disponibilidad": "fuera_servicio" })).await;
        assert!(matches!(off.status, 409 | 422), "{state}: {}", off.body);
        administrator.puts(&path, json!({ "estado": "cancelada" })).await.ok();
        assert_eq!(administrator.deletes(&own).await.status, 204, "{state}: free of tasks the officer may leave");
    }
}

async fn a_disabled_officer_is_released_and_the_call_goes_on(office: &Office) {
    let administrator = office.administrator().await;
    let first = office.officer_at(-34.601, -58.40).await;
    let second = office.officer_at(-34.602, -58.40).await;
    let emergency = raises(&administrator, -34.60, -58.40).await;
    administrator.puts(&format!("/api/v1/users/{}", first.user.unwrap()), json!({ "verificado": false })).await.ok();
    let task = task_of(&administrator, &emergency).await;
    assert_eq!(task["efectivos_asignados"], json!([officer_of(&second)]));
    let row = administrator.gets(&format!("/api/v1/efectivos/{}", officer_of(&first))).await.ok();
    assert_eq!(row["estado_disponibilidad"], "fuera_servicio");
}

async fn a_reachable_officer_comes_before_a_nearer_one_who_is_not(office: &Office) {
    let supervisor = office.supervisor().await;
    let near = office.officer_at(-34.601, -58.40).await;
    let far = office.officer_at(-34.62, -58.40).await;
    links(office, &far).await;
    let emergency = raises(&supervisor, -34.60, -58.40).await;
    assert_eq!(emergency["assigned_efectivo_id"], officer_of(&far));
    assert_eq!(emergency["ultima_opcion"], json!([]));
    let emergency = raises(&supervisor, -34.60, -58.40).await;
    assert_eq!(emergency["assigned_efectivo_id"], officer_of(&near));
    assert_eq!(emergency["ultima_opcion"], json!(["sin_contacto"]), "the answer says that no message goes out");
}

async fn an_inaccurate_position_is_a_last_choice(office: &Office) {
    let supervisor = office.supervisor().await;
    let vague = office.officer_at(-34.60, -58.40).await;
    office.clock.advance(TimeDelta::seconds(1));
    reports(&vague, -34.60, -58.40, 50_000.0).await;
    let exact = office.officer_at(-34.61, -58.40).await;
    for officer in [&vague, &exact] {
        links(office, officer).await;
    }
    let near = supervisor.gets("/api/v1/efectivos/cercanos?lat=-34.60&lng=-58.40&limite=5").await.ok();
    let shown: Vec<(Value, Value)> = near["candidatos"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["efectivo_id"].clone(), row["ultima_opcion"].clone()))
        .collect();
    let expected = [(json!(officer_of(&exact)), json!([])), (json!(officer_of(&vague)), json!(["posicion_imprecisa"]))];
    assert_eq!(shown, expected);
    assert_eq!(raises(&supervisor, -34.60, -58.40).await["assigned_efectivo_id"], officer_of(&exact));
    let last = raises(&supervisor, -34.60, -58.40).await;
    assert_eq!(
        (&last["assigned_efectivo_id"], &last["ultima_opcion"][0]),
        (&json!(officer_of(&vague)), &json!("posicion_imprecisa"))
    );
}

async fn an_inaccurate_position_counts_where_no_officer_can_be_reached(office: &Office) {
    let supervisor = office.supervisor().await;
    let vague = office.officer_at(-34.60, -58.40).await;
    office.clock.advance(TimeDelta::seconds(1));
    reports(&vague, -34.60, -58.40, 50_000.0).await;
    let exact = office.officer_at(-34.61, -58.40).await;
    let emergency = raises(&supervisor, -34.60, -58.40).await;
    assert_eq!(emergency["assigned_efectivo_id"], officer_of(&exact));
    let second = raises(&supervisor, -34.60, -58.40).await;
    assert_eq!(second["assigned_efectivo_id"], officer_of(&vague), "better than no one");
}

async fn an_accuracy_of_zero_is_unknown(office: &Office) {
    let supervisor = office.supervisor().await;
    let officer = office.officer_at(-34.60, -58.40).await;
    office.clock.advance(TimeDelta::seconds(1));
    reports(&officer, -34.60, -58.40, 0.0).await;
    let near = supervisor.gets("/api/v1/efectivos/cercanos?lat=-34.60&lng=-58.40&limite=5").await.ok();
    assert_eq!(near["candidatos"][0]["precision_m"], Value::Null);
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

async fn an_unanswered_call_is_offered_to_further_officers(office: &Office) {
    let supervisor = office.supervisor().await;
    let mut officers = Vec::new();
    for n in 0..6 {
        officers.push(officer_of(&office.officer_at(-34.600 - f64::from(n) * 0.001, -58.40).await));
    }
    let emergency = raises(&supervisor, -34.60, -58.40).await;
    let task = &emergency["task_id"];
    let row = |n: usize, kind: &str, state: &str| (officers[n], kind.to_owned(), state.to_owned());
    assert_eq!(app::dispatch::escalate_due(&office.cx).await.unwrap(), 0, "it is not late yet");
    office.clock.advance(TimeDelta::seconds(60));
    assert_eq!(app::dispatch::escalate_due(&office.cx).await.unwrap(), 1);
    assert_eq!(assignments(&supervisor, task).await, [row(0, "asignacion", "vencida"), row(1, "oferta", "ofrecida")]);
    office.clock.advance(TimeDelta::seconds(60));
    assert_eq!(app::dispatch::escalate_due(&office.cx).await.unwrap(), 1);
    assert_eq!(assignments(&supervisor, task).await[1..], [row(1, "oferta", "vencida"), row(2, "oferta", "ofrecida")]);
    office.clock.advance(TimeDelta::seconds(60));
    app::dispatch::escalate_due(&office.cx).await.unwrap();
    let rows = assignments(&supervisor, task).await;
    assert_eq!(rows.len(), 6, "all in the radius: {rows:?}");
    assert_eq!(app::dispatch::escalate_due(&office.cx).await.unwrap(), 0, "each step once");
    let held = task_of(&supervisor, &emergency).await;
    assert_eq!(held["efectivos_asignados"], json!([officers[0]]), "the first stays assigned until another accepts");
    let history = supervisor.gets(&format!("/api/v1/tasks/{task}/historial")).await.ok();
    let escalations = history.as_array().unwrap().iter().filter_map(|line| line["motivo"].as_str());
    let escalations: Vec<&str> = escalations.filter(|motive| motive.starts_with("Escalamiento")).collect();
    assert_eq!(escalations.len(), 3, "{escalations:?}");
    let decisions = supervisor.gets(&format!("/api/v1/tasks/{task}/decisiones")).await.ok();
    assert_eq!(decisions[0]["motivo"], DecisionTrigger::Raised.as_str());
    assert_eq!(decisions[0]["elegidos"], json!([officers[0]]));
}

async fn accepting_an_offer_relieves_the_one_who_did_not_answer(office: &Office) {
    let supervisor = office.supervisor().await;
    let first = office.officer_at(-34.600, -58.40).await;
    let second = office.officer_at(-34.601, -58.40).await;
    let third = office.officer_at(-34.602, -58.40).await;
    let emergency = raises(&supervisor, -34.60, -58.40).await;
    let task = &emergency["task_id"];
    for _ in 0..2 {
        office.clock.advance(TimeDelta::seconds(60));
        app::dispatch::escalate_due(&office.cx).await.unwrap();
    }
    steps(&second, &supervisor, task, officer_of(&second), json!({ "estado": "en_camino" })).await.ok();
    let rows = assignments(&supervisor, task).await;
    let expected =
        [(&first, "asignacion", "relevada"), (&second, "asignacion", "en_camino"), (&third, "oferta", "relevada")];
    let expected = expected.map(|(who, kind, state)| (officer_of(who), kind.to_owned(), state.to_owned()));
    assert_eq!(rows, expected);
    let held = task_of(&supervisor, &emergency).await;
    assert_eq!(held["efectivos_asignados"], json!([officer_of(&second)]));
    let free = supervisor.gets(&format!("/api/v1/efectivos/{}", officer_of(&first))).await.ok();
    assert_eq!(free["estado_disponibilidad"], "disponible");
    office.clock.advance(TimeDelta::minutes(10));
    assert_eq!(app::dispatch::escalate_due(&office.cx).await.unwrap(), 0, "an accepted call is not escalated");
    let late = steps(&third, &supervisor, task, officer_of(&third), json!({ "estado": "aceptada" })).await;
    assert_eq!(late.refusal(), "409 Una asignación relevada no puede pasar a aceptada");
}

async fn deadlines_of_a_programmed_task_run_from_its_start(office: &Office) {
    let supervisor = office.supervisor().await;
    let boss = supervisor.user.unwrap();
    let first = office.officer_at(-34.600, -58.40).await;
    office.officer_at(-34.601, -58.40).await;
    let start = office.cx.clock.now() + TimeDelta::hours(3);
    let body = json!({ "codigo": "RONDA-1", "titulo": "Recorrer la plaza", "tipo": "patrullaje", "prioridad": 5,
        "inicio_programado": start.to_rfc3339(), "delegado_usuario_id": boss, "creado_por_usuario_id": boss,
        "ubicacion_lat": -34.60, "ubicacion_lon": -58.40, "efectivos_asignados": [officer_of(&first)] });
    let task = supervisor.posts("/api/v1/tasks/", body).await.ok();
    office.clock.advance(TimeDelta::hours(2));
    assert_eq!(app::dispatch::escalate_due(&office.cx).await.unwrap(), 0, "the start is an hour away");
    let supervisor = office.signs_in_again(&supervisor).await;
    let pending = supervisor.gets("/api/v1/asignaciones/pendientes").await.ok();
    assert_eq!(pending["asignaciones"], json!([]));
    // An hour later than was programmed first: the deadlines move with the start.
    let later = json!({ "inicio_programado": (start + TimeDelta::hours(1)).to_rfc3339() });
    supervisor.puts(&format!("/api/v1/tasks/{}", task["id"]), later).await.ok();
    office.clock.advance(TimeDelta::minutes(90));
    assert_eq!(app::dispatch::escalate_due(&office.cx).await.unwrap(), 0);
    office.clock.advance(TimeDelta::minutes(31));
    let supervisor = office.signs_in_again(&supervisor).await;
    assert_eq!(app::dispatch::escalate_due(&office.cx).await.unwrap(), 1);
    assert_eq!(assignments(&supervisor, &task["id"]).await[0].2, "vencida");
}

async fn deadlines_follow_a_changed_priority(office: &Office) {
    let supervisor = office.supervisor().await;
    let boss = supervisor.user.unwrap();
    let first = office.officer_at(-34.600, -58.40).await;
    let second = office.officer_at(-34.601, -58.40).await;
    let body = json!({ "codigo": "RONDA-1", "titulo": "Recorrer la plaza", "tipo": "patrullaje", "prioridad": 1,
        "inicio_programado": office.cx.clock.now().to_rfc3339(), "delegado_usuario_id": boss,
        "creado_por_usuario_id": boss, "ubicacion_lat": -34.60, "ubicacion_lon": -58.40,
        "efectivos_asignados": [officer_of(&first)] });
    let task = supervisor.posts("/api/v1/tasks/", body).await.ok();
    office.clock.advance(TimeDelta::seconds(70));
    assert_eq!(app::dispatch::escalate_due(&office.cx).await.unwrap(), 0, "a low priority can wait for minutes");
    supervisor.puts(&format!("/api/v1/tasks/{}", task["id"]), json!({ "prioridad": 5 })).await.ok();
    assert_eq!(app::dispatch::escalate_due(&office.cx).await.unwrap(), 1, "what is critical now is overdue");
    let rows = assignments(&supervisor, &task["id"]).await;
    assert_eq!((rows[0].2.as_str(), rows.len()), ("vencida", 2));
    assert_eq!(rows[1].0, officer_of(&second));
}

async fn officers_added_to_an_ended_task_are_released(office: &Office) {
    let supervisor = office.supervisor().await;
    let boss = supervisor.user.unwrap();
    let (sent, added) = (office.officer_at(-34.600, -58.40).await, office.officer_at(-34.601, -58.40).await);
    let body = json!({ "codigo": "RONDA-1", "titulo": "Recorrer la plaza", "tipo": "patrullaje",
        "inicio_programado": office.cx.clock.now().to_rfc3339(), "delegado_usuario_id": boss,
        "creado_por_usuario_id": boss, "efectivos_asignados": [officer_of(&sent)] });
    let task = supervisor.posts("/api/v1/tasks/", body).await.ok();
    let path = format!("/api/v1/tasks/{}", task["id"]);
    supervisor.puts(&path, json!({ "estado": "en_curso" })).await.ok();
    supervisor.puts(&path, json!({ "estado": "finalizada" })).await.ok();
    let both = json!({ "efectivos_asignados": [officer_of(&sent), officer_of(&added)] });
    supervisor.puts(&path, both).await.ok();
    let states: Vec<String> = assignments(&supervisor, &task["id"]).await.into_iter().map(|row| row.2).collect();
    assert_eq!(states, ["relevada", "liberada"], "the first had not accepted when it ended");
    assert_eq!(added.gets("/api/v1/asignaciones/mias").await.ok(), json!([]));
}

async fn a_supervisor_chooses_the_second_candidate(office: &Office) {
    let supervisor = office.supervisor().await;
    office.officer_at(-34.600, -58.40).await;
    let second = office.officer_at(-34.605, -58.40).await;
    let call = json!({ "telegram_id": 0, "lat": -34.60, "lng": -58.40, "efectivos": [officer_of(&second)] });
    let emergency = supervisor.posts("/api/v1/tasks/emergency", call.clone()).await.ok();
    assert_eq!(emergency["assigned_efectivo_id"], officer_of(&second));
    let decisions = supervisor.gets(&format!("/api/v1/tasks/{}/decisiones", emergency["task_id"])).await.ok();
    assert_eq!(
        (&decisions[0]["motivo"], &decisions[0]["usuario_id"]),
        (&json!("manual"), &json!(supervisor.user.unwrap()))
    );
    assert_eq!(decisions[0]["candidatos"].as_array().unwrap().len(), 2);
    let officer = office.user(Level::Officer).await;
    assert_eq!(officer.posts("/api/v1/tasks/emergency", call).await.status, 403, "level 1 chooses no one");
}

async fn a_disabled_officer_cannot_be_assigned_by_hand(office: &Office) {
    let administrator = office.administrator().await;
    let boss = administrator.user.unwrap();
    let officer = office.officer_at(-34.600, -58.40).await;
    administrator.puts(&format!("/api/v1/users/{}", officer.user.unwrap()), json!({ "verificado": false })).await.ok();
    let new = |code: &str, force: bool| {
        json!({ "codigo": code, "titulo": "Recorrer la plaza", "tipo": "patrullaje", "forzar": force,
            "inicio_programado": office.cx.clock.now().to_rfc3339(), "delegado_usuario_id": boss,
            "creado_por_usuario_id": boss, "efectivos_asignados": [officer_of(&officer)] })
    };
    let refused = format!("body.efectivos_asignados: officer {} cannot be sent: cuenta_inactiva", officer_of(&officer));
    for force in [false, true] {
        assert_eq!(administrator.posts("/api/v1/tasks/", new("MANO-1", force)).await.fields(), [refused.as_str()]);
    }
    let mut empty = new("MANO-2", false);
    empty["efectivos_asignados"] = json!([]);
    let task = administrator.posts("/api/v1/tasks/", empty).await.ok();
    let path = format!("/api/v1/tasks/{}", task["id"]);
    let put = administrator.puts(&path, json!({ "efectivos_asignados": [officer_of(&officer)] })).await;
    assert_eq!(put.fields(), [refused.as_str()]);
    let post =
        administrator.posts(&format!("{path}/asignaciones"), json!({ "efectivos": [officer_of(&officer)] })).await;
    assert_eq!(post.fields(), [refused.as_str()]);
    let call = json!({ "telegram_id": 0, "lat": -34.60, "lng": -58.40, "efectivos": [officer_of(&officer)] });
    assert_eq!(administrator.posts("/api/v1/tasks/emergency", call).await.fields(), [refused.as_str()]);
}

async fn an_officer_off_duty_is_assigned_only_by_force(office: &Office) {
    let supervisor = office.supervisor().await;
    let boss = supervisor.user.unwrap();
    let officer = office.officer_at(-34.600, -58.40).await;
    let own = format!("/api/v1/efectivos/{}", officer_of(&officer));
    officer.puts(&own, json!({ "estado_disponibilidad": "fuera_servicio" })).await.ok();
    let new = |code: &str, force: bool, hours: i64| {
        let start = office.cx.clock.now() + TimeDelta::hours(hours);
        json!({ "codigo": code, "titulo": "Recorrer la plaza", "tipo": "patrullaje", "forzar": force,
            "inicio_programado": start.to_rfc3339(), "delegado_usuario_id": boss, "creado_por_usuario_id": boss,
            "efectivos_asignados": [officer_of(&officer)] })
    };
    let refused = supervisor.posts("/api/v1/tasks/", new("TURNO-1", false, 0)).await.fields();
    assert!(refused[0].contains("fuera_servicio"), "{refused:?}");
    supervisor.posts("/api/v1/tasks/", new("TURNO-2", false, 20)).await.ok();
    supervisor.posts("/api/v1/tasks/", new("TURNO-3", true, 0)).await.ok();
    let administrator = office.administrator().await;
    let lines = administrator.gets("/api/v1/audit?event_type=task_assigned&limit=10").await;
    assert!(lines.text.contains("forzado"), "forcing is audited: {}", lines.text);
}

async fn a_voice_call_counts_as_notification(office: &Office) {
    let supervisor = office.supervisor().await;
    let officer = office.officer_at(-34.600, -58.40).await;
    let emergency = raises(&supervisor, -34.60, -58.40).await;
    let task = &emergency["task_id"];
    let voice = json!({ "estado": "avisada", "canal": "voz" });
    let own = steps(&officer, &supervisor, task, officer_of(&officer), voice.clone()).await;
    assert_eq!(own.status, 403, "voice is recorded by supervisors");
    let told = steps(&supervisor, &supervisor, task, officer_of(&officer), voice).await.ok();
    let step = told["asignacion"]["pasos"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(
        (&step["canal"], &step["usuario_id"], &step["en_nombre_de"]),
        (&json!("voz"), &json!(supervisor.user.unwrap()), &json!(officer.user.unwrap()))
    );
    assert_eq!(told["asignacion"]["estado"], "avisada");
    let accepted =
        steps(&supervisor, &supervisor, task, officer_of(&officer), json!({ "estado": "en_lugar" })).await.ok();
    let states: Vec<&str> = accepted["asignacion"]["pasos"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| step["estado"].as_str().unwrap())
        .collect();
    assert_eq!(states, ["asignada", "avisada", "aceptada", "en_lugar"], "arriving implies accepting");
}

async fn an_alert_is_taken_by_one_and_seen_by_all(office: &Office) {
    let (one, other) = (office.supervisor().await, office.supervisor().await);
    let emergency = raises(&one, -34.60, -58.40).await;
    let path = format!("/api/v1/tasks/{}/tomar", emergency["task_id"]);
    assert_eq!(one.posts(&path, json!({})).await.ok()["tomada_por"], json!(one.user.unwrap()));
    assert_eq!(one.posts(&path, json!({})).await.ok()["tomada_por"], json!(one.user.unwrap()), "again is no change");
    let refused = other.posts(&path, json!({})).await;
    assert_eq!(refused.refusal(), format!("409 El usuario {} ya tomó esta alerta", one.user.unwrap()));
    let state = other.gets(&format!("/api/v1/tasks/{}/despacho", emergency["task_id"])).await.ok();
    assert_eq!(state["tomada_por"], json!(one.user.unwrap()));
    assert_eq!(other.posts(&path, json!({ "forzar": true })).await.ok()["tomada_por"], json!(other.user.unwrap()));
}

async fn steps_of_an_assignment_are_for_its_officer_and_supervisors(office: &Office) {
    let supervisor = office.supervisor().await;
    let officer = office.officer_at(-34.600, -58.40).await;
    let other = office.officer_at(-34.700, -58.40).await;
    let emergency = raises(&supervisor, -34.60, -58.40).await;
    let task = &emergency["task_id"];
    let refused = steps(&other, &supervisor, task, officer_of(&officer), json!({ "estado": "aceptada" })).await;
    assert_eq!(refused.status, 404, "an assignment of another officer is not found");
    for state in ["ofrecida", "asignada", "vencida", "relevada"] {
        let refused = steps(&officer, &supervisor, task, officer_of(&officer), json!({ "estado": state })).await;
        assert_eq!(refused.status, 422, "{state}");
    }
    let no_reason = steps(&officer, &supervisor, task, officer_of(&officer), json!({ "estado": "rechazada" })).await;
    assert_eq!(no_reason.fields(), ["body.motivo: must have 1 to 500 characters, has 0"]);
    let own = officer.gets("/api/v1/asignaciones/mias").await.ok();
    assert_eq!(own[0]["tarea_id"], *task);
    assert_eq!(officer.gets("/api/v1/asignaciones/pendientes").await.status, 403);
}

async fn opposite_changes_of_two_tasks_do_not_fail(office: &Office) {
    let supervisor = office.supervisor().await;
    let boss = supervisor.user.unwrap();
    let (a, b) = (office.officer_at(-34.60, -58.40).await, office.officer_at(-34.61, -58.40).await);
    let mut tasks = Vec::new();
    for (code, officer) in [("CRUCE-1", &a), ("CRUCE-2", &b)] {
        let body = json!({ "codigo": code, "titulo": "Recorrer la plaza", "tipo": "patrullaje",
            "inicio_programado": office.cx.clock.now().to_rfc3339(), "delegado_usuario_id": boss,
            "creado_por_usuario_id": boss, "efectivos_asignados": [officer_of(officer)] });
        let task = supervisor.posts("/api/v1/tasks/", body).await.ok();
        let path = format!("/api/v1/tasks/{}", task["id"]);
        for state in ["en_curso", "pausada"] {
            supervisor.puts(&path, json!({ "estado": state })).await.ok();
        }
        tasks.push(path);
    }
    let officers: [OfficerId; 2] = [a.officer.unwrap(), b.officer.unwrap()];
    let put = |n: usize| {
        let (path, officer) = (tasks[n % 2].clone(), officers[(n + n / 2) % 2]);
        let supervisor = supervisor.clone();
        async move { supervisor.puts(&path, json!({ "efectivos_asignados": [officer.0] })).await.status }
    };
    for round in 0..10 {
        let statuses = join_all((round * 8..round * 8 + 8).map(put)).await;
        assert!(statuses.iter().all(|status| *status == 200), "{statuses:?}");
    }
}
