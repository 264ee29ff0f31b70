//! Standards that a request may follow are read as they are written: versions, keys, cookies, times, boxes.

use chrono::TimeDelta;
use domain::Level;
use reqwest::Method;
use serde_json::{Value, json};

use crate::conversations;
use crate::office::{Office, PASSWORD};
use crate::validation::{a_task, document, named, operations};

conversations! {
    versions_are_compared_as_rfc_9110_has_it,
    every_row_that_has_a_version_can_be_guarded_by_it,
    sign_ins_leave_the_version_of_a_user,
    a_change_with_a_key_is_made_once,
    a_cookie_is_read_beside_those_of_others,
    a_period_of_one_day_is_that_day_on_every_route,
    times_are_read_in_every_form_of_iso_8601,
    a_leap_second_is_the_next_second_everywhere,
    a_box_may_have_heights,
}

async fn versions_are_compared_as_rfc_9110_has_it(office: &Office) {
    let supervisor = office.supervisor().await;
    let task = supervisor.posts("/api/v1/tasks/", a_task("VERSION-1", &supervisor)).await;
    let path = format!("/api/v1/tasks/{}", task.body["id"]);
    let tag = async || supervisor.gets(&path).await.header("etag").to_owned();
    let change = async |expected: &str| {
        let request =
            supervisor.request(Method::PUT, &path).json(&json!({ "titulo": format!("Recorrer {expected:?}") }));
        supervisor.sends(request.header("if-match", expected)).await.status
    };
    for foreign in ["\"xyzzy\"", "\"999999\"", "\"xyzzy\", \"r2d2xxxx\", \"c3piozzzz\"", "W/\"xyzzy\"", "\"\""] {
        assert_eq!(change(foreign).await, 412, "{foreign}");
    }
    for form in ["TAG", "\"xyzzy\", TAG", "TAG , \"xyzzy\"", "W/\"1\", TAG", "*"] {
        let now = tag().await;
        assert_eq!(change(&form.replace("TAG", &now)).await, 200, "{form}");
    }
    for bad in ["\"", "1, 2", "\"a\" \"b\""] {
        assert_eq!(change(bad).await, 422, "{bad}");
    }
    let officer = office.officer_at(0.0, 0.0).await.officer.unwrap();
    let user = supervisor.user.unwrap();
    for path in [
        path.clone(),
        format!("/api/v1/efectivos/{officer}"),
        format!("/api/v1/users/{user}"),
        "/api/v1/users/me".into(),
    ] {
        let now = supervisor.gets(&path).await.header("etag").to_owned();
        let ask = async |known: &str| {
            supervisor.sends(supervisor.request(Method::GET, &path).header("if-none-match", known)).await
        };
        for known in [now.clone(), format!("\"xyzzy\", {now}"), format!("W/{now}"), "*".to_owned()] {
            let answer = ask(&known).await;
            assert_eq!(
                (answer.status, answer.text.as_str(), answer.header("etag")),
                (304, "", now.as_str()),
                "{known}"
            );
        }
        for other in ["\"xyzzy\"", "W/\"x\"", "no list"] {
            assert_eq!(ask(other).await.status, 200, "{other}");
        }
    }
}

async fn every_row_that_has_a_version_can_be_guarded_by_it(office: &Office) {
    let administrator = office.administrator().await;
    let rows = [
        format!("/api/v1/usuarios/{}", office.supervisor().await.user.unwrap()),
        format!("/api/v1/usuarios/{}", office.officer_at(0.0, 0.0).await.user.unwrap()),
        format!("/api/v1/efectivos/{}", office.officer_at(1.0, 0.0).await.officer.unwrap()),
    ];
    for path in rows {
        let tag = administrator.gets(&path).await.header("etag").to_owned();
        let delete = async |tag: &str| {
            administrator.sends(administrator.request(Method::DELETE, &path).header("if-match", tag)).await.status
        };
        assert_eq!(delete("\"999999\"").await, 412, "{path}");
        assert_eq!(administrator.gets(&path).await.status, 200, "{path} is there");
        assert_eq!(delete(&tag).await, 204, "{path} {tag}");
    }
    // By the document: what is changed or deleted by its own number takes a version.
    for (path, item) in document()["paths"].as_object().unwrap() {
        let is_row = path.ends_with('}') && item["get"]["responses"].get("200").is_some();
        for method in ["put", "patch", "delete"].iter().filter(|method| is_row && item.get(**method).is_some()) {
            let parameters = item[*method]["parameters"].as_array().cloned().unwrap_or_default();
            assert!(parameters.iter().any(|parameter| parameter["name"] == "If-Match"), "{method} {path}");
        }
    }
}

