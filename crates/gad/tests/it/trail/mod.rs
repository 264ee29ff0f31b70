//! Every route that changes something, and every one that reads personal data, leaves its trail: who
//! really acted, on which object, which fields changed, and an event where screens show the object.

mod changes;
mod reads;

use domain::AuditLine;
use domain::audit::AuditEvent;
use serde_json::{Value, json};
use store::Page;

use crate::conversations;
use crate::office::{Office, SERVICE_TOKEN, logged};
use crate::person::Answer;

conversations! {
    who_acts_for_another_is_named_beside_the_other,
    a_change_of_nothing_leaves_no_trail,
    positions_reported_for_others_are_found_by_each_officer,
    jobs_of_the_server_are_named,
}

async fn lines(office: &Office) -> Vec<AuditLine> {
    app::audit::write_reads(&office.cx).await.unwrap();
    let mut tx = office.cx.store.read().await.unwrap();
    tx.audit().list(Page::first(100_000)).await.unwrap().into_iter().map(|(_, line)| line).collect()
}

async fn lines_of(office: &Office, answer: &Answer) -> Vec<AuditLine> {
    let id = answer.header("x-request-id").to_owned();
    assert!(!id.is_empty());
    let mut all = lines(office).await;
    all.retain(|line| line.request_id.as_deref() == Some(&id));
    all
}

/// Every kind of credential that can name another: an administrator and the service token, with the
/// Telegram account of a supervisor.
async fn who_acts_for_another_is_named_beside_the_other(office: &Office) {
    let administrator = office.administrator().await;
    let owner = office.supervisor().await;
    let (me, other) = (administrator.user.unwrap(), owner.user.unwrap());
    office.links(other, 700).await;
    let service = office.stranger().with_token(SERVICE_TOKEN);
    let same = owner.clone();
    for (n, (caller, user, on_behalf_of, identity)) in [
        (&administrator, Some(me), Some(other), "usuario"),
        (&service, None, Some(other), "servicio"),
        (&same, Some(other), None, "usuario"),
    ]
    .into_iter()
    .enumerate()
    {
        let code = format!("PARA-{n}");
        let task = json!({ "telegram_id": 700, "tipo": "operativa", "codigo": code, "titulo": "Recorrer el puerto" });
        let created = caller.posts("/api/v1/telegram/tasks/create", task).await;
        assert_eq!(created.status, 200, "{}", created.text);
        let finalize = json!({ "telegram_id": 700, "codigo": code });
        let finished = caller.posts("/api/v1/telegram/tasks/finalize", finalize).await;
        assert_eq!(finished.status, 200, "{}", finished.text);
        for answer in [&created, &finished] {
            let left = lines_of(office, answer).await;
            assert!(!left.is_empty());
            for line in left {
                let named = (line.user, line.on_behalf_of, line.identity.as_deref());
                assert_eq!(named, (user, on_behalf_of, Some(identity)), "{line:#?}");
            }
        }
        let id = created.body["task_id"].as_i64().unwrap();
        let history = administrator.gets(&format!("/api/v1/tasks/{id}/historial")).await.ok();
        for entry in history.as_array().unwrap() {
            assert_eq!(entry["usuario_id"], json!(user.map(|user| user.0)), "{history}");
            assert_eq!(entry["en_nombre_de"], json!(on_behalf_of.map(|user| user.0)), "{history}");
        }
        let shown = administrator.gets(&format!("/api/v1/tasks/{id}")).await.ok();
        assert_eq!(shown["delegado_usuario_id"], other.0);
        assert_eq!(shown["creado_por_usuario_id"], user.unwrap_or(other).0);
        // Events name who did it.
        let by = logged(office).await.into_iter().find_map(|logged| match logged.event {
            domain::Event::TaskStatusChanged { task, by, .. } if task.id.0 == id => Some(by),
            _ => None,
        });
        assert_eq!(by, Some(user));
        app::audit::seal(&office.cx).await.unwrap();
        for filter in [
            user.map(|user| format!("user_id={user}")),
            on_behalf_of.map(|user| format!("user_id={user}")),
            on_behalf_of.map(|user| format!("en_nombre_de={user}")),
        ]
        .into_iter()
        .flatten()
        {
            let path = format!("/api/v1/audit?{filter}&resource_type=tarea&resource_id={id}");
            let found = administrator.gets(&path).await.ok();
            assert!(found.as_array().unwrap().len() >= 2, "{path}: {found}");
            assert!(found.as_array().unwrap().iter().all(|line| line["identidad"] == identity), "{found}");
        }
    }
    let signed_in = service.posts("/api/v1/telegram/auth/authenticate", json!({ "telegram_id": 700 })).await;
    let left = lines_of(office, &signed_in).await;
    let named: Vec<_> = left.iter().map(|line| (line.event, line.user, line.on_behalf_of)).collect();
    assert_eq!(named, [(AuditEvent::Login, None, Some(other))]);
    // The service token alone has no rights, nor has a request without credentials.
    let request = std::sync::Arc::new(app::Request::default());
    let alone = app::Actor::new(app::Identity::Service, request.clone());
    let anonymous = app::Actor::anonymous(request);
    let permissions = [app::policy::Permission::ViewAssignedTasks, app::policy::Permission::ViewAudit];
    for permission in permissions {
        let refused = app::policy::require(&alone, permission);
        assert!(matches!(refused, Err(app::Error::Forbidden(_))), "{permission:?}");
        let refused = app::policy::require(&anonymous, permission);
        assert!(matches!(refused, Err(app::Error::Unauthenticated)), "{permission:?}");
    }
}

