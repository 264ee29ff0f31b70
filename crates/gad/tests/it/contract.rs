//! The contract's own list: every route that it keeps or repairs answers a valid request with the
//! declared status and fields.

use std::fmt::Write;

use reqwest::Method;
use serde_json::{Value, json};

use crate::conversations;
use crate::office::{Office, PASSWORD, SERVICE_TOKEN};
use crate::person::Person;

conversations! {
    every_route_of_the_contract_answers_as_declared,
}

/// Who sends a request of the table.
#[derive(Debug, Clone, Copy)]
enum By {
    Stranger,
    Officer,
    Supervisor,
    Administrator,
    Bot,
}
use By::{Administrator, Bot, Officer, Stranger, Supervisor};

/// Method and path, who asks, the body (`null` for none), the status, and the fields as
/// "name:type", where the type is `i`nteger, `n`umber, `s`tring, `b`oolean, `o`bject or `a`rray,
/// and `?` after it lets `null` stand. `[` before the first means a list of such objects.
type Row = (&'static str, By, Value, u16, &'static str);

const USER: &str = "email:s? nombre:s apellido:s? dni:s? telefono:s? telegram_id:i? nivel:i verificado:b id:i uuid:s";
const USUARIO: &str = "id:i telegram_id:i? nombre:s nivel:s";
const TASK: &str = "id:i uuid:s codigo:s titulo:s estado:s tipo:s prioridad:i delegado_usuario_id:i \
    creado_por_usuario_id:i inicio_programado:s descripcion:s? fin_programado:s? inicio_real:s? fin_real:s? \
    pausado_en:s? tiempo_pausado:n duracion_real_horas:n? efectivos_asignados:a ubicacion_lat:n? ubicacion_lon:n? \
    ubicacion_descripcion:s?";
const SIGNED_IN: &str = "authenticated:b user_id:i? telegram_id:i role:s? token:s? message:s";
const REFUSAL: &str = "detail:s";

const TELEGRAM: i64 = 700_000_001;

fn sign_in_and_users() -> Vec<Row> {
    let user = json!({ "email": "ana@prueba.gad", "password": PASSWORD, "nombre": "Ana", "apellido": "Prueba",
        "dni": "30111222" });
    vec![
        ("GET /api/v1/openapi.json", Stranger, Value::Null, 200, "openapi:s info:o paths:o"),
        ("POST /api/v1/auth/logout", Stranger, Value::Null, 200, "status:s"),
        ("GET /api/v1/users/", Supervisor, Value::Null, 200, "USERS"),
        ("POST /api/v1/users/", Administrator, user.clone(), 200, USER),
        ("POST /api/v1/users/", Administrator, user, 400, REFUSAL),
        ("GET /api/v1/users/me", Officer, Value::Null, 200, USER),
        ("GET /api/v1/users/{user}", Supervisor, Value::Null, 200, USER),
        ("GET /api/v1/users/999999", Supervisor, Value::Null, 404, REFUSAL),
        ("PUT /api/v1/users/{user}", Administrator, json!({ "nombre": "Otra" }), 200, USER),
        ("PUT /api/v1/users/999999", Administrator, json!({ "nombre": "Otra" }), 404, REFUSAL),
        ("GET /api/v1/usuarios", Supervisor, Value::Null, 200, "USUARIOS"),
        ("GET /api/v1/usuarios/{user}", Supervisor, Value::Null, 200, USUARIO),
        ("POST /api/v1/usuarios", Administrator, json!({ "telegram_id": 5, "nombre": "Bot" }), 201, USUARIO),
        ("POST /api/v1/usuarios", Administrator, json!({ "telegram_id": 5, "nombre": "Bot" }), 400, REFUSAL),
        ("PUT /api/v1/usuarios/{user}", Administrator, json!({ "nombre": "Otra" }), 200, USUARIO),
        ("DELETE /api/v1/usuarios/{user}", Administrator, Value::Null, 204, ""),
        ("DELETE /api/v1/usuarios/{user}", Administrator, Value::Null, 404, REFUSAL),
    ]
}