async fn sign_ins_leave_the_version_of_a_user(office: &Office) {
    let administrator = office.administrator().await;
    let member = office.member(Level::Officer).await;
    let email = member.email.unwrap().reveal().to_owned();
    let path = format!("/api/v1/users/{}", member.id);
    let tag = administrator.gets(&path).await.header("etag").to_owned();
    for password in ["no es esta", PASSWORD] {
        office.stranger().tries_to_sign_in(&email, password).await;
    }
    assert_eq!(administrator.gets(&path).await.header("etag"), tag);
    let request = administrator.request(Method::PUT, &path).header("if-match", &tag);
    assert_eq!(administrator.sends(request.json(&json!({ "telefono": "4444-1111" }))).await.status, 200);
}

async fn a_change_with_a_key_is_made_once(office: &Office) {
    let (administrator, supervisor) = (office.administrator().await, office.supervisor().await);
    let mut keys = 0;
    let mut key = || {
        keys += 1;
        format!("clave-{keys}")
    };
    let send = async |method: &Method, path: &str, key: &str, body: Option<Value>| {
        let request = administrator.request(method.clone(), path).header("idempotency-key", key);
        administrator.sends(if let Some(body) = body { request.json(&body) } else { request }).await
    };
    let user = office.user(Level::Officer).await.user.unwrap();
    let officer = office.officer_at(0.0, 0.0).await;
    let (held, officer) = (officer.user.unwrap(), officer.officer.unwrap());
    let changes = [
        (format!("/api/v1/users/{user}"), json!({ "telefono": "111" }), json!({ "telefono": "222" })),
        (format!("/api/v1/usuarios/{user}"), json!({ "nombre": "Ana" }), json!({ "nombre": "Eva" })),
        (format!("/api/v1/users/{user}"), json!({}), json!({ "telefono": "333" })),
        (format!("/api/v1/efectivos/{officer}"), json!({ "rango": "Uno" }), json!({ "rango": "Dos" })),
    ];
    for (path, body, other) in changes {
        let key = key();
        let first = send(&Method::PUT, &path, &key, Some(body.clone())).await;
        let again = send(&Method::PUT, &path, &key, Some(body.clone())).await;
        assert_eq!((first.status, again.status, &first.body), (200, 200, &again.body), "{path}");
        // The same fields in another order are another body: bytes are compared.
        for other in [other.to_string(), format!(" {body}")] {
            let request = administrator.request(Method::PUT, &path).header("idempotency-key", &key);
            let answer = administrator.sends(request.header("content-type", "application/json").body(other)).await;
            assert_eq!(answer.fields(), ["header.Idempotency-Key: was used for another request"], "{path}");
        }
    }
    let task = supervisor.posts("/api/v1/tasks/", a_task("UNA-VEZ", &supervisor)).await.ok()["id"].clone();
    for path in [
        format!("/api/v1/tasks/{task}"),
        format!("/api/v1/efectivos/{officer}"),
        format!("/api/v1/usuarios/{user}"),
        format!("/api/v1/usuarios/{held}"),
    ] {
        let key = key();
        let first = send(&Method::DELETE, &path, &key, None).await;
        let again = send(&Method::DELETE, &path, &key, None).await;
        assert_eq!((first.status, &first.body), (again.status, &again.body), "{path}");
        assert!((200..300).contains(&first.status), "{path} {}", first.body);
        assert_eq!(administrator.deletes(&path).await.status, 404, "{path}");
    }
}

