//! What a Redis of another kind does to the bus: TLS, refusals, and keys that are not ours.

use std::path::Path;
use std::time::Duration;

use crate::server::RedisServer;
use crate::server::tls::Papers;
use bus::Bus;
use bus::redis::{RedisAddress, RedisFailure};
use resilience::Tasks;

const HOUR: Duration = Duration::from_secs(3600);
const PATIENCE: Duration = Duration::from_secs(10);

fn bus(url: &str, ca_file: Option<&Path>, tasks: &Tasks) -> Bus {
    Bus::redis(&RedisAddress::read(url, ca_file).unwrap(), tasks).unwrap()
}

/// Tries until `holds` does; gives whether it did in time.
async fn in_time(mut holds: impl AsyncFnMut() -> bool) -> bool {
    let until = async {
        while !holds().await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, until).await.is_ok()
}

async fn is_usable(bus: &Bus) -> bool {
    in_time(async || {
        let Some(generation) = bus.cache.get("stats:1").await.generation else { return false };
        bus.cache.put("stats:1", &generation, "1".to_owned(), HOUR).await;
        bus.cache.get("stats:1").await.value.as_deref() == Some("1")
    })
    .await
}

/// The failure that is known after a first question.
async fn failure_of(url: &str, ca_file: &Path) -> Option<RedisFailure> {
    let tasks = Tasks::new();
    let bus = bus(url, Some(ca_file), &tasks);
    assert_eq!(bus.cache.get("stats:1").await.generation, None, "nothing is read over a refused connection");
    let failure = bus.link.as_ref().unwrap().failure();
    tasks.shutdown(PATIENCE).await;
    failure
}

#[tokio::test]
async fn tls_connects_signs_in_and_comes_back() {
    let papers = Papers::for_host("localhost");
    let (mut server, tasks) = (papers.serve(&[]).await, Tasks::new());
    let url = format!("rediss://default:s3cret%2F%26@localhost:{}/3", server.port());
    let bus = bus(&url, Some(&papers.authority()), &tasks);
    assert!(is_usable(&bus).await);
    let mut heard = bus.events.subscribe();
    let message = async {
        loop {
            bus.events.publish("over TLS".into()).await;
            if let Ok(Ok(text)) = tokio::time::timeout(Duration::from_millis(100), heard.recv()).await {
                return text;
            }
        }
    };
    assert_eq!(tokio::time::timeout(PATIENCE, message).await.unwrap(), "over TLS");
    server.kill();
    let noticed = in_time(async || {
        bus.cache.get("stats:1").await;
        !bus.link.as_ref().unwrap().answers()
    });
    assert!(noticed.await, "a server that ended is noticed");
    server.restart().await;
    assert!(is_usable(&bus).await, "a connection over TLS is made again: {:?}", bus.link.as_ref().unwrap().failure());
    tasks.shutdown(PATIENCE).await;
}

#[tokio::test]
async fn tls_refusals_name_their_cause() {
    let (papers, strangers) = (Papers::for_host("localhost"), Papers::for_host("localhost"));
    let server = papers.serve(&[]).await;
    let url = |scheme: &str, host: &str| format!("{scheme}://:s3cret%2F%26@{host}:{}", server.port());
    let authority = papers.authority();
    let failure = failure_of(&url("rediss", "localhost"), &strangers.authority()).await;
    assert_eq!(failure, Some(RedisFailure::UnknownAuthority));
    assert_eq!(failure_of(&url("rediss", "127.0.0.1"), &authority).await, Some(RedisFailure::WrongHostName));
    let wrong = format!("rediss://:wrong@localhost:{}", server.port());
    assert_eq!(failure_of(&wrong, &authority).await, Some(RedisFailure::Unauthenticated));
    let plain = RedisServer::start().await;
    let failure = failure_of(&format!("rediss://localhost:{}", plain.port()), &authority).await;
    assert_eq!(failure, Some(RedisFailure::Handshake), "a plain port is not spoken to in plain text");
    let strict = papers.serve(&["--tls-auth-clients", "yes"]).await;
    let failure = failure_of(&format!("rediss://localhost:{}", strict.port()), &authority).await;
    assert_eq!(failure, Some(RedisFailure::ClientCertificate));
}

#[tokio::test]
async fn without_the_authority_in_the_system_a_private_certificate_is_refused() {
    let papers = Papers::for_host("localhost");
    let (server, tasks) = (papers.serve(&[]).await, Tasks::new());
    let bus = bus(&format!("rediss://localhost:{}", server.port()), None, &tasks);
    bus.cache.get("stats:1").await;
    assert_eq!(bus.link.as_ref().unwrap().failure(), Some(RedisFailure::UnknownAuthority));
    tasks.shutdown(PATIENCE).await;
}

