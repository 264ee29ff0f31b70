//! Which passwords are taken, by every route and command that sets one, and who may set one.

use chrono::TimeDelta;
use domain::Level;
use serde_json::json;

use crate::binary::Place;
use crate::conversations;
use crate::office::{Office, PASSWORD};

conversations! {
    every_route_refuses_the_same_passwords,
    a_new_password_of_ones_own_needs_the_present_one,
    wrong_present_passwords_close_the_place_that_they_come_from,
    a_reset_is_another_act,
    a_password_is_one_from_every_keyboard,
}

const GOOD: &str = "correo azul mesa nueve";

/// Passwords that are always refused; `EMAIL` stands for the user's own.
const BAD: [&str; 24] = [
    "",
    "corta",
    "password",
    "Password1",
    "P@ssw0rd",
    "12345678",
    "1234567890",
    "aaaaaaaa",
    "qwertyui",
    "qwerty123",
    "iloveyou",
    "EMAIL",
    "contraseña",
    "Contraseña1",
    "clave1234",
    "emergencia",
    "grupo_gad",
    "GrupoGAD1",
    "        ",
    "\u{200b}\u{200b}\u{200b}\u{200b}\u{200b}\u{200b}\u{200b}\u{200b}",
    "\u{3000}\u{a0}\u{2800} \u{3000}\u{a0}\u{2800} ",
    "a\u{200b}\u{200b}\u{200b}\u{200b}\u{200b}\u{200b}b",
    "e\u{301}e\u{301}e\u{301}e\u{301}",
    "ｐａｓｓｗｏｒｄ",
];

fn bad(email: &str) -> Vec<String> {
    let mut all: Vec<String> = BAD.iter().map(|text| text.replace("EMAIL", email)).collect();
    all.push("x".repeat(129));
    all
}