/// Changes that take no key, and why.
const WITHOUT_A_KEY: [(&str, &str); 18] = [
    ("admin_command", "a command may be given twice"),
    ("auth_login", "there is no caller yet"),
    ("auth_logout", "a session ends once"),
    ("auth_refresh", "a token is exchanged once"),
    ("cache_clear", "the second finds nothing"),
    ("cache_invalidate", "the second finds nothing"),
    ("cache_invalidate_pattern", "the second finds nothing"),
    ("log_level_set", "the second chooses the same"),
    ("position_report", "a position is the same twice"),
    ("position_report_many", "a position is the same twice"),
    ("session_revoke", "a session ends once"),
    ("socket_broadcast", "a message for tests"),
    ("stats_invalidate", "the second finds nothing"),
    ("take_alert", "who has taken it has it"),
    ("telegram_authenticate", "a token for the same account"),
    ("undo_emergencies", "the second finds nothing to cancel"),
    ("user_link_code", "its answer is a secret, which is not kept"),
    ("user_unlink", "the link ends once"),
];

#[test]
fn every_change_takes_a_key_or_says_why_not() {
    for (method, path, operation) in operations() {
        let id = operation["operationId"].as_str().unwrap();
        let mut parameters = operation["parameters"].as_array().into_iter().flatten();
        let takes = parameters.any(|parameter| parameter["name"] == "Idempotency-Key");
        let listed = WITHOUT_A_KEY.iter().any(|(other, _)| *other == id);
        assert_eq!(takes || listed, method != Method::GET || takes, "{method} {path} ({id})");
        assert!(!(takes && listed), "{id}");
    }
    let guide = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/api.md")).unwrap();
    assert!(guide.contains("byte by byte"), "docs/api.md says how bodies are compared");
}

async fn a_cookie_is_read_beside_those_of_others(office: &Office) {
    let person = office.supervisor().await;
    let token = person.token().unwrap().to_owned();
    let stranger = office.stranger();
    for line in [format!("nombre=José; access_token={token}"), format!("access_token={token}; otra; x=\u{e9}")] {
        for authorization in [None, Some("Basic eDp5")] {
            let mut request = stranger.request(Method::GET, "/api/v1/users/me");
            request = request.header("cookie", reqwest::header::HeaderValue::from_bytes(line.as_bytes()).unwrap());
            if let Some(authorization) = authorization {
                request = request.header("authorization", authorization);
            }
            assert_eq!(stranger.sends(request).await.status, 200, "{authorization:?}");
        }
    }
}

async fn a_period_of_one_day_is_that_day_on_every_route(office: &Office) {
    let administrator = office.administrator().await;
    let mut task = a_task("DIA-1", &administrator);
    for (code, time, is_in) in [
        ("DIA-1", "2026-11-30T00:00:00Z", true),
        ("DIA-2", "2026-11-30T23:59:59Z", true),
        ("DIA-3", "2026-12-01T00:00:00Z", false),
        ("DIA-4", "2026-11-29T23:59:59Z", false),
    ] {
        (task["codigo"], task["inicio_programado"]) = (json!(code), json!(time));
        administrator.posts("/api/v1/tasks/", task.clone()).await.ok();
        let listed = administrator.gets("/api/v1/tasks/?desde=2026-11-30&hasta=2026-11-30").await.ok();
        let has = listed.as_array().unwrap().iter().any(|task| task["codigo"] == code);
        assert_eq!(has, is_in, "{code}");
    }
    let now = office.cx.clock.now();
    let (today, yesterday) = (now.format("%Y-%m-%d"), (now - TimeDelta::days(1)).format("%Y-%m-%d"));
    let lines = administrator.gets(&format!("/api/v1/audit?desde={today}&hasta={today}")).await.ok();
    assert!(!lines.as_array().unwrap().is_empty());
    let lines = administrator.gets(&format!("/api/v1/audit?desde={yesterday}&hasta={yesterday}")).await.ok();
    assert!(lines.as_array().unwrap().is_empty(), "{lines}");
    let officer = office.officer_at(0.0, 0.0).await.officer.unwrap();
    for (day, count) in [(today.to_string(), 1), (yesterday.to_string(), 0)] {
        let track = format!("/api/v1/efectivos/{officer}/posiciones?desde={day}&hasta={day}");
        assert_eq!(administrator.gets(&track).await.ok().as_array().unwrap().len(), count, "{day}");
    }
    let of = |query: String| {
        let administrator = &administrator;
        async move { administrator.gets(&format!("/api/v1/reports/summary?{query}")).await.ok()["alcance"].clone() }
    };
    let day = of("desde=2026-11-30&hasta=2026-11-30".to_owned()).await;
    let times = of("desde=2026-11-30T00:00:00Z&hasta=2026-12-01T00:00:00Z".to_owned()).await;
    assert_eq!(day, times);
    for path in ["/api/v1/tasks/", "/api/v1/audit", "/api/v1/reports/units", "/api/v1/asignaciones/pendientes"] {
        for form in ["2026-11-30", "20261130", "2026-11-30T10:00-03", "2026-11-30T10:00:00%2B0000", "1764496800"] {
            administrator.gets(&format!("{path}?desde={form}")).await.ok();
        }
        assert_eq!(administrator.gets(&format!("{path}?desde=ayer")).await.status, 422, "{path}");
    }
}