/// Makes the server refuse, and waits until the bus knows; then reads for a while, which is answered,
/// and expects that the failure stays; then mends the server.
async fn refusal_stays_until_mended(
    server: &RedisServer,
    user: &str,
    breaks: &[&[&str]],
    mends: &[&[&str]],
    expected: RedisFailure,
) {
    let tasks = Tasks::new();
    let bus = bus(&format!("redis://{user}127.0.0.1:{}", server.port()), None, &tasks);
    let link = bus.link.as_ref().unwrap();
    assert!(is_usable(&bus).await);
    for command in breaks {
        let answer = server.runs(command).await;
        assert!(!answer[0].starts_with('-'), "{command:?}: {answer:?}");
    }
    let noticed = in_time(async || {
        bus.cache.invalidate("stats").await;
        !link.answers()
    });
    assert!(noticed.await, "a refused write is noticed");
    assert_eq!(link.failure(), Some(expected));
    // Longer than the first pauses of the breaker.
    let until = tokio::time::Instant::now() + Duration::from_millis(1500);
    while tokio::time::Instant::now() < until {
        bus.cache.get("stats:1").await;
        assert_eq!(link.failure(), Some(expected), "reads do not hide that writes fail");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    for command in mends {
        server.runs(command).await;
    }
    assert!(is_usable(&bus).await, "it is used again");
    assert_eq!(link.failure(), None);
    tasks.shutdown(PATIENCE).await;
}

#[tokio::test]
async fn a_full_memory_is_named_and_probed_with_a_write() {
    let server = RedisServer::start().await;
    let (full, room) = (["CONFIG", "SET", "maxmemory", "1"], ["CONFIG", "SET", "maxmemory", "0"]);
    refusal_stays_until_mended(&server, "", &[&full], &[&room], RedisFailure::MemoryFull).await;
}

#[tokio::test]
async fn a_read_only_replica_is_named_and_probed_with_a_write() {
    let (server, primary) = (RedisServer::start().await, RedisServer::start().await);
    let port = primary.port().to_string();
    let (replica, alone) = (["REPLICAOF", "127.0.0.1", &port], ["REPLICAOF", "NO", "ONE"]);
    refusal_stays_until_mended(&server, "", &[&replica], &[&alone], RedisFailure::ReadOnly).await;
}

#[tokio::test]
async fn a_server_that_cannot_save_is_named_and_probed_with_a_write() {
    let dir = tempfile::tempdir().unwrap();
    let missing = dir.path().join("data");
    std::fs::create_dir(&missing).unwrap();
    let server = RedisServer::start_with(&["--dir", missing.to_str().unwrap(), "--save", "3600 1"]).await;
    std::fs::remove_dir(&missing).unwrap();
    let allow = ["CONFIG", "SET", "stop-writes-on-bgsave-error", "no"];
    server.runs(&allow).await;
    let failing = in_time(async || {
        server.runs(&["BGSAVE"]).await;
        server.runs(&["INFO", "persistence"]).await.iter().any(|line| line == "rdb_last_bgsave_status:err")
    });
    assert!(failing.await, "saving fails");
    let refuse = ["CONFIG", "SET", "stop-writes-on-bgsave-error", "yes"];
    refusal_stays_until_mended(&server, "", &[&refuse], &[&allow], RedisFailure::WritesUnsafe).await;
}

#[tokio::test]
async fn a_right_that_is_taken_away_is_named() {
    let server = RedisServer::start().await;
    server.runs(&["ACL", "SETUSER", "gad", "on", ">pw", "+@all", "~*", "&*"]).await;
    let (less, more) = (["ACL", "SETUSER", "gad", "-set"], ["ACL", "SETUSER", "gad", "+set"]);
    refusal_stays_until_mended(&server, "gad:pw@", &[&less], &[&more], RedisFailure::NoPermission).await;
}

#[tokio::test]
async fn a_right_that_one_operation_needs_leaves_the_others() {
    let (server, tasks) = (RedisServer::start().await, Tasks::new());
    server.runs(&["ACL", "SETUSER", "gad", "on", ">pw", "+@all", "~*", "&*", "-del"]).await;
    let bus = bus(&format!("redis://gad:pw@127.0.0.1:{}", server.port()), None, &tasks);
    let link = bus.link.as_ref().unwrap();
    assert!(is_usable(&bus).await);
    for _ in 0..3 {
        assert_eq!(bus.cache.remove("stats:1").await, None, "it is refused");
        assert_eq!(bus.cache.get("stats:1").await.value.as_deref(), Some("1"), "others are carried out");
        assert_eq!(link.failure(), Some(RedisFailure::NoPermission));
    }
    server.runs(&["ACL", "SETUSER", "gad", "+del"]).await;
    assert_eq!(bus.cache.remove("stats:1").await, Some(true));
    assert_eq!(link.failure(), None);
    tasks.shutdown(PATIENCE).await;
}

#[tokio::test]
async fn a_channel_that_the_user_may_not_hear_is_named() {
    let (server, tasks) = (RedisServer::start().await, Tasks::new());
    // As Redis 7 makes users: every command and key, and no channel.
    server.runs(&["ACL", "SETUSER", "gad", "on", ">pw", "+@all", "~*", "resetchannels"]).await;
    let bus = bus(&format!("redis://gad:pw@127.0.0.1:{}", server.port()), None, &tasks);
    let link = bus.link.as_ref().unwrap();
    let named = in_time(async || {
        bus.cache.get("stats:1").await;
        link.failure() == Some(RedisFailure::NoPermission)
    });
    assert!(named.await, "it is named");
    tasks.shutdown(PATIENCE).await;
}

#[tokio::test]
async fn a_password_that_is_switched_on_is_named() {
    let server = RedisServer::start().await;
    let tasks = Tasks::new();
    let bus = bus(&server.url(), None, &tasks);
    assert!(is_usable(&bus).await);
    let password = ["CONFIG", "SET", "requirepass", "pw"];
    server.runs_all(&[&password, &["CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"]]).await;
    let named = in_time(async || {
        bus.cache.invalidate("stats").await;
        bus.link.as_ref().unwrap().failure() == Some(RedisFailure::Unauthenticated)
    });
    assert!(named.await, "it is named");
    tasks.shutdown(PATIENCE).await;
}

/// The commands that one round of the cache costs: a miss, a value, a hit, and an invalidation.
async fn commands_of_a_round(server: &RedisServer, bus: &Bus) -> std::collections::BTreeMap<String, u64> {
    assert!(is_usable(bus).await);
    server.runs(&["CONFIG", "RESETSTAT"]).await;
    assert!(is_usable(bus).await);
    bus.cache.invalidate("stats").await.unwrap();
    let mut calls = server.calls().await;
    // The lifetime of the index is extended once a millisecond has passed, whatever else the server holds.
    calls.retain(|name, _| !matches!(name.as_str(), "config|resetstat" | "info" | "quit" | "ping" | "pexpire"));
    calls
}

#[tokio::test]
async fn keys_of_others_cost_no_command_and_no_scan() {
    let (server, tasks) = (RedisServer::start().await, Tasks::new());
    let bus = bus(&server.url(), None, &tasks);
    let empty = commands_of_a_round(&server, &bus).await;
    let filled =
        server.runs(&["EVAL", "for i = 1, 20000 do redis.call('SET', 'other:' .. i, 'x') end return 1", "0"]).await;
    assert_eq!(filled[0], ":1");
    let full = commands_of_a_round(&server, &bus).await;
    assert_eq!(empty, full);
    // The sweeps of an administrator look at our own keys only.
    bus.cache.remove_matching("stats:*").await.unwrap();
    bus.cache.clear().await.unwrap();
    bus.cache.stats().await;
    let calls = server.calls().await;
    for command in ["scan", "keys", "dbsize"] {
        assert!(!calls.contains_key(command), "{command} was called: {calls:?}");
    }
    tasks.shutdown(PATIENCE).await;
}

#[tokio::test]
async fn the_rights_that_the_documents_name_are_enough() {
    let (server, tasks) = (RedisServer::start().await, Tasks::new());
    let rights = ["~gad:*", "&gad:*", "+@all", "-@admin", "-@dangerous", "+info"];
    server.runs(&[&["ACL", "SETUSER", "gad", "on", ">pw"][..], &rights].concat()).await;
    let bus = bus(&format!("redis://gad:pw@127.0.0.1:{}", server.port()), None, &tasks);
    assert!(is_usable(&bus).await);
    bus.cache.clear().await.unwrap();
    bus.cache.remove("stats:1").await.unwrap();
    bus.cache.stats().await;
    bus.presence.pin("uno", "nota".to_owned(), HOUR).await;
    assert_eq!(bus.presence.notes().await.unwrap(), ["nota"]);
    bus.presence.unpin("uno").await;
    assert!(bus.rate_limiter.check("uno", 1, HOUR).await.allowed);
    let mut heard = bus.events.subscribe();
    let message = async {
        loop {
            bus.events.publish("hola".into()).await;
            if let Ok(Ok(_)) = tokio::time::timeout(Duration::from_millis(100), heard.recv()).await {
                return;
            }
        }
    };
    tokio::time::timeout(PATIENCE, message).await.expect("it is heard");
    assert_eq!(bus.link.as_ref().unwrap().failure(), None);
    tasks.shutdown(PATIENCE).await;
}
