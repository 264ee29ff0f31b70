//! Each route that changes something, and the line and the event that it leaves.

use std::collections::BTreeSet;

use domain::audit::AuditEvent;
use domain::{AuditLine, Level};
use reqwest::Method;
use serde_json::{Value, json};

use super::{lines, lines_of};
use crate::access::operations;
use crate::conversations;
use crate::office::{Office, PASSWORD, logged};
use crate::person::Person;

conversations! {
    every_change_names_actor_object_and_fields_and_reaches_the_screens,
}

/// What a change leaves behind.
struct Trail<'a> {
    /// `resource_type` and `resource_id` of one of its lines.
    on: (&'a str, String),
    /// Names of changed fields, in `event_metadata.campos` or among the values.
    fields: &'a [&'a str],
    /// Type of one of its events on the wire; empty where no screen shows the object.
    event: &'a str,
}

struct Walk<'a> {
    office: &'a Office,
    walked: BTreeSet<String>,
}

fn named_fields(line: &AuditLine) -> BTreeSet<String> {
    let listed = line.metadata.get("campos").and_then(Value::as_array).cloned().unwrap_or_default();
    let listed = listed.iter().filter_map(|name| name.as_str().map(str::to_owned));
    let valued = [&line.old_values, &line.new_values].into_iter().flatten().flat_map(|values| values.keys().cloned());
    listed.chain(valued).collect()
}

impl Walk<'_> {
    /// Calls a route that changes something, and looks for what it left behind.
    async fn does(
        &mut self,
        person: &Person,
        route: &str,
        parameters: &[(&str, String)],
        body: Value,
        trail: Trail<'_>,
    ) -> Value {
        self.walked.insert(route.to_owned());
        let (method, mut path) = route.split_once(' ').map(|(method, path)| (method, path.to_owned())).unwrap();
        for (name, value) in parameters {
            path = path.replace(&format!("{{{name}}}"), value);
        }
        assert!(!path.contains('{'), "{path}");
        let mut request = person.request(method.parse::<Method>().unwrap(), &path);
        if !body.is_null() {
            request = request.json(&body);
        }
        let answer = person.sends(request).await;
        assert!((200..300).contains(&answer.status), "{route}: {}", answer.refusal());
        let left = lines_of(self.office, &answer).await;
        let (kind, id) = (trail.on.0, trail.on.1.as_str());
        let is_on = |line: &&AuditLine| {
            line.resource_type.as_deref() == Some(kind) && (id == "*" || line.resource_id.as_deref() == Some(id))
        };
        let on = left.iter().find(is_on).unwrap_or_else(|| panic!("{route}: no line on {kind} {id}: {left:#?}"));
        for line in &left {
            assert_eq!((line.user, line.on_behalf_of), (person.user, None), "{route}: {line:#?}");
            assert_eq!(line.identity.as_deref(), Some("usuario"), "{route}: {line:#?}");
        }
        let named: BTreeSet<String> = left.iter().filter(is_on).flat_map(named_fields).collect();
        for field in trail.fields {
            assert!(named.contains(*field), "{route}: {field} is not named: {on:#?}");
        }
        if !trail.event.is_empty() {
            let id = answer.header("x-request-id");
            let events = logged(self.office).await;
            let mut of_request = events.iter().filter(|event| event.request_id.as_deref() == Some(id));
            let wire = of_request.any(|event| event.event.kind().as_str() == trail.event);
            assert!(wire, "{route}: no event {}", trail.event);
        }
        answer.body
    }
}

const NOTHING: Value = Value::Null;

fn on<'a>(kind: &'a str, id: impl ToString, fields: &'a [&'a str], event: &'a str) -> Trail<'a> {
    Trail { on: (kind, id.to_string()), fields, event }
}

/// Routes with a method that changes things, which change nothing that is kept or cannot be called here.
const EXEMPT: [(&str, &str); 2] = [
    ("PUT /api/v1/admin/log-level", "this office has no log to choose; log_level.rs looks at its line"),
    ("POST /api/v1/telegram/auth/authenticate", "by the service token: see who acts for another"),
];