fn tasks(me: i64) -> Vec<Row> {
    let task = json!({ "codigo": "CON-1", "titulo": "Recorrer la plaza", "tipo": "patrullaje",
        "inicio_programado": "2026-11-24T12:00:00Z", "delegado_usuario_id": me, "creado_por_usuario_id": me });
    let call = json!({ "telegram_id": 0, "lat": -34.6, "lng": -58.38 });
    let raised = "assigned_efectivo_id:i? distance_m:n? received_at:s status:s task_id:i codigo:s";
    vec![
        ("GET /api/v1/tasks/", Officer, Value::Null, 200, "TASKS"),
        ("POST /api/v1/tasks/", Supervisor, task.clone(), 200, TASK),
        ("POST /api/v1/tasks/", Supervisor, task, 400, REFUSAL),
        ("POST /api/v1/tasks/emergency", Officer, call, 200, raised),
        ("GET /api/v1/tasks/{task}", Supervisor, Value::Null, 200, TASK),
        ("PUT /api/v1/tasks/{task}", Supervisor, json!({ "estado": "en_curso" }), 200, TASK),
        ("PUT /api/v1/tasks/{task}", Supervisor, json!({ "estado": "programada" }), 409, REFUSAL),
        ("DELETE /api/v1/tasks/{task}", Administrator, Value::Null, 200, TASK),
        ("GET /api/v1/tasks/{task}", Supervisor, Value::Null, 404, REFUSAL),
    ]
}

fn telegram() -> Vec<Row> {
    let made =
        json!({ "telegram_id": TELEGRAM, "tipo": "Operativa", "codigo": "tel-1", "titulo": "Recorrer el puerto" });
    let done = json!({ "telegram_id": TELEGRAM, "codigo": "tel-1", "observaciones": "Listo" });
    let of_user = "telegram_id:i total_tasks:i active_tasks:i pending_tasks:i completed_tasks:i tasks:a";
    let by_code = "id:i codigo:s titulo:s tipo:s estado:s inicio_programado:s fin_real:s? prioridad:i";
    let finished = "success:b message:s task_id:i codigo:s finalized_at:s";
    vec![
        ("POST /api/v1/telegram/auth/authenticate", Bot, json!({ "telegram_id": TELEGRAM }), 200, SIGNED_IN),
        ("POST /api/v1/telegram/auth/authenticate", Bot, json!({ "telegram_id": 1 }), 200, SIGNED_IN),
        ("GET /api/v1/telegram/auth/700000001", Bot, Value::Null, 200, SIGNED_IN),
        (
            "GET /api/v1/telegram/auth/verify/{token}",
            Bot,
            Value::Null,
            200,
            "valid:b telegram_id:i user_id:i role:s expires:i",
        ),
        ("GET /api/v1/telegram/auth/verify/x", Bot, Value::Null, 401, REFUSAL),
        (
            "POST /api/v1/telegram/tasks/create",
            Bot,
            made.clone(),
            200,
            "success:b message:s task_id:i codigo:s created_at:s",
        ),
        ("POST /api/v1/telegram/tasks/create", Bot, made, 400, REFUSAL),
        ("GET /api/v1/telegram/tasks/user/700000001", Bot, Value::Null, 200, of_user),
        ("GET /api/v1/telegram/tasks/user/1", Bot, Value::Null, 404, REFUSAL),
        ("GET /api/v1/telegram/tasks/code/tel-1", Bot, Value::Null, 200, by_code),
        ("POST /api/v1/telegram/tasks/finalize", Bot, done.clone(), 200, finished),
        ("POST /api/v1/telegram/tasks/finalize", Bot, done, 200, finished),
        ("GET /api/v1/telegram/tasks/code/tel-9", Bot, Value::Null, 404, REFUSAL),
    ]
}

