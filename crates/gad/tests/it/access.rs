//! Every route says who may call it, and is tried by nobody, by one below and by one allowed.

use std::collections::BTreeSet;

use domain::Level;
use reqwest::Method;
use serde_json::Value;

use crate::conversations;
use crate::office::{Office, SERVICE_TOKEN};
use crate::person::{Answer, Person};

conversations! {
    every_route_is_open_to_those_who_may_call_it_and_to_nobody_else,
}

/// Who may call a route. What belongs to somebody else is further refused by the use cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    Public,
    SignedIn,
    Supervisor,
    Administrator,
    /// The bot's own service credential.
    Service,
    /// Whoever is signed in; a 401 then speaks of the token in the path.
    AnyToken,
}
use Who::{Administrator, AnyToken, Public, Service, SignedIn, Supervisor};

const ACCESS: &[(&str, Who)] = &[
    ("POST /api/v1/auth/login", Public),
    ("POST /api/v1/auth/refresh", Public),
    ("POST /api/v1/auth/logout", Public),
    ("GET /api/v1/auth/sessions", SignedIn),
    ("DELETE /api/v1/auth/sessions/{session_id}", SignedIn),
    ("GET /api/v1/health", Public),
    ("GET /api/v1/health/live", Public),
    ("GET /api/v1/health/ready", Public),
    ("GET /api/v1/health/detailed", Supervisor),
    ("GET /api/v1/health/performance", Administrator),
    ("GET /api/v1/health/government", Public),
    ("GET /health", Public),
    ("GET /health/live", Public),
    ("GET /health/ready", Public),
    ("GET /metrics", Public),
    ("GET /api/v1/metrics/prometheus", Public),
    ("GET /api/v1/users/", Supervisor),
    ("POST /api/v1/users/", Administrator),
    ("GET /api/v1/users/me", SignedIn),
    ("GET /api/v1/users/{user_id}", Supervisor),
    ("PUT /api/v1/users/{user_id}", Administrator),
    ("GET /api/v1/users/{user_id}/sessions", Administrator),
    ("POST /api/v1/users/{user_id}/link-code", Administrator),
    ("DELETE /api/v1/users/{user_id}/telegram", Administrator),
    ("GET /api/v1/usuarios", Supervisor),
    ("POST /api/v1/usuarios", Administrator),
    ("GET /api/v1/usuarios/{usuario_id}", Supervisor),
    ("PUT /api/v1/usuarios/{usuario_id}", Administrator),
    ("DELETE /api/v1/usuarios/{usuario_id}", Administrator),
    ("GET /api/v1/geo/map/view", SignedIn),
    ("GET /api/v1/geo/efectivos/mock", SignedIn),
    ("GET /api/v1/geo/efectivos.geojson", Supervisor),
    ("GET /api/v1/geo/tareas.geojson", Supervisor),
    ("GET /api/v1/efectivos", Supervisor),
    ("POST /api/v1/efectivos", Supervisor),
    ("GET /api/v1/efectivos/cercanos", Supervisor),
    ("GET /api/v1/efectivos/{efectivo_id}", Supervisor),
    ("PUT /api/v1/efectivos/{efectivo_id}", Supervisor),
    ("POST /api/v1/efectivos/{efectivo_id}/posicion", Supervisor),
    ("DELETE /api/v1/efectivos/{efectivo_id}", Administrator),
    ("GET /api/v1/efectivos/{efectivo_id}/posiciones", Supervisor),
    ("GET /api/v1/metricas/tareas", Supervisor),
    ("POST /api/v1/posiciones", Supervisor),
    ("GET /api/v1/audit", Administrator),
    ("GET /api/v1/audit/verification", Administrator),
    ("GET /api/v1/audit/checkpoints", Administrator),
    ("GET /api/v1/eventos", SignedIn),
    ("GET /api/v1/tasks/", SignedIn),
    ("POST /api/v1/tasks/", Supervisor),
    ("POST /api/v1/tasks/emergency", SignedIn),
    ("GET /api/v1/tasks/{task_id}", SignedIn),
    ("PUT /api/v1/tasks/{task_id}", SignedIn),
    ("DELETE /api/v1/tasks/{task_id}", Administrator),
    ("GET /api/v1/tasks/{task_id}/historial", SignedIn),
    ("GET /api/v1/tasks/{task_id}/notas", SignedIn),
    ("POST /api/v1/tasks/{task_id}/notas", SignedIn),
    ("GET /api/v1/tasks/{task_id}/notas/{nota_id}/archivo", SignedIn),
    ("GET /api/v1/tasks/{task_id}/asignaciones", SignedIn),
    ("POST /api/v1/tasks/{task_id}/tomar", Supervisor),
    ("GET /api/v1/tasks/{task_id}/decisiones", Supervisor),
    ("GET /api/v1/tasks/{task_id}/despacho", SignedIn),
    ("POST /api/v1/tasks/emergency/deshacer", Supervisor),
    ("GET /api/v1/asignaciones/mias", SignedIn),
    ("GET /api/v1/asignaciones/pendientes", Supervisor),
    ("POST /api/v1/asignaciones/{assignment_id}/pasos", SignedIn),
    ("POST /api/v1/tasks/{task_id}/asignaciones", Supervisor),
    ("GET /api/v1/alertas", Supervisor),
    ("POST /api/v1/telegram/auth/authenticate", Service),
    ("GET /api/v1/telegram/auth/{telegram_id}", Service),
    ("GET /api/v1/telegram/auth/verify/{token}", AnyToken),
    ("POST /api/v1/telegram/tasks/create", Service),
    ("POST /api/v1/telegram/tasks/finalize", Service),
    ("GET /api/v1/telegram/tasks/user/{telegram_id}", Service),
    ("GET /api/v1/telegram/tasks/code/{codigo}", SignedIn),
    ("GET /api/v1/stats/user/{user_id}", Supervisor),
    ("POST /api/v1/stats/invalidate/user/{user_id}", Administrator),
    ("GET /api/v1/reports/summary", Supervisor),
    ("GET /api/v1/reports/units", Supervisor),
    ("GET /api/v1/reports/density", Supervisor),
    ("GET /api/v1/reports/export", Supervisor),
    ("GET /api/v1/reports/chart.png", Supervisor),
    ("GET /api/v1/reports/chart.svg", Supervisor),
    ("GET /api/v1/cache/stats", Administrator),
    ("POST /api/v1/cache/invalidate/{key}", Administrator),
    ("POST /api/v1/cache/invalidate-pattern/{pattern}", Administrator),
    ("POST /api/v1/cache/clear", Administrator),
    ("POST /api/v1/admin/agent/command", Administrator),
    ("POST /api/v1/admin/telegram/send", Administrator),
    ("PUT /api/v1/admin/log-level", Administrator),
    ("GET /api/v1/eventos", SignedIn),
    ("GET /ws/stats", Supervisor),
    ("POST /ws/_test/broadcast", Administrator),
];