async fn every_route_refuses_the_same_passwords(office: &Office) {
    let administrator = office.administrator().await;
    let user = office.member(Level::Officer).await;
    let email = user.email.as_ref().unwrap().reveal().to_owned();
    let (of_user, own) =
        (format!("/api/v1/users/{}", user.id), format!("/api/v1/users/{}", administrator.user.unwrap()));
    let own_email = administrator.gets(&own).await.ok()["email"].as_str().unwrap().to_owned();
    let mut taken = Vec::new();
    for password in bad("nueva@prueba.gad") {
        let body = json!({ "email": "nueva@prueba.gad", "password": password, "nombre": "Nueva", "apellido": "Prueba",
            "dni": "NUEVA-1", "verificado": true });
        let answer = administrator.posts("/api/v1/users/", body).await;
        if answer.status != 422 || !answer.fields()[0].starts_with("body.password: ") {
            taken.push(format!("POST /users {password:?}: {}", answer.text));
        }
    }
    for password in bad(&email) {
        let answer = administrator.puts(&of_user, json!({ "password": password })).await;
        if answer.status != 422 || !answer.fields()[0].starts_with("body.password: ") {
            taken.push(format!("reset {password:?}: {}", answer.text));
        }
    }
    for password in bad(&own_email) {
        let answer = administrator.puts(&own, json!({ "password": password, "password_actual": PASSWORD })).await;
        if answer.status != 422 || !answer.fields()[0].starts_with("body.password: ") {
            taken.push(format!("own {password:?}: {}", answer.text));
        }
    }
    assert!(taken.is_empty(), "{taken:#?}");
    let lines =
        format!("{:?}", administrator.puts(&own, json!({ "password": "password", "password_actual": "x" })).await);
    assert!(!lines.contains("\"password\"}"), "no password is given back: {lines}");
    // The user's own data counts as it will be.
    let renamed = json!({ "email": "marcela.quiroga@prueba.gad", "password": "Marcela.Quiroga" });
    assert_eq!(administrator.puts(&of_user, renamed).await.status, 422);
    administrator.puts(&of_user, json!({ "password": GOOD })).await.ok();
    office.stranger().tries_to_sign_in(&email, GOOD).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn every_command_refuses_the_same_passwords() {
    let dir = tempfile::tempdir().unwrap();
    let place = Place::directory(dir.path());
    place.hires_as("jefa@prueba.gad", "JEFA-1", 3).await;
    let mut taken = Vec::new();
    let nueva = ["--email", "nueva@prueba.gad", "--nombre", "Nueva", "--apellido", "Prueba", "--dni", "NUEVA-1"];
    for password in bad("jefa@prueba.gad").into_iter().filter(|text| !text.is_empty()) {
        let create = [&["user", "create", "--password", &password][..], &nueva[..]].concat();
        let reset = ["user", "password", "jefa@prueba.gad", "--password", &password];
        let seed = ["seed", "--demo", "--users", "2", "--officers", "0", "--tasks", "0", "--password", &password];
        for (what, arguments) in [("user create", &create[..]), ("user password", &reset), ("seed", &seed)] {
            // Whose data it is matters: that of the demo is another's.
            if what != "user password" && password.contains("jefa") {
                continue;
            }
            let output = place.gad(arguments).output().await.unwrap();
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            if output.status.success() || !said.contains("password") {
                taken.push(format!("{what} {password:?}: {said}"));
            }
        }
    }
    assert!(taken.is_empty(), "{taken:#?}");
}

async fn a_new_password_of_ones_own_needs_the_present_one(office: &Office) {
    for level in [Level::Officer, Level::Supervisor, Level::Administrator] {
        let person = office.user(level).await;
        let path = format!("/api/v1/users/{}", person.user.unwrap());
        let email = person.gets(&path).await.ok()["email"].as_str().unwrap().to_owned();
        let absent = person.puts(&path, json!({ "password": GOOD })).await;
        assert_eq!(absent.fields(), ["body.password_actual: Field required: the present password"]);
        let wrong = person.puts(&path, json!({ "password": GOOD, "password_actual": "otra clave larga" })).await;
        assert_eq!(wrong.refusal(), "403 La contraseña actual no es la que se indicó");
        assert_eq!(wrong.body["code"], "wrong_password");
        let null = person.puts(&path, json!({ "password": GOOD, "password_actual": null })).await;
        assert_eq!(null.status, 422);
        // Everything else of the request was refused with it.
        let both = json!({ "telefono": "+54 11 5555 0101", "password": GOOD, "password_actual": "otra clave larga" });
        assert_eq!(person.puts(&path, both).await.status, 403);
        assert_eq!(person.gets(&path).await.ok()["telefono"], serde_json::Value::Null);
        let elsewhere = office.signs_in_again(&person).await;
        person.puts(&path, json!({ "password": GOOD, "password_actual": PASSWORD })).await.ok();
        person.gets(&path).await.ok();
        assert_eq!(elsewhere.gets(&path).await.status, 403, "other sessions ended");
        office.stranger().tries_to_sign_in(&email, GOOD).await.ok();
        assert_eq!(office.stranger().tries_to_sign_in(&email, PASSWORD).await.status, 401);
        // No present password is asked for by other changes.
        person.puts(&path, json!({ "telefono": "+54 11 5555 0100" })).await.ok();
    }
}

async fn wrong_present_passwords_close_the_place_that_they_come_from(office: &Office) {
    let person = office.user(Level::Officer).await;
    let path = format!("/api/v1/users/{}", person.user.unwrap());
    let email = person.gets(&path).await.ok()["email"].as_str().unwrap().to_owned();
    let change = |present: &str| person.puts(&path, json!({ "password": GOOD, "password_actual": present }));
    for guess in 1..=5 {
        let wrong = change("otra clave larga").await;
        assert_eq!((wrong.status, wrong.header("retry-after")), (403, if guess < 5 { "" } else { "1800" }));
    }
    let right = change(PASSWORD).await;
    assert_eq!((right.status, right.header("retry-after")), (403, "1800"), "nor is the right one tried");
    assert_eq!(office.stranger().tries_to_sign_in(&email, PASSWORD).await.status, 401, "one count with sign-in");
    person.gets(&path).await.ok();
    office.clock.advance(TimeDelta::minutes(29));
    assert_eq!(change(PASSWORD).await.status, 403);
    office.clock.advance(TimeDelta::minutes(2));
    let person = office.signs_in_again(&person).await;
    person.puts(&path, json!({ "password": GOOD, "password_actual": PASSWORD })).await.ok();
    app::audit::seal(&office.cx).await.unwrap();
    let administrator = office.administrator().await;
    let lines = administrator.gets("/api/v1/audit?event_type=permission_denied&limit=500").await.ok().to_string();
    assert_eq!(lines.matches("Cambio de contraseña rechazado").count(), 7, "{lines}");
    assert!(!lines.contains(PASSWORD) && !lines.contains("otra clave larga"));
}

async fn a_reset_is_another_act(office: &Office) {
    let administrator = office.administrator().await;
    let person = office.supervisor().await;
    let path = format!("/api/v1/users/{}", person.user.unwrap());
    let supervisor = office.supervisor().await;
    assert_eq!(supervisor.puts(&path, json!({ "password": GOOD, "password_actual": PASSWORD })).await.status, 403);
    administrator.puts(&path, json!({ "password": GOOD })).await.ok();
    assert_eq!(person.gets(&path).await.refusal(), "403 Could not validate credentials", "all sessions ended");
    app::audit::seal(&office.cx).await.unwrap();
    let query = format!("/api/v1/audit?resource_type=usuario&resource_id={}", person.user.unwrap());
    let lines = administrator.gets(&query).await.ok();
    let text = lines.to_string();
    assert_eq!(text.matches("Contraseña restablecida por otra persona").count(), 1, "{text}");
    let own = format!("/api/v1/users/{}", administrator.user.unwrap());
    administrator.puts(&own, json!({ "password": GOOD, "password_actual": PASSWORD })).await.ok();
    app::audit::seal(&office.cx).await.unwrap();
    let query = format!("/api/v1/audit?resource_type=usuario&resource_id={}", administrator.user.unwrap());
    let text = administrator.gets(&query).await.ok().to_string();
    assert!(text.contains("Usuario modificado") && !text.contains("restablecida"), "{text}");
}

async fn a_password_is_one_from_every_keyboard(office: &Office) {
    let administrator = office.administrator().await;
    let user = office.member(Level::Officer).await;
    let email = user.email.as_ref().unwrap().reveal();
    let (composed, decomposed) = ("la niña y el pingüino", "la nin\u{303}a y el pingu\u{308}ino");
    administrator.puts(&format!("/api/v1/users/{}", user.id), json!({ "password": decomposed })).await.ok();
    for typed in [composed, decomposed] {
        office.stranger().tries_to_sign_in(email, typed).await.ok();
    }
}