fn figures_and_administration() -> Vec<Row> {
    let figures = "user_id:i period_days:i total:i completadas:i en_progreso:i programadas:i canceladas:i pausadas:i \
        promedio_duracion_horas:n productividad_diaria:n estados:o calculated_at:s _cache:o";
    let cache = "connected:b keys_count:i keyspace_hits:i keyspace_misses:i hit_rate:n evicted_keys:i prefix:s";
    let said = json!({ "group": "general", "type": "info", "message": "Cambio de turno" });
    vec![
        ("GET /api/v1/stats/user/{me}", Supervisor, Value::Null, 200, figures),
        ("GET /api/v1/stats/user/{me}", Officer, Value::Null, 403, REFUSAL),
        ("GET /api/v1/cache/stats", Administrator, Value::Null, 200, cache),
        ("POST /api/v1/stats/invalidate/user/{me}", Supervisor, Value::Null, 200, "message:s deleted_keys:i pattern:s"),
        ("POST /api/v1/cache/invalidate/nada", Administrator, Value::Null, 404, "message:s"),
        ("POST /api/v1/cache/invalidate-pattern/stats:*", Administrator, Value::Null, 200, "message:s deleted_count:i"),
        ("POST /api/v1/cache/clear", Administrator, Value::Null, 200, "message:s"),
        (
            "POST /api/v1/admin/agent/command",
            Administrator,
            json!({ "action": "ping" }),
            200,
            "status:s message:s timestamp:s",
        ),
        ("POST /api/v1/admin/telegram/send", Administrator, said, 200, "status:s sent:i"),
        ("GET /ws/stats", Supervisor, Value::Null, 200, "status:s stats:o timestamp:s version:s"),
        ("POST /ws/_test/broadcast", Administrator, json!({}), 200, "status:s sent:i metrics:o"),
        (
            "GET /api/v1/geo/map/view?center_lat=-34.6&center_lng=-58.4",
            Officer,
            Value::Null,
            200,
            "usuarios:a tareas:a",
        ),
        ("GET /api/v1/geo/geo/map/view?center_lat=-34.6&center_lng=-58.4", Officer, Value::Null, 308, ""),
        ("GET /api/v1/health", Stranger, Value::Null, 200, "status:s"),
        ("GET /api/v1/health/live", Stranger, Value::Null, 200, "status:s timestamp:*"),
        ("GET /api/v1/health/ready", Stranger, Value::Null, 200, "status:s timestamp:*"),
        ("GET /api/v1/nada", Stranger, Value::Null, 404, REFUSAL),
        ("PATCH /api/v1/tasks/", Stranger, Value::Null, 405, REFUSAL),
    ]
}

/// What is no JSON: pages, where they send people, and what a scraper reads. Its story is told in
/// `pages.rs` and `scrape.rs`.
fn pages() -> Vec<Row> {
    let page = |path, by, status| (path, by, Value::Null, status, "");
    vec![
        page("GET /docs", Stranger, 200),
        page("GET /redoc", Stranger, 303),
        page("GET /", Stranger, 200),
        page("GET /login", Stranger, 200),
        page("GET /dashboard", Stranger, 303),
        page("GET /dashboard", Supervisor, 403),
        page("GET /dashboard", Administrator, 200),
        page("GET /static/pages.css", Stranger, 200),
        ("GET /static/nada.css", Stranger, Value::Null, 404, REFUSAL),
        page("GET /metrics", Stranger, 200),
        page("GET /api/v1/metrics/prometheus", Stranger, 200),
    ]
}

/// Routes of §8.4 that are tried once the document has them.
fn health() -> Vec<Row> {
    let performance = "timestamp:* query_performance:o endpoint_performance:o slowest_endpoints:a slow_queries:a \
        index_suggestions:a";
    let rows = [
        ("GET /health", Stranger, Value::Null, 200, "status:s environment:s timestamp:n"),
        ("GET /health/ready", Stranger, Value::Null, 200, "status:s checks:o timestamp:*"),
        (
            "GET /api/v1/health/detailed",
            Supervisor,
            Value::Null,
            200,
            "status:s timestamp:* checks:o response_time_ms:n",
        ),
        ("GET /api/v1/health/performance", Administrator, Value::Null, 200, performance),
    ];
    rows.into_iter().filter(|(route, ..)| is_documented(&route["GET ".len()..])).collect()
}

fn is_documented(path: &str) -> bool {
    api::openapi().paths.paths.contains_key(path)
}

/// Healthy or not, which depends on the machine, the body is the declared one.
async fn the_government_is_told(person: &Person) {
    let fields = "status:s timestamp:* government_instance:s version:s checks:o uptime_seconds:n \
        total_check_time_ms:n citizen_service_availability:o sla_compliance:o";
    if is_documented("/api/v1/health/government") {
        let answer = person.gets("/api/v1/health/government").await;
        let body = if answer.status == 503 { &answer.body["detail"] } else { &answer.body };
        assert_eq!(wrong(body, fields), "", "{answer:?}");
    }
}

