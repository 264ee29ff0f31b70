//! What is said of people stays out of the log, however much is logged.

use reqwest::Method;
use serde_json::json;

use crate::binary::Place;
use crate::office::database;
use crate::person::Person;

const EMAIL: &str = "zulema.privada@prueba.gad";
const PASSWORD: &str = "una-clave-que-nadie-lea";
const NEW_PASSWORD: &str = "otra-clave-que-nadie-lea";
const DNI: &str = "DNI98765431";
const PHONE: &str = "+54 11 7777-4321";
const LAT: &str = "-34.61372";
const LNG: &str = "-58.38917";
const TELEGRAM: i64 = 7_345_678_912;

/// Lives through a whole story; gives what must not be found anywhere.
async fn story(place: &Place, file: std::fs::File) -> Vec<String> {
    let arguments = ["user", "create", "--email", EMAIL, "--password", PASSWORD, "--nombre", "Zulema"];
    let more = ["--apellido", "Privada", "--dni", DNI, "--nivel", "3", "--verificado"];
    let mut command = place.gad(&[&arguments[..], &more[..]].concat());
    let output = command.output().await.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    // All that can be logged: each query and each request, too.
    let most = ["--log-level", "trace", "--slow-query-ms", "0", "--slow-request-ms", "0"];
    let server = place.serves_logging_by(&most, file).await;
    let mut person = Person::new(server.url.clone());
    person.tries_to_sign_in(EMAIL, "una-clave-equivocada").await;
    let tokens = person.signs_in(EMAIL, PASSWORD).await.ok();
    // Who looks hears of people and places, too.
    let mut screen = person.opens_a_screen("").await;
    screen.reads_a("connection_ack").await;
    let me = person.gets("/api/v1/users/me").await.ok()["id"].clone();
    let own = format!("/api/v1/users/{me}");
    person.puts(&own, json!({ "telefono": PHONE })).await.ok();
    assert_eq!(person.puts(&own, json!({ "telegram_id": TELEGRAM })).await.status, 422);
    place.intruder().await.links(me.as_i64().unwrap(), TELEGRAM).await;
    let other = json!({ "email": "otro.privado@prueba.gad", "password": NEW_PASSWORD, "nombre": "Otro",
        "apellido": "Privado", "dni": "DNI98765432", "telefono": PHONE, "verificado": true });
    person.posts("/api/v1/users/", other.clone()).await.ok();
    assert_eq!(person.posts("/api/v1/users/", other).await.status, 400, "a duplicate");
    assert_eq!(person.puts(&own, json!({ "password": 5, "dni": "x" })).await.status, 422);
    let officer = json!({ "usuario_id": me, "codigo_interno": "EF-1" });
    let officer = person.posts("/api/v1/efectivos", officer).await.ok()["id"].clone();
    // Who becomes an officer has other rights, and another socket.
    drop(screen);
    let mut screen = person.opens_a_screen("").await;
    screen.reads_a("connection_ack").await;
    let (lat, lng): (f64, f64) = (LAT.parse().unwrap(), LNG.parse().unwrap());
    let here = json!({ "lat": lat, "lng": lng });
    person.posts(&format!("/api/v1/efectivos/{officer}/posicion"), here).await.ok();
    person.gets(&format!("/api/v1/efectivos/{officer}/posiciones")).await.ok();
    person.gets(&format!("/api/v1/efectivos/cercanos?lat={LAT}&lng={LNG}")).await.ok();
    person.gets(&format!("/api/v1/geo/map/view?center_lat={LAT}&center_lng={LNG}")).await.ok();
    let call = json!({ "telegram_id": 0, "lat": lat, "lng": lng, "descripcion": DNI });
    person.posts("/api/v1/tasks/emergency", call).await.ok();
    screen.waits_for("alert").await;
    person.gets(&format!("/api/v1/tasks/?q={DNI}")).await.ok();
    let account = person.gets(&format!("/api/v1/telegram/auth/{TELEGRAM}")).await.ok();
    let telegram = account["token"].as_str().unwrap().to_owned();
    person.gets(&format!("/api/v1/telegram/auth/verify/{telegram}")).await.ok();
    person.gets(&format!("/api/v1/telegram/tasks/user/{TELEGRAM}")).await.ok();
    let refresh = tokens["refresh_token"].as_str().unwrap().to_owned();
    let fresh = person.posts("/api/v1/auth/refresh", json!({ "refresh_token": refresh })).await.ok();
    let person = person.with_token(fresh["access_token"].as_str().unwrap());
    let wrong = json!({ "password": NEW_PASSWORD, "password_actual": "una-clave-equivocada" });
    assert_eq!(person.puts(&own, wrong).await.status, 403);
    person.puts(&own, json!({ "password": NEW_PASSWORD, "password_actual": PASSWORD })).await.ok();
    let request = person.request(Method::POST, "/api/v1/auth/logout");
    person.sends(request).await.ok();
    drop(screen);
    assert!(server.ends().await);
    let tokens = [&tokens["access_token"], &fresh["access_token"], &fresh["refresh_token"]];
    let mut secrets: Vec<String> = tokens.iter().map(|token| token.as_str().unwrap().to_owned()).collect();
    let words = [EMAIL, PASSWORD, NEW_PASSWORD, DNI, "DNI98765432", PHONE, LAT, LNG, "otro.privado@prueba.gad"];
    secrets.extend(words.map(str::to_owned));
    secrets.extend(["una-clave-equivocada".to_owned(), TELEGRAM.to_string(), telegram, refresh]);
    secrets
}

async fn nothing_private_is_logged(place: &Place) {
    let log = tempfile::NamedTempFile::new().unwrap();
    let secrets = story(place, log.reopen().unwrap()).await;
    let said = std::fs::read_to_string(log.path()).unwrap();
    for line in ["slow query", "slow request", "TRACE", "DEBUG"] {
        assert!(said.contains(line), "the log was written, {line} too: {said}");
    }
    let found: Vec<_> =
        said.lines().filter(|line| secrets.iter().any(|secret| line.contains(secret.as_str()))).collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_private_is_logged_on_sqlite() {
    let dir = tempfile::tempdir().unwrap();
    nothing_private_is_logged(&Place::directory(dir.path())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_private_is_logged_on_postgres() {
    let database = database::Private::create().await;
    nothing_private_is_logged(&Place::database(&database.url)).await;
    database.drop().await;
}
