//! Users, officers and where they are.

use domain::Level;
use serde_json::json;

use crate::conversations;
use crate::office::Office;

conversations! {
    an_administrator_makes_a_user_who_signs_in,
    a_duplicate_is_refused_with_its_field,
    personal_data_is_shown_only_to_those_who_may_see_it,
    the_nearest_officer_comes_with_reasons_for_the_others,
    an_officer_reports_a_place_and_is_found_there,
    availability_follows_tasks_and_not_hands,
}

fn ana() -> serde_json::Value {
    json!({ "email": "Ana@Prueba.gad", "password": "otra clave larga", "nombre": "Ana", "apellido": "Prueba",
        "dni": "30111222", "nivel": 2, "verificado": true })
}

async fn an_administrator_makes_a_user_who_signs_in(office: &Office) {
    let administrator = office.administrator().await;
    let user = administrator.posts("/api/v1/users/", ana()).await.ok();
    assert_eq!((&user["nivel"], &user["verificado"]), (&json!(2), &json!(true)));
    let mut person = office.stranger();
    person.signs_in("ana@prueba.GAD", "otra clave larga").await.ok();
    assert_eq!(person.gets("/api/v1/users/me").await.ok()["id"], user["id"]);
    let mut weak = ana();
    weak["password"] = json!("corta");
    let refused = administrator.posts("/api/v1/users/", weak).await;
    assert_eq!(refused.fields(), ["body.password: must have 8 to 128 visible characters"]);
    assert!(!refused.body.to_string().contains("corta"), "a secret is never shown again");
}

async fn a_duplicate_is_refused_with_its_field(office: &Office) {
    let administrator = office.administrator().await;
    administrator.posts("/api/v1/users/", ana()).await.ok();
    let mut again = ana();
    again["dni"] = json!("30111223");
    let refused = administrator.posts("/api/v1/users/", again).await.refusal();
    assert_eq!(refused, "400 The user with this username already exists in the system.");
    let mut again = ana();
    again["email"] = json!("otra@prueba.gad");
    let refused = administrator.posts("/api/v1/users/", again).await.refusal();
    assert_eq!(refused, "400 The user with this dni already exists in the system.");
}

async fn personal_data_is_shown_only_to_those_who_may_see_it(office: &Office) {
    let (administrator, supervisor) = (office.administrator().await, office.supervisor().await);
    let officer = office.user(Level::Officer).await;
    let path = format!("/api/v1/users/{}", officer.user.unwrap());
    assert!(administrator.gets(&path).await.ok()["dni"].is_string());
    assert!(supervisor.gets(&path).await.ok()["dni"].is_null());
    assert!(officer.gets(&path).await.ok()["dni"].is_string());
    let other = format!("/api/v1/users/{}", supervisor.user.unwrap());
    assert_eq!(officer.gets(&other).await.refusal(), "403 The user doesn't have enough privileges");
}

async fn the_nearest_officer_comes_with_reasons_for_the_others(office: &Office) {
    let supervisor = office.supervisor().await;
    let off_duty = office.officer_at(-34.6038, -58.3816).await;
    let path = format!("/api/v1/efectivos/{}", off_duty.officer.unwrap());
    off_duty.puts(&path, json!({ "estado_disponibilidad": "fuera_servicio" })).await.ok();
    let stale = office.officer_at(-34.6039, -58.3816).await;
    office.clock.advance(chrono::TimeDelta::minutes(16));
    let free = office.officer_at(-34.6137, -58.3816).await;
    let nearest = supervisor.gets("/api/v1/efectivos/cercanos?lat=-34.6037&lng=-58.3816&limite=5").await.ok();
    let first = &nearest["candidatos"][0];
    assert_eq!(first["efectivo_id"], free.officer.unwrap().0);
    assert!((1108.0..1111.0).contains(&first["distance_m"].as_f64().unwrap()), "{first}");
    assert!((first["rumbo_grados"].as_f64().unwrap() - 180.0).abs() < 1e-6, "{first}");
    let reasons: Vec<_> =
        nearest["excluidos"].as_array().unwrap().iter().map(|e| (&e["efectivo_id"], &e["motivo"])).collect();
    let (off_duty, stale) = (json!(off_duty.officer.unwrap().0), json!(stale.officer.unwrap().0));
    assert_eq!(reasons, [(&off_duty, &json!("fuera_servicio")), (&stale, &json!("posicion_antigua"))]);
    let bad = supervisor.gets("/api/v1/efectivos/cercanos?lat=x&lng=0").await;
    assert_eq!(bad.fields(), ["query.lat: must be a number"]);
}

async fn an_officer_reports_a_place_and_is_found_there(office: &Office) {
    let supervisor = office.supervisor().await;
    let officer = office.officer_at(-34.60, -58.38).await;
    let id = officer.officer.unwrap().0;
    office.clock.advance(chrono::TimeDelta::minutes(1));
    let here = json!({ "lat": -34.65, "lng": -58.50, "precision_m": 8.5 });
    officer.posts(&format!("/api/v1/efectivos/{id}/posicion"), here.clone()).await.ok();
    let found = supervisor.gets("/api/v1/efectivos/cercanos?lat=-34.65&lng=-58.50").await.ok();
    assert_eq!(
        (&found["candidatos"][0]["efectivo_id"], &found["candidatos"][0]["distance_m"]),
        (&json!(id), &json!(0.0))
    );
    let other = office.officer_at(-34.60, -58.38).await;
    assert_eq!(other.posts(&format!("/api/v1/efectivos/{id}/posicion"), here).await.status, 403);
    let batch =
        json!({ "posiciones": [{ "efectivo_id": id, "lat": 0, "lng": 0, "medida_en": "2001-01-01T00:00:00Z" }] });
    let old = supervisor.posts("/api/v1/posiciones", batch).await.ok();
    assert_eq!(json!([old["recibidas"], old["rechazadas"][0]["codigo"]]), json!([0, "medida_antigua"]));
}

async fn availability_follows_tasks_and_not_hands(office: &Office) {
    let supervisor = office.supervisor().await;
    let officer = office.officer_at(-34.60, -58.38).await;
    let path = format!("/api/v1/efectivos/{}", officer.officer.unwrap());
    let call = json!({ "telegram_id": 0, "lat": -34.60, "lng": -58.38 });
    supervisor.posts("/api/v1/tasks/emergency", call).await.ok();
    assert_eq!(officer.gets(&path).await.ok()["estado_disponibilidad"], "en_tarea");
    let refused = officer.puts(&path, json!({ "estado_disponibilidad": "disponible" })).await;
    assert_eq!(
        refused.fields(),
        ["body.estado_disponibilidad: availability en_tarea cannot become disponible by hand"]
    );
}