async fn every_change_names_actor_object_and_fields_and_reaches_the_screens(office: &Office) {
    let mut walk = Walk { office, walked: BTreeSet::new() };
    let administrator = office.administrator().await;
    let me = administrator.user.unwrap();
    officers_and_users(&mut walk, &administrator).await;
    tasks(&mut walk, &administrator).await;
    sessions(&mut walk).await;

    let none = &[][..];
    let user = [("user_id", me.to_string())];
    let route = "POST /api/v1/stats/invalidate/user/{user_id}";
    walk.does(&administrator, route, &user, NOTHING, on("usuario", me, none, "")).await;
    let generation = office.cx.bus.cache.get("prueba").await.generation.unwrap();
    office.cx.bus.cache.put("prueba", &generation, "1".to_owned(), std::time::Duration::from_secs(60)).await;
    let key = [("key", "prueba".to_owned())];
    let route = "POST /api/v1/cache/invalidate/{key}";
    walk.does(&administrator, route, &key, NOTHING, on("cache", "prueba", none, "")).await;
    let pattern = [("pattern", "prueba*".to_owned())];
    let route = "POST /api/v1/cache/invalidate-pattern/{pattern}";
    walk.does(&administrator, route, &pattern, NOTHING, on("cache", "prueba*", none, "")).await;
    walk.does(&administrator, "POST /api/v1/cache/clear", &[], NOTHING, on("cache", "*", none, "")).await;
    let body = json!({ "action": "ping", "payload": {} });
    let route = "POST /api/v1/admin/agent/command";
    walk.does(&administrator, route, &[], body, on("comando", "ping", none, "")).await;
    let body = json!({ "group": "general", "type": "info", "message": "Cambio de turno" });
    let route = "POST /api/v1/admin/telegram/send";
    walk.does(&administrator, route, &[], body, on("anuncio", "general", none, "notification")).await;
    let body = json!({ "title": "Prueba", "content": "Mensaje", "topic": "tareas" });
    walk.does(&administrator, "POST /ws/_test/broadcast", &[], body, on("anuncio", "tareas", none, "")).await;

    let mut missing: BTreeSet<String> = operations()
        .iter()
        .filter(|operation| operation.method != Method::GET)
        .map(crate::access::Operation::name)
        .filter(|name| !walk.walked.contains(name))
        .collect();
    missing.retain(|name| EXEMPT.iter().all(|(exempt, _)| exempt != name));
    assert!(missing.is_empty(), "routes that change something and whose trail is not tested: {missing:#?}");
}

