//! The cost of a request does not depend on how many keys Redis holds.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::binary::{Place, Server};
use crate::person::Person;
use crate::redis_server::RedisServer;

const SUPERVISOR: &str = "alba@prueba.gad";
/// Commands that presence, listening and the tests themselves send, and those inside of their scripts.
const BESIDE: [&str; 16] = [
    "auth",
    "client|kill",
    "client|setinfo",
    "config|resetstat",
    "eval",
    "evalsha",
    "hdel",
    "hello",
    "hgetall",
    "hset",
    "hvals",
    "info",
    "ping",
    "script|load",
    "subscribe",
    "time",
];

/// A process of its own, with a Redis of its own.
struct Office {
    redis: RedisServer,
    boss: Person,
    server: Server,
    made: u32,
    _dir: tempfile::TempDir,
}

impl Office {
    async fn opens() -> Self {
        let (redis, dir) = (RedisServer::start().await, tempfile::tempdir().unwrap());
        let place = Place::directory(dir.path());
        place.hires_as(SUPERVISOR, "A7654321", 3).await;
        let url = redis.url();
        let server = place.serves_by(&["serve", "--listen", "127.0.0.1:0", "--redis-url", &url]).await;
        let boss = server.signs_in(SUPERVISOR).await;
        Self { redis, boss, server, made: 0, _dir: dir }
    }

    /// Fills Redis with keys of another tenant.
    async fn holds_keys_of_others(&self, keys: u32) {
        const PART: u32 = 20_000;
        let script = "for i = ARGV[1], ARGV[2] do redis.call('SET', 'otro:' .. i, 'x') end return 1";
        for from in (0..keys).step_by(usize::try_from(PART).unwrap()) {
            let to = (from + PART).min(keys) - 1;
            let answer = self.redis.runs(&["EVAL", script, "0", &from.to_string(), &to.to_string()]).await;
            assert_eq!(answer[0], ":1");
        }
    }

    async fn makes_a_task(&mut self, officers: &[&Value]) -> (Value, Duration) {
        self.made += 1;
        let body = json!({ "codigo": format!("RED-{}", self.made), "titulo": "Recorrer la plaza", "tipo": "patrullaje",
            "inicio_programado": "2025-11-24T12:00:00Z", "delegado_usuario_id": self.boss.user.unwrap().0,
            "efectivos_asignados": officers });
        let begun = Instant::now();
        let task = self.boss.posts("/api/v1/tasks/", body).await;
        let took = begun.elapsed();
        (task.ok(), took)
    }

    async fn statistics(&self) -> Value {
        self.boss.gets(&format!("/api/v1/stats/user/{}", self.boss.user.unwrap().0)).await.ok()
    }

    /// Calls each kind of route that changes tasks, and those of the cache.
    async fn works(&mut self, officer: &Value) {
        let boss = self.boss.clone();
        let (task, _) = self.makes_a_task(&[]).await;
        assert_eq!(self.statistics().await["_cache"]["hit"], false, "a change drops what was cached");
        assert_eq!(self.statistics().await["_cache"]["hit"], true);
        let path = format!("/api/v1/tasks/{}", task["id"]);
        boss.puts(&path, json!({ "titulo": "Recorrer el puerto" })).await.ok();
        boss.posts(&format!("{path}/asignaciones"), json!({ "efectivos": [officer] })).await.ok();
        let rows = boss.gets(&format!("{path}/asignaciones")).await.ok();
        let step = format!("/api/v1/asignaciones/{}/pasos", rows[0]["id"]);
        boss.posts(&step, json!({ "estado": "aceptada", "canal": "voz" })).await.ok();
        boss.puts(&path, json!({ "estado": "finalizada" })).await.ok();
        boss.deletes(&path).await;
        boss.posts("/api/v1/tasks/emergency", json!({ "telegram_id": 0, "lat": -34.6, "lng": -58.4 })).await.ok();
        self.statistics().await;
        boss.posts(&format!("/api/v1/stats/invalidate/user/{}", boss.user.unwrap().0), json!({})).await.ok();
        boss.posts("/api/v1/cache/invalidate-pattern/stats:*", json!({})).await.ok();
        boss.posts("/api/v1/cache/clear", json!({})).await.ok();
        boss.gets("/api/v1/cache/stats").await.ok();
    }

    /// The commands of one round of [`Self::works`], without those that come beside requests.
    async fn commands(&mut self, officer: &Value) -> BTreeMap<String, u64> {
        self.redis.runs(&["CONFIG", "RESETSTAT"]).await;
        self.works(officer).await;
        let mut calls = self.redis.calls().await;
        for command in ["scan", "keys", "dbsize", "randomkey"] {
            assert!(!calls.contains_key(command), "{command} was called: {calls:?}");
        }
        calls.retain(|name, _| !BESIDE.contains(&name.as_str()) && name != "publish");
        calls
    }

    async fn closes(self) {
        assert!(self.server.ends().await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn redis_keys_of_others_cost_a_request_nothing() {
    let (keys, rounds, tasks) = crate::acceptance::size((20_000, 1, 20), (1_000_000, 5, 300));
    let _alone = crate::replica::alone().await;
    let (mut empty, mut full) = (Office::opens().await, Office::opens().await);
    let mut officers = Vec::new();
    for office in [&empty, &full] {
        let body = json!({ "usuario_id": office.boss.user.unwrap().0, "codigo_interno": "EF-1" });
        officers.push(office.boss.posts("/api/v1/efectivos", body).await.ok()["id"].clone());
    }
    full.holds_keys_of_others(keys).await;

    // The first round begins generations and loads scripts.
    empty.works(&officers[0]).await;
    full.works(&officers[1]).await;
    let commands = empty.commands(&officers[0]).await;
    assert_eq!(full.commands(&officers[1]).await, commands, "the same commands with {keys} keys of others");

    let mut ratios = Vec::new();
    for _ in 0..rounds {
        // In turn, so that what else the machine does slows both.
        let mut times = [Vec::new(), Vec::new()];
        for _ in 0..tasks {
            times[0].push(empty.makes_a_task(&[]).await.1);
            times[1].push(full.makes_a_task(&[]).await.1);
        }
        let [alone, crowded] = times.map(|mut times| {
            times.sort_unstable();
            times[times.len() / 2].as_secs_f64()
        });
        ratios.push(crowded / alone);
    }
    ratios.sort_by(f64::total_cmp);
    let ratio = ratios[ratios.len() / 2];
    if rounds > 1 {
        assert!(ratio <= 1.25, "a new task takes {ratio:.2} times as long with {keys} keys of others: {ratios:?}");
    }
    let figures = json!({ "keys": keys, "rounds": rounds, "tasks_per_round": tasks, "new_task_p50_ratios": ratios,
        "new_task_p50_ratio": ratio, "commands": commands,
        "summary": format!("a new task takes {ratio:.2} times as long with {keys} keys of others") });
    println!("{figures}");
    crate::acceptance::append(&figures);
    empty.closes().await;
    full.closes().await;
}
