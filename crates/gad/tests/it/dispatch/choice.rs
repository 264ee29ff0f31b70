//! Who is sent to a call, and what happens when that officer declines or leaves.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use domain::{Level, TaskId};
use serde_json::{Value, json};

use super::{declines, links, officer_of, raises, reports, task_of};
use crate::conversations;
use crate::office::Office;

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