/// An operation of the document.
pub struct Operation {
    pub method: Method,
    pub path: String,
    /// Examples of the required parameters in the query.
    query: Vec<(String, String)>,
    body: Option<Value>,
}

impl Operation {
    pub fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    async fn tried_by(&self, person: &Person) -> u16 {
        let nowhere = [("session_id", "00000000-0000-0000-0000-000000000000"), ("token", "x"), ("codigo", "OPE-1")];
        self.tried_at(person, &nowhere.map(|(name, value)| (name, value.to_owned()))).await.status
    }

    /// Calls it where the path has these parameters, and 999999 for those that are not among them.
    pub async fn tried_at(&self, person: &Person, parameters: &[(&str, String)]) -> Answer {
        let mut path = self.path.clone();
        for (name, value) in parameters {
            path = path.replace(&format!("{{{name}}}"), value);
        }
        let request = person.request(self.method.clone(), &nowhere(&path)).query(&self.query);
        let request = match &self.body {
            Some(body) => request.json(body),
            None => request,
        };
        person.sends(request).await
    }
}

/// A path of the document with 999999, which names nothing, for each parameter.
pub fn nowhere(path: &str) -> String {
    let mut path = path.to_owned();
    while let (Some(open), Some(close)) = (path.find('{'), path.find('}')) {
        path.replace_range(open..=close, "999999");
    }
    path
}

