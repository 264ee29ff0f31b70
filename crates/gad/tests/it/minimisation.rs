//! Of others, each level is shown what its work needs and nothing more, on whichever route.

use domain::Level;
use reqwest::Method;
use serde_json::{Value, json};

use crate::access::operations;
use crate::conversations;
use crate::office::Office;
use crate::person::Person;

conversations! {
    each_level_is_shown_what_it_needs_of_others,
}

const DNI: &str = "DNI-55667788";
const PHONE: &str = "+54 11 4321-8765";
const EMAIL: &str = "reservada@prueba.gad";
const TELEGRAM: &str = "7345678912";

/// All that anybody gets to see on any route that only reads, and over events.
async fn reads_everything(person: &Person, parameters: &[(&str, String)]) -> (String, usize) {
    let (mut all, mut answered) = (String::new(), 0);
    for operation in operations().iter().filter(|operation| operation.method == Method::GET) {
        let answer = operation.tried_at(person, parameters).await;
        if answer.status == 200 {
            answered += 1;
            all.push_str(&answer.text);
        }
    }
    (all, answered)
}

async fn each_level_is_shown_what_it_needs_of_others(office: &Office) {
    let administrator = office.administrator().await;
    let victim = office.officer_at(-34.6037, -58.3816).await;
    let id = victim.user.unwrap();
    let private = json!({ "dni": DNI, "telefono": PHONE, "email": EMAIL });
    administrator.puts(&format!("/api/v1/users/{id}"), private).await.ok();
    office.links(id, TELEGRAM.parse().unwrap()).await;
    let (mate, supervisor) = (office.officer_at(-34.6037, -58.3816).await, office.supervisor().await);
    // The mate works on one task with the victim: what is shown of it is shown of the victim too.
    let task = json!({ "codigo": "JUNTOS-1", "titulo": "Recorrer la plaza", "tipo": "patrullaje",
        "inicio_programado": "2026-11-24T12:00:00Z", "delegado_usuario_id": id.0,
        "ubicacion_lat": -34.6037, "ubicacion_lon": -58.3816,
        "efectivos_asignados": [victim.officer.unwrap().0, mate.officer.unwrap().0] });
    let task = administrator.posts("/api/v1/tasks/", task).await.ok();
    crate::office::logged(office).await;
    let parameters = [
        ("task_id", task["id"].to_string()),
        ("user_id", id.to_string()),
        ("usuario_id", id.to_string()),
        ("efectivo_id", victim.officer.unwrap().to_string()),
        ("telegram_id", TELEGRAM.to_owned()),
        ("codigo", "JUNTOS-1".to_owned()),
    ];
    let shown = |text: &str| [DNI, PHONE, EMAIL, TELEGRAM].map(|private| text.contains(private));
    let (seen, answered) = reads_everything(&mate, &parameters).await;
    assert!(answered >= 10, "{answered} routes answered an officer");
    assert_eq!(shown(&seen), [false; 4], "an officer is shown nothing private of a mate");
    let (seen, answered) = reads_everything(&supervisor, &parameters).await;
    assert!(answered >= 20, "{answered} routes answered a supervisor");
    assert_eq!(shown(&seen), [false, true, true, true], "a supervisor can reach people, and needs no DNI for it");
    let (seen, _) = reads_everything(&administrator, &parameters).await;
    assert_eq!(shown(&seen), [true; 4], "whoever manages accounts sees them");
    assert_eq!(shown(&victim.gets("/api/v1/users/me").await.text), [true; 4], "everybody sees oneself");
    // Nor do refusals tell, whoever asks.
    let taken = json!({ "email": EMAIL, "password": "una clave larga", "nombre": "Otra", "apellido": "Más",
        "dni": "30111222" });
    let refused: Value = administrator.posts("/api/v1/users/", taken).await.body;
    assert_eq!(shown(&refused.to_string()), [false; 4]);
    let stranger = office.user(Level::Officer).await;
    assert_eq!(shown(&stranger.gets(&format!("/api/v1/users/{id}")).await.text), [false; 4]);
}
