//! Every route is tried with every kind of token that must open nothing, and on what belongs to
//! somebody else.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use reqwest::Method;
use serde_json::{Value, json};

use crate::access::{Operation, Who, operations, who_may};
use crate::conversations;
use crate::office::{Office, SECRET, SERVICE_TOKEN};
use crate::person::Person;

conversations! {
    no_route_is_opened_by_a_token_that_must_open_none,
    what_belongs_to_somebody_else_stays_so,
}

/// A part of a token as JSON.
fn part(token: &str, index: usize) -> Value {
    let text = URL_SAFE_NO_PAD.decode(token.split('.').nth(index).unwrap()).unwrap();
    serde_json::from_slice(&text).unwrap()
}

fn signed(algorithm: Algorithm, kid: Option<&str>, claims: &Value, secret: &str) -> String {
    let header = Header { kid: kid.map(str::to_owned), ..Header::new(algorithm) };
    encode(&header, claims, &EncodingKey::from_secret(secret.as_bytes())).unwrap()
}

fn with(claims: &Value, name: &str, value: impl Into<Value>) -> Value {
    let mut claims = claims.clone();
    claims[name] = value.into();
    claims
}

/// Tokens made of a good one of an administrator that must be refused as bad.
fn bad_tokens(good: &str) -> Vec<(&'static str, String)> {
    let (claims, kid) = (part(good, 1), part(good, 0)["kid"].as_str().unwrap().to_owned());
    let kid = Some(kid.as_str());
    let hs256 = Algorithm::HS256;
    let encoded = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let [head, body, signature] = good.split('.').collect::<Vec<_>>()[..] else { panic!("three parts") };
    let flipped = if signature.starts_with('A') { 'B' } else { 'A' };
    let raised = encoded(with(&claims, "user_id", 1));
    let iat = claims["iat"].as_i64().unwrap();
    vec![
        ("a signature with one letter changed", format!("{head}.{body}.{flipped}{}", &signature[1..])),
        ("another's claims under the signature", format!("{head}.{raised}.{signature}")),
        ("no signature", format!("{head}.{body}.")),
        ("alg none", format!("{}.{body}.", encoded(json!({ "alg": "none", "typ": "JWT" })))),
        ("alg None and a signature", format!("{}.{body}.{signature}", encoded(json!({ "alg": "None" })))),
        ("another algorithm under our key", signed(Algorithm::HS512, kid, &claims, SECRET)),
        ("a foreign key", signed(hs256, None, &claims, "a secret of somebody else, long enough too")),
        ("a foreign key under our kid", signed(hs256, kid, &claims, "a secret of somebody else, long enough too")),
        ("an unknown kid under our key", signed(hs256, Some("000000000000"), &claims, SECRET)),
        ("another issuer", signed(hs256, kid, &with(&claims, "iss", "otra.gob.ec"), SECRET)),
        ("another audience", signed(hs256, kid, &with(&claims, "aud", "otra"), SECRET)),
        ("not valid yet", signed(hs256, kid, &with(&claims, "nbf", iat + 3600), SECRET)),
        ("a session that never was", signed(hs256, kid, &with(&claims, "sid", uuid::Uuid::nil().to_string()), SECRET)),
        ("garbage", "e.e.e".to_owned()),
    ]
}

/// A signed-in administrator who is then no longer what the token says.
async fn fallen(office: &Office, administrator: &Person, how: &str) -> String {
    let person = office.administrator().await;
    let id = person.user.unwrap();
    match how {
        "disabled" => {
            let path = format!("/api/v1/users/{id}");
            administrator.puts(&path, json!({ "verificado": false })).await.ok();
        }
        "deleted" => assert_eq!(administrator.deletes(&format!("/api/v1/usuarios/{id}")).await.status, 204),
        "signed out" => {
            person.posts("/api/v1/auth/logout", json!({})).await.ok();
        }
        _ => {
            let sessions = person.gets("/api/v1/auth/sessions").await.ok();
            let path = format!("/api/v1/auth/sessions/{}", sessions[0]["id"].as_str().unwrap());
            assert_eq!(administrator.deletes(&path).await.status, 204);
        }
    }
    person.token().unwrap().to_owned()
}