async fn officers_and_users(walk: &mut Walk<'_>, administrator: &Person) {
    let none = &[][..];
    let new = json!({ "email": "rastro@prueba.gad", "password": "una clave bien larga", "nombre": "Ana",
        "apellido": "Rastro", "dni": "RASTRO1", "telefono": "+54 11 5555 0100", "nivel": 1, "verificado": true });
    let fields = &["email", "nombre", "apellido", "dni", "telefono", "nivel", "verificado"];
    let made = Trail { on: ("usuario", "*".to_owned()), fields, event: "user_activity" };
    let user = walk.does(administrator, "POST /api/v1/users/", &[], new, made).await["id"].clone();
    let id = [("user_id", user.to_string())];
    let change = json!({ "telefono": "+54 11 5555 0199", "nivel": 2 });
    let trail = on("usuario", &user, &["telefono", "nivel"], "user_activity");
    walk.does(administrator, "PUT /api/v1/users/{user_id}", &id, change, trail).await;
    let line = lines(walk.office).await.pop().unwrap();
    let phone = json!("(dato personal)");
    let values = |level: u8| Some(json!({ "telefono": phone, "nivel": level }).as_object().unwrap().clone());
    assert_eq!((line.old_values, line.new_values), (values(1), values(2)), "what changed, and no personal data");
    let trail = on("usuario", &user, none, "");
    walk.does(administrator, "POST /api/v1/users/{user_id}/link-code", &id, NOTHING, trail).await;
    walk.office.links(domain::UserId(user.as_i64().unwrap()), 9_001).await;
    let trail = on("usuario", &user, &["telegram_id"], "user_activity");
    walk.does(administrator, "DELETE /api/v1/users/{user_id}/telegram", &id, NOTHING, trail).await;

    let new = json!({ "telegram_id": 9_002, "nombre": "Beto Panel", "nivel": "1" });
    let made = Trail { on: ("usuario", "*".to_owned()), fields: &["telegram_id", "nombre"], event: "user_activity" };
    let other = walk.does(administrator, "POST /api/v1/usuarios", &[], new, made).await["id"].clone();
    let id = [("usuario_id", other.to_string())];
    let trail = on("usuario", &other, &["nombre"], "user_activity");
    let change = json!({ "nombre": "Beto Otro" });
    walk.does(administrator, "PUT /api/v1/usuarios/{usuario_id}", &id, change, trail).await;
    let trail = on("usuario", &other, &["nombre", "nivel"], "user_activity");
    walk.does(administrator, "DELETE /api/v1/usuarios/{usuario_id}", &id, NOTHING, trail).await;

    let new = json!({ "usuario_id": user, "codigo_interno": "EF-RASTRO", "unidad": "Centro" });
    let fields = &["usuario_id", "codigo_interno", "unidad", "estado_disponibilidad"];
    let made = Trail { on: ("efectivo", "*".to_owned()), fields, event: "efectivo_changed" };
    let officer = walk.does(administrator, "POST /api/v1/efectivos", &[], new, made).await["id"].clone();
    let id = [("efectivo_id", officer.to_string())];
    let change = json!({ "unidad": "Norte", "especialidad": "Canes", "codigo_interno": "EF-RASTRO-2" });
    let trail = on("efectivo", &officer, &["unidad", "especialidad", "codigo_interno"], "efectivo_changed");
    walk.does(administrator, "PUT /api/v1/efectivos/{efectivo_id}", &id, change, trail).await;
    let line = lines(walk.office).await.pop().unwrap();
    let old = json!({ "codigo_interno": "EF-RASTRO", "unidad": "Centro", "especialidad": null });
    let new = json!({ "codigo_interno": "EF-RASTRO-2", "unidad": "Norte", "especialidad": "Canes" });
    assert_eq!(line.old_values.map(Value::Object), Some(old));
    assert_eq!(line.new_values.map(Value::Object), Some(new));
    let change = json!({ "estado_disponibilidad": "fuera_servicio" });
    let trail = on("efectivo", &officer, &["estado_disponibilidad"], "efectivo_status_changed");
    walk.does(administrator, "PUT /api/v1/efectivos/{efectivo_id}", &id, change, trail).await;
    let here = json!({ "lat": -34.6, "lng": -58.38, "medida_en": "2025-10-09T08:50:00Z" });
    let trail = on("efectivo", &officer, none, "efectivo_location_update");
    walk.does(administrator, "POST /api/v1/efectivos/{efectivo_id}/posicion", &id, here, trail).await;
    let here = json!({ "posiciones": [{ "efectivo_id": officer, "lat": -34.61, "lng": -58.38 }] });
    let trail = on("efectivo", &officer, none, "efectivo_location_update");
    walk.does(administrator, "POST /api/v1/posiciones", &[], here, trail).await;
    let trail = on("efectivo", &officer, &["codigo_interno", "unidad"], "efectivo_changed");
    walk.does(administrator, "DELETE /api/v1/efectivos/{efectivo_id}", &id, NOTHING, trail).await;
}

