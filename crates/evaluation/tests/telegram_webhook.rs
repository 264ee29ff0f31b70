//! The stand-in posts updates as Telegram does.
#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has failed")]

use std::time::Duration;

use evaluation::telegram::Standin;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// Takes one post, answers it with a status, and gives its head and its body.
async fn takes(listener: &TcpListener, status: &str) -> (String, Value) {
    let (mut stream, _) = listener.accept().await.unwrap();
    let (mut read, mut buffer) = (Vec::new(), [0; 4096]);
    loop {
        let length = stream.read(&mut buffer).await.unwrap();
        read.extend_from_slice(&buffer[..length]);
        let text = String::from_utf8_lossy(&read).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n")
            && let Ok(body) = serde_json::from_str(body)
        {
            let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            stream.write_all(answer.as_bytes()).await.unwrap();
            return (head.to_lowercase(), body);
        }
    }
}

#[tokio::test]
async fn an_update_is_posted_until_it_is_taken_and_in_order() {
    let telegram = Standin::open("1:x").await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = reqwest::Client::builder().timeout(Duration::from_secs(10)).build().unwrap();
    let url = format!("http://{}/webhook/telegram", listener.local_addr().unwrap());
    let webhook = json!({ "url": url, "secret_token": "s3-creto", "allowed_updates": ["message"] });
    let call = |method: &str| format!("{}/bot1:x/{method}", telegram.url);
    client.post(call("setWebhook")).json(&webhook).send().await.unwrap().error_for_status().unwrap();
    let ana = telegram.person("Ana");
    ana.say("uno");
    ana.say("dos");
    ana.tap_old("hist_close");
    let (head, first) = takes(&listener, "503 Service Unavailable").await;
    assert!(head.starts_with("post /webhook/telegram ") && head.contains("x-telegram-bot-api-secret-token: s3-creto"));
    let (_, again) = takes(&listener, "200 OK").await;
    assert_eq!((&first["message"]["text"], &first), (&json!("uno"), &again));
    let info: Value = client.post(call("getWebhookInfo")).send().await.unwrap().json().await.unwrap();
    assert!(info["result"]["last_error_message"].as_str().unwrap().contains("503"));
    let (_, second) = takes(&listener, "200 OK").await;
    assert_eq!(second["message"]["text"], "dos");
    telegram.settles(Duration::from_secs(5), |telegram| telegram.pending() == 0).await.unwrap();
    let polled = client.post(call("getUpdates")).send().await.unwrap();
    assert_eq!(polled.status(), 409, "not beside a webhook");
}

#[tokio::test]
async fn an_update_may_be_posted_twice() {
    let telegram = Standin::open("1:x").await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    telegram.posts_twice();
    telegram.webhooks_go_to(listener.local_addr().unwrap());
    let client = reqwest::Client::builder().timeout(Duration::from_secs(10)).build().unwrap();
    let webhook = json!({ "url": "https://gad.example/webhook/telegram" });
    client.post(format!("{}/bot1:x/setWebhook", telegram.url)).json(&webhook).send().await.unwrap();
    telegram.person("Ana").say("uno");
    let (_, first) = takes(&listener, "200 OK").await;
    let (_, second) = takes(&listener, "200 OK").await;
    assert_eq!(first, second);
    telegram.settles(Duration::from_secs(5), |telegram| telegram.pending() == 0).await.unwrap();
}
