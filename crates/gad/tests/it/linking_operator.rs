//! What an operator does for users on the command line: codes of links, and tokens for scripts.

use serde_json::{Value, json};

use crate::binary::Place;
use crate::office::database;

const EMAIL: &str = "supervisora@prueba.gad";

fn read(line: &str) -> Value {
    serde_json::from_str(line).unwrap()
}

async fn an_operator_gives_codes_and_tokens(place: &Place) {
    place.hires().await;
    let said = place.does(&["user", "link-code", EMAIL]).await;
    assert!(said.contains("/vincular ") && said.contains("good once, until "), "{said}");
    let code = read(&place.does(&["--telegram-bot-name", "@oficina_bot", "user", "link-code", EMAIL, "--json"]).await);
    let link = format!("https://t.me/oficina_bot?start={}", code["codigo"].as_str().unwrap());
    assert_eq!(code["enlace"], link);
    assert!(place.does(&["user", "unlink", EMAIL]).await.contains("was not linked"));

    let server = place.serves().await;
    let token = place.does(&["token", EMAIL]).await;
    let script = server.stranger().with_token(token.trim());
    assert_eq!(script.gets("/api/v1/users/me").await.ok()["email"], EMAIL);
    let sessions = script.gets("/api/v1/auth/sessions").await.ok();
    assert_eq!((&sessions[0]["actual"], &sessions[0]["user_agent"]), (&json!(true), &json!("gad token")));
    let other = read(&place.does(&["token", EMAIL, "--minutes", "1", "--json"]).await);
    let ended = format!("/api/v1/auth/sessions/{}", other["session_id"].as_str().unwrap());
    assert_eq!(script.deletes(&ended).await.status, 204);
    let late = server.stranger().with_token(other["access_token"].as_str().unwrap());
    assert_eq!(late.gets("/api/v1/users/me").await.status, 403, "ended before its time");
    assert!(server.ends().await);

    let (out, secret) = (tempfile::tempdir().unwrap(), code["codigo"].as_str().unwrap());
    let file = out.path().join("auditoria.jsonl");
    place.does(&["audit", "export", "--out", file.to_str().unwrap()]).await;
    let audit = std::fs::read_to_string(&file).unwrap();
    assert_eq!(audit.matches("Token emitido en la línea de órdenes").count(), 2);
    assert_eq!(audit.matches("Código de vínculo emitido").count(), 2);
    assert!(!audit.contains(token.trim()) && !audit.contains(secret));

    place.does(&["user", "disable", EMAIL]).await;
    for refused in [["user", "link-code", EMAIL].as_slice(), &["token", EMAIL]] {
        let said = place.says(refused).await;
        assert_eq!((said.code, said.out.as_str()), (1, ""), "{}", said.err);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_gives_codes_and_tokens_of_an_embedded_office() {
    let dir = tempfile::tempdir().unwrap();
    an_operator_gives_codes_and_tokens(&Place::directory(dir.path())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_gives_codes_and_tokens_of_an_office_on_postgres() {
    let database = database::Private::create().await;
    an_operator_gives_codes_and_tokens(&Place::database(&database.url)).await;
    database.drop().await;
}
