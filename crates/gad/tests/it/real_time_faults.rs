//! Peers that are silent, slow, many, or talk nonsense: each is sent away by itself, in bounded time
//! and memory, and nobody else notices.

use std::time::{Duration, Instant};

use api::{Hub, HubSettings};
use chrono::TimeDelta;
use domain::Level;
use futures::future::join_all;
use serde_json::{Value, json};

use crate::binary::{PASSWORD, Place, Server};
use crate::office::{Office, On};
use crate::person::Person;
use crate::screen::Seen;
use crate::wire::Wire;

const MIB: u64 = 1024 * 1024;

async fn opens(office: &Office, person: &Person) -> Wire {
    let mut wire = Wire::opens(office.url(), person.token().unwrap()).await;
    let Seen::Message(greeting) = wire.sees().await else { panic!("no greeting") };
    assert_eq!(greeting["event_type"], "connection_ack");
    wire
}

async fn announces(administrator: &Person, text: &str) {
    let body = json!({ "group": "general", "message": text, "type": "info" });
    administrator.posts("/api/v1/admin/telegram/send", body).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_peer_that_gives_no_sign_of_life_is_gone_after_two_and_a_half_beats() {
    let settings = HubSettings { heartbeat: Duration::from_secs(1), ..HubSettings::default() };
    let office = Office::open_with(On::Sqlite, |values| values.hub = Hub::new(settings)).await;
    let administrator = office.administrator().await;
    // A library answers pings while it reads.
    let mut living = administrator.opens_a_screen("").await;
    living.reads_a("connection_ack").await;
    let began = Instant::now();
    let mut silent = opens(&office, &administrator).await;
    let watching = async {
        let end = silent.ends().await;
        (end, began.elapsed())
    };
    let ((end, after), ()) = tokio::join!(watching, async {
        // The living one reads until the silent one is gone for sure.
        while began.elapsed() < Duration::from_secs(4) {
            let Seen::Message(message) = living.hears().await else { panic!("the living one was sent away") };
            assert_eq!(message["event_type"], "ping");
        }
    });
    assert_eq!(end, Seen::Closed(1001, "No sign of life".to_owned()));
    assert!(after >= Duration::from_millis(2400) && after < Duration::from_millis(3500), "{after:?}");
    announces(&administrator, "Sigue").await;
    assert_eq!(living.waits_for("notification").await["content"], "Sigue");
    office.closes().await;
}

async fn administered(settings: &[(&str, &str)]) -> (Server, Person, tempfile::TempDir) {
    let dir = tempfile::tempdir().unwrap();
    let place = Place::directory(dir.path());
    let arguments = ["user", "create", "--email", "jefa@prueba.gad", "--password", PASSWORD, "--nombre", "Prueba"];
    let more = ["--apellido", "Prueba", "--dni", "P7654321", "--nivel", "3", "--verificado"];
    let output = place.gad(&[&arguments[..], &more[..]].concat()).output().await.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let server = place.serves_with(settings).await;
    let mut administrator = server.stranger();
    administrator.signs_in("jefa@prueba.gad", PASSWORD).await.ok();
    (server, administrator, dir)
}

async fn connected(person: &Person) -> Value {
    person.gets("/ws/stats").await.ok()["stats"]["total_connections"].clone()
}

/// Waits until so many are connected.
async fn are_connected(person: &Person, count: usize, patience: Duration) {
    let wait = async {
        while connected(person).await != json!(count) {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(patience, wait).await.unwrap_or_else(|_| panic!("{count} connected after {patience:?}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn readers_that_stop_reading_cost_little_and_are_sent_away() {
    let (server, administrator, _dir) = administered(&[]).await;
    let token = administrator.token().unwrap();
    let stalled = join_all((0..20).map(|_| Wire::opens(&server.url, token))).await;
    are_connected(&administrator, 20, Duration::from_secs(10)).await;
    let content = "x".repeat(16 * 1024);
    let say = || administrator.posts("/ws/_test/broadcast", json!({ "content": content }));
    // What one round costs by itself is there before it is measured.
    for _ in 0..20 {
        say().await.ok();
    }
    let before = server.resident();
    let mut most = before;
    for round in 0..200 {
        for answer in join_all((0..20).map(|_| say())).await {
            answer.ok();
        }
        if round % 10 == 0 {
            most = most.max(server.resident());
        }
    }
    most = most.max(server.resident());
    // 64 MiB were said: kept for each, they would be 1280; the common backlog holds 1024 messages.
    let grown = most.saturating_sub(before) / MIB;
    println!("{} MiB resident before, {} at most", before / MIB, most / MIB);
    assert!(grown < 160, "{grown} MiB for 20 readers that do not read");
    are_connected(&administrator, 0, Duration::from_secs(30)).await;
    drop(stalled);
    let mut late = administrator.opens_a_screen("").await;
    late.reads_a("connection_ack").await;
    assert!(server.ends().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_more_than_there_is_room_for_is_told_to_come_back() {
    let (server, administrator, _dir) = administered(&[("WS_MAX_CONNECTIONS", "3")]).await;
    let mut inside = Vec::new();
    for _ in 0..3 {
        let mut screen = administrator.opens_a_screen("").await;
        screen.reads_a("connection_ack").await;
        inside.push(screen);
    }
    let full = Seen::Closed(1013, "Try again later".to_owned());
    assert_eq!(administrator.opens_a_screen("").await.sees().await, full);
    drop(inside.pop());
    are_connected(&administrator, 2, Duration::from_secs(10)).await;
    administrator.opens_a_screen("").await.reads_a("connection_ack").await;
    assert!(server.ends().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_token_opens_no_socket() {
    let office = Office::open(On::Sqlite).await;
    let supervisor = office.supervisor().await;
    office.clock.advance(TimeDelta::minutes(31));
    let mut screen = supervisor.opens_a_screen("").await;
    assert_eq!(screen.sees().await, Seen::Closed(1008, "Invalid token".to_owned()));
    office.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nonsense_ends_a_socket_with_what_was_wrong_and_no_other() {
    let office = Office::open(On::Sqlite).await;
    let administrator = office.administrator().await;
    let mut bystander = administrator.opens_a_screen("").await;
    bystander.reads_a("connection_ack").await;

    let mut binary = opens(&office, &administrator).await;
    binary.frames(0x82, b"\0\x01").await;
    let Seen::Message(answer) = binary.sees().await else { panic!("binary is answered") };
    assert_eq!((&answer["event_type"], &answer["data"]["error"]), (&json!("error"), &json!("Invalid JSON format")));

    let mut text = opens(&office, &administrator).await;
    text.frames(0x81, b"\xff\xfe").await;
    assert_eq!(text.ends().await, Seen::Closed(1007, "Text must be UTF-8".to_owned()));

    let mut long = opens(&office, &administrator).await;
    long.frames(0x01, &[b'x'; 10_000]).await;
    for _ in 0..6 {
        long.frames(0x00, &[b'x'; 10_000]).await;
    }
    assert_eq!(long.ends().await, Seen::Closed(1009, "Message too big".to_owned()));

    // Said to be eight exabytes long, and one of a kind that there is not; one without its mask.
    for (frame, goodbye) in [
        (&b"\x81\xff\x7f\xff\xff\xff\xff\xff\xff\xff\0\0\0\0"[..], (1009, "Message too big")),
        (&b"\x83\x80\0\0\0\0"[..], (1002, "Protocol error")),
        (&b"\x81\x01x"[..], (1002, "Protocol error")),
    ] {
        let mut wire = opens(&office, &administrator).await;
        wire.sends(frame).await;
        assert_eq!(wire.ends().await, Seen::Closed(goodbye.0, goodbye.1.to_owned()), "{frame:x?}");
    }
    announces(&administrator, "Sigue").await;
    assert_eq!(bystander.waits_for("notification").await["content"], "Sigue");
    binary.frames(0x82, b"x").await;
    office.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_connections_leaves_nothing_behind() {
    let (server, administrator, _dir) = administered(&[]).await;
    let (stranger, token) = (server.stranger(), administrator.token().unwrap());
    for _ in 0..5 {
        let refused = join_all((0..40).map(|_| async {
            let mut screen = stranger.opens_a_screen("").await;
            screen.sees().await
        }));
        // Half of the others are gone before they are greeted.
        let cut = join_all((0..40).map(|_| async { drop(Wire::opens(&server.url, token).await) }));
        let (refused, _) = tokio::join!(refused, cut);
        let expected = Seen::Closed(1008, "Authentication required".to_owned());
        assert!(refused.iter().all(|seen| *seen == expected), "{refused:?}");
    }
    are_connected(&administrator, 0, Duration::from_secs(20)).await;
    administrator.opens_a_screen("").await.reads_a("connection_ack").await;
    assert!(server.ends().await);
}

/// Opens sockets until refused before they are open; gives how many were, and the refusal.
async fn opens_until_refused(person: &Person, query: &str) -> (u32, u16, String) {
    let names = [
        ("connection", "Upgrade"),
        ("upgrade", "websocket"),
        ("sec-websocket-version", "13"),
        ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ];
    for opened in 0..100 {
        let mut request = person.request(reqwest::Method::GET, &format!("/ws/connect?{query}"));
        for (name, value) in names {
            request = request.header(name, value);
        }
        let answer = request.send().await.unwrap();
        if answer.status() != 101 {
            let wait = answer.headers().get("retry-after").map_or("", |value| value.to_str().unwrap()).to_owned();
            return (opened, answer.status().as_u16(), wait);
        }
    }
    panic!("never refused");
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_handshakes_a_minute_are_counted_by_user_however_the_token_is_shown() {
    let office = Office::open_with(On::Sqlite, |values| values.rate_limiting = true).await;
    let (one, other) = (office.user(Level::Officer).await, office.user(Level::Officer).await);
    let (opened, status, wait) = opens_until_refused(&one, "").await;
    assert_eq!((opened, status), (10, 429));
    // The window slides: a tenth of the next one may have to pass, too.
    assert!((1..=66).contains(&wait.parse::<u32>().unwrap()), "{wait} seconds");
    let shown = |person: &Person| format!("token={}", person.token().unwrap());
    let (opened, status, _) = opens_until_refused(&one.without_token(), &shown(&one)).await;
    assert_eq!((opened, status), (0, 429), "in the query it is the same user");
    let (opened, _, _) = opens_until_refused(&other.without_token(), &shown(&other)).await;
    assert_eq!(opened, 10, "another user at the same address has ten of their own");
    let (opened, _, _) = opens_until_refused(&office.stranger(), "token=no.es.uno").await;
    assert_eq!(opened, 10, "strangers share those of their address");
    assert_eq!(opens_until_refused(&office.stranger(), "").await.0, 0);
    office.closes().await;
}