async fn tasks(walk: &mut Walk<'_>, administrator: &Person) {
    let office = walk.office;
    let me = administrator.user.unwrap();
    let officer = office.officer_at(-34.6, -58.38).await;
    let number = officer.officer.unwrap().0;
    let task = |code: &str| {
        json!({ "codigo": code, "titulo": "Recorrer la plaza", "tipo": "patrullaje",
            "inicio_programado": "2026-11-24T12:00:00Z", "delegado_usuario_id": me.0 })
    };
    let fields = &["codigo", "titulo", "tipo", "delegado_usuario_id", "inicio_programado"];
    let made = Trail { on: ("tarea", "*".to_owned()), fields, event: "task_created" };
    let id = walk.does(administrator, "POST /api/v1/tasks/", &[], task("RASTRO-1"), made).await["id"].clone();
    let path = [("task_id", id.to_string())];
    let change = json!({ "titulo": "Recorrer el puerto", "prioridad": 4 });
    let trail = on("tarea", &id, &["titulo", "prioridad"], "task_updated");
    walk.does(administrator, "PUT /api/v1/tasks/{task_id}", &path, change, trail).await;
    let trail = on("tarea", &id, &["notas"], "task_updated");
    let body = json!({ "texto": "El portón no cierra" });
    walk.does(administrator, "POST /api/v1/tasks/{task_id}/notas", &path, body, trail).await;
    let trail = on("tarea", &id, &["efectivos_asignados"], "task_assigned");
    let body = json!({ "efectivos": [number] });
    walk.does(administrator, "POST /api/v1/tasks/{task_id}/asignaciones", &path, body, trail).await;
    let rows = administrator.gets(&format!("/api/v1/tasks/{id}/asignaciones")).await.ok();
    let assignment = [("assignment_id", rows[0]["id"].to_string())];
    let trail = on("tarea", &id, &["efectivo_id"], "assignment_changed");
    let route = "POST /api/v1/asignaciones/{assignment_id}/pasos";
    let body = json!({ "estado": "aceptada", "canal": "voz" });
    walk.does(administrator, route, &assignment, body, trail).await;
    let trail = on("tarea", &id, &["estado"], "task_status_changed");
    let body = json!({ "estado": "cancelada" });
    walk.does(administrator, "PUT /api/v1/tasks/{task_id}", &path, body, trail).await;
    let trail = on("tarea", &id, &["codigo", "titulo"], "task_deleted");
    walk.does(administrator, "DELETE /api/v1/tasks/{task_id}", &path, NOTHING, trail).await;

    let call = json!({ "telegram_id": 0, "lat": -34.6, "lng": -58.38 });
    let trail = Trail { on: ("tarea", "*".to_owned()), fields: &["assigned_efectivo_id"], event: "alert" };
    let call = walk.does(administrator, "POST /api/v1/tasks/emergency", &[], call, trail).await["task_id"].clone();
    let path = [("task_id", call.to_string())];
    let trail = on("tarea", &call, &["tomado_por"], "alert_taken");
    walk.does(administrator, "POST /api/v1/tasks/{task_id}/tomar", &path, json!({}), trail).await;
    let since = office.cx.clock.now().to_rfc3339();
    let body = json!({ "creado_por_usuario_id": me.0, "desde": since, "motivo": "Prueba" });
    let trail = on("tarea", &call, &["estado"], "task_status_changed");
    walk.does(administrator, "POST /api/v1/tasks/emergency/deshacer", &[], body, trail).await;

    office.links(me, 9_100).await;
    let body = json!({ "telegram_id": 9_100, "tipo": "operativa", "codigo": "tel-1", "titulo": "Recorrer el puerto" });
    let made = Trail { on: ("tarea", "*".to_owned()), fields: &["codigo"], event: "task_created" };
    let route = "POST /api/v1/telegram/tasks/create";
    let id = walk.does(administrator, route, &[], body, made).await["task_id"].clone();
    let body = json!({ "telegram_id": 9_100, "codigo": "TEL-1" });
    let trail = on("tarea", &id, &["estado"], "task_status_changed");
    walk.does(administrator, "POST /api/v1/telegram/tasks/finalize", &[], body, trail).await;
}

async fn sessions(walk: &mut Walk<'_>) {
    let none = &[][..];
    let user = walk.office.member(Level::Officer).await;
    let mut person = walk.office.stranger();
    person.user = Some(user.id);
    let answer = person.signs_in(user.email.as_ref().unwrap().reveal(), PASSWORD).await;
    let left = lines_of(walk.office, &answer).await;
    let who: Vec<_> = left.iter().map(|line| (line.event, line.user, line.identity.as_deref())).collect();
    assert_eq!(who, [(AuditEvent::Login, Some(user.id), Some("usuario"))]);
    walk.walked.insert("POST /api/v1/auth/login".to_owned());
    let refresh = json!({ "refresh_token": answer.body["refresh_token"] });
    let trail = || on("authentication", user.id, none, "");
    walk.does(&person, "POST /api/v1/auth/refresh", &[], refresh, trail()).await;
    let again = walk.office.signs_in_again(&person).await;
    let sessions = again.gets("/api/v1/auth/sessions").await.ok();
    let other = sessions.as_array().unwrap().iter().find(|session| session["actual"] == false).unwrap();
    let session = [("session_id", other["id"].as_str().unwrap().to_owned())];
    walk.does(&again, "DELETE /api/v1/auth/sessions/{session_id}", &session, NOTHING, trail()).await;
    walk.does(&again, "POST /api/v1/auth/logout", &[], json!({}), trail()).await;
    // An unknown address is recognised when it comes again, and not revealed.
    let stranger = walk.office.stranger();
    let mut marks = BTreeSet::new();
    for email in ["nadie@prueba.gad", " Nadie@prueba.gad ", "otro@prueba.gad"] {
        let answer = stranger.tries_to_sign_in(email, "una clave larga").await;
        let left = lines_of(walk.office, &answer).await;
        let line = left.iter().find(|line| line.event == AuditEvent::LoginFailed).unwrap();
        assert_eq!((line.user, line.identity.as_deref()), (None, Some("anonimo")));
        assert!(!format!("{line:?}").to_lowercase().contains("nadie@"));
        marks.insert(line.metadata["identificador_hmac"].as_str().unwrap().to_owned());
    }
    assert_eq!(marks.len(), 2, "the same address has the same mark");
}