async fn no_route_is_opened_by_a_token_that_must_open_none(office: &Office) {
    let expiring = office.administrator().await;
    office.clock.advance(TimeDelta::minutes(31));
    let administrator = office.administrator().await;
    let mut tokens: Vec<(&str, String, u16)> =
        bad_tokens(administrator.token().unwrap()).into_iter().map(|(what, token)| (what, token, 403)).collect();
    tokens.push(("an expired token", expiring.token().unwrap().to_owned(), 403));
    for (how, status) in [("disabled", 400), ("deleted", 404), ("signed out", 403), ("revoked", 403)] {
        tokens.push((how, fallen(office, &administrator, how).await, status));
    }
    let stranger = office.stranger();
    let (mut wrong, mut tried, mut routes) = (Vec::new(), 0, 0);
    for operation in operations().iter().filter(|operation| who_may(operation) != Some(Who::Public)) {
        routes += 1;
        for (what, token, expected) in &tokens {
            let person = stranger.with_token(token);
            let answer = operation.tried_at(&person, &[("token", "x".to_owned())]).await;
            tried += 1;
            if answer.status != *expected {
                wrong.push(format!("{} answered {what} with {}", operation.name(), answer.refusal()));
            }
        }
    }
    println!("{routes} routes, {} kinds of token: {tried} requests", tokens.len());
    assert!(routes > 40 && tokens.len() > 15, "{routes} {}", tokens.len());
    assert!(wrong.is_empty(), "{wrong:#?}");
    // Sockets say so over the socket.
    for (what, token, _) in &tokens {
        let end = stranger.opens_a_screen(&format!("token={token}")).await.ends().await;
        assert!(matches!(end, crate::screen::Seen::Closed(4401 | 1008, _)), "{what}: {end:?}");
    }
    administrator.gets("/api/v1/users/me").await.ok();
}

/// What somebody of level 1 is answered on what belongs to others. `None`: it belongs to nobody,
/// and `access.rs` has who may.
fn to_an_officer(operation: &Operation) -> Option<Option<u16>> {
    let found = match operation.name().as_str() {
        // Whether it exists is not told.
        "GET /api/v1/tasks/{task_id}"
        | "PUT /api/v1/tasks/{task_id}"
        | "GET /api/v1/tasks/{task_id}/historial"
        | "GET /api/v1/tasks/{task_id}/notas"
        | "POST /api/v1/tasks/{task_id}/notas"
        | "GET /api/v1/tasks/{task_id}/notas/{nota_id}/archivo"
        | "GET /api/v1/tasks/{task_id}/asignaciones"
        | "POST /api/v1/tasks/{task_id}/asignaciones"
        | "GET /api/v1/tasks/{task_id}/despacho"
        | "POST /api/v1/asignaciones/{assignment_id}/pasos"
        | "DELETE /api/v1/auth/sessions/{session_id}"
        | "GET /api/v1/telegram/tasks/code/{codigo}" => Some(404),
        "DELETE /api/v1/tasks/{task_id}"
        | "POST /api/v1/tasks/{task_id}/tomar"
        | "GET /api/v1/tasks/{task_id}/decisiones"
        | "GET /api/v1/users/{user_id}"
        | "PUT /api/v1/users/{user_id}"
        | "GET /api/v1/users/{user_id}/sessions"
        | "POST /api/v1/users/{user_id}/link-code"
        | "DELETE /api/v1/users/{user_id}/telegram"
        | "GET /api/v1/usuarios/{usuario_id}"
        | "PUT /api/v1/usuarios/{usuario_id}"
        | "DELETE /api/v1/usuarios/{usuario_id}"
        | "GET /api/v1/efectivos/{efectivo_id}"
        | "PUT /api/v1/efectivos/{efectivo_id}"
        | "DELETE /api/v1/efectivos/{efectivo_id}"
        | "POST /api/v1/efectivos/{efectivo_id}/posicion"
        | "GET /api/v1/efectivos/{efectivo_id}/posiciones"
        | "GET /api/v1/stats/user/{user_id}"
        | "POST /api/v1/stats/invalidate/user/{user_id}"
        | "GET /api/v1/telegram/auth/{telegram_id}"
        | "GET /api/v1/telegram/auth/verify/{token}"
        | "GET /api/v1/telegram/tasks/user/{telegram_id}" => Some(403),
        "POST /api/v1/cache/invalidate/{key}" | "POST /api/v1/cache/invalidate-pattern/{pattern}" => None,
        _ => return None,
    };
    Some(found)
}