async fn a_change_of_nothing_leaves_no_trail(office: &Office) {
    let administrator = office.administrator().await;
    let officer = office.officer_at(-34.6, -58.38).await;
    let body = json!({ "codigo": "NADA-1", "titulo": "Recorrer la plaza", "tipo": "patrullaje",
        "inicio_programado": "2026-11-24T12:00:00Z", "delegado_usuario_id": administrator.user.unwrap().0 });
    let task = administrator.posts("/api/v1/tasks/", body).await.ok()["id"].to_string();
    let user = format!("/api/v1/users/{}", officer.user.unwrap());
    let row = format!("/api/v1/efectivos/{}", officer.officer.unwrap());
    let task = format!("/api/v1/tasks/{task}");
    for path in [user, row, task] {
        let before = administrator.gets(&path).await;
        let known = logged(office).await.len();
        let same = if path.contains("/users/") {
            json!({ "nombre": before.body["nombre"], "nivel": before.body["nivel"] })
        } else if path.contains("/efectivos/") {
            json!({ "codigo_interno": before.body["codigo_interno"],
                "estado_disponibilidad": before.body["estado_disponibilidad"] })
        } else {
            json!({ "titulo": before.body["titulo"], "estado": before.body["estado"] })
        };
        for body in [json!({}), same] {
            let answer = administrator.puts(&path, body).await;
            assert_eq!(answer.status, 200, "{path}: {}", answer.text);
            assert_eq!(lines_of(office, &answer).await, [], "{path}");
            assert_eq!(answer.header("etag"), before.header("etag"), "{path}");
            assert_eq!(answer.body, before.body, "{path}");
        }
        assert_eq!(logged(office).await.len(), known, "{path}");
    }
}

async fn positions_reported_for_others_are_found_by_each_officer(office: &Office) {
    let administrator = office.administrator().await;
    let supervisor = office.supervisor().await;
    let mut officers = Vec::new();
    for _ in 0..5 {
        officers.push(office.officer_at(-34.6, -58.38).await);
    }
    office.clock.advance(chrono::TimeDelta::minutes(1));
    let positions: Vec<Value> =
        officers.iter().map(|one| json!({ "efectivo_id": one.officer.unwrap().0, "lat": 0.0, "lng": 0.0 })).collect();
    supervisor.posts("/api/v1/posiciones", json!({ "posiciones": positions })).await.ok();
    office.clock.advance(chrono::TimeDelta::minutes(1));
    let own = &officers[4];
    let path = format!("/api/v1/efectivos/{}", own.officer.unwrap());
    own.posts(&format!("{path}/posicion"), json!({ "lat": 1.0, "lng": 1.0 })).await.ok();
    app::audit::seal(&office.cx).await.unwrap();
    for one in &officers {
        let number = one.officer.unwrap();
        let path = format!("/api/v1/audit?resource_type=efectivo&resource_id={number}&event_type=update");
        let found = administrator.gets(&path).await.ok();
        let by: Vec<&Value> = found.as_array().unwrap().iter().map(|line| &line["user_id"]).collect();
        assert!(by.contains(&&json!(supervisor.user.unwrap().0)), "{number}: {found}");
        let track = administrator.gets(&format!("/api/v1/efectivos/{number}/posiciones")).await.ok();
        let rows = track["posiciones"].as_array().or(track.as_array()).unwrap();
        let reported: Vec<&Value> = rows.iter().map(|row| &row["reportada_por"]).collect();
        let supervisors = json!(supervisor.user.unwrap().0);
        if number == own.officer.unwrap() {
            assert_eq!(reported, [&Value::Null, &supervisors, &json!(own.user.unwrap().0)], "{track}");
        } else {
            assert_eq!(reported, [&Value::Null, &supervisors], "{track}");
        }
    }
}

async fn jobs_of_the_server_are_named(office: &Office) {
    // A call waits until an officer comes: then the queue sends that officer by itself.
    let caller = office.administrator().await;
    let call = caller.posts("/api/v1/tasks/emergency", json!({ "telegram_id": 0, "lat": -34.6, "lng": -58.38 })).await;
    let id = call.ok()["task_id"].to_string();
    let _officer = office.officer_at(-34.6, -58.38).await;
    assert_eq!(app::dispatch::assign_waiting(&office.cx).await.unwrap(), 1);
    let left = lines(office).await;
    let of_job: Vec<_> = left
        .iter()
        .filter(|line| line.resource_type.as_deref() == Some("tarea"))
        .filter(|line| line.resource_id.as_deref() == Some(&id) && line.user.is_none())
        .map(|line| (line.identity.as_deref(), line.method.as_deref(), line.endpoint.as_deref()))
        .collect();
    assert!(!of_job.is_empty());
    for named in of_job {
        assert_eq!(named, (Some("sistema:waiting-emergencies"), Some("SYSTEM"), Some("waiting-emergencies")));
    }
}