/// What is wrong with an answer, if anything.
fn wrong(body: &Value, fields: &str) -> String {
    let fields = match fields {
        "USERS" => return wrong_list(body, USER),
        "USUARIOS" => return wrong_list(body, USUARIO),
        "TASKS" => return wrong_list(body, TASK),
        fields => fields,
    };
    let mut wrong = String::new();
    for field in fields.split_whitespace() {
        let (name, kind) = field.split_once(':').unwrap();
        let value = &body[name];
        let absent = body.get(name).is_none();
        let right = match kind.trim_end_matches('?') {
            "i" => value.is_i64(),
            "n" => value.is_number(),
            "s" => value.is_string(),
            "b" => value.is_boolean(),
            "o" => value.is_object(),
            "a" => value.is_array(),
            _ => !absent,
        };
        if absent || !(right || kind.ends_with('?') && value.is_null()) {
            let _ = write!(wrong, " {name} is {value}, not {kind};");
        }
    }
    wrong
}

fn wrong_list(body: &Value, fields: &str) -> String {
    match body.as_array() {
        Some(items) => items.iter().map(|item| wrong(item, fields)).collect(),
        None => format!(" {body} is no list"),
    }
}

/// Links the supervisor with the Telegram account of the table.
async fn links(office: &Office, supervisor: &Person) {
    office.links(supervisor.user.unwrap(), TELEGRAM).await;
}

async fn every_route_of_the_contract_answers_as_declared(office: &Office) {
    let stranger = office.stranger();
    let officer = office.officer_at(-34.6, -58.4).await;
    let supervisor = office.supervisor().await;
    let administrator = office.administrator().await;
    let bot = stranger.with_token(SERVICE_TOKEN);
    links(office, &supervisor).await;
    let me = supervisor.user.unwrap().0;
    let email = officer.gets("/api/v1/users/me").await.ok()["email"].as_str().unwrap().to_owned();
    let signed_in = stranger.tries_to_sign_in(&email, PASSWORD).await;
    assert_eq!((signed_in.status, &signed_in.body["token_type"]), (200, &json!("bearer")));
    assert_eq!(wrong(&signed_in.body, "access_token:s token_type:s"), "");
    assert!(signed_in.header("set-cookie").contains("HttpOnly; SameSite=Strict; Max-Age=1800"));
    assert_eq!(stranger.tries_to_sign_in(&email, "otra clave larga").await.status, 401);
    let (mut user, mut task, mut token) = (Value::Null, Value::Null, Value::Null);
    let table = [sign_in_and_users(), tasks(me), telegram(), figures_and_administration(), health(), pages()].concat();
    let mut problems = Vec::new();
    for (route, by, body, status, fields) in &table {
        let (method, path) = route.split_once(' ').unwrap();
        let path = path
            .replace("{me}", &me.to_string())
            .replace("{user}", &user.to_string())
            .replace("{task}", &task.to_string())
            .replace("{token}", token.as_str().unwrap_or("?"));
        let person = match by {
            Stranger => &stranger,
            Officer => &officer,
            Supervisor => &supervisor,
            Administrator => &administrator,
            Bot => &bot,
        };
        let request = person.request(method.parse::<Method>().unwrap(), &path);
        let answer = person.sends(if body.is_null() { request } else { request.json(body) }).await;
        let declared = wrong(&answer.body, fields);
        if answer.status != *status || !declared.is_empty() {
            problems.push(format!("{route} by {by:?}: {} {}:{declared}", answer.status, answer.body));
        }
        match *route {
            "POST /api/v1/users/" if *status == 200 => user = answer.body["id"].clone(),
            "POST /api/v1/tasks/" if *status == 200 => task = answer.body["id"].clone(),
            "GET /api/v1/telegram/auth/700000001" => token = answer.body["token"].clone(),
            _ => {}
        }
    }
    assert!(problems.is_empty(), "{problems:#?}");
    the_government_is_told(&stranger).await;
    println!("{} requests of the contract answered as declared", table.len() + 2);
}
