//! What every bus must do, in one process and between replicas.
#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has failed")]

mod kinds;
mod server;

use std::time::Duration;

use bus::memory::MemoryRateLimiter;
use bus::redis::{Link, RedisAddress, RedisRateLimiter};
use bus::{Bus, Generation};
use resilience::Tasks;
use server::RedisServer;

const HOUR: Duration = Duration::from_secs(3600);
const PATIENCE: Duration = Duration::from_secs(10);

/// Two replicas' handles to one bus, and what keeps it alive.
struct Office {
    one: Bus,
    two: Bus,
    tasks: Tasks,
    _server: Option<RedisServer>,
}

impl Office {
    fn in_memory() -> Self {
        let one = Bus::memory();
        Self { two: one.clone(), one, tasks: Tasks::new(), _server: None }
    }

    async fn on_redis() -> Self {
        let (server, tasks) = (RedisServer::start().await, Tasks::new());
        let (one, two) = (bus_at(&server, &tasks), bus_at(&server, &tasks));
        Self { one, two, tasks, _server: Some(server) }
    }
}

fn bus_at(server: &RedisServer, tasks: &Tasks) -> Bus {
    Bus::redis(&RedisAddress::read(&server.url(), None).unwrap(), tasks).unwrap()
}

/// Stores a value as a reader does who did not find one.
async fn put(bus: &Bus, key: &str, value: &str, ttl: Duration) {
    if let Some(generation) = generation(bus, key).await {
        bus.cache.put(key, &generation, value.to_owned(), ttl).await;
    }
}

async fn generation(bus: &Bus, key: &str) -> Option<Generation> {
    bus.cache.get(key).await.generation
}

async fn get(bus: &Bus, key: &str) -> Option<String> {
    bus.cache.get(key).await.value
}

macro_rules! on_both {
    ($($name:ident,)+) => {
        mod memory {
            $(#[tokio::test]
            async fn $name() {
                let office = super::Office::in_memory();
                super::$name(&office).await;
                office.tasks.shutdown(super::PATIENCE).await;
            })+
        }
        mod redis {
            $(#[tokio::test]
            async fn $name() {
                let office = super::Office::on_redis().await;
                super::$name(&office).await;
                office.tasks.shutdown(super::PATIENCE).await;
            })+
        }
    };
}

on_both! {
    what_one_replica_keeps_the_other_finds_until_it_is_dropped,
    a_pattern_drops_what_it_names_and_nothing_else,
    an_invalidated_group_is_empty_for_all_and_others_are_not,
    a_value_computed_before_an_invalidation_is_never_found,
    a_kept_answer_ends_with_its_time,
    what_one_replica_tells_all_hear,
    a_limit_counts_the_requests_of_both,
    a_client_that_waits_as_long_as_it_must_is_admitted,
    a_note_is_seen_by_all_until_its_time_is_past,
}

async fn what_one_replica_keeps_the_other_finds_until_it_is_dropped(office: &Office) {
    put(&office.one, "stats:user:1", "uno", HOUR).await;
    assert_eq!(get(&office.two, "stats:user:1").await.as_deref(), Some("uno"));
    assert_eq!(office.two.cache.remove("stats:user:1").await, Some(true));
    assert_eq!(office.two.cache.remove("stats:user:1").await, Some(false));
    assert_eq!(get(&office.one, "stats:user:1").await, None);
}

async fn a_pattern_drops_what_it_names_and_nothing_else(office: &Office) {
    for key in ["stats:user:1", "stats:user:2", "task:1", "a[b]?c", "abc"] {
        put(&office.one, key, "x", HOUR).await;
    }
    assert_eq!(office.two.cache.remove_matching("stats:*").await, Some(2));
    assert_eq!(office.two.cache.remove_matching("a[b]?*").await, Some(1));
    assert_eq!(get(&office.one, "abc").await.as_deref(), Some("x"));
    assert_eq!(office.one.cache.clear().await, Some(2));
}