async fn what_belongs_to_somebody_else_stays_so(office: &Office) {
    let administrator = office.administrator().await;
    let mut owner = office.officer_at(-34.6, -58.4).await;
    let owners_id = owner.user.unwrap();
    office.links(owners_id, 4711).await;
    let bot = office.stranger().with_token(SERVICE_TOKEN);
    let signed_in = bot.posts("/api/v1/telegram/auth/authenticate", json!({ "telegram_id": 4711 })).await.ok();
    let task = json!({ "codigo": "AJENA-1", "titulo": "Recorrer la plaza", "tipo": "patrullaje",
        "inicio_programado": "2026-11-24T12:00:00Z", "delegado_usuario_id": owners_id.0,
        "efectivos_asignados": [owner.officer.unwrap().0] });
    let task = administrator.posts("/api/v1/tasks/", task).await.ok();
    let sent = administrator.gets(&format!("/api/v1/tasks/{}/asignaciones", task["id"])).await.ok();
    let session = owner.gets("/api/v1/auth/sessions").await.ok()[0]["id"].as_str().unwrap().to_owned();
    let parameters = [
        ("task_id", task["id"].to_string()),
        ("user_id", owners_id.to_string()),
        ("usuario_id", owners_id.to_string()),
        ("efectivo_id", owner.officer.unwrap().to_string()),
        ("session_id", session),
        ("telegram_id", "4711".to_owned()),
        ("token", signed_in["token"].as_str().unwrap().to_owned()),
        ("codigo", "AJENA-1".to_owned()),
        ("assignment_id", sent[0]["id"].to_string()),
    ];
    let other = office.officer_at(-34.6, -58.4).await;
    let of_things = operations().into_iter().filter(|operation| operation.path.contains('{'));
    let (mut wrong, mut tried) = (Vec::new(), 0);
    for operation in of_things {
        let Some(expected) = to_an_officer(&operation) else {
            wrong.push(format!("{} names a thing and nobody says what others are answered", operation.name()));
            continue;
        };
        let Some(expected) = expected else { continue };
        let answer = operation.tried_at(&other, &parameters).await;
        tried += 1;
        if answer.status != expected {
            wrong.push(format!("{} answered {} instead of {expected}", operation.name(), answer.text));
        }
    }
    println!("{tried} routes on what belongs to somebody else");
    assert!(wrong.is_empty(), "{wrong:#?}");
    // None of it did anything, and the owner may still do all that an owner may.
    owner.user = Some(owners_id);
    assert_eq!(owner.gets(&format!("/api/v1/tasks/{}", task["id"])).await.ok()["estado"], "programada");
    let position = json!({ "lat": -34.6, "lng": -58.4 });
    owner.posts(&format!("/api/v1/efectivos/{}/posicion", owner.officer.unwrap()), position).await.ok();
    owner.gets(&format!("/api/v1/stats/user/{owners_id}")).await.ok();
    owner.gets("/api/v1/telegram/tasks/user/4711").await.ok();
    owner.puts(&format!("/api/v1/users/{owners_id}"), json!({ "telefono": "123456" })).await.ok();
    // A supervisor sees, but does not manage accounts, nor ends sessions of others.
    let supervisor = office.supervisor().await;
    supervisor.gets(&format!("/api/v1/users/{owners_id}")).await.ok();
    let request = supervisor.request(Method::DELETE, &format!("/api/v1/auth/sessions/{}", parameters[4].1));
    assert_eq!(supervisor.sends(request).await.status, 404);
    let raise = json!({ "nivel": 3 });
    for person in [&supervisor, &owner] {
        for id in [person.user.unwrap(), administrator.user.unwrap()] {
            assert_eq!(person.puts(&format!("/api/v1/users/{id}"), raise.clone()).await.status, 403);
            assert_eq!(person.puts(&format!("/api/v1/usuarios/{id}"), json!({ "nivel": "3" })).await.status, 403);
        }
    }
    // A token for Telegram opens nothing else, whosever it is.
    let telegram = office.stranger().with_token(&parameters[6].1);
    assert_eq!(telegram.gets("/api/v1/tasks/").await.refusal(), "403 Could not validate credentials");
}