async fn times_are_read_in_every_form_of_iso_8601(office: &Office) {
    let supervisor = office.supervisor().await;
    let forms = [
        json!("2026-11-24T09:36Z"),
        json!("2026-11-24T09:36:00+0000"),
        json!("2026-11-24T06:36:00-03"),
        json!("20261124T093600Z"),
        json!(1_795_512_960),
    ];
    for (at, form) in forms.into_iter().enumerate() {
        let mut task = a_task(&format!("FORMA-{at}"), &supervisor);
        task["inicio_programado"] = form.clone();
        let made = supervisor.posts("/api/v1/tasks/", task).await.ok();
        assert_eq!(made["inicio_programado"], "2026-11-24T09:36:00Z", "{form}");
    }
}

async fn a_leap_second_is_the_next_second_everywhere(office: &Office) {
    let supervisor = office.supervisor().await;
    let mut task = a_task("SEGUNDO-1", &supervisor);
    task["inicio_programado"] = json!("2026-11-30T12:00:60Z");
    let made = supervisor.posts("/api/v1/tasks/", task).await;
    assert_eq!(made.body["inicio_programado"], "2026-11-30T12:01:00Z", "{}", made.body);
    let path = format!("/api/v1/tasks/{}", made.body["id"]);
    let tag = supervisor.gets(&path).await.header("etag").to_owned();
    let again = supervisor.puts(&path, json!({ "inicio_programado": "2026-11-30T12:00:60Z" })).await;
    assert_eq!((again.status, again.header("etag")), (200, tag.as_str()), "a change of nothing");
}

async fn a_box_may_have_heights(office: &Office) {
    let supervisor = office.supervisor().await;
    office.officer_at(-34.6, -58.4).await;
    for bbox in ["-59,-35,-58,-34", "-59,-35,0,-58,-34,100", " -59 , -35 , -58 , -34 "] {
        let found =
            supervisor.sends(supervisor.request(Method::GET, "/api/v1/geo/efectivos.geojson").query(&[("bbox", bbox)]));
        assert_eq!(found.await.ok()["features"].as_array().unwrap().len(), 1, "{bbox}");
    }
    for bbox in ["-59,-35,-58", "-59,-35,0,-58,-34", "-59,-35,100,-58,-34,0", "-59,-34,-58,-35", "a,b,c,d"] {
        let answer =
            supervisor.sends(supervisor.request(Method::GET, "/api/v1/geo/tareas.geojson").query(&[("bbox", bbox)]));
        let answer = answer.await;
        assert_eq!(answer.body["errors"][0]["loc"], json!(["query", "bbox"]), "{bbox}: {}", answer.body);
        assert_eq!(answer.body["errors"][0]["input"], bbox);
    }
    let partial = supervisor.gets("/api/v1/geo/tareas.geojson?lat=1").await;
    assert_eq!(named(&partial), ["lng", "radio_m"], "{}", partial.body);
    supervisor.gets("/api/v1/geo/tareas.geojson").await.ok();
}