async fn an_invalidated_group_is_empty_for_all_and_others_are_not(office: &Office) {
    put(&office.one, "stats:user:1", "uno", HOUR).await;
    put(&office.one, "task:1", "tarea", HOUR).await;
    assert_eq!(office.two.cache.invalidate("stats").await, Some(()));
    assert_eq!(get(&office.one, "stats:user:1").await, None);
    assert_eq!(get(&office.two, "task:1").await.as_deref(), Some("tarea"));
    assert_eq!(office.one.cache.remove("stats:user:1").await, Some(false), "what is not found is not there");
    assert_eq!(office.one.cache.remove_matching("stats:*").await, Some(0));
    put(&office.two, "stats:user:1", "otro", HOUR).await;
    assert_eq!(get(&office.one, "stats:user:1").await.as_deref(), Some("otro"));
}

async fn a_value_computed_before_an_invalidation_is_never_found(office: &Office) {
    let before = generation(&office.one, "stats:user:1").await.unwrap();
    office.two.cache.invalidate("stats").await.unwrap();
    office.one.cache.put("stats:user:1", &before, "old".to_owned(), HOUR).await;
    assert_eq!(get(&office.one, "stats:user:1").await, None);
    assert_eq!(get(&office.two, "stats:user:1").await, None);
}

