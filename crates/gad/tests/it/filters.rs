//! A filter narrows a list: a value that matches nothing shows no row, and is never passed over.

use serde_json::{Value, json};

use crate::conversations;
use crate::office::Office;
use crate::person::Person;

conversations! {
    filters_that_match_nothing_show_no_row,
    titles_are_found_by_what_people_type,
}

/// Parameters that page or order a list, and do not filter it.
const PAGING: [&str; 7] = ["skip", "limit", "cursor", "orden", "limite", "despues_de", "antes_de"];

/// Values of a parameter that match no row.
fn foreign(parameter: &Value) -> Vec<&'static str> {
    let schema = parameter["schema"].to_string();
    match parameter["name"].as_str().unwrap() {
        "desde" => vec!["2199-12-31"],
        "hasta" => vec!["1970-01-01"],
        "celda" | "lat" | "lng" | "radio_m" | "bbox" | "success" | "espera_efectivo" | "idioma" => vec![],
        _ if schema.contains("integer") => vec!["987654321"],
        _ if schema.contains("boolean") || schema.contains("number") => vec![],
        _ => vec!["zzzzzz", ",", "...", "%F0%9F%9A%A8", "%25%25%25%25"],
    }
}

async fn filters_that_match_nothing_show_no_row(office: &Office) {
    let (administrator, officer) = (office.administrator().await, office.officer_at(-34.6, -58.4).await);
    let task = json!({ "codigo": "FIL-1", "titulo": "Tarea de prueba", "tipo": "patrullaje",
        "inicio_programado": "2025-10-09T12:00:00Z", "delegado_usuario_id": administrator.user.unwrap().0,
        "efectivos_asignados": [officer.officer.unwrap().0] });
    administrator.posts("/api/v1/tasks/", task).await.ok();
    let document: Value = serde_json::from_str(&api::openapi().to_json().unwrap()).unwrap();
    let mut tried = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        let parameters = item["get"]["parameters"].as_array().cloned().unwrap_or_default();
        if path.contains('{') || parameters.iter().any(|parameter| parameter["required"] == true) {
            continue;
        }
        let whole = administrator.gets(path).await;
        if whole.body.as_array().is_none_or(Vec::is_empty) {
            continue;
        }
        let filters = parameters.iter().filter(|parameter| parameter["in"] == "query");
        for parameter in filters.filter(|parameter| !PAGING.contains(&parameter["name"].as_str().unwrap())) {
            for value in foreign(parameter) {
                let asked = format!("{path}?{}={value}", parameter["name"].as_str().unwrap());
                let answer = administrator.gets(&asked).await;
                let is_refused = (400..500).contains(&answer.status);
                assert!(is_refused || answer.body == json!([]), "{asked}: {} {}", answer.status, answer.text);
                tried += 1;
            }
        }
    }
    assert!(tried > 30, "only {tried} filters of lists were tried");
}

/// The codes of the tasks that a search finds.
async fn found(person: &Person, words: &str) -> Vec<String> {
    let query: String = url::form_urlencoded::byte_serialize(words.as_bytes()).collect();
    let tasks = person.gets(&format!("/api/v1/tasks/?q={query}")).await.ok();
    tasks.as_array().unwrap().iter().map(|task| task["codigo"].as_str().unwrap().to_owned()).collect()
}

async fn titles_are_found_by_what_people_type(office: &Office) {
    let supervisor = office.supervisor().await;
    let titles = ["Calle O’Higgins 120", "Straße der Polizei", "在北京消防署巡逻", "Patrulla Ñandú", "Op. ΟΔΟΣ"];
    for (number, title) in titles.iter().enumerate() {
        let task = json!({ "codigo": format!("BUS-{number}"), "titulo": title, "tipo": "patrullaje",
            "inicio_programado": "2025-10-09T12:00:00Z", "delegado_usuario_id": supervisor.user.unwrap().0 });
        supervisor.posts("/api/v1/tasks/", task).await.ok();
    }
    for (typed, number) in [
        ("ohiggins", 0),
        ("O'HIGGINS", 0),
        ("higgins 120", 0),
        ("strasse", 1),
        ("STRASSE polizei", 1),
        ("消防署", 2),
        ("消防", 2),
        ("nandu", 3),
        ("οδος", 4),
    ] {
        assert_eq!(found(&supervisor, typed).await, [format!("BUS-{number}")], "{typed}");
    }
    // Every word counts, also beyond the sixteenth.
    let many = "p pa pat patr patru patrul patrull patrulla n na nan nand nandu b bu bus 3";
    assert_eq!(found(&supervisor, many).await, ["BUS-3"]);
    assert!(found(&supervisor, &format!("{many} zzz")).await.is_empty());
    let words: Vec<String> = (0..200).map(|n| format!("w{n}")).collect();
    let refused = supervisor.gets(&format!("/api/v1/tasks/?q={}", words.join("+"))).await;
    assert_eq!(refused.fields(), ["query.q: must hold at most 100 words, has 200"]);
}