/// A schema of the document in full: what it refers to, with the fields of all its parts (`allOf`).
pub fn resolve(document: &Value, schema: &Value) -> Value {
    if let Some(reference) = schema["$ref"].as_str() {
        let named = document.pointer(reference.trim_start_matches('#'));
        return resolve(document, named.unwrap_or_else(|| panic!("{reference} is not defined")));
    }
    let mut whole = schema.clone();
    for part in schema["allOf"].as_array().into_iter().flatten() {
        for (name, field) in resolve(document, part)["properties"].as_object().into_iter().flatten() {
            whole["properties"][name] = field.clone();
        }
    }
    whole
}

/// Who may call an operation.
pub fn who_may(operation: &Operation) -> Option<Who> {
    let name = operation.name();
    ACCESS.iter().find(|(route, _)| *route == name).map(|(_, who)| *who)
}

/// The operations of the document, each with the example of its body.
pub fn operations() -> Vec<Operation> {
    let document: Value = serde_json::from_str(&api::openapi().to_json().unwrap()).unwrap();
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let reference = &operation["requestBody"]["content"]["application/json"]["schema"]["$ref"];
            let schema = reference.as_str().and_then(|reference| reference.rsplit('/').next());
            let body = schema.map(|name| document["components"]["schemas"][name]["example"].clone());
            let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
            let required = parameters.iter().filter(|p| p["in"] == "query" && p["required"] == true);
            let example = |p: &Value| p["example"].as_str().map_or_else(|| p["example"].to_string(), str::to_owned);
            let query = required.map(|p| (p["name"].as_str().unwrap().to_owned(), example(p))).collect();
            let method = method.to_uppercase().parse().unwrap();
            // The document has collections without the slash that they are routed with.
            let is_routed = |spelling: &str| ACCESS.iter().any(|(route, _)| *route == format!("{method} {spelling}"));
            let slashed = format!("{path}/");
            let path = if is_routed(&slashed) { slashed } else { path.clone() };
            operations.push(Operation { method, path, query, body });
        }
    }
    operations
}

async fn every_route_is_open_to_those_who_may_call_it_and_to_nobody_else(office: &Office) {
    let stranger = office.stranger();
    let officer = office.user(Level::Officer).await;
    let supervisor = office.supervisor().await;
    let administrator = office.administrator().await;
    let bot = stranger.with_token(SERVICE_TOKEN);
    let mut wrong = BTreeSet::new();
    for operation in operations() {
        let name = operation.name();
        let Some(who) = who_may(&operation) else {
            wrong.insert(format!("{name} has no row in ACCESS"));
            continue;
        };
        let (below, allowed) = match who {
            Public => (None, &stranger),
            SignedIn | AnyToken => (None, &officer),
            Supervisor => (Some(&officer), &supervisor),
            Administrator => (Some(&supervisor), &administrator),
            Service => (Some(&officer), &bot),
        };
        let mut expect = |by: &str, status: u16, right: bool| {
            if !right {
                wrong.insert(format!("{name} answered {status} to {by}"));
            }
        };
        if who != Public {
            let status = operation.tried_by(&stranger).await;
            expect("a stranger", status, status == 401);
        }
        if let Some(below) = below {
            let status = operation.tried_by(below).await;
            // What must not be known to exist is not found.
            expect("one below", status, status == 403 || status == 404);
        }
        // 401 of sign-in and 403 of a refresh token speak of what was given, not of who asks.
        if !matches!(who, Public | AnyToken) {
            let status = operation.tried_by(allowed).await;
            expect("one allowed", status, status != 401 && status != 403 && status < 500);
        }
    }
    let stale = ACCESS.iter().filter(|(route, _)| !operations().iter().any(|operation| operation.name() == *route));
    wrong.extend(stale.map(|(route, _)| format!("{route} has a row in ACCESS and is not in the document")));
    assert!(wrong.is_empty(), "{wrong:#?}");
}