async fn a_kept_answer_ends_with_its_time(office: &Office) {
    put(&office.one, "breve", "x", Duration::from_millis(50)).await;
    let gone = async {
        while get(&office.one, "breve").await.is_some() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(PATIENCE, gone).await.expect("it ends");
}

async fn what_one_replica_tells_all_hear(office: &Office) {
    let (one, two) = (office.one.events.subscribe(), office.two.events.subscribe());
    // By oneself, too.
    for mut listener in [two, one] {
        // Listening begins a little after the start: told again until it is heard.
        let heard = async {
            loop {
                office.one.events.publish("hola".into()).await;
                if let Ok(Ok(text)) = tokio::time::timeout(Duration::from_millis(100), listener.recv()).await {
                    return text;
                }
            }
        };
        assert_eq!(tokio::time::timeout(PATIENCE, heard).await.expect("it is heard"), "hola");
    }
}

async fn a_limit_counts_the_requests_of_both(office: &Office) {
    let mut passed = 0;
    for bus in [&office.one, &office.two, &office.one, &office.two, &office.one] {
        let decision = bus.rate_limiter.check("gov_user:1", 3, HOUR).await;
        passed += u32::from(decision.allowed);
        assert_eq!(decision.limit, 3);
        assert_eq!(decision.allowed, decision.retry_after.is_zero());
    }
    assert_eq!(passed, 3);
    assert!(office.two.rate_limiter.check("gov_user:2", 3, HOUR).await.allowed, "another bucket is not touched");
}

async fn a_client_that_waits_as_long_as_it_must_is_admitted(office: &Office) {
    for (bucket, limit) in [("gov_ip:1", 1), ("gov_ip:2", 3), ("gov_ip:3", 30)] {
        let check = || office.one.rate_limiter.check(bucket, limit, Duration::from_millis(400));
        let mut waits = 0;
        while waits < 3 {
            let refused = check().await;
            if !refused.allowed {
                waits += 1;
                // The wait is what is tried here, not a pause until something has happened.
                tokio::time::sleep(refused.retry_after).await;
                let after = check().await;
                assert!(after.allowed, "{bucket}: told to wait {:?}, then {after:?}", refused.retry_after);
            }
        }
    }
}

async fn a_note_is_seen_by_all_until_its_time_is_past(office: &Office) {
    office.one.presence.pin("uno", "primera".to_owned(), HOUR).await;
    office.one.presence.pin("uno", "segunda nota".to_owned(), HOUR).await;
    office.two.presence.pin("dos", "breve".to_owned(), Duration::from_millis(100)).await;
    let shrunk = async {
        while office.one.presence.notes().await.unwrap().len() > 1 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(PATIENCE, shrunk).await.expect("a dead replica is forgotten");
    assert_eq!(office.two.presence.notes().await.unwrap(), ["segunda nota"]);
    office.one.presence.unpin("uno").await;
    assert_eq!(office.two.presence.notes().await.unwrap(), Vec::<String>::new());
}

/// Random requests, at random times that may go back, decided in memory and by Redis.
#[tokio::test]
async fn memory_and_redis_decide_alike() {
    let (server, tasks) = (RedisServer::start().await, Tasks::new());
    let redis = RedisRateLimiter::new(Link::new(&RedisAddress::read(&server.url(), None).unwrap()).unwrap());
    let memory = MemoryRateLimiter::new();
    let mut seed = 11_u64;
    let mut random = |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    let mut refused = 0;
    for round in 0..60 {
        let limit = u32::try_from(random(40)).unwrap();
        let window = Duration::from_millis(1000 + random(90_000));
        let mut now = Duration::from_millis(1_760_000_000_000 + random(1_000_000_000));
        for _ in 0..80 {
            let bucket = format!("ronda:{round}");
            let ours = memory.check_at(&bucket, limit, window, now);
            let theirs = redis.check_at(&bucket, limit, window, Some(now)).await.expect("Redis answers");
            assert_eq!(ours, theirs, "{limit} in {window:?} at {now:?}");
            refused += u32::from(!ours.allowed);
            let step = Duration::from_millis(random(u64::try_from(window.as_millis()).unwrap() / 8));
            now = if random(20) == 0 { now.saturating_sub(step) } else { now + step };
            if !ours.allowed && random(3) == 0 {
                now += ours.retry_after;
            }
        }
    }
    assert!(refused > 500, "{refused} refused");
    tasks.shutdown(PATIENCE).await;
}

#[tokio::test]
async fn while_redis_is_away_nothing_waits_and_afterwards_all_is_shared_again() {
    let (mut server, tasks) = (RedisServer::start().await, Tasks::new());
    let bus = bus_at(&server, &tasks);
    put(&bus, "a", "1", HOUR).await;
    assert_eq!(get(&bus, "a").await.as_deref(), Some("1"));
    server.kill();
    let begun = std::time::Instant::now();
    for _ in 0..100 {
        assert_eq!(get(&bus, "a").await, None);
        assert!(bus.rate_limiter.check("gov_user:1", 1_000, HOUR).await.allowed, "counted alone");
        bus.events.publish("perdido".into()).await;
    }
    assert!(begun.elapsed() < Duration::from_secs(5), "a hundred rounds took {:?}", begun.elapsed());
    assert!(!bus.link.as_ref().unwrap().answers());
    server.restart().await;
    let mut heard = bus.events.subscribe();
    let back = async {
        loop {
            bus.events.publish("de vuelta".into()).await;
            if let Ok(Ok(text)) = tokio::time::timeout(Duration::from_millis(100), heard.recv()).await {
                return text;
            }
        }
    };
    assert_eq!(tokio::time::timeout(PATIENCE, back).await.expect("it is heard again"), "de vuelta");
    tasks.shutdown(PATIENCE).await;
}

#[tokio::test]
async fn a_redis_that_hangs_is_given_up_on_in_time() {
    let (server, tasks) = (RedisServer::start().await, Tasks::new());
    let bus = bus_at(&server, &tasks);
    put(&bus, "a", "1", HOUR).await;
    server.pause();
    let begun = std::time::Instant::now();
    assert_eq!(get(&bus, "a").await, None);
    assert!(begun.elapsed() < Duration::from_secs(2), "one answer took {:?}", begun.elapsed());
    server.resume();
    let back = async {
        while get(&bus, "a").await.is_none() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, back).await.expect("it answers again");
    tasks.shutdown(PATIENCE).await;
}
